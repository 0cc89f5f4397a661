"""What a notebook reads of the data is noticed in its kernel, whichever way it gets there."""
import os
import sys

import pytest
import trials

from helpers import PROJECT_DATA
from helpers.pages import reads, run

OPEN = "from helpers.case import list_cases, open_case\n"
ALL, BOTH = {""}, {"mill", "other"}
CELLS = {       # cell → the cases that it reads, "" for all
    "print('nothing')": set(),
    OPEN + "open_case('mill').text('north')": {"mill"},
    OPEN + "open_case('mill').has('events')\nopen('../data/raw/other/note.txt').read()": BOTH,
    "import os\nos.chdir('../data/raw')\nos.close(os.open('other/note.txt', os.O_RDONLY))": {"other"},
    "import pandas as pd\npd.read_csv('../data/raw/mill/documents.csv')": {"mill"},
    "import os\nos.listdir('../data/processed/other') if os.path.isdir('../data/processed/other') else 0": {"other"},
    "open('../link/note.txt').read()": {"other"},
    "open('../data/raw/linked/north.txt').read()": {"linked"},
    "from pathlib import Path\n[p.name for p in Path('../data').glob('raw/*/*.txt')]": {"", *BOTH, "linked"},
    "open('../data/raw/beside.txt').read()": ALL,
    OPEN + "print(list_cases())": ALL,
    OPEN + "try:\n    open_case('nobody')\nexcept ValueError as error:\n    print(error)": ALL,
    "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'print(1)'])": ALL,
    "import sys\nopen(sys.executable, 'rb').close()\ntry:\n    open('a\\0b')\nexcept ValueError:\n    pass": set(),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What the cells above were seen to read, and one that opens the practice case, forked and plain."""
    root = trials.make_project(tmp_path_factory.mktemp("reads ü") / "p").resolve()
    for path in (root / "notebooks").iterdir():
        path.unlink()
    for name in ("raw/other", "processed/other"):
        (root / "data" / name).mkdir(parents=True)
    for name in ("raw/other/note.txt", "raw/beside.txt"):
        (root / "data" / name).write_text("A note.\n")
    (root / "link").symlink_to(root / "data/raw/other")
    (root / "away").mkdir()
    (root / "away/north.txt").write_text("Far.\n")
    (root / "data/raw/linked").symlink_to(root / "away")
    cells = [*CELLS, OPEN + "open_case('practice').reference"]
    for number, cell in enumerate(cells):
        trials.notebook(root / "notebooks" / f"{number:02}-reads.ipynb", "# What?\n\nThis.", cell)
    found: dict = {}
    execute = run._execute
    with pytest.MonkeyPatch.context() as patch:
        for fork in ("1", "0"):
            def spy(run_, book, kernels, fork=fork):
                done = execute(run_, book, kernels)
                found[fork, cells[int(book.name[:2])]] = done
                return done
            patch.setattr(run, "_execute", spy)
            patch.setenv("CASEBOOK_FORK", fork)
            assert not run.render(data=root / "data", folder=root / "notebooks", out=root / fork, say=[].append).failed
    return root, found


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize("fork", [pytest.param("1", marks=pytest.mark.skipif(sys.platform != "linux", reason="fork")),
                                  "0"])
@pytest.mark.parametrize("cell", CELLS)
def test_what_a_notebook_reads_is_seen(seen, fork, cell):
    root, found = seen
    assert {name for where, name in found[fork, cell][2] if where == str(root / "data")} == CELLS[cell]


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize("fork", ["1", "0"])
def test_the_practice_case_of_the_project_is_seen_as_such(seen, fork):
    root, found = seen
    places = found[fork, OPEN + "open_case('practice').reference"][2]
    assert places == {(str(root / "data"), "practice"), (str(PROJECT_DATA), "practice")}


def test_what_was_not_watched_is_not_known(tmp_path):
    assert reads.said_of(tmp_path / "none") is None
    (tmp_path / "torn").write_text('["/data", "mi')
    assert reads.said_of(tmp_path / "torn") is None
