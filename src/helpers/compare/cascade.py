"""The machine's mentions held against the adjudicated ones: found, type, actor, target, happened or not, date.

A mention is one text telling of one step once; several may be of one event.

A chronology needs all of them right at once, so the steps are counted one after the other (a cascade): each only over
the events that were right so far. Beside each step stands what one would reach by always giving the commonest answer.
"""
from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers.codebook.naming import counted, joined

__all__ = ["NOTHING", "by_rule", "cascade", "confusions", "found_in", "invented", "line_by_line", "matched",
           "say_adjudicated", "say_cascade", "say_read"]

NOTHING = "This case has no adjudicated mentions, so the machine's cannot be held against any."
ADJUDICATED = {"adjudicated_event_mentions": "mention", "events": "event", "adjudicated_quotes": "quotation",
               "adjudicated_frames": "code of a frame"}
HAPPENED = ("happened", "ongoing")
SIDES = ("told_before", "first_named", "other_side", "own_state")
STEPS = {"type": "type", "actor": "actor (its state)", "target": "target (its state)", "real": "happened or not",
         "date": "date"}
PAIRS = ["sentence_id", "adjudicated", "machine",
         *(f"{what}_{side}" for what in (*STEPS, "status", "basis") for side in ("a", "m"))]


def found_in(documents: pd.DataFrame, **coded: pd.DataFrame) -> pd.DataFrame:
    """Count what was found in each text.

    Accepts ``documents`` (doc_id) and any coded tables with ``doc_id`` by the name that their column shall have.
    Returns a row a text with a column a table (int), in the order of the documents.

    >>> texts = pd.DataFrame({"doc_id": ["a", "b"]})
    >>> found_in(texts, quotations=pd.DataFrame({"doc_id": ["b", "b"]}))["quotations"].tolist()
    [0, 2]
    """
    out = documents.reset_index(drop=True).copy()
    for name, table in coded.items():
        out[name] = out["doc_id"].map(table["doc_id"].value_counts()).fillna(0).astype(int)
    return out


def say_adjudicated(made: Mapping[str, pd.DataFrame]) -> str:
    """Say how much was adjudicated. Accepts what :func:`helpers.pipeline.adjudicate` returned.

    >>> say_adjudicated({"events": pd.DataFrame({"event_id": ["e"]}), "decisions": pd.DataFrame({"key": ["a", "b"]})})
    'Adjudicated: 1 event, by 2 decisions.'
    """
    parts = [counted(len(made[name]), one, "codes of frames" if "frames" in name else "")
             for name, one in ADJUDICATED.items() if name in made]
    if not parts:
        return "This case has no labels yet: nothing has been adjudicated."
    by = f", by {counted(len(made['decisions']), 'decision')}" if "decisions" in made else ""
    return f"Adjudicated: {joined(parts)}{by}."


# matching -----------------------------------------------------------------------------------------------------------


def _states(codes: object) -> str:
    """Return the states of one or more actors: ``USA.senate+TUR`` is ``TUR+USA``; nobody is ``none``."""
    if pd.isna(codes):
        return "none"
    return "+".join(sorted({c.split(".")[0] for c in str(codes).split("+")}))


def _values(events: pd.DataFrame) -> pd.DataFrame:
    """Return what is compared of each event, as words; what is not said is ``none``."""
    words = events[["type", "status", "basis"]].astype(object).where(events[["type", "status", "basis"]].notna(),
                                                                    "none")
    days = zip(events["earliest"], events["latest"])
    return words.assign(
        actor=events["actor_id"].map(_states), target=events["target_id"].map(_states),
        real=words["status"].isin(HAPPENED).map({True: "happened", False: "not"}),
        date=["none" if pd.isna(lo) else str(lo) if lo == hi else f"{lo} to {hi}" for lo, hi in days])


