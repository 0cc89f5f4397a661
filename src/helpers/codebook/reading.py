"""Read the files of a codebook: what each must hold, and every fault with its line and remedy."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from . import words
from .yamlfile import LIMIT, Row, YamlError, read_yaml

HERE = Path(__file__).parent


class Problem(NamedTuple):
    """One thing wrong: the file, its line (from 1), the rule or code, what is wrong and what to do."""

    file: str
    line: int
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        rule = f"{self.rule}: " if self.rule else ""
        return f"{self.file}:{self.line}: {rule}{self.message}. To mend it: {self.remedy.rstrip('.')}"


@dataclass(frozen=True)
class Shape:
    """What a YAML file of the codebook holds: its key field, what each entry must and may have, and how it is read."""

    table: str
    key: str
    must: tuple[str, ...]
    may: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    refers: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        return (self.key, *self.must, *self.may)


_CODE = ("label", "definition", "in", "out", "example")
_CUES = ("cues", "examples_yes", "examples_no")
_NEAR = ("requires", "excludes", "window", "side")
_SIDES = ("before", "after", "any")
LISTS = {
    "in",
    "out",
    "pfc",
    "boundaries",
    "cues",
    "requires",
    "excludes",
    "examples_yes",
    "examples_no",
    "sources",
    "had_read",
}

SHAPES: dict[str, Shape] = {
    "events.yaml": Shape("types", "code", (*_CODE, "score", "score_source", "seminar_group"), numbers=("score",)),
    "stages.yaml": Shape("stages", "code", (*_CODE, "group", "step", "seminar_group"), numbers=("step",)),
    "tracks.yaml": Shape("tracks", "code", (*_CODE, "seminar_group"), ("boundaries",)),
    "statuses.yaml": Shape(
        "statuses",
        "code",
        (*_CODE, "precedence", "fill", "seminar_group"),
        ("boundaries",),
        numbers=("precedence",),
        choices={"fill": ("happened", "announced", "claimed", "denied")},
    ),
    "frames.yaml": Shape("frames", "code", (*_CODE, "pfc", "boundaries", "seminar_group", *_CUES), _NEAR, ("window",)),
    "frame_rules.yaml": Shape(
        "frame_rules",
        "id",
        ("frame", "weight", *_CUES),
        ("note", *_NEAR),
        ("weight", "window"),
        {"frame": "frames"},
        {"side": _SIDES},
    ),
    "frame_events.yaml": Shape(
        "frame_events",
        "id",
        ("type", "frame", "weight"),
        ("stage", "track", "note"),
        ("weight",),
        {"type": "types", "stage": "stages", "track": "tracks", "frame": "frames"},
    ),
    "modality.yaml": Shape(
        "modality",
        "id",
        ("kind", "status", "stands", *_CUES),
        ("note", *_NEAR),
        ("window",),
        {"status": "statuses"},
        {"stands": ("before", "after", "either"), "side": _SIDES},
    ),
    "speech.yaml": Shape(
        "speech",
        "id",
        ("class", "form", *_CUES),
        ("note", *_NEAR),
        ("window",),
        {},
        {"form": ("verb", "noun", "phrase", "adverb"), "side": _SIDES},
    ),
    "event_rules.yaml": Shape(
        "event_rules",
        "id",
        ("type", "actor", *_CUES),
        ("stage", "track", "status", "target", "note", *_NEAR),
        ("window",),
        {"type": "types", "stage": "stages", "track": "tracks", "status": "statuses"},
        {"actor": ("subject", "object", "both"), "target": ("named",), "side": _SIDES},
    ),
}
COLUMNS = {
    "actors.csv": (
        "actor_id",
        "name",
        "kind",
        "country",
        "bloc",
        "office",
        "valid_from",
        "valid_to",
        "colour",
        "shared",
    ),
    "aliases.csv": ("alias", "actor_id", "match", "form", "ambiguous", "error_form"),
    "items.csv": ("item", "aliases", "note"),
}
REMARKS = ("times", "texts", "first_at")     # what a proposal says of itself; nothing is read from it
COUNTRY_COLUMNS = ("country", "name", "other_names", "metonyms", "demonyms", "ambiguous")
BODY_COLUMNS = ("body", "name", "kind", "other_names", "metonyms", "demonyms", "ambiguous", "called")
LEADER_COLUMNS = ("country", "name", "other_names", "called", "alone", "office", "valid_from", "valid_to")
ALONE = ("", "yes", "as written", "word")   # what a leader's surname means by itself
KINDS = ("state", "person", "organisation", "medium", "group")
MAY_LACK = {"aliases.csv": ("match", "form", "ambiguous", "error_form")}       # columns whose cells may be empty, too
EMPTY = {"match": "word", "form": "name"}     # what an empty cell of aliases.csv means
MATCHES = ("exact", "word", "ci")
FORMS = ("name", "title", "metonym", "demonym")


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint for a name that is not known.

    >>> nearest("SANCTIN", ["SANCTION", "AID"])
    "did you mean 'SANCTION'?"
    """
    known = [str(k) for k in known]
    close = (
        difflib.get_close_matches(str(word), known, 1, 0.6) or [k for k in known if k.lower() == str(word).lower()][:1]
    )
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(sorted(known)[:40])
    return f"known are: {shown}" if shown else "none is known"


