"""The student folder: exercises without their keys, the codebook page in coarser groups, a coding sheet, a readme."""
from __future__ import annotations

import ast
import copy
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from helpers.case import Case, CaseError, open_case
from helpers.teaching import sheets
from helpers.teaching.classbook import codebook_page, printed, sheet_page, texts_page

__all__ = ["BEGIN", "END", "EXERCISES", "ExerciseError", "leaks", "print_page", "strip",
           "student_folder", "student_pages", "teacher_sheets"]

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"       # nbgrader's markers
EXERCISES = Path(__file__).resolve().parents[3] / "notebooks" / "exercises"
DOCS = EXERCISES.parents[1] / "docs"
START = "start-here.ipynb"
README = "READ-ME-FIRST.txt"
OPEN = """How to open this folder

1. Put this folder where you keep the course, and remember where.
2. Open a terminal in the casebook's folder (the one you installed) and write

       python3 start.py lab FOLDER        (Windows: py start.py lab FOLDER)

   For FOLDER write the place of THIS folder, in quotation marks if its name has spaces. In most terminals you can also
   drag the folder into the window. If you installed the casebook with conda, go to THIS folder in the terminal and
   write conda activate casebook, then jupyter lab start-here.ipynb
3. JupyterLab opens start-here.ipynb in your browser. Do what it says under "Try it".

Do not work in the casebook's own folder notebooks/exercises: it is the teacher's copy, with the answers in it, and what
you read there you cannot find out any more.
"""
ON_PAPER = """**On paper.** Write on the lines and into the empty cells. There are no checks: compare with a neighbour
whose machine runs, or with another group. Hints stand at the end of the page. The coding sheet, to print:
`coding-sheet.html`; all texts: `texts.html`."""
EMPTY, ROOMY = "<td></td>\n</tr>", '<td style="width:18em;height:2.4em"></td>\n</tr>'
RULED = '<div style="break-before:avoid;border-bottom:1px solid #8a8f98;height:2.2em"></div>' * 4 + "<p></p>"


class ExerciseError(ValueError):
    """An exercise that cannot be made ready for students: says which notebook, which cell, and what to do."""


def strip(notebook: NotebookNode, name: str = "notebook") -> NotebookNode:
    """Return an exercise without its key.

    Accepts a notebook and its name, for messages. What stands between the two markers goes, in code and in prose, and
    so do outputs, cells that only the instructor sees (tag ``instructor``) and cells that nothing is left of. Raises
    :class:`ExerciseError` where a marker has no partner.

    >>> cell = nbformat.v4.new_code_cell(f"line = 0\\n{BEGIN}\\nline = 9\\n{END}")
    >>> strip(nbformat.v4.new_notebook(cells=[cell])).cells[0].source
    'line = 0'
    """
    out, cells = copy.deepcopy(notebook), []
    for n, cell in enumerate(out.cells, 1):
        kept, inside = [], False
        for line in cell.source.splitlines():
            marker = line.strip()
            if marker in (BEGIN, END):
                if inside == (marker == BEGIN):
                    raise ExerciseError(f"{name}: cell {n}: {marker!r} has no partner. Each key stands between "
                                        f"{BEGIN!r} and {END!r}, each on a line of its own.")
                inside = marker == BEGIN
            elif not inside:
                kept.append(line)
        if inside:
            raise ExerciseError(f"{name}: cell {n}: {BEGIN!r} has no {END!r} below it.")
        had = bool(cell.source.strip())
        cell.source = "\n".join(kept).strip("\n")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        if "instructor" not in cell.metadata.get("tags", []) and (cell.source.strip() or not had):
            cells.append(cell)
    out.cells = cells
    return out


def leaks(notebook: NotebookNode) -> list[str]:
    """Return what a student's copy must not hold: markers, in whatever case or spacing, and outputs."""
    found = [f"cell {n}: a marker of a key" for n, c in enumerate(notebook.cells, 1)
             if re.search(r"(begin|end)\s+solution", c.source, re.I)]
    return found + [f"cell {n}: an output" for n, c in enumerate(notebook.cells, 1) if c.get("outputs")]


