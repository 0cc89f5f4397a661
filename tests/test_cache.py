"""What is not run again: nothing that could have come out otherwise, and everything else."""
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
import trials

from helpers import pages
from helpers.pages import cache, run

HEAVY = ("pandas", "numpy", "matplotlib", "papermill", "nbconvert", "nbformat", "IPython")


class Project:
    """The trial project with two notebooks, one that writes and one that reads, and kernels that are not started."""

    def __init__(self, root: Path, monkeypatch):
        self.root = trials.make_project(root)
        for path in (self.root / "notebooks").glob("*.ipynb"):
            if path.stem not in ("01-first", "03-reads"):
                path.unlink()
        self.ran, self.said, self.meanwhile = [], [], lambda run, book: None
        self.reads = ["mill"]
        monkeypatch.setattr(run, "_execute", self._execute)

    def _execute(self, run, book, kernels):
        self.ran.append(book.name)
        problem = self.meanwhile(run, book) or ""
        node = nbformat.from_dict(json.loads(json.dumps(book.node)))
        for cell in (c for c in node.cells if c.cell_type == "code"):
            cell.outputs = [nbformat.v4.new_output("stream", text=f"{len(self.ran)}\n")]
        return node, problem, {(str(run.case.data), name) for name in self.reads}

    def render(self, **call) -> list[str]:
        """Render and return which notebooks were run."""
        self.ran, self.said = [], []
        call = {"data": self.root / "data", "folder": self.root / "notebooks", "out": self.root / "out",
                "say": self.said.append, "jobs": 1, **call}
        self.done = pages.render(**call)
        return self.ran

    def page(self, name: str = "01-first") -> Path:
        return self.root / "out" / "mill" / f"{name}.html"


@pytest.fixture
def project(tmp_path, monkeypatch) -> Project:
    monkeypatch.setattr(cache, "PACKAGE", tmp_path / "package")
    monkeypatch.setattr(cache, "TEMPLATES", tmp_path / "package" / "pages" / "templates")
    cache.TEMPLATES.mkdir(parents=True)
    (cache.PACKAGE / "rules.yaml").write_text("a: 1\n")
    project = Project(tmp_path / "p", monkeypatch)
    assert project.render() == ["01-first", "03-reads"]
    return project


def test_nothing_changed_nothing_runs_and_no_byte_changes(project):
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in project.root.rglob("*.html")}
    assert project.render() == [] and project.said == ["Nothing has changed since these pages were made "
                                                       "(--fresh makes them anew)."]
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in project.root.rglob("*.html")} == before
    assert project.done.n_pages == 2 and project.done.index == project.root / "out" / "index.html"


def test_nothing_heavy_is_imported_to_see_that_nothing_changed(project):
    look = ("import sys; from helpers import cli; code = cli.main(sys.argv[1:]); "
            f"print([m for m in {HEAVY} if m in sys.modules], code)")
    arguments = ["render", "--data", project.root / "data", "--notebooks", project.root / "notebooks",
                 "--out", project.root / "out"]
    fill = ("import sys; from helpers import cli, pages; from helpers.pages import run; from pathlib import Path; "
            "out = Path(sys.argv[-1]); run.render = lambda *a, **k: pages.Rendered(out, (), 2, (out / 'mill',)); "
            "cli.main(sys.argv[1:])")
    subprocess.run([sys.executable, "-c", fill, *arguments], check=True)
    done = subprocess.run([sys.executable, "-c", look, *map(str, arguments)], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "[] 0" and "Nothing has changed" in done.stderr


def test_importing_the_package_imports_nothing_heavy():
    look = f"import sys, helpers, helpers.pages, helpers.cli; print([m for m in {HEAVY} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", look], capture_output=True, text=True).stdout.strip() == "[]"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _change_notebook(project, monkeypatch):
    path = project.root / "notebooks" / "01-first.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("What comes first?", "What came first?"), encoding="utf-8")


