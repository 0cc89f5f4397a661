"""What the documentation says can be done, is done: its links lead somewhere, its commands run."""
import os
import re
import shlex
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path

import click
import pytest

from helpers.cli import cli

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "benchmarks").glob("*.md"),
                *(ROOT / "data" / "raw").glob("*/README.md")])
NAMES = [str(p.relative_to(ROOT)) for p in PAGES]
PLACEHOLDER = re.compile(r"\b[A-Z][A-Z_-]{2,}\b")           # FOLDER, CASE: the reader puts a name of theirs there
LONG = {"casebook render"}                                 # renders every case: the tests of the notebooks do that
IN_ORDER = "add-a-case.md"                                 # its commands build on each other
OUTSIDE = re.compile(r"https?://[\w.-]+\.[a-z]+(/\S*)?|mailto:\S+@\S+")


def lines_of_code(text: str) -> list[str]:
    """Return the commands of a page: inline code, and the lines of blocks marked sh or not marked at all."""
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.M | re.S)
    rest = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    found = [line for block in blocks for line in block.splitlines()] + re.findall(r"`([^`\n]+)`", rest)
    return [re.sub(r"\s+#.*", "", line).strip() for line in found]


def commands(page: Path, *beginnings: str) -> list[str]:
    """Return the commands of a page that begin so, each once."""
    found = lines_of_code(page.read_text(encoding="utf-8"))
    return list(dict.fromkeys(c for c in found if c.startswith(beginnings) and "…" not in c))


def anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings get on the usual hosts."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    plain = (re.sub(r"[`*]|\[([^]]*)]\([^)]*\)", r"\1", h).strip().lower() for h in heads)
    kept = ("".join(c for c in h if c in "-_ " or unicodedata.category(c)[0] in "LN") for h in plain)
    return {h.replace(" ", "-") for h in kept}


def test_there_are_pages_and_commands_to_try():
    assert {"README.md", "docs/teaching-guide.md"} <= set(NAMES)
    assert len({c for page in PAGES for c in commands(page, "casebook ")}) > 8


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name):
    page, wrong = ROOT / name, []
    for target in re.findall(r"(?<!\\)\]\(<?([^)\s>]+)>?\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            wrong += [] if OUTSIDE.fullmatch(target) else [target]
            continue
        path, _, anchor = target.partition("#")
        to = (page.parent / path) if path else page
        if not to.exists() or (anchor and anchor not in anchors(to)):
            wrong.append(target)
    assert not wrong


@pytest.mark.parametrize("name", NAMES)
def test_commands_are_spelt_as_the_program_knows_them(name, tmp_path):
    for line in commands(ROOT / name, "casebook "):
        _, first, *rest = shlex.split(PLACEHOLDER.sub(str(tmp_path), line))
        if first == "--help":
            continue
        command = cli.get_command(click.Context(cli), first)
        assert command is not None, f"there is no command in `{line}`"
        try:
            command.make_context(first, rest)
        except click.exceptions.Exit:
            pass
        except click.ClickException as error:
            pytest.fail(f"`{line}`: {error.format_message()}")


@pytest.mark.parametrize("name", NAMES)
def test_ways_in_exist(name):
    start = (ROOT / "start.py").read_text(encoding="utf-8")
    known = set(re.search(r"^COMMANDS = \((.*)\)", start, re.M)[1].split(", "))
    for line in commands(ROOT / name, "python start.py ", "make "):
        word = line.split()[1 if line.startswith("make") else 2]
        assert word in known | {"--help"}, line


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A copy of the project, to run commands in that write to its folders."""
    folder = tmp_path_factory.mktemp("docs") / "casebook"
    for part in ("src", "data", "notebooks", "docs"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    return folder


def carry_out(line, copy):
    done = subprocess.run([sys.executable, "-m", "helpers.cli", *shlex.split(line)[1:]], cwd=copy, text=True,
                          env=os.environ | {"PYTHONPATH": str(copy / "src")}, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("line", sorted({c for page in PAGES for c in commands(page, "casebook ")
                                         if page.name != IN_ORDER and not PLACEHOLDER.search(c)} - LONG))
def test_commands_run(line, copy):
    for path in (copy / "reports").glob("[!.]*"):       # what was run before is kept, as a reader's is
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    carry_out(line, copy)


def test_a_case_is_added_as_the_page_says(copy):
    blocks = re.findall(r"^```sh\n(.*?)^```", (ROOT / "docs" / IN_ORDER).read_text(encoding="utf-8"), re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    assert len(lines) > 5 and all(line.startswith("casebook ") for line in lines)
    rendered = False
    for line in lines:
        if line.startswith("casebook render"):      # once is enough: the second time it is drawn with other codes
            line, rendered = (line + " --only 03", True) if not rendered else ("casebook check ports", True)
        carry_out(line, copy)
    assert rendered and (copy / "reports" / "ports" / "03-chart-chronology.html").exists()
