"""Who is named: names, offices, capitals and pronouns in made-up sentences about invented states."""
import pandas as pd
import pytest
from strait import sentences, strait_book

from helpers import actors
from helpers.codebook import load_codebook


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return strait_book(tmp_path_factory.mktemp("strait"))


def found(text, book, published=None, column="actor_id"):
    frame = actors.mentions(text, sentences(text), book, published)
    return [(text[s:e], x) for s, e, x in frame[["start", "end", column]].itertuples(index=False)]


def test_names_capitals_and_peoples(book):
    assert found("Norvia wrote to Lumen. Port Ana waited. Norvians were calm.", book) == [
        ("Norvia", "XNO"), ("Port Ana", "XNO"), ("Norvians", "XNO")]


def test_states_of_the_world_need_no_case():
    assert [a for _, a in found("Peru met Chile; Lima's envoy stayed.", load_codebook(None))] == ["PER", "CHL", "PER"]


@pytest.mark.parametrize("published, who", [
    ("2015-03-01", "XNO.ruiz"), ("2021-03-01", "XNO.moll"), (("2021-01-01", "2021-12-31"), "XNO.moll"),
    (("2019-01-01", "2019-12-31"), "XNO"), (None, "XNO")])
def test_an_office_is_filled_by_the_texts_date(book, published, who):
    assert found("The Norvian president sailed home.", book, published) == [("Norvian president", who)]
    assert found("Norvia's president sailed home.", book, published) == [("Norvia's president", who)]


def test_an_office_of_someone_unknown_is_not_given_to_its_holder(book):
    text = "Kestrian Foreign Minister Olav Brandt sailed home."
    assert found(text, book, "2020-01-01") == [("Kestrian Foreign Minister Olav Brandt", "XKE")]


def test_a_title_goes_with_the_name_that_follows(book):
    text = "Kestrian Foreign Minister Ulla Tarn sailed."
    assert found(text, book) == [("Kestrian Foreign Minister Ulla Tarn", "XKE.tarn")]


def test_bodies_of_a_state(book):
    assert found("The Kestrian government and the Norvian foreign ministry met.", book) == [
        ("Kestrian government", "XKE"), ("Norvian foreign ministry", "XNO.mfa")]


def test_a_surname_stands_for_the_full_name_before_it_only(book):
    text = "Tarn slept. Ulla Tarn woke. Tarn left. Bo Tarn stayed."
    assert found(text, book) == [("Ulla Tarn", "XKE.tarn"), ("Tarn", "XKE.tarn")]


def test_a_misnaming_is_resolved_and_reported(book):
    assert found("Ana Ruis sailed.", book) == [("Ana Ruis", "XNO.ruiz")]
    assert found("Ana Ruis sailed.", book, column="rule") == [("Ana Ruis", "error_form")]


def test_an_ambiguous_name_is_left_open_and_listed_until_the_text_settles_it(book):
    text = "Lumen was calm."
    assert found(text, book) == []
    assert actors.ambiguous(text, sentences(text), book)[["words", "candidates"]].values.tolist() == [["Lumen", "XKE"]]
    text = "Kestria rests. Lumen was calm."
    assert ("Lumen", "XKE") in found(text, book)
    assert actors.ambiguous(text, sentences(text), book).empty


def test_a_capital_in_another_name_is_no_state(book):
    assert found("The Port Ana Times and Port Ana University closed.", book) == []
    assert found("The news reached Port Ana at noon.", book) == [("Port Ana", "XNO")]


def test_pronouns_follow_the_chain_of_the_paragraph(book):
    text = "Ulla Tarn came. She was late.\nPiet Moll came. He was early. The foreign minister left."
    assert [(w, a) for w, a in found(text, book) if w in ("She", "He", "The foreign minister")] == [
        ("She", "XKE.tarn"), ("He", "XNO.moll"), ("The foreign minister", "XKE.tarn")]
    assert set(x for _, x in found(text, book, column="form")) == {"name", "pronoun"}


def test_a_pronoun_means_who_speaks_not_who_is_spoken_of(book):
    text = "“The plan of Piet Moll is old,” Ulla Tarn said on Monday. She left."
    assert found(text, book)[-1] == ("She", "XKE.tarn")


def test_a_pronoun_for_a_stranger_is_no_actor(book):
    assert found("Piet Moll slept.\n\n\nOlav Brandt came. He was late.", book) == [("Piet Moll", "XNO.moll")]


