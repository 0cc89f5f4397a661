"""Saved pages: `.html`, and the one-file web archive `.mht` (RFC 2557)."""
from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from email import policy
from email.parser import BytesParser
from pathlib import Path

from helpers.readers.source import ReadError, Source, decode, note_repairs

DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+)\s*-->|"
                        r"<link[^>]+rel=[\"']canonical[\"'][^>]+href=[\"']([^\"']+)", re.IGNORECASE)
# where a page says it in its head (Open Graph, schema.org, Dublin Core and the names in common use)
META = {"title": ("og:title", "twitter:title", "dc.title", "headline"),
        "outlet": ("og:site_name", "application-name", "dc.publisher"),
        "byline": ("author", "article:author", "byl", "dc.creator", "parsely-author", "sailthru.author"),
        "published": ("article:published_time", "og:article:published_time", "datepublished", "date", "pubdate",
                      "publishdate", "publish-date", "dc.date", "dc.date.issued", "dcterms.created", "parsely-pub-date",
                      "sailthru.date", "article.published")}
PARTED = re.compile(r"(.*\S)\s*(?:\s[-–—·•:]\s|[|»])\s*(\S[^|»]{0,80})$", re.DOTALL)     # a title, and the site's name
ARTICLE = re.compile(r"Article|BlogPosting|Report$|WebPage$")


def render(path: Path, markup: str) -> str:
    """Plain lines of a page; scripts never run, and nothing is fetched."""
    from inscriptis import get_text
    from inscriptis.css_profiles import CSS_PROFILES
    from inscriptis.model.config import ParserConfig
    # lxml refuses a declaration of the encoding in text that is decoded already
    bare = re.sub(r"^\s*<\?xml[^>]*\?>", "", markup)
    try:
        text = get_text(bare, ParserConfig(css=CSS_PROFILES["strict"]))
    except Exception as error:
        raise ReadError(path, f"the page could not be rendered ({type(error).__name__})",
                        "Open it in a browser, select all, and save the text as .txt") from error
    text = "\n".join(line.strip() for line in text.split("\n")).strip("\n") + "\n"
    if not any(c.isalnum() for c in text):
        raise ReadError(path, "the page holds no text (it may be drawn by a script)",
                        "Open it in a browser, select all, and save the text as .txt")
    return text


def page(path: Path, data: bytes, html: bytes, charset: str | None, kind: str, url: str | None = None) -> Source:
    """A page out of the bytes of its markup; `data` are those of the file it came in."""
    declared = DECLARED.search(html[:4096])
    markup, encoding, notes = decode(path, html, charset or declared and declared.group(1).decode("ascii").lower())
    text = render(path, markup)
    saved = SAVED_FROM.search(markup[:20_000])
    try:
        about = told(markup)
    except Exception:       # a head so broken that the parser gives up: the text is there all the same
        about = {}
    url = url or (saved and (saved.group(1) or saved.group(2))) or about.pop("url", None)
    about.pop("url", None)
    repaired, notes = note_repairs(text, notes)
    return Source(text, encoding, hashlib.sha256(data).hexdigest(), kind, repaired, notes, path.name,
                  hashlib.sha256(text.encode()).hexdigest(), url, about)


def read_html(path: Path, data: bytes) -> Source:
    """A saved page, rendered to plain lines; scripts never run, and nothing is fetched."""
    return page(path, data, data, None, "html")


def read_mht(path: Path, data: bytes) -> Source:
    """A web archive in one file (Chrome, Edge: "Webpage, Single File"): the page itself, without its pictures."""
    message = BytesParser(policy=policy.compat32).parsebytes(data)
    part = next((p for p in message.walk() if p.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    html = part.get_payload(decode=True) if part is not None else None
    if part is None or not html or not isinstance(html, bytes):
        raise ReadError(path, "no page was found in this web archive", "Save the page again as .html or .txt")
    url = message.get("Snapshot-Content-Location") or part.get("Content-Location") or ""
    url = str(url).strip()
    return page(path, data, html, part.get_content_charset(), "mht", url if url.startswith("http") else None)


def told(markup: str) -> dict[str, str]:
    """What a page's head says of it: title, outlet, byline, published, url, and the evidence for the date."""
    from bs4 import BeautifulSoup
    soup = BeautifulSoup(markup[:2_000_000], "lxml")
    given: dict[str, str] = {}
    for tag in soup.find_all("meta", limit=500):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        content = tag.get("content")
        if isinstance(name, str) and isinstance(content, str):
            given.setdefault(name.strip().lower(), content)
    found: dict[str, str] = {}
    for article in _articles(soup):
        found |= {k: v for k, v in article.items() if v and k not in found}
    for field, names in META.items():
        name = next((n for n in names if given.get(n, "").strip()), None)
        if name and not found.get(field) and not (field == "byline" and given[name].startswith("http")):
            found[field] = given[name]
            if field == "published":
                found["evidence"] = f"the page's own field {name}"
    if not found.get("title") and soup.title and soup.title.string:
        found["title"] = soup.title.string
    if found.get("title"):
        headings = {_letters(h.get_text(" ")) for h in soup.find_all(["h1", "h2"], limit=50)}
        found["title"] = without_site(found["title"], found.get("outlet", ""), headings)
    if not found.get("published"):
        time = soup.find("time", attrs={"datetime": True})
        if time is not None:
            found |= {"published": str(time["datetime"]), "evidence": "the first time element of the page"}
    return {k: " ".join(v.split())[:500] for k, v in found.items() if isinstance(v, str) and v.strip()}


def without_site(title: str, outlet: str, headings: Iterable[str] = ()) -> str:
    """A page's title without the site's name behind a bar or dash: what stands there is the site's name where it is the
    outlet's, or where the rest is a heading of the page (``headings``: their letters alone).

    >>> without_site("Ferry late | Pier Post", "The Pier Post"), without_site("Ferry late - Pier", "", {"ferrylate"})
    ('Ferry late', 'Ferry late')
    >>> without_site("Ferry late – again", "The Pier Post", {"ferrylateagain"})
    'Ferry late – again'
    """
    own = {name for name in (_letters(outlet), _letters(re.sub(r"^the ", "", outlet, flags=re.IGNORECASE))) if name}
    while (parted := PARTED.match(title)) and _letters(title) not in set(headings):
        rest, name = parted.groups()
        if _letters(name) not in own | {f"the{o}" for o in own} and _letters(rest) not in set(headings):
            break
        title = rest
    return title


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def _articles(soup):
    """The articles that a page describes to search engines (schema.org in JSON-LD)."""
    for script in soup.find_all("script", type="application/ld+json", limit=20):
        try:
            heap = [json.loads(script.string or "null")]
        except (ValueError, RecursionError):
            continue
        for _ in range(200):
            if not heap:
                break
            item = heap.pop(0)
            if isinstance(item, list):
                heap += item
            elif isinstance(item, dict):
                heap += [item["@graph"]] if "@graph" in item else []
                if ARTICLE.search(_text(item.get("@type"))):
                    day = _text(item.get("datePublished"))
                    yield {"title": _text(item.get("headline")), "byline": _text(item.get("author")),
                           "outlet": _text(item.get("publisher")), "published": day, "url": _text(item.get("url")),
                           "evidence": "the page's own field datePublished" if day else ""}


def _text(value) -> str:
    """A name out of JSON-LD, where one is a text, an object with a name, or a list of either."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_text(v) for v in value[:6] if not isinstance(v, list))))
    if isinstance(value, dict):
        value = value.get("name") or value.get("@id") or ""
    return value if isinstance(value, str) else ""
