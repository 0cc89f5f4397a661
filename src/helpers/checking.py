"""What is kept by hand in a case's folder, checked before anything is built of it.

The manifest, the public record, labels, links, decisions and the brief are files that somebody edits in a spreadsheet
or a text editor. Each is declared here once: its columns and what they may hold. Everything that is wrong is told at
once, by file, line and remedy. The codebook checks itself (:mod:`helpers.codebook`).
"""
from __future__ import annotations

import csv
import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path

from helpers import codebook, readers, review
from helpers.case import WIDEST, Case, CaseError, TextMissing
from helpers.codebook import CodebookError, Problem
from helpers.compare.moves import TIES
from helpers.review.decisions import ACTORS, is_date, near
from helpers.review.labels import interval
from helpers.tables import TableError, read_csv, records

__all__ = ["FILES", "check_case", "check_kept"]

# column, how much of it is needed (! filled in every row, + there) and what it may hold: words parted by |, or the name
# of a check below. Columns that are not named here are free, but not where one looks like a slip for a named one.
_SPAN = "doc_id! doc; start! number; end! number; "
_CODED = {
    "events": "trigger_start! number; trigger_end! number; date+ when; date_granularity+; date_basis+; actor+ actors; "
              "target+ actors; type+ type; item+; track! track; stage+ stage; status! status; speaker+; event_key+; "
              "label+",
    "quotes": "speaker+; speaker_country+; directness! direct|indirect|mixed; reporting_verb+; medium_chain",
    "frames": "section; frames+ frames; voice+ outlet|quoted; negated yes|no; hedged yes|no; laundered yes|no; "
              "speaker; speaker_bloc",
    "timex": "text; type! DATE|TIME|DURATION|SET; value! any; note",
}
# a frozen coding stays as its coder made it: only what it takes to hold it beside the others is asked of it
_FROZEN = {"events": "trigger_start! number; trigger_end! number; type!; track+; stage+; status+; actor+; target+; "
                     "date+ when", "quotes": "directness+; speaker+", "frames": "frames+; voice+",
           "times": "type! any; value! any"}
FILES: dict[str, str] = {
    "documents.csv": "doc_id! new; sha256! new; short_name new; published_earliest day; published_latest day; "
                     "published_best day; published_basis",
    "reference.csv": "event_id! new; date when; precision! day|week|month|quarter|season|half|year|interval; "
                     "date_lo! day; date_hi! day; track! track; kind! any; "
                     "status! done|reported|claimed|proposed|denied; actor+; target+; label! any; announced_by; "
                     "disputed_by; address; source_grade primary|wire|press|partisan_or_repost; turning_point 0|1",
    "gold/coders.csv": "coder_id! coder; kind! person|model|rule; made; when; had_read; labels; sha256",
    "review/coders.csv": "coder_id! coder; kind! person|model|rule; made; when; had_read; labels; sha256",
    "gold/record_links.csv": "event_key! matter; stage stage; from day; to day; record_id! record; lend yes|no; "
                             "tells otherwise; note",
    "gold/record_ties.csv": f"record_id! record; tie! {'|'.join(TIES)}; to_id record; note",
    **{f"gold/{name}.csv": _SPAN + spec for name, spec in _CODED.items()},
    "gold/sentences.csv": "doc_id! doc; sent_index; start! number; end! number",
    "gold/lines.csv": "doc_id! doc; line_no! number; label! role",
    "gold/headlines.csv": "doc_id! doc; headline_actor+ actors; headline_action+; headline_target+ actors; "
                          "headline_certainty+; body_actor+ actors; body_action+; body_target+ actors; "
                          "body_certainty+; difference! any; note+",
    "gold/contradictions.csv": "id! new; topic! any; kind! any; doc_a! doc; start_a! number; end_a! number; "
                               "doc_b+ doc; start_b+ number; end_b+ number; note; evidence; dissolves yes|no; "
                               "against_record doc",
    "gold/mapping.csv": "what+; labelled+; ours+",
    "measured/learning_curve.csv": "labelled! number; micro_f1! share; low! share; high! share",
}
ORDERED = (("start", "end"), ("trigger_start", "trigger_end"), ("start_a", "end_a"), ("start_b", "end_b"),
           ("from", "to"), ("date_lo", "date_hi"), ("low", "high"), ("published_earliest", "published_latest"),
           ("published_earliest", "published_best"), ("published_best", "published_latest"))
ENDS = {"end": "doc_id", "trigger_end": "doc_id", "end_a": "doc_a", "end_b": "doc_b"}     # of which text
SAME = {"gold/record_links.csv": ("event_key", "stage", "from", "to"), "gold/record_ties.csv": ("record_id", "tie"),
        "gold/headlines.csv": ("doc_id",)}      # what no two rows may share
