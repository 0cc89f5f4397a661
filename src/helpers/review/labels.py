"""Labels: whole codings of texts, kept as spans with codes, and who made them.

Labels lie in ``gold/*.csv``; who made them is said in ``gold/coders.csv`` and ``review/coders.csv`` (kind ``person``,
``model`` or ``rule``). They are tied to our sentences by their offsets, so they survive every rebuild. A coding that is
only to be compared (a second coder's) is *frozen*: its files' SHA-256 stand in ``review/coders.csv``.
"""
from __future__ import annotations

import calendar
import datetime as dt
import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path

import pandas as pd

from helpers import tables
from helpers.codebook.naming import counted, joined
from helpers.tables import TableError

__all__ = ["coders", "coder_kinds", "coder_line", "freeze", "frozen", "labelled_by", "adjudicated_frames",
           "adjudicated_quotes", "adjudicated_event_mentions", "closed", "interval", "sentence_at", "sentences_at",
           "shares", "written"]

CODER_KINDS = ("person", "model", "rule")
CODERS = ["coder_id", "kind", "made", "had_read", "labels", "sha256"]
OPEN = ".."         # an end of an interval of which nothing is known (ISO 8601-2)


def coders(case) -> pd.DataFrame:
    """Return who coded a case, those who made its labels first.

    Reads ``gold/coders.csv`` and ``review/coders.csv`` (where ``made`` may be called ``when``). Returns ``coder_id``,
    ``kind``, ``made``, ``had_read`` (which texts and labels the coder had read), ``labels`` (what it coded) and
    ``sha256`` (its frozen files, see :func:`freeze`). Raises :class:`~helpers.tables.TableError` for a kind other than
    person, model or rule, and for a coder that stands twice.
    """
    found = []
    for folder in ("gold", "review"):
        rows = case.optional(f"{folder}/coders.csv")
        if rows is None:
            continue
        rows = rows.rename(columns={"when": "made"})
        for column in ("coder_id", "kind"):
            if column not in rows:
                raise TableError(f"{folder}/coders.csv: the column {column!r} is missing. "
                                 "Its columns are coder_id, kind, when, had_read.")
        bad = rows[~rows["kind"].isin(CODER_KINDS)]
        if len(bad):
            raise TableError(f"{folder}/coders.csv: line {bad.index[0] + 2}: kind is {bad['kind'].iloc[0]!r}; "
                             "it must be person, model or rule.")
        found.append(rows.reindex(columns=CODERS).astype("string"))
    frame = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=CODERS, dtype="string")
    twice = frame["coder_id"].duplicated()
    if twice.any():
        raise TableError(f"coders.csv: two coders are called {frame['coder_id'][twice].iloc[0]!r} in gold/coders.csv "
                         "and review/coders.csv. Give each coder one row and a name of its own.")
    return frame


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def freeze(case, coder_id: str, kind: str, when: str, had_read: str, files: list[str]) -> Path:
    """Enter a coder and the SHA-256 of its files into ``review/coders.csv``, before anything is made from them.

    Accepts the coder's id and kind, the day or month it coded, which texts and labels it had read, and its files as
    paths inside ``review/`` (``coder_b/events.csv``). Returns the path of ``coders.csv``. Raises
    :class:`~helpers.tables.TableError` when a file is missing, when the kind is unknown, or when the coder is already
    there: what is frozen stays as it is.
    """
    folder = case.raw / "review"
    if kind not in CODER_KINDS:
        raise TableError(f"A coder's kind is person, model or rule, not {kind!r}.")
    if coder_id in set(coders(case)["coder_id"]):
        raise TableError(f"The coder {coder_id!r} is already entered. A new coding takes a new coder_id.")
    missing = [f for f in files if not (folder / f).is_file()]
    if missing:
        raise TableError(f"review/{missing[0]} is not there. Name files by their path inside {folder.name}/.")
    return enter(case, coder_id, kind, when, had_read, labels="; ".join(Path(f).stem for f in files),
                 sha256="; ".join(f"{f} {_digest(folder / f)}" for f in files))


def enter(case, coder_id: str, kind: str, when: str, had_read: str, **more: str) -> Path:
    """Add a coder's line to ``review/coders.csv``, whole or not at all; return its path.

    Accepts the coder's id and kind, the day or month it coded, what it had read, and what else the file says of a coder
    (labels, sha256). The column of the day keeps the name that it has in the file: ``when``, or ``made``.
    """
    old = case.optional("review/coders.csv")
    row = pd.DataFrame([{"coder_id": coder_id, "kind": kind, "when": when, "had_read": had_read, **more}],
                       dtype="string")
    if old is not None and "when" not in old and "made" in old:
        row = row.rename(columns={"when": "made"})
    path = case.raw / "review" / "coders.csv"
    tables.write_whole(path, tables.to_csv(row if old is None else pd.concat([old, row], ignore_index=True)))
    return path


