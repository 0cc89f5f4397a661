"""Texts and files that nobody would write: the coders must survive them, the readers must name what is wrong.

CASEBOOK_FUZZ sets how many of each are tried (30 in the test run; set it to 20000 and go for a walk).
"""
import os
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers import actors, cleaning, dates, events, frames, pipeline, speech, tables
from helpers.case import CaseError, open_case
from helpers.codebook import CodebookError, check, load_codebook
from helpers.review import spreadsheet
from helpers.tables import TableError

RAW = Path(__file__).resolve().parent.parent / "data" / "raw" / "practice"
TRIED = settings(max_examples=int(os.environ.get("CASEBOOK_FUZZ", 30)), deadline=None,
                 suppress_health_check=list(HealthCheck))
PIECES = st.sampled_from(
    "The the President president minister of Norvia France Paris Mr. Dr. He she it they who said says told that "
    "according to denied will not no never nothing if may reportedly sanctions talks treaty imposed agreed to signed "
    "offered rejected was were by with against “ ” ‘ ’ \" ' « » '' `` ( ) [ ] , . . ! ? ; : – — - ... … \n \n\n \t "
    "on Monday 3 May 2021 last week \u00a0 \u200b \u202e \ufeff \u0301 \x00 \x1b İ ß ﬁ 🇹🇷 <script> </p> &amp; "
    "{{x}} %s ../ "
    "=1+1 https://a.example/b @ # * | Share Subscribe Read more: By Reuters (Reuters) Advertisement Copyright © 2021 "
    "S-400 U.S. U.N. EU F-35 a. m. 1,000 $5bn".split(" "))
TEXTS = (st.lists(PIECES, max_size=120).map(" ".join) | st.lists(PIECES, max_size=60).map("".join)
         | st.text(max_size=300))


@pytest.fixture(scope="module")
def book():
    return load_codebook(RAW)


@TRIED
@given(TEXTS)
def test_every_coder_survives_any_text_and_points_into_it(book, text):
    lines = cleaning.clean(text)
    sentences = cleaning.sentences(text, lines)
    shown = "".join(text[s:e] for s, e in zip(lines["start"], lines["end"]))
    assert "".join(shown.splitlines()) == "".join(text.splitlines())
    sentences = sentences.assign(sentence_id=tables.span_ids("d", "s", sentences["start"], sentences["end"]),
                                 doc_id="d")
    published = dates.infer_published(lines, text=text)
    day = (published.earliest, published.latest) if published.earliest else None
    times = dates.find_times(text, day)
    times["sentence_id"], times["time_id"] = None, tables.span_ids("d", "t", times["start"], times["end"])
    found = actors.mentions(text, sentences, book, day)
    quotes, chain = speech.quotes(text, sentences, found, book, "The Outlet")
    told = events.event_mentions(text, sentences, found, quotes, times, book)
    framed = frames.frames(text, sentences, book, quotes=quotes, mentions=found, event_mentions=told)
    known = set(sentences["sentence_id"])
    for table, start, end in ((sentences, "start", "end"), (found, "start", "end"), (quotes, "start", "end"),
                              (told, "trigger_start", "trigger_end")):
        assert ((0 <= table[start]) & (table[start] < table[end]) & (table[end] <= len(text))).all()
    for table in (found, quotes, told, framed):
        assert set(table["sentence_id"].dropna()) <= known
    assert set(chain["quote_id"]) <= set(quotes["quote_id"])


def mutated(text: str):
    """A strategy: the text with some stretches cut out, doubled or replaced by odd characters."""
    put = st.sampled_from([
        "", "\x00", ",", ",,,", '"', "\n", "\r", "\t", ": ", "- ", "[", "{", "&a ", "*a ", "!!python/object ", "=cmd()",
        "../../x", "\ufeff", "𝟙", "9999999999", "-1", "NaN", "é" * 3, "'"])
    edit = st.tuples(st.integers(0, len(text)), st.integers(0, 30), put)

    def apply(edits):
        out = text
        for place, length, put in edits:
            out = out[:place] + put + out[place + length:]
        return out
    return st.lists(edit, min_size=1, max_size=4).map(apply)


def small(tmp_path_factory, name: str) -> Path:
    folder = tmp_path_factory.mktemp(name) / "data"
    (folder / "raw" / "practice").mkdir(parents=True)
    for path in RAW.glob("*.*"):
        shutil.copy(path, folder / "raw" / "practice")
    shutil.copytree(RAW / "codebook", folder / "raw" / "practice" / "codebook")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """A data folder with the practice case, whose files may be spoilt."""
    return small(tmp_path_factory, "fuzz")


@TRIED
@given(mutated((RAW / "documents.csv").read_text(encoding="utf-8")))
def test_a_spoilt_manifest_is_read_or_refused_by_name(data, text):
    path = data / "raw" / "practice" / "documents.csv"
    path.write_bytes(text.encode("utf-8"))
    try:
        case = open_case("practice", data)
        pipeline.clean_texts(case, list(case.manifest["doc_id"])[:1])
    except (CaseError, TableError) as error:
        assert str(error)


BOOKS = sorted((RAW / "codebook").glob("*.*"))


@pytest.mark.parametrize("name", [p.name for p in BOOKS])
def test_a_spoilt_codebook_is_read_or_refused_by_name(data, name):
    folder = data / "raw" / "practice"
    text = (RAW / "codebook" / name).read_text(encoding="utf-8")

    @settings(TRIED, max_examples=max(5, TRIED.max_examples // 3))
    @given(mutated(text))
    def spoil(changed):
        (folder / "codebook" / name).write_bytes(changed.encode("utf-8"))
        problems = [str(p) for p in check(folder)]
        try:
            load_codebook(folder)
        except CodebookError as error:
            assert problems and re.search(r"\.(csv|yaml):\d+: ", str(error))   # where it shows, not always in this file
    try:
        spoil()
    finally:
        (folder / "codebook" / name).write_text(text, encoding="utf-8")


@TRIED
@given(mutated("sheet,coder,key,frame\nframes coding,anna,a:0-9,security_threat\nframes coding,anna,b:1-4,\n"))
def test_a_spoilt_sheet_is_read_or_refused_by_name(data, text):
    path = data / "filled.csv"
    path.write_bytes(text.encode("utf-8"))
    try:
        assert all("line" in row for row in spreadsheet.read(path, ("sheet", "coder", "key")))
    except TableError as error:
        assert path.name in str(error)
