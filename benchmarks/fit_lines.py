"""Fit the weights of `src/helpers/codebook/line_weights.csv` again.

    python benchmarks/fit_lines.py FOLDER [--out FILE]

FOLDER holds whole pages as plain lines (*.txt) and truth.json, a list of {file, title, main_content}: the format of
WCXB (Murrough-Foley 2026, CC BY 4.0). A third is never looked at here: the pages whose file name's SHA-256, as a
number, is divisible by three. Needs scikit-learn and scipy, which running the casebook does not.

How it is done. A line counts as body when half of its words lie in the alignment of the page with its main content.
Beside each page four shorter copies are learnt from, such as a reader would save by hand: the headline, the text (in
most only its first paragraphs) and a few of the lines around it, often without bullets and without blank lines.
Logistic regression, three times: a line in
itself; the headline among all lines that could be one (a choice, by softmax); a line with its neighbours and its place
to the headline. What a stage sees of the stage before it is out of fold (five folds by file name).
"""
from __future__ import annotations

import argparse
import csv
import difflib
import hashlib
import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import numpy as np

from helpers.cleaning import features, titles
from helpers.cleaning.weights import path

CHANGE, THRESHOLD = 0.4, 0.25
FOLDS, SHORT_COPIES, SHORT_WEIGHT, PENALTY, TITLE_PENALTY = 5, 4, .35, 1.0, 1.0
# pages without file names cannot teach what a name is worth: set by hand, to outweigh a few other clues
FILE_NAME = 3.0


def kept_aside(file: str) -> bool:
    """Whether a page is kept for scoring: one in three, by the hash of its file name."""
    return int(hashlib.sha256(file.encode()).hexdigest(), 16) % 3 == 0


def share_in_body(lines: list[str], body: str) -> list[float | None]:
    """For each line the share of its words that lie in the alignment with the body; None for a line without words."""
    words = re.compile(r"\w+")
    page, owner = [], []
    for i, line in enumerate(lines):
        found = words.findall(line.lower())
        page += found
        owner += [i] * len(found)
    matcher = difflib.SequenceMatcher(None, page, words.findall(body.lower()), autojunk=False)
    got, total = Counter(), Counter(owner)
    for a, _, n in matcher.get_matching_blocks():
        for k in range(a, a + n):
            got[owner[k]] += 1 if n >= 3 else .5
    return [got[i] / total[i] if total[i] else None for i in range(len(lines))]


@dataclass
class Page:
    """A page or a shorter copy of it, with its lines' features, their labels, and what the stages say of it."""
    file: str
    title: str
    lines: list
    own: np.ndarray
    body: np.ndarray
    weight: float
    said: np.ndarray = field(default=None)
    headline: int | None = None
    wide: np.ndarray = field(default=None)
    candidates: list = field(default_factory=list)
    title_rows: np.ndarray = field(default=None)

    @classmethod
    def make(cls, file: str, title: str, lines: list[str], shares: list[float | None], weight: float) -> Page:
        spans, found = features.look("\n".join(lines))
        return cls(file, titles.plain(title or ""), found, features.own(found, len(spans)),
                   np.array([(shares[line.no - 1] or 0) >= .5 for line in found]), weight)

    @property
    def fold(self) -> int:
        return int(hashlib.md5(self.file.encode()).hexdigest(), 16) % FOLDS

    @property
    def line_weights(self) -> np.ndarray:
        size = np.sqrt([min(line.n_words, 60) for line in self.lines])
        return self.weight * 30 * size / size.sum()

    @property
    def is_title(self) -> np.ndarray:
        return np.array([titles.plain(self.lines[i].text) == self.title for i in self.candidates], bool)

    def find_candidates(self, score: np.ndarray) -> None:
        self.candidates, self.title_rows = titles.features(self.lines, self.own, path(score, 1.0), None)


def short_copies(file: str, title: str, lines: list[str], shares: list) -> list[Page]:
    """The page as a reader might have saved it: little around the text, sometimes only the text's beginning."""
    chance, body = random.Random(file), [i for i, share in enumerate(shares) if (share or 0) >= .5]
    if len(body) < 3:
        return []
    key, copies = titles.plain(title or ""), []
    named = [i for i in range(body[0]) if lines[i] and titles.plain(lines[i]) == key]
    for k in range(SHORT_COPIES):
        first = max(0, (named[-1] if named else body[0]) - chance.choice([0, 0, 0, 2, 4, 8]))
        n = chance.choice([2, 3, 4, 5, 6, 8, 12, 20]) if k else 1000
        head = list(range(first, body[0]))
        if named:
            between = [i for i in head if i > named[-1] and lines[i].strip()]
            left_out = set(between[chance.choice([0, 1, 2, 3, 5]):])
            head = [i for i in head if i not in left_out]
        wanted, tail = chance.choice([0, 0, 2, 5, 10, 20]), []
        for i in range(body[-1] + 1, len(lines)):
            if sum(bool(lines[j].strip()) for j in tail) >= wanted:
                break
            tail.append(i)
        middle = list(range(body[0], body[:n][-1] + 1))
        if chance.random() < .5:
            middle = [i for i in middle if shares[i] is None or shares[i] >= .5]
        masthead = [i for i in range(first) if lines[i].strip()][:chance.choice([0, 0, 2, 4, 8, 12])]
        order = masthead + head + middle + ([None] if tail else []) + tail
        # a browser's copy has no bullets, and blank lines where the site's design happens to put them
        blanks, bullets = chance.choice([0, .5, 1, 1]), chance.random() < .5
        copy = [("" if i is None else lines[i] if bullets else features.BULLET.sub("", lines[i]),
                 None if i is None else shares[i]) for i in order]
        copy = [(line, share) for line, share in copy if line.strip() or chance.random() < blanks]
        copies.append(Page.make(file, title, [line for line, _ in copy], [share for _, share in copy], SHORT_WEIGHT))
    return copies


