"""Codings compared: how often each code was given, who differs where, how the machine does, and what that changes.

Agreement itself is measured by :mod:`helpers.agreement` and :func:`helpers.review.score`; here stands what one needs
to read those figures: prevalence, trivial baselines, the course of a baseline that learns, and which findings turn with
the coder.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from helpers import agreement, review
from helpers.case import ParameterError
from helpers.codebook import Codebook
from helpers.codebook.naming import counted, joined
from helpers.compare.opening import events_of, rows_of
from helpers.review.labels import KINDS

__all__ = ["VARIABLES", "against", "baselines", "by_pair", "by_whom", "differ", "differences", "fitted", "layers",
           "leaders", "learning_curve", "micro_f1", "pair", "prevalence", "say_coders", "say_curve", "say_dominant",
           "say_fitted", "say_layers", "say_leaders", "say_people", "say_scores", "sets", "shared"]

UNCODED = "not coded"
Sets = Mapping[str, Collection[str]]

# what is compared of units that two coders found, in words
VARIABLES = {"type": "type of act", "track": "track (line of the dispute)", "stage": "stage of the act",
             "status": "status (how sure)", "actor": "who acts", "target": "upon whom",
             "actor's state": "whose state acts",
             "target's state": "upon whose state", "item": "the thing at issue, freely named",
             "date": "date, where both give one",
             "basis": "what the date rests on", "dated or not": "dated or not",
             "attributed or not": "put in a speaker's mouth or not", "speaker_country": "speaker's country",
             "directness": "direct or reported", "verb": "verb of saying",
             "kind": "kind of time expression", "voice": "own voice or quoted", "negated": "denied or not",
             "hedged": "in doubt or not", "laundered": "laundered or not", "dominant frame": "which frame comes first"}
# what was coded → the codebook's file whose author says what it had read
WRITTEN = {"frames": "frame_rules.yaml", "events": "event_rules.yaml", "quotes": "speech.yaml"}


def sets(coding: review.Coding) -> dict[str, tuple[str, ...]]:
    """Return the frames that a coding gives each sentence it covers, the dominant one first."""
    given = dict(zip(coding.rows["sentence_id"], coding.rows["frames"]))
    return {s: tuple(given.get(s, ())) for s in sorted(coding.covered)}


def say_people(codings: Sequence[review.Coding]) -> str:
    """Say in one sentence whether any agreement between persons has been measured.

    Accepts the codings of one kind (see :func:`helpers.review.gather`).
    """
    people = list(dict.fromkeys(c.coder_id for c in codings if c.kind == "person"))
    if len(people) < 2:
        who = f"Only one person, {people[0]}, has" if people else "No person has"
        return f"{who} coded this case: no agreement between persons is measured or claimed until a class measures it."
    return f"{len(people)} persons have coded this case: {', '.join(people)}."


def by_whom(case, rows: pd.DataFrame) -> str:
    """Name who made coded rows: the coders that ``coders.csv`` names, and how many rows were left to the rules.

    Accepts a case and rows with ``rule`` (a coder's id, or the rule of the machine that made the row).

    >>> from helpers.case import open_case
    >>> by_whom(open_case("practice"), pd.DataFrame({"rule": ["A", "cue_law", "A"]}))
    'A (2 of 3), the rest by rule'
    >>> by_whom(open_case("practice"), pd.DataFrame({"rule": ["cue_law"]}))
    'rule'
    """
    if rows.empty:
        return "nobody"
    known = rows["rule"].isin(review.coders(case)["coder_id"])
    who = joined(sorted(set(rows.loc[known, "rule"])))
    if known.all():
        return who
    return f"{who} ({known.sum()} of {len(rows)}), the rest by rule" if who else "rule"


def say_coders(case, layer: str = "adjudicated", tables: Mapping[str, str] | None = None) -> str:
    """Say who coded each thing (the coders whose names its rows bear), how many decisions were made on it, and which
    texts nobody has coded.

    Accepts a case, the layer that is shown, and the tables (``frames``, ``quotes``, ``event_mentions``) with what they
    are called; none given: frames and quotations.
    """
    kinds = review.coders(case).set_index("coder_id")["kind"].to_dict()
    decided = case.load("decisions").query("outcome == 'applied'")["table"].value_counts() if case.has("decisions") \
        else {}
    lines, coded, checked = [], 0, 0
    for table, words in (tables or {"frames": "frames", "quotes": "quotations"}).items():
        rows, found = rows_of(case, table, layer)
        if found == "machine":
            lines.append(f"The {words} were coded by rule.")
            continue
        who = sorted(set(rows["rule"].dropna()) & set(kinds))
        own = Counter(KINDS.get(kinds.get(c, ""), ("coder of unknown kind",)) for c in who)
        made = joined([f"a {k[0]}" if n == 1 else counted(n, *k, spelt=True) for k, n in own.items()]) if who else ""
        said = f"{by_whom(case, rows)} ({made})" if who else by_whom(case, rows)
        n = int(decided.get(table, 0))
        tail = f"{counted(n, 'decision')} on them" if n else "no decision changed any"
        lines.append(f"The {words} were coded by {said}; {tail}.")
        coded, checked = coded + len(rows), checked + review.labels.shares(rows, case).get("person", 0)
    left = "them" if not checked else "the rest"
    return " ".join([*lines, *([f"No person has checked {left}."] if checked < max(coded, 1) else [])]) + \
        case.not_coded()


def fitted(codebook: Codebook, case: str, what: str) -> bool | None:
    """Tell whether the machine's rules for ``what`` were written by one that had read a case's texts.

    Accepts the codebook, the case's name, and what was coded (``frames``, ``events``, ``quotes``, ``times``). Returns
    None where the codebook does not say. Scores on such texts are *in-sample*: they say how well the rules fit what
    they were made from.
    """
    author = codebook.about.get(WRITTEN.get(what, ""), {}).get("author")
    if not author:
        return None
    return any(re.fullmatch(rf"(the |case )*{re.escape(case)}( case)?", str(text)) for text in author["had_read"])


def say_fitted(codebook: Codebook, case: str, what: str) -> str:
    """Say what follows where the machine was fitted to the texts (see :func:`fitted`); nothing where it was not."""
    return "The machine was fitted to these texts: how it agrees with a coder here is no test of it." if \
        fitted(codebook, case, what) else ""


def pair(codings: Sequence[review.Coding], first: str = "", second: str = "") -> tuple[review.Coding, review.Coding]:
    """Return the two codings named, else the first two there are; an empty coding by ``nobody`` where one is missing.

    Raises :class:`~helpers.case.ParameterError` for a coder that has coded nothing.
    """
    by_id = {c.coder_id: c for c in codings}
    for name in filter(None, (first, second)):
        if name not in by_id:
            raise ParameterError(f"There is no coding by {name!r}; the coders are {', '.join(by_id) or 'none'}.")
    one = first or next((c for c in by_id if c != second), "")
    other = second or next((c for c in by_id if c != one), "")
    nobody = review.Coding("nobody", "unknown", pd.DataFrame(columns=["sentence_id", "frames"]), frozenset())
    return by_id.get(one, nobody), by_id.get(other, nobody if one in by_id else replace(nobody, coder_id="nobody else"))


def shared(codings: Sequence[review.Coding]) -> frozenset[str]:
    """Return the sentences that all of these codings cover."""
    return frozenset.intersection(*(c.covered for c in codings)) if codings else frozenset()


def differences(one: review.Coding, other: review.Coding, sentences: pd.DataFrame) -> pd.DataFrame:
    """Return where two coders differ on frames: doc_id, characters (``0–74``), variable, and a column for each coder.

    By place in the texts; no row where one of them has coded nothing.
    """
    columns = ["doc_id", "characters", "variable", one.coder_id, other.coder_id]
    if not one.covered or not other.covered:
        return pd.DataFrame(columns=columns[:-1])
    found = review.disagreements(one, other, "frames", sentences)
    found["characters"] = [f"{a}–{b}" for a, b in zip(found["start"], found["end"], strict=True)]
    for coder in columns[3:]:
        found[coder] = found[coder].map(lambda v: {True: "yes", False: "no"}[v] if isinstance(v, bool) else v)
    return found[columns]


def prevalence(codings: Sequence[review.Coding], codes: Sequence[str]) -> pd.DataFrame:
    """Count the sentences to which each coder gives each frame, of those that all of them cover.

    Returns frame, a column a coder, and ``of`` (how many sentences they share).
    """
    out, both = pd.DataFrame({"frame": list(codes)}), shared(codings)
    for coding in codings:
        tally = Counter(f for sentence, given in sets(coding).items() if sentence in both for f in given)
        out[coding.coder_id] = [tally[f] for f in codes]
    return out.assign(of=len(both))


def by_pair(found: pd.DataFrame) -> pd.DataFrame:
    """Return how far each pair of coders agrees as one prints it (:func:`helpers.agreement.show_agreement`).

    Accepts rows of :func:`helpers.review.compare`. The pair stands in one column, ``coders``; the rows for all coders
    together are left out.
    """
    pairs = found[found["coder_a"].ne("all")]
    return agreement.show_agreement(pairs.assign(coders=pairs["coder_a"] + " and " + pairs["coder_b"]))


def say_dominant(found: pd.DataFrame, a: str, b: str) -> str:
    """Say in one sentence whether two coders agree better on whether a frame is there or on which one comes first.

    Accepts rows of :func:`helpers.review.compare`.

    >>> rows = pd.DataFrame({"variable": ["frame: law", "frame: cost", "dominant frame"], "coder_a": "A",
    ...                      "coder_b": "B", "alpha": [.9, .7, .6]})
    >>> say_dominant(rows, "B", "A")
    'B and A: alpha is 0.60 on which frame comes first, and 0.70 to 0.90 on whether a frame is there (middle: 0.80).'
    >>> say_dominant(rows[:2], "A", "B")
    'A and B have not both said which frame comes first.'
    """
    rows = found[found["coder_a"].isin([a, b]) & found["coder_b"].isin([a, b])].dropna(subset="alpha")
    first = rows.loc[rows["variable"].eq("dominant frame"), "alpha"]
    each = rows.loc[rows["variable"].str.startswith("frame: "), "alpha"]
    if first.empty or each.empty:
        return f"{a} and {b} have not both said which frame comes first."
    return (f"{a} and {b}: alpha is {first.iloc[0]:.2f} on which frame comes first, and {each.min():.2f} to "
            f"{each.max():.2f} on whether a frame is there (middle: {each.median():.2f}).")


def differ(a: review.Coding, b: review.Coding) -> pd.DataFrame:
    """Count what two coders gave where they differ in one frame of a sentence: a's frame, b's frame, n.

    ``nothing`` stands where one gave a frame and the other none in its place. Most frequent first.
    """
    mine, theirs = sets(a), sets(b)
    tally: Counter[tuple[str, str]] = Counter()
    for s in mine.keys() & theirs.keys():
        left = [f for f in mine[s] if f not in theirs[s]]
        right = [f for f in theirs[s] if f not in mine[s]]
        for i in range(max(len(left), len(right))):
            tally[(left[i] if i < len(left) else "nothing", right[i] if i < len(right) else "nothing")] += 1
    rows = sorted(((x, y, n) for (x, y), n in tally.items()), key=lambda r: (-r[2], r[0], r[1]))
    return pd.DataFrame(rows, columns=[a.coder_id, b.coder_id, "n"])


# against a coder ----------------------------------------------------------------------------------------------------


def against(found: Sets, truth: Sets, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Score codes against a coder's, sentence by sentence.

    Accepts the codes found and the coder's, by sentence; only sentences of both count. Returns a row a code (``frame``,
    positives, found, both, precision, recall, f1), then ``all (micro)`` and ``all (macro)``.

    >>> against({"1": ["law"], "2": ["law"]}, {"1": ["law"], "2": []}, ["law"]).loc[0, ["precision", "recall"]].tolist()
    [0.5, 1.0]
    """
    shared = sorted(found.keys() & truth.keys())
    codes = list(codes) if codes is not None else sorted({f for s in shared for f in [*found[s], *truth[s]]})
    rows = [(code, sum(code in truth[s] for s in shared), sum(code in found[s] for s in shared),
             sum(code in truth[s] and code in found[s] for s in shared)) for code in codes]
    out = pd.DataFrame(rows, columns=["frame", "positives", "found", "both"])
    total = out[["positives", "found", "both"]].sum()
    out = pd.concat([out, pd.DataFrame([{"frame": "all (micro)", **total}])], ignore_index=True)
    out["precision"] = (out["both"] / out["found"]).where(out["found"] > 0)
    out["recall"] = (out["both"] / out["positives"]).where(out["positives"] > 0)
    out["f1"] = (2 * out["both"] / (out["found"] + out["positives"])).where(out["found"] + out["positives"] > 0)
    macro = {"frame": "all (macro)", "f1": out["f1"].iloc[:-1].mean()}
    kinds = dict.fromkeys(total.index, "Int64") | dict.fromkeys(("precision", "recall", "f1"), "Float64")
    return pd.concat([out, pd.DataFrame([macro])], ignore_index=True).astype(kinds)


def micro_f1(found: Sets, truth: Sets, codes: Sequence[str]) -> float:
    """Return the micro F1 of :func:`against`; 0 where nothing was found or nothing given.

    >>> micro_f1({"1": ["law"]}, {"1": ["law", "cost"]}, ["cost", "law"])
    0.6666666666666666
    """
    value = against(found, truth, codes)["f1"].iloc[-2]
    return 0.0 if pd.isna(value) else float(value)


def baselines(truth: Sets, codes: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    """Return what one would code without reading: the commonest frame, every frame, the commonest four.

    They know the coder's counts, which a real guess would not, so they are as good as such guesses get.

    >>> baselines({"1": ["law"], "2": ["law", "cost"]}, ["cost", "law"])["the commonest frame"]["1"]
    ['law']
    """
    tally = Counter(f for given in truth.values() for f in given)
    order = sorted(codes, key=lambda f: (-tally[f], f))
    return {name: {s: list(given) for s in truth} for name, given in
            (("the commonest frame", order[:1]), ("every frame", list(codes)), ("the commonest four", order[:4]))}


def say_scores(machine: float, trivial: Mapping[str, float], coder: str, other: tuple[str, float] | None,
               in_sample: bool | None) -> str:
    """Say in one sentence how the machine does beside guesses made without reading and a second coder.

    Accepts the micro F1 of the machine, of each guess, and of another coder with its name, the coder that they are
    scored against, and whether the machine was fitted to these texts (see :func:`fitted`).

    >>> say_scores(.8, {"every frame": .3}, "A", ("B", .9), True)
    'Scored against coder A, the machine reaches 0.80 on texts that it was fitted to, coder B 0.90, and the best guess
    without reading (every frame) 0.30.'
    """
    best = max(trivial, key=trivial.__getitem__)
    where = " on texts that it was fitted to" if in_sample else ""
    second = f", coder {other[0]} {other[1]:.2f}," if other else ""
    return (f"Scored against coder {coder}, the machine reaches {machine:.2f}{where}{second} and the best guess "
            f"without reading ({best}) {trivial[best]:.2f}.")


# learning -----------------------------------------------------------------------------------------------------------


def learning_curve(case) -> pd.DataFrame:
    """Return what a baseline that learns from labels reaches with more and more of them.

    Reads ``data/raw/<case>/measured/learning_curve.csv``, which ``benchmarks/frames.py --write`` makes from the texts
    and the first coder's labels: labelled (sentences learned from), micro_f1 (mean of the draws), low, high (their
    middle 80 per cent). Empty where nobody has measured it.
    """
    found = case.optional("measured/learning_curve.csv")
    columns = ["labelled", "micro_f1", "low", "high"]
    if found is None:
        return pd.DataFrame(columns=columns, dtype=float)
    return found[columns].apply(pd.to_numeric)


def say_curve(curve: pd.DataFrame, machine: float, in_sample: bool | None) -> str:
    """Say in one sentence what learning from the labels reaches beside the machine, whose micro F1 is given.

    Accepts whether the machine was fitted to these texts (see :func:`fitted`): then the two figures are no match, since
    the baseline is scored on texts that it has not learned from.

    >>> curve = pd.DataFrame({"labelled": [20, 80], "micro_f1": [.2, .4]})
    >>> say_curve(curve, .6, False)
    'With 80 labelled sentences of other texts the learned baseline reaches 0.40; the machine reaches 0.60 and is not
    overtaken.'
    >>> say_curve(curve, .6, True)
    'With 80 labelled sentences of other texts the learned baseline reaches 0.40 on a text that it has not seen. The
    machine was fitted to these texts, so its 0.60 here cannot be set against that.'
    >>> say_curve(pd.DataFrame(), .6, None)
    'Nobody has measured a learning baseline for this case: with the texts, `python benchmarks/frames.py --write` does.'
    """
    if curve.empty:
        return ("Nobody has measured a learning baseline for this case: with the texts, `python benchmarks/frames.py "
                "--write` does.")
    last, over = curve.iloc[-1], curve[curve["micro_f1"] > machine]
    said = (f"With {int(last['labelled'])} labelled sentences of other texts the learned baseline reaches "
            f"{last['micro_f1']:.2f}")
    if in_sample:
        return (f"{said} on a text that it has not seen. The machine was fitted to these texts, so its {machine:.2f} "
                "here cannot be set against that.")
    tail = f"overtaken from {int(over['labelled'].iloc[0])} on" if len(over) else "not overtaken"
    return f"{said}; the machine reaches {machine:.2f} and is {tail}."


# what turns ---------------------------------------------------------------------------------------------------------


def leaders(ranged: pd.DataFrame, texts: Sequence[str]) -> pd.DataFrame:
    """Return the leading frame of each text's body by coder (all that share the first place, parted by ``+``).

    Accepts what :func:`helpers.compare.framing.coder_range` returned. Returns doc_id, a column a coder (``not coded``
    where he did not code the text), and ``same``: whether all who coded it share a frame in the first place.
    """
    coders = [c for c in ranged.columns if c not in ("doc_id", "frame", "low", "high", "apart")]
    out = []
    for doc_id in texts:
        own = ranged[ranged["doc_id"] == doc_id]
        row = {"doc_id": doc_id}
        for c in coders:
            top = own[c].max() if len(own) else 0
            row[c] = UNCODED if pd.isna(top) else " + ".join(own.loc[own[c].eq(top), "frame"]) if top else "none"
        first = [set(row[c].split(" + ")) for c in coders if row[c] != UNCODED]
        out.append(row | {"same": bool(first and set.intersection(*first))})
    return pd.DataFrame(out, columns=["doc_id", *coders, "same"])


def say_leaders(led: pd.DataFrame, names: Mapping[str, str] | None = None) -> str:
    """Say in one sentence in which texts the finding of the framing chart turns with the coder.

    Accepts what :func:`leaders` returned, and what texts are called.

    Only texts that two coders or more have coded are counted.

    >>> say_leaders(pd.DataFrame({"doc_id": ["a", "b"], "A": ["law"] * 2, "B": ["law", "cost"], "same": [True, False]}))
    'In 1 of 2 texts all 2 coders see the same frame in the lead; in b it turns with the coder.'
    >>> say_leaders(pd.DataFrame(columns=["doc_id", "A", "same"]))
    'One coder only: whether another would see other frames in the lead is not known.'
    """
    coders = [c for c in led.columns if c not in ("doc_id", "same")]
    coded = led[coders].ne(UNCODED).sum(axis=1)
    led, several = led[coded >= 2], sorted(set(coded[coded >= 2]))
    if len(coders) < 2 or led.empty:
        return "One coder only: whether another would see other frames in the lead is not known."
    alike = led["same"].astype(bool)
    turns = [(names or {}).get(d, d) for d in led.loc[~alike, "doc_id"]]
    where = joined(turns) if 0 < len(turns) < 4 else "the others"
    tail = f"; in {where} it turns with the coder" if turns else ""
    some = f"{int(alike.sum())} of" if alike.any() else "none of the"
    shared = ", alone or with others" if led.loc[alike, coders].stack().str.contains(" + ", regex=False).any() else ""
    who = f"all {several[0]} coders" if len(several) == 1 else \
        f"all who coded them ({joined(map(str, several))} coders)"
    return f"In {some} {counted(len(led), 'text')} {who} see the same frame in the lead{shared}{tail}."


def layers(case) -> pd.DataFrame:
    """Count what the chronology would draw from each layer: track, layer, events, dated, happened (or going on)."""
    parts = []
    for layer, table in (("adjudicated", "adjudicated_event_mentions"), ("machine", "event_mentions")):
        if not case.has(table):
            continue
        events = events_of(case, layer)[0]
        parts.append(pd.DataFrame({
            "layer": layer, "track": events["track"], "events": 1, "dated": events["earliest"].notna().astype(int),
            "happened": events["status"].isin(["happened", "ongoing"]).astype(int)}))
    columns = ["track", "layer", "events", "dated", "happened"]
    if not parts:
        return pd.DataFrame(columns=columns)
    found = pd.concat(parts)
    each = pd.MultiIndex.from_product([sorted(found["track"].dropna().unique()), found["layer"].unique()],
                                      names=columns[:2])
    return found.groupby(columns[:2])[columns[2:]].sum().reindex(each, fill_value=0).reset_index()


def say_layers(found: pd.DataFrame) -> str:
    """Say in one sentence how the chronology changes from the adjudicated layer to the machine's.

    >>> say_layers(pd.DataFrame({"track": "law", "layer": ["adjudicated", "machine"], "events": [9, 5],
    ...                          "happened": [3, 4]}))
    'Drawn from the machine the chronology has 5 events (adjudicated: 9); 4 of them happened or go on (adjudicated: 3).'
    >>> say_layers(pd.DataFrame({"track": [], "layer": []}))
    'The case has one layer of events only, so no chronology can be held against another.'
    """
    if found["layer"].nunique() < 2:
        return "The case has one layer of events only, so no chronology can be held against another."
    n = found.groupby("layer")[["events", "happened"]].sum()
    (drawn, real), (checked, so) = (n.loc[who].tolist() for who in ("machine", "adjudicated"))
    return (f"Drawn from the machine the chronology has {drawn} events (adjudicated: {checked}); {real} of them "
            f"happened or go on (adjudicated: {so}).")
