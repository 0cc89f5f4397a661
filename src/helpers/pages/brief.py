"""The brief: one page for a reader without code, written by an author, with every number computed.

The author's ``brief.md`` lies beside the manifest. It is Markdown without HTML, in which

``{{ events }}``
    stands for a number or word that is computed (:func:`facts` names them all); written ``{{ Frame_first }}`` it begins
    with a capital letter,
``{{ ^caatsa-imposed, R2020 }}``
    stands for a footnote that says where a point comes from: an event's mentions (text, paragraph, characters), a line
    of the public record, a text, or one of the findings (an event may be named without the day in its id, or by its
    matter alone: then all events of that step or matter are meant),
``{{ chart chronology }}``
    on a line of its own, stands for one of the charts.

What a case has no longer (its labels were taken away, or its record is gone) costs no page: the
sentence stays, and its footnote or the gap in it says what is missing; :func:`make` says it once, with the line.

Nothing else is done with what stands in braces: there are no conditions, no loops and no way to code. What is put in
is escaped, wherever it comes from.
"""
from __future__ import annotations

import base64
import csv
import difflib
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import pandas as pd
from bs4 import BeautifulSoup
from markupsafe import Markup, escape

from helpers import charts, compare, review
from helpers.case import Case, CaseError, place_of
from helpers.charts.scale import reading
from helpers.codebook.naming import counted
from helpers.compare import framing
from helpers.pages import html, index, passages, strips
from helpers.pages.findings import FINDINGS, Desk, findings
from helpers.review.spreadsheet import cell

__all__ = ["BriefError", "CHARTS", "Picture", "draft", "facts", "make", "method", "sheets"]

CHARTS = ("chronology", "ways_out", "contested", "framing", "headlines", "coverage", "voices", "disputes")
FILE = "brief.md"
EVENTS = 3          # events a footnote tells, of a matter that has many
MENTIONS = 4        # places a footnote names, of an event that many texts tell of
GONE = 5            # missing ids that are named
LARGEST = 5_000_000     # bytes of the page
_FIGURE = Markup('<figure class="picture wide{high}" id="figure-{n}"><figcaption>{title}</figcaption>'
                 '<details class="larger"><summary>Chart in full size</summary></details>'
                 '<div class="scroll" role="region" tabindex="0" aria-label="Figure {n}"><div class="drawn">'
                 '<img src="data:image/png;base64,{src}" alt="{alt}" width="{w}" height="{h}"></div></div>{strips}'
                 '</figure>')
# the same for a phone, where the picture would be too small
_TWIN = Markup('<div class="html">{}</div>')
_LONG = Markup('<div class="twin"><p><strong>{}</strong></p><details><summary>The chart as a list: {}</summary>{}'
               '</details></div>')
# what may be asked of an event, an entry of the record, a text or a finding
_FAMILIES = ("date", "label", "status", "told", "name", "title", "published", "finding")
_BRACES = re.compile(r"\{\{(.*?)\}\}", re.S)
_TOKEN = "\ue000{}\ue001"      # private-use characters: they mean nothing in Markdown, and are taken out of the source


class BriefError(CaseError):
    """A brief that cannot be made: says in which line of ``brief.md``, what is wrong and what can stand there."""


class Picture(NamedTuple):
    """A chart as it stands on a page."""
    png: bytes
    alt: str
    width: int
    height: int


# what a brief may say -----------------------------------------------------------------------------------------------


