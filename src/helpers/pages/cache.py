"""What was run before and need not be run again, kept in ``.cache`` beside the pages.

Two layers. A *notebook* that was run is known by the digest of everything that could change what it prints: its file,
its parameters, the package's code, the cases that it read (texts, codebooks, labels, tables; :mod:`helpers.pages.reads`
notices which), files beside the notebook, the installed packages, Python, the system, and the variables that reach a
kernel. Which cases it read is kept by the same without them. A *call* of :func:`helpers.pages.render` is known by the
same, by all of the data folder, by the templates, and by the bytes of every page it wrote: when all of them are as they
were, there is nothing to do.

Nothing is kept when anything changed while it ran. So a notebook that writes tables is kept only when it left the
tables as it found them: what it would do again is then known to be nothing. Failures are not kept. An entry carries the
digest of its own bytes and is renamed into place when whole, so a broken one is noticed, and the folder can be deleted
at any moment. Nothing heavy is imported here: looking whether something changed must cost next to nothing.
"""
from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpers import PRACTICE, PROJECT_DATA
from helpers.pages.reads import ALL, Place

PACKAGE = Path(__file__).resolve().parents[1]
TEMPLATES = Path(__file__).resolve().parent / "templates"
# settings of the casebook, of Python, of language and time, of what draws and of what computes
VARIABLES = re.compile(r"CASEBOOK_|PYTHON|LANG|LC_|TZ$|MPL|MATPLOTLIB|SOURCE_DATE_EPOCH$|PANDAS_|(OMP|MKL|OPENBLAS)_")
# the data folder is an ingredient itself, and who asks for figures has everything run again
OF_NO_MATTER = {"PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", "CASEBOOK_DATA", "CASEBOOK_FIGURES"}
LIMIT = 500 * 2**20     # bytes in all


def digest(paths: Iterable[Path], root: Path) -> str:
    """Return one SHA-256 of several files, their places below ``root`` included."""
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda p: p.relative_to(root).as_posix()):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(sha256(path).encode())
    return total.hexdigest()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, or why it cannot be read."""
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return f"not read: {error.errno}"


def _files(folder: Path, *leave_out: Path) -> list[Path]:
    """Return the files of a folder that may matter: no lock that a writer leaves, and nothing compiled."""
    found, walked = [], set()
    for where, folders, names in os.walk(folder, followlinks=True):
        at = Path(where)
        if at.resolve() in walked:      # a link that leads back
            folders.clear()
            continue
        walked.add(at.resolve())
        folders[:] = [f for f in folders if f not in ("__pycache__", ".ipynb_checkpoints") and at / f not in leave_out]
        found += [at / name for name in names if name != ".lock"]
    return found


def surroundings(notebooks: Path) -> dict[str, str]:
    """Return what a notebook's outputs may depend on besides itself, its parameters and the data, in digests by name.

    Accepts the folder of the notebooks.
    """
    return {"code": digest(_files(PACKAGE, TEMPLATES), PACKAGE),
            "beside": digest((p for p in notebooks.glob("*") if p.is_file() and p.suffix != ".ipynb"), notebooks),
            "packages": _packages(), "system": _system()}


def state(place: Place) -> str:
    """Return the digest of a case's files, or of all those of a data folder."""
    root, name = Path(place[0]), place[1]
    folders = [root / "raw" / name, root / "processed" / name] if name else [root]
    return digest((path for folder in folders for path in _files(folder)), root)


def states(data: Path, places: Iterable[Place] | None) -> dict[Place, str]:
    """Return the state of the places that a notebook reads; of each that it may read, where that is not known yet."""
    if places is None:
        practice = (str(PROJECT_DATA), PRACTICE)        # stands in where a data folder has none
        places = {(str(data), ALL), practice, *((str(data), path.name) for path in data.glob("*/*"))}
    return {place: state(place) for place in sorted(places)}


