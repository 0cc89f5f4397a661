"""What happened, when, who moved, and how sure: the texts' events over the public record, one lane a track.

What was taken from published timelines of the same kind:

- Crisis Group, "U.S. Sanctions, Peacemaking and Reform" (visual explainer, 2023): dots on a line, few of them named,
  each name short. Here too only what matters is named; the rest stays as small marks, and is counted.
- Datawrapper ("Text in data visualizations"; the Academy's timeline): names stand at the event, not in a key; text is
  level and not centred; a phone gets an upright list (:func:`twin`) instead of a shrunken picture.
- FT Visual Vocabulary ("Priestley timeline"): a bar where a date is an interval, so that length means doubt, not
  importance; the finding as title, what is drawn as subtitle, one source line.
- Brehmer et al., "Timelines Revisited" (IEEE TVCG 23(9), 2017): linear shape, faceted by track, chronological scale;
  the break in the scale is marked and said.

None of them shows how sure an event is, that it has no date, or that it is contested: the four fills, the gutter and
the sign between two points are ours.
"""

from __future__ import annotations

import html
import itertools
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from helpers.charts import style
from helpers.charts.layout import (
    MARGIN,
    Chart,
    Key,
    Sheet,
    flank,
    flow,
    heading,
    name_lines,
    pack,
    plain,
    plan_legend,
    set_heading,
    set_legend,
    text_height,
    text_width,
    wrap,
)
from helpers.charts.moves import lags, stages, ways_out
from helpers.charts.scale import Scale, draw_axis, reading, to_date, to_days
from helpers.charts.style import FILLS, SHAPES, TEXT
from helpers.codebook.naming import counted

__all__ = ["TRACKS", "KINDS", "lanes", "twin", "events_drawn", "say_events", "told_otherwise", "ways_out", "stages",
           "lags"]

TRACKS = {
    "sanctions": "Sanctions",
    "legislation": "Legislation",
    "negotiation": "Negotiation",
    "procurement": "Arms deals",
    "military": "Military steps",
    "alliance": "Alliance",
}

# kind of act → the stages (of the codebook) and kinds (of the record) that it stands for; all others: talks, claim
KINDS = {
    "threat": "threatened liable warning pressure demand request threat ultimatum",
    "law": "legislated proposed bill passed vetoed contract agreement condition mandate law award tender veto order "
    "confirmation",
    "sanction": "imposed maintained expanded delivered access transfer sanction designation suspension expulsion "
    "cancel delivery",
    "relief": "eased lifted withheld rapprochement concede relief trade apology",
    "offer": "offer conditional_offer counter_offer mediation overture",
    "refusal": "reject deny objection opposed deferral rejection denial refusal delay",
    "test": "activation deployment use_of_force test clash acceleration",
}
KIND_NAMES = {
    "threat": "threat, demand",
    "law": "law, contract",
    "sanction": "sanction, delivery, expulsion",
    "relief": "relief, concession",
    "offer": "offer, mediation",
    "refusal": "refusal, objection",
    "talks": "talks, claim",
    "test": "test, clash",
}
FILL_NAMES = {
    "happened": "told as happened",
    "announced": "announced, proposed, demanded",
    "claimed": "claimed, rumoured, supposed",
    "denied": "denied, or did not happen",
}
# stages that say themselves that something was not done: where they "did not happen", the text means just that, and
# what is drawn is the step that did not come
UNDONE = {"withheld": "sanction", "opposed": "sanction"}
CONTESTED = "contested: told and denied"
_KIND = {stage: kind for kind, stages in KINDS.items() for stage in stages.split()}
_FILL = {status: fill for fill, statuses in FILLS.items() for status in statuses}
CROWDED = 150  # dated events from which the unnamed ones are counted in bins
TALLEST = 1.12  # inches a lane's names may take
ROW = 0.155  # inches from one row of marks to the next
DROP = 0.115  # the same in the strip of the record
TALL_BAR = 0.38  # inches the longest bar of counted bins takes
LEAST = 3  # undated events of a lane that are named in any case: a bare mark says nothing on paper
REACH, POINTS = 0.085, 0.04  # inches a mark takes to each side of its middle, and more where it is contested
LONG = 0.5  # inches from which a bar is long
SIGN = 0.16  # inches that a name's own sign takes
MANY = 12  # undated events of a crowded lane that are still drawn one by one
_COLUMNS = ["event_id", "label", "track", "stage", "status", "actor_id", "target_id", "earliest", "latest",
            "granularity", "basis", "n_documents", "record_id"]  # fmt: skip


def events_drawn(
    events: pd.DataFrame,
    reference: pd.DataFrame | None = None,
    *,
    statuses: Mapping[str, str] | pd.DataFrame | None = None,
    kinds: Mapping[str, str] | None = None,
    window: Sequence | None = None,
    tracks: Mapping[str, str] | Sequence[str] | None = None,
    contested: Collection[str] = (),
) -> pd.DataFrame:
    """Return one row a mark that a chronology has to draw: the texts' events and the record's.

    Accepts what :func:`lanes` accepts. Returns a frame: mark (``event`` or ``record``), event_id, label, track, kind
    (one of ``style.SHAPES``), fill (one of ``style.FILLS``), status, actor_id, target_id, earliest, latest,
    granularity, basis, dated, borrowed (date from the record), n_documents, record_id, turning (a turning point of the
    record, or an event that is tied to one), told (a record entry that a text tells of), contested; in chronological
    order, the undated last. Record entries without a date are left out.
    """
    frame = pd.DataFrame({c: events[c] if c in events else pd.NA for c in _COLUMNS}, index=events.index)
    frame = frame.assign(mark="event", turning=False)
    told = set(frame["record_id"].dropna())
    if reference is not None and len(reference):
        frame = pd.concat([frame, _listed(reference)], ignore_index=True)
    low, high = to_days(frame["earliest"]), to_days(frame["latest"])
    frame["low"], frame["high"] = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    frame["dated"] = frame["low"].notna()
    own = frame["mark"].eq("event")
    frame["borrowed"] = own & frame["dated"] & frame["basis"].eq("record").fillna(False).astype(bool)
    frame["kind"] = frame["stage"].map({**_KIND, **(kinds or {})}).fillna("talks")
    not_so = frame["status"].eq("not_happened") & frame["stage"].isin(set(UNDONE) - set(kinds or {}))
    frame["kind"] = frame["kind"].mask(not_so.fillna(False).astype(bool), frame["stage"].map(UNDONE))
    frame["contested"] = own & frame["event_id"].isin(list(contested))
    frame["fill"] = frame["status"].map({**_FILL, **_mapping(statuses)}).fillna("claimed")
    frame["told"] = ~own & frame["event_id"].isin(told)
    frame["turning"] |= frame["record_id"].isin(frame.loc[frame["turning"], "event_id"])
    frame["label"] = frame["label"].map(plain)
    frame["n_documents"] = frame["n_documents"].fillna(1).astype(int)
    if tracks is not None:
        frame = frame[frame["track"].isin(list(tracks))]
    frame = frame[frame["dated"] | frame["mark"].eq("event")]
    if window is not None:
        days = to_days([v or None for v in window]) if len(window) == 2 else [math.nan, math.nan]
        first, last = (limit if len(window) == 2 and not given else day
                       for given, day, limit in zip([*window, "", ""], days, (-math.inf, math.inf), strict=False))
        if not first <= last:
            raise ValueError(f"A window is a first and a last day, as in ['2019-01-01', '2021-12-31'], not {window!r}.")
        frame = frame[~frame["dated"] | ((frame["high"] >= first) & (frame["low"] <= last))]
        frame = frame.assign(low=frame["low"].clip(first, last), high=frame["high"].clip(first, last))
    frame = frame.assign(middle=(frame["low"] + frame["high"]) / 2)
    return frame.sort_values(["middle", "mark", "event_id"], kind="stable", na_position="last", ignore_index=True)


