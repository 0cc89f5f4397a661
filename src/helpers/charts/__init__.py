"""Figures: each function takes data frames and returns a :class:`Chart`; :func:`show` puts it on the page.

>>> from helpers.charts import Chart
>>> Chart._fields
('fig', 'title', 'alt', 'data', 'places')
"""

from __future__ import annotations

import base64
import io
import json
import os
import re
import sys
import unicodedata
from pathlib import Path
from typing import cast

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from helpers.charts.layout import Chart
from helpers.charts.style import RENDERING, look

__all__ = ["Chart", "show", "save", "png", "look"]

RETINA = 2  # pictures are drawn with twice as many dots as they are wide on the page
PRINT_DPI = 300
COMMON = 28  # colours of a picture that are kept as they are; as many more stand for all others


def png(fig: Figure, scale: float = RETINA, dpi: int | None = None) -> bytes:
    """Return a figure as PNG: sharp on fine screens, light (few colours), the same bytes each time; ``dpi``: dots an
    inch, written into it for who prints it.

    The colours that fill most of the picture stay what they are, so that paper is paper; the rest of the palette is
    chosen for coverage, which keeps rare colours (a thin green leader stays green).
    """
    from PIL import Image

    raw, out = io.BytesIO(), io.BytesIO()
    with mpl.rc_context(RENDERING):
        fig.savefig(raw, format="raw", dpi=fig.dpi * scale)
    width, height = (int(v * fig.dpi * scale + 1e-9) for v in fig.get_size_inches())
    picture = Image.frombuffer("RGBA", (width, height), raw.getvalue()).convert("RGB")
    counted = sorted(cast("list[tuple[int, tuple[int, int, int]]]", picture.getcolors(width * height)), reverse=True)
    indices = np.zeros(1 << 24, dtype=np.uint8)      # of the palette, by colour: blue, green, red
    places = [r | g << 8 | b << 16 for _, (r, g, b) in counted]
    indices[places[:COMMON]] = range(len(places[:COMMON]))
    palette = [value for _, colour in counted[:COMMON] for value in colour]
    if places[COMMON:]:
        others = Image.new("RGB", (len(places) - COMMON, 1))
        others.putdata([colour for _, colour in counted[COMMON:]])
        chosen = others.quantize(COMMON, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        indices[places[COMMON:]] = np.frombuffer(chosen.tobytes(), dtype=np.uint8) + COMMON
        palette += (chosen.getpalette() or [])[:3 * COMMON]
    dots = np.frombuffer(raw.getvalue(), dtype="<u4") & 0xFFFFFF
    small = Image.frombytes("P", (width, height), indices[dots].tobytes())
    small.putpalette(palette)
    small.save(out, "PNG", optimize=True, **({"dpi": (dpi, dpi)} if dpi else {}))
    return out.getvalue()


def show(fig: Figure | Chart, alt: str = "", *, twin: str = "") -> None:
    """Show a figure in a notebook with its alt text, and return nothing.

    Accepts a :class:`Chart` (its own alt text is used unless another is given) or a figure and its alt text; ``twin``:
    the same as an HTML list (:func:`helpers.charts.chronology.twin`), which a page shows in the picture's stead on a
    phone, and nothing else does. Where the variable ``CASEBOOK_FIGURES`` names a folder, the figure is also written
    there at print size (:func:`save`), under its title. The output holds the picture, its width and height on the page,
    the alt text, which is also what a place without pictures shows, and the places on it that say more to a pointer or
    a keyboard (``places``, as JSON: left, top, width, height in CSS pixels, words, row). Raises :class:`ValueError`
    when there is no alt text.
    """
    places, title = (fig.places, fig.title) if isinstance(fig, Chart) else ((), alt)
    if isinstance(fig, Chart):
        alt = alt or fig.alt
        fig = fig.fig
    if not alt.strip():
        raise ValueError("A picture needs alt text that says what it says: show(fig, alt=…).")
    from IPython.display import display

    if folder := os.environ.get("CASEBOOK_FIGURES"):
        save(fig, Path(folder) / file_name(title))
    width, height = (round(v * fig.dpi) for v in fig.get_size_inches())
    about = {"alt": alt, "width": width, "height": height}
    if places:
        marks = [[*(round(v * fig.dpi, 1) for v in p[:4]), p.said, p.row] for p in places]
        about["places"] = json.dumps(marks, ensure_ascii=False)  # one line of the notebook's file, not a thousand
    data = {"image/png": base64.b64encode(png(fig)).decode(), "text/plain": alt}
    display(data, raw=True, metadata={"image/png": about})
    if twin:
        display({"text/html": twin, "text/plain": "The same as a list, for narrow screens."}, raw=True)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)


def file_name(title: str) -> str:
    """Return a name for a figure's file, made of the words of its title.

    >>> file_name("Of 8 ways out, 0 accepted: “none”/../")
    'of-8-ways-out-0-accepted-none'
    """
    ascii_ = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", ascii_)[:12])[:80] or "figure"


def save(fig: Figure | Chart, path: str | Path) -> list[Path]:
    """Write a figure as SVG and as PNG at print size (300 dots an inch), and return the two paths.

    The ending of ``path`` is replaced. The same figure gives the same bytes: no date, no name of a program, fixed ids.
    """
    fig = fig.fig if isinstance(fig, Chart) else fig
    path = Path(path).with_suffix("")
    path.parent.mkdir(parents=True, exist_ok=True)
    svg, picture = path.with_name(path.name + ".svg"), path.with_name(path.name + ".png")
    with mpl.rc_context(RENDERING):
        fig.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    picture.write_bytes(png(fig, PRINT_DPI / fig.dpi, PRINT_DPI))
    return [svg, picture]
