"""What must hold of every text and every publication date, however odd."""

import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_dates import VALUE

from helpers.dates import describe, find_times, grammar, infer_published
from helpers.dates.grammar import RULES
from helpers.dates.lexicon import LETTER
from helpers.dates.periods import bounds, name, shift

DAYS = st.dates(date(1930, 1, 1), date(2068, 12, 31))
WORDS = st.sampled_from(
    "on in at the a of by until since from to and last next this past May may March march Monday Tuesday Sun Sat "
    "Oct. Sept. "
    "October 3 5th 29 31 1999 2020 '98 1990s 12:30 9 a.m. noon night morning week weeks month year years day days "
    "ago earlier later "
    "quarter first second third half fall summer every daily couple few several two twenty - – , . ; ( ) / $ % will "
    "said was met "
    "today yesterday tomorrow weekend Christmas Easter fiscal FY21 Q3 early late mid- end beginning S-400 F-35 \n "
    "\n\n 30 February "
    "about more than at least hours minutes decade century 20th".split(" ")
)
TEXTS = st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=200)


@settings(max_examples=300, deadline=None)
@given(TEXTS, DAYS)
def test_spans_lie_in_the_text_in_order_without_overlap(text, day):
    times = find_times(text, day)
    last = 0
    for start, end in zip(times["start"], times["end"]):
        assert last <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        last = end


@settings(max_examples=300, deadline=None)
@given(TEXTS, DAYS, st.integers(0, 4000))
def test_values_parse_and_intervals_run_forward(text, day, width):
    times = find_times(text, (day, shift(day, "D", width)))
    for value, first, last, grain, kind in zip(
        times["value"], times["earliest"], times["latest"], times["granularity"], times["kind"]
    ):
        assert VALUE.fullmatch(value), value
        assert pd.isna(first) == pd.isna(last)
        if not pd.isna(first):
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", first) and first <= last
        assert kind in ("DATE", "TIME", "DURATION", "SET")
        assert grain in "time day week month quarter season half year decade interval none".split()


@settings(max_examples=300, deadline=None)
@given(TEXTS.filter(lambda t: not re.search(r"\d{3}|Easter|'98|FY|decade|century", t)), DAYS)
def test_moving_the_publication_date_by_28_years_moves_relative_dates_by_28_years(text, day):
    """Weekdays and leap years recur every 28 years (Easter and decades do not)."""
    later = date(day.year + 28, day.month, day.day)
    one, other = find_times(text, day), find_times(text, later)
    assert list(one["start"]) == list(other["start"])
    for a, b, c, d in zip(one["earliest"], other["earliest"], one["value"], other["value"]):
        if pd.isna(a):
            assert c == d
        elif a != b:
            assert int(b[:4]) - int(a[:4]) == 28 and a[4:] == b[4:]


@settings(max_examples=200, deadline=None)
@given(TEXTS, DAYS, st.integers(0, 60))
def test_the_interval_covers_every_day_between(text, day, width):
    """A reading at any day of the publication interval lies within the interval's reading."""
    wide = find_times(text, (day, shift(day, "D", width)))
    inner = find_times(text, shift(day, "D", width // 2))
    for first, last, a, b in zip(wide["earliest"], wide["latest"], inner["earliest"], inner["latest"]):
        if not pd.isna(first) and not pd.isna(a):
            assert first <= a and b <= last


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_without_a_date_nothing_is_invented(text):
    times = find_times(text, None)
    assert times.loc[~times["stable"], "earliest"].isna().all()


@settings(max_examples=200, deadline=None)
@given(TEXTS, DAYS)
def test_every_time_can_be_said(text, day):
    assert all(describe(find_times(text, day)).str.len() > 3)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_a_publication_date_is_an_interval_that_holds_its_best_day(text):
    found = infer_published(text=text)
    if found.best is not None:
        assert found.earliest <= found.best <= found.latest
    assert found.clues["weight"].gt(0).all()


@given(DAYS, st.sampled_from("DWMQHSYE"), st.integers(-300, 300))
def test_a_period_holds_the_day_it_is_named_after(day, unit, n):
    moved = shift(day, unit, n)
    first, last, _ = bounds(name(moved, unit))
    assert first <= moved <= last


@pytest.mark.parametrize("day", [date.min, date.max, date(1, 2, 28), date(9999, 12, 1)])
def test_the_ends_of_the_calendar_are_survived(day):
    text = "Last week, next week, 90000 years ago, next Monday, in May, on the 31st, this winter, at Easter."
    assert len(find_times(text, day)) >= 1


# One piece of text for each way a pattern could run away: long runs of what its repeated parts match.
HOSTILE = [
    "1",
    "1-",
    "1/",
    "1:1",
    "1,1",
    "a",
    "-",
    "'",
    "two ",
    "twenty-",
    "May 1 - ",
    "the ",
    "at least ",
    "last ",
    "every ",
    "of the ",
    "(c) ",
    "a few years and ",
    "2020-01-01T",
    "1 ",
    "Monday, ",
    "early ",
    "3 days later ",
    "/2020/1",
    "more than ",
    "İ May ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_is_read_in_linear_time(piece):
    """Twice the text takes about twice the steps: counted in match attempts, not on a clock."""
    small, large = (_steps(piece * (n // len(piece))) for n in (4000, 16000))
    assert large <= 5 * small + 2000


def _steps(text):
    """How many token classes the grammar's rules look at, over a text."""
    from helpers.dates import times

    seen = 0
    plain = grammar.match

    def counting(tokens, i, j=None, search=False):
        nonlocal seen
        found = plain(tokens, i, j, search)
        seen += 1 + ((found.j if found else len(tokens.letters)) - i if search else 0)
        return found

    times.match = counting
    try:
        find_times(text, date(2020, 1, 1))
    finally:
        times.match = plain
    return seen


def test_no_rule_repeats_without_bound():
    """Every rule is a bounded pattern over classes, so that no text makes it run long."""
    for rule, pattern, *_ in RULES:
        assert not re.search(r"[*+]|\{\d+,\}", pattern), rule


def test_rules_speak_only_of_classes_that_exist():
    """A misspelt class would fail only on the rare text that reaches it."""
    for path in Path(grammar.__file__).parent.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        calls = re.findall(r"\.(?:has|get|at|raw)\(([^()]*)\)", source)
        names = {name for call in calls for name in re.findall(r'"([A-Z]{2,})"', call)}
        assert names | set(re.findall(r'LETTER\["(\w+)"\]', source)) <= set(LETTER), path.name


def test_a_line_of_a_million_digits_and_a_long_text():
    assert len(find_times("9" * 10**6, date(2020, 1, 1))) == 0
    times = find_times("It rained on Tuesday in the hills above the town. " * 4000, date(2020, 1, 1))
    assert len(times) == 4000 and times["value"].nunique() == 1
