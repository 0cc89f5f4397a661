"""The grammar of time expressions: rules over word classes, each with the meaning it gives.

A rule is written in class names (`lexicon.CLASSES`) and compiled to a regular expression over class letters; all rules
together are one alternation, the more specific first. Every repetition is bounded, so a text is read in linear time.
A rule's function returns the *meaning*: a function of an `At` (publication day, moving reference, tense) that gives a
TIMEX3 value. Nothing is resolved here, so that one reading of a text serves every candidate publication date.

Sources: TimeML annotation guidelines 1.2.1 (Saurí et al. 2006) for spans and values; the notions of HeidelTime's
published rule resources (Strötgen and Gertz 2013). What the author had read: two thirds of the TempEval-3
training texts, the list of time expressions of the case `s400`, and the passages of the case `practice` that an earlier
version got wrong; and what went wrong in sixteen made-up news pages.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from . import periods as p
from .lexicon import LETTER, Tokens

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
            return p.covered(self.exact)[0]
        return self.anchor


@dataclass(slots=True)
class Part:
    """The tokens i..j of a text that a rule matched."""

    tokens: Tokens
    i: int
    j: int
    basis: str = ""  # set by a rule that finds the year told, or a day inside a longer expression

    @property
    def letters(self) -> str:
        return self.tokens.letters[self.i : self.j]

    @property
    def words(self) -> list[str]:
        return [w.lower() for w in self.tokens.words[self.i : self.j]]

    def at(self, *names: str) -> int:
        """Index of the first token of these classes, or -1."""
        found = _class(names).search(self.tokens.letters, self.i, self.j)
        return found.start() if found else -1

    def has(self, *names: str) -> bool:
        return self.at(*names) >= 0

    def get(self, *names: str) -> str:
        """The first word of these classes in small letters, or nothing."""
        return self.raw(*names).lower()

    def raw(self, *names: str) -> str:
        """The first word of these classes as it stands, or nothing."""
        k = self.at(*names)
        return self.tokens.words[k] if k >= 0 else ""

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
    "COUNT": "(A COUPLE OF?|COUPLE OF|A FEW|A NUMW|FEW|DOZENS OF|CARD (HYPH? AND HYPH? A HYPH? HALF|HYPH? "
    "FRACTION|FRACTION)?|HALF A|A HALF|ANOTHER|A)",
    "APPROX": "(ABOUT|MORE THAN|LESS THAN|JUST? AT (LEAST|MOST)|UP TO|NO (MORE|LESS) THAN|JUST ABOUT)",
    "TWO": "(ONE|NUMW)",
    "WHEN": "(LAST|PREV|NEXT|FOLLOW|COMING|THIS|THAT|SAME|CURRENT|LATEST)",
    "DIRECTED": "((DET|THIS|THAT)? (LAST|PREV|NEXT|FOLLOW|COMING|SAME|CURRENT|LATEST)|THIS|THAT)",
    "EDGE": "(DET? PARTOF OF|DET? EARLY PARTOF? OF|DET? MID OF|EARLY (IN|ON)?|MID HYPH?|EARLIER (IN|ON|OF)?|LATER "
    "(IN|ON|OF)?|SOMETIME|DET? HALF OF)",
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


def compile_pattern(pattern: str) -> str:
    """Turn a pattern in class names into a regular expression over class letters."""
    for _ in range(6):  # macros may name macros
        pattern = re.sub(r"[A-Z]{2,}", lambda m: f"(?:{MACROS[m[0]]})" if m[0] in MACROS else m[0], pattern)
    pattern = re.sub(r"\((?!\?)", "(?:", pattern)
    return re.sub(r"[A-Z]+", lambda m: re.escape(LETTER[m[0]]), pattern).replace(" ", "")


# no expression starts with these, and they are most of a text
NEVER_FIRST = "OTHER STOP BAR COMMA CAP OPEN CLOSE COLON DASH HYPH SLASH APOS POSS MONEY OF AND OR TO".split()


@cache
def machine() -> re.Pattern[str]:
    """All rules as one alternation, the earlier rule first; built once all rule modules are imported.

    The name stands behind a rule, not around it: so the engine can pass over a rule by its first letter.
    """
    whole = "|".join(f"(?:{compile_pattern(pattern)})(?P<r{k}>)" for k, (_, pattern, *_) in enumerate(RULES))
    return re.compile(f"(?![{''.join(re.escape(LETTER[name]) for name in NEVER_FIRST)}])(?:{whole})")


@cache
def alone(k: int) -> re.Pattern[str]:
    """One rule by itself."""
    return re.compile(compile_pattern(RULES[k][1]))


def match(tokens: Tokens, i: int, j: int | None = None, search: bool = False) -> Found | None:
    """Return the expression that starts at token i (or, searching, the first at or after it).

    The alternation finds where a rule may apply; when that rule's function declines, the rules after it are asked in
    turn.
    """
    whole = machine()
    end = len(tokens.letters) if j is None else j
    while i < end:
        hit = whole.search(tokens.letters, i, end) if search else whole.match(tokens.letters, i, end)
        if not hit:
            return None
        i = hit.start()
        for k in range(int((hit.lastgroup or "")[1:]), len(RULES)):
            found = hit if hit.lastgroup == f"r{k}" else alone(k).match(tokens.letters, i, end)
            name, _, kind, basis, build = RULES[k]
            if found and found.end() > i and (meaning := build(part := Part(tokens, i, found.end()))):
                return Found(i, found.end(), kind, meaning, part.basis or basis, name)
        if not search:
            return None
        i += 1
    return None


def inner(part: Part) -> Meaning | None:
    """The meaning of the day told inside a longer expression ("noon on [Friday]")."""
    hit = _core().search(part.letters)
    if not hit:
        return None
    i, j = part.i + hit.start(), part.i + hit.end()
    found = match(part.tokens, i, j)
    if not found or found.j != j:
        return None
    part.basis = found.basis
    return found.meaning


@cache
def _core() -> re.Pattern[str]:
    return re.compile(compile_pattern("CORE"))
