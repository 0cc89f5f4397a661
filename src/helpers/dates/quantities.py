"""Numbers, units and the choice among candidate dates: what the rules of the grammar share."""

from __future__ import annotations

import re
from datetime import date

from . import periods as p
from .grammar import Answer, At, Meaning, Part
from .lexicon import (
    LETTER,
    MONTH_NO,
    NUMBER,
    ORDINAL,
    UNIT,
    WEEKDAY_NO,
)

# ---------------------------------------------------------------- numbers and parts


# the classes of words that an amount of time can begin with
AMOUNTS = ("COUPLE", "FEW", "DOZENS", "ANOTHER", "A", "ONE", "NUMW", "DAY", "INT", "YEAR", "OLDYEAR", "REAL", "HALF",
           "HUNDRED", "FRACTION")

def to_int(word: str) -> int:
    """The digits of a word as a number, 0 without any."""
    digits = re.sub(r"\D", "", word)
    return int(digits[:6]) if digits else 0


def day_no(part: Part) -> int:
    """The day of the month told in a part, in figures or words."""
    word = part.get("DAY", "ORD")
    if word:
        return to_int(word)
    k = part.at("ORDW")
    return ORDINAL.get(part.tokens.words[k].lower(), 0) if k >= 0 else 0


def month_no(part: Part) -> int:
    """The month told in a part."""
    return MONTH_NO[part.get("MONTH", "MONTHM")]


def count(part: Part) -> float | None:
    """The number told in a part, or None for a vague one ("several")."""
    seen, current, article = False, 0.0, None
    letters, words = part.letters, part.words
    if LETTER["COUPLE"] in letters:
        return 2
    if LETTER["FEW"] in letters or LETTER["DOZENS"] in letters:
        return None
    for letter, word in zip(letters, words):
        if letter in FIGURES:
            current, seen = float(word.replace(",", "")) if word.count(".") < 2 else 0.0, True
        elif letter == LETTER["FRACTION"]:
            current, seen = current + _fraction(word), True
        elif letter == LETTER["HALF"]:
            current, seen = (
                (current - 1 if words[0] == "a" and len(words) == 2 or words[-1] in ("a", "an") else current) + 0.5,
                True,
            )
            if words[-1] in ("a", "an"):
                return 0.5
        elif letter == LETTER["HUNDRED"]:
            current, seen = max(current, 1) * NUMBER[word], True
        elif letter in (LETTER["NUMW"], LETTER["ONE"], LETTER["ANOTHER"]):
            current, seen = current + NUMBER.get(word, 0), True
        elif letter == LETTER["A"] and not seen:
            article = 1.0
    return current if seen else article


FIGURES = {LETTER[n] for n in ("DAY", "INT", "YEAR", "OLDYEAR", "REAL")}


def _fraction(word: str) -> float:
    if word in "½¼¾":
        return {"½": 0.5, "¼": 0.25, "¾": 0.75}[word]
    a, b = word.split("/")
    return int(a) / int(b) if int(b) and int(a) < int(b) else 0.0


def unit(word: str) -> str:
    """The unit letter of a noun."""
    word = word.lower()
    return UNIT.get(word) or UNIT.get(word.rstrip("s")) or UNIT.get(word[:-3] + "y", "D")


def duration(n: float | None, u: str) -> str:
    """The TIMEX3 value of n units.

    >>> duration(2.5, "Y"), duration(None, "D"), duration(3, "Q"), duration(2, "E")
    ('P2Y6M', 'PXD', 'P3Q', 'P20Y')
    """
    if u in ("TH", "TM", "TS"):
        u = u[-1]
        if n is not None and n % 1 and u == "H":
            return f"PT{int(n)}H{round(n % 1 * 60)}M" if n > 1 else f"PT{round(n * 60)}M"
        if n is not None and n % 1 and u == "M":
            return f"PT{int(n)}M{round(n % 1 * 60)}S" if n > 1 else f"PT{round(n * 60)}S"
        return f"PT{_n(n)}{u}"
    if u == "WE":
        return "PXD" if n is None else f"P{_n(n * 2)}D"
    if n is not None:
        if u == "E":
            n, u = n * 10, "Y"
        elif u == "C":
            n, u = n * 100, "Y"
        elif u == "F":
            n, u = n * 2, "W"
        elif u == "H":
            n, u = n * 6, "M"
        elif u == "Y" and n % 1:
            return (f"P{int(n)}Y" if n >= 1 else "P") + f"{round(n % 1 * 12)}M"
    if u == "S":  # "three summers" are three years
        u = "Y"
    if u in ("H", "F"):
        u = {"H": "M", "F": "W"}[u]
    return f"P{_n(n)}{u}"


