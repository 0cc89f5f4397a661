"""Rules for days: calendar dates, weekdays, today and its neighbours, clocks, feasts."""

from __future__ import annotations

import re
from datetime import date, timedelta

from . import periods as p
from .grammar import At, Meaning, Part, compile_pattern, inner, rule
from .lexicon import (
    HOLIDAY,
    LETTER,
    MONTH_NO,
    NUMBER,
    PART,
    WEEKDAY_NO,
)
from .quantities import (
    day_no,
    fixed,
    make_date,
    month_no,
    nearest_day,
    nearest_month,
    nearest_weekday,
    ordinal_day,
    step_of,
    to_int,
    unit,
    year4,
    year_base,
    ymd,
)

_AHEAD = re.compile(compile_pattern("(DASH|HYPH|TO|AND|OR) (MD|MON|DAY|ORD) COMMA? YEAR"))
_BEHIND = re.compile(compile_pattern("(DASH|HYPH|TO|AND) (DAY|ORD) OF? MON COMMA? YEAR"))


# ---------------------------------------------------------------- calendar dates


def _numeric(word: str) -> str | None:
    a, b, c = (int(x) for x in re.split(r"[/.-]", word)[:3])
    if a > 31:
        return ymd(a, b, c)
    c = year4(str(c)) if c < 100 else c
    if "/" not in word:
        return ymd(c, b, a)
    return ymd(c, a, b) or ymd(c, b, a)


def _year_ahead(part: Part) -> str | None:
    """The year that a range ends with: "June 3-5, 2019", "March and June 2020"."""
    found = _AHEAD.match(part.tokens.letters, part.j)
    return part.tokens.words[found.end() - 1] if found else None


def _calendar(part: Part) -> Meaning | None:
    """A day with a month, with or without its year."""
    m, d = month_no(part), day_no(part)
    if part.raw("MONTHM") in ("may", "march"):
        return None
    if not 1 <= d <= 31 or make_date(2000, m, d) is None:
        return None
    if part.has("ORDW") and part.words[-1] != part.get("ORDW") and part.letter_after() == LETTER["DAY"]:
        return None  # "first Oct. 10, then later"
    year = part.get("YEAR") or _year_ahead(part)
    if (
        not year
        and (m, d) == (9, 11)
        and part.after() in ("attacks", "attack", "terror", "terrorist", "terrorists", "hijackers")
    ):
        year = "2001"
    if year:
        part.basis = "explicit"
        return fixed(ymd(int(year), m, d))
    weekday = part.get("WD", "WDA")
    if weekday:
        w = WEEKDAY_NO[weekday]

        def with_weekday(at: At) -> str | None:  # the year is one in which the weekday agrees, the nearest such
            options = [
                o for y in range(at.day.year - 12, at.day.year + 13) if (o := make_date(y, m, d)) and o.weekday() == w
            ]
            near = nearest_day(at, m, d)
            best = min(options, key=lambda o: (abs((o - at.day).days), o), default=None)
            return best.isoformat() if best and abs((best - at.day).days) < 200 else near

        return with_weekday
    return lambda at: nearest_day(at, m, d)


def _clock(part: Part) -> str | None:
    word = part.get("AMPM", "CLOCK")
    if not word and part.has("ZONE", "EASTERN") and not part.has("OCLOCK", "PART"):
        digits = re.sub(r"\D", "", part.get("REAL", "INT", "OLDYEAR"))
        word = f"{digits[:-2]}:{digits[-2:]}" if 3 <= len(digits) <= 4 else "99:99"
    if not word:
        word = part.get("DAY", "NUMW", "ONE", "PART")
        if part.has("OCLOCK"):
            n = to_int(word) or NUMBER.get(word, 0)
            return f"T{n:02d}:00" if 1 <= n <= 24 else None
        return {"noon": "T12:00", "midnight": "T24:00"}.get(word)
    found = re.match(r"(\d{1,2})(?:[:.](\d\d))?(?:[:.](\d\d))?\s*([ap])?", word)
    if not found:
        return None
    h, m = int(found[1]), int(found[2] or 0)
    if found[4]:
        if h > 12:
            return None
        h = h % 12 + (12 if found[4] == "p" else 0)
    if h > 24 or m > 59:
        return None
    return f"T{h:02d}:{m:02d}"


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


