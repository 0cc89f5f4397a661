"""Quotation marks: which stretches of a paragraph stand inside them, however they are drawn.

Curly, straight, low, pointed and the typewriter's `` and '' count as one. A mark that is never closed ends with its
paragraph: where the next one opens with a mark again, the quotation goes on there (Quirk et al. 1985, app. III).
"""

from __future__ import annotations

import re
from typing import NamedTuple

MARK = re.compile(r"``|''|[\"“”„‟«»]")
SINGLE = re.compile(r"(?<![\w'’])[‘'](?=[\w“\"])|(?<=[\w.,!?…;:—-])[’'](?![\w])")
LONGEST = 6000


class Quoted(NamedTuple):
    """A stretch inside quotation marks, marks included."""

    start: int
    end: int
    closed: bool


def _double(text: str, start: int, end: int) -> list[Quoted]:
    out, begin, depth = [], None, 0
    for mark in MARK.finditer(text, start, end):
        sign, at, after = mark.group(), mark.start(), mark.end()
        if sign in "„«``‟" and sign:
            opens = True
        elif sign == "“":
            opens = begin is None or text[begin] != "„"
        elif sign in ("”", "»"):
            opens = False
        else:  # straight: by what stands around it
            before = text[at - 1] if at > start else " "
            follows = text[after] if after < end else " "
            opens = (before.isspace() or before in "([{—–-/“‘'") and not follows.isspace()
            if begin is None:
                opens = not follows.isspace()
            elif opens and not follows.isalnum():
                opens = False
        if opens and begin is None:
            begin, depth = at, 1
        elif opens:
            depth += 1
        elif begin is not None:
            depth -= 1
            if depth <= 0 or sign in ("”", "»") and depth <= 1:
                out.append(Quoted(begin, after, True))
                begin = None
    if begin is not None:
        out.append(Quoted(begin, end, False))
    return out


def _single(text: str, start: int, end: int, taken: list[Quoted]) -> list[Quoted]:
    """British style: ‘…’ outside double marks; an apostrophe closes nothing unless a quotation is open."""
    out, begin, k = [], None, 0
    for mark in SINGLE.finditer(text, start, end):
        at = mark.start()
        while k < len(taken) and taken[k].end <= at:
            k += 1
        if k < len(taken) and taken[k].start <= at:
            continue
        opens = (
            at + 1 < end
            and (at == start or not (text[at - 1].isalnum() or text[at - 1] in ".,!?…;:"))
            and text[at + 1].isalnum()
        )
        if opens and begin is None and not re.match(r"\d0s|em\b|til\b|cause\b|twas\b|tis\b|n\b", text[at + 1 : at + 8]):
            begin = at
        elif not opens and begin is not None and text[at] in "’'":
            if text[at - 1] in ".,!?…" or text[at + 1 : at + 2] in ",.;:) \n—–?!":
                if text[at - 1] == "s" and text[at + 1 : at + 2] == " " and "’" in text[at + 1 : min(end, at + 400)]:
                    continue  # more likely a genitive: "the crews’ hope"
                out.append(Quoted(begin, at + 1, True))
                begin = None
    return out


def quoted(text: str, paragraphs: list[tuple[int, int]]) -> list[Quoted]:
    """Every stretch inside quotation marks, paragraph by paragraph, in order.

    >>> text = "The pilot said “it was old” and left."
    >>> [text[q.start:q.end] for q in quoted(text, [(0, len(text))])]
    ['“it was old”']
    """
    out: list[Quoted] = []
    for start, end in paragraphs:
        here = _double(text, start, end)
        singles = (
            _single(text, start, end, here)
            if ("‘" in text[start:end] or " '" in text[start:end] or text[start : start + 1] == "'")
            else []
        )
        out += sorted(here + [s for s in singles if s.end - s.start < LONGEST])
    return out
