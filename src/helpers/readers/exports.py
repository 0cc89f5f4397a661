"""Exports of news databases with many articles in one file: Nexis Uni, the older LexisNexis, Factiva.

How they mark where an article begins and ends, and what its fields are called, is documented by those who read them:
LexisNexisTools (Gruber 2023) for "n of m DOCUMENTS" … "LANGUAGE:" and "End of Document"; tm.plugin.factiva
(Bouchet-Valat) and Chen, *Use Python to extract Intelligence Indexing fields in Factiva articles*, for Factiva's
two-letter fields and the "Document" line with the accession number. Written from these; no export was at hand.
"""
from __future__ import annotations

import re
from dataclasses import dataclass, field

MONTH = (r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|"
         r"Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?")
DAY = re.compile(rf"{MONTH} \d{{1,2}},? \d{{4}}|\d{{1,2}}\.? (?:{MONTH}|[^\W\d_]{{3,10}}) \d{{4}}|\d{{4}}-\d\d-\d\d")
UNI_END = re.compile(r"^\s*End of Document\s*$", re.M | re.I)
UNI_STOP = re.compile(r"^(?:Classification|Graphic|Notes|Correction|Correction-Date|Load-Date:.*)$")
UNI_FIELD = re.compile(r"^(Section|Length|Byline|Dateline|Highlight|Copyright|Edition|Correction):?\s*(.*)$", re.I)
UNI_COVER = re.compile(r"^(?:Page \d+ of \d+|User Name:|Date and Time:|Job Number:|Documents? \(\d+\)|Client/Matter:|"
                       r"Search Terms:|Search Type:|Content Type\b|Narrowed by:|\d+\.\s)")
OLD_START = re.compile(r"^[ \t]*(?:\d+ of \d+ DOCUMENTS?|Dokument \d+ von \d+|Document \d+ de \d+)[ \t]*$", re.M)
OLD_FIELD = re.compile(r"^([A-ZÄÖÜÉ][A-ZÄÖÜÉ-]{3,}):\s*(.*)$", re.S)
OLD_NAMES = {"BYLINE": "byline", "AUTOR": "byline", "AUTEUR": "byline", "HEADLINE": "title", "LENGTH": "length",
             "LÄNGE": "length", "LONGUEUR": "length"}
OLD_STOP = {"LOAD-DATE", "LANGUAGE", "SPRACHE", "LANGUE", "PUBLICATION-TYPE", "GRAPHIC", "GRAFIK", "UPDATE", "NOTES",
            "JOURNAL-CODE", "DOCUMENT-TYPE", "SUBJECT", "COPYRIGHT"}
FACTIVA_END = re.compile(r"^[ \t|]*(?:AN[ \t|]+)?(?:Document|Dokument)[ \t]+[A-Za-z]{2,10}0*\d{8}[a-z0-9]{6,12}"
                         r"[ \t|]*$", re.M)
FACTIVA_FIELD = re.compile(r"^[ \t|]*(HD|CLM|SE|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|ART|CT|RF|CO|IN|NS|RE|"
                           r"IPC|IPD|PUB|AN|DLN|GC)(?:[ \t]*[|\t]+[ \t|]*|[ \t]{2,}|[ \t]*$)(.*)$")
FACTIVA_FURNITURE = re.compile(r"^(?:Page \d+.*|Factiva RTF Display Format|.*©\s*\d{4} Factiva,? Inc.*|"
                               r"Dow Jones Factiva)$", re.I)
WORDS = re.compile(r"^([\d.,  ]+) (?:words|mots|Wörter|palabras|parole|woorden|palavras)$", re.I)
RIGHTS = re.compile(r"^(?:\(c\)|©|Copyright\b|\(Copyright)", re.I)
BY = re.compile(r"^(?:By|Von|Par|Por)\s+", re.I)


