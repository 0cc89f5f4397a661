"""Pages: notebooks run through papermill, shown through nbconvert, gathered on one index.

The parts are :mod:`~helpers.pages.run` (kernels, parameters, order), :mod:`~helpers.pages.cache` (what need not be run
again), :mod:`~helpers.pages.html` (one notebook as one page) and :mod:`~helpers.pages.index` (run records and the
index). They are imported when they are used, since nbconvert, papermill and pandas are slow to import.
"""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers import default_data

__all__ = ["Rendered", "render"]

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Rendered:
    """What :func:`render` made: the index page, one sentence for each page that failed, and the folders of the runs."""
    index: Path
    failed: tuple[str, ...]
    n_pages: int
    folders: tuple[Path, ...] = ()


def render(cases: Iterable[str] | None = None, notebooks: Iterable[str] | None = None, set: Mapping | None = None, *,
           matrix: str | Path | None = None, data: str | Path | None = None, out: str | Path | None = None,
           folder: str | Path | None = None, jobs: int | None = None, fresh: bool = False, quotes: str = "none",
           say: Callable[[str], None] | None = None) -> Rendered:
    """Run notebooks for cases and write their pages, the run records and the index; do nothing where nothing changed.

    Accepts names of cases (none: all), names or numbers of notebooks (none: all of ``folder``, the project's
    ``notebooks/``), values for parameters (as text, read by the kind that the notebooks declare, or as Python
    values), a YAML file of values to combine, the data folder, the folder to write to (``reports/``), how many
    kernels may run at once, whether everything is to be run again, whether passages of the texts of at most 25 words
    may stand on the pages (``short``) or none (``none``; see :mod:`helpers.pages.passages`), and a function that is
    told what is going on. Runs with chosen values go to a folder of their own and never write tables. Returns a
    :class:`Rendered`. Raises :class:`~helpers.case.ParameterError` or :class:`~helpers.case.CaseError` before anything
    runs; a notebook that fails is kept, shown and named in ``failed``. What was run before is kept in ``.cache`` below
    the folder written to (see :mod:`helpers.pages.cache`), which may be deleted at any time.
    """
    from helpers.pages.cache import Cache, Call
    say = say or (lambda line: print(line, file=sys.stderr))
    data = Path(data or default_data()).resolve()
    out = Path(out or ROOT / "reports").resolve()
    asked: dict[str, Any] = {
        "cases": list(cases or ()), "notebooks": [str(n) for n in notebooks or ()], "set": dict(set or {}),
        "matrix": str(Path(matrix).resolve()) if matrix else "", "quotes": quotes}
    call = Call(out, data, Path(folder or ROOT / "notebooks").resolve(), Cache(out / ".cache", say), asked)
    known = None if fresh else call.known()
    if known:
        if known["index"] != call.index():
            from helpers.pages.index import write_index
            write_index(out)
        say("Nothing has changed since these pages were made (--fresh makes them anew).")
        return Rendered(out / "index.html", (), known["n_pages"])
    from helpers.pages import run
    before = call.key()
    done = run.render(asked["cases"], asked["notebooks"], asked["set"], matrix=matrix, data=data, out=out,
                      folder=folder, jobs=jobs, fresh=fresh, quotes=quotes, say=say)
    if not done.failed:
        call.keep(before, done.n_pages, done.folders)
    return done
