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

None of them shows how sure an event is or that it has no date: the four fills and the gutter are ours.
"""

from __future__ import annotations

import datetime as dt
import html
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from helpers.charts import style
from helpers.charts.layout import (
    Chart,
    Sheet,
    flank,
    flow,
    heading,
    pack,
    plain,
    set_heading,
    stack,
    text_height,
    text_width,
    wrap,
)
from helpers.charts.style import FILLS, SHAPES, TEXT

__all__ = ["TRACKS", "KINDS", "lanes", "twin", "events_drawn", "reading"]

TRACKS = {
    "sanctions": "Sanctions",
    "legislation": "Legislation",
    "negotiation": "Negotiation",
    "procurement": "Arms deals",
    "military": "Military steps",
    "alliance": "Alliance",
}

# kind of act → the stages (of events) and kinds (of the record) it stands for
KINDS = {
    "threat": "threat threatened liable warning pressure demand ultimatum",
    "law": "law legislated legislative mandate contract agreement award end_user condition condition_set arms_sale "
    "proposed veto order",
    "sanction": "sanction imposed maintained expanded designation suspension expulsion cancel delivered delivery "
    "isolate access control",
    "relief": "relief eased lifted resume benefit withheld trade repair",
    "offer": "offer conditional_offer counter_offer resale secret_deal overture appeal coproduction mediation lobby "
    "concede",
    "refusal": "refusal reject rejection deny denial opposed objection protest deferral delay",
    "test": "test clash activation invasion annexation deployment",
}
KIND_NAMES = {
    "threat": "threat, demand",
    "law": "law, contract",
    "sanction": "sanction, delivery, expulsion",
    "relief": "relief",
    "offer": "offer",
    "refusal": "refusal",
    "talks": "talks, claim",
    "test": "test, clash",
}
FILL_NAMES = {
    "happened": "happened, under way",
    "announced": "announced, proposed, demanded",
    "claimed": "claimed, rumoured, supposed",
    "denied": "denied, did not happen",
}
_KIND = {stage: kind for kind, stages in KINDS.items() for stage in stages.split()}
_FILL = {status: fill for fill, statuses in FILLS.items() for status in statuses}
CROWDED = 150  # dated events from which the unnamed ones are counted in bins
TALLEST = 1.4  # inches a lane's names may take
M = 0.28  # margin
_EPOCH = pd.Timestamp("1970-01-01")


def _days(dates) -> np.ndarray:
    return (
        pd.to_datetime(pd.Series(dates, dtype="string"), errors="coerce", format="%Y-%m-%d") - _EPOCH
    ).dt.days.to_numpy(dtype=float, na_value=np.nan)


def _day(number: float) -> dt.date:
    return (_EPOCH + pd.Timedelta(days=int(number))).date()


def reading(earliest: object, latest: object, granularity: object = "day") -> str:
    """Return a date or an interval in plain words.

    >>> reading("2021-08-24", "2021-08-24"), reading("2021-08-01", "2021-08-31", "month")
    ('24 August 2021', 'August 2021')
    >>> reading("2021-08-24", "2021-08-29", "interval"), reading(None, None)
    ('24 August to 29 August 2021', 'no date')
    """
    if pd.isna(earliest) or pd.isna(latest):
        return "no date"
    low, high = (dt.date.fromisoformat(str(v)) for v in (earliest, latest))
    if low == high:
        return f"{low.day} {low:%B} {low.year}"
    if granularity == "month" or (low.day == 1 and high == (low + dt.timedelta(31)).replace(day=1) - dt.timedelta(1)):
        return f"{low:%B} {low.year}"
    if granularity == "year" or (
        (low.month, low.day, high.month, high.day) == (1, 1, 12, 31) and low.year == high.year
    ):
        return str(low.year)
    year = "" if low.year == high.year else f" {low.year}"
    return f"{low.day} {low:%B}{year} to {high.day} {high:%B} {high.year}"


def _count(n: int, one: str, many: str | None = None) -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


def events_drawn(
    events: pd.DataFrame,
    reference: pd.DataFrame | None = None,
    *,
    statuses=None,
    kinds: Mapping[str, str] | None = None,
    window: Sequence | None = None,
    tracks: Mapping[str, str] | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return one row a mark that a chronology has to draw: the texts' events and the record's.

    Accepts what :func:`lanes` accepts. Returns a frame: mark (``event`` or ``record``), event_id, label, track, kind
    (one of ``style.SHAPES``), fill (one of ``style.FILLS``), status, actor_id, target_id, earliest, latest,
    granularity, basis, dated, borrowed (date from the record), n_documents, record_id, turning, told (a record entry
    that a text tells of), in chronological order, the undated last.
    """
    fills, shapes = {**_FILL, **_mapping(statuses)}, {**_KIND, **(kinds or {})}
    frame = pd.DataFrame(
        {
            c: events[c] if c in events else pd.NA
            for c in (
                "event_id",
                "label",
                "track",
                "stage",
                "status",
                "actor_id",
                "target_id",
                "earliest",
                "latest",
                "granularity",
                "basis",
                "n_documents",
                "record_id",
            )
        }
    ).assign(mark="event", turning=False)
    told = set(frame["record_id"].dropna())
    if reference is not None and len(reference):
        ref = reference
        listed = pd.DataFrame(
            {
                "event_id": ref["event_id"],
                "label": ref["label"],
                "track": ref["track"],
                "stage": ref.get("kind", pd.NA),
                "status": ref.get("status", "done"),
                "actor_id": ref.get("actor", pd.NA),
                "target_id": ref.get("target", pd.NA),
                "earliest": ref.get("date_lo", ref["date"]),
                "latest": ref.get("date_hi", ref["date"]),
                "granularity": ref.get("precision", "day"),
                "basis": "record",
                "n_documents": 0,
                "record_id": ref["event_id"],
                "mark": "record",
                "turning": ref.get("turning_point", pd.Series("0", ref.index)).astype("string").eq("1"),
            }
        )
        frame = pd.concat([frame, listed], ignore_index=True)
    low, high = _days(frame["earliest"]), _days(frame["latest"])
    low, high = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    frame["low"], frame["high"] = low, high
    frame["dated"] = ~np.isnan(low)
    frame["borrowed"] = frame["mark"].eq("event") & frame["basis"].eq("record").fillna(False) & frame["dated"]
    frame["kind"] = frame["stage"].map(shapes).fillna("talks")
    frame["fill"] = frame["status"].map(fills).fillna("claimed")
    frame["told"] = frame["mark"].eq("record") & frame["event_id"].isin(told)
    frame["label"] = frame["label"].map(plain)
    frame["n_documents"] = frame["n_documents"].fillna(1).astype(int)
    if tracks is not None:
        frame = frame[frame["track"].isin(list(tracks))]
    if window is not None:
        first, last = (_days([str(v)])[0] for v in window)
        frame = frame[
            (frame["dated"] & (frame["high"] >= first) & (frame["low"] <= last))
            | (~frame["dated"] & frame["mark"].eq("event"))
        ]
        frame = frame.assign(low=frame["low"].clip(first, last), high=frame["high"].clip(first, last))
    else:
        frame = frame[frame["dated"] | frame["mark"].eq("event")]
    frame = frame.assign(middle=(frame["low"] + frame["high"]) / 2)
    return frame.sort_values(["middle", "mark", "event_id"], kind="stable", na_position="last", ignore_index=True)


