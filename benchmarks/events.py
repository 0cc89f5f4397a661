"""Score machine-coded events against labels, beside trivial baselines.

    python benchmarks/events.py [CASE …] [--data DIR] [--plover FILE]

Each CASE (without one: every case here) whose texts are present is coded anew and scored against `gold/events.csv` and,
where a second coder's file is there, `review/coder_b/events.csv`. An event is found when a machine row of the same type
stands in the same sentence, each row used once, nearest triggers first; happened-or-not (happened or ongoing against
all else) is scored on the events found.

FILE holds PLOVER gold-standard records (JSON). Records whose id's SHA-256, as a number, leaves 3 when divided by 4 were
not read by the author of the rules and are scored apart; of the rest all texts were read.

Baselines: the commonest type of the labels, once a sentence, with the commonest status; the first rule that hits in a
sentence, without grammar. Sides (actor and target, by state) are scored on events of the right type; beside them stand
the two sides that the labels name most often, and the first two states that the sentence names.
"""

from __future__ import annotations

import argparse
import collections
import hashlib
import json
import sys
import time
from pathlib import Path

import pandas as pd

from helpers import actors, dates, events, pipeline, speech
from helpers.case import list_cases, open_case
from helpers.codebook import load_codebook

PLOVER = """The PLOVER gold-standard records (Open Event Data Alliance, CC BY-SA 4.0) are not part of the project.
They are in the repository openeventdata/PLOVER on GitHub; name the JSON file with --plover."""
OLDER = {
    "YIELD/CONCEDE": "CONCEDE",
    "YIELD": "CONCEDE",
    "DEMAND": "REQUEST",
    "DISAPPROVE": "ACCUSE",
    "FIGHT": "ASSAULT",
    "INVESTIGATE": "ACCUSE",
}
REAL = {"happened", "ongoing"}


def coded(text: str, sentences: pd.DataFrame, book, published=None, outlet: str = "", home=None) -> pd.DataFrame:
    """Return the machine's events of one text."""
    named = actors.mentions(text, sentences, book, published)
    quoted, _ = speech.quotes(text, sentences, named, book, outlet)
    times = dates.find_times(text, published)
    times = times.assign(time_id=times.index.astype(str))
    return events.event_mentions(text, sentences, named, quoted, times, book, home, published)


def states(codes) -> frozenset[str]:
    """Return the states of one or more actors."""
    return frozenset(c.split(":")[0].split(".")[0] for c in str(codes).split("+")) if pd.notna(codes) and codes \
        else frozenset()


def first_two(text: str, sentences: pd.DataFrame, book, published=None) -> dict[str, list[str]]:
    """Return the first two states that each sentence names."""
    out = collections.defaultdict(list)
    named = actors.mentions(text, sentences, book, published)
    for code, sentence_id in zip(named["actor_id"], named["sentence_id"]):
        if code.split(".")[0] not in out[sentence_id]:
            out[sentence_id].append(code.split(".")[0])
    return out


def show_sides(name: str, wanted: list[tuple], guesses: dict[str, list[tuple]]) -> None:
    """Print how often actor and target are right, of those that the labels name."""
    for guess, found in guesses.items():
        told = []
        for i, side in enumerate(("actor", "target")):
            pairs = [(w[i], f[i]) for w, f in zip(wanted, found) if w[i]]
            told.append(f"{side} {sum(w == f for w, f in pairs)} of {len(pairs)}")
        print(f"  {name}, {guess}: {', '.join(told)}")


def commonest(wanted: list[tuple]) -> list[tuple]:
    """Return the actor and the target that the labels name most often, for each of them."""
    best = [collections.Counter(w[i] for w in wanted if w[i]).most_common(1) for i in (0, 1)]
    return [tuple(b[0][0] if b else frozenset() for b in best)] * len(wanted)


def first_hits(text: str, sentences: pd.DataFrame, book) -> pd.DataFrame:
    """Return the first rule that hits in each sentence, as a row with the rule's own status."""
    hits, out = book.cues("event_rules").find(text), []
    for start, end, sentence_id in sentences[["start", "end", "sentence_id"]].itertuples(index=False):
        hit = next((h for h in hits if start <= h.start and h.end <= end), None)
        if hit:
            rule = book.event_rules.loc[hit.rule]
            out.append((hit.start, rule["type"], rule["status"] or "happened", sentence_id))
    return pd.DataFrame(out, columns=["trigger_start", "type", "status", "sentence_id"])


