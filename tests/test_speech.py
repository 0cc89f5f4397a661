"""Who says what: made-up sentences about invented states, and what must change or stay when they are changed."""
import re

import pandas as pd
import pytest
from strait import sentences, strait_book

from helpers import actors, speech
from helpers.speech.marks import quoted


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return strait_book(tmp_path_factory.mktemp("strait"))


def read(text, book, title=""):
    """Quotes of a text, with their words; ``title`` goes before it as a headline."""
    rows = sentences(text)
    if title:
        text = f"{title}\n{text}"
        rows[["start", "end"]] += len(title) + 1
        head = pd.DataFrame([(0, len(title), "title", 0, "t")], columns=rows.columns)
        rows = pd.concat([head, rows], ignore_index=True)
    found, chain = speech.quotes(text, rows, actors.mentions(text, rows, book, "2021-03-01"), book, outlet="The Strait")
    return found.assign(words=[text[s:e] for s, e in found[["start", "end"]].values]), chain, rows, text


def rows_of(text, book, *columns, title=""):
    return [tuple(r) for r in read(text, book, title)[0][list(columns or ("words", "speaker"))].values.tolist()]


SHAPES = [
    ("The pilot said that the ferry was late.", "the ferry was late", "The pilot"),
    ("The pilot said the ferry was late.", "the ferry was late", "The pilot"),
    ("The ferry was late, the pilot said.", "The ferry was late", "the pilot"),
    ("The ferry was late, said the pilot.", "The ferry was late", "the pilot"),
    ("“The ferry is late,” the pilot said.", "“The ferry is late,”", "the pilot"),
    ("“The ferry is late,” said the pilot of the tug, who had waited.", "“The ferry is late,”", "the pilot of the tug"),
    ("The pilot said: “The ferry is late.”", "“The ferry is late.”", "The pilot"),
    ("On Monday, the pilot told the Harbour Gazette that the ferry was late.", "the ferry was late", "the pilot"),
    ("According to the pilot, the ferry was late.", "the ferry was late", "the pilot"),
    ("The ferry was late, according to the pilot.", "The ferry was late", "the pilot"),
    ("Olav Brandt, a pilot on the strait, said the ferry was late.", "the ferry was late", "Olav Brandt"),
    ("The pilot, who had waited since dawn, believes that the ferry will sink.", "the ferry will sink", "The pilot"),
    ("The island is worried that the ferry will sink.", "the ferry will sink", "The island"),
    ("The pilot signed the log and said that the ferry was late.", "the ferry was late", "The pilot"),
    ("The pilot, ending a long watch, said the ferry was late.", "the ferry was late", "The pilot"),
    ("Harding, ending a long watch, said the ferry was late.", "the ferry was late", "Harding"),
    ("The pilot signed the log, warning that the ferry would sink.", "the ferry would sink", "The pilot"),
    ("The Harbour Gazette quoted Olav Brandt as saying that the ferry was late.", "the ferry was late", "Olav Brandt"),
    ("In fact, the pilot said, the ferry never left.", "In fact, the pilot said, the ferry never left", "the pilot"),
    ("Word that the tug might leave the port was denied by Mayor Olav Brandt, who said the tug would stay.",
     "the tug would stay", "Mayor Olav Brandt"),
    ("Experts see the ferry as a danger to swimmers.", "the ferry as a danger to swimmers", "Experts"),
]


@pytest.mark.parametrize("text, words, speaker", SHAPES)
def test_the_shapes_of_reported_speech(book, text, words, speaker):
    got = rows_of(text, book)
    assert len(got) == 1
    assert got[0][1] == speaker
    a, b = set(words.split()), set(got[0][0].split())
    assert len(a & b) >= .8 * max(len(a), len(b)), got


