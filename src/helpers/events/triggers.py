"""Triggers: the words that name an act, one act once.

All rules of the codebook are tried in one pass; what is left over after that is grammar. A demand, an offer, a refusal
or a threat governs the deed that it names ("demanded that Norvia withdraw" is one request, no withdrawal), and two
rules that meet on the same words are one act.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from helpers.codebook.cues import UNIT, fold, pattern_of

from .clauses import COMPLEMENT, COORDINATE, Clause, clause_at

# acts that are done with words: the deed they name is theirs and no event of its own
VERBAL_ACTS = {"REQUEST", "THREATEN", "AGREE", "REJECT"}
FAR = 400  # characters behind which nothing is governed any more
LINK = re.compile(
    r"(?:\W+[\w'’.-]+){0,8}?\W+(?:to|on|for|of|over|about|in|with|its|his|her|their|the|a|an|any|not to|against|"
    r"from)\W+"
    r"(?:[\w'’.-]+\W+){0,4}$|^\W+(?:[\w'’.-]+\W+){0,3}$",
    re.I,
)
CAUSE = re.compile(
    r"\b(?:for|over|of|about|on|regarding|concerning|into|against|at|as)\W+(?:(?:the|a|an|its|his|her|their|"
    r"alleged|continued|"
    r"possible|new|recent|\w+['’]s|\w+s['’])\W+){0,3}(?:[\w-]+\W+){0,2}$",
    re.I,
)
INFINITIVE = re.compile(r"\bto\W+(?:not\W+|[a-z]+ly\W+)?(?:[\w-]+\W+){0,1}$", re.I)
FINITE = re.compile(
    r"\b(?:has|have|had|is|are|was|were|did|does)\W+(?:(?:not|also|been|already|now|yet|[a-z]+ly)\W+)*$", re.I
)
COPULA = re.compile(r"(?:is|are|was|were)\b", re.I)
AUXILIARY = re.compile(
    r"(?:\b(?:is|are|was|were|be|been|being|has|have|had|having|do|does|did|will|would|can|could|may|might|must|"
    r"shall|should|"
    r"cannot|not|never|also|again|yet|still|already|now|then|later|to|just|soon|even|both|all|first|since|only|so far|"
    r"[a-z]+ly|\w+n['’]t|get|got|gets)\W+)+$",
    re.I,
)
PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|get|got|gets|getting)\W+(?:(?:not|also|never|already|still|again|now|"
    r"since|once|"
    r"reportedly|[a-z]+ly|then|later|first)\W+)*$",
    re.I,
)

# types whose words take a deed in, so that it is none of its own: "asked for the arrest", "talks on the raid"
GOVERNS = VERBAL_ACTS | {"CONSULT", "SANCTION", "ACCUSE", "SUPPORT", "CONCEDE"}
AND = re.compile(r"\b(?:and|but)\b")
# whoever condemns, welcomes or protests takes it that the deed was done; who accuses does not
GIVEN_BY = {"ACCUSE", "SUPPORT", "PROTEST", "SANCTION"}
DEEDS = {"ASSAULT", "COERCE", "CONSULT", "PROTEST"}
CHARGED = re.compile(r"(?:accus|alleg|charg|suspect|guilty|blam|indict|convict)", re.I)
CHARGED_WITH = re.compile(r"\b(?:of|for)\W+(?:(?:having|being|secretly|again|repeatedly|illegally|also|\w+ly)\W+)*$")
GERUND = re.compile(r"\w+(?:ing|ed)\b")
# "the bombing", "Friday's killing": a determiner makes a noun of a word in -ing
NAMED_DEED = re.compile(r"\b(?:the|a|an|this|that|its|his|her|their|\w+['’]s)\W+(?:[\w-]+\W+)?$", re.I)


# between a verb and the noun that is its object
OBJECT = re.compile(r"\s*(?:(?:the|a|an|its|his|her|their|all|any|further|planned|new)\s+){0,2}", re.I)
# a trigger that holds a passive: "boats were freed"
PASSIVE_WITHIN = re.compile(r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?\w+(?:ed|en|wn|ught|eld|old)$", re.I)
# who wants amends for a deed says that it was done: "money for the bombing"
AMENDS = re.compile(r"\b(?:money|compensation|damages|reparations|redress|justice|amends|apolog\w+)\W+for\b", re.I)

OFFERED = re.compile(r"\b(?:offer|proposal|invitation|plan|idea|bid|suggestion)s?\b", re.I)

# a verb that has a tense shares no infinitive: "vowed to fight, and said …"
TENSED = re.compile(
    r"(?:said|told|made|took|sent|gave|held|met|began|broke|shot|fought|struck|won|lost|sold|bought|built|withdrew|"
    r"froze|led|wrote|spoke|saw|went|came|sought|threw|drew|kept|was|were|had|is|are|has|will|would|may|might|could|"
    r"can|did|do)",
    re.I,
)


BESIDE = re.compile(r"[ -][A-Z][a-z]")
BEFORE = re.compile(r"[A-Z][\w-]+ $")
WORD = re.compile(r"[^\W\d_][\w-]*")


ENDING = re.compile(r"(?:ations?|itions?|utions?|ions?|ments?|ances?|ings?|ers?|ors?|ists?|als?|ies|ied|ed|es|s|e|y)$")
PASTS = {
    "met": "meet", "fought": "fight", "withdrew": "withdraw", "sold": "sell", "bought": "buy", "sent": "send",
    "shot": "shoot", "struck": "strike", "gave": "give", "given": "give", "took": "take", "taken": "take",
    "sought": "seek", "broke": "break", "broken": "break", "fled": "flee", "left": "leave", "held": "hold",
}  # fmt: skip


MODAL = re.compile(r"(?:will|would|can|could|may|might|must|shall|should|has|have|had|is|are|was|were|did)$")
SUBJECT = re.compile(r"\b(?:that|which|who)\W+[A-Z]\w+\W+$")


class Trigger(NamedTuple):
    """One act named in a sentence: its span, the rule, the rule's row and the clause it stands in."""

    start: int
    end: int
    rule: str
    row: dict
    clause: int