def score(labels: dict[str, list], found: dict[str, list]) -> tuple[int, int, int, int]:
    """Return labelled, coded, matched and matched with the right status; rows are (type, place, real)."""
    matched = right = 0
    for sentence, wanted in labels.items():
        ours = found.get(sentence, [])
        pairs = sorted(
            (abs(w[1] - o[1]), i, j) for i, w in enumerate(wanted) for j, o in enumerate(ours) if w[0] == o[0]
        )
        used_w, used_o = set(), set()
        for _, i, j in pairs:
            if i not in used_w and j not in used_o:
                used_w.add(i), used_o.add(j)
                right += wanted[i][2] == ours[j][2]
        matched += len(used_w)
    return sum(map(len, labels.values())), sum(map(len, found.values())), matched, right


def show(name: str, counts: tuple[int, int, int, int]) -> None:
    n, m, hit, right = counts
    print(
        f"  {name:<28} precision {hit / max(1, m):.3f}  recall {hit / max(1, n):.3f}  F1 {2 * hit / max(1, n + m):.3f}"
        f"  happened or not {right / max(1, hit):.3f} of {hit} found"
    )


def rows(table: pd.DataFrame) -> dict[str, list]:
    out = collections.defaultdict(list)
    for r in table.to_dict("records"):
        out[r["sentence_id"]].append((r["type"], int(r["trigger_start"]), r["status"] in REAL))
    return out


def labelled(path: Path, sentences: pd.DataFrame, files: dict[str, str]) -> dict[str, list]:
    """Read a coder's labels into sentences; rows without a type are left out, as nobody can find them."""
    out = collections.defaultdict(list)
    for r in pd.read_csv(path, dtype=str).fillna("").to_dict("records"):
        doc, at = r.get("doc_id") or files[r["doc"]], int(r["trigger_start"])
        here = sentences[(sentences["doc_id"] == doc) & (sentences["start"] <= at) & (sentences["end"] > at)]
        if r["type"] and len(here):
            kind = r["type"].upper()
            out[here["sentence_id"].iloc[0]].append((OLDER.get(kind, kind), at, r["status"] in REAL))
    return out


def score_case(name: str, data: Path | None) -> None:
    case = open_case(name, data=data)
    gold = case.raw / "gold" / "events.csv"
    if not case.present.all() or not gold.exists():
        print(
            f"{name}: "
            + (
                "no gold/events.csv"
                if not gold.exists()
                else f"its texts are not here: `casebook texts {name} --from FOLDER`"
            )
            + "; left out."
        )
        return
    book = load_codebook(case.raw)
    made = pipeline.clean_texts(case)
    made |= pipeline.code_times(case, made)
    one = pd.DataFrame({"start": [0], "end": [11], "sentence_id": ["s"], "paragraph": [1]})
    coded("Nobody met.", one, book)  # cues are compiled once
    sentences, took, size, machine, naive, two = made["sentences"], 0.0, 0, [], [], {}
    for document in made["documents"].to_dict("records"):
        own = sentences[sentences["doc_id"] == document["doc_id"]].reset_index(drop=True)
        text = case.text(document["doc_id"])
        began = time.process_time()
        when = pipeline.published(pd.Series(document))
        machine.append(coded(text, own, book, when, home=pipeline.home(document, book)))
        took, size = took + time.process_time() - began, size + len(text.encode())
        naive.append(first_hits(text, own, book))
        two |= first_two(text, own, book, when)
    read = ", ".join(book.about["event_rules.yaml"]["author"]["had_read"])
    print(
        f"{name}: {len(sentences)} sentences, {size / 1000 / took:.0f} KB/s with mentions, times and quotations. "
        f"The rules' author had read: {read}."
    )
    pairs = list(zip(made["documents"]["doc_id"], made["documents"]["file"].astype(str)))
    files = {f[:3]: d for d, f in pairs} | {Path(f).stem: d for d, f in pairs} | {d: d for d, _ in pairs}
    for coder, path in (("coder A", gold), ("coder B", case.raw / "review" / "coder_b" / "events.csv")):
        if not path.exists():
            continue
        labels = labelled(path, sentences, files)
        flat = [r for rs in labels.values() for r in rs]
        kind = collections.Counter(r[0] for r in flat).most_common(1)[0][0]
        real = sum(r[2] for r in flat) * 2 >= len(flat)
        print(f" {coder}: {len(flat)} events with a type, {sum(r[2] for r in flat)} of them happened or under way")
        show("machine", score(labels, rows(pd.concat(machine))))
        show("first rule that hits", score(labels, rows(pd.concat(naive))))
        show(
            f"always {kind}",
            score(
                labels, {s: [(kind, a, real)] for s, a in sentences[["sentence_id", "start"]].itertuples(index=False)}
            ),
        )
        sides(labels_of(path, sentences, files), pd.concat(machine), two)


