#!/usr/bin/env python3
"""Sets up the casebook on this computer and runs it. Nothing but Python itself is needed.

On the first use it makes a folder `.venv` beside this file and installs into it what requirements.lock lists: about
800 MB, some minutes, once. Later it starts at once, and updates `.venv` when the list has changed.
Nothing outside this folder is touched; to undo everything, delete `.venv`.
"""
# This file must still be read by an old Python, so that it can say what is needed: no f-strings, no annotations.
from __future__ import print_function

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 14):
    sys.exit(
        "The casebook needs Python 3.11, 3.12, 3.13 or 3.14; this one is %d.%d (%s).\n"
        "Install a newer Python beside it and start this file with that one: for example\n"
        "    python3.13 start.py report        (macOS, Linux)\n"
        "    py -3.13 start.py report          (Windows)\n"
        "or take the conda route that README.md describes." % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

import argparse
import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "casebook.json"  # written before and after an installation, so that an interrupted one is noticed
LOG = VENV / "install.log"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements.lock"
DOCTOR = ROOT / "src" / "helpers" / "doctor.py"


def environment():
    """Returns the variables for every child: UTF-8 on each system, and no setting that would lead pip out of .venv."""
    unwanted = ("PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE_VIRTUALENV", "__PYVENV_LAUNCHER__")
    env = {name: value for name, value in os.environ.items() if name not in unwanted}
    # src on the path as well: before Python 3.13, Windows cannot follow an editable install into every folder name
    path = [str(ROOT / "src")] + ([env["PYTHONPATH"]] if env.get("PYTHONPATH") else [])
    env.update(PYTHONUTF8="1", PYTHONNOUSERSITE="1", PIP_USER="0", PYTHONPATH=os.pathsep.join(path))
    env.update(PATH=str(PYTHON.parent) + os.pathsep + env.get("PATH", ""), VIRTUAL_ENV=str(VENV))
    return env


def run(*command):
    """Runs a command in the project's folder and returns its exit code."""
    sys.stdout.flush()
    return subprocess.call([str(part) for part in command], cwd=str(ROOT), env=environment())


def key():
    """Returns the digest of what .venv must have been made from: lock, pyproject and folder."""
    parts = LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode("utf-8")
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def stamped():
    """Returns what .venv says of itself; nothing when it does not say."""
    try:
        found = json.loads(STAMP.read_text(encoding="utf-8"))
        return found if isinstance(found, dict) else {}
    except (OSError, ValueError):
        return {}


def version_inside():
    """Returns the version of the Python in .venv, such as 3.12; nothing when it does not answer."""
    show = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        return subprocess.check_output([str(PYTHON), "-c", show], stderr=subprocess.DEVNULL).decode("ascii").strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def complete():
    """Returns True when an installation in .venv was finished and the Python it was made for still answers."""
    found = stamped()
    return found.get("state") == "complete" and found.get("python") == version_inside()


def installing(text, *command):
    """Runs one step of the installation, keeping its output in .venv/install.log; a failure ends it with advice."""
    packages, seen = LOCK.read_text(encoding="utf-8").count("=="), 0
    show = sys.stdout.isatty()
    print(text, end="" if show else "\n")
    sys.stdout.flush()
    with LOG.open("a", encoding="utf-8") as log:
        step = subprocess.Popen(
            [str(part) for part in command], cwd=str(ROOT), env=environment(), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, encoding="utf-8", errors="replace",
        )
        lines = []
        for line in step.stdout:
            log.write(line)
            lines.append(line.rstrip())
            if line.startswith("Collecting "):
                seen += 1
                if show:
                    print("\r%s %d of at most %d " % (text, seen, packages), end="")
                    sys.stdout.flush()
    if show:
        print()
    if step.wait():
        sys.exit(
            "\n".join(["", "The installation failed. Its last lines:"] + ["    " + line for line in lines[-12:]] + [
                "", "All of it is in %s." % LOG,
                "Often the cause is the network (a proxy, no connection) or a full disk: `%s start.py doctor`" % name(),
                "looks at this computer. Then start the same command again: it goes on from a clean state.",
            ])
        )


def name():
    """Returns how one calls Python here, for messages."""
    return "py" if os.name == "nt" else "python3"


def taken(handle):
    """Accepts an open file. Returns True once it is locked for this process; it is freed when the process ends."""
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        pass  # a system without such locks: two installations at once are not noticed there
    return True


def set_up():
    """Makes or updates .venv when it is not what the lock asks for; waits when another window is doing so."""
    if complete() and stamped().get("key") == key():
        return
    place = hashlib.sha256(str(VENV).encode("utf-8")).hexdigest()[:16]
    with (Path(tempfile.gettempdir()) / ("casebook-%s.lock" % place)).open("a") as handle:
        if not taken(handle):
            print("Another window is installing into %s: waiting for it." % VENV)
            sys.stdout.flush()
            while not taken(handle):
                time.sleep(1)
        install()


def install():
    """Makes .venv when it is missing, broken or was interrupted; updates it when the lock has changed."""
    healthy, want = complete(), key()
    if healthy and stamped().get("key") == want:
        return
    missing = [module for module in ("venv", "ensurepip") if importlib.util.find_spec(module) is None]
    if missing:
        sys.exit(
            "This Python (%s) comes without %s, which makes the environment.\n"
            "On Debian or Ubuntu: sudo apt install python%d.%d-venv\n"
            "Elsewhere install Python from python.org, or take the conda route that README.md describes."
            % (sys.executable, " and ".join(missing), sys.version_info[0], sys.version_info[1])
        )
    if VENV.exists() and not stamped():
        sys.exit(
            "There is a folder %s that this program has not made, or can no longer read.\n"
            "Rename it or delete it, then start the same command again." % VENV
        )
    if healthy:
        print("The list of packages has changed: .venv is brought up to date.")
    else:
        if VENV.exists():
            print("The environment in .venv was left unfinished or has lost its Python: it is made anew.")
            try:
                shutil.rmtree(str(VENV))
            except OSError as error:
                sys.exit("%s\nClose every program that uses .venv (JupyterLab, a terminal), then try again." % error)
        else:
            print("First use: the environment is made in %s (about 800 MB, some minutes, once)." % VENV)
        VENV.mkdir()
    STAMP.write_text(json.dumps({"state": "installing"}), encoding="utf-8")
    if not healthy:
        # the Python below, not that of an environment one stands in
        installing("Making .venv ...", getattr(sys, "_base_executable", sys.executable), "-m", "venv", VENV)
    pip = [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    installing("Installing packages ...", *(pip + ["--only-binary", ":all:", "--require-hashes", "-r", LOCK]))
    installing("Installing the casebook ...", *(pip + ["--no-deps", "--no-build-isolation", "-e", ROOT]))
    stamp = {"state": "complete", "python": version_inside(), "key": want}
    STAMP.write_text(json.dumps(stamp), encoding="utf-8")
    print("The environment is ready.")


def load_doctor():
    """Returns the module helpers.doctor, read from its file: it needs no other package."""
    spec = importlib.util.spec_from_file_location("casebook_doctor", str(DOCTOR))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report(options, rest):
    """All notebooks for all cases as pages in reports/."""
    texts = [options.texts] if options.texts else []
    texts += [word[len("TEXTS="):] for word in rest if word.startswith("TEXTS=")]
    rest = [word for word in rest if not word.startswith("TEXTS=")]
    folder = Path(texts[0]).expanduser().resolve() if texts else None
    if folder and not folder.is_dir():
        print("There is no folder %s. Give the folder that holds the saved texts." % folder, file=sys.stderr)
        return 2
    set_up()
    put = 0
    if folder:
        data = Path(os.environ.get("CASEBOOK_DATA") or ROOT / "data")
        lacking = [case for case in load_doctor().cases(data) if case.present < case.listed]
        if not lacking:
            print("Every text that a manifest lists is in place already.")
        for case in lacking:
            # a text that fits no manifest is refused by name; the pages are made all the same
            put = max(put, run(PYTHON, "-m", "helpers", "texts", case.name, "--from", folder))
    return run(PYTHON, "-m", "helpers", "render", *rest) or put


def test(options, rest):
    """pytest over tests/, the examples in src/, and nbval over notebooks/."""
    set_up()
    workers = min(4, os.cpu_count() or 1)
    return run(PYTHON, "-m", "pytest", "-n", workers, "--dist", "loadfile", *rest)


def env(options, rest):
    """The environment alone."""
    set_up()
    print("Python of the environment: %s" % PYTHON)
    return 0


KEYS = """This is the project's own folder: notebooks/exercises and docs/teaching-guide.md hold the seminar's answers.
Students open the folder that they were given:  %s start.py lab FOLDER"""


def opened(words):
    """Returns the folder that JupyterLab may read, the notebook it begins with, and the words that are left.

    The first word, if it is no option, is a folder or a notebook; without one, it is the project's folder.
    """
    given = bool(words) and not words[0].startswith("-")
    place, rest = (Path(words[0]).expanduser().resolve(), words[1:]) if given else (ROOT, words)
    if place.is_file():     # JupyterLab opens nothing that lies outside the folder it was started for
        folder = ROOT if ROOT in place.parents else place.parent
        return folder, place.relative_to(folder).as_posix(), rest
    first = "notebooks/00-start-here.ipynb" if place == ROOT else "start-here.ipynb"
    return place, first if (place / first).is_file() else "", rest


def lab(options, rest):
    """JupyterLab on the first notebook of FOLDER (else of this project), for this computer alone."""
    folder, first, rest = opened(rest)
    if not folder.is_dir():
        print("There is no folder or notebook %s. Give the place of the folder, in quotation marks when its name has "
              "spaces." % folder, file=sys.stderr)
        return 2
    if folder == ROOT:
        print(KEYS % name())
    set_up()
    # JupyterLab would ask for news and updates on the internet; this environment is pinned, and works without
    quiet = VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    quiet.parent.mkdir(parents=True, exist_ok=True)
    quiet.write_text(json.dumps({"@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false", "checkForUpdates": False}}), encoding="utf-8")
    # an empty one would let everybody on this computer in
    os.environ["JUPYTER_TOKEN"] = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(24)
    return run(
        PYTHON, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", "--ServerApp.root_dir=%s" % folder,
        "--LabApp.default_url=/lab" + ("/tree/" + quote(first) if first else ""), *rest
    )


def refresh(options, rest):
    """The committed notebooks, executed again in place."""
    set_up()
    return run(PYTHON, "-m", "helpers.pages.refresh", *rest)


def bench(options, rest):
    """The scripts in benchmarks/, one after the other."""
    set_up()
    scripts = {path.stem: path for path in sorted((ROOT / "benchmarks").glob("*.py")) if path.name[0] != "_"}
    # what fits weights that the package ships changes files: it runs only when it is named
    chosen = [word for word in rest if word in scripts] or [stem for stem in scripts if not stem.startswith("fit_")]
    rest = [word for word in rest if word not in scripts]
    failed = [stem for stem in chosen if run(PYTHON, scripts[stem], *rest)]
    if failed:
        print("Failed: %s" % ", ".join(failed), file=sys.stderr)
    return 1 if failed else 0


def doctor(options, rest):
    """What this computer has and lacks, in plain words."""
    return run(PYTHON if complete() else sys.executable, "-P", DOCTOR, *rest)


COMMANDS = (report, test, env, lab, refresh, bench, doctor)

PASSED_ON = "Everything else is passed on: to `casebook render`, pytest, JupyterLab, or the benchmarks."

EXAMPLES = """examples:
  python start.py doctor                      look at this computer first; changes nothing
  python start.py report                      make all pages; ends with the page to open
  python start.py report --texts FOLDER       put saved copies of the news texts in place, then make all pages
  python start.py report practice             the pages of one case
  python start.py report --set NAME=VALUE     change a parameter of the notebooks
  python start.py lab                         read and change the notebooks in the browser
  python start.py lab FOLDER                  the same for another folder, such as the one that students get
  python start.py test -k dates               run the tests whose name has "dates" in it
  python start.py bench                       measure speed and quality; names of scripts in benchmarks/ choose some

On Windows write `py` for `python`. With make: make report, make report TEXTS=FOLDER, make lab FOLDER=FOLDER ...
Exit code: 0 done, 1 the work failed, 2 the call was wrong."""


def main(words):
    """Reads the command line and runs one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):  # a folder's name may have letters that the console's code page lacks
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    parser = argparse.ArgumentParser(
        prog="start.py", description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in COMMANDS:
        sub = commands.add_parser(
            command.__name__, help=command.__doc__, description=command.__doc__, epilog=PASSED_ON, allow_abbrev=False,
            usage="start.py lab [-h] [FOLDER] [OPTIONS OF JUPYTERLAB]" if command is lab else None
        )
        sub.set_defaults(command=command)
        if command is report:
            sub.add_argument("--texts", metavar="FOLDER", help="a folder with saved copies of the news texts")
    options, rest = parser.parse_known_args(words)
    if not hasattr(options, "command"):
        parser.print_help(sys.stderr if words else sys.stdout)
        return 2 if words else 0
    try:
        return options.command(options, rest)
    except KeyboardInterrupt:
        print("\nStopped. An unfinished environment is made anew by the next command.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
