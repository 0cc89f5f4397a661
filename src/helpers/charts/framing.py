"""Which frames each text uses, and in whose voice: counts over n, own voice filled, quoted voice hollow.

Texts that were chosen are a census, not a sample: counts are drawn as they are, without intervals and without tests.
Headlines and standfirsts stand apart from the body, left of the line from which its counts grow, since they are written
by someone else for another purpose. A frame keeps its place in every text, so that rows are compared along one line
(Cleveland's dot plot, FT Visual Vocabulary "dot plot"; small multiples share their scale).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.charts import style
from helpers.charts.layout import (
    Chart,
    Sheet,
    as_list,
    flow,
    heading,
    plain,
    set_heading,
    text_height,
    text_width,
    wrap,
)
from helpers.charts.style import SMALL
from helpers.codebook.naming import counted, initials, joined

__all__ = ["by_text", "frame_counts", "say_frames", "twin"]

M = 0.28
HEADS = {"title": ("law", "headline"), "dek": ("offer", "standfirst")}  # part of the page → its mark, what it is called
MARK = 0.11  # inches that a mark of a headline or standfirst takes
FEW = 5  # marks of headlines and standfirsts that are drawn one by one; of more, one with their number


def frame_counts(frames: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Count the sentences of each text that carry a frame, by part of the page and voice.

    Accepts the tables ``frames`` (or ``adjudicated_frames``: doc_id, sentence_id, frame, voice) and ``sentences``
    (sentence_id, section; captions are left out). Returns doc_id, frame, section (``title``, ``dek``, ``body``), voice
    and n.

    >>> f = pd.DataFrame({"doc_id": ["a"], "sentence_id": ["a1"], "frame": ["cost"], "voice": ["quoted"]})
    >>> frame_counts(f, pd.DataFrame({"sentence_id": ["a1"], "section": ["title"]})).values.tolist()
    [['a', 'cost', 'title', 'quoted', 1]]
    """
    section = frames["sentence_id"].map(sentences.set_index("sentence_id")["section"])
    frames = frames[section.ne("caption").fillna(True)]
    part = section[frames.index].map(lambda s: s if s in HEADS else "body")
    counts = (
        frames.assign(section=part, voice=frames["voice"].fillna("outlet"))
        .groupby(["doc_id", "frame", "section", "voice"], observed=True)["sentence_id"]
        .nunique()
    )
    return counts.rename("n").reset_index()


