"""Pages in a real browser: they fetch nothing, run nothing, can be read by everyone, and show their pictures."""
import io
import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pypdf
import pytest
import trials
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import sync_playwright

from helpers.case import open_case
from helpers.charts import style
from helpers.pages import brief, delta, index, printing, render

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
# what the hostile notebook would do if it could: change the title, hide the page
UNTOUCHED = "document.title !== 'run' && document.title !== '1' && getComputedStyle(document.body).display !== 'none'"
WIDE, PHONE, NARROW = 1280, 390, 320
PAPER = 672     # CSS pixels between the margins of A4: what is broader makes a browser shrink the whole page
WIDTH = "document.documentElement.scrollWidth"
GROUND = "getComputedStyle(document.body).backgroundColor"
LOST = ("[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href'))"
        ".filter(h => !document.getElementById(h.slice(1)) && "
        "!document.getElementById(decodeURIComponent(h.slice(1))))")
FILES = ("[...document.querySelectorAll('a[href]')].map(a => new URL(a.getAttribute('href'), location))"
         ".filter(u => u.protocol === 'file:').map(u => decodeURIComponent(u.pathname))")
AXE = ("rules => axe.run({resultTypes: ['violations'], ...(rules && {runOnly: rules})}).then(found => found.violations"
       ".map(v => [v.id, ...v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))]))")


@pytest.fixture(scope="module")
def browser(chromium):
    with sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def practice(project, tmp_path_factory):
    """The practice case's pages from the project's own notebooks, made from a copy of its data: from texts to pages."""
    folder = tmp_path_factory.mktemp("practice")
    for part in ("raw", "processed"):
        shutil.copytree(project / "data" / part / "practice", folder / "data" / part / "practice")
    done = render(["practice"], data=folder / "data", out=folder / "reports", say=lambda line: None)
    if not done.failed:
        delta.write(open_case("practice", folder / "data"), ["wire"], folder / "reports")
        printing.write_print(folder / "reports" / "practice")
        index.write_index(folder / "reports")
    return done


@pytest.fixture(scope="module")
def pages(practice) -> list[Path]:
    """The trial's pages and those of the practice case."""
    return sorted(p for folder in (trials.rendered().out, practice.index.parent) for p in folder.rglob("*.html"))


def test_the_practice_case_goes_from_texts_to_pages(practice):
    assert practice.n_pages >= 3
    assert not practice.failed, practice.failed


def opened(browser, path: Path, width: int = WIDE, **options):
    """Open a page; returns it with the lists of requests that left it and of what the console said."""
    page = browser.new_context(viewport={"width": width, "height": 900}, **options).new_page()
    requests, console = [], []
    page.on("request", lambda r: requests.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    page.on("console", lambda m: console.append(m.text))
    page.on("pageerror", lambda e: console.append(str(e)))
    page.goto(path.as_uri(), wait_until="load")
    return page, requests, console


class Visit(NamedTuple):
    """What was found on one page."""
    noise: list                     # requests that left it, what the console said
    untouched: bool                 # by what the hostile notebook tried
    lost: list                      # links that lead nowhere
    pictures: list                  # of each but the drawn ones: its width, its colours, the share of the commonest
    width: dict[str, int]           # to which it scrolls: wide, narrow, and between the margins of paper
    axe: dict[str, list]            # what axe found with all details open: wide, narrow, and of contrasts in the dark
    ground: str                     # the colour of its paper in the dark


def visit(browser, path: Path) -> Visit:
    """Open a page once and look at it wide, in the dark, and narrow: opening costs more than most of the looking."""
    page, requests, console = opened(browser, path)
    noise, untouched = [*requests, *console], page.evaluate(UNTOUCHED)
    lost = [*page.evaluate(LOST), *(f for f in page.evaluate(FILES) if not Path(f).exists())]
    pictures = [look(p) for p in page.query_selector_all("figure.picture .drawn img")
                if not p.get_attribute("src").startswith("data:image/svg")]
    page.evaluate(Axe().axe_script)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    width, axe = {"wide": page.evaluate(WIDTH)}, {"wide": page.evaluate(AXE)}
    page.emulate_media(color_scheme="dark")
    ground = page.evaluate(GROUND)
    axe["dark"] = page.evaluate(AXE, ["color-contrast"]) if path.name != "print.html" else []      # that one is paper
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROW, "height": 900})
    width["narrow"], axe["narrow"] = page.evaluate(WIDTH), page.evaluate(AXE)
    page.set_viewport_size({"width": PAPER, "height": 900})
    page.emulate_media(media="print")
    width["paper"] = page.evaluate(WIDTH)
    page.context.close()
    return Visit(noise, untouched, lost, pictures, width, axe, ground)


