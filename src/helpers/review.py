"""What coders decided: labels and decisions over the machine's suggestions, turned into adjudicated tables.

Labels are spans with codes (``gold/*.csv``); who made them is said in ``coders.csv`` (kind ``person``, ``model`` or
``rule``). They are tied to our sentences by their offsets, so they survive every rebuild; a label whose span lies in
no sentence is reported, never dropped in silence.
"""
from __future__ import annotations

import calendar
import datetime as dt

import pandas as pd

from helpers import tables
from helpers.tables import TableError

__all__ = ["coders", "coder_line", "adjudicated_frames", "adjudicated_quotes", "adjudicated_event_mentions",
           "interval", "sentence_at"]

CODER_KINDS = ("person", "model", "rule")


def coders(case) -> pd.DataFrame:
    """Return who coded a case: ``coder_id``, ``kind``, ``made``, ``had_read``, ``labels`` (``gold/coders.csv``).

    Raises :class:`~helpers.tables.TableError` for a kind other than person, model or rule.
    """
    frame = case.labels("coders")
    if frame is None:
        return pd.DataFrame(columns=["coder_id", "kind", "made", "had_read", "labels"], dtype="string")
    bad = frame[~frame["kind"].isin(CODER_KINDS)]
    if len(bad):
        raise TableError(f"coders.csv: line {bad.index[0] + 2}: kind is {bad['kind'].iloc[0]!r}; "
                         "it must be person, model or rule.")
    return frame


def coder_line(case) -> str:
    """Say in one line who made the adjudicated codes of a case."""
    who = coders(case)
    if who.empty:
        return "No adjudicated codes: nobody has coded this case yet."
    kinds = ", ".join(f"{n} of kind {k}" for k, n in who["kind"].value_counts().items())
    person = "" if (who["kind"] == "person").any() else "; no person has checked them"
    return f"Coded by {len(who)} coder{'s' if len(who) > 1 else ''} ({kinds}){person}."


def sentence_at(sentences: pd.DataFrame, doc_id: str, start: int, end: int) -> str | None:
    """Return the id of the sentence that shares most characters with a span, or None where none does.

    Accepts ``sentences`` rows (doc_id, start, end, sentence_id) and a span.
    """
    s = sentences[(sentences["doc_id"] == doc_id) & (sentences["start"] < end) & (sentences["end"] > start)]
    if s.empty:
        return None
    shared = s["end"].clip(upper=end) - s["start"].clip(lower=start)
    return s.loc[shared.idxmax(), "sentence_id"]