def _listed(reference: pd.DataFrame) -> pd.DataFrame:
    """The public record in the columns of events."""

    def column(name: str, other) -> pd.Series:
        given = reference[name] if name in reference else other
        return pd.Series(given, index=reference.index, dtype="string")

    columns = {c: column(c, pd.NA) for c in ("event_id", "label", "track")} | {
        "stage": column("kind", pd.NA),
        "status": column("status", "done"),
        "actor_id": column("actor", pd.NA),
        "target_id": column("target", pd.NA),
        "earliest": column("date_lo", reference.get("date")),
        "latest": column("date_hi", reference.get("date")),
        "granularity": column("precision", "day"),
        "record_id": column("event_id", pd.NA),
        "turning": column("turning_point", "0").eq("1").fillna(False).astype(bool),
    }
    return pd.DataFrame(columns).assign(basis="record", n_documents=0, mark="record")


def _mapping(statuses) -> dict[str, str]:
    """The fills that a caller gives to statuses, checked."""
    if statuses is None:
        return {}
    if isinstance(statuses, pd.DataFrame):
        codes = next((statuses[c] for c in ("code", "status") if c in statuses), statuses.index)
        statuses = dict(zip(codes, statuses["fill"], strict=True))
    wrong = sorted(set(map(str, statuses.values())) - set(FILLS))
    if wrong:
        raise ValueError(f"A status is drawn with one of the fills {', '.join(FILLS)}, not {wrong[0]!r}.")
    return dict(statuses)


def _lane_names(marks: pd.DataFrame, tracks) -> dict[str, str]:
    """The lanes that have marks, in order, with what they are called."""
    present = [t for t in marks["track"].dropna().unique()]
    given = list(TRACKS if tracks is None else tracks)
    named = tracks if isinstance(tracks, Mapping) else TRACKS
    order = [t for t in given if t in present] + [t for t in present if t not in given]
    called = {t: plain(named.get(t, str(t).replace("_", " "))) for t in order}
    return {t: name[:1].upper() + name[1:] for t, name in called.items()}


# the chart ----------------------------------------------------------------------------------------------------------


def lanes(
    events: pd.DataFrame,
    reference: pd.DataFrame | None = None,
    *,
    actors: pd.DataFrame | None = None,
    statuses: Mapping[str, str] | pd.DataFrame | None = None,
    kinds: Mapping[str, str] | None = None,
    window: Sequence | None = None,
    tracks: Mapping[str, str] | Sequence[str] | None = None,
    labels: int = 45,
    turning: int | Sequence[str] = 5,
    contested: Collection[str] = (),
    coder: str,
    source: str = "",
    chosen: bool = False,
    title: str = "",
    dark: bool = False,
    narrow: bool = False,
    width: float = 0,
) -> Chart:
    """Draw the texts' events, one lane a track, over the listed public record.

    Accepts

    - ``events``: the table ``events`` (event_id, label, earliest, latest, granularity, basis, track, stage, status,
      actor_id, target_id, n_documents, record_id, layer), of one layer;
    - ``reference``: the case's ``reference.csv`` (event_id, date, date_lo, date_hi, track, kind, status, label,
      turning_point), or None;
    - ``actors``: the codebook's actors (actor_id, name, colour ``#rrggbb``); an actor without colour is grey;
    - ``statuses``: which fill a status is drawn with (a mapping, or the codebook's table of statuses), over the default
      ``style.FILLS``; ``kinds``: which shape a stage is drawn with, over :data:`KINDS`;
    - ``window``: first and last day (ISO dates; None or an empty text for an open end);
    - ``tracks``: the lanes, in order (names, or code → name);
    - ``labels``: how many events are named at most, beside the three undated ones of each lane that most texts tell of
      (0: none is named); ``turning``: how many turning points of the record get a line
      through all lanes (those most texts tell of first), or their event_ids; ``contested``: event_ids of what one
      account tells and another denies; ``coder``: kind of coder, for the source line; ``source``: more for the source
      line; ``chosen``: whether these are only some of the events, for the title; ``title``: a title in the finding's
      stead, where a class is to find it; ``dark``: dark background;
      ``narrow``: 420 px wide; ``width``: as many inches instead, as for a sheet of paper.

    Named first are events that more texts tell of, then turning points of the record, then surer ones, then those that
    the record holds, then earlier ones. With more than 150 dated events the unnamed are counted in bins. Returns a
    :class:`Chart`; its ``data`` has one row a mark (see :func:`events_drawn`), with ``named`` and, for ``bin`` rows,
    ``n``. Raises :class:`ValueError` for two layers at once, an unknown fill, or a negative number of names.
    """
    if labels < 0:
        raise ValueError(f"labels says how many events are named at most: 0 or more, not {labels}.")
    layers = list(events["layer"].dropna().unique()) if "layer" in events else []
    if len(layers) > 1:
        raise ValueError(f"One layer at a time: these events are of {', '.join(map(str, layers))}. Filter on `layer`.")
    marks = events_drawn(events, reference, statuses=statuses, kinds=kinds, window=window, tracks=tracks,
                         contested=contested)  # fmt: skip
    names = _lane_names(marks, tracks)
    colours = style.theme(dark)
    own = marks["mark"].eq("event")
    who = style.actor_colours(actors, marks.loc[own, "actor_id"], colours)
    code = marks["actor_id"].astype("string").fillna("")
    marks = marks.assign(
        own=own,
        colour=[who.at[c, "colour"] if o else colours.grey for c, o in zip(code, own, strict=True)],
        actor=[who.at[c, "name"] if o else c for c, o in zip(code, own, strict=True)],
        group=[who.at[c, "group"] if o else "public record" for c, o in zip(code, own, strict=True)],
        rank=_priority(marks[own]).reindex(marks.index).fillna(len(marks)).astype(int),
    )
    with style.look(dark):
        plan = _plan(marks, names, labels, turning, width or (style.NARROW if narrow else style.WIDTH))
        title = title or _title(marks[own], len(events), chosen, window)
        line = [
            f"Events: {plain(layers[0])} layer," if layers else "Events",
            f"coded by: {plain(coder)}.",
            "The record is a list made for this case, not all that happened."
            if (~own).any()
            else "No public record is listed for this case." if reference is None else "",
            plain(source),
        ]
        sheet, bins = _draw(marks, plan, title, _subtitle(marks, plan, len(events)), " ".join(line), colours)
    named = {i for lane in plan.lanes for i in [*(n.row.Index for n in lane.names), *lane.gutter.named]}
    data = marks.assign(named=marks.index.isin(named), n=1).drop(columns=["own", "rank", "low", "high", "middle"])
    more = [{"mark": "turning point", "event_id": r.event_id, "label": r.label, "named": True, "n": 1, "track": r.track}
            for r in plan.verticals]  # fmt: skip
    if more or bins:
        data = pd.concat([data, pd.DataFrame(more + bins)], ignore_index=True)
    return Chart(sheet.fig, title, _alt(title, marks, names, plan), data, sheet.places)


