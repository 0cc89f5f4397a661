"""Run records, and the index that gathers them.

A run record (``run.json``) says what a run was made from: parameters, versions, digests of notebooks, code, codebook
and tables, and which texts were here. No clock and no path of the machine is in it, so the same inputs give the same
bytes. The index is made from the records found on disk, so rendering one case leaves the others on it.
"""
from __future__ import annotations

import base64
import hashlib
import io
import json
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import quote, unquote

import nbformat
from bs4 import BeautifulSoup

import helpers
from helpers import tables
from helpers.case import Case
from helpers.pages.cache import digest

PACKAGES = ("pandas", "numpy", "matplotlib", "seaborn", "syntok", "inscriptis", "py3langid", "nh3", "papermill",
            "nbclient", "nbconvert", "ipykernel")
CODE = (".py", ".yaml", ".csv", ".css", ".j2")
SEEN = (1000, 625)      # of a picture, in CSS pixels: all its width, from where its marks begin
THUMBNAIL = (880, 550)  # that, as it is kept: sharp on fine screens
MOST_WORDS = 25         # of what the index says of a page
ENDINGS = ("png", "svg")


def made_from(case: Case) -> dict:
    """Return what a run of a case is made from: versions, digests, and which texts are here."""
    package = Path(helpers.__file__).parent
    texts = set(case.manifest["file"])
    codebook = package / "codebook"
    collected = [p for p in case.raw.rglob("*") if p.is_file() and p.name not in texts and not p.name.startswith(".")
                 and p.suffix in (".csv", ".yaml", ".yml", ".md")]
    return {"versions": {"casebook": helpers.__version__, "python": platform.python_version(),
                         **{name: _version(name) for name in PACKAGES}},
            "code": digest((p for p in package.rglob("*") if p.suffix in CODE), package),
            "codebook": digest((p for p in codebook.rglob("*") if p.suffix in (".yaml", ".csv")), codebook),
            "collected": digest(collected, case.raw),
            "tables": {p.stem: hashlib.sha256(p.read_bytes()).hexdigest()
                       for p in sorted(case.processed.glob("*.csv")) or case.processed.glob("datapackage.json")},
            "texts": {d: bool(here) for d, here in case.present.items()}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def write_run(run) -> dict:
    """Write the pages and the record of a run whose notebooks are done.

    Accepts a :class:`helpers.pages.run.Run`. Returns the record. Pages of an earlier run of the same folder that were
    not run again stay, and stay listed.
    """
    from helpers.pages import html
    folder = run.folder
    before = read_record(folder / "run.json") or {"pages": []}
    earlier = {p["name"]: p for p in before["pages"]
               if p["name"] not in run.done and (folder / f"{p['name']}.html").exists()}
    described, entries = {}, dict(earlier)
    for book in run.notebooks:
        node, problem = run.done[book.name]
        page = described[book.name] = html.describe(node)
        problem = problem or " ".join(page.problems)
        entries[book.name] = {
            "name": book.name, "title": page.title or label(book.name), "summary": page.summary,
            "state": "failed" if problem else "done", "problem": problem, "notebook": book.digest,
            "parameters": run.parameters(book), "pictures": page.n_pictures, "figures": page.figures,
            "findings": [] if problem else page.findings}
    entries = {name: entries[name] for name in sorted(entries)}
    record = {"case": run.case.name, "title": run.case.title, "about": _about(run.case), "state": run.case.state(),
              "parameters": run.chosen, **made_from(run.case), "pages": list(entries.values())}
    record |= {key: before[key] for key in ("beside", "invented", "quotes") if key in before}
    names = list(entries)
    for book in run.notebooks:
        entry, node, here = entries[book.name], run.done[book.name][0], names.index(book.name)
        nav = [{"name": name, "label": label(name), "title": entries[name]["title"], "state": entries[name]["state"],
                "here": name == book.name, "turn": {here - 1: "Before this", here + 1: "Next"}.get(i, "")}
               for i, name in enumerate(names)]
        around = {"page": described[book.name], "case": run.case.title, "case_name": run.case.name,
                  "nav": nav, "names": names, "name": book.name,
                  "record": summary(record, entry), "root": "../../" if run.chosen else "../"}
        try:
            text = html.to_html(node, problem=entry["problem"], **around)
        except Exception as error:      # one page must not cost the others
            entry.update(state="failed", problem=f"The page cannot be made ({type(error).__name__}: {error}); "
                                                 "the executed notebook is kept.")
            text = html.to_html(nbformat.v4.new_notebook(), problem=entry["problem"], **around)
        tables.write_whole(folder / f"{book.name}.html", text)
        picture = None if run.chosen else _thumbnail(node)
        for ending in ENDINGS:
            thumbnail = folder / "thumbnails" / f"{book.name}.{ending}"
            if picture and picture[2] == ending:
                tables.write_whole(thumbnail, picture[0])
                entry["picture"] = picture[1]
            else:
                thumbnail.unlink(missing_ok=True)
    tables.write_whole(folder / "run.json", json.dumps(record, indent=1, ensure_ascii=False) + "\n")
    return record


def label(name: str) -> str:
    """Return what a notebook is called in a line of links.

    >>> label("03-chart-chronology")
    '03 Chart chronology'
    """
    number, _, words = name.partition("-")
    words = words.replace("-", " ").replace("_", " ").strip()
    return f"{number} {words[:1].upper()}{words[1:]}".strip()


def _about(case: Case) -> str:
    from helpers.pages import html
    readme = case.raw / "README.md"
    if not readme.exists():
        return ""
    written = re.sub(r"<!--.*?(-->|\Z)", "", readme.read_text(encoding="utf-8"), flags=re.S)   # notes to the author
    after = re.split(r"(?m)^# .+$", written, maxsplit=1)[-1]
    paragraphs = [p for p in re.split(r"\n\s*\n", after) if p.strip() and not p.lstrip().startswith(("#", "|", "```"))]
    return html.plain(html.markdown(paragraphs[0])) if paragraphs else ""


def summary(record: dict, page: dict) -> list[tuple[str, str]]:
    """Return the lines of the run record that a page shows: label and value."""
    here, n = sum(record["texts"].values()), len(record["texts"])
    versions = record["versions"]
    tables_ = hashlib.sha256(json.dumps(record["tables"], sort_keys=True).encode()).hexdigest()
    chosen = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in page["parameters"].items()]
    return [("Parameters", ", ".join(chosen) or "none"),
            ("Texts", f"{here} of {n} were here" if n else "none are listed"),
            ("Versions", ", ".join(f"{n} {versions[n]}" for n in ("casebook", "python", "pandas", "matplotlib"))),
            ("Digests (SHA-256)", ", ".join(f"{what} {value[:12]}" for what, value in (
                ("notebook", page["notebook"]), ("code", record["code"]), ("general codebook", record["codebook"]),
                ("collected files", record["collected"]), ("tables", tables_))))]


