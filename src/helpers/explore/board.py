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

import datetime as dt
import time
from html import escape

import ipywidgets as widgets

from helpers.case import ParameterError
from helpers.charts.scale import reading as in_words
from helpers.explore import deciding, drawing
from helpers.explore.choosing import WORDS, Choice, Material, choose, options, say
from helpers.explore.reading import Page, read_event, side_by_side
from helpers.review import codes

__all__ = ["Board", "Coding", "Pair"]

VIEW = "application/vnd.jupyter.widget-view+json"
CSS = """
.jupyter-widgets.casebook-top{flex-direction:column;align-items:stretch;height:auto}
.jupyter-widgets.casebook-top>label.widget-label{text-align:left;width:auto;font-weight:bold}
.casebook-top>select{width:100%}.casebook-window .widget-readout{min-width:10em}
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

    Accepts a :class:`~helpers.explore.Material`, what is chosen at first, and whether passages may be shown.
    """

    def __init__(self, material: Material, choice: Choice | None = None, *, passages: bool = True):
        self.material, self.first, self.passages = material, choice or Choice(), passages
        self._quiet = False
        found = options(material)
        self.filters = {name: widgets.SelectMultiple(
            options=found[name], value=getattr(self.first, name), rows=5, description=word.capitalize(),
            style={"description_width": "initial"}, layout={"width": "20%"}) for name, word in WORDS.items()}
        months = self._months()
        self.window = widgets.SelectionRangeSlider(
            options=months, index=self._of_window(months, self.first.window), description="From, to",
            continuous_update=False, layout={"width": "44%"})
        self.undated = widgets.Checkbox(value=self.first.undated, description="with events that have no date",
                                        indent=False, layout={"width": "auto"})
        self.reset = widgets.Button(description="Show all", layout={"width": "7em"}, tooltip="Take every choice back")
        self.note, self.style, self.chart, self.texts, self.reading = (widgets.HTML() for _ in range(5))
        self.dots = widgets.RadioButtons(options=[])
        self.list = widgets.Select(options=[], rows=20, description="Events", layout={"width": "36%"})
        for control in (*self.filters.values(), self.list):
            control.add_class("casebook-top")
        self.window.add_class("casebook-window")
        self.note.add_class("casebook-said")
        self.dots.add_class("casebook-dots")
        chart = widgets.Box([self.chart, self.dots])
        chart.add_class("casebook-chart")
        below = widgets.Box([self.texts])
        below.add_class("casebook-chart")
        self.reading.layout.flex = "1"
        self.view = widgets.VBox([
            widgets.HTML(f"<style>{CSS}</style>"), self.style, widgets.HBox(list(self.filters.values())),
            widgets.HBox([self.window, self.undated, self.reset, self.note]), chart,
            widgets.HBox([self.list, self.reading]), below])
        for control in (*self.filters.values(), self.window, self.undated):
            control.observe(self._redraw, names="value")
        for one, other in ((self.list, self.dots), (self.dots, self.list)):
            one.observe(lambda change, other=other: self._select(change["new"], other), names="index")
        self.reset.on_click(self._all)
        self._redraw()

    def _months(self) -> list[tuple[str, str]]:
        """The first days of the months (of the years, where there are many) from the first event to the last."""
        dated = self.material.events.dropna(subset=["earliest", "latest"])
        if dated.empty:
            return [("no date", "")]
        low, high = (dt.date.fromisoformat(d) for d in (dated["earliest"].min(), dated["latest"].max()))
        days = [dt.date(y, m, 1) for y in range(low.year, high.year + 1) for m in range(1, 13)]
        days = [d for d in days if low.replace(day=1) <= d <= high]
        if len(days) > 120:
            days = [dt.date(y, 1, 1) for y in range(low.year, high.year + 1)]
        words = (f"{d:%b %Y}" if len(days) <= 120 and days[0].month + days[-1].month > 2 else str(d.year) for d in days)
        return list(zip(words, map(str, days)))

    @staticmethod
    def _of_window(months: list[tuple[str, str]], window: tuple[str, str]) -> tuple[int, int]:
        first = max([i for i, (_, day) in enumerate(months) if window[0] and day <= window[0]], default=0)
        last = max([i for i, (_, d) in enumerate(months) if not window[1] or d <= window[1]], default=len(months) - 1)
        return min(first, last), last

    @property
    def choice(self) -> Choice:
        """What is chosen now."""
        chosen = {name: control.value for name, control in self.filters.items()}
        days, window = [day for _, day in self.window.options], self.first.window
        if self.window.index != self._of_window(list(self.window.options), window):     # a hand was on it
            first, last = self.window.index
            end = dt.date.fromisoformat(days[last + 1]) - dt.timedelta(1) if last + 1 < len(days) else ""
            window = (days[first] if first else "", str(end))
        return Choice(window=window, undated=self.undated.value, **chosen)

    @property
    def event_id(self) -> str | None:
        """The event that is read."""
        return self.list.value

    def _all(self, _=None) -> None:
        self._quiet = True
        for control in self.filters.values():
            control.value = ()
        self.first, self.undated.value = Choice(), True
        self.window.index = (0, len(self.window.options) - 1)
        self._quiet = False
        self._redraw()

    def _redraw(self, _=None) -> None:
        if self._quiet:
            return
        began, choice, before = time.perf_counter(), self.choice, self.list.value
        chosen = choose(self.material, choice)
        lanes = drawing.lanes(self.material, choice, chosen)
        self.chart.value, self.texts.value = lanes.svg, drawing.texts(self.material, choice, chosen).svg
        rows = chosen.events[chosen.events["event_id"].isin(lanes.spots)]
        rows = rows.sort_values(["earliest", "latest", "event_id"], na_position="last")
        listed, taken = [], {}
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
        self._quiet = True
        self.list.options, self.dots.options = listed, [words for words, _ in listed]
        most = rows.assign(dated=rows["earliest"].notna()).nlargest(1, ["n_documents", "dated"])["event_id"]
        index = ids.index(before if before in ids else most.iloc[0]) if ids else None
        self.list.index = self.dots.index = index
        self._quiet = False
        self.style.value = f"<style>{''.join(rules)}</style>"
        _say(self.note, f"{len(ids)} events, redrawn in {time.perf_counter() - began:.2f} s")
        self._read()

    def _select(self, index: int | None, other: widgets.Widget) -> None:
        if self._quiet or index is None:
            return
        self._quiet = True
        other.index = index
        self._quiet = False
        self._read()

    def _read(self) -> None:
        if self.event_id is None:
            page = "<p>There is no event to read: choose something else above.</p>"
        else:
            page = read_event(self.material, self.event_id, passages=self.passages).html
        self.reading.value = _paper(page, "Where the chosen event comes from", "430px")

    def _repr_mimebundle_(self, include=None, exclude=None):
        choice = self.first
        chosen = choose(self.material, choice)
        whole = drawing.together(drawing.lanes(self.material, choice, chosen),
                                 drawing.texts(self.material, choice, chosen))
        size = {"alt": whole.alt, "width": drawing.WIDTH, "height": whole.height}
        said = f"{say(self.material, choice, chosen)}\nRun the notebook in JupyterLab, and the board stands here."
        return _bundle(self.view, {"image/svg+xml": whole.svg, "text/plain": said}), {"image/svg+xml": size}


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
        words = "; ".join(f"{code}: {label}" if label else code for code, label in list(known.items())[:40])
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
