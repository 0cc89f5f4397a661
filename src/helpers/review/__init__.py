"""What coders decided, and how far they agree.

Labels (``gold/*.csv``) are whole codings of a text; decisions (``review/*.csv``) are single verdicts on single rows. A
case's adjudicated rows are its labels, or the machine's suggestions where it has none, with the decisions on top:
:func:`adjudicated`. Both are keyed by spans of the text, so they survive every rebuild, and what no longer fits is
reported. Coders fill sheets (:func:`sheet`), and all codings are held side by side (:func:`score`).
"""
from helpers.review.codings import WHAT, Coding, compare, disagreements, from_labels, from_machine, match
from helpers.review.decisions import (
    DECISIONS,
    adjudicated,
    apply,
    counted,
    not_reviewed,
    read_decisions,
    reviewed_line,
    tell,
    write_decisions,
)
from helpers.review.labels import (
    adjudicated_event_mentions,
    adjudicated_frames,
    adjudicated_quotes,
    coder_kinds,
    coder_line,
    coders,
    enter,
    freeze,
    frozen,
    interval,
    labelled_by,
    sentence_at,
    sentences_at,
)
from helpers.review.scores import consistency, gather, score
from helpers.review.sheets import Filled, codes, decisions_from, drawn, join, read_sheet, sheet

__all__ = ["Coding", "DECISIONS", "Filled", "WHAT", "adjudicated", "adjudicated_event_mentions", "adjudicated_frames",
           "adjudicated_quotes", "apply", "coder_kinds", "coder_line", "counted", "coders", "codes", "compare",
           "consistency", "decisions_from", "disagreements", "drawn", "enter", "freeze", "from_labels", "from_machine",
           "frozen", "gather", "interval", "join", "labelled_by", "match", "not_reviewed", "read_decisions",
           "read_sheet", "reviewed_line", "score", "sentence_at", "sentences_at", "sheet", "tell", "write_decisions"]
