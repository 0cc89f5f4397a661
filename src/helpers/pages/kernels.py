"""The kernels that notebooks run in: this Python, no network, nothing of the user's own Jupyter settings.

Where it is safe (Linux) kernels are forked from one process that has imported everything (:mod:`helpers.pages.forked`);
elsewhere, or with ``CASEBOOK_FORK=0``, each is a process of its own. Both give the same pages.
"""
from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.provisioning import LocalProvisioner

START = 120     # seconds after which the process to fork from has not come up


class Forked:
    """A forked kernel, with as much of :class:`subprocess.Popen` as jupyter_client uses."""
    stdin = stdout = stderr = None

    def __init__(self, parent: Parent, pid: int, ended: Future):
        self.parent, self.pid, self.ended = parent, pid, ended

    def poll(self) -> int | None:
        return self.ended.result() if self.ended.done() else None

    def wait(self) -> int:
        return self.ended.result()

    def send_signal(self, number: int) -> None:
        self.parent.ask(signal=int(number), pid=self.pid)


class Parent:
    """The process that kernels are forked from, seen from the one that asks; safe to be asked by several threads."""

    def __init__(self, environment: dict[str, str]):
        self.lock, self.numbers = threading.Lock(), itertools.count()
        self.ready: Future = Future()
        self.gone = False
        self.forked: dict[int, Future] = {}
        self.ended: dict[int, Future] = {}
        self.process = subprocess.Popen([sys.executable, "-Xfrozen_modules=off", "-m", "helpers.pages.forked"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
                                        start_new_session=True)
        assert self.process.stdin and self.process.stdout
        self.asked, self.said = self.process.stdin, self.process.stdout
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.said:
            said = json.loads(line)
            if "ready" in said:
                self.ready.set_result(True)
            elif "forked" in said:
                with self.lock:
                    self.ended[said["pid"]] = Future()      # the number may have been another kernel's, which ended
                    asked = self.forked.pop(said["forked"])
                asked.set_result(said["pid"])
            else:
                self.ended[said["ended"]].set_result(said["status"])
        with self.lock:     # from here on nothing more is asked
            self.gone = True
            unanswered, running = [self.ready, *self.forked.values()], [*self.ended.values()]
        for waiting in unanswered:
            if not waiting.done():
                waiting.set_exception(RuntimeError("the process that kernels are forked from has ended"))
        for waiting in running:
            if not waiting.done():
                waiting.set_result(-9)      # its kernels end with it

    def ask(self, **request) -> None:
        try:
            with self.lock:
                self.asked.write(json.dumps(request).encode() + b"\n")
                self.asked.flush()
        except OSError:
            raise ProcessLookupError(3, "the process that kernels are forked from has ended") from None

    def fork(self, argv: list[str], cwd: str) -> Forked:
        """Return a new kernel. Raises RuntimeError or OSError where none can be had."""
        self.ready.result(START)
        number = next(self.numbers)
        with self.lock:
            if self.gone:       # a request would be written, and never read
                raise RuntimeError("the process that kernels are forked from has ended")
            answer = self.forked[number] = Future()
        self.ask(fork=number, argv=argv, cwd=cwd)
        pid = answer.result(START)
        return Forked(self, pid, self.ended[pid])

    def close(self) -> None:
        """End the process and its kernels."""
        try:
            self.asked.close()
        except OSError:
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class ForkingProvisioner(LocalProvisioner):
    """jupyter_client's own way of starting a kernel, but for the start itself."""
    kernels: Kernels

    async def launch_kernel(self, cmd, **kwargs):
        parent = self.kernels.parent()
        if parent is None:
            return await super().launch_kernel(cmd, **kwargs)
        try:
            forked = parent.fork(cmd[cmd.index("-f"):], str(kwargs.get("cwd") or Path.cwd()))
        except (RuntimeError, OSError):
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked       # type: ignore[assignment]  # it does all that is asked of a Popen here
        self.pid = self.pgid = forked.pid
        self.cwd = kwargs.get("cwd", Path.cwd())
        return self.connection_info


class Kernels:
    """Starts kernels; a context, at whose end none is left.

    Accepts a folder for their connections and the data folder. Sockets are files where the system has them, else ports
    of this machine alone (127.0.0.1). What a kernel reads of the data is written beside its connection
    (:mod:`helpers.pages.reads`).
    """

    def __init__(self, scratch: Path, data: Path):
        source = str(Path(__file__).resolve().parents[2])
        own = {"CASEBOOK_DATA": str(data), "PYTHONHASHSEED": "0",
               "MPLBACKEND": "module://matplotlib_inline.backend_inline", "IPYTHONDIR": str(scratch / "ipython"),
               "PYTHONPATH": os.pathsep.join(filter(None, [source, os.environ.get("PYTHONPATH")]))}
        self.environment = {**os.environ, **own}
        self.forks = sys.platform == "linux" and os.environ.get("CASEBOOK_FORK", "1") != "0"
        self.lock = threading.Lock()
        self._parent: Parent | None = None
        self.spec = KernelSpec(display_name="Python", language="python", env=own, argv=[
            sys.executable, "-Xfrozen_modules=off", "-m", "helpers.pages.reads", "-f", "{connection_file}"])
        self.scratch, self.counter = scratch, itertools.count(1)

    def connection(self) -> Path:
        """Return where the connection of a new kernel is written."""
        return self.scratch / f"k{next(self.counter)}.json"

    def manager(self, connection: Path) -> type[AsyncKernelManager]:
        """Return the class that nbclient is given to start the kernel of this connection."""
        kernels = self

        class ThisPython(AsyncKernelManager):
            kernel_spec = kernels.spec

            def __init__(self, **kw):
                super().__init__(**kw)
                self.connection_file = str(connection)
                sockets = os.name == "posix" and len(str(connection)) < 80   # a socket's path may have about 100
                self.transport = "ipc" if sockets else "tcp"
                if kernels.forks:
                    self.kernel_id = connection.stem
                    self.provisioner = ForkingProvisioner(kernel_id=self.kernel_id, kernel_spec=kernels.spec,
                                                          parent=self)
                    self.provisioner.kernels = kernels

        return ThisPython

    def parent(self) -> Parent | None:
        """Return the process to fork from, started when it is first asked for; none where forking is not safe."""
        with self.lock:
            if self.forks and self._parent is None:
                self._parent = Parent(self.environment)
        return self._parent

    def __enter__(self) -> Kernels:
        return self

    def __exit__(self, *_) -> None:
        if self._parent is not None:
            self._parent.close()