FAMILIES = [
    ("The harbour court ruled that the lease was void.", "the lease was void", "The harbour court"),
    ("The islands let it be known that they would not pay.", "they would not pay", "The islands"),
    ("The stoker grumbled that the coal was wet.", "the coal was wet", "The stoker"),
    ("Pilots suppose that the buoy has drifted.", "the buoy has drifted", "Pilots"),
    ("The yard proposed that the hull be sold.", "the hull be sold", "The yard"),
    ("The yard suggested selling the hull.", "selling the hull", "The yard"),
    ("Crews want to know why the quay is closed.", "why the quay is closed", "Crews"),
    ("The pilot wrote to his sister in May that the ferry was late.", "the ferry was late", "The pilot"),
    ("The clerk warned owners of small boats that the fare would rise.", "the fare would rise", "The clerk"),
    ("The pilot said, however, that the ferry was late.", "the ferry was late", "The pilot"),
    ("The crews called the fare an insult.", "the fare an insult", "The crews"),
    ("The crews consider the fare unjust.", "the fare unjust", "The crews"),
    ("The crews dismissed the fare as a joke.", "the fare as a joke", "The crews"),
    ("The quay was closed over what the mayor terms the neglect of years.", "the neglect of years", "the mayor"),
    ("The fare is seen by crews as an insult.", "The fare is seen by crews as an insult", "crews"),
    ("Pilots put the delay down to the tide.", "the tide", "Pilots"),
    ("The crews accused the port of having hidden the log.", "having hidden the log", "The crews"),
    ("The port, accused by the crews of hiding the log, was shut.", "hiding the log", "the crews"),
    ("The crowd heard of the board and its claim that the pier was rotten.", "the pier was rotten", "its"),
    ("He has doubts about the board's finding that the pier was rotten.", "the pier was rotten", "the board"),
    ("The crowd laughed at a warning from the pilots that the pier was rotten.", "the pier was rotten",
     "the pilots"),
    ("The clerk said of the fare: “It is too high for us.”", "“It is too high for us.”", "The clerk"),
    ("The lamp, which the board claims was sold in May, is lit.", "was sold in May", "the board"),
    ("The old tug, which runs at night, is for sale, the yard said.", "The old tug, which runs at night, is for sale",
     "the yard"),
    ("The tug was sold, a well-placed clerk told the Harbour Gazette.", "The tug was sold", "a well-placed clerk"),
    ("The view of the pilots is that the buoy has drifted.", "the buoy has drifted", "the pilots"),
    ("She showed a draft under which the boats would be sold.", "the boats would be sold", "a draft"),
    ("It was, in the words of the pilot, “a wet night”.", "“a wet night”", "the pilot"),
    ("The ferry was late, pilots based in the strait said.", "The ferry was late", "pilots based in the strait"),
    ("Two crews, one of which had waited, complain that the fare is high.", "the fare is high", "Two crews"),
    ("It sank, a pilot said, after it struck a rock.", "It sank, a pilot said, after it struck a rock", "a pilot"),
    ("“We sail,” said the pilot, a man of few words, at a news conference.", "“We sail,”", "the pilot"),
    ("“We sail,” said a clerk at a shipping office, who gave no name.", "“We sail,”", "a clerk at a shipping office"),
    ("“We sail,” the pilot told a small boatmen's paper.", "“We sail,”", "the pilot"),
    ("“The quay is closed,” the notice read.", "“The quay is closed,”", "the notice"),
    ("His family said that the ferry was late.", "the ferry was late", "His family"),
    ("A clerk was quoted on Friday by the paper as saying that the ferry was late.", "the ferry was late", "A clerk"),
]


@pytest.mark.parametrize("text, words, speaker", FAMILIES)
def test_the_families_of_verbs_and_nouns_that_report(book, text, words, speaker):
    assert rows_of(text, book) == [(words, speaker)]


