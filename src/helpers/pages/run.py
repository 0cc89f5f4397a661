"""Run notebooks for cases and make their pages.

Papermill sets the parameters and runs the cells; each kernel is the Python that runs this, whatever kernels are
registered on the machine. Notebooks that write tables (they declare ``save``) run first, in the order of their names;
the others read those tables and run side by side, as do different cases.
"""
from __future__ import annotations

import copy
import difflib
import hashlib
import itertools
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import nbformat

from helpers import case as cases_
from helpers import tables
from helpers.case import Case, CaseError, ParameterError
from helpers.pages import ROOT, Rendered, index
from helpers.pages.beside import write_beside
from helpers.pages.cache import Cache, key_of, states, surroundings
from helpers.pages.kernels import Kernels
from helpers.pages.passages import Words, protected, withhold, withhold_from
from helpers.pages.reads import Place, said_beside, said_of

KINDS = {"str": str, "bool": bool, "int": int, "float": float, "list[str]": list[str], "list[int]": list[int],
         "list": list, "dict": dict}
OURS = ("case", "save")              # set by the command itself
MATRIX_LIMIT = 200
CELL_SECONDS = 600                   # a cell that takes longer has hung


@dataclass
class Notebook:
    """A notebook to run: its file as read, and the parameters it declares (name → kind of value)."""
    path: Path
    node: nbformat.NotebookNode
    parameters: dict[str, str]
    digest: str

    @property
    def name(self) -> str:
        return self.path.stem


@dataclass
class Run:
    """One case with one set of parameters: what is run, and what came of it."""
    case: Case
    folder: Path
    chosen: dict[str, object]
    notebooks: list[Notebook]
    save: bool
    quotes: str = "none"        # what passages of the case's texts may stand on its pages: none, or short ones
    done: dict[str, tuple[nbformat.NotebookNode, str]] = field(default_factory=dict)

    @cached_property
    def kept(self) -> Words:
        """What must not stand on the pages."""
        return protected(self.case, self.quotes)

    def parameters(self, notebook: Notebook) -> dict[str, object]:
        """Return what papermill sets in a notebook: what was chosen, of what it declares."""
        ours = {"case": self.case.name, "save": self.save}
        return {name: value for name, value in {**ours, **self.chosen}.items() if name in notebook.parameters}

    def next(self) -> list[Notebook]:
        """Return the notebooks that may start once all that ``done`` names are done."""
        writers = [n for n in self.notebooks if "save" in n.parameters] if self.save else []
        waiting = [n for n in writers if n.name not in self.done]
        return waiting[:1] or [n for n in self.notebooks if n not in writers]


def render(cases: Iterable[str] | None = None, notebooks: Iterable[str] | None = None, set: Mapping | None = None, *,
           matrix: str | Path | None = None, data: str | Path | None = None, out: str | Path | None = None,
           folder: str | Path | None = None, jobs: int | None = None, fresh: bool = False, quotes: str = "none",
           say: Callable[[str], None] | None = None) -> Rendered:
    """Run notebooks and write pages, records and index, as :func:`helpers.pages.render` does where something changed.

    A notebook that was run before as it would be run now is taken from the cache, unless ``fresh``.
    """
    say = say or (lambda line: print(line, file=sys.stderr))
    data = (Path(data) if data else cases_.default_data()).resolve()
    out = Path(out).resolve() if out else ROOT / "reports"
    books = find_notebooks(folder, notebooks)
    opened = [cases_.open_case(name, data) for name in (cases or cases_.list_cases(data))]
    if not opened:
        raise CaseError(f"There is no case in {data / 'raw'}. A case is a folder with a manifest, documents.csv.")
    combinations = read_matrix(matrix) if matrix else [{}]
    from helpers.scale import shown
    runs = []
    for case, combination in itertools.product(opened, combinations):
        chosen = check_values({**(set or {}), **combination}, books, case)
        documents = chosen.get("documents")
        # of a large case the notebooks see a part, and write nothing
        seen = shown(case, documents if isinstance(documents, list) else ())
        runs.append(Run(seen, out / case.name / slug(chosen) if chosen else out / case.name, chosen, books,
                        save=not chosen and seen is case, quotes=quotes))
    done = _run_all(runs, data, jobs or min(4, os.cpu_count() or 1), Cache(out / ".cache", say), fresh, say)
    failed = tuple(f"{run.case.name}, {_label(run, page)}: {page['problem']}"
                   for run, record in done for page in record["pages"] if page["state"] == "failed" and
                   page["name"] in run.done)
    for run, record in done:
        if not run.chosen:
            nodes = {name: node for name, (node, _) in run.done.items()}
            failed += tuple(f"{run.case.name}: {said}" for said in
                            write_beside(run.case, run.folder, record, nodes, quotes=quotes))
    return Rendered(index.write_index(out), failed, sum(len(run.done) for run, _ in done),
                    tuple(run.folder for run, _ in done))