def facts(desk: Desk) -> dict[str, str]:
    """Return what placeholders stand for: name → words.

    Besides counts there are, for each event and each entry of the record, ``date.ID``, ``label.ID`` and, for events,
    ``status.ID`` and ``told.ID`` (by how many texts); for each text ``name.ID``, ``title.ID`` and ``published.ID``;
    and ``finding.NAME`` for each finding.

    >>> from helpers.case import open_case
    >>> known = facts(Desk(open_case("practice")))
    >>> known["texts"], known["published.wire"], known["published.brief"]
    ('8', '4 March 2025', 'between 14 March 2025 and 19 March 2025')
    """
    texts, events, book = desk.texts, desk.events, desk.codebook
    fills = events["status"].map(book.statuses["fill"])
    first, last = _came_out_between(texts)
    whose, spoken = (desk.voices.groupby(by)["n"].sum() for by in ("bloc", ["bloc", "role"]))
    body = desk.frames[desk.frames["sentence_id"].isin(desk.sentences.loc[desk.sentences["section"] == "body",
                                                                          "sentence_id"])]
    used = body["frame"].value_counts()
    offers, contested, covered = desk.offers, desk.contested, desk.covered
    heads = desk.case.labels("headlines")
    differing = 0
    if heads is not None:
        rows = desk.chart("headlines").data
        differing = rows.loc[rows["difference"] != "same", "doc_id"].nunique()
    told = [set(states) for _, states in covered.groupby("event_id")["state"]]
    n_told = int(sum(bool(s & {"told", "told_otherwise"}) for s in told))
    n_late = int(sum(s <= {"not_yet", "no_day"} for s in told))     # as far as days are known
    out: dict[str, object] = {
        "case": desk.case.title, "texts": len(texts), "outlets": texts["outlet"].nunique(),
        "countries": texts["outlet_country"].nunique(), "words": f"{int(texts['n_words_body'].sum()):,}",
        "sentences": len(desk.sentences), "texts_undated": int(texts["published_best"].isna().sum()),
        "first_published": _day(first), "last_published": _day(last),
        "mentions": len(desk.mentions), "events": len(events),
        **{f"events_{fill}": int((fills == fill).sum()) for fill in ("happened", "announced", "claimed", "denied")},
        "events_only_said": int(fills.isin(["announced", "claimed"]).sum()),
        "events_undated": int((events["granularity"].eq("none") | events["basis"].eq("record")).sum()),
        "events_once": int(events["n_documents"].eq(1).sum()),
        **{f"events_{track}": int((events["track"] == track).sum()) for track in book.tracks.index},
        "ways_out": len(offers),
        # what was answered after the window, and an answer that is contested, are counted apart
        **{f"ways_out_{a}": int((offers["answer"].eq(a) & ~offers["late"]).sum())
           for a in ("accepted", "refused", "countered", "contested")},
        "ways_out_late": int((offers["late"] & offers["answer"].ne("contested")).sum()),
        "ways_out_accepted_late": int((offers["late"] & offers["answer"].eq("accepted")).sum()),
        "ways_out_supposed": len(desk.supposed),
        "ways_out_unanswered": int(offers["answer"].isin(["silence", "open"]).sum()),
        "answer_days": compare.moves.ANSWERED,
        "claims": desk.claims["claim_id"].nunique(), "contested": len(contested),
        "contested_borne_out": int(contested["borne_out"].str.startswith("yes").sum()),
        "contested_open": int((~contested["borne_out"].str.startswith("yes")).sum()),
        "misfits": len(compare.contradictions.matters(desk.points)),
        "record": 0 if desk.case.reference is None else len(desk.case.reference),
        "record_told": n_told, "record_late": n_late, "record_left_out": len(told) - n_told - n_late,
        "quotations": len(desk.quotes),
        **{f"quotations_{_slug(bloc)}": 0 for bloc in compare.accounts.blocs(book.actors)[0].values()},
        **{f"quotations_{_slug(bloc)}": int(n) for bloc, n in whose.items()},
        **{f"quotations_{_slug(bloc)}_{role}": int(spoken.get((bloc, role), 0)) for role in compare.ROLES
           for bloc in {*compare.accounts.blocs(book.actors)[0].values(), *whose.index}},
        **{f"quotations_by_{role}": int(n) for role, n in desk.voices.groupby("role")["n"].sum().reindex(
            list(compare.ROLES), fill_value=0).items()},
        "frames": len(body), "frames_quoted": int((body["voice"] == "quoted").sum()),
        "frames_own": int((body["voice"] != "quoted").sum()),
        "frame_first": book.frames["label"].get(used.index[0], used.index[0]) if len(used) else "none",
        "frame_second": book.frames["label"].get(used.index[1], used.index[1]) if len(used) > 1 else "none",
        "frame_first_codes": int(used.iloc[0]) if len(used) else 0,
        **{f"frame_{f}": int(used.get(f, 0)) for f in book.frames.index},
        "headlines": 0 if heads is None else len(heads), "headlines_differing": differing,
        "coded_by": review.coder_line(desk.case),
        **{f"finding.{r.finding}": r.sentence for r in findings(desk).itertuples()},
    }
    for e in events.sort_values("n_documents", kind="stable").itertuples():     # of one step, the most told comes last
        for name in (step_of(e.event_id), e.event_id):
            out |= _event_facts(name, e, book)
    if desk.case.reference is not None:
        for r in desk.case.reference.itertuples():
            out |= {f"date.{r.event_id}": reading(r.date_lo, r.date_hi, r.precision), f"label.{r.event_id}": r.label}
    for t in texts.itertuples():
        out |= {f"name.{t.doc_id}": desk.names[t.doc_id], f"title.{t.doc_id}": _or(t.title, "untitled"),
                f"published.{t.doc_id}": _came_out(t.published_earliest, t.published_latest)}
    return {name: str(value) for name, value in out.items()}


