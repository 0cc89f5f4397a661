"""The words that time expressions are made of, each in one class, and the lexer that turns a text into classes.

Every word becomes one letter, so that the grammar (`grammar.py`) is a set of regular expressions over letters:
nine words in ten are "other", and a rule is tried only where its first class stands.
"""
from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = ("january february march april may june july august september october november december").split()
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
         "seventeen eighteen nineteen").split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = ("zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
             "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth").split()

MONTH_NO = {m: i + 1 for i, m in enumerate(MONTHS)} | {m[:3]: i + 1 for i, m in enumerate(MONTHS)} | {"sept": 9}
WEEKDAY_NO = ({w: i for i, w in enumerate(WEEKDAYS)} | {w + "s": i for i, w in enumerate(WEEKDAYS)}
              | {w[:3]: i for i, w in enumerate(WEEKDAYS)} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3})
NUMBER = ({w: i for i, w in enumerate(_ONES)} | {w: 20 + 10 * i for i, w in enumerate(_TENS)}
          | {"hundred": 100, "thousand": 1000, "dozen": 12, "a": 1, "an": 1, "another": 1})
ORDINAL = ({w: i for i, w in enumerate(_ORDINALS)} | {"thirtieth": 30})
UNIT = {"second": "TS", "minute": "TM", "min": "TM", "hour": "TH", "hr": "TH", "day": "D", "week": "W",
        "fortnight": "F",
        "month": "M", "year": "Y", "yr": "Y", "decade": "E", "century": "C", "centurie": "C", "quarter": "Q",
        "weekend": "WE", "night": "D", "semester": "H", "summer": "S", "winter": "S", "spring": "S", "fall": "S",
        "autumn": "S", "morning": "D", "evening": "D", "afternoon": "D", "weekday": "D", "half": "H"}
SEASON = {"spring": "SP", "summer": "SU", "fall": "FA", "autumn": "FA", "winter": "WI", "springtime": "SP",
          "summertime": "SU", "wintertime": "WI"}
PART = {"morning": "MO", "noon": "12:00", "midday": "MI", "afternoon": "AF", "evening": "EV", "night": "NI",
        "tonight": "NI",
        "midnight": "24:00", "dawn": "MO", "dusk": "EV", "overnight": "NI", "daybreak": "MO", "nightfall": "NI",
        "lunchtime": "MI", "noontime": "MI"}
ADVERB = {"hourly": "PT1H", "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "biweekly": "P2W", "fortnightly": "P2W",
          "monthly": "P1M", "quarterly": "P3M", "yearly": "P1Y", "annually": "P1Y", "bimonthly": "P2M",
          "semiannually": "P6M", "biennially": "P2Y"}
DECADE = {"twenties": 2, "thirties": 3, "forties": 4, "fifties": 5, "sixties": 6, "seventies": 7, "eighties": 8,
          "nineties": 9}
# Feasts with a date: (month, day) or a rule in grammar.py. Feasts of calendars that depend on sighting the moon are
# left out.
HOLIDAY = {"new year's day": (1, 1), "new year's eve": (12, 31), "new year's": (1, 1), "new year": (1, 1),
           "epiphany": (1, 6), "valentine's day": (2, 14),
           "st. patrick's day": (3, 17), "april fools' day": (4, 1), "april fool's day": (4, 1), "may day": (5, 1),
           "labor day": "labor", "labour day": (5, 1),
           "juneteenth": (6, 19), "fourth of july": (7, 4), "july fourth": (7, 4),
           "bastille day": (7, 14), "halloween": (10, 31), "all saints' day": (11, 1), "guy fawkes night": (11, 5),
           "veterans day": (11, 11), "armistice day": (11, 11),
           "remembrance day": (11, 11), "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
           "boxing day": (12, 26), "martin luther king day": "king", "presidents' day": "presidents",
           "presidents day": "presidents", "memorial day": "memorial", "columbus day": "columbus",
           "thanksgiving day": "thanksgiving", "thanksgiving": "thanksgiving", "black friday": "black friday",
           "cyber monday": "cyber monday", "election day": "election", "good friday": "good friday",
           "easter sunday": "easter", "easter monday": "easter monday", "easter": "easter",
           "palm sunday": "palm sunday",
           "ash wednesday": "ash wednesday", "pentecost": "pentecost", "mother's day": "mother",
           "father's day": "father",
           "super tuesday": "super tuesday", "earth day": (4, 22), "groundhog day": (2, 2), "inauguration day": (1, 20),
           "international women's day": (3, 8), "anzac day": (4, 25), "australia day": (1, 26),
           "canada day": (7, 1), "st. george's day": (4, 23), "st. andrew's day": (11, 30),
           "st. david's day": (3, 1)}