def frozen(case) -> dict[str, dict[str, Path]]:
    """Return the files of each frozen coding, by coder and by what they code (``events``, ``quotes`` …).

    Raises :class:`~helpers.tables.TableError` when a file is missing or is not the one that was frozen.
    """
    out: dict[str, dict[str, Path]] = {}
    for coder_id, digests in coders(case)[["coder_id", "sha256"]].dropna().itertuples(index=False):
        for entry in filter(None, map(str.strip, digests.split(";"))):
            name, _, digest = entry.rpartition(" ")
            path = case.raw / "review" / name.strip()
            if not name or not path.resolve().is_relative_to((case.raw / "review").resolve()):
                raise TableError(f"review/coders.csv: {coder_id}: {entry!r} is not a file of review/ and its SHA-256.")
            if not path.is_file():
                raise TableError(f"review/{name} of coder {coder_id} is not there. Put back the file that was frozen.")
            if _digest(path) != digest:
                raise TableError(f"review/{name} is not the file that was frozen: its SHA-256 differs from "
                                 f"review/coders.csv. Put back the file as coder {coder_id} made it; "
                                 "a new coding takes a new coder_id.")
            out.setdefault(coder_id, {})[path.stem] = path
    return out


def shares(rows: pd.DataFrame, case) -> dict[str, int]:
    """Count coded rows by the kind of who made them: persons first, then models, then rules.

    Accepts rows with ``rule``, which holds the id of a coder, or of the machine's rule where no coder has said anything
    of the row. Labels as they stand in ``gold`` have none: :func:`labelled_by` says who made those.
    """
    kind = dict(coders(case)[["coder_id", "kind"]].itertuples(index=False))
    made = rows["rule"].map(lambda r: kind.get(r, "rule"))
    return {k: n for k in ("person", "model", "rule") if (n := int(made.eq(k).sum()))}


def _called(rows: pd.DataFrame) -> str:
    """What a coded row is called, by the id that it has."""
    return next((word for column, word in CODED.items() if column in rows), "frame code")


def _adjudicated(case) -> list[pd.DataFrame]:
    ids = {"event_mentions": "event_mention_id", "frames": "sentence_id", "quotes": "quote_id"}
    return [rows for name, own in ids.items() if case.has(f"adjudicated_{name}")
            and len(rows := case.load(f"adjudicated_{name}", [own, "rule"]))]


def coder_kinds(case, rows: pd.DataFrame) -> str:
    """Return the kinds of those who made codes, with how many each made where there are several: ``model``, or
    ``person (6 of 34 mentions), the rest by rule``.

    Accepts a case and the coded rows that are shown; of no rows nobody is the coder.
    """
    if rows.empty:
        return "nobody"
    made, word = shares(rows, case), _called(rows)
    *some, last = made
    if not some:
        return last
    first = [f"{some[0]} ({made[some[0]]} of {counted(len(rows), word)})", *(f"{k} ({made[k]})" for k in some[1:])]
    return f"{', '.join(first)}, the rest by {last}"


def coder_line(case, rows: pd.DataFrame | None = None) -> str:
    """Say in one line who made the codes of a case, and how many of them each: labels, and decisions on top of them.

    Accepts a case and the coded rows that are shown; without them its adjudicated tables are meant. What nobody has
    decided on is the machine's, and is said to be so. A coding that is only compared (:func:`frozen`) made none.
    """
    who = coders(case)
    who = who[~who["coder_id"].isin(frozen(case))]
    if who.empty:
        return f"No adjudicated codes: nobody has coded this case yet.{case.not_coded()}"
    tables_ = _adjudicated(case) if rows is None else [rows] if len(rows) else []
    made = [shares(each, case) for each in tables_]
    kinds = {k for m in made for k in m}
    if kinds:
        who = who[who["coder_id"].isin({r for each in tables_ for r in each["rule"]})]
    rejected = _rejected(case, rows)
    end, left = rejected + case.not_coded(), "the rest" if rejected or "person" in kinds else "them"
    if kinds == {"rule"}:
        return f"Coded by rule: suggestions that nobody has decided on.{end}"
    if len(kinds) > 1:
        parts = "; ".join(_shared(m, each, who) for m, each in zip(made, tables_))
        return f"{parts}; no person has checked {left}.{end}"
    people = " and ".join(counted(n, *KINDS.get(k, (k,)), spelt=True) for k, n in who["kind"].value_counts().items())
    person = "" if (who["kind"] == "person").any() else f"; no person has checked {left}"
    return f"Coded by {people}{person}.{end}"


