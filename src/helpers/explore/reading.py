"""Where an event comes from: the passage with its codes marked in it, its neighbours, the chain of media; and two texts
held side by side.

What comes from a text is data: it is escaped, piece by piece, before any markup is put around it. Where a text is not
on this machine, :meth:`helpers.case.Case.read` says what the project holds instead.
"""
from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import NamedTuple

import pandas as pd

from helpers import compare
from helpers.charts.scale import reading as in_words
from helpers.codebook.naming import counted
from helpers.explore.choosing import Material

__all__ = ["Page", "Span", "closest", "mark", "read_event", "side_by_side"]

# what a mark looks like: told apart by more than colour, and by the list of codes under the line
STYLES = {"step": "background-color:#ffe08a;color:#1c1c1c;font-weight:bold",
          "other step": "background-color:#fff3cf;color:#1c1c1c", "who": "border-bottom:2px solid #0072B2",
          "when": "background-color:#d9ecf7;color:#1c1c1c",
          "quote": "border-bottom:1px dotted #8a5fb0;font-style:italic"}
SMALL = "font-size:85%;font-style:normal;font-weight:normal"
LEGEND = {"step": "this step", "other step": "other steps", "who": "who", "when": "when", "quote": "quotation"}
KINDS = {words: kind for kind, words in LEGEND.items()}


class Span(NamedTuple):
    """A coded stretch of a text: its first character, one past its last, what it is (see STYLES), what is coded."""
    start: int
    end: int
    kind: str
    code: str


class Page(NamedTuple):
    """A piece of HTML that a notebook shows, with what it says in plain text."""
    html: str
    text: str

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}


def mark(text: str, start: int, spans: Iterable[Span]) -> str:
    """Return a passage as HTML in which its codes are marked.

    Accepts the passage, the offset of its first character, and spans in offsets of the whole text, which may overlap
    and reach beyond the passage. What the codes are stands under the passage (:func:`tags`), so that the sentence can
    be read. The passage is escaped: nothing in it becomes markup.

    >>> print(mark("A <b> sold boats", 10, [Span(16, 20, "step", "sale & hire")]))
    A &lt;b&gt; <mark style="background-color:#ffe08a;color:#1c1c1c;font-weight:bold">sold</mark> boats
    """
    end = start + len(text)
    inside = sorted((s for s in spans if s.start < end and s.end > start), key=lambda s: (s.start, -s.end))
    cuts = sorted({start, end, *(min(max(c, start), end) for s in inside for c in (s.start, s.end))})
    out = []
    for low, high in zip(cuts, cuts[1:]):
        over = [s for s in inside if s.start <= low and s.end >= high]
        piece = escape(text[low - start:high - start])
        if over:
            looks = ";".join(dict.fromkeys(STYLES[s.kind] for s in over))
            tag = "mark" if any(s.kind == "step" for s in over) else "span"
            piece = f'<{tag} style="{looks}">{piece}</{tag}>'
        out.append(piece)
    return "".join(out)


def tags(text: str, start: int, spans: Iterable[Span]) -> list[tuple[str, str]]:
    """Return the codes of a passage, to be listed under it: pairs of what is coded (see LEGEND) and the marked words
    with what they are coded as; of a quotation its speaker alone.

    Accepts what :func:`mark` accepts.

    >>> tags("Ann sold boats", 0, [Span(4, 8, "step", "sale, happened"), Span(0, 3, "who", "Ann"),
    ...                            Span(0, 14, "quote", "said by Bob")])
    [('this step', '“sold”: sale, happened'), ('who', 'Ann'), ('quotation', 'said by Bob')]
    """
    end = start + len(text)
    inside = sorted((s for s in spans if s.start < end and s.end > start and s.code), key=lambda s: (s.start, s.end))
    found: dict[str, list[str]] = {kind: [] for kind in STYLES}
    for s in inside:
        words = " ".join(text[max(s.start - start, 0):s.end - start].split())
        found[s.kind].append(s.code if s.kind == "quote" or words == s.code else f"“{words}”: {s.code}")
    return [(LEGEND[kind], "; ".join(dict.fromkeys(each))) for kind, each in found.items() if each]


