"""Which frames each text uses, and in whose voice: counts over n, own voice filled, quoted voice hollow.

Texts that were chosen are a census, not a sample: counts are drawn as they are, without intervals and without tests.
Titles and deks are marked apart from the body, since a headline is written by someone else for another purpose. A frame
keeps its place in every text, so that rows are compared along one line (Cleveland's dot plot, FT Visual Vocabulary
"dot plot"; small multiples share their scale).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.charts import style
from helpers.charts.layout import Chart, Sheet, heading, plain, set_heading, text_height, text_width, wrap
from helpers.charts.style import SMALL
from helpers.codebook.naming import counted

__all__ = ["by_text", "frame_counts", "say_frames"]

M = 0.28
DIAMOND = 0.1  # inches that a mark of a title or dek takes beside a bar
FEW = 5  # marks of titles and deks that are drawn one by one beside a bar; of more, one with their number


def frame_counts(frames: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    """Count the sentences of each text that carry a frame, by part of the page and voice.

    Accepts the tables ``frames`` (or ``adjudicated_frames``: doc_id, sentence_id, frame, voice) and ``sentences``
    (sentence_id, section; captions are left out). Returns doc_id, frame, section (``headline`` for title and dek,
    ``body``), voice and n.

    >>> f = pd.DataFrame({"doc_id": ["a"], "sentence_id": ["a1"], "frame": ["cost"], "voice": ["quoted"]})
    >>> frame_counts(f, pd.DataFrame({"sentence_id": ["a1"], "section": ["title"]})).values.tolist()
    [['a', 'cost', 'headline', 'quoted', 1]]
    """
    section = frames["sentence_id"].map(sentences.set_index("sentence_id")["section"])
    frames = frames[section.ne("caption").fillna(True)]
    part = section[frames.index].map(lambda s: "headline" if s in ("title", "dek") else "body")
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
      coder; a line under the dots where coders differ, and a word in the title where the lead is not every coder's.
      ``doubtful``: frames on which coders agree too little; their rows are marked †;
    - ``coder``, ``layer``, ``source``: for the source line; ``dark``; ``narrow``: 420 px wide, texts below one another.

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
    part = sentences["section"].map(lambda s: "headline" if s in ("title", "dek") else "body")
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
    title = _title(data, called, len(docs), ranges, layer)
    colours = style.theme(dark)
    with style.look(dark):
        sheet = _draw(data, docs, names, order, called, title, coder, layer, source, colours, of, narrow, apart,
                    [f for f in doubtful if f in order])  # fmt: skip
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
    return _title(data, called, len(docs), ranges, layer)


def _led_by(ranges: pd.DataFrame | None, frame: str, layer: str) -> dict[str, bool]:
    """By which coder a frame leads in more texts than any other, as it does by the layer drawn."""
    known = {"doc_id", "frame", "low", "high", "apart", "short_name", *(["machine"] if layer != "machine" else [])}
    out: dict[str, bool] = {}
    if ranges is None:
        return out
    for coder in (c for c in ranges.columns if c not in known):
        counts = ranges.set_index(["doc_id", "frame"])[coder]
        best = counts[(counts == counts.groupby(level=0).transform("max")) & (counts > 0)]
        tally = best.reset_index()["frame"].value_counts()
        if len(tally):
            out[coder] = bool(tally.get(frame, 0) == tally.max() and (tally == tally.max()).sum() == 1)
    return out


def _title(data: pd.DataFrame, called: Mapping[str, str], n: int, ranges: pd.DataFrame | None = None,
           layer: str = "adjudicated") -> str:
    leads = _lead(data)
    if leads.empty:
        return "No frame was coded in the body of these texts"
    tally = pd.Series([f for fs in leads for f in fs]).value_counts(sort=False)
    first = tally.index[tally == tally.max()]
    quoted = data.loc[(data["section"] == "body") & (data["voice"] == "quoted"), "n"].sum()
    total = data.loc[data["section"] == "body", "n"].sum()
    voice = f"{quoted} of {counted(total, 'body frame')} {'stands' if quoted == 1 else 'stand'} in a quoted voice"
    if len(first) > 1 or tally.max() == 1 < n:
        return f"No frame leads in more than {tally.max()} of the {n} texts; {voice}"
    name = called[first[0]]
    shared = sum(len(fs) > 1 and first[0] in fs for fs in leads)
    verb = "leads" if not shared else "leads or shares the lead"
    # a lead that only one coder sees is no finding about the texts
    led = _led_by(ranges, first[0], layer)
    by, not_by = (plain(" and ".join(c for c, yes in led.items() if yes is which)) for which in (True, False))
    doubt = "" if not not_by else f" by coder {by}, not by {not_by}" if by else f", but not by coder {not_by} alone"
    return f"{name[:1].upper()}{name[1:]} {verb} in {tally.max()} of the {n} texts{doubt}; {voice}"


def _alt(title, data, docs, names, called, of) -> str:
    parts = [title + ".", "Sentences of each text and frame: filled, the outlet's own voice; hollow, a quoted voice."]
    for d in docs:
        rows = data[(data["doc_id"] == d) & (data["section"] == "body")]
        top = rows.groupby("frame", sort=False)["n"].sum().sort_values(ascending=False, kind="stable").head(3)
        said = ", ".join(f"{called[f]} {n}" for f, n in top.items()) or "no frame"
        parts.append(f"{names[d]} ({of.get((d, 'body'), 0)} body sentences): {said}.")
    return " ".join(parts)


def _draw(data, docs, names, order, called, title, coder, layer, source, colours, of, narrow, apart, doubtful):
    width = style.NARROW if narrow else style.WIDTH
    per_row = 1 if narrow else 5
    name_width = max([text_width(called[f] + (" †" if f in doubtful else "")) for f in order] + [0.5]) + 0.15
    room = (width - 2 * M - name_width) / max(1, min(per_row, len(docs)))
    # the longest row sets the step, the same in all columns; where dots would be too small they close up to a bar
    longest = data.groupby(["doc_id", "frame"])["n"].sum().max() if len(data) else 1
    longest = max([longest, *(high + 1 for _, high in apart.values())])
    step = min(0.12, (room - 0.42) / (longest + 1.6))
    bars = step * 72 * 0.82 < 3.5
    subtitle = (
        "Sentences that carry a frame, title and dek apart (diamonds). "
        + ("A bar is as long as its sentences are many" if bars else "One dot a sentence")
        + ": filled in the outlet's own voice, hollow in a quoted voice. A sentence with two frames stands in both "
        "rows."
    )
    if bars:    # a diamond stays as large as it must be to be one
        heads = data[data["section"] == "headline"]
        taken = heads["n"].map(_diamonds).groupby([heads["doc_id"], heads["frame"]]).sum().max()
        most = data[data["section"] == "body"].groupby(["doc_id", "frame"])["n"].sum().max()
        most = max([1 if pd.isna(most) else most, *(high for _, high in apart.values())])
        step = (room - 0.48 - (0 if pd.isna(taken) else taken)) / most
    if apart:
        subtitle += " The line below: from the fewest body sentences that any coder counts to the most."
    head, sub, head_height = heading(title, subtitle, width, M)
    dagger = "† coders agree too little on it (alpha below .667). " if doubtful else ""
    foot = wrap(
        f"{plain(layer).capitalize()} layer, coded by: {plain(coder)}. These texts were chosen, they are no sample: "
        f"counts, no intervals. {dagger}{plain(source)}",
        width - 2 * M,
    )
    called = {f: f"{name} †" if f in doubtful else name for f, name in called.items()}
    blocks = [docs[i : i + per_row] for i in range(0, len(docs), per_row)] or [[]]
    lane = 0.235
    tops = {d: wrap(names[d], room - 0.14, SMALL, True, most=3) for d in docs}
    # on a phone each text lists only its own frames
    rows_of = [
        order if not narrow else [f for f in order if ((data["doc_id"] == b[0]) & (data["frame"] == f)).any()]
        for b in blocks
        if b
    ] or [order]
    heads = [max([len(tops[d]) for d in block] + [1]) * text_height(1) + text_height(1) + 0.1 for block in blocks]
    bodies = [h + lane * len(r) + 0.26 for h, r in zip(heads, rows_of, strict=True)]
    height = 0.25 + head_height + 0.15 + sum(bodies) + text_height(1) + 0.2 + text_height(len(foot)) + 0.15
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
            sheet.line([x - 0.06] * 2, [y + top, y + top + lane * len(frames)], colours.rule, 0.8)
            for k, frame in enumerate(frames):
                paper = colours.band if k % 2 == 0 else colours.paper
                here = data[(data["doc_id"] == d) & (data["frame"] == frame)]
                if len(here):
                    sheet.place(x, y + top + lane * k, room - 0.06, lane, _said(names[d], called[frame], here))
                _row(
                    sheet,
                    here,
                    x,
                    y + top + lane * (k + 0.5),
                    step,
                    bars,
                    paper,
                    apart.get((d, frame)),
                )
        y += body
    _key(sheet, y - 0.08, bars, narrow)
    sheet.text(M, height - 0.15 - text_height(len(foot)), foot, colour=colours.muted)
    return sheet


def _key(sheet: Sheet, y: float, bars: bool, narrow: bool) -> None:
    """Draw what the marks mean, in one row."""
    x = M
    for shape, fill, text in (
        ("talks", "happened", "own voice"),
        ("talks", "claimed", "quoted voice"),
        ("law", "happened", "title or dek" if narrow else "in title or dek (not in the number)"),
    ):
        if bars and shape == "talks":
            _bar(sheet, x, y + text_height(1) / 2, 0.13, fill, sheet.colours.paper)
        else:
            sheet.mark(x + 0.06, y + text_height(1) / 2, shape, fill, sheet.colours.ink, 7)
        sheet.text(x + 0.18, y, text)
        x += 0.18 + text_width(text) + 0.22


def _said(text: str, frame: str, rows: pd.DataFrame) -> str:
    """What the marks of a frame in a text say to a pointer."""
    by = rows.set_index(["section", "voice"])["n"].to_dict()
    parts = [(by.get(("body", "outlet"), 0), "in its own voice"), (by.get(("body", "quoted"), 0), "in a quoted voice"),
             (sum(n for (section, _), n in by.items() if section == "headline"), "in title or dek")]  # fmt: skip
    return f"{text}, {frame}: " + ", ".join(f"{n} {words}" for n, words in parts if n)


def _diamonds(n: int) -> float:
    """Inches that the marks of so many titles and deks take beside a bar."""
    return DIAMOND * n if n <= FEW else DIAMOND + text_width(f"×{n}") + 0.06


def _bar(sheet: Sheet, x: float, y: float, long: float, fill: str, paper: str) -> None:
    """Draw a bar from x, in the middle of a row: filled for the own voice, hollow for a quoted one."""
    ink = sheet.colours.ink
    sheet.box(x, y - 0.05, long, 0.1, ink if fill == "happened" else paper, 3, ink, line=0.9)


def _row(sheet: Sheet, rows: pd.DataFrame, x: float, y: float, step: float, bars: bool, paper: str, apart) -> None:
    """Draw one frame in one text, headline first: its dots or its bar, the body's number, the range between coders."""
    left, ink = x, sheet.colours.ink
    for section, shape in (("headline", "law"), ("body", "talks")):
        drawn_apart = bars and section == "headline"
        wide = DIAMOND if drawn_apart else step
        if section == "body" and apart:
            low, high = (left + k * step for k in apart)
            sheet.line([low, high], [y + 0.095] * 2, sheet.colours.muted, 1.4)
        for voice, fill in (("outlet", "happened"), ("quoted", "claimed")):
            n = int(rows.loc[(rows["section"] == section) & (rows["voice"] == voice), "n"].sum())
            if bars and section == "body" and n:
                _bar(sheet, left, y, n * step, fill, paper)
            else:
                for k in range(1 if drawn_apart and n > FEW else n):
                    sheet.mark(left + (k + 0.5) * wide, y, shape, fill, ink, min(7.0, wide * 72 * 0.82), paper)
                if drawn_apart and n > FEW:
                    sheet.text(left + wide + 0.02, y, f"×{n}", middle=True)
            left += _diamonds(n) if drawn_apart else n * wide
        if section == "headline" and left > x + 1e-9:
            left += wide * (0.3 if bars else 0.6)
    total = int(rows.loc[rows["section"] == "body", "n"].sum())
    if total or apart:
        sheet.text(left + 0.05, y, str(total), colour=sheet.colours.muted, middle=True)
