"""Cues: the words by which a rule is found, and one pass over a text that finds those of all rules.

How a cue is written (case never counts, straight and curly apostrophes are the same):

=================  =====================================================================
``turned down``    these words in this order, whole words only
``sanction*``      a word that begins so
``(buy|sell) back``  one of several, in brackets
``if ... would``   up to six words may stand between, in the same sentence
``re:\\bpre-?war``  a regular expression, for those who know what they do
=================  =====================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from re import _parser as sre_parse  # type: ignore[attr-defined]  # the only parser of Python's own patterns
from typing import NamedTuple

GAP_WORDS = 6
WINDOW_WORDS = 10
KNOWN = 20_000  # words of which is kept which cues they begin; names are met for ever, and must not fill the memory
STRETCH = 10_000  # characters in which a regular expression is sought at once, however it was written
_WORD = re.compile(r"\w+")
_APOSTROPHES = "['’ʼ‘]"
_HYPHENS = "[-‐‑]"
UNIT = re.compile(r"(?:\([^()]*\)|[^\s()])+")
_BRACKET = re.compile(r"\(([^()]*)\)")
_CHOICE = re.compile(r"\(([^()]*)\)(?!\S)")
_SIGNS = re.compile(r"[?\\[\]{}^+]")
_BETWEEN = r"[^\w.!?;]+"
# a stop ends a sentence unless a title or an initial stands before it; looked for mark first, so that it is quick
_TITLES = "".join(
    rf"(?<!\b{title}.)" for title in (r"\w", "mr", "mrs", "dr", "gen", "sen", "rep", "gov", "prof", "lt", "col")
)
_BREAKS = re.compile(rf"[.!?;\n](?:(?<=[.!?;]){_TITLES}[.!?;]*[\"'”’)\]]*(?=\s|$)|(?<=\n)\s*\n)")


class Hit(NamedTuple):
    """A cue found in a text: characters ``start`` to ``end``, the rule's id and the cue as written."""

    start: int
    end: int
    rule: str
    cue: str


def fold(text: str) -> str:
    """Lower case that keeps every character's place (``İ`` would become two).

    >>> len(fold("İzmir")) == len("İzmir")
    True
    """
    low = text.lower()
    low = low.replace("ʼ", "’")     # a letter to Python, an apostrophe to who writes it
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _words(text: str) -> str:
    """Plain words of a cue as a regular expression."""
    out = re.escape(fold(text)).replace(r"\*", r"\w*").replace(r"\-", _HYPHENS).replace(r"\ ", r"\s+")
    return re.sub(_APOSTROPHES, lambda _: _APOSTROPHES, out)


def _unit(unit: str) -> str:
    """What stands between two blanks of a cue: a word, a choice in brackets, or both joined."""
    parts = re.split(r"\(([^()]*)\)", unit)
    choices = ("(?:" + "|".join(_words(" ".join(way.split())) for way in part.split("|")) + ")" for part in parts[1::2])
    return "".join(_words(plain) + next(choices, "") for plain in parts[::2])


@lru_cache(16_384)
def to_regex(cue: str) -> str:
    """The regular expression of a cue, to be matched against folded text.

    Raises ValueError, in plain words, if the cue cannot be read.

    >>> bool(re.search(to_regex("if ... would"), "if the ferry sank they would swim"))
    True
    """
    cue = cue.strip()
    if any(c < " " for c in cue):
        raise ValueError(f"the cue {cue!r} holds a control character: between double quotes YAML reads \\b as one; "
                         "write the cue between single quotes")
    if cue.startswith("re:"):
        return cue[3:].strip()
    if sign := _SIGNS.search(cue):
        raise ValueError(f"the cue {cue!r} holds {sign.group()!r}, which no word does: write the choices out, as "
                         "in (one|two), or begin the cue with re:")
    if not cue:
        raise ValueError("a cue is empty: write a word, or delete the line")
    units = UNIT.findall(cue)
    if "".join(units) != "".join(re.findall(r"\([^()]*\)|\S", cue)) or cue.count("(") != len(
        re.findall(r"\([^()]*\)", cue)
    ):
        raise ValueError(f"the brackets of the cue {cue!r} do not pair: write (one|two)")
    if units[0] == "..." or units[-1] == "...":
        raise ValueError(f"the cue {cue!r} begins or ends with a gap: leave the dots out")
    if units.count("...") > 2:
        raise ValueError(f"the cue {cue!r} has more than two gaps: write two cues")
    body, glue = "", ""
    for unit in units:
        if unit == "...":
            glue = rf"(?:{_BETWEEN}\w+){{0,{GAP_WORDS}}}?{_BETWEEN}"
        else:
            body += glue + _unit(unit)
            glue = r"\s+"
    before = r"(?<!\w)" if cue[0].isalnum() or cue[0] == "(" else ""
    after = r"(?!\w)" if cue[-1].isalnum() or cue[-1] in ")*" else ""
    return before + body + after