@dataclass
class Article:
    """One article of an export: its paragraphs, and what the export says of it."""
    paragraphs: list[str]
    about: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Title, byline and date as the head of a page has them, then the body."""
        head = [self.about.get("title", "")]
        if self.about.get("byline"):
            head.append(f"By {self.about['byline']}")
        if self.about.get("published"):
            head.append(f"Published: {self.about['published']}")
        return "\n\n".join(filter(None, [*head, *self.paragraphs])) + "\n"


def split(text: str) -> tuple[str, list[Article]]:
    """The name of the database and the articles of an export; ("", []) for a text that is none.

    Accepts the plain text of the file, as a reader gives it. An article has `paragraphs` and `about`: title, outlet,
    byline, published (as the export writes it), length, evidence.

    >>> name, articles = split('''Ferry late again
    ... The Pier Post
    ... May 4, 2021 Tuesday
    ...
    ... Copyright 2021 The Pier Post All Rights Reserved
    ...
    ... Length: 6 words
    ... Byline: Ada Holm
    ... Body
    ...
    ... The ferry came an hour late.
    ...
    ... Load-Date: May 4, 2021
    ... End of Document
    ... ''')
    >>> name, articles[0].about["outlet"], articles[0].about["published"], articles[0].paragraphs
    ('Nexis Uni', 'The Pier Post', 'May 4, 2021 Tuesday', ['The ferry came an hour late.'])
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
    if UNI_END.search(text) and re.search(r"^\s*(?:Length:|Body\s*$|Load-Date:)", text, re.M):
        blocks, read, name = UNI_END.split(text)[:-1], _uni, "Nexis Uni"
    elif OLD_START.search(text):
        blocks, read, name = OLD_START.split(text)[1:], _old, "LexisNexis"
    elif FACTIVA_END.search(text):
        ends = [m.end() for m in FACTIVA_END.finditer(text)]
        blocks, read, name = [text[a:b] for a, b in zip([0, *ends], ends)], _factiva, "Factiva"
    else:
        return "", []
    found = [read([line.strip() if read is not _old else line.rstrip() for line in block.split("\n")])
             for block in blocks]
    for article in found:
        article.about = {k: " ".join(v.split()) for k, v in article.about.items() if v and v.strip()}
        if "byline" in article.about:
            article.about["byline"] = BY.sub("", article.about["byline"])
        if "published" in article.about:
            article.about["evidence"] = f"the date line of the {name} export"
    return name, [article for article in found if article.paragraphs]


def _uni(lines: list[str]) -> Article:
    """Title, outlet and date; fields; "Body"; then the classification."""
    body = next((k for k, line in enumerate(lines) if line == "Body"), None)
    head = lines[:body] if body is not None else lines
    at = next((k for k, line in enumerate(head) if DAY.match(re.sub(r"^\w+day,? ", "", line)) and
               not UNI_COVER.match(line)), None)
    about: dict[str, str] = {}
    if at is not None:
        about["published"] = head[at]
        above = [(k, line) for k, line in enumerate(head[:at]) if line and not UNI_COVER.match(line)]
        if above:
            last, about["outlet"] = above.pop()
            if above:
                title = [above[-1][1]]
                for (k, line), (after, _) in zip(above[-2::-1], above[:0:-1]):
                    if not any(UNI_COVER.match(x) for x in head[:k + 1]) and after - k <= 2 and len(title) < 3:
                        title.insert(0, line)       # a title over several lines, where no cover page stands before it
                about["title"] = " ".join(title)
    start = body + 1 if body is not None else (at or 0) + 1
    for line in head[at + 1 if at is not None else 0:]:
        named = UNI_FIELD.match(line)
        if named and named[1].lower() in ("byline", "length"):
            about[named[1].lower()] = named[2]
            if body is None:
                start = lines.index(line) + 1
    end = next((k for k in range(start, len(lines)) if UNI_STOP.match(lines[k])), len(lines))
    return Article([line for line in lines[start:end] if line and not UNI_COVER.match(line)], about)


