"""Light drawings for looking around: the marks, colours and scale of the published charts, as SVG that is made in
milliseconds, so that a control can be moved and the picture follows.

:mod:`helpers.charts` lays a figure out to the last label and needs a second or two for it. Here each event is one mark
in a row of its lane, with its name beside it while there is room; what it looks like (shape, fill, colour) is the same.
"""
from __future__ import annotations

from collections import Counter
from functools import cache
from html import escape
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox

from helpers.charts import style
from helpers.charts.chronology import FILL_NAMES, KIND_NAMES, TRACKS, events_drawn
from helpers.charts.layout import balance, flow, pack, plain, shorten, text_width, wrap
from helpers.charts.scale import Scale
from helpers.codebook.naming import counted
from helpers.compare import accounts
from helpers.explore.choosing import Choice, Chosen, Material, choose, say

__all__ = ["MOST", "Picture", "lanes", "texts", "together"]

WIDTH, EDGE, ROW = 1000, 12, 18         # pixels, as on a page; helpers.charts counts in inches of 100
LEFT, AXIS, RIGHT = 318, 336, 985       # where the undated end, and the time axis begins and ends
MOST = 400                              # events drawn and listed; of more, those that most texts tell of
NAMED = 30
THEME = style.LIGHT
RING = f'<circle r="9" fill="none" stroke="{THEME.grey}"/>'
NO_ONE = ("several together", "others", "not named")        # stand last in the key
HEADS = " (titles and standfirsts too)"
FONT = "font-family=\"'DejaVu Sans', Verdana, Geneva, sans-serif\" font-size=\"12.5\""


class Picture(NamedTuple):
    """An SVG: what is inside it, its height, what it says to someone who cannot see it, and where each event stands."""
    inside: str
    height: int
    alt: str
    spots: dict[str, tuple[float, float]] = {}

    @property
    def svg(self) -> str:
        """The picture as a whole SVG document, with its description inside."""
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" width="{WIDTH}" '
                f'height="{self.height}" role="img" {FONT}><title>{escape(self.alt)}</title>'
                f'<rect width="{WIDTH}" height="{self.height}" fill="{THEME.paper}"/>{self.inside}</svg>')


def together(*pictures: Picture) -> Picture:
    """Return pictures one below the other as one."""
    inside, y = "", 0
    for picture in pictures:
        inside += f'<g transform="translate(0 {y})">{picture.inside}</g>'
        y += picture.height
    return Picture(inside, y, " ".join(p.alt for p in pictures))


def _text(x: float, y: float, text: str, colour: str = THEME.ink, more: str = "") -> str:
    """A line of text whose middle is at ``y``; what comes from a table is escaped here."""
    return f'<text x="{x:.1f}" y="{y + 4.5:.1f}" fill="{colour}" {more}>{escape(plain(text))}</text>'


def _title(said: str) -> tuple[list[str], int]:
    """A finding in as many lines as it takes, and where they end."""
    lines = balance(said, (WIDTH - 3 * EDGE) / 100, bold=True)
    drawn = [_text(EDGE, 14 + 16 * n, line, more='font-weight="bold"') for n, line in enumerate(lines)]
    return drawn, 12 + 16 * len(lines)


@cache
def _sign(kind: str, fill: str, colour: str, paper: str) -> str:
    """A mark of the published charts as SVG, 16 pixels wide: the same outline, filled by how sure it is."""
    marker, scale = style.SHAPES[kind]
    shape = MarkerStyle(marker)
    to_pixels = Affine2D().scale(11 * scale, -11 * scale).translate(8, 8)
    path = shape.get_path().transformed(shape.get_transform() + to_pixels)
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    steps = [letters[code] + ("" if code == Path.CLOSEPOLY else " ".join(f"{v:.1f}" for v in points))
             for points, code in path.iter_segments(simplify=False)]
    inside = colour if fill == "happened" else paper
    out = f'<path d="{"".join(steps)}" fill="{inside}" stroke="{colour}" stroke-width="1.5"/>'
    if fill == "announced":
        for polygon in path.clip_to_bbox(Bbox([[0, 8], [16, 16]])).to_polygons():
            out += f'<polygon points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in np.asarray(polygon))}" fill="{colour}"/>'
    return out + (f'<path d="M2 14L14 2" stroke="{colour}" stroke-width="2"/>' if fill == "denied" else "")


