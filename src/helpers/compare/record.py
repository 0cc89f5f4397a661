"""The texts held against the listed public record: told, left out, not yet knowable."""
from __future__ import annotations

import pandas as pd

__all__ = ["coverage_by_track", "record_template"]


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


def record_template() -> pd.DataFrame:
    """Return the columns of ``reference.csv``, what belongs into each, and an invented entry: a template to fill.

    >>> record_template()["column"].tolist()[:3]
    ['event_id', 'date', 'precision']
    """
    rows = [("event_id", "a short name of your own, once", "R20310504"),
            ("date", "the day, or the month", "2031-05-04"),
            ("precision", "day, week, month or year", "day"),
            ("date_lo", "the first day it can be", "2031-05-04"),
            ("date_hi", "the last day it can be", "2031-05-04"),
            ("track", "sanctions, legislation, negotiation, procurement, military or alliance", "negotiation"),
            ("kind", "what kind of step: offer, refusal, contract, delivery, threat, designation …", "offer"),
            ("status", "done, reported, claimed, proposed or denied", "done"), ("actor", "who acts", "Norvia"),
            ("target", "on or with whom", "Kestria"), ("label", "a few words for charts", "Boats offered"),
            ("announced_by", "who made it known", "Norvian navy"), ("disputed_by", "who denied it, if anybody", ""),
            ("address", "a page that shows it", "https://navy.example/2031-05-04"),
            ("source_grade", "primary, wire, press or partisan_or_repost", "primary"),
            ("turning_point", "1 for a turning point, else 0", "0")]
    return pd.DataFrame(rows, columns=["column", "what belongs there", "for example"])
