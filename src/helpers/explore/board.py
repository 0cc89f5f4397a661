"""Controls: the board with its linked charts, two texts side by side, and a code corrected.

One object serves both readers of a notebook. Its output is a bundle of forms, which Jupyter has for this: JupyterLab
takes the living widget; a page, nbconvert, or a notebook opened without having been run takes the picture or table that
stands beside it. So no sign of a front end is looked for, which could be wrong. What differs from run to run is the
widget's form alone (it names a live object by a random number): :mod:`helpers.pages` and ``refresh`` leave it out, and
nbval does not compare it.

No library beside ipywidgets: the chart's marks can be clicked because a group of radio buttons, one an event, is laid
over the picture by a style sheet.
"""
from __future__ import annotations

import time
from contextlib import contextmanager
from html import escape

import ipywidgets as widgets
import pandas as pd

from helpers.case import ParameterError
from helpers.charts.scale import reading as in_words
from helpers.codebook.naming import counted
from helpers.explore import deciding, drawing
from helpers.explore.choosing import WORDS, Choice, Material, choose, options, say
from helpers.explore.reading import Page, read_event, side_by_side
from helpers.review import codes
from helpers.show import Shown, table

__all__ = ["Board", "Coding", "Pair", "Told"]

VIEW = "application/vnd.jupyter.widget-view+json"
CSS = """
.jupyter-widgets.casebook-top{flex-direction:column;align-items:stretch;height:auto}
.jupyter-widgets.casebook-top>label.widget-label{text-align:left;width:auto;font-weight:bold}
.casebook-top>select{width:100%}
.casebook-box{border:1px solid var(--jp-border-color1,#bbb);padding:2px 6px;height:176px;overflow:auto}
.casebook-box .widget-checkbox{min-height:24px;height:24px;width:auto}.casebook-box .widget-html{font-weight:bold}
.casebook-said .widget-html-content{white-space:nowrap;line-height:28px}.casebook-said p{margin:0 8px}
.casebook-chart{position:relative;overflow:visible;max-width:1100px}
.casebook-chart .widget-html,.casebook-chart .widget-html-content{width:100%;margin:0;line-height:0}
.casebook-chart svg{width:100%;height:auto}
.casebook-dots{position:absolute;inset:0;width:auto!important;height:auto!important;margin:0!important}
.casebook-dots>label{display:none}.casebook-dots input{display:none}
.casebook-dots .widget-radio-box{position:static;margin:0!important}
.casebook-dots .widget-radio-box label{position:absolute;min-width:18px;height:18px;margin:-9px;border-radius:9px;
font-size:0;cursor:pointer;white-space:nowrap;box-sizing:border-box}
.casebook-dots .widget-radio-box label:hover{font-size:13px;line-height:18px;padding:var(--room);z-index:5;
background:#fff content-box;color:#1c1c1c}
.casebook-dots .widget-radio-box label:has(input:checked){box-shadow:0 0 0 3px #1c1c1c}
.casebook-paper{background:#fff;color:#1c1c1c;padding:4px 12px;line-height:1.5;overflow:auto}
.casebook-paper p,.casebook-paper blockquote{margin:.4em 0}.casebook-paper blockquote{padding-left:1em}
.casebook-paper table{border-collapse:collapse}.casebook-paper td,.casebook-paper th{padding:2px 8px;
vertical-align:top;border-bottom:1px solid #ddd}.casebook-paper caption{text-align:left;font-weight:bold}
"""


def _bundle(widget: widgets.Widget, static: dict[str, str]) -> dict:
    """The forms of an output: the living widget, and what stands for it where there is no front end."""
    view = (widget._repr_mimebundle_() or {}).get(VIEW)
    return static | ({VIEW: view} if view else {})


def _paper(html: str, label: str, height: str = "") -> str:
    """A sheet of reading that a keyboard can scroll."""
    tall = f' style="max-height:{height}"' if height else ""
    return f'<div class="casebook-paper" role="region" tabindex="0" aria-label="{escape(label)}"{tall}>{html}</div>'


def _offer(control: widgets.Dropdown, offered: list) -> None:
    """Offer other options, the first of which is chosen; ipywidgets itself would choose none."""
    control.options = offered
    control.index = 0 if offered else None


def _say(html: widgets.HTML, message: str) -> None:
    html.value = f'<p role="status">{escape(message)}</p>'


