"""No text holds the stages up: what no one would write is read in a time in proportion to its length.

No time is asserted. A stage whose time grows with the square of the text would need hours for what is read here, so a
process that does not come to an end is stopped and the text named. `benchmarks/speed.py` measures the growth itself.
"""
import shutil
import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import pipeline, readers, review
from helpers.case import open_case
from helpers.codebook import compile_cues, load_codebook
from helpers.codebook.cues import stretches
from helpers.dates.published import Clue
from helpers.events import coding
from helpers.speech import speakers

# each was once read in quadratic time by some stage: what it is made of, and how many characters of it
HOSTILE = [("7", 600_000), ("A", 600_000), ("_", 600_000), ("a-", 200_000), ("1/2/21 ", 150_000), ("2021 ", 150_000),
           ("Peru said it ", 100_000), ("according to ", 100_000), ("“a” ", 100_000), (" ", 1_000_000),
           ("“", 1_000_000), ("Mr. A. B. ", 200_000), ("ha ", 200_000), ("0 0 0 0 0 0 0\n", 200_000)]
READ = """
import sys
import pandas as pd
from helpers import actors, cleaning, dates, events, frames, speech
from helpers.codebook import compile_cues, load_codebook
from helpers.compare import accounts
book = load_codebook(None)
for line in sys.stdin:
    unit, size = eval(line)
    print(repr(unit), end=" ", flush=True)
    text = "Ferry is late\\n\\nThe ferry was late, the pilot said.\\n\\nPeru " + unit * (size // len(unit)) + "x."
    lines = cleaning.clean(text)
    cleaning.sentences(text, lines)
    cleaning.describe(text, lines)
    dates.infer_published(lines, text=text)
    rows = pd.DataFrame({"start": [0, 15, 52], "end": [13, 50, len(text)], "doc_id": "d", "paragraph": [0, 1, 2],
                         "section": ["title", "body", "body"], "sentence_id": ["a", "b", "c"]})
    times = dates.find_times(text, "2021-05-04").assign(time_id="t")
    named = actors.mentions(text, rows, book, "2021-05-04")
    said, _ = speech.quotes(text, rows, named, book)
    told = events.event_mentions(text, rows, named, said, times, book)
    frames.frames(text, rows, book, quotes=said, mentions=named, event_mentions=told)
    accounts.reuse({"a": text, "b": text + text}, pd.concat([rows.assign(doc_id="a"), rows.assign(
        doc_id="b", end=[13, 50, 2 * len(text)])]))
    compile_cues([{"id": "own", "cues": ["re:[a-z] ferry|[a-z ]+ boat"]}]).find(text[:20_000])
    print("read", flush=True)
"""


def test_no_hostile_text_holds_a_stage_up():
    given_in = "".join(f"{case!r}\n" for case in HOSTILE)
    try:
        done = subprocess.run([sys.executable, "-c", READ], input=given_in, capture_output=True, text=True,
                              encoding="utf-8", timeout=500)
    except subprocess.TimeoutExpired as stopped:
        pytest.fail(f"stopped at {(stopped.stdout or b'')[-200:]!r}")
    assert done.returncode == 0, done.stdout[-200:] + done.stderr[-2000:]
    assert done.stdout.split("\n")[:-1] == [f"{unit!r} read" for unit, _ in HOSTILE]


def test_a_sentence_that_no_one_wrote_is_read_in_pieces():
    book, text = load_codebook(None), "Peru imposed sanctions on Chile and " * 2000
    rows = pd.DataFrame({"start": [0], "end": [len(text)], "sentence_id": ["s"]})
    none = pd.DataFrame({name: [] for name in speakers.Named._fields})
    read = speakers.Reader(text, rows, none, book).rows
    assert max(row.end - row.start for row in read) <= speakers.LONGEST
    assert (read[0].start, read[-1].end) == (0, len(text)) and {row.sentence_id for row in read} == {"s"}
    found = coding.event_mentions(text, rows, codebook=book)
    assert found["trigger_start"].nunique() >= 5 and set(found["sentence_id"]) == {"s"}


@settings(deadline=None)
@given(st.text("ab \n", max_size=60), st.integers(2, 20))
def test_pieces_tile_a_passage_and_none_is_longer_than_allowed(text, longest):
    pieces = list(stretches(text, 0, len(text), longest))
    assert "".join(text[a:b] for a, b in pieces) == text
    assert all(b - a <= longest for a, b in pieces)


def test_a_regular_expression_is_found_beyond_the_first_stretch():
    finder = compile_cues([{"id": "own", "cues": ["re:the \\w+ ferry"]}])
    text = "It rained on the quay.\n" * 2000 + "They took the night ferry."
    assert [text[h.start:h.end] for h in finder.find(text)] == ["the night ferry"]


def test_a_text_beyond_the_limit_is_a_failure_and_the_others_are_coded(tmp_path, project, monkeypatch):
    shutil.copytree(project / "data" / "raw" / "practice", tmp_path / "raw" / "practice")
    case = open_case("practice", tmp_path)
    sizes = {doc: case.path(doc).stat().st_size for doc in case.choose()}
    monkeypatch.setattr(readers, "MAX_BYTES", sorted(sizes.values())[-1] - 1)
    monkeypatch.setattr(type(case), "present", pd.Series(True, index=list(sizes)))
    made = pipeline.clean_texts(case)
    row, = made["failures"].to_dict("records")
    assert sizes[row["doc_id"]] == max(sizes.values()) and "limit" in row["problem"]
    assert case.row(row["doc_id"])["file"] in row["problem"]
    assert set(made["sentences"]["doc_id"]) == set(sizes) - {row["doc_id"]}


DAYS = st.dates(date(1998, 1, 1), date(2003, 12, 31))


@settings(deadline=None, max_examples=60)
@given(DAYS, st.integers(1, 1500), st.booleans(), DAYS, st.integers(0, 330), st.none() | st.integers(0, 6))
def test_days_that_recur_are_those_a_calendar_shows(first, n, by_month, start, length, weekday):
    days = np.arange(np.datetime64(first), np.datetime64(first) + np.timedelta64(n, "D"))
    length = min(length, 27) if by_month else length
    when = {"monthly": (start.day, length)} if by_month else {"yearly": (start.month, start.day, length)}
    clue = Clue(0, 1, "day", "", 1, weekday=weekday, **when)

    def begins(day: date) -> bool:
        right = day.day == start.day if by_month else (day.month, day.day) == (start.month, start.day)
        return right and weekday in (None, day.weekday())
    shown = [any(begins(day - timedelta(k)) for k in range(length + 1)) for day in days.astype(object)]
    assert clue.allows(days).tolist() == shown


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 15)), max_size=12),
       st.lists(st.tuples(st.integers(0, 50), st.integers(1, 15)), max_size=6))
def test_the_sentence_of_a_span_is_the_one_that_shares_most_with_it(sentences, spans):
    rows = pd.DataFrame([(a, a + n, f"s{k}") for k, (a, n) in enumerate(sentences)],
                        columns=["start", "end", "sentence_id"])
    spans = [(a, a + n) for a, n in spans]
    plain = []
    for start, end in spans:
        shared = [min(b, end) - max(a, start) for a, b in zip(rows["start"], rows["end"])]
        best = max(shared, default=0)
        plain.append(f"s{shared.index(best)}" if best > 0 else None)
    assert review.sentences_at(rows, spans) == plain
