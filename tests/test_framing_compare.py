"""Framing compared: ranges, headlines, blocs, words and omissions on small tables; many texts on generated data."""
import math
import shutil
import subprocess

import figures
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib.lines import Line2D
from matplotlib.text import Text

from helpers import review, tables
from helpers.case import ParameterError, open_case
from helpers.charts import framing as drawn
from helpers.codebook import load_codebook
from helpers.compare import codings, framing
from helpers.review import Coding

SENTENCES = pd.DataFrame({
    "sentence_id": ["a0", "a1", "a2", "a3", "b0", "b1", "b2"], "doc_id": list("aaaabbb"),
    "start": [0, 10, 20, 30, 0, 10, 20], "end": [9, 19, 29, 39, 9, 19, 29],
    "section": ["title", "body", "body", "body", "title", "body", "body"]})


def rows(*given):
    """Return frame rows from (sentence, frame, rank, voice)."""
    out = pd.DataFrame(given, columns=["sentence_id", "frame", "rank", "voice"])
    flags = dict.fromkeys(("laundered", "negated", "hedged"), False)
    return out.assign(doc_id=out["sentence_id"].str[0], weight=1.0, rule="A", **flags)


ONE = rows(("a0", "law", 1, "outlet"), ("a1", "cost", 1, "quoted"), ("a2", "cost", 1, "outlet"),
           ("a3", "law", 1, "quoted"), ("b0", "threat", 1, "quoted"), ("b1", "law", 1, "quoted"))
TWO = rows(("a1", "cost", 1, "outlet"), ("a2", "law", 1, "outlet"), ("b1", "law", 1, "quoted"),
           ("b2", "law", 1, "quoted"))


def test_the_range_between_coders():
    found = framing.coder_range({"A": ONE, "B": TWO}, SENTENCES, ["a", "b"], ["law", "cost"])
    found = found.set_index(["doc_id", "frame"])
    assert found.loc[("a", "cost"), ["A", "B", "low", "high", "apart"]].tolist() == [2, 1, 1, 2, 1]
    assert found.loc[("b", "law"), ["low", "high"]].tolist() == [1, 2]        # the title's law is not counted
    assert "furthest apart on" in framing.say_range(found.reset_index())
    tied = found.reset_index().assign(low=0, high=2, apart=[2, 2, 1, 2])
    said = framing.say_range(tied)
    assert said.startswith("Coders are furthest apart on law in a (0 to 2 sentences), on cost in a (0 to 2 sentences) "
                           "and on cost in b (0 to 2 sentences);")
    many = pd.concat([tied, tied.assign(doc_id="c")])
    assert "and 3 other places;" in framing.say_range(many)
    same = framing.coder_range({"A": ONE, "B": ONE}, SENTENCES, ["a", "b"], ["law", "cost"])
    assert "the same counts everywhere" in framing.say_range(same)
    assert "Only A has coded" in framing.say_range(framing.coder_range({"A": ONE}, SENTENCES, ["a"], ["law"]))
    assert "Only nobody" in framing.say_range(framing.coder_range({}, SENTENCES, ["a"], ["law"]))
    empty = framing.coder_range({"A": ONE.iloc[:0], "B": ONE.iloc[:0]}, SENTENCES, ["a"], ["law"])
    assert framing.say_range(empty) == "No coder found a frame in the body of these texts."


def test_a_coder_counts_only_in_the_texts_that_he_coded():
    part = TWO[TWO["doc_id"] == "a"].copy()
    part.attrs["texts"] = ("a",)
    found = framing.coder_range({"A": ONE, "B": ONE, "P": part}, SENTENCES, ["a", "b"], ["law", "cost", "threat"])
    by = found.set_index(["doc_id", "frame"])
    assert by.loc[("b", "law"), ["low", "high", "apart"]].tolist() == [1, 1, 0] and pd.isna(by.loc[("b", "law"), "P"])
    assert by.loc[("a", "cost"), ["P", "low", "high"]].tolist() == [1, 1, 2]
    assert "all 3 coders (of each text, those who coded it)" in framing.say_range(found)
    led = codings.leaders(found, ["a", "b"])
    assert led.set_index("doc_id")["P"].tolist() == ["law + cost", "not coded"] and led["same"].tolist() == [True, True]
    assert codings.say_leaders(led) == (
        "In 2 of 2 texts all who coded them (2 and 3 coders) see the same frame in the lead, alone or "
        "with others.")
    sample = part.copy()
    sample.attrs["texts"] = ()
    assert "S" not in framing.coder_range({"A": ONE, "S": sample}, SENTENCES, ["a", "b"], ["law"])
    heard = framing.voice_share({"A": ONE, "P": part}, SENTENCES, ["a", "b"])
    assert heard.loc[heard["coder"] == "P", "doc_id"].tolist() == ["a"]
    texts = pd.DataFrame({"doc_id": ["a", "b"], "short_name": ["Herald", "Courier"]})
    alone = framing.coder_range({"A": ONE, "B": ONE}, SENTENCES, ["a", "b"], ["law", "cost", "threat"])
    assert drawn.say_frames(ONE, texts, SENTENCES, ranges=found) == drawn.say_frames(
        ONE, texts, SENTENCES, ranges=alone)