def _label(run: Run, page: Mapping) -> str:
    return page["name"] + (f" ({run.folder.name})" if run.chosen else "")


# notebooks and parameters ----------------------------------------------------------------------------------------


def find_notebooks(folder: str | Path | None = None, wanted: Iterable[str] | None = None) -> list[Notebook]:
    """Read the notebooks to run, in the order of their names.

    Accepts the folder (none: the project's ``notebooks/``) and names, or the numbers they begin with (none: all whose
    name begins with a number). Raises :class:`~helpers.case.ParameterError` for a name that is not there and
    :class:`~helpers.case.CaseError` for a folder without notebooks or a file that is not a notebook.
    """
    folder = Path(folder).resolve() if folder else ROOT / "notebooks"
    paths = {p.stem: p for p in sorted(folder.glob("[0-9]*.ipynb"))}
    if not paths:
        raise CaseError(f"There is no notebook in {folder}: they are files such as 01-name.ipynb.")
    chosen = []
    for name in wanted or paths:
        stem = str(name).removesuffix(".ipynb")
        found = [n for n in paths if n == stem or n.split("-")[0] == stem]
        if not found:
            near = difflib.get_close_matches(stem, paths, 1)
            raise ParameterError(f"There is no notebook {name!r} in {folder}."
                                 + (f" Did you mean {near[0]!r}?" if near else "")
                                 + f" There are {', '.join(paths)}.")
        chosen += found
    return [_read_notebook(paths[name]) for name in paths if name in chosen]


def _read_notebook(path: Path) -> Notebook:
    content = path.read_bytes()
    try:
        node = nbformat.reads(content.decode("utf-8"), as_version=4)
    except Exception as error:              # nbformat raises whatever its parsers raise
        raise CaseError(f"{path.name}: this is not a notebook that can be read ({_line(error)}).") from None
    with _papermill() as papermill:
        found = papermill.inspect_notebook(node)
    return Notebook(path, node, {name: p["inferred_type_name"] for name, p in found.items()},
                    hashlib.sha256(content).hexdigest())


@contextmanager
def _papermill():
    """Import papermill without ``rfc3987_syntax``, which takes most of its import time for a check never used here."""
    blocked = "rfc3987_syntax" not in sys.modules
    if blocked:
        sys.modules["rfc3987_syntax"] = None        # type: ignore[assignment]  # Python's way to say: not to be had
    try:
        import papermill
    finally:
        if blocked:
            del sys.modules["rfc3987_syntax"]
    yield papermill


def check_values(chosen: Mapping, books: list[Notebook], case: Case) -> dict[str, object]:
    """Return values for parameters as Python values of the declared kinds.

    Accepts values by name (text is read by the declared kind: ``yes``, ``3``, ``a,b`` or ``["a", "b"]``). Raises
    :class:`~helpers.case.ParameterError` for a name that no notebook declares, a value of another kind, and for
    documents that the case does not have.
    """
    declared: dict[str, str] = {}
    for book in books:
        for name, kind in book.parameters.items():
            declared.setdefault(name, kind)
    settable = [n for n in declared if n not in OURS]
    values = {}
    for name, value in chosen.items():
        if name == "case":
            raise ParameterError("The case is not a parameter to set: name it on the command line, "
                                 "as in `casebook render practice`.")
        if name == "save":
            raise ParameterError("Whether tables are written cannot be set: a plain `casebook render` writes them, "
                                 "a run with chosen values never does.")
        if name not in declared:
            near = difflib.get_close_matches(str(name), settable, 1)
            raise ParameterError(f"No notebook has a parameter {name!r}."
                                 + (f" Did you mean {near[0]!r}?" if near else "")
                                 + (f" The parameters are {', '.join(settable)}." if settable else ""))
        values[name] = parse(name, value, declared[name])
    if "documents" in values and isinstance(values["documents"], list):
        try:
            case.choose(values["documents"])
        except CaseError as error:
            raise ParameterError(str(error)) from None
    return values