def test_offsets_survive_curly_marks_and_odd_blanks(book):
    text = "Norvia’s president\u00a0left; Ulla\u00a0Tarn stayed."
    frame = actors.mentions(text, sentences(text), book, "2021-01-01")
    assert [(text[s:e], a) for s, e, a in frame[["start", "end", "actor_id"]].values] == [
        ("Norvia’s president", "XNO.moll"), ("Ulla\u00a0Tarn", "XKE.tarn")]


def test_every_mention_lies_in_its_sentence(book):
    text = "Norvia rests. Kestria works.\nUlla Tarn said she was tired."
    rows = sentences(text)
    frame = actors.mentions(text, rows, book).merge(rows, on="sentence_id", suffixes=("", "_s"))
    assert len(frame) == 4
    assert ((frame["start"] >= frame["start_s"]) & (frame["end"] <= frame["end_s"])).all()


def test_text_outside_the_sentences_is_not_read(book):
    text = "Norvia rests. Kestria works."
    assert actors.mentions(text, sentences(text).iloc[:1], book)["actor_id"].tolist() == ["XNO"]
    assert actors.mentions(text, sentences("").iloc[:0], book).empty


@pytest.mark.parametrize("text", [
    "he said " * 20_000, "Alpha Beta Gamma " * 10_000, "the minister " * 10_000, "(" * 50_000])
def test_a_long_line_is_read_in_time_that_grows_with_it(book, text):
    found = actors.mentions(text, pd.DataFrame({"start": [0], "end": [len(text)], "paragraph": [1]}), book)
    assert found.empty      # nobody whom the codebook knows is named, and a pronoun means none of them


def general(text):
    rows = sentences(text)
    frame = actors.mentions(text, rows, load_codebook(None))
    return [(text[s:e], a) for s, e, a in frame[["start", "end", "actor_id"]].values]


def test_what_states_have_founded_together_is_known_and_named_again():
    assert general("Peru asked the European Union for help. The 27-member bloc said no, and NATO agreed.") == [
        ("Peru", "PER"), ("European Union", "EU"), ("The 27-member bloc", "EU"), ("NATO", "NATO")]
    assert general("Peru asked NATO for help. The alliance said no. The bloc of flats burnt.") == [
        ("Peru", "PER"), ("NATO", "NATO"), ("The alliance", "NATO")]
    assert ("Brussels", "EU") in general("The EU met. Brussels said no.")      # the seat of a body that is named
    assert general("Brussels was quiet. The Commission met.") == []


def test_a_case_has_a_body_under_its_own_code(tmp_path):
    folder = tmp_path / "codebook"
    folder.mkdir()
    (folder / "actors.csv").write_text(
        "actor_id,name,kind,country,bloc,office,valid_from,valid_to,colour,shared\n"
        "UNION,European Union,organisation,,Europe,,,,,\n", encoding="utf-8")
    book = load_codebook(folder)
    assert "EU" not in set(book.actors["actor_id"]) and "NATO" in set(book.actors["actor_id"])


@pytest.mark.parametrize(("text", "who"), [
    ("Ana Lind, Peru's fisheries minister, came. Lind left.", ["Ana Lind", "Lind"]),
    ("Peru's fisheries minister, Ana Maria Lind, came. Lind left.", ["Ana Maria Lind", "Lind"]),
    ("Peruvian Trade Minister Ana Lind came. Lind left.", ["Peruvian Trade Minister Ana Lind", "Lind"]),
    ("Peru held a vote. By Friday its president, Ana Lind, had left. Lind slept.", ["Ana Lind", "Lind"]),
])
def test_who_is_introduced_by_an_office_acts_for_its_state(text, who):
    found = general(text)
    assert [words for words, actor in found if "Lind" in words] == who
    assert {actor for _, actor in found} == {"PER"}


def test_who_is_introduced_by_none_is_no_actor():
    assert general("Peru slept. Ana Lind, a fisherman, came. Lind left.") == [("Peru", "PER")]


def test_a_leader_stands_for_the_state():
    assert general("Angela Merkel left. Merkel slept.") == [("Angela Merkel", "DEU"), ("Merkel", "DEU")]
    assert general("Johnson left.") == []      # a surname that many have


def test_leaders_lead_a_state_or_body_that_is_known():
    book = load_codebook(None)
    assert set(book.leaders["country"]) <= set(book.actors["actor_id"])
    assert not book.leaders.duplicated(["name", "valid_from"]).any()
    assert book.leaders["valid_from"].ne("").all()


def dated(text, published, book=None):
    rows = sentences(text)
    frame = actors.mentions(text, rows, book or load_codebook(None), published)
    return [(text[s:e], a) for s, e, a in frame[["start", "end", "actor_id"]].values]