NOT_READ = ("proposed-actors.csv", "reference-template.csv")


@dataclass
class _Look:
    """One look through a case: the files read once, and what is wrong with them."""
    case: Case
    problems: list[Problem] = field(default_factory=list)

    def say(self, file: str, line: int, row: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self.case.name}/{file}", line, row, what, remedy))

    @cached_property
    def rows(self) -> dict[str, list[tuple[int, dict[str, str]]]]:
        """The rows of each declared file that is there, with the line on which each begins."""
        return {file: self.read(file, spec) for file, spec in FILES.items() if (self.case.raw / file).is_file()}

    @cached_property
    def book(self) -> codebook.Codebook | None:
        try:
            return codebook.load_codebook(self.case.raw)
        except codebook.CodebookError:      # told by the codebook's own check
            return None

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str, str]]:
        return {} if self.book is None else review.codes(self.book)

    @cached_property
    def record(self) -> set[str]:
        return {row.get("event_id", "") for _, row in self.rows.get("reference.csv", [])}

    @cached_property
    def matters(self) -> set[str]:
        """The matters of reviewed events, as labels, decisions and the last build know them."""
        found = {row.get("event_key", "") for _, row in self.rows.get("gold/events.csv", [])}
        try:
            decisions, _ = review.read_decisions(self.case)
            found |= set(decisions.loc[decisions["field"].eq("event_key"), "decided_value"].dropna())
            found |= set(self.case.load("adjudicated_event_mentions", ["event_key"])["event_key"].dropna())
        except (CaseError, TableError):
            pass
        return found - {""}

    def read(self, file: str, spec: str) -> list[tuple[int, dict[str, str]]]:
        """Read a file as the casebook reads it (UTF-8, commas), and tell what keeps it from being read."""
        columns = _columns(spec)
        try:
            text = (self.case.raw / file).read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            self.say(file, 1, "", f"not UTF-8 (byte {error.start})", "save it again as “CSV UTF-8”")
            return []
        out: list[tuple[int, dict[str, str]]] = []
        try:
            rows = records(text)
            header = [cell.strip() for cell in next(rows, (1, []))[1]]
            for line, cells in rows if self.header(file, header, columns) else ():
                if max(map(len, cells)) > WIDEST:
                    self.say(file, line, cells[0][:40], f"a cell holds more than {WIDEST:,} characters",
                             "look for a quotation mark that is not closed")
                elif len(cells) != len(header):
                    self.say(file, line, cells[0][:40], f"the row has {len(cells)} cells, the first line "
                             f"{len(header)}", "add or remove commas; put text that holds a comma in double quotes")
                elif any(cell.strip() for cell in cells):
                    out.append((line, dict(zip(header, (cell.strip() for cell in cells), strict=True))))
        except csv.Error as error:
            at, _, what = str(error).removeprefix("line ").partition(": ")
            self.say(file, int(at), "", f"cannot be read as CSV ({what})",
                     "look for a quotation mark that is not closed, or save it again as “CSV UTF-8”")
        return out

    def header(self, file: str, header: list[str], columns: Mapping[str, tuple[str, str]]) -> bool:
        """Check the first line; False where the rows below it can mean nothing."""
        needed = [name for name, (need, _) in columns.items() if need]
        missing = [name for name in needed if name not in header]
        if len(header) == 1 and len(needed) > 1 and re.search(r"[;\t]", header[0]):
            self.say(file, 1, "", "the cells are not parted by commas", "save it as “CSV UTF-8” with commas")
            return False
        for name in missing:
            slip = difflib.get_close_matches(name, [h for h in header if h not in columns], 1)
            self.say(file, 1, "", f"the column {name!r} is missing",
                     f"rename {slip[0]!r}" if slip else f"add it to the first line; needed are {', '.join(needed)}")
        for name in [h for h in header if h not in columns]:
            meant = difflib.get_close_matches(name, [c for c in columns if c not in header and c not in missing], 1)
            if meant:
                self.say(file, 1, "", f"the column {name!r} is not known", f"did you mean {meant[0]!r}?")
        for name in sorted({h for h in header if header.count(h) > 1}):
            self.say(file, 1, "", f"the column {name!r} stands twice", "rename or delete one of them")
        return not missing

    def check(self, file: str, spec: str, rows: list[tuple[int, dict[str, str]]]) -> None:
        """Check each cell of a file, what two cells of a row must share, and what no two rows may."""
        columns = _columns(spec)
        seen: dict[tuple, int] = {}
        for line, row in rows:
            name = next((row[c] for c in columns if row.get(c)), "")[:40]
            tell = partial(self.say, file, line, name)
            good = set()
            for column, (need, kind) in columns.items():
                value = row.get(column, "")
                if not value:
                    if need == "!":
                        tell(f"{column!r} is empty", f"it must be {_wanted(kind)}")
                    continue
                before = len(self.problems)
                if kind == "new":
                    if (column, value) in seen:
                        tell(f"the {column} {value!r} stands on line {seen[column, value]} already",
                             "give each row one of its own")
                    seen.setdefault((column, value), line)
                else:
                    self.cell(kind, column, value, row, tell)
                if len(self.problems) == before:
                    good.add(column)
            for first, last in ORDERED:
                if {first, last} <= good and _later(row[first], row[last]):
                    tell(f"{first} {row[first]!r} is after {last} {row[last]!r}", "swap them, or correct one")
            if file in SAME:
                key = tuple(row.get(c, "") for c in SAME[file])
                if key in seen:
                    tell(f"the same {', '.join(SAME[file])} stand on line {seen[key]} already", "keep one of the rows")
                seen.setdefault(key, line)
        more = {"gold/record_ties.csv": self.ties, "documents.csv": self.dated}.get(file)
        if more:
            for line, row in rows:
                more(file, line, row)

    def cell(self, kind: str, column: str, value: str, row: Mapping[str, str], tell: Callable[[str, str], None]
             ) -> None:
        """Tell what is wrong with one filled cell."""
        if "|" in kind or kind == "otherwise":
            if value not in kind.split("|"):
                tell(f"{column!r} is {value!r}", near(value, kind.split("|")))
        elif kind in ("number", "share"):
            whole = re.fullmatch(r"\d+", value)
            if kind == "number" and not whole:
                tell(f"{column!r} is {value!r}", "write a whole number, 0 or more")
            elif kind == "share" and not re.fullmatch(r"-?\d+(\.\d+)?", value):
                tell(f"{column!r} is {value!r}", "write a number such as 0.61")
            elif column in ENDS:
                self.inside(int(value), row.get(ENDS[column], ""), column, tell)
        elif kind == "day":
            if not _is_day(value):
                tell(f"{column!r} is {value!r}, which is no day", "write a day of the calendar as 2021-05-03")
        elif kind == "when":
            self.when(column, value, row, tell)
        elif kind == "doc":
            self.document(column, value, tell)
        elif kind == "record" and value not in self.record:
            tell(f"{column!r} is {value!r}, which is no entry of reference.csv",
                 f"{near(value, self.record)}" if self.record else "write reference.csv first, or delete the row")
        elif kind == "matter" and self.matters and value not in self.matters:
            tell(f"no reviewed event is of the matter {value!r}, so the row does nothing", near(value, self.matters))
        elif kind in ("type", "track", "stage", "status", "role", "actors", "frames"):
            self.code(kind, column, value, tell)

    def code(self, kind: str, column: str, value: str, tell: Callable[[str, str], None]) -> None:
        if self.book is None:
            return
        field_ = {"actors": "actor", "frames": "frames"}.get(kind, kind)
        known = self.book.roles.index if kind == "role" else self.codes[field_]
        parts = re.split(r"[+;]", value) if field_ in ACTORS else value.split(";") if kind == "frames" else [value]
        for part in filter(None, map(str.strip, parts)):
            part = part.upper() if kind == "type" else part
            own_state = field_ in ACTORS and part.split(".")[0] in known
            if part not in known and not own_state and part not in ("none", "-"):
                tell(f"{column!r} names {part!r}, which the codebook does not define", near(part, known))

    def when(self, column: str, value: str, row: Mapping[str, str], tell: Callable[[str, str], None]) -> None:
        granularity = row.get("date_granularity", "")
        try:
            fine = is_date(value)
            if fine and granularity:
                interval(value, granularity)
        except ValueError:
            fine = False
        if not fine:
            tell(f"{column!r} is {value!r}, which is no date",
                 "write 2019, 2019-07, 2019-07-12 or two of these parted by /, one of which may be ..")

    def document(self, column: str, value: str, tell: Callable[[str, str], None]) -> None:
        known = list(self.case.manifest["doc_id"])
        begins = self.case.manifest["file"].str.startswith(value).sum() if column == "doc" else 0
        if value not in known and begins != 1:
            tell(f"{column!r} is {value!r}, which is no document of documents.csv", near(value, known))

    def inside(self, end: int, doc_id: str, column: str, tell: Callable[[str, str], None]) -> None:
        """A span ends inside its text, where the text is here."""
        long = self.lengths.get(doc_id)
        if long is not None and end > long:
            tell(f"{column!r} is {end}, but the text of {doc_id} ends at {long}",
                 "count characters in the text as it was read, from 0")

    @cached_property
    def lengths(self) -> dict[str, int]:
        out = {}
        for doc_id in self.case.manifest["doc_id"]:
            try:
                out[doc_id] = len(self.case.text(doc_id))
            except (CaseError, TextMissing, ValueError, OSError):
                continue        # not here, or told already
        return out

    def ties(self, file: str, line: int, row: Mapping[str, str]) -> None:
        tie, one, other = row["tie"], row["record_id"], row.get("to_id", "")
        if tie == "background" and other:
            self.say(file, line, one, f"'to_id' is {other!r}, but background is tied to no other entry",
                     "empty it, or choose another tie")
        elif tie in TIES and tie != "background" and not other:
            self.say(file, line, one, "'to_id' is empty", "write the event_id of the entry that it "
                     + {"part_of": "is part of", "about": "is about"}.get(tie, tie))
        elif other and one == other:
            self.say(file, line, one, "the entry is tied to itself", "write the other entry under 'to_id'")

    def dated(self, file: str, line: int, row: Mapping[str, str]) -> None:
        days = [row.get(f"published_{c}", "") for c in ("earliest", "latest")]
        basis = row.get("published_basis", "")
        if basis in ("stated", "declared") and not any(days):
            self.say(file, line, row["doc_id"], f"'published_basis' is {basis!r}, but no day is given",
                     "fill published_earliest and published_latest, or write unknown")
        elif any(days) and not all(days):
            self.say(file, line, row["doc_id"], "only one of published_earliest and published_latest is filled",
                     "fill both (one day known for sure stands in both), or empty both")