class Board:
    """Filters, linked charts, a list of events, and where the chosen one comes from.

    Accepts a :class:`~helpers.explore.Material`, and what is chosen at first.
    """

    def __init__(self, material: Material, choice: Choice | None = None):
        self.material, self.first = material, choice or Choice()
        self._quiet = False
        found = options(material)
        self.filters = {name: {code: widgets.Checkbox(
            value=code in getattr(self.first, name), description=words, tooltip=words, indent=False)
            for words, code in found[name]} for name in WORDS}
        boxes = [widgets.VBox([widgets.HTML(f"<b>{WORDS[name].capitalize()}</b>"), widgets.VBox(list(checks.values()))],
                              layout={"width": "20%"}) for name, checks in self.filters.items()]
        for box in boxes:
            box.children[1].add_class("casebook-box")
        self.days = {}
        for name, day, word in zip(("From", "Until"), self.first.window, ("the first", "the last")):
            offered = [(word, ""), *self._months(name == "Until")]
            if day and day not in (d for _, d in offered):
                offered = sorted([*offered, (day, day)], key=lambda pair: pair[1])
            self.days[name] = widgets.Dropdown(options=offered, value=day, description=name, layout={"width": "16em"},
                                               style={"description_width": "4em"})
        self.undated = widgets.Checkbox(value=self.first.undated, description="with events that have no date",
                                        indent=False, layout={"width": "auto"})
        self.reset = widgets.Button(description="Show all", layout={"width": "7em"}, tooltip="Take every choice back")
        self.note, self.style, self.chart, self.texts, self.reading = (widgets.HTML() for _ in range(5))
        self.dots = widgets.RadioButtons(options=[])
        self.list = widgets.Select(options=[], rows=20, description="Events", layout={"width": "auto"})
        self.list.layout.min_height = "430px"
        # JupyterLab takes the arrow keys from a list, but not from a field that is written in
        self.number = widgets.BoundedIntText(min=0, max=0, description="Event no. (keys ↑ ↓)", continuous_update=True,
                                             style={"description_width": "initial"}, layout={"width": "16em"})
        self.list.add_class("casebook-top")
        self.note.add_class("casebook-said")
        self.dots.add_class("casebook-dots")
        chart = widgets.Box([self.chart, self.dots])
        chart.add_class("casebook-chart")
        below = widgets.Box([self.texts])
        below.add_class("casebook-chart")
        self.reading.layout.flex = "1"
        self.view = widgets.VBox([
            widgets.HTML(f"<style>{CSS}</style>"), self.style, widgets.HBox(boxes),
            widgets.HBox([*self.days.values(), self.undated, self.reset, self.note]), chart,
            widgets.HBox([widgets.VBox([self.number, self.list], layout={"width": "36%"}), self.reading]), below])
        for control in (*self.checks, *self.days.values(), self.undated):
            control.observe(self._redraw, names="value")
        for control in (self.list, self.dots):
            control.observe(lambda change: self._select(change["new"]), names="index")
        self.number.observe(lambda change: self._select(change["new"] - 1), names="value")
        self.reset.on_click(self._all)
        self._redraw()

    def _months(self, last: bool) -> list[tuple[str, str]]:
        """The months from the first event to the last (the years, where there are many): names, and the first day of
        each, or the last."""
        dated = self.material.events.dropna(subset=["earliest", "latest"])
        if dated.empty:
            return []
        span = pd.period_range(dated["earliest"].min(), dated["latest"].max(), freq="M")
        span = span if len(span) <= 150 else pd.period_range(span[0], span[-1], freq="Y")
        return [(p.strftime("%b %Y" if p.freqstr == "M" else "%Y"), f"{p.end_time if last else p.start_time:%Y-%m-%d}")
                for p in span]

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        chosen = {name: tuple(code for code, check in checks.items() if check.value)
                  for name, checks in self.filters.items()}
        return Choice(window=tuple(c.value for c in self.days.values()), undated=self.undated.value, **chosen)

    @property
    def checks(self) -> list[widgets.Checkbox]:
        """All boxes to tick, of all filters."""
        return [check for checks in self.filters.values() for check in checks.values()]

    @property
    def event_id(self) -> str | None:
        """The event that is read."""
        return self.list.value

    @contextmanager
    def _hush(self):
        """Set several controls as one."""
        self._quiet = True
        try:
            yield
        finally:
            self._quiet = False

    def _all(self, _=None) -> None:
        with self._hush():
            for check in self.checks:
                check.value = False
            for control in self.days.values():
                control.value = ""
            self.undated.value = True
        self._redraw()

    def _redraw(self, change=None) -> None:
        if self._quiet:
            return
        began, choice, before = time.perf_counter(), self.choice, self.list.value
        if change and "" not in choice.window and choice.window[0] > choice.window[1]:
            with self._hush():          # the box shows what is in force
                change["owner"].value = change["old"]
            return _say(self.note, "The first day would be after the last: nothing was changed.")
        self.chosen = chosen = choose(self.material, choice)
        lanes = drawing.lanes(self.material, choice, chosen)
        self.chart.value, self.texts.value = lanes.svg, drawing.texts(self.material, choice, chosen).svg
        rows = chosen.events[chosen.events["event_id"].isin(lanes.spots)]
        rows = rows.sort_values(["earliest", "latest", "event_id"], na_position="last")
        listed: list[tuple[str, str]] = []
        taken: dict[str, int] = {}
        for row in rows.itertuples():
            words = f"{in_words(row.earliest, row.latest, row.granularity)}: {row.label}"
            taken[words] = taken.get(words, 0) + 1
            listed.append((words + (f" ({taken[words]})" if taken[words] > 1 else ""), row.event_id))
        ids = [event_id for _, event_id in listed]
        rules = []
        for n, event_id in enumerate(ids, 1):       # beyond the middle a name opens to the left
            x, y = lanes.spots[event_id]
            side = f"left:{x / 10:.2f}%;--room:0 0 0 20px" if x < 620 else \
                f"right:{100 - x / 10:.2f}%;--room:0 20px 0 0"
            rules.append(f".casebook-dots .widget-radio-box label:nth-child({n})"
                         f"{{{side};top:{100 * y / lanes.height:.3f}%}}")
        self.style.value = f"<style>{''.join(rules)}</style>"
        with self._hush():
            self.list.options, self.dots.options = listed, [words for words, _ in listed]
            self.number.min = 0
            self.number.max = len(ids)
            self.number.min = min(1, len(ids))
        most = rows.assign(dated=rows["earliest"].notna()).nlargest(1, ["n_documents", "dated"])["event_id"]
        self._select(ids.index(before if before in ids else most.iloc[0]) if ids else None)
        _say(self.note, f"{len(ids)} events, redrawn in {time.perf_counter() - began:.2f} s")

    def _select(self, index: int | None) -> None:
        """Choose an event in the list, on the chart and by number alike, and read it."""
        if self._quiet:
            return
        with self._hush():
            self.list.index = self.dots.index = index
            self.number.value = 0 if index is None else index + 1
        self._read()

    def _read(self) -> None:
        if self.event_id is None:
            page = "<p>There is no event to read: choose something else above.</p>"
        else:
            page = read_event(self.material, self.event_id, first=self.choice.documents).html
        self.reading.value = _paper(page, "Where the chosen event comes from", "430px")

    def _repr_mimebundle_(self, include=None, exclude=None):
        choice = self.first
        chosen = choose(self.material, choice)
        whole = drawing.together(drawing.lanes(self.material, choice, chosen),
                                 drawing.texts(self.material, choice, chosen))
        size = {"alt": whole.alt, "width": drawing.WIDTH, "height": whole.height}
        said = f"{say(self.material, choice, chosen)}\nRun the notebook in JupyterLab, and the board stands here."
        return _bundle(self.view, {"image/svg+xml": whole.svg, "text/plain": said}), {"image/svg+xml": size}


