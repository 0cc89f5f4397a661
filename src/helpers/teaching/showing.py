"""What exercises show: pages line by line, passages as lettered cards, codes in their coarser groups."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from string import ascii_uppercase

import pandas as pd

from helpers.case import Case, CaseError
from helpers.cleaning import clean
from helpers.codebook import Codebook, load_codebook
from helpers.show import Shown, table

__all__ = ["coarse", "compare_passages", "groups", "key_row", "lines_of", "meanings", "own_page", "page_of",
           "passages", "record_cards", "rows_at", "two_coders"]

WORDS = {"dek": "standfirst", "nav": "menu"}      # what a class calls a line's role, where the code is shorter
TABLES = {"status": "statuses", "track": "tracks", "frame": "frames"}


class Reading(Shown):
    """A table of sentences to be read: its cells begin at the left, as text does."""

    def _repr_html_(self) -> str:
        left = ' style="text-align:left;vertical-align:top"'
        html = super()._repr_html_()
        return html.replace("<td>", f"<td{left}>").replace('<th scope="col">', f'<th scope="col"{left}>')


def _reading(frame: pd.DataFrame, caption: str) -> Reading:
    shown = table(frame, caption, rows=200)
    return Reading(shown.frame, shown.caption, shown.left_out)


def groups(codebook: Codebook, column: str) -> pd.DataFrame:
    """Return the coarser groups that a class codes with.

    Accepts a codebook and ``status``, ``track`` or ``frame``. Returns one row a group, in the codebook's order: group,
    holds (labels of the codes in it) and definition (theirs, one after the other).

    >>> groups(load_codebook(None), "track")["group"].tolist()
    ['pressure', 'negotiation', 'arms', 'alliance']
    """
    codes = getattr(codebook, TABLES[column])
    if column == "status":
        codes = codes[::-1]         # the codebook begins with the cue that wins; a class begins with what is surest
    return codes.groupby("seminar_group", sort=False).agg(
        holds=("label", "; ".join), definition=("definition", " ".join)).reset_index(names="group")


def meanings(column: str, words: Iterable[str] = ()) -> Reading:
    """Show what the groups of ``status``, ``track`` or ``frame`` mean, or some of the codes of ``type``."""
    book = load_codebook(None)
    if column == "type":
        found = book.types.loc[list(words), "definition"].rename_axis("group").reset_index()
    else:
        found = groups(book, column)
    return _reading(found.rename(columns={"group": column, "definition": "it means"}), f"The words for {column}")


def coarse(frame: pd.DataFrame, codebook: Codebook, columns: Iterable[str] = ("track",)) -> pd.DataFrame:
    """Return a table with its codes replaced by their groups.

    >>> coarse(pd.DataFrame({"track": ["legislation"]}), load_codebook(None))["track"].tolist()
    ['pressure']
    """
    return frame.assign(**{c: frame[c].map(getattr(codebook, TABLES[c])["seminar_group"]).astype("string")
                           for c in columns})


def lines_of(case: Case, doc: str) -> pd.DataFrame:
    """Return the lines of a text as read: line (from 1), start, end, text. Blank lines are left out, but counted."""
    text, rows, at = case.text(doc), [], 0
    for n, line in enumerate(text.splitlines(keepends=True), 1):
        bare = line.rstrip("\r\n")
        if bare.strip():
            rows.append((n, at, at + len(bare), bare.strip()))
        at += len(line)
    return pd.DataFrame(rows, columns=["line", "start", "end", "text"])


def page_of(case: Case, doc: str) -> Reading:
    """Show a saved page as it was saved, line by line, with the numbers of the lines."""
    found = lines_of(case, doc)
    return _reading(found[["line", "text"]], f"{case.row(doc)['short_name']}: the page as it was saved")


def own_page(path: str) -> Reading | None:
    """Show a page of one's own as the cleaner reads it: line, role, kept, text.

    Accepts the name of a file (any format that the readers take); an empty one says what to do. Returns nothing then.
    """
    if not str(path).strip():
        print("No page of your own is named yet. Save one as .txt or .html beside this notebook and write its name "
              "above.")
        return None
    if not Path(path).is_file():
        print(f"There is no file {path!r} beside this notebook. Is the name complete, with its ending?")
        return None
    from helpers.readers import ReadError, read
    try:
        text = read(Path(path)).text
    except ReadError as error:
        print(f"This file cannot be shown: {error}\nWhat always works: mark everything in the browser, copy, paste "
              "into an empty text file, save it as .txt beside this notebook.")
        return None
    rows = clean(text, name=Path(path).name)
    rows = rows[rows["role"] != "blank"]
    shown = pd.DataFrame({"line": rows["line_no"], "role": rows["role"].replace(WORDS), "kept": rows["kept"],
                          "text": [text[s:e] for s, e in zip(rows["start"], rows["end"])]})
    return _reading(shown, f"{Path(path).name}, as the machine reads it")


def rows_at(coded: pd.DataFrame | None, key: str, column: str) -> pd.DataFrame:
    """Return the coded rows that a key such as ``wire/2359`` names: a text, and where its passage begins."""
    doc, _, start = key.partition("/")
    rows = coded[(coded["doc_id"] == doc) & (coded[column].astype("string") == start)] if coded is not None else None
    if rows is None or rows.empty:
        raise CaseError(f"The labels have no row {key!r}: it should be a text and the character where it begins.")
    return rows


def key_row(labels: pd.DataFrame | None, key: str, column: str) -> pd.Series:
    """Return the first of the rows that a key names."""
    return rows_at(labels, key, column).iloc[0]


def passages(case: Case, what: str, keys: Iterable[str]) -> Reading:
    """Show passages as cards A, B, C …

    Accepts a case with its texts and labels, ``steps`` (keys name the words of an event: its sentence is shown with
    these words between » and «) or ``sentences`` (keys name the beginning of a sentence), and the keys.
    """
    rows = []
    for letter, key in zip(ascii_uppercase, keys):
        if what == "steps":
            row = key_row(case.labels("events"), key, "trigger_start")
            start, first, last, end = (int(row[c]) for c in ("start", "trigger_start", "trigger_end", "end"))
            said = (case.text(row["doc_id"], start, first) + "»" + case.text(row["doc_id"], first, last) + "«"
                    + case.text(row["doc_id"], last, end))
        else:
            row = key_row(case.labels("frames"), key, "start")
            said = case.text(row["doc_id"], int(row["start"]), int(row["end"]))
        rows.append((letter, case.row(row["doc_id"])["short_name"], " ".join(said.split())))
    marked = "; the step to judge stands between » and «" if what == "steps" else ""
    return _reading(pd.DataFrame(rows, columns=["card", "text", "sentence"]), f"The cards{marked}")


def _needed(found: pd.DataFrame | None, file: str) -> pd.DataFrame:
    if found is None:
        raise CaseError(f"The case has no {file}, which these cards are made of.")
    return found


def compare_passages(case: Case, ids: Iterable[str]) -> Reading:
    """Show pairs of places from ``gold/contradictions.csv`` side by side, with some words around each, as cards."""
    points = _needed(case.labels("contradictions"), "gold/contradictions.csv").set_index("id")
    rows = []
    for letter, name in zip(ascii_uppercase, ids):
        row = points.loc[name]
        rows.append((letter, *(_around(case, row, side) for side in "ab")))
    return _reading(pd.DataFrame(rows, columns=["card", "one place", "the other place"]),
                    "Two places each; the words in question stand between » and «")


def _around(case: Case, row: pd.Series, side: str, room: int = 110) -> str:
    doc, start, end = row[f"doc_{side}"], int(row[f"start_{side}"]), int(row[f"end_{side}"])
    line = lines_of(case, doc).query("start <= @start and end >= @end").iloc[0]
    before, after = case.text(doc, line["start"], start), case.text(doc, end, line["end"])
    if len(before) > room:
        before = "… " + before[-room:].partition(" ")[2]
    if len(after) > room:
        after = after[:room].rpartition(" ")[0] + " …"
    return f"{case.row(doc)['outlet']}: {before}»{case.text(doc, start, end)}«{after}"


def record_cards(case: Case, labels: Iterable[str]) -> Reading:
    """Show entries of the public record as cards, without their dates; the entries are named by their labels."""
    record = _needed(case.reference, "reference.csv").set_index("label")
    rows = [(letter, i, record.loc[i, "actor"]) for letter, i in zip(ascii_uppercase, labels)]
    return _reading(pd.DataFrame(rows, columns=["card", "step", "who acts"]), "Steps to put in order")


def two_coders(codes: Mapping[str, str]) -> pd.DataFrame:
    """Return an invented example: one column a coder, one row a sentence, from strings with one letter a code.

    >>> two_coders({"Ana": "hhd", "Ben": "hhh"}).to_dict("list")
    {'Ana': ['happened', 'happened', 'denied'], 'Ben': ['happened', 'happened', 'happened']}
    """
    words = {"h": "happened", "a": "announced", "c": "claimed", "d": "denied"}
    return pd.DataFrame({coder: [words[letter] for letter in string] for coder, string in codes.items()})
