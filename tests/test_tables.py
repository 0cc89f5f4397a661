"""Tables: checked against their schema, written whole or not at all, described by a valid data package."""
import json
import os
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from helpers import tables
from helpers.tables import TABLES, TableError, conform, empty, load_table, read_csv, save_tables, to_csv


def chain(*media):
    return pd.DataFrame({"quote_id": ["q"] * len(media), "hop": range(len(media)), "medium": media})


def test_every_table_is_declared_consistently():
    for table in TABLES.values():
        assert set(table.key) | set(table.order) <= set(table.names)
        assert len(set(table.names)) == len(table.names)
        for column in table.columns:
            assert column.about.strip()
            assert not column.refers or column.refers in TABLES
        assert conform(empty(table.name), table).empty


def test_rows_come_out_in_one_order_whatever_order_they_came_in():
    forward, back = chain("a", "b", "c"), chain("a", "b", "c").iloc[::-1]
    assert to_csv(conform(forward, "chain")) == to_csv(conform(back, "chain"))


@pytest.mark.parametrize("change, words", [
    (lambda f: f.rename(columns={"medium": "mediun"}), ["mediun", "did you mean 'medium'"]),
    (lambda f: f.drop(columns="hop"), ["hop", "missing", "Add it"]),
    (lambda f: f.assign(hop=[0, 0]), ["key quote_id + hop", "twice"]),
    (lambda f: f.assign(hop=[0, -1]), ["row 1", "hop", "-1", "0 or more"]),
    (lambda f: f.assign(medium=["a", None]), ["row 1", "'medium' is empty", "who passes it on"]),
    (lambda f: f.assign(hop=["0", "one"]), ["hop", "Int64"]),
])
def test_a_frame_that_does_not_fit_is_refused_with_place_and_remedy(change, words):
    with pytest.raises(TableError) as error:
        conform(change(chain("a", "b")), "chain")
    assert all(word in str(error.value) for word in words), error.value


def test_a_bad_file_is_refused_by_name_and_line(tmp_path):
    path = tmp_path / "chain.csv"
    path.write_text("quote_id,hop,medium\nq,0,wire\nq,x,site\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"chain\.csv: line 3: 'hop' is 'x'"):
        read_csv(path, "chain")
    path.write_bytes("quote_id,hop,medium\nq,0,Señal\n".encode("latin-1"))
    with pytest.raises(TableError, match=r"chain\.csv: not UTF-8 at byte"):
        read_csv(path, "chain")
    head = b"quote_id,hop,medium\n"
    for broken, said in ((b"", "is empty"), (head + b"q,0,wire,more\nr,0,site\n", "line 2: the row has 4 cells"),
                         (head + b"q,0,wire\nr,0,site,more\n", "line 3: the row has 4 cells, the first line 3"),
                         (head + b'q,0,"wire\nr,0,site\n', "line 2: unexpected end of data"),
                         (head + b'q,0,"wi\nre"\n\nr,x,ab\n', "line 5: 'hop' is 'x'"),
                         (head + b'q,0,"wi\nre"\n\nr,0,"a"b\n', "line 5: ',' expected after")):
        path.write_bytes(broken)
        with pytest.raises(TableError, match=rf"chain\.csv: {said}"):
            read_csv(path, "chain")
    with pytest.raises(TableError, match=r"other\.csv: there is no such file"):
        read_csv(tmp_path / "other.csv", "chain")


def test_an_unknown_table_names_the_nearest():
    with pytest.raises(TableError, match="did you mean 'sentences'"):
        load_table("anywhere", "sentence")


def test_booleans_dates_and_gaps_survive_the_file(tmp_path):
    frame = pd.DataFrame({"doc_id": ["d"], "start": [0], "end": [4], "kind": ["stated"], "says": ["stamp"],
                          "earliest": ["2021-03-01"], "latest": [None], "weight": [0.5], "used": [True]})
    save_tables(tmp_path, {"clues": frame})
    back = load_table(tmp_path, "clues")
    assert back.loc[0, "used"] and back.loc[0, "weight"] == 0.5 and pd.isna(back.loc[0, "latest"])
    with pytest.raises(TableError, match="earliest"):
        conform(frame.assign(earliest="1 March"), "clues")
    with pytest.raises(TableError, match="earliest 2021-03-01 is after latest 2020-01-01; swap them"):
        conform(frame.assign(latest="2020-01-01"), "clues")


def test_one_bad_table_keeps_the_old_ones(tmp_path):
    save_tables(tmp_path, {"chain": chain("old")})
    before = {p.name: p.read_bytes() for p in tmp_path.glob("*.*") if not p.name.startswith(".")}
    with pytest.raises(TableError):
        save_tables(tmp_path, {"chain": chain("new"), "clues": pd.DataFrame({"nonsense": [1]})})
    assert before == {p.name: p.read_bytes() for p in tmp_path.glob("*.*") if not p.name.startswith(".")}


def test_a_save_that_fails_while_writing_keeps_the_old_tables(tmp_path, monkeypatch):
    save_tables(tmp_path, {"chain": chain("old")})
    real, calls = tables.write_whole, []

    def full_disk(path, content):
        calls.append(path)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        real(path, content)
    monkeypatch.setattr(tables, "write_whole", full_disk)
    with pytest.raises(TableError, match="No space left on device.*old ones are untouched"):
        save_tables(tmp_path, {"chain": chain("new")})
    monkeypatch.undo()
    assert list(load_table(tmp_path, "chain")["medium"]) == ["old"]


def test_a_save_stopped_after_its_commit_is_finished_by_the_next_reader(tmp_path):
    save_tables(tmp_path, {"chain": chain("old")})
    (tmp_path / ".chain.csv.new").write_bytes(to_csv(conform(chain("new"), "chain")))
    (tmp_path / tables.COMMIT).write_text('["chain.csv"]')
    assert list(load_table(tmp_path, "chain")["medium"]) == ["new"]
    assert not (tmp_path / tables.COMMIT).exists()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_kill_at_any_moment_leaves_the_old_tables_or_the_new(tmp_path):
    code = ("import sys, pandas as pd; from helpers.tables import save_tables\n"
            "n = 0\n"
            "while True:\n"
            "    n += 1\n"
            "    f = pd.DataFrame({'quote_id': ['q'], 'hop': [0], 'medium': [str(n)]})\n"
            "    g = pd.DataFrame({'doc_id': ['d'], 'stage': ['s'], 'problem': [str(n)]})\n"
            f"    save_tables({str(tmp_path)!r}, {{'chain': f, 'failures': g}})\n"
            "    print(n, flush=True)\n")
    for saves, wait in ((1, 0.0), (2, 0.013), (4, 0.03)):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ)
        for _ in range(saves):
            process.stdout.readline()
        time.sleep(wait)
        process.kill()
        process.wait()
        process.stdout.close()
        one = load_table(tmp_path, "chain")["medium"].item()
        assert one == load_table(tmp_path, "failures")["problem"].item()
        assert int(one) >= saves, "what it said it had saved is there"


