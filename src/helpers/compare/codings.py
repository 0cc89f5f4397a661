"""Codings compared: how often each code was given, who differs where, how the machine does, and what that changes.

Agreement itself is measured by :mod:`helpers.agreement` and :func:`helpers.review.score`; here stands what one needs
to read those figures: prevalence, trivial baselines, the course of a baseline that learns, and which findings turn with
the coder.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from helpers import review
from helpers.case import ParameterError
from helpers.compare.opening import events_of

__all__ = ["against", "baselines", "differ", "differences", "layers", "leaders", "learning_curve", "micro_f1", "pair",
           "prevalence", "say_alphas",
           "say_curve", "say_layers", "say_leaders", "say_people", "say_scores", "sets"]

Sets = Mapping[str, Collection[str]]


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


def differences(one: review.Coding, other: review.Coding, sentences: pd.DataFrame) -> pd.DataFrame:
    """Return the sentences on whose frames two coders differ, by place; no row where one of them has coded nothing."""
    if not one.covered or not other.covered:
        return pd.DataFrame(columns=["doc_id", "start", "end", "variable", one.coder_id])
    return review.disagreements(one, other, "frames", sentences)


def prevalence(codings: Sequence[review.Coding], codes: Sequence[str]) -> pd.DataFrame:
    """Count the sentences to which each coder gives each frame: frame, a column a coder, ``of`` (least covered)."""
    out = pd.DataFrame({"frame": list(codes)})
    for coding in codings:
        tally = Counter(f for given in sets(coding).values() for f in given)
        out[coding.coder_id] = [tally[f] for f in codes]
    return out.assign(of=min((len(c.covered) for c in codings), default=0))


def say_alphas(found: pd.DataFrame, a: str, b: str) -> str:
    """Say in one sentence for how many frames two coders reach the bound for tentative conclusions.

    Accepts rows of :func:`helpers.agreement.agree`.

    >>> say_alphas(pd.DataFrame({"coder_a": ["A"], "coder_b": ["B"], "alpha": [.9], "positives": [9], "called": ["x"]}),
    ...            "A", "B")
    'A and B: 1 of 1 frames reach an alpha of .667 (x), 0 are too rare to say.'
    >>> say_alphas(pd.DataFrame(columns=["coder_a", "coder_b", "alpha", "positives", "called"]), "A", "B")
    'A and B have not coded the same frames, so nothing can be said of how far they agree.'
    """
    rows = found[found["coder_a"].eq(a) & found["coder_b"].eq(b)]
    if rows.empty:
        return f"{a} and {b} have not coded the same frames, so nothing can be said of how far they agree."
    enough = rows[rows["positives"] >= 5]
    return (f"{a} and {b}: {int(enough['alpha'].ge(.667).sum())} of {len(enough)} frames reach an alpha of .667 "
            f"({rows['called'].iloc[0]}), {len(rows) - len(enough)} are too rare to say.")


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


def say_scores(machine: float, trivial: Mapping[str, float], coder: str, other: float | None, in_sample: bool) -> str:
    """Say in one sentence how the machine does beside trivial guesses and a second coder.

    >>> say_scores(.8, {"every frame": .3}, "A", None, True)
    'Micro F1 of the machine against coder A: 0.80, in-sample; the best guess without reading (every frame): 0.30.'
    """
    best = max(trivial, key=trivial.__getitem__)
    second = "" if other is None else f"; the second coder: {other:.2f}"
    where = ", in-sample" if in_sample else ""
    return (f"Micro F1 of the machine against coder {coder}: {machine:.2f}{where}{second}; the "
            f"best guess without reading ({best}): {trivial[best]:.2f}.")


# learning -----------------------------------------------------------------------------------------------------------


def learning_curve(case) -> pd.DataFrame:
    """Return what a baseline that learns from labels reaches with more and more of them.

    Reads ``data/raw/<case>/measured/learning_curve.csv``, which ``benchmarks/frames.py --write`` makes from the texts
    and the first coder's labels: labelled (sentences learned from), micro_f1 (mean of the draws), low, high (their
    middle 80 per cent). Empty where nobody has measured it.
    """
    found = case._optional(case.raw / "measured" / "learning_curve.csv")
    columns = ["labelled", "micro_f1", "low", "high"]
    if found is None:
        return pd.DataFrame(columns=columns, dtype=float)
    return found[columns].apply(pd.to_numeric)


def say_curve(curve: pd.DataFrame, machine: float) -> str:
    """Say in one sentence whether learning from the labels overtakes the machine, whose micro F1 is given.

    >>> say_curve(pd.DataFrame({"labelled": [20, 80], "micro_f1": [.2, .4]}), .6)
    'With 80 labelled sentences the learned baseline reaches 0.40; the machine reaches 0.60 and is not overtaken.'
    >>> say_curve(pd.DataFrame(), .6)
    'Nobody has measured a learning baseline for this case: with the texts, `python benchmarks/frames.py --write` does.'
    """
    if curve.empty:
        return ("Nobody has measured a learning baseline for this case: with the texts, `python benchmarks/frames.py "
                "--write` does.")
    last, over = curve.iloc[-1], curve[curve["micro_f1"] > machine]
    tail = f"overtaken from {int(over['labelled'].iloc[0])} on" if len(over) else "not overtaken"
    return (f"With {int(last['labelled'])} labelled sentences the learned baseline reaches {last['micro_f1']:.2f}; the "
            f"machine reaches {machine:.2f} and is {tail}.")


# what turns ---------------------------------------------------------------------------------------------------------


def leaders(ranged: pd.DataFrame, texts: Sequence[str]) -> pd.DataFrame:
    """Return the leading frame of each text's body by coder (all that share the first place, parted by ``+``).

    Accepts what :func:`helpers.compare.framing.coder_range` returned. Returns doc_id, a column a coder, ``same``.
    """
    coders = [c for c in ranged.columns if c not in ("doc_id", "frame", "low", "high", "apart")]
    out = []
    for doc_id in texts:
        own = ranged[ranged["doc_id"] == doc_id]
        row = {"doc_id": doc_id}
        for c in coders:
            top = own[c].max() if len(own) else 0
            row[c] = " + ".join(own.loc[own[c] == top, "frame"]) if top else "none"
        first = [set(row[c].split(" + ")) for c in coders]
        out.append(row | {"same": bool(first and set.intersection(*first))})
    return pd.DataFrame(out, columns=["doc_id", *coders, "same"])


def say_leaders(led: pd.DataFrame) -> str:
    """Say in one sentence in how many texts the finding of the framing chart turns with the coder.

    >>> say_leaders(pd.DataFrame({"doc_id": ["a", "b"], "A": ["law"] * 2, "B": ["law", "cost"], "same": [True, False]}))
    'In 1 of 2 texts all 2 coders see the same frame in the lead; in the others the chart turns with the coder.'
    >>> say_leaders(pd.DataFrame(columns=["doc_id", "A", "same"]))
    'One coder only: whether another would see other frames in the lead is not known.'
    """
    coders = [c for c in led.columns if c not in ("doc_id", "same")]
    if len(coders) < 2 or led.empty:
        return "One coder only: whether another would see other frames in the lead is not known."
    n = int(led["same"].sum())
    tail = "; in the others the chart turns with the coder" if n < len(led) else ""
    some = f"{n} of" if n else "none of the"
    return f"In {some} {len(led)} texts all {len(coders)} coders see the same frame in the lead{tail}."


def layers(case) -> pd.DataFrame:
    """Count what the chronology would draw from each layer: track, then events, dated and happened by layer."""
    parts = []
    for layer, table in (("adjudicated", "adjudicated_event_mentions"), ("machine", "event_mentions")):
        if not case.has(table):
            continue
        events = events_of(case, layer)[0]
        happened = events["status"].isin(["happened", "ongoing"])
        parts.append(pd.DataFrame({
            "layer": layer, "track": events["track"], "events": 1, "dated": events["earliest"].notna().astype(int),
            "happened": happened.astype(int)}).groupby(["track", "layer"]).sum())
    if not parts:
        return pd.DataFrame(columns=["track"])
    wide = pd.concat(parts).unstack(fill_value=0)
    wide.columns = [f"{what} ({layer})" for what, layer in wide.columns]
    return wide.reset_index()


def say_layers(counted: pd.DataFrame) -> str:
    """Say in one sentence how the chronology changes from the adjudicated layer to the machine's.

    >>> say_layers(pd.DataFrame({"track": ["law"], "events (adjudicated)": [9], "events (machine)": [5],
    ...                          "happened (adjudicated)": [3], "happened (machine)": [4]}))
    'Drawn from the machine the chronology has 5 events (adjudicated: 9); 4 of them happened or go on (adjudicated: 3).'
    >>> say_layers(pd.DataFrame({"track": []}))
    'The case has one layer of events only, so no chronology can be held against another.'
    """
    if not {"events (adjudicated)", "events (machine)"} <= set(counted.columns):
        return "The case has one layer of events only, so no chronology can be held against another."
    n = counted.drop(columns="track").sum()
    drawn, real = ([n[f"{what} ({who})"] for who in ("machine", "adjudicated")] for what in ("events", "happened"))
    return (f"Drawn from the machine the chronology has {drawn[0]} events (adjudicated: {drawn[1]}); {real[0]} of them "
            f"happened or go on (adjudicated: {real[1]}).")
