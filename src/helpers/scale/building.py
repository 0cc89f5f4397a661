"""From texts to tables, part by part."""
from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from helpers import compare, parquet, pipeline, tables
from helpers.case import Case, CaseError, digests
from helpers.scale.cluster import ClusterError, WorkerLost, code_digest, each
from helpers.scale.linked import link_parts
from helpers.tables import PARTS, TABLES, TableError

LIMIT = 500         # texts; above it tables are kept as Parquet, and notebooks open a sample
CHUNK = 64          # texts of a chunk, about: enough to make the schemas' checks cheap, few enough to lose
AGAIN = "again"     # the mark in a part of which a coder failed on a text: it is made again by the next run
SINGLE = ["documents", "clues", "lines", "sentences", "times", "mentions", "quotes", "chain", "event_mentions",
          "frames", "amounts", "slips", "signals", "words", "failures", "counts"]   # the tables of a part
MONTHS = {"times": "kind", "mentions": "actor_id", "quotes": "speaker_bloc", "event_mentions": "track",
          "frames": "frame"}      # what is counted by month, and by which code
PASS = 50_000_000   # fingerprints compared at a time: about 1 GB


def large(case: Case) -> bool:
    """Whether a case has too many texts for one CSV file a table and one mark a text."""
    return len(case.manifest) > LIMIT