NOT_SPEECH = [
    "The so-called “friendship bridge” was closed.",
    "The “Law on Quiet Harbours” passed in May.",
    "She read “The Old Man of the Strait” twice.",
    "The stated aim was peace.",
    "The pilot did not say why.",
    "The pilot declined to comment.",
    "No report was made, and the claims were settled.",
    "The ferry was expected to sink.",
    "If the pilot says that the ferry is late, we wait.",
    "They agreed on a fare; the order was added to the list.",
    "The quarrel goes on, citing the fare would not help.",
    "Nobody said that the ferry was late.",
    "Nobody at the port believes that the ferry is late.",
    "Let us suppose that the ferry is late.",
    "The yard unveiled a plan that would close the quay.",
    "The harbour denied a request by the pilot to sail at night.",
    "The meeting began at 10:04 and ended at noon.",
    "The clerk called the ferry a day later.",
    "The clerk told both crews to wait.",
    "The captain recalled his mate after the ferry had sunk.",
    "The letter says nothing about the fare.",
    "Amid reports that the ferry had sunk, crowds came.",
    "They love the strait, which they ruled for a century.",
    "It was visited by a clerk, promised help, and painted.",
]


@pytest.mark.parametrize("text", NOT_SPEECH)
def test_what_is_no_speech(book, text):
    assert rows_of(text, book) == []


@pytest.mark.parametrize("marks", ["“”", '""', "«»", "„“", ("``", "''")])
def test_marks_of_any_make_give_the_same(book, marks):
    text = "{0}The ferry is old,{1} Ulla Tarn said. The pilot said it was {0}a wreck{1}."
    plain = text.replace("{0}", "“").replace("{1}", "”")
    wanted = [(r[0], r[1], r[2]) for r in rows_of(plain, book, "directness", "speaker_id", "rule")]
    text = text.replace("{0}", marks[0]).replace("{1}", marks[1])
    assert rows_of(text, book, "directness", "speaker_id", "rule") == wanted
    assert [w[0] for w in wanted] == ["direct", "mixed"]


def test_the_order_of_speaker_and_verb_changes_nothing(book):
    before, after = "“We sail at dawn,” Ulla Tarn said.", "“We sail at dawn,” said Ulla Tarn."
    first = "Ulla Tarn said: “We sail at dawn.”"
    got = [rows_of(t, book, "directness", "speaker", "speaker_id", "speaker_bloc") for t in (before, after, first)]
    assert got[0] == got[1] == got[2] == [("direct", "Ulla Tarn", "XKE.tarn", "Kestria")]


def test_the_verb_changes_the_rule_and_nothing_else(book):
    said, denied = (read(f"Ulla Tarn {v} that the ferry was sold.", book)[0] for v in ("said", "denied"))
    assert (said["verb"].item(), denied["verb"].item()) == ("said", "denied")
    assert said["rule"].item() == "say.that" and denied["rule"].item() == "deny.that"
    assert said["words"].item() == denied["words"].item() and said["speaker_id"].item() == denied["speaker_id"].item()


def test_swapping_two_speakers_swaps_them(book):
    text = "Ulla Tarn said that the ferry was old. Piet Moll said that it was new."
    swapped = text.replace("Ulla Tarn", "#").replace("Piet Moll", "Ulla Tarn").replace("#", "Piet Moll")
    assert [r[0] for r in rows_of(text, book, "speaker_id")] == ["XKE.tarn", "XNO.moll"]
    assert [r[0] for r in rows_of(swapped, book, "speaker_id")] == ["XNO.moll", "XKE.tarn"]


def test_not_and_would_take_the_saying_away(book):
    assert len(rows_of("Ulla Tarn said that the ferry was old.", book)) == 1
    for change in ("did not say", "would say", "refused to say", "will say", "never said"):
        assert rows_of(f"Ulla Tarn {change} that the ferry was old.", book) == [], change