def _packages() -> str:
    """Return the digest of what is installed: names and versions, and when each was put there."""
    found = set()
    for folder in sys.path:
        try:
            with os.scandir(folder or ".") as entries:
                names = [e.path for e in entries if e.name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth"))]
        except OSError:
            continue
        for name in names:
            try:
                kept = os.stat(os.path.join(name, "RECORD") if name.endswith(".dist-info") else name)
                found.add(f"{name} {kept.st_size} {kept.st_mtime_ns}")
            except OSError:
                found.add(name)
    return hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()


def _system() -> str:
    """Return the digest of Python, the machine, the variables that reach a kernel, and the user's chart settings."""
    home = Path.home()
    settings = [os.environ.get("MATPLOTLIBRC"), home / ".matplotlib" / "matplotlibrc",
                Path(os.environ.get("MPLCONFIGDIR") or
                     Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "matplotlib") / "matplotlibrc"]
    said = [sys.version, sys.executable, platform.system(), platform.machine(),
            *(sha256(Path(path)) for path in settings if path), sha256(Path("/etc/localtime")),
            *(f"{name}={value}" for name, value in sorted(os.environ.items())
              if VARIABLES.match(name) and name not in OF_NO_MATTER)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def key_of(**ingredients: object) -> str:
    """Return the key of what is made from these ingredients.

    >>> key_of(a=1, b={"c": [2]}) == key_of(b={"c": [2]}, a=1) != key_of(a=1, b={"c": [3]})
    True
    """
    return hashlib.sha256(json.dumps(ingredients, sort_keys=True, default=str).encode()).hexdigest()


class Cache:
    """Entries by key in one folder. ``say`` is told of an entry that is broken; it counts as none."""

    def __init__(self, folder: Path, say: Callable[[str], None] = lambda line: None):
        self.folder, self.say = folder, say

    def get(self, key: str) -> dict | None:
        """Return what was kept under a key, or None."""
        path = self.folder / f"{key}.json"
        try:
            said, _, content = path.read_bytes().partition(b"\n")
        except OSError:
            return None
        if said.decode("ascii", "replace") != hashlib.sha256(content).hexdigest():
            self.say(f"{path.name} in {self.folder.name} is broken; what it held is made again.")
            return None
        with suppress(OSError):     # a folder that may only be read serves as well
            os.utime(path)          # used: it is not the one to go first
        return json.loads(content)

    def put(self, key: str, entry: Mapping) -> None:
        """Keep an entry, whole or not at all, and let the oldest go where all take too much room."""
        content = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        spare = self.folder / f"{key}.{os.getpid()}.new"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            spare.write_bytes(hashlib.sha256(content).hexdigest().encode() + b"\n" + content)
            os.replace(spare, self.folder / f"{key}.json")
            self._make_room()
        except OSError as error:    # a full disk, say: the pages do not depend on it
            with suppress(OSError):
                spare.unlink()
            self.say(f"{self.folder.name}: nothing can be kept for the next time ({error.strerror or error}).")

    def _make_room(self) -> None:
        found = []
        for path in self.folder.iterdir():      # with what a stopped process left
            try:
                state = path.stat()
            except OSError:
                continue
            found.append((state.st_mtime, state.st_size, path))
        room = LIMIT
        for _, size, path in sorted(found, reverse=True):
            room -= size
            if room < 0:
                with suppress(OSError):
                    path.unlink()


# a whole call ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """One call of :func:`helpers.pages.render`: its folders, where it is kept, and what was asked for."""
    out: Path
    data: Path
    notebooks: Path
    cache: Cache
    asked: Mapping[str, object]

    def key(self) -> str:
        """Return the key of the call as things are now."""
        matrix = self.asked.get("matrix")
        places = (str(self.data), ALL), (str(PROJECT_DATA), PRACTICE)   # the second is read where the first has none
        return key_of(**surroundings(self.notebooks), data=[str(self.data), *map(state, places)],
                      asked=self.asked, out=str(self.out),
                      matrix=sha256(Path(str(matrix))) if matrix else "",
                      templates=digest(_files(TEMPLATES), TEMPLATES),
                      notebooks=digest(self.notebooks.glob("[0-9]*.ipynb"), self.notebooks))

    def known(self) -> dict | None:
        """Return what was kept of an equal call whose pages all lie there as it left them, or None."""
        kept = self.cache.get(self.key())
        if kept and all(sha256(self.out / name) == digest for name, digest in kept["files"].items()):
            return kept
        return None

    def keep(self, before: str, n_pages: int, folders: Iterable[Path]) -> None:
        """Keep that the call was done, if nothing has changed since ``before``, its key when it began."""
        if self.key() != before:
            return
        files = [p for folder in folders for kind in ("*", "thumbnails/*", "executed/*") for p in folder.glob(kind)
                 if p.is_file()]
        self.cache.put(before, {"n_pages": n_pages, "index": self.index(),
                                "files": {p.relative_to(self.out).as_posix(): sha256(p) for p in files}})

    def index(self) -> str:
        """Return the digest of the index and of all records and pictures that it shows, of other calls too."""
        return digest([self.out / "index.html", *(p for depth in ("*", "*/*") for kind in (
            "run.json", "thumbnails/*.png") for p in self.out.glob(f"{depth}/{kind}"))], self.out)