def build(case: Case, client=None, *, progress: Callable[[int, str], None] = lambda n, word: None) -> dict[str, int]:
    """Run all stages on all documents of a case, chunk by chunk, and write the tables, all or none.

    Accepts a case, a Dask client (None: this process) and who is told of progress (called with how many texts more are
    done, and a word). A case of at most :data:`LIMIT` texts gets the same CSV files as by
    :func:`helpers.pipeline.build`, byte for byte; a larger one keeps its parts as its tables. Returns how many rows
    each table has. Parts that are there are not made again; a text that fails is a row of ``failures``. Raises
    :class:`~helpers.case.CaseError` when no text is here and no table was computed before, and
    :class:`~helpers.tables.TableError` when the tables cannot be written.
    """
    parquet.arrow()
    with _alone(case.processed / PARTS):
        return _build(case, client, progress)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold a folder of parts; clear away what builds that were stopped have left half-written."""
    from filelock import FileLock, Timeout
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=0):
            for rest in folder.glob(".*.new"):
                shutil.rmtree(rest, ignore_errors=True)
            yield
    except Timeout:
        raise TableError(f"{folder}: another build of this case is at work. Wait for it, then try again.") from None
    except OSError as error:
        raise TableError(f"{folder}: cannot write the tables ({error.strerror or error}). The old ones are untouched; "
                         "make room or make the folder writable and try again.") from None


def _build(case: Case, client, progress) -> dict[str, int]:
    folder = case.processed / PARTS
    found = _digests(case, client)
    if not any(found.values()) and not case.has("sentences"):
        raise CaseError(f"No text of {case.name!r} is here, and no table was computed before. "
                        f"Put the texts in place with `casebook texts {case.name} --from FOLDER`.")
    parts = _parts(case, found)
    jobs = [job for job in parts if not made(job[2])]
    progress(sum(len(job[1]) for job in parts) - sum(len(job[1]) for job in jobs), "reading")
    for job, result in each(client, make_part, jobs):
        if isinstance(result, WorkerLost):
            _one_by_one(client, job)
        progress(len(job[1]), "reading")
    done = [job[2] for job in parts]
    present = _present(case, found)
    if large(case):
        return _keep(case, client, done, present)
    frames = {name: _whole(done, name) for name in SINGLE if name != "counts"}
    shingles = pd.concat([_shingles(p) for p in done], ignore_index=True)
    frames["reuse"] = pipeline.shared_runs(case, frames, shingles)
    frames |= pipeline.bring_together(case, frames)
    case.save(frames)
    _prune(folder, [p.name for p in done])
    return {name: len(frame) for name, frame in frames.items()}


def _digests(case: Case, client) -> dict[str, str | None]:
    """The SHA-256 of each text as it lies here, None where there is none; the workers read them."""
    rows = case.manifest[["doc_id", "file"]]
    blocks = [rows.iloc[n:n + 1000] for n in range(0, len(rows), 1000)]
    out: dict[str, str | None] = {}
    jobs = [(case.raw, tuple(b["file"]), tuple(b["doc_id"])) for b in blocks]
    for (_, _, documents), found in each(client, digests_of, jobs):
        if isinstance(found, WorkerLost):
            raise ClusterError(f"Workers are lost as soon as they read ({found}). Look at their own messages.")
        out |= dict(zip(documents, found))
    return out


def _present(case: Case, found: Mapping[str, str | None]) -> set[str]:
    """The documents whose texts are here and are those that the manifest means."""
    return {d for d, s in case.manifest[["doc_id", "sha256"]].itertuples(index=False) if found[d] == s}


def digests_of(folder: Path, files: Iterable[str], _documents: Iterable[str] = ()) -> list[str | None]:
    """Return the SHA-256 of each file of a folder, None where there is none."""
    return digests(folder, files)


# parts --------------------------------------------------------------------------------------------------------------


def chunks(documents: Iterable[str], about: int = CHUNK) -> list[list[str]]:
    """Cut documents, in the order of their ids, into chunks; a document more or less changes its own chunk alone.

    Where a chunk ends depends on the id that stands there, not on how many came before: content-defined chunking
    (Muthitacharoen, Chen and Mazières 2001, "A low-bandwidth network file system").

    >>> many = [f"d{n}" for n in range(1000)]
    >>> before, after = (set(map(tuple, chunks(some))) for some in (many, many[:500] + many[501:]))
    >>> len(before - after)
    1
    """
    out, now = [], []
    for doc in sorted(documents):
        now.append(doc)
        last = int.from_bytes(hashlib.blake2b(doc.encode(), digest_size=4).digest(), "big") % (about // 2) == 0
        if len(now) >= 2 * about or (last and len(now) >= about // 2):
            out.append(now)
            now = []
    return [*out, now] if now else out


def _parts(case: Case, found: Mapping[str, str | None]) -> list[tuple]:
    """The jobs of a case: narrowed case, its documents with the digests of their texts, the part's folder."""
    base = hashlib.sha256(code_digest().encode())
    for path in sorted((case.raw / "codebook").rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            base.update(path.relative_to(case.raw).as_posix().encode() + b"\0" + path.read_bytes())
    gone = found.keys() - _present(case, found)
    before = _before(case) if gone else b""
    out = []
    for chunk in chunks(case.manifest["doc_id"], CHUNK if len(case.manifest) <= 20_000 else 8 * CHUNK):
        part, key = case.part(chunk), base.copy()
        key.update(tables.to_csv(part.manifest) + json.dumps([found[d] for d in chunk]).encode())
        if gone & set(chunk):       # their rows are taken from the tables computed before
            key.update(before)
        out.append((part, {d: found[d] for d in chunk}, case.processed / PARTS / key.hexdigest()[:32]))
    return out


def _before(case: Case) -> bytes:
    """What stands for the tables computed before: the digests of the CSV files, and the names of the parts."""
    files = sorted(case.processed.glob("*.csv")) + sorted(case.processed.glob("datapackage.json"))
    return "".join(hashlib.sha256(p.read_bytes()).hexdigest() for p in files).encode()


def made(target: Path) -> bool:
    """Whether a part is there and whole."""
    return target.is_dir() and not (target / AGAIN).exists()


def make_part(case: Case, expected: Mapping[str, str | None], target: Path) -> int:
    """Read the texts of a narrowed case and write their tables as one part, whole or not at all.

    Accepts the case, the digests that its texts had when the build began, and the part's folder. Returns how many texts
    failed. Raises :class:`~helpers.tables.TableError` where another text, or none, lies in the place of one.
    """
    for doc_id, digest in case.digests.items():
        if digest != expected[doc_id]:
            raise TableError(f"{case.path(doc_id)}: this text is another one than when the build began, or is not seen "
                             "here. Share the data folder with all workers at the same path, let nobody write to it, "
                             "and build again.")
    return write_part(pipeline.read_texts(case), target)


def write_part(frames: Mapping[str, pd.DataFrame], target: Path) -> int:
    """Write the tables of a chunk, and what is counted of them, under another name, and rename the folder."""
    spare = target.with_name(f".{target.name}.{uuid.uuid4().hex[:12]}.new")
    spare.mkdir(parents=True)
    try:
        for name in SINGLE:
            parquet.write(spare / f"{name}.parquet", counts(frames) if name == "counts" else frames[name])
        parquet.write(spare / "shingles.parquet", frames["shingles"].astype({"doc_id": "category"}))
        failures = frames["failures"]
        if failures["stage"].ne("clean").any():
            (spare / AGAIN).touch()
        if (target / AGAIN).exists():
            old = target.with_name(f".{target.name}.{uuid.uuid4().hex[:12]}.new")
            os.rename(target, old)
            shutil.rmtree(old, ignore_errors=True)
        try:
            os.rename(spare, target)
        except OSError:
            if not made(target):        # else another worker was given the same job and has done it
                raise
    finally:
        shutil.rmtree(spare, ignore_errors=True)
    return len(failures)


def _one_by_one(client, job: tuple) -> None:
    """Make a part of which some text ends its worker: each text alone, and what still ends it is a failure."""
    case, expected, target = job
    pieces = {d: target.with_name(f".{target.name}.{n}.new") for n, d in enumerate(case.choose())}
    singles = [(case.part([d]), {d: expected[d]}, piece) for d, piece in pieces.items()]
    lost = {}
    for (single, *_), result in each(client, make_part, singles):
        if isinstance(result, WorkerLost):
            doc_id, = single.choose()
            lost[doc_id] = pieces.pop(doc_id)
    frames = {name: _whole(list(pieces.values()), name) for name in SINGLE if name != "counts"}
    frames["shingles"] = pd.concat([_shingles(p) for p in pieces.values()], ignore_index=True) if pieces else \
        pd.DataFrame({"doc_id": pd.Series(dtype="string"), "shingle": pd.Series(dtype="uint64")})
    rows = case.manifest[case.manifest["doc_id"].isin(lost)]
    frames["documents"] = tables.conform(pd.concat([frames["documents"], rows]), "documents")
    frames["failures"] = tables.conform(pd.concat([frames["failures"], pd.DataFrame({
        "doc_id": rows["doc_id"], "stage": "reading", "problem": rows["file"]
        + ": the process that read this text was ended each time (out of memory?). Take the text out, or build with "
          "more memory for each worker."})]), "failures")
    write_part(frames, target)
    for piece in pieces.values():
        shutil.rmtree(piece, ignore_errors=True)


def _whole(parts: Iterable[Path], name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """A table of several parts, checked where it has all its columns."""
    table = TABLES[name]
    frame = parquet.read([p / f"{name}.parquet" for p in parts], table, columns or table.names, {})
    return frame if columns else tables.conform(frame, name)


def _shingles(part: Path) -> pd.DataFrame:
    return pd.read_parquet(part / "shingles.parquet").astype({"doc_id": "string"})


def _prune(folder: Path, kept: Iterable[str]) -> None:
    """Remove the parts that no table is made of any more."""
    for path in folder.iterdir():
        if path.is_dir() and path.name not in set(kept):
            shutil.rmtree(path, ignore_errors=True)


# all texts of a large case ------------------------------------------------------------------------------------------


def counts(frames: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Count by month: texts, and rows of some tables by their code. Returns rows of the table ``counts``.

    Accepts tables of documents and what was found in them. The counts of two sets of documents may be added up.
    """
    documents = frames["documents"]
    day = documents["published_best"].fillna(documents["inferred_earliest"]).fillna("")
    month = dict(zip(documents["doc_id"], day.str[:7]))
    out = [pd.DataFrame({"month": list(month.values()), "what": "documents", "code": "", "doc_id": list(month)})]
    for name, code in MONTHS.items():
        rows = frames[name]
        out.append(pd.DataFrame({"month": rows["doc_id"].map(month), "what": name, "code": rows[code].fillna(""),
                                 "doc_id": rows["doc_id"]}))
    found = pd.concat(out).groupby(["month", "what", "code"], as_index=False).agg(
        n=("doc_id", "size"), n_documents=("doc_id", "nunique"))
    return tables.conform(found, "counts")


def add_up(found: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add up the counts of several parts, one after the other."""
    total = tables.empty("counts")
    for more in found:
        total = pd.concat([total, more]).groupby(["month", "what", "code"], as_index=False)[["n", "n_documents"]].sum()
    return tables.conform(total, "counts")


def _keep(case: Case, client, done: list[Path], present: set[str]) -> dict[str, int]:
    """Make what needs all texts from the parts, and let the parts be the tables of the case."""
    folder = case.processed / PARTS
    name = f"all-{uuid.uuid4().hex[:24]}"
    spare = folder / f".{name}.new"
    spare.mkdir()
    made = bring_together(case, client, done, spare)
    together = {"reuse": _reuse(case, client, done, present), "counts": add_up(_whole([p], "counts") for p in done)}
    for table, frame in together.items():
        parquet.write(spare / f"{table}.parquet", tables.conform(frame, table))
        made[table] = [spare / f"{table}.parquet"]
    os.rename(spare, folder / name)
    paths = {t: [f"{PARTS}/{p.name}/{t}.parquet" for p in done] for t in SINGLE} \
        | {t: [f"{PARTS}/{name}/{p.name}" for p in files] for t, files in made.items()}
    tables.save_parts(case.processed, paths, title=case.name)
    _prune(folder, [name, *(p.name for p in done)])
    pq = parquet.arrow().parquet
    return {t: sum(pq.read_metadata(case.processed / p).num_rows for p in paths[t]) for t in TABLES if t in paths}


def bring_together(case: Case, client, done: list[Path], folder: Path) -> dict[str, list[Path]]:
    """Write coders' decisions, events linked across texts and who claims what: the same rows as in one process.

    Accepts the case, a client, its parts and the folder to write to. Returns each table's files. Linking goes block by
    block (:mod:`helpers.scale.linked`); only where a coder has labelled or decided something are the tables that
    decisions stand on read whole.
    """
    made: dict[str, list[Path]] = {}
    if any((case.raw / "gold").glob("*.csv")) or any((case.raw / "review").glob("*.csv")):
        frames = {t: _whole(done, t) for t in ("documents", "sentences", "event_mentions", "times", "quotes", "frames")}
        judged = pipeline.adjudicate(case, frames["documents"], frames["sentences"], frames)
        if "adjudicated_event_mentions" in judged:
            rows = compare.matters.claims(judged["adjudicated_event_mentions"])
            judged["claims"] = tables.conform(rows, "claims")
        for table, frame in judged.items():
            parquet.write(folder / f"{table}.parquet", tables.conform(frame, table))
            made[table] = [folder / f"{table}.parquet"]
        del frames, judged
    linked = link_parts(case, client, done, folder, drawn="claims" not in made)
    return made | {table: [*made.get(table, []), *files] for table, files in linked.items()}


def _reuse(case: Case, client, done: list[Path], present: set[str]) -> pd.DataFrame:
    """The runs that two texts share: the pairs by the fingerprints in the parts, the runs by the workers."""
    pq = parquet.arrow().parquet
    of = {d: n for n, part in enumerate(done) for d in _whole([part], "documents", ["doc_id"])["doc_id"]}
    names = sorted(of)
    number = {d: n for n, d in enumerate(names)}
    total = sum(pq.read_metadata(p / "shingles.parquet").num_rows for p in done)
    passes = total // PASS + 1
    pairs: set[tuple[int, int]] = set()
    for k in range(passes):
        codes, marks = [], []
        for part in done:
            table = pd.read_parquet(part / "shingles.parquet")
            if passes > 1:
                table = table[table["shingle"] % np.uint64(passes) == k]
            own = np.array([number[d] for d in table["doc_id"].cat.categories] or [0], dtype=np.int32)
            codes.append(own[table["doc_id"].cat.codes.to_numpy()])
            marks.append(table["shingle"].to_numpy())
        pairs |= compare.accounts.pairs_of(np.concatenate(codes), np.concatenate(marks))
    at = [(names[a], names[b]) for a, b in sorted(pairs)]
    blocks = [at[n:n + 1000] for n in range(0, len(at), 1000)]
    sets = ({d for pair in block for d in pair} for block in blocks)
    jobs = ((case.part(some), block, sorted({done[of[d]] for d in some})) for some, block in zip(sets, blocks))
    found = []
    for _, rows in each(client, shared_by, jobs):
        if isinstance(rows, WorkerLost):
            raise ClusterError(f"Workers are lost in comparing texts ({rows}). Give each more memory and build again: "
                               "what is done is kept.")
        found.append(rows)
    gone = set(case.manifest["doc_id"]) - present
    if gone and case.has("reuse"):
        was = case.load("reuse")
        found.append(was[was["doc_a"].isin(gone) | was["doc_b"].isin(gone)])
    return tables.conform(pd.concat(found, ignore_index=True) if found else tables.empty("reuse"), "reuse")


def shared_by(case: Case, pairs: list[tuple[str, str]], parts: list[Path]) -> pd.DataFrame:
    """Return the runs that the texts of some pairs share, with the sentences that stand in these parts."""
    spans = parquet.read([p / "sentences.parquet" for p in parts], TABLES["sentences"], ["doc_id", "start", "end"],
                         {"doc_id": case.choose()})
    return compare.accounts.reuse({d: case.text(d) for d in case.choose()}, spans, pairs=pairs)