class _Name(NamedTuple):
    """A name over a lane: its event, the lines, and where they stand."""

    row: Any  # as from itertuples()
    x: float
    lines: list[str]
    width: float
    height: float
    foot: float
    before: bool
    sign: float  # what the name's own sign takes: none where its leader alone leads to its mark


class _Gutter(NamedTuple):
    """A lane's undated events: those with a name, then marks in rows (or counts), each with row and place."""

    listed: list[tuple]
    said: str
    marks: list[tuple]
    counts: list[tuple]
    height: float

    @property
    def named(self) -> list:
        return [row.Index for row, *_ in self.listed]


class _Lane(NamedTuple):
    """One track: what stands in each of its parts, and how high they are."""

    track: str
    name: str
    names: list[_Name]
    points: pd.DataFrame
    rows: list[int]
    rest: pd.DataFrame
    record: pd.DataFrame
    record_rows: list[int]
    gutter: _Gutter
    n_dated: int
    n_undated: int
    above: float
    below: float
    height: float


class _Plan(NamedTuple):
    """Everything measured before anything is drawn."""

    width: float
    left: float
    axis: float
    scale: Scale
    verticals: list
    lanes: list[_Lane]
    bins: np.ndarray  # empty where each event has its own mark
    most: int = 1  # events in the fullest bin of any lane: one scale for all bars

    @property
    def narrow(self) -> bool:
        return self.width < 6

    @property
    def binned(self) -> bool:
        return len(self.bins) > 0

    def at(self, days):
        return self.left + self.scale.share(days) * self.axis


def _priority(events: pd.DataFrame) -> pd.Series:
    """Rank of each event for being named, 0 first: what most texts tell of, then turning points of the record, then
    what they tell as surest."""
    order = events.assign(
        turning=~events["turning"].astype(bool),
        more=-events["n_documents"],
        sure=events["fill"].map(list(FILLS).index),
        alone=events["record_id"].isna(),
        when=events["middle"].fillna(math.inf),
    ).sort_values(["more", "turning", "sure", "alone", "when", "event_id"], kind="stable")
    return pd.Series(range(len(order)), index=order.index)


def _turning(marks: pd.DataFrame, turning: int | Sequence[str], scale: Scale, width: float) -> list:
    """The turning points that get a line through all lanes: those that texts tell of, told by most first; without any
    such, in order of time; none nearer to another than .3 inch."""
    listed = marks[~marks["own"] & marks["dated"]]
    if not isinstance(turning, int):
        return list(listed[listed["event_id"].isin(list(turning))].itertuples())
    texts = marks[marks["own"]].groupby("record_id")["n_documents"].max()
    ranked = listed[listed["turning"] & listed["fill"].eq("happened")]
    ranked = ranked.assign(texts=ranked["event_id"].map(texts).fillna(0)).sort_values(
        "texts", ascending=False, kind="stable"
    )
    if (ranked["texts"] > 0).any():
        ranked = ranked[ranked["texts"] > 0]
    chosen: list = []
    for row in ranked.itertuples():
        if len(chosen) < turning and all(
            abs(scale.share(row.middle) - scale.share(c.middle)) * width >= 0.3 for c in chosen
        ):
            chosen.append(row)
    return sorted(chosen, key=lambda r: r.middle)


def _half(marks: pd.DataFrame) -> np.ndarray:
    """How far marks reach to each side of their middles, in inches."""
    return REACH + POINTS * marks["contested"].to_numpy(float)


def _names(rows: list, x: Sequence[float], near: Sequence[bool], width: float, low: float) -> list[_Name]:
    """Wrap the names of a lane's events to a width and place them; where they rise too high, the lowest ranked near the
    highest is left out, until they do not. What then finds room after all is put back, the highest ranked first. A name
    that has other marks ``near`` its own, which its leader might meet, has the sign of its own mark before it."""
    signs = [(SIGN + 2 * POINTS * bool(r.contested)) * bool(more) for r, more in zip(rows, near, strict=True)]
    lines = [name_lines(row.label, width) for row in rows]
    wide = [max(map(text_width, text), default=0) + 0.05 + sign for text, sign in zip(lines, signs, strict=True)]
    high = [text_height(len(text)) for text in lines]

    def placed(keep: list[int]) -> tuple[list[float], list[bool], list[float]]:
        feet, before = flank([x[i] for i in keep], [wide[i] for i in keep], [high[i] for i in keep], low, 0.04)
        return feet, before, [f + high[i] for f, i in zip(feet, keep, strict=True)]

    keep, out = list(range(len(rows))), []
    while keep and max(tops := placed(keep)[2]) > TALLEST:
        top = x[keep[int(np.argmax(tops))]]
        out.append(max((i for i in keep if abs(x[i] - top) <= width + 0.05), key=lambda i: rows[i].rank))
        keep.remove(out[-1])
    for i in sorted(out, key=lambda i: rows[i].rank):
        more = sorted([*keep, i])
        keep = more if max(placed(more)[2]) <= TALLEST else keep
    feet, before, _ = placed(keep)
    return [_Name(rows[i], x[i], lines[i], wide[i], high[i], f, b, signs[i])
            for i, f, b in zip(keep, feet, before, strict=True)]  # fmt: skip