def test_a_sheet_of_some_sentences_is_no_count_of_its_text(practice, monkeypatch):
    sentences = practice.load("sentences")
    own = sentences[sentences["doc_id"].eq("wire")]
    one = framing.review.Coding("P", "person", pd.DataFrame({"doc_id": "wire", "sentence_id": own["sentence_id"][:2],
        "frames": [["law"], ["law"]], "voice": "outlet"}), frozenset(own["sentence_id"][:4]))
    whole = framing.review.Coding("Q", "person", one.rows, frozenset(own["sentence_id"]))
    monkeypatch.setattr(framing.review, "gather", lambda case, what: ([one, whole], []))
    coded, _ = framing.codings(practice)
    assert coded["P"].attrs["texts"] == () and coded["Q"].attrs["texts"] == ("wire",)


def test_the_chart_shows_the_range_and_marks_doubtful_frames():
    texts = pd.DataFrame({"doc_id": ["a", "b"], "short_name": ["Herald", "Courier"]})
    ranged = framing.coder_range({"A": ONE, "B": TWO}, SENTENCES, ["a", "b"], ["law", "cost", "threat"])
    chart = drawn.by_text(ONE, texts, SENTENCES, ranges=ranged, doubtful=["law"], layer="machine", coder="machine")
    written = set(figures.text_boxes(chart.fig)["text"])
    assert "law †" in written and any("† coders" in t for t in written) and "cost" in written
    bare = drawn.by_text(ONE, texts, SENTENCES, coder="rule")
    assert not any("†" in t for t in figures.text_boxes(bare.fig)["text"])
    # a bracket opens upwards: four corners; one more stands in the legend
    ranges, none = (sum(len(line.get_xdata()) == 4 for line in f.findobj(Line2D)) for f in (chart.fig, bare.fig))
    assert ranges - 1 == int((ranged["apart"] > 0).sum()) == 2 and none == 0
    assert any("fewest to most" in t for t in written)
    assert not any("fewest to most" in t for t in figures.text_boxes(bare.fig)["text"])
    assert not figures.overlapping(chart.fig) and not figures.outside(chart.fig)


def test_a_lead_that_one_coder_alone_sees_is_told_as_such():
    texts = pd.DataFrame({"doc_id": ["a", "b"], "short_name": ["Herald", "Courier"]})
    sentences = pd.DataFrame({"sentence_id": list("1234"), "doc_id": list("aabb"), "section": "body"})
    one = sentences.assign(frame="cost", voice="outlet", rule="A")
    two = one.assign(frame=["cost", "cost", "law", "law"], rule="B")

    def title(layer="adjudicated", **codings):
        ranged = framing.coder_range(codings, sentences, ["a", "b"], ["law", "cost"])
        said = drawn.say_frames(one, texts, sentences, ranges=ranged, layer=layer)
        assert drawn.by_text(one, texts, sentences, coder="A", ranges=ranged, layer=layer).title == said
        return said.split(";")[0]
    assert title(A=one, B=one) == title(A=one, machine=two) == title() == "Cost leads in 2 of the 2 texts"
    assert title(A=one, B=two) == "Cost leads in 2 of the 2 texts by coder A, by B no more often than law"
    assert title(layer="machine", A=two, machine=one) == \
        "Cost leads in 2 of the 2 texts by coder machine, by A no more often than law"
    law = one.assign(frame="law")
    assert title(A=one, B=law) == "Cost leads in 2 of the 2 texts by coder A, by B less often than law"


