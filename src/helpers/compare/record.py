"""The texts held against the listed public record: told, left out, not yet knowable."""
from __future__ import annotations

import pandas as pd

__all__ = ["coverage_by_track"]


def coverage_by_track(record: pd.DataFrame | None, told: set[str], documents: pd.DataFrame) -> pd.DataFrame:
    """Count the listed record by track: told, left out, and not yet knowable.

    Accepts the record (event_id, track, date_lo) or None, the event_ids that the texts tell of, and ``documents``
    (published_latest). Returns track, listed, told, left_out, not_yet_knowable (listed after the last text came out).

    >>> coverage_by_track(None, set(), pd.DataFrame())
    Empty DataFrame
    Columns: [track, listed, told, left_out, not_yet_knowable]
    Index: []
    """
    names = ["track", "listed", "told", "left_out", "not_yet_knowable"]
    if record is None:
        return pd.DataFrame(columns=names)
    until = documents["published_latest"].max()
    late = record["date_lo"].gt(until) if pd.notna(until) else pd.Series(False, record.index)
    here = record["event_id"].isin(told)
    rows = record.assign(listed=1, told=here, not_yet_knowable=late & ~here, left_out=~late & ~here)
    return rows.groupby("track", as_index=False)[names[1:]].sum()