@pytest.mark.parametrize("text, speaker", [
    ("Ulla Tarn came. “We sail,” she said.", "XKE.tarn"),
    ("“We sail,” Ulla Tarn said.\nShe added that the wind was good.", "XKE.tarn"),
    ("“We sail with Piet Moll,” Ulla Tarn said. She added that the wind was good.", "XKE.tarn"),
    ("Ulla Tarn said that the ferry was old, but Piet Moll said it was new. She added that it leaked.", "XNO.moll"),
    ("The Harbour Gazette reported that the ferry was sold. The newspaper said that the price was low.", "gazette"),
])
def test_a_pronoun_or_description_is_resolved_and_marked(book, text, speaker):
    last = read(text, book)[0].iloc[-1]
    assert last["speaker_id"] == speaker
    assert last["rule"].endswith(".inferred")
    assert re.fullmatch(r"(?i)(she|the newspaper) \(.+\)", last["speaker"])


def test_a_pronoun_without_anyone_before_stays_a_pronoun(book):
    row = read("He said that the ferry was late.", book)[0].iloc[0]
    assert row["speaker"] == "He" and pd.isna(row["speaker_id"]) and not row["rule"].endswith("inferred")


def test_a_quotation_may_run_over_sentences(book):
    text = "“The ferry is old. The crew is tired. We stay,” Ulla Tarn said. The fog came."
    assert rows_of(text, book) == [("“The ferry is old. The crew is tired. We stay,”", "Ulla Tarn")]


def test_a_quotation_may_run_over_paragraphs(book):
    text = "Ulla Tarn said: “The ferry is old and the crew is tired.\n“We stay in the harbour tonight.”"
    assert rows_of(text, book, "words", "speaker_id") == [
        ("“The ferry is old and the crew is tired.", "XKE.tarn"), ("“We stay in the harbour tonight.”", "XKE.tarn")]


def test_what_follows_the_attribution_has_the_same_speaker(book):
    text = "“The ferry is old,” Ulla Tarn said, “and the crew is tired.” “We stay in the harbour.”"
    assert [r for r in rows_of(text, book, "directness", "speaker_id")] == [("direct", "XKE.tarn")] * 3


def test_part_in_marks_is_mixed(book):
    assert rows_of("Ulla Tarn said the ferry was “a wreck with a flag”.", book, "directness", "words") == [
        ("mixed", "the ferry was “a wreck with a flag”")]


def test_speech_inside_a_quotation_has_its_own_row(book):
    text = "“Piet Moll said that the ferry was sold to a friend,” Ulla Tarn recalled."
    assert rows_of(text, book, "words", "speaker_id") == [
        (text.split(" Ulla")[0], "XKE.tarn"), ("the ferry was sold to a friend", "XNO.moll")]


def test_what_one_verb_reports_is_one_stretch(book):
    text = "Ulla Tarn said that the ferry was old and that the crew was tired."
    assert rows_of(text, book) == [("the ferry was old and that the crew was tired", "Ulla Tarn")]


def test_two_verbs_of_one_speaker_have_a_row_each(book):
    text = "The pilot said that the ferry was a wreck, and hoped that the tug could be mended."
    assert rows_of(text, book) == [("the ferry was a wreck", "The pilot"), ("the tug could be mended", "The pilot")]


def test_a_second_speaker_ends_the_first_ones_content(book):
    text = "Ulla Tarn said that the ferry was old, but Piet Moll said that it would sail."
    assert rows_of(text, book) == [("the ferry was old", "Ulla Tarn"), ("it would sail", "Piet Moll")]


@pytest.mark.parametrize("title, words, speaker, rule", [
    ("Ferry will sink in a year – Harbour Gazette", "Ferry will sink in a year", "Harbour Gazette", "title_dash"),
    ("Ulla Tarn: the ferry will never sail", "the ferry will never sail", "Ulla Tarn", "title_colon"),
    ("Ferry will sink within the year: report", "Ferry will sink within the year", "report", "title_tail"),
    ("Ferry will sink within the year, say experts", "Ferry will sink within the year", "experts", "say.inverted"),
])
def test_headlines(book, title, words, speaker, rule):
    assert rows_of("The fog came.", book, "words", "speaker", "rule", title=title) == [(words, speaker, rule)]


@pytest.mark.parametrize("title", [
    "Norvia: what we know so far of it", "The ferry – and why it sank", "Ferry sinks off Port Ana"])
