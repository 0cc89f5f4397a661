"""A case: its folders, its texts, its manifest, its tables, and the parameters a notebook is run with."""
from __future__ import annotations

import ast
import datetime as dt
import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import PRACTICE, PROJECT_DATA, default_data, tables
from helpers.tables import TableError

__all__ = ["Case", "CaseError", "TextMissing", "open_case", "list_cases", "default_data", "check_parameters",
           "ParameterError", "by_publication", "digests"]


class CaseError(ValueError):
    """A case that cannot be opened or used: says what is wrong and what to do."""


class TextMissing(CaseError):
    """The text of a document is not on this machine."""


class ParameterError(ValueError):
    """A parameter of a notebook or page that does not exist or has the wrong kind of value."""


def list_cases(data: Path | None = None) -> list[str]:
    """Return the names of the cases that have a manifest under ``data/raw``, in alphabetical order."""
    return sorted(p.parent.name for p in (Path(data or default_data()) / "raw").glob("*/documents.csv"))


def open_case(name: str, data: str | Path | None = None) -> Case:
    """Open the case ``name``.

    Accepts the name of a folder under ``data/raw`` and, optionally, another data folder. Returns a :class:`Case`,
    from which everything else is reached; the practice case that comes with the project where the usual data folder
    lacks it. Raises :class:`CaseError` when there is no such case, and
    :class:`~helpers.tables.TableError` when its manifest does not fit.

    >>> case = open_case("practice")
    >>> case.name, len(case.manifest) >= 6
    ('practice', True)
    """
    own, data = not data, Path(data) if data else default_data()
    known = list_cases(data)
    if own and name == PRACTICE and name not in known:
        data, known = PROJECT_DATA, list_cases(PROJECT_DATA)
    if name not in known:
        near = difflib.get_close_matches(str(name), known, 1)
        raise CaseError(f"There is no case {name!r} in {data / 'raw'}."
                        + (f" Did you mean {near[0]!r}?" if near else "")
                        + (f" The cases are: {', '.join(known)}." if known else " It holds no case at all.")
                        + " A case is a folder with a manifest, documents.csv; the practice case shows one.")
    case = Case(name, data)
    try:
        _check_files(case)
    except (CaseError, TableError) as error:     # more than one case may be opened: say whose manifest it is
        raise type(error)(f"{name}/{error}") from None
    return case


# names that a file cannot have on every system, and those of the case's own files
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(10))})
OWN = frozenset({"documents.csv", "reference.csv", "reference-template.csv", "reference.md", "readme.md", "brief.md",
                 "to-confirm.md"})
LONGEST = 200       # bytes of a file's name; systems take 255, and a text's sidecar has a longer one
WIDEST = 20_000     # characters of a cell
MOST = 10           # faults that one message tells


def wrong_name(file: str) -> str:
    """Return why a text's file cannot be called so on every system, or nothing.

    >>> wrong_name("Ferry report.txt"), wrong_name("../ferry.txt"), wrong_name("Con.txt")
    ('', 'is not a plain file name', 'is the name of a device on Windows')
    """
    if not file.isprintable() and any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in file):
        return "holds a sign that cannot be seen"
    if Path(file).name != file or file.startswith(".") or re.search(r"[\\/:]", file):
        return "is not a plain file name"
    if found := re.search(r'[<>"|?*]', file):
        return f"holds {found[0]}, which no file's name can hold on Windows"
    if file != file.strip() or file.endswith("."):
        return "begins or ends with a blank, or ends with a dot"
    if file.split(".")[0].rstrip().lower() in RESERVED:
        return "is the name of a device on Windows"
    if file.lower() in OWN:
        return "is a file of the case itself, not a text"
    if len(file.encode("utf-8")) > LONGEST:
        return f"is {len(file.encode('utf-8'))} bytes long; {LONGEST} is the most"
    for word in [] if file.isascii() else re.findall(r"[^\W\d_]+", file):
        scripts = {unicodedata.name(c, "").split(" ")[0]: c for c in word}
        if "LATIN" in scripts and {"CYRILLIC", "GREEK"} & set(scripts):
            other = scripts.get("CYRILLIC") or scripts["GREEK"]
            return f"mixes alphabets in a word: U+{ord(other):04X} is {unicodedata.name(other)}"
    return ""


