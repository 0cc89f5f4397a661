"""Documents of office programs: `.pdf` (pypdf), `.docx` (python-docx), `.rtf` (striprtf): the extra `readers`."""
from __future__ import annotations

import io
import logging
import re
import zipfile
from collections import Counter
from importlib import import_module
from pathlib import Path

from helpers.readers.source import ReadError, Source, rendered

MAX_UNPACKED, MAX_PARTS, MAX_PAGES = 100_000_000, 5_000, 400
INSTALL = "python -m pip install pypdf python-docx striprtf"


def library(path: Path, module: str, name: str):
    """The library that reads a format; where it is not installed, a ReadError that says how to install it."""
    try:
        return import_module(module)
    except ImportError:
        raise ReadError(path, f"{path.suffix} files are read with {name}, which is not installed",
                        f"Install it with `{INSTALL}`, or save the text as .txt") from None


def read_pdf(path: Path, data: bytes) -> Source:
    """The text layer of a PDF, its hard line breaks undone; what is printed on every page is left out."""
    pypdf = library(path, "pypdf", "pypdf")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)       # its remarks on a damaged file are ours to make
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if len(reader.pages) > MAX_PAGES:
            raise ReadError(path, f"it has {len(reader.pages)} pages; the limit is {MAX_PAGES}",
                            "Cut out the article and save it as a PDF of its own, or as .txt")
        pages = [page.extract_text() or "" for page in reader.pages]
    except ReadError:
        raise
    except Exception as error:      # whatever a broken file makes the library do
        if "cryptography" in str(error) or type(error).__name__ in ("DependencyError", "FileNotDecryptedError"):
            raise _locked(path) from None
        raise ReadError(path, f"the PDF cannot be read ({type(error).__name__})",
                        "Open it, print it to a new PDF, or save its text as .txt") from None
    empty = [n for n, page in enumerate(pages, 1) if not any(c.isalnum() for c in page)]
    if len(empty) == len(pages):
        raise ReadError(path, "its pages are pictures without a text layer (a scan)",
                        "Run text recognition (OCR) over it, or type or copy the text into a .txt file")
    notes: tuple[str, ...] = ()
    if empty:
        notes += (f"pages without a text layer, which are missing here: {', '.join(map(str, empty))}",)
    clean, running = _without_running_heads([page.split("\n") for page in pages])
    if running:
        notes += (f"lines printed on every page, left out: {running}",)
    return rendered(path, data, "\n\n".join(unwrap([line for page in clean for line in page])), "pdf", notes=notes)


def _locked(path: Path) -> ReadError:
    return ReadError(path, "the PDF is protected with a password",
                     "Open it, enter the password, and print it to a new PDF without one")


def _without_running_heads(pages: list[list[str]]) -> tuple[list[list[str]], int]:
    """Pages without the first and last lines that recur, figures aside, on more than half of three pages or more."""
    pages = [[line for line in page if line.strip()] for page in pages]
    if len(pages) < 3:
        return pages, 0

    def alike(line: str) -> str:
        return re.sub(r"\d+", "0", line.strip())
    ends = Counter(alike(line) for page in pages for line in {*page[:2], *page[-2:]})
    often = {line for line, n in ends.items() if n > len(pages) / 2}
    kept = [[line for k, line in enumerate(page) if alike(line) not in often or 2 <= k < len(page) - 2]
            for page in pages]
    return kept, sum(map(len, pages)) - sum(map(len, kept))


def unwrap(lines: list[str]) -> list[str]:
    """Join the lines of a paragraph that were broken at the margin; an empty line ends a paragraph, a short one too.

    >>> unwrap(["The night ferry was can-", "celled again on Monday, and nobody at", "the pier knew.", "", "Next."])
    ['The night ferry was cancelled again on Monday, and nobody at the pier knew.', 'Next.']
    """
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    margin = lengths[int(.8 * (len(lengths) - 1))] if lengths else 0
    out: list[str] = []
    open_ = False
    for line in map(str.strip, lines):
        if not line:
            open_ = False
            continue
        if not open_:
            out.append(line)
        elif re.search(r"[a-zß-ÿ]-$", out[-1]) and line[:1].islower():
            out[-1] = out[-1][:-1] + line
        else:
            out[-1] += " " + line
        ends = re.search(r"[.!?:;]['\"”’)\]]*$", line) is not None
        # a full line goes on; a line that ends a sentence well before the margin ends the paragraph
        open_ = len(line) >= (.9 if ends else .6) * margin
    return out


def unpackable(path: Path, data: bytes) -> None:
    """Raise ReadError for a zip file that is none, or that would unpack to more than this reader will hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise ReadError(path, "it is no Word document, or a damaged one", "Open it in Word or LibreOffice and save it "
                        "again, or save its text as .txt") from None
    size = sum(part.file_size for part in parts)
    if size > MAX_UNPACKED or len(parts) > MAX_PARTS:
        raise ReadError(path, f"it would unpack to {size / 1e6:.0f} MB in {len(parts)} parts; the limits are "
                        f"{MAX_UNPACKED / 1e6:.0f} MB and {MAX_PARTS}", "Save its text as .txt")
    if any(part.flag_bits & 1 for part in parts):
        raise ReadError(path, "it is protected with a password", "Open it and save it without one")


def read_docx(path: Path, data: bytes) -> Source:
    """The paragraphs and tables of a Word document, one line each; macros and pictures are not looked at."""
    docx = library(path, "docx", "python-docx")
    unpackable(path, data)
    try:
        document = docx.Document(io.BytesIO(data))
        lines: list[str] = []
        for block in document.iter_inner_content():
            if hasattr(block, "rows"):
                lines += ["\t".join(_cells(row)) for row in block.rows]
            else:
                lines += [block.text, ""]
    except Exception as error:      # whatever a broken file makes the library do
        raise ReadError(path, f"the Word document cannot be read ({type(error).__name__})",
                        "Open it in Word or LibreOffice and save it again, or save its text as .txt") from None
    return _worded(path, data, "\n".join(lines), "docx")


def _cells(row) -> list[str]:
    seen, out = set(), []
    for cell in row.cells:                     # merged cells come several times
        if cell._tc not in seen:
            seen.add(cell._tc)
            out.append(cell.text.strip())
    return out


def read_rtf(path: Path, data: bytes) -> Source:
    """The text of an RTF document."""
    striprtf = library(path, "striprtf.striprtf", "striprtf")
    if not data.lstrip().startswith(b"{\\rtf"):
        raise ReadError(path, "it is no RTF document", "Open it in a word processor and save it again, or save its "
                        "text as .txt")
    try:
        text = striprtf.rtf_to_text(data.decode("latin-1"), errors="replace")
    except Exception as error:
        raise ReadError(path, f"the RTF document cannot be read ({type(error).__name__})",
                        "Open it in a word processor and save it again, or save its text as .txt") from None
    return _worded(path, data, text, "rtf")


def _worded(path: Path, data: bytes, text: str, kind: str) -> Source:
    if not any(c.isalnum() for c in text):
        raise ReadError(path, "it holds no words", "Look whether its text is in a picture, and save it as .txt")
    return rendered(path, data, text, kind)
