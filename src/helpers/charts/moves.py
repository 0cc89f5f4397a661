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
from helpers.charts.layout import (
    MARGIN,
    Chart,
    Key,
    Sheet,
    cited,
    flank,
    name_lines,
    page,
    plain,
    stack,
    text_height,
    text_width,
    wrap,
)
from helpers.charts.scale import Scale, draw_axis, reading, to_days
from helpers.charts.style import SMALL
from helpers.codebook.naming import counted, joined, the

__all__ = ["ways_out", "stages", "lags"]

# answer → the mark at the end of its line, how it is filled, what it is called
ANSWERS = {
    "accepted": ("relief", "happened", "accepted"),
    "refused": ("refusal", "happened", "refused"),
    "countered": ("offer", "claimed", "answered with another offer"),
    "contested": ("refusal", "denied", "contested: another account denies the answer"),
    "silence": ("stop", "", "no answer within the window"),
    "open": ("arrow", "", "open: the window is not over"),
}
DASHED = (0, (4, 2))
NEAR = 0.14  # inches; of two marks that stand nearer the first is raised, so that neither hides the other
# stage of a second step → what was done, once and more often; stage of a first step → what it is called
TAKEN = {"imposed": ("took a measure", "took measures"), "delivered": ("delivered", "delivered"),
         "lifted": ("ended a measure", "ended measures")}  # fmt: skip
BEGUN = {"contract": "contract", "delivered": "delivery", "legislated": "law", "imposed": "measure"}