def _named(rows: list, x: Sequence[float], near: Sequence[bool], width: float, low: float) -> tuple[float, list[_Name]]:
    """Name a lane's events, and say what that costs: inches of height, and what is left out or cut short."""
    found = _names(rows, x, near, width, low)
    named = {n.row.Index for n in found}
    cost = max((n.foot + n.height for n in found), default=0)
    cost += sum(0.25 + 0.5 * bool(row.turning) for row in rows if row.Index not in named)
    return cost + 0.15 * sum(n.lines[-1].endswith("…") for n in found if n.lines), found


def _plan(marks: pd.DataFrame, names: Mapping[str, str], labels: int, turning, width: float) -> _Plan:
    narrow = width < 6
    left = MARGIN if narrow else 2.75
    room = width - MARGIN - left
    scale = Scale(marks.loc[marks["dated"], "middle"].to_numpy())
    verticals = _turning(marks, turning, scale, room)
    budget = max(0, (min(labels, 18) if narrow else labels) - len(verticals))
    dated = marks[marks["own"] & marks["dated"]]
    crowded = len(dated) > CROWDED
    chosen = dated.nsmallest(budget, "rank").sort_values(["middle", "event_id"], kind="stable")
    widths = (1.0, 1.3) if narrow else (1.15, 1.35, 1.6, 1.9)
    lanes = {t: list(chosen[chosen["track"] == t].itertuples()) for t in names}
    drawn = chosen if crowded else dated  # those that have a mark of their own
    beside = {t: (lane["middle"].to_numpy(float), _half(lane)) for t in names for lane in [drawn[drawn["track"] == t]]}
    tried = []
    for n, widest in enumerate(widths, 1):
        # the scale ends so far from the edge that the last names fit right of their events
        ends = [(r.middle, max(map(text_width, name_lines(r.label, widest)), default=0) + SIGN)
                for rows in lanes.values() for r in rows]  # fmt: skip
        ends += [(r.middle, 1.35) for r in verticals]
        axis = min([room - 0.12, *((room - 0.08 - w) / max(float(scale.share(m)), 0.01) for m, w in ends)])
        plan = _Plan(width, left, max(axis, room * 0.55), scale, verticals, [], np.array([]))
        best = {}
        for t, rows in lanes.items():
            x, (days, half) = plan.at([r.middle for r in rows]).tolist(), beside[t]
            near = [(np.abs(plan.at(days) - at) < half).sum() > 1 for at in x]
            best[t] = min((_named(rows, x, near, wide, left) for wide in widths[:n]), key=lambda o: o[0])
        tried.append((sum(cost for cost, _ in best.values()), plan, {t: found for t, (_, found) in best.items()}))
    _, plan, found = min(tried, key=lambda one: one[0])
    if crowded:
        bins = scale.bins(plan.axis, 0.28)
        parts = marks[marks["dated"]].groupby(["track", "own"])["middle"]
        most = max(int(np.histogram(middle, bins)[0].max()) for _, middle in parts)
        plan = plan._replace(bins=bins, most=most)
    undated = marks[marks["own"] & ~marks["dated"]]
    spare = undated.nsmallest(max(0, budget - sum(map(len, found.values()))), "rank")["track"].value_counts()
    for track, name in names.items():
        mine = marks[marks["track"] == track]
        least = LEAST if labels else 0
        plan.lanes.append(_plan_lane(mine, track, name, found[track], plan, int(spare.get(track, 0)), least))
    return plan


def _plan_lane(marks: pd.DataFrame, track: str, name: str, names: list[_Name], plan: _Plan, spare: int,
               least: int) -> _Lane:
    at, own = plan.at, marks["own"]
    dated, undated, record = marks[own & marks["dated"]], marks[own & ~marks["dated"]], marks[~own]
    named = {n.row.Index for n in names}
    points = dated[dated.index.isin(named)] if plan.binned else dated
    rows = _settle(points, {n.row.Index: n.foot for n in names}, plan)
    record_rows = [] if plan.binned else pack(at(record["middle"]) - 0.045, at(record["middle"]) + 0.045)
    above = max((n.foot + n.height for n in names), default=0) + 0.1 + ROW * (max(rows, default=-1) + 1)
    below = 0.09 + DROP * (max(record_rows, default=-1) + 1)
    if plan.binned:
        below = 0.06 + sum(_strip(rows, plan) for rows in (dated[~dated.index.isin(points.index)], record))
    if plan.narrow:
        gutter = _plan_gutter(undated, plan.width - 2 * MARGIN, least, least, 1.6, plan.binned)
        height = 0.42 + gutter.height + above + below + 0.16
    else:
        room = max(above + below - 0.35, 0.62)
        gutter = _plan_gutter(undated, plan.left - MARGIN - 0.3, spare, least, room, plan.binned)
        height = max(above + below + 0.12, 0.5 + gutter.height) + 0.14
    return _Lane(
        track, name, names, points, rows, dated[~dated.index.isin(points.index)], record, record_rows, gutter,
        len(dated), len(undated), above, below, height,
    )  # fmt: skip


