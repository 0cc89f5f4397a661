"""Contested claims over time: what is one statement, where it stands, and how it is drawn. An invented dispute."""

import random

import figures
import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from matplotlib.lines import Line2D
from test_charts import WORDS, faults
from test_charts import said as words_of
from test_moves import ALIASES, mentions, record

from helpers.charts import disputes as drawing
from helpers.charts import layout, scale, style
from helpers.compare import accounts, disputes, link

ACTORS = pd.DataFrame({"actor_id": ["NOR", "KES", "TAV", "NOR.gazette"],
                       "name": ["Norvia", "Kestria", "Tavaria", "The Gazette"],
                       "kind": ["state", "state", "state", "medium"],
                       "colour": ["#0072B2", "#D55E00", "#007A5A", "#0072B2"]}, dtype="string")  # fmt: skip
PACT = ("a", "PACT", "contract", "happened", "NOR", "KES", "2031-05-04", "procurement", "Norvia")
DENIED = ("b", "PACT", "deny", "happened", "KES", "NOR", "2031-05-06", "procurement", "a Kestrian minister")
CONTENT = ("b", "PACT", "contract", "denied", "NOR", "KES", "2031-05-04", "procurement", "a Kestrian minister")


def said(*rows, listed=None, ties=(), published="2031-05-10", **columns):
    """Statements of what texts tell (rows of :func:`test_moves.mentions`) and the record lists."""
    told = mentions(*rows).assign(published_latest=published, **columns).convert_dtypes()
    events, linked = link(told, layer="adjudicated")
    tied = pd.DataFrame(ties, columns=["record_id", "tie", "to_id"], dtype="string") if ties else None
    return disputes.statements(accounts.claim_matrix(linked, events), linked, listed, actors=ACTORS, aliases=ALIASES,
                               ties=tied)  # fmt: skip


def claimed(day, actor="Norvia", kind="claim", status="claimed", name=None, other="Kestria"):
    return (name or f"R{day}{actor[0]}", day, "procurement", kind, status, actor, other)


# what is one statement ----------------------------------------------------------------------------------------------


def test_a_claim_and_its_denial_stand_on_two_sides_with_the_days_between():
    rows = said(PACT, DENIED, CONTENT)
    assert rows[["side", "stance", "fill", "actor_id"]].values.tolist() == [
        ["above", "claims", "claimed", "NOR"], ["below", "denies", "denied", "KES"]]
    # the claim was made between the day of the step and the day of the text; the denial has its own day
    assert rows[["earliest", "latest"]].values.tolist() == [["2031-05-04", "2031-05-10"], ["2031-05-06", "2031-05-06"]]
    assert rows.loc[1, ["days", "slack"]].tolist() == [1, 1]    # nought to two: no answer comes before its claim


def test_what_several_texts_tell_of_one_side_and_day_is_one_statement():
    listed = record(claimed("2031-05-04"), claimed("2031-05-06", "Kestria", "denial", "denied"))
    again = ("c", *PACT[1:-1], "Norvia’s premier")
    rows = said(PACT, again, DENIED, CONTENT, listed=listed, record_id=["R2031-05-04N"] * 2 + ["R2031-05-06K"] * 2)
    assert rows["source"].tolist() == ["both", "both"] and rows["n_documents"].tolist() == [2, 1]
    assert rows["days"].tolist()[1] == 2 and rows["from_id"].tolist()[1] == rows["statement_id"].tolist()[0]
    untied = said(PACT, again, DENIED, CONTENT, listed=listed, record_id=["R2031-05-04N", *[pd.NA] * 2, "R2031-05-04N"],
                  ties=[("R2031-05-06K", "about", "R2031-05-04N")])  # fmt: skip
    assert untied["source"].tolist() == ["both", "both"]        # the record's day lies within the text's
    assert rows["place"].tolist()[0] == "a, characters 0–5; entry R2031-05-04N of the record"
    assert set(rows["shows"]) == {"the listed record shows no contract, delivery or confirmation"}


