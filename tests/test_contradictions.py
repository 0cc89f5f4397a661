"""Contradictions: each rule finds what it is for and leaves alone what only looks like it; the yardstick is fair."""
import re

import pandas as pd
import pytest
from test_moves import mentions as told_by
from test_moves import record

from helpers import review
from helpers.case import open_case
from helpers.codebook import load_codebook
from helpers.compare import contradictions as rules
from helpers.compare import events_of, link, points_of

DOCUMENTS = pd.DataFrame({"doc_id": ["a", "b"], "published_latest": ["2031-05-10", "2031-06-01"]}, dtype="string")
SENTENCES = pd.DataFrame([(d, f"{d}/s{i}", 100 * i, 100 * i + 90, "title" if i == 0 else "body")
                          for d in "ab" for i in range(6)],
                         columns=["doc_id", "sentence_id", "start", "end", "section"])


def told(doc, stage="contract", status="happened", actor="NOR", target="KES", day=None, speaker=None, key="BOATS",
         at=110, track="procurement", to=None):
    row = told_by((doc, key, stage, status, actor, target, day, track, speaker)).iloc[0].to_dict()
    return row | {"trigger_start": at, "trigger_end": at + 10, "latest": to or day,
                  "sentence_id": f"{doc}/s{at // 100}", "event_mention_id": f"{doc}{at}{key}{stage}"}


def found(*rows, **more):
    frame = pd.DataFrame(list(rows)).convert_dtypes()
    _, linked = link(frame.assign(earliest=frame["earliest"].astype("string"), latest=frame["latest"].astype("string")),
                     layer="adjudicated")
    return rules.find(linked, SENTENCES, DOCUMENTS, **more)


def kinds(*rows, **more):
    return found(*rows, **more)["kind"].tolist()


def test_two_days_for_one_step_but_not_for_two_occasions():
    may, july = "2031-05-01", "2031-07-01"
    assert kinds(told("a", day=may), told("b", day=july)) == ["date"]
    assert kinds(told("a", day=may, to="2031-05-31"), told("b", day="2031-05-09")) == []
    assert kinds(told("a", day=may), told("b", day=july, key="CORN")) == []
    assert kinds(told("a", "talks", day=may), told("b", "talks", day=july)) == []
    assert kinds(told("a", "talks", day=may), told("b", "talks", day="2031-05-02")) == ["date"]
    assert kinds(told("a", "talks", day=may), told("b", "talks", day="2031-05-08")) == ["date"], "within a week"
    assert kinds(told("a", "talks", day=may), told("b", "talks", day="2031-05-09")) == []
    borrowed = told("b", day=july) | {"basis": "record"}
    assert kinds(told("a", day=may), borrowed) == []


def test_another_side_for_one_step_or_a_person_for_the_whole():
    assert kinds(told("a", "offer"), told("b", "offer", actor="TAV")) == ["actor"]
    assert kinds(told("a", "contract"), told("b", "contract", actor="KES", target="NOR")) == []
    assert "actor" not in kinds(told("a", "offer", day="2031-05-01"), told("b", "offer", actor="TAV", day="2031-07-01"))
    assert kinds(told("a", "offer", actor="NOR.senate"), told("b", "offer", actor="NOR.holt")) == ["level"]
    assert kinds(told("a", "offer", actor="NOR.senate"), told("b", "offer")) == []
    for unreal in ("denied", "opinion", "hypothetical"):
        assert "actor" not in kinds(told("a", "offer"), told("b", "offer", unreal, actor="TAV"))


def test_told_here_and_denied_there_at_the_same_time_by_the_same_side():
    assert kinds(told("a"), told("b", status="denied")) == ["status"]
    assert kinds(told("a"), told("b", "deny", actor="KES", target="NOR")) == ["status"]
    assert kinds(told("a", day="2031-05-01"), told("b", status="denied", day="2031-07-01")) == []
    assert kinds(told("a", "offer"), told("b", "offer", "denied", actor="TAV")) == []
    assert kinds(told("a"), told("b", status="denied", key="CORN")) == []
    scope = found(told("a"), told("a", status="denied", at=210))
    assert scope["scope"].tolist() == ["within"]


