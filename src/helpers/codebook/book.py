"""Load a codebook, and find everything that is wrong with it."""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from .cues import Cues, compile_cues, danger, fold, to_regex
from .yamlfile import LIMIT, Row, YamlError, read_yaml

HERE = Path(__file__).parent
OTHER_COLOUR = "#6B6B6B"


class Problem(NamedTuple):
    """One thing wrong: the file, its line (from 1), the rule or code, what is wrong and what to do."""

    file: str
    line: int
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {f'{self.rule}: ' if self.rule else ''}{self.message}. To mend it: {self.remedy}."


class CodebookError(ValueError):
    """A codebook that cannot be loaded; ``problems`` holds all that was found."""

    def __init__(self, problems: list[Problem]):
        super().__init__("The codebook cannot be used:\n" + "\n".join(map(str, problems)))
        self.problems = problems


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
LISTS = {"in", "out", "pfc", "boundaries", "cues", "requires", "excludes", "examples_yes", "examples_no", "sources", "had_read"}

SHAPES: dict[str, Shape] = {
    "events.yaml": Shape("types", "code", (*_CODE, "score", "score_source", "seminar_group"), numbers=("score",)),
    "stages.yaml": Shape("stages", "code", (*_CODE, "group", "step", "seminar_group"), numbers=("step",)),
    "tracks.yaml": Shape("tracks", "code", (*_CODE, "seminar_group")),
    "statuses.yaml": Shape(
        "statuses", "code", (*_CODE, "precedence", "fill", "seminar_group"), numbers=("precedence",),
        choices={"fill": ("happened", "announced", "claimed", "denied")},
    ),
    "frames.yaml": Shape("frames", "code", (*_CODE, "pfc", "boundaries", "seminar_group", *_CUES), _NEAR, ("window",)),
    "modality.yaml": Shape(
        "modality", "id", ("kind", "status", "stands", *_CUES), ("note", *_NEAR), ("window",), {"status": "statuses"},
        {"stands": ("before", "after", "either"), "side": _SIDES},
    ),
    "speech.yaml": Shape(
        "speech", "id", ("class", "form", *_CUES), ("note", *_NEAR), ("window",), {},
        {"form": ("verb", "noun", "phrase", "adverb"), "side": _SIDES},
    ),
    "event_rules.yaml": Shape(
        "event_rules", "id", ("type", "actor", *_CUES), ("stage", "track", "status", "note", *_NEAR), ("window",),
        {"type": "types", "stage": "stages", "track": "tracks", "status": "statuses"},
        {"actor": ("subject", "object", "both"), "side": _SIDES},
    ),
}
_COLUMNS = {
    "actors.csv": ("actor_id", "name", "kind", "country", "bloc", "office", "valid_from", "valid_to", "colour", "shared"),
    "aliases.csv": ("alias", "actor_id", "match", "form", "ambiguous", "error_form"),
    "items.csv": ("item", "aliases", "note"),
}
KINDS = ("state", "person", "organisation", "medium", "group")
MATCHES = ("exact", "word", "ci")
FORMS = ("name", "title", "metonym", "demonym")


