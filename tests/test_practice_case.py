"""The practice case is what it says it is: the kinds of text are there, and its key fits the texts."""
import csv
import hashlib
import re
from collections import Counter, defaultdict
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path

import pytest

from helpers import readers
from helpers.codebook import load_codebook
from helpers.review import interval

CASE = Path(__file__).resolve().parents[1] / "data" / "raw" / "practice"
GOLD = CASE / "gold"
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
MONTH = (r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
         r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as f:
        return list(csv.DictReader(f))


def gold(name: str) -> list[dict[str, str]]:
    return rows(GOLD / f"{name}.csv")


MANIFEST = {r["doc_id"]: r for r in rows(CASE / "documents.csv")}
SOURCES = {d: readers.read(CASE / r["file"]) for d, r in MANIFEST.items()}
TEXTS = {d: s.text for d, s in SOURCES.items()}
BOOK = load_codebook(CASE / "codebook")
STATES = {r["actor_id"] for r in rows(CASE / "codebook" / "actors.csv") if r["kind"] in ("state", "group")}



def line_roles(doc_id: str) -> list[tuple[str, str]]:
    """Role and text of each line, by the key."""
    labels = [r["label"] for r in gold("lines") if r["doc_id"] == doc_id]
    return list(zip(labels, TEXTS[doc_id].splitlines(), strict=True))


def body(doc_id: str) -> str:
    return "\n".join(line for role, line in line_roles(doc_id) if role == "body")


def spans() -> list[tuple[str, str, int, int]]:
    """Every span of the key: file, document, start, end."""
    found = []
    for name, pairs in {"sentences": [("start", "end")], "timex": [("start", "end")], "quotes": [("start", "end")],
                        "frames": [("start", "end")], "events": [("start", "end"), ("trigger_start", "trigger_end")]
                        }.items():
        found += [(name, r["doc_id"], int(r[a]), int(r[b])) for r in gold(name) for a, b in pairs]
    for r in gold("contradictions"):
        found += [("contradictions", r[f"doc_{x}"], int(r[f"start_{x}"]), int(r[f"end_{x}"]))
                  for x in "ab" if r[f"doc_{x}"]]
    return found


# ---------------------------------------------------------------- the texts


def test_the_files_are_those_of_the_manifest():
    assert len(MANIFEST) >= 6
    for doc_id, row in MANIFEST.items():
        assert hashlib.sha256((CASE / row["file"]).read_bytes()).hexdigest() == row["sha256"], doc_id
        assert re.fullmatch(r"https://[\w.-]+\.example/\S*", row["url"]), doc_id
    assert len({r["file"][:3] for r in MANIFEST.values()}) == len(MANIFEST)


@pytest.mark.parametrize("doc_id", MANIFEST)
def test_every_line_has_a_role_and_the_body_is_of_the_length_asked_for(doc_id):
    roles = line_roles(doc_id)
    assert {role for role, _ in roles} <= {*BOOK.roles.index, "dateline"}
    assert [role == "blank" for role, _ in roles] == [not line.strip() for _, line in roles]
    assert 250 <= len(body(doc_id).split()) <= 500
    assert sum(role == "title" for role, _ in roles) == 1
    assert [line for role, line in roles if role == "title"] == [MANIFEST[doc_id]["title"]]


def test_the_pages_differ_in_their_furniture():
    kinds = {d: frozenset(role for role, _ in line_roles(d)) for d in MANIFEST}
    assert len(set(kinds.values())) >= 6
    everywhere = frozenset().union(*kinds.values())
    assert everywhere >= {"nav", "caption", "credit", "share", "related", "comment", "about", "legal", "byline", "dek"}
    assert any("cookie" in line.lower() for d in MANIFEST for role, line in line_roles(d) if role == "legal")


def test_one_text_is_windows_1252_so_that_it_matters():
    raw = {d: (CASE / r["file"]).read_bytes() for d, r in MANIFEST.items()}
    other = []
    for doc_id, data in raw.items():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            other.append(doc_id)
    assert len(other) == 1
    doc_id = other[0]
    assert SOURCES[doc_id].encoding == "cp1252"
    assert TEXTS[doc_id] == raw[doc_id].decode("cp1252") != raw[doc_id].decode("latin-1")
    assert set("“”‘’–é") <= set(TEXTS[doc_id])
    assert raw[doc_id].count(b"\r\n") == raw[doc_id].count(b"\n") > 20
    assert all(b"\r" not in data for d, data in raw.items() if d != doc_id)


def test_names_hold_letters_beyond_western_code_pages():
    names = {w for d in MANIFEST for w in re.findall(r"\b[^\W\d_]+\b", body(d)) if w[0].isupper() and not w.isascii()}
    assert len(names) >= 12

    def western(word):
        return word.encode("cp1252", "ignore").decode("cp1252") == word
    assert any(not western(w) for w in names)


def test_one_page_is_html_with_menus_scripts_figure_and_footer_and_its_rendering_is_beside_it():
    pages = [d for d, s in SOURCES.items() if s.format == "html"]
    assert len(pages) == 1
    markup = (CASE / MANIFEST[pages[0]]["file"]).read_text(encoding="utf-8")
    for tag in ("nav", "script", "style", "figure", "figcaption", "aside", "footer", "h1"):
        assert f"<{tag}" in markup, tag
    sidecar = CASE / f"{MANIFEST[pages[0]]['file']}.txt"
    assert sidecar.read_bytes() == TEXTS[pages[0]].encode("utf-8")
    assert "ledgerData" in markup and "ledgerData" not in TEXTS[pages[0]]


def test_one_text_bears_no_date_of_any_kind_and_its_day_is_left_open():
    calendar = re.compile(rf"\b(?:(?:19|20)\d\d|\d+(?:st|nd|rd|th)|{MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)")
    undated = [d for d in MANIFEST if not calendar.search(TEXTS[d])]
    assert len(undated) == 1
    unknown = {d for d, r in MANIFEST.items() if r["published_basis"] == "unknown"}
    assert undated[0] in unknown and 1 <= len(unknown) <= 2
    for doc_id, row in MANIFEST.items():
        days = [row[f"published_{k}"] for k in ("earliest", "best", "latest")]
        if doc_id in unknown:
            assert days == ["", "", ""]
        else:
            low, best, high = map(date.fromisoformat, days)
            assert low <= best <= high


def test_one_text_opens_with_a_dateline():
    line = re.compile(rf"[A-ZÀ-Ž ]{{4,}}, {MONTH} \d+\.? ")
    openings = {d: next(line for role, line in line_roles(d) if role == "body") for d in MANIFEST}
    with_one = [d for d, text in openings.items() if line.match(text)]
    assert with_one
    for doc_id in with_one:   # the key's first sentence begins after it
        first = next(r for r in gold("sentences") if r["doc_id"] == doc_id)
        assert int(first["start"]) > TEXTS[doc_id].index(openings[doc_id]) + 10


def test_one_text_is_an_opinion_piece():
    own = defaultdict(list)
    for r in gold("frames"):
        if r["section"] == "body":
            own[r["doc_id"]].append((r["voice"] == "outlet", "moral_blame" in r["frames"]))
    share = {d: sum(o and m for o, m in v) / len(v) for d, v in own.items()}
    doc_id = max(share, key=share.get)
    assert share[doc_id] > 2 * sorted(share.values())[-2]
    assert len(re.findall(r"\b(?:I|we|our|us)\b", body(doc_id), re.I)) >= 10
    assert any(re.search(r"comment|opinion", line, re.I) for role, line in line_roles(doc_id) if role == "nav")


def shared_runs(a: str, b: str, n: int) -> float:
    """Share of the n-word runs of a that stand in b."""
    def grams(text):
        words = [w.lower() for w in WORD.findall(text)]
        return [tuple(words[i:i + n]) for i in range(len(words) - n + 1)]
    there = set(grams(b))
    mine = grams(a)
    return sum(g in there for g in mine) / len(mine)


def test_one_text_rewrites_another_and_no_other_two_share_anything():
    reuse = {(a, b): shared_runs(body(a), body(b), 5) for a in MANIFEST for b in MANIFEST if a != b}
    (copy, source), most = max(reuse.items(), key=lambda item: item[1])
    assert .3 < most < .8
    assert all(v < .05 for pair, v in reuse.items() if set(pair) != {copy, source})
    words = [[w.lower() for w in WORD.findall(body(d))] for d in (copy, source)]
    runs = sorted(m.size for m in SequenceMatcher(None, *words, autojunk=False).get_matching_blocks())
    assert runs[-1] >= 25 and runs[-5] >= 12     # sentences taken over, not phrases
    assert MANIFEST[source]["outlet"] in MANIFEST[copy]["leans_on"]
    bent = [r for r in gold("contradictions") if {r["doc_a"], r["doc_b"]} == {copy, source}]
    assert len(bent) >= 5


def test_headlines_are_set_against_their_bodies():
    assert {r["doc_id"] for r in gold("headlines")} == set(MANIFEST)
    kinds = Counter(r["difference"] for r in gold("headlines"))
    assert set(kinds) <= {"swap", "level", "certainty", "action", "omits", "same"}
    assert kinds["swap"] >= 1 and kinds["same"] >= 1
    sure = {"fact": 0, "attributed": 1, "possible": 2, "hoped": 2, "denied": 3}
    more = [r["doc_id"] for r in gold("headlines")
            if sure.get(r["headline_certainty"], 9) < sure.get(r["body_certainty"], 0)]
    assert more
    assert {r["doc_a"] for r in gold("contradictions") if r["kind"] == "headline"} >= {
        r["doc_id"] for r in gold("headlines") if r["difference"] in ("swap", "certainty")}
    codes = STATES | {""}
    for r in gold("headlines"):
        for column in ("headline_actor", "headline_target", "body_actor", "body_target"):
            assert set(r[column].split(";")) <= codes


def test_the_headlines_of_the_real_case_follow_the_same_form():
    other = CASE.parent / "s400"
    found = rows(other / "gold" / "headlines.csv")
    assert list(found[0]) == list(gold("headlines")[0])
    assert [r["doc_id"] for r in found] == [r["doc_id"] for r in rows(other / "documents.csv")]
    assert {c for r in found for c in (r["headline_actor"], r["body_actor"], r["headline_target"], r["body_target"])} \
        <= {"USA", "TUR", "RUS", "UKR", ""}


def test_the_texts_frame_the_dispute_differently_as_the_readme_says():
    counts = defaultdict(Counter)
    for r in gold("frames"):
        if r["section"] == "body":
            counts[r["doc_id"]].update(filter(None, r["frames"].split(";")))
    leading = {c.most_common(1)[0][0] for c in counts.values()}
    assert len(leading) >= 4
    readme = (CASE / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| `(\w+)` \|[^|]*\|[^|]*\| ([a-z_, ]+) \|", readme, re.M)
    assert {d for d, _ in table} == set(MANIFEST)
    for doc_id, named in table:
        frames = named.split(", ")
        others = [n for f, n in counts[doc_id].items() if f not in frames]
        assert min(counts[doc_id][f] for f in frames) > max(others), doc_id


# ---------------------------------------------------------------- the key


def test_every_span_lies_in_its_text_and_is_trimmed():
    found = spans()
    assert len(found) > 800
    for name, doc_id, start, end in found:
        assert 0 <= start < end <= len(TEXTS[doc_id]), (name, doc_id, start, end)
        passage = TEXTS[doc_id][start:end]
        assert passage == passage.strip() and passage, (name, doc_id, start, end)


def test_time_expressions_stand_where_the_key_says():
    for r in gold("timex"):
        assert TEXTS[r["doc_id"]][int(r["start"]):int(r["end"])] == r["text"]
        assert r["type"] in {"DATE", "TIME", "DURATION", "SET"}
        assert re.match(r"(core|vague)\b", r["note"])
        assert re.fullmatch(r"[\w:-]+(?:\|[\w:-]+)*", r["value"])


def test_weekdays_resolve_to_days_of_that_name():
    names = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    seen = 0
    for r in gold("timex"):
        day = re.match(rf"(?:{'|'.join(names)})\b", r["text"])
        full = re.match(r"\d{4}-\d\d-\d\d", r["value"])
        if day and full:
            assert names[date.fromisoformat(full.group()).weekday()] == day.group(), r
            seen += 1
    assert seen >= 10


def test_sentences_cover_the_body_and_end_as_sentences_do():
    by_doc = defaultdict(list)
    for r in gold("sentences"):
        by_doc[r["doc_id"]].append((int(r["start"]), int(r["end"])))
    for doc_id, found in by_doc.items():
        text = TEXTS[doc_id]
        assert found == sorted(found) and all(a[1] <= b[0] for a, b in zip(found, found[1:], strict=False))
        lines = set()
        at = 0
        for role, line in line_roles(doc_id):
            at = text.index(line, at)
            if role == "body":
                lines.add((at, at + len(line)))
            at += len(line)
        for start, end in found:
            assert re.search(r"[.?!][”’)]*$", text[start:end]) or (start, end) in lines, text[start:end]
            assert any(a <= start and end <= b for a, b in lines), text[start:end]
        inside = sum(len(text[a:b].split()) for a, b in found)
        assert 0 <= len(body(doc_id).split()) - inside <= 6    # datelines alone are left out


def test_every_sentence_of_title_dek_and_body_has_its_frames():
    frames = {(r["doc_id"], r["start"], r["end"]): r for r in gold("frames")}
    assert len(frames) == len(gold("frames"))
    for r in gold("sentences"):
        assert frames[r["doc_id"], r["start"], r["end"]]["section"] == "body"
    assert sum(r["section"] == "body" for r in frames.values()) == len(gold("sentences"))
    for r in frames.values():
        codes = [f for f in r["frames"].split(";") if f]
        assert set(codes) <= set(BOOK.frames.index) and len(codes) <= 3 and len(set(codes)) == len(codes)
        assert r["section"] in ("title", "dek", "body") and r["voice"] in ("outlet", "quoted")
        assert {r[c] for c in ("negated", "hedged", "laundered")} <= {"yes", "no"}
        assert {r[c] for c in ("tone_xpe", "tone_xha", "tone_xca")} <= {"-1", "0", "1"}
    used = Counter(f for r in frames.values() for f in r["frames"].split(";") if f)
    assert set(used) == set(BOOK.frames.index)


def test_events_use_the_codes_of_the_codebook():
    sentences = {(r["doc_id"], r["start"], r["end"]) for r in gold("frames")}
    columns = {"track": BOOK.tracks, "stage": BOOK.stages, "status": BOOK.statuses, "type": BOOK.types}
    events = gold("events")
    for r in events:
        for column, known in columns.items():
            assert r[column] in known.index or (column == "type" and not r[column]), (column, r[column])
        assert (r["doc_id"], r["start"], r["end"]) in sentences
        assert int(r["start"]) <= int(r["trigger_start"]) < int(r["trigger_end"]) <= int(r["end"])
        assert {r["actor"], r["target"]} <= STATES | {""}
        assert (r["date"] == "") == (r["date_basis"] == "") == (r["date_granularity"] == "")
        length = {"day": 10, "week": 10, "month": 7, "year": 4, "interval": 13, "": 0}[r["date_granularity"]]
        assert (".." in r["date"]) == (r["date_granularity"] == "interval")
        assert len(r["date"]) == length and r["date_basis"] in {"", "explicit", "year_inferred", "relative"}
        assert r["media_chain"].split("<")[0] in MANIFEST[r["doc_id"]]["outlet"]
        assert re.fullmatch(r"[A-Z][A-Z0-9_]*", r["event_key"])
    items = {r["item"] for r in rows(CASE / "codebook" / "items.csv")}
    assert {r["item"] for r in events} <= items
    real = sum(r["status"] in ("happened", "ongoing") for r in events)
    assert .3 < real / len(events) < .8          # status is the point of the exercise
    assert len({r["status"] for r in events}) >= 9


def test_what_the_draft_would_do_has_no_author_in_any_text():
    """P13: the body says that the draft names none; no label may name one for it."""
    drafted = [r for r in gold("events") if r["event_key"] == "LAYUP" and r["speaker"] == "draft"]
    assert len(drafted) == 5 and {(r["actor"], r["target"]) for r in drafted} == {("", "")}


def test_a_deadline_is_set_before_it_runs_out():
    """On or before the last day for an answer lies the threat of the record, which has the day that it was set."""
    threat = next(r for r in gold("events") if (r["event_key"], r["stage"]) == ("WHIMBREL", "threatened"))
    first, last, _ = interval(threat["date"], threat["date_granularity"])
    record = {r["event_id"]: r for r in rows(CASE / "reference.csv")}
    assert first is None and record["P20240710"]["date_lo"] < last < record["P20240905"]["date_lo"]


def test_one_matter_is_objected_to_under_one_key():
    objections = {r["event_key"]: set() for r in gold("events") if r["stage"] == "objection"}
    for r in gold("events"):
        if r["stage"] == "objection":
            objections[r["event_key"]].add(r["item"])
    assert {key: len(items) for key, items in objections.items()} == dict.fromkeys(objections, 1)


def test_quotations_name_speaker_and_directness():
    for r in gold("quotes"):
        passage = TEXTS[r["doc_id"]][int(r["start"]):int(r["end"])]
        assert r["directness"] in {"direct", "indirect", "mixed"} and r["speaker"]
        if r["directness"] == "indirect":
            assert "“" not in passage, passage
        else:
            assert "“" in passage and "”" in passage, passage
        if r["directness"] == "direct":
            assert passage.startswith("“") or passage.startswith("it “"), passage
        assert r["speaker_country"] in STATES | {""}
        assert r["medium_chain"].split("<")[0] in MANIFEST[r["doc_id"]]["outlet"]
    assert max(r["medium_chain"].count("<") for r in gold("quotes")) >= 2


def test_contradictions_are_of_known_kinds_and_cite_the_record():
    record = {r["event_id"] for r in rows(CASE / "reference.csv")}
    found = gold("contradictions")
    assert {r["kind"] for r in found} == {"cross-source", "self", "record", "headline", "translation"}
    assert len({r["id"] for r in found}) == len(found)
    settled = 0
    for r in found:
        cited = set(re.findall(r"\bP\d{6,8}[b-d]?\b", r["evidence"]))
        assert cited <= record, r["id"]
        settled += r["evidence"].startswith("record")
        assert (r["doc_b"] == r["doc_a"]) == (r["kind"] in ("self", "headline")), r["id"]
    assert settled >= 10 and sum("unresolved" in r["evidence"] for r in found) >= 5


def test_the_record_is_dated_graded_and_tied_to_the_events():
    record = rows(CASE / "reference.csv")
    with (CASE.parent / "s400" / "reference.csv").open(encoding="utf-8", newline="") as f:
        assert list(record[0]) == next(csv.reader(f))
    assert len(record) >= 20 and len({r["event_id"] for r in record}) == len(record)
    for r in record:
        assert r["event_id"] .rstrip("bcd") == "P" + r["date"].replace("-", "")
        assert date.fromisoformat(r["date_lo"]) <= date.fromisoformat(r["date_hi"])
        assert r["source_grade"] in {"primary", "wire", "press", "partisan_or_repost"}
        assert r["status"] in {"done", "claimed", "reported", "denied", "proposed"}
        assert r["track"] in BOOK.tracks.index
        assert re.match(r"https://[\w.-]+\.example/", r["address"])
    keys = {r["event_key"] for r in gold("events")}
    for r in gold("record_links"):
        assert r["record_id"] in {x["event_id"] for x in record}
        assert r["event_key"] in keys, r["event_key"]
    last = max(r["published_latest"] for r in MANIFEST.values())
    assert any(r["date_lo"] > last for r in record)     # not yet knowable to any text


def test_labels_say_that_a_model_made_them():
    coders = gold("coders")
    assert {r["kind"] for r in coders} == {"model"}
    assert "`model`" in (GOLD / "README.md").read_text(encoding="utf-8")
