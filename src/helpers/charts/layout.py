"""Where things stand on a figure: measured text, and labels that cannot overlap.

A figure is planned in inches before it is drawn: text is measured with the renderer that will draw it, heights follow,
then everything is put on one :class:`Sheet`. Labels are laid out by construction, not by repair: see :func:`stack`.
"""

from __future__ import annotations

import functools
import html
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.text import Text

from helpers.charts import style

__all__ = [
    "Chart",
    "Place",
    "Sheet",
    "plain",
    "text_width",
    "text_height",
    "wrap",
    "balance",
    "name_lines",
    "row_name",
    "shorten",
    "as_list",
    "stack",
    "flank",
    "pack",
    "flow",
    "Key",
    "plan_legend",
    "set_legend",
    "page",
    "MARGIN",
]


class Place(NamedTuple):
    """Where a mark stands, in inches from the top left, what it says to a pointer, and the row that it leads to."""

    x: float
    y: float
    width: float
    height: float
    said: str
    row: str = ""


class Chart(NamedTuple):
    """A finished figure: the figure, its finding, what it says to someone who cannot see it, its marks' rows, and the
    places on it that say more."""

    fig: Figure
    title: str
    alt: str
    data: pd.DataFrame
    places: Sequence[Place] = ()


# text ---------------------------------------------------------------------------------------------------------------


@functools.cache
def _font(size: float, bold: bool) -> FontProperties:
    return FontProperties(family="DejaVu Sans", size=size, weight="bold" if bold else "normal")


@functools.cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont(_font(10, False))).get_charmap())


def plain(text: object) -> str:
    """Return text that is safe to draw: one line, no control characters, a box for what the font does not have.

    >>> plain("a\\n b\\tc"), plain(None)
    ('a b c', '')
    """
    if text is None or text is pd.NA or (isinstance(text, float) and math.isnan(text)):
        return ""
    words = " ".join(unicodedata.normalize("NFC", str(text)).split())
    return "".join(c if ord(c) in _glyphs() else "□" for c in words if unicodedata.category(c)[0] != "C")


@functools.lru_cache(maxsize=20_000)
def text_width(text: str, size: float = style.SMALL, bold: bool = False) -> float:
    """Return how wide a line of text is, in inches.

    Figures are drawn without hinting (see ``style.RENDERING``), so that the width is the same at every resolution.
    """
    font = get_font(findfont(_font(size, bold)))
    font.set_size(size, 720)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64 / 720


def text_height(lines: int, size: float = style.SMALL) -> float:
    """Return how high so many lines are, in inches."""
    return lines * size * style.LINE / 72


def shorten(text: str, width: float, size: float = style.SMALL, bold: bool = False) -> str:
    """Return text cut to a width in inches, with an ellipsis where something was left out."""
    if text_width(text, size, bold) <= width:
        return text
    keep = len(text)
    while keep and text_width(text[:keep].rstrip() + "…", size, bold) > width:
        keep -= 1
    return text[:keep].rstrip() + "…"


def wrap(text: str, width: float, size: float = style.SMALL, bold: bool = False, most: int = 99) -> list[str]:
    """Break text into lines of at most ``width`` inches and at most ``most`` lines; the last one ends in an ellipsis
    where words are left out.

    >>> wrap("one two three", 0.45)
    ['one', 'two', 'three']
    """
    return _fill(plain(text).split(), width, size, bold, most)


def _fill(words: Sequence[str], width: float, size: float, bold: bool, most: int = 99) -> list[str]:
    lines: list[str] = []
    for word in words:
        if lines and text_width(f"{lines[-1]} {word}", size, bold) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    if len(lines) > most:
        lines = lines[: most - 1] + [" ".join(lines[most - 1 :])]
    return [shorten(line, width, size, bold) for line in lines]


