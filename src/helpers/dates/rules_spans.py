"""Rules for sets, durations, and past, present and future."""

from __future__ import annotations

from . import periods as p
from .grammar import Part, rule
from .lexicon import (
    ADVERB,
    LETTER,
    MONTH_NO,
    ORDINAL,
    PART,
    REF,
    SEASON,
    WEEKDAY_NO,
)
from .quantities import AMOUNTS, count, duration, fixed, unit, window

# ---------------------------------------------------------------- sets


@rule(
    "every",
    "EVERY (OTHER|ORDW|SECOND|DAY|NUMW|FEW|OF DET? (LAST|NEXT)? CARD?)? "
    "(UNIT|UNITS|WD PART|PART|WD|MON|SEAS|WEEKEND|QUARTER|SECOND)",
    "SET",
    "none",
)
def _every(part: Part):
    k = part.j - 1
    letter, word = part.letters[-1], part.tokens.words[k].lower()
    if part.has("OF"):
        return None
    if letter == LETTER["PART"] and part.has("WD"):
        return fixed(f"XXXX-WXX-{WEEKDAY_NO[part.get('WD')] + 1}T{PART[word]}")
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


@rule("weekdays", "WDS (PARTS|PART)?|WD PARTS", "SET", "none")
def _weekdays(part: Part):
    value = f"XXXX-WXX-{WEEKDAY_NO[part.words[0]] + 1}"
    part_of_day = part.get("PARTS", "PART")
    return fixed(value + ("T" + PART[part_of_day.rstrip("s")] if part_of_day else ""))


@rule("weekends", "(?<=(ON|AT)) UNITS", "SET", "none")
def _weekends(part: Part):
    return fixed("XXXX-WXX-WE") if part.get("UNITS") == "weekends" else None


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


@rule(
    "duration_range",
    "APPROX? (DET)? (LAST|NEXT|COMING)? (CARD) (TO|OR|HYPH|DASH) (CARD) (ENTIRE|MORE)? (UNITS)",
    "DURATION",
    "none",
)
def _duration_range(part: Part):
    u = unit(part.get("UNITS"))
    sign = -1 if part.has("LAST") else 1
    # "in the next two to three weeks", not "it will last two or three"
    verb = part.before() in ("to", "will", "would", "could", "can", "may", "might", "should")
    if part.has("LAST", "NEXT", "COMING") and not verb and u in ("D", "W", "M", "Y"):
        n = count(Part(part.tokens, part.at("TO", "OR", "HYPH", "DASH") + 1, part.at("UNITS")))
        return lambda at: window(duration(None, u), at.day, p.shift(at.day, u, sign * (n or 9)))
    return lambda at: duration(None, u)


@rule(
    "duration",
    "(APPROX)? (DET (ENTIRE|LATEST|ORDW)?)? COUNT (MORE|ENTIRE|OTHER)? (UNIT|UNITS|QUARTER|WEEKEND) (AND A HALF|OR "
    "SO|OR MORE|OR TWO)?",
    "DURATION",
    "none",
)
def _duration(part: Part):
    k = part.at("UNIT", "UNITS", "QUARTER", "WEEKEND")
    word = part.tokens.words[k].lower()
    u = unit(word)
    half = part.letters.endswith(LETTER["AND"] + LETTER["A"] + LETTER["HALF"])
    if part.letters.startswith(LETTER["DET"]) and part.has("A"):
        return None
    if part.letter_after() == LETTER["HYPH"] and part.joined(part.j):
        return None  # "a decade-long siege", "a year-earlier loss"
    first = part.at(*AMOUNTS)
    n = count(Part(part.tokens, first, k))
    if part.tokens.letters[k + 1 : k + 3] == LETTER["OR"] + LETTER["NUMW"]:
        n = None
    if half:
        n = (n or 0) + 0.5
    if word == "quarter" and n == 1:
        return None
    single = part.has("A") and n == 1 and not half
    if single and word in ("day", "night", "morning") and part.before() in ("such", "quite"):
        return None
    if part.after() == "read" or part.get("FEW") == "some" and not word.endswith("s"):
        return None  # "3 minute read" on a page, "some day"
    if word == "half":
        return None
    value = duration(n, u)
    if "P" == value:
        return None
    if part.letter_before() == LETTER["MONEY"]:
        return None
    alone = part.before() not in ("for", "after", "just", "of", "well", "took", "lasted", "is", "was")
    if part.get("ABOUT") == "over" and alone:
        return None  # "over three years" is a stretch through which, read again without "over"
    return fixed(value)


@rule("vague_duration", "(?<=(FOR|IN|OF|OTHER)) UNITS ((OR|AND) UNITS)?", "DURATION", "none")
def _vague_duration(part: Part):
    u = unit(part.get("UNITS"))
    if part.before() not in ("for", "in", "after", "within", "last", "lasted", "took", "take", "over", "spent", "many"):
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


@rule(
    "moment",
    "(?<=(AT|FOR)) (DET (MOMENT|PRESENT TIME?)|THIS (TIME|POINT|MOMENT)|PRESENT)|(?<=AT) DET CURRENT TIME",
    "DATE",
    "none",
)
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
