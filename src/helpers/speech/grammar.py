"""The grammar of reported speech: where an attribution begins and ends, who its subject is, what it reports.

A sentence is looked at with everything inside quotation marks blotted out, so that a verb inside a quotation is never
taken for the one that reports it. After Quirk et al. 1985 (14.28–14.33, 16.31–16.38), Krestel, Bergler and Witte 2008
(shapes of reported speech in news) and Pareti 2015 (source, cue, content). Its author, of kind `model`, had read the
five texts of the first case and labelled twelve news texts to learn from.
"""

from __future__ import annotations

import re
from typing import NamedTuple

DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan\.|Feb\.|Mar\.|"
    r"Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
TIME = (
    rf"(?:(?:late |early |on |earlier |later )*{DAY}(?: (?:night|morning|evening|afternoon))?|today|yesterday|tonight|"
    rf"earlier (?:today|this \w+|in the \w+|on {DAY}|\w+day)|earlier|later|then|recently|again|afterwards?|"
    rf"(?:this|last|next|the same|that) (?:week|month|year|morning|afternoon|evening|day|night|spring|summer|"
    rf"autumn|fall|winter|{DAY})|"
    rf"(?:on )?(?:{MONTHS} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {MONTHS}(?: \d{{4}})?))"
)
PLACE = (
    r"(?:in|at|during|after|before|following|from|on|outside|through|via|by|over|ahead of|for|amid|near|as|when) "
    r"[^,.;:“”—–]{1,90}?"
)
# a name that follows is no subject
AFTER_PREPOSITION = re.compile(
    r"\b(?:of|in|on|at|to|from|with|by|for|against|between|over|about|near) (?:the )?$", re.I
)
STOP_PP = r"(?=\s+that\b|\s*[,:“—–;]|\.?\s*$|\.\s)"
PARENTHESIS = (
    r",\s*(?:however|though|meanwhile|moreover|nevertheless|nonetheless|in turn|too|instead|for (?:example|"
    r"instance|his part|her part|"
    r"its part|their part)|in (?:effect|short|essence|part)|among other things|once again|yet again)\s*,"
)
ADVERBIAL = re.compile(rf"{PARENTHESIS}|\s*,?\s*(?:{TIME}(?=\W|$)|{PLACE}{STOP_PP})")
CAPS = r"[A-ZÀ-Þ][\w'&.-]*(?: (?:of|and|the|for|&) (?=[A-ZÀ-Þ])| (?=[A-ZÀ-Þ]))?"
ADDRESSEE = re.compile(
    r"\s*(?:(?:to|with) )?(?:(?:him|her|them|us|me|you|it)\b|(?:(?:the|a|an|his|her|their|state|local|foreign) )?"
    r"(?:[\w'-]+ ){0,3}?(?:reporters?|journalists?|newsmen|correspondents?|lawmakers|deputies|parliament|"
    r"legislators|delegates|"
    r"supporters|officials|newspapers?|agency|television|TV|radio|channel|court|jury|audience|crowd|conference|"
    r"committee|"
    r"meeting|investors|analysts|staff|council|assembly|senators|ministers|police|investigators|viewers|readers|"
    r"magazine|station|"
    r"website|broadcaster|congress|senate|press|news agency)\b"
    rf"|(?:the )?(?:{CAPS}){{1,6}})(?:'s(?: [\w-]+){{1,3}})?"
)
THAT_ANY = re.compile(r"\s*,?\s*that\b\s*", re.I)
WH = re.compile(r"\s*(?:whether|if|how|why|what|who|when|where)\b", re.I)
NOUN_THAT = re.compile(
    r"\s*(?:[^,.;:“”]{0,60}?\b)(?:opinions?|ideas?|views?|beliefs?|concerns?|fears?|hopes?|claims?|reports?|"
    r"statements?|warnings?|doubts?|"
    r"conclusions?|allegations?|assertions?|suggestions?|confidence|conviction|expectations?|regret|possibility|"
    r"notion|fact|point|"
    r"demands?|worr(?:y|ies)|assurances?|sentiments?|irritation|anger|frustration|surprise|satisfaction|"
    r"disappointment|gratitude|relief|outrage|dismay|optimism|certainty|shock|sorrow|annoyance|scepticism|"
    r"skepticism|unease|anxiety|"
    r"disbelief|impatience|alarm)(?:, [\w -]{1,40},)? (?=that\b)"
)
AUXILIARY = re.compile(
    r"(?:^|(?<=[\s,'’(“”]))(?:has|have|had|did|does|do|is|are|was|were|be|been|being|to|will|would|could|can|may|"
    r"might|should|must|shall|"
    r"cannot|not|never|also|often|always|once|again|later|then|earlier|since|just|further|first|even|still|"
    r"already|both|all|"
    r"today|yesterday|ever|now|soon|both|each|himself|herself|themselves|itself|"
    r"(?!(?:fami|al|supp|rep|assemb|ral|anoma|monopo|bul|fol|ear)ly\b)[a-z]+ly|n't|[a-z]+n't|'s|'ve|'d|"
    rf"{DAY}|on {DAY}|last \w+|this (?:week|month|year|morning))\s*$"
)
FINITE = re.compile(
    r"(?<!-)\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|should|must|do|does|did|\w+n't|"
    r"cannot|shall|"
    r"[a-z]{2,}ed|went|made|took|got|gave|came|began|fell|rose|held|kept|met|won|lost|led|left|put|ran|saw|sent|"
    r"set|told|"
    r"thought|wrote|became|found|built|bought|brought|broke|chose|drew|felt|fought|grew|heard|knew|paid|said|says|"
    r"sold|spent|"
    r"spoke|stood|taught|understood|sank|struck|broke|fled|threw|drove|swore|froze|shook|stole|hid|flew|blew|ate|"
    r"meant|dealt|slept|swept|hung|sought|caught|withdrew|overthrew|undertook|forgot|overcame|underwent|shot|rang|"
    r"spread|wants?|needs?|seems?|remains?|plans?|expects?|continues?|includes?|means?|"
    r"it's|he's|she's|they're|we're|you're|i'm|that's|there's|who's|what's|it'll|they'll|we'll|i've|we've|they've)\b"
)
BREAK = re.compile(
    r"[;:—–(]\s*|\s-{1,2}\s|”,?\s+|(?:^|(?<=\s))(?:that|which|who|whom|whose|while|as|after|before|because|since|"
    r"although|though|if|"
    r"when|where|whereas|but|than|until|unless|despite the fact that|amid|even as|once|whether)\s+(?:,\s*)?|"
    r",\s+(?:and|but|or|so|yet)\s+",
    re.I,
)
LEAD = re.compile(
    rf"\s*(?:(?:and|but|so|yet|or|however|meanwhile|moreover|also|still|then|instead|separately|overall|earlier|later|"
    rf"previously|recently|furthermore|in addition|at the same time|for (?:his|her|its|their) part|in turn|thus|indeed|"
    rf"nevertheless|nonetheless|similarly|in response|in fact|in particular|of course|for example|for instance|"
    rf"on the other hand|"
    rf"{TIME}|a (?:\w+ )?(?:day|week|month|year|hour)s? (?:later|earlier|ago)|(?:a couple of|a few|several|two|"
    rf"three|some) "
    rf"(?:day|week|month|year|hour)s? (?:later|earlier|ago|after|before))\b(?!'s),?\s*)+",
    re.I,
)
LEAD_PP = re.compile(
    r"\s*(?:in|at|on|during|after|before|following|from|amid|despite|with|under|for|by|since|as of|as|at the|"
    r"speaking|asked|citing|"
    r"based on|according to|quoting|responding|commenting|referring|reading|writing|answering|addressing|over|"
    r"against|among|like|unlike|"
    r"without|throughout|within|upon|regarding|when|while|because|if|although|though|[a-z]+ing(?=\s))\b[^,]*,\s*",
    re.I,
)
NOUN_PHRASE = re.compile(
    r"(?:(?:the|a|an|his|her|its|their|this|that|these|those|one|two|three|four|five|some|many|several|most|other|"
    r"another|both|all|no|"
    r"multiple|unnamed|senior|top|former|local|foreign|military|western|state|security|opposition|[a-z]+)\b|[A-ZÀ-Þ])",
    re.I,
)
HEAD = re.compile(
    r"(?:(?<=\s)|^)(?:(?:the|a|an|his|her|its|their|our|two|several|some)\s(?=\w)|(?<![\w.'-] )(?=[A-ZÀ-Þ]))"
)
NP_START = re.compile(r"(?:the|a|an|his|her|its|their|he|she|it|they|we|some|many|several)\b|[A-ZÀ-Þ]")
SUBORDINATORS = set("while as after before because since although though if when where until unless than once".split())
PARTICIPLES = {
    "found",
    "made",
    "held",
    "led",
    "set",
    "built",
    "known",
    "written",
    "sent",
    "put",
    "told",
    "left",
    "sold",
}
REDUCED = re.compile(
    r"(?:[\w'’-]+\s){0,3}?(?:[a-z]+s|people|man|woman|person|official|diplomat|source|expert)\s"
    r"(?:accredited|based|involved|briefed|posted|stationed|assigned|attached|appointed|trained|contacted|"
    r"interviewed|quoted|reached|"
    r"polled|surveyed|questioned|opposed|allied|linked|tied|loyal|close|familiar|displaced|affected|concerned|"
    r"employed|hired|"
    r"elected|charged|tasked|acquainted|connected|informed)\b[^,;“”]*"
)
ADJECTIVAL = re.compile(r"(?:the|an?|his|her|its|their|this|that|one|two|some|many)\s+(?:[\w-]+\s+)?")
SAYING = re.compile(
    r"(?:say|add|claim|not|argu|insist|warn|stat|writ|explain|admitt|declar|announc|confirm|tell|think|"
    r"believ)ing\s+(?=\w)"
)
OF_WHOM = re.compile(r",\s[^,;“”]{0,40}\bof (?:whom|which)\s+$")
INDEFINITE = re.compile(r"(?:an?|one|another|some|two|three|several|many)\s[^A-Z]*$|[a-z]+s$")
BELONGS = re.compile(
    r"\s(?:at|in|with|from|for|on|to|close to|familiar with)\s(?!(?:an?|the|his|her|its|their|this|"
    r"last)?\s?(?:[\w-]+\s){0,2}?(?:news|"
    r"conference|meeting|rally|summit|briefing|press|hearing|event|time|talks|forum|ceremony|interview|statement|"
    r"report|speech|"
    r"letter|condition|reporters|journalists|lawmakers|week|month|year|day|morning|evening|afternoon|night|"
    r"response|email|"
    r"telephone|phone|message|post|end|moment|address)\b)"
    rf"(?!{DAY}|{MONTHS}|\d|that\b)(?:(?:an?|the|its|their|his|her)\s)?[\w'’-]+(?:\s(?!(?:on|in|at|by|to|who|said|"
    rf"after|before|as|when|while)\b)"
    r"[\w'’-]+){0,5}"
)
ISSUED = re.compile(
    r"\b(?:issued|released|published|signed|held|taken|adopted|made|sent|posted|read|drafted|agreed|interviewed|"
    r"broadcast|"
    r"completed|conducted|prepared|written|seen|leaked|circulated)\s+(?:after|before|since|as)\s+$"
)
CONTACT = re.compile(r"\s(?:we|i|he|she|they|you) \w+(?: to| with)?$", re.I)
LAST_NAME = re.compile(r"(?:[A-ZÀ-Þ][\w.'’-]*\s){0,5}[A-ZÀ-Þ][\w.'’-]*$")
PRONOUNS = {"he", "she", "they", "it", "i", "we", "you", "him", "her", "them", "who", "one", "this", "these", "those"}


