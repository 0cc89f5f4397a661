"""Cases: opening them, putting texts in place, reading behind a mark, and checking parameters."""
import hashlib
import shutil

import pandas as pd
import pytest

from helpers.case import (
    CaseError,
    ParameterError,
    TextMissing,
    check_parameters,
    check_value,
    list_cases,
    open_case,
    place_texts,
)
from helpers.tables import TableError


@pytest.fixture
def data(tmp_path):
    """A data folder with one case of two short texts."""
    raw = tmp_path / "data" / "raw" / "lagoon"
    raw.mkdir(parents=True)
    rows = []
    texts = {"one": "Ferry talks resume\n\nThe talks went on.", "two": "Bridge toll denied\n\nNo toll, he said."}
    for doc, text in texts.items():
        (raw / f"{doc}.txt").write_text(text, encoding="utf-8", newline="\n")
        rows.append({"doc_id": doc, "file": f"{doc}.txt", "sha256": hashlib.sha256(text.encode()).hexdigest(),
                     "url": f"https://example.org/{doc}"})
    pd.DataFrame(rows).to_csv(raw / "documents.csv", index=False)
    return tmp_path / "data"


def edit(data, old, new):
    path = data / "raw" / "lagoon" / "documents.csv"
    path.write_text(path.read_text().replace(old, new))