def test_entries_belong_to_a_claim_only_by_a_tie():
    more = [claimed("2031-01-01"), claimed("2031-01-20"), claimed("2031-02-01", "Kestria", "talks", "done"),
            claimed("2031-03-01")]  # fmt: skip
    listed = record(claimed("2031-05-04", name="R1"), *more)
    ids = {"record_id": ["R1", pd.NA, pd.NA], "listed": listed}
    assert said(PACT, DENIED, CONTENT, **ids)["record_id"].dropna().tolist() == ["R1"]
    tied = [(entry, "about", "R1") for entry in ("R2031-01-01N", "R2031-01-20N", "R2031-02-01K")]
    rows = said(PACT, DENIED, CONTENT, ties=tied, **ids)
    assert rows["record_id"].fillna("").tolist() == ["R2031-01-01N", "R2031-01-20N", "R2031-02-01K", "R1", ""]
    assert rows["stance"].tolist() == ["claims", "claims", "answers", "claims", "denies"]
    assert [rows["days"].tolist()[n] for n in (2, 4)] == [31, 2]        # from the first that nobody had answered


def test_what_has_no_day_of_its_own_is_kept_without_one():
    bare = ("c", "PACT", "contract", "happened", "NOR", "KES", None, "procurement", "Norvia")
    rows = said(PACT, DENIED, CONTENT, bare)
    assert rows["earliest"].isna().sum() == 1 and rows["doc_id"].tolist()[-1] == "c"
    assert len(said(PACT, DENIED, CONTENT, ("a", *bare[1:]))) == 2          # the same text tells it again, undated
    # a step of long ago, of which a text tells now: nobody can say when the claim was made
    assert said(PACT, DENIED, CONTENT, published="2032-01-01")["earliest"].tolist()[0] == "2031-05-06"
    # of what is denied the day is told, not of the denial, where no denial is coded
    assert said(PACT, CONTENT)["earliest"].isna().tolist() == [False, True]


def test_an_outlets_own_voice_and_a_borrowed_day_are_no_dated_statement():
    own = ("c", *PACT[1:-1], None)
    assert len(said(PACT, DENIED, CONTENT, own)) == 2
    rows = said(PACT, DENIED, CONTENT, basis=["record", "explicit", "explicit"])
    assert rows.loc[rows["side"].eq("above"), "earliest"].isna().all()


def test_a_medium_speaks_for_itself_and_who_confirms_a_denial_denies():
    leak = claimed("2031-05-01", "The Gazette", status="reported", name="LEAK")
    listed = record(leak, claimed("2031-05-06", "Kestria", "denial", "denied", name="NO"),
                    claimed("2031-05-09", "Tavaria", "confirmation", "done", name="CHAIR"))
    rows = said(PACT, DENIED, CONTENT, listed=listed, record_id=[pd.NA, "NO", "NO"],
                ties=[("LEAK", "about", "NO"), ("CHAIR", "about", "NO")]).set_index("record_id")
    assert rows.loc["LEAK", ["actor_id", "side"]].tolist() == ["NOR.gazette", "above"]
    assert rows.loc["CHAIR", "stance"] == "denies"
    assert set(rows["shows"]) == {"the listed record speaks against it (“listed CHAIR”, 9 May 2031)"}


def test_what_the_record_lists_as_done_bears_a_claim_out():
    boat = claimed("2031-07-01", kind="delivery", status="done", name="BOAT")
    listed = record(claimed("2031-05-04", name="R1"), boat)
    rows = said(PACT, DENIED, CONTENT, listed=listed, record_id=["R1", pd.NA, pd.NA], ties=[("BOAT", "about", "R1")])
    assert set(rows["shows"]) == {"the listed record bears it out (“listed BOAT”, 1 July 2031)"}
    assert rows.set_index("record_id").loc["BOAT", "fill"] == "happened"
    assert set(said(PACT, DENIED, CONTENT)["shows"]) == {"no public record is listed"}
    assert set(said(PACT, DENIED, CONTENT, listed=listed)["shows"]) == {"the listed record has no entry of it"}


def test_nothing_contested_is_an_empty_frame_and_a_sentence():
    rows = said(PACT)
    assert rows.empty and list(rows) == disputes.COLUMNS and disputes.drawable(rows).empty
    assert disputes.say_disputes(rows, 0) == "No claim of these texts is contested."
    both = said(PACT, DENIED, CONTENT)
    assert disputes.say_disputes(both, 1).startswith("The contested claim does not have 4 dated statements")
    assert disputes.say_disputes(both, 3, 2).startswith("1 of 3 contested claims has 2 dated statements or ")


# the drawing --------------------------------------------------------------------------------------------------------