def step_of(event_id: str) -> str:
    """Return an event's id without the day that tells it from other events of the same step.

    A text more can give a step a second occasion, and then its ids have days; a brief should not break over it.

    >>> step_of("talks-offer-2031-05-04"), step_of("talks-offer-undated"), step_of("talks-offer")
    ('talks-offer', 'talks-offer', 'talks-offer')
    """
    return re.sub(r"-(\d{4}-\d\d-\d\d|undated)$", "", event_id)


def _event_facts(name: str, event, book) -> dict[str, object]:
    return {f"date.{name}": reading(event.earliest, event.latest, event.granularity), f"label.{name}": event.label,
            f"status.{name}": book.statuses["label"].get(event.status, event.status), f"told.{name}": event.n_documents}


def _day(date) -> str:
    return "an unknown day" if pd.isna(date) else reading(date, date, "day")


def _came_out(earliest, latest) -> str:
    """Say when a text came out: a day, or the days between which it must have."""
    return _day(earliest) if pd.isna(earliest) or earliest == latest else f"between {_day(earliest)} and {_day(latest)}"


def _came_out_between(texts: pd.DataFrame) -> tuple:
    """The first and the last day on which texts can have come out, as far as that is known; else missing."""
    known = texts.dropna(subset=["published_earliest", "published_latest"])
    return (known["published_earliest"].min(), known["published_latest"].max()) if len(known) else (pd.NA, pd.NA)


def _or(value, other: str = "") -> str:
    return other if pd.isna(value) else str(value)


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


def method(desk: Desk) -> str:
    """Say in eighty words or fewer how the numbers of a brief were made."""
    coders = review.coders(desk.case)
    coders = coders[~coders["coder_id"].isin(review.frozen(desk.case))] if len(coders) else coders
    by = counted(len(coders), "coder")
    who = "fixed rules; nobody has reviewed it" if desk.coder == "rule" else \
        f"{by}, people among them" if len(coders) and (coders["kind"] == "person").any() else \
        f"{by} of kind {desk.coder}; no person has checked it"
    listed = desk.case.reference
    held = f", held against {len(listed)} listed public events" if listed is not None else ""
    framed = desk.frames["sentence_id"].nunique()
    sample = "" if desk.case.documents is None else ", a sample of the case,"
    return (f"{len(desk.texts)} saved texts{sample} were cleaned and split into {len(desk.sentences)} sentences. "
            f"{len(desk.mentions)} mentions of steps were coded and linked into {len(desk.events)} events{held}, each "
            f"with a status and, where a text allows, a date. {len(desk.quotes)} quotations were given to speakers; "
            f"{framed} sentences carry frames. Coding is by {who}. The texts were chosen, not sampled: counts describe "
            "them alone. Every number is computed; the notes name the places.")


# where a point comes from -------------------------------------------------------------------------------------------


