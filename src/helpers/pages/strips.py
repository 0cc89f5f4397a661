"""A picture that is high for a sheet of paper, cut where its ground changes: between two lanes, never through one.

On paper the pieces stand under each other as one picture, and a sheet may end between two of them.
"""
from __future__ import annotations

import base64
import io
from typing import NamedTuple

from markupsafe import Markup
from PIL import Image

__all__ = ["HIGH", "Strip", "edges", "markup", "strips"]

HIGH = 1.3      # a picture as many times as high as it is wide is cut for paper
EDGE = 23       # CSS pixels from the left edge: inside the bands that lanes are drawn on, left of all words
_STRIP = Markup('<img src="data:image/png;base64,{}" alt="" width="{}" height="{}">')


class Strip(NamedTuple):
    """A piece of a picture, as broad as it: the PNG, and its size on the page in CSS pixels."""
    png: bytes
    width: int
    height: int


def edges(picture: Image.Image, width: int) -> list[int]:
    """Return where the ground of a picture changes, from the top, in its own dots: where bands begin and end.

    Accepts a picture and how broad it is on the page, in CSS pixels.
    """
    left = round(EDGE * picture.width / width)
    ground = picture.convert("RGB").crop((left, 0, left + 1, picture.height))
    colours = [ground.getpixel((0, y)) for y in range(ground.height)]
    return [y for y in range(1, len(colours)) if colours[y] != colours[y - 1]]


def strips(png: bytes, width: int) -> list[Strip]:
    """Cut a picture at the edges of its bands; what stands over the first band stays with it.

    Accepts a PNG and how broad it is on the page, in CSS pixels. Returns its pieces from the top, or none where the
    picture has no bands, or is no picture.

    >>> content, picture = io.BytesIO(), Image.new("RGB", (100, 400), "white")
    >>> for top in (40, 240):
    ...     picture.paste("#f4f4f0", (10, top, 90, top + 100))
    >>> picture.save(content, "PNG")
    >>> [piece.height for piece in strips(content.getvalue(), 100)], strips(b"", 100)
    ([140, 100, 100, 60], [])
    """
    try:
        with Image.open(io.BytesIO(png)) as picture:
            picture.load()
            stops = [0, *edges(picture, width)[1:], picture.height]
            out = []
            for top, end in zip(stops[:-1], stops[1:], strict=True):
                content = io.BytesIO()
                picture.crop((0, top, picture.width, end)).save(content, "PNG")
                out.append(Strip(content.getvalue(), width, round((end - top) * width / picture.width)))
            return out if len(out) > 1 else []
    except (OSError, ValueError):       # not a picture after all
        return []


def markup(png: bytes, width: int) -> Markup:
    """Return the pieces of a picture as the markup that stands in its stead on paper; nothing where there are none."""
    pieces = [_STRIP.format(base64.b64encode(s.png).decode(), s.width, s.height) for s in strips(png, width)]
    return Markup('<div class="strips" aria-hidden="true">{}</div>').format(Markup("").join(pieces)) if pieces \
        else Markup("")