def balance(text: str, width: float, size: float = style.SMALL, bold: bool = False) -> list[str]:
    """Break text into as few lines as :func:`wrap` does, and these as even as they can be: no word stands alone, and no
    number is parted from what it counts.

    >>> balance("one two three four", 1.0), wrap("one two three four", 1.0)
    (['one two', 'three four'], ['one two three', 'four'])
    """
    words: list[str] = []
    for word in plain(text).split():
        if words and re.fullmatch(r"[\d,]+", words[-1]):
            words[-1] += " " + word
        else:
            words.append(word)
    lines = _fill(words, width, size, bold)
    low, high = width / 2, width
    while len(lines) > 1 and high - low > 0.05:
        middle = (low + high) / 2
        tried = _fill(words, middle, size, bold)
        if len(tried) == len(lines) and not any(line.endswith("…") for line in tried):
            lines, high = tried, middle
        else:
            low = middle
    return lines


def name_lines(label: str, width: float) -> list[str]:
    """Break a name into three lines, or into four rather than cut it short."""
    three = wrap(label, width, most=3)
    return wrap(label, width, most=4) if three and three[-1].endswith("…") else three


def row_name(name: str, width: float, narrow: bool) -> list[str]:
    """Break the name of a row, bold, into at most two even lines; on a phone it stands over its row, in one."""
    lines = balance(name, width, bold=True)
    return lines if len(lines) <= 1 + (not narrow) else wrap(name, width, bold=True, most=1 if narrow else 2)


def cited(words: str) -> str:
    """Put words in quotation marks; marks that they have already become single ones.

    >>> cited("“Not now”: a port waits"), cited('"Not now": a port waits')
    ('“‘Not now’: a port waits”', '“‘Not now’: a port waits”')
    """
    inner = re.sub(r'"([^"]*)"', r"‘\1’", words).translate({0x201C: 0x2018, 0x201D: 0x2019})
    return f"“{inner}”"


def as_list(items: Iterable[tuple[str, Sequence[str]]], head: str = "") -> str:
    """Return names, each with lines of words, as the HTML list that a phone gets in a picture's stead.

    Accepts the names with their lines, and what stands above them: a title where the page does not give it already, or
    a note. Returns one hidden ``<div class="twin">`` (see :func:`helpers.charts.show`). All text is escaped.

    >>> print(as_list([("Wire", ["law 2", "cost 1"])], "Law leads"))
    <div class="twin" hidden>
    <p><strong>Law leads</strong></p>
    <ul>
    <li><b>Wire</b><br><small>law 2<br>cost 1</small></li>
    </ul>
    </div>
    """
    above = [f"<p><strong>{html.escape(head)}</strong></p>"] if head else []
    rows = [f"<li><b>{html.escape(plain(name))}</b><br><small>{'<br>'.join(html.escape(plain(li)) for li in lines)}"
            "</small></li>" for name, lines in items]  # fmt: skip
    return "\n".join(['<div class="twin" hidden>', *above, "<ul>", *rows, "</ul>",
                      "</div>"])  # fmt: skip


# layout -------------------------------------------------------------------------------------------------------------


def stack(x: Sequence[float], width: Sequence[float], height: Sequence[float], gap: float = 0.05) -> list[float]:
    """Place labels over a line so that no two overlap and no leader meets a label.

    Accepts, for each label, where its event stands (its leader rises there and the label begins there), its width and
    its height. Returns how high above the line each label's foot must be: going from the last event to the first, the
    most that any later event under the label needs, else 0.

    >>> stack([0, 1, 5], [2, 2, 2], [1, 1, 1], gap=0)
    [1.0, 0.0, 0.0]
    """
    foot = [0.0] * len(x)
    order = sorted(range(len(x)), key=lambda i: (x[i], i), reverse=True)
    for rank, i in enumerate(order):
        foot[i] = max((foot[j] + height[j] + gap for j in order[:rank] if x[j] <= x[i] + width[i] + gap), default=0.0)
    return foot


