"""Find the time expressions of a text and resolve each at both ends of the publication interval."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import pandas as pd

from helpers import tables

from . import periods as p
from .grammar import Answer, At, Found, match
from .lexicon import LETTER, Tokens, lex
from .tense import tense

COLUMNS = {
    "start": "Int64",
    "end": "Int64",
    "kind": "string",
    "value": "string",
    "earliest": "string",
    "latest": "string",
    "granularity": "string",
    "basis": "string",
    "stable": "boolean",
    "rule": "string",
    "tense": "string",
    "relation": "string",
}
CHUNK = 1 << 16
QUARTERS = {"quarter", "quarter_year", "year_quarter", "quarter_of_year", "the_quarter", "year_s_quarter"}
MOVING = {"ago", "directed_unit", "the_unit_before", "month_of_year"}  # may count from the date told before
RELATIONS = {w: w for w in ("since", "until", "by", "from", "between", "before", "after")} | {
    "till": "until",
    "through": "until",
}
Resolved = tuple[str, date | None, date | None, str]  # value, first day, last day, granularity
MEMORY = 600  # characters after which a date told before is no longer what "the following month" follows


@dataclass(slots=True)
class Expression:
    """A time expression with its clause's tense: everything about it that does not depend on the publication date."""

    start: int
    end: int
    found: Found
    tense: str
    paragraph: int
    opens: bool
    relation: str
    dateline: bool
    sentence: int


@lru_cache(maxsize=1)
def read(text: str) -> tuple[Expression, ...]:
    """Read the time expressions of a text without resolving them; the last text's are kept, since its publication date
    is sought first and then its times are resolved by it."""
    return tuple(e for lo, hi in _chunks(text) for e in _expressions(text, lo, hi))


def _chunks(text: str) -> Iterator[tuple[int, int]]:
    lo = 0
    while lo < len(text):
        hi = min(len(text), lo + CHUNK)
        if hi < len(text):
            half = lo + CHUNK // 2
            cuts = (text.rfind(mark, half, hi) for mark in ("\n", ". ", " "))
            hi = next((cut + 1 for cut in cuts if cut > 0), hi)
        yield lo, hi
        lo = hi


def _expressions(text: str, lo: int, hi: int) -> Iterator[Expression]:
    tokens = lex(text, lo, hi)
    i, paragraph, sentence, bar, stop, seen = 0, lo, lo, LETTER["BAR"], LETTER["STOP"], 0
    while found := match(tokens, i, search=True):
        for mark in (stop, bar):
            k = tokens.letters.rfind(mark, seen, found.i)
            sentence = tokens.ends[k] if k >= 0 and tokens.words[k] != ";" else sentence
        if bar in tokens.letters[seen : found.i]:
            paragraph = tokens.ends[tokens.letters.rindex(bar, seen, found.i)]
        seen = found.i
        verb = tense(tokens, found.i, found.j)
        yield Expression(
            tokens.starts[found.i],
            tokens.ends[found.j - 1],
            found,
            verb,
            paragraph,
            _opens(tokens, found.i),
            _relation(tokens, found.i),
            _dateline(tokens, found, paragraph),
            sentence,
        )
        i = found.j


def _opens(tokens: Tokens, i: int) -> bool:
    """Whether an expression opens its sentence, with or without its preposition."""
    ends = (LETTER["STOP"], LETTER["BAR"])
    if i and tokens.words[i - 1] in ("In", "On", "By", "During", "Early"):
        i -= 1
    return i == 0 or tokens.letters[i - 1] in ends


def _dateline(tokens: Tokens, found: Found, paragraph: int) -> bool:
    """Whether a date stands in a dateline: place, comma, date, agency or dash, opening a paragraph."""
    i, j = found.i, found.j
    if (
        not found.rule.startswith("calendar")
        or i < 2
        or tokens.starts[i] - paragraph > 60
        or tokens.letters[i - 1] != LETTER["COMMA"]
        or tokens.letters[j : j + 1] not in (LETTER["OPEN"], LETTER["DASH"], LETTER["HYPH"], LETTER["SLASH"])
    ):
        return False
    return all(
        w[0].isupper() or not w[0].isalpha()
        for s, w in zip(tokens.starts[max(0, i - 8) : i], tokens.words[max(0, i - 8) : i])
        if s >= paragraph
    )