def labels_of(path: Path, sentences: pd.DataFrame, files: dict[str, str]) -> list[dict]:
    """Return a coder's labels with their sentence."""
    out = []
    for r in pd.read_csv(path, dtype=str).fillna("").to_dict("records"):
        doc, at = r.get("doc_id") or files[r["doc"]], int(r["trigger_start"])
        here = sentences[(sentences["doc_id"] == doc) & (sentences["start"] <= at) & (sentences["end"] > at)]
        if r["type"] and len(here):
            out.append(r | {"sentence_id": here["sentence_id"].iloc[0], "at": at})
    return out


def sides(labels: list[dict], machine: pd.DataFrame, two: dict[str, list[str]]) -> None:
    """Print how often the sides of the events found are right: each label against the nearest of its type."""
    wanted, found, first = [], [], []
    for label in labels:
        kind = OLDER.get(label["type"].upper(), label["type"].upper())
        ours = machine[(machine["sentence_id"] == label["sentence_id"]) & (machine["type"] == kind)]
        if len(ours):
            row = ours.iloc[(ours["trigger_start"] - label["at"]).abs().argmin()]
            wanted.append((states(label["actor"]), states(label["target"])))
            found.append((states(row["actor_id"]), states(row["target_id"])))
            named = [frozenset([s]) for s in two.get(label["sentence_id"], [])[:2]]
            first.append(tuple(named + [frozenset()] * (2 - len(named))))
    show_sides("sides", wanted, {"machine": found, "commonest": commonest(wanted), "first two states named": first})


def score_plover(path: Path) -> None:
    book = load_codebook(None)
    parts: dict[str, list] = {"texts the author had read": [], "not read": []}
    for record in json.loads(path.read_text(encoding="utf-8")):
        if record.get("text"):
            aside = int(hashlib.sha256(record["id"].encode()).hexdigest(), 16) % 4 == 3
            parts["not read" if aside else "texts the author had read"].append(record)
    for name, records in parts.items():
        kinds = [OLDER.get(r["event"], r["event"]) for r in records]
        if not records:
            continue
        got, hit, wanted, found, first_named = [], [], [], [], []
        for record in records:
            whole = pd.DataFrame({"start": [0], "end": [len(record["text"])], "sentence_id": ["s"], "paragraph": [1]})
            found_rows = coded(record["text"], whole, book)
            first = first_hits(record["text"], whole, book)
            got.append((events.main_event(found_rows, record["text"]), set(found_rows["type"])))
            hit.append(None if first.empty else first["type"].iloc[0])
            same = found_rows[found_rows["type"] == OLDER.get(record["event"], record["event"])]
            if len(same):
                wanted.append(tuple(known_sides(record.get(side), book) for side in ("source", "target")))
                found.append((states(same["actor_id"].iloc[0]), states(same["target_id"].iloc[0])))
                named = [frozenset([s]) for s in first_two(record["text"], whole, book).get("s", [])[:2]]
                first_named.append(tuple(named + [frozenset()] * (2 - len(named))))
        common, n = collections.Counter(kinds).most_common(1)[0][0], len(records)
        print(
            f"PLOVER records, {name}: {n}. Type right: "
            f"first event {sum(k == g[0] for k, g in zip(kinds, got)) / n:.3f}, "
            f"any event {sum(k in g[1] for k, g in zip(kinds, got)) / n:.3f}; first rule that hits "
            f"{sum(k == h for k, h in zip(kinds, hit)) / n:.3f}; always {common} {kinds.count(common) / n:.3f}"
        )
        show_sides("sides, type right", wanted, {"machine": found, "commonest": commonest(wanted),
                                                 "first two states named": first_named})


def known_sides(given, book) -> frozenset[str]:
    """Return the states among the codes of a record, those that the codebook knows."""
    known = set(book.actors["actor_id"])
    return frozenset(side["code"][:3] for side in given or [] if side["code"][:3] in known)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--plover", type=Path)
    options = parser.parse_args()
    for name in options.cases or list_cases(options.data):
        score_case(name, options.data)
    if options.plover:
        score_plover(options.plover)
    else:
        print(PLOVER)
    return 0


if __name__ == "__main__":
    sys.exit(main())
