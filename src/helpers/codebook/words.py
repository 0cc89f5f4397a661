"""What single words say of frames: the frozen weights of `frame_words.csv`. No fitting happens here.

The rules of a codebook hold the words that somebody thought of. These weights were learnt from labelled sentences and
from word vectors, so that a word which no rule has, but which is used like words that were seen, says something too.
`benchmarks/fit_words.py` says how.
"""
from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pandas as pd

FILE = "frame_words.csv"
EVERY = "*"         # the row of what is said before any word is read
RARITY = "rarity"
FEW = 1.5           # the length of what two rare words say; fewer are not made up for
TITLE_CASE = .7     # of its long words, in a headline that capitalises them
_WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?")


class Weights(NamedTuple):
    """The frames; where each starts; each word's rarity, and its weights for the frames."""
    frames: tuple[str, ...]
    start: np.ndarray
    words: dict[str, tuple[float, np.ndarray]]


class Said(NamedTuple):
    """What the words of a sentence say of the frames together, and each word alone (rows; columns are the frames)."""
    total: np.ndarray
    spans: list[tuple[int, int]]
    each: np.ndarray


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights as shipped."""
    table = pd.read_csv(files("helpers") / "codebook" / FILE, comment="#", keep_default_na=False, index_col="word")
    rarity, rows = table.pop(RARITY).to_numpy(float), table.to_numpy(float)
    known = dict(zip(table.index, zip(rarity, rows, strict=True), strict=True))
    _, start = known.pop(EVERY)
    return Weights(tuple(table), start, known)


def headline(text: str, found: list[re.Match]) -> bool:
    """Whether a stretch is a headline that capitalises its words, so that a capital makes no name.

    >>> [headline(text, list(re.finditer("[A-Za-z]+", text))) for text in ("Norvia Rejects Second Offer", "It rains.")]
    [True, False]
    """
    long = [m for m in found if m.end() - m.start() > 3]
    return len(long) > 3 and not text.rstrip("\"”’) ").endswith((".", "!", ";")) and \
        sum(m.group()[0].isupper() for m in long) > TITLE_CASE * len(long)


def tokens(text: str) -> list[tuple[int, int, str]]:
    """Return the words of a sentence with their places, in small letters.

    After the first, those with a capital are names and are left out; not so in a headline that capitalises its words.

    >>> [word for *_, word in tokens("Envoys of Norvia met.")]
    ['envoys', 'of', 'met']
    """
    found = list(_WORD.finditer(text))
    every = headline(text, found)
    return [(m.start(), m.end(), m.group().lower().replace("’", "'"))
            for number, m in enumerate(found) if every or not number or m.group().islower()]


def shares(rarity: np.ndarray) -> np.ndarray:
    """What share of a sentence each of its words has: one of length one, but of few words less."""
    return rarity / max(np.sqrt(rarity @ rarity), FEW)


def frames_said(sentence: str) -> Said:
    """Return what the words of a sentence say of each frame: a linear model of its words, rare ones counting more.

    Each word counts once. The sum is divided by the length of the sentence's vector, so that long ones say no more.
    """
    known = weights()
    places: dict[str, tuple[int, int]] = {}
    for start, end, word in tokens(sentence):
        if word in known.words:
            places.setdefault(word, (start, end))
    rows = [known.words[word] for word in places]
    each = shares(np.array([rarity for rarity, _ in rows]))[:, None] * \
        np.array([row for _, row in rows]).reshape(-1, len(known.frames))
    return Said(known.start + each.sum(axis=0), list(places.values()), each)
