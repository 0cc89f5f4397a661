"""Exports, each checked by the rules of the format it claims: TimelineJS's and PLOVER's fields, brat's own reader."""
import hashlib
import html.parser
import json
import re

import jsonschema
import pandas as pd
import pytest

from helpers.case import Case, CaseError, ParameterError, TextMissing
from helpers.codebook import load_codebook
from helpers.export import export

TEXT = "Port to close\r\n\r\nThe port may\r\nclose in May. “We\tlease it,” the minister said.\u2028The ferry sank."
EVIL = '<img src=x onerror=alert(1)> & "co"'


def at(words: str) -> dict:
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


def mention(words: str, **more) -> dict:
    span = at(words)
    return {"event_mention_id": f"d/e{span['start']}-{span['end']}", "sentence_id": "d/s17-45", "doc_id": "d",
            "trigger_start": span["start"], "trigger_end": span["end"], "type": "SANCTION", "track": "sanctions",
            "status": "happened", "granularity": "none", "basis": "none", "rule": "A"} | more


@pytest.fixture
def case(tmp_path):
    """A case of one text with events of every kind of date, a label that is HTML, and spans over line breaks."""
    raw = tmp_path / "data" / "raw" / "harbour"
    raw.mkdir(parents=True)
    (raw / "d.txt").write_bytes(TEXT.encode("utf-8"))
    (raw / "README.md").write_text(f"# Harbour {EVIL}\n", encoding="utf-8")
    (raw / "documents.csv").write_text(
        "doc_id,file,sha256,url,language,outlet,short_name\n"
        f"d,d.txt,{hashlib.sha256(TEXT.encode()).hexdigest()},https://x.example/?a=1&b=2,en,The Mole,The <Mole>\n",
        encoding="utf-8")
    case = Case("harbour", tmp_path / "data")
    dates = {"day": ("2031-05-02", "2031-05-02", "day"), "month": ("2031-05-01", "2031-05-31", "month"),
             "year": ("2031-01-01", "2031-12-31", "year"), "span": ("2031-05-02", "2032-01-09", "interval"),
             "week": ("2031-05-05", "2031-05-11", "week"), "none": (None, None, "none")}
    case.save({
        "sentences": pd.DataFrame([{"sentence_id": "d/s17-45", "doc_id": "d", "start": 17, "end": 45, "section": "body",
                                    "paragraph": 1, "n_words": 6, "digest": "x"}]),
        "events": pd.DataFrame([{
            "event_id": f"sale é/{k}", "label": EVIL, "earliest": lo, "latest": hi, "granularity": g,
            "basis": "none" if g == "none" else "explicit", "track": "sanctions", "status": "happened",
            "actor_id": "NOR.court+SWE", "n_documents": 1, "layer": "adjudicated"}
            for k, (lo, hi, g) in dates.items()]),
        "adjudicated_event_mentions": pd.DataFrame([
            mention("close in", earliest="2031-05-01", latest="2031-05-31", granularity="month", basis="explicit",
                    actor_id="NOR.court+SWE", target_id="xyz", label=EVIL, event_id="sale é/month", stage="imposed"),
            mention("lease", event_id="sale é/day", status="planned"),
            mention("said", status="denied", event_id="sale é/day"), mention("sank"), mention("Port", type=None)]),
        "adjudicated_quotes": pd.DataFrame([{
            "quote_id": "d/q1", "doc_id": "d", **at("“We\tlease it,” the minister said"), "sentence_id": "d/s17-45",
            "directness": "mixed", "speaker": "the\nminister", "rule": "A"}]),
        "frames": pd.DataFrame([{
            "sentence_id": "d/s17-45", "doc_id": "d", "frame": "economic_cost", "rank": 1, "weight": 1,
            "voice": "outlet", "negated": True, "hedged": False, "rule": "cost"}])})
    return case


# TimelineJS: timeline.knightlab.com/docs/json-format.html ------------------------------------------------------------

DATE = {"type": "object", "required": ["year"], "additionalProperties": False, "properties": {
    "year": {"type": "integer"}, "month": {"type": "integer", "minimum": 1, "maximum": 12},
    "day": {"type": "integer", "minimum": 1, "maximum": 31}, "display_date": {"type": "string"}}}
SLIDE = {"type": "object", "additionalProperties": False, "properties": {
    "start_date": DATE, "end_date": DATE, "text": {"type": "object", "additionalProperties": False, "properties": {
        "headline": {"type": "string"}, "text": {"type": "string"}}},
    "group": {"type": "string"}, "display_date": {"type": "string"}, "unique_id": {"type": "string"},
    "autolink": {"type": "boolean"}, "media": {"type": "object"}, "background": {"type": "object"}}}
TIMELINE = {"type": "object", "required": ["events"], "additionalProperties": False, "properties": {
    "events": {"type": "array", "items": SLIDE | {"required": ["start_date"]}}, "title": SLIDE,
    "eras": {"type": "array"}, "scale": {"enum": ["human", "cosmological"]}}}


