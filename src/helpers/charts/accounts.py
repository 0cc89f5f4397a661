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
from helpers.codebook.naming import ROLES, UNPLACED, counted, the

__all__ = ["claims", "coverage", "twin", "voices"]

STANCES = {
    "asserts": ("happened", "asserts, in its own voice"),
    "attributes": ("announced", "attributes it to someone"),
    "denies": ("denied", "denies it, or says that it is denied"),
    "silent": ("", "silent"),
}
# role → how much of the bloc's colour is laid on the paper: only officials are full, since a country's newspapers and
# professors are not its voice
TINTS = {"official": 1.0, "other": 0.4, "medium": 0.0}
# why a claim is drawn, in the order of the chart
WHY = {
    "between": "Told by one text, denied by another",
    "within": "Told and denied within one text",
    "sides": "The same step, put down to different sides",
    "voice": "Asserted by one text, only attributed by another",
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
    """Draw contested claims by text: asserts, attributes, denies, silent.

    Accepts one row a claim and text: claim_id, label (the claim in our words), doc_id, stance (one of :data:`STANCES`;
    a text without a row is silent), and, if there are such columns, announced_by, denied_by, borne_out (our words, the
    same on each row of a claim); ``documents`` (doc_id, short_name) gives the columns. Returns a :class:`Chart`;
    ``data``: one row a cell (claim_id, label, doc_id, short_name, stance, about: one line each for who announced it,
    who denied it and whether it was borne out). Raises :class:`ValueError` for another
    stance.
    """
    _checked(claims["stance"], STANCES, "A stance")
    names = _names(documents)
    order = claims.drop_duplicates("claim_id")
    stances = claims.drop_duplicates(["claim_id", "doc_id"]).set_index(["claim_id", "doc_id"])["stance"]
    why = _why(claims)
    order = order.assign(why=order["claim_id"].map(why)).sort_values("why", key=lambda w: w.map(list(WHY).index),
                                                                     kind="stable")  # fmt: skip
    data = pd.DataFrame(
        [(c, label, d, names[d], stances.get((c, d), "silent"))
         for c, label in zip(order["claim_id"], order["label"], strict=True) for d in names],
        columns=["claim_id", "label", "doc_id", "short_name", "stance"],
    )  # fmt: skip
    title = _claims_title(data, why)
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
        if any(line.endswith("…") for lines in heads.values() for line in lines):  # numbers, not names cut short
            heads = {d: [str(n)] for n, d in enumerate(names, 1)}
            subtitle += " " + ", ".join(f"{n} {name}" for n, name in enumerate(names.values(), 1)) + "."
        head = text_height(max([len(h) for h in heads.values()] + [1])) + 0.08
        rows, last = [], None
        for r in order.to_dict("records"):
            bold = wrap(r["label"], words, bold=True, most=3)
            soft = [line for part in said[r["claim_id"]] for line in wrap(part, words, most=4)]
            over = 0.0 if r["why"] == last or len(set(why.values())) < 2 else text_height(1) + 0.16
            last = r["why"]
            tall = text_height(len(bold) + len(soft)) + (0.42 if narrow else 0.16)
            rows.append((r["claim_id"], r["label"], WHY[last] if over else "", over, bold, soft, tall))
        keys = [Key("mark", ("talks", f, colours.ink), w) for s, (f, w) in STANCES.items()
                if f and (data["stance"] == s).any()] + [Key("silent", colours.rule, "silent")]  # fmt: skip
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
                if STANCES[stance][0]:
                    sheet.mark(x, middle, "talks", STANCES[stance][0], colours.ink, 10, paper,
                               said=f"{names[d]}: {STANCES[stance][1]} ({label})")  # fmt: skip
                else:
                    sheet.line([x - 0.05, x + 0.05], [middle, middle], colours.rule, 1)
            y += tall
    alt = " ".join([title + "."] + [
        f"{plain(label)}: " + ", ".join(f"{names[d]} {stances.get((c, d), 'silent')}" for d in names)
        + (f" ({'; '.join(said[c])})" if said[c] else "") + "."
        for c, label in zip(order["claim_id"], order["label"], strict=True)
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data, sheet.places)


def _why(claims: pd.DataFrame) -> dict[str, str]:
    """Why each claim is drawn, one of :data:`WHY`."""
    out = {}
    for claim, rows in claims.groupby("claim_id", sort=False):
        stances = set(rows["stance"])
        told = bool(stances & {"asserts", "attributes"})
        if "denies" in stances or ("contested" in rows and rows["contested"].any()):
            out[claim] = "between" if told and "denies" in stances else "within"
        elif "rival" in rows and rows["rival"].any():
            out[claim] = "sides"
        else:
            out[claim] = "voice"
    return out


def _claims_title(data: pd.DataFrame, why: Mapping[str, str]) -> str:
    """Say how many claims are told by one text and denied by another, or what else they differ in."""
    n, tally = len(why), pd.Series(list(why.values()), dtype=object).value_counts()
    clash, within = (int(tally.get(w, 0)) for w in ("between", "within"))
    if not n:
        return "No contested claim was found in these texts"
    if clash:
        first = f"{clash} of {counted(n, 'claim')} on which accounts differ {'is' if clash == 1 else 'are'}"
        return f"{first} told by one text and denied by another"
    voiced = data[data["claim_id"].map(why).eq("voice")].groupby("claim_id")["stance"].agg(set)
    mixed, sides = sum({"asserts", "attributes"} <= s for s in voiced), int(tally.get("sides", 0))
    said = [f"{mixed} {'is' if mixed == 1 else 'are'} asserted by one and only attributed by another"] if mixed else []
    said += [f"in {sides} the same step is put down to different sides"] if sides else []
    said += [f"{within} {'is' if within == 1 else 'are'} told and denied within one text"] if within else []
    return f"No text denies what another tells; of {counted(n, 'claim')}, {', '.join(said)}" if said else \
        f"No text denies what another tells, in {counted(n, 'claim')}"  # fmt: skip


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
    title = _coverage_title(listed, told["event_id"].nunique(), [(n, names[d]) for d, (n, _) in each.items()])
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
                            f"{event.label}, {reading(event.date, event.date)}. {said}")  # fmt: skip
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


def _coverage_title(listed: int, told: int, each: list[tuple[int, str]]) -> str:
    """``each``: of how many entries each text tells, and its name."""
    if not listed:
        return "No public record is listed for this case"
    if not told:
        return f"These texts tell of none of the {counted(listed, 'listed event')}"
    most, fullest = max(each, key=lambda text: text[0])
    more = f"; the fullest, {fullest}, tells of {most}" if len(each) > 1 else ""
    return f"Together these texts tell of {told} of the {counted(listed, 'listed event')}{more}"


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
    with short_name and share (of the text's own). Where roles are told apart the title counts officials for their bloc
    and nobody else. Counts of chosen texts: no interval.
    """
    names, split = _names(documents), "role" in voices
    data = voices[voices["doc_id"].isin(list(names)) & (voices["n"] > 0)]
    data = data if split else data.assign(role="official")
    share = (data["n"] / data.groupby("doc_id")["n"].transform("sum")).round(4)
    data = data.assign(short_name=data["doc_id"].map(names), share=share)
    theme = style.theme(dark)
    total = data.groupby("bloc")["n"].sum().sort_values(ascending=False, kind="stable")
    last = [b for b in UNPLACED if b in total.index]
    order = [b for b in total.index if b not in last] + last
    shade = {b: style.legible(dict(colours_of or {}).get(b, theme.other), theme.paper) for b in order}
    title = _voices_title(data, order, len(names), unit, split)
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        left = MARGIN if narrow else MARGIN + 2.2
        row, room = (0.56 if narrow else 0.4), width - MARGIN - left - 0.4
        keys = [Key("swatch", shade[b], plain(b)) for b in order]
        kinds = [r for r in ROLES if split and (data["role"] == r).any()]
        how = [Key("swatch", _tint(theme.ink, theme.paper, TINTS[r]), ROLES[r]) if TINTS[r] else
               Key("frame", theme.ink, ROLES[r]) for r in kinds]  # fmt: skip
        foot = f"Coded by: {plain(coder)}. These texts were chosen, they are no sample. {plain(source)}"
        by = "country or bloc and role" if split else "bloc"
        subtitle = f"{unit.capitalize()}s by the speaker's {by}; the number is the count."
        subtitle += " Only officials and bodies speak for a state; its media and experts do not." if split else ""
        groups = [("Of" if split else "", keys), ("Who speaks", how)]
        sheet, y = page(title, subtitle, row * len(names), groups, foot, width, theme)
        most = max([int(data.loc[data["doc_id"] == d, "n"].sum()) for d in names] + [1])
        for d, name in names.items():
            lines = row_name(name, width - 2 * MARGIN if narrow else 2.05, narrow)
            bar = y + (0.2 if narrow else 0.06)
            sheet.text(MARGIN, y + (0.02 if narrow else max(0, 0.2 - text_height(len(lines)) / 2)), lines, bold=True)
            x, mine = left, data[data["doc_id"] == d].set_index(["bloc", "role"])["n"]
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
    said = {d: ", ".join(f"{_voice(r.bloc, getattr(r, 'role', ''))} {r.n}" for r in
                         data[data["doc_id"] == d].itertuples()) for d in names}  # fmt: skip
    alt = " ".join([title + "."] + [f"{names[d]}: {said[d] or 'none'}." for d in names])
    return Chart(sheet.fig, title, plain(alt), data.reset_index(drop=True), sheet.places)


def _voices_title(data: pd.DataFrame, order: list[str], texts: int, unit: str, split: bool) -> str:
    if data.empty:
        return f"No {unit} was coded in these texts"
    n = counted(int(data["n"].sum()), unit)
    placed = data[~data["bloc"].isin(UNPLACED) & data["role"].eq("official")]
    if placed.empty:
        return f"Not one of the {n} is from {'an official' if split else 'a speaker'} of a known bloc"
    most_of = placed.groupby("doc_id")["n"].transform("max")
    leads = placed[placed["n"] == most_of].groupby("doc_id")["bloc"].agg(list)
    tally = pd.Series([b for bs in leads for b in bs]).value_counts(sort=False)
    first = [b for b in order if tally.get(b, 0) == tally.max()]
    tied = len(first) > 1 or any(len(bs) > 1 and first[0] in bs for bs in leads)
    if len(first) > 1:
        whose = "No bloc's officials speak" if split else "No bloc speaks"
        title = f"{whose} most in more than {tally.max()} of the {texts} texts"
    elif split:
        verb = "speak most or share the lead" if tied else "speak most"
        title = f"Of officials, those of {the(plain(first[0]))} {verb} in {tally.max()} of the {texts} texts"
    else:
        verb = "speaks most or shares the lead" if tied else "speaks most"
        title = f"Of the blocs, {plain(first[0])} {verb} in {tally.max()} of the {texts} texts"
    spoken = (placed if split else data).groupby("bloc")["n"].sum()
    heard = int(spoken.max() if split else spoken[order[0]])
    most_heard = [b for b in order if spoken.get(b, 0) == heard] if split else order[:1]
    title += f"; of {n}, {heard} {'each are' if len(most_heard) > 1 else 'is' if heard == 1 else 'are'} from "
    title += ("officials of " if split else "") + " and of ".join(the(plain(bloc)) for bloc in most_heard)
    beside = int(data.loc[data["role"].ne("official"), "n"].sum())
    return title + (f" and {beside} from media, experts and others" if split and beside else "")


def _voice(bloc: object, role: str) -> str:
    return plain(bloc) + (f" ({ROLES[role]})" if role else "")


def _tint(colour: str, paper: str, share: float) -> str:
    """The colour laid thinly on paper."""
    mixed = np.asarray(to_rgb(colour)) * share + np.asarray(to_rgb(paper)) * (1 - share)
    return to_hex((float(mixed[0]), float(mixed[1]), float(mixed[2])))


# the twin -----------------------------------------------------------------------------------------------------------


def twin(chart: Chart, actors: pd.DataFrame | None = None) -> str:
    """Return a chart that compares texts as an HTML list: for phones, where a matrix would be too wide.

    Accepts what :func:`claims`, :func:`coverage`, :func:`voices`, :func:`helpers.charts.sources.headlines` or
    :func:`helpers.charts.reuse.shared_runs` returned, and the codebook's actors (actor_id, name), whose names stand for
    their codes. Returns one hidden ``<section class="twin">``, which the style sheet of a page shows on narrow screens
    in the picture's stead: by claim which texts take which side, by text what it tells of the record, whom it quotes or
    how its headline differs, by pair what they share. All text is escaped.

    >>> data = pd.DataFrame({"doc_id": ["a", "a"], "short_name": "<b>Wire</b>", "bloc": ["Norvia", "other"],
    ...                      "n": [2, 1]})
    >>> print(twin(Chart(None, "Two of three", "", data)))
    <section class="twin" aria-label="The chart as a list" hidden>
    <p><strong>Two of three</strong></p>
    <ul>
    <li><b>&lt;b&gt;Wire&lt;/b&gt;</b><br><small>Norvia 2; other 1</small></li>
    </ul>
    </section>
    """
    names = {} if actors is None else dict(zip(actors["actor_id"], actors["name"], strict=True))
    ways: dict[str, tuple[list[str], Callable[[pd.DataFrame], tuple[str, list[str]]]]] = {
        "stance": (["claim_id"], _tells_claim), "state": (["doc_id"], _tells_record),
        "bloc": (["doc_id"], _tells_voices), "place": (["doc_id"], functools.partial(_tells_headline, names=names)),
        "n_words": (["doc_a", "doc_b"], _tells_runs)}  # fmt: skip
    by, tells = next(way for column, way in ways.items() if column in chart.data)
    return as_list((tells(rows) for _, rows in chart.data.groupby(by, sort=False)), chart.title)


def _tells_claim(rows: pd.DataFrame) -> tuple[str, list[str]]:
    by = {s: list(rows.loc[rows["stance"] == s, "short_name"]) for s in STANCES}
    said = rows["about"].iloc[0].splitlines()
    said += [f"{stance}: {'; '.join(by[stance])}" for stance in STANCES if by[stance] and stance != "silent"]
    return rows["label"].iloc[0], said + ([f"silent: {counted(len(by['silent']), 'text')}"] if by["silent"] else [])


def _tells_record(rows: pd.DataFrame) -> tuple[str, list[str]]:
    said = []
    for state, words in STATES.items():
        mine = rows[rows["state"] == state]
        told = "; ".join(f"{r.label}, {reading(r.date, r.date)}" for r in mine.itertuples())
        said += [f"{words}: {told if state.startswith('told') else len(mine)}"] if len(mine) else []
    return rows["short_name"].iloc[0], said


def _tells_voices(rows: pd.DataFrame) -> tuple[str, list[str]]:
    said = (f"{_voice(r.bloc, getattr(r, 'role', ''))} {r.n}" for r in rows.itertuples())
    return rows["short_name"].iloc[0], ["; ".join(said)]


def _tells_headline(rows: pd.DataFrame, names: Mapping[str, str]) -> tuple[str, list[str]]:
    def people(codes: str) -> str:
        return " and ".join(names.get(c, c) for c in codes.split(";") if c)
    said = [f"{r.place}: {people(r.actor) or 'nobody named'} {r.action}"
            f"{' → ' + people(r.target) if r.target else ''} ({r.certainty})" for r in rows.itertuples()]
    return rows["short_name"].iloc[0], said + [note for note in rows["note"].head(1) if note]


def _tells_runs(rows: pd.DataFrame) -> tuple[str, list[str]]:
    shared = f"{counted(rows['n_words'].sum(), 'word')} in {counted(len(rows), 'run')}"
    return f"{rows['text_a'].iloc[0]} and {rows['text_b'].iloc[0]}", [shared]