def test_what_leads_a_text_is_bold_and_who_sees_another_lead_is_named_beside_it():
    texts = pd.DataFrame({"doc_id": ["a", "b"], "short_name": ["Herald", "Courier"]})
    sentences = pd.DataFrame({"sentence_id": list("1234567"), "doc_id": list("aaabbbb"), "section": "body"})
    one = sentences.assign(frame=["cost", "cost", "law", *["cost"] * 3, "law"], voice="outlet", rule="A")
    two = one.assign(frame=["cost", "cost", "law", "cost", *["law"] * 3], rule="B")

    def written(**codings):
        ranged = framing.coder_range(codings, sentences, ["a", "b"], ["law", "cost"])
        fig = drawn.by_text(one, texts, sentences, coder="A", ranges=ranged).fig
        assert not figures.overlapping(fig) and not figures.outside(fig)
        return figures.text_boxes(fig), [t.get_text() for t in fig.findobj(Text) if t.get_fontweight() == "bold"]
    found, bold = written(A=one, anna=two)
    assert [t for t in bold if t.isdigit()] == ["2", "3", "9"]     # one number in each text, and the key's
    signs = found[found["text"].isin(["A", "a"])].sort_values("y0", ascending=False)
    assert signs["text"].tolist()[:2] == ["A", "a"] and len(signs) == 4     # in the rows and in the legend
    assert {"it leads by coder A, not by all", "it leads by coder anna, not by all"} <= set(found["text"])
    for given in ({"A": one, "B": one}, {"A": one}):
        found, bold = written(**given)
        assert "2" in bold and not found["text"].str.contains("not by all|^A$").any()


def test_a_lead_that_is_shared_is_told_as_such():
    texts = pd.DataFrame({"doc_id": ["a", "b"], "short_name": ["Herald", "Courier"]})
    sentences = pd.DataFrame({"sentence_id": list("1234"), "doc_id": list("aabb"), "section": "body"})
    both = sentences.assign(frame=["cost", "cost", "cost", "law"], voice="outlet", rule="A")
    said = drawn.say_frames(both, texts, sentences).split(";")[0]
    assert said == "Cost leads in 1 of the 2 texts and shares the lead in 1"
    even = drawn.say_frames(both.assign(frame=["cost", "law"] * 2), texts, sentences).split(";")[0]
    assert even == "Cost and law each lead or share the lead in 2 of the 2 texts"


def test_headline_and_standfirst_stand_apart_and_left_of_what_the_body_counts():
    texts = pd.DataFrame({"doc_id": ["a", "b"], "short_name": ["Herald", "Courier"]})
    sentences = SENTENCES.assign(section=["title", "dek", "body", "body", "title", "body", "body"])
    chart = drawn.by_text(ONE, texts, sentences, coder="A")
    assert set(chart.data["section"]) == {"title", "dek", "body"}
    marks = {shape: [line.get_xdata()[0] for line in chart.fig.findobj(Line2D) if line.get_marker() == shape]
             for shape in ("D", "^", "o")}
    assert len(marks["D"]) == 4 and len(marks["^"]) == 2       # one of each way in the legend
    assert marks["D"][0] < marks["^"][0] < marks["o"][0]
    assert {"headline", "headline, quoted", "standfirst, quoted"} <= set(figures.text_boxes(chart.fig)["text"])
    assert "standfirst" not in set(figures.text_boxes(chart.fig)["text"])
    assert any(p.said == "Herald, cost: 1 in its own voice, 1 in the standfirst" for p in chart.places)
    bare = drawn.by_text(ONE[ONE["sentence_id"].eq("a2")], texts, SENTENCES, coder="A")
    assert not any("headline" in t for t in figures.text_boxes(bare.fig)["text"])


def test_the_chart_of_frames_is_a_list_on_a_phone():
    texts = pd.DataFrame({"doc_id": ["a", "b"], "short_name": ["<i>Herald", "Courier"]})
    ranged = framing.coder_range({"A": ONE, "B": TWO}, SENTENCES, ["a", "b"], ["law", "cost", "threat"])
    chart = drawn.by_text(ONE, texts, SENTENCES, ranges=ranged, coder="A")
    listed = BeautifulSoup(drawn.twin(chart, labels={"cost": "money"}, ranges=ranged), "html.parser")
    herald, courier = listed.div.find_all("li")
    assert herald.b.get_text() == "<i>Herald" and not listed.find("i")
    assert list(herald.small.stripped_strings) == [
        "of 3 body sentences:", "money 2 (1 quoted; coders: 1 to 2)", "law 1 (1 quoted)", "headline: law"]
    assert list(courier.small.stripped_strings)[1:] == ["law 1 (1 quoted; coders: 1 to 2)", "headline: threat"]


def test_the_legend_of_frames_shows_what_is_drawn():
    texts = pd.DataFrame({"doc_id": list("abcde"), "short_name": ["Herald", "Courier", "Wire", "Post", "Star"]})
    sentences = pd.DataFrame([(f"{d}{k}", d, "body") for d in "abcde" for k in range(40)],
                             columns=["sentence_id", "doc_id", "section"])
    many = rows(*((s, "law", 1, "outlet") for s in sentences["sentence_id"]))
    dots = drawn.by_text(ONE, texts[:2], SENTENCES, coder="rule")
    bars = drawn.by_text(many, texts, sentences, coder="rule")
    for chart, drawing, other in ((dots, "One dot a sentence", "bar"), (bars, "A bar is as long as", "dot")):
        words = " ".join(figures.text_boxes(chart.fig)["text"])
        assert drawing in words and other not in words
    circles = sum(len(line.get_xdata()) for line in bars.fig.findobj(Line2D) if line.get_marker() == "o")
    assert not circles