def made_up(n: int, seed: int = 3, days: int = 900, claims: int = 1, undated: float = 0.2) -> pd.DataFrame:
    """So many statements on each claim, by chance but the same each time; labels as hostile as labels can be."""
    draw, rows = random.Random(seed), []
    hostile = ["<b>$x^2$ \\frac</b>", "Überseehafenverwaltungsbeschluss" * 3, "{0} %s \x07 line\nbreak", "«☂»"]
    for c in range(claims):
        for i in range(n):
            day = pd.Timestamp("2020-01-01") + pd.Timedelta(days=draw.randrange(days))
            stance = "claims" if i % 2 else draw.choice(["denies", "answers", "confirms"])
            known, wide = i < 4 or draw.random() > undated, draw.choice([0, 0, 12])
            rows.append({
                "claim_id": f"c{c}", "claim": "Pact \"sealed\"", "item": draw.choice(["ferry"]) if c else None,
                "stage": "contract", "statement_id": f"said-{c}-{i}",
                "side": "above" if stance == "claims" else "below",
                "stance": stance, "fill": {"denies": "denied", "answers": "announced"}.get(stance, "claimed"),
                "who": "a minister",
                "actor_id": draw.choice(["NOR"] if stance == "claims" else ["KES", "TAV", "", "XXX"]),
                "label": "x", "words": draw.choice([*hostile, " ".join(draw.choices(WORDS, k=6))]),
                "earliest": str(day.date()) if known else None,
                "latest": str((day + pd.Timedelta(days=wide)).date()) if known else None, "source":
                draw.choice(["record", "texts", "both"]), "n_documents": 1, "doc_id": "a", "start": 1, "end": 2,
                "record_id": None, "place": "Wire, characters 1–2", "shows": "the listed record shows no contract",
                "days": pd.NA, "slack": pd.NA, "from_id": pd.NA})  # fmt: skip
    frame = pd.DataFrame(rows).sort_values(["claim_id", "earliest"], kind="stable", ignore_index=True)
    for _, part in frame[frame["earliest"].notna()].groupby("claim_id"):
        first = part[part["side"].eq("above")].iloc[0]
        after = part[part["side"].eq("below") & part["earliest"].ge(first["earliest"])]
        if len(after):
            took = (pd.Timestamp(after["earliest"].iloc[0]) - pd.Timestamp(first["earliest"])).days
            frame.loc[after.index[0], ["days", "slack", "from_id"]] = [took, 0, first["statement_id"]]
    return frame.astype({"days": "Int64", "slack": "Int64"})


def drawn(rows, **how):
    return drawing.over_time(rows, actors=ACTORS, coder="rule", **how)


def signs(chart) -> np.ndarray:
    """The middles of all signs that lead to a row, in inches."""
    return np.array([[p.x + p.width / 2, p.y + p.height / 2] for p in chart.places if p.row])


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("n, days, claims", [(4, 3, 1), (4, 0, 1), (12, 900, 2), (30, 400, 1), (9, 20, 3)])
def test_nothing_stands_over_anything_whatever_the_labels(n, days, claims, narrow):
    for seed in range(2):
        rows = made_up(n, seed, max(1, days), claims)
        chart = drawn(rows, narrow=narrow, dark=seed % 2 == 1)
        assert faults(chart) == {}
        at, dated = signs(chart), rows["earliest"].notna()
        assert sorted(p.row for p in chart.places if p.row) == sorted(rows.loc[dated, "statement_id"])
        apart = np.abs(at[:, None] - at[None]).max(axis=2) + np.eye(len(at))
        assert apart.min() > 0.1, "two signs on one spot"
        wide, high = chart.fig.get_size_inches()
        assert all(0 <= p.x and p.x + p.width <= wide and 0 <= p.y and p.y + p.height <= high for p in chart.places)
        assert ("are not drawn" in words_of(chart) or "is not drawn" in words_of(chart)) == bool((~dated).any())


def test_no_stem_runs_through_a_sign():
    for seed in range(3):
        chart = drawn(made_up(20, seed, 300))
        at = signs(chart)
        for line in chart.fig.findobj(Line2D):
            if line.get_gid() == "leader" and line.get_linestyle() == "-":
                (x, _), (y0, y1) = line.get_xdata(), sorted(line.get_ydata())
                through = (np.abs(at[:, 0] - x) < 0.05) & (at[:, 1] > y0 + 0.01) & (at[:, 1] < y1 - 0.01)
                assert not through.any()


