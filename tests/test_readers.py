"""Reading: every common encoding, saved pages, and clear refusals."""
import csv
import hashlib
import json
import re
import zipfile
from email.message import EmailMessage

import harbour
import pytest

from helpers import readers
from helpers.readers import ReadError, Source, office, read, read_all, read_html, register, write_sidecar

ENGLISH = "The “ferry” – late again – reached the café at the harbour.\r\nNobody was naïve enough to wait.\n"
TURKISH = "Fırtına yüzünden vapur seferleri iptal edildi; öğrenciler karşıya geçemedi, ışıklar söndü.\n" * 5
RUSSIAN = "Паром опять опоздал, и никто в порту не знает почему. Билеты подешевеют в понедельник.\n" * 5


@pytest.fixture
def saved(tmp_path):
    def save(data, name="ferry.txt"):
        path = tmp_path / name
        path.write_bytes(data)
        return path
    return save


@pytest.mark.parametrize("text, encoding, named", [
    (ENGLISH, "utf-8", "utf-8"), (ENGLISH, "utf-8-sig", "utf-8-sig"), (ENGLISH, "cp1252", "cp1252"),
    (ENGLISH, "utf-16", "utf-16"), (ENGLISH, "utf-16-le", "utf-16-le"), (ENGLISH, "utf-16-be", "utf-16-be"),
    (ENGLISH, "utf-32", "utf-32"), (TURKISH, "cp1254", "cp1254"), (RUSSIAN, "cp1251", "cp1251"),
    (RUSSIAN, "koi8-r", "koi8_r"), ("Der Bürgermeister grüßt die Fähre.\n" * 4, "latin-1", "cp1252")])
def test_encodings_are_recognised_and_recorded(saved, text, encoding, named):
    source = read(saved(text.encode(encoding)))
    assert (source.text, source.encoding) == (text, named)


def test_line_breaks_stay_as_they_are(saved):
    assert read(saved(b"one\r\ntwo\rthree\n")).text == "one\r\ntwo\rthree\n"


def test_hash_is_that_of_the_files_bytes(saved):
    data = ENGLISH.encode("cp1252")
    source = read(saved(data))
    assert source.sha256 == hashlib.sha256(data).hexdigest()
    assert (source.format, source.file, source.rendered_sha256) == ("txt", "ferry.txt", None)


def test_mojibake_is_repaired_for_display_alone(saved):
    damaged = "The â€œferryâ€\x9d is late and the cafÃ© is shut."
    source = read(saved(damaged.encode("utf-8")))
    assert source.text == damaged
    assert source.repaired and "café" in source.display and "“ferry”" in source.display
    assert any("damaged" in note for note in source.notes)


def test_clean_text_is_left_alone(saved):
    source = read(saved(ENGLISH.encode()))
    assert not source.repaired and source.display == source.text and source.notes == ()


def test_a_cut_off_last_letter_does_not_change_the_encoding(saved):
    source = read(saved("The “ferry” is late, naïvely".encode() + b"\xe2\x80"))
    assert source.encoding == "utf-8" and source.text.startswith("The “ferry”") and source.notes


@pytest.mark.parametrize("name, data, what, remedy", [
    ("empty.txt", b"", "empty", "Save the page again"),
    ("space.txt", b" \n\t\r\n", "empty", "Save the page again"),
    ("signs.txt", b"*** --- ***\n", "no words", "Save the page again"),
    ("zeros.txt", bytes(range(256)) * 40, "zero bytes", "UTF-8"),
    ("control.txt", b"\x01\x02\x03\x04 ferry \x05\x06\x07\x08" * 9, "control characters", "UTF-8"),
    ("paper.txt", b"%PDF-1.7 ferry", "a PDF", "save its text as .txt"),
    ("paper.docx", b"PK\x03\x04", "no Word document", "save it again"),
    ("paper.doc", b"\xd0\xcf\x11\xe0", "files ending in .doc are not read", ".docx, .eml, .htm, .html"),
    ("noending", b"ferry", "nothing", ".txt"),
    ("drawn.html", b"<html><body><script>ferry()</script></body></html>", "no text", "browser")])
def test_what_cannot_be_read_is_refused_by_name_with_a_remedy(saved, name, data, what, remedy):
    path = saved(data, name)
    with pytest.raises(ReadError) as refused:
        read(path)
    message = str(refused.value)
    assert message.startswith(str(path)) and what in message and remedy in message