def test_voices():
    voices = framing.voice_share({"A": ONE, "B": TWO}, SENTENCES, ["a", "b"])
    assert voices.set_index(["coder", "doc_id"]).loc[("A", "a"), ["quoted", "n"]].tolist() == [2, 3]
    assert framing.say_voice(voices, "A") == \
        "Of body sentences with a frame, quoted voices carry from 2 of 3 in a to 1 of 1 in b; 3 of 4 in all."
    third = pd.concat([voices, voices[voices["doc_id"].eq("b")].assign(doc_id="c")])
    assert "to 1 of 1 in b and 1 of 1 in c;" in framing.say_voice(third, "A")
    even = voices.assign(quoted=1, n=2, share=.5)
    assert "the same share in each text" in framing.say_voice(even, "A")


def test_headlines_against_bodies():
    found = framing.headlines(ONE, SENTENCES, ["a", "b", "c"]).set_index("doc_id")
    assert found.loc["a", ["frame", "body", "of", "place", "body_frame"]].tolist() == ["law", 1, 3, 2, "cost"]
    assert found.loc["b", ["frame", "body", "place"]].tolist() == ["threat", 0, 2]
    assert pd.isna(found.loc["c", "frame"])
    assert found["never"].tolist() == ["", "threat", ""]
    said = framing.say_headlines(found.reset_index(), {"threat": "danger"}, {"b": "Courier"})
    assert said == ("In none of the 2 texts does the headline lead with the frame its body uses most; 1 has a frame "
                    "that its body never uses (Courier: danger).")
    many = found.assign(never=["law", "threat + cost", ""])
    assert "; 2 have a frame that their bodies never use (a: law; b: threat and cost)." in framing.say_headlines(
        many.reset_index())
    leads = found.assign(place=[1, 2, None])
    assert "In 1 of 2 texts the headline leads with the frame its body uses most (a);" in framing.say_headlines(
        leads.reset_index())


def test_a_title_s_second_frame_counts_and_a_shared_first_place_is_named():
    second = pd.concat([ONE, rows(("a0", "threat", 2, "outlet"), ("a2", "law", 2, "outlet"))])
    found = framing.headlines(second, SENTENCES, ["a"]).iloc[0]
    assert (found["frame"], found["never"], found["place"], found["body_frame"]) == ("law", "threat", 1, "cost + law")
    assert "or with one of several that share this place" in framing.say_headlines(found.to_frame().T)


def test_a_headline_that_no_coder_has_judged_is_not_called_clean():
    texts = ["a", "b", "c"]
    assert framing.headlines(ONE, SENTENCES, texts)["laundered"].tolist() == ["no", "no", "not coded"]
    blank = ONE.assign(laundered=pd.array([pd.NA] * len(ONE), dtype="boolean"))
    assert framing.headlines(blank, SENTENCES, texts)["laundered"].tolist() == ["not coded"] * 3
    machine = ONE.assign(laundered=ONE["doc_id"].eq("a"))
    assert framing.headlines(blank, SENTENCES, texts, machine)["laundered"].tolist() == [
        "yes, by rule", "no, by rule", "not coded"]
    judged = ONE.assign(laundered=True)
    assert framing.headlines(judged, SENTENCES, texts, machine)["laundered"].tolist() == ["yes", "yes", "not coded"]


def test_frames_by_bloc():
    quotes = pd.DataFrame({"doc_id": ["a", "a", "b"], "start": [10, 30, 10], "end": [19, 39, 19],
                           "speaker_bloc": ["NOR", "NOR+KES", None]})
    found = framing.bloc_frames(ONE, quotes, SENTENCES, {"NOR": "Norvia", "KES": "Kestria"})
    assert set(map(tuple, found[["bloc", "frame", "n"]].to_numpy())) == {
        ("Norvia", "cost", 1), ("several together", "law", 1), ("not placed", "law", 1)}       # no title's frame
    assert "Speakers of Norvia use cost most (1 of 1 quoted frames)" in framing.say_blocs(found)
    assert "No quoted frame has a speaker of a known bloc" in framing.say_blocs(found[found["bloc"] == "not placed"])