def _settle(points: pd.DataFrame, feet: Mapping[int, float], plan: _Plan) -> list[int]:
    """Return the row of each mark over its line: the lowest in which it meets none, marks that stand close together in
    the order of their names. Long bars lie lowest, then what has no name."""
    middle, half = plan.at(points["middle"]), _half(points)
    low = np.minimum(middle - half, plan.at(points["low"]) - 0.02)
    high = np.maximum(middle + half, plan.at(points["high"]) + 0.02)
    foot = [feet.get(i, -1.0) for i in points.index]
    rows: dict[int, int] = {}
    for i in sorted(range(len(points)), key=lambda i: (high[i] - low[i] < LONG, foot[i], i)):
        taken = {rows[k] for k in rows if low[k] < high[i] and low[i] < high[k]}
        under = [rows[k] for k in rows if min(foot[k], foot[i]) >= 0 and abs(middle[k] - middle[i]) < half[k]]
        rows[i] = next(r for r in itertools.count(max(under, default=-1) + 1) if r not in taken)
    return [rows[i] for i in range(len(points))]


def _plan_gutter(undated: pd.DataFrame, width: float, spare: int, least: int, room: float, crowded: bool) -> _Gutter:
    """Plan a lane's undated events: a list of names (``least`` in any case, more while names and room last), the others
    as marks in rows; where all is crowded, more than :data:`MANY` are counted by actor."""
    undated = undated.sort_values("rank")
    listed: list[tuple] = []
    used = 0.0
    for row in undated.itertuples():
        lines = wrap(row.label, width - 0.2, most=2)
        height = text_height(len(lines)) + 0.035
        last = len(listed) + 1 == len(undated)
        if len(listed) >= least and (len(listed) >= spare or used + height + (0 if last else 0.19) > room):
            break
        listed.append((row, lines, used))
        used += height
    rest = undated.iloc[len(listed) :]
    said = f"and {len(rest)} more" if listed and len(rest) else ""
    if crowded and len(rest) > MANY:
        groups = list(rest["colour"].value_counts(sort=False).sort_values(ascending=False, kind="stable").items())
        spots = flow([0.2 + text_width(f"×{n}") for _, n in groups], width, 0.18)
        height = used + (spots[-1][0] + 1) * text_height(1) + 0.06
        return _Gutter(listed, "", [], [(*g, used, *s) for g, s in zip(groups, spots, strict=True)], height)
    first = text_width(said) + 0.12 if said else 0.0
    wide = [0.2 if contested else 0.1 for contested in rest["contested"]]
    spots = flow([first + 0.02 + wide[0], *wide[1:]] if first and wide else wide, width, 0.05)
    marks = [(row, used, r, x + (first if k == 0 else 0) + (wide[k] - 0.1) / 2) for k, (row, (r, x)) in
             enumerate(zip(rest.itertuples(), spots, strict=True))]  # fmt: skip
    height = used + ((spots[-1][0] + 1) * 0.165 + 0.03 if spots else 0)
    return _Gutter(listed, said, marks, [], height)


# words --------------------------------------------------------------------------------------------------------------


def say_events(events: pd.DataFrame, *, statuses: Mapping[str, str] | pd.DataFrame | None = None) -> str:
    """Return the title of :func:`lanes` for all events, without drawing them.

    >>> say_events(pd.DataFrame({"event_id": ["e"], "label": ["Talks"], "status": ["planned"], "track": ["x"]}))
    'The one event these texts tell of is told only as announced or claimed; it has no date of its own'
    """
    return _title(events_drawn(events, statuses=statuses), len(events))


def told_otherwise(fills: pd.Series) -> list[str]:
    """Say how many events are not told as happened, and as what instead, by the fills of their marks.

    >>> told_otherwise(pd.Series(["happened", "claimed", "announced", "denied"]))
    ['2 only as announced or claimed', '1 as denied or not having happened']
    """
    kinds = {"only as announced or claimed": ("announced", "claimed"), "as denied or not having happened": ("denied",)}
    return [f"{n} {how}" for how, kind in kinds.items() if (n := int(fills.isin(kind).sum()))]


def _title(mine: pd.DataFrame, given: int, chosen: bool = False, window: Sequence | None = None) -> str:
    """Say what the lanes show: how many events happened by the texts, how many are told otherwise, and how many have no
    date of their own; of all events that the texts tell of, of those chosen, or of those that a window leaves."""
    n, sure = len(mine), int((mine["fill"] == "happened").sum())
    # a window is a choice, too, and so is a list of tracks
    whose = "chosen from these texts" if chosen or 0 < n < given else "these texts tell of"
    if not given:
        return "None of the events of these texts is chosen" if chosen else "These texts tell of no event"
    if mine.empty:
        return f"None of the events {whose} falls into this window"
    bare = int((~mine["dated"] | mine["borrowed"]).sum())
    if n < given and window is not None and any(window):
        whose = "chosen from these texts, " * chosen + _from_to(window, bool((~mine["dated"]).any()))
    less = told_otherwise(mine["fill"])
    if n == 1:
        told = "as happened" if sure else less[0].removeprefix("1 ")
        return f"The one event {whose} is told {told}; it has {'no date of its own' if bare else 'a date'}"
    told = f"{sure} {'is' if sure == 1 else 'are'} told as happened"
    first = f"Of the {n} events {whose}, {', '.join([told, *less])}"
    if sure == n:
        first = f"All {n} events {whose} are told as happened"
    elif not sure:
        first = f"None of the {n} events {whose} is told as happened"
    if not bare:
        return f"{first}; each has a date"
    return f"{first}; {bare} {'has no date of its own' if bare == 1 else 'have no date of their own'}"


def _from_to(window: Sequence, undated: bool) -> str:
    """Say which events a window leaves; the undated always stay.

    >>> _from_to(["2019-01-01", ""], True), _from_to(["2019-01-01", "2020-12-31"], False)
    ('from 2019 on or undated', 'from 2019 to 2020')
    >>> _from_to(["", "2020-06-30"], False), _from_to(["2020-01-01", "2020-12-31"], False)
    ('until 30 June 2020', 'of 2020')
    """
    first, last = ("" if not day else str(day) for day in window)
    low, high = (reading(day, day) if day else "" for day in (first, last))
    low = first[:4] if first.endswith("-01-01") else low
    high = last[:4] if last.endswith("-12-31") else high
    span = f"of {low}" if low == high else f"from {low} to {high}"
    said = span if low and high else f"from {low} on" if low else f"until {high}"
    return said + " or undated" * undated