class Tags(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.said = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, attributes))

    def handle_data(self, data):
        self.said.append(data)


def test_timelinejs_has_the_documented_form_and_no_foreign_html(case, tmp_path):
    written, said = export(case, "timelinejs")
    assert written == [tmp_path / "reports" / "harbour" / "export" / "timelinejs.json"]
    made = json.loads(written[0].read_text(encoding="utf-8"))
    jsonschema.validate(made, TIMELINE)
    assert said == ["1 of 6 left out: they have no date."] and len(made["events"]) == 5
    ids = [e["unique_id"] for e in made["events"]]
    assert len(set(ids)) == 5 and all(re.fullmatch(r"[A-Za-z0-9_-]+", i) for i in ids)
    for slide in [made["title"], *made["events"]]:
        assert slide["autolink"] is False
        for part in (*slide["text"].values(), slide.get("group", "")):
            tags = Tags()
            tags.feed(part)
            assert all(tag == ("p", []) for tag in tags.tags)
    tags = Tags()
    tags.feed(made["events"][0]["text"]["headline"])
    assert "".join(tags.said) == EVIL      # shown as it was written
    assert "The &lt;Mole&gt;" in made["events"][0]["text"]["text"]


def test_timelinejs_dates_are_as_fine_as_they_are_known(case):
    made = json.loads(export(case, "timelinejs")[0][0].read_text(encoding="utf-8"))
    dates = {e["unique_id"].rsplit("-", 1)[1]: (e["start_date"], e.get("end_date"), e.get("display_date"))
             for e in made["events"]}
    assert dates["year"] == ({"year": 2031}, None, None)
    assert dates["month"] == ({"year": 2031, "month": 5}, None, None)
    assert dates["day"] == ({"year": 2031, "month": 5, "day": 2}, None, None)
    assert dates["span"] == ({"year": 2031, "month": 5, "day": 2}, {"year": 2032, "month": 1, "day": 9},
                             "between 2031-05-02 and 2032-01-09")
    assert dates["week"][1] == {"year": 2031, "month": 5, "day": 11}


# PLOVER: manual 0.6b2, JSON data fields ------------------------------------------------------------------------------

FIELDS = """id date time enddate endtime source target event eventLoc eventText quadCode eventScale mode context dead
injured size link text citation url language publication license copyright textInfo coder version codebook dateCoded
comment""".split()
OURS = ["status", "stage", "track", "dateBasis"]
DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
ACTORS = {"type": "array", "minItems": 1, "items": {
    "type": "object", "required": ["code"], "additionalProperties": False, "properties": {
        "code": {"type": "string", "pattern": "^[A-Z]{3}$"}, "sector": {}, "identifier": {"type": "string"},
        "actorLoc": {}, "actorText": {"type": "string"}, "office": {}}}}
RECORD = {"type": "object", "required": ["id", "date", "enddate", "source", "event"], "additionalProperties": False,
          "properties": {f: {} for f in FIELDS + OURS} | {
              "id": {"type": "string"}, "date": DAY, "enddate": DAY, "source": ACTORS, "target": ACTORS,
              "event": {"enum": sorted(load_codebook(None).types.index)}, "eventScale": {"type": "number"},
              "context": {"enum": ["future", "hypothetical", "historical"]},
              "language": {"type": "string", "pattern": "^[a-z]{2}$"},
              "textInfo": {"type": "object", "additionalProperties": False, "properties": {
                  "sequence": {}, "start": {"type": "integer"}, "end": {"type": "integer"}, "markup": {}}}}}


def test_plover_records_have_plovers_fields_and_no_passage(case):
    written, said = export(case, "plover")
    records = json.loads(written[0].read_text(encoding="utf-8"))
    jsonschema.validate(records, {"type": "array", "items": RECORD})
    assert len({r["id"] for r in records}) == len(records) == 2
    assert said == ["1 of 5 left out: the text says that they did not happen or denies them.",
                    "1 of 5 left out: they have no PLOVER type.",
                    "1 of 5 left out: neither they nor the event they are linked to has a date."]
    first, second = sorted(records, key=lambda r: r["textInfo"]["start"])
    assert [a["code"] for a in first["source"]] == ["NOR", "SWE"] and first["source"][0]["identifier"] == "NOR.court"
    assert first["target"] == [{"code": "UNK", "identifier": "xyz"}] and "context" not in first
    assert second["date"] == "2031-05-02" and second["dateBasis"] == "linked" and second["context"] == "future"
    assert second["source"] == [{"code": "UNK"}] and "target" not in second
    assert "text" not in first and "minister" not in written[0].read_text(encoding="utf-8")


# brat: brat.nlplab.org/standoff.html, and what its server checks when it reads a file --------------------------------

