"""The publication date as an interval: the clues a page holds, solved as constraints over a calendar."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import tables

from . import periods as p
from .lexicon import WEEKDAY_NO, WEEKDAYS
from .reading import MONTHS, long_day
from .times import find_times

COLUMNS = {
    "start": "Int64",
    "end": "Int64",
    "says": "string",
    "weight": "Float64",
    "used": "boolean",
    "kind": "string",
    "earliest": "string",
    "latest": "string",
}
LAG = 3 * 366  # days after the newest dated event within which a news text is taken to have appeared
HEAD = ("byline", "credit", "dateline", "dek", "title")
STORY = ("body", "related", "nav")
SOFT = {"told year"}  # says which day is likelier, not which days are possible
REACH = 200  # characters before a date that are looked at
SHORT = 25  # characters, an hour and a name at most, that may follow a labelled date in a line of the story
STAMPED = 4  # the weight from which a stamp is the page's own; one among links to other stories has less
NEWS = 45  # days within which a text that names a day without its year is taken to have appeared
_LABEL = re.compile(r"publish|posted|first\s+issued|date\s*:|^\s*on\s|created|released|appeared", re.I)
_UPDATED = re.compile(r"updat|modif|revis|last\s+edit|correct", re.I)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright|all rights reserved)\D{0,40}?(?:(?:19|20)\d\d\s*[-–—]\s*)?((?:19|20)\d\d)\b", re.I
)
_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](\d\d?)(?:[/-](\d\d?))?(?=[/\s-])")
_AGENCY = re.compile(r"^[\s,]*(?:\([^)\n]{2,40}\)|/[^/\n]{2,30}/)?\s*(?:[–—:-]|--)")
_PLACE = re.compile(r"[A-Z][\w.'’ /-]{1,40}(?:,\s[A-Z][\w.' ]{1,30})?[,(]?\s*$")
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.I)
_BAR = re.compile(r"[|·•–—]\s*$")
_FISCAL = re.compile(r"fiscal|financial|FY", re.I)
_NEXT_SENTENCE = re.compile(r"[.!?][\"”’)]*\s+[A-Z“\"]")
_NAME = re.compile(r"\s+(?-i:[A-Z]{2,}|[A-Z][a-z]+\s+[A-Z])")


class Published(NamedTuple):
    """When a text was published: the first and last day that fit its clues, the best day, and the clues.

    `find_times` takes it as it is. All three days are None when the text gives no clue to its year.
    """

    earliest: date | None
    latest: date | None
    best: date | None
    clues: pd.DataFrame

    @property
    def basis(self) -> str:
        """How the days are known: ``stated`` where the page bears them as a stamp, else ``inferred`` or ``unknown``.

        A stamp states them when they are its own, no more and no fewer, and no stamp of another day stands beside it.
        A dateline, an address or an update says on which days a text can have come out, and not on which it did.
        """
        if self.earliest is None or self.latest is None:
            return "unknown"
        stamps = self.clues[self.clues["kind"].eq("stamp") & self.clues["weight"].ge(STAMPED)]
        days = set(zip(stamps["earliest"], stamps["latest"])) if stamps["earliest"].notna().all() else set()
        return "stated" if days == {(self.earliest.isoformat(), self.latest.isoformat())} else "inferred"


@dataclass(slots=True)
class Clue:
    """One clue: where it stands, what it says, how much it weighs, and which days it allows."""

    start: int
    end: int
    kind: str
    says: str
    weight: float
    first: date | None = None
    last: date | None = None
    yearly: tuple[int, int, int] | None = None  # month, day and how many days after it, in whatever year
    monthly: tuple[int, int] | None = None  # day of the month and how many days after it
    weekday: int | None = None  # the yearly day falls on this weekday
    ahead: int = 0  # how many days before its yearly day the stretch begins

    def allows(self, days: np.ndarray) -> np.ndarray:
        """Which days of a calendar (datetime64[D]) agree with the clue."""
        ok = np.ones(len(days), dtype=bool)
        if self.first is not None:
            ok &= days >= np.datetime64(self.first)
        if self.last is not None:
            ok &= days <= np.datetime64(self.last)
        if self.yearly or self.monthly:
            steps = np.zeros(len(days) + 1, dtype=int)
            for sign, places in zip((1, -1), self.recurs(days)):
                np.add.at(steps, places, sign)
            ok &= steps[:-1].cumsum() > 0
        return ok

    def recurs(self, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where among sorted days the clue's stretches of every year (or month) begin and end."""
        lo, hi = days[0].astype(object), days[-1].astype(object)
        its_month, day, length = self.yearly or (0, *(self.monthly or (0, 0)))
        begins = []
        for year in range(lo.year - 1, hi.year + 1 + bool(self.ahead)):
            for month in [its_month] if its_month else range(1, 13):
                try:
                    start = date(year, month, day)
                except ValueError:  # no 30 February, no 31 June
                    continue
                if self.weekday is None or start.weekday() == self.weekday:
                    begins.append(p.shift(start, "D", -self.ahead))
        first = np.array(begins, dtype="datetime64[D]")
        return np.searchsorted(days, first), np.searchsorted(days, first + np.timedelta64(length, "D"), side="right")

    @property
    def key(self) -> tuple:
        """What makes two clues the same evidence."""
        return self.kind, self.first, self.last, self.yearly, self.monthly, self.weekday, self.ahead


