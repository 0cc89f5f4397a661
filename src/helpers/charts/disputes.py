"""Contested claims over time: above the line who announces, below it who denies, confirms or answers.

One band a claim, after the newspapers' "he said, they said" timelines: a line of time, the announcing side over it, all
others under it. Each statement is a sign at the head of its own words, on a stem to its day; what falls within a few
days shares a stem, so that no sign lies on another. The days to each first answer stand where they passed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers.charts import style
from helpers.charts.chronology import sign
from helpers.charts.layout import (
    MARGIN,
    Chart,
    Key,
    Sheet,
    balance,
    cited,
    flank,
    name_lines,
    page,
    plain,
    text_height,
    text_width,
    wrap,
)
from helpers.charts.moves import lasted
from helpers.charts.scale import Scale, draw_axis, reading, to_date, to_days
from helpers.codebook.naming import counted, the

__all__ = ["STANCES", "over_time", "twin"]

# stance → what it is called; fill → what it means here
STANCES = {"claims": "says so", "denies": "says no", "confirms": "says so, too",
           "answers": "speaks of it, neither yes nor no"}  # fmt: skip
FILLS = {"claimed": "says so", "happened": "says so, and the record lists it as done",
         "announced": "speaks of it, neither yes nor no", "denied": "says no"}  # fmt: skip
# inches: the widest words, from a stem to its words, and what is too near for a stem of its own
NAME, SIGN, NEAR = 1.6, 0.14, 0.14
BETWEEN = 0.08      # inches between words on one stem
SILENCE = "no answer since"
TIMES = {1: "once", 2: "twice"}


class _Said(NamedTuple):
    """One statement in words: its row, its day, what it says, how long it took."""

    row: Mapping
    day: str
    lines: list[str]
    note: list[str]

    @property
    def all(self) -> list[str]:
        return [self.day, *self.lines, *self.note]

    @property
    def height(self) -> float:
        return text_height(len(self.all))


class _Stem(NamedTuple):
    """Statements of about one day on one stem: where it stands, how far from the line the words begin, how high they
    are together, and whether they stand left of it."""

    x: float
    said: list[_Said]
    foot: float
    height: float
    left: bool


def over_time(
    said: pd.DataFrame,
    *,
    actors: pd.DataFrame | None = None,
    coder: str,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw who announces each contested claim and who denies, confirms or answers it, by day.

    Accepts the statements of the claims to draw (:func:`helpers.compare.disputes.drawable`), the codebook's actors
    (actor_id, name and, where it has them, colour and bloc). What has no day is counted and not drawn. Returns a
    :class:`Chart`; ``data``: the statements with name (of the side). Raises :class:`ValueError` for another stance.
    """
    wrong = sorted(set(said["stance"].dropna()) - set(STANCES))
    if wrong:
        raise ValueError(f"A stance is one of {', '.join(STANCES)}, not {wrong[0]!r}.")
    colours = style.theme(dark)
    who = style.actor_colours(actors, said["actor_id"], colours)
    codes = said["actor_id"].fillna("").astype(str)
    named = [plain(r.who) or "nobody named" if not code else who.loc[code, "name"]
             for code, r in zip(codes, said.itertuples(), strict=True)]  # fmt: skip
    data = said.assign(name=named, colour=who.loc[codes, "colour"].to_numpy()).reset_index(drop=True)
    claims = [rows for _, rows in data.groupby("claim_id", sort=False)]
    title, subtitle = _title(claims), _subtitle(data, narrow)
    width = style.NARROW if narrow else style.WIDTH
    fills = [Key("mark", ("talks", f, colours.ink), words) for f, words in FILLS.items() if (data["fill"] == f).any()]
    also = []
    drawn = data.dropna(subset=["earliest"])
    if drawn["source"].eq("record").any() and drawn["source"].ne("record").any():
        also.append(Key("small", colours.ink, "small: on the public record only"))
    if drawn["earliest"].ne(drawn["latest"]).any() and not narrow:
        also.append(Key("shade", colours.ink, "the day lies within"))
    foot = f"Coded by: {plain(coder)}. Who answers last need not be right; silence here is silence in these texts " \
        f"and on this record. {plain(source)}"  # fmt: skip
    with style.look(dark):
        plans = [(_Rows if narrow else _Band)(rows, width, colours, n > 0) for n, rows in enumerate(claims)]
        sheet, y = page(title, subtitle, sum(p.height for p in plans) + 0.15 * max(0, len(plans) - 1),
                        [("", [*fills, *also])], foot, width, colours)  # fmt: skip
        for plan in plans:
            plan.draw(sheet, y)
            y += plan.height + 0.15
    alt = " ".join([title + ".", *([words for rows in claims for words in _told(rows)] or [subtitle])])
    return Chart(sheet.fig, title, plain(alt), data.drop(columns="colour"), sheet.places)


