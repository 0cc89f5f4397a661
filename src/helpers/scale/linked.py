"""Events and claims of a large case, block by block: no process ever holds the mentions of more than one.

Four rounds, of which each is a list of jobs for the workers (a count, then map, shuffle and reduce: Dean and Ghemawat
2004, "MapReduce"). What the mentions of a group of parts say of their matter is counted; the counts of all give the
matters (:func:`helpers.compare.matters.resolve`). Each group's mentions are completed and put into blocks: a block
holds whole matters and steps, and these are linked without the others. Linked mentions go back to their groups, which
write them and what they claim. Only counts, the days of denials and the names of files come back to who gives the jobs.
"""
from __future__ import annotations

import functools
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd

from helpers import parquet, pipeline, tables
from helpers.case import Case
from helpers.compare import linking, matters, naming
from helpers.scale.cluster import ClusterError, WorkerLost, each
from helpers.tables import TABLES

BLOCK = 50_000      # mentions of a group or a block, about: 150 MB where they are linked
MADE = ["event_key", "event_id", "link_reason"]     # the columns that linking gives a mention
TEXT = ["doc_id", "published_latest", "title_start", "title_end"]      # what linking reads of a text
ORDER = list(TABLES["event_mentions"].order)


def link_parts(case: Case, client, parts: list[Path], folder: Path, *, drawn: bool = True) -> dict[str, list[Path]]:
    """Link the machine's mentions of all parts, and list the claims; the same rows as by ``pipeline.link_events``.

    Accepts the case, a Dask client (None: this process), the parts, the folder to write to, and whether the machine's
    layer is the one whose claims are listed. Returns the files of ``event_mentions``, ``events`` (of the machine's
    layer) and, if so, ``claims``. Raises :class:`~helpers.scale.ClusterError` when workers are lost.
    """
    scratch = folder / "blocks"
    scratch.mkdir()
    groups = _groups(parts)
    said = functools.reduce(_add, _all(client, count, ((group,) for group in groups)))
    known = _blocks(matters.resolve(said))
    parquet.write(scratch / "matters.parquet", known)
    denials: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for found in _all(client, divide, ((case, n, group, scratch) for n, group in enumerate(groups))):
        for key, days in found.items():
            denials[key] = linking.joined([*denials[key], *days])
    blocks = known.groupby("block")["event_key"].unique().to_dict()
    jobs = ((n, {k: denials[k] for k in keys if k in denials}, scratch, folder) for n, keys in blocks.items())
    tied = [rows for rows in _all(client, link_block, jobs) if len(rows)]
    if tied and case.reference is not None:
        _label(pd.concat(tied, ignore_index=True), case.reference, folder)
    for _ in _all(client, gather, ((n, scratch, folder, drawn) for n in range(len(groups)))):
        pass
    shutil.rmtree(scratch)
    return {name: sorted(folder.glob(f"{name}-*.parquet")) for name in ("event_mentions", "events", "claims")
            if drawn or name != "claims"}


def _all(client, function: Callable, jobs: Iterable[tuple]) -> Iterator:
    for _, result in each(client, function, jobs):
        if isinstance(result, WorkerLost):
            raise ClusterError(f"Workers are lost in linking events ({result}). Give each more memory and build again: "
                               "what is done is kept.")
        yield result


def _add(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one, other]).groupby(matters.SAYS, as_index=False)[["n", "texts"]].sum()


def _groups(parts: list[Path]) -> list[list[Path]]:
    """Parts one after the other, until they hold a block of mentions."""
    pq, held = parquet.arrow().parquet, 0
    out: list[list[Path]] = [[]]
    for part in parts:
        n = pq.read_metadata(part / "event_mentions.parquet").num_rows
        if out[-1] and held + n > BLOCK:
            out.append([])
            held = 0
        out[-1].append(part)
        held += n
    return out


