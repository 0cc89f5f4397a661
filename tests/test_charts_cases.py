"""Every figure of the notebooks on both cases, of both layers, for paper and a dark phone: nothing over anything."""

import functools

import figures
import pandas as pd
import pytest
from test_charts import faults

from helpers import compare, review
from helpers.case import open_case
from helpers.charts import accounts, agreement, chronology, disputes, framing, layout, reuse, sources, style
from helpers.codebook import load_codebook
from helpers.pages.findings import Desk

LOOKS = {"paper": {}, "dark phone": {"dark": True, "narrow": True}}


@functools.cache
def material(case: str, layer: str) -> dict:
    """What the notebooks make before they draw."""
    dispute = open_case(case)
    book, texts = load_codebook(dispute.raw / "codebook"), dispute.load("documents")
    events, mentions, _ = compare.events_of(dispute, layer, codebook=book)
    record, sentences = dispute.reference, dispute.load("sentences")
    steps = compare.moves.steps(events, mentions, record, actors=book.actors, aliases=book.aliases,
                                fills=book.statuses["fill"], ties=dispute.labels("record_ties"))  # fmt: skip
    claims = compare.accounts.claim_matrix(mentions, events)
    points = compare.points_of(dispute, mentions, sentences, texts, book)
    quotes, frames = (compare.rows_of(dispute, name, layer)[0] for name in ("quotes", "frames"))
    return {
        "book": book, "texts": texts, "events": events, "mentions": mentions, "record": record, "sentences": sentences,
        "steps": steps, "claims": claims, "frames": frames, "headlines": dispute.labels("headlines"),
        "disputed": compare.disputes.drawable(compare.disputes.statements(
            claims, mentions, record, actors=book.actors, aliases=book.aliases, ties=dispute.labels("record_ties"),
            documents=texts)),
        "contested": compare.moves.contested(claims, mentions, record),
        "covered": compare.accounts.coverage(record, mentions, texts, compare.contradictions.tells_otherwise(points)),
        "voices": compare.accounts.voices(quotes.assign(role=compare.roles(quotes, book, texts)),
                                            compare.accounts.blocs(book.actors)[0]),
        "runs": compare.rows_of(dispute, "reuse", "machine")[0],
    }  # fmt: skip


def drawn(case: str, layer: str, figure: str, **how) -> layout.Chart:
    """Draw one figure as its notebook does."""
    m = material(case, layer)
    book, steps, texts = m["book"], m["steps"], m["texts"]
    who = {"actors": book.actors, "coder": "rule" if layer == "machine" else "model", **how}
    coded = {"coder": who["coder"], **how}
    levels = compare.moves.stage_names(book.stages)
    pairs = compare.moves.lag_pairs(steps[steps["source"] != "record"])
    shades = compare.accounts.blocs(book.actors)[1]
    fills, rules = book.statuses["fill"].to_dict(), compare.moves.RULES
    return {
        "lanes": lambda: chronology.lanes(m["events"], m["record"], statuses=fills, **who, contested=set(
            m["claims"].loc[m["claims"]["contested"].astype(bool), "event_id"])),
        "ways out": lambda: chronology.ways_out(compare.moves.ways_out(steps, days=90), days=90, **who),
        "stages": lambda: chronology.stages(compare.moves.sanction_steps(steps, levels), order=levels, **who),
        "lags": lambda: chronology.lags(pairs, rule=rules["lags"], until=compare.moves.until(steps), **who),
        "claims": lambda: accounts.claims(compare.accounts.differing(m["claims"], m["contested"]), texts, **coded),
        "coverage": lambda: accounts.coverage(m["covered"], texts, tracks=book.tracks["label"].to_dict(), **how),
        "headlines": lambda: sources.headlines(m["headlines"], book.actors, documents=texts, **coded),
        "voices": lambda: accounts.voices(m["voices"], texts, colours_of=shades, **coded),
        "reuse": lambda: reuse.shared_runs(m["runs"], texts, m["sentences"], **how),
        "frames": lambda: framing.by_text(m["frames"], texts, m["sentences"], layer=layer, **coded),
        "disputes": lambda: disputes.over_time(m["disputed"], **who),
    }[figure]()


