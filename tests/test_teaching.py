"""Teaching: keys pass, stripped copies fail, no key reaches students, sheets come back, guide and notebooks agree."""
import ast
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from click.testing import CliRunner
from nbclient import NotebookClient

from helpers import teaching
from helpers.case import CaseError, open_case
from helpers.cli import cli, main
from helpers.codebook import load_codebook
from helpers.pages.refresh import QUIET
from helpers.teaching import check, folder, sheets

ROOT = Path(__file__).resolve().parent.parent
EXERCISES = ROOT / "notebooks" / "exercises"
GUIDE = ROOT / "docs" / "teaching-guide.md"
SESSIONS = sorted(EXERCISES.glob("session-*.ipynb"))
LATE = re.compile(r"timex|plover|\balphas?\b|krippendorff", re.I)      # words of the fourth session alone
PRACTICE = open_case("practice")


def load(path):
    return nbformat.read(path, as_version=4)


def tagged(notebook, tag):
    return [c for c in notebook.cells if tag in c.metadata.get("tags", [])]


def prose(notebook):
    return "\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def printed(notebook):
    return "\n".join(o.get("text") or o.get("data", {}).get("text/html") or o.get("data", {}).get("text/plain", "")
                     for c in notebook.cells for o in c.get("outputs", []))


def execute(notebooks, cwd, data):
    """Run notebooks in a folder with a data folder; a cell that fails does not stop the others."""
    def one(notebook):
        client = NotebookClient(notebook, timeout=300, kernel_name="python3", allow_errors=True, extra_arguments=QUIET,
                                resources={"metadata": {"path": str(cwd)}})
        client.execute(env=dict(os.environ, CASEBOOK_DATA=str(data)))
        return notebook
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(notebooks, pool.map(one, notebooks.values())))


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The tracked data alone: without the texts that are not the project's."""
    target = tmp_path_factory.mktemp("teaching") / "data ü"
    names = subprocess.run(["git", "ls-files", "-z", "data"], capture_output=True, cwd=ROOT, check=True).stdout
    for name in filter(None, names.decode().split("\0")):
        if (ROOT / name).exists():
            (target / Path(name).relative_to("data")).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / Path(name).relative_to("data"))
    assert not list((target / "raw" / "s400").glob("*.txt"))
    return target


@pytest.fixture(scope="module")
def student(tmp_path_factory, data):
    """A student folder, moved away from where it was made."""
    made = tmp_path_factory.mktemp("made") / "student"
    teaching.student_folder(made, data=data)
    return Path(shutil.move(made, tmp_path_factory.mktemp("elsewhere") / "my folder ü"))


@pytest.fixture(scope="module")
def keys_done(tmp_path_factory, data):
    return execute({p.name: load(p) for p in sorted(EXERCISES.glob("*.ipynb"))}, tmp_path_factory.mktemp("keys"), data)


@pytest.fixture(scope="module")
def student_done(student, data):
    return execute({p.name: load(p) for p in sorted(student.glob("*.ipynb"))}, student, data)


def outcomes(notebook):
    return [o["data"]["text/plain"] for c in tagged(notebook, "check") for o in c.outputs if "data" in o]


def failures(notebook):
    return [(c.source, o.evalue if o.output_type == "error" else o.text) for c in notebook.cells
            for o in c.get("outputs", []) if o.output_type == "error" or o.get("name") == "stderr"]


# keys and stripped copies -------------------------------------------------------------------------------------------


def test_there_are_a_start_page_and_four_sessions():
    assert [p.stem.split("-")[1] for p in SESSIONS] == ["1", "2", "3", "4"]
    assert (EXERCISES / "start-here.ipynb").is_file()


def test_every_check_is_passed_by_the_key(keys_done):
    for name, notebook in keys_done.items():
        assert not failures(notebook), name
        said = outcomes(notebook)
        assert len(said) == len(tagged(notebook, "check")), name
        assert all(s.startswith("Right. ") for s in said), (name, said)
    assert sum(len(outcomes(n)) for n in keys_done.values()) >= 20


def test_every_check_fails_kindly_on_the_stripped_copy(student_done, keys_done):
    assert student_done.keys() == keys_done.keys()
    for name, notebook in student_done.items():
        assert not failures(notebook), name
        said = outcomes(notebook)
        assert len(said) == len(outcomes(keys_done[name])), name
        assert all(s.startswith("Not yet. ") for s in said), (name, said)
    told = printed(student_done["session-4-code-measure-defend.ipynb"])
    assert "nobody's agreement can be measured" in told.replace("&#x27;", "'")


def test_the_committed_exercises_hold_no_output_and_are_not_compared():
    for path in EXERCISES.glob("*.ipynb"):
        assert not [c for c in load(path).cells if c.get("outputs") or c.get("execution_count")], path.name
    assert 'collect_ignore_glob = ["*.ipynb"]' in (EXERCISES / "conftest.py").read_text(encoding="utf-8")


def solutions(path):
    for cell in load(path).cells:
        inside = re.findall(rf"{folder.BEGIN}\n(.*?)\n{folder.END}", cell.source, re.S)
        if inside:
            yield cell, inside[0]


def test_nothing_of_a_key_is_in_the_student_folder(student):
    n = 0
    for path in EXERCISES.glob("*.ipynb"):
        notebook = load(student / path.name)
        assert not teaching.leaks(notebook)
        for _, key in solutions(path):
            assert key not in "\n".join(c.source for c in notebook.cells), path.name
            n += 1
    assert n > 30
    everything = "".join(p.read_text(encoding="utf-8") for p in student.iterdir())
    assert "SOLUTION" not in everything and "Likely:" not in everything


def test_leaks_are_seen():
    cells = [nbformat.v4.new_markdown_cell("### Begin  Solution"), nbformat.v4.new_code_cell("1", outputs=[
        nbformat.v4.new_output("stream", text="9")])]
    assert teaching.leaks(nbformat.v4.new_notebook(cells=cells)) == ["cell 1: a marker of a key", "cell 2: an output"]


@pytest.mark.parametrize("source", ["BEGIN\n1", "1\nEND", "BEGIN\nBEGIN\nEND", "BEGIN\nEND\nEND"])
def test_a_marker_without_partner_is_told(source):
    source = source.replace("BEGIN", folder.BEGIN).replace("END", folder.END)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    with pytest.raises(teaching.ExerciseError, match=r"one\.ipynb: cell 1: .* (no partner|no '### END)"):
        teaching.strip(notebook, "one.ipynb")


def test_stripping_leaves_the_rest_alone():
    source = f"a = 0\n{folder.BEGIN}\na = 1\n{folder.END}\nb = 2"
    cells = [nbformat.v4.new_code_cell(source, execution_count=3), nbformat.v4.new_markdown_cell("as it was"),
             nbformat.v4.new_markdown_cell("for you", metadata={"tags": ["instructor"]}),
             nbformat.v4.new_markdown_cell(f"{folder.BEGIN}\nall of it\n{folder.END}")]
    given = nbformat.v4.new_notebook(cells=cells)
    kept = teaching.strip(given)
    assert [c.source for c in kept.cells] == ["a = 0\nb = 2", "as it was"]
    assert kept.cells[0].execution_count is None and given.cells[0].source == source


# the student folder -------------------------------------------------------------------------------------------------


def test_the_student_folder_holds_nine_files(student):
    assert sorted(p.name for p in student.iterdir()) == sorted(["READ-ME-FIRST.txt", "start-here.ipynb", *(
        p.name for p in SESSIONS), "texts.html", "codebook.html", "coding-sheet.csv"])


def test_students_get_every_text_as_it_was_saved_if_a_licence_lets_them(student, data, tmp_path):
    page = unescape((student / "texts.html").read_text(encoding="utf-8"))
    assert "licence CC BY 4.0" in page
    for doc in PRACTICE.manifest["doc_id"]:
        assert all(f'row">{n}</th><td class="line">{text}</td>' in page
                   for n, text in teaching.lines_of(PRACTICE, doc)[["line", "text"]].itertuples(index=False)), doc
    copied = shutil.copytree(EXERCISES, tmp_path / "exercises")
    start = load(copied / "start-here.ipynb")
    del start.metadata["casebook"]["licence"]
    nbformat.write(start, copied / "start-here.ipynb")
    made = teaching.student_folder(tmp_path / "made", data=data, exercises=copied)
    assert "texts.html" not in {p.name for p in made}


def test_no_call_that_makes_a_key_is_in_the_student_folder(student):
    for path in student.glob("*.ipynb"):
        assert "teacher_sheets" not in "\n".join(c.source for c in load(path).cells), path.name


