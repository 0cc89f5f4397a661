"""Labels, decisions, sheets and codings held side by side."""
import dataclasses
import hashlib
import random
import re
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.case import Case, CaseError, ParameterError, open_case
from helpers.cli import main
from helpers.codebook import load_codebook
from helpers.compare import events_of
from helpers.pipeline import build
from helpers.review import (
    DECISIONS,
    Coding,
    adjudicated,
    adjudicated_event_mentions,
    adjudicated_frames,
    adjudicated_quotes,
    apply,
    coder_kinds,
    coder_line,
    coders,
    codes,
    compare,
    consistency,
    decisions_from,
    disagreements,
    freeze,
    from_labels,
    frozen,
    interval,
    join,
    match,
    read_decisions,
    read_sheet,
    reviewed_line,
    score,
    sentence_at,
    sheet,
    spreadsheet,
    tell,
    write_decisions,
)
from helpers.review.decisions import key_of, keys, near, shown, wrong
from helpers.tables import TableError

SENTENCES = pd.DataFrame({"sentence_id": ["d/s0-20", "d/s21-60"], "doc_id": ["d", "d"], "start": [0, 21],
                          "end": [20, 60]})


def test_a_label_belongs_to_the_sentence_it_shares_most_with():
    assert sentence_at(SENTENCES, "d", 15, 40) == "d/s21-60"
    assert sentence_at(SENTENCES, "d", 5, 22) == "d/s0-20"
    assert sentence_at(SENTENCES, "d", 60, 70) is None and sentence_at(SENTENCES, "e", 0, 5) is None


def test_frames_get_rank_and_weight_in_the_coders_order():
    labels = pd.DataFrame({"doc_id": ["d", "d"], "start": ["0", "21"], "end": ["20", "60"],
                           "frames": ["legal_contractual;economic_cost", ""], "voice": ["outlet", "quoted"],
                           "negated": ["yes", ""]}, dtype="string").replace("", pd.NA)
    rows = adjudicated_frames(labels, SENTENCES, "A")
    assert rows["frame"].tolist() == ["legal_contractual", "economic_cost"]
    assert rows["rank"].tolist() == [1, 2] and rows["weight"].tolist() == [.5, .5]
    assert rows["negated"].tolist() == [True, True] and set(rows["rule"]) == {"A"}


@pytest.mark.parametrize("date, word, wanted", [
    ("2019", "year", ("2019-01-01", "2019-12-31", "year")),
    ("2020-02", "month_inferred", ("2020-02-01", "2020-02-29", "month")),
    ("2020-06-25", "week", ("2020-06-22", "2020-06-28", "week")),
    ("2020-06-25", "day", ("2020-06-25", "2020-06-25", "day")),
    ("2020-06-25", "report_day", (None, "2020-06-25", "interval")),
    ("2020-06", "since_month", ("2020-06-01", None, "interval")),
    ("2020", "since_year", ("2020-01-01", None, "interval")),
    ("../2020-06", None, (None, "2020-06-30", "interval")),
])
def test_a_cut_date_stands_for_all_its_days(date, word, wanted):
    assert interval(date, word) == wanted


def test_event_and_quote_labels_keep_their_place():
    labels = pd.DataFrame([{"doc_id": "d", "start": "0", "end": "20", "trigger_start": "3", "trigger_end": "9",
                            "date": "2020-06", "date_granularity": "month", "date_basis": "inferred", "actor": "NOR",
                            "target": "KES", "type": "agree", "track": "negotiation", "stage": "offer",
                            "status": "proposed", "event_key": "PACT", "label": "An offer"}] * 2, dtype="string")
    rows = adjudicated_event_mentions(labels, SENTENCES, "A")
    assert rows["event_mention_id"].tolist() == ["d/e3-9", "d/e3-9.2"]
    assert rows.loc[0, ["basis", "type", "sentence_id"]].tolist() == ["relative", "AGREE", "d/s0-20"]
    quotes = adjudicated_quotes(labels.assign(directness="direct", speaker="she"), SENTENCES, "A")
    assert quotes["quote_id"].tolist() == ["d/q0-20"]


def _told_since(case):
    """An event told on a report's day and one told since a month, as labels of a case."""
    put(case, "gold/events.csv", "doc_id,start,end,trigger_start,trigger_end,date,date_granularity,date_basis,actor,"
        "target,type,track,stage,status,event_key,label\n"
        "d,0,20,3,9,2031-05-15,report_day,year_inferred,NOR,KES,AGREE,negotiation,offer,proposed,PACT,An offer\n"
        "d,21,60,22,30,2031-02,since_month,explicit,NOR,KES,CONSULT,negotiation,talks,ongoing,TALKS,Talks go on\n")


def test_a_report_bounds_what_it_reports_and_what_is_told_since_a_month_lasts_until_the_text(case):
    _told_since(case)
    days = ["earliest", "latest", "granularity", "basis"]
    rows = adjudicated(case, "event_mentions", SENTENCES, published={"d": "2031-05-20"})[0].set_index("event_key")
    assert rows.loc["TALKS", days].tolist() == ["2031-02-01", "2031-05-20", "interval", "explicit"]
    assert pd.isna(rows.loc["PACT", "earliest"])
    assert rows.loc["PACT", days[1:]].tolist() == ["2031-05-15", "interval", "relative"]
    open_ = adjudicated(case, "event_mentions", SENTENCES)[0].set_index("event_key")     # nobody knows when it came out
    assert open_.loc["TALKS", "earliest"] == "2031-02-01" and pd.isna(open_.loc["TALKS", "latest"])


def test_a_decision_can_leave_an_end_of_a_date_open(case):
    _told_since(case)
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nP,person,2031-06,the texts\n")
    put(case, "review/p.csv", "table,key,decision,field,machine_value,decided_value,coder_id,date,note\n"
        "event_mentions,d:3-9,edit,date,,2031-03/..,P,2031-06-01,\n"
        "event_mentions,d:22-30,edit,date,2031-02-01/..,../2031-04-02,P,2031-06-01,\n")
    rows, report = adjudicated(case, "event_mentions", SENTENCES, published={"d": "2031-05-20"})
    rows = rows.set_index("event_key")
    assert report["outcome"].tolist() == ["applied"] * 2 and report["why"].fillna("").eq("").all()
    assert rows.loc["PACT", ["earliest", "latest"]].tolist() == ["2031-03-01", "2031-05-20"]
    assert pd.isna(rows.loc["TALKS", "earliest"]) and rows.loc["TALKS", "latest"] == "2031-04-02"
    assert shown(rows.loc["TALKS"], "date") == "../2031-04-02"


@pytest.fixture
def case(tmp_path):
    """A case with a manifest of one document and nothing else; ``put`` writes files into it."""
    (tmp_path / "data" / "raw" / "harbour").mkdir(parents=True)
    case = Case("harbour", tmp_path / "data")
    put(case, "documents.csv", f"doc_id,file,sha256\nd,d.txt,{'0' * 64}\n")
    return case


def put(case, name, text):
    path = case.raw / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_it_is_said_who_coded(case):
    assert coder_line(case).startswith("No adjudicated codes")
    put(case, "gold/coders.csv", "coder_id,kind,made,had_read,labels\nA,model,2031-01,the texts,events\n")
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nB,model,2031-02,the texts\n")
    assert coder_line(case) == "Coded by two language models; no person has checked them."
    assert coders(case)["made"].tolist() == ["2031-01", "2031-02"]
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nB,person,2031-02,the texts\n")
    assert "no person" not in coder_line(case)
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nB,expert,2031-02,the texts\n")
    with pytest.raises(TableError, match="review/coders.csv: line 2: kind is 'expert'"):
        coders(case)
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nA,person,2031-02,the texts\n")
    with pytest.raises(TableError, match="two coders are called 'A'"):
        coders(case)