def test_headlines_without_a_voice(book, title):
    assert rows_of("The fog came.", book, title=title) == []


def test_a_headline_that_repeats_a_quotation(book):
    body = "“The ferry will sink within a year,” Ulla Tarn said."
    titles = {"Ferry will sink within a year": 1, "Ferry will sink within a year, says Ulla Tarn": 0,
              "Port Ana mends its lighthouse lamp": 0}
    for title, listed in titles.items():
        found, _, rows, text = read(body, book, title)
        assert len(speech.laundered(text, rows, found)) == listed, title


def test_the_chain_of_media_has_a_row_a_hop(book):
    _, chain, *_ = read("“We sail,” Ulla Tarn told the Harbour Gazette.", book)
    assert chain[["hop", "medium", "link"]].fillna("").values.tolist() == [
        [0, "The Strait", ""], [1, "Harbour Gazette", "told"], [2, "Ulla Tarn", "told"]]
    found, chain, *_ = read("Ulla Tarn said that the ferry was old, the Harbour Gazette reported.", book)
    inner = found.loc[found["speaker"] == "Ulla Tarn", "quote_id"].item()
    hops = chain.loc[chain["quote_id"] == inner, "medium"].tolist()
    assert hops == ["The Strait", "the Harbour Gazette", "Ulla Tarn"]
    assert set(chain["quote_id"]) == set(found["quote_id"])


def test_an_agency_that_passes_on_is_a_hop_and_not_the_speaker(book):
    text = "The Harbour Gazette reported that the ferry was sold, according to Ulla Tarn."
    found, chain, *_ = read(text, book)
    assert found[["words", "speaker_id"]].values.tolist() == [["the ferry was sold", "XKE.tarn"]]
    assert "The Harbour Gazette" in chain["medium"].tolist()


def test_rows_lie_in_the_text_and_are_unlike(book):
    text = " ".join(t for t, *_ in SHAPES)
    found, _, rows, text = read(text, book)
    assert len(found) >= len(SHAPES) - 2
    assert found["quote_id"].is_unique and found["start"].ge(0).all() and found["end"].le(len(text)).all()
    assert set(found["sentence_id"]) <= set(rows["sentence_id"])
    assert not found["words"].str.match(r"^\s|.*\s$").any()


def test_nothing_in_gives_empty_tables(book):
    found, chain, *_ = read("", book)
    assert found.empty and chain.empty and list(found.columns[:-1]) == list(speech.QUOTES)


def test_a_mark_never_closed_ends_with_its_paragraph():
    text = "He said “no.\nThe fog came."
    assert [text[q.start:q.end] for q in quoted(text, [(0, 12), (13, 27)])] == ["“no."]


def test_apostrophes_are_no_marks():
    text = "The crews’ hope isn’t ‘a dream’, it’s ‘a plan.’"
    assert [text[q.start:q.end] for q in quoted(text, [(0, len(text))])] == ["‘a dream’", "‘a plan.’"]


@pytest.mark.parametrize("text", [
    '"' * 100_000, "“" * 100_000, "“a” " * 25_000, "'a' " * 25_000, "said " * 20_000, "a, " * 30_000 + "said Ulla.",
    "the pilot said that the ferry was old and " * 2_000, "“" + "the ferry was old. " * 25_000 + "” he said.",
    "according to " * 8_000, "on Friday " * 20_000 + "said", "(" * 50_000 + "said", " " * 200_000, "saying, " * 20_000])
def test_a_long_line_is_read_in_time_that_grows_with_it(book, text):
    rows = pd.DataFrame({"start": [0], "end": [len(text)], "section": ["body"], "paragraph": [1]})
    found, chain = speech.quotes(text, rows, actors.mentions(text, rows, book), book)
    assert found["start"].ge(0).all() and found["start"].lt(found["end"]).all() and found["end"].le(len(text)).all()
    assert set(chain["quote_id"]) <= set(found["quote_id"])
