"""What a drawn figure is like: where its texts stand, whether anything runs over them, and how colours look.

Colour blindness is simulated after Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of
Color Vision Deficiency", IEEE TVCG 15(6), 2009.
"""

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from helpers.charts import style


def text_boxes(fig: Figure) -> pd.DataFrame:
    """Return each text drawn with its box in inches from the bottom left: text, x0, y0, x1, y1, size."""
    rows = []
    with mpl.rc_context(style.RENDERING):
        renderer = FigureCanvasAgg(fig).get_renderer()
        items = [item for item in fig.findobj(Text) if item.get_visible() and item.get_text().strip()]
        for item, box in [(item, item.get_window_extent(renderer)) for item in items]:
            rows.append(
                (item.get_text(), *(v / fig.dpi for v in (box.x0, box.y0, box.x1, box.y1)), item.get_fontsize())
            )
    return pd.DataFrame(rows, columns=["text", "x0", "y0", "x1", "y1", "size"])


def overlapping(fig: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts whose boxes intersect by more than a hundredth of an inch."""
    t = text_boxes(fig)
    x0, y0, x1, y1 = (t[c].to_numpy()[:, None] for c in ("x0", "y0", "x1", "y1"))
    hit = np.triu(
        (np.minimum(x1, x1.T) - np.maximum(x0, x0.T) > 0.01) & (np.minimum(y1, y1.T) - np.maximum(y0, y0.T) > 0.01), 1
    )
    return [(t["text"][i], t["text"][j]) for i, j in zip(*np.nonzero(hit), strict=True)]


def outside(fig: Figure) -> list[str]:
    """Return the texts that leave the figure."""
    t, (w, h) = text_boxes(fig), fig.get_size_inches()
    return list(t.loc[(t.x0 < 0) | (t.y0 < 0) | (t.x1 > w) | (t.y1 > h), "text"])


def too_small(fig: Figure) -> list[str]:
    """Return the texts set smaller than anything may be."""
    t = text_boxes(fig)
    return list(t.loc[t["size"] < style.SMALL, "text"])


def crossed(fig: Figure) -> list[tuple[str, float]]:
    """Return the texts that a leader (or any upright line with the id ``leader``) runs through, and where."""
    t, out = text_boxes(fig), []
    to_inches = fig.dpi_scale_trans.inverted()
    for line in (item for item in fig.findobj(Line2D) if item.get_gid() == "leader"):
        points = to_inches.transform(line.get_transform().transform(line.get_xydata()))
        for (ax, ay), (bx, by) in zip(points[:-1], points[1:], strict=True):
            if abs(ax - bx) > 1e-6:
                raise ValueError("leaders are upright")
            hit = t[
                (t.x0 + 0.01 < ax) & (t.x1 - 0.01 > ax) & (t.y0 + 0.01 < max(ay, by)) & (t.y1 - 0.01 > min(ay, by))
            ]
            out += [(text, float(ax)) for text in hit["text"]]
    return out


_MACHADO = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def simulate(colour: str, blindness: str) -> str:
    """Return a colour as someone with ``protanopia``, ``deuteranopia`` or ``tritanopia`` sees it (Machado 2009).

    >>> simulate("#808080", "protanopia")
    '#808080'
    """
    seen = np.clip(np.array(_MACHADO[blindness]) @ style._linear(colour), 0, 1)
    return to_hex(np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055))


def _lab(colour) -> np.ndarray:
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ style._linear(colour)
    t = xyz / (0.95047, 1, 1.08883)
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(a: str, b: str) -> float:
    """Return how different two colours look: ΔE*ab of CIE 1976; about 2 is just noticeable, under 10 is risky.

    >>> round(distance("white", "black"))
    100
    """
    return float(np.linalg.norm(_lab(a) - _lab(b)))
