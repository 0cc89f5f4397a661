"""Triggers: the words that name an act, one act once.

All rules of the codebook are tried in one pass; what is left over after that is grammar. A demand, an offer, a refusal
or a threat governs the deed that it names ("demanded that Norvia withdraw" is one request, no withdrawal), and two
rules that meet on the same words are one act.
"""
from __future__ import annotations

import re
from typing import NamedTuple

from helpers.codebook import Codebook

from .clauses import COMPLEMENT, COORDINATE, Clause, clause_at

# acts that are done with words: the deed they name is theirs and no event of its own
VERBAL_ACTS = {"REQUEST", "THREATEN", "AGREE", "REJECT"}
# … and those whose complement is something that is said to have been done
FACTIVE = {"ACCUSE", "CONSULT", "SUPPORT", "CONCEDE"}
LINK = re.compile(
    r"(?:\W+[\w'’.-]+){0,8}?\W+(?:to|on|for|of|over|about|in|with|its|his|her|their|the|a|an|any|not to|against|from)\W+"
    r"(?:[\w'’.-]+\W+){0,4}$|^\W+(?:[\w'’.-]+\W+){0,3}$", re.I)
AUXILIARY = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|being|has|have|had|having|do|does|did|will|would|can|could|may|might|must|shall|should|"
    r"cannot|not|never|also|again|yet|still|already|now|then|later|to|just|soon|even|both|all|first|since|only|so far|"
    r"[a-z]+ly|\w+n['’]t|get|got|gets)\W+)+$", re.I)
PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|get|got|gets|getting)\W+(?:(?:not|also|never|already|still|again|now|since|once|"
    r"reportedly|[a-z]+ly|then|later|first)\W+)*$", re.I)


class Trigger(NamedTuple):
    """One act named in a sentence: its span, the rule, the rule's row and the clause it stands in."""

    start: int
    end: int
    rule: str
    row: dict
    clause: int


def resolve(hits: list, rules: dict[str, dict], text: str) -> list:
    """One hit for each act: of those on the same words, the one that covers most, then the first rule of the file."""
    kept: list = []
    for hit in sorted(hits, key=lambda h: (-(h.end - h.start), h.start, list(rules).index(h.rule) if len(hits) < 40 else 0)):
        if all(hit.end <= k.start or hit.start >= k.end for k in kept):
            kept.append(hit)
    return sorted(kept)


def governed(text: str, first: Trigger, second: Trigger, clauses: list[Clause]) -> bool:
    """Whether the second trigger is part of what the first one names."""
    kind = first.row["type"]
    if kind not in VERBAL_ACTS | FACTIVE or first.row["stage"] == "deny":
        return False
    between = text[first.end:second.start]
    if first.clause == second.clause:
        if kind in FACTIVE and not re.search(r"\bto\W+(?:[\w-]+\W+){0,2}$|^\W+(?:[\w'’-]+\W+){0,3}$", between):
            return kind != "CONSULT" and bool(LINK.search(between)) and len(between) < 50
        return bool(LINK.search(between)) or len(between.split()) <= 4
    if kind in FACTIVE:
        return False
    at = second.clause
    while at > first.clause:
        clause = clauses[at]
        if clause.opener in COMPLEMENT or clause.opener in COORDINATE and clause.parent > first.clause:
            at = clause.parent
        elif clause.opener in ("if", "unless") and first.row["type"] in ("THREATEN", "AGREE", "REQUEST"):
            at = clause.parent
        else:
            return False
    return at == first.clause
