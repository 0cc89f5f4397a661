"""An invented dispute over harbour dues, as a folder of files in every format a person may have; none is true."""
from __future__ import annotations

import csv
import json
from email.message import EmailMessage
from pathlib import Path

POST = """Iceland closes its northern lane to Portuguese trawlers

By Ada Holm

Published: 4 May 2021

REYKJAVIK — Iceland closed its northern lane to Portuguese trawlers on Monday, a step that Lisbon called unfriendly.

The Icelandic foreign minister, Bryndis Vell, said that the lane would stay shut until both agreed on harbour dues.

“We will not be hurried,” she told reporters. Portugal has threatened to raise its own dues in June.

A spokesman for the Lantern Line said that tickets would cost more. Bryndis Vell is to meet the Portuguese president.
"""
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Lisbon - Tagus Courier</title>
<link rel="canonical" href="https://tagus-courier.example/2021/05/06/lane">
<meta property="og:title" content="Lisbon weighs sanctions over the closed lane">
<meta property="og:site_name" content="Tagus Courier">
<meta property="article:published_time" content="2021-05-06T08:15:00+01:00">
<meta name="author" content="Rui Salgado"></head><body><nav><a href="/">Home</a> <a href="/sea">Sea</a></nav>
<h1>Lisbon weighs sanctions over the closed lane</h1><p>By Rui Salgado</p>
<p>Portugal is weighing sanctions against Iceland after the closing of the northern lane, an official said on
Thursday.</p><p>The Portuguese prime minister said that the measures, which would include a ban on Icelandic cod, were
“ready to be signed”. Iceland’s embassy denied that the lane had been closed for good.</p>
<p>The Lantern Line, which runs most of the trawlers, has asked the Harbour Council to mediate. Bryndis Vell declined
to comment.</p><script>alert("never run")</script></body></html>"""
WIRE = ("Norway offers to host talks on harbour dues",
        ["OSLO (Fjord Wire) - Norway has offered to host talks between Iceland and Portugal, its foreign ministry said "
         "on Friday.", "Iceland accepted the offer. Portugal said it would answer after a meeting of its cabinet.",
         "The Harbour Council said it would send Tomas Lindal, its director, to the talks in Oslo."])
LETTER = ["Harbour letter: talks open in Oslo",
          "Talks on harbour dues opened in Oslo on Thursday. Iceland and Portugal sent their foreign ministers.",
          "Tomas Lindal of the Harbour Council said that an agreement was within reach. Portugal has suspended its "
          "plan for sanctions."]
FRENCH = """Le couloir du nord reste fermé aux chalutiers

Publié le 12 mai 2021

Le gouvernement islandais a annoncé mercredi que le couloir du nord resterait fermé aux chalutiers portugais jusqu'à
la fin du mois. Lisbonne a protesté contre cette décision, que le premier ministre juge contraire aux accords signés.

Les pêcheurs de la région demandent une aide rapide, car les prix du poisson ont déjà baissé dans tous les ports.
"""


def docx(path: Path, paragraphs: list[str], table: list[list[str]] = ()) -> None:
    import docx as library
    document = library.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        made = document.add_table(rows=0, cols=len(table[0]))
        for row in table:
            for cell, text in zip(made.add_row().cells, row):
                cell.text = text
    document.save(path)


def pdf(path: Path, pages: list[list[str]], **encrypt) -> None:
    """A PDF with a text layer, one list of lines a page, written by hand; `user_password` … encrypt it."""
    import io

    from pypdf import PdfReader, PdfWriter
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids = []
    for lines in pages:
        shown = " ".join("({}) Tj T*".format(line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)"))
                         for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 72 760 Td {shown} ET" if lines else ""
        objects += [f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream",
                    f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 1} 0 R "
                    "/Resources << /Font << /F1 3 0 R >> >> >>"]
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = b"%PDF-1.4\n"
    places = []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{p:010d} 00000 n \n".encode() for p in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    if encrypt:
        writer, made = PdfWriter(clone_from=PdfReader(io.BytesIO(out))), io.BytesIO()
        writer.encrypt(**encrypt)
        writer.write(made)
        out = made.getvalue()
    path.write_bytes(out)


def eml(path: Path) -> None:
    message = EmailMessage()
    message["Subject"], message["From"] = LETTER[0], "Harbour Letter <news@harbour-letter.example>"
    message["Date"] = "Fri, 21 May 2021 07:00:00 +0000"
    message["Archived-At"] = "<https://harbour-letter.example/21>"
    message.set_content("\n\n".join(LETTER[1:]))
    path.write_bytes(message.as_bytes())


def mht(path: Path, page: str = PAGE) -> None:
    message = EmailMessage()
    message["Snapshot-Content-Location"] = "https://tagus-courier.example/2021/05/06/lane?saved"
    message["Subject"] = "a page"
    message.set_content("<html>none</html>", subtype="plain")
    message.make_mixed()
    message.add_attachment(page, subtype="html", cte="quoted-printable")
    path.write_bytes(message.as_bytes())


NEXIS = """Page 1 of 3

User Name: A. Reader
Date and Time: Friday, June 4, 2021 3:12:00 PM CEST
Job Number: 1234567

Documents (2)
1. Cod prices fall as lane stays shut
Client/Matter: -None-
Search Terms: harbour dues
2. A lane is not a lever
Client/Matter: -None-


Cod prices fall as lane stays shut

The Vestfold Mail
May 14, 2021 Friday

Copyright 2021 Vestfold Mail Ltd. All Rights Reserved

Section: BUSINESS; Pg. 4
Length: 44 words
Byline: Karen Osk
Dateline: BERGEN

