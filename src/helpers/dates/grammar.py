"""The grammar of time expressions: rules over word classes, each with the meaning it gives.

A rule is written in class names (`lexicon.CLASSES`) and compiled to a regular expression over class letters; all rules
together are one alternation, the more specific first. Every repetition is bounded, so a text is read in linear time.
A rule's function returns the *meaning*: a function of an `At` (publication day, moving reference, tense) that gives a
TIMEX3 value. Nothing is resolved here, so that one reading of a text serves every candidate publication date.

Sources: TimeML annotation guidelines 1.2.1 (Saurí et al. 2006) for spans and values; the notions of HeidelTime's
published rule resources (Strötgen and Gertz 2013). The author had read two thirds of the TempEval-3 training texts and
the list of time expressions of the case `s400`.
"""
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from . import periods as p
from .lexicon import (ADVERB, DECADE, HOLIDAY, LETTER, MONTH_NO, NUMBER, ORDINAL, PART, REF, SEASON, UNIT, WEEKDAY_NO, Tokens)

Answer = tuple[str, date, date, str]  # value, first day, last day, granularity
Meaning = Callable[["At"], "str | Answer | None"]


@dataclass(slots=True)
class At:
    """What an expression is read against: the publication day, the last date told before it, the clause's tense."""

    day: date
    ref: str | None = None
    exact: str | None = None
    tense: str = ""
    quarter: str | None = None
    past_year: int | None = None

    @property
    def anchor(self) -> date:
        span = p.bounds(self.ref) if self.ref else None
        return span[0] if span else self.day

    def base(self, unit: str) -> date:
        """The day to count units from: "two days later" follows a day, not the year that was told in between."""
        if self.ref and self.exact and unit in ("D", "W") and p.unit_of(self.ref) not in ("D", "W", "WE"):
            return p.bounds(self.exact)[0]
        return self.anchor


@dataclass(slots=True)
class Part:
    """The tokens i..j of a text that a rule matched."""

    tokens: Tokens
    i: int
    j: int

    @property
    def letters(self) -> str:
        return self.tokens.letters[self.i:self.j]

    @property
    def words(self) -> list[str]:
        return [w.lower() for w in self.tokens.words[self.i:self.j]]

    def at(self, *names: str) -> int:
        """Index of the first token of these classes, or -1."""
        found = _class(names).search(self.tokens.letters, self.i, self.j)
        return found.start() if found else -1

    def has(self, *names: str) -> bool:
        return self.at(*names) >= 0

    def get(self, *names: str) -> str | None:
        k = self.at(*names)
        return self.tokens.words[k].lower() if k >= 0 else None

    def raw(self, *names: str) -> str | None:
        k = self.at(*names)
        return self.tokens.words[k] if k >= 0 else None

    def before(self, n: int = 1) -> str:
        return self.tokens.words[self.i - n].lower() if self.i >= n else ""

    def letter_before(self) -> str:
        return self.tokens.letters[self.i - 1] if self.i else ""

    def after(self, n: int = 0) -> str:
        k = self.j + n
        return self.tokens.words[k].lower() if k < len(self.tokens.words) else ""

    def letter_after(self) -> str:
        return self.tokens.letters[self.j] if self.j < len(self.tokens.letters) else ""

    def joined(self, k: int) -> bool:
        """Whether token k touches the token before it."""
        return 0 < k < len(self.tokens.starts) and self.tokens.starts[k] == self.tokens.ends[k - 1]


@dataclass(slots=True)
class Found:
    """A time expression before resolution."""

    i: int
    j: int
    kind: str
    meaning: Meaning
    basis: str
    rule: str


_cache: dict[tuple[str, ...], re.Pattern[str]] = {}


def _class(names: tuple[str, ...]) -> re.Pattern[str]:
    if names not in _cache:
        _cache[names] = re.compile("[" + "".join(re.escape(LETTER[n]) for n in names) + "]")
    return _cache[names]


MACROS = {
    "MON": "(MONTH|MONTHM)",
    "MDAY": "(DAY|ORD|DET? ORDW|DET ORD)",
    "WEEKDAY": "(WD|WDA)",
    "QT": "(QUARTER)",
    "SEAS": "(SEASON|SEASONA)",
    "UN": "(UNIT|UNITS|QUARTER|WEEKEND|SECOND)",
    "CARDW": "(ONE|NUMW)(HYPH?(ONE|NUMW)){0,2} HUNDRED?",
    "CARD": "(DAY|INT|YEAR|OLDYEAR|REAL|A HUNDRED|CARDW)",
    "COUNT": "(A COUPLE OF?|COUPLE OF|A FEW|A NUMW|FEW|DOZENS OF|CARD (HYPH? AND HYPH? A HYPH? HALF|HYPH? FRACTION|FRACTION)?|HALF A|A HALF|ANOTHER|A)",
    "APPROX": "(ABOUT|MORE THAN|LESS THAN|JUST? AT (LEAST|MOST)|UP TO|NO (MORE|LESS) THAN|JUST ABOUT)",
    "TWO": "(ONE|NUMW)",
    "WHEN": "(LAST|PREV|NEXT|FOLLOW|COMING|THIS|THAT|SAME|CURRENT|LATEST)",
    "DIRECTED": "((DET|THIS|THAT)? (LAST|PREV|NEXT|FOLLOW|COMING|SAME|CURRENT|LATEST)|THIS|THAT)",
    "EDGE": "(DET? PARTOF OF|DET? EARLY PARTOF? OF|DET? MID OF|EARLY (IN|ON)?|MID HYPH?|EARLIER (IN|ON|OF)?|LATER (IN|ON|OF)?|SOMETIME|DET? HALF OF)",
    "MD": "(MON MDAY|MDAY OF? MON)",
    "CL": "(AMPM|CLOCK|(DAY|NUMW|ONE) OCLOCK|(REAL|INT|OLDYEAR) (?=ZONE|EASTERN))",
    "ZN": "(COMMA? OPEN? (ZONE|EASTERN STANDARD? TIME) CLOSE?)",
    "OFYEAR": "((OF|COMMA)? (LAST|THIS|NEXT|THAT|PREV|DET (PREV|FOLLOW|SAME)) UNIT)",
    "CORE": "((WEEKDAY COMMA?)? MD (COMMA? YEAR)?|DIRECTED? WEEKDAY|TODAY|ISO|NUMDATE|HOLIDAY)",
}

RULES: list[tuple[str, str, str, str, Callable[[Part], Meaning | None]]] = []


def rule(name: str, pattern: str, kind: str = "DATE", basis: str = "relative"):
    """Register a rule: its name, its pattern in class names, the kind and basis of what it finds."""
    def keep(build: Callable[[Part], Meaning | None]):
        RULES.append((name, pattern, kind, basis, build))
        return build
    return keep


def _compile(pattern: str) -> str:
    for _ in range(6):
        pattern = re.sub(r"[A-Z]{2,}", lambda m: f"(?:{MACROS[m.group()]})" if m.group() in MACROS else m.group(), pattern)
    pattern = re.sub(r"\((?!\?)", "(?:", pattern)
    # A letter is always in brackets or bare; classes that spell one letter ("A") are names too.
    pattern = re.sub(r"(?<![A-Z?])[A-Z]+", lambda m: re.escape(LETTER[m.group()]), pattern)
    return pattern.replace(" ", "")


# ---------------------------------------------------------------- numbers and parts

def _int(word: str | None) -> int:
    word = re.sub(r"\D", "", word or "")
    return int(word[:6]) if word else 0


def day_no(part: Part) -> int:
    """The day of the month told in a part, in figures or words."""
    word = part.get("DAY", "ORD")
    if word:
        return _int(word)
    k = part.at("ORDW")
    return ORDINAL.get(part.tokens.words[k].lower(), 0) if k >= 0 else 0


def month_no(part: Part) -> int:
    """The month told in a part."""
    return MONTH_NO[part.get("MONTH", "MONTHM") or ""]


def count(part: Part) -> float | None:
    """The number told in a part, or None for a vague one ("several")."""
    seen, current, article = False, 0.0, None
    letters, words = part.letters, part.words
    if LETTER["COUPLE"] in letters:
        return 2
    if LETTER["FEW"] in letters or LETTER["DOZENS"] in letters:
        return None
    for letter, word in zip(letters, words):
        if letter in _figures:
            current, seen = float(word.replace(",", "")) if word.count(".") < 2 else 0.0, True
        elif letter == LETTER["FRACTION"]:
            current, seen = current + _fraction(word), True
        elif letter == LETTER["HALF"]:
            current, seen = (current - 1 if words[0] == "a" and len(words) == 2 or words[-1] in ("a", "an") else current) + 0.5, True
            if words[-1] in ("a", "an"):
                return 0.5
        elif letter == LETTER["HUNDRED"]:
            current, seen = max(current, 1) * NUMBER[word], True
        elif letter in (LETTER["NUMW"], LETTER["ONE"], LETTER["ANOTHER"]):
            current, seen = current + NUMBER.get(word, 0), True
        elif letter == LETTER["A"] and not seen:
            article = 1.0
    return current if seen else article


