"""Single words: what is a word, how a sentence's words add up, and that the shipped weights are what was fitted."""
import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from helpers.codebook import CodebookError, load_codebook, reading, words
from helpers.frames import evidence, frames

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def only(text):
    return [word for *_, word in words.tokens(text)]


@pytest.mark.parametrize("text, found", [
    ("Norvia’s envoys met Ana Lind.", ["norvia's", "envoys", "met"]),
    ("Norvia Rejects New Offer From The Committee", "norvia rejects new offer from the committee".split()),
    ("HARBOUR TOWNS FEAR FLOOD", ["harbour", "towns", "fear", "flood"]), ("12 of 40", ["of"]), ("", [])])
def test_names_are_no_words_but_in_headlines(text, found):
    assert only(text) == found


def test_places_are_places_of_the_text():
    text = "The quarrel’s cost grew."
    assert [text[a:b].lower().replace("’", "'") for a, b, _ in words.tokens(text)] == only(text)
    assert only("Ana Lind, Foreign Minister of Norvia.") == ["ana", "of"], "with a stop it is no headline"


def test_a_case_cannot_bring_weights_of_its_own(tmp_path):
    (tmp_path / "codebook").mkdir()
    (tmp_path / "codebook" / words.FILE).write_text("word,rarity\n", encoding="utf-8")
    with pytest.raises(CodebookError, match=f"codebook/{words.FILE}:1: a case cannot change .* remove the file"):
        load_codebook(tmp_path)


def test_the_version_of_a_codebook_holds_the_weights(tmp_path, monkeypatch):
    general = tmp_path / "general"
    shutil.copytree(Path(words.__file__).parent, general)
    monkeypatch.setattr(reading, "HERE", general)
    before = reading.read([general]).digest
    with open(general / words.FILE, "a", encoding="utf-8") as out:
        out.write("# one line more\n")
    assert reading.read([general]).digest != before


def test_only_frames_of_the_codebook_are_given():
    book = load_codebook(None)
    fewer = replace(book, frames=book.frames.drop("economic_cost"), version="fewer",
                    frame_rules=book.frame_rules[book.frame_rules["frame"] != "economic_cost"])
    given = [[e.frame for e in evidence("Savings gave them a windfall.", b)] for b in (book, fewer)]
    assert "economic_cost" in given[0] and "economic_cost" not in given[1]


def test_the_shipped_weights_fit_the_codebook():
    given = words.weights()
    assert given.frames == tuple(load_codebook(None).frames.index)
    rarity = np.array([r for r, _ in given.words.values()])
    rows = np.array([row for _, row in given.words.values()])
    assert ((rarity > 0) & (rarity <= 1)).all() and np.isfinite(rows).all()
    assert (given.start < 0).all(), "without words no frame"
    assert all(word == word.lower() for word in given.words)


@pytest.fixture
def two_frames(monkeypatch):
    given = words.Weights(("near", "far"), np.array([-1.0, -.5]), {
        "oar": (.5, np.array([2.0, 0.0])), "mast": (.5, np.array([0.0, 1.0])), "hull": (1.0, np.array([1.0, 1.0])),
        "keel": (1.0, np.array([1.0, 0.0])), "rope": (1.0, np.array([1.0, 0.0]))})
    monkeypatch.setattr(words, "weights", lambda: given)


def test_each_word_counts_once_and_long_sentences_say_no_more(two_frames):
    said = words.frames_said("hull keel rope hull mooring")
    length = np.sqrt(3)
    assert said.spans == [(0, 4), (5, 9), (10, 14)]
    np.testing.assert_allclose(said.total, [-1 + 3 / length, -.5 + 1 / length])
    np.testing.assert_allclose(said.each.sum(axis=0), said.total - [-1, -.5])


def test_few_words_say_little_and_none_nothing(two_frames):
    np.testing.assert_allclose(words.frames_said("an oar").total, [-1 + 2 * .5 / words.FEW, -.5])
    silent = words.frames_said("It rained.")
    assert silent.total.tolist() == [-1, -.5] and silent.each.shape == (0, 2) and silent.spans == []


def rows(text, book=None, **more):
    one = pd.DataFrame({"sentence_id": ["s"], "doc_id": "d", "start": [0], "end": [len(text)], "section": "body"})
    return frames(text, one, book or load_codebook(None), **more)