def told_by(case, *rules, word="event_mention_id"):
    """Rows of which only who made them matters."""
    return pd.DataFrame({word: [f"d/e{n}" for n in range(len(rules))], "rule": rules})


def test_what_one_person_decided_does_not_make_the_rest_a_persons(case):
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nP,person,2031-02,the texts\nC,model,2031-02,all\n")
    part = told_by(case, "P", "lease", "sale", "lease")
    assert coder_line(case, part) == ("1 of 4 mentions decided by one person, the rest by rule; no person has checked "
                                      "the rest.")
    assert coder_kinds(case, part) == "person (1 of 4 mentions), the rest by rule"
    assert coder_kinds(case, told_by(case, "P", "P")) == "person"
    assert coder_line(case, told_by(case, "P", "P")) == "Coded by one person."
    assert coder_line(case, told_by(case, "lease", word="quote_id")) == (
        "Coded by rule: suggestions that nobody has decided on.")
    assert coder_kinds(case, told_by(case, "lease")) == "rule"
    three = told_by(case, "C", "P", "lease", "C", word="quote_id")
    assert coder_line(case, three).startswith(
        "1 of 4 quotations decided by one person, 2 by one language model, the rest by rule; no person has checked")
    assert coder_kinds(case, three) == "person (1 of 4 quotations), model (2), the rest by rule"
    # who is entered and has made none of the rows has coded nothing of them
    assert coder_line(case, told_by(case, "C")) == "Coded by one language model; no person has checked them."


def test_the_tables_of_a_case_say_themselves_who_made_them_and_what_a_person_took_out(case):
    put(case, "review/coders.csv", KNOWN)
    put(case, "review/p.csv", HEAD + "events,d:25-30,accept,,,,P,2031-01-02,\nevents,d:3-9,reject,,,,P,2031-01-02,\n")
    rows, report = adjudicated(case, "event_mentions", SENTENCES, EVENTS.assign(
        actor_id="NOR", event_key="quay"))
    case.save({"adjudicated_event_mentions": rows.assign(event_id="x", event_key="quay"), "decisions": report})
    assert reviewed_line(rows, case) == "not reviewed: 1 of 2"
    assert coder_line(case) == ("1 of 2 mentions decided by one person, the rest by rule; no person has checked the "
                                "rest. Rejected by a person, so not counted: 1 row.")
    assert coder_kinds(case, rows.assign(event_mention_id="m")) == "person (1 of 2 mentions), the rest by rule"
    assert coder_kinds(case, rows[:0]) == "nobody"
    assert "Rejected" not in coder_line(case, told_by(case, "said", word="quote_id"))
    assert "(adjudicated layer; 1 of the mentions are the machine's" in events_of(case)[2]


def test_a_row_that_is_gone_from_a_blind_sheet_is_named(tmp_path):
    practice = open_case("practice")
    sentences = practice.load("sentences")
    for n, documents in ((None, ["halta"]), (30, [])):
        path = sheet(practice, "frames", "P", n=n, documents=documents, out=tmp_path / f"sheets{n}")
        rows = spreadsheet.read(path)
        assert read_sheet(path, practice, sentences).problems == ()
        head = list(rows[0])[:-1] if "line" in rows[0] else list(rows[0])
        spreadsheet.write(path, rows[:4] + rows[5:], head)
        (problem,) = read_sheet(path, practice, sentences).problems
        assert f"the row of {rows[4]['key']} is missing" in problem


# decisions ----------------------------------------------------------------------------------------------------------

QUOTES = pd.DataFrame({"quote_id": ["d/q3-12", "d/q25-40"], "sentence_id": ["d/s0-20", "d/s21-60"], "doc_id": "d",
                       "start": [3, 25], "end": [12, 40], "directness": ["direct", "indirect"],
                       "speaker": ["the pilot", "the harbour master"], "rule": ["said", "according_to"]})
EVENTS = pd.DataFrame({"event_mention_id": ["d/e3-9", "d/e3-9.2", "d/e25-30"], "doc_id": "d",
                       "sentence_id": ["d/s0-20", "d/s0-20", "d/s21-60"], "trigger_start": [3, 3, 25],
                       "trigger_end": [9, 9, 30], "type": "AGREE", "track": "negotiation", "stage": "offer",
                       "status": "happened", "granularity": "none", "basis": "none", "rule": "lease"})
FRAMES = pd.DataFrame({"sentence_id": "d/s0-20", "doc_id": "d", "frame": ["economic_cost", "moral_blame"],
                       "rank": [1, 2], "weight": [.5, .5], "voice": "outlet", "rule": "cost"})


def decide(*rows, **more):
    """Decisions as they are read: table, key, decision, field, decided value, coder, kind, date."""
    names = ["table", "key", "decision", "field", "decided_value", "coder_id", "kind", "date"]
    frame = pd.DataFrame([dict(zip(names, r)) for r in rows]).reindex(
        columns=[*DECISIONS, "file", "line", "kind"]).astype("string")
    return frame.assign(file="review/x.csv", line=range(2, len(rows) + 2), **more)


def outcomes(report):
    return list(zip(report["outcome"], report["why"]))


def test_accept_reject_edit_and_add():
    rows, report = apply(QUOTES, decide(
        ("quotes", "d:3-12", "accept", None, None, "P", "person", "2031-01-02"),
        ("quotes", "d:25-40", "edit", "speaker", "the deputy", "P", "person", "2031-01-02"),
        ("quotes", "d:42-50", "add", "directness", "mixed", "P", "person", "2031-01-02"),
        ("quotes", "d:42-50", "add", "speaker", "the cook", "P", "person", "2031-01-02"),
        ("times", "d:1-2", "reject", None, None, "P", "person", "2031-01-02"),
    ), "quotes", sentences=SENTENCES)
    assert rows["quote_id"].tolist() == ["d/q3-12", "d/q25-40", "d/q42-50"]
    assert rows["speaker"].tolist() == ["the pilot", "the deputy", "the cook"] and set(rows["rule"]) == {"P"}
    assert rows["sentence_id"].tolist()[-1] == "d/s21-60"
    assert report["outcome"].tolist() == ["applied"] * 4
    rows, report = apply(QUOTES, decide(("quotes", "d:3-12", "reject", None, None, "P", "person", "2031-01-02")),
                         "adjudicated_quotes")
    assert rows["quote_id"].tolist() == ["d/q25-40"] and rows["rule"].tolist() == ["according_to"]


def test_a_decision_whose_place_is_gone_is_reported():
    _, report = apply(QUOTES, decide(
        ("quotes", "d:4-12", "edit", "speaker", "x", "P", "person", "2031-01-02"),
        ("quotes", "e:4-12", "accept", None, None, "P", "person", "2031-01-02"),
        ("quotes", "d:70-80", "add", "directness", "direct", "P", "person", "2031-01-02"),
        ("quotes", "d:22-24", "add", "speaker", "x", "P", "person", "2031-01-02"),
    ), "quotes", sentences=SENTENCES)
    assert outcomes(report) == [
        ("gone", "no row of quotes has that span any more; the nearest is d:3-12"),
        ("gone", "no row of quotes has that span any more"), ("gone", "no sentence is there any more"),
        ("refused", "an added row of quotes needs directness too: a line for each")]
    assert len(tell(report)) == 4 and tell(report)[0].startswith("review/x.csv: line 2: edit of quotes d:4-12: gone")