def _spans(material: Material, doc: str, start: int, end: int, event_id: str) -> list[Span]:
    """All codes of a passage: this step and others, who is named, days, quotations with their speakers."""
    def rows(name: str, first: str = "start", last: str = "end"):
        frame = material.of(name, doc)
        return frame[(frame[first] < end) & (frame[last] > start)].to_dict("records")
    book, found = material.codebook, []
    names = dict(zip(book.actors["actor_id"], book.actors["name"]))
    for r in rows("event_mentions", "trigger_start", "trigger_end"):
        own = pd.notna(r["event_id"]) and r["event_id"] == event_id
        kind = book.stages["label"].get(r["stage"]) if pd.notna(r["stage"]) else book.types["label"].get(r["type"])
        sure = book.statuses["label"].get(r["status"], r["status"])
        found.append(Span(r["trigger_start"], r["trigger_end"], "step" if own else "other step",
                          f"{kind if pd.notna(kind) else 'step'}, {sure}"))
    found += [Span(r["start"], r["end"], "who", names.get(r["actor_id"], r["actor_id"])) for r in rows("mentions")]
    found += [Span(r["start"], r["end"], "when", in_words(r["earliest"], r["latest"], r["granularity"]))
              for r in rows("times")]
    found += [Span(r["start"], r["end"], "quote", f"said by {r['speaker']}" if pd.notna(r["speaker"]) else
                   "nobody is named as the speaker") for r in rows("quotes")]
    return found


def _chain(material: Material, mention) -> str:
    """Say who stands between the reader and the event: the outlet, and whom it has it from."""
    outlet, start, end = material.names[mention.doc_id], mention.trigger_start, mention.trigger_end

    def around(rows: pd.DataFrame) -> pd.DataFrame:
        return rows[(rows["start"] < end) & (rows["end"] > start)]
    labels = material.of("labelled quotes", mention.doc_id)
    if "medium_chain" in labels:
        met = around(labels)["medium_chain"].dropna()
        if len(met):
            return " ← ".join(part.strip() for part in met.iloc[0].split("<"))
    else:
        met = around(material.of("machine quotes", mention.doc_id))["quote_id"].head(1)
        hops = material.of("chain", mention.doc_id).merge(met, on="quote_id").sort_values("hop")
        if len(hops):
            return " ← ".join(hops["medium"])
    if pd.notna(mention.speaker):
        return f"{outlet} ← {mention.speaker}"
    return f"{outlet}, in its own voice; no source is named"


def _passage(material: Material, mentions: list, line: int, passages: bool) -> tuple[str, str]:
    """The line some mentions stand in, marked, between the lines before and after it; as HTML and as plain text."""
    case, doc, event_id = material.case, mentions[0].doc_id, mentions[0].event_id
    if not (passages and case.present[doc]):
        said = ". ".join(case.read(doc, int(m.trigger_start), int(m.trigger_end), passages=False) for m in mentions)
        said += f" (the text is not here: casebook texts {case.name} --from FOLDER)" if passages else ""
        return f"<p>{escape(said)}</p>", said
    kept, html, plain = material.of("lines", doc), [], []
    for i in range(max(line - 1, 0), min(line + 2, len(kept))):
        number, start, end = (int(v) for v in kept.loc[i, ["line_no", "start", "end"]])
        text = case.text(doc, start, end)
        spans = _spans(material, doc, start, end, event_id) if i == line else []
        shown = mark(text, start, spans) if i == line else f'<span style="{SMALL}">{escape(text)}</span>'
        html.append(f'<p><span style="{SMALL}">line {number}</span> {shown}</p>')
        plain.append(f"line {number}: {text}")
        listed = tags(text, start, spans)
        if listed:
            rows = [f'<span style="{STYLES[KINDS[what]]}">{what}</span> {escape(codes)}' for what, codes in listed]
            html.append(f'<p style="{SMALL};padding-left:1.5em">{"<br>".join(rows)}</p>')
            plain += [f"  {what}: {codes}" for what, codes in listed]
    return "<blockquote>" + "".join(html) + "</blockquote>", "\n".join(plain)


