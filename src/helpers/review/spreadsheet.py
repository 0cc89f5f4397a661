"""CSV files that go through a spreadsheet and come back: formulas made harmless, whatever comma and letters it uses.

A cell that a spreadsheet would take for a formula gets an apostrophe in front, and loses it when it is read back
(OWASP, *CSV Injection*).
"""
from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from helpers import tables
from helpers.tables import TableError

__all__ = ["cell", "uncell", "write", "read"]

_FORMULA = re.compile(r"'*(\s*[=+\-@＝＋－＠]|[\t\r\n])")
_SEP = re.compile(r'"?sep=([,;\t])"?\r?\n', re.I)      # some write it above the first line, for Excel
_APOSTROPHE = re.compile(r"'+(\s*[=+\-@＝＋－＠]|[\t\r\n])")


def cell(value) -> str:
    """Return a value as the text of a cell that no spreadsheet computes.

    >>> cell("=HYPERLINK(1)"), cell("plain"), cell(None)
    ("'=HYPERLINK(1)", 'plain', '')
    """
    text = "" if value is None or value is pd.NA or value != value else str(value)
    return "'" + text if _FORMULA.match(text) else text


def uncell(text: str) -> str:
    """Return what :func:`cell` was given.

    >>> uncell("'=HYPERLINK(1)"), uncell("'tis")
    ('=HYPERLINK(1)', "'tis")
    """
    return text[1:] if _APOSTROPHE.match(text) else text


def write(path: Path, rows: Iterable[Mapping], columns: list[str], *, bom: bool = True) -> Path:
    """Write rows as CSV that opens in a spreadsheet (UTF-8; with a byte order mark, or Excel would misread accents)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell(row.get(c)) for c in columns] for row in rows)
    tables.write_whole(path, (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode("utf-8"))
    return path


def _decoded(path: Path) -> str:
    """Return the text of a file: what is no UTF-8 was saved by Excel as “Unicode text” or as plain CSV."""
    raw = path.read_bytes()
    for coding in ["utf-16"] if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ["utf-8-sig", "cp1252"]:
        try:
            if "\0" not in (text := raw.decode(coding)):
                return text
        except UnicodeDecodeError:
            continue
    raise TableError(f"{path.name}: is no CSV. Open it in a spreadsheet and save it as “CSV UTF-8”.")


def read(path: Path, need: Iterable[str] = ()) -> list[dict]:
    """Read a CSV file as a spreadsheet saved it: with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252.

    Accepts a path and the columns that must be there; capitals in the first line do not count, nor does a line
    ``sep=;`` above it. Returns one dict a row, empty cells None, with ``line``, the number of the row's first line in
    the file; rows without any cell filled are left out. Raises :class:`~helpers.tables.TableError`, which names the
    file and the remedy.
    """
    text = _decoded(Path(path))
    told = _SEP.match(text)
    comma = told[1] if told else max(",;\t", key=text.split("\n", 1)[0].count)
    records, rows = tables.records(text, delimiter=comma), []
    try:
        if told:
            next(records)
        header = [h.strip().lower() for h in next(records, (1, []))[1]]
        missing = [c for c in need if c not in header]
        if missing:
            raise TableError(f"{Path(path).name}: line 1: the column {missing[0]!r} is missing. "
                             f"Keep the first line as it was: it must hold {', '.join(need)}.")
        for line, cells in records:
            row = {h: uncell(c).strip() or None for h, c in zip(header, cells)}
            if any(row.values()):
                rows.append(dict.fromkeys(header) | row | {"line": line})
    except csv.Error as error:
        raise TableError(f"{Path(path).name}: {error}. Look for a quotation mark that is not closed, or open it in a "
                         "spreadsheet and save it as “CSV UTF-8”.") from None
    return rows