def test_not_yet_imposed_contradicts_only_what_was_imposed_before_it_came_out():
    withheld = told("a", "withheld", "not_happened", track="sanctions")
    for day, expected in ((None, ["status"]), ("2031-05-01", ["status"]), ("2031-05-20", [])):
        assert kinds(withheld, told("b", "imposed", day=day, track="sanctions")) == expected
    unknown = told("c", "withheld", "not_happened", track="sanctions")      # nobody knows when c came out
    assert kinds(unknown, told("b", "imposed", day="2031-05-01", track="sanctions")) == []
    wish = told("a", "withheld", "opinion", track="sanctions")
    assert kinds(wish, told("b", "imposed", track="sanctions")) == []


def test_a_headline_against_its_own_body():
    title = told("a", "offer", at=10)
    assert kinds(title, told("a", "offer", actor="TAV", at=110)) == ["actor", "headline"]
    assert kinds(title, told("a", "talks", at=110)) == ["headline"]
    assert kinds(title, told("a", "offer", at=110, speaker="a clerk")) == ["certainty"]
    assert kinds(title, told("a", "offer", "rumoured", at=110)) == ["certainty"]
    for body, values in ((told("a", "offer", at=110, speaker="a clerk"), ["by nobody named", "by a clerk"]),
                         (told("a", "offer", "rumoured", at=110), ["happened", "rumoured"]),
                         (told("a", "offer", "rumoured", at=110, speaker="a clerk"),
                          ["happened, by nobody named", "rumoured, by a clerk"])):
        assert found(title, body).iloc[0][["value_a", "value_b"]].tolist() == values
    # of several other steps in the body, what the headline's own side does there
    other, own = told("a", "talks", actor="KES", at=110), told("a", "contract", at=140)
    assert found(title, other, own).query("kind == 'headline'")["value_b"].tolist() == ["contract"]
    assert kinds(title, told("a", "offer", at=110)) == []
    assert kinds(title) == []                                     # nothing of it in the body: nothing to compare


LISTED = record(("R1", "2031-05-04", "procurement", "contract", "done", "Norvia", "Kestria"),
                ("R2", "2031-05-20", "sanctions", "designation", "done", "Norvia", "Kestria"),
                ("R3", "2031-04-01", "sanctions", "expulsion", "done", "Norvia", "Kestria"))
LINKS = pd.DataFrame({"event_key": ["BOATS", "LIST"], "stage": [pd.NA] * 2, "record_id": ["R1", "R2"]}, dtype="string")


def test_another_date_than_the_records_and_a_step_told_before_it_happened():
    against = {"record": LISTED, "links": LINKS}
    early = found(told("a", day="2031-03-01"), **against)
    assert early[["kind", "scope", "value_b", "record_id"]].values.tolist() == [
        ["record_date", "record", "2031-05-04", "R1"]]
    assert kinds(told("a", day="2031-05-01", to="2031-05-31"), **against) == []
    assert kinds(told("a", day="2031-03-01"), record=LISTED, links=LINKS.assign(lend="no")) == []
    assert kinds(told("a", "imposed", key="LIST"), **against) == ["record_early"]    # a is of 10 May
    assert kinds(told("b", "imposed", key="LIST"), **against) == []                  # b is of 1 June
    assert rules.tells_otherwise(early).values.tolist() == [["a", "R1"]]


def test_what_a_coder_has_marked_as_told_otherwise_is_a_point_and_no_finding():
    tied = told("a", day="2031-05-04") | {"record_id": "R1"}
    points = found(tied, record=LISTED, links=LINKS.assign(tells=["otherwise", None]).drop(columns="stage"))
    assert points[["kind", "scope", "value_b"]].values.tolist() == [["record_words", "record", "R1"]]
    assert rules.tells_otherwise(points).values.tolist() == [["a", "R1"]]
    assert kinds(tied, record=LISTED, links=LINKS.assign(tells=None)) == kinds(tied, record=LISTED, links=LINKS) == []
    by_rule = told("a", day="2031-05-04", actor="NOR.holt", speaker="Ada Holt") | {"record_id": "R1"}
    said = {"record": LISTED.assign(announced_by="Ole Birk"), "links": LINKS.assign(tells="otherwise")}
    assert kinds(by_rule, actors=PEOPLE, **said) == ["record_speaker"], "said once"
    listed = reader(("P1", "x", "record", "a", 110, 120, None, None, None))
    assert rules.yardstick(points, listed, SENTENCES)["found_by"].isna().all()
    assert rules.say_points(points) == "1 pair of places does not fit: rules point at 0, a coder at 1."


