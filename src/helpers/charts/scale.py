"""Time on paper: days as numbers, dates in words, and a scale that is tighter where little happens."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from helpers.charts.layout import Sheet, text_width
from helpers.charts.style import TEXT

__all__ = ["Scale", "to_days", "to_date", "reading", "draw_axis"]

EPOCH = dt.date(1970, 1, 1)
TIGHT = 0.14  # share of the width that a tight stretch gets


def to_days(dates) -> np.ndarray:
    """Return ISO dates as days since 1970 (float; NaN for what is no date).

    >>> to_days(["1970-01-11", None])
    array([10., nan])
    """
    found = pd.to_datetime(pd.Series(dates, dtype="string"), errors="coerce", format="%Y-%m-%d")
    return (found - pd.Timestamp(EPOCH)).dt.days.to_numpy(dtype=float, na_value=np.nan)


def to_date(days: float) -> dt.date:
    """Return the date of a day's number."""
    return EPOCH + dt.timedelta(days=int(days))


def _first_days(low: float, high: float, months: int) -> np.ndarray:
    """Days on which a month (or every so many months, counted from January) begins, from ``low`` to ``high``."""
    starts = pd.date_range(dt.date(to_date(low).year, 1, 1), to_date(high), freq=f"{months}MS")
    numbers = (starts - pd.Timestamp(EPOCH)).days.to_numpy(dtype=float)
    return numbers[numbers >= low]


def reading(earliest: object, latest: object, granularity: object = "day") -> str:
    """Return a date or an interval in plain words.

    >>> reading("2021-08-24", "2021-08-24"), reading("2021-08-01", "2021-08-31", "month")
    ('24 August 2021', 'August 2021')
    >>> reading("2021-08-24", "2021-08-29", "interval"), reading(None, None)
    ('24 to 29 August 2021', 'no date')
    """
    if pd.isna(earliest) or pd.isna(latest):
        return "no date"
    low, high = (dt.date.fromisoformat(str(v)) for v in (earliest, latest))
    same_year = low.year == high.year
    if low == high:
        return f"{low.day} {low:%B} {low.year}"
    if low.day == 1 and (high + dt.timedelta(1)).day == 1 and same_year:
        if low.month == high.month:
            return f"{low:%B} {low.year}"
        if (low.month, high.month) == (1, 12):
            return str(low.year)
        return f"{low:%B} to {high:%B} {high.year}"
    month = "" if same_year and low.month == high.month else f" {low:%B}"
    return f"{low.day}{month}{'' if same_year else f' {low.year}'} to {high.day} {high:%B} {high.year}"


