"""From a saved file to plain text, with what was found out about the file on the way.

What is read is kept as it is: line breaks, odd characters and mistakes of the encoding too, since every offset of the
casebook counts characters of this text. Repaired text is for showing only (`Source.display`).
"""
from __future__ import annotations

import codecs
import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

MAX_BYTES = 20_000_000
SIGNATURES = {b"%PDF": "a PDF", b"PK\x03\x04": "a zip archive or an office document", b"\x89PNG": "a picture",
              b"\xff\xd8\xff": "a picture", b"GIF8": "a picture", b"\xd0\xcf\x11\xe0": "an old office document",
              b"\x1f\x8b": "a gzip archive", b"{\\rtf": "an RTF document", b"bplist": "a Safari web archive"}
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->|"
                        r"<link[^>]+rel=[\"']canonical[\"'][^>]+href=[\"']([^\"']+)", re.IGNORECASE)
# what no plain text holds: control characters other than tab, line breaks and form feed
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class ReadError(ValueError):
    """A file that cannot be read as text. The message names the file, what is wrong and what to do."""

    def __init__(self, path: os.PathLike | str, what: str, remedy: str):
        self.path, self.what, self.remedy = Path(path), what, remedy
        super().__init__(f"{self.path}: {what}. {remedy}")


@dataclass(frozen=True)
class Source:
    """A text as it was read.

    `text`: what all offsets refer to. `encoding`: of the file (`utf-8`, `utf-8-sig`, `cp1252` …). `sha256`: of the
    file's
    bytes. `format`: `txt`, `html` … `repaired`: whether `display` differs from `text` (the file had been saved with a
    wrong encoding before). `notes`: what the reader should know, in plain words. `file`: the file's name.
    `rendered_sha256`: for
    a format that is rendered, the hash of the plain text that was made of it (UTF-8, `\\n`); None for `.txt`.
    `url`: where the file says it was saved from, or None.
    """
    text: str
    encoding: str
    sha256: str
    format: str
    repaired: bool
    notes: tuple[str, ...]
    file: str
    rendered_sha256: str | None = None
    url: str | None = None

    @cached_property
    def display(self) -> str:
        """The text with mojibake repaired (ftfy), quotation marks left curly. To be shown only: offsets do not fit."""
        return _repair(self.text)


def _repair(text: str) -> str:
    import ftfy
    return ftfy.fix_text(text, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False,
                         fix_line_breaks=False, normalization=None, unescape_html=False, max_decode_length=1_000_000)


def read(path: os.PathLike | str) -> Source:
    r"""Read a saved text of any supported format.

    Accepts the path of a `.txt` file in any common encoding, or of a saved `.html` page (rendered to plain lines with
    inscriptis). Further formats: see `register`.

    Returns a `Source`. Line breaks stay as they are in the file.

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
    if path.is_dir():
        raise ReadError(path, "this is a folder", "Name a file in it")
    if reader is None:
        raise ReadError(path, f"files ending in {path.suffix or 'nothing'} are not read",
                        f"Save it as .txt or .html (read here: {', '.join(sorted(READERS))})")
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
        if data.startswith(signature):
            raise ReadError(path, f"this is {kind}, not plain text", "Open it and save its text as .txt (UTF-8)")
    return reader(path, data)


def decode(path: os.PathLike | str, data: bytes, declared: str | None = None) -> tuple[str, str, tuple[str, ...]]:
    """Bytes to text: a byte-order mark first, then what the page declares, then UTF-8, then what charset-normalizer
    finds. Returns text, encoding and notes. Raises ReadError for what is no text in any of them."""
    for bom, encoding in BOMS:
        if data.startswith(bom):
            try:
                return _plain(path, data.decode(encoding)), encoding, ()
            except UnicodeDecodeError:
                break
    if 0 in data:
        wide = _utf16_without_mark(data)
        if wide is None:
            raise ReadError(path, "it holds zero bytes, which no plain text has", "Save its text as .txt (UTF-8)")
        return _plain(path, data.decode(wide)), wide, (f"no byte-order mark; read as {wide}",)
    for encoding in ("utf-8", declared):
        if encoding:
            try:
                return _plain(path, data.decode(encoding)), codecs.lookup(encoding).name, ()
            except (UnicodeDecodeError, LookupError):
                continue
    loose = data.decode("utf-8", "replace")
    wrong = loose.count("\N{REPLACEMENT CHARACTER}")
    if wrong <= sum(c > "\x7f" for c in loose) - wrong:
        return _plain(path, loose), "utf-8", (f"places that are no UTF-8, shown as \N{REPLACEMENT CHARACTER}: {wrong}",)
    return _guess(path, data)


def _guess(path, data: bytes) -> tuple[str, str, tuple[str, ...]]:
    """An encoding of one byte a letter. Windows-1252 when it fits and the text is of Latin letters: that is what saved
    pages of the West are in; what charset-normalizer finds otherwise."""
    from charset_normalizer import from_bytes
    sample = data[:200_000]
    best = from_bytes(sample, cp_exclusion=["utf_7"]).best()
    guess = best.encoding if best else None
    high = sum(b >= 0x80 for b in sample)
    try:
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        western = ""
    if western and (guess is None or guess in LATIN or high <= .02 * len(sample)) and not _looks_wrong(western):
        if TURKISH.search(western) and not re.search("[æÆ]", western):
            return _plain(path, data.decode("cp1254", "replace")), "cp1254", ("encoding guessed: cp1254",)
        return _plain(path, western), "cp1252", ()
    if guess is None:
        raise ReadError(path, "its encoding could not be recognised", "Open it in an editor and save it as UTF-8")
    try:
        text = data.decode(guess)
        note = f"encoding guessed: {guess}"
    except UnicodeDecodeError:
        text = data.decode(guess, errors="replace")
        note = f"encoding guessed: {guess}; some bytes did not fit and show as \N{REPLACEMENT CHARACTER}"
    return _plain(path, text), guess, (note,)


LATIN = frozenset({"ascii", "cp1252", "latin_1", "iso8859_1", "iso8859_15", "cp1250", "cp1254", "cp1257", "iso8859_9",
                   "iso8859_2", "iso8859_4", "iso8859_10", "iso8859_13", "iso8859_14", "iso8859_16", "cp437", "cp850",
                   "cp858", "cp819", "mac_roman", "hp_roman8", "cp1140", "cp273", "cp500", "cp037", "cp1026", "cp1258",
                   "mac_iceland", "mac_turkish", "mac_latin2", "cp775", "cp852", "cp857", "cp860", "cp861", "cp863",
                   "cp865", "iso8859_3"})
# ş, ı and ğ of Turkish read as Windows-1252; Icelandic has the same letters, and æ
TURKISH = re.compile(r"[þýð]\w|\w[þýð]")
# letters that Windows-1252 makes of other alphabets' bytes: long runs of accented capitals and signs
WRONG = re.compile(r"[À-ÿ]{4,}|[\x80-\xbf]{3,}|(?<=[A-Za-z])[¡-©«-´¶-¹»-¿](?=[a-z])")


def _looks_wrong(text: str) -> bool:
    """Whether text read as Windows-1252 has the runs of accented letters that another alphabet leaves."""
    hits = sum(len(m.group()) for m in WRONG.finditer(text[:200_000]))
    return hits >= 3 and hits > .005 * min(len(text), 200_000)


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows by zeros in every other byte."""
    sample = data[:4000]
    for encoding, part in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[0::2])):
        if len(sample) >= 8 and len(data) % 2 == 0 and part.count(0) > .4 * len(part):
            try:
                data.decode(encoding)
                return encoding
            except UnicodeDecodeError:
                continue
    return None