def test_a_mention_that_is_tied_to_one_entry_is_of_no_other_date_than_another():
    two = pd.concat([LINKS, LINKS.iloc[:1].assign(record_id="R3")])
    later = told("a", day="2031-04-01")
    assert kinds(later, record=LISTED, links=LINKS) == ["record_date"]
    assert kinds(later | {"record_id": "R3"}, record=LISTED, links=two.assign(lend=["yes", "yes", "no"])) == []


def test_two_measures_in_the_other_order_than_the_records():
    first = told("a", "imposed", key="LIST", at=110) | {"record_id": "R2"}
    second = told("a", "imposed", key="EXPEL", at=150) | {"record_id": "R3"}
    then = pd.DataFrame({"doc_id": ["a"], "start": [130], "word": ["then"]})
    assert kinds(first, second, record=LISTED, signals=then) == ["order"]
    assert kinds(first, second, record=LISTED, signals=then[:0]) == [], "one after the other is no order"
    assert kinds(first, second, record=LISTED, signals=then.assign(start=90)) == [], "the word is not between them"
    turned = first | {"trigger_start": 150, "trigger_end": 160}, second | {"trigger_start": 110, "trigger_end": 120}
    assert kinds(*turned, record=LISTED, signals=then) == []
    far = second | {"trigger_start": 500, "trigger_end": 510}
    assert kinds(first, far, record=LISTED, signals=then) == []


@pytest.mark.parametrize(("text", "expected"), [
    ("They sold the boats, and then the harbour.", ["then"]), ("It fell before sinking.", ["before"]),
    ("They fined it and, when this failed, closed it when noon came.", ["when this"]),
    ("The then-premier came later this week, no later than noon.", []), ("It fell before noon and sank.", []),
    ("It was sold; after that it sank, followed by a row.", ["after that", "followed by"])])
def test_words_that_put_one_thing_after_another(text, expected):
    span = pd.DataFrame({"sentence_id": ["s"], "doc_id": ["a"], "start": [0], "end": [len(text)]})
    assert rules.signals(text, span)["word"].tolist() == expected


PEOPLE = pd.DataFrame({"actor_id": ["NOR", "NOR.holt", "NOR.birk"], "kind": ["state", "person", "person"],
                       "name": ["Norvia", "Ada Holt", "Ole Birk"]}, dtype="string")


def test_one_announcement_in_two_mouths():
    day = "2031-05-04"
    holt = told("a", day=day, speaker="Ada Holt")
    for other, expected in (("Ole Birk", ["speaker"]), ("a clerk", []), ("Ada Holt", [])):
        assert kinds(holt, told("b", day=day, speaker=other), actors=PEOPLE) == expected
    one = told("a", actor="NOR.holt", day=day, speaker="Ada Holt") | {"record_id": "R1"}
    said = LISTED.assign(announced_by="Ole Birk")
    assert kinds(one, actors=PEOPLE, record=said) == ["record_speaker"]
    assert kinds(one, actors=PEOPLE, record=said.assign(announced_by="Norvia")) == []
    assert kinds(one | {"actor_id": "NOR"}, actors=PEOPLE, record=said) == []       # speaks of it, and did not do it


# numbers and names --------------------------------------------------------------------------------------------------


def numbers(text):
    span = pd.DataFrame({"sentence_id": ["s"], "doc_id": ["a"], "start": [0], "end": [len(text)]})
    rows = rules.amounts(text, span)
    return [(r.number, r.unit, text[r.start:r.end]) for r in rows.itertuples()]


@pytest.mark.parametrize(("text", "expected"), [
    ("They sold twelve of the old grey boats.", [(12, "boats")]),
    ("It cost $2.5 billion, or 3bn crowns.", [(2.5e9, "$"), (3e9, "crowns")]),
    ("1,200 tonnes came in 2019.", [(1200, "tonnes")]),
    ("Three years later two officials met for 30 days.", []),
    ("In 2019 masts were cut.", []), ("On June 2 the talks of both began.", []), ("Of 4 the keels broke.", []),
    ("They sold 4 of the keels.", [(4, "keels")]), ("They took two and the oars.", []),
    ("One is enough; 7.", [])])
