"""Moves and answers: ways out that were offered, stages of sanctions, lags between a step and the next.

Rows over one time axis, words at the left, outcome at the right (FT Visual Vocabulary: "dumbbell" and "Gantt"; the step
line after Threat and Imposition of Economic Sanctions, Morgan, Bapat and Kobayashi, CMPS 31, 2014, which keeps a threat
and an imposition apart). What is open is drawn open, to the end of the window; a lag is not a cause, and the source
line says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.charts import style
from helpers.charts.layout import MARGIN, Chart, Key, Sheet, counted, page, plain, text_height, text_width, wrap
from helpers.charts.scale import Scale, draw_axis, reading, to_date, to_days
from helpers.charts.style import SMALL

__all__ = ["ways_out", "stages", "lags"]

ANSWERS = {
    "accepted": ("relief", "happened", "accepted"),
    "refused": ("refusal", "happened", "refused"),
    "countered": ("offer", "claimed", "answered with another offer"),
    "silence": ("talks", "claimed", "no answer within the window"),
    "open": ("talks", "claimed", "still open"),
}
DASHED = (0, (4, 2))


def _span(frame: pd.DataFrame, low: str, high: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first, last = to_days(frame[low]), to_days(frame[high])
    first, last = np.where(np.isnan(first), last, first), np.where(np.isnan(last), first, last)
    return first, last, (first + last) / 2


def _rows(rows: list[dict], title: str, subtitle: str, groups, foot: str, colours, narrow: bool, until: str = ""):
    """Draw rows over one time axis. A row: words (bold and plain lines), start and end (days, each with its shape, fill
    and colour, or None), end_low, start_low … as intervals, open (drawn to the axis' end), right (words at the end)."""
    width = style.NARROW if narrow else style.WIDTH
    words = width - 2 * MARGIN if narrow else 3.1
    days = [d for r in rows for d in (*r["start"][:2], *(r["end"][:2] if r["end"] else ())) if not np.isnan(d)]
    days += [d for d in to_days(pd.Series([until or None])) if days and not np.isnan(d)]
    scale = Scale(np.array(days))
    said = " ".join(filter(None, [subtitle, scale.said()]))
    left = MARGIN if narrow else MARGIN + words + 0.15
    right = max([text_width(plain(r["right"]), SMALL, True) for r in rows] + [0.5]) + 0.2
    axis = width - MARGIN - left - right
    plan, body = [], 0.0
    for r in rows:
        bold, soft = wrap(r["bold"], words, bold=True, most=3), wrap(r["soft"], words, most=4)
        text = text_height(len(bold) + len(soft))
        high = max(text, 0.2) + 0.16 if not narrow else text + 0.42
        plan.append((r, bold, soft, text, high))
        body += high
    sheet, top = page(title, said, body + 0.4, groups, foot, width, colours)

    def at(d):
        return left + float(scale.share(d)) * axis

    y = top
    for n, (r, bold, soft, text, high) in enumerate(plan):
        paper = colours.paper if n % 2 else colours.band
        sheet.box(MARGIN - 0.1, y, width - 2 * MARGIN + 0.2, high, paper, above=0)
        sheet.text(MARGIN, y + 0.08, bold, bold=True)
        sheet.text(MARGIN, y + 0.08 + text_height(len(bold)), soft)
        middle = y + (high / 2 if not narrow else text + 0.25)
        low, up, shape, fill, colour = r["start"]
        if np.isnan(low):
            sheet.text(left, middle, "no date", colour=colours.muted, middle=True)
        else:
            x0 = at((low + up) / 2)
            end = r["end"]
            if end or r["open"]:
                x1 = at((end[0] + end[1]) / 2) if end else left + axis
                shade = end[4] if end else colour
                sheet.line([x0, x1], [middle, middle], shade, 2, None if end else DASHED, above=2.2)
            for a, b, mark, how, shade in filter(None, [r["start"], end]):
                if b > a:
                    sheet.box(at(a), middle - 0.045, max(at(b) - at(a), 0.03), 0.09, shade, 2.4, alpha=0.28)
                sheet.mark(at((a + b) / 2), middle, mark, how, shade, 8, paper)
        sheet.text(left + axis + 0.12, middle, r["right"], bold=True, middle=True)
        y += high
    draw_axis(sheet, scale, left, axis, y + 0.06)
    return sheet.fig


def ways_out(
    offers: pd.DataFrame,
    *,
    actors: pd.DataFrame | None = None,
    days: int | None = None,
    coder: str = "model",
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw every way out that was offered: by whom, to whom, the answer or silence, how long it took, its fate.

    Accepts one row an offer: label, offered_by, offered_to (actor codes), earliest, latest (ISO dates or empty), answer
    (one of :data:`ANSWERS`), answered_by, answer_earliest, answer_latest, fate (our words, may be empty) and fill (how
    sure the offer itself is: one of ``style.FILLS``; else ``happened``); ``days``: the window in which silence counts
    as silence, for the subtitle. Returns a :class:`Chart`; ``data``: the rows with ``days`` (from offer to answer,
    between the middles of their intervals; missing where either has no date). Raises :class:`ValueError` for another
    answer.
    """
    rows = offers.reset_index(drop=True)
    wrong = sorted(set(rows["answer"].dropna()) - set(ANSWERS))
    if wrong:
        raise ValueError(f"An offer's answer is one of {', '.join(ANSWERS)}, not {wrong[0]!r}.")
    colours = style.theme(dark)
    who = style.actor_colours(actors, [*rows["offered_by"], *rows["offered_to"], *rows["answered_by"]], colours)

    def actor(code) -> pd.Series:
        return who.loc["" if pd.isna(code) else str(code)]

    first, last, middle = _span(rows, "earliest", "latest")
    first2, last2, middle2 = _span(rows, "answer_earliest", "answer_latest")
    took = pd.Series(middle2 - middle).round().astype("Int64")
    data = rows.assign(days=took, fill=rows["fill"] if "fill" in rows else "happened")
    drawn = []
    for i, r in data.iterrows():
        shape, fill, words = ANSWERS[r["answer"]]
        by = actor(r["answered_by"])
        answered = r["answer"] in ("accepted", "refused", "countered")
        known = answered and not np.isnan(middle2[i])
        said = words if not answered else f"{words} by {by['name']}" if pd.notna(r["answered_by"]) else words
        fate = plain(r.get("fate", ""))
        right = {"silence": "no answer", "open": "open"}.get(r["answer"], words.split()[0])
        drawn.append({
            "bold": r["label"],
            "soft": f"{actor(r['offered_by'])['name']} → {actor(r['offered_to'])['name']}: {said}"
            + (f"; {fate}" if fate else ""),
            "start": (first[i], last[i], "offer", r["fill"], actor(r["offered_by"])["colour"]),
            "end": (first2[i], last2[i], shape, fill, by["colour"]) if known else None,
            "open": not answered,
            "right": counted(int(took[i]), "day") if known and pd.notna(took[i]) else right,
        })  # fmt: skip
    tally = data["answer"].value_counts()
    n = len(data)
    if not n:
        title = "No way out was offered in these texts or on the record"
    else:
        said = [(tally.get("accepted", 0), "accepted"), (tally.get("refused", 0), "refused"),
                (tally.get("countered", 0), "answered with another offer"),
                (tally.get("silence", 0) + tally.get("open", 0), "left without an answer")]  # fmt: skip
        title = f"Of {counted(n, 'way')} out offered, " + ", ".join(f"{k} {w}" for k, w in said if k or w == "accepted")
    subtitle = "One row an offer, to its answer." + (f" Silence: no answer within {days} days." if days else "")
    keys = [Key("dash", colours.ink, words) if a in ("silence", "open") else Key("mark", (shape, f, colours.ink), words)
            for a, (shape, f, words) in ANSWERS.items() if a in tally.index]  # fmt: skip
    groups = [("Who", _swatches(who)), ("Answer", [Key("mark", ("offer", "happened", colours.ink), "offer"), *keys])]
    with style.look(dark):
        fig = _rows(drawn, title, subtitle, groups, f"Coded by: {plain(coder)}. {plain(source)}", colours, narrow)
    alt = " ".join([title + "."] + [
        f"{plain(r['label'])} ({reading(r['earliest'], r['latest'])}): {d['soft']}"
        + (f", after {counted(int(r['days']), 'day')}." if d["end"] and pd.notna(r["days"]) else ".")
        for d, (_, r) in zip(drawn, data.iterrows(), strict=True)
    ])  # fmt: skip
    return Chart(fig, title, plain(alt), data)


def _swatches(who: pd.DataFrame) -> list[Key]:
    shades = who[who["group"] != "not named"].drop_duplicates("group")
    return [Key("swatch", c, g) for c, g in zip(shades["colour"], shades["group"], strict=True)]


def lags(
    pairs: pd.DataFrame,
    *,
    actors: pd.DataFrame | None = None,
    rule: str = "",
    until: str = "",
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw how long it took from one step to the next; what has not come yet is open.

    Accepts one row a pair: from_label, from_earliest, from_latest, to_label, to_earliest, to_latest (empty: still
    open), actor_id (who takes the second step, or was to). ``rule``: in words, how pairs were chosen; it stands in the
    subtitle. ``until``: the last day looked at, to which what is open is drawn. Returns a :class:`Chart`; ``data``: the
    rows with ``days`` and ``slack`` (how far the days can be off,
    since dates are intervals).
    """
    rows = pairs.reset_index(drop=True)
    colours = style.theme(dark)
    who = style.actor_colours(actors, rows["actor_id"], colours)
    first, last, middle = _span(rows, "from_earliest", "from_latest")
    first2, last2, middle2 = _span(rows, "to_earliest", "to_latest")
    took = pd.Series(middle2 - middle).round().astype("Int64")
    slack = pd.Series((last - first + last2 - first2) / 2).round().astype("Int64")
    data = rows.assign(days=took, slack=slack)
    drawn = []
    for i, r in data.iterrows():
        code = "" if pd.isna(r["actor_id"]) else str(r["actor_id"])
        colour, done = who.loc[code, "colour"], pd.notna(took[i])
        about = f" ± {slack[i]}" if done and slack[i] else ""
        days = f"{took[i]}{about} days" if about or not done or took[i] != 1 else "1 day"
        drawn.append({
            "bold": f"{plain(r['from_label'])} → {plain(r['to_label'])}",
            "soft": who.loc[code, "name"],
            "start": (first[i], last[i], "talks", "claimed", colour),
            "end": (first2[i], last2[i], "talks", "happened", colour) if done else None,
            "open": not done,
            "right": days if done else "still open",
        })  # fmt: skip
    closed, n_open = data.dropna(subset=["days"]), int(data["days"].isna().sum())
    if data.empty:
        title = "No pair of steps fits the rule"
    elif closed.empty:
        title = f"None of the {len(data)} second steps has come" if len(data) > 1 else "The second step has not come"
    else:
        fast, slow = closed.loc[closed["days"].astype(int).idxmin()], closed.loc[closed["days"].astype(int).idxmax()]
        title = f"From “{plain(fast['from_label'])}” to “{plain(fast['to_label'])}” {counted(int(fast['days']), 'day')}"
        if len(closed) > 1:
            title += f", from “{plain(slow['from_label'])}” to “{plain(slow['to_label'])}” {slow['days']}"
        title += f"; {n_open} still open" if n_open else ""
    subtitle = "Days from a step (hollow) to the next (filled), by who takes the second." + (f" {rule}" if rule else "")
    with style.look(dark):
        foot = f"A lag counts days between two dated steps; it does not show that one caused the other. {plain(source)}"
        fig = _rows(drawn, title, subtitle, [("Second step", _swatches(who))], foot, colours, narrow, until)
    alt = " ".join([title + "."] + [f"{d['bold']}: {d['right']} ({d['soft']})." for d in drawn])
    return Chart(fig, title, plain(alt), data)


def stages(
    steps: pd.DataFrame,
    *,
    order: Sequence[str] | Mapping[str, str],
    actors: pd.DataFrame | None = None,
    coder: str = "model",
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw how far sanctions went, as a step line for each sender and target; what was only threatened stays apart.

    Accepts one row a step: sender_id, target_id, stage, earliest, latest, fill (one of ``style.FILLS``), label, and, if
    there is such a column, on_line (else what happened is on the line).
    ``order``: the stages from lowest to highest (or stage → what to call it). The line follows what happened; threats,
    bills, claims and denials are marks beside it. Returns a :class:`Chart`; ``data``: the rows that could be placed,
    with ``level`` and ``on_line``. Undated steps are counted in the subtitle. Raises :class:`ValueError` for a stage
    without a level.
    """
    names = dict(order) if isinstance(order, Mapping) else {s: str(s).replace("_", " ") for s in order}
    level = {s: i for i, s in enumerate(names)}
    wrong = sorted(set(steps["stage"].dropna()) - set(names))
    if wrong:
        raise ValueError(f"The stage {wrong[0]!r} has no level. `order` names {', '.join(names)}.")
    rows = steps.reset_index(drop=True)
    _, _, middle = _span(rows, "earliest", "latest")
    moved = rows.get("on_line", rows["fill"].eq("happened"))
    rows = rows.assign(middle=middle, level=rows["stage"].map(level), on_line=moved)
    data = rows.dropna(subset=["middle"]).sort_values(["sender_id", "target_id", "middle", "level"], kind="stable")
    bare = len(rows) - len(data)
    colours = style.theme(dark)
    who = style.actor_colours(actors, [*rows["sender_id"], *rows["target_id"]], colours)

    def called(pair) -> str:
        return " → ".join(who.loc["" if pd.isna(c) else str(c), "name"] for c in pair)

    pairs = list(data.groupby(["sender_id", "target_id"], dropna=False, sort=False))
    acts = {pair: part[part["on_line"]] for pair, part in pairs if part["on_line"].any()}
    if not pairs:
        title = "No step of sanctions can be placed in time"
    elif not acts:
        title = "No sanction went beyond words"
        title += f" in any of {len(pairs)} pairs" if len(pairs) > 1 else ""
    else:
        pair = max(acts, key=lambda p: len(acts[p]))  # the pair with most steps stands in the title
        one, two = acts[pair].iloc[0], acts[pair].iloc[-1]
        title = f"{called(pair)} went from “{names[one['stage']]}” ({to_date(one['middle']).year})"
        title += f" to “{names[two['stage']]}” ({to_date(two['middle']).year})"
        if len(acts[pair]) == 1:
            title = f"{called(pair)}: one step happened, “{names[one['stage']]}” ({to_date(one['middle']).year})"
        if len(pairs) > 1:
            title += f"; {len(acts)} of {len(pairs)} pairs went beyond words"
    subtitle = "Line: the last step that happened. Marks beside it: threats, bills, laws made later, claims, denials."
    subtitle += f" {counted(bare, 'step')} without a date {'is' if bare == 1 else 'are'} not drawn." if bare else ""
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        scale = Scale(data["middle"].to_numpy())
        used = [s for s in names if (data["stage"] == s).any()]
        row = {s: i for i, s in enumerate(used)}
        step, head = 0.24, 0.34
        high = head + step * len(used) + 0.1
        left = MARGIN + max([text_width(plain(names[s])) for s in used] + [0.5]) + 0.15
        axis = width - MARGIN - left - 0.3
        fills = [Key("mark", ("talks", f, colours.ink), w) for f, w in (
            ("happened", "happened"), ("announced", "threatened or proposed"), ("claimed", "claimed"), ("denied",
            "denied")) if (data["fill"] == f).any()]  # fmt: skip
        sheet, y = page(title, " ".join(filter(None, [subtitle, scale.said()])), high * len(pairs) + 0.4,
                        [("", fills)], f"Coded by: {plain(coder)}. {plain(source)}", width, colours)  # fmt: skip
        for n, (pair, part) in enumerate(pairs):
            paper = colours.paper if n % 2 else colours.band
            sheet.box(MARGIN - 0.1, y, width - 2 * MARGIN + 0.2, high, paper, above=0)
            sheet.text(MARGIN, y + 0.08, called(pair), bold=True)
            heights = {s: y + head + step * (len(used) - row[s] - 0.5) for s in used}
            for s in used:
                sheet.text(MARGIN, heights[s], plain(names[s]), middle=True, colour=colours.muted)
                sheet.line([left, left + axis], [heights[s]] * 2, colours.rule, 0.5)
            colour = who.loc["" if pd.isna(pair[0]) else str(pair[0]), "colour"]
            line = part[part["on_line"]]
            xs, ys = [], []
            for r in line.itertuples():
                x = left + float(scale.share(r.middle)) * axis
                xs, ys = xs + ([x, x] if ys else [x]), ys + ([ys[-1], heights[r.stage]] if ys else [heights[r.stage]])
            if xs:
                _step(sheet, [*xs, left + axis], [*ys, ys[-1]], colour)
            for r in part.itertuples():
                x = left + float(scale.share(r.middle)) * axis
                sheet.mark(x, heights[r.stage], "talks", r.fill, colour, 8, paper)
            y += high
        draw_axis(sheet, scale, left, axis, y + 0.06)
    alt = " ".join([title + "."] + [
        f"{called(pair)}: " + "; ".join(f"{names[r.stage]} {reading(r.earliest, r.latest)} ({r.fill})"
                                        for r in part.itertuples()) + "." for pair, part in pairs
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data.drop(columns="middle").reset_index(drop=True))


def _step(sheet: Sheet, x: list[float], y: list[float], colour: str) -> None:
    sheet.line(x, y, colour, 2.2, above=2.3)
