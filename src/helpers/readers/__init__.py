"""From a saved file to plain text, with what was found out about the file on the way.

What is read is kept as it is: line breaks (but for those of a margin), odd characters and mistakes of the encoding too,
since every offset of the casebook counts characters of this text. Repaired text is for showing only (`Source.display`).

`read` gives the one text of a file; `read_all` also takes files of many texts: tables, and exports of news databases.
`.pdf`, `.docx` and `.rtf` need the extra `readers` (pypdf, python-docx, striprtf).
"""
from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from helpers.readers import exports, rows
from helpers.readers.mail import read_eml
from helpers.readers.office import read_docx, read_pdf, read_rtf
from helpers.readers.pages import read_html, read_mht
from helpers.readers.source import ReadError, Source, decode, read_txt, refill

__all__ = ["READERS", "TABLES", "ReadError", "Source", "decode", "read", "read_all", "register", "write_sidecar"]

MAX_BYTES = 20_000_000
SIGNATURES = {b"%PDF": "a PDF", b"PK\x03\x04": "a zip archive or an office document", b"\x89PNG": "a picture",
              b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\xd0\xcf\x11\xe0": "an old office document",
              b"\x1f\x8b": "a gzip archive", b"{\\rtf": "an RTF document", b"bplist": "a Safari web archive"}
OWN = {"a PDF": ".pdf", "a zip archive or an office document": ".docx", "an RTF document": ".rtf"}


def read(path: os.PathLike | str) -> Source:
    r"""Read a saved text of any supported format.

    Accepts the path of a `.txt` file in any common encoding, of a saved `.html` or `.mht` page (rendered to plain lines
    with inscriptis), an e-mail (`.eml`), a `.pdf`, `.docx` or `.rtf` document. Further formats: see `register`.

    Returns a `Source`. Line breaks of a `.txt` stay as they are in the file, unless it was filled up to a margin (hard
    line breaks at 72 columns): then each paragraph is made one line.

    Raises ReadError, naming the file and the remedy, for a file that is absent, empty, no text, larger than 20 MB (one
    article is rarely above 1 MB), of an unknown format, or that holds no words.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "ferry.txt"
    >>> _ = path.write_bytes("Ferry “late”\r\nNobody knows why the café is shut.\r\n".encode("cp1252"))
    >>> source = read(path)
    >>> source.encoding, source.text[:14], source.repaired
    ('cp1252', 'Ferry “late”\r\n', False)
    """
    path = Path(path)
    reader = READERS.get(path.suffix.lower())
    data = _bytes(path) if reader or path.is_dir() else b""
    if reader is None:
        many = path.suffix.lower() in TABLES
        raise ReadError(path, f"files ending in {path.suffix or 'nothing'} are not read" + " as one text" * many,
                        "`casebook new` makes a text of each of its rows" if many else
                        f"Save it as .txt or .html (read here: {', '.join(sorted(READERS))}; and "
                        f"with one text a row {', '.join(sorted(TABLES))})")
    return reader(path, data)


def read_all(path: os.PathLike | str, text_column: str = "") -> Iterator[Source | ReadError]:
    r"""Read every text of a file.

    Accepts what :func:`read` does, tables with one text a row (`.csv`, `.tsv`, `.jsonl`, `.json`; the column of the
    text is the one named, else guessed) and exports of Nexis Uni, LexisNexis and Factiva (`.docx`, `.rtf`, `.txt`).

    Yields a `Source` for each text. Those out of a table or an export have the format `part`: they are plain texts of
    their own (`file` is a name made for them, `sha256` is that of the text in UTF-8, `about` has what the row or the
    export says of them). A row that cannot be read is yielded as the ReadError that says why. Raises ReadError where
    the file as a whole cannot be read.

    >>> import tempfile, pathlib
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "ferries.csv"
    >>> _ = path.write_text("Headline,Text\nLate,The ferry is late.\nLost,The ferry is lost.\n")
    >>> [(s.file, s.about["title"], s.text.split("\n")[-2]) for s in read_all(path)]
    [('ferries-1.txt', 'Late', 'The ferry is late.'), ('ferries-2.txt', 'Lost', 'The ferry is lost.')]
    """
    path = Path(path)
    table = TABLES.get(path.suffix.lower())
    if table is not None and not path.is_dir():
        n = 0
        for row in table(path, _bytes(path), text_column):
            if isinstance(row, ReadError):
                yield row
                continue
            n += 1
            about = {k: v for k, v in row.items() if k not in ("text", "url")}
            head = [] if row["text"].lstrip().startswith(about.get("title", "\0")) else [about.get("title", "")]
            yield _part(path, n, "\n\n".join(filter(None, [*head, row["text"]])), about, row.get("url"),
                        f"row {n} of {path.name}, line {row.line}")
        if not n:
            raise ReadError(path, "no row holds a text", "Look whether the column with the texts is the right one")
        return
    source = read(path)
    # the heads of an export's articles are told by their lines
    whole = decode(path, _bytes(path))[0] if source.format == "txt" else source.text
    name, articles = exports.split(whole) if source.format in ("txt", "docx", "rtf") else ("", [])
    if not name:
        yield source
        return
    if not articles:
        raise ReadError(path, f"it looks like a {name} export, but no article could be cut out of it",
                        "Export it again as .docx or .rtf with the full text, or save each article as .txt")
    for n, article in enumerate(articles, 1):
        yield _part(path, n, article.text, article.about, None, f"article {n} of {len(articles)} in the {name} export "
                    f"{path.name}")


