"""Execute committed notebooks again in place, so that the same code gives the same bytes.

`python -m helpers.pages.refresh [NOTEBOOK …]`, or `start.py refresh`. What differs between computers and moments
without meaning anything (timing, the kernel's exact version, the state of widgets) is left out.
"""
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from helpers.pages import ROOT

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {"file_extension": ".py", "mimetype": "text/x-python", "name": "python", "pygments_lexer": "ipython3"}
OF_THE_MOMENT = ("execution", "papermill", "ExecuteTime", "widgets")
WIDGET = "application/vnd.jupyter.widget-view+json"  # names a live object by a random number; its text stays
QUIET = ["--log-level=ERROR"]  # the kernel warns of a connection that never leaves the computer
TIMEOUT = 600  # seconds for one cell


def plain(notebook: NotebookNode) -> NotebookNode:
    """Leave out of a notebook what belongs to one computer or one moment.

    Accepts an executed notebook. Returns the same object with a fixed kernel and language, and without timing,
    papermill's notes and what only a living widget can show.

    >>> cell = nbformat.v4.new_code_cell("1 + 1", metadata={"execution": {"started": "10:00"}, "tags": ["sum"]})
    >>> plain(nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {}})).cells[0].metadata
    {'tags': ['sum']}
    """
    for output in (output for cell in notebook.cells for output in cell.get("outputs", [])):
        output.get("data", {}).pop(WIDGET, None)
    for part in (notebook, *notebook.cells):
        for name in OF_THE_MOMENT:
            part.metadata.pop(name, None)
    notebook.metadata.update(kernelspec=nbformat.from_dict(KERNEL), language_info=nbformat.from_dict(LANGUAGE))
    return notebook


def keep_state(notebook: NotebookNode, before: NotebookNode) -> NotebookNode:
    """Keep the committed output of cells that tell what is on this computer (tag ``nbval-ignore-output``).

    Accepts the executed notebook and the committed one. Returns the executed one, in which such a cell, if its source
    is the same as before, shows what it showed before: whether the publishers' texts are here must not change a file.
    """
    known = {c.id: c for c in before.cells if c.cell_type == "code" and c.get("outputs")}
    for cell in notebook.cells:
        old = known.get(cell.get("id"))
        if old and "nbval-ignore-output" in cell.metadata.get("tags", []) and old.source == cell.source:
            cell.outputs = old.outputs
    return notebook


def refresh(paths: Iterable[Path]) -> list[Path]:
    """Execute notebooks from top to bottom and write them back.

    Accepts paths of notebooks. Returns those that could not be executed; such a notebook stays as it was, the reason
    is printed, and the others are still done. Each runs in its own folder with a new kernel. A file whose bytes would
    be the same is not touched; any other is replaced whole.
    """
    failed = []
    for path in map(Path, paths):
        print(f"{path.name} …", end=" ", flush=True)
        try:
            before = path.read_text(encoding="utf-8")
            notebook = nbformat.reads(before, as_version=4)
            NotebookClient(
                notebook,
                timeout=TIMEOUT,
                kernel_name=KERNEL["name"],
                record_timing=False,
                store_widget_state=False,
                shutdown_kernel="immediate",
                extra_arguments=QUIET,
                resources={"metadata": {"path": str(path.resolve().parent)}},
            ).execute()
        except (OSError, ValueError, nbformat.ValidationError, CellExecutionError, TimeoutError, RuntimeError) as error:
            said = f"{error.ename}: {error.evalue}" if isinstance(error, CellExecutionError) else error
            print(f"failed, and was left as it was.\n    {said}", file=sys.stderr)
            failed.append(path)
            continue
        after = nbformat.writes(plain(keep_state(notebook, nbformat.reads(before, as_version=4)))).rstrip("\n") + "\n"
        if after != before:
            draft = path.with_suffix(".refreshing")
            draft.write_text(after, encoding="utf-8", newline="\n")
            os.replace(draft, path)
        print("written" if after != before else "unchanged")
    return failed


def main(names: list[str]) -> int:
    """Refresh the notebooks named, or all of notebooks/. Returns 0; 1 when one failed; 2 when one does not exist."""
    paths = [Path(name) for name in names] or sorted((ROOT / "notebooks").glob("*.ipynb"))
    if missing := [str(path) for path in paths if not path.is_file()]:
        print(f"There is no notebook {', '.join(missing)}.", file=sys.stderr)
        return 2
    failed = refresh(paths)
    if not names:
        from helpers.pages.gallery import write_gallery
        write_gallery(paths, ROOT / "docs" / "gallery")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
