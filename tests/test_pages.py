"""Pages: what runs, in which order, what is refused before anything runs, and what a page lets through."""
import json
import re
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import trials
from bs4 import BeautifulSoup

from helpers import doctor, show
from helpers.case import CaseError, ParameterError, open_case
from helpers.pages import beside, html, index, passages, printing, run


@pytest.fixture(scope="module")
def trial() -> trials.Trial:
    return trials.rendered()


@pytest.fixture
def project_folder(tmp_path) -> Path:
    return trials.make_project(tmp_path / "p")


def page(trial: trials.Trial, name: str) -> BeautifulSoup:
    return BeautifulSoup((trial.out / "mill" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def record(folder: Path) -> dict:
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def outputs(path: Path) -> str:
    return "".join(o.get("text", "") for c in nbformat.read(path, 4).cells for o in c.get("outputs", []))


# what runs --------------------------------------------------------------------------------------------------------


def test_every_notebook_has_a_page_and_the_index_links_each(trial):
    names = [p.stem for p in sorted((trial.root / "notebooks").glob("*.ipynb"))]
    front = BeautifulSoup(trial.done.index.read_text(encoding="utf-8"), "html.parser")
    assert trial.done.n_pages == len(names) == 7
    assert [a["href"] for a in front.select(".card h4 a")] == [f"mill/{name}.html" for name in names]
    for name in names:
        links = [a["href"] for a in page(trial, name).select("ol.pages a")]
        assert links == [f"{other}.html" for other in names]
        assert (trial.out / "mill" / "executed" / f"{name}.ipynb").exists()


def test_notebooks_that_write_run_first_and_in_order(trial):
    assert "order: first, second 30" in outputs(trial.out / "mill" / "executed" / "03-reads.ipynb")


def test_kernel_is_this_python_with_fixed_hashes_in_the_notebooks_folder(trial):
    assert f"0 {sys.executable} notebooks" in outputs(trial.out / "mill" / "executed" / "03-reads.ipynb")


def test_failing_notebook_is_kept_shown_and_marked_and_the_others_finish(trial):
    kept = trial.out / "mill" / "executed" / "06-fails.ipynb"
    assert outputs(kept) == "before\n"
    shown = page(trial, "06-fails")
    assert "ValueError: the <b>weir</b> is gone" in shown.select_one(".problem").get_text()
    assert "before" in shown.select_one("pre.out").get_text()
    assert "after" not in shown.select_one("pre.error").get_text()
    states = {p["name"]: p["state"] for p in record(trial.out / "mill")["pages"]}
    assert {n for n, s in states.items() if s == "failed"} == {"06-fails", "07-undescribed"}
    front = BeautifulSoup(trial.done.index.read_text(encoding="utf-8"), "html.parser")
    assert [li.select_one("h4 a")["href"] for li in front.select("li.bad")] == ["mill/06-fails.html",
                                                                               "mill/07-undescribed.html"]
    assert len(trial.done.failed) == 2 and "06-fails: cell 3: ValueError" in trial.done.failed[0]


def test_picture_without_description_fails_and_names_the_cell(trial):
    problem = next(p["problem"] for p in record(trial.out / "mill")["pages"] if p["name"] == "07-undescribed")
    assert "cell 3 (In [2]): a picture has no description" in problem and "cell 4 (In [3])" in problem
    assert "cell 5" not in problem
    pictures = page(trial, "07-undescribed").select("main img")
    assert [p["alt"] for p in pictures] == ["A line."]


def test_a_date_in_a_table_is_never_broken():
    assert html._size("2031-03-01") == "unbroken day" and html._size("R2031") == "unbroken" and not html._size("yes")


def page_of(*cells):
    from nbformat.v4 import new_notebook
    nb = new_notebook(cells=list(cells))
    return html.to_html(nb, page=html.describe(nb), case="C", case_name="c", nav=[], names=[], name="n", record=[],
                        root="", problem="")


def test_a_cell_for_the_lab_is_not_on_the_page_and_the_others_keep_their_places():
    from nbformat.v4 import new_markdown_cell
    cells = [new_markdown_cell(text) for text in ("# Ports", "Press the key.\n\n## 9 Gone", "## 1 Ferries")]
    whole = page_of(*cells)
    cells[1].metadata["tags"] = ["lab"]
    page = page_of(*cells)
    assert "Press the key" in whole and "9-Gone" in whole
    assert "Press the key" not in page and "Gone" not in page and 'id="cell-2"' not in page
    assert "1-Ferries" in page.partition('id="cell-3"')[2]


def test_a_line_that_is_the_title_of_its_picture_stands_once():
    from nbformat.v4 import new_code_cell, new_output
    picture = new_output("display_data", {"image/png": "AA=="}, metadata={"image/png": {"alt": "Two left. A map."}})
    lines = [new_output("stream", name="stdout", text=text) for text in ("Two left.\n", "Two stayed.\n")]
    page = BeautifulSoup(page_of(*(new_code_cell("1", outputs=[line, picture]) for line in lines)), "html.parser")
    assert [p["class"] for p in page.select("pre.out")] == [["out", "titled"], ["out"]]
    assert "pre.out.titled{display:none}" in html.style()


def on_paper(heads, *rows):
    table = f"<table><thead><tr>{''.join(f'<th>{h}</th>' for h in heads)}</tr></thead><tbody>" + "".join(
        f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in rows) + "</tbody></table>"
    return BeautifulSoup(html.tidy(html.clean(table)), "html.parser").table


@pytest.mark.parametrize(("n", "kind"), [(5, []), (7, ["snug"]), (9, ["stacked"])])
def test_a_table_that_is_too_broad_for_paper_is_made_smaller_or_stacked(n, kind):
    table = on_paper([f"&lt;head {i}&gt;" for i in range(n)], ["reconsiderations"] * n, ["to undertake it"] * n)
    assert table.get("class", []) == kind
    heads = [cell.get("data-head") for cell in table.select("tbody tr:first-child td")]
    assert heads == ([f"<head {i}>" for i in range(n)] if "stacked" in kind else [None] * n)
    assert "<head" not in str(table).replace('data-head="<head', "").replace("&lt;head", "")


def test_a_stacked_row_is_named_by_the_column_that_tells_rows_apart():
    rows = [[f"2031-03-{n:02}", "undertakings", f"ferry {'abcdefghi'[n]}", *["procurement"] * 9] for n in range(1, 9)]
    names = on_paper("abcdefghijkl", *rows).select(".name")
    assert [cell.get_text() for cell in names] == [row[2] for row in rows]


def test_an_address_may_break_and_does_not_make_a_table_broad():
    rows = [["https://ferries.example/" + "quay" * 30, "a", "b"]]
    table = on_paper("abc", *rows)
    assert "class" not in table.attrs and "endless" in table.select_one("tbody td")["class"]
    assert ":is(.snug,.stacked) .endless,:is(.snug,.stacked) a{overflow-wrap:anywhere}" in html.style()


def test_backticks_of_a_message_are_code_and_nothing_else_comes_in():
    from nbformat.v4 import new_code_cell, new_output
    said = "Run `casebook texts <b>`.\nThe title: `<script>x()</script> don`t.\n"
    page = BeautifulSoup(page_of(new_code_cell("1", outputs=[new_output("stream", name="stdout", text=said)])),
                         "html.parser")
    assert [code.get_text() for code in page.select("pre.out code")] == ["casebook texts <b>"]
    assert page.select_one("pre.out").get_text() == said.replace("`casebook texts <b>`", "casebook texts <b>")
    assert not page.select("script, pre.out b")


def test_a_chart_has_its_title_in_words_where_nothing_else_says_it():
    from nbformat.v4 import new_code_cell, new_output
    picture = new_output("display_data", {"image/png": "AA=="}, metadata={"image/png": {
        "alt": "Of 2.5 m <b>, two left. A map.", "width": 10, "height": 20}})
    said = new_output("stream", name="stdout", text="Of 2.5 m <b>, two left.\n")
    with_line, without = (BeautifulSoup(page_of(new_code_cell("1", outputs=o)), "html.parser").figure
                          for o in ([said, picture], [picture]))
    assert not with_line.figcaption and without.figcaption.get_text() == "Of 2.5 m <b>, two left."
    assert without.select_one("details.larger summary").get_text() == "Chart in full size"
    assert "high" in without["class"]


def test_a_table_that_is_cut_and_scrolls_says_so_in_one_line():
    def below(rows):
        shown = show.table(pd.DataFrame({"n": range(40)}), "T", rows=rows)
        made = BeautifulSoup(html.tidy(html.clean(shown._repr_html_())), "html.parser")
        return [p.get_text() for p in made.find_all("p")]
    assert below(30) == ["The first 30 of 40 rows. The table scrolls."]
    assert below(5) == ["The first 5 of 40 rows."] and below(40) == ["40 rows; the table scrolls."]


def test_picture_inside_text_is_refused():
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("![a map](map.png)")])
    assert html.missing_descriptions(nb) == ["cell 1: a picture stands inside text, where it is left out. Show it "
                                             "from a code cell with helpers.charts.show(fig, alt=…)."]


