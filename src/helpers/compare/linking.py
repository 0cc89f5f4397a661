"""Linking: mentions of the same step in the same matter become one event; undated ones may borrow the record's date."""
from __future__ import annotations

import difflib
import heapq
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import NamedTuple

import pandas as pd

from helpers import tables
from helpers.case import ParameterError
from helpers.compare.accounts import WITHHELD, denies
from helpers.compare.moves import DONE, REPEATED, state
from helpers.compare.naming import SUREST, label_events

__all__ = ["borrow_dates", "choose", "denied", "joined", "link"]

LONG = 7305     # days (20 years) from which an interval is not looked up by its months
# What is only supposed: no account of a step that was taken, nor of one that was said to be taken.
SUPPOSED = ["planned", "hypothetical", "opinion"]


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
    optional ``stage`` and ``from``/``to`` that a mention must fit, record_id; ``lend``: ``no`` where the entry's date
    is not the undated mention's; ``tells``: ``otherwise`` where the texts tell the entry's step otherwise), the record
    (event_id, date_lo, date_hi, precision), and documents (doc_id, published_latest). Returns the mentions with
    ``record_id``; an undated mention of something done or said (:data:`DONE`) takes the record's dates with basis
    ``record``, unless the record puts it after the day the text was published: then the text cannot have known it, and
    it stays undated and unlinked. Raises :class:`~helpers.tables.TableError` for a link to an entry that the record
    does not have.
    """
    out = mentions.copy()
    out["record_id"] = pd.Series(pd.NA, index=out.index, dtype="string")
    if links is None or reference is None:
        return out
    record = reference.set_index("event_id")
    until = documents.set_index("doc_id")["published_latest"]
    for line, link in enumerate(links.to_dict("records"), 2):
        if link["record_id"] not in record.index:
            raise tables.TableError(f"record_links.csv, line {line}: {link['record_id']!r} is no entry of "
                                    "reference.csv. Write an event_id of it, or delete the row.")
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


def link(mentions: pd.DataFrame, *, layer: str, documents: pd.DataFrame | None = None,
         record: pd.DataFrame | None = None, links: pd.DataFrame | None = None,
         denials: Mapping[str, Sequence[tuple[str, str]]] | None = None,
         named: bool | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Link mentions into events: the same kind of step in the same matter, on dates that can be the same.

    Accepts mentions (columns of ``adjudicated_event_mentions`` plus ``event_key`` and optional ``record_id``). Two
    mentions are one event when they share ``event_key`` and ``stage`` and their intervals overlap. An undated mention
    joins the event of its key and stage that most texts tell of, but

    - never one that begins after the last day on which its text can have come out, or after the day of the report that
      it is told by: the text cannot mean it;
    - of steps that are taken again and again (:data:`helpers.compare.moves.REPEATED`), and of what did not happen, only
      one that its own text dates: another text's talks, or another year's silence, are another occasion.

    Undated mentions that join none are one event; of steps that are taken again and again, and where nobody ``named``
    the matters, those that only suppose one (:data:`SUPPOSED`) are events of their own, one for each way of supposing.
    ``named``: whether coders said which matter a mention is of (not given: of the adjudicated layer). Matters that a
    rule made are no more than pairs of states and a thing: what is supposed, withheld, or denied without a date in one
    of them can be any step between the two.

    Returns the ``events`` rows and the mentions with their ``event_id``. The event's interval is what its dated
    mentions have in common, the record's days only where no text gives any; its status is the surest one given
    (:data:`SUREST`), but where every mention that makes it happen is attributed to a speaker and another mention of the
    same matter and time denies it, or tells that the measure is withheld, the event is ``denied``: what is told of it
    is a claim (a refusal is none: to refuse and to deny are no contradiction). Its
    actor is the one that most texts name in their bodies (:func:`_best`). Its label is chosen by
    :func:`helpers.compare.naming.label_events`, which the case's ``documents`` (doc_id, published_latest; title_start
    and title_end where they are known) and ``record``, with its ``links``, help to choose. What is one event is
    decided inside a matter and
    step, so some of these can be linked without the others, given the ``denials`` of their matters in all mentions
    (:func:`denied`).
    """
    known = {} if documents is None else {
        r["doc_id"]: _Text(*(None if pd.isna(v := r.get(c)) else v for c in ("published_latest", "title_start",
                                                                             "title_end")))
        for r in documents.to_dict("records")}
    named = layer == "adjudicated" if named is None else named
    blocks: dict[tuple, list[_Mention]] = defaultdict(list)
    for row in _plain(mentions):
        blocks[row.event_key, row.stage].append(row)
    rows: list[dict] = []
    ids: list[str | None] = [None] * len(mentions)
    for (key, stage), group in blocks.items():
        names: set[str] = set()
        for members, low, high in _clusters(group, known, named):
            best = _best(members, known)
            grain = [r for r in members if _dated(r)]
            narrow = [r for r in grain if (r.earliest, r.latest) == (low, high)]
            event_id = _event_id(key, stage, low, whole=len(members) == len(group))
            if event_id in names:       # undated ones that only suppose the step, beside others
                event_id += f"-{best.status}"
            names.add(event_id)
            rows.append({
                "event_id": event_id, "earliest": low, "latest": high,
                "granularity": narrow[0].granularity if narrow else "interval" if grain else "none",
                "basis": _basis(narrow, grain), "track": best.track, "stage": stage,
                "status": best.status, "actor_id": best.actor_id, "target_id": best.target_id,
                "n_documents": len({r.doc_id for r in members}),
                "record_id": min((r.record_id for r in members if r.record_id is not None), default=None),
                "layer": layer, "event_key": key})
            for row in members:
                ids[row.number] = event_id
    linked = mentions.assign(event_id=pd.Series(ids, mentions.index, dtype="string"))
    if not rows:
        return tables.empty("events"), linked
    against = denied(mentions, undated=named) if denials is None else denials
    held = linked[linked["stage"].eq(WITHHELD)] if named else linked[:0]
    held = held.assign(published_latest=[known.get(doc, _Text()).until for doc in held["doc_id"]])
    events = _contested(pd.DataFrame(rows), linked, against, held)
    events["label"] = label_events(events, linked, documents, record, links)
    return tables.conform(events.drop(columns="event_key"), "events"), linked


