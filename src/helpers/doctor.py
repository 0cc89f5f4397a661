"""What this computer has and lacks for the casebook, in plain words.

It needs the standard library alone, so `start.py doctor` can run it before anything is installed; afterwards
`casebook doctor` runs the same checks and looks at the installed packages as well.
"""
import csv
import hashlib
import importlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
GIB = 2**30
NEEDED_DISK = 2 * GIB  # the environment, pip's cache of it while it installs, and the pages
NEEDED_MEMORY = 4 * GIB
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge",
            "microsoft-edge-stable", "msedge", "brave-browser", "brave")
MAC = ("Chromium", "Google Chrome", "Microsoft Edge", "Brave Browser")
WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe",
           "Chromium/Application/chrome.exe", "BraveSoftware/Brave-Browser/Application/brave.exe")
EXTRAS = {
    "readers": ("reads .pdf, .docx and .rtf files", ("pypdf", "docx", "striprtf")),
    "scale": ("runs the stages on many texts with Dask", ("dask", "distributed", "pyarrow")),
    "bench": ("compares with other tools (`start.py bench`)", ("dateparser", "justext", "pysbd", "trafilatura")),
    "test": ("runs the test suite", ("frictionless", "hypothesis", "playwright", "xdist")),
}


RUNS_ON = ("click", "jupyterlab", "matplotlib", "nbconvert", "pandas", "pandera", "papermill", "syntok")


class Finding(NamedTuple):
    """One thing looked at: its state is "ok", "note" (works without) or "lacks" (must be mended)."""

    state: str
    what: str
    said: str


class Texts(NamedTuple):
    """A case, how many texts its manifest lists, and how many of these are in its folder."""

    name: str
    listed: int
    present: int


def cases(data: Path) -> list[Texts]:
    """Count the texts of each case that are in place.

    Accepts the data folder. Returns one row for each `raw/<case>/documents.csv`, in alphabetical order. A text counts
    as present when a file beside the manifest has the SHA-256 listed, whatever it is called. A manifest that cannot be
    read counts as listing nothing: `casebook check` says what is wrong with it.

    >>> cases(Path("no such folder"))
    []
    """
    found = []
    for manifest in sorted(Path(data).glob("raw/*/documents.csv")):
        try:
            with manifest.open(encoding="utf-8-sig", newline="") as lines:
                listed = {row.get("sha256") for row in csv.DictReader(lines)} - {None, ""}
        except (OSError, ValueError, csv.Error):
            listed = set()
        files = (path for path in manifest.parent.iterdir() if path.is_file() and path != manifest)
        digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files} if listed else set()
        found.append(Texts(manifest.parent.name, len(listed), len(listed & digests)))
    return found


