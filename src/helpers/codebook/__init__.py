"""The codebook: what is coded, how, and by which rules, in files that a scholar edits.

The general part lies beside this module, the part of a case in ``data/raw/<case>/codebook/``. Nothing here names a case.

>>> book = load_codebook(None)
>>> book.types.loc["SANCTION", "seminar_group"]
'verbal conflict'
>>> [hit.rule for hit in book.cues("modality").find("Norvia has not yet signed.")][:1]
['not_yet']

Files are read as plain text only: every YAML value is a string, a list or a mapping, so ``no`` stays the word "no" and no
file can create an object. Cues are words, not programs; see :mod:`helpers.codebook.cues` for how they are written.
"""

from __future__ import annotations

from .book import SHAPES, Codebook, Problem, check, load_codebook
from .cues import Cues, Hit, compile_cues
from .page import explain, page

__all__ = ["SHAPES", "Codebook", "Cues", "Hit", "Problem", "check", "compile_cues", "explain", "load_codebook", "page"]
