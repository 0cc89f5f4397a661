"""Charts are tested by what they draw: the rows behind the marks, the words, and where everything stands."""

import base64
import io
import json
import math
import random
import re
from functools import partial
from types import SimpleNamespace

import figures
import matplotlib
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.lines import Line2D

from helpers import charts
from helpers.case import open_case
from helpers.charts import Chart, chronology, framing, layout, scale, sources, style
from helpers.codebook import load_codebook

lanes = partial(chronology.lanes, coder="rule")
by_text = partial(framing.by_text, coder="rule")
heads_drawn = partial(sources.headlines, coder="rule")
ACTORS = pd.DataFrame(
    [("NOR", "Norvia", "#0072B2"), ("KES", "Kestria", "#D55E00"), ("TAV", "Tavaria", "#007A5A")],
    columns=["actor_id", "name", "colour"],
)
WORDS = (
    "ferry buoy harbour treaty admiral survey radar crate lease signed refused unanswered commission "
    "Überseehafenverwaltungsbeschluss $5bn $6bn second batch tariff envoy winter"
).split()
STAGES = ["offer", "reject", "imposed", "contract", "talks", "activation", "lifted", "threatened", "unheard_of"]
STATUSES = [s for statuses in style.FILLS.values() for s in statuses if s != "done"] + ["unheard_of"]


def made_up(n: int, seed: int = 1, years: int = 20, undated: float = 0.4, **given) -> pd.DataFrame:
    """So many events over so many years, by chance but the same each time."""
    draw = random.Random(seed)
    rows = []
    for i in range(n):
        day = pd.Timestamp("2004-01-01") + pd.Timedelta(days=int(draw.random() ** 0.5 * years * 365))
        wide = draw.choice([0, 0, 0, 30, 365])
        known = draw.random() >= undated
        rows.append(
            {
                "event_id": f"e{i:03}",
                "label": " ".join(draw.choices(WORDS, k=draw.randint(1, 9))),
                "earliest": str(day.date()) if known else None,
                "latest": str((day + pd.Timedelta(days=wide)).date()) if known else None,
                "granularity": ("interval" if wide else "day") if known else "none",
                "basis": draw.choice(["explicit", "relative", "record"]) if known else "none",
                "track": draw.choice(["sanctions", "negotiation", "procurement", "military", "new_track"]),
                "stage": draw.choice(STAGES),
                "status": draw.choice(STATUSES),
                "actor_id": draw.choice(["NOR", "NOR.navy", "KES", "TAV", "NOR+KES", "XXX", None]),
                "target_id": "KES",
                "n_documents": draw.randint(1, 5),
                "record_id": draw.choice(["r000", "r003", None, None]),
                "layer": "adjudicated",
            }
            | given
        )
    frame = pd.DataFrame(rows, columns=list(rows[0]) if rows else chronology._COLUMNS + ["layer"])
    return frame.astype({"n_documents": "Int64"}).astype({c: "string" for c in frame.columns if c != "n_documents"})


def record(n: int, seed: int = 2) -> pd.DataFrame:
    draw = random.Random(seed)
    days = [str((pd.Timestamp("2005-01-01") + pd.Timedelta(days=draw.randrange(7000))).date()) for _ in range(n)]
    return pd.DataFrame(
        {
            "event_id": [f"r{i:03}" for i in range(n)],
            "date": days,
            "date_lo": days,
            "date_hi": days,
            "track": [draw.choice(["sanctions", "legislation", "procurement"]) for _ in range(n)],
            "kind": [draw.choice(["offer", "threat", "contract", "claim"]) for _ in range(n)],
            "status": [draw.choice(["done", "done", "claimed", "denied"]) for _ in range(n)],
            "label": [" ".join(draw.choices(WORDS, k=3)) for _ in range(n)],
            "turning_point": [draw.choice(["0", "1"]) for _ in range(n)],
        },
        dtype="string",
    )


def faults(chart: Chart) -> dict[str, list]:
    """Everything that must not be on a figure."""
    found = {
        "texts over texts": figures.overlapping(chart.fig),
        "outside": figures.outside(chart.fig),
        "leaders through texts": figures.crossed(chart.fig),
        "too small": figures.too_small(chart.fig),
        "leaders through marks": through_marks(chart),
    }
    return {name: rows for name, rows in found.items() if rows}


def through_marks(chart: Chart) -> list[tuple[str, float]]:
    """The marks that another mark's leader runs through on its way to the name, and where."""
    out = []
    for line in (i for i in chart.fig.findobj(Line2D) if i.get_gid() == "leader" and i.get_linestyle() == "-"):
        (x, _), (low, high) = line.get_xdata(), sorted(line.get_ydata())
        for p in (p for p in chart.places if p.row):
            mid_x, mid_y = p.x + p.width / 2, p.y + p.height / 2
            if abs(mid_x - x) < 0.06 and low - 0.05 < mid_y < high - 0.001:  # its own mark is where it begins
                out.append((p.said, float(x)))
    return out


def said(chart: Chart) -> str:
    return " ".join(figures.text_boxes(chart.fig)["text"])


# layout -------------------------------------------------------------------------------------------------------------

BOXES = st.lists(st.tuples(st.floats(0, 10), st.floats(0.1, 3), st.floats(0.1, 0.6)), min_size=1, max_size=25)


@given(BOXES, st.booleans())
@settings(max_examples=150, deadline=None)
def test_labels_never_meet_each_other_nor_a_leader(boxes, both_sides):
    x, width, height = (list(v) for v in zip(*boxes, strict=True))
    if both_sides:
        foot, left = layout.flank(x, width, height, low=-1.0)
    else:
        foot, left = layout.stack(x, width, height), [False] * len(x)
    spans = [(a - w, a) if side else (a, a + w) for a, w, side in zip(x, width, left, strict=True)]
    assert all(low >= -1.0 for low, _ in spans)
    for i, (a, b) in enumerate(spans):
        for j, (c, d) in enumerate(spans):
            if i < j and min(b, d) > max(a, c) + 1e-9:
                assert foot[i] >= foot[j] + height[j] - 1e-9 or foot[j] >= foot[i] + height[i] - 1e-9
            if i != j and a + 1e-9 < x[j] < b - 1e-9:  # the leader of j rises from 0 to the top of its own label
                assert foot[i] >= foot[j] + height[j] - 1e-9


@given(st.lists(st.tuples(st.floats(0, 50), st.floats(0, 9)), max_size=40))
@settings(max_examples=100, deadline=None)
def test_packed_rows_do_not_touch(spans):
    low, high = [a for a, _ in spans], [a + w for a, w in spans]
    rows = layout.pack(low, high)
    for i in range(len(spans)):
        for j in range(i):
            assert rows[i] != rows[j] or high[i] <= low[j] or high[j] <= low[i]


@given(st.text(max_size=200), st.floats(0.3, 4))
@settings(max_examples=200, deadline=None)
def test_wrapped_lines_fit_and_lose_no_word_silently(text, width):
    lines = layout.wrap(text, width)
    assert all(layout.text_width(line) <= width + 1e-6 or line == "…" for line in lines)
    if not any(line.endswith("…") for line in lines):
        assert " ".join(lines).split() == layout.plain(text).split()


