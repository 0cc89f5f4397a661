"""The coding sheet of a class: one text, one step a sentence, three columns to fill; read back and compared."""
from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.agreement import agree
from helpers.case import Case, CaseError
from helpers.codebook import load_codebook
from helpers.review import gather, spreadsheet
from helpers.tables import TableError
from helpers.teaching.showing import TABLES, groups

__all__ = ["COLUMNS", "KINDS", "SHEET", "agreement", "against_key", "allowed", "by_coder", "coder_of", "coding_sheet",
           "differences", "elsewhere", "hardest", "models", "read_sheet", "read_sheets", "rows_of", "state", "together"]

SHEET = "coding-sheet"
FILL = tuple(TABLES)                                   # status, track, frame
COLUMNS = ["row", "text", "place", "sentence", "step", *FILL, "note"]
NEED = ("row", "text", "place", *FILL)                 # what a sheet must hold to be read
NEAR = .75      # how like a word must be to count as a slip of the pen; at the usual .6, `planned` is told its group
KINDS = {"key": "model", "machine": "rule"}            # coders that are not persons: their sheets come with the project
NONE = "none"
READ = ["coder", "kind", *COLUMNS, "refused"]          # what is read of a sheet
TEXT, OTHER = (".csv", ".tsv", ".txt"), (".xlsx", ".xls", ".ods", ".numbers")
SAME = 10       # so many cells alike, and none otherwise: fewer may be alike by chance


def allowed() -> dict[str, list[str]]:
    """Return the words that each column of a sheet takes."""
    book = load_codebook(None)
    return {column: [*groups(book, column)["group"], NONE] for column in FILL}


def group_of(column: str, word: str) -> str:
    """Return the group under which the codebook page prints a word; nothing for a word that it does not print.

    >>> group_of("track", "Sanctions"), group_of("track", "weather")
    ('pressure', '')
    """
    codes = getattr(load_codebook(None), TABLES[column])
    word = word.casefold()
    found = codes.loc[codes["label"].str.casefold().eq(word) | codes.index.isin([word]), "seminar_group"]
    return "" if found.empty else str(found.iloc[0])


def coder_of(path: Path) -> str:
    """Return who filled a sheet, by the file's name: what a browser, a system or a learning platform adds is left out.

    >>> [coder_of(Path(name + ".csv")) for name in ("coding-sheet-Anna", "coding-sheet-anna (1)", "tom coding sheet")]
    ['anna', 'anna', 'tom']
    >>> given = "Meier_123_assignsubmission_file_coding"
    >>> [coder_of(Path(name + ".csv")) for name in (f"{given}-sheet", f"{given}_sheet_eva - Copy", "coding-sheet")]
    ['meier', 'eva', '']
    """
    stem = re.sub(r"(\s*\(\d+\)|\s+(- )?(copy|kopie)( \d+)?)+$", "", path.stem, flags=re.I)
    named = re.fullmatch(r"(.*)coding[-_ ]?sheet(.*)", stem, re.I)
    name = stem if named is None else named[2] or re.split(r"_\d+_", named[1])[0]
    return name.strip(" -_").lower()