REF = {"now": "PRESENT_REF", "currently": "PRESENT_REF", "nowadays": "PRESENT_REF", "presently": "PRESENT_REF",
       "recently": "PAST_REF", "lately": "PAST_REF",
       "soon": "FUTURE_REF", "shortly": "FUTURE_REF"}

CLASSES = {
    "DET": "the", "A": "a an", "THIS": "this", "THAT": "that", "SAME": "same", "ONE": "one",
    "LAST": "last past", "PREV": "previous prior preceding", "NEXT": "next", "FOLLOW": "following",
    "COMING": "coming upcoming",
    "AHEAD": "ahead", "CURRENT": "current", "RECENT": "recent", "LATEST": "latest", "AGO": "ago", "EARLIER": "earlier",
    "LATER": "later", "BEFORE": "before", "AFTER": "after", "FROM": "from", "HENCE": "hence", "OF": "of",
    "IN": "in during",
    "AND": "and", "OR": "or", "TO": "to", "SO": "so", "ON": "on", "AT": "at", "BY": "by", "BETWEEN": "between",
    "SINCE": "since after", "UNTIL": "until till through", "FOR": "for",
    "EARLY": "early late", "MID": "mid middle", "PARTOF": "beginning start end close middle rest remainder part most",
    "SOMETIME": "sometime", "ABOUT": "about around approximately roughly nearly almost over", "MORE": "more",
    "LESS": "less fewer", "THAN": "than", "LEAST": "least", "MOST": "most", "UP": "up", "NO": "no", "JUST": "just",
    "COUPLE": "couple", "FEW": "few several many some numerous countless", "DOZENS": "dozens scores hundreds thousands",
    "EVERY": "every each", "OTHER": "other", "PER": "per", "COMPARABLE": "comparable corresponding similar",
    "FISCAL": "fiscal financial", "FY": "FY", "ENTIRE": "entire whole full additional extra consecutive straight "
    "calendar academic school business trading working final initial opening", "OLD": "old", "LONG": "long",
    "HALF": "half", "PERIOD": "period", "TERM": "term", "MOMENT": "moment", "TIME": "time", "POINT": "point",
    "PRESENT": "present", "FUTURE": "future", "NEAR": "near distant foreseeable immediate", "DATE": "date",
    "ITS": "its their his her our my", "BC": "bc bce", "AD": "ad ce", "ONCE": "once twice", "TIMES": "times",
    "REMAINING": "remaining", "DECADEW": " ".join(DECADE), "REF": " ".join(REF), "ADVERB": " ".join(ADVERB),
    "TODAY": "today yesterday tomorrow", "TONIGHT": "tonight",
    "PART": " ".join(k for k in PART if k not in ("tonight", "overnight")),
    "OVERNIGHT": "overnight", "PARTS": "mornings nights evenings afternoons",
    "SEASON": "summer winter autumn", "SEASONA": "spring fall springtime summertime wintertime",
    "UNIT": "minute hour day week month year decade century fortnight semester hr yr",
    "UNITS": "seconds minutes hours days weeks months years decades centuries fortnights semesters quarters hrs yrs "
    "mins nights "
             "weekends summers winters", "QUARTER": "quarter", "WEEKEND": "weekend", "SECOND": "second",
    "MONTH": " ".join(m for m in MONTHS if m not in ("may", "march", "august")), "WD": " ".join(WEEKDAYS),
    "WDS": " ".join(w + "s" for w in WEEKDAYS),
    "ZONE": "EST EDT CST CDT MST MDT PST PDT GMT UTC ET BST CET CEST EET EEST MSK IST JST AEST AEDT HKT",
    "EASTERN": "Eastern Central Pacific Mountain Greenwich Moscow local", "STANDARD": "Standard Daylight Mean",
    "OCLOCK": "o'clock o’clock", "HUNDRED": "hundred thousand", "EVE": "eve", "BUT": "yet",
    "ORDW": " ".join(w for w in _ORDINALS[1:] if w != "second") + " thirtieth",
    "NUMW": " ".join([w for w in _ONES[2:] + _TENS]) + " dozen", "ANOTHER": "another",
    "WEEKLONG": "daylong weeklong monthlong yearlong decadelong decadeslong yearslong",
}
# Letters that only the lexer gives.
MARKS = """OTHER STOP BAR COMMA HYPH DASH SLASH POSS APOS OPEN CLOSE COLON DAY INT YEAR OLDYEAR REAL FRACTION ORD BIGORD
DECADE SHORTYEAR ISO NUMDATE CLOCK AMPM MONTHM WDA HOLIDAY MONEY CAP QUARTERNO FYNO""".split()
LETTER = {name: chr(0x100 + i) for i, name in enumerate([*CLASSES, *MARKS])}
LETTER["OTHER"] = "."

