"""Calendar arithmetic on TIMEX3 values: what days a value covers, and the value of the period a day lies in."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache

FIRST, LAST = date(1, 1, 2), date(9999, 12, 30)
DAY = timedelta(days=1)
SEASONS = {
    "WI": 12,
    "SP": 3,
    "SU": 6,
    "FA": 9,
}  # the month a season starts in; winter starts in the year before its name
GRANULARITY = {
    "D": "day",
    "W": "week",
    "M": "month",
    "Q": "quarter",
    "H": "half",
    "S": "season",
    "Y": "year",
    "E": "decade",
    "C": "interval",
    "WE": "interval",
}

_SHAPES = [
    (g, re.compile(p))
    for g, p in [
        ("time", r"(\d{4})-(\d\d)-(\d\d)T.+"),
        ("day", r"(\d{4})-(\d\d)-(\d\d)"),
        ("month", r"(\d{4})-(\d\d)"),
        ("interval", r"(\d{4})-W(\d\d)-WE"),
        ("week", r"(\d{4})-W(\d\d)"),
        ("quarter", r"(\d{4})-Q([1-4])"),
        ("half", r"(\d{4})-H([12])"),
        ("season", r"(\d{4})-(SP|SU|FA|WI)"),
        ("year", r"(\d{4})"),
        ("decade", r"(\d{3})X"),
        ("interval", r"(\d\d)XX"),
    ]
]


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


@lru_cache(maxsize=4096)
def bounds(value: str) -> tuple[date, date, str] | None:
    """Return the first day, the last day and the granularity of a TIMEX3 date, or None when it names no period.

    >>> bounds("2021-Q1")
    (datetime.date(2021, 1, 1), datetime.date(2021, 3, 31), 'quarter')
    >>> bounds("PAST_REF") is None
    True
    """
    for grain, shape in _SHAPES:
        found = shape.fullmatch(value)
        if not found:
            continue
        try:
            return (*_span(value, grain, found.groups()), grain)
        except (ValueError, OverflowError):  # 30 February, week 54, the year 0
            return None
    return None


def covered(value: str) -> tuple[date, date, str]:
    """Return the :func:`bounds` of a value that is known to name a period; a ValueError when it names none."""
    found = bounds(value)
    if not found:
        raise ValueError(f"{value} names no period.")
    return found


def _span(value: str, grain: str, parts: tuple[str, ...]) -> tuple[date, date]:
    year = int(parts[0])
    if grain in ("time", "day"):
        day = date(year, int(parts[1]), int(parts[2]))
        return day, day
    if grain == "month":
        return date(year, int(parts[1]), 1), month_end(year, int(parts[1]))
    if grain == "week" or value.endswith("-WE"):
        first = date.fromisocalendar(year, int(parts[1]), 6 if value.endswith("WE") else 1)
        return first, date.fromisocalendar(year, int(parts[1]), 7)
    if grain == "quarter":
        last = 3 * int(parts[1])
        return date(year, last - 2, 1), month_end(year, last)
    if grain == "half":
        last = 6 * int(parts[1])
        return date(year, last - 5, 1), month_end(year, last)
    if grain == "season":
        month = SEASONS[parts[1]]
        return date(year - (month == 12), month, 1), month_end(year, (month + 2 - 1) % 12 + 1)
    years = 10 ** (4 - len(parts[0]))
    return date(max(1, year * years), 1, 1), date(year * years + years - 1, 12, 31)


def clamp(day: date) -> date:
    """Keep a day inside the calendar."""
    return min(max(day, FIRST), LAST)


def add_months(day: date, months: int) -> date:
    """Move a day by months; the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year < 1:
        return FIRST
    if year > 9999:
        return LAST
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


MONTHS_IN = {"M": 1, "Q": 3, "H": 6, "S": 3, "Y": 12, "E": 120, "C": 1200}
DAYS_IN = {"D": 1, "W": 7, "WE": 7}


def shift(day: date, unit: str, n: float) -> date:
    """Move a day by n units (D, W, M, Q, Y, E for decades, C for centuries), staying inside the calendar.

    >>> shift(date(2020, 3, 31), "M", -1)
    datetime.date(2020, 2, 29)
    """
    n = max(min(n, 10**6), -(10**6))
    if unit in MONTHS_IN:
        return clamp(add_months(day, round(MONTHS_IN[unit] * n)))
    try:
        return clamp(day + timedelta(days=round(DAYS_IN.get(unit, 0) * n)))
    except OverflowError:
        return LAST if n > 0 else FIRST


def name(day: date, unit: str) -> str:
    """Return the TIMEX3 value of the period of that unit which a day lies in.

    >>> name(date(2021, 8, 27), "W"), name(date(2021, 8, 27), "S")
    ('2021-W34', '2021-SU')
    """
    year = f"{day.year:04d}"
    if unit == "D":
        return day.isoformat()
    if unit in ("W", "WE"):
        iso = day.isocalendar()
        return f"{iso.year:04d}-W{iso.week:02d}" + ("-WE" if unit == "WE" else "")
    if unit == "S":
        season = ("WI", "WI", "SP", "SP", "SP", "SU", "SU", "SU", "FA", "FA", "FA", "WI")[day.month - 1]
        return f"{day.year + (day.month == 12):04d}-{season}"
    return {
        "M": f"{year}-{day.month:02d}",
        "Q": f"{year}-Q{(day.month + 2) // 3}",
        "H": f"{year}-H{(day.month + 5) // 6}",
        "Y": year,
        "E": year[:3] + "X",
        "C": year[:2] + "XX",
    }[unit]


def unit_of(value: str) -> str:
    """Return the unit a dated value is told in: D, W, WE, M, Q, H, S, Y, E or C."""
    if value.endswith("-WE"):
        return "WE"
    found = bounds(value)
    grain = found[2] if found else "day"
    return {
        "time": "D",
        "day": "D",
        "week": "W",
        "month": "M",
        "quarter": "Q",
        "half": "H",
        "season": "S",
        "year": "Y",
        "decade": "E",
        "interval": "C",
    }[grain]


def easter(year: int) -> date:
    """Return Western Easter Sunday (the anonymous Gregorian algorithm, Meeus, Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """Return the n-th Monday (0) … Sunday (6) of a month; n = -1 is the last."""
    if n > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
    last = month_end(year, month)
    return last - timedelta(days=(last.weekday() - weekday) % 7)
