"""Coding sheets: CSV files that a coder fills in a spreadsheet, and how they are read back.

A *blind* sheet shows sentences in a shuffled order and no codes; its coder writes one row for each thing found, or
``none``. A *review* sheet shows the codes that the charts draw and, marked as such, what the machine alone found, those
first that would change most, and asks for accept, reject, a better code, or a row to add, merge or split; it becomes
decisions. Sheets hold passages, so they lie outside ``data``; what is kept
of them in the case is spans and codes alone (:func:`join`).
"""
from __future__ import annotations

import datetime as dt
import difflib
import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers import tables
from helpers.case import CaseError, ParameterError
from helpers.codebook import Codebook, load_codebook
from helpers.review import decisions as decisions_
from helpers.review import labels as labels_
from helpers.review import spreadsheet
from helpers.review.codings import FLAGS, WHAT, match
from helpers.review.ranking import rank
from helpers.tables import TableError

__all__ = ["Filled", "codes", "decisions_from", "drawn", "join", "read_sheet", "sheet"]

TABLE = {"events": "event_mentions", "quotes": "quotes", "frames": "frames", "times": "times"}
FILL = {"frames": ["frames", "voice", *FLAGS],
        "quotes": ["words", "directness", "speaker", "speaker_country", "verb"],
        "events": ["words", "type", "actor", "target", "item", "track", "stage", "status", "date", "basis", "speaker",
                   "label"],
        "times": ["words", "kind", "value"]}
MUST = {"frames": (), "quotes": ("directness",), "events": ("type", "track", "status"), "times": ("kind", "value")}
REVIEW = {"frames": ["frames", "voice", *FLAGS],
          "quotes": ["directness", "speaker", "speaker_id", "speaker_bloc", "verb"],
          "events": ["type", "track", "stage", "status", "actor_id", "target_id", "item", "date", "basis", "speaker"],
          "times": ["kind", "value"]}
BLIND_HEAD = ["sheet", "coder", "key", "section", "context", "passage"]
REVIEW_HEAD = ["sheet", "coder", "key", "found_by", "why", "section", "passage", "words", "suggestion", "machine_says",
               "decision"]
# columns of a review sheet that move a row instead of changing a code
MOVES = {"events": ["merge_into", "same_event_as", "split"], "quotes": ["merge_into", "split"],
         "times": ["merge_into", "split"], "frames": []}
ALONE, NOT_REVIEWED = "machine alone", "machine, not reviewed"


def codes(book: Codebook) -> dict[str, dict[str, str]]:
    """Return what each field may hold, code by code with its label. Fields that are not named are free."""
    sure = book.aliases[~book.aliases["ambiguous"]]
    actors = decisions_.Codes(dict(zip(book.actors["actor_id"], book.actors["name"])),
                              dict(zip(sure["alias"], sure["actor_id"])))
    fixed = {c.name: dict.fromkeys(c.allowed, "") for t in ("quotes", "times", "frames", "adjudicated_event_mentions")
             for c in tables.TABLES[t].columns if c.allowed and c.name in ("directness", "kind", "voice", "basis")}
    return {"type": book.types["label"].to_dict(), "track": book.tracks["label"].to_dict(),
            "stage": book.stages["label"].to_dict(), "status": book.statuses["label"].to_dict(),
            "frames": book.frames["label"].to_dict(), "actor": actors, "target": actors, "actor_id": actors,
            "target_id": actors, "speaker_id": actors, **fixed}


