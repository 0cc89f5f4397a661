"""Passages of the texts: which may stand on a page, and what is taken out of a page before it is written.

The texts of a case belong to their publishers unless the manifest says otherwise, so a page quotes nothing by default.
What a notebook prints is looked through for runs of words that stand in a text, too: with ``none`` a run of nine words
is taken out, with ``short`` a run longer than twenty-five. Titles may be cited.
"""
from __future__ import annotations

import base64
import contextlib
import html
import re
from collections.abc import Iterable, MutableMapping
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

import nbformat
import pandas as pd
from bs4 import BeautifulSoup, NavigableString

from helpers.case import Case, TextMissing

__all__ = ["LIMITS", "RUN", "SHORT", "Words", "open_texts", "protected", "runs", "shorten", "withhold", "withhold_html",
           "withhold_from"]

RUN = 9         # words without a break that a page shares with a text: what counts as a passage of it
SHORT = 25      # words of one passage that `short` lets stand
LIMITS = {"none": RUN - 1, "short": SHORT}
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
LONG = re.compile(r"\S{40,}")       # without a blank: an address, which can say a passage with percent signs
# licences by which a text may be shown whole: Creative Commons without "no derivatives", the public domain, one's own
OPEN = re.compile(r"(?i)\s*(CC0|CC[- ]BY(?![\w-]*-ND)|public domain|own\b)")


class Words(NamedTuple):
    """What must not stand on a page: runs of words, and how long a run may be."""
    runs: frozenset[int]
    most: int


def open_texts(manifest: pd.DataFrame) -> list[str]:
    """Return the documents whose words may stand on a page in full.

    Accepts a manifest. A text is open by its ``licence`` (a column that a manifest may have: CC0, CC BY, CC BY-SA,
    public domain, own) or, where no licence is given, by an address that ends in ``.example``, which is reserved for
    what does not exist (RFC 2606): an invented text.

    >>> manifest = pd.DataFrame({"doc_id": list("abc"), "url": ["https://pilot.example/1", "https://pilot.org", None]})
    >>> open_texts(manifest), open_texts(manifest.assign(licence=["all rights reserved", None, "CC BY 4.0"]))
    (['a'], ['c'])
    """
    nothing = pd.Series(pd.NA, manifest.index, "string")
    licence = manifest.get("licence", nothing).astype("string")
    invented = manifest.get("url", nothing).astype("string").str.fullmatch(
        r"https?://(?:[\w-]+\.)+example(?:[:/]\S*)?").fillna(False).astype(bool)
    free = licence.str.match(OPEN).fillna(False).astype(bool) | (licence.isna() & invented)
    return list(manifest.loc[free, "doc_id"])


def _hashes(words: list[str]) -> list[int]:
    return [hash(tuple(words[i:i + RUN])) for i in range(len(words) - RUN + 1)]


def runs(texts: Iterable[str], titles: Iterable[str] = ()) -> frozenset[int]:
    """Return the runs of nine words of some texts, without those that stand in a title."""
    cited = {h for title in titles for h in _hashes(_lower(title))}
    return frozenset(h for text in texts for h in _hashes(_lower(text))) - cited


def _lower(text: str) -> list[str]:
    return [m.group().lower().replace("’", "'") for m in WORD.finditer(text)]


def protected(case: Case, quotes: str = "none") -> Words:
    """Return what must not stand on the pages of a case.

    Accepts a case and ``none`` or ``short``. Texts that are not here cannot leak; texts that are open
    (:func:`open_texts`) may be shown.
    """
    shown = set(open_texts(case.manifest))
    texts = []
    for doc_id in case.manifest["doc_id"]:
        if doc_id not in shown and case.present[doc_id]:
            try:
                texts.append(case.text(doc_id))
            except (TextMissing, ValueError, OSError):      # it cannot be read, so nothing of it was shown
                continue
    return Words(runs(texts, case.manifest["title"].dropna()), LIMITS[quotes])


def _found(words: list[str], kept: Words) -> list[tuple[int, int]]:
    """Where the passages lie: first and last word (exclusive), runs that touch joined."""
    spans: list[list[int]] = []
    for i, h in enumerate(_hashes(words)):
        if h in kept.runs:
            if spans and i <= spans[-1][1]:
                spans[-1][1] = i + RUN
            else:
                spans.append([i, i + RUN])
    return [(a, b) for a, b in spans if b - a > kept.most]