@pytest.mark.parametrize("first, second, wins", [
    (("P", "person", "2031-01-01"), ("M", "model", "2031-02-01"), "P"),
    (("R", "rule", "2031-03-01"), ("M", "model", "2031-02-01"), "M"),
    (("P", "person", "2031-01-01"), ("Q", "person", "2031-02-01"), "Q"),
    (("P", "person", "2031-01-01"), ("Q", "person", "2031-01-01"), "Q"),
    (("P", "person", "2031-12-01"), ("P", "person", "2031-02-01"), "P"),
])
def test_persons_before_models_before_rules_and_then_the_later_date(first, second, wins):
    for one, other in ((first, second), (second, first)) if first[2] != second[2] else ((first, second),):
        rows, report = apply(QUOTES, decide(("quotes", "d:3-12", "edit", "speaker", "1" + one[0] + one[2], *one),
                                            ("quotes", "d:3-12", "edit", "speaker", "1" + other[0] + other[2], *other)),
                             "quotes")
        expected = max(first, second, key=lambda c: (c[0] == wins, c[2] if first[0] == second[0] else ""))
        assert rows["speaker"][0] == "1" + expected[0] + expected[2] and rows["rule"][0] == wins
        assert sorted(report["outcome"]) == ["applied", "overruled"]
        rows, report = apply(QUOTES, decide(("quotes", "d:3-12", "reject", None, None, *one),
                                            ("quotes", "d:3-12", "accept", None, None, *other)), "quotes")
        assert (len(rows) == 1) == (expected == one) and sorted(report["outcome"]) == ["applied", "overruled"]


def test_two_who_decide_the_same_agree_and_other_fields_stand_side_by_side():
    rows, report = apply(EVENTS, decide(
        ("event_mentions", "d:3-9.2", "edit", "status", "planned", "P", "person", "2031-01-02"),
        ("event_mentions", "d:3-9.2", "edit", "status", "planned", "M", "model", "2031-01-02"),
        ("event_mentions", "d:3-9.2", "edit", "stage", "talks", "M", "model", "2031-01-02")),
        "adjudicated_event_mentions")
    assert rows["status"].tolist() == ["happened", "planned", "happened"] and rows["stage"][1] == "talks"
    assert report["outcome"].tolist() == ["applied", "agrees", "applied"]
    assert rows["rule"].tolist() == ["lease", "P", "lease"]


def test_an_acceptance_shields_from_lower_ranks_that_come_later_only():
    accept = ("quotes", "d:3-12", "accept", None, None, "P", "person", "2031-02-01")
    for date, outcome in (("2031-01-01", "applied"), ("2031-03-01", "overruled")):
        rows, report = apply(QUOTES, decide(accept, ("quotes", "d:3-12", "edit", "speaker", "x", "M", "model", date)),
                             "quotes")
        assert report["outcome"].tolist() == ["applied", outcome]
        assert rows["speaker"][0] == ("x" if outcome == "applied" else "the pilot")


def test_a_date_is_decided_as_one():
    rows, report = apply(EVENTS, decide(
        ("event_mentions", "d:3-9", "edit", "date", "2031-02", "P", "person", "2031-03-02"),
        ("event_mentions", "d:3-9.2", "edit", "date", "2031-02-03/2031-02-09", "P", "person", "2031-03-02"),
        ("event_mentions", "d:3-9.2", "edit", "basis", "explicit", "P", "person", "2031-03-02"),
    ), "adjudicated_event_mentions")
    dated = rows[["earliest", "latest", "granularity", "basis"]].to_numpy().tolist()
    assert dated[:2] == [["2031-02-01", "2031-02-28", "month", "relative"],
                         ["2031-02-03", "2031-02-09", "interval", "explicit"]]
    assert rows["granularity"].tolist()[2] == "none"
    rows, _ = apply(rows, decide(("event_mentions", "d:3-9", "edit", "date", "none", "P", "person", "2031-03-03")),
                    "adjudicated_event_mentions")
    assert rows["earliest"].isna().tolist() == [True, False, True] and rows["basis"][0] == "none"


def test_merging_and_splitting():
    rows, report = apply(QUOTES, decide(("quotes", "d:3-12", "merge", None, "d:25-40", "P", "person", "2031-01-02")),
                         "quotes")
    assert rows[["quote_id", "start", "end", "speaker"]].iloc[0].tolist() == ["d/q3-40", 3, 40, "the harbour master"]
    assert len(rows) == 1
    rows, report = apply(QUOTES, decide(
        ("quotes", "d:25-40", "split", None, "d:25-30;d:33-40", "P", "person", "2031-01-02"),
        ("quotes", "d:25-40", "edit", "speaker", "both", "P", "person", "2031-01-02")), "quotes")
    assert rows["quote_id"].tolist() == ["d/q3-12", "d/q25-30", "d/q33-40"]
    assert rows["speaker"].tolist() == ["the pilot", "both", "both"]
    rows, report = apply(QUOTES, decide(("quotes", "d:3-12", "merge", None, "d:1-2", "P", "person", "2031-01-02")),
                         "quotes")
    assert outcomes(report) == [("gone", "there is no other row at d:1-2 to merge it with")] and len(rows) == 2


def test_mentions_are_told_to_be_one_event_or_several():
    rows, _ = apply(EVENTS.assign(event_key=["PACT", "PACT", "SALE"]), decide(
        ("event_mentions", "d:25-30", "merge", "event_id", "d:3-9", "P", "person", "2031-01-02"),
        ("event_mentions", "d:3-9.2", "split", "event_id", None, "P", "person", "2031-01-02")),
        "adjudicated_event_mentions")
    assert rows["event_key"].tolist() == ["PACT", "PACT_2", "PACT"] and len(rows) == 3


def test_the_frames_of_a_sentence_are_decided_together():
    rows, report = apply(FRAMES, decide(
        ("frames", "d:0-20", "edit", "frames", "moral_blame;strategic_game;economic_cost", "P", "person", "2031-01-02"),
        ("frames", "d:0-20", "edit", "voice", "quoted", "P", "person", "2031-01-02"),
        ("frames", "d:21-60", "edit", "voice", "quoted", "P", "person", "2031-01-02"),
        ("frames", "d:21-60", "add", "frames", "economic_cost", "P", "person", "2031-01-02"),
        ("frames", "d:21-59", "edit", "frames", "economic_cost", "P", "person", "2031-01-02"),
    ), "frames", sentences=SENTENCES)
    assert rows["frame"].tolist() == ["moral_blame", "strategic_game", "economic_cost", "economic_cost"]
    assert rows["weight"].round(2).tolist() == [.33, .33, .33, 1] and rows["rank"].tolist() == [1, 2, 3, 1]
    assert set(rows["voice"]) == {"quoted"}
    assert report["outcome"].tolist() == ["applied"] * 4 + ["gone"]
    rows, report = apply(FRAMES, decide(("frames", "d:0-20", "edit", "frames", "none", "P", "person", "2031-01-02"),
                                        ("frames", "d:0-20", "edit", "negated", "yes", "P", "person", "2031-01-02")),
                         "frames", sentences=SENTENCES)
    assert rows.empty and report["outcome"].tolist() == ["applied", "gone"]


def test_what_the_coder_had_seen_is_held_against_what_is_there_now():
    votes = decide(("quotes", "d:3-12", "edit", "speaker", "the mate", "P", "person", "2031-01-02"))
    for seen, why in (("the pilot", ""), ("the cook", "the suggestion was the cook and is the pilot now")):
        assert outcomes(apply(QUOTES, votes.assign(machine_value=seen), "quotes")[1]) == [("applied", why)]


HEAD = ",".join(DECISIONS) + "\n"
KNOWN = "coder_id,kind,when,had_read\nP,person,2031-01,the texts\nM,model,2031-01,the texts\n"