def _plain(path, text: str) -> str:
    """The text, if it is one; ReadError for binary data that happened to decode."""
    sample = text[:200_000]
    if len(CONTROL.findall(sample)) > max(2, .002 * len(sample)):
        raise ReadError(path, "it holds control characters that no text has", "Save its text as .txt (UTF-8)")
    if not any(c.isalnum() for c in sample) and not any(c.isalnum() for c in text):
        raise ReadError(path, "the file holds no words", "Save the page again, or take the file out of the folder")
    return text


def _notes(text: str, notes: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    repaired = _repair(text[:1_000_000]) != text[:1_000_000]
    if repaired:
        notes += ("some letters were damaged by an earlier wrong encoding; they are repaired where the text is shown, "
                  "and left as they are where offsets count",)
    return repaired, notes


def read_txt(path: Path, data: bytes) -> Source:
    """A plain text file."""
    text, encoding, notes = decode(path, data)
    repaired, notes = _notes(text, notes)
    return Source(text, encoding, hashlib.sha256(data).hexdigest(), "txt", repaired, notes, path.name)


def read_html(path: Path, data: bytes) -> Source:
    """A saved page, rendered to plain lines; scripts never run, and nothing is fetched."""
    from inscriptis import get_text
    from inscriptis.css_profiles import CSS_PROFILES
    from inscriptis.model.config import ParserConfig
    declared = DECLARED.search(data[:4096])
    markup, encoding, notes = decode(path, data, declared and declared.group(1).decode("ascii").lower())
    # lxml refuses a declaration of the encoding in text that is decoded already
    bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup)
    try:
        rendered = get_text(bare, ParserConfig(css=CSS_PROFILES["strict"]))
    except Exception as error:
        raise ReadError(path, f"the page could not be rendered ({type(error).__name__})",
                        "Open it in a browser, select all, and save the text as .txt") from error
    text = "\n".join(line.strip() for line in rendered.split("\n")).strip("\n") + "\n"
    if not any(c.isalnum() for c in text):
        raise ReadError(path, "the page holds no text (it may be drawn by a script)",
                        "Open it in a browser, select all, and save the text as .txt")
    saved = SAVED_FROM.search(markup[:20_000])
    repaired, notes = _notes(text, notes)
    return Source(text, encoding, hashlib.sha256(data).hexdigest(), "html", repaired, notes, path.name,
                  hashlib.sha256(text.encode()).hexdigest(), (saved.group(1) or saved.group(2)) if saved else None)


READERS: dict[str, Callable[[Path, bytes], Source]] = {
    ".txt": read_txt, ".text": read_txt, ".html": read_html, ".htm": read_html, ".xhtml": read_html}


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