def infer_published(
    lines: pd.DataFrame | None = None, times: pd.DataFrame | None = None, text: str = "", today: date | None = None
) -> Published:
    """Infer when a text was published from what its page itself says.

    Accepts the page's `lines` (line_no, start, end, role; None reads the text's own lines, all of unknown role), its
    `times` (as from `find_times(text, None)`; None finds them) and the text. Which day the text will be dated by is not
    known yet, so a year that was inferred is not used: only years that are told count, and days and months without
    one recur. `today`, if given, is the last day it can have appeared; nothing of the day on which this runs enters.

    Returns a `Published`. Each clue allows some days of a calendar: a stated date one day, a dateline the day and the
    next, a copyright year no day after it, a dated event no day before it, a coming day no day after it, "the 29th" the
    weeks after some 29th, a day "of last month" the month after it, a weekday with its date the years in which they
    agree. The days that satisfy the greatest weight of clues are kept: `earliest` and
    `latest` are the first and last of them, `best` the stated day or else the first that is likely (news is news).
    The clues table has start, end, kind, says, earliest, latest, weight, and used (whether the best day agrees with
    it).

    >>> page = "Mill closes\\nPublished: 4 May 2021\\nThe mill shut on Tuesday."
    >>> infer_published(text=page).best, infer_published(text=page).basis
    (datetime.date(2021, 5, 4), 'stated')
    """
    if times is None:
        times = find_times(text, None)
    zones = _zones(lines, text)
    rows = list(_rows(times))
    clues = [*_stated(zones, rows, text), *_told(zones, rows, text), *_named_month(times, rows, text),
             *_copyright(text), *_address(text)]
    clues.sort(key=lambda c: (c.start, c.end))
    return _solve(clues, today)


def _zones(lines: pd.DataFrame | None, text: str) -> list[tuple[int, int, str]]:
    """The lines of a page with their roles; without roles, short lines before the first long one are its head."""
    if lines is not None and len(lines):
        columns = (lines[name].tolist() for name in ("start", "end", "role"))
        return [(int(s), int(e), str(r)) for s, e, r in zip(*columns)]
    found = [(m.start(), m.end(), "body" if m.end() - m.start() > 90 else "") for m in re.finditer(r"[^\n]+", text)]
    body = [k for k, z in enumerate(found) if z[2] == "body"]
    if not body:
        return [(s, e, "byline" if e - s < 60 else "body") for s, e, _ in found]
    return [
        (s, e, r or ("byline" if k < body[0] else "body" if k < body[-1] else "about"))
        for k, (s, e, r) in enumerate(found)
    ]


