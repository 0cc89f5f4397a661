"""Opening what was coded, whichever layer a case has, in one form for all comparisons."""
from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import tables
from helpers.compare import contradictions
from helpers.compare.linking import choose, link

__all__ = ["chain_of", "complete", "events_of", "points_of", "rows_of"]


def rows_of(case, name: str, layer: str = "adjudicated") -> tuple[pd.DataFrame, str]:
    """Return a coded table of a case and the layer it is of.

    Accepts a case, ``quotes``, ``frames`` or ``event_mentions``, and the layer wanted. Where the case has none of
    that layer, the
    other one is taken; where it has neither, an empty table comes back, with the layer ``none``.
    """
    other = "machine" if layer == "adjudicated" else "adjudicated"
    for each in (layer, other):
        table = name if each == "machine" else f"adjudicated_{name}"
        if case.has(table):
            return case.load(table), each
    return tables.empty(name if name != "event_mentions" else "adjudicated_event_mentions"), "none"


def complete(mentions: pd.DataFrame, times: pd.DataFrame | None = None, quotes: pd.DataFrame | None = None
             ) -> pd.DataFrame:
    """Give machine mentions the columns that adjudicated ones have.

    Accepts ``event_mentions`` and, for dates and speakers, ``times`` and ``quotes``. The matter (``event_key``) of a
    machine mention is what it is about (``item``) or else who acts on whom: coarser than a reader's, so that linking by
    it joins more. The label is made of codes. Columns that are there already stay as they are.

    >>> one = pd.DataFrame({"actor_id": ["NOR"], "target_id": ["KES"], "stage": ["offer"], "type": ["AGREE"]})
    >>> one = one.assign(item=None, time_id=None, quote_id=None)
    >>> complete(one)[["event_key", "label", "granularity"]].values.tolist()
    [['NOR-KES', 'NOR: offer (KES)', 'none']]
    """
    out = mentions.copy()
    who, whom = out["actor_id"].fillna(""), out["target_id"].fillna("")
    if "event_key" not in out:
        sides = [f"{a.split('.')[0]}-{t.split('.')[0]}".strip("-") or "unnamed" for a, t in zip(who, whom)]
        out["event_key"] = out["item"].fillna(pd.Series(sides, index=out.index)).astype("string")
    if "label" not in out:
        act = out["stage"].fillna(out["type"]).fillna("step").str.replace("_", " ").str.lower()
        out["label"] = [f"{a or 'somebody'}: {s}" + (f" ({t})" if t else "") for a, s, t in zip(who, act, whom)]
    if "granularity" not in out:
        dates = None if times is None else times.drop_duplicates("time_id").set_index("time_id")
        for column in ("earliest", "latest", "granularity", "basis"):
            out[column] = pd.Series(pd.NA, out.index, "string") if dates is None else out["time_id"].map(dates[column])
        bare = out["earliest"].isna() | out["latest"].isna()
        out.loc[bare, ["earliest", "latest"]] = pd.NA
        out.loc[bare, ["granularity", "basis"]] = "none"
    if "speaker" not in out:
        said = None if quotes is None else quotes.drop_duplicates("quote_id").set_index("quote_id")["speaker"]
        out["speaker"] = pd.Series(pd.NA, out.index, "string") if said is None else out["quote_id"].map(said)
    if "record_id" not in out:
        out["record_id"] = pd.Series(pd.NA, out.index, "string")
    return out


def events_of(case, layer: str = "adjudicated", documents: Sequence[str] = (), actors: Sequence[str] = (),
              tracks: Sequence[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return the events and mentions of a case, of the layer wanted or the one there is, and one line that says which.

    Accepts a case, the layer, and what to choose (see :func:`helpers.compare.choose`).
    """
    mentions, found = rows_of(case, "event_mentions", layer)
    times, quotes = (rows_of(case, name)[0] if name == "quotes" else case.load(name) if case.has(name) else None
                     for name in ("times", "quotes"))
    mentions = complete(mentions, times, quotes)
    n = len(mentions)
    chosen = choose(mentions, case.choose(documents), actors, tracks)
    events, linked = link(chosen, layer=found if found != "none" else layer)
    said = f"{len(linked)} mentions in {linked['doc_id'].nunique()} texts tell of {len(events)} events ({found} layer)."
    if found == "none":
        said = ("No event was coded for this case: `casebook build` suggests some, `casebook sheet` lets a reader code "
                "them.")
    elif found != layer:
        said += f" There is no {layer} layer" + (f": not reviewed: {n} of {n} mentions." if found == "machine" else ".")
    return events, linked, said


def points_of(case, mentions: pd.DataFrame, sentences: pd.DataFrame, documents: pd.DataFrame, codebook) -> pd.DataFrame:
    """Return the points at which a case's accounts do not fit, with all that the case has to compare them with.

    Accepts a case, the linked mentions, the sentences and documents chosen, and the codebook (see
    :func:`helpers.compare.contradictions.find`).
    """
    ids = list(documents["doc_id"])
    read = {name: choose(case.load(name), ids) if case.has(name) else None for name in ("amounts", "slips")}
    return contradictions.find(mentions, sentences, documents, record=case.reference, links=case.labels("record_links"),
                               actors=codebook.actors, aliases=codebook.aliases, **read)


def chain_of(case, documents: Sequence[str]) -> pd.DataFrame:
    """Return the chain of media behind each quotation: as a reader labelled it, else as found by rule, else no rows.

    Accepts a case and doc_ids. Returns doc_id and either medium_chain or quote_id and hop
    (see :func:`helpers.compare.accounts.depth`).
    """
    labels = case.labels("quotes")
    if labels is not None and "medium_chain" in labels:
        return choose(labels, documents)
    if case.has("chain") and case.has("quotes"):
        return choose(case.load("chain").merge(case.load("quotes")[["quote_id", "doc_id"]], on="quote_id"), documents)
    return pd.DataFrame({"doc_id": [], "medium_chain": []}, dtype="string")