def danger(pattern: str) -> str | None:
    """Why a regular expression written by hand may take for ever, or None. It is refused before it meets a text.

    >>> danger(r"(\\w+)+x")
    'a repetition inside a repetition can take for ever: drop one of the two'
    >>> danger(r"sanction\\w*") is None
    True
    """

    def walk(items, repeated: bool) -> str | None:
        for op, value in items:
            name, many = str(op), repeated
            inner: Sequence = ()
            if name in ("MAX_REPEAT", "MIN_REPEAT"):
                many = value[1] > 32
                if many and repeated:
                    return "a repetition inside a repetition can take for ever: drop one of the two"
                inner, many = (value[2],), many or repeated
            elif name == "BRANCH":
                inner = value[1]
            elif name in ("GROUPREF", "GROUPREF_EXISTS"):
                return "a back reference is not allowed: write the words out"
            elif name == "SUBPATTERN":
                inner = (value[-1],)
            elif name in ("ASSERT", "ASSERT_NOT"):
                inner = (value[1],)
            elif name == "POSSESSIVE_REPEAT":  # never goes back, so what is inside may repeat once
                inner, many = (value[2],), False
            elif name == "ATOMIC_GROUP":
                inner, many = (value,), False
            for part in inner:
                if found := walk(part, many):
                    return found
        return None

    return walk(sre_parse.parse(pattern), False)


@lru_cache(16_384)
def pattern_of(*cues: str) -> re.Pattern[str]:
    """One pattern for one cue or several; kept, since most cues of a codebook never meet a candidate in a text."""
    return re.compile("|".join(f"(?:{to_regex(cue)})" for cue in cues))


@lru_cache(4096)
def literals(pattern: str) -> tuple[str, ...]:
    """Strings of which a text must hold one for a regular expression to match; empty where none can be named.

    Looking for a string is many times quicker than trying a pattern at every place.

    >>> literals(r"\\b(?:risk|threat)\\w*"), literals(r"\\w+")
    (('risk', 'threat'), ())
    """

    def needed(items) -> tuple[str, ...]:
        found: list[tuple[str, ...]] = []
        run = ""
        for op, value in [*items, (None, None)]:
            name = str(op)
            if name == "LITERAL":
                run += chr(value)
                continue
            if len(run) > 1:
                found.append((run,))
            run = ""
            if name == "BRANCH":
                ways = [needed(way) for way in value[1]]
                found.append(tuple(one for way in ways for one in way) if all(ways) else ())
            elif name == "SUBPATTERN":
                found.append(needed(value[-1]))
            elif name in ("MAX_REPEAT", "MIN_REPEAT") and value[0]:
                found.append(needed(value[2]))
        return max((way for way in found if way), key=lambda way: (min(map(len, way)), -len(way)), default=())

    return () if "(?i" in pattern else needed(sre_parse.parse(pattern))


class _Cue(NamedTuple):
    rule: str
    cue: str


class _Near(NamedTuple):
    """The cues that can begin at a word, each with the part of it that can, by the word that must follow.

    ``alone`` need none, or one that cannot be said beforehand; ``after`` has the others by that word, ``begun`` by what
    it begins with. ``reach``: how many words further on it may stand.
    """

    alone: tuple[tuple[_Cue, str], ...]
    after: Mapping[str, tuple[tuple[_Cue, str], ...]]
    begun: tuple[tuple[str, tuple[tuple[_Cue, str], ...]], ...]
    reach: int