def test_words_speak_where_no_rule_does_and_are_named():
    text = "Savings gave the ministry a windfall."
    assert rows(text, words=False).empty
    assert rows(text)[["frame", "rule"]].values.tolist() == [["economic_cost", "words"]]
    first = evidence(text, load_codebook(None))[0]
    assert {text[a:b] for a, b, *_ in first.hits} <= set(text.rstrip(".").split())
    assert [h[0] for h in first.hits] == sorted(h[0] for h in first.hits)


def test_words_are_heard_only_near_politics():
    text = "The pilot died of a heart attack."
    assert [e.hits[0][2] for e in evidence(text, load_codebook(None))] == ["words"], "else the test shows nothing"
    assert rows(text).empty
    assert rows(text.replace("pilot", "minister"))["rule"].tolist() == ["words"]


def test_words_may_outweigh_a_weak_rule():
    text = "The concert band of the navy played a waltz by the river and drew applause for its tuba."
    alone, both = (evidence(text, load_codebook(None), words=heard) for heard in (False, True))
    before, after = ({e.frame: e.score for e in found}["security_threat"] for found in (alone, both))
    assert after < before and after >= before - .5 - 1e-9, "words take from a frame, but no more than LEAST"


def test_a_frame_that_a_case_adds_is_found_by_its_rules(tmp_path):
    (tmp_path / "codebook").mkdir()
    own = yaml.safe_load((Path(words.__file__).parent / "frames.yaml").read_text(encoding="utf-8"))["entries"][0]
    added = {**own, "code": "tidal_lore", "cues": ["spring tides"]}
    (tmp_path / "codebook" / "frames.yaml").write_text(yaml.safe_dump({"entries": [added]}), encoding="utf-8")
    book = load_codebook(tmp_path)
    assert "tidal_lore" in book.frames.index and "tidal_lore" not in words.weights().frames
    assert "tidal_lore" in rows("They spoke of spring tides there.", book)["frame"].tolist()


@pytest.fixture
def fitting(monkeypatch):
    """The script that fits, whose folder holds modules of the names of ours."""
    names = ("fit_words", "unseen", "frames", "events", "quotes")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import fit_words
    yield fit_words
    for name in names:
        sys.modules.pop(name, None)


def test_a_weight_a_word_is_all_that_a_regression_says(tmp_path, monkeypatch, fitting):
    draw, known = np.random.RandomState(3), ["reef", "lagoon", "anchor", "ledger"]
    (tmp_path / "v.json").write_text(json.dumps({"vectors": {
        w: draw.randn(102).tolist() for w in [f"filler{n}" for n in range(600)] + known}}))
    vectors = fitting.Vectors(tmp_path / "v.json")
    place = {"anchor": 0, "reef": 1}                # the others have what their vectors say
    coefficients, intercept = draw.randn(102), -1.3
    column = fitting.by_word(coefficients, intercept, place, known, vectors)
    shipped = words.Weights(("money",), column[:1], {
        w: (r, np.array([m])) for w, r, m in zip(known, vectors.rarity(known), column[1:], strict=True)})
    monkeypatch.setattr(words, "weights", lambda: shipped)
    for text in ("reef lagoon anchor ledger", "ledger", "lagoon reef reef"):
        own = fitting.known(text, set(known))
        share = words.shares(vectors.rarity(own))
        given = intercept + sum(part * (vectors.of([w])[0] @ coefficients[:100] + (
            coefficients[100 + place[w]] if w in place else 0)) for part, w in zip(share, own, strict=True))
        assert words.frames_said(text).total == pytest.approx([fitting.SCALE * (given + fitting.SHIFT)], abs=1e-6)


def test_what_is_a_name_by_its_capitals(fitting):
    found = fitting.in_small_letters(["At the Quay the quay was shut.", "In Bream the bream is cheap, bream they say.",
                                      "Ana Lind fished for perch."])
    assert {"bream", "perch", "was"} <= found and not {"quay", "lind", "ana"} & found


def test_the_file_is_read_as_it_was_written(tmp_path, fitting):
    index = pd.Index([words.EVERY, "null"], name="word")
    table = pd.DataFrame({words.RARITY: [0, .5], "money": [-.5, 1.25]}, index=index)
    fitting.write(table, tmp_path / "out.csv", 60)
    assert "on 60\n" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    again = pd.read_csv(tmp_path / "out.csv", comment="#", index_col="word", keep_default_na=False)
    pd.testing.assert_frame_equal(again, table)