def _weight(hit, text: str) -> tuple:
    """How much a hit says: words of its cue that stand in the text, then how close together, then which comes first."""
    units = sum(u != "..." for u in UNIT.findall(hit.cue)) if not hit.cue.startswith("re:") else 2
    return -min(units, 3), len(text[hit.start : hit.end].split()) - units, hit.start, hit.rule


@lru_cache(4096)
def _head(cue: str) -> str:
    """What stands before the first gap of a cue; empty where it has none."""
    return cue.split(" ... ", 1)[0] if " ... " in cue and not cue.startswith("re:") else ""


def _own(hit, text: str) -> list[tuple[int, int]]:
    """The words of a cue without what stands in its gap: the words before it, and the last word."""
    head = _head(hit.cue) and pattern_of(_head(hit.cue)).match(fold(text[hit.start : hit.end]))
    if not head:
        return [(hit.start, hit.end)]
    first = hit.start + head.end()
    return [(hit.start, first), (max(first, text.rfind(" ", hit.start, hit.end) + 1), hit.end)]


def resolve(hits: list, text: str) -> list:
    """One hit for each act: of those on the same words, the one whose cue says most, closest together.

    What stands in a cue's gap is not on its words: "gave [the banned] party money" tells of the ban, too.
    """
    kept: list = []
    taken: list[tuple[int, int]] = []
    for hit in sorted(hits, key=lambda h: _weight(h, text)):
        own = _own(hit, text)
        if all(a >= end or b <= start for a, b in own for start, end in taken):
            kept.append(hit)
            taken += own
    return sorted(kept, key=lambda h: (h.start, h.end))


@lru_cache(4096)
def stems(words: str) -> frozenset[str]:
    """What the words of a trigger are made of, without endings; short words say nothing.

    >>> sorted(stems("killings in the ports"))
    ['kill', 'port']
    """
    low = (PASTS.get(word, word) for word in map(str.lower, WORD.findall(words)))
    return frozenset(stem for word in low if len(word) > 3 and len(stem := ENDING.sub("", word)) > 2)


def kin(one: str, other: str) -> bool:
    """Whether two triggers share a word's family ("attacked", "the attack"): a rule holds many, an act one.

    >>> kin("attacked", "the attack"), kin("killings", "sabotage")
    (True, False)
    """
    return not stems(one).isdisjoint(stems(other))


def whole(hit, clauses: list[Clause]) -> bool:
    """Whether the words of a cue with a gap belong together: they stand in one clause, or in one that completes it."""
    first, last = clause_at(clauses, hit.start), clause_at(clauses, max(hit.start, hit.end - 1))
    return all(
        clauses[k].opener in COMPLEMENT | COORDINATE | {"(", ")", "by"} or clauses[k].start == hit.start
        for k in range(first + 1, last + 1)
    )


def attributive(text: str, t: Trigger) -> bool:
    """Whether a participle only describes a noun ("the besieged town", "Norvian-occupied land"): no act of its own."""
    words = text[t.start : t.end]
    if t.start and text[t.start - 1] in "-‐‑":
        return True
    return (
        " " not in words
        and words.endswith("ed")
        and bool(
            re.search(
                r"\b(?:the|a|an|this|these|those|its|his|her|their|\w+['’]s)\W+$",
                text[max(0, t.start - 16) : t.start],
                re.I,
            )
        )
    )


def in_name(text: str, t: Trigger, sentence: Clause) -> bool:
    """Whether a trigger is part of a name: "the Emergency Relief Office", "Harbour Cooperation Council".

    Its words have capitals, and so has the word beside it; in a title, where most words have one, that says nothing.
    """
    if not all(w[0].isupper() for w in WORD.findall(text, t.start, t.end)):
        return False
    if not (BESIDE.match(text, t.end) or BEFORE.search(text, sentence.start, t.start)):
        return False
    words = WORD.findall(text, sentence.start, sentence.end)
    return 2 * sum(w[0].isupper() for w in words) <= len(words)


