"""A new case from a folder of texts: the texts under safe names, a draft manifest, and what a person must confirm.

Nothing here is certain, and nothing is hidden: every field that was guessed is listed in ``to-confirm.md``, and the
actors that are proposed count for nothing until somebody saves them as ``actors.csv``.
"""
from __future__ import annotations

import errno
import hashlib
import html
import os
import re
import shlex
import shutil
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from helpers import cleaning, dates, readers, tables
from helpers.case import LONGEST, RESERVED, CaseError, default_data, wrong_name
from helpers.codebook import load_codebook
from helpers.dates import periods
from helpers.proposals import PROPOSED, free_id, propose_actors, slug
from helpers.readers import ReadError, Source
from helpers.review import spreadsheet

__all__ = ["NewCase", "new_case", "check_call", "check_name", "safe_file", "day_of", "LANGUAGE"]

LANGUAGE = "en"     # the language that the coders know
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f<>:\"/\\|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
IGNORED = re.compile(r"^(?:\.DS_Store|\._.*|\.~lock\..*|\.git.*|~\$.*|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)

Progress = Callable[[Iterable, str], Iterable]


@dataclass
class NewCase:
    """What came of a folder: where the case lies, its manifest, and what to tell whoever called.

    ``left_out`` names each file or row that did not go in, and why; ``said`` what was changed or noticed; ``confirm``
    lists (doc_id, field, what was put there and why); ``proposed`` are the proposed actors.
    """
    path: Path
    manifest: pd.DataFrame
    left_out: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    confirm: list[tuple[str, str, str]] = field(default_factory=list)
    proposed: pd.DataFrame = field(default_factory=pd.DataFrame)

    def told(self) -> list[str]:
        """What came of it, line by line."""
        texts = self.manifest
        short = texts.loc[texts["language"].isna(), "doc_id"]
        other = texts[texts["language"].notna() & texts["language"].ne(LANGUAGE)]
        basis = texts["published_basis"].value_counts()
        names = self.proposed[self.proposed["kind"].ne("state")]["name"].head(5)
        return [*self.said,
                f"{len(texts)} texts went into {self.path}.",
                "Days of publication: " + ", ".join(f"{basis.get(b, 0)} {b}" for b in ("stated", "inferred", "unknown"))
                + ".",
                *([f"Not in English ({', '.join(other['doc_id'])}): kept, and left out of the coding."]
                  if len(other) else []),
                *([f"Too short to tell the language ({', '.join(short)}): coded as if in English."]
                  if len(short) else []),
                f"{len(self.proposed)} actors are proposed in codebook/proposed-actors.csv"
                + (f", first {', '.join(names)}." if len(names) else "."),
                f"{len(self.confirm)} points to confirm are listed in {self.path / 'to-confirm.md'}."]

    def next_commands(self) -> list[str]:
        """The three commands that come next."""
        place = self.path.parent.parent
        where = "" if place.resolve() == default_data().resolve() else f" --data {shlex.quote(str(place))}"
        return [f"casebook {verb} {self.path.name}{where}" for verb in ("check", "build", "render")]


def check_name(name: str) -> None:
    """Raise CaseError for a name that no folder should have on every system.

    >>> check_name("lisbon-ports")
    >>> check_name("../ports")
    Traceback (most recent call last):
    helpers.case.CaseError: '../ports' cannot be the name of a case. Use small letters, ... such as 'ports'.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", name) or name in RESERVED:
        near = slug(name, 40)
        raise CaseError(f"{name!r} cannot be the name of a case. Use small letters, figures, - and _, at most 40, "
                        f"beginning with a letter, such as {near if near and near not in RESERVED else 'ports'!r}.")


def safe_file(name: str, taken: set[str]) -> str:
    """A file name that every system takes and that is not taken yet, as near to the given one as can be.

    Accepts the name as it came and the names taken, in small letters (the new one and that of its sidecar are added).

    >>> taken = set()
    >>> safe_file("Ferry report.txt", taken), safe_file("ferry REPORT.txt", taken), safe_file("con.txt", taken)
    ('Ferry report.txt', 'ferry REPORT-2.txt', 'text-con.txt')
    >>> safe_file("../../harbour.html", taken), safe_file("=A1+B2.txt", taken)     # a spreadsheet would reckon with it
    ('harbour.html', 'A1+B2.txt')
    """
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    stem, dot, ending = UNSAFE.sub("-", name).rpartition(".")
    if not dot:
        stem, ending = ending, "txt"
    stem = re.sub(r"^[\s.=+@＝＋－＠-]+|[\s.-]+$", "", stem)[:80]
    stem = stem.encode("utf-8")[:LONGEST - 20].decode("utf-8", "ignore").rstrip(" .-") or "text"
    ending = re.sub(r"[^A-Za-z0-9]", "", ending)[:8] or "txt"
    if stem.split(".")[0].rstrip().lower() in RESERVED:
        stem = f"text-{stem}"
    if wrong_name(f"{stem}.{ending}"):      # a name of the case's own, or letters that look like others
        stem = f"text-{slug(stem, 80)}".rstrip("-")
    n, made = 1, f"{stem}.{ending}"
    while {made.lower(), f"{made}.txt".lower()} & taken:
        n += 1
        made = f"{stem}-{n}.{ending}"
    taken |= {made.lower(), f"{made}.txt".lower()}
    return made


def day_of(words: str) -> tuple[str, str] | None:
    """First and last day that a date as written can mean; None where it is none.

    ``03/04/2021`` can be two days, and is taken for either.

    >>> day_of("Tuesday 4 May 2021"), day_of("2021-05-04T23:10:00Z"), day_of("03/04/2021"), day_of("soon")
    (('2021-05-04', '2021-05-04'), ('2021-05-04', '2021-05-04'), ('2021-03-04', '2021-04-03'), None)
    """
    words = str(words)[:200].strip()
    stamp = re.match(r"((?:19|20)\d\d)-?(\d\d)-?(\d\d)(?!\d)", words)
    split = re.match(r"(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b", words)
    if stamp:
        span = periods.bounds("-".join(stamp.groups()))
        return (span[0].isoformat(), span[1].isoformat()) if span else None
    if split:
        one, two, year = map(int, split.groups())
        days = sorted(f"{year}-{m:02d}-{d:02d}" for m, d in {(one, two), (two, one)} if m <= 12
                      and periods.bounds(f"{year}-{m:02d}-{d:02d}"))
        return (days[0], days[-1]) if days else None
    found = dates.find_times(words, None)
    found = found[found["granularity"].isin(["day", "time", "month"]) & found["earliest"].notna()]
    return None if found.empty else tuple(found.iloc[0][["earliest", "latest"]])


# what lies in the folder ------------------------------------------------------------------------------------------


def _files(folder: Path, new: NewCase) -> list[Path]:
    """The files of a folder, in order of name; links that lead out of it and what cannot be looked at are told."""
    try:
        listed = sorted(folder.iterdir(), key=lambda p: (p.name.lower(), p.name))
    except OSError as error:
        raise CaseError(f"{folder}: cannot be opened ({error.strerror}). Check that you may read it.") from None
    out = []
    for path in listed:
        if IGNORED.match(path.name):
            continue
        if path.is_symlink() and _leads_out(path, folder):
            new.left_out.append(f"{_shown(path)}: a link that leads out of the folder. Put a copy of the file there.")
        elif path.is_dir():
            if not path.name.endswith(("_files", ".files")):        # the pictures of a saved page
                new.said.append(f"{_shown(path)}: a folder in the folder is not opened. Put its files beside the "
                                "others.")
        elif path.is_file():
            out.append(path)
        else:
            new.left_out.append(f"{_shown(path)}: no ordinary file. Put a copy of the text there.")
    return out


def _leads_out(path: Path, folder: Path) -> bool:
    try:
        return folder.resolve() not in path.resolve(strict=True).parents
    except (OSError, RuntimeError):     # it leads nowhere, or in a circle
        return True


def _printable(words: str) -> str:
    """Words as they can be printed: without control characters, and not without end."""
    words = words[:600].encode("utf-8", "replace").decode("utf-8")
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in words)


def _shown(path: Path | str) -> str:
    """A file's name as it can be printed."""
    return _printable(Path(path).name)


def _told(error: ReadError) -> str:
    return f"{_shown(error.path)}: {_printable(error.what)}. {_printable(error.remedy)}."


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _sources(files: list[Path], text_column: str, new: NewCase) -> Iterator[tuple[Path, Source]]:
    """Every text of the files that is not there yet; what cannot be read is told, and the rest goes on."""
    seen: dict[str, str] = {}
    for path in files:
        try:
            for source in readers.read_all(path, text_column):
                if isinstance(source, ReadError):
                    new.left_out.append(_told(source))
                    continue
                where = _shown(path) if source.format != "part" else _printable(source.notes[0])
                digests = source.sha256, hashlib.sha256(_words(source.text).encode()).hexdigest()
                twin = next((seen[d] for d in digests if d in seen), None)
                if twin:
                    new.said.append(f"{where}: the same text as {twin}, kept once.")
                    continue
                seen |= dict.fromkeys(digests, where)
                yield path, source
        except ReadError as error:
            new.left_out.append(_told(error))
        except Exception as error:      # one file must not cost the others
            new.left_out.append(f"{_shown(path)}: could not be read ({type(error).__name__}). Save its text as .txt.")


# the draft --------------------------------------------------------------------------------------------------------


def _draft(source: Source, new: NewCase, ids: set[str], files: set[str]) -> tuple[dict, pd.DataFrame]:
    """A row of the manifest for one text, with what must be confirmed, and the text's sentences."""
    lines = cleaning.clean(source.text, name=source.file)
    what = cleaning.describe(source.text, lines)
    about = source.about
    clean = {k: _cell(v) for k, v in about.items()}
    title = clean.get("title") or _cell(what["title"] or "")
    url = source.url if re.fullmatch(r"https?://\S{1,1990}", source.url or "") else None
    outlet = clean.get("outlet") or _cell(_site(url))
    doc_id = free_id((outlet if source.format in ("part", "eml") else "") or Path(source.file).stem, ids)
    row: dict = {
           "doc_id": doc_id, "file": safe_file(source.file, files), "sha256": source.sha256, "title": title or None,
           "outlet": outlet or None, "byline": clean.get("byline") or _cell(what["byline"] or "") or None,
           "url": url, "language": _language(what["language"], source.text), "note": _cell(" ".join(
               f"{n[:1].upper()}{n[1:]}." for n in source.notes)) or None}
    if source.rendered_sha256:
        row["text_sha256"] = source.rendered_sha256
    if row["file"] != source.file and source.format != "part":
        new.said.append(f"{_shown(source.file)}: kept as {row['file']}.")

    def ask(what: str, why: str) -> None:
        new.confirm.append((doc_id, what, why))
    row |= _dated(source, lines, ask, row["language"] in (None, LANGUAGE))
    if any(v.startswith("'") and not about[k].lstrip().startswith("'") for k, v in clean.items()):
        new.said.append(f"{doc_id}: a field begins like a formula; an apostrophe before it keeps spreadsheets from "
                        "computing it.")
    for name, found, guess in (("title", clean.get("title"), "taken from the text"),
                               ("outlet", clean.get("outlet"), "taken from the address"),
                               ("byline", clean.get("byline"), "taken from the text")):
        if not row[name]:
            ask(name, "not found")
        elif not found:
            ask(name, f"“{row[name]}”, {guess}")
    ask("outlet_country", "not looked up: the three letters of the outlet's country")
    if row["language"] is None:
        ask("language", "too short to tell: coded as if it were English; write `en`, or the code of its language, "
                        "which leaves it out of the coding")
    elif row["language"] != LANGUAGE:
        ask("language", f"looks like “{row['language']}”: kept, and left out of the coding, which knows English only")
    told = re.match(r"[\d.,  ]+", about.get("length", ""))
    said = int(re.sub(r"\D", "", told.group()) or 0) if told else 0
    if said and abs(len(source.text.split()) - said) > max(30, .25 * said):
        ask("file", f"the export says {said} words, the text cut out of it has {len(source.text.split())}")
    row["short_name"] = _short(outlet or Path(row["file"]).stem, row)
    sentences = cleaning.sentences(source.text, lines) if row["language"] in (None, LANGUAGE) else None
    return row, sentences


def _language(body: str | None, text: str) -> str | None:
    """The language of the body; one too short to tell may be that of the page, but English is that of many pages."""
    whole = body or cleaning.language(text)
    return None if body is None and whole == LANGUAGE else whole


def _cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula, on one line."""
    return spreadsheet.cell(" ".join("".join(c if c.isprintable() else " " for c in str(value)).split())[:500])


def _site(url: str | None) -> str:
    found = re.match(r"https?://(?:www\.)?([^/:?#]+)", url or "")
    return found[1] if found else ""


def _short(outlet: str, row: dict) -> str:
    first, last = row.get("published_earliest") or "", row.get("published_latest") or ""
    if first and first[:7] == last[:7]:
        when = pd.Timestamp(first).strftime("%b %Y")
    else:
        when = first[:4] if first and first[:4] == last[:4] else "undated"
    return f"{outlet[:40]}, {when}"


def _dated(source: Source, lines: pd.DataFrame, ask: Callable[[str, str], None], readable: bool) -> dict:
    """The publication interval, where it comes from, and whether a person should look."""
    told = day_of(source.about["published"]) if source.about.get("published") else None
    if told:
        evidence = source.about.get("evidence", "what the file says of itself")
        ask("published", f"{_between(*told)}, by {evidence}")
        return {"published_earliest": told[0], "published_latest": told[1], "published_best": told[0],
                "published_basis": "stated", "published_evidence": evidence}
    guess = dates.infer_published(lines, text=source.text) if readable else None
    if guess is None or guess.earliest is None:
        ask("published", "no clue was found" if readable else "not looked for: the rules read English dates")
        return {"published_basis": "unknown"}
    used = guess.clues[guess.clues["used"].fillna(False)].sort_values("weight", ascending=False, kind="stable")
    evidence = "; ".join(dict.fromkeys(used["says"].head(3)))
    first, last, best = (day.isoformat() for day in guess[:3] if day)
    ask("published", f"{_between(first, last)}, {guess.basis}{' by the page' * (guess.basis == 'stated')}: {evidence}")
    return {"published_earliest": first, "published_latest": last, "published_best": best,
            "published_basis": guess.basis, "published_evidence": evidence}


def _between(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


# the case ---------------------------------------------------------------------------------------------------------


def check_call(name: str, folder: Path, data: Path) -> None:
    """Raise CaseError when a case of this name cannot be made, is there already, or the folder is none."""
    check_name(name)
    there = [p for below in ("raw", "processed") if (data / below).is_dir()
             for p in (data / below).iterdir() if p.name.lower() == name]
    if there:
        raise CaseError(f"{there[0]} is there already, and nothing in it was touched. Choose another name, or move "
                        "that folder away first.")
    if not folder.is_dir():
        raise CaseError(f"There is no folder {folder}. Give the folder that holds your texts.")


def _quiet(items: Iterable, _: str) -> Iterable:
    return items


def new_case(name: str, folder: str | Path, data: str | Path | None = None, *, title: str = "", text_column: str = "",
             progress: Progress = _quiet) -> NewCase:
    """Make a case out of a folder of texts: all of it, or nothing.

    Accepts the name of the case, the folder, the data folder, a title, the column of the texts in tables, and a
    progress bar (called with the texts and a word). Writes ``data/raw/<name>/``: the texts (other formats with their
    plain text beside them), ``documents.csv``, ``to-confirm.md``, ``README.md``, ``.gitignore``, and, to be filled,
    ``reference-template.csv``, ``codebook/proposed-actors.csv`` and ``review/coders.csv``. What cannot be read is left
    out and told in the NewCase that is returned.

    Raises CaseError when the name cannot be one, the case is there already, there is no such folder, or no text in it
    can be read.
    """
    raw, folder = Path(data or default_data()) / "raw", Path(folder)
    check_call(name, folder, raw.parent)
    try:
        raw.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".new-{name}-", dir=raw))     # the case lies one level down, unseen
    except OSError as error:
        raise CaseError(f"{raw}: no case can be made there ({error.strerror or error}). Make the folder writable, or "
                        "name another data folder with --data DIR.") from None
    target = raw / name
    new = NewCase(target, pd.DataFrame())
    for left in raw.glob(f".new-{name}-*"):        # by a call that was killed
        if left != made:
            shutil.rmtree(left, ignore_errors=True)
    try:
        (made / name).mkdir()
        _fill(made / name, name, folder, new, title, text_column, progress)
        os.rename(made / name, target)
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
            raise CaseError(f"{target} was made by somebody else meanwhile; nothing in it was touched. Choose another "
                            "name.") from None
        raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return new


def _fill(place: Path, name: str, folder: Path, new: NewCase, title: str, text_column: str, progress: Progress) -> None:
    rows, texts, taken = [], {}, {"to-confirm.md", "readme.md", "reference-template.csv"}
    ids: set[str] = set()
    for path, source in progress(_sources(_files(folder, new), text_column, new), "reading"):
        try:
            row, sentences = _draft(source, new, ids, taken)
        except Exception as error:      # one text must not cost the others
            new.left_out.append(f"{_shown(source.file)}: could not be cleaned ({type(error).__name__}: "
                                f"{_printable(str(error))}). Save its text alone as .txt.")
            continue
        content = source.text.encode("utf-8") if source.format == "part" else path.read_bytes()
        if hashlib.sha256(content).hexdigest() != row["sha256"]:
            new.left_out.append(f"{_shown(path)}: it was changed while it was read. Run the command again.")
            continue
        (place / row["file"]).write_bytes(content)
        if source.rendered_sha256:
            (place / f"{row['file']}.txt").write_bytes(source.text.encode("utf-8"))
        rows.append(row)
        if sentences is not None:
            texts[row["doc_id"]] = source.text, sentences
    if not rows:
        raise CaseError("No text could be read, so no case was made."
                        + "".join(f"\n  {line}" for line in new.left_out[:20])
                        + ("" if new.left_out else f" {folder} holds no file that could be one; put .txt, .html, .pdf, "
                           ".docx … there."))
    _tell_apart(rows)
    new.manifest = tables.conform(pd.DataFrame(rows), tables.MANIFEST_TABLE)
    new.proposed = propose_actors(texts, load_codebook(None)) if texts else pd.DataFrame(columns=list(PROPOSED))
    for pair in _alike(texts):
        new.said.append(pair)
    from helpers.compare import record_template
    heading = " ".join(title.split()) or name
    endings = sorted({Path(f).suffix for f in new.manifest["file"]} | {".txt"})
    files: dict[str, bytes | str] = {
        "documents.csv": tables.to_csv(new.manifest),
        "codebook/proposed-actors.csv": tables.to_csv(new.proposed),
        "review/coders.csv": "coder_id,kind,when,had_read,labels,sha256\n",
        "reference-template.csv": ",".join(record_template()["column"]) + "\n",
        "README.md": f"# {heading}\n\n<!-- Say here in a few lines what the dispute is about, how these texts were "
                     "chosen, and which were left out. The first paragraph is shown on the front page of the reports. "
                     "-->\n",
        ".gitignore": "# texts belong to their publishers: they are not published with the case\n"
                      + "".join(f"*{ending}\n" for ending in endings),
        "to-confirm.md": _confirm(name, new),
    }
    for file, content in files.items():
        tables.write_whole(place / file, content)


def _tell_apart(rows: list[dict]) -> None:
    """Figures show short names: no two texts may have the same."""
    seen: Counter = Counter(row["short_name"] for row in rows)
    count: Counter = Counter()
    for row in rows:
        if seen[row["short_name"]] > 1:
            count[row["short_name"]] += 1
            row["short_name"] += f" ({count[row['short_name']]})"


def _alike(texts: dict[str, tuple[str, pd.DataFrame]]) -> Iterator[str]:
    bodies = {d: " ".join(t[s:e] for s, e in rows.loc[rows["section"] == "body", ["start", "end"]].values)
              for d, (t, rows) in texts.items()}
    if len(bodies) < 2:
        return
    for pair in cleaning.near_duplicates(bodies, threshold=.8).itertuples(index=False):
        yield f"{pair[0]} and {pair[1]}: nearly the same wording. Both are kept; delete the row of one to leave it out."


FIELDS = {"title": "title", "outlet": "outlet", "byline": "byline", "published": "published_earliest, published_latest "
          "and published_best", "outlet_country": "outlet_country", "language": "language", "file": "the text"}


def _confirm(name: str, new: NewCase) -> str:
    """What a person must look at, as a list to tick off."""
    out = [f"# To confirm: {name}", "",
           "A program made `documents.csv` from what the files say and from guesses. Go through this list with the "
           "file open in a spreadsheet, correct what is wrong, and tick what is right. When you have settled a "
           "publication date, write `declared` under `published_basis` and say what it rests on under "
           "`published_evidence`.", ""]
    for doc_id, rows in _grouped(new.confirm):
        row = new.manifest[new.manifest["doc_id"] == doc_id].iloc[0]
        out += [f"## {doc_id} ({row['file']})", ""]
        out += [f"- [ ] `{FIELDS[what]}`: {html.escape(why, quote=False)}" for _, what, why in rows] + [""]
    out += ["## Actors", "",
            f"`codebook/proposed-actors.csv` lists {len(new.proposed)} names found in the texts, with how often "
            "(`times`), in how many texts, and where the first stands. They count for nothing yet. Delete the rows "
            "that are no actors, fill `kind` (state, person, organisation, medium, group), `country` and `bloc`, and "
            "save the file as `codebook/actors.csv`.", ""]
    if new.left_out:
        out += ["## Left out", "", *(f"- {html.escape(line, quote=False)}" for line in new.left_out), ""]
    if new.said:
        out += ["## Also", "", *(f"- {html.escape(line, quote=False)}" for line in new.said), ""]
    return "\n".join(out)


def _grouped(confirm: list[tuple[str, str, str]]) -> list[tuple[str, list]]:
    groups: dict[str, list] = {}
    for item in confirm:
        groups.setdefault(item[0], []).append(item)
    return list(groups.items())