@dataclass
class Reading:
    """What one pass over the folders found: rows as read, with their files, and the problems."""

    entries: dict[str, dict[str, tuple[str, Row]]] = field(default_factory=dict)
    rows: dict[str, list[tuple[str, int, dict[str, str]]]] = field(default_factory=dict)
    about: dict[str, Row] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""

    def say(self, file: str, line: int, rule: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(file, line, rule, message, remedy))


# what a folder of a codebook may hold
FILES = frozenset({*SHAPES, "lines.yaml", "overrides.yaml", "countries.csv", "bodies.csv", "leaders.csv", *COLUMNS})


def known_files(folder: Path) -> list[Path]:
    known = FILES | {words.FILE}
    return sorted(path for path in folder.iterdir() if path.name in known) if folder.is_dir() else []


def _opened(reading: Reading, path: Path) -> tuple[str, Row | None]:
    """The file as messages name it and what its YAML holds; nothing, and a problem, where it cannot be read."""
    name = shown(path)
    try:
        return name, read_yaml(path)
    except YamlError as error:
        reading.say(name, error.line, "", error.message, error.remedy)
        return name, None


def read_entries(reading: Reading, path: Path, shape: Shape) -> None:
    """Read the entries of one YAML file; a later folder's entry replaces an earlier one of the same code."""
    name, top = _opened(reading, path)
    if top is None:
        return
    reading.about.setdefault(path.name, top)
    listed = top.get("entries") or top.get("rules")
    if not isinstance(listed, list):
        reading.say(
            name,
            1,
            "",
            "there is no list 'entries:' or 'rules:'",
            "put the entries under 'entries:', each begun with '- '",
        )
        return
    kept = reading.entries.setdefault(path.name, {})
    here: set[str] = set()
    for number, row in enumerate(listed, 1):
        if not isinstance(row, Row):
            reading.say(
                name,
                1,
                "",
                f"entry {number} is not made of named fields",
                f"write '- {shape.key}: …' and its fields below",
            )
            continue
        code = row.get(shape.key)
        if not isinstance(code, str) or not code.strip():
            reading.say(
                name, row.line, "", f"the entry has no {shape.key!r}", f"add '{shape.key}: …' as its first field"
            )
            continue
        if code in here:
            reading.say(
                name, row.line, code, f"the {shape.key} stands twice in this file", "rename or delete one of them"
            )
            continue
        here.add(code)
        kept[code] = (name, row)
        for wanted in shape.must:
            if wanted not in row or row[wanted] in ("", None):
                reading.say(name, row.line, code, f"the field {wanted!r} is missing", f"add '{wanted}: …'")
        for given in row:
            if given not in shape.fields:
                reading.say(name, row.line, code, f"the field {given!r} is not known", nearest(given, shape.fields))
        for given, value in row.items():
            if given in LISTS and not isinstance(value, list):
                reading.say(name, row.line, code, f"the field {given!r} must be a list", f"write '{given}: [one, two]'")
            elif given in shape.fields and given not in LISTS and not isinstance(value, str):
                reading.say(
                    name,
                    row.line,
                    code,
                    f"the field {given!r} must be plain text",
                    "write one line of text, in quotes if it holds a colon",
                )
        for given in shape.numbers:
            if given in row:
                try:
                    float(row[given])
                except (TypeError, ValueError):
                    reading.say(
                        name,
                        row.line,
                        code,
                        f"{given!r} must be a number, not {row[given]!r}",
                        "write a number such as -4.0",
                    )
        for given, allowed in shape.choices.items():
            if row.get(given) and row[given] not in allowed:
                reading.say(name, row.line, code, f"{given!r} cannot be {row[given]!r}", nearest(row[given], allowed))


def read_roles(reading: Reading, path: Path) -> None:
    """Read the line roles: a mapping of role to its fields, each cue a regular expression with its own examples."""
    name, top = _opened(reading, path)
    if top is None:
        return
    reading.about.setdefault(path.name, top)
    roles = top.get("roles")
    if not isinstance(roles, Row):
        reading.say(name, 1, "", "there is no 'roles:'", "put each role under 'roles:' with its definition")
        return
    for role, row in roles.items():
        if not isinstance(row, Row):
            reading.say(name, roles.line, role, "the role has no fields", "add 'definition: …' below it")
            continue
        reading.entries.setdefault(path.name, {})[role] = (name, row)
        for wanted in ("definition", "in", "out"):
            if not row.get(wanted):
                reading.say(name, row.line, role, f"the field {wanted!r} is missing", f"add '{wanted}: …'")