def _subtitle(marks: pd.DataFrame, plan: _Plan, given: int) -> str:
    own = marks["own"]
    n_dated, n_undated = int((own & marks["dated"]).sum()), int((own & ~marks["dated"]).sum())
    n_listed = int((~own).sum())
    lent = int((own & marks["borrowed"]).sum())
    borrowed = f" ({lent} by the record's date, ringed)" if lent else ""
    parts = [f"Above each line, what these texts tell: {counted(n_dated, 'dated event')}{borrowed}"
             + (f"; at the left, {n_undated} undated." if n_undated else ".")]  # fmt: skip
    if n_listed:
        entries = counted(n_listed, "entry", "entries")
        told = f"Below it, in grey: {entries} of the listed public record, {int(marks['told'].sum())} told by a text"
        same = n_listed == own.sum() and n_listed > 1
        parts.append(told + (f"; that both lists hold {n_listed} is chance." if same else "."))
    if given > own.sum():
        parts.append(f"{counted(given - int(own.sum()), 'further event')} outside the chosen window or tracks.")
    if plan.binned:
        parts.append("Events without a name are counted in bins: coloured bars for the texts, grey for the record.")
    return " ".join(filter(None, [*parts, plan.scale.said()]))


def _alt(title: str, marks: pd.DataFrame, names: Mapping[str, str], plan: _Plan) -> str:
    mine = marks[marks["own"]]
    parts = [title + "."]
    if marks["dated"].any():
        first, last = (to_date(d).year for d in marks.loc[marks["dated"], "middle"].agg(["min", "max"]))
        parts.append(f"Timeline with {counted(len(names), 'lane')}, {first} to {last}.")
    for track, name in names.items():
        lane = mine[mine["track"] == track]
        listed = int((~marks["own"] & marks["track"].eq(track)).sum())
        said = f"{name}: {counted(len(lane), 'event')}"
        if len(lane):
            sure = int((lane["fill"] == "happened").sum())
            said += f", {sure} told as happened, {int((~lane['dated']).sum())} undated"
        parts.append(said + (f"; {listed} listed on the record." if listed else "."))
    if len(mine):
        top = mine.sort_values("n_documents", ascending=False, kind="stable").head(3)
        parts.append("Told by most texts: " + "; ".join(
            f"{r.label} ({reading(r.earliest, r.latest)}, {counted(r.n_documents, 'text')})" for r in top.itertuples()
        ) + ".")  # fmt: skip
    if (disputed := mine.loc[mine["contested"], "label"].tolist()):
        parts.append(f"Contested, told by one account and denied by another: {'; '.join(disputed)}.")
    if plan.verticals:
        parts.append("Turning points: " + "; ".join(f"{r.label}, {_short(r)}" for r in plan.verticals) + ".")
    return " ".join(filter(None, [*parts, plan.scale.said()]))


def _short(row) -> str:
    day = to_date(row.low)
    return f"{day.day} {day:%b} {day.year}" if row.low == row.high else reading(row.earliest, row.latest)


# drawing ------------------------------------------------------------------------------------------------------------


def _draw(marks, plan: _Plan, title: str, subtitle: str, line: str, colours: style.Theme):
    width = plan.width
    head, sub, head_height = heading(title, subtitle, width, MARGIN)
    flags = [_flag(r.label, _short(r)) for r in plan.verticals]
    high = [text_height(len(lines)) for lines in flags]
    wide = [max(map(text_width, lines)) + 0.05 for lines in flags]
    xs = [float(plan.at(r.middle)) for r in plan.verticals]
    feet, before = flank(xs, wide, high, MARGIN, 0.05)
    legend, legend_height = plan_legend(_keys(marks, plan, colours), width - 2 * MARGIN)
    foot = wrap(line, width - 2 * MARGIN)
    top = 0.25 + head_height + 0.22 + max((f + h + 0.1 for f, h in zip(feet, high, strict=True)), default=0)
    end = top + sum(lane.height for lane in plan.lanes)
    total = end + 0.45 + legend_height + 0.12 + text_height(len(foot)) + 0.16
    sheet = Sheet(width, total, colours)
    set_heading(sheet, head, sub, MARGIN, 0.25)
    y, bins = top, []
    for n, lane in enumerate(plan.lanes):
        paper = colours.paper if n % 2 else colours.band
        sheet.box(MARGIN - 0.1, y, width - 2 * MARGIN + 0.2, lane.height, paper, above=0)
        _draw_gutter(sheet, lane, plan, y, paper)
        bins += _draw_lane(sheet, lane, plan, y + lane.height - 0.06 - lane.below, paper)
        y += lane.height
    for x, lines, h, f, b in zip(xs, flags, high, feet, before, strict=True):
        side = -0.05 if b else 0.05
        sheet.text(x + side, top - 0.06 - f - h, lines, colour=colours.muted, align="right" if b else "left")
    for x, h, f in zip(xs, high, feet, strict=True):
        sheet.upright(x, top - 0.06 - f - h, end, colours.muted)
    draw_axis(sheet, plan.scale, plan.left, plan.axis, end + 0.06)
    set_legend(sheet, legend, MARGIN, end + 0.45)
    sheet.text(MARGIN, total - 0.16 - text_height(len(foot)), foot, colour=colours.muted)
    return sheet, bins


def _flag(label: str, day: str) -> list[str]:
    """The lines of a turning point's name: its day is never broken."""
    one, two = wrap(f"{label}, {day}", 1.35), [*wrap(label, 1.35), day]
    return one if len(one) < len(two) and one[-1].endswith(day) else two


def _said(row) -> str:
    """What a mark says to a pointer: when, what, what kind, how sure, who, in how many texts."""
    when = reading(row.earliest, row.latest, row.granularity)
    if row.mark == "record":
        return f"{when}: {row.label} (public record, {'told by a text' if row.told else 'not told'})"
    status = "" if pd.isna(row.status) else str(row.status).replace("_", " ")
    when += " (date from the record)" if row.borrowed else ""
    words = [row.actor, KIND_NAMES[row.kind], status, CONTESTED * row.contested, counted(row.n_documents, "text")]
    return f"{when}: {row.label} ({'; '.join(filter(None, words))})"


