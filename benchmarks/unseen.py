"""Score quotations, events and frames on sentences that the rules' author had not read.

    python benchmarks/unseen.py [FOLDER] [--labels FOLDER]

Without FOLDER, on the passages that a model made up (`benchmarks/labels/made_up_sentences.csv`; nothing in them is a
report). FOLDER holds TempEval-3's training news (TimeBank and AQUAINT in TimeML, *.tml in it or below), which is not
part of the project: the labels name its sentences by file and offsets in the text as :func:`plain` gives it, and hold
no words of it but names of speakers. `benchmarks/labels/README.md` says who coded, from what manual, and which parts
the rules' author had read. A part that was read is no evidence.

Parts that the weights of single words were fitted on (`benchmarks/fit_words.py`) are left out.

An event is found when a machine row of its type stands in the same sentence, nearest triggers first; happened-or-not
is scored on those found. A quotation is found when half of the longer span is shared. Beside each score stand what can
be had without reading, and the second coder where there is one.
"""
from __future__ import annotations

import argparse
import collections
import html
import re
import sys
from pathlib import Path

import pandas as pd
from events import REAL, first_hits, rows, score, show
from frames import coded_with
from frames import show as show_frames
from quotes import nothing_known
from quotes import score as score_quotes

from helpers import frames
from helpers.codebook import load_codebook
from helpers.compare import codings as compared

HOW = """TempEval-3's training data (UzZaman and others 2013: TBAQ-cleaned) is not part of the project. Unpack it
anywhere and name its folder: python benchmarks/unseen.py FOLDER"""
LABELS = Path(__file__).parent / "labels"
LEARNT = "learnt from"      # parts that word weights were fitted on (benchmarks/fit_words.py): not scored


