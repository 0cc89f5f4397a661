"""The tables: their schemas, and how they are read and written.

Every table of ``data/processed/<case>/`` is declared once, in :data:`TABLES`. From that one declaration come the
pandera schema that checks a frame, the dtypes a CSV file is read with, the order of its rows and columns, and the
entry in ``datapackage.json`` (Frictionless Data Package v1).

Codes that a scholar may edit (roles, types, stages, statuses, tracks, frames) are defined in the codebook and checked
there; here they only have to look like codes.
"""
from __future__ import annotations

import csv
import difflib
import functools
import hashlib
import io
import json
import os
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

__all__ = ["TABLES", "Column", "Table", "TableError", "conform", "empty", "read_csv", "read_strings", "to_csv",
           "write_whole", "save_tables", "save_parts", "load_table", "span_id", "span_ids", "typed"]

CODE = r"^[a-z][a-z0-9_]*$"
DATE = r"^\d{4}-\d{2}-\d{2}$"
GRANULARITY = ["time", "day", "week", "month", "quarter", "season", "half", "year", "decade", "interval", "none"]
BASIS = ["explicit", "year_inferred", "relative", "none"]
COMMIT = ".commit.json"
PARTS = "parts"     # the folder with the tables of a large case, a folder of Parquet files for each chunk of documents


class TableError(ValueError):
    """A table that cannot be used as it is: says the file, the row and what to do."""


@dataclass(frozen=True)
class Column:
    """One column: its pandas dtype, what it means, and what it may hold."""
    name: str
    dtype: str
    about: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    refers: str = ""


@dataclass(frozen=True)
class Table:
    """One table: what a row is, its columns, its key and the order of its rows."""
    name: str
    about: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    order: tuple[str, ...] = field(default=())

    @property
    def names(self) -> list[str]:
        return [c.name for c in self.columns]

    @property
    def dtypes(self) -> dict[str, str]:
        return {c.name: c.dtype for c in self.columns}


def _columns(spec: str) -> tuple[Column, ...]:
    """Parse the compact declarations below: ``name! dtype [a|b|c] [/pattern/] [->table] : meaning`` (! = required)."""
    out = []
    for line in filter(None, map(str.strip, spec.splitlines())):
        head, about = line.split(" : ", 1)
        name, dtype, *rest = head.split()
        allowed: tuple[str, ...] = ()
        pattern, refers = "", ""
        for word in rest:
            if word.startswith("->"):
                refers = word[2:]
            elif word.startswith("/"):
                pattern = {"/code/": CODE, "/date/": DATE}.get(word) or word[1:-1]
            else:
                allowed = tuple(word.split("|"))
        out.append(Column(name.rstrip("!"), dtype, about, name.endswith("!"), allowed, pattern, refers))
    return tuple(out)


SPAN = """
    start! Int64 : first character of the span in the text as read
    end! Int64 : one past the last character of the span
"""
MANIFEST = """
    doc_id! string /^[a-z][a-z0-9_-]*$/ : short name of the document inside the case
    file! string : name of the file the text came in
    sha256! string /^[0-9a-f]{64}$/ : digest of the file's bytes; texts are matched by it
    text_sha256 string /^[0-9a-f]{64}$/ : digest of the plain text that was made of the file; empty where the file is it
    title string : title as published
    short_name string : outlet and month, what figures show
    outlet string : who published it
    outlet_country string /^[A-Z]{3}$/ : ISO 3166 alpha-3 code of the outlet's country (invented in invented cases)
    ownership string : who owns or runs the outlet, as far as known
    byline string : who signed it
    url string : where it was published
    archive_url string : an archived copy
    language string /^[a-z]{2,3}$/ : ISO 639 code of the language it is in
    published_earliest string /date/ : first day it can have been published
    published_latest string /date/ : last day it can have been published
    published_best string /date/ : the day used where one day is needed
    published_basis string stated|declared|inferred|unknown : how the publication date is known
    published_evidence string : what the date rests on
    leans_on string : whose reporting it repeats
    note string : what a reader should know
"""
FRAME = """
    sentence_id! string ->sentences : the sentence
    doc_id! string ->documents : the document
    frame! string /code/ : frame code (codebook: frames)
    rank! Int64 : 1 for the dominant frame of the sentence
    weight! Float64 : 1/k for a sentence with k frames
    voice string outlet|quoted : in whose voice the dominant frame stands
    negated boolean : the frame is denied
    hedged boolean : the frame is hedged
    laundered boolean : an unattributed headline that repeats a quotation of the body
    rule! string : the rule or coder that gave the code
"""
QUOTE = """
    quote_id! string : key
    sentence_id string ->sentences : sentence it begins in
    doc_id! string ->documents : the document
""" + SPAN + """
    directness! string direct|indirect|mixed : inside quotation marks, reported, or both
    speaker string : who speaks, as named or described
    speaker_id string : actor code (codebook: actors)
    speaker_bloc string : bloc the speaker is counted with
    verb string : reporting verb or device
    rule! string : the rule or coder that gave the row
"""
MENTION = """
    event_mention_id! string : key
    sentence_id string ->sentences : sentence it stands in
    doc_id! string ->documents : the document
    trigger_start! Int64 : first character of the words that name the act
    trigger_end! Int64 : one past the last
    actor_id string : who acts (codes parted by +)
    target_id string : on whom or with whom
    type string /^[A-Z]+$/ : PLOVER event type
    item string : what it is about
    track! string /code/ : sanctions, legislation, negotiation, procurement, military, alliance
    stage string /code/ : step within the track
    status! string /code/ : how sure the source makes it (happened … opinion)
    quote_id string : the quotation it stands in
    time_id string : the time expression that dates it
    rule! string : the rule or coder that gave the row
"""
DATED = """
    earliest string /date/ : first day it can be
    latest string /date/ : last day it can be
    granularity! string """ + "|".join(GRANULARITY) + """ : how fine the date is
"""