def test_kernel_that_dies_leaves_a_page(project_folder):
    trials.notebook(project_folder / "notebooks" / "01-first.ipynb", "# Does it die?\n\nYes.", "print('so far')",
                    "import os\nos._exit(3)", "print('never')")
    done = run.render(data=project_folder / "data", folder=project_folder / "notebooks", notebooks=["01"],
                      out=project_folder / "out", say=[].append)
    assert len(done.failed) == 1 and "died" in done.failed[0].lower()
    text = (project_folder / "out" / "mill" / "01-first.html").read_text(encoding="utf-8")
    assert "so far" in text and "This page is not complete" in text


def test_one_page_that_cannot_be_made_costs_only_itself(project_folder, monkeypatch):
    real = html.to_html
    monkeypatch.setattr(html, "to_html", lambda nb, **around: 1 / 0 if around["name"] == "01-first" and nb.cells
                        else real(nb, **around))
    done = run.render(data=project_folder / "data", folder=project_folder / "notebooks", notebooks=["01", "02"],
                      out=project_folder / "out", say=[].append)
    assert len(done.failed) == 1 and "cannot be made (ZeroDivisionError" in done.failed[0]
    assert "cannot be made" in (project_folder / "out" / "mill" / "01-first.html").read_text(encoding="utf-8")
    assert "What comes first?" in (project_folder / "out" / "mill" / "02-second.html").read_text(encoding="utf-8")


