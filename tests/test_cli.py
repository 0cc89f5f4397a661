"""The command: what it prints, what it refuses, and the code it ends with."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import trials

from helpers import cli
from helpers.pages import Rendered


@pytest.fixture
def root(tmp_path) -> Path:
    return trials.make_project(tmp_path / "p")


def call(capsys, *arguments) -> tuple[int, str, str]:
    """Run the command; returns its exit code and what it printed on both channels. No traceback is ever printed."""
    code = cli.main([str(a) for a in arguments])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out + printed.err
    return code, printed.out, printed.err


def test_help_explains_each_command_with_an_example(capsys):
    code, out, _ = call(capsys, "--help")
    assert code == 0
    for name, command in cli.cli.commands.items():
        assert f"  {name}" in out
        code, told, _ = call(capsys, name, "--help")
        assert code == 0 and (name == "doctor" or f"  casebook {name}" in told.split("Examples:")[1])
        assert name == "doctor" or "--data DIR" in told
        assert isinstance(command, click.Command)


@pytest.mark.parametrize(("arguments", "said"), [
    (["rendr"], "No such command 'rendr'"),
    (["render", "mil"], "There is no case 'mil' in"),
    (["render", "mil"], "Did you mean 'mill'?"),
    (["render", "../mill"], "There is no case '../mill'"),
    (["render", "--set", "documents"], "is not of the form name=value"),
    (["render", "--set", "window=1", "--set", "window=2"], "given twice"),
    (["render", "mill", "--set", "windw=1"], "Did you mean 'window'?"),
    (["render", "mill", "--set", "window=soon"], "takes a whole number, not 'soon'"),
    (["render", "mill", "--matrix", "none.yaml"], "none.yaml: cannot be read"),
    (["render", "--jobs", "0"], "0 is not in the range"),
    (["texts", "mill"], "Missing option '--from'"),
    (["texts", "mill", "--from", "nowhere"], "There is no folder nowhere"),
    (["build"], "Missing argument 'CASE'"),
    (["check", "mil"], "Did you mean 'mill'?"),
    (["render", "mill", "--only", "99"], "There is no notebook '99'"),
    (["render", "mill", "--quotes", "long"], "'long' is not one of"),
    (["render", "--figures", "x"], "takes the figures of one run"),
    (["render", "mill", "--matrix", "m.yaml", "--figures", "x"], "takes the figures of one run"),
    (["brief", "mil"], "Did you mean 'mill'?"),
    (["delta", "mill", "--without", "nort"], "Did you mean 'north'?"),
    (["delta", "mill", "--without", "north,south"], "not all of them"),
    (["delta", "mill"], "Missing option '--without'"),
])
def test_wrong_calls_end_with_2_and_say_why(root, capsys, arguments, said):
    extra = ["--notebooks", root / "notebooks", "--out", root / "out"] if arguments[0] == "render" else []
    code, out, err = call(capsys, *arguments, *extra, *(["--data", root / "data"] if arguments[0] != "rendr" else []))
    assert (code, out) == (2, "") and said in err
    told = err.splitlines()         # one style, whoever noticed it
    assert told[0].startswith("Error: ") and told[-1].endswith("--help` shows how it is called.")
    assert not (root / "out").exists()


def test_data_folder_that_is_none_is_a_wrong_call(tmp_path, capsys):
    code, _, err = call(capsys, "render", "--data", tmp_path)
    assert code == 2 and "is not a data folder" in err and "--data DIR" in err


def test_case_that_cannot_be_read_is_failed_work(root, capsys):
    (root / "data" / "raw" / "mill" / "documents.csv").write_text("doc_id,fle\na,b\n", encoding="utf-8")
    code, _, err = call(capsys, "render", "mill", "--data", root / "data", "--notebooks", root / "notebooks")
    assert code == 1 and "documents.csv" in err and "'fle'" in err and "did you mean 'file'?" in err


def test_texts_are_placed_whatever_they_are_called(root, tmp_path, capsys):
    raw, given = root / "data" / "raw" / "mill", tmp_path / "given"
    given.mkdir()
    shutil.move(raw / "north.txt", given / "anything at all")
    shutil.move(raw / "south.txt", tmp_path / "south.txt")
    (given / "other.txt").write_text("something else", encoding="utf-8")
    code, out, err = call(capsys, "texts", "mill", "--from", given, "--data", root / "data")
    assert code == 1                                # one text is still missing
    assert "anything at all: placed as north" in out and "south.txt: missing" in out
    assert "other.txt: refused" in out and "A refused file" in err and "1 of 2 texts are here" in out
    assert (raw / "north.txt").read_bytes() == trials.NOTES["north"].encode()
    shutil.move(tmp_path / "south.txt", given / "south.txt")
    code, out, _ = call(capsys, "texts", "mill", "--from", given, "--data", root / "data")
    assert code == 0 and "All 2 texts are here" in out
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "photo.txt").write_bytes(b"\0\1")
    code, _, err = call(capsys, "texts", "mill", "--from", wrong, "--data", root / "data")
    assert code == 1 and f"No file in {wrong} is a text of the case 'mill'" in err     # though all were there before


def test_refused_files_are_named_up_to_ten_and_then_counted(root, tmp_path, capsys):
    raw, given = root / "data" / "raw" / "mill", tmp_path / "given"
    given.mkdir()
    for n in range(12):
        (given / f"photo-{n:02}.jpg").write_bytes(bytes([n]))
    shutil.copy(raw / "north.txt", given / "z-north.txt")
    _, out, _ = call(capsys, "texts", "mill", "--from", given, "--data", root / "data")
    assert out.count("refused: ") == 10 and "photo-10.jpg" not in out and "… and 2 more files refused" in out
    assert "z-north.txt: already there" in out
    for name in ("photo-10.jpg", "photo-11.jpg"):
        (given / name).unlink()
    _, out, _ = call(capsys, "texts", "mill", "--from", given, "--data", root / "data")
    assert out.count("refused: ") == 10 and "more file" not in out


def test_render_ends_with_the_page_to_open(root, capsys):
    code, out, err = call(capsys, "render", "mill", "--only", "01", "--only", "04", "--data", root / "data",
                          "--notebooks", root / "notebooks", "--out", root / "out")
    assert code == 0 and "01-first" in err
    assert out.splitlines() == ["2 pages", str(root / "out" / "index.html")]
    assert Path(out.splitlines()[-1]).is_file()


def test_render_with_a_failure_ends_with_1_and_still_with_the_page(root, capsys):
    code, out, err = call(capsys, "render", "mill", "--only", "06", "--data", root / "data", "--notebooks",
                          root / "notebooks", "--out", root / "out")
    assert code == 1 and "failed: mill, 06-fails: cell 3: ValueError: the <b>weir</b> is gone" in err
    assert out.splitlines() == ["1 page, 1 of them failed", str(root / "out" / "index.html")]


def test_build_writes_the_tables_and_says_how_many_rows(root, capsys):
    code, out, _ = call(capsys, "build", "mill", "--data", root / "data")
    assert code == 0 and "documents: 2 rows" in out
    assert out.splitlines()[-1] == str(root / "data" / "processed" / "mill")
    assert (root / "data" / "processed" / "mill" / "documents.csv").exists()


def test_build_ends_with_1_where_a_file_of_decisions_is_refused(root, capsys):
    folder = root / "data" / "raw" / "mill" / "review"
    folder.mkdir(exist_ok=True)
    (folder / "coders.csv").write_text("coder_id,kind,made\nanna,person,2026-11-22\n", encoding="utf-8")
    (folder / "decisions.csv").write_text('table,key,decision,coder_id,date,note\nquotes,north:1-9,accept,anna,'
                                          '2026-11-22,"not closed\n', encoding="utf-8")
    code, out, err = call(capsys, "build", "mill", "--data", root / "data")
    assert code == 1 and "documents: 2 rows" in out
    assert "review/decisions.csv: refused: line 2: unexpected end of data. Look for a quotation mark" in err


def test_pages_and_sheets_go_beside_the_data_folder_that_is_used(root, capsys):
    given = {"render": ["--only", "01", "--notebooks", str(root / "notebooks")], "sheet": ["--what", "frames"],
             "export": ["--to", "timelinejs"]}
    call(capsys, "build", "mill", "--data", root / "data")
    for command, more in given.items():
        code, out, err = call(capsys, command, "mill", *more, "--data", root / "data")
        assert code == 0, err
        assert Path(out.splitlines()[-1]).is_relative_to(root / "reports"), command
        assert "beside the data folder" in " ".join(call(capsys, command, "--help")[1].split())


def test_no_example_of_the_help_is_of_a_case_that_a_reader_may_lack(capsys, project):
    names = {path.parent.name for path in (project / "data" / "raw").glob("*/documents.csv")} - {"practice"}
    for name in cli.cli.commands:
        said = call(capsys, name, "--help")[1]
        assert not [case for case in names if f" {case}" in said], name


def test_what_the_system_refuses_is_told_with_what_to_do(root, capsys, tmp_path):
    call(capsys, "build", "mill", "--data", root / "data")
    gone = tmp_path / "gone.csv"
    _, _, err = call(capsys, "score", "mill", gone, "--data", root / "data")
    assert f"{gone}: No such file or directory. Name the sheet that you filled by where it lies." in err
    (tmp_path / "file").write_text("")
    _, _, err = call(capsys, "sheet", "mill", "--what", "frames", "--out", tmp_path / "file" / "x", "--data",
                     root / "data")
    assert "Name a place that is there and can be written to." in err and ".new" not in err


def test_check_names_the_file_and_ends_with_1(root, capsys):
    call(capsys, "build", "mill", "--data", root / "data")
    code, out, _ = call(capsys, "check", "--data", root / "data")
    assert code == 0 and "Nothing to mend" in out and "mill" in out
    table = root / "data" / "processed" / "mill" / "lines.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",role,", ",rolle,", 1), encoding="utf-8")
    code, out, _ = call(capsys, "check", "mill", "--data", root / "data")
    assert code == 1 and "lines.csv" in out and "did you mean 'role'?" in out


def test_unforeseen_error_is_told_in_one_sentence_and_shown_on_demand(root, capsys, monkeypatch):
    def burst(*_, **__):
        raise RuntimeError("the pipes are frozen")
    monkeypatch.setattr("helpers.pages.render", burst)
    monkeypatch.delenv("CASEBOOK_DEBUG", raising=False)
    code, _, err = call(capsys, "render", "--data", root / "data")
    assert code == 1 and "RuntimeError): the pipes are frozen. CASEBOOK_DEBUG=1 shows where." in err
    monkeypatch.setenv("CASEBOOK_DEBUG", "1")
    assert cli.main(["render", "--data", str(root / "data")]) == 1
    assert "in burst" in capsys.readouterr().err


def test_command_is_quick_to_answer_and_imports_nothing_heavy():
    heavy = "{'nbconvert', 'papermill', 'matplotlib', 'spacy', 'scipy'}"
    code = f"import sys, helpers.cli; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_figures_are_asked_of_the_notebooks_which_all_run_again(root, tmp_path, monkeypatch, capsys):
    asked = {}

    def watch(*_, fresh, **__):
        asked.update(fresh=fresh, folder=os.environ["CASEBOOK_FIGURES"])
        return Rendered(root / "index.html", (), 0, ())

    monkeypatch.setenv("CASEBOOK_FIGURES", "set back when the test ends")
    monkeypatch.setattr("helpers.pages.render", watch)
    monkeypatch.chdir(tmp_path)
    assert call(capsys, "render", "mill", "--figures", "paper", "--data", root / "data")[0] == 0
    assert asked == {"fresh": True, "folder": str(tmp_path / "paper")}
