"""Linking: mentions of the same step in the same matter become one event; undated ones may borrow the record's date."""
from __future__ import annotations

import difflib
from collections.abc import Sequence

import pandas as pd

from helpers import tables
from helpers.case import ParameterError

__all__ = ["choose", "link", "borrow_dates"]

# From the surest to the least sure; an event takes the surest status that one of its mentions gives it.
SUREST = ["happened", "ongoing", "planned", "threatened", "proposed", "demanded", "rumoured", "hypothetical", "opinion",
          "denied", "not_happened"]

# What was done on some day: the deed, or the words in which it was demanded, threatened or proposed.
DONE = ["happened", "ongoing", "threatened", "demanded", "proposed"]


def choose(rows: pd.DataFrame, documents: Sequence[str], actors: Sequence[str] = (), tracks: Sequence[str] = (),
           frames: Sequence[str] = ()) -> pd.DataFrame:
    """Return the rows of the chosen documents, actors, tracks and frames, in their order.

    Accepts any table with ``doc_id`` and, where they are asked for, ``actor_id``, ``track`` and ``frame``. A state
    stands for its people and bodies too (``NOR`` for ``NOR.court``); of several actors parted by ``+`` one is
    enough. Raises :class:`~helpers.case.ParameterError` for a value that occurs in no row.

    >>> rows = pd.DataFrame({"doc_id": ["a", "a", "b"], "actor_id": ["NOR.court", "KES+NOR", "KES"]})
    >>> choose(rows, ["a", "b"], actors=["NOR"])["actor_id"].tolist()
    ['NOR.court', 'KES+NOR']
    """
    keep = rows["doc_id"].isin(documents)
    for column, wanted in (("actor_id", actors), ("track", tracks), ("frame", frames)):
        if not wanted:
            continue
        parts = rows[column].fillna("").str.split("+")
        known = {p for ps in parts for p in ps if p} | {p.split(".")[0] for ps in parts for p in ps if p}
        for value in wanted if column != "frame" else ():
            if value not in known:
                near = difflib.get_close_matches(value, known, 1)
                hint = f"; did you mean {near[0]!r}?" if near else f". There are: {', '.join(sorted(known))}."
                raise ParameterError(f"No event has {column.removesuffix('_id')} {value!r}{hint}")
        keep &= parts.map(lambda ps, wanted=wanted: any(p in wanted or p.split(".")[0] in wanted for p in ps))
    return rows[keep].reset_index(drop=True)


def borrow_dates(mentions: pd.DataFrame, links: pd.DataFrame | None, reference: pd.DataFrame | None,
                 documents: pd.DataFrame) -> pd.DataFrame:
    """Tie mentions to the listed public record, and let the undated ones borrow its date.

    Accepts mentions (event_key, stage, doc_id, status, earliest, latest, granularity, basis), links (event_key,
    optional ``stage`` and ``from``/``to`` that a mention must fit, record_id), the record (event_id, date_lo, date_hi,
    precision), and documents (doc_id, published_latest). Returns the mentions with ``record_id``; an undated mention
    of something done or said (:data:`DONE`) takes the record's dates with basis ``record``, unless the record puts it
    after the day the text was published: then the text cannot have known it, and it stays undated and unlinked.
    """
    out = mentions.copy()
    out["record_id"] = pd.Series(pd.NA, index=out.index, dtype="string")
    if links is None or reference is None:
        return out
    record = reference.set_index("event_id")
    until = documents.set_index("doc_id")["published_latest"]
    for link in links.to_dict("records"):
        fits = out["event_key"].eq(link["event_key"]) & out["record_id"].isna()
        if pd.notna(link.get("stage")):
            fits &= out["stage"].eq(link["stage"])
        low, high = record.loc[link["record_id"], ["date_lo", "date_hi"]]
        known = (until.reindex(out["doc_id"]).fillna("9999").to_numpy() >= low)
        fits &= known
        first, last = link.get("from"), link.get("to")
        dated = out["granularity"].ne("none")
        inside = (out["earliest"].fillna("") <= (last if pd.notna(last) else high)) \
            & (out["latest"].fillna("9999") >= (first if pd.notna(first) else low))
        out.loc[fits & dated & inside, "record_id"] = link["record_id"]
        lend = fits & ~dated & out["status"].isin(DONE) & (link.get("lend") != "no")
        out.loc[lend, ["record_id", "earliest", "latest", "granularity", "basis"]] = \
            [link["record_id"], low, high, _precision(record.loc[link["record_id"], "precision"]), "record"]
    return out


def _precision(word: str) -> str:
    return word if word in {"day", "month", "year", "week", "quarter"} else "interval"