def look(picture) -> tuple[int, int, float]:
    """Return a picture's own width, and of what is seen of it the number of colours and the share of the commonest."""
    seen = Image.open(io.BytesIO(picture.screenshot())).convert("RGB")
    colours = seen.getcolors(seen.width * seen.height)
    return picture.evaluate("i => i.naturalWidth"), len(colours), max(n for n, _ in colours) / seen.width / seen.height


@pytest.fixture(scope="module")
def visits(browser, pages) -> dict[Path, Visit]:
    return {path: visit(browser, path) for path in pages}


def test_pages_request_nothing_say_nothing_and_run_nothing(visits):
    assert {path: v.noise for path, v in visits.items() if v.noise or not v.untouched} == {}


def test_links_inside_the_pages_lead_somewhere(visits):
    assert {path: v.lost for path, v in visits.items() if v.lost} == {}


def test_pictures_are_there_to_be_seen(visits):
    pictures = [(path.name, *found) for path, v in visits.items() for found in v.pictures]
    assert len(pictures) >= 2
    assert [p for p in pictures if not (p[1] > 100 and p[2] > 20 and p[3] < 0.995)] == []


@pytest.mark.parametrize("how", ["wide", "narrow", "dark"])
def test_pages_pass_axe(visits, how):
    assert {path: v.axe[how] for path, v in visits.items() if v.axe[how]} == {}


@pytest.mark.parametrize("how, limit", [("wide", WIDE), ("narrow", NARROW), ("paper", PAPER)])
def test_pages_do_not_scroll_sideways(visits, how, limit):
    assert {path: v.width[how] for path, v in visits.items() if v.width[how] > limit} == {}


def test_pages_are_dark_in_the_dark(visits):
    assert {p: v.ground for p, v in visits.items() if v.ground != "rgb(21, 24, 28)"} == {}


def test_a_brief_is_a_few_full_sheets_with_its_charts_among_its_words(browser, practice):
    page, _, _ = opened(browser, practice.index.parent / "practice" / "brief.html")
    paper = page.pdf(prefer_css_page_size=True)
    assert 3 <= len(re.findall(rb"/Type ?/Page\b", paper)) <= 5
    page.emulate_media(media="print")
    # each chart stands on paper below its section's heading and above the next section that has one
    places = page.evaluate("""() => {
        const heads = [...document.querySelectorAll('.prose > h2')], top = e => e.getBoundingClientRect().top;
        const charts = [...document.querySelectorAll('.prose > figure')];
        const before = c => h => h.compareDocumentPosition(c) & Node.DOCUMENT_POSITION_FOLLOWING;
        const own = charts.map(c => heads.findLast(before(c)));
        const ends = [...own.slice(1), document.querySelector('.method')];
        return charts.map((c, i) => top(own[i]) < top(c) && top(c) < top(ends[i])); }""")
    assert places == [True] * 4
    page.context.close()


def order_on_paper(paper: bytes) -> str:
    """Headings (what is set in 13.5 points or more) and pictures of a PDF as they follow each other, without spaces."""
    seen = []
    for n, sheet in enumerate(pypdf.PdfReader(io.BytesIO(paper)).pages):
        def text(words, cm, tm, _, size, n=n):
            if round(size * abs(tm[3] * cm[3]), 1) >= 13.5:
                seen.append((n, -(tm[5] * cm[3] + cm[5]), words))

        def picture(operator, _, cm, __, n=n):
            if operator == b"Do":
                seen.append((n, -(cm[5] + cm[3]), "▮"))
        sheet.extract_text(visitor_text=text, visitor_operand_before=picture)
    return "".join("".join(words for *_, words in sorted(seen, key=lambda s: s[:2])).split())


@pytest.mark.parametrize("name", ["brief", "00-start-here", "01-clean-texts", "03-chart-chronology"])
def test_on_paper_no_heading_passes_a_picture_that_waits_for_its_page(browser, practice, name):
    page, _, _ = opened(browser, practice.index.parent / "practice" / f"{name}.html")
    paper = order_on_paper(page.pdf(prefer_css_page_size=True))
    page.emulate_media(media="print")
    words = page.evaluate("""() => [...document.querySelectorAll('main :is(h1, h2, img)')].filter(e =>
        e.getClientRects().length && (e.tagName === 'IMG' || parseFloat(getComputedStyle(e).fontSize) >= 18)
        ).map(e => e.tagName === 'IMG' ? '▮' : e.textContent)""")
    assert words.count("▮") >= 2 and len(set(words)) > 3
    assert paper == "".join("".join(words).split())
    page.context.close()