def test_same_inputs_give_the_same_bytes_without_a_clock_or_a_path(trial, tmp_path):
    again = tmp_path / "again"
    run.render(data=trial.root / "data", folder=trial.root / "notebooks", out=again, say=[].append, jobs=2)
    files, others = (sorted(p.relative_to(out) for p in out.rglob("*") if p.is_file() and ".cache" not in p.parts)
                     for out in (trial.out, again))
    assert files == others
    for file in files:
        assert (again / file).read_bytes() == (trial.out / file).read_bytes(), file
    text = (trial.out / "mill" / "run.json").read_text(encoding="utf-8")
    assert str(trial.root) not in text and str(Path.home()) not in text
    assert not re.search(r"\d\d:\d\d:\d\d", text)


def test_run_record_says_what_the_run_was_made_from(trial):
    made = record(trial.out / "mill")
    assert made["texts"] == {"north": True, "south": True}
    assert made["versions"]["python"].startswith(f"{sys.version_info[0]}.{sys.version_info[1]}")
    assert all(re.fullmatch(r"[0-9a-f]{64}", made[what]) for what in ("code", "codebook", "collected"))
    first = made["pages"][0]
    assert first["parameters"] == {"case": "mill", "save": True} and re.fullmatch(r"[0-9a-f]{64}", first["notebook"])
    shown = page(trial, "01-first").select_one("footer dl").get_text()
    assert "2 of 2 were here" in shown and first["notebook"][:12] in shown


@pytest.mark.parametrize("change", ["raw/mill/codebook/actors.yaml", "raw/mill/reference.csv"])
def test_run_record_changes_with_what_was_collected(project_folder, change):
    before = index.made_from(open_case("mill", project_folder / "data"))
    path = project_folder / "data" / change
    path.parent.mkdir(exist_ok=True)
    path.write_text("a: b\n", encoding="utf-8")
    (project_folder / "data/raw/mill/north.txt").write_text("another text", encoding="utf-8")
    after = index.made_from(open_case("mill", project_folder / "data"))
    assert after["collected"] != before["collected"]
    assert after["texts"] == {"north": False, "south": True}


def test_a_run_record_has_its_keys_in_one_order_however_often_it_is_written(project_folder):
    call = {"data": project_folder / "data", "folder": project_folder / "notebooks", "notebooks": ["01"],
            "out": project_folder / "out", "say": [].append, "fresh": True}
    orders = []
    for _ in range(2):
        run.render(**call)
        made = record(project_folder / "out" / "mill")
        orders.append((list(made), list(made["beside"])))
    made["beside"] = {"findings": [], "inputs": ""}         # as a brief that was made by itself leaves it
    (project_folder / "out" / "mill" / "run.json").write_text(json.dumps(made), encoding="utf-8")
    run.render(**call)
    again = record(project_folder / "out" / "mill")
    assert orders[0] == orders[1] == (list(again), list(again["beside"]))
    assert orders[0][0][-3:] == ["invented", "quotes", "beside"]


def test_rendering_one_notebook_keeps_the_other_pages_listed(project_folder):
    call = {"data": project_folder / "data", "folder": project_folder / "notebooks", "out": project_folder / "out",
            "say": [].append}
    run.render(notebooks=["01", "02"], **call)
    run.render(notebooks=["02-second"], **call)
    assert [p["name"] for p in record(project_folder / "out" / "mill")["pages"]] == ["01-first", "02-second"]


# parameters -------------------------------------------------------------------------------------------------------