@dataclass(frozen=True)
class Codebook:
    """Everything a coder needs to know, as data frames indexed by code or rule id.

    ``types``, ``stages``, ``tracks``, ``statuses``, ``frames``, ``roles``: what can be coded (label, definition, in, out, example,
    seminar_group …). ``modality``, ``speech``, ``event_rules``: rules with cues. ``actors`` (one row an office held), ``aliases``, ``items``
    and ``countries``: who and what is named. ``rules`` are the frame coding rules, ``about`` what each file says of itself
    (what it is, its sources, its author and which texts the author had read). ``version`` changes with any byte of any file.
    """

    types: pd.DataFrame
    stages: pd.DataFrame
    tracks: pd.DataFrame
    statuses: pd.DataFrame
    frames: pd.DataFrame
    roles: pd.DataFrame
    modality: pd.DataFrame
    speech: pd.DataFrame
    event_rules: pd.DataFrame
    actors: pd.DataFrame
    aliases: pd.DataFrame
    items: pd.DataFrame
    countries: pd.DataFrame
    rules: Mapping[str, str]
    about: Mapping[str, Mapping]
    folders: tuple[Path, ...]
    version: str

    @cached_property
    def _finders(self) -> dict[str, Cues]:
        return {}

    def cues(self, table: str) -> Cues:
        """The compiled cues of ``frames``, ``modality``, ``speech`` or ``event_rules``: one finder for all rules of the file."""
        if table not in self._finders:
            rows = getattr(self, table)
            self._finders[table] = compile_cues({"id": key, **row} for key, row in rows.to_dict("index").items())
        return self._finders[table]


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint for a name that is not known.

    >>> nearest("SANCTIN", ["SANCTION", "AID"])
    "did you mean 'SANCTION'?"
    """
    known = [str(k) for k in known]
    close = difflib.get_close_matches(str(word), known, 1, 0.6) or [k for k in known if k.lower() == str(word).lower()][:1]
    if close:
        return f"did you mean {close[0]!r}?"
    shown = ", ".join(sorted(known)[:40])
    return f"known are: {shown}" if shown else "none is known"


# ---------------------------------------------------------------- reading


@dataclass
class _Reading:
    """What one pass over the folders found: rows as read, with their files, and the problems."""

    entries: dict[str, dict[str, tuple[str, Row]]] = field(default_factory=dict)
    rows: dict[str, list[tuple[str, int, dict[str, str]]]] = field(default_factory=dict)
    about: dict[str, Row] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    digest: str = ""

    def say(self, file: str, line: int, rule: str, message: str, remedy: str) -> None:
        self.problems.append(Problem(file, line, rule, message, remedy))


def _files(folder: Path) -> list[Path]:
    known = {*SHAPES, "lines.yaml", "overrides.yaml", "countries.csv", *_COLUMNS}
    return sorted(path for path in folder.iterdir() if path.name in known) if folder.is_dir() else []


def _entries(reading: _Reading, path: Path, shape: Shape) -> None:
    """Read the entries of one YAML file into ``reading``; a later folder's entry replaces an earlier one of the same code."""
    name = _shown(path)
    try:
        top = read_yaml(path)
    except YamlError as error:
        reading.say(name, error.line, "", error.message, error.remedy)
        return
    reading.about.setdefault(path.name, top)
    listed = top.get("entries") or top.get("rules")
    if not isinstance(listed, list):
        reading.say(name, 1, "", "there is no list 'entries:' or 'rules:'", "put the entries under 'entries:', each begun with '- '")
        return
    kept = reading.entries.setdefault(path.name, {})
    here: set[str] = set()
    for number, row in enumerate(listed, 1):
        if not isinstance(row, Row):
            reading.say(name, 1, "", f"entry {number} is not made of named fields", f"write '- {shape.key}: …' and its fields below")
            continue
        code = row.get(shape.key)
        if not isinstance(code, str) or not code.strip():
            reading.say(name, row.line, "", f"the entry has no {shape.key!r}", f"add '{shape.key}: …' as its first field")
            continue
        if code in here:
            reading.say(name, row.line, code, f"the {shape.key} stands twice in this file", "rename or delete one of them")
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
                reading.say(name, row.line, code, f"the field {given!r} must be plain text", "write one line of text, in quotes if it holds a colon")
        for given in shape.numbers:
            if given in row:
                try:
                    float(row[given])
                except (TypeError, ValueError):
                    reading.say(name, row.line, code, f"{given!r} must be a number, not {row[given]!r}", "write a number such as -4.0")
        for given, allowed in shape.choices.items():
            if row.get(given) and row[given] not in allowed:
                reading.say(name, row.line, code, f"{given!r} cannot be {row[given]!r}", nearest(row[given], allowed))


def _roles(reading: _Reading, path: Path) -> None:
    """Read the line roles: a mapping of role to its fields, each cue a regular expression with its own examples."""
    name = _shown(path)
    try:
        top = read_yaml(path)
    except YamlError as error:
        reading.say(name, error.line, "", error.message, error.remedy)
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