def _anchored(labels: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    out = labels.copy()
    for column in ("start", "end", "trigger_start", "trigger_end"):
        if column in out:
            out[column] = pd.to_numeric(out[column]).astype("Int64")
    first = out["trigger_start"] if "trigger_start" in out else out["start"]
    last = out["trigger_end"] if "trigger_end" in out else out["end"]
    out["sentence_id"] = pd.array([sentence_at(sentences, d, s, e) for d, s, e in zip(out["doc_id"], first, last)],
                                  dtype="string")
    return out


def _flag(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="boolean")
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return frame[name].str.lower().map(words).astype("boolean")


def adjudicated_frames(labels: pd.DataFrame, sentences: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Turn frame labels into rows of ``adjudicated_frames``.

    Accepts labels (doc_id, start, end, ``frames`` parted by ``;`` with the dominant one first, voice, optional
    negated, hedged, laundered), the case's sentences, and the name of the coder to enter as ``rule``. Two labels that
    fall into one sentence are joined in their order. Returns the rows; labels without a frame leave none.
    """
    rows = _anchored(labels, sentences).dropna(subset=["sentence_id", "frames"])
    rows = rows.assign(negated=_flag(rows, "negated"), hedged=_flag(rows, "hedged"), laundered=_flag(rows, "laundered"),
                       frame=rows["frames"].str.split(";")).explode("frame")
    rows["frame"] = rows["frame"].str.strip()
    rows = rows[rows["frame"].ne("") & ~rows["frame"].isin(["none", "-"])]
    rows = rows.drop_duplicates(["sentence_id", "frame"])
    by = rows.groupby("sentence_id", sort=False)
    rows = rows.assign(rank=by.cumcount() + 1, weight=1 / by["frame"].transform("size"), rule=rule)
    return tables.conform(rows[[c for c in tables.TABLES["adjudicated_frames"].names if c in rows]],
                          "adjudicated_frames")


def adjudicated_quotes(labels: pd.DataFrame, sentences: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Turn quotation labels (doc_id, start, end, speaker, speaker_country, directness, reporting_verb) into rows."""
    rows = _anchored(labels, sentences)
    rows = rows.rename(columns={"reporting_verb": "verb", "speaker_country": "speaker_bloc"})
    rows["quote_id"] = [tables.span_id(d, "q", s, e) for d, s, e in rows[["doc_id", "start", "end"]].itertuples(index=False)]
    rows = rows.drop_duplicates("quote_id").assign(rule=rule)
    return tables.conform(rows[[c for c in tables.TABLES["adjudicated_quotes"].names if c in rows]],
                          "adjudicated_quotes")


def interval(date: str | None, granularity: str | None) -> tuple[str | None, str | None, str]:
    """Return the first day, the last day and the granularity that a label's date stands for.

    Accepts an ISO date cut at day, month or year, and the label's word for its granularity; a ``week`` label names one
    day of the week meant.

    >>> interval("2019-07", "month")
    ('2019-07-01', '2019-07-31', 'month')
    >>> interval("2020-06-22", "week_inferred")
    ('2020-06-22', '2020-06-28', 'week')
    >>> interval(None, None)
    (None, None, 'none')
    """
    if date is None or pd.isna(date) or not str(date).strip():
        return None, None, "none"
    parts = [int(p) for p in str(date).split("-")]
    if len(parts) == 1:
        return f"{parts[0]:04}-01-01", f"{parts[0]:04}-12-31", "year"
    if len(parts) == 2:
        last = calendar.monthrange(*parts)[1]
        return f"{date}-01", f"{date}-{last:02}", "month"
    day = dt.date(*parts)
    if str(granularity).startswith("week"):
        monday = day - dt.timedelta(days=day.weekday())
        return monday.isoformat(), (monday + dt.timedelta(days=6)).isoformat(), "week"
    return day.isoformat(), day.isoformat(), "day"


_BASIS = {"explicit": "explicit", "year_inferred": "year_inferred", "inferred": "relative", "relative": "relative"}


def adjudicated_event_mentions(labels: pd.DataFrame, sentences: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Turn event labels into rows of ``adjudicated_event_mentions`` (without ``event_id``, which linking gives).

    Accepts labels (doc_id, trigger_start, trigger_end, date, date_granularity, date_basis, actor, target, type, track,
    item, stage, status, speaker, event_key, label), the case's sentences and the coder's name. Returns the rows;
    :func:`helpers.compare.link` links them on ``event_key``.
    """
    rows = _anchored(labels, sentences)
    rows["type"] = rows["type"].str.upper()
    dated = [interval(d, g) for d, g in zip(rows["date"], rows["date_granularity"])]
    rows["earliest"], rows["latest"], rows["granularity"] = (pd.array(c, dtype="string") for c in zip(*dated))
    rows["basis"] = [_BASIS.get(b, "none") if g != "none" else "none" for b, g in
                     zip(rows["date_basis"].fillna(""), rows["granularity"])]
    rows = rows.rename(columns={"actor": "actor_id", "target": "target_id"})
    ids = [tables.span_id(d, "e", s, e) for d, s, e in
           rows[["doc_id", "trigger_start", "trigger_end"]].itertuples(index=False)]
    repeat = pd.Series(ids).groupby(ids).cumcount()
    rows["event_mention_id"] = [i if n == 0 else f"{i}.{n + 1}" for i, n in zip(ids, repeat)]
    rows["rule"] = rule
    keep = [c for c in tables.TABLES["adjudicated_event_mentions"].names if c in rows]
    return rows[keep].reset_index(drop=True)