@pytest.mark.parametrize("text, published, who", [
    ("Viktor Orbán met fishermen. Orbán left.", "2011-03-01", [("Viktor Orbán", "HUN"), ("Orbán", "HUN")]),
    ("Viktor Orban met fishermen. Orban left.", "2011-03-01", [("Viktor Orban", "HUN"), ("Orban", "HUN")]),
    ("Viktor Orbán met fishermen. Orbán left.", "2005-03-01", []),
    ("Viktor Orbán met fishermen.", ("2009-01-01", "2011-12-31"), [("Viktor Orbán", "HUN")]),     # it can have been
    ("Viktor Orbán met fishermen.", None, [("Viktor Orbán", "HUN")]),
    ("Orban met fishermen.", "2011-03-01", []),       # others are called so; with its accent it is his alone
    ("Orbán met fishermen.", "2011-03-01", [("Orbán", "HUN")]),
    ("Erdogan and Erdoğan slept.", "2020-01-01", [("Erdogan", "TUR"), ("Erdoğan", "TUR")]),
    ("Angela Merkel slept. Merkel woke.", "2022-03-01", []),
    ("Donald Trump slept.", "2019-03-01", [("Donald Trump", "USA")]),
    ("Donald Trump slept.", "2022-03-01", []),
    ("Donald Trump slept.", "2025-03-01", [("Donald Trump", "USA")]),
    ("Then-President Donald Trump slept.", "2022-03-01", [("Donald Trump", "USA")]),
    ("Melania Trump slept.", "2019-03-01", []),
    ("Donald Tusk slept.", "2010-01-01", [("Donald Tusk", "POL")]),
    ("Donald Tusk slept.", "2016-01-01", [("Donald Tusk", "EU")]),
    ("Donald Tusk slept in Poland.", None, [("Donald Tusk", "POL"), ("Poland", "POL")]),
    ("Donald Tusk slept.", None, []),                 # of Poland or of the Union
    ("Chancellor Angela Merkel slept.", "2015-03-01", [("Angela Merkel", "DEU")]),
    ("Xi Jinping slept. Xi woke.", "2019-03-01", [("Xi Jinping", "CHN"), ("Xi", "CHN")]),
])
def test_a_leader_stands_for_the_state_while_in_office(text, published, who):
    assert dated(text, published) == who


@pytest.mark.parametrize("text", [
    "Former President Barack Obama slept. Obama woke.", "The former US president, Barack Obama, slept.",
    "Ex-president Barack Obama slept.", "Barack Obama, the former president, slept."])
def test_who_is_called_former_is_a_person_and_no_more(text):
    assert [a for w, a in dated(text, "2016-03-01") if "Obama" in w] == []      # the day could be wrong
    assert [a for w, a in dated(text, None) if "Obama" in w] == []


@pytest.mark.parametrize("text", [
    "In the former Soviet Union, President Barack Obama slept.", "It is former. President Barack Obama slept.",
    "Late on Monday President Barack Obama slept.", "Barack Obama, late on Monday, slept.",
    "They met Barack Obama, former ministers said."])
def test_who_stands_by_the_word_former_is_not_called_so(text):
    assert ("Barack Obama", "USA") in dated(text, "2016-03-01")


def test_a_former_leader_is_whom_a_pronoun_means():
    text = "Peru slept. Former German chancellor Angela Merkel came. She was late."
    assert [w for w, _ in dated(text, "2022-03-01")] == ["Peru"]
    assert dated("Peru slept. Theresa May came. She was late.", "2022-03-01") == [("Peru", "PER")]
    assert ("She", "GBR") in dated("Peru slept. Theresa May came. She was late.", "2018-03-01")


@pytest.mark.parametrize("text, who", [
    ("Theresa May slept. In May it rained. May woke on 3 May. May 2018 was wet.", ["Theresa May", "May"]),
    ("In May it rained. May was wet. Theresa May slept.", ["Theresa May"]),
    ("Prime Minister May slept, and May woke.", ["May", "May"]),
    ("May was wet. Ports may close, and May did.", []),
    ("Ships sailed in May. President Moon slept under the Moon. Moon woke.", ["Moon", "Moon"]),
])
def test_a_surname_that_is_a_word_needs_its_person_before_it(text, who):
    assert [w for w, a in dated(text, "2018-03-01") if a in ("GBR", "KOR")] == who


def test_the_day_on_which_an_office_goes_over_is_of_both():
    for name, who in (("Angela Merkel", "DEU"), ("Olaf Scholz", "DEU")):
        assert dated(f"{name} slept.", "2021-12-08") == [(name, who)]