# words --------------------------------------------------------------------------------------------------------------


def _about(rows: pd.DataFrame) -> str:
    """What a claim is about: its thing, or its own words."""
    item, claim = plain(rows["item"].iloc[0]), plain(rows["claim"].iloc[0])
    return f"{item[:1].upper()}{item[1:]}" if item else cited(claim)


def _times(rows: pd.DataFrame, verb: str) -> str:
    """How often which side did it: the verb stands once."""
    each = rows.groupby("name", sort=False).size()
    return ", ".join(f"{the(name)} {'' if n else verb + ' '}{TIMES.get(times, f'{times} times')}"
                     for n, (name, times) in enumerate(each.items()))


def _curled(words: object) -> str:
    """Words with the quotation marks of print."""
    return re.sub(r'"([^"]*)"', r"“\1”", plain(words))


def _title(claims: list[pd.DataFrame]) -> str:
    """Say of the first claim how often which side spoke of it and denied it, and what the record shows."""
    if not claims:
        return "No contested claim has enough dated statements from both sides"
    rows = claims[0].dropna(subset=["earliest"])
    of = _times(rows[rows["stance"].eq("claims")], "spoke of it")
    no = _times(rows[rows["stance"].eq("denies")], "denied it")
    told = ", ".join(filter(None, [of, no or "nobody denied it on a day that is known"]))
    more = len(claims) - 1
    also = f"; {counted(more, 'more contested claim')} below" if more else ""
    return f"{_about(rows)}: {told}; {_curled(rows['shows'].iloc[0])}{also}"


def _subtitle(data: pd.DataFrame, narrow: bool) -> str:
    if data.empty:
        return "A claim is drawn where enough of its statements have a day."
    dated = data["earliest"].notna()
    only = int((dated & data["source"].eq("record")).sum())
    bare = int((~dated).sum())
    said = "At the left the side that announces, further right" if narrow else \
        "Above the line the side that announces, below"  # fmt: skip
    said += " all who deny, confirm or answer. "
    said += "Not to scale. " if narrow else ""
    said += f"{counted(int(dated.sum()), 'statement')}, {only} of them on the public record only."
    left = f" {counted(bare, 'statement')} without a day {'is' if bare == 1 else 'are'} not drawn."
    return said + (left if bare else "")


def _took(row: Mapping) -> str:
    """How long a first answer took, in words; nothing where it is none."""
    if pd.isna(row["days"]):
        return ""
    if not row["days"] and not row["slack"]:
        return "on the day of the claim"
    return f"{lasted(int(row['days']), int(row['slack']))} after the claim"


def _says(row: Mapping) -> str:
    """A statement in one line."""
    return f"{reading(row['earliest'], row['latest'])}: {_curled(row['words'])} " \
        f"({_note(row)})"  # fmt: skip


def _note(row: Mapping) -> str:
    """Of which side a statement is, what it does, how long it took, and where it is found."""
    return "; ".join(filter(None, [row["name"], STANCES[row["stance"]], _took(row), plain(row["place"])]))


def _told(rows: pd.DataFrame) -> list[str]:
    """A claim in sentences: what it is, its statements, what the record shows."""
    return [f"{cited(plain(rows['claim'].iloc[0]))}: {_curled(rows['shows'].iloc[0])}.",
            *(_says(r) + "." for r in rows.to_dict("records") if pd.notna(r["earliest"]))]  # fmt: skip