FACING = 0.2    # inches between a label and the next one where no leader parts them: else they read as one phrase


def flank(
    x: Sequence[float], width: Sequence[float], height: Sequence[float], low: float = -math.inf, gap: float = 0.05
) -> tuple[list[float], list[bool]]:
    """Place labels over a line on both sides of their leaders, so that they rise half as high.

    As :func:`stack`, but where labels crowd, the first ones stand left of their leader (mirrored, their right edge at
    the event) as far as there is room: not beyond ``low``, nor up to the labels of the crowd before (:data:`FACING`).
    Left ones never stand after a right one of the same crowd, so the two halves cannot meet. Returns the feet and which
    labels stand left.

    >>> flank([10, 10], [2, 2], [1, 1], gap=0)
    ([0.0, 0.0], [True, False])
    >>> flank([5, 10, 10], [2.9, 2, 2], [1, 1, 1], gap=0)     # no room on the left: the label before ends at 7.9
    ([0.0, 1.0, 0.0], [False, False, False])
    """
    foot, left = [0.0] * len(x), [False] * len(x)
    order = sorted(range(len(x)), key=lambda i: (x[i], i))
    crowds: list[list[int]] = []
    end = -math.inf
    for i in order:
        if not crowds or x[i] > end:
            crowds.append([])
        crowds[-1].append(i)
        end = max(end, x[i] + width[i] + gap)
    edge = low - FACING
    for crowd in crowds:
        best: tuple[float, list[float], int] = (math.inf, [], 0)
        for k in range(len(crowd)):
            one, two = crowd[:k], crowd[k:]
            if one and min(x[i] - width[i] for i in one) < edge + max(gap, FACING):
                break
            feet = stack([-x[i] for i in one], [width[i] for i in one], [height[i] for i in one], gap) + stack(
                [x[i] for i in two], [width[i] for i in two], [height[i] for i in two], gap
            )
            tall = max(f + height[i] for f, i in zip(feet, crowd, strict=True))
            if tall < best[0] - 1e-9:
                best = tall, feet, k
        for n, (i, f) in enumerate(zip(crowd, best[1], strict=True)):
            foot[i], left[i] = f, n < best[2]
        edge = max(x[i] + (0 if left[i] else width[i]) for i in crowd)
    return foot, left


def pack(low: Sequence[float], high: Sequence[float], gap: float = 0.0) -> list[int]:
    """Return for each interval the lowest row in which it touches no other; intervals are taken from left to right.

    >>> pack([0, 1, 3], [2, 4, 5])
    [0, 1, 0]
    """
    rows: list[float] = []
    out = [0] * len(low)
    for i in sorted(range(len(low)), key=lambda i: (low[i], high[i], i)):
        row = next((r for r, end in enumerate(rows) if end + gap <= low[i]), len(rows))
        rows[row : row + 1] = [high[i]]
        out[i] = row
    return out


def flow(widths: Sequence[float], line: float, gap: float) -> list[tuple[int, float]]:
    """Set things one after another on lines of a given width: the row and the left edge of each.

    >>> flow([2, 2, 2], line=5, gap=1)
    [(0, 0.0), (0, 3.0), (1, 0.0)]
    """
    out, row, left = [], 0, 0.0
    for width in widths:
        if left and left + width > line:
            row, left = row + 1, 0.0
        out.append((row, left))
        left += width + gap
    return out


# drawing ------------------------------------------------------------------------------------------------------------

DOTTED = (0, (1, 2.2))
_SLASH = Path([(-1, -1), (1, 1)])
_AGAINST = Path([(-1.9, 0.55), (-1.35, 0), (-1.9, -0.55), (1.9, 0.55), (1.35, 0), (1.9, -0.55)],
                [Path.MOVETO, Path.LINETO, Path.LINETO] * 2)  # fmt: skip


