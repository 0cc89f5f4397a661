"""How frames are shown in notebooks and pages: tables that read well, escape what comes from a text, and print."""
from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

import pandas as pd

__all__ = ["sortable", "table", "Shown"]


@dataclass(frozen=True, repr=False)
class Shown:
    """A frame to be shown: HTML where there is a page, text elsewhere."""
    frame: pd.DataFrame
    caption: str
    left_out: int = 0
    classes: str = "casebook"
    hints: dict[str, list[str]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        more = f"\n… and {self.left_out} more rows" if self.left_out else ""
        if self.frame.empty:
            return f"{self.caption}\n(no rows)"
        return f"{self.caption}\n{self.frame.to_string(index=False, max_colwidth=60)}{more}"

    def _repr_html_(self) -> str:
        left = ' style="text-align: left"'   # JupyterLab would align texts to the right
        number = {c: pd.api.types.is_numeric_dtype(self.frame[c]) for c in self.frame.columns}

        def cell(n: int, column: str, value: object) -> str:
            hint = f' title="{escape(self.hints[column][n])}"' if column in self.hints else ""
            kind = ' class="number"' if number[column] else left
            return f"<td{kind}{hint}>{_linked(str(value))}</td>"
        def opening(n: int) -> str:
            return f'<tr id="row-{escape(self.ids[n])}">' if self.ids else "<tr>"
        rows = "".join(opening(n) + "".join(cell(n, c, v) for c, v in zip(self.frame.columns, row, strict=True))
                       + "</tr>" for n, row in enumerate(self.frame.itertuples(index=False)))
        head = "".join(f'<th scope="col"{"" if number[c] else left}>{escape(str(c))}</th>' for c in self.frame.columns)
        more = f"<p>… and {self.left_out} more rows.</p>" if self.left_out else ""
        more = more or ("<p>No rows.</p>" if self.frame.empty else "")
        return f'<table class="{escape(self.classes)}"><caption>{escape(self.caption)}</caption>' \
               f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _linked(text: str) -> str:
    """Escape a cell; one that is an address, and nothing else, becomes a link that shows the site and what follows."""
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        return escape(text)
    name = re.sub(r"^https?://(www\.)?", "", text).rstrip("/")
    return f'<a href="{escape(text)}">{escape(name if len(name) <= 40 else name[:39] + "…")}</a>'


def table(frame: pd.DataFrame, caption: str, *, columns: dict[str, str] | None = None, rows: int = 20,
          hover: dict[str, str] | None = None) -> Shown:
    """Show a frame as a table with a caption.

    Accepts a frame, a caption, the columns to show with their headings (all, as they are called, when none is given),
    how many rows to show at most, and which column's text appears when the pointer rests on a heading's cells. Missing
    values are shown as nothing. Returns an object that a notebook shows as an HTML table and a terminal as text; how
    many rows were left out is said below.

    >>> table(pd.DataFrame({"doc_id": ["a", None], "n": [1, 2]}), "Texts", columns={"doc_id": "text", "n": "words"})
    Texts
    text  words
       a      1
              2
    """
    columns = columns or {c: str(c).replace("_", " ") for c in frame.columns}
    hints = {head: frame[c].head(rows).astype("string").fillna("").tolist() for head, c in (hover or {}).items()}
    shown = frame[list(columns)].head(rows).rename(columns=columns)
    for c in shown.columns:
        if shown[c].isna().any() or not pd.api.types.is_numeric_dtype(shown[c]):
            shown[c] = shown[c].astype("string").fillna("")
    return Shown(shown.reset_index(drop=True), caption, max(0, len(frame) - rows), hints=hints)


def sortable(frame: pd.DataFrame, caption: str, *, columns: dict[str, str] | None = None, row: str = "") -> Shown:
    """Show a whole frame as a table that a page lets one sort by any column and filter by words.

    Accepts what :func:`table` accepts, and the column that names each row, to which the marks of a figure lead
    (:func:`helpers.charts.show`); no row is left out. A page made by ``casebook render`` puts buttons into the
    headings and a field for words above the table, which keyboards reach; in a notebook, and on paper, it is a
    plain table in the order of the frame.

    >>> sortable(pd.DataFrame({"n": [1]}), "Numbers")._repr_html_().startswith('<table class="casebook sortable">')
    True
    """
    shown = table(frame, caption, columns=columns, rows=len(frame))
    ids = frame[row].astype("string").fillna("").tolist() if row else []
    return Shown(shown.frame, shown.caption, 0, "casebook sortable", ids=ids)
