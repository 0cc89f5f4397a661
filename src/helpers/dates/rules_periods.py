"""Rules for periods: quarters to fiscal years, so many units ago, last and next, ordinals, decades, years."""

from __future__ import annotations

import re
from datetime import date

from . import periods as p
from .grammar import Answer, At, Part, rule
from .lexicon import (
    DECADE,
    LETTER,
    NUMBER,
    ORDINAL,
    SEASON,
)
from .quantities import (
    AMOUNTS,
    count,
    duration,
    fixed,
    month_no,
    nearest_month,
    ordinal_day,
    step_of,
    to_int,
    unit,
    window,
    year4,
    year_base,
)

# ---------------------------------------------------------------- quarters, halves, seasons, fiscal years


def _which(part: Part) -> int:
    word = part.get("ORDW", "SECOND", "ORD", "LAST", "ENTIRE", "LATEST")
    if word in ("last", "final", "latest"):
        return 4
    if word == "opening":
        return 1
    return ORDINAL.get(word, to_int(word))


_Q = "(ORDW|SECOND|ORD|LAST|ENTIRE)"


@rule("half_of_month", "DET? (ORDW|SECOND|ORD) HALF OF MON (COMMA? YEAR)?", basis="year_inferred")
def _half_of_month(part: Part):
    n, m, year = _which(part), month_no(part), part.get("YEAR")
    if n not in (1, 2):
        return None
    part.basis = "explicit" if year else ""

    def read(at: At) -> Answer:
        first = date(int(year), m, 1) if year else nearest_month(at, m)
        value, middle = p.name(first, "M"), date(first.year, first.month, 15)
        last = p.covered(value)[1]
        return value, *((first, middle) if n == 1 else (p.shift(middle, "D", 1), last)), "interval"

    return read


@rule(
    "quarter_year",
    f"(EDGE|DET)? (DET|A|ITS)? FISCAL? HYPH? {_Q} HYPH? (QUARTER|HALF) (OF|IN|COMMA)? (DET? FISCAL? UNIT?) "
    f"(YEAR|SHORTYEAR)",
    basis="explicit",
)
def _quarter_year(part: Part):
    y, n = year4(part.get("YEAR", "SHORTYEAR")), _which(part)
    u = "Q" if part.has("QUARTER") else "H"
    if u == "H" and n > 2 and part.has("LAST", "ENTIRE"):
        n = 2
    return fixed(f"{y:04d}-{u}{n}") if 1 <= n <= (4 if u == "Q" else 2) else None


@rule("year_quarter", f"DET? (YEAR) POSS? (FISCAL HYPH?)? {_Q} HYPH? (QUARTER|HALF)", basis="explicit")
def _year_quarter(part: Part):
    return _quarter_year(part)


