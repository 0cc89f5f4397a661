"""Line roles: every character accounted for, each role with its rule, on pages made up for the tests."""
import string

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import cleaning
from helpers.cleaning import KEPT, check_cues, clean, cues, describe, features, language, near_duplicates
from helpers.cleaning.weights import weights

STORY = """\
Skip to content
Home
News
Transport
Log in

Home > News > Transport

Night Ferry Returns to the Northern Islands After Nine-Day Strike

Crews get a second cook, and the islands get their Monday paper back

By Ana Ruiz
3 March 2021
4 min read

Photo: Harbour News Pool

PORT ANA (HNA) – The night ferry to the northern islands will sail again from Monday, the company said, after a \
strike that had cut them off for nine days.

“We asked for a second cook on each ship, and we got one,” said Leo Marsh, who speaks for the crews.

Read more: Islands want a bridge instead of a ferry

The company had first offered a cold buffet. It withdrew the offer when passengers on the northern route complained \
about the smell of herring.

What the islands want

Mayors of the three largest islands met on Friday and asked the ministry for a contract of ten years with the company.

A bridge, which an engineer drew in 1968, would cost forty times as much, and no minister has ever said yes to it.

Share this article
Facebook
Twitter
Email

Related stories

Islands want a bridge instead of a ferry
Herring catch falls for the third year
Minister opens new lighthouse

2 comments

Leave a Reply
Your email address will not be published.

About us
© 2021 The Harbour Courier. All rights reserved.
Privacy policy
"""


def role_of(text, beginning, lines=None):
    lines = clean(text) if lines is None else lines
    found = [row.role for row in lines.itertuples() if text[row.start:row.end].startswith(beginning)]
    assert found, f"no line begins with {beginning!r}"
    return found[0]


@pytest.fixture(scope="module")
def story():
    return clean(STORY)


@pytest.mark.parametrize("beginning, role", [
    ("Skip to content", "nav"), ("Home > News", "nav"), ("Night Ferry Returns", "title"), ("Crews get", "dek"),
    ("By Ana Ruiz", "byline"), ("3 March 2021", "dateline"), ("4 min read", "nav"), ("Photo: Harbour", "credit"),
    ("PORT ANA", "body"), ("“We asked", "body"), ("Read more: Islands", "related"), ("The company had", "body"),
    ("What the islands", "body"), ("Mayors of", "body"), ("A bridge, which", "body"), ("Share this", "share"),
    ("Facebook", "share"), ("Related stories", "related"), ("Herring catch", "related"), ("2 comments", "comment"),
    ("Leave a Reply", "comment"), ("Your email", "comment"), ("About us", "about"), ("© 2021", "legal"),
    ("Privacy policy", "legal")])
def test_roles_of_a_page_with_furniture(story, beginning, role):
    assert role_of(STORY, beginning, story) == role


def test_columns_types_and_rules(story):
    assert {c: str(t) for c, t in story.dtypes.items()} == {
        "line_no": "Int64", "start": "Int64", "end": "Int64", "role": "string", "rule": "string", "kept": "boolean"}
    assert story["rule"].str.len().min() > 0
    assert set(story["role"]) <= set(cleaning.cues.codebook()["roles"])
    assert (story["kept"] == story["role"].isin(KEPT)).all()
    assert story.loc[story["role"] == "share", "rule"].str.startswith(("cue/share/", "place/")).all()