def test_a_blocs_newspaper_is_not_its_voice():
    quotes = pd.DataFrame({"doc_id": ["a", "a", "b"], "start": [10, 30, 10], "end": [19, 39, 19],
                           "speaker_bloc": ["NOR", "NOR", None], "role": ["official", "medium", "other"]})
    found = framing.bloc_frames(ONE, quotes, SENTENCES, {"NOR": "Norvia"})
    assert set(map(tuple, found.to_numpy())) == {
        ("Norvia", "official", "cost", 1), ("Norvia", "medium", "law", 1), ("not placed", "other", "law", 1)}
    assert framing.say_blocs(found) == ("Officials and bodies of Norvia use cost most (1 of 1 quoted frames); of 3, 1 "
                                        "is in the voice of experts and others and 1 is in the voice of media.")
    assert "No quoted frame is in the voice of an official" in framing.say_blocs(found[found["role"] != "official"])


def test_what_is_left_out():
    found = framing.left_out(ONE, SENTENCES, ["a", "b"], ["law", "cost", "threat"])
    assert found[["doc_id", "frame", "elsewhere"]].to_numpy().tolist() == [["b", "cost", 1]]
    assert "No frame is used by all texts but one" in framing.say_left_out(found, 2)
    assert framing.say_left_out(found.iloc[:0], 2) == "No text leaves out a frame that another text uses."
    assert "2 frames are used by all texts but one" in framing.say_left_out(
        pd.DataFrame({"doc_id": ["a", "b"], "frame": ["law", "cost"], "elsewhere": [2, 2]}), 3)


def test_the_later_text_repeats_the_earlier():
    days = {"published_earliest": ["2020-02-01", "2020-01-01"], "published_latest": ["2020-02-01", "2020-01-01"]}
    texts = pd.DataFrame({"doc_id": ["a", "b"]} | days)
    runs = pd.DataFrame({"doc_a": ["a"], "start_a": [10], "end_a": [17], "doc_b": ["b"], "start_b": [20], "end_b": [27],
                         "n_words": [7]})
    assert framing.repeated(runs, SENTENCES, texts) == {"a1"}
    undated = texts.assign(published_earliest=["2019-01-01", None], published_latest=["2019-01-01", None])
    assert framing.repeated(runs, SENTENCES, undated) == {"b2"}
    assert framing.repeated(runs.assign(end_a=13), SENTENCES, texts) == set()
    assert framing.repeated(None, SENTENCES, texts) == set()
    assert framing.say_repeated({"a1"}, SENTENCES, True) == \
        "1 of 7 sentences repeats an earlier text for half of its length and is left out here."
    assert "are counted here all the same" in framing.say_repeated({"a1", "a2"}, SENTENCES, False)


def test_a_text_of_unknown_day_is_not_taken_for_the_source_of_one_whose_day_is_known():
    runs = pd.DataFrame({"doc_a": ["a"], "start_a": [10], "end_a": [17], "doc_b": ["b"], "start_b": [20], "end_b": [27],
                         "n_words": [7]})
    texts = pd.DataFrame({"doc_id": ["a", "b"], "published_earliest": ["2020-01-01", "2020-01-08"],
                          "published_latest": ["2020-01-20", "2020-01-08"]})
    assert framing.repeated(runs, SENTENCES, texts) == {"a1"}
    said = texts.assign(outlet=["Gazette", "Courier"], leans_on=["its own reporter", "the Gazette, at length"])
    assert framing.repeated(runs, SENTENCES, said) == {"b2"}
    apart = said.assign(published_latest=["2020-01-07", "2020-01-08"], leans_on=["Courier", None])
    assert framing.repeated(runs, SENTENCES, apart) == {"b2"}       # what came out before leans on nothing later


def test_tone_is_told_with_its_coder_and_n():
    labels = pd.DataFrame({"doc_id": ["a", "a", "b"], "tone_nor": ["-1", "1", "0"], "tone_kes": ["0", None, "-1"]})
    toned = framing.tone(labels, ["a", "b"])
    assert toned.set_index(["doc_id", "party"]).loc[("a", "KES"), ["against", "favourable", "n"]].tolist() == [0, 0, 1]
    assert framing.say_tone(toned, "A") == ("Tone as coder A heard it: 1 sentence of 3 speaks against NOR, 1 for it; "
                                           "1 sentence of 2 speaks against KES, 0 for it.")


# words --------------------------------------------------------------------------------------------------------------


def test_words_are_single_and_without_names():
    text = "Norvia sold its old boats. The boats were sold by the Norvian Boats Office, said Ann. Sold-out boats!"
    whole = pd.DataFrame({"start": [0, 27], "end": [26, len(text)], "section": "body"})
    found = framing.words(text, whole)
    assert dict(found.to_numpy()) == {"sold": 2, "old": 1, "boats": 3}
    assert not found["word"].str.contains(" ").any()
    assert framing.words(text, whole.assign(section="title")).empty