def test_chosen_values_get_a_folder_of_their_own_and_write_no_table(project_folder):
    done = run.render(["mill"], ["01", "03"], {"documents": "south"}, data=project_folder / "data",
                      folder=project_folder / "notebooks", out=project_folder / "out", say=[].append)
    assert not (project_folder / "data" / "processed").exists()
    (only,) = (project_folder / "out" / "mill").glob("*/run.json")
    assert only.parent.name.startswith("documents-south-")
    pages = {p["name"]: p for p in record(only.parent)["pages"]}
    assert pages["01-first"]["parameters"] == {"case": "mill", "save": False, "documents": ["south"]}
    assert pages["03-reads"]["parameters"] == {"case": "mill"}
    assert "['south']" in outputs(only.parent / "executed" / "01-first.ipynb")
    assert "03-reads" in done.failed[0]         # it reads what only a plain run writes
    assert '"../../index.html#mill"' in (only.parent / "01-first.html").read_text(encoding="utf-8")


def test_matrix_makes_one_run_for_each_combination(project_folder, tmp_path):
    matrix = tmp_path / "views.yaml"
    matrix.write_text("window: [7, 30]\ndocuments: [[north], [north, south]]\n", encoding="utf-8")
    assert len(run.read_matrix(matrix)) == 4
    matrix.write_text("documents: [[north], [north, south]]\n", encoding="utf-8")
    done = run.render(["mill"], ["01"], matrix=matrix, data=project_folder / "data",
                      folder=project_folder / "notebooks", out=project_folder / "out", say=[].append)
    found = sorted(record(p.parent)["parameters"]["documents"]
                   for p in (project_folder / "out").glob("mill/*/run.json"))
    assert found == [["north"], ["north", "south"]] and not done.failed
    front = BeautifulSoup(done.index.read_text(encoding="utf-8"), "html.parser")
    table = front.select_one("table.runs")      # side by side: a column a run, its values first, then what it finds
    assert [h.get_text() for h in table.select("thead th")] == ["Run 1", "Run 2"]
    rows = {row.th.get_text(): [cell.get_text() for cell in row.find_all("td")] for row in table.select("tbody tr")}
    assert sorted(rows["documents"]) == ["north", "north, south"] and rows["01 First"] == ["open", "open"]
    assert len({a["href"] for a in table.find_all("a")}) == 2


@pytest.mark.parametrize(("chosen", "said"), [
    ({"windw": "3"}, "No notebook has a parameter 'windw'. Did you mean 'window'?"),
    ({"window": "soon"}, "'window' takes a whole number, not 'soon'"),
    ({"window": True}, "'window' takes a whole number, not True"),
    ({"documents": '["north"'}, "'documents' takes a list of texts"),
    ({"documents": "nort"}, "has no document 'nort'. Did you mean 'north'?"),
    ({"save": "true"}, "Whether tables are written cannot be set"),
    ({"case": "x"}, "name it on the command line"),
])
def test_wrong_values_are_refused_before_anything_runs(project_folder, chosen, said):
    with pytest.raises(ParameterError, match=re.escape(said)):
        run.render(["mill"], None, chosen, data=project_folder / "data", folder=project_folder / "notebooks",
                   out=project_folder / "out", say=[].append)
    assert not (project_folder / "out").exists()


@pytest.mark.parametrize(("text", "said"), [
    ("window: 3\n", "'window' has no list of values"), ("[1, 2]\n", "holds no parameters"),
    ("window: [1\nb: 2", "not YAML at line 2"), ("window: !!python/object/apply:os.getcwd []\n", "not YAML at line 1"),
    ("", "holds no parameters"), ("window: [" + ", ".join(map(str, range(999))) + "]", "makes 999 runs"),
])
def test_wrong_matrix_is_refused_by_name(tmp_path, text, said):
    path = tmp_path / "views.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=f"views.yaml: {re.escape(said)}"):
        run.read_matrix(path)


def test_missing_matrix_and_missing_notebooks_say_so(tmp_path, project_folder):
    with pytest.raises(ParameterError, match="none.yaml: cannot be read"):
        run.read_matrix(tmp_path / "none.yaml")
    with pytest.raises(CaseError, match="no notebook in"):
        run.find_notebooks(tmp_path)
    with pytest.raises(ParameterError, match="Did you mean '03-reads'"):
        run.find_notebooks(project_folder / "notebooks", ["03-read"])
    (project_folder / "notebooks" / "08-broken.ipynb").write_text("{", encoding="utf-8")
    with pytest.raises(CaseError, match="08-broken.ipynb: this is not a notebook"):
        run.find_notebooks(project_folder / "notebooks")


def test_names_of_folders_are_safe_and_differ():
    nasty = [{"a": "../../x"}, {"a": "..\\..\\x"}, {"a": "CON"}, {"a": "x" * 500}, {"a": "ü"}, {"a": "ö"}, {"a": ""}]
    slugs = [run.slug(value) for value in nasty]
    assert len(set(slugs)) == len(slugs)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,60}", s) for s in slugs)


