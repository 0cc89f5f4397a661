"""The page “what these texts changed”: a case compared with itself, with some of its texts and without them."""
from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd
from markupsafe import Markup

from helpers import compare, review, tables
from helpers.case import Case, ParameterError
from helpers.charts.scale import reading
from helpers.codebook.naming import counted, joined
from helpers.compare import contradictions
from helpers.compare.delta import Delta, delta, say_delta
from helpers.compare.naming import called
from helpers.pages import html, passages
from helpers.pages.findings import Desk
from helpers.show import table

__all__ = ["make", "name_of", "write"]


def name_of(documents: Iterable[str]) -> str:
    """Return the file name of the page about some texts.

    >>> name_of(["wire", "blog"]) == name_of(["blog", "wire"])
    True
    """
    listed = sorted(documents)
    words = re.sub(r"[^a-z0-9]+", "-", "-".join(listed).lower()).strip("-")[:40].strip("-")
    return f"delta-{words}-{hashlib.sha256(','.join(listed).encode()).hexdigest()[:6]}.html"


def compared(case: Case, documents: Iterable[str], layer: str = "adjudicated") -> tuple[Desk, Delta, list[str]]:
    """Return a case, opened, what some of its texts change, and those texts in the manifest's order.

    Raises :class:`~helpers.case.CaseError` for a text that the case does not have and
    :class:`~helpers.case.ParameterError` when none or all are named.
    """
    asked = list(documents)
    chosen = case.choose(asked) if asked else []
    if not chosen or len(chosen) == len(case.manifest):
        raise ParameterError(f"Name some of the texts of {case.name!r}, and not all of them: what they change is seen "
                             f"against the others. The texts are {', '.join(case.manifest['doc_id'])}.")
    desk = Desk(case, layer)
    read = {name: case.load(name) if case.has(name) else None for name in ("amounts", "slips", "signals")}
    found = delta(desk.mentions, desk.frames, desk.sentences, desk.texts, chosen,
                  layer="machine" if desk.coder == "rule" else "adjudicated",
                  labels=desk.codebook.frames["label"].to_dict(), record=case.reference,
                  links=case.labels("record_links"), actors=desk.codebook.actors, aliases=desk.codebook.aliases, **read)
    return desk, found, chosen


def make(case: Case, documents: Iterable[str], layer: str = "adjudicated") -> str:
    """Return the page that says what some texts change.

    Accepts a case, the doc_ids of the texts and the layer of codes. Raises what :func:`compared` raises.
    """
    desk, found, chosen = compared(case, documents, layer)
    names, actors = desk.names, dict(zip(desk.codebook.actors["actor_id"], desk.codebook.actors["name"], strict=True))
    events = compare.origins(found.events, desk.mentions, desk.texts) if len(found.events) else found.events
    points = contradictions.in_words(found.points, desk.events, desk.mentions, desk.texts, desk.codebook,
                                     case.reference)
    statuses = desk.codebook.statuses["label"].to_dict()
    if len(events):
        events = events.assign(
            when=[reading(*days) for days in events[["earliest", "latest", "granularity"]].itertuples(index=False)],
            track=events["track"].map(desk.codebook.tracks["label"]), status=events["status"].replace(statuses),
            **{side: [called(None if pd.isna(v) else v, actors) for v in events[side]]
               for side in ("actor_id", "target_id")})
    changed = found.changed.assign(**{side: [_written(what, said, statuses) for what, said in zip(
        found.changed["what"], found.changed[side], strict=True)] for side in ("was", "is_")})
    claims = found.claims.assign(stances=[_named(v, names) for v in found.claims["stances"]])
    number = iter(range(1, 99)).__next__

    def shown(frame: pd.DataFrame, caption: str, columns: dict[str, str]) -> Markup | None:
        if frame.empty:
            return None
        made = table(frame, caption, columns=columns, rows=len(frame))._repr_html_()
        return Markup(html.tidy(html.clean(made), (), number))
    parts = [
        {"id": "events", "title": "New events", "about": "Steps that no other text of the case tells of.",
         "none": "No step is told by these texts alone.",
         "table": shown(events, counted(len(events), "new event"), {
             "when": "when", "label": "event (our words)", "track": "track", "actor_id": "who", "target_id": "to whom",
             "status": "how sure", "text": "told by", "start": "from character", "end": "to"})},
        {"id": "changed", "title": "Changed dates and statuses",
         "about": "Steps that other texts tell of as well, and that look different with these.",
         "none": "No date and no status changed.",
         "table": shown(changed, counted(len(found.changed), "change"), {
             "label": "event (our words)", "what": "what", "was": "without these texts", "is_": "with them"})},
        {"id": "claims", "title": "New disagreements",
         "about": "Claims on which accounts differ only now: contested (told by one, denied by another), put down to "
                  "different sides, or told in different ways (asserted by one, only attributed by another).",
         "none": "No claim became contested, and none is told in another way.",
         "table": shown(claims, counted(len(claims), "claim"), {
             "label": "claim (our words)", "change": "now", "stances": "who asserts, attributes or denies"})},
        {"id": "points", "title": "New contradictions",
         "about": "Pairs of accounts that do not fit each other; the record and a headline count as accounts, too. "
                  "They are places to read, not verdicts.",
         "none": "Nothing new fails to fit.",
         "table": shown(points, counted(len(points), "pair of accounts", "pairs of accounts"), {
             "rule": "what does not fit", "about": "about (our words)", "says_a": "one account",
             "says_b": "the other"})},
        {"id": "frames", "title": "Framing shares", "none": "No frame was coded.",
         "about": "Of the body sentences that carry a frame at all, how many carry each, in per cent; a sentence may "
                  "carry three.",
         "table": shown(found.frames, "Share of framed body sentences, in per cent", {
             "frame": "frame", "n_before": "sentences without", "share_before": "share without",
             "n_after": "sentences with", "share_after": "share with", "points": "moved by (points)"})},
    ]
    said = [names[d] for d in chosen]
    listed = joined(said)
    texts = desk.texts[desk.texts["doc_id"].isin(chosen)]
    page = html.paper(
        "delta.html.j2", title=f"What {listed} changed", case=case.title, name=case.name,
        without=",".join(chosen), layer=layer,
        summary=say_delta(found, len(chosen)), coded=review.coder_line(case), parts=parts,
        texts=[{"name": names[t.doc_id], "title": t.title if pd.notna(t.title) else "untitled",
                "published": reading(t.published_earliest, t.published_latest)
                if pd.notna(t.published_earliest) else "day unknown"}
               for t in texts.itertuples()])
    return page


def _written(what: str, said: str, statuses: dict[str, str]) -> str:
    """Write what changed as people do: days in words, statuses by their labels."""
    if what == "date":
        low, _, high = said.partition(" to ")
        return said if said == "undated" else reading(low, high or low)
    return {code.replace("_", " "): label for code, label in statuses.items()}.get(said, said)


def _named(stances: str, names: dict[str, str]) -> str:
    return "; ".join(f"{names.get(d, d)}: {s}" for d, s in (part.split(": ", 1) for part in stances.split("; ")))


def write(case: Case, documents: Iterable[str], out: Path, layer: str = "adjudicated") -> Path:
    """Write the page beside the pages of the case, below the folder of all pages. Returns its path."""
    documents = list(documents)
    path = out / case.name / name_of(case.choose(documents) if documents else [])
    kept = passages.protected(case)
    tables.write_whole(path, passages.withhold_html(make(case, documents, layer), kept))
    return path
