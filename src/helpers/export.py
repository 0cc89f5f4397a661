"""Export: a case's events and codes in formats that other tools read.

timelinejs   one JSON file for Knight Lab's TimelineJS (timeline.knightlab.com/docs/json-format.html)
plover       one JSON file of event records with PLOVER's field names (Open Event Data Alliance, PLOVER manual 0.6b2,
             chapter "JSON Data Fields")
brat         a text, its annotations and a configuration for the annotation tool brat (brat.nlplab.org/standoff.html)

Each exports what the default charts draw: adjudicated codes where a case has them, else the machine's. Only brat holds
passages; the others hold codes, labels in our own words, and where in which text they were found.
"""
from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from helpers import __version__, review, tables
from helpers.case import Case, CaseError, ParameterError, TextMissing
from helpers.codebook import Codebook, load_codebook
from helpers.codebook.naming import BASES

__all__ = ["FORMATS", "brat", "export", "plover", "timelinejs"]


def export(case: Case, to: str, out: Path | None = None) -> tuple[list[Path], list[str]]:
    """Write a case in another tool's format.

    Accepts a case with built tables, ``timelinejs``, ``plover`` or ``brat``, and the folder to write to (none given:
    ``reports/<case>/export`` beside the data folder, which git ignores). Returns the files written and what could not
    be exported, in words. Raises :class:`~helpers.case.ParameterError` for another format,
    :class:`~helpers.case.CaseError` when a table is missing or brat's files would lie in the data folder,
    :class:`~helpers.case.TextMissing` when brat is asked for and a text is not here.
    """
    if to not in FORMATS:
        raise ParameterError(f"There is no export to {to!r}; there are {', '.join(FORMATS)}.")
    folder = Path(out) if out else case.data.parent / "reports" / case.name / "export"
    if to == "brat" and folder.resolve().is_relative_to(case.data.resolve()):
        raise CaseError(f"{folder} lies in the data folder. The texts are not ours to publish; export them elsewhere.")
    files, said = FORMATS[to](case, load_codebook(case.raw))
    written = []
    for name, content in files.items():      # all is made before anything is written
        tables.write_whole(folder / name, content)
        written.append(folder / name)
    return written, said


def _layer(case: Case, name: str) -> pd.DataFrame:
    for table in (f"adjudicated_{name}", name):
        if case.has(table):
            return case.load(table)
    return tables.empty(name)


def _events(case: Case) -> pd.DataFrame:
    events = case.load("events")
    drawn = events[events["layer"].eq("adjudicated")]
    return drawn if len(drawn) else events


def _json(content) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _text(value) -> str:
    return "" if pd.isna(value) else str(value)


def _left_out(n: int, m: int, why: str) -> list[str]:
    return [f"{n} of {m} left out: {why}."] if n else []


# TimelineJS ---------------------------------------------------------------------------------------------------------