class _Sources:
    """Says where events, record entries, texts and findings come from, as footnotes."""

    def __init__(self, desk: Desk, quotes: str) -> None:
        self.desk, self.quotes = desk, quotes
        self.events = desk.events.set_index("event_id")
        reference = desk.case.reference
        self.record = None if reference is None else reference.assign(line=range(2, len(reference) + 2)).set_index(
            "event_id")
        self.texts = desk.texts.set_index("doc_id")
        self.paragraphs = desk.sentences.set_index("sentence_id")
        self.found = findings(desk).set_index("finding")

    def events_of(self, key: str) -> list[str]:
        """The events that a key means: the one of that id, else all of that step, else all of that matter."""
        if key in self.events.index:
            return [key]
        same = [e for e in self.events.index if step_of(e) == step_of(key)]
        matter = self.desk.mentions["event_key"].str.lower().eq(key.lower())
        return same or list(self.desk.mentions.loc[matter, "event_id"].dropna().unique())

    def known(self) -> list[str]:
        return [*self.events.index, *([] if self.record is None else self.record.index), *self.texts.index,
                *self.found.index]

    def note(self, key: str) -> Markup:
        """Return one footnote's words. Raises KeyError for a key that is nothing of this case."""
        if found := self.events_of(key):
            more = len(found) - EVENTS
            return Markup(" ").join(map(self._event, found[:EVENTS])) \
                + (f" And {counted(more, 'more event')} of the same matter." if more > 0 else "")
        if self.record is not None and key in self.record.index:
            return self._record(self.record.loc[key])
        if key in self.texts.index:
            return self._text(key)
        if key in self.found.index:
            row = self.found.loc[key]
            return Markup("{}: computed in notebook {}, chart “{}”.").format(row["topic"], row["notebook"],
                                                                              row["chart"])
        raise KeyError(key)

    def _event(self, key: str) -> Markup:
        mine = self.desk.mentions[self.desk.mentions["event_id"] == key]
        places: dict[str, list[Markup]] = {}
        for m in mine.head(MENTIONS).itertuples():
            sentence = self.paragraphs.loc[m.sentence_id] if m.sentence_id in self.paragraphs.index else None
            where = "text" if sentence is None else place_of(sentence["section"], sentence["paragraph"])
            passage = self._passage(m.doc_id, sentence)
            places.setdefault(self.desk.names[m.doc_id], []).append(
                Markup("{} ({}–{}){}").format(where, m.trigger_start, m.trigger_end,
                                                        Markup(": <q>{}</q>").format(passage) if passage else ""))
        more = len(mine) - MENTIONS
        told = Markup("; ").join(Markup("{}, {}").format(name, Markup(", ").join(at)) for name, at in places.items())
        row = self.events.loc[key]
        out = Markup("{} ({}): {}{}.").format(
            row["label"], self.desk.codebook.statuses["label"].get(row["status"], row["status"]), told,
            f"; and {counted(more, 'more place')}" if more > 0 else "")
        if pd.notna(row["record_id"]) and self.record is not None and row["record_id"] in self.record.index:
            out += Markup(" ") + self._record(self.record.loc[row["record_id"]])
        return out

    def _passage(self, doc_id: str, sentence) -> str:
        if self.quotes != "short" or sentence is None or not self.desk.case.present[doc_id]:
            return ""
        return passages.shorten(self.desk.case.text(doc_id, int(sentence["start"]), int(sentence["end"])))

    def _record(self, row: pd.Series) -> Markup:
        grade = f" ({row['source_grade'].replace('_', ' ')})" if pd.notna(row.get("source_grade")) else ""
        return Markup("Public record, reference.csv, line {}: {}, {}{}. {}").format(
            row["line"], reading(row["date_lo"], row["date_hi"], row["precision"]), row["label"], grade,
            _address(row.get("address")))

    def _text(self, key: str) -> Markup:
        row = self.texts.loc[key]
        return Markup("{}, “{}”, {}. {}").format(_or(row["outlet"], key), _or(row["title"], "untitled"),
                                                 _came_out(row["published_earliest"], row["published_latest"]),
                                                 _address(_or(row["archive_url"]) or row["url"]))