def _n(n: float | None) -> str:
    return "X" if n is None else f"{n:g}" if n < 1e6 else str(int(n))


# ---------------------------------------------------------------- choosing among candidates


def nearest_weekday(day: date, weekday: int, tense: str) -> date:
    """The weekday meant: the same day or the last one in the past, the same day or the next one in the future."""
    back = (day.weekday() - weekday) % 7
    return p.shift(day, "D", -back if tense != "future" else (7 - back) % 7)


def nearest_month(at: At, month: int) -> date:
    """The month meant, by tense; without tense the last one unless the next is at hand."""
    day = at.day
    if at.past_year:
        return date(at.past_year, month, 1)
    ahead = (month - day.month) % 12
    if at.tense == "future" or (at.tense != "past" and ahead <= 3):
        return p.add_months(date(day.year, day.month, 1), ahead)
    return p.add_months(date(day.year, day.month, 1), ahead - 12 if ahead else 0)


def nearest_day(at: At, month: int, dom: int) -> str | None:
    """The day of the year meant: the nearest, unless the tense says which side."""
    if at.past_year:
        return ymd(at.past_year, month, dom)
    options = [o for y in (-1, 0, 1) if (o := make_date(at.day.year + y, month, dom))]
    if not options:
        options = [o for y in range(-8, 9) if (o := make_date(at.day.year + y, month, dom))]
    if not options:
        return None
    near = min(options, key=lambda o: (abs((o - at.day).days), o))
    if at.tense == "past" and (near - at.day).days > 20:
        past = [o for o in options if o <= at.day]
        near = max(past) if past else near
    elif at.tense == "future" and (at.day - near).days > 60:
        later = [o for o in options if o >= at.day]
        near = min(later) if later else near
    return near.isoformat()


def make_date(y: int, m: int, d: int) -> date | None:
    """A date, or None where the calendar has none."""
    try:
        return date(y, m, d)
    except ValueError:
        return None


def ymd(y: int, m: int, d: int) -> str | None:
    """A day's TIMEX3 value, or None where the calendar has none."""
    found = make_date(y, m, d)
    return found.isoformat() if found else None


def fixed(value: str | None) -> Meaning | None:
    """A meaning that does not depend on anything; None when the value is no date (30 February)."""
    if value is None or (value[0].isdigit() and p.bounds(value) is None):
        return None
    return lambda at: value


def window(value: str, lo: date, hi: date) -> Answer:
    """A duration that is anchored: its value, and the days it covers."""
    return value, min(lo, hi), max(lo, hi), "interval"


def year4(word: str) -> int:
    """A year told in two digits."""
    n = to_int(word)
    return n if n > 99 else 1900 + n if n >= 40 else 2000 + n


def year_base(part: Part, at: At) -> int:
    """The year that "last year", "that year" count from."""
    return at.anchor.year if part.has("THAT", "SAME", "FOLLOW", "PREV") and at.ref else at.day.year


def step_of(part: Part) -> int:
    """Which way and how far: last -1, this 0, next 1."""
    return -1 if part.has("LAST", "PREV") else 1 if part.has("NEXT", "FOLLOW", "COMING") else 0


def ordinal_day(part: Part) -> Meaning | None:
    """A day of the month told alone: near the last day told, else the last such day that has passed."""
    d = day_no(part)
    weekday = part.get("WD", "WDA")

    def read(at: At) -> str | None:
        if at.ref and len(at.ref) == 10 and (told := p.bounds(at.ref)):
            base = told[0]
            if not weekday:
                near = [o for n in (-1, 0, 1) if (o := day_of_month(base, n, d))]
                if at.tense != "future":
                    near = [o for o in near if o <= max(at.day, base)] or near
                return min(near, key=lambda o: abs((o - base).days)).isoformat() if near else None
        if at.ref and re.fullmatch(r"\d{4}-\d\d", at.ref) and not weekday and at.tense != "future":
            return ymd(int(at.ref[:4]), int(at.ref[5:]), d)  # "that May, on the 26th"
        options = [o for n in range(-13, 14) if (o := day_of_month(at.day, n, d))]
        if weekday:
            options = [o for o in options if o.weekday() == WEEKDAY_NO[weekday]] or options
        if at.tense == "future":
            options = [o for o in options if o >= at.day] or options
        elif at.tense == "past" or not weekday:
            options = [o for o in options if o <= at.day] or options
        return min(options, key=lambda o: abs((o - at.day).days)).isoformat() if options else None

    return read


def day_of_month(day: date, months: int, d: int) -> date | None:
    """Day d of the month so many months away."""
    first = p.add_months(date(day.year, day.month, 1), months)
    return make_date(first.year, first.month, d)