def _blocks(known: pd.DataFrame) -> pd.DataFrame:
    """Give matters to blocks: one matter's step is never parted, for in it a mention may meet any other."""
    steps = known.groupby(["event_key", "stage"])["n"].sum()
    number = ((steps.cumsum() - steps) // BLOCK).rename("block")
    return known.merge(number.reset_index(), on=["event_key", "stage"])


def _read(parts: Iterable[Path], name: str, columns: list[str]) -> pd.DataFrame:
    return parquet.read([p / f"{name}.parquet" for p in parts], TABLES[name], columns, {})


def count(parts: list[Path]) -> pd.DataFrame:
    """Count what the mentions of some parts say of their matter."""
    return matters.tally(_read(parts, "event_mentions", ["doc_id", *matters.SAYS]))


def divide(case: Case, number: int, parts: list[Path], scratch: Path) -> dict[str, list[tuple[str, str]]]:
    """Put the mentions of a group, with matter, date and speaker, into their blocks. Returns the days of denials."""
    known = pd.read_parquet(scratch / "matters.parquet")
    made = {"event_mentions": _read(parts, "event_mentions", [c for c in TABLES["event_mentions"].names
                                                              if c not in MADE]),
            "times": _read(parts, "times", ["time_id", "earliest", "latest", "granularity", "basis"]),
            "quotes": _read(parts, "quotes", ["quote_id", "speaker"])}
    told = pipeline.ready_to_link(case, made, known.drop(columns=["n", "block"]))
    days = _read(parts, "documents", TEXT)
    told = told.merge(days, on="doc_id", how="left", validate="many_to_one").assign(group=number)
    place = known.drop_duplicates(["event_key", "stage"])[["event_key", "stage", "block"]]
    at = told[["event_key", "stage"]].fillna({"stage": ""}).merge(place, how="left", on=["event_key", "stage"])
    for block, rows in told.groupby(at["block"].to_numpy()):
        _put(scratch / f"block-{block}" / f"{number:06}.parquet", rows)
    return linking.denied(told, undated=False)


def link_block(number: int, denials: dict[str, list[tuple[str, str]]], scratch: Path, folder: Path) -> pd.DataFrame:
    """Link the mentions of a block, write its events and send its mentions back to their groups.

    Returns which of the events are tied to the public record (event_id, record_id, n_documents, earliest, block).
    """
    rows = _take(scratch / f"block-{number}")
    events, linked = linking.link(rows, layer="machine", denials=denials,
                                  documents=rows[TEXT].drop_duplicates("doc_id"))
    parquet.write(folder / f"events-{number:06}.parquet", events)
    for group, some in linked.groupby("group"):
        _put(scratch / f"group-{group}" / f"{number:06}.parquet", some.drop(columns=["group", "label", "record_id"]))
    tied = events.dropna(subset="record_id")[["event_id", "record_id", "n_documents", "earliest"]]
    return tied.assign(block=number)


def gather(number: int, scratch: Path, folder: Path, drawn: bool) -> None:
    """Write the linked mentions of a group, and what they claim."""
    place = scratch / f"group-{number}"
    if not place.exists():
        return
    linked = _take(place).sort_values(ORDER, kind="stable", ignore_index=True)
    told = tables.conform(linked[TABLES["event_mentions"].names], "event_mentions")
    parquet.write(folder / f"event_mentions-{number:06}.parquet", told)
    if drawn:
        parquet.write(folder / f"claims-{number:06}.parquet", tables.conform(matters.claims(linked), "claims"))


def _label(tied: pd.DataFrame, record: pd.DataFrame, folder: Path) -> None:
    """Give events the record's label where they are tied to an entry: that is known only when all blocks are linked."""
    labels = naming.listed(tied, record)
    for block, rows in tied.assign(label=labels).dropna(subset="label").groupby("block"):
        path = folder / f"events-{block:06}.parquet"
        events = parquet.read([path], TABLES["events"], TABLES["events"].names, {})
        named = events["event_id"].map(rows.set_index("event_id")["label"])
        parquet.write(path, events.assign(label=named.fillna(events["label"])))


def _put(path: Path, rows: pd.DataFrame) -> None:
    path.parent.mkdir(exist_ok=True)
    parquet.write(path, rows)


def _take(place: Path) -> pd.DataFrame:
    """The rows that were put into a folder, in the order of the groups or blocks that put them there."""
    return pd.concat([pd.read_parquet(p) for p in sorted(place.iterdir())], ignore_index=True)
