"""Status: how real the text makes an act, from the words that govern its trigger.

The precedence is that of the codebook (negation, denial, rumour, condition, opinion, threat and demand and proposal,
plan, under way, happened), after FactBank's polarity and modality (Sauri and Pustejovsky 2009).
"""

from __future__ import annotations

import re
from bisect import bisect_left

from .clauses import COMPLEMENT, CONDITION, COORDINATE, Clause, clause_at

# words between a cue and the trigger it may still govern, by the cue's kind
REACH = {
    "negation": 6,
    "possibility": 8,
    "condition": 30,
    "plan": 8,
    "wish": 12,
    "judgement": 10,
    "course": 5,
    "demand": 12,
    "proposal": 10,
    "threat": 12,
    "denial": 14,
    "rumour": 14,
    "fear": 14,
}
# kinds that reach into the clause which completes the one they stand in ("denied that …", "hoped that …")
INTO_COMPLEMENT = {"denial", "rumour", "wish", "fear", "demand", "threat", "proposal", "judgement", "possibility"}
SPEECH_ACTS = {"REQUEST", "THREATEN", "AGREE", "REJECT", "ACCUSE"}
MODAL = re.compile(
    r"\b(?:will|would|could|can|may|might|must|should|shall|is subject|are subject|faces?)\b|['’](?:ll|d)\b", re.I
)


OWN_TENSE = re.compile(
    r"(?:[^s]s|ed|sent|held|cut|made|took|broke|met|gave|shot|fought|withdrew|sold|bought|told|said|set|put|led|"
    r"left|won|lost)$",
    re.I,
)


# "… did not wait and Norvia signed": what follows has a subject of its own
NEW_SUBJECT = re.compile(r"\b(?:and|but)\s+(?:the\s+)?[A-ZÀ-Þ]\w+")

# rules whose words may be nouns; "the offer was rejected" tells of a rejection, and the offer governs nothing
NOMINAL = {"demand", "propose", "threaten", "plan"}
FINITE = re.compile(r"\b(?:has|have|had|is|are|was|were|did|does)\W+(?:(?:also|been|already|now|[a-z]+ly)\W+)*$", re.I)
FINITE_HEAD = re.compile(r"(?:has|have|had|is|are|was|were|did|does)\b", re.I)
# a verb that follows a modal has no tense of its own
MODALS = {"could", "may", "would", "would_announced", "will"}
TENSED = re.compile(r"\b(?:is|are|was|were)\W+(?:(?:also|already|now|[a-z]+ly)\W+)*$", re.I)
RUMOUR = re.compile(r"rumou?rs?|speculation|hearsay", re.I)
DETERMINER = re.compile(r"\b(?:the|a|an|its|his|her|their|this|that|these|those|\w+['’]s)\W+(?:\w+\W+){0,3}$", re.I)
LINKED = re.compile(r"\b(?:to|for|of|that|on|by|in|with|against)\b", re.I)


# kinds of cues that count although they are the first words of the trigger itself, and types that a "no" in it undoes
INSIDE = {"plan", "possibility", "condition", "wish", "negation"}
UNDONE = {"CONSULT", "SUPPORT", "COOPERATE", "AID"}
# "once the ships arrive, Norvia will …": the present tense of a temporal clause is future (Quirk et al. 1985, 14.22)
TEMPORAL = {"once", "until", "before", "after", "when", "whenever"}
PAST = re.compile(r"(?:ed|ing|sent|held|made|took|broke|met|gave|shot|fought|withdrew|sold|bought|told|said|led|left|"
                  r"won|lost|came|went|began|fell|struck|was|were|had|did)$", re.I)
PRESENT = re.compile(r"[a-z]+[^s\W]s")
FUTURE = re.compile(r"\b(?:will|would|shall|should|may|can|could|plans?|expects?|expected|due)\b|['’]ll\b", re.I)


# "arrives next month": the present tense with a time to come is future (Quirk et al. 1985, 4.45)
TO_COME = re.compile(r"\b(?:next (?:week|month|year|spring|summer|autumn|winter|\w+day)|tomorrow|later this \w+|"
                     r"in the coming \w+)\b", re.I)
# "paid for none of it", "signed neither treaty": a negated object negates the clause (Quirk et al. 1985, 10.58)
NO_OBJECT = re.compile(
    r"\s+(?:(?:for|to|with|on|of|from|over)\s+)?(?:none\b(?! other than)|nothing\b(?! but| less)|nobody\b|no one\b|"
    r"neither\b|not (?:one|a single|any)\b|no\b(?! (?:later|less|fewer|longer|more|sooner|doubt|matter|wonder)\b))",
    re.I,
)


# what a noun's own predicate makes of it: "talks are to resume", "a new round could be held"
COMES = (
    r"(?:be(?:en)? (?:\w+ly )?(?:held|imposed|introduced|signed|launched|lifted|resumed|extended|called|concluded|"
    r"reached|"
    r"announced|sent|delivered|made|carried out)|resume|begin|start|take (?:place|effect)|go ahead|follow|happen|occur|"
    r"come|end|enter into force|kick off|get under way|continue)\b"
)
PREDICATE = re.compile(
    r"(?:,?\s+(?!(?:that|which|who|when|where|is|are|was|were|has|have|had|will|would|could|can|may|might|should|did|"
    r"\w+ed)\b)[\w'’-]+){0,8}?\s+(?:(will|shall|(?:is|are|was|were) (?:(?:due|set|expected|scheduled|about) )?to)"
    r"|(would|could|may|might))\s+(?:\w+ly\s+|also\s+|soon\s+|have\s+|now\s+)*" + COMES,
    re.I,
)
FAR = 600  # characters from a trigger within which a cue is looked for