def rows_of(case: Case, doc: str) -> pd.DataFrame:
    """Return the rows of a text's coding sheet with the project's own codes.

    Accepts a case with its texts and built tables, and a text. One row for each sentence of title and body that tells a
    step; of several steps the first that did not simply happen is taken, else the first. Returns row, text, place
    (``doc:start-end``), sentence, step (its words), sentence_id, trigger_start, trigger_end, and for each of status,
    track and frame the ``key`` (labels) and ``machine`` code as ``status_key``, ``status_machine`` … Raises
    :class:`~helpers.case.CaseError` when the text is not here or nothing was coded in it.
    """
    book = load_codebook(case.raw)
    of = {c: getattr(book, TABLES[c])["seminar_group"] for c in FILL}
    mentions = next((case.load(t) for t in ("adjudicated_event_mentions", "event_mentions") if case.has(t)), None)
    if mentions is None or mentions[mentions["doc_id"] == doc].empty:
        raise CaseError(f"No step is coded in {doc}: there is nothing to make a coding sheet from. "
                        f"`casebook build {case.name}` codes the texts.")
    mentions = mentions[mentions["doc_id"] == doc].sort_values("trigger_start")
    sentences = case.load("sentences").query("doc_id == @doc and section != 'caption'").sort_values("start")
    machine = case.load("event_mentions") if case.has("event_mentions") else mentions.iloc[:0]
    frames = {who: case.load(t).query("rank == 1").set_index("sentence_id")["frame"].map(of["frame"])
              for who, t in (("key", "adjudicated_frames"), ("machine", "frames")) if case.has(t)}
    rows: list[dict] = []
    for s in sentences.itertuples(index=False):
        told = mentions[mentions["sentence_id"] == s.sentence_id]
        if told.empty:
            continue
        unsure = told[told["status"].map(of["status"]).ne("happened")]
        step = (unsure if len(unsure) else told).iloc[0]
        found = machine[(machine["doc_id"] == doc) & (machine["trigger_start"] < step["trigger_end"])
                        & (machine["trigger_end"] > step["trigger_start"])]
        codes = {f"frame_{who}": by.get(s.sentence_id, NONE) for who, by in frames.items()}
        for who, row in (("key", step), ("machine", found.iloc[0] if len(found) else None)):
            codes |= {f"{c}_{who}": of[c].get(row[c]) if row is not None else None for c in ("status", "track")}
        rows.append({"row": len(rows) + 1, "text": doc, "place": f"{doc}:{s.start}-{s.end}",
                     "sentence": " ".join(case.text(doc, s.start, s.end).split()),
                     "step": " ".join(case.text(doc, step["trigger_start"], step["trigger_end"]).split()),
                     **{c: step[c] for c in ("sentence_id", "trigger_start", "trigger_end")}, **codes})
    return pd.DataFrame(rows)


def coding_sheet(case: Case, doc: str, path: Path, *, filled_by: str = "") -> Path:
    """Write the coding sheet of a text as CSV: empty, or filled with the codes of ``key`` or ``machine``."""
    rows = rows_of(case, doc).to_dict("records")
    if filled_by:
        rows = [row | {c: row.get(f"{c}_{filled_by}") for c in FILL} for row in rows]
    return spreadsheet.write(Path(path), rows, COLUMNS)


class Written(NamedTuple):
    """The places that a text's sheet holds, each with its row, and where one knows it from."""
    places: Mapping[str, str]
    known_from: str


def empty_sheet(folder: Path) -> dict[str, Written]:
    """Return, for each text, what the empty sheet of a folder holds (``coding-sheet.csv``); nothing without one."""
    try:
        rows = _read(Path(folder) / f"{SHEET}.csv")[0]
    except (TableError, OSError):
        return {}
    if not unfilled(rows):      # somebody's, who gave it no name
        return {}
    return {str(text): Written(dict(zip(given["place"], given["row"])), "the empty sheet")
            for text, given in rows.groupby("text")}


def unfilled(rows: pd.DataFrame) -> bool:
    """Say whether a sheet has nothing in the cells that are to be filled, not even a word that is none of them."""
    return bool(rows[list(FILL)].isna().all(axis=None)) and not rows["refused"].any()