class _Mention(NamedTuple):
    """What linking reads of a mention; ``number`` is its place in the table."""
    number: int
    event_key: str
    stage: str | None
    doc_id: str
    trigger_start: int
    status: str
    earliest: str | None
    latest: str | None
    granularity: str
    basis: str
    track: str
    actor_id: str | None
    target_id: str | None
    record_id: str | None


class _Text(NamedTuple):
    """What linking reads of a text: until when it can have come out, and where its title stands."""
    until: str | None = None
    title_start: int | None = None
    title_end: int | None = None


def _best(members: list[_Mention], known: Mapping[str, _Text]) -> _Mention:
    """Return the mention whose sides and track an event takes: a sure one of the actor that most texts name.

    A title is short of words and may name the whole for a person, or the wrong side, so bodies are asked first. Of
    actors that as many texts and mentions name, the one that names more states stands (of talks: both sides), then the
    more specific one (a person before a body, a body before its state).
    """
    def in_title(r: _Mention) -> bool:
        text = known.get(r.doc_id, _Text())
        return text.title_start is not None and text.title_end is not None \
            and text.title_start <= r.trigger_start < text.title_end
    surest = min(SUREST.index(r.status) for r in members)
    sure = [r for r in members if SUREST.index(r.status) == surest]
    sure = [r for r in sure if not in_title(r)] or sure
    docs: dict[str, set[str]] = defaultdict(set)
    told: dict[str, int] = defaultdict(int)
    for r in sure:
        if r.actor_id is not None:
            docs[r.actor_id].add(r.doc_id)
            told[r.actor_id] += 1

    def rank(r: _Mention) -> tuple:
        who = r.actor_id
        named = (0, 0, 0, 0) if who is None else (-len(docs[who]), -told[who], -len(state(who).split("+")),
                                                  -who.count("."))
        return (*named, r.granularity == "none", r.doc_id, r.trigger_start)
    return min(sure, key=rank)