def test_bad_decisions_are_refused_by_line_and_cost_nothing_else(case):
    put(case, "review/coders.csv", KNOWN)
    put(case, "review/a.csv", HEAD + "\n".join([
        "quotes,d:3-12,accept,,,,P,2031-01-02,",
        "qoutes,d:3-12,accept,,,,P,2031-01-02,",
        "quotes,d 3-12,accept,,,,P,2031-01-02,",
        "quotes,d:3-12,acept,,,,P,2031-01-02,",
        "quotes,d:3-12,edit,speeker,,x,P,2031-01-02,",
        "quotes,d:3-12,edit,directness,,dirct,P,2031-01-02,",
        "quotes,d:3-12,accept,,,,Z,2031-01-02,",
        "quotes,d:3-12,accept,,,,P,2 January,",
        "events,d:3-9,edit,status,,hapened,P,2031-01-02,",
        "events,d:3-9,edit,date,,May,P,2031-01-02,",
        "events,d:3-9,merge,,,,P,2031-01-02,",
        "events,d:3-9,split,,,d:1-2;x,P,2031-01-02,",
        "frames,d:0-20,edit,negated,,perhaps,P,2031-01-02,",
        ",,,,,,,,",
        "events,d:3-9,edit,actor_id,,NOR+KES,P,2031-01-02,"]) + "\n")
    put(case, "review/b.csv", "a,b\n1,2\n")
    (case.raw / "review" / "c.csv").write_bytes(b"\xff\xfe\x00")
    good, report = read_decisions(case, {"status": ["happened", "planned"], "actor_id": ["NOR", "KES"]})
    assert good["line"].tolist() == [2, 16] and good["kind"].tolist() == ["person", "person"]
    assert good["table"].tolist() == ["quotes", "event_mentions"]
    lines = tell(report)
    assert len(lines) == 14
    for line, words in zip(lines, [
            "did you mean 'quotes'?", "gazette:120-188", "did you mean 'accept'?", "did you mean 'speaker'?",
            "did you mean 'direct'?", "nobody is entered as coder 'Z'", "2026-03-09",
            "did you mean 'happened'?", "2019-07",
            "its key belongs in", "parted by ;", "yes or no", "column 'table' is missing", "UTF-8"], strict=True):
        assert words in line
    assert lines[0].startswith("review/a.csv: line 3: ")


def test_a_code_is_found_by_name_and_the_cases_own_stand_first():
    known = codes(load_codebook(open_case("practice").raw))
    assert near("Pelmora", known["actor"]) == near("Pelmoran", known["actor"]) == "did you mean 'XPE' (Pelmora)?"
    assert near("brazil", known["actor_id"]) == "did you mean 'BRA' (Brazil)?"
    assert near("xpe", known["actor"]) == "did you mean 'XPE'?"
    assert near("qqqqq", known["actor"]).startswith("it can be XPE, XHA, XCA, XSO, ")
    vote = dict.fromkeys(DECISIONS) | {"table": "event_mentions", "key": "d:3-9", "decision": "edit", "field": "status",
                                       "decided_value": "Rumoured", "coder_id": "P", "date": "2031-01-02"}
    assert wrong(vote, {"P": "person"}, known).endswith("did you mean 'rumoured'?")
    assert wrong(vote | {"field": "actor_id", "decided_value": "Haldravia"}, {"P": "person"}, known).endswith(
        "did you mean 'XHA' (Haldravia)?")


def test_labels_first_then_decisions_and_machine_codes_where_there_are_no_labels(case):
    assert adjudicated(case, "quotes", SENTENCES, QUOTES)[0] is None      # nobody has said anything
    assert reviewed_line(QUOTES, case) == "not reviewed: 2 of 2"
    put(case, "review/coders.csv", KNOWN)
    put(case, "review/p.csv", HEAD + "quotes,d:3-12,accept,,,,P,2031-01-02,\nquotes,d:1-2,accept,,,,P,2031-01-02,\n")
    rows, report = adjudicated(case, "quotes", SENTENCES, QUOTES)
    assert reviewed_line(rows, case) == "not reviewed: 1 of 2" and report["outcome"].tolist() == ["applied", "gone"]
    put(case, "gold/coders.csv", "coder_id,kind,made,had_read,labels\nA,model,2031-01,the texts,quotes\n")
    put(case, "gold/quotes.csv", "doc_id,start,end,speaker,speaker_country,directness,reporting_verb\n"
                                 "d,3,12,the mate,NOR,direct,said\nd,26,40,the cook,KES,direct,said\n")
    rows, report = adjudicated(case, "quotes", SENTENCES, QUOTES)
    assert rows["speaker"].tolist() == ["the mate", "the cook"] and rows["rule"].tolist() == ["P", "A"]
    assert reviewed_line(rows, case) == "all 2 adjudicated"
    assert adjudicated(case, "frames", SENTENCES)[0] is None


def test_machine_mentions_take_the_dates_of_their_time_expressions(case):
    times = pd.DataFrame({"time_id": ["t1"], "earliest": ["2031-01-01"], "latest": ["2031-01-31"],
                          "granularity": ["month"], "basis": ["explicit"]})
    machine = EVENTS.drop(columns=["granularity", "basis"]).assign(time_id=["t1", None, None])
    put(case, "review/coders.csv", KNOWN)
    put(case, "review/p.csv", HEAD + "events,d:25-30,accept,,,,P,2031-01-02,\n")
    rows, _ = adjudicated(case, "event_mentions", SENTENCES, machine, times=times)
    assert rows["latest"].tolist()[0] == "2031-01-31" and rows["granularity"].tolist() == ["month", "none", "none"]


def test_a_date_that_a_coder_writes_has_the_basis_of_the_words_that_say_it(case):
    times = pd.DataFrame({"time_id": ["t1"], "sentence_id": ["d/s0-20"], "earliest": ["2031-01-01"],
                          "latest": ["2031-01-31"], "granularity": ["month"], "basis": ["explicit"]})
    machine = EVENTS.drop(columns=["granularity", "basis"]).assign(time_id=None)
    put(case, "review/coders.csv", KNOWN)

    def dated(*fields):
        put(case, "review/p.csv", HEAD + "".join(f"event_mentions,d:3-9,edit,{f},,{v},P,2031-01-02,\n"
                                                 for f, v in fields))
        rows, _ = adjudicated(case, "event_mentions", SENTENCES, machine, times=times)
        return rows.loc[0, ["time_id", "basis"]].fillna("").tolist()
    assert dated(("date", "2031-01")) == ["t1", "explicit"]
    assert dated(("date", "2031-02")) == ["", "relative"], "no words of the sentence say it"
    assert dated(("date", "2031-01"), ("basis", "relative")) == ["", "relative"], "the coder said how"


spans = st.tuples(st.integers(0, 50), st.integers(1, 12)).map(lambda p: f"d:{p[0]}-{p[0] + p[1]}")
votes = st.lists(st.tuples(
    st.just("quotes"), spans | st.sampled_from(["d:3-12", "d:25-40"]),
    st.sampled_from(["accept", "reject", "edit", "add"]), st.sampled_from(["speaker", "directness"]),
    st.sampled_from(["direct", "mixed"]), st.sampled_from(["P", "M"])), max_size=8)


@settings(max_examples=120, deadline=None)
@given(votes, st.randoms())
def test_every_decision_is_accounted_for_and_neither_a_second_pass_nor_their_order_matters(rows, random):
    made = [(*r, {"P": "person", "M": "model"}[r[5]], f"2031-01-{n + 1:02}") for n, r in enumerate(rows)]
    out, report = apply(QUOTES, decide(*made), "quotes", sentences=SENTENCES)
    assert len(report) == len(rows) and report["outcome"].notna().all() and report["why"].notna().all()
    assert {"d:3-12", "d:25-40"} - {r[1] for r in rows} <= set(keys(out, "quotes"))
    again, _ = apply(out, decide(*made), "quotes", sentences=SENTENCES)
    pd.testing.assert_frame_equal(again, out)
    random.shuffle(made)
    other, _ = apply(QUOTES, decide(*made), "quotes", sentences=SENTENCES)
    pd.testing.assert_frame_equal(other, out)


