"""Codings held side by side: what each coder said of the same sentences, events, quotations and time expressions.

A coding is one coder's rows of one kind and the sentences it covers. Units are matched so:

frames   by sentence; a label of another segmentation belongs to the sentence that it shares most characters with
events   the same words name the act (the triggers overlap), else the same type in the same sentence
quotes   two spans that share half of the longer one
times    two spans that overlap

Matching is one to one, the closest first. What only one of two coders found is counted, and only sentences that both
have read are held side by side.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from helpers import agreement
from helpers.review import labels as labels_
from helpers.tables import TableError

__all__ = ["WHAT", "Coding", "compare", "disagreements", "from_labels", "from_machine", "match"]

WHAT = ("events", "quotes", "frames", "times")
HAPPENED = ("happened", "ongoing")
FLAGS = ("negated", "hedged", "laundered")
COLUMNS = {"frames": ["sentence_id", "frames", "voice", *FLAGS],
           "quotes": ["speaker", "speaker_country", "directness", "verb"],
           "events": ["type", "track", "stage", "status", "actor", "target", "item", "date", "basis", "speaker"],
           "times": ["kind", "value"]}
SPAN = ["doc_id", "start", "end", "sentence_id"]
_RENAMED = {"doc": "doc_id", "reporting_verb": "verb", "actor_id": "actor",
            "target_id": "target", "date_basis": "basis"}


@dataclass(frozen=True)
class Coding:
    """What one coder (``person``, ``model`` or ``rule``) said, and the ids of the sentences it covers."""
    coder_id: str
    kind: str
    rows: pd.DataFrame
    covered: frozenset[str]


def from_labels(given: pd.DataFrame, what: str, coder_id: str, kind: str, sentences: pd.DataFrame,
                manifest: pd.DataFrame, *, covered: Iterable[str] | None = None, where: str = "") -> Coding:
    """Turn label files (of ``gold/``, of a second coder, of a sheet) into a :class:`Coding`.

    Accepts the labels as strings (``doc`` may be the beginning of the file's name), what they are, the coder, the
    case's sentences and manifest, and the sentences covered (none given: those of all documents in the file; of frames,
    those that have a row). Raises :class:`~helpers.tables.TableError` for a document that the manifest does not list.
    """
    rows = given.rename(columns={k: v for k, v in _RENAMED.items() if v not in given}).copy()
    if what == "times":
        rows = rows.rename(columns={"type": "kind"})
    rows["doc_id"] = _documents(rows["doc_id"], manifest, where)
    if "trigger_start" in rows:
        rows[["start", "end"]] = rows[["trigger_start", "trigger_end"]]
    rows[["start", "end"]] = rows[["start", "end"]].apply(pd.to_numeric).astype("Int64")
    rows["sentence_id"] = labels_.sentences_of(sentences, rows["doc_id"], rows["start"], rows["end"])
    if what == "events":
        rows["type"] = rows["type"].str.upper()
        if "earliest" not in rows:
            dated = [labels_.interval(d, g) for d, g in zip(rows["date"], rows.get("date_granularity", rows["date"]))]
            rows["earliest"], rows["latest"] = [d[0] for d in dated], [d[1] for d in dated]
        rows["date"] = [labels_.written(lo, hi) for lo, hi in zip(rows["earliest"], rows["latest"])]
        for column in ("actor", "target"):
            rows[column] = rows[column].map(_actor, na_action="ignore")
    rows = rows.dropna(subset="sentence_id").reindex(columns=[*dict.fromkeys(SPAN + COLUMNS[what])]).astype(object)
    rows = rows.where(rows.notna(), None).reset_index(drop=True)
    if what == "frames":
        rows = _by_sentence(rows)
    if covered is None:
        covered = rows["sentence_id"] if what == "frames" else \
            sentences.loc[sentences["doc_id"].isin(set(_documents(given.rename(columns=_RENAMED)["doc_id"], manifest,
                                                                   where))), "sentence_id"]
    return Coding(coder_id, kind, rows, frozenset(covered))


def _documents(names: pd.Series, manifest: pd.DataFrame, where: str) -> list[str]:
    known = dict(zip(manifest["doc_id"], manifest["doc_id"]))
    for name in set(names) - set(known):
        fits = manifest.loc[manifest["file"].str.startswith(str(name)), "doc_id"]
        if len(fits) != 1:
            raise TableError(f"{where or 'labels'}: there is no document {name!r}. The documents are "
                             f"{', '.join(manifest['doc_id'])}.")
        known[name] = fits.iloc[0]
    return [known[n] for n in names]


def _actor(code: str) -> str:
    """One spelling for the codes of actors: ``USA:Senate + TUR`` is ``TUR+USA.senate``.

    >>> _actor("XPE:Fleet + XCA")
    'XCA+XPE.fleet'
    """
    parts = [p.strip().replace(":", ".").split(".", 1) for p in code.split("+") if p.strip()]
    return "+".join(sorted(".".join([p[0], *(q.lower() for q in p[1:])]) for p in parts))


def _by_sentence(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a sentence: the frames of all labels in it in their order, marked where one of them is marked."""
    groups: dict[str, list[dict]] = {}
    for row in rows.to_dict("records"):
        groups.setdefault(row["sentence_id"], []).append(row)
    marked = [f for f in FLAGS if rows[f].notna().any()]
    out = []
    for sentence_id, group in groups.items():
        frames = [f.strip() for row in group if not pd.isna(row["frames"]) for f in row["frames"].split(";")]
        flags = {f: any(str(row[f]).lower() in ("yes", "true", "1") for row in group) if f in marked else None
                 for f in FLAGS}
        out.append({c: group[0][c] for c in SPAN} | flags | {
            "frames": tuple(dict.fromkeys(f for f in frames if f not in ("", "-", "none"))),
            "voice": next((row["voice"] for row in group if not pd.isna(row["voice"])), None),
            "sentence_id": sentence_id})
    return pd.DataFrame(out, columns=[*dict.fromkeys(SPAN + COLUMNS["frames"])]).astype(object)