def twin(chart: Chart, actors: pd.DataFrame | None = None) -> str:
    """Return the chart as an HTML list, for phones and for who listens to the page: by claim, in order of time.

    Accepts what :func:`over_time` returned, and the actors it was drawn with. Returns one hidden ``<div
    class="twin">`` (see :func:`helpers.charts.show`), with the chart's signs. All text is escaped.
    """
    who = style.actor_colours(actors, chart.data["actor_id"])
    words = html.escape
    out = ['<div class="twin" hidden>',
           f"<p><strong>{words(plain(chart.title))}</strong></p>"]  # fmt: skip
    for _, rows in chart.data.groupby("claim_id", sort=False):
        claim, shows = (words(_curled(rows[c].iloc[0])) for c in ("claim", "shows"))
        out.append(f"<h3>{claim} <small>{shows}</small></h3>")
        for dated in (True, False):
            part = rows[rows["earliest"].notna() == dated]
            if part.empty:
                continue
            out += [*([] if dated else ["<p>Without a day:</p>"]), "<ol>" if dated else "<ul>"]
            for r in part.to_dict("records"):
                mark = sign("talks", r["fill"], who.loc["" if pd.isna(r["actor_id"]) else str(r["actor_id"]), "colour"])
                when = f"<b>{words(reading(r['earliest'], r['latest']))}</b> " if dated else ""
                out.append(f"<li>{mark} {when}{words(_curled(r['words']))} <small>{words(_note(r))}</small></li>")
            out.append("</ol>" if dated else "</ul>")
    return "\n".join([*out, "</div>"])


# drawing ------------------------------------------------------------------------------------------------------------


def _size(row: Mapping) -> float:
    return 6.0 if row["source"] == "record" else 9.0


def _bead(sheet: Sheet, row: Mapping, x: float, y: float, paper: str) -> None:
    sheet.mark(x, y, "talks", row["fill"], row["colour"], _size(row), paper, said=_says(row),
               row=str(row["statement_id"]))  # fmt: skip


def _lines(words: object) -> list[str]:
    """A statement's words in even lines, four at most."""
    even = balance(_curled(words), NAME)
    return even if len(even) < 4 else name_lines(_curled(words), NAME)


def _day(row: Mapping) -> str:
    """The day of a statement, short."""
    low, high = (to_date(d) for d in to_days([row["earliest"], row["latest"]]))
    return f"{low.day} {low:%b} {low.year}" if low == high else reading(row["earliest"], row["latest"])