def _columns(spec: str) -> dict[str, tuple[str, str]]:
    """The declared columns: name → what is needed (``!`` filled, ``+`` there, nothing) and what it may hold."""
    out = {}
    for part in filter(None, map(str.strip, spec.split(";"))):
        head, _, kind = part.partition(" ")
        name = head.rstrip("!+")
        out[name] = (head[len(name):], kind.strip() or "any")
    return out


def _wanted(kind: str) -> str:
    told = {"day": "a day such as 2021-05-03", "number": "a whole number", "doc": "a doc_id of documents.csv",
            "record": "an event_id of reference.csv", "new": "a name of its own", "coder": "a name of its own",
            "any": "filled", "share": "a number", "matter": "the event_key of reviewed events",
            "actors": "a code of the codebook"}
    return told.get(kind) or (f"one of {kind.replace('|', ', ')}" if "|" in kind else f"a {kind} of the codebook")


def _is_day(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value)) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _later(first: str, last: str) -> bool:
    if "-" in first.lstrip("-"):
        return first > last
    return float(first) > float(last)


# the case -----------------------------------------------------------------------------------------------------------


def check_case(case: Case) -> list[str]:
    """Return everything that is wrong in a case's folder and tables, a line each, with file, line and remedy.

    Accepts an open case. Looks at its texts, its codebook, every file that is kept by hand (:func:`check_kept`) and the
    tables that were built.

    >>> from helpers.case import open_case
    >>> check_case(open_case("practice"))
    []
    """
    found: dict[str, None] = {}
    for doc_id in (d for d in case.manifest["doc_id"] if case.path(d).is_file()):
        beside = isinstance(case.row(doc_id)["text_sha256"], str)       # its plain text, which needs no reader
        looks = partial(case.source, doc_id), partial(readers.read, case.path(doc_id))  # the one measured; readable
        for look in looks[:1] if beside else looks:
            try:
                look()
            except (ValueError, OSError) as error:
                found[f"{case.name}: {error}"] = None
    found |= {f"{case.name}/{line}": None for lines in case.astray() for line in lines}
    found |= {str(problem): None for problem in codebook.check(case.raw)}
    found |= {problem: None for problem in check_kept(case)}
    for path in sorted(case.processed.glob("*.csv")):
        try:
            read_csv(path, path.stem)       # checked once more, whoever wrote it
        except TableError as error:
            found[f"{case.name}: {error}"] = None
    return list(found)


