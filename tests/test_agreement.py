"""Krippendorff's alpha against published examples, its definition read slowly, and what must hold for any codes."""
import math
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.agreement import COLUMNS, agree, alpha, alpha_interval, show_agreement

# Krippendorff 2011, sections A (two observers, two values), B (nominal) and C (four observers, missing data)
TWO_VALUES = {"A": "0100000010", "B": "1110010000"}
NOMINAL = {"A": "aabbdcccedda", "B": "babbbccceddd"}
MISSING = {"A": "123321412...", "B": "1233224125.3", "C": ".3332342251.", "D": "12332441251."}
# the computational example of the encyclopaedia's article, three observers
THREE = {"A": ".....34121133.3", "B": "1.213343.......", "C": "..21344.21133.4"}


def units(coders: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({c: [None if v == "." else v for v in codes] for c, codes in coders.items()}, dtype=object)


@pytest.mark.parametrize("coders, published", [(TWO_VALUES, .095), (NOMINAL, .692), (MISSING, .743), (THREE, .691)])
def test_it_gives_the_published_values(coders, published):
    assert round(alpha(units(coders)), 3) == published


def by_pairs(values: pd.DataFrame) -> float:
    """Alpha as it is defined: disagreeing pairs within units over disagreeing pairs among all values."""
    rows = [[v for v in row if v is not None] for row in values.to_numpy(dtype=object)]
    rows = [row for row in rows if len(row) > 1]
    flat = [v for row in rows for v in row]
    seen = sum(sum(a != b for a, b in permutations(row, 2)) / (len(row) - 1) for row in rows)
    expected = sum(a != b for a, b in permutations(flat, 2)) / (len(flat) - 1) if len(flat) > 1 else 0
    return 1 - seen / expected if expected else math.nan


tables = st.integers(2, 4).flatmap(lambda k: st.lists(
    st.lists(st.sampled_from(["a", "b", "c", None]), min_size=k, max_size=k), min_size=1, max_size=12))


@settings(max_examples=150, deadline=None)
@given(tables, st.randoms())
def test_it_follows_its_definition_and_ignores_order_and_names(rows, random):
    values = pd.DataFrame(rows, dtype=object)
    found, defined = alpha(values), by_pairs(values)
    assert (math.isnan(found) and math.isnan(defined)) or math.isclose(found, defined, abs_tol=1e-9)
    random.shuffle(rows)
    other = pd.DataFrame(rows, dtype=object).iloc[:, ::-1].replace({"a": "z"})
    assert (math.isnan(found) and math.isnan(alpha(other))) or math.isclose(found, alpha(other), abs_tol=1e-9)
    low, high = alpha_interval(values, draws=40)
    assert (math.isnan(low) and math.isnan(high)) or low <= high <= 1


def test_chance_and_identity():
    rng = np.random.default_rng(3)
    a, b = rng.integers(0, 3, 4000), rng.integers(0, 3, 4000)
    assert abs(alpha(pd.DataFrame({"a": a, "b": b}))) < .05
    assert alpha(pd.DataFrame({"a": a, "b": a})) == 1


def test_the_interval_narrows_with_more_units_and_comes_out_the_same_each_time():
    few = pd.DataFrame({"a": [0, 1] * 10, "b": [0, 1] * 8 + [1, 0] * 2})
    many = pd.concat([few] * 20, ignore_index=True)
    (low, high), (lower, higher) = alpha_interval(many), alpha_interval(few)
    assert lower < low < alpha(few) < high < higher
    assert alpha_interval(few) == (lower, higher)


def test_pairs_are_told_with_what_they_are_called():
    values = units(MISSING)
    rows = agree(values, "x", kinds=dict(zip("ABCD", ["person", "person", "model", "rule"])), draws=20)
    assert list(rows.columns) == COLUMNS and len(rows) == 7
    called = {(r.coder_a, r.coder_b): r.called for r in rows.itertuples()}
    assert called["A", "B"] == "agreement" and called["A", "C"] == called["C", "D"] == "comparison"
    models = agree(values[["A", "B"]], "x", kinds={"A": "model", "B": "model"}, draws=20)
    assert models["called"].tolist() == ["consistency"]
    all_ = rows.iloc[-1]
    assert all_.coder_a == "all" and all_.coder_b == "all 4" and round(all_.alpha, 3) == .743 and all_.n == 11


def test_rare_flat_and_uncoded_variables_say_so():
    rare = agree(pd.DataFrame({"A": [True, True] + [False] * 50, "B": [True, False] + [False] * 50}), "rare", draws=20)
    assert rare.note[0] == "too rare to say: 2 of 52" and rare.positives[0] == 2
    assert show_agreement(rare).alpha[0] == "too rare to say: 2 of 52"
    for positives, note in ((4, "too rare to say: 4 of 50"), (5, "")):
        some = [True] * positives + [False] * (50 - positives)
        assert agree(pd.DataFrame({"A": some, "B": some}), "some", draws=20).note[0] == note
    flat = agree(pd.DataFrame({"A": ["x"] * 9, "B": ["x"] * 9}), "flat", draws=20)
    assert math.isnan(flat.alpha[0]) and flat.percent[0] == 100 and flat.note[0].startswith("nothing varies")
    none = agree(pd.DataFrame({"A": ["x", None], "B": [None, "x"]}, dtype=object), "none", draws=20)
    assert none.n[0] == 0 and none.note[0] == "no unit coded by both" and math.isnan(none.percent[0])
    poor = agree(pd.DataFrame({"A": ["x", "y"] * 10, "B": ["x", "x"] * 10}), "poor", draws=20)
    assert poor.note[0] == "below 0.667" and "below" in show_agreement(poor).alpha[0]


def test_all_coders_of_a_large_class_are_counted_not_named():
    names = [f"coder{n}" for n in range(24)]
    rows = agree(pd.DataFrame({name: ["x", "y"] * 5 for name in names}), "x", draws=1)
    shown = show_agreement(rows).iloc[-1]
    assert (shown["coder_a"], shown["coder_b"]) == ("all", "all 24")


def test_an_interval_that_was_not_drawn_is_said_to_be_missing():
    values = pd.DataFrame({"A": ["x", "y"] * 10, "B": ["x", "y"] * 9 + ["y", "x"]})
    for draws in (0, -1):
        assert show_agreement(agree(values, "v", draws=draws))["alpha"][0] == "0.81 [no interval]"
    assert "[0." in show_agreement(agree(values, "v", draws=20))["alpha"][0]
