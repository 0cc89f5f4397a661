"""What `casebook check` says of files that are kept by hand: every fault at once, by file, line and remedy."""
import shutil

import pytest

from helpers import PROJECT_DATA, cli, review
from helpers.case import open_case
from helpers.checking import check_case, check_kept
from helpers.tables import TableError

RAW = PROJECT_DATA / "raw" / "practice"
TIES = "record_id,tie,to_id,note\n"
LINKS = "event_key,stage,from,to,record_id,lend,tells,note\n"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    data = tmp_path_factory.mktemp("kept")
    for part in ("raw", "processed"):
        shutil.copytree(PROJECT_DATA / part / "practice", data / part / "practice")
    return data


@pytest.fixture
def data(whole):
    """One copy for all, put back after each test: a codebook is read once for each folder."""
    yield whole
    for path in (whole / "raw" / "practice").rglob("*"):
        old = RAW / path.relative_to(whole / "raw" / "practice")
        if path.is_file():
            shutil.copy(old, path) if old.is_file() else path.unlink()


def put(data, file, text):
    path = data / "raw" / "practice" / file
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))


def changed(data, file, old, new):
    text = (RAW / file).read_text(encoding="utf-8")
    assert old in text
    put(data, file, text.replace(old, new, 1))


def told(data):
    return check_kept(open_case("practice", data))


def test_the_practice_case_has_nothing_to_mend(whole):
    assert check_case(open_case("practice", whole)) == []


def test_ties_and_links_are_told_all_at_once(data):
    put(data, "gold/record_ties.csv", TIES + "P20230321,accept,P20221005,\nP2023032,part_of,P20221005,\n"
        "P20230619,background,P20221005,\nP20231108,refuses,,\nP20231214,counters,P20231214,\n"
        "P20240710,part_of,P20240905,\nP20240710,part_of,P20221005,\n")
    put(data, "gold/record_links.csv", LINKS + "CONTRACT,contrac,2023-03-22,2023-03-21,P20230321,maybe,,\n"
        "CONTRAC,,,,P20230619,yes,other,\nACT,,2023-02-30,,P9,yes,,\nACT,,2023-02-30,,P20230619,,,\n")
    lines = told(data)
    ties = [line.removeprefix("practice/gold/record_ties.csv:") for line in lines if "record_ties" in line]
    assert ties == [
        "2: P20230321: 'tie' is 'accept'. To mend it: did you mean 'accepts'?",
        "3: P2023032: 'record_id' is 'P2023032', which is no entry of reference.csv. To mend it: did you mean "
        "'P20230329'?",
        "8: P20240710: the same record_id, tie stand on line 7 already. To mend it: keep one of the rows",
        "4: P20230619: 'to_id' is 'P20221005', but background is tied to no other entry. To mend it: empty it, or "
        "choose another tie",
        "5: P20231108: 'to_id' is empty. To mend it: write the event_id of the entry that it refuses",
        "6: P20231214: the entry is tied to itself. To mend it: write the other entry under 'to_id'"]
    links = [line.removeprefix("practice/gold/record_links.csv:") for line in lines if "record_links" in line]
    names = ("'stage'", "'lend'", "from '", "'from'", "matter", "'tells'", "'record_id'", "same")
    assert [(line[0], next(name for name in names if name in line).strip("' ")) for line in links] == [
        ("2", "stage"), ("2", "lend"), ("2", "from"), ("3", "matter"), ("3", "tells"), ("4", "from"),
        ("4", "record_id"), ("5", "from"), ("5", "same")]
    assert all("To mend it: " in line for line in links)
    assert len(lines) == len(ties) + len(links)


