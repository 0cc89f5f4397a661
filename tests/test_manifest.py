"""Hostile lines of a manifest: each is told with its line and a remedy, and nothing in the folder is touched."""
import shutil

import pytest

from helpers import PROJECT_DATA
from helpers.case import CaseError, open_case, place_texts, wrong_name
from helpers.checking import check_kept
from helpers.newcase import safe_file
from helpers.proposals import free_id
from helpers.tables import TableError, row_lines

RAW = PROJECT_DATA / "raw" / "practice"
TEXT = (RAW / "documents.csv").read_text(encoding="utf-8")
AT = TEXT.splitlines().index(next(row for row in TEXT.splitlines() if row.startswith("wire,"))) + 1
SHA = next(row for row in TEXT.splitlines() if row.startswith("wire,")).split(",")[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    data = tmp_path_factory.mktemp("hostile")
    (data / "raw" / "practice").mkdir(parents=True)
    for path in RAW.iterdir():
        if path.is_file():
            shutil.copy(path, data / "raw" / "practice")
    return data


def opened(data, content):
    """Open the case with another manifest. Returns it; nothing but the manifest may be another afterwards."""
    folder = data / "raw" / "practice"
    (folder / "documents.csv").write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    try:
        return open_case("practice", data)
    finally:
        assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def refused(data, content):
    with pytest.raises((CaseError, TableError)) as error:
        opened(data, content)
    said = str(error.value)
    assert said.startswith("practice/documents.csv: ") and len(said) < 1200
    return said


@pytest.mark.parametrize("content", [
    b"\xef\xbb\xbf" + TEXT.encode(), TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "\r"), "\n\n" + TEXT + "\n\n",
    TEXT.replace("\nwire,", "\n\n\nwire,")], ids=["mark", "crlf", "cr", "blank lines", "blank lines inside"])
def test_marks_and_line_ends_cost_nothing(data, content):
    case = opened(data, content)
    assert len(case.manifest) == 8 and case.has_texts


@pytest.mark.parametrize("old, new, said", [
    ("\nwire,", "\nwi\tre,", "'doc_id' is 'wi\\tre'; it must be small letters a to z, figures, - and _"),
    ("\nwire,", '\n"wire\n",', "'doc_id' is 'wire\\n'"),
    ("\nwire,", "\n wire,", "'doc_id' is ' wire'"),
    ("\nwire,", "\nwire.,", "'doc_id' is 'wire.'"),
    ("\nwire,", "\nWIRE,", "'doc_id' is 'WIRE'"),
    ("\nwire,", "\nhalta,", "the key doc_id stands twice ('halta')"),
    ("\nwire,", "\n../x,", "'doc_id' is '../x'"),
    ("\nwire,", "\ncon,", "the doc_id 'con' is the name of a device on Windows. Write another, such as 'text-con'"),
    ("\nwire,", "\nwіre,", "with U+0456 CYRILLIC SMALL LETTER"),
    ("elsin-wire.txt", "halta.txt", "the file 'halta.txt' is named twice"),
    ("elsin-wire.txt", "HALTA.TXT", "named twice, for not every system tells it from 'halta.txt'"),
    ("elsin-wire.txt", "ｈalta.txt", "named twice, for not every system tells it from 'halta.txt'"),
    ("elsin-wire.txt", "hаlta.txt", "mixes alphabets in a word: U+0430 is CYRILLIC SMALL LETTER A"),
    ("elsin-wire.txt", "halta\u200b.txt", "(with U+200B ZERO WIDTH SPACE) holds a sign that cannot be seen"),
    ("elsin-wire.txt", "elsin\u202etxt.wire", "holds a sign that cannot be seen"),
    ("elsin-wire.txt", "a\0b.txt", "holds a sign that cannot be seen"),
    ("elsin-wire.txt", '"elsin\nwire.txt"', "holds a sign that cannot be seen"),
    ("elsin-wire.txt", "../x.txt", "is not a plain file name"),
    ("elsin-wire.txt", "..\\x.txt", "is not a plain file name"),
    ("elsin-wire.txt", "/etc/hostname", "is not a plain file name"),
    ("elsin-wire.txt", "C:\\x.txt", "is not a plain file name"),
    ("elsin-wire.txt", "CON", "is the name of a device on Windows"),
    ("elsin-wire.txt", "con .txt", "is the name of a device on Windows"),
    ("elsin-wire.txt", "wire.txt ", "begins or ends with a blank"),
    ("elsin-wire.txt", "wire.", "ends with a dot"),
    ("elsin-wire.txt", "wi?re.txt", "holds ?, which no file's name can hold on Windows"),
    ("elsin-wire.txt", "Documents.csv", "is a file of the case itself"),
    ("elsin-wire.txt", "ledger-leak.html.txt", "the plain text that is made of 'ledger-leak.html'"),
    ("elsin-wire.txt", "w" * 300 + ".txt", "is 304 bytes long; 200 is the most"),
    ("elsin-wire.txt", "", "'file' is empty"),
    ("\nwire,", "\n" + "w" * 10_000_000 + ",", "holds more than 20,000 characters"),
    (SHA, "a" * 10_000_000, "'sha256' is 'aaaaa"),
])
def test_a_hostile_cell_is_told_with_its_line(data, old, new, said):
    assert TEXT.count(old) == 1
    told = refused(data, TEXT.replace(old, new))
    assert said in told and f"line {AT}: " in told


