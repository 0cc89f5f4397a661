"""The codebook as data frames."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from . import checks
from .cues import WINDOW_WORDS, Cues, compile_cues
from .reading import (
    BODY_COLUMNS,
    COLUMNS,
    COUNTRY_COLUMNS,
    HERE,
    LEADER_COLUMNS,
    LISTS,
    SHAPES,
    Problem,
    Reading,
    Shape,
    known_files,
    read,
)
from .yamlfile import Row

OTHER_COLOUR = "#6B6B6B"


class CodebookError(ValueError):
    """A codebook that cannot be loaded; ``problems`` holds all that was found."""

    def __init__(self, problems: list[Problem]):
        super().__init__("The codebook cannot be used:\n" + "\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True, eq=False)
class Codebook:
    """Everything a coder needs to know, as data frames indexed by code or rule id.

    ``types``, ``stages``, ``tracks``, ``statuses``, ``frames`` and ``roles`` say what can be coded (label, definition,
    in, out, example, seminar_group …). ``modality``, ``speech``, ``event_rules`` and ``frame_rules`` are rules with
    cues; ``frame_events`` says which frame an event of some type speaks for. ``actors`` (a row an office held),
    ``aliases``, ``items``, ``countries``, ``bodies`` (what states have founded together) and
    ``leaders`` (whose name stands for a state or body while they hold an office of it): who and what is named.
    ``rules`` are those of coding frames; ``about`` is what each file says of itself: sources, author, which texts
    the author had read, and the rules of a class (``seminar_rules``). ``version`` changes with any byte of any file.
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
    frame_rules: pd.DataFrame
    frame_events: pd.DataFrame
    actors: pd.DataFrame
    aliases: pd.DataFrame
    items: pd.DataFrame
    countries: pd.DataFrame
    bodies: pd.DataFrame
    leaders: pd.DataFrame
    rules: Mapping[str, str]
    about: Mapping[str, Mapping]
    folders: tuple[Path, ...]
    version: str

    def __eq__(self, other: object) -> bool:
        """Two of the same version are the same, so that caches can hold a codebook."""
        return isinstance(other, Codebook) and other.version == self.version

    def __hash__(self) -> int:
        return hash(self.version)

    @cached_property
    def _finders(self) -> dict[str, Cues]:
        return {}

    def cues(self, table: str) -> Cues:
        """The cues of ``frames`` or of a table of rules (``modality`` …): one finder for all of the file."""
        if table not in self._finders:
            rows = getattr(self, table)
            self._finders[table] = compile_cues({"id": key, **row} for key, row in rows.to_dict("index").items())
        return self._finders[table]


def _folders(case_folder: Path | str | None) -> tuple[Path, ...]:
    if case_folder is None:
        return (HERE,)
    folder = Path(case_folder)
    if folder.name != "codebook":
        folder = folder / "codebook"
    return (HERE, folder)


def load_codebook(case_folder: Path | str | None = None) -> Codebook:
    """Accepts a case's folder (or its ``codebook`` folder), or None for the general part alone; returns the codebook.

    A case without a ``codebook`` folder gets the general part, with all states of the world as its actors. Raises
    CodebookError, which names every file, line and remedy, if any file cannot be read or does not fit the others.

    >>> sorted(load_codebook(None).statuses["fill"].unique())
    ['announced', 'claimed', 'denied', 'happened']
    """
    folders = _folders(case_folder)
    kept = _load(folders, tuple((path, path.read_bytes()) for folder in folders for path in known_files(folder)))
    frames = {name: table.copy(deep=False) for name, table in vars(kept).items() if isinstance(table, pd.DataFrame)}
    book = replace(kept, **frames)      # whoever changes a table changes one of their own
    vars(book)["_finders"] = kept._finders
    return book


@lru_cache(maxsize=8)
def _load(folders: tuple[Path, ...], contents: tuple[tuple[Path, bytes], ...]) -> Codebook:
    """Read and check the files once, as long as no byte of them changes."""
    reading = read(folders)
    checks.fit(reading)
    if reading.problems:
        raise CodebookError(reading.problems)
    tables = {shape.table: _frame(reading, file, shape) for file, shape in SHAPES.items()}
    tables["roles"] = pd.DataFrame.from_dict(
        {
            role: {k: row.get(k, "") for k in ("definition", "in", "out")}
            | {"example": _example(row), "cues": tuple(row.get("cues") or ())}
            for role, (_, row) in reading.entries.get("lines.yaml", {}).items()
        },
        orient="index",
        columns=["definition", "in", "out", "example", "cues"],
    ).rename_axis("role")
    actors, aliases, countries, bodies = _people(reading)
    items = pd.DataFrame(
        [row for _, _, row in reading.rows.get("items.csv", [])], columns=list(COLUMNS["items.csv"]), dtype="string"
    )
    told = ("about", "sources", "author", "note", "seminar_rules")
    about = {file: {name: top[name] for name in told if name in top} for file, top in reading.about.items()}
    rules = dict(reading.about.get("frames.yaml", Row()).get("coding_rules", {}))
    return Codebook(
        **tables,
        actors=actors,
        aliases=aliases,
        items=items,
        countries=countries,
        bodies=bodies,
        leaders=pd.DataFrame(
            [row for _, _, row in reading.rows.get("leaders.csv", [])], columns=list(LEADER_COLUMNS), dtype="string"
        ),
        rules=rules,
        about=about,
        folders=folders,
        version=reading.digest,
    )