def _draw_gutter(sheet: Sheet, lane: _Lane, plan: _Plan, y: float, paper: str) -> None:
    muted = sheet.colours.muted
    said = f"{lane.n_dated} dated"
    if lane.n_undated:
        said += f", {lane.n_undated} undated in these texts:"
    if not lane.n_dated + lane.n_undated:
        said = "not told by these texts"
    sheet.text(MARGIN, y + 0.1, lane.name, TEXT, True)
    if plan.narrow:
        sheet.text(MARGIN + text_width(lane.name, TEXT, True) + 0.1, y + 0.115, said, colour=muted)
    else:
        sheet.text(MARGIN, y + 0.1 + text_height(1, TEXT), said, colour=muted)
    top = y + (0.34 if plan.narrow else 0.5)
    for row, lines, at_y in lane.gutter.listed:
        sheet.mark(MARGIN + 0.06, top + at_y + text_height(1) / 2, row.kind, row.fill, row.colour, 7, paper,
                   said=_said(row), row=row.event_id, contested=row.contested)  # fmt: skip
        sheet.text(MARGIN + 0.2, top + at_y, lines)
    for colour, n, used, r, x in lane.gutter.counts:
        middle = top + used + 0.03 + text_height(1) * (r + 0.5)
        sheet.mark(MARGIN + x + 0.06, middle, "talks", "happened", colour, 7, paper)
        sheet.text(MARGIN + x + 0.16, middle, f"×{n}", middle=True)
    for row, used, r, x in lane.gutter.marks:
        sheet.mark(MARGIN + x + 0.06, top + used + 0.08 + 0.165 * r, row.kind, row.fill, row.colour, 7, paper,
                   said=_said(row), row=row.event_id, contested=row.contested)  # fmt: skip
    if lane.gutter.said:
        sheet.text(MARGIN, top + lane.gutter.marks[0][1] + 0.08, lane.gutter.said, colour=muted, middle=True)


def _draw_lane(sheet: Sheet, lane: _Lane, plan: _Plan, base: float, paper: str) -> list[dict]:
    """Draw a lane over and under its line at ``base``; return the rows of its counted bins."""
    at, rule = plan.at, sheet.colours.rule
    stops = [plan.left, *(float(at(d)) for d, _ in plan.scale.breaks), plan.left + plan.axis]
    for n, (a, b) in enumerate(zip(stops[:-1], stops[1:], strict=True)):
        sheet.line([a + 0.04 * (n > 0), b - 0.04 * (n < len(stops) - 2)], [base, base], rule, 1.2)
    for day, _ in plan.scale.ticks(plan.axis):
        sheet.line([float(at(day))] * 2, [base - 0.03, base + 0.03], rule, 0.8)
    heights = {i: base - 0.1 - ROW * r for i, r in zip(lane.points.index, lane.rows, strict=True)}
    floor = base - 0.13 - ROW * (max(lane.rows, default=-1) + 1)
    beside = list(zip(lane.points.index, at(lane.points["middle"]), _half(lane.points), strict=True))
    for name in lane.names:
        top = floor - name.foot - name.height
        row, side = name.row, -1 if name.before else 1
        # a leader ends on the marks that stand over its own: then the sign at the name says which one is meant
        over = [heights[i] for i, x, half in beside if abs(x - name.x) < half and heights[i] < heights[row.Index]]
        start = min(over, default=heights[row.Index]) - 0.08 * bool(over)
        colour = sheet.colours.muted if name.sign else row.colour
        sheet.line([name.x] * 2, [start, top + 0.02], colour, 0.9, leader=True, above=3)
        sheet.text(name.x + side * (0.05 + name.sign), top, name.lines, align="right" if name.before else "left")
        if name.sign:
            sheet.mark(name.x + side * (0.04 + name.sign / 2), top + text_height(1) / 2, row.kind, row.fill, row.colour,
                       6.5, paper, contested=row.contested)  # fmt: skip
    named = {n.row.Index for n in lane.names}
    for row in lane.points.itertuples():
        y = heights[row.Index]
        if row.high > row.low:
            a, b = float(at(row.low)), float(at(row.high))
            sheet.box(a, y - 0.04, max(b - a, 0.03), 0.08, row.colour, above=2.5, alpha=0.28)
        size = 8.5 if row.Index in named else 6.2
        sheet.mark(float(at(row.middle)), y, row.kind, row.fill, row.colour, size, paper, ring=bool(row.borrowed),
                   said=_said(row), row=row.event_id, contested=row.contested)  # fmt: skip
    bins: list[dict] = []
    if plan.binned:
        y = base + 0.05
        for rows, what in ((lane.rest, "event"), (lane.record, "record")):
            if len(rows):
                bins += _bars(sheet, rows, plan, y, what)
                y += _strip(rows, plan)
    for row, r in zip(lane.record.itertuples(), lane.record_rows, strict=False):
        fill = "happened" if row.told else "claimed"
        sheet.mark(float(at(row.middle)), base + 0.105 + DROP * r, row.kind, fill, sheet.colours.grey, 5.2, paper,
                   said=_said(row))  # fmt: skip
    return bins


def _counts(rows: pd.DataFrame, plan: _Plan) -> tuple[np.ndarray, np.ndarray]:
    """The bin of each row, and how many rows each bin holds."""
    index = np.clip(np.searchsorted(plan.bins, rows["middle"], "right") - 1, 0, len(plan.bins) - 2)
    return index, np.bincount(index, minlength=len(plan.bins) - 1)


def _strip(rows: pd.DataFrame, plan: _Plan) -> float:
    """How high a strip of counted bins is, with its numbers."""
    return TALL_BAR * _counts(rows, plan)[1].max() / plan.most + text_height(1) + 0.08 if len(rows) else 0.0


def _bars(sheet: Sheet, rows: pd.DataFrame, plan: _Plan, y: float, what: str) -> list[dict]:
    """Hang counted bars under a lane's line, one a bin, in the actors' colours; return their rows."""
    (index, counts), out = _counts(rows, plan), []
    each = ("event", "events") if what == "event" else ("entry", "entries")
    for k in np.flatnonzero(counts):
        a, b = (float(v) for v in plan.at(plan.bins[k : k + 2]))
        inside, top = rows[index == k], y
        for colour, n in inside["colour"].value_counts().sort_index().items():
            sheet.box(a + 0.015, top, max(b - a - 0.03, 0.02), TALL_BAR * n / plan.most, colour, above=2)
            top += TALL_BAR * n / plan.most
        if text_width(str(counts[k])) <= b - a - 0.02:
            sheet.text((a + b) / 2, top + 0.01, str(counts[k]), align="center", colour=sheet.colours.muted)
        first, last = (reading(d, d) for d in (str(to_date(plan.bins[k])), str(to_date(plan.bins[k + 1] - 1))))
        names = "; ".join(inside["label"].head(6)) + ("; …" if len(inside) > 6 else "")
        sheet.place(a, y, b - a, top - y, f"{first} to {last}: {counted(int(counts[k]), *each)} ({names})")
        out.append({"mark": "bin", "basis": what, "track": inside["track"].iloc[0], "n": int(counts[k]), "named": False,
                    "label": f"{to_date(plan.bins[k])} to {to_date(plan.bins[k + 1])}"})  # fmt: skip
    return out