def by_text(
    frames: pd.DataFrame,
    documents: pd.DataFrame,
    sentences: pd.DataFrame,
    *,
    frames_order: Sequence[str] | None = None,
    labels: Mapping[str, str] | None = None,
    coder: str,
    source: str = "",
    layer: str = "adjudicated",
    ranges: pd.DataFrame | None = None,
    doubtful: Sequence[str] = (),
    title: str = "",
    dark: bool = False,
    narrow: bool = False,
) -> Chart:
    """Draw frame by text as counts: one column a text, one row a frame, outlet's own voice filled, quoted voice hollow.

    Accepts

    - ``frames``: the table ``frames`` or ``adjudicated_frames``;
    - ``documents``: the table ``documents`` (doc_id, short_name), whose order is the columns' order;
    - ``sentences``: the table ``sentences`` (sentence_id, doc_id, section), every sentence of the texts, coded or not;
    - ``frames_order``: frames in the order of the rows (else the most used first); ``labels``: frame → what to call it;
    - ``ranges``: doc_id, frame, low, high, the least and most body sentences that any coder counts, and a column a
      coder; a bracket under the dots or the bar where coders differ, and where the lead is not every coder's the
      initials of each by whom the frame leads, beside its number, and a word in the title.
      ``doubtful``: frames on which coders agree too little; their rows are marked †;
    - ``coder``, ``layer``, ``source``: for the source line; ``title``: a title in the finding's stead; ``dark``;
      ``narrow``: 420 px wide, texts below one another.

    Returns a :class:`Chart`; ``data`` has one row a mark: doc_id, short_name, frame, section, voice, n (sentences), of
    (sentences of that part of the text). A sentence with two frames counts for both.
    """
    docs = list(documents["doc_id"])
    names = {d: plain(s) if pd.notna(s) else d for d, s in zip(docs, documents["short_name"], strict=True)}
    counts = frame_counts(frames[frames["doc_id"].isin(docs)], sentences)
    totals = counts.groupby("frame")["n"].sum().sort_values(ascending=False, kind="stable")
    order = [f for f in (frames_order if frames_order is not None else totals.index)]
    order += [f for f in totals.index if f not in order]
    called = {f: plain((labels or {}).get(f, str(f).replace("_", " "))) for f in order}
    apart = {} if ranges is None else {(d, f): (int(lo), int(hi)) for d, f, lo, hi in
             ranges[["doc_id", "frame", "low", "high"]].itertuples(index=False) if lo != hi}  # fmt: skip
    part = sentences["section"].map(lambda s: s if s in HEADS else "body")
    of = sentences[sentences["section"] != "caption"].groupby(["doc_id", part]).size()
    data = counts.assign(
        short_name=counts["doc_id"].map(names),
        of=[int(of.get((d, s), 0)) for d, s in zip(counts["doc_id"], counts["section"], strict=True)],
    )
    data["frame"] = pd.Categorical(data["frame"], order)
    data["doc_id"] = pd.Categorical(data["doc_id"], docs)
    data = data.sort_values(["doc_id", "frame", "section", "voice"], ignore_index=True).astype(
        {"frame": "string", "doc_id": "string"}
    )[["doc_id", "short_name", "frame", "section", "voice", "n", "of"]]
    title = title or _title(data, called, len(docs), _quoted(frames, sentences, docs), ranges, layer)
    colours = style.theme(dark)
    with style.look(dark):
        sheet = _draw(data, docs, names, order, called, title, coder, source, colours, of, narrow, apart,
                      [f for f in doubtful if f in order], _leaders(ranges, layer))  # fmt: skip
    return Chart(sheet.fig, title, _alt(title, data, docs, names, called, of), data, sheet.places)


def _lead(data: pd.DataFrame) -> pd.Series:
    """Each text's most used frames in the body (all that share the first place), by doc_id."""
    body = data[data["section"] == "body"].groupby(["doc_id", "frame"], sort=False)["n"].sum()
    return body[body == body.groupby(level=0).transform("max")].reset_index().groupby("doc_id")["frame"].agg(list)


def say_frames(frames: pd.DataFrame, documents: pd.DataFrame, sentences: pd.DataFrame, *,
               labels: Mapping[str, str] | None = None, ranges: pd.DataFrame | None = None,
               layer: str = "adjudicated") -> str:
    """Return the title of :func:`by_text` without drawing it."""
    docs = list(documents["doc_id"])
    data = frame_counts(frames[frames["doc_id"].isin(docs)], sentences)
    totals = data.groupby("frame")["n"].sum().sort_values(ascending=False, kind="stable")
    data = data.assign(frame=pd.Categorical(data["frame"], list(totals.index)),
                       doc_id=pd.Categorical(data["doc_id"], docs))  # fmt: skip
    data = data.sort_values(["doc_id", "frame", "section", "voice"]).astype({"frame": "string", "doc_id": "string"})
    called = {f: plain((labels or {}).get(f, str(f).replace("_", " "))) for f in totals.index}
    return _title(data, called, len(docs), _quoted(frames, sentences, docs), ranges, layer)


def _quoted(frames: pd.DataFrame, sentences: pd.DataFrame, docs: Sequence[str]) -> tuple[int, int]:
    """How many body sentences with a frame have their first one in a quoted voice, and how many there are."""
    section = frames["sentence_id"].map(sentences.set_index("sentence_id")["section"])
    body = frames[frames["doc_id"].isin(docs) & ~section.isin([*HEADS, "caption"])]
    first = (body.sort_values("rank", kind="stable") if "rank" in body else body).drop_duplicates("sentence_id")
    return int(first["voice"].eq("quoted").sum()), len(first)