CASED = {"ZONE", "EASTERN", "STANDARD", "FY"}  # "Est" and "Pacific" are words, EST is a zone
_LEX: dict[str, str] = {}
for _name, _words in CLASSES.items():
    for _word in _words.split():
        for _form in {_word} if _name in CASED else {_word, _word.capitalize(), _word.upper()}:
            _LEX.setdefault(_form, LETTER[_name])
# May, March and short names are also verbs, given names and other words: a class of their own
for _word in ["may", "May", "MAY", "march", "March", "MARCH"]:
    _LEX[_word] = LETTER["MONTHM"]
for _word in ["August", "AUGUST"]:
    _LEX[_word] = LETTER["MONTH"]
for _word in "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec".split():
    _LEX[_word] = _LEX[_word.upper()] = LETTER["MONTHM" if _word in ("Mar", "Jan", "Dec", "Apr", "Jun") else "MONTH"]
for _word in "Mon Tue Tues Wed Weds Thu Thur Thurs Fri Sat Sun".split():
    _LEX[_word] = _LEX[_word.upper()] = LETTER["WDA"]
for _name, _signs in {"COMMA": ",", "HYPH": "-‑", "DASH": "–—", "SLASH": "/", "APOS": "'’", "OPEN": "(", "CLOSE": ")",
                      "COLON": ":", "STOP": "!?;", "MONEY": "$£€¥₺%", "FRACTION": "½¼¾"}.items():
    for _sign in _signs:
        _LEX[_sign] = LETTER[_name]
_LEX |= {f"â{a}{b}": LETTER["DASH"] for a in "€\x80" for b in "“”\x93\x94"}
_LEX |= {"'s": LETTER["POSS"], "’s": LETTER["POSS"]}

_HOLIDAYS = "|".join(re.escape(h).replace("'", "['’]?").replace(r"st\.", r"st\.?").replace(r"\ ", r"[ \t]+")
                     for h in sorted(HOLIDAY, key=len, reverse=True))
_FIRST = "".join(sorted({h[0] for h in HOLIDAY} | {h[0].upper() for h in HOLIDAY}))
HOLIDAY_RE = re.compile(rf"(?:{_HOLIDAYS})\b", re.I)
TOKEN = re.compile(
    r"(?:[QH][1-4]|FY\d\d(?:\d\d)?)\b"
    r"|â[€\x80][“”\x93\x94]"     # a dash in UTF-8 that was read as Windows-1252
    r"|[^\W\d_]+(?:['’]clock\b)?"
    r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z\b|[+-]\d\d:?\d\d\b)?)?(?![\d-])"
    r"|(?:\d{8}T\d{6}Z?|\d{4}/\d\d?/\d\d?|\d\d?/\d\d?/(?:\d{4}|\d\d)"
    r"|\d\d?\.\d\d?\.(?:19|20)\d\d|\d\d?-\d\d?-(?:19|20)\d\d)(?![\d/])"
    r"|\d{1,2}(?:[:.]\d\d){0,2}[ \t]?(?:[ap]\.[ \t]?m\b\.?|[ap]m\b|[AP]M\b|[AP]\.[ \t]?M\b\.?)"
    r"|\d{1,2}:\d\d(?::\d\d)?(?![\d:])"
    r"|\d\d?/\d\d?(?![\d/])"
    r"|\d+(?:[.,]\d+)*(?:(?!â[€\x80])[^\W\d_]\w*)?"
    r"|['’]\d0s\b|['’]\d\d(?!\d)|['’]s\b|[^\w\s]|\n")
_NUMERIC = re.compile(r"\d+(?:st|nd|rd|th|ST|ND|RD|TH)")
_DECADE = re.compile(r"(?:1[5-9]|20)?\d0s")
_ABBREVIATED = {LETTER["MONTHM"], LETTER["MONTH"], LETTER["WDA"], LETTER["UNIT"], LETTER["ZONE"]}
_SHORT = re.compile(r"[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Jj]un|[Jj]ul|[Aa]ug|[Ss]ept?|[Oo]ct|[Nn]ov|[Dd]ec"
                    r"|JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC|(?:Mon|Tues?|Weds?|Thu|Thurs?|Fri|Sat|Sun)|hr|yr")
_TITLES = set("Mr Mrs Ms Dr Gen Sen Rep Gov Lt Col Sgt Capt St Inc Corp Co Ltd No".split())
# A joining hyphen after these keeps the number a number ("mid-1996"); after any other word it makes a name ("F-35").
_JOINS = re.compile(
    r"mid|pre|post|early|late|since|until|circa|non|a|an|to|through|and|or|fy|fiscal|sept|"
    + "|".join(_TENS + MONTHS + [m[:3] for m in MONTHS]), re.I)