class Attribution(NamedTuple):
    """An attribution in a sentence: where it stands, who speaks, by which word, and the span of what is reported."""

    start: int
    end: int
    verb: tuple[int, int]
    speaker: tuple[int, int] | None
    content: tuple[int, int]
    shape: str


def strip_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Narrow a span to its words: no blank, comma or stop at its edges, quotation marks kept."""
    while start < end and (text[start].isspace() or text[start] in ",;:—–-."):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;:—–-"):
        end -= 1
    if (
        end > start
        and text[end - 1] == "."
        and not re.search(r"(?:\b[A-Z]|\b(?:Inc|Corp|Co|Ltd|Pa|Conn|etc|Mr|Dr|No))\.$", text[max(start, end - 6) : end])
    ):
        end -= 1
    return start, end


def auxiliaries(m: str, left: int, verb: int) -> tuple[int, str]:
    """Where the auxiliaries and adverbs before a verb begin, and what they are."""
    at, words = verb, []
    for _ in range(8):
        found = AUXILIARY.search(m[max(left, at - 24) : at])
        if not found:
            break
        begin = max(left, at - 24) + found.start()
        words.append(m[begin:at].strip().lower())
        at = begin
    return at, " ".join(reversed(words))


def clause_start(m: str, left: int, at: int) -> tuple[int, str]:
    """Where the clause begins in which position ``at`` stands, and the word or mark that opens it."""
    begin, opener = left, ""
    for found in BREAK.finditer(m, max(left, at - 400), at):
        if (
            found.group().strip().lower() in ("as", "since", "before", "after", "amid", "than", "once")
            and not m[found.end() : at].strip()
        ):
            continue
        if found.group().startswith("(") and ")" in m[found.end() : at]:
            continue
        begin, opener = found.end(), found.group().strip().lower()
    return begin, opener


def lead(m: str, start: int, end: int) -> int:
    """Where the subject begins, after "However," "On Friday," "In a speech to workers," …"""
    for _ in range(4):
        found = LEAD.match(m, start, end) or LEAD_PP.match(m, start, end)
        if not found or found.end() >= end:
            break
        start = found.end()
    return start


def first_noun_phrase(m: str, start: int, end: int) -> tuple[int, int] | None:
    """The subject with which a clause begins: up to its first finite verb or comma."""
    start = lead(m, start, end)
    verb = FINITE.search(m, start, end)
    stop = min(x for x in (verb.start() if verb else end, m.find(",", start, end) % (10**9), end) if x >= start)
    a, b = strip_span(m, start, stop)
    while True:
        back, words = auxiliaries(m, a, b)
        if back >= b or not words:
            break
        a, b = strip_span(m, a, back)
    return (a, b) if b > a and len(m[a:b].split()) <= 20 else None


def participle(m: str, start: int, end: int) -> bool:
    """Whether the only verb of a noun phrase is a participle: "the retired officer", "envoys accredited to a body"."""
    inner = FINITE.search(m, start, end)
    if inner and ADJECTIVAL.fullmatch(m, start, inner.start()) and inner.group().endswith("ed") and inner.end() < end:
        return not FINITE.search(m, inner.end(), end)
    return bool(REDUCED.fullmatch(m, start, end))


def subject_before(m: str, left: int, aux: int) -> tuple[tuple[int, int] | None, int, str]:
    """The subject that stands before a verb (whose auxiliaries begin at ``aux``).

    Returns its span, where the clause begins, and what opens the clause; "shared" when the verb is joined to an earlier
    one ("closed the port and said …"), so that the subject is the clause's.
    """
    begin, opener = clause_start(m, left, aux)
    region = m[begin:aux].rstrip()
    while region.endswith(",") and opener in SUBORDINATORS and "," not in region[:-1]:
        begin, opener = clause_start(m, left, begin - len(opener) - 1)  # "X, who had waited since dawn, said"
        region = m[begin:aux].rstrip()
    if region.endswith(",") and opener in ("whom", "which") and (of := OF_WHOM.search(m, left, begin)):
        begin, opener = clause_start(m, left, of.start())  # "X, several of whom had waited, said"
        region = m[begin : of.start()].rstrip()
    if opener in ("after", "before", "since", "as") and not FINITE.search(region) and ISSUED.search(m, left, begin):
        begin, opener = clause_start(m, left, begin - len(opener) - 1)  # "a notice issued after the storm said"
        region = m[begin:aux].rstrip()
    relative = opener in ("who", "which", "that", "whose")
    if (
        relative
        and region
        and (
            region.endswith(",")
            or "," not in region
            and (FINITE.match(region) or FINITE.search(" ".join(region.split()[:3])))
            and not NP_START.match(region)
        )
    ):
        return _antecedent(m, left, begin - len(opener) - 1, opener), begin, "relative_subject"
    if not region and opener in ("when", "if", "as", "while", "than", "once", "until", "unless", "whether"):
        return None, begin, opener
    if (
        not region
        or re.search(r"(?:^|\s)(?:and|but|or)$", region)
        or (region.endswith(",") and re.search(r"\band,$", region))
    ):
        outer = begin if region else left
        if not region and opener in ("who", "which", "that"):
            return _antecedent(m, left, begin - len(opener) - 1, opener), begin, "relative"
        if not region and not re.search(r"(?:and|but|or|so|yet)$", opener) and begin > left:
            return None, begin, opener
        if not region:
            outer, _ = clause_start(m, left, max(left, begin - 6))
        elif opener in ("as", "than", "after", "before", "since") and not FINITE.search(m, begin, aux):
            outer, _ = clause_start(m, left, max(left, begin - len(opener) - 1))
        return first_noun_phrase(m, outer, aux), outer, "shared"
    if region.endswith(",") and opener.startswith(",") and len(region.split()) <= 9 and not NP_START.match(region):
        begin, opener = clause_start(m, left, begin - len(opener) - 1)  # "X, a surgeon, and former head of Y, said"
        region = m[begin:aux].rstrip()
    start = lead(m, begin, begin + len(region))
    parts = _parts(m, start, begin + len(region))
    if region.endswith(",") and len(parts) > 1:  # "X, a pilot, said"
        k = len(parts) - 1
        while k > 0 and _is_apposition(m[parts[k][0] : parts[k][1]]):
            k -= 1
        head, apposition = parts[k], parts[min(k + 1, len(parts) - 1)]
        if k < len(parts) - 1 and _is_name(m[apposition[0] : apposition[1]]) and not _is_name(m[head[0] : head[1]]):
            return (head[0], apposition[1]), head[0], opener
        return head, head[0], opener
    last = parts[-1] if parts else (start, aux)
    a, b = strip_span(m, *last)
    inner = FINITE.search(m, a, b)
    if inner:  # "closed the port and the pilot said": keep what follows the last "and"
        joint = max(m.rfind(" and ", inner.end(), b), m.rfind(" but ", inner.end(), b))
        if joint > 0:
            a = joint + 5
        else:
            met = CONTACT.search(m, a, b)  # "customers we spoke to say"
            if met:
                b = met.start()
            elif participle(m, a, b):
                pass
            elif (
                inner.group().lower() in PARTICIPLES
                or inner.group().endswith("ed")
                and NP_START.match(m, a)
                and a <= begin + 2
            ):
                b = inner.start()  # "a site found to be a threat says"
            else:
                return None, a, "broken"
    a = lead(m, a, b)
    saying = SAYING.match(m, a, b)  # "…, saying he had told the crew that"
    a = saying.end() if saying else a
    return ((a, b) if b > a else None), a, opener


def _antecedent(m: str, left: int, at: int, pronoun: str) -> tuple[int, int] | None:
    """The noun phrase before a relative pronoun; for things the last one ("the head of a body which said …")"""
    begin, _ = clause_start(m, left, at)
    parts = _parts(m, lead(m, begin, at), at)
    if not parts:
        return None
    a, b = parts[-1]
    heads = [x.start() for x in HEAD.finditer(m, a, b)]
    verb = FINITE.search(m, a, b)
    if heads and (pronoun != "who" or verb and verb.end() < heads[-1]):
        a = heads[-1]
    verbs = list(FINITE.finditer(m, a, b)) if pronoun == "who" else []
    if verbs and (name := LAST_NAME.search(m, verbs[-1].end(), b)):
        a = name.start()  # "the report was denied by Mayor Ana Lind, who said"
    return strip_span(m, a, b)


def _parts(m: str, start: int, end: int) -> list[tuple[int, int]]:
    """The pieces of a clause between commas, with their places."""
    out, at = [], start
    for comma in re.finditer(r",(?=\s|$)", m[start:end]):
        out.append((at, start + comma.start()))
        at = start + comma.end()
    out.append((at, end))
    return [(a, b) for a, b in (strip_span(m, a, b) for a, b in out) if b > a]


def _is_apposition(words: str) -> bool:
    return (
        bool(re.fullmatch(r"[A-ZÀ-Þ][\w.'-]+(?: [A-ZÀ-Þ][\w.'-]+)?|\d+", words))
        or bool(
            re.match(
                r"(?:an?|and|the|who|which|whose|his|her|its|their|one of|\d+|[a-z]|(?:President|Chairman|"
                r"Director|Head|Chief|Mayor|"
                r"Professor|Minister|Secretary|Deputy|Vice|Executive|Senior|Pa\.|Texas|Conn\.)\b)",
                words,
            )
        )
        or _is_name(words)
    )


def _is_name(words: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sir|Dame|Lord|Sen|Rep|Gov|Adm|Lt|Col|Sgt)\.? )?[A-ZÀ-Þ][\w'’.-]+"
            r"(?: [A-ZÀ-Þ][\w'’.-]*| (?:al|bin|de|van|von|el|der|da))*(?: [A-ZÀ-Þ][\w'’.-]+)",
            words.strip(),
        )
    )


def subject_after(m: str, verb_end: int, right: int) -> tuple[int, int] | None:
    """The subject after its verb: "…," said the pilot of the ferry, who …"""
    stop = re.compile(
        r"[,.;:(“—–]|\s(?:in|on|at|to|during|who|when|after|as|while|that|which|about|earlier|with|"
        rf"before|last|this|today|yesterday|{DAY}|adding|and (?=\w+ed\b))\b"
    ).search(m, verb_end + 1, right)
    end = stop.start() if stop else right
    while (
        stop
        and stop.group() == "."
        and re.search(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|Gov|Sgt|Lt|Col|Adm|St)$", m[verb_end:end])
    ):
        stop = re.compile(r"[,.;:(“—–]").search(m, end + 1, right)
        end = stop.start() if stop else right
    a, b = strip_span(m, verb_end, end)
    further = BELONGS.match(m, b, right) if INDEFINITE.match(m[a:b]) else None
    b = further.end() if further else b
    return (a, b) if b > a and NOUN_PHRASE.match(m, a) and len(m[a:b].split()) <= 16 else None


def skip_adverbials(m: str, at: int, right: int) -> int:
    """Past "on Friday", "in a statement" and the like."""
    for _ in range(5):
        found = ADVERBIAL.match(m, at, right)
        if not found or found.end() == at:
            break
        words = found.group().lstrip()
        if words.startswith(",") and FINITE.search(words) and not m[found.end() : right].strip(" ."):
            break  # "C, X said, after it had sunk": the clause is of what is said
        at = found.end()
    return at