def read_brat(text: str, ann: str, conf: str) -> dict[str, tuple]:
    """Read annotations as brat's server does and refuse what it refuses; return them by id."""
    sections, name = {}, None
    for line in conf.splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            name = line
            sections[name] = []
        elif line.strip():
            sections[name].append(line)
    entities = {line.strip() for line in sections["[entities]"]}
    events = {line.split()[0] for line in sections["[events]"]}
    attributes = {line.split("\t")[0]: re.search(r"Value:(\S+)", line) for line in sections["[attributes]"]}
    found: dict[str, tuple] = {}
    assert ann.endswith("\n") and len(ann.splitlines()) == ann.count("\n")      # no other line break inside
    for line in ann.splitlines():
        id_, data = line.split("\t", 1)
        assert re.fullmatch(r"[TEA#][1-9]\d*", id_) and id_ not in found
        data, _, tail = data.partition("\t")
        if id_[0] == "T":
            kind, spans = data.split(" ", 1)
            spans = [tuple(map(int, s.split(" "))) for s in spans.split(";")]
            assert kind in entities | events
            assert all(0 <= s < e <= len(text) for s, e in spans)
            assert all(b[0] > a[1] for a, b in zip(spans, spans[1:]))
            assert tail == " ".join(text[s:e] for s, e in spans) and "\n" not in tail
            assert tail == tail.strip() != ""
            found[id_] = (kind, spans)
        elif id_[0] == "E":
            kind, trigger = data.split(":")
            assert kind in events and found[trigger][0] == kind and not tail
            found[id_] = (kind, trigger)
        elif id_[0] == "A":
            name, target, *value = data.split(" ")
            assert target in found and len(value) <= 1 and not tail
            allowed = attributes[name]
            assert (value and value[0] in allowed[1].split("|")) if allowed else not value
            found[id_] = (name, target, *value)
        else:
            assert data.split(" ")[0] == "AnnotatorNotes" and data.split(" ")[1] in found and tail
            found[id_] = (data, tail)
    return found


def test_brat_reads_what_is_written_for_it(case, tmp_path):
    written, said = export(case, "brat", tmp_path / "out")
    assert said == [] and {p.name for p in written} == {"annotation.conf", "d.txt", "d.ann"}
    text, ann, conf = ((tmp_path / "out" / n).read_bytes().decode("utf-8")
                       for n in ("d.txt", "d.ann", "annotation.conf"))
    assert len(text) == len(TEXT) and "\r" not in text and text.split() == TEXT.split()
    found = read_brat(text, ann, conf)
    spans = {kind: [text[s:e] for s, e in where] for k, (kind, *rest) in found.items() if k[0] == "T" for where in rest}
    assert spans["economic_cost"] == ["The port may", "close in May."]
    assert spans["Quote"] == ["“We lease it,” the minister said"]
    assert sum(k[0] == "E" for k in found) == 5
    assert ("Status", "E1", "happened") in found.values() and ("Stage", "E2", "imposed") in found.values()
    assert any(v[0] == "Negated" and len(v) == 2 for v in found.values()) and "Hedged" not in ann
    assert any("speaker: the minister" in v[1] for k, v in found.items() if k[0] == "#")


def test_brat_is_refused_where_the_texts_are_not_or_may_not_lie(case, tmp_path):
    with pytest.raises(CaseError, match="lies in the data folder"):
        export(case, "brat", case.raw / "brat")
    (case.raw / "d.txt").unlink()
    bare = Case(case.name, case.data)
    with pytest.raises(TextMissing, match="1 of 1 texts of harbour are not here .d.*casebook texts harbour"):
        export(bare, "brat", tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert export(bare, "plover")[0] and export(bare, "timelinejs")[0]
    with pytest.raises(ParameterError, match="no export to 'csv'; there are timelinejs, plover, brat"):
        export(case, "csv")


def test_machine_codes_are_exported_where_nobody_has_coded_and_say_so(case):
    (case.processed / "adjudicated_event_mentions.csv").unlink()
    case.save({"event_mentions": pd.DataFrame([mention("sank", rule="sink")]).drop(columns=["granularity", "basis"])})
    made = json.loads(export(case, "timelinejs")[0][0].read_text(encoding="utf-8"))
    assert "not reviewed: 1 of 1" in made["title"]["text"]["text"]
    assert json.loads(export(case, "plover")[0][0].read_text(encoding="utf-8")) == []


def test_the_practice_case_goes_out_whole(project, tmp_path):
    case = Case("practice", project / "data")
    if not (case.has("sentences") and case.has("events")) or case.load("sentences").empty:
        pytest.skip("the tables of the practice case have not been built")
    jsonschema.validate(json.loads(export(case, "timelinejs", tmp_path)[0][0].read_text(encoding="utf-8")), TIMELINE)
    records = json.loads(export(case, "plover", tmp_path)[0][0].read_text(encoding="utf-8"))
    jsonschema.validate(records, {"type": "array", "items": RECORD})
    written, _ = export(case, "brat", tmp_path)
    conf = (tmp_path / "annotation.conf").read_text(encoding="utf-8")
    for path in written:
        if path.suffix == ".ann":
            text = path.with_suffix(".txt").read_bytes().decode("utf-8")
            assert len(text) == len(case.text(path.stem))
            assert read_brat(text, path.read_bytes().decode("utf-8"), conf)