def from_machine(rows: pd.DataFrame, what: str, sentences: pd.DataFrame, manifest: pd.DataFrame,
                 times: pd.DataFrame | None) -> Coding:
    """Turn the machine's table (``event_mentions``, ``quotes``, ``frames``, ``times``) into a :class:`Coding`."""
    here = sentences["sentence_id"]
    if what == "frames":
        spans = sentences[["sentence_id", "doc_id", "start", "end"]]
        joined = rows.sort_values("rank").groupby("sentence_id", as_index=False).agg(
            frames=("frame", ";".join), **{c: (c, "first") for c in ("voice", *FLAGS)})
        given = spans.merge(joined, on="sentence_id", how="left").drop(columns="sentence_id")
        given[list(FLAGS)] = given[list(FLAGS)].astype("boolean").fillna(False)
    elif what == "quotes":      # a speaker's state, as coders give it
        given = rows.assign(speaker_country=rows["speaker_id"].str.split(".").str[0])
    elif what == "events" and "earliest" not in rows:
        given = rows.assign(earliest=pd.NA, latest=pd.NA, basis=pd.NA) if times is None else rows.merge(
            times[["time_id", "earliest", "latest", "basis"]], on="time_id", how="left")
    else:
        given = rows
    return from_labels(given.drop(columns="sentence_id", errors="ignore"), what, "machine", "rule", sentences, manifest,
                       covered=here)


# matching -----------------------------------------------------------------------------------------------------------


def match(a: pd.DataFrame, b: pd.DataFrame, what: str) -> list[tuple[int, int]]:
    """Return which row of ``a`` is which row of ``b`` (positions), one to one, the closest first.

    Accepts rows with doc_id, start, end, sentence_id (and ``type`` for events). See the head of this module for when
    two rows are one unit.

    >>> one = pd.DataFrame({"doc_id": ["d", "d"], "start": [0, 50], "end": [20, 60]})
    >>> match(one, one.assign(start=[4, 58], end=[22, 80]), "quotes")
    [(0, 0)]
    """
    found = []
    there: dict[str, list[int]] = {}
    for j, doc_id in enumerate(b["doc_id"]):
        there.setdefault(doc_id, []).append(j)
    left, right = a.to_dict("records"), b.to_dict("records")
    for i, x in enumerate(left):
        for j in there.get(x["doc_id"], []):
            near = _near(x, right[j], what)
            if near:
                found.append((*near, i, j))
    pairs, used_i, used_j = [], set(), set()
    for *_, i, j in sorted(found):
        if i not in used_i and j not in used_j:
            pairs.append((i, j))
            used_i.add(i)
            used_j.add(j)
    return sorted(pairs)