CHANGES = {
    "text": lambda p, m: (p.root / "data/raw/mill/north.txt").write_text("Another text.\n"),
    "text gone": lambda p, m: (p.root / "data/raw/mill/north.txt").unlink(),
    "manifest": lambda p, m: _write(p.root / "data/raw/mill/documents.csv",
                                    (p.root / "data/raw/mill/documents.csv").read_text() + "\n"),
    "codebook of the case": lambda p, m: _write(p.root / "data/raw/mill/codebook/actors.yaml", "a: b\n"),
    "labels": lambda p, m: _write(p.root / "data/raw/mill/gold/events.csv", "a\n"),
    "table": lambda p, m: _write(p.root / "data/processed/mill/lines.csv", "a\n"),
    "code": lambda p, m: _write(cache.PACKAGE / "coders.py", "a = 1\n"),
    "rules": lambda p, m: _write(cache.PACKAGE / "rules.yaml", "a: 2\n"),
    "module beside the notebooks": lambda p, m: _write(p.root / "notebooks/mine.py", "a = 1\n"),
    "package": lambda p, m: (_write(p.root / "site/newer-2.0.dist-info/RECORD", ""),
                             m.syspath_prepend(p.root / "site")),
    "Python": lambda p, m: m.setattr(sys, "version", sys.version.replace("3.", "4.", 1)),
    "machine": lambda p, m: m.setattr(cache.platform, "machine", lambda: "abacus"),
    "variable": lambda p, m: m.setenv("CASEBOOK_COLOURS", "few"),
    "language": lambda p, m: m.setenv("LC_ALL", "C.UTF-8" if os.environ.get("LC_ALL") != "C.UTF-8" else "C"),
    "time zone": lambda p, m: m.setenv("TZ", "Pacific/Apia"),
    "settings of charts": lambda p, m: (_write(p.root / "mpl/matplotlibrc", "font.size: 20\n"),
                                        m.setenv("MATPLOTLIBRC", str(p.root / "mpl/matplotlibrc"))),
}


OTHERS = {
    "codebook": "data/raw/other/codebook/actors.yaml", "labels": "data/raw/other/gold/events.csv",
    "table": "data/processed/other/lines.csv"}


@pytest.mark.parametrize("what", CHANGES)
def test_each_ingredient_makes_all_run_again(project, monkeypatch, what):
    CHANGES[what](project, monkeypatch)
    assert project.render() == ["01-first", "03-reads"]


@pytest.mark.parametrize("what", OTHERS)
def test_another_case_makes_nothing_run_that_does_not_read_it(project, what):
    _write(project.root / OTHERS[what], "a\n")
    assert project.render() == [] and sum(line.endswith("as before") for line in project.said) == 2


@pytest.mark.parametrize("what", [*OTHERS, "outside the cases"])
@pytest.mark.parametrize("reads", [["mill", "other"], ["mill", ""]], ids=["another", "all"])
def test_what_a_notebook_reads_of_others_makes_it_run_again(project, what, reads):
    project.reads = reads
    (project.root / "data/raw/other").mkdir()
    _write(cache.PACKAGE / "rules.yaml", "a: 3\n")
    assert project.render() == ["01-first", "03-reads"] and project.render() == []
    _write(project.root / OTHERS.get(what, "data/note.txt"), "a\n")
    seen = what in OTHERS or "" in reads
    assert project.render() == (["01-first", "03-reads"] if seen else [])
    _write(project.root / "data/raw/third/documents.csv.old", "a\n")
    assert project.render() == (["01-first", "03-reads"] if "" in reads else [])


def test_a_notebook_that_begins_to_read_another_case_is_kept_by_that_one_too(project):
    project.reads = ["mill", "other"]
    _write(project.root / "data/raw/mill/north.txt", "Another text.\n")
    assert project.render() == ["01-first", "03-reads"] and project.render() == []
    project.page().unlink()
    assert project.render() == ["01-first", "03-reads"]     # the other's state before they ran was not known
    project.page().unlink()
    assert project.render() == []
    _write(project.root / OTHERS["table"], "a\n")
    assert project.render() == ["01-first", "03-reads"]