def _address(url) -> Markup:
    """A link to an address of the web; anything else as plain text."""
    if pd.isna(url) or not str(url):
        return Markup("")
    if not re.fullmatch(r"https?://[^\s<>\"']+", str(url)):
        return escape(str(url))
    shown = re.sub(r"^https?://(www\.)?", "", str(url)).rstrip("/")
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(url, shown if len(shown) < 60 else shown[:59] + "…")


# the author's text --------------------------------------------------------------------------------------------------


def draft(desk: Desk) -> str:
    """Return a brief for a case whose author has written none: its findings, one section each, and it says so."""
    found = findings(desk)
    lines = [f"# {_plain(desk.case.title)}: a first draft", "",
             "*Nobody has written this brief yet. It puts the computed findings of the case in order; write your own "
             f"in data/raw/{desk.case.name}/{FILE}.*", "", "## Bottom line", ""]
    lines += ["{{ finding." + r.finding + " }}{{ ^" + r.finding + " }}\n" for r in found.head(2).itertuples()]
    for r in found.itertuples():
        lines += [f"## {r.topic}", "", "{{ finding." + r.finding + " }}{{ ^" + r.finding + " }}", "",
                  "{{ chart " + r.finding + " }}", ""]
    lines += ["## What we cannot tell", "",
              "Whether the texts are right, and what happened between their lines. {{ events_undated }} of "
              "{{ events }} events have no date in the texts.", ""]
    return "\n".join(lines)


def _plain(text: str) -> str:
    """A title as it stands in Markdown: signs that would mean something are escaped."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~&])", r"\\\1", text)


def _markdown(source: str) -> str:
    """Return Markdown as clean markup; HTML in it is shown, not used."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
    rendered = MarkdownWithMath(renderer=IPythonRenderer(escape=True, exclude_anchor_links=True)).render(source)
    return html.clean(rendered, author=True)