@pytest.mark.parametrize("file, text, said", [
    ("gold/record_ties.csv", "record,tie,to_id\n", "ties.csv:1: the column 'record_id' is missing. To mend it: rename"),
    ("gold/record_links.csv", LINKS.replace("tells", "tels"), ":1: the column 'tels' is not known. To mend it: did you "
     "mean 'tells'?"),
    ("gold/record_ties.csv", TIES.replace(",", ";"), "not parted by commas"),
    ("gold/record_ties.csv", TIES + 'P20230321,part_of,P20221005,"open\n', ":2: cannot be read as CSV"),
    ("gold/record_ties.csv", TIES + "P20230321,part_of\n", ":2: P20230321: the row has 2 cells, the first line 4"),
    ("gold/record_ties.csv", TIES.encode() + b"P20230321,background,,caf\xe9\n", "not UTF-8"),
    ("gold/record_tie.csv", TIES, "record_tie.csv: nothing reads a file of this name. To mend it: Rename it "
     "record_ties.csv"),
    ("refrence.csv", "event_id\n", "practice/refrence.csv: nothing reads a file of this name"),
    ("codebook/actor.csv", "actor_id\n", "codebook/actor.csv: nothing reads a file of this name"),
    ("gold/mapping.csv", "what,labeled,ours\n", "the column 'labelled' is missing"),
    ("measured/learning_curve.csv", "labelled,micro_f1,low,high\n20,good,0.5,0.4\n", ":2: 20: 'micro_f1' is 'good'"),
    ("README.md", b"# caf\xe9", "README.md: not UTF-8"),
    ("brief.md", "# B\n\n{{ evnts }} and {{ texs }}.\n\n{{ ^NOTHING }} {{ open", "brief.md, line 3: there is no number "
     "or word 'evnts'"),
    ("brief.md", b"# caf\xe9", "brief.md: not UTF-8"),
    ("review/decisions.csv", "table,key,decision,field,machine_value,decided_value,coder_id,date,note\n"
     "event_mentions,ledger:1-9,acept,,,,adjudicator,2026-11-22,\n", "review/decisions.csv:2: event_mentions "
     "ledger:1-9: the decision is 'acept'; did you mean 'accept'?"),
    ("review/decisions.csv", "table,key,decision,field,machine_value,decided_value,coder_id,date,note\n"
     "event_mentions,ledger:1-9,edit,status,,hapened,adjudicator,2026-11-22,\n", "did you mean 'happened'?"),
    ("review/coders.csv", "coder_id,kind,when,had_read,labels,sha256\nA,person,2026-11-22,,,\nC,human,2026-11-22,,,\n",
     "review/coders.csv:3: C: 'kind' is 'human'. To mend it: it can be model, person, rule"),
    ("review/coders.csv", "coder_id,kind,when,had_read,labels,sha256\nA,person,2026-11-22,,,\n",
     "review/coders.csv:2: A: the coder stands in gold/coders.csv, line 2, already"),
    ("review/coder_b/quotes.csv", "doc,start,end\n", "review/coder_b/quotes.csv is not the file that was frozen"),
    ("review/sheets/times-anna.csv", "sheet,coder,key\nx,anna,ledger:1-2\n", "is no blind coding sheet"),
])
def test_every_kept_file_is_looked_at(data, file, text, said):
    put(data, file, text)
    lines = told(data)
    assert any(said in line for line in lines), lines
    assert all(line.startswith("practice/") for line in lines)


@pytest.mark.parametrize("file, old, new, said", [
    ("reference.csv", "2022-10-05,day,2022-10-05,2022-10-05", "2022-10-05,dy,2022-10-06,2022-10-05",
     (":2: P20221005: 'precision' is 'dy'", "date_lo '2022-10-06' is after date_hi '2022-10-05'")),
    ("reference.csv", ",procurement,tender", ",procurment,tender", ("did you mean 'procurement'?",)),
    ("reference.csv", "P20230329", "P20230321", ("the event_id 'P20230321' stands on line 3 already",)),
    ("gold/events.csv", "ledger,111,181,133,150", "ledgr,181,111,133,x",
     (":2: ledgr: 'doc_id' is 'ledgr', which is no document of documents.csv", "'trigger_end' is 'x'",
      "start '181' is after end '111'")),
    ("gold/events.csv", "XPE,XCA,AGREE", "XPO,XCA,AGRE", ("'actor' names 'XPO'", "'type' names 'AGRE'")),
    ("gold/events.csv", "ledger,111,181,133,150,,", "ledger,111,181,133,150,2025-02-30,day", ("is no date",)),
    ("gold/events.csv", "ledger,111,181", "ledger,111,99999", ("the text of ledger ends at",)),
    ("gold/frames.csv", "bargaining_diplomacy;coercion_sanctions", "bargaining_diplomacy;coercion",
     ("'frames' names 'coercion'",)),
    ("gold/quotes.csv", ",indirect,", ",indirekt,", ("did you mean 'indirect'?",)),
    ("gold/timex.csv", "DURATION", "DURATON", ("did you mean 'DURATION'?",)),
    ("gold/lines.csv", "ledger,1,nav", "ledger,one,navi", ("'line_no' is 'one'", "'label' names 'navi'")),
    ("gold/sentences.csv", "ledger,0,457,660", "ledger,0,660,457", ("start '660' is after end '457'",)),
    ("gold/headlines.csv", "ledger,XPE,", "ledger,XPO,", ("'headline_actor' names 'XPO'",)),
    ("gold/contradictions.csv", "P02,", "P01,", ("the id 'P01' stands on line 2 already",)),
    ("documents.csv", ",2025-03-04,2025-03-04,2025-03-04,", ",2025-03-04,2025-03-04,2025-03-06,",
     ("published_best '2025-03-06' is after published_latest '2025-03-04'",)),
    ("documents.csv", '"HALTA, Mar 2025"', '"Hesterley Ledger, Feb 2025"', ("the short_name 'Hesterley Ledger, Feb "
     "2025' stands on line 2 already",)),
])
def test_a_bad_cell_is_told_with_its_line(data, file, old, new, said):
    changed(data, file, old, new)
    lines = told(data)
    assert all(any(each in line and f"practice/{file}:" in line for line in lines) for each in said), lines


