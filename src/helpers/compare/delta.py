"""What some texts change: the chronology, the claims, the points that do not fit and the frames, with them and without.

A pure function of tables: both states are linked and compared by the same functions, and what differs is laid out.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from helpers.codebook.naming import counted
from helpers.compare import accounts, contradictions
from helpers.compare.linking import link

__all__ = ["Delta", "changed_events", "delta", "frame_shares", "new_claims", "new_events", "new_points", "say_delta"]

FIELDS = {"date": ("earliest", "latest"), "status": ("status",), "basis of the date": ("basis",)}


# how accounts differ on a claim → what became of it, the gravest first
CHANGES = {"between": "contested", "within": "contested", "sides": "put down to different sides",
           "voice": "told in different ways"}


class Delta(NamedTuple):
    """What changed: one frame a kind of change."""
    events: pd.DataFrame
    changed: pd.DataFrame
    claims: pd.DataFrame
    points: pd.DataFrame
    frames: pd.DataFrame


def _members(mentions: pd.DataFrame) -> dict[str, set[str]]:
    linked = mentions.dropna(subset="event_id")
    return {e: set(ids) for e, ids in linked.groupby("event_id")["event_mention_id"]}


def new_events(before: pd.DataFrame, after: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that no mention told of before.

    Accepts linked mentions (event_mention_id, event_id, doc_id) without and with the texts in question, and the events
    with them. An event is the same when it shares a mention, whatever it is called.

    >>> before = pd.DataFrame({"event_mention_id": ["m1"], "event_id": ["e"]})
    >>> after = pd.DataFrame({"event_mention_id": ["m1", "m2"], "event_id": ["e-2031", "f"]})
    >>> new_events(before, after, pd.DataFrame({"event_id": ["e-2031", "f"]}))["event_id"].tolist()
    ['f']
    """
    known = set(before["event_mention_id"])
    old = {e for e, members in _members(after).items() if members & known}
    return events[~events["event_id"].isin(old)].reset_index(drop=True)


def changed_events(before: pd.DataFrame, events_before: pd.DataFrame, after: pd.DataFrame, events: pd.DataFrame
                   ) -> pd.DataFrame:
    """Return what is another date, status or basis now: event_id, label, what, was, is_.

    Accepts linked mentions and events, without and with the texts. Where two events of before are one now, the one
    that shares most mentions counts.
    """
    was = events_before.set_index("event_id")
    old = _members(before)
    now = _members(after)
    rows = []
    for e in events.to_dict("records"):
        shared = {b: len(members & now.get(e["event_id"], set())) for b, members in old.items()}
        best = max(shared, key=shared.__getitem__, default=None)
        if best is None or not shared[best]:
            continue
        one = was.loc[best]
        for what, columns in FIELDS.items():
            a, b = (_said([r[c] for c in columns], what) for r in (one, e))
            if a != b:
                rows.append((e["event_id"], e["label"], what, a, b))
    return pd.DataFrame(rows, columns=["event_id", "label", "what", "was", "is_"]).astype("string")


def _said(values: Sequence, what: str) -> str:
    given = [str(v) for v in values if pd.notna(v)]
    if what == "date":
        return "undated" if not given else given[0] if len(set(given)) == 1 else " to ".join(given)
    return given[0].replace("_", " ") if given else "none"