def matched(machine: pd.DataFrame, adjudicated: pd.DataFrame, times: pd.DataFrame | None = None) -> pd.DataFrame:
    """Pair machine events with adjudicated events of the same sentence, one to one.

    Accepts ``event_mentions`` and ``adjudicated_event_mentions`` (sentence_id, trigger_start, trigger_end, type,
    actor_id, target_id, status; the latter with earliest, latest, basis) and, for the machine's dates, ``times``. Of
    several events in a sentence those of one type are paired first, then those whose triggers lie nearest: the most
    favourable pairing for the type. Returns a row a pair: sentence_id, the positions ``adjudicated`` and ``machine``,
    and both sides' type, actor and target (states), real (happened or not), date, status and basis, with ``_a`` and
    ``_m``.

    >>> truth = pd.DataFrame({"sentence_id": ["s1"], "trigger_start": [9], "trigger_end": [15], "type": ["AGREE"],
    ...     "actor_id": ["NOR"], "target_id": ["KES"], "status": ["planned"], "earliest": [None], "latest": [None],
    ...     "basis": ["none"]})
    >>> matched(truth.assign(status="happened", time_id=None), truth)[["actor_m", "real_a", "real_m"]].values.tolist()
    [['NOR', 'not', 'happened']]
    """
    days = ["earliest", "latest", "basis"]
    if times is not None:
        dates = times.drop_duplicates("time_id").set_index("time_id")
        machine = machine.assign(**{c: machine["time_id"].map(dates[c]) for c in days})
    machine = machine.reindex(columns=[*dict.fromkeys([*machine.columns, *days])])
    there: dict[str, list[int]] = {}
    for j, sentence_id in enumerate(machine["sentence_id"]):
        there.setdefault(sentence_id, []).append(j)
    left, right = adjudicated.to_dict("records"), machine.to_dict("records")
    near = []
    for i, x in enumerate(left):
        for j in there.get(x["sentence_id"], []):
            y = right[j]
            same = pd.notna(x["type"]) and x["type"] == y["type"]
            gap = max(x["trigger_start"], y["trigger_start"]) - min(x["trigger_end"], y["trigger_end"])
            near.append((not same, gap, i, j))
    pairs, used_i, used_j = [], set(), set()
    for _, _, i, j in sorted(near):
        if i not in used_i and j not in used_j:
            pairs.append((i, j))
            used_i.add(i)
            used_j.add(j)
    pairs = sorted(pairs)
    ours, theirs = [i for i, _ in pairs], [j for _, j in pairs]
    a, m = _values(adjudicated.iloc[ours]), _values(machine.iloc[theirs])
    out = pd.DataFrame({"sentence_id": adjudicated["sentence_id"].iloc[ours].to_list(), "adjudicated": ours,
                        "machine": theirs} | {f"{c}_a": a[c].to_list() for c in a} | {f"{c}_m": m[c].to_list()
                                                                                      for c in m})
    return out[PAIRS]


# the cascade --------------------------------------------------------------------------------------------------------


def cascade(pairs: pd.DataFrame, adjudicated: pd.DataFrame) -> pd.DataFrame:
    """Count, step by step, how many adjudicated mentions the machine has right, beside always giving one answer.

    Accepts what :func:`matched` returned and the adjudicated mentions. Returns a row a step: ``step``, ``right`` of
    ``of`` (those right so far), ``trivial`` (how many of the same ``of`` the commonest answer would have right),
    ``answer`` (that answer; it knows the counts, which a real guess would not), and ``alone`` of ``found`` (right
    among all that were found, whatever else was wrong). The trivial way to find is one mention in every sentence. The
    date is right where first and last day are, or where neither gives one; dates that were borrowed from the public
    record do not stand in the text and are not counted. No row where nothing was adjudicated.

    >>> pairs = pd.DataFrame({"type_a": ["AGREE", "AGREE", "MEET"], "type_m": ["AGREE", "MEET", "MEET"],
    ...     "actor_a": "NOR", "actor_m": "NOR", "target_a": "KES", "target_m": "KES", "real_a": "happened",
    ...     "real_m": ["happened", "not", "not"], "date_a": "none", "date_m": "none", "basis_a": "none"})
    >>> four = pd.DataFrame({"sentence_id": ["s1", "s1", "s2", "s3"]})
    >>> cascade(pairs, four)[["right", "of", "trivial", "alone"]].values.tolist()
    [[3, 4, 3, 3], [2, 3, 2, 2], [2, 2, 2, 3], [2, 2, 2, 3], [1, 2, 2, 1], [1, 1, 1, 3]]
    """
    columns = ["step", "right", "of", "trivial", "answer", "alone", "found"]
    if adjudicated.empty:
        return pd.DataFrame(columns=columns)
    rows = [("found in its sentence", len(pairs), len(adjudicated), adjudicated["sentence_id"].nunique(),
             "one mention in every sentence", len(pairs), len(adjudicated))]
    so_far = pairs
    for what, step in STEPS.items():
        every = pairs
        if what == "date":
            so_far, every = (p[p["basis_a"].ne("record")] for p in (so_far, every))
        right = so_far[f"{what}_a"].eq(so_far[f"{what}_m"])
        tally = so_far[f"{what}_a"].value_counts()
        answer = min(tally.index[tally.eq(tally.max())], default="")
        rows.append((step, int(right.sum()), len(so_far), int(tally.get(answer, 0)), answer,
                     int(every[f"{what}_a"].eq(every[f"{what}_m"]).sum()), len(every)))
        so_far = so_far[right]
    return pd.DataFrame(rows, columns=columns)