@pytest.mark.parametrize("content, said", [
    (TEXT.replace(",", "\t"), "line 1: the cells are parted by tabs, not by commas. Save it as"),
    (TEXT.replace(",", ";"), "line 1: the cells are parted by semicolons"),
    (TEXT.replace("file,", "file,file,", 1), "line 1: the column 'file' stands twice"),
    (TEXT + "zz,zz.txt," + "a" * 64 + "," * 30 + "\n", "line 10: the row has 33 cells, the first line 19"),
    (TEXT + 'zz,"zz.txt,\n\n', "line 10: unexpected end of data. Look for a quotation mark that is not closed"),
    (TEXT.replace("\nwire,", "\n\n\nwire,") + "zz,zz.txt,bad\n", "line 12: 'sha256' is 'bad'"),
    (TEXT.replace('"HALTA, Mar 2025"', '"HALTA,\nMar 2025"') + "zz,zz.txt,bad\n", "line 11: 'sha256' is 'bad'"),
    (TEXT.encode("utf-16"), "not UTF-8"), ("", "is empty. Its first line names the columns"),
])
def test_a_file_that_is_no_table_is_told(data, content, said):
    assert said in refused(data, content)


def test_all_faults_are_told_at_once(data):
    told = refused(data, TEXT.replace("elsin-wire.txt", "con.txt").replace("halta.txt", "../x.txt").replace(
        "slack-water.txt", "keel-and-turret.txt"))
    assert [line.strip().split(": ")[0] for line in told.splitlines()[1:]] == ["line 3", "line 4", "line 5"]


def test_a_row_is_counted_by_its_line():
    assert row_lines('a,b\n"1\n2",x\n\n3,y\n') == [2, 5]
    assert row_lines("") == []


def test_a_text_that_two_rows_share_is_placed_for_both_and_told(data):
    sha = next(row for row in TEXT.splitlines() if row.startswith("halta,")).split(",")[2]
    case = opened(data, TEXT.replace(SHA, sha).replace("elsin-wire.txt", "elsin-2.txt"))
    placed = place_texts(case, RAW)
    assert set(placed.loc[placed["outcome"].isin(["placed", "already there"]) & placed["file"].eq("halta.txt"),
                          "doc_id"]) == {"halta", "wire"}
    assert case.has_texts
    (data / "raw" / "practice" / "elsin-2.txt").unlink()
    assert any(f"documents.csv:{AT}: wire: the sha256" in line and "stands on line 3 already" in line
               for line in check_kept(open_case("practice", data)))


def test_a_manifest_without_a_document_is_told(data):
    assert any("documents.csv:1: no document is listed" in line
               for line in check_kept(opened(data, TEXT.splitlines()[0] + "\n")))


@pytest.mark.parametrize("name", ["hаlta.txt", "報" * 200 + ".txt", "con .txt", "a\u200bb.txt", "Лодка report.txt",
                                  "documents.csv", "halta.", "  x  .txt"])
def test_a_new_case_makes_names_that_a_manifest_takes(name):
    made = safe_file(name, set())
    assert wrong_name(made) == "" and wrong_name(f"{made}.txt") == ""
    assert free_id("con", set()) == "text-con"