def _near(x: Mapping, y: Mapping, what: str) -> tuple[float, float] | None:
    """Return how near two rows are (smaller is nearer), or None where they are no one unit."""
    shared = min(x["end"], y["end"]) - max(x["start"], y["start"])
    longer = max(x["end"] - x["start"], y["end"] - y["start"])
    if what == "quotes":
        return (0, -shared / longer) if shared > 0 and shared >= longer / 2 else None
    if shared > 0:
        return 0 if what != "events" or x["type"] == y["type"] else 1, -shared / longer
    if what == "events" and x["sentence_id"] == y["sentence_id"] and x["type"] == y["type"]:
        return 2, float(-shared)
    return None


# values -------------------------------------------------------------------------------------------------------------


def _sentence_values(coding: Coding, what: str, codes: Sequence[str], sentences: pd.DataFrame) -> pd.DataFrame:
    """Return what a coding says of each sentence it covers: sentence_id, variable, value."""
    out = []
    if what == "frames":
        for row in coding.rows.to_dict("records"):
            said: dict[str, bool | str] = {f"frame: {f}": f in row["frames"] for f in codes}
            said["dominant frame"] = row["frames"][0] if row["frames"] else "none"
            if row["frames"]:
                said |= {c: row[c] for c in ("voice", *FLAGS) if row[c] is not None}
            out += [(row["sentence_id"], variable, value) for variable, value in said.items()]
    else:
        starts = sentences.set_index("sentence_id")[["doc_id", "start", "end"]]
        holds = set(coding.rows["sentence_id"])
        if what == "quotes":      # a quotation may run over several sentences
            for doc_id, spans in coding.rows.groupby("doc_id"):
                own = starts[starts["doc_id"] == doc_id]
                for s, e in zip(spans["start"], spans["end"]):
                    holds |= set(own.index[(own["start"] < e) & (own["end"] > s)])
        name = {"events": "an event in the sentence", "quotes": "a quotation in the sentence",
                "times": "a time expression in the sentence"}[what]
        out = [(s, name, s in holds) for s in coding.covered]
    return pd.DataFrame(out, columns=["sentence_id", "variable", "value"]).astype({"value": object})


def _unit_values(row: Mapping, what: str) -> dict:
    """Return what a coding says of one event, quotation or time expression; None where it does not say."""
    if what == "quotes":
        return {c: row[c] for c in ("directness", "speaker_country")} | {c: _plain(row[c]) for c in ("speaker", "verb")}
    if what == "times":
        return {"kind": row["kind"], "value": row["value"]}
    state = {f"{c}'s state": row[c] and "+".join(sorted({p.split(".")[0] for p in row[c].split("+")}))
             for c in ("actor", "target")}
    return {c: row[c] for c in ("type", "track", "stage", "status")} | {
        "happened or not": row["status"] and row["status"] in HAPPENED, "actor": row["actor"], "target": row["target"]
    } | state | {"item": _plain(row["item"]), "dated or not": row["date"] is not None, "date": row["date"],
                 "basis": row["date"] and row["basis"], "attributed or not": row["speaker"] is not None}


_BOTH = {"date", "basis", "value", "happened or not"}      # compared only where both coders say something


def _plain(text: str | None) -> str | None:
    """Free text as it is compared: small letters, no article, no other blanks than single ones.

    >>> _plain(" The  Harbour Master ")
    'harbour master'
    """
    if text is None:
        return None
    words = str(text).lower().split()
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)


def _pair_values(a: Coding, b: Coding, what: str) -> tuple[pd.DataFrame, dict]:
    """Return both coders' values of the units both found (doc_id, start, end, variable, a, b), and what was found."""
    both = a.covered & b.covered
    left, right = (c.rows[c.rows["sentence_id"].isin(both)].reset_index(drop=True) for c in (a, b))
    pairs = match(left, right, what)
    used = {c for c in COLUMNS[what] if left[c].notna().any() and right[c].notna().any()}
    out = []
    for i, j in pairs:
        x, y = left.loc[i].to_dict(), right.loc[j].to_dict()
        mine, theirs = _unit_values(x, what), _unit_values(y, what)
        for variable in mine:
            column = {"happened or not": "status", "dated or not": "date", "attributed or not": "speaker"}.get(
                variable, variable.removesuffix("'s state"))
            p, q = mine[variable], theirs[variable]
            if column not in used or (variable in _BOTH and (p is None or q is None)) or (p is None and q is None):
                continue
            if variable == "value" and set(p.split("|")) & set(q.split("|")):      # alternatives that a label allows
                p = q = p.split("|")[0]
            out.append((x["doc_id"], x["start"], x["end"], variable, "none" if p is None else p,
                        "none" if q is None else q))
    found = {"both": len(pairs), "a": len(left), "b": len(right)}
    values = pd.DataFrame(out, columns=["doc_id", "start", "end", "variable", "a", "b"])
    values = values.astype({"a": object, "b": object})
    return values.sort_values(["doc_id", "start", "end"], kind="stable", ignore_index=True), found