def _rows(times: pd.DataFrame) -> Iterator[tuple]:
    names = ("start", "end", "kind", "value", "basis", "rule")
    tense = times["tense"].tolist() if "tense" in times else [""] * len(times)
    for start, end, kind, value, basis, rule, verb in zip(*(times[name].tolist() for name in names), tense):
        if kind in ("DATE", "TIME") and basis in ("explicit", "year_inferred"):
            value = str(value)[:10] if "T" in str(value) else str(value)
            yield (
                int(start),
                int(end),
                "XXXX" + value[4:] if basis == "year_inferred" else value,
                str(basis),
                str(rule),
                str(verb),
            )


def _shape(value: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"XXXX-(\d\d)-(\d\d)", value)
    return (int(found[1]), int(found[2])) if found else None


def _stated(zones, rows: list[tuple], text: str) -> Iterator[Clue]:
    """Dates that stand as stamps or datelines."""
    first_body = next((s for s, _, r in zones if r == "body"), None)
    k = 0
    for start, end, role in zones:
        while k < len(rows) and rows[k][0] < start:
            k += 1
        length = len(text[start:end].strip())
        for s, e, value, *_ in itertools.islice(rows, k, None):
            if s >= end:
                break
            before, after = text[max(start, s - REACH) : s], text[e : min(e + 60, end)]
            span, shape, share = p.bounds(value), _shape(value), (e - s) / max(1, length)
            head = first_body is None or s < first_body
            alone = share > 0.5 or (_BAR.search(before) and not after.strip())
            if span and span[2] == "month" and role in HEAD and alone:
                yield Clue(s, e, "stamp", f"stamped {_period(value)}", 4, first=span[0], last=span[1])
            if not shape and not (span and span[2] in ("day", "time")):
                continue
            weekday, labelled = _weekday(text[s:e]), _labels(_LABEL, before, after, role)
            if role == "comment":
                if span:
                    yield Clue(s, e, "comment", f"a comment dates from {long_day(span[0])}", 2, last=span[0])
            elif (role in ("dateline", "body") and s - start < 70 and _AGENCY.match(after)
                  and _PLACE.fullmatch(before.strip())):
                yield _day(s, e, "dateline", 6, span, shape, weekday, 1)
            elif _labels(_UPDATED, before, after, role) and end - start < 200:
                yield _updated(s, e, span, shape)
            elif labelled and end - start < 200:
                other = role == "related" and not head     # most likely the day of another story
                yield _day(s, e, "stamp", 2 if other else 10, span, shape, weekday, 0)
            elif role in ("byline", "dateline") or alone and (role in HEAD or head and role not in STORY):
                yield _day(s, e, "stamp", 8, span, shape, weekday, 0)


def _labels(word: re.Pattern, before: str, after: str, role: str) -> bool:
    """Whether a word such as "published" labels a date; in the story it is a sentence's unless the line is no more."""
    alone = bool(word.match(before.lstrip())) and len(after.strip()) < SHORT
    return bool(word.search(before[-40:])) and (alone or role not in STORY)


def _weekday(expression: str) -> int | None:
    found = _WEEKDAY.search(expression)
    return WEEKDAY_NO[found[1].lower()] if found else None


def _day(s, e, kind, weight, span, shape, weekday, after) -> Clue:
    if span:
        says = f"{'dated' if kind == 'dateline' else 'stamped'} {long_day(span[0])}"
        return Clue(s, e, kind, says, weight, first=span[0], last=p.shift(span[0], "D", after))
    says = f"{'dated' if kind == 'dateline' else 'stamped'} {shape[1]} {MONTHS[shape[0]]}, no year"
    return Clue(s, e, kind, says, weight, yearly=(*shape, after), weekday=weekday)


def _updated(s, e, span, shape) -> Clue:
    if span:
        return Clue(s, e, "updated", f"updated {long_day(span[0])}", 5, first=p.shift(span[0], "D", -7), last=span[0])
    return Clue(s, e, "updated", f"updated {shape[1]} {MONTHS[shape[0]]}, no year", 3, yearly=(*shape, 0))


def _fiscal(rule: str, words: str) -> bool:
    """Whether the text says itself that a year is a fiscal one; a law's bare year only names the law."""
    return rule == "fiscal_year" or rule == "fiscal_year_of_law" and bool(_FISCAL.search(words))