def words_between(text: str, a: int, b: int) -> int:
    return len(text[a:b].split()) if b > a else 0


def _is_subject(text: str, a: int, b: int, start: int, noun: bool) -> bool:
    """Whether a cue is a noun and the subject of the trigger, not what governs it: "its offer angered …"."""
    between = text[b:start]
    if DETERMINER.search(text[max(0, a - 40) : a]) and (FINITE.search(between) or FINITE_HEAD.match(text, start)):
        return True  # "the demand for his extradition has been refused"
    if noun or LINKED.search(between):
        return False
    return bool(FINITE.search(between) or DETERMINER.search(text[max(0, a - 40) : a]) and len(between.split()) < 2)


def of(
    text: str,
    start: int,
    end: int,
    kind: str,
    own: str,
    here: int,
    clauses: list[Clause],
    cues: list,
    precedence: dict[str, int],
    noun: bool = False,
) -> tuple[str, str]:
    """The status of a trigger and the modality rule that gave it (empty where none did).

    ``own`` is the status that the event rule gives (a demand is demanded), ``here`` the number of the trigger's clause,
    ``cues`` the modality hits of the sentence (start, end, rule, kind, status, stands), ``noun`` whether the trigger is
    one: what a noun names is taken as given unless a cue stands right before it ("a possible invasion").
    """
    begun = re.match(r"[\w'’-]*", text[start:end])
    first = begun.group() if begun else ""
    chain, at = {here: 0}, here
    while at >= 0 and clauses[at].parent >= 0 and clauses[at].opener in COMPLEMENT | COORDINATE:
        joined = clauses[at].opener in COORDINATE
        if joined and (
            not re.match(r"\W*\w+\W+(?:(?:also|then|later|to|[a-z]+ly)\W+)*$", text[clauses[at].start : start])
            or OWN_TENSE.search(first)
        ):
            break
        at = clauses[at].parent
        chain[at] = chain[next(reversed(chain))] + (not joined)
    best = (precedence[own], own, "") if own else (precedence["happened"], "happened", "")
    low, high = (bisect_left(cues, at, key=lambda c: c[0]) for at in (start - FAR, end + FAR))
    for a, b, rule, cue_kind, status, stands in cues[low:high]:
        # "planned to leave for", "sent no envoy"; a cue may begin before the trigger: "is due to meet"
        inside = a < end and start < b < end and not own and kind not in SPEECH_ACTS
        if inside and not (a <= start and cue_kind in INSIDE or kind in UNDONE and cue_kind == "negation"):
            continue
        if not inside and (a < end and b > start or a >= start and stands == "before"):
            continue
        where = clause_at(clauses, a)
        if where not in chain:
            continue
        if chain[where] and cue_kind not in INTO_COMPLEMENT:
            continue
        distance = words_between(text, b, start) if b <= start else words_between(text, end, a)
        reach = REACH.get(cue_kind, 8) + 6 * chain[where]
        if b > start:
            reach = min(reach, 4 if cue_kind in ("rumour", "course") else 8)
        if noun and not chain[where] and stands != "after":
            reach = min(reach, 2)
        if distance > reach or b <= start and not chain[where] and NEW_SUBJECT.search(text[b:start]):
            continue
        if rule in MODALS and b <= start and (FINITE_HEAD.match(text, start) or TENSED.search(text[b:start])):
            continue  # "rumours that they might leave were denied": the verb of that clause, not of this
        if kind == "REJECT" and cue_kind == "rumour" and RUMOUR.fullmatch(text, a, b):
            continue  # a rumour is what is denied
        if rule in NOMINAL and b <= start and not chain[where] and _is_subject(text, a, b, start, noun):
            continue
        if cue_kind == "condition" and chain[where]:
            continue
        if own and kind in SPEECH_ACTS and b > start:
            continue
        if precedence[status] < best[0]:
            best = (precedence[status], status, rule)
    if not (own and kind in SPEECH_ACTS) and precedence["hypothetical"] < best[0]:
        lead = text[clauses[here].start : start]
        opener, parent = clauses[here].opener, clauses[here].parent
        held = clauses[parent].opener if opener == "resume" and parent >= 0 else ""
        if {opener, held} & CONDITION or MODAL.search(lead) and any(c.opener in CONDITION for c in clauses):
            best = (precedence["hypothetical"], "hypothetical", "if")
    if noun and best[1] == "happened" and not own:
        told = PREDICATE.match(text, end, clauses[here].end)
        if told:
            status = "planned" if told[1] else "hypothetical"
            best = (precedence[status], status, "predicate")
    if best[1] == "happened" and not own and not noun and kind not in SPEECH_ACTS:
        lead = text[clauses[here].start : start]
        if NO_OBJECT.match(text, end, clauses[here].end):
            best = (precedence["not_happened"], "not_happened", "no_object")
        elif PRESENT.fullmatch(first) and not FINITE.search(lead) and TO_COME.search(text, end, clauses[here].end):
            best = (precedence["planned"], "planned", "to_come")
    if best[1] == "happened" and not own and not noun and clauses[here].opener in TEMPORAL and first.isalpha():
        lead = text[clauses[here].start : start]
        parent = clauses[here].parent  # a clause put first has none: what follows it governs it
        governing = clauses[parent][:2] if parent >= 0 else (clauses[here].end, clauses[-1].end)
        if not PAST.search(first) and not FINITE.search(lead) and FUTURE.search(text, *governing):
            best = (precedence["planned"], "planned", "when")
    return best[1], best[2]
