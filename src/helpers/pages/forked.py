"""The process that kernels are forked from: it has imported what notebooks import, so a kernel starts at once.

Run by :mod:`helpers.pages.kernels` as ``python -m helpers.pages.forked``. It reads one request a line from its standard
input (``{"fork": n, "cwd": …, "argv": […]}`` or ``{"signal": number, "pid": …}``) and writes one answer a line to its
standard output (``{"ready": true}``, ``{"forked": n, "pid": …}``, ``{"ended": pid, "status": …}``). When its input ends
(whoever asked is gone) it ends its kernels and itself; a kernel whose parent is gone ends by itself.

Threads and forks: a fork copies only the thread that forks, so a lock which another thread holds at that moment stays
locked for ever in the copy. This process therefore imports, and does once what starts no thread: it has one Python
thread (checked before each fork) and makes no ZeroMQ context, no event loop and no pool; the threads that OpenBLAS may
start at import are stopped and started anew around a fork by its own handlers (pthread_atfork). All threads, sockets
and loops of a kernel are made in the kernel.
"""
from __future__ import annotations

import gc
import importlib.util
import io
import json
import os
import selectors
import signal
import socket
import sys
import threading
import traceback

# what the notebooks import, and what that imports when it is first used; not the inline backend of matplotlib, which
# looks for a running kernel when it is imported
MODULES = ("ipykernel.ipkernel", "ipykernel.kernelapp", "ipykernel.zmqshell", "ipykernel.debugger",
           "IPython.core.logger", "ipywidgets", "pandas.core.methods.to_dict", "pandas.core.reshape.reshape",
           "pandas.io.formats.csvs", "pandas.io.formats.html", "pandas.io.formats.style", "matplotlib.pyplot",
           "seaborn", "pydantic", "filelock", "PIL.Image", "ftfy", "bs4", "helpers.charts.accounts",
           "helpers.charts.agreement",
           "helpers.charts.chronology", "helpers.charts.framing", "helpers.charts.moves", "helpers.charts.reuse",
           "helpers.charts.sources", "helpers.cleaning", "helpers.compare.cascade", "helpers.compare.codings",
           "helpers.explore", "helpers.pipeline", "helpers.readers", "helpers.review", "helpers.show")


CASES = 8       # of how many cases the codebooks are read: a folder may hold a whole class's


def load() -> None:
    """Import what kernels will need, and do once what each would do first: fonts, schemas, codebooks, languages.

    What is not installed, or has another name in another version, is left to the kernels.
    """
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from PIL import Image

    from helpers import codebook, default_data, tables
    from helpers.cleaning.describe import language
    figure = Figure()
    figure.subplots().set_title("0")
    FigureCanvasAgg(figure).print_png(io.BytesIO())
    Image.init()
    for name in tables.TABLES:
        tables.conform(tables.empty(name), name)
    for case in (None, *sorted((default_data() / "raw").glob("*/documents.csv"))[:CASES]):
        try:
            codebook.load_codebook(case and case.parent)
        except (codebook.CodebookError, OSError):       # the notebook that loads it says what is wrong
            continue
    language("The weir stays shut, the council said on Monday, and nobody asked. " * 4)


def kernel(argv: list[str], cwd: str) -> None:
    """Be a kernel, in a process that was just forked: never returns."""
    status = 1
    try:
        os.setsid()
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)       # what a library writes past Python goes where messages go
        os.chdir(cwd)
        launcher = importlib.util.find_spec("ipykernel_launcher")
        sys.argv = [launcher and launcher.origin or "ipykernel_launcher", *argv]
        if "numpy.random" in sys.modules:       # Python's own random numbers are sown anew by Python
            sys.modules["numpy.random"].seed()
        from ipykernel import kernelapp

        from helpers.pages import reads
        reads.watch(reads.said_beside(argv[argv.index("-f") + 1]))
        kernelapp.launch_new_instance(argv)
        status = 0
    except SystemExit as stop:
        status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def serve() -> None:
    """Fork kernels as they are asked for until nobody can ask any more."""
    del sys.path[0]     # the folder we stand in: a kernel adds its own
    os.environ["JPY_PARENT_PID"] = str(os.getpid())     # read when ipykernel is imported: kernels end when we do
    signal.signal(signal.SIGINT, signal.SIG_IGN)        # Ctrl-C is for whoever asked; that one ends us
    load()
    gc.collect()
    gc.freeze()         # or the first collection in a kernel would copy every page of memory
    woken, wake = socket.socketpair()
    wake.setblocking(False)
    signal.set_wakeup_fd(wake.fileno())
    signal.signal(signal.SIGCHLD, lambda *_: None)
    alive: set[int] = set()
    pending = b""

    def answer(**said) -> None:
        os.write(1, json.dumps(said).encode() + b"\n")

    answer(ready=True)
    with selectors.DefaultSelector() as sources:
        sources.register(0, selectors.EVENT_READ)
        sources.register(woken, selectors.EVENT_READ)
        while True:
            for chosen, _ in sources.select():
                if chosen.fileobj is woken:
                    woken.recv(4096)
                    for pid in sorted(alive):
                        ended, status = os.waitpid(pid, os.WNOHANG)
                        if ended:
                            alive.discard(pid)
                            answer(ended=pid, status=os.waitstatus_to_exitcode(status))
                    continue
                received = os.read(0, 1 << 16)
                if not received:
                    return end(alive)
                *lines, pending = (pending + received).split(b"\n")
                for request in map(json.loads, lines):
                    if "signal" in request:
                        if request["pid"] in alive:     # not yet waited for, so the number is still its own
                            os.kill(request["pid"], request["signal"])
                        continue
                    if threading.active_count() != 1:
                        raise RuntimeError("a thread was started by an import: forking would not be safe")
                    pid = os.fork()
                    if not pid:
                        kernel(request["argv"], request["cwd"])
                    alive.add(pid)
                    answer(forked=request["fork"], pid=pid)


def end(alive: set[int]) -> None:
    """End all kernels, and wait for each, so that none is left as a zombie."""
    for pid in alive:
        os.kill(pid, signal.SIGKILL)
    for pid in alive:
        os.waitpid(pid, 0)


if __name__ == "__main__":
    serve()