def parse(name: str, value: object, kind: str) -> object:
    """Return the value of a parameter, read by the kind its notebook declares.

    >>> parse("documents", "a, b", "list[str]"), parse("save", "no", "bool"), parse("window", "30", "int")
    (['a', 'b'], False, 30)
    >>> parse("window", "soon", "int")
    Traceback (most recent call last):
    helpers.case.ParameterError: The parameter 'window' takes a whole number, not 'soon'.
    """
    if isinstance(value, str):
        value = _read(value, kind)
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if kind in KINDS:
        cases_.check_value(name, value, KINDS[kind])
    return value


def _read(text: str, kind: str) -> object:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if kind == "bool":
        return words.get(text.strip().lower(), text)
    if kind in ("int", "float"):
        try:
            return int(text) if kind == "int" else float(text)
        except ValueError:
            return text
    if kind.startswith(("list", "dict")):
        if text.strip().startswith(("[", "{")):
            try:
                return json.loads(text)
            except ValueError:
                return text
        parts = [part.strip() for part in text.split(",") if part.strip()]
        return [_read(part, "int") for part in parts] if kind == "list[int]" else parts
    return text


def read_matrix(path: str | Path) -> list[dict[str, object]]:
    """Return each combination of the values that a YAML file lists.

    Accepts a file that holds a list of values for each parameter (``frame: [conflict, economy]``). Returns one
    mapping a combination, in the order of the file. Raises :class:`~helpers.case.ParameterError` naming the file and
    the remedy.
    """
    import yaml
    path = Path(path)
    example = "Write a list of values for each parameter, as in `documents: [[a], [a, b]]`."
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError:
        raise ParameterError(f"{path.name}: not UTF-8. Save it again as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ParameterError(f"{path.name}: not YAML" + (f" at line {mark.line + 1}" if mark else "")
                             + f" ({getattr(error, 'problem', None) or 'a tag or value that is not plain data'}). "
                             + example) from None
    if not isinstance(content, dict) or not content:
        raise ParameterError(f"{path.name}: holds no parameters. {example}")
    for name, values in content.items():
        if not isinstance(name, str) or not isinstance(values, list) or not values:
            raise ParameterError(f"{path.name}: {name!r} has no list of values. {example}")
    n = 1
    for values in content.values():
        n *= len(values)
    if n > MATRIX_LIMIT:
        raise ParameterError(f"{path.name}: makes {n} runs, more than {MATRIX_LIMIT}. List fewer values, "
                             "or split it into several files.")
    return [dict(zip(content, values, strict=True)) for values in itertools.product(*content.values())]


def slug(chosen: Mapping[str, object]) -> str:
    """Return the name of the folder for a set of values: readable, safe on every system, another for other values.

    >>> slug({"documents": ["a", "../b"]})
    'documents-a-b-...'
    """
    text = json.dumps(dict(chosen), sort_keys=True, ensure_ascii=False)
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:48].strip("-")
    return f"{words}-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:6]}"


# running -----------------------------------------------------------------------------------------------------------


def _run_all(runs: list[Run], data: Path, jobs: int, cache: Cache, fresh: bool,
             say: Callable[[str], None]) -> list[tuple[Run, dict]]:
    """Run all notebooks, at most ``jobs`` at once; make the pages of a run when its notebooks are done."""
    from tqdm import tqdm
    total = sum(len(run.notebooks) for run in runs)
    bar = tqdm(total=total, unit="page", disable=not sys.stderr.isatty(), leave=False, file=sys.stderr)
    records: dict[int, dict] = {}
    with (tempfile.TemporaryDirectory(prefix="casebook-") as scratch, Kernels(Path(scratch), data) as kernels,
          ThreadPoolExecutor(jobs) as pool):
        started: dict[int, list[str]] = {id(run): [] for run in runs}
        waiting: dict[Future, tuple[Run, Notebook | None]] = {}

        def start(run):
            for book in run.next():
                if book.name not in started[id(run)]:
                    started[id(run)].append(book.name)
                    waiting[pool.submit(_run, run, book, kernels, cache, fresh)] = (run, book)

        try:
            for run in runs:
                start(run)
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    run, book = waiting.pop(future)
                    if book is None:
                        records[id(run)] = future.result()
                        continue
                    node, problem, seconds = future.result()
                    run.done[book.name] = node, problem
                    bar.update()
                    if bar.disable or problem:
                        with tqdm.external_write_mode(file=sys.stderr):
                            say(f"{run.case.name}  {book.name}{'  ' + run.folder.name if run.chosen else ''}  "
                                + (f"FAILED: {problem}" if problem else "as before" if seconds is None else
                                   f"{seconds:.1f} s"))
                    start(run)
                    if len(run.done) == len(run.notebooks):
                        waiting[pool.submit(index.write_run, run)] = (run, None)
        except BaseException:
            say("Stopping when the notebooks that are running have ended.")
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        finally:
            bar.close()
    return [(run, records[id(run)]) for run in runs]


