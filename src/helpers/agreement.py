"""How far coders agree: Krippendorff's alpha for nominal codes, with bootstrap intervals, as tidy frames.

The method is that of K. Krippendorff, *Computing Krippendorff's Alpha-Reliability* (2011). Alpha is 1 where all coders
give the same codes, 0 where they agree no more than if the same codes had been dealt out by lot, and below 0 where they
agree less. Krippendorff draws conclusions from .800 on and tentative ones from .667 on.

Agreement between persons is called *agreement*. Between codings that are all made by models it is called *consistency*:
two models may share their errors. What a rule coded is *compared* with a coder.
"""
from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

__all__ = ["alpha", "alpha_interval", "agree", "show_agreement", "COLUMNS", "RARE", "TENTATIVE"]

RARE = 5            # fewer positives than this: too rare to say
TENTATIVE = .667    # Krippendorff's bound for tentative conclusions
COLUMNS = ["variable", "coder_a", "coder_b", "called", "n", "positives", "percent", "alpha", "low", "high", "note"]


def _counts(values: pd.DataFrame) -> np.ndarray:
    """Return how many coders gave each code to each unit, for the units that at least two coders coded."""
    codes, _ = pd.factorize(values.to_numpy(dtype=object).ravel())
    codes = codes.reshape(values.shape)
    counts = np.zeros((len(values), codes.max(initial=-1) + 1))
    for column in codes.T:
        coded = np.flatnonzero(column >= 0)
        counts[coded, column[coded]] += 1
    return counts[counts.sum(axis=1) >= 2]