def test_a_frozen_coding_stays_as_it_was(case):
    put(case, "review/coder_b/events.csv", "doc,start\n")
    put(case, "review/coder_b/quotes.csv", "doc,start\n")
    freeze(case, "B", "model", "2031-01-02", "the texts and the codebook", ["coder_b/events.csv", "coder_b/quotes.csv"])
    assert list(frozen(case)["B"]) == ["events", "quotes"] and coders(case)["labels"].tolist() == ["events; quotes"]
    assert coders(case)[["coder_id", "had_read"]].to_numpy().tolist() == [["B", "the texts and the codebook"]]
    assert coder_line(case).startswith("No adjudicated codes")     # what is only compared has adjudicated nothing
    freeze(case, "C", "person", "2031-01-02", "the texts", [])
    assert list(frozen(case)) == ["B"] and len(coders(case)) == 2
    old = (case.raw / "review" / "coders.csv").read_text(encoding="utf-8")
    put(case, "review/coders.csv", old.replace("when", "made"))        # the day has one column, whatever it is called
    freeze(case, "D", "person", "2031-01-04", "the texts", [])
    assert coders(case)["made"].tolist() == ["2031-01-02", "2031-01-02", "2031-01-04"]
    put(case, "review/coders.csv", old)
    with pytest.raises(TableError, match="already entered"):
        freeze(case, "B", "model", "2031-01-03", "", [])
    put(case, "review/coder_b/events.csv", "doc,start,end\n")
    with pytest.raises(TableError, match="not the file that was frozen"):
        frozen(case)
    (case.raw / "review" / "coder_b" / "events.csv").unlink()
    with pytest.raises(TableError, match="is not there"):
        frozen(case)
    put(case, "review/coders.csv", "coder_id,kind,when,sha256\nB,model,2031-01,../../x.csv abc\n")
    with pytest.raises(TableError, match="is not a file of review/"):
        frozen(case)


# sheets -------------------------------------------------------------------------------------------------------------

TEXT = "=Port to close, says minister\n\nThe port may close. “We lease it,” the minister said. The ferry sank in May."
PARTS = [(0, 29, "title"), (31, 50, "body"), (51, 84, "body"), (85, 107, "body")]


@pytest.fixture
def built(case):
    """The case with its text in place, sentences built, and two persons entered as coders."""
    (case.raw / "d.txt").write_text(TEXT, encoding="utf-8", newline="")
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    put(case, "documents.csv", f"doc_id,file,sha256\nd,d.txt,{digest}\n")
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nP,person,2031-01,the text\nQ,person,2031-01,it\n")
    case = Case(case.name, case.data)
    case.save({"sentences": pd.DataFrame([{
        "sentence_id": f"d/s{s}-{e}", "doc_id": "d", "start": s, "end": e, "section": section, "paragraph": 1,
        "n_words": 4, "digest": str(s)} for s, e, section in PARTS])})
    return case


def fill(path, answers, to=None):
    """Fill a sheet as a spreadsheet would: answers by the start of the key's span; saved with semicolons."""
    rows = spreadsheet.read(path)
    columns = [c for c in rows[0] if c != "line"]
    out = []
    for row in rows:
        given = answers.get(int(row["key"].split(":")[1].split("-")[0]), {})
        for one in given if isinstance(given, list) else [given]:
            out.append(row | one)
    text = ";".join(columns) + "\n" + "\n".join(
        ";".join('"' + spreadsheet.cell(r[c]).replace('"', '""') + '"' for c in columns) for r in out) + "\n"
    to = to or path
    to.write_bytes(text.encode("utf-8-sig"))
    return to


def test_the_test_text_is_cut_where_it_should():
    assert [TEXT[s:e].split()[-1] for s, e, _ in PARTS] == ["minister", "close.", "said.", "May."]
    assert [TEXT[s:e] for s, e in ((35, 44), (55, 60), (95, 99))] == ["port may ", "lease", "sank"]


def test_a_blind_sheet_opens_in_a_spreadsheet_and_shows_no_code(built, tmp_path):
    built.save({"quotes": QUOTES.assign(sentence_id="d/s51-84", start=[51, 60], end=[55, 64])})
    path = sheet(built, "quotes", "P", out=tmp_path / "out")
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and b"'=Port to close" in raw and b"harbour master" not in raw
    rows = spreadsheet.read(path)
    assert {r["passage"] for r in rows} == {TEXT[s:e] for s, e, _ in PARTS}
    assert all(r["words"] is None and r["directness"] is None for r in rows)
    known = spreadsheet.read(path.with_name("quotes-codes.csv"))
    assert {"direct", "indirect", "mixed", "none"} <= {r["code"] for r in known}
    orders = [[r["key"] for r in spreadsheet.read(sheet(built, "frames", f"P{n}", seed=seed, out=tmp_path / "out"))]
              for n, seed in enumerate((1, 1, 2, 3, 4))]
    assert orders[0] == orders[1] and len({tuple(o) for o in orders}) > 1 and sorted(orders[0]) == sorted(orders[2])
    first = spreadsheet.read(sheet(built, "frames", "P9", n=2, out=tmp_path / "out"))
    assert [r["key"] for r in first] == orders[0][:2]


def test_sheets_stay_out_of_the_data_and_are_never_overwritten(built, tmp_path):
    with pytest.raises(CaseError, match="lies in the data folder"):
        sheet(built, "frames", "P", out=built.raw / "review")
    with pytest.raises(ParameterError, match="did you mean 'frames'"):
        sheet(built, "frame", "P", out=tmp_path / "out")
    with pytest.raises(ParameterError, match="letters and digits"):
        sheet(built, "frames", "../P", out=tmp_path / "out")
    path = sheet(built, "frames", "P", out=tmp_path / "out")
    with pytest.raises(CaseError, match="may be filled"):
        sheet(built, "frames", "P", out=tmp_path / "out")
    path.unlink()
    (built.raw / "d.txt").unlink()
    bare = Case(built.name, built.data)
    rows = spreadsheet.read(sheet(bare, "frames", "P", out=tmp_path / "out"))
    assert all(r["passage"].startswith("(the text is not here: paragraph 1, characters") for r in rows)


def test_a_filled_sheet_comes_back_as_spans_and_codes(built, tmp_path):
    path = fill(sheet(built, "events", "P", out=tmp_path / "out"), {
        31: {"words": "may  close", "type": "sanction", "track": "sanctions", "stage": "imposed",
             "status": "Hypothetical", "actor": "NOR.port", "date": "2031-05"},
        51: [{"words": '"We lease', "type": "COOPERATE", "track": "procurement", "status": "happened"},
             {"words": "said", "type": "CONSULT", "track": "alliance", "status": "ongoing"}],
        0: {"words": "none"}})
    read = read_sheet(path, built, built.load("sentences"))
    assert read.problems == () and read.what == "events" and read.coder_id == "P"
    assert read.covered == {"d/s31-50", "d/s51-84", "d/s0-29"}      # the fourth row was left empty
    said = {TEXT[int(s):int(e)]: t for s, e, t in zip(read.rows.trigger_start, read.rows.trigger_end, read.rows.type)}
    assert said == {"may close": "SANCTION", "“We lease": "COOPERATE", "said": "CONSULT"}
    kept = join(built, read, "events-P")
    text = kept.read_text(encoding="utf-8")
    assert "lease" not in text and "close" not in text and kept.parent == built.raw / "review" / "sheets"
    again = read_sheet(kept, built, built.load("sentences"))
    before, after = (r.rows.drop(columns=["words", "start", "end"]).sort_values("trigger_start", ignore_index=True)
                     for r in (read, again))
    pd.testing.assert_frame_equal(before, after)
    assert again.covered == read.covered and again.problems == ()


