"""Scores: all codings of a case gathered and held side by side."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers.agreement import COLUMNS
from helpers.codebook import load_codebook
from helpers.review import labels as labels_
from helpers.review import sheets, spreadsheet
from helpers.review.codings import WHAT, Coding, compare, from_labels, from_machine
from helpers.tables import TableError

__all__ = ["Scores", "consistency", "gather", "score"]

GOLD = {"events": "events", "quotes": "quotes", "frames": "frames", "times": "timex"}


def gather(case, what: str, files: Iterable[Path] = (), *, machine: bool = True) -> tuple[list[Coding], list[str]]:
    """Return all codings of one kind that a case has, and what was refused of them.

    Accepts a case with built sentences, what was coded (``events``, ``quotes``, ``frames``, ``times``), and filled
    blind sheets to add. They are, in this order: the labels (``gold/``), the frozen second codings, the sheets kept in
    ``review/sheets/``, the files given, and the machine's table under the name ``machine``. Of time expressions the
    labels called vague are left out, whoever found them. Raises :class:`~helpers.tables.TableError` when a frozen file
    is not the one that was frozen.
    """
    sentences, manifest = case.load("sentences"), case.manifest
    who = labels_.coders(case)
    kinds = dict(zip(who["coder_id"], who["kind"]))
    out, problems, vague = [], [], None
    given = case.labels(GOLD[what])
    first = who["coder_id"].iloc[0] if len(who) else "A"
    if given is not None:
        if what == "times" and "note" in given:
            loose = given["note"].str.startswith("vague", na=False)
            vague, given = given[loose], given[~loose]
        out.append(from_labels(given, what, first, kinds.get(first, "unknown"), sentences, manifest,
                               where=f"gold/{GOLD[what]}.csv"))
    for coder_id, paths in labels_.frozen(case).items():
        if what in paths:
            out.append(from_labels(case.optional(paths[what]), what, coder_id, kinds[coder_id], sentences, manifest,
                                   where=f"review/{paths[what].parent.name}/{paths[what].name}"))
    known = sheets.codes(load_codebook(case.raw))
    filled: dict[str, list[sheets.Filled]] = {}
    for path in [*sorted((case.raw / "review" / "sheets").glob("*.csv")), *map(Path, files)]:
        try:
            read = sheets.read_sheet(path, case, sentences, known)
        except (TableError, OSError) as error:
            problems.append(str(error))
            continue
        if path.parent.name == "sheets" and path.is_relative_to(case.raw) and "passage" in spreadsheet.read(path)[0]:
            problems.append(f"{path.name}: holds passages of the texts and lies in the case. `casebook score "
                            f"{case.name} FILE --save` keeps its codes without them; then delete it there.")
        if read.what == what:
            problems += read.problems
            filled.setdefault(read.coder_id, []).append(read)
    for coder_id, parts in filled.items():
        if coder_id in {c.coder_id for c in out}:
            problems.append(f"coder {coder_id!r} has a coding of {what} already; a new one takes a new coder_id")
            continue
        rows = pd.concat([p.rows for p in parts], ignore_index=True)
        out.append(from_labels(rows, what, coder_id, kinds.get(coder_id, "unknown"), sentences, manifest,
                               covered=frozenset().union(*(p.covered for p in parts))))
    table = sheets.TABLE[what]
    if machine and case.has(table):
        rows = case.load(table)
        if vague is not None:
            spans = [(d, int(s), int(e)) for d, s, e in zip(vague["doc_id"], vague["start"], vague["end"])]
            rows = rows[[not any(d == x and s < z and e > y for x, y, z in spans)
                         for d, s, e in zip(rows["doc_id"], rows["start"], rows["end"])]]
        out.append(from_machine(rows, what, sentences, manifest, case.load("times") if case.has("times") else None))
    return out, problems


class Scores(NamedTuple):
    """How far codings agree, the rows of sheets that were refused, and what else a reader must know."""
    agreement: pd.DataFrame
    refused: list[str]
    notes: list[str]


def score(case, files: Iterable[Path] = (), *, what: Sequence[str] = WHAT, draws: int = 2000) -> Scores:
    """Return how far all codings of a case agree, for each pair of coders, and what a reader must know besides.

    Accepts a case, filled blind sheets to add, what to compare, and the draws of the bootstrap. Returns a frame
    (``what`` and the columns of :data:`helpers.agreement.COLUMNS`), each row of a sheet that was refused with file,
    line and remedy, and notes on what could not be compared. :func:`helpers.agreement.show_agreement` makes the frame
    readable.
    """
    parts, refused, notes, files = [], [], [], [Path(f) for f in files]
    for kind in what:
        codings, problems = gather(case, kind, files)
        refused += problems
        if len(codings) > 1:
            parts.append(compare(codings, kind, case.load("sentences"), draws=draws))
        else:
            who = f"only {codings[0].coder_id}" if codings else "nobody"
            notes.append(f"{kind}: {who} has coded them, so there is nothing to compare.")
        unknown = [c.coder_id for c in codings if c.kind == "unknown"]
        notes += [f"{c.coder_id} has filled no row of the sheet of {kind} yet." for c in codings if not c.covered]
        notes += [f"nobody has said who {c} is: enter {c} in review/coders.csv (coder_id, kind, when, had_read), with "
                  "kind person, model or rule." for c in unknown]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["what", *COLUMNS])
    return Scores(found, list(dict.fromkeys(refused)), list(dict.fromkeys(notes)))


def consistency(case, *, draws: int = 2000) -> pd.DataFrame:
    """Return how far the codings that were made by models agree with each other: labels and frozen second codings.

    Accepts a case and the draws of the bootstrap. Returns the frame of :func:`score`, without sheets and without the
    machine; empty where the case has fewer than two such codings. It is a consistency, not an agreement of persons: two
    models may share their errors. Raises :class:`~helpers.tables.TableError` when a frozen file was changed.
    """
    parts = []
    for what in WHAT:
        codings = [c for c in gather(case, what, machine=False)[0] if c.kind == "model"]
        if len(codings) > 1:
            parts.append(compare(codings, what, case.load("sentences"), draws=draws))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["what", *COLUMNS])