def test_titles_break_evenly_and_keep_numbers_with_what_they_count():
    title = "None of the 8 ways out offered was accepted: 2 refused, 4 not answered within 90 days, 2 still open"
    for width in np.arange(3.0, 9.0, 0.1):
        even, plain = (f(title, width, style.TITLE, True) for f in (layout.balance, layout.wrap))
        assert " ".join(even) == title and not any(re.search(r"\d$", line) for line in even)
    even, plain = (f(title, 6.0, style.TITLE, True) for f in (layout.balance, layout.wrap))
    assert len(even) == len(plain)
    spread = [max(w) - min(w) for w in ([layout.text_width(line, style.TITLE, True) for line in lines]
                                        for lines in (even, plain))]  # fmt: skip
    assert spread[0] < spread[1]


def test_text_is_data_never_a_formula_and_never_a_warning(recwarn):
    text = layout.plain("$x^2$ costs $5\x00\x07\n中文\ud800 ok")
    assert "\n" not in text and "\x00" not in text and "中" not in text and "$x^2$ costs $5" in text
    sheet = layout.Sheet(4, 2, style.LIGHT)
    price = "from $5bn_a to $6bn^b"
    sheet.text(0.2, 0.2, price)
    box = figures.text_boxes(sheet.fig).iloc[0]
    assert math.isclose(box.x1 - box.x0, layout.text_width(price), abs_tol=0.04)  # every sign is drawn, none is read
    charts.png(sheet.fig)
    assert not [str(w.message) for w in recwarn]


def test_the_checks_find_what_they_are_for():
    sheet = layout.Sheet(4, 2, style.LIGHT)
    sheet.text(0.5, 0.5, "one label")
    sheet.text(0.6, 0.52, "another")
    sheet.text(3.9, 1.0, "leaves the figure")
    sheet.text(0.5, 1.5, "tiny", size=6)
    sheet.line([0.7, 0.7], [0.2, 0.9], leader=True)
    assert figures.overlapping(sheet.fig) == [("one label", "another")]
    assert figures.outside(sheet.fig) == ["leaves the figure"]
    assert figures.too_small(sheet.fig) == ["tiny"]
    assert {text for text, _ in figures.crossed(sheet.fig)} == {"one label", "another"}


def test_measured_width_is_the_drawn_width_at_every_resolution():
    sheet = layout.Sheet(9, 1, style.LIGHT)
    text = "Measured before it is drawn: W, i, ş, ő and 1,234"
    sheet.text(0.1, 0.1, text, 11)
    for dpi in (72, 100, 200):
        sheet.fig.dpi = dpi
        box = figures.text_boxes(sheet.fig).iloc[0]
        assert math.isclose(box.x1 - box.x0, layout.text_width(text, 11), abs_tol=0.035)


# style --------------------------------------------------------------------------------------------------------------


def test_contrast_and_simulation_agree_with_published_values():
    assert math.isclose(style.contrast("#767676", "#ffffff"), 4.54, abs_tol=0.01)  # WCAG's own example of a pass
    assert figures.distance("#ff0000", "#00ff00") > 2 * figures.distance(
        figures.simulate("#ff0000", "deuteranopia"), figures.simulate("#00ff00", "deuteranopia")
    )


def case_colours(case: str, dark: bool) -> dict[str, str]:
    book = pd.read_csv(open_case(case).raw / "codebook" / "actors.csv", dtype="string")
    who = style.actor_colours(book, book["actor_id"], style.theme(dark))
    return dict(zip(who["group"], who["colour"], strict=True)) | {"several together": style.theme(dark).joint}


@pytest.mark.parametrize("case", ["s400", "practice"])
@pytest.mark.parametrize("blindness", ["protanopia", "deuteranopia"])
@pytest.mark.parametrize("dark", [False, True])
def test_blocs_stay_apart_for_colour_blind_readers(case, blindness, dark):
    seen = {name: figures.simulate(colour, blindness) for name, colour in case_colours(case, dark).items()}
    near = {
        (a, b): round(figures.distance(seen[a], seen[b]), 1)
        for a in seen
        for b in seen
        if a < b and seen[a] != seen[b] and figures.distance(seen[a], seen[b]) < 12
    }
    assert not near


@pytest.mark.parametrize("case", ["s400", "practice"])
def test_no_bloc_is_as_grey_as_those_who_are_not_named(case):
    actors = load_codebook(open_case(case).raw / "codebook").actors
    who = style.actor_colours(actors, [*actors["actor_id"], ""])
    grey = who[who["colour"] == who.loc["", "colour"]]
    assert set(grey["group"]) <= {"others", "not named"}


@pytest.mark.parametrize("dark", [False, True])
def test_marks_and_small_text_stand_out_from_the_paper(dark):
    c = style.theme(dark)
    book = pd.read_csv(open_case("s400").raw / "codebook" / "actors.csv", dtype="string")
    for paper in (c.paper, c.band):
        assert style.contrast(c.ink, paper) >= 7 and style.contrast(c.muted, paper) >= 4.5
        for colour in [c.grey, c.other, c.joint, *style.actor_colours(book, book["actor_id"], c)["colour"]]:
            assert style.contrast(colour, paper) >= 3
    roles = {(role, kept): sources._role_colour(role, kept, c) for role in sources.ROLES for kept in (True, False)}
    assert all(style.contrast(colour, c.paper) >= 3 for colour in roles.values())
    seen = sorted(set(roles.values()))
    assert len(seen) == 7       # four that are kept, others that are kept, and two greys
    for blindness in ("protanopia", "deuteranopia"):
        shades = [figures.simulate(colour, blindness) for colour in seen]
        assert min(figures.distance(x, y) for i, x in enumerate(shades) for y in shades[:i]) > 8


def test_actors_are_looked_up_by_code_then_by_their_state():
    who = style.actor_colours(ACTORS, ["NOR", "NOR.navy", "NOR+KES", "NOR+NOR.navy", "ZZZ", pd.NA])
    assert who["group"].tolist() == ["Norvia", "Norvia", "several together", "Norvia", "others", "not named"]
    assert who.loc["NOR.navy", "colour"] == who.loc["NOR", "colour"] == "#0072b2"


# show and save ------------------------------------------------------------------------------------------------------


def test_show_displays_picture_size_and_alt_text_and_returns_nothing(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: shown.append((a, k)))
    chart = lanes(made_up(5), actors=ACTORS)
    assert charts.show(chart) is None
    (bundle,), options = shown[0]
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG") and bundle["text/plain"] == chart.alt
    width, height = (round(v * 100) for v in chart.fig.get_size_inches())
    about = options["metadata"]["image/png"]
    assert (about["alt"], about["width"], about["height"]) == (chart.alt, width, height)
    places = json.loads(about["places"])
    assert len(places) == len(chart.places) == 5
    assert all(0 <= x and x + w <= width and 0 <= y and y + h <= height for x, y, w, h, *_ in places)
    with pytest.raises(ValueError, match="alt"):
        charts.show(chart.fig)