def test_bad_rows_of_a_sheet_are_refused_by_line_and_the_others_kept(built, tmp_path):
    good = {"type": "SANCTION", "track": "sanctions", "status": "happened"}
    path = fill(sheet(built, "events", "P", out=tmp_path / "out"), {
        0: [good | {"words": "close", "type": "SANCTOIN"}, good | {"words": "Port"}],
        31: [good | {"words": "opens"}], 85: [good | {"words": "sank", "status": None}],
        51: [good | {"words": "said", "date": "May-31"}, good | {"words": "said", "key": "d:1-9"}, good,
             good | {"words": "none"}, good | {"words": "said", "actor": "NORR"}]})
    read = read_sheet(path, built, built.load("sentences"))
    assert len(read.problems) == 8 and len(read.rows) == 1 and read.covered == frozenset()
    text = "\n".join(read.problems)
    for words in ("'type' is 'SANCTOIN', which is no code; did you mean 'SANCTION'?", "'date' is 'May-31'",
                  "the words 'opens' are not in the passage", "'status' is empty", "'actor' is 'NORR'",
                  "no sentence of this case is at 'd:1-9'", "'words' is empty", "'words' says none, but 'type' is"):
        assert words in text
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    for problem in read.problems:
        name, line = re.match(r"(\S+): line (\d+): ", problem).groups()
        assert name == "events-P.csv" and "d:" in lines[int(line) - 1]
    wrong = tmp_path / "x.csv"
    wrong.write_text("a,b\n1,2\n")
    with pytest.raises(TableError, match="x.csv: line 1: the column 'sheet' is missing"):
        read_sheet(wrong, built, built.load("sentences"))


def test_frames_of_two_persons_are_scored_as_agreement(built, tmp_path):
    answers = {0: {"frames": "moral_blame; Economic_Cost", "voice": "outlet"}, 31: {"frames": "none"},
               51: {"frames": "economic_cost", "voice": "quoted"}, 85: {"frames": "none"}}
    one = fill(sheet(built, "frames", "P", out=tmp_path / "out"), answers)
    other = fill(sheet(built, "frames", "Q", out=tmp_path / "out"), answers | {85: {"frames": "economic_cost"}})
    built.save({"frames": FRAMES.assign(sentence_id="d/s0-29")})
    found, refused, notes = score(built, [one, other], what=["frames"], draws=50)
    row = found[found.variable.eq("frame: economic_cost") & found.coder_b.eq("Q")].iloc[0]
    assert row.called == "agreement" and row.n == 4 and row.positives == 3 and row.percent == 75
    assert row.note == "too rare to say: 3 of 4"
    assert set(found.loc[found.coder_b.eq("machine"), "called"]) == {"comparison"} and "all" in set(found.coder_a)
    assert refused == [] and notes == []
    (built.raw / "review" / "sheets").mkdir()
    dropped = built.raw / "review" / "sheets" / "raw.csv"
    dropped.write_bytes(one.read_bytes())
    scored = score(built, [other], what=["frames"], draws=50)
    assert len(scored.refused) == 1 and "raw.csv: holds passages of the texts" in scored.refused[0]
    pd.testing.assert_frame_equal(found, scored.agreement)
    dropped.unlink()
    join(built, read_sheet(one, built, built.load("sentences")), "P")
    again = score(built, [other], what=["frames"], draws=50).agreement
    pd.testing.assert_frame_equal(found, again)
    put(built, "review/coders.csv", "coder_id,kind,when,had_read\nP,person,2031-01,the text\n")
    found, _, notes = score(built, [other], what=["frames", "times"], draws=50)
    assert any("nobody has said who Q is" in line for line in notes) and "agreement" not in set(found.called)
    assert "times: nobody has coded them, so there is nothing to compare." in notes


def test_a_review_sheet_puts_first_what_changes_most_and_becomes_decisions(built, tmp_path):
    mentions = pd.DataFrame([
        {"event_mention_id": f"d/e{s}-{e}", "sentence_id": f"d/s{p}", "doc_id": "d", "trigger_start": s,
         "trigger_end": e, "type": "SANCTION", "track": "sanctions", "status": status, "granularity": "none",
         "basis": "none", "event_id": event, "rule": "A"}
        for s, e, p, status, event in ((35, 44, "31-50", "happened", "x"), (55, 60, "51-84", "happened", "x"),
                                       (95, 99, "85-107", "happened", "y"))])
    built.save({"adjudicated_event_mentions": mentions})
    path = sheet(built, "events", "P", blind=False, out=tmp_path / "out")
    rows = spreadsheet.read(path)
    assert [r["key"] for r in rows] == ["d:95-99", "d:35-44", "d:55-60"]
    assert rows[0]["why"] == "the only mention that makes it happen; has no date; by rule A"
    assert rows[0]["words"] == "sank"
    assert "status: happened" in rows[0]["suggestion"]
    fill(path, {95: {"decision": "accept"}, 35: {"status": "hypothetical", "date": "2031-05"},
                55: {"decision": "reject"}})
    made, problems = decisions_from(path, built, date="2031-06-01")
    assert problems == [] and made["decision"].tolist() == ["accept", "edit", "edit", "reject"]
    write_decisions(built, made, "P")
    write_decisions(built, made, "P")
    decided, refused = read_decisions(built)
    assert len(decided) == 4 and refused.empty
    rows, report = apply(mentions, decided, "adjudicated_event_mentions")
    assert rows["status"].tolist() == ["hypothetical", "happened"] and rows["latest"][0] == "2031-05-31"
    assert set(rows["rule"]) == {"P"} and set(report["outcome"]) == {"applied"} and set(report["why"]) == {""}


HARBOUR = """Ports and ferries of the coast

Peru imposed sanctions on Chile on 3 March 2031. Bolivia rejected the offer of Peru on Monday. \
Ecuador delivered two ferries to Colombia. Brazil and Ecuador signed a treaty in Quito. \
The yards were closed and the crews sent home.

Chile denied that it had threatened Bolivia. Peru again imposed sanctions on Chile, and Brazil met Ecuador.
"""


def labelled(words, actor, target, kind, stage, **more):
    """One row of a label file for words of the text above."""
    at = HARBOUR.index(words)
    row = {"doc_id": "d", "start": at, "end": at + len(words), "trigger_start": at, "trigger_end": at + len(words),
           "actor": actor, "target": target, "type": kind, "track": "negotiation", "stage": stage,
           "status": "happened", "event_key": kind, "label": f"our words for {words}"}
    return row | more


@pytest.fixture
def coast(case):
    """A case whose text is here, built, with the labels of three of its events by coder A; coder P reviews it."""
    columns = ["doc_id", "start", "end", "trigger_start", "trigger_end", "date", "date_granularity", "date_basis",
               "actor", "target", "type", "track", "item", "stage", "status", "speaker", "event_key", "label"]
    labels = pd.DataFrame([labelled("rejected the offer", "BOL", "PER", "REJECT", "reject"),
                           labelled("Brazil and Ecuador signed", "BRA", "ECU", "SUPPORT", "agreement"),
                           labelled("closed and the crews sent home", None, None, "COERCE", "pressure")]
                          ).reindex(columns=columns)
    put(case, "gold/events.csv", labels.to_csv(index=False))
    put(case, "gold/coders.csv", "coder_id,kind,made,had_read,labels\nA,model,2031-01,the text,events\n")
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nP,person,2031-02,the text\n")
    return rebuilt(case, HARBOUR)


def rebuilt(case, text):
    """The case with its text and tables made anew from it."""
    (case.raw / "d.txt").write_text(text, encoding="utf-8", newline="")
    put(case, "documents.csv", f"doc_id,file,sha256\nd,d.txt,{hashlib.sha256(text.encode()).hexdigest()}\n")
    case = Case(case.name, case.data)
    build(case)
    return Case(case.name, case.data)


