"""The committed notebooks: executed, in order, clean; equal with and without the texts; and the checks do bite."""
import copy
import json
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
MACHINE_PATH = re.compile(r"(?<![\w./:-])/(?:home|root|Users|tmp|work|var|opt)/|[A-Z]:\\\\Users")


def load(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]


def text_of(output):
    data = output.get("data", {})
    return "".join(str(v) for k, v in data.items() if k.startswith("text/")) + str(output.get("text", ""))


def faults(notebook):
    """Say everything that makes a notebook unfit to be committed."""
    found, cells = [], code_cells(notebook)
    if [c.execution_count for c in cells] != list(range(1, len(cells) + 1)):
        found.append("its code cells were not executed 1..n in order")
    for n, cell in enumerate(cells, 1):
        for output in cell.outputs:
            if output.get("name") == "stderr":
                found.append(f"cell {n} writes to stderr")
            if output.output_type == "error":
                found.append(f"cell {n} ends in an error")
            for kind in output.get("data", {}):
                if kind.startswith("image/") and not output.metadata.get(kind, {}).get("alt", "").strip():
                    found.append(f"cell {n} shows a picture without alt text")
            if MACHINE_PATH.search(text_of(output)):
                found.append(f"cell {n} prints a path of a machine")
        if re.search(r"^\s*(def|class) ", cell.source, re.M):
            found.append(f"cell {n} defines a function or class; it belongs in src/helpers")
        if len(cell.source.splitlines()) > 15:
            found.append(f"cell {n} has more than 15 lines")
    if "parameters" not in [t for c in cells for t in c.metadata.get("tags", [])]:
        found.append("it has no cell tagged parameters")
    if not notebook.cells[0].source.startswith("# "):
        found.append("it does not open on a heading")
    if "Where each point comes from" not in "".join(c.source for c in notebook.cells if c.cell_type == "markdown"):
        found.append("it does not say where each point comes from")
    if not any(text_of(o).strip() for c in cells for o in c.outputs):
        found.append("nothing is printed, so nothing would be compared")
    return found


def test_there_are_notebooks():
    assert {p.name[:2] for p in NOTEBOOKS} >= {"00", "01", "03", "05"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_a_committed_notebook_is_fit_to_be_read_and_compared(path):
    assert not faults(load(path))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.name)
def test_a_notebook_explains_more_than_it_computes(path):
    notebook = load(path)
    cells = code_cells(notebook)
    prose = [c for c in notebook.cells if c.cell_type == "markdown"]
    assert 15 <= len(notebook.cells) <= 40
    assert len(prose) / len(notebook.cells) >= .45
    assert statistics.median(len(c.source.splitlines()) for c in cells) <= 4
    assert path.stat().st_size <= 1_000_000
    parameters = next(c for c in cells if "parameters" in c.metadata.get("tags", []))
    lines = [line for line in parameters.source.splitlines() if line.strip()]
    assert len(lines) <= 8
    for line in lines:
        assert re.match(r"[a-z_]+: [\w\[\], \".'|-]+ = .+  # .+", line), f"not “name: type = default  # help”: {line}"
    for before, cell in zip(notebook.cells, notebook.cells[1:]):
        if cell.cell_type == "code" and before.cell_type == "code":
            tags = before.metadata.get("tags", []) + cell.metadata.get("tags", [])
            assert {"parameters", "setup", "state"} & set(tags), f"no sentence before {cell.source[:60]!r}"


def test_the_checks_see_what_they_are_for():
    whole = load(NOTEBOOKS[0])
    assert not faults(whole)

    def damaged(change):
        notebook = copy.deepcopy(whole)
        change(notebook, code_cells(notebook))
        return "; ".join(faults(notebook))

    def strip(notebook, cells):
        for cell in cells:
            cell.outputs, cell.execution_count = [], None
    assert "not executed 1..n" in damaged(strip)
    warning = nbformat.v4.new_output("stream", name="stderr", text="!")
    assert "stderr" in damaged(lambda nb, cs: cs[0].outputs.append(warning))
    picture = nbformat.v4.new_output("display_data", data={"image/png": "AA=="})
    assert "without alt" in damaged(lambda nb, cs: cs[0].outputs.append(picture))
    assert "path of a machine" in damaged(
        lambda nb, cs: cs[0].outputs.append(nbformat.v4.new_output("stream", name="stdout", text="in /home/ann/x.csv")))
    assert "defines a function" in damaged(lambda nb, cs: cs[1].update(source="def f(): pass"))


def nbval(folder, data=None, env=None):
    """Run strict nbval over a folder of notebooks and return its exit code and report."""
    import os
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", "--nbval-current-env",
               "--nbval-sanitize-with", str(ROOT / "tests" / "nbval_sanitize.cfg"), "--rootdir", str(folder),
               "-c", os.devnull, "-n", "2", "--dist", "loadfile", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, stdin=subprocess.DEVNULL,
                          env=dict(os.environ, CASEBOOK_DATA=str(data or ROOT / "data"), PYTEST_ADDOPTS=""))
    return done.returncode, done.stdout + done.stderr