def print_page(source: Path) -> str:
    """Return a page of ``docs/`` as HTML that prints well on A4 and needs no other file.

    Accepts a Markdown file; its links to other files become plain text.
    """
    from helpers.pages import html
    text = source.read_text(encoding="utf-8")
    return printed(text.splitlines()[0].lstrip("# "), html.markdown(text, author=True))


def _exercises(folder: Path | None) -> dict[str, NotebookNode]:
    folder = Path(folder) if folder else EXERCISES
    paths = sorted(folder.glob("*.ipynb"))
    if START not in {p.name for p in paths}:
        raise ExerciseError(f"There are no exercises in {folder}: {START} is missing. They are part of the project's "
                            "folder, not of the installed package.")
    return {p.name: nbformat.read(p, as_version=4) for p in paths}


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """Give a folder to write in that becomes ``out`` when all went well, and leaves nothing when it did not."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CaseError(f"{out} is there already and may hold somebody's answers. Move it away, or name another folder "
                        "with --out.")
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".student-", dir=out.parent))
    try:
        yield draft
        draft.chmod(0o755)
        if out.exists():
            out.rmdir()
        os.replace(draft, out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _beside(folder: Path, case: Case, doc: str, usual: Mapping[str, str], data: Path | None) -> None:
    """Write what lies beside the exercises: codebook page, empty coding sheet, and the texts that may be handed out."""
    (folder / "codebook.html").write_text(codebook_page(case), encoding="utf-8", newline="\n")
    sheets.coding_sheet(case, doc, folder / f"{sheets.SHEET}.csv")
    if licence := usual.get("licence"):
        (folder / "texts.html").write_text(texts_page(open_case(usual["case"], data), licence), encoding="utf-8",
                                           newline="\n")


def student_folder(out: Path, case: str = "", text: str = "", *, data: Path | None = None,
                   exercises: Path | None = None) -> list[Path]:
    """Write the student folder: a readme, start page, four sessions, the texts, codebook page, coding sheet.

    Accepts the folder to make, the case and the text that the coding sheet is of (empty: what the start page says in
    its metadata), the data folder, and where the exercises are. The texts are those of the start page's case, if its
    metadata name the licence that lets them be handed out. Returns the files written; all are written or none.
    Raises :class:`~helpers.case.CaseError` when the folder holds something already or the text is not on this machine,
    and :class:`ExerciseError` when an exercise would give its key away.
    """
    books = _exercises(exercises)
    usual = books[START].metadata.get("casebook", {})
    opened = open_case(case or usual["case"], data)
    if case and not text and case != usual["case"]:
        raise CaseError(f"Which text of {case!r} shall be coded? Name it with --text: "
                        f"{', '.join(opened.manifest['doc_id'])}.")
    doc = opened.row(text or usual["text"])["doc_id"]
    out = Path(out)
    with _whole(out) as draft:
        for name, book in books.items():
            student = strip(book, name)
            if found := leaks(student):
                raise ExerciseError(f"{name}: {found[0]} would reach the students.")
            nbformat.write(student, draft / name)
        (draft / README).write_text(OPEN, encoding="utf-8", newline="\n")
        _beside(draft, opened, doc, usual, data)
    return sorted(out.iterdir())


def student_pages(out: Path, *, data: Path | None = None, exercises: Path | None = None,
                  say: Callable[[str], object] = lambda line: None) -> list[Path]:
    """Write the exercises as pages to be read without Jupyter, for a laptop that fails: executed, without checks.

    What only a machine needs is left out (tag ``machine``), hints stand at the end of each page, where paper shows
    them, answers have lines and cells to be written into, and the empty coding sheet lies beside the pages, as a file
    and to be printed. Accepts the folder to make, the data folder, where the exercises are, and what is told of each
    page before it is run, which takes some seconds. Returns the files. Raises
    :class:`~helpers.case.CaseError` when the folder holds something already.
    """
    from nbclient import NotebookClient

    from helpers.pages import html
    from helpers.pages.refresh import KERNEL, QUIET
    usual = _exercises(exercises)
    opened = open_case(usual[START].metadata["casebook"]["case"], data)
    out, names = Path(out), [Path(n).stem for n in usual]
    with _whole(out) as draft:
        pages = {}
        for n, (name, book) in enumerate(usual.items(), 1):
            say(f"page {n} of {len(usual)}: {Path(name).stem}")
            student = strip(book, name)
            student.cells = [c for c in student.cells if not {"check", "machine"} & set(c.metadata.get("tags", []))]
            student.cells.insert(1, nbformat.v4.new_markdown_cell(ON_PAPER))
            _hints_last(student)
            NotebookClient(student, timeout=300, kernel_name=KERNEL["name"], extra_arguments=QUIET,
                           resources={"metadata": {"path": str(draft)}}
                           ).execute(env=dict(os.environ, CASEBOOK_DATA=str(opened.data)))
            for cell in student.cells:
                if "answer" in cell.metadata.get("tags", []):       # nothing can be run on a page
                    cell.update(cell_type="markdown", source=_form(cell.source))
                    cell.pop("outputs", None), cell.pop("execution_count", None)
                elif "prose" in cell.metadata.get("tags", []):
                    cell.source = re.sub(r" \(double-click.+?\)", "", cell.source)
            student.cells = [c for c in student.cells if c.source]
            pages[Path(name).stem] = student
        order = sorted(pages, key=lambda stem: (stem != Path(START).stem, stem))
        about = {stem: html.describe(pages[stem]) for stem in order}
        for n, stem in enumerate(order):
            nav = [{"name": s, "label": f"session {i}" if i else "start", "title": about[s].title, "state": "done",
                    "here": i == n, "turn": {-1: "Before", 1: "Next"}.get(i - n, "")} for i, s in enumerate(order)]
            made = html.to_html(pages[stem], page=about[stem], case="Exercises", nav=nav, names=names, record=[],
                                problem="", root=START.replace(".ipynb", ".html#"))
            made = re.sub(r'<section aria-labelledby="made">.*?</section>', "", made, flags=re.S)   # no run record here
            made = made.replace("<p>…</p>", RULED).replace(EMPTY, ROOMY)
            (draft / f"{stem}.html").write_text(made, encoding="utf-8", newline="\n")
        given = usual[START].metadata["casebook"]
        _beside(draft, opened, given["text"], given, data)
        for name, page in ((sheets.SHEET, sheet_page(opened, given["text"])),
                           ("handout", print_page(DOCS / "handout.md"))):
            (draft / f"{name}.html").write_text(page, encoding="utf-8", newline="\n")
    return sorted(out.iterdir())


def _form(source: str) -> str:
    """Return the form of an answer as a table to be filled with a pen; nothing where no answer is asked.

    >>> print(_form('order = ""'))
    | | your answer |
    |---|---|
    | order | |
    """
    asked: list[str] = []
    for line in ast.parse(source).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            value = ast.literal_eval(line.value)
            if isinstance(value, dict):
                asked += value
            elif value in ("", 0) or isinstance(value, list):
                asked.append(line.targets[0].id.replace("_", " "))
    rows = [f"| {what} | |" for what in asked]
    return "\n".join(["| | your answer |", "|---|---|", *rows]) if rows else ""


def _hints_last(notebook: NotebookNode) -> None:
    """Move the hints of a notebook to its end: folded ones are closed for ever on paper."""
    hints, task = [], ""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            task = next(iter(re.findall(r"^## (\d\.\d) ", cell.source, re.M)), task)
            if found := re.search(r"<details><summary>Hint</summary>\s*(.+?)\s*</details>", cell.source, re.S):
                hints.append(f"- **{task}** {found[1]}")
                cell.source = cell.source.replace(found[0], f"*A hint for {task} stands at the end of this page.*")
    if hints:
        notebook.cells.append(nbformat.v4.new_markdown_cell("\n".join(["## Hints", "", *hints])))


def teacher_sheets(case: Case, doc: str) -> Path:
    """Write the two codings that the project has of a text as sheets, for trying session 4 without a class.

    Accepts a case and a text. Returns a folder, outside the project, with ``coding-sheet-key.csv`` (the labels, made
    by a model) and ``coding-sheet-machine.csv`` (the rules). Neither is a person's.
    """
    folder = Path(tempfile.mkdtemp(prefix="casebook-sheets-"))
    for coder in sheets.KINDS:
        sheets.coding_sheet(case, doc, folder / f"{sheets.SHEET}-{coder}.csv", filled_by=coder)
    return folder