def timelinejs(case: Case, book: Codebook) -> tuple[dict[str, str], list[str]]:
    """Return ``timelinejs.json``: one slide an event, grouped by track.

    Accepts a case with ``events`` and its codebook. TimelineJS shows its texts as HTML, so whatever comes from a label
    or a title is escaped, and it is told not to make links of what looks like one. A date is as fine as it is known: a
    year has no month, an interval has a start and an end and says so in words. Undated events have no place on a time
    line and are counted.
    """
    events, mentions = _events(case), _layer(case, "event_mentions")
    names = {d: d if pd.isna(s) else s for d, s in zip(case.manifest["doc_id"], case.manifest["short_name"])}
    told = mentions.groupby("event_id")["doc_id"].unique() if "event_id" in mentions else pd.Series(dtype=object)
    people = dict(zip(book.actors["actor_id"], book.actors["name"]))
    slides: list[dict] = []
    for e in events[events["granularity"].ne("none")].to_dict("records"):
        start, end, words = _days(e)
        status = book.statuses["label"].get(e["status"], e["status"])
        facts = [" → ".join(filter(None, (_who(e["actor_id"], people), _who(e["target_id"], people)))),
                 status + (f" · {book.stages['label'].get(e['stage'], e['stage'])}" if pd.notna(e["stage"]) else ""),
                 f"date {BASES.get(e['basis'], BASES['none'])}",
                 "told by " + ", ".join(names.get(d, d) for d in told.get(e["event_id"], [])) if e["event_id"] in told
                 else f"told by {e['n_documents']} texts"]
        slides.append({"start_date": start, **({"end_date": end} if end else {}),
                       **({"display_date": words} if words else {}),
                       "text": {"headline": html.escape(_text(e["label"])),
                                "text": "".join(f"<p>{html.escape(f)}</p>" for f in facts if f)},
                       "group": html.escape(str(book.tracks["label"].get(e["track"], e["track"]))),
                       "unique_id": f"{len(slides) + 1}-" + re.sub(r"[^A-Za-z0-9_-]+", "-", e["event_id"]),
                       "autolink": False})
    reviewed = review.reviewed_line(mentions, case) if len(mentions) else ""
    title = {"text": {"headline": html.escape(case.title),
                      "text": f"<p>{html.escape(review.coder_line(case))}</p><p>{html.escape(reviewed)}</p>"},
             "autolink": False}
    undated = len(events) - len(slides)
    return {"timelinejs.json": _json({"scale": "human", "title": title, "events": slides})}, \
        _left_out(undated, len(events), "they have no date")


def _days(event: dict) -> tuple[dict, dict | None, str]:
    """Return TimelineJS's start, end (where it is another day) and words for a date that is not one day."""
    first, last = (dict(zip(("year", "month", "day"), map(int, event[c].split("-")))) for c in ("earliest", "latest"))
    fine = {"day": 3, "time": 3, "month": 2, "year": 1}.get(event["granularity"])
    if fine and event["granularity"] in ("month", "year") and list(first.values())[:fine] != list(last.values())[:fine]:
        fine = None
    if fine and (fine < 3 or first == last):
        return dict(list(first.items())[:fine]), None, ""
    return first, last, f"between {event['earliest']} and {event['latest']}"


def _who(code, people: dict[str, str]) -> str:
    return " + ".join(people.get(c, c) for c in _text(code).split("+") if c)


# PLOVER -------------------------------------------------------------------------------------------------------------

CONTEXT = {"planned": "future", "proposed": "future", "demanded": "future", "threatened": "future",
           "hypothetical": "hypothetical", "rumoured": "hypothetical", "opinion": "hypothetical"}


