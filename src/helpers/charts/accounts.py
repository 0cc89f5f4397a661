"""Where accounts differ: who asserts and who denies, what each leaves out, and whose voices it carries.

Matrices keep one row a claim (or a text) and one column a text (or an event), so that silence is a cell one can see.
Texts are compared with what was knowable on the day they came out: what came later is grey, not missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.charts import style
from helpers.charts.layout import MARGIN, Chart, Key, counted, page, plain, text_height, text_width, wrap

__all__ = ["claims", "coverage", "voices"]

STANCES = {
    "asserts": ("happened", "asserts, in its own voice"),
    "attributes": ("announced", "attributes it to someone"),
    "denies": ("denied", "denies it, or says that it is denied"),
    "silent": ("", "silent"),
}
STATES = {
    "told": "told",
    "told_otherwise": "told otherwise than the record",
    "left_out": "left out",
    "not_yet": "not yet knowable",
}


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
    coder: str = "model",
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw contested claims by text: asserts, attributes, denies, silent.

    Accepts one row a claim and text: claim_id, label (the claim in our words), doc_id, stance (one of :data:`STANCES`;
    a text without a row is silent), and, if there are such columns, announced_by, denied_by, borne_out (our words, the
    same on each row of a claim); ``documents`` (doc_id, short_name) gives the columns. Returns a :class:`Chart`;
    ``data``: one row a cell (claim_id, label, doc_id, short_name, stance). Raises :class:`ValueError` for another
    stance.
    """
    _checked(claims["stance"], STANCES, "A stance")
    names = _names(documents)
    order = claims.drop_duplicates("claim_id")
    stances = claims.drop_duplicates(["claim_id", "doc_id"]).set_index(["claim_id", "doc_id"])["stance"]
    data = pd.DataFrame(
        [(c, label, d, names[d], stances.get((c, d), "silent"))
         for c, label in zip(order["claim_id"], order["label"], strict=True) for d in names],
        columns=["claim_id", "label", "doc_id", "short_name", "stance"],
    )  # fmt: skip
    by = data.groupby("claim_id")["stance"].agg(set) if len(data) else pd.Series(dtype=object)
    clash = int(sum("denies" in s and bool(s & {"asserts", "attributes"}) for s in by))
    n = len(order)
    if not n:
        title = "No contested claim was found in these texts"
    elif not clash:
        own = int(sum("denies" in s for s in by))
        title = f"No text denies what another tells, in {counted(n, 'claim')}"
        title += f"; {own} {'is' if own == 1 else 'are'} told and denied within one text" if own else ""
    else:
        verb = "is" if clash == 1 else "are"
        title = f"{clash} of {counted(n, 'contested claim')} {verb} told by one text and denied by another"
    said = {}
    for r in order.to_dict("records"):
        parts = [f"{w}: {plain(r[c])}" for c, w in (("announced_by", "announced by"), ("denied_by", "denied by"),
                                                    ("borne_out", "borne out")) if plain(r.get(c))]  # fmt: skip
        said[r["claim_id"]] = "; ".join(parts)
    colours = style.theme(dark)
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        longest = max((text_width(w) for name in names.values() for w in name.split()), default=0) + 0.1
        spare = width - 2 * MARGIN - 0.15 - longest * len(names)      # what is left when no name is cut
        words = width - 2 * MARGIN if narrow else min(3.4, max(2.2, spare))
        room = (width - 2 * MARGIN - (0 if narrow else words + 0.15)) / max(1, len(names))
        heads = {d: wrap(name, room - 0.08, most=4) for d, name in names.items()}
        head = text_height(max([len(h) for h in heads.values()] + [1])) + 0.08
        rows = []
        for r in order.to_dict("records"):
            bold, soft = wrap(r["label"], words, bold=True, most=3), wrap(said[r["claim_id"]], words, most=4)
            rows.append((r["claim_id"], bold, soft, text_height(len(bold) + len(soft)) + (0.42 if narrow else 0.16)))
        keys = [Key("mark", ("talks", f, colours.ink), w) for s, (f, w) in STANCES.items()
                if f and (data["stance"] == s).any()]  # fmt: skip
        foot = f"An empty cell: the text is silent. Coded by: {plain(coder)}. {plain(source)}"
        high = head + sum(r[-1] for r in rows)
        sheet, y = page(title, "One row a claim, one column a text.", high, [("", keys)], foot, width, colours)
        left = MARGIN if narrow else MARGIN + words + 0.15
        for k, d in enumerate(names):
            lines = heads[d]
            sheet.text(left + k * room, y + head - 0.06 - text_height(len(lines)), lines, bold=False)
        y += head
        for n, (claim, bold, soft, high) in enumerate(rows):
            paper = colours.paper if n % 2 else colours.band
            sheet.box(MARGIN - 0.1, y, width - 2 * MARGIN + 0.2, high, paper, above=0)
            sheet.text(MARGIN, y + 0.07, bold, bold=True)
            sheet.text(MARGIN, y + 0.07 + text_height(len(bold)), soft, colour=colours.muted)
            middle = y + high - 0.2 if narrow else y + high / 2
            for k, d in enumerate(names):
                fill = STANCES[stances.get((claim, d), "silent")][0]
                x = left + k * room + 0.1
                if fill:
                    sheet.mark(x, middle, "talks", fill, colours.ink, 10, paper)
                else:
                    sheet.line([x - 0.05, x + 0.05], [middle, middle], colours.rule, 1)
            y += high
    alt = " ".join([title + "."] + [
        f"{plain(label)}: " + ", ".join(f"{names[d]} {stances.get((c, d), 'silent')}" for d in names)
        + (f" ({said[c]})" if said[c] else "") + "."
        for c, label in zip(order["claim_id"], order["label"], strict=True)
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data)


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
    each = {d: (int((told["doc_id"] == d).sum()), int(((data["doc_id"] == d) & (data["state"] != "not_yet")).sum()))
            for d in names}  # fmt: skip
    if not listed:
        title = "No public record is listed for this case"
    elif told.empty:
        title = f"These texts tell of none of the {counted(listed, 'listed event')}"
    else:
        best = max(each, key=lambda d: each[d][0])
        title = f"Together these texts tell of {told['event_id'].nunique()} of the {counted(listed, 'listed event')}"
        if len(names) > 1:
            title += f"; the fullest, {names[best]}, tells of {each[best][0]}"
    colours = style.theme(dark)
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        words = width - 2 * MARGIN if narrow else 1.9
        left = MARGIN if narrow else MARGIN + words
        right = text_width("told 000 of 000") + 0.12
        room = width - MARGIN - left - right - 0.1 * max(0, len(called) - 1)
        cell = min(0.16, room / max(1, listed))
        # names of tracks stand over their columns where there is room, else in lines above
        heads, x = [], left
        for t, name in called.items():
            n = int((events["track"] == t).sum())
            heads.append((t, name, x, n))
            x += n * cell + 0.1
        fits = all(text_width(name) <= max(n * cell, 0.4) + 0.05 for _, name, _, n in heads)
        key_line = "" if fits else " Tracks from left to right: " + ", ".join(name for _, name, _, _ in heads) + "."
        row, head = (0.52 if narrow else 0.36), (text_height(1) + 0.06 if fits else 0.04)
        shades = {"told": colours.ink, "told_otherwise": "#d55e00" if not dark else "#ff8a3d", "left_out":
        colours.paper,
                  "not_yet": colours.rule}  # fmt: skip
        keys = [Key("swatch" if s != "left_out" else "frame", shades[s] if s != "left_out" else colours.grey, w)
                for s, w in STATES.items() if (data["state"] == s).any()]  # fmt: skip
        subtitle = "One column a listed event, in order of time within its track; one row a text." + key_line
        foot = f"The record is a list made for this case, not all that happened. {plain(source)}"
        sheet, y = page(title, subtitle, head + row * len(names), [("", keys)], foot, width, colours)
        if fits:
            for _, name, x, _ in heads:
                sheet.text(x, y, name, colour=colours.muted)
        y += head
        for d, name in names.items():
            bar = y + (0.2 if narrow else 0.05)
            lines = wrap(name, words - 0.1, bold=True, most=1 if narrow else 2)
            sheet.text(MARGIN, y + (0.02 if narrow else max(0, 0.18 - text_height(len(lines)) / 2)), lines, bold=True)
            for t, _, x, _ in heads:
                for k, event in enumerate(events.loc[events["track"] == t, "event_id"]):
                    state = states.get((event, d), "left_out")
                    sheet.box(x + k * cell, bar, cell * 0.86, 0.24, shades[state], 3, colours.grey, line=(
                        0.6 if state == "left_out" and cell > 0.03 else 0))  # fmt: skip
            sheet.text(x + heads[-1][3] * cell + 0.08 if heads else left, bar + 0.12,
                       f"told {each[d][0]} of {each[d][1]}", middle=True, colour=colours.muted)  # fmt: skip
            y += row
    by_track = told.groupby(["doc_id", "track"]).size()
    alt = " ".join([title + "."] + [
        f"{names[d]}: told {a} of {b} that it could know; "
        + ", ".join(f"{called[t]} {by_track.get((d, t), 0)} of {n}" for t, _, _, n in heads) + "."
        for d, (a, b) in each.items()
    ])  # fmt: skip
    return Chart(sheet.fig, title, plain(alt), data.reset_index(drop=True))


def voices(
    voices: pd.DataFrame,
    documents: pd.DataFrame,
    *,
    colours_of: Mapping[str, str] | None = None,
    unit: str = "quotation",
    coder: str = "model",
    source: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw whose voices each text carries: quotations by the speaker's bloc, with their numbers.

    Accepts one row a text and bloc: doc_id, bloc, n; ``documents`` (doc_id, short_name) gives the rows; ``colours_of``:
    bloc → ``#rrggbb`` (a bloc without one is grey); ``unit``: what is counted. Returns a :class:`Chart`; ``data``: the
    rows with short_name and share (of the text's own). Counts of chosen texts: no interval.
    """
    names = _names(documents)
    data = voices[voices["doc_id"].isin(list(names)) & (voices["n"] > 0)]
    share = (data["n"] / data.groupby("doc_id")["n"].transform("sum")).round(4)
    data = data.assign(short_name=data["doc_id"].map(names), share=share)
    theme = style.theme(dark)
    total = data.groupby("bloc")["n"].sum().sort_values(ascending=False, kind="stable")
    order = [b for b in total.index if b != "other"] + [b for b in total.index if b == "other"]
    shade = {b: style.legible(dict(colours_of or {}).get(b, theme.other), theme.paper) for b in order}
    leads = data.loc[data.groupby("doc_id")["n"].transform("max") == data["n"]].groupby("doc_id")["bloc"].agg(list)
    if data.empty:
        title = f"No {unit} was coded in these texts"
    else:
        tally = pd.Series([b for bs in leads for b in bs]).value_counts(sort=False)
        first = [b for b in order if tally.get(b, 0) == tally.max()]
        tied = len(first) > 1 or any(len(bs) > 1 and first[0] in bs for bs in leads)
        if len(first) > 1:
            title = f"No bloc speaks most in more than {tally.max()} of the {len(names)} texts"
        else:
            verb = "speaks most, alone or with another," if tied else "speaks most"
            title = f"{plain(first[0])} {verb} in {tally.max()} of the {len(names)} texts"
        title += f"; {total.iloc[0]} of {counted(int(total.sum()), unit)}: {plain(total.index[0])}"
    width = style.NARROW if narrow else style.WIDTH
    with style.look(dark):
        left = MARGIN if narrow else MARGIN + 2.2
        row, room = (0.56 if narrow else 0.4), width - MARGIN - left - 0.4
        keys = [Key("swatch", shade[b], plain(b)) for b in order]
        foot = f"Coded by: {plain(coder)}. These texts were chosen, they are no sample. {plain(source)}"
        sheet, y = page(title, f"{unit.capitalize()}s by the speaker's bloc; the number is the count.", row *
        len(names),
                        [("", keys)], foot, width, theme)  # fmt: skip
        most = max([int(data.loc[data["doc_id"] == d, "n"].sum()) for d in names] + [1])
        for d, name in names.items():
            lines = wrap(name, 2.05 if not narrow else width - 2 * MARGIN, bold=True, most=1 if narrow else 2)
            bar = y + (0.2 if narrow else 0.06)
            sheet.text(MARGIN, y + (0.02 if narrow else max(0, 0.2 - text_height(len(lines)) / 2)), lines, bold=True)
            x, mine = left, data[data["doc_id"] == d].set_index("bloc")["n"]
            for b in (b for b in order if b in mine.index):
                wide = room * int(mine[b]) / most
                sheet.box(x, bar, max(wide - 0.015, 0.01), 0.28, shade[b], 3)
                if text_width(str(mine[b]), bold=True) + 0.06 <= wide:
                    ink = max((theme.paper, theme.ink), key=lambda c: style.contrast(c, shade[b]))
                    sheet.text(x + wide / 2, bar + 0.14, str(mine[b]), bold=True, colour=ink, align="center",
                    middle=True)
                x += wide
            sheet.text(x + 0.06, bar + 0.14, str(int(mine.sum())), colour=theme.muted, middle=True)
            y += row
    said = {d: ", ".join(f"{plain(r.bloc)} {r.n}" for r in data[data["doc_id"] == d].itertuples()) for d in names}
    alt = " ".join([title + "."] + [f"{names[d]}: {said[d] or 'none'}." for d in names])
    return Chart(sheet.fig, title, plain(alt), data.reset_index(drop=True))