FIGURES = "lanes,ways out,stages,lags,claims,coverage,headlines,voices,reuse,frames,disputes".split(",")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("layer", ["adjudicated", "machine"])
@pytest.mark.parametrize("case", ["s400", "practice"])
def test_nothing_stands_over_anything(case, layer, figure, look):
    chart = drawn(case, layer, figure, **LOOKS[look])
    assert faults(chart) == {}
    assert chart.alt.startswith(chart.title) and len(chart.alt) > len(chart.title) + 20
    wide, high = chart.fig.get_size_inches()
    assert all(0 <= p.x and p.x + p.width <= wide + 0.01 and 0 <= p.y and p.y + p.height <= high for p in chart.places)
    ink = style.theme(look != "paper").ink
    assert ink in {text.get_color() for text in chart.fig.findobj(layout.Text)}


def test_every_mark_of_the_lanes_leads_to_an_event():
    for case in ("s400", "practice"):
        chart, events = drawn(case, "adjudicated", "lanes"), material(case, "adjudicated")["events"]
        assert sorted(p.row for p in chart.places if p.row) == sorted(events["event_id"])


def test_each_statement_that_is_drawn_leads_to_its_row():
    for case in ("s400", "practice"):
        chart, rows = drawn(case, "adjudicated", "disputes"), material(case, "adjudicated")["disputed"]
        dated = rows[rows["earliest"].notna()]
        assert sorted(p.row for p in chart.places) == sorted(dated["statement_id"]) and len(dated) >= 4
        assert dated["place"].ne("").all() and dated["statement_id"].is_unique
        above = int(dated["side"].eq("above").sum())
        assert f"spoke of it {'once' if above == 1 else f'{above} times'}" in chart.title


def test_what_is_contested_is_marked_on_the_findings_chronology_as_in_its_notebook():
    for case in ("s400", "practice"):
        claims = material(case, "adjudicated")["claims"]
        told = set(claims.loc[claims["contested"].astype(bool), "event_id"])
        marked = {p.row for p in drawn(case, "adjudicated", "lanes").places if chronology.CONTESTED in p.said}
        assert marked == told == Desk(open_case(case)).lanes["contested"] and len(told) > 1


def test_titles_of_the_cases_hold_their_numbers():
    m, chart = material("s400", "adjudicated"), drawn("s400", "adjudicated", "ways out")
    offers = compare.moves.ways_out(m["steps"], days=90)
    tally = offers["answer"].value_counts()
    assert f"of the {len(offers)} ways out" in chart.title and f"{tally['silence']} not answered" in chart.title
    covered = m["covered"]
    told = covered[covered["state"].isin(["told", "told_otherwise"])]
    title = drawn("s400", "adjudicated", "coverage").title
    assert f"of the {told['event_id'].nunique()} told" in title
    assert f"tells of {told['doc_id'].value_counts().max()} of the " in title


def test_a_case_without_a_record_draws_what_its_texts_tell():
    m = material("practice", "adjudicated")
    chart = chronology.lanes(m["events"], None, actors=m["book"].actors, coder="model")
    assert faults(chart) == {} and "No public record is listed" in " ".join(figures.text_boxes(chart.fig)["text"])
    steps = compare.moves.steps(m["events"], m["mentions"], None, actors=m["book"].actors,
                                fills=m["book"].statuses["fill"])  # fmt: skip
    assert faults(chronology.ways_out(compare.moves.ways_out(steps), days=90, coder="model")) == {}
    bare = compare.accounts.coverage(None, m["mentions"], m["texts"])
    assert accounts.coverage(bare.assign(date=pd.NA), m["texts"]).title == "No public record is listed for this case"


@pytest.mark.parametrize("look", LOOKS)
def test_agreement_of_a_case_is_drawn(look):
    dispute = open_case("practice")
    scores = review.score(dispute, what=["events", "quotes"], draws=20)[0]
    chart = agreement.alphas(scores[scores["coder_a"].ne("all")], **LOOKS[look])
    assert faults(chart) == {}
