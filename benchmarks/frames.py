"""Score the frames, and their speed, beside trivial guesses, a plain dictionary and a baseline that learns.

    python benchmarks/frames.py [CASE …] [--labels FILE.csv …] [--write]

Scored are the cases whose texts and `gold/frames.csv` are here, against each coder that has coded them, and files of
single sentences (columns `text`, and `frames` parted by `;`). A score counts only on texts that the rules' author had
not read; which he had read stands in the head of the codebook's files and is printed. The learning baseline (TF-IDF of
words and pairs of words, one logistic regression a frame, at least the likeliest frame; scikit-learn) is tested on each
text after learning from the others.
--write stores its learning curve in `data/raw/CASE/measured/learning_curve.csv`, where notebook 06 opens it.
"""
from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import pandas as pd

from helpers import actors, agreement, dates, events, frames, review, speech, tables
from helpers.case import open_case
from helpers.codebook import compile_cues, load_codebook
from helpers.compare import codings as compared
from helpers.pipeline import home, published

SIZES = (20, 40, 60, 80, 100)
DRAWS = 10


def coded_with(text: str, sentences: pd.DataFrame, book, document: dict) -> dict[str, pd.DataFrame]:
    """Return what the frames are coded with when a case is built: the text's names, quotations and events."""
    day, outlet = published(document), document.get("outlet") or ""
    named = actors.mentions(text, sentences, book, day)
    said, _ = speech.quotes(text, sentences, named, book, outlet)
    times = dates.find_times(text, day)
    times = times.assign(time_id=times.index.astype(str), sentence_id=None)
    told = events.event_mentions(text, sentences, named, said, times, book, home(document, book), day)
    return {"quotes": said, "mentions": named, "event_mentions": told}


def machine(text: str, sentences: pd.DataFrame, book, **known) -> dict[str, list[str]]:
    """Return the frames that the machine gives each sentence, the first one first."""
    found = frames.frames(text, sentences, book, **known).sort_values("rank").groupby("sentence_id")["frame"].agg(list)
    return {s: found.get(s, []) for s in sentences["sentence_id"]}


def dictionary(sentences: dict[str, str], book) -> dict[str, list[str]]:
    """Return what the words alone give: every frame with a word in the sentence, no weights, names or clauses."""
    words = [{"id": code, "cues": row["cues"]} for code, row in book.frames.to_dict("index").items()]
    words += [{"id": row["frame"], "cues": row["cues"]} for row in book.frame_rules.to_dict("records")]
    finders = [compile_cues([w]) for w in words]
    return {s: sorted({hit.rule for f in finders for hit in f.find(text)}) for s, text in sentences.items()}