def read_event(material: Material, event_id: str, *, passages: bool = True, most: int | None = None,
               first: Iterable[str] = ()) -> Page:
    """Return where an event comes from, for reading.

    Accepts a :class:`~helpers.explore.Material`, an event, whether passages may be shown, how many at most, and the
    texts whose passages come first. Returns
    a :class:`Page`: what the event is, then for each line that tells of it the text, how sure, the line with its codes
    marked between the lines before and after, the frames of its sentences, and the chain of media. Where the text is
    not here, or ``passages`` is off, our paraphrase, its status, the paragraph's number and the address instead.
    """
    event = material.events.set_index("event_id").loc[event_id]
    names = dict(zip(material.codebook.actors["actor_id"], material.codebook.actors["name"]))
    labels = material.codebook.frames["label"]

    def who(codes) -> str:
        return " and ".join(names.get(c, c) for c in str(codes).split("+")) if pd.notna(codes) else "nobody named"
    to_whom = f" → {who(event['target_id'])}" if pd.notna(event["target_id"]) else ""
    about = "; ".join([in_words(event["earliest"], event["latest"], event["granularity"]),
                       who(event["actor_id"]) + to_whom,
                       str(event["track"]), str(event["status"]).replace("_", " "),
                       f"told by {counted(int(event['n_documents']), 'text')}"])
    mentions = material.mentions[material.mentions["event_id"] == event_id]
    wanted = set(first)
    about += f", {mentions.loc[mentions['doc_id'].isin(wanted), 'doc_id'].nunique()} of them chosen" if wanted else ""
    html, plain = [f"<h3>{escape(str(event['label']))}</h3><p>{escape(about)}</p>"], [str(event["label"]), about]
    mentions = mentions.sort_values("doc_id", key=lambda docs: ~docs.isin(wanted), kind="stable")
    line = [int((material.of("lines", doc)["start"] <= start).sum()) - 1
            for doc, start in zip(mentions["doc_id"], mentions["trigger_start"])]
    places = list(mentions.groupby([mentions["doc_id"], pd.Series(line, mentions.index)], sort=False))
    for (doc, n), group in places[:most]:
        passage, text = _passage(material, list(group.itertuples()), n, passages)
        coded = material.frames[material.frames["sentence_id"].isin(group["sentence_id"])]
        frames = dict.fromkeys(f"{labels.get(f, f)} ({'own' if v == 'outlet' else 'quoted'} voice)"
                               for f, v in zip(coded["frame"], coded["voice"].fillna("outlet")))
        head = f"{material.names[doc]}: {', '.join(dict.fromkeys(group['status'])).replace('_', ' ')}"
        rest = [("From hand to hand", "; ".join(dict.fromkeys(_chain(material, m) for m in group.itertuples()))),
                ("Frames of the sentence", ", ".join(frames) or "none"),
                ("Coded by", ", ".join(dict.fromkeys(group["rule"])) + "; characters "
                 + ", ".join(f"{s} to {e}" for s, e in zip(group["trigger_start"], group["trigger_end"])))]
        html.append(f"<p><strong>{escape(head)}</strong></p>{passage}<p>"
                    + "<br>".join(f"{k}: {escape(v)}" for k, v in rest) + "</p>")
        plain += ["", head, text, *(f"{k}: {v}" for k, v in rest)]
    return Page("".join(html), "\n".join(plain))