@rule(
    "quarter_of_year",
    f"(EDGE|DET)? (DET|A|ITS)? FISCAL? HYPH? {_Q} HYPH? (QUARTER|HALF) (OF|IN|COMMA)? (DET? WHEN FISCAL? UNIT)",
)
def _quarter_of_year(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    k = part.at("QUARTER", "HALF")
    head, tail = Part(part.tokens, part.i, k + 1), Part(part.tokens, k + 1, part.j)
    n, step, u = _which(head), step_of(tail), "Q" if head.has("QUARTER") else "H"
    if not 1 <= n <= (4 if u == "Q" else 2):
        return None
    return lambda at: f"{year_base(tail, at) + step:04d}-{u}{n}"


@rule("year_s_quarter", f"(LAST|THIS|NEXT) UNIT POSS (FISCAL HYPH?)? {_Q}? HYPH? (QUARTER|HALF|PERIOD)")
def _year_s_quarter(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    k = part.at("POSS")
    head, tail = Part(part.tokens, part.i, k), Part(part.tokens, k, part.j)
    n, step, u = _which(tail), step_of(head), "H" if tail.has("HALF") else "Q"

    def read(at: At) -> str:
        year = at.day.year + step
        if n:
            return f"{year:04d}-{u}{n}"
        return f"{year:04d}{_context_quarter(at)[4:]}"

    return read


def _context_quarter(at: At) -> str:
    return at.quarter or p.name(p.add_months(at.day, -3), "Q")


@rule(
    "quarter_ago",
    f"DET? COMPARABLE? (UNIT|A UNIT) HYPH? (EARLIER|AGO) (FISCAL HYPH?)? {_Q}? HYPH? "
    f"(QUARTER|PERIOD|HALF|UNIT|UNITS|CARD UNITS)?",
)
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


@rule(
    "quarter",
    f"((EDGE|DET)? DET? (FISCAL HYPH?)? {_Q} (QUARTER|HALF)|FISCAL? HYPH? {_Q} HYPH (QUARTER|HALF))",
    basis="year_inferred",
)
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


@rule(
    "the_quarter",
    "(DET|THIS|THAT|SAME|DET (LATEST|CURRENT|SAME|NEXT|PREV|FOLLOW|COMPARABLE|ENTIRE)|LAST|NEXT) (QUARTER)",
)
def _the_quarter(part: Part):
    if part.has("LAST"):
        return lambda at: p.name(p.add_months(at.day, -3), "Q")
    if part.has("THIS", "CURRENT"):
        return lambda at: p.name(at.day, "Q")
    if part.has("NEXT", "FOLLOW", "PREV"):
        n = -3 if part.has("PREV") else 3
        return lambda at: p.name(p.add_months(p.covered(at.quarter)[0] if at.quarter else at.day, n), "Q")
    if part.has("LATEST"):
        return lambda at: (
            at.quarter if at.quarter and at.quarter < p.name(at.day, "Q") else p.name(p.add_months(at.day, -3), "Q")
        )
    return _context_quarter


@rule(
    "the_period",
    "DET (YEAR|LATEST|SAME|COMPARABLE|(COMPARABLE|SAME) (YEAR|UNIT HYPH (EARLIER|AGO))) PERIOD (LAST UNIT|OF (LAST "
    "UNIT|YEAR)|A UNIT (EARLIER|AGO))?",
)
def _the_period(part: Part):
    y = part.get("YEAR")
    back = part.has("LAST", "EARLIER", "AGO") or (part.has("SAME", "COMPARABLE"))

    def read(at: At) -> str | None:
        if not at.quarter:
            return y or p.name(p.shift(at.day, "Y", -1 if back else 0), "Y")
        year = y or f"{int(at.quarter[:4]) - (1 if back else 0):04d}"
        return year + at.quarter[4:]

    return read


@rule("winter_span", "(EDGE)? (DET|THIS)? (EARLY|MID HYPH?)? SEASON (OF|COMMA)? YEAR (HYPH|DASH|SLASH) (DAY|INT|YEAR)",
      basis="explicit")
def _winter_span(part: Part):
    first, last = to_int(part.get("YEAR")), to_int(part.words[-1])
    if part.get("SEASON") != "winter" or not part.joined(part.j - 1) or last not in (first + 1, (first + 1) % 100):
        return None
    return fixed(f"{first + 1:04d}-WI")


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
        if now and part.has("LAST", "PREV") and now[1] >= base:
            year -= 1
        if now and part.words[-2] == "this" and now[1] < base and at.tense == "future":
            year += 1  # "this winter", said in August of the one to come
        if now and part.has("NEXT", "FOLLOW", "COMING") and now[0] <= base:
            year += 1
        return f"{year:04d}-{code}"

    return read


@rule("season_of_year", "EDGE? DET? SEAS OFYEAR")
def _season_of_year(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    code, n = SEASON[part.get("SEASON", "SEASONA")], step_of(part)
    return lambda at: f"{year_base(part, at) + n:04d}-{code}"


@rule("season", "(EDGE DET?|DET) (EARLY|MID HYPH?)? SEAS|(?<=(IN|BY|SINCE|UNTIL)) SEAS", basis="year_inferred")
def _season(part: Part):
    word = part.get("SEASON", "SEASONA")
    # "in the fall in Port Ana"
    inside = part.before() == part.after() == "in" and part.tokens.letters[part.j + 1 : part.j + 2] == LETTER["CAP"]
    if word == "fall" and (
        part.after() in ("of", "in", "from") and not inside
        or not (part.has("EARLY", "MID") or part.before() in ("in", "by", "this"))
    ):
        return None
    if word == "spring" and part.after() == "of":
        return None
    named = part.letter_after() == LETTER["CAP"] and part.after() != "i"
    if named or part.letter_after() == LETTER["HYPH"] or part.raw("SEASON", "SEASONA")[0].isupper():
        return None
    code = SEASON[word]

    def read(at: At) -> str | None:
        year = at.day.year
        span = p.bounds(f"{year:04d}-{code}")
        if not span:  # the first winter of the calendar begins before it
            return None
        first, last, _ = span
        if at.tense == "past" and first > at.day or at.tense == "" and (first - at.day).days > 150:
            year -= 1
        elif at.tense == "future" and last < at.day:
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

    return (
        read
        if part.letter_before() in (LETTER["IN"], LETTER["FOR"], LETTER["BY"], LETTER["OF"], LETTER["SINCE"])
        else None
    )


def _fiscal(y: int) -> Answer:
    # The United States' federal fiscal year, named after the year it ends in.
    return f"{y:04d}", date(y - 1, 10, 1), date(y, 9, 30), "year"


_FISCAL_YEAR = (
    "(EDGE|DET)? (FISCAL (UNIT COMMA?)? (YEAR|SHORTYEAR)|FY HYPH? (YEAR|DAY|INT|SHORTYEAR)|(YEAR) FISCAL UNIT|FYNO)"
)
_MONEY_LAW = {"authorization", "authorisation", "appropriation", "appropriations", "budget", "defense", "defence"}
_ACRONYM = re.compile(r"[A-Z]{2,6}AA")  # "… Authorization Act", "… Appropriations Act"
_BODIES = {"NCAA", "NOAA", "TIAA", "HIPAA"}  # acronyms of the same ending that are something else


def _law_acronym(word: str) -> bool:
    return bool(_ACRONYM.fullmatch(word)) and word not in _BODIES


def _law_ahead(part: Part) -> bool:
    """Whether the name of a law on public money follows: up to four capitalised words, "Appropriations Act"."""
    words = part.tokens.words[part.j : part.j + 10]
    if words and _law_acronym(words[0]):
        return True
    capitalised = 0
    for word, following in zip(words, words[1:]):
        if following == "Act" and word[0].isupper() and word.lower() in _MONEY_LAW:
            return True
        capitalised += word[0].isupper()
        if capitalised > 4 or not (word[0].isupper() or capitalised and word in ("and", "of", "&", "-")):
            return False
    return False


def _law_behind(part: Part) -> bool:
    """Whether the name of such a law comes before, with "for", "of", a comma or nothing in between."""
    words, k = part.tokens.words, part.i - 1
    if k > 0 and words[k] == "the":
        k -= 1
    if k > 0 and words[k] in ("for", "of"):
        k -= 1
    elif k > 0 and words[k] == "," and part.letter_after() in ("", *(LETTER[n] for n in ("STOP", "COMMA", "BAR"))):
        k -= 1
    if k >= 0 and _law_acronym(words[k]):
        return True
    return k > 0 and words[k] == "Act" and words[k - 1][0].isupper() and words[k - 1].lower() in _MONEY_LAW


@rule("fiscal_year_of_law", f"{_FISCAL_YEAR}|(DET UNIT)? YEAR (?!AD|BC)", basis="explicit")
def _fiscal_year_of_law(part: Part):
    # a law on public money is named after the fiscal year it pays for, which begins in the year before
    return _fiscal_year(part) if _law_ahead(part) or _law_behind(part) else None


@rule("fiscal_year", _FISCAL_YEAR, basis="explicit")
def _fiscal_year(part: Part):
    y = year4(part.get("YEAR", "SHORTYEAR", "DAY", "INT", "FYNO"))
    return (lambda at: _fiscal(y)) if 1900 <= y <= 2100 else None


@rule("fiscal_directed", "EDGE? (DIRECTED) FISCAL UNIT")
def _fiscal_directed(part: Part):
    if unit(part.get("UNIT")) != "Y":
        return None
    n = step_of(part)
    return lambda at: _fiscal(min(9998, max(2, at.day.year + (at.day.month >= 10) + n)))


# ---------------------------------------------------------------- so many units ago, later, before


@rule(
    "ago",
    "(EDGE)? APPROX? COUNT HYPH? (ENTIRE)? (UN|SEAS) (AND A HALF)? (OR SO|OR MORE|OR TWO)? "
    "(AGO|EARLIER|LATER|BEFORE|AFTER|HENCE|FROM (TODAY|REF)|DASH? AHEAD|SINCE|ON (?=COMMA))",
)
def _ago(part: Part):
    word = part.words[-1] if part.words[-1] == "on" else part.get(
        "AGO", "EARLIER", "LATER", "BEFORE", "AFTER", "HENCE", "FROM", "AHEAD", "SINCE"
    )
    if word in ("before", "after", "since") or part.has("AHEAD"):
        # "three days after the vote" is anchored to an event, which is not dated here
        ends = {LETTER["STOP"], LETTER["COMMA"], LETTER["BAR"], ""}
        ends |= {LETTER["AND"]} if part.after(1) not in ("after", "during") else set()
        if word != "before" or part.letter_after() not in ends:
            return None
    k = part.at("UNIT", "UNITS", "QUARTER", "WEEKEND", "SECOND", "SEASON", "SEASONA")
    n = count(
        Part(
            part.tokens,
            part.at(*AMOUNTS),
            k,
        )
    )
    u = unit(part.tokens.words[k])
    if n is not None and part.has("HALF") and part.at("HALF") > k:
        n += 0.5
    if part.tokens.letters[k + 1 : k + 3] == LETTER["OR"] + LETTER["NUMW"]:
        n = None
    back = word in ("ago", "earlier", "before")
    anchored = word in ("earlier", "later", "before", "on")
    if n is None:
        if word == "ago":
            return fixed("PAST_REF")
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
        if span and at.ref:
            fine = p.unit_of(at.ref)
            order = ["D", "WE", "W", "M", "Q", "S", "H", "Y", "E", "C"]
            grain = (
                fine
                if u in ("Y", "E", "M") and order.index(fine) <= order.index(u) and fine in ("M", "Q", "Y", "D", "S")
                else u
            )
            if u in ("Y", "E") and fine == "D":
                grain = "Y"
            if u == "M" and fine == "D":
                grain = "M"
            return p.name(moved, {"F": "W", "E": "Y", "C": "Y", "WE": "WE"}.get(grain, grain))
        return p.name(moved, {"F": "W", "E": "Y", "C": "Y", "S": "S"}.get(u, u))

    return read


@rule("units_time", "(?<=IN) COUNT ((UNITS) APOS|UNIT POSS) TIME")
def _units_time(part: Part):
    k = part.at("UNITS", "UNIT")
    n, u = count(Part(part.tokens, part.i, k)), unit(part.tokens.words[k])
    if n is None or u not in ("D", "W", "F", "M", "Y"):
        return None
    weeks = 2 if u == "F" else 1
    u = {"F": "W"}.get(u, u)
    return lambda at: p.name(p.shift(at.day, u, n * weeks), u)


# ---------------------------------------------------------------- last, this, next …


@rule("window", "DET? (LAST|PREV|NEXT|FOLLOW|COMING) ENTIRE? COUNT HYPH? ENTIRE? (UN|SEAS|PARTS) (OR SO)?", "DURATION")
def _window(part: Part):
    k = part.at("UNIT", "UNITS", "QUARTER", "WEEKEND", "SEASON", "SEASONA", "SECOND", "PARTS")
    head = part.at("LAST", "PREV", "NEXT", "FOLLOW", "COMING")
    n, u = count(Part(part.tokens, head + 1, k)), unit(part.tokens.words[k])
    if part.words[0] == "last" and part.before() in ("to", "will", "would", "could", "can", "may", "might", "should"):
        return None  # "it will last a year"
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


@rule(
    "directed_unit",
    "EDGE? (DET? (LAST|PREV|NEXT|FOLLOW|COMING|CURRENT|SAME|LATEST)|THIS (LAST|COMING|SAME|CURRENT)|THIS|THAT "
    "SAME?) (ENTIRE|FISCAL)? (UNIT|WEEKEND) (?!HYPH (AGO|EARLIER))",
)
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
            return lambda at: p.name(p.shift(at.day, "Y", -1), "Y")
        return lambda at: window(value, p.shift(at.day, u, -1), at.day)
    if part.get("LAST") == "past" and "this" not in words and u != "Y":
        return lambda at: window(duration(1, u), p.shift(at.day, u, -1), at.day)
    n = step_of(part)
    anchored = part.has("FOLLOW", "PREV", "THAT", "SAME") or (the and part.has("NEXT"))

    def read(at: At) -> str | None:
        base = at.anchor if anchored and at.ref else at.day
        step = n
        if u == "WE" and n <= 0 and part.has("THIS") and not part.has("LAST"):
            # the one that was, for who looks back in the first half of the week
            return p.name(p.shift(base, "D", -7 if at.tense == "past" and base.weekday() < 3 else 0), "WE")
        return p.name(p.shift(base, "W" if u == "WE" else u, step), u)

    return read


@rule("earlier_in", "(EDGE) DET (UNIT|WEEKEND)")
def _earlier_in(part: Part):
    u = unit(part.get("UNIT", "WEEKEND"))
    if (
        u in ("TH", "TM", "TS")
        or part.letter_after() == LETTER["OF"]
        or not (part.has("EARLIER", "LATER", "EARLY", "MID", "PARTOF", "SOMETIME"))
    ):
        return None
    if part.has("PARTOF") and u == "D":
        return None
    anchored = part.has("PARTOF", "MID")

    def read(at: At) -> str:
        # "the end of the month" after a year that was told is that of this month
        wide = at.ref and u in ("D", "W", "M") and p.unit_of(at.ref) in ("Q", "S", "H", "Y", "E", "C")
        # what lies ahead is not counted from what is over: "passed it in May and will sign it by the end of the month"
        over = at.tense == "future" and at.anchor < at.day
        return p.name(at.anchor if anchored and at.ref and not wide and not over else at.day, u)

    return read


@rule("before_last", "DET UNIT (BEFORE LAST|AFTER NEXT)")
def _before_last(part: Part):
    u, n = unit(part.get("UNIT")), 2 if part.has("NEXT") else -2
    return None if u in ("TH", "TM", "TS") else lambda at: p.name(p.shift(at.day, u, n), {"F": "W"}.get(u, u))


@rule("the_unit_before", "DET UNIT (BEFORE|AFTER|EARLIER) (THAT? (?=(STOP|COMMA|BAR|AND|CLOSE)))")
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
    n = step_of(part)
    return lambda at: f"{at.day.year + n - (1 if at.tense == 'past' and not n and at.day.month < 6 else 0):04d}-12-31"


@rule("the_weekend", "EDGE? DET WEEKEND")
def _weekend(part: Part):
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
    if (
        u in ("W", "M", "Y")
        and part.before() in ("for", "of", "in")
        and part.letter_after() in (LETTER["STOP"], LETTER["COMMA"], LETTER["BAR"])
    ):
        return lambda at: p.name(at.anchor if at.ref else at.day, u)
    return None


# ---------------------------------------------------------------- ordinals alone


# what begins a clause after a date that ends the one before
_CLAUSE = frozenset("when that as with he she they it we but because after before which where".split())


@rule("ordinal_day", "(?<=(ON|BY|UNTIL|SINCE|BEFORE|FOR|FROM|TO|OF|COMMA)) DET ORD", basis="year_inferred")
def _ordinal(part: Part):
    # not "the 20th century", "the 29th meeting"
    if part.letter_after() not in (
        LETTER["STOP"],
        LETTER["COMMA"],
        LETTER["BAR"],
        LETTER["CLOSE"],
        LETTER["AND"],
        LETTER["OR"],
        LETTER["BUT"],
        LETTER["AT"],
        LETTER["FOR"],
        LETTER["IN"],
        LETTER["TO"],
        "",
    ):
        if not (
            part.letter_after() == LETTER["OTHER"]
            and part.before() in ("on", "by", "until", "since")
            and part.after() in _CLAUSE
        ):
            return None
    return ordinal_day(part)


# what an ordinal ranks, so that it is no day
_RANKED = frozenset(
    "floor anniversary time century birthday day place hole minute session round meeting edition district lap inning "
    "grade parallel congress amendment and street avenue century, largest brigade division attempt season game".split()
)


@rule("ordinal_day_loose", "DET ORD", basis="year_inferred")
def _ordinal_loose(part: Part):
    if part.letter_after() not in (LETTER["STOP"], LETTER["BAR"]) or part.letter_before() in (LETTER["OF"],):
        if part.before() not in ("on", "until", "by", "since", "before", "after", "from"):
            return None
        if part.letter_after() in (LETTER["CAP"], LETTER["UNIT"], LETTER["HYPH"], LETTER["QUARTER"]):
            return None
        if part.after() in _RANKED:
            return None
    return ordinal_day(part)


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


@rule(
    "century",
    "EDGE? (DET)? (EARLY|MID HYPH?)? (ORD|BIGORD|ORDW|ORDW HYPH ORDW|NUMW HYPH ORDW) HYPH? UNIT (?!HYPH)",
    basis="explicit",
)
def _century(part: Part):
    if unit(part.get("UNIT")) != "C":
        return None
    word = part.get("ORD", "BIGORD")
    n = to_int(word) if word else NUMBER.get(part.get("NUMW"), 0) + ORDINAL.get(part.get("ORDW"), 0)
    return fixed(f"{n - 1:02d}XX") if 1 <= n <= 99 else None


@rule("year_span", "YEAR (HYPH|DASH|SLASH) (DAY|INT) (?!YEAR|HYPH)|YEAR SLASH YEAR", "DATE", "explicit")
def _year_span(part: Part):
    first, last = int(part.words[0]), part.words[-1]
    if not part.joined(part.j - 1) or int(last) != (first + 1 if len(last) == 4 else (first + 1) % 100):
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


# what is counted by a number that looks like a year
_COUNTED = frozenset(
    "percent people miles feet points shares meters metres votes tons tonnes troops soldiers kilometers km men women "
    "dead jobs dollars words employees seats homes workers times characters views comments others lives fighters "
    "students acres tanks missiles cases million billion pounds euros rubles yards members new calories civilians "
    "houses megawatts copies rounds companies children patients prisoners".split()
)


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
    if part.after() in _COUNTED:
        return None
    if (
        k
        and words[k - 1].lower()
        in ("than", "no", "number", "room", "flight", "route", "some", "all", "nearly", "almost", "least", "page", "#")
        and part.tokens.letters[k - 1] != LETTER["IN"]
    ):
        return None
    if part.has("UNIT") and part.get("UNIT") != "year":
        return None
    if k == part.i and _numbered(part, k):
        return None
    return fixed(word)


LISTED = 12  # no text lists more laws by their numbers, and a column of years is not read again and again


def _numbered(part: Part, k: int) -> bool:
    """Whether a number names something, or stands in a list that does: "Act 2010", "Laws Nos. 2010, 2011 and 2012"."""
    words = part.tokens.words
    for _ in range(LISTED):
        if not k:
            return False
        before = words[k - 1].lower().rstrip(".")
        if before in _NUMBERED or before.removesuffix("s") in _NUMBERED or _abbreviated(part, k):
            return True
        k -= 1
        while k and words[k] in (",", "and", "or", "&"):
            k -= 1
        if not (words[k].isdigit() and len(words[k]) == 4):
            return False
    return False


def _abbreviated(part: Part, at: int) -> bool:
    """Whether an abbreviation that numbers something comes before: "Law No. 2021", "Pub. L. 2017"."""
    words, k = part.tokens.words, at - 2
    if k < 0 or words[k + 1] != "." or not part.joined(k + 1):
        return False
    before = words[k - 1] if k else ""
    if words[k] in ("No", "Nos"):
        return before.isalnum() or before in (",", "(", "/")  # a sentence may open with "No."
    if words[k] in ("no", "nos"):
        return before.lower() in _NUMBERED  # or end with "no."
    if words[k] in ("L", "R"):
        return before == "." and words[k - 2] in ("Pub", "P", "H")
    return words[k] in ("Res", "Art", "Sec", "Reg")


_NUMBERED = frozenset(
    "resolution route flight act law article section no number order decree bill code chapter room page model serial "
    "hr h.r s.res regulation directive channel gate lot item box case boeing airbus highway convoy unit squadron "
    "paragraph form version".split()
)


@rule("short_year", "(?<=(IN|SINCE|OF|UNTIL|BY)) SHORTYEAR", basis="explicit")
def _short_year(part: Part):
    return fixed(f"{year4(part.words[0]):04d}")


@rule("old_year", "(?<=(IN|SINCE|UNTIL)) OLDYEAR (?!MONEY|UNITS|OTHER UNIT)", basis="explicit")
def _old_year(part: Part):
    if part.letter_after() == LETTER["OTHER"] and part.after().isalpha():
        return None
    return fixed(part.words[0])
