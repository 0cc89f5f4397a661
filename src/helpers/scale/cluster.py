"""Workers: a Dask cluster that is there, one made on this computer, or this process; who gets the package and how.

Nothing is asked of a scheduler or a worker but Python of the same minor version and the packages that the casebook
needs: the casebook itself is sent. So what crosses is made of bytes and of functions that carry their own code; none
refers to a module that the other side may lack.
"""
from __future__ import annotations

import hashlib
import importlib.metadata
import io
import logging
import pickle
import re
import socket
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from helpers import parquet

PACKAGE = Path(__file__).resolve().parents[1]
REACH = 5           # seconds in which a scheduler must answer
APPEAR = 20         # seconds in which it must have a worker
# what tables are computed with; another version of one may give other tables
NEEDED = ["pandas", "numpy", "pyarrow", "pandera", "syntok", "ftfy", "inscriptis"]
# what no stage reads: a change there leaves all tables as they are
SHOWING = {"charts", "pages", "teaching", "cli.py", "doctor.py", "show.py", "export.py", "__main__.py"}


class ClusterError(ValueError):
    """A scheduler or its workers cannot be used: says why and what to do."""


class WorkerLost(Exception):
    """A job that ended its worker, again and again."""


def distributed():
    """Return dask.distributed. Raises :class:`ClusterError` that says how to install it."""
    try:
        import distributed
        return distributed
    except ImportError:
        raise ClusterError("A build on several processors or machines needs Dask, the extra “scale”. "
                           f"Install it: {parquet.INSTALL}") from None


def package_files(leave_out: Iterable[str] = ()) -> list[tuple[str, Path]]:
    """Return the files of the package and their places in it, without some of its modules."""
    files = sorted(p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    placed = [(p.relative_to(PACKAGE).as_posix(), p) for p in files]
    return [(place, p) for place, p in placed if place.split("/")[0] not in set(leave_out)]


def code_digest() -> str:
    """Return a digest of all code, rules and packages by which a text becomes rows."""
    found = hashlib.sha256()
    for place, path in package_files(SHOWING):
        found.update(f"{place}\0".encode() + path.read_bytes())
    for name in NEEDED:
        found.update(f"{name} {importlib.metadata.version(name)}\0".encode())
    return found.hexdigest()


@contextmanager
def crew(scheduler: str = "", workers: int = 0, *, shared: Path | None = None,
         say: Callable[[str], None] = print) -> Iterator:
    """Give a Dask client, or None, which stands for this process alone; end on the way out what was begun here.

    Accepts the address of a scheduler, or how many workers to start on this computer; the folder that all workers must
    see at the same path; and who is told what a user should know (another version on a worker). Raises
    :class:`ClusterError`, in seconds, for an address where no scheduler answers, a scheduler without workers, workers
    of another Python, without a needed package, or that do not see the folder.
    """
    if not scheduler and not workers:
        yield None
        return
    parquet.arrow()
    dask = distributed()
    logging.getLogger("distributed").setLevel(logging.CRITICAL)     # what matters is said in our words
    if not scheduler:
        with tempfile.TemporaryDirectory(prefix="casebook-") as scratch, \
                dask.LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1",
                                  dashboard_address="127.0.0.1:0", worker_dashboard_address="127.0.0.1:0",
                                  scheduler_kwargs={"dashboard": False}, silence_logs=logging.CRITICAL,
                                  local_directory=scratch
                                  ) as cluster, dask.Client(cluster) as client:
            yield client
        return
    _reach(scheduler)
    try:
        client = dask.Client(scheduler, timeout=REACH, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"The scheduler at {scheduler} does not talk to this version of Dask ({error}). Start one "
                           "of the same version with `dask scheduler`.") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=APPEAR)
        except TimeoutError:
            raise ClusterError(f"The scheduler at {scheduler} has no workers. Start some: `dask worker {scheduler} "
                               "--nworkers 4 --nthreads 1`.") from None
        _look(client, say)
        client.register_plugin(_package())
        _see(client, shared)
        yield client


