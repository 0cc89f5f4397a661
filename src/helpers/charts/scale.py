"""Time on paper: days as numbers, dates in words, and a scale that is tighter where little happens."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from helpers.charts.layout import Sheet, text_width
from helpers.charts.style import TEXT

__all__ = ["Scale", "to_days", "to_date", "reading", "draw_axis"]

EPOCH = dt.date(1970, 1, 1)
TIGHT = 1 / 6  # share of the width that a tight stretch gets at least
UNEVEN = 0.2  # information that a break gives about where the marks lie, in nats a mark, from which it is made
SURE = 5.0  # and in all: fewer marks can lie so by chance
NAME_GAP = 0.08  # inches between the names of two ticks
OVER = 0.18  # inches that the last name may reach beyond the axis


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

    A stretch at either end is drawn tighter if it is at least a quarter of the span and the rest, at least an eighth of
    it, holds so many more marks that the break tells of where they lie (Kullback-Leibler divergence of marks from
    time). Of breaks that tell nearly as much, the one that leaves the fewest marks to the tight stretch is taken. It is
    the first day of a year, or of a quarter where the span is under five years. Each stretch is as wide as its marks
    ask for (to the power of three quarters, time to one), a tight one at least a sixth of the width. Accepts the days
    of the marks, whether the scale must be ``even``, as where lengths are compared, and whether it begins and ends
    ``close`` to its marks.
    """

    def __init__(self, marks: np.ndarray, *, even: bool = False, close: bool = False):
        marks = np.sort(np.asarray(marks, float))
        first, last = (to_date(marks[0]), to_date(marks[-1])) if len(marks) else (EPOCH, EPOCH)
        span = (last - first).days
        start = first.replace(day=1) if span < 900 else first.replace(month=1, day=1)
        if 900 <= span < 1800:
            start = first.replace(month=3 * ((first.month - 1) // 3) + 1, day=1)
        self.first = float((start - EPOCH).days)
        self.last = max((last - EPOCH).days + max(10, span // 60), self.first + 30.0)
        if close:
            self.first = float((first - EPOCH).days - max(1, span // 40))
            self.last = max((last - EPOCH).days + max(1.0, span // 40), self.first + 8)
        self.close = close
        days = _first_days(self.first + 1, self.last, 3 if span < 1800 else 12)
        left, right = (None, None) if even or not len(marks) else (self._cut(marks, days, end) for end in (0, 1))
        self.breaks = [(left, "before")] if left is not None else []
        if right is not None and (left is None or right > left):
            self.breaks.append((right, "after"))
        self._days = np.array([self.first, *(b for b, _ in self.breaks), self.last])
        held = np.diff(np.searchsorted(marks, self._days[1:-1]), prepend=0, append=len(marks))
        wide = held**0.75 * np.diff(self._days) ** 0.25
        tight = np.array([(n == 0 and left is not None) or (n > 0 and self.breaks[n - 1][1] == "after")
                          for n in range(len(wide))])  # fmt: skip
        if tight.any():
            wide = np.where(tight, np.maximum(wide / wide.sum(), TIGHT), wide)
            wide[~tight] *= (1 - wide[tight].sum()) / wide[~tight].sum()
        # the last edge is 1, whatever the sum of the shares is rounded to
        self._shares = np.array([0.0, *np.cumsum(wide)[:-1], 1.0]) if tight.any() else np.array([0.0, 1.0])

    def _cut(self, marks: np.ndarray, days: np.ndarray, end: int) -> float | None:
        """The day before which (``end`` 0) or from which on (1) the scale is to be tighter."""
        before = (days - self.first) / (self.last - self.first)
        fewer = np.searchsorted(marks, days) / len(marks)
        time, held = (1 - before, 1 - fewer) if end else (before, fewer)
        fits = (time >= 1 / 4) & (time <= 7 / 8) & (held < time)
        days, time, held = days[fits], time[fits], held[fits]
        told = held * np.log(np.maximum(held, 1e-9) / time) + (1 - held) * np.log((1 - held) / (1 - time))
        enough = (told >= UNEVEN) & (told * len(marks) >= SURE)
        if not enough.any():
            return None
        near = np.flatnonzero(told >= 0.9 * told.max())
        return float(days[min(near, key=lambda i: (held[i], -time[i]))])

    def share(self, days) -> np.ndarray:
        """Return where days stand, from 0 (left) to 1 (right)."""
        return np.interp(np.asarray(days, float), self._days, self._shares)

    def said(self) -> str:
        """Say where the scale is tighter; nothing where it is even."""
        parts = [f"{side} {to_date(day):%B %Y}" for day, side in self.breaks]
        return f"The scale is tighter {' and '.join(parts)}." if parts else ""

    def ticks(self, width: float) -> list[tuple[float, str]]:
        """Return day and name of each tick that has room for its name, on a width in inches: years, or every first,
        second, third, … month where a stretch is about two years. The first day of a stretch comes before others."""
        return [tick for tick in self.strokes(width) if tick[1]]

    def strokes(self, width: float, over: float = OVER) -> list[tuple[float, str]]:
        """Return day and name of each tick; those without room for their name, of which the last
        one may reach ``over`` the axis, have an empty one."""
        for step in (1, 2, 5, 10) if self.close and self.last - self.first < 70 else ():
            days = np.arange(np.ceil(self.first), self.last + 1)
            days = days[[to_date(d).day in range(1, 30, step) for d in days]]
            names = [f"{to_date(d).day} {to_date(d):%b}" + (f" {to_date(d).year}" if not n else "")
                     for n, d in enumerate(days)]
            kept = self._that_fit(days, names, width, width + over)
            if kept == list(range(len(kept))) and len(days) - len(kept) <= 1:     # all, but the last
                return [(float(days[i]), names[i]) for i in kept]
        out: list[tuple[float, str]] = []
        for n, (first, end) in enumerate(zip(self._days[:-1], self._days[1:], strict=True)):
            last = n == len(self._days) - 2
            left, room = float(self.share(first)) * width, width + over if last else float(self.share(end)) * width
            for months in (1, 2, 3, 4, 6, 12) if end - first < 900 else (12,):
                days = _first_days(first, end if last else end - 1, months)
                days = np.unique([*days, first]) if n else days  # a break is a tick
                dates = [to_date(d) for d in days]
                shown = ["%Y" if months == 12 and d.month == 1 else "%b" if d.month > 1 and i else "%b %Y"
                         for i, d in enumerate(dates)]  # fmt: skip
                names = [f"{d:{how}}" for d, how in zip(dates, shown, strict=True)]
                kept = self._that_fit(days, names, width, room)
                if len(kept) > 1 and kept == list(range(len(kept))) and len(days) - len(kept) <= 1:  # all, but one
                    break
            close = len(days) > 0 and (room - left) / len(days) < 0.06
            out += [(d, names[i] if i in kept else "") for i, d in enumerate(days) if i in kept or not close]
        return out

    def _that_fit(self, found: np.ndarray, names: list[str], width: float, end: float) -> list[int]:
        """Which ticks' names fit side by side before an ``end``, the first one before others."""
        left = self.share(found) * width
        right = left + np.array([text_width(n, TEXT) for n in names])
        kept: list[int] = []
        for i in range(len(names)):
            if right[i] <= end - (0 if end > width else NAME_GAP) and all(right[k] + NAME_GAP <= left[i] for k in kept):
                kept.append(i)
        return kept

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
        return self._merged(edges, width, least)

    def _merged(self, edges: np.ndarray, width: float, least: float) -> np.ndarray:
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
    for day, name in scale.strokes(width, 0.25):
        x = left + float(scale.share(day)) * width
        sheet.line([x, x], [y, y + (0.05 if name else 0.03)], c.muted, 0.8)
        sheet.text(x, y + 0.07, name, size, colour=c.muted)