def _told(zones, rows: list[tuple], text: str) -> Iterator[Clue]:
    """Dates the story tells: it cannot be older than what it reports, nor younger than what it announces."""
    story = [(s, e) for s, e, r in zones if r in ("body", "dek", "caption", "title")]
    fiscal = {int(v[:4]) for s, e, v, _, rule, _ in rows if _fiscal(rule, text[s:e])}
    k = 0
    for s, e, value, _, rule, verb in rows:
        while k < len(story) and story[k][1] <= s:
            k += 1
        if k == len(story):
            return
        if s < story[k][0]:
            continue
        span, shape = p.bounds(value), _shape(value)
        if span and _fiscal(rule, text[s:e]):
            y = span[0].year
            yield Clue(
                s,
                e,
                "fiscal year",
                f"speaks of fiscal year {y}, budgeted for in {y - 1}",
                1,
                first=p.shift(date(y, 1, 1), "M", -15),
                last=date(y, 9, 30),
            )
        elif span and span[2] in ("decade", "interval"):
            continue
        elif span and span[2] == "year" and (
            span[0].year in fiscal or rule == "fiscal_year_of_law" or _NAME.match(text, e)
        ):
            yield Clue(
                s,
                e,
                "name",
                f"names something of {span[0].year}, drafted the year before at the earliest",
                1,
                first=p.shift(span[0], "Y", -1),
            )
        elif span and verb == "future":
            yield Clue(s, e, "announced", f"looks ahead to {_period(value)}", 2, last=span[1])
        elif span:
            yield Clue(s, e, "event", f"reports of {_period(value)}", 3, first=span[0])
            if span[2] in ("day", "time", "month"):
                yield Clue(
                    s,
                    e,
                    "told year",
                    f"tells the year of {_period(value)}, so most likely not of the last weeks",
                    0.25,
                    first=p.shift(span[1], "D", NEWS),
                )
        elif shape and verb != "future":
            w = _weekday(text[s:e])
            yield Clue(
                s,
                e,
                "day",
                f"reports of {shape[1]} {MONTHS[shape[0]]}, no year"
                + ("" if w is None else f", a {WEEKDAYS[w].capitalize()}"),
                1 if w is None else 3,
                yearly=(*shape, 330),
                weekday=w,
            )
            yield Clue(
                s,
                e,
                "recent day",
                f"a day told without its year: within {NEWS} days of {shape[1]} {MONTHS[shape[0]]}",
                0.5,
                yearly=(*shape, NEWS),
            )
        elif shape:
            says = f"looks ahead to {shape[1]} {MONTHS[shape[0]]}, no year"
            yield Clue(s, e, "coming day", says, 1, yearly=(*shape, 330), ahead=330)
            says = f"a coming day told without its year: within {NEWS} days before {shape[1]} {MONTHS[shape[0]]}"
            yield Clue(s, e, "day soon", says, 0.5, yearly=(*shape, NEWS), ahead=NEWS)
        elif re.fullmatch(r"XXXX-\d\d", value) and verb != "future":
            m = int(value[5:])
            yield Clue(s, e, "month", f"reports of {MONTHS[m]}, no year", 0.25, yearly=(m, 1, 330))
        elif re.fullmatch(r"XXXX-XX-\d\d", value) and verb != "future":
            yield Clue(
                s,
                e,
                "day of the month",
                f"day {int(value[8:])} of a month has just passed",
                1,
                monthly=(int(value[8:]), 21),
            )


_CALLED = {"last month": 1, "this month": 0, "next month": -1}


def _named_month(times: pd.DataFrame, rows: list[tuple], text: str) -> Iterator[Clue]:
    """A day that its sentence puts in "last month" says in which month the text appeared."""
    called = [(s, e, " ".join(text[s:e].lower().split())) for s, e in zip(times["start"], times["end"])]
    for start, end, words in called:
        for s, e, value, *_ in rows if words in _CALLED else ():
            between, span, shape = text[min(e, end) : max(s, start)], p.bounds(value), _shape(value)
            if len(between) > REACH or "\n" in between or _NEXT_SENTENCE.search(between):
                continue
            if shape:
                first = p.shift(date(2000, shape[0], 1), "M", _CALLED[words])
            elif span and span[2] in ("day", "time", "month"):
                first = p.shift(span[0].replace(day=1), "M", _CALLED[words])
            else:
                continue
            clue = Clue(s, e, "named month", f"a day of {words}: appeared in {MONTHS[first.month]}", 1)
            last = p.shift(p.shift(first, "M", 1), "D", -1)
            if shape:
                clue.yearly = (first.month, 1, last.day - 1)
            else:
                clue.first, clue.last = first, last
            yield clue