def labelled_by(case, what: str) -> tuple[str, str]:
    """Return who made a case's labels of one kind, and what that coder had read or done before; two empty texts if
    ``gold/coders.csv`` names nobody for them.

    Accepts a case and a kind of labels as ``coders.csv`` calls it (``contradictions``).

    >>> from helpers.case import open_case
    >>> labelled_by(open_case("practice"), "contradictions")[0]
    'coder A, a language model'
    """
    who = coders(case)
    done = who["labels"].fillna("").map(lambda listed: what in re.split(r"[,;]\s*", listed)).astype(bool)
    made = who[done & ~who["coder_id"].isin(frozen(case))]
    names = [f"coder {c}, a {KINDS.get(k, (k,))[0]}" for c, k in zip(made["coder_id"], made["kind"])]
    return joined(names) if names else "", "; ".join(made["had_read"].dropna())


def _shared(made: dict[str, int], rows: pd.DataFrame, who: pd.DataFrame) -> str:
    """Say of one table how much each kind of coder made: ``6 of 34 mentions decided by one person, the rest by rule``.
    """
    kinds = who[who["coder_id"].isin(rows["rule"])]["kind"].value_counts()
    by = {k: counted(int(kinds[k]), *KINDS[k], spelt=True) if k in kinds else "rule" for k in made}
    *some, last = made
    if not some:
        return f"all {counted(len(rows), _called(rows))} by {by[last]}" if len(rows) > 1 else (
            f"the one {_called(rows)} by {by[last]}")
    first, *others = some
    told = [f"{made[first]} of {counted(len(rows), _called(rows))} decided by {by[first]}"]
    return ", ".join([*told, *(f"{made[k]} by {by[k]}" for k in others), f"the rest by {by[last]}"])


def _rejected(case, rows: pd.DataFrame | None) -> str:
    """Say how many rows persons have taken out of the table shown, or of all: they looked at them and left no row."""
    if not case.has("decisions"):
        return ""
    found = case.load("decisions")
    if rows is not None:
        names = {"mention": "event_mentions", "quotation": "quotes", "frame code": "frames"}
        found = found[found["table"].eq(names.get(_called(rows), ""))]
    kind = dict(coders(case)[["coder_id", "kind"]].itertuples(index=False))
    out = found[found["decision"].eq("reject").fillna(False) & found["outcome"].eq("applied")]
    n = sum(kind.get(c) == "person" for c in out["coder_id"])
    return f" Rejected by a person, so not counted: {counted(n, 'row')}." if n else ""


# what a row is called by the column that names it; what a frame is given to has no id of its own
CODED = {"event_mention_id": "mention", "quote_id": "quotation", "event_id": "event"}
# what one coder, and several, of each kind are called
KINDS = {"model": ("language model", "language models"), "person": ("person", "persons"),
         "rule": ("set of rules", "sets of rules")}


def sentence_at(sentences: pd.DataFrame, doc_id: str, start: int, end: int) -> str | None:
    """Return the id of the sentence that shares most characters with a span, or None where none does.

    Accepts ``sentences`` rows (doc_id, start, end, sentence_id) and a span.
    """
    if pd.isna(start) or pd.isna(end):
        return None
    return sentences_at(sentences[sentences["doc_id"] == doc_id], [(start, end)])[0]


def sentences_at(sentences: pd.DataFrame, spans: Iterable[tuple[int, int]]) -> list[str | None]:
    """Return, for each span of one text, the id of the sentence that shares most characters with it, or None.

    >>> two = pd.DataFrame({"start": [0, 10], "end": [9, 30], "sentence_id": ["s1", "s2"]})
    >>> sentences_at(two, [(8, 12), (0, 4), (40, 44)])
    ['s2', 's1', None]
    """
    ids = sentences["sentence_id"].tolist()
    rows = sorted(zip(sentences["start"].tolist(), sentences["end"].tolist(), range(len(ids))))
    begins, reach = [a for a, *_ in rows], list(accumulate((b for _, b, _ in rows), max))
    out = []
    for start, end in spans:
        shared, k = [], bisect_left(begins, end)
        while k and reach[k - 1] > start:       # no sentence before reaches as far
            k -= 1
            a, b, n = rows[k]
            if b > start:
                shared.append((min(b, end) - max(a, start), -n))
        out.append(ids[-max(shared)[1]] if shared else None)
    return out


