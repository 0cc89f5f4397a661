"""Bytes to text: encodings, and what a reader gives back."""
from __future__ import annotations

import codecs
import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# what no plain text holds: control characters other than tab, line breaks and form feed
LISTED = re.compile(r"\s*(?:[*•·▪‣–—-] |\(?\d{1,3}[.)] |[A-Z]{1,3}\d?: )")    # a list's entry, "Q: ", "A: "
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
    file's bytes. `format`: `txt`, `html` … `repaired`: whether `display` differs from `text` (the file had been saved
    with a wrong encoding before). `notes`: what the reader should know, in plain words. `file`: the file's name.
    `rendered_sha256`: for a format that is rendered, the hash of the plain text that was made of it (UTF-8, `\\n`);
    None for `.txt`. `url`: where the file says it was saved from, or None. `about`: what the file says of the text,
    as it says it: `title`, `outlet`, `byline`, `published`, `evidence` (what the date rests on), `length` (words).
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
    about: Mapping[str, str] = field(default_factory=dict, compare=False)

    @cached_property
    def display(self) -> str:
        """The text with mojibake repaired (ftfy), quotation marks left curly. To be shown only: offsets do not fit."""
        return _repair(self.text)


def _repair(text: str) -> str:
    import ftfy
    return ftfy.fix_text(text, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False,
                         fix_line_breaks=False, normalization=None, unescape_html=False, max_decode_length=1_000_000)


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
    for encoding in filter(None, ("utf-8", declared)):
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


def note_repairs(text: str, notes: tuple[str, ...]) -> tuple[bool, tuple[str, ...]]:
    """Whether letters of a text are damaged by an earlier wrong encoding, and the notes with one that says so."""
    repaired = _repair(text[:1_000_000]) != text[:1_000_000]
    if repaired:
        notes += ("some letters were damaged by an earlier wrong encoding; they are repaired where the text is shown, "
                  "and left as they are where offsets count",)
    return repaired, notes


def refill(text: str) -> str:
    r"""A text without the hard line breaks of a program that fills lines up to a margin; another text as it is.

    A line was filled when the first word of the next one would not have fitted before the margin any more (so
    `textwrap` and RFC 3676 have it): only such a line is joined with the next. The text counts as filled when lines
    that go on in the next, in small letters, are at least three in ten, and nine in ten of them are full.

    >>> refill("Ferries\n\nThe night ferry\nsails again.\n")
    'Ferries\n\nThe night ferry\nsails again.\n'
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    pairs = [(a, b.split(None, 1)[0]) for a, b in zip(lines, lines[1:], strict=False) if a.strip() and b.strip()]
    carried = [(len(a), len(word)) for a, word in pairs if word[0].islower() and a[-1] not in ".!?:"]
    margin = max((n for n, _ in carried), default=0)
    full = sum(n + 1 + word > margin for n, word in carried)
    if not 40 <= margin <= 100 or len(carried) < 8 or full < .9 * len(carried) \
            or len(carried) < .3 * sum(map(bool, lines)):
        return text
    out: list[str] = []
    before = ""
    for line in lines:
        opens = LISTED.match(line) or len(line) - len(line.lstrip()) > len(before) - len(before.lstrip()) + 1
        if before and line and not opens and len(before) <= margin < len(before) + 1 + len(line.split(None, 1)[0]):
            out[-1] += line.lstrip() if re.search(r"\w-$", before) else " " + line.lstrip()
        else:
            out.append(line)
        before = line
    return "\n".join(out)


def read_txt(path: Path, data: bytes) -> Source:
    """A plain text file; hard line breaks at a margin are undone, so that a paragraph is a line."""
    text, encoding, notes = decode(path, data)
    filled = refill(text)
    if filled != text:
        return rendered(path, data, filled, "txt", encoding=encoding,
                        notes=(*notes, "its lines were broken at a margin; they are joined to paragraphs"))
    repaired, notes = note_repairs(text, notes)
    return Source(text, encoding, hashlib.sha256(data).hexdigest(), "txt", repaired, notes, path.name)


def rendered(path: Path, data: bytes, text: str, format: str, *, encoding: str = "utf-8", notes: tuple[str, ...] = (),
             url: str | None = None, about: Mapping[str, str] | None = None) -> Source:
    """The Source of a format that plain text is made of: one kind of line break, no blanks at the ends of lines."""
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    text = text.encode("utf-8", "replace").decode("utf-8")       # no halves of a surrogate pair
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in text.split("\n"))).strip("\n") + "\n"
    repaired, notes = note_repairs(text, tuple(notes))
    return Source(text, encoding, hashlib.sha256(data).hexdigest(), format, repaired, notes, path.name,
                  hashlib.sha256(text.encode()).hexdigest(), url,
                  {k: " ".join(str(v).split()) for k, v in (about or {}).items() if v and str(v).strip()})
