"""How the stages do on many texts: time, memory and cost a text, on one worker and on two, beside plain processes.

    python benchmarks/scale.py [--texts 1000] [--rounds 5] [--skip rounds|size]
    python benchmarks/scale.py --make FOLDER --texts 10000      only make a data folder with the case `many`
    python benchmarks/scale.py --keep FOLDER --skip rounds --texts 10000    build it there, and keep it
    python benchmarks/scale.py --coded FOLDER --texts 100000 [--render]     from that case, codes without texts

The texts are made up, each with other names, places, days and numbers, from sentences about the states of the
practice case; one in twelve repeats a passage of an earlier one. They are made anew in a temporary folder, and none is
kept.

`rounds` reads the same texts on one Dask worker, on two, in two plain processes (multiprocessing) and in this one, in
turn, so that other work on the machine falls on all; shown is the median of the rounds, in wall time, since that is
what workers are for, and beside it the CPU time of the workers. `size` builds the whole case from texts to tables at
a tenth of the texts and at all of them, on two workers: cost a text must not grow.

`--coded` measures what looks at all texts at once, at sizes at which coding the texts takes hours: the codes of a case
that was built before are copied, each copy with other ids, other days and other sides, and linked in one process of its
own, at a tenth of the texts and at all. Texts, and the runs of words that they share, there are none. With `--render`
the notebooks of the larger case are then run, and the most memory that a kernel has taken is shown.
"""
from __future__ import annotations

import argparse
import csv
import hashlib
import multiprocessing
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from helpers import case as cases
from helpers import parquet, scale, tables
from helpers.scale import building, cluster

