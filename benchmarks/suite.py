"""The whole suite to HTML: `casebook render` against one `papermill` and one `nbconvert` command a notebook.

Both make the same notebooks of the same cases, one after the other on this machine in this run; counted are the CPU
seconds of all processes and the pictures in the pages. Without the pictures a faster way that loses charts would win.
"""
from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent


def cpu(*commands: list[str], **options) -> float:
    """Run commands one after the other and return the CPU seconds of them and their children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    for command in commands:
        done = subprocess.run(command, **quiet, **options)
        if done.returncode:
            raise click.ClickException(f"{' '.join(command[:4])} … failed:\n{done.stderr[-1500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def images(folder: Path) -> int:
    """Count the pictures in the pages of a folder, without those of an index."""
    return sum(len(re.findall(r"<img[^>]+data:image/png", page.read_text(encoding="utf-8")))
               for page in folder.rglob("*.html") if page.name != "index.html")


@click.command()
@click.option("--case", "cases", multiple=True, default=("practice", "s400"), show_default=True,
              help="A case to render.")
def main(cases: tuple[str, ...]) -> None:
    """Compare CPU seconds and pictures of the suite with the plain commands."""
    notebooks = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copytree(ROOT / "data", work / "data")
        env = dict(os.environ, CASEBOOK_DATA=str(work / "data"), PYTHONHASHSEED="0", PYTHONWARNINGS="ignore",
                   PATH=str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"])
        ours, plain = work / "ours", work / "plain"
        render = [sys.executable, "-m", "helpers", "render", *cases, "--out", str(ours), "--data", str(work / "data")]
        cold, again = cpu(render, env=env), cpu(render, env=env)
        plain.mkdir()
        commands = []
        for case in cases:
            for notebook in notebooks:
                out = plain / f"{case}-{notebook.name}"
                commands += [["papermill", "-p", "case", case, "-k", "python3", str(notebook), str(out)],
                             ["jupyter", "nbconvert", "--to", "html", str(out)]]
        theirs = cpu(*commands, env=env, cwd=plain)
        pages = len(cases) * len(notebooks)
        print(f"The suite to HTML: {pages} pages of {len(cases)} cases, {len(notebooks)} notebooks each; CPU seconds")
        print(f"  papermill + nbconvert, a command each   {theirs:7.1f}   {images(plain)} pictures")
        print(f"  casebook render                         {cold:7.1f}   {images(ours)} pictures, "
              f"ratio {cold / theirs:.2f}")
        print(f"  casebook render, nothing changed        {again:7.1f}   {images(ours)} pictures, "
              f"ratio {again / theirs:.2f}")
        if images(plain) != images(ours):
            raise click.ClickException("The pages do not hold the same number of pictures.")


if __name__ == "__main__":
    main()