def new_claims(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the claims on which accounts differ only now, or in a graver way than before.

    Accepts two claim matrices (see :func:`helpers.compare.accounts.claim_matrix`). A claim is named here as there
    (:func:`helpers.compare.accounts.why`): contested, put down to different sides, or told in different ways. Returns
    claim_id, label, change (one of :data:`CHANGES`), disagreement (what is one in counting) and stances.
    """
    was, rows = accounts.why(before).map(CHANGES).to_dict(), []
    order = list(dict.fromkeys(CHANGES.values()))
    apart = accounts.differing(after)
    for claim, mine in apart.groupby("claim_id", sort=False):
        change = CHANGES[mine["why"].iloc[0]]
        if claim not in was or order.index(change) < order.index(was[claim]):
            stances = "; ".join(f"{r.doc_id}: {_both(r.stance) if r.both else r.stance}" for r in mine.itertuples())
            rows.append((claim, mine["label"].iloc[0], change, mine["disagreement"].iloc[0], stances))
    return pd.DataFrame(rows, columns=["claim_id", "label", "change", "disagreement", "stances"]).astype("string")


def _both(stance: str) -> str:
    return f"{'asserts' if stance == 'asserts' else 'attributes'} and denies"


def new_points(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of accounts that do not fit now, and did before or were not there.

    Accepts two tables of points (:func:`helpers.compare.contradictions.find`).
    """
    key = ["kind", "event_key", "doc_a", "doc_b"]
    now, was = (contradictions.matters(p) for p in (after, before))
    known = set(was[key].astype("string").fillna("").itertuples(index=False, name=None))
    fresh = [row not in known for row in now[key].astype("string").fillna("").itertuples(index=False, name=None)]
    return now[fresh].reset_index(drop=True)


def frame_shares(before: pd.DataFrame, after: pd.DataFrame, sentences: pd.DataFrame, labels=None) -> pd.DataFrame:
    """Return the share of framed body sentences that carry each frame, without and with the texts.

    Accepts frames (sentence_id, frame) without and with them, and all sentences (sentence_id, section). Returns frame,
    n_before, share_before, n_after, share_after and points: by how many percentage points the share moved.

    >>> sentences = pd.DataFrame({"sentence_id": ["s", "t"], "section": "body"})
    >>> all_ = pd.DataFrame({"sentence_id": ["s", "t"], "frame": ["game", "cost"]})
    >>> frame_shares(all_.head(1), all_, sentences)[["frame", "share_before", "share_after", "points"]].values.tolist()
    [['cost', 0.0, 50.0, 50.0], ['game', 100.0, 50.0, -50.0]]
    """
    body = set(sentences.loc[sentences["section"].eq("body"), "sentence_id"])

    def counted(frames: pd.DataFrame) -> tuple[pd.Series, int]:
        rows = frames[frames["sentence_id"].isin(body)]
        return rows.groupby("frame")["sentence_id"].nunique(), rows["sentence_id"].nunique()
    (was, n_was), (now, n_now) = counted(before), counted(after)
    out = pd.DataFrame({"n_before": was, "n_after": now}).fillna(0).astype(int).sort_index()
    out["share_before"] = (100 * out["n_before"] / max(n_was, 1)).round(1)
    out["share_after"] = (100 * out["n_after"] / max(n_now, 1)).round(1)
    out["points"] = (out["share_after"] - out["share_before"]).round(1)
    out = out.reset_index(names="frame")
    out = out.assign(size=out["points"].abs()).sort_values(["size", "frame"], ascending=[False, True])
    if labels is not None:
        out["frame"] = [labels.get(f, f) for f in out["frame"]]
    return out[["frame", "n_before", "share_before", "n_after", "share_after", "points"]].reset_index(drop=True)


def delta(mentions: pd.DataFrame, frames: pd.DataFrame, sentences: pd.DataFrame, documents: pd.DataFrame,
          without: Iterable[str], *, layer: str = "adjudicated", labels=None, **compared) -> Delta:
    """Say what some texts change.

    Accepts mentions of one layer, unlinked or linked (they are linked again, twice), frames, sentences, documents, the
    doc_ids of the texts in question, the layer, what frames are called, and what
    :func:`helpers.compare.contradictions.find` compares with (record, links, actors, aliases, amounts, slips,
    signals). Returns
    a :class:`Delta`. Raises :class:`ValueError` when nothing or everything would be left out.
    """
    chosen = set(without)
    if not chosen or not set(documents["doc_id"]) - chosen:
        raise ValueError("Name some of the texts, and not all of them: what they change is seen against the others.")

    def state(left_out: set[str]):
        rows = [f[~f["doc_id"].isin(left_out)] for f in (mentions.drop(columns="event_id", errors="ignore"), sentences,
                                                        documents, frames)]
        events, linked = link(rows[0], layer=layer, documents=documents, record=compared.get("record"),
                              links=compared.get("links"))
        if "published_latest" in documents:
            linked["published_latest"] = linked["doc_id"].map(documents.set_index("doc_id")["published_latest"])
        extra = {k: v[~v["doc_id"].isin(left_out)] if k in ("amounts", "slips", "signals") and v is not None else v
                 for k, v in compared.items()}
        points = contradictions.find(linked, rows[1], rows[2], **extra)
        return events, linked, accounts.claim_matrix(linked, events), points, rows[3]
    events_before, before, claims_before, points_before, frames_before = state(chosen)
    events, after, claims, points, frames_after = state(set())
    return Delta(new_events(before, after, events), changed_events(before, events_before, after, events),
                 new_claims(claims_before, claims), new_points(points_before, points),
                 frame_shares(frames_before, frames_after, sentences, labels))


def say_delta(found: Delta, n: int) -> str:
    """Say in one sentence what changed.

    >>> nothing = pd.DataFrame({"what": [], "points": [], "frame": [], "change": [], "disagreement": []})
    >>> say_delta(Delta(*[nothing] * 5), 2)
    'These 2 texts add no event, change no date or status, and make no claim contested.'
    >>> more = pd.DataFrame({"change": ["contested", "told in different ways"], "disagreement": ["a", "b"]})
    >>> say_delta(Delta(nothing, nothing, more, nothing, nothing), 1)[52:]
    'and makes 1 claim contested; 1 more is told in different ways.'
    """
    these = "This text adds" if n == 1 else f"These {n} texts add"
    changes, makes = ("changes", "makes") if n == 1 else ("change", "make")

    def some(k: int, one: str, many: str = "") -> str:
        return counted(k, one, many) if k else f"no {one}"
    dates, statuses = (int((found.changed["what"] == w).sum()) for w in ("date", "status"))
    moved = some(dates, "date") + " and " + some(statuses, "status", "statuses") if dates or statuses else \
        "no date or status"
    became = found.claims.drop_duplicates("disagreement")["change"].value_counts()
    first = f"{these} {some(len(found.events), 'event')}, {changes} {moved}, and {makes} " \
            f"{some(int(became.get('contested', 0)), 'claim')} contested"
    for way, one in (("put down to different sides", "step"), ("told in different ways", "claim")):
        if k := int(became.get(way, 0)):
            what = "more" if one == "claim" and "contested" in became else one if k == 1 else f"{one}s"
            first += f"; {k} {what} {'is' if k == 1 else 'are'} {way}"
    if len(found.points):
        n_points = len(found.points)
        first += f"; {n_points} more {'pair of accounts does' if n_points == 1 else 'pairs of accounts do'} not fit"
    top = found.frames.head(1)
    if len(top) and float(top["points"].iloc[0]):
        row = top.iloc[0]
        first += (f"; the share of {row['frame']} goes from {row['share_before']:.0f} to {row['share_after']:.0f} per "
                  "cent of framed body sentences")
    return first + "."