def test_numbers_with_what_they_count(text, expected):
    assert [(n, u) for n, u, _ in numbers(text)] == expected


def test_amounts_of_one_thing_by_number_and_by_unit():
    rows = [("a/s1", "a", 120, 130, 4.0, "boats"), ("b/s1", "b", 120, 130, 6.0, "boats"),
            ("b/s2", "b", 220, 230, 4.0, "ships"), ("b/s3", "b", 320, 330, 4.0, "crates")]
    amounts = pd.DataFrame(rows, columns=["sentence_id", "doc_id", "start", "end", "number", "unit"])
    deals = [told("a"), told("b"), told("b", at=210), told("b", at=310, key="CORN")]
    for n, deal in enumerate(deals):
        deal["item"] = "corn" if n == 3 else "boats"
    rows = found(*deals, amounts=amounts)
    assert rows[["kind", "value_a", "value_b"]].values.tolist() == [["amount", "4 boats", "6 boats"],
                                                                   ["unit", "4 boats", "4 ships"]]
    lots = amounts.assign(unit=["boats", "boats", "shipments", "crates"])
    assert "unit" not in kinds(*deals, amounts=lots), "a lot has no size of its own"
    talk = [d | {"stage": "talks"} for d in deals]
    assert "amount" not in kinds(*talk, amounts=amounts)            # numbers in talk of other things are not compared


class Book:
    """A codebook of two people, one of whom changed office."""
    actors = pd.DataFrame([("NOR.holt", "Ada Holt", "person", "foreign minister", "2025-01", "2030-06-30"),
                           ("NOR.holt", "Ada Holt", "person", "president", "2030-07-01", ""),
                           ("NOR.birk", "Ole Birk", "person", "", "", "")],
                          columns=["actor_id", "name", "kind", "office", "valid_from", "valid_to"], dtype="string")
    aliases = pd.DataFrame([("Ada Holt", "NOR.holt", "name", False), ("Ada Hold", "NOR.holt", "name", True),
                            ("Ole Birk", "NOR.birk", "name", False), ("Ole Birck", "NOR.birk", "name", False)],
                           columns=["alias", "actor_id", "form", "error_form"])


def slips(text, day="2031-05-04"):
    spans = [(text.index(a), text.index(a) + len(a), w) for a, w in zip(Book.aliases["alias"], Book.aliases["actor_id"])
             if a in text]
    bare = "The Norvian foreign minister"
    found = [(*span, "name") for span in spans] + [(at, at + len(bare), "NOR", "office_of_state")
                                                   for at in [text.find(bare)] if at >= 0]
    rows = rules.slips(text, pd.DataFrame(found, columns=["start", "end", "actor_id", "rule"]), Book, day)
    return [(r.kind, r.said, r.held) for r in rows.itertuples() if r.kind != "form"]


def test_wrong_names_and_offices_by_their_dates():
    assert slips("Ada Hold spoke.") == [("name", "Ada Hold", "")]
    assert slips("Foreign Minister Ada Holt spoke.") == [("office", "foreign minister", "president")]
    assert slips("The foreign minister, Ada Holt, spoke.") == [("office", "foreign minister", "president")]
    assert slips("Foreign Minister Ada Holt spoke.", "2029-02-03") == []
    assert slips("Foreign Minister Ada Holt spoke.", None) == []    # no day, no verdict
    assert slips("President Ada Holt spoke.") == []
    assert slips("Former foreign minister Ada Holt spoke.") == []
    assert slips("The foreign minister told Ada Holt so.") == []
    assert slips("President Ole Birk spoke.") == []                 # nobody knows since when he held what


