"""What some texts changed: counted again here, from the mentions."""
import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from helpers.case import CaseError, ParameterError, open_case
from helpers.codebook import load_codebook
from helpers.compare import accounts
from helpers.compare import delta as changes
from helpers.compare.linking import link
from helpers.pages import delta


@pytest.fixture(scope="module")
def practice(project):
    return open_case("practice", project / "data")


def mention(n: int, doc: str, key: str, status: str, date: str | None, **more) -> dict:
    return {"event_mention_id": f"m{n}", "sentence_id": f"{doc}-s{n}", "doc_id": doc, "trigger_start": 10 * n,
            "trigger_end": 10 * n + 5, "actor_id": "NOR", "target_id": "KES", "type": "AGREE", "item": None,
            "track": "negotiation", "stage": "offer", "status": status, "quote_id": None, "time_id": None, "rule": "A",
            "earliest": date, "latest": date, "granularity": "day" if date else "none",
            "basis": "explicit" if date else "none", "event_key": key, "record_id": None, "label": f"{key} is made",
            "speaker": None, **more}


@pytest.fixture
def two_texts() -> dict:
    mentions = pd.DataFrame([
        mention(1, "a", "TALKS", "planned", "2031-05-01", latest="2031-05-31", granularity="month"),
        mention(2, "b", "TALKS", "happened", "2031-05-04"), mention(3, "b", "BOATS", "happened", "2031-06-01"),
        mention(4, "a", "GRAIN", "proposed", "2031-01-01"), mention(5, "b", "GRAIN", "denied", "2031-01-01")])
    mentions = mentions.astype({c: "string" for c in ("earliest", "latest", "speaker", "record_id")})
    sentences = pd.DataFrame({"sentence_id": mentions["sentence_id"], "doc_id": mentions["doc_id"], "section": "body"})
    frames = pd.DataFrame({"sentence_id": ["a-s1", "a-s4", "b-s2", "b-s3"], "doc_id": list("aabb"),
                           "frame": ["game", "cost", "game", "game"]})
    documents = pd.DataFrame({"doc_id": ["a", "b"], "published_latest": ["2031-07-01", "2031-07-02"]})
    return {"mentions": mentions, "frames": frames, "sentences": sentences, "documents": documents}


def test_new_events_changed_dates_and_statuses_claims_and_shares(two_texts):
    found = changes.delta(**two_texts, without=["b"])
    assert found.events["label"].tolist() == ["BOATS is made"]
    moved = {(r.what, r.was, r.is_) for r in found.changed.itertuples() if r.label == "TALKS is made"}
    assert moved >= {("date", "2031-05-01 to 2031-05-31", "2031-05-04"), ("status", "planned", "happened")}
    assert found.claims["change"].tolist() == ["contested"]
    game = found.frames.set_index("frame").loc["game"]
    assert (game["share_before"], game["share_after"], game["points"]) == (50.0, 75.0, 25.0)
    said = changes.say_delta(found, 1)
    assert said.startswith("This text adds 1 event, changes 1 date and 1 status, and makes 1 claim contested")
    assert "the share of game goes from 50 to 75 per cent" in said or "the share of cost goes from 50 to 25" in said


def test_what_is_contested_is_told_apart_from_what_is_told_in_different_ways(two_texts):
    rows = two_texts["mentions"]
    more = pd.DataFrame([mention(6, "a", "CORN", "happened", None),
                         mention(7, "b", "CORN", "happened", None, speaker="x"),
                         mention(8, "a", "FISH", "happened", None),
                         mention(9, "b", "FISH", "happened", None, actor_id="TAV")])
    given = {**two_texts, "mentions": pd.concat([rows, more.astype(rows.dtypes.to_dict())], ignore_index=True)}
    sentences = given["mentions"][["sentence_id", "doc_id"]].assign(section="body")
    found = changes.delta(**{**given, "sentences": sentences}, without=["b"])
    assert sorted(found.claims["change"]) == ["contested", "put down to different sides", "put down to different sides",
                                              "told in different ways"]
    assert ("makes 1 claim contested; 1 step is put down to different sides; 1 more is told in different ways"
            ) in changes.say_delta(found, 1), "the two sides of a step are one"
    again = changes.new_claims(accounts.claim_matrix(link(given["mentions"], layer="adjudicated")[1]),
                               accounts.claim_matrix(link(given["mentions"], layer="adjudicated")[1]))
    assert again.empty, "what differed before is not new"