def check_kept(case: Case) -> list[str]:
    """Return everything that is wrong with the files that are kept by hand beside the codebook, a line each.

    Accepts an open case. Checked are the manifest's dates and names, ``reference.csv``, all of ``gold/`` and
    ``review/`` (labels, links and ties to the record, decisions, frozen codings and kept sheets, who coded),
    ``measured/``, ``brief.md`` and ``README.md``; a file that nothing reads is told where its name may be a slip.
    """
    look = _Look(case)
    if case.manifest.empty:
        look.say("documents.csv", 1, "", "no document is listed", "write a row for each text")
    for file, rows in look.rows.items():
        look.check(file, FILES[file], rows)
    for other in _coders_twice(look):
        look.say(*other)
    out = [str(problem) for problem in look.problems]
    out += [*_decided(case, look), *_frozen(case), *_sheets(case), *_strangers(case), *_readme(case)]
    return out or list(_brief(case))    # its numbers are computed from all the rest, which must be sound


def _coders_twice(look: _Look) -> Iterator[tuple[str, int, str, str, str]]:
    seen: dict[str, tuple[str, int]] = {}
    for file in ("gold/coders.csv", "review/coders.csv"):
        for line, row in look.rows.get(file, []):
            who = row.get("coder_id", "")
            if who in seen:
                where, at = seen[who]
                yield file, line, who, f"the coder stands in {where}, line {at}, already", "give each a name of its own"
            seen.setdefault(who, (file, line))