class Told:
    """The events chosen on a :class:`Board` that most texts tell of, as a table that follows it."""

    def __init__(self, board: Board, rows: int = 12):
        self.board, self.rows = board, rows
        self.first, self.page = self._table(), widgets.HTML()
        self.view = widgets.VBox([widgets.HTML(f"<style>{CSS}</style>"), self.page])
        board.chart.observe(self._redraw, names="value")
        self._redraw()

    def _table(self) -> Shown:
        book, events = self.board.material.codebook, self.board.chosen.events
        words = {"actor_id": dict(zip(book.actors["actor_id"], book.actors["name"])),
                 "track": book.tracks["label"].to_dict(), "status": book.statuses["label"].to_dict()}
        most = events.sort_values(["n_documents", "event_id"], ascending=[False, True])
        return table(most, counted(len(most), "chosen event"), rows=self.rows, words=words, columns={
            "label": "event (our words)", "earliest": "from", "latest": "to", "track": "track", "actor_id": "who",
            "status": "how sure", "n_documents": "texts"})

    def _redraw(self, _=None) -> None:
        self.page.value = _paper(self._table()._repr_html_(), "The chosen events", "430px")

    def _repr_mimebundle_(self, include=None, exclude=None):
        return _bundle(self.view, {"text/html": self.first._repr_html_(), "text/plain": repr(self.first)})


class Pair:
    """Two texts side by side, each to be chosen. Accepts a :class:`~helpers.explore.Material` and two doc_ids."""

    def __init__(self, material: Material, one: str, two: str):
        self.material, self.pair = material, (one, two)
        named = [(name, doc) for doc, name in material.names.items()]
        self.choices = [widgets.Dropdown(options=named, value=doc, description=word, layout={"width": "48%"})
                        for doc, word in zip(self.pair, ("One text", "The other"))]
        self.page = widgets.HTML()
        self.view = widgets.VBox([widgets.HTML(f"<style>{CSS}</style>"), widgets.HBox(self.choices), self.page])
        for control in self.choices:
            control.observe(self._redraw, names="value")
        self._redraw()

    def _redraw(self, _=None) -> None:
        page = side_by_side(self.material, *(control.value for control in self.choices))
        self.page.value = _paper(page.html, "Two texts side by side", "620px")

    def _repr_mimebundle_(self, include=None, exclude=None):
        return _bundle(self.view, side_by_side(self.material, *self.pair)._repr_mimebundle_())