def test_the_email_and_the_folder_say_how_to_open_it_and_where_not_to(student):
    email = re.search(r"^### The e-mail\n(.+?)(?=^###)", GUIDE.read_text(encoding="utf-8"), re.S | re.M)[1]
    for text in (email, (student / "READ-ME-FIRST.txt").read_text(encoding="utf-8")):
        said = " ".join(re.sub(r"^> ?|`", "", text, flags=re.M).split())
        assert "python3 start.py lab FOLDER" in said and "py start.py lab FOLDER" in said and "conda" in said
        assert "notebooks/exercises" in said and "teacher's copy" in said
    for path in (EXERCISES / "start-here.ipynb", *SESSIONS):
        assert "the answers stand in it" in tagged(load(path), "instructor")[0].source
        assert "the answers stand in it" not in prose(load(student / path.name))


def test_a_folder_that_holds_something_is_never_written_over(student, data):
    before = {p.name: p.read_bytes() for p in student.iterdir()}
    with pytest.raises(CaseError, match="may hold somebody's answers"):
        teaching.student_folder(student, data=data)
    assert {p.name: p.read_bytes() for p in student.iterdir()} == before


def test_the_folder_is_made_whole_or_not_at_all(tmp_path, data):
    with pytest.raises(CaseError, match="no document 'haltq'. Did you mean 'halta'"):
        teaching.student_folder(tmp_path / "a", text="haltq", data=data)
    with pytest.raises(CaseError, match="The text of .* is not here"):
        other = open_case("s400", data).manifest["doc_id"].iloc[0]
        teaching.student_folder(tmp_path / "a", "s400", other, data=data)
    broken = tmp_path / "exercises"
    shutil.copytree(EXERCISES, broken)
    notebook = load(broken / SESSIONS[0].name)
    notebook.cells.append(nbformat.v4.new_code_cell("###  begin solution\n9"))
    nbformat.write(notebook, broken / SESSIONS[0].name)
    with pytest.raises(teaching.ExerciseError, match="a marker of a key would reach the students"):
        teaching.student_folder(tmp_path / "a", data=data, exercises=broken)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["exercises"]


def test_the_command_makes_it_once(tmp_path, data, capsys):
    out = tmp_path / "group b"
    done = CliRunner().invoke(cli, ["student", "--text", "ledger", "--out", str(out), "--data", str(data)])
    assert done.exit_code == 0 and done.output.splitlines()[-1] == str(out)
    assert set(pd.read_csv(out / "coding-sheet.csv")["text"]) == {"ledger"}
    assert main(["student", "--out", str(out), "--data", str(data)]) == 1
    assert "Move it away" in capsys.readouterr().err
    assert main(["student", "nowhere", "--out", str(tmp_path / "c"), "--data", str(data)]) == 2


def test_the_file_with_the_answers_is_called_what_it_is(tmp_path, data, monkeypatch):
    """It lies beside the students' folder: nobody may take it for theirs."""
    monkeypatch.setattr(teaching, "student_pages", lambda out, **_: [out / "start-here.html"])
    done = CliRunner().invoke(cli, ["student", "--pages", "--out", str(tmp_path / "group b"), "--data", str(data)])
    assert done.exit_code == 0 and "answers-for-the-teacher.html" in done.output
    assert {p.name for p in tmp_path.iterdir()} == {"group b", "answers-for-the-teacher.html"}
    assert "4.2 Why not per cent?" in (tmp_path / "answers-for-the-teacher.html").read_text("utf-8")
    guide = GUIDE.read_text(encoding="utf-8")
    assert "`reports/answers-for-the-teacher.html`" in guide
    first = re.search(r"casebook student --pages", guide).start()       # as it can be called after start.py
    assert guide[:first].endswith("`.venv/bin/")


def test_pages_for_a_laptop_that_fails(tmp_path, data):
    some = tmp_path / "exercises"
    some.mkdir()
    for path in (EXERCISES / "start-here.ipynb", SESSIONS[0]):
        shutil.copyfile(path, some / path.name)
    told: list[str] = []
    made = teaching.student_pages(tmp_path / "pages", data=data, exercises=some, say=told.append)
    assert told == [f"page 1 of 2: {SESSIONS[0].stem}", "page 2 of 2: start-here"]
    assert [p.name for p in made] == ["codebook.html", "coding-sheet.csv", "coding-sheet.html", "handout.html",
                                      f"{SESSIONS[0].stem}.html", "start-here.html", "texts.html"]
    page = (tmp_path / "pages" / f"{SESSIONS[0].stem}.html").read_text(encoding="utf-8")
    assert "<td>title line</td>\n<td style=" in page and "title_line" not in page
    assert "Not yet." not in page and "SOLUTION" not in page
    prose_cells = len(tagged(load(SESSIONS[0]), "prose")) - 1               # that on one's own page needs a machine
    assert page.count(folder.RULED) == page.count("Write here") == prose_cells
    sheet = (tmp_path / "pages" / "coding-sheet.html").read_text(encoding="utf-8")
    assert sheet.count("<td></td>") == 4 * len(pd.read_csv(tmp_path / "pages" / "coding-sheet.csv"))
    start = (tmp_path / "pages" / "start-here.html").read_text(encoding="utf-8")
    for text in (page, start):
        said = re.sub(r"<style.*?</style>", "", text, flags=re.S)
        assert not re.search(r"Shift|ouble-click|next cell|grey cell", said)
    assert "this machine works" not in start and "Try it" not in start and "What you hand in" in start
    hints = page[page.index("Hints</h2>"):]
    asked = [re.search(r"Hint</summary>\s+(\w+ \w+ \w+)", c.source)[1] for c in load(SESSIONS[0]).cells
             if "Hint</summary>" in c.source]
    assert len(asked) == 4 and all(words in hints for words in asked)       # a folded one stays closed on paper
    assert "<summary>Hint" not in page and "1.3 stands at the end of this page" in page
    links = set(re.findall(r'<a [^>]*href="([^"#]+)', page))
    assert links == {"start-here.html", f"{SESSIONS[0].stem}.html"}


# what students are asked --------------------------------------------------------------------------------------------


def words_of(path):
    """The new words that a session lists, as they stand in its list."""
    listed = re.search(r"### New words today\n\n(.*)", prose(load(path)), re.S)[1].split("\n\n")[0].split("\n#")[0]
    return re.findall(r"^- \*\*(.+?)\*\*", listed, re.M)


def test_at_most_three_new_words_a_session_and_none_before_its_session():
    lists = [words_of(p) for p in SESSIONS]
    assert all(1 <= len(words) <= 3 for words in lists), lists
    assert len({w for words in lists for w in words}) == sum(map(len, lists))
    seen = prose(load(EXERCISES / "start-here.ipynb"))
    files = re.compile(r"[\w-]+\.ipynb")
    for path, words in zip(SESSIONS, lists):
        for word in words:
            assert not re.search(rf"\b{word}s?\b", files.sub("", seen), re.I), f"{word!r} is used before {path.stem}"
        seen += prose(teaching.strip(load(path)))       # what the texts themselves say is not ours to ration


def test_research_words_wait_for_the_fourth_session(student, student_done):
    assert {w.lower() for w in words_of(SESSIONS[3])} == {"alpha", "plover", "timex3"}
    for name, notebook in student_done.items():
        found = LATE.search("\n".join(c.source for c in notebook.cells) + printed(notebook))
        assert bool(found) == name.startswith("session-4"), (name, found)
    for name in ("codebook.html", "coding-sheet.csv"):
        assert not LATE.search((student / name).read_text(encoding="utf-8")), name


def test_the_coarser_groups_are_four_four_and_six(student):
    page = (student / "codebook.html").read_text(encoding="utf-8")
    counts = {"status": 4, "track": 4, "frame": 6}
    for column, n in counts.items():
        words = [w for w in sheets.allowed()[column] if w != "none"]
        assert len(words) == n
        assert all(f"<h3>{w}</h3>" in page for w in words)
    assert page.count("<h3>") == sum(counts.values())


@pytest.mark.parametrize("path", SESSIONS, ids=lambda p: p.stem)
def test_no_task_needs_python(path):
    student = teaching.strip(load(path))
    assert len(tagged(student, "answer")) >= 5
    for cell in tagged(student, "answer"):
        for line in ast.parse(cell.source).body:
            assert isinstance(line, ast.Assign) and isinstance(ast.literal_eval(line.value), int | str | list | dict)
    code = "\n".join(c.source for c in student.cells if c.cell_type == "code")
    assert not re.search(r"^\s*(def|class|for|while)\b|\blambda\b", code, re.M)


