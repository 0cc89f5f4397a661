"""The labels of the case s400, held to the rules that its codebook and its notes set."""
import pandas as pd

from helpers.case import open_case
from helpers.codebook import load_codebook
from helpers.compare.moves import actor_codes, state
from helpers.review import interval, read_decisions

CASE = open_case("s400")
EVENTS = CASE.labels("events")


def test_what_an_outsider_expects_is_no_plan():
    book = load_codebook(CASE.raw / "codebook")
    expected = EVENTS[EVENTS["labelled_status"].eq("expected")]
    speakers = [state(c) for c in actor_codes(expected["speaker"].tolist(), book.actors, book.aliases)]
    acts = [s != "" and s in state(actor).split("+") for s, actor in zip(speakers, expected["actor"])]
    planned = expected["status"].eq("planned").tolist()
    assert len(expected) > 4 and any(planned)
    assert [p for p, own in zip(planned, acts) if not own] == [False] * acts.count(False)
    assert set(expected.loc[~pd.Series(planned, expected.index), "status"]) <= {"opinion", "hypothetical"}


def test_what_was_asked_over_the_past_month_is_dated_as_the_text_tells_it():
    times = CASE.load("times")
    month = times[times["doc_id"].eq("andrewdoria") & times["start"].eq(271)].iloc[0]
    labels = EVENTS[EVENTS["doc_id"].eq("andrewdoria") & EVENTS["event_key"].eq("S400_TO_UKR") & EVENTS["date"].notna()]
    dates = [interval(d, g) for d, g in zip(labels["date"], labels["date_granularity"])]
    decisions, _ = read_decisions(CASE)
    decided = decisions[decisions["key"].eq("andrewdoria:246-265") & decisions["field"].eq("date")]
    dates += [interval(d, None) for d in decided["decided_value"]]
    assert len(dates) == 3 and set(dates) == {(month["earliest"], month["latest"], "interval")}
