"""Reading: every common encoding, saved pages, and clear refusals."""
import hashlib

import pytest

from helpers import readers
from helpers.readers import ReadError, Source, read, register, write_sidecar

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