@pytest.mark.parametrize("path", SESSIONS, ids=lambda p: p.stem)
def test_a_session_lasts_ninety_minutes_and_says_what_comes_out(path):
    text = prose(load(path))
    n = path.stem.split("-")[1]
    headings = re.findall(r"^## (.+) \((\d+) minutes\)\n\n(.*)", text, re.M)
    assert sum(int(m) for _, m, _ in headings) == 90
    tasks = [(h, first) for h, _, first in headings if h.startswith(f"{n}.")]
    assert [h.split()[0] for h, _ in tasks] == [f"{n}.{i}" for i in range(1, len(tasks) + 1)] and len(tasks) == 7
    for heading, first in tasks:
        assert re.match(r"\*You .+ Out comes: .+\*$", first), heading
    assert "Questions without a single answer" in text
    assert len(tagged(load(path), "prose")) >= 2 and ("s400" in text or "real case" in text)


def test_practice_comes_first_then_the_real_case_then_own_texts():
    for path in SESSIONS:
        sources = [c.source for c in load(path).cells if "setup" not in c.metadata.get("tags", [])]
        first = {word: next((i for i, s in enumerate(sources) if re.search(word, s)), None)
                 for word in (r"\bpractice,", r"\bs400\b[.,]", "[Yy]our own (page|text)")}
        assert first[r"\bpractice,"] < first[r"\bs400\b[.,]"], path.stem
        own = max(i for i, s in enumerate(sources) if re.search("[Yy]our own (page|text)", s))
        assert own > first[r"\bs400\b[.,]"], path.stem


# checks -------------------------------------------------------------------------------------------------------------

STEPS = ["Procurement office listed", "First boat handed over", "Lay-up suggested, orally", "Out of Whimbrel"]
DRAWN = pd.DataFrame({"mark": ["event"] * 5 + ["record"], "dated": [True, True, False, False, True, False],
                      "borrowed": [True, False, False, False, False, False]})
FRAMED = pd.DataFrame([("a", "statecraft", "body", 3), ("a", "law", "body", 1), ("b", "statecraft", "body", 2),
                       ("b", "security", "title", 9), ("c", "security", "body", 1)],
                      columns=["doc_id", "frame", "section", "n"])
WRONG = [   # a check with a wrong answer, what must be said, and what must not
    (("article", PRACTICE, "keel", 10, 17, 37), ["“byline”", "not the first one"], r"\b9\b|\b15\b"),
    (("article", PRACTICE, "keel", 9, 15, 400), ["no line 400"], r"\b37\b"),
    (("article", PRACTICE, "keel", "nine", 15, 37), ["'nine' is no number"], r"\b9\b"),
    (("inside", PRACTICE, "keel", [19, 17]), ["Line 17: the key calls it “body” and keeps", "1 more line"], r"\b29\b"),
    (("inside", PRACTICE, "keel", [19, 29, 51]), ["lies outside the article"], r"Right"),
    (("roles", PRACTICE, "wire", {2: "menu", 14: "body"}), ["1 of 2 fit", "“body” means"], "caption"),
    (("roles", PRACTICE, "wire", {2: "menue"}), ["did you mean 'menu'"], "Right"),
    (("copied", PRACTICE, "keel", "halta"), ["fewer runs of words"], "wire"),
    (("leans on", open_case("s400"), "Reuters", ["andrewdoria"]), ["1 more text leans on it"], "globaldefensecorp"),
    (("interval", PRACTICE, "keel", "2025-02-01", "2025-03-09"), ["too early"], r"03-04|March"),
    (("interval", PRACTICE, "keel", "2025-03-04", "2025-03-25"), ["too late"], r"03-20|03-09|March"),
    (("interval", PRACTICE, "keel", "2025-03-04", "2025-03-15"), ["later than need be"], r"03-09|March"),
    (("interval", PRACTICE, "keel", "2025-03-04", "2025-03-04"), ["too early"], r"03-09|March"),
    (("interval", PRACTICE, "keel", "4 March", "9 March"), ["Write year-month-day"], "03-04"),
    (("days", PRACTICE, "wire", {"Friday": "2025-03-01"}), ["was no Friday"], "02-28"),
    (("days", PRACTICE, "wire", {"Friday": "2025-03-07"}), ["count again"], "02-28"),
    (("days", PRACTICE, "wire", {"last October": "2024-10-22"}), ["a day or a month"], "2024-10`"),
    (("days", PRACTICE, "wire", {"three months later": "2025-06"}), ["count again", "the sentence told"], "2024-12"),
    (("days", PRACTICE, "wire", {"three months later": "P3M"}), ["a day or a month"], "2024-12"),
    (("days", PRACTICE, "wire", {"Last week": "2025-W9"}), ["2024-W05 for a week"], "W09"),
    (("order", PRACTICE, STEPS, "ABCD"), ["4 stand the wrong way round"], "DBAC"),
    (("order", PRACTICE, STEPS, "ABBA"), ["each of the letters ABCD once"], "DBAC"),
    (("against the record", PRACTICE, "order of sanctions and removal", ["keel", "brief"]),
     ["brief: the key finds no slip", "1 more text"], "column"),
    (("codes", PRACTICE, "status", ["wire/1609", "blog/482"], {"A": "happened", "B": "happened"}),
     ["1 of 2 fit", "B: “happened” holds"], "denied"),
    (("voices", PRACTICE, ["ledger/1744"], {"A": "outlet"}), ["somebody else's words"], "quoted"),
    (("headline", PRACTICE, "keel", "Carrowe", "Carrowe"), ["In the headline", "In the body"], "Pelmora|nobody"),
    (("who", PRACTICE, "LAYUP", {"wire": "Pelmora"}), ["not what wire says"], "Carrowe"),
    (("who", PRACTICE, "LAYUP", {"wire": "nobody"}), ["not what wire says"], "Carrowe"),
    (("who", PRACTICE, "LAYUP", {"wire": "Atlantis"}), ["none of the words asked for. They are: Pelmora"], "Albania"),
    (("topics", PRACTICE, ["P01", "P21"], {"A": "quotation cut", "B": "quotation cut"}), ["1 of 2"], "boats"),
    (("both true", PRACTICE, ["P06"], {"A": "no"}), ["Read them as a lawyer would"], "yes"),
    (("leading frame", FRAMED, "security"), ["leads in 1 of 3 texts"], "statecraft"),
    (("undated", DRAWN, "no"), ["left edge, and the ringed"], "yes"),
    (("inside", PRACTICE, "keel", [18, 19, 29]), ["Line 18: the key calls it “blank”: nothing stands"], "outside"),
    (("roles", PRACTICE, "wire", {2: "masthead"}),
     ["They are: title, standfirst, byline, caption, body, related, menu, legal."], "credit|share"),
    (("codes", PRACTICE, "status", ["wire/2928"], {"A": "none"}), ["They are: happened, announced"], "did you mean"),
    (("codes", PRACTICE, "status", ["wire/2928"], {"A": "hoped"}), ["They are: happened, announced"], "did you mean"),
    (("codes", PRACTICE, "track", ["wire/1609"], {"A": "Legislation"}),
     ["'Legislation' stands in the codebook under ‘pressure’"], "did you mean|They are"),
    (("article", PRACTICE, "keel", "nine", 99, 38), ["'nine' is no number", "first line: The page has no line 99",
                                                     "last line: the key calls line 38"], r"\b37\b"),
    (("percent", teaching.two_coders({"a": "hhhd", "b": "hhhh"}), 0.75), ["0.75 is no whole number", "in per cent"],
     "no number"),
    (("percent", teaching.two_coders({"a": "hhhd", "b": "hhhh"}), 50), ["Count the rows"], "75"),
    (("research codes", PRACTICE, ["wire/1609"], {"A": "REJECT"}), ["REJECT means"], "SANCTION"),
    (("research codes", PRACTICE, ["wire/1609"], {"A": "REFUSE"}),
     ["They are: SANCTION, REJECT, CONSULT, COOPERATE, AGREE, ACCUSE."], "THREATEN"),
]


@pytest.mark.parametrize("given, said, kept", WRONG, ids=lambda v: v[0] if isinstance(v, tuple) else "")
def test_a_check_says_what_is_wrong_without_giving_it_away(given, said, kept):
    found = check(*given)
    assert not found.ok
    for words in said:
        assert words in repr(found), repr(found)
    assert not re.search(kept, repr(found)), repr(found)


@pytest.mark.parametrize("answer", [None, 0, "", [], {}, object(), True, {"A": 3}, ["x"], "<b>x</b>", -1, 3.5,
                                    {"A": None}], ids=lambda v: type(v).__name__)