def test_on_paper_the_chronology_of_a_brief_can_be_read_and_runs_over_the_sheet(browser, practice):
    page, _, _ = opened(browser, practice.index.parent / "practice" / "brief.html", PAPER)
    page.emulate_media(media="print")
    drawn = page.eval_on_selector_all("#figure-1 .strips img", "a => a.map(i => [i.width, +i.getAttribute('width')])")
    points = {style.SMALL * (wide / 96) / (own / style.DPI) for wide, own in drawn}
    assert len(drawn) >= 3 and min(points) >= 7
    assert not page.locator("#figure-1 .drawn img").is_visible()
    page.context.close()


def test_print_has_heads_on_each_sheet_and_nothing_to_press(browser, practice):
    page, _, _ = opened(browser, practice.index.parent / "practice" / "03-chart-chronology.html")
    page.emulate_media(media="print")
    # a head with a box in it, as buttons are, is left empty from the second sheet on
    for what, shown in (("th button", "contents"), ("table:not(.stacked) thead", "table-header-group")):
        assert set(page.eval_on_selector_all(what, "all => all.map(t => getComputedStyle(t).display)")) == {shown}
    for sort in ("input", "details.code", "details.larger", ".skip", "nav", ".sorting"):
        assert not any(found.is_visible() for found in page.query_selector_all(sort)), sort
    page.context.close()