def intro(summary: str) -> str:
    """Return what the index says of a page: of its first paragraph as many whole sentences as make few words.

    >>> intro("Ferries are late. Why? " + "Nobody knows " * 12 + "it.")
    'Ferries are late. Why?'
    """
    first, *rest = re.split(r"(?<=[.!?])\s+(?=[^\W\d_a-z])", summary.strip())
    said = [first]
    for sentence in rest:
        if len(" ".join([*said, sentence]).split()) >= MOST_WORDS:
            break
        said.append(sentence)
    return " ".join(said)


def _thumbnail(node) -> tuple[bytes, str, str] | None:
    """Return the beginning of the first picture of a notebook, its description and its file's ending, or None.

    Its title is left out where bands show where that ends: it could not be read, and the index tells what a page finds.
    """
    from helpers.pages import html, strips
    for cell in node.cells:
        for output in cell.get("outputs", []):
            kind = html.shown(output.get("data", {}))
            alt = html._alt(output, cell, kind) if kind in html.PICTURES else ""
            if not alt:
                continue
            if kind == "image/svg+xml":
                return _cropped(output.data[kind]).encode("utf-8"), alt, "svg"
            from PIL import Image
            try:
                with Image.open(io.BytesIO(base64.b64decode(output.data[kind]))) as image:
                    width = int((output.metadata.get(kind) or {}).get("width") or image.width)
                    high = round(image.width * SEEN[1] / SEEN[0])
                    top = max(0, min([*strips.edges(image, width), 0][0], image.height - high))
                    small = image.convert("RGB").crop((0, top, image.width, min(image.height, top + high)))
                    small.thumbnail(THUMBNAIL)
                    content = io.BytesIO()
                    small.quantize(64).save(content, "PNG", optimize=True)
            except (OSError, ValueError):       # not a picture after all: the page shows what there is
                return None
            return content.getvalue(), alt, "png"
    return None


def _cropped(svg: str) -> str:
    """Return an SVG drawn in CSS pixels of which its top left part is seen.

    >>> _cropped('<svg viewBox="0 0 1000 900" width="1000" height="900"><g width="9"/></svg>')
    '<svg viewBox="0 0 1000 625" width="1000" height="625"><g width="9"/></svg>'
    """
    head, close, rest = svg.partition(">")
    for name, value in (("viewBox", f"0 0 {SEEN[0]} {SEEN[1]}"), ("width", str(SEEN[0])), ("height", str(SEEN[1]))):
        head = re.sub(rf'\b{name}="[^"]*"', f'{name}="{value}"', head, count=1)
    return head + close + rest


def _lead(out: Path, finding: dict) -> dict | None:
    """The picture of a finding as it stands on its page: source, description, size, and the way to it; or None."""
    page, _, place = finding["href"].partition("#")
    try:
        text = (out / unquote(page)).read_text(encoding="utf-8")
    except OSError:
        return None
    figure = re.search(rf'<figure [^>]*id="{re.escape(place or "none")}">.*?(<img [^>]*>)', text, re.S)
    image = BeautifulSoup(figure[1] if figure else "", "html.parser").find("img")
    if image is None or not image.get("width") or not image.get("height"):
        return None
    return {name: image[name] for name in ("src", "alt", "width", "height")} | {"href": finding["href"]}