def test_no_answer_however_odd_stops_a_notebook(answer):
    for given in (("article", PRACTICE, "keel", answer, answer, answer), ("inside", PRACTICE, "keel", answer),
                  ("roles", PRACTICE, "wire", answer), ("copied", PRACTICE, "keel", answer),
                  ("interval", PRACTICE, "keel", answer, answer), ("days", PRACTICE, "wire", answer),
                  ("order", PRACTICE, STEPS, answer), ("codes", PRACTICE, "status", ["wire/1609"], answer),
                  ("who", PRACTICE, "LAYUP", answer), ("headline", PRACTICE, "keel", answer, answer),
                  ("leans on", PRACTICE, "Ledger", answer), ("sheet", answer, ["status"]),
                  ("undated", DRAWN, answer), ("leading frame", FRAMED, answer),
                  ("against the record", PRACTICE, "year of the contract", answer),
                  ("percent", teaching.two_coders({"a": "hd", "b": "hh"}), answer)):
        found = check(*given)
        assert not found.ok and repr(found).startswith("Not yet. ")
        assert "<b>" not in found._repr_html_()


@pytest.mark.parametrize("given", [
    ("headline", open_case("s400"), "andrewdoria", "Turkey", "the US"),
    ("headline", open_case("s400"), "andrewdoria", "Türkiye", "U.S.A."),
    ("headline", PRACTICE, "keel", "Pelmora", "none named"), ("who", PRACTICE, "LAYUP", {"wire": "carrowe"}),
    ("inside", PRACTICE, "keel", "19, 29"), ("inside", PRACTICE, "keel", [19.0, 29]),
    ("days", PRACTICE, "wire", {"Last week": "2025-w09"}),
    ("percent", teaching.two_coders({"a": "hhhd", "b": "hhhh"}), "75 %")], ids=lambda given: given[0])
def test_a_right_answer_is_taken_in_other_clothes(given):
    assert check(*given).ok, check(*given)


def test_a_second_frame_of_the_key_counts_too():
    assert check("codes", PRACTICE, "frame", ["blog/1874"], {"A": "resources"}).ok
    assert check("codes", PRACTICE, "frame", ["blog/1874"], {"A": "politics"}).ok
    assert not check("codes", PRACTICE, "frame", ["blog/1874"], {"A": "law"}).ok


def test_an_unknown_check_is_an_error_of_the_notebook():
    with pytest.raises(KeyError, match="did you mean 'article'"):
        check("artikle", PRACTICE)


def test_points_that_dissolve_are_those_that_the_key_says():
    points = PRACTICE.labels("contradictions").set_index("id")
    readme = (PRACTICE.raw / "gold" / "README.md").read_text(encoding="utf-8")
    said = re.search(r"\| `contradictions.csv` \|.*\| (.+?) dissolve", readme)
    assert set(points.index[points["dissolves"].eq("yes").fillna(False)]) == set(re.findall(r"P\d\d", said[1]))


def test_no_answer_stands_in_plain_sight(student, student_done):
    """An id of the record holds its day, and the title of a chart its finding."""
    days = set(PRACTICE.reference["event_id"]) | set(PRACTICE.reference["date_lo"])
    for path in SESSIONS:
        shown = "\n".join(c.source for c in load(student / path.name).cells if c.cell_type == "code")
        assert not [day for day in days if re.search(rf"\b{day}\b", shown)], path.name
        alts = [o["data"]["text/plain"] for c in student_done[path.name].cells for o in c.get("outputs", [])
                if o.output_type == "display_data"]
        assert not [alt for alt in alts if re.search("date of their own|leads in", alt)], path.name


def test_charts_take_a_title_in_the_findings_stead():
    from helpers.charts import chronology, framing
    events = pd.DataFrame({"event_id": ["e"], "label": ["Talks"], "status": ["planned"], "track": ["x"]})
    chart = chronology.lanes(events, coder="rule", title="What is told")
    assert chart.title == "What is told" and chart.alt.startswith("What is told. ") and "date of" not in chart.alt
    frames = pd.DataFrame({"doc_id": ["a"], "sentence_id": ["a1"], "frame": ["law"], "voice": ["outlet"], "rank": [1]})
    chart = framing.by_text(frames, pd.DataFrame({"doc_id": ["a"], "short_name": ["A"]}), pd.DataFrame(
        {"sentence_id": ["a1"], "doc_id": ["a"], "section": ["body"]}), coder="rule", title="Frames")
    assert chart.title == "Frames" and "leads" not in chart.alt


def test_what_is_said_of_the_charts_are_their_own_numbers(keys_done):
    said = [outcomes(keys_done[SESSIONS[n].name])[-1] for n in (1, 2)]
    chart = next(o["data"]["text/plain"] for c in keys_done[SESSIONS[1].name].cells for o in c.get("outputs", [])
                 if o.output_type == "display_data")
    n, left, lent, both = map(int, re.search(
        r"Of the (\d+) steps on the chart, (\d+) .+ and (\d+) have .+: (\d+) have none", said[0]).groups())
    assert left + lent == both < n
    assert left == sum(map(int, re.findall(r"(\d+) undated", chart)))
    assert n == sum(map(int, re.findall(r": (\d+) events, ", chart)))
    assert re.search(r"leads in \d of \d texts", said[1])


def test_the_copy_is_measured_on_articles_alone():
    share = int(re.search(r"(\d+)% of the runs", repr(check("copied", PRACTICE, "keel", "wire")))[1])
    assert share > 50       # the task says that much of it is taken


def test_check_and_sheet_have_one_key():
    """Where the labels and the adjudicated table differ, the adjudicated one is the key of both."""
    told, book = PRACTICE.load("adjudicated_event_mentions"), load_codebook(PRACTICE.raw)
    for doc, start in (("brief", 1026), ("ledger", 2602), ("halta", 850), ("halta", 2038)):
        row = told[(told["doc_id"] == doc) & (told["trigger_start"] == start)].iloc[0]
        for column, codes in (("status", book.statuses), ("track", book.tracks)):
            word = codes["seminar_group"][row[column]]
            assert check("codes", PRACTICE, column, [f"{doc}/{start}"], {"A": word}).ok, (doc, start, column)
        assert check("research codes", PRACTICE, [f"{doc}/{start}"], {"A": row["type"]}).ok


def test_an_offer_that_was_made_is_no_plan(monkeypatch):
    """Its day is that of the offer, and lies behind; who put it, put it, by whichever of the two words it is coded."""
    case, told, labels = open_case("practice"), PRACTICE.load("adjudicated_event_mentions"), PRACTICE.labels("events")
    for status in ("happened", "proposed"):
        coded = [rows.assign(status=rows["status"].mask(rows["stage"].eq("offer") & rows["status"].isin(
            ["happened", "proposed"]), status)) for rows in (told, labels)]
        offers = coded[0].query("doc_id == 'keel' and stage == 'offer' and granularity == 'day'")
        assert status in set(offers["status"]) and offers["latest"].min() < "2025-03-04"
        monkeypatch.setattr(type(case), "load", lambda self, name, rows=coded[0]: rows)
        monkeypatch.setattr(type(case), "labels", lambda self, name, rows=coded[1]: rows)
        assert check("interval", case, "keel", "2025-03-04", "2025-03-09").ok
        assert check("who", case, "LAYUP", {"wire": "Carrowe", "column": "Pelmora"}).ok
        assert not check("who", case, "LAYUP", {"wire": "Carrowe", "column": "Carrowe"}).ok


def test_which_text_errs_does_not_hang_on_the_order_in_which_a_point_names_them(monkeypatch):
    given, topic = ["column", "keel"], "order of sanctions and removal"
    points = PRACTICE.labels("contradictions")
    turned = points.rename(columns=lambda c: c[:-1] + {"a": "b", "b": "a"}[c[-1]] if re.search("_[ab]$", c) else c)
    case = open_case("practice")
    monkeypatch.setattr(type(case), "labels", lambda self, name: turned)
    assert check("against the record", case, topic, given).ok
    assert not check("against the record", case, topic, ["column", "wire"]).ok
    monkeypatch.setattr(type(case), "labels", lambda self, name: points.drop(columns="against_record"))
    assert "no key" in repr(check("against the record", case, topic, given))


def test_the_average_of_the_pairs_leaves_the_row_of_all_out():
    rows = [(column, a, b, percent) for column, given in {"status": (90, 60, 60, 20), "track": (60, 60, 60, 60),
            "frame": (99, 99, 99, 99)}.items() for (a, b), percent in
            zip((("x", "y"), ("x", "z"), ("y", "z"), ("all", "all 3")), given)]
    found = pd.DataFrame(rows, columns=["variable", "coder_a", "coder_b", "percent"])
    assert check("lowest", found, "track").ok and not check("lowest", found, "status").ok


def run_cells(sources, folder, data):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    done = execute({"n": nbformat.v4.new_notebook(cells=cells)}, folder, data)["n"]
    return ["".join(o.get("text") or o.get("data", {}).get("text/plain", "") for o in c.outputs) for c in done.cells]


