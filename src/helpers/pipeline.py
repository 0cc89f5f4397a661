"""All stages in order: texts → lines and sentences → times → frames → adjudicated codes → events, shared words.

A stage is a pure function from data frames to data frames. The notebooks and ``casebook build`` call the same ones;
without the texts a stage opens the tables as they were computed before.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from helpers import actors, cleaning, compare, dates, frames, review, tables
from helpers.case import Case, CaseError
from helpers.codebook import load_codebook

__all__ = ["clean_texts", "code_times", "code_frames", "adjudicate", "compare_texts", "build"]

Progress = Callable[[Iterable, str], Iterable]


def _quiet(items: Iterable, _: str) -> Iterable:
    return items


def clean_texts(case: Case, documents: Iterable[str] = (), *, progress: Progress = _quiet) -> dict[str, pd.DataFrame]:
    """Clean the chosen texts of a case: ``documents``, ``lines``, ``sentences`` and ``failures``.

    Accepts a case, the documents (none named: all) and a progress bar (called with the documents and a word). Texts
    that are not here are taken from the tables computed before. A text that cannot be read is a row of ``failures``;
    the others are cleaned all the same.
    """
    chosen = case.choose(documents)
    rows, lines, sentences, failures = [], [], [], []
    opened = {t: case.load(t) for t in ("documents", "lines", "sentences") if case.has(t)} \
        if not case.present[chosen].all() else {}
    for doc_id in progress(chosen, "cleaning"):
        declared = case.row(doc_id).to_dict()
        if not case.present[doc_id]:
            if opened:
                rows += opened["documents"][opened["documents"]["doc_id"] == doc_id].to_dict("records") or [declared]
                lines.append(opened["lines"][opened["lines"]["doc_id"] == doc_id])
                sentences.append(opened["sentences"][opened["sentences"]["doc_id"] == doc_id])
            else:
                rows.append(declared)
                failures.append((doc_id, "clean", f"{declared['file']}: the text is not here, and no table was "
                                 f"computed before. Put it in place with `casebook texts {case.name} --from FOLDER`."))
            continue
        try:
            source = case.source(doc_id)
            found = cleaning.clean(source.text, name=declared["file"])
            split = cleaning.sentences(source.text, found)
            what = cleaning.describe(source.text, found)
        except Exception as error:   # one text must not cost the others
            rows.append(declared)
            failures.append((doc_id, "clean", f"{declared['file']}: {error}"))
            continue
        rows.append(declared | {"encoding": source.encoding, "title_start": what["title_start"],
                                "title_end": what["title_end"], "n_words_body": what["n_words_body"],
                                "n_lines": found["line_no"].max()})
        lines.append(found.assign(doc_id=doc_id, n_words=[
            len(source.text[s:e].split()) for s, e in zip(found["start"], found["end"], strict=True)]))
        sentences.append(split.assign(doc_id=doc_id, sentence_id=[
            tables.span_id(doc_id, "s", s, e) for s, e in zip(split["start"], split["end"])]))
    return {"documents": tables.conform(_table("documents", rows), "documents"),
            "lines": tables.conform(_join("lines", lines), "lines"),
            "sentences": tables.conform(_join("sentences", sentences), "sentences"),
            "failures": tables.conform(pd.DataFrame(failures, columns=tables.TABLES["failures"].names), "failures")}


def _table(name: str, rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows) if rows else tables.empty(name)


def _join(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    parts = [p for p in parts if len(p)]
    return pd.concat(parts, ignore_index=True) if parts else tables.empty(name)


def published(document: pd.Series) -> tuple[str | None, str | None]:
    """Return first and last day of publication: the declared one where the manifest has one, else the inferred one."""
    for kind in ("published", "inferred"):
        if pd.notna(document.get(f"{kind}_earliest")):
            return document[f"{kind}_earliest"], document[f"{kind}_latest"]
    return None, None


def code_times(case: Case, cleaned: dict[str, pd.DataFrame], *, progress: Progress = _quiet) -> dict[str, pd.DataFrame]:
    """Find the time expressions of the cleaned texts and what each page says of its own date.

    Accepts a case and what :func:`clean_texts` returned. Returns ``documents`` (with the inferred publication
    interval beside the declared one), ``times`` and ``clues``.
    """
    documents, lines, sentences = cleaned["documents"], cleaned["lines"], cleaned["sentences"]
    absent = not case.present[documents["doc_id"]].all()
    opened = {t: case.load(t) for t in ("times", "clues") if case.has(t)} if absent else {}
    rows, times, clues = [], [], []
    for document in progress(documents.to_dict("records"), "dating"):
        doc_id = document["doc_id"]
        if not case.present[doc_id]:
            times += [t[t["doc_id"] == doc_id] for name, t in opened.items() if name == "times"]
            clues += [t[t["doc_id"] == doc_id] for name, t in opened.items() if name == "clues"]
            rows.append(document)
            continue
        own = lines[lines["doc_id"] == doc_id]
        if own.empty:
            rows.append(document)
            continue
        text = case.text(doc_id)
        guess = dates.infer_published(own, text=text)
        clues.append(guess.clues.assign(doc_id=doc_id))
        earliest, latest, best = (day and day.isoformat() for day in (guess.earliest, guess.latest, guess.best))
        document |= {"inferred_earliest": earliest, "inferred_latest": latest}
        if pd.isna(document["published_earliest"]) and earliest:
            document |= {"published_earliest": earliest, "published_latest": latest, "published_best": best,
                         "published_basis": "inferred"}
        rows.append(document)
        when = published(pd.Series(document))
        found = dates.find_times(text, when if when[0] else None)
        found = found.assign(doc_id=doc_id, sentence_id=[
            review.sentence_at(sentences, doc_id, s, e) for s, e in zip(found["start"], found["end"])],
            time_id=[tables.span_id(doc_id, "t", s, e) for s, e in zip(found["start"], found["end"])])
        times.append(found.dropna(subset="sentence_id"))
    return {"documents": tables.conform(_table("documents", rows), "documents"),
            "times": tables.conform(_join("times", times), "times"),
            "clues": tables.conform(_join("clues", clues), "clues")}


def code_frames(case: Case, made: dict[str, pd.DataFrame], *, progress: Progress = _quiet) -> dict[str, pd.DataFrame]:
    """Code the frames of the cleaned texts by the codebook's rules.

    Accepts a case and what the stages before returned: ``documents``, ``sentences`` and, where they were made, ``quotes``
    (which give the voice) and ``mentions`` (names, whose words do not count). Returns ``frames``.
    """
    book, coded = load_codebook(case.raw), []
    absent = not case.present[made["documents"]["doc_id"]].all()
    opened = case.load("frames") if absent and case.has("frames") else tables.empty("frames")
    for doc_id in progress(made["documents"]["doc_id"], "framing"):
        if not case.present[doc_id]:
            coded.append(opened[opened["doc_id"] == doc_id])
            continue
        own = {name: made[name][made[name]["doc_id"] == doc_id] for name in ("sentences", "quotes", "mentions")
               if name in made}
        if len(own["sentences"]):
            coded.append(frames.frames(case.text(doc_id), own.pop("sentences"), book, **own))
    return {"frames": tables.conform(_join("frames", coded), "frames")}


def adjudicate(case: Case, documents: pd.DataFrame, sentences: pd.DataFrame,
               machine: Mapping[str, pd.DataFrame] | None = None) -> dict[str, pd.DataFrame]:
    """Put coders' labels and decisions over the machine's codes, and link the events that they tell of.

    Accepts a case, its ``documents`` and ``sentences``, and the machine's tables, which decisions stand on where there
    are no labels. Returns ``adjudicated_event_mentions``, ``adjudicated_frames``, ``adjudicated_quotes`` and
    ``events``, each left out when nobody has labelled or decided anything of it, and ``decisions`` (what became of
    each) where there are any. A mention that nobody has tied to a matter is an event of its own.
    """
    machine, out, reports = machine or {}, {}, []
    for name in ("frames", "quotes", "event_mentions"):
        rows, report = review.adjudicated(case, name, sentences, machine.get(name), times=machine.get("times"),
                                          documents=documents["doc_id"])
        reports.append(report)
        if rows is None:
            continue
        if name == "event_mentions":
            rows["event_key"] = rows["event_key"].fillna(rows["event_mention_id"])
            rows = compare.borrow_dates(rows, case.labels("record_links"), case.reference, documents)
            out["events"], rows = compare.link(rows, layer="adjudicated")
        out[f"adjudicated_{name}"] = tables.conform(rows, f"adjudicated_{name}")
    report = pd.concat(reports).drop_duplicates(ignore_index=True)
    if len(report):
        out["decisions"] = tables.conform(report, "decisions")
    return out


def compare_texts(case: Case, made: dict[str, pd.DataFrame], *, progress: Progress = _quiet
                  ) -> dict[str, pd.DataFrame]:
    """Find what can only be found in the texts themselves: shared runs of words, numbers, people as they are named.

    Accepts a case and its ``documents`` and ``sentences``. Returns ``reuse``, ``amounts`` and ``slips``; rows of texts
    that are not here are taken from the tables computed before.
    """
    names = ("reuse", "amounts", "slips")
    documents, sentences = made["documents"], made["sentences"]
    here = [d for d in documents["doc_id"] if case.present[d]]
    gone = [d for d in documents["doc_id"] if not case.present[d]]
    opened = {t: case.load(t) for t in names if gone and case.has(t)}
    out: dict[str, list[pd.DataFrame]] = {name: [] for name in names}
    for name, table in opened.items():
        if name == "reuse":
            out[name].append(table[table["doc_a"].isin(gone) | table["doc_b"].isin(gone)])
        else:
            out[name].append(table[table["doc_id"].isin(gone)])
    codebook = load_codebook(case.raw / "codebook")
    days = documents.set_index("doc_id")["published_best"]
    for doc_id in progress(here, "comparing"):
        own, text = sentences[sentences["doc_id"].eq(doc_id)], case.text(doc_id)
        out["amounts"].append(compare.contradictions.amounts(text, own))
        day = days[doc_id] if pd.notna(days[doc_id]) else None
        named, _ = actors.find(text, codebook, day, own[["start", "end"]].itertuples(index=False, name=None))
        found = pd.DataFrame(named, columns=actors.Mention._fields)
        out["slips"].append(compare.contradictions.slips(text, found, codebook, day).assign(doc_id=doc_id))
    out["reuse"].append(compare.accounts.reuse({d: case.text(d) for d in here}, sentences))
    return {name: tables.conform(_join(name, parts), name) for name, parts in out.items()}


def build(case: Case, *, progress: Progress = _quiet) -> dict[str, pd.DataFrame]:
    """Run all stages on all documents and write the tables, all or none.

    Raises :class:`~helpers.case.CaseError` when no text is here and no table was computed before.
    """
    if not case.present.any() and not case.has("sentences"):
        raise CaseError(f"No text of {case.name!r} is here, and no table was computed before. "
                        f"Put the texts in place with `casebook texts {case.name} --from FOLDER`.")
    made = clean_texts(case, progress=progress)
    made |= code_times(case, made, progress=progress)
    made |= code_frames(case, made, progress=progress)
    made |= adjudicate(case, made["documents"], made["sentences"], made)
    made |= compare_texts(case, made, progress=progress)
    case.save(made)
    return made