def read_record(path: Path) -> dict | None:
    """Return a run record, or None where there is none or it is not one that this version wrote."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return record if isinstance(record["pages"], list) and {"case", "title", "parameters"} <= set(record) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def write_index(out: Path) -> Path:
    """Write ``index.html`` from the run records below a folder, and the links between all pages. Returns its path.

    Cases about what exists come before invented ones.
    """
    from helpers.pages import html
    from helpers.pages.beside import link_up
    cases = []
    for path in sorted(p for p in out.iterdir() if p.is_dir()):
        record = read_record(path / "run.json")
        runs = [(r, p.parent) for p in sorted(path.glob("*/run.json")) if (r := read_record(p))]
        if record or runs:
            cases.append(_case(out, path, record, runs))
    cases.sort(key=lambda case: (case["invented"], case["name"]))
    link_up(out, [{"name": c["name"], "title": c["title"], "pages": [(p["name"], p["label"]) for p in c["pages"]]}
                  for c in cases])
    made = f"Made by casebook {helpers.__version__} from the run records in this folder."
    tables.write_whole(out / "index.html", html.paper("front.html.j2", cases=cases, made=made))
    return out / "index.html"


def _case(out: Path, folder: Path, record: dict | None, runs: list[tuple[dict, Path]]) -> dict:
    from helpers.pages.beside import beside
    any_record = record or runs[0][0]
    pages = _pages(out, folder, record) if record else []
    n_failed = sum(p["state"] == "failed" for p in pages)
    state = any_record.get("state", "") + (f" {n_failed} of {len(pages)} pages failed." if n_failed else "")
    findings = [{"text": f["text"], "href": f"{page['href']}#{f['place']}"}
                for page in pages for f in page.get("findings", [])]
    varied = list(dict.fromkeys(name for r, _ in runs for name in r["parameters"]))
    made = any_record.get("beside") or {}
    hrefs = {page["name"]: page["href"] for page in pages}
    five = [{**f, "href": hrefs[f["notebook"]] + (f"#{f['place']}" if f["place"] else ""), "figure": f["place"]}
            for f in made.get("findings", []) if f["notebook"] in hrefs]
    lead = next(filter(None, (_lead(out, finding) for finding in five)), None)
    each = [{"parameters": {k: _value(v) for k, v in r["parameters"].items()},
             "pages": {p["name"]: p for p in _pages(out, at, r)}} for r, at in runs]
    return {"name": any_record["case"], "title": any_record["title"], "about": any_record.get("about", ""),
            "invented": bool(any_record.get("invented", False)), "state": state, "pages": pages, "five": five,
            "lead": lead, "findings": findings, "varied": varied, "runs": each, "compared": _compared(each),
            "problems": made.get("problems", []),
            "beside": [{**item, "href": quote((folder / item["file"]).relative_to(out).as_posix())}
                       for item in beside(folder)]}


def _compared(runs: list[dict]) -> list[dict]:
    """Lay runs out side by side: one row a page, one more for each thing that a page finds, a cell for each run."""
    rows = []
    for name in dict.fromkeys(name for run in runs for name in run["pages"]):
        mine = [run["pages"].get(name) for run in runs]
        rows.append({"label": label(name), "cells": [
            page and {"href": page["href"], "state": page["state"], "text": "open"} for page in mine]})
        for n in range(max((len(page.get("findings", [])) for page in mine if page), default=0)):
            rows.append({"label": "finds", "cells": [
                {"href": f"{page['href']}#{page['findings'][n]['place']}", "state": "done",
                 "text": page["findings"][n]["text"]} if page and len(page.get("findings", [])) > n else None
                for page in mine]})
    return rows


def _value(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _pages(out: Path, folder: Path, record: dict) -> list[dict]:
    pages = []
    for page in record["pages"]:
        href = quote((folder / f"{page['name']}.html").relative_to(out).as_posix())
        shown = None
        for ending in ENDINGS if page.get("picture") else ():
            thumbnail = folder / "thumbnails" / f"{page['name']}.{ending}"
            if thumbnail.exists():
                content, (width, height) = thumbnail.read_bytes(), SEEN
                if ending == "png":
                    from PIL import Image
                    with Image.open(io.BytesIO(content)) as image:
                        width, height = image.size
                kind = {"png": "image/png", "svg": "image/svg+xml"}[ending]
                shown = {"src": f"data:{kind};base64," + base64.b64encode(content).decode(), "alt": page["picture"],
                         "width": width, "height": height}
        pages.append({"title": page["name"], "problem": "", "state": "done", **page,
                      "summary": intro(page.get("summary", "")), "label": label(page["name"]), "href": href,
                      "thumbnail": shown})
    return pages