def _alphas(counts: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Return alpha for each row of ``times``, which says how often each unit is taken."""
    given = counts.sum(axis=1)
    apart = (counts * (given[:, None] - counts)).sum(axis=1) / (given - 1)
    totals = times @ counts
    n = totals.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 - (times @ apart) / ((n**2 - (totals**2).sum(axis=1)) / (n - 1))


def alpha(values: pd.DataFrame) -> float:
    """Return Krippendorff's alpha for nominal codes.

    Accepts one row a unit, one column a coder; a missing value is a unit that the coder did not code, and units coded
    by fewer than two coders do not count. Returns nan where nothing varies: without variation nothing shows that the
    coders can tell the codes apart. Source: Krippendorff 2011, section C (any number of observers, missing data).

    >>> ben, gerry = list("aabbdcccedda"), list("babbbccceddd")
    >>> round(alpha(pd.DataFrame({"Ben": ben, "Gerry": gerry})), 3)
    0.692
    """
    counts = _counts(values)
    if not len(counts):
        return float("nan")
    found = _alphas(counts, np.ones((1, len(counts))))[0]
    return float(found) if np.isfinite(found) else float("nan")


def alpha_interval(values: pd.DataFrame, *, draws: int = 2000) -> tuple[float, float]:
    """Return the bootstrap interval (95 per cent) of :func:`alpha`.

    Units are drawn again with replacement; its ends are percentiles of what results. Accepts the same frame and the
    number of draws. Draws in which nothing varies are left out; (nan, nan) where alpha itself is not defined or nothing
    is drawn. The units must be a sample for the interval to speak of more than themselves.

    >>> low, high = alpha_interval(pd.DataFrame({"a": [0, 1] * 20, "b": [0, 1] * 19 + [1, 0]}))
    >>> 0.5 < low < high <= 1
    True
    """
    counts = _counts(values)
    if not len(counts) or draws < 1 or np.isnan(alpha(values)):
        return float("nan"), float("nan")
    # RandomState keeps its stream over numpy's versions, so that a committed figure comes out again
    drawn = np.random.RandomState(1).randint(0, len(counts), (draws, len(counts)))
    times = np.zeros(drawn.shape)
    np.add.at(times, (np.arange(draws)[:, None], drawn), 1)
    found = _alphas(counts, times)
    found = found[np.isfinite(found)]
    if not len(found):
        return float("nan"), float("nan")
    low, high = np.quantile(found, [.025, .975])
    return float(low), float(high)


def agree(values: pd.DataFrame, variable: str, *, kinds: Mapping[str, str] | None = None, draws: int = 2000
          ) -> pd.DataFrame:
    """Return how far each pair of coders agrees on one variable, and all together where there are three or more.

    Accepts one row a unit and one column a coder, the variable's name, and each coder's kind (``person``, ``model``,
    ``rule``). Yes-or-no variables are booleans. Returns one row a pair, and of three or more coders one for all
    (``all`` and, of 24, ``all 24``), with :data:`COLUMNS`: ``called`` (agreement, consistency, comparison), ``n`` units
    both coded, ``positives`` (units to which some coder gave yes, or a code other than the commonest), ``percent`` of
    units coded alike, ``alpha`` with its ``low`` and ``high``, and a ``note``: too rare to say, nothing varies, below
    the bound for tentative conclusions.

    >>> agree(pd.DataFrame({"A": [True] * 6 + [False] * 6, "B": [True] * 6 + [False] * 6}), "threat",
    ...       kinds={"A": "model", "B": "model"}, draws=50)[["called", "n", "positives", "alpha"]]
            called   n  positives  alpha
    0  consistency  12          6    1.0
    """
    coders = list(values.columns)
    groups = list(combinations(coders, 2)) + ([tuple(coders)] if len(coders) > 2 else [])
    return pd.DataFrame([_row(values[list(g)], variable, g, kinds or {}, draws) for g in groups], columns=COLUMNS)


def _row(values: pd.DataFrame, variable: str, group: tuple[str, ...], kinds: Mapping[str, str], draws: int) -> dict:
    both = values[values.notna().sum(axis=1) >= 2]
    given = both.stack() if len(both) else pd.Series(dtype=object)
    yes_or_no = len(given) > 0 and given.map(lambda v: isinstance(v, bool | np.bool_)).all()
    rest = False if yes_or_no else given.mode().iloc[0] if len(given) else None
    positives = int((both.notna() & both.ne(rest)).any(axis=1).sum())
    counts = _counts(both)
    made = counts.sum(axis=1)
    same = ((counts * (counts - 1)).sum(axis=1) / (made * (made - 1))).mean() * 100 if len(counts) else float("nan")
    found = alpha(both)
    low, high = alpha_interval(both, draws=draws)
    who = {kinds.get(c, "unknown") for c in group}
    note = ("no unit coded by both" if both.empty
            else "nothing varies: all units have the same code" if np.isnan(found)
            else f"too rare to say: {positives} of {len(both)}" if positives < RARE
            else f"below {TENTATIVE}" if found < TENTATIVE else "")
    return {"variable": variable, "coder_a": group[0] if len(group) == 2 else "all",
            "coder_b": group[1] if len(group) == 2 else f"all {len(group)}",
            "called": "comparison" if "rule" in who else "consistency" if who == {"model"} else
                      "agreement" if who == {"person"} else "comparison",
            "n": len(both), "positives": positives, "percent": same, "alpha": found, "low": low, "high": high,
            "note": note}


def show_agreement(found: pd.DataFrame) -> pd.DataFrame:
    """Return :func:`agree`'s rows as one prints them: alpha with its interval as text, or why it is not given.

    An alpha whose interval was not drawn (``draws=0``) says so.

    >>> rows = agree(pd.DataFrame({"A": [True] * 2 + [False] * 9, "B": [True] + [False] * 10}), "threat", draws=50)
    >>> show_agreement(rows)[["percent", "alpha"]].iloc[0].tolist()
    ['91 %', 'too rare to say: 2 of 11']
    """
    text = [f"{a:.2f} " + (f"[{lo:.2f}, {hi:.2f}]" if pd.notna(lo) else "[no interval]") + (f" {note}" if note else "")
            if pd.notna(a) and not note.startswith("too rare") else note
            for a, lo, hi, note in found[["alpha", "low", "high", "note"]].itertuples(index=False)]
    out = found.drop(columns=["low", "high", "note"])
    return out.assign(percent=["–" if pd.isna(p) else f"{p:.0f} %" for p in found["percent"]], alpha=text)
