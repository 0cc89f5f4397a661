"""Decisions: single verdicts of coders on single rows, and what becomes of the rows by them.

A decision names its row by a span, ``doc:start-end`` (of an event mention: the words that name the act; of frames: the
sentence; ``.2`` behind it is the second row at that span). It wins over the machine and over labels, survives rebuilds,
and is reported when its span is gone. Where coders differ, persons win over models, models over rules, and among
equals the later date.

========  ==============================================================================================
accept    the row stays as it is; shields it from what lower-ranking coders decide later
reject    the row goes
edit      ``field`` becomes ``decided_value`` (``none`` empties it)
add       a row at that span; one line a field
merge     the row is one with the row at ``decided_value`` and goes into it; with ``field`` ``event_id`` both
          mentions stay and tell of one event
split     the row becomes one row for each span in ``decided_value`` (parted by ``;``); with ``field`` ``event_id``
          the mention tells of an event of its own
========  ==============================================================================================

``field`` ``date`` stands for the interval: ``decided_value`` is 2019, 2019-07, 2019-07-12 or two of these parted by
``/``, one of which may be ``..``: ``../2019-07-12`` is on that day or before, ``2019-07/..`` since then.
The frames of a sentence are decided together: ``field`` ``frames``, the dominant one first, parted by ``;``.
"""
from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

import pandas as pd

from helpers import tables
from helpers.codebook import naming
from helpers.review import labels as labels_
from helpers.review import spreadsheet
from helpers.tables import TABLES, TableError

__all__ = ["DECISIONS", "KINDS", "adjudicated", "apply", "is_date", "key_of", "keys", "near",
           "not_reviewed", "parse_key", "read_decisions", "reviewed_line", "shown", "tell", "write_decisions", "wrong"]

DECISIONS = ["table", "key", "decision", "field", "machine_value", "decided_value", "coder_id", "date", "note"]
KINDS = ("accept", "reject", "edit", "add", "merge", "split")
REPORT = ["file", "line", "table", "key", "decision", "field", "decided_value", "coder_id", "outcome", "why"]
ACTORS = ("actor", "target", "actor_id", "target_id", "speaker_id")
RANK = {"person": 0, "model": 1, "rule": 2}
ID = {"quotes": ("quote_id", "q"), "event_mentions": ("event_mention_id", "e"), "times": ("time_id", "t"),
      "mentions": ("mention_id", "m"), "frames": ("sentence_id", "s")}
_KEY = re.compile(r"([a-z][a-z0-9_-]*):(\d+)-(\d+)(?:\.([1-9]\d*))?")
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def parse_key(key: str) -> tuple[str, int, int, int] | None:
    """Return document, start, end and number of a key, or None for what is no key.

    >>> parse_key("gazette:10-24.2"), parse_key("gazette 10")
    (('gazette', 10, 24, 2), None)
    """
    met = _KEY.fullmatch(str(key).strip())
    if not met or int(met[2]) > int(met[3]):
        return None
    return met[1], int(met[2]), int(met[3]), int(met[4] or 1)


def place_of(key: str) -> tuple[str, int, int, int]:
    """Return what :func:`parse_key` does, of a key that was checked. Raises ValueError for what is no key."""
    found = parse_key(key)
    if found is None:
        raise ValueError(f"the key is {key!r}; write it as document:start-end, such as gazette:120-188")
    return found


def key_of(doc_id: str, start: int, end: int, number: int = 1) -> str:
    """Return the key of a row: its document and span, and its number where several rows share them.

    >>> key_of("gazette", 10, 24), key_of("gazette", 10, 24, 2)
    ('gazette:10-24', 'gazette:10-24.2')
    """
    return f"{doc_id}:{start}-{end}" + (f".{number}" if number > 1 else "")


def _span(name: str) -> tuple[str, str]:
    return ("trigger_start", "trigger_end") if name == "event_mentions" else ("start", "end")