def test_a_notebook_whose_reading_was_not_seen_is_not_kept(project, monkeypatch):
    execute = run._execute
    monkeypatch.setattr(run, "_execute", lambda *given: (*execute(*given)[:2], None))
    assert project.render(fresh=True) == ["01-first", "03-reads"]
    _write(cache.PACKAGE / "rules.yaml", "a: 3\n")
    assert project.render() == ["01-first", "03-reads"]
    (project.root / "out/mill/01-first.html").unlink()
    assert project.render() == ["01-first", "03-reads"]


def test_a_changed_notebook_runs_alone(project, monkeypatch):
    _change_notebook(project, monkeypatch)
    assert project.render() == ["01-first"] and any(line.startswith("mill  03-reads") and line.endswith("as before")
                                                    for line in project.said)
    assert "What came first?" in project.page("03-reads").read_text(encoding="utf-8")     # in its links


def test_another_data_folder_is_another_case(project, tmp_path):
    (project.root / "data").rename(project.root / "elsewhere")
    assert project.render(data=project.root / "elsewhere") == ["01-first", "03-reads"]


def test_chosen_values_are_a_run_of_their_own(project):
    assert project.render(set={"window": "7"}) == ["01-first", "03-reads"]      # the first one's save is another now
    assert project.render(set={"window": "8"}) == ["03-reads"]
    assert project.render(set={"window": "7"}) == [] == project.render()


def test_templates_make_pages_again_without_running_anything(project):
    (cache.TEMPLATES / "style.css").write_text("p {}\n")
    project.page().unlink()
    assert project.render() == [] and project.page().exists()
    assert "Nothing has changed since these pages were made (--fresh makes them anew)." not in project.said


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("defaced")])
@pytest.mark.parametrize("what", ["01-first.html", "run.json", "executed/03-reads.ipynb"])
def test_a_page_that_is_gone_or_changed_is_made_again(project, spoil, what):
    path = project.root / "out" / "mill" / what
    before = path.read_bytes()
    spoil(path)
    assert project.render() == [] and path.read_bytes() == before


def test_index_is_made_again_where_it_or_another_record_changed(project):
    index = project.root / "out" / "index.html"
    before = index.read_bytes()
    index.write_text("defaced")
    assert project.render() == [] and index.read_bytes() == before
    record = json.loads((project.root / "out/mill/run.json").read_text(encoding="utf-8"))
    _write(project.root / "out/aged/run.json", json.dumps({**record, "case": "aged", "title": "An older quarrel"}))
    assert project.render() == [] and "An older quarrel" in index.read_text(encoding="utf-8")


def test_fresh_runs_everything(project):
    assert project.render(fresh=True) == ["01-first", "03-reads"]


def test_failures_are_not_kept(project):
    project.meanwhile = lambda run, book: "it broke" if book.name == "03-reads" else ""
    assert project.render(fresh=True) == ["01-first", "03-reads"] and project.done.failed
    _write(cache.PACKAGE / "rules.yaml", "a: 3\n")
    assert project.render() == ["01-first", "03-reads"]
    assert project.render() == ["03-reads"] and project.done.failed


def test_what_changes_while_it_runs_is_not_kept(project):
    def edit(run, book):
        with open(cache.PACKAGE / "rules.yaml", "a") as file:
            file.write(f"# {book.name}\n")
    project.meanwhile = edit
    assert project.render(fresh=True) == ["01-first", "03-reads"]
    project.meanwhile = lambda run, book: None
    assert project.render() == ["01-first", "03-reads"]
    assert project.render() == []