def test_red_text_is_put_into_plain_words_and_no_old_answer_is_called_right(tmp_path, data):
    setup = tagged(load(SESSIONS[0]), "setup")[0].source
    ask = 'check("article", practice, "keel", title_line, 15, 37)'
    said = run_cells([setup, setup, "title_line = 9", ask, 'title_line = "nine', ask, "title_line = nine", ask,
                      "title_line = 9", ask, "check('copied', practice, 'keel', copied_from)", "copied_from = Wire",
                      "check('copied', practice, 'keel', copied_from)", "print(copied_from)"], tmp_path, data)
    assert said[3].startswith("Right. ") and said[9].startswith("Right. ")
    assert said[4].count("Red text means") == said[6].count("Red text means") == 1      # the first cell was run twice
    assert "quotation marks" in said[4] and '"nine"' in said[6]
    for told in (said[5], said[7]):
        assert told.startswith("Not yet. The cell with your answer (title_line) ended in red text")
    assert '"Wire"' in said[11]
    for told in (said[10], said[12], said[13]):     # who writes the name of the answer in quotation marks is lost
        assert "copied_from is not known" in told and "Mend that cell first" in told
        assert "quotation marks" not in told


def test_each_page_says_what_red_text_means():
    for path in (EXERCISES / "start-here.ipynb", *SESSIONS):
        notebook = teaching.strip(load(path))
        before = prose(nbformat.v4.new_notebook(cells=notebook.cells[:2]))
        assert re.search("red text", before, re.I) and "quotation mark" in before, path.name
        assert "first grey cell" in before and "Restart Kernel" in before, path.name
        if path in SESSIONS:
            assert "explain_red_text()" in tagged(notebook, "setup")[0].source


def test_the_second_answer_of_the_real_headline_can_be_read_from_the_page(student_done):
    notebook = student_done[SESSIONS[2].name]
    shown = next(o["data"]["text/html"] for c in notebook.cells if "headline_action" in c.source for o in c.outputs)
    row = next(row for row in shown.split("<tr>") if ">andrewdoria<" in row)
    key = next(ast.literal_eval(k.split("in_its_body = ")[1]) for _, k in solutions(SESSIONS[2]) if "in_its_body" in k)
    assert f">{key}<" in row


def test_a_task_gives_what_it_asks_for():
    one, four = load(SESSIONS[0]), load(SESSIONS[3])
    assert "nothing but this page" not in prose(one) and "a news page of your own" in one.cells[0].source
    asked = re.search(r"its PLOVER type: (.+)\.", prose(four))[1]
    shown = next(c.source for c in four.cells if c.source.startswith('meanings("type"'))
    from helpers.teaching.checks import ROLES, TYPES
    assert set(re.findall("`([A-Z]+)`", asked)) == set(re.findall('"([A-Z]+)"', shown)) == set(TYPES)
    roles = next(c.source for c in one.cells if c.source.startswith("## 1.3"))
    assert re.findall("`([a-z]+)`", roles) == ROLES
    numbers = {"two": 2, "three": 3, "four": 4, "five": 5}
    arrive = next(i for i, c in enumerate(four.cells) if "Then run the next" in c.source)
    until = next(i for i, c in enumerate(four.cells) if "check" in c.metadata.get("tags", []))
    assert numbers[re.search(r"run the next (\w+) cells", four.cells[arrive].source)[1]] == until - arrive
    defend = next(c.source for c in four.cells if c.source.startswith("## 4.7"))
    minutes = [numbers[word] for word in re.findall(r"(\w+) minutes (?:to present|for these)", defend)]
    assert len(minutes) == 2 and 2 * sum(minutes) <= int(re.search(r"\((\d+) minutes", defend)[1])


@pytest.mark.parametrize("name, content", [
    ("x.ipynb", b"{}"), ("mine.csv", b"a,b\n1,2\n"), ("mine.docx", b"PK\x03\x04 no archive"), ("mine.txt", b""),
    ("mine.pdf", b"%PDF-1.4 broken")])
def test_a_page_that_cannot_be_read_is_told_in_a_sentence(name, content, tmp_path, capsys):
    (tmp_path / name).write_bytes(content)
    assert teaching.own_page(str(tmp_path / name)) is None
    said = capsys.readouterr().out
    assert said.startswith("This file cannot be shown: ") and name in said and "save it as .txt" in said


# the coding sheet ---------------------------------------------------------------------------------------------------


def fill(path, sheet, coder, change=lambda rows: None, sep=",", bom=True):
    rows = pd.read_csv(sheet, dtype="string", encoding="utf-8-sig", keep_default_na=False)
    rows["status"], rows["track"], rows["frame"] = "happened", "arms", "law"
    change(rows)
    target = path / f"coding-sheet-{coder}.csv"
    rows.to_csv(target, index=False, sep=sep, encoding="utf-8-sig" if bom else "utf-8")
    return target


def test_a_group_of_three_gets_its_agreement(tmp_path, student):
    sheet = student / "coding-sheet.csv"
    fill(tmp_path, sheet, "anna")
    fill(tmp_path, sheet, "Ben", lambda r: r.__setitem__(
        "status", ["denied"] * 6 + ["happened"] * (len(r) - 6)), sep=";")
    (tmp_path / "sheets").mkdir()
    fill(tmp_path / "sheets", sheet, "cleo", lambda r: r.__setitem__(
        "status", ["Denied "] * 6 + ["happened"] * (len(r) - 6)), sep="\t", bom=False)
    filled, problems = teaching.read_sheets(tmp_path)
    assert not problems and set(filled["coder"]) == {"anna", "ben", "cleo"} and set(filled["kind"]) == {"person"}
    found = teaching.agreement(filled).set_index(["variable", "coder_a", "coder_b"])
    n = filled["place"].nunique()
    assert (found["n"] == n).all() and set(found["called"]) == {"agreement"}
    assert found.loc[("status", "ben", "cleo"), "alpha"] == 1
    assert found.loc[("status", "anna", "ben"), "percent"] == pytest.approx(100 * (n - 6) / n)
    assert found.loc[("status", "anna", "ben"), "alpha"] < 0 < found.loc[("status", "all", "all 3"), "alpha"]
    differ = teaching.differences(filled)
    assert len(differ) == 6 and set(differ["column"]) == {"status"}
    assert "anna: happened; ben: denied; cleo: denied" in set(differ["who said what"])
    assert check("sheets", filled, problems).ok and check("lowest", teaching.agreement(filled), "status").ok
    assert not check("lowest", teaching.agreement(filled), "track").ok
    assert "Filled in by a person: anna, ben, cleo." in teaching.state(filled)


