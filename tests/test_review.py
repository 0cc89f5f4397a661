"""Labels become adjudicated rows, tied to our sentences by their offsets."""
import pandas as pd
import pytest

from helpers.case import Case
from helpers.review import (
    adjudicated_event_mentions,
    adjudicated_frames,
    adjudicated_quotes,
    coder_line,
    coders,
    interval,
    sentence_at,
)
from helpers.tables import TableError

SENTENCES = pd.DataFrame({"sentence_id": ["d/s0-20", "d/s21-60"], "doc_id": ["d", "d"], "start": [0, 21], "end": [20, 60]})


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
    ("2019", "year", ("2019-01-01", "2019-12-31", "year")), ("2020-02", "month_inferred", ("2020-02-01", "2020-02-29", "month")),
    ("2020-06-25", "week", ("2020-06-22", "2020-06-28", "week")), ("2020-06-25", "day", ("2020-06-25", "2020-06-25", "day")),
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
    assert rows.loc[0, "basis"] == "relative" and rows.loc[0, "type"] == "AGREE" and rows.loc[0, "sentence_id"] == "d/s0-20"
    quotes = adjudicated_quotes(labels.assign(directness="direct", speaker="she"), SENTENCES, "A")
    assert quotes["quote_id"].tolist() == ["d/q0-20"]


@pytest.fixture
def case(tmp_path):
    """A case with a manifest of one document and nothing else; ``put`` writes files into it."""
    (tmp_path / "raw" / "harbour").mkdir(parents=True)
    case = Case("harbour", tmp_path)
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
    assert coder_line(case) == "Coded by 2 coders (2 of kind model); no person has checked them."
    assert coders(case)["made"].tolist() == ["2031-01", "2031-02"]
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nB,person,2031-02,the texts\n")
    assert "no person" not in coder_line(case)
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nB,expert,2031-02,the texts\n")
    with pytest.raises(TableError, match="review/coders.csv: line 2: kind is 'expert'"):
        coders(case)
    put(case, "review/coders.csv", "coder_id,kind,when,had_read\nA,person,2031-02,the texts\n")
    with pytest.raises(TableError, match="'A' stands twice"):
        coders(case)