def say_cascade(steps: pd.DataFrame, coded: int) -> str:
    """Say how far the machine gets, and where the trivial answer does as well; ``coded`` counts all its mentions.

    >>> steps = pd.DataFrame({"step": ["found", "type"], "right": [3, 1], "of": [4, 3], "trivial": [2, 2]})
    >>> print(say_cascade(steps, 5))
    Of 4 adjudicated mentions 3 are found and 1 right at every step; 2 of the machine’s 5 mentions meet none.
    The trivial answer does as well or better at: type.
    >>> say_cascade(steps.assign(trivial=[2, 0]), 5).splitlines()[1]
    'The trivial answer does worse at every step.'
    """
    if steps.empty:
        return NOTHING
    found = steps["right"].iloc[0]
    beaten = steps.loc[steps["of"].gt(0) & steps["trivial"].ge(steps["right"]), "step"]
    trivial = f"does as well or better at: {', '.join(beaten)}" if len(beaten) else "does worse at every step"
    return (f"Of {steps['of'].iloc[0]} adjudicated mentions {found} are found and {steps['right'].iloc[-1]} right at "
            f"every step; {coded - found} of the machine’s {coded} mentions meet none.\nThe trivial answer {trivial}.")


def say_read(case_name: str, author: Mapping) -> str:
    """Say whether the rules' author had read the texts. Accepts the case's name and a rule file's ``author``.

    >>> say_read("harbour", {"kind": "model", "had_read": ["harbour"]})
    'The author of the rules (kind: model) had read these texts: the figures are in-sample; expect less elsewhere.'
    >>> say_read("harbour", {"kind": "model", "had_read": []})
    'The author of the rules (kind: model) does not list these texts among those read before.'
    """
    who = f"The author of the rules (kind: {author.get('kind', 'unknown')})"
    if case_name in author.get("had_read", ()):
        return f"{who} had read these texts: the figures are in-sample; expect less elsewhere."
    return f"{who} does not list these texts among those read before."


# what goes wrong ----------------------------------------------------------------------------------------------------


def confusions(pairs: pd.DataFrame, what: str) -> pd.DataFrame:
    """Count what the machine gives instead of what was adjudicated.

    Accepts what :func:`matched` returned and ``type`` or ``status``. Returns a row a confusion, the most frequent
    first: ``adjudicated``, ``machine``, ``n``, and ``of``, how many events found were adjudicated so.

    >>> pairs = pd.DataFrame({"type_a": ["AGREE", "AGREE", "MEET"], "type_m": ["AGREE", "MEET", "MEET"]})
    >>> confusions(pairs, "type").values.tolist()
    [['AGREE', 'MEET', 1, 2]]
    """
    a, m = pairs[f"{what}_a"], pairs[f"{what}_m"]
    wrong = pd.DataFrame({"adjudicated": a, "machine": m})[a.ne(m)]
    out = wrong.groupby(["adjudicated", "machine"]).size().reset_index(name="n")
    out["of"] = out["adjudicated"].map(a.value_counts()).astype(int)
    return out.sort_values(["n", "adjudicated", "machine"], ascending=[False, True, True], ignore_index=True)