def pages(folder: Path) -> list[Page]:
    """The pages to learn from and their shorter copies."""
    found = []
    for page in json.loads((folder / "truth.json").read_text(encoding="utf-8")):
        if kept_aside(page["file"]):
            continue
        lines = (folder / page["file"]).read_text(encoding="utf-8").split("\n")
        shares = share_in_body(lines, page["main_content"])
        found.append(Page.make(page["file"], page["title"], lines, shares, 1.0))
        found += short_copies(page["file"], page["title"], lines, shares)
    return found


def fit_lines(learnt: list[Page], column: str) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression
    model = LogisticRegression(C=PENALTY, max_iter=3000, fit_intercept=False)
    model.fit(np.vstack([getattr(p, column) for p in learnt]), np.concatenate([p.body for p in learnt]),
              sample_weight=np.concatenate([p.line_weights for p in learnt]))
    return model.coef_[0]


def fit_titles(learnt: list[Page]) -> np.ndarray:
    """The weights under which the true headline is chosen most often (softmax over a page's candidates)."""
    from scipy.optimize import minimize
    learnt = [p for p in learnt if p.candidates and p.is_title.any()]
    truth = [p.is_title for p in learnt]

    def loss(weights):
        total, slope = TITLE_PENALTY * weights @ weights / 2, TITLE_PENALTY * weights
        for page, right in zip(learnt, truth, strict=True):
            score = page.title_rows @ weights
            chance = np.exp(score - score.max())
            chance /= chance.sum()
            hit = chance[right].sum() + 1e-12
            total -= page.weight * np.log(hit)
            slope = slope + page.weight * page.title_rows.T @ (chance - np.where(right, chance / hit, 0))
        return total, slope
    return minimize(loss, np.zeros(len(titles.FEATURES)), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x


def probability(score: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-score))


def fit(learnt: list[Page]) -> dict[str, np.ndarray]:
    """The weights of the three stages."""
    for fold in range(FOLDS):
        weights = fit_lines([p for p in learnt if p.fold != fold], "own")
        for page in (p for p in learnt if p.fold == fold):
            page.said = probability(page.own @ weights)
            page.find_candidates(page.own @ weights)
    for fold in range(FOLDS):
        weights = fit_titles([p for p in learnt if p.fold != fold])
        for page in (p for p in learnt if p.fold == fold and p.candidates):
            page.headline = page.candidates[int(np.argmax(page.title_rows @ weights))]
    for page in learnt:
        page.wide = np.hstack([page.own, features.around(page.lines, page.said, page.own, page.headline)])
    stages = {"line": fit_lines(learnt, "own"), "page": fit_lines(learnt, "wide"), "title": fit_titles(learnt)}
    stages["title"][titles.FEATURES.index("file_name")] = FILE_NAME
    return stages


GROUPS = {"wording": r"cue_|any_cue|reader|speaks_to",
          "repetition": r"repeated|said_before|longer_line|begins_like|same_as|contents_",
          "topic": r"topic|in_text_words|in_first_words|likeness|text_share|title_words",
          "name": r"file_name", "bias": r"bias$",
          "place": r"place|first_|last_|gap_|before_text|distance|next_to|inside_text|after_text|follows|precedes|"
                   r"in_menu|menu_above"}


def group_of(stage: str, feature: str) -> str:
    """Which kind of evidence a feature is: what `rule` names."""
    if stage == "page" and feature in features.AROUND and not re.match(GROUPS["topic"], feature):
        return "headline" if "title" in feature else "neighbours"
    return next((name for name, pattern in GROUPS.items() if re.search(pattern, feature)), "shape")


def write(stages: dict[str, np.ndarray], learnt: list[Page], out: Path) -> None:
    columns = {"line": (features.OWN, "own"), "page": (features.OWN + features.AROUND, "wide"),
               "title": (titles.FEATURES, "title_rows")}
    with out.open("w", encoding="utf-8", newline="") as file:
        n = len({p.file for p in learnt})
        file.write("# How much each thing seen of a line counts. Fitted by benchmarks/fit_lines.py, which says how,\n"
                   f"# on {n} pages of WCXB's development split (CC BY 4.0). Not to be edited by hand. mean: of the\n"
                   "# feature on those pages and their shorter copies; group: what a row's rule names.\n")
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["stage", "feature", "group", "weight", "mean"])
        for stage, weights in stages.items():
            names, column = columns[stage]
            means = np.vstack([getattr(p, column) for p in learnt if len(p.lines)]).mean(axis=0)
            table.writerows([stage, f, group_of(stage, f), f"{w:.4f}", f"{m:.4f}"]
                            for f, w, m in zip(names, weights, means, strict=True))
        table.writerow(["decode", "change", "neighbours", CHANGE, 0])
        table.writerow(["decode", "threshold", "bias", THRESHOLD, 0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the pages and truth.json")
    parser.add_argument("--out", type=Path, default=Path(str(files("helpers") / "codebook" / "line_weights.csv")),
                        help="where the weights go (default: the codebook)")
    call = parser.parse_args()
    learnt = pages(call.folder)
    write(fit(learnt), learnt, call.out)
    print(f"weights of {len({p.file for p in learnt})} pages written to {call.out}")


if __name__ == "__main__":
    main()
