"""The charts of moves, accounts and agreement: their rows, their findings, and nothing over anything."""

import random
from functools import partial

import figures
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from test_charts import ACTORS, DOCUMENTS, WORDS, faults, said

from helpers.charts import accounts, agreement, chronology, layout, moves, sources, style

ways_out, stages, lags = (partial(f, coder="rule") for f in (chronology.ways_out, chronology.stages, chronology.lags))
claims, voices = (partial(f, coder="rule") for f in (accounts.claims, accounts.voices))

STEPS = ["threatened", "proposed", "imposed", "eased", "lifted"]


def some_day(draw: random.Random, known: float = 0.8) -> tuple[str | None, str | None]:
    if draw.random() > known:
        return None, None
    day = pd.Timestamp("2012-01-01") + pd.Timedelta(days=draw.randrange(3000))
    return str(day.date()), str((day + pd.Timedelta(days=draw.choice([0, 0, 30]))).date())


def offers(n: int, seed: int = 12) -> pd.DataFrame:
    draw, rows = random.Random(seed), []
    for _ in range(n):
        answer = draw.choice(list(moves.ANSWERS))
        back = some_day(draw) if answer not in ("silence", "open") else (None, None)
        rows.append((" ".join(draw.choices(WORDS, k=6)), draw.choice(["NOR", "KES"]), "TAV", *some_day(draw), answer,
                     "TAV" if back[0] else None, *back, " ".join(draw.choices(WORDS, k=8)),
                     draw.choice(list(style.FILLS))))  # fmt: skip
    columns = "label offered_by offered_to earliest latest answer answered_by answer_earliest answer_latest fate fill"
    return pd.DataFrame(rows, columns=columns.split())


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("n", [1, 12])
def test_every_way_out_has_its_row_and_its_answer(n, narrow):
    rows = offers(n)
    chart = ways_out(rows, actors=ACTORS, days=90, narrow=narrow)
    assert faults(chart) == {} and len(chart.data) == n
    tally = rows["answer"].value_counts()
    if n > 1:
        assert f"{tally['accepted']} of the {n} ways out offered" in chart.title
        dated = rows["earliest"].notna() | rows["latest"].notna()
        for answer, words in {"refused": "refused", "silence": "not answered within 90 days"}.items():
            assert f"{tally[answer]} {words}" in chart.title
        for when, words in ((dated, "still open"), (~dated, "without a date")):
            many = (rows["answer"].eq("open") & when).sum()
            assert (f"{many} {words}" in chart.title) == bool(many)
    wide = rows[["earliest", "answer_earliest"]].ne(rows[["latest", "answer_latest"]].to_numpy()).any(axis=1)
    for days, off in chart.data.assign(off=wide)[["days", "off"]].dropna().itertuples(index=False):
        assert (f"after {days:,} ± " if off else f"after {days:,} day") in said(chart)
    assert len(chart.places) == rows[["earliest", "latest"]].notna().any(axis=1).sum()


def test_silence_ends_with_its_window_and_what_is_open_goes_on():
    row = offers(1).assign(answer="silence", earliest="2020-01-01", latest="2020-01-01", answered_by=None,
                           answer_earliest=None, answer_latest=None)  # fmt: skip
    later = row.assign(answer="open", earliest="2021-01-01", latest="2021-01-01")
    chart = ways_out(pd.concat([row, later]), actors=ACTORS, days=90)
    silent, still = (p.width for p in chart.places)
    year = chart.places[1].x - chart.places[0].x  # a leap year of 366 days
    assert abs(silent - 0.16 - year * 90 / 366) < 0.02 and still > 0.16
    assert chart.title == "None of the 2 ways out offered was accepted: 1 not answered within 90 days, 1 still open"
    assert ways_out(later, actors=ACTORS).title == "The one way out offered is still open"
    assert "open: the window is not over" in said(chart)


def test_an_offer_without_a_date_is_not_said_to_be_open():
    never = offers(1).assign(answer="open", earliest=None, latest=None, answered_by=None, answer_earliest=None,
                             answer_latest=None)  # fmt: skip
    chart = ways_out(never, actors=ACTORS, days=90)
    assert chart.title == "The one way out offered has no date" and "open" not in said(chart)