_figures = {LETTER[n] for n in ("DAY", "INT", "YEAR", "OLDYEAR", "REAL")}


def _fraction(word: str) -> float:
    if word in "½¼¾":
        return {"½": .5, "¼": .25, "¾": .75}[word]
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
        return _ymd(at.past_year, month, dom)
    options = [o for y in (-1, 0, 1) if (o := _date(at.day.year + y, month, dom))]
    if not options:
        options = [o for y in range(-8, 9) if (o := _date(at.day.year + y, month, dom))]
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


def _date(y: int, m: int, d: int) -> date | None:
    try:
        return date(y, m, d)
    except ValueError:
        return None


def _ymd(y: int, m: int, d: int) -> str | None:
    found = _date(y, m, d)
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
    n = _int(word)
    return n if n > 99 else 1900 + n if n >= 40 else 2000 + n


# ---------------------------------------------------------------- calendar dates

def _numeric(word: str) -> str | None:
    a, b, c = (int(x) for x in re.split(r"[/.-]", word)[:3])
    if a > 31:
        return _ymd(a, b, c)
    c = year4(str(c)) if c < 100 else c
    if "/" not in word:
        return _ymd(c, b, a)
    return _ymd(c, a, b) or _ymd(c, b, a)


def _year_ahead(part: Part) -> str | None:
    """The year that a range ends with: "June 3-5, 2019", "March and June 2020"."""
    found = _ahead.match(part.tokens.letters, part.j)
    return part.tokens.words[found.end() - 1] if found else None


def _calendar(part: Part) -> Meaning | None:
    """A day with a month, with or without its year."""
    m, d = month_no(part), day_no(part)
    if part.raw("MONTHM") in ("may", "march"):
        return None
    if not 1 <= d <= 31 or _date(2000, m, d) is None:
        return None
    year = part.get("YEAR") or _year_ahead(part)
    if not year and (m, d) == (9, 11) and part.after() in ("attacks", "attack", "terror", "terrorist", "terrorists", "hijackers"):
        year = "2001"
    if year:
        return fixed(_ymd(int(year), m, d))
    weekday = part.get("WD", "WDA")
    if weekday:
        w = WEEKDAY_NO[weekday]

        def with_weekday(at: At) -> str | None:  # the year is one in which the weekday agrees, the nearest such
            options = [o for y in range(at.day.year - 12, at.day.year + 13) if (o := _date(y, m, d)) and o.weekday() == w]
            near = nearest_day(at, m, d)
            best = min(options, key=lambda o: (abs((o - at.day).days), o), default=None)
            return best.isoformat() if best and abs((best - at.day).days) < 200 else near
        return with_weekday
    return lambda at: nearest_day(at, m, d)


def _clock(part: Part) -> str | None:
    word = part.get("AMPM", "CLOCK")
    if word is None and part.has("ZONE", "EASTERN") and not part.has("OCLOCK", "PART"):
        digits = re.sub(r"\D", "", part.get("REAL", "INT", "OLDYEAR") or "")
        word = f"{digits[:-2]}:{digits[-2:]}" if 3 <= len(digits) <= 4 else "99:99"
    if word is None:
        word = part.get("DAY", "NUMW", "ONE", "PART") or ""
        if part.has("OCLOCK"):
            n = _int(word) or NUMBER.get(word, 0)
            return f"T{n:02d}:00" if 1 <= n <= 24 else None
        return {"noon": "T12:00", "midnight": "T24:00"}.get(word)
    found = re.match(r"(\d{1,2})(?:[:.](\d\d))?(?:[:.](\d\d))?\s*([ap])?", word)
    h, m = int(found[1]), int(found[2] or 0)
    if found[4]:
        if h > 12:
            return None
        h = h % 12 + (12 if found[4] == "p" else 0)
    if h > 24 or m > 59:
        return None
    return f"T{h:02d}:{m:02d}"


def _inner(tokens: Tokens, i: int, j: int) -> Meaning | None:
    found = match(tokens, i, j)
    return found.meaning if found and found.j == j and found.i == i else None


def _with_time(core: Meaning, time: str) -> Meaning:
    def read(at: At) -> str | None:
        value = core(at)
        if isinstance(value, tuple):
            value = value[0]
        return value[:10] + time if value and p.bounds(value[:10]) and len(value[:10]) == 10 else value
    return read


@rule("iso", "ISO", basis="explicit")
def _iso(part: Part):
    word = part.words[0].upper()
    if len(word) > 14 and word[8] == "T" and "-" not in word[:8]:
        word = f"{word[:4]}-{word[4:6]}-{word[6:8]}T{word[9:11]}:{word[11:13]}"
    day = fixed(word[:10])
    return day and fixed(word[:10] + ("T" + word[11:16] if len(word) > 10 else ""))


def _compound(part: Part, time_names: tuple[str, ...]) -> Meaning | None:
    """A day and a time of day, in either order."""
    time = _clock(part)
    core = _core.search(part.letters)
    if time is None or core is None:
        return None
    day = _inner(part.tokens, part.i + core.start(), part.i + core.end())
    return day and _with_time(day, time)


@rule("clock_day", "APPROX? (CL|PART) ZN? (COMMA|ON|OF)? CORE (?!YEAR)", "TIME")
def _clock_day(part: Part):
    if part.has("PART") and not part.has("AMPM", "CLOCK", "OCLOCK"):
        word = part.get("PART")
        if word not in ("noon", "midnight"):
            core = _core.search(part.letters)
            day = core and _inner(part.tokens, part.i + core.start(), part.i + core.end())
            return day and _with_time(day, "T" + PART[word])
    return _compound(part, ("AMPM", "CLOCK"))


@rule("day_clock", "CORE (COMMA|AT|DASH|HYPH|COLON)? (AT|BY)? APPROX? CL ZN?", "TIME")
def _day_clock(part: Part):
    return _compound(part, ("AMPM", "CLOCK"))


@rule("day_part", "EDGE? CORE COMMA? (EARLY|MID HYPH)? PART", "TIME")
def _day_part(part: Part):
    core = _core.search(part.letters)
    day = core and _inner(part.tokens, part.i + core.start(), part.i + core.end())
    word = part.get("PART")
    return day and _with_time(day, "T" + PART[word])


@rule("part_of_day", "DET? EARLY? PART (OF|ON) CORE", "TIME")
def _part_of(part: Part):
    core = _core.search(part.letters)
    day = core and _inner(part.tokens, part.i + core.start(), part.i + core.end())
    return day and _with_time(day, "T" + PART[part.get("PART")])


@rule("mid_part_day", "MID HYPH PART CORE", "TIME")
def _mid_part(part: Part):
    return _part_of(part)


@rule("calendar_year", "(EDGE|ABOUT)? (WEEKDAY COMMA? (DET)?)? MD COMMA? YEAR", basis="explicit")
def _calendar_year(part: Part):
    return _calendar(part)


