"""Which cases a notebook reads, noticed in its kernel while it runs.

What a notebook opens cannot be told from its code: a helper, a module beside it or a path put together may lead
anywhere. So its kernel is watched by an audit hook (PEP 578), which Python tells of every file that it opens and every
folder that it lists. What lies in a case's folders counts as that case; any other place of a data folder, a list of all
cases, and any other program that is started count as everything, since nobody can tell what that one reads. Not noticed
are a file of a case that is only asked whether it exists, one that a library opens past Python and one that is opened
by a link outside the data folder; notebooks of this project do none of this in a case that they did not open.

Run as ``python -m helpers.pages.reads -f FILE`` it is a kernel that is watched; :mod:`helpers.pages.forked` watches
those that it forks. The places are written to ``FILE.reads`` as they are found, one a line.
"""
from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from helpers import PRACTICE, PROJECT_DATA, default_data

OPENED = {"open", "os.listdir", "os.scandir", "sqlite3.connect"}
PROGRAMS = {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system",
            "subprocess.Popen"}
ALL = ""        # in the place of a case's name: all of a data folder

Place = tuple[str, str]     # a data folder, and the name of a case in it


def place_of(path: str, root: str) -> Place | None:
    """Return the place of a data folder that a path leads to, None where it leads elsewhere.

    >>> place_of("/data/raw/mill/north.txt", "/data"), place_of("/data/raw", "/data"), place_of("/else", "/data")
    (('/data', 'mill'), ('/data', ''), None)
    """
    below, whole = os.path.normcase(path), os.path.normcase(root)
    if below != whole and not below.startswith(whole.rstrip(os.sep) + os.sep):
        return None
    parts = path[len(root):].strip(os.sep).split(os.sep)
    if len(parts) < 2 or parts[0] not in ("raw", "processed") or os.path.isfile(os.path.join(root, *parts[:2])):
        return root, ALL
    return root, parts[1]


def watch(said: str | Path) -> None:
    """Write the places that this process reads to a file, from now until it ends: a hook cannot be taken away."""
    roots = sorted({str(default_data().resolve()), str(PROJECT_DATA)})
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    found: set[Place] = set()
    watched, everything = OPENED | PROGRAMS, [(root, ALL) for root in roots]
    real = lru_cache(4096)(os.path.realpath)

    def note(*places: Place) -> None:
        new = [place for place in places if place not in found]
        if new:
            found.update(new)
            os.write(out, "".join(json.dumps(place) + "\n" for place in new).encode())

    def read(path: str | bytes | int, event: str) -> Iterator[Place]:
        if isinstance(path, int):
            return
        path = os.path.abspath(os.fsdecode(path or "."))
        folder, name = os.path.split(path)
        for root in roots:
            place = place_of(path, root) or place_of(os.path.join(real(folder), name), root)
            if place:
                yield place if event == "open" else (root, _case_sought(root, place[1]))

    def hook(event: str, arguments: tuple) -> None:
        if event not in watched:        # most are, and there are 100,000 in drawing a chart or two
            return
        try:
            places = everything if event in PROGRAMS else list(read(arguments[0], event))
        except (TypeError, ValueError):     # a path that is none: whoever opens it is told so
            return
        note(*places)

    sys.addaudithook(hook)


def _case_sought(root: str, listed: str) -> str:
    """Return what the listing of a folder says: the case that open_case looks for and will find, when it is what lists.

    Else what is listed; a list of all cases is all of them, though Python 3.12 looks into each folder on the way.
    """
    frame, names = sys._getframe(2), set()
    while frame.f_back:
        frame = frame.f_back
        if frame.f_globals.get("__name__") == "helpers.case":
            names.add(frame.f_code.co_name)
            if frame.f_code.co_name == "open_case":
                name = str(frame.f_locals["name"])
                there = [Path(r, "raw", name, "documents.csv").is_file() for r in (root, PROJECT_DATA)]
                return name if there[0] or (there[1] and name == PRACTICE) else ALL
    return ALL if "list_cases" in names else listed


def said_of(said: str | Path) -> set[Place] | None:
    """Return the places that a watched process wrote, or None where it could not be watched."""
    try:
        return {(root, name) for root, name in map(json.loads, Path(said).read_text(encoding="utf-8").splitlines())}
    except (OSError, ValueError):
        return None


def said_beside(connection: str | Path) -> Path:
    """Return where a kernel's places are written, from the file of its connection."""
    return Path(f"{connection}.reads")


if __name__ == "__main__":
    del sys.path[0]     # the folder we stand in: a kernel adds its own
    import runpy

    import ipykernel.debugger  # noqa: F401  # asks another program about the system when it is imported
    watch(said_beside(sys.argv[sys.argv.index("-f") + 1]))
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)
