"""All stages in order: texts → lines, sentences → times → machine codes → adjudicated codes → events, shared words.

A stage is a pure function from data frames to data frames. The notebooks and ``casebook build`` call the same ones;
without the texts a stage opens the tables as they were computed before.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pandas as pd

from helpers import actors, cleaning, compare, dates, events, frames, review, speech, tables
from helpers.case import Case, CaseError
from helpers.codebook import Codebook, load_codebook
from helpers.compare import framing

__all__ = ["clean_texts", "keep_days", "code_times", "code_texts", "measure_texts", "read_texts", "adjudicate",
           "ready_to_link", "link_events", "compare_texts", "bring_together", "build"]

Progress = Callable[[Iterable, str], Iterable]


def _quiet(items: Iterable, _: str) -> Iterable:
    return items


def clean_texts(case: Case, documents: Iterable[str] = (), *, progress: Progress = _quiet) -> dict[str, pd.DataFrame]:
    """Clean the chosen texts of a case: ``documents``, ``lines``, ``sentences`` and ``failures``.

    Accepts a case, the documents (none named: all) and a progress bar (called with the documents and a word). Texts
    that are not here are taken from the tables computed before; where another text lies in the place of one, that is
    a row of ``failures``, too. So is a text that cannot be read; the others are cleaned all the same. A text in another
    language than English has lines, but no sentences, so that nothing is coded in it.
    """
    chosen = case.choose(documents)
    rows: list[dict] = []
    lines, sentences, failures = [], [], []
    foreign = case.foreign          # without sentences, no coder meets a text that is not in English
    opened = _opened(case, ("documents", "lines", "sentences"), chosen)
    changed = set(case.changed)
    for doc_id in progress(chosen, "cleaning"):
        declared = case.row(doc_id).to_dict()
        if not case.present[doc_id]:
            other = doc_id in changed
            if other:
                failures.append((doc_id, "clean", _why(case, doc_id)))
            if opened:
                rows += opened["documents"][opened["documents"]["doc_id"] == doc_id].to_dict("records") or [declared]
                lines.append(opened["lines"][opened["lines"]["doc_id"] == doc_id])
                sentences.append(opened["sentences"][opened["sentences"]["doc_id"] == doc_id])
            else:
                rows.append(declared)
                if not other:
                    failures.append((doc_id, "clean", f"{declared['file']}: the text is not here, and no table was "
                                     "computed before. Put it in place with "
                                     f"`casebook texts {case.name} --from FOLDER`."))
            continue
        try:
            source = case.source(doc_id)
            found = cleaning.clean(source.text, name=declared["file"])
            split = cleaning.sentences(source.text, found if doc_id not in foreign else found[:0])
            what = cleaning.describe(source.text, found)
        except Exception as error:   # one text must not cost the others
            rows.append(declared)
            said = str(error).replace(f"{case.path(doc_id)}: ", "")     # a table names no folder of this machine
            failures.append((doc_id, "clean", f"{declared['file']}: {said}"))
            continue
        title = declared["title"] if pd.notna(declared["title"]) else what["title"] or ""
        at = source.text.find(title) if title else -1       # the declared title, where the page has it as it stands
        first, last = (what["title_start"], what["title_end"]) if at < 0 else (at, at + len(title))
        rows.append(declared | {"encoding": source.encoding, "title_start": first, "title_end": last,
                                "n_words_body": what["n_words_body"], "n_lines": found["line_no"].max()})
        lines.append(found.assign(doc_id=doc_id, n_words=[
            len(source.text[s:e].split()) for s, e in zip(found["start"], found["end"], strict=True)]))
        sentences.append(split.assign(doc_id=doc_id, sentence_id=tables.span_ids(
            doc_id, "s", split["start"], split["end"])))
    return {"documents": tables.conform(_table("documents", rows), "documents"),
            "lines": tables.conform(_join("lines", lines), "lines"),
            "sentences": tables.conform(_join("sentences", sentences), "sentences"),
            "failures": tables.conform(pd.DataFrame(failures, columns=tables.TABLES["failures"].names), "failures")}


def _codebook(case: Case) -> Codebook:
    """The codebook of a case, read once while none of its files changes: every chunk of a large case asks for it."""
    files = sorted((case.raw / "codebook").glob("*"))
    return _read_codebook(case.raw, tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in files))


@functools.lru_cache(4)
def _read_codebook(folder: Path, _files: tuple) -> Codebook:
    return load_codebook(folder)


def _opened(case: Case, names: Iterable[str], documents: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The rows, as computed before, of the documents whose texts are not here."""
    gone = [d for d in documents if not case.present[d]]
    return {t: case.load(t, where={"doc_id": gone}) for t in names if case.has(t)} if gone else {}


