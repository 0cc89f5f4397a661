"""What the texts are before anything is coded: kept and dropped lines, a page as a strip, headlines, publication dates.

Line roles are shown as words, not lines, since a menu has many short lines (as in the page-segmentation figures of
Kohlschütter et al., "Boilerplate Detection using Shallow Text Features", WSDM 2010). Headline and body stand side by
side on one row each, so that a difference is a broken line, not something to look up (FT Visual Vocabulary "dumbbell";
Datawrapper Academy on range plots).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.charts import style
from helpers.charts.chronology import FILL_NAMES, _days, _Scale, reading
from helpers.charts.layout import Chart, Sheet, flow, heading, pack, plain, set_heading, text_height, text_width, wrap
from helpers.charts.style import FILLS, SMALL

__all__ = ["kept", "anatomy", "headlines", "published", "ROLES"]

M = 0.28
# role → how it is drawn: what is read, what frames it, what belongs to the site
ROLES = {
    "title": "#0b4f6c",
    "dek": "#2b7a9b",
    "body": "#0072B2",
    "dateline": "#5c9dc0",
    "byline": "#7a6a9e",
    "credit": "#9a7aa8",
    "caption": "#a0699a",
    "related": "#b35c00",
    "nav": "#c07a2c",
    "share": "#a8763e",
    "comment": "#8c6d46",
    "legal": "#7d7468",
    "about": "#968a78",
    "blank": "#d9d9d4",
}
READ = ("title", "dek", "dateline", "caption", "body")


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
    rank = {r: i for i, r in enumerate(ROLES)}
    data["short_name"] = data["doc_id"].map(names)
    data = data.sort_values(
        ["doc_id", "kept", "role"],
        key=lambda c: c.map(
            {d: i for i, d in enumerate(docs)}
            if c.name == "doc_id"
            else {True: 0, False: 1}
            if c.name == "kept"
            else lambda r: rank.get(r, 99)
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


def _role_colour(role: str, colours: style.Theme) -> str:
    return style.legible(ROLES.get(role, colours.other), colours.paper, 3.0)


def _kept(data, docs, names, title, subtitle, source, colours, narrow):
    width = style.NARROW if narrow else style.WIDTH
    head, sub, head_height = heading(title, subtitle, width, M)
    left = M if narrow else M + min(2.2, max([text_width(names[d], SMALL, True) for d in docs] + [0.6]) + 0.15)
    lane = 0.62 if narrow else 0.42
    foot = wrap(source, width - 2 * M)
    longest = max([data.loc[data["doc_id"] == d, "words"].sum() for d in docs] + [1])
    room = width - M - left - 0.8
    roles = [r for r in ROLES if r in set(data["role"])] + sorted(set(data["role"]) - set(ROLES))
    spots = flow([0.2 + text_width(r) for r in roles], width - 2 * M, 0.2)
    legend = (max((r for r, _ in spots), default=0) + 1) * (text_height(1) + 0.05)
    height = 0.25 + head_height + 0.2 + lane * len(docs) + 0.12 + legend + 0.1 + text_height(len(foot)) + 0.2
    sheet = Sheet(width, height, colours)
    set_heading(sheet, head, sub, M, 0.25)
    y = 0.25 + head_height + 0.2
    for d in docs:
        rows = data[data["doc_id"] == d]
        bar = y + (0.2 if narrow else 0.06)
        for n, line in enumerate(
            wrap(names[d], left - M - 0.1 if not narrow else width - 2 * M, SMALL, True, most=1 if narrow else 2)
        ):
            sheet.text(M, y + text_height(n) + (0 if narrow else 0.03), line, bold=True)
        x = left
        for row in rows.itertuples():
            wide = room * row.words / longest
            shade = _role_colour(row.role, colours)
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
    y += 0.08
    for role, (r, x) in zip(roles, spots, strict=True):
        at = y + r * (text_height(1) + 0.05)
        sheet.box(M + x, at + 0.03, 0.12, 0.1, _role_colour(role, colours), 3)
        sheet.text(M + x + 0.18, at, role)
    if foot:
        sheet.text(M, height - 0.15 - text_height(len(foot)), foot, colour=colours.muted)
    return sheet.fig


def anatomy(lines: pd.DataFrame, *, name: str = "", dark: bool = False, narrow: bool = False) -> Chart:
    """Draw one page as two strips of lines, before and after cleaning: each line as long as its text, in its role's
    colour; after cleaning only what is read is left.

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
            title, f"{name + ': e' if name else 'E'}ach line as long as its text, by role.", width, M
        )
        step = min(0.105, 4.2 / max(1, len(shown)))
        roles = [r for r in ROLES if r in set(shown["role"])] + sorted(set(shown["role"]) - set(ROLES))
        spots = flow([0.2 + text_width(r) for r in roles], width - 2 * M, 0.2)
        legend = (max((r for r, _ in spots), default=0) + 1) * (text_height(1) + 0.05)
        height = 0.25 + head_height + 0.2 + 0.22 + step * len(shown) + 0.15 + legend + 0.15
        sheet = Sheet(width, height, colours)
        set_heading(sheet, head, sub, M, 0.25)
        column = (width - 2 * M - 0.3) / 2
        top = 0.25 + head_height + 0.2
        for k, what in enumerate(("before", "after")):
            x = M + k * (column + 0.3)
            sheet.text(x, top - 0.02, what, bold=True)
            for n, row in enumerate(shown.itertuples()):
                wide = max(0.03, column * min(1, row.characters / 400))
                y = top + 0.22 + n * step
                if k == 0 or row.kept:
                    sheet.box(x, y, wide, step * 0.72, _role_colour(row.role, colours), 3)
                else:
                    sheet.box(x, y + step * 0.3, min(wide, 0.04), step * 0.12, colours.rule, 2)
        y = top + 0.22 + step * len(shown) + 0.15
        for role, (r, x) in zip(roles, spots, strict=True):
            at = y + r * (text_height(1) + 0.05)
            sheet.box(M + x, at + 0.03, 0.12, 0.1, _role_colour(role, colours), 3)
            sheet.text(M + x + 0.18, at, role)
    return Chart(sheet.fig, title, alt, data)