# comparing ----------------------------------------------------------------------------------------------------------


def compare(codings: Sequence[Coding], what: str, sentences: pd.DataFrame, *, codes: Sequence[str] = (),
            draws: int = 2000) -> pd.DataFrame:
    """Return how far codings agree on each variable.

    Accepts two or more codings of one kind (events, quotes, frames, times), the case's sentences, and the frame codes
    (of frames; none given: those that occur). Returns ``what`` and the columns of :func:`helpers.agreement.agree`, one
    row a variable and pair of coders. What is said of sentences also has a row for all coders together; what is said of
    matched units has not, since the units differ from pair to pair. The rows ``… found`` give, as ``percent``, how many
    units both found: twice the shared ones over all (Dice 1945), with no alpha.
    """
    kinds = {c.coder_id: c.kind for c in codings}
    codes = codes or sorted({f for c in codings for fs in c.rows.get("frames", []) for f in fs})
    parts = []
    wide = {c.coder_id: _sentence_values(c, what, codes, sentences) for c in codings}
    variables = dict.fromkeys(v for frame in wide.values() for v in frame["variable"])
    for variable in variables:
        values = pd.DataFrame({k: f[f["variable"] == variable].set_index("sentence_id")["value"]
                               for k, f in wide.items()}).sort_index()      # the bootstrap draws by position
        values = values.astype(object).where(values.notna(), None).dropna(axis=1, how="all")
        if values.shape[1] > 1:
            parts.append(agreement.agree(values, variable, kinds=kinds, draws=draws))
    if what != "frames":
        for n, a in enumerate(codings):
            for b in codings[n + 1:]:
                values, found = _pair_values(a, b, what)
                rows = [agreement.agree(group[["a", "b"]].set_axis([a.coder_id, b.coder_id], axis=1), variable,
                                        kinds=kinds, draws=draws)
                        for variable, group in values.groupby("variable", sort=False)]
                parts += [_found(found, what, a, b), *rows]
    out = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=agreement.COLUMNS)
    out.insert(0, "what", what)
    return out


def _found(found: Mapping[str, int], what: str, a: Coding, b: Coding) -> pd.DataFrame:
    both, total = found["both"], found["a"] + found["b"]
    row = agreement.agree(pd.DataFrame({a.coder_id: [None], b.coder_id: [None]}, dtype=object), f"{what} found",
                          kinds={a.coder_id: a.kind, b.coder_id: b.kind})
    note = f"{both} found by both, {found['a'] - both} by {a.coder_id} alone, {found['b'] - both} by {b.coder_id} alone"
    return row.assign(n=total - both, positives=both, percent=200 * both / total if total else float("nan"), note=note)


def disagreements(a: Coding, b: Coding, what: str, sentences: pd.DataFrame) -> pd.DataFrame:
    """Return where two codings differ: doc_id, start, end, variable, and a column for each coder."""
    codes = sorted({f for c in (a, b) for fs in c.rows.get("frames", []) for f in fs})
    one, other = (_sentence_values(c, what, codes, sentences).set_index(["sentence_id", "variable"])["value"]
                  for c in (a, b))
    both = pd.DataFrame({"a": one, "b": other}).dropna().reset_index()
    rows = both.merge(sentences[["sentence_id", "doc_id", "start", "end"]], on="sentence_id")
    if what != "frames":
        rows = pd.concat([rows, _pair_values(a, b, what)[0]])
    rows = rows[rows["a"].ne(rows["b"])][["doc_id", "start", "end", "variable", "a", "b"]]
    return rows.sort_values(["doc_id", "start", "variable"], ignore_index=True).rename(
        columns={"a": a.coder_id, "b": b.coder_id})