def plover(case: Case, book: Codebook) -> tuple[dict[str, str], list[str]]:
    """Return ``plover.json``: one record an event mention that has a date, of its own or of the event it is linked to.

    Accepts a case with event mentions and its codebook. Field names are PLOVER's; ``status``, ``stage``, ``track`` and
    ``dateBasis`` are ours (the manual allows further fields), since PLOVER's ``context`` says less than our status.
    What is told as not happened or denied is left out: a PLOVER record is an event. ``text`` is never given, only where
    it stands (``textInfo``). Mentions without a date or without a type are left out, for PLOVER requires both.
    """
    mentions = _layer(case, "event_mentions").copy()
    for column in ("earliest", "latest", "basis", "event_id", "label"):
        if column not in mentions:
            mentions[column] = pd.Series(pd.NA, mentions.index, dtype="string")
    events = _events(case).set_index("event_id") if case.has("events") else tables.empty("events").set_index("event_id")
    linked = mentions["event_id"].isin(events.index) & mentions["earliest"].isna()
    for column in ("earliest", "latest"):
        mentions.loc[linked, column] = mentions.loc[linked, "event_id"].map(events[column])
    mentions.loc[linked & mentions["earliest"].notna(), "basis"] = "linked"
    country = dict(zip(book.actors["actor_id"], book.actors["country"]))
    names = dict(zip(book.actors["actor_id"], book.actors["name"]))
    scale = book.types["score"].to_dict()
    untrue, untyped = mentions["status"].isin(["not_happened", "denied"]), mentions["type"].isna()
    documents = case.manifest.set_index("doc_id")
    records = []
    for m in mentions[~untrue & ~untyped & mentions["earliest"].notna()].to_dict("records"):
        document = documents.loc[m["doc_id"]]
        record = {
            "id": f"{case.name}/{m['event_mention_id']}", "date": m["earliest"], "enddate": m["latest"],
            "source": _parties(m["actor_id"], country, names) or [{"code": "UNK"}],
            "target": _parties(m["target_id"], country, names), "event": m["type"], "eventText": _text(m["label"]),
            "eventScale": scale.get(m["type"]), "context": CONTEXT.get(m["status"], ""), "link": _text(m["event_id"]),
            "url": _text(document["url"]), "language": _text(document["language"]),
            "publication": _text(document["outlet"]),
            "textInfo": {"start": int(m["trigger_start"]), "end": int(m["trigger_end"])}, "coder": m["rule"],
            "version": f"casebook {__version__}", "codebook": book.version, "status": m["status"],
            "stage": _text(m["stage"]), "track": m["track"], "dateBasis": m["basis"]}
        records.append({k: v for k, v in record.items() if v not in ("", None, [])})
    undated = int((~untrue & ~untyped & mentions["earliest"].isna()).sum())
    return {"plover.json": _json(records)}, (
        _left_out(int(untrue.sum()), len(mentions), "the text says that they did not happen or denies them")
        + _left_out(int((untyped & ~untrue).sum()), len(mentions), "they have no PLOVER type")
        + _left_out(undated, len(mentions), "neither they nor the event they are linked to has a date"))


def _parties(code, country: dict[str, str], names: dict[str, str]) -> list[dict]:
    out = []
    for actor_id in filter(None, _text(code).split("+")):
        state = country.get(actor_id) or actor_id.split(".")[0]
        party = {"code": state if re.fullmatch(r"[A-Z]{3}", state) else "UNK", "identifier": actor_id}
        out.append(party | ({"actorText": names[actor_id]} if actor_id in names else {}))
    return out


# brat ---------------------------------------------------------------------------------------------------------------

UNTYPED = "UNTYPED"      # an event that no PLOVER type fits
# one blank for one character, so that offsets stay; brat reads lines and tabs as parts of its own format
_BLANKS = str.maketrans(dict.fromkeys("\r\t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", " "))


def brat(case: Case, book: Codebook) -> tuple[dict[str, str], list[str]]:
    """Return, for each document, ``<doc>.txt`` and ``<doc>.ann``, and one ``annotation.conf`` for all.

    Accepts a case whose texts are here, and its codebook. Spans are characters of the text as read. Event triggers
    are events with their status, stage and track as attributes; quotations, frames (on whole sentences), times and
    mentions are text-bound annotations; who does what to whom and who speaks stands in notes. A span over several lines
    is given in fragments, as brat wants it. Raises :class:`~helpers.case.TextMissing` when a text is not here.
    """
    absent = [d for d in case.manifest["doc_id"] if not case.present[d]]
    if absent:
        raise TextMissing(f"brat shows annotations in the texts, and {len(absent)} of {len(case.manifest)} texts of "
                          f"{case.name} are not here ({', '.join(absent)}). Put them in place with "
                          f"`casebook texts {case.name} --from FOLDER`, or export to timelinejs or plover.")
    sentences = case.load("sentences").set_index("sentence_id")
    frames = _layer(case, "frames")
    frames = frames.join(sentences[["start", "end"]], on="sentence_id")
    layers = {"event_mentions": _layer(case, "event_mentions"), "quotes": _layer(case, "quotes"), "frames": frames,
              "times": _layer(case, "times"), "mentions": _layer(case, "mentions")}
    files = {"annotation.conf": _configuration(book)}
    for doc_id in case.manifest["doc_id"]:
        text = case.text(doc_id).translate(_BLANKS)
        own = {name: rows[rows["doc_id"] == doc_id].to_dict("records") for name, rows in layers.items()}
        files[f"{doc_id}.txt"] = text
        files[f"{doc_id}.ann"] = _annotations(text, own)
    return files, []


