"""The frozen weights of `codebook/line_weights.csv` and how they are applied. No fitting happens here."""
from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.cleaning import features, titles


class Weights(NamedTuple):
    """Weights of one stage, the mean of each feature where they were fitted, and each feature's group."""
    names: list[str]
    weight: np.ndarray
    mean: np.ndarray
    group: np.ndarray

    def score(self, rows: np.ndarray) -> np.ndarray:
        return rows @ self.weight

    def groups(self, rows: np.ndarray) -> tuple[list[str], np.ndarray]:
        """The groups' names, and what each group adds to each row's score beyond what it adds to the average line."""
        parts = (rows - self.mean) * self.weight
        names = sorted(set(self.group) - {"bias"})
        return names, np.column_stack([parts[:, self.group == name].sum(axis=1) for name in names])


@lru_cache(maxsize=1)
def weights() -> dict[str, Weights]:
    """The stages `line` (a line in itself), `page` (a line and its neighbours), `title` and `decode`."""
    table = pd.read_csv(files("helpers") / "codebook" / "line_weights.csv", comment="#")
    wanted = {"line": features.OWN, "page": features.OWN + features.AROUND, "title": titles.FEATURES}
    stages = {}
    for stage, rows in table.groupby("stage", sort=False):
        names = rows["feature"].tolist()
        if stage in wanted and names != wanted[stage]:
            raise ValueError(f"line_weights.csv: the features of stage {stage!r} are not those of the code; "
                             "fit them again with benchmarks/fit_lines.py")
        stages[stage] = Weights(names, rows["weight"].to_numpy(float), rows["mean"].to_numpy(float),
                                rows["group"].to_numpy(str))
    return stages


def body_lines(lines: list[features.Line], rows: np.ndarray,
               name: str | None = None) -> tuple[np.ndarray, list[str], np.ndarray]:
    """Which lines the text is made of; for each line what decided: `weights/<group>`, or `zone` where the neighbours on
    the page outweighed the line itself; and each line's score.

    The decision is the best path through two states, text and not text (Viterbi 1967), with a price on each change.
    """
    if not lines:
        return np.zeros(0, bool), [], np.zeros(0)
    stage = weights()
    own = 1 / (1 + np.exp(-stage["line"].score(rows)))
    headline = first_title(lines, rows, own, name)
    wide = np.hstack([rows, features.around(lines, own, rows, headline)])
    score = stage["page"].score(wide) + stage["decode"].weight[1]
    body = path(score, stage["decode"].weight[0])
    names, parts = stage["page"].groups(wide)
    best = np.where(body[:, None], parts, -parts).argmax(axis=1)
    why = ["zone" if (s > 0) != b else f"weights/{names[k]}" for s, b, k in zip(score, body, best, strict=True)]
    return body, why, score


def nearest_to_text(score: np.ndarray) -> np.ndarray:
    """The lines of a text where no line's score speaks for one: as if the best stood out. -inf bars a line."""
    return path(np.maximum(score - score.max() + 3, -10), weights()["decode"].weight[0]) & np.isfinite(score)


def first_title(lines: list[features.Line], rows: np.ndarray, own: np.ndarray, name: str | None = None) -> int | None:
    """The place of the likeliest headline as far as the lines in themselves tell where the text is."""
    return best_title(lines, rows, path(np.log(own / (1 - own + 1e-9) + 1e-9), 1.0), name)


def best_title(lines: list[features.Line], rows: np.ndarray, body: np.ndarray, name: str | None = None) -> int | None:
    """The place of the likeliest headline, given which lines the text is made of; None if no line could be one, or if
    none of those that could stands above the text's first paragraph."""
    found, table = titles.features(lines, rows, body, name)
    if not found or not table[:, titles.FEATURES.index("before_text")].any():
        return None
    return found[int(weights()["title"].score(table).argmax())]


def path(score: np.ndarray, change: float) -> np.ndarray:
    """The sequence of yes and no that adds up highest: `score`/2 for each yes, -`score`/2 for each no, -`change` a
    change.

    >>> path(np.array([-3., 2., -.5, 2., -3.]), 1.0)
    array([False,  True,  True,  True, False])
    """
    came, no, yes = np.zeros((len(score), 2), bool), 0.0, -float(change)
    for i, s in enumerate(score.tolist()):
        stay_no, stay_yes = no >= yes - change, yes >= no - change
        came[i] = not stay_no, stay_yes
        no, yes = (no if stay_no else yes - change) - s / 2, (yes if stay_yes else no - change) + s / 2
    state, found = yes > no, np.zeros(len(score), bool)
    for i in range(len(score) - 1, -1, -1):
        found[i] = state
        state = came[i, int(state)]
    return found