def _decided(case: Case, look: _Look) -> Iterator[str]:
    """What is wrong with decisions, by the rules that a build goes by."""
    try:
        _, refused = review.read_decisions(case, look.codes)
    except TableError:      # the coders, told already
        return
    for row in refused.astype(object).fillna("").to_dict("records"):
        at = f":{row['line']}" if row["line"] != "" else ""
        what = " ".join(filter(None, (row["table"], row["key"])))
        yield f"{case.name}/{row['file']}{at}: {what + ': ' if what else ''}{row['why']}"


def _frozen(case: Case) -> Iterator[str]:
    """Frozen codings are the files that were frozen, and can be held beside the others."""
    try:
        codings = review.frozen(case)
    except TableError as error:
        if (case.raw / "review" / "coders.csv").is_file() and "line " not in str(error):
            yield f"{case.name}/{error}"
        return
    look = _Look(case)
    for files in codings.values():
        for what, path in files.items():
            if what not in _FROZEN:
                continue
            file = path.relative_to(case.raw).as_posix()
            with open(path, encoding="utf-8-sig", errors="replace") as opened:
                which = "doc" if "doc" in opened.readline().strip().split(",") else "doc_id"
            spec = f"{which}! doc; start! number; end! number; {_FROZEN[what]}"
            look.check(file, spec, look.read(file, spec))
    yield from map(str, look.problems)


def _sheets(case: Case) -> Iterator[str]:
    """Filled sheets that were kept in the case."""
    for path in sorted((case.raw / "review" / "sheets").glob("*.csv")):
        try:
            for problem in review.read_sheet(path, case, case.load("sentences")).problems:
                yield f"{case.name}/review/sheets/{problem}"
        except TableError as error:
            yield f"{case.name}/review/sheets/{error}"
        except (CaseError, codebook.CodebookError):     # not built yet, or told already
            return


def _strangers(case: Case) -> Iterator[str]:
    """Files that nothing reads, where their name may be a slip for one that is read."""
    mine = set(case.manifest["file"])
    for folder in ("", "gold", "codebook", "measured"):
        known = {Path(f).name for f in FILES if Path(f).parent.name == folder}
        if folder == "codebook":
            known = set(codebook.FILES)
        endings = (".csv", ".yaml", ".yml") if folder == "codebook" else (".csv",)
        there = sorted((case.raw / folder).iterdir()) if (case.raw / folder).is_dir() else []
        for path in there:
            if not path.is_file() or path.suffix.lower() not in endings or path.name in known | mine \
                    or path.name.startswith(".") or path.name in NOT_READ:
                continue
            close = difflib.get_close_matches(path.name, known, 1, .5)
            remedy = f"Rename it {close[0]} if that is meant" if close else f"Read are {', '.join(sorted(known))}"
            yield f"{case.name}/{folder + '/' if folder else ''}{path.name}: nothing reads a file of this name. " \
                  f"To mend it: {remedy}, or take it out of the folder"


def _readme(case: Case) -> Iterator[str]:
    try:
        (case.raw / "README.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        pass
    except UnicodeDecodeError as error:
        yield f"{case.name}/README.md: not UTF-8 (byte {error.start}). To mend it: save it again as UTF-8"


def _brief(case: Case) -> Iterator[str]:
    """The author's text of the brief, where there are tables that it can be filled from."""
    if (case.raw / "brief.md").is_file() and case.has("documents") and case.has("sentences"):
        from helpers.pages import brief
        try:
            yield from brief.check(case)
        except (CaseError, CodebookError, TableError):      # a fault of what it is filled from, told elsewhere
            return