def _relation(tokens: Tokens, i: int) -> str:
    """The preposition that makes a date the end of something: since, until, by, from, to, between, before, after."""
    word = tokens.words[i - 1].lower() if i else ""
    if word in ("and", "to", "–", "-") and any(
        w.lower() in ("from", "between") for w in tokens.words[max(0, i - 6) : i - 1]
    ):
        return "to"
    return RELATIONS.get(word, "")


def _dated(answer: str | Answer | None) -> Resolved | None:
    """An answer with the days it covers: a value alone names them or none."""
    return (answer, *(p.bounds(answer) or (None, None, "none"))) if isinstance(answer, str) else answer


def resolve(expressions: Sequence[Expression], day: date) -> list[Resolved | None]:
    """Resolve expressions against one publication day; each is (value, first day, last day, granularity) or None."""
    out: list[Resolved | None] = []
    at, last = At(day), None
    quarter_at = year_at = -(10**9)
    told, month, same = (
        None,
        0,
        None,
    )  # the year a narrative is in; the month it has reached; the year told in a sentence
    for e in expressions:
        if last is None or e.start - last > MEMORY:
            at.ref = at.exact = None
        if e.start - year_at > MEMORY or e.paragraph > year_at:
            told = None
        # a narrative in a dead past ("In 1987 … In May …"): months belong to the year told, to the next when they
        # run backwards
        at.past_year = told if e.opens and e.tense == "past" and e.found.basis == "year_inferred" else None
        if (
            at.past_year is None
            and same
            and e.sentence == same[0]
            and e.tense != "future"
            and e.found.rule in ("calendar", "month")
        ):
            at.past_year = same[1]  # "in June 2019 it began and on 3 August it ended"
        at.tense = "past" if e.dateline else e.tense
        at.quarter = at.quarter if e.start - quarter_at < 1500 else None
        answer = _dated(e.found.meaning(at))
        out.append(answer)
        if e.dateline and answer and answer[1] and answer[3] == "day":
            at.day = answer[1]  # what follows speaks from there
        first = answer[1] if answer else None
        if answer and first and e.found.kind in ("DATE", "TIME"):
            at.ref, last = answer[0][:10] if answer[3] == "time" else answer[0], e.start
            if e.found.basis == "explicit" and answer[3] in ("day", "month") and first.year < day.year:
                same = (e.sentence, first.year)
            elif e.found.basis != "year_inferred":
                same = None
            if e.found.rule == "overnight":  # the noon that follows is that of the day after the night
                at.ref = p.shift(first, "D", 1).isoformat()
            if answer[3] in ("day", "time"):
                at.exact = at.ref if e.found.rule == "overnight" else answer[0][:10]
            if e.found.basis == "explicit" and answer[3] in ("day", "month", "year", "quarter", "season"):
                dead = e.opens and first.year <= day.year - 2
                told, year_at, month = (
                    (first.year if dead else None),
                    e.start,
                    first.month if answer[3] in ("day", "month") else 0,
                )
            elif at.past_year and answer[3] in ("day", "month"):
                year_at = e.start
                if first.month < month and first.year == told:
                    later = _dated(e.found.meaning(replace(at, past_year=told + 1)))
                    if later and later[1]:  # the year after may have no 29 February
                        out[-1], first = later, later[1]
                        at.ref, told = later[0][:10], told + 1
                month = first.month
            elif e.found.basis == "relative" and e.found.rule not in MOVING:
                told = None
            if answer[3] == "quarter" and e.found.rule in QUARTERS and 0 <= (day - first).days < 300:
                at.quarter, quarter_at = answer[0], e.start
    return out


def _ends(published) -> tuple[date, date, date] | None:
    if published is None:
        return None
    if isinstance(published, (str, date)):
        published = (published, published)
    days = [d if d is None else _day(d) for d in tuple(published)[:3]]
    if len(days) < 2:
        raise ValueError("`published` must be a date or an (earliest, latest) pair of dates.")
    lo, hi = days[0] or days[1], days[1] or days[0]
    if lo is None or hi is None:
        return None
    if lo > hi:
        raise ValueError(f"`published` runs backwards: {lo} is after {hi}. Give (earliest, latest).")
    best = days[2] if len(days) == 3 and days[2] else hi
    return lo, hi, best


