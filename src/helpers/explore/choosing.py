"""What is looked at: a case opened once, and pure filters on its rows."""
from __future__ import annotations

import difflib
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pandas as pd

from helpers import compare, review, tables
from helpers.case import Case, ParameterError, by_publication
from helpers.charts.chronology import TRACKS, events_drawn, told_otherwise
from helpers.codebook import Codebook, load_codebook
from helpers.compare.naming import SUREST

__all__ = ["Chosen", "Choice", "Material", "choose", "open_material", "options", "relief", "say"]

WORDS = {"actors": "actor", "tracks": "track", "statuses": "status", "frames": "frame", "documents": "text"}
NOBODY = "nobody"           # the code under which events without an actor can be chosen


@dataclass(frozen=True)
class Material:
    """A case opened for looking around: its coded rows of one layer, its sentences and texts, its codebook."""
    case: Case
    codebook: Codebook
    events: pd.DataFrame
    mentions: pd.DataFrame
    frames: pd.DataFrame
    quotes: pd.DataFrame
    sentences: pd.DataFrame
    texts: pd.DataFrame
    coder: str
    said: str
    notes: dict = field(default_factory=dict)        # tables that only a reading needs, loaded when one is read

    @property
    def names(self) -> dict[str, str]:
        """What each text is called."""
        return dict(zip(self.texts["doc_id"], self.texts["short_name"].fillna(self.texts["doc_id"])))

    def of(self, name: str, doc: str) -> pd.DataFrame:
        """Return the rows of one text that a reading needs, looked up once: of ``event_mentions`` and ``quotes`` those
        of the layer, of ``lines`` those kept, of ``labelled quotes`` the labels, else of the table; none if not built.
        """
        if name not in self.notes:
            rows = {"event_mentions": self.mentions, "quotes": self.quotes}.get(name)
            if name == "labelled quotes":
                labels = self.case.labels("quotes")
                rows = pd.DataFrame({"doc_id": []}) if labels is None else labels.assign(
                    **{c: pd.to_numeric(labels[c]) for c in ("start", "end")})
            elif rows is None:
                table = name.removeprefix("machine ")
                rows = self.case.load(table) if self.case.has(table) else tables.empty(table)
            rows = rows[rows["kept"]] if name == "lines" else rows
            self.notes[name] = {d: own.reset_index(drop=True) for d, own in rows.groupby("doc_id")}, rows.iloc[:0]
        by_text, none = self.notes[name]
        return by_text.get(doc, none)


def open_material(case: Case, layer: str = "adjudicated") -> Material:
    """Open a case for looking around.

    Accepts a case and the layer wanted; where the case has none of it, the other is taken, as ``said`` tells. Returns
    a :class:`Material`; its texts are in the order in which they came out.
    """
    codebook = load_codebook(case.raw)
    events, mentions, said = compare.events_of(case, layer, codebook=codebook)
    frames, quotes = (compare.rows_of(case, name, layer)[0] for name in ("frames", "quotes"))
    coder = review.coder_kinds(case, mentions)
    documents = by_publication(case.load("documents")).reset_index(drop=True)
    return Material(case, codebook, events, mentions, frames, quotes, case.load("sentences"), documents, coder, said)


@dataclass(frozen=True)
class Choice:
    """What is chosen: codes by kind (none: all of them), a first and a last day, and whether the undated are shown."""
    actors: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    window: tuple[str, str] = ("", "")
    undated: bool = True

    @classmethod
    def of(cls, material: Material, **chosen) -> Choice:
        """Return a choice whose codes all occur. Raises :class:`~helpers.case.ParameterError` for one that does not."""
        known = {name: [code for _, code in found] for name, found in options(material).items()}
        for name, word in WORDS.items():
            for code in chosen.get(name, ()):
                if code not in known[name]:
                    near = difflib.get_close_matches(str(code), known[name], 1)
                    raise ParameterError(f"No event has {word} {code!r}" + (f"; did you mean {near[0]!r}?" if near else
                                         f". There are: {', '.join(known[name])}."))
        given: dict[str, Any] = {f.name: tuple(chosen[f.name]) if f.name != "undated" else chosen[f.name]
                                 for f in fields(cls) if f.name in chosen}
        return cls(**given)

    def active(self) -> list[str]:
        """Name what is chosen and not left open."""
        empty = Choice()
        return [f.name for f in fields(self) if getattr(self, f.name) != getattr(empty, f.name)]


@dataclass(frozen=True)
class Chosen:
    """What a choice leaves: events, their mentions, and the frames and quotations of the sentences they stand in."""
    events: pd.DataFrame
    mentions: pd.DataFrame
    frames: pd.DataFrame
    quotes: pd.DataFrame
    by_event: bool          # whether frames and quotations are those of the events' sentences, or of all


def _states(actors: pd.Series) -> pd.Series:
    """The codes that an event can be chosen by: its actors, and the states before the dot."""
    def codes(actor) -> frozenset[str]:
        parts = [p for p in str(actor).split("+") if p] if pd.notna(actor) else []
        return frozenset({*parts, *(p.split(".")[0] for p in parts)} or {NOBODY})
    return actors.map(codes)