def _annotations(text: str, rows: dict[str, list[dict]]) -> str:
    lines: list[str] = []
    count = dict.fromkeys("TEA#", 0)

    def add(prefix: str, rest: str) -> str:
        count[prefix] += 1
        lines.append(f"{prefix}{count[prefix]}\t{rest}")
        return f"{prefix}{count[prefix]}"

    def span(kind: str, start: int, end: int) -> str:
        parts = _fragments(text, int(start), int(end))
        return add("T", f"{kind} {';'.join(f'{s} {e}' for s, e in parts)}\t{' '.join(text[s:e] for s, e in parts)}")

    def mark(of: str, pairs: Iterable[tuple[str, object]]) -> None:
        for name, value in pairs:
            if not pd.isna(value) and value is not False:
                add("A", f"{name} {of}" + ("" if value is True else f" {value}"))

    def note(of: str, said: dict) -> None:
        words = "; ".join(f"{k}: {v}" for k, v in said.items() if not pd.isna(v))
        if words:
            add("#", f"AnnotatorNotes {of}\t{' '.join(words.split())}")

    for m in rows["event_mentions"]:
        kind = UNTYPED if pd.isna(m["type"]) else m["type"]
        event = add("E", f"{kind}:{span(kind, m['trigger_start'], m['trigger_end'])}")
        mark(event, [("Status", m["status"]), ("Stage", m["stage"]), ("Track", m["track"])])
        note(event, {"actor": m["actor_id"], "target": m["target_id"], "item": m["item"], "label": m.get("label"),
                     "rule": m["rule"]})
    for q in rows["quotes"]:
        quote = span("Quote", q["start"], q["end"])
        mark(quote, [("Directness", q["directness"])])
        note(quote, {"speaker": q["speaker"], "bloc": q["speaker_bloc"], "verb": q["verb"], "rule": q["rule"]})
    for f in rows["frames"]:
        frame = span(f["frame"], f["start"], f["end"])
        mark(frame, [("Voice", f["voice"]), ("Negated", f["negated"]), ("Hedged", f["hedged"]),
                     ("Laundered", f["laundered"])])
    for t in rows["times"]:
        note(span("Time", t["start"], t["end"]), {"kind": t["kind"], "value": t["value"]})
    for m in rows["mentions"]:
        note(span("Actor", m["start"], m["end"]), {"actor": m["actor_id"], "form": m["form"]})
    return "".join(f"{line}\n" for line in lines)


def _fragments(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Part a span at line breaks, without blanks at the ends of its parts.

    >>> _fragments("one\\ntwo ", 0, 8)
    [(0, 3), (4, 7)]
    """
    found = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\s](?:[^\n]*[^\s])?", text[start:end])]
    return found or [(start, end)]


def _configuration(book: Codebook) -> str:
    def values(codes: Iterable[str]) -> str:
        return "|".join(codes)
    lines = ["[entities]", "Actor", "Quote", "Time", "!Frame", *(f"\t{code}" for code in book.frames.index), "",
             "[relations]", "", "[events]", *book.types.index, UNTYPED, "", "[attributes]",
             f"Status\tArg:<EVENT>, Value:{values(book.statuses.index)}",
             f"Stage\tArg:<EVENT>, Value:{values(book.stages.index)}",
             f"Track\tArg:<EVENT>, Value:{values(book.tracks.index)}",
             "Directness\tArg:Quote, Value:direct|indirect|mixed", "Voice\tArg:<ENTITY>, Value:outlet|quoted",
             *(f"{flag}\tArg:<ENTITY>" for flag in ("Negated", "Hedged", "Laundered"))]
    return "\n".join(lines) + "\n"


FORMATS: dict[str, Callable[[Case, Codebook], tuple[dict[str, str], list[str]]]] = {
    "timelinejs": timelinejs, "plover": plover, "brat": brat}
