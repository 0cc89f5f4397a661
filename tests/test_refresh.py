"""Committed notebooks are refreshed to the same bytes, or left alone."""
import nbformat
import pytest

from helpers.pages.refresh import LANGUAGE, WIDGET, main, plain, refresh

SOURCES = ["import ipywidgets\nipywidgets.IntSlider()", "print('Über')", "{'b': 2, 'a': 1}"]


@pytest.fixture
def notebook(tmp_path):
    """Accepts sources of code cells. Returns the path of a notebook of them in a folder with a space."""

    def write(*sources):
        path = tmp_path / "two words" / f"{len(sources)}.ipynb"
        path.parent.mkdir(exist_ok=True)
        cells = [nbformat.v4.new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
        return path

    return write


def test_twice_gives_the_same_bytes_and_a_failing_notebook_stays(notebook, capsys):
    good, bad = notebook(*SOURCES), notebook("1 / 0")
    before = bad.read_bytes()
    assert refresh([bad, good]) == [bad]
    once = good.read_bytes()
    read = nbformat.read(good, as_version=4)
    assert [cell.execution_count for cell in read.cells] == [1, 2, 3]
    assert [cell.outputs[0].get("text") for cell in read.cells][1] == "Über\n"
    assert read.metadata.language_info == LANGUAGE and "widgets" not in read.metadata
    assert once.endswith(b"}\n") and b"\r" not in once
    assert refresh([good]) == [] and good.read_bytes() == once
    assert bad.read_bytes() == before and "ZeroDivisionError" in capsys.readouterr().err
    assert sorted(path.name for path in good.parent.iterdir()) == ["1.ipynb", "3.ipynb"]


def test_what_belongs_to_one_moment_is_left_out():
    output = nbformat.v4.new_output("display_data", {"text/plain": "Slider", WIDGET: {}})
    cell = nbformat.v4.new_code_cell("x", outputs=[output], metadata={"execution": {}, "papermill": {}, "tags": ["a"]})
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata = nbformat.from_dict({"language_info": LANGUAGE | {"version": "3.11.7"}, "widgets": {}})
    plain(notebook)
    assert notebook.cells[0].metadata == {"tags": ["a"]}
    assert notebook.cells[0].outputs[0].data == {"text/plain": "Slider"}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.language_info == LANGUAGE


def test_a_notebook_that_does_not_exist_is_a_wrong_call(tmp_path, capsys):
    assert main([str(tmp_path / "none.ipynb")]) == 2
    assert "none.ipynb" in capsys.readouterr().err
    (tmp_path / "broken.ipynb").write_text("not a notebook", encoding="utf-8")
    assert main([str(tmp_path / "broken.ipynb")]) == 1
