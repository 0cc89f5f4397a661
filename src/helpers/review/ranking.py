"""In which order codes are reviewed: those first on which most of a chart hangs."""
from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.review.codings import HAPPENED

__all__ = ["rank"]


def rank(rows: pd.DataFrame, what: str, sentences: pd.DataFrame, tables: Mapping[str, pd.DataFrame]
         ) -> list[tuple[int, str]]:
    """Return the rows' labels in the order in which they should be reviewed, each with the reason in words.

    Accepts rows to review (``found_by`` says what the machine alone found), what they are,
    ``sentences`` by sentence_id, and the case's tables where there are any.
    Points are counted for what a chart would show otherwise if the code were wrong:

    - events: 4 where this mention alone makes its event count as happened, 3 where none does and this one would, 2
      where it alone gives the event its date, 1 where the event has no date at all, 1 for each further text that tells
      of it (at most 3), 1 in a title or standfirst
    - what the machine alone found, in all kinds: 1, for it would be a new mark
    - quotes: 2 where nobody is named as speaker, 2 in a title or standfirst, 1 for each event told inside (at most 3)
    - frames: 3 in a title or standfirst, 1 for each frame beyond the first, 1 where the voice is another's
    - times: 2 where the reading depends on the day of publication, 1 for each event it dates (at most 3), 1 where the
      year or the whole date was inferred

    Equal rows keep the order of the texts.
    """
    reasons = {"events": _events, "quotes": _quotes, "frames": _frames, "times": _times}[what](rows, tables)
    out = []
    for position, row, why in zip(rows.index, rows.to_dict("records"), reasons):
        if row.get("found_by") == "machine alone":
            why.append((1, "the machine alone found it"))
        section = sentences.loc[row["sentence_id"], "section"]
        if section in ("title", "dek"):
            why.append(({"events": 1, "quotes": 2, "frames": 3, "times": 1}[what], f"in the {section}"))
        out.append((-sum(points for points, _ in why), position, "; ".join(text for _, text in why)))
    return [(position, why) for _, position, why in sorted(out, key=lambda r: r[:2])]


def _events(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[list[tuple[int, str]]]:
    linked = rows["event_id"].fillna(rows["key"]) if "event_id" in rows else rows["key"]
    if "found_by" in rows:      # the machine's events are its own, whatever they are called
        linked = linked.where(rows["found_by"].ne("machine alone"), "machine alone " + linked)
    happened = rows["status"].isin(HAPPENED)
    dated = rows["granularity"].ne("none") if "granularity" in rows else rows["time_id"].notna()
    n_happened, n_dated = happened.groupby(linked).transform("sum"), dated.groupby(linked).transform("sum")
    texts = rows["doc_id"].groupby(linked).transform("nunique")
    out = []
    for real, when, reals, whens, told in zip(happened, dated, n_happened, n_dated, texts):
        why = []
        if real and reals == 1:
            why.append((4, "the only mention that makes it happen"))
        if not reals:
            why.append((3, "no mention makes it happen"))
        if when and whens == 1:
            why.append((2, "gives the event its date"))
        if not whens:
            why.append((1, "has no date"))
        if told > 1:
            why.append((min(told - 1, 3), f"told by {told} texts"))
        out.append(why)
    return out


def _inside(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[int]:
    mentions = tables.get("adjudicated_event_mentions", tables.get("event_mentions"))
    if mentions is None:
        return [0] * len(rows)
    return [int(((mentions["doc_id"] == d) & (mentions["trigger_start"] >= s) & (mentions["trigger_end"] <= e)).sum())
            for d, s, e in zip(rows["doc_id"], rows["start"], rows["end"])]


def _quotes(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[list[tuple[int, str]]]:
    return [([(2, "no speaker named")] if pd.isna(speaker) else [])
            + ([(min(n, 3), f"{n} events inside")] if n else [])
            for speaker, n in zip(rows["speaker"], _inside(rows, tables))]


def _frames(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[list[tuple[int, str]]]:
    out = []
    for frames, voice in zip(rows["frames"], rows["voice"]):
        more = frames.count(";")
        out.append(([(more, f"{more + 1} frames")] if more else [])
                   + ([(1, "in another's voice")] if voice == "quoted" else []))
    return out


def _times(rows: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[list[tuple[int, str]]]:
    mentions = tables.get("event_mentions")
    dates = mentions["time_id"].value_counts() if mentions is not None else pd.Series(dtype=int)
    out = []
    for time_id, stable, basis in zip(rows["time_id"], rows["stable"], rows["basis"]):
        n = int(dates.get(time_id, 0))
        out.append(([] if stable else [(2, "depends on the day of publication")])
                   + ([(min(n, 3), f"dates {n} events")] if n else [])
                   + ([(1, "date inferred")] if basis in ("relative", "year_inferred") else []))
    return out
