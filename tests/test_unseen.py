"""The benchmark on sentences that nobody had read: its labels fit its code, and it scores what they say."""
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from helpers.codebook import load_codebook

ROOT = Path(__file__).resolve().parents[1]
LABELS = ROOT / "benchmarks" / "labels"
SENTENCES = ["Norvia imposed sanctions on Kestria on Monday.", "“We reject the demand,” said Ana Lind.",
             "It rained all day over the old harbour."]
FRAMES = ["coercion_sanctions", "bargaining_diplomacy", ""]


def made_up(folder: Path) -> Path:
    """Write three sentences, as text and as a file of TimeML, with the labels of two coders."""
    text = " ".join(SENTENCES)
    (folder / "news").mkdir()
    tagged = text.replace("Monday", '<TIMEX3 tid="t1">Monday</TIMEX3>').replace(" It rained", "\n\n  It rained")
    (folder / "news" / "a.tml").write_text(f"<TimeML><TEXT>\n{tagged}\n</TEXT></TimeML>", encoding="utf-8")
    wire = [(f"s{n}", "kept", "a.tml", text.index(s), text.index(s) + len(s)) for n, s in enumerate(SENTENCES)]
    tables = {
        "frames": [(c, f"s{n}", f) for c in ("first", "second") for n, f in enumerate(FRAMES)],
        "events": [("first", "s0", 7, 14, "SANCTION", "happened"), ("first", "s1", 4, 10, "REJECT", "happened"),
                   ("second", "s0", 7, 14, "SANCTION", "planned")],
        "quotes": [("first", "s1", 0, 23, "Ana Lind"), ("second", "s1", 0, 23, "Ana Lind")]}
    columns = {"frames": ["frames"], "events": ["start", "end", "type", "status"],
               "quotes": ["start", "end", "speaker"]}
    for name in ("wire", "made_up"):
        for what, rows in tables.items():
            pd.DataFrame(rows, columns=["coder", "sentence_id", *columns[what]]).to_csv(
                folder / f"{name}_{what}.csv", index=False)
    pd.DataFrame(wire, columns=["sentence_id", "part", "file", "start", "end"]).to_csv(
        folder / "wire_sentences.csv", index=False)
    pd.DataFrame([(i, "made", f, s) for (i, _, f, *_), s in zip(wire, SENTENCES, strict=True)],
                 columns=["sentence_id", "part", "file", "text"]).to_csv(folder / "made_up_sentences.csv", index=False)
    return folder


def run(*arguments: Path | str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, ROOT / "benchmarks" / "unseen.py", *map(str, arguments)], encoding="utf-8",
                          capture_output=True, timeout=120)


def test_each_score_stands_beside_what_costs_nothing_and_the_second_coder(tmp_path):
    folder = made_up(tmp_path)
    done = run(folder / "news", "--labels", folder)
    assert done.returncode == 0, done.stderr
    _, made, kept = done.stdout.split("3 sentences of 1 texts; coder first")
    for part in (made, kept):       # the same sentences, as text and by their offsets
        told = {" ".join(line.split()) for line in part.splitlines()}
        assert "coder second precision 1.000 recall 0.500 F1 0.667 happened or not 0.000 of 1 found" in told
        assert "machine precision 1.000 recall 1.000 F1 1.000 speaker 1.000" in told
        assert "frames: 1 sentences have none, 1 by ours" in told
        assert any(line.startswith("the commonest four micro F1") for line in told)


def test_a_folder_without_the_texts_is_named(tmp_path):
    folder = made_up(tmp_path)
    (folder / "news" / "a.tml").unlink()
    done = run(folder / "news", "--labels", folder)
    assert done.returncode == 1 and "1 files of the labels are not there, a.tml first" in done.stderr
    alone = run("--labels", folder)
    assert alone.returncode == 0 and "Unpack it" in alone.stdout


@pytest.mark.parametrize("name", ["wire", "made_up"])
def test_the_labels_hold_codes_of_the_codebook_and_spans_inside_their_sentences(name):
    book = load_codebook(None)
    sentences = pd.read_csv(LABELS / f"{name}_sentences.csv").set_index("sentence_id")
    assert sentences.index.is_unique
    long = (sentences["text"].str.len() if "text" in sentences else sentences["end"] - sentences["start"]).to_dict()
    tables = {what: pd.read_csv(LABELS / f"{name}_{what}.csv", keep_default_na=False)
              for what in ("events", "quotes", "frames")}
    for what in ("events", "quotes"):
        spans = tables[what][["sentence_id", "start", "end"]].itertuples(index=False)
        assert all(0 <= a < b <= long[s] for s, a, b in spans)
    events, frames = tables["events"], tables["frames"]
    assert set(events["type"]) <= set(book.types.index) and set(events["status"]) <= set(book.statuses.index)
    assert {f for row in frames["frames"] for f in row.split(";") if f} <= set(book.frames.index)
    first = frames[frames["coder"] == "first"]
    assert set(first["sentence_id"]) == set(sentences.index) and first["sentence_id"].is_unique
