"""Score the quotations that the machine finds against labels, beside what can be had for nothing.

    python benchmarks/quotes.py CASE [--labels FILE] [--labels FILE …] [--data DIR] [--misses]
    python benchmarks/quotes.py --texts FOLDER --labels FILE

With CASE, the labels are coder A's (`gold/quotes.csv`) and any that lie in `review/*/quotes.csv`; the texts must be
in place (`casebook texts CASE --from FOLDER`). With --texts, FOLDER holds plain texts (*.txt) and the labels name each
by its stem (columns doc, start, end, speaker). A quotation is found when its span shares half of the longer of the two
spans with a label's; pairs are one to one, the best first. A speaker is right when it shares a name with the label's,
or any content word where the label has no name.

Whoever wrote the rules had read the five texts of `s400` and those of `practice`: figures on them are in-sample.
The labels are of coders of kind `model`.
"""
from __future__ import annotations

import argparse
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from helpers import actors, cleaning, speech
from helpers.case import CaseError, list_cases, open_case
from helpers.codebook import load_codebook
from helpers.speech.marks import quoted

Span = tuple[int, int, str]
NAME = re.compile(r"\b[A-ZÀ-Þ]\w+")
SMALL = {"the", "a", "an", "of", "and", "his", "her", "who", "that", "he", "she", "they", "it"}


def share(a: Span, b: Span) -> float:
    """How much of the longer of two spans both have."""
    return max(0, min(a[1], b[1]) - max(a[0], b[0])) / max(a[1] - a[0], b[1] - b[0], 1)


def same_speaker(label: str, ours: str) -> bool:
    """Whether two descriptions of a speaker have a name in common, or any word where the label names nobody."""
    names = {w.lower() for w in NAME.findall(label)} - SMALL
    words = {w.lower() for w in re.findall(r"\w+", label)} - SMALL
    mine = {w.lower() for w in re.findall(r"\w+", ours)} - SMALL
    return bool((names or words) & mine)


def pairs(labels: list[Span], ours: list[Span]) -> list[tuple[int, int]]:
    """Which label is which of ours: one to one, the largest share first, from a half on."""
    shared = ((share(a, b), i, j) for i, a in enumerate(labels) for j, b in enumerate(ours))
    ranked = sorted((x for x in shared if x[0] >= .5), key=lambda x: -x[0])
    left, right, out = set(), set(), []
    for _, i, j in ranked:
        if i not in left and j not in right:
            left.add(i), right.add(j), out.append((i, j))
    return out


def score(labels: dict[str, list[Span]], ours: dict[str, list[Span]]) -> dict[str, float]:
    """Precision, recall, F1 and, of those found whose speaker the labels name, the share with the right one."""
    found = total = mine = right = named = 0
    for doc, gold in labels.items():
        got = ours.get(doc, [])
        matched = pairs(gold, got)
        found, total, mine = found + len(matched), total + len(gold), mine + len(got)
        named += sum(bool(gold[i][2]) for i, _ in matched)
        right += sum(same_speaker(gold[i][2], got[j][2]) for i, j in matched if gold[i][2])
    return {"labels": total, "ours": mine, "precision": found / max(1, mine), "recall": found / max(1, total),
            "f1": 2 * found / max(1, total + mine), "speaker": right / max(1, named)}


def load_labels(path: Path, files: dict[str, str]) -> dict[str, list[Span]]:
    """Labels by document; a document is named by its id, its file's stem or the first letters of its file."""
    rows = pd.read_csv(path, dtype="string", keep_default_na=False)
    column = "doc_id" if "doc_id" in rows else "doc"
    out: dict[str, list[Span]] = defaultdict(list)
    for doc, start, end, who in rows[[column, "start", "end", "speaker"]].itertuples(index=False):
        name = doc if doc in files else next((d for d, f in files.items() if f.startswith(doc)), doc)
        out[name].append((int(start), int(end), str(who)))
    return out