def tiles(text, lines):
    """Whether the rows account for each character: no overlap, only line breaks in between."""
    at = 0
    for row in lines.itertuples():
        assert row.start >= at and not text[at:row.start].strip("\r\n")
        assert not set(text[row.start:row.end]) & set("\r\n")
        at = row.end
    assert not text[at:].strip("\r\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet=string.ascii_letters + " .,:|©*\t\xa0é“”İß", max_size=60), max_size=25),
       st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
def test_rows_tile_any_text(parts, line_break):
    text = line_break.join(parts)
    tiles(text, clean(text))


@pytest.mark.parametrize("line_break", ["\r\n", "\r"])
def test_other_line_breaks_give_the_same_roles(story, line_break):
    text = STORY.replace("\n", line_break)
    lines = clean(text)
    tiles(text, lines)
    assert lines[["line_no", "role"]].equals(story[["line_no", "role"]])


def test_blank_and_empty_texts():
    assert clean("\n \n\n")["role"].tolist() == ["blank"] * 3
    assert len(clean("")) == 1 and not clean("")["kept"].any()
    with pytest.raises(TypeError, match=r"helpers\.readers\.read"):
        clean(b"bytes")


def test_a_page_has_a_text_even_when_little_stands_out():
    assert role_of("Ferries return\n\nThe ferry sails again.\n", "The ferry") == "body"


def test_where_nothing_stands_out_furniture_is_still_no_text():
    text = "Home\nFerries Return\n\nThe ferry sails again\n\nShare\nFacebook\n"
    lines = clean(text)
    assert (lines["role"] == "body").sum() == 1
    assert lines.loc[lines["role"] == "body", "rule"].tolist() == ["weights/nearest"]
    assert role_of(text, "Facebook", lines) == role_of(text, "Share", lines) == "share"


def test_text_without_headline_has_none():
    text = ("The night ferry to the northern islands will sail again from Monday, the company said, after a strike "
            "that had cut them off for nine days and nights.\n\nCrews had asked for a second cook on each of the "
            "ships, and they got one in the end, which pleased them.\n")
    assert clean(text)["role"].tolist() == ["body", "blank", "body"]


def test_copy_without_blank_lines_or_bullets_has_the_same_text(story):
    dense = "\n".join(line for line in STORY.split("\n") if line.strip())
    body = [STORY[s:e] for s, e in story.loc[story["role"] == "body", ["start", "end"]].values]
    lines = clean(dense)
    assert [dense[s:e] for s, e in lines.loc[lines["role"] == "body", ["start", "end"]].values] == body


def test_headline_repeated_before_a_caption_is_no_body():
    again = "Night Ferry Returns to the Northern Islands After Nine-Day Strike The ferry in harbour on Sunday."
    text = STORY.replace("Photo: Harbour News Pool", again)
    lines = clean(text)
    again = [r for r in lines.itertuples() if text[r.start:r.end].endswith("on Sunday.")]
    assert [(r.role, r.rule) for r in again] == [("caption", "repetition/title_and_more")]


def test_file_name_is_a_clue_for_the_title():
    text = ("Harbour Fares Rise Again\n\nNorthern Islands Lose Paper\n\nThe company said on Monday that nobody would "
            "be told why the ship was late again this week.\n\nPassengers had waited for nine hours in the rain.\n")
    chosen = {name: text.split("\n")[clean(text, name=name)["role"].tolist().index("title")]
              for name in ("harbour-fares-rise-again.txt", "northern_islands_lose_paper.html.txt")}
    assert list(chosen.values()) == ["Harbour Fares Rise Again", "Northern Islands Lose Paper"]


def test_every_cue_keeps_its_examples():
    assert check_cues() == []
    assert len(cues.cues()) > 25 and {c.role for c in cues.cues()} <= set(cues.codebook()["roles"])
    assert cues.codebook()["about"]["had_read"]


def test_a_cue_that_breaks_its_example_is_reported(monkeypatch):
    broken = {"roles": {"share": {"definition": "x", "cues": [
        {"id": "follow", "whole": "follow us", "examples_yes": ["Join us"], "examples_no": ["Follow us"]}]}}}
    monkeypatch.setattr(cues, "codebook", lambda: broken)
    cues.cues.cache_clear()
    try:
        faults = check_cues()
    finally:
        cues.cues.cache_clear()
    assert len(faults) == 2 and all("lines.yaml: share/follow" in f and "change the pattern" in f for f in faults)


def test_weights_fit_the_features():
    stages = weights()
    assert list(stages) == ["line", "page", "title", "decode"]
    assert stages["page"].names == features.OWN + features.AROUND
    assert not set(stages["page"].group) - {"bias", "shape", "wording", "place", "repetition", "topic", "neighbours",
                                            "headline"}


def test_describe_says_what_the_page_says(story):
    told = describe(STORY, story)
    assert told["title"] == "Night Ferry Returns to the Northern Islands After Nine-Day Strike"
    assert STORY[told["title_start"]:told["title_end"]] == told["title"]
    assert (told["byline"], told["credit"], told["dateline"]) == ("Ana Ruiz", "Harbour News Pool", "PORT ANA (HNA)")
    assert told["dek"].startswith("Crews get") and told["n_paragraphs"] == 6
    assert STORY[told["dateline_start"]:told["dateline_end"]] == "PORT ANA (HNA) –"
    bare = describe("The ferry.\n", clean("The ferry.\n"))
    assert bare["byline"] is None and bare["byline_start"] is None


def test_language_is_that_of_the_body():
    pytest.importorskip("py3langid")
    german = ("Die Fähre zu den nördlichen Inseln fährt ab Montag wieder, teilte die Gesellschaft am Freitag mit. Die "
              "Besatzungen hatten einen zweiten Koch verlangt und am Ende auch bekommen.")
    assert language(german) == "de"
    assert language("Zu kurz.") is None


def test_near_duplicates_are_reported_not_merged():
    base = " ".join(f"ferry{i} harbour{i % 7} islands{i % 5}" for i in range(60))
    texts = {"b": base, "a": base.replace("ferry5 ", "boat "), "d": "short",
             "c": " ".join(f"herring{i}" for i in range(100))}
    pairs = near_duplicates(texts)
    assert pairs[["doc_a", "doc_b"]].values.tolist() == [["a", "b"]]
    assert .8 < pairs["resemblance"][0] < 1
    assert near_duplicates({}).columns.tolist() == ["doc_a", "doc_b", "resemblance"] and len(near_duplicates({})) == 0


def test_many_texts_give_the_same_pairs_without_comparing_all(monkeypatch):
    texts = {f"t{i:03}": " ".join(f"w{i}x{j}" for j in range(80)) for i in range(260)}
    texts["copy"] = texts["t007"] + " and a little more"
    seen = []
    exact = cleaning.duplicates.np.intersect1d
    monkeypatch.setattr(cleaning.duplicates.np, "intersect1d", lambda *a, **k: seen.append(1) or exact(*a, **k))
    pairs = near_duplicates(texts)
    assert pairs[["doc_a", "doc_b"]].values.tolist() == [["copy", "t007"]]
    assert len(seen) < 50


def test_types_survive_a_round_through_csv(story, tmp_path):
    story.to_csv(tmp_path / "lines.csv", index=False)
    again = pd.read_csv(tmp_path / "lines.csv", dtype=dict(story.dtypes))
    pd.testing.assert_frame_equal(again, story)


LIVE = """Ferry Strike Live: Crews Vote on the Offer of the Company
3 Mar 2021

3 Mar 2021 - 20:45 GMT
The votes are being counted in a shed on the northern pier, where the crews have waited since the morning.

3 Mar 2021 - 19:30 GMT
A second offer
The company has made a second offer, says Leo Marsh, who speaks for the crews and has read it out to them.
Sign up for our weekly newsletter
By signing up, you agree to our terms.

3 Mar 2021 - 17:15 GMT
The islands wait
The islands have had no ferry for nine days, and the shops of the northern ones have run out of flour and lamp oil.
Nobody there expects one before Monday, the mayor told us when we asked her about the stores.

3 Mar 2021 - 14:02 GMT
Good morning
Hello and welcome to our page on the strike, in which we tell you all that is heard in the harbour during the day.

Related
Bridge or ferry? The long quarrel
3 Feb 2021
"""


def test_entries_of_a_live_blog_are_text_and_their_stamps_are_not():
    lines = clean(LIVE)
    for words in ("The votes are", "The company has", "The islands wait", "The islands have", "Nobody", "Hello and"):
        assert role_of(LIVE, words, lines) == "body", words
    assert role_of(LIVE, "3 Mar 2021 - 17:15", lines) == role_of(LIVE, "3 Mar 2021 - 20:45", lines) == "dateline"
    assert role_of(LIVE, "Sign up", lines) == "share"
    assert role_of(LIVE, "3 Feb 2021", lines) == "related"


def test_days_of_comments_and_of_other_stories_are_not_those_of_the_text():
    page = STORY + "\nComments ( 2 )\nharbourmouse\n03.03.2021 , 15:02\nAnd who pays?\n\nPrivacy & cookie policy\n"
    lines = clean(page)
    for words in ("harbourmouse", "03.03.2021", "And who pays"):
        assert role_of(page, words, lines) == "comment", words
    assert role_of(page, "Privacy &", lines) == "legal"


def test_boxes_and_captions_inside_the_text_are_not_text():
    box = ("Already a subscriber? Log in\nAdvertisement\nA sailor mends a net on the northern pier. Photograph: "
           "Ana Ruiz/HNA\n")
    at = STORY.index("The company had first")
    page = STORY[:at] + box + STORY[at:]
    lines = clean(page)
    assert [role_of(page, words, lines) for words in ("Already a", "Advertisement", "A sailor")] == [
        "share", "nav", "caption"]
    assert role_of(page, "The company had first", lines) == "body"


def test_what_is_said_of_the_author_under_the_text_is_no_text():
    bio = "Ana Ruiz covers ports and the people who live by them. She was a cook at sea before she learnt to write.\n\n"
    end = STORY.index("herring.") + len("herring.\n\n")
    page = STORY[:end] + bio + STORY[end:]
    assert role_of(page, "Ana Ruiz covers") == "about"
    assert role_of(page, "The company had first") == "body"


def test_the_address_a_page_was_saved_from_is_not_its_title():
    from helpers.cleaning.titles import candidates
    spans, lines = features.look("https://courier.example/2021/night-ferry-returns.html\n\nNight Ferry Returns\n")
    assert [lines[i].text for i in candidates(lines, features.own(lines, len(spans)))] == ["Night Ferry Returns"]


def test_what_stands_at_the_foot_of_a_page_is_no_text():
    body = "The harbour office said on Monday that the ferry would sail again in June, as it had promised the island."
    text = f"Ferry sails again\n\n{body}\n\n{body.replace('June', 'July')}\n\nPier Post. Terms of use. Cookies.\n"
    lines = clean(text)
    assert not lines.iloc[-1]["kept"] and lines.iloc[-1]["role"] == "legal"
    assert lines["kept"].sum() >= 2