def learned(train: list[tuple[str, list[str]]], test: list[str], codes: list[str]) -> list[list[str]]:
    """Return the frames that a TF-IDF and logistic regression gives ``test`` after learning from ``train``."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    vectors = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    seen = vectors.fit_transform([text for text, _ in train])
    new, out, best = vectors.transform(test), [[] for _ in test], [(-np.inf, "")] * len(test)
    for code in codes:
        given = np.array([code in labels for _, labels in train])
        if given.any() and not given.all():
            model = LogisticRegression(C=10, class_weight="balanced", max_iter=500).fit(seen, given)
            for place, margin in enumerate(model.decision_function(new)):
                best[place] = max(best[place], (margin, code))
                if margin > 0:
                    out[place].append(code)
    return [given or [likeliest] for given, (_, likeliest) in zip(out, best)]


def over_texts(truth: dict, texts: dict[str, str], doc_of: dict[str, str], codes: list[str], size: int | None = None,
               seed: int = 0) -> dict[str, list[str]]:
    """Return what the learning baseline gives each sentence after learning from (``size`` sentences of) other texts."""
    out = {}
    for doc_id in sorted(set(doc_of.values())):
        test = [s for s in truth if doc_of[s] == doc_id]
        train = [s for s in truth if doc_of[s] != doc_id]
        if size is not None:
            train = [train[i] for i in np.random.RandomState(seed).permutation(len(train))[:size]]
        given = learned([(texts[s], list(truth[s])) for s in train], [texts[s] for s in test], codes)
        out |= dict(zip(test, given))
    return out


def show(name: str, found, truth, codes) -> None:
    scores = compared.against(found, truth, codes).set_index("frame")
    micro_, macro = scores.loc["all (micro)"], scores.loc["all (macro)", "f1"]
    precision = 0 if pd.isna(micro_["precision"]) else micro_["precision"]
    print(f"  {name:36} micro F1 {micro_['f1']:.3f}  P {precision:.2f}  R {micro_['recall']:.2f}  macro {macro:.2f}")


def one_case(name: str, write: bool) -> None:
    case = open_case(name)
    book = load_codebook(case.raw)
    sentences = case.load("sentences")
    codes = list(book.frames.index)
    texts = {s: case.text(d, a, b) for s, d, a, b in
             sentences[["sentence_id", "doc_id", "start", "end"]].itertuples(index=False)}
    doc_of = dict(zip(sentences["sentence_id"], sentences["doc_id"]))
    documents = {row["doc_id"]: row for row in case.manifest.to_dict("records")}
    known = {doc_id: coded_with(case.text(doc_id), rows, book, documents[doc_id])
             for doc_id, rows in sentences.groupby("doc_id")}
    own, alone, size, began = {}, {}, 0, time.process_time()
    for doc_id, rows in sentences.groupby("doc_id"):
        text = case.text(doc_id)
        own |= machine(text, rows, book, **known[doc_id])
        size += len(text.encode())
    cold = time.process_time() - began
    began = time.process_time()
    for doc_id, rows in sentences.groupby("doc_id"):
        frames.frames(case.text(doc_id), rows, book, **known[doc_id])
    warm = time.process_time() - began
    for doc_id, rows in sentences.groupby("doc_id"):
        alone |= machine(case.text(doc_id), rows, book, **known[doc_id], words=False)
    print(f"\n{name}: {len(case.manifest)} texts, {size / 1000:.0f} KB, {size / 1000 / warm:.0f} KB/CPU s "
          f"({size / 1000 / cold:.0f} with the words read first)")
    read = {str(x) for f in ("frames.yaml", "frame_rules.yaml") for x in book.about[f]["author"]["had_read"]}
    print(f"  the rules' author had read: {'; '.join(sorted(read))}")
    coded = [c for c in review.gather(case, "frames", machine=False)[0]]
    for coder in coded:
        truth = compared.sets(coder)
        print(f"  against coder {coder.coder_id} (kind {coder.kind}), {len(truth)} sentences")
        show("rules and words", own, truth, codes)
        show("rules alone", alone, truth, codes)
        for other in coded:
            if other is not coder:
                show(f"coder {other.coder_id}", compared.sets(other), truth, codes)
        show("the same words without rules", dictionary(texts, book), truth, codes)
        for guess, given in compared.baselines(truth, codes).items():
            show(guess, given, truth, codes)
        try:
            show("TF-IDF + regression, other texts", over_texts(truth, texts, doc_of, codes), truth, codes)
        except ModuleNotFoundError:
            print("  scikit-learn is not installed: no baseline that learns")
        by_frame(own, truth, codes)
    if write and coded:
        curve(case, compared.sets(coded[0]), texts, doc_of, codes)


def by_frame(own, truth, codes) -> None:
    scores = compared.against(own, truth, codes).set_index("frame")
    shared = sorted(own.keys() & truth.keys())
    for code in codes:
        values = pd.DataFrame({"rules": [code in own[s] for s in shared], "coder": [code in truth[s] for s in shared]})
        alpha, row = agreement.alpha(values), scores.loc[code]
        note = "too rare to say" if row["positives"] < agreement.RARE else f"alpha {alpha:.2f}" + (
            "" if alpha >= agreement.TENTATIVE else "  below .667")
        p, r = (f"{row[c]:.2f}" if pd.notna(row[c]) else "–" for c in ("precision", "recall"))
        print(f"    {code:24} n {int(row['positives']):3}  P {p}  R {r}  {note}")


def curve(case, truth, texts, doc_of, codes) -> None:
    rows = []
    for size in SIZES:
        drawn = (over_texts(truth, texts, doc_of, codes, size, seed) for seed in range(DRAWS))
        scores = [compared.micro_f1(given, truth, codes) for given in drawn]
        low, high = np.quantile(scores, [.1, .9])
        rows.append((size, *(round(float(v), 3) for v in (np.mean(scores), low, high))))
    made = pd.DataFrame(rows, columns=["labelled", "micro_f1", "low", "high"])
    path = case.raw / "measured" / "learning_curve.csv"
    tables.write_whole(path, tables.to_csv(made))
    print(f"  learning curve written to {path.relative_to(case.data)}\n" + made.to_string(index=False))


def one_file(path: Path) -> None:
    rows = pd.read_csv(path, dtype=str, keep_default_na=False)
    if not {"text", "frames"} <= set(rows.columns):
        raise SystemExit(f"{path}: it needs the columns text and frames.")
    book = load_codebook(None)
    codes = list(book.frames.index)
    truth, own, texts = {}, {}, {}
    for i, (text, labels) in enumerate(zip(rows["text"], rows["frames"])):
        row = pd.DataFrame({"sentence_id": [str(i)], "doc_id": "d", "start": 0, "end": len(text), "section": "body"})
        truth[str(i)], texts[str(i)] = [f for f in labels.split(";") if f], text
        own |= machine(text, row, book, **coded_with(text, row.assign(paragraph=0), book, {}))
    print(f"\n{path.name}: {len(rows)} sentences")
    show("rules and words", own, truth, codes)
    show("the same words without rules", dictionary(texts, book), truth, codes)
    for guess, labels in compared.baselines(truth, codes).items():
        show(guess, labels, truth, codes)
    by_frame(own, truth, codes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*")
    parser.add_argument("--labels", nargs="*", type=Path, default=[], metavar="FILE.csv", help="labelled sentences")
    parser.add_argument("--write", action="store_true", help="store the learning curve of the first coder's labels")
    options = parser.parse_args()
    for name in options.cases or ([] if options.labels else ["s400", "practice"]):
        if open_case(name).has_texts and open_case(name).labels("frames") is not None:
            one_case(name, options.write)
        else:
            print(f"\n{name}: not scored, its texts or its gold/frames.csv are not here")
    for path in options.labels:
        one_file(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