def test_what_was_checked_when_it_was_written_is_not_checked_again(project, tmp_path, monkeypatch):
    folder = project / "data" / "processed" / "practice"
    slow = {path.stem: read_csv(path, path.stem) for path in folder.glob("*.csv")}
    save_tables(tmp_path, slow)
    with monkeypatch.context() as patched:
        patched.setattr(tables, "read_csv", None)
        for name, frame in slow.items():
            pd.testing.assert_frame_equal(load_table(tmp_path, name), frame)
    path = tmp_path / "chain.csv"
    path.write_bytes(path.read_bytes() + b"q,d,much,wire,\n")
    with pytest.raises(TableError, match="it must be a number"):
        load_table(tmp_path, "chain")
    save_tables(tmp_path, {"clues": slow["clues"]})
    with pytest.raises(TableError, match="it must be a number"):
        load_table(tmp_path, "chain")


def test_the_data_package_is_accepted_by_a_validator(tmp_path):
    frictionless = pytest.importorskip("frictionless")
    save_tables(tmp_path, {"chain": chain("wire", "site"), "clues": empty("clues")}, title="A case")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    package = json.loads((tmp_path / "datapackage.json").read_text())
    assert [r["name"] for r in package["resources"]] == ["clues", "chain"]
    (tmp_path / "chain.csv").write_text("quote_id,doc_id,hop,medium,link\nq,,first,wire,\n")
    assert not frictionless.validate(str(tmp_path / "datapackage.json")).valid


@pytest.mark.parametrize("text, words", [
    ("a,b\n" + "," * 1_000_000, "line 2: the row has 1000001 cells, the first line 2"),
    ("a,b\n1,2\n" + '"x,' * 300_000, "line 3: "),
    ("a," * 300_000 + "\n1,2\n", "line 1: names 300,001 columns"),
    ('a,b\n1,"2\n3,4\n5,"6"\n', "line 2: ',' expected after '\"'. Look for a quotation mark that is not closed"),
])
def test_what_is_no_csv_is_refused_before_it_is_read(tmp_path, text, words, monkeypatch):
    """Pandas took minutes to refuse a line of commas, and read on where a quotation mark was not closed."""
    (tmp_path / "labels.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(pd, "read_csv", lambda *_, **__: pytest.fail("pandas was asked"))
    for read in (tables.read_strings, lambda path: read_csv(path, "failures")):
        with pytest.raises(TableError) as raised:
            read(tmp_path / "labels.csv")
        assert words in str(raised.value) and str(raised.value).startswith("labels.csv: ")
