"""What the texts are before anything is coded: kept and dropped lines, a page as a strip, headlines, publication dates.

Line roles are shown as words, not lines, since a menu has many short lines (as in the page-segmentation figures of
Kohlschütter et al., "Boilerplate Detection using Shallow Text Features", WSDM 2010). Headline and body stand side by
side on one row each, so that a difference is a broken line, not something to look up (FT Visual Vocabulary "dumbbell";
Datawrapper Academy on range plots).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from helpers.charts import style
from helpers.charts.chronology import FILL_NAMES
from helpers.charts.layout import (
    Chart,
    Key,
    Sheet,
    cited,
    heading,
    pack,
    plain,
    plan_legend,
    row_name,
    set_heading,
    set_legend,
    shorten,
    text_height,
    text_width,
    wrap,
)
from helpers.charts.scale import Scale, draw_axis, reading, to_days
from helpers.charts.style import FILLS, SMALL
from helpers.codebook import naming
from helpers.codebook.naming import counted, the

__all__ = ["kept", "anatomy", "differing", "headlines", "published", "ROLES"]

M = 0.28
# the roles of lines in the order in which they are drawn: what is read, what is said about it, what is the site's
ROLES = ("title", "dek", "body", "caption", "dateline", "byline", "credit",
         "related", "nav", "share", "comment", "legal", "about", "blank")  # fmt: skip
KEPT = {"dek": "#56a0d3", "body": "#0072B2", "caption": "#A6488A"}  # a title is as black as ink
OTHER_KEPT = "#5B2A86"
# what is dropped is told apart in two greys alone: about the text, and around it
GREYS = {True: "#595959", False: "#949494"}
ABOUT_TEXT = {"dateline", "byline", "credit"}


def _words(lines: pd.DataFrame) -> pd.Series:
    """Words of each line: given, or the length divided by six characters where the text is not here."""
    if "n_words" in lines:
        return lines["n_words"].astype(int)
    return ((lines["end"] - lines["start"]) / 6).round().astype(int)


def kept(
    lines: pd.DataFrame, documents: pd.DataFrame, *, source: str = "", dark: bool = False, narrow: bool = False
) -> Chart:
    """Draw what was kept and what was dropped of each page, in words by role of line.

    Accepts the table ``lines`` (doc_id, start, end, role, kept; n_words if it is known, else words are estimated as
    characters divided by six, and the subtitle says so) and ``documents`` (doc_id, short_name). Returns a
    :class:`Chart`; ``data``: doc_id, short_name, role, kept, lines, words, share (of the page's words).
    """
    docs = list(documents["doc_id"])
    names = {d: plain(s) if pd.notna(s) else d for d, s in zip(docs, documents["short_name"], strict=True)}
    frame = lines[lines["doc_id"].isin(docs) & (lines["role"] != "blank")]
    frame = frame.assign(words=_words(frame), kept=frame["kept"].astype(bool))
    data = (
        frame.groupby(["doc_id", "role", "kept"], observed=True)
        .agg(lines=("role", "size"), words=("words", "sum"))
        .reset_index()
    )
    page = data.groupby("doc_id")["words"].transform("sum")
    data["share"] = (data["words"] / page.where(page > 0, 1)).round(4)
    rank = {r: i for i, r in enumerate(_ranked(data["role"]))}
    data["short_name"] = data["doc_id"].map(names)
    data = data.sort_values(
        ["doc_id", "kept", "role"],
        key=lambda c: c.map(
            {d: i for i, d in enumerate(docs)}
            if c.name == "doc_id"
            else {True: 0, False: 1}
            if c.name == "kept"
            else rank.get
        ),
        ignore_index=True,
    )[["doc_id", "short_name", "role", "kept", "lines", "words", "share"]]
    read, total = int(data.loc[data["kept"], "words"].sum()), int(data["words"].sum())
    n = len(docs)
    pages = "the page" if n == 1 else f"the {n} pages"
    if not total:
        title = "These pages hold no words"
    elif read == total:
        title = f"Every word of {pages} was kept"
    else:
        worst = (data[~data["kept"]].groupby("short_name")["share"].sum()).sort_values()
        title = f"{1 - read / total:.0%} of the words of {pages} belong to the site, not to the story"
        if n > 1:
            title += f"; of {worst.index[-1]} it is {worst.iloc[-1]:.0%}"
    estimated = "" if "n_words" in lines else " Words are estimated from characters."
    subtitle = (
        f"Words by role of line: {read:,} kept (thick) and {total - read:,} dropped (thin). Blank lines left out."
        + estimated
    )
    colours = style.theme(dark)
    with style.look(dark):
        fig = _kept(data, docs, names, title, subtitle, plain(source), colours, narrow)
    alt = " ".join([title + "."] + [_kept_alt(data[data["doc_id"] == d], names[d]) for d in docs])
    return Chart(fig, title, alt, data)


def _kept_alt(rows: pd.DataFrame, name: str) -> str:
    def said(which):
        return ", ".join(f"{r.role} {r.words}" for r in which.itertuples()) or "nothing"

    return f"{name}: kept {said(rows[rows['kept']])}; dropped {said(rows[~rows['kept']])} (words)."


def _role_colour(role: str, kept: bool, colours: style.Theme) -> str:
    if kept and role == "title":
        return colours.ink
    colour = KEPT.get(role, OTHER_KEPT) if kept else GREYS[role in ABOUT_TEXT]
    return style.legible(colour, colours.paper, 3.0)


def _ranked(roles: Iterable[str]) -> list[str]:
    """Roles in the order of :data:`ROLES`, then those it does not know."""
    known = {role: n for n, role in enumerate(ROLES)}
    return sorted(set(roles), key=lambda role: (known.get(role, len(known)), role))


def _role_keys(rows: pd.DataFrame, width: float, colours: style.Theme) -> tuple[list, float]:
    """What the legend explains: each role that is kept, and what the greys hold; planned, and how high it is."""
    kept, dropped = _ranked(rows.loc[rows["kept"], "role"]), _ranked(rows.loc[~rows["kept"], "role"])
    read = [Key("swatch", _role_colour(role, True, colours), role) for role in kept]
    greys = [(about, [role for role in dropped if (role in ABOUT_TEXT) is about]) for about in GREYS]
    room = width - 0.2 - (text_width("Dropped", bold=True) + 0.15 if width > 5 else 0)
    left = [Key("swatch", style.legible(GREYS[about], colours.paper, 3.0), shorten(plain(", ".join(roles)), room))
            for about, roles in greys if roles]  # fmt: skip
    return plan_legend([("Kept", read), ("Dropped", left)], width)


def _kept(data, docs, names, title, subtitle, source, colours, narrow):
    width = style.NARROW if narrow else style.WIDTH
    head, sub, head_height = heading(title, subtitle, width, M)
    left = M if narrow else M + min(2.2, max([text_width(names[d], SMALL, True) for d in docs] + [0.6]) + 0.15)
    lane = 0.62 if narrow else 0.42
    foot = wrap(source, width - 2 * M)
    longest = max([data.loc[data["doc_id"] == d, "words"].sum() for d in docs] + [1])
    room = width - M - left - 0.8
    legend, legend_height = _role_keys(data, width - 2 * M, colours)
    height = 0.25 + head_height + 0.2 + lane * len(docs) + 0.12 + legend_height + 0.1 + text_height(len(foot)) + 0.2
    sheet = Sheet(width, height, colours)
    set_heading(sheet, head, sub, M, 0.25)
    y = 0.25 + head_height + 0.2
    for d in docs:
        rows = data[data["doc_id"] == d]
        bar = y + (0.2 if narrow else 0.06)
        name = row_name(names[d], width - 2 * M if narrow else left - M - 0.1, narrow)
        sheet.text(M, y if narrow else bar + 0.12 - text_height(len(name)) / 2, name, bold=True)
        x = left
        for row in rows.itertuples():
            wide = room * row.words / longest
            shade = _role_colour(row.role, row.kept, colours)
            span = max(wide - 0.015, 0.004)
            if row.kept:
                sheet.box(x, bar, span, 0.24, shade, 3)
            else:  # what was dropped is a thin bar: still there, no longer read
                sheet.box(x, bar + 0.08, span, 0.08, shade, 3)
            x += wide
        mine = int(rows.loc[rows["kept"], "words"].sum())
        total = int(rows["words"].sum())
        sheet.text(
            x + 0.07, bar + 0.12, f"{mine / total:.0%} kept" if total else "empty", colour=colours.muted, middle=True
        )
        y += lane
    set_legend(sheet, legend, M, y + 0.08)
    if foot:
        sheet.text(M, height - 0.15 - text_height(len(foot)), foot, colour=colours.muted)
    return sheet.fig


def anatomy(lines: pd.DataFrame, *, name: str = "", dark: bool = False, narrow: bool = False) -> Chart:
    """Draw one page as two strips of lines, before and after cleaning: each line as long as its text (the longest fills
    the strip), what is read in its role's colour; after cleaning only that is left.

    Accepts the rows of ``lines`` of one document (line_no, start, end, role, kept). Returns a :class:`Chart`; ``data``:
    line_no, role, kept, characters.
    """
    frame = lines.sort_values(["start", "line_no"]).assign(characters=lambda d: (d["end"] - d["start"]).astype(int))
    frame = frame.assign(kept=frame["kept"].astype(bool))
    data = frame[["line_no", "role", "kept", "characters"]].reset_index(drop=True)
    shown = data[data["role"] != "blank"]
    left_out = int((~shown["kept"]).sum())
    name = plain(name)
    if shown.empty:
        title = "This page holds no lines"
    elif not left_out:
        title = f"All {len(shown)} lines of this page were kept"
    else:
        title = f"{left_out} of the {len(shown)} lines of this page are not the story"
    colours = style.theme(dark)
    counts = shown.groupby("role", sort=False).size()
    alt = (
        f"{title}. {name + '. ' if name else ''}A page as a strip of lines, before and after cleaning. Lines by role: "
        + ", ".join(f"{r} {n}" for r, n in counts.items())
        + "."
    )
    with style.look(dark):
        width = style.NARROW if narrow else 6.6
        head, sub, head_height = heading(
            title, f"{name + ': e' if name else 'E'}ach line as long as its text, to one scale, by role.", width, M
        )
        step = min(0.105, 4.2 / max(1, len(shown)))
        legend, legend_height = _role_keys(shown, width - 2 * M, colours)
        height = 0.25 + head_height + 0.2 + 0.22 + step * len(shown) + 0.15 + legend_height + 0.15
        sheet = Sheet(width, height, colours)
        set_heading(sheet, head, sub, M, 0.25)
        column = (width - 2 * M - 0.3) / 2
        top = 0.25 + head_height + 0.2
        longest = max(1, int(shown["characters"].max())) if len(shown) else 1
        for k, what in enumerate(("before", "after")):
            x = M + k * (column + 0.3)
            sheet.text(x, top - 0.02, what, bold=True)
            for n, row in enumerate(shown.itertuples()):
                wide = max(0.03, column * row.characters / longest)
                y = top + 0.22 + n * step
                if k == 0 or row.kept:
                    sheet.box(x, y, wide, step * 0.72, _role_colour(row.role, row.kept, colours), 3)
                else:
                    sheet.box(x, y + step * 0.3, min(wide, 0.04), step * 0.12, colours.rule, 2)
        set_legend(sheet, legend, M, top + 0.22 + step * len(shown) + 0.15)
    return Chart(sheet.fig, title, alt, data)


# the words for how sure a headline or a body is → the fill it is drawn with (statuses of the codebook are known too)
CERTAINTY = {status: fill for fill, statuses in FILLS.items() for status in statuses} | {
    "fact": "happened", "said": "happened", "certain": "happened", "expected": "announced", "promised": "announced",
    "attributed": "claimed", "hoped": "claimed", "judgement": "claimed", "possible": "claimed", "suggested": "claimed",
}  # fmt: skip
# what a headline does to its body → how it is called beside the pair, and in the title
DIFFERENCES = {
    "swap": ("who acted", "name another actor"),
    "actor": ("who acted", "name another actor"),
    "nameless": ("who is left out", "leave out who acts"),
    "target": ("on whom", "name another addressee"),
    "level": ("one or the whole", "tell one person's act as the whole's"),
    "action": ("what was done", "tell another act"),
    "certainty": ("how sure", "are surer or less sure"),
    "omits": ("what is left out", "leave the matter out"),
}
# which lines of a pair stand in bold: who acts, what is done, how sure
SHOWN = (("swap", "actor", "nameless"), ("target", "level", "action"), ("certainty",))


def headlines(
    headlines: pd.DataFrame,
    actors: pd.DataFrame | None = None,
    *,
    documents: pd.DataFrame | None = None,
    coder: str,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw each headline beside its own body: who acts on whom, and how sure, and what differs.

    Accepts a frame with one row a document (doc_id, headline_actor, headline_action, headline_target,
    headline_certainty, body_actor, body_action, body_target, body_certainty, difference, note; all in our words),
    the codebook's actors (actor_id, name, colour), and ``documents`` (doc_id, short_name and, to be cited over each
    row, title; the rows stand in their order). ``difference`` is ``same`` or one of :data:`DIFFERENCES` (several
    parted by ``;``), or empty; what the columns themselves show is added to it (:func:`differing`). Returns a
    :class:`Chart`; ``data``: one row a mark (doc_id, short_name, title,
    place ``headline`` or ``body``, actor, action, target, certainty, fill, difference, note). Raises
    :class:`ValueError` for a difference it does not know.
    """
    about = pd.DataFrame(index=[]) if documents is None else documents.set_index("doc_id")
    rows = headlines.astype("string").fillna("")
    rows = rows.sort_values("doc_id", key=lambda d: pd.Index(about.index).get_indexer(d), kind="stable",
                            ignore_index=True)
    codes = pd.concat([rows[f"{place}_{part}"] for place in ("headline", "body") for part in ("actor", "target")])
    colours = style.theme(dark)
    who = style.actor_colours(actors, codes, colours)
    rows["difference"] = [_difference(r) for r in rows.to_dict("records")]
    pairs = []
    for place in ("headline", "body"):
        part = rows[[f"{place}_{c}" for c in ("actor", "action", "target", "certainty")]]
        part = part.set_axis(["actor", "action", "target", "certainty"], axis=1)
        pairs.append(part.assign(place=place, doc_id=rows["doc_id"], difference=rows["difference"],
                                 note=rows.get("note", "")))  # fmt: skip
    data = pd.concat(pairs).sort_index(kind="stable").reset_index(drop=True)
    data["fill"] = data["certainty"].map(_sure)
    for column in ("short_name", "title"):
        known = about[column].dropna().to_dict() if column in about else {}
        data[column] = [plain(known.get(d, d if column == "short_name" else "")) for d in data["doc_id"]]
    order = ["doc_id", "short_name", "title", "place", "actor", "action", "target", "certainty", "fill", "difference"]
    data = data[[*order, "note"]]
    names = dict(zip(data["doc_id"], data["short_name"], strict=True))
    title = _headlines_title(rows.assign(short_name=rows["doc_id"].map(names)), who)
    alt = " ".join([title + "."] + [
        f"{one['short_name']}: headline, {_said(who, one)}; body, {_said(who, two)}; {_called(one['difference'])}."
        for one, two in zip(data.iloc[::2].to_dict("records"), data.iloc[1::2].to_dict("records"), strict=True)
    ])  # fmt: skip
    with style.look(dark):
        fig = _headlines(data, who, title, coder, plain(source), colours, narrow)
    return Chart(fig, title, plain(alt), data)


def differing(headlines: pd.DataFrame) -> pd.Series:
    """Say of each headline what differs from its own body: by the coder's word, and by who acts and how sure it is.

    Accepts and raises what :func:`headlines` does.

    >>> row = {"doc_id": "a", "headline_actor": "", "body_actor": "NOR", "headline_certainty": "fact",
    ...        "body_certainty": "hoped", "difference": "certainty"}
    >>> differing(pd.DataFrame([row])).tolist()
    ['how sure, who is left out']
    """
    rows = headlines.astype("string").fillna("").to_dict("records")
    return pd.Series([_apart(_difference(row)) for row in rows], headlines.index, dtype="string")


def _difference(row: Mapping) -> str:
    """What differs between a headline and its body: as coded, and another actor or none, another fill."""
    given = [d.strip() for d in str(row.get("difference", "")).split(";") if d.strip()]
    wrong = [d for d in given if d not in DIFFERENCES and d != "same"]
    if wrong:
        raise ValueError(
            f"{row['doc_id']}: a headline's difference is one of same, {', '.join(DIFFERENCES)}, not {wrong[0]!r}."
        )
    given = [d for d in given if d != "same"]
    if row["headline_actor"] != row["body_actor"] and not set(given) & {"swap", "actor"}:
        given.append("actor" if row["headline_actor"] else "nameless")
    if _sure(row["headline_certainty"]) != _sure(row["body_certainty"]):
        given.append("certainty")
    return ";".join(dict.fromkeys(given)) or "same"


def _called(difference: str) -> str:
    return "the same" if difference == "same" else f"differs: {_apart(difference)}"


def _apart(difference: str) -> str:
    return ", ".join(DIFFERENCES[d][0] if d in DIFFERENCES else "the same" for d in difference.split(";"))


def _headlines_title(rows: pd.DataFrame, who: pd.DataFrame) -> str:
    """Name the headline that differs most gravely from its own body, in the order of :data:`DIFFERENCES`, and say how
    many differ."""
    n, other = len(rows), rows[rows["difference"] != "same"]
    if not n:
        return "No headline was compared with its body"
    if other.empty:
        return "The headline says what its body says" if n == 1 else f"All {n} headlines say what their bodies say"
    if n == 1:
        return f"The headline differs from its own body: {_apart(rows['difference'].iloc[0])}"
    grave = {d: k for k, d in enumerate(DIFFERENCES)}
    first = min(other.to_dict("records"), key=lambda r: min(grave[d] for d in r["difference"].split(";")))
    kind = min(first["difference"].split(";"), key=grave.__getitem__)
    said = f"The headline of {first['short_name']}"
    if kind in ("swap", "actor"):
        acts, does = (the(_who(who, first[f"{place}_actor"])) or "nobody named" for place in ("headline", "body"))
        said += f" has {acts} act, its body {does}"
    elif kind == "certainty":
        head, body = (list(FILLS).index(_sure(first[f"{place}_certainty"])) for place in ("headline", "body"))
        said += f" is {'surer' if head < body else 'less sure' if head > body else 'otherwise sure'} than its body"
    else:
        said += f" {_one(DIFFERENCES[kind][1])}" + ("" if kind in ("level", "omits", "nameless") else " than its body")
    verb = "differs from its own body" if len(other) == 1 else "differ from their own bodies"
    return f"{said}; {len(other)} of {n} headlines {verb}"


def _one(verb: str) -> str:
    """The third person singular of a verb phrase.

    >>> _one("are surer"), _one("name another"), _one("lift one")
    ('is surer', 'names another', 'lifts one')
    """
    first, rest = verb.split(" ", 1)
    return f"{'is' if first == 'are' else first + 's'} {rest}"


def _sure(status: object) -> str:
    return CERTAINTY.get(str(status).strip().lower(), "claimed")


def _who(who: pd.DataFrame, code: str) -> str:
    return str(who.loc[code, "name"]) if code in who.index and code else ""


def _said(who: pd.DataFrame, row: Mapping) -> str:
    target = _who(who, row["target"])
    how = row["certainty"].replace("_", " ")
    return f"{_who(who, row['actor']) or 'nobody named'} {row['action']}{f' ({how})' if how else ''}" + (
        f", towards {target}" if target else ""
    )


def _headlines(data, who, title, coder, source, colours, narrow):
    width = style.NARROW if narrow else style.WIDTH
    subtitle = (
        "Who acts, and how sure it is, in the headline and in the body of the same text, in our words under the cited "
        "title. Colour: who acted. Fill: how sure. ≠ and bold: what differs, as the coder says, or as side and fill "
        "show."
    )
    head, sub, head_height = heading(title, subtitle, width, M)
    foot = wrap(f"In our own words, coded by: {plain(coder)}. {source}", width - 2 * M)
    name_w, gap = (0, 0) if narrow else (1.6, 1.05)
    column = width - 2 * M - 0.28 if narrow else (width - 2 * M - name_w - gap) / 2 - 0.28
    x1, x2 = M + name_w, M + name_w + column + 0.28 + gap
    blocks = []
    for one, two in zip(data.iloc[::2].to_dict("records"), data.iloc[1::2].to_dict("records"), strict=True):
        name = wrap(one["short_name"], width - 2 * M if narrow else name_w - 0.15, bold=True, most=3)
        cite = wrap(cited(one["title"]), width - M - x1 - 0.28, most=4) if one["title"] else []
        bold = [bool(set(one["difference"].split(";")) & set(kinds)) for kinds in SHOWN]
        texts = [_cell(who, row, column, bold) for row in (one, two)]
        note = wrap(one["note"], width - M - x1 - 0.28, most=3) if one["note"] else []
        tall = [text_height(len(actor) + len(text) + 1 + narrow) for actor, text, _ in texts]
        over = text_height(len(cite)) + 0.07 if cite else 0
        under = text_height(len(note)) + 0.05 if note else 0
        beside = text_height(2 + one["difference"].count(";")) + 0.06
        high = max(max(*tall, beside) + over + under, text_height(len(name))) + 0.2
        if narrow:
            high = text_height(len(name)) + over + sum(tall) + 0.34 + under + text_height(1) + 0.06
        blocks.append((name, cite, over, (one, two), texts, bold, tall, note, under, high))
    shown = data["fill"].unique()
    keys = [Key("mark", ("talks", f, colours.ink), FILL_NAMES[f]) for f in FILLS if f in shown]
    legend, legend_height = plan_legend([("", keys)], width - 2 * M)
    top = 0.25 + head_height + 0.2 + (0 if narrow else 0.2)
    height = top + sum(b[-1] for b in blocks) + 0.12 + legend_height + 0.1 + text_height(len(foot)) + 0.15
    sheet = Sheet(width, height, colours)
    set_heading(sheet, head, sub, M, 0.25)
    if not narrow:
        sheet.text(x1 + 0.28, top - 0.2, "the headline", colour=colours.muted)
        sheet.text(x2 + 0.28, top - 0.2, "its body", colour=colours.muted)
    y = top
    for n, (name, cite, over, rows, texts, bold, tall, note, _, high) in enumerate(blocks):
        paper = colours.paper if n % 2 else colours.band
        sheet.box(M - 0.1, y, width - 2 * M + 0.2, high, paper, above=0)
        sheet.text(M, y + 0.1, name, bold=True)
        at = y + 0.1 + (text_height(len(name)) + 0.05 if narrow else 0)
        sheet.text(x1 + (0 if narrow else 0.28), at, cite)
        at += over
        differs = rows[0]["difference"].split(";")
        for k, (row, (actor, text, how)) in enumerate(zip(rows, texts, strict=True)):
            x = M if narrow else (x1, x2)[k]
            if narrow:
                sheet.text(x + 0.28, at, ("the headline", "its body")[k], colour=colours.muted)
                at += text_height(1)
            colour = who.loc[row["actor"], "colour"]
            sheet.mark(x + 0.1, at + text_height(1) / 2, "talks", row["fill"], colour, 10, paper)
            sheet.text(x + 0.28, at, actor, bold=bold[0], colour=style.legible(colour, paper, 4.5))
            sheet.text(x + 0.28, at + text_height(len(actor)), text, bold=bold[1])
            sheet.text(x + 0.28, at + text_height(len(actor) + len(text)), how, bold=bold[2],
                       colour=colours.ink if bold[2] else colours.muted)  # fmt: skip
            if narrow:
                at += tall[k] - text_height(1) + 0.12
        words = [DIFFERENCES[d][0] for d in differs if d != "same"]
        if narrow:
            sheet.text(M + 0.28, at, ("≠ " + ", ".join(words)) if words else "the same", bold=bool(words))
            at += text_height(1) + 0.06
        else:
            middle = x2 - gap / 2 - 0.04
            sheet.text(middle, at + text_height(1) / 2, "≠" if words else "=", 13, True, align="center", middle=True)
            for k, word in enumerate(words or ["the same"]):
                sheet.text(middle, at + text_height(k + 1) + 0.06, word, align="center", colour=colours.muted)
        if note:
            sheet.text(x1 + 0.28, y + high - 0.08 - text_height(len(note)), note, colour=colours.muted)
        y += high
    set_legend(sheet, legend, M, y + 0.12)
    sheet.text(M, height - 0.15 - text_height(len(foot)), foot, colour=colours.muted)
    return sheet.fig


def _cell(who: pd.DataFrame, row: Mapping, width: float, bold: list[bool]) -> tuple[list[str], list[str], str]:
    """The lines of one side of a pair: the actor, what it does (and towards whom), how sure; which of them are bold."""
    target = _who(who, row["target"])
    actor = wrap(_who(who, row["actor"]) or "nobody named", width, bold=bold[0], most=2)
    towards = f" → {target}" if target and target not in row["action"] else ""
    text = wrap(row["action"] + towards, width, bold=bold[1], most=5)
    return actor, text, row["certainty"].replace("_", " ") or "not said how sure"


BASES = {"explicit": "happened", "year_inferred": "announced", "relative": "claimed"}      # basis of a date → fill
# what a row of the data of `published` is
DRAWN = {"published": "published", "inferred": "by the page's own clues", "time": "a time it speaks of"}
WIDE = 31  # days; the middle of a wider interval is no date, and no mark stands there


def published(
    documents: pd.DataFrame,
    clues: pd.DataFrame | None,
    times: pd.DataFrame,
    *,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw when each text was published, with what that rests on, and every time it speaks of, by basis.

    Accepts ``documents`` (doc_id, short_name, published_earliest, published_latest, published_basis, inferred_earliest,
    inferred_latest), ``clues`` (doc_id, used) or None, and ``times`` (doc_id, earliest, latest, basis, stable).
    Returns a :class:`Chart`; ``data``: doc_id, short_name, what (``published``, ``inferred`` or ``time``), basis,
    earliest, latest, stable. Times that cannot be placed on a calendar are counted, not drawn; a day of publication
    that is known to an interval wider than :data:`WIDE` days alone is a bar without a mark.
    """
    docs = list(documents["doc_id"])
    names = {d: plain(s) if pd.notna(s) else d for d, s in zip(docs, documents["short_name"], strict=True)}
    rows: list[tuple] = []
    for d in documents.itertuples():
        rows.append(
            (
                d.doc_id,
                "published",
                getattr(d, "published_basis", "unknown"),
                d.published_earliest,
                d.published_latest,
                True,
                1,
            )
        )
        if pd.notna(getattr(d, "inferred_earliest", pd.NA)):
            rows.append((d.doc_id, "inferred", "inferred", d.inferred_earliest, d.inferred_latest, True, 1))
    spoken = times[times["doc_id"].isin(docs)]
    placed = spoken[spoken["earliest"].notna() & spoken["latest"].notna()]
    same = ["doc_id", "basis", "earliest", "latest", "stable"]
    counts = placed.groupby(same, sort=False).size()
    rows += [(d, "time", basis, low, high, bool(stable), n) for (d, basis, low, high, stable), n in counts.items()]
    data = pd.DataFrame(rows, columns=["doc_id", "what", "basis", "earliest", "latest", "stable", "n"])
    data.insert(1, "short_name", data["doc_id"].map(names))
    given = data[data["what"] == "published"]
    exact = int((given["earliest"].notna() & (given["earliest"] == given["latest"])).sum())
    unknown = int(given["earliest"].isna().sum())
    n, m = len(docs), len(placed)
    shaky = int((~placed["stable"].astype(bool)).sum())
    inexact = n - exact
    if not n:
        title = "There is no text to date"
    else:
        title = (
            f"All {n} texts have a day of publication"
            if not inexact
            else f"{exact} of {n} texts {'has' if exact == 1 else 'have'} a day of publication"
        )
        title += (
            f"; {shaky} of the {m} dates they speak of would move with it"
            if m
            else "; they speak of no date that can be placed"
        )
    count = pd.DataFrame() if clues is None else clues.groupby("doc_id")["used"].agg(["sum", "size"])
    said, inferred = {}, data[data["what"] == "inferred"]
    for d in docs:
        row = given[given["doc_id"] == d].iloc[0]
        day = reading(row.earliest, row.latest)
        own = inferred[inferred["doc_id"] == d]
        says = f"; its own clues alone leave {reading(*own.iloc[0][['earliest', 'latest']])}" if len(own) else ""
        fit, found = (int(n) for n in count.loc[d]) if d in count.index else (0, 0)
        says += f"; {counted(found - fit, 'clue does', 'clues do')} not fit" if found > fit else ""
        said[d] = f"{'publication date unknown' if pd.isna(row.earliest) else f'{day}, {row.basis}'}{says}"
    alt = " ".join(
        [
            title + ".",
            *(
                f"{names[d]}: {said[d]}; speaks of "
                f"{counted(int(data.loc[(data['doc_id'] == d) & (data['what'] == 'time'), 'n'].sum()), 'date')}."
                for d in docs
            ),
        ]
    )
    bare = len(spoken) - m
    subtitle = (
        "Diamond: publication, the bar is its interval (pale: what the page's own clues alone leave). Below: every "
        "time the text speaks of, as an interval (longer than a month: a bar), filled by where its date comes from."
        + (f" {bare} time expressions have no place on a calendar." if bare else "")
        + (f" The publication date of {unknown} is unknown." if unknown else "")
    )
    colours = style.theme(dark)
    with style.look(dark):
        fig = _published(data, docs, names, said, title, subtitle, plain(source), colours, narrow)
    return Chart(fig, title, plain(alt), data)


def _published(data, docs, names, said, title, subtitle, source, colours, narrow):
    width = style.NARROW if narrow else style.WIDTH
    first, last = to_days(data["earliest"]), to_days(data["latest"])
    data = data.assign(low=first, high=last, middle=(first + last) / 2)
    drawn = data.dropna(subset=["low", "high"])
    whole = drawn.loc[drawn["what"] != "time", ["low", "high"]].to_numpy().ravel()  # no text's interval is cut off
    scale = Scale(np.concatenate([drawn["middle"], whole]))
    head, sub, head_height = heading(title, " ".join(filter(None, [subtitle, scale.said()])), width, M)
    foot = wrap(source, width - 2 * M)
    left = M + 0.08
    axis = width - left - M - 0.3

    def at(days):
        return left + np.clip(scale.share(days), 0, 1) * axis

    lanes = []
    for d in docs:
        mine = drawn[(drawn["doc_id"] == d) & (drawn["what"] == "time")]
        said_n = np.array([text_width(f"×{n}") + 0.08 if n > 1 else 0.0 for n in mine["n"]])
        ends = np.maximum(at(mine["high"]), at(mine["middle"]) + 0.05)
        rows = pack(np.minimum(at(mine["low"]), at(mine["middle"]) - 0.05), ends + said_n, 0.01)
        lines = wrap(f"{names[d]}: {said[d]}", width - 2 * M)
        lanes.append((d, mine, ends, rows, lines, 0.5 + text_height(len(lines)) + 0.15 * (max(rows, default=-1) + 1)))
    shaky = style.legible("#b3261e", colours.paper, 4.5)
    spoken = drawn[drawn["what"] == "time"]
    times = [Key("mark", ("talks", fill, colours.ink), naming.BASES[basis]) for basis, fill in BASES.items()
             if (spoken["basis"] == basis).any()]  # fmt: skip
    if (~spoken["stable"].astype(bool)).any():
        times.append(Key("mark", ("talks", "happened", shaky), "red: moves with the publication date"))
    given = (("published", "happened", "published"), ("inferred", "claimed", "by the page's own clues"))
    exact = drawn["high"] - drawn["low"] < WIDE
    texts = [Key("mark", ("law", f, colours.ink), w) for what, f, w in given if (exact & (drawn["what"] == what)).any()]
    if (~exact & (drawn["what"] != "time")).any():
        texts.append(Key("shade", colours.ink, "published on some day of these"))
    legend, legend_height = plan_legend([("Text", texts), ("Times", times)], width - 2 * M)
    top = 0.25 + head_height + 0.18
    height = top + sum(lane[-1] for lane in lanes) + 0.45 + legend_height + 0.08 + text_height(len(foot)) + 0.15
    sheet = Sheet(width, height, colours)
    set_heading(sheet, head, sub, M, 0.25)
    y = top
    for n, (d, mine, ends, rows, lines, high) in enumerate(lanes):
        paper = colours.paper if n % 2 else colours.band
        sheet.box(M - 0.1, y, width - 2 * M + 0.2, high, paper, above=0)
        sheet.text(M, y + 0.08, lines)
        base = y + 0.22 + text_height(len(lines))
        for day, _ in scale.ticks(axis):
            sheet.line([float(at(day))] * 2, [base - 0.08, y + high], colours.rule, 0.6, above=0.5)
        sheet.line([left, left + axis], [base, base], colours.rule, 1)
        texts = drawn[(drawn["doc_id"] == d) & (drawn["what"] != "time")].sort_values("what")
        for r in texts.itertuples():  # the page's own clues first, so that the date used lies over them
            own, a, b = r.what == "published", float(at(r.low)), float(at(r.high))
            sheet.box(a, base - 0.05, max(b - a, 0.02), 0.1, colours.ink, 2, alpha=0.35 if own else 0.15)
            if r.high - r.low < WIDE:
                fill = "happened" if own else "claimed"
                sheet.mark(float(at(r.middle)), base, "law", fill, colours.ink, 8 if own else 11, paper)
        for r, end, k in zip(mine.itertuples(), ends, rows, strict=True):
            row_y, a, b = base + 0.17 + 0.15 * k, float(at(r.low)), float(at(r.high))
            fill, colour = BASES.get(r.basis, "claimed"), colours.ink if r.stable else shaky
            if r.high - r.low >= WIDE:
                inside = {"happened": 0.08, "announced": 0.04}.get(fill, 0.0)  # full, the lower half, hollow
                sheet.box(a, row_y - 0.04, b - a, 0.08, paper, 2, edge=colour, line=0.8)
                sheet.box(a, row_y + 0.04 - inside, b - a, inside, colour, 2.1, alpha=0.6)
            else:
                if b - a > 0.06:
                    sheet.box(a, row_y - 0.035, b - a, 0.07, colours.grey, 2, alpha=0.45)
                sheet.mark(float(at(r.middle)), row_y, "talks", fill, colour, 5.5, paper)
            if r.n > 1:
                sheet.text(float(end) + 0.04, row_y, f"×{r.n}", colour=colours.muted, middle=True)
        y += high
    draw_axis(sheet, scale, left, axis, y + 0.06, SMALL)
    set_legend(sheet, legend, M, y + 0.45)
    sheet.text(M, height - 0.15 - text_height(len(foot)), foot, colour=colours.muted)
    return sheet.fig