class Scale:
    """Days to shares of the width, tighter where little happens.

    A stretch at either end that is at least a quarter of the span and holds at most an eighth of the marks is drawn on
    a seventh of the width; where it begins or ends is a year's first day. Accepts the days of the marks, and whether
    the scale must be ``even``, as where lengths are compared.
    """

    def __init__(self, marks: np.ndarray, *, even: bool = False):
        marks = np.asarray(marks, float)
        first, last = (to_date(marks.min()), to_date(marks.max())) if len(marks) else (EPOCH, EPOCH)
        span = (last - first).days
        start = first.replace(day=1) if span < 900 else first.replace(month=1, day=1)
        self.first = float((start - EPOCH).days)
        self.last = max((last - EPOCH).days + max(10, span // 60), self.first + 30.0)
        total = self.last - self.first
        years = _first_days(self.first + 1, self.last, 12)
        years = years[:0] if even or not len(marks) else years
        left = [y for y in years if y - self.first >= total / 4 and (marks < y).mean() <= 1 / 8]
        right = [y for y in years if self.last - y >= total / 4 and (marks >= y).mean() <= 1 / 8]
        self.breaks = [(left[-1], "before")] if left else []
        if right and (not left or right[0] > left[-1]):
            self.breaks.append((right[0], "after"))
        widths = {"before": [TIGHT, 1 - TIGHT], "after": [1 - TIGHT, TIGHT]}
        shares = [1.0] if not self.breaks else widths[self.breaks[0][1]]
        if len(self.breaks) == 2:
            shares = [TIGHT, 1 - 2 * TIGHT, TIGHT]
        self._days = np.array([self.first, *(b for b, _ in self.breaks), self.last])
        self._shares = np.concatenate([[0.0], np.cumsum(shares)])

    def share(self, days) -> np.ndarray:
        """Return where days stand, from 0 (left) to 1 (right)."""
        return np.interp(np.asarray(days, float), self._days, self._shares)

    def said(self) -> str:
        """Say where the scale is tighter; nothing where it is even."""
        parts = [f"{side} {to_date(day):%B %Y}" for day, side in self.breaks]
        return f"The scale is tighter {' and '.join(parts)}." if parts else ""

    def ticks(self, width: float) -> list[tuple[float, str]]:
        """Return day and name of each tick on a width in inches: years, or every first, second, third, … month where it
        is about two years. Where not all names fit, those at a break come first, then as many as do."""
        found, names = _first_days(self.first, self.last, 12), []
        for months in (1, 2, 3, 4, 6) if self.last - self.first < 900 else ():
            every = _first_days(self.first, self.last, months)
            dates = [to_date(d) for d in every]
            spelt = [f"{d:%b}" if d.month > 1 and i else f"{d:%b %Y}" for i, d in enumerate(dates)]
            kept = self._that_fit(every, spelt, width)
            if len(kept) > 1 and kept == list(range(len(kept))) and len(every) - len(kept) <= 1:     # all, but the last
                found, names = every, spelt
                break
        names = names or [str(to_date(d).year) for d in found]
        return [(found[i], names[i]) for i in self._that_fit(found, names, width)]

    def _that_fit(self, found: np.ndarray, names: list[str], width: float) -> list[int]:
        """Which ticks' names fit on a width, those at a break before others."""
        left = self.share(found) * width
        right = left + np.array([text_width(n, TEXT) for n in names]) + 0.12
        edges = {d for d, _ in self.breaks} | {self.first}
        kept: list[int] = []
        for i in sorted(range(len(names)), key=lambda i: (found[i] not in edges, i)):
            if right[i] <= width + 0.3 and all(right[i] <= left[k] or right[k] <= left[i] for k in kept):
                kept.append(i)
        return sorted(kept)

    def bins(self, width: float, least: float) -> np.ndarray:
        """Return edges of equal stretches of time, each at least ``least`` inches wide outside the tight stretches (the
        shortest that will do: months, quarters, halves, years, …)."""
        tight = [(self.first, b) if side == "before" else (b, self.last) for b, side in self.breaks]
        for months in (1, 3, 6, 12, 24, 60, 120):
            inner = _first_days(self.first + 1, self.last - 1, months)
            edges = np.unique(np.concatenate([[self.first], inner, [self.last]]))
            wide = np.diff(self.share(edges) * width)
            loose = [not any(a <= e < b for a, b in tight) for e in edges[:-1]]
            loose[0] = loose[-1] = False  # the first and the last may be cut short
            if not any(loose) or wide[loose].min() >= least:
                break
        return self._merged(edges, tight, width, least)

    def _merged(self, edges: np.ndarray, tight, width: float, least: float) -> np.ndarray:
        """Join the bins of tight stretches until they are wide enough to carry a number."""
        kept = [edges[0]]
        for e in edges[1:]:
            if (float(self.share(e) - self.share(kept[-1])) * width >= least) or e == edges[-1]:
                kept.append(e)
        return np.array(kept)


def draw_axis(sheet: Sheet, scale: Scale, left: float, width: float, y: float, size: float = TEXT) -> None:
    """Draw the scale with its ticks, and two strokes at each break."""
    c, stops = sheet.colours, [left]
    stops += [left + float(scale.share(d)) * width for d, _ in scale.breaks] + [left + width]
    for n, (a, b) in enumerate(zip(stops[:-1], stops[1:], strict=True)):
        sheet.line([a + 0.03 * (n > 0), b - 0.03 * (n < len(stops) - 2)], [y, y], c.muted, 1)
    for x in stops[1:-1]:
        for shift in (-0.03, 0.03):
            sheet.line([x + shift - 0.025, x + shift + 0.025], [y + 0.06, y - 0.06], c.muted, 1)
    for day, name in scale.ticks(width):
        x = left + float(scale.share(day)) * width
        sheet.line([x, x], [y, y + 0.05], c.muted, 0.8)
        sheet.text(x, y + 0.07, name, size, colour=c.muted)