def test_a_day_that_no_calendar_has_is_told(data):
    text = (RAW / "documents.csv").read_text(encoding="utf-8")
    put(data, "documents.csv", text.replace("2025-03-04", "2025-02-30"))
    assert any("2025-02-30" in line and "no day" in line for line in told(data))


def test_the_brief_is_read_to_its_end(data):
    put(data, "brief.md", "# B\n\n{{ evnts }} and {{ texs }}.\n\n{{ ^NOTHING }}\n\n{{ chart x }}\n\n{{ open\n")
    assert [line.split(":")[0] for line in told(data)] == [f"practice/brief.md, line {n}" for n in (3, 3, 5, 7, 9)]


def test_the_command_goes_on_after_a_manifest_that_cannot_be_read(data, capsys):
    put(data, "gold/record_ties.csv", TIES + "P1,part_of,P2,\n")
    (data / "raw" / "other").mkdir()
    (data / "raw" / "other" / "documents.csv").write_text("doc_id,fle\na,b\n", encoding="utf-8")
    assert cli.main(["check", "other", "practice", "--data", str(data)]) == 1
    out = capsys.readouterr().out
    shutil.rmtree(data / "raw" / "other")
    assert "other/documents.csv: there is no column 'fle'" in out and "practice/gold/record_ties.csv:2: P1" in out


def test_a_fault_that_the_brief_trips_over_hides_no_other(data):
    """It is filled from the codebook and the tables: what is wrong with them is told, and so is the rest."""
    changed(data, "codebook/actors.csv", "actor_id,", "actor_idd,")
    path = data / "processed" / "practice" / "events.csv"
    path.write_text("event_id,nonsense\nx,y\n", encoding="utf-8")
    try:
        assert any("actors.csv" in line for line in check_case(open_case("practice", data)))
    finally:
        shutil.copy(PROJECT_DATA / "processed" / "practice" / "events.csv", path)


def test_a_quotation_mark_that_is_not_closed_costs_no_decision_in_silence(data):
    """The rows below it would stand in one note, and the next decision kept would write the file without them."""
    case = open_case("practice", data)
    kept, _ = review.read_decisions(case)
    lines = (RAW / "review" / "decisions.csv").read_text(encoding="utf-8").split("\n")
    assert not lines[3].endswith('"')
    lines[3] = lines[3].rsplit(",", 1)[0] + ',"checked by hand'
    put(data, "review/decisions.csv", "\n".join(lines))
    assert [line for line in told(data) if line.startswith("practice/review/decisions.csv: line 4: ")]
    (row,) = review.read_decisions(case)[1].to_dict("records")
    assert row["file"] == "review/decisions.csv" and "quotation mark that is not closed" in row["why"]
    with pytest.raises(TableError, match="line 4"):
        review.write_decisions(case, kept[:1], "decisions")
    assert (data / "raw" / "practice" / "review" / "decisions.csv").read_text(encoding="utf-8") == "\n".join(lines)


def test_a_text_that_is_not_there_is_named_by_check_and_build(data, capsys):
    """Where other texts of the case are there: one that is elsewhere, or gone, would keep its old rows unnoticed."""
    raw = data / "raw" / "practice"
    manifest = {row["doc_id"]: row["file"] for row in open_case("practice", data).manifest.to_dict("records")}
    (raw / manifest["wire"]).rename(raw / "wyre.txt")
    (raw / manifest["blog"]).unlink()
    try:
        lines = [line for line in check_case(open_case("practice", data)) if "is not there" in line]
        assert len(lines) == 2 and all(line.startswith("practice/documents.csv: line ") for line in lines)
        assert f"{manifest['blog']}, the text of blog, is not there, though other texts of the case are" in lines[0]
        assert "is not there, but wyre.txt is that text. Write that name into the line" in lines[1]
        for file in manifest.values():
            (raw / file).unlink(missing_ok=True)
        lost, elsewhere = open_case("practice", data).astray()
        assert lost == [] and len(elsewhere) == 1, "a case without its texts is as it should be"
    finally:
        (raw / "wyre.txt").unlink()
        for file in manifest.values():
            shutil.copy(RAW / file, raw / file)


def test_days_in_the_wrong_order_are_told_once(data, capsys):
    row = open_case("practice", data).manifest.dropna(subset="published_latest").iloc[0]
    day = row["published_earliest"]
    changed(data, "documents.csv", f"{day},{row['published_latest']}", f"2099-03-15,{row['published_latest']}")
    assert cli.main(["check", "practice", "--data", str(data)]) == 1
    said = capsys.readouterr().out
    assert f"published_earliest 2099-03-15 is after published_latest {row['published_latest']}; swap them" in said
    assert said.count("published_latest") == 1 and said.splitlines()[-1] == "1 to mend."
