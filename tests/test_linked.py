"""Linking of a large case block by block: the same events and claims as in one process, from any cut of the case."""
import random
import shutil

import pandas as pd
import pytest

from helpers import parquet, pipeline, tables
from helpers.case import open_case
from helpers.compare import linking, matters
from helpers.compare.naming import SUREST
from helpers.scale import linked

pytest.importorskip("pyarrow")
SIDES = ["XPE", "XHA", "XPE.court", "XCA", "XPE+XCA", "XHA.min+XCA", "", None]
STEPS = ["imposed", "lifted", "talks", "offer", "deny", None]


def told(seed, texts=120):
    """Random mentions of texts in chunks of ten: a list of frames by table for each chunk."""
    draw, chunks = random.Random(seed), []
    for first in range(0, texts, 10):
        rows, times, quotes = [], [], []
        docs = [f"t{n:04}" for n in range(first, first + 10)]
        for doc in docs:
            for n in range(draw.randrange(8)):
                start = pd.Timestamp("2019-01-01") + pd.Timedelta(draw.randrange(700), "D")
                end = start + pd.Timedelta(draw.choice([0, 0, 0, 6, 29, 364, 8000]), "D")
                dated, said = draw.random() < .8, draw.random() < .5
                times.append((f"{doc}/t{n}", str(start.date()), str(end.date()), "day" if start == end else "interval"))
                quotes.append((f"{doc}/q{n}", draw.choice(["a minister", None])))
                rows.append({
                    "event_mention_id": f"{doc}/e{n}", "sentence_id": f"{doc}/s{n // 2}", "doc_id": doc,
                    "trigger_start": 10 * n, "trigger_end": 10 * n + 5, "actor_id": draw.choice(SIDES),
                    "target_id": draw.choice(SIDES), "type": "SANCTION", "item": draw.choice(["ferry", "radar", None]),
                    "track": "sanctions", "stage": draw.choice(STEPS), "status": draw.choice(["happened"] * 9 + SUREST),
                    "quote_id": f"{doc}/q{n}" if said else None, "time_id": f"{doc}/t{n}" if dated else None,
                    "rule": "r"})
        chunks.append({
            "event_mentions": tables.conform(pd.DataFrame(rows), "event_mentions"),
            "times": pd.DataFrame(times, columns=["time_id", "earliest", "latest", "granularity"]).assign(
                basis="explicit").astype("string"),
            "quotes": pd.DataFrame(quotes, columns=["quote_id", "speaker"]).astype("string"),
            "documents": pd.DataFrame({"doc_id": docs, "published_latest": [
                draw.choice(["2021-01-01", "2022-05-01", None]) for _ in docs]}).astype("string")})
    return chunks


@pytest.fixture
def case(project, tmp_path):
    raw = tmp_path / "data" / "raw" / "practice"
    raw.mkdir(parents=True)
    shutil.copytree(project / "data" / "raw" / "practice" / "codebook", raw / "codebook")
    shutil.copy(project / "data" / "raw" / "practice" / "documents.csv", raw)
    (raw / "reference.csv").write_text(
        "event_id,label,kind,actor,date_lo,date_hi,precision\n"
        "R1,The first sanctions,imposed,Pelmora,2019-03-01,2019-12-31,interval\n"
        "R2,Sanctions once more,imposed,Haldravia,2020-02-01,2020-06-29,interval\n", encoding="utf-8")
    return open_case("practice", tmp_path / "data")