def _old(lines: list[str]) -> Article:
    """Outlet and date, centred; title; FIELDS: in capitals; the body; more FIELDS: (the format before Nexis Uni)."""
    from helpers.readers.office import unwrap
    blocks = [block.split("\n") for block in re.split(r"\n\s*\n", "\n".join(lines)) if block.strip()]
    about: dict[str, str] = {}
    body: list[str] = []
    inside = False
    for block in blocks:
        whole = " ".join(line.strip() for line in block)
        centred = block[0].startswith(" " * 8)
        named = OLD_FIELD.match(whole)
        if named and named[1] in OLD_STOP and inside:
            break
        if named:
            if named[1] in OLD_NAMES:
                about.setdefault(OLD_NAMES[named[1]], named[2])
            inside |= OLD_NAMES.get(named[1]) == "length"
        elif not inside and centred and RIGHTS.match(whole):
            continue
        elif "outlet" not in about and not inside:
            about["outlet"] = whole
        elif "published" not in about and not inside and DAY.search(whole):
            about["published"] = block[0].strip()
        elif not inside and not centred:
            about["title"] = whole
        elif inside and centred and RIGHTS.match(whole):
            break
        elif inside:
            body += unwrap(block)
    return Article(body, about)


def _factiva(lines: list[str]) -> Article:
    lines = [line.strip(" |\t") if not FACTIVA_FIELD.match(line) else line for line in lines]
    lines = [line for line in lines if not FACTIVA_FURNITURE.match(line) and not FACTIVA_END.match(line)]
    coded = sum(bool(FACTIVA_FIELD.match(line)) for line in lines)
    return _factiva_coded(lines) if coded >= 4 else _factiva_plain(lines)


def _factiva_coded(lines: list[str]) -> Article:
    """With indexing: each field begins with its two letters."""
    fields: dict[str, list[str]] = {}
    now: list[str] = []
    for line in lines:
        named = FACTIVA_FIELD.match(line)
        if named:
            now = fields.setdefault(named[1], [])
            line = named[2]
        now.append(line.strip(" |\t"))
    first = {code: " ".join(filter(None, told)) for code, told in fields.items()}
    about = {"title": first.get("HD", ""), "byline": first.get("BY", ""), "outlet": first.get("SN", ""),
             "published": first.get("PD", ""), "length": first.get("WC", "")}
    body = [line for code in ("LP", "TD", "ART") for line in fields.get(code, []) if line]
    return Article(body, about)


def _factiva_plain(lines: list[str]) -> Article:
    """Without indexing: title, byline, length, date, hour, outlet, code, page, language, copyright; then the body."""
    at = next((k for k, line in enumerate(lines) if WORDS.match(line)), None)
    if at is None:
        return Article([])
    about = {"length": lines[at]}
    above = [line for line in lines[:at] if line][-3:]
    if len(above) > 1 and (BY.match(above[-1]) or _looks_signed(above[-1]) and len(above[-2].split()) > 3):
        about["byline"] = above.pop()
    if above:
        about["title"] = above[-1]
    below = [(k, line) for k, line in enumerate(lines[at + 1:at + 14], at + 1) if line]
    rights = next((k for k, line in below if RIGHTS.match(line)), None)
    head = [line for k, line in below if rights is None or k < rights]
    if head and DAY.search(head[0]):
        about["published"] = head.pop(0)
        if head and re.match(r"^\d{1,2}:\d\d", head[0]):
            head.pop(0)
        if head:
            about["outlet"] = head[0]
    if rights is None:      # the head ends before the first line as long as prose
        rights = next((k - 1 for k, line in below if len(line) > 90), below[-1][0] if below else at)
    return Article([line for line in lines[rights + 1:] if line], about)


def _looks_signed(line: str) -> bool:
    words = re.findall(r"[^\W\d_][\w'’.-]*", line)
    return 1 < len(words) <= 8 and all(w[0].isupper() or w in ("and", "in", "de", "van", "von", "bin") for w in words)