def link(mentions: pd.DataFrame, *, layer: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Link mentions into events: the same kind of step in the same matter, on dates that can be the same.

    Accepts mentions (columns of ``adjudicated_event_mentions`` plus ``event_key`` and optional ``record_id``). Two
    mentions are one event when they share ``event_key`` and ``stage`` and their intervals overlap; an undated mention
    joins the event of its key and stage that most texts tell of, if there is one. Returns the ``events`` rows and the
    mentions with their ``event_id``. The event's interval is what its dated mentions have in common; its status is the
    surest one given (:data:`SUREST`), but where every mention that makes it happen is attributed to a speaker and
    another mention of the same matter and time denies it, the event is ``denied``: what is told of it is a claim.
    """
    rows, ids = [], pd.Series(pd.NA, index=mentions.index, dtype="string")
    record = mentions["record_id"] if "record_id" in mentions else pd.Series(pd.NA, mentions.index, dtype="string")
    for (key, stage), group in mentions.groupby(["event_key", "stage"], sort=True, dropna=False):
        for cluster, (low, high) in _clusters(group):
            members = group.loc[cluster]
            best = members.assign(
                dated=members["granularity"].eq("none"), sure=members["status"].map(SUREST.index)
            ).sort_values(["sure", "dated", "doc_id", "trigger_start"], kind="stable").iloc[0]
            grain = members[members["granularity"].ne("none")]
            narrow = grain[(grain["earliest"].eq(low)) & grain["latest"].eq(high)]
            event_id = _event_id(key, stage, low, group, members)
            rows.append({
                "event_id": event_id, "label": best["label"], "earliest": low, "latest": high,
                "granularity": narrow["granularity"].iloc[0] if len(narrow) else "interval" if len(grain) else "none",
                "basis": _surest_basis(narrow if len(narrow) else grain), "track": best["track"], "stage": stage,
                "status": best["status"], "actor_id": best["actor_id"], "target_id": best["target_id"],
                "n_documents": members["doc_id"].nunique(),
                "record_id": record.loc[cluster].dropna().min() if record.loc[cluster].notna().any() else pd.NA,
                "layer": layer, "event_key": key})
            ids.loc[cluster] = event_id
    if not rows:
        return tables.empty("events"), mentions.assign(event_id=ids)
    events = _contested(pd.DataFrame(rows), mentions.assign(event_id=ids))
    return tables.conform(events.drop(columns="event_key"), "events"), mentions.assign(event_id=ids)


def _clusters(group: pd.DataFrame):
    """Part the mentions of one key and stage into clusters of compatible dates, narrowest dates first."""
    dated = group[group["granularity"].ne("none")]
    days = (pd.to_datetime(dated["latest"]) - pd.to_datetime(dated["earliest"])).dt.days
    clusters: list[tuple[list, tuple]] = []
    for i in days.sort_values(kind="stable").index:
        low, high = group.at[i, "earliest"], group.at[i, "latest"]
        for n, (members, (a, b)) in enumerate(clusters):
            if low <= b and high >= a:
                clusters[n] = (members + [i], (max(a, low), min(b, high)))
                break
        else:
            clusters.append(([i], (low, high)))
    undated = list(group.index[group["granularity"].eq("none")])
    if undated and clusters:
        most = max(range(len(clusters)), key=lambda n: (group.loc[clusters[n][0], "doc_id"].nunique(),
                                                        len(clusters[n][0]), clusters[n][1][0]))
        members, dates = clusters[most]
        same = [i for i in undated if group.at[i, "status"] in set(group.loc[members, "status"])]
        clusters[most] = (members + same, dates)
        undated = [i for i in undated if i not in same]
    if undated:
        clusters.append((undated, (pd.NA, pd.NA)))
    return clusters


def _event_id(key: str, stage: str, low, group: pd.DataFrame, members: pd.DataFrame) -> str:
    name = f"{key.lower()}-{stage}" if pd.notna(stage) else key.lower()
    if len(members) == len(group):
        return name
    return f"{name}-{low if pd.notna(low) else 'undated'}"


def _surest_basis(dated: pd.DataFrame) -> str:
    order = ["explicit", "year_inferred", "relative", "record"]
    return min(dated["basis"], key=order.index) if len(dated) else "none"


def _contested(events: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    denials = mentions[mentions["stage"].eq("deny") | mentions["status"].eq("denied")]
    status = events["status"].copy()
    for i, event in events.iterrows():
        if event["stage"] == "deny" or event["status"] not in ("happened", "ongoing"):
            continue
        told = mentions[mentions["event_id"].eq(event["event_id"]) & mentions["status"].isin(["happened", "ongoing"])]
        first, last = ("", "9999") if pd.isna(event["earliest"]) else (event["earliest"], event["latest"])
        against = denials["event_key"].eq(event["event_key"]) & (denials["earliest"].fillna("") <= last) \
            & (denials["latest"].fillna("9999") >= first)
        if told["speaker"].notna().all() and against.any():
            status[i] = "denied"
    return events.assign(status=status)
