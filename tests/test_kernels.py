"""Kernels: forked or started one by one, the pages are the same, and whatever happens none is left behind."""
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path

import nbformat
import pytest
import trials

from helpers.pages import run
from helpers.pages.kernels import Kernels

forks = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux alone")
LOOK = """\
import os, sys
print(sys.argv[0], sys.path, os.getcwd(), __name__, sys.flags.hash_randomization, hash("weir"))
print(sorted(n for n in os.environ if not n.startswith("CASEBOOK")), os.environ["MPLBACKEND"], sorted(globals()))
import matplotlib
print(matplotlib.get_backend(), sorted(matplotlib.rcParams.items(), key=str) != [])
import matplotlib.pyplot as plt
fig, ax = plt.subplots()
ax.plot([3, 1, 2])
ax.set_title("The weir")
fig  # shown by the kernel's own way
"""
DRAW = """\
from helpers import charts
from helpers.charts import style
import io, base64
from IPython.display import display
content = io.BytesIO()
fig.savefig(content, format="png")
display({"image/png": base64.b64encode(content.getvalue()).decode()}, raw=True, metadata={"image/png": {"alt": "a"}})
"""


def project(root: Path, *cells, **more) -> Path:
    """The trial project with one notebook of these cells, and more under the names given."""
    trials.make_project(root)
    for path in (root / "notebooks").glob("*.ipynb"):
        path.unlink()
    for name, given in {"01-look": cells, **more}.items():
        trials.notebook(root / "notebooks" / f"{name}.ipynb", "# What is here?\n\nThis.", *given)
    return root


def render(root: Path, **call):
    return run.render(**{"data": root / "data", "folder": root / "notebooks", "out": root / "out", "say": [].append,
                         **call})


def printed(root: Path, name: str = "01-look") -> str:
    node = nbformat.read(root / "out" / "mill" / "executed" / f"{name}.ipynb", 4)
    return "".join(o.get("text", "") for c in node.cells for o in c.get("outputs", []))