class Sheet:
    """A figure in inches, the origin at the top left, on which text, lines, boxes and marks are put.

    Leaders carry the id ``leader``, so that :func:`crossed` finds them.
    """

    def __init__(self, width: float, height: float, colours: style.Theme):
        self.width, self.height, self.colours = width, height, colours
        self.fig = Figure(figsize=(width, height), dpi=style.DPI, facecolor=colours.paper)
        FigureCanvasAgg(self.fig)
        self.ax = self.fig.add_axes((0, 0, 1, 1))
        self.ax.set(xlim=(0, width), ylim=(height, 0))
        self.ax.set_axis_off()
        self.boxes: list[tuple[float, float, float, float]] = []  # left, right, top, bottom of each text so far
        self.places: list[Place] = []

    def place(self, x: float, y: float, width: float, height: float, said: str, row: str = "") -> None:
        """Note that a rectangle, its top left corner at x, y, says more, and which row of a table it leads to."""
        self.places.append(Place(x, y, width, height, plain(said), row))

    def text(
        self,
        x: float,
        y: float,
        text: str | Sequence[str],
        size: float = style.SMALL,
        bold: bool = False,
        colour: str | None = None,
        align: str = "left",
        middle: bool = False,
    ) -> None:
        """Set lines of text, the first one's top at ``y`` (``middle``: a single line's middle)."""
        lines = [plain(text)] if isinstance(text, str) else list(text)
        step = text_height(1, size)
        wide = max((text_width(line, size, bold) for line in lines), default=0.0)
        shift = {"left": 0.0, "center": wide / 2, "right": wide}[align]
        top = y - (step / 2 if middle else 0)
        if wide:
            self.boxes.append((x - shift, x - shift + wide, top, top + step * len(lines)))
        for n, line in enumerate(filter(None, lines)):
            self.ax.add_artist(
                Text(
                    x,
                    y + n * step + (0 if middle else step / 2),
                    line,
                    fontproperties=_font(size, bold),
                    color=colour or self.colours.ink,
                    ha=align,
                    va="center_baseline",
                    parse_math=False,
                    clip_on=False,
                    zorder=6,
                )
            )

    def line(
        self, x, y, colour: str | None = None, width: float = 0.8, dash=None, leader: bool = False, above: float = 2
    ) -> None:
        """Draw a line through points."""
        self.ax.add_artist(
            Line2D(
                x,
                y,
                color=colour or self.colours.rule,
                linewidth=width,
                zorder=above,
                linestyle=dash or "-",
                gid="leader" if leader else None,
                solid_capstyle="butt",
            )
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: str,
        above: float = 1,
        edge: str = "none",
        alpha: float | None = None,
        line: float = 0,
        said: str = "",
    ) -> None:
        """Draw a rectangle, its top left corner at x, y."""
        if said:
            self.place(x, y, width, height, said)
        self.ax.add_artist(
            Rectangle(
                (x, y), width, height, facecolor=colour, edgecolor=edge, linewidth=line, zorder=above, alpha=alpha
            )
        )

    def mark(
        self,
        x: float,
        y: float,
        shape: str = "talks",
        fill: str = "happened",
        colour: str | None = None,
        size: float = 8,
        paper: str | None = None,
        ring: bool = False,
        said: str = "",
        row: str = "",
        contested: bool = False,
    ) -> None:
        """Draw a mark: shape by kind of act, fill by how sure (see ``style.SHAPES`` and ``style.FILLS``); with a ring,
        or between two points that face each other where it is contested."""
        if said:
            half = max(0.065, size * 0.8 / 72)
            self.place(x - half, y - half, 2 * half, 2 * half, said, row)
        colour, paper = colour or self.colours.ink, paper or self.colours.paper
        marker, scale = style.SHAPES[shape]
        kwargs: dict[str, Any] = {
            "marker": marker,
            "markersize": size * scale,
            "markeredgecolor": colour,
            "linestyle": "none",
            "markeredgewidth": max(0.9, size * 0.14),
            "zorder": 5,
        }
        if ring:
            self.ax.add_artist(
                Line2D(
                    [x],
                    [y],
                    marker="o",
                    markersize=size * 1.6,
                    markerfacecolor="none",
                    zorder=4.5,
                    markeredgecolor=self.colours.ink,
                    markeredgewidth=0.9,
                    linestyle="none",
                )
            )
        if contested:
            self.ax.add_artist(
                Line2D([x], [y], marker=_AGAINST, markersize=size * 1.9, markerfacecolor="none", markeredgewidth=1.3,
                       markeredgecolor=self.colours.ink, linestyle="none", zorder=5.6)
            )  # fmt: skip
        if fill == "announced":
            self.ax.add_artist(
                Line2D([x], [y], fillstyle="bottom", markerfacecolor=colour, markerfacecoloralt=paper, **kwargs)
            )
        else:
            self.ax.add_artist(Line2D([x], [y], markerfacecolor=colour if fill == "happened" else paper, **kwargs))
        if fill == "denied":
            self.ax.add_artist(
                Line2D(
                    [x],
                    [y],
                    marker=_SLASH,
                    markersize=size * 1.5,
                    markeredgecolor=colour,
                    markeredgewidth=max(1.2, size * 0.16),
                    linestyle="none",
                    zorder=5.5,
                )
            )

    def upright(self, x: float, top: float, end: float, colour: str) -> None:
        """Draw a dotted upright line through everything but the texts set so far."""
        y = top
        met = (v for v in self.boxes if v[0] - 0.03 <= x <= v[1] + 0.03 and v[2] - 0.02 <= end)
        for _, _, a, b in sorted(met, key=lambda v: v[2]):
            if y < a - 0.02:
                self.line([x, x], [y, a - 0.02], colour, 0.9, DOTTED, leader=True, above=1.5)
            y = max(y, b + 0.02)
        if y < end:
            self.line([x, x], [y, end], colour, 0.9, DOTTED, leader=True, above=1.5)


