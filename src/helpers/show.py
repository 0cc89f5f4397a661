"""How frames are shown in notebooks and pages: tables that read well, escape what comes from a text, and print."""
from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd

__all__ = ["sortable", "table", "Shown"]

# what a column is called where nobody says; of the others the underscores go
HEADINGS = {"doc_id": "text", "doc_a": "one text", "doc_b": "the other text", "short_name": "text", "n": "number",
            "n_words": "words", "start": "from character", "end": "to character", "coder_a": "one coder",
            "coder_b": "the other coder", "actor_id": "who", "target_id": "to whom", "log_odds": "log-odds", "f1": "F1"}

MOST_PLACES = 4     # of a fraction that was rounded to be read; a longer one is shown as it is


@dataclass(frozen=True, repr=False)
class Shown:
    """A frame to be shown: HTML where there is a page, text elsewhere."""
    frame: pd.DataFrame
    caption: str
    left_out: int = 0
    classes: str = "casebook"
    hints: dict[str, list[str]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    days: dict[str, list[str]] = field(default_factory=dict)

    @property
    def _cut(self) -> str:
        return f"The first {len(self.frame)} of {len(self.frame) + self.left_out} rows"

    def __repr__(self) -> str:
        more = f"\n({self._cut})" if self.left_out else ""
        if self.frame.empty:
            return f"{self.caption}\n(no rows)"
        return f"{self.caption}\n{self.frame.to_string(index=False, max_colwidth=60)}{more}"

    def _repr_html_(self) -> str:
        left = ' style="text-align: left"'   # JupyterLab would align texts to the right
        number = {c: pd.api.types.is_numeric_dtype(self.frame[c]) for c in self.frame.columns}

        say = {c: _evenly(self.frame[c]) for c in self.frame.columns}

        def cell(n: int, column: str, value: object) -> str:
            hint = f' title="{escape(self.hints[column][n])}"' if column in self.hints else ""
            kind = ' class="number"' if number[column] else left
            said, day = _linked(say[column](value)), self.days[column][n] if column in self.days else ""
            return f"<td{kind}{hint}>" + (f'<time datetime="{escape(day)}">{said}</time>' if day else said) + "</td>"

        def opening(n: int) -> str:
            return f'<tr id="row-{escape(self.ids[n])}">' if self.ids else "<tr>"
        rows = "".join(opening(n) + "".join(cell(n, c, v) for c, v in zip(self.frame.columns, row, strict=True))
                       + "</tr>" for n, row in enumerate(self.frame.itertuples(index=False)))
        head = "".join(f'<th scope="col"{"" if number[c] else left}>{escape(str(c))}</th>' for c in self.frame.columns)
        more = f'<p class="cut">{self._cut}.</p>' if self.left_out else ""
        more = more or ("<p>No rows.</p>" if self.frame.empty else "")
        return f'<table class="{escape(self.classes)}"><caption>{escape(self.caption)}</caption>' \
               f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _evenly(column: pd.Series) -> Callable[[object], str]:
    """Return how the values of a column are written: fractions all with as many places as the longest has.

    >>> list(map(_evenly(pd.Series([.5, .59])), (.5, .59))), _evenly(pd.Series([1 / 3]))(1 / 3)
    (['0.50', '0.59'], '0.3333333333333333')
    """
    if not pd.api.types.is_float_dtype(column):
        return str
    places = max((len(str(v).partition(".")[2]) for v in column.dropna()), default=0)
    return (lambda value: "" if pd.isna(value) else f"{value:.{places}f}") if places <= MOST_PLACES else str


def _linked(text: str) -> str:
    """Escape a cell; one that is an address, and nothing else, becomes a link that shows the site and what follows."""
    if not re.fullmatch(r"https?://[^\s<>\"']+", text):
        return escape(text)
    name = re.sub(r"^https?://(www\.)?", "", text).rstrip("/")
    return f'<a href="{escape(text)}">{escape(name if len(name) <= 40 else name[:39] + "…")}</a>'


Words = Mapping[str, Mapping[str, str]]


def _worded(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Put words for the codes of a frame, and rows that stand in the order of a code's letters in that of its words."""
    def word(cell: object, known: Mapping[str, str]) -> object:
        if not isinstance(cell, str):
            return cell
        if cell in known:
            return known[cell]
        return "".join(known.get(part, " + " if part == "+" else part) for part in re.split(r"( ?\+ ?|; | → )", cell))
    words = {c: {code: code if pd.isna(said) else said for code, said in known.items()} for c, known in words.items()}
    first = next((c for c in frame.columns if c in words), None)
    if first is not None and frame[first].notna().all() and frame[first].is_monotonic_increasing:
        place = {code: n for n, code in enumerate(words[first])}
        frame = frame.sort_values(first, key=lambda codes: codes.map(place), kind="stable", na_position="last")
    return frame.assign(**{c: frame[c].map(lambda cell, known=words[c]: word(cell, known))
                           for c in frame.columns if c in words})


def table(frame: pd.DataFrame, caption: str, *, columns: dict[str, str] | None = None, rows: int = 20,
          hover: dict[str, str] | None = None, words: Words | None = None) -> Shown:
    """Show a frame as a table with a caption.

    Accepts a frame, a caption, the columns to show with their headings (all when none is given, as :data:`HEADINGS`
    calls them), how many rows to show at most, which column's text appears when the pointer rests on a heading's cells,
    and by column the words that stand for its codes (also where ``+``, ``;`` or ``→`` joins several). Where rows stand
    in the order of the letters of the first such column, they are put in the order of its words: texts in order of
    time, when the words are. Missing values are shown as nothing. Returns an object that a notebook shows as an HTML
    table and a terminal as text; where not all rows are shown, it is said below how many there are. Raises
    :class:`ValueError` for less than no rows.

    >>> table(pd.DataFrame({"doc_id": ["a", None], "n": [1, 2]}), "Texts", columns={"doc_id": "text", "n": "words"})
    Texts
    text  words
       a      1
              2
    >>> late_first = {"doc_id": {"b": "Wire, May", "a": "Gazette, June"}}
    >>> table(pd.DataFrame({"doc_id": ["a", "b"], "kept": [True, False]}), "Texts", words=late_first)
    Texts
             text kept
        Wire, May   no
    Gazette, June  yes
    """
    if rows < 0:        # head() would take it for "all but the last ones", and the line below the table would be wrong
        raise ValueError(f"A table shows at most {rows} rows? Give a number of 0 or more.")
    columns = columns or {c: HEADINGS.get(c, str(c).replace("_", " ")) for c in frame.columns}
    frame = _worded(frame, words or {})
    hints = {head: frame[c].head(rows).astype("string").fillna("").tolist() for head, c in (hover or {}).items()}
    shown = frame[list(columns)].head(rows).rename(columns=columns)
    for c in shown.columns:
        if pd.api.types.infer_dtype(shown[c], skipna=True) == "boolean":     # also where the column is of any objects
            shown[c] = shown[c].map({True: "yes", False: "no"})
        if pd.api.types.is_float_dtype(shown[c]) and shown[c].isna().any():
            shown[c] = shown[c].map(_evenly(shown[c]))
        if shown[c].isna().any() or not pd.api.types.is_numeric_dtype(shown[c]):
            shown[c] = shown[c].astype("string").fillna("")
    return Shown(shown.reset_index(drop=True), caption, max(0, len(frame) - rows), hints=hints)


def sortable(frame: pd.DataFrame, caption: str, *, columns: dict[str, str] | None = None, row: str = "",
             days: Mapping[str, str] | None = None, words: Words | None = None) -> Shown:
    """Show a whole frame as a table that a page lets one sort by any column and filter by words.

    Accepts what :func:`table` accepts, the column that names each row, to which the marks of a figure lead
    (:func:`helpers.charts.show`), and by column with a date in words the one with the day (ISO) that it is sorted by;
    no row is left out. A page made by ``casebook render`` puts buttons into the
    headings and a field for words above the table, which keyboards reach; in a notebook, and on paper, it is a
    plain table in the order of the frame.

    >>> shown = sortable(pd.DataFrame({"when": ["May 2031"], "day": ["2031-05-01"]}), "Days", columns={"when": "when"},
    ...                  days={"when": "day"})._repr_html_()
    >>> shown.startswith('<table class="casebook sortable">'), '<time datetime="2031-05-01">May 2031</time>' in shown
    (True, True)
    """
    frame = _worded(frame, words or {})
    shown = table(frame, caption, columns=columns, rows=len(frame))
    ids = frame[row].astype("string").fillna("").tolist() if row else []
    by_day = {(columns or {}).get(c, c): frame[day].astype("string").fillna("").tolist()
              for c, day in (days or {}).items()}
    return Shown(shown.frame, shown.caption, 0, "casebook sortable", ids=ids, days=by_day)