class _Text:
    """The author's text with its braces read: values, footnotes and charts by token."""

    def __init__(self, source: str, desk: Desk, known: Mapping[str, str], sources: _Sources, where: str) -> None:
        self.values: list[Markup] = []
        self.notes: dict[str, int] = {}
        self.charts: list[str] = []
        self.gone: dict[str, int] = {}      # what is cited and the case has not, with the line
        self.known, self.sources, self.where = known, sources, where
        self.source = re.sub("[\ue000-\ue001]", "", source)
        self.text = _BRACES.sub(self._read, self.source)
        rest = _BRACES.sub(lambda at: "\n" * at.group().count("\n"), self.source)
        left = re.search(r"\{\{|\}\}", rest)
        if left:
            line = rest[:left.start()].count("\n") + 1
            raise BriefError(f"{where}, line {line}: braces that do not close. Write {{{{ name }}}}.")

    def _wrong(self, at: re.Match, said: str, given: str, among: Iterable[str]) -> BriefError:
        line = self.source[:at.start()].count("\n") + 1
        near = [repr(n) for n in difflib.get_close_matches(given, list(among), 3, 0.5)]
        meant = " or ".join(filter(None, [", ".join(near[:-1]), *near[-1:]]))
        return BriefError(f"{self.where}, line {line}: {said}." + (f" Did you mean {meant}?" if near else ""))

    def _read(self, at: re.Match) -> str:
        name = " ".join(at[1].split())
        if name.startswith("^"):
            made = self._cite(at, [k.strip().lstrip("^").strip() for k in name[1:].split(",")])
        elif name.startswith("chart "):
            chart = name.removeprefix("chart ").strip()
            if chart not in CHARTS:
                raise self._wrong(at, f"there is no chart {chart!r}; there are {', '.join(CHARTS)}", chart, CHARTS)
            start, end = self.source.rfind("\n", 0, at.start()) + 1, self.source.find("\n", at.end())
            if self.source[start:end if end >= 0 else None].strip() != at.group():
                raise self._wrong(at, f"{{{{ chart {chart} }}}} must stand on a line of its own", "", ())
            self.charts.append(chart)
            made = Markup("\ue000chart\ue001")
        elif name[:1].isupper() and name[:1].lower() + name[1:] in self.known:      # at the beginning of a sentence
            made = escape(self.known[name[:1].lower() + name[1:]])
            made = made[:1].upper() + made[1:]
        elif (found := name if name in self.known else step_of(name)) in self.known:
            made = escape(self.known[found])
        elif name.partition(".")[2] and name.partition(".")[0].lower() in _FAMILIES:
            self._misses(at, name.partition(".")[2])
            made = escape(f"[{name.partition('.')[0].lower()} missing: {name.partition('.')[2]}]")
        else:
            case = self.sources.desk.case.name
            raise self._wrong(at, f"there is no number or word {name!r}; `casebook check {case}` lists them all", name,
                              self.known)
        self.values.append(made)
        return _TOKEN.format(len(self.values) - 1)

    def _cite(self, at: re.Match, keys: list[str]) -> Markup:
        for key in keys:
            if key not in self.sources.known() and not self.sources.events_of(key):
                self._misses(at, key)
        label = ", ".join(keys)
        first = label not in self.notes
        n = self.notes.setdefault(label, len(self.notes) + 1)
        return Markup('<sup class="note"><a href="#note-{0}"{1} aria-label="Note {0}">{0}</a></sup>').format(
            n, Markup(' id="from-{}"').format(n) if first else "")

    def _misses(self, at: re.Match, key: str) -> None:
        if not key:
            raise self._wrong(at, "a footnote points at nothing. Write {{ ^ID }}", "", ())
        case = self.sources.desk.case
        if case.reference is not None and case.labels("events") is not None:    # nothing is gone: the id is wrong
            raise self._wrong(at, f"{at.group()!r} points at {key!r}, which is no event, entry of the record, text or "
                              f"finding of {case.name}", key, [*self.sources.known(), *self.known])
        self.gone.setdefault(key, self.source[:at.start()].count("\n") + 1)

    def missing(self) -> str:
        """Say in one line what is cited and is not there, and what to do; nothing where all is there."""
        if not self.gone:
            return ""
        known = self.sources.known()
        said = [f"line {n}, {key!r}" + (f" (did you mean {near[0]!r}?)" if near else "") for key, n in
                list(self.gone.items())[:GONE] for near in [difflib.get_close_matches(key, known, 1, 0.8)]]
        more = f"; and {len(self.gone) - GONE} more" if len(self.gone) > GONE else ""
        ids = f"{counted(len(self.gone), 'cited id')} {'is' if len(self.gone) == 1 else 'are'}"
        return (f"{self.where}: {ids} no event, entry of the record, text or finding of this case: {'; '.join(said)}"
                f"{more}. Put the labels or the record back and build the case, or change the ids in {FILE}.")

    def markup(self, figure) -> Markup:
        """Return the text as markup; ``figure`` makes the markup of a chart."""
        shown, drawn = _markdown(self.text), iter(self.charts)
        # a footnote's sign stands close to the word before it, wherever the author's line broke
        shown = re.sub(r"\s+\ue000(\d+)\ue001", lambda at: at.group().lstrip()
                       if self.values[int(at[1])].startswith('<sup class="note">') else at.group(), shown)

        def value(at: re.Match) -> str:
            made = self.values[int(at[1])]
            return str(figure(next(drawn))) if "chart\ue001" in made else str(made)
        shown = re.sub(r"<p>\s*\ue000(\d+)\ue001\s*</p>",
                       lambda at: value(at) if "chart\ue001" in self.values[int(at[1])] else at.group(), shown)
        return Markup(re.sub(r"\ue000(\d+)\ue001", value, shown))

    def footnotes(self) -> list[tuple[int, list[Markup]]]:
        lost = Markup("Missing: {} is no event, entry of the record, text or finding of this case.")
        return [(n, [lost.format(k) if k in self.gone else self.sources.note(k) for k in label.split(", ")])
                for label, n in self.notes.items()]