class _Band:
    """One claim on a broad page: words over and under a line of time."""

    def __init__(self, rows: pd.DataFrame, width: float, colours: style.Theme, shows: bool):
        self.rows, self.width, self.colours = rows, width, colours
        self.dated = rows.dropna(subset=["earliest"]).reset_index(drop=True)
        self.left, self.room = MARGIN + 0.12, width - 2 * MARGIN - 0.24
        low, high = to_days(self.dated["earliest"]), to_days(self.dated["latest"])
        self.low, self.high, self.middle = low, high, (low + high) / 2
        self.head = wrap(f"Contested: {cited(plain(rows['claim'].iloc[0]))}", self.room, bold=True, most=2)
        self.shows = wrap(_curled(rows["shows"].iloc[0]), self.room, most=2) if shows else []
        self.names = [_lines(w) for w in self.dated["words"]]
        self.scale = self._scale()
        self.gaps = self._gaps()
        self.above, self.below = self._side("above"), self._side("below")
        self.over = text_height(len(self.head) + len(self.shows)) + 0.16
        self.sky, self.ground = (0.5 + max((s.foot + s.height for s in part), default=0.0) + strip
                                 for part, strip in ((self.above, 0.0), (self.below, self._strip)))  # fmt: skip
        self.height = self.over + self.sky + self.ground + 0.4

    def at(self, day: float) -> float:
        return self.left + float(self.scale.share(day)) * self.room

    def _scale(self) -> Scale:
        """An even scale, long enough that the words of the last statement, and of what waits for an answer, end on the
        page."""
        first, last = self.middle.min(), self.middle.max()
        waiting = self._waiting()
        scale = Scale(self.middle, even=True, close=True)
        for _ in range(60):
            wide = (SIGN + max(map(text_width, [*n, _day(r)])) + 0.05
                    for n, r in zip(self.names, self.dated.to_dict("records"), strict=True))  # fmt: skip
            over = [float(scale.share(d)) * self.room + w for d, w in zip(self.middle, wide, strict=True)]
            over += [float(scale.share(waiting.min())) * self.room + text_width(SILENCE) + 0.35] if len(waiting) else []
            if max(over) <= self.room:
                break
            last += max(2.0, (last - first) / 25)
            scale = Scale(np.array([*self.middle, last]), even=True, close=True)
        return scale

    def _waiting(self) -> np.ndarray:
        """The days of the claims that nothing below the line follows."""
        below = self.dated["side"].eq("below").to_numpy()
        return self.middle[~below & (self.middle > (self.middle[below].max() if below.any() else -np.inf))]

    @property
    def _strip(self) -> float:
        """The height of the stretch under the line on which the days to an answer stand."""
        return text_height(1) + 0.14 if self.gaps else 0.0

    def _gaps(self) -> list[tuple[float, float, str, bool]]:
        """Where answers were waited for and the words have room: from, to, words, and whether one came."""
        where = dict(zip(self.dated["statement_id"], self.middle, strict=True))
        out = []
        for r, day in zip(self.dated.to_dict("records"), self.middle, strict=True):
            if pd.notna(r["days"]):
                took = f"{lasted(int(r['days']), int(r['slack']))} to the first answer"
                out.append((self.at(where[r["from_id"]]), self.at(day), took, True))
        if len(waiting := self._waiting()):
            out.append((self.at(waiting.min()), self.left + self.room, SILENCE, False))
        stems = [self.at(d) for d in self.middle[self.dated["side"].eq("below").to_numpy()]]
        return [g for g in out if g[1] - g[0] > text_width(g[2]) + 0.3
                and not any(g[0] + 0.02 < x < g[1] - 0.02 for x in stems)]  # fmt: skip

    def _side(self, side: str) -> list[_Stem]:
        """Lay out the words of one side: what is near shares a stem; no stem meets words of another."""
        some = np.flatnonzero(self.dated["side"].eq(side).to_numpy())
        stems: list[tuple[float, list[_Said]]] = []
        told = {round(b, 6) for _, b, _, came in self.gaps if came}
        for i in some[np.argsort(self.middle[some], kind="stable")]:
            r, x = self.dated.iloc[i].to_dict(), self.at(self.middle[i])
            note = [_took(r)] if _took(r) and round(x, 6) not in told else []
            if not stems or x - stems[-1][0] >= NEAR:
                stems.append((x, []))
            stems[-1][1].append(_Said(r, _day(r), self.names[i], note))
        wide = [SIGN + max(text_width(line, bold=n == 0) for s in part for n, line in enumerate(s.all)) + 0.06
                for _, part in stems]  # fmt: skip
        tall = [sum(s.height for s in part) + BETWEEN * (len(part) - 1) for _, part in stems]
        feet, left = flank([x for x, _ in stems], wide, tall, MARGIN, BETWEEN)
        return [_Stem(x, part, f, t, before)
                for (x, part), f, t, before in zip(stems, feet, tall, left, strict=True)]  # fmt: skip

    def draw(self, sheet: Sheet, top: float) -> None:
        c, rows = self.colours, self.rows
        x0, wide = MARGIN - 0.1, self.width - 2 * MARGIN + 0.2
        sheet.text(MARGIN, top, self.head, bold=True)
        sheet.text(MARGIN, top + text_height(len(self.head)), self.shows, colour=c.muted)
        top += self.over
        line = top + self.sky
        end = line + self.ground
        sheet.box(x0, top, wide, self.sky, c.band, above=0)
        sheet.box(x0, line, wide, self.ground, c.paper, above=0, edge=c.band, line=1)
        self._voices(sheet, rows[rows["side"].eq("above")], "Announced by", top + 0.08)
        self._voices(sheet, rows[rows["side"].eq("below")], "Answered by", end - 0.08 - text_height(1))
        sheet.line([self.left, self.left + self.room], [line, line], c.muted, 1.4)
        for i, r in enumerate(self.dated.to_dict("records")):
            x, way = self.at(self.middle[i]), -1 if r["side"] == "above" else 1
            sheet.line([x, x], [line, line + way * 0.06], r["colour"], 2, above=2.2)
            if self.high[i] > self.low[i]:
                a, b = self.at(self.low[i]), self.at(self.high[i])
                sheet.box(a, line + (0.0 if way > 0 else -0.08), max(b - a, 0.03), 0.08, r["colour"], 2.4, alpha=0.28)
        for a, b, words, came in self.gaps:
            y = line + 0.06 + text_height(1) + 0.03
            sheet.text((a + b) / 2, y - 0.02 - text_height(1), words, colour=c.muted, align="center")
            sheet.line([a + 0.02, b - 0.02], [y, y], c.muted, 1, None if came else (0, (4, 2)))
            sheet.line([a + 0.02] * 2, [y - 0.04, y + 0.04], c.muted, 1)
            sheet.line([b - 0.07, b - 0.02, b - 0.07], [y - 0.04, y, y + 0.04], c.muted, 1)
        for part, way in ((self.above, -1), (self.below, 1)):
            self._words(sheet, part, line, way)
        for day, _ in self.scale.ticks(self.room):
            sheet.upright(self.at(day), top, end, c.rule)
        draw_axis(sheet, self.scale, self.left, self.room, end + 0.04)

    def _words(self, sheet: Sheet, stems: list[_Stem], line: float, way: int) -> None:
        """Draw one side's stems, signs and words, read downwards in time; a stem stops short of each sign on it."""
        base = 0.16 + (self._strip if way > 0 else 0.0)
        paper = self.colours.band if way < 0 else self.colours.paper
        step = text_height(1)
        for stem in stems:
            y = line - base - stem.foot - stem.height if way < 0 else line + base + stem.foot
            x, align = (stem.x - SIGN, "right") if stem.left else (stem.x + SIGN, "left")
            beads = []
            for s in stem.said:
                sheet.text(x, y, s.day, bold=True, align=align)
                sheet.text(x, y + step, s.lines, align=align)
                sheet.text(x, y + step * (1 + len(s.lines)), s.note, colour=self.colours.muted, align=align)
                beads.append((y + step / 2, s.row))
                _bead(sheet, s.row, stem.x, y + step / 2, paper)
                y += s.height + BETWEEN
            at = line
            for bead, row in beads[::way]:
                half = 0.09 * _size(row) / 9
                sheet.line([stem.x] * 2, sorted([at, bead - way * half]), self.colours.muted, 0.8, leader=True,
                           above=1.6)  # fmt: skip
                at = bead + way * half

    def _voices(self, sheet: Sheet, rows: pd.DataFrame, words: str, y: float) -> None:
        """Name the sides that speak on this side of the line, each with its colour."""
        sheet.text(MARGIN, y, words, bold=True)
        x = MARGIN + text_width(words, bold=True) + 0.15
        for r in rows.dropna(subset=["earliest"]).drop_duplicates("name").itertuples():
            name = wrap(r.name, max(0.4, self.width - MARGIN - x - 0.2), most=1)[0] if r.name else ""
            if x + 0.17 + text_width(name) > self.width - MARGIN:
                break
            sheet.box(x, y + text_height(1) / 2 - 0.055, 0.13, 0.11, r.colour, above=3)
            sheet.text(x + 0.17, y, name)
            x += 0.17 + text_width(name) + 0.2