def test_a_review_sheet_shows_what_the_machine_alone_found_and_all_decisions_come_back(coast, tmp_path):
    path = sheet(coast, "events", "P", blind=False, out=tmp_path / "one")
    shown = {r["words"]: r for r in spreadsheet.read(path)}
    alone = {w for w, r in shown.items() if r["found_by"] == "machine alone"}
    assert {"imposed sanctions", "threatened", "denied"} <= alone and "rejected the offer" not in alone
    assert "the machine alone found it; by rule threaten" in shown["threatened"]["why"]

    def at(words):
        return int(shown[words]["key"].split(":")[1].split("-")[0])
    first = HARBOUR.index("imposed sanctions")
    fill(path, {first: {"decision": "accept"}, HARBOUR.rindex("imposed sanctions"): {"same_event_as": key_of(
        "d", first, first + len("imposed sanctions"))}, at("threatened"): {"decision": "reject"},
        at("denied"): {"status": "planned", "date": "2031-05"},
        at("rejected the offer"): [{"decision": "accept"}, {
            "decision": "add", "words": "Monday", "type": "CONSULT", "track": "negotiation", "stage": "talks",
            "status": "planned", "actor_id": "BOL"}],
        at("closed and the crews sent home"): {"split": "closed | sent home"}})
    made, problems = decisions_from(path, coast, date="2031-06-01")
    assert problems == [] and {"accept", "add", "reject", "merge", "split"} == set(made["decision"])
    write_decisions(coast, made, "P")
    coast = rebuilt(coast, HARBOUR)
    rows = coast.load("adjudicated_event_mentions")
    words = [HARBOUR[s:e] for s, e in zip(rows["trigger_start"], rows["trigger_end"])]
    assert words == ["imposed sanctions", "rejected the offer", "Monday", "Brazil and Ecuador signed", "closed",
                     "sent home", "denied", "imposed sanctions"]
    by = dict(zip(words, rows.to_dict("records")))
    assert by["denied"]["status"] == "planned" and by["denied"]["latest"] == "2031-05-31"
    assert by["denied"]["actor_id"] == "CHL" and by["Monday"]["actor_id"] == "BOL"
    assert len(set(rows.loc[[w == "imposed sanctions" for w in words], "event_id"])) == 1
    events = coast.load("events")
    assert (events["layer"].eq("adjudicated") & events["label"].str.contains("Chile: sanctions imposed")).sum() == 1
    assert set(coast.load("decisions")["outcome"]) == {"applied"} and coast.load("decisions")["why"].isna().all()
    left = spreadsheet.read(sheet(coast, "events", "P", blind=False, out=tmp_path / "two"))
    still = {r["words"] for r in left if r["found_by"] == "machine alone"}
    assert still and not {"threatened", "denied", "imposed sanctions"} & still
    assert {r["words"]: r["found_by"] for r in left}["denied"] == "P"
    gone = rebuilt(coast, "Ports and ferries of the coast\n\nPeru imposed sanctions on Chile on 3 March 2031.\n")
    report = gone.load("decisions")
    assert "gone" in set(report.loc[report["decision"].eq("reject"), "outcome"])
    assert report.loc[report["outcome"].eq("applied"), "key"].nunique() >= 1


def test_rows_merge_and_part_through_a_sheet_without_labels(coast, tmp_path):
    (coast.raw / "gold" / "events.csv").unlink()
    coast = rebuilt(coast, HARBOUR)
    rows = spreadsheet.read(sheet(coast, "quotes", "P", blind=False, out=tmp_path / "q")) \
        if len(coast.load("quotes")) else []
    assert all(r["found_by"] == "machine, not reviewed" for r in rows)
    path = sheet(coast, "events", "P", blind=False, out=tmp_path / "e")
    shown = spreadsheet.read(path)
    assert {r["found_by"] for r in shown} == {"machine, not reviewed"} and {r["machine_says"] for r in shown} == {None}
    place = {r["words"]: int(r["key"].split(":")[1].split("-")[0]) for r in shown}
    key = {r["words"]: r["key"] for r in shown}
    fill(path, {place["denied"]: {"merge_into": key["signed"]}, place["signed"]: {"split": "own event"},
                place["met"]: [{"merge_into": "nonsense"}, {"split": "met"}, {"split": "met | sank"},
                               {"decision": "merge"}, {"decision": "reject", "split": "own event"},
                               {"merge_into": key["denied"], "split": "own event"}, {"decision": "add"}]})
    made, problems = decisions_from(path, coast, date="2031-06-01")
    assert made["decision"].tolist().count("merge") == 1 and len(problems) == 7
    assert all(p.startswith("events-P-review.csv: line ") for p in problems)
    write_decisions(coast, made, "P")
    coast = rebuilt(coast, HARBOUR)
    rows = coast.load("adjudicated_event_mentions")
    words = {HARBOUR[s:e] for s, e in zip(rows["trigger_start"], rows["trigger_end"])}
    assert "denied" not in words and {"signed", "met"} <= words
    assert coast.load("events")["label"].notna().all()


def test_bad_rows_of_a_review_sheet_are_refused(built, tmp_path):
    built.save({"quotes": QUOTES.assign(sentence_id="d/s51-84", start=[51, 60], end=[55, 64])})
    path = sheet(built, "quotes", "P", blind=False, out=tmp_path / "out")
    fill(path, {51: [{"decision": "maybe"}, {"decision": "reject", "verb": "said"}, {"directness": "dirct"},
                     {"decision": "edit"}, {"directness": "mixed"}]})
    made, problems = decisions_from(path, built, date="2031-06-01")
    assert len(made) == 1 and len(problems) == 4 and all(p.startswith("quotes-P-review.csv: line ") for p in problems)
    assert "did you mean 'direct'?" in problems[2]
    put(built, "review/coders.csv", "coder_id,kind,when,had_read\nQ,person,2031-01,the text\n")
    assert "nobody is entered as coder 'P'" in decisions_from(path, built, date="2031-06-01")[1][-1]
    other = tmp_path / "z.csv"
    other.write_text("sheet,coder,key,suggestion,decision\nevents blind,P,d:0-29,,\n")
    with pytest.raises(TableError, match="is no review sheet"):
        decisions_from(other, built)


@settings(max_examples=200)
@given(st.text(max_size=30))
@example("@SUM(A1)")
@example("＠SUM(A1)")
def test_no_cell_is_a_formula_and_every_cell_comes_back(text):
    written = spreadsheet.cell(text)
    assert not re.match(r"\s*[=+\-@＝＋－＠]", written) and not written.startswith(("\t", "\r", "\n"))
    assert spreadsheet.uncell(written) == text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.fixed_dictionaries({"a": st.text(max_size=20), "b": st.text(max_size=20)}), max_size=5),
       st.sampled_from([True, False]))
