"""Whether a passage is on politics at all; the words of a report on sport or weather mean something else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

from helpers.codebook import Codebook

NEAR = 3  # sentences before and behind that may name whom a sentence is about
# who acts in politics where no actor of the codebook is named
POLITICAL = re.compile(
    r"\b(?:presidents?|prime ministers?|premiers?|(?:foreign|defen[cs]e|interior|finance|trade|"
    r"energy)?\s?ministers?|ministry|"
    r"ministries|governments?|authorities|troops|soldiers|army|armies|navy|air force|forces|police|rebels?|"
    r"guerrillas?|"
    r"militants?|militias?|insurgents?|gunmen|terrorists?|extremists?|opposition|parliament|senate|senators?|"
    r"congress|lawmakers?|deputies|"
    r"diplomats?|envoys?|ambassadors?|embass(?:y|ies)|officials?|spokes(?:man|woman|person)|leaders?|allies|alliance|"
    r"security council|united nations|u\.?n\.?|nato|european union|court|tribunal|protest[eo]rs?|demonstrators?|"
    r"dissidents?|"
    r"refugees?|civilians?|prisoners?|hostages?|unions?|workers|students|residents|party|parties|coalition|"
    r"faction|king|queen|"
    r"emir|sultan|ayatollah|secretary(?:[- ]general| of state)?|chancellor|governor|mayor|council|commission|"
    r"agency|navy|warships?|"
    r"peacekeepers?|inspectors?|delegations?|negotiators?|mediators?|administration|regime|republic|states?|"
    r"nations?|countries|country|"
    r"treaty|sanctions|missiles?|military|border|war|peace|nuclear|truce|cease-?fire|bombings?|terroris(?:ts?|m)|"
    r"red cross|humanitarian|evacuations?)\b",
    re.I,
)


@lru_cache(maxsize=8)
def items_of(codebook: Codebook) -> tuple[re.Pattern | None, dict[str, str]]:
    """The case's items as one pattern and the item each name stands for."""
    table = codebook.items.fillna("")
    pairs = zip(table["item"], table["aliases"], strict=True)
    names = {alias.strip(): item for item, aliases in pairs for alias in (item, *aliases.split(";")) if alias.strip()}
    low = {a.lower(): i for a, i in names.items()}
    if not names:
        return None, {}
    ordered = sorted(map(re.escape, names), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(ordered) + r")(?!\w)", re.I), low


def on_politics(text: str, spans: Sequence[tuple[int, int]], named_at: Sequence[int],
                items: re.Pattern | None = None) -> Callable[[int], bool]:
    """Return a test of the numbers of a text's sentences: whether one, or one near it, is on politics.

    Accepts the text, the ``spans`` of its sentences, where actors are named in it (in order), and the pattern of the
    case's items. A sentence is on politics when it names an actor, an item, or who and what there is in politics; so is
    one near it, for a report goes on about its subject.

    >>> text = "Envoys met. It rained."
    >>> on_politics(text, [(0, 11), (12, 22)], [])(1), on_politics(text[12:], [(0, 10)], [])(0)
    (True, False)
    """

    @cache
    def told_of(k: int) -> bool:
        start, end = spans[k]
        here = bisect_left(named_at, start) < bisect_left(named_at, end)
        return bool(here or POLITICAL.search(text, start, end) or items and items.search(text, start, end))

    def near(k: int) -> bool:
        around = range(max(0, k - NEAR), min(len(spans), k + NEAR + 1))
        return any(told_of(n) for n in sorted(around, key=lambda n: abs(n - k)))

    return near