def _span(frame: pd.DataFrame, low: str, high: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first, last = to_days(frame[low]), to_days(frame[high])
    first, last = np.where(np.isnan(first), last, first), np.where(np.isnan(last), first, last)
    return first, last, (first + last) / 2


def lasted(days: int, slack: int) -> str:
    """Days between the middles of two intervals, and how far they may lie off."""
    return f"{days:,} ± {slack} days" if slack else "1 day" if days == 1 else f"{days:,} days"


def grid(sheet: Sheet, scale: Scale, left: float, axis: float, top: float, end: float) -> None:
    """Draw a faint upright line at each tick of the scale."""
    for day, _ in scale.ticks(axis):
        sheet.line([left + float(scale.share(day)) * axis] * 2, [top, end], width=0.5, above=0.5)


def _rows(rows: list[dict], title: str, subtitle: str, groups, foot: str, colours, narrow: bool, until: str = ""):
    """Draw rows over one time axis. A row: words (``bold`` and ``soft``), ``start`` and ``end`` (first and last day,
    shape, fill, colour and, if it is ringed, a word; or None), ``open`` (the day on which its window ends, infinity for
    the axis' end, or None), and ``right`` (the words at its end: what came, and after how long)."""
    width = style.NARROW if narrow else style.WIDTH
    words = width - 2 * MARGIN if narrow else 3.1
    days = [d for r in rows for d in (*r["start"][:2], *(r["end"][:2] if r["end"] else ())) if not np.isnan(d)]
    days += [r["open"] for r in rows if r["open"] is not None and not np.isnan(r["open"]) and r["open"] < np.inf]
    days += [d for d in to_days(pd.Series([until or None])) if days and not np.isnan(d)]
    scale = Scale(np.array(days), even=True)
    left = MARGIN if narrow else MARGIN + words + 0.15
    right = max([text_width(plain(w), SMALL, True) for r in rows for w in r["right"]] + [0.5]) + 0.2
    axis = width - MARGIN - left - right
    plan, body = [], 0.0
    for r in rows:
        bold, soft = wrap(r["bold"], words, bold=True, most=3), wrap(r["soft"], words, most=4)
        text = text_height(len(bold) + len(soft))
        high = max(text, text_height(2)) + 0.16 if not narrow else text + 0.5
        plan.append((r, bold, soft, text, high))
        body += high
    sheet, top = page(title, subtitle, body + 0.4, groups, foot, width, colours)

    def at(d):
        return left + float(scale.share(d)) * axis

    y = top
    for n, (r, bold, soft, text, high) in enumerate(plan):
        paper = colours.paper if n % 2 else colours.band
        sheet.box(MARGIN - 0.1, y, width - 2 * MARGIN + 0.2, high, paper, above=0)
        grid(sheet, scale, left, axis, y + (text + 0.1 if narrow else 0), y + high)
        sheet.text(MARGIN, y + 0.08, bold, bold=True)
        sheet.text(MARGIN, y + 0.08 + text_height(len(bold)), soft)
        middle = y + (high / 2 if not narrow else text + 0.28)
        low, up, _, _, colour, *_ = r["start"]
        if np.isnan(low):
            sheet.text(left + 0.08, middle, "no date", colour=colours.muted, middle=True)
        else:
            x0 = at((low + up) / 2)
            end = r["end"]
            if end or r["open"] is not None:
                x1 = at((end[0] + end[1]) / 2) if end else at(min(r["open"], scale.last))
                shade = end[4] if end else r.get("line", colour)
                if end or r["open"] == np.inf:
                    sheet.line([x0, x1], [middle, middle], shade, 2, None if end else DASHED, above=2.2)
                else:
                    sheet.box(x0, middle - 0.045, x1 - x0, 0.09, shade, 2.2, alpha=0.28)
                if not end:
                    _end(sheet, x1, middle, "stop" if r["open"] < np.inf else "arrow", shade)
            near = NEAR / 2 if end and abs(x1 - x0) < NEAR else 0
            for rise, drawn in ((-near, r["start"]), (near, end)):
                if drawn is None:
                    continue
                a, b, mark, how, shade, *ring = drawn
                if b > a:
                    sheet.box(at(a), middle + rise - 0.045, max(at(b) - at(a), 0.03), 0.09, shade, 2.4, alpha=0.28)
                sheet.mark(at((a + b) / 2), middle + rise, mark, how, shade, 8, paper, ring=bool(ring))
            sheet.place(x0 - 0.08, middle - 0.09, max(x1 - x0 if end or r["open"] is not None else 0, 0) + 0.16, 0.18,
                        f"{r['bold']}: {r['soft']}; {', '.join(filter(None, r['right']))}")  # fmt: skip
        outcome, how_long = r["right"]
        lines = 1 + bool(how_long)
        sheet.text(left + axis + 0.12, middle - text_height(lines) / 2, outcome, bold=True)
        if how_long:
            sheet.text(left + axis + 0.12, middle - text_height(lines) / 2 + text_height(1), how_long)
        y += high
    draw_axis(sheet, scale, left, axis, y + 0.06)
    return sheet


def _end(sheet: Sheet, x: float, y: float, what: str, colour: str) -> None:
    """Draw how what is open ends: at a stop, or in an arrow where it goes on."""
    if what == "stop":
        sheet.line([x, x], [y - 0.06, y + 0.06], colour, 2, above=2.3)
    else:
        sheet.line([x - 0.06, x, x - 0.06], [y - 0.05, y, y + 0.05], colour, 1.6, above=2.3)


def ways_out(
    offers: pd.DataFrame,
    *,
    actors: pd.DataFrame | None = None,
    days: int | None = None,
    supposed: int = 0,
    coder: str,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw every way out that was offered: by whom, to whom, the answer or silence, how long it took, its fate.

    Accepts one row an offer: label, offered_by, offered_to (actor codes), earliest, latest (ISO dates or empty), answer
    (one of :data:`ANSWERS`), answered_by, answer_earliest, answer_latest, fate (our words, may be empty), late (the
    answer came after the window; else False) and fill (how sure the offer itself is: one of ``style.FILLS``; else
    ``happened``); ``days``: the window in which silence counts as silence, drawn and said; ``supposed``: how many ways
    out are left out because they are only rumours or suppositions, said under the title. Returns a :class:`Chart`;
    ``data``: the rows with ``days`` (from offer to answer, between the middles of their intervals; missing where
    either has no date). Raises :class:`ValueError` for another answer.
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
    slack = pd.Series((last - first + last2 - first2) / 2).round().astype("Int64")
    data = rows.assign(days=took, fill=rows["fill"] if "fill" in rows else "happened",
                       late=rows["late"].astype(bool) if "late" in rows else False)  # fmt: skip
    drawn: list[dict] = []
    for i, r in data.iterrows():
        shape, fill, words = ANSWERS[r["answer"]]
        by, answered = actor(r["answered_by"]), r["answer"] not in ("silence", "open")
        known = answered and not np.isnan(middle2[i])
        after = f"after {lasted(int(took[i]), int(slack[i]))}" if known and pd.notna(took[i]) else "day not told"
        if r["answer"] == "silence":
            right = ("no answer", f"within {counted(days, 'day')}" if days else "")
        elif r["answer"] == "open":
            right = ("not known", "without a date") if np.isnan(middle[i]) else ("open", "window not over")
        else:
            right = (words.split()[0].rstrip(":") + (" late" if r["late"] else ""), after)
        fate = plain(r.get("fate", ""))
        by_whom = f"; answered by {by['name']}" if answered and pd.notna(r["answered_by"]) \
            and r["answered_by"] != r["offered_to"] else ""  # fmt: skip
        stop = {"silence": last[i] + days if days else np.inf, "open": np.inf}.get(r["answer"])
        drawn.append({
            "bold": r["label"],
            "soft": f"{actor(r['offered_by'])['name']} → {actor(r['offered_to'])['name']}{by_whom}"
            + (f"; {fate}" if fate else ""),
            "start": (first[i], last[i], "offer", r["fill"], actor(r["offered_by"])["colour"]),
            "end": (first2[i], last2[i], shape, fill, by["colour"]) if known else None,
            "open": stop,
            "right": right,
        })  # fmt: skip
    fates = data["answer"].mask(data["answer"].eq("open") & np.isnan(middle), "undated")
    # what came after the window is counted apart: "accepted" alone would say that it came in time
    fates = fates.mask(data["late"] & fates.isin(["accepted", "refused", "countered"]), "late " + fates)
    title = _ways_title(fates.value_counts(), days)
    subtitle = "One row an offer, with a line from its day to its answer, in the colour of who answers." + (
        f" No answer: none is told or listed within {days} days (pale bar)."
        if days and data["answer"].eq("silence").any() else "")  # fmt: skip
    if supposed:
        more = "1 more is only a rumour or a supposition" if supposed == 1 else \
            f"{supposed} more are only rumours or suppositions"  # fmt: skip
        subtitle += f" {more} and not drawn."
    # an answer whose day is not told has no mark, and needs no key
    present = {r["answer"] for d, r in zip(drawn, data.to_dict("records"), strict=True)
               if not np.isnan(d["start"][0]) and (d["end"] or d["open"] is not None)}  # fmt: skip
    keys = [Key(shape, colours.ink, words) if a in ("silence", "open") else Key("mark", (shape, f, colours.ink), words)
            for a, (shape, f, words) in ANSWERS.items() if a in present]  # fmt: skip
    sure = [Key("mark", ("offer", f, colours.ink), w) for f, w in (
        ("happened", "made"), ("announced", "proposed, floated"), ("claimed", "said to have been made"),
        ("denied", "denied")) if (data["fill"] == f).any()]  # fmt: skip
    groups = [("Who", _swatches(who)), ("Offer", sure), ("Answer", keys)]
    with style.look(dark):
        sheet = _rows(drawn, title, subtitle, groups, f"Coded by: {plain(coder)}. {plain(source)}", colours, narrow)
    alt = " ".join([title + "."] + [
        f"{plain(r['label'])} ({reading(r['earliest'], r['latest'])}): {d['soft']}: "
        + " ".join(filter(None, d["right"])) + "." for d, (_, r) in zip(drawn, data.iterrows(), strict=True)
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data, sheet.places)


def _ways_title(tally: pd.Series, days: int | None) -> str:
    """Say how many ways out were accepted, and what became of the others."""
    n = int(tally.sum())
    if not n:
        return "No way out was offered in these texts or on the record"
    within = f" within {counted(days, 'day')}" if days else ""
    when = within if tally.get("late accepted", 0) else ""  # said once: at the beginning, or of what was not answered
    said = {"accepted": "accepted", "refused": "refused", "countered": "answered with another offer",
            "contested": "with an answer that is contested", "late accepted": "accepted later",
            "late refused": "refused later", "late countered": "answered with another offer later",
            "silence": "not answered" if when else f"not answered{within}", "open": "still open",
            "undated": "without a date"}  # fmt: skip
    if n == 1:
        one = f"The one way out offered was {said[tally.index[tally > 0][0]]}"
        return one.replace("was still", "is still").replace("was without a", "has no").replace("was with an", "has an")
    rest = ", ".join(f"{tally[a]} {words}" for a, words in said.items() if a != "accepted" and tally.get(a, 0))
    yes = int(tally.get("accepted", 0))
    if yes == n:
        return f"All {n} ways out offered were accepted"
    first = f"None of the {n} ways out offered was accepted{when}" if not yes else \
        f"{yes} of the {n} ways out offered {'was' if yes == 1 else 'were'} accepted{when}"  # fmt: skip
    return f"{first}: {rest}"


def _swatches(who: pd.DataFrame) -> list[Key]:
    shades = who[who["group"] != "not named"].drop_duplicates("group")
    return [Key("swatch", c, g) for c, g in zip(shades["colour"], shades["group"], strict=True)]


def lags(
    pairs: pd.DataFrame,
    *,
    actors: pd.DataFrame | None = None,
    rule: str = "",
    until: str = "",
    coder: str,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw how long it took from one step to the next; what has not come yet is open.

    Accepts one row a pair: from_label, from_earliest, from_latest, to_label, to_earliest, to_latest (empty: still
    open), actor_id (who takes the second step) and, if there are such columns, from_actor_id, rule (what kind of pair
    it is), fill (how sure the first step is, one of ``style.FILLS``), from_by_record and to_by_record (dated by the
    record: ringed), and, for a title that is a sentence, from_item, to_item, from_id and to_id (what the steps are
    about, and which they are: :func:`helpers.compare.moves.lag_pairs`).
    ``rule``: in words, how pairs were chosen; it stands under the chart. ``until``: the last day looked at, to which
    what is open is drawn. Returns a :class:`Chart`; ``data``: the rows with ``days`` and ``slack`` (how far the days
    can be off, since dates are intervals).
    """
    rows = pairs.reset_index(drop=True)
    colours = style.theme(dark)
    rows = rows if "from_actor_id" in rows else rows.assign(from_actor_id=rows["actor_id"])
    who = style.actor_colours(actors, [*rows["from_actor_id"], *rows["actor_id"]], colours)
    first, last, middle = _span(rows, "from_earliest", "from_latest")
    first2, last2, middle2 = _span(rows, "to_earliest", "to_latest")
    took = pd.Series(middle2 - middle).round().astype("Int64")
    slack = pd.Series((last - first + last2 - first2) / 2).round().astype("Int64")
    data = rows.assign(days=took, slack=slack)
    drawn: list[dict] = []
    for i, r in data.iterrows():
        one, two = (who.loc["" if pd.isna(r[c]) else str(r[c])] for c in ("from_actor_id", "actor_id"))
        done = pd.notna(took[i])
        days = lasted(int(took[i]), int(slack[i])) if done else ""
        rings = [["ring"] if r.get(c, False) else [] for c in ("from_by_record", "to_by_record")]
        drawn.append({
            "bold": f"{plain(r['from_label'])} → {plain(r['to_label'])}",
            "soft": "; ".join(filter(None, [plain(r.get("rule", "")), two["name"] if done else "nobody yet"])),
            "start": (first[i], last[i], "talks", r.get("fill", "happened"), one["colour"], *rings[0]),
            "end": (first2[i], last2[i], "talks", "happened", two["colour"], *rings[1]) if done else None,
            "open": None if done else np.inf,
            "line": colours.muted,
            "right": (days if done else "still open", ""),
        })  # fmt: skip
    title = _lags_title(data, who)
    ringed = any(len(d[end] or ()) > 5 for d in drawn for end in ("start", "end"))
    subtitle = "Days from a first step (left) to a second (right), each in the colour of who takes it."
    subtitle += " Dashed, with an arrow: the second has not come." if data["days"].isna().any() else ""
    subtitle += " A ring: its day is the public record's, where the texts give a month, a year or none." if ringed \
        else ""
    foot = f"Coded by: {plain(coder)}. Days between two dated steps do not show that one caused the other. {rule} "
    fills = {d["start"][3] for d in drawn}
    sure = [Key("mark", ("talks", f, colours.ink), w) for f, w in (
        ("happened", "happened"), ("announced", "announced"), ("claimed", "only claimed"),
        ("denied", "claimed, and denied")) if f in fills and fills != {"happened"}]  # fmt: skip
    sure += [Key("mark", ("talks", "happened", colours.ink, "ring"), "dated by the record")] if ringed else []
    with style.look(dark):
        sheet = _rows(drawn, title, subtitle, [("Who", _swatches(who)), ("Step", sure)], foot + plain(source), colours,
                      narrow, until)  # fmt: skip
    alt = " ".join([title + "."] + [f"{d['bold']}: {d['right'][0]} ({d['soft']})." for d in drawn])
    return Chart(sheet.fig, title, plain(alt), data, sheet.places)


def _lags_title(data: pd.DataFrame, who: pd.DataFrame) -> str:
    """Say how long it took one side to follow one step with others: of the first step that most others followed, or of
    the quickest."""
    closed, n_open = data.dropna(subset=["days"]), int(data["days"].isna().sum())
    if data.empty:
        return "No pair of steps fits the rule"
    if closed.empty:
        return f"None of the {len(data)} second steps has come" if len(data) > 1 else "The second step has not come"
    if {"rule", "from_item", "to_item", "from_id", "to_id"} <= set(data):
        stages = closed["rule"].str.split(" → ", expand=True)
        known = closed[stages[0].isin(list(BEGUN)) & stages[1].isin(list(TAKEN)) & closed["actor_id"].notna()]
        each = [rows.sort_values("days", kind="stable") for _, rows in known.groupby(["from_id", "actor_id", "rule"])]
        if each:
            return _followed(min(each, key=lambda rows: (-len(rows), rows["days"].iloc[0])), data, who)
    fast, slow = (closed.loc[closed["days"].astype(int).agg(end)] for end in ("idxmin", "idxmax"))
    title = f"{_quoted(fast['to_label'])} came {counted(int(fast['days']), 'day')} after {_quoted(fast['from_label'])}"
    if len(closed) > 1:
        title += f", {_quoted(slow['to_label'])} {slow['days']:,} days after {_quoted(slow['from_label'])}"
    return title + (f"; {n_open} still open" if n_open else "")


def _followed(rows: pd.DataFrame, data: pd.DataFrame, who: pd.DataFrame) -> str:
    """Say what one side did after one step, each how many days later, and whether it is told to have undone it."""
    begun, taken = rows["rule"].iloc[0].split(" → ")
    item = rows["from_item"].iloc[0]
    same = data.loc[data["rule"].str.startswith(f"{begun} →") & data["from_item"].eq(item).fillna(False), "from_id"]
    nth = "first " if begun == "delivered" and same.head(1).isin(rows["from_id"]).any() else ""
    whom, n = the(who.loc[rows["actor_id"].iloc[0], "name"]), len(rows)
    each = [(lasted(r.days, r.slack), "" if plain(r.to_item) == plain(item) else _about(r.to_item))
            for r in rows.itertuples()]  # fmt: skip
    lags = joined(days + about for days, about in each) if n > 1 else f"{each[0][1]} {each[0][0]}".strip()
    said = f"{whom[:1].upper()}{whom[1:]} {TAKEN[taken][n > 1]} {lags} after the {nth}{BEGUN[begun]}{_about(item)}"
    kept = data["from_id"].isin(rows["to_id"]) & data["rule"].eq("imposed → lifted") & data["days"].isna()
    if taken == "imposed" and data.loc[kept, "from_id"].nunique() == n:
        return f"{said}; {'it is not' if n == 1 else 'neither is' if n == 2 else f'none of the {n} is'} reported lifted"
    n_open = int(data["days"].isna().sum())
    return said + (f"; {n_open} still open" if n_open else "")


def _about(item: object) -> str:
    return f" ({plain(item)})" if plain(item) else ""


def _quoted(label: object) -> str:
    """A label in quotation marks, cut at a word where it is long."""
    words = plain(label)
    return cited(words if len(words) <= 40 else words[:40].rsplit(" ", 1)[0] + "…")


def stages(
    steps: pd.DataFrame,
    *,
    order: Sequence[str] | Mapping[str, str],
    actors: pd.DataFrame | None = None,
    coder: str,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw how far sanctions went, as a step line for each sender and target; what was only threatened stays apart.

    Accepts one row a step: sender_id, target_id, stage, earliest, latest, fill (one of ``style.FILLS``), label, and, if
    there are such columns, on_line (else what happened is on the line), measure (the steps of one bill or measure,
    which the title counts once, and of which all but the first are ticks; else each is its own) and background (of
    another quarrel: not drawn, but counted in the subtitle).
    ``order``: the stages from lowest to highest (or stage → what to call it). The line follows what happened; threats,
    bills, claims and denials are marks beside it. Returns a :class:`Chart`; ``data``: the rows that could be placed,
    with ``level``, ``on_line`` and ``notice`` (a tick). Undated steps are counted in the subtitle. Raises
    :class:`ValueError` for a stage without a level.
    """
    names = dict(order) if isinstance(order, Mapping) else {s: str(s).replace("_", " ") for s in order}
    level = {s: i for i, s in enumerate(names)}
    wrong = sorted(set(steps["stage"].dropna()) - set(names))
    if wrong:
        raise ValueError(f"The stage {wrong[0]!r} has no level. `order` names {', '.join(names)}.")
    other = steps["background"].astype(bool) if "background" in steps else pd.Series(False, steps.index)
    rows = steps[~other].reset_index(drop=True)
    rows = rows if "measure" in rows else rows.assign(measure=rows.index.astype(str))
    _, _, middle = _span(rows, "earliest", "latest")
    moved = rows.get("on_line", rows["fill"].eq("happened"))
    rows = rows.assign(middle=middle, level=rows["stage"].map(level), on_line=moved)
    data = rows.dropna(subset=["middle"]).sort_values(["sender_id", "target_id", "middle", "level"], kind="stable")
    # a later notice of one measure, or stage of one bill, is counted with the first: a tick, no mark
    data = data.assign(notice=data.duplicated(["sender_id", "target_id", "measure", "stage", "fill"]))
    bare = len(rows) - len(data)
    colours = style.theme(dark)
    who = style.actor_colours(actors, [*rows["sender_id"], *rows["target_id"]], colours)

    def called(pair) -> str:
        return " → ".join(who.loc["" if pd.isna(c) else str(c), "name"] for c in pair)

    pairs = list(data.groupby(["sender_id", "target_id"], dropna=False, sort=False))
    title = _stages_title({called(pair): part for pair, part in pairs}, names)
    subtitle = "Line: the last step that happened. Beside it: threats, bills, laws made later, claims, denials. Rows "
    subtitle += "are stages from words to lifting; a higher row comes later in that order, it is not harsher."
    subtitle += " Counted once: the stages of one bill, the notices of one measure." if data["notice"].any() else ""
    subtitle += f" {counted(bare, 'step')} without a date {'is' if bare == 1 else 'are'} not drawn." if bare else ""
    if other.any():
        subtitle += f" {counted(int(other.sum()), 'step')} of other quarrels between them " \
            f"{'is' if other.sum() == 1 else 'are'} left out."  # fmt: skip
    width = style.NARROW if narrow else style.WIDTH
    listed = data["source"].eq("record") if "source" in data else pd.Series(False, data.index)
    with style.look(dark):
        scale = Scale(data["middle"].to_numpy())
        used = [s for s in names if (data["stage"] == s).any()]
        row = {s: i for i, s in enumerate(used)}
        step = 0.24
        left = MARGIN + max([text_width(plain(names[s])) for s in used] + [0.5]) + 0.15
        axis = width - MARGIN - left - 0.3
        named = [_step_names(part, listed, scale, left, axis, width - MARGIN - left) for _, part in pairs]
        heads = [0.34 + max([f + text_height(len(n)) + 0.08 for _, n, f, _ in each], default=0) for each in named]
        high = step * len(used) + 0.1
        fills = [Key("mark", ("talks", f, colours.ink), w) for f, w in (
            ("happened", "happened"), ("announced", "threatened or proposed"), ("claimed", "claimed"), ("denied",
            "denied")) if (data["fill"] == f).any()]  # fmt: skip
        if listed.any() and not listed.all():
            fills.append(Key("small", colours.ink, "small: on the public record only"))
        if data["notice"].any():
            fills.append(Key("tick", colours.ink, "a further notice or stage of what is counted already"))
        sheet, y = page(title, " ".join(filter(None, [subtitle, scale.said()])), high * len(pairs) + sum(heads) + 0.4,
                        [("", fills)], f"Coded by: {plain(coder)}. {plain(source)}", width, colours)  # fmt: skip
        for n, ((pair, part), names_here, head) in enumerate(zip(pairs, named, heads, strict=True)):
            paper = colours.paper if n % 2 else colours.band
            sheet.box(MARGIN - 0.1, y, width - 2 * MARGIN + 0.2, head + high, paper, above=0)
            sheet.text(MARGIN, y + 0.08, called(pair), bold=True)
            grid(sheet, scale, left, axis, y + head - 0.04, y + head + high - 0.04)
            heights = {s: y + head + step * (len(used) - row[s] - 0.5) for s in used}
            for s in used:
                sheet.text(MARGIN, heights[s], plain(names[s]), middle=True, colour=colours.muted)
                sheet.line([left, left + axis], [heights[s]] * 2, colours.rule, 0.5)
            colour = who.loc["" if pd.isna(pair[0]) else str(pair[0]), "colour"]
            line = part[part["on_line"]]
            xs: list[float] = []
            ys: list[float] = []
            for r in line.itertuples():
                x = left + float(scale.share(r.middle)) * axis
                xs, ys = xs + ([x, x] if ys else [x]), ys + ([ys[-1], heights[r.stage]] if ys else [heights[r.stage]])
            if xs:
                _step(sheet, [*xs, left + axis], [*ys, ys[-1]], colour)
            for r, lines, foot, before in names_here:
                x, low = left + float(scale.share(r.middle)) * axis, y + head - 0.04 - foot
                sheet.text(x + (-0.05 if before else 0.05), low - text_height(len(lines)), lines,
                           align="right" if before else "left")  # fmt: skip
                sheet.line([x, x], [heights[r.stage], low - text_height(len(lines)) + 0.02], colours.muted, 0.7,
                           leader=True, above=2.2)  # fmt: skip
            rises = _rises({i: (s, left + float(scale.share(m)) * axis)
                            for i, s, m in zip(part.index, part["stage"], part["middle"], strict=True)})  # fmt: skip
            for r in part.itertuples():
                x, at = left + float(scale.share(r.middle)) * axis, heights[r.stage] + rises[r.Index]
                told = f"{reading(r.earliest, r.latest)}: {r.label} ({names[r.stage]})"
                if r.notice:
                    sheet.line([x, x], [at - 0.06, at + 0.06], colour, 2, above=5)
                    sheet.place(x - 0.065, at - 0.065, 0.13, 0.13, told)
                else:
                    sheet.mark(x, at, "talks", r.fill, colour, 5.5 if listed[r.Index] else 8.5, paper, said=told)
            y += head + high
        draw_axis(sheet, scale, left, axis, y + 0.06)
    alt = " ".join([title + "."] + [
        f"{called(pair)}: " + "; ".join(f"{names[r.stage]} {reading(r.earliest, r.latest)} ({r.fill})"
                                        for r in part.itertuples()) + "." for pair, part in pairs
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data.drop(columns="middle").reset_index(drop=True), sheet.places)


def _rises(places: Mapping[int, tuple[str, float]]) -> dict[int, float]:
    """How far each mark of a row, in order of time, stands off its line: marks that would hide each other in turn above
    and below.

    >>> _rises({4: ("imposed", 1.0), 5: ("imposed", 1.05), 6: ("eased", 1.0), 7: ("imposed", 2.0)})
    {4: -0.05, 5: 0.05, 6: 0.0, 7: 0.0}
    """
    rises = dict.fromkeys(places, 0.0)
    for stage in {s for s, _ in places.values()}:
        row = [i for i, (s, _) in places.items() if s == stage]
        for one, two in zip(row[:-1], row[1:], strict=True):
            if places[two][1] - places[one][1] < 0.1:
                rises[one] = rises[one] or -0.05
                rises[two] = -rises[one]
    return rises


def _stages_title(pairs: Mapping[str, pd.DataFrame], names: Mapping[str, str]) -> str:
    """Say how many measures and bills reached each stage, for the pair with most of them: each counts once."""
    if not pairs:
        return "No step of sanctions can be placed in time"
    done = {pair: part[part["fill"] == "happened"].drop_duplicates(["measure", "stage"]) for pair, part in pairs.items()
            if part["on_line"].any()}  # fmt: skip
    if not done:
        return "No sanction went beyond words" + (f" in any of {len(pairs)} pairs" if len(pairs) > 1 else "")
    pair = max(done, key=lambda p: len(done[p]))
    tally = done[pair]["stage"].value_counts()
    said = [f"{tally[s]} {plain(names[s])}" for s in names if s in tally.index]
    title = f"{pair}, counted by measure: {', '.join(said)}"
    if "lifted" in names and "imposed" in tally.index and "lifted" not in tally.index:
        title += f", none {plain(names['lifted'])}"
    return title + (f"; {len(done)} of {len(pairs)} pairs went beyond words" if len(pairs) > 1 else "")


def _step_names(part: pd.DataFrame, listed: pd.Series, scale: Scale, left: float, axis: float, room: float) -> list:
    """The steps of a line that get a name: where it moves and what a text tells of, the last first, while they stand
    no higher than an inch. Returns step, lines, foot and whether the name stands left of it."""
    line = part[part["on_line"]]
    moves = line["stage"].ne(line["stage"].shift())
    ranked = line.assign(first=moves | ~listed[line.index]).sort_values(["first", "middle"], ascending=False,
                                                                       kind="stable")  # fmt: skip
    for most in range(min(8, len(ranked)), 0, -1):
        rows = list(ranked.head(most).sort_values("middle", kind="stable").itertuples())
        xs = [left + float(scale.share(r.middle)) * axis for r in rows]
        lines = [name_lines(r.label, 1.35 if room > 4 else 1.0) for r in rows]
        wide = [max(map(text_width, words), default=0) + 0.05 for words in lines]
        if any(x + w > left + room for x, w in zip(xs, wide, strict=True)):  # no room at the right: mirrored
            feet, before = stack([-x for x in xs], wide, [text_height(len(w)) for w in lines], 0.04), [True] * len(xs)
            if any(x - w < MARGIN for x, w in zip(xs, wide, strict=True)):
                continue
        else:
            feet, before = flank(xs, wide, [text_height(len(w)) for w in lines], MARGIN, 0.04)
        if max(f + text_height(len(w)) for f, w in zip(feet, lines, strict=True)) <= 1.0:
            return list(zip(rows, lines, feet, before, strict=True))
    return []


def _step(sheet: Sheet, x: list[float], y: list[float], colour: str) -> None:
    sheet.line(x, y, colour, 2.2, above=2.3)