def test_an_office_without_a_name_that_was_its_bearers_at_another_time():
    told = "Ada Holt came. The Norvian foreign minister spoke."
    assert slips(told) == [("office", "foreign minister", "president")]
    assert slips(told, "2029-02-03") == [] and slips(told, None) == []
    assert slips("The Norvian foreign minister spoke.") == []       # nobody was named
    assert slips("Ole Birk came. The Norvian foreign minister spoke.") == []
    assert slips(f"Ada Holt came.{' And went.' * 60} The Norvian foreign minister spoke.") == []
    assert slips("Ada Holt came, the former. " + told[15:]) == []
    after = Book.actors.iloc[[0]].assign(actor_id="NOR.lund", name="Eva Lund", valid_from="2030-07-01", valid_to="")
    with_another = type("Book", (Book,), {"actors": pd.concat([Book.actors, after])})
    span = [(0, 8, "NOR.holt", "name"), (15, 43, "NOR", "office_of_state")]
    found = pd.DataFrame(span, columns=["start", "end", "actor_id", "rule"])
    rows = rules.slips(told, found, with_another, "2031-05-04")
    assert rows["kind"].tolist() == ["form"], "another held it then"


def test_two_spellings_of_one_person_are_a_point_between_texts():
    rows = pd.DataFrame([("a", 0, 8, "NOR.birk", "form", "Ole Birk", ""),
                         ("b", 5, 14, "NOR.birk", "form", "Ole Birck", ""),
                         ("b", 30, 35, "NOR.birk", "form", "Birck", "")],
                        columns=["doc_id", "start", "end", "actor_id", "kind", "said", "held"])
    points = found(told("a"), slips=rows)
    assert points[["kind", "scope", "value_a", "value_b"]].values.tolist() == [
        ["spelling", "between", "Ole Birk", "Ole Birck"]]


# the yardstick ------------------------------------------------------------------------------------------------------


def reader(*rows):
    columns = ["id", "topic", "kind", "doc_a", "start_a", "end_a", "doc_b", "start_b", "end_b"]
    return pd.DataFrame(rows, columns=columns)


def test_a_point_counts_as_found_where_a_rule_points_at_the_same_sentences():
    points = found(told("a", day="2031-05-01"), told("b", day="2031-07-01", at=210))
    listed = reader(("P1", "the day", "cross-source", "a", 170, 180, "b", 201, 203),       # the same two sentences
                    ("P2", "the day", "cross-source", "b", 201, 203, "a", 170, 180),       # the other way round
                    ("P3", "the day", "cross-source", "a", 170, 180, "b", 301, 303),       # another sentence of b
                    ("P4", "the day", "record", "a", 170, 180, None, None, None))          # no point against the record
    measured = rules.yardstick(points, listed, SENTENCES)
    assert measured["found_by"].fillna("").tolist() == ["date", "date", "", ""]
    none = rules.yardstick(points, None, SENTENCES)
    assert none.empty and "No reader has listed" in rules.say_yardstick(none, none)
    other = rules.yardstick(points[:0], listed, SENTENCES)
    assert rules.tally(measured, other).iloc[-1].to_dict() == {
        "kind": "all", "listed": 4, "by_rule": 2, "by_machine": 0, "by_review_only": 2}
    assert rules.say_yardstick(measured, other, "coder Z,") == \
        "Coder Z, listed 4 points: rules find 2 over the codes at hand and 0 over machine codes; 2 by neither."


def test_the_sentence_and_the_table_count_the_same_and_leave_out_what_dissolves():
    points = pd.DataFrame({"id": ["P1", "P2", "P3", "P4", "P5"], "kind": ["self", "self", "name", "name", "name"],
                           "found_by": ["date", None, None, None, "name"]})
    machine = points.assign(found_by=[None, "date", None, "name", None])
    marked = points.assign(dissolves=[None, None, None, "yes", "yes"])
    whole = rules.tally(marked, machine).iloc[-1]
    assert whole.tolist() == ["all", 3, 1, 1, 1]
    said = rules.say_yardstick(marked, machine)
    assert said == ("A reader listed 3 points: rules find 1 over the codes at hand and 1 over machine codes; 1 by "
                    "neither. 2 more on the list dissolve when read with care; rules point at 2 of them.")
    assert rules.tally(points, machine).iloc[-1].tolist() == ["all", 5, 2, 2, 1], "no mark, nothing left out"