def test_log_odds_as_published():
    """Equations 16, 18 and 22 of Monroe, Colaresi and Quinn 2008, worked by hand for one word."""
    counts = pd.DataFrame({"doc_id": list("aabb"), "word": ["x", "y", "x", "y"], "n": [8, 2, 2, 8]})
    found = framing.log_odds(counts, strength=10.0).set_index(["doc_id", "word"])
    prior = 10 * 10 / 20
    delta = math.log((8 + prior) / (10 + 10 - 8 - prior)) - math.log((2 + prior) / (10 + 10 - 2 - prior))
    assert found.loc[("a", "x"), "log_odds"] == pytest.approx(delta)
    assert found.loc[("a", "x"), "z"] == pytest.approx(delta / math.sqrt(1 / (8 + prior) + 1 / (2 + prior)))
    assert found.loc[("a", "y"), "log_odds"] == pytest.approx(-delta)
    assert framing.log_odds(counts[counts["doc_id"] == "a"]).empty and framing.log_odds(tables.empty("words")).empty


def test_a_rare_word_does_not_win_by_chance():
    lot = np.random.RandomState(4)
    vocabulary = [f"w{i}" for i in range(200)]
    drawn_ = [("a", w) for w in lot.choice(vocabulary, 400)] + [("b", w) for w in lot.choice(vocabulary, 400)]
    counts = pd.DataFrame(drawn_ + [("a", "lease")] * 30 + [("b", "lease")] * 3, columns=["doc_id", "word"])
    counts = counts.value_counts().rename("n").reset_index()
    found = framing.distinctive(counts, most=3)
    assert found[found["doc_id"] == "a"]["word"].iloc[0] == "lease"
    assert (found["n"] >= 2).all() and found.groupby("doc_id").size().max() <= 3


def test_words_that_share_the_first_place_are_all_told():
    even = pd.DataFrame({"doc_id": "a", "word": ["bill", "lease", "port", "quay"], "n": 2, "others": 1, "z": 1.8})
    assert framing.say_words(even).startswith("The word that marks each text most: a “bill” (2 times, 1 in the others)")
    assert framing.say_words(even).endswith("“port” (2 times, 1 in the others) and 1 more.")


# many texts ---------------------------------------------------------------------------------------------------------


