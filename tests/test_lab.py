"""07-explore in a real JupyterLab in a real browser: controls move, charts follow, passages are read, codes kept."""
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright
from test_browser import ARGUMENTS

from helpers.case import open_case

NOTEBOOK = "notebooks/07-explore.ipynb"
PATIENCE = 30_000          # milliseconds that a busy machine may take; nothing is said about speed


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def copy(project, tmp_path_factory) -> Path:
    """The notebook and the practice case in a folder of their own, with the practice case chosen."""
    folder = tmp_path_factory.mktemp("lab")
    for part in ("raw", "processed"):
        shutil.copytree(project / "data" / part / "practice", folder / "data" / part / "practice")
    notebook = nbformat.read(project / NOTEBOOK, as_version=4)
    parameters = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    parameters.source = re.sub(r'^case: str = "\w+"', 'case: str = "practice"', parameters.source)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    for path in (folder / "data/raw/practice/review").glob("decisions*"):
        path.unlink()
    (folder / "notebooks").mkdir()
    nbformat.write(notebook, folder / NOTEBOOK)
    return folder


@pytest.fixture(scope="module")
def address(copy, project):
    """Where a JupyterLab of its own listens, with its token; nothing of the user's settings is read or changed."""
    port, token = free_port(), secrets.token_hex(16)
    settings = copy / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
    own = {name: str(copy / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR",
                                               "IPYTHONDIR")}
    environment = dict(os.environ, **own, JUPYTER_TOKEN=token, JUPYTERLAB_SETTINGS_DIR=str(copy / "settings"),
                       CASEBOOK_DATA=str(copy / "data"), PYTHONPATH=str(project / "src"))
    with (copy / "lab.log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--ServerApp.ip=127.0.0.1", "--allow-root",
             f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={copy}"],
            env=environment, cwd=copy, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    try:
        for _ in range(PATIENCE // 250):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status?token={token}", timeout=5).close()
                break
            except OSError:
                assert server.poll() is None, (copy / "lab.log").read_text(encoding="utf-8")
                time.sleep(.25)
        yield f"http://127.0.0.1:{port}/lab/tree/{NOTEBOOK}?token={token}&reset"
    finally:
        server.terminate()      # it ends its kernels itself
        server.wait(30)


@pytest.fixture(scope="module")
def lab(chromium, address):
    """The notebook, run from top to bottom in a tall window, with lists of what the console said and was requested."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1300, "height": 8000})
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        said, asked = [], []
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda r: asked.append(r.url))
        page.on("websocket", lambda w: asked.append(w.url))
        page.goto(address)
        page.wait_for_selector('#jp-main-statusbar :text("Idle")')
        page.click("text=Run")
        page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
        page.wait_for_selector('button:has-text("Undo my last")')
        yield page, said, asked
        browser.close()


def chart(page):
    return page.locator(".casebook-chart").first.locator("svg")


def show_all(page) -> None:
    """Take every choice back, and wait until all of the board has followed: its last word says so."""
    before = page.locator(".casebook-said").inner_text()
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("old => document.querySelector('.casebook-said').innerText !== old", arg=before)


def box(page, label):
    return page.get_by_label(label, exact=True)


def plain(text: str) -> str:
    """A text with plain spaces."""
    return text.replace("\xa0", " ")


def label_in(entry: str) -> str:
    """The event's label in an entry of the list: what stands behind the date."""
    return re.sub(r" \(\d\)$", "", entry.split(": ", 1)[1])


def test_every_cell_runs_without_an_error(lab):
    page, _, _ = lab
    page.wait_for_selector('.jp-InputPrompt:text-is("[12]:")')
    stopped = '[data-mime-type="application/vnd.jupyter.error"], [data-mime-type="application/vnd.jupyter.stderr"]'
    assert page.locator(stopped).all_inner_texts() == []
    assert page.locator(".jupyter-widgets").count() > 20 and page.get_by_text("Error displaying widget").count() == 0


def test_a_moved_control_redraws_the_linked_charts(lab):
    page, _, _ = lab
    before = page.locator(".casebook-chart svg").evaluate_all("found => found.map(s => s.outerHTML)")
    n = page.locator(".casebook-dots input").count()
    page.get_by_role("checkbox", name=re.compile("^denied ")).focus()
    page.keyboard.press("Space")
    expect(chart(page)).not_to_contain_text(f"{n} of {n} events")
    expect(page.locator(".casebook-dots input")).not_to_have_count(n)
    page.wait_for_function("old => document.querySelectorAll('.casebook-chart svg')[1].outerHTML !== old",
                           arg=before[1])
    after = page.locator(".casebook-chart svg").evaluate_all("found => found.map(s => s.outerHTML)")
    assert len(before) == len(after) == 2 and before[0] != after[0] and before[1] != after[1]
    left = page.locator(".casebook-dots input").count()
    assert 0 < left < n and left == box(page, "Events").locator("option").count()
    show_all(page)
    expect(chart(page)).to_contain_text(f"{n} of {n} events")


def test_nothing_left_is_said_with_what_to_take_back(lab, copy):
    from helpers import explore
    page, _, _ = lab
    material = explore.open_material(open_case("practice", copy / "data"))
    found = explore.options(material)
    track, status = next((t, s) for t in found["tracks"] for s in found["statuses"] if explore.choose(
        material, explore.Choice(tracks=(t[1],), statuses=(s[1],))).events.empty)
    for label, _ in (track, status):
        page.get_by_role("checkbox", name=label).check()
    expect(chart(page)).to_contain_text("No event fits")
    expect(chart(page)).to_contain_text("ithout the choice of")
    expect(page.get_by_role("region", name="Where the chosen event comes from")).to_contain_text("no event to read")
    show_all(page)
    expect(chart(page)).not_to_contain_text("No event fits")


def test_an_event_is_chosen_on_the_chart_or_by_keyboard_and_its_passage_read(lab, copy):
    page, _, _ = lab
    case, events = open_case("practice", copy / "data"), box(page, "Events")
    reading = page.get_by_role("region", name="Where the chosen event comes from")
    mark = page.locator(".casebook-dots .widget-radio-box label").nth(4)
    name = plain(mark.text_content())
    # clicked where the picture shows it: whatever lies over the mark would take the click
    page.mouse.click(*(mark.bounding_box()[side] + 9 for side in ("x", "y")))
    expect(reading.locator("h3")).to_have_text(label_in(name))
    assert plain(events.evaluate("e => e.options[e.selectedIndex].text")) == name
    page.get_by_role("spinbutton", name=re.compile("^Event no")).focus()
    page.keyboard.press("ArrowUp")
    expect(reading.locator("h3")).not_to_have_text(label_in(name))
    page.wait_for_function("old => { const e = document.querySelector('.casebook-top select'); "
                           "return e.selectedIndex === old; }", arg=5)
    expect(reading.locator("h3")).to_have_text(label_in(plain(
        events.evaluate("e => e.options[e.selectedIndex].text"))))
    words = reading.locator("mark").all_inner_texts()
    assert words and any(words[0].strip() in case.text(doc) for doc in case.manifest["doc_id"])
    assert reading.get_by_text("From hand to hand").count() >= 1


def test_a_window_is_chosen_and_two_texts_are_compared(lab):
    page, _, _ = lab
    before = chart(page).inner_html()
    since = box(page, "From")
    since.select_option(index=since.locator("option").count() - 2)
    page.wait_for_function("old => document.querySelector('.casebook-chart svg').innerHTML !== old", arg=before)
    show_all(page)
    pair = page.get_by_role("region", name="Two texts side by side")
    other = box(page, "The other").locator("option").nth(0).inner_text()
    box(page, "The other").select_option(index=0)
    expect(pair.locator("th").nth(3)).to_have_text(other)


def test_a_code_is_kept_only_when_told_and_taken_back(lab, copy):
    page, _, _ = lab
    review = copy / "data" / "raw" / "practice" / "review"
    assert not list(review.glob("decisions*"))
    box(page, "Field or verdict").select_option(label="accept as it is")
    box(page, "Your name").fill("anna")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Keep decision").click()
    expect(page.get_by_text("Kept: accept")).to_be_visible()
    kept = (review / "decisions-anna.csv").read_text(encoding="utf-8").splitlines()
    assert len(kept) == 2 and "anna" in kept[1]
    page.get_by_role("button", name="Undo my last").click()
    expect(page.get_by_text("Taken back: accept")).to_be_visible()
    assert not list(review.glob("decisions*"))


def test_controls_have_names_and_can_be_seen(lab):
    page, _, _ = lab
    found = Axe().run(page, context=".jupyter-widgets.widget-vbox", options={"runOnly": {"type": "rule", "values": [
        "select-name", "label", "aria-input-field-name", "aria-toggle-field-name", "button-name", "color-contrast",
        "svg-img-alt", "aria-valid-attr-value"]}})
    wrong = [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found.response["violations"]]
    assert not wrong, wrong


def test_the_console_is_silent_and_nothing_is_asked_of_anybody_else(lab):
    page, said, asked = lab
    page.wait_for_timeout(500)
    assert said == []
    assert {urlsplit(url).hostname for url in asked if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert len(asked) > 20 and json.dumps(asked).count("kernels") > 0


def test_all_cells_run_a_second_time_without_an_error(lab):
    """What the page advises after a change: last in this file, since it takes every choice back."""
    page, _, _ = lab
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click('.lm-Menu-itemLabel:text-is("Run All Cells")')
    page.wait_for_selector('.jp-InputPrompt:text-is("[24]:")')
    assert page.locator('[data-mime-type="application/vnd.jupyter.error"]').all_inner_texts() == []