def test_a_text_that_tells_nothing_new_changes_nothing(two_texts):
    twice = two_texts["mentions"].query("doc_id == 'a'")
    copied = twice.assign(doc_id="c", event_mention_id=twice["event_mention_id"] + "c",
                          sentence_id=twice["sentence_id"].str.replace("a-", "c-"))
    given = {**two_texts, "mentions": pd.concat([twice, copied], ignore_index=True),
             "documents": pd.DataFrame({"doc_id": ["a", "c"], "published_latest": "2031-07-01"})}
    found = changes.delta(**given, without=["c"])
    assert len(found.events) == len(found.changed) == len(found.claims) == len(found.points) == 0


@pytest.mark.parametrize("without", [[], ["a", "b"]])
def test_nothing_and_everything_cannot_be_left_out(two_texts, without):
    with pytest.raises(ValueError, match="Name some of the texts, and not all"):
        changes.delta(**two_texts, without=without)


def test_a_real_case_with_and_without_a_text(practice):
    desk, found, chosen = delta.compared(practice, ["wire"])
    assert chosen == ["wire"]
    only = desk.mentions.groupby("event_id")["doc_id"].agg(lambda d: set(d) == {"wire"})
    assert set(found.events["event_id"]) == set(only[only].index)
    before, _ = link(desk.mentions[desk.mentions["doc_id"] != "wire"].drop(columns="event_id"), layer="adjudicated")
    after = desk.events.set_index("label")
    for row in found.changed.query("what == 'status'").itertuples():
        assert row.is_.replace(" ", "_") in set(after.loc[[row.label], "status"])
        assert row.was.replace(" ", "_") in set(before["status"])
    assert set(found.points["doc_a"]) | set(found.points["doc_b"].dropna()) >= {"wire"}


def test_page_says_all_five_changes_and_escapes(practice, tmp_path):
    path = delta.write(practice, ["blog", "wire"], tmp_path)
    assert path.parent.name == "practice" and path.name == delta.name_of(["wire", "blog"])
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    assert [h["id"] for h in soup.select("h2")] == ["events", "changed", "claims", "points", "frames"]
    assert soup.select_one(".lead").get_text().startswith("These 2 texts add ")
    n = int(re.search(r"add (\d+) event", soup.select_one(".lead").get_text())[1])
    assert len(soup.select("section:has(#events) tbody tr")) == n
    assert not soup.select("script") and len(soup.select("table th[scope]")) > 10
    assert path.read_bytes() == delta.write(practice, ["wire", "blog"], tmp_path).read_bytes()


def test_wrong_texts_are_refused(practice, tmp_path):
    with pytest.raises(ParameterError, match="Name some of the texts of 'practice', and not all"):
        delta.write(practice, [], tmp_path)
    with pytest.raises(ParameterError, match="not all of them"):
        delta.write(practice, list(practice.manifest["doc_id"]), tmp_path)
    with pytest.raises(CaseError, match="Did you mean 'wire'"):
        delta.write(practice, ["wir"], tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_page_writes_names_and_numbers_as_people_do(practice, tmp_path):
    page = delta.write(practice, ["blog", "wire"], tmp_path).read_text(encoding="utf-8")
    words = BeautifulSoup(page, "html.parser").get_text(" ")
    assert "2.5 billion crowns" in words and "e+09" not in words and "pairs of accounts" in words
    assert not re.search(r"\d{4}-\d\d", words), "days are written in words"
    codes = [*practice.manifest["doc_id"], *load_codebook(practice.raw / "codebook").actors["actor_id"],
             "not_happened", "LAYUP", "LISTING"]
    cells = {cell.get_text(strip=True) for cell in BeautifulSoup(page, "html.parser").select("td")}
    assert not cells & set(codes)