TABLES: dict[str, Table] = {t.name: t for t in (
    Table("documents", "One row a document: what it is and when it was published.", _columns(MANIFEST + """
        encoding string : encoding the bytes were read with
        title_start Int64 : first character of the title in the text
        title_end Int64 : one past the last
        inferred_earliest string /date/ : first day of publication by the page's own clues, beside a declared date
        inferred_latest string /date/ : last day by the page's own clues
        n_words_body Int64 : words in body lines
        n_lines Int64 : lines in the text
    """), ("doc_id",)),
    Table("clues", "One row a clue that a page gives to its own publication date.", _columns("""
        doc_id! string ->documents : the document
    """ + SPAN + """
        kind! string : what sort of clue it is
        says! string : what the clue says about the date
        earliest string /date/ : first day it allows
        latest string /date/ : last day it allows
        weight! Float64 : how much it counts
        used! boolean : whether the solution agrees with it
    """), ("doc_id", "start", "says")),
    Table("lines", "One row a line (or part of a line): its role and the rule that gave it. The rows tile the text.",
          _columns("""
        doc_id! string ->documents : the document
        line_no! Int64 : number of the line, from 1
    """ + SPAN + """
        role! string /code/ : what the line is: title, dek, byline, body, caption, related, nav, … (codebook: lines)
        n_words! Int64 : words in it
        rule! string : the rule that gave the role
        kept! boolean : whether later stages read it
    """), ("doc_id", "start", "line_no"), ("doc_id", "line_no", "start")),
    Table("sentences", "One row a sentence of title, dek, caption or body.", _columns("""
        sentence_id! string : key
        doc_id! string ->documents : the document
    """ + SPAN + """
        section! string title|dek|caption|body : part of the page
        paragraph Int64 : number of the paragraph, from 1
        n_words! Int64 : words in the sentence
        digest! string : digest of the normalised words, to find the sentence in another copy
    """), ("sentence_id",), ("doc_id", "start", "end")),
    Table("times", "One row a time expression (TIMEX3).", _columns("""
        time_id! string : key
        sentence_id string ->sentences : sentence it stands in
        doc_id! string ->documents : the document
    """ + SPAN + """
        kind! string DATE|TIME|DURATION|SET : TIMEX3 type
        value! string : TIMEX3 value
    """ + DATED + """
        basis! string """ + "|".join(BASIS) + """ : where the date comes from
        tense string : tense of the clause it stands in, which decides between last and next
        relation string : since, until, by … where the expression bounds a stretch of time
        stable! boolean : the same whichever day of its interval the text was published
        rule! string : the rule that read it
    """), ("time_id",), ("doc_id", "start", "end")),
    Table("mentions", "One row a mention of an actor.", _columns("""
        mention_id! string : key
        sentence_id string ->sentences : sentence it stands in
        doc_id! string ->documents : the document
    """ + SPAN + """
        actor_id! string : actor code (codebook: actors)
        form! string name|title|metonym|pronoun : how it is mentioned
        rule! string : the rule that found it
    """), ("mention_id",), ("doc_id", "start", "end")),
    Table("quotes", "One row a quotation, direct or reported (machine).", _columns(QUOTE), ("quote_id",),
          ("doc_id", "start", "end")),
    Table("adjudicated_quotes", "One row a quotation, as adjudicated.", _columns(QUOTE), ("quote_id",),
          ("doc_id", "start", "end")),
    Table("chain", "One row a hop of the chain of media behind a quotation; hop 0 is the outlet.", _columns("""
        quote_id! string : the quotation
        doc_id string ->documents : the document
        hop! Int64 : 0 for this outlet, 1 for whom it cites, …
        medium! string : who passes it on
        link string : the word that shows the hop
    """), ("quote_id", "hop")),
    Table("event_mentions", "One row an event in a text (machine).", _columns(MENTION + """
        event_key string : the matter it was linked by: states and thing
        event_id string : the event of the machine layer that it tells of
        link_reason string : why it belongs to that matter
    """), ("event_mention_id",),
          ("doc_id", "trigger_start", "trigger_end", "event_mention_id")),
    Table("adjudicated_event_mentions", "One row an event in a text, as adjudicated.", _columns(MENTION + DATED + """
        basis! string """ + "|".join(BASIS) + """|record : where the date comes from (record: borrowed from it)
        event_key string : the matter it belongs to, as labelled
        event_id string : the event it tells of
        record_id string : entry of the public record it is taken for
        label string : the event in our own words
        speaker string : who says so, where someone does
    """), ("event_mention_id",), ("doc_id", "trigger_start", "trigger_end", "event_mention_id")),
    Table("events", "One row an event, linked across texts.", _columns("""
        event_id! string : key
        label! string : the event in our own words
    """ + DATED + """
        basis! string """ + "|".join(BASIS) + """|record : where the date comes from (record: borrowed from it)
        track! string /code/ : track
        stage string /code/ : step within the track
        status! string /code/ : the surest status any source gives it
        actor_id string : who acts
        target_id string : on whom or with whom
        n_documents! Int64 : texts that tell of it
        record_id string : entry of the public record it is taken for
        layer! string machine|adjudicated : who coded it
    """), ("event_id", "layer"), ("layer", "event_id")),
    Table("claims", "One row a value that a text attributes to a field of an event.", _columns("""
        claim_id! string : key
        event_id! string : the event
        doc_id! string ->documents : the text
        sentence_id string ->sentences : where it says so
        attributed_to string : who is said to say so; empty for the outlet itself
        field! string : which field of the event
        value string : what is claimed
        status string /code/ : how sure
    """), ("claim_id",)),
    Table("frames", "One row a frame of a sentence (machine).", _columns(FRAME), ("sentence_id", "frame"),
          ("doc_id", "sentence_id", "rank")),
    Table("adjudicated_frames", "One row a frame of a sentence, as adjudicated.", _columns(FRAME),
          ("sentence_id", "frame"), ("doc_id", "sentence_id", "rank")),
    Table("reuse", "One row a run of words that two texts share.", _columns("""
        doc_a! string ->documents : one text
        start_a! Int64 : first character of the run in it
        end_a! Int64 : one past the last
        doc_b! string ->documents : the other text
        start_b! Int64 : first character of the run in the other
        end_b! Int64 : one past the last
        n_words! Int64 : words in the run
    """), ("doc_a", "start_a", "doc_b", "start_b")),
    Table("amounts", "One row a number with what it counts.", _columns("""
        sentence_id! string ->sentences : the sentence
        doc_id! string ->documents : the document
    """ + SPAN + """
        number! Float64 : the number
        unit! string : what is counted: one noun, a currency or its sign
    """), ("doc_id", "start")),
    Table("slips", "One row a person as named: rightly, by a wrong name, or in an office not held then.", _columns("""
        doc_id! string ->documents : the document
    """ + SPAN + """
        actor_id! string : who is meant
        kind! string name|office|form : a wrong name, a wrong office, or a right name (its first use in the text)
        said! string : the name or office as it stands
        held string : offices held on the day of publication
    """), ("doc_id", "start", "kind")),
    Table("signals", "One row a word that puts one thing after another: then, later, after that.", _columns("""
        sentence_id! string ->sentences : the sentence
        doc_id! string ->documents : the document
    """ + SPAN + """
        word! string : the word, in small letters
    """), ("doc_id", "start")),
    Table("decisions", "One row a decision of a coder, and what became of it.", _columns("""
        file! string : the file it stands in
        line Int64 : its line there
        table string : the table it is about
        key string : the row it is about
        decision string : accept, reject, edit, add, merge, split
        field string : the field decided on
        decided_value string : what it is to be
        coder_id string : who decided
        outcome! string applied|agrees|overruled|gone|refused : what became of it
        why string : why, or what has changed since
    """), ("file", "line"), ("file", "line")),
    Table("words", "One row a single word of a text's body; names and function words are left out.", _columns("""
        doc_id! string ->documents : the document
        word! string : the word in small letters
        n! Int64 : how often
    """), ("doc_id", "word")),
    Table("counts", "One row a month and code: how many rows and texts (of a case too large to draw text by text).",
          _columns("""
        month string /^(\\d{4}-\\d{2})?$/ : month of publication, empty where it is not known
        what! string : what is counted: documents, or the rows of a table
        code string : the code of these rows: frame, track, bloc, actor, kind of time
        n! Int64 : rows
        n_documents! Int64 : texts that have such a row
    """), ("month", "what", "code"), ("what", "month", "code")),
    Table("failures", "One row a document that a stage could not work on.", _columns("""
        doc_id! string : the document
        stage! string : the stage that failed
        problem! string : what is wrong and what to do
    """), ("doc_id", "stage")),
)}
MANIFEST_TABLE = Table("manifest", "The manifest of a case: one row a document.", _columns(MANIFEST), ("doc_id",))