def choose(material: Material, choice: Choice) -> Chosen:
    """Return what a choice leaves.

    Accepts a :class:`Material` and a :class:`Choice`. An event stays when it is of a chosen actor and track, falls into
    the window, and one of its mentions is of a chosen status, in a chosen text, in a sentence that carries a chosen
    frame. It is then told as its chosen mentions tell it: their surest status, their number of texts. Frames and
    quotations are those of the sentences of these mentions as soon as events were chosen by anything but text and
    frame. The material is left as it is.
    """
    events, mentions, frames, quotes = material.events, material.mentions, material.frames, material.quotes
    if choice.tracks:
        events = events[events["track"].isin(choice.tracks)]
    if choice.actors:
        wanted = set(choice.actors)
        events = events[[bool(codes & wanted) for codes in _states(events["actor_id"])]]
    if any(choice.window) or not choice.undated:
        drawn = events_drawn(events, window=choice.window)
        events = events[events["event_id"].isin(drawn.loc[drawn["dated"] | choice.undated, "event_id"])]
    if choice.frames:
        frames = frames[frames["frame"].isin(choice.frames)]
        mentions = mentions[mentions["sentence_id"].isin(frames["sentence_id"])]
        quotes = quotes[quotes["sentence_id"].isin(frames["sentence_id"])]
    if choice.documents:
        mentions, frames, quotes = (rows[rows["doc_id"].isin(choice.documents)] for rows in (mentions, frames, quotes))
    if choice.statuses:
        mentions = mentions[mentions["status"].isin(choice.statuses)]
    mentions = mentions[mentions["event_id"].isin(events["event_id"])]
    by_event = bool(set(choice.active()) - {"documents", "frames"})
    if by_event:
        frames, quotes = (rows[rows["sentence_id"].isin(mentions["sentence_id"])] for rows in (frames, quotes))
    return Chosen(compare.retold(events, mentions, material.mentions), mentions, frames, quotes, by_event)


def options(material: Material) -> dict[str, list[tuple[str, str]]]:
    """Return what can be chosen, by kind: pairs of what to show (with the number of events, or of sentences for frames
    and of mentions for texts) and the code; the most frequent actors first, the rest in the codebook's order."""
    book, events = material.codebook, material.events
    names = dict(zip(book.actors["actor_id"], book.actors["name"])) | {NOBODY: "nobody named"}
    codes = _states(events["actor_id"]).explode().value_counts()
    codes = codes.rename_axis("code").reset_index(name="n").sort_values(["n", "code"], ascending=[False, True])
    tracks = events["track"].value_counts()
    statuses = material.mentions.groupby("status")["event_id"].nunique()
    frames = material.frames.groupby("frame")["sentence_id"].nunique()
    docs = material.mentions.groupby("doc_id")["event_id"].nunique()
    order = [t for t in TRACKS if t in tracks] + [t for t in tracks.index if t not in TRACKS]
    return {
        "actors": [(f"{names.get(c, c)} ({n})", c) for c, n in zip(codes["code"], codes["n"])],
        "tracks": [(f"{TRACKS.get(t, t)} ({tracks[t]})", t) for t in order],
        "statuses": [(f"{book.statuses['label'].get(s, s)} ({statuses[s]})", s) for s in SUREST if s in statuses],
        "frames": [(f"{book.frames['label'].get(f, f)} ({frames[f]})", f) for f in book.frames.index if f in frames],
        "documents": [(f"{n} ({docs.get(d, 0)})", d) for d, n in material.names.items()],
    }


def relief(material: Material, choice: Choice) -> list[tuple[str, int]]:
    """Say, where a choice leaves nothing, which single part to take back: pairs of its name and the events it frees."""
    named = WORDS | {"window": "days", "undated": "dated events only"}
    freed = [(name, len(choose(material, replace(choice, **{name: getattr(Choice(), name)})).events))
             for name in choice.active()]
    return sorted([(named.get(name, name), n) for name, n in freed if n], key=lambda pair: -pair[1])


def say(material: Material, choice: Choice, chosen: Chosen) -> str:
    """Say in one or two sentences what a choice leaves; where it leaves nothing, what to take back."""
    total, n = len(material.events), len(chosen.events)
    if not total:
        return material.said
    if not n:
        ways = [f"without the choice of {name} there {'is' if k == 1 else 'are'} {k}"
                for name, k in relief(material, choice)]
        hint = "; ".join(ways) if ways else "no single choice is to blame: start again with “Show all”"
        return f"No event fits: 0 of {total}. {hint[0].upper()}{hint[1:]}."
    fills = chosen.events["status"].map(material.codebook.statuses["fill"])
    drawn = events_drawn(chosen.events)
    none = "" if drawn["dated"].any() or not any(choice.window) else " None of them is dated within the days chosen."
    sure, bare, lent = int(fills.eq("happened").sum()), int((~drawn["dated"]).sum()), int(drawn["borrowed"].sum())
    counts = ", ".join([f"{sure} told as happened", *told_otherwise(fills)])
    return (f"{n} of {total} events: {counts}; {bare} undated" + (f", {lent} dated by the record." if lent else ".")
            + none)