def read_csv(reading: Reading, path: Path, columns: tuple[str, ...]) -> None:
    name = shown(path)
    if path.stat().st_size > LIMIT:
        reading.say(name, 1, "", f"the file is larger than {LIMIT:,} bytes", "look whether it is the right file")
        return
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        reading.say(name, 1, "", f"the file is not UTF-8 text (byte {error.start})", "save it as CSV UTF-8")
        return
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        for wanted in columns:
            if wanted not in header and wanted not in MAY_LACK.get(path.name, ()):
                reading.say(
                    name,
                    1,
                    "",
                    f"the column {wanted!r} is missing",
                    nearest(wanted, header) + "; add it to the first line",
                )
        for given in header:
            if given not in (*columns, *REMARKS):
                reading.say(name, 1, "", f"the column {given!r} is not known", nearest(given, columns))
        if len(set(header)) < len(header):
            reading.say(name, 1, "", "a column name stands twice", "rename one of them")
        rows = reading.rows.setdefault(path.name, [])
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                reading.say(
                    name,
                    line,
                    cells[0],
                    f"the row has {len(cells)} cells, the first line {len(header)}",
                    "add or remove commas; put text with a comma in double quotes",
                )
                continue
            row = dict.fromkeys(columns, "") | {h: c.strip() for h, c in zip(header, cells, strict=True)}
            if path.name == "aliases.csv":
                row |= {column: row[column] or usual for column, usual in EMPTY.items()}
            rows.append((name, line, row))
    except csv.Error as error:
        reading.say(
            name, reader.line_num, "", f"not valid CSV: {error}", "look for a quotation mark that is not closed"
        )


def shown(path: Path) -> str:
    """A file as messages name it: its folder and name, never a path of the machine."""
    return f"{path.parent.parent.name}/{path.parent.name}/{path.name}"


def apply_overrides(reading: Reading, path: Path) -> None:
    """Apply a case's overrides: file → code → field, with ``add_FIELD`` to lengthen a list."""
    name, top = _opened(reading, path)
    if top is None:
        return
    tables = {shape.table: (file, shape) for file, shape in SHAPES.items()}
    for table, changes in top.items():
        if table in ("about", "author", "note", "sources"):
            continue
        if table not in tables or not isinstance(changes, Row):
            reading.say(
                name, getattr(changes, "line", 1), table, "this is no part of the codebook", nearest(table, tables)
            )
            continue
        file, shape = tables[table]
        entries = reading.entries.get(file, {})
        for code, new in changes.items():
            if code not in entries or not isinstance(new, Row):
                reading.say(
                    name, getattr(new, "line", 1), code, f"there is no such entry in {table}", nearest(code, entries)
                )
                continue
            where, old = entries[code]
            row = Row(old)
            row.line = old.line
            for given, value in new.items():
                target = given.removeprefix("add_")
                settable = {*shape.fields, *(f"add_{name}" for name in shape.fields if name in LISTS)}
                if given not in settable or (target in LISTS and not isinstance(value, list)):
                    reading.say(name, new.line, code, f"the field {given!r} cannot be set so", nearest(given, settable))
                else:
                    row[target] = [*old.get(target, []), *value] if given != target else value
            entries[code] = (where, row)


def read(folders: Iterable[Path]) -> Reading:
    reading = Reading()
    digest = hashlib.sha256()
    for folder in folders:
        late = []
        for path in known_files(folder):
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
            if path.name in SHAPES:
                read_entries(reading, path, SHAPES[path.name])
            elif path.name == "lines.yaml":
                read_roles(reading, path)
            elif path.name == "overrides.yaml":
                late.append(path)
            elif path.name == words.FILE:
                if folder != HERE:     # words.py reads the general one; here it counts for the version
                    reading.say(shown(path), 1, "", "a case cannot change what single words say of frames",
                                "remove the file, and write rules into frame_rules.yaml")
            elif path.name == "countries.csv":
                read_csv(reading, path, COUNTRY_COLUMNS)
            elif path.name == "bodies.csv":
                read_csv(reading, path, BODY_COLUMNS)
            elif path.name == "leaders.csv":
                read_csv(reading, path, LEADER_COLUMNS)
            else:
                read_csv(reading, path, COLUMNS[path.name])
        for path in late:
            apply_overrides(reading, path)
    reading.digest = digest.hexdigest()[:12]
    return reading
