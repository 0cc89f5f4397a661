"""An executed notebook as one HTML page that asks nothing of anybody and runs nothing.

Everything that a notebook prints may come from a text, so it is data. The templates escape whatever is not marked as
markup, and only :func:`clean` makes markup out of data: an allow list of tags, attributes and style properties (nh3,
which is Ammonia). The page has no script at all, and its Content-Security-Policy forbids all scripts and every
style sheet but its own; only a page with a table to be sorted carries one script, ours, which the policy names by its
digest.
"""
from __future__ import annotations

import base64
import hashlib
import itertools
import json
import math
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

import nh3
from bs4 import BeautifulSoup, Tag
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import strip_ansi
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from helpers.pages import strips

TEMPLATES = Path(__file__).parent / "templates"

TAGS = """a abbr b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure h1 h2
h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th
thead time tr u ul var""".split()
DROPPED = {"script", "style", "template", "noscript", "iframe", "svg", "math"}     # with what stands in them
STYLES = """background-color border border-bottom border-color border-left border-right border-top color font-size
font-style font-weight letter-spacing margin-left padding padding-left text-align text-decoration text-indent
vertical-align white-space width""".split()
# class is let through for tables and marked passages; id only in cells that the author wrote and (see _row) for rows
# that marks of figures lead to
ATTRIBUTES = {"*": ["class", "lang", "style", "title", "dir"], "a": ["href"], "abbr": ["title"],
              "details": ["open"], "ol": ["start", "reversed"], "li": ["value"], "time": ["datetime"],
              **{cell: ["colspan", "rowspan", "scope", "headers", "abbr"] for cell in ("td", "th")}}
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
LAB = "lab"         # the tag of a cell that speaks of what one does in JupyterLab: it is not on the page
PRIORITY = ("text/html", "text/markdown", *PICTURES, "text/latex", "text/plain")


@dataclass
class Page:
    """What a page says of itself, read from its notebook before any markup is made."""
    title: str
    summary: str = ""
    contents: list[tuple[int, str, str]] = field(default_factory=list)
    findings: list[dict] = field(default_factory=list)
    figures: dict[str, str] = field(default_factory=dict)
    n_pictures: int = 0
    problems: list[str] = field(default_factory=list)


@cache
def style() -> str:
    """Return the style sheet of all pages."""
    return (TEMPLATES / "casebook" / "style.css").read_text(encoding="utf-8")


@cache
def sorting() -> str:
    """Return the script that makes tables of class ``sortable`` sort and filter (see :func:`helpers.show.sortable`)."""
    return (TEMPLATES / "casebook" / "sortable.js").read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()


@cache
def policy(sorts: bool = False) -> str:
    """Return the Content-Security-Policy of a page: nothing is fetched, one style sheet counts, and no script runs, or
    (where a table can be sorted) that one script alone."""
    script = f"'sha256-{_digest(sorting())}'" if sorts else "'none'"
    return (f"default-src 'none'; script-src {script}; img-src data:; style-src 'sha256-{_digest(style())}'; "
            "style-src-attr 'unsafe-inline'; base-uri 'none'; form-action 'none'")


def with_sorting(html: str) -> str:
    """Add the sorting script to a page that has a table to be sorted; leave every other page as it is.

    >>> with_sorting("<table class='casebook'></table></body>")
    "<table class='casebook'></table></body>"
    """
    if not re.search(r'<table[^>]* class="[^"]*\bsortable\b', html):
        return html
    allowed = html.replace(str(escape(policy())), str(escape(policy(sorts=True))), 1)
    head, _, tail = allowed.rpartition("</body>")
    return f"{head}<script>{sorting()}</script>\n</body>{tail}"


