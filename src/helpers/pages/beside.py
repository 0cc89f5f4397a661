"""What stands beside the pages of a case: its findings, its brief, its codebook, and the links between all pages.

Findings and brief are made from the tables when a plain run is done, and made again only when what they are made from
has changed. The links are filled in last, in every page there is, so that a page that was rendered long ago still leads
to one that came later.
"""
from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Mapping
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote

from helpers import codebook, tables
from helpers.case import Case
from helpers.pages import passages

__all__ = ["beside", "link_up", "write_beside"]

OPENS, CLOSES = "<!--beside-->", "<!--/beside-->"
# file → what it is called in links, and what is said of it on the index
KNOWN = {"brief.html": ("Brief", "To read, print or send, with footnotes and data"),
         "codebook.html": ("Codebook", "What is coded, and how to decide"),
         "print.html": ("To print", "The whole case in one file"),
         "print.pdf": ("PDF", "The whole case on paper")}


def _tell(line: str) -> None:
    print(line, file=sys.stderr)


def write_beside(case: Case, folder: Path, record: dict, nodes: Mapping, *, quotes: str) -> list[str]:
    """Write the codebook page and the brief of a case, and add its findings to its run record.

    Accepts a case, the folder of its pages, the run record (changed in place and written again), the executed notebooks
    that are at hand (name → notebook: their pictures are used instead of drawing them once more) and whether footnotes
    may hold short passages. What a brief cites and the case has not is told on stderr, each time. Returns what went
    wrong, in words: pages of the notebooks are not touched by it.
    """
    from helpers.pages import brief
    from helpers.pages.findings import Desk, findings, place_finding
    sources = {k: record[k] for k in ("versions", "code", "codebook", "collected", "tables", "texts")}
    inputs = hashlib.sha256(json.dumps([sources, quotes], sort_keys=True).encode()).hexdigest()
    before = record.get("beside") or {}
    problems: list[str] = []
    gone: list[str] = []
    figures = {page["name"]: page.get("figures", {}) for page in record["pages"]}
    fresh = before.get("inputs") == inputs and (folder / "brief.html").exists() == before.get("brief", False) \
        and (folder / "codebook.html").exists() and not before.get("problems")
    if not fresh:
        for old in ("print.html", "print.pdf"):     # of other tables; `--print` makes them again
            (folder / old).unlink(missing_ok=True)
        rows = []
        write_codebook(case, folder)
        wrote = False
        if case.has("documents") and case.has("sentences"):
            try:
                desk = Desk(case)
                found = findings(desk)
                rows = found.to_dict("records")
                pictures = {f["finding"]: p for f in rows if (p := _picture(nodes.get(f["notebook"]), f["chart"]))}
                page = brief.make(case, quotes=quotes, pictures=pictures, desk=desk, say=gone.append)
                tables.write_whole(folder / "brief.html", page)
                wrote = True
            except Exception as error:      # a brief must not cost the pages
                said = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
                problems.append(f"The brief cannot be made: {said}")
        problems += _again(case, folder)
        if not wrote:
            (folder / "brief.html").unlink(missing_ok=True)
        before = {"inputs": inputs, "brief": wrote, "findings": rows, "problems": problems, "missing": gone}
    for line in before.get("missing", ()):
        _tell(line)
    placed = [{**row, "place": place_finding(row["chart"], figures.get(row["notebook"], {}))}
              for row in before["findings"]]
    invented = len(passages.open_texts(case.manifest)) == len(case.manifest) > 0
    made = {"invented": invented, "quotes": quotes, "beside": {**before, "findings": placed}}
    for key, value in made.items():     # last and in this order, whether the record had them before or not
        record.pop(key, None)
        record[key] = value
    tables.write_whole(folder / "run.json", json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return problems


def _again(case: Case, folder: Path) -> list[str]:
    """Make the pages about what some texts changed again, for the same texts. Returns what went wrong."""
    from helpers.pages import delta
    problems = []
    for path in sorted(folder.glob("delta-*.html")):
        asked = re.search(r'<main [^>]*data-without="([^"]*)" data-layer="(\w+)"', path.read_text(encoding="utf-8"))
        path.unlink()
        if asked:
            try:
                delta.write(case, unescape(asked[1]).split(","), folder.parent, asked[2])
            except ValueError as error:
                problems.append(f"{path.name} is gone: {error}")
    return problems


def write_brief(case: Case, out: Path, *, quotes: str) -> Path:
    """Write the brief of a case below the folder of all pages, and link it where the case was rendered.

    Returns its path. Raises :class:`~helpers.pages.brief.BriefError` when the author's text cannot be used.
    """
    from helpers.pages import brief, index
    from helpers.scale import shown
    path, case = out / case.name / "brief.html", shown(case)
    tables.write_whole(path, brief.make(case, quotes=quotes, say=_tell))
    record = index.read_record(path.with_name("run.json"))
    if record is not None:      # made by itself: the next render makes it again, with or without passages as it is told
        record["beside"] = {**(record.get("beside") or {"findings": []}), "inputs": ""}
        tables.write_whole(path.with_name("run.json"), json.dumps(record, indent=1, ensure_ascii=False) + "\n")
        index.write_index(out)
    return path


def write_codebook(case: Case, folder: Path) -> Path:
    """Write the codebook of a case as a page."""
    own = case.raw / "codebook"
    text = codebook.page(codebook.load_codebook(own if own.is_dir() else None), case.title, case.name)
    tables.write_whole(folder / "codebook.html", text)
    return folder / "codebook.html"


def _picture(node, chart: str):
    """The picture of an executed notebook whose description begins with a chart's title, or None."""
    from helpers.pages.brief import Picture
    for cell in node.cells if node is not None else ():
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get("image/png", {})
            if "image/png" in output.get("data", {}) and about.get("alt", "").startswith(chart) and "width" in about:
                return Picture(base64.b64decode(output.data["image/png"]), about["alt"], int(about["width"]),
                               int(about["height"]))
    return None


def beside(folder: Path) -> list[dict]:
    """Return what stands beside the pages of a case: file, label, about; as found in its folder."""
    found = [{"file": name, "label": label, "about": about} for name, (label, about) in KNOWN.items()
             if (folder / name).exists()]
    from helpers.pages import printing
    for item in found:
        if item["file"].endswith(".pdf"):
            item["about"] += f": {printing.pages_of(folder / item['file'])}"
    for path in sorted(folder.glob("delta-*.html")):
        text = path.read_text(encoding="utf-8")
        label, about = (_words(re.search(what, text, re.S)) for what in (r"<h1[^>]*>(.*?)</h1>",
                                                                         r'<p class="lead">(.*?)</p>'))
        found.append({"file": path.name, "label": label or path.stem, "about": about})
    return found


def _words(at: re.Match | None) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", at[1])).split()) if at else ""


def link_up(out: Path, cases: list[dict]) -> None:
    """Put into every page below a folder the links to what stands beside it and to the other cases.

    Accepts the folder and the cases (name, title) that have pages, in order.
    """
    for case in cases:
        folder = out / case["name"]
        items = beside(folder)
        for path in sorted([*folder.glob("*.html"), *folder.glob("*/*.html")]):
            up = "../" * (len(path.relative_to(folder).parts) - 1)
            text = path.read_text(encoding="utf-8")
            start = text.find(OPENS)
            end = text.find(CLOSES, start)
            if start < 0 or end < 0:
                continue
            def link(href: str, label: str, more: str = "", here: bool = False) -> str:
                return f'<a href="{href}"' + (' aria-current="page"' if here else "") + f"{more}>{escape(label)}</a>"

            pages = [link(f"{quote(name)}.html", label, here=path.name == f"{name}.html")
                     for name, label in case["pages"] if path.with_name(f"{name}.html").exists()]
            here = [link(up + quote(i["file"]), i["label"], f' title="{escape(i["about"])}"',
                         path.parent == folder and path.name == i["file"]) for i in items]
            others = [link(f"{up}../index.html#{quote(c['name'])}", c["title"]) for c in cases
                      if c["name"] != case["name"]]
            if others:
                others[0] = f'<span class="apart">Other cases: {others[0]}</span>'
            # a notebook's page has the links to its neighbours already; a phone has all of them, folded
            stands = path.name in ("brief.html", "codebook.html") or path.name.startswith("delta-")
            links, folded = [*(pages if stands else []), *here, *others], [*pages, *here, *others]
            region = f'<nav class="beside" aria-label="More of this case, and other cases">{" ".join(links)}</nav>' \
                if links else ""
            if folded:
                region += '<details class="fold"><summary>Pages of this case, and more</summary><nav ' \
                    f'aria-label="Pages of this case, folded">{" ".join(folded)}</nav></details>'
            if text[start + len(OPENS):end] != region:
                tables.write_whole(path, text[:start + len(OPENS)] + region + text[end:])