def ended(pid: int) -> bool:
    """Whether a process ends within ten seconds, and is no zombie either."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


@forks
def test_forked_and_plain_kernels_give_the_same_bytes(tmp_path, monkeypatch):
    more = {"02-fails": ("print('so far')", "{}['weir']"), "03-warns": (
        "import warnings, sys\nwarnings.warn('mind the weir')\nprint('said', file=sys.stderr)", "import pandas as pd\n"
        "pd.DataFrame({'day': pd.date_range('2031-01-01', periods=3), 'said': ['shut', None, 'open']})")}
    root, written = project(tmp_path / "p", LOOK, DRAW, **more), []
    for fork in ("1", "0"):
        monkeypatch.setenv("CASEBOOK_FORK", fork)
        render(root, out=root / fork)
        written.append({p.relative_to(root / fork): p.read_bytes() for p in (root / fork).rglob("*")
                        if p.is_file() and ".cache" not in p.parts})
    assert written[0].keys() == written[1].keys()
    for name in written[0]:
        assert written[0][name] == written[1][name], name
    assert written[0][Path("mill/executed/01-look.ipynb")].count(b'"image/png"') >= 2


@forks
@pytest.mark.parametrize("fork", [True, False])
def test_a_forked_kernel_has_the_imports(tmp_path, monkeypatch, fork):
    monkeypatch.setenv("CASEBOOK_FORK", str(int(fork)))
    root = project(tmp_path / "p", "import sys, os\nprint('seaborn' in sys.modules, os.getppid())")
    assert not render(root).failed
    loaded, parent = printed(root).split()
    assert loaded == str(fork) and (int(parent) != os.getpid()) == fork


@forks
def test_two_forked_kernels_do_not_share_random_numbers(tmp_path):
    cell = "import random, numpy, uuid\nprint(random.random(), numpy.random.random(), uuid.uuid4())"
    root = project(tmp_path / "p", cell, **{"02-other": (cell,)})
    render(root)
    assert not set(printed(root).split()) & set(printed(root, "02-other").split())


@forks
def test_a_kernel_that_dies_costs_only_its_page_and_leaves_nothing(tmp_path):
    root = project(tmp_path / "p", "import os\nprint(os.getpid(), os.getppid(), flush=True)", "os._exit(3)",
                   **{"02-other": ("print('fine')",)})
    done = render(root, jobs=1)
    assert len(done.failed) == 1 and "died" in done.failed[0].lower()
    assert printed(root, "02-other") == "fine\n"
    assert all(ended(int(pid)) for pid in printed(root).split())


@forks
def test_when_the_process_to_fork_from_is_killed_later_kernels_start_plainly(tmp_path):
    root = project(tmp_path / "p", "import os, time\nprint(os.getpid(), flush=True)",
                   "os.kill(os.getppid(), 9)\ntime.sleep(60)", **{"02-other": ("import os\nprint(os.getppid())",)})
    done = render(root, jobs=1)
    assert len(done.failed) == 1 and "died" in done.failed[0].lower() and ended(int(printed(root)))
    assert int(printed(root, "02-other")) == os.getpid()


def test_a_cell_that_hangs_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "CELL_SECONDS", 1)
    root = project(tmp_path / "p", "import os\nprint(os.getpid(), flush=True)", "import time\ntime.sleep(60)")
    done = render(root)
    assert len(done.failed) == 1 and "timed out" in done.failed[0].lower() and ended(int(printed(root)))


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_render_leaves_no_process(tmp_path, number):
    root = project(tmp_path / "p", "import os, time\nopen('pids', 'w').write(f'{os.getpid()} {os.getppid()}')\n"
                   "os.rename('pids', 'written')\ntime.sleep(2)")
    process = subprocess.Popen([sys.executable, "-m", "helpers", "render", "--data", root / "data", "--notebooks",
                                root / "notebooks", "--out", root / "out"], stderr=subprocess.PIPE, text=True,
                               # a shell that starts the tests in the background lets them ignore Ctrl-C
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    written = root / "notebooks" / "written"
    for _ in range(600):
        if written.exists():
            break
        time.sleep(0.1)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    assert process.returncode == (1 if number == signal.SIGINT else -9)
    assert number == signal.SIGKILL or "Stopped." in said
    assert all(ended(int(pid)) for pid in written.read_text().split() if int(pid) != process.pid)


@forks
def test_processes_end_with_the_context(tmp_path):
    with Kernels(tmp_path, tmp_path) as kernels:
        parent = kernels.parent()
        assert parent.ready.result(60)
        forked = parent.fork(["-f", str(tmp_path / "k.json")], str(tmp_path))
        assert forked.poll() is None
    assert forked.wait() != 0 and parent.process.returncode == 0
    assert ended(forked.pid) and ended(parent.process.pid)


@forks
def test_where_nothing_can_be_forked_kernels_start_plainly(tmp_path, monkeypatch):
    from helpers.pages import kernels
    monkeypatch.setattr(kernels.Parent, "fork", lambda *_: (_ for _ in ()).throw(RuntimeError("none")))
    root = project(tmp_path / "p", "import os\nprint(os.getppid())")
    assert not render(root).failed and int(printed(root)) == os.getpid()


@forks
def test_nobody_waits_for_a_process_that_has_ended(tmp_path, monkeypatch):
    from helpers.pages import kernels
    monkeypatch.setattr(kernels, "START", 20)
    with Kernels(tmp_path, tmp_path) as started:
        parent = started.parent()
        assert parent.ready.result(60)
        asked = parent.forked[-1] = Future()                    # was asked for, and is not answered
        parent.process.kill()
        assert isinstance(asked.exception(20), RuntimeError)
        monkeypatch.setattr(parent, "ask", lambda **_: None)    # written just before the pipe was closed
        with pytest.raises(RuntimeError, match="has ended"):
            parent.fork(["-f", "k.json"], str(tmp_path))


def test_a_number_that_another_process_had_is_a_new_kernel(tmp_path):
    """The system gives a number again: a kernel is not taken for the one that ended."""
    from helpers.pages import kernels
    parent = kernels.Parent.__new__(kernels.Parent)
    parent.lock, parent.ready, parent.forked, parent.ended = threading.Lock(), Future(), {1: Future(), 2: Future()}, {}
    said = [{"forked": 1, "pid": 9}, {"ended": 9, "status": 0}, {"forked": 2, "pid": 9}]
    first, second = parent.forked.values()
    parent.said = iter(map(json.dumps, said))
    parent._listen()
    assert first.result() == second.result() == 9 and parent.ended[9].result() == -9 and parent.gone
