"""Sides that a sentence leaves out and its text has given before: the same step told again, the other of two parties.

A text names the sides of an act once and then says "the papers were signed". Such implicit roles are mostly found in
the sentences before (Gerber and Chai 2010; Ruppenhofer and others 2010). What is filled in is a guess, and its row says
so: ``told_before`` (the same step, told before, had these sides), ``first_named`` (the party that the sentence names
first acts), ``other_side`` (the other party in the sentence, in the sentences before, or the one that the text mostly
sets against the actor), ``own_state`` (an act within a state, where the sentence names no other).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["TOWARDS", "settle", "state"]

# types of act that are done to someone, so that a missing target is one left out
TOWARDS = {"SANCTION", "THREATEN", "REQUEST", "REJECT", "ACCUSE", "CONSULT", "AGREE", "CONCEDE", "COERCE", "ASSAULT",
           "SUPPORT", "COOPERATE", "AID", "RETREAT"}
# where these are held is no side of them
HELD = {"CONSULT", "SUPPORT"}
BACK = 2  # sentences before, in which the other party is looked for


def state(codes: str | None) -> frozenset[str]:
    """The states or bodies of codes parted by +: what stands before the dot.

    >>> sorted(state("NOR.court+KES"))
    ['KES', 'NOR']
    """
    return frozenset(c.split(".")[0] for c in (codes or "").split("+") if c)


def settle(rows: list[dict], named: Sequence[Sequence[tuple[int, str, bool]]], parties: Iterable[str],
           bodies: Iterable[str] = (), sides: Sequence[str] = ()) -> None:
    """Fill in sides that the text has given elsewhere, in place; ``why`` of a row says how.

    Accepts the events of a text in order (actor, target, type, stage, item, sentence, the number of the sentence, and
    start), for each sentence where which actor is named and whether as a mere place, the codes that can be a side, and
    those of them that are unions and the like (``bodies``): whom an offer is made to they are only where it says so. Of
    the sentences before only a party that the actor is known to deal with counts, or one of the ``sides`` that the text
    is about; an act that is ``closed`` has no other side (done at home, or to something that is no one's).

    >>> rows = [dict(actor="NOR", target="KES", type="SUPPORT", stage="contract", item="ferry", sentence=0, start=5),
    ...         dict(actor="", target="", type="SUPPORT", stage="contract", item=None, sentence=1, start=40),
    ...         dict(actor="KES", target="", type="REJECT", stage="reject", item=None, sentence=2, start=90)]
    >>> settle(rows, [[(0, "NOR", False), (20, "KES", False)], [], [(80, "KES", False)]], ["NOR", "KES"])
    >>> [(r["actor"], r["target"], r["why"]) for r in rows]
    [('NOR', 'KES', ''), ('NOR', 'KES', 'told_before'), ('KES', 'NOR', 'other_side')]
    """
    pairs: dict[str, Counter] = {}
    for row in rows:
        row["why"] = ""
        for a in state(row["actor"]):
            for b in state(row["target"]) - {a}:
                pairs.setdefault(a, Counter())[b] += 1
                pairs.setdefault(b, Counter())[a] += 1
    for n, row in enumerate(rows):
        if not (row["actor"] and row["target"]) and not row.get("stranger"):
            _told_before(row, rows[:n])
    for row in rows:
        if not row["actor"] and not row.get("stranger"):
            _first_named(row, named, parties)
    for row in rows:
        if row.get("within") and not row["target"]:
            _own_state(row, named, parties)
    for row in rows:
        lacking = row["actor"] and not row["target"] and not row.get("closed")
        if lacking and row["type"] in TOWARDS and len(state(row["actor"])) == 1:
            _other_side(row, named, set(parties) - set(bodies) if row["type"] == "AGREE" else parties, pairs, sides)


def _told_before(row: dict, before: Sequence[dict]) -> None:
    """Take the sides of the same step told before, where nothing that is known here speaks against it."""
    for other in reversed(before):
        if (other["type"], other["stage"]) != (row["type"], row["stage"]) or not other["actor"]:
            continue
        if row["item"] and other["item"] and row["item"] != other["item"]:
            continue
        if row["actor"] and state(row["actor"]) != state(other["actor"]):
            continue
        if row["target"] and state(row["target"]) != state(other["target"]):
            continue
        if (row["actor"] or other["actor"], row["target"] or other["target"]) == (row["actor"], row["target"]):
            continue
        row.update(actor=row["actor"] or other["actor"], target=row["target"] or other["target"], why="told_before")
        return


def _first_named(row: dict, named: Sequence[Sequence[tuple[int, str, bool]]], parties: Iterable[str]) -> None:
    """Take the party that the sentence names first for the actor, unless it is the one acted on."""
    whom = state(row["target"])
    before = [code for at, code, _ in named[row["sentence"]] if at < row["start"]
              and code.split(".")[0] in parties and code.split(".")[0] not in whom]
    if before:
        row.update(actor=before[0], why="first_named")


def _own_state(row: dict, named: Sequence[Sequence[tuple[int, str, bool]]], parties: Iterable[str]) -> None:
    """Take the actor's own state for the target where the sentence names no other: strikers and their government."""
    own = state(row["actor"])
    told = {code.split(".")[0] for _, code, _ in named[row["sentence"]]} & set(parties)
    if len(own) == 1 and told <= own:
        row.update(target=next(iter(own)), why="own_state")


def _other_side(row: dict, named: Sequence[Sequence[tuple[int, str, bool]]], parties: Iterable[str],
                pairs: Mapping[str, Counter], sides: Sequence[str]) -> None:
    own = state(row["actor"])
    known: Mapping[str, int] = pairs.get(next(iter(own)), {})
    between = {*known, *(sides if own & set(sides) else ())}
    for back in range(BACK + 1):
        k = row["sentence"] - back
        if k < 0:
            break
        others = [(abs(at - row["start"]), at, code) for at, code, place in named[k]
                  if code.split(".")[0] in parties and code.split(".")[0] not in own
                  and not (place and (back or row["type"] in HELD))
                  and (not back or not sides or code.split(".")[0] in between)]
        if others:
            row.update(target=min(others, key=lambda o: (-known.get(o[2].split(".")[0], 0), o))[2], why="other_side")
            return
    if known:
        row.update(target=min(known, key=lambda s: (-known[s], s)), why="other_side")