@dataclass(frozen=True)
class Cues:
    """All cues of a rule file, ready to be found in one pass.

    A text is cut into words once. Only a word with which some cue begins is looked at more closely, so the time does
    not grow with the number of rules.
    """

    rules: Mapping[str, Mapping] = field(repr=False)
    exact: Mapping[str, tuple[_Cue, ...]] = field(repr=False)
    prefix: Mapping[str, tuple[_Cue, ...]] = field(repr=False)
    free: tuple[tuple[_Cue, tuple[str, ...]], ...] = field(repr=False)
    near: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], int, str]] = field(repr=False)
    _seen: dict[str, _Near | None] = field(default_factory=dict, repr=False, compare=False)

    def _candidates(self, word: str) -> _Near | None:
        """The cues that can begin with a word."""
        longest = min(len(word), max(map(len, self.prefix), default=0))
        cues = self.exact.get(word, ()) + tuple(
            cue for n in range(1, longest + 1) for cue in self.prefix.get(word[:n], ())
        )
        found = _near([(cue, _only(cue.cue, word)) for cue in cues]) if cues else None
        if len(self._seen) < KNOWN:
            self._seen[word] = found
        return found

    def find(self, text: str) -> list[Hit]:
        """Accepts a text; returns every hit in order of place, the longest first where several begin together.

        A rule with ``requires`` or ``excludes`` hits only if they are met near by, in the same sentence.
        """
        low, seen, hits = fold(text), self._seen, []
        places = [m.span() for m in _WORD.finditer(low)]
        words = [low[a:b] for a, b in places]
        for number, word in enumerate(words, 1):
            near = seen[word] if word in seen else self._candidates(word)
            if near is None:
                continue
            able = near.alone
            if near.reach:
                following = words[number : number + near.reach]
                if not near.after.keys().isdisjoint(following):
                    able += tuple(cue for w in following for cue in near.after.get(w, ()))
                for begin, cues in near.begun if near.begun else ():
                    if any(w.startswith(begin) for w in following):
                        able += cues
            for cue, part in dict.fromkeys(able) if able else ():
                if match := pattern_of(part).match(low, places[number - 1][0]):
                    hits.append(Hit(match.start(), match.end(), cue.rule, cue.cue))
        free = [cue for cue, held in self.free if not held or any(map(low.__contains__, held))]
        for start, end in stretches(low, 0, len(low), STRETCH) if free else ():
            for cue in free:
                matches = pattern_of(cue.cue).finditer(low, start, end)
                hits += [Hit(m.start(), m.end(), cue.rule, cue.cue) for m in matches if m.group()]
        if self.near:
            hits = [hit for hit in hits if hit.rule not in self.near or self._met(low, hit)]
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.rule, hit.cue))

    def _met(self, low: str, hit: Hit) -> bool:
        requires, excludes, window, side = self.near[hit.rule]
        before, after = context(low, hit.start, hit.end, window)
        around = before + low[hit.start : hit.end] + after
        place = {"before": before, "after": after}.get(side, around)
        if requires and not pattern_of(*requires).search(place):
            return False
        return not (excludes and pattern_of(*excludes).search(around))

    def matches(self, text: str) -> set[str]:
        """The ids of the rules that hit anywhere in the text."""
        return {hit.rule for hit in self.find(text)}


def context(text: str, start: int, end: int, words: int = WINDOW_WORDS) -> tuple[str, str]:
    """Up to so many words before and after a span, not beyond its sentence.

    >>> context("Rain fell. The old ferry sank at noon.", 25, 29, 2)
    ('old ferry ', ' at noon')
    """
    left = max((m.end() for m in _BREAKS.finditer(text, max(0, start - 400), start)), default=max(0, start - 400))
    stop = _BREAKS.search(text, end, end + 400)
    right = stop.start() if stop else min(len(text), end + 400)
    heads = [m.start() for m in _WORD.finditer(text, left, start)]
    tails = [m.end() for m in _WORD.finditer(text, end, right)]
    left = heads[-words] if len(heads) >= words else left
    right = tails[words - 1] if len(tails) >= words else right
    return text[left:start], text[end:right]


