"""How far coders agree: one dot a code with its interval, against Krippendorff's two bounds.

Krippendorff draws tentative conclusions from .667 on and firm ones from .800 (*Computing Krippendorff's
Alpha-Reliability*, 2011). Codes with too few positives are named, not drawn.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.charts import style
from helpers.charts.layout import MARGIN, Chart, Key, as_list, pack, page, plain, shorten, text_height, text_width
from helpers.codebook.naming import counted, joined

__all__ = ["alphas", "twin"]

BOUNDS = (0.667, 0.8)
NAMED = 3  # codes that a title names; of more, the worst


def alphas(found: pd.DataFrame, *, labels: Mapping[str, str] | None = None, first: tuple[str, str] | None = None,
           source: str = "", note: str = "", dark: bool = False, narrow: bool = False) -> Chart:  # fmt: skip
    """Draw alpha for each variable and pair of coders, or all of them together, with its bootstrap interval.

    Accepts the rows of ``helpers.agreement.agree`` (variable, coder_a, coder_b, called, n, positives, alpha, low, high,
    note); ``labels``: variable → what to call it; ``first``: the two coders whose codes the title names (none given:
    those of the first row) and by whose alpha the codes stand, the lowest first; ``note``: what a reader must know of
    the coders. Rows without alpha, or with too few positives, say why (their note). Returns a :class:`Chart`; ``data``:
    the rows, as they stand, with ``reach`` (``firm``, ``tentative``, ``below`` or ``not said``).
    """
    rows = found.reset_index(drop=True)
    value = pd.to_numeric(rows["alpha"], errors="coerce").astype("Float64")
    value = value.mask(rows["note"].astype("string").str.startswith("too rare").fillna(False))
    reach = ["not said" if pd.isna(v) else "firm" if v >= BOUNDS[1] else "tentative" if v >= BOUNDS[0] else "below"
             for v in value]  # fmt: skip
    data = rows.assign(alpha=value, reach=reach)
    kinds = dict(zip(zip(data["coder_a"], data["coder_b"], strict=True), data["called"], strict=True))
    pairs = list(kinds)
    first = next((pair for pair in pairs if first and set(pair) == set(first)), pairs[0] if pairs else None)
    mine = data[data["coder_a"].eq(first[0]) & data["coder_b"].eq(first[1])] if first else data
    rank = mine.set_index("variable")["alpha"].to_dict()
    data = data.sort_values("variable", key=lambda v: v.map(rank).astype("Float64"), kind="stable", ignore_index=True)
    order = list(dict.fromkeys(data["variable"]))
    shapes = dict(zip(pairs, ["talks", "law", "offer", "sanction", "threat"] * len(pairs), strict=False))
    called = {v: plain((labels or {}).get(v, str(v).replace("_", " "))) for v in order}
    named = sorted(set(data["called"].dropna()))
    title = _title(data, called, first, named[0] if len(named) == 1 else "agreement")
    colours = style.theme(dark)
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        most = width * 0.45  # what a code may be called, at most
        called = {v: shorten(name, most) for v, name in called.items()}
        left = MARGIN + max([text_width(called[v]) for v in order] + [0.5]) + 0.2
        units = text_width("units") + 0.15  # the column at the right
        axis = width - MARGIN - left - 0.2 - units
        low = data[["alpha", "low"]].astype("Float64").min(axis=None)
        start = 0.0 if pd.isna(low) else min(0.4, max(-0.2, 0.2 * (float(low) // 0.2)))
        step = 0.2
        heights = {v: step * int((data["variable"] == v).sum()) + 0.1 for v in order}
        keys = [Key("mark", (shapes[p], "happened", colours.ink), _who(*p)
                    + (f" ({plain(kinds[p])})" if plain(kinds[p]) else "")) for p in pairs]  # fmt: skip
        fills = [Key("mark", ("talks", f, colours.ink), w) for r, f, w in (
            ("firm", "happened", ".800 or more"), ("tentative", "announced", ".667 or more"), ("below", "claimed",
            "below")) if (data["reach"] == r).any()]  # fmt: skip
        meant = {"comparison": "coders of two kinds", "consistency": "two codings by models",
                 "agreement": "people"}  # fmt: skip
        each = "; ".join(f"{plain(k)}: {meant[k]}" if k in meant else plain(k) for k in named)
        of = "coders" if "all" in set(data["coder_a"]) else "two coders"
        subtitle = f"A mark: Krippendorff's alpha of {of} on one code. A line: its bootstrap interval. At the right: "
        subtitle += "how many units they coded."
        subtitle += f" Below {_short(BOUNDS[0])} is too little even for tentative conclusions (Krippendorff)."
        subtitle += f" {each[:1].upper()}{each[1:]}." if each else ""
        subtitle += f" {plain(note)}" if note else ""
        sheet, top = page(title, subtitle, sum(heights.values()) + 0.65, [("Coders", keys), ("Alpha", fills)],
                          plain(source), width, colours)  # fmt: skip

        def at(v: float) -> float:
            return left + (min(1.0, max(start, float(v))) - start) / (1 - start) * axis

        sheet.text(width - MARGIN, top, "units", colour=colours.muted, align="right")
        top += 0.2
        y = top
        for n, v in enumerate(order):
            paper = colours.paper if n % 2 else colours.band
            sheet.box(MARGIN - 0.1, y, width - 2 * MARGIN + 0.2, heights[v], paper, above=0)
            sheet.text(MARGIN, y + heights[v] / 2, called[v], middle=True)
            for k, r in enumerate(data[data["variable"] == v].itertuples()):
                middle = y + 0.05 + step * (k + 0.5)
                if pd.notna(r.n):
                    sheet.text(width - MARGIN, middle, f"{int(r.n):,}", colour=colours.muted, align="right",
                               middle=True)  # fmt: skip
                if pd.isna(r.alpha):
                    note = shorten(plain(r.note) or "too rare to say", width - MARGIN - left - units)
                    sheet.text(left, middle, note, colour=colours.muted, middle=True)
                    continue
                if pd.notna(r.low) and pd.notna(r.high):
                    sheet.line([at(r.low), at(r.high)], [middle, middle], colours.muted, 1.4, above=2.5)
                    if r.low < start:  # it goes on
                        sheet.line([left + 0.05, left, left + 0.05], [middle - 0.04, middle, middle + 0.04],
                                   colours.muted, 1.4, above=2.5)  # fmt: skip
                if r.alpha == 1 and pd.notna(r.n):  # an interval without width does not say how few they are
                    sheet.text(at(1) - 0.12, middle, f"all {int(r.n)} alike", colour=colours.muted, align="right",
                               middle=True)  # fmt: skip
                fill = {"firm": "happened", "tentative": "announced", "below": "claimed"}[r.reach]
                sheet.mark(at(r.alpha), middle, shapes[(r.coder_a, r.coder_b)], fill, colours.ink, 7.5, paper,
                           said=f"{called[v]}: {r.alpha:.2f}, {_who(r.coder_a, r.coder_b)}")  # fmt: skip
            y += heights[v]
        ticks = [(v, _short(v)[:-1] if v else "0") for v in (-0.2, 0.0, 0.2, 0.4) if v >= start]
        ticks += [(BOUNDS[0], ".667"), (BOUNDS[1], ".800"), (1.0, "1")]
        half = [text_width(name) / 2 for _, name in ticks]
        lines = pack([at(v) - w for (v, _), w in zip(ticks, half, strict=True)],
                     [at(v) + w for (v, _), w in zip(ticks, half, strict=True)], 0.05)  # fmt: skip
        for (v, name), wide, line in zip(ticks, half, lines, strict=True):
            sheet.text(at(v) - wide, y + 0.07 + text_height(line), name, colour=colours.muted)
        for (v, _), line in zip(ticks, lines, strict=True):  # through no name of another tick
            sheet.upright(at(v), top, y + 0.05 + text_height(line), colours.muted if v in BOUNDS else colours.rule)
    alt = " ".join([title + "."] + [
        f"{called[r.variable]} ({_who(r.coder_a, r.coder_b)}): "
        + (f"{r.alpha:.2f}." if pd.notna(r.alpha) else f"{plain(r.note) or 'too rare to say'}.") for r in
        data.itertuples()
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data, sheet.places)


def _short(value: float) -> str:
    """Say an alpha as one does, without the nought before the point.

    >>> _short(.667), _short(.6), _short(-.04), _short(1.0), _short(-0.0)
    ('.667', '.60', '-.04', '1.00', '.00')
    """
    text = f"{value + 0.0:.3f}" if round(value, 2) != round(value, 3) else f"{value + 0.0:.2f}"
    return text.replace("0.", ".", 1) if abs(value) < 1 else text


def _who(a: str, b: str) -> str:
    """Name a pair of coders, or all together as ``helpers.agreement.agree`` gives them.

    >>> _who("A", "B"), _who("all", "all 24")
    ('A and B', 'all 24')
    """
    return plain(b) if a == "all" else f"{plain(a)} and {plain(b)}"


def _title(data: pd.DataFrame, called: Mapping[str, str], first: tuple[str, str] | None, kind: str) -> str:
    """Name the codes on which two coders agree too little, and count those of the other pairs."""
    if data.empty:
        return "Nothing was coded twice"
    own = dict(list(data.groupby(["coder_a", "coder_b"], sort=False)))
    own = {pair: rows[rows["reach"].ne("not said")] for pair, rows in own.items()}
    if not any(map(len, own.values())):
        return f"Too little was coded twice to speak of {kind}"
    first = first if first is not None and first in own else next(iter(own))
    mine = own.pop(first).sort_values("alpha", kind="stable")
    low = mine[mine["reach"].eq("below")]
    who = f"{_who(*first)} coders".capitalize() if first[0] == "all" else f"Coders {_who(*first)}"

    def names(rows: pd.DataFrame) -> str:
        return joined(f"{called[v]} ({_short(round(float(a), 2))})" for v, a in zip(rows["variable"], rows["alpha"]))

    def least(rows: pd.DataFrame) -> str:
        rounded = rows["alpha"].astype(float).round(2)
        return names(rows[rounded == rounded.min()].head(NAMED))
    if mine.empty:
        title = f"{who}: nothing can be said"
    elif low.empty:
        title = f"{who} agree enough on all {counted(len(mine), 'code')}, least on {least(mine)}"
    elif len(low) <= NAMED:
        title = f"{who} agree too little on {names(low)}"
    else:
        title = f"{who} agree too little on {len(low)} of {counted(len(mine), 'code')}, least on {least(low)}"
    rest = [f"{_who(a, b)} on {int(rows['reach'].eq('below').sum()) or 'none'} of {len(rows)}"
            for (a, b), rows in own.items() if len(rows)]  # fmt: skip
    verb = "too little: " if low.empty else ""
    return title + (f"; {verb}{', '.join(rest)}" if 0 < len(rest) <= NAMED else "")


# the twin -----------------------------------------------------------------------------------------------------------


def twin(chart: Chart, *, labels: Mapping[str, str] | None = None, note: str = "") -> str:
    """Return the chart of :func:`alphas` as an HTML list: for phones, where its axis would be too wide.

    Accepts the chart, and the ``labels`` and the ``note`` that it was drawn with. Returns one hidden ``<div
    class="twin">``, which the style sheet of a page shows on narrow screens in the picture's stead: by code alpha, its
    interval and the number of units for each pair of coders, or why it is not given. All text is escaped.

    >>> data = pd.DataFrame({"variable": ["law", "law"], "coder_a": "A", "coder_b": ["B", "C"], "alpha": [.6, None],
    ...                      "low": [.2, None], "high": [.8, None], "reach": ["below", "not said"],
    ...                      "note": ["", "too rare to say: 2 of 9"]})
    >>> print(twin(Chart(None, "", "", data)))
    <div class="twin" hidden>
    <ul>
    <li><b>law</b><br><small>A and B: .60, too little (.20 to .80)<br>A and C: too rare to say: 2 of 9</small></li>
    </ul>
    </div>
    """
    items = []
    for variable, rows in chart.data.groupby("variable", sort=False):
        lines = []
        for r in rows.itertuples():
            if r.reach == "not said":
                said = plain(r.note) or "too rare to say"
            else:
                said = _short(round(float(r.alpha), 2)) + (", too little" if r.reach == "below" else "")
                ends = [round(float(v), 2) for v in (r.low, r.high) if pd.notna(v)]
                said += f" ({' to '.join(map(_short, ends))})" if len(ends) == 2 else ""
                said += f", {counted(int(n), 'unit')}" if pd.notna(n := getattr(r, "n", pd.NA)) else ""
            lines.append(f"{_who(r.coder_a, r.coder_b)}: {said}")
        items.append(((labels or {}).get(str(variable), str(variable).replace("_", " ")), lines))
    return as_list(items, note)
