"""Roles: who does it and to whom, by where names stand around the trigger.

The subject of the trigger's clause acts, its object is acted on; a passive swaps them and takes its actor from "by". A
clause without a subject of its own takes the one of the clause before it. "A and B signed" are both.
"""
from __future__ import annotations

import re
from typing import NamedTuple

from .clauses import ADVERBIAL, COMPLEMENT, COORDINATE, RELATIVE, Clause
from .triggers import AUXILIARY, PASSIVE

PREPOSITION = re.compile(
    r"\b(?:of|in|on|at|to|from|with|by|for|against|between|over|about|under|into|toward|towards|near|through|via|among|despite|"
    r"during|after|since|within|outside|inside|across|around|without|upon|than)\W+(?:(?:the|a|an|its|his|her|their|this|that|"
    r"these|those|some|all|other|several|both|new|former|top|senior|state|local)\W+)*$", re.I)
BY = re.compile(r"\bby\W+(?:(?:the|a|an|its|his|her|some|several|both|all)\W+)*$", re.I)
IT = re.compile(r"\b(?:it|its|they|their|them|he|she|his|her|which|who|that|we|our)\b", re.I)
JOINT = re.compile(r"^\W*(?:,?\s*(?:and|&|as well as)|,)\W+(?:(?:the|its|his|her|their)\W+)?$|^/$|^[-–]$", re.I)


class Named(NamedTuple):
    """A mention inside the sentence."""

    start: int
    end: int
    actor_id: str
    form: str
    rule: str


def state(code: str) -> str:
    """The state an actor belongs to: what comes before the dot.

    >>> state("NOR.court")
    'NOR'
    """
    return code.split(".")[0]


def joined(codes: list[str]) -> str:
    """Codes parted by +, each once, in the order named; a state is left out where one of its own stands beside it."""
    out: list[str] = []
    for code in codes:
        if code not in out:
            out.append(code)
    return "+".join(out)


def group(text: str, named: list[Named], at: int) -> list[Named]:
    """The mention and those joined to it by "and" or a comma before "and"."""
    out = [named[at]]
    for k in range(at + 1, len(named)):
        if JOINT.match(text[out[-1].end:named[k].start]):
            out.append(named[k])
        else:
            break
    return out


def subject(text: str, named: list[Named], clauses: list[Clause], here: int, verb: int, depth: int = 0) -> list[Named]:
    """Who stands as the subject before a verb; of the clause before, where this one has none."""
    if here < 0 or depth > 6:
        return []
    clause = clauses[here]
    begin = clause.start
    inside = [k for k, m in enumerate(named) if begin <= m.start and m.end <= verb]
    free = [k for k in inside if not PREPOSITION.search(text[max(begin, named[k].start - 40):named[k].start])]
    if free:
        first = free[0]
        found = group(text, named, first)
        return [m for m in found if m.end <= verb]
    words = text[begin:verb]
    words = words[len(clause.opener) + 1:] if clause.opener and words.lower().lstrip().startswith(clause.opener) else words
    bare = AUXILIARY.sub("", words).strip(" ,.\"'“”‘’")
    if clause.opener in RELATIVE | {"that"} and not bare:                 # "Norvia, which closed the port, …"
        back = [k for k, m in enumerate(named) if m.end <= begin]
        if back:
            k = back[-1]
            while k > 0 and k - 1 in back and JOINT.match(text[named[k - 1].end:named[k].start]):
                k -= 1
            return group(text, named, k)
        return []
    if not bare or IT.fullmatch(bare) or clause.opener in COORDINATE | COMPLEMENT | ADVERBIAL | {"resume"} and (
            IT.search(bare) or not inside and len(bare.split()) <= 1):
        parent = clause.parent if clause.parent >= 0 else here - 1
        return subject(text, named, clauses, parent, clauses[parent].end if parent >= 0 else 0, depth + 1) if parent >= 0 else []
    if inside:
        return group(text, named, inside[0])
    return []


def after(text: str, named: list[Named], clauses: list[Clause], here: int, end: int) -> list[Named]:
    """Who stands after the trigger in its clause (or the clause that completes it)."""
    stop = clauses[here].end
    k = here + 1
    if k < len(clauses) and clauses[k].opener in COMPLEMENT and clauses[k].start - end < 40:
        stop = clauses[k].end
    for n, m in enumerate(named):
        if m.start >= end and m.end <= stop:
            if BY.search(text[max(end, m.start - 16):m.start]):
                continue
            return [g for g in group(text, named, n) if g.end <= stop]
    return []


def agent(text: str, named: list[Named], clauses: list[Clause], here: int, end: int) -> list[Named]:
    """Who stands after "by" behind the trigger."""
    for n, m in enumerate(named):
        if end <= m.start < clauses[here].end and BY.search(text[max(end, m.start - 24):m.start]):
            return group(text, named, n)
    return []


def roles(text: str, start: int, end: int, how: str, named: list[Named], clauses: list[Clause], here: int) -> tuple[str, str, bool]:
    """Actor and target of a trigger (codes parted by ``+``) and whether the clause is passive."""
    lead = AUXILIARY.search(text[clauses[here].start:start])
    verb = clauses[here].start + lead.start() if lead else start
    before = subject(text, named, clauses, here, verb)
    inside = [m for m in named if start <= m.start and m.end <= end]
    behind = after(text, named, clauses, here, end) or inside
    by = agent(text, named, clauses, here, end)
    passive = bool(PASSIVE.search(text[max(clauses[here].start, start - 60):start])) and bool(
        re.match(r"\w+(?:ed|en|n|t|own|ought|elt|ut|id|ade|ung|un|it|aid)\b", text[start:end + 1]))
    if passive or by:
        acting, acted = by, before or behind
    else:
        acting, acted = before, behind
    if how == "object":
        acting, acted = acted, acting
    if how == "both" and not passive and acting and not acted:
        return joined([m.actor_id for m in acting]), "", passive
    who = [m.actor_id for m in acting]
    whom = [m.actor_id for m in acted if m.actor_id not in who]
    return joined(who), joined(whom), passive
