"""Words that travelled: the runs that texts share, where they stand in each.

One bar a text, with bands between what is the same in two: the drawing of viewers of reprinted texts (Smith, Cordell
and Mullen, "Computational Methods for Uncovering Reprinted Texts in Antebellum Newspapers", American Literary History
27(3), 2015) and of synteny plots in biology. A band says that the words are the same, not who had them first.
"""

from __future__ import annotations

import pandas as pd
from matplotlib.patches import Polygon

from helpers.charts import style
from helpers.charts.layout import MARGIN, Chart, Key, page, plain, row_name, text_height, text_width
from helpers.codebook.naming import counted

__all__ = ["shared_runs"]


def shared_runs(
    runs: pd.DataFrame,
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    least: int = 7,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw the runs of words that texts share: one bar a text, a band from each run to where it recurs.

    Accepts the table ``reuse`` (doc_a, start_a, end_a, doc_b, start_b, end_b, n_words), ``documents`` (doc_id,
    short_name, n_words_body), ``sentences`` (doc_id, start, end: where each text begins and ends) and how many words
    make a run. Texts that share nothing are named in the subtitle. Returns a :class:`Chart`; ``data`` has one row a
    run, with
    both short names.
    """
    known = zip(documents["doc_id"], documents["short_name"], strict=True)
    names = {d: plain(s) if pd.notna(s) else d for d, s in known}
    data = runs[runs["doc_a"].isin(list(names)) & runs["doc_b"].isin(list(names))].reset_index(drop=True)
    data = data.assign(text_a=data["doc_a"].map(names), text_b=data["doc_b"].map(names))
    pairs = data.groupby(["doc_a", "doc_b"])["n_words"].sum().sort_values(ascending=False, kind="stable")
    order = _order(list(pairs.index))
    rest = [names[d] for d in names if d not in order]
    if data.empty:
        title = f"No two of these {len(names)} texts share a run of {least} words"
    else:
        a, b = pairs.index[0]
        size = documents.set_index("doc_id")["n_words_body"]
        small, big = (a, b) if size[a] <= size[b] else (b, a)
        title = f"{pairs.iloc[0] / size[small]:.0%} of {names[small]} stands word for word in {names[big]}"
        title += f", in runs of {least} words or more"
        more = len(pairs) - 1
        title += f"; {counted(more, 'other pair shares', 'other pairs share')} some" if more else \
            "; no other pair shares any"  # fmt: skip
    spans = sentences.groupby("doc_id").agg(first=("start", "min"), last=("end", "max"))
    colours = style.theme(dark)
    width = style.NARROW if narrow else style.WIDTH
    subtitle = "One bar a text, from its first sentence to its last; dark: words that stand in another text too."
    subtitle += f" Nothing shared: {', '.join(rest)}." if rest and order else ""
    with style.look(dark):
        words = width - 2 * MARGIN if narrow else 2.1
        left = MARGIN if narrow else MARGIN + words + 0.1
        right = text_width("000 words shared") + 0.15
        axis = width - MARGIN - left - right
        longest = max([spans.at[d, "last"] - spans.at[d, "first"] for d in order] + [1])
        row = 0.72 if narrow else 0.62
        keys = [Key("swatch", colours.ink, "shared words"), Key("swatch", colours.rule, "the same words in two texts")]
        foot = f"Same words do not show who had them first, or from where. {plain(source)}"
        sheet, top = page(title, subtitle, row * len(order), [("", keys)] if order else [], foot, width, colours)
        bars: dict[str, float] = {}

        def at(doc: str, place: int) -> float:
            return left + (place - spans.at[doc, "first"]) / longest * axis

        for n, doc in enumerate(order):
            y = top + n * row + (0.26 if narrow else 0.12)
            bars[doc] = y
            lines = row_name(names[doc], words, narrow)
            sheet.text(MARGIN, y - 0.22 if narrow else y + 0.09 - text_height(len(lines)) / 2, lines, bold=True)
            wide = (spans.at[doc, "last"] - spans.at[doc, "first"]) / longest * axis
            sheet.box(left, y, wide, 0.18, colours.band, 2, colours.rule, line=0.6)
            mine = pd.concat([data.loc[data[f"doc_{x}"] == doc, [f"start_{x}", f"end_{x}", "n_words"]].set_axis(
                list("sen"), axis=1) for x in "ab"])  # fmt: skip
            for s, e, n in mine.drop_duplicates(["s", "e"]).itertuples(index=False):
                sheet.box(at(doc, s), y, max(at(doc, e) - at(doc, s), 0.02), 0.18, colours.ink, 3,
                          said=f"{names[doc]}: {counted(int(n), 'word')}, characters {s} to {e}")  # fmt: skip
            n_words = int(mine.drop_duplicates(["s", "e"])["n"].sum())
            sheet.text(left + wide + 0.1, y + 0.09, f"{counted(n_words, 'word')} shared", middle=True,
                       colour=colours.muted)  # fmt: skip
        for r in data.itertuples():
            up, down = sorted([(r.doc_a, r.start_a, r.end_a), (r.doc_b, r.start_b, r.end_b)],
                              key=lambda v: bars[v[0]])
            low, high = bars[up[0]] + 0.18, bars[down[0]]
            (a, b), (c, d) = ([at(p[0], p[1]), max(at(p[0], p[2]), at(p[0], p[1]) + 0.02)] for p in (up, down))
            corners = [(a, low), (b, low), (d, high), (c, high)]
            sheet.ax.add_artist(Polygon(corners, facecolor=colours.rule, alpha=0.55, linewidth=0, zorder=1.5))
    alt = " ".join([title + "."] + [
        f"{names[a]} and {names[b]}: {counted(int(n), 'word')} in "
        f"{counted(int(((data['doc_a'] == a) & (data['doc_b'] == b)).sum()), 'run')}." for (a, b), n in pairs.items()
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data, sheet.places)


def _order(pairs: list[tuple[str, str]]) -> list[str]:
    """Texts in an order that puts those that share most next to each other."""
    order: list[str] = []
    for a, b in pairs:
        new = [d for d in (a, b) if d not in order]
        if len(new) == 2 or not order:
            order += new
        elif new:
            old = b if new[0] == a else a
            k = order.index(old)
            order.insert(k if k < len(order) / 2 else k + 1, new[0])
    return order