def plain(timeml: str) -> str:
    """Return the text of a TimeML file: without tags, each run of blanks one blank.

    >>> plain("<TimeML><TEXT>They  <EVENT>met</EVENT> &amp;\\nparted.</TEXT></TimeML>")
    'They met & parted.'
    """
    found = re.search(r"<TEXT>(.*?)</TEXT>", timeml, re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", found[1])).split()) if found else ""


def wire(sentences: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Return the wire sentences with their text; say which files are not there."""
    paths = {p.name: p for p in sorted(folder.rglob("*.tml"))}
    missing = sorted(set(sentences["file"]) - set(paths))
    if missing:
        raise SystemExit(f"{folder}: {len(missing)} files of the labels are not there, {missing[0]} first.\n{HOW}")
    whole = {name: plain(paths[name].read_text(encoding="utf-8")) for name in sentences["file"].unique()}
    text = [whole[f][a:b] for f, a, b in sentences[["file", "start", "end"]].itertuples(index=False)]
    return sentences.drop(columns=["start", "end"]).assign(text=text)


def passages(sentences: pd.DataFrame) -> dict[str, tuple[str, pd.DataFrame]]:
    """Return the text of each file's sentences, a paragraph each, and their rows."""
    out = {}
    for file, own in sentences.groupby("file", sort=False):
        text, found = "", []
        for sentence_id, words in own[["sentence_id", "text"]].itertuples(index=False):
            found.append((sentence_id, str(file), len(text), len(text) + len(words), "body", len(found) + 1))
            text += words + "\n\n"
        out[str(file)] = text, pd.DataFrame(
            found, columns=["sentence_id", "doc_id", "start", "end", "section", "paragraph"])
    return out


def code(text: str, sentences: pd.DataFrame, book) -> dict[str, pd.DataFrame]:
    """Return what the machine codes in one passage: quotations, events, frames."""
    known = coded_with(text, sentences, book, {})
    return {"quotes": known["quotes"], "events": known["event_mentions"],
            "frames": frames.frames(text, sentences, book, **known),
            "frames by rules alone": frames.frames(text, sentences, book, **known, words=False)}


def by_sentence(table: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Return labels with offsets in their sentence as labels with offsets in the passage."""
    begins = dict(zip(sentences["sentence_id"], sentences["start"]))
    own = table[table["sentence_id"].isin(begins)]
    moved = own["sentence_id"].map(begins).astype("int64")
    return own.assign(start=own["start"] + moved, end=own["end"] + moved)


def labelled_events(table: pd.DataFrame) -> dict[str, list]:
    return rows(table.rename(columns={"start": "trigger_start"}))


def spans(table: pd.DataFrame, key: str) -> dict[str, list]:
    """Return spans and speakers, by passage."""
    out = collections.defaultdict(list)
    for r in table.to_dict("records"):
        who = " ".join(str(r[c]) for c in ("speaker", "speaker_id") if c in r and pd.notna(r[c]))
        out[r[key]].append((int(r["start"]), int(r["end"]), who))
    return out


def show_quotations(texts: dict, truth: pd.DataFrame, machine: pd.DataFrame, placed: pd.DataFrame,
                    coders: list[str]) -> None:
    """Print how the machine, what costs nothing, and other coders find the quotations of the first coder."""
    quoted = spans(truth, "file")
    free = collections.defaultdict(dict)
    for file, (text, sentences) in texts.items():
        for guess, found in nothing_known(text, sentences).items():
            free[guess][file] = found
    others = {f"coder {c}": spans(placed.query("coder == @c"), "file") for c in coders[1:]}
    print(f" {len(truth)} quotations")
    for guess, found in {"machine": spans(machine, "file"), **free, **others}.items():
        got = score_quotes(quoted, found)
        print(f"  {guess:<28} precision {got['precision']:.3f}  recall {got['recall']:.3f}  F1 {got['f1']:.3f}  "
              f"speaker {got['speaker']:.3f}")


def one_part(name: str, own: pd.DataFrame, labels: dict[str, pd.DataFrame], book) -> None:
    """Score one part of the sentences and print it."""
    texts = passages(own)
    coded = {file: code(text, sentences, book) for file, (text, sentences) in texts.items()}
    placed = {what: pd.concat([by_sentence(labels[what], s).assign(file=file) for file, (_, s) in texts.items()])
              for what in ("events", "quotes")}
    machine = {what: pd.concat([c[what].assign(file=file) for file, c in coded.items()])
               for what in ("events", "quotes")}
    coders = [str(c) for c, g in labels["frames"].groupby("coder") if set(own["sentence_id"]) <= set(g["sentence_id"])]
    truth = {what: table[table["coder"] == coders[0]] for what, table in placed.items()}
    print(f"\n{name}: {len(own)} sentences of {own['file'].nunique()} texts; coder {coders[0]}")

    wanted = labelled_events(truth["events"])
    kind = collections.Counter(truth["events"]["type"]).most_common(1)[0][0]
    real = truth["events"]["status"].isin(REAL).mean()
    everything = pd.concat([s for _, s in texts.values()])
    print(f" {len(truth['events'])} events, happened or under way {real:.3f} (majority {max(real, 1 - real):.3f})")
    show("machine", score(wanted, rows(machine["events"])))
    show("first rule that hits", score(wanted, rows(pd.concat([first_hits(t, s, book) for t, s in texts.values()]))))
    show(f"always {kind}", score(wanted, {s: [(kind, at, real >= .5)] for s, at in
                                          everything[["sentence_id", "start"]].itertuples(index=False)}))
    for other in coders[1:]:
        show(f"coder {other}", score(wanted, labelled_events(placed["events"].query("coder == @other"))))

    if len(truth["quotes"]):        # not all sentences were labelled for them
        show_quotations(texts, truth["quotes"], machine["quotes"], placed["quotes"], coders)
    ids, codes = set(own["sentence_id"]), list(book.frames.index)
    sets = {c: {s: [f for f in str(v).split(";") if f] for s, v in labels["frames"].query("coder == @c")
                [["sentence_id", "frames"]].itertuples(index=False) if s in ids} for c in coders}
    first = sets.pop(coders[0])
    found = (pd.concat([c[way] for c in coded.values()]) for way in ("frames", "frames by rules alone"))
    ours, by_rules = (dict.fromkeys(first, []) | rows.sort_values("rank").groupby("sentence_id")["frame"].agg(list)
                      .to_dict() for rows in found)
    none, by_ours = (sum(not v for v in given.values()) for given in (first, ours))
    print(f" frames: {none} sentences have none, {by_ours} by ours")
    show_frames("rules and words", ours, first, codes)
    show_frames("rules alone", by_rules, first, codes)
    for guess, given in (compared.baselines(first, codes) | {f"coder {c}": v for c, v in sets.items()}).items():
        show_frames(guess, given, first, codes)


def main() -> int:
    """Read the command line, score each part, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="TempEval-3's training data")
    parser.add_argument("--labels", type=Path, default=LABELS)
    given = parser.parse_args()
    book = load_codebook(None)
    for name in ("made_up", "wire"):
        if name == "wire" and given.folder is None:
            print(f"\n{HOW}")
            break
        sentences = pd.read_csv(given.labels / f"{name}_sentences.csv")
        labels = {what: pd.read_csv(given.labels / f"{name}_{what}.csv", keep_default_na=False)
                  for what in ("events", "quotes", "frames")}
        for part, own in (wire(sentences, given.folder) if name == "wire" else sentences).groupby("part", sort=False):
            if LEARNT not in str(part):
                one_part(str(part), own, labels, book)
    return 0


if __name__ == "__main__":
    sys.exit(main())