def sheet(case, what: str, coder: str, *, blind: bool = True, seed: int = 1, n: int | None = None,
          documents: Iterable[str] = (), out: Path | None = None) -> Path:
    """Write a coding sheet and, beside it, the list of codes; return the sheet's path.

    Accepts a case with built sentences, what to code (``events``, ``quotes``, ``frames``, ``times``), the coder's id,
    and whether it is blind. A blind sheet has a row for each sentence, shuffled with ``seed``, so that two coders with
    one seed get the same order, and the same first ``n``. A review sheet (``blind=False``) has a row for each code that
    the charts draw and each that the machine alone found and nobody has rejected, in the order of
    :func:`helpers.review.ranking.rank`; ``found_by`` says which it is. Passages are there where the texts are. The
    default folder is ``reports/<case>/sheets`` beside the data folder, which git ignores. Raises
    :class:`~helpers.case.ParameterError` for a wrong ``what`` or ``coder``, :class:`~helpers.case.CaseError` when the
    sheet is there already (it may be filled) or would lie inside the data folder.
    """
    if what not in WHAT:
        near = difflib.get_close_matches(str(what), WHAT, 1)
        raise ParameterError(f"There is no sheet of {what!r}" + (f"; did you mean {near[0]!r}?" if near else
                                                                 f"; there are {', '.join(WHAT)}."))
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", coder):
        raise ParameterError(f"A coder is named by letters and digits, such as anna or P3, not {coder!r}.")
    folder = Path(out) if out else case.data.parent / "reports" / case.name / "sheets"
    if folder.resolve().is_relative_to(case.data.resolve()):
        raise CaseError(f"{folder} lies in the data folder. A sheet holds passages of the texts; write it elsewhere.")
    path = folder / f"{what}-{coder}{'' if blind else '-review'}.csv"
    if path.exists():
        raise CaseError(f"{path} is there already and may be filled. Move it away before you make it anew.")
    sentences = case.load("sentences")
    sentences = sentences[sentences["doc_id"].isin(case.choose(documents))].reset_index(drop=True)
    if sentences.empty:
        raise CaseError(f"{case.name} has no sentences. `casebook build {case.name}` finds them.")
    book = load_codebook(case.raw)
    rows = _blind_rows(case, sentences, seed)[:n] if blind else _review_rows(case, what, sentences)[:n]
    head = BLIND_HEAD + FILL[what] if blind else REVIEW_HEAD + REVIEW[what] + MOVES[what]
    mark = f"{what} {'blind' if blind else 'review'}"
    spreadsheet.write(path, [row | {"sheet": mark, "coder": coder} for row in rows], [*head, "note"])
    _write_codes(folder / f"{what}-codes.csv", what, book, FILL[what] if blind else REVIEW[what], blind)
    return path


# what a reviewer may write where, besides codes
HOW = [("decision", "accept", "it is right as it stands", "what the machine alone found is taken in"),
       ("decision", "reject", "there is no such thing here", "leave all other columns empty"),
       ("decision", "edit", "one code or more is wrong", "write the right code into its column; none empties it"),
       ("decision", "add", "a find that has no row", "copy a row of the same sentence, write the words from "
        "the passage and the codes"),
       ("merge_into", "", "the same find twice", "the key of the row that stays; this one goes into it"),
       ("same_event_as", "", "both stay and tell of one event", "the key of the other row"),
       ("split", "own event", "it tells of an event of its own", "though it was linked with others"),
       ("split", "", "one row is two finds", "the words of each from the passage, parted by |")]


def _write_codes(path: Path, what: str, book: Codebook, fields: Iterable[str], blind: bool) -> None:
    frames = {"type": book.types, "track": book.tracks, "stage": book.stages, "status": book.statuses,
              "frames": book.frames}
    rows = [{"column": field, "code": code, "label": label,
             "definition": frames[field].loc[code, "definition"] if field in frames else ""}
            for field, known in codes(book).items() if field in fields for code, label in known.items()
            if field not in ("actor", "target", "actor_id", "target_id", "speaker_id")
            or code in set(book.actors.loc[book.actors["layer"] == "case", "actor_id"])]
    main = "frames" if what == "frames" else "words"
    if not blind:
        rows += [dict(zip(("column", "code", "label", "definition"), line)) for line in HOW
                 if line[0] == "decision" or line[0] in MOVES[what]
                 if line[1] != "own event" or "same_event_as" in MOVES[what]]
    else:
        rows.append({"column": main, "code": "none", "label": "read, and nothing there", "definition":
                     "leave the row empty as long as you have not read it"})
    if blind and main == "words":
        rows.append({"column": "words", "code": "", "label": "copied from the passage",
                     "definition": "a further find in the same sentence is a further row: copy the row's key"})
    rows += [{"column": f, "code": c} for f in fields if f in FLAGS for c in ("yes", "no")]
    spreadsheet.write(path, rows, ["column", "code", "label", "definition"])