def span_id(doc_id: str, letter: str, start: int, end: int) -> str:
    """Return the id of a span: readable, stable, and enough to find the place.

    >>> span_id("gazette", "t", 485, 493)
    'gazette/t485-493'
    """
    return f"{doc_id}/{letter}{start}-{end}"


def span_ids(doc_id: str, letter: str, starts: Iterable[int], ends: Iterable[int]) -> list[str]:
    """Return the ids of several spans; a span that comes again gets a number.

    >>> span_ids("gazette", "e", [3, 3], [9, 9])
    ['gazette/e3-9', 'gazette/e3-9.2']
    """
    ids = [span_id(doc_id, letter, start, end) for start, end in zip(starts, ends, strict=True)]
    seen: dict[str, int] = {}
    for n, name in enumerate(ids):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            ids[n] = f"{name}.{seen[name]}"
    return ids


def empty(name: str) -> pd.DataFrame:
    """Return the table ``name`` without rows, with its columns and dtypes.

    >>> list(empty("chain").columns)
    ['quote_id', 'doc_id', 'hop', 'medium', 'link']
    """
    return pd.DataFrame({c: pd.Series(dtype=t) for c, t in TABLES[name].dtypes.items()})


@functools.cache
def _dtype(name: str):
    return pd.api.types.pandas_dtype(name)