Body

Cod prices fell by a tenth in Bergen on Thursday because Iceland kept its northern lane shut to trawlers from Portugal.

Portugal accused Iceland of breaking the treaty of 1994. Iceland rejected the charge and said that talks would go on.

Graphic

Trawlers at the quay

Load-Date: May 15, 2021

End of Document

A lane is not a lever

The Vestfold Mail
May 17, 2021 Monday

Copyright 2021 Vestfold Mail Ltd. All Rights Reserved

Section: COMMENT; Pg. 9
Length: 40 words
Byline: Leif Storm

Body

Iceland should reopen the lane before the talks in Oslo. Sanctions by Portugal would hurt the Lantern Line first.

Classification

Language: ENGLISH
Publication-Type: Newspaper

Load-Date: May 18, 2021

End of Document
"""
OLD_NEXIS = """



                               1 of 2 DOCUMENTS



                               The Vestfold Mail

                             May 24, 2021 Monday
                                  First Edition

Oslo talks end without a deal

BYLINE: KAREN OSK

SECTION: NEWS; Pg. 1

LENGTH: 31 words

DATELINE: OSLO

Talks between Iceland and Portugal on harbour dues ended on Sunday
without a deal. The Norwegian foreign ministry said that a second
round would open in June.

Portugal said that its sanctions remained suspended.

LOAD-DATE: May 24, 2021

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper


                     Copyright 2021 Vestfold Mail Ltd.
                              All Rights Reserved

                               2 of 2 DOCUMENTS



                               The Vestfold Mail

                             May 25, 2021 Tuesday

Lantern Line to cut sailings

LENGTH: 16 words

The Lantern Line will cut its sailings by half until Iceland opens
the northern lane again.

LOAD-DATE: May 25, 2021

LANGUAGE: ENGLISH
"""
FACTIVA_PLAIN = """Factiva RTF Display Format

World
Iceland and Portugal agree on dues
By Mona Reyes
33 words
8 June 2021
10:42 GMT
Atlantic Press Service
APSX
English
(c) 2021 Atlantic Press Service

Iceland and Portugal signed an agreement on harbour dues in Oslo on Tuesday, Norway's foreign ministry said.

Iceland will open the northern lane on 1 July. Portugal has dropped its plan for sanctions.

Document APSX000020210608eh6800abc

Lantern Line hails accord
18 words
9 June 2021
Atlantic Press Service
APSX
English
(c) 2021 Atlantic Press Service

The Lantern Line welcomed the agreement and said that all sailings would be restored in July.

Document APSX000020210609eh6900def
"""
FACTIVA_CODED = [["HD", "Harbour Council plans new rules for dues"], ["BY", "Mona Reyes"], ["WC", "27 words"],
                 ["PD", "15 June 2021"], ["SN", "Atlantic Press Service"], ["SC", "APSX"], ["LA", "English"],
                 ["CY", "(c) 2021 Atlantic Press Service"],
                 ["LP", "The Harbour Council will propose common rules for dues, said its director, Tomas Lindal."],
                 ["TD", "Iceland supports the proposal. Portugal wants more time."],
                 ["NS", "gdip : International Relations"], ["AN", "Document APSX000020210615eh6f00ghi"]]


def rtf(text: str) -> bytes:
    body = "".join(f"\\u{ord(c)}?" if c >= "\x80" else "\\" + c if c in "\\{}" else c for c in text)
    return ("{\\rtf1\\ansi\\deff0 {\\fonttbl{\\f0 Times;}}\n" + body.replace("\n", "\\par\n") + "}").encode("ascii")


def write(folder: Path) -> Path:
    """Write all of it into a folder: 16 texts in 11 files."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pier-post.txt").write_text(POST, encoding="utf-8")
    (folder / "courier.html").write_text(PAGE, encoding="utf-8")
    docx(folder / "wire.docx", [WIRE[0], *WIRE[1]])
    pdf(folder / "council.pdf", [["Harbour Council urges calm over the lane", "", "Published: 10 May 2021", "",
                                  "The Harbour Council urged Iceland and Portugal to keep calm in their dispute",
                                  "over harbour dues. Its director, Tomas Lindal, warned on Monday that a ban on cod",
                                  "would be answered by Iceland.", "", "Portugal said that it was still undecided."]])
    eml(folder / "letter.eml")
    (folder / "couloir.txt").write_text(FRENCH, encoding="utf-8")
    with (folder / "radio.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([
            ["Headline", "Source", "Date", "Text"],
            ["=HYPERLINK(\"http://evil.example\")", "Harbour Radio", "2021-05-11",
             "Iceland will not reopen the northern lane this week, Bryndis Vell said on Harbour Radio. Portugal "
             "replied that it was losing patience."],
            ["Second round in June", "Harbour Radio", "2021-05-26",
             "Iceland and Portugal will meet again in Oslo in June, the Norwegian government announced on Wednesday. "
             "The Lantern Line will send observers."]])
    (folder / "notes.jsonl").write_text("\n".join(json.dumps(row) for row in [
        {"title": "Dues explained", "body": "Harbour dues are paid by each trawler. Iceland doubled them in 2020, and "
         "Portugal protested.", "publisher": "Sea Notes", "date": "03/04/2021"}]) + "\n", encoding="utf-8")
    docx(folder / "nexis.docx", NEXIS.split("\n"))
    (folder / "old-nexis.txt").write_text(OLD_NEXIS, encoding="utf-8")
    (folder / "factiva.rtf").write_bytes(rtf(FACTIVA_PLAIN))
    docx(folder / "factiva-coded.docx", [], FACTIVA_CODED)
    return folder