CERTAINTY = {
    "happened": "happened",
    "ongoing": "happened",
    "said": "happened",
    "certain": "happened",
    "announced": "announced",
    "planned": "announced",
    "proposed": "announced",
    "expected": "announced",
    "demanded": "announced",
    "threatened": "announced",
    "claimed": "claimed",
    "rumoured": "claimed",
    "hypothetical": "claimed",
    "opinion": "claimed",
    "possible": "claimed",
    "suggested": "claimed",
    "denied": "denied",
    "not_happened": "denied",
}


def headlines(
    headlines: pd.DataFrame,
    actors: pd.DataFrame | None = None,
    *,
    documents: pd.DataFrame | None = None,
    coder: str = "model",
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw each headline over its own body: who acts on whom, and how sure, with what differs set in bold.

    Accepts a frame with one row a document (doc_id, headline_actor, headline_action, headline_target,
    headline_certainty, body_actor, body_action, body_target, body_certainty, difference, note; all in our words;
    certainty one of the statuses or fills), the codebook's actors (actor_id, name, colour), and ``documents``
    (doc_id, short_name and, to be cited over each row, title). ``difference`` names what differs (``actor``,
    ``certainty``, ``action``, ``target``, parted by ``;``) or is empty, and is computed where the column is missing.
    Returns a :class:`Chart`; ``data``: one row a mark (doc_id, place ``headline`` or ``body``, actor, action, target,
    certainty, fill, differs).
    """
    rows = headlines.astype("string").fillna("").reset_index(drop=True)
    names = (
        {}
        if documents is None
        else {d: s for d, s in zip(documents["doc_id"], documents["short_name"], strict=True) if pd.notna(s)}
    )
    cited = (
        {}
        if documents is None or "title" not in documents
        else dict(zip(documents["doc_id"], documents["title"], strict=True))
    )
    codes = pd.concat([rows["headline_actor"], rows["body_actor"], rows["headline_target"], rows["body_target"]])
    colours = style.theme(dark)
    who = style.actor_colours(actors, codes, colours)
    for field in ("actor", "certainty"):
        one, two = rows[f"headline_{field}"], rows[f"body_{field}"]
        rows[f"{field}_differs"] = (one != two) if field == "actor" else (one.map(_sure) != two.map(_sure))
    data = pd.concat(
        [
            pd.DataFrame(
                {
                    "doc_id": rows["doc_id"],
                    "short_name": rows["doc_id"].map(names).fillna(rows["doc_id"]),
                    "place": place,
                    "actor": rows[f"{place}_actor"],
                    "action": rows[f"{place}_action"],
                    "target": rows[f"{place}_target"],
                    "certainty": rows[f"{place}_certainty"],
                    "fill": rows[f"{place}_certainty"].map(_sure),
                    "actor_differs": rows["actor_differs"],
                    "certainty_differs": rows["certainty_differs"],
                    "title": rows["doc_id"].map(cited).fillna(""),
                    "note": rows["note"] if "note" in rows else "",
                }
            )
            for place in ("headline", "body")
        ]
    )
    data = data.sort_index(kind="stable").reset_index(drop=True)
    n, actor, sure = len(rows), int(rows["actor_differs"].sum()), int(rows["certainty_differs"].sum())
    both = int((rows["actor_differs"] | rows["certainty_differs"]).sum())
    if n == 0:
        title = "No headline was compared with its body"
    elif not both:
        title = (
            "The headline names the same actor as its body, as surely"
            if n == 1
            else (f"All {n} headlines name the actor their bodies name, and are as sure")
        )
    else:
        title = (
            f"{both} of {n} headline{'s' if n != 1 else ''} {'differ' if both != 1 else 'differs'} from "
            f"{'their' if both != 1 else 'its'} own {'bodies' if both != 1 else 'body'}: "
        )
        title += " and ".join(
            filter(None, [f"{actor} in who acted" if actor else "", f"{sure} in how sure it is" if sure else ""])
        )
    alt = " ".join(
        [title + "."]
        + [
            f"{data.short_name[i]}: headline, {_said(who, data.iloc[i])}; body, {_said(who, data.iloc[i + 1])}."
            for i in range(0, 2 * n, 2)
        ]
    )
    with style.look(dark):
        fig = _headlines(data, rows, who, title, coder, plain(source), colours, narrow)
    return Chart(fig, title, plain(alt), data)


def _sure(status: object) -> str:
    return CERTAINTY.get(str(status).strip().lower(), "claimed")


def _who(who: pd.DataFrame, code: str) -> str:
    return str(who.loc[code, "name"]) if code in who.index and code else ""


def _said(who: pd.DataFrame, row: pd.Series) -> str:
    target = _who(who, row["target"])
    return (
        f"{_who(who, row['actor']) or 'nobody named'}: {row['action']}{', towards ' + target if target else ''} "
        f"({row['certainty'].replace('_', ' ') or 'not said how sure'})"
    )


def _headlines(data, rows, who, title, coder, source, colours, narrow):
    width = style.NARROW if narrow else style.WIDTH
    subtitle = (
        "Who acts on whom in the headline and in the body of the same text, in our words. The mark's colour is who "
        "acted, its fill how sure; a line joins what agrees, a gap with ≠ marks what does not."
    )
    head, sub, head_height = heading(title, subtitle, width, M)
    foot = wrap(f"In our own words, coded by: {plain(coder)}. {source}", width - 2 * M)
    name_w = 0 if narrow else 1.75
    gap = 0.55
    column = (width - 2 * M - name_w - (0 if narrow else gap)) / (1 if narrow else 2) - 0.28
    blocks = []
    for i in range(len(rows)):
        pair = data.iloc[2 * i : 2 * i + 2]
        lines = []
        for r in pair.itertuples():
            actor, target = _who(who, r.actor) or "nobody named", _who(who, r.target)
            text = wrap(f"{r.action}{' → ' + target if target else ''}", column, most=3)
            lines.append(([*wrap(actor, column, SMALL, True, most=2)], text, r))
        tall = [text_height(len(a) + len(t) + (2 if narrow else 1)) for a, t, _ in lines]
        title = plain(pair.iloc[0]["title"])
        cite = wrap(f"“{title}”", width - 2 * M - name_w - 0.28, most=3) if title else []
        name = wrap(pair.iloc[0]["short_name"], (name_w - 0.15) if not narrow else width - 2 * M, SMALL, True, most=3)
        note = wrap(pair.iloc[0]["note"], width - 2 * M - name_w - 0.2, most=2) if pair.iloc[0]["note"] else []
        over = text_height(len(cite)) + 0.07 if cite else 0
        high = (
            text_height(len(name)) + over + sum(tall) + 0.3 if narrow else max(max(tall) + over, text_height(len(name)))
        ) + 0.2
        blocks.append((name, cite, over, lines, tall, note, high + (text_height(len(note)) + 0.05 if note else 0)))
    keys = [("How sure", f) for f in FILLS if (data["fill"] == f).any()]
    spots = flow([0.22 + text_width(FILL_NAMES[f]) for _, f in keys], width - 2 * M, 0.2)
    legend = (max((r for r, _ in spots), default=0) + 1) * (text_height(1) + 0.05) if keys else 0
    top = 0.25 + head_height + 0.2 + (0 if narrow else 0.22)
    height = top + sum(b[-1] for b in blocks) + 0.12 + legend + 0.12 + text_height(len(foot)) + 0.2
    sheet = Sheet(width, height, colours)
    set_heading(sheet, head, sub, M, 0.25)
    x1, x2 = M + name_w, M + name_w + column + 0.28 + gap
    if not narrow:
        sheet.text(x1 + 0.28, top - 0.2, "the headline", colour=colours.muted)
        sheet.text(x2 + 0.28, top - 0.2, "its body", colour=colours.muted)
    y = top
    for n, (name, cite, over, lines, tall, note, high) in enumerate(blocks):
        paper = colours.band if n % 2 == 0 else colours.paper
        sheet.box(M - 0.1, y, width - 2 * M + 0.2, high, paper, above=0)
        sheet.text(M, y + 0.1, name, bold=True)
        at = y + 0.1 + (text_height(len(name)) + 0.05 if narrow else 0)
        sheet.text(M if narrow else x1 + 0.28, at, cite)
        at += over
        for k, ((actor, text, r), h) in enumerate(zip(lines, tall, strict=True)):
            x = M if narrow else (x1, x2)[k]
            if narrow:
                sheet.text(x + 0.28, at, ("the headline", "its body")[k], colour=colours.muted)
                at += text_height(1)
            mark_y = at + text_height(1) / 2
            colour = who.loc[r.actor, "colour"] if r.actor in who.index else colours.other
            sheet.mark(x + 0.1, mark_y, "talks", r.fill, colour, 10, paper)
            sheet.text(x + 0.28, at, actor, bold=True, colour=style.legible(colour, paper, 4.5))
            sheet.text(x + 0.28, at + text_height(len(actor)), text)
            sheet.text(
                x + 0.28,
                at + text_height(len(actor) + len(text)),
                r.certainty.replace("_", " ") or "not said",
                colour=colours.ink if r.certainty_differs else colours.muted,
                bold=bool(r.certainty_differs),
            )
            if narrow:
                at += h - text_height(1) + 0.12
        if not narrow:
            bottom = at + text_height(max(len(a) + len(t) for a, t, _ in lines)) + text_height(1) / 2
            first, last = lines[0][2], at + text_height(1) / 2
            _join(sheet, x2 - gap + 0.04, x2 - 0.06, last, bool(first.actor_differs))
            if first.certainty_differs and not first.actor_differs:
                _join(sheet, x2 - gap + 0.04, x2 - 0.06, min(bottom, last + 0.3), True)
        if note:
            sheet.text(
                M + (0 if narrow else name_w + 0.28),
                y + high - 0.06 - text_height(len(note)),
                note,
                colour=colours.muted,
            )
        y += high
    y += 0.12
    for (_, f), (r, x) in zip(keys, spots, strict=True):
        at = y + r * (text_height(1) + 0.05)
        sheet.mark(M + x + 0.07, at + text_height(1) / 2, "talks", f, colours.ink, 8)
        sheet.text(M + x + 0.22, at, FILL_NAMES[f])
    sheet.text(M, height - 0.15 - text_height(len(foot)), foot, colour=colours.muted)
    return sheet.fig


def _join(sheet: Sheet, x0: float, x1: float, y: float, differs: bool) -> None:
    if differs:
        middle = (x0 + x1) / 2
        sheet.text(middle, y, "≠", 13, True, align="center", middle=True)
    else:
        sheet.line([x0, x1], [y, y], sheet.colours.muted, 1.2)


BASES = {
    "explicit": ("happened", "date stands in the text"),
    "year_inferred": ("announced", "year inferred"),
    "relative": ("claimed", "worked out from the publication date"),
}


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
    earliest, latest, stable. Times that cannot be placed on a calendar are counted, not drawn.
    """
    docs = list(documents["doc_id"])
    names = {d: plain(s) if pd.notna(s) else d for d, s in zip(docs, documents["short_name"], strict=True)}
    rows = []
    for d in documents.itertuples():
        rows.append(
            (
                d.doc_id,
                "published",
                getattr(d, "published_basis", "unknown"),
                d.published_earliest,
                d.published_latest,
                True,
            )
        )
        if pd.notna(getattr(d, "inferred_earliest", pd.NA)):
            rows.append((d.doc_id, "inferred", "inferred", d.inferred_earliest, d.inferred_latest, True))
    spoken = times[times["doc_id"].isin(docs)]
    placed = spoken[spoken["earliest"].notna() & spoken["latest"].notna()]
    rows += [(t.doc_id, "time", t.basis, t.earliest, t.latest, bool(t.stable)) for t in placed.itertuples()]
    data = pd.DataFrame(rows, columns=["doc_id", "what", "basis", "earliest", "latest", "stable"])
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
    said = {}
    for d in docs:
        row = given[given["doc_id"] == d].iloc[0]
        day = reading(row.earliest, row.latest, "interval")
        clue = f", {int(count.loc[d, 'sum'])} of {int(count.loc[d, 'size'])} clues agree" if d in count.index else ""
        said[d] = f"{'publication date unknown' if pd.isna(row.earliest) else day}, {row.basis}{clue}"
    alt = " ".join(
        [
            title + ".",
            *(
                f"{names[d]}: {said[d]}; speaks of "
                f"{int(((data['doc_id'] == d) & (data['what'] == 'time')).sum())} dates."
                for d in docs
            ),
        ]
    )
    bare = len(spoken) - m
    subtitle = (
        "Diamond: publication, the bar is its interval (hollow: by the page's own clues). Below: every time the text "
        "speaks of, as an interval, filled by where its date comes from."
        + (f" {bare} time expressions have no place on a calendar." if bare else "")
        + (f" The publication date of {unknown} is unknown." if unknown else "")
    )
    colours = style.theme(dark)
    with style.look(dark):
        fig = _published(data, docs, names, said, title, subtitle, plain(source), colours, narrow)
    return Chart(fig, title, plain(alt), data)


def _published(data, docs, names, said, title, subtitle, source, colours, narrow):
    width = style.NARROW if narrow else style.WIDTH
    low, high = _days(data["earliest"]), _days(data["latest"])
    data = data.assign(low=low, high=high, middle=(low + high) / 2)
    drawn = data.dropna(subset=["low", "high"])
    scale = _Scale(drawn["middle"].to_numpy())
    if scale.breaks:
        subtitle += " " + scale.said()
    head, sub, head_height = heading(title, subtitle, width, M)
    foot = wrap(source, width - 2 * M)
    left = M + 0.08
    axis = width - left - M - 0.08

    def at(days):
        return left + np.clip(scale.share(days), 0, 1) * axis

    lanes = []
    for d in docs:
        mine = drawn[(drawn["doc_id"] == d) & (drawn["what"] == "time")]
        rows = pack(
            np.minimum(at(mine["low"]), at(mine["middle"]) - 0.05),
            np.maximum(at(mine["high"]), at(mine["middle"]) + 0.05),
            0.01,
        )
        rows = np.array(rows, int)
        step = min(0.11, 0.9 / (rows.max() + 1)) if len(rows) else 0.11
        lines = wrap(f"{names[d]}: {said[d]}", width - 2 * M)
        lanes.append(
            (
                d,
                mine,
                rows,
                step,
                lines,
                0.1 + text_height(len(lines)) + 0.2 + 0.12 + step * (rows.max() + 1 if len(rows) else 0) + 0.1,
            )
        )
    keys = [b for b in BASES if (drawn.loc[drawn["what"] == "time", "basis"] == b).any()]
    spots = flow([0.22 + text_width(BASES[b][1]) for b in keys], width - 2 * M, 0.2)
    legend = (max((r for r, _ in spots), default=-1) + 1) * (text_height(1) + 0.05)
    top = 0.25 + head_height + 0.18
    height = top + sum(v[-1] for v in lanes) + 0.42 + legend + 0.1 + text_height(len(foot)) + 0.15
    sheet = Sheet(width, height, colours)
    set_heading(sheet, head, sub, M, 0.25)
    y = top
    ticks = scale.ticks(axis)
    for n, (d, mine, rows, step, lines, high) in enumerate(lanes):
        paper = colours.band if n % 2 == 0 else colours.paper
        sheet.box(M - 0.1, y, width - 2 * M + 0.2, high, paper, above=0)
        sheet.text(M, y + 0.08, lines)
        base = y + 0.1 + text_height(len(lines)) + 0.12
        for day, _ in ticks:
            sheet.line([float(at(day))] * 2, [base - 0.08, y + high], colours.rule, 0.6, above=0.5)
        sheet.line([left, left + axis], [base, base], colours.rule, 1)
        for r in drawn[(drawn["doc_id"] == d) & (drawn["what"] != "time")].sort_values("what").itertuples():
            own = r.what == "published"
            a, b = float(at(r.low)), float(at(r.high))
            sheet.box(a, base - 0.05, max(b - a, 0.02), 0.1, colours.ink, 2, alpha=0.35 if own else 0.15)
            sheet.mark(
                float(at(r.middle)), base, "law", "happened" if own else "claimed", colours.ink, 8 if own else 10, paper
            )
        for r, k in zip(mine.itertuples(), rows, strict=True):
            at_y = base + 0.16 + step * k
            a, b = float(at(r.low)), float(at(r.high))
            if b - a > 0.06:
                sheet.box(a, at_y - step * 0.3, b - a, step * 0.6, colours.grey, 2, alpha=0.45)
            fill = BASES.get(r.basis, ("claimed",))[0]
            sheet.mark(
                float(at(r.middle)),
                at_y,
                "talks",
                fill,
                colours.ink if r.stable else "#b3261e" if colours is style.LIGHT else "#ff8a80",
                min(5.5, step * 50),
                paper,
            )
        y += high
    sheet.line([left, left + axis], [y + 0.06, y + 0.06], colours.muted, 1)
    for day, text in ticks:
        sheet.line([float(at(day))] * 2, [y + 0.06, y + 0.11], colours.muted, 0.8)
        sheet.text(float(at(day)), y + 0.13, text, SMALL, colour=colours.muted)
    for day, _ in scale.breaks:
        for shift in (-0.03, 0.03):
            x = float(at(day)) + shift
            sheet.line([x - 0.025, x + 0.025], [y + 0.12, y], colours.muted, 1)
    y += 0.42
    for b, (r, x) in zip(keys, spots, strict=True):
        at_y = y + r * (text_height(1) + 0.05)
        sheet.mark(M + x + 0.07, at_y + text_height(1) / 2, "talks", BASES[b][0], colours.ink, 7)
        sheet.text(M + x + 0.22, at_y, BASES[b][1])
    if foot:
        sheet.text(M, height - 0.15 - text_height(len(foot)), foot, colour=colours.muted)
    return sheet.fig