def nothing_known(text: str, sentences: pd.DataFrame) -> dict[str, list[Span]]:
    """Two answers without a grammar: all that stands in quotation marks; every sentence that holds the word "said"."""
    rows = [(int(s), int(e)) for s, e in zip(sentences["start"], sentences["end"])]
    marks = [(q.start, q.end, "") for q in quoted(text, rows)]
    said = [(s, e, text[s:e]) for s, e in rows if re.search(r"\bsaid\b", text[s:e])]
    return {"all in quotation marks": marks, "sentences with “said”": said}


def _when(row: pd.Series) -> tuple[str, str] | None:
    first, last = row.get("published_earliest"), row.get("published_latest")
    return None if pd.isna(first) or pd.isna(last) else (first, last)


def case_texts(name: str, data: Path | None) -> tuple[list, Iterable[Path], object]:
    """Texts, label files and codebook of a case."""
    case = open_case(name, data)
    texts = [(d, case.row(d)["file"], case.text(d), _when(case.row(d))) for d in case.choose()]
    labels = [case.raw / "gold" / "quotes.csv", *sorted((case.raw / "review").glob("*/quotes.csv"))]
    return texts, [p for p in labels if p.exists()], load_codebook(case.raw)


def main() -> int:
    """Read the command line, score, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", help="default without --texts: all whose texts are here")
    parser.add_argument("--labels", type=Path, action="append", default=[])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--misses", action="store_true", help="print where label and machine differ")
    given = parser.parse_args()
    if given.texts:
        if not given.labels:
            parser.error("no labels: name a file with --labels")
        files = sorted(given.texts.glob("*.txt"))
        texts = [(p.stem, p.name, p.read_bytes().decode("utf-8"), None) for p in files]
        measure(texts, given.labels, load_codebook(None), given.misses)
        return 0
    try:
        for name in given.cases or list_cases(given.data):
            if not open_case(name, given.data).has_texts:
                print(f"{name}: its texts are not here; nothing is measured on it.\n")
                continue
            texts, label_files, book = case_texts(name, given.data)
            measure(texts, given.labels or label_files, book, given.misses)
    except CaseError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measure(texts: list, label_files: Iterable[Path], book: object, misses: bool) -> None:
    """Code the texts, score them against each file of labels beside what costs nothing, and print."""
    ours: dict[str, dict[str, list[Span]]] = defaultdict(dict)
    spent, size = 0.0, 0
    for doc, _, text, when in texts:
        rows = cleaning.sentences(text, cleaning.clean(text))
        start = time.perf_counter()
        mentions = actors.mentions(text, rows, book, when)
        found, _ = speech.quotes(text, rows, mentions, book)
        spent, size = spent + time.perf_counter() - start, size + len(text.encode())
        who = found[["speaker", "speaker_id"]].fillna("").agg(" ".join, axis=1) if len(found) else []
        ours["casebook"][doc] = list(zip(found["start"].astype(int), found["end"].astype(int), who))
        for name, spans in nothing_known(text, rows).items():
            ours[name][doc] = spans
    files = {doc: file for doc, file, *_ in texts}
    for path in label_files:
        labels = load_labels(path, files)
        kept = {d: s for d, s in labels.items() if d in files}
        table = pd.DataFrame({name: score(kept, spans) for name, spans in ours.items()}).T
        print(f"{'/'.join(path.parts[-3:])}: {len(kept)} texts")
        print(table.astype({"labels": int, "ours": int}).round(3).to_string(), end="\n\n")
        for doc, gold in kept.items() if misses else ():
            matched = pairs(gold, ours["casebook"][doc])
            for i, label in enumerate(gold):
                if i not in {a for a, _ in matched}:
                    print(f"  missed {doc} {label[0]}–{label[1]} ({label[2]})")
            for j, got in enumerate(ours["casebook"][doc]):
                if j not in {b for _, b in matched}:
                    print(f"  extra  {doc} {got[0]}–{got[1]} ({got[2]})")
            for i, j in matched:
                if not same_speaker(gold[i][2], ours["casebook"][doc][j][2]):
                    print(f"  other speaker {doc} {gold[i][0]}–{gold[i][1]}: {gold[i][2]} | "
                          f"{ours['casebook'][doc][j][2]}")
    print(f"mentions and speech together: {size / 1000 / max(spent, 1e-9):.0f} KB/s on one core\n")


if __name__ == "__main__":
    sys.exit(main())