def withhold(text: str, kept: Words) -> str:
    """Return a text with its passages taken out, and how long each was in their place.

    >>> said = "The mill at the old weir stays shut until the river falls again, she said."
    >>> withhold("Note: the mill at the old weir stays shut until the river falls.", Words(runs([said]), 8))
    'Note: [a passage of 12 words is left out].'
    >>> withhold("The mill stays shut.", Words(runs([said]), 8))
    'The mill stays shut.'
    """
    if not kept.runs:
        return text
    marks = list(WORD.finditer(text))
    found = _found([m.group().lower().replace("’", "'") for m in marks], kept)
    for a, b in reversed(found):
        # with `short` the beginning stands
        first = a + (kept.most if kept.most >= RUN else 0)
        start, said = (marks[a].start(), "") if first == a else (marks[first - 1].end(), " … ")
        text = f"{text[:start]}{said}[a passage of {b - a} words is {'left out' if first == a else 'cut'}]" \
               + text[marks[b - 1].end():]
    return LONG.sub(lambda m: "[an address with a passage is left out]" if _says(m[0], kept) else m[0], text)


def _decoded(value: str) -> list[str]:
    """What a string says that is not written in plain words: percent signs of an address, escapes, base64."""
    forms = [re.sub(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|x([0-9a-fA-F]{2})|[nrt/])",
                    lambda m: chr(int(m[1] or m[2], 16) % 0x110000) if m[1] or m[2] else " ", html.unescape(value)),
             unquote_plus(html.unescape(value))]
    for packed in re.findall(r"(?i)data:(?:text|application)/[^,]{0,200};base64,([\w+/=%\s-]+)", value):
        with contextlib.suppress(ValueError):
            forms.append(html.unescape(base64.b64decode(unquote(packed), validate=False).decode("utf-8", "replace")))
    return forms


def _says(value: str, kept: Words) -> bool:
    """Whether a passage stands in a string in any of the ways in which a page can write it."""
    return any(_found(_lower(form), kept) for way in _decoded(value) for form in (way, re.sub(r"<[^>]*>", " ", way)))


def withhold_html(markup: str, kept: Words) -> str:
    """The same for markup: a passage may run through several elements, or stand where nobody sees it.

    What of a comment, a script, an address or another attribute says a passage in escapes is left out whole.

    >>> kept = Words(runs(["The mill at the old weir stays shut until the river falls"]), 8)
    >>> withhold_html('<a href="/?q=the%20mill+at+the+old+weir+stays+shut+until">find</a><!-- kept -->', kept)
    '<a>find</a><!-- kept -->'
    """
    if not kept.runs or not _says(markup, kept):
        return markup
    soup = BeautifulSoup(markup, "html.parser")
    for tag in soup.find_all(True):
        for name, value in list(tag.attrs.items()):
            value = " ".join(value) if isinstance(value, list) else value or ""
            if _found(_lower(html.unescape(value)), kept):
                tag[name] = value = withhold(html.unescape(value), kept)
            if _says(value, kept):
                del tag[name]
    hidden = [n for n in soup.find_all(string=True) if type(n) is not NavigableString]
    for node in hidden:
        if _says(node, kept):
            node.replace_with(type(node)(""))
    nodes = [n for n in soup.find_all(string=True) if type(n) is NavigableString]
    marks = [(k, m) for k, node in enumerate(nodes) for m in WORD.finditer(node)]
    cut: dict[int, list[tuple[int, int, str]]] = {}
    for a, b in _found([m.group().lower().replace("’", "'") for _, m in marks], kept):
        first = a + (kept.most if kept.most >= RUN else 0)
        said = f"[a passage of {b - a} words is {'left out' if first == a else 'cut'}]"
        for k in dict.fromkeys(k for k, _ in marks[first:b]):
            mine = [m for n, m in marks[first:b] if n == k]
            cut.setdefault(k, []).append((mine[0].start(), mine[-1].end(), said))
            said = ""
    for k, spans in cut.items():
        text = str(nodes[k])
        for start, end, said in reversed(spans):
            text = text[:start] + said + text[end:]
        nodes[k].replace_with(text)
    return str(soup)


def withhold_from(nb: nbformat.NotebookNode, kept: Words) -> nbformat.NotebookNode:
    """Take the passages out of an executed notebook, in place: outputs, descriptions of pictures, prose, code, data.

    Accepts a notebook and :func:`protected`. Returns the notebook.
    """
    if kept.runs:
        _each(nb, kept)
    return nb


def _each(values: MutableMapping | list, kept: Words) -> None:
    """Withhold in every string of what a notebook holds, however deep; packed pictures have no words."""
    for key, value in list(values.items() if isinstance(values, MutableMapping) else enumerate(values)):
        if isinstance(value, str):
            if key not in ("image/png", "image/jpeg"):
                values[key] = (withhold_html if key in ("text/html", "image/svg+xml") else withhold)(value, kept)
        elif isinstance(value, MutableMapping | list) and value:
            _each(value, kept)


def shorten(text: str, most: int = SHORT) -> str:
    """Return at most the first words of a passage.

    >>> shorten("The mill at the weir\\nstays shut.", 4)
    'The mill at the …'
    """
    marks = list(WORD.finditer(text))
    text = text if len(marks) <= most else text[:marks[most - 1].end()] + " …"
    return " ".join(text.split())