@rule("calendar_of_year", "(EDGE)? (WEEKDAY COMMA?)? MD OFYEAR")
def _calendar_of_year(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    n = _step(part)
    m, d = month_no(part), day_no(part)
    return lambda at: _ymd(_year_base(part, at) + n, m, d)


def _year_base(part: Part, at: At) -> int:
    return at.anchor.year if part.has("THAT", "SAME", "FOLLOW", "PREV") and at.ref else at.day.year


def _step(part: Part) -> int:
    return -1 if part.has("LAST", "PREV") else 1 if part.has("NEXT", "FOLLOW", "COMING") else 0


@rule("calendar", "(EDGE|ABOUT)? (WEEKDAY COMMA? DET?)? MD (?!MONEY|FRACTION)", basis="year_inferred")
def _calendar_day(part: Part):
    return _calendar(part)


@rule("numeric", "NUMDATE", basis="explicit")
def _numeric_date(part: Part):
    return fixed(_numeric(part.words[0]))


@rule("range_day", "(?<=(MONTH|MONTHM) (DAY|ORD) (DASH|HYPH|AND|TO|OR|COMMA)) (DAY|ORD) (COMMA? YEAR)? (?!CLOCK|UNITS|MONEY)", basis="year_inferred")
def _range_day(part: Part):
    d = day_no(part)
    gap = part.before()
    if gap == "," or (gap in ("and", "to", "or") and part.letter_after() == "."):
        return None

    def read(at: At) -> str | None:
        span = p.bounds(at.ref) if at.ref else None
        return _ymd(span[0].year, span[0].month, d) if span else None
    return read


@rule("range_first", "(DAY|ORD) (?=(DASH|HYPH|TO|AND) (DAY|ORD) OF? MON)", basis="year_inferred")
def _range_first(part: Part):
    m = MONTH_NO.get(part.after(2) if part.after(2) != "of" else part.after(3), 0)
    d, year = day_no(part), _year_after_month(part)
    if not m or _date(2000, m, d) is None:
        return None
    return fixed(_ymd(int(year), m, d)) if year else lambda at: nearest_day(at, m, d)


def _year_after_month(part: Part) -> str | None:
    found = _behind.match(part.tokens.letters, part.j)
    return part.tokens.words[found.end() - 1] if found else None


@rule("named_day", "FRACTION", basis="explicit")
def _named_day(part: Part):
    return fixed("2001-09-11") if part.words[0] == "9/11" else None


@rule("month_year", "(EDGE|ABOUT)? MON (COMMA|OF|HYPH|SLASH)? (YEAR|SHORTYEAR)", basis="explicit")
def _month_year(part: Part):
    if part.raw("MONTHM") in ("may", "march") and part.before() not in ("in", "since", "until", "of", "by", "from", "to"):
        return None
    y = part.get("YEAR", "SHORTYEAR")
    return fixed(f"{year4(y):04d}-{month_no(part):02d}")


@rule("month_of_year", "EDGE? MON OFYEAR")
def _month_of_year(part: Part):
    if unit(part.get("UNIT")) != "Y" or part.raw("MONTHM") in ("may", "march"):
        return None
    m, n = month_no(part), _step(part)
    return lambda at: f"{_year_base(part, at) + n:04d}-{m:02d}"


@rule("month_directed", "EDGE? DIRECTED MON (?!HYPH)")
def _month_directed(part: Part):
    if part.raw("MONTHM") in ("may", "march"):
        return None
    m = month_no(part)

    def read(at: At) -> str:
        base = at.anchor if part.has("PREV", "FOLLOW", "THAT", "SAME") else at.day
        first = date(base.year, base.month, 1)
        ahead = (m - base.month) % 12
        if part.has("LAST", "PREV"):
            return p.name(p.add_months(first, ahead - 12), "M")
        if part.has("NEXT", "FOLLOW", "COMING"):
            return p.name(p.add_months(first, ahead or 12), "M")
        return f"{base.year:04d}-{m:02d}"
    return read


@rule("month", "(EDGE)? MON", basis="year_inferred")
def _month(part: Part):
    word = part.raw("MONTH", "MONTHM")
    edge = part.at("MONTH", "MONTHM") > part.i
    if part.letters[-1] == LETTER["MONTHM"] and not edge:
        before = part.before()
        if word in ("may", "march", "Mar", "Jan", "Dec", "Jun", "Apr", "MAR", "JAN", "DEC", "MAY", "MARCH"):
            return None
        if before not in ("in", "since", "until", "till", "by", "during", "from", "to", "of", "and", "or", "through", "between",
                          "for", "before", "after", "on", "–", "-"):
            return None
        if before in ("and", "or", "of", "to", "from", "for", "by", "on") and part.letter_after() in (LETTER["CAP"],):
            return None
    elif word in ("may", "march") or (word == "August" and part.letter_after() == LETTER["CAP"]):
        return None
    if word and len(word) <= 3 and not edge and part.letter_before() not in (LETTER["IN"], LETTER["SINCE"], LETTER["BY"]):
        return None
    if word in ("April", "June", "August") and not edge and (part.letter_after() == LETTER["CAP"] and part.before() not in ("in", "since")):
        return None  # a person's name
    m, year = month_no(part), _year_ahead(part)
    return fixed(f"{year}-{m:02d}") if year else lambda at: p.name(nearest_month(at, m), "M")


# ---------------------------------------------------------------- weekdays

@rule("weekday_of_week", "EDGE? WEEKDAY (COMMA|OF)? DIRECTED (UNIT)")
def _weekday_of_week(part: Part):
    if unit(part.get("UNIT")) != "W":
        return None
    w, n = WEEKDAY_NO[part.get("WD", "WDA")], _step(part)

    def read(at: At) -> str:
        monday = p.shift(at.day, "D", -at.day.weekday())
        return p.shift(monday, "D", 7 * n + w).isoformat()
    return read


@rule("weekday_ordinal", "WEEKDAY (COMMA? DET (ORD|ORDW)|ORD)", basis="year_inferred")
def _weekday_ordinal(part: Part):
    return _ordinal_day(part)


@rule("weekday", "(EDGE|ABOUT)? DIRECTED? WEEKDAY")
def _weekday(part: Part):
    word = part.raw("WD", "WDA")
    if part.has("WDA") and (word in ("SUN", "SAT", "MON", "Sun", "Sat") or len(word) <= 3) and not part.has("LAST", "NEXT"):
        if part.letter_before() not in (LETTER["ON"],) and part.letter_after() not in (LETTER["COMMA"],):
            return None
        if word in ("Sun", "SUN", "Sat", "SAT") and part.letter_before() != LETTER["ON"]:
            return None
    w = WEEKDAY_NO[word.lower()]

    def read(at: At) -> str:
        if part.has("PREV", "FOLLOW", "SAME", "THAT") and at.ref:
            base = at.anchor
            if part.has("PREV"):
                return p.shift(base, "D", -((base.weekday() - w) % 7 or 7)).isoformat()
            if part.has("FOLLOW"):
                return p.shift(base, "D", (w - base.weekday()) % 7 or 7).isoformat()
            return nearest_weekday(base, w, "future").isoformat()
        if part.has("LAST", "PREV"):
            return p.shift(at.day, "D", -((at.day.weekday() - w) % 7 or 7)).isoformat()
        if part.has("NEXT", "COMING", "FOLLOW"):
            return p.shift(at.day, "D", (w - at.day.weekday()) % 7 or 7).isoformat()
        if part.has("THIS"):
            return nearest_weekday(at.day, w, "future" if at.tense != "past" else "past").isoformat()
        return nearest_weekday(at.day, w, at.tense).isoformat()
    return read


# ---------------------------------------------------------------- today and its neighbours

@rule("day_before_today", "DET UNIT (BEFORE|AFTER|SINCE) TODAY")
def _two_days(part: Part):
    n = {"yesterday": -2, "tomorrow": 2}.get(part.get("TODAY"))
    if n is None or unit(part.get("UNIT")) != "D":
        return None
    return lambda at: p.shift(at.day, "D", n).isoformat()


@rule("today", "EDGE? TODAY")
def _today(part: Part):
    n = {"yesterday": -1, "tomorrow": 1, "today": 0}[part.get("TODAY")]
    return lambda at: p.shift(at.day, "D", n).isoformat()


@rule("tonight", "EDGE? TONIGHT", "TIME")
def _tonight(part: Part):
    return lambda at: at.day.isoformat() + "TNI"


@rule("overnight", "OVERNIGHT", "TIME")
def _overnight(part: Part):
    if part.letter_after() == LETTER["OTHER"] and part.before() in ("an", "the", "a"):
        return None
    return lambda at: p.shift(at.day, "D", -1 if at.tense != "future" else 0).isoformat() + "TNI"


@rule("this_part", "EDGE? (THIS|LAST|THAT|DET (PREV|FOLLOW|NEXT|SAME)|NEXT) (EARLY|MID HYPH?)? (PART)", "TIME")
def _this_part(part: Part):
    word = part.get("PART")
    if part.has("THAT", "PREV", "FOLLOW", "SAME") or (part.has("NEXT") and part.has("DET")):
        n = -1 if part.has("PREV") else 1 if part.has("FOLLOW", "NEXT") else 0
        return lambda at: p.shift(at.anchor, "D", n).isoformat() + "T" + PART[word]
    n = -1 if part.has("LAST") else 1 if part.has("NEXT") else 0
    return lambda at: p.shift(at.day, "D", n).isoformat() + "T" + PART[word]


@rule("the_part", "(?<=(IN|BY|UNTIL|SINCE)) DET (EARLY|MID HYPH?)? PART (?!OF)", "TIME")
def _the_part(part: Part):
    word = part.get("PART")
    return lambda at: at.anchor.isoformat() + "T" + PART[word]


@rule("clock", "APPROX? (CL) ZN? (IN DET PART|AT PART)?", "TIME")
def _clock_alone(part: Part):
    time = _clock(part)
    if time is None or (not part.has("AMPM", "OCLOCK") and not part.has("ZONE", "TIME", "EASTERN")
                        and part.letter_before() not in (LETTER["AT"], LETTER["BY"], LETTER["UNTIL"], LETTER["SINCE"], LETTER["ABOUT"])
                        and not part.has("ABOUT")):
        return None
    if part.get("PART") in ("afternoon", "evening", "night") and int(time[1:3]) < 12:
        time = f"T{int(time[1:3]) + 12:02d}{time[3:]}"
    return lambda at: (at.anchor if at.ref and len(at.ref) >= 10 else at.day).isoformat() + time


# ---------------------------------------------------------------- feasts

_ON_WEEKDAY = {"labor": (9, 0, 1), "king": (1, 0, 3), "presidents": (2, 0, 3), "memorial": (5, 0, -1), "columbus": (10, 0, 2),
               "thanksgiving": (11, 3, 4), "mother": (5, 6, 2), "father": (6, 6, 3)}
_FROM_EASTER = {"easter": 0, "good friday": -2, "easter monday": 1, "palm sunday": -7, "ash wednesday": -46, "pentecost": 49}


def holiday(word: str, year: int) -> date | None:
    """The day of a feast in a year.

    >>> holiday("thanksgiving", 2021)
    datetime.date(2021, 11, 25)
    """
    key = re.sub(r"\s+", " ", word.lower().replace("’", "'"))
    what = HOLIDAY.get(key) or next((v for k, v in HOLIDAY.items() if k.replace("'", "").replace(".", "")
                                     == key.replace("'", "").replace(".", "")), None)
    if isinstance(what, tuple):
        return date(year, *what)
    if what in _ON_WEEKDAY:
        return p.nth_weekday(year, *_ON_WEEKDAY[what])
    if what in _FROM_EASTER:
        return p.easter(year) + timedelta(days=_FROM_EASTER[what])
    if what in ("black friday", "cyber monday"):
        return p.nth_weekday(year, 11, 3, 4) + timedelta(days=1 if what == "black friday" else 4)
    if what == "election":
        return p.nth_weekday(year, 11, 0, 1) + timedelta(days=1)
    return None


@rule("holiday_year", "HOLIDAY COMMA? OF? YEAR", basis="explicit")
def _holiday_year(part: Part):
    day = holiday(part.get("HOLIDAY"), int(part.get("YEAR")))
    return day and fixed(day.isoformat())


@rule("holiday", "EDGE? DIRECTED? HOLIDAY (UNIT|WEEKEND|EVE)?", basis="year_inferred")
def _holiday(part: Part):
    word = part.get("HOLIDAY")
    if part.letter_after() == LETTER["CAP"] and not part.has("LAST", "NEXT", "THIS"):
        return None
    if part.has("UNIT") and unit(part.get("UNIT")) not in ("D", "W"):
        return None
    u = "WE" if part.has("WEEKEND") else "W" if part.has("UNIT") and unit(part.get("UNIT")) == "W" else "D"

    def read(at: At) -> str | None:
        options = [h for y in (-1, 0, 1) if 1 < at.day.year + y < 9999 and (h := holiday(word, at.day.year + y))]
        if not options:
            return None
        near = min(options, key=lambda o: (abs((o - at.day).days), o))
        if part.has("LAST") or (at.tense == "past" and (near - at.day).days > 30):
            best = max((o for o in options if o <= at.day), default=options[0])
        elif part.has("NEXT") or (at.tense == "future" and (at.day - near).days > 30):
            best = min((o for o in options if o >= at.day), default=options[-1])
        else:
            best = near
        return p.name(best, u)
    return read


# ---------------------------------------------------------------- quarters, halves, seasons, fiscal years

def _which(part: Part) -> int:
    word = part.get("ORDW", "SECOND", "ORD", "LAST", "ENTIRE", "LATEST")
    if word in ("last", "final", "latest"):
        return 4
    if word == "opening":
        return 1
    return ORDINAL.get(word or "", _int(word))


_Q = "(ORDW|SECOND|ORD|LAST|ENTIRE)"


@rule("quarter_year", f"(EDGE|DET)? (DET|A|ITS)? FISCAL? HYPH? {_Q} HYPH? (QUARTER|HALF) (OF|IN|COMMA)? (DET? FISCAL? UNIT?) (YEAR|SHORTYEAR)",
      basis="explicit")
def _quarter_year(part: Part):
    y, n = year4(part.get("YEAR", "SHORTYEAR")), _which(part)
    u = "Q" if part.has("QUARTER") else "H"
    if u == "H" and n > 2 and part.has("LAST", "ENTIRE"):
        n = 2
    return fixed(f"{y:04d}-{u}{n}") if 1 <= n <= (4 if u == "Q" else 2) else None


@rule("year_quarter", f"DET? (YEAR) POSS? (FISCAL HYPH?)? {_Q} HYPH? (QUARTER|HALF)", basis="explicit")
def _year_quarter(part: Part):
    return _quarter_year(part)


@rule("quarter_of_year", f"(EDGE|DET)? (DET|A|ITS)? FISCAL? HYPH? {_Q} HYPH? (QUARTER|HALF) (OF|IN|COMMA)? (DET? WHEN FISCAL? UNIT)")
def _quarter_of_year(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    k = part.at("QUARTER", "HALF")
    head, tail = Part(part.tokens, part.i, k + 1), Part(part.tokens, k + 1, part.j)
    n, step, u = _which(head), _step(tail), "Q" if head.has("QUARTER") else "H"
    if not 1 <= n <= (4 if u == "Q" else 2):
        return None
    return lambda at: f"{_year_base(tail, at) + step:04d}-{u}{n}"


@rule("year_s_quarter", f"(LAST|THIS|NEXT) UNIT POSS (FISCAL HYPH?)? {_Q}? HYPH? (QUARTER|HALF|PERIOD)")
def _year_s_quarter(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    k = part.at("POSS")
    head, tail = Part(part.tokens, part.i, k), Part(part.tokens, k, part.j)
    n, step, u = _which(tail), _step(head), "H" if tail.has("HALF") else "Q"

    def read(at: At) -> str:
        year = at.day.year + step
        if n:
            return f"{year:04d}-{u}{n}"
        return f"{year:04d}{_context_quarter(at)[4:]}"
    return read


def _context_quarter(at: At) -> str:
    return at.quarter or p.name(p.add_months(at.day, -3), "Q")


@rule("quarter_ago", f"DET? COMPARABLE? (UNIT|A UNIT) HYPH? (EARLIER|AGO) (FISCAL HYPH?)? {_Q}? HYPH? (QUARTER|PERIOD|HALF|UNIT|UNITS|CARD UNITS)?")
def _quarter_ago(part: Part):
    words = part.words
    if unit(part.get("UNIT")) != "Y" or (part.has("A")):
        return None
    hyphen = LETTER["HYPH"] in part.letters
    if not hyphen and not part.has("DET"):
        return None
    n = _which(part) if part.has("ORDW", "SECOND", "ORD") else 0
    last = words[-1]
    if part.has("DET") and last in ("ago", "earlier"):
        return None
    if last in ("months", "weeks"):
        number = count(Part(part.tokens, part.at("AGO", "EARLIER") + 1, part.j))
        return lambda at: duration(number, unit(last))
    if last == "month":
        return lambda at: p.name(p.add_months(at.day, -12), "M")

    def read(at: At) -> str:
        if n:
            return f"{at.day.year - 1:04d}-Q{n}"
        quarter = at.quarter or (_context_quarter(at) if last == "quarter" else None)
        if quarter:
            return f"{int(quarter[:4]) - 1:04d}{quarter[4:]}"
        return p.name(p.shift(at.day, "Y", -1), "Y")
    return read


@rule("quarter", f"((EDGE|DET)? DET? (FISCAL HYPH?)? {_Q} (QUARTER|HALF)|FISCAL? HYPH? {_Q} HYPH (QUARTER|HALF))", basis="year_inferred")
def _quarter(part: Part):
    n, u = _which(part), "Q" if part.has("QUARTER") else "H"
    if part.has("LAST", "ENTIRE") and not part.has("ORDW", "SECOND", "ORD"):
        if part.get("LAST") and u == "Q":
            return lambda at: p.name(p.add_months(at.day, -3), "Q")
        if u == "Q" and part.get("ENTIRE") not in ("final", "opening"):
            return lambda at: _context_quarter(at)
        n = n if u == "Q" else 2 if n == 4 else n
    if not 1 <= n <= (4 if u == "Q" else 2):
        return None
    if u == "H" and not part.has("DET"):
        return None
    months = 3 if u == "Q" else 6

    def read(at: At) -> str:
        first = date(at.day.year, months * (n - 1) + 1, 1)
        if part.has("FISCAL"):
            return p.name(first, u)  # whose fiscal year it is, and when it starts, the text does not say
        if at.past_year:
            return f"{at.past_year:04d}-{u}{n}"
        if at.tense == "past" and first > at.day:
            first = p.add_months(first, -12)
        elif at.tense != "future" and (first - at.day).days > 80:
            first = p.add_months(first, -12)
        elif at.tense == "future" and (at.day - p.add_months(first, months)).days > 100:
            first = p.add_months(first, 12)
        return p.name(first, u)
    return read


@rule("the_quarter", "(DET|THIS|THAT|SAME|DET (LATEST|CURRENT|SAME|NEXT|PREV|FOLLOW|COMPARABLE|ENTIRE)|LAST|NEXT) (QUARTER)")
def _the_quarter(part: Part):
    if part.has("LAST"):
        return lambda at: p.name(p.add_months(at.day, -3), "Q")
    if part.has("THIS", "CURRENT"):
        return lambda at: p.name(at.day, "Q")
    if part.has("NEXT", "FOLLOW", "PREV"):
        n = -3 if part.has("PREV") else 3
        return lambda at: p.name(p.add_months(p.bounds(at.quarter)[0] if at.quarter else at.day, n), "Q")
    if part.has("LATEST"):
        return lambda at: at.quarter if at.quarter and at.quarter < p.name(at.day, "Q") else p.name(p.add_months(at.day, -3), "Q")
    return _context_quarter


@rule("the_period", "DET (YEAR|LATEST|SAME|COMPARABLE|(COMPARABLE|SAME) (YEAR|UNIT HYPH (EARLIER|AGO))) PERIOD (LAST UNIT|OF (LAST UNIT|YEAR)|A UNIT (EARLIER|AGO))?")
def _the_period(part: Part):
    y = part.get("YEAR")
    back = part.has("LAST", "EARLIER", "AGO") or (part.has("SAME", "COMPARABLE"))

    def read(at: At) -> str | None:
        if not at.quarter:
            return y or p.name(p.shift(at.day, "Y", -1 if back else 0), "Y")
        year = y or f"{int(at.quarter[:4]) - (1 if back else 0):04d}"
        return year + at.quarter[4:]
    return read


@rule("season_year", "(EDGE)? (DET|THIS)? (EARLY|MID HYPH?)? SEAS (OF|COMMA)? (YEAR|SHORTYEAR)", basis="explicit")
def _season_year(part: Part):
    if part.has("SEASONA") and part.raw("SEASONA").endswith("time"):
        return None
    y = year4(part.get("YEAR", "SHORTYEAR"))
    return fixed(f"{y:04d}-{SEASON[part.get('SEASON', 'SEASONA')]}")


@rule("season_directed", "EDGE? (DIRECTED|DET LAST|THIS LAST) (EARLY|MID HYPH?)? SEAS")
def _season_directed(part: Part):
    code = SEASON[part.get("SEASON", "SEASONA")]

    def read(at: At) -> str:
        base = at.anchor if part.has("PREV", "FOLLOW", "THAT", "SAME") else at.day
        year = int(p.name(base, "S")[:4]) if code == "WI" else base.year
        now = p.bounds(f"{year:04d}-{code}")
        if part.has("LAST", "PREV") and now[1] >= base:
            year -= 1
        if part.has("NEXT", "FOLLOW", "COMING") and now[0] <= base:
            year += 1
        return f"{year:04d}-{code}"
    return read


@rule("season_of_year", "EDGE? DET? SEAS OFYEAR")
def _season_of_year(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    code, n = SEASON[part.get("SEASON", "SEASONA")], _step(part)
    return lambda at: f"{_year_base(part, at) + n:04d}-{code}"


@rule("season", "(EDGE DET?|DET) (EARLY|MID HYPH?)? SEAS|(?<=(IN|BY|SINCE|UNTIL)) SEAS", basis="year_inferred")
def _season(part: Part):
    word = part.get("SEASON", "SEASONA")
    if word == "fall" and (part.after() in ("of", "in", "from") or not (part.has("EARLY", "MID") or part.before() in ("in", "by", "this"))):
        return None
    if word == "spring" and part.after() == "of":
        return None
    if part.letter_after() in (LETTER["CAP"], LETTER["HYPH"]) or part.raw("SEASON", "SEASONA")[0].isupper():
        return None
    code = SEASON[word]

    def read(at: At) -> str:
        year = at.day.year
        first = p.bounds(f"{year:04d}-{code}")[0]
        if at.tense == "past" and first > at.day or at.tense == "" and (first - at.day).days > 150:
            year -= 1
        elif at.tense == "future" and p.bounds(f"{year:04d}-{code}")[1] < at.day:
            year += 1
        return f"{year:04d}-{code}"
    return read


@rule("numbered_quarter", "QUARTERNO (OF|COMMA|HYPH)? (YEAR|SHORTYEAR)|YEAR HYPH? QUARTERNO", basis="explicit")
def _numbered_quarter(part: Part):
    return fixed(f"{year4(part.get('YEAR', 'SHORTYEAR')):04d}-{part.raw('QUARTERNO').upper()}")


@rule("numbered_quarter_alone", "QUARTERNO", basis="year_inferred")
def _numbered_quarter_alone(part: Part):
    u, n = part.raw("QUARTERNO")[0], int(part.raw("QUARTERNO")[1])
    if u == "H" and n > 2 or part.letter_before() == LETTER["OTHER"] and part.before() in ("#", "&", ".", "_"):
        return None

    def read(at: At) -> str:
        first = date(at.day.year, (3 if u == "Q" else 6) * (n - 1) + 1, 1)
        return p.name(p.add_months(first, -12) if first > at.day and at.tense != "future" else first, u)
    return read if part.letter_before() in (LETTER["IN"], LETTER["FOR"], LETTER["BY"], LETTER["OF"], LETTER["SINCE"]) else None


def _fiscal(y: int) -> Answer:
    # The United States' federal fiscal year, named after the year it ends in.
    return f"{y:04d}", date(y - 1, 10, 1), date(y, 9, 30), "year"


@rule("fiscal_year", "(EDGE|DET)? (FISCAL (UNIT COMMA?)? (YEAR|SHORTYEAR)|FY HYPH? (YEAR|DAY|INT|SHORTYEAR)|(YEAR) FISCAL UNIT|FYNO)", basis="explicit")
def _fiscal_year(part: Part):
    y = year4(part.get("YEAR", "SHORTYEAR", "DAY", "INT", "FYNO"))
    return (lambda at: _fiscal(y)) if 1900 <= y <= 2100 else None


@rule("fiscal_directed", "EDGE? (DIRECTED) FISCAL UNIT")
def _fiscal_directed(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    n = _step(part)
    return lambda at: _fiscal(min(9998, max(2, at.day.year + (at.day.month >= 10) + n)))


# ---------------------------------------------------------------- so many units ago, later, before

@rule("ago", "(EDGE)? APPROX? COUNT HYPH? (ENTIRE)? (UN|SEAS) (AND A HALF)? (OR SO|OR MORE|OR TWO)? (AGO|EARLIER|LATER|BEFORE|AFTER|HENCE|FROM (TODAY|REF)|DASH? AHEAD|SINCE)")
def _ago(part: Part):
    word = part.get("AGO", "EARLIER", "LATER", "BEFORE", "AFTER", "HENCE", "FROM", "AHEAD", "SINCE")
    if word in ("before", "after", "since") or part.has("AHEAD"):
        # "three days after the vote" is anchored to an event, which is not dated here
        if word != "before" or part.letter_after() not in (LETTER["STOP"], LETTER["COMMA"], LETTER["BAR"], ""):
            return None
    k = part.at("UNIT", "UNITS", "QUARTER", "WEEKEND", "SECOND", "SEASON", "SEASONA")
    n = count(Part(part.tokens, part.at("COUPLE", "FEW", "DOZENS", "ANOTHER", "A", "ONE", "NUMW", "DAY", "INT", "YEAR", "OLDYEAR", "REAL", "HALF",
                                        "HUNDRED", "FRACTION"), k))
    u = unit(part.tokens.words[k])
    if n is not None and part.has("HALF") and part.at("HALF") > k:
        n += 0.5
    if part.tokens.letters[k + 1:k + 3] == LETTER["OR"] + LETTER["NUMW"]:
        n = None
    back = word in ("ago", "earlier", "before")
    anchored = word in ("earlier", "later", "before")
    if n is None:
        if word == "ago":
            return fixed("PAST_REF") if True else None
        if not anchored:
            return fixed("FUTURE_REF")
    sign = -1 if back else 1

    def read(at: At) -> str | Answer | None:
        if n is None:
            return duration(None, u)
        if u in ("TH", "TM", "TS"):
            if word != "ago":
                return duration(n, u)
            then = p.shift(at.day, "D", -((n * {"TH": 3600, "TM": 60, "TS": 1}[u]) // 86400 + 1))
            return at.day.isoformat(), then, at.day, "day"
        span = p.bounds(at.ref) if anchored and at.ref else None
        base = at.base(u) if span else at.day
        if u == "Y" and n == 1 and back and at.quarter:
            quarter = at.quarter
            return f"{int(quarter[:4]) - 1:04d}{quarter[4:]}"
        moved = p.shift(base, {"F": "W"}.get(u, u), sign * n * (2 if u == "F" else 1))
        if span and anchored:
            fine = p.unit_of(at.ref)
            order = ["D", "WE", "W", "M", "Q", "S", "H", "Y", "E", "C"]
            grain = fine if u in ("Y", "E", "M") and order.index(fine) <= order.index(u) and fine in ("M", "Q", "Y", "D", "S") else u
            if u in ("Y", "E") and fine == "D":
                grain = "Y"
            if u == "M" and fine == "D":
                grain = "M"
            return p.name(moved, {"F": "W", "E": "Y", "WE": "WE"}.get(grain, grain))
        return p.name(moved, {"F": "W", "E": "Y", "S": "S"}.get(u, u))
    return read


# ---------------------------------------------------------------- last, this, next …

@rule("window", "EVERYOF? (DET|THESE)? (LAST|PREV|NEXT|FOLLOW|COMING|FINAL) (ENTIRE)? (COUNT) HYPH? (ENTIRE)? (UN|SEAS|PARTS) (OR SO)?"
      .replace("EVERYOF?", "").replace("|THESE", "").replace("|FINAL", ""), "DURATION")
def _window(part: Part):
    k = part.at("UNIT", "UNITS", "QUARTER", "WEEKEND", "SEASON", "SEASONA", "SECOND", "PARTS")
    head = part.at("LAST", "PREV", "NEXT", "FOLLOW", "COMING")
    n, u = count(Part(part.tokens, head + 1, k)), unit(part.tokens.words[k])
    value = duration(n, u)
    sign = -1 if part.has("LAST", "PREV") else 1
    anchored = part.has("PREV", "FOLLOW")

    def read(at: At) -> Answer | str:
        if u in ("TH", "TM", "TS"):
            return value
        base = at.anchor if anchored and at.ref else at.day
        return window(value, base, p.shift(base, {"F": "W"}.get(u, u), sign * (n or 9)))
    return read


@rule("recent_units", "(DET? (RECENT|COMING|LAST)|DET NEXT) (UNITS) (AND UNITS)?", "DATE", "none")
def _recent_units(part: Part):
    u = unit(part.get("UNITS"))
    if part.has("LAST"):
        return fixed(duration(None, u))
    return fixed("PAST_REF" if part.has("RECENT") else "FUTURE_REF")


@rule("directed_unit", "EDGE? (DET? (LAST|PREV|NEXT|FOLLOW|COMING|CURRENT|SAME|LATEST)|THIS (LAST|COMING|SAME|CURRENT)|THIS|THAT SAME?) (ENTIRE|FISCAL)? (UNIT|WEEKEND) (?!HYPH (AGO|EARLIER))")
def _directed_unit(part: Part):
    u, words = unit(part.get("UNIT", "WEEKEND")), part.words
    u = {"F": "W"}.get(u, u)
    if u in ("TH", "TM", "TS"):
        return None
    edge = part.has("EARLY", "EARLIER", "LATER", "MID", "PARTOF")
    the = "the" in words
    if the and part.get("LAST") and not edge:  # "the last year" is a stretch of time, "last year" a year
        value = duration(1, u)
        if u == "E":
            return lambda at: window(duration(1, u), p.shift(at.day, u, -1), at.day)
        if u in ("Y",):
            return lambda at: (p.name(p.shift(at.day, "Y", -1), "Y"))
        return lambda at: window(value, p.shift(at.day, u, -1), at.day)
    if part.get("LAST") == "past" and "this" not in words and u != "Y":
        return lambda at: window(duration(1, u), p.shift(at.day, u, -1), at.day)
    n = _step(part)
    anchored = part.has("FOLLOW", "PREV", "THAT", "SAME") or (the and part.has("NEXT"))

    def read(at: At) -> str | None:
        base = at.anchor if anchored and at.ref else at.day
        step = n
        if u == "WE" and n <= 0 and part.has("THIS") and not part.has("LAST"):
            return p.name(p.shift(base, "D", -7 if at.tense == "past" and base.weekday() < 5 else 0), "WE")
        return p.name(p.shift(base, "W" if u == "WE" else u, step), u)
    return read


@rule("earlier_in", "(EDGE) DET (UNIT|WEEKEND)")
def _earlier_in(part: Part):
    u = unit(part.get("UNIT", "WEEKEND"))
    if u in ("TH", "TM", "TS") or part.letter_after() == LETTER["OF"] or not (part.has("EARLIER", "LATER", "EARLY", "MID", "PARTOF", "SOMETIME")):
        return None
    if part.has("PARTOF") and u == "D":
        return None
    anchored = part.has("PARTOF", "MID")
    return lambda at: p.name(at.anchor if anchored and at.ref else at.day, u)


@rule("the_unit_before", "DET UNIT (BEFORE|AFTER|EARLIER) (?=(STOP|COMMA|BAR|AND|CLOSE))")
def _the_unit_before(part: Part):
    u, n = unit(part.get("UNIT")), 1 if part.has("AFTER") else -1
    if u not in ("D", "W", "M", "Y"):
        return None
    return lambda at: p.name(p.shift(at.base(u), u, n), u)


@rule("year_end", "(EDGE|DET|ABOUT)? (WHEN)? UNIT (POSS|HYPH)? PARTOF", basis="year_inferred")
def _year_end(part: Part):
    if unit(part.get("UNIT")) != "Y" or part.get("PARTOF") not in ("end", "start") or part.has("EARLY"):
        return None
    if part.has("PARTOF") and part.words[-1] not in ("end",):
        return None
    n = _step(part)
    return lambda at: f"{at.day.year + n - (1 if at.tense == 'past' and not n and at.day.month < 6 else 0):04d}-12-31"


@rule("the_weekend", "EDGE? (DET|OVER DET)? WEEKEND".replace("|OVER DET", ""))
def _weekend(part: Part):
    if not part.has("DET"):
        return None

    def read(at: At) -> str:
        ahead = at.tense == "future" or at.day.weekday() >= 5
        return p.name(at.day if ahead else p.shift(at.day, "W", -1), "WE")
    return read


@rule("the_unit", "DET (ENTIRE|FISCAL)? (UNIT) (?!OF|HYPH|UNTIL|AFTER|BEFORE)", basis="relative")
def _the_unit(part: Part):
    u = unit(part.get("UNIT"))
    if u == "Y" and (part.after() in ("ended", "ending") or (part.has("FISCAL") and part.before() == "throughout")):
        return fixed("P1Y")
    if part.before() not in ("for", "of", "in", "during", "throughout", "later", "earlier"):
        return None
    if u in ("W", "M", "Y") and part.before() in ("for", "of", "in") and part.letter_after() in (LETTER["STOP"], LETTER["COMMA"], LETTER["BAR"]):
        return lambda at: p.name(at.anchor if at.ref else at.day, u)
    return None


# ---------------------------------------------------------------- ordinals alone

@rule("ordinal_day", "(?<=(ON|BY|UNTIL|SINCE|BEFORE|FOR|FROM|TO|OF|COMMA)) DET ORD", basis="year_inferred")
def _ordinal(part: Part):
    # not "the 20th century", "the 29th meeting"
    if part.letter_after() not in (LETTER["STOP"], LETTER["COMMA"], LETTER["BAR"], LETTER["CLOSE"], LETTER["AND"], LETTER["OR"],
                                   LETTER["BUT"], LETTER["AT"], LETTER["FOR"], LETTER["IN"], LETTER["TO"], ""):
        if not (part.letter_after() == LETTER["OTHER"] and part.before() in ("on", "by", "until", "since") and
                part.after() in ("when", "that", "as", "with", "he", "she", "they", "it", "we", "but", "because", "after", "before", "which", "where")):
            return None
    return _ordinal_day(part)


@rule("ordinal_day_loose", "DET ORD", basis="year_inferred")
def _ordinal_loose(part: Part):
    if part.letter_after() not in (LETTER["STOP"], LETTER["BAR"]) or part.letter_before() in (LETTER["OF"],):
        if part.before() not in ("on", "until", "by", "since", "before", "after", "from"):
            return None
        if part.letter_after() in (LETTER["CAP"], LETTER["UNIT"], LETTER["HYPH"], LETTER["CENTURY"]):
            return None
        if part.after() in ("floor", "anniversary", "time", "century", "birthday", "day", "place", "hole", "minute", "session",
                            "round", "meeting", "edition", "district", "lap", "inning", "grade", "parallel", "congress", "amendment",
                            "and", "street", "avenue", "century,", "largest", "brigade", "division", "attempt", "season", "game"):
            return None
    return _ordinal_day(part)


def _ordinal_day(part: Part) -> Meaning | None:
    d = day_no(part)
    weekday = part.get("WD", "WDA")

    def read(at: At) -> str | None:
        if at.ref and len(at.ref) == 10 and p.bounds(at.ref):
            base = p.bounds(at.ref)[0]
            if not weekday:
                near = [o for n in (-1, 0, 1) if (o := _dom(base, n, d))]
                if at.tense != "future":
                    near = [o for o in near if o <= max(at.day, base)] or near
                return min(near, key=lambda o: abs((o - base).days)).isoformat() if near else None
        options = [o for n in range(-13, 14) if (o := _dom(at.day, n, d))]
        if weekday:
            options = [o for o in options if o.weekday() == WEEKDAY_NO[weekday]] or options
        if at.tense == "future":
            options = [o for o in options if o >= at.day] or options
        elif at.tense == "past" or not weekday:
            options = [o for o in options if o <= at.day] or options
        return min(options, key=lambda o: abs((o - at.day).days)).isoformat() if options else None
    return read


def _dom(day: date, months: int, d: int) -> date | None:
    first = p.add_months(date(day.year, day.month, 1), months)
    return _date(first.year, first.month, d)


# ---------------------------------------------------------------- decades, centuries, years

@rule("decade", "EDGE? (DET)? (EARLY|MID HYPH?)? (DECADE|DECADEW)", basis="explicit")
def _decade(part: Part):
    word = part.get("DECADE", "DECADEW")
    if part.has("DECADEW"):
        return fixed(f"19{DECADE[word]}X") if part.has("DET") else None
    digits = re.sub(r"\D", "", word)
    if len(digits) == 2:
        if not part.has("DET") and not word.startswith(("'", "’")):
            return None
        return fixed(("20" if digits < "30" else "19") + digits[0] + "X")
    return fixed(digits[:3] + "X")


@rule("century", "EDGE? (DET)? (EARLY|MID HYPH?)? (ORD|BIGORD|ORDW|ORDW HYPH ORDW|NUMW HYPH ORDW) HYPH? UNIT (?!HYPH)", basis="explicit")
def _century(part: Part):
    if unit(part.get("UNIT")) != "C":
        return None
    word = part.get("ORD", "BIGORD")
    n = _int(word) if word else NUMBER.get(part.get("NUMW") or "", 0) + ORDINAL.get(part.get("ORDW"), 0)
    return fixed(f"{n - 1:02d}XX") if 1 <= n <= 99 else None


@rule("year_span", "YEAR (HYPH|DASH|SLASH) (DAY|INT) (?!YEAR|HYPH)", "DATE", "explicit")
def _year_span(part: Part):
    first, last = int(part.words[0]), part.words[-1]
    if len(last) != 2 or not part.joined(part.j - 1) or int(last) != (first + 1) % 100:
        return None
    return lambda at: (f"{first:04d}", date(first, 1, 1), date(first + 1, 12, 31), "interval")


@rule("said_year", "(DET UNIT)? NUMW (HYPH)? NUMW (HYPH? (ONE|NUMW))?", basis="explicit")
def _said_year(part: Part):
    words = [w for w in part.words if w not in ("-", "the", "year")]
    numbers = [NUMBER.get(w, 0) for w in words]
    if len(numbers) >= 2 and numbers[0] in (18, 19) and 10 <= numbers[1] and sum(numbers[1:]) < 100:
        return fixed(f"{numbers[0] * 100 + sum(numbers[1:]):04d}")
    if len(numbers) >= 2 and numbers[0] == 20 and 10 <= numbers[1] < 30:
        return fixed(f"{2000 + sum(numbers[1:]):04d}")
    return None


@rule("said_2000", "DET UNIT NUMW HUNDRED (ONE|NUMW)?", basis="explicit")
def _said_2000(part: Part):
    words = part.words
    if words[1] != "year" or words[2] != "two" or words[3] != "thousand":
        return None
    return fixed(f"{2000 + (NUMBER.get(words[4], 0) if len(words) > 4 else 0):04d}")


@rule("year", "(EDGE|ABOUT)? (DET UNIT)? (YEAR) (AD|BC)? (?!MONEY|UNITS)", basis="explicit")
def _year(part: Part):
    if part.has("BC"):
        return None
    word = part.get("YEAR")
    k = part.at("YEAR")
    letters, words = part.tokens.letters, part.tokens.words
    before = letters[k - 1] if k else ""
    after = part.letter_after()
    if before in (LETTER["MONEY"], LETTER["SLASH"], LETTER["COLON"]) and part.joined(k):
        return None
    if after == LETTER["SLASH"] and part.joined(part.j):
        return None
    if part.after() in ("percent", "people", "miles", "feet", "points", "shares", "meters", "metres", "votes", "tons", "tonnes", "troops",
                        "soldiers", "kilometers", "km", "men", "women", "dead", "jobs", "dollars", "words", "employees", "seats", "homes",
                        "workers", "times", "characters", "views", "comments", "others", "lives", "fighters", "students", "acres", "tanks",
                        "missiles", "cases", "million", "billion", "pounds", "euros", "rubles", "yards", "members", "new", "calories",
                        "civilians", "houses", "megawatts", "copies", "rounds", "companies", "children", "patients", "prisoners"):
        return None
    if k and words[k - 1].lower() in ("than", "no", "number", "room", "flight", "route", "some", "all", "nearly", "almost", "least", "page", "#") \
            and part.tokens.letters[k - 1] != LETTER["IN"]:
        return None
    if part.has("UNIT") and part.get("UNIT") != "year":
        return None
    if k == part.i and k and words[k - 1].lower().rstrip(".") in _NUMBERED:
        return None
    return fixed(word)


_NUMBERED = {"resolution", "route", "flight", "act", "law", "article", "section", "no", "number", "order", "decree", "bill", "code", "chapter",
             "room", "page", "model", "serial", "hr", "h.r", "s.res", "regulation", "directive", "channel", "gate", "lot", "item", "box", "case",
             "boeing", "airbus", "highway", "convoy", "unit", "squadron", "paragraph", "form", "version"}


@rule("short_year", "(?<=(IN|SINCE|OF|UNTIL|BY)) SHORTYEAR", basis="explicit")
def _short_year(part: Part):
    return fixed(f"{year4(part.words[0]):04d}")


@rule("old_year", "(?<=(IN|SINCE|UNTIL)) OLDYEAR (?!MONEY|UNITS|OTHER UNIT)", basis="explicit")
def _old_year(part: Part):
    if part.letter_after() == LETTER["OTHER"] and part.after().isalpha():
        return None
    return fixed(part.words[0])


# ---------------------------------------------------------------- sets

@rule("every", "EVERY (OTHER|ORDW|SECOND|DAY|NUMW|FEW|OF DET? (LAST|NEXT)? CARD?)? (UNIT|UNITS|PART|WD|MON|SEAS|WEEKEND|QUARTER|SECOND)", "SET", "none")
def _every(part: Part):
    k = part.j - 1
    letter, word = part.letters[-1], part.tokens.words[k].lower()
    if part.has("OF"):
        return None
    if letter == LETTER["WD"]:
        return fixed(f"XXXX-WXX-{WEEKDAY_NO[word] + 1}")
    if letter in (LETTER["MONTH"], LETTER["MONTHM"]):
        return fixed(f"XXXX-{MONTH_NO[word]:02d}")
    if letter in (LETTER["SEASON"], LETTER["SEASONA"]):
        return fixed(f"XXXX-{SEASON[word]}")
    if letter == LETTER["PART"]:
        return fixed(f"XXXX-XX-XXT{PART[word]}")
    if letter == LETTER["WEEKEND"]:
        return fixed("XXXX-WXX-WE")
    n: float | None = 1
    if part.has("OTHER", "SECOND") and part.j - part.i > 2:
        n = 2
    elif part.has("ORDW"):
        n = ORDINAL[part.get("ORDW")]
    elif part.has("FEW"):
        n = None
    elif part.has("DAY", "NUMW"):
        n = count(Part(part.tokens, part.i + 1, k))
    return fixed(duration(n, unit(word)))


@rule("weekdays", "(WDS) PARTS?|WD PARTS".replace("PARTS?", "(PARTS|PART)?"), "SET", "none")
def _weekdays(part: Part):
    value = f"XXXX-WXX-{WEEKDAY_NO[part.words[0]] + 1}"
    part_of_day = part.get("PARTS", "PART")
    return fixed(value + ("T" + PART[part_of_day.rstrip("s")] if part_of_day else ""))


@rule("adverb", "ADVERB", "SET", "none")
def _adverb(part: Part):
    if part.raw("ADVERB")[0].isupper() and part.letter_before() not in (LETTER["STOP"], LETTER["BAR"], ""):
        return None
    if part.letter_after() == LETTER["CAP"] and part.raw("ADVERB")[0].isupper():
        return None
    if part.words[0] in ("quarterly", "yearly", "monthly") and part.letter_after() == LETTER["OTHER"]:
        return None  # "a quarterly dividend" names a thing, not a time
    return fixed(ADVERB[part.words[0]])


@rule("times_a", "(?<=(ONCE|TIMES)) (A|PER|EVERY) UNIT|PER UNIT|(?<=MONEY) A UNIT", "SET", "none")
def _times_a(part: Part):
    u = unit(part.get("UNIT"))
    return fixed(duration(1, u))


# ---------------------------------------------------------------- durations

_YOUNG = {"baby", "boy", "girl", "infant", "child", "son", "daughter", "twins", "puppy"}


@rule("span_old", "(DAY|INT|NUMW|ONE|FEW) HYPH UNIT HYPH OLD", "DURATION", "none")
def _span_old(part: Part):
    if unit(part.get("UNIT")) == "Y" or part.after() in _YOUNG:
        return None  # a person's age: the next rule
    return fixed(duration(count(Part(part.tokens, part.i, part.i + 1)), unit(part.get("UNIT"))))


@rule("age", "COUNT HYPH (UNIT|SECOND|QUARTER|UNITS) HYPH OLD", "DURATION", "none")
def _age(part: Part):
    k = part.at("UNIT", "SECOND", "QUARTER", "UNITS")
    if part.has("A") and not part.has("FEW", "COUPLE", "HALF"):
        return None  # the article belongs to what is so old
    return fixed(duration(count(Part(part.tokens, part.i, k - 1)), unit(part.tokens.words[k])))


@rule("age_said", "COUNT UNITS OLD", "DURATION", "none")
def _age_said(part: Part):
    return fixed(duration(count(Part(part.tokens, part.i, part.j - 2)), unit(part.get("UNITS"))))


@rule("span", "COUNT HYPH (UNIT|SECOND|QUARTER) (HYPH (LONG|TERM))?", "DURATION", "none")
def _span(part: Part):
    if part.has("A") and not part.has("FEW", "COUPLE", "HALF"):
        return None
    k = part.at("UNIT", "SECOND", "QUARTER")
    u = unit(part.tokens.words[k])
    if u == "D" and part.tokens.words[k].lower() not in ("day", "night"):
        return None
    return fixed(duration(count(Part(part.tokens, part.i, k - 1)), u))


@rule("weeklong", "(WEEKLONG|UNITS HYPH LONG|UNIT HYPH LONG|DET? UNITS HYPH OLD)", "DURATION", "none")
def _weeklong(part: Part):
    word = part.words[0]
    if part.has("WEEKLONG"):
        stem = word.replace("long", "")
        return fixed(duration(None if stem.endswith("s") else 1, unit(stem)))
    return fixed(duration(None if part.has("UNITS") else 1, unit(part.get("UNITS", "UNIT"))))


@rule("duration_range", "APPROX? (DET)? (LAST|NEXT|COMING)? (CARD) (TO|OR|HYPH|DASH) (CARD) (ENTIRE|MORE)? (UNITS)", "DURATION", "none")
def _duration_range(part: Part):
    return lambda at: duration(None, unit(part.get("UNITS")))


@rule("duration", "(APPROX)? (DET (ENTIRE|LATEST|ORDW)?)? COUNT (MORE|ENTIRE|OTHER)? (UNIT|UNITS|QUARTER|WEEKEND) (AND A HALF|OR SO|OR MORE|OR TWO)?", "DURATION", "none")
def _duration(part: Part):
    k = part.at("UNIT", "UNITS", "QUARTER", "WEEKEND")
    word = part.tokens.words[k].lower()
    u = unit(word)
    half = part.letters.endswith(LETTER["AND"] + LETTER["A"] + LETTER["HALF"])
    if part.letters.startswith(LETTER["DET"]) and part.has("A"):
        return None
    if part.letter_after() == LETTER["HYPH"] and part.joined(part.j):
        return None  # "a decade-long siege", "a year-earlier loss"
    first = part.at("COUPLE", "FEW", "DOZENS", "ANOTHER", "A", "ONE", "NUMW", "DAY", "INT", "YEAR", "OLDYEAR", "REAL", "HALF", "HUNDRED", "FRACTION")
    n = count(Part(part.tokens, first, k))
    if part.tokens.letters[k + 1:k + 3] == LETTER["OR"] + LETTER["NUMW"]:
        n = None
    if half:
        n = (n or 0) + 0.5
    if word == "quarter" and n == 1:
        return None
    single = part.has("A") and n == 1 and not half
    if single and word in ("day", "night", "morning") and part.before() in ("such", "quite"):
        return None
    if word == "half":
        return None
    value = duration(n, u)
    if "P" == value:
        return None
    if part.letter_before() == LETTER["MONEY"]:
        return None
    if part.get("ABOUT") == "over" and part.before() not in ("for", "after", "just", "of", "well", "took", "lasted", "is", "was"):
        return None  # "over three years" is a stretch through which, read again without "over"
    return fixed(value)


@rule("vague_duration", "(FOR)? (UNITS) (OR UNITS|AND UNITS)? AGO?".replace("(FOR)?", "(?<=(FOR|IN|OF|OTHER))"), "DURATION", "none")
def _vague_duration(part: Part):
    u = unit(part.get("UNITS"))
    if part.before() not in ("for", "in", "after", "within", "last", "lasted", "took", "take", "over", "spent", "many") or part.has("AGO") and False:
        return None
    if part.letter_after() == LETTER["OF"] and part.before() not in ("after", "for"):
        return None
    return fixed(duration(None, u))


@rule("units_ago", "UNITS (AGO|LATER|EARLIER)")
def _units_ago(part: Part):
    u = unit(part.get("UNITS"))
    return fixed("PAST_REF") if part.has("AGO") and u == "Y" else fixed(duration(None, u))


# ---------------------------------------------------------------- past, present, future

@rule("reference", "MORE? REF", "DATE", "none")
def _reference(part: Part):
    word = part.get("REF")
    if word == "now" and part.letter_before() in (LETTER["HYPH"],):
        return None
    if word in ("shortly", "soon") and part.after() in ("after", "before", "thereafter", "as"):
        return None
    return fixed(REF[word])


@rule("moment", "(?<=(AT|FOR)) (DET (MOMENT|PRESENT TIME?)|THIS (TIME|POINT|MOMENT)|PRESENT)|(?<=AT) DET CURRENT TIME", "DATE", "none")
def _moment(part: Part):
    if part.letter_after() == LETTER["OF"]:
        return None
    return fixed("PRESENT_REF")


@rule("future", "DET (NEAR)? FUTURE|(?<=IN) FUTURE", "DATE", "none")
def _future(part: Part):
    if part.letter_after() in (LETTER["OF"], LETTER["CAP"]):
        return None
    return fixed("FUTURE_REF")


@rule("past", "DET (RECENT)? LAST (?=(STOP|COMMA|BAR|AND))|(?<=IN) DET (RECENT)? LAST (?!CAP|ORDW|WD)", "DATE", "none")
def _past(part: Part):
    return fixed("PAST_REF") if part.get("LAST") == "past" else None


@rule("adjective_ref", "CURRENT", "DATE", "none")
def _adjective(part: Part):
    if part.words[0] == "current" and part.letter_after() not in (LETTER["OTHER"],):
        return None
    return None if part.raw("CURRENT")[0].isupper() else fixed("PRESENT_REF")


# ---------------------------------------------------------------- matching

_core = re.compile(_compile("CORE"))
_ahead = re.compile(_compile("(DASH|HYPH|TO|AND|OR) (MD|MON|DAY|ORD) COMMA? YEAR"))
_behind = re.compile(_compile("(DASH|HYPH|TO|AND) (DAY|ORD) OF? MON COMMA? YEAR"))
_master: re.Pattern[str] | None = None
_each: list[re.Pattern[str]] = []


def _build() -> None:
    global _master
    parts = []
    for k, (_, pattern, *_rest) in enumerate(RULES):
        compiled = _compile(pattern)
        _each.append(re.compile(compiled))
        parts.append(f"(?P<r{k}>{compiled})")
    _master = re.compile(r"(?!\.)(?:" + "|".join(parts) + ")")


_build()


def match(tokens: Tokens, i: int, j: int | None = None, search: bool = False) -> Found | None:
    """Return the expression that starts at token i (or, searching, the first at or after it)."""
    letters = tokens.letters
    end = len(letters) if j is None else j
    while i < end:
        found = (_master.search if search else _master.match)(letters, i, end)
        if not found:
            return None
        i = found.start()
        k = int(found.lastgroup[1:])
        meaning = RULES[k][4](Part(tokens, i, found.end()))
        if meaning:
            return Found(i, found.end(), RULES[k][2], meaning, RULES[k][3], RULES[k][0])
        for k in range(k + 1, len(RULES)):
            found = _each[k].match(letters, i, end)
            if found and found.end() > i:
                meaning = RULES[k][4](Part(tokens, i, found.end()))
                if meaning:
                    return Found(i, found.end(), RULES[k][2], meaning, RULES[k][3], RULES[k][0])
        if not search:
            return None
        i += 1
    return None