def by_rule(machine: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Count how often each rule fired and how often it was right.

    Accepts ``event_mentions`` and what :func:`matched` returned for them. An event's ``rule`` names the rule of its
    trigger and, after ``+``, those that changed its status or filled in a side that the sentence leaves out; each is
    counted. Returns rule, ``part`` (trigger, status or sides), ``fired``, ``met`` (an adjudicated event in the
    sentence), ``type`` and ``real`` (type, happened or not right, of those met), the most frequent first.

    >>> machine = pd.DataFrame({"rule": ["meet.talk", "meet.talk+not"]})
    >>> pairs = pd.DataFrame({"machine": [1], "type_a": ["MEET"], "type_m": ["MEET"], "real_a": ["not"],
    ...                       "real_m": ["not"]})
    >>> by_rule(machine, pairs).values.tolist()
    [['meet.talk', 'trigger', 2, 1, 1, 1], ['not', 'status', 1, 1, 1, 1]]
    """
    met = pairs.set_index("machine")
    right = {"type": met["type_a"].eq(met["type_m"]), "real": met["real_a"].eq(met["real_m"])}
    rows = []
    for position, rules in enumerate(machine["rule"]):
        for n, rule in enumerate(str(rules).split("+")):
            part = "trigger" if not n else "sides" if rule in SIDES else "status"
            rows.append((rule, part, 1, int(position in met.index),
                         *(int(right[w].get(position, False)) for w in right)))
    out = pd.DataFrame(rows, columns=["rule", "part", "fired", "met", "type", "real"])
    out = out.groupby(["rule", "part"], as_index=False).sum()
    return out.sort_values(["fired", "rule"], ascending=[False, True], ignore_index=True)


# one text -----------------------------------------------------------------------------------------------------------


def invented(manifest: pd.DataFrame) -> bool:
    """Say whether all texts of a case are invented, so that their words may stand in a notebook.

    Accepts a manifest with ``url``. Addresses that end in ``.example`` are reserved for what does not exist (RFC
    2606); any other text, or one without an address, may belong to somebody.

    >>> invented(pd.DataFrame({"url": ["https://pilot.example/1", None]}))
    False
    """
    made_up = manifest["url"].str.fullmatch(r"https?://(?:[\w-]+\.)+example(?:/\S*)?")
    return len(manifest) > 0 and bool(made_up.eq(True).fillna(False).all())


def line_by_line(sentences: pd.DataFrame, machine: pd.DataFrame, adjudicated: pd.DataFrame, quotes: pd.DataFrame,
                 frames: pd.DataFrame) -> pd.DataFrame:
    """Lay out one text by sentence with its codes, without any of its words.

    Accepts the sentences of one text and the coded tables. Returns a row a sentence in the text's order: ``no``,
    section, start, end, ``machine`` (type, status, actors of each event), ``rule``, ``adjudicated`` (the same, by the
    label), ``said_by`` (speakers of the quotations that begin in it) and ``frames``; what there is none of is missing.

    >>> one = pd.DataFrame({"sentence_id": ["s1"], "section": ["body"], "start": [0], "end": [40]})
    >>> told = pd.DataFrame({"sentence_id": ["s1"], "type": ["MEET"], "status": ["planned"], "actor_id": ["NOR"],
    ...                      "target_id": [None], "trigger_start": [4], "rule": ["meet.talk+will"]})
    >>> none = pd.DataFrame({"sentence_id": []})
    >>> line_by_line(one, told, none, none, none)[["no", "machine", "rule"]].values.tolist()
    [[1, 'MEET, planned (NOR → none)', 'meet.talk+will']]
    """
    out = sentences.sort_values(["start", "end"], ignore_index=True)[["sentence_id", "section", "start", "end"]]
    out.insert(0, "no", range(1, len(out) + 1))

    def joined(table: pd.DataFrame, order: str, words) -> pd.Series:
        if table.empty:
            return pd.Series(pd.NA, out.index, "string")
        rows = table.sort_values(order, kind="stable")
        said = pd.Series(words(rows), rows.index, "string").fillna("nobody named")
        return out["sentence_id"].map(said.groupby(rows["sentence_id"]).agg("; ".join)).astype("string")

    def codes(rows: pd.DataFrame) -> list[str]:
        said = zip(rows["type"], rows["status"].str.replace("_", " "), rows["actor_id"], rows["target_id"])
        return [f"{'no type' if pd.isna(t) else t}, {s} ({_states(a)} → {_states(b)})" for t, s, a, b in said]
    return out.assign(
        machine=joined(machine, "trigger_start", codes), rule=joined(machine, "trigger_start", lambda r: r["rule"]),
        adjudicated=joined(adjudicated, "trigger_start", codes),
        said_by=joined(quotes, "start", lambda r: r["speaker_id"].fillna(r["speaker"])),
        frames=joined(frames, "rank", lambda r: r["frame"]))