def _leaders(ranges: pd.DataFrame | None, layer: str) -> dict[str, list[tuple[str, str]]]:
    """By coder the texts and the frames that lead them; who coded some texts alone says nothing about how many a frame
    leads in, and is left out."""
    known = {"doc_id", "frame", "low", "high", "apart", "short_name", *(["machine"] if layer != "machine" else [])}
    out: dict[str, list[tuple[str, str]]] = {}
    if ranges is None:
        return out
    for coder in (c for c in ranges.columns if c not in known):
        counts = ranges.set_index(["doc_id", "frame"])[coder]
        best = counts[(counts == counts.groupby(level=0).transform("max")) & (counts > 0)]
        if len(best) and not counts.isna().any():
            out[coder] = list(best.index)
    return out


def _led_by(ranges: pd.DataFrame | None, frame: str, layer: str) -> dict[str, tuple[bool, list[str]]]:
    """By coder whether a frame leads in as many texts as any, and which others lead in as many or more."""
    out = {}
    for coder, led in _leaders(ranges, layer).items():
        tally = pd.Series([f for _, f in led]).value_counts()
        first = tally.index[tally == tally.max()]
        out[coder] = frame in first, sorted(f for f in first if f != frame)
    return out


def _title(data: pd.DataFrame, called: Mapping[str, str], n: int, quoted: tuple[int, int],
           ranges: pd.DataFrame | None = None, layer: str = "adjudicated") -> str:
    leads = _lead(data)
    if leads.empty:
        return "No frame was coded in the body of these texts"
    tally = pd.Series([f for fs in leads for f in fs]).value_counts(sort=False)
    first = tally.index[tally == tally.max()]
    voice = f"quoted voices carry {quoted[0]} of {counted(quoted[1], 'body sentence')} with a frame"
    if tally.max() == 1 < n:
        return f"No frame leads in more than 1 of the {n} texts; {voice}"
    name = joined([called[f] for f in first])
    alone = sum(fs == [first[0]] for fs in leads)
    shared = int(tally.max()) - alone
    if len(first) > 1:
        return f"{name[:1].upper()}{name[1:]} each lead or share the lead in {tally.max()} of the {n} texts; {voice}"
    leading = f"leads in {alone} of the {n} texts" + (f" and shares the lead in {shared}" if shared else "")
    leading = leading if alone else f"shares the lead in {shared} of the {n} texts"
    # a lead that only one coder sees is no finding about the texts
    led = _led_by(ranges, first[0], layer)
    by = [plain(c) for c, (most, others) in led.items() if most and not others]
    doubt = [f"by {plain(c)} {'no more' if most else 'less'} often than {joined([called.get(f, f) for f in others])}"
             for c, (most, others) in led.items() if others]  # fmt: skip
    said = ", ".join([*([f" by coder {joined(by)}"] if by else [""]), *doubt]) if doubt else ""
    return f"{name[:1].upper()}{name[1:]} {leading}{said}; {voice}"


def _alt(title, data, docs, names, called, of) -> str:
    parts = [title + ".", "Sentences of each text and frame: filled, the outlet's own voice; hollow, a quoted voice."]
    for d in docs:
        rows = data[(data["doc_id"] == d) & (data["section"] == "body")]
        top = rows.groupby("frame", sort=False)["n"].sum().nlargest(3, keep="all")
        said = ", ".join(f"{called[f]} {n}" for f, n in top.items()) or "no frame"
        parts.append(f"{names[d]} ({of.get((d, 'body'), 0)} body sentences): {said}.")
    return " ".join(parts)