@pytest.mark.parametrize(("seed", "block"), [(1, 40), (2, 10_000)])
def test_block_by_block_gives_the_same_events_and_claims(seed, block, case, tmp_path, monkeypatch):
    chunks = told(seed)
    whole = {name: pd.concat([c[name] for c in chunks], ignore_index=True) for name in chunks[0]}
    expected = pipeline.link_events(case, whole)
    assert expected["events"]["status"].eq("denied").any() and expected["events"]["record_id"].notna().any()
    parts = [tmp_path / f"part{n:03}" for n in range(len(chunks))]
    for part, frames in zip(parts, chunks):
        part.mkdir()
        for name, frame in frames.items():
            parquet.write(part / f"{name}.parquet", frame)
    held, link = [], linking.link
    monkeypatch.setattr(linked, "BLOCK", block)
    monkeypatch.setattr(linking, "link", lambda rows, **more: held.append(rows) or link(rows, **more))
    (tmp_path / "all").mkdir()
    files = linked.link_parts(case, None, parts, tmp_path / "all")
    for name, rows in expected.items():
        found = parquet.read(files[name], tables.TABLES[name], tables.TABLES[name].names, {})
        pd.testing.assert_frame_equal(tables.conform(found, name), rows)
    assert sorted(p.name for p in (tmp_path / "all").iterdir()) == sorted(p.name for ps in files.values() for p in ps)
    steps = [rows.fillna({"stage": ""}).groupby(["event_key", "stage"]).size() for rows in held]
    assert not pd.concat(steps).index.has_duplicates        # no step of a matter is in two blocks
    assert all(n.sum() - n.max() < block for n in steps) and (len(held) > 3 or block > len(whole["event_mentions"]))


def test_reviewed_mentions_keep_what_ties_them_to_the_record_where_no_coder_did(case):
    chunks = told(1)
    machine = {name: pd.concat([c[name] for c in chunks], ignore_index=True) for name in chunks[0]}
    by_rule = pipeline.ready_to_link(case, machine).dropna(subset="record_id")
    row = by_rule.iloc[0]
    key = f"{row['doc_id']}:{row['trigger_start']}-{row['trigger_end']}"
    (case.raw / "review").mkdir()
    (case.raw / "review" / "coders.csv").write_text("coder_id,kind,when,had_read\nanna,person,2031-01-01,all\n")
    (case.raw / "review" / "decisions.csv").write_text(
        "table,key,decision,field,machine_value,decided_value,coder_id,date,note\n"
        f"event_mentions,{key},accept,,,,anna,2031-01-02,\n")
    made = pipeline.adjudicate(case, machine["documents"], tables.empty("sentences"), machine)
    kept = made["adjudicated_event_mentions"].set_index("event_mention_id")["record_id"].dropna()
    assert kept.to_dict() == by_rule.set_index("event_mention_id")["record_id"].to_dict()


def test_no_mention_at_all_gives_empty_tables(case, tmp_path):
    part = tmp_path / "part"
    part.mkdir()
    for name in ("event_mentions", "times", "quotes", "documents"):
        parquet.write(part / f"{name}.parquet", tables.empty(name))
    (tmp_path / "all").mkdir()
    files = linked.link_parts(case, None, [part], tmp_path / "all")
    assert files == {"event_mentions": [], "events": [], "claims": []}


def test_counts_of_two_sets_of_texts_give_the_matters_of_both():
    chunks = [c["event_mentions"] for c in told(4, 60)]
    whole = pd.concat(chunks, ignore_index=True)
    added = matters.resolve(pd.concat([matters.tally(c) for c in chunks]))
    pd.testing.assert_frame_equal(added, matters.resolve(matters.tally(whole)))
    apart = pd.concat([matters.key_machine(c, added) for c in chunks], ignore_index=True)
    pd.testing.assert_frame_equal(apart, matters.key_machine(whole))


def test_denials_are_looked_up_not_compared_one_by_one():
    days = [("2020-01-01", "2020-01-31"), ("2020-02-01", "2020-02-02"), ("2021-01-01", "2021-06-01")]
    draw = random.Random(5)
    rows = pd.DataFrame([{"event_key": "a-b", "stage": "deny", "status": "happened", "earliest": a, "latest": b}
                         for a, b in draw.sample(days, 3) * 50])
    assert linking.denied(rows, undated=False) == {"a-b": days}
    for low, high, against in [("2020-01-31", "2020-01-31", True), ("2020-02-03", "2020-12-31", False),
                               ("2019-01-01", "2019-12-31", False), ("2020-12-01", "2021-01-01", True)]:
        event = pd.DataFrame({"event_id": ["e"], "event_key": "a-b", "stage": "talks", "status": "happened",
                              "earliest": low, "latest": high})
        none = pd.DataFrame({"event_id": ["e"], "status": ["happened"], "speaker": ["x"]})
        found = linking._contested(event, none, {"a-b": days}, event[:0])["status"].iloc[0]
        assert found == ("denied" if against else "happened")