class _Rows:
    """One claim on a phone: its statements one under the other, the announcing side at the left. Not to scale."""

    IN = 0.8

    def __init__(self, rows: pd.DataFrame, width: float, colours: style.Theme, shows: bool):
        self.rows, self.width, self.colours = rows, width, colours
        room = width - 2 * MARGIN
        self.head = wrap(f"Contested: {cited(plain(rows['claim'].iloc[0]))}", room, bold=True, most=4)
        self.shows = wrap(_curled(rows["shows"].iloc[0]), room, most=5) if shows else []
        self.over = text_height(len(self.head) + len(self.shows)) + 0.16
        self.plan = []
        y = 0.1
        for r in rows.dropna(subset=["earliest"]).to_dict("records"):
            x = MARGIN + 0.02 + (self.IN if r["side"] == "below" else 0)
            bold = wrap(f"{_day(r)} · {r['name']}", width - MARGIN - x - 0.2, bold=True, most=2)
            lines = wrap(_curled(r["words"]), width - MARGIN - x - 0.2, most=4) + ([_took(r)] if _took(r) else [])
            self.plan.append((r, x, y, bold, lines))
            y += text_height(len(bold) + len(lines)) + 0.14
        self.height = self.over + y + 0.05

    def draw(self, sheet: Sheet, top: float) -> None:
        c = self.colours
        sheet.text(MARGIN, top, self.head, bold=True)
        sheet.text(MARGIN, top + text_height(len(self.head)), self.shows, colour=c.muted)
        top += self.over
        sheet.box(MARGIN - 0.1, top, self.width - 2 * MARGIN + 0.2, self.height - self.over, c.band, above=0)
        for r, x, y, bold, lines in self.plan:
            _bead(sheet, r, x + 0.04, top + y + text_height(1) / 2, c.band)
            sheet.text(x + 0.2, top + y, bold, bold=True)
            sheet.text(x + 0.2, top + y + text_height(len(bold)), lines)