def keys(rows: pd.DataFrame, name: str) -> pd.Series:
    """Return the key of each row of a table (quotes, event_mentions, times, mentions, frames), in the rows' order."""
    name = name.removeprefix("adjudicated_")
    if name == "frames":
        return rows["sentence_id"].str.replace(r"/s(\d+-\d+)$", r":\1", regex=True)
    first, last = _span(name)
    seen: Counter = Counter()
    out = []
    for span in zip(rows["doc_id"], rows[first], rows[last]):
        seen[span] += 1
        out.append(key_of(*span, seen[span]))
    return pd.Series(out, index=rows.index, dtype="string")


def is_date(text: str) -> bool:
    """Whether a text is a date as coders write it: 2019, 2019-07, 2019-07-12, or two of these parted by /.

    Of two one may be ``..``, an end that is not known.

    >>> is_date("2019-07"), is_date("2019-07-01/2019-07-09"), is_date("2019-02-30"), is_date("Jul 19")
    (True, True, False, False)
    >>> is_date("2019-07/.."), is_date("../2019-07-09"), is_date("../.."), is_date("..")
    (True, True, False, False)
    """
    parts = text.split("/")
    ends = parts if len(parts) == 1 else [p for p in parts if p != labels_.OPEN]
    try:
        return len(parts) <= 2 and bool(ends) and all(_DAY.fullmatch(p) and labels_.interval(p, None) for p in ends)
    except ValueError:
        return False


# reading ------------------------------------------------------------------------------------------------------------