def test_the_words_of_the_chart_are_counted():
    rows = made_up(11, 5, undated=0.0)
    chart = drawn(rows)
    above = rows["side"].eq("above").sum()
    assert chart.title.startswith(f"“Pact ‘sealed’”: Norvia spoke of it {above} times, ")
    assert chart.title.endswith("; the listed record shows no contract")
    denied = rows[rows["stance"].eq("denies")]["actor_id"].value_counts()
    assert denied.get("KES", 0) == 0 or f"Kestria {'denied it ' if denied.index[0] == 'KES' else ''}" in chart.title
    record_only = rows["source"].eq("record").sum()
    assert f"11 statements, {record_only} of them on the public record only." in words_of(chart)
    two = drawn(made_up(8, 5, claims=2))
    assert two.title.endswith("; 1 more contested claim below") and "Contested: “Pact ‘sealed’”" in words_of(two)
    with pytest.raises(ValueError, match="'mutters'"):
        drawn(rows.assign(stance="mutters"))


def test_days_to_the_first_answer_stand_once():
    rows = made_up(4, 1, 900, undated=0.0)
    rows = rows.assign(words="short", days=pd.array([pd.NA] * 4, "Int64"), slack=pd.array([pd.NA] * 4, "Int64"),
                       side=["above", "below", "above", "below"], stance=["claims", "denies", "claims", "denies"],
                       earliest=["2020-01-01", "2021-01-01", "2022-01-01", "2022-01-01"])
    rows = rows.assign(latest=rows["earliest"])
    rows.loc[[1, 3], ["days", "slack", "from_id"]] = [[366, 0, rows.at[0, "statement_id"]],
                                                      [0, 0, rows.at[2, "statement_id"]]]
    chart = drawn(rows)
    assert words_of(chart).count("366 days") == 1 and "366 days to the first answer" in words_of(chart)
    assert "on the day of the claim" in words_of(chart) and "no answer since" not in words_of(chart)
    assert "366 days after the claim" in words_of(drawn(rows, narrow=True)) and "366 days after the claim" in chart.alt
    days = ["2020-01-01", "2020-01-02", "2020-06-01", None]
    later = rows.assign(earliest=days, latest=days, days=pd.array([pd.NA] * 4, "Int64"))
    assert "no answer since" in words_of(drawn(later))


def test_nothing_to_draw_is_said_and_drawn():
    chart = drawn(made_up(4)[:0])
    assert chart.title == "No contested claim has enough dated statements from both sides"
    assert faults(chart) == {} and not chart.places and chart.alt.startswith(chart.title)
    assert BeautifulSoup(drawing.twin(chart), "html.parser").div["class"] == ["twin"]


def test_the_list_for_phones_says_the_same_and_escapes():
    rows = made_up(12, 2, claims=2)
    chart = drawn(rows)
    twin = drawing.twin(chart, ACTORS)
    page = BeautifulSoup(twin, "html.parser")
    assert len(page.find_all("li")) == len(rows) and page.find("b", string="$x^2$ \\frac") is None
    assert len(page.select("ol > li")) == rows["earliest"].notna().sum() and len(page.find_all("h3")) == 2
    assert "Kestria; says no" in page.text or "Tavaria; says no" in page.text


# what it stands on --------------------------------------------------------------------------------------------------


def test_a_close_scale_begins_and_ends_at_its_marks_and_names_days():
    days = scale.to_days(["2031-02-27", "2031-03-10"])
    close, wide = scale.Scale(days, even=True, close=True), scale.Scale(days, even=True)
    assert float(close.share(days[0])) < 0.15 < float(wide.share(days[0]))
    names = [name for _, name in close.ticks(8)]
    assert len(names) > 2 and names[0].endswith(" 2031") and names[-1].endswith(" Mar")
    long = scale.Scale(scale.to_days(["2019-11-26", "2022-08-18"]), even=True, close=True)
    assert [name for _, name in long.ticks(8)] == ["2020", "2021", "2022"]


def test_an_upright_goes_on_below_a_text_and_stops_at_none_under_its_end():
    sheet = layout.Sheet(4, 3, style.LIGHT)
    sheet.text(1, 1, "in its way")
    sheet.text(1, 2.6, "under its end")
    sheet.upright(1.2, 0.5, 2.0, "#000000")
    ends = sorted(y for line in sheet.fig.findobj(Line2D) if line.get_gid() == "leader" for y in line.get_ydata())
    assert ends[0] == 0.5 and ends[-1] == 2.0 and figures.crossed(sheet.fig) == []