def test_a_late_answer_and_a_contested_one_are_told_as_such():
    rows = offers(3).assign(answer=["accepted", "contested", "refused"], offered_by="NOR", offered_to="KES",
                            answered_by="KES", earliest="2020-01-01", latest="2020-01-01",
                            answer_earliest=["2021-01-01", "2020-01-10", "2020-01-20"], late=[True, False, False])
    rows = rows.assign(answer_latest=rows["answer_earliest"])
    chart = ways_out(rows, actors=ACTORS, days=90, supposed=2)
    assert faults(chart) == {}
    assert chart.title == ("None of the 3 ways out offered was accepted within 90 days: 1 refused, 1 with an answer "
                           "that is contested, 1 accepted later")
    silent = rows.assign(answer=["accepted", "silence", "refused"])
    assert ways_out(silent, actors=ACTORS, days=90).title.endswith("1 refused, 1 accepted later, 1 not answered")
    assert "accepted late after 366 days" in chart.alt and "contested after 9 days" in chart.alt
    assert "2 more are only rumours or suppositions and not drawn" in said(chart)
    assert "rumour" not in said(ways_out(rows, actors=ACTORS, days=90))
    assert ways_out(rows[1:2], actors=ACTORS).title == "The one way out offered has an answer that is contested"
    assert ways_out(rows[:1], actors=ACTORS).title == "The one way out offered was accepted later"


def test_an_answer_whose_day_is_not_told_needs_no_key():
    row = offers(1).assign(answer="contested", earliest="2020-01-01", latest="2020-01-01", fate="",
                           answer_earliest="2020-02-01", answer_latest="2020-02-01")  # fmt: skip
    key = "another account denies the answer"
    assert key in said(ways_out(row, actors=ACTORS))
    assert key not in said(ways_out(row.assign(answer_earliest=None, answer_latest=None), actors=ACTORS))


def test_days_run_from_offer_to_answer():
    row = offers(1).assign(answer="refused", answered_by="KES", earliest="2020-01-01", latest="2020-01-01",
                           answer_earliest="2020-03-01", answer_latest="2020-03-01")  # fmt: skip
    chart = ways_out(row, actors=ACTORS)
    assert chart.data["days"].tolist() == [60] and "after 60 days" in said(chart)
    assert chart.title == "The one way out offered was refused"
    half = row.assign(earliest=None, latest="2020-02-01")  # a date with one end counts as that day
    assert ways_out(half, actors=ACTORS).data["days"].tolist() == [29]
    assert ways_out(row[:0]).title == "No way out was offered in these texts or on the record"
    with pytest.raises(ValueError, match="'ignored'"):
        ways_out(row.assign(answer="ignored"))


def pairs(rows) -> pd.DataFrame:
    columns = ["from_label", "from_earliest", "from_latest", "to_label", "to_earliest", "to_latest", "actor_id"]
    return pd.DataFrame(rows, columns=columns)


@pytest.mark.parametrize("narrow", [False, True])
def test_lags_are_counted_and_open_ones_stay_open(narrow):
    rows = pairs([("the law", "2020-01-01", "2020-01-01", "the first case", "2020-02-01", "2020-02-01", "NOR"),
                  ("the delivery", "2020-01-01", "2020-01-31", "the removal", "2021-01-01", "2021-01-01", "KES"),
                  ("the promise", "2020-06-01", "2020-06-01", "the deed", None, None, None)])  # fmt: skip
    chart = lags(rows, actors=ACTORS, rule="Each step and the next.", narrow=narrow)
    assert faults(chart) == {}
    assert chart.data["days"].tolist()[:2] == [31, 351] and pd.isna(chart.data["days"].iloc[2])
    assert chart.data["slack"].tolist()[:2] == [0, 15]
    fast, slow = "“the first case” came 31 days after “the law”", "“the removal” 351 days after “the delivery”"
    assert chart.title == f"{fast}, {slow}; 1 still open"
    for words in ("still open", "351 ± 15 days", "not show that one caused"):
        assert words in said(chart)
    assert "ring" not in said(chart) and "nobody yet" in chart.alt
    assert lags(rows[2:], actors=ACTORS).title == "The second step has not come"
    assert lags(rows[:0]).title == "No pair of steps fits the rule"