def memory() -> int | None:
    """Return the bytes of memory of this computer, or None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        pass
    if sys.platform != "win32":
        return None
    import ctypes

    class Status(ctypes.Structure):
        # MEMORYSTATUSEX: of its seven sizes the first is the memory installed
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong), ("total", ctypes.c_ulonglong)] + [
            (f"other_{n}", ctypes.c_ulonglong) for n in range(6)
        ]

    status = Status(length=ctypes.sizeof(Status))
    return status.total if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None


def browser(system: str = "") -> Path | None:
    """Return a browser of this computer that can run without a window, or None.

    Accepts the system (empty: this one's). Where the variable ``CASEBOOK_BROWSER`` names a program, no other is looked
    for; else the path is, and the places where Windows and macOS keep programs.
    """
    named = os.environ.get("CASEBOOK_BROWSER")
    found = [Path(path) for path in map(shutil.which, [named] if named else BROWSERS) if path]
    if found or named:
        return next(iter(found), None)
    system = system or platform.system()
    places: list[Path] = []
    if system == "Darwin":
        roots = (Path("/Applications"), Path.home() / "Applications")
        places = [root / f"{name}.app/Contents/MacOS/{name}" for root in roots for name in MAC]
    elif system == "Windows":
        folders = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        places = [Path(folder, place) for folder in folders if folder for place in WINDOWS]
    return next((place for place in places if place.is_file()), None)


def look_at_python() -> Iterator[Finding]:
    """Yield what is said of Python itself."""
    version = f"{platform.python_version()} at {sys.executable}"
    if (3, 11) <= sys.version_info[:2] <= (3, 14):
        yield Finding("ok", "Python", version)
    else:
        yield Finding("lacks", "Python", f"{version}; install 3.11, 3.12, 3.13 or 3.14 from python.org")
    if sys.maxsize < 2**32:
        yield Finding("lacks", "64 bits", "this Python has 32, for which packages are missing; install the 64-bit one")
    missing = [name for name in ("venv", "ensurepip") if find_spec(name) is None]
    if missing:
        remedy = f"on Debian or Ubuntu: sudo apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        yield Finding("lacks", "venv and pip", f"{' and '.join(missing)} not there; {remedy}")
    else:
        yield Finding("ok", "venv and pip", "an environment can be made")
    if hasattr(os, "fork"):
        yield Finding("ok", "processes", "fork and spawn")
    else:
        yield Finding("ok", "processes", "spawn alone (no fork here); the pages take a little longer")


def look_at_computer(root: Path) -> Iterator[Finding]:
    """Yield what is said of the computer and of the project's folder."""
    free = shutil.disk_usage(root).free
    made = (root / ".venv").exists()
    said = f"{free / GIB:.0f} GB free where the project is"
    need = "" if made else f"; the environment needs about {NEEDED_DISK / GIB:.0f} GB while it is made"
    yield Finding("ok" if made or free >= NEEDED_DISK else "lacks", "disk", said + need)
    if (total := memory()) is not None:
        size = f"{total / GIB:.0f} GB"
        yield Finding("ok", "memory", size) if total >= NEEDED_MEMORY else Finding(
            "note", "memory", f"{size}; close other programs while the pages are made"
        )
    yield Finding("ok", "processor cores", str(os.cpu_count() or 1))
    odd = "; it has spaces or letters beyond English in it, which is fine" if re.search(r"[^!-~]", str(root)) else ""
    yield Finding("ok", "folder", f"{root}{odd}")
    if os.name == "nt" and len(str(root)) > 90:
        yield Finding("note", "folder", "its path is long; if the installation fails, move it to one like C:\\casebook")
    if re.search(r"OneDrive|Dropbox|Google Drive|iCloud|CloudStorage", str(root)):
        yield Finding("note", "folder", "it is synchronised with a cloud, which is slow; a local one is better")
    if not os.access(root, os.W_OK):
        yield Finding("lacks", "folder", "it cannot be written to; copy the project to a folder of your own")


def look_at_environment(root: Path) -> Iterator[Finding]:
    """Yield what is said of the environment: packages asked for by pyproject.toml, and the optional ones."""
    try:
        state = json.loads((root / ".venv" / "casebook.json").read_text(encoding="utf-8")).get("state")
    except (OSError, ValueError, AttributeError):
        state = None
    if state == "installing":
        yield Finding("note", "environment", "the installation was interrupted; the next command makes it anew")
    try:
        asked = importlib.metadata.requires("casebook") or []
    except importlib.metadata.PackageNotFoundError:
        if state == "complete":
            yield Finding("ok", "environment", "ready in .venv")
        elif all(map(find_spec, RUNS_ON)):      # one made by conda, say
            yield Finding("ok", "environment", f"{sys.prefix} has what the casebook runs on")
        elif state is None:
            yield Finding("note", "environment", "not made yet; `start.py env` makes it, as does every other command")
        return
    core = {name[0]: line for line in asked if "extra ==" not in line and (name := re.match(r"[\w.-]+", line))}
    names = list(core)
    missing = [name for name in names if not _installed(name)]
    unfit = [said for name in names if name not in missing and (said := _unfit(name, core[name]))]
    if missing:
        yield Finding("lacks", "packages", f"not installed: {', '.join(missing)}; `start.py env` installs them")
    if unfit:
        yield Finding("lacks", "packages", f"of another version: {', '.join(unfit)}; `start.py env` mends it")
    if not missing and not unfit:
        yield Finding("ok", "packages", f"all {len(names)} are installed, in {sys.prefix}")
    for extra, (use, modules) in EXTRAS.items():
        if all(find_spec(module) for module in modules):
            yield Finding("ok", f"extra {extra}", use)
        else:
            yield Finding("note", f"extra {extra}", f'not installed; it {use}: python -m pip install -e ".[{extra}]"')


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _unfit(name: str, asked: str) -> str:
    """Return what is installed and what is asked for, where they do not fit; nothing where they do."""
    if not _installed("packaging"):     # it comes with JupyterLab
        return ""
    bounds = importlib.import_module("packaging.requirements").Requirement(asked).specifier
    version = importlib.metadata.version(name)
    return "" if bounds.contains(version, prereleases=True) else f"{name} {version} (needs {bounds})"


def look_at_programs() -> Iterator[Finding]:
    """Yield what is said of other programs, none of which is needed to make the pages."""
    use = "tests of the pages, and PDF"
    if found := browser():
        yield Finding("ok", "browser", f"{found} ({use})")
    else:
        yield Finding("note", "browser", f"no Chromium, Chrome, Edge or Brave; {use} need one (CASEBOOK_BROWSER: its "
                                         "path)")
    for program, use in (("git", "it keeps versions"), ("make", "it only gives start.py's commands short names")):
        yield Finding("ok", program, shutil.which(program) or f"not there, and not needed ({use})")


def look_at_texts(root: Path) -> Iterator[Finding]:
    """Yield, for each case, how many of its texts are in place."""
    for case in cases(Path(os.environ.get("CASEBOOK_DATA") or root / "data")):
        said = f"{case.present} of {case.listed} texts in place"
        if case.present < case.listed:
            remedy = f"`casebook texts {case.name} --from FOLDER` puts them there; until then the tracked tables serve"
            yield Finding("note", f"case {case.name}", f"{said}; {remedy}")
        else:
            yield Finding("ok", f"case {case.name}", said)


def findings(root: Path = ROOT) -> list[Finding]:
    """Look at everything once.

    Accepts the project's folder. Returns the findings in the order in which they are told.

    >>> {finding.state for finding in findings()} <= {"ok", "note", "lacks"}
    True
    """
    looks = look_at_python(), look_at_computer(root), look_at_environment(root), look_at_programs(), look_at_texts(root)
    return [finding for look in looks for finding in look]


def told(found: list[Finding]) -> str:
    """Put findings into lines.

    Accepts findings. Returns the text to print, with a closing line that says whether anything must be mended.

    >>> print(told([Finding("ok", "Python", "3.12.1"), Finding("note", "browser", "none found")]))
    ok     Python   3.12.1
    note   browser  none found
    <BLANKLINE>
    Nothing that is needed is missing. 1 note: that works without.
    """
    width = max((len(finding.what) for finding in found), default=0)
    lines = [f"{finding.state:<6} {finding.what:<{width}}  {finding.said}" for finding in found]
    lacks, notes = (sum(finding.state == state for finding in found) for state in ("lacks", "note"))
    end = f"{lacks} to mend: see \"lacks\" above." if lacks else "Nothing that is needed is missing."
    if notes:
        end += f" {notes} note{'s' * (notes > 1)}: that works without."
    return "\n".join([*lines, "", end])


def main() -> int:
    """Print the findings. Returns 0, or 1 when something that is needed is missing."""
    found = findings()
    print(f"{platform.system()} {platform.release()}, {platform.machine()}")
    print(told(found))
    return int(any(finding.state == "lacks" for finding in found))


if __name__ == "__main__":
    sys.exit(main())