def _reach(address: str) -> None:
    """Raise :class:`ClusterError` at once where nobody listens; Dask itself would try for half a minute."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        host, port, kind = parts.hostname, parts.port, parts.scheme
    except ValueError:
        host = port = kind = None
    if not host or not port or kind not in ("tcp", "tls", "ws", "wss"):
        raise ClusterError(f"{address!r} is no scheduler's address. It looks like tcp://192.0.2.7:8786; "
                           "`dask scheduler` prints its own.")
    try:
        with socket.create_connection((host, port), timeout=REACH) as line:
            first = line.recv(8, socket.MSG_WAITALL) if kind == "tcp" else b""
    except TimeoutError:
        first = b"silence"
    except OSError as error:
        raise ClusterError(f"No scheduler answers at {address} ({error.strerror or error}). Is it running, and is the "
                           "address the one that `dask scheduler` printed?") from None
    # a scheduler speaks first: the length of its greeting, then the greeting
    if kind == "tcp" and (len(first) != 8 or struct.unpack("Q", first)[0] > 10_000):
        raise ClusterError(f"What listens at {address} is no Dask scheduler. Start one with `dask scheduler`, which "
                           "prints its address.")


def _look(client, say: Callable[[str], None]) -> None:
    """Compare the versions of this computer with those of the workers."""
    versions = client.get_versions(packages=NEEDED)
    own = versions["client"]
    minor = ".".join(own["host"]["python"].split(".")[:2])
    told = set()
    for place, there in versions["workers"].items():
        other = ".".join(there["host"]["python"].split(".")[:2])
        if other != minor:
            raise ClusterError(f"The worker {place} runs Python {other}, this computer {minor}. Start the workers with "
                               f"Python {minor}.")
        lacking = [p for p in NEEDED if not re.match(r"\d", str(there["packages"].get(p)))]
        if lacking:
            raise ClusterError(f"The worker {place} lacks {', '.join(lacking)}. Install what the casebook needs there: "
                               f"{parquet.INSTALL}. (The casebook itself is sent.)")
        told |= {f"Versions differ: {name} is {there['packages'].get(name)} on a worker and {version} here; the tables "
                 "may differ from those of a build on this computer." for name, version in own["packages"].items()
                 if version and name != "lz4" and there["packages"].get(name) != version}
    for line in sorted(told):
        say(line)


def _see(client, shared: Path | None) -> None:
    """Raise :class:`ClusterError` when a worker does not see the data folder."""
    if shared is None:
        return

    def sees(path):
        import os
        return os.path.isdir(path)
    blind = [place for place, there in client.run(sees, str(shared)).items() if there is not True]
    if blind:
        raise ClusterError(f"The folder {shared} is not there on the worker {blind[0]}. Workers read the texts and "
                           "write the tables themselves: share the data folder with all of them at the same path.")


def _package():
    """Make the plugin that puts this package on a worker, now or when it joins or comes back."""
    from distributed import WorkerPlugin
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, path in package_files():
            archive.write(path, f"helpers/{place}")
    content = packed.getvalue()

    class Package(WorkerPlugin):            # defined here, so that it travels with its code
        name = "casebook"

        def __init__(self, content, digest):
            self.content, self.digest = content, digest

        def setup(self, worker):
            import importlib
            import io
            import os
            import sys
            import zipfile
            folder = os.path.join(worker.local_directory, "casebook-" + self.digest)
            if not os.path.isdir(folder):
                zipfile.ZipFile(io.BytesIO(self.content)).extractall(folder)
            sys.path[:] = [folder] + [p for p in sys.path if "casebook-" not in p]
            for module in [m for m in sys.modules if m.split(".")[0] == "helpers"]:
                del sys.modules[module]     # of an older build, or installed there
            importlib.invalidate_caches()
    return Package(content, hashlib.sha256(content).hexdigest()[:16])


def _errand():
    """Make the function that does a job on a worker; it carries its own code and knows the job only as bytes."""
    def errand(job):
        import pickle
        function, arguments = pickle.loads(job)
        return pickle.dumps(function(*arguments))
    return errand


def each(client, function: Callable, jobs: Iterable[tuple]) -> Iterator[tuple[tuple, Any]]:
    """Do jobs and yield each with its result, in the order in which they are done.

    Accepts a client or None (done here, one after the other), a function of a module of this package, and the tuples
    of its arguments. Only a few jobs a processor are out at any time, so a long list costs no memory. A job whose
    worker is lost is given to another; one that ends worker after worker is yielded with a :class:`WorkerLost`.
    """
    if client is None:
        for job in jobs:
            yield job, function(*job)
        return
    dask = distributed()
    from distributed.comm import CommClosedError
    jobs, out, errand = iter(jobs), {}, _errand()
    done = dask.as_completed(loop=client.loop)

    def send(job: tuple) -> None:
        future = client.submit(errand, pickle.dumps((function, job)), pure=False)
        out[future.key] = job
        done.add(future)
    for job in islice(jobs, 3 * max(1, sum(client.nthreads().values()))):
        send(job)
    for future in done:
        job = out.pop(future.key)
        try:
            result = pickle.loads(future.result())
        except dask.KilledWorker as error:
            result = WorkerLost(str(error))
        except (dask.CancelledError, CommClosedError) as error:
            raise ClusterError(f"The scheduler was lost ({error}). What is done is kept: build again to go on."
                               ) from None
        future.release()
        for more in islice(jobs, 1):
            send(more)
        yield job, result