def _plain(mentions: pd.DataFrame) -> Iterator[_Mention]:
    """Give the mentions as plain rows; equal values are one object, for there are many rows and few values."""
    columns = []
    for name in _Mention._fields[1:]:
        codes, values = pd.factorize(mentions[name]) if name in mentions else ([-1] * len(mentions), pd.Index([]))
        known = [*values.astype(object), None]      # a missing value has the code -1
        columns.append([known[code] for code in codes])
    return map(_Mention._make, zip(range(len(mentions)), *columns, strict=True))


def _dated(row: _Mention) -> bool:
    return row.granularity != "none" and None not in (row.earliest, row.latest)


def _overlap(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two intervals share a day: the one comparison that linking makes."""
    return one[0] <= other[1] and one[1] >= other[0]


def _months(low: str, high: str) -> range:
    """The months that an interval touches, counted from the year 0."""
    return range(12 * int(low[:4]) + int(low[5:7]), 12 * int(high[:4]) + int(high[5:7]) + 1)


def _clusters(group: list[_Mention], known: Mapping[str, _Text], named: bool
              ) -> Iterator[tuple[list[_Mention], str | None, str | None]]:
    """Part the mentions of one key and stage into clusters of compatible dates, narrowest dates first.

    Days that are borrowed from the record come last, and do not narrow what texts date themselves; what is tied to two
    entries of the record is not one step. A mention is compared with the clusters of the months that it touches, the
    oldest cluster first, not with all.
    """
    clusters: list[tuple[list[_Mention], str, str]] = []
    in_month: dict[int, list[int]] = defaultdict(list)
    for row in sorted(filter(_dated, group), key=lambda r: (_borrowed(r), _days(r))):
        low, high, long = str(row.earliest), str(row.latest), _days(row) > LONG
        months = () if long else _months(low, high)     # the longest come last and meet the first that they touch
        near = range(len(clusters)) if long else heapq.merge(*(in_month.get(m, ()) for m in months))
        for n in near:
            members, a, b = clusters[n]
            tied = {r.record_id for r in (members[0], row)} - {None}
            if _overlap((low, high), (a, b)) and len(tied) < 2:
                if _borrowed(row) <= _borrowed(members[0]):
                    clusters[n] = (members, max(a, low), min(b, high))
                members.append(row)
                break
        else:
            for month in months:
                in_month[month].append(len(clusters))
            clusters.append(([row], low, high))
    apart: list[_Mention] = []
    near_by: dict[tuple, list] = defaultdict(list)      # (status,) and (status, text) → clusters, the most told first
    for cluster in sorted(clusters, key=lambda c: (len({r.doc_id for r in c[0]}), len(c[0]), c[1]), reverse=True):
        for status, doc in {(r.status, r.doc_id) for r in cluster[0]}:
            near_by[status, doc].append(cluster)
        for status in {r.status for r in cluster[0]}:
            near_by[status,].append(cluster)
    for row in group:
        if _dated(row):
            continue
        # what a report bounds took place by the day of the report, whenever the text itself came out
        until = row.latest or known.get(row.doc_id, _Text()).until
        own = row.stage in REPEATED or row.status == "not_happened"
        fits = near_by.get((row.status, row.doc_id) if own else (row.status,), ())
        event = next((members for members, low, _ in fits if until is None or low <= until), apart)
        event.append(row)
    yield from clusters
    supposed = SUPPOSED if group[0].stage in REPEATED or not named else ()
    told = [row for row in apart if row.status not in supposed]
    for undated in (told, *([r for r in apart if r.status == status] for status in supposed)):
        if undated:
            yield undated, None, None


def _borrowed(row: _Mention) -> bool:
    return row.basis == "record"


def _days(row: _Mention) -> int:
    return (date.fromisoformat(str(row.latest)) - date.fromisoformat(str(row.earliest))).days


def _event_id(key: str, stage: str | None, low: str | None, *, whole: bool) -> str:
    name = f"{key.lower()}-{stage}" if stage is not None else key.lower()
    return name if whole else f"{name}-{low or 'undated'}"


def _basis(narrow: list[_Mention], dated: list[_Mention]) -> str:
    """The surest basis of the mentions that give an event's very days; where none does, and the days are put together
    from several mentions, the least sure of theirs."""
    order = ["explicit", "year_inferred", "relative", "record", "none"]
    if narrow:
        return min((row.basis for row in narrow), key=order.index)
    return max((row.basis for row in dated), key=order.index, default="none")


def denied(mentions: pd.DataFrame, *, undated: bool) -> dict[str, list[tuple[str, str]]]:
    """Return the days on which each matter is denied, as intervals that share no day, in their order.

    Accepts mentions (event_key, stage, status, earliest, latest). ``undated``: whether a denial without a date counts
    (for all days), as it does where coders named the matters (:func:`link`).

    >>> rows = pd.DataFrame({"event_key": "a-b", "stage": "deny", "status": "happened",
    ...                      "earliest": ["2020-03-01", "2020-01-01"], "latest": ["2020-03-09", "2020-03-05"]})
    >>> denied(rows, undated=False)
    {'a-b': [('2020-01-01', '2020-03-09')]}
    """
    found = mentions[(mentions["stage"].eq("deny") | mentions["status"].eq("denied")).fillna(False).astype(bool)]
    if not undated:
        found = found[found["earliest"].notna()]
    days = found[["event_key", "earliest", "latest"]].fillna({"earliest": "", "latest": "9999"}).drop_duplicates()
    return {key: joined(zip(rows["earliest"], rows["latest"])) for key, rows in days.groupby("event_key")}


def joined(intervals: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join the intervals that share a day.

    >>> joined([("2020-02-01", "2020-02-09"), ("2020-01-01", "2020-01-31"), ("2020-02-05", "2020-03-01")])
    [('2020-01-01', '2020-01-31'), ('2020-02-01', '2020-03-01')]
    """
    out: list[tuple[str, str]] = []
    for low, high in sorted(intervals):
        if out and low <= out[-1][1]:
            low, high = out[-1][0], max(out.pop()[1], high)
        out.append((low, high))
    return out


def _contested(events: pd.DataFrame, mentions: pd.DataFrame,
               denials: Mapping[str, Sequence[tuple[str, str]]], held: pd.DataFrame) -> pd.DataFrame:
    """Mark as denied what only speakers make happen and somebody denies, or tells to be withheld (``held``: mentions);
    a matter's denials meet its events alone."""
    made = mentions[mentions["status"].isin(["happened", "ongoing"])]
    attributed = made["speaker"].notna().groupby(made["event_id"]).all().to_dict()
    status = []
    withheld = {key: rows.to_dict("records") for key, rows in held.groupby("event_key")}
    for event in events.to_dict("records"):
        low, high = ("", "9999") if pd.isna(event["earliest"]) else (event["earliest"], event["latest"])
        told = event["stage"] not in ("deny", "reject") and event["status"] in ("happened", "ongoing")
        days = denials.get(event["event_key"], ())
        last = bisect_right(days, high, key=itemgetter(0)) - 1      # the last that begins before the event ends
        against = told and attributed.get(event["event_id"], True) and (
            last >= 0 and days[last][1] >= low or any(denies(no, event) for no in withheld.get(event["event_key"], ())))
        status.append("denied" if against else event["status"])
    return events.assign(status=status)