def _day(value) -> date | None:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            raise ValueError(f"`published` must be a date such as 2021-08-27, not {value!r}.") from None
    if pd.isna(value):
        return None
    if isinstance(value, date):
        return value.date() if hasattr(value, "date") else value
    raise TypeError(f"`published` must be a date or a pair of dates, not {type(value).__name__}.")


def blur(one: str, other: str) -> str:
    """Return what two values have in common, the rest as X: what is known of a date when nothing is known of its year.

    >>> blur("1999-08-24", "2031-08-24"), blur("1999-W03", "2031-W05")
    ('XXXX-08-24', 'XXXX-WXX')
    """
    if one == other:
        return one
    a, b = re.split(r"(-W?|T)", one), re.split(r"(-W?|T)", other)
    if len(a) != len(b):
        return "XXXX"
    return "".join(x if x == y else "X" * len(x) for x, y in zip(a, b))


def find_times(text: str, published, ages: bool = False) -> pd.DataFrame:
    """Find the time expressions of a text.

    Accepts any English text and the day it was published: a `date` (or ISO string), an (earliest, latest) pair when
    the day is not known exactly, a `Published`, or None when nothing is known. Returns one row for each expression,
    sorted, without overlaps: start, end (characters, end exclusive), kind (`DATE|TIME|DURATION|SET`), value (TIMEX3),
    earliest and latest (ISO days, missing when the expression names no day), granularity, basis
    (`explicit|year_inferred|relative|none`), stable (whether the reading is the same over the whole publication
    interval), the rule that found it, the clause's tense (`past|future|`, as its verb forms show) and the relation a
    preposition gives it (`since|until|by|from|to|between|before|after|`; the interval is that of the date named).

    Each expression is read at both ends of the interval. Where the answers differ, earliest and latest cover both,
    stable is False, and value is the reading at the interval's best day (the third of a `Published`; else its end).
    Every rule moves forward or stays when the publication day moves forward, so the two ends are enough. Without a
    publication date, what depends on it is X ("XXXX-08-24").

    A person's age ("a 45-year-old") is no time of the story and left out, as in TempEval-3; ages=True keeps it
    (DURATION).

    Raises ValueError for a date that cannot be read or a pair that runs backwards.

    Spans and values follow TimeML 1.2.1 (Saurí et al. 2006) as used in TempEval-3 (UzZaman et al. 2013).

    >>> times = find_times("They met on Tuesday and will meet again next month.", date(2021, 8, 27))
    >>> list(times["value"])
    ['2021-08-24', '2021-09']
    """
    ends = _ends(published)
    expressions = read(text)
    lo, hi, best = ends or (date(1999, 1, 4), date(2031, 6, 24), date(2031, 6, 24))
    low = resolve(expressions, lo)
    high = resolve(expressions, hi) if hi != lo else low
    told = low if best == lo else high if best == hi else resolve(expressions, best)
    rows = []
    for e, a, b, t in zip(expressions, low, high, told):
        if not (a and b and t) or (e.found.rule in ("age", "age_said") and not ages):
            continue
        value, grain, same = t[0], t[3], a == b
        firsts, lasts = [x[1] for x in (a, b, t) if x[1]], [x[2] for x in (a, b, t) if x[2]]
        first, last = (min(firsts), max(lasts)) if len(firsts) == 3 else (None, None)
        if not ends and not same:
            weekday = a[1] if e.found.rule == "weekday" and a[3] == "day" else None
            value = f"XXXX-WXX-{weekday.isoweekday()}" if weekday else blur(a[0], b[0])
            first = last = None
        kind = "DURATION" if e.found.kind == "DATE" and value[0] == "P" and value[1] in "0123456789XT" else e.found.kind
        rows.append(
            (
                e.start,
                e.end,
                kind,
                value,
                first and first.isoformat(),
                last and last.isoformat(),
                grain,
                e.found.basis,
                same,
                e.found.rule,
                e.tense,
                e.relation,
            )
        )
    return tables.typed(rows, COLUMNS)