def _frame(reading: Reading, file: str, shape: Shape) -> pd.DataFrame:
    rows = {
        code: {
            name: tuple(row.get(name) or ()) if name in LISTS else row.get(name, "")
            for name in shape.fields
            if name != shape.key
        }
        for code, (_, row) in reading.entries.get(file, {}).items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[name for name in shape.fields if name != shape.key])
    for name in shape.numbers:
        numbers = pd.to_numeric(table[name])
        table[name] = numbers.fillna(WINDOW_WORDS).astype(int) if name == "window" else numbers
    return table.rename_axis(shape.key)


def _example(role: Row) -> str:
    """A line that has a role: the first that must be met, by the role or by the first of its cues."""
    lines = [line for row in (role, *(role.get("cues") or ())) for line in row.get("examples_yes") or ()]
    return lines[0] if lines else ""


def _people(reading: Reading) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Actors and aliases: the case's first, then every state and body that the case does not describe itself."""
    columns = list(COLUMNS["actors.csv"])
    own = [row | {"layer": "case"} for _, _, row in reading.rows.get("actors.csv", [])]
    named = [row | {"layer": "case"} for _, _, row in reading.rows.get("aliases.csv", [])]
    described = {row["actor_id"] for row in own}
    taken = {row["alias"] for row in named}
    countries = [row for _, _, row in reading.rows.get("countries.csv", [])]
    # a case may have a code of its own for a body: it is known by its name
    known = taken | {row["name"] for row in own}
    bodies = [
        row
        for _, _, row in reading.rows.get("bodies.csv", [])
        if row["body"] in described or known.isdisjoint({row["name"], *_listed(row["other_names"])})
    ]
    states = [row | {"code": row["country"], "kind": "state"} for row in countries]
    states += [row | {"code": row["body"]} for row in bodies]
    others = [
        dict.fromkeys(columns, "")
        | {
            "actor_id": row["code"],
            "name": row["name"],
            "kind": row["kind"],
            "country": row["code"] if row["kind"] == "state" else "",
            "bloc": "other" if own else row["name"],
            "colour": OTHER_COLOUR,
            "layer": "general",
        }
        for row in states
        if row["code"] not in described
    ]
    actors = pd.DataFrame(own + others, columns=[*columns, "layer"], dtype="string")
    actors["colour"] = _shaded(actors)
    actors["shared"] = (actors["shared"] == "yes").astype("boolean")
    return (
        actors,
        _aliases(named, states),
        pd.DataFrame(countries, columns=list(COUNTRY_COLUMNS), dtype="string").set_index("country"),
        pd.DataFrame(bodies, columns=list(BODY_COLUMNS), dtype="string").set_index("body"),
    )


def _shaded(actors: pd.DataFrame) -> pd.Series:
    """The colours of actors: one without its own is drawn as the state before the dot, else as its bloc is; grey where
    neither has one, or where the case puts it among the others."""
    chosen = actors[actors["colour"].ne("") & actors["layer"].eq("case")]
    states = dict(zip(chosen["actor_id"], chosen["colour"]))
    first = chosen.assign(late=chosen["kind"].ne("state")).sort_values("late", kind="stable").drop_duplicates("bloc")
    blocs = dict(zip(first["bloc"], first["colour"]))

    def shade(who: str, bloc: str, colour: str) -> str:
        if colour or bloc == "other":
            return colour or OTHER_COLOUR
        return states.get(who.split(".")[0]) or (blocs.get(bloc) if bloc else None) or OTHER_COLOUR

    return pd.Series(list(map(shade, actors["actor_id"], actors["bloc"], actors["colour"])), actors.index, "string")


def _aliases(own: list[dict], states: list[dict]) -> pd.DataFrame:
    """The names that a case gives, and of those of states and bodies the ones that it does not give itself."""
    taken = {row["alias"] for row in own}
    forms = {"name": "name", "other_names": "name", "metonyms": "metonym", "demonyms": "demonym"}
    general = [
        {
            "alias": alias,
            "actor_id": row["code"],
            "match": "word",
            "form": form,
            "ambiguous": "yes" if alias in unsure else "",
            "error_form": "",
            "layer": "general",
        }
        for row in states
        for unsure in [_listed(row["ambiguous"])]
        for column, form in forms.items()
        for alias in _listed(row[column])
        if alias not in taken
    ]
    aliases = pd.DataFrame(
        own + general, columns=[*COLUMNS["aliases.csv"], "layer"], dtype="string"
    ).drop_duplicates(["alias", "actor_id"], ignore_index=True)
    shared = aliases.groupby("alias")["actor_id"].transform("nunique") > 1
    for column in ("ambiguous", "error_form"):
        aliases[column] = (aliases[column] == "yes").astype("boolean")
    aliases["ambiguous"] |= shared
    return aliases


def _listed(cell: str) -> tuple[str, ...]:
    """What a cell lists, parted by semicolons."""
    return tuple(filter(None, map(str.strip, cell.split(";"))))


def check(codebook: Codebook | Path | str | None = None) -> list[Problem]:
    """Accepts a codebook, a case's folder or None (the general part); returns everything that is wrong, in a list.

    Reads the files again, tries every cue and runs every rule's examples.

    >>> check(None)
    []
    """
    folders = codebook.folders if isinstance(codebook, Codebook) else _folders(codebook)
    reading = read(folders)
    checks.fit(reading)
    checks.examples(reading)
    return sorted(set(reading.problems))