NAME = "many"
SYLLABLES = "ba bel cor dan dro el far gal hen il jor kel lor mar nev or pel quin ros sal tor ur val wes yar".split()
# our own sentences; no seven words, from one sentence into the next either, are without a place, a number or a name
# that is made up: two texts must not share a run by chance
SAID = ["said", "told reporters", "announced", "insisted", "warned"]
SENTENCES = [
    "{A} imposed sanctions on {n} firms of {B} in {place} on {day}, {who} said.",
    "{A} and {B}, {who} said, opened talks in {place} on {day} about {n} {thing}.",
    "“We will not give up {n} {thing} for {place},” {person} {said} in {place}.",
    "{person} {said} in {place} that {A} would deliver {n} {thing} by {month} {year} to {place}.",
    "{A} denied that {n} {thing} of {place} had reached {place} by {day} from {place}.",
    "In {place} the parliament of {A} passed bill {n} against {B} on {day} in {place}.",
    "{B} signed contract {n} with {A} in {month} {year} for {n} {thing} in {place}.",
    "Officials in {place} rejected {n} {thing} from {A}, {who} of {place} said.",
    "In {place} {A} threatened {B} with {n} tariffs of {place} on {thing} from {day} in {place}.",
    "{person}, who visited {place} on {day}, called the {n} {thing} of {B} a danger to {place}.",
    "About {n} people lost work in {place} when {A} closed {n} {thing} in {year} at {place}.",
    "{A} expelled {n} diplomats of {B} in {month} over {place}.",
    "According to {who}, {B} has paid {n} million since {year} for {thing} of {place}.",
    "{A} agreed in {place} to lift its ban on {n} {thing}, {person} {said} in {place}.",
    "It was meeting {n} in {place} for {A} and {B} of {n} since {year} in {place}.",
    "“Nobody in {place} needs {n} {thing},” {who} of {B} said, asking {A} for {n} days.",
    "The court of {place} fined {n} traders in {thing} last week for {place}.",
    "{B} plans to test {n} {thing} near {place} next {month}, {who} of {place} said.",
]
THINGS = ["submarines", "radars", "ferries", "engines", "torpedoes", "boats", "freighters", "cables", "batteries"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December"]
MANIFEST = ["doc_id", "file", "sha256", "title", "short_name", "outlet", "outlet_country", "published_earliest",
            "published_latest", "published_best", "published_basis", "language"]


# texts --------------------------------------------------------------------------------------------------------------


def _name(draw: random.Random) -> str:
    return "".join(draw.choices(SYLLABLES, k=draw.choice([3, 4, 4]))).capitalize()


def write_case(data: Path, n: int, *, seed: int = 1, sentences: int = 16) -> cases.Case:
    """Make a data folder with a case of ``n`` texts, the codebook being that of the practice case; return the case."""
    source = cases.open_case("practice").raw
    raw = data / "raw" / NAME
    shutil.copytree(source / "codebook", raw / "codebook")
    actors = pd.read_csv(source / "codebook" / "actors.csv")
    states = [name for name in actors.loc[actors["kind"] == "state", "name"] if " " not in name]
    people = actors.loc[actors["kind"] == "person", "name"].tolist()
    draw, kept, first = random.Random(seed), [], date(2015, 1, 1)
    with open(raw / "documents.csv", "w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(MANIFEST)
        for k in range(n):
            day = first + timedelta(draw.randrange(3650))
            outlet = f"{_name(draw)} {draw.choice(['Post', 'Courier', 'Mail', 'Record'])}"
            body = [_sentence(draw, states, people, day) for _ in range(draw.randint(sentences - 5, sentences + 5))]
            if kept and draw.random() < 1 / 12:
                body[3:3] = draw.choice(kept)
            if len(kept) < 500:
                kept.append(body[4:6])
            a, b = draw.sample(states, 2)
            title = f"{a} at odds with {b} over {draw.randint(2, 999_999)} {draw.choice(THINGS)} in {_name(draw)}"
            content = "\n\n".join([f"{outlet}\nHome | World | Trade | Weather", title,
                                   f"By {_name(draw)} {_name(draw)}\n{day.day} {MONTHS[day.month - 1]} {day.year}",
                                   *(" ".join(body[i:i + 3]) for i in range(0, len(body), 3)),
                                   "Read also: What the harbour costs", f"© {day.year} {outlet}. All rights reserved."
                                   ]).encode()
            (raw / f"t{k:06}.txt").write_bytes(content)
            rows.writerow([f"t{k:06}", f"t{k:06}.txt", hashlib.sha256(content).hexdigest(), title,
                           f"{outlet}, {day:%b %Y}", outlet, "XPE", day, day, day, "stated", "en"])
    return cases.open_case(NAME, data)


class _Gaps(dict):
    """What fills the gaps of a sentence: the same states and days throughout, another place and number each time."""

    def __init__(self, draw: random.Random, states: list[str], people: list[str], day: date):
        then = day - timedelta(draw.randrange(1, 400))
        super().__init__(zip("AB", draw.sample(states, 2)), year=then.year, month=MONTHS[then.month - 1],
                         day=f"{then.day} {MONTHS[then.month - 1]}", person=draw.choice(people), said=draw.choice(SAID))
        self.draw = draw

    def __missing__(self, gap: str) -> str:
        draw = self.draw
        return {"n": lambda: str(draw.randint(2, 999_999)), "place": lambda: _name(draw),
                "thing": lambda: draw.choice(THINGS), "who": lambda: f"{_name(draw)} {_name(draw)}"}[gap]()


def _sentence(draw: random.Random, states: list[str], people: list[str], day: date) -> str:
    return draw.choice(SENTENCES).format_map(_Gaps(draw, states, people, day))


# measuring ----------------------------------------------------------------------------------------------------------


def _fresh(case: cases.Case) -> list[tuple]:
    """The jobs of a case without any part."""
    shutil.rmtree(case.processed, ignore_errors=True)
    (case.processed / tables.PARTS).mkdir(parents=True)
    return building._parts(case, building._digests(case, None))


def _read(client, jobs: list[tuple]) -> None:
    for _, result in cluster.each(client, building.make_part, jobs):
        assert not isinstance(result, Exception), result


def _plainly(pool, jobs: list[tuple]) -> None:
    pool.starmap(building.make_part, jobs, chunksize=1)


def _used(client) -> tuple[float, float]:
    """CPU seconds of all workers so far, and the most memory that one has taken, in MB."""
    def ask():
        import resource
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    found = list(client.run(ask).values())
    return sum(t for t, _ in found), max(m for _, m in found)


def rounds(n: int, times: int, folder: Path) -> None:
    """Print texts a second for each way of reading, and how two workers do against one."""
    case = write_case(folder / "rounds", n)
    building.CHUNK = max(8, min(building.CHUNK, n // 16))      # few texts: so that two workers end together
    with cluster.crew(workers=1) as one, cluster.crew(workers=2) as two, \
            multiprocessing.get_context("spawn").Pool(2) as pool:
        ways: dict[str, Callable[[list], None]] = {
            "one Dask worker": lambda jobs: _read(one, jobs), "two Dask workers": lambda jobs: _read(two, jobs),
            "two processes (multiprocessing)": lambda jobs: _plainly(pool, jobs),
            "this process": lambda jobs: _read(None, jobs)}
        for way in ways.values():       # imports, codebook, compiled rules
            way(_fresh(case)[:2])
        took: dict[str, list[float]] = {way: [] for way in ways}
        cpu: dict[str, list[float]] = {way: [] for way in ways}
        for k in range(times):
            for way in sorted(ways, key=lambda w, k=k: hash((w, k))):
                client = {"one Dask worker": one, "two Dask workers": two}.get(way)
                jobs, before, start = _fresh(case), _used(client)[0] if client else time.process_time(), time.time()
                ways[way](jobs)
                took[way].append(time.time() - start)
                cpu[way].append((_used(client)[0] if client else time.process_time()) - before)
        print(f"{n} texts, {sum((case.raw / f).stat().st_size for f in case.manifest['file']) / 1e6:.1f} MB, in "
              f"{len(jobs)} chunks; median of {times} rounds in turn; load of the machine {os.getloadavg()[0]:.1f} on "
              f"{os.cpu_count()} processors")
        for way, seconds in took.items():
            middle = statistics.median(seconds)
            spent = "" if "multi" in way else f"{1000 * statistics.median(cpu[way]) / n:8.1f} ms CPU a text"
            print(f"  {way:33}{middle:7.1f} s {n / middle:7.1f} texts/s{spent}")
        ratios = [a / b for a, b in zip(took["one Dask worker"], took["two Dask workers"])]
        print(f"  two workers against one: {statistics.median(ratios):.2f} times (wanted: 1.6); "
              f"rounds {', '.join(f'{r:.2f}' for r in ratios)}")
        print(f"  most memory of a worker: {_used(two)[1]:.0f} MB")


def sizes(n: int, folder: Path) -> None:
    """Print what a whole build costs at a tenth of the texts and at all."""
    print("whole builds on two workers")
    for k in (n // 10, n):
        case = write_case(folder / f"size-{k}", k)
        start, own = time.time(), time.process_time()
        with cluster.crew(workers=2) as client:
            begun = _used(client)[0]
            rows = scale.build(case, client)
            spent, memory = _used(client)
        here = time.process_time() - own
        opened = time.process_time()
        again = cases.open_case(NAME, case.data)
        assert again.has_texts
        opened = time.process_time() - opened
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"  {k:7} texts: {time.time() - start:7.0f} s; CPU a text {1000 * (spent - begun) / k:6.1f} ms at work, "
              f"{1000 * here / k:6.1f} ms here; at most {memory:5.0f} MB a worker, {most:5.0f} MB here")
        print(f"          opened and its texts checked in {opened:.2f} s CPU; {rows['event_mentions']} mentions, "
              f"{rows['events']} events, {rows['reuse']} shared runs, {rows['failures']} failures", flush=True)


# codes without texts ------------------------------------------------------------------------------------------------


def copy_codes(source: cases.Case, n: int, data: Path, *, about: int = 8) -> cases.Case:
    """Make a case of about ``n`` texts out of the parts of a built one: each copy has other ids, days and sides."""
    case = cases.Case(NAME, data)
    case.raw.mkdir(parents=True)
    shutil.copytree(source.raw / "codebook", case.raw / "codebook")
    actors = pd.read_csv(source.raw / "codebook" / "actors.csv")
    states = actors.loc[actors["kind"] == "state", "actor_id"].tolist()
    names = [t for t in building.SINGLE if t != "counts"]
    made = [p.parent for p in tables.parquet_parts(source.processed, "documents") or ()]
    manifest: list[pd.DataFrame] = []
    for first in range(0, len(made), about):
        own = {t: building._whole(made[first:first + about], t) for t in names}
        for copy in range(-(-n // len(source.manifest))):
            if sum(map(len, manifest)) >= n:
                break
            others = dict(zip(states, states[copy % len(states):] + states[:copy % len(states)]))
            frames = {t: tables.conform(_copied(rows, copy, others), t) for t, rows in own.items()}
            part = case.processed / tables.PARTS / f"copy-{copy:03}-{first:06}"
            part.mkdir(parents=True)
            for table, rows in {**frames, "counts": building.counts(frames)}.items():
                parquet.write(part / f"{table}.parquet", rows)
            manifest.append(frames["documents"][[c for c in tables.MANIFEST_TABLE.names if c in frames["documents"]]])
    rows = pd.concat(manifest)
    (case.raw / "documents.csv").write_bytes(tables.to_csv(rows.assign(
        file=rows["doc_id"] + ".txt", sha256=[hashlib.sha256(d.encode()).hexdigest() for d in rows["doc_id"]])))
    return cases.open_case(NAME, data)


def _copied(rows: pd.DataFrame, copy: int, others: dict[str, str]) -> pd.DataFrame:
    """The rows of another text: ids that end in the copy's number, days some weeks later, other sides."""
    out = rows.copy()
    for name in rows.columns:
        if name.endswith("_id") and name not in ("actor_id", "target_id", "speaker_id", "event_id"):
            out[name] = rows[name].str.replace(r"^(t\d+)", rf"\1-{copy}", regex=True)
        elif name in ("actor_id", "target_id", "speaker_id"):
            out[name] = rows[name].map({code: re.sub(r"[A-Z]{3}", lambda m: others.get(m[0], m[0]), code)
                                        for code in rows[name].dropna().unique()}).astype("string")
        elif name.endswith(("earliest", "latest", "published_best")):
            moved = pd.to_datetime(rows[name], errors="coerce") + pd.Timedelta(23 * copy, "D")
            out[name] = moved.dt.strftime("%Y-%m-%d").astype("string")
    return out


def apart(function: Callable, *given) -> tuple[object, float, float]:
    """Run a function in a process of its own. Returns what it returns, its CPU seconds, and its most memory in MB."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_apart, (function, *given))


def _apart(function: Callable, *given) -> tuple[object, float, float]:
    began = time.process_time()
    found = function(*given)
    # not ru_maxrss, which a new process takes over from the one that began it
    most = next(memory for pid, _, _, memory in _processes() if pid == os.getpid())
    return found, time.process_time() - began, most


def _opened(data: Path) -> int:
    return len(scale.shown(cases.open_case(NAME, data)).load("event_mentions"))


def _linked(data: Path) -> dict[str, int]:
    """Link the case block by block in this process, and let its parts be its tables."""
    case = cases.open_case(NAME, data)
    parts = sorted((case.processed / tables.PARTS).glob("copy-*"))
    building._reuse = lambda *given: tables.empty("reuse")      # there are no texts
    rows = building._keep(case, None, parts, set())
    return {t: rows[t] for t in ("event_mentions", "events", "claims")}


def _counted(data: Path) -> int:
    return len(scale.aggregate(cases.open_case(NAME, data), "event_mentions"))


def coded(source: Path, n: int, folder: Path, *, render: bool = False) -> None:
    """Print what linking, claims and opening cost at a tenth of the texts and at all."""
    print("codes of a built case, copied with other ids, days and sides; one process for each line")
    for k in (n // 10, n):
        case = copy_codes(cases.open_case(NAME, source), k, folder / f"coded-{k}")
        for what, function in (("linked, and claims listed", _linked), ("manifest read, a sample opened", _opened),
                               ("counts of all texts by month", _counted)):
            found, cpu, memory = apart(function, case.data)
            print(f"  {k:7} texts: {what:32}{cpu:8.1f} s CPU{1000 * cpu / k:7.2f} ms a text, at most {memory:5.0f} MB; "
                  f"{found}", flush=True)
    if render:
        pages(case.data, folder / "reports")


def pages(data: Path, out: Path) -> None:
    """Print what it takes to render a large case, and the most memory of any process that had a part in it."""
    words = [sys.executable, "-m", "helpers", "render", NAME, "--jobs", "1", "--data", str(data), "--out", str(out)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began, running, most = time.time(), subprocess.Popen(words), {}
    while running.poll() is None:
        for pid, parent, name, memory in _processes():
            if parent == running.pid or pid == running.pid or parent in most:
                most[pid] = (max(memory, most.get(pid, (0, ""))[0]), name)
        time.sleep(.3)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    own = most.pop(running.pid, (0, ""))[0]
    print(f"  rendered: {time.time() - began:.0f} s, "
          f"{used.ru_utime + used.ru_stime - before.ru_utime - before.ru_stime:.0f} s CPU, exit code "
          f"{running.returncode}; at most {max(m for m, _ in most.values()):.0f} MB a kernel, {own:.0f} MB the command")


def _processes():
    """Id, parent, name and most memory so far (MB) of the processes of this machine (Linux)."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            said = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            yield int(said["Pid"]), int(said["PPid"]), said["Name"], int(said.get("VmHWM", "0 kB").split()[0]) / 1024
        except (OSError, ValueError):
            continue


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--texts", type=int, default=1000)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--skip", choices=["rounds", "size"], action="append", default=[])
    words.add_argument("--make", type=Path, metavar="FOLDER", help="only make a data folder with the case `many`")
    words.add_argument("--keep", type=Path, metavar="FOLDER", help="build in this folder and leave it there")
    words.add_argument("--coded", type=Path, metavar="FOLDER", help="a data folder with a built case `many`")
    words.add_argument("--render", action="store_true", help="with --coded or --keep: run the notebooks too")
    given = words.parse_args()
    if given.make:
        print(write_case(given.make, given.texts).raw)
        return
    with tempfile.TemporaryDirectory(prefix="casebook-scale-") as folder:
        if given.coded:
            coded(given.coded, given.texts, Path(folder), render=given.render)
            return
        if "rounds" not in given.skip:
            rounds(min(given.texts, 400), given.rounds, Path(folder))
        if "size" not in given.skip:
            sizes(given.texts, given.keep or Path(folder))
            if given.render:
                pages((given.keep or Path(folder)) / f"size-{given.texts}", Path(folder) / "reports")


if __name__ == "__main__":
    main()