def generated(n, effect, seed):
    """Return shares of four frames in n texts of two outlets, the first frame commoner in one of them by ``effect``."""
    lot = np.random.RandomState(seed)
    rates = pd.DataFrame(lot.binomial(20, .3, (n, 4)) / 20, columns=["law", "cost", "threat", "game"])
    groups = pd.Series(["north", "south"] * (n // 2) + ["north"] * (n % 2))
    rates.loc[groups == "north", "law"] += effect
    return rates, groups


def test_a_planted_difference_is_found_and_no_other():
    found = framing.compare_groups(*generated(40, .25, 1), draws=999)
    assert found["frame"].iloc[0] == "law" and found["q"].iloc[0] < .05 and (found["q"].iloc[1:] > .05).all()
    assert found.loc[0, "north"] - found.loc[0, "south"] == pytest.approx(.25, abs=.08)
    assert framing.say_groups(found, 40).startswith("law tells the groups apart at a false discovery rate of 5 per")


def test_chance_is_seldom_taken_for_a_finding():
    hits = sum((framing.compare_groups(*generated(30, 0, seed), draws=199)["q"] <= .05).any() for seed in range(60))
    assert hits <= 8          # about 3 of 60 are expected


def test_false_discoveries_are_adjusted_in_any_order():
    assert framing.false_discovery(np.array([.8, .01, .03, .04])).round(3).tolist() == [.8, .04, .053, .053]


def test_p_is_never_zero_and_repeats():
    rates, groups = generated(40, 1, 2)
    found = framing.compare_groups(rates, groups, draws=99)
    assert found["p"].min() == pytest.approx(.01)
    pd.testing.assert_frame_equal(found, framing.compare_groups(rates, groups, draws=99))


@pytest.mark.parametrize("n, groups", [(29, None), (40, ["x"] * 40), (40, ["x"] * 39 + ["y"])])
def test_few_texts_are_counted_not_tested(n, groups):
    rates, usual = generated(n, 0, 1)
    with pytest.raises(ValueError, match="too few for a test"):
        framing.compare_groups(rates, usual if groups is None else pd.Series(groups))


def test_shares_and_their_course_over_time():
    rates = framing.shares(ONE, SENTENCES, ["law", "cost"])
    assert rates.loc["a"].round(3).tolist() == [.333, .667] and rates.loc["b"].tolist() == [.5, 0]
    many, _ = generated(40, 0, 3)
    days = pd.Series(["2020-02-01"] * 20 + ["2020-05-01"] * 20)
    found = framing.over_time(many, days)
    assert found["period"].unique().tolist() == ["2020Q1", "2020Q2"] and found["n"].eq(20).all()
    assert (found["low"] <= found["mean"]).all() and (found["mean"] <= found["high"]).all()
    with pytest.raises(ValueError, match="too few for a course"):
        framing.over_time(many, days.where(days.index > 15))


# codings ------------------------------------------------------------------------------------------------------------


def coding(name, given, kind="model", covered=None):
    frame = pd.DataFrame({"sentence_id": list(given), "frames": list(given.values())}, dtype=object)
    return Coding(name, kind, frame, frozenset(covered if covered is not None else given))


A = coding("A", {"1": ("law",), "2": ("law", "cost"), "3": ()})
B = coding("B", {"1": ("law",), "2": ("threat",), "3": ("cost",)})


def test_prevalence_and_where_two_coders_differ():
    found = codings.prevalence([A, B], ["law", "cost", "threat"])
    assert found[["A", "B", "of"]].to_numpy().tolist() == [[2, 1, 3], [1, 1, 3], [0, 1, 3]]
    more = coding("C", {"1": ("law",), "2": ("law",), "3": (), "4": ("law",)}, "rule")
    both = codings.prevalence([A, more], ["law", "cost"])
    assert both[["A", "C", "of"]].to_numpy().tolist() == [[2, 2, 3], [1, 0, 3]]      # C's fourth sentence A never read
    assert codings.shared([]) == frozenset()
    assert codings.differ(A, B).to_numpy().tolist() == [
        ["cost", "nothing", 1], ["law", "threat", 1], ["nothing", "cost", 1]]


def test_pairs_of_coders():
    assert [c.coder_id for c in codings.pair([A, B])] == ["A", "B"]
    assert [c.coder_id for c in codings.pair([A, B], "B")] == ["B", "A"]
    assert [c.coder_id for c in codings.pair([A])] == ["A", "nobody"]
    assert [c.coder_id for c in codings.pair([])] == ["nobody", "nobody else"]
    assert codings.differences(*codings.pair([A]), SENTENCES).empty and codings.differ(*codings.pair([A])).empty
    with pytest.raises(ParameterError, match="no coding by 'C'"):
        codings.pair([A, B], "C")


def test_precision_recall_and_trivial_guesses():
    found = codings.against(codings.sets(B), codings.sets(A), ["law", "cost", "threat"]).set_index("frame")
    assert found.loc["law", ["precision", "recall"]].tolist() == [1, .5] and pd.isna(found.loc["threat", "recall"])
    assert found.loc["all (micro)", "f1"] == pytest.approx(2 * 1 / 6)
    guesses = codings.baselines(codings.sets(A), ["cost", "law", "threat"])
    assert guesses["the commonest frame"]["3"] == ["law"] and len(guesses["every frame"]["1"]) == 3
    assert codings.micro_f1({}, {}, ["law"]) == 0


def test_no_agreement_between_persons_is_claimed():
    assert codings.say_people([A, B]).startswith("No person has coded this case")
    assert codings.say_people([A, coding("Kim", {}, "person")]).startswith("Only one person, Kim, has coded")
    assert codings.say_people([coding("Kim", {}, "person"), coding("Lee", {}, "person")]) == \
        "2 persons have coded this case: Kim, Lee."


def test_which_findings_turn():
    ranged = framing.coder_range({"A": ONE, "B": TWO}, SENTENCES, ["a", "b"], ["law", "cost"])
    led = codings.leaders(ranged, ["a", "b"]).set_index("doc_id")
    assert led.loc["a", ["A", "B", "same"]].tolist() == ["cost", "law + cost", True]
    assert led.loc["b", ["A", "B", "same"]].tolist() == ["law", "law", True]
    assert codings.say_leaders(led.reset_index()) == \
        "In 2 of 2 texts all 2 coders see the same frame in the lead, alone or with others."
    turned = led.reset_index().assign(same=[False, True])
    assert codings.say_leaders(turned, {"a": "Herald"}).endswith("in the lead; in Herald it turns with the coder.")
    assert "One coder only" in codings.say_leaders(codings.leaders(ranged.drop(columns="B"), ["a"]))


@pytest.fixture
def practice(tmp_path, project):
    """A copy of the practice case."""
    for kind in ("raw", "processed"):
        shutil.copytree(project / "data" / kind / "practice", tmp_path / "data" / kind / "practice")
    return open_case("practice", tmp_path / "data")


def test_a_students_sheet_joins_the_charts(practice, tmp_path):
    path = review.sheet(practice, "frames", "kim", n=12, out=tmp_path / "sheets")
    sheet = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    sheet["frames"] = ["moral_blame"] * 6 + ["none"] * 6
    sheet.to_csv(path, index=False)
    known = review.codes(load_codebook(practice.raw))
    review.join(practice, review.read_sheet(path, practice, practice.load("sentences"), known), path.name)
    (practice.raw / "review" / "coders.csv").write_text("coder_id,kind,when,had_read\nkim,person,2026-11,nothing\n")
    coded, refused = framing.codings(practice)
    assert refused == [] and len(coded["kim"]) == 6 and set(coded["kim"]["frame"]) == {"moral_blame"}
    given = review.gather(practice, "frames")[0]
    assert codings.say_people(given).startswith("Only one person, kim")
    found = review.compare(given, "frames", practice.load("sentences"), draws=20)
    assert found.loc[found["coder_b"].eq("kim") | found["coder_a"].eq("kim"), "n"].max() == 12


def test_a_frame_on_which_coders_agree_too_little_is_marked(practice, project):
    s400 = open_case("s400", project / "data")
    assert framing.doubtful(s400, "machine") == []
    both = framing.doubtful(s400)
    found = review.compare([c for c in review.gather(s400, "frames")[0] if c.kind == "model"], "frames",
                           s400.load("sentences"), draws=1).set_index("variable")
    assert both == [f for f in sorted(both) if found.loc[f"frame: {f}", "alpha"] < .667] and both
    for path in (practice.raw / "review").glob("*.csv"):
        path.unlink()
    assert framing.doubtful(practice) == []                      # one coder: nothing to doubt it by


def test_the_layers_of_the_chronology(practice):
    counted = codings.layers(practice)
    if practice.has("event_mentions"):
        assert counted["layer"].tolist() == ["adjudicated", "machine"] * counted["track"].nunique()
        assert "(adjudicated:" in codings.say_layers(counted)
    for path in practice.processed.glob("*event_mentions.csv"):
        path.unlink()
    assert "one layer of events only" in codings.say_layers(codings.layers(practice))


def test_the_learning_curve_is_opened_or_said_to_be_missing(practice):
    measured = practice.raw / "measured" / "learning_curve.csv"
    assert measured.exists() and len(codings.learning_curve(practice)) > 2
    measured.unlink()
    assert codings.say_curve(codings.learning_curve(practice), .6, None).startswith("Nobody has measured")


def test_a_score_on_texts_that_the_machine_was_fitted_to_is_not_set_against_a_held_out_one(practice):
    book, curve = load_codebook(practice.raw), codings.learning_curve(practice)
    assert codings.fitted(book, "practice", "frames") and codings.fitted(book, "s400", "events")
    assert codings.fitted(book, "news", "frames") is False and codings.fitted(book, "practice", "times") is None
    assert "cannot be set against that" in codings.say_curve(curve, .9, True)
    assert "overtaken" not in codings.say_curve(curve, .9, True)
    assert codings.say_curve(curve, .9, False).endswith("reaches 0.90 and is not overtaken.")
    assert "fitted" in codings.say_fitted(book, "practice", "frames") and not codings.say_fitted(book, "news", "frames")
    assert "fitted" not in codings.say_scores(.8, {"every frame": .3}, "A", None, False)


def test_who_coded_is_read_from_the_rows(practice):
    said = codings.say_coders(practice)
    assert said.startswith("The frames were coded by A (a language model); no decision changed any. The quotations "
                           "were coded by A and adjudicator (two language models); ")
    n = int(practice.load("decisions")["table"].eq("quotes").sum())
    assert said.endswith(f"; {n} decisions on them. No person has checked them.")
    assert codings.say_coders(practice, "machine", {"frames": "frames"}) == \
        "The frames were coded by rule. No person has checked them."
    who = practice.raw / "gold" / "coders.csv"
    who.write_text(who.read_text().replace("A,model", "A,person"))
    assert codings.say_coders(practice, tables={"frames": "frames"}) == \
        "The frames were coded by A (a person); no decision changed any."


def test_sentences_on_which_coders_differ_are_told_in_words(practice):
    given = review.gather(practice, "frames")[0]
    found = codings.differences(*codings.pair(given), practice.load("sentences"))
    assert list(found) == ["doc_id", "characters", "variable", "A", "B"] and found["characters"].str.contains("–").all()
    flags = found[found["variable"].str.startswith("frame: ")]
    assert len(flags) and set(flags["A"]) | set(flags["B"]) == {"yes", "no"}


def test_the_word_list_of_a_text_cannot_be_read_as_text(project):
    """Sorted single words: no two neighbours of the table stand in a text's order but by accident of the alphabet."""
    words = open_case("practice", project / "data").load("words")
    assert words.groupby("doc_id")["word"].apply(lambda w: list(w) == sorted(w)).all()
    assert not words["word"].str.contains(r"\s").any() and (words["n"] >= 1).all()
    listed = subprocess.run(["git", "ls-files", "data/processed"], capture_output=True, text=True, cwd=project).stdout
    assert "practice/words.csv" in listed
