"""A build on a copy of the practice case: one bad text is named and costs no other text its tables."""
import hashlib
import shutil

import pandas as pd
import pytest

from helpers import cli, pipeline
from helpers.case import open_case

FILE = "elsin-wire.txt"
COMPUTED = ("documents", "lines", "sentences", "times", "clues", "mentions", "quotes", "event_mentions", "frames",
            "amounts", "slips", "signals", "words")


@pytest.fixture
def data(tmp_path, project):
    """A data folder with a copy of the practice case, texts and tables."""
    for kind in ("raw", "processed"):
        shutil.copytree(project / "data" / kind / "practice", tmp_path / "data" / kind / "practice")
    return tmp_path / "data"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(data, content: bytes, *, entered: bool = False) -> None:
    """Write other bytes in the place of a text, and enter their digest in the manifest or not."""
    raw = data / "raw" / "practice"
    before = sha((raw / FILE).read_bytes())
    (raw / FILE).write_bytes(content)
    if entered:
        enter(data, before, sha(content))


def enter(data, before: str, after: str) -> None:
    manifest = data / "raw" / "practice" / "documents.csv"
    text = manifest.read_text(encoding="utf-8")
    assert before in text
    manifest.write_text(text.replace(before, after), encoding="utf-8", newline="")


def doc(case) -> str:
    return case.manifest.set_index("file").loc[FILE, "doc_id"]


def same_but(data, project, left_out: str | None) -> None:
    """Every table has the rows of the committed one, but for those of the document left out."""
    for name in COMPUTED:
        was = open_case("practice", project / "data").load(name)
        now = open_case("practice", data).load(name)
        if left_out and name == "documents":
            assert list(now["doc_id"]) == list(was["doc_id"])
        if left_out:
            was, now = was[was["doc_id"] != left_out], now[now["doc_id"] != left_out]
        if name == "event_mentions":       # what a mention is linked to may hang on the other texts
            was, now = (t.drop(columns=["event_key", "event_id", "link_reason"]) for t in (was, now))
        assert was.reset_index(drop=True).equals(now.reset_index(drop=True)), name


def test_an_intact_case_has_no_failures_and_the_same_tables(data, project):
    made = pipeline.build(open_case("practice", data))
    assert made["failures"].empty
    for path in (project / "data" / "processed" / "practice").glob("*.csv"):
        assert (data / "processed" / "practice" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("tables", ["computed before", "none yet"])
@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\xff" * 400, b"%PDF-1.7 ferry"])
def test_a_text_that_cannot_be_read_costs_no_other(data, project, content, tables):
    put(data, content, entered=True)
    if tables == "none yet":
        shutil.rmtree(data / "processed" / "practice")
    case = open_case("practice", data)
    assert case.has_texts and case.changed == []
    made = pipeline.build(case)
    assert list(made["failures"]["doc_id"]) == [doc(case)] and FILE in made["failures"]["problem"].iloc[0]
    assert doc(case) not in set(made["words"]["doc_id"]) | set(made["sentences"]["doc_id"])
    same_but(data, project, doc(case))


def test_a_text_that_fails_in_the_comparison_costs_no_other(data, project, monkeypatch):
    case = open_case("practice", data)
    whole = pipeline.framing.words

    def words(text, *rest):
        if text == case.text(doc(case)):
            raise ValueError("the ferry sank")
        return whole(text, *rest)
    monkeypatch.setattr(pipeline.framing, "words", words)
    made = pipeline.build(case)
    row, = made["failures"].to_dict("records")
    assert (row["doc_id"], row["stage"]) == (doc(case), "comparing")
    assert FILE in row["problem"] and "the ferry sank" in row["problem"]
    assert doc(case) not in set(made["amounts"]["doc_id"]) | set(made["words"]["doc_id"])
    same_but(data, project, doc(case))


@pytest.mark.parametrize("how", ["changed", "emptied", "binary", "wrong digest"])
def test_a_text_with_other_bytes_is_named_and_its_tables_are_kept(data, project, how, capsys):
    content = (data / "raw" / "practice" / FILE).read_bytes()
    if how == "wrong digest":
        enter(data, sha(content), "0" * 64)
    else:
        put(data, {"changed": content + b"\nOne line more.\n", "emptied": b"", "binary": b"\x00\xff" * 99}[how])
    case = open_case("practice", data)
    assert case.changed == [doc(case)] and not case.has_texts
    assert f"{FILE} is not the text that was measured" in case.state() and "\n" not in case.state()
    code = cli.main(["build", "practice", "--data", str(data)])
    told = capsys.readouterr().err
    assert code == 1 and f"{FILE} is not the text that was measured" in told
    failures = open_case("practice", data).load("failures")
    assert list(failures["doc_id"]) == [doc(case)]
    if how == "wrong digest":     # the manifest's own row is another one
        return
    same_but(data, project, None)
    code = cli.main(["check", "practice", "--data", str(data)])
    told = capsys.readouterr().out
    assert code == 1 and f"{FILE} is not the text that was measured" in told


def test_changed_texts_without_tables_say_so(data):
    put(data, b"another text altogether")
    shutil.rmtree(data / "processed" / "practice")
    case = open_case("practice", data)
    made = pipeline.build(case)
    problem, = made["failures"]["problem"]
    assert f"{FILE} is not the text that was measured" in problem


def test_a_text_that_is_not_here_is_no_changed_one(data):
    (data / "raw" / "practice" / FILE).unlink()
    case = open_case("practice", data)
    n = len(case.manifest)
    assert case.changed == [] and case.state().startswith(f"{n - 1} of {n} texts are here: the tables are opened")
    assert "measured" not in case.state()
    assert pipeline.build(case)["failures"].empty


def test_check_names_a_text_that_cannot_be_read(data, capsys):
    put(data, b"", entered=True)
    code = cli.main(["check", "practice", "--data", str(data)])
    told = capsys.readouterr().out
    assert code == 1 and f"{FILE}: the file is empty. Save the page again" in told


def test_cleaning_again_takes_no_day_of_publication_away(data):
    case = open_case("practice", data)
    built = case.load("documents")
    cleaned = pipeline.clean_texts(case)
    assert cleaned["documents"]["inferred_earliest"].isna().all() and built["inferred_earliest"].notna().any()
    pd.testing.assert_frame_equal(pipeline.keep_days(case, cleaned)["documents"], built)
    other = cleaned["documents"].assign(sha256="0" * 64)        # another text: its day is not known yet
    assert pipeline.keep_days(case, cleaned | {"documents": other})["documents"]["inferred_earliest"].isna().all()
