"""How figures look: paper, ink, sizes, colours for actors, and how safe those colours are.

One style sheet (``casebook.mplstyle``) and seaborn's plotting context, entered with :func:`look`. Contrast is
measured after WCAG 2.2 (1.4.3, 1.4.11).
"""

from __future__ import annotations

import colorsys
import re
from collections import Counter
from contextlib import contextmanager
from importlib.resources import files
from typing import Any, NamedTuple

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.colors import to_hex, to_rgb

__all__ = [
    "WIDTH",
    "NARROW",
    "LIGHT",
    "DARK",
    "Theme",
    "look",
    "theme",
    "actor_colours",
    "FILLS",
    "SHAPES",
    "contrast",
    "legible",
    "LINE",
    "RENDERING",
    "SMALL",
    "TITLE",
    "TEXT",
]

WIDTH, NARROW = 10.0, 4.2  # inches; 100 CSS pixels an inch, so a page's 1000 px and a phone's 420
DPI = 100
SMALL, TEXT, TITLE = 9.0, 10.0, 15.0  # points; nothing is set smaller than SMALL
# how figures are drawn wherever they are drawn: letters as wide at 100 dots an inch as at 300
RENDERING: dict[Any, Any] = {"text.hinting": "no_hinting", "svg.hashsalt": "casebook", "svg.fonttype": "path"}
LINE = 1.22  # distance of lines, in text heights


class Theme(NamedTuple):
    """The colours of a figure apart from the actors'."""

    paper: str
    ink: str
    muted: str  # small text that matters less: still 4.5:1 on paper and band
    rule: str  # axes and rules
    band: str  # every other lane
    grey: str  # marks of the public record: 3:1 on paper and band
    other: str  # an actor without a colour of its own
    joint: str  # several actors together
    mark: float  # contrast that an actor's colour has at least: what is small and bright needs more on a dark ground


LIGHT = Theme("#ffffff", "#1c1c1c", "#595959", "#b8b8b4", "#f4f4f0", "#767676", "#8c8c8c", "#141414", 3.0)
DARK = Theme("#15181c", "#f0f0ee", "#b3b5b8", "#565b61", "#1e2227", "#9a9ea3", "#a8acb1", "#ffffff", 4.5)
PALETTE = ("#0072B2", "#D55E00", "#007A5A", "#5B2A86", "#A6488A")

# how sure: the four fills, from sure to denied, and which statuses of the tables each one stands for
FILLS = {
    "happened": ("happened", "ongoing", "done"),
    "announced": ("planned", "proposed", "demanded", "threatened", "announced"),
    "claimed": ("rumoured", "hypothetical", "opinion", "claimed", "reported"),
    "denied": ("denied", "not_happened"),
}

# what kind of act: matplotlib's marker, and the size that makes its area look like the others'
SHAPES = {
    "threat": ("v", 1.05),
    "law": ("D", 0.82),
    "sanction": ("s", 0.88),
    "relief": ("P", 1.05),
    "offer": ("^", 1.05),
    "refusal": ("X", 1.0),
    "talks": ("o", 0.95),
    "test": ("*", 1.3),
}


def theme(dark: bool = False) -> Theme:
    """Return the colours for paper, or for a dark background."""
    return DARK if dark else LIGHT


@contextmanager
def look(dark: bool = False):
    """Draw what is inside in the project's style: style sheet, seaborn context, light or dark background."""
    import seaborn

    colours = theme(dark)
    with mpl.rc_context():
        mpl.rcParams.update(seaborn.plotting_context("notebook"))
        mpl.rcParams.update(
            mpl.rc_params_from_file(str(files(__package__) / "casebook.mplstyle"), use_default_template=False)
        )
        mpl.rcParams.update(
            {
                "figure.facecolor": colours.paper,
                "axes.facecolor": colours.paper,
                "text.color": colours.ink,
                "axes.edgecolor": colours.rule,
                "xtick.color": colours.muted,
                "ytick.color": colours.muted,
            }
        )
        yield colours