def heading(title: str, subtitle: str, width: float, margin: float) -> tuple[list[str], list[str], float]:
    """Return the title's and the subtitle's lines, and how much height they take."""
    size = style.TITLE if width > 6 else 13
    head = balance(title, width - 2 * margin, size, True)
    sub = wrap(subtitle, width - 2 * margin, style.TEXT)
    return head, sub, text_height(len(head), size) + 0.06 + text_height(len(sub), style.TEXT)


def set_heading(sheet: Sheet, head: list[str], sub: list[str], margin: float, top: float) -> None:
    """Set a title and a subtitle."""
    size = style.TITLE if sheet.width > 6 else 13
    sheet.text(margin, top, head, size, True)
    sheet.text(margin, top + text_height(len(head), size) + 0.06, sub, style.TEXT, colour=sheet.colours.muted)


class Key(NamedTuple):
    """One entry of a legend: how it is drawn (``swatch``, ``frame``, ``mark``, ``pair``: a mark and its denial,
    ``contested``, ``small``, ``bar``, ``shade``, ``stop``, ``arrow``, ``tick``, ``silent``, ``dots``), with what, and
    its words."""

    how: str
    what: object
    words: str

    @property
    def width(self) -> float:
        return text_width(self.words) + (0.2 if self.how != "pair" else 0.36)


def plan_legend(groups: Sequence[tuple[str, Sequence[Key]]], width: float) -> tuple[list[tuple], float]:
    """Set groups of keys in lines: what to draw and where, and the height it takes. Empty groups are left out."""
    groups = [(title, keys) for title, keys in groups if keys]
    indent = max((text_width(t, bold=True) + 0.15 for t, _ in groups if t), default=0.0) if width > 5 else 0.0
    step, rows, y = text_height(1) + 0.06, [], 0.0
    for title, keys in groups:
        if title:
            rows.append((0.0, y, Key("title", None, title)))
            y += 0 if indent else step
        spots = flow([k.width for k in keys], width - indent, 0.2)
        rows += [(indent + x, y + r * step, key) for key, (r, x) in zip(keys, spots, strict=True)]
        y += (spots[-1][0] + 1) * step + 0.02
    return rows, y