def typed(rows: Iterable[tuple], dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame of rows (tuples in the order of ``dtypes``), each column made once in its dtype.

    The same as a frame of objects that is cast afterwards, in a sixth of the time: a coder makes a few for each text.

    >>> typed([(3, None), (5, "b")], {"start": "Int64", "rule": "string"}).dtypes.astype(str).tolist()
    ['Int64', 'string']
    """
    columns = list(zip(*rows, strict=True)) or [()] * len(dtypes)
    return pd.DataFrame({name: pd.array(list(values), dtype=_dtype(dtype))
                         for (name, dtype), values in zip(dtypes.items(), columns, strict=True)}, copy=False)


@functools.cache
def schema(table: Table):
    """Return the pandera schema of a table (pandera is imported here, since it is slow to import).

    A column that may be empty and hold anything has nothing to be checked: :func:`conform` has given it its dtype.
    """
    import pandera.pandas as pa
    columns = {}
    for c in table.columns:
        checks = []
        if c.allowed:
            checks.append(pa.Check.isin(c.allowed, error="one of " + ", ".join(c.allowed)))
        if c.pattern:
            whole = c.pattern.removesuffix("$") + r"\Z"     # $ would let a line break stand behind
            checks.append(pa.Check.str_matches(whole, error=ASKS.get(c.pattern, f"written like {c.pattern}")))
        if c.name in {"start", "trigger_start", "title_start", "hop"}:
            checks.append(pa.Check.ge(0, error="0 or more"))
        if checks or c.required:
            columns[c.name] = pa.Column(c.dtype, checks=checks, nullable=not c.required, description=c.about)
    checks = [pa.Check(lambda df, a=a, b=b: (df[a] <= df[b]) | df[a].isna() | df[b].isna(), error=f"{a} not after {b}")
              for a, b in (("start", "end"), ("trigger_start", "trigger_end"), ("earliest", "latest"),
                           ("published_earliest", "published_latest")) if {a, b} <= set(table.names)]
    return pa.DataFrameSchema(columns, checks=checks, unique=list(table.key), name=table.name)


def _table(name: str | Table) -> Table:
    if isinstance(name, Table):
        return name
    if name not in TABLES:
        near = difflib.get_close_matches(name, TABLES, 1)
        raise TableError(f"there is no table {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
                         + f" The tables are {', '.join(TABLES)}.")
    return TABLES[name]


def conform(frame: pd.DataFrame, name: str | Table, *, where: str = "", lines: Sequence[int] = ()) -> pd.DataFrame:
    """Bring a frame into the form of its table and check it.

    Accepts a frame with at least the table's required columns (others are filled with missing values, unknown ones
    are an error), in any row order. Returns a new frame with the table's columns, dtypes and row order. Raises
    :class:`TableError` that lists, for up to ten faults, the row, the column, the value and what is wanted;
    ``where`` (a file's name) is put in front, and ``lines`` says on which of its lines each row begins.

    >>> conform(pd.DataFrame({"quote_id": ["b", "a"], "hop": [0, 0], "medium": ["X", "Y"]}), "chain")
      quote_id doc_id  hop medium  link
    0        a   <NA>    0      Y  <NA>
    1        b   <NA>    0      X  <NA>
    """
    table = _table(name)
    prefix = f"{where or table.name}: "
    unknown = [c for c in frame.columns if c not in table.names]
    if unknown:
        near = difflib.get_close_matches(str(unknown[0]), table.names, 1)
        raise TableError(f"{prefix}there is no column {unknown[0]!r} in this table"
                         + (f"; did you mean {near[0]!r}?" if near else f"; its columns are {', '.join(table.names)}."))
    missing = [c.name for c in table.columns if c.required and c.name not in frame.columns]
    if missing:
        raise TableError(f"{prefix}the column {missing[0]!r} is missing ({_about(table, missing[0])}). Add it.")
    out = pd.DataFrame(index=frame.index)
    for c in table.columns:
        try:
            out[c.name] = (frame[c.name].astype(c.dtype) if c.name in frame
                           else pd.Series(pd.NA, index=frame.index, dtype=c.dtype))
        except (TypeError, ValueError) as error:
            raise TableError(f"{prefix}column {c.name!r} must be {c.dtype}: {error}") from None
    out = out[table.names]
    import pandera.errors
    try:
        schema(table).validate(out, lazy=True)
    except pandera.errors.SchemaErrors as error:
        raise TableError(_faults(error.failure_cases, table, prefix, lines)) from None
    return out.sort_values(list(table.order or table.key), kind="stable", ignore_index=True)


# what a pattern asks for, in words
ASKS = {CODE: "small letters a to z, figures and _, beginning with a letter", DATE: "a day such as 2021-05-03",
        "^[a-z][a-z0-9_-]*$": "small letters a to z, figures, - and _, beginning with a letter",
        "^[0-9a-f]{64}$": "64 signs, 0 to 9 and a to f, as the SHA-256 of a file is written",
        "^[A-Z]{3}$": "three capital letters", "^[a-z]{2,3}$": "two or three small letters",
        "^[A-Z]+$": "capital letters"}
SHOWN = 70      # characters of a value that a message repeats
MOST_COLUMNS = 1000


def shown(value: object) -> str:
    """A value as messages repeat it: never long, and a sign that looks like a plain letter or like nothing is named.

    >>> shown("wire"), shown("w\u0456re")
    ("'wire'", "'wіre' (with U+0456 CYRILLIC SMALL LETTER BYELORUSSIAN-UKRAINIAN I)")
    """
    text = str(value)
    odd = next((c for c in text[:SHOWN] if not c.isascii()), "")
    long = f"… ({len(text):,} characters)" if len(text) > SHOWN else ""
    return repr(text[:SHOWN]) + long + (f" (with U+{ord(odd):04X} {unicodedata.name(odd, 'without a name')})" if odd
                                        else "")


def _about(table: Table, column: str) -> str:
    return next((c.about for c in table.columns if c.name == column), "")


def _faults(cases: pd.DataFrame, table: Table, prefix: str, lines: Sequence[int]) -> str:
    rows = []
    cases = cases.to_dict("records")
    value = {(case["index"], case["column"]): case["failure_case"] for case in cases}
    for case in cases:
        at = case["index"]
        place = "" if pd.isna(at) else f"line {lines[int(at)]}: " if len(lines) else f"row {at}: "
        column = case["column"] if isinstance(case["column"], str) else ""
        check = str(case["check"])
        if check == "not_nullable":
            what = f"{column!r} is empty; it must hold {_about(table, column)}"
        elif "unique" in check:
            twice = shown(case["failure_case"])
            what = f"the key {' + '.join(table.key)} stands twice ({twice}); each row needs its own"
        elif found := re.fullmatch(r"(\w+) not after (\w+)", check):       # told of every cell of the row
            first, last = (f"{c} {value.get((at, c), '')}" for c in found.groups())
            what = f"{first} is after {last}; swap them"
        elif column == table.name or not column:
            what = check
        else:
            what = f"{column!r} is {shown(case['failure_case'])}; it must be {check}"
        if place + what not in rows:
            rows.append(place + what)
    more = f"\n  … and {len(rows) - 10} more" if len(rows) > 10 else ""
    return prefix + ("\n  " if len(rows) > 1 else "") + "\n  ".join(rows[:10]) + more


def read_csv(path: Path, name: str | Table) -> pd.DataFrame:
    """Read a CSV file as the table ``name`` and check it.

    Accepts a path to a UTF-8 CSV file with a header (a byte-order mark is skipped, any line ends). Returns the
    conformed frame. Raises :class:`TableError` naming file, line and remedy.
    """
    table, path = _table(name), Path(path)
    frame, text = _strings(path)
    _check_header(frame, text, table, path.name)
    for c in table.columns:
        if c.name in frame and c.dtype == "boolean":
            words = frame[c.name].str.lower().map({"true": True, "false": False, "1": True, "0": False})
            bad = frame.index[words.isna() & frame[c.name].notna()]
            if len(bad):
                raise TableError(f"{path.name}: line {_Lines(text)[bad[0]]}: {c.name!r} is "
                                 f"{shown(frame[c.name][bad[0]])}; it must be True or False")
            frame[c.name] = words.astype("boolean")
        elif c.name in frame and c.dtype in ("Int64", "Float64"):
            numbers = pd.to_numeric(frame[c.name], errors="coerce")
            bad = frame.index[numbers.isna() & frame[c.name].notna()]
            if len(bad):
                raise TableError(f"{path.name}: line {_Lines(text)[bad[0]]}: {c.name!r} is "
                                 f"{shown(frame[c.name][bad[0]])}; it must be a number")
            frame[c.name] = numbers
    return conform(frame, table, where=path.name, lines=_Lines(text))


def read_strings(path: Path) -> pd.DataFrame:
    """Read a CSV file that is no declared table: every cell as a string, as it is written, empty ones missing.

    Raises :class:`TableError` naming file, line and remedy where it cannot be read.
    """
    return _strings(Path(path))[0]


def _strings(path: Path) -> tuple[pd.DataFrame, str]:
    """The cells of a CSV file as strings, and its text."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        if fault := _fault(text):       # pandas reads on over a quotation mark not closed, and takes minutes to refuse
            raise TableError(f"{path.name}: {fault}")
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)   # a first row with a cell too many
            frame = pd.read_csv(io.StringIO(text), dtype="string", keep_default_na=False, na_values=[""],
                                skip_blank_lines=True, index_col=False)
    except FileNotFoundError:
        raise TableError(f"{path.name}: there is no such file in {path.parent}.") from None
    except UnicodeDecodeError as error:
        raise TableError(f"{path.name}: not UTF-8 at byte {error.start}. Save it again as “CSV UTF-8”.") from None
    except (pd.errors.EmptyDataError, pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise TableError(f"{path.name}: cannot be read as CSV ({str(error).strip()}). Open it in a spreadsheet and "
                         "save it as “CSV UTF-8” with commas.") from None
    frame.columns = [c.strip() for c in frame.columns]
    return frame, text


class _Lines(Sequence[int]):
    """The lines on which the rows of a CSV text begin, looked for when one must be told."""

    def __init__(self, text: str) -> None:
        self.text = text

    @functools.cached_property
    def found(self) -> list[int]:
        return row_lines(self.text)

    def __getitem__(self, at):
        return self.found[at] if at < len(self.found) else at + 2

    def __len__(self) -> int:
        return len(self.found)


def records(text: str, *, delimiter: str = ",", strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Give the records of a CSV text, the header first, each with the line on which it begins.

    A cell may hold line breaks, and lines without anything are no records. Raises :class:`csv.Error` for what is no
    CSV, with the line on which that record begins, unless ``strict`` is false: then it is read as far as it can be.

    >>> list(records('a,b\\n\\n"1\\n1",2\\n3,4\\n'))
    [(1, ['a', 'b']), (3, ['1\\n1', '2']), (5, ['3', '4'])]
    """
    reader, begins = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict), 1
    while True:
        limit = csv.field_size_limit(max(len(text), 1))     # one for all readers: set for no longer than a record
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise csv.Error(f"line {begins}: {error}") from None
        finally:
            csv.field_size_limit(limit)
        if any(cell.strip() for cell in cells) or len(cells) > 1:
            yield begins, cells
        begins = reader.line_num + 1


def row_lines(text: str) -> list[int]:
    """Return the line on which each row of a CSV text begins.

    >>> row_lines('a,b\\n\\n"1\\n1",2\\n3,4\\n')
    [3, 5]
    """
    return [line for line, _ in records(text, strict=False)][1:]


def _fault(text: str) -> str:
    """Say in which line a text is no CSV, and what to do; nothing where it is CSV."""
    try:
        rows = records(text)
        _, header = next(rows)
        if len(header) > MOST_COLUMNS:
            return f"line 1: names {len(header):,} columns; {MOST_COLUMNS:,} is the most. Is it the right file?"
        for line, cells in rows:
            if len(cells) > len(header):
                return (f"line {line}: the row has {len(cells)} cells, the first line {len(header)}. Remove commas, or "
                        "put text that holds a comma in double quotes.")
    except StopIteration:
        return "is empty. Its first line names the columns."
    except csv.Error as broken:
        return f"{broken}. Look for a quotation mark that is not closed, or save it again as “CSV UTF-8”."
    return ""


def _check_header(frame: pd.DataFrame, text: str, table: Table, where: str) -> None:
    """Raise TableError for a first line that is parted by something else than commas, or names a column twice."""
    first = str(frame.columns[0]) if len(frame.columns) else ""
    for sign, called in ((";", "semicolons"), ("\t", "tabs")):
        if len(frame.columns) == 1 and sign in first:
            raise TableError(f"{where}: line 1: the cells are parted by {called}, not by commas. Save it as “CSV "
                             "UTF-8” with commas.")
    names = [cell.strip() for cell in next(records(text, strict=False), (1, []))[1]]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice in table.names:
        raise TableError(f"{where}: line 1: the column {twice!r} stands twice. Delete one of them.")


def to_csv(frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of a CSV file: UTF-8, ``\\n`` line ends, no index.

    >>> to_csv(pd.DataFrame({"a": [1, 2]}))
    b'a\\n1\\n2\\n'
    """
    return frame.to_csv(index=False, lineterminator="\n", float_format="%.6g").encode("utf-8")


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file whole or not at all: to a temporary file beside it, then renamed."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    spare = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with open(spare, "wb") as file:
            file.write(content.encode("utf-8") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(spare, path)
    except OSError as error:        # the name that was meant, not that of the spare file
        spare.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, str(path)) from None
    except BaseException:
        spare.unlink(missing_ok=True)
        raise


def save_tables(folder: Path, frames: Mapping[str, pd.DataFrame], *, title: str = "", drop: Iterable[str] = ()
                ) -> dict[str, Path]:
    """Check and write several tables together, with ``datapackage.json``: all of them or none.

    Accepts a folder (made if need be), frames by table name, and the names of tables to remove. The tables are first
    written beside the old ones, then a commit file names them, then they are renamed: whoever stops us before the
    commit file leaves the old tables, afterwards the new ones (the next reader or writer finishes the renaming). One
    writer at a time holds the folder.
    Returns the paths by table name. Raises :class:`TableError` for a frame that does not fit its table, or when the
    folder cannot be written.
    """
    from filelock import FileLock, Timeout
    folder = Path(folder)
    contents: dict[str, bytes | str] = {f"{name}.csv": to_csv(conform(frame, name)) for name, frame in frames.items()}
    drop = set(drop) - set(frames)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=60):
            _rename(folder)
            names = sorted({p.stem for p in folder.glob("*.csv")} & set(TABLES) - drop | set(frames),
                           key=list(TABLES).index)
            checked = {name: contents[f"{name}.csv"] if name in frames else (folder / f"{name}.csv").read_bytes()
                       for name in names if name in frames or _as_checked(folder, TABLES[name]) is not None}
            contents["datapackage.json"] = _datapackage(names, title or folder.name, checked=checked)
            for old in folder.glob(".*.new"):
                old.unlink()
            for name, content in contents.items():
                write_whole(folder / f".{name}.new", content)
            write_whole(folder / COMMIT, json.dumps([*sorted(contents), *(f"-{name}.csv" for name in sorted(drop))]))
            _rename(folder)
    except Timeout:
        raise TableError(f"{folder}: another build is writing these tables. Wait for it, then try again.") from None
    except OSError as error:
        raise TableError(f"{folder}: cannot write the tables ({error.strerror or error}). The old ones are untouched; "
                         "make room or make the folder writable and try again.") from None
    return {name: folder / f"{name}.csv" for name in frames}


def save_parts(folder: Path, paths: Mapping[str, list[str]], *, title: str = "") -> None:
    """Let Parquet files that lie below a folder be its tables, all or none: ``datapackage.json`` names them.

    Accepts the folder and each table's files, relative to it, in the order of their rows. CSV files of an earlier
    build are removed afterwards.
    """
    from filelock import FileLock
    folder = Path(folder)
    with FileLock(folder / ".lock", timeout=60):
        _rename(folder)
        write_whole(folder / "datapackage.json", _datapackage(
            sorted(paths, key=list(TABLES).index), title or folder.name, paths))
        for old in folder.glob("*.csv"):
            old.unlink()


def finish(folder: Path) -> None:
    """Finish a save that was stopped between its commit and its last renaming; otherwise do nothing."""
    if (folder / COMMIT).exists():
        from filelock import FileLock
        with FileLock(folder / ".lock", timeout=60):   # never between the steps of a writer that is still at work
            _rename(folder)


def _rename(folder: Path) -> None:
    commit = folder / COMMIT
    if not commit.exists():
        return
    for name in json.loads(commit.read_text(encoding="utf-8")):
        if name.startswith("-"):
            (folder / name[1:]).unlink(missing_ok=True)
            continue
        spare = folder / f".{name}.new"
        if spare.exists():
            os.replace(spare, folder / name)
    commit.unlink(missing_ok=True)


def load_table(folder: Path, name: str, columns: Iterable[str] | None = None,
               where: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """Read one table of a processed folder, or those columns and rows of it that are asked for.

    Accepts the folder, the table's name, the columns wanted (none named: all), and what rows must hold: by column a
    value, several values, or a ``slice(first, last)`` with both ends in it. Of a table kept as Parquet only these are
    read from the disk. Raises :class:`TableError` when the table is not there or does not fit.
    """
    folder = Path(folder)
    finish(folder)
    table = _table(name)
    columns = list(columns or table.names)
    for asked in {*columns, *(where or {})} - set(table.names):
        near = difflib.get_close_matches(asked, table.names, 1)
        raise TableError(f"{name}: there is no column {asked!r}" + (f"; did you mean {near[0]!r}?" if near else "."))
    parts = parquet_parts(folder, name)
    if parts is not None:
        from helpers import parquet
        frame = parquet.read(parts, table, columns, where or {})
        return conform(frame, name) if columns == table.names else frame
    frame = _as_checked(folder, table)
    if frame is None:
        frame = read_csv(folder / f"{table.name}.csv", name)
    for column, wanted in (where or {}).items():
        if isinstance(wanted, slice):
            frame = frame[frame[column].between(wanted.start, wanted.stop).fillna(False)]
        else:
            frame = frame[frame[column].isin([wanted] if isinstance(wanted, str | int | float) else list(wanted))]
    return frame[columns].reset_index(drop=True) if where or columns != table.names else frame


def _as_checked(folder: Path, table: Table) -> pd.DataFrame | None:
    """Read a table that is, byte for byte, the one that was checked against this schema when it was written.

    To check it again would take most of the time of opening it. Returns None for any other file.
    """
    try:
        content = (folder / f"{table.name}.csv").read_bytes()
        package = _package((folder / "datapackage.json").read_bytes())
    except (OSError, ValueError):
        return None
    fields, digest = package.get(table.name, (None, None))
    if digest != _digest(content) or fields != _fields(table):
        return None
    return pd.read_csv(io.BytesIO(content), dtype={c.name: c.dtype for c in table.columns}, keep_default_na=False,
                       na_values=[""])


@functools.lru_cache(maxsize=16)
def _package(content: bytes) -> dict[str, tuple[list, str]]:
    """Return the fields of each table of a data package, and the digest of the file that was checked against them."""
    return {r["name"].replace("-", "_"): (r["schema"]["fields"], r.get("hash", ""))
            for r in json.loads(content)["resources"]}


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def has_table(folder: Path, name: str) -> bool:
    """Whether a processed folder holds a table, as CSV or as Parquet."""
    return parquet_parts(folder, name) is not None or (Path(folder) / f"{name}.csv").exists()


def parquet_parts(folder: Path, name: str) -> list[Path] | None:
    """Return the Parquet files of a table, in order, or None for one that is kept as CSV or not at all."""
    folder = Path(folder)
    if not (folder / PARTS).is_dir() or not (folder / "datapackage.json").exists():
        return None
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    paths = next((r["path"] for r in package["resources"]
                  if r["name"] == name.replace("_", "-") and r["format"] == "parquet"), None)
    return None if paths is None else [folder / p for p in paths]


@functools.cache
def _fields(table: Table) -> list[dict]:
    """Return the columns of a table in the words of a Table Schema."""
    kinds = {"string": "string", "Int64": "integer", "Float64": "number", "boolean": "boolean"}
    fields = []
    for c in table.columns:
        limits: dict[str, object] = {"required": True} if c.required else {}
        if c.allowed:
            limits["enum"] = list(c.allowed)
        if c.pattern:
            limits["pattern"] = c.pattern.strip("^$")
        fields.append({"name": c.name, "type": kinds[c.dtype], "description": c.about}
                      | ({"constraints": limits} if limits else {}))
    return fields


def _datapackage(names: Iterable[str], title: str, parts: Mapping[str, list[str]] | None = None, *,
                 checked: Mapping[str, bytes | str] | None = None) -> str:
    """Describe the tables ``names``; those in ``parts`` are Parquet, in these files, the others CSV. Of the tables that
    were checked against their schema the size and digest are noted."""
    resources = []
    for name in names:
        table = TABLES[name]
        foreign = [{"fields": [c.name], "reference": {"resource": c.refers, "fields": [TABLES[c.refers].key[0]]}}
                   for c in table.columns if c.refers in names and c.refers != name and len(TABLES[c.refers].key) == 1]
        kept: dict[str, object] = {
                "path": f"{name}.csv", "profile": "tabular-data-resource", "description": table.about, "format": "csv",
                "mediatype": "text/csv", "encoding": "utf-8", "dialect": {"lineTerminator": "\n"}}
        if checked and name in checked:
            content = checked[name]
            content = content.encode("utf-8") if isinstance(content, str) else content
            kept |= {"bytes": len(content), "hash": _digest(content)}
        if parts and name in parts:
            kept = {"path": parts[name], "profile": "data-resource", "description": table.about, "format": "parquet",
                    "mediatype": "application/vnd.apache.parquet"}
        resources.append({"name": name.replace("_", "-")} | kept | {
                          "schema": {"fields": _fields(table), "missingValues": [""], "primaryKey": list(table.key)}
                          | ({"foreignKeys": foreign} if foreign else {})})
    package = {"profile": "tabular-data-package", "name": title.lower().replace(" ", "-"), "title": title,
               "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0",
                             "path": "https://creativecommons.org/licenses/by/4.0/"}],
               "resources": resources}
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"