def _csv(reading: _Reading, path: Path, columns: tuple[str, ...]) -> None:
    name = _shown(path)
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
            if wanted not in header:
                reading.say(name, 1, "", f"the column {wanted!r} is missing", nearest(wanted, header) + "; add it to the first line")
        for given in header:
            if given not in columns:
                reading.say(name, 1, "", f"the column {given!r} is not known", nearest(given, columns))
        if len(set(header)) < len(header):
            reading.say(name, 1, "", "a column name stands twice", "rename one of them")
        rows = reading.rows.setdefault(path.name, [])
        for cells in reader:
            line = reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                reading.say(name, line, cells[0], f"the row has {len(cells)} cells, the first line {len(header)}", "add or remove commas; put text with a comma in double quotes")
                continue
            row = dict.fromkeys(columns, "") | {h: c.strip() for h, c in zip(header, cells, strict=True)}
            rows.append((name, line, row))
    except csv.Error as error:
        reading.say(name, reader.line_num, "", f"not valid CSV: {error}", "look for a quotation mark that is not closed")


def _shown(path: Path) -> str:
    """A file as messages name it: its folder and name, never a path of the machine."""
    return f"{path.parent.parent.name}/{path.parent.name}/{path.name}"


def _overrides(reading: _Reading, path: Path) -> None:
    """Apply a case's overrides: file → code → field, with ``add_FIELD`` to lengthen a list."""
    name = _shown(path)
    try:
        top = read_yaml(path)
    except YamlError as error:
        reading.say(name, error.line, "", error.message, error.remedy)
        return
    tables = {shape.table: (file, shape) for file, shape in SHAPES.items()}
    for table, changes in top.items():
        if table in ("about", "author", "note", "sources"):
            continue
        if table not in tables or not isinstance(changes, Row):
            reading.say(name, getattr(changes, "line", 1), table, "this is no part of the codebook", nearest(table, tables))
            continue
        file, shape = tables[table]
        entries = reading.entries.get(file, {})
        for code, new in changes.items():
            if code not in entries or not isinstance(new, Row):
                reading.say(name, getattr(new, "line", 1), code, f"there is no such entry in {table}", nearest(code, entries))
                continue
            where, old = entries[code]
            row = Row(old)
            row.line = old.line
            for given, value in new.items():
                target = given.removeprefix("add_")
                if target not in shape.fields or (given != target and not (isinstance(value, list) and isinstance(old.get(target, []), list))):
                    reading.say(name, new.line, code, f"the field {given!r} cannot be set", nearest(given, [*shape.fields, *(f"add_{f}" for f in shape.fields if f in LISTS)]))
                else:
                    row[target] = [*old.get(target, []), *value] if given != target else value
            entries[code] = (where, row)


def _read(folders: Iterable[Path]) -> _Reading:
    reading = _Reading()
    digest = hashlib.sha256()
    for folder in folders:
        late = []
        for path in _files(folder):
            digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
            if path.name in SHAPES:
                _entries(reading, path, SHAPES[path.name])
            elif path.name == "lines.yaml":
                _roles(reading, path)
            elif path.name == "overrides.yaml":
                late.append(path)
            elif path.name == "countries.csv":
                _csv(reading, path, ("country", "name", "other_names", "metonyms", "demonyms", "ambiguous"))
            else:
                _csv(reading, path, _COLUMNS[path.name])
        for path in late:
            _overrides(reading, path)
    reading.digest = digest.hexdigest()[:12]
    _references(reading)
    _actors(reading)
    _compile(reading)
    return reading


# ---------------------------------------------------------------- what must fit together


def _references(reading: _Reading) -> None:
    for file, shape in SHAPES.items():
        for given, table in shape.refers.items():
            target = next(f for f, s in SHAPES.items() if s.table == table)
            known = reading.entries.get(target, {})
            for code, (name, row) in reading.entries.get(file, {}).items():
                if row.get(given) and row[given] not in known:
                    reading.say(name, row.line, code, f"{given!r} names {row[given]!r}, which {target} does not define", nearest(row[given], known))
    frames = reading.entries.get("frames.yaml", {})
    for code, (name, row) in frames.items():
        for edge in row.get("boundaries") or []:
            if not isinstance(edge, Row) or edge.get("against") not in frames:
                against = edge.get("against") if isinstance(edge, Row) else edge
                reading.say(name, row.line, code, f"a boundary is drawn against {against!r}, which is no frame", nearest(str(against), frames))


def _span(text: str, last: bool) -> date | None:
    """The first or last day of ``2021``, ``2021-04`` or ``2021-04-13``; an empty cell is open."""
    if not text:
        return date.max if last else date.min
    found = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", text)
    try:
        year, month, day = (int(part) if part else None for part in found.groups())
        if day:
            return date(year, month, day)
        if not last:
            return date(year, month or 1, 1)
        return pd.Period(f"{year}-{month or 12:02d}", "M").end_time.date()
    except (AttributeError, ValueError, TypeError):
        return None