def test_one_changed_digit_in_an_output_fails(tmp_path):
    notebook = load(ROOT / "notebooks" / "01-clean-texts.ipynb")
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "stream" and re.search(r"\d", output.text) \
                    and "nbval-ignore-output" not in cell.metadata.get("tags", []):
                output.text = re.sub(r"\d", lambda m: str((int(m[0]) + 1) % 10), output.text, count=1)
                nbformat.write(notebook, tmp_path / "changed.ipynb")
                code, report = nbval(tmp_path)
                assert code == 1 and "changed.ipynb" in report
                return
    pytest.fail("01 prints no number that could be changed")


@pytest.fixture
def data_copy(tmp_path):
    """A copy of the data folder without the texts that are not the project's."""
    target = tmp_path / "data ü"
    tracked = subprocess.run(["git", "ls-files", "-z", "data"], capture_output=True, cwd=ROOT, check=True).stdout
    for name in filter(None, tracked.decode().split("\0")):
        if (ROOT / name).exists():
            (target / Path(name).relative_to("data")).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / Path(name).relative_to("data"))
    return target


def test_notebooks_say_the_same_in_the_other_state(data_copy, tmp_path, request):
    """The run over notebooks/ compares them in the state that this project is in: without the texts, or with them."""
    from helpers.case import open_case, place_texts
    case, here = open_case("s400", data_copy), open_case("s400", ROOT / "data")
    assert not case.present.any()
    if not here.has_texts:
        place_texts(case, request.getfixturevalue("texts"))
        assert case.has_texts
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    code, report = nbval(tmp_path / "notebooks", data_copy)
    assert code == 0, report[-4000:]


def test_tables_rebuilt_from_the_texts_equal_the_tracked_ones(data_copy, texts):
    from helpers.case import open_case, place_texts
    from helpers.pipeline import build
    for name in ("s400", "practice"):
        case = open_case(name, data_copy)
        if name == "s400":
            place_texts(case, texts)
        assert case.has_texts
        tracked = {p.name: p.read_bytes() for p in case.processed.iterdir() if not p.name.startswith(".")}
        for path in case.processed.iterdir():
            path.unlink()
        build(open_case(name, data_copy))
        rebuilt = {p.name: p.read_bytes() for p in case.processed.iterdir() if not p.name.startswith(".")}
        assert tracked.keys() == rebuilt.keys()
        assert [n for n in tracked if tracked[n] != rebuilt[n]] == []


def test_a_case_without_labels_or_record_still_renders(data_copy, tmp_path, capsys):
    from helpers.pages import render
    for name in ("gold", "review", "measured"):
        shutil.rmtree(data_copy / "raw" / "practice" / name, ignore_errors=True)
    raw = data_copy / "raw" / "practice"
    old = [*raw.glob("reference.*"), *(data_copy / "processed" / "practice").iterdir()]
    for path in old:
        path.unlink()
    done = render(["practice"], data=data_copy, out=tmp_path / "reports", say=lambda _: None)
    assert not done.failed and done.n_pages == len(NOTEBOOKS)
    told = [line for line in capsys.readouterr().err.splitlines() if "brief.md" in line]
    assert len(told) == 1 and "cited ids are no event" in told[0]
    assert "Missing: " in (tmp_path / "reports" / "practice" / "brief.html").read_text(encoding="utf-8")


def test_no_run_of_nine_words_of_a_text_stands_in_a_tracked_file(texts):
    word = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
    run = 9

    def runs(text):
        words = [w.lower() for w in word.findall(text)]
        return {tuple(words[i:i + run]) for i in range(len(words) - run + 1)}
    from helpers.case import open_case
    theirs = set().union(*(runs(p.read_text(encoding="utf-8")) for p in texts.glob("*.txt")))
    assert len(theirs) > 1000
    theirs -= set().union(*(runs(t) for t in open_case("s400").manifest["title"]))
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, cwd=ROOT,
                             check=True).stdout.decode().split("\0")
    leaks = []
    for name in filter(None, tracked):
        path = ROOT / name
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        if name.endswith(".ipynb"):
            text = "\n".join(strings(json.loads(text)))
        if name.endswith((".ipynb", ".html", ".md", ".svg")):
            text = re.sub(r"<[^>]+>", " ", text)
        if runs(text) & theirs:
            leaks.append(name)
    assert not leaks


def strings(node):
    """Yield the texts of a notebook, pictures left out."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list) and all(isinstance(x, str) for x in node):
        yield "".join(node)
    elif isinstance(node, (list, dict)):
        for key, x in (node.items() if isinstance(node, dict) else enumerate(node)):
            if not str(key).startswith("image/"):
                yield from strings(x)