class _Checked(_Text):
    """The author's text read to the end, with all that is wrong in it."""

    def __init__(self, *given) -> None:
        self.wrong: list[str] = []
        try:
            super().__init__(*given)
        except BriefError as error:     # braces that do not close, looked for last
            self.wrong.append(str(error))

    def _read(self, at: re.Match) -> str:
        try:
            return super()._read(at)
        except BriefError as error:
            self.wrong.append(str(error))
            return ""


def check(case: Case) -> list[str]:
    """Return everything that is wrong in the text of a brief (``brief.md``), a line each; none where there is no such
    file.

    Accepts a case whose tables were built.
    """
    path, where = case.raw / FILE, f"{case.name}/{FILE}"
    if not path.is_file():
        return []
    try:
        source = path.read_text(encoding="utf-8-sig")
        desk = Desk(case)
        text = _Checked(source, desk, facts(desk), _Sources(desk, "none"), where)
    except UnicodeDecodeError:
        return [f"{where}: not UTF-8. Save it again as UTF-8."]
    last = max((n for n, line in enumerate(text.wrong) if "there is no number or word" in line), default=None)
    if last is not None:
        text.wrong[last] += f" There are {_there_are(text.known)}."
    return [*text.wrong, *filter(None, [text.missing()])]


def _there_are(known: Iterable[str]) -> str:
    """Names that a brief may use: those of the case as a whole, and of families one for all."""
    families = sorted({n.split(".")[0] + ".ID" for n in known if "." in n})
    return ", ".join([*(n for n in known if "." not in n), *families])


# data ---------------------------------------------------------------------------------------------------------------


def sheets(desk: Desk) -> dict[str, pd.DataFrame]:
    """Return the tables behind a brief by file name, in our words and without passages."""
    names = desk.names
    every = compare.origins(desk.events, desk.mentions, desk.texts)
    events = every[["event_id", "when", "earliest", "latest", "granularity", "basis", "label", "track", "stage",
                    "status", "actor_id", "target_id", "n_documents", "record_id", "text", "file", "start", "end",
                    "page"]]
    offers = desk.offers[["label", "source", "offered_by", "offered_to", "earliest", "latest", "answer", "answered_by",
                          "answer_label", "answer_earliest", "answer_latest", "fate"]]
    claims = desk.claims[["claim_id", "label", "doc_id", "stance", "contested", "rival"]]
    frames = desk.frames.merge(desk.sentences[["sentence_id", "section", "start", "end"]], on="sentence_id")
    frames = frames[["doc_id", "section", "start", "end", "frame", "rank", "voice", "negated", "hedged", "rule"]]
    texts = desk.texts[["doc_id", "short_name", "outlet", "outlet_country", "title", "published_earliest",
                        "published_latest", "published_basis", "url", "archive_url", "sha256"]]
    return {"events": events, "ways-out": offers,
            "claims": claims.assign(doc_id=claims["doc_id"].map(names)).rename(columns={"doc_id": "text"}),
            "frames": frames.assign(doc_id=frames["doc_id"].map(names)).rename(columns={"doc_id": "text"}),
            "texts": texts}