def _copyright(text: str) -> Iterator[Clue]:
    for found in _COPYRIGHT.finditer(text):
        y = int(found[1])
        yield Clue(
            found.start(1), found.end(1), "copyright", f"copyright {y}: not after that year", 3, last=date(y, 12, 31)
        )
        yield Clue(
            found.start(1),
            found.end(1),
            "copyright year",
            f"copyright {y}: that year, unless the footer renews itself",
            1,
            first=date(y, 1, 1),
            last=date(y, 12, 31),
        )


def _address(text: str) -> Iterator[Clue]:
    for found in _ADDRESS.finditer(text):
        value = "-".join(f"{int(part):02d}" for part in found.groups() if part)
        span = p.bounds(value)
        if span:
            yield Clue(
                found.start(1),
                found.end(),
                "address",
                f"an address of {_period(value)}",
                4,
                first=span[0],
                last=p.shift(span[1], "D", 1),
            )


def _solve(clues: list[Clue], today: date | None) -> Published:
    """Keep the days that satisfy the greatest weight of clues."""
    told = [d for c in clues for d in (c.first, c.last) if d is not None]
    if not told:
        return Published(None, None, None, _table(clues, None))
    lo = p.shift(min(told), "D", -366)
    hi = p.shift(max(told), "D", LAG)
    if today is not None:
        hi = min(hi, today)
        lo = min(lo, hi)
    days = np.arange(np.datetime64(lo), np.datetime64(hi) + np.timedelta64(1, "D"))
    score = _score([c for c in clues if c.kind not in SOFT], days)
    likely = days[score.argmax()].astype(object)
    newest = max((c.first for c in clues if c.first is not None and c.first <= likely), default=likely)
    score[days > np.datetime64(p.shift(newest, "D", LAG))] -= 1  # it appears not long after the newest thing it dates
    good = days[score >= score.max() - 1e-9]
    first, last = good[0].astype(object), good[-1].astype(object)
    best = good[_score([c for c in clues if c.kind in SOFT], good).argmax()].astype(object)
    return Published(first, last, best, _table(clues, best))


def _score(clues: list[Clue], days: np.ndarray) -> np.ndarray:
    """The weight of the clues that each day satisfies; a clue that repeats another counts once."""
    steps = np.zeros(len(days) + 1)
    for clue in {clue.key: clue for clue in reversed(clues)}.values():
        if clue.yearly or clue.monthly:     # no stretch is as long as a year: they never meet
            for sign, places in zip((1, -1), clue.recurs(days)):
                np.add.at(steps, places, sign * clue.weight)
            continue
        lo = 0 if clue.first is None else np.searchsorted(days, np.datetime64(clue.first))
        hi = len(days) if clue.last is None else np.searchsorted(days, np.datetime64(clue.last), side="right")
        if lo < hi:
            steps[lo] += clue.weight
            steps[hi] -= clue.weight
    return steps[:-1].cumsum()


def _table(clues: list[Clue], best: date | None) -> pd.DataFrame:
    day = None if best is None else np.array([np.datetime64(best)])
    used = {key: None if day is None else bool(c.allows(day)[0]) for key, c in {c.key: c for c in clues}.items()}
    rows = [
        (
            c.start,
            c.end,
            c.says,
            c.weight,
            used[c.key],
            c.kind,
            c.first and c.first.isoformat(),
            c.last and c.last.isoformat(),
        )
        for c in clues
    ]
    return tables.typed(rows, COLUMNS)


def _period(value: str) -> str:
    first, _, grain = p.covered(value)
    return {"day": long_day(first), "time": long_day(first), "month": f"{MONTHS[first.month]} {first.year}"}.get(
        grain, value
    )
