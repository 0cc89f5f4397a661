"""Roles: who does it and to whom, by where names stand around the trigger.

The subject of the trigger's clause acts, its object is acted on; a passive swaps them and takes its actor from "by". A
clause without a subject of its own takes the one of the clause before it. "A and B signed" are both. A noun takes its
actor from what stands before it or after "by" and "from" ("Norvia's raid on …"), its target from behind "of", "on",
"against".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.speech.speakers import Named

from .clauses import ADVERBIAL, COMPLEMENT, COORDINATE, RELATIVE, VERBAL, Clause
from .triggers import AUXILIARY, PASSIVE, PASSIVE_WITHIN

ARTICLES = (
    r"(?:(?:the|a|an|its|his|her|their|this|that|these|those|some|all|other|several|both|new|former|top|senior|state|"
    r"local)\W+)*"
)
PREPOSITION = re.compile(
    r"\b(?:of|in|on|at|to|from|with|by|for|against|between|over|about|under|into|toward|towards|near|through|"
    r"via|among|despite|"
    r"during|after|since|within|outside|inside|across|around|without|upon|than)\W+" + ARTICLES + r"$",
    re.I,
)
PLACE = re.compile(
    r"\b(?:in|at|near|about|over|since|after|during|under|through|via|within|outside|inside|across|around|than|"
    r"like|as|following|before|from)\W+" + ARTICLES + r"$",
    re.I,
)
HERE = re.compile(r"\b(?:in|at|near)\W+" + ARTICLES + r"$", re.I)
WITH = re.compile(r"(?:\b(?:with|and|between|to)\W+" + ARTICLES + r"|^\W*" + ARTICLES + r")$", re.I)
# who only brings others together: "with Kestria as host"
HOST = re.compile(
    r"\s+(?:acting |serving )?as\s+(?:an?\s+|the\s+)?(?:host|mediator|go-between|broker|observer|witness|chair)", re.I
)
BY = re.compile(r"\b(?:by|from)\W+" + ARTICLES + r"$", re.I)
FROM = re.compile(r"\bfrom\W+" + ARTICLES + r"$", re.I)
ON = re.compile(r"\b(?:on|against)\W+(?:[\w'’-]+\W+){1,6}?from\b", re.I)
SAYS = (
    r"(?:said|says|say|told|added|declared|stressed|insisted|argued|warned|announced|stated|believes|thinks|"
    r"complained)"
)
SAID_AFTER = re.compile(r"(?:['’]s [\w ]{1,30})?\W+(?:[a-z]+ly\W+)?(?:has |have |had |also )?" + SAYS + r"\b")
SAID_BEFORE = re.compile(r"\b" + SAYS + r"\W+" + ARTICLES + r"$")
WE = re.compile(r"\b(?:we|i|we['’](?:ve|ll|re)|i['’](?:ve|ll|m))\W+(?:[\w’']+\W+){0,3}$", re.I)
# a subject that stands for someone named before: "it", "its foreign ministry", "the republic"
_HEADS = (
    r"(?:country|republic|kingdom|nation|government|administration|ministry|minister|president|premier|office|side|"
    r"spokes(?:man|woman|person)|officials?|envoy|delegation|parliament|army|navy|military)"
)
IT = re.compile(
    r"^(?:it|they|he|she|we|i)\b|\b(?:it|they|he|she)$|^(?:its|their|his|her)\s|[,;“\"]\s*(?:its|their|his|her)\s(?:[\w-]+\s?){1,3}$|"
    r"^(?:the|that|this)\s(?:[\w-]+\s){0,2}?" + _HEADS + r"\b(?!\sof\b)",
    re.I,
)
THEM = re.compile(
    r"\W*(?:(?!and\b|but\b|that\b)[\w'’-]+\W+){0,4}?(?:(?:on|against|to|with|of|from|for|by)\W+)?(?:it|them|him)\b"
    r"(?=\W*(?:$|[,.;:)”\"]|to\b|of\b|for\b|from\b|in\b|on\b|and\b|with\b|over\b|that\b))",
    re.I,
)
NEXT = re.compile(r"\s+(?:(?:[a-z]+ly|also|again|now|then|later|has|have|had)\s+)*", re.I)
# a participle at the head of a sentence has the subject of what follows its comma: "By refusing the lease, Norvia …"
HEADING = re.compile(r"\W*(?:(?:by|after|before|while|without|in|on|when|since)\s+)?(?:not\s+)?\w+ing\b", re.I)
CHARGED = re.compile(
    r"\b(?:accus|suspect|blam|convict|acquit|charg|stop|prevent)[a-z]*\s[^,.;]{2,60}\s(?:of|for|with|from)\s+"
    r"(?:having\s+|being\s+)?(?:[a-z]+ly\s+)?(?:$|(?=\w+(?:ing|ed)$))"
)
# a noun behind a preposition is no object of the verb: "Norvia spoke of sanctions"
OBLIQUE = re.compile(PREPOSITION.pattern.removesuffix("$") + r"(?:[\w-]+\W+){0,2}$", re.I)
# participles that tell a stance of the subject, no passive: "is opposed to the lease"
STANCE = re.compile(
    r"(?:(?:is|are|was|were)\s+)?(?:\w+ly\s+)?(?:(?:opposed|committed|determined|prepared|concerned)\b|"
    r"(?:expected|scheduled|due|set|supposed|bound|poised|slated|planned|inclined)\s+to\b)",
    re.I,
)
BE = re.compile(r"(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?\w+", re.I)
WHO = {"who", "which"}
JOINT = re.compile(r",?\s+(?:and|&|as well as)\s+(?:(?:the|its|his|her|their)\s+)?$|^/$|^[-–]$", re.I)
LISTED = re.compile(r",\s+(?:the\s+)?$", re.I)
APPOSED = re.compile(r",\s+(?:an?|the)\s+$", re.I)
# a name that only describes a thing: "Norvian-made boats", "NATO member Kestria"
DESCRIBES = re.compile(
    r"(?:-(?:made|built|supplied|backed|led|style|occupied|based|born|trained|controlled|held|speaking|funded|"
    r"sponsored|designed)|"
    r"[- ](?:members?|ally)\b(?= (?:[A-Z]|state|countr))|"
    r"\W+(?:[\w-]+\W+){0,2}?(?:missiles?|systems?|air[- ]defen[cs]e|jets?|fighters?|weapons?|drones?|aircraft|"
    r"equipment|technology|"
    r"currency|language|law|[A-Z]-\d+s?)\b)"
)


def joined(codes: list[str]) -> str:
    """Codes parted by +, each once, in the order named.

    >>> joined(["NOR", "KES", "NOR"])
    'NOR+KES'
    """
    return "+".join(dict.fromkeys(codes))


def actors(text: str, named: list[Named]) -> list[Named]:
    """The mentions that can act: not those that only describe a thing."""
    return [
        m
        for m in named
        if not (
            (m.rule == "demonym" or text.startswith((" member ", "-", " ally "), m.end))
            and DESCRIBES.match(text, m.end)
        )
    ]


def group(text: str, named: list[Named], at: int) -> list[Named]:
    """The mention and those joined to it by "and", or by commas before an "and"."""
    out = [named[at]]
    wait: list[Named] = []
    for k in range(at + 1, len(named)):
        between = text[(wait or out)[-1].end : named[k].start]
        if JOINT.fullmatch(between) or named[k].start == out[-1].start:  # "both sides" are two
            out += [*wait, named[k]]
            wait = []
        elif LISTED.fullmatch(between):
            wait.append(named[k])
        else:
            break
    return out


def subject(
    text: str, named: list[Named], clauses: list[Clause], here: int, verb: int, carry: list[Named], depth: int = 0
) -> list[Named]:
    """Who stands as the subject before a verb; of the clause before, where this one has none.

    ``carry`` is whom a pronoun at the head of the sentence means: the subject of the sentence before.
    """
    if here < 0 or depth > 6:
        return carry
    clause = clauses[here]
    inside = [k for k, m in enumerate(named) if clause.start <= m.start and m.end <= verb]
    opening = (
        len(clause.opener) if text[clause.start : clause.start + len(clause.opener)].lower() == clause.opener else 0
    )
    words = text[clause.start + opening : verb]
    bare = AUXILIARY.sub("", words.lstrip() + " ").strip(" ,.\"'“”‘’")
    parent = clause.parent if clause.parent >= 0 else here - 1
    rest = text[clause.start + opening : clause.end]
    lacking = clause.opener in COORDINATE | {"participle", "by", "without", "resume"} and bool(VERBAL.match(rest))
    lacking = lacking and (clause.opener != "resume" or rest.lstrip()[:1].islower())
    if lacking or not bare and clause.opener not in RELATIVE | {"that", ""}:
        return subject(text, named, clauses, parent, clauses[parent].end, carry, depth + 1)
    free = [
        k
        for k in inside
        if not PREPOSITION.search(text[max(clause.start, named[k].start - 40) : named[k].start])
        and not re.match(r"['’]s\b", text[named[k].end : named[k].end + 2])
    ]
    if depth:  # no verb is known: what stands first
        free = free[:1]
    elif free and NEXT.fullmatch(text[named[free[-1]].end : verb]):  # "nor, she said, has Norvia signed"
        last = next((k for k in free if group(text, named, k)[-1] == named[free[-1]]), free[-1])
        return [m for m in group(text, named, last) if m.end <= verb]
    if free:
        return [m for m in group(text, named, free[0]) if m.end <= verb]
    heading = HEADING.match(text, clause.start)
    if heading and clause.start == clauses[0].start and heading.end() >= verb:
        comma = text.find(",", verb)
        main = [k for k, m in enumerate(named) if comma > 0 and m.start > comma]
        if main and not PREPOSITION.search(text[comma : named[main[0]].start]):
            return group(text, named, main[0])
    # "Norvia, which closed the port, …"
    if clause.opener in RELATIVE | {"that"} and (not bare or clause.opener in WHO and VERBAL.match(words)):
        back = [k for k, m in enumerate(named) if m.end <= clause.start]
        if not back:
            return []
        k = back[-1]
        while k and (
            JOINT.fullmatch(text[named[k - 1].end : named[k].start])
            or APPOSED.fullmatch(text[named[k - 1].end : named[k].start])
        ):
            k -= 1
        return [m for m in group(text, named, k) if m.end <= clause.start]
    if IT.search(bare):
        if parent >= 0 and (clause.opener in COMPLEMENT | ADVERBIAL | COORDINATE | {"resume", "if"}):
            return subject(text, named, clauses, parent, clauses[parent].end, carry, depth + 1)
        return carry
    return [m for m in group(text, named, inside[0]) if m.end <= verb] if inside else []


def after(text: str, named: list[Named], clauses: list[Clause], here: int, end: int, both: bool) -> list[Named]:
    """Who stands after the trigger in its clause (or the clause that completes it), not as a mere place."""
    stop, k = clauses[here].end, here + 1
    if k < len(clauses) and clauses[k].opener in COMPLEMENT and clauses[k].start - end < 40:
        stop = clauses[k].end
    source: list[Named] = []
    for n, m in enumerate(named):
        if m.start >= end and m.end <= stop:
            before = text[end : m.start][-40:]
            if FROM.search(before) and not both:
                source = source or group(text, named, n)
            if BY.search(before) or PLACE.search(before) or both and (
                not WITH.search(before) or HOST.match(text, m.end)
            ):
                continue
            return [g for g in group(text, named, n) if g.end <= stop]
    return [g for g in source if g.end <= stop]


def _last_group(text: str, named: list[Named]) -> list[Named]:
    """The last mention and those joined to it."""
    return next((g for g in (group(text, named, k) for k in range(len(named))) if g[-1] == named[-1]), [])


def _meant(named: list[Named], before: list[Named], end: int, carry: Sequence[Named]) -> list[Named]:
    """Whom "it" as an object means: the last one named before who does not act."""
    acting = {m.actor_id.split(".")[0] for m in before}
    others = [m for m in (*carry, *named) if m.end <= end and m.actor_id.split(".")[0] not in acting]
    return others[-1:]


def agent(text: str, named: list[Named], clauses: list[Clause], here: int, end: int) -> list[Named]:
    """Who stands after "by" or "from" behind the trigger, but not whence goods come ("a duty on rye from Kestria")."""
    for n, m in enumerate(named):
        if end <= m.start < clauses[here].end and BY.search(text[max(end - 5, m.start - 24) : m.start]):
            source = FROM.search(text[max(end - 5, m.start - 24) : m.start])
            if source and ON.search(text, max(clauses[here].start, end - 60), m.start):
                continue
            return group(text, named, n)
    return []


def reporter(text: str, named: list[Named]) -> str | None:
    """Who is said to speak in the sentence: the name before or after "said"."""
    return next(
        (
            m.actor_id
            for m in named
            if SAID_AFTER.match(text, m.end) or SAID_BEFORE.search(text[max(0, m.start - 20) : m.start])
        ),
        None,
    )


def roles(
    text: str,
    start: int,
    end: int,
    how: str,
    named: list[Named],
    clauses: list[Clause],
    here: int,
    noun: bool = False,
    carry: Sequence[Named] = (),
    speaker: str | None = None,
    demanded: bool = False,
    us: str | None = None,
) -> tuple[str, str]:
    """Actor and target of a trigger, codes parted by ``+``; empty where nobody is named.

    ``how`` is what the rule says: the subject acts, the object does ("the lease angered Norvia"), or both do together.
    ``speaker`` is who says the sentence: he acts where the rule looks for an object and none stands there, and always
    where something is ``demanded`` by "must". ``us`` is whom "we" means.
    """
    acting_named = actors(text, named)
    lead = AUXILIARY.search(text[clauses[here].start : start])
    verb = clauses[here].start + lead.start() if lead else start
    inside = [m for m in acting_named if start <= m.start and m.end <= end]
    behind = after(text, acting_named, clauses, here, end, how == "both") or _last_group(text, inside)
    if noun:
        before = [
            m
            for m in named
            if m.end <= start and re.fullmatch(r"(?:['’]s?)?\W+(?:[\w-]+\W+){0,2}", text[m.end : start])
        ][-1:]
        acting, acted = before or agent(text, acting_named, clauses, here, end), behind
        if not acting and not OBLIQUE.search(text[clauses[here].start : start]):  # "Norvia announced sanctions"
            acting = subject(text, acting_named, clauses, here, verb, [])
    else:
        before = subject(text, acting_named, clauses, here, verb, list(carry))
        charged = CHARGED.search(text, clauses[here].start, start)
        if charged:  # "accused Norvia of having shelled the port"
            before = _last_group(text, [m for m in acting_named if charged.start() <= m.start < start]) or before
        if WE.search(text[clauses[here].start : verb][-40:]):  # who that is, no name before it tells
            before = [Named(0, 0, us, "pronoun", "speaker")] if us else []
        passive = not STANCE.match(text, start) and (bool(BE.fullmatch(text, start, end)) or (
            bool(PASSIVE.search(text[max(clauses[here].start, start - 60) : start]))
            and bool(re.match(r"\w+(?:ed|en|n|t|own|ought|elt|ut|id|ade|ung|un|it|aid|old)\b", text[start : end + 1]))
        ))
        by = agent(text, acting_named, clauses, here, end)
        passive = passive or bool(by and PASSIVE_WITHIN.search(text[start:end]))
        if not behind and not passive and before and THEM.match(text[end : clauses[here].end]):
            behind = _meant(acting_named, before, end, carry)
        by = by if passive else []
        if (
            before
            and not behind
            and clauses[here].opener in ("which", "whom", "that")
            and before[0].start > clauses[here].start
        ):
            behind = [m for m in acting_named if m.end <= clauses[here].start][-1:]  # "Norvia, which Kestria attacked"
        acting, acted = (by, before or behind) if passive else (before, behind)
    if how == "object" and not noun and passive and by:  # "were delivered to Norvia by Kestria"
        acting, acted = by, [m for m in behind if m not in by]
    elif how == "object":
        acting, acted = ([] if demanded else acted), acting
        speaker = speaker or reporter(text, named)
        if not acting and speaker:
            return speaker, joined([m.actor_id for m in acted if m.actor_id != speaker])
    who = [m.actor_id for m in acting]
    whom = [m.actor_id for m in acted if m.actor_id not in who]
    if how == "both" and not who:
        who, whom = whom, []
    return joined(who), joined(whom)
