"""Sentences: what a stop does not end, digests, sections and paragraphs."""
import pandas as pd
import pytest

from helpers.cleaning import clean, digest, lead_in, sentences


def lines_of(text, role="body"):
    """The lines of a text, all of one role."""
    lines = clean(text)
    spans = lines[["start", "end"]].values
    lines["role"] = pd.array([role if text[s:e].strip() else "blank" for s, e in spans], "string")
    return lines


def cut(text):
    return [text[s:e] for s, e in sentences(text, lines_of(text))[["start", "end"]].values]


@pytest.mark.parametrize("expected", [
    ["The U.S. envoy, Sen. Lima, came on Aug. 18.", "He met Gov. Ruiz at 5 p.m. and left."],
    ["The ship cost $2.5bn.", "“We wait.", "We hope,” she said.", "Then she left."],
    ["Prices rose to €3m.", "“Enough,” he said."],
    ["It was signed in the U.S.", "The minister left."],
    ["He lives in Washington, D.C.", "She does not."],
    ["Lt. Gen. Ado of the U.N. spoke to Reps. Lima and Vega.", "See No. 5 of the list."],
    ["Dr. A. B. Carter, the No. 2 official, spoke on Jan. 3, 2021.", "It was cold."],
    ["“Is the ferry late?”", "Nobody knew.", "“No!” said the captain."]])
def test_stops_that_end_a_sentence_and_stops_that_do_not(expected):
    assert cut(" ".join(expected)) == expected


def test_heading_without_a_stop_is_one_sentence_and_none_runs_over_a_line():
    assert cut("What the islands want\nMayors met on Friday. They agreed\n") == [
        "What the islands want", "Mayors met on Friday.", "They agreed"]


def test_title_is_never_cut():
    text = "Ferry is back. Islands cheer\n"
    table = sentences(text, lines_of(text, "title"))
    assert [(text[s:e], section, p) for s, e, section, p in table[["start", "end", "section", "paragraph"]].values] == [
        ("Ferry is back. Islands cheer", "title", 0)]


def test_sections_paragraphs_words_and_types():
    text = "Ferries return\n\nOne is late. It waits.\n\nThe other is not.\n"
    lines = lines_of(text)
    lines.loc[0, "role"] = "title"
    table = sentences(text, lines)
    assert table[["section", "paragraph", "n_words"]].values.tolist() == [
        ["title", 0, 2], ["body", 1, 3], ["body", 1, 2], ["body", 2, 4]]
    assert {c: str(t) for c, t in table.dtypes.items()} == {
        "start": "Int64", "end": "Int64", "section": "string", "paragraph": "Int64", "n_words": "Int64",
        "digest": "string"}
    assert sentences("", clean("")).empty


def test_dropped_lines_give_no_sentences():
    text = "Leave a reply.\n"
    assert sentences(text, lines_of(text, "comment")).empty


@pytest.mark.parametrize("line, role, rest", [
    ("[Harbour News Reporter Ana Ruiz] The ferry is late.", "byline", "The ferry is late."),
    ("PORT ANA, (HN) – The ferry is late.", "dateline", "The ferry is late."),
    ("PORT ANA, March 3 (HN) -- The ferry is late.", "dateline", "The ferry is late."),
    ("LONDON — The ferry is late.", "dateline", "The ferry is late.")])
def test_byline_or_dateline_ahead_is_outside_the_first_sentence(line, role, rest):
    assert lead_in(line)[0] == role
    assert cut(line) == [rest]


@pytest.mark.parametrize("line", ["The ferry – late again – left.", "[It] was late.",
                                  "[The crew] asked the editor of the paper.", "S-9 – a boat – was sold."])
def test_an_aside_is_no_dateline(line):
    assert lead_in(line) is None


def test_digest_stands_for_the_words_alone():
    one = digest("“The ferry’s late,” she said.")
    assert one == digest('"The  ferry\'s late", she said') and len(one) == 12
    assert one != digest("The ferry is late, she said.") and one == digest("THE FERRY’S LATE, she said")
    assert digest("cafe\u0301 shut") == digest("caf\u00e9 shut")


def test_a_copy_saved_again_keeps_its_digests():
    text = "The ferry is “late”. Nobody knows why – not even the captain.\n"
    copy = "\r\nThe ferry is \"late\".  Nobody knows why - not even the captain.\r\n"
    assert sentences(text, lines_of(text))["digest"].tolist() == sentences(copy, lines_of(copy))["digest"].tolist()