def test_show_adds_the_list_for_phones_and_writes_the_figure_for_print(monkeypatch, tmp_path):
    from PIL import Image

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: shown.append(a[0]))
    chart = lanes(made_up(5), actors=ACTORS)
    monkeypatch.setenv("CASEBOOK_FIGURES", str(tmp_path / "print"))
    charts.show(chart, twin="<section>list</section>")
    assert [list(bundle) for bundle in shown] == [["image/png", "text/plain"], ["text/html", "text/plain"]]
    svg, picture = sorted((tmp_path / "print").iterdir(), reverse=True)
    assert svg.suffix == ".svg" and svg.stem == picture.stem == charts.file_name(chart.title)
    printed = Image.open(picture)
    assert printed.size[0] == 3000 and round(printed.info["dpi"][0]) == 300  # ten inches
    assert charts.file_name("../..") == "figure" and "/" not in charts.file_name("a/b\\c")


@pytest.mark.parametrize("narrow", [False, True])
def test_each_mark_says_what_it_is_and_leads_to_its_row(narrow):
    events, listed = made_up(60, 3), record(20)
    chart = lanes(events, listed, actors=ACTORS, narrow=narrow)
    assert sorted(p.row for p in chart.places if p.row) == sorted(events["event_id"])
    assert len([p for p in chart.places if not p.row]) == len(listed)  # the record's marks are told, and lead nowhere
    wide, high = chart.fig.get_size_inches()
    for place in chart.places:
        assert 0 <= place.x and place.x + place.width <= wide and 0 <= place.y and place.y + place.height <= high
    one = next(p for p in chart.places if p.row == "e003")
    assert events.set_index("event_id").at["e003", "label"] in one.said


def test_pictures_have_the_same_bytes_each_time_and_carry_no_date(tmp_path):
    one, two = (charts.save(lanes(made_up(30), record(9), actors=ACTORS), tmp_path / n / "f") for n in "ab")
    for a, b in zip(one, two, strict=True):
        assert a.read_bytes() == b.read_bytes()
        assert b"Matplotlib" not in a.read_bytes().split(b"<defs>")[0] and b"<dc:date>" not in a.read_bytes()
    assert one[0].suffix == ".svg" and one[1].suffix == ".png"


def test_pictures_are_sharp_and_paper_stays_paper():
    from PIL import Image

    chart = lanes(made_up(20), actors=ACTORS)
    picture = Image.open(io.BytesIO(charts.png(chart.fig)))
    assert picture.size[0] == 2000 and picture.info == {}
    colours = {colour for _, colour in picture.convert("RGB").getcolors(10**7)}
    assert {(255, 255, 255), (0xF4, 0xF4, 0xF0), (0, 0x72, 0xB2)} <= colours


def test_drawing_leaves_the_readers_settings_alone():
    before = dict(matplotlib.rcParams)
    lanes(made_up(5), actors=ACTORS, dark=True)
    assert dict(matplotlib.rcParams) == before


# the scale ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 9000), min_size=1, max_size=60))
@settings(max_examples=80, deadline=None)
@example([0] * 15 + [7875])
def test_time_never_runs_backwards(days):
    s = scale.Scale(np.array(days, float))
    shares = s.share(np.linspace(s.first, s.last, 300))
    assert (np.diff(shares) > 0).all() and shares[0] == 0 and shares[-1] == 1
    assert s.first <= min(days) and max(days) <= s.last
    edges = s.bins(7.0, 0.28)
    assert (np.diff(edges) > 0).all() and edges[0] == s.first and edges[-1] == s.last
    left = [(float(s.share(d)) * 7, layout.text_width(n, style.TEXT)) for d, n in s.ticks(7.0)]
    assert all(a + w < b for (a, w), (b, _) in zip(left, left[1:], strict=False))


def test_the_scale_breaks_only_where_little_happens_and_says_so():
    even = scale.Scale(scale.to_days([f"{y}-06-01" for y in range(2001, 2021)]))
    assert not even.breaks and even.said() == ""
    late = scale.Scale(scale.to_days(["2001-05-01", *[f"{y}-0{m}-01" for y in range(2017, 2021) for m in range(1, 9)]]))
    assert late.said() == "The scale is tighter before January 2017."
    both = scale.to_days(["1990-05-01", "2030-01-05", *[f"2010-0{m}-01" for m in range(1, 10)] * 3])
    assert scale.Scale(both).said() == "The scale is tighter before January 2010 and after January 2011."


def test_the_scale_breaks_where_the_crowd_begins_and_gives_it_room():
    """Two years with a step now and then, then a spring full of them: the break is not at the year's turn before."""
    early = [f"20{y}-{m:02}-05" for y in (22, 23, 24) for m in (3, 11)]
    days = scale.to_days(early + [f"2025-{m:02}-{d:02}" for m in (1, 2, 3) for d in range(2, 28, 3)])
    s = scale.Scale(days)
    (cut, side), = s.breaks
    assert side == "before" and "2024-07-01" <= str(scale.to_date(cut)) <= "2025-01-01"
    dense = float(1 - s.share(cut))
    assert dense > 0.6 > (s.last - cut) / (s.last - s.first)
    few = scale.to_days(["2022-03-05", "2025-01-05", "2025-02-05", "2025-03-05"])
    assert not scale.Scale(few).breaks  # four marks can lie so by chance


def test_each_year_has_its_stroke_and_each_stretch_two_names_and_the_last_mark_stands_before_the_end():
    days = scale.to_days(["2009-11-02", *[f"20{y}-0{m}-11" for y in (18, 19, 20, 21, 22) for m in range(1, 10)],
                          "2024-01-26"])  # fmt: skip
    s = scale.Scale(days)
    (cut, _), = s.breaks
    strokes, named = s.strokes(6.5, 0.25), [d for d, name in s.strokes(6.5, 0.25) if name]
    assert [scale.to_date(d).year for d, _ in strokes] == list(range(2009, 2025))
    assert sum(d < cut for d in named) >= 2 and sum(d >= cut for d in named) >= 2
    assert scale.to_date(max(named)).year == 2024 and (1 - float(s.share(days.max()))) * 6.5 > 0.05