def _linear(colour) -> np.ndarray:
    rgb = np.asarray(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    """Return the contrast ratio of two colours after WCAG 2.2: from 1 (the same) to 21 (black and white).

    >>> round(contrast("white", "black"))
    21
    """
    lighter, darker = sorted((float(_linear(c) @ (0.2126, 0.7152, 0.0722)) for c in (a, b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def legible(colour: str, paper: str, ratio: float = 3.0) -> str:
    """Return the colour, made lighter or darker just enough to reach a contrast on paper (hue kept).

    >>> legible("#0072B2", "#ffffff")
    '#0072b2'
    >>> contrast(legible("#ffff00", "#ffffff"), "#ffffff") >= 3
    True
    """
    hue, light, full = colorsys.rgb_to_hls(*to_rgb(colour))
    step = -0.01 if _linear(paper).mean() > 0.18 else 0.01
    shade = colour
    while contrast(shade, paper) < ratio and 0 < light < 1:
        light = min(1, max(0, light + step))
        shade = to_hex(colorsys.hls_to_rgb(hue, light, full))
    return to_hex(shade)


def _lifted(colour: str, colours: Theme) -> str:
    """An actor's colour, seen on a theme's ground. One that is nearly as dark as the ground is lifted far, so that it
    does not land beside another that was only a little too dark."""
    return legible(colour, colours.band, colours.mark if contrast(colour, colours.band) >= 2 else 2 * colours.mark)


def _grey(colour: str) -> bool:
    return bool(np.ptp(to_rgb(colour)) < 0.05)


def actor_colours(actors: pd.DataFrame | None, ids, colours: Theme = LIGHT) -> pd.DataFrame:
    """Give each actor code a name and a colour that can be seen on the paper.

    Accepts the codebook's actors (actor_id, name and, where it has them, colour and bloc), actor codes, and a theme. A
    code is looked up whole, then by what stands before a dot or colon (``ABC.senate`` without a colour of its own is
    drawn as ``ABC``); codes parted by ``+`` or ``;`` act together and share one
    colour unless they are of one bloc; what the codebook gives no colour is grey. Where the frame has no column colour
    at all, actors get the default palette in turn; where it gives nobody a colour, those of ``ids`` that stand there
    most often do. Returns a frame indexed by code: name, colour, group (what the legend calls it: the bloc or the
    actor, "several together", "others" or "not named").

    >>> book = pd.DataFrame({"actor_id": ["ABC"], "name": ["Abecia"], "colour": ["#0072B2"]})
    >>> actor_colours(book, ["ABC.navy", "ABC+XYZ", ""])["group"].tolist()
    ['Abecia', 'several together', 'not named']
    """
    known = pd.DataFrame(columns=["actor_id", "name", "colour"]) if actors is None else actors
    known = known.drop_duplicates("actor_id").set_index("actor_id")
    if "colour" not in known:
        known = known.assign(colour=[PALETTE[i] if i < len(PALETTE) else pd.NA for i in range(len(known))])
    elif not any(re.fullmatch(r"#[0-9a-fA-F]{6}", str(c)) and not _grey(c) for c in known["colour"]):
        # a new case: nobody has chosen colours yet; the actors that occur most get them
        told = Counter(part for code in ids if isinstance(code, str) for part in re.split(r"[+;]", code))
        states = Counter({s: sum(n for c, n in told.items() if re.split(r"[:.]", c)[0] == s)
                          for s in {re.split(r"[:.]", c)[0] for c in told} & set(known.index)})
        common = sorted(states, key=lambda s: (-states[s], s))
        known = known.assign(colour=known.index.map(dict(zip(common, PALETTE))))

    def look_up(code: str) -> tuple[str, str | None, str | None]:
        """Name, colour and group of one actor; None where the codebook gives none."""
        parent = re.split(r"[:.]", code)[0]
        name = next((str(known.loc[c, "name"]) for c in (code, parent) if c in known.index), code)
        for c in (code, parent):
            if c in known.index and re.fullmatch(r"#[0-9a-fA-F]{6}", str(known.loc[c, "colour"])):
                bloc = known.loc[c].get("bloc", pd.NA)
                state = known.loc[parent, "name"] if parent in known.index else known.loc[c, "name"]
                group = str(state if pd.isna(bloc) else "others" if bloc == "other" else bloc)
                colour = str(known.loc[c, "colour"])
                # all greys are drawn in the one that is told from the blocs' colours
                return name, colours.other if _grey(colour) else _lifted(colour, colours), group
        return name, None, None

    rows = {}
    for code in dict.fromkeys("" if pd.isna(i) else str(i) for i in ids):
        parts = [look_up(p) for p in dict.fromkeys(re.split(r"[+;]", code)) if p]
        names = " and ".join(n for n, *_ in parts)
        if not parts:
            rows[code] = ("not named", colours.other, "not named")
        elif len({g for *_, g in parts}) > 1 or (len(parts) > 1 and parts[0][2] is None):
            rows[code] = (names, colours.joint, "several together")
        else:
            rows[code] = (names, parts[0][1] or colours.other, parts[0][2] or "others")
    return pd.DataFrame.from_dict(rows, orient="index", columns=["name", "colour", "group"])
