"""Frames: names never count, words of company need it, voice and doubt, and what the words of other disputes give."""
import pandas as pd
import pytest

from helpers import review, tables
from helpers.case import open_case
from helpers.codebook import check, load_codebook
from helpers.compare import codings
from helpers.frames import evidence, frames, name_spans


@pytest.fixture(scope="module")
def book():
    return load_codebook(None)


def coded(text, book, section="body", words=False, **more):
    """Return the rows of a text of one sentence, as the rules alone code it."""
    row = pd.DataFrame({"sentence_id": ["s"], "doc_id": "d", "start": [0], "end": [len(text)], "section": section})
    return frames(text, row, book, words=words, **more)


def given(text, book):
    return coded(text, book).sort_values("rank")["frame"].tolist()


# names --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sentence, names", [
    ("The Kestrian Sanctions Office moved house.", ["Kestrian Sanctions Office"]),
    ("Sanctions hurt the port.", []),
    ("“Talks go on,” she told the Morning Threat.", ["Morning Threat"]),
    ("The National Defence and Security Act was printed.", ["National Defence and Security Act"]),
    ("", []),
])
def test_names_are_runs_of_capitals(sentence, names):
    assert [sentence[a:b] for a, b in name_spans(sentence)] == names


def test_a_headline_in_capitals_is_no_name():
    title = "Norvia Rejects New Offer From The Sea Talks Committee"
    assert [title[a:b] for a, b in name_spans(title)] == ["The Sea Talks Committee"]
    assert "norvia" in {title[a:b].lower() for a, b in name_spans(title, {"norvia"})}


@pytest.mark.parametrize("sentence", [
    "He opened the door of the Sanctions Committee.", "She works for the Security Threat Review.",
    "The Alliance Relations Society gave a dinner.", "It rained at the Peace Talks Hotel."])
def test_a_word_inside_a_name_counts_for_nothing(sentence, book):
    assert given(sentence, book) == []


def test_a_mention_without_capitals_is_a_name_too(book):
    text = "The crews met at the old embargo inn."
    at = text.index("embargo")
    named = pd.DataFrame({"start": [at], "end": [at + len("embargo inn")], "form": ["name"]})
    assert given(text, book) == ["coercion_sanctions"]
    assert coded(text, book, mentions=named).empty
    assert len(coded(text, book, mentions=named.assign(form="pronoun"))) == 1


def test_a_name_may_stand_in_the_gap_of_a_cue(book):
    text = "The island barred the Norvian maker from its towers."
    at = text.index("Norvian")
    named = pd.DataFrame({"start": [at], "end": [at + len("Norvian")], "form": ["name"]})
    assert coded(text, book, mentions=named)["frame"].tolist()[:1] == ["coercion_sanctions"]
    within = named.assign(start=text.index("from"), end=text.index("from") + len("from its towers"))
    assert "coercion_sanctions" not in set(coded(text, book, mentions=within)["frame"])


def test_a_case_may_add_a_name_as_a_cue(tmp_path):
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "overrides.yaml").write_text("frames:\n  legal_contractual:\n    add_cues: [BUOYA]\n")
    assert "legal_contractual" in given("The yard fell under BUOYA at last.", load_codebook(tmp_path))
    assert given("The yard fell under BUOYA at last.", load_codebook(None)) == []


# words --------------------------------------------------------------------------------------------------------------


def test_the_codebook_runs_its_examples():
    assert check(None) == []
    rules = load_codebook(None).frame_rules
    assert rules["weight"].between(.4, 1).all() and rules["examples_yes"].map(len).min() > 0
    assert set(rules["frame"]) == set(load_codebook(None).frames.index)


@pytest.mark.parametrize("sentence, frame", [
    ("They agreed on a common fare.", "bargaining_diplomacy"),
    ("Observers agreed that the tea was good.", None),
    ("The two ports reached a deal after midnight.", "bargaining_diplomacy"),
    ("The deal entered into force in May.", "legal_contractual"),
    ("The two talked about the weather.", None),
    ("Talks about a treaty went on.", "bargaining_diplomacy"),
    ("The treaty forbids the sale.", "legal_contractual"),
    ("They threatened to close the strait.", "coercion_sanctions"),
    ("The raid threatened the harbour.", "security_threat"),
    ("The bill would ban the lease.", "legal_contractual"),
    ("The yard paid the bill.", "economic_cost"),
    ("The bill is unlikely to pass.", "strategic_game"),
    ("A strategic partnership was begun.", "alliance_relations"),
    ("She defended the decision in a speech.", None),
    ("The new guns defend the harbour.", "security_threat"),
    ("The crews demanded an apology.", "bargaining_diplomacy"),
    ("The crews demanded withdrawal from the strait.", "coercion_sanctions"),
    ("The owners lost their appeal.", "legal_contractual"),
    ("She appealed for calm.", "bargaining_diplomacy"),
    ("Two suspects were handed over to the police.", None),
    ("The second tug was handed over in spring.", "capability_technical"),
    ("The lighthouse stands nine miles east of the port.", None),
    ("They won’t come.", None),
    ("The pilot died of a heart attack.", None),
])
def test_words_of_several_meanings(sentence, frame, book):
    found = given(sentence, book)
    assert (found[:1] or [None])[0] == frame, [(e.frame, e.score, e.hits) for e in evidence(sentence, book)]