def _passage(case, doc_id: str, start: int, end: int, paragraph=pd.NA) -> str:
    if case.present[doc_id]:
        return " ".join(case.text(doc_id, int(start), int(end)).split())
    place = f"paragraph {paragraph}, " if pd.notna(paragraph) and paragraph else ""      # a title is in none
    return f"(the text is not here: {place}characters {start} to {end} of {case.row(doc_id)['file']})"


def _blind_rows(case, sentences: pd.DataFrame, seed: int) -> list[dict]:
    rows = []
    before: tuple[tuple, str] = (), ""
    for s in sentences.sort_values(["doc_id", "start"]).itertuples(index=False):
        passage = _passage(case, s.doc_id, s.start, s.end, s.paragraph)
        joins = before[0] == (s.doc_id, s.section, s.paragraph) and case.present[s.doc_id]
        rows.append({"key": decisions_.key_of(s.doc_id, s.start, s.end), "section": s.section, "passage": passage,
                     "context": before[1] if joins else ""})
        before = ((s.doc_id, s.section, s.paragraph), passage)
    random.Random(seed).shuffle(rows)
    return rows


def drawn(case, what: str) -> tuple[str, pd.DataFrame]:
    """Return the name and rows of the layer that charts draw: the adjudicated one where there is one.

    Accepts a case and ``events``, ``quotes``, ``frames`` or ``times``. Raises :class:`~helpers.case.CaseError` when
    neither layer has been built.
    """
    for name in (f"adjudicated_{TABLE[what]}", TABLE[what]):
        if name in tables.TABLES and case.has(name):
            return name, case.load(name)
    raise CaseError(f"{case.name} has no {what} to review yet. `casebook build {case.name}` codes them.")


def _review_rows(case, what: str, sentences: pd.DataFrame) -> list[dict]:
    name, rows = drawn(case, what)
    machine = case.load(TABLE[what]) if case.has(TABLE[what]) else rows[:0]
    tables_ = {t: case.load(t) for t in ("events", "adjudicated_event_mentions", "event_mentions", "times", "quotes")
               if case.has(t)}
    rows, machine = (_units(t[t["sentence_id"].isin(sentences["sentence_id"])], what, tables_)
                     for t in (rows, machine))
    if name == TABLE[what]:
        rows, machine = rows.assign(found_by=NOT_REVIEWED), rows[:0]
    else:
        coders = set(labels_.coders(case)["coder_id"])
        rows["found_by"] = [r if r in coders else NOT_REVIEWED for r in rows["rule"]]
    met = dict(match(_spans(rows, what), _spans(machine, what), what)) if what != "frames" else \
        {i: list(machine["key"]).index(k) for i, k in enumerate(rows["key"]) if k in set(machine["key"])}
    decided, _ = decisions_.read_decisions(case)
    gone = decided["decision"].isin(["reject", "merge", "split"])
    no = set(decided.loc[decided["table"].eq(TABLE[what]) & gone, "key"])
    left = [j for j in range(len(machine)) if j not in set(met.values()) and machine["key"].iloc[j] not in no]
    others = machine.to_dict("records")
    rows["other"] = [others[met[i]] if i in met else None for i in range(len(rows))]
    rows = pd.concat([rows, machine.iloc[left].assign(found_by=ALONE)], ignore_index=True)
    places = sentences.set_index("sentence_id")
    first, last = ("trigger_start", "trigger_end") if what == "events" else ("start", "end")
    out = []
    for position, why in rank(rows, what, places, tables_):
        row = rows.loc[position].to_dict()
        at = places.loc[row["sentence_id"]]
        said, other = ({f: decisions_.shown(r, f) for f in REVIEW[what]} if isinstance(r, dict) else {}
                       for r in (row, row.get("other")))
        here = what != "frames" and case.present[row["doc_id"]]
        if row["found_by"] in (ALONE, NOT_REVIEWED):
            why = "; ".join(filter(None, [why, f"by rule {row['rule']}"]))
        out.append({"key": row["key"], "why": why, "section": at["section"], "found_by": row["found_by"],
                    "passage": _passage(case, row["doc_id"], at["start"], at["end"], at["paragraph"]),
                    "words": _passage(case, row["doc_id"], row[first], row[last]) if here else "",
                    "suggestion": _said(said), "machine_says": _said(
                        {f: v or "none" for f, v in other.items() if v != said[f] and row["found_by"] != ALONE})})
    return out