def _draw(data, docs, names, order, called, title, coder, source, colours, of, narrow, apart, doubtful, led):
    width = style.NARROW if narrow else style.WIDTH
    per_row = 1 if narrow else 5
    name_width = max([text_width(called[f] + (" †" if f in doubtful else "")) for f in order] + [0.5]) + 0.15
    room = (width - 2 * M - name_width) / max(1, min(per_row, len(docs)))
    slots, slot = _slots(data)
    lead = {(d, f) for d, frames in _lead(data).items() for f in frames}
    by: dict[tuple[str, str], list[str]] = {}
    for who, place in ((plain(who), place) for who, where in led.items() for place in where):
        by.setdefault(place, []).append(who)
    doubt = {place: few for place, few in by.items() if len(few) < len(led)}
    signs = initials(who for who in map(plain, led) if any(who in few for few in doubt.values()))
    marks = {place: " ".join(signs[who] for who in few) for place, few in doubt.items()}
    beside = max(map(text_width, marks.values()), default=-0.04) + 0.04
    # the longest row sets the step, the same in all columns; where dots would be too small they close up to a bar
    most = data[data["section"] == "body"].groupby(["doc_id", "frame"])["n"].sum().max() if len(data) else 1
    most = max([1 if pd.isna(most) else most, *(high for _, high in apart.values())])
    step = (room - slot - 0.17 - text_width(str(most), bold=True) - beside) / most
    bars = step * 72 * 0.82 < 3.5
    step = step if bars else min(0.12, step)
    subtitle = (
        "Body sentences that carry a frame. "
        + ("A bar is as long as its sentences are many" if bars else "One dot a sentence")
        + ": filled in the outlet's own voice, hollow in a quoted voice. A sentence with two frames stands in both "
        "rows."
    )
    if slot:
        subtitle += " Left of the line: headline and standfirst (the lines under it), a mark a sentence, which the "
        subtitle += "number leaves out."
    if apart:
        subtitle += " The bracket below runs from the fewest body sentences that any coder counts to the most."
    head, sub, head_height = heading(title, subtitle, width, M)
    dagger = "† coders agree too little on it (alpha below .667). " if doubtful else ""
    foot = wrap(
        f"Frames coded by: {plain(coder)}. These texts were chosen, they are no sample: counts, no intervals. "
        f"{dagger}{plain(source)}",
        width - 2 * M,
    )
    called = {f: f"{name} †" if f in doubtful else name for f, name in called.items()}
    blocks = [docs[i : i + per_row] for i in range(0, len(docs), per_row)] or [[]]
    lane = 0.3 if apart else 0.235
    tops = {d: wrap(names[d], room - 0.14, SMALL, True, most=3) for d in docs}
    # on a phone each text lists only its own frames
    rows_of = [
        order if not narrow else [f for f in order if ((data["doc_id"] == b[0]) & (data["frame"] == f)).any()]
        for b in blocks
        if b
    ] or [order]
    heads = [max([len(tops[d]) for d in block] + [1]) * text_height(1) + text_height(1) + 0.1 for block in blocks]
    bodies = [h + lane * len(r) + 0.26 for h, r in zip(heads, rows_of, strict=True)]
    keys = [("talks", "happened", "own voice"), ("talks", "claimed", "quoted voice")]
    heads_ = set(zip(data["section"], data["voice"], strict=True))
    keys += [(shape, fill, words + more) for section, (shape, words) in HEADS.items() for voice, fill, more in (
        ("outlet", "happened", ""), ("quoted", "claimed", ", quoted")) if (section, voice) in heads_]  # fmt: skip
    keys += [("bracket", "", "fewest to most that any coder counts")] if apart else []
    keys += [("number", "", "in bold: it leads its text")] if lead else []
    keys += [("sign", sign, f"it leads by coder {who}, not by all") for who, sign in signs.items()]
    spots = flow([0.18 + text_width(words) for _, _, words in keys], width - 2 * M, 0.22)
    legend = text_height(spots[-1][0] + 1)
    height = 0.25 + head_height + 0.15 + sum(bodies) + legend + 0.2 + text_height(len(foot)) + 0.15
    sheet = Sheet(width, height, colours)
    set_heading(sheet, head, sub, M, 0.25)
    y = 0.25 + head_height + 0.15
    for block, top, frames, body in zip(blocks, heads, rows_of, bodies, strict=True):
        for k, frame in enumerate(frames):
            if k % 2 == 0:
                sheet.box(M - 0.1, y + top + lane * k, width - 2 * M + 0.2, lane, colours.band, above=0)
            sheet.text(M, y + top + lane * (k + 0.5), called[frame], middle=True)
        for j, d in enumerate(block):
            x = M + name_width + j * room
            sheet.text(x, y, tops[d], SMALL, True)
            n = int(of.get((d, "body"), 0))
            sheet.text(x, y + text_height(len(tops[d])), counted(n, "body sentence"), colour=colours.muted)
            sheet.line([x + slot - 0.04] * 2, [y + top, y + top + lane * len(frames)], colours.rule, 0.8)
            for k, frame in enumerate(frames):
                paper = colours.band if k % 2 == 0 else colours.paper
                here = data[(data["doc_id"] == d) & (data["frame"] == frame)]
                if len(here):
                    sheet.place(x, y + top + lane * k, room - 0.06, lane,
                                _said(names[d], called[frame], here, apart.get((d, frame))))  # fmt: skip
                _row(sheet, here, x, y + top + lane * (k + 0.5), slots, slot, step, bars, paper, apart.get((d, frame)),
                     (d, frame) in lead, marks.get((d, frame), ""))  # fmt: skip
        y += body
    for (row, left), key in zip(spots, keys, strict=True):
        _key(sheet, M + left, y - 0.08 + text_height(1) * (row + 0.5), *key, bars)
    sheet.text(M, height - 0.15 - text_height(len(foot)), foot, colour=colours.muted)
    return sheet


