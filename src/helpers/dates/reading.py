"""The plain-language reading of a time: what days it covers, and how that is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

MONTHS = (
    "",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
BASIS = {
    "explicit": "as the text says",
    "year_inferred": "the year inferred from the publication date",
    "relative": "counted from the publication date or a date told before",
    "record": "the date borrowed from the public record",
}
ORDINALS = ("", "first", "second", "third", "fourth")
REFS = {"PAST_REF": "some time before", "PRESENT_REF": "at the time of writing", "FUTURE_REF": "some time after"}
UNITS = {
    "Y": "year",
    "M": "month",
    "W": "week",
    "D": "day",
    "H": "hour",
    "S": "second",
    "Q": "quarter",
    "E": "decade",
    "C": "century",
}


def describe(times: pd.DataFrame | pd.Series | Mapping, expression: str | None = None, published: object = None):
    """Say in plain words which days a time covers and how that is known.

    Accepts one row (a Series, a mapping or a named tuple) with earliest, latest, granularity, and if it has them value,
    basis, stable; or a data frame of such rows. `expression` is the wording the date was read from, `published` an
    (earliest,
    latest) pair, told when the reading depends on it. Returns one sentence part, or a Series of them for a frame.

    >>> describe({"earliest": "2021-08-24", "latest": "2021-08-29", "granularity": "day", "basis": "relative",
    ...           "stable": False}, "on Tuesday", (date(2021, 8, 27), date(2021, 9, 2)))
    'between 24 and 29 August 2021, from “on Tuesday” and a publication date between 27 August and 2 September 2021'
    """
    if isinstance(times, pd.DataFrame):
        words = times["expression"] if "expression" in times else [expression] * len(times)
        return pd.Series(
            [describe(row, word, published) for row, word in zip(times.to_dict("records"), words)],
            index=times.index,
            dtype="string",
        )
    row = times._asdict() if hasattr(times, "_asdict") else dict(times)
    return _when(row) + _how(row, expression, published)


def _get(row: Mapping, name: str, default=None):
    value = row.get(name, default)
    return default if value is None or value is pd.NA or (isinstance(value, float) and value != value) else value


def _day(value) -> date | None:
    return None if value is None else value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _when(row: Mapping) -> str:
    first, last = _day(_get(row, "earliest")), _day(_get(row, "latest"))
    value, grain = str(_get(row, "value", "")), str(_get(row, "granularity", "none"))
    if first is None or last is None:
        return REFS.get(value) or _length(value) or "at a time that is not dated"
    if _get(row, "stable", True) is False or not _get(row, "stable", True) or grain == "interval":
        return between(first, last)
    if first == last:
        return f"on {long_day(first)}"
    words = {
        "month": f"in {MONTHS[first.month]} {first.year}",
        "year": f"in {last.year}",
        "decade": f"in the {first.year}s",
        "quarter": f"in the {ORDINALS[(first.month + 2) // 3]} quarter of {first.year}",
        "half": f"in the {ORDINALS[(first.month + 5) // 6]} half of {first.year}",
        "week": f"in the week of {span(first, last)}",
    }.get(grain)
    if words is None or grain == "year" and (first.month, first.day) != (1, 1):
        return between(first, last)
    return words


def between(first: date, last: date) -> str:
    """Say an interval without repeating what its ends share.

    >>> between(date(2021, 8, 24), date(2021, 8, 29)), between(date(2020, 12, 30), date(2021, 1, 2))
    ('between 24 and 29 August 2021', 'between 30 December 2020 and 2 January 2021')
    """
    return f"on {long_day(first)}" if first == last else f"between {_short(first, last)} and {long_day(last)}"


def span(first: date, last: date) -> str:
    """Say an interval as "24 to 29 August 2021"."""
    return f"{_short(first, last)} to {long_day(last)}"


def _short(first: date, last: date) -> str:
    if first.year != last.year:
        return long_day(first)
    return str(first.day) if first.month == last.month else f"{first.day} {MONTHS[first.month]}"


def long_day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def _length(value: str) -> str | None:
    if not value.startswith("P") or "_" in value:
        return None
    number, unit = value.lstrip("PT")[:-1], UNITS.get(value[-1], "time")
    if value.startswith("PT") and value[-1] == "M":
        unit = "minute"
    if not number.replace(".", "").isdigit():
        return f"for some {unit}s" if set(number) <= {"X"} else "for some time"
    return f"for {number} {unit}" + ("" if number == "1" else "s")


def _how(row: Mapping, expression: str | None, published: object) -> str:
    basis = str(_get(row, "basis", ""))
    unstable = not _get(row, "stable", True)
    said = f", from “{expression}”" if expression else ""
    if unstable and isinstance(published, (tuple, list)):
        first, last = (_day(day or None) for day in published[:2])
        if first and last:
            return f"{said or ', from'} and a publication date {between(first, last)}".replace("from and", "from")
    if unstable:
        return f"{said}{' and' if said else ', from'} a publication date that is not exactly known"
    if said:
        return said + (", the year inferred" if basis == "year_inferred" else "")
    return f", {BASIS[basis]}" if basis in BASIS else ""