def _said(values: Mapping[str, str]) -> str:
    return " | ".join(f"{f}: {v.replace(' | ', ' / ')}" for f, v in values.items() if v)


def _units(rows: pd.DataFrame, what: str, tables_: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """What is reviewed as one: a row, or all frames of a sentence, with its key and an event's date and speaker."""
    rows = rows.reset_index(drop=True)
    rows["key"] = decisions_.keys(rows, TABLE[what])
    if what == "frames":
        return rows.groupby("sentence_id", sort=False, as_index=False).agg(
            doc_id=("doc_id", "first"), key=("key", "first"), frames=("frame", ";".join), rule=("rule", "first"),
            **{c: (c, "first") for c in ("voice", *FLAGS)})
    if what == "events" and "speaker" not in rows:
        rows = decisions_.as_adjudicated(rows, tables_.get("times"), tables_.get("quotes"))
    return rows


def _spans(rows: pd.DataFrame, what: str) -> pd.DataFrame:
    return rows.rename(columns={"trigger_start": "start", "trigger_end": "end"}) if what == "events" else rows


# reading back -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filled:
    """A blind sheet read back: what and who coded, label rows, the sentences covered, and what was refused."""
    what: str
    coder_id: str
    rows: pd.DataFrame
    covered: frozenset[str]
    problems: tuple[str, ...]


def read_sheet(path: Path, case, sentences: pd.DataFrame, known: Mapping[str, Mapping[str, str]] | None = None
               ) -> Filled:
    """Read a filled blind sheet back.

    Accepts the file (as :func:`sheet` wrote it and a spreadsheet saved it, or as :func:`join` kept it), the case, its
    sentences, and the codes allowed (none given: the case's codebook). Returns :class:`Filled`. A row with a code that
    does not exist, without a needed code, or with words that are not in its passage is refused by file, line and
    remedy, and the others are kept; its sentence counts as not coded. A row that was not filled at all is no coding.
    Raises :class:`~helpers.tables.TableError` when the file is no blind sheet.
    """
    path = Path(path)
    given = spreadsheet.read(path, ("sheet", "coder", "key"))
    marks = {row["sheet"] for row in given if row["sheet"]}
    what = (next(iter(marks), None) or "").removesuffix(" blind")
    if len(marks) > 1 or what not in WHAT:
        raise TableError(f"{path.name}: is no blind coding sheet: its column 'sheet' must say the same in each row, "
                         "such as 'events blind'. A review sheet is read by `casebook score CASE FILE --save`.")
    coders = {row["coder"] for row in given if row["coder"]}
    if len(coders) != 1:
        raise TableError(f"{path.name}: the column 'coder' must name one coder in all rows. Each coder has a sheet.")
    known = known or codes(load_codebook(case.raw))
    here = {decisions_.key_of(d, s, e): i for i, d, s, e in
            zip(sentences["sentence_id"], sentences["doc_id"], sentences["start"], sentences["end"])}
    rows, covered, refused, problems = [], set(), set(), []
    for row in given:
        if not any(row.get(f) for f in FILL[what]) and not row.get("start"):
            continue
        sentence_id = here.get(row["key"])
        try:
            if sentence_id is None:
                raise ValueError(f"no sentence of this case is at {row['key']!r}; leave the column 'key' as it was")
            rows += _filled(row, what, case, known)
            covered.add(sentence_id)
        except ValueError as error:
            refused.add(sentence_id)
            problems.append(f"{path.name}: line {row['line']}: {error}")
    if "passage" in given[0]:
        problems += [f"{path.name}: the row of {key} is missing. Put it back as it was; until then its sentence counts "
                     "as not coded." for key in _missing([row["key"] for row in given], sentences)]
    columns = ["doc_id", "start", "end", *(["trigger_start", "trigger_end"] if what == "events" else []), *FILL[what]]
    return Filled(what, coders.pop(), pd.DataFrame(rows, columns=columns).astype("string"),
                  frozenset(covered - refused), tuple(problems))


def _missing(keys: list[str], sentences: pd.DataFrame) -> list[str]:
    """The keys of rows that were on a blind sheet and are gone, as far as can be told: a sheet is all sentences of some
    texts, or the first of them as the usual seed shuffles them. Where much is missing it was another choice."""
    there, docs = set(keys), {decisions_.place_of(key)[0] for key in keys if decisions_.parse_key(key or "")}
    own = sentences[sentences["doc_id"].isin(docs)].sort_values(["doc_id", "start"])
    every = [decisions_.key_of(*place) for place in own[["doc_id", "start", "end"]].itertuples(index=False)]
    random.Random(1).shuffle(every)
    first = every[:max((n + 1 for n, key in enumerate(every) if key in there), default=0)]
    gone = next(([k for k in asked if k not in there] for asked in (every, first)
                 if sum(k not in there for k in asked) <= max(1, len(asked) // 20)), [])
    return sorted(gone)


def _filled(row: Mapping, what: str, case, known: Mapping[str, Mapping[str, str]]) -> list[dict]:
    """Return the label rows that one row of a sheet stands for; ValueError says what is wrong with it."""
    main = "frames" if what == "frames" else "words"
    said: dict = {f: row.get(f) for f in FILL[what]}
    doc_id, start, end, _ = decisions_.place_of(row["key"])
    kept = row.get("start") and row.get("end")
    if (said[main] or "").lower() in ("none", "-"):
        extra = [f for f, v in said.items() if v and f != main and not (what == "frames")]
        if extra:
            raise ValueError(f"{main!r} says none, but {extra[0]!r} is filled; empty one of them")
        said[main] = None
        return [said | {"doc_id": doc_id, "start": start, "end": end}] if what == "frames" else []
    if not said[main] and not kept:
        raise ValueError(f"{main!r} is empty; " + ("write the frames, dominant first, parted by ;, or none"
                         if what == "frames" else "copy the words from the passage, or write none"))
    for field in MUST[what]:
        if not said[field]:
            raise ValueError(f"{field!r} is empty; fill it or empty the row")
    for field, value in said.items():
        if value and field in known:
            said[field] = _coded(field, value, known[field])
        elif value and field in FLAGS and value.lower() not in ("yes", "no", "true", "false", "1", "0"):
            raise ValueError(f"{field!r} is {value!r}; write yes or no")
    if said.get("date") and not decisions_.is_date(said["date"]):
        raise ValueError(f"'date' is {said['date']!r}; write 2019, 2019-07 or 2019-07-12, and give the column the "
                         "format “text” so that the spreadsheet leaves it alone")
    if what == "frames":
        return [said | {"doc_id": doc_id, "start": start, "end": end}]
    if kept:
        span = int(row["start"]), int(row["end"])
    else:
        span = _find(case, doc_id, start, end, said["words"]) if case.present[doc_id] else (start, end)
    place = {"doc_id": doc_id, "start": span[0], "end": span[1]}
    return [said | place | ({"trigger_start": span[0], "trigger_end": span[1]} if what == "events" else {})]


def _coded(field: str, value: str, known: Mapping[str, str]) -> str:
    """Return a value in the spelling of its codes; ValueError names the nearest code."""
    mark = ";" if field == "frames" else "+" if field in decisions_.ACTORS else None
    spelt = {k.casefold(): k for k in known}
    out = []
    for part in [p.strip() for p in (value.split(mark) if mark else [value]) if p.strip()]:
        code = spelt.get(part.casefold())
        if code is None and field in decisions_.ACTORS and part.split(".")[0].split(":")[0].upper() in known:
            code = part
        if code is None:
            raise ValueError(f"{field!r} is {part!r}, which is no code; {decisions_.near(part, known)}")
        out.append(code)
    if field == "frames" and (len(out) > 3 or len(set(out)) < len(out)):
        raise ValueError(f"'frames' is {value!r}; give at most three, each once, the dominant one first")
    return (mark or "").join(out)


def _find(case, doc_id: str, start: int, end: int, words: str) -> tuple[int, int]:
    """Return where the words stand in the passage, whatever blanks and quotation marks the spreadsheet made of it."""
    marks = {"'": "['‘’]", "‘": "['‘’]", "’": "['‘’]", '"': '["“”]', "“": '["“”]', "”": '["“”]'}
    pattern = r"\s+".join("".join(marks.get(c, re.escape(c)) for c in word) for word in words.split())
    met = re.search(pattern, case.text(doc_id, start, end)) or re.search(pattern, case.text(doc_id, start, end), re.I)
    if not met:
        raise ValueError(f"the words {words!r} are not in the passage; copy them as they stand there, in one piece")
    return start + met.start(), start + met.end()


def join(case, filled: Filled, name: str) -> Path:
    """Keep a filled sheet in the case, as spans and codes without passages: ``review/sheets/<name>.csv``.

    Neither the passage nor the words copied from it nor notes are kept, so the file may be published with the case.
    Sentences that were read and hold nothing are kept as such.
    """
    sentences = case.load("sentences").set_index("sentence_id")
    rows, seen = [], set()
    main = "frames" if filled.what == "frames" else "words"
    for row in filled.rows.astype(object).where(filled.rows.notna(), None).to_dict("records"):
        sentence_id = labels_.sentence_at(sentences.reset_index(), row["doc_id"], int(row["start"]), int(row["end"]))
        if sentence_id not in filled.covered:
            continue
        seen.add(sentence_id)
        s = sentences.loc[sentence_id]
        rows.append(row | {"key": decisions_.key_of(s["doc_id"], s["start"], s["end"]), "words": None}
                    | ({"start": None, "end": None, "frames": row["frames"] or "none"} if main == "frames" else {}))
    rows += [{"key": decisions_.key_of(*sentences.loc[i, ["doc_id", "start", "end"]]), main: "none"}
             for i in sorted(filled.covered - seen)]
    mark = {"sheet": f"{filled.what} blind", "coder": filled.coder_id}
    return spreadsheet.write(case.raw / "review" / "sheets" / f"{name}.csv", [r | mark for r in rows],
                             ["sheet", "coder", "key", "start", "end", *FILL[filled.what]], bom=False)


def decisions_from(path: Path, case, *, date: str | None = None) -> tuple[pd.DataFrame, list[str]]:
    """Read a filled review sheet as decisions.

    Accepts the file, the case, and the day of the decisions (none given: today). A row counts when its ``decision`` is
    filled, or a field (which makes it an edit), or ``merge_into``, ``same_event_as`` or ``split``. A row that the
    machine alone found becomes, when it is accepted or edited, decisions that add it with all its codes, so that it
    stays even if the machine no longer finds it. Returns decisions (:func:`helpers.review.write_decisions` keeps them)
    and the rows refused, each by file, line and remedy. Raises :class:`~helpers.tables.TableError` when the file is no
    review sheet.
    """
    path, day = Path(path), date or dt.date.today().isoformat()
    given = spreadsheet.read(path, ("sheet", "coder", "key", "suggestion", "decision"))
    what = ((given[0]["sheet"] if given else None) or "").removesuffix(" review")
    if what not in WHAT:
        raise TableError(f"{path.name}: is no review sheet: its column 'sheet' must say what it reviews, such as "
                         "'events review'.")
    who = labels_.coders(case).set_index("coder_id")["kind"]
    known = codes(load_codebook(case.raw))
    sentences = case.load("sentences")
    rows, problems = [], []
    for row in given:
        base = {"table": TABLE[what], "key": row["key"], "coder_id": row["coder"], "date": day, "note": row.get("note")}
        try:
            made = [dict.fromkeys(decisions_.DECISIONS) | base | d
                    for d in _decided(row, what, case, known, sentences)]
            wrong = next(filter(None, (decisions_.wrong(m, who, known) for m in made)), None)
            if wrong:
                raise ValueError(wrong)
            rows += made
        except ValueError as error:
            problems.append(f"{path.name}: line {row['line']}: {error}")
    return pd.DataFrame(rows, columns=decisions_.DECISIONS).astype("string"), problems


def _decided(row: Mapping, what: str, case, known: Mapping[str, Mapping[str, str]], sentences: pd.DataFrame
             ) -> list[dict]:
    """Return the decisions that one row of a review sheet stands for; ValueError says what is wrong with it."""
    filled = {f: row[f] for f in REVIEW[what] if row.get(f)}
    moves = {f: row[f] for f in MOVES[what] if row.get(f)}
    word = (row["decision"] or ("edit" if filled or moves else "")).lower()
    if not word:
        return []
    if word not in ("accept", "reject", "edit", "add", "merge", "split"):
        raise ValueError(f"the decision is {word!r}; write accept, reject, edit or add, or fill what is wrong")
    if word in ("accept", "reject") and filled or word == "reject" and moves:
        raise ValueError(f"the decision is {word!r} and a field is filled; empty one of them")
    if word in ("edit", "add") and not (filled or word == "edit" and moves):
        raise ValueError(f"the decision is {word!r} and no code is filled; write it into its column")
    if word in ("merge", "split") and not moves:
        raise ValueError(f"the decision is {word!r}; fill " + (
            " or ".join(repr(m) for m in MOVES[what] if (m == "split") == (word == "split"))
            or "'frames': frames belong to one sentence and are not merged or split"))
    if len(moves) > 1:
        raise ValueError(f"{' and '.join(moves)} are filled; a row goes one way")
    for field, value in filled.items():
        filled[field] = _coded(field, value, known[field]) if field in known and value.lower() != "none" else value
    seen = dict(part.split(": ", 1) for part in (row["suggestion"] or "").split(" | ") if ": " in part)
    out = []
    if word == "add":
        key = _new_key(row, what, case, sentences)
        return [{"key": key, "decision": "add", "field": f, "decided_value": v} for f, v in filled.items()]
    if row.get("found_by") == ALONE and word != "reject":
        out = [{"decision": "add", "field": f, "machine_value": seen.get(f), "decided_value": v}
               for f, v in (seen | filled).items() if v.lower() != "none"]
    elif filled:
        out = [{"decision": "edit", "field": f, "machine_value": seen.get(f), "decided_value": v}
               for f, v in filled.items()]
    elif not moves:
        out = [{"decision": word}]
    for column, value in moves.items():
        out.append(_moved(column, value, row, case))
    return out


def _moved(column: str, value: str, row: Mapping, case) -> dict:
    if column != "split":
        return {"decision": "merge", "decided_value": value, "field": "event_id" if column == "same_event_as" else None}
    if value.lower() == "own event":
        return {"decision": "split", "field": "event_id"}
    doc_id, start, end, _ = decisions_.parse_key(row["key"]) or ("", 0, 0, 1)
    parts = [p.strip() for p in value.split("|") if p.strip()]
    if len(parts) < 2:
        raise ValueError(f"'split' is {value!r}; write the words of each part, parted by |"
                         + (", or own event" if row["sheet"].startswith("events") else ""))
    if not case.present.get(doc_id, False):
        raise ValueError("a split by words needs the text; put it in place with `casebook texts`")
    spans = [_find(case, doc_id, start, end, p) for p in parts]
    return {"decision": "split", "decided_value": ";".join(decisions_.key_of(doc_id, *s) for s in spans)}


def _new_key(row: Mapping, what: str, case, sentences: pd.DataFrame) -> str:
    """Return the key of a find that has no row yet: where its words stand in the sentence of the copied row."""
    doc_id, start, end, _ = decisions_.parse_key(row["key"] or "") or ("", 0, 0, 1)
    if not case.present.get(doc_id, False):
        raise ValueError("a find is added by its words, which needs the text; put it in place with `casebook texts`")
    if not row.get("words"):
        raise ValueError("'words' is empty; copy the words of the new find from the passage")
    at = labels_.sentence_at(sentences, doc_id, start, end)
    place = sentences.set_index("sentence_id").loc[at] if at is not None else None
    if place is not None and what != "frames":
        start, end = int(place["start"]), int(place["end"])
    else:      # the frames of a sentence that has none yet: its words, anywhere in the text
        start, end = 0, len(case.text(doc_id))
    span = _find(case, doc_id, start, end, row["words"])
    if what != "frames":
        return decisions_.key_of(doc_id, *span)
    found = sentences.set_index("sentence_id").loc[labels_.sentence_at(sentences, doc_id, *span)]
    return decisions_.key_of(doc_id, found["start"], found["end"])