def stretches(text: str, start: int, end: int, longest: int) -> Iterator[tuple[int, int]]:
    """A passage in pieces of at most so many characters, cut at line breaks, else at blanks.

    No one writes a sentence as long; but a saved page may hold one, and what looks back and forth in it must not take
    for ever.

    >>> list(stretches("one two three", 0, 13, 8))
    [(0, 7), (7, 13)]
    """
    while end - start > longest:
        cuts = (text.rfind(mark, start + longest // 2, start + longest) for mark in "\n ")
        cut = next((cut for cut in cuts if cut > 0), start + longest)
        yield start, cut
        start = cut
    yield start, end


def _starts(cue: str) -> list[tuple[str, bool]] | None:
    """The words (and whether they are only beginnings) with which a cue can start; None if that cannot be said."""
    cue = cue.strip()
    if cue.startswith("re:"):
        return None
    choice = _CHOICE.match(cue)
    found = []
    for head in choice.group(1).split("|") if choice else [cue]:
        head = head.strip()
        word = _WORD.match(fold(head))
        if not word:
            return None
        found.append((word.group(), head[word.end() : word.end() + 1] in ("*", "(")))
    return found


def _only(cue: str, word: str) -> str:
    """A cue with those choices of its first bracket alone that can begin with a word: a family is compiled in parts.

    >>> _only("(sold|gave|giv*) back", "giving")
    '(giv*) back'
    """
    choice = _CHOICE.match(cue.strip())
    if not choice:
        return cue
    ways = choice.group(1).split("|")
    kept = [way for way, (head, begins) in zip(ways, _starts(cue) or ()) if
            (word.startswith(head) if begins else word == head)]
    return f"({'|'.join(kept)}){cue.strip()[choice.end():]}" if kept else cue


def _near(cues: Sequence[tuple[_Cue, str]]) -> _Near:
    """Sort cues by the word that must follow, so that most need not be compiled to know that they do not match."""
    alone: list[tuple[_Cue, str]] = []
    after: dict[str, list[tuple[_Cue, str]]] = {}
    begun: dict[str, list[tuple[_Cue, str]]] = {}
    reach = 0
    for cue, part in cues:
        units = UNIT.findall(part)
        gap = len(units) > 2 and units[1] == "..."
        second = units[2] if gap else units[1] if len(units) > 1 else ""
        starts = _starts(second) if second and not part.startswith("re:") else None
        if not starts:
            alone.append((cue, part))
            continue
        head = len(_WORD.findall(_BRACKET.sub(" ", units[0])))
        head += sum(max(len(_WORD.findall(way)) for way in ways.split("|")) for ways in _BRACKET.findall(units[0]))
        reach = max(reach, head + (GAP_WORDS if gap else 0))
        for word, open_ended in dict.fromkeys(starts):
            (begun if open_ended else after).setdefault(word, []).append((cue, part))
    return _Near(tuple(alone), {word: tuple(its) for word, its in after.items()},
                 tuple((word, tuple(its)) for word, its in begun.items()), reach)


def compile_cues(rules: Iterable[Mapping]) -> Cues:
    """Accepts rules (``id``, ``cues``, perhaps ``requires``, ``excludes``, ``window``, ``side``); returns one finder.

    ``side`` says where a required word must stand: ``before``, ``after`` or, the default, ``any``. Raises ValueError
    for a cue that cannot be read and re.error for a broken regular expression; ``check`` tells both with their line.

    >>> finder = compile_cues([{"id": "buy", "cues": ["buy*", "bought"], "requires": ["ferry", "boat*"]}])
    >>> [hit[:3] for hit in finder.find("They bought two boats. He bought bread.")]
    [(5, 11, 'buy')]
    """
    kept, free, near = {}, [], {}
    exact: dict[str, list[_Cue]] = {}
    prefix: dict[str, list[_Cue]] = {}
    for rule in rules:
        name = rule["id"]
        kept[name] = rule
        for text in rule.get("cues") or ():
            if to_regex(text) and text.startswith("re:"):
                re.compile(to_regex(text))
            cue = _Cue(name, text)
            starts = _starts(text)
            if starts is None:
                free.append(cue)
            for word, open_ended in dict.fromkeys(starts or ()):  # "(shut off|shut down)" begins with one word
                (prefix if open_ended else exact).setdefault(word, []).append(cue)
        requires, excludes = tuple(rule.get("requires") or ()), tuple(rule.get("excludes") or ())
        if requires or excludes:
            near[name] = (requires, excludes, int(rule.get("window") or WINDOW_WORDS), rule.get("side") or "any")
    return Cues(
        kept,
        {word: tuple(cues) for word, cues in exact.items()},
        {word: tuple(cues) for word, cues in prefix.items()},
        tuple((cue, literals(to_regex(cue.cue))) for cue in free),
        near,
    )