def closest(material: Material, documents: Iterable[str] = ()) -> tuple[str, str]:
    """Return two texts to compare: the first two named; else, of the pairs with the one that is named, or of all, that
    which tells of most events in common."""
    named, docs = list(documents), list(material.names)
    if len(named) >= 2:
        return named[0], named[1]
    told = {d: set(rows) for d, rows in material.mentions.dropna(subset="event_id").groupby("doc_id")["event_id"]}
    pairs = [(one, two) for i, one in enumerate(docs) for two in (docs if named else docs[i + 1:])
             if one != two and (not named or one == named[0])] or [(docs[0], docs[0])]
    return max(pairs, key=lambda pair: len(told.get(pair[0], set()) & told.get(pair[1], set())))


def side_by_side(material: Material, one: str, two: str) -> Page:
    """Return two texts held side by side: what both tell and how sure each is, what only one tells, frames, voices.

    Accepts a :class:`~helpers.explore.Material` and two doc_ids. Returns a :class:`Page`: a table, one column a text.
    """
    pair, book = (one, two), material.codebook
    texts = material.texts.set_index("doc_id").loc[list(dict.fromkeys(pair))]
    mine = {d: material.mentions[material.mentions["doc_id"] == d] for d in pair}
    told = {d: m.drop_duplicates(["event_id", "status"]).groupby("event_id")["status"].agg(
        lambda s: " / ".join(s).replace("_", " ")).to_dict() for d, m in mine.items()}
    events = material.events[material.events["event_id"].isin({*told[one], *told[two]})]
    events = events.sort_values(["earliest", "event_id"], na_position="last")
    names = compare.accounts.blocs(book.actors)[0]
    heard = compare.accounts.voices(material.quotes[material.quotes["doc_id"].isin(pair)], names)

    def frames(doc: str) -> str:
        rows = material.frames[material.frames["doc_id"] == doc]
        n = rows.groupby("frame")["sentence_id"].nunique().sort_values(ascending=False, kind="stable")
        own = rows[rows["voice"].eq("outlet")].groupby("frame")["sentence_id"].nunique()
        label = book.frames["label"]
        return "; ".join(f"{label.get(f, f)} {k} ({own.get(f, 0)} own voice)" for f, k in n.items()) or "–"

    def quotes(doc: str) -> str:
        rows = material.quotes[material.quotes["doc_id"] == doc]
        by = heard[heard["doc_id"] == doc].sort_values("n", ascending=False, kind="stable")
        direct = int(rows["directness"].ne("indirect").sum())
        said = ", ".join(f"{b} {n}" for b, n in zip(by["bloc"], by["n"]))
        return f"{len(rows)}, {direct} of them in the speaker's words: {said}" if len(rows) else "nobody"
    length = material.sentences["doc_id"].value_counts()
    rows = [("", "published", *(in_words(*texts.loc[d, ["published_earliest", "published_latest"]]) for d in pair)),
            ("", "title, length", *(f"“{texts.loc[d, 'title']}”, {counted(int(length.get(d, 0)), 'sentence')}"
                                    for d in pair)),
            ("", "frames", *(frames(d) for d in pair)), ("", "quotes", *(quotes(d) for d in pair))]
    sure = [tuple(told[d].get(e, "–") for d in pair) for e in events["event_id"]]
    how = ["one" if "–" in pair else "both, alike" if pair[0] == pair[1] else "both, not alike" for pair in sure]
    for kind in ("both, not alike", "both, alike", "one"):
        rows += [(kind, label, *pair) for label, pair, k in zip(events["label"], sure, how) if k == kind]
    n, apart = len(how) - how.count("one"), how.count("both, not alike")
    said = (f"{counted(n, 'event')} told by both, {apart} of them not alike in how sure it is; "
            f"{len(told[one]) - n} only by {material.names[one]}, {len(told[two]) - n} only by {material.names[two]}.")
    from helpers.show import table
    heads = [material.names[one], material.names[two] + (" " if one == two else "")]
    shown = table(pd.DataFrame(rows, columns=["told by", "what", *heads]), said, rows=len(rows))
    return Page(shown._repr_html_(), repr(shown))
