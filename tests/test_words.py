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
    text = "Savings gave them a windfall."
    assert rows(text, words=False).empty
    assert rows(text)[["frame", "rule"]].values.tolist() == [["economic_cost", "words"]]
    first = evidence(text, load_codebook(None))[0]
    assert {text[a:b] for a, b, *_ in first.hits} <= set(text.rstrip(".").split())
    assert [h[0] for h in first.hits] == sorted(h[0] for h in first.hits)


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


def test_the_table_says_what_the_regression_said(tmp_path, monkeypatch):
    """A weight a word is all there is: the sum of a sentence's weights is the log odds of the model that was fitted."""
    linear = pytest.importorskip("sklearn.linear_model")
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import fit_words
    draw = np.random.RandomState(3)
    known = ["reef", "lagoon", "anchor", "ledger", "invoice", "tariff", "pilot", "gull", "crane", "buoy"]
    (tmp_path / "v.json").write_text(json.dumps({"vectors": {
        w: draw.randn(102).tolist() for w in [f"filler{n}" for n in range(600)] + [*known, "jetty", "quay"]}}))
    vectors = fit_words.Vectors(tmp_path / "v.json")
    texts = [" ".join(draw.choice(known, 5, replace=False)) for _ in range(60)]
    sentences = pd.DataFrame({"text": texts, "frames": [["money"] if "ledger" in t or "tariff" in t else []
                                                        for t in texts]})
    others = ["The Quay and the Quay again.", "An unread word: filler7 jetty."]
    table = fit_words.fit(sentences, ["money"], vectors, others)
    shipped = words.Weights(("money",), table.loc[[words.EVERY], ["money"]].to_numpy()[0], {
        w: (r, np.array([m])) for w, r, m in table.drop(words.EVERY).itertuples()})
    monkeypatch.setattr(words, "weights", lambda: shipped)
    said = np.array([words.frames_said(t).total[0] for t in texts])
    read = [fit_words.known(t, set(known)) for t in texts]
    seen = fit_words.design(read, {w: n for n, w in enumerate(sorted(known))}, vectors)
    given = [bool(f) for f in sentences["frames"]]
    model = linear.LogisticRegression(C=fit_words.PENALTY, max_iter=1000).fit(seen, given)
    np.testing.assert_allclose(said, fit_words.SCALE * (model.decision_function(seen) + fit_words.SHIFT), atol=.05)
    assert said[given].mean() > said[~np.array(given)].mean() + .3
    assert {"jetty", *known} <= set(table.index) and "quay" not in table.index, "a word elsewhere; a name"
    fit_words.write(table, tmp_path / "out.csv", 60)
    again = pd.read_csv(tmp_path / "out.csv", comment="#", index_col="word", keep_default_na=False)
    pd.testing.assert_frame_equal(again, table.round(2), check_dtype=False)
    for name in ("fit_words", "unseen", "frames", "events", "quotes"):
        sys.modules.pop(name, None)