def _row(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute that may stay: an id only on a row, in the form that marks lead to."""
    return None if name == "id" and not (tag == "tr" and re.fullmatch(r"row-[\w.:-]+", value)) else value


@cache
def _cleaner(author: bool) -> nh3.Cleaner:
    allowed = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    allowed["*" if author else "tr"] = allowed.get("*" if author else "tr", set()) | {"id"}
    return nh3.Cleaner(tags=set(TAGS), clean_content_tags=DROPPED, attributes=allowed, link_rel=None,
                       attribute_filter=None if author else _row, filter_style_properties=set(STYLES),
                       url_schemes={"http", "https", "mailto"})


@lru_cache(maxsize=1024)        # the same prose stands on the pages of each case
def clean(html: str, *, author: bool = False) -> str:
    """Return markup with everything left out that could run, fetch, or break out of its place.

    Accepts HTML from an output (``author=True``: from a cell that the author wrote, which may name its places with
    ``id``). Tags, attributes and style properties that are not on the allow list go; so does what stands inside
    ``script`` and ``style``.

    >>> clean('<b onclick="x()">Talks</b><script>x()</script><a href="javascript:x()">open</a>')
    '<b>Talks</b><a>open</a>'
    """
    return _cleaner(author).clean(html)


def tidy(html: str, names: Iterable[str] = (), number: Callable[[], int] | None = None) -> str:
    """Return clean markup made ready for the page.

    Accepts what :func:`clean` returned, the names of the notebooks that have a page (links to them lead to the page,
    links to any other file become plain text), and what counts the tables of the page. Tables get scoped headers, no
    empty header cell, numbers in line, and a box that scrolls by keyboard.

    >>> print(tidy('<table border="1"><thead><tr><th></th><th>side</th></tr></thead></table>'))
    <div aria-label="Table: side" class="scroll wide" role="region" tabindex="0"><table><thead><tr><td></td><th
    scope="col">side</th></tr></thead></table></div>
    """
    if not re.search(r"<(table|a|pre)\b", html):
        return html
    soup = BeautifulSoup(html, "html.parser")
    for table in soup.find_all("table"):
        _tidy_table(table)
        caption = table.find("caption")
        about = caption.get_text(" ", strip=True) if caption else \
            ", ".join(h.get_text(" ", strip=True) for h in table.select("thead th"))
        label = f"Table {number()}" if number else "Table"
        n = len(table.select("tbody > tr"))
        tall = " tall" if n > TALL else ""
        box = table.wrap(soup.new_tag("div", attrs={
            "aria-label": label + (f": {_short(about, 80)}" if about else ""),
            "class": f"scroll wide{tall}", "role": "region", "tabindex": "0"}))
        cut = box.find_next_sibling()
        if tall and cut is not None and cut.name == "p" and "cut" in cut.get_attribute_list("class"):
            note = soup.new_tag("span", attrs={"class": "scrolls"})
            note.string = " The table scrolls."
            cut.append(note)
        elif tall:
            note = soup.new_tag("p", attrs={"class": "rows"})
            note.string = f"{n} rows; the table scrolls."
            box.insert_after(note)
    for block in soup.find_all("pre"):
        block["tabindex"] = "0"
    for link in soup.find_all("a"):
        href = str(link.get("href", ""))
        page = re.fullmatch(r"(?:\./)?([\w.-]+)\.ipynb(#.*)?", href)
        if page and page[1] in names:
            link["href"] = f"{page[1]}.html{page[2] or ''}"
        elif re.match(r"https?:|mailto:", href):
            link["rel"] = "noreferrer"
        elif not href.startswith("#"):
            link.unwrap()
    return str(soup)


NUMBER = re.compile(r"[-+−]?[\d., ]*\d ?%?")
DAY = re.compile(r"\d{4}-\d\d-\d\d")


TALL = 24       # rows; a longer table scrolls inside the page, under its header


def _size(text: str) -> str:
    """Say how a cell may be squeezed: dates and the like not at all, sentences not to a word a line."""
    if len(text) < 18:
        return "unbroken day" if DAY.fullmatch(text) else "unbroken" if re.search(r"\d", text) else ""
    return "long" if len(text) > 60 else "middling"


# what fits between the margins of A4 upright in 8 points, in signs of middling width; a gap stands after each column
PAPER, GAP = 112, 1.5
SMALLER = 1.25      # how much more fits in 7 points with smaller gaps
ENDLESS = 24        # signs without a place to break: an address, a name in code; it is broken anywhere, into lines of
PIECE = 20


def _for_paper(table: Tag, heads: Sequence[str], rows: Sequence[Sequence[Tag]]) -> None:
    """Mark a table that is too broad for paper as it is: smaller, or broader yet, a paragraph for each row.

    A column needs the room of its longest word; words without end, as addresses, may break anywhere.
    """
    longest = [max(map(len, head.split()), default=0) for head in heads]
    for row in rows:
        for n, cell in enumerate(row):
            signs = max(map(len, cell.get_text(" ").split()), default=0)
            if signs > ENDLESS:
                cell["class"] = " ".join([*filter(None, cell.get_attribute_list("class")), "endless"])
            longest[n] = max(longest[n], min(signs, PIECE) if signs > ENDLESS or cell.find("a") else signs)
    needs = sum(longest) + GAP * len(longest)
    if needs <= PAPER:
        return
    kind = "snug" if needs <= PAPER * SMALLER else "stacked"
    table["class"] = " ".join([*filter(None, table.get_attribute_list("class")), kind])
    if kind == "stacked":
        words = [[text for row in rows if not NUMBER.fullmatch(text := row[n].get_text(strip=True))
                  and not DAY.match(text)] for n in range(len(heads))]
        name = max(range(len(heads)), key=lambda n: len(set(words[n])))     # the column that tells rows apart
        for row in rows:
            row[name]["class"] = " ".join([*filter(None, row[name].get_attribute_list("class")), "name"])
            for head, cell in zip(heads, row, strict=True):
                cell["data-head"] = head


def _tidy_table(table: Tag) -> None:
    table.attrs.pop("border", None)
    head = table.select("thead > tr")
    if len(head) == 2:          # pandas puts the name of the index on a line of its own
        first, second = ([cell for cell in row.find_all(["th", "td"])] for row in head)
        named = [cell for cell in second if cell.get_text(strip=True)]
        if len(first) == len(second) and named == second[:1] and not first[0].get_text(strip=True):
            first[0].string = second[0].get_text(strip=True)
            head.pop().decompose()
    for cell in table.find_all("th"):
        if not cell.get_text(strip=True):
            cell.name = "td"
            cell.attrs.pop("scope", None)
        elif not cell.get("scope"):
            cell["scope"] = "col" if cell.find_parent("thead") else "row"
    rows = [row.find_all(["th", "td"]) for row in table.select("tbody > tr")]
    for row in rows:
        for cell in row:
            size = _size(cell.get_text(strip=True))
            if size:
                cell["class"] = " ".join([*filter(None, cell.get_attribute_list("class")), size])
    if len(head) == 1 and {len(row) for row in rows} == {len(columns := head[0].find_all(["th", "td"]))}:
        _for_paper(table, [cell.get_text(" ", strip=True) for cell in columns], rows)
        for cells in zip(columns, *rows, strict=True):
            words = {cell.get_text(strip=True) for cell in cells[1:]} - {"", "<NA>", "NaN", "–"}
            if words and all(map(NUMBER.fullmatch, words)):
                for cell in cells:
                    cell["class"] = " ".join([*filter(None, cell.get_attribute_list("class")), "number"])


def _short(text: str, n: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= n else text[:n - 1].rsplit(" ", 1)[0] + "…"


def below(html: str, level: int) -> str:
    """Return the markup of an output with its headings below the one of the page that they stand under.

    >>> below("<h4>Text</h4><h5>Line</h5><h4>Text</h4>", 2)
    '<h3>Text</h3><h4>Line</h4><h3>Text</h3>'
    """
    levels = sorted({int(n) for n in re.findall(r"<h([1-6])\b", html)})
    into = {n: min(level + 1 + k, 6) for k, n in enumerate(levels)}
    return re.sub(r"<(/?)h([1-6])\b", lambda m: f"<{m[1]}h{into.get(int(m[2]), 6)}", html) if levels else html


def plain(html: str) -> str:
    """Return the words of markup.

    >>> plain("<p>Who <em>offered</em>\\n what?</p>")
    'Who offered what?'
    """
    return " ".join(BeautifulSoup(html, "html.parser").get_text().split())


def markdown(source: str, *, names: Iterable[str] = (), author: bool = False,
             number: Callable[[], int] | None = None) -> str:
    """Return Markdown as clean, tidy markup (see :func:`clean` and :func:`tidy`)."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return tidy(clean(MarkdownWithMath(renderer=renderer).render(source), author=author), names, number)


def shown(data: Mapping) -> str:
    """Return which of the forms of an output the page shows: the first of ``PRIORITY``, or nothing.

    >>> shown({"text/plain": "<Figure>", "image/png": "…"}), shown({"application/javascript": "x()"})
    ('image/png', '')
    """
    return next((kind for kind in PRIORITY if kind in data), "")


def missing_descriptions(nb: NotebookNode) -> list[str]:
    """Say of each picture that cannot be published where it stands.

    Accepts an executed notebook. Returns one sentence a picture: one shown without ``alt`` in the metadata of its
    output, and one put into text or into an HTML output, where nobody describes it.
    """
    problems = []
    for number, cell in enumerate(nb.cells, 1):
        where = f"cell {number}" + (f" (In [{cell.execution_count}])" if cell.get("execution_count") else "")
        inside = cell.cell_type == "markdown" and re.search(r"!\[[^\]\n]*\]\(|<img\b", cell.source)
        for output in cell.get("outputs", []):
            kind = shown(output.get("data", {}))
            if kind in PICTURES and not _alt(output, cell, kind):
                problems.append(f"{where}: a picture has no description. "
                                "Show it with helpers.charts.show(fig, alt=…).")
            inside = inside or kind == "text/html" and re.search(r"(?i)<img[^>]{1,200}data:image", output.data[kind])
        if inside:
            problems.append(f"{where}: a picture stands inside text, where it is left out. "
                            "Show it from a code cell with helpers.charts.show(fig, alt=…).")
    return problems


def _alt(output: Mapping, cell: Mapping, kind: str) -> str:
    found = output.get("metadata", {}).get(kind, {})
    alt = (found.get("alt") if isinstance(found, Mapping) else None) or cell.get("metadata", {}).get("alt")
    return alt.strip() if isinstance(alt, str) else ""


def places(output: Mapping, kind: str) -> list[dict]:
    """Return the places of a picture that say more (see :func:`helpers.charts.show`): x, y, width, height, said, row.

    What is not four finite numbers and words is left out; a row that is no row's name is empty.
    """
    given, found = (output.get("metadata", {}).get(kind) or {}).get("places", "[]"), []
    try:
        marks = json.loads(given)
    except (TypeError, ValueError):
        return []
    for place in marks if isinstance(marks, list) else []:
        try:
            *numbers, said, row = place
            x, y, width, height = (float(v) for v in numbers)
        except (TypeError, ValueError):
            continue
        if all(map(math.isfinite, (x, y, width, height))) and isinstance(said, str):
            row = f"row-{row}" if isinstance(row, str) and re.fullmatch(r"[\w.:-]+", row) else ""
            found.append({"x": x, "y": y, "width": width, "height": height, "said": said, "row": row})
    return found


def _strips(output: Mapping, kind: str) -> Markup:
    """A picture that is high once more, in pieces for paper; nothing for any other."""
    size = output.get("metadata", {}).get(kind) or {}
    width, height = size.get("width"), size.get("height")
    if kind != "image/png" or not isinstance(width, int) or not isinstance(height, int) \
            or not 0 < strips.HIGH * width < height:
        return Markup("")
    return strips.markup(base64.b64decode(output["data"][kind]), width)


def describe(nb: NotebookNode) -> Page:
    """Read from a notebook what its page is about.

    Accepts a notebook (executed or not). Returns a :class:`Page`: its first heading, the first paragraph after it, its
    headings of level 1 to 3 with the names of their places, what cells tagged ``finding`` printed (each with the
    nearest picture), its figures (place → how its description begins) and what must be put right before it can be
    published.
    """
    page, pictures = Page(""), []
    names: dict[str, int] = {}
    for number, cell in enumerate(nb.cells, 1):
        if cell.cell_type == "markdown" and LAB not in cell.metadata.get("tags", []):
            soup = BeautifulSoup(markdown(cell.source, author=True), "html.parser")
            for heading in soup.find_all(["h1", "h2", "h3"]):
                text = " ".join(heading.get_text().split())
                names[text] = names.get(text, 0) + 1
                page.contents.append((int(heading.name[1]), text, place(text, names[text])))
            if not page.title and soup.h1:
                page.title = " ".join(soup.h1.get_text().split())
                after = soup.h1.find_next("p")
                page.summary = " ".join(after.get_text().split()) if after else ""
        for output in cell.get("outputs", []):
            kind = shown(output.get("data", {}))
            if kind in PICTURES:
                pictures.append(number)
                page.figures[f"figure-{len(pictures)}"] = _short(_alt(output, cell, kind), 300)
        if "finding" in cell.metadata.get("tags", []):
            said = [o for o in cell.get("outputs", []) if o.output_type == "stream"]    # not its charts and tables
            text = " ".join(_words(o) for o in said).strip()
            if text:
                page.findings.append({"cell": number, "text": " ".join(text.split())})
    for finding in page.findings:
        near = sorted(range(len(pictures)), key=lambda i: (abs(pictures[i] - finding["cell"]), -i))
        finding["place"] = f"figure-{near[0] + 1}" if near else f"cell-{finding['cell']}"
        del finding["cell"]
    page.n_pictures = len(pictures)
    page.problems = missing_descriptions(nb)
    return page


def ticked(text: str) -> Markup:
    """Return a message as markup, with what stands between backticks as code. All of it is escaped first.

    >>> print(ticked("Run `casebook texts A --from <FOLDER>`, or not."))
    Run <code>casebook texts A --from &lt;FOLDER&gt;</code>, or not.

    A backtick that is part of a word or stands alone stays what it is.

    >>> print(ticked("The title reads: don`t ` ask."))
    The title reads: don`t ` ask.
    """
    return Markup(re.sub(r"(?<![\w`])`(?=[^\s`])([^`\n]{1,200})(?<!\s)`(?![\w`])", r"<code>\1</code>",
                         str(escape(text))))


def headline(alt: str) -> str:
    """Return the title of a chart: the first sentence of its description, which begins with it.

    >>> headline("Of 2.5 m boats, U.S. yards built 3. A map of yards."), headline("One lane")
    ('Of 2.5 m boats, U.S. yards built 3.', 'One lane')
    """
    return re.split(r"(?:(?<=[^\s.]{2}[.?!])|(?<=\d[.?!])) (?=[^a-z])", " ".join(alt.split()), maxsplit=1)[0]


def titles(said: str, cell: Mapping) -> bool:
    """Tell whether what a cell printed is, word for word, how the description of one of its pictures begins: its title.

    >>> drawn = {"data": {"image/png": ""}, "metadata": {"image/png": {"alt": "Two of three. Lanes."}}}
    >>> titles("Two of three.\\n", {"outputs": [drawn]}), titles("Two of four.", {"outputs": [drawn]})
    (True, False)
    """
    alts = [_alt(o, cell, kind) for o in cell.get("outputs", []) if (kind := shown(o.get("data", {}))) in PICTURES]
    said = " ".join(said.split())
    return bool(said) and any(" ".join(alt.split()).startswith(said) for alt in alts)


def _words(output: Mapping) -> str:
    if output["output_type"] == "stream":
        return output["text"] if output["name"] == "stdout" else ""
    data = output.get("data", {})
    if "text/html" in data or "text/markdown" in data:
        return plain(clean(data["text/html"]) if "text/html" in data else markdown(data["text/markdown"]))
    return data.get("text/plain", "")


def place(text: str, n: int = 1) -> str:
    """Return the name of a heading's place, as JupyterLab makes it, so that a notebook's own contents lead there too.

    >>> place("Clean one page"), place("Clean one page", 2)
    ('Clean-one-page', 'Clean-one-page-2')
    """
    return text.replace(" ", "-") + (f"-{n}" if n > 1 else "")


class PageExporter(HTMLExporter):
    """nbconvert's HTML exporter with the casebook's template: everything escaped unless it was cleaned."""
    extra_template_basedirs = [str(TEMPLATES)]
    export_from_notebook = None     # type: ignore[assignment]  # nbconvert's own way to keep it out of the menu

    def __init__(self, **kw):
        super().__init__(template_name="casebook", **kw)

    def _create_environment(self):
        environment = super()._create_environment()
        environment.autoescape = True
        environment.globals.update(style=Markup(style()), policy=policy(), high=strips.HIGH)
        return environment

    def from_notebook_node(self, nb, resources=None, **kw):
        names = (resources or {}).get("names", ())
        code = Highlight2HTML(pygments_lexer="python", parent=self)
        table, picture = (itertools.count(1).__next__ for _ in range(2))
        seen: dict[str, int] = {}

        def prose(source):
            soup = BeautifulSoup(markdown(source, names=names, author=True, number=table), "html.parser")
            for heading in soup.find_all(["h1", "h2", "h3"]):
                text = " ".join(heading.get_text().split())
                seen[text] = seen.get(text, 0) + 1
                heading["id"] = place(text, seen[text])
            if levels := [int(h.name[1]) for h in soup.find_all(re.compile("^h[1-6]$"))]:
                under[0] = levels[-1]
            return Markup(str(soup))

        under = [1]             # the level of the last heading that the author wrote
        outputs = [o.get("data", {}) for c in nb.cells for o in c.get("outputs", [])]
        shown_rows = set(re.findall(r'\bid="(row-[\w.:-]+)"', "".join(str(d.get("text/html", "")) for d in outputs)))
        filters = {
            "prose": prose,
            "code": lambda source: Markup(code(source)),
            "filter_data_type": lambda data: [kind] if (kind := shown(data)) else [],
            "html": lambda source: Markup(below(tidy(clean(source), names, table), under[0])),
            "markdown": lambda source: Markup(below(markdown(source, names=names, number=table), under[0])),
            "bare": strip_ansi,
            "alt": _alt,
            "headline": headline,
            "ticked": ticked,
            "titles": titles,
            # a mark leads to its row where the page shows that row
            "places": lambda output, kind: [p if p["row"] in shown_rows else {**p, "row": ""}
                                            for p in places(output, kind)],
            "number": lambda _: picture(),
            "strips": _strips,
            "base64": lambda s: base64.b64encode(s.encode("utf-8")).decode(),
        }
        for name, function in filters.items():
            self.register_filter(name, function)
        # HTMLExporter's own method would parse the whole page once more, only to mend what this template does not do
        return TemplateExporter.from_notebook_node(self, nb, resources, **kw)


_made = threading.local()       # one exporter a thread, with its templates compiled: making it takes as long as a page


def to_html(nb: NotebookNode, **context) -> str:
    """Return an executed notebook as a page.

    Accepts the notebook and what the template shows around it: ``page`` (a :class:`Page`), ``case`` (its title),
    ``nav`` (the pages of the case: name, label, title, state, here), ``names``, ``record`` (the run record as label
    and value), ``problem`` (what went wrong, or nothing), ``root`` (the way to the index). Returns the page as text.
    """
    if not hasattr(_made, "exporter"):
        _made.exporter = PageExporter()
    html, _ = _made.exporter.from_notebook_node(nb, resources=context)
    return with_sorting(html)


def paper(template: str, folder: Path | None = None, **context) -> str:
    """Return a page that is not a notebook's: the index, a brief, a codebook, the whole case for print.

    Accepts the name of a template, the folder where it lies (none: among the templates of the pages, which it may use
    in any case) and what it shows. A name that a template uses and is not given is an error.
    """
    folders = [*filter(None, [folder]), TEMPLATES / "casebook"]
    environment = Environment(loader=FileSystemLoader(folders), autoescape=True, trim_blocks=True,
                              lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters["ticked"] = ticked
    return with_sorting(environment.get_template(template).render(style=Markup(style()), policy=policy(), **context))