def _contrast(colour: str) -> float:
    """Contrast of a colour with white, after WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


def _actors(reading: _Reading) -> None:
    states = {row["country"] for _, _, row in reading.rows.get("countries.csv", [])}
    seen: dict[tuple, int] = {}
    holders: dict[tuple[str, str], list] = {}
    colours: dict[str, set] = {}
    actors = set(states)
    for name, line, row in reading.rows.get("actors.csv", []):
        who = row["actor_id"]
        actors.add(who)
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", who):
            reading.say(name, line, who, "the actor_id may hold only letters, figures, dots and hyphens", "write for example USA.senate")
        if row["kind"] not in KINDS:
            reading.say(name, line, who, f"the kind {row['kind']!r} is not known", nearest(row["kind"], KINDS))
        if states and row["country"] and row["country"] not in states:
            reading.say(name, line, who, f"the country {row['country']!r} is not an ISO 3166 alpha-3 code", nearest(row["country"], states))
        if not re.fullmatch(r"(#[0-9A-Fa-f]{6})?", row["colour"]):
            reading.say(name, line, who, f"the colour {row['colour']!r} is not written as #RRGGBB", "write for example #0072B2")
        elif row["colour"]:
            colours.setdefault(row["bloc"], set()).add(row["colour"].upper())
            if _contrast(row["colour"]) < 3:
                reading.say(name, line, who, f"the colour {row['colour']} is too pale on white ({_contrast(row['colour']):.1f}:1, needed 3:1)", "take a darker one")
        key = (who, row["office"], row["valid_from"])
        if key in seen:
            reading.say(name, line, who, f"the same actor and office stand on line {seen[key]} already", "delete one, or give the second term its own dates")
        seen[key] = line
        first, last = _span(row["valid_from"], False), _span(row["valid_to"], True)
        for which, value in (("valid_from", first), ("valid_to", last)):
            if value is None:
                reading.say(name, line, who, f"{which} is no date: {row[which]!r}", "write 2021, 2021-04 or 2021-04-13")
        if first and last and first > last:
            reading.say(name, line, who, "valid_from is later than valid_to", "swap the two")
        elif first and last and row["office"] and not row["shared"]:
            holders.setdefault((row["country"], row["office"]), []).append((first, last, who, name, line))
    for (_, office), terms in holders.items():
        terms.sort(key=lambda term: term[:2])
        for (_, before, one, *_), (start, _, two, name, line) in zip(terms, terms[1:]):
            # a day of handing over is shared by both
            if start < before and one != two:
                reading.say(name, line, two, f"{one} still holds the office {office!r} on {start}", "correct valid_from or valid_to, or write 'yes' under shared if several hold it at once")
    named: dict[str, list] = {}
    for name, line, row in reading.rows.get("aliases.csv", []):
        alias = row["alias"]
        if not alias:
            reading.say(name, line, row["actor_id"], "the alias is empty", "write the words as they stand in texts, or delete the row")
        if row["actor_id"] not in actors:
            reading.say(name, line, alias, f"the actor {row['actor_id']!r} is not in actors.csv", nearest(row["actor_id"], actors - states))
        for column, allowed in (("match", MATCHES), ("form", FORMS), ("ambiguous", ("", "yes")), ("error_form", ("", "yes"))):
            if row[column] not in allowed:
                reading.say(name, line, alias, f"{column} cannot be {row[column]!r}", nearest(row[column], [a or "(empty)" for a in allowed]))
        for other, other_line, ambiguous in named.get(alias, []):
            if other == row["actor_id"]:
                reading.say(name, line, alias, f"the alias stands on line {other_line} already", "delete one of the two rows")
            elif not (ambiguous and row["ambiguous"]):
                reading.say(name, line, alias, f"the alias means {other} on line {other_line} and {row['actor_id']} here", "write 'yes' under ambiguous in both rows, or choose one")
        named.setdefault(alias, []).append((row["actor_id"], line, row["ambiguous"]))
    items: dict[str, int] = {}
    for name, line, row in reading.rows.get("items.csv", []):
        for alias in {row["item"], *filter(None, map(str.strip, row["aliases"].split(";")))}:
            if alias in items and items[alias] != line:
                reading.say(name, line, row["item"], f"the name {alias!r} stands on line {items[alias]} already", "keep it in one row only")
            items[alias] = line


def _compile(reading: _Reading) -> None:
    """Every cue must be readable and harmless before any text meets it."""
    for file, shape in SHAPES.items():
        if "cues" not in shape.fields:
            continue
        for code, (name, row) in reading.entries.get(file, {}).items():
            for given in ("cues", "requires", "excludes"):
                if given == "cues" and row.get("cues") == []:
                    reading.say(name, row.line, code, "the rule has no cue", "add the words that show it, or delete the rule")
                for cue in row.get(given) or []:
                    _try_cue(reading, name, row.line, code, cue)
    for role, (name, row) in reading.entries.get("lines.yaml", {}).items():
        for cue in row.get("cues") or []:
            if isinstance(cue, Row):
                for how in ("whole", "begins", "holds"):
                    if how in cue:
                        _try_cue(reading, name, cue.line, f"{role}.{cue.get('id', '')}", f"re:{cue[how]}")


def _try_cue(reading: _Reading, name: str, line: int, code: str, cue) -> None:
    if not isinstance(cue, str):
        reading.say(name, line, code, f"the cue {cue!r} is not plain text", "put it in quotation marks")
        return
    try:
        pattern = to_regex(cue)
        re.compile(pattern)
        if cue.startswith("re:") and (why := danger(pattern)):
            reading.say(name, line, code, f"the cue {cue!r}: {why.split(':')[0]}", why.split(": ", 1)[1])
    except ValueError as error:
        reading.say(name, line, code, str(error).split(":")[0], str(error).split(": ", 1)[-1])
    except (re.error, RecursionError, OverflowError) as error:
        reading.say(name, line, code, f"the regular expression {cue!r} is broken ({error})", "write plain words with * instead, or close its brackets")


def _examples(reading: _Reading) -> None:
    """Run every rule on its own examples. Line roles run theirs in ``helpers.cleaning``, where the way they match is defined."""
    for file, shape in SHAPES.items():
        if "examples_yes" not in shape.fields:
            continue
        for code, (name, row) in reading.entries.get(file, {}).items():
            try:
                finder = compile_cues([{"id": code, **row}])
            except (ValueError, re.error):
                continue  # reported by _compile
            _run(reading, name, row.line, code, row, lambda text, finder=finder: bool(finder.find(text)))


def _run(reading: _Reading, name: str, line: int, code: str, row: Mapping, met) -> None:
    for given, wanted in (("examples_yes", True), ("examples_no", False)):
        examples = row.get(given)
        if not isinstance(examples, list) or not examples:
            reading.say(name, line, code, f"there is no example under {given!r}", "add at least one sentence, about invented parties")
            continue
        for example in examples:
            try:
                found = met(example)
            except (re.error, TypeError):
                continue  # reported by _compile
            if found != wanted:
                reading.say(
                    name, line, code, f"{given}: the rule {'misses' if wanted else 'wrongly meets'} {example!r}",
                    "add a cue that meets it, or move the sentence to examples_no" if wanted else "narrow a cue (excludes, requires), or move the sentence to examples_yes",
                )


# ---------------------------------------------------------------- what users call


def _folders(case_folder: Path | str | None) -> tuple[Path, ...]:
    if case_folder is None:
        return (HERE,)
    folder = Path(case_folder)
    if folder.name != "codebook":
        folder = folder / "codebook"
    return (HERE, folder)


def load_codebook(case_folder: Path | str | None = None) -> Codebook:
    """Accepts a case's folder (or its ``codebook`` folder), or None for the general part alone; returns the codebook.

    A case without a ``codebook`` folder gets the general part, with all states of the world as its actors. Raises CodebookError, which
    names every file, line and remedy, if any file cannot be read or does not fit the others.

    >>> sorted(load_codebook(None).statuses["fill"].unique())
    ['announced', 'claimed', 'denied', 'happened']
    """
    folders = _folders(case_folder)
    reading = _read(folders)
    if reading.problems:
        raise CodebookError(reading.problems)
    tables = {shape.table: _frame(reading, file, shape) for file, shape in SHAPES.items()}
    tables["roles"] = pd.DataFrame.from_dict(
        {role: {k: row.get(k, "") for k in ("definition", "in", "out")} | {"cues": tuple(row.get("cues") or ())}
         for role, (_, row) in reading.entries.get("lines.yaml", {}).items()},
        orient="index", columns=["definition", "in", "out", "cues"],
    ).rename_axis("role")
    actors, aliases, countries = _people(reading)
    items = pd.DataFrame([row for _, _, row in reading.rows.get("items.csv", [])], columns=list(_COLUMNS["items.csv"]), dtype="string")
    about = {file: {k: v for k, v in top.items() if k in ("about", "sources", "author", "note")} for file, top in reading.about.items()}
    rules = dict(reading.about.get("frames.yaml", {}).get("coding_rules", {}))
    return Codebook(
        **tables, actors=actors, aliases=aliases, items=items, countries=countries, rules=rules, about=about,
        folders=folders, version=reading.digest,
    )


def _frame(reading: _Reading, file: str, shape: Shape) -> pd.DataFrame:
    rows = {
        code: {
            name: tuple(row.get(name) or ()) if name in LISTS else row.get(name, "") for name in shape.fields if name != shape.key
        }
        for code, (_, row) in reading.entries.get(file, {}).items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[name for name in shape.fields if name != shape.key])
    for name in shape.numbers:
        table[name] = pd.to_numeric(table[name])
    return table.rename_axis(shape.key)


def _people(reading: _Reading) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Actors and aliases: the case's first, then every state that the case does not describe itself."""
    columns = list(_COLUMNS["actors.csv"])
    own = [row | {"layer": "case"} for _, _, row in reading.rows.get("actors.csv", [])]
    described = {row["actor_id"] for row in own}
    states = [row for _, _, row in reading.rows.get("countries.csv", [])]
    others = [
        dict.fromkeys(columns, "") | {"actor_id": row["country"], "name": row["name"], "kind": "state", "country": row["country"],
                                       "bloc": "other" if own else row["name"], "colour": OTHER_COLOUR, "layer": "general"}
        for row in states if row["country"] not in described
    ]
    actors = pd.DataFrame(own + others, columns=[*columns, "layer"], dtype="string")
    actors["colour"] = actors["colour"].where(actors["colour"] != "", OTHER_COLOUR)
    actors["shared"] = (actors["shared"] == "yes").astype("boolean")

    named = [row | {"layer": "case"} for _, _, row in reading.rows.get("aliases.csv", [])]
    taken = {row["alias"] for row in named}
    for row in states:
        unsure = {word.strip() for word in row["ambiguous"].split(";")}
        for column, form, match in (("name", "name", "word"), ("other_names", "name", "word"), ("metonyms", "metonym", "word"), ("demonyms", "demonym", "word")):
            for alias in filter(None, map(str.strip, row[column].split(";"))):
                if alias not in taken:
                    named.append({"alias": alias, "actor_id": row["country"], "match": match, "form": form,
                                  "ambiguous": "yes" if alias in unsure else "", "error_form": "", "layer": "general"})
    aliases = pd.DataFrame(named, columns=[*_COLUMNS["aliases.csv"], "layer"], dtype="string").drop_duplicates(["alias", "actor_id"], ignore_index=True)
    shared = aliases.groupby("alias")["actor_id"].transform("nunique") > 1
    for column in ("ambiguous", "error_form"):
        aliases[column] = (aliases[column] == "yes").astype("boolean")
    aliases["ambiguous"] |= shared
    countries = pd.DataFrame(states, columns=["country", "name", "other_names", "metonyms", "demonyms", "ambiguous"], dtype="string").set_index("country")
    return actors, aliases, countries


def check(codebook: Codebook | Path | str | None = None) -> list[Problem]:
    """Accepts a codebook, a case's folder or None (the general part); returns everything that is wrong, an empty list if nothing.

    Reads the files again, tries every cue and runs every rule's examples.

    >>> check(None)
    []
    """
    folders = codebook.folders if isinstance(codebook, Codebook) else _folders(codebook)
    reading = _read(folders)
    _examples(reading)
    return sorted(set(reading.problems))


__all__ = ["SHAPES", "Codebook", "CodebookError", "Problem", "check", "fold", "load_codebook", "nearest"]