class Coding:
    """A form that corrects a code of the event chosen on a :class:`Board`, into the case's ``review/`` folder."""

    def __init__(self, board: Board):
        self.board, self.material = board, board.material
        wide = {"style": {"description_width": "9em"}, "layout": {"width": "96%"}}
        self.mention = widgets.Dropdown(description="Mention", **wide)
        self.what = widgets.Dropdown(description="Decide on", **wide)
        self.action = widgets.Dropdown(description="Field or verdict", **wide)
        self.value = widgets.Combobox(description="Better value", ensure_option=False, **wide)
        self.coder = widgets.Text(description="Your name", placeholder="such as anna or P3", **wide)
        self.kind = widgets.Dropdown(options=["person", "model"], description="You are a", **wide)
        self.remark = widgets.Text(description="Note", placeholder="why, in your own words", **wide)
        self.keep = widgets.Button(description="Keep decision", button_style="primary",
                                   tooltip="Write this decision into the review folder")
        self.undo = widgets.Button(description="Undo my last", tooltip="Take your last decision back")
        self.head, self.hint, self.said = (widgets.HTML() for _ in range(3))
        self.view = widgets.VBox([
            self.head, widgets.HBox([
                widgets.VBox([self.mention, self.what, self.action, self.value, self.hint], layout={"width": "50%"}),
                widgets.VBox([self.coder, self.kind, self.remark, widgets.HBox([self.keep, self.undo]), self.said],
                             layout={"width": "50%"})])])
        board.list.observe(self._event, names="value")
        self.mention.observe(self._mention, names="value")
        self.what.observe(self._what, names="value")
        self.action.observe(self._action, names="value")
        self.keep.on_click(lambda _: self._try(self._keep))
        self.undo.on_click(lambda _: self._try(lambda: deciding.undo(self.material.case, self.coder.value)))
        self._event()

    def _event(self, _=None) -> None:
        mine = self.material.mentions[self.material.mentions["event_id"] == (self.board.event_id or "")]
        ticked = set(self.board.choice.documents)
        mine = mine.sort_values("doc_id", key=lambda docs: ~docs.isin(ticked), kind="stable")
        label = self.material.events.set_index("event_id")["label"].get(self.board.event_id, "no event")
        self.head.value = f"<p>The event chosen above: <b>{escape(str(label))}</b></p>"
        _offer(self.mention, [
            (f"{self.material.names[m.doc_id]}: {m.status.replace('_', ' ')}, {m.label} "
             f"(characters {m.trigger_start} to {m.trigger_end})", m.event_mention_id) for m in mine.itertuples()])
        self._mention()

    def _mention(self, _=None) -> None:
        found = deciding.targets(self.material, self.mention.value) if self.mention.value else []
        _offer(self.what, [(deciding.CALLED[t.what], t) for t in found])
        self._what()

    def _what(self, _=None) -> None:
        target = self.what.value
        fields = deciding.REVIEW[target.what] if target else []
        _offer(self.action, [(f"{name} (is: {target.now.get(name) or 'none'})", name) for name in fields] + [
            (words, verdict) for verdict, words in deciding.ACTIONS.items() if target])
        self._action()

    def _action(self, _=None) -> None:
        known = codes(self.material.codebook).get(self.action.value or "", {})
        self.value.value, self.value.options = "", list(known)
        self.value.disabled = self.action.value in deciding.ACTIONS
        words = ", ".join(code if label in ("", code) else f"{code} ({label})" for code, label in known.items())
        self.hint.value = f"<small>{escape(words)}</small>" if words and not self.value.disabled else ""

    def _keep(self) -> str:
        if self.what.value is None:
            return "There is nothing to decide on: choose an event of the layer that the charts draw."
        decision = deciding.decide(self.material, self.what.value, self.action.value, self.value.value,
                                   self.coder.value, self.kind.value, note=self.remark.value)
        return deciding.keep(self.material.case, decision, self.kind.value)

    def _try(self, work) -> None:
        try:
            _say(self.said, work())
        except (ParameterError, OSError, ValueError) as error:
            _say(self.said, str(error))

    def _repr_mimebundle_(self, include=None, exclude=None):
        said = "A form stands here when the notebook is open in JupyterLab and is run. It writes only when told to."
        return _bundle(self.view, Page(f"<p>{said}</p>", said)._repr_mimebundle_())
