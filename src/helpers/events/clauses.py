"""Clauses: where a sentence is cut so that a word such as "not", "if" or "would" reaches only what it governs.

No parser: openers of English clauses and the punctuation between them (Quirk et al. 1985, ch. 13–15). What stands in
quotation marks is not cut off, for a quotation is part of the sentence that reports it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

# openers by what the clause is to the one before it
COMPLEMENT = {"that", "whether", "how", "why", "what"}
RELATIVE = {"which", "who", "whom", "whose", "where"}
CONDITION = {"if", "unless", "should"}
ADVERBIAL = {
    "after",
    "before",
    "since",
    "when",
    "whenever",
    "while",
    "as",
    "because",
    "although",
    "though",
    "until",
    "once",
    "despite",
    "amid",
    "following",
    "whereas",
    "even though",
    "in response to",
    "in retaliation for",
    "so that",
    "given that",
    "without",
    "by",
}
COORDINATE = {"and", "but", "or", "yet", "so", "nor"}
ONSET = re.compile(
    r"[;:]|[—–]|\s--?(?=\s)|[()\[\]]|,"
    r"|\b(?:that|whether|how|why|what|which|who|whom|whose|where|if|unless|after|before|since|when|whenever|"
    r"while|as|because|"
    r"although|though|until|once|despite|amid|following|whereas|without|and|but|or|yet|so|nor)\b"
    r"|\bby(?= (?:\w+ly )?\w+ing\b)",
    re.I,
)
PARTICIPLE = re.compile(
    r"\s+(?:(?:thus|thereby|while|[a-z]+ly)\s+)?(?!including|according|during|following|king|bring|morning|evening|"
    r"meaning|string|regarding|concerning|citing)[a-z]{2,}ing\b"
)
VERBAL = re.compile(
    r"\W*(?:(?:also|then|later|now|even|still|not|never|immediately|subsequently|repeatedly|[a-z]+ly)\W+)*"
    r"(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|do|does|did|cannot|\w+n['’]t|to|be|"
    r"been|\w{2,}ed|"
    r"\w{2,}ing|made|took|sent|gave|held|met|told|said|says|put|cut|set|left|began|broke|shot|fought|struck|won|"
    r"lost|sold|"
    r"bought|built|withdrew|froze|led|wrote|spoke|saw|went|came|sought|threw|drew|laid|kept|hit|urges?|calls?|"
    r"warns?|plans?|"
    r"wants?|seeks?|hopes?|agrees?|refuses?|rejects?|accuses?|opposes?|demands?|threatens?|condemns?|supports?|"
    r"denies|deny)\b",
    re.I,
)
# a headline strings predicates together by commas alone: "Norvia denies a raid, agrees to talks" (no verb that may be a
# noun, but "signs")
_TELLS = (r"(?:agrees|accepts|accuses|announces|condemns|confirms|denies|expels|imposes|insists|opposes|pulls|"
          r"refuses|rejects|says|seeks|sends|signs|suspends|threatens|tells|vows|wants|warns|welcomes|withdraws)\b")
STRUNG = re.compile(r"\s+(?:also\s+|then\s+)?" + _TELLS)
TELLS = re.compile(r"\b" + _TELLS)
NOUN_ONLY = re.compile(r"(?:the|a|an|his|her|its|their|our|this|these|those|all|some|any|no|\d)\b", re.I)
NOT_OPENING = re.compile(
    r"\s+(?:well as|of|many as|much as|far as|soon as|long as|part of|a result|a \w+|an \w+|the \w+ of|such)\b", re.I
)

# a clause of its own behind "and": a pronoun, or a name, with a verb that has a tense
_AUX = (r"(?:is|are|was|were|has|have|had|will|would|shall|should|can|could|may|might|must|does|do|did|cannot|"
        r"\w+n['’]t)\b")
NEW_SUBJECT = re.compile(
    rf"\s*(?:((?i:we|they|he|she|it|I|you)\s+(?:\w+ly\s+|also\s+|then\s+|now\s+)?(?:{_AUX}|\w{{2,}}(?:ed|s)\b))|"
    rf"(?:the\s+)?(?:[A-ZÀ-Þ][\w’'-]+\s+){{1,3}}{_AUX})"
)
FINITE = re.compile(rf"\b{_AUX}|['’](?:ll|ve|re)\b|\b[a-z]{{2,}}ed\b|"
                    r"\b(?:made|took|sent|gave|held|met|told|said|says|left|began|sold|bought|built|led|went|came|kept|set|put|cut)\b")
NAME_LAST = re.compile(r"[A-ZÀ-Þ][\w’'-]*\W*$")  # "said that Norvia and Kestria will": two subjects of one verb


MOST = 150  # no sentence that someone wrote has more clauses; the rest of such a one stays in the last


class Clause(NamedTuple):
    """A clause of a sentence: its span, the word or mark that opens it (lower case) and the clause it hangs on."""

    start: int
    end: int
    opener: str
    parent: int


def cut(text: str, start: int, end: int) -> list[Clause]:
    """Cut a sentence into clauses, in order of place.

    Accepts the text and the sentence's span. ``parent`` is the number of the clause that governs this one, -1 for the
    first. After the comma that closes a relative or adverbial clause the clause before it goes on (opener ``resume``).

    >>> text = "If Norvia buys boats, which float, the strait would close."
    >>> [(c.opener, text[c.start:c.end].strip()) for c in cut(text, 0, len(text))]
    [('if', 'If Norvia buys boats,'), ('which', 'which float,'), ('resume', 'the strait would close.')]
    """
    out: list[list] = [[start, end, "", -1]]
    for m in ONSET.finditer(text, start, end):
        if len(out) >= MOST:
            break
        mark, at = m.group().strip().lower(), m.start()
        last = out[-1]
        if mark == ",":
            if text[at + 1 : at + 2].isdigit():
                continue
            if PARTICIPLE.match(text, at + 1):
                opener, begin, parent = "participle", at + 1, len(out) - 1
                last[1] = begin
                out.append([begin, end, opener, parent])
                continue
            if STRUNG.match(text, at + 1) and TELLS.search(text, start, at):
                parent = len(out) - 1
                while out[parent][2] in COMPLEMENT | RELATIVE | ADVERBIAL and out[parent][3] >= 0:
                    parent = out[parent][3]
                last[1] = at + 1
                out.append([at + 1, end, "resume", parent])
                continue
            bound = len(out) - 1
            while bound >= 0 and out[bound][2] in COORDINATE | COMPLEMENT:
                bound = out[bound][3]
            if bound < 0 or out[bound][2] not in RELATIVE | ADVERBIAL | CONDITION | {"participle"} or at - last[0] < 8:
                continue
            if ONSET.match(text, at + 2):
                continue
            parent = out[bound][3]
            subject_only = out[bound][2] in RELATIVE and parent >= 0 and not FINITE.search(text, *out[parent][:2])
            while not subject_only and parent >= 0 and out[parent][2] in CONDITION | ADVERBIAL:
                parent = out[parent][3]  # "…, while Norvia, which leads, said" goes on with what "while" opens
            opener, begin = "resume", at + 1
        elif mark in (";", ":", "—", "–", "--", "-", "(", ")", "[", "]"):
            opener, begin, parent = mark, at, len(out) - 1 if mark in ":([" else -1
        elif mark in COORDINATE:
            comma = text[max(start, at - 2) : at].rstrip().endswith(",")
            if mark in ("yet", "so", "nor") and not (comma and mark != "nor"):
                continue
            rest = text[m.end() : m.end() + 60]
            if not VERBAL.match(rest) and not _anew(text, last[0], at, rest) and not (
                comma
                and mark in ("but", "yet", "so", "and")
                and re.match(
                    r"(?:[^,.;]{1,60}?)\b(?:is|are|was|were|has|have|had|will|would|"
                    r"could|may|can|\w{3,}ed|said|says|made|took|sent|gave|held|met|told|put|began|broke|shot|fought|"
                    r"struck|won|lost|sold|bought|built|withdrew|froze|led|left|saw|went|came|sought|kept)\b",
                    rest,
                )
            ):
                continue
            if mark == "and" and not comma and NOUN_ONLY.match(rest.lstrip()):
                continue
            opener, begin, parent = mark, at, len(out) - 1
            if comma and last[2] in RELATIVE and last[3] >= 0 and text[last[0] - 2 : last[0]].strip() == ",":
                parent = last[3]  # "Norvia, which closed a yard, and Kestria …": the clause before the commas goes on
        else:
            if mark in ("as", "so") and NOT_OPENING.match(text, m.end()):
                continue
            if mark in ("before", "after", "since", "until", "following", "once", "what", "without") and at == start:
                pass
            if mark == "that" and re.match(
                r"\s+(?:is|was|day|time|year|week|month|country|region|move|decision|deal)\b",
                text[m.end() : m.end() + 12],
            ):
                continue
            opener, begin, parent = mark, at, len(out) - 1
        if begin - last[0] < 2 and begin == last[0]:
            last[2] = opener
            continue
        last[1] = begin
        out.append([begin, end, opener, parent])
    return [Clause(*c) for c in out]


def _anew(text: str, start: int, at: int, rest: str) -> bool:
    """Whether a clause with a verb is followed by one with a subject of its own: "They left in May and we stay"."""
    own = NEW_SUBJECT.match(rest)
    if not own or not FINITE.search(text, start, at):
        return False
    return bool(own[1]) or not NAME_LAST.search(text, max(start, at - 40), at)


def clause_at(clauses: list[Clause], position: int) -> int:
    """The number of the clause in which a position stands."""
    return max(0, bisect_right(clauses, position, key=lambda c: c.start) - 1)