def keep_days(case: Case, made: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return what :func:`clean_texts` made with the publication days that :func:`code_times` worked out before.

    Cleaning works out no day; whoever cleans and saves must not take away what an earlier run found in the same text.
    """
    if not case.has("documents"):
        return made
    days = [f"{kind}_{end}" for kind in ("published", "inferred") for end in ("earliest", "latest")] + [
        "published_best", "published_basis"]
    documents, old = made["documents"].set_index("doc_id"), case.load("documents").set_index("doc_id")
    same = [d for d in documents.index.intersection(old.index) if documents.loc[d, "sha256"] == old.loc[d, "sha256"]]
    open_ = [d for d in same if pd.isna(documents.loc[d, "published_earliest"])]
    documents.loc[same, days[2:4]] = old.loc[same, days[2:4]]
    documents.loc[open_, days] = old.loc[open_, days]
    return made | {"documents": tables.conform(documents.reset_index(), "documents")}


def _why(case: Case, doc_id: str) -> str:
    """What is wrong with the file in a text's place, and what to do."""
    try:
        case.source(doc_id)
    except (ValueError, OSError) as error:
        return str(error)
    return ""


def _failed(document: dict, word: str, error: Exception) -> pd.DataFrame:
    problem = f"{document['file']}: {type(error).__name__}: {error}"
    return pd.DataFrame({"doc_id": [document["doc_id"]], "stage": [word], "problem": [problem]})


def _table(name: str, rows: list[dict]) -> pd.DataFrame:
    return pd.DataFrame(rows) if rows else tables.empty(name)


def _join(name: str, parts: list[pd.DataFrame]) -> pd.DataFrame:
    parts = [p for p in parts if len(p)]
    return pd.concat(parts, ignore_index=True) if parts else tables.empty(name)


def _each(case: Case, made: dict[str, pd.DataFrame], names: Iterable[str], word: str, progress: Progress,
          code: Callable[[dict, str, dict[str, pd.DataFrame]], dict[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Run ``code`` on each document and return the tables ``names``, and ``failures`` with what went wrong.

    ``code`` is given the document's row, its text and its rows of the tables made so far. Rows of a document whose
    text is not here are taken from the tables computed before; one that fails does not cost the others.
    """
    documents, names = made["documents"], list(names)
    opened = _opened(case, names, documents["doc_id"])
    apart: dict[str, dict[str, pd.DataFrame]] = {name: dict(list(made[name].groupby("doc_id", sort=False)))
             for name in ("lines", "sentences", "times") if name in made}
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in names}
    failures = [made["failures"]]
    for document in progress(documents.to_dict("records"), word):
        doc_id = document["doc_id"]
        own = {name: rows.get(doc_id, made[name][:0]).reset_index(drop=True) for name, rows in apart.items()}
        if not case.present[doc_id]:
            found = {name: table[table["doc_id"] == doc_id] for name, table in opened.items()}
        elif own["sentences"].empty:
            continue
        else:
            try:
                found = code(document, case.text(doc_id), own)
            except Exception as error:   # one text must not cost the others
                failures.append(_failed(document, word, error))
                continue
        for name, rows in found.items():
            parts[name].append(rows.assign(doc_id=doc_id))
    return {name: tables.conform(_join(name, rows), name) for name, rows in parts.items()} \
        | {"failures": tables.conform(_join("failures", failures), "failures")}


def code_times(case: Case, made: dict[str, pd.DataFrame], *, progress: Progress = _quiet) -> dict[str, pd.DataFrame]:
    """Find the time expressions of the cleaned texts and what each page says of its own date.

    Accepts a case and what :func:`clean_texts` returned. Returns ``documents`` (with the inferred publication
    interval beside the declared one), ``times``, ``clues`` and ``failures``.
    """
    dated = {}

    def code(document: dict, text: str, own: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        guess = dates.infer_published(own["lines"], text=text)
        earliest, latest, best = (day and day.isoformat() for day in (guess.earliest, guess.latest, guess.best))
        document = document | {"inferred_earliest": earliest, "inferred_latest": latest}
        if pd.isna(document["published_earliest"]) and earliest:
            document |= {"published_earliest": earliest, "published_latest": latest, "published_best": best,
                         "published_basis": guess.basis}
        dated[document["doc_id"]] = document
        found = dates.find_times(text, published(document))
        found["sentence_id"] = pd.array(review.sentences_at(own["sentences"], zip(found["start"], found["end"])),
                                        dtype="string")
        found["time_id"] = tables.span_ids(document["doc_id"], "t", found["start"], found["end"])
        clues = guess.clues.assign(used=guess.clues["used"].fillna(False))     # no day was found: none agrees with it
        return {"times": found.dropna(subset="sentence_id"), "clues": clues}
    out = _each(case, made, ("times", "clues"), "dating", progress, code)
    rows = [dated.get(row["doc_id"], row) for row in made["documents"].to_dict("records")]
    return out | {"documents": tables.conform(_table("documents", rows), "documents")}


def published(document: dict | pd.Series) -> tuple[str, str] | None:
    """Return first and last day of publication: the declared ones where there are any, else the inferred ones."""
    for kind in ("published", "inferred"):
        if pd.notna(document.get(f"{kind}_earliest")):
            return document[f"{kind}_earliest"], document[f"{kind}_latest"]
    return None


def shortly(words: str, most: int = 7) -> str:
    """Cut a description to so many words: the tables name a speaker and a verb, they do not repeat a text.

    >>> shortly("a retired pilot of the northern ferry line who asked not to be named")
    'a retired pilot of the northern ferry …'
    """
    parts = words.split() if isinstance(words, str) else []
    return words if len(parts) <= most else " ".join(parts[:most]) + " …"


def code_texts(case: Case, made: dict[str, pd.DataFrame], *, progress: Progress = _quiet) -> dict[str, pd.DataFrame]:
    """Code the cleaned and dated texts by the codebook's rules: who, who says so, what happened, in which frame.

    Accepts a case and what :func:`clean_texts` and :func:`code_times` returned. Returns ``mentions``, ``quotes``,
    ``chain``, ``event_mentions``, ``frames`` and ``failures``: suggestions of the machine, each with its rule.
    """
    book = _codebook(case)

    def code(document: dict, text: str, own: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        doc_id, sentences = document["doc_id"], own["sentences"]
        found = actors.mentions(text, sentences, book, published(document))
        quotes, chain = speech.quotes(text, sentences, found, book, document.get("outlet") or "")
        quotes["quote_id"], chain["quote_id"] = f"{doc_id}/" + quotes["quote_id"], f"{doc_id}/" + chain["quote_id"]
        told = events.event_mentions(text, sentences, found, quotes, own["times"], book, home(document, book),
                                     published(document))
        framed = frames.frames(text, sentences, book, quotes=quotes, mentions=found, event_mentions=told)
        found["mention_id"] = tables.span_ids(doc_id, "m", found["start"], found["end"])
        told["event_mention_id"] = tables.span_ids(doc_id, "e", told["trigger_start"], told["trigger_end"])
        limits = (quotes, "speaker", 7), (quotes, "verb", 3), (chain, "medium", 7), (chain, "link", 3)
        for rows, column, most in limits:
            rows[column] = rows[column].map(lambda words, most=most: shortly(words, most))
        return {"mentions": found, "quotes": quotes, "chain": chain, "event_mentions": told, "frames": framed}
    return _each(case, made, ("mentions", "quotes", "chain", "event_mentions", "frames"), "coding", progress, code)


def home(document: dict, book: Codebook) -> str | None:
    """Return the state that a text's own "we" means: its outlet's, where the codebook knows it."""
    state = document.get("outlet_country")
    return state if pd.notna(state) and state in set(book.actors["actor_id"]) else None


def adjudicate(case: Case, documents: pd.DataFrame, sentences: pd.DataFrame,
               machine: Mapping[str, pd.DataFrame] | None = None) -> dict[str, pd.DataFrame]:
    """Put coders' labels and decisions over the machine's codes, and link the events that they tell of.

    Accepts a case, its ``documents`` and ``sentences``, and the machine's tables, which decisions stand on where there
    are no labels. Returns ``adjudicated_event_mentions``, ``adjudicated_frames``, ``adjudicated_quotes`` and
    ``events``, each left out when nobody has labelled or decided anything of it, and ``decisions`` (what became of
    each) where there are any. A labelled mention that nobody has tied to a matter is an event of its own; without
    labels the machine's matters hold until a coder decides otherwise.
    """
    machine, out, reports = machine or {}, {}, []
    for name in ("frames", "quotes", "event_mentions"):
        rows, report = review.adjudicated(case, name, sentences, machine.get(name), times=machine.get("times"),
                                          quotes=machine.get("quotes"), documents=documents["doc_id"],
                                          published=dict(zip(documents["doc_id"], documents["published_latest"])))
        reports.append(report)
        if rows is None:
            continue
        if name == "event_mentions":
            named = case.labels("events") is not None
            keys = rows["event_mention_id"] if named else compare.matters.key_machine(rows)["event_key"]
            rows["event_key"] = rows["event_key"].fillna(keys)
            rows["label"] = rows["label"].fillna(compare.naming.name_events(rows, _codebook(case)))
            links = case.labels("record_links")
            rows = compare.borrow_dates(rows, links, case.reference, documents)
            if links is None:       # nobody has said what is which entry of the record: a rule says it
                rows = compare.opening.tie(rows, case.reference, _codebook(case))
            out["events"], rows = compare.link(rows, layer="adjudicated", documents=documents, record=case.reference,
                                               links=links, named=named)
        out[f"adjudicated_{name}"] = tables.conform(rows, f"adjudicated_{name}")
    report = pd.concat(reports).drop_duplicates(ignore_index=True)
    if len(report):
        out["decisions"] = tables.conform(report, "decisions")
    return out


def link_events(case: Case, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Link the machine's mentions into events beside the adjudicated ones, and list who claims what of each event.

    Accepts a case and the tables made so far. Returns ``event_mentions`` with the matter that each was linked by and
    why, ``events`` of both layers, and ``claims`` of the layer that is drawn: the adjudicated one where there is one.
    """
    told = ready_to_link(case, made)
    events, told = compare.link(told, layer="machine", documents=made["documents"], record=case.reference)
    drawn = made.get("adjudicated_event_mentions", told)
    kept = [c for c in tables.TABLES["event_mentions"].names if c in told]
    return {"event_mentions": tables.conform(told[kept], "event_mentions"),
            "events": tables.conform(_join("events", [made.get("events", events[:0]), events]), "events"),
            "claims": tables.conform(compare.matters.claims(drawn), "claims")}


def ready_to_link(case: Case, made: Mapping[str, pd.DataFrame], known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the machine's mentions with all that linking reads: matter, label, date, speaker, entry of the record.

    Accepts a case, its ``event_mentions``, ``times`` and ``quotes`` and, where these are of some texts alone, the
    matters of all (:func:`helpers.compare.matters.resolve`).
    """
    told = made["event_mentions"].drop(columns=["event_key", "event_id", "link_reason"], errors="ignore")
    book = _codebook(case)
    told = compare.complete(compare.matters.key_machine(told, known), made["times"], made["quotes"], book)
    return compare.opening.tie(told, case.reference, book)


def measure_texts(case: Case, made: dict[str, pd.DataFrame], *, progress: Progress = _quiet
                  ) -> dict[str, pd.DataFrame]:
    """Find what can only be found in the texts themselves: numbers, people as named, counts of words, runs of words.

    Accepts a case, its ``documents`` and ``sentences``, and the ``failures`` so far. Returns ``amounts``, ``slips``,
    ``signals``, ``words`` and ``failures``, and ``shingles`` (doc_id, shingle), which is no table to keep: by it
    :func:`compare_texts` finds the texts that share a run. A text that was not cleaned is left out.
    """
    book = _codebook(case)
    shingles = []

    def code(document: dict, text: str, own: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        sentences, day = own["sentences"], document["published_best"]
        day = day if pd.notna(day) else None
        named, _ = actors.find(text, book, day, sentences[["start", "end"]].itertuples(index=False, name=None))
        found = pd.DataFrame(named, columns=actors.Mention._fields)
        rows = {"amounts": compare.contradictions.amounts(text, sentences),
                "signals": compare.contradictions.signals(text, sentences),
                "words": framing.words(text, sentences, book),
                "slips": compare.contradictions.slips(text, found, book, day)}
        runs = compare.accounts.shingles(text, sentences)
        shingles.append(pd.DataFrame({"doc_id": document["doc_id"], "shingle": runs}))
        return rows
    out = _each(case, made, ("amounts", "slips", "signals", "words"), "comparing", progress, code)
    none = pd.DataFrame({"doc_id": pd.Series(dtype="string"), "shingle": pd.Series(dtype="uint64")})
    return out | {"shingles": pd.concat([none, *shingles], ignore_index=True)}


def compare_texts(case: Case, made: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Find what can only be found in the texts themselves, with the runs of words that two of them share.

    Accepts a case, its ``documents`` and ``sentences``, and the ``failures`` so far. Returns ``reuse``, ``amounts``,
    ``slips``, ``signals``, ``words`` and ``failures``; rows of texts that are not here are taken from the tables
    computed before.
    A text that was not cleaned is left out, and one that fails does not cost the others.
    """
    out = measure_texts(case, made)
    return out | {"reuse": shared_runs(case, made, out.pop("shingles"))}


def shared_runs(case: Case, made: Mapping[str, pd.DataFrame], shingles: pd.DataFrame) -> pd.DataFrame:
    """Return ``reuse``: the runs that two texts share, those of texts that are not here as computed before.

    Accepts a case, its ``documents`` and ``sentences``, and the shingles of the texts that are here.
    """
    gone = {d for d in made["documents"]["doc_id"] if not case.present[d]}
    parts = []
    if gone and case.has("reuse"):
        was = case.load("reuse")
        parts.append(was[was["doc_a"].isin(gone) | was["doc_b"].isin(gone)])
    pairs = compare.accounts.candidates(shingles)
    texts = {d: case.text(d) for d in sorted({d for pair in pairs for d in pair})}
    parts.append(compare.accounts.reuse(texts, made["sentences"], pairs=pairs))
    return tables.conform(_join("reuse", parts), "reuse")


def read_texts(case: Case, *, progress: Progress = _quiet) -> dict[str, pd.DataFrame]:
    """Run all stages that look at one text alone: cleaning, dating, coding, measuring.

    Accepts a case. Returns the tables of its documents and ``shingles``. What it returns of a document does not depend
    on the others, so a large case is read in chunks, on as many machines as there are.
    """
    made = clean_texts(case, progress=progress)
    made |= code_times(case, made, progress=progress)
    made |= code_texts(case, made, progress=progress)
    return made | measure_texts(case, made, progress=progress)


def bring_together(case: Case, made: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Run the stages that look at all texts: coders' decisions, events linked across texts, who claims what.

    Accepts a case and the tables of :func:`read_texts`. Returns the tables that are new or have changed.
    """
    out = adjudicate(case, made["documents"], made["sentences"], made)
    return out | link_events(case, {**made, **out})


def build(case: Case, *, progress: Progress = _quiet) -> dict[str, pd.DataFrame]:
    """Run all stages on all documents and write the tables, all or none.

    Raises :class:`~helpers.case.CaseError` when no text is here and no table was computed before.
    """
    if not case.present.any() and not case.has("sentences"):
        raise CaseError(f"No text of {case.name!r} is here, and no table was computed before. "
                        f"Put the texts in place with `casebook texts {case.name} --from FOLDER`.")
    made = read_texts(case, progress=progress)
    made["reuse"] = shared_runs(case, made, made.pop("shingles"))
    made |= bring_together(case, made)
    # an adjudicated layer from which all labels and decisions were taken away is none
    case.save(made, drop=["adjudicated_event_mentions", "adjudicated_frames", "adjudicated_quotes", "decisions"])
    return made