def _check_files(case: Case) -> None:
    """A manifest names files inside its own folder, each once on every system; what is not so is told, with its line.

    Raises CaseError: no file but the manifest is read before.
    """
    rows = list(case.manifest[["doc_id", "file"]].itertuples(index=False, name=None))
    wide = {d for c in case.manifest for d in case.manifest.loc[case.manifest[c].str.len().gt(WIDEST).fillna(False),
                                                                "doc_id"]}
    said = [(doc_id, f"a cell of the row holds more than {WIDEST:,} characters. Look for a quotation mark that is not "
                     "closed") for doc_id in sorted(wide)]
    there: dict[str, str] = {}
    for doc_id, file in rows:
        if why := wrong_name(file):
            said.append((doc_id, f"the file {tables.shown(file)} {why}. Give it another name in the case's folder, and "
                                 "write that here"))
        if doc_id in RESERVED:
            said.append((doc_id, f"the doc_id {doc_id!r} is the name of a device on Windows. Write another, such as "
                                 f"'text-{doc_id}'"))
        spelt = unicodedata.normalize("NFKC", file).casefold()
        if spelt in there:
            same = there[spelt] == file
            said.append((doc_id, f"the file {tables.shown(file)} is named twice" + (
                "" if same else f", for not every system tells it from {tables.shown(there[spelt])}")
                + ". Each document has a file of its own: rename one, or delete the row"))
        there.setdefault(spelt, file)
    for doc_id, file in rows:       # "page.html.txt" is the plain text of "page.html"
        page = unicodedata.normalize("NFKC", file.removesuffix(".txt")).casefold()
        if file.endswith(".txt") and page in there and not page.endswith((".txt", ".text")):
            said.append((doc_id, f"the file {tables.shown(file)} has the name of the plain text that is made of "
                                 f"{tables.shown(there[page])}. Rename it"))
    if said:
        lines = _lines_of(case)
        told = [f"line {lines.get(doc_id, '?')}: {what}." for doc_id, what in said]
        more = f"\n  … and {len(told) - MOST} more" if len(told) > MOST else ""
        told.sort(key=lambda line: [int(n) for n in re.findall(r"^line (\d+)", line)])
        raise CaseError("documents.csv: " + ("\n  " if len(told) > 1 else "") + "\n  ".join(told[:MOST]) + more)


def _lines_of(case: Case) -> dict[str, int]:
    """The line of the manifest on which each document stands."""
    text = (case.raw / "documents.csv").read_bytes().decode("utf-8-sig")
    (_, header), *rows = tables.records(text, strict=False)
    at = [cell.strip() for cell in header].index("doc_id")
    return {cells[at]: line for line, cells in rows if len(cells) > at}


def digests(folder: Path, files: Iterable[str]) -> list[str | None]:
    """Return the SHA-256 of each file of a folder, None where there is no such file."""
    paths = [folder / file for file in files]
    return [hashlib.sha256(p.read_bytes()).hexdigest() if p.is_file() else None for p in paths]


