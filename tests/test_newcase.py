"""A new case: what goes in, what is drafted, what is refused, and that every page can be made of it."""
import csv
import hashlib
import os
import re
import shutil
from pathlib import Path

import harbour
import pandas as pd
import pytest

from helpers import cli, newcase, readers
from helpers.case import CaseError, open_case, place_texts
from helpers.codebook import CodebookError, load_codebook
from helpers.newcase import new_case
from helpers.pipeline import build
from helpers.proposals import propose_actors
from helpers.tables import to_csv


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return harbour.write(tmp_path_factory.mktemp("given"))


@pytest.fixture(scope="module")
def made(folder, tmp_path_factory):
    """The case made of all formats, and its data folder."""
    data = tmp_path_factory.mktemp("data")
    return new_case("ports", folder, data), data


def run(capsys, *arguments):
    code = cli.main([str(a) for a in arguments])
    printed = capsys.readouterr()
    assert "Traceback" not in printed.out + printed.err
    return code, printed.out, printed.err


def put(folder: Path, **files: str | bytes) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        path = folder / name.replace("__", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


FERRY = "Ferry late again\n\nThe night ferry of the Lantern Line was late on Monday, said Ada Holm.\n"


def test_every_text_of_every_format_is_in_the_manifest(made):
    new, data = made
    rows = new.manifest.set_index("doc_id")
    assert (len(rows), new.left_out) == (16, [])
    told = rows[["outlet", "byline", "published_earliest", "published_basis", "language"]].astype(object)
    told = told.where(told.notna(), None)
    assert [tuple(row) for row in told.loc[["courier", "harbour-letter", "the-vestfold-mail-2", "pier-post", "couloir",
                                            "wire"]].values] == [
        ("Tagus Courier", "Rui Salgado", "2021-05-06", "stated", "en"),
        ("Harbour Letter", None, "2021-05-21", "stated", "en"),
        ("The Vestfold Mail", "Leif Storm", "2021-05-17", "stated", None),     # nineteen words: too short to tell
        (None, "Ada Holm", "2021-05-04", "stated", "en"),
        (None, None, None, "unknown", "fr"),
        (None, None, None, "unknown", "en")]
    assert rows.loc["sea-notes", ["published_earliest", "published_latest"]].tolist() == ["2021-03-04", "2021-04-03"]
    assert rows.loc["courier", "url"] == "https://tagus-courier.example/2021/05/06/lane"
    assert rows["short_name"].is_unique and rows["short_name"].notna().all()
    assert rows.loc["the-vestfold-mail", "note"] == "Article 1 of 2 in the Nexis Uni export nexis.docx."


def test_texts_lie_beside_the_manifest_with_their_digests(made):
    case = open_case("ports", made[1])
    assert case.has_texts
    for row in case.manifest.itertuples():
        content = (case.raw / row.file).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row.sha256
        beside = case.raw / f"{row.file}.txt"
        assert beside.exists() == pd.notna(row.text_sha256) == (Path(row.file).suffix != ".txt")
        if beside.exists():
            assert case.text(row.doc_id) == beside.read_text(encoding="utf-8")
            assert hashlib.sha256(beside.read_bytes()).hexdigest() == row.text_sha256
    assert {p.name for p in case.data.glob("raw/.new*")} == set()
    ignored = (case.raw / ".gitignore").read_text().splitlines()
    assert {f"*{Path(f).suffix}" for f in case.manifest["file"]} <= set(ignored)


def test_a_formula_in_a_table_stays_a_text(made):
    new, _ = made
    title = new.manifest.set_index("doc_id").loc["harbour-radio", "title"]
    assert title == "'=HYPERLINK(\"http://evil.example\")"
    assert (new.path / "radio-1.txt").read_text(encoding="utf-8").startswith("=HYPERLINK")
    assert any(line.startswith("harbour-radio: a field begins like a formula") for line in new.said)


def test_a_short_body_is_not_english_because_its_page_is():
    pytest.importorskip("py3langid")
    page = "The harbour office said on Monday that the night ferry will stay at its berth until spring, as pilots lack."
    body = "Le bac reste à quai jusqu’au printemps."
    assert newcase._language(None, f"{page}\n\n{body}") is None
    assert newcase._language("fr", page) == "fr" and newcase._language("en", body) == "en"


def test_the_front_page_shows_what_the_author_wrote_and_no_words_to_the_author(made):
    from helpers.pages.index import _about
    new, data = made
    case, readme = open_case("ports", data), new.path / "README.md"
    given = readme.read_text(encoding="utf-8")
    assert "Say here" in given and _about(case) == "" and case.title == "ports"
    readme.write_text(f"{given}\nA quarrel over dues.\n", encoding="utf-8")
    assert _about(case) == "A quarrel over dues."
    readme.write_text(given, encoding="utf-8")


def test_what_was_guessed_is_to_be_confirmed(made):
    new, _ = made
    text = (new.path / "to-confirm.md").read_text(encoding="utf-8")
    assert text.count("- [ ] ") == len(new.confirm) and text.count("## ") == 16 + 2
    asked = {(d, f) for d, f, _ in new.confirm}
    assert {("pier-post", "title"), ("pier-post", "outlet"), ("wire", "published"), ("couloir", "language")} <= asked
    assert not {("courier", "title"), ("courier", "outlet"), ("courier", "byline")} & asked
    assert "- [ ] `language`: looks like “fr”: kept, and left out of the coding" in text
    assert ("the-vestfold-mail-2", "language") in asked and "- [ ] `language`: too short to tell" in text
    assert any("Too short to tell the language" in line and "the-vestfold-mail-2" in line for line in new.told())
    assert "published_latest and published_best`: 2021-05-04, stated by the page: stamped 4 May" in text


def test_an_article_cut_off_is_noticed_by_its_length(tmp_path):
    text = harbour.FACTIVA_PLAIN.replace("33 words", "1,240 words")
    new = new_case("ports", put(tmp_path / "in", a__txt=text), tmp_path)
    assert [(f, w.split(",")[0]) for _, f, w in new.confirm if f == "file"] == [("file", "the export says 1240 words")]


def test_actors_are_proposed_and_count_only_when_confirmed(made, tmp_path):
    new, data = made
    rows = list(csv.DictReader((new.path / "codebook" / "proposed-actors.csv").open(encoding="utf-8")))
    found = {r["name"]: r for r in rows}
    assert [r["actor_id"] for r in rows[:3]] == ["PRT", "ISL", "NOR"] and rows[0]["colour"] == "#0072B2"
    assert (found["Lantern Line"]["kind"], found["Bryndis Vell"]["kind"]) == ("organisation", "person")
    vell = found["Bryndis Vell"]
    assert [vell[c] for c in ("actor_id", "country", "bloc", "office")] == [
        "ISL.vell", "ISL", "Iceland", "foreign minister"]
    case = open_case("ports", data)
    for row in rows:
        doc_id, at = row["first_at"].split(":")
        assert row["kind"] == "state" or case.text(doc_id)[int(at):].startswith(row["name"])
    names = [r["name"] for r in rows]
    assert not {"Portuguese", "Monday", "The", "Talks", "Sanctions"} & set(names) and len(names) == len(set(names))
    assert "lantern-line" not in set(load_codebook(new.path).actors["actor_id"])
    shutil.copytree(new.path / "codebook", tmp_path / "codebook")
    shutil.copy(tmp_path / "codebook" / "proposed-actors.csv", tmp_path / "codebook" / "actors.csv")
    book = load_codebook(tmp_path)
    assert {"lantern-line", "ISL.vell", "PRT"} <= set(book.actors["actor_id"])
    assert book.actors.set_index("actor_id").loc["ISL", "bloc"] == "Iceland"
    actors = tmp_path / "codebook" / "actors.csv"
    actors.write_text(actors.read_text(encoding="utf-8").replace("organisation", "firm"), encoding="utf-8")
    with pytest.raises(CodebookError, match="the kind 'firm' is not known"):
        load_codebook(tmp_path)


def test_ids_of_who_belongs_to_a_state_begin_with_its_code():
    body = ("The Peruvian foreign minister Ada Holm spoke. The Peruvian defence minister Eva Holm agreed, Ada Holm "
            "said. Ivo Brandt said no. Eva Holm met Ivo Brandt.")
    cuts = [0, body.index("The Peruvian d"), body.index("Ivo"), body.index("Eva Holm met"), len(body)]
    rows = pd.DataFrame({"start": cuts[:-1], "end": cuts[1:], "section": "body"})
    found = propose_actors({"post": (body, rows)}, load_codebook(None)).set_index("name")["actor_id"]
    assert found[["Ada Holm", "Eva Holm"]].tolist() == ["PER.holm", "PER.eva-holm"]     # who stands first has the name
    assert found["Ivo Brandt"] == "ivo-brandt"      # whose he is, no text says


def test_a_surname_counts_for_its_full_name():
    body = "Ada Holm was late. The pilot met Holm and the Holm Bank. Nobody, said Holm, knew."
    rows = pd.DataFrame({"start": [0, 19, 57], "end": [18, 56, len(body)], "section": "body"})
    found = propose_actors({"post": (body, rows)}, load_codebook(None))
    assert found[["name", "kind", "times", "first_at"]].values.tolist() == [["Ada Holm", "person", 3, "post:0"]]


def test_a_text_in_another_language_is_kept_and_not_coded(made):
    case = open_case("ports", made[1])
    tables = build(case)
    assert tables["failures"].empty
    for name in ("sentences", "times", "mentions", "quotes", "event_mentions", "frames", "words"):
        assert "couloir" not in set(tables[name]["doc_id"]) and len(tables[name])
    assert (tables["lines"]["doc_id"] == "couloir").any() and "couloir" in set(tables["documents"]["doc_id"])
    assert case.state().endswith("Not in English, so kept but not coded: couloir (fr).")
    assert case.coded() == [d for d in case.choose() if d != "couloir"]


def test_texts_of_all_formats_can_be_placed_again(made, folder, tmp_path):
    new, data = made
    shutil.copytree(data / "raw", tmp_path / "raw")
    case = open_case("ports", tmp_path)
    before = {p.name: p.read_bytes() for p in case.raw.iterdir() if p.is_file()}
    for file in case.manifest["file"]:
        (case.raw / file).unlink()
        (case.raw / f"{file}.txt").unlink(missing_ok=True)
    assert not open_case("ports", tmp_path).present.any()
    placed = place_texts(open_case("ports", tmp_path), folder)
    assert set(placed["outcome"]) == {"placed"} and open_case("ports", tmp_path).has_texts
    assert {p.name: p.read_bytes() for p in case.raw.iterdir() if p.is_file()} == before


def test_another_reader_does_not_move_what_was_measured(made, tmp_path, monkeypatch):
    shutil.copytree(made[1] / "raw", tmp_path / "raw")
    case = open_case("ports", tmp_path)
    text = case.text("courier")
    monkeypatch.setitem(readers.READERS, ".html", lambda path, data: pytest.fail("the text lies beside it"))
    assert open_case("ports", tmp_path).text("courier") == text
    (case.raw / "courier.html.txt").write_text("another text", encoding="utf-8")
    monkeypatch.setitem(readers.READERS, ".html", lambda path, data: readers.read_txt(path, b"Rendered otherwise"))
    with pytest.raises(CaseError, match="The text made of courier.html is not the one that was measured"):
        open_case("ports", tmp_path).text("courier")


# what cannot go in ----------------------------------------------------------------------------------------------------

def test_bad_files_are_named_and_the_rest_goes_in(tmp_path, capsys):
    given = put(tmp_path / "in", good__txt=FERRY, empty__txt="", binary__txt=bytes(range(256)) * 9, note__md="# x",
                scan__doc=b"\xd0\xcf\x11\xe0", burst__docx=b"PK\x03\x04", column__csv="a,b\n1,2\n",
                mixed__csv='text,title\n"The ferry of Ada Holm was late on Tuesday.",x\n,empty\n')
    (given / "huge.txt").open("wb").truncate(30_000_000)
    (given / "latin.txt").write_bytes("Café fermé, façade à l’abandon: the ferry is late again.".encode("cp1252"))
    harbour.pdf(given / "locked.pdf", [["Ferry"]], user_password="x", algorithm="RC4-128")
    (given / "page_files").mkdir()
    (given / "deeper").mkdir()
    os.symlink("/etc/hostname", given / "link.txt")
    code, out, err = run(capsys, "new", "ports", "--from", given, "--data", tmp_path / "data")
    assert code == 1
    told = dict(re.findall(r"^left out: ([\w.]+): (.*)$", err, re.M))
    assert {k: v[:34] for k, v in told.items()} == {
        "empty.txt": "the file is empty. Save the page a", "binary.txt": "it holds zero bytes, which no plai",
        "note.md": "files ending in .md are not read. ", "scan.doc": "files ending in .doc are not read.",
        "burst.docx": "it is no Word document, or a damag", "column.csv": "no column looks like the one with ",
        "mixed.csv": "line 3: the cell of the text is em", "huge.txt": "it holds 30 MB; the limit is 20 MB",
        "locked.pdf": "the PDF is protected with a passwo", "link.txt": "a link that leads out of the folde"}
    assert "deeper: a folder in the folder is not opened" in out and "page_files" not in out + err
    assert set(open_case("ports", tmp_path / "data").manifest["file"]) == {"good.txt", "latin.txt", "mixed-1.txt"}
    confirm = (tmp_path / "data" / "raw" / "ports" / "to-confirm.md").read_text(encoding="utf-8")
    assert all(f"- {name}: " in confirm for name in told)


def test_the_same_text_is_kept_once(tmp_path):
    given = put(tmp_path / "in", a__txt=FERRY, b__txt=FERRY, c__txt=FERRY.replace("\n", "\r\n") + "\n\n",
                d__html="<p>" + FERRY.replace("\n\n", "</p><p>") + "</p>")
    new = new_case("ports", given, tmp_path)
    assert new.manifest["file"].tolist() == ["a.txt"] and not new.left_out
    assert new.said == [f"{name}: the same text as a.txt, kept once." for name in ("b.txt", "c.txt", "d.html")]


@pytest.mark.parametrize("name, kept", [
    ("..\\..\\evil.txt", "evil.txt"), ("con.txt", "text-con.txt"), ("Aux.page.txt", "text-Aux.page.txt"),
    ("a\x1b[2Jb\n.txt", "a-[2Jb.txt"), ("...txt.txt", "txt.txt"), ("-rf.txt", "rf.txt"), ("a:b|c?.txt", "a-b-c.txt"),
    ("f" * 240 + ".txt", "f" * 80 + ".txt"), ("\u202eexe.txt", "exe.txt"), ("лодка.txt", "лодка.txt"),
    ("a. .txt", "a.txt"), ("Ferry report 4 May.txt", "Ferry report 4 May.txt")])
def test_hostile_names_of_files_become_harmless(tmp_path, name, kept):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text(FERRY, encoding="utf-8")
    new = new_case("ports", tmp_path / "in", tmp_path)
    assert new.manifest["file"].tolist() == [kept]
    assert (tmp_path / "raw" / "ports" / kept).is_file() and open_case("ports", tmp_path).has_texts
    assert re.fullmatch(r"[a-z][a-z0-9-]*", new.manifest["doc_id"][0])
    assert bool(new.said) == (name != kept) and all(line.isprintable() for line in new.said + new.told())


def test_names_that_no_terminal_can_show(tmp_path):
    (tmp_path / "in").mkdir()
    with open(os.fsencode(tmp_path / "in") + b"/\xff\xfe.txt", "w") as file:
        file.write(FERRY)
    new = new_case("ports", tmp_path / "in", tmp_path)
    assert len(new.manifest) == 1 and open_case("ports", tmp_path).has_texts


def test_names_that_differ_by_case_or_collide_with_a_sidecar(tmp_path):
    given = put(tmp_path / "in", A__txt="One ferry came late.", a__txt="Two ferries came late.",
                P__html="<p>Three ferries came late.</p>", P__html__txt="Four ferries came late.")
    new = new_case("ports", given, tmp_path)
    assert sorted(new.manifest["file"]) == ["A.txt", "P.html", "P.html-2.txt", "a-2.txt"]
    case = open_case("ports", tmp_path)
    assert sorted(case.text(d).split()[0] for d in case.choose()) == ["Four", "One", "Three", "Two"]
    assert len({f.lower() for f in os.listdir(case.raw)}) == len(os.listdir(case.raw))


@pytest.mark.parametrize("name", ["../ports", "Ports", "", "a/b", "con", ".hidden", "1st", "a" * 41, "por ts", "лодка"])
def test_a_name_that_is_no_safe_folder_is_a_wrong_call(tmp_path, capsys, name):
    code, out, err = run(capsys, "new", name, "--from", put(tmp_path / "in", a__txt=FERRY), "--data", tmp_path / "data")
    assert (code, out) == (2, "") and "cannot be the name of a case" in err
    assert list((tmp_path / "data" / "raw").iterdir()) == []


def test_a_case_that_exists_is_never_touched(tmp_path, capsys):
    given, data = put(tmp_path / "in", a__txt=FERRY), tmp_path / "data"
    put((data / "raw").resolve().parent, x__txt="") if data.exists() else data.mkdir()
    (data / "raw" / "Ports").mkdir(parents=True)
    (data / "processed" / "docks").mkdir(parents=True)
    for name in ("ports", "docks"):
        code, out, err = run(capsys, "new", name, "--from", given, "--data", data)
        assert (code, out) == (2, "") and "is there already, and nothing in it was touched" in err
    assert [p.name for p in (data / "raw").iterdir()] == ["Ports"]


def test_no_folder_and_no_text(tmp_path, capsys):
    code, _, err = run(capsys, "new", "ports", "--from", tmp_path / "nowhere", "--data", tmp_path / "data")
    assert code == 2 and "There is no folder" in err
    code, _, err = run(capsys, "new", "ports", "--from", put(tmp_path / "in", a__txt=""), "--data", tmp_path / "data")
    assert code == 1 and "No text could be read, so no case was made.\n  a.txt: the file is empty" in err
    code, _, err = run(capsys, "new", "ports", "--from", put(tmp_path / "in2"), "--data", tmp_path / "data")
    assert code == 1 and "holds no file that could be one" in err
    assert list((tmp_path / "data" / "raw").iterdir()) == []


@pytest.mark.parametrize("where", ["propose_actors", "_confirm", "_draft"])
def test_interrupted_it_leaves_nothing(tmp_path, capsys, monkeypatch, where):
    def stop(*_, **__):
        raise KeyboardInterrupt
    monkeypatch.setattr(newcase, where, stop)
    given = put(tmp_path / "in", a__txt=FERRY)
    code, _, err = run(capsys, "new", "ports", "--from", given, "--data", tmp_path / "data")
    assert code == 1 and "Stopped." in err
    assert list((tmp_path / "data" / "raw").iterdir()) == []
    monkeypatch.undo()
    assert run(capsys, "new", "ports", "--from", given, "--data", tmp_path / "data")[0] == 0


def test_killed_it_leaves_nothing_that_looks_like_a_case(tmp_path, monkeypatch):
    monkeypatch.setattr(newcase.shutil, "rmtree", lambda *_, **__: None)        # nobody was left to clear up

    def die(*_):
        raise SystemExit
    monkeypatch.setattr(newcase.os, "rename", die)
    given = put(tmp_path / "in", a__txt=FERRY)
    with pytest.raises(SystemExit):
        new_case("ports", given, tmp_path)
    monkeypatch.undo()
    from helpers.case import list_cases
    assert list_cases(tmp_path) == [] and list((tmp_path / "raw").iterdir())
    new_case("ports", given, tmp_path)
    assert list_cases(tmp_path) == ["ports"] and [p.name for p in (tmp_path / "raw").iterdir()] == ["ports"]


def test_a_missing_library_costs_only_its_files(tmp_path, capsys, monkeypatch):
    from helpers.readers import office

    def absent(module):
        raise ImportError(module)
    monkeypatch.setattr(office, "import_module", absent)
    given = put(tmp_path / "in", a__txt=FERRY, b__rtf=b"{\\rtf1 x}")
    code, out, err = run(capsys, "new", "ports", "--from", given, "--data", tmp_path / "data")
    assert code == 1 and "1 texts went into" in out
    assert "left out: b.rtf: .rtf files are read with striprtf, which is not installed" in err
    assert "`python -m pip install pypdf python-docx striprtf`" in err


def test_hostile_words_stay_words(tmp_path):
    page = ('<html><head><title>x</title><meta property="og:title" content="&lt;img src=x onerror=alert(1)&gt;{{7*7}}">'
            '<meta property="og:site_name" content="@SUM(A1)\x07"><link rel="canonical" href="javascript:alert(1)">'
            '</head><body><p>The ferry was late on Monday, and nobody knew why it had not come.</p></body></html>')
    given = put(tmp_path / "in", a__html=page, b__txt=FERRY.replace("late again", "<img src=x> again"))
    (given / "<img>.png").write_bytes(b"x")
    new = new_case("ports", given, tmp_path)
    row = new.manifest.iloc[0]
    assert pd.isna(row["url"]) and row["outlet"] == "'@SUM(A1)"
    assert row["title"] == "<img src=x onerror=alert(1)>{{7*7}}"
    confirm = (new.path / "to-confirm.md").read_text(encoding="utf-8")
    assert "<img" not in confirm and "- [ ] `title`: “Ferry &lt;img src=x&gt; again”" in confirm
    assert open_case("ports", tmp_path).has_texts


@pytest.mark.parametrize("words, days", [
    ("May 4, 2021 Tuesday", ("2021-05-04", "2021-05-04")), ("20210504T0815", ("2021-05-04", "2021-05-04")),
    ("13/04/2021", ("2021-04-13", "2021-04-13")),
    ("01/12/2021", ("2021-01-12", "2021-12-01")), ("12/01/2021", ("2021-01-12", "2021-12-01")),
    ("04.04.2021", ("2021-04-04", "2021-04-04")),
    ("May 2021", ("2021-05-01", "2021-05-31")), ("2021-13-45", None), ("45/45/2021", None), ("2021", None), ("", None)])
def test_dates_as_files_write_them(words, days):
    assert newcase.day_of(words) == days


# from folder to pages -------------------------------------------------------------------------------------------------

def test_the_commands_it_names_lead_to_pages_with_and_without_texts(tmp_path, capsys):
    given, data = harbour.write(tmp_path / "in"), tmp_path / "data"
    for name in ("nexis.docx", "old-nexis.txt", "factiva-coded.docx", "notes.jsonl"):
        (given / name).unlink()
    code, out, _ = run(capsys, "new", "ports", "--from", given, "--data", data, "--title", "Who runs the ports?")
    assert code == 0 and "10 texts went into" in out
    named = [line.strip().split() for line in out.splitlines()[-3:]]
    assert [words[:3] for words in named] == [["casebook", c, "ports"] for c in ("check", "build", "render")]
    for _ in range(2):
        for words in named:
            out_folder = ["--out", tmp_path / "reports"] if words[1] == "render" else []
            code, out, err = run(capsys, *words[1:], *out_folder)
            assert code == 0, err
        assert "failed" not in out and Path(out.splitlines()[-1]).is_file()
        case = open_case("ports", data)
        page = (tmp_path / "reports" / "ports" / "05-compare-framing.html").read_text(encoding="utf-8")
        assert "couloir (fr)" in page and case.title == "Who runs the ports?"
        for path in case.raw.iterdir():                 # and once more without the texts
            if path.is_file() and path.name not in ("documents.csv", "README.md"):
                path.unlink()
        assert not open_case("ports", data).present.any()


def test_what_states_have_founded_is_proposed_where_the_texts_name_it(tmp_path):
    body = ("OPEC met. The EU wrote to NATO. Peru asked the European Union for help. Brussels said no. NATO slept. "
            "NATO ate.")
    cuts = [m.end() for m in re.finditer(r"\.", body)]
    rows = pd.DataFrame({"start": [0, *(c + 1 for c in cuts[:-1])], "end": cuts, "section": "body"})
    found = propose_actors({"post": (body, rows)}, load_codebook(None))
    assert found[["actor_id", "name", "kind", "bloc", "times", "first_at"]].values.tolist() == [
        ["PER", "Peru", "state", "Peru", 1, f"post:{body.index('Peru')}"],
        ["EU", "European Union", "organisation", "other", 3, f"post:{body.index('EU')}"],
        ["NATO", "NATO", "organisation", "other", 3, f"post:{body.index('NATO')}"],
        ["OPEC", "OPEC", "organisation", "other", 1, "post:0"]]
    folder = tmp_path / "codebook"
    folder.mkdir()
    (folder / "actors.csv").write_bytes(to_csv(found))
    book = load_codebook(folder)        # saved as it is, each keeps its code and its other names
    assert book.actors.set_index("actor_id").loc[["EU", "OPEC"], "layer"].tolist() == ["case", "case"]
    assert {"European Commission", "EU"} <= set(book.aliases.loc[book.aliases["actor_id"] == "EU", "alias"])


def test_a_page_that_bears_its_day_states_it(tmp_path):
    given = put(tmp_path / "in", a__txt="Ferry late\n\nPublished: 3 March 2021 | By Ada Holm\n\nThe ferry came late "
                "because of the fog, said the harbour master, who had waited for it all morning.\n",
                b__txt="Ferry early\n\nThe ferry came early, said the harbour master, who had last seen it so on 2 May "
                "2020 and had waited for it all morning.\n")
    rows = new_case("ports", given, tmp_path).manifest.set_index("doc_id")
    assert rows["published_basis"].tolist() == ["stated", "inferred"]
    assert rows.loc["a", "published_latest"] == "2021-03-03" and rows.loc["a", "published_evidence"] == \
        "stamped 3 March 2021"