def read_decisions(case, codes: Mapping[str, Iterable[str]] | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read all decisions of a case: ``review/*.csv`` but ``coders.csv``.

    Accepts a case and, to check codes, what each field may hold (:func:`helpers.review.sheets.codes`). Returns the good
    decisions (:data:`DECISIONS` with ``file``, ``line`` and the coder's ``kind``) and a report of the refused ones,
    each with its file, its line, what is wrong and what to do. A bad row never costs the others.
    """
    who = labels_.coders(case).set_index("coder_id")["kind"]
    good, report = [], list[dict]()
    for path in sorted((case.raw / "review").glob("*.csv")):
        if path.name == "coders.csv":
            continue
        file = f"review/{path.name}"
        try:
            rows = spreadsheet.read(path, ("table", "key", "decision", "coder_id", "date"))
        except TableError as error:
            report.append({"file": file, "outcome": "refused",
                           "why": str(error).removeprefix(f"{path.name}: ")})
            continue
        for given in rows:
            row = {c: given.get(c) for c in (*DECISIONS, "line")} | {"file": file}
            row["table"] = _table_of(row["table"])
            why = wrong(row, who, codes or {})
            if why:
                report.append({c: row.get(c) for c in REPORT[:8]} | {"outcome": "refused", "why": why})
            else:
                good.append(row | {"kind": who[row["coder_id"]]})
    return _frame(good, [*DECISIONS, "file", "line", "kind"]), _report(report)


def _frame(rows: list[dict], columns: list[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({c: "Int64" if c == "line" else "string" for c in columns})


def _report(rows: list[dict]) -> pd.DataFrame:
    return _frame(rows, REPORT)


def _table_of(word: str | None) -> str | None:
    name = (word or "").removeprefix("adjudicated_")
    return {"events": "event_mentions", "event": "event_mentions"}.get(name, name) or None


class Codes(dict):
    """Codes with their labels; ``called``: what else a code is called, such as a state by its aliases."""

    def __init__(self, labels: Mapping[str, str], called: Mapping[str, str]) -> None:
        super().__init__(labels)
        self.called = dict(called)


def near(word, known: Iterable[str]) -> str:
    """Say which code may be meant, by the code itself, its label or what else it is called; else which codes there are.

    >>> near("Norway", {"NOR": "Norway", "SWE": "Sweden"}), near("Maybe", {"yes": "", "no": ""})
    ("did you mean 'NOR' (Norway)?", 'it can be yes, no')
    """
    labels = {str(k): str(v) for k, v in known.items()} if isinstance(known, Mapping) else {}
    codes = list(labels) or sorted(map(str, known))
    called = {name.casefold(): code for code, name in [*labels.items(), *((c, n) for n, c in getattr(
        known, "called", {}).items())][::-1] if name}
    folded = {code.casefold(): code for code in codes[::-1]}
    said = str(word).strip().casefold()
    code, close = folded.get(said) or called.get(said), []
    if code is None:
        close = difflib.get_close_matches(said, [*folded, *called], 1, .6)
        code = (folded.get(close[0]) or called[close[0]]) if close else None
    if code is None:
        return "it can be " + ", ".join(codes[:30])
    by_name = code.casefold() != said and folded.get(close[0] if close else said) != code
    return f"did you mean {code!r}" + (f" ({labels[code]})?" if by_name and labels.get(code) else "?")


def wrong(row: dict, who: Mapping[str, str], codes: Mapping[str, Iterable[str]]) -> str:
    """Return what is wrong with one decision and what to do, or nothing."""
    if row["table"] not in ID:
        return f"there is no table {row['table']!r} to decide on; {near(row['table'], ID)}"
    if row["decision"] not in KINDS:
        return f"the decision is {row['decision']!r}; {near(row['decision'], KINDS)}"
    if parse_key(row["key"] or "") is None:
        return f"the key is {row['key']!r}; write it as document:start-end, such as gazette:120-188"
    if row["coder_id"] not in who:
        return f"nobody is entered as coder {row['coder_id']!r} in review/coders.csv; add a line that says who that is"
    if not re.fullmatch(tables.DATE, row["date"] or ""):
        return f"the date is {row['date']!r}; write the day of the decision as 2026-03-09"
    if row["decision"] in ("edit", "add"):
        return _wrong_value(row["table"], row["field"], row["decided_value"], codes)
    if row["decision"] == "merge" and parse_key(row["decided_value"] or "") is None:
        return "a merge names the row it goes into: its key belongs in decided_value"
    if row["decision"] == "split" and row["field"] != "event_id" \
            and not all(map(parse_key, (row["decided_value"] or "").split(";"))):
        return "a split names the new spans in decided_value, parted by ;, such as gazette:120-150;gazette:155-188"
    if row["decision"] in ("merge", "split") and row["table"] == "frames":
        return "frames belong to one sentence and cannot be merged or split; edit their field 'frames'"
    return ""


def _wrong_value(table: str, field: str | None, value: str | None, codes: Mapping[str, Iterable[str]]) -> str:
    known = _fields(table)
    if field not in known:
        return f"there is no field {field!r} in {table}; {near(field, known)}"
    try:
        parsed = _parse(table, field, value)
    except ValueError as error:
        if value and field in codes and value not in codes[field]:
            return f"there is no {field.removesuffix('_id')} {value!r} in the codebook; {near(value, codes[field])}"
        return str(error)
    for code in [] if parsed is None or field not in codes else parsed if isinstance(parsed, list) else \
            str(parsed).split("+") if field in ACTORS else [parsed]:
        # a person or body that has no code of its own is known by its state
        if code not in codes[field] and not (field in ACTORS and code.split(".")[0] in codes[field]):
            return f"there is no {field.removesuffix('_id')} {code!r} in the codebook; {near(code, codes[field])}"
    return ""


def _fields(table: str) -> list[str]:
    if table == "frames":
        return ["frames", "voice", "negated", "hedged", "laundered"]
    name = f"adjudicated_{table}" if f"adjudicated_{table}" in TABLES else table
    fixed = {ID[table][0], "doc_id", "sentence_id", "rule", *_span(table)}
    return [c for c in TABLES[name].names if c not in fixed] + (["date"] if "earliest" in TABLES[name].names else [])


def _parse(table: str, field: str, value: str | None):
    """Return a decided value in its column's type; ValueError says what is wanted."""
    if value is not None and value.lower() in ("none", "-"):
        value = None
    if field == "frames":
        return [] if value is None else [f.strip() for f in value.split(";") if f.strip()]
    if field == "date":
        if value is not None and not is_date(value):
            raise ValueError(f"the date is {value!r}; write 2019, 2019-07, 2019-07-12 or two days parted by /, "
                             "one of which may be ..")
        return value
    name = f"adjudicated_{table}" if f"adjudicated_{table}" in TABLES else table
    column = next(c for c in TABLES[name].columns if c.name == field)
    if value is None:
        if column.required and column.allowed[-1:] != ("none",) and "none" not in column.allowed:
            raise ValueError(f"{field!r} cannot be empty ({column.about})")
        return "none" if "none" in column.allowed else None
    if column.dtype == "boolean":
        words = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
        if value.lower() not in words:
            raise ValueError(f"{field!r} is {value!r}; it must be yes or no")
        return words[value.lower()]
    if column.allowed and value not in column.allowed:
        raise ValueError(f"{field!r} is {value!r}; {near(value, column.allowed)}")
    if column.pattern and not re.fullmatch(column.pattern, value):
        raise ValueError(f"{field!r} is {value!r}; it must be {column.about}")
    if column.dtype in ("Int64", "Float64"):
        try:
            return int(value) if column.dtype == "Int64" else float(value)
        except ValueError:
            raise ValueError(f"{field!r} is {value!r}; it must be a number") from None
    return value


def write_decisions(case, decisions: pd.DataFrame, file: str) -> Path:
    """Add decisions to ``review/<file>.csv``, whole or not at all, without saying anything twice; return the path."""
    path = case.raw / "review" / f"{file}.csv"
    old = spreadsheet.read(path, DECISIONS) if path.exists() else []
    new = decisions.reindex(columns=DECISIONS).astype(object).where(lambda d: d.notna(), None).to_dict("records")
    rows: dict[tuple, dict] = {}
    for row in [*old, *new]:            # what is said again is said last: of equals the later line wins
        said = tuple(row[c] for c in DECISIONS)
        rows.pop(said, None)
        rows[said] = row
    return spreadsheet.write(path, rows.values(), DECISIONS, bom=False)


# applying -----------------------------------------------------------------------------------------------------------


def apply(rows: pd.DataFrame, decisions: pd.DataFrame, name: str, *, sentences: pd.DataFrame | None = None,
          suggested: Iterable[str] = ()) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Apply coders' decisions to a table.

    Accepts rows of ``quotes``, ``event_mentions``, ``times``, ``mentions`` or ``frames`` (or their adjudicated forms),
    decisions (:func:`read_decisions`; those of other tables are left alone), the table's name, and the case's
    sentences, which added rows and sentences without a frame need, and the keys of what the machine alone suggests and
    the rows do not hold, which a coder may reject. Returns the table with the decisions in it (a
    decided row's ``rule`` is the coder's id) and a report, one row a decision: ``outcome`` is ``applied``, ``agrees``
    (another coder decided the same), ``overruled``, ``gone`` (no such row or sentence any more) or ``refused``, and
    ``why`` says the rest. Raises :class:`~helpers.tables.TableError` when the rows do not fit the table.
    """
    base = name.removeprefix("adjudicated_")
    units: dict[str, list[dict]] = {}
    suggested = set(suggested)
    for key, row in zip(keys(rows, base), rows.to_dict("records")):
        units.setdefault(key, []).append(row)
    mine: list[dict] = [{c: None if pd.isna(v) else v for c, v in d.items()} | {"order": n}
                        for n, d in enumerate(decisions.to_dict("records")) if d["table"] == base]
    for vote in mine:
        vote["key"] = key_of(*place_of(vote["key"]))
    said: dict[int, tuple[str, str]] = {}
    moves: list[dict] = []
    for key, group in groupby(sorted(mine, key=lambda v: v["key"]), key=lambda v: v["key"]):
        votes = sorted(group, key=_strength)
        if key not in units and key in suggested and all(v["decision"] == "reject" for v in votes):
            said |= {v["order"]: ("agrees" if v is not votes[0] else "applied", "") for v in votes}
            continue
        if key not in units:
            sentence_id, why = _place(key, votes, base, units, sentences)
            if why:
                said |= {v["order"]: ("gone", why) for v in votes}
                continue
            units[key] = [] if base == "frames" else [_fresh(key, base, sentence_id)]
        won: list[dict] = []
        for vote in votes:
            over = next((w for w in won if _excludes(w, vote)), None)
            if over is None:
                won.append(vote)
            else:
                said[vote["order"]] = ("agrees", "") if _says(over) == _says(vote) else ("overruled", _told(over))
        moves += [v for v in won if v["decision"] in ("merge", "split")]
        for vote in sorted(won, key=lambda v: v["field"] != "frames"):     # frames first: the rest marks them
            if vote["decision"] == "reject":
                del units[key]
                said[vote["order"]] = ("applied", "")
            elif vote["decision"] not in ("merge", "split"):
                said[vote["order"]] = _decide(units[key], vote, base, key)
        for row in units.get(key, []):
            row["rule"] = won[0]["coder_id"]
        lacking = [c.name for c in TABLES[base].columns if c.required and key in units and units[key]
                   and pd.isna(units[key][0].get(c.name))]
        if lacking:
            del units[key]
            said |= {v["order"]: ("refused", f"an added row of {base} needs {', '.join(lacking)} too: a line for each")
                     for v in won}
    for vote in sorted(moves, key=lambda v: (v["decision"], v["order"])):      # merges, then splits
        if vote["order"] not in said:
            said[vote["order"]] = _move(units, vote, base)
    out = pd.DataFrame([row for unit in units.values() for row in unit], columns=TABLES[name].names)
    return tables.conform(out, name), _report([{c: v.get(c) for c in REPORT[:8]}
                                               | dict(zip(("outcome", "why"), said[v["order"]])) for v in mine])


def _strength(vote: dict) -> tuple:
    """Sort persons before models before rules, then the later date, then the later line."""
    return RANK[vote["kind"]], *(-int(n) for n in vote["date"].split("-")), -vote["order"]


def _removes(vote: dict) -> bool:
    return vote["decision"] == "reject" or (vote["decision"] == "merge" and vote["field"] != "event_id")


def _says(vote: dict) -> tuple:
    """What a decision comes to, to see whether two say the same."""
    what = vote["field"] if vote["decision"] in ("edit", "add") else vote["decision"]
    return what, None if what in ("accept", "reject") else vote["decided_value"]


def _excludes(stronger: dict, vote: dict) -> bool:
    """Whether a stronger decision leaves no room for a weaker one on the same row."""
    if _removes(stronger) or _removes(vote):
        return True
    if stronger["decision"] == "accept" and vote["decision"] != "accept":
        # whoever accepts a row has seen what was decided before, not what a lower-ranking coder decides later
        return RANK[stronger["kind"]] < RANK[vote["kind"]] and stronger["date"] < vote["date"]
    return _says(stronger)[0] == _says(vote)[0]


def _told(vote: dict) -> str:
    value = f" {vote['decided_value']}" if vote["decided_value"] else ""
    return f"{vote['coder_id']} ({vote['kind']}, {vote['date']}) decided: {vote['decision']}{value}"


def _place(key: str, votes: list[dict], base: str, units: Mapping, sentences: pd.DataFrame | None
           ) -> tuple[str | None, str]:
    """Return the sentence that a row not there yet would stand in, or why it cannot stand there."""
    doc_id, start, end, _ = place_of(key)
    sentence_id = None if sentences is None else labels_.sentence_at(sentences, doc_id, start, end)
    if base == "frames":
        whole = sentence_id == tables.span_id(doc_id, "s", start, end)
        return sentence_id, "" if whole else "no sentence has that span any more" + _nearest(sentence_id)
    if all(v["decision"] != "add" for v in votes):
        spans = {k: place_of(k) for k in units}
        touching = [k for k, (d, s, e, _) in spans.items() if d == doc_id and s < end and e > start]
        nearest = max(touching, default=None, key=lambda k: min(spans[k][2], end) - max(spans[k][1], start))
        return None, f"no row of {base} has that span any more" + _nearest(nearest)
    return sentence_id, "no sentence is there any more" if sentences is not None and sentence_id is None else ""


def _nearest(what: str | None) -> str:
    return f"; the nearest is {what}" if what else ""


def _fresh(key: str, base: str, sentence_id: str | None) -> dict:
    doc_id, start, end, number = place_of(key)
    id_, letter = ID[base]
    undated = {"granularity": "none", "basis": "none"} if base in ("event_mentions", "times") else {}
    return {id_: tables.span_id(doc_id, letter, start, end) + (f".{number}" if number > 1 else ""), "doc_id": doc_id,
            "sentence_id": sentence_id, "rule": ""} | dict(zip(_span(base), (start, end))) | undated


def _decide(unit: list[dict], vote: dict, base: str, key: str) -> tuple[str, str]:
    """Carry an accept, edit or add out on the rows of one key; return its outcome and why."""
    if vote["decision"] == "accept":
        return "applied", ""
    field, value = vote["field"], _parse(base, vote["field"], vote["decided_value"])
    now = ";".join(r["frame"] for r in unit) if field == "frames" else shown(unit[0], field) if unit else ""
    seen = vote["machine_value"] or ""
    why = f"the suggestion was {seen or 'none'} and is {now or 'none'} now" \
        if vote["decision"] == "edit" and seen and now not in (seen, vote["decided_value"]) else ""
    if field == "frames":
        doc_id, start, end, _ = place_of(key)
        old = unit[0] if unit else {"sentence_id": tables.span_id(doc_id, "s", start, end), "doc_id": doc_id}
        unit[:] = [old | {"frame": f, "rank": n, "weight": 1 / len(value)} for n, f in enumerate(value, 1)]
    elif not unit:
        return "gone", "the sentence has no frame to mark; decide its frames too"
    elif field == "date":
        unit[0] |= _dates(value, unit[0].get("basis"))
    else:
        for row in unit:
            row[field] = value
    return "applied", why


def shown(row: Mapping, field: str) -> str:
    """Return a row's value of a field as coders read and write it; ``date`` is its interval.

    >>> shown({"earliest": "2031-01-01", "latest": "2031-01-31"}, "date"), shown({"negated": True}, "negated")
    ('2031-01-01/2031-01-31', 'yes')
    """
    if field == "date":
        return labels_.written(row.get("earliest"), row.get("latest")) or ""
    value = row.get(field)
    if value is None or pd.isna(value):
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _dates(value: str | None, basis) -> dict:
    """Return the interval that a decided date stands for; without a basis it counts as inferred, unless words of the
    sentence say it (:func:`_as_the_text_dates`)."""
    earliest, latest, granularity = labels_.interval(value, None)
    basis = "none" if value is None else "relative" if pd.isna(basis) or basis == "none" else basis
    return {"earliest": earliest, "latest": latest, "granularity": granularity, "basis": basis}


def _move(units: dict[str, list[dict]], vote: dict, base: str) -> tuple[str, str]:
    """Carry a merge or a split out; return its outcome and why."""
    key, field = vote["key"], vote["field"]
    if key not in units:
        return "gone", "another decision has removed the row"
    row = units[key][0]
    if vote["decision"] == "merge":
        other = key_of(*place_of(vote["decided_value"]))
        if other == key or other not in units:
            return "gone", f"there is no other row at {other} to merge it with"
        kept = units[other][0]
        if field == "event_id":
            row["event_key"] = kept["event_key"] = next(
                (k for k in (kept.get("event_key"), row.get("event_key")) if pd.notna(k)), other)
            return "applied", ""
        del units[key]
        if base != "event_mentions":     # words that name an act stay as they are; other spans grow together
            first, last = _span(base)
            kept[first], kept[last] = min(kept[first], row[first]), max(kept[last], row[last])
            kept[ID[base][0]] = tables.span_id(kept["doc_id"], ID[base][1], kept[first], kept[last])
        kept["rule"] = vote["coder_id"]
        return "applied", ""
    if field == "event_id":
        taken = {r.get("event_key") for unit in units.values() for r in unit}
        stem = row["event_key"] if pd.notna(row.get("event_key")) else key
        row["event_key"] = vote["decided_value"] or next(
            name for n in range(2, len(taken) + 3) if (name := f"{stem}_{n}") not in taken)
        return "applied", ""
    del units[key]
    for part in vote["decided_value"].split(";"):
        new = key_of(*place_of(part))
        units[new] = [row | {k: v for k, v in _fresh(new, base, row["sentence_id"]).items()
                             if k in (ID[base][0], *_span(base))} | {"rule": vote["coder_id"]}]
    return "applied", ""


# the adjudicated layer ----------------------------------------------------------------------------------------------


def adjudicated(case, name: str, sentences: pd.DataFrame, machine: pd.DataFrame | None = None, *,
                times: pd.DataFrame | None = None, quotes: pd.DataFrame | None = None, documents: Iterable[str] = (),
                published: Mapping[str, str] | None = None) -> tuple[pd.DataFrame | None, pd.DataFrame]:
    """Return the adjudicated rows of a case: its labels, or the machine's suggestions, with decisions on top.

    Accepts a case; ``frames``, ``quotes``, ``event_mentions`` or ``times``; the case's sentences; the machine's rows,
    if any; for event mentions the ``times`` that date the machine's ones and the ``quotes`` that say who tells of them,
    and the last day on which each document can have come out (``published``; none given: as the manifest declares),
    which ends what is told *since* a time; and the documents to keep (none named: all).
    Returns the rows of the adjudicated table and the report on the decisions. There are none (None) where nobody has
    labelled or decided anything: then charts draw the machine's codes (:func:`helpers.review.drawn`). Where a row's
    ``rule`` is no coder's id, nobody has reviewed it: see :func:`reviewed_line`.
    """
    who = labels_.coders(case)
    makers = {"frames": ("frames", labels_.adjudicated_frames), "quotes": ("quotes", labels_.adjudicated_quotes),
              "event_mentions": ("events", labels_.adjudicated_event_mentions)}
    target = f"adjudicated_{name}" if name in makers else name
    given = case.labels(makers[name][0]) if name in makers else None
    decisions, refused = read_decisions(case)
    kept = set(documents) or set(case.manifest["doc_id"])
    if given is not None:
        given = given[given["doc_id"].isin(kept)]
        made = makers[name][1](given, sentences, who["coder_id"].iloc[0] if len(who) else "coder A")
        rows = tables.conform(made, target)
    elif machine is not None and decisions["table"].eq(name).any():
        rows = machine[machine["doc_id"].isin(kept)]
        rows = tables.conform(as_adjudicated(rows, times, quotes) if name == "event_mentions" else rows, target)
    else:
        return None, refused
    decisions = decisions[decisions["key"].map(lambda key: place_of(key)[0] in kept).astype(bool)]
    alone = () if given is None or machine is None else keys(machine, name)
    rows, report = apply(rows, decisions, target, sentences=sentences, suggested=alone)
    if name == "event_mentions":
        rows = _as_the_text_dates(rows, decisions, times)
        until = case.manifest.set_index("doc_id")["published_latest"] if published is None else published
        rows = labels_.closed(rows, until)
    return rows, pd.concat([refused, report], ignore_index=True)


def _as_the_text_dates(rows: pd.DataFrame, decisions: pd.DataFrame, times: pd.DataFrame | None) -> pd.DataFrame:
    """Give a date that a coder wrote without its basis the time expression of its sentence that says the same."""
    mine = decisions[decisions["table"].eq("event_mentions")]
    written = set(mine.loc[mine["field"].eq("date"), "key"]) - set(mine.loc[mine["field"].eq("basis"), "key"])
    if times is None or not written:
        return rows
    days = ["sentence_id", "earliest", "latest"]
    said = times.dropna(subset=["time_id", *days]).drop_duplicates(days).set_index(days)[["time_id", "basis"]]
    meant = pd.Series(keys(rows, "event_mentions"), rows.index).isin({key_of(*place_of(k)) for k in written})
    found = rows[days].join(said, on=days).loc[meant & rows["earliest"].notna()].dropna(subset="time_id")
    out = rows.copy()
    out.loc[found.index, ["time_id", "basis"]] = found[["time_id", "basis"]]
    return out


def as_adjudicated(machine: pd.DataFrame, times: pd.DataFrame | None, quotes: pd.DataFrame | None) -> pd.DataFrame:
    """Give the machine's event mentions the dates and speakers that adjudicated ones have."""
    dates = ["earliest", "latest", "granularity", "basis"]
    out = machine.drop(columns=[c for c in (*dates, "link_reason", "event_key", "event_id") if c in machine])
    if quotes is not None and "quote_id" in out:
        said = quotes.drop_duplicates("quote_id").set_index("quote_id")
        out["speaker"] = out["quote_id"].map(said["speaker"]).astype("string")
    if times is None or "time_id" not in machine:
        return out.assign(granularity="none", basis="none")
    out = out.merge(times[["time_id", *dates]].dropna(subset="time_id"), on="time_id", how="left")
    return out.fillna({"granularity": "none", "basis": "none"})


def not_reviewed(rows: pd.DataFrame, case) -> tuple[int, int]:
    """Return how many rows no coder has labelled or decided on, and how many there are."""
    return int((~rows["rule"].isin(labels_.coders(case)["coder_id"])).sum()), len(rows)


def reviewed_line(rows: pd.DataFrame, case) -> str:
    """Say in a few words how much of a table was reviewed, for charts and pages: ``not reviewed: 12 of 40``."""
    n, m = not_reviewed(rows, case)
    return f"not reviewed: {n} of {m}" if n else f"all {m} adjudicated"


def counted(report: pd.DataFrame | None) -> str:
    """Say in one line how many decisions there are, and what became of them.

    >>> counted(None)
    'Nobody has decided any disagreement yet.'
    >>> counted(pd.DataFrame({"outcome": ["applied", "applied", "gone"]}))
    '3 decisions: 2 applied, 1 gone.'
    >>> counted(pd.DataFrame({"outcome": ["applied", "applied"]}))
    '2 decisions, all of them applied.'
    """
    if report is None or report.empty:
        return "Nobody has decided any disagreement yet."
    if len(report) > 1 and report["outcome"].nunique() == 1:
        return f"{naming.counted(len(report), 'decision')}, all of them {report['outcome'].iloc[0]}."
    outcomes = ", ".join(f"{n} {outcome}" for outcome, n in report["outcome"].value_counts().items())
    return f"{naming.counted(len(report), 'decision')}: {outcomes}."


def tell(report: pd.DataFrame) -> list[str]:
    """Return what a reader must know of a report, a line each: what was refused, is gone, was overruled or has changed.

    >>> tell(pd.DataFrame([{"file": "review/p.csv", "line": 3, "table": "quotes", "key": "gazette:1-9", "decision":
    ...     "accept", "outcome": "gone", "why": "no row of quotes has that span any more"}]))
    ['review/p.csv: line 3: accept of quotes gazette:1-9: gone: no row of quotes has that span any more']
    """
    lines = []
    for row in report.to_dict("records"):
        if row["outcome"] == "agrees" or (row["outcome"] == "applied" and not row["why"]):
            continue
        what = f"{row['decision']} of {row['table']} {row['key']}" if pd.notna(row.get("decision")) else ""
        place = [str(row["file"]), f"line {row['line']}" if pd.notna(row.get("line")) else "", what, row["outcome"],
                 row["why"]]
        lines.append(": ".join(p for p in place if p))
    return lines