def set_legend(sheet: Sheet, rows: list[tuple], left: float, top: float) -> None:
    """Draw a legend planned by :func:`plan_legend`."""
    for x, y, (how, what, words) in rows:
        x, y = left + x, top + y
        middle = y + text_height(1) / 2
        if how == "title":
            sheet.text(x, y, words, bold=True)
            continue
        if how == "swatch":
            sheet.box(x, middle - 0.055, 0.13, 0.11, what, above=3)
        elif how == "mark":
            shape, fill, colour, *ring = what
            sheet.mark(x + 0.065, middle, shape, fill, colour, 7.5, ring=bool(ring))
        elif how == "contested":
            sheet.mark(x + 0.065, middle, "talks", "happened", what, 6.2, contested=True)
        elif how == "pair":
            shape, fill, colour = what
            for k, each in enumerate((fill, "denied")):
                sheet.mark(x + 0.065 + 0.16 * k, middle, shape, each, colour, 7.5)
            x += 0.16
        elif how == "frame":
            sheet.box(x, middle - 0.055, 0.13, 0.11, sheet.colours.paper, 3, what, line=0.8)
        elif how == "small":
            sheet.mark(x + 0.065, middle, "talks", "happened", what, 5)
        elif how == "bar":
            sheet.box(x - 0.02, middle - 0.04, 0.18, 0.08, what, above=3, alpha=0.28)
            sheet.mark(x + 0.07, middle, "talks", "happened", what, 6)
        elif how == "shade":
            sheet.box(x - 0.02, middle - 0.05, 0.18, 0.1, what, above=3, alpha=0.25)
        elif how in ("stop", "arrow"):
            if how == "stop":
                sheet.box(x - 0.02, middle - 0.045, 0.16, 0.09, what, above=3, alpha=0.28)
                sheet.line([x + 0.14] * 2, [middle - 0.06, middle + 0.06], what, 2)
            else:
                sheet.line([x - 0.02, x + 0.14], [middle, middle], what, 2, (0, (2, 1)))
                sheet.line([x + 0.08, x + 0.14, x + 0.08], [middle - 0.05, middle, middle + 0.05], what, 1.6)
        elif how == "tick":
            sheet.line([x + 0.065] * 2, [middle - 0.06, middle + 0.06], what, 2)
        elif how == "silent":
            sheet.line([x + 0.015, x + 0.115], [middle, middle], what, 1)
        elif how == "dots":
            sheet.line([x + 0.065] * 2, [middle - 0.07, middle + 0.08], what, 0.9, DOTTED)
        sheet.text(x + 0.2, y, words)


MARGIN = 0.28


def page(
    title: str,
    subtitle: str,
    body: float,
    groups: Sequence[tuple[str, Sequence[Key]]],
    foot: str,
    width: float,
    colours: style.Theme,
) -> tuple[Sheet, float]:
    """Set title, subtitle, legend and source line around a body of a given height; return the sheet and where the body
    begins."""
    head, sub, head_height = heading(title, subtitle, width, MARGIN)
    legend, legend_height = plan_legend(groups, width - 2 * MARGIN)
    lines = wrap(foot, width - 2 * MARGIN)
    top = 0.25 + head_height + 0.2
    low = top + body + 0.12
    height = low + legend_height + (0.1 if legend else 0) + text_height(len(lines)) + 0.16
    sheet = Sheet(width, height, colours)
    set_heading(sheet, head, sub, MARGIN, 0.25)
    set_legend(sheet, legend, MARGIN, low)
    sheet.text(MARGIN, height - 0.16 - text_height(len(lines)), lines, colour=colours.muted)
    return sheet, top