def test_on_a_phone_a_chart_is_as_broad_as_the_screen_under_its_title_and_opens(browser, practice):
    page, _, _ = opened(browser, practice.index.parent / "practice" / "07-explore.html", PHONE)
    figure = page.query_selector("figure.picture:has(figcaption)")      # one that has no list in its stead
    image, title = figure.query_selector("img"), figure.query_selector("figcaption")
    assert title.is_visible() and image.get_attribute("alt").startswith(title.inner_text())
    assert PHONE * 0.8 < image.bounding_box()["width"] <= PHONE
    figure.query_selector("summary").press("Enter")
    assert image.bounding_box()["width"] == int(image.get_attribute("width")) and page.evaluate(WIDTH) == PHONE
    page.set_viewport_size({"width": WIDE, "height": 900})
    assert not title.is_visible() and not figure.query_selector("summary").is_visible()
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_has_the_keyboard_is_seen(browser, practice, scheme):
    for name in ("codebook.html", "05-compare-framing.html"):
        page, _, _ = opened(browser, practice.index.parent / "practice" / name, PHONE, color_scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        for _ in range(12):
            page.keyboard.press("Tab")
            outline = page.evaluate("(s => [s.outlineStyle, parseFloat(s.outlineWidth)])"
                                    "(getComputedStyle(document.activeElement))")
            assert outline[0] == "solid" and outline[1] >= 2, (name, page.evaluate("document.activeElement.outerHTML"))
        page.context.close()


def test_each_entry_of_the_coverage_chart_leads_to_its_row(browser, practice):
    page, _, _ = opened(browser, practice.index.parent / "practice" / "04-compare-accounts.html")
    chart = page.locator("figure.picture:has(img[alt*='could know'])")
    columns, named = chart.locator(".places rect").count(), chart.locator(".places a").evaluate_all(
        "links => links.map(a => document.getElementById(a.getAttribute('href').slice(1)).cells.length)")
    assert len(named) == columns == len(open_case("practice").reference) and set(named) == {2 + 8}
    page.context.close()


def test_policy_stops_a_script_that_slipped_through(browser, pages, tmp_path):
    path = next(p for p in pages if p.stem == "04-chart")
    slipped = tmp_path / "slipped.html"
    attack = ("<script>document.title='run'</script><img src=x alt=x onerror=\"document.title='run'\">"
              "<style>body{display:none}</style>")
    slipped.write_text(path.read_text(encoding="utf-8").replace("</main>", f"{attack}</main>"), encoding="utf-8")
    page, _, console = opened(browser, slipped)
    assert page.evaluate(UNTOUCHED) and len(console) >= 2
    page.context.close()


def test_five_findings_lead_to_their_charts(browser, practice):
    page, _, _ = opened(browser, practice.index)
    links = page.eval_on_selector_all(".five .go a", "links => links.map(a => a.href)")
    said = page.locator(".five .said").all_inner_texts()
    assert len(links) == len(said) == 5
    page.context.close()
    for link, sentence in zip(links, said, strict=True):
        path, place = link.removeprefix("file://").split("#")
        page, _, _ = opened(browser, Path(path))
        assert place.startswith("figure-"), link
        alt = page.get_attribute(f"#{place} img", "alt")
        if not alt.startswith(sentence.rstrip(".")):        # a sentence of its own beside the chart, on the same page
            assert sentence in " ".join(page.inner_text("main").split()), (sentence, alt)
        page.context.close()


def test_what_comes_from_a_case_never_runs_in_a_brief(browser, project, tmp_path):
    for part in ("raw", "processed"):
        shutil.copytree(project / "data" / part / "practice", tmp_path / "data" / part / "practice")
    raw = tmp_path / "data" / "raw" / "practice"
    written = f"# T {trials.ATTACK}\n\n{trials.ATTACK} " + "{{ title.wire }} {{ ^wire }}\n\n{{ chart ways_out }}\n"
    raw.joinpath("brief.md").write_text(written, encoding="utf-8")
    for path in (raw / "documents.csv", tmp_path / "data/processed/practice/documents.csv"):
        rows = pd.read_csv(path, dtype="string", keep_default_na=False)
        rows.assign(title=trials.ATTACK, outlet=trials.ATTACK).to_csv(path, index=False, lineterminator="\n")
    case = open_case("practice", tmp_path / "data")
    for name, text in (("brief", brief.make(case)), ("delta", delta.make(case, ["wire"]))):
        (tmp_path / f"{name}.html").write_text(text, encoding="utf-8")
        page, requests, console = opened(browser, tmp_path / f"{name}.html")
        assert (requests, console) == ([], []) and page.evaluate(UNTOUCHED)
        assert "<script>document.title='run'</script>" in page.inner_text("main")
        page.context.close()


def test_data_of_a_brief_is_saved_by_a_click(browser, practice):
    page, requests, _ = opened(browser, practice.index.parent / "practice" / "brief.html", accept_downloads=True)
    with page.expect_download() as waited:
        page.click("a[download='practice-events.csv']")
    assert waited.value.suggested_filename == "practice-events.csv"
    saved = Path(waited.value.path()).read_text(encoding="utf-8-sig")
    assert saved.startswith("event_id,when,") and len(saved.splitlines()) > 20 and requests == []
    page.context.close()


@pytest.mark.parametrize("name", ["brief", "00-start-here", "01-clean-texts", "02-code-texts", "03-chart-chronology"])
def test_on_a_phone_a_list_stands_for_each_picture_and_on_paper_the_picture(browser, practice, name):
    path = practice.index.parent / "practice" / f"{name}.html"
    for width, media, listed in ((390, "screen", True), (1280, "screen", False), (660, "print", False)):
        page, _, _ = opened(browser, path, width)
        page.emulate_media(media=media)
        figures = page.locator("figure.picture")
        assert figures.count() == page.locator("figure.picture + .html .twin:not(.twin .twin)").count() > 0
        for n in range(figures.count()):
            beside = figures.nth(n).locator("+ .html .twin").first
            assert (figures.nth(n).is_visible(), beside.is_visible()) == (not listed, listed), (width, media, n)
            assert len(beside.inner_text().split()) > 10 or not listed
        page.context.close()


def test_on_a_phone_the_head_is_folded_and_the_page_begins_on_the_first_screen(browser, practice):
    for name in ("brief", "03-chart-chronology"):
        page, _, _ = opened(browser, practice.index.parent / "practice" / f"{name}.html", PHONE)
        assert page.locator("h1").first.bounding_box()["y"] < 844 / 4
        fold = page.locator("header details.fold")
        fold.locator("summary").press("Enter")
        links = fold.locator("a")
        assert links.count() > 8 and links.first.is_visible() and page.locator("header nav:visible").count() == 1
        page.set_viewport_size({"width": WIDE, "height": 900})
        assert not fold.is_visible() and page.locator("header nav:visible").count() == (1 if name == "brief" else 2)
        page.context.close()


def test_whole_case_prints_with_page_numbers_and_the_same_bytes(chromium, practice, tmp_path):
    folder = practice.index.parent / "practice"
    paper = (folder / "print.pdf").read_bytes()
    assert paper.startswith(b"%PDF") and not practice.failed
    assert not re.search(rb"/CreationDate ?\(D:20[2-9]", paper)
    (tmp_path / "print.html").write_bytes((folder / "print.html").read_bytes())
    assert printing.pdf(tmp_path / "print.html", chromium).read_bytes() == paper
    pages = len(re.findall(rb"/Type ?/Page\b", paper))
    assert 20 < pages < 200
    assert len(re.findall(rb"/Subtype ?/Link\b", paper)) > 50          # links inside work on paper's screen, too


def test_contents_are_beside_the_text_or_folded_above_it(browser, pages):
    path = next(p for p in pages if p.stem == "04-chart")
    for width, beside in ((1280, True), (360, False)):
        page, _, _ = opened(browser, path, width)
        assert page.locator("nav.toc.side").is_visible() is beside
        assert page.locator("details.toc summary").is_visible() is not beside
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.context.close()


def test_long_table_scrolls_under_its_header(browser, pages):
    path = next(p for p in pages if p.stem == "04-chart")
    page, _, _ = opened(browser, path)
    tall = page.locator(".tall")
    assert tall.count() == 1 and tall.evaluate("t => t.scrollHeight > t.clientHeight")
    tall.focus()
    page.keyboard.press("End")
    for _ in range(50):      # the policy forbids even the tester's own way of waiting in the page
        if tall.evaluate("t => t.scrollTop") > 0:
            break
        page.wait_for_timeout(100)
    assert tall.evaluate("t => t.scrollTop") > 0
    assert tall.locator("thead th").first.evaluate(
        "h => h.getBoundingClientRect().top - h.closest('.tall').getBoundingClientRect().top") < 40
    page.context.close()


def test_on_paper_code_and_navigation_are_gone_and_pictures_whole(browser, pages):
    path = next(p for p in pages if p.stem == "04-chart")
    page, _, _ = opened(browser, path)
    page.emulate_media(media="print")
    gone = ("details.code", "nav.toc.side", "ol.pages", ".turn")
    assert not any(page.locator(what).first.is_visible() for what in gone)
    assert page.locator("figure.picture img").first.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('figure')).breakInside") == "avoid"
    page.context.close()