OTHER_DISPUTES = [
    ("Warplanes bombed the outskirts of the capital, and hundreds fled.", "security_threat"),
    ("Hackers stole classified plans of the dam.", "security_threat"),
    ("The drill was meant to deter an attack from the north.", "security_threat"),
    ("The frigate carries sonar and can stay at sea for forty days.", "capability_technical"),
    ("Half of the engines will be assembled in the islands.", "capability_technical"),
    ("The reactor was switched on for a first test.", "capability_technical"),
    ("Higher tariffs would cost farmers two billion dollars a year.", "economic_cost"),
    ("The pipeline brings the port most of its revenue.", "economic_cost"),
    ("Exports of wheat fell by a third.", "economic_cost"),
    ("The court ruled that the seizure was unlawful.", "legal_contractual"),
    ("Parliament ratified the treaty by a single vote.", "legal_contractual"),
    ("Under the agreement inspectors may enter all sites.", "legal_contractual"),
    ("Norvia froze the assets of two ministers and banned their travel.", "coercion_sanctions"),
    ("The embargo stays until the island complies.", "coercion_sanctions"),
    ("Kestria vowed to retaliate with export controls.", "coercion_sanctions"),
    ("Envoys from both sides met in a neutral town to negotiate a ceasefire.", "bargaining_diplomacy"),
    ("The premier rejected the proposal but offered to talk again.", "bargaining_diplomacy"),
    ("They want grain in exchange for prisoners.", "bargaining_diplomacy"),
    ("The visit mended ties between the two neighbours.", "alliance_relations"),
    ("Members of the alliance doubt its loyalty.", "alliance_relations"),
    ("The recall of the envoy marks a rift between old friends.", "alliance_relations"),
    ("The announcement was timed to win votes at home.", "strategic_game"),
    ("Analysts call it a gambit to drive a wedge between rivals.", "strategic_game"),
    ("The plan has little chance of success.", "strategic_game"),
    ("No foreign power, he said, will dictate our choices; we are a sovereign people.", "sovereignty_fairness"),
    ("The islanders complain of double standards.", "sovereignty_fairness"),
    ("The annexation violated the territorial integrity of the island.", "sovereignty_fairness"),
    ("She called the raid a shameful crime and blamed the admiral.", "moral_blame"),
    ("The bishop denounced the cynical silence of the powers.", "moral_blame"),
    ("They betrayed those who had trusted them.", "moral_blame"),
]


def test_words_of_other_disputes(book):
    """Sentences made up for this test, after the rules: it guards the vocabulary, it measures nothing."""
    wrong = [(s, f, given(s, book)) for s, f in OTHER_DISPUTES if f not in given(s, book)]
    assert len(wrong) <= 3, wrong


@pytest.mark.parametrize("sentence", [
    "It rained all day in the harbour.", "The ferry left at nine.", "She is fifty.", "“Yes,” he said.", "…", "1 2 3"])
def test_a_sentence_may_have_no_frame(sentence, book):
    assert given(sentence, book) == []


@pytest.mark.parametrize("sentence, frame", [
    ("Junior officers staged a coup on the islands.", "security_threat"),
    ("Guards on both banks exchanged mortar fire.", "security_threat"),
    ("Of the nine tugs only two are seaworthy.", "capability_technical"),
    ("The power cuts lasted a week.", "capability_technical"),
    ("Shares of the yard fell by a tenth.", "economic_cost"),
    ("The ferry line owes the port two years of fees.", "economic_cost"),
    ("The port office granted a permit for the second pier.", "legal_contractual"),
    ("The lease expires in May.", "legal_contractual"),
    ("Norvia shut off the gas in January.", "coercion_sanctions"),
    ("The captain's visa was revoked for his part in the raid.", "coercion_sanctions"),
    ("No day has been named for another round.", "bargaining_diplomacy"),
    ("The premier wrote to the king of the islands.", "bargaining_diplomacy"),
    ("Norvia summoned the Kestrian ambassador.", "alliance_relations"),
    ("The delay is a pretext, and the premier stands to gain.", "strategic_game"),
    ("Support for the plan is waning.", "strategic_game"),
    ("The islanders are strangers in someone else's country.", "sovereignty_fairness"),
    ("Someone at the yard has blood on his hands.", "moral_blame"),
])
def test_word_families(sentence, frame, book):
    assert given(sentence, book)[:1] == [frame], evidence(sentence, book)