def test_absent_file_folder_and_large_file(tmp_path, monkeypatch):
    with pytest.raises(ReadError, match="no such file"):
        read(tmp_path / "absent.txt")
    with pytest.raises(ReadError, match="folder"):
        read(tmp_path)
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(50_000_000)
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda self: pytest.fail("a file too large must not be opened"))
    with pytest.raises(ReadError, match="50 MB; the limit is 20 MB"):
        read(large)


def test_unreadable_file(saved, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")
    path = saved(b"ferry")
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(ReadError, match="cannot be opened.*may read it"):
        read(path)


PAGE = """<!-- saved from url=(0036)https://courier.example/ferries.html -->
<html><head><meta charset="windows-1252"><title>Ferries – The Courier</title><style>p {color: red}</style></head>
<body><nav><ul><li>Home</li><li>Transport</li></ul></nav><h1>Ferries “return”</h1>
<p>The night ferry sails again,<br>the company said.</p><script>document.write("not read")</script>
<p>Nobody knows why.</p></body></html>"""


def test_saved_page_is_rendered_to_plain_lines(saved, tmp_path):
    source = read(saved(PAGE.encode("cp1252"), "ferries.html"))
    assert (source.format, source.encoding) == ("html", "cp1252")
    assert source.text.split("\n") == ["* Home", "* Transport", "", "Ferries “return”", "",
                                       "The night ferry sails again,", "the company said.", "", "Nobody knows why.", ""]
    assert source.url == "https://courier.example/ferries.html"
    assert source.rendered_sha256 == hashlib.sha256(source.text.encode()).hexdigest()
    assert source.rendered_sha256 != source.sha256


def test_sidecar_holds_what_offsets_refer_to(saved, tmp_path):
    source = read(saved(PAGE.encode("cp1252"), "ferries.html"))
    sidecar = write_sidecar(source, tmp_path)
    assert sidecar.name == "ferries.html.txt"
    assert hashlib.sha256(sidecar.read_bytes()).hexdigest() == source.rendered_sha256
    written = sidecar.stat().st_mtime_ns
    assert write_sidecar(source, tmp_path).stat().st_mtime_ns == written
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ferries.html", "ferries.html.txt"]


def test_another_format_can_be_added(saved, monkeypatch):
    monkeypatch.setattr(readers, "READERS", dict(readers.READERS))
    register(".LOG", lambda path, data: Source(data.decode().upper(), "utf-8", "", "log", False, (), path.name))
    assert read(saved(b"ferry", "harbour.log")).text == "FERRY"


# documents of office programs -----------------------------------------------------------------------------------------

PARAGRAPH = ["The night ferry was cancelled again on Monday, and nobody at the har-",
             "bour knew why it had not come back from the islands in the evening.", "Tickets stay valid until June."]


def test_pdf_is_read_without_its_hard_line_breaks(tmp_path):
    harbour.pdf(tmp_path / "a.pdf", [["Ferry late", "", *PARAGRAPH, "", "Nobody knows."]])
    source = read(tmp_path / "a.pdf")
    assert source.format == "pdf" and source.notes == ()
    assert "nobody at the harbour knew why it had not come back from the islands in the evening." in source.text
    assert source.rendered_sha256 == hashlib.sha256(source.text.encode()).hexdigest()


def test_what_is_printed_on_every_page_is_left_out_and_told(tmp_path):
    told = ["Bergen", "Oslo", "Turku", "Hull", "Cork", "Brest", "Vigo", "Porto", "Nantes", "Gdynia", "Kiel", "Riga"]
    pages = [["The Pier Post", f"Page {n + 1}", *[f"In {t} another ferry came late." for t in told[3 * n:3 * n + 3]]]
             for n in range(4)]
    harbour.pdf(tmp_path / "a.pdf", [*pages, []])
    source = read(tmp_path / "a.pdf")
    assert "Pier Post" not in source.text and "Page 2" not in source.text
    assert [town for town in told if f"In {town} another" not in source.text] == []
    assert source.notes == ("pages without a text layer, which are missing here: 5",
                            "lines printed on every page, left out: 8")


def test_pdf_that_cannot_be_read_says_why(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    for make, what, remedy in (
            (lambda: harbour.pdf(path, [[], []]), "pictures without a text layer", "text recognition (OCR)"),
            (lambda: harbour.pdf(path, [["Ferry"]], user_password="x", algorithm="RC4-128"),
             "protected with a password", "enter the password"),
            (lambda: path.write_bytes(b"%PDF-1.7 not one at all" * 20), "cannot be read", "print it to a new PDF"),
            (lambda: harbour.pdf(path, [["Ferry"]] * 3), "it has 3 pages; the limit is 2", "Cut out the article")):
        monkeypatch.setattr(office, "MAX_PAGES", 2)
        make()
        with pytest.raises(ReadError) as refused:
            read(path)
        assert str(refused.value).startswith(str(path)) and what in str(refused.value) and remedy in str(refused.value)


def test_pdf_that_opens_without_a_password_is_read(tmp_path):
    harbour.pdf(tmp_path / "a.pdf", [["Ferry late"]], user_password="", owner_password="x", algorithm="RC4-128")
    assert read(tmp_path / "a.pdf").text == "Ferry late\n"


def test_word_document_keeps_paragraphs_and_tables_in_order(tmp_path):
    harbour.docx(tmp_path / "a.docx", ["Ferry “late”", "Nobody knows."], [["port", "ships"], ["Bergen", "4"]])
    source = read(tmp_path / "a.docx")
    assert (source.format, source.text) == ("docx", "Ferry “late”\n\nNobody knows.\n\nport\tships\nBergen\t4\n")


def test_word_document_that_would_burst_is_not_unpacked(tmp_path, monkeypatch):
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"word/part{n}.xml", b"\0" * 1_000_000)
    monkeypatch.setattr(office, "MAX_UNPACKED", 2_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("nothing of it may be unpacked"))
    with pytest.raises(ReadError, match="would unpack to 3 MB in 3 parts; the limits are 2 MB"):
        read(path)


@pytest.mark.parametrize("name, data, what", [
    ("a.docx", b"PK\x03\x04 and no more", "no Word document, or a damaged one"),
    ("a.docx", b"plain text", "no Word document, or a damaged one"),
    ("a.rtf", b"plain text", "no RTF document"), ("a.rtf", b"{\\rtf1 \\par}", "holds no words")])
def test_damaged_documents_are_refused(saved, name, data, what):
    with pytest.raises(ReadError, match=what):
        read(saved(data, name))


def test_zip_that_is_no_word_document_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr("photo.txt", "nothing")
    with pytest.raises(ReadError, match="the Word document cannot be read"):
        read(tmp_path / "a.docx")


def test_rtf_is_read(saved):
    text = "Ferry “late” {x}\nNobody knows.\n"
    assert read(saved(harbour.rtf(text), "a.rtf")).text == text


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.rtf"])
def test_missing_library_names_file_and_command(saved, monkeypatch, name):
    def absent(module):
        raise ImportError(module)
    path = saved({"a.pdf": b"%PDF-1.4", "a.docx": b"PK\x03\x04", "a.rtf": b"{\\rtf1 x}"}[name], name)
    monkeypatch.setattr(office, "import_module", absent)
    with pytest.raises(ReadError) as refused:
        read(path)
    assert str(refused.value).startswith(str(path)) and "is not installed" in str(refused.value)
    assert "`python -m pip install pypdf python-docx striprtf`" in str(refused.value)


def test_a_file_that_is_another_thing_than_its_name_says(saved):
    with pytest.raises(ReadError, match=r"a PDF, not what .docx says. Let its name end in .pdf"):
        read(saved(b"%PDF-1.4 ferry", "a.docx"))


# pages and e-mails ----------------------------------------------------------------------------------------------------

def test_what_a_page_says_of_itself(saved):
    source = read(saved(harbour.PAGE.encode(), "a.html"))
    assert dict(source.about) == {
        "title": "Lisbon weighs sanctions over the closed lane", "outlet": "Tagus Courier", "byline": "Rui Salgado",
        "published": "2021-05-06T08:15:00+01:00", "evidence": "the page's own field article:published_time"}
    assert source.url == "https://tagus-courier.example/2021/05/06/lane" and "never run" not in source.text


def test_what_a_page_says_to_search_engines(saved):
    told = {"@graph": [{"@type": "WebSite", "name": "x"}, {
        "@type": ["NewsArticle"], "headline": "Ferry  late", "datePublished": "2021-05-04",
        "author": [{"name": "Ada Holm"}, {"name": "Per Lind"}], "publisher": {"name": "The Pier Post"}}]}
    page = (f'<html><head><script type="application/ld+json">{json.dumps(told)}</script>'
            '<script type="application/ld+json">{"broken": </script></head><body><p>Ferry.</p></body></html>')
    assert dict(read(saved(page.encode(), "a.html")).about) == {
        "title": "Ferry late", "byline": "Ada Holm, Per Lind", "outlet": "The Pier Post", "published": "2021-05-04",
        "evidence": "the page's own field datePublished"}


def test_web_archive_gives_the_page_and_its_address(tmp_path):
    harbour.mht(tmp_path / "a.mht")
    source = read(tmp_path / "a.mht")
    assert source.format == "mht" and source.url == "https://tagus-courier.example/2021/05/06/lane?saved"
    assert source.text == read_html(tmp_path / "a.html", harbour.PAGE.encode()).text
    assert source.sha256 == hashlib.sha256((tmp_path / "a.mht").read_bytes()).hexdigest()


def test_web_archive_without_a_page(saved):
    with pytest.raises(ReadError, match="no page was found in this web archive"):
        read(saved(b"Content-Type: text/plain\n\nferry", "a.mht"))


def test_email_gives_subject_and_body(tmp_path):
    harbour.eml(tmp_path / "a.eml")
    source = read(tmp_path / "a.eml")
    assert source.text.split("\n")[0] == harbour.LETTER[0] and harbour.LETTER[1] in source.text
    assert dict(source.about) == {"title": harbour.LETTER[0], "outlet": "Harbour Letter", "published": "2021-05-21",
                                  "evidence": "the Date line of the e-mail"}
    assert source.url == "https://harbour-letter.example/21"


def test_email_with_a_page_alone_a_strange_charset_and_an_attachment(saved):
    message = EmailMessage()
    message["Subject"] = "Ferry"
    message.set_content("<p>The café is <b>shut</b>.</p>", subtype="html", charset="cp1252")
    message.add_attachment(b"secret", maintype="text", subtype="plain", filename="b.txt")
    source = read(saved(message.as_bytes().replace(b"cp1252", b"x-none").replace(b"windows-1252", b"x-none"), "a.eml"))
    assert source.text == "Ferry\n\nThe café is shut.\n" and "published" not in source.about


def test_email_without_text(saved):
    with pytest.raises(ReadError, match="no text was found in this e-mail"):
        read(saved(b"Subject: ferry\nContent-Type: image/png\n\nxx", "a.eml"))


# many texts in a file -------------------------------------------------------------------------------------------------

def parts(path, **kwargs):
    found = list(read_all(path, **kwargs))
    return [s for s in found if isinstance(s, Source)], [str(e) for e in found if isinstance(e, ReadError)]


@pytest.mark.parametrize("comma", [",", ";", "\t", "|"])
def test_table_with_one_text_a_row(saved, comma):
    rows = [["Headline", "Source", "Author", "Date", "URL", "Full text"],
            ["=1+1", "Pier Post", "Ada", "2021-05-04", "https://pier.example/1", '"=The ferry\r\nis late."'],
            ["", "", "", "", "", ""], ["Shut", "", "", "", "", "The café is shut."], ["Empty", "", "", "", "", "--"]]
    path = saved("\n".join(comma.join(row) for row in rows).encode("utf-8-sig"), "t.csv")
    good, bad = parts(path)
    assert [s.file for s in good] == ["t-1.txt", "t-2.txt"] and {s.format for s in good} == {"part"}
    assert good[0].text == "=1+1\n\n=The ferry\nis late.\n" and good[0].url == "https://pier.example/1"
    assert dict(good[0].about) == {"title": "=1+1", "outlet": "Pier Post", "byline": "Ada", "published": "2021-05-04",
                                   "evidence": "the column Date"}
    assert good[0].sha256 == hashlib.sha256(good[0].text.encode()).hexdigest()
    assert good[1].notes[0] == "row 2 of t.csv, line 5"
    assert len(bad) == 1 and "line 6: the cell of the text is empty" in bad[0]


def test_column_of_the_texts_is_named_or_asked_for(saved):
    path = saved(b"id,inhalt\n1,The ferry is late.\n", "t.csv")
    with pytest.raises(ReadError, match="no column looks like.*--text-column. Its columns are: id, inhalt"):
        list(read_all(path))
    with pytest.raises(ReadError, match="there is no column 'text'.*id, inhalt"):
        list(read_all(path, "text"))
    assert parts(path, text_column="Inhalt")[0][0].text == "The ferry is late.\n"


def test_bad_rows_cost_no_others(saved):
    good, bad = parts(saved(b'text,day\nThe ferry, is late,x\n"The inn is shut.",y\n"never closed', "t.csv"))
    assert [s.text for s in good] == ["The inn is shut.\n"]
    assert "line 2: the row has 3 cells, the first line 2" in bad[0]
    assert len(bad) == 2 and "line 4: unexpected end of data: this row and all below it are not read" in bad[1]
    rows = b'{"body": "The ferry is late.", "n": 1}\n{"body": \n["x"]\n{"body": 7}\n{"n": 2}\n'
    good, bad = parts(saved(rows, "t.jsonl"))
    assert [s.text for s in good] == ["The ferry is late.\n"]
    assert [b.split(": ", 1)[1][:25] for b in bad] == [
        "line 2: not valid JSON (E", "line 3: not an object wit",
        "line 4: the cell of the t", "line 5: the cell of the t"]


def test_a_quotation_mark_that_is_not_closed_is_told_where_it_stands(saved):
    """Not where the reader noticed; and what stands below it is no part of that text."""
    limit = csv.field_size_limit()
    rows = b'text,day\nOne ferry.,x\n"Never closed,y\n' + b'"Two, and more, ferries.",z\n' * 9
    good, bad = parts(saved(rows, "t.csv"))
    assert [s.text for s in good] == ["One ferry.\n"]
    assert len(bad) == 1 and "line 3: " in bad[0] and "all below it are not read" in bad[0]
    assert csv.field_size_limit() == limit


def test_json_list_and_deep_json(saved):
    assert [s.text for s in parts(saved(b'[{"text": "One ferry."}, {"text": "Two."}]', "t.json"))[0]] == [
        "One ferry.\n", "Two.\n"]
    with pytest.raises(ReadError, match="not valid JSON"):
        list(read_all(saved(b'["x"], [' + b"[" * 100_000, "deep.json")))


def test_table_is_no_single_text(saved):
    with pytest.raises(ReadError, match="not read as one text. `casebook new` makes a text of each of its rows"):
        read(saved(b"text\nferry", "t.csv"))


def test_ordinary_file_is_one_text(saved):
    found = list(read_all(saved(ENGLISH.encode())))
    assert found == [read(saved(ENGLISH.encode()))]


ARTICLES = {
    "nexis": [("Cod prices fall as lane stays shut", "The Vestfold Mail", "Karen Osk", "May 14, 2021 Friday",
               "44 words", "Cod prices fell by a tenth", "would go on."),
              ("A lane is not a lever", "The Vestfold Mail", "Leif Storm", "May 17, 2021 Monday", "40 words",
               "Iceland should reopen", "Lantern Line first.")],
    "old": [("Oslo talks end without a deal", "The Vestfold Mail", "KAREN OSK", "May 24, 2021 Monday", "31 words",
             "Talks between Iceland", "remained suspended."),
            ("Lantern Line to cut sailings", "The Vestfold Mail", None, "May 25, 2021 Tuesday", "16 words",
             "The Lantern Line will", "northern lane again.")],
    "factiva": [("Iceland and Portugal agree on dues", "Atlantic Press Service", "Mona Reyes", "8 June 2021",
                 "33 words", "Iceland and Portugal signed", "plan for sanctions."),
                ("Lantern Line hails accord", "Atlantic Press Service", None, "9 June 2021", "18 words",
                 "The Lantern Line welcomed", "restored in July.")],
    "coded": [("Harbour Council plans new rules for dues", "Atlantic Press Service", "Mona Reyes", "15 June 2021",
               "27 words", "The Harbour Council will", "wants more time.")],
}


def coded_text(glue):
    return "\n".join(f"{code}{glue}{words}" for code, words in harbour.FACTIVA_CODED) + "\n"


@pytest.mark.parametrize("name, make, expected, database", [
    ("a.docx", lambda p: harbour.docx(p, harbour.NEXIS.split("\n")), "nexis", "Nexis Uni"),
    ("a.rtf", lambda p: p.write_bytes(harbour.rtf(harbour.NEXIS)), "nexis", "Nexis Uni"),
    ("a.txt", lambda p: p.write_bytes(harbour.NEXIS.replace("\n", "\r\n").encode("cp1252")), "nexis", "Nexis Uni"),
    ("a.txt", lambda p: p.write_text(harbour.OLD_NEXIS, encoding="utf-8"), "old", "LexisNexis"),
    ("a.rtf", lambda p: p.write_bytes(harbour.rtf(harbour.FACTIVA_PLAIN)), "factiva", "Factiva"),
    ("a.docx", lambda p: harbour.docx(p, harbour.FACTIVA_PLAIN.split("\n")), "factiva", "Factiva"),
    ("a.txt", lambda p: p.write_text(harbour.FACTIVA_PLAIN, encoding="utf-8"), "factiva", "Factiva"),
    ("a.docx", lambda p: harbour.docx(p, [], harbour.FACTIVA_CODED), "coded", "Factiva"),
    ("a.txt", lambda p: p.write_text(coded_text("\t"), encoding="utf-8"), "coded", "Factiva"),
    ("a.txt", lambda p: p.write_text(coded_text("\n\n"), encoding="utf-8"), "coded", "Factiva"),
    ("a.rtf", lambda p: p.write_bytes(harbour.rtf(coded_text("\t"))), "coded", "Factiva")])
def test_exports_are_cut_into_articles_with_what_they_say(tmp_path, name, make, expected, database):
    make(tmp_path / name)
    found, bad = parts(tmp_path / name)
    assert not bad and len(found) == len(ARTICLES[expected])
    for n, (source, (title, outlet, byline, published, length, first, last)) in enumerate(
            zip(found, ARTICLES[expected]), 1):
        assert {k: source.about.get(k) for k in ("title", "outlet", "byline", "published", "length")} == {
            "title": title, "outlet": outlet, "byline": byline, "published": published, "length": length}
        assert source.about["evidence"] == f"the date line of the {database} export"
        assert source.notes[0] == f"article {n} of {len(found)} in the {database} export {name}"
        head = [title, *([f"By {byline}"] if byline else []), f"Published: {published}"]
        body = source.text.strip("\n").split("\n\n")
        assert body[:len(head)] == head and body[len(head)].startswith(first) and body[-1].endswith(last)
        assert not re.search(r"Copyright|\(c\)|All Rights|Load-Date|LANGUAGE|Classification|Document|Graphic",
                             source.text)


def test_export_without_an_article_says_so(saved):
    with pytest.raises(ReadError, match="looks like a Factiva export, but no article"):
        list(read_all(saved(b"nothing\n\nDocument APSX000020210615eh6f00ghi\n")))


PARAGRAPHS = [
    "The Ferry Is Late Again",
    "The night ferry to the northern islands sailed four hours late on Monday, and nobody at the pier could say why, "
    "since the harbour office had closed at noon and the telephone rang in an empty room until the evening.",
    "Q: What did the crews do?",
    "A: They waited in the galley and played cards, as they had done on each of the nine days before, and then one of "
    "them went to look for the captain, who was asleep on a well-worn bench behind the chandler's.",
    "- one ferry",
    "- no captain worth the name, said the cook, who had been there since the first day of the old company"]


def test_lines_filled_to_a_margin_are_joined_to_paragraphs(saved):
    import textwrap
    filled = "\n\n".join("\n".join(textwrap.wrap(p, 72, break_on_hyphens=False)) for p in PARAGRAPHS * 2) + "\n"
    source = read(saved(filled.encode(), "filled.txt"))
    assert [line for line in source.text.split("\n") if line] == PARAGRAPHS * 2
    assert source.rendered_sha256 == hashlib.sha256(source.text.encode()).hexdigest()
    assert any("margin" in note for note in source.notes)


def test_lines_that_were_not_filled_stay_as_they_are(saved):
    verse = "the ferry is late\nand so is the tide\nthe cook in the galley\nhas nothing to hide\n" * 5
    for text in ("\n".join(PARAGRAPHS) + "\n", verse):
        source = read(saved(text.encode(), "plain.txt"))
        assert source.text == text and source.rendered_sha256 is None


@pytest.mark.parametrize("head, body, title", [
    ("<title>Ferry late | Pier Post</title><meta property='og:site_name' content='Pier Post'>", "", "Ferry late"),
    ("<title>Ferry late – Pier Post</title>", "<h1>Ferry  late</h1>", "Ferry late"),
    ("<meta property='og:title' content='Ferry late - The Pier Post'>"
     "<meta property='og:site_name' content='Pier Post'>", "", "Ferry late"),
    ("<title>Ferry late | Island news | Pier Post</title><meta property='og:site_name' content='Pier Post'>",
     "<h1>Ferry late</h1>", "Ferry late"),
    ("<title>Ferry late – again</title>", "<h1>Ferry late – again</h1>", "Ferry late – again"),
    ("<title>Ferry late | who pays?</title>", "", "Ferry late | who pays?"),
])
def test_the_sites_name_is_no_part_of_a_title(saved, head, body, title):
    page = f"<html><head>{head}</head><body>{body}<p>Nobody knew why it had not come.</p></body></html>"
    assert read(saved(page.encode(), "ferries.html")).about["title"] == title