def _part(path: Path, n: int, text: str, about: dict, url: str | None, note: str) -> Source:
    """A text out of a file of many, as if it had been saved as a file of its own."""
    text = refill(text.replace("\r\n", "\n").replace("\r", "\n")).encode("utf-8", "replace").decode("utf-8")
    text = text.strip("\n") + "\n"
    data = text.encode("utf-8")
    made = read_txt(path.with_name(f"{path.stem}-{n}.txt"), data)
    return replace(made, sha256=hashlib.sha256(data).hexdigest(), format="part", notes=(note, *made.notes), url=url,
                   about=about)


def _bytes(path: Path) -> bytes:
    """The bytes of a file; ReadError for what cannot be opened, is empty, too large, or another thing than it says."""
    if path.is_dir():
        raise ReadError(path, "this is a folder", "Name a file in it")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ReadError(path, f"it holds {size / 1e6:.0f} MB; the limit is {MAX_BYTES / 1e6:.0f} MB",
                            "Save the article alone, or cut the file into one text each")
        data = path.read_bytes()
    except FileNotFoundError:
        raise ReadError(path, "there is no such file", "Check the name and the folder") from None
    except OSError as error:
        raise ReadError(path, f"it cannot be opened ({error.strerror or error})",
                        "Check that you may read it and that no other program holds it") from None
    if not data.strip(b"\0 \t\r\n"):
        raise ReadError(path, "the file is empty", "Save the page again, or take the file out of the folder")
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature) and OWN.get(kind) != path.suffix.lower():
            rename = f"Let its name end in {OWN[kind]}, or open it" if kind in OWN else "Open it"
            raise ReadError(path, f"this is {kind}, not what {path.suffix} says",
                            f"{rename} and save its text as .txt (UTF-8)")
    return data


READERS: dict[str, Callable[[Path, bytes], Source]] = {
    ".txt": read_txt, ".text": read_txt, ".html": read_html, ".htm": read_html, ".xhtml": read_html,
    ".mht": read_mht, ".mhtml": read_mht, ".eml": read_eml, ".pdf": read_pdf, ".docx": read_docx, ".rtf": read_rtf}
# files with one text a row
TABLES = {".csv": rows.read_csv, ".tsv": rows.read_csv, ".jsonl": rows.read_json, ".ndjson": rows.read_json,
          ".json": rows.read_json}


def register(ending: str, reader: Callable[[Path, bytes], Source]) -> None:
    """Add a format: `reader` takes the path and the file's bytes and returns a Source.

    >>> register(".ferry", read_txt)
    >>> ".ferry" in READERS
    True
    >>> del READERS[".ferry"]
    """
    READERS[ending.lower()] = reader


def write_sidecar(source: Source, folder: os.PathLike | str) -> Path:
    """Keep the rendered text of a page beside it, as `<file>.txt` in UTF-8, whole or not at all; returns its path.

    Offsets refer to this text. One that is there already and is the same is left alone.
    """
    folder = Path(folder)
    target = folder / f"{Path(source.file).name}.txt"
    data = source.text.encode("utf-8")
    if target.is_file() and target.read_bytes() == data:
        return target
    handle, scratch = tempfile.mkstemp(dir=folder, prefix=".sidecar-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.replace(scratch, target)
    except BaseException:
        Path(scratch).unlink(missing_ok=True)
        raise
    return target
