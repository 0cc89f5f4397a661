"""One file for print: all pages of a case as one HTML page, and as PDF through a browser that is installed.

Nothing is fetched and nothing installed: Chromium, Chrome, Edge or Brave prints the page where one of them is there,
else the page says how to print it. A PDF holds no clock, so the same page gives the same bytes.
"""
from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bs4 import BeautifulSoup
from markupsafe import Markup

from helpers import doctor, tables
from helpers.case import CaseError
from helpers.codebook.naming import counted
from helpers.pages import html, index

__all__ = ["HOW", "pages_of", "pdf", "whole_case", "write_print"]

HOW = ("No browser that can print by itself was found (Chromium, Chrome, Edge or Brave). Open the page in any browser "
       "and choose Print (Ctrl+P, on a Mac ⌘P), then “Save as PDF”, paper A4, with background graphics; or name a "
       "browser's program in the variable CASEBOOK_BROWSER.")
QUIET = ("--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--no-default-browser-check",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
         "--no-pdf-header-footer", "--host-resolver-rules=MAP * ~NOTFOUND")
SECONDS = 180


def pdf(page: Path, browser: Path | None = None) -> Path:
    """Print a page as PDF beside it. Returns the path.

    Accepts the page and a browser's program (none: what :func:`helpers.doctor.browser` finds). The browser runs without
    network, in a profile of its own that is thrown away. Raises :class:`~helpers.case.CaseError` with what to do when
    there is no browser or it prints nothing.
    """
    browser = browser or doctor.browser()
    if browser is None:
        named = os.environ.get("CASEBOOK_BROWSER")
        raise CaseError(f"CASEBOOK_BROWSER names {named}, which is no program. Name the browser's program, or leave "
                        "the variable out." if named else HOW)
    page = Path(page).resolve()
    with tempfile.TemporaryDirectory(prefix="casebook-print-", ignore_cleanup_errors=True) as scratch:
        made = Path(scratch) / "page.pdf"
        arguments = [str(browser), *QUIET, f"--user-data-dir={Path(scratch) / 'profile'}", f"--print-to-pdf={made}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:     # a browser refuses its sandbox to root, as in containers
            arguments.append("--no-sandbox")
        try:
            subprocess.run([*arguments, page.as_uri()], check=False, timeout=SECONDS, stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CaseError(f"{browser.name} did not print {page.name} ({type(error).__name__}). {HOW}") from None
        if not made.is_file() or not made.read_bytes().startswith(b"%PDF"):
            raise CaseError(f"{browser.name} printed nothing of {page.name}. {HOW}")
        content = made.read_bytes()
    out = page.with_suffix(".pdf")
    tables.write_whole(out, _without_clock(content))
    return out


def pages_of(paper: Path) -> str:
    """Say how many pages a PDF has that :func:`pdf` wrote, before somebody sends it to a printer."""
    n = len(re.findall(rb"/Type ?/Page\b", Path(paper).read_bytes()))
    return f"{counted(n, 'page')}, or {counted(-(-n // 2), 'sheet')} printed on both sides"


def _without_clock(content: bytes) -> bytes:
    """Set the days in a PDF to the same day, at the same length, so that its table of offsets still fits."""
    return re.sub(rb"(/(?:Creation|Mod)Date ?\(D:)(\d{14})([^)]*)\)",
                  lambda m: m[1] + b"20000101000000" + re.sub(rb"\d", b"0", m[3]) + b")", content)


def whole_case(folder: Path, record: dict, five: Iterable[dict] = ()) -> str:
    """Return all pages of a case as one page for print: a cover with the findings, contents, the brief, the pages.

    Accepts the folder of the pages, the run record and the findings (topic, sentence, notebook, place). Links between
    the pages lead inside the file; code is left out, and what scrolled stands in full. The codebook prints by itself.
    """
    sources = [("brief", "Brief", folder / "brief.html")] if (folder / "brief.html").exists() else []
    sources += [(p["name"], p["title"], folder / f"{p['name']}.html") for p in record["pages"]
                if (folder / f"{p['name']}.html").exists()]
    names = {path.name: name for name, _, path in sources}
    parts = []
    for name, title, path in sources:
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        main = soup.find("main") or soup
        for gone in main.select("details.code, .toc, script, .sorting, .back, .skip, .places, .twin, .chronology-twin, "
                                "details.larger, figcaption, ul.files"):
            gone.decompose()
        for gone in main.select("section:has(> #data)"):
            gone.decompose()
        for table in main.find_all("table"):
            table["class"] = " ".join(c for c in table.get_attribute_list("class") if c and c != "sortable")
        for fold in main.find_all("details"):
            fold["open"] = ""
        for box in main.select("[role=region][aria-label]"):      # figures are counted anew on each page
            box["aria-label"] = f"{box['aria-label']} ({title})"
        for tag in main.find_all(True):
            for attribute in ("id", "aria-labelledby"):
                if tag.get(attribute):
                    tag[attribute] = f"{name}--{tag[attribute]}"
        for link in main.find_all("a", href=True):
            file, _, place = str(link["href"]).partition("#")
            if not file and place:
                link["href"] = f"#{name}--{place}"
            elif file in names:
                link["href"] = f"#{names[file]}" + (f"--{place}" if place else "")
            elif not re.match(r"https?:|mailto:", str(link["href"])):
                link.unwrap()
        parts.append({"id": name, "title": title, "body": Markup(main.decode_contents())})
    linked = [{**f, "href": f"#{f['notebook']}" + (f"--{f['place']}" if f.get("place") else "")} for f in five
              if f["notebook"] in {p["id"] for p in parts}]
    made = index.summary(record, {"parameters": record["parameters"], "notebook": hash_of(record)})
    return html.paper("print.html.j2", case=record["title"], about=record.get("about", ""), five=linked, parts=parts,
                      state=record.get("state", ""), record=made)


def hash_of(record: dict) -> str:
    """One digest of all notebooks of a run."""
    return hashlib.sha256("".join(p["notebook"] for p in record["pages"]).encode()).hexdigest()


def write_print(folder: Path) -> tuple[Path, Path | None, str]:
    """Write ``print.html`` and, where a browser is installed, ``print.pdf`` into the folder of a case's pages.

    Returns the page, the PDF or None, and why there is no PDF. Raises :class:`~helpers.case.CaseError` when the folder
    holds no rendered case.
    """
    record = index.read_record(folder / "run.json")
    if record is None:
        raise CaseError(f"{folder.name} has not been rendered. `casebook render {folder.name}` makes its pages.")
    page = folder / "print.html"
    tables.write_whole(page, whole_case(folder, record, (record.get("beside") or {}).get("findings", [])))
    try:
        return page, pdf(page), ""
    except CaseError as error:
        (folder / "print.pdf").unlink(missing_ok=True)
        return page, None, str(error)