def _compound(part: Part) -> Meaning | None:
    """A day and a time of day, in either order."""
    time = _clock(part)
    day = inner(part)
    return _with_time(day, time) if day and time else None


@rule("clock_day", "APPROX? (CL|PART) ZN? (COMMA|ON|OF)? CORE (?!YEAR)", "TIME")
def _clock_day(part: Part):
    if part.has("PART") and not part.has("AMPM", "CLOCK", "OCLOCK"):
        word = part.get("PART")
        if word not in ("noon", "midnight"):
            day = inner(part)
            return day and _with_time(day, "T" + PART[word])
    return _compound(part)


@rule("day_clock", "CORE (COMMA|AT|DASH|HYPH|COLON)? (AT|BY)? APPROX? CL ZN?", "TIME")
def _day_clock(part: Part):
    return _compound(part)


@rule("day_part", "EDGE? CORE COMMA? (EARLY|MID HYPH)? PART", "TIME")
def _day_part(part: Part):
    day = inner(part)
    word = part.get("PART")
    return day and _with_time(day, "T" + PART[word])


@rule("part_of_day", "DET? EARLY? PART (OF|ON) CORE", "TIME")
def _part_of(part: Part):
    day = inner(part)
    return day and _with_time(day, "T" + PART[part.get("PART")])


@rule("mid_part_day", "MID HYPH PART CORE", "TIME")
def _mid_part(part: Part):
    return _part_of(part)


@rule("calendar_year", "(EDGE|ABOUT)? (WEEKDAY COMMA? (DET)?)? MD COMMA? YEAR", basis="explicit")
def _calendar_year(part: Part):
    return _calendar(part)


@rule("calendar_old_year", "(EDGE|ABOUT)? (WEEKDAY COMMA?)? MD COMMA? OLDYEAR (?=(STOP|COMMA|BAR|CLOSE))",
      basis="explicit")
def _calendar_old_year(part: Part):
    return fixed(ymd(int(part.get("OLDYEAR")), month_no(part), day_no(part)))


