"""Tables with one text a row: CSV, and JSON in lines or as a list."""
from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from helpers import tables
from helpers.readers.source import ReadError, decode

TEXT = ("text", "body", "content", "article", "full_text", "fulltext", "maintext", "article_text", "body_text", "story",
        "article_body", "articlebody", "text_content", "plain_text", "volltext", "texte")
ABOUT = {
    "title": ("title", "headline", "head", "heading", "subject", "titel", "titre"),
    "outlet": ("outlet", "source", "publication", "newspaper", "publisher", "source_name", "site", "site_name",
               "journal", "medium", "domain", "media_name"),
    "byline": ("byline", "author", "authors", "writer", "by", "journalist"),
    "published": ("published", "date", "publication_date", "date_published", "published_at", "publish_date",
                  "date_publish", "pub_date", "pubdate", "datepublished", "publishdate", "datum", "day"),
    "url": ("url", "link", "address", "web_url", "permalink", "source_url"),
}


class Row(dict):
    """One text of a table: `text`, and title, outlet … where there are such columns; `line`, where it stands."""
    line: int = 0


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", str(name).strip().lower()).strip("_")


def columns_of(path: Path, names: list[str], text_column: str = "") -> dict[str, str]:
    """Which column holds what: the one named for the text, else the first that is called as such columns are."""
    plain: dict[str, str] = {}
    for name in names:
        plain.setdefault(_plain(name), name)
    text: str | None
    if text_column:
        if text_column not in names and _plain(text_column) not in plain:
            raise ReadError(path, f"there is no column {text_column!r}", f"Its columns are: {', '.join(names)}")
        text = text_column if text_column in names else plain[_plain(text_column)]
    else:
        text = next((plain[t] for t in TEXT if t in plain), None)
        if text is None:
            raise ReadError(path, "no column looks like the one with the texts",
                            f"Name it with --text-column. Its columns are: {', '.join(names)}")
    found = {field: next((plain[n] for n in wanted if n in plain and plain[n] != text), None)
             for field, wanted in ABOUT.items()}
    return {"text": text} | {field: name for field, name in found.items() if name}


def read_csv(path: Path, data: bytes, text_column: str = "") -> Iterator[Row | ReadError]:
    """The texts of a CSV file, with commas, semicolons, tabs or bars; a bad row comes as the ReadError that says so."""
    text = decode(path, data)[0].removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    comma = max(",;\t|", key=first.count)
    rows = tables.records(text, delimiter=comma)
    try:
        names = [name.strip() for name in next(rows, (1, []))[1]]
        where = columns_of(path, names, text_column)
        for line, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(names):
                yield ReadError(path, f"line {line}: the row has {len(cells)} cells, the first line {len(names)}",
                                "Put text that holds the separator in double quotes")
            else:
                yield _row({n: c for n, c in zip(names, cells)}, where, path, line)
    except csv.Error as error:
        yield ReadError(path, f"{error}: this row and all below it are not read",
                        "Look for a quotation mark that is not closed")


def read_json(path: Path, data: bytes, text_column: str = "") -> Iterator[Row | ReadError]:
    """The texts of a file with one JSON object a line, or with one list of objects."""
    text = decode(path, data)[0].removeprefix("\ufeff")
    if text.lstrip().startswith("["):
        try:
            listed: Iterable[tuple[int, Any]] = [(n, item) for n, item in enumerate(json.loads(text), 1)]
        except (ValueError, RecursionError) as error:
            raise ReadError(path, f"it is not valid JSON ({_short(error)})", "Save it again as JSON lines") from None
    else:
        listed = ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())
    where: dict[str, str] = {}
    for line, item in listed:
        if isinstance(item, str):
            try:
                item = json.loads(item)
            except (ValueError, RecursionError) as error:
                yield ReadError(path, f"line {line}: not valid JSON ({_short(error)})", "Mend or delete the line")
                continue
        if not isinstance(item, dict):
            yield ReadError(path, f"line {line}: not an object with named fields", "Mend or delete the line")
            continue
        if not where:
            where = columns_of(path, [str(k) for k in item], text_column)
        yield _row(item, where, path, line)


def _short(error: Exception) -> str:
    return str(error) if isinstance(error, ValueError) else "too many levels"


def _row(item: dict, where: dict[str, str], path: Path, line: int) -> Row | ReadError:
    text = item.get(where["text"])
    if not isinstance(text, str) or not any(c.isalnum() for c in text):
        return ReadError(path, f"line {line}: the cell of the text is empty", "Fill it or delete the row")
    row = Row(text=text)
    row.line = line
    for field, name in where.items():
        value = item.get(name)
        if isinstance(value, list):
            value = ", ".join(str(v) for v in value[:6] if isinstance(v, str | int))
        if field != "text" and isinstance(value, str | int) and str(value).strip():
            row[field] = " ".join(str(value).split())[:500]
    if "published" in row:
        row["evidence"] = f"the column {where['published']}"
    return row