def _mapping(statuses) -> dict[str, str]:
    if statuses is None:
        return {}
    if isinstance(statuses, pd.DataFrame):
        statuses = dict(zip(statuses["status"], statuses["fill"], strict=True))
    wrong = sorted(set(statuses.values()) - set(FILLS))
    if wrong:
        raise ValueError(f"A status is drawn with one of the fills {', '.join(FILLS)}, not {wrong[0]!r}.")
    return dict(statuses)


# the scale ----------------------------------------------------------------------------------------------------------


class _Scale:
    """Days to inches, tighter where little happens: a stretch of at least a quarter of the span that holds at most an
    eighth of the marks, at either end, is drawn on a seventh of the width."""

    def __init__(self, days: np.ndarray):
        first, last = (
            (_day(days.min()), _day(days.max())) if len(days) else (dt.date(2000, 1, 1), dt.date(2000, 12, 31))
        )
        span = (last - first).days
        self.first = _number(first.replace(day=1) if span < 900 else first.replace(month=1, day=1))
        self.last = max(_number(last) + max(10, span // 60), self.first + 30)
        ends = [self.first, self.last]
        years = [_number(dt.date(y, 1, 1)) for y in range(first.year + 1, last.year + 1)]
        total = self.last - self.first
        self.breaks: list[tuple[float, str]] = []
        shares = [1.0]
        left = (
            [c for c in years if (c - self.first) / total >= 0.25 and (days < c).mean() <= 0.125] if len(days) else []
        )
        if left:
            ends, shares = [self.first, left[-1], self.last], [0.14, 0.86]
            self.breaks.append((left[-1], "before"))
        right = (
            [c for c in years if (self.last - c) / total >= 0.25 and (days >= c).mean() <= 0.125] if len(days) else []
        )
        if right and right[0] > ends[-2]:
            ends.insert(-1, right[0])
            shares = shares[:-1] + [shares[-1] - 0.14, 0.14]
            self.breaks.append((right[0], "after"))
        self.ends, self.shares = np.array(ends, float), np.concatenate([[0], np.cumsum(shares)])

    def share(self, days) -> np.ndarray:
        """Return where days stand on the scale, from 0 to 1."""
        return np.interp(np.asarray(days, float), self.ends, self.shares)

    def said(self) -> str:
        """Say where the scale is tighter; nothing where it is even."""
        parts = [f"{side} {_day(day):%B %Y}" for day, side in self.breaks]
        return f"The scale is tighter {' and '.join(parts)}." if parts else ""

    def ticks(self, width: float) -> list[tuple[float, str]]:
        """Return day and name of each tick: years, or months where less than two and a half years are shown."""
        if self.last - self.first < 900:
            starts = pd.date_range(pd.Timestamp(_day(self.first)), pd.Timestamp(_day(self.last)), freq="MS")
            ticks = [(_number(s.date()), f"{s:%b}" if s.month > 1 else f"{s:%Y}") for s in starts]
            ticks[:1] = [(ticks[0][0], f"{starts[0]:%b %Y}")]
        else:
            ticks = [
                (_number(dt.date(y, 1, 1)), str(y)) for y in range(_day(self.first).year, _day(self.last).year + 1)
            ]
        kept, free = [], -1.0
        for day, name in ticks:
            left = float(self.share(day)) * width
            if left >= free and left + text_width(name, TEXT) <= width + 0.2:
                kept.append((day, name))
                free = left + text_width(name, TEXT) + 0.14
        return kept

    def bins(self, width: float, least: float) -> np.ndarray:
        """Return the edges of bins at least ``least`` inches wide: months, quarters, halves, years, or more years."""
        for months in (1, 3, 6, 12, 24, 60, 120, 240):
            start = _day(self.first)
            edges = pd.date_range(
                pd.Timestamp(start.year, 1, 1),
                pd.Timestamp(_day(self.last)) + pd.DateOffset(months=months),
                freq=f"{months}MS",
            )
            numbers = np.array([_number(e.date()) for e in edges], float)
            numbers = numbers[numbers > self.first][: int((numbers < self.last).sum()) + 1]
            numbers = np.concatenate([[self.first], numbers[numbers < self.last], [self.last]])
            inside = numbers[
                (numbers >= (self.breaks[0][0] if self.breaks and self.breaks[0][1] == "before" else -math.inf))
            ]
            if len(inside) < 3 or np.diff(self.share(inside) * width)[:-1].min() >= least:
                return numbers
        return np.array([self.first, self.last], float)


def _number(day: dt.date) -> int:
    return (day - dt.date(1970, 1, 1)).days


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
    coder: str = "model",
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw the texts' events, one lane a track, over the listed public record.

    Accepts

    - ``events``: the table ``events`` (event_id, label, earliest, latest, granularity, basis, track, stage, status,
      actor_id, target_id, n_documents, record_id, layer), of one layer;
    - ``reference``: the case's ``reference.csv`` (event_id, date, date_lo, date_hi, track, kind, status, label,
      turning_point), or None;
    - ``actors``: the codebook's actors (actor_id, name, colour ``#rrggbb``); an actor without colour is grey;
    - ``statuses``: which fill a status is drawn with (a mapping, or a frame with columns status and fill), over the
      default ``style.FILLS``; ``kinds``: which shape a stage is drawn with, over :data:`KINDS`;
    - ``window``: first and last day (ISO dates); ``tracks``: the lanes, in order (names, or code → name);
    - ``labels``: how many events are named at most; ``turning``: how many turning points of the record get a line
      through all lanes (those most texts tell of first), or their event_ids; ``coder``: kind of coder, for the source
      line; ``source``: more for the source line; ``dark``: dark background; ``narrow``: 420 px wide.

    Named first are events that more texts tell of, then surer ones, then those that the record holds, then earlier
    ones. With more than 150 dated events the unnamed are counted in bins. Returns a :class:`Chart`; its ``data`` has
    one row a mark (see :func:`events_drawn`), with ``named`` and, for ``bin`` rows, ``n``. Raises :class:`ValueError`
    for two layers at once or an unknown fill.
    """
    layers = list(events["layer"].dropna().unique()) if "layer" in events else []
    if len(layers) > 1:
        raise ValueError(f"One layer at a time: these events are of {', '.join(map(str, layers))}. Filter on `layer`.")
    marks = events_drawn(events, reference, statuses=statuses, kinds=kinds, window=window, tracks=tracks)
    names = _lane_names(marks, tracks)
    colours = style.theme(dark)
    with style.look(dark):
        return _draw(
            marks,
            names,
            actors,
            labels,
            turning,
            coder,
            source,
            layers,
            colours,
            style.NARROW if narrow else style.WIDTH,
            len(events),
        )


def _lane_names(marks: pd.DataFrame, tracks) -> dict[str, str]:
    """The lanes that have marks, in order, with what they are called."""

    def called(track) -> str:
        return TRACKS.get(track, str(track).replace("_", " ").capitalize())

    names = (
        dict(tracks) if isinstance(tracks, Mapping) else {t: called(t) for t in (TRACKS if tracks is None else tracks)}
    )
    present = list(marks["track"].dropna().unique())
    names |= {t: called(t) for t in present if t not in names}
    return {t: plain(n) for t, n in names.items() if t in present}


def _turning(marks: pd.DataFrame, turning: int | Sequence[str], scale: _Scale, width: float) -> pd.DataFrame:
    listed = marks[marks["mark"].eq("record") & marks["dated"]]
    if not isinstance(turning, int):
        return listed[listed["event_id"].isin(list(turning))]
    texts = marks[marks["mark"].eq("event")].groupby("record_id")["n_documents"].max()
    ranked = (
        listed[listed["turning"] & listed["fill"].eq("happened")]
        .assign(texts=lambda d: d["event_id"].map(texts).fillna(0))
        .sort_values("texts", ascending=False, kind="stable")
    )
    if (ranked["texts"] > 0).any():
        ranked = ranked[ranked["texts"] > 0]
    chosen: list = []
    for row in ranked.itertuples():
        x = scale.share(row.middle) * width
        if len(chosen) < turning and all(abs(x - scale.share(c.middle) * width) >= 0.3 for c in chosen):
            chosen.append(row)
    return ranked.loc[sorted(c.Index for c in chosen)].drop(columns="texts")


def _priority(marks: pd.DataFrame) -> pd.Series:
    """Rank of each event for being named, 0 first."""
    order = marks.assign(
        more=-marks["n_documents"],
        sure=marks["fill"].map(list(FILLS).index),
        alone=marks["record_id"].isna(),
        when=marks["middle"].fillna(math.inf),
    ).sort_values(["more", "sure", "alone", "when", "event_id"], kind="stable")
    return pd.Series(range(len(order)), index=order.index)


def _names(lane: pd.DataFrame, x: np.ndarray, width: float, low: float, most: int = 3):
    """Wrap the names of a lane's events to a width and stack them; those that rise too high are dropped, last ranked
    first. Returns positions in the lane, lines, widths, heights, feet, and which stand left of their leader."""
    keep = list(range(len(lane)))
    lines = [wrap(t, width, most=most) for t in lane["label"]]
    rank = lane["rank"].to_numpy()
    while True:
        wide = [max(map(text_width, lines[i]), default=0) + 0.05 for i in keep]
        high = [text_height(len(lines[i])) for i in keep]
        feet, before = flank([x[i] for i in keep], wide, high, low, 0.04)
        tops = [f + h for f, h in zip(feet, high, strict=True)]
        if not keep or max(tops) <= TALLEST:
            return keep, [lines[i] for i in keep], wide, high, feet, before
        top = x[keep[int(np.argmax(tops))]]
        near = [i for i in keep if abs(x[i] - top) <= width + 0.05]
        keep.remove(max(near, key=lambda i: rank[i]))


def _draw(marks, names, actors, labels, turning, coder, source, layers, colours, width, given) -> Chart:
    narrow = width < 6
    left = M if narrow else 2.75
    who = style.actor_colours(actors, marks.loc[marks["mark"] == "event", "actor_id"], colours)
    marks = marks.assign(actor=marks["actor_id"].map(lambda a: "" if pd.isna(a) else str(a)))
    own = marks["mark"].eq("event")
    marks["colour"] = marks["actor"].map(who["colour"]).where(own, colours.grey)
    marks["actor_name"] = marks["actor"].map(who["name"]).where(own, marks["actor"])
    marks["group"] = marks["actor"].map(who["group"]).where(own, "public record")
    scale = _Scale(marks.loc[marks["dated"], "middle"].to_numpy())
    verticals = _turning(marks, turning, scale, width - left - M)
    crowded = int((own & marks["dated"]).sum()) > CROWDED
    marks["rank"] = _priority(marks[own]).reindex(marks.index).fillna(10**6).astype(int)
    budget = max(0, labels - len(verticals))
    if narrow:
        budget = min(budget, 14)

    # which events are named: the dated first, at the width of text that needs least height
    dated = marks[own & marks["dated"]].nsmallest(budget, "rank").sort_values(["middle", "event_id"], kind="stable")
    shares = {i: float(s) for i, s in zip(dated.index, scale.share(dated["middle"]), strict=True)}
    best = None
    for text in (1.0, 1.3) if narrow else (1.15, 1.35, 1.6, 1.9):
        wide = {i: max(map(text_width, wrap(t, text, most=3)), default=0) for i, t in dated["label"].items()}
        room = width - M - left
        axis = min(
            [room - 0.12]
            + [(room - 0.08 - w) / shares[i] for i, w in wide.items() if shares[i] > 0]
            + [(room - 0.1 - 1.1) / max(float(scale.share(v)), 0.01) for v in verticals["middle"]]
        )
        axis = max(axis, room * 0.6)
        plans = {}
        for track in names:
            lane = dated[dated["track"] == track]
            plans[track] = _names(lane, left + scale.share(lane["middle"]) * axis, text, left), lane
        cost = sum(max((f + h for f, h in zip(p[4], p[3], strict=True)), default=0) for p, _ in plans.values())
        cost += 0.25 * sum(len(lane) - len(p[0]) for p, lane in plans.values())
        cost += 0.15 * sum(line[-1].endswith("…") for p, _ in plans.values() for line in p[1] if line)
        if best is None or cost < best[0]:
            best = cost, plans, axis
    _, plans, axis = best
    named = {lane.index[i] for p, lane in plans.values() for i in p[0]}

    def at(days):
        return left + scale.share(days) * axis

    # heights of each lane's parts
    spare = budget - len(named)
    undated = marks[own & ~marks["dated"]].sort_values("rank")
    gutter_width = (width - 2 * M) if narrow else left - M - 0.3
    parts = {}
    record_on = bool((marks["mark"] == "record").any())
    bins = scale.bins(axis, 0.27) if crowded else None
    for track in names:
        (_, _, _, high, feet, _), lane = plans[track]
        mine = marks[own & marks["dated"] & marks["track"].eq(track)]
        points = mine[mine.index.isin(named)] if crowded else mine
        half = np.where(points.index.isin(named), 0.075, 0.055)
        rows = pack(
            np.minimum(at(points["middle"]) - half, at(points["low"]) - 0.02),
            np.maximum(at(points["middle"]) + half, at(points["high"]) + 0.02),
        )
        rec = marks[marks["mark"].eq("record") & marks["track"].eq(track)]
        binned_record = crowded and len(rec) > 40
        rec_rows = [] if binned_record else pack(at(rec["middle"]) - 0.045, at(rec["middle"]) + 0.045)
        parts[track] = {
            "points": points,
            "rows": rows,
            "rec": rec,
            "rec_rows": rec_rows,
            "rest": mine[~mine.index.isin(points.index)],
            "names": max((f + h for f, h in zip(feet, high, strict=True)), default=0.0),
            "marks": 0.1 + 0.155 * (max(rows, default=-1) + 1),
            "binned_record": binned_record,
            "below": (0.62 if crowded else 0)
            + (0.62 if binned_record else 0.09 + 0.115 * (max(rec_rows, default=-1) + 1) if record_on else 0.08),
        }
    for track, part in parts.items():
        loose = undated[undated["track"] == track]
        body = part["names"] + part["marks"] + part["below"] + 0.1
        part["gutter"], spare = _gutter(loose, gutter_width, spare, 1.6 if narrow else max(body - 0.45, 0.62), narrow)
        part["head"] = 0.48 if len(loose) or not narrow else 0.26
        part["height"] = (
            part["head"] + part["gutter"]["height"] + body + 0.1
            if narrow
            else max(body, part["head"] + part["gutter"]["height"])
        ) + 0.16

    # title, subtitle, source
    title = _title(marks, own, given)
    n_dated, n_undated = int((own & marks["dated"]).sum()), int((own & ~marks["dated"]).sum())
    subtitle = [f"Drawn by track: {_count(n_dated, 'dated event')} and {n_undated} undated that these texts tell of"]
    if record_on:
        n_record, n_told = int((marks["mark"] == "record").sum()), int(marks["told"].sum())
        subtitle[0] += (
            f"; in grey {_count(n_record, 'listed event')} of the public record, {n_told} of them told by a text"
        )
    subtitle[0] += "."
    if given > own.sum():
        subtitle.append(f"{_count(given - int(own.sum()), 'further event')} outside the chosen window or tracks.")
    subtitle += [s for s in (scale.said(),) if s]
    if crowded:
        subtitle.append("Events without a name are counted in bins.")
    head, sub, head_height = heading(title, " ".join(subtitle), width, M)
    tops = [wrap(f"{r.label}, {_short_date(r)}", 1.35) for r in verticals.itertuples()]
    v_wide = [max(map(text_width, t)) + 0.05 for t in tops]
    v_high = [text_height(len(t)) for t in tops]
    v_x = list(at(verticals["middle"])) if len(verticals) else []
    v_feet = stack(v_x, v_wide, v_high, 0.05)
    tall = max((f + h for f, h in zip(v_feet, v_high, strict=True)), default=0)
    legend = _legend(marks, own, who, colours, width, record_on, crowded, len(verticals) > 0)
    line = " ".join(
        filter(
            None,
            [
                f"Events: {plain(layers[0])} layer," if layers else "Events:",
                f"coded by: {plain(coder)}.",
                f"Grey: the {_count(int((marks['mark'] == 'record').sum()), 'listed event')} of the public record."
                if record_on
                else "No public record is listed for this case.",
                plain(source),
            ],
        )
    )
    foot = wrap(line, width - 2 * M)
    top = 0.25 + head_height + 0.22
    lanes_top = top + tall + (0.1 if tall else 0)
    lanes_end = lanes_top + sum(p["height"] for p in parts.values())
    total = lanes_end + 0.42 + legend["height"] + 0.14 + text_height(len(foot)) + 0.16

    sheet = Sheet(width, total, colours)
    set_heading(sheet, head, sub, M, 0.25)
    boxes = []  # label boxes, for the dotted lines to leave out
    y = lanes_top
    drawn = []
    ticks = scale.ticks(axis)
    for n, (track, part) in enumerate(parts.items()):
        paper = colours.band if n % 2 == 0 else colours.paper
        sheet.box(M - 0.1, y, width - 2 * M + 0.2, part["height"], paper, above=0)
        _lane(
            sheet,
            part,
            plans[track],
            names[track],
            y,
            left,
            axis,
            at,
            scale,
            paper,
            named,
            boxes,
            drawn,
            bins,
            narrow,
            gutter_width,
            ticks,
            len(undated[undated["track"] == track]),
        )
        y += part["height"]
    for x, lines, foot_at, high, row in zip(v_x, tops, v_feet, v_high, verticals.itertuples(), strict=True):
        y0 = lanes_top - 0.06 - foot_at - high
        sheet.text(x + 0.05, y0, lines, colour=colours.muted)
        boxes.append((x, x + 0.05 + max(map(text_width, lines)), y0, y0 + high))
        drawn.append({"mark": "turning point", "event_id": row.event_id, "label": row.label, "named": True})
    for x, foot_at, high in zip(v_x, v_feet, v_high, strict=True):
        for a, b in _free(x, lanes_top - 0.06 - foot_at - high, lanes_end, boxes):
            sheet.line([x, x], [a, b], colours.muted, 0.9, (0, (1, 2.2)), leader=True, above=1.5)
    _axis(sheet, scale, ticks, left, axis, lanes_end, at)
    _set_legend(sheet, legend, lanes_end + 0.42)
    sheet.text(M, total - 0.16 - text_height(len(foot)), foot, colour=colours.muted)
    data = marks.drop(columns=["rank", "actor", "low", "high", "middle"]).assign(
        named=marks.index.isin(named | {i for p in parts.values() for i in p["gutter"]["named"]}), n=1
    )
    extra = pd.DataFrame([d for d in drawn if d["mark"] in ("turning point", "bin")])
    if len(extra):
        data = pd.concat([data, extra.assign(n=extra.get("n", pd.Series(1, extra.index)).fillna(1))], ignore_index=True)
    return Chart(sheet.fig, title, _alt(title, marks, own, names, scale, verticals, crowded), data)


def _title(marks: pd.DataFrame, own: pd.Series, given: int) -> str:
    mine = marks[own]
    if not given:
        return "These texts tell of no event"
    if mine.empty:
        return "None of the events these texts tell of falls into this window"
    n, sure = len(mine), int((mine["fill"] == "happened").sum())
    bare = int((~mine["dated"] | mine["borrowed"]).sum())
    first = (
        f"All {n} events these texts tell of are told as happened"
        if sure == n
        else f"None of the {n} events these texts tell of is told as happened"
        if sure == 0
        else f"Of the {n} events these texts tell of, {sure} are told as happened, {n - sure} only as announced, "
        f"claimed or denied"
    )
    if n == 1:
        first = "The one event these texts tell of is told as " + (
            "happened" if sure else "announced, claimed or denied"
        )
    return first + (
        f"; {bare} {'has' if bare == 1 else 'have'} no date of {'its' if bare == 1 else 'their'} own"
        if bare
        else "; " + ("it has a date" if n == 1 else "each has a date")
    )


def _alt(title, marks, own, names, scale, verticals, crowded) -> str:
    mine = marks[own]
    parts = [title + "."]
    if marks["dated"].any():
        days = marks.loc[marks["dated"], "middle"]
        parts.append(f"Timeline with {_count(len(names), 'lane')}, {_day(days.min()).year} to {_day(days.max()).year}.")
    for track, name in names.items():
        lane = mine[mine["track"] == track]
        sure = int((lane["fill"] == "happened").sum())
        listed = int((marks["mark"].eq("record") & marks["track"].eq(track)).sum())
        said = f"{name}: {_count(len(lane), 'event')}" + (
            f", {sure} told as happened, {int((~lane['dated']).sum())} undated" if len(lane) else ""
        )
        parts.append(said + (f"; {listed} listed on the record." if listed else "."))
    if len(mine):
        top = mine.sort_values(["n_documents"], ascending=False, kind="stable").head(3)
        parts.append(
            "Told by most texts: "
            + "; ".join(
                f"{r.label} ({reading(r.earliest, r.latest, r.granularity)}, {_count(r.n_documents, 'text')})"
                for r in top.itertuples()
            )
            + "."
        )
    if len(verticals):
        parts.append(
            "Turning points: " + "; ".join(f"{r.label}, {_short_date(r)}" for r in verticals.itertuples()) + "."
        )
    return " ".join(parts + ([scale.said()] if scale.breaks else []))


def _short_date(row) -> str:
    if row.low == row.high:
        day = _day(row.low)
        return f"{day.day} {day:%b} {day.year}"
    return reading(row.earliest, row.latest, row.granularity)


def _gutter(loose: pd.DataFrame, width: float, spare: int, room: float, narrow: bool) -> tuple[dict, int]:
    """Plan a lane's undated events: named ones as a list while names and room last, the others as marks in rows."""
    listed, used = [], 0.0
    step = 0.165
    if narrow:
        spare_here = min(spare, 3)
    else:
        spare_here = spare
    reserve = 0.19 if len(loose) else 0
    for row in loose.itertuples():
        lines = wrap(row.label, width - 0.2, most=2)
        high = text_height(len(lines)) + 0.035
        last = len(listed) + 1 == len(loose)
        if spare_here <= 0 or used + high + (0 if last else reserve) > room:
            break
        listed.append((row, lines, used, high))
        used += high
        spare_here -= 1
        spare -= 1
    rest = loose.iloc[len(listed) :]
    if len(rest) > 60:
        groups = [(g, len(d)) for g, d in rest.groupby(["group", "colour"], sort=True)]
        spots = flow([0.2 + text_width(f"×{n}") for _, n in groups], width, 0.18)
        counted = [(g[1], n, *s) for (g, n), s in zip(groups, spots, strict=True)]
        high = text_height(1) * (max((r for r, _ in spots), default=-1) + 1) + 0.04
        return {
            "listed": listed,
            "rest": rest,
            "spots": [],
            "counted": counted,
            "height": used + high,
            "named": {r.Index for r, *_ in listed},
            "used": used,
        }, spare
    first = text_width(_more(listed, rest)) + 0.12 if len(rest) else 0
    spots, row, x = [], 0, first
    for _ in range(len(rest)):
        if x + 0.1 > width:
            row, x = row + 1, 0.0
        spots.append((row, x))
        x += 0.15
    high = (row + 1) * step + 0.03 if len(rest) else 0
    return {
        "listed": listed,
        "rest": rest,
        "spots": spots,
        "counted": [],
        "height": used + high,
        "named": {r.Index for r, *_ in listed},
        "used": used,
    }, spare


def _more(listed: list, rest: pd.DataFrame) -> str:
    return f"and {len(rest)} more" if listed else ""


def _lane(
    sheet,
    part,
    plan,
    name,
    y,
    left,
    axis,
    at,
    scale,
    paper,
    named,
    boxes,
    drawn,
    bins,
    narrow,
    gutter_width,
    ticks,
    n_undated,
) -> None:
    (keep, lines, _, high, feet, before), lane = plan
    c = sheet.colours
    n_dated = len(part["points"]) + len(part["rest"])
    sheet.text(M, y + 0.1, name, TEXT, True)
    said = f"{n_dated} dated" + (
        f", {n_undated} undated in these texts" + (":" if n_undated else "") if n_undated else ""
    )
    if not n_dated and not n_undated:
        said = "not told by these texts"
    if narrow:
        sheet.text(M + text_width(name, TEXT, True) + 0.1, y + 0.115, said, colour=c.muted)
    else:
        sheet.text(M, y + 0.1 + text_height(1, TEXT), said, colour=c.muted)
    g, gy = part["gutter"], y + part["head"]
    if narrow:
        gy = y + 0.32
    for row, text, at_y, _ in g["listed"]:
        sheet.mark(M + 0.06, gy + at_y + text_height(1) / 2, row.kind, row.fill, row.colour, 7, paper)
        sheet.text(M + 0.2, gy + at_y, text)
    if len(g["rest"]) and (g["spots"] or g["counted"]):
        if g["counted"]:
            for colour, n, r, x in g["counted"]:
                at_y = gy + g["used"] + 0.04 + text_height(1) * (r + 0.5)
                sheet.mark(M + x + 0.06, at_y, "talks", "happened", colour, 7, paper)
                sheet.text(M + x + 0.16, at_y, f"×{n}", middle=True)
        else:
            if _more(g["listed"], g["rest"]):
                sheet.text(M, gy + g["used"] + 0.08, _more(g["listed"], g["rest"]), colour=c.muted, middle=True)
            for (r, x), row in zip(g["spots"], g["rest"].itertuples(), strict=True):
                sheet.mark(M + x + 0.06, gy + g["used"] + 0.08 + 0.165 * r, row.kind, row.fill, row.colour, 7, paper)
    base = y + part["height"] - 0.08 - part["below"]
    stops = [left] + [float(at(d)) for d, _ in scale.breaks] + [left + axis]
    for a, b in zip(stops[:-1], stops[1:], strict=True):
        sheet.line([a + (0.04 if a > left else 0), b - (0.04 if b < left + axis else 0)], [base, base], c.rule, 1.2)
    for day, _ in ticks:
        sheet.line([at(day)] * 2, [base - 0.03, base + 0.03], c.rule, 0.8)
    floor = base - part["marks"]
    for i, text, foot_at, h, mirrored in zip(keep, lines, feet, high, before, strict=True):
        row = lane.iloc[i]
        x = float(at(row["middle"]))
        row_n = part["rows"][part["points"].index.get_loc(lane.index[i])]
        mark_y = base - 0.1 - 0.155 * row_n
        top = floor - 0.03 - foot_at - h
        sheet.line([x, x], [mark_y, top + 0.02], row["colour"], 0.9, leader=True, above=3)
        side = -0.05 if mirrored else 0.05
        sheet.text(x + side, top, text, align="right" if mirrored else "left")
        boxes.append(
            (*sorted((x, x + side + math.copysign(max(map(text_width, text), default=0), side))), top, top + h)
        )
    for (i, row), row_n in zip(part["points"].iterrows(), part["rows"], strict=True):
        mark_y = base - 0.1 - 0.155 * row_n
        a, b = float(at(row["low"])), float(at(row["high"]))
        if row["high"] > row["low"]:
            sheet.box(a, mark_y - 0.04, max(b - a, 0.03), 0.08, row["colour"], above=2.5, alpha=0.28)
        sheet.mark(
            float(at(row["middle"])),
            mark_y,
            row["kind"],
            row["fill"],
            row["colour"],
            8.5 if i in named else 6.2,
            paper,
            ring=bool(row["borrowed"]),
        )
    below = base + 0.03
    if bins is not None:
        _bars(sheet, part["rest"], bins, at, below, drawn, "event", None)
        below += 0.62
    if part["binned_record"]:
        _bars(sheet, part["rec"], bins, at, below, drawn, "record", c.grey)
    else:
        for row, row_n in zip(part["rec"].itertuples(), part["rec_rows"], strict=True):
            sheet.mark(
                float(at(row.middle)),
                below + 0.075 + 0.115 * row_n,
                row.kind,
                "happened" if row.told else "claimed",
                c.grey,
                5.2,
                paper,
            )


def _bars(sheet, rows, bins, at, y, drawn, what, colour) -> None:
    """Hang counted bars under the lane's line, one a bin, in the actors' colours."""
    if rows.empty:
        return
    index = np.clip(np.searchsorted(bins, rows["middle"], "right") - 1, 0, len(bins) - 2)
    counts = np.bincount(index, minlength=len(bins) - 1)
    for k in np.flatnonzero(counts):
        a, b = float(at(bins[k])), float(at(bins[k + 1]))
        inside, top = rows[index == k], y
        for shade, n in inside["colour"].value_counts(sort=False).sort_index().items():
            high = 0.38 * n / counts.max()
            sheet.box(a + 0.015, top, max(b - a - 0.03, 0.02), high, colour or shade, above=2)
            top += high
        text = str(counts[k])
        if text_width(text) <= b - a:
            sheet.text((a + b) / 2, top + 0.01, text, align="center", colour=sheet.colours.muted)
        drawn.append(
            {
                "mark": "bin",
                "label": f"{_day(bins[k])} to {_day(bins[k + 1])}",
                "n": int(counts[k]),
                "named": False,
                "track": inside["track"].iloc[0],
                "basis": what,
            }
        )


def _free(x: float, top: float, end: float, boxes: list) -> list[tuple[float, float]]:
    """Return the stretches of an upright line that no label box covers."""
    out, y = [], top
    for _, _, a, b in sorted((box for box in boxes if box[0] - 0.03 <= x <= box[1] + 0.03), key=lambda v: v[2]):
        if b <= y:
            continue
        if a - 0.02 > y:
            out.append((y, a - 0.02))
        y = max(y, b + 0.02)
    return out + ([(y, end)] if y < end else [])


def _axis(sheet, scale, ticks, left, axis, y, at) -> None:
    c = sheet.colours
    stops = [left] + [float(at(d)) for d, _ in scale.breaks] + [left + axis]
    for a, b in zip(stops[:-1], stops[1:], strict=True):
        sheet.line(
            [a + (0.03 if a > left else 0), b - (0.03 if b < left + axis else 0)], [y + 0.06, y + 0.06], c.muted, 1
        )
    for day, _ in scale.breaks:
        for shift in (-0.03, 0.03):
            x = float(at(day)) + shift
            sheet.line([x - 0.025, x + 0.025], [y + 0.12, y], c.muted, 1)
    for day, text in ticks:
        x = float(at(day))
        sheet.line([x, x], [y + 0.06, y + 0.11], c.muted, 0.8)
        sheet.text(x, y + 0.13, text, TEXT, colour=c.muted)


def _legend(marks, own, who, colours, width, record_on, crowded, verticals) -> dict:
    mine = marks[own]
    groups = []
    shades = who.groupby("group", sort=False)["colour"].first()
    order = [g for g in shades.index if g not in ("several together", "others", "not named")]
    order += [g for g in ("several together", "others", "not named") if g in shades.index]
    if len(mine):
        groups.append(("Who acted", [("swatch", shades[g], g) for g in order]))
    kinds = [k for k in SHAPES if (marks["kind"] == k).any()]
    groups.append(("What kind", [("mark", (k, "happened", colours.ink), KIND_NAMES[k]) for k in kinds]))
    if len(mine):
        groups.append(
            (
                "How sure",
                [("mark", ("talks", f, colours.ink), FILL_NAMES[f]) for f in FILLS if (mine["fill"] == f).any()],
            )
        )
    also = []
    if (mine["dated"] & (mine["high"] > mine["low"])).any():
        also.append(("bar", colours.ink, "the date lies within the bar"))
    if mine["borrowed"].any():
        also.append(("ring", colours.ink, "date borrowed from the record"))
    if crowded:
        also.append(("swatch", colours.other, "counted in bins"))
    if record_on:
        also += [
            ("mark", ("talks", f, colours.grey), s)
            for f, s in (("happened", "on the record, told by a text"), ("claimed", "on the record, not told"))
        ]
    if verticals:
        also.append(("dots", colours.muted, "turning point of the record"))
    if also:
        groups.append(("Also", also))
    indent = 0 if width < 6 else 0.95
    rows, y = [], 0.0
    for title, items in groups:
        if indent == 0:
            rows.append(("title", title, 0, y, None))
            y += text_height(1) + 0.04
        spots = flow([0.22 + text_width(t) for *_, t in items], width - 2 * M - indent, 0.22)
        if indent:
            rows.append(("title", title, 0, y, None))
        for item, (r, x) in zip(items, spots, strict=True):
            rows.append((item[0], item[2], indent + x, y + r * (text_height(1) + 0.06), item[1]))
        y += (max(r for r, _ in spots) + 1) * (text_height(1) + 0.06) + 0.03 if spots else 0
    return {"rows": rows, "height": y}


def _set_legend(sheet, legend, top) -> None:
    c = sheet.colours
    for kind, text, x, y, what in legend["rows"]:
        x, y = M + x, top + y
        middle = y + text_height(1) / 2
        if kind == "title":
            sheet.text(x, y, text, bold=True)
            continue
        if kind == "swatch":
            sheet.box(x, middle - 0.055, 0.13, 0.11, what, above=3)
        elif kind == "mark":
            sheet.mark(x + 0.07, middle, *what, size=8)
        elif kind == "bar":
            sheet.box(x - 0.02, middle - 0.04, 0.18, 0.08, what, above=3, alpha=0.28)
            sheet.mark(x + 0.07, middle, "talks", "happened", what, 6)
        elif kind == "ring":
            sheet.mark(x + 0.07, middle, "talks", "happened", what, 6, ring=True)
        elif kind == "dots":
            sheet.line([x + 0.07] * 2, [middle - 0.07, middle + 0.08], what, 0.9, (0, (1, 2.2)))
        sheet.text(x + 0.22, y, text, colour=c.ink)


# the twin -----------------------------------------------------------------------------------------------------------


def sign(kind: str, fill: str, colour: str, paper: str = "#ffffff") -> str:
    """Return a mark of the chart as a small inline SVG, hidden from screen readers (its meaning stands in words)."""
    marker, scale = SHAPES[kind]
    shape = MarkerStyle(marker)
    path = shape.get_path().transformed(
        shape.get_transform() + Affine2D().scale(11 * scale, -11 * scale).translate(8, 8)
    )
    steps, letters = [], {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    for points, code in path.iter_segments(simplify=False):
        steps.append(letters[code] + ("" if code == Path.CLOSEPOLY else " ".join(f"{v:.1f}" for v in points)))
    inside = {"happened": colour, "announced": paper}.get(fill, "none")
    shown = f'<path d="{"".join(steps)}" fill="{inside}" stroke="{colour}" stroke-width="1.5"/>'
    if fill == "announced":  # the lower half filled, as on the chart
        half = path.clip_to_bbox(Bbox([[0, 8], [16, 16]]))
        points = " ".join(f"{x:.1f},{y:.1f}" for polygon in half.to_polygons() for x, y in polygon)
        shown += f'<polygon points="{points}" fill="{colour}"/>'
    if fill == "denied":
        shown += f'<path d="M2 14L14 2" stroke="{colour}" stroke-width="2"/>'
    return f'<svg class="sign" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">{shown}</svg>'


def twin(
    events: pd.DataFrame,
    reference: pd.DataFrame | None = None,
    *,
    actors: pd.DataFrame | None = None,
    statuses: Mapping[str, str] | pd.DataFrame | None = None,
    kinds: Mapping[str, str] | None = None,
    window: Sequence | None = None,
    tracks: Mapping[str, str] | Sequence[str] | None = None,
) -> str:
    """Return the chronology as an HTML list: for phones, and for who listens to the page.

    Accepts what :func:`lanes` accepts. Returns one ``<section class="chronology-twin">`` with a heading and an ordered
    list for each lane, in the chart's order and with its signs; kind, how sure, who and date stand in words. All text
    is escaped; there is no script and no style in it.

    >>> one = pd.DataFrame({"event_id": ["e"], "label": ["<b>Talks</b> open"], "track": ["negotiation"],
    ...                     "status": ["planned"], "stage": ["talks"], "actor_id": ["ABC"]})
    >>> "<b>" in twin(one), "planned" in twin(one), "&lt;b&gt;Talks" in twin(one)
    (False, True, True)
    """
    marks = events_drawn(events, reference, statuses=statuses, kinds=kinds, window=window, tracks=tracks)
    names = _lane_names(marks, tracks)
    who = style.actor_colours(actors, marks.loc[marks["mark"] == "event", "actor_id"])
    said = html.escape
    out = ['<section class="chronology-twin" aria-label="Chronology as a list">']
    for track, name in names.items():
        lane = marks[marks["track"] == track]
        own = lane["mark"].eq("event")
        out.append(
            f"<h3>{said(name)} <small>{int((own & lane['dated']).sum())} dated, "
            f"{int((own & ~lane['dated']).sum())} undated in these texts</small></h3>"
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
                    actor if record else who.loc[actor, "name"],
                    ("public record, told by a text" if r.told else "public record, not told")
                    if record
                    else _count(r.n_documents, "text"),
                ]
                fill = ("happened" if r.told else "claimed") if record else r.fill
                when = f"<b>{said(when)}</b> " if dated else ""
                out.append(
                    f'<li class="{r.mark}">{sign(r.kind, fill, colour)} {when}{said(r.label)} '
                    f"<small>{said('; '.join(filter(None, words)))}</small></li>"
                )
            out.append("</ol>" if dated else "</ul>")
    if not names:
        out.append("<p>These texts tell of no event.</p>")
    return "\n".join([*out, "</section>"])