@dataclass(frozen=True)
class Case:
    """One dispute: a folder of texts, what is known about them, and what was measured from them.

    A case that was narrowed to some ``documents`` (:meth:`part`) has these alone in its manifest and tables.
    """
    name: str
    data: Path
    documents: tuple[str, ...] | None = None

    @property
    def raw(self) -> Path:
        """Folder of what was collected: manifest, texts, codebook, labels, public record."""
        return self.data / "raw" / self.name

    @property
    def processed(self) -> Path:
        """Folder of what was computed: one CSV file a table, and ``datapackage.json``."""
        return self.data / "processed" / self.name

    @cached_property
    def manifest(self) -> pd.DataFrame:
        """One row a document, as ``documents.csv`` declares it."""
        rows = tables.read_csv(self.raw / "documents.csv", tables.MANIFEST_TABLE)
        return rows if self.documents is None else rows[rows["doc_id"].isin(self.documents)].reset_index(drop=True)

    def part(self, documents: Iterable[str]) -> Case:
        """Return the case narrowed to some documents, as light as they are few: nothing is kept of the others.

        >>> open_case("practice").part(["wire"]).manifest["doc_id"].tolist()
        ['wire']
        """
        chosen = self.choose(documents)
        part = Case(self.name, self.data, tuple(chosen))
        part.__dict__["manifest"] = self.manifest.iloc[[self._place[d] for d in chosen]].reset_index(drop=True)
        return part

    @cached_property
    def _place(self) -> dict[str, int]:
        """The number of each document's row in the manifest."""
        return {d: n for n, d in enumerate(self.manifest["doc_id"])}

    @cached_property
    def title(self) -> str:
        """What the case is called on pages: the first heading of its ``README.md``, else its name."""
        readme = self.raw / "README.md"
        if readme.exists():
            heading = re.search(r"^# (.+)$", readme.read_text(encoding="utf-8"), re.M)
            if heading:
                return heading[1].strip()
        return self.name

    # texts ------------------------------------------------------------------------------------------------------

    def row(self, doc_id: str) -> pd.Series:
        """Return the manifest's row of a document. Raises :class:`CaseError` for one it does not list."""
        if doc_id not in self._place:
            near, known = difflib.get_close_matches(str(doc_id), self._place, 1), list(self._place)
            listed = ", ".join(known[:20]) + (f" … and {len(known) - 20} more" if len(known) > 20 else "")
            raise CaseError(f"The case {self.name!r} has no document {doc_id!r}."
                            + (f" Did you mean {near[0]!r}?" if near else "") + f" Its documents are {listed}.")
        return self.manifest.iloc[self._place[doc_id]]

    def choose(self, documents: Iterable[str] = ()) -> list[str]:
        """Return the documents named, in the manifest's order; all of them when none is named."""
        wanted = set(documents)
        for unknown in wanted - self._place.keys():
            self.row(unknown)
        return sorted(wanted, key=self._place.__getitem__) if wanted else list(self._place)

    def coded(self, documents: Iterable[str] = ()) -> list[str]:
        """Return the documents named, or all, that the coders read: those in English."""
        return [d for d in self.choose(documents) if d not in self.foreign.index]

    def path(self, doc_id: str) -> Path:
        """Return where the text of a document lies or would lie."""
        return self.raw / self.row(doc_id)["file"]

    @cached_property
    def present(self) -> pd.Series:
        """Whether each document's text is here and is the one the manifest means (same SHA-256), by doc_id."""
        rows = self.manifest[["doc_id", "sha256"]].itertuples(index=False)
        return pd.Series({d: self.digests[d] == s for d, s in rows}, dtype="boolean")

    @property
    def changed(self) -> list[str]:
        """The documents in whose place lies a file with another SHA-256 than the manifest's."""
        present = self.present.to_dict()
        return [d for d, digest in self.digests.items() if digest is not None and not present[d]]

    @cached_property
    def digests(self) -> dict[str, str | None]:
        """The SHA-256 of each document's file as it lies here, None where there is no file."""
        return dict(zip(self.manifest["doc_id"], digests(self.raw, self.manifest["file"])))

    def astray(self) -> tuple[list[str], list[str]]:
        """Say which texts are not where the manifest has them, a line each with what to do.

        Returns those of which nothing is here, though other texts of the case are (a case without any of its texts is
        as it should be), and those that lie in the folder under another name.
        """
        gone = [d for d, digest in self.digests.items() if digest is None]
        if not gone:
            return [], []
        known = set(self.manifest["file"])
        others = sorted(p.name for p in self.raw.iterdir() if p.is_file() and p.name not in known
                        and not p.name.startswith(".") and p.name.lower() not in OWN)
        named = dict(zip(digests(self.raw, others), others))
        lines, some = _lines_of(self), len(gone) < len(self.digests)
        lost, elsewhere = [], []
        for doc_id in gone:
            row = self.row(doc_id)
            where = f"documents.csv: line {lines.get(doc_id, '?')}: {row['file']}, the text of {doc_id}, is not there"
            if row["sha256"] in named:
                elsewhere.append(f"{where}, but {named[row['sha256']]} is that text. Write that name into the line, or "
                                 "rename the file.")
            elif some:
                lost.append(f"{where}, though other texts of the case are. Put it back: `casebook texts {self.name} "
                            "--from FOLDER`. Until then its tables stay as they were.")
        more = [f"… and {len(lost) - MOST} more texts that are not there"] if len(lost) > MOST else []
        return [*lost[:MOST], *more], elsewhere

    @property
    def has_texts(self) -> bool:
        """Whether the texts of all documents are here."""
        return bool(self.present.all())

    def text(self, doc_id: str, start: int | None = None, end: int | None = None) -> str:
        """Return the text of a document as read, or the passage between two offsets.

        Raises :class:`TextMissing` when the text is not here, or is another version than the one measured.
        """
        return self._source(doc_id).text[start:end]

    def source(self, doc_id: str):
        """Return what the reader found: text, encoding, digest (see :func:`helpers.readers.read`)."""
        return self._source(doc_id)

    @cached_property
    def _sources(self) -> dict:
        return {}

    def _source(self, doc_id: str):
        if doc_id not in self._sources:
            path = self.path(doc_id)
            if not path.is_file():
                raise TextMissing(f"The text of {doc_id} is not here. "
                                  f"`casebook texts {self.name} --from FOLDER` puts it in place.")
            if not self.present[doc_id]:
                raise TextMissing(f"{path.name} is not the text that was measured: its SHA-256 differs from "
                                  f"documents.csv. Put the same copy in place with `casebook texts {self.name} --from "
                                  "FOLDER`, or enter the new digest and build the case again.")
            self._sources[doc_id] = self._read(path, self.row(doc_id)["text_sha256"])
        return self._sources[doc_id]

    def _read(self, path: Path, text_sha256: object):
        """Read a file; one whose plain text is declared by its digest gives that very text, whoever rendered it."""
        from helpers import readers
        if pd.isna(text_sha256):
            return readers.read(path)
        beside = path.with_name(f"{path.name}.txt")
        data = beside.read_bytes() if beside.is_file() else b""
        if hashlib.sha256(data).hexdigest() != text_sha256:
            data = readers.read(path).text.encode("utf-8")
            if hashlib.sha256(data).hexdigest() != text_sha256:
                raise CaseError(f"The text made of {path.name} is not the one that was measured (its reader has "
                                f"changed). Put {beside.name} back as it was, or empty text_sha256 in documents.csv "
                                "and build the case again.")
        return readers.Source(data.decode("utf-8"), "utf-8", hashlib.sha256(path.read_bytes()).hexdigest(),
                              path.suffix[1:].lower(), False, (), path.name, str(text_sha256))

    def state(self) -> str:
        """Say in one line whether the texts are here, and which files are not the texts that were measured."""
        n, here = len(self.manifest), int(self.present.sum())
        if here == n:
            texts = f"All {n} texts" if self.documents is None else f"The {n} texts of this case that are looked at"
            return f"{texts} are here: the tables are computed from them." + self.not_coded()
        other = "".join(f" {self.path(d).name} is not the text that was measured." for d in self.changed)
        return (f"{here} of {n} texts are here: the tables are opened as they were computed before "
                f"(`casebook texts {self.name} --from FOLDER` puts texts in place).{other}{self.not_coded()}")

    @property
    def foreign(self) -> pd.Series:
        """The language of each document that is not in English, by doc_id: kept, but the coders know English only."""
        language = self.manifest.set_index("doc_id")["language"]
        return language[language.notna() & language.ne("en")]

    def not_coded(self) -> str:
        """Say which texts are left out of the coding for their language; empty where all are in English."""
        named = ", ".join(f"{d} ({language})" for d, language in self.foreign.items())
        return f" Not in English, so kept but not coded: {named}." if named else ""

    def read(self, doc_id: str, start: int, end: int, *, passages: bool = True) -> str:
        """Return what stands behind a mark, for reading.

        Accepts a document and a span. With the text here (and ``passages`` left on) returns the passage. Without it
        returns what the project holds instead: our paraphrase and its status where the span was coded, the number of
        the paragraph or the part of the page, and the address of the page.
        """
        row = self.row(doc_id)
        if passages and self.present[doc_id]:
            return self.text(doc_id, start, end)
        place = []
        if self.has("adjudicated_event_mentions"):
            m = self.load("adjudicated_event_mentions", where={"doc_id": doc_id})
            m = m[(m["trigger_start"] < end) & (m["trigger_end"] > start)]
            place += [f"{label} ({status})" for label, status in zip(m["label"], m["status"])]
        if self.has("sentences"):
            s = self.load("sentences", where={"doc_id": doc_id})
            s = s[(s["start"] < end) & (s["end"] > start)]
            if len(s):
                place.append(place_of(*s.iloc[0][["section", "paragraph"]]))
        place.append(f"characters {start}–{end} of {row['file']}")
        where = next((row[c] for c in ("archive_url", "url") if pd.notna(row[c])), None)
        return "; ".join(place) + (f"; {where}" if where else "")

    # tables -----------------------------------------------------------------------------------------------------

    def load(self, table: str, columns: Iterable[str] | None = None,
             where: Mapping[str, object] | None = None) -> pd.DataFrame:
        """Return a table of ``data/processed``, or those columns and rows of it that are asked for.

        Accepts the table's name, the columns wanted, and what rows must hold (see :func:`helpers.tables.load_table`):
        of a large case only these are read from the disk. A narrowed case reads the rows of its documents, and the
        events that these tell of. Raises :class:`CaseError` when the table was never built.

        >>> open_case("practice").load("sentences", ["section"], {"doc_id": "wire"})["section"].iloc[0]
        'title'
        """
        if table in tables.TABLES and not self.has(table):
            tables.finish(self.processed)
            if not self.has(table):
                raise CaseError(f"The table {table!r} of {self.name!r} has not been built. "
                                f"`casebook build {self.name}` builds it.")
        where = dict(where or {})
        if self.documents is not None and table in tables.TABLES:
            names = tables.TABLES[table].names
            where |= {c: self.documents for c in ("doc_id", "doc_a", "doc_b") if c in names and c not in where}
            if table == "events" and "event_id" not in where:
                where["event_id"] = self._told
        return tables.load_table(self.processed, table, columns, where)

    @cached_property
    def _told(self) -> list[str]:
        """The events that the documents of a narrowed case tell of, in either layer."""
        layers = [t for t in ("event_mentions", "adjudicated_event_mentions") if self.has(t)]
        return sorted({e for t in layers for e in self.load(t, ["event_id"])["event_id"].dropna()})

    def has(self, table: str) -> bool:
        """Whether a table was built."""
        return tables.has_table(self.processed, table)

    def save(self, frames: Mapping[str, pd.DataFrame], drop: Iterable[str] = ()) -> dict[str, Path]:
        """Write tables and remove others, all or none (see :func:`helpers.tables.save_tables`)."""
        if self.documents is not None:
            raise CaseError(f"These are the tables of {len(self.documents)} texts of {self.name!r}, not of all: they "
                            "are not written over those of the whole case.")
        return tables.save_tables(self.processed, frames, title=self.name, drop=drop)

    def labels(self, name: str) -> pd.DataFrame | None:
        """Return a file of ``gold/`` as strings, or None where the case has none."""
        return self.optional(f"gold/{name}.csv")

    @cached_property
    def reference(self) -> pd.DataFrame | None:
        """The listed public record (``reference.csv``), or None where the case has none."""
        return self.optional("reference.csv")

    def optional(self, file: str | Path) -> pd.DataFrame | None:
        """Return a CSV file of the case's folder as strings, or None where the case has none.

        Accepts its path, as it stands in the folder of what was collected. Raises
        :class:`~helpers.tables.TableError`, which names file, line and remedy, for what is no CSV.

        >>> open_case("practice").optional("review/coders.csv")["kind"].unique().tolist()
        ['model']
        >>> open_case("practice").optional("gold/nothing.csv") is None
        True
        """
        path = self.raw / file
        return tables.read_strings(path) if path.exists() else None