def test_a_sheet_that_cannot_be_read_is_told_by_file_row_and_remedy(tmp_path, student):
    def spoil(rows):
        rows.loc[0, "status"], rows.loc[1, "frame"], rows.loc[2, "place"] = "hapened", "economy", "somewhere"
        rows.loc[3, "track"] = ""
    path = fill(tmp_path, student / "coding-sheet.csv", "dora", spoil)
    frame, problems = sheets.read_sheet(path)
    assert problems == [
        "coding-sheet-dora.csv, row 1: 'hapened' is no word for status; did you mean 'happened'?",
        "coding-sheet-dora.csv, row 2: 'economy' is no word for frame. The words are security, resources, law, "
        "statecraft, politics, values, none.",
        "coding-sheet-dora.csv, row 3: the column ‘place’ was changed. Copy it from an empty sheet."]
    assert frame["status"].isna().sum() == 1 and len(frame) == len(pd.read_csv(path)) - 1
    (tmp_path / "coding-sheet-eli.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "coding-sheet-fay.csv").write_bytes("row,text,place\né".encode("latin-1"))
    shutil.copyfile(student / "coding-sheet.csv", tmp_path / "coding-sheet-gus.csv")
    filled, problems = teaching.read_sheets(tmp_path)
    told = "\n".join(problems)
    assert set(filled["coder"]) == {"dora"}
    assert "coding-sheet-eli.csv: line 1: the column 'row' is missing" in told
    assert "coding-sheet-fay.csv: line 1: the column 'status' is missing" in told
    assert "coding-sheet-gus.csv: nothing is filled in yet" in told
    assert "row 4" in repr(check("sheet", fill(tmp_path, student / "coding-sheet.csv", "hal", lambda r: r.__setitem__(
        "track", ["arms"] * 3 + [""] + ["arms"] * (len(r) - 4))), ["track"]))


def test_a_class_sheet_given_to_score_is_told_where_it_is_read(tmp_path, student, data, capsys):
    path = fill(tmp_path, student / "coding-sheet.csv", "anna", sep=";")
    assert main(["score", "practice", str(path), "--data", str(data)]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "coding-sheet-anna.csv: is the coding sheet of a class" in err
    assert "after-the-class.ipynb" in err and "'sheet'" not in err
    other = tmp_path / "list.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    assert teaching.elsewhere(other) == teaching.elsewhere(tmp_path / "none.csv") == ""
    assert main(["score", "practice", str(other), str(path), "--data", str(data)]) == 1
    out, err = capsys.readouterr()
    assert out == "" and "list.csv: line 1: the column 'sheet' is missing" in err and "after-the-class" in err


def one_place_changed(rows):
    rows.loc[2, "place"] = "halta:1-2"


def two_rows_gone(rows):
    rows.loc[[3, 9], :] = ""


@pytest.mark.parametrize("known_from", ["the empty sheet", "most sheets", "the case"])
def test_rows_that_are_missing_or_have_another_place_are_told_by_row(known_from, tmp_path, student):
    sheet = student / "coding-sheet.csv"
    fill(tmp_path, sheet, "ben", one_place_changed)
    fill(tmp_path, sheet, "cleo", two_rows_gone)
    if known_from == "the empty sheet":
        shutil.copyfile(sheet, tmp_path / "coding-sheet.csv")
    if known_from == "most sheets":
        for name in ("anna", "dora", "eli"):
            fill(tmp_path, sheet, name)
    filled, problems = teaching.read_sheets(tmp_path, PRACTICE if known_from == "the case" else None)
    right = pd.read_csv(sheet, dtype="string")["place"][2]
    assert len(problems) == 2
    assert re.fullmatch(rf"coding-sheet-ben.csv, row 3: the place 'halta:1-2' is not in .*, which has '{right}' there"
                        r"\. Copy .*", problems[0])
    assert problems[1] == "coding-sheet-cleo.csv: rows 4, 10 are missing. Copy them from an empty sheet and code them."
    assert set(filled["coder"]) >= {"ben", "cleo"} and "Mend this: " + problems[1] in teaching.state(filled, problems)


def test_two_sheets_alone_are_held_against_each_other(tmp_path, student):
    fill(tmp_path, student / "coding-sheet.csv", "anna")
    fill(tmp_path, student / "coding-sheet.csv", "ben", one_place_changed)
    problems = teaching.read_sheets(tmp_path)[1]
    assert [p.split(":")[0] for p in problems] == ["coding-sheet-anna.csv, row 3", "coding-sheet-ben.csv, row 3"]
    assert all("not in the other sheets of halta" in p for p in problems)


def test_a_row_whose_place_cannot_be_read_is_told_once(tmp_path, student):
    for name in ("anna", "ben", "cleo"):
        fill(tmp_path, student / "coding-sheet.csv", name,
             lambda r, name=name: r.__setitem__("place", ["?" if name == "anna" else r["place"][0], *r["place"][1:]]))
    assert len(teaching.read_sheets(tmp_path, PRACTICE)[1]) == 1


def test_a_student_is_told_of_a_missing_row_beside_the_empty_sheet(tmp_path, student):
    shutil.copyfile(student / "coding-sheet.csv", tmp_path / "coding-sheet.csv")
    path = fill(tmp_path, student / "coding-sheet.csv", "hal", two_rows_gone)
    assert "rows 4, 10 are missing" in repr(check("sheet", path, ["status"]))


@pytest.mark.parametrize("name", ["coding_sheet_eva.csv", "Coding-Sheet-Eva.csv", "eva coding sheet.csv", "Eva.csv",
                                  "Eva_12_assignsubmission_file_coding-sheet.csv", "coding-sheet-eva (1).csv",
                                  "Z_12_assignsubmission_file_coding-sheet-eva.csv", "coding-sheet-eva.txt"])
def test_a_sheet_is_read_under_whatever_name_it_comes(name, tmp_path, student):
    fill(tmp_path, student / "coding-sheet.csv", "eva").rename(tmp_path / name)
    for other in ("coding-sheet.csv", "READ-ME-FIRST.txt"):
        shutil.copyfile(student / other, tmp_path / other)
    filled, problems = teaching.read_sheets(tmp_path)
    assert not problems and set(filled["coder"]) == {"eva"}
    assert check("sheet", tmp_path / name, ["status"]).ok


def test_what_is_no_sheet_is_named_and_never_passed_over(tmp_path, student):
    fill(tmp_path, student / "coding-sheet.csv", "eva").rename(tmp_path / "Eva.xlsx")
    (tmp_path / "list.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "coding-sheet-zip.csv").write_bytes(b"PK\3\4\0\0")
    filled, problems = teaching.read_sheets(tmp_path)
    told = "\n".join(problems)
    assert filled.empty and len(problems) == 3
    assert "Eva.xlsx: is no CSV file. Open it in a spreadsheet and save it as “CSV UTF-8”" in told
    assert "list.csv: is no coding sheet" in told and "coding-sheet-zip.csv: is no CSV. Open" in told
    assert "save it as “CSV UTF-8”" in repr(check("sheet", tmp_path / "Eva.xlsx", ["status"]))


def test_a_file_that_came_twice_is_one_person(tmp_path, student):
    first = fill(tmp_path, student / "coding-sheet.csv", "anna")
    shutil.copyfile(first, tmp_path / "coding-sheet-anna (1).csv")
    shutil.copyfile(first, tmp_path / "coding-sheet-anna - Copy.csv")
    filled, problems = teaching.read_sheets(tmp_path)
    assert set(filled["coder"]) == {"anna"} and teaching.agreement(filled).empty
    assert problems == [f"coding-sheet-anna{copy}.csv: holds the same codes as coding-sheet-anna.csv and counts once. "
                        "Delete one of them." for copy in (" (1)", " - Copy")]
    fill(tmp_path, student / "coding-sheet.csv", "anna (1)", lambda rows: rows.__setitem__("status", "denied"))
    filled, problems = teaching.read_sheets(tmp_path)
    assert "another sheet of 'anna', with other codes: coding-sheet-anna.csv, which counts" in problems[0]
    assert set(filled["status"]) == {"happened"}


def test_two_names_with_the_same_codes_are_told(tmp_path, student):
    for name in ("anna", "ben", "cleo"):
        fill(tmp_path, student / "coding-sheet.csv", name, lambda rows, name=name: rows.__setitem__(
            "frame", ["values" if name == "cleo" else "law", *rows["frame"][1:]]))
    said = teaching.state(*teaching.read_sheets(tmp_path))
    assert "anna and ben have the same word in every cell" in said and said.count("the same word") == 1
    for name in ("anna", "ben"):        # a row may be alike by chance
        fill(tmp_path, student / "coding-sheet.csv", name, one_row_filled)
    assert "the same word" not in teaching.state(*teaching.read_sheets(tmp_path))


def one_row_filled(rows):
    rows.loc[1:, list(sheets.FILL)] = ""


def test_a_filled_sheet_without_a_name_is_not_called_empty(tmp_path, student):
    assert "This is the empty sheet" in repr(check("sheet", student / "coding-sheet.csv", ["status"]))
    fill(tmp_path, student / "coding-sheet.csv", "x").rename(tmp_path / "coding-sheet.csv")
    assert "filled in, but has no name" in repr(check("sheet", tmp_path / "coding-sheet.csv", ["status"]))
    filled, problems = teaching.read_sheets(tmp_path)
    assert filled.empty and len(problems) == 1 and "is filled in, but has no name" in problems[0]


@pytest.mark.parametrize("saved", [
    lambda path, rows: path.write_bytes(rows.to_csv(index=False, sep=";").encode("cp1252")),
    lambda path, rows: path.write_bytes(rows.to_csv(index=False, sep="\t").encode("utf-16")),
    lambda path, rows: path.write_text("sep=;\n" + rows.to_csv(index=False, sep=";"), encoding="utf-8-sig"),
    lambda path, rows: rows.rename(columns=str.title).to_csv(path, index=False),
], ids=["windows-1252", "utf-16", "sep=;", "capitals"])
def test_a_sheet_is_read_as_spreadsheets_save_it(saved, tmp_path, student):
    path = fill(tmp_path, student / "coding-sheet.csv", "zoë")
    rows = pd.read_csv(path, dtype="string", keep_default_na=False)
    rows["note"] = ["Is it naïve, or a plan?", *[""] * (len(rows) - 1)]
    saved(path, rows)
    frame, problems = sheets.read_sheet(path)
    assert not problems and frame["sentence"].tolist() == rows["sentence"].tolist()
    assert frame["note"].dropna().tolist() == ["Is it naïve, or a plan?"] and set(frame["status"]) == {"happened"}


@pytest.fixture
def three_sheets(tmp_path, student, data):
    """Two sheets of one text, and one of another that lies beside them."""
    other = open_case("practice", data)
    fill(tmp_path, student / "coding-sheet.csv", "anna")
    fill(tmp_path, student / "coding-sheet.csv", "ben")
    fill(tmp_path, sheets.coding_sheet(other, "ledger", tmp_path / "kept" / "empty.csv"), "cleo")
    return tmp_path


def test_a_sheet_of_another_text_is_named_and_counts_for_nobody(three_sheets):
    filled, problems = teaching.read_sheets(three_sheets, PRACTICE)
    assert len(problems) == 1 and problems[0].startswith("coding-sheet-cleo.csv: is a sheet of the text 'ledger'")
    assert "the others are of 'halta'" in problems[0]
    found = teaching.agreement(filled)
    assert set(found["text"]) == {"halta"} and set(found["coder_b"]) == {"ben"}      # no "all 3"
    assert "ledger (cleo)" in teaching.state(filled, problems)
    said = check("sheets", filled, problems)
    assert not said.ok and "coding-sheet-cleo.csv" in repr(said)


def test_agreement_is_measured_text_by_text(three_sheets):
    fill(three_sheets, three_sheets / "kept" / "empty.csv", "dora", lambda rows: rows.__setitem__("status", "denied"))
    filled, problems = teaching.read_sheets(three_sheets, PRACTICE)
    assert not problems
    found = teaching.agreement(filled).query("variable == 'status'").set_index("text")
    assert found[["coder_a", "coder_b", "percent"]].to_dict("index") == {
        "halta": {"coder_a": "anna", "coder_b": "ben", "percent": 100},
        "ledger": {"coder_a": "cleo", "coder_b": "dora", "percent": 0}}
    assert teaching.agreement(filled.iloc[:0]).columns[0] == "text"
    (three_sheets / "coding-sheet-ben.csv").unlink()
    (three_sheets / "coding-sheet-dora.csv").unlink()
    filled, problems = teaching.read_sheets(three_sheets, PRACTICE)
    assert len(problems) == 2 and "coded the same text yet" in teaching.state(filled)


def test_a_folder_that_is_not_there_is_named(tmp_path, student, monkeypatch):
    filled, problems = teaching.read_sheets(tmp_path / "nowhere")
    assert filled.empty and str(tmp_path / "nowhere") in problems[0]
    assert problems[0] in teaching.state(filled, problems)
    assert str(tmp_path) in teaching.read_sheets(tmp_path)[1][0]
    fill(tmp_path, student / "coding-sheet.csv", "anna")
    monkeypatch.setenv("HOME", str(tmp_path.parent))
    monkeypatch.setenv("USERPROFILE", str(tmp_path.parent))
    assert set(teaching.read_sheets(f"~/{tmp_path.name}")[0]["coder"]) == {"anna"}


def test_a_finer_word_of_the_codebook_is_led_to_where_it_stands(tmp_path, student):
    fill(tmp_path, student / "coding-sheet.csv", "anna", lambda rows: rows.__setitem__(
        "status", ["planned, promised or expected", "weather", *rows["status"][2:]]))
    finer, other = teaching.read_sheets(tmp_path)[1]
    assert finer.endswith("is no word for status. It stands in the codebook under ‘announced’: write that word.")
    assert other.endswith("The words are happened, announced, claimed, denied, none.")


@pytest.mark.parametrize("column", sheets.FILL)
def test_each_finer_word_that_the_page_prints_is_known(column, student):
    page = (student / "codebook.html").read_text(encoding="utf-8")
    codes = getattr(load_codebook(None), sheets.TABLES[column])
    for label, group in codes[["label", "seminar_group"]].itertuples(index=False):
        assert label in page
        assert sheets.group_of(column, label.upper()) == group


def test_no_sheet_says_so_and_one_is_not_enough(tmp_path, student):
    filled, problems = teaching.read_sheets(tmp_path)
    assert "nobody's agreement can be measured" in teaching.state(filled, problems)
    assert teaching.agreement(filled).empty and teaching.differences(filled).empty
    fill(tmp_path, student / "coding-sheet.csv", "ida")
    filled, _ = teaching.read_sheets(tmp_path)
    assert "No two persons have coded yet" in teaching.state(filled)
    assert "Only one filled sheet" in repr(check("sheets", filled, []))


def test_the_projects_own_codings_are_never_called_a_persons():
    made = teaching.teacher_sheets(PRACTICE, "halta")
    filled, problems = teaching.read_sheets(made)
    assert not problems and dict(zip(filled["coder"], filled["kind"])) == {"key": "model", "machine": "rule"}
    assert set(teaching.agreement(filled)["called"]) == {"comparison"}
    assert "No two persons have coded yet" in teaching.state(filled)


def test_the_sheet_is_of_one_text_and_empty(student):
    rows = pd.read_csv(student / "coding-sheet.csv", dtype="string", encoding="utf-8-sig")
    assert list(rows.columns) == sheets.COLUMNS and rows["text"].nunique() == 1
    assert rows[["status", "track", "frame", "note"]].isna().all(axis=None)
    assert 12 <= len(rows) <= 22        # what one person codes in the time that the sessions give
    text = PRACTICE.text(rows["text"].iloc[0])
    for place, sentence, step in rows[["place", "sentence", "step"]].itertuples(index=False):
        start, end = map(int, place.split(":")[1].split("-"))
        assert " ".join(text[start:end].split()) == sentence and step in sentence
    codes = sheets.rows_of(PRACTICE, rows["text"].iloc[0])
    assert codes["status_key"].nunique() == 4 and codes["frame_key"].nunique() >= 4


def test_the_class_is_shown_where_it_splits_and_where_it_parts_from_the_key(tmp_path, student, data):
    sheet = student / "coding-sheet.csv"
    key = pd.read_csv(teaching.teacher_sheets(PRACTICE, "halta") / "coding-sheet-key.csv", dtype="string")

    def like_the_key(rows):
        for column in sheets.FILL:
            rows[column] = key[column].fillna("none")

    def one_off(rows):
        like_the_key(rows)
        rows.loc[4, "frame"] = "security"
    def one_off_and_noted(rows):
        one_off(rows)
        rows.loc[4, "note"], rows.loc[5, "status"] = "law, or force?", "perhaps"
    for name, change in (("anna", like_the_key), ("ben", one_off_and_noted), ("cleo", one_off)):
        fill(tmp_path, sheet, name, change)
    filled, _ = teaching.read_sheets(tmp_path)
    split = teaching.hardest(filled)
    assert split[["row", "column", "coders"]].values.tolist() == [[5, "frame", 3]]
    assert split["notes"].tolist() == ["ben: law, or force?"]
    assert teaching.differences(filled)["notes"].tolist() == ["ben: law, or force?"]
    assert split["words"].tolist() == [f"security 2, {key['frame'][4]} 1"]
    parted = teaching.against_key(filled, PRACTICE)
    assert parted[["row", "column", "key"]].values.tolist() == [[5, "frame", key["frame"][4]]]
    found = teaching.agreement(filled)
    assert teaching.together(found)[["coder_b", "n"]].values.tolist() == [["all 3", n] for n in [len(key)] * 3]
    two = teaching.agreement(filled[filled["coder"] != "cleo"])
    assert teaching.together(two)["coder_b"].tolist() == ["ben"] * 3
    each = teaching.by_coder(filled, found).set_index("coder")
    n = len(key)
    assert each[["cells", "filled", "refused"]].values.tolist() == [[3 * n, 3 * n, 0], [3 * n, 3 * n - 1, 1],
                                                                    [3 * n, 3 * n, 0]]
    off = round(100 * (n - 1) / n)
    assert each["frame"].tolist() == [off, round((100 + off) / 2), round((100 + off) / 2)]
    empty = filled.iloc[:0]
    assert teaching.by_coder(empty, teaching.agreement(empty)).empty and teaching.models(empty, PRACTICE).empty
    assert teaching.hardest(empty).empty and teaching.against_key(empty, PRACTICE).empty
    path = ROOT / "notebooks" / "instructor" / "after-the-class.ipynb"
    done = execute({"class": load(path)}, tmp_path, data)["class"]
    assert not failures(done)
    shown = printed(done)
    assert "Filled in by a person: anna, ben, cleo." in shown and "security 2" in shown
    assert "All 3 coders agree enough on all 3 codes" in shown and "Each coder and the others" in shown
    assert not [c for c in load(path).cells if c.get("outputs")]


def test_the_models_are_held_against_each_other_on_the_rows_of_the_class():
    """In the class's own words, so that its figure and theirs stand on one scale."""
    codes = sheets.rows_of(PRACTICE, "halta")
    some = codes.iloc[2:9].assign(coder="x", kind="person", refused=0, note=None, **dict.fromkeys(sheets.FILL, "none"))
    found = teaching.models(some, PRACTICE)
    assert found.groupby("coder")["kind"].first().to_dict() == {"A": "model", "B": "model", "machine": "rule"}
    for coder, rows in found.groupby("coder"):
        assert rows["place"].tolist() == some["place"].tolist(), coder
        assert all(set(rows[c].dropna()) <= set(sheets.allowed()[c]) for c in sheets.FILL), coder
    machine = found[found["coder"] == "machine"].set_index("place")
    known = codes.set_index("place").loc[machine.index]
    for column in sheets.FILL:      # the same codes as those of the machine's sheet
        assert machine[column].fillna("").tolist() == known[f"{column}_machine"].fillna("").tolist(), column
    labels = PRACTICE.labels("frames").query("doc_id == 'halta'").set_index("start")["frames"].str.split(";").str[0]
    labels.index = labels.index.astype(int)
    of, given = load_codebook(PRACTICE.raw).frames["seminar_group"], found[found["coder"] == "A"].set_index("place")
    starts = {place: int(re.split("[:-]", place)[1]) for place in given.index}
    told = [place for place, start in starts.items() if start in labels.index and labels[start] in of.index]
    assert len(told) > 3 and [given.at[p, "frame"] for p in told] == [of[labels[starts[p]]] for p in told]
    assert {"consistency", "comparison"} == set(teaching.agreement(found)["called"])


# the guide ----------------------------------------------------------------------------------------------------------


def test_the_guide_gives_the_minutes_that_the_notebooks_give():
    guide = GUIDE.read_text(encoding="utf-8")
    for path in SESSIONS:
        n = path.stem.split("-")[1]
        part = re.search(rf"^## Session {n}.*?(?=^## )", guide, re.S | re.M)[0]
        rows = re.findall(r"^\| (\d+)–(\d+) \| ([^|]+?) \|", part, re.M)
        length = {what: int(to) - int(since) for since, to, what in rows}
        wanted = {h.split()[0] if h[0].isdigit() else h.split()[0]: int(m) for h, m in re.findall(
            r"^## (.+) \((\d+) minutes\)", prose(load(path)), re.M)}
        assert {k.split()[0]: v for k, v in length.items()} == wanted, path.stem
        assert rows[0][0] == "0" and rows[-1][1] == "90"
        assert [r[1] for r in rows[:-1]] == [r[0] for r in rows[1:]]


def test_the_guide_answers_every_task_and_its_links_lead_somewhere():
    guide = GUIDE.read_text(encoding="utf-8")
    for path in SESSIONS:
        for task in re.findall(r"^## (\d\.\d) ", prose(load(path)), re.M):
            assert re.search(rf"^\*\*{task} ", guide, re.M), task
    for page in (GUIDE, ROOT / "docs" / "handout.md"):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), (page.name, link)


def test_the_guides_answers_are_the_keys():
    guide, n = " ".join(GUIDE.read_text(encoding="utf-8").split()).lower(), 0
    for path in SESSIONS:
        for cell, key in solutions(path):
            if cell.cell_type != "code" or "teacher_sheets" in key or "found[" in key:
                continue
            values = [ast.literal_eval(line.value) for line in ast.parse(key).body]
            asked = [list(v.values()) for v in values if isinstance(v, dict)]
            for words in asked or [[v for v in values if isinstance(v, str)]]:
                if not words or "2025-03-09" in words or any(":" in w for w in words):
                    continue                            # the guide tells these at length
                forms = {sign.join(words).lower() for sign in (", ", "; ", " and ", "` and `")}
                assert any(form in guide for form in forms), (path.stem, words)
                n += 1
    assert n > 12


def test_the_rows_that_the_guide_and_the_key_name_are_those_of_the_sheet(student):
    """The sheet is made from tables that are built anew: its rows may move, and these sentences with them."""
    codes = sheets.rows_of(PRACTICE, "halta").set_index("row")
    guide = " ".join(GUIDE.read_text(encoding="utf-8").split())
    said = guide + " ".join(c.source for c in load(SESSIONS[3]).cells)
    told = re.findall(r"\bRow (\d+): (\w+)", said)
    assert len(told) == 8
    for row, word in told:
        assert word in set(codes.loc[int(row), ["status_key", "track_key", "frame_key"]]), (row, word)
    split = re.findall(r"(\d+) \(([a-z ]+)\)", re.search(r"Expect a split\* in rows (.+?):", guide)[1])
    assert len(split) == 5
    for row, words in split:
        assert words in codes.loc[int(row), "step"], (row, words)
    assert len(re.findall("[Tt]wenty-one rows", guide)) == 2 and len(codes) == 21


def test_what_the_guide_calls_arguable_is_what_the_key_says():
    guide = " ".join(GUIDE.read_text(encoding="utf-8").split())
    listed = re.search(r"\*Arguable:\* rows (.+?)\. ", guide)[1]
    rows = {int(row): words for row, words in re.findall(r"(\d+) \((.+?)\)", listed)}
    told = sheets.rows_of(PRACTICE, "halta").set_index("row").loc[list(rows)]
    assert all(words in told.at[row, "step"] for row, words in rows.items())
    assert set(told["status_key"]) == {"happened"}
    assert told["track_key"].to_dict() == {row: "negotiation" if row == 15 else "pressure" for row in rows}
    letter = re.search(r"\*Arguable:\* ([A-D])\.", guide)[1]
    keys = {key for path in SESSIONS for _, key in solutions(path) if "arguable" in key}
    assert {re.match(r"# (rows [\d, ]+|[A-D]) (?:is|are) arguable", key)[1] for key in keys} == {
        f"rows {', '.join(map(str, rows))}", letter}
    assert any(f'"{letter}": "no"' in key for key in keys)


def test_the_points_of_the_rubric_are_those_of_its_rows_and_every_goal_has_one():
    guide = GUIDE.read_text(encoding="utf-8")
    rubric = re.search(r"^## The memo and its rubric.*?(?=^## )", guide, re.S | re.M)[0]
    weights = [int(n) for n in re.findall(r"^\| \*\*[^|]+?\*\* \((?:weight )?(\d)", rubric, re.M)]
    points, pass_at = map(int, re.search(r"^(\d+) points\. Pass at (\d+)\.", rubric, re.M).groups())
    assert points == 3 * sum(weights) == 2 * pass_at and len(weights) == rubric.count("| **")
    assert all(f"**{row}**" in rubric for row in ("Dates and order", "Framing", "Defence", "Limits and method"))


def test_when_a_sheet_is_handed_in_is_said_in_one_way(student):
    said = {name: " ".join(text.split()) for name, text in {
        "guide": GUIDE.read_text(encoding="utf-8"), "start": prose(load(student / "start-here.ipynb")),
        "session 3": prose(load(student / SESSIONS[2].name))}.items()}
    when = re.compile("by the evening before (session 4|the fourth session)")
    assert [name for name, text in said.items() if when.search(text)] == list(said)


def test_a_row_of_the_sheet_has_about_a_minute(student):
    n = len(pd.read_csv(student / "coding-sheet.csv"))
    for path in SESSIONS[1:3]:
        minutes = re.search(r"^## \d\.6 Fill .* \((\d+) minutes\)", prose(load(path)), re.M)[1]
        assert int(minutes) * 60 / n >= 55, path.stem


def test_the_note_on_a_headline_says_what_it_overstates():
    said = repr(check("headline", PRACTICE, "keel", "Pelmora", "nobody"))
    assert said.startswith("Right") and "“offers”" in said and "“kills”" in said


def pages_printed(chromium, source, folder):
    """Print a page with a browser and count the sheets of paper."""
    page, paper = folder / "page.html", folder / "page.pdf"
    page.write_text(teaching.print_page(source), encoding="utf-8")
    subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer",
                    f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={paper}", page.as_uri()], check=True,
                   capture_output=True, timeout=120)
    return len(re.findall(rb"/Type\s*/Page\b", paper.read_bytes()))


def test_the_handout_prints_on_one_page_and_the_guide_on_ten(chromium, tmp_path):
    assert pages_printed(chromium, ROOT / "docs" / "handout.md", tmp_path) == 1
    assert 4 <= pages_printed(chromium, GUIDE, tmp_path) <= 10


@pytest.mark.parametrize(("cards", "file"), [(teaching.compare_passages, "gold/contradictions.csv"),
                                             (teaching.record_cards, "reference.csv")])
def test_cards_of_a_case_without_the_file_they_need_say_which(cards, file, monkeypatch):
    case = open_case("practice")
    monkeypatch.setattr(type(case), "optional", lambda self, file: None)
    with pytest.raises(CaseError, match=f"no {re.escape(file)}"):
        cards(case, ["x"])