def test_what_is_written_is_read_back(rows, bom):
    rows = [{k: re.sub(r"[\r\x00]", "", v) for k, v in row.items()} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = spreadsheet.write(Path(folder) / "t.csv", rows, ["a", "b"], bom=bom)
        read = [{k: v for k, v in row.items() if k != "line"} for row in spreadsheet.read(path)]
    stripped = [{k: v.strip() or None for k, v in row.items()} for row in rows]
    assert read == [row for row in stripped if any(row.values())]


# codings side by side -----------------------------------------------------------------------------------------------


def test_units_are_matched_one_to_one():
    a = pd.DataFrame({"doc_id": "d", "start": [0, 10, 40], "end": [5, 20, 50], "sentence_id": ["s", "s", "t"],
                      "type": ["AID", "AGREE", "REJECT"]})
    b = pd.DataFrame({"doc_id": "d", "start": [12, 14, 90], "end": [18, 16, 95], "sentence_id": ["s", "s", "t"],
                      "type": ["AGREE", "AID", "REJECT"]})
    assert match(a, b, "events") == [(0, 1), (1, 0), (2, 2)]      # same words; else same type in the same sentence
    assert match(a, b, "times") == [(1, 0)]
    half = b.assign(start=[15, 10, 40], end=[35, 14, 46])
    assert match(a, half, "quotes") == [(2, 2)]
    assert match(a, b.assign(doc_id="e"), "events") == []


def test_labels_of_any_file_are_brought_into_one_form(built):
    sentences = built.load("sentences")
    given = pd.DataFrame({"doc": ["d.t"], "start": ["31"], "end": ["50"], "trigger_start": ["35"],
                          "trigger_end": ["44"], "date": ["2031-05"], "date_granularity": ["month"],
                          "date_basis": ["explicit"],
                          "actor": ["NOR:Port+KES"], "target": [None], "type": ["sanction"], "track": ["sanctions"],
                          "item": ["port"], "stage": [None], "status": ["planned"], "speaker": [None]}, dtype="string")
    coding = from_labels(given, "events", "B", "model", sentences, built.manifest)
    row = coding.rows.iloc[0]
    assert row[["doc_id", "start", "sentence_id", "type", "actor", "date"]].tolist() == [
        "d", 35, "d/s31-50", "SANCTION", "KES+NOR.port", "2031-05-01/2031-05-31"]
    assert len(coding.covered) == 4
    other = from_labels(given.assign(status="happened", actor="KES+NOR:port", type="SANCTION"), "events", "A", "model",
                        sentences, built.manifest)
    found = compare([other, coding], "events", sentences, draws=20).set_index("variable")
    assert found.loc["events found", ["percent", "note"]].tolist() == [
        100, "1 found by both, 0 by A alone, 0 by B alone"]
    assert found.loc["status", "percent"] == 0 and found.loc["actor", "percent"] == 100
    assert set(found["called"]) == {"consistency"}
    differ = disagreements(other, coding, "events", sentences)
    assert differ[["variable", "A", "B"]].to_numpy().tolist() == [
        ["happened or not", True, False], ["status", "happened", "planned"]]
    with pytest.raises(TableError, match="there is no document 'q'"):
        from_labels(given.assign(doc="q"), "events", "B", "model", sentences, built.manifest, where="b.csv")


@pytest.mark.parametrize("what", ["frames", "times"])
def test_the_order_of_rows_makes_no_difference_to_intervals_neither(what):
    chance = random.Random(5)
    spans = [(n * 10, n * 10 + 9) for n in range(60)]
    sentences = pd.DataFrame([{"sentence_id": f"d/s{s}-{e}", "doc_id": "d", "start": s, "end": e} for s, e in spans])
    codings = []
    for coder in "AB":
        rows = sentences.assign(frames=[(chance.choice("xyz"),) for _ in spans], voice="outlet", negated=None,
                                hedged=None, laundered=None, value="2031",
                                kind=[chance.choice(["DATE", "TIME"]) for _ in spans])
        codings.append(Coding(coder, "model", rows.astype(object), frozenset(sentences["sentence_id"])))
    turned = [dataclasses.replace(c, rows=c.rows.iloc[::-1].reset_index(drop=True)) for c in codings]
    pd.testing.assert_frame_equal(*(compare(c, what, sentences, draws=200) for c in (codings, turned)))


def test_consistency_holds_frozen_codings_against_the_labels(built):
    head = "doc,start,end,frames,voice\n"
    put(built, "gold/coders.csv", "coder_id,kind,made,had_read,labels\nA,model,2031-01,the texts,frames\n")
    put(built, "gold/frames.csv", "doc_id" + head[3:] + "d,0,29,moral_blame,outlet\nd,31,50,,outlet\n")
    assert consistency(built).empty
    put(built, "review/coder_b/frames.csv", head + "d,0,29,moral_blame,outlet\nd,31,50,economic_cost,outlet\n")
    freeze(built, "B", "model", "2031-02", "the texts", ["coder_b/frames.csv"])
    found = consistency(built, draws=20)
    assert set(found["called"]) == {"consistency"} and set(found["coder_a"]) == {"A"}
    assert found.set_index("variable").loc["frame: economic_cost", ["n", "percent"]].tolist() == [2, 50]
    put(built, "review/person/frames.csv", head + "d,0,29,economic_cost,outlet\n")
    freeze(built, "R", "person", "2031-02", "the texts", ["person/frames.csv"])
    pd.testing.assert_frame_equal(consistency(built, draws=20), found)
    put(built, "review/coder_b/frames.csv", head)
    with pytest.raises(TableError, match="not the file that was frozen"):
        consistency(built)


def test_the_adjudication_of_the_practice_case_meets_its_rows(project):
    case = open_case("practice", data=project / "data")
    rows, report = adjudicated(case, "event_mentions", case.load("sentences"))
    mine = report[report["coder_id"].eq("adjudicator")]
    assert len(mine) > 100 and set(mine["outcome"]) == {"applied"} and set(mine["why"]) == {""}
    assert {"accept", "edit", "add"} == set(mine["decision"])
    keyed = rows.assign(key=keys(rows, "event_mentions")).set_index("key")
    assert keyed.loc["column:148-166", ["type", "rule"]].tolist() == ["COOPERATE", "adjudicator"]


# the commands -------------------------------------------------------------------------------------------------------


def test_the_commands_write_a_sheet_score_it_and_keep_it(built, capsys):
    where = ["--data", str(built.data)]
    assert main(["sheet", "harbour", "--what", "frames", "--coder", "P", *where]) == 0
    path = Path(capsys.readouterr().out.strip().splitlines()[-1])
    assert path == built.data.parent / "reports" / "harbour" / "sheets" / "frames-P.csv"
    assert main(["sheet", "harbour", "--what", "frames", "--coder", "P", *where]) == 1
    assert main(["sheet", "harbour", "--what", "farmes", "--coder", "P", *where]) == 2
    built.save({"frames": FRAMES.assign(sentence_id="d/s0-29")})
    fill(path, {0: {"frames": "economic_cost"}, 31: {"frames": "none"}, 51: {"frames": "moral_blam"}})
    capsys.readouterr()
    assert main(["score", "harbour", str(path), "--save", "--table", str(path.with_name("t.csv")), *where]) == 1
    out, err = capsys.readouterr()
    assert "frame: economic_cost" in out and "did you mean 'moral_blame'?" in err and "frames-P.csv: line" in err
    assert "kept in review/sheets/frames-P.csv" in out
    assert err.strip().splitlines()[-1].startswith("1 row or sheet was refused (above says why) and not kept")
    assert len(read_sheet(built.raw / "review/sheets/frames-P.csv", built, built.load("sentences")).covered) == 2
    assert {"variable", "alpha", "note"} <= set(pd.read_csv(path.with_name("t.csv")).columns)
    assert main(["score", "harbour", str(path.with_name("none.csv")), *where]) == 1
    assert "none.csv" in capsys.readouterr().err


def test_the_commands_keep_a_review_and_say_what_became_of_it(built, capsys):
    where = ["--data", str(built.data)]
    built.save({"quotes": QUOTES.assign(sentence_id="d/s51-84", start=[51, 60], end=[55, 64])})
    main(["sheet", "harbour", "--what", "quotes", "--coder", "P", "--for", "review", *where])
    path = Path(capsys.readouterr().out.strip().splitlines()[-1])
    fill(path, {51: {"decision": "accept"}, 60: {"speaker": "the clerk"}})
    assert main(["score", "harbour", str(path), "--save", *where]) == 0
    out, err = capsys.readouterr()
    assert "2 rows reviewed, 2 decisions" in out and "refused" not in err
    kept, refused = read_decisions(built)
    assert kept["decision"].tolist() == ["accept", "edit"] and refused.empty


def test_the_export_command(project, tmp_path, capsys):
    where = ["--data", str(project / "data"), "--out", str(tmp_path)]
    assert main(["export", "practice", "--to", "plover", *where]) == 0
    assert capsys.readouterr().out.strip().endswith("plover.json") and (tmp_path / "plover.json").exists()
    assert main(["export", "practice", "--to", "csv", *where]) == 2