SECTIONS = {"title": "title", "dek": "standfirst", "caption": "caption"}     # what is no paragraph of the body


def place_of(section: object, paragraph: object) -> str:
    """Say where in a text a sentence stands: its paragraph, or the part of the page that is not the body.

    >>> place_of("body", 3), place_of("dek", 0), place_of("body", pd.NA)
    ('paragraph 3', 'standfirst', 'body')
    """
    if section in SECTIONS:
        return SECTIONS[str(section)]
    return str(section) if pd.isna(paragraph) or not paragraph else f"paragraph {paragraph}"


def by_publication(documents: pd.DataFrame) -> pd.DataFrame:
    """Return documents (doc_id, published_latest) in the order in which they came out: by the last day each can have.

    >>> texts = pd.DataFrame({"doc_id": ["c", "b", "a"], "published_latest": ["2020", "2019", None]})
    >>> by_publication(texts)["doc_id"].tolist()
    ['b', 'c', 'a']
    """
    return documents.sort_values(["published_latest", "doc_id"])


def place_texts(case: Case, folder: str | Path) -> pd.DataFrame:
    """Put the texts of a known case in place, matched by SHA-256, whatever they are called.

    Accepts a case and a folder of files. Returns a frame (file, doc_id, outcome) with outcome ``placed``, ``already
    there``, ``refused`` (matches no document) or ``unreadable``, then a row ``missing`` for each document that no file
    matched. Nothing is refused for the sake of another file. A table or an export of a news database may hold several
    documents. Raises :class:`CaseError` when there is no such folder.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise CaseError(f"There is no folder {folder}. Give the folder that holds the saved texts.")
    from helpers import readers
    wanted: dict[str, list[str]] = {}
    for digest, doc_id in zip(case.manifest["sha256"], case.manifest["doc_id"]):
        wanted.setdefault(digest, []).append(doc_id)        # two documents may have the same text
    rows: list[tuple[str, str | None, str]] = []
    found: set[str] = set()
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        try:
            content = path.read_bytes()
        except OSError as error:
            rows.append((path.name, None, f"unreadable: {error.strerror}"))
            continue
        matched = [(d, c) for c in _texts_in(path, content, wanted) for d in wanted[hashlib.sha256(c).hexdigest()]]
        if not matched:
            rows.append((path.name, None, "refused: matches no document of the manifest by SHA-256"))
        for doc_id, text in matched:
            target = case.path(doc_id)
            there = target.is_file() and target.read_bytes() == text
            if not there:
                tables.write_whole(target, text)
            outcome = "already there" if there else "placed"
            if target.suffix.lower() not in (".txt", ".text"):  # offsets refer to its rendered lines, kept beside it
                try:
                    readers.write_sidecar(case._read(target, case.row(doc_id)["text_sha256"]), case.raw)
                except readers.ReadError as error:
                    outcome = f"{outcome}, but not read: {error.what}. {error.remedy}"
                except CaseError as error:      # its reader has changed
                    outcome = f"{outcome}, but not read: {error}"
            found.add(doc_id)
            rows.append((path.name, doc_id, outcome))
    rows += [(case.row(d)["file"], d, "missing") for d in case.manifest["doc_id"]
             if d not in found and not case.present[d]]
    for kept in ("present", "digests"):
        case.__dict__.pop(kept, None)
    return pd.DataFrame(rows, columns=["file", "doc_id", "outcome"]).astype("string")


def _texts_in(path: Path, content: bytes, wanted: Mapping[str, list[str]]) -> list[bytes]:
    """The texts with a wanted SHA-256 that a file is, or holds: an article of an export, a row of a table."""
    if hashlib.sha256(content).hexdigest() in wanted:
        return [content]
    from helpers import readers
    try:
        parts = [s for s in readers.read_all(path) if not isinstance(s, readers.ReadError) and s.format == "part"]
    except readers.ReadError:
        return []
    return [s.text.encode("utf-8") for s in parts if s.sha256 in wanted]


_OWN = {"In", "Out", "exit", "quit", "get_ipython", "open", "Annotated", "Literal", "Optional"}


def check_parameters(namespace: Mapping[str, Any]) -> None:
    """Check a notebook's parameters: called right after the ``parameters`` cell, with ``globals()``.

    Accepts the notebook's namespace, in which each parameter is annotated (``case: str = "practice"``). A name that
    was set without having been declared there (papermill's ``-p`` with a typing slip), a value of another kind than
    declared, and a day that is none (:func:`check_value`) raise :class:`ParameterError`, which names the parameter, the
    nearest one and what it takes. What other cells set when all were run before is not looked at.

    >>> check_parameters({"__annotations__": {"save": bool}, "save": True})
    >>> check_parameters({"__annotations__": {"save": bool}, "save": True, "sav": False})
    Traceback (most recent call last):
    helpers.case.ParameterError: There is no parameter 'sav'; did you mean 'save'? ...
    """
    from types import ModuleType
    declared = dict(namespace.get("__annotations__") or {})
    if not declared and callable(namespace.get("__annotate__")):     # Python 3.14 keeps annotations unevaluated
        declared = dict(namespace["__annotate__"](1))
    listed = ", ".join(f"{n} ({_kind(t)})" for n, t in declared.items())
    just_set = _set_since_declared(namespace.get("In"), set(declared))
    for name, value in namespace.items():
        own = isinstance(value, ModuleType | type) or callable(value)
        if own or name in declared or name.startswith("_") or name in _OWN or name not in (just_set or namespace):
            continue
        near = difflib.get_close_matches(name, declared, 1)
        raise ParameterError(f"There is no parameter {name!r}" + (f"; did you mean {near[0]!r}?" if near else ".")
                             + f" The parameters are: {listed}.")
    for name, kind in declared.items():
        check_value(name, namespace[name], kind)


def _set_since_declared(cells: Sequence[str] | None, declared: set[str]) -> set[str]:
    """The names that the cells run last set, back to the one that declares parameters; none where there is no such.

    Accepts the code of the cells, as IPython keeps it in ``In``. The cell that checks goes on to set names of its own.

    >>> sorted(_set_since_declared(["n: int = 1", "d = n", "n: int = 2", "m = 3", "check_parameters(o := {})"], {"n"}))
    ['m', 'n']
    """
    names: set[str] = set()
    for cell in reversed(cells or []):
        try:
            nodes = list(ast.walk(ast.parse(cell)))
        except SyntaxError:
            continue
        if any(isinstance(n, ast.Name) and n.id == "check_parameters" for n in nodes):
            continue
        names |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        if any(isinstance(n, ast.AnnAssign) and getattr(n.target, "id", "") in declared for n in nodes):
            return names
    return set()


def check_words(name: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raise :class:`ParameterError` when a parameter holds a word that is none of the known ones.

    >>> check_words("layer", ["machin"], ["adjudicated", "machine"])
    Traceback (most recent call last):
    helpers.case.ParameterError: The parameter 'layer' cannot be 'machin'; did you mean 'machine'? It takes: ...
    """
    known = list(known)
    for word in given:
        if word not in known:
            near = difflib.get_close_matches(str(word), known, 1)
            meant = f"; did you mean {near[0]!r}?" if near else "."
            raise ParameterError(f"The parameter {name!r} cannot be {word!r}{meant} It takes: {', '.join(known)}.")


def check_value(name: str, value: object, kind: Any) -> None:
    """Raise :class:`ParameterError` when a value is not of the declared kind (a type or a typing expression).

    A text called ``since`` or ``until`` is a day, and a list of texts called ``window`` is a first and a last day; an
    empty text leaves an end open.

    >>> check_value("documents", "a,b", list[str])
    Traceback (most recent call last):
    helpers.case.ParameterError: The parameter 'documents' takes a list of texts such as ["a", "b"], not 'a,b'.
    >>> check_value("since", "2019", str)
    Traceback (most recent call last):
    helpers.case.ParameterError: The parameter 'since' takes a day such as "2019-01-31", ..., not '2019'; ...
    """
    import pydantic
    try:
        pydantic.TypeAdapter(kind, config=pydantic.ConfigDict(strict=True)).validate_python(value)
    except pydantic.ValidationError:
        raise ParameterError(f"The parameter {name!r} takes {_kind(kind)}, not {value!r}.") from None
    if name in DAYS and kind is str:
        _check_day(name, str(value))
    elif name == WINDOW and kind == list[str]:
        _check_window(name, value)


DAYS, WINDOW = ("since", "until"), "window"      # the names under which a parameter holds days


def _check_day(name: str, said: str) -> None:
    try:
        if said and not re.fullmatch(r"\d{4}-\d\d-\d\d", said):
            raise ValueError
        if said:
            dt.date.fromisoformat(said)
    except ValueError:
        whole = re.fullmatch(r"(\d{4})(-(0[1-9]|1[0-2]))?", said)
        near = f'; did you mean "{whole[1]}-{whole[3] or "01"}-01"?' if whole else "."
        raise ParameterError(f'The parameter {name!r} takes a day such as "2019-01-31", or "" for no bound, not '
                             f"{said!r}{near}") from None


def _check_window(name: str, said: Any) -> None:
    if len(said) != 2:
        raise ParameterError(f'The parameter {name!r} takes a first and a last day, such as '
                             f'["2019-01-01", "2021-12-31"], with "" for an open end, not {said!r}.')
    for day in said:
        _check_day(name, day)
    first, last = said
    if first and last and first > last:
        raise ParameterError(f"The parameter {name!r} ends before it begins: {said!r}. Write the earlier day first, "
                             f'["{last}", "{first}"].')


def _kind(kind: object) -> str:
    known = {str: "a text in quotation marks", bool: "True or False", int: "a whole number", float: "a number",
             list[str]: 'a list of texts such as ["a", "b"]', list[int]: "a list of whole numbers such as [1, 2]"}
    try:
        return known[kind] if kind in known else str(kind).replace("typing.", "")
    except TypeError:
        return str(kind)
