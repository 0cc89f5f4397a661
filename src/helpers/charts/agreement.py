"""How far coders agree: one dot a code with its interval, against Krippendorff's two bounds.

Krippendorff draws tentative conclusions from .667 on and firm ones from .800 (*Computing Krippendorff's
Alpha-Reliability*, 2011). Codes with too few positives are named, not drawn.
"""

from __future__ import annotations

import pandas as pd

from helpers.charts import style
from helpers.charts.layout import MARGIN, Chart, Key, pack, page, plain, shorten, text_height, text_width
from helpers.codebook.naming import counted

__all__ = ["alphas"]

BOUNDS = (0.667, 0.8)


def alphas(found: pd.DataFrame, *, labels=None, source: str = "", dark: bool = False, narrow: bool = False) -> Chart:
    """Draw alpha for each variable and pair of coders, with its bootstrap interval.

    Accepts the rows of ``helpers.agreement.agree`` (variable, coder_a, coder_b, called, n, positives, alpha, low, high,
    note); ``labels``: variable → what to call it. Rows without alpha say why (their note). Returns a :class:`Chart`;
    ``data``: the rows with ``reach`` (``firm``, ``tentative``, ``below`` or ``not said``).
    """
    rows = found.reset_index(drop=True)
    value = pd.to_numeric(rows["alpha"], errors="coerce").astype("Float64")
    reach = ["not said" if pd.isna(v) else "firm" if v >= BOUNDS[1] else "tentative" if v >= BOUNDS[0] else "below"
             for v in value]  # fmt: skip
    data = rows.assign(alpha=value, reach=reach)
    pairs = list(dict.fromkeys(zip(data["coder_a"], data["coder_b"], strict=True)))
    kinds = sorted(set(data["called"].dropna()))
    title = _title(data, "code" if len(pairs) == 1 else "comparison", kinds[0] if len(kinds) == 1 else "")
    order = list(dict.fromkeys(data["variable"]))
    shapes = dict(zip(pairs, ["talks", "law", "offer", "sanction", "threat"] * len(pairs), strict=False))
    called = {v: plain((labels or {}).get(v, str(v).replace("_", " "))) for v in order}
    colours = style.theme(dark)
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        most = width * 0.45  # what a code may be called, at most
        called = {v: shorten(name, most) for v, name in called.items()}
        left = MARGIN + max([text_width(called[v]) for v in order] + [0.5]) + 0.2
        axis = width - MARGIN - left - 0.35
        step = 0.2
        heights = {v: step * int((data["variable"] == v).sum()) + 0.1 for v in order}
        keys = [Key("mark", (shapes[p], "happened", colours.ink), " and ".join(plain(c) for c in p)) for p in pairs]
        fills = [Key("mark", ("talks", f, colours.ink), w) for r, f, w in (
            ("firm", "happened", ".800 or more"), ("tentative", "announced", ".667 or more"), ("below", "claimed",
            "below")) if (data["reach"] == r).any()]  # fmt: skip
        meant = {"comparison": "coders of two kinds", "consistency": "two codings by models",
                 "agreement": "two people"}  # fmt: skip
        each = "; ".join(f"{plain(k)}: {meant[k]}" if k in meant else plain(k) for k in kinds)
        subtitle = "A mark: Krippendorff's alpha of two coders on one code. A line: its bootstrap interval."
        subtitle += f" {each[:1].upper()}{each[1:]}." if each else ""
        sheet, top = page(title, subtitle, sum(heights.values()) + 0.45, [("Coders", keys), ("Alpha", fills)],
                          plain(source), width, colours)  # fmt: skip

        def at(v: float) -> float:
            return left + (min(1.0, max(-0.2, float(v))) + 0.2) / 1.2 * axis

        y = top
        for n, v in enumerate(order):
            paper = colours.paper if n % 2 else colours.band
            sheet.box(MARGIN - 0.1, y, width - 2 * MARGIN + 0.2, heights[v], paper, above=0)
            sheet.text(MARGIN, y + heights[v] / 2, called[v], middle=True)
            for k, r in enumerate(data[data["variable"] == v].itertuples()):
                middle = y + 0.05 + step * (k + 0.5)
                if pd.isna(r.alpha):
                    note = shorten(plain(r.note) or "too rare to say", width - MARGIN - left)
                    sheet.text(left, middle, note, colour=colours.muted, middle=True)
                    continue
                if pd.notna(r.low) and pd.notna(r.high):
                    sheet.line([at(r.low), at(r.high)], [middle, middle], colours.muted, 1.4, above=2.5)
                fill = {"firm": "happened", "tentative": "announced", "below": "claimed"}[r.reach]
                sheet.mark(at(r.alpha), middle, shapes[(r.coder_a, r.coder_b)], fill, colours.ink, 7.5, paper,
                           said=f"{called[v]}: {r.alpha:.2f}, {plain(r.coder_a)} and {plain(r.coder_b)}")  # fmt: skip
            y += heights[v]
        ticks = ((0.0, "0"), (BOUNDS[0], ".667"), (BOUNDS[1], ".800"), (1.0, "1"))
        half = [text_width(name) / 2 for _, name in ticks]
        lines = pack([at(v) - w for (v, _), w in zip(ticks, half, strict=True)],
                     [at(v) + w for (v, _), w in zip(ticks, half, strict=True)], 0.05)  # fmt: skip
        for (v, name), wide, line in zip(ticks, half, lines, strict=True):
            sheet.upright(at(v), top, y + 0.05 + text_height(line), colours.muted if v in BOUNDS else colours.rule)
            sheet.text(at(v) - wide, y + 0.07 + text_height(line), name, colour=colours.muted)
    alt = " ".join([title + "."] + [
        f"{called[r.variable]} ({plain(r.coder_a)} and {plain(r.coder_b)}): "
        + (f"{r.alpha:.2f}." if pd.notna(r.alpha) else f"{plain(r.note) or 'too rare to say'}.") for r in
        data.itertuples()
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data, sheet.places)


def _title(data: pd.DataFrame, unit: str, kind: str) -> str:
    said, enough = data["reach"].ne("not said"), data["reach"].isin(["firm", "tentative"])
    if data.empty:
        return "Nothing was coded twice"
    if not said.any():
        return f"Too little was coded twice to speak of {kind or 'agreement'}"
    reached = f".667 in {kind}" if kind else "an alpha of .667"
    rare = f"; {int((~said).sum())} too rare to say" if (~said).any() else ""
    return f"{int(enough.sum())} of {counted(int(said.sum()), unit)} reach {reached}{rare}"