def test_writer_is_kept_once_it_left_the_tables_as_they_were(project):
    def save(run, book):
        if book.name == "01-first":
            _write(run.case.processed / "order.txt", "first")
    project.meanwhile = save
    assert project.render(fresh=True) == ["01-first", "03-reads"]       # it changed the tables
    assert project.render() == ["01-first"]                             # what it would do to its own is not known yet
    assert project.render() == []
    _write(project.root / "data/processed/mill/order.txt", "edited by hand")
    assert project.render() == ["01-first"]
    assert (project.root / "data/processed/mill/order.txt").read_text() == "first"


# entries ----------------------------------------------------------------------------------------------------------


def test_broken_entry_is_told_and_counts_as_none(project):
    for path in (project.root / "out" / ".cache").iterdir():
        content = path.read_bytes()
        path.write_bytes(content[:len(content) // 2])
    assert project.render() == ["01-first", "03-reads"] and sum("is broken" in line for line in project.said) >= 2
    assert project.render() == []


def test_cache_may_be_deleted_or_unwritable(project):
    import shutil
    shutil.rmtree(project.root / "out" / ".cache")
    (project.root / "out" / ".cache").write_text("in the way")
    assert project.render() == ["01-first", "03-reads"] and not project.done.failed
    assert any("nothing can be kept" in line for line in project.said)


KILLED = """
import os, sys
from pathlib import Path
from helpers.pages.cache import Cache
at = sys.argv[2]
real = os.replace
def stop(*arguments):
    if at == "after":
        real(*arguments)
    os.kill(os.getpid(), 9) if os.name == "posix" else os._exit(9)
os.replace = stop
Cache(Path(sys.argv[1])).put("a", {"new": "x" * 10**6})
"""


@pytest.mark.parametrize(("at", "left"), [("before", {"old": 1}), ("after", {"new": "x" * 10**6})])
def test_a_kill_while_an_entry_is_kept_leaves_the_old_or_the_new(tmp_path, at, left):
    kept = cache.Cache(tmp_path)
    kept.put("a", {"old": 1})
    assert subprocess.run([sys.executable, "-c", KILLED, tmp_path, at]).returncode != 0
    told = []
    assert cache.Cache(tmp_path, told.append).get("a") == left and not told


def test_oldest_entries_go_first_and_a_used_one_is_not_old(tmp_path, monkeypatch):
    kept = cache.Cache(tmp_path)
    for number, name in enumerate("abc"):
        kept.put(name, {"size": "x" * 1000})
        os.utime(tmp_path / f"{name}.json", (number, number))
    assert kept.get("a")
    monkeypatch.setattr(cache, "LIMIT", 3500)
    kept.put("d", {"size": "x" * 1000})
    assert [name for name in "abcd" if kept.get(name)] == ["a", "c", "d"]


def test_what_a_link_leads_to_counts_and_a_link_in_a_circle_ends(tmp_path):
    real, data = tmp_path / "real" / "raw", tmp_path / "data"
    (real / "mill").mkdir(parents=True)
    (real / "mill" / "circle").symlink_to(real)
    data.mkdir()
    (data / "raw").symlink_to(real)
    places = (str(data), "mill"), (str(data), "")
    before = [cache.state(place) for place in places]
    (real / "mill" / "documents.csv").write_text("doc_id\n", encoding="utf-8")
    assert all(cache.state(place) != was for place, was in zip(places, before, strict=True))


def test_the_practice_case_of_the_project_counts_for_a_call(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "PROJECT_DATA", tmp_path / "project")
    (tmp_path / "project" / "raw" / cache.PRACTICE).mkdir(parents=True)
    call = cache.Call(tmp_path / "out", tmp_path / "data", tmp_path / "notebooks", cache.Cache(tmp_path / "c"), {})
    before = call.key()
    (tmp_path / "project" / "raw" / cache.PRACTICE / "documents.csv").write_text("doc_id\n", encoding="utf-8")
    assert call.key() != before