def to_csv(frame: pd.DataFrame) -> bytes:
    """Return a frame as CSV that a spreadsheet opens and computes nothing in.

    >>> to_csv(pd.DataFrame({"label": ["=1+1"]})).decode("utf-8-sig").splitlines()
    ['label', "'=1+1"]
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(cell, frame.columns))
    writer.writerows([cell(value) for value in row] for row in frame.itertuples(index=False))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


# the page -----------------------------------------------------------------------------------------------------------


def make(case: Case, *, quotes: str = "none", layer: str = "adjudicated", pictures: Mapping[str, Picture] | None = None,
         desk: Desk | None = None, say: Callable[[str], None] = lambda _: None) -> str:
    """Return the brief of a case as one page that needs no other file and holds no code.

    Accepts a case, whether footnotes may hold short passages (``none`` or ``short``: at most 25 words, where the texts
    are here), the layer of codes, charts that were drawn already (name → :class:`Picture`) and a :class:`Desk` that is
    open already. What the text cites and the case has not is told to ``say``, in one line that names file, lines, ids
    and remedy. Raises :class:`BriefError` naming file, line and remedy when ``brief.md`` cannot be used.
    """
    desk = desk or Desk(case, layer)
    path = case.raw / FILE
    own = path.is_file()
    try:
        source = path.read_text(encoding="utf-8-sig") if own else draft(desk)
    except UnicodeDecodeError:
        raise BriefError(f"{case.name}/{FILE}: not UTF-8. Save it again as UTF-8.") from None
    kept = passages.protected(case, quotes)
    text = _Text(passages.withhold(source, kept), desk, facts(desk), _Sources(desk, quotes), f"{case.name}/{FILE}")
    if gone := text.missing():
        say(gone)
    drawn: dict[str, Picture] = dict(pictures or {})
    counter = iter(range(1, 99))

    def figure(name: str) -> Markup:
        if not desk.says(name)[0]:
            return Markup('<p class="state">{}: this case has nothing coded that the chart could show.</p>').format(
                FINDINGS[name][0])
        if name not in drawn:
            chart = desk.chart(name)
            width, height = (round(v * chart.fig.dpi) for v in chart.fig.get_size_inches())
            drawn[name] = Picture(charts.png(chart.fig), chart.alt, width, height)
        p, n = drawn[name], next(counter)
        cut, high = Markup(""), " high" if p.height > strips.HIGH * p.width else ""
        if paper := desk.on_paper(name):
            cut = strips.markup(charts.png(paper.fig), round(paper.fig.get_size_inches()[0] * paper.fig.dpi))
        shown = _FIGURE.format(n=n, high=high, title=html.headline(p.alt), alt=p.alt, w=p.width, h=p.height,
                               src=base64.b64encode(p.png).decode(), strips=cut)
        listed = Markup(desk.twin(name))
        if name == "framing":           # its list has no title, since its notebook prints it
            listed = Markup('<div class="twin"><p><strong>{}</strong></p>{}</div>').format(desk.says(name)[0], listed)
        if name == "chronology":        # a hundred rows would part a phone's reader from the words
            listed = _LONG.format(desk.says(name)[0], counted(len(desk.events), "event"), listed)
        return shown + _TWIN.format(listed)

    body = BeautifulSoup(html.tidy(str(text.markup(figure))), "html.parser")
    heading = body.find("h1")
    title = " ".join(heading.get_text().split()) if heading else case.title
    if heading:
        heading.decompose()
    for head in body.find_all(["h2", "h3"]):
        head["id"] = html.place(" ".join(head.get_text().split()))
    files = [{"name": f"{case.name}-{name}.csv", "rows": len(frame), "href": "data:text/csv;charset=utf-8;base64,"
              + base64.b64encode(to_csv(frame)).decode()} for name, frame in sheets(desk).items()]
    page = html.paper("brief.html.j2", title=title, case=case.title, name=case.name, own=own, body=Markup(str(body)),
                      notes=text.footnotes(), files=files, method=method(desk), coded=review.coder_line(case),
                      state=_state(desk), quotes=quotes, most=passages.SHORT, made=_made(case))
    if len(page.encode("utf-8")) > LARGEST:
        raise BriefError(f"{case.name}/{FILE}: the page would have {len(page.encode('utf-8')) / 1e6:.1f} MB, and 5 is "
                         "the most. Leave out a chart.")
    return page


def _made(case: Case) -> str:
    """What a brief was made from, in one line: the same inputs give the same page."""
    made = index.made_from(case)
    tables_ = hashlib.sha256(json.dumps(made["tables"], sort_keys=True).encode()).hexdigest()
    return (f"Made by casebook {made['versions']['casebook']}. Digests (SHA-256): tables {tables_[:12]}, collected "
            f"files {made['collected'][:12]}, code {made['code'][:12]}, general codebook {made['codebook'][:12]}.")


def _state(desk: Desk) -> str:
    texts = desk.texts
    first, last = _came_out_between(texts)
    span = "" if pd.isna(first) else f", {_day(first)} to {_day(last)}"
    return f"{len(texts)} texts{span}. {framing.say_conclusions(len(texts), len(desk.sentences))}"
