"""Where accounts differ: who asserts and who denies, what each leaves out, and whose voices it carries.

Matrices keep one row a claim (or a text) and one column a text (or an event), so that silence is a cell one can see.
Texts are compared with what was knowable on the day they came out: what came later is grey, not missing.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex, to_rgb

from helpers.charts import style
from helpers.charts.layout import (
    MARGIN,
    Chart,
    Key,
    as_list,
    pack,
    page,
    plain,
    row_name,
    text_height,
    text_width,
    wrap,
)
from helpers.charts.scale import reading
from helpers.codebook.naming import ROLES, UNPLACED, counted, initials, joined, the

__all__ = ["claims", "coverage", "twin", "voices"]

STANCES = {
    "asserts": ("happened", "asserts, in its own voice"),
    "attributes": ("announced", "attributes it to someone"),
    "denies": ("denied", "denies it, or says that it is denied"),
    "silent": ("", "silent"),
}
# of a text that tells a claim and denies it, or reports both: two marks
BOTH = {
    "asserts and denies": ("happened", "asserts, and denies or reports a denial"),
    "attributes and denies": ("announced", "attributes, and denies or reports a denial"),
}
# role → how much of the bloc's colour is laid on the paper: only officials are full, since a country's newspapers and
# professors are not its voice
TINTS = {"official": 1.0, "other": 0.4, "medium": 0.0}
SIGNS = dict(zip(UNPLACED, ("+", "o", "?"), strict=True))
# why a claim is drawn, in the order of the chart
WHY = {
    "between": "Told by one text, denied by another",
    "within": "Told and denied within one text",
    "sides": "The same step, put down to different sides",
    "voice": "Told in different ways (asserted, attributed)",
}
STATES = {
    "told": "told",
    "told_otherwise": "told otherwise than the record",
    "left_out": "left out",
    "not_yet": "not yet knowable",
    "no_day": "not told; the text's day is not known",
}
KNOWABLE = ("told", "told_otherwise", "left_out")


def _names(documents: pd.DataFrame) -> dict[str, str]:
    return {d: plain(s) if pd.notna(s) else d for d, s in zip(documents["doc_id"], documents["short_name"],
    strict=True)}


def _checked(values: pd.Series, allowed: Mapping, what: str) -> None:
    wrong = sorted(set(values.dropna()) - set(allowed))
    if wrong:
        raise ValueError(f"{what} is one of {', '.join(allowed)}, not {wrong[0]!r}.")


def claims(
    claims: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    coder: str,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw the claims on which accounts differ, by text: asserts, attributes, denies, silent.

    Accepts one row a claim and text (:func:`helpers.compare.accounts.differing`): claim_id, label (the claim in our
    words), doc_id, stance (one of :data:`STANCES`; a text without a row is silent), both (the text tells the claim and
    denies it, or reports both), why (one of :data:`WHY`), disagreement, and, if there are such columns, announced_by,
    denied_by, borne_out (our words, the same on each row of a claim); ``documents`` (doc_id, short_name) gives the
    columns. Returns a :class:`Chart`; ``data``: one row a cell (claim_id, label, doc_id, short_name, stance, which is
    one of :data:`BOTH` where a text does both, about: one line each for who announced it, who denied it and whether it
    was borne out). Raises :class:`ValueError` for another stance.
    """
    _checked(claims["stance"], STANCES, "A stance")
    names = _names(documents)
    order = claims.drop_duplicates("claim_id").assign(place=lambda d: [float(list(WHY).index(w)) for w in d["why"]])
    order["place"] += pd.factorize(order["disagreement"])[0] / (len(order) + 1)  # the sides of one step together
    order = order.sort_values("place", kind="stable")
    told = {"asserts": "asserts and denies", "denies": "attributes and denies"}
    stances = {(r.claim_id, r.doc_id): told.get(r.stance, r.stance) if r.both else r.stance
               for r in claims.drop_duplicates(["claim_id", "doc_id"]).itertuples()}  # fmt: skip
    data = pd.DataFrame(
        [(c, label, d, names[d], stances.get((c, d), "silent"))
         for c, label in zip(order["claim_id"], order["label"], strict=True) for d in names],
        columns=["claim_id", "label", "doc_id", "short_name", "stance"],
    )  # fmt: skip
    title = _claims_title(order, data)
    said = {r["claim_id"]: _about(r) for r in order.to_dict("records")}
    data["about"] = data["claim_id"].map(said).map("\n".join)
    colours = style.theme(dark)
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        longest = max((text_width(w) for name in names.values() for w in name.split()), default=0) + 0.1
        spare = width - 2 * MARGIN - 0.15 - longest * len(names)      # what is left when no name is cut
        words = width - 2 * MARGIN if narrow else min(3.4, max(2.2, spare))
        room = (width - 2 * MARGIN - (0 if narrow else words + 0.15)) / max(1, len(names))
        heads = {d: wrap(name, room - 0.08, most=4) for d, name in names.items()}
        subtitle = "One row a claim, one column a text."
        sides = order[order["why"].eq("sides")]
        if len(sides) > sides["disagreement"].nunique():
            subtitle += " A step that is put down to different sides has a row for each side."
        if any(line.endswith("…") for lines in heads.values() for line in lines):  # numbers, not names cut short
            heads = {d: [str(n)] for n, d in enumerate(names, 1)}
            subtitle += " " + ", ".join(f"{n} {name}" for n, name in enumerate(names.values(), 1)) + "."
        head = text_height(max([len(h) for h in heads.values()] + [1])) + 0.08
        rows, last = [], None
        for r in order.to_dict("records"):
            bold = wrap(r["label"], words, bold=True, most=3)
            soft = [line for part in said[r["claim_id"]] for line in wrap(part, words, most=4)]
            over = 0.0 if r["why"] == last or order["why"].nunique() < 2 else text_height(1) + 0.16
            last = r["why"]
            tall = text_height(len(bold) + len(soft)) + (0.42 if narrow else 0.16)
            rows.append((r["claim_id"], r["label"], WHY[last] if over else "", over, bold, soft, tall))
        keys = [Key("mark", ("talks", f, colours.ink), w) for s, (f, w) in STANCES.items()
                if f and (data["stance"] == s).any()]  # fmt: skip
        keys += [Key("pair", ("talks", f, colours.ink), w) for s, (f, w) in BOTH.items() if (data["stance"] == s).any()]
        keys += [Key("silent", colours.rule, "silent")]
        foot = f"Drawn are the claims on which these texts differ. Coded by: {plain(coder)}. {plain(source)}"
        high = head + sum(r[3] + r[-1] for r in rows)
        sheet, y = page(title, subtitle, high, [("", keys)], foot, width, colours)
        left = MARGIN if narrow else MARGIN + words + 0.15
        for k, d in enumerate(names):
            lines = heads[d]
            sheet.text(left + k * room, y + head - 0.06 - text_height(len(lines)), lines, bold=False)
        y += head
        for n, (claim, label, group, over, bold, soft, tall) in enumerate(rows):
            if over:
                sheet.text(MARGIN, y + over - text_height(1) - 0.05, group, colour=colours.muted)
                sheet.line([MARGIN - 0.1, width - MARGIN + 0.1], [y + over - 0.02] * 2, colours.muted, 0.8)
                y += over
            paper = colours.paper if n % 2 else colours.band
            sheet.box(MARGIN - 0.1, y, width - 2 * MARGIN + 0.2, tall, paper, above=0)
            sheet.text(MARGIN, y + 0.07, bold, bold=True)
            sheet.text(MARGIN, y + 0.07 + text_height(len(bold)), soft, colour=colours.muted)
            middle = y + tall - 0.2 if narrow else y + tall / 2
            for k, d in enumerate(names):
                stance = stances.get((claim, d), "silent")
                x = left + k * room + 0.1
                fill, how = (STANCES | BOTH)[stance]
                marks = [fill, "denied"] if stance in BOTH else [fill] if fill else []
                if not marks:
                    sheet.line([x - 0.05, x + 0.05], [middle, middle], colours.rule, 1)
                for m, each in enumerate(marks):
                    sheet.mark(x + 0.2 * m, middle, "talks", each, colours.ink, 10, paper)
                if marks:
                    sheet.place(x - 0.11, middle - 0.11, 0.22 + 0.2 * (len(marks) - 1), 0.22,
                                f"{names[d]}: {how} ({label})")  # fmt: skip
            y += tall
    alt = " ".join([title + "."] + [
        f"{plain(label)}: " + ", ".join(f"{names[d]} {stances.get((c, d), 'silent')}" for d in names)
        + (f" ({'; '.join(said[c])})" if said[c] else "") + "."
        for c, label in zip(order["claim_id"], order["label"], strict=True)
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data, sheet.places)


def _claims_title(order: pd.DataFrame, data: pd.DataFrame) -> str:
    """Name the first disagreement, in the order of the chart, with the texts on either side, and count the others."""
    n = order["disagreement"].nunique()
    if not n:
        return "Accounts differ on no claim of these texts"
    first, why = order["claim_id"].iloc[0], order["why"].iloc[0]

    def texts(*stances: str, claim: str = first) -> str:
        mine = list(data.loc[data["claim_id"].eq(claim) & data["stance"].isin(stances), "short_name"])
        return joined(mine) if len(mine) < 3 else counted(len(mine), "text")
    label = f"“{plain(order['label'].iloc[0])}”"
    if why == "between":
        told, denied = texts("asserts", "attributes", "asserts and denies"), texts("denies", "attributes and denies")
        said = f"{label}: told by {told}; denied by {denied}"
    elif why == "within":
        said = f"{label}: told and denied within {texts(*BOTH)}"
    elif why == "sides":
        same = order[order["disagreement"].eq(order["disagreement"].iloc[0])]
        each = [f"“{plain(label)}”, by {texts('asserts', 'attributes', *BOTH, claim=c)}"
                for c, label in zip(same["claim_id"], same["label"], strict=True)]  # fmt: skip
        said = f"One step, put down to different sides: {'; '.join(each[:2])}"
        said += f"; and {len(each) - 2} more" if len(each) > 2 else ""
    else:
        said = f"{label}: asserted by {texts('asserts')}; only attributed by {texts('attributes')}"
    return said + (f"; {n - 1} more {'disagreement' if n == 2 else 'disagreements'}" if n > 1 else "")


def _about(row: Mapping) -> list[str]:
    """Who announced a claim, who denied it, and whether it was borne out: one line each."""
    born = plain(row.get("borne_out"))
    return [f"{what}: {words}" for what, words in (
        ("announced by", plain(row.get("announced_by"))), ("denied by", plain(row.get("denied_by"))),
        ("borne out", born)) if words]  # fmt: skip


def coverage(
    coverage: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    tracks: Mapping[str, str] | None = None,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw what each text tells of the listed public record, and what it leaves out; what came later is grey.

    Accepts one row a listed event and text: event_id, label, date (ISO), track, doc_id, state (one of :data:`STATES`);
    ``documents`` (doc_id, short_name) gives the rows; ``tracks``: code → name, in order. One column an event, in order
    of time within its track. Returns a :class:`Chart`; ``data`` is the frame with short_name. Raises
    :class:`ValueError` for another state.
    """
    _checked(coverage["state"], STATES, "A state")
    names = _names(documents)
    data = coverage[coverage["doc_id"].isin(list(names))].assign(short_name=lambda d: d["doc_id"].map(names))
    events = data.drop_duplicates("event_id").sort_values(["date", "event_id"], kind="stable")
    called = dict(tracks or {})
    called |= {t: str(t).replace("_", " ") for t in events["track"].dropna().unique() if t not in called}
    called = {t: plain(n) for t, n in called.items() if (events["track"] == t).any()}
    states = data.set_index(["event_id", "doc_id"])["state"].to_dict()
    listed = len(events)
    told = data[data["state"].isin(["told", "told_otherwise"])]
    each = {d: (int((told["doc_id"] == d).sum()), int(((data["doc_id"] == d) & data["state"].isin(KNOWABLE)).sum()))
            for d in names}  # fmt: skip
    unplaced = data[~data["state"].isin(["told", "told_otherwise"])]
    dayless = {d for d, s in unplaced.groupby("doc_id")["state"] if s.eq("no_day").all()}
    title = _coverage_title(listed, told, each, names, dayless)
    colours = style.theme(dark)
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        words = width - 2 * MARGIN if narrow else 1.9
        left = MARGIN if narrow else MARGIN + words
        right = text_width("told 000 of 000") + 0.12
        room = width - MARGIN - left - right - 0.1 * max(0, len(called) - 1)
        cell = min(0.16, room / max(1, listed))
        heads, x = [], left  # each track: code, name, where its columns begin, how many they are
        for t, name in called.items():
            n = int((events["track"] == t).sum())
            heads.append((t, name, x, n))
            x += n * cell + 0.1
        # a name too long for its columns stands a line higher, over its neighbour's
        rows_of = pack([x for *_, x, _ in heads], [x + text_width(name) + 0.08 for _, name, x, _ in heads])
        row, head = (0.52 if narrow else 0.36), text_height(max(rows_of, default=0) + 1) + 0.06
        shades = {"told": colours.ink, "told_otherwise": "#d55e00" if not dark else "#ff8a3d", "left_out":
        colours.paper,
                  "not_yet": colours.rule}  # fmt: skip
        keys = [Key("frame" if s == "left_out" else "silent" if s == "no_day" else "swatch",
                    colours.grey if s == "left_out" else shades.get(s, colours.grey), w)
                for s, w in STATES.items() if (data["state"] == s).any()]  # fmt: skip
        subtitle = "One column an entry of the record, in order of time within its track; one row a text."
        foot = f"The record is a list made for this case, not all that happened. {plain(source)}"
        lines_of = {**names, **({"": "These texts together"} if len(names) > 1 and listed else {})}
        gap = 0.12 if "" in lines_of else 0
        sheet, y = page(title, subtitle, head + gap + row * len(lines_of), [("", keys)], foot, width, colours)
        for r, (_, name, x, _) in zip(rows_of, heads, strict=True):
            sheet.text(x, y + head - 0.06 - text_height(r + 1), name, colour=colours.muted)
            if r:
                sheet.line([x + 0.02] * 2, [y + head - 0.06 - text_height(r), y + head - 0.02], colours.rule, 0.8)
        y += head
        for t, _, x, _ in heads:
            for k, event in enumerate(events.loc[events["track"] == t].itertuples()):
                mine = {s: [names[d] for d in names if states.get((event.event_id, d)) == s] for s in STATES}
                said = "; ".join(f"{STATES[s]}: {', '.join(docs)}" for s, docs in mine.items() if docs)
                sheet.place(x + k * cell, y, cell, row * len(lines_of) + gap,
                            f"{event.label}, {reading(event.date, event.date)}. {said}", event.event_id)  # fmt: skip
        together = _together(data)
        for d, name in lines_of.items():
            if not d:
                sheet.line([MARGIN - 0.1, width - MARGIN + 0.1], [y + gap / 2] * 2, colours.rule, 0.8)
                y += gap
            bar = y + (0.2 if narrow else 0.05)
            lines = row_name(name, words - 0.1, narrow)
            sheet.text(MARGIN, y + (0.02 if narrow else max(0, 0.18 - text_height(len(lines)) / 2)), lines, bold=True)
            for t, _, x, n in heads:
                if cell <= 0.03 and d not in dayless:  # too narrow for a frame each: one frame for the track
                    sheet.box(x, bar, n * cell, 0.24, colours.paper, 2.5, colours.grey, line=0.5)
                for k, event in enumerate(events.loc[events["track"] == t].itertuples()):
                    state = states.get((event.event_id, d), "left_out") if d else together[event.event_id]
                    if state == "no_day":
                        at = x + k * cell + cell * 0.43
                        sheet.line([at - cell * 0.2, at + cell * 0.2], [bar + 0.12] * 2, colours.grey, 1)
                    elif state != "left_out" or cell > 0.03:
                        sheet.box(x + k * cell, bar, cell * 0.86, 0.24, shades[state], 3, colours.grey,
                                  line=0.5 if state == "left_out" else 0)  # fmt: skip
            told_here, knowable = each[d] if d else (told["event_id"].nunique(), len(together))
            knowable -= 0 if d else sum(s not in KNOWABLE for s in together.values())
            of = "" if d in dayless else f" of {knowable}"
            sheet.text(x + heads[-1][3] * cell + 0.08 if heads else left, bar + 0.12,
                       f"told {told_here}{of}", middle=True, colour=colours.muted)  # fmt: skip
            y += row
    by_track = told.groupby(["doc_id", "track"]).size()
    alt = " ".join([title + "."] + [
        f"{names[d]}: told {a}" + (", its day is not known; " if d in dayless else f" of {b} that it could know; ")
        + ", ".join(f"{called[t]} {by_track.get((d, t), 0)} of {n}" for t, _, _, n in heads) + "."
        for d, (a, b) in each.items()
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data.reset_index(drop=True), sheet.places)


def _coverage_title(listed: int, told: pd.DataFrame, each: Mapping[str, tuple[int, int]], names: Mapping[str, str],
                    dayless: set[str]) -> str:  # fmt: skip
    """Name the fullest account, and say how much of what is told hangs on one text."""
    if not listed:
        return "No public record is listed for this case"
    if told.empty:
        return f"These texts tell of none of the {counted(listed, 'listed event')}"
    most = max(a for a, _ in each.values())
    best = [d for d in names if each[d][0] == most]
    of = f" listed event{'' if most == 1 else 's'}{'' if len(best) == 1 else ' each'}"
    if len(best) == 1 and best[0] not in dayless:
        of = f" of the {each[best[0]][1]} listed events that it could know"
    if len(names) == 1:
        return f"{names[best[0]]} tells of {most}{of}"
    who = f"The fullest account, {names[best[0]]}, tells" if len(best) == 1 else \
        f"The fullest accounts, {joined(names[d] for d in best)}, tell"  # fmt: skip
    by = told.groupby("event_id")["doc_id"].nunique()
    alone = int(by.eq(1).sum())
    hangs = "none is told by one text alone" if not alone else \
        f"{alone} of the {len(by)} told {'is' if alone == 1 else 'are'} told by one text alone"  # fmt: skip
    return f"{who} of {most}{of}; {hangs}"


def _together(data: pd.DataFrame) -> dict[str, str]:
    """The state of each entry for all texts together: told if any tells it, otherwise only if none tells it rightly."""
    order = {s: i for i, s in enumerate(("told", "told_otherwise", "left_out", "no_day", "not_yet"))}
    return data.assign(rank=data["state"].map(order)).sort_values("rank").groupby("event_id")["state"].first().to_dict()


def voices(
    voices: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    colours_of: Mapping[str, str] | None = None,
    unit: str = "quotation",
    coder: str,
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw whose voices each text carries: quotations by the speaker's bloc and role, with their numbers.

    Accepts one row a text, bloc and role: doc_id, bloc, role (one of :data:`~helpers.codebook.naming.ROLES`; without
    that column no roles are told apart), n; ``documents`` (doc_id, short_name) gives the rows; ``colours_of``: bloc →
    ``#rrggbb`` (a bloc without one is grey); ``unit``: what is counted. Returns a :class:`Chart`; ``data``: the rows
    with short_name and share (of the text's own), text by text. The title gives each bloc its total, the most quoted
    first; where roles are told apart it counts officials for their bloc and nobody else. Over each bloc's part of a bar
    stands its name or, where that is too wide, its initials (:func:`~helpers.codebook.naming.initials`), so that nobody
    needs the colours. Counts of chosen texts: no interval.
    """
    names, split = _names(documents), "role" in voices
    data = voices[voices["doc_id"].isin(list(names)) & (voices["n"] > 0)]
    data = data if split else data.assign(role="official")
    share = (data["n"] / data.groupby("doc_id")["n"].transform("sum")).round(4)
    data = data.assign(short_name=data["doc_id"].map(names), share=share)
    data = data.sort_values("doc_id", key=lambda d: d.map(list(names).index), kind="stable")
    theme = style.theme(dark)
    total = data.groupby("bloc")["n"].sum().sort_values(ascending=False, kind="stable")
    last = [b for b in UNPLACED if b in total.index]
    order = [b for b in total.index if b not in last] + last
    shade = {b: style.legible(dict(colours_of or {}).get(b, theme.other), theme.paper) for b in order}
    title = _voices_title(data, unit, split)
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        left = MARGIN if narrow else MARGIN + 2.2
        over = text_height(1)
        row, room = (0.56 if narrow else 0.4) + over, width - MARGIN - left - 0.4
        marks = initials(map(plain, order), SIGNS)
        keys = [Key("swatch", shade[b], f"{plain(b)} ({marks[plain(b)]})") for b in order]
        # in the colour of a bloc: in grey they would look like blocs that are grey
        hue = shade[order[0]] if order else theme.ink
        how = [Key("swatch", _tint(hue, theme.paper, TINTS[r]), ROLES[r]) if TINTS[r] else Key("frame", hue, ROLES[r])
               for r in ROLES if split and (data["role"] == r).any()]  # fmt: skip
        foot = f"Coded by: {plain(coder)}. These texts were chosen, they are no sample. {plain(source)}"
        by = "country or bloc and role" if split else "bloc"
        subtitle = f"{unit.capitalize()}s by the speaker's {by}; the number is the count. Over the bar: of whom."
        subtitle += " Only officials and bodies speak for a state; its media and experts do not." if split else ""
        groups = [("Colour: of whom" if split else "", keys), ("Fill: who speaks", how)]
        sheet, y = page(title, subtitle, row * len(names), groups, foot, width, theme)
        most = max([int(data.loc[data["doc_id"] == d, "n"].sum()) for d in names] + [1])
        for d, name in names.items():
            lines = row_name(name, width - 2 * MARGIN if narrow else 2.05, narrow)
            bar = y + (0.2 if narrow else 0.04) + over
            sheet.text(MARGIN, y + (0.02 if narrow else max(0, bar - y + 0.14 - text_height(len(lines)) / 2)), lines,
                       bold=True)  # fmt: skip
            x, mine = left, data[data["doc_id"] == d].set_index(["bloc", "role"])["n"]
            at = left
            for b, n in ((b, mine[b].sum()) for b in order if b in mine.index.get_level_values(0)):
                fits = [w for w in (plain(b), marks[plain(b)]) if text_width(w) + 0.03 <= room * n / most]
                sheet.text(at + 0.005, bar - over - 0.01, fits[:1])
                at += room * n / most
            for b, r in ((b, r) for b in order for r in ROLES if (b, r) in mine.index):
                n = int(mine[b, r])
                wide, fill = room * n / most, _tint(shade[b], theme.paper, TINTS[r])
                sheet.box(x + 0.005, bar, max(wide - 0.02, 0.01), 0.28, fill, 3, shade[b], line=1.3,
                          said=f"{name}: {counted(n, unit)} from {_voice(b, r if split else '')}")  # fmt: skip
                if text_width(str(n), bold=True) + 0.06 <= wide:
                    ink = max((theme.paper, theme.ink), key=lambda c: style.contrast(c, fill))
                    sheet.text(x + wide / 2, bar + 0.14, str(n), bold=True, colour=ink, align="center",
                    middle=True)
                x += wide
            sheet.text(x + 0.06, bar + 0.14, str(int(mine.sum())), colour=theme.muted, middle=True)
            y += row
    data = data if split else data.drop(columns="role")
    said = {d: "; ".join(f"{_voice(r.bloc, getattr(r, 'role', ''))} {r.n}" for r in
                         data[data["doc_id"] == d].itertuples()) for d in names}  # fmt: skip
    alt = " ".join([title + "."] + [f"{names[d]}: {said[d] or 'none'}." for d in names])
    return Chart(sheet.fig, title, plain(alt), data.reset_index(drop=True), sheet.places)


def _voices_title(data: pd.DataFrame, unit: str, split: bool) -> str:
    if data.empty:
        return f"No {unit} was coded in these texts"
    of = counted(int(data["n"].sum()), unit)
    placed = data[~data["bloc"].isin(UNPLACED) & data["role"].eq("official")]
    if placed.empty:
        return f"Not one of the {of} is from {'an official' if split else 'a speaker'} of a known bloc"
    beside = int(data.loc[data["role"].ne("official"), "n"].sum())
    title = f"{ROLES['official'].capitalize() if split else 'Speakers'} of {_heard(placed)}"
    return title + (f"; {beside} of {of} are from media, experts and others" if split and beside else f", of {of}")


def _heard(placed: pd.DataFrame, most: int = 4) -> str:
    """How often each bloc's speakers are quoted, the most quoted first; blocs that are quoted as often together.

    >>> _heard(pd.DataFrame({"bloc": ["United States", "Norvia", "Kestria"], "n": [1, 3, 3]}))
    'Kestria and of Norvia are quoted 3 times each, of the United States once'
    """
    total = placed.groupby("bloc")["n"].sum()
    said: list[str] = []
    for n in sorted(set(total), reverse=True):
        blocs = [f"of {the(plain(b))}" for b in total.index[total.eq(n)]]
        times = {1: "once", 2: "twice"}.get(n, f"{n} times")
        said.append(joined(blocs) + ("" if said else " are quoted") + f" {times}" + (" each" if len(blocs) > 1 else ""))
    rest = ", and others less often" if len(said) > most else ""
    return ", ".join(said[:most]).removeprefix("of ") + rest


def _voice(bloc: object, role: str) -> str:
    """Who speaks: in which role, and of which bloc.

    >>> _voice("United States", "medium"), _voice("United States", ""), _voice("not placed", "other")
    ('media of the United States', 'the United States', 'experts and others, not placed')
    """
    who = plain(bloc)
    if who in UNPLACED:
        who = {"other": "of no bloc"}.get(who, who)
        return f"{ROLES[role]}, {who}" if role else who
    return f"{ROLES[role]} of {the(who)}" if role else the(who)


def _tint(colour: str, paper: str, share: float) -> str:
    """The colour laid thinly on paper."""
    mixed = np.asarray(to_rgb(colour)) * share + np.asarray(to_rgb(paper)) * (1 - share)
    return to_hex((float(mixed[0]), float(mixed[1]), float(mixed[2])))


# the twin -----------------------------------------------------------------------------------------------------------


def twin(chart: Chart, actors: pd.DataFrame | None = None) -> str:
    """Return a chart that compares texts as an HTML list: for phones, where a matrix would be too wide.

    Accepts what :func:`claims`, :func:`coverage`, :func:`voices`, :func:`helpers.charts.sources.headlines` or
    :func:`helpers.charts.reuse.shared_runs` returned, and the codebook's actors (actor_id, name), whose names stand for
    their codes. Returns one hidden ``<div class="twin">``, which the style sheet of a page shows on narrow screens
    in the picture's stead: by claim which texts take which side, by text what it tells of the record, whom it quotes or
    how its headline differs, by pair what they share. All text is escaped.

    >>> data = pd.DataFrame({"doc_id": ["a", "a"], "short_name": "<b>Wire</b>", "bloc": ["Norvia", "other"],
    ...                      "n": [2, 1]})
    >>> print(twin(Chart(None, "Two of three", "", data)))
    <div class="twin" hidden>
    <p><strong>Two of three</strong></p>
    <ul>
    <li><b>&lt;b&gt;Wire&lt;/b&gt;</b><br><small>Norvia: 2; of no bloc: 1</small></li>
    </ul>
    </div>
    """
    names = {} if actors is None else dict(zip(actors["actor_id"], actors["name"], strict=True))
    ways: dict[str, tuple[list[str], Callable[[pd.DataFrame], tuple[str, list[str]]]]] = {
        "stance": (["claim_id"], _tells_claim), "state": (["doc_id"], _tells_record),
        "bloc": (["doc_id"], _tells_voices), "place": (["doc_id"], functools.partial(_tells_headline, names=names)),
        "n_words": (["doc_a", "doc_b"], _tells_runs)}  # fmt: skip
    by, tells = next(way for column, way in ways.items() if column in chart.data)
    return as_list((tells(rows) for _, rows in chart.data.groupby(by, sort=False)), chart.title)


def _tells_claim(rows: pd.DataFrame) -> tuple[str, list[str]]:
    by = {s: list(rows.loc[rows["stance"] == s, "short_name"]) for s in (STANCES | BOTH)}
    said = rows["about"].iloc[0].splitlines()
    said += [f"{stance}: {'; '.join(docs)}" for stance, docs in by.items() if docs and stance != "silent"]
    return rows["label"].iloc[0], said + ([f"silent: {counted(len(by['silent']), 'text')}"] if by["silent"] else [])


def _tells_record(rows: pd.DataFrame) -> tuple[str, list[str]]:
    said = []
    for state, words in STATES.items():
        mine = rows[rows["state"] == state]
        told = "; ".join(f"{r.label}, {reading(r.date, r.date)}" for r in mine.itertuples())
        said += [f"{words}: {told if state.startswith('told') else len(mine)}"] if len(mine) else []
    return rows["short_name"].iloc[0], said


def _tells_voices(rows: pd.DataFrame) -> tuple[str, list[str]]:
    said = (f"{_voice(r.bloc, getattr(r, 'role', ''))}: {r.n}" for r in rows.itertuples())
    return rows["short_name"].iloc[0], ["; ".join(said)]


def _tells_headline(rows: pd.DataFrame, names: Mapping[str, str]) -> tuple[str, list[str]]:
    def people(codes: str) -> str:
        return " and ".join(names.get(c, c) for c in codes.split(";") if c)
    said = [f"{r.place}, {people(r.actor) or 'nobody named'}: {r.action}"
            f"{' → ' + people(r.target) if r.target else ''} ({r.certainty})" for r in rows.itertuples()]
    return rows["short_name"].iloc[0], said + [note for note in rows["note"].head(1) if note]


def _tells_runs(rows: pd.DataFrame) -> tuple[str, list[str]]:
    shared = f"{counted(rows['n_words'].sum(), 'word')} in {counted(len(rows), 'run')}"
    return f"{rows['text_a'].iloc[0]} and {rows['text_b'].iloc[0]}", [shared]