@pytest.mark.parametrize("sentence", [
    "The yards are in a takeover battle with no end.", "Vaccines gave them immunity to the disease.",
    "Fog closed the port for a day.", "He leaned on the rail.", "A chill wind blew.", "The power station hummed.",
    "A doctor spoke to victims of the bombing.", "She won 20 percent of the vote on Sunday."])
def test_false_friends(sentence, book):
    spoken = {"The yards are in a takeover battle with no end.": ["economic_cost"],
              "She won 20 percent of the vote on Sunday.": ["strategic_game"]}
    assert given(sentence, book) == spoken.get(sentence, [])


# events -------------------------------------------------------------------------------------------------------------


def told(text, trigger, **act):
    """Return an event of one sentence as the event coder gives it."""
    row = {"sentence_id": "s", "trigger_start": text.index(trigger), "trigger_end": text.index(trigger) + len(trigger),
           "type": None, "stage": None, "track": None} | act
    return pd.DataFrame([row])


def test_an_event_speaks_where_the_words_are_silent(book):
    text = "The two premiers dined on the quay."
    assert coded(text, book).empty
    rows = coded(text, book, event_mentions=told(text, "dined", type="CONSULT", stage="talks", track="negotiation"))
    assert rows[["frame", "rule"]].values.tolist() == [["bargaining_diplomacy", "consults"]]
    tables.conform(rows, "frames")


def test_an_event_is_silent_where_the_words_speak(book):
    text = "Norvia imposed sanctions; the two premiers dined."
    rows = coded(text, book, event_mentions=told(text, "dined", type="CONSULT"))
    pd.testing.assert_frame_equal(rows, coded(text, book))


def test_a_row_that_names_a_stage_goes_before_the_row_of_the_type(book):
    text = "The chamber took the paper up."
    acts = {stage: told(text, "took", type="AGREE", stage=stage) for stage in ("offer", "bill")}
    frame = {stage: coded(text, book, event_mentions=act)["frame"].tolist() for stage, act in acts.items()}
    assert frame == {"offer": ["bargaining_diplomacy"], "bill": ["legal_contractual"]}


def test_a_weak_event_needs_company_and_some_say_nothing(book):
    text = "They gave the pilot a boat."
    for act in ({"type": "COOPERATE"}, {"type": "PROTEST"}, {"type": "ACCUSE"}):
        assert coded(text, book, event_mentions=told(text, "gave", **act)).empty
    assert coded(text, book, event_mentions=told(text, "gave", type="CONSULT").iloc[:0]).empty


def test_the_table_of_events_names_codes_that_exist(book):
    rows = book.frame_events
    assert set(rows["frame"]) <= set(book.frames.index) and set(rows["type"]) <= set(book.types.index)
    assert set(rows["stage"]) - {""} <= set(book.stages.index) and rows["weight"].between(.4, .8).all()
    assert not set(rows.index) & (set(book.frame_rules.index) | set(book.frames.index))     # a rule is told by its id


def test_a_wrong_code_in_the_table_of_events_is_told(tmp_path):
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / "frame_events.yaml").write_text(
        "rules:\n  - {id: odd, type: CONSULTS, frame: bargaining_diplomacy, weight: '.8'}\n")
    assert ["CONSULTS" in str(problem) for problem in check(tmp_path)] == [True]


# rows ---------------------------------------------------------------------------------------------------------------


def test_at_most_three_frames_of_equal_weight_the_strongest_first(book):
    text = ("Norvia imposed sanctions, banned exports worth $3 billion, broke the treaty, blamed the shameful "
            "admiral and angered an ally over its sovereignty.")
    rows = coded(text, book)
    assert len(rows) == 3 and rows["rank"].tolist() == [1, 2, 3] and rows["weight"].sum() == pytest.approx(1)
    scores = [e.score for e in evidence(text, book)]
    assert scores == sorted(scores, reverse=True)
    tables.conform(rows, "frames")


