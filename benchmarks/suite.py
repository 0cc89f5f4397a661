"""The whole suite to HTML: `casebook render` against one `papermill` and one `nbconvert` command a notebook.

Both make the same notebooks of the same cases, one after the other on this machine in this run; counted are the CPU
seconds of all processes and the pictures in the pages of the notebooks. Without the pictures a faster way that loses
charts would win. Ours is measured three times: with nothing kept from before, with nothing changed, and with one
notebook changed. What ours makes beside the pages (index, briefs, codebooks) counts against it. `--plain` also measures
kernels that are not forked, and looks whether they make the same pages.
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
import nbformat

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


def images(folder: Path, names: list[str]) -> int:
    """Count the pictures in the pages of a folder whose names end with these."""
    return sum(len(re.findall(r"<img[^>]+data:image/png", page.read_text(encoding="utf-8")))
               for page in folder.rglob("*.html") if page.stem.endswith(tuple(names)))


def pages(folder: Path) -> dict[str, bytes]:
    """Return what was written for readers, by its place below the folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*"))
            if p.is_file() and ".cache" not in p.parts}


def change(notebook: Path) -> None:
    """Add a comment to a notebook's last cell of code."""
    node = nbformat.read(notebook, 4)
    [cell for cell in node.cells if cell.cell_type == "code"][-1].source += "\n# changed"
    nbformat.write(node, notebook)


@click.command()
@click.option("--case", "cases", multiple=True, default=("practice", "s400"), show_default=True,
              help="A case to render.")
@click.option("--texts", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
              help="A folder with saved texts, put in place in the copy of the data that is rendered.")
@click.option("--plain", is_flag=True, help="Measure kernels that are not forked, too.")
@click.option("--no-peer", is_flag=True, help="Leave out papermill and nbconvert.")
def main(cases: tuple[str, ...], texts: Path | None, plain: bool, no_peer: bool) -> None:
    """Compare CPU seconds and pictures of the suite with the plain commands."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        shutil.copytree(ROOT / "data", work / "data")
        (work / "notebooks").mkdir()
        for notebook in sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb")):
            shutil.copy(notebook, work / "notebooks")
        notebooks = sorted((work / "notebooks").iterdir())
        stems = [notebook.stem for notebook in notebooks]
        env = dict(os.environ, CASEBOOK_DATA=str(work / "data"), PYTHONHASHSEED="0", PYTHONWARNINGS="ignore",
                   PATH=str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"])
        ours, theirs = work / "ours", work / "theirs"
        casebook = [sys.executable, "-m", "helpers"]
        for case in cases if texts else ():
            subprocess.run([*casebook, "texts", case, "--from", str(texts), "--data", str(work / "data")], env=env,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        render = [*casebook, "render", *cases, "--data", str(work / "data"), "--notebooks", str(work / "notebooks")]
        print(f"The suite to HTML: {len(cases) * len(notebooks)} pages of {len(cases)} cases, {len(notebooks)} "
              "notebooks each; CPU seconds")
        seconds = None
        if not no_peer:
            theirs.mkdir()
            commands = []
            for case in cases:
                for notebook in notebooks:
                    out = theirs / f"{case}-{notebook.name}"
                    commands += [["papermill", "-p", "case", case, "-k", "python3", str(notebook), str(out)],
                                 ["jupyter", "nbconvert", "--to", "html", str(out)]]
            seconds = cpu(*commands, env=env, cwd=work / "notebooks")
        said = [("papermill + nbconvert, a command each", seconds, theirs)] if seconds else []
        runs = [("casebook render", [*render, "--out", str(ours)], env),
                ("casebook render, nothing changed", [*render, "--out", str(ours)], env)]
        if plain:
            runs.append(("casebook render, kernels not forked", [*render, "--out", str(work / "plain")],
                         {**env, "CASEBOOK_FORK": "0"}))
        for what, command, environment in runs:
            said.append((what, cpu(command, env=environment), Path(command[-1])))
        same = not plain or pages(ours) == pages(work / "plain")
        change(notebooks[3])
        said.append(("casebook render, one notebook changed", cpu([*render, "--out", str(ours)], env=env), ours))
        for what, took, folder in said:
            ratio = f", ratio {took / seconds:.3f}" if seconds and folder != theirs else ""
            print(f"  {what:<40}{took:7.1f}   {images(folder, stems)} pictures{ratio}")
        if not same:
            raise click.ClickException("Kernels that are not forked make other pages.")
        if len({images(folder, stems) for _, _, folder in said}) != 1:
            raise click.ClickException("The pages do not hold the same number of pictures.")


if __name__ == "__main__":
    main()