def _keys(marks: pd.DataFrame, plan: _Plan, colours: style.Theme) -> list[tuple[str, list[Key]]]:
    """What the legend explains: only what is drawn."""
    mine, record = marks[marks["own"]], marks[~marks["own"]]
    last = ["several together", "others", "not named"]
    counts = mine["group"].value_counts()
    groups = [g for g in counts.index if g not in last] + [g for g in last if g in counts.index]
    shades = mine.groupby("group")["colour"].agg(lambda drawn: drawn.value_counts().index[0])    # as most are drawn
    swatches = {g: shades[g] for g in groups}
    if {"others", "not named"} <= swatches.keys():  # both are grey
        swatches["others, or not named"] = swatches.pop("others")
        del swatches["not named"]
    sure = mine["fill"].value_counts()
    fills = [Key("mark", ("talks", f, colours.ink), f"{FILL_NAMES[f]} ({sure[f]})") for f in FILLS if f in sure.index]
    if mine["contested"].any():
        fills.append(Key("contested", colours.grey, f"{CONTESTED} ({mine['contested'].sum()})"))
    also = []
    if len(dated := mine[mine["dated"]]) and (dated["high"] > dated["low"]).any():
        also.append(Key("bar", colours.ink, "the date lies within the bar"))
    if mine["borrowed"].any():
        also.append(Key("mark", ("talks", "happened", colours.ink, True), "date borrowed from the record"))
    if not plan.binned:
        also += [Key("mark", ("talks", fill, colours.grey), words) for fill, told, words in (
            ("happened", True, "on the record, told by a text"), ("claimed", False, "on the record, not told"))
            if (record["told"] == told).any()]  # fmt: skip
    elif len(record):
        also.append(Key("swatch", colours.grey, "events of the record, counted"))
    if plan.verticals:
        also.append(Key("dots", colours.muted, "turning point of the record"))
    return [
        ("Who acted", [Key("swatch", c, g) for g, c in swatches.items()]),
        ("What kind", [Key("mark", (k, "happened", colours.ink), KIND_NAMES[k]) for k in SHAPES
                       if (marks["kind"] == k).any()]),
        ("How sure", fills),
        ("Also", also),
    ]  # fmt: skip


# the twin -----------------------------------------------------------------------------------------------------------


def sign(kind: str, fill: str, colour: str) -> str:
    """Return a mark of the chart as an empty element for the page's style sheet to draw (its meaning stands in words).

    >>> sign("offer", "denied", "#0072b2")
    '<span class="sign offer denied" style="color:#0072b2"></span>'
    """
    return f'<span class="sign {kind} {fill}" style="color:{colour}"></span>'


def twin(
    events: pd.DataFrame,
    reference: pd.DataFrame | None = None,
    *,
    actors: pd.DataFrame | None = None,
    statuses: Mapping[str, str] | pd.DataFrame | None = None,
    kinds: Mapping[str, str] | None = None,
    window: Sequence | None = None,
    tracks: Mapping[str, str] | Sequence[str] | None = None,
    contested: Collection[str] = (),
) -> str:
    """Return the chronology as an HTML list: for phones, and for who listens to the page.

    Accepts what :func:`lanes` accepts. Returns one hidden ``<div class="twin">``, which the style sheet of a page
    shows on narrow screens: for each lane a heading that unfolds an ordered list, in the chart's order and with its
    signs (``<span class="sign …">``, drawn by that style sheet); kind, how sure, who and date stand in words. Entries
    of the record that no text tells of are only counted. All text is escaped; there is no script in it.

    >>> one = pd.DataFrame({"event_id": ["e"], "label": ["<b>Talks</b> open"], "track": ["negotiation"],
    ...                     "status": ["planned"], "stage": ["talks"], "actor_id": ["ABC"]})
    >>> "<b>" in twin(one), "planned" in twin(one), "&lt;b&gt;Talks" in twin(one)
    (False, True, True)
    """
    marks = events_drawn(events, reference, statuses=statuses, kinds=kinds, window=window, tracks=tracks,
                         contested=contested)  # fmt: skip
    names = _lane_names(marks, tracks)
    who = style.actor_colours(actors, marks.loc[marks["mark"] == "event", "actor_id"])
    said = html.escape
    out = ['<div class="twin" hidden>']
    for track, name in names.items():
        lane = marks[marks["track"] == track]
        own = lane["mark"].eq("event")
        passed = int((~own & ~lane["told"]).sum())
        lane = lane[own | lane["told"]]
        own = lane["mark"].eq("event")
        out.append(
            f"<details><summary><h3>{said(name)} <small>{int((own & lane['dated']).sum())} dated, "
            f"{int((own & ~lane['dated']).sum())} undated in these texts</small></h3></summary>"
        )
        for dated in (True, False):
            rows = lane[lane["dated"] == dated]
            if rows.empty:
                continue
            if not dated:
                out.append("<p>Undated in these texts:</p>")
            out.append("<ol>" if dated else "<ul>")
            for r in rows.itertuples():
                record = r.mark == "record"
                actor = "" if pd.isna(r.actor_id) else str(r.actor_id)
                colour = style.LIGHT.grey if record else who.loc[actor, "colour"]
                when = reading(r.earliest, r.latest, r.granularity) + (" (date from the record)" if r.borrowed else "")
                status = "" if pd.isna(r.status) else str(r.status).replace("_", " ")
                words = [
                    KIND_NAMES[r.kind],
                    status,
                    CONTESTED * r.contested,
                    actor if record else who.loc[actor, "name"],
                    "public record, told by a text" if record else counted(r.n_documents, "text"),
                ]
                fill = "happened" if record else r.fill
                when = f"<b>{said(when)}</b> " if dated else ""
                out.append(
                    f'<li class="{r.mark}">{sign(r.kind, fill, colour)} {when}{said(r.label)} '
                    f"<small>{said('; '.join(filter(None, words)))}</small></li>"
                )
            out.append("</ol>" if dated else "</ul>")
        if passed:
            listed = counted(passed, "entry", "entries")
            out.append(f"<p>Not told by these texts: {listed} of the listed public record.</p>")
        out.append("</details>")
    if not names:
        out.append("<p>These texts tell of no event.</p>")
    return "\n".join([*out, "</div>"])
