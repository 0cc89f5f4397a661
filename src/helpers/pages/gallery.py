"""The gallery: the charts of the committed notebooks, with their alt text, for a reader of the repository."""
from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import nbformat

from helpers.pages.html import headline
from helpers.tables import write_whole


class Picture(NamedTuple):
    """One picture of a notebook: the file it is kept in, its bytes, its alt text, and the section it stands in."""
    file: str
    png: bytes
    alt: str
    section: str


def pictures(path: Path) -> list[Picture]:
    """Return the pictures of an executed notebook, in order, each with its alt text and the heading above it."""
    found: list[Picture] = []
    section = ""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "markdown":
            heads = [line.lstrip("# ") for line in cell.source.splitlines() if line.startswith("#")]
            section = heads[-1] if heads else section
        for output in cell.get("outputs", []):
            png = output.get("data", {}).get("image/png")
            if png:
                alt = output.metadata.get("image/png", {}).get("alt", "")
                found.append(Picture(f"{path.stem}-{len(found) + 1}.png", base64.b64decode(png), alt, section))
    return found


def write_gallery(paths: Iterable[Path], folder: Path) -> list[Path]:
    """Write the pictures of executed notebooks and a page that shows them (``README.md``) into a folder.

    Accepts the notebooks and a folder, made if need be. Pictures that no notebook shows any more are deleted. Returns
    the paths of the pictures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page = ["# Gallery", "",
            "The charts of the committed notebooks, at their default parameters, each with its finding.",
            "Its description stands on the picture, for who does not see it.", ""]
    kept = []
    for path in paths:
        shown = pictures(path)
        if shown:
            title = next(c.source.splitlines()[0].lstrip("# ") for c in nbformat.read(path, as_version=4).cells
                         if c.cell_type == "markdown")
            page += [f"## {title}", "", f"Notebook [`{path.stem}`](../../notebooks/{path.name})", ""]
        for picture in shown:
            write_whole(folder / picture.file, picture.png)
            kept.append(folder / picture.file)
            alt = picture.alt.replace("[", "(").replace("]", ")").replace("\n", " ")
            page += [f"### {picture.section}", "", headline(alt), "", f"![{alt}]({picture.file})", ""]
    for old in set(folder.glob("*.png")) - set(kept):
        old.unlink()
    write_whole(folder / "README.md", "\n".join(page))
    return kept