@dataclass(slots=True)
class Tokens:
    """The words of a stretch of text: class letters, and for each its text and where it stands."""

    letters: str
    words: list[str]
    starts: list[int]
    ends: list[int]


def lex(text: str, lo: int = 0, hi: int | None = None) -> Tokens:
    """Turn text[lo:hi] into classes, in one pass and in linear time.

    >>> "".join("T" if c in (LETTER["DAY"], LETTER["MONTHM"]) else "x" for c in lex("He left on 3 May.").letters)
    'xxxTTx'
    """
    hi = len(text) if hi is None else hi
    letters: list[str] = []
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    other, stop, bar, cap = LETTER["OTHER"], LETTER["STOP"], LETTER["BAR"], LETTER["CAP"]
    line_start, previous_end, skip = lo, -1, -1
    get = _LEX.get
    for found in TOKEN.finditer(text, lo, hi):
        start, end = found.span()
        if start < skip:
            continue
        word = found.group()
        letter = get(word)
        first = word[0]
        if first == "\n":
            short = start - line_start < 45
            line_start = end
            if not short and end < hi and text[end] != "\n":
                continue
            letter = bar
        elif "0" <= first <= "9":
            letter = _number(word, text, start)
            if letter != other and previous_end == start and words:
                before = words[-1]
                if before in "-‑" and len(words) > 1 and ends[-2] == starts[-1] and words[-2][-1:].isalpha() \
                        and not _JOINS.fullmatch(words[-2]):
                    letter = other
                elif before[-1].isalnum() or before in ".@#&=_":
                    letter = other
        elif first in "'’" and len(word) > 2 and word[1].isdigit():
            letter = LETTER["DECADE"] if word.endswith("s") else LETTER["SHORTYEAR"]
        elif first == ".":
            abbreviation = words and (len(words[-1]) == 1 or words[-1] in _TITLES)
            inside = end < hi and not text[end].isspace() and text[end] not in "\"'”’)"
            letter = other if abbreviation or inside else stop
        else:
            if letter is None and "0" <= word[-1] <= "9":
                letter = LETTER["FYNO" if first == "F" else "QUARTERNO"]
            elif letter is None:
                letter = cap if first.isupper() else other
            if first in _FIRST:
                holiday = HOLIDAY_RE.match(text, start, hi)
                if holiday and (first.isupper()):
                    letter, word, end = LETTER["HOLIDAY"], holiday.group(), holiday.end()
                    skip = end
            if letter in _ABBREVIATED and text[end:end + 1] == "." and _SHORT.fullmatch(word):
                end += 1
                skip = end
        letters.append(letter)
        words.append(word)
        starts.append(start)
        ends.append(end)
        previous_end = end
    return Tokens("".join(letters), words, starts, ends)


def _number(word: str, text: str, start: int) -> str:
    if text[start - 1:start] == "_" or not word.isascii():
        return LETTER["OTHER"]
    if word.isdigit():
        n = len(word)
        if n <= 2:
            return LETTER["DAY"] if 1 <= int(word) <= 31 else LETTER["INT"]
        if n == 4:
            if "1900" <= word <= "2099":
                return LETTER["YEAR"]
            return LETTER["OLDYEAR"] if "1000" <= word <= "1899" or "2100" <= word <= "2199" else LETTER["INT"]
        return LETTER["INT"] if n <= 4 else LETTER["OTHER"]
    if len(word) > 40:
        return LETTER["OTHER"]
    if word[4:5] == "-" or (len(word) > 14 and word[8] == "T"):
        return LETTER["ISO"]
    if word[-1] in "mM." and word[0].isdigit() and re.search(r"[ap]\.?\s?m", word, re.I):
        return LETTER["AMPM"]
    if ":" in word:
        return LETTER["CLOCK"]
    if "/" in word:
        return LETTER["FRACTION"] if word.count("/") == 1 else LETTER["NUMDATE"]
    if re.fullmatch(r"\d\d?[.-]\d\d?[.-]\d{4}", word):
        return LETTER["NUMDATE"]
    if _NUMERIC.fullmatch(word):
        return LETTER["ORD"] if len(word) <= 4 and 1 <= int(word[:-2]) <= 31 else LETTER["BIGORD"]
    if _DECADE.fullmatch(word):
        return LETTER["DECADE"]
    if re.fullmatch(r"\d{1,7}(?:[.,]\d{1,3}){1,3}", word):
        return LETTER["REAL"]
    return LETTER["OTHER"]