@rule("calendar_of_year", "(EDGE)? (WEEKDAY COMMA?)? MD OFYEAR")
def _calendar_of_year(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    n = step_of(part)
    m, d = month_no(part), day_no(part)
    return lambda at: ymd(year_base(part, at) + n, m, d)


@rule("calendar", "(EDGE|ABOUT)? (WEEKDAY COMMA? DET?)? MD (?!MONEY|FRACTION)", basis="year_inferred")
def _calendar_day(part: Part):
    return _calendar(part)


@rule("numeric", "NUMDATE", basis="explicit")
def _numeric_date(part: Part):
    return fixed(_numeric(part.words[0]))


@rule(
    "range_day",
    "(?<=(MONTH|MONTHM) (DAY|ORD) (DASH|HYPH|AND|TO|OR|COMMA)) (DAY|ORD) (COMMA? YEAR)? (?!CLOCK|UNITS|MONEY)",
    basis="year_inferred",
)
def _range_day(part: Part):
    d = day_no(part)
    gap = part.before()
    if gap == "," or (gap in ("and", "to", "or") and part.letter_after() == "."):
        return None

    def read(at: At) -> str | None:
        span = p.bounds(at.ref) if at.ref else None
        return ymd(span[0].year, span[0].month, d) if span else None

    return read


@rule("range_first", "(DAY|ORD) (?=(DASH|HYPH|TO|AND) (DAY|ORD) OF? MON)", basis="year_inferred")
def _range_first(part: Part):
    m = MONTH_NO.get(part.after(2) if part.after(2) != "of" else part.after(3), 0)
    d, year = day_no(part), _year_after_month(part)
    if not m or make_date(2000, m, d) is None:
        return None
    part.basis = "explicit" if year else ""
    return fixed(ymd(int(year), m, d)) if year else lambda at: nearest_day(at, m, d)


def _year_after_month(part: Part) -> str | None:
    found = _BEHIND.match(part.tokens.letters, part.j)
    return part.tokens.words[found.end() - 1] if found else None


@rule("named_day", "FRACTION", basis="explicit")
def _named_day(part: Part):
    return fixed("2001-09-11") if part.words[0] == "9/11" else None


@rule("month_year", "(EDGE|ABOUT)? MON (COMMA|OF|HYPH|SLASH)? (YEAR|SHORTYEAR)", basis="explicit")
def _month_year(part: Part):
    a_word = part.raw("MONTHM") in ("may", "march")
    if a_word and part.before() not in ("in", "since", "until", "of", "by", "from", "to"):
        return None
    y = part.get("YEAR", "SHORTYEAR")
    return fixed(f"{year4(y):04d}-{month_no(part):02d}")


@rule("month_of_year", "EDGE? MON OFYEAR")
def _month_of_year(part: Part):
    if unit(part.get("UNIT")) != "Y" or part.raw("MONTHM") in ("may", "march"):
        return None
    m, n = month_no(part), step_of(part)
    return lambda at: f"{year_base(part, at) + n:04d}-{m:02d}"


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


# what May and March stand after when they are months
_MONTH_AFTER = set("in since until till by during from to of and or through between for before after on – -".split())


@rule("month", "EDGE? MON", basis="year_inferred")
def _month(part: Part):
    word, year = part.raw("MONTH", "MONTHM"), _year_ahead(part)
    if word in ("may", "march"):
        return None
    named = part.letter_after() == LETTER["CAP"]  # "April Smith", "August Wilson"
    if not year and part.at("MONTH", "MONTHM") == part.i:
        letters, i = part.tokens.letters, part.i
        listed = i > 1 and letters[i - 1] == LETTER["COMMA"] and letters[i - 2] in (LETTER["MONTH"], LETTER["MONTHM"])
        before = part.before()
        if word in ("May", "March", "MAY", "MARCH") and before not in _MONTH_AFTER and not listed:
            return None
        if named and word in ("May", "March", "MAY", "MARCH") and before not in ("in", "since", "during"):
            return None
        if named and word in ("April", "June", "August") and before not in ("in", "since"):
            return None
        if len(word) <= 3 and word.title() != "May" and before not in ("in", "during", "since", "by"):
            return None
    m = month_no(part)
    part.basis = "explicit" if year else ""
    return fixed(f"{year}-{m:02d}") if year else lambda at: p.name(nearest_month(at, m), "M")


# ---------------------------------------------------------------- weekdays


@rule("weekday_of_week", "EDGE? WEEKDAY (COMMA|OF)? DIRECTED (UNIT)")
def _weekday_of_week(part: Part):
    if unit(part.get("UNIT")) != "W":
        return None
    w, n = WEEKDAY_NO[part.get("WD", "WDA")], step_of(part)

    def read(at: At) -> str:
        monday = p.shift(at.day, "D", -at.day.weekday())
        return p.shift(monday, "D", 7 * n + w).isoformat()

    return read


@rule("weekday_ordinal", "WEEKDAY (COMMA? DET (ORD|ORDW)|ORD)", basis="year_inferred")
def _weekday_ordinal(part: Part):
    return ordinal_day(part)


@rule("weekday", "(EDGE|ABOUT)? DIRECTED? WEEKDAY")
def _weekday(part: Part):
    word = part.raw("WD", "WDA")
    if (
        part.has("WDA")
        and (word in ("SUN", "SAT", "MON", "Sun", "Sat") or len(word) <= 3)
        and not part.has("LAST", "NEXT")
    ):
        if part.letter_before() not in (LETTER["ON"],) and part.letter_after() not in (LETTER["COMMA"],):
            return None
        if word in ("Sun", "SUN", "Sat", "SAT") and part.letter_before() != LETTER["ON"]:
            return None
    w = WEEKDAY_NO[word.lower()]
    loose = part.letter_after() in {LETTER[n] for n in ("STOP", "COMMA", "BAR", "IN", "AND", "OR", "CLOSE")} | {""}
    if part.j - part.i == 1 and part.before() == "a" and part.before(2) == "on" and loose:
        return fixed(f"XXXX-WXX-{w + 1}")  # "on a Friday", whichever

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


@rule("clock_word", "(?<=(AT|BY|UNTIL|SINCE|ABOUT)) PART", "TIME")
def _clock_word(part: Part):
    if part.get("PART") not in ("noon", "midday", "midnight", "dawn", "dusk", "daybreak", "nightfall"):
        return None
    time = _clock(part) or "T" + PART[part.get("PART")]
    return lambda at: (at.anchor if at.ref and len(at.ref) >= 10 else at.day).isoformat() + time


@rule("clock", "APPROX? (CL) ZN? (IN DET PART|AT PART)?", "TIME")
def _clock_alone(part: Part):
    time = _clock(part)
    if time is None or (
        not part.has("AMPM", "OCLOCK")
        and not part.has("ZONE", "TIME", "EASTERN")
        and part.letter_before() not in (LETTER["AT"], LETTER["BY"], LETTER["UNTIL"], LETTER["SINCE"], LETTER["ABOUT"])
        and not part.has("ABOUT")
    ):
        return None
    if part.get("PART") in ("afternoon", "evening", "night") and int(time[1:3]) < 12:
        time = f"T{int(time[1:3]) + 12:02d}{time[3:]}"
    return lambda at: (at.anchor if at.ref and len(at.ref) >= 10 else at.day).isoformat() + time


@rule("hour_part", "(?<=(AT|BY|UNTIL|SINCE|ABOUT)) (DAY|NUMW|ONE) (IN DET PART|AT PART)", "TIME")
def _hour_part(part: Part):
    n = to_int(part.words[0]) or NUMBER.get(part.words[0], 0)
    if not 1 <= n <= 12 or part.get("PART") not in ("morning", "afternoon", "evening", "night"):
        return None
    late = part.get("PART") != "morning" and n < 12 and not (part.get("PART") == "night" and n < 5)
    time = f"T{n + 12 * late:02d}:00"
    return lambda at: (at.anchor if at.ref and len(at.ref) >= 10 else at.day).isoformat() + time


# ---------------------------------------------------------------- feasts

_ON_WEEKDAY = {
    "labor": (9, 0, 1),
    "king": (1, 0, 3),
    "presidents": (2, 0, 3),
    "memorial": (5, 0, -1),
    "columbus": (10, 0, 2),
    "thanksgiving": (11, 3, 4),
    "mother": (5, 6, 2),
    "father": (6, 6, 3),
}
_FROM_EASTER = {
    "easter": 0,
    "good friday": -2,
    "easter monday": 1,
    "palm sunday": -7,
    "ash wednesday": -46,
    "pentecost": 49,
}


def holiday(word: str, year: int) -> date | None:
    """The day of a feast in a year.

    >>> holiday("thanksgiving", 2021)
    datetime.date(2021, 11, 25)
    """
    key = re.sub(r"\s+", " ", word.lower().replace("’", "'"))
    what = HOLIDAY.get(key) or next(
        (v for k, v in HOLIDAY.items() if k.replace("'", "").replace(".", "") == key.replace("'", "").replace(".", "")),
        None,
    )
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