def _mark(x: float, y: float, kind: str, fill: str, colour: str, paper: str) -> str:
    return f'<g transform="translate({x - 8:.1f} {y - 8:.1f})">{_sign(kind, fill, colour, paper)}</g>'


def _wide(text: str) -> float:
    return text_width(plain(text), style.SMALL) * 100


def listed(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that are drawn and listed: all, or the :data:`MOST` that most texts tell of."""
    return events.nlargest(MOST, "n_documents", keep="first") if len(events) > MOST else events


def _marks(material: Material, choice: Choice, chosen: Chosen) -> pd.DataFrame:
    """One row a mark, with its colour, the name of its actor, and its rank for being named."""
    marks = events_drawn(listed(chosen.events), statuses=material.codebook.statuses["fill"].to_dict(),
                         window=choice.window)
    who = style.actor_colours(material.codebook.actors, material.events["actor_id"])
    code = marks["actor_id"].astype("string").fillna("")
    order = marks.assign(sure=marks["fill"].map(list(style.FILLS).index)).sort_values(
        ["n_documents", "sure", "middle", "event_id"], ascending=[False, True, True, True])
    rank = pd.Series(range(len(marks)), index=order.index)
    return marks.assign(colour=list(who.loc[code, "colour"]), group=list(who.loc[code, "group"]),
                        rank=rank.reindex(marks.index))


def lanes(material: Material, choice: Choice, chosen: Chosen | None = None) -> Picture:
    """Draw the chosen events, one lane a track: the undated on the left, the dated along the time axis.

    Accepts a :class:`~helpers.explore.Material`, a :class:`~helpers.explore.Choice` and what it leaves (computed where
    it is not given). The axis and the lanes follow the window alone, so that marks keep their place while other choices
    change. Returns a :class:`Picture`; ``spots`` says where each event stands.
    """
    chosen = chosen or choose(material, choice)
    marks = _marks(material, choice, chosen)
    said = say(material, choice, chosen)
    of_window = events_drawn(material.events, window=choice.window)
    scale = Scale(of_window.loc[of_window["dated"], "middle"].to_numpy())
    tracks = [t for t in TRACKS if t in set(material.events["track"])]
    tracks += [t for t in material.events["track"].dropna().unique() if t not in tracks]

    def at(days):
        return AXIS + scale.share(days) * (RIGHT - AXIS)
    out, top = _title(said)
    y, alt = top + 2.0, [said]
    spots: dict[str, tuple[float, float]] = {}
    for n, track in enumerate(tracks):
        paper = THEME.band if n % 2 == 0 else THEME.paper
        mine = marks[marks["track"] == track]
        inside, height = _lane(mine, at, y, paper, spots)
        out.append(f'<rect x="0" y="{y:.1f}" width="{WIDTH}" height="{height:.1f}" fill="{paper}"/>')
        name = TRACKS.get(track, str(track).replace("_", " "))
        bare = int((~mine["dated"]).sum())
        out.append(_text(EDGE, y + 14, shorten(plain(name), 1.2, bold=True), more='font-weight="bold"'))
        out.append(_text(EDGE, y + 30, f"{len(mine) - bare} dated" if len(mine) else "none chosen", THEME.muted))
        if bare:
            out.append(_text(EDGE, y + 46, f"{bare} undated", THEME.muted))
        out.append(inside)
        alt.append(f"{name}: {counted(len(mine), 'event')}, {bare} undated.")
        y += height
    out.append(f'<path d="M{LEFT} {top + 2}V{y:.1f}" stroke="{THEME.rule}"/>')
    out.append(_axis(scale, at, y))
    foot = y + (54 if scale.breaks else 44)
    legend, tall = _legend(marks, foot)
    return Picture("".join(out) + legend, round(foot + tall), " ".join(filter(None, [*alt, scale.said()])), spots)


def _lane(mine: pd.DataFrame, at, top: float, paper: str, spots: dict) -> tuple[str, float]:
    """The marks of one lane, and how high it is; enters where each event stands into ``spots``."""
    out, dated, bare = [], mine[mine["dated"]], mine[~mine["dated"]].sort_values("rank")
    per_line = int((LEFT - 130) // 17)
    for k, row in enumerate(bare.itertuples()):
        spots[row.event_id] = x, y = 128 + 17 * (k % per_line), top + 14 + ROW * (k // per_line)
        out.append(_mark(x, y, row.kind, row.fill, row.colour, paper))
    middle, low, high = (at(dated[c].to_numpy(dtype=float)) for c in ("middle", "low", "high"))
    names = [shorten(plain(row.label), 2.5) if row.rank < NAMED else "" for row in dated.itertuples()]
    wide = [_wide(n) + 6 if n else 0 for n in names]
    ring = [4 * bool(row.borrowed) for row in dated.itertuples()]
    # a name stands beside its mark and its bar, on the left where there is no room on the right
    left = [min(m - 10 - r, lo - 5 if hi - lo > 2 else m) for m, lo, hi, r in zip(middle, low, high, ring)]
    right = [max(m + 10 + r, hi + 5 if hi - lo > 2 else m) for m, lo, hi, r in zip(middle, low, high, ring)]
    before = [b + w > WIDTH - 6 for b, w in zip(right, wide)]
    over = [b and a - w < LEFT + 4 for b, a, w in zip(before, left, wide)]  # the bar is too long: the name lies over it
    right = [m + 10 + r if o else b for m, r, o, b in zip(middle, ring, over, right)]
    before = [b and not o for b, o in zip(before, over)]
    starts = [min(a - (w if b else 0), m - 9) for a, m, w, b in zip(left, middle, wide, before)]
    ends = [max(c + (0 if b else w), m + 9, hi + 2) for c, m, w, b, hi in zip(right, middle, wide, before, high)]
    rows = pack(starts, ends)
    for row, x, lo, hi, name, b, a, c, o, line in zip(dated.itertuples(), middle, low, high, names, before, left, right,
                                                      over, rows):
        y = top + 14 + ROW * line
        spots[row.event_id] = float(x), y
        if hi - lo > 2:
            out.append(f'<rect x="{lo:.1f}" y="{y - 4:.1f}" width="{hi - lo:.1f}" height="8" rx="4" '
                       f'fill="{row.colour}" opacity=".22"/>')
        out.append(_mark(x, y, row.kind, row.fill, row.colour, paper))
        if row.borrowed:
            out.append(f'<g transform="translate({x:.1f} {y:.1f})">{RING}</g>')
        if name:
            ground = f'paint-order="stroke" stroke="{paper}" stroke-width="5"' if o else ""
            out.append(_text(a if b else c, y, name, more='text-anchor="end"' if b else ground))
    lines = max(max(rows, default=0) + 1, -(-len(bare) // per_line))
    return "".join(out), max(ROW * lines + 10, 56 if len(bare) else 40)


def _axis(scale: Scale, at, y: float) -> str:
    out = [f'<path d="M{AXIS} {y + 3:.1f}H{RIGHT}" stroke="{THEME.muted}"/>',
           _text(128, y + 17, "undated", THEME.muted)]
    for day, _ in scale.breaks:
        x = float(at(day))
        out.append(f'<rect x="{x - 3:.1f}" y="{y + 1:.1f}" width="6" height="4" fill="{THEME.paper}"/>' + "".join(
            f'<path class="break" d="M{x + k - 2:.1f} {y + 8:.1f}l4 -10" stroke="{THEME.muted}"/>' for k in (-3, 3)))
    out.append(_text(RIGHT, y + 34, scale.said(), THEME.muted, 'text-anchor="end"') if scale.breaks else "")
    for day, name in scale.ticks((RIGHT - AXIS) / 100):
        x = float(at(day))
        out.append(f'<path d="M{x:.1f} {y + 3:.1f}v5" stroke="{THEME.muted}"/>' + _text(x, y + 17, name, THEME.muted))
    return "".join(out)


def _legend(marks: pd.DataFrame, top: float) -> tuple[str, float]:
    """Explain what is drawn, and nothing else."""
    shades = marks.groupby("group")["colour"].agg(lambda drawn: drawn.value_counts().index[0])   # as most are drawn
    also: list[tuple[str, str]] = []
    if (marks["high"] > marks["low"]).any():
        also.append((f'<rect x="-9" y="-4" width="18" height="8" rx="4" fill="{THEME.ink}" opacity=".22"/>',
                     "the date lies within the bar"))
    if marks["borrowed"].any():
        also.append((_mark(0, 0, "talks", "happened", THEME.ink, THEME.paper) + RING, "date borrowed from the record"))
    rows = {        # in the order and with the signs of the chronology's key
        "Who acted": [(f'<rect class="key" x="-7" y="-6" width="14" height="12" fill="{shades[g]}"/>', g)
                      for g in sorted(marks["group"].value_counts().index, key=NO_ONE.__contains__)],
        "What kind": [(_mark(0, 0, k, "happened", THEME.ink, THEME.paper), KIND_NAMES[k])
                      for k in style.SHAPES if marks["kind"].eq(k).any()],
        "How sure": [(_mark(0, 0, "talks", f, THEME.ink, THEME.paper), FILL_NAMES[f])
                     for f in style.FILLS if marks["fill"].eq(f).any()],
        "Also": also}
    out, y = [], top
    for title, keys in rows.items():
        if keys:
            drawn, n = _keys(keys, 95, y + 8, WIDTH - 95 - EDGE)
            out.append(_text(EDGE, y + 8, title, THEME.muted) + drawn)
            y += ROW * n
    return "".join(out), y - top + 8


def _keys(keys: list[tuple[str, str]], left: float, y: float, room: float) -> tuple[str, int]:
    """Signs, drawn around their middle, with their words, in rows; and how many rows they take."""
    places = flow([24 + _wide(words) for _, words in keys], room, 16)
    return "".join(f'<g transform="translate({left + x:.1f} {y + ROW * row:.1f})">{sign}</g>'
                   + _text(left + 12 + x, y + ROW * row, words)
                   for (sign, words), (row, x) in zip(keys, places)), places[-1][0] + 1


def texts(material: Material, choice: Choice, chosen: Chosen | None = None) -> Picture:
    """Draw, one row a text, the frames of its sentences (own voice filled, quoted voice hollow) and whom it quotes.

    Accepts what :func:`lanes` accepts. Returns a :class:`Picture`. Bars have one scale; a sentence with two frames
    counts for both, and titles and standfirsts count as sentences do. A quotation in the speaker's own words is filled,
    a reported one hollow.
    """
    chosen = chosen or choose(material, choice)
    names, book = material.names, material.codebook
    docs = [d for d in names if not choice.documents or d in choice.documents]
    codes = [f for f in book.frames.index if f in set(material.frames["frame"])]
    counts = chosen.frames.assign(voice=chosen.frames["voice"].fillna("outlet")).groupby(
        ["doc_id", "frame", "voice"])["sentence_id"].nunique().to_dict()
    by_cell: Counter[tuple[str, str]] = Counter()
    by_text: Counter[str] = Counter()
    by_bloc: Counter[str] = Counter()
    for (doc, frame, _), n in counts.items():
        by_cell[doc, frame] += n
    bloc_names, shades = accounts.blocs(book.actors)
    indirect = chosen.quotes["directness"].eq("indirect")
    heard = {(doc, bloc, reported): n for reported in (False, True) for doc, bloc, n in
             accounts.voices(chosen.quotes[indirect == reported], bloc_names).itertuples(index=False)}
    for (doc, bloc, _), n in heard.items():
        by_text[doc] += n
        by_bloc[bloc] += n
    blocs = [bloc for bloc, _ in sorted(by_bloc.items(), key=lambda pair: (-pair[1], pair[0]))]
    row, left, right = 30, 170, 700
    step = (right - left) / max(len(codes), 1)
    bar = (step - 24) / max([1, *by_cell.values()])
    dot = min(10.0, (WIDTH - right - 50) / max([1, *by_text.values()]))
    sections = material.sentences.set_index("sentence_id")["section"].reindex(chosen.frames["sentence_id"])
    where = "the sentences that tell of these events" if chosen.by_event else "all sentences"
    where += HEADS if sections.isin(["title", "dek"]).any() else ""
    title = (f"Frames and voices of {where}: {counted(chosen.frames['sentence_id'].nunique(), 'sentence')} with a "
             f"frame, {counted(len(chosen.quotes), 'quotation')}.")
    out, top = _title(title)
    head, alt = top + 116, [title]
    for k, code in enumerate(codes):
        x = left + k * step
        out.append(f'<g transform="translate({x + 6:.1f} {head - 8}) rotate(-32)">'
                   + _text(0, -2, book.frames["label"].get(code, code), THEME.muted) + "</g>")
    out.append(_text(right + 14, head - 14, "whom the text quotes, by bloc", THEME.muted))
    for n, doc in enumerate(docs):
        y, paper = head + n * row, THEME.band if n % 2 == 0 else THEME.paper
        out.append(f'<rect x="0" y="{y}" width="{WIDTH}" height="{row}" fill="{paper}"/>')
        lines = wrap(names[doc], (left - EDGE - 8) / 100, most=2)
        out += [_text(EDGE, y + row / 2 + 13 * (i - (len(lines) - 1) / 2), line) for i, line in enumerate(lines)]
        told = []
        for k, code in enumerate(codes):
            own, quoted = (counts.get((doc, code, v), 0) for v in ("outlet", "quoted"))
            x = left + k * step
            out.append(f'<path d="M{x:.1f} {y}v{row}" stroke="{THEME.rule}"/>')
            for start, width, inside in ((0, own * bar, THEME.ink), (own * bar, quoted * bar, paper)):
                out.append(f'<rect x="{x + start + .5:.1f}" y="{y + 9}" width="{width:.1f}" height="12" '
                           f'fill="{inside}" stroke="{THEME.ink}"/>' if width else "")
            if own + quoted:
                out.append(_text(x + (own + quoted) * bar + 4, y + row / 2, str(own + quoted), THEME.muted))
                told.append((own + quoted, book.frames["label"].get(code, code)))
        x, spoken = float(right + 14), []
        for bloc in blocs:
            colour = style.legible(shades.get(bloc, THEME.other), paper)
            for reported in (False, True):
                for _ in range(heard.get((doc, bloc, reported), 0)):
                    out.append(f'<circle cx="{x + dot / 2:.1f}" cy="{y + row / 2}" r="{dot * .42:.1f}" '
                               f'fill="{paper if reported else colour}" stroke="{colour}" stroke-width="1.3"/>')
                    x += dot
            said = sum(heard.get((doc, bloc, r), 0) for r in (False, True))
            spoken += [f"{bloc} {said}"] if said else []
        if spoken:
            out.append(_text(x + 5, y + row / 2, str(by_text[doc]), THEME.muted))
        first = ", ".join(f"{name} {k}" for k, name in sorted(told, key=lambda t: (-t[0], t[1]))[:3])
        alt.append(f"{names[doc]}: {first or 'no frame'}; quotes {', '.join(spoken) or 'nobody'}.")
    y = head + len(docs) * row
    out.append(f'<path d="M{right:.1f} {head}V{y}" stroke="{THEME.rule}"/>')
    bars = [(f'<rect class="key" x="-8" y="-6" width="16" height="12" fill="{inside}" stroke="{THEME.ink}"/>', words)
            for inside, words in ((THEME.ink, "frame in the outlet's own voice"), (THEME.paper, "in a quoted voice"))]
    dots = [(_mark(0, 0, "talks", fill, THEME.ink, THEME.paper), words) for fill, words in (
        ("happened", "quotation in the speaker's own words"), ("claimed", "in reported words"))]
    dots += [(_mark(0, 0, "talks", "happened", style.legible(shades.get(b, THEME.other), THEME.paper), THEME.paper), b)
             for b in blocs]
    foot = y + 20
    for keys in (bars if by_cell else [], dots if blocs else []):
        if keys:
            drawn, n = _keys(keys, EDGE + 8, foot, WIDTH - 2 * EDGE)
            out.append(drawn)
            foot += ROW * n
    return Picture("".join(out), round(foot + 14), " ".join(alt))