def _slots(data: pd.DataFrame) -> tuple[dict[str, float], float]:
    """Inches that the marks of headlines and of standfirsts take, the same in all columns, and what both take."""
    slots = {}
    for section in HEADS:
        heads = data[data["section"] == section]
        wide = heads["n"].map(_wide).groupby([heads["doc_id"], heads["frame"]]).sum().max()
        slots[section] = 0.0 if pd.isna(wide) else wide + 0.03
    return slots, sum(slots.values()) + (0.05 if any(slots.values()) else 0)


def _key(sheet: Sheet, x: float, y: float, shape: str, fill: str, words: str, bars: bool) -> None:
    """Draw what one mark means, its middle at y."""
    if shape == "bracket":
        _bracket(sheet, x, x + 0.12, y + 0.03)
    elif shape in ("number", "sign"):
        sheet.text(x + 0.06, y, fill or "9", bold=not fill, align="center", middle=True)
    elif bars and shape == "talks":
        _bar(sheet, x, y, 0.13, fill, sheet.colours.paper)
    else:
        sheet.mark(x + 0.06, y, shape, fill, sheet.colours.ink, 7)
    sheet.text(x + 0.18, y, words, middle=True)


def _said(text: str, frame: str, rows: pd.DataFrame, apart: tuple[int, int] | None = None) -> str:
    """What the marks of a frame in a text say to a pointer."""
    by = rows.set_index(["section", "voice"])["n"].to_dict()
    parts = [(by.get(("body", "outlet"), 0), "in its own voice"), (by.get(("body", "quoted"), 0), "in a quoted voice"),
             *((sum(n for (part, _), n in by.items() if part == section), f"in the {called}")
               for section, (_, called) in HEADS.items())]  # fmt: skip
    said = f"{text}, {frame}: " + ", ".join(f"{n} {words}" for n, words in parts if n)
    return said + (f"; coders count {apart[0]} to {apart[1]} in the body" if apart else "")


def _wide(n: int) -> float:
    """Inches that the marks of so many headlines or standfirsts take."""
    return MARK * n if n <= FEW else MARK + text_width(f"×{n}") + 0.06


def _bar(sheet: Sheet, x: float, y: float, long: float, fill: str, paper: str) -> None:
    """Draw a bar from x, in the middle of a row: filled for the own voice, hollow for a quoted one."""
    ink = sheet.colours.ink
    sheet.box(x, y - 0.05, long, 0.1, ink if fill == "happened" else paper, 3, ink, line=0.9)


def _bracket(sheet: Sheet, low: float, high: float, y: float) -> None:
    """Draw a bracket from low to high that opens upwards, its foot at y."""
    sheet.line([low, low, high, high], [y - 0.05, y, y, y - 0.05], sheet.colours.ink, 1.4)