def read_sheet(path: Path, written: Mapping[str, Written] | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Read one filled sheet; the coder is named by the file, as in ``coding-sheet-anna.csv`` (:func:`coder_of`).

    Accepts the file and, by text, what the sheet held when it was written (none given: that of the empty sheet beside
    the file, if there is one). Returns a frame (coder, kind, row, text, place, sentence, step, status, track, frame,
    note, and ``refused``: how many cells of the row cannot be used) and what is wrong with it: a cell that cannot be
    used is said with file, row and remedy, and counts as not filled; rows that are missing, or whose place was changed,
    are named. Raises :class:`~helpers.tables.TableError` when the
    file is no coding sheet.
    """
    frame, problems, lost = _read(path)
    return frame, problems + _astray(Path(path), frame, lost, empty_sheet(Path(path).parent) if written is None
                                     else written)


def _astray(path: Path, frame: pd.DataFrame, lost: Collection[str], written: Mapping[str, Written]) -> list[str]:
    """Say which rows of a sheet are missing or were never on it; those lost have been told already."""
    said = []
    for text, given in frame.groupby("text"):
        if text not in written:
            continue
        places, known_from = written[str(text)]
        missing = {row: place for place, row in places.items() if place not in set(given["place"]) and row not in lost}
        for row, place in given.loc[~given["place"].isin(list(places)), ["row", "place"]].itertuples(index=False):
            was = missing.pop(row, None)
            said.append(f"{path.name}, row {row}: the place {place!r} is not in {known_from}"
                        + (f", which has {was!r} there." if was else ".") + " Copy ‘place’ from an empty sheet.")
        if rows := sorted(map(str, missing), key=lambda r: (len(r), r)):
            what, them = ("row", "it") if len(rows) == 1 else ("rows", "them")
            said.append(f"{path.name}: {what} {', '.join(rows)} {'is' if len(rows) == 1 else 'are'} missing. "
                        f"Copy {them} from an empty sheet and code {them}.")
    return said


def _read(path: Path) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Read a sheet by itself: its rows, what is wrong with it, and the numbers of rows that could not be kept."""
    path, lost = Path(path), []
    if said := no_csv(path):
        raise TableError(said)
    coder = coder_of(path)
    known, problems, rows = allowed(), [], []
    for row in spreadsheet.read(path, NEED):
        at = f"row {row['row']}" if row["row"] else f"line {row['line']}"
        if not re.fullmatch(r"[^:]+:\d+-\d+", row["place"] or ""):
            problems.append(f"{path.name}, {at}: the column ‘place’ was changed. "
                            "Copy it from an empty sheet.")
            lost.append(row["row"])
            continue
        refused = 0
        for column in FILL:
            word = (row[column] or "").strip().strip(".").lower() or None
            if word and word not in known[column]:
                near, group = difflib.get_close_matches(word, known[column], 1, NEAR), group_of(column, word)
                problems.append(f"{path.name}, {at}: {row[column]!r} is no word for {column}" + (
                    f". It stands in the codebook under ‘{group}’: write that word." if group else
                    f"; did you mean {near[0]!r}?" if near else f". The words are {', '.join(known[column])}."))
                word, refused = None, refused + 1
            row[column] = word
        rows.append({"coder": coder, "kind": KINDS.get(coder, "person"),
                     **{c: row.get(c) for c in COLUMNS}, "refused": refused})
    frame = pd.DataFrame(rows, columns=READ).astype(dict.fromkeys(READ, "string") | {"refused": "int64"})
    twice = frame[frame["place"].duplicated()]
    problems += [f"{path.name}: {place} stands there twice; the first row counts." for place in twice["place"]]
    return frame.drop(twice.index), problems, lost


def elsewhere(path: Path) -> str:
    """Say where the coding sheet of a class is read, to one who gave it to ``casebook score``; nothing for other files.

    Accepts a file that lies on the disk.
    """
    path = Path(path)
    try:
        spreadsheet.read(path, NEED)
    except (TableError, OSError):
        return ""
    return (f"{path.name}: is the coding sheet of a class, with the coarser words of the exercises. It is read by "
            f"session 4 and by the notebook after-the-class: put it into a folder with the sheets of the others, named "
            f"{SHEET}-NAME.csv, and name that folder in notebooks/instructor/after-the-class.ipynb, as `folder`. "
            "`casebook score` reads the sheets that `casebook sheet` writes.")


def no_csv(path: Path) -> str:
    """Say what to do with a file that a spreadsheet keeps in its own form; nothing of others.

    >>> no_csv(Path("coding-sheet-anna.xlsx"))
    'coding-sheet-anna.xlsx: is no CSV file. Open it in a spreadsheet and save it as “CSV UTF-8”.'
    """
    return "" if path.suffix.lower() in TEXT else (f"{path.name}: is no CSV file. Open it in a spreadsheet and save it "
                                                   "as “CSV UTF-8”.")


def read_sheets(folder: str | Path = ".", case: Case | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Read all filled sheets of a folder, there or in its folder ``sheets``, whatever the files are called.

    Accepts the folder and the case of the texts. A file that holds the columns is a sheet; :func:`coder_of` says whose.
    Returns the rows of :func:`read_sheet` for those who filled at least one cell, and what is wrong. The empty sheet is
    no coder. A table that is no sheet is told, and so are a filled sheet that has no name, a second one of the same
    coder, a folder that does not exist, a sheet of a text that nobody else has coded, and rows that are missing or have
    another place than the empty sheet of the folder; without one, than most of three or more sheets, else than a sheet
    made of the case now.
    """
    folder = Path(folder).expanduser()
    problems: list[str] = []
    parts: dict[str, pd.DataFrame] = {}
    files: dict[str, str] = {}
    if not folder.is_dir():
        what = "This is no folder" if folder.exists() else "There is no folder"
        problems.append(f"{what}: {folder.absolute()}. Name the folder that holds the sheets.")
    read = []
    for path in _files(folder):
        try:
            rows, wrong, lost = _read(path)
        except (TableError, OSError) as error:
            if re.search("coding[-_ ]?sheet", path.name, re.I) or no_csv(path):
                problems.append(str(error))
            elif path.suffix.lower() == ".csv":
                problems.append(f"{path.name}: is no coding sheet: it lacks the first line of one. Copy that line from "
                                "an empty sheet, or put the file elsewhere.")
            continue
        if coder_of(path):
            read.append((path, rows, wrong, lost))
        elif not unfilled(rows):
            problems.append(f"{path.name}: is filled in, but has no name. Rename it {SHEET}-anna.csv, by whose it is.")
    firsts = {coder_of(path): rows for path, rows, _, _ in reversed(read)}
    written = _written(list(firsts.values()), case) | empty_sheet(folder / "sheets") | empty_sheet(folder)
    for path, rows, wrong, lost in read:
        name = coder_of(path)
        if name in parts:
            problems.append(f"{path.name}: " + (
                f"holds the same codes as {files[name]} and counts once. Delete one of them."
                if _alike(rows, parts[name]) else
                f"there is another sheet of {name!r}, with other codes: {files[name]}, which counts. Delete the older "
                "one, or, if they are two persons', give one of them another name."))
            continue
        problems += wrong + _astray(path, rows, lost, written)
        if rows[list(FILL)].isna().all(axis=None):
            problems.append(f"{path.name}: nothing is filled in yet.")
        else:
            parts[name], files[name] = rows, path.name
    problems += _alone(list(parts.values()), files)
    if folder.is_dir() and not read and not problems and folder != Path("."):
        problems.append(f"In {folder.absolute()} is no file named {SHEET}-NAME.csv.")
    return (pd.concat(parts.values(), ignore_index=True) if parts else pd.DataFrame(columns=READ, dtype="string"),
            problems)


def _files(folder: Path) -> list[Path]:
    """Return the files of a folder, and of its folder ``sheets``, that may be sheets; a copy behind what it is of."""
    found = [p for place in (folder, folder / "sheets") if place.is_dir() for p in place.iterdir()
             if p.suffix.lower() in (*TEXT, *OTHER) and not p.name.startswith((".", "~"))]
    return sorted(found, key=lambda p: (coder_of(p), len(p.name), p))


def _alike(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Say whether two sheets hold the same codes in all cells, empty ones included."""
    one, other = (frame.set_index("place")[list(FILL)].sort_index().fillna("") for frame in (one, other))
    return one.equals(other)


def _alone(frames: list[pd.DataFrame], files: Mapping[str, str]) -> list[str]:
    """Name the sheets of a text that one coder alone has coded, where others have coded another."""
    coders = {text: set(given["coder"]) for text, given in pd.concat(frames).groupby("text")} if frames else {}
    return [f"{files[coder]}: is a sheet of the text {text!r}, and no other sheet is; the others are of "
            f"{', '.join(repr(t) for t in coders if t != text)}. It is compared with nobody: code the text of the "
            "others, or put this sheet into another folder."
            for text, mine in coders.items() if len(coders) > 1 and len(mine) == 1 for coder in mine]


def _written(frames: list[pd.DataFrame], case: Case | None) -> dict[str, Written]:
    """What most sheets of a text hold; of less than three, what a sheet of the case would hold now."""
    out = {}
    rows = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame({"text": []})
    for text, given in rows.groupby("text"):
        n, now = given["coder"].nunique(), pd.DataFrame()
        if n < 3 and case is not None and text in set(case.manifest["doc_id"]):
            try:
                now = rows_of(case, str(text)).astype({"row": "string"})
            except CaseError:      # its text or tables are not here: the sheets have each other
                pass
        common = given.groupby("place")["row"].agg(["first", "size"])
        out[str(text)] = (Written(dict(zip(now["place"], now["row"])), f"the sheet of {text}") if len(now) else
                          Written(common.loc[common["size"] > n / 2, "first"].to_dict(), f"the other sheets of {text}"))
    return out


def state(filled: pd.DataFrame, problems: Iterable[str] = ()) -> str:
    """Say how many sheets are here and what is wrong with them.

    >>> print(state(pd.DataFrame({"coder": [], "kind": [], "text": []})))
    No filled sheet is here yet, so nobody's agreement can be measured. Put files named coding-sheet-NAME.csv beside ...
    """
    persons = sorted(map(str, filled.loc[filled["kind"] == "person", "coder"].unique()))
    others = sorted(filled.loc[filled["kind"] != "person", "coder"].unique())
    lines = []
    if not len(filled):
        lines.append("No filled sheet is here yet, so nobody's agreement can be measured. Put files named "
                     f"{SHEET}-NAME.csv beside this notebook (or into the folder that it names), one of each coder, "
                     "and run it again.")
    else:
        texts = {text: sorted(given["coder"].unique()) for text, given in filled.groupby("text")}
        if persons:
            lines.append(f"Filled in by a person: {', '.join(persons)}.")
        if len(texts) > 1:
            lines.append("Of different texts, which cannot be compared: " + "; ".join(
                f"{text} ({', '.join(coders)})" for text, coders in texts.items()) + ".")
        if others:
            lines.append(f"Not a person's: {', '.join(others)} (codes that came with the project).")
        by_person = filled[filled["kind"] == "person"].groupby("text")["coder"].nunique()
        if not by_person.gt(1).any():
            lines.append(f"No two persons have coded {'the same text ' if len(persons) > 1 else ''}yet: there is no "
                         "agreement between persons to report.")
        sheets = {c: filled[filled["coder"] == c] for c in persons}
        lines += [f"{a} and {b} have the same word in every cell. Is it one person's sheet, under two names?"
                  for a, b in combinations(persons, 2)
                  if sheets[a][list(FILL)].count().sum() >= SAME and _alike(sheets[a], sheets[b])]
    return "\n".join([*lines, *(f"Mend this: {p}" for p in problems)])


def agreement(filled: pd.DataFrame) -> pd.DataFrame:
    """Return how far each pair of coders agrees on status, track and frame, text by text.

    Accepts the frame of :func:`read_sheets`; returns the rows of :func:`helpers.agreement.agree` for those who coded
    the same text, with the text as first column. Cells left empty do not count; ``none`` is a code.
    """
    texts = {text: given for text, given in filled.groupby("text") if given["coder"].nunique() > 1}
    parts = [agree(given.pivot(index="place", columns="coder", values=column), column,
                   kinds=dict(zip(given["coder"], given["kind"]))).assign(text=text)
             for column in FILL for text, given in texts.items()]
    found = pd.concat(parts, ignore_index=True) if parts else agree(pd.DataFrame(), "").assign(text=[])
    return found.loc[found["n"] > 0, ["text", *found.columns.drop("text")]].reset_index(drop=True)


def together(found: pd.DataFrame) -> pd.DataFrame:
    """Return, of the rows of :func:`agreement`, those of all coders of a text; of two coders, that of their pair."""
    many = set(found.loc[found["coder_a"] == "all", "text"])
    return found[(found["coder_a"] == "all") | ~found["text"].isin(many)].reset_index(drop=True)


def by_coder(filled: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return one row a coder: how much is filled in, what could not be used, and how far the others agree.

    Accepts the frame of :func:`read_sheets` and the rows that :func:`agreement` found in it. Returns text, coder, cells
    (that the sheet has), filled, refused, and for status, track and frame the mean over the coder's pairs, in whole per
    cent.
    """
    sides = pd.concat([found.assign(coder=found[side]) for side in ("coder_a", "coder_b")])
    mean = sides.groupby(["text", "coder", "variable"])["percent"].mean()
    rows = []
    for (text, coder), given in filled.groupby(["text", "coder"]):
        cells = len(FILL) * filled[filled["text"] == text].groupby("coder").size().max()
        rows.append((text, coder, cells, given[list(FILL)].count().sum(), given["refused"].sum(),
                     *(mean.get((text, coder, column), float("nan")) for column in FILL)))
    out = pd.DataFrame(rows, columns=["text", "coder", "cells", "filled", "refused", *FILL])
    return out.assign(**{c: out[c].astype("Float64").round().astype("Int64") for c in FILL})


def models(filled: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Return what the case's own codings say of the rows that a class has coded, in the class's words.

    Accepts the frame of :func:`read_sheets` and the case of its texts. Returns a frame of the same form, for
    :func:`agreement`: the labels, second codings, and the machine. A coder's step is what overlaps the words of the
    row's step, its frame the first of the sentence; who found no step there, or has not read the sentence, has an empty
    cell. Texts that the case does not have are left out.
    """
    book, out = load_codebook(case.raw), []
    of = {c: getattr(book, TABLES[c])["seminar_group"] for c in FILL}
    events, frames = ({c.coder_id: c for c in gather(case, what)[0]} for what in ("events", "frames"))
    for doc in sorted(set(filled["text"].dropna()) & set(case.manifest["doc_id"])):
        rows = rows_of(case, doc)
        for row in rows[rows["place"].isin(set(filled["place"]))].to_dict("records"):
            for coder, coding in (frames | events).items():
                codes = {}
                if coder in events:
                    told = events[coder].rows.query("doc_id == @doc and start < @row['trigger_end'] "
                                                    "and end > @row['trigger_start']")
                    codes = {c: of[c].get(code) for c in ("status", "track") for code in told[c].head(1)}
                if coder in frames:
                    said = frames[coder].rows.query("sentence_id == @row['sentence_id']")["frames"].head(1)
                    codes |= {c: of[c].get(next(iter(given), ""), NONE) for c in ("frame",) for given in said}
                out.append({"coder": coder, "kind": coding.kind, **row, **codes, "refused": 0})
    return pd.DataFrame(out, columns=READ).astype(dict.fromkeys(READ, "string") | {"refused": "int64"})


def differences(filled: pd.DataFrame) -> pd.DataFrame:
    """Return each cell on which coders differ: place, sentence, step, column, who said what, and notes on the row."""
    rows = []
    for column in FILL:
        for place, coded in filled[filled[column].notna()].groupby("place", sort=False):
            if coded[column].nunique() > 1:
                first = coded.iloc[0]
                said = "; ".join(f"{c}: {v}" for c, v in sorted(zip(coded["coder"], coded[column])))
                rows.append((int(first["row"]), place, first["sentence"], first["step"], column, said, _notes(coded)))
    found = pd.DataFrame(rows, columns=["row", "place", "sentence", "step", "column", "who said what", "notes"])
    return found.sort_values(["row", "column"], ignore_index=True)


def _notes(coded: pd.DataFrame) -> str:
    """Join the notes that coders wrote on a row, each with its writer."""
    noted = coded[coded["note"].notna()].sort_values("coder")
    return "; ".join(f"{c}: {note}" for c, note in zip(noted["coder"], noted["note"]))


def _counted(words: pd.Series) -> str:
    counts = words.value_counts()
    return ", ".join(f"{word} {counts[word]}" for word in sorted(counts.index, key=lambda w: (-counts[w], w)))


def hardest(filled: pd.DataFrame) -> pd.DataFrame:
    """Return the cells on which persons differ, those first on which they differ most.

    Accepts the frame of :func:`read_sheets`. Returns text, row, column, sentence, step, coders, ``alike`` (the share of
    coders who gave the commonest word), ``words`` (each with how many gave it) and ``notes`` (who noted what).
    """
    persons = filled[filled["kind"] == "person"]
    rows = []
    for column in FILL:
        for place, coded in persons[persons[column].notna()].groupby("place", sort=False):
            if coded[column].nunique() > 1:
                first, counts = coded.iloc[0], coded[column].value_counts()
                rows.append((first["text"], int(first["row"]), column, first["sentence"], first["step"], len(coded),
                             counts.max() / len(coded), _counted(coded[column]), _notes(coded), place))
    columns = ["text", "row", "column", "sentence", "step", "coders", "alike", "words", "notes", "place"]
    return pd.DataFrame(rows, columns=columns).sort_values(["alike", "text", "row", "column"], ignore_index=True)


def against_key(filled: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Return where most persons gave another word than the key, for talking about: one of the two is to be mended.

    Accepts the frame of :func:`read_sheets` and the case of its texts. Returns text, row, column, step, ``class`` (the
    words with how many gave each) and ``key``. Texts that the case does not have are left out.
    """
    persons = filled[filled["kind"] == "person"]
    rows = []
    for doc in sorted(set(persons["text"].dropna()) & set(case.manifest["doc_id"])):
        key, mine = rows_of(case, doc).set_index("place"), persons[persons["text"] == doc]
        for column in FILL:
            for place, coded in mine[mine[column].notna()].groupby("place", sort=False):
                right = key[f"{column}_key"].get(place)
                if isinstance(right, str) and (coded[column] == right).mean() < .5:
                    rows.append((doc, int(coded["row"].iloc[0]), column, key.at[place, "step"], _counted(coded[column]),
                                 right))
    found = pd.DataFrame(rows, columns=["text", "row", "column", "step", "class", "key"])
    return found.sort_values(["text", "row", "column"], ignore_index=True)