def noun(text: str, t: Trigger) -> bool:
    """Whether a trigger stands as a noun ("the invasion", "talks with"), not as a verb."""
    head = re.match(r"[\w-]+", text[t.start : t.end])
    word = head.group().lower() if head else ""
    if PASSIVE_WITHIN.search(text[t.start : t.end]):
        return False
    if word in ("the", "a", "an", "his", "her", "its", "their"):
        return True
    before = text[max(0, t.start - 40) : t.start]
    if MODAL.match(word) or SUBJECT.search(before):
        return False  # "that Norvia seeks"
    if re.search(
        r"\b(?:the|a|an|any|no|this|that|these|those|its|his|her|their|our|my|of|in|on|over|about|despite|against|"
        r"after|with|for|from|between|both|two|several|new|more|many|\w+['’]s|\w+s['’])\W+(?:[\w-]+\W+)?$",
        before,
        re.I,
    ) and not word.endswith(("ed", "ing")):
        return not AUXILIARY.search(before)
    if word.endswith("ing") and NAMED_DEED.search(before):
        return True
    behind = text[t.start + len(word) :][:12]
    if re.match(r"\W*(?:of|by|between|against)\b", behind) and not word.endswith(("ed", "ing")):
        return not AUXILIARY.search(before)
    return word.endswith(("tion", "ment", "ance", "sions", "sion", "tions", "al")) and not AUXILIARY.search(before)


def governed(text: str, first: Trigger, second: Trigger, clauses: list[Clause]) -> bool:
    """Whether the second trigger is part of what the first one names."""
    if second.start - first.end > FAR:
        return False
    kind = first.row["type"]
    between = text[first.end : second.start]
    if first.clause == second.clause:
        if first.row["stage"] == "contract" and second.row["type"] == "RETREAT" and len(between.split()) < 4:
            return True  # "signed a truce": a paper, named by what it is about
        if kind in ("SANCTION", "CONCEDE") and second.row["type"] == "COOPERATE" and OBJECT.fullmatch(between):
            return True  # "suspended the purchase of boats", "cancelled its order"
        if first.row["stage"] == "deny" and not CAUSE.search(between):
            return False
        if FINITE.search(between) or COPULA.match(text, second.start):
            return False  # "the offer to lease boats is unfair"
        if kind in GIVEN_BY and second.row["type"] in DEEDS and noun(text, second) and not CHARGED.match(
            text, first.start
        ):
            return False
        if kind == "ACCUSE" and second.row["type"] not in VERBAL_ACTS and CHARGED.match(text, first.start):
            if CHARGED_WITH.search(between) and GERUND.match(text, second.start):
                return False  # "accused Norvia of shelling the port": what is asserted is told, too
        if kind == "REJECT" and second.row["type"] != "AGREE" and noun(text, second) and not OFFERED.search(between):
            return False  # "rejected the demand", "refused talks": two acts; an offer and its refusal are one move
        if kind == "REQUEST" and second.row["type"] in DEEDS and AMENDS.search(between):
            return False
        if kind == "PROTEST" and second.row["type"] in VERBAL_ACTS:
            return False  # "a rally to demand his return" is both
        if kind not in GOVERNS and second.row["type"] in DEEDS or kind == "AGREE" and second.row["type"] == "ASSAULT":
            return False
        if kind in VERBAL_ACTS and second.row["type"] in VERBAL_ACTS and AND.search(between):
            return False  # "demanded talks and pledged to come"
        if CAUSE.search(between) and len(between) < 90 and "," not in between:
            return True
        if kind in VERBAL_ACTS:
            return bool(LINK.search(between)) or len(between.split()) <= 4
        return bool(INFINITIVE.search(between)) and len(between) < 90
    if kind not in VERBAL_ACTS or first.row["stage"] == "deny":
        return False
    at = second.clause
    while at > first.clause:
        clause = clauses[at]
        if clause.opener == "but" and text[max(0, clause.start - 2) : clause.start].rstrip().endswith(","):
            return False  # what follows ", but" is told beside the speech, not in it
        if (
            clause.opener in COMPLEMENT
            or clause.opener in COORDINATE
            and clause.parent > first.clause
            or clause.opener in ("if", "unless")
        ):
            at = clause.parent
        elif clause.opener in COORDINATE and shares_infinitive(text, clauses[first.clause], clause, first):
            at = clause.parent
        else:
            return False
    return at == first.clause


def shares_infinitive(text: str, governing: Clause, clause: Clause, first: Trigger) -> bool:
    """Whether "and …" goes on with the infinitive before it: "agreed to stop and leave" """
    word = re.match(r"\W*\w+\W+(?:(?:then|also|to|[a-z]+ly)\W+)*(\w+)", text[clause.start : clause.end])
    if not word:
        return False
    return (
        bool(re.search(r"\bto\b", text[first.start : governing.end]))
        and not re.search(r"(?:ed|ing|s)$", word[1])
        and not TENSED.fullmatch(word[1])
        and word[1].islower()
    )