def sentences_of(sentences: pd.DataFrame, doc_ids: Iterable[str], starts: Iterable, ends: Iterable
                 ) -> list[str | None]:
    """Return, for each span (its text, start and end), what :func:`sentence_at` returns; each text is looked up once.

    >>> two = pd.DataFrame({"doc_id": ["a", "b"], "start": [0, 0], "end": [9, 9], "sentence_id": ["s1", "s2"]})
    >>> sentences_of(two, ["b", "a", "c"], [3, 3, 3], [5, pd.NA, 5])
    ['s2', None, None]
    """
    spans = list(zip(doc_ids, starts, ends))
    wanted: dict[str, list[int]] = {}
    for number, (doc_id, start, end) in enumerate(spans):
        if not (pd.isna(start) or pd.isna(end)):
            wanted.setdefault(doc_id, []).append(number)
    out: list[str | None] = [None] * len(spans)
    for doc_id, numbers in wanted.items():
        found = sentences_at(sentences[sentences["doc_id"] == doc_id], [spans[n][1:] for n in numbers])
        for number, sentence_id in zip(numbers, found):
            out[number] = sentence_id
    return out


def _anchored(labels: pd.DataFrame, sentences: pd.DataFrame) -> pd.DataFrame:
    out = labels.copy()
    for column in ("start", "end", "trigger_start", "trigger_end"):
        if column in out:
            out[column] = pd.to_numeric(out[column]).astype("Int64")
    first = out["trigger_start"] if "trigger_start" in out else out["start"]
    last = out["trigger_end"] if "trigger_end" in out else out["end"]
    out["sentence_id"] = pd.array(sentences_of(sentences, out["doc_id"], first, last), dtype="string")
    return out


def _flag(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="boolean")
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return frame[name].str.lower().map(words).astype("boolean")


