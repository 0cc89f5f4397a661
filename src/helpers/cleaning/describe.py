"""What a page says about itself: title, dek, byline, credit, dateline, language, length."""
from __future__ import annotations

import re

import pandas as pd

from helpers.cleaning.sentences import WORDS, lead_in

LABEL = re.compile(r"^\W*(?:(?:written|reported|story|posted|published|words|text|article)\s+)?"
                   r"(?:by|authors?|source|credit|edited by|photo(?: by)?)\s*[:=]?\s+|"
                   r"^\W*(?:image |photo |picture )?(?:sources?|credits?|courtesy|photo|image|picture)\s*[:=]\s*",
                   re.IGNORECASE)
LANGUAGE_WORDS = 20
ENOUGH = 1500   # characters that tell a language as surely as the whole text


def language(text: str) -> str | None:
    """ISO 639-1 code of a text's language by py3langid (Barbaresi; after Lui and Baldwin 2012); None for fewer than 20
    words, or when the library is not installed.

    >>> language("too short") is None
    True
    """
    if len(WORDS.findall(text[:4000])) < LANGUAGE_WORDS:
        return None
    try:
        import py3langid
    except ImportError:
        return None
    return py3langid.classify(text[:ENOUGH])[0]


def describe(text: str, lines: pd.DataFrame) -> dict:
    """Accepts a text and its `lines`; returns what the page says about itself.

    Keys: `title`, `title_start`, `title_end`, `dek`, `dek_start`, `dek_end`, `byline`, `byline_start`, `byline_end`,
    `credit`, `credit_start`, `credit_end`, `dateline`, `dateline_start`, `dateline_end`, `language` (of the body's
    words
    alone), `n_words_body`, `n_paragraphs`. None where the page has none. `byline` is the name without its label ("By:
    "). The spans are those of the passage as it stands. Several dek lines are one span from the first to the last.
    """
    spans: dict[str, list[tuple[int, int]]] = {}
    for role, start, end in zip(*(lines[name].tolist() for name in ("role", "start", "end")), strict=True):
        spans.setdefault(role, []).append((start, end))
    found: dict = {}

    def put(key: str, span: tuple[int, int] | None, shown: str | None = None) -> None:
        if span:
            a, b = span
            passage = text[a:b]
            a, b = a + len(passage) - len(passage.lstrip()), b - len(passage) + len(passage.rstrip())
            span = (a, b)
        found[key] = None if span is None else (text[span[0]:span[1]] if shown is None else shown)
        found[f"{key}_start"], found[f"{key}_end"] = span or (None, None)

    body = spans.get("body", [])
    title = spans.get("title", [None])[0]
    deks = spans.get("dek", [])
    put("title", title)
    put("dek", (deks[0][0], deks[-1][1]) if deks else None,
        "\n".join(text[a:b].strip() for a, b in deks) if deks else None)
    ahead = {}
    for start, end in body[:2]:
        opening = lead_in(text[start:end])
        if opening and opening[0] not in ahead:
            ahead[opening[0]] = (start, start + opening[1])
    for key in ("byline", "credit", "dateline"):
        span = ahead.get(key) or _nearest(spans.get(key, []), title, body)
        shown = None
        if span and key != "dateline":
            shown = LABEL.sub("", text[span[0]:span[1]].strip().strip("[]()【】")).strip()
        elif span and span == ahead.get(key):
            shown = text[span[0]:span[1]].strip().rstrip("–—―- ").strip()
        put(key, span, shown or None)
    words = " ".join(text[a:b] for a, b in body)
    found["language"] = language(words)
    found["n_words_body"] = sum(len(WORDS.findall(text[a:b])) for a, b in body)
    found["n_paragraphs"] = len(body)
    return found


FAMILIES = {"cue": "wording", "weights": "weighed by", "place": "place", "repetition": "repeated"}


def say_rule(rule: str) -> str:
    """Say in words what gave a line its role.

    >>> say_rule("cue/related/read_more"), say_rule("weights/shape"), say_rule("blank")
    ('wording: read more', 'weighed by: shape', 'blank')
    """
    family, *rest = rule.split("/")
    return f"{FAMILIES.get(family, family)}: {rest[-1].replace('_', ' ')}" if rest else rule.replace("_", " ")


def _nearest(spans: list[tuple[int, int]], title, body) -> tuple[int, int] | None:
    """The span that stands between title and body if one does, else the one nearest to the text."""
    if not spans or not body:
        return spans[0] if spans else None
    first, last = body[0][0], body[-1][1]
    between = [s for s in spans if title and title[1] <= s[0] < first]
    if between:
        return between[0]
    return min(spans, key=lambda s: min(abs(s[0] - first), abs(s[0] - last)))