def test_months_on_the_scale_are_equally_far_apart_and_each_year_is_named():
    for first, last in (("2023-03-21", "2025-03-03"), ("2023-11-08", "2025-02-11"), ("2024-01-05", "2024-04-01")):
        s = scale.Scale(scale.to_days([first, last]))
        days, names = zip(*s.ticks(4.8), strict=True)
        months = [scale.to_date(d).year * 12 + scale.to_date(d).month for d in days]
        assert len(set(np.diff(months)[1:])) <= 1 and len(days) > 2     # the first may stand nearer
        assert {n[-4:] for n in names if n[-4:].isdigit()} == {str((m - 1) // 12) for m in months}


def test_where_lengths_are_compared_the_scale_is_even():
    marks = scale.to_days(["2001-05-01", *[f"{y}-0{m}-01" for y in range(2017, 2021) for m in range(1, 9)]])
    assert scale.Scale(marks).breaks and not scale.Scale(marks, even=True).breaks


# chronology ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("narrow", [False, True])
def test_lanes_of_chance_events_are_clean(seed, narrow):
    events, listed = made_up(20 + 25 * seed, seed), record(15 * seed, seed)
    chart = lanes(events, listed, actors=ACTORS, narrow=narrow, dark=bool(seed % 2))
    assert faults(chart) == {}
    drawn = chart.data
    assert len(drawn[drawn["mark"] == "event"]) == len(events)
    undated = drawn[drawn["mark"].eq("event") & drawn["earliest"].isna()]
    assert drawn["named"].sum() - 3 * undated["track"].nunique() <= 45
    for _, lane in undated.groupby("track"):       # a bare mark says nothing on paper
        assert lane["named"].sum() >= min(3, len(lane))
        assert lane.loc[lane["named"], "n_documents"].min() >= lane.loc[~lane["named"], "n_documents"].max() or \
            lane["named"].all()
    assert not lanes(events, listed, actors=ACTORS, labels=0, turning=0, narrow=narrow).data["named"].any()


def test_of_events_that_as_many_texts_tell_of_the_records_turning_points_are_named_first():
    events = made_up(60, 2, undated=0).assign(n_documents=1, record_id=pd.NA)
    listed = record(15, 2).assign(turning_point=1)
    events.loc[[40, 50], "record_id"] = listed["event_id"].iloc[[0, 1]].tolist()
    plain, tied = (lanes(events, of, actors=ACTORS, labels=6, turning=0).data.set_index("event_id")["named"]
                   for of in (listed.assign(turning_point=0), listed))
    two = events.loc[[40, 50], "event_id"]
    assert tied[two].all() and not plain[two].all()


def test_five_hundred_events_over_twenty_years_stay_readable():
    events, listed = made_up(500, 5), record(120)
    chart = lanes(events, listed, actors=ACTORS)
    assert faults(chart) == {}
    drawn = chart.data
    bins = drawn[(drawn["mark"] == "bin") & (drawn["basis"] == "event")]
    named = drawn[(drawn["mark"] == "event") & drawn["dated"].eq(True) & drawn["named"].eq(True)]
    dated = drawn[(drawn["mark"] == "event") & drawn["dated"].eq(True)]
    assert bins["n"].sum() + len(named) == len(dated) and 10 <= len(named) <= 45
    assert "counted in bins" in said(chart)
    assert chart.fig.get_size_inches()[1] < 19
    counted = sum(int(word[1:]) for word in said(chart).split() if re.fullmatch(r"×\d+", word))
    alone = [p for p in chart.places if p.row in set(events.loc[events["earliest"].isna(), "event_id"])]
    assert counted + len(alone) == events["earliest"].isna().sum() and counted > 100  # undated: counted or drawn
    assert named["n_documents"].min() == events["n_documents"].max()  # what matters is what most texts tell of


def test_the_title_holds_the_numbers_of_the_data():
    events = made_up(60, 3)
    chart = lanes(events, record(9), actors=ACTORS)
    drawn = chart.data[chart.data["mark"] == "event"]
    sure, bare = (drawn["fill"] == "happened").sum(), (~drawn["dated"].astype(bool) | drawn["borrowed"].eq(True)).sum()
    no = drawn["status"].isin(["not_happened", "denied"]).sum()
    assert no and chart.title == (
        f"Of the 60 events these texts tell of, {sure} are told as happened, {60 - sure - no} only as announced or "
        f"claimed, {no} as denied or not having happened; {bare} have no date of their own"
    )
    assert chart.title in chart.alt and "Timeline with" in chart.alt


@pytest.mark.parametrize(
    ("events", "title"),
    [
        (made_up(0), "These texts tell of no event"),
        (made_up(1, undated=0, status="happened", basis="explicit"),
         "The one event these texts tell of is told as happened; it has a date"),
        (made_up(1, undated=1, status="denied"),
         "The one event these texts tell of is told as denied or not having happened; it has no date of its own"),
        (made_up(1, undated=1, status="planned"),
         "The one event these texts tell of is told only as announced or claimed; it has no date of its own"),
        (made_up(3, undated=0, status="happened", basis="explicit"),
         "All 3 events these texts tell of are told as happened; each has a date"),
        (made_up(3, undated=1, status="rumoured"),
         "None of the 3 events these texts tell of is told as happened; 3 have no date of their own"),
    ],
)  # fmt: skip
def test_titles_of_little_and_nothing(events, title):
    for reference in (None, record(0), record(4)):
        chart = lanes(events, reference, actors=ACTORS)
        assert chart.title == title and faults(chart) == {}


def test_an_empty_window_says_so():
    chart = lanes(made_up(9, undated=0), actors=ACTORS, window=("1950-01-01", "1950-12-31"))
    assert chart.title == "None of the events these texts tell of falls into this window"
    assert "9 further events outside the chosen window" in said(chart)
    half_open = lanes(made_up(9, undated=0), actors=ACTORS, window=("1950-01-01", None))
    assert half_open.title.startswith("Of the 9 events")
    with pytest.raises(ValueError, match="first and a last day"):
        lanes(made_up(9), window=("2020-01-01", "2010-01-01"))


def test_a_window_that_leaves_some_out_says_which_are_counted():
    events = made_up(40, 3)
    kept = lanes(events, actors=ACTORS, window=("2015-01-01", ""))
    n = int(kept.data["mark"].eq("event").sum())
    assert 0 < n < 40 and kept.title.startswith(f"Of the {n} events from 2015 on or undated, ")
    whole = lanes(events, actors=ACTORS, window=("1950-01-01", ""))
    assert whole.title == lanes(events, actors=ACTORS).title      # a window that leaves nothing out is not told
    dated = lanes(made_up(40, 3, undated=0), actors=ACTORS, window=("", "2014-06-30"))
    assert " events until 30 June 2014, " in dated.title


def crowd(n: int, days: int = 1) -> pd.DataFrame:
    """So many events of one lane on so many days in a row, each with a name of its own length, and one far away."""
    events = made_up(n + 1, 5, undated=0, track="negotiation", granularity="day", basis="explicit", record_id=pd.NA,
                     n_documents=2)  # fmt: skip
    dates = [f"2020-03-{1 + i % days:02}" for i in range(n)] + ["2019-01-10"]
    return events.assign(earliest=dates, latest=dates, label=[f"Name {chr(65 + i)}" for i in range(n + 1)])


@pytest.mark.parametrize(("n", "days"), [(2, 1), (5, 1), (6, 3), (9, 9)])
@pytest.mark.parametrize("narrow", [False, True])
def test_names_of_a_crowded_day_stand_as_their_marks_do_and_carry_their_signs(n, days, narrow, monkeypatch):
    signs = []
    mark = layout.Sheet.mark
    monkeypatch.setattr(layout.Sheet, "mark",
                        lambda sheet, *a, **k: signs.append(a) if "row" not in k else None or mark(sheet, *a, **k))
    events = crowd(n, days)
    chart = lanes(events, actors=ACTORS, narrow=narrow)
    assert faults(chart) == {}
    high = chart.fig.get_size_inches()[1]
    texts = figures.text_boxes(chart.fig).set_index("text")
    drawn = chart.data[chart.data["named"].astype(bool)].set_index("label")
    at = {p.row: (p.x + p.width / 2, p.y + p.height / 2) for p in chart.places}
    names = {label: (texts.loc[label, "x0"] < at[drawn.loc[label, "event_id"]][0],
                     high - (texts.loc[label, "y0"] + texts.loc[label, "y1"]) / 2) for label in drawn.index}
    assert len(names) > 2
    for one, (left, y) in names.items():
        x, mark_y = at[drawn.loc[one, "event_id"]]
        here = [a for a in signs if abs(a[1] - y) < 0.02 and abs(a[0] - x) < 0.25 and (a[0] < x) == left]
        alone = all(abs(x - other) > 0.1 for row, (other, _) in at.items() if row != drawn.loc[one, "event_id"])
        assert [a[2:5] for a in here] == ([] if alone else [tuple(drawn.loc[one, ["kind", "fill", "colour"]])]), one
        for two, (side, below) in names.items():
            other, under = at[drawn.loc[two, "event_id"]]
            if side == left and below > y + 0.01 and abs(other - x) < 0.06:
                assert under > mark_y, (one, two)


def test_what_is_contested_has_its_own_sign_in_the_chart_its_words_and_its_list(monkeypatch):
    marks = []
    mark = layout.Sheet.mark
    monkeypatch.setattr(layout.Sheet, "mark",
                        lambda *a, **k: marks.append(k.get("row")) if k.get("contested") else None or mark(*a, **k))
    events = made_up(20, 3)
    one, bare = (events.loc[events["earliest"].isna() == undated, "event_id"].iloc[0] for undated in (False, True))
    plain = lanes(events, actors=ACTORS)
    assert not marks and "contested" not in said(plain) + plain.alt + chronology.twin(events, actors=ACTORS)
    monkeypatch.setattr(layout.Sheet, "mark", lambda *a, **k: (
        marks.append(k.get("row")) if k.get("contested") else None, mark(*a, **k))[1])  # fmt: skip
    chart = lanes(events, actors=ACTORS, contested={one, bare, "unknown"})
    assert set(filter(None, marks)) == {one, bare} and faults(chart) == {}
    assert "contested: told and denied (2)" in said(chart) and "Contested, told by one account" in chart.alt
    assert {p.row for p in chart.places if "contested: told and denied" in p.said} == {one, bare}
    assert chart.data.loc[chart.data["contested"].eq(True), "event_id"].tolist() == [one, bare]
    assert chronology.twin(events, actors=ACTORS, contested=[one, bare]).count("contested: told and denied") == 2


@pytest.mark.parametrize("stage", ["withheld", "opposed"])
def test_what_was_not_done_is_drawn_as_the_step_that_did_not_come(stage):
    events = made_up(3, undated=0, stage=stage).assign(status=["not_happened", "happened", "denied"])
    drawn = chronology.events_drawn(events).set_index("status")
    assert tuple(drawn.loc["not_happened", ["kind", "fill"]]) == ("sanction", "denied")
    assert set(drawn.loc[["happened", "denied"], "kind"]) == {chronology._KIND[stage]} != {"sanction"}
    assert set(chronology.events_drawn(events, kinds={stage: "test"})["kind"]) == {"test"}


def test_the_legend_counts_how_sure_the_events_are():
    events = made_up(30, 4)
    words = said(lanes(events, record(5), actors=ACTORS))
    fills = chronology.events_drawn(events)["fill"].value_counts()
    assert len(fills) == 4
    for fill, n in fills.items():
        assert f"{chronology.FILL_NAMES[fill]} ({n})" in words


def test_refusal_is_a_shape_and_denial_a_fill():
    events = made_up(2, undated=0)
    events["stage"], events["status"] = ["reject", "contract"], ["happened", "denied"]
    drawn = chronology.events_drawn(events).set_index("stage")
    assert (drawn.loc["reject", "kind"], drawn.loc["reject", "fill"]) == ("refusal", "happened")
    assert (drawn.loc["contract", "kind"], drawn.loc["contract", "fill"]) == ("law", "denied")


def test_statuses_and_kinds_can_be_set_and_wrong_fills_are_named():
    events = made_up(4)
    drawn = chronology.events_drawn(events, statuses={s: "denied" for s in STATUSES}, kinds={s: "test" for s in STAGES})
    assert set(drawn["fill"]) == {"denied"} and set(drawn["kind"]) == {"test"}
    codes = pd.DataFrame({"code": STATUSES, "fill": "announced"})
    assert set(chronology.events_drawn(events, statuses=codes)["fill"]) == {"announced"}
    with pytest.raises(ValueError, match="'half'"):
        lanes(events, statuses={"happened": "half"})


def test_every_stage_and_status_of_the_codebook_has_its_sign():
    from helpers.codebook import load_codebook

    book = load_codebook()
    circles = {"talks", "statement", "no_response"}
    assert set(book.stages.index) - set(chronology._KIND) == circles
    fills = book.statuses["fill"].to_dict()
    assert {s: chronology._FILL[s] for s in fills} == fills
    assert set(book.tracks.index) == set(chronology.TRACKS)


def test_bars_of_all_lanes_share_one_scale():
    events = made_up(300, undated=0, actor_id="NOR")
    events["track"] = ["military"] * 240 + ["sanctions"] * 60
    chart = lanes(events, actors=ACTORS)
    heights = [p.get_height() for p in chart.fig.axes[0].patches if p.get_zorder() == 2]
    counts = chart.data.loc[chart.data["mark"] == "bin", "n"].astype(float)
    assert len(heights) == len(counts) and np.allclose(np.array(heights) / heights[0], counts / counts.iloc[0])


def test_two_layers_are_refused():
    events = made_up(4)
    events.loc[0, "layer"] = "machine"
    with pytest.raises(ValueError, match="One layer at a time"):
        lanes(events)


def test_a_borrowed_date_and_a_told_entry_are_marked():
    events = made_up(2, undated=0, basis="explicit")
    events["basis"], events["record_id"] = ["record", "explicit"], ["r001", pd.NA]
    data = lanes(events, record(3), actors=ACTORS).data
    own = data[data["mark"] == "event"].set_index("event_id")
    assert own["borrowed"].astype(bool).to_dict() == {"e000": True, "e001": False}
    listed = data[data["mark"] == "record"].set_index("event_id")
    assert listed["told"].astype(bool).to_dict() == {"r000": False, "r001": True, "r002": False}


def test_turning_points_are_those_that_most_texts_tell_of():
    events = made_up(3, undated=0)
    events["record_id"], events["n_documents"] = ["r001", "r002", pd.NA], pd.array([2, 5, 1], "Int64")
    days = [f"20{10 + i}-06-01" for i in range(6)]
    listed = record(6).assign(turning_point="1", status="done", date=days, date_lo=days, date_hi=days)
    points = lanes(events, listed, turning=1).data.query("mark == 'turning point'")
    assert points["event_id"].tolist() == ["r002"]
    told = lanes(events, listed, turning=9).data.query("mark == 'turning point'")
    assert set(told["event_id"]) == {"r001", "r002"}  # as long as texts tell of any, the others get no line
    chosen = lanes(events, listed, turning=["r005", "r004"]).data.query("mark == 'turning point'")
    assert set(chosen["event_id"]) == {"r004", "r005"}


def test_the_twin_lists_the_same_marks_in_the_same_order_and_escapes():
    events = made_up(40, 7)
    events.loc[0, "label"] = "<script>alert(1)</script> & more"
    listed = record(10)
    page = chronology.twin(events, listed, actors=ACTORS)
    assert "<script" not in page and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert " id=" not in page and "<svg" not in page
    drawn = chronology.events_drawn(events, listed)
    told = drawn[drawn["mark"].eq("event") | drawn["told"]]
    assert page.count("<li ") == page.count('class="sign ') == len(told) < len(drawn)
    untold = int((drawn["mark"].eq("record") & ~drawn["told"] & drawn["track"].eq("sanctions")).sum())
    assert f"Not told by these texts: {untold} entr" in page
    drawn = told
    lane = drawn[(drawn["track"] == "military") & drawn["dated"]]
    places = [page.index(f"</b> {label.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')} <small>")
              for label in lane["label"]]  # fmt: skip
    assert places == sorted(places) and len(places) > 3
    assert page.count("<details><summary><h3>") == page.count("</details>") == drawn["track"].nunique()
    assert "no event" in chronology.twin(made_up(0))


# framing ------------------------------------------------------------------------------------------------------------

DOCUMENTS = pd.DataFrame({"doc_id": ["a", "b", "c"], "short_name": ["Gazette, May", "The Harbour Times, June", None],
                          "title": ["One title", "A “quoted” title", None]})  # fmt: skip


def coded(n: int, seed: int = 4, most: int = 3) -> tuple[pd.DataFrame, pd.DataFrame]:
    draw = random.Random(seed)
    names = ["cost", "law_and_contract", "threat_to_security", "blame"]
    sentences, frames = [], []
    for i in range(n):
        doc, sid = draw.choice("abc"), f"s{i:04}"
        sentences.append((sid, doc, draw.choice(["title", "dek", "caption", "body", "body", "body", "body"])))
        for rank, frame in enumerate(draw.sample(names, draw.randint(0, most)), 1):
            frames.append((sid, doc, frame, rank, draw.choice(["outlet", "quoted"])))
    return (pd.DataFrame(frames, columns=["sentence_id", "doc_id", "frame", "rank", "voice"]),
            pd.DataFrame(sentences, columns=["sentence_id", "doc_id", "section"]))  # fmt: skip


@pytest.mark.parametrize("n", [0, 1, 40, 400, 3000])
@pytest.mark.parametrize("narrow", [False, True])
def test_frames_by_text_count_what_is_coded(n, narrow):
    frames, sentences = coded(n)
    chart = by_text(frames, DOCUMENTS, sentences, narrow=narrow)
    assert faults(chart) == {}
    kept = frames.merge(sentences[["sentence_id", "section"]], on="sentence_id")
    assert chart.data["n"].sum() == len(kept[kept["section"] != "caption"])
    assert (chart.data["n"] <= chart.data["of"]).all()


def test_dots_of_a_frame_say_how_many_they_are():
    frames, sentences = coded(40)
    chart = by_text(frames, DOCUMENTS, sentences)
    cells = chart.data.groupby(["short_name", "frame"])["n"].sum()
    assert len(chart.places) == len(cells)
    for place in chart.places:
        name, frame = place.said.split(":")[0].rsplit(", ", 1)
        assert sum(map(int, re.findall(r"\d+", place.said.split(":")[1]))) == cells[name, frame.replace(" ", "_")]


def test_the_frame_that_leads_is_the_one_named():
    sentences = pd.DataFrame({"sentence_id": list("123456"), "doc_id": list("aabbcc"), "section": "body"})
    frames = pd.DataFrame({"sentence_id": list("123456"), "doc_id": list("aabbcc"), "voice": "outlet", "frame": "cost"})
    frames.loc[0, "voice"], frames.loc[4:, "frame"] = "quoted", "law"
    title = by_text(frames, DOCUMENTS, sentences, labels={"cost": "economic cost"}).title
    assert title == "Economic cost leads in 2 of the 3 texts; quoted voices carry 1 of 6 body sentences with a frame"
    shared = frames.assign(frame=["cost", "law"] * 3)
    title = by_text(shared, DOCUMENTS, sentences).title
    assert title.startswith("Cost and law each lead or share the lead in 3 of the 3 texts;")
    twice = by_text(pd.concat([frames, frames.assign(frame="blame")], ignore_index=True), DOCUMENTS, sentences).title
    assert twice.endswith("quoted voices carry 1 of 6 body sentences with a frame")        # a sentence counts once
    assert by_text(frames[:0], DOCUMENTS, sentences).title == "No frame was coded in the body of these texts"


def test_headline_frames_stay_out_of_the_body_number():
    sentences = pd.DataFrame({"sentence_id": ["1", "2"], "doc_id": "a", "section": ["title", "body"]})
    frames = pd.DataFrame({"sentence_id": ["1", "2"], "doc_id": "a", "voice": "outlet", "frame": "cost"})
    data = by_text(frames, DOCUMENTS, sentences).data
    assert dict(zip(data["section"], data["n"], strict=True)) == {"title": 1, "body": 1}


# sources ------------------------------------------------------------------------------------------------------------


def pages(n: int = 60, seed: int = 6) -> pd.DataFrame:
    draw, rows = random.Random(seed), []
    for doc in "abc":
        at = 0
        for number in range(1, n + 1):
            role = draw.choice([*sources.ROLES, "body", "body", "new_role"])
            size = 0 if role == "blank" else draw.randint(1, 600)
            rows.append((doc, number, at, at + size, role, role in ("title", "body")))
            at += size + 1
    return pd.DataFrame(rows, columns=["doc_id", "line_no", "start", "end", "role", "kept"])


@pytest.mark.parametrize("narrow", [False, True])
def test_kept_and_dropped_words_add_up(narrow):
    lines = pages().assign(n_words=lambda d: (d["end"] - d["start"]) // 7)
    chart = sources.kept(lines, DOCUMENTS, narrow=narrow)
    assert faults(chart) == {}
    assert chart.data["words"].sum() == lines.loc[lines["role"] != "blank", "n_words"].sum()
    dropped = chart.data.loc[~chart.data["kept"], "words"].sum()
    assert chart.title.startswith(f"{dropped / chart.data['words'].sum():.0%} of the words of the 3 pages")


@pytest.mark.parametrize(
    ("lines", "title"),
    [(pages()[:0], "These pages hold no words"), (pages().assign(kept=True), "Every word of the 3 pages was kept")],
)
def test_kept_titles_of_all_and_nothing(lines, title):
    chart = sources.kept(lines, DOCUMENTS)
    assert chart.title == title and faults(chart) == {}


def test_anatomy_draws_each_line_once():
    lines = pages()[lambda d: d["doc_id"] == "a"]
    chart = sources.anatomy(lines, name="Gazette, May")
    assert faults(chart) == {} and len(chart.data) == len(lines)
    seen = lines[lines["role"] != "blank"]
    assert chart.title == f"{(~seen['kept']).sum()} of the {len(seen)} lines of this page are not the story"
    assert sources.anatomy(lines[:0]).title == "This page holds no lines"


def boxes(chart: Chart) -> pd.DataFrame:
    """The rectangles of a figure: where, how wide, which colour."""
    rows = [(p.get_x(), p.get_y(), p.get_width(), p.get_height(), matplotlib.colors.to_hex(p.get_facecolor()))
            for p in chart.fig.findobj(matplotlib.patches.Rectangle)]  # fmt: skip
    return pd.DataFrame(rows, columns=["x", "y", "wide", "high", "colour"])


def test_a_strip_is_as_long_as_its_line_however_long_that_is():
    sizes = [40, 400, 800, 1600]
    lines = pd.DataFrame({"line_no": range(1, 5), "start": 0, "end": sizes, "role": "body", "kept": True})
    bars = boxes(sources.anatomy(lines))
    before = bars[bars["colour"] == sources.KEPT["body"].lower()].head(4)["wide"].tolist()
    assert np.allclose(np.array(before) / before[-1], np.array(sizes) / 1600)


def test_what_is_dropped_is_drawn_in_two_greys_and_named_in_the_legend():
    lines = pages().assign(n_words=5)
    chart = sources.kept(lines, DOCUMENTS)
    greys = {c for c in boxes(chart)["colour"] if c in {g.lower() for g in sources.GREYS.values()}}
    assert len(greys) == 2
    assert "dateline, byline, credit" in said(chart) and "related, nav, share" in said(chart)
    texts, bars = figures.text_boxes(chart.fig), boxes(chart)
    name = texts[texts["text"] == DOCUMENTS["short_name"].iloc[0]].iloc[0]
    first = bars[np.isclose(bars["high"], 0.24)].iloc[0]
    high = chart.fig.get_size_inches()[1]
    assert abs(high - (name["y0"] + name["y1"]) / 2 - (first["y"] + first["high"] / 2)) < 0.04


HEADLINES = pd.DataFrame(
    [("a", "NOR", "offers the boats", "KES", "fact", "KES", "asks for boats", "NOR", "attributed", "swap", "a note"),
     ("b", "NOR", "refuses", "KES", "happened", "NOR", "refuses", "KES", "happened", "same", ""),
     ("c", "", "rules it out", "", "fact", "TAV", "hopes that it is out", "", "hoped", "", "")],
    columns=["doc_id", "headline_actor", "headline_action", "headline_target", "headline_certainty", "body_actor",
             "body_action", "body_target", "body_certainty", "difference", "note"],
)  # fmt: skip


@pytest.mark.parametrize("narrow", [False, True])
def test_headlines_are_compared_with_their_bodies(narrow):
    chart = heads_drawn(HEADLINES, ACTORS, documents=DOCUMENTS, narrow=narrow)
    assert faults(chart) == {} and len(chart.data) == 2 * len(HEADLINES)
    first = chart.data["short_name"].iloc[0]
    assert chart.title == (f"The headline of {first} has Norvia act, its body Kestria; 2 of 3 headlines differ from "
                           "their own bodies")
    surer = heads_drawn(HEADLINES.assign(difference="same", body_actor=HEADLINES["headline_actor"],
                                         body_certainty=["fact", "happened", "hoped"]), ACTORS, documents=DOCUMENTS)
    assert " is surer than its body; 1 of 3 headlines differs from its own body" in surer.title
    later = heads_drawn(HEADLINES.assign(difference=["certainty", "same", "omits;swap"]), ACTORS, documents=DOCUMENTS)
    last = chart.data["short_name"].iloc[-1]
    assert later.title.startswith(f"The headline of {last} has nobody named act"), "the gravest, not the first"
    assert chart.data["difference"].tolist()[::2] == ["swap;certainty", "same", "nameless;certainty"]
    assert "A ‘quoted’ title" in said(chart)


def test_what_a_headline_shows_to_differ_is_told_beside_the_coders_word():
    def told(**given):
        chart = heads_drawn(HEADLINES[1:2].assign(**given), ACTORS)
        bold = {t.get_text() for t in chart.fig.findobj(matplotlib.text.Text) if t.get_fontweight() == "bold"}
        said_ = sources.differing(HEADLINES[1:2].assign(**given)).item()
        return said_, bold & {"Norvia", "refuses → Kestria", "denied"}
    assert told() == ("the same", set())
    assert told(body_certainty="denied") == ("how sure", {"denied"})
    assert told(body_certainty="denied", difference="action") == (
        "what was done, how sure", {"refuses → Kestria", "denied"})
    assert told(headline_actor="") == ("who is left out", {"Norvia"})       # whatever the coder says
    assert told(body_actor="") == ("who acted", {"Norvia"})
    assert told(body_actor="", difference="swap;certainty") == ("who acted, how sure", {"Norvia"})
    chart = heads_drawn(HEADLINES[1:2].assign(headline_actor="", difference="certainty"), ACTORS)
    assert chart.title == "The headline differs from its own body: how sure, who is left out"
    both = heads_drawn(HEADLINES[1:].assign(headline_actor="", body_actor="NOR"), ACTORS, documents=DOCUMENTS)
    assert " leaves out who acts; 2 of 2 headlines differ" in both.title and faults(both) == {}


def test_headlines_without_a_difference_and_without_rows():
    same = HEADLINES[1:2]
    assert heads_drawn(same, ACTORS).title == "The headline says what its body says"
    assert heads_drawn(HEADLINES[:0], ACTORS).title == "No headline was compared with its body"
    with pytest.raises(ValueError, match="'tone'"):
        heads_drawn(HEADLINES.assign(difference="tone"), ACTORS)


def spoken(n: int, seed: int = 8) -> pd.DataFrame:
    draw, rows = random.Random(seed), []
    for _ in range(n):
        day = pd.Timestamp("2010-01-01") + pd.Timedelta(days=draw.randrange(5000))
        end = day + pd.Timedelta(days=draw.choice([0, 0, 6, 365]))
        known = draw.random() > 0.3
        rows.append((draw.choice("abc"), str(day.date()) if known else None, str(end.date()) if known else None,
                     draw.choice(["explicit", "year_inferred", "relative"]), draw.random() > 0.3))  # fmt: skip
    return pd.DataFrame(rows, columns=["doc_id", "earliest", "latest", "basis", "stable"])


@pytest.mark.parametrize("n", [0, 1, 60, 300])
@pytest.mark.parametrize("narrow", [False, True])
def test_publication_strip_counts_every_time(n, narrow):
    documents = DOCUMENTS.assign(
        published_earliest=["2021-05-01", "2021-06-01", None],
        published_latest=["2021-05-01", "2021-06-20", None],
        published_basis=["declared", "inferred", "unknown"],
        inferred_earliest=["2021-04-20", None, None],
        inferred_latest=["2021-05-03", None, None],
    )
    times = spoken(n)
    clues = pd.DataFrame({"doc_id": ["a", "a"], "used": [True, False]})
    chart = sources.published(documents, clues, times, narrow=narrow)
    assert faults(chart) == {}
    placed = times["earliest"].notna()
    assert chart.data.loc[chart.data["what"] == "time", "n"].sum() == placed.sum()
    moving = int((placed & ~times["stable"].astype(bool)).sum())
    if n:
        assert f"1 of 3 texts has a day of publication; {moving} of the {placed.sum()} dates" in chart.title
    else:
        assert chart.title.endswith("they speak of no date that can be placed")


def test_a_wide_interval_has_no_mark_in_its_middle_and_its_clues_are_told_as_what_they_leave(monkeypatch):
    documents = DOCUMENTS[:1].assign(published_earliest="2021-05-01", published_latest="2021-05-01",
                                     published_basis="declared", inferred_earliest="2020-01-01",
                                     inferred_latest="2022-12-31")  # fmt: skip
    times = pd.DataFrame({"doc_id": ["a"], "earliest": ["2019-01-01"], "latest": ["2019-12-31"],
                          "basis": ["explicit"], "stable": [True]})  # fmt: skip
    clues = pd.DataFrame({"doc_id": ["a"] * 3, "used": [True, True, False]})

    marks: list[tuple] = []
    mark = layout.Sheet.mark
    monkeypatch.setattr(layout.Sheet, "mark", lambda *a, **k: marks.append(a[3:5]) or mark(*a, **k))
    wide = sources.published(documents, clues, times)
    assert marks == [("law", "happened")] + [("law", "happened"), ("talks", "happened")]   # the mark, and two keys
    marks.clear()
    sources.published(documents.assign(inferred_earliest="2021-04-20", inferred_latest="2021-05-03"), clues,
                      times.assign(latest="2019-01-20"))  # fmt: skip
    assert {m: marks[:3].count(m) for m in set(marks)} == {("law", "happened"): 1, ("law", "claimed"): 1,
                                                           ("talks", "happened"): 1}
    assert "its own clues alone leave 1 January 2020 to 31 December 2022" in wide.alt
    assert "1 clue does not fit" in wide.alt and "agree" not in wide.alt


# on the page --------------------------------------------------------------------------------------------------------


def test_a_page_lays_the_places_over_the_picture_and_lets_rows_be_found(monkeypatch):
    import nbformat.v4 as new
    from bs4 import BeautifulSoup

    from helpers.pages import html
    from helpers.show import sortable

    shown = []
    monkeypatch.setattr("IPython.display.display", lambda *a, **k: shown.append((a[0], k.get("metadata", {}))))
    events = made_up(8, undated=0)
    events.loc[0, "label"] = "<script>x()</script> & so on"
    charts.show(lanes(events, actors=ACTORS), twin=chronology.twin(events, actors=ACTORS))
    table = sortable(events, "Events", columns={"label": "event"}, row="event_id")._repr_html_()
    spoilt = json.loads(shown[0][1]["image/png"]["places"])
    spoilt += [[1, 2, 3, "x", "no number", "e000"], [1, 2, 3, 4, "no row's name", 'e" onclick="x()'], "no place"]
    spoilt += [[float("inf"), 2, 3, 4, "nowhere", "e000"]]
    shown[0][1]["image/png"]["places"] = json.dumps(spoilt)
    found = [new.new_output("display_data", data, metadata=about) for data, about in shown]
    found.append(new.new_output("display_data", {"text/html": table, "text/plain": "Events"}))
    nb = new.new_notebook(cells=[new.new_code_cell("", execution_count=1, outputs=found)])
    around = {"case": "A case", "case_name": "c", "nav": [], "names": [], "record": [], "problem": "", "root": ""}
    page = BeautifulSoup(html.to_html(nb, page=html.describe(nb), name="n", **around), "html.parser")
    links = page.select("svg.places a")
    rows = {row["id"] for row in page.select("table.sortable tbody tr")}
    assert len(links) == len(rows) == len(events) and {link["href"][1:] for link in links} == rows
    assert any("<script>x()</script> & so on" in link["aria-label"] for link in links)  # as text, not as markup
    assert not page.select("svg script") and not page.select("[onclick]")
    assert [t.get_text() for t in page.select("svg.places > rect > title")] == ["no row's name"]
    size = [str(shown[0][1]["image/png"][side]) for side in ("width", "height")]
    assert page.select_one("svg.places")["viewbox"].split()[2:] == size
    assert page.select_one("a.skip[href^='#after']")["href"][1:] in {s.get("id") for s in page.select("figure span")}
    for nothing in ("no JSON", "{}", 7, None):
        assert html.places({"metadata": {"image/png": {"places": nothing}}}, "image/png") == []
    twin = page.select_one("div.twin")
    assert twin and len(twin.select("span.sign")) == len(events)


def test_a_case_without_chosen_colours_tells_its_actors_apart():
    known = pd.DataFrame({"actor_id": ["AAA", "BBB", "CCC"], "name": ["A", "B", "C"], "colour": [pd.NA, pd.NA, ""]})
    drawn = style.actor_colours(known, ["CCC", "BBB.navy", "BBB", "CCC", "CCC", ""])
    assert drawn["colour"].nunique() == 3 and drawn.loc["BBB", "colour"] == drawn.loc["BBB.navy", "colour"]
    assert drawn.loc["CCC", "colour"] not in (style.LIGHT.other, drawn.loc["", "colour"])


def test_greys_alone_are_no_chosen_colours_and_a_legend_shows_what_most_marks_have():
    known = pd.DataFrame({"actor_id": ["AAA", "BBB"], "name": ["A", "B"], "colour": "#6B6B6B", "bloc": ["A", "B"]})
    assert style.actor_colours(known, ["AAA", "BBB", "BBB"])["colour"].nunique() == 2
    marks = pd.DataFrame({"group": ["A"] * 3, "colour": ["#6b6b6b", "#0072b2", "#0072b2"], "own": True, "dated": False,
                          "high": 0, "low": 0, "borrowed": False, "kind": "talks", "fill": "happened", "told": False,
                          "contested": False})  # fmt: skip
    plan = SimpleNamespace(binned=False, verticals=[])
    (_, keys), *_ = chronology._keys(marks, plan, style.LIGHT)
    assert [(key.words, key.what) for key in keys] == [("A", "#0072b2")]


def test_a_title_says_that_events_were_chosen_and_a_number_of_names_is_none_below_nought():
    assert "events these texts tell of" in lanes(made_up(9)).title
    assert "events chosen from these texts" in lanes(made_up(9), chosen=True).title
    both = lanes(made_up(9), chosen=True, window=["2019-06-01", ""]).title
    assert "events chosen from these texts, from 1 June 2019 on" in both, both
    with pytest.raises(ValueError, match="labels says how many"):
        lanes(made_up(3), labels=-3)


@pytest.mark.parametrize("window", [["soon"], ["2024-13-01", ""], ["2021-01-01", "2019-01-01"], []])
def test_a_window_that_is_none_is_refused_in_words(window):
    with pytest.raises(ValueError, match="A window is a first and a last day"):
        chronology.events_drawn(made_up(3), window=window)