@pytest.mark.parametrize("name", ["s400", "practice"])
def test_a_case_says_who_listed_its_points_and_which_dissolve(name, project):
    case = open_case(name, project / "data")
    listed, (who, known) = case.labels("contradictions"), review.labelled_by(case, "contradictions")
    assert who == "coder A, a language model" and known, "no person listed them, and it is said what the coder knew"
    notes = (case.raw / "gold" / "README.md").read_text(encoding="utf-8")
    row = next(line for line in notes.splitlines() if line.startswith("| `contradictions.csv`"))
    named = set(re.findall(r"\b[CP]\d\d\b", row.split("dissolve")[0]))
    assert set(listed.loc[rules.dissolving(listed), "id"]) == named and named
    assert review.labelled_by(case, "nothing of the kind") == ("", "")


def test_a_name_must_be_the_same_characters_and_a_headline_is_enough_by_itself():
    name = pd.DataFrame([("a", 110, 118, "NOR.holt", "name", "Ada Hold", "")],
                        columns=["doc_id", "start", "end", "actor_id", "kind", "said", "held"])
    points = found(told("b"), slips=name)
    assert rules.yardstick(points, reader(("P1", "x", "name", "a", 112, 115, None, None, None),
                                          ("P2", "x", "record", "a", 150, 160, None, None, None)), SENTENCES
                           )["found_by"].fillna("").tolist() == ["name", ""]
    points = found(told("a", "offer", at=10), told("a", "talks", at=110))
    assert rules.yardstick(points, reader(("P1", "x", "headline", "a", 20, 30, "a", 310, 320),
                                          ("P2", "x", "self", "a", 20, 30, "a", 310, 320)), SENTENCES
                           )["found_by"].fillna("").tolist() == ["headline", ""]


def test_on_the_practice_case_what_was_planted_by_rule_is_found():
    case = open_case("practice")
    book = load_codebook(case.raw / "codebook")
    _, linked = link(case.load("adjudicated_event_mentions"), layer="adjudicated")
    points = rules.find(linked, case.load("sentences"), case.load("documents"), record=case.reference,
                        links=case.labels("record_links"), actors=book.actors, aliases=book.aliases,
                        amounts=case.load("amounts"), slips=case.load("slips"), signals=case.load("signals"))
    by = rules.yardstick(points, case.labels("contradictions"), case.load("sentences")).set_index("id")["found_by"]
    for point, kind in (("P01", "amount"), ("P07", "record_date"), ("P09", "actor"), ("P14", "headline"),
                        ("P17", "status"), ("P19", "speaker"), ("P24", "date"), ("P25", "order"), ("P30", "office"),
                        ("P32", "name")):
        assert by[point] == kind, point
    assert by[["P21", "P22", "P39"]].isna().all()        # cut quotations and a wrong word: for readers
    assert len(rules.matters(points)) < len(points)


def test_points_are_said_in_words(project):
    case = open_case("practice", project / "data")
    book = load_codebook(case.raw / "codebook")
    events, linked, _ = events_of(case, codebook=book)
    texts, sentences = case.load("documents"), case.load("sentences")
    found = points_of(case, linked, sentences, texts, book)
    words = rules.in_words(found, events, linked, texts, book, case.reference)
    assert len(words) == len(found) and set(words["rule"]) <= set(rules.KINDS.values())
    names = set(texts["short_name"])
    assert set(words["doc_a"]) <= names and set(words["doc_b"]) <= names | {"the record", "the codebook"}
    codes = {*book.actors["actor_id"], *case.reference["event_id"], *linked["event_key"].dropna(), "not_happened"}
    assert not codes & {*words["value_a"], *words["value_b"], *words["about"]}
    assert not words[["value_a", "value_b"]].stack().str.contains(r"\d{4}-\d\d").any(), "days are written in words"
    assert words["says_a"].eq(words["doc_a"] + ": " + words["value_a"]).all()
    names_ = words[words["kind"].eq("name")]
    assert len(names_) and set(names_["value_b"]) <= set(book.actors["name"]), "whose name it should be"
    at = words[words["kind"].eq("actor")].index[0]
    label = dict(zip(events["event_id"], events["label"]))
    mine = linked[linked["doc_id"].eq(found.at[at, "doc_a"]) & linked["trigger_start"].eq(found.at[at, "start_a"])]
    assert words.at[at, "about"] == label[mine["event_id"].iloc[0]]