def adjudicated_frames(labels: pd.DataFrame, sentences: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Turn frame labels into rows of ``adjudicated_frames``.

    Accepts labels (doc_id, start, end, ``frames`` parted by ``;`` with the dominant one first, voice, optional
    negated, hedged, laundered), the case's sentences, and the name of the coder to enter as ``rule``. Two labels that
    fall into one sentence are joined in their order. Returns the rows; labels without a frame leave none.
    """
    rows = _anchored(labels, sentences).dropna(subset=["sentence_id", "frames"])
    rows = rows.assign(negated=_flag(rows, "negated"), hedged=_flag(rows, "hedged"), laundered=_flag(rows, "laundered"),
                       frame=rows["frames"].str.split(";")).explode("frame")
    rows["frame"] = rows["frame"].str.strip()
    rows = rows[rows["frame"].ne("") & ~rows["frame"].isin(["none", "-"])]
    rows = rows.drop_duplicates(["sentence_id", "frame"])
    by = rows.groupby("sentence_id", sort=False)
    rows = rows.assign(rank=by.cumcount() + 1, weight=1 / by["frame"].transform("size"), rule=rule)
    return tables.conform(rows[[c for c in tables.TABLES["adjudicated_frames"].names if c in rows]],
                          "adjudicated_frames")


def adjudicated_quotes(labels: pd.DataFrame, sentences: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Turn quotation labels (doc_id, start, end, speaker, speaker_country, directness, reporting_verb) into rows."""
    rows = _anchored(labels, sentences)
    rows = rows.rename(columns={"reporting_verb": "verb", "speaker_country": "speaker_bloc"})
    rows["quote_id"] = [tables.span_id(d, "q", s, e) for d, s, e in zip(rows["doc_id"], rows["start"], rows["end"])]
    rows = rows.drop_duplicates("quote_id").assign(rule=rule)
    return tables.conform(rows[[c for c in tables.TABLES["adjudicated_quotes"].names if c in rows]],
                          "adjudicated_quotes")


def interval(date: str | None, granularity: str | None) -> tuple[str | None, str | None, str]:
    """Return the first day, the last day and the granularity that a label's date stands for.

    Accepts an ISO date cut at day, month or year, or two of them parted by ``/``, and the label's word for its
    granularity; a ``week`` label names one day of the week meant. An end of which nothing is known is written ``..``
    (ISO 8601-2) and is None in the answer: the day of a report (``report_day``) bounds what it reports from above
    alone, what is told *since* a time (``since_month`` and the like) begins in it and has no end of its own
    (:func:`closed`). Raises ValueError for what is no date.

    >>> interval("2019-07", "month")
    ('2019-07-01', '2019-07-31', 'month')
    >>> interval("2020-06-22", "week_inferred")
    ('2020-06-22', '2020-06-28', 'week')
    >>> interval(None, None)
    (None, None, 'none')
    >>> interval("2019-07/2019-08-03", None)
    ('2019-07-01', '2019-08-03', 'interval')
    >>> interval("2019-07", "since_month"), interval("2019-07-04", "report_day")
    (('2019-07-01', None, 'interval'), (None, '2019-07-04', 'interval'))
    >>> interval("../2019-07-04", None)
    (None, '2019-07-04', 'interval')
    """
    if date is None or pd.isna(date) or not str(date).strip():
        return None, None, "none"
    first, slash, last = str(date).partition("/")
    if slash:
        if first == last == OPEN:
            raise ValueError(f"{date!r} is no date: of an interval one end must be known")
        ends = [None if end == OPEN else interval(end, None)[n] for n, end in enumerate((first, last))]
        return ends[0], ends[1], "interval"
    if granularity == "report_day":
        return interval(f"{OPEN}/{date}", None)
    if str(granularity).startswith("since_"):
        return interval(f"{date}/{OPEN}", None)
    parts = [int(p) for p in str(date).split("-")]
    if len(parts) == 1:
        return f"{parts[0]:04}-01-01", f"{parts[0]:04}-12-31", "year"
    if len(parts) == 2:
        return f"{date}-01", f"{date}-{calendar.monthrange(*parts)[1]:02}", "month"
    day = dt.date(*parts)
    if str(granularity).startswith("week"):
        monday = day - dt.timedelta(days=day.weekday())
        return monday.isoformat(), (monday + dt.timedelta(days=6)).isoformat(), "week"
    return day.isoformat(), day.isoformat(), "day"


def written(earliest: str | None, latest: str | None) -> str | None:
    """Write a first and a last day as :func:`interval` reads them.

    >>> written("2019-07-04", "2019-07-04"), written("2019-07-01", None), written(None, "2019-07-04")
    ('2019-07-04', '2019-07-01/..', '../2019-07-04')
    """
    days = [OPEN if pd.isna(day) else str(day) for day in (earliest, latest)]
    return None if days == [OPEN, OPEN] else "/".join(dict.fromkeys(days))


def closed(rows: pd.DataFrame, published: Mapping[str, str]) -> pd.DataFrame:
    """End each interval that has no end of its own with the last day on which its text can have come out.

    Accepts rows with doc_id, earliest and latest, and that day by document. What is told *since* a time lasts until
    somebody tells so. An interval stays open where the day is not known, or lies before the interval.
    """
    until = rows["doc_id"].map(dict(published)).astype("string")
    ends = (rows["latest"].isna() & rows["earliest"].notna() & (until >= rows["earliest"])).fillna(False).astype(bool)
    return rows.assign(latest=rows["latest"].mask(ends, until))


_BASIS = {"explicit": "explicit", "year_inferred": "year_inferred", "inferred": "relative", "relative": "relative"}


def adjudicated_event_mentions(labels: pd.DataFrame, sentences: pd.DataFrame, rule: str) -> pd.DataFrame:
    """Turn event labels into rows of ``adjudicated_event_mentions`` (without ``event_id``, which linking gives).

    Accepts labels (doc_id, trigger_start, trigger_end, date, date_granularity, date_basis, actor, target, type, track,
    item, stage, status, speaker, event_key, label), the case's sentences and the coder's name. Returns the rows;
    :func:`helpers.compare.link` links them on ``event_key``.
    """
    rows = _anchored(labels, sentences)
    rows["type"] = rows["type"].str.upper()
    dated = [interval(d, g) for d, g in zip(rows["date"], rows["date_granularity"])]
    rows["earliest"], rows["latest"], rows["granularity"] = (pd.array(c, dtype="string") for c in zip(*dated))
    # the day of a report is told; that of what it reports is worked out from it
    worked_out = rows["earliest"].isna() & rows["latest"].notna()
    rows["basis"] = ["none" if g == "none" else "relative" if w else _BASIS.get(b, "none") for b, g, w in
                     zip(rows["date_basis"].fillna(""), rows["granularity"], worked_out)]
    rows = rows.rename(columns={"actor": "actor_id", "target": "target_id"})
    rows["event_mention_id"] = ""
    for doc_id, own in rows.groupby("doc_id"):
        rows.loc[own.index, "event_mention_id"] = tables.span_ids(doc_id, "e", own["trigger_start"], own["trigger_end"])
    rows["rule"] = rule
    keep = [c for c in tables.TABLES["adjudicated_event_mentions"].names if c in rows]
    return rows[keep].reset_index(drop=True)
