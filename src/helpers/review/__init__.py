"""What coders decided, and how far they agree.

Labels (``gold/*.csv``) are whole codings of a text; decisions (``review/*.csv``) are single verdicts on single rows. A
case's adjudicated rows are its labels, or the machine's suggestions where it has none, with the decisions on top:
:func:`adjudicated`. Both are keyed by spans of the text, so they survive every rebuild, and what no longer fits is
reported.
"""
from helpers.review.decisions import (
    DECISIONS,
    adjudicated,
    apply,
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
    coder_line,
    coders,
    freeze,
    frozen,
    interval,
    sentence_at,
)

__all__ = ["DECISIONS", "adjudicated", "adjudicated_event_mentions", "adjudicated_frames", "adjudicated_quotes",
           "apply", "coder_line", "coders", "freeze", "frozen", "interval", "not_reviewed", "read_decisions",
           "reviewed_line", "sentence_at", "tell", "write_decisions"]
