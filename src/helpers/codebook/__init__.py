"""The codebook: what is coded, how, and by which rules, in files that a scholar edits.

The general part lies beside this module, a case's part in ``data/raw/<case>/codebook/``; nothing here names a case.

>>> book = load_codebook(None)
>>> book.types.loc["SANCTION", "seminar_group"]
'verbal conflict'
>>> [hit.rule for hit in book.cues("modality").find("Norvia has not yet signed.")][:1]
['not_yet']

Every YAML value is read as text, a list or a mapping, so ``no`` stays the word "no" and no file creates an object.
Cues are words, not programs; :mod:`helpers.codebook.cues` says how they are written.
"""

from __future__ import annotations

from .book import Codebook, CodebookError, check, load_codebook
from .cues import Cues, Hit, compile_cues
from .page import page
from .reading import FILES, SHAPES, Problem

__all__ = [
    "FILES",
    "SHAPES",
    "Codebook",
    "CodebookError",
    "Cues",
    "Hit",
    "Problem",
    "check",
    "compile_cues",
    "load_codebook",
    "page",
]