def test_a_table_sorts_filters_and_saves_by_keyboard_without_a_request(browser, tmp_path):
    import nbformat

    from helpers.pages import html
    from helpers.show import sortable
    frame = pd.DataFrame({"day": ["2031-05-04", "", "2030-01-01"], "step": ["Boats <b>sold</b>", "＠talks", "=1+1"],
                          "n": [10, 9, 2], "span": ["148–166", "1488–1508", "1033–1054"],
                          "when": ["4 May 2031", "", "in January 2030"]})
    shown = sortable(frame, "Steps", days={"when": "day"})._repr_html_()
    output = nbformat.v4.new_output("display_data", data={"text/html": shown})
    cell = nbformat.v4.new_code_cell("steps", outputs=[output], execution_count=1)
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Steps"), cell])
    around = {"case": "x", "nav": [], "names": [], "record": [], "problem": "", "root": "", "name": "x"}
    made = html.to_html(nb, page=html.describe(nb), **around)
    (tmp_path / "page.html").write_text(made, encoding="utf-8")
    page, requests, console = opened(browser, tmp_path / "page.html", accept_downloads=True)

    def column(n):
        cells = f"tbody tr:not([hidden]) td:nth-child({n})"
        return page.eval_on_selector_all(cells, "cells => cells.map(c => c.textContent)")
    assert page.text_content(".sorting [role=status]") == "3 of 3 rows. The headings sort."
    page.focus("th:nth-child(3) button")
    page.keyboard.press("Enter")
    assert column(3) == ["2", "9", "10"] and page.get_attribute("th:nth-child(3)", "aria-sort") == "ascending"
    page.keyboard.press("Enter")
    assert column(3) == ["10", "9", "2"] and page.get_attribute("th:nth-child(3)", "aria-sort") == "descending"
    page.click("th:nth-child(4) button")
    assert column(4) == ["148–166", "1033–1054", "1488–1508"]
    page.click("th:nth-child(1) button")
    assert column(1) == ["2030-01-01", "2031-05-04", ""]          # what is empty comes last
    for days in (["in January 2030", "4 May 2031", ""], ["4 May 2031", "in January 2030", ""]):    # by day
        page.click("th:nth-child(5) button")
        assert column(5) == days
    page.click("th:nth-child(1) button")
    page.fill(".sorting input", "SOLD boats")
    assert column(2) == ["Boats <b>sold</b>"] and page.locator("td b").count() == 0
    page.fill(".sorting input", "")
    with page.expect_download() as waited:
        page.click(".sorting button")
    saved = Path(waited.value.path()).read_text(encoding="utf-8-sig").splitlines()
    # no formula for a spreadsheet
    assert saved[0] == '"day","step","number","span","when"'
    assert saved[1] == '"2030-01-01","\'=1+1","2","1033–1054","in January 2030"'
    assert saved[3].startswith('"","\'＠talks",')
    assert (requests, console) == ([], [])
    page.context.close()


def test_only_a_page_with_such_a_table_has_the_script(pages):
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert ("<script>" in text) == ("casebook sortable" in text), path