def _run(run: Run, book: Notebook, kernels: Kernels, cache: Cache, fresh: bool
         ) -> tuple[nbformat.NotebookNode, str, float | None]:
    """Run one notebook, or take it from the cache. Returns it, what went wrong, and the seconds it took to run."""
    def known() -> dict:
        return dict(notebook=book.digest, parameters=run.parameters(book), quotes=run.quotes,
                    data=str(run.case.data), **surroundings(book.path.parent))

    before, problem, seconds = known(), "", None
    reads = (cache.get(key_of(**before)) or {}).get("reads")
    found = states(run.case.data, reads and map(tuple, reads))
    kept = cache.get(key_of(**before, read=list(found.items()))) if reads is not None and not fresh else None
    if kept:
        node = nbformat.from_dict(kept)
    else:
        began = time.perf_counter()
        node, problem, places = _execute(run, book, kernels)
        withhold_from(node, run.kept)       # before anything of it is written
        problem = withhold(problem, run.kept)
        seconds = time.perf_counter() - began
        if not problem and places is not None and known() == before:
            cache.put(key_of(**before), {"reads": sorted(places)})
            after = states(run.case.data, places)
            if after.items() <= found.items():
                cache.put(key_of(**before, read=list(after.items())), node)
    tables.write_whole(run.folder / "executed" / f"{book.name}.ipynb", nbformat.writes(node) + "\n")
    return node, problem, seconds


def _execute(run: Run, book: Notebook, kernels: Kernels) -> tuple[nbformat.NotebookNode, str, set[Place] | None]:
    """Run one notebook. Returns it as far as it came, what went wrong (or nothing), and what of the data it read."""
    with _papermill() as papermill:
        from papermill.engines import papermill_engines
    problem, connection = "", kernels.connection()
    node = papermill.execute_notebook(copy.deepcopy(book.node), None, parameters=run.parameters(book),
                                      kernel_name="python3", language="python", prepare_only=True,
                                      progress_bar=False)
    for cell in node.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    try:
        papermill_engines.execute_notebook_with_engine(
            None, node, "python3", output_path=None, progress_bar=False, record_timing=False, store_widget_state=False,
            kernel_manager_class=kernels.manager(connection), shutdown_kernel="immediate",
            resources={"metadata": {"path": str(book.path.parent)}}, execution_timeout=CELL_SECONDS)
    except Exception as error:      # a kernel that dies or hangs: what was run so far is kept
        problem = _line(error)
    for number, cell in enumerate(node.cells, 1):
        for output in cell.get("outputs", []):
            if output.output_type == "error" and not problem:
                problem = f"cell {number}: {output.ename}: {_line(output.evalue)}"
    _settle(node)
    return node, problem, said_of(said_beside(connection))


def _line(error: object) -> str:
    text = re.sub(r"\x1b\[[0-9;]*m", "", _anywhere(str(error))).strip()
    return (" ".join(text.split()) or type(error).__name__)[:300]


def _anywhere(text: str) -> str:
    """Leave out where on this machine the project lies, and which process a cell ran in."""
    text = re.sub(r"[^\s'\"]*ipykernel_\d+[/\\]\d+\.py", "cell.py", text)
    return text.replace(str(ROOT) + os.sep, "").replace(str(Path.home()), "~")


def _joined(outputs: list) -> list:
    """Join what was printed in one go: in how many pieces it arrives depends on the clock."""
    joined: list = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            joined.append(output)
    return joined


def _settle(node: nbformat.NotebookNode) -> None:
    """Take out of an executed notebook what differs between two runs of the same thing, or names this machine."""
    node.metadata.pop("papermill", None)
    node.metadata.pop("widgets", None)
    for cell in node.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
        if "outputs" in cell:
            cell.outputs = _joined(cell.outputs)
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.evalue = _anywhere(output.evalue)
                output.traceback = [_anywhere(line) for line in output.traceback]
            elif output.output_type == "stream" and output.name == "stderr":
                output.text = _anywhere(output.text)
            data = output.get("data", {})
            if data.pop("application/vnd.jupyter.widget-view+json", None) is not None and set(data) <= {"text/plain"}:
                data["text/plain"] = "(A control stands here. It works when the notebook is open in JupyterLab.)"