def test_a_row_names_the_rule_and_repeats(book):
    text = "Norvia imposed sanctions on the port."
    assert coded(text, book)["rule"].tolist() == ["sanctions"]
    pd.testing.assert_frame_equal(coded(text, book), coded(text, book))


def test_a_frame_told_at_length_leaves_room_for_another(book):
    text = "Terrorists bombed the harbour, took hostages and sabotaged the lock, a shameful deed."
    first, second = evidence(text, book)[:2]
    assert first.score * .6 > second.score >= .8
    assert given(text, book) == ["security_threat", "moral_blame"]


def test_a_weak_word_needs_company(book):
    assert given("The soldiers slept.", book) == []
    assert given("The soldiers slept on the border.", book) == ["security_threat"]


def test_a_subordinate_clause_counts_less(book):
    assert given("The sanctions stay although the alliance broke the treaty.", book)[0] == "coercion_sanctions"
    assert given("The port broke the treaty although the sanctions stay.", book)[0] == "legal_contractual"


def test_voice_comes_from_the_quotations_given(book):
    text = "The port, she said, broke the treaty."
    said = pd.DataFrame({"start": [text.index("broke")], "end": [len(text)]})
    assert coded(text, book, quotes=said)["voice"].tolist() == ["quoted"]
    assert coded(text, book, quotes=said.iloc[:0])["voice"].tolist() == ["outlet"]


@pytest.mark.parametrize("sentence, voice", [
    ("The port broke the treaty, the minister said.", "quoted"),
    ("“The port of the islands broke the treaty.”", "quoted"),
    ("According to the Courier the port broke the treaty.", "quoted"), ("The port broke the treaty.", "outlet"),
    ("As we reported, the port broke the treaty.", "outlet"), ("The port is seen as breaking the treaty.", "outlet")])
def test_voice_without_a_table_of_quotations(sentence, voice, book):
    assert coded(sentence, book)["voice"].iloc[0] == voice


@pytest.mark.parametrize("sentence, negated, hedged", [
    ("Norvia has not imposed sanctions.", True, False), ("There is no treaty between the ports.", True, False),
    ("Norvia imposed sanctions.", False, False), ("Sanctions could follow.", False, True),
    ("If the port delays, sanctions follow.", False, True),
    ("The ferry did not sail, but Norvia imposed sanctions.", False, False),
    ("The plan is not realistic.", False, False)])
def test_denial_and_doubt(sentence, negated, hedged, book):
    row = coded(sentence, book).query("rank == 1").iloc[0]
    assert (bool(row["negated"]), bool(row["hedged"])) == (negated, hedged)


def test_a_headline_that_repeats_a_quotation_is_laundered(book):
    title, said = "Port broke harbour treaty", "“The port broke the harbour treaty again.”"
    text = f"{title}\n\n{said}"
    rows = pd.DataFrame({"sentence_id": ["t", "b"], "doc_id": "d", "start": [0, len(title) + 2],
                         "end": [len(title), len(text)], "section": ["title", "body"]})
    found = frames(text, rows, book).set_index("sentence_id")
    assert found.loc["t", "laundered"].all() and not found.loc["b", "laundered"].any()
    plain = text.replace("“", "").replace("”", "")
    unquoted = rows.assign(end=[len(title), len(plain)])
    assert not frames(plain, unquoted, book)["laundered"].any()


@pytest.mark.parametrize(("text", "found"), [
    ("", []), ("\u0130STANBUL faces sanctions", ["coercion_sanctions"]), ("“" * 50, []), ("a" * 5000, []),
    ("The sanctions.\u2028The ban", ["coercion_sanctions"]), ("<b>sanctions</b> {0} %s", ["coercion_sanctions"])])
def test_odd_texts_do_no_harm(book, text, found):
    assert tables.conform(coded(text, book), "frames")["frame"].tolist() == found


# on the cases -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, least", [("s400", .80), ("practice", .60)])
def test_the_tables_agree_with_the_labels(name, least):
    """In-sample: the rules' author had read both cases. Below this something broke; above it proves nothing."""
    case = open_case(name)
    given_ = {c.coder_id: codings.sets(c) for c in review.gather(case, "frames")[0]}
    codes = list(load_codebook(None).frames.index)
    assert codings.micro_f1(given_["machine"], given_["A"], codes) >= least
    trivial = codings.baselines(given_["A"], codes)
    assert max(codings.micro_f1(g, given_["A"], codes) for g in trivial.values()) < least / 1.8