def test_a_case_opens_wherever_one_stands(data, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert open_case("lagoon", data).text("one", 0, 5) == "Ferry"
    assert {"practice", "s400"} <= set(list_cases())


def test_an_unknown_case_or_document_names_the_nearest(data):
    with pytest.raises(CaseError, match="Did you mean 'lagoon'"):
        open_case("lagon", data)
    with pytest.raises(CaseError, match="no document 'on'.*Did you mean 'one'"):
        open_case("lagoon", data).row("on")


@pytest.mark.parametrize("old, new, words", [
    ("sha256", "sha", "there is no column 'sha' in this table; did you mean 'sha256'"),
    ("one.txt", "../one.txt", "not a plain file name"),
    ("one.txt", "/etc/passwd", "not a plain file name"),
    ("one.txt", "two.txt", "named twice"),
    ("\none,", "\ntwo,", "key doc_id stands twice"),
    ("\none,", "\n<b>one</b>,", "line 2: 'doc_id' is '<b>one</b>'"),
])
def test_a_bad_manifest_is_refused_with_place_and_reason(data, old, new, words):
    edit(data, old, new)
    with pytest.raises((CaseError, TableError), match=words):
        open_case("lagoon", data)


def test_a_missing_or_changed_text_is_said_and_not_read(data):
    (data / "raw/lagoon/one.txt").unlink()
    (data / "raw/lagoon/two.txt").write_text("Something else")
    case = open_case("lagoon", data)
    assert not case.present.any() and case.state().startswith("0 of 2 texts are here")
    with pytest.raises(TextMissing, match="casebook texts lagoon --from FOLDER"):
        case.text("one")
    with pytest.raises(TextMissing, match="two.txt is not the text that was measured"):
        case.text("two")


def test_behind_a_mark_stands_the_passage_or_where_to_find_it(data):
    case = open_case("lagoon", data)
    assert case.read("one", 0, 18) == "Ferry talks resume"
    assert "https://example.org/one" in case.read("one", 0, 18, passages=False)
    assert "Ferry" not in case.read("one", 0, 18, passages=False)


def test_a_title_is_in_no_paragraph():
    case = open_case("practice")
    title = case.load("sentences", where={"doc_id": "wire"}).query("section == 'title'").iloc[0]
    said = case.read("wire", int(title["start"]), int(title["end"]), passages=False)
    assert "; title; " in f"; {said}" and "paragraph 0" not in said


def test_texts_are_placed_by_what_they_are_not_by_their_name(data, tmp_path):
    folder = tmp_path / "saved"
    folder.mkdir()
    shutil.move(data / "raw/lagoon/one.txt", folder / "my download (3).txt")
    (folder / "other.txt").write_text("a text of nobody")
    (folder / "deep").mkdir()
    case = open_case("lagoon", data)
    report = place_texts(case, folder).set_index("file")["outcome"]
    assert report["my download (3).txt"] == "placed"
    assert report["other.txt"].startswith("refused")
    assert case.has_texts and case.text("one").startswith("Ferry")
    assert place_texts(case, folder).set_index("file")["outcome"]["my download (3).txt"] == "already there"
    with pytest.raises(CaseError, match="no folder"):
        place_texts(case, tmp_path / "nowhere")


def test_a_saved_page_is_placed_with_the_lines_that_offsets_refer_to(project, tmp_path):
    shutil.copytree(project / "data" / "raw" / "practice", tmp_path / "data" / "raw" / "practice")
    page = tmp_path / "data" / "raw" / "practice" / "ledger-leak.html"
    (tmp_path / "saved").mkdir()
    shutil.move(page, tmp_path / "saved" / "page.html")
    kept = page.with_name(page.name + ".txt")
    lines = kept.read_bytes()
    kept.unlink()
    place_texts(open_case("practice", tmp_path / "data"), tmp_path / "saved")
    assert page.is_file() and kept.read_bytes() == lines


def test_a_page_that_another_reader_made_the_text_of_keeps_no_other_file_out(project, tmp_path):
    raw = tmp_path / "data" / "raw" / "practice"
    shutil.copytree(project / "data" / "raw" / "practice", raw)
    manifest = raw / "documents.csv"
    rows = pd.read_csv(manifest, dtype="string")
    rows.loc[rows["file"].eq("ledger-leak.html"), "text_sha256"] = "0" * 64
    rows.to_csv(manifest, index=False)
    (tmp_path / "saved").mkdir()
    shutil.move(raw / "ledger-leak.html", tmp_path / "saved" / "a.html")
    (raw / "ledger-leak.html.txt").unlink()
    other = open_case("practice", tmp_path / "data").path("wire")
    shutil.move(other, tmp_path / "saved" / "b.txt")
    case = open_case("practice", tmp_path / "data")
    report = place_texts(case, tmp_path / "saved").set_index("file")["outcome"]
    assert report["a.html"].startswith("placed, but not read: ") and "its reader has changed" in report["a.html"]
    assert report["b.txt"] == "placed" and other.is_file()


def test_documents_are_chosen_in_the_manifests_order(data):
    case = open_case("lagoon", data)
    assert case.choose() == ["one", "two"] and case.choose(["two", "one"]) == ["one", "two"]
    assert case.choose(["two"]) == ["two"]


@pytest.mark.parametrize("change, words", [
    ({"documnts": ["a"]}, "no parameter 'documnts'; did you mean 'documents'"),
    ({"save": "yes"}, "'save' takes True or False, not 'yes'"),
    ({"documents": "[1, 2]"}, "'documents' takes a list of texts"),
    ({"labels": 4.5}, "'labels' takes a whole number"),
])
def test_parameters_are_checked_by_name_and_kind(change, words):
    namespace = {"__annotations__": {"save": bool, "documents": list[str], "labels": int},
                 "save": False, "documents": [], "labels": 45, "_hidden": 1, "pd": pd, "open_case": open_case}
    check_parameters(namespace)
    with pytest.raises(ParameterError, match=words):
        check_parameters(namespace | change)


@pytest.mark.parametrize("change, words", [
    ({"since": "2021"}, "'since' takes a day .* not '2021'; did you mean \"2021-01-01\""),
    ({"until": "2021-07"}, "'until' takes a day .* not '2021-07'; did you mean \"2021-07-01\""),
    ({"since": "2021-02-30"}, "'since' takes a day"),
    ({"since": "20210228"}, "'since' takes a day"),
    ({"since": "last year"}, "'since' takes a day"),
    ({"window": ["2019-01-01"]}, "'window' takes a first and a last day"),
    ({"window": []}, "'window' takes a first and a last day"),
    ({"window": ["2019", ""]}, "'window' takes a day .* did you mean \"2019-01-01\""),
    ({"window": ["2020-01-01", "2019-01-01"]}, "'window' ends before it begins"),
])
def test_days_and_windows_are_checked_with_the_parameters(change, words):
    namespace = {"__annotations__": {"since": str, "until": str, "window": list[str]},
                 "since": "2019-01-01", "until": "", "window": ["", "2020-02-29"]}
    check_parameters(namespace)
    with pytest.raises(ParameterError, match=words):
        check_parameters(namespace | change)
    check_value("window", 30, int)      # a number of days under the same name


def test_all_cells_can_be_run_again_in_one_kernel_and_a_slip_is_still_found():
    from IPython.core.interactiveshell import InteractiveShell
    shell = InteractiveShell()
    check = "from helpers.case import check_parameters\ncheck_parameters(globals())\ndispute = 'opened here'"

    def run(*cells):
        found = [shell.run_cell(cell, store_history=True) for cell in cells]
        return next((f.error_in_exec for f in found if f.error_in_exec), None)
    first = "labels: int = 45\nwindow: list[str] = ['', '']"
    assert run(first, check, "events = [1, 2]\nlags = 3") is None
    assert run(first, check, "events = [1, 2]") is None                   # what later cells left is no parameter
    slip = run(first + "\nlables = 3", check)
    assert "no parameter 'lables'; did you mean 'labels'" in str(slip)
    assert "no parameter 'labls'" in str(run(first, "labls = 3", check))   # papermill sets them in a cell of their own
    assert run(first, check) is None                                      # put right: the slip of before is forgotten


def test_a_parameter_may_be_one_of_a_few_words():
    from typing import Literal
    check_value("layer", "machine", Literal["machine", "adjudicated"])
    with pytest.raises(ParameterError, match="layer"):
        check_value("layer", "macine", Literal["machine", "adjudicated"])