# what a page lets through -----------------------------------------------------------------------------------------


def test_nothing_that_runs_or_fetches_survives(trial):
    for path in trial.out.rglob("*.html"):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert not soup.select("script, iframe, svg, object, embed, form, base, template, [srcdoc]"), path.name
        assert len(soup.select("style")) == 1
        for tag in soup.find_all(True):
            assert not [a for a in tag.attrs if a.startswith("on")], tag
            assert not re.match(r"\s*(javascript|vbscript|data):", tag.get("href", "").replace("data:,", "")), tag
            assert not tag.get("src") or tag["src"].startswith("data:image/"), tag
            assert "url(" not in tag.get("style", "") and "position" not in tag.get("style", "")


def test_hostile_text_stays_readable_and_in_its_place(trial):
    soup = page(trial, "05-hostile")
    assert soup.title.get_text().startswith("Is data only data?") and "run" not in soup.title.get_text()
    assert trials.ATTACK in soup.select_one("pre.out").get_text()
    table = soup.select_one("table.dataframe")
    assert table.select_one("tbody td").get_text() == trials.ATTACK == table.select_one("thead th").get_text()
    assert len(soup.select("main")) == 1 and soup.select_one("main table") and soup.select_one("body > footer")
    assert "deep" in soup.get_text() and "never closed" in soup.get_text()


