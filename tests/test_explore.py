"""Looking around: filters are pure, passages are data, drawings follow, and only a button writes."""
import hashlib
import re
import shutil
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest

from helpers import compare, explore, review
from helpers.case import ParameterError, open_case
from helpers.charts import layout
from helpers.explore import Choice, Span, drawing
from helpers.explore.board import VIEW


@pytest.fixture(scope="module")
def practice():
    return explore.open_material(open_case("practice"))


@pytest.fixture
def copy(project, tmp_path):
    """The practice case in a folder of its own, to be written to."""
    for part in ("raw", "processed"):
        shutil.copytree(project / "data" / part / "practice", tmp_path / "data" / part / "practice")
    for path in (tmp_path / "data/raw/practice/review").glob("*.csv"):       # one begins with no decision
        if path.name != "coders.csv":
            path.unlink()
    return open_case("practice", tmp_path / "data")


def digest(folder):
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in folder.rglob("*") if p.is_file()}


class Tags(HTMLParser):
    """Collects the tags of a piece of HTML, and its text."""

    def __init__(self, html):
        super().__init__()
        self.found, self.text = [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found.append(tag)

    def handle_data(self, data):
        self.text += data


# choosing -----------------------------------------------------------------------------------------------------------


def test_nothing_chosen_leaves_everything_as_it_is_told(practice):
    chosen = explore.choose(practice, Choice())
    pd.testing.assert_frame_equal(chosen.events, practice.events)
    assert len(chosen.mentions) == practice.mentions["event_id"].notna().sum() and not chosen.by_event
    assert len(chosen.frames) == len(practice.frames) and len(chosen.quotes) == len(practice.quotes)


def test_choices_hold_together_and_the_material_stays_as_it_was(practice):
    before = {name: getattr(practice, name).copy() for name in ("events", "mentions", "frames", "quotes")}
    state, track = practice.events["actor_id"].dropna().iloc[0].split("+")[0].split(".")[0], "negotiation"
    choice = Choice(actors=(state,), tracks=(track,), statuses=("denied", "rumoured"))
    chosen = explore.choose(practice, choice)
    assert 0 < len(chosen.events) < len(practice.events)
    assert set(chosen.events["track"]) == {track} and chosen.by_event
    assert all(state in re.split(r"[+.]", actor) for actor in chosen.events["actor_id"])
    assert set(chosen.mentions["status"]) <= {"denied", "rumoured"}
    assert set(chosen.events["event_id"]) == set(chosen.mentions["event_id"])
    assert set(chosen.frames["sentence_id"]) <= set(chosen.mentions["sentence_id"])
    for name, rows in before.items():
        pd.testing.assert_frame_equal(getattr(practice, name), rows)


def test_one_text_tells_its_events_as_it_tells_them(practice):
    """An event that one text denies and another reports is drawn, with one text chosen, as that text has it."""
    several = practice.mentions.groupby("event_id").agg(n=("doc_id", "nunique"), told=("status", "nunique"))
    event_id = several[(several["n"] > 1) & (several["told"] > 1)].index[0]
    mine = practice.mentions[practice.mentions["event_id"] == event_id]
    for doc, rows in mine.groupby("doc_id"):
        event = explore.choose(practice, Choice(documents=(doc,))).events.set_index("event_id").loc[event_id]
        assert event["n_documents"] == 1 and event["status"] in set(rows["status"])
    assert {s for _, rows in mine.groupby("doc_id") for s in rows["status"]} >= {event["status"]}


def test_frames_choose_the_events_of_their_sentences(practice):
    frame = practice.frames["frame"].value_counts().index[0]
    chosen = explore.choose(practice, Choice(frames=(frame,)))
    sentences = set(practice.frames.loc[practice.frames["frame"] == frame, "sentence_id"])
    assert len(chosen.mentions) and set(chosen.mentions["sentence_id"]) <= sentences
    assert set(chosen.frames["frame"]) == {frame} and not chosen.by_event


def test_a_window_keeps_what_overlaps_it_and_the_undated_unless_told(practice):
    days = practice.events["earliest"].dropna()
    middle = sorted(days)[len(days) // 2]
    with_undated = explore.choose(practice, Choice(window=(middle, ""))).events
    without = explore.choose(practice, Choice(window=(middle, ""), undated=False)).events
    assert without["latest"].ge(middle).all() and 0 < len(without) < len(days)
    assert len(with_undated) - len(without) == practice.events["earliest"].isna().sum() > 0


def test_days_without_any_event_are_said(practice):
    def said(*window):
        choice = Choice(window=window)
        return explore.say(practice, choice, explore.choose(practice, choice))
    assert said("2030-01-01", "2031-01-01").endswith(". None of them is dated within the days chosen.")
    assert "None of them" not in said("2025-01-01", "2026-01-01") + said("", "")


def test_an_empty_choice_says_which_part_to_take_back(practice):
    told = practice.mentions.merge(practice.events[["event_id", "track"]], on="event_id", suffixes=("", "_event"))
    pairs = set(zip(told["track_event"], told["status"]))
    track, status = next((t, s) for t in sorted({t for t, _ in pairs}) for s in sorted({s for _, s in pairs})
                         if (t, s) not in pairs)
    choice = Choice(tracks=(track,), statuses=(status,))
    freed = dict(explore.relief(practice, choice))
    assert freed == {"status": len(explore.choose(practice, Choice(tracks=(track,))).events),
                     "track": len(explore.choose(practice, Choice(statuses=(status,))).events)}
    said = explore.say(practice, choice, explore.choose(practice, choice))
    assert said.startswith("No event fits: 0 of ") and f"choice of status there are {freed['status']}" in said
    picture = explore.lanes(practice, choice)
    assert "No event fits" in picture.svg and picture.spots == {}


def test_the_finding_is_counted_and_agrees_with_the_chronology(practice):
    from helpers.charts import chronology
    said = explore.say(practice, Choice(), explore.choose(practice, Choice()))
    n, sure = len(practice.events), int(practice.events["status"].isin(["happened", "ongoing"]).sum())
    not_so = int(practice.events["status"].isin(["not_happened", "denied"]).sum())
    counts = f"{n - sure - not_so} only as announced or claimed, {not_so} as denied or not having happened; "
    assert not_so and said.startswith(f"{n} of {n} events: {sure} told as happened, {counts}")
    title = chronology.lanes(practice.events, None, statuses=practice.codebook.statuses["fill"].to_dict(),
                             coder=practice.coder).title
    assert f"{n} events these texts tell of, {sure} are told as happened, {counts}" in title
    assert f"{n} events these texts tell of, {sure} are told as happened" in title
    bare, lent = map(int, re.search(r"; (\d+) undated, (\d+) dated by the record\.$", said).groups())
    assert bare and lent and f"; {bare + lent} have no date of their own" in title


def test_nothing_is_said_of_the_record_where_it_lends_no_date(practice):
    own = replace(practice, events=practice.events[practice.events["basis"].ne("record")])
    assert explore.say(own, Choice(), explore.choose(own, Choice())).endswith(" undated.")


def test_a_code_that_does_not_occur_is_refused_with_the_nearest(practice):
    with pytest.raises(ParameterError, match="'negotiations'; did you mean 'negotiation'"):
        Choice.of(practice, tracks=["negotiations"])
    assert Choice.of(practice, tracks=["negotiation"], window=["", ""]) == Choice(tracks=("negotiation",))


# drawing ------------------------------------------------------------------------------------------------------------


def test_every_chosen_event_is_a_mark_and_no_two_stand_in_one_place(practice):
    for choice in (Choice(), Choice(statuses=("denied",)), Choice(documents=("wire",))):
        chosen = explore.choose(practice, choice)
        picture = explore.lanes(practice, choice, chosen)
        assert set(picture.spots) == set(chosen.events["event_id"])
        spots = list(picture.spots.values())
        assert all(0 < x < 1000 and 0 < y < picture.height for x, y in spots)
        assert all(abs(a[0] - b[0]) > 15 or abs(a[1] - b[1]) > 15 for i, a in enumerate(spots) for b in spots[:i])
        ElementTree.fromstring(picture.svg)


def test_drawings_are_the_same_bytes_each_time_and_count_what_they_draw(practice):
    choice = Choice(tracks=("sanctions",))
    chosen = explore.choose(practice, choice)
    one, two = (explore.together(explore.lanes(practice, choice), explore.texts(practice, choice)) for _ in range(2))
    assert one.svg == two.svg
    texts = explore.texts(practice, choice, chosen)
    assert f"{chosen.frames['sentence_id'].nunique()} sentences with a frame" in texts.alt
    assert texts.svg.count("<circle") == len(chosen.quotes) > 0


def test_the_key_of_the_lanes_is_that_of_the_chronology(practice):
    from helpers.charts import chronology
    chart = chronology.lanes(practice.events, None, statuses=practice.codebook.statuses["fill"].to_dict(),
                             actors=practice.codebook.actors, coder=practice.coder)
    picture = ElementTree.fromstring(explore.lanes(practice, Choice()).svg)
    words = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    named = ["Who acted", "What kind", "How sure", "Also"]
    published = [text.get_text() for text in chart.fig.findobj(lambda a: hasattr(a, "get_text"))]
    assert [w for w in words if w in named] == named == [w for w in published if w in named]
    swatches = [tag for tag in picture.iter("{http://www.w3.org/2000/svg}rect") if tag.get("class") == "key"]
    assert len(swatches) == words.index("What kind") - words.index("Who acted") - 1 > 2


def test_a_legend_draws_bars_for_bars_and_dots_for_dots(practice):
    picture = explore.texts(practice, Choice())
    words = ElementTree.fromstring(picture.svg)
    shapes = [re.sub("{.*}", "", tag.tag) for tag in words.iter() if tag.get("class") == "key"]
    assert shapes == ["rect", "rect"]
    assert "frame in the outlet's own voice" in (text := "".join(words.itertext())) and "own voice; the" not in text
    silent = explore.texts(practice, Choice(), replace(explore.choose(practice, Choice()), quotes=practice.quotes[:0]))
    assert "quotation in the speaker" in text and "quotation in the speaker" not in silent.svg


def test_titles_and_standfirsts_are_counted_and_said(practice):
    chosen = explore.choose(practice, Choice())
    heads = practice.sentences.loc[practice.sentences["section"].isin(["title", "dek"]), "sentence_id"]
    assert chosen.frames["sentence_id"].isin(heads).any()
    assert "all sentences (titles and standfirsts too): " in explore.texts(practice, Choice(), chosen).alt
    bodies = replace(chosen, frames=chosen.frames[~chosen.frames["sentence_id"].isin(heads)])
    assert "standfirsts" not in explore.texts(practice, Choice(), bodies).svg


def test_a_finding_is_never_cut_off_however_long(practice):
    drawn = explore.together(explore.lanes(practice, Choice()), explore.texts(practice, Choice()))
    lines = [text for text in ElementTree.fromstring(drawn.svg).iter("{http://www.w3.org/2000/svg}text")
             if text.get("font-weight") == "bold" and float(text.get("x")) == drawing.EDGE]
    assert lines[0].text.startswith("86 of 86 events") and lines[1].text.endswith("by the record.")
    for line in lines:
        assert drawing.EDGE + 100 * layout.text_width(line.text, bold=True) <= drawing.WIDTH


def test_no_bar_runs_through_a_name(practice):
    events = practice.events.dropna(subset=["earliest", "latest"]).head(3)
    first, last = events["earliest"].min(), practice.events["latest"].dropna().max()
    wide = events.assign(earliest=[first, "2024-06-01", first], latest=["2024-02-01", last, last],
                         granularity="interval", basis="explicit", n_documents=[9, 8, 7], track="sanctions")
    spread = replace(practice, events=pd.concat([wide, practice.events[~practice.events["event_id"].isin(
        wide["event_id"])].assign(n_documents=1)]))
    svg = ElementTree.fromstring(explore.lanes(spread, Choice()).svg)
    bars = [(float(r.get("x")), float(r.get("x")) + float(r.get("width")), float(r.get("y")) + 4)
            for r in svg.iter("{http://www.w3.org/2000/svg}rect")
            if r.get("opacity") == ".22" and float(r.get("x")) > 0]
    long = [bar for bar in bars if bar[1] - bar[0] > 100]
    names, on_paper = [], 0
    for text in svg.iter("{http://www.w3.org/2000/svg}text"):
        if text.get("font-weight") != "bold" and float(text.get("x")) > drawing.LEFT:
            x, w = float(text.get("x")), drawing._wide(text.text)
            names.append((x - w if text.get("text-anchor") == "end" else x, w, float(text.get("y")) - 4.5, text))
    assert len(long) >= 3
    for low, high, y in bars:
        for x, w, at, text in names:
            if abs(at - y) < 9 and x < high and x + w > low:
                assert text.get("paint-order") == "stroke", text.text     # no room beside: it has ground of its own
                on_paper += 1
    assert 1 <= on_paper <= 4


def test_a_break_of_the_scale_is_drawn_and_said(practice):
    early = practice.events.dropna(subset=["earliest"]).head(1).assign(event_id="early", earliest="1999-03-01",
                                                                       latest="1999-03-01")
    told = practice.mentions.dropna(subset=["event_id"]).head(1).assign(event_id="early")
    broken = replace(practice, events=pd.concat([practice.events, early]),
                     mentions=pd.concat([practice.mentions, told]))
    whole = explore.lanes(practice, Choice(window=("2025-01-01", "2025-12-31")))
    jumps = explore.lanes(broken, Choice())
    assert whole.svg.count('class="break"') == 0 and jumps.svg.count('class="break"') == 2
    assert "The scale is tighter before" in jumps.alt and jumps.svg.count("The scale is tighter before") >= 2
    assert "tighter" not in whole.svg


def test_a_label_is_text_in_a_drawing_and_in_a_reading(practice):
    attack = "<script>alert(1)</script>"
    hostile = replace(practice, events=practice.events.assign(label=attack, n_documents=9), notes={})
    svg = explore.lanes(hostile, Choice()).svg
    assert "<script" not in svg and "&lt;script&gt;" in svg
    page = explore.read_event(hostile, hostile.events["event_id"].iloc[0])
    assert "script" not in Tags(page.html).found and "&lt;script&gt;" in page.html


# reading ------------------------------------------------------------------------------------------------------------


def test_a_passage_is_escaped_however_its_codes_overlap():
    passage = "The <script>ferry</script> & 'crew' left"
    spans = [Span(4, 30, "quote", "says <b>Ann</b>"), Span(12, 17, "step", "left: happened"),
             Span(10, 22, "who", "<i>"), Span(0, 400, "when", "2031"), Span(90, 95, "step", "elsewhere")]
    html = explore.mark(passage, 0, spans)
    assert set(Tags(html).found) <= {"mark", "span"} and Tags(html).text == passage     # no code in the sentence
    assert html.count("<mark") == 1


def test_the_codes_of_a_line_stand_under_it_in_words_and_escaped(practice):
    told = practice.mentions.dropna(subset=["event_id", "stage"])
    mention = told[told["doc_id"] == "wire"].iloc[1]
    page = explore.read_event(practice, mention["event_id"])
    line = next(r for r in practice.of("lines", "wire").itertuples() if r.start <= mention["trigger_start"] < r.end)
    text = practice.case.text("wire", line.start, line.end)
    assert text in Tags(page.html).text and "<sub" not in page.html
    words = practice.case.text("wire", mention["trigger_start"], mention["trigger_end"])
    stage = practice.codebook.stages["label"][mention["stage"]]
    status = practice.codebook.statuses["label"][mention["status"]]
    assert f"“{words}”: {stage}, {status}" in page.text and f"“{words}”: {stage}, {status}" in Tags(page.html).text
    actors = set(practice.codebook.actors["actor_id"])
    assert not [line for line in page.text.splitlines() if line.startswith("  who") and set(re.findall(r"[\w.]+", line))
                & actors]
    hostile = replace(practice, notes={}, quotes=practice.quotes.assign(speaker="<script>x()</script>"))
    assert "script" not in Tags(explore.read_event(hostile, mention["event_id"]).html).found


def test_offsets_of_a_passage_are_those_of_its_text():
    html = explore.mark("sold boats", 100, [Span(105, 110, "step", "x")])
    assert html.startswith("sold <mark") and ">boats</mark>" in html


def test_a_reading_marks_the_words_of_the_act_between_its_neighbours(practice):
    mention = practice.mentions[practice.mentions["doc_id"] == "wire"].dropna(subset="event_id").iloc[3]
    page = explore.read_event(practice, mention["event_id"])
    words = practice.case.text("wire", mention["trigger_start"], mention["trigger_end"])
    assert words.split()[0] in page.text and "<mark" in page.html
    assert practice.names["wire"] in page.text and "From hand to hand: " in page.text
    lines = practice.of("lines", "wire")
    n = int((lines["start"] <= mention["trigger_start"]).sum()) - 1
    for row in lines.iloc[n - 1:n + 2].itertuples():
        assert practice.case.text("wire", row.start, row.end) in page.text


def test_without_passages_the_paraphrase_stands_there(practice):
    event_id = practice.events.nlargest(1, "n_documents")["event_id"].iloc[0]
    mention = practice.mentions[practice.mentions["event_id"] == event_id].iloc[0]
    page = explore.read_event(practice, event_id, passages=False)
    assert practice.case.read(mention["doc_id"], mention["trigger_start"], mention["trigger_end"], passages=False) \
        in page.text
    assert practice.case.text(mention["doc_id"], mention["trigger_start"], mention["trigger_end"]) not in page.html


def test_a_text_that_is_not_here_is_read_by_its_paraphrase(copy):
    mention = explore.open_material(copy).mentions.dropna(subset="event_id").iloc[0]
    copy.path(mention["doc_id"]).unlink()
    page = explore.read_event(explore.open_material(open_case("practice", copy.data)), mention["event_id"])
    assert "the text is not here" in page.text and f"characters {mention['trigger_start']}" in page.text


def test_two_texts_stand_side_by_side(practice):
    one, two = explore.closest(practice)
    told = {d: set(rows) for d, rows in practice.mentions.dropna(subset="event_id").groupby("doc_id")["event_id"]}
    shared = told[one] & told[two]
    assert len(shared) == max(len(told[a] & told[b]) for a in told for b in told if a != b)
    page = explore.side_by_side(practice, one, two)
    assert page.text.startswith(f"{len(shared)} events told by both") and page.html.count("<th ") == 4
    assert len(re.findall(">both, (?:not )?alike<", page.html)) == len(shared) and "<mark" not in page.html
    assert explore.closest(practice, ["blog", "wire"]) == ("blog", "wire")
    for named in told:                                                      # with one named, the one closest to it
        one, two = explore.closest(practice, [named])
        assert one == named != two and len(told[one] & told[two]) == max(
            len(told[named] & told[d]) for d in told if d != named)


# deciding -----------------------------------------------------------------------------------------------------------


def test_a_decision_is_kept_with_name_and_day_applied_by_a_build_and_taken_back(copy):
    material, before = explore.open_material(copy), digest(copy.data)
    mention = material.mentions[material.mentions["status"] == "denied"].iloc[0]
    target = explore.targets(material, mention["event_mention_id"])[0]
    decision = explore.decide(material, target, "status", "not_happened", "anna", "person", note="a slip",
                              day="2031-05-04")
    said = explore.keep(copy, decision, "person")
    assert "status → not_happened" in said and "casebook build practice" in said and "anna is entered" in said
    good, refused = review.read_decisions(copy, review.codes(material.codebook))
    assert refused.empty and good[["coder_id", "date", "kind", "machine_value", "note"]].values.tolist() == [
        ["anna", "2031-05-04", "person", "denied", "a slip"]]
    rows = copy.load("adjudicated_event_mentions")
    applied, report = review.apply(rows, good, "adjudicated_event_mentions", sentences=copy.load("sentences"))
    assert report["outcome"].tolist() == ["applied"]
    assert applied.set_index("event_mention_id").loc[mention["event_mention_id"], "status"] == "not_happened"
    explore.keep(copy, explore.decide(material, target, "accept", "", "anna", "person", day="2031-05-05"), "person")
    assert "accept" in explore.undo(copy, "anna") and len(review.read_decisions(copy)[0]) == 1
    said = explore.undo(copy, "anna")
    assert "status → not_happened" in said and "0 decisions of anna are left. anna is no longer entered" in said
    with pytest.raises(ParameterError, match="nothing that could be undone"):
        explore.undo(copy, "anna")
    assert digest(copy.data) == before


def test_frames_of_a_sentence_are_decided_together(copy):
    material = explore.open_material(copy)
    mention = material.mentions[material.mentions["sentence_id"].isin(material.frames["sentence_id"])].iloc[0]
    target = next(t for t in explore.targets(material, mention["event_mention_id"]) if t.what == "frames")
    assert target.now["frames"].split(";")[0] in set(material.frames["frame"])
    decision = explore.decide(material, target, "frames", ";".join(material.codebook.frames.index[-2:]), "bo", "person")
    explore.keep(copy, decision, "person")
    good, refused = review.read_decisions(copy, review.codes(material.codebook))
    rows, report = review.apply(copy.load("adjudicated_frames"), good, "adjudicated_frames",
                                sentences=copy.load("sentences"))
    assert refused.empty and report["outcome"].tolist() == ["applied"]
    now = rows[rows["sentence_id"] == mention["sentence_id"]].sort_values("rank")["frame"]
    assert ";".join(now) == decision["decided_value"].iloc[0]


def test_whoever_returns_to_an_earlier_mind_is_taken_at_the_last_word(copy):
    material = explore.open_material(copy)
    mention = material.mentions[material.mentions["status"] == "denied"].iloc[0]
    target = explore.targets(material, mention["event_mention_id"])[0]
    for status in ("planned", "rumoured", "planned"):
        explore.keep(copy, explore.decide(material, target, "status", status, "anna", "person"), "person")
    rows = copy.load("adjudicated_event_mentions")
    applied, _ = review.apply(rows, review.read_decisions(copy)[0], "adjudicated_event_mentions",
                              sentences=copy.load("sentences"))
    assert applied.set_index("event_mention_id").loc[mention["event_mention_id"], "status"] == "planned"


@pytest.mark.parametrize(("action", "value", "coder", "says"), [
    ("status", "denid", "anna", "did you mean 'denied'"), ("status", "", "anna", "Give the better value"),
    ("date", "last May", "anna", "write 2019"), ("status", "denied", "", "Say who decides"),
    ("status", "denied", "../anna", "Say who decides"), ("status", "rumoured", "B", "entered as coder of kind model"),
    ("status", "same", "anna", "already")])
def test_what_cannot_be_kept_is_refused_before_anything_is_written(copy, action, value, coder, says):
    material, before = explore.open_material(copy), digest(copy.data)
    mention = material.mentions.iloc[0]
    target = explore.targets(material, mention["event_mention_id"])[0]
    value = target.now["status"] if value == "same" else value
    with pytest.raises(ParameterError, match=re.escape(says)):
        explore.keep(copy, explore.decide(material, target, action, value, coder, "person"), "person")
    assert digest(copy.data) == before


def test_the_first_coder_of_a_case_is_entered(copy):
    (copy.raw / "review" / "coders.csv").unlink()
    (copy.raw / "gold" / "coders.csv").unlink()
    material = explore.open_material(copy)
    target = explore.targets(material, material.mentions["event_mention_id"].iloc[0])[0]
    explore.keep(copy, explore.decide(material, target, "accept", "", "anna", "person", day="2031-05-04"), "person")
    assert review.coders(copy)[["coder_id", "kind", "made"]].values.tolist() == [["anna", "person", "2031-05-04"]]


# the controls, without a front end ----------------------------------------------------------------------------------


def test_showing_writes_nothing_and_stands_still_without_a_front_end(copy):
    before = digest(copy.data)
    material = explore.open_material(copy)
    board = explore.Board(material)
    pair, form = explore.Pair(material, "wire", "halta"), explore.Coding(board)
    data, about = board._repr_mimebundle_()
    assert {"image/svg+xml", "text/plain", VIEW} == set(data)
    assert about["image/svg+xml"]["alt"].startswith(f"{len(material.events)} of {len(material.events)} events")
    assert pair._repr_mimebundle_()["text/html"] == explore.side_by_side(material, "wire", "halta").html
    assert "VBox" not in "".join(str(v) for bundle in (data, pair._repr_mimebundle_(), form._repr_mimebundle_())
                                 for kind, v in bundle.items() if kind != VIEW)
    again = explore.Board(explore.open_material(copy))._repr_mimebundle_()[0]
    assert {k: v for k, v in again.items() if k != VIEW} == {k: v for k, v in data.items() if k != VIEW}
    assert digest(copy.data) == before


def test_a_moved_control_redraws_all_charts_and_the_mark_is_the_row_of_the_list(practice):
    board = explore.Board(practice)
    charts = board.chart.value, board.texts.value
    board.filters["statuses"]["denied"].value = True
    assert board.choice == Choice(statuses=("denied",)) and len(board.list.options) == len(board.dots.options) < 72
    assert charts[0] != board.chart.value and charts[1] != board.texts.value
    board.dots.index = 2
    assert board.list.index == 2 and board.number.value == 3 and board.event_id == board.list.options[2][1]
    board.number.value = 5
    assert board.list.index == board.dots.index == 4
    label = practice.events.set_index("event_id").loc[board.event_id, "label"]
    assert re.sub(r"\W", "", label) in re.sub(r"\W", "", Tags(board.reading.value).text)
    board.filters["tracks"]["alliance"].value = board.filters["statuses"]["demanded"].value = True
    board.filters["statuses"]["denied"].value = False
    assert "No event fits" in board.chart.value and board.event_id is None and board.number.max == 0
    board.reset.click()
    assert (board.chart.value, board.texts.value) == charts and board.choice == Choice()


def test_the_window_of_a_board_is_a_first_and_a_last_day(practice):
    board = explore.Board(practice, Choice(window=("2024-12-05", "")))
    assert board.choice.window == ("2024-12-05", "") and board.list.options     # a day that begins no month is kept
    since, until = board.days.values()
    since.value = since.options[2][1]
    until.value = until.options[3][1]
    assert since.value.endswith("-01") and since.value < until.value
    drawn = board.chart.value
    assert [since.options[n][0] for n in (0, -1)] == ["the first", until.options[-1][0]]
    before = until.value
    until.value = until.options[1][1]
    assert "after the last" in board.note.value and board.chart.value == drawn
    assert until.value == board.choice.window[1] == before                  # what the box shows is in force


def test_a_table_follows_the_board(practice):
    board = explore.Board(practice)
    told = explore.Told(board)
    assert f"{len(practice.events)} chosen events" in told.page.value
    board.filters["statuses"]["denied"].value = True
    assert f"{len(board.list.options)} chosen events" in told.page.value and ">happened<" not in told.page.value
    still = told._repr_mimebundle_()["text/html"]                           # a page keeps what was chosen at first
    assert f"{len(practice.events)} chosen events" in still and ">happened<" in still


def test_the_form_follows_the_board_keeps_and_takes_back(copy):
    material = explore.open_material(copy)
    board = explore.Board(material)
    form = explore.Coding(board)
    board.list.index = 5
    mine = material.mentions[material.mentions["event_id"] == board.event_id]
    assert [value for _, value in form.mention.options] == mine["event_mention_id"].tolist()
    form.action.value, form.coder.value, form.value.value = "status", "anna", "nonsense"
    form.keep.click()
    assert "Not kept" in form.said.value and not list((copy.raw / "review").glob("decisions*"))
    form.value.value = next(s for s in ("denied", "planned") if s != mine["status"].iloc[0])
    form.keep.click()
    assert "Kept" in form.said.value and len(review.read_decisions(copy)[0]) == 1
    form.undo.click()
    assert "Taken back" in form.said.value and not list((copy.raw / "review").glob("decisions*"))


def test_the_ticked_texts_are_read_first():
    material = explore.open_material(open_case("practice"))
    told = material.mentions.dropna(subset="event_id").groupby("event_id")["doc_id"].agg(
        lambda docs: list(dict.fromkeys(docs)))
    event, docs = next((e, d) for e, d in told.items() if len(d) >= 3)
    plain = explore.read_event(material, event, most=1).text
    turned = explore.read_event(material, event, most=1, first=[docs[-1]]).text
    assert material.names[docs[0]] in plain and material.names[docs[-1]] in turned and turned != plain
    board = explore.Board(material, explore.Choice.of(material, documents=[docs[-1]]))
    board.list.value = event
    form = explore.Coding(board)
    assert form.mention.options[0][0].startswith(material.names[docs[-1]])
    place = [board.reading.value.index(f"<strong>{material.names[d]}") for d in (docs[-1], docs[0])]
    assert place == sorted(place)
    assert f"told by {len(docs)} texts, 1 of them chosen" in board.reading.value and "chosen" not in plain


def test_a_case_without_events_says_so(copy):
    for name in ("adjudicated_event_mentions", "event_mentions"):
        (copy.processed / f"{name}.csv").unlink()
    copy = open_case("practice", copy.data)
    events = compare.events_of(copy)[0]
    assert events.empty
    material = replace(explore.open_material(open_case("practice")), events=events, mentions=events.assign(
        sentence_id="", doc_id="", event_mention_id="", trigger_start=0, trigger_end=0), said="No event was coded.")
    board = explore.Board(material)
    assert "No event was coded." in board.chart.value and board.event_id is None
    assert "no event to read" in board.reading.value and explore.Coding(board).mention.options == ()