def _row(sheet: Sheet, rows: pd.DataFrame, x: float, y: float, slots: Mapping[str, float], slot: float, step: float,
         bars: bool, paper: str, apart: tuple[int, int] | None, leads: bool, signs: str) -> None:  # fmt: skip
    """Draw one frame in one text: headline and standfirst, the body's dots or bar with its number (bold where it leads
    the text) and the coders by whom it leads, and under it the range between coders."""
    ink = sheet.colours.ink
    y -= 0.03 if apart else 0
    n = {(part, voice): int(k) for part, voice, k in rows[["section", "voice", "n"]].itertuples(index=False)}
    left = x
    for section, (shape, _) in HEADS.items():
        at = left
        for voice, fill in (("outlet", "happened"), ("quoted", "claimed")):
            many = n.get((section, voice), 0)
            for k in range(min(many, 1) if many > FEW else many):
                sheet.mark(at + (k + 0.5) * MARK, y, shape, fill, ink, 6.5, paper)
            if many > FEW:
                sheet.text(at + MARK + 0.02, y, f"×{many}", middle=True)
            at += _wide(many)
        left += slots[section]
    left = start = x + slot
    for voice, fill in (("outlet", "happened"), ("quoted", "claimed")):
        many = n.get(("body", voice), 0)
        if bars and many:
            _bar(sheet, left, y, many * step, fill, paper)
        else:
            for k in range(many):
                sheet.mark(left + (k + 0.5) * step, y, "talks", fill, ink, min(7.0, step * 72 * 0.82), paper)
        left += many * step
    if apart:
        _bracket(sheet, start + apart[0] * step, start + apart[1] * step, y + 0.13)
    if n or apart:
        total = sum(k for (part, _), k in n.items() if part == "body")
        colour = sheet.colours.ink if leads else sheet.colours.muted
        sheet.text(left + 0.05, y, str(total), bold=leads, colour=colour, middle=True)
        if signs:
            sheet.text(left + 0.09 + text_width(str(total), bold=leads), y, signs, middle=True)


# the twin -----------------------------------------------------------------------------------------------------------


def twin(chart: Chart, *, labels: Mapping[str, str] | None = None, ranges: pd.DataFrame | None = None) -> str:
    """Return the chart of :func:`by_text` as an HTML list: for phones, where its columns would be too wide.

    Accepts the chart, and the ``labels`` and ``ranges`` that it was drawn with. Returns one hidden ``<div
    class="twin">``, which the style sheet of a page shows on narrow screens in the picture's stead: by text the frames
    of its body, the most used first, and those of its headline and standfirst. All text is escaped.

    >>> data = pd.DataFrame({"doc_id": "a", "short_name": "<b>Wire</b>", "frame": ["law", "law", "cost"], "of": 9,
    ...                      "section": ["body", "body", "title"], "voice": ["outlet", "quoted", "outlet"], "n": 1})
    >>> print(twin(Chart(None, "Law leads", "", data)))
    <div class="twin" hidden>
    <ul>
    <li><b>&lt;b&gt;Wire&lt;/b&gt;</b><br><small>of 9 body sentences:<br>law 2 (1 quoted)<br>headline: cost</small></li>
    </ul>
    </div>
    """
    known = {} if ranges is None else {(d, f): (lo, hi) for d, f, lo, hi in
             ranges[["doc_id", "frame", "low", "high"]].itertuples(index=False) if lo != hi}  # fmt: skip

    def name(frame: str) -> str:
        return (labels or {}).get(frame, str(frame).replace("_", " "))

    items = []
    for doc_id, rows in chart.data.groupby("doc_id", sort=False):
        body = rows[rows["section"] == "body"].pivot_table(index="frame", columns="voice", values="n", aggfunc="sum",
                                                           fill_value=0, sort=False)  # fmt: skip
        parts = []
        for frame, n in body.sum(axis=1).sort_values(ascending=False, kind="stable").items():
            quoted = int(body.loc[frame].get("quoted", 0))
            low, high = known.get((doc_id, frame), (n, n))
            more = [*([f"{quoted} quoted"] if quoted else []), *([f"coders: {low} to {high}"] if low != high else [])]
            parts.append(f"{name(frame)} {n}" + (f" ({'; '.join(more)})" if more else ""))
        size = [f"of {counted(int(of), 'body sentence')}:" for of in rows.loc[rows["section"] == "body", "of"].head(1)]
        lines = [*size, *parts] if parts else ["no frame in the body"]
        for section, (_, called) in HEADS.items():
            own = rows.loc[rows["section"] == section, "frame"].drop_duplicates()
            lines += [f"{called}: {', '.join(map(name, own))}"] if len(own) else []
        items.append((rows["short_name"].iloc[0], lines))
    return as_list(items)