def test_policy_allows_exactly_the_style_sheet_of_the_page(trial):
    import base64
    import hashlib
    soup = page(trial, "04-chart")
    meta = soup.select_one('meta[http-equiv="Content-Security-Policy"]')
    digest = base64.b64encode(hashlib.sha256(soup.style.string.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in meta["content"]
    assert "default-src 'none'; script-src 'none'; img-src data:" in meta["content"]
    assert list(soup.head.find_all(True)).index(meta) < list(soup.head.find_all(True)).index(soup.style)


def test_page_has_its_parts(trial):
    soup = page(trial, "04-chart")
    assert soup.html["lang"] == "en"
    assert soup.title.get_text() == "Does the picture come through? · The quarrel over the mill <b>&</b> its weir"
    assert [h.get_text() for h in soup.find_all("h1")] == ["Does the picture come through?"]
    toc = soup.select("nav.toc.side a")
    assert [a.get_text() for a in toc] == ["Does the picture come through?", "Draw it", "And how to read it"]
    assert all(soup.find(id=a["href"][1:]) for a in toc)
    assert soup.select_one("a.skip")["href"] == "#content" and soup.find(id="content").name == "main"
    image = soup.select_one("main img")
    assert image["alt"] == 'A line that "falls" <from> left to right.' and image["width"] == "900"
    code = soup.select("details.code")
    assert code and not any("open" in block.attrs for block in code) and "def picture" in code[0].get_text()


def test_tables_are_made_for_reading_aloud(trial):
    frame = page(trial, "04-chart").select_one("table.dataframe")
    assert "border" not in frame.attrs
    assert [(h.get_text(), h["scope"]) for h in frame.select("thead th")] == [(n, "col") for n in ("note", "who", "n")]
    assert [h["scope"] for h in frame.select("tbody th")] == ["row", "row"]
    assert all("number" in row.find_all("td")[1]["class"] for row in frame.select("tbody tr"))
    for soup in (page(trial, name) for name in ("04-chart", "05-hostile")):
        assert not [h for h in soup.find_all("th") if not h.get_text(strip=True)]
        for table in soup.find_all("table"):
            box = table.find_parent(class_="scroll")
            assert box["tabindex"] == "0" and box["role"] == "region" and box["aria-label"]


def test_links_lead_to_pages_or_become_text(trial):
    first = page(trial, "01-first").select_one("main")
    assert first.select_one("a[href='03-reads.html#What-is-there']").get_text() == "third"
    assert [a.get_text() for a in first.find_all("a", href=re.compile("^(?!#)"))] == ["third"]
    assert page(trial, "03-reads").find(id="What-is-there")


def test_index_shows_findings_pictures_and_what_the_case_is(trial):
    front = BeautifulSoup(trial.done.index.read_text(encoding="utf-8"), "html.parser")
    assert front.select_one("section h2").get_text() == "The quarrel over the mill <b>&</b> its weir"
    assert front.select_one("section .lead").get_text() == "Two notes about one mill."
    (finding,) = front.select(".findings a")
    assert finding.get_text() == "One line falls." and finding["href"] == "mill/04-chart.html#figure-1"
    assert page(trial, "04-chart").find(id="figure-1")
    described = [i["alt"] for i in front.select(".thumb img")]
    assert 'Preview. A line that "falls" <from> left to right.' in described


def test_index_opens_on_the_chart_of_the_first_finding_and_says_whole_sentences(tmp_path):
    folder = tmp_path / "weir"
    (folder / "thumbnails").mkdir(parents=True)
    said = [{"topic": t, "sentence": f"{t}.", "notebook": "01-x", "place": place}
            for t, place in (("None", None), ("Second", "figure-2"), ("First", "figure-1"))]
    pages = [{"name": "01-x", "summary": "One is short. " + "But this goes on and on " * 5 + "to its end."}]
    (folder / "run.json").write_text(json.dumps({
        "case": "weir", "title": "Weir", "parameters": {}, "pages": pages, "beside": {"findings": said},
        "state": "0 of 5: `casebook texts weir --from <F>` puts them there."}), encoding="utf-8")

    def front():
        return BeautifulSoup(index.write_index(tmp_path).read_text(encoding="utf-8"), "html.parser")
    assert not front().select(".lead-chart") and front().select(".opening.alone")
    picture = '<figure class="picture wide" id="figure-{0}"><div><img src="data:x,{0}" alt="No. {0} &gt; 1" ' \
              'width="9" height="8"></div></figure>'
    (folder / "01-x.html").write_text(picture.format(1) + picture.format(2), encoding="utf-8")
    image = front().select_one(".lead-chart a[href='weir/01-x.html#figure-2'] img")
    assert (image["src"], image["alt"], image["width"]) == ("data:x,2", "No. 2 > 1", "9")
    assert front().select_one(".card .words p:not(.label)").get_text() == "One is short."
    assert front().select_one(".state code").get_text() == "casebook texts weir --from <F>"
    assert "`" not in front().get_text()


def test_a_thumbnail_is_all_the_width_of_a_picture_below_its_title():
    import base64
    import io

    from nbformat.v4 import new_code_cell, new_notebook, new_output
    from PIL import Image
    tall = Image.new("RGB", (2000, 4000), "white")
    tall.paste("red", (100, 100, 1990, 300))                                    # a title
    tall.paste("black", (0, 400, 2000, 400 + 2 * index.SEEN[1]))                # a band, all across
    content = io.BytesIO()
    tall.save(content, "PNG")

    def thumbnail(kind, data, **about):
        output = new_output("display_data", {kind: data}, metadata={kind: {"alt": "A chart.", **about}})
        return index._thumbnail(new_notebook(cells=[new_code_cell("1", outputs=[output])]))
    png, alt, ending = thumbnail("image/png", base64.b64encode(content.getvalue()).decode(), width=1000)
    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("L")
        assert abs(small.width / small.height - index.SEEN[0] / index.SEEN[1]) < .01
        assert small.getextrema()[1] < 40       # neither the title, which would be cut, nor what lies below is on it
    assert (alt, ending) == ("A chart.", "png")
    svg, _, ending = thumbnail("image/svg+xml", '<svg viewBox="0 0 1000 4000" width="1000" height="4000"><g/></svg>')
    assert ending == "svg" and b'viewBox="0 0 1000 625"' in svg


def test_an_answer_is_folded_and_what_is_typed_stands_as_code():
    from nbformat.v4 import new_code_cell, new_output
    cells = [new_code_cell("1", outputs=[new_output("stream", name="stdout", text=text)])
             for text in ("It was `<b>` all along.", "Open.")]
    cells[0].metadata["tags"] = ["answer"]
    made = BeautifulSoup(page_of(*cells), "html.parser")
    (folded,) = made.select("details.answer")
    assert "open" not in folded.attrs and folded.select_one("pre code").get_text() == "<b>"
    assert folded.select_one("pre").get_text() == "It was <b> all along." and "Open." not in folded.get_text()


def test_index_passes_over_a_record_that_is_not_one(trial, tmp_path):
    for name, text in (("odd", "[]"), ("broken", "{"), ("other", '{"pages": []}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(text, encoding="utf-8")
    assert "No case has been rendered yet" in index.write_index(tmp_path).read_text(encoding="utf-8")


@pytest.mark.parametrize("source", ["<b><i>crossed</b></i>", "<p title='\"><script>x</script>'>quote", "<!-- --><b>x",
                                    "<math><mi//xlink:href='data:x,<script>'>", "<a href='java\nscript:x'>y</a>",
                                    "<b style='color:red;behavior:url(x);background:url(y)'>c</b>", "&lt;script&gt;"])
def test_clean_is_stable_and_holds_nothing_that_runs(source):
    once = html.clean(source)
    assert html.clean(once) == once
    assert html.tidy(once).count("<script") == 0
    soup = BeautifulSoup(html.tidy(once), "html.parser")
    assert {t.name for t in soup.find_all(True)} <= set(html.TAGS)
    assert not re.search(r"url|behavior|javascript:", "".join(str(t.attrs) for t in soup.find_all(True)))


def test_an_output_names_no_place_but_the_rows_that_marks_lead_to():
    kept = html.clean('<table><tr id="row-a/e1"><td id="row-1">x</td></tr><tr id="row-1"><td>y</td></tr></table>')
    soup = BeautifulSoup(kept, "html.parser")
    assert [(t.name, t["id"]) for t in soup.find_all(id=True)] == [("tr", "row-1")]
    assert "id=" not in html.clean('<p id="row-1">x</p>') and "id=" in html.clean('<p id="x">x</p>', author=True)


# passages ---------------------------------------------------------------------------------------------------------


def publish(project_folder: Path, address: str) -> None:
    """Give all texts of the mill an address: by it a page knows whether their words may stand on it."""
    path = project_folder / "data" / "raw" / "mill" / "documents.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{header},url", *(f"{row},{address}" for row in rows)]), encoding="utf-8")


@pytest.mark.parametrize(("quotes", "address", "stands"), [("none", "https://news.org/1", False),
                                                           ("short", "https://news.org/1", True),
                                                           ("none", "https://news.example/1", True)])
def test_no_passage_of_a_text_reaches_a_page_unless_told_or_free(project_folder, quotes, address, stands):
    publish(project_folder, address)
    trials.notebook(project_folder / "notebooks" / "01-first.ipynb", "# What is there?\n\nA text.",
                    ("parameters", trials.PARAMETERS),
                    "from helpers.case import open_case\ntext = open_case(case).text('north')\nprint(text)",
                    "from IPython.display import HTML, Markdown, display\ndisplay(HTML('<p>' + text.replace('said', "
                    "'<b>said</b>') + '</p>'), Markdown(text))\ntext", "raise ValueError(text)")
    out = project_folder / "out"
    run.render(data=project_folder / "data", folder=project_folder / "notebooks", notebooks=["01"], out=out,
               quotes=quotes, say=[].append)
    sentence = "The council said on Monday that the mill stays shut"
    for path in (p for p in out.rglob("*") if p.suffix in (".html", ".ipynb", ".json")):
        said = " ".join(re.sub(r"<[^>]+>|\\+n", " ", path.read_text(encoding="utf-8")).split())
        if not stands:
            assert sentence not in said, path
            assert "Mill to stay shut" in said or path.stem not in ("01-first",)       # a title may be cited
    page = BeautifulSoup((out / "mill" / "01-first.html").read_text(encoding="utf-8"), "html.parser").get_text()
    assert (sentence in " ".join(page.split())) is stands
    assert ("a passage of" in page) is not stands
    assert record(out / "mill")["quotes"] == quotes


def test_a_change_of_quotes_is_no_reason_to_keep_what_was_run(project_folder):
    """The cache keeps no page with passages for a call without them."""
    from helpers.pages import render
    publish(project_folder, "https://news.org")
    trials.notebook(project_folder / "notebooks" / "01-first.ipynb", "# T\n\nA text.",
                    ("parameters", trials.PARAMETERS),
                    "from helpers.case import open_case\nprint(open_case(case).text('north'))")
    call = {"data": project_folder / "data", "folder": project_folder / "notebooks", "notebooks": ["01"],
            "out": project_folder / "out", "say": [].append}
    found = []
    for quotes in ("short", "none", "none"):
        render(quotes=quotes, **call)
        found.append("the mill stays shut" in (project_folder / "out/mill/01-first.html").read_text(encoding="utf-8"))
    assert found == [True, False, False]
    assert passages.LIMITS == {"none": 8, "short": 25}


# what stands beside the pages -------------------------------------------------------------------------------------


def test_cases_about_what_exists_come_before_invented_ones_and_lead_to_each_other(tmp_path):
    page = {"name": "01-first", "title": "First?", "state": "done", "problem": "", "findings": [], "parameters": {}}
    for name, invented in (("alpha", True), ("omega", False), ("beta", False)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(json.dumps({
            "case": name, "title": f"About <b>{name}</b>", "parameters": {}, "pages": [page], "invented": invented}))
        for file in ("01-first.html", "codebook.html"):
            (tmp_path / name / file).write_text(f"<h1>C</h1>{beside.OPENS}{beside.CLOSES}", encoding="utf-8")
    front = BeautifulSoup(index.write_index(tmp_path).read_text(encoding="utf-8"), "html.parser")
    assert [h.get_text() for h in front.select("section h2")] == [
        f"About <b>{name}</b>" for name in ("beta", "omega", "alpha")]
    assert front.select_one("#omega").find_next(class_="beside").a["href"] == "omega/codebook.html"
    soup = BeautifulSoup((tmp_path / "omega/01-first.html").read_text(encoding="utf-8"), "html.parser")
    links = soup.select("nav.beside a")
    assert [a["href"] for a in links] == ["codebook.html", "../index.html#beta", "../index.html#alpha"]
    # a phone has the same, folded, with the pages of the case, of which this is one
    folded = soup.select("details.fold a")
    assert [a["href"] for a in folded] == ["01-first.html", *(a["href"] for a in links)]
    assert folded[0]["aria-current"] == "page"
    assert links[1].get_text() == "About <b>beta</b>"
    there = BeautifulSoup((tmp_path / "omega/codebook.html").read_text(encoding="utf-8"), "html.parser").select(
        "nav.beside a")
    assert [a["href"] for a in there][:2] == ["01-first.html", "codebook.html"] and there[1]["aria-current"] == "page"
    first = (tmp_path / "omega/01-first.html").read_bytes()
    index.write_index(tmp_path)
    assert (tmp_path / "omega/01-first.html").read_bytes() == first


def test_codebook_of_each_case_is_a_page_and_linked(trial):
    front = BeautifulSoup(trial.done.index.read_text(encoding="utf-8"), "html.parser")
    assert [a["href"] for a in front.select("ul.beside a")] == ["mill/codebook.html"]
    soup = page(trial, "codebook")
    assert soup.h1.get_text() == "Codebook: The quarrel over the mill <b>&</b> its weir" and not soup.h1.find("b")
    assert soup.select_one("nav.beside a[href='01-first.html']")
    assert page(trial, "01-first").select_one("nav.beside a[href='codebook.html']")


# print ------------------------------------------------------------------------------------------------------------


def test_whole_case_is_one_page_whose_links_stay_inside(trial):
    made = record(trial.out / "mill")
    five = [{"topic": "What happened", "sentence": "One <line> falls.", "notebook": "04-chart", "place": "figure-1"}]
    soup = BeautifulSoup(printing.whole_case(trial.out / "mill", made, five), "html.parser")
    assert [s["id"] for s in soup.select("section.part[id]")] == [p["name"] for p in made["pages"]]
    assert not soup.select("script, details.code, nav.toc, details:not([open]), figcaption, details.larger")
    for link in soup.select("a[href]"):
        assert link["href"].startswith("#") and soup.find(id=link["href"][1:]), link
    assert soup.select_one(".five a").get_text() == "One <line> falls."
    assert soup.find(id="03-reads--What-is-there") and soup.select_one("a[href='#03-reads--What-is-there']")
    ids = [t["id"] for t in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_browser_is_found_where_systems_keep_programs(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    monkeypatch.delenv("CASEBOOK_BROWSER", raising=False)
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    monkeypatch.setattr(doctor, "WINDOWS", ("Edge/msedge.exe",))
    assert doctor.browser("Windows") is None
    (tmp_path / "Edge").mkdir()
    (tmp_path / "Edge" / "msedge.exe").write_bytes(b"")
    assert doctor.browser("Windows") == tmp_path / "Edge" / "msedge.exe"
    monkeypatch.setenv("CASEBOOK_BROWSER", "no-such-program")
    with pytest.raises(CaseError, match="no-such-program, which is no program"):
        printing.pdf(tmp_path / "page.html")


@pytest.mark.parametrize(("n", "said"), [(1, "1 page, or 1 sheet printed"), (5, "5 pages, or 3 sheets printed")])
def test_how_much_paper_a_case_takes_is_said_before_it_is_printed(tmp_path, n, said):
    (tmp_path / "print.pdf").write_bytes(b"%PDF" + b"<</Type /Page\n/Parent 2 0 R>>" * n + b"<</Type /Pages>>")
    assert beside.beside(tmp_path)[0]["about"].startswith(f"The whole case on paper: {said}")


def test_without_a_browser_it_is_said_how_to_print(trial, tmp_path, monkeypatch):
    import shutil
    shutil.copytree(trial.out / "mill", tmp_path / "mill")
    monkeypatch.setattr(doctor, "browser", lambda: None)
    made, paper, why = printing.write_print(tmp_path / "mill")
    assert made.name == "print.html" and paper is None and "Save as PDF" in why
    with pytest.raises(CaseError, match="has not been rendered"):
        printing.write_print(tmp_path)


def test_a_browser_that_prints_nothing_is_told(tmp_path):
    (tmp_path / "page.html").write_text("<p>x</p>", encoding="utf-8")
    with pytest.raises(CaseError, match="printed nothing of page.html"):
        printing.pdf(tmp_path / "page.html", Path(sys.executable))
    assert not (tmp_path / "page.pdf").exists()


def test_tracks_are_called_the_same_in_charts_and_tables():
    from helpers.charts import chronology
    from helpers.codebook import load_codebook
    assert {code: label[:1].upper() + label[1:] for code, label in load_codebook().tracks["label"].items()} \
        == chronology.TRACKS