def ruled(*rows) -> pd.DataFrame:
    """Rows of (from, day, from_item, rule, to, day, to_item), as :func:`helpers.compare.moves.lag_pairs` gives them."""
    columns = ["from_id", "from_earliest", "from_item", "rule", "to_id", "to_earliest", "to_item"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(from_label=frame["from_id"], to_label=frame["to_id"].fillna("nothing"), from_actor_id="TAV",
                        from_latest=frame["from_earliest"], to_latest=frame["to_earliest"], fill="happened",
                        actor_id=frame["to_id"].notna().map({True: "NOR", False: pd.NA}), from_by_record=False,
                        to_by_record=False).convert_dtypes()


def test_lags_find_says_who_did_what_how_many_days_after_what():
    first = ("ship", "2020-01-01", "boats", "delivered → imposed", "ban", "2020-01-06", "radar")
    then = ("ship", "2020-01-01", "boats", "delivered → imposed", "list", "2021-06-05", "Act")
    kept = ("ban", "2020-01-06", "radar", "imposed → lifted", None, None, None)
    still = ("list", "2021-06-05", "Act", "imposed → lifted", None, None, None)
    law = ("act", "2019-01-01", "Act", "legislated → imposed", "list", "2021-06-05", "Act")

    def title(*rows):
        return lags(ruled(*rows), actors=ACTORS).title
    both = "Norvia took measures 5 days (radar) and 521 days (Act) after the first delivery (boats)"
    assert title(law, first, then, kept, still) == f"{both}; neither is reported lifted"
    assert title(law, first, then, kept) == f"{both}; 1 still open"
    assert title(first, kept) == ("Norvia took a measure (radar) 5 days after the first delivery (boats); "
                                  "it is not reported lifted")
    assert title(law) == "Norvia took a measure 886 days after the law (Act)"
    sooner = ("gift", "2019-06-01", "boats", "delivered → imposed", None, None, None)
    assert title(sooner, first) == "Norvia took a measure (radar) 5 days after the delivery (boats); 1 still open"
    bare = ("ship", "2020-01-01", pd.NA, "delivered → imposed", "ban", "2020-01-06", pd.NA)
    assert title(bare) == "Norvia took a measure 5 days after the delivery"


def test_lags_ring_the_records_days_and_draw_a_claim_as_one():
    rows = ruled(("ship", "2020-01-01", "boats", "delivered → imposed", "ban", "2020-01-06", "radar"),
                 ("deal", "2020-01-01", "boats", "contract → delivered", None, None, None))
    plain_ = lags(rows, actors=ACTORS)
    assert "dated by the record" not in said(plain_) and "claimed" not in said(plain_)
    chart = lags(rows.assign(fill=["happened", "claimed"], from_by_record=[True, False]), actors=ACTORS)
    assert faults(chart) == {}
    assert "dated by the record" in said(chart) and "only claimed" in said(chart)

    def rings(drawn):
        return sum(m.get_markerfacecolor() == "none" and m.get_marker() == "o" for m in drawn.fig.axes[0].lines)
    assert (rings(plain_), rings(chart)) == (0, 2)      # the mark, and its key
    # two marks that would hide each other stand one above the other, each in its side's colour
    close = lags(rows[:1], actors=ACTORS, until="2024-01-01").fig.axes[0].lines
    known = {m.get_markeredgecolor(): m.get_ydata()[0] for m in close if m.get_marker() == "o"}
    colour = style.actor_colours(ACTORS, ["NOR", "TAV"])["colour"]
    assert abs(known[colour["NOR"]] - known[colour["TAV"]]) >= moves.NEAR - 1e-9


def steps(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["sender_id", "target_id", "stage", "earliest", "fill"])
    return frame.assign(latest=frame["earliest"], label="a step")


@pytest.mark.parametrize("narrow", [False, True])
def test_steps_of_sanctions_are_named_where_the_line_moves(narrow):
    order = ["threatened", "imposed", "imposed", "eased", "imposed", "lifted"]
    rows = steps([("NOR", "KES", s, f"20{12 + i}-0{1 + i}-01", "happened") for i, s in enumerate(order)])
    rows = rows.assign(label=[f"step {i} of a longer name than fits" for i in range(6)], source="texts", on_line=True)
    chart = stages(rows, order=STEPS, actors=ACTORS, narrow=narrow)
    assert faults(chart) == {} and "step 5 of" in said(chart)
    crowd = pd.concat([rows.assign(earliest=f"2019-0{m}-11", latest=f"2019-0{m}-11") for m in range(1, 9)])
    assert faults(stages(crowd, order=STEPS, actors=ACTORS, narrow=narrow)) == {}


@pytest.mark.parametrize("narrow", [False, True])
def test_threats_stay_off_the_line_of_sanctions(narrow):
    rows = steps(
        [
            ("NOR", "KES", "threatened", "2019-01-01", "announced"),
            ("NOR", "KES", "imposed", "2020-01-01", "happened"),
            ("NOR", "KES", "lifted", "2022-01-01", "happened"),
            ("TAV", "KES", "threatened", "2019-01-01", "announced"),
            ("TAV", "KES", "imposed", None, "happened"),
        ]
    )
    chart = stages(rows, order=STEPS, actors=ACTORS, narrow=narrow)
    assert faults(chart) == {}
    counted = "Norvia → Kestria, counted by measure: 1 imposed"
    assert chart.title == f"{counted}, 1 lifted; 1 of 2 pairs went beyond words"
    assert stages(rows[:2], order=STEPS, actors=ACTORS).title == f"{counted}, none lifted"
    assert chart.data["on_line"].sum() == 2 and len(chart.data) == 4
    assert "1 step without a date is not drawn" in said(chart)


def test_the_title_counts_a_measure_once_and_another_quarrels_is_not_drawn():
    rows = steps([("NOR", "KES", "imposed", f"2020-0{m}-01", "happened") for m in (1, 2, 3, 4)])
    rows = rows.assign(measure=["a", "a", "b", "c"], background=[False, False, False, True],
                       label=["first notice", "second notice", "a ban", "over fish"])  # fmt: skip
    chart = stages(rows, order=STEPS, actors=ACTORS)
    assert chart.title == "Norvia → Kestria, counted by measure: 2 imposed, none lifted"
    assert len(chart.data) == 3 and "over fish" not in said(chart)
    assert chart.data["notice"].tolist() == [False, True, False] and "a further notice" in said(chart)
    dots = {m.get_xdata()[0] for m in chart.fig.axes[0].lines if m.get_marker() == "o"}
    assert [any(abs(x - p.x - p.width / 2) < 0.01 for x in dots) for p in chart.places] == [True, False, True]
    claimed = stages(rows.assign(fill=["claimed", "happened", "happened", "happened"]), order=STEPS, actors=ACTORS)
    assert not claimed.data["notice"].any() and "a further notice" not in said(claimed)
    assert "Counted once" in said(chart) and "1 step of other quarrels between them is left out" in said(chart)
    plainly = said(stages(rows[["sender_id", "target_id", "stage", "earliest", "latest", "fill", "label"]][:2],
                          order=STEPS, actors=ACTORS))  # fmt: skip
    assert "2 imposed" in plainly and "Counted once" not in plainly and "left out" not in plainly


def test_steps_of_one_row_that_would_hide_each_other_stand_above_and_below_it():
    days = ("2019-01-01", "2019-01-03", "2020-06-01", "2022-01-01")
    chart = stages(steps([("NOR", "KES", "threatened", day, "announced") for day in days]), order=STEPS, actors=ACTORS)
    y = [p.y + p.height / 2 for p in chart.places]
    assert np.allclose(np.array(y) - y[2], [-0.05, 0.05, 0, 0]) and faults(chart) == {}


def test_stages_of_words_only_of_nothing_and_of_an_unknown_kind():
    words = steps([("NOR", "KES", "threatened", "2019-01-01", "announced")])
    assert stages(words, order=STEPS, actors=ACTORS).title == "No sanction went beyond words"
    assert stages(words[:0], order=STEPS).title == "No step of sanctions can be placed in time"
    with pytest.raises(ValueError, match="'threatened' has no level"):
        stages(words, order=["imposed"])


CLAIMS = pd.DataFrame(
    [("c1", "The boats were paid for", "a", "asserts"), ("c1", "The boats were paid for", "b", "denies"),
     ("c2", "The radar is on", "b", "attributes")],
    columns=["claim_id", "label", "doc_id", "stance"],
).assign(announced_by="the yard", denied_by="the port", borne_out="", both=False, why=["between", "between", "voice"],
         disagreement=["c1", "c1", "c2"])  # fmt: skip


@pytest.mark.parametrize("narrow", [False, True])
def test_claims_have_a_cell_for_every_text(narrow):
    chart = claims(CLAIMS, DOCUMENTS, narrow=narrow)
    assert faults(chart) == {}
    first, second = DOCUMENTS["short_name"].iloc[:2]
    assert chart.title == f"“The boats were paid for”: told by {first}; denied by {second}; 1 more disagreement"
    assert "Told by one text, denied by another" in said(chart)
    assert len(chart.places) == len(CLAIMS)
    cells = chart.data.pivot(index="claim_id", columns="doc_id", values="stance")
    assert cells.loc["c1"].tolist() == ["asserts", "denies", "silent"]
    assert cells.loc["c2"].tolist() == ["silent", "attributes", "silent"]
    assert "announced by: the yard; denied by: the port" in chart.alt
    asserted = CLAIMS[2:].assign(stance="asserts", doc_id="a")
    voiced = pd.concat([asserted, CLAIMS[2:]])
    assert claims(voiced, DOCUMENTS).title == f"“The radar is on”: asserted by {first}; only attributed by {second}"
    sides = CLAIMS.assign(stance="attributes", why="sides", disagreement="step")
    assert claims(sides, DOCUMENTS).title == (
        f"One step, put down to different sides: “The boats were paid for”, by {first} and {second}; “The radar is "
        f"on”, by {second}")
    assert "has a row for each side" in said(claims(sides, DOCUMENTS))
    twin = accounts.twin(chart)
    assert "announced by: the yard" in twin and "denied by: the port" in twin
    born = "open; the record lists it as claimed, disputed by the yard; a port official named nowhere else (R203102)"
    assert "…" not in said(claims(CLAIMS.assign(borne_out=born), DOCUMENTS, narrow=narrow))
    assert claims(CLAIMS[:0], DOCUMENTS).title == "Accounts differ on no claim of these texts"
    with pytest.raises(ValueError, match="'doubts'"):
        claims(CLAIMS.assign(stance="doubts"), DOCUMENTS)


@pytest.mark.parametrize("narrow", [False, True])
def test_a_text_that_tells_and_denies_has_two_marks_and_both_are_said(narrow):
    rows = CLAIMS.assign(both=[True, True, False], why=["within", "within", "voice"])
    chart = claims(rows, DOCUMENTS, narrow=narrow)
    assert faults(chart) == {} and len(chart.places) == len(rows)
    plain_ = claims(CLAIMS, DOCUMENTS, narrow=narrow)
    assert chart.places[0].width > plain_.places[0].width
    cells = chart.data.pivot(index="claim_id", columns="doc_id", values="stance").loc["c1"]
    assert cells.tolist() == ["asserts and denies", "attributes and denies", "silent"]
    first, second = DOCUMENTS["short_name"].iloc[:2]
    assert f"{first} asserts and denies, {second} attributes and denies" in chart.alt
    assert f"asserts and denies: {first}" in accounts.twin(chart)
    assert "asserts, and denies or reports a denial" in said(chart)
    assert "reports a denial" not in said(plain_), "no entry for what is not drawn"
    assert chart.title == f"“The boats were paid for”: told and denied within {first} and {second}; 1 more disagreement"


def covered(n: int, seed: int = 9) -> pd.DataFrame:
    draw, rows = random.Random(seed), []
    for i in range(n):
        day, track = some_day(draw, 1)[0], draw.choice(["sanctions", "negotiation", "military"])
        rows += [(f"r{i}", "a label", day, track, doc, draw.choice(list(accounts.STATES))) for doc in "abc"]
    return pd.DataFrame(rows, columns=["event_id", "label", "date", "track", "doc_id", "state"])


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("n", [1, 40, 400])
def test_coverage_leaves_out_what_could_not_be_known(n, narrow):
    rows = covered(n)
    chart = accounts.coverage(rows, DOCUMENTS, narrow=narrow)
    assert faults(chart) == {} and len(chart.data) == 3 * n
    mine = rows[rows["doc_id"] == "a"]
    told, known = mine["state"].isin(["told", "told_otherwise"]).sum(), mine["state"].isin(accounts.KNOWABLE).sum()
    assert f"told {told} of {known}" in said(chart)
    words = said(chart)
    together = rows.loc[rows["state"].isin(["told", "told_otherwise"]), "event_id"].nunique()
    knowable = rows.loc[rows["state"].isin(accounts.KNOWABLE), "event_id"].nunique()
    assert f"told {together} of {knowable}" in words and "These texts together" in words
    assert len(chart.places) == n and all(rows["label"].iloc[0] in p.said for p in chart.places)
    assert all(p.width > 0 and p.height > 0.5 for p in chart.places)
    for name in ("sanctions", "negotiation", "military"):
        assert name in words or not (rows["track"] == name).any()


def test_coverage_titles():
    rows = covered(30)
    told = rows[rows["state"].isin(["told", "told_otherwise"])]
    by, most = told.groupby("event_id")["doc_id"].nunique(), told["doc_id"].value_counts()
    title = accounts.coverage(rows, DOCUMENTS).title
    names = DOCUMENTS["short_name"].fillna(DOCUMENTS["doc_id"])
    best = dict(zip(DOCUMENTS["doc_id"], names, strict=True))[most.index[0]]
    knowable = (rows["doc_id"].eq(most.index[0]) & rows["state"].isin(accounts.KNOWABLE)).sum()
    assert most.iloc[0] > most.iloc[1] and title == (
        f"The fullest account, {best}, tells of {most.iloc[0]} of the {knowable} listed events that it could know; "
        f"{by.eq(1).sum()} of the {len(by)} told are told by one text alone")
    even = rows.assign(state=["told"] * len(rows))
    assert accounts.coverage(even, DOCUMENTS).title == (
        f"The fullest accounts, {names[0]}, {names[1]} and {names[2]}, tell of 30 listed events each; none is told by "
        "one text alone")
    nothing = accounts.coverage(rows.assign(state="left_out"), DOCUMENTS)
    assert nothing.title == "These texts tell of none of the 30 listed events"
    assert accounts.coverage(rows[:0], DOCUMENTS).title == "No public record is listed for this case"
    with pytest.raises(ValueError, match="'half'"):
        accounts.coverage(rows.assign(state="half"), DOCUMENTS)


@pytest.mark.parametrize("narrow", [False, True])
def test_voices_are_counted_by_bloc(narrow):
    counts = [("a", "Norvia", 5), ("a", "other", 2), ("b", "Norvia", 3), ("b", "Kestria", 1), ("c", "Kestria", 0)]
    rows = pd.DataFrame(counts, columns=["doc_id", "bloc", "n"])
    chart = voices(rows, DOCUMENTS, colours_of={"Norvia": "#0072B2"}, narrow=narrow)
    assert faults(chart) == {} and len(chart.data) == 4
    assert chart.title == "Speakers of Norvia are quoted 8 times, of Kestria once, of 11 quotations"
    nobody = voices(rows[rows["bloc"] == "Norvia"].assign(bloc="not placed"), DOCUMENTS)
    assert nobody.title == "Not one of the 8 quotations is from a speaker of a known bloc"
    assert np.allclose(chart.data.groupby("doc_id")["share"].sum(), 1, atol=1e-3)
    assert voices(rows[:0], DOCUMENTS).title == "No quotation was coded in these texts"
    roles = rows.assign(role="official")
    roles.loc[rows["bloc"] == "Norvia", "role"] = "medium"
    apart = voices(roles, DOCUMENTS, colours_of={"Norvia": "#0072B2"}, narrow=narrow)
    assert faults(apart) == {}
    assert apart.title == (
        "Officials and bodies of Kestria are quoted once; 8 of 11 quotations are from media, experts and others")
    assert "media of Norvia 5" in apart.alt and "media of Norvia: 5" in accounts.twin(apart)
    even = voices(roles.assign(role="official", n=2)[2:4], DOCUMENTS)
    assert even.title == "Officials and bodies of Kestria and of Norvia are quoted twice each, of 4 quotations"
    assert "Only officials and bodies speak for a state" in said(apart)
    abroad = voices(roles.assign(bloc=roles["bloc"].replace("Norvia", "United States")), DOCUMENTS)
    assert any("5 quotations from media of the United States" in p.said for p in abroad.places), "with the article"


def test_each_part_of_a_bar_of_voices_is_named_and_no_key_looks_like_another(monkeypatch):
    counts = [("a", "Norvia", "official", 29), ("a", "not placed", "other", 1), ("b", "Norvia", "official", 1),
              ("b", "Kestria", "other", 2), ("b", "several together", "official", 1), ("b", "Kestria", "official", 1)]
    rows, groups = pd.DataFrame(counts, columns=["doc_id", "bloc", "role", "n"]), {}
    monkeypatch.setattr(accounts, "page", lambda title, subtitle, body, keys, *rest: (
        groups.update(keys), layout.page(title, subtitle, body, keys, *rest))[1])
    chart = voices(rows, DOCUMENTS, colours_of={"Norvia": "#0072B2", "not placed": "#a6a6a6"})
    texts = figures.text_boxes(chart.fig).set_index("text")
    names = ["Norvia", "N", "Kestria", "K", "+", "?"]      # where a name is too wide: initials, or a sign
    assert [int((texts.index == name).sum()) for name in names] == [1, 1, 1, 0, 1, 1]
    assert abs(texts.loc["Kestria", "x0"] - min(p.x for p in chart.places if "Kestria" in p.said)) < 0.02
    whose, who = groups.values()
    assert [k.words for k in whose] == ["Norvia (N)", "Kestria (K)", "several together (+)", "not placed (?)"]
    assert who[0].what == whose[0].what and who[1].what not in {k.what for k in whose}
    assert faults(chart) == {} and faults(voices(rows[1:2], DOCUMENTS)) == {}


def test_the_list_of_voices_stands_in_the_order_of_the_chart():
    rows = pd.DataFrame({"doc_id": ["a", "b", "c"], "bloc": "Norvia", "n": 1})
    listed = BeautifulSoup(accounts.twin(voices(rows, DOCUMENTS.iloc[::-1])), "html.parser")
    names = DOCUMENTS["short_name"].fillna(DOCUMENTS["doc_id"])
    assert [b.get_text() for b in listed.select("li b")] == names.tolist()[::-1]


@pytest.mark.parametrize("narrow", [False, True])
def test_alphas_stand_against_their_bounds(narrow):
    columns = ["variable", "coder_a", "coder_b", "called", "n", "positives", "percent", "alpha", "low", "high", "note"]
    rows = pd.DataFrame([("cost", "A", "B", "consistency", 90, 20, 0.9, 0.85, 0.7, 0.95, ""),
                         ("law", "A", "B", "consistency", 90, 20, 0.9, 0.70, 0.5, 0.85, ""),
                         ("threat", "A", "B", "consistency", 90, 20, 0.8, 0.3, -0.4, 0.5, ""),
                         ("blame", "A", "B", "consistency", 90, 2, 0.99, None, None, None, "too rare to say")],
                        columns=columns)  # fmt: skip
    chart = agreement.alphas(rows, narrow=narrow)
    assert faults(chart) == {}
    assert chart.title == "Coders A and B agree too little on threat (.30)"
    assert chart.data["reach"].tolist() == ["below", "tentative", "firm", "not said"]       # the lowest first
    assert agreement.alphas(rows[:2]).title == "Coders A and B agree enough on all 2 codes, least on law (.70)"
    rare = rows.assign(alpha=0.9, note=["", "", "", "too rare to say: 2 of 90"])
    assert agreement.alphas(rare).data["reach"].tolist() == ["firm"] * 3 + ["not said"]
    assert agreement.alphas(rows[3:]).title == "Too little was coded twice to speak of consistency"
    assert agreement.alphas(rows[:0]).title == "Nothing was coded twice"


def test_codes_stand_by_the_first_pairs_alpha_each_with_its_units():
    rows = pd.DataFrame([("cost", "B", 90, .7, .5, .8), ("cost", "rule", 19, 1, 1, 1), ("law", "B", 90, .3, -.5, .5),
                         ("law", "rule", 75, .9, .8, .95), ("threat", "rule", 1200, .1, 0, .2)],
                        columns=["variable", "coder_b", "n", "alpha", "low", "high"])  # fmt: skip
    rows = rows.assign(coder_a="A", called=rows["coder_b"].map({"B": "consistency", "rule": "comparison"}), note="")
    chart = agreement.alphas(rows)
    assert faults(chart) == {}
    assert chart.data["variable"].tolist() == ["law"] * 2 + ["cost"] * 2 + ["threat"]
    assert agreement.alphas(rows, first=("rule", "A")).data["variable"].tolist()[:1] == ["threat"]
    texts = figures.text_boxes(chart.fig).set_index("text")
    assert all(units in texts.index for units in ("units", "90", "19", "75", "1,200", "all 19 alike"))
    assert "A and B (consistency)" in texts.index and "A and rule (comparison)" in texts.index
    # the axis begins where the lowest mark or interval does, and says where one goes on
    assert ["-.2" in said(c) for c in (chart, agreement.alphas(rows[:2]))] == [True, False]
    arrows = [sum(len(line.get_xdata()) == 3 for line in agreement.alphas(part).fig.axes[0].lines)
              for part in (rows, rows[:2])]
    assert arrows == [1, 0]
    dots = {round(line.get_xdata()[0], 2) for line in chart.fig.axes[0].lines if line.get_gid() == "leader"}
    assert len(dots) == len({"-.2", "0", ".2", ".4", ".667", ".800", "1"}), "each has its line, whatever stands below"
    assert ".30, too little (-.50 to .50), 90 units" in agreement.twin(chart)


def test_what_the_agreement_module_returns_can_be_drawn():
    measure = pytest.importorskip("helpers.agreement")
    draw = random.Random(1)
    one = [draw.random() < 0.4 for _ in range(60)]
    two = [v if draw.random() < 0.9 else not v for v in one]
    found = measure.agree(pd.DataFrame({"A": one, "B": two}), "cost", kinds={"A": "model", "B": "model"}, draws=100)
    chart = agreement.alphas(found)
    assert faults(chart) == {} and "Consistency: two codings by models." in said(chart)
    people = pd.DataFrame({"anna": one, "ben": two, "cleo": one})
    found = measure.agree(people, "cost", kinds=dict.fromkeys(people, "person"), draws=100)
    chart = agreement.alphas(found.tail(1))
    assert faults(chart) == {} and "Agreement: people." in said(chart) and "alpha of coders on" in said(chart)
    assert chart.title.startswith("All 3 coders agree enough on ") and "all and" not in chart.alt + said(chart)
    assert "All 3" not in agreement.twin(chart) and "all 3: " in agreement.twin(chart)


def test_the_title_of_agreement_names_what_falls_short_and_the_chart_whom_the_machine_was_fitted_to():
    rows = pd.DataFrame([(v, a, b, "comparison", 90, 20, 0.9, alpha, None, None, "") for v, a, b, alpha in (
        ("cost", "A", "B", 0.6), ("law", "A", "B", 0.9), ("cost", "A", "machine", 0.9), ("law", "A", "machine", 0.9),
        ("cost", "B", "machine", 0.5), ("law", "B", "machine", 0.4))], columns=[
            "variable", "coder_a", "coder_b", "called", "n", "positives", "percent", "alpha", "low", "high", "note"])
    chart = agreement.alphas(rows, labels={"cost": "money"}, note="The machine was fitted to these texts.")
    assert chart.title == ("Coders A and B agree too little on money (.60); A and machine on none of 2, B and machine "
                           "on 2 of 2")
    assert "The machine was fitted to these texts." in said(chart)
    other = agreement.alphas(rows, first=("machine", "B")).title
    assert other.startswith("Coders B and machine agree too little on law (.40) and cost (.50);")
    many = pd.concat([rows[:1].assign(variable=f"v{n}", alpha=0.1 * min(n, 3)) for n in (1, 1, 2, 3, 4)])
    many["variable"] = list("abcde")
    assert agreement.alphas(many).title.endswith(" agree too little on 5 of 5 codes, least on a (.10) and b (.10)")
    listed = BeautifulSoup(agreement.twin(chart, labels={"cost": "<b>money"}, note="A note."), "html.parser")
    assert listed.p.get_text() == "A note."
    assert [li.b.get_text() for li in listed.find_all("li")] == ["<b>money", "law"]
    assert list(listed.li.small.stripped_strings)[::2] == [
        f"{who}: {alpha}, too little, 90 units" for who, alpha in (("A and B", ".60"), ("B and machine", ".50"))]


def test_a_chart_of_accounts_is_a_list_on_a_phone():
    attack = "<script>x()</script>"
    hurt = CLAIMS.assign(label=attack)
    listed = BeautifulSoup(accounts.twin(claims(hurt, DOCUMENTS)), "html.parser")
    assert listed.div["class"] == ["twin"] and listed.div.has_attr("hidden") and not listed.find("script")
    assert len(listed.select("li")) == hurt["claim_id"].nunique() and listed.li.b.get_text() == attack
    rows = covered(40)
    record = BeautifulSoup(accounts.twin(accounts.coverage(rows, DOCUMENTS)), "html.parser")
    told = rows[rows["doc_id"].eq("a") & rows["state"].isin(["told", "told_otherwise"])]
    assert record.li.get_text().count("a label") == len(told)
    left = (rows["doc_id"].eq("a") & rows["state"].eq("left_out")).sum()
    assert f"left out: {left}" in record.li.get_text()
    two = pd.DataFrame({"doc_id": "a", "headline_actor": ["NOR"], "headline_action": "sells", "headline_target": "KES",
                        "headline_certainty": "fact", "body_actor": "", "body_action": "may sell", "body_target": "",
                        "body_certainty": "possible", "difference": "certainty", "note": "surer than its body"})
    heads = sources.headlines(two, ACTORS, documents=DOCUMENTS.assign(title="T"), coder="rule")
    said_ = BeautifulSoup(accounts.twin(heads, ACTORS), "html.parser").li.small.get_text(" / ")
    assert said_.split(" / ") == ["headline, Norvia: sells → Kestria (fact)", "body, nobody named: may sell (possible)",
                                  "surer than its body"]


def test_a_text_whose_day_nobody_knows_leaves_nothing_out():
    rows = covered(40)
    rows.loc[rows["doc_id"] == "c", "state"] = ["told"] * 3 + ["no_day"] * 37
    chart = accounts.coverage(rows, DOCUMENTS)
    assert faults(chart) == {} and "told 3" in said(chart) and "told 3 of" not in said(chart)
    assert "not told; the text's day is not known" in said(chart) and "told 3, its day is not known" in chart.alt
