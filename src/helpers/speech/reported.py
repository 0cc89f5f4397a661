"""Which words of a sentence report something, and what: the attributions of one sentence."""

from __future__ import annotations

import re

from . import grammar as g
from .grammar import Attribution, strip_span

# What a verb of each class may report: "that" and quoted words always; besides
#   clause  a clause without "that"        wh  whether, how …        np  a noun phrase        inf  to do something
TAKES = {
    "say": {"clause", "wh", "as"},
    "report": {"clause", "as"},
    "announce": {"clause", "np"},
    "stress": {"clause"},
    "confirm": {"clause"},
    "reveal": {"clause", "wh"},
    "claim": {"clause"},
    "deny": {"clause", "np"},
    "promise": {"clause", "inf"},
    "demand": {"wh"},
    "threaten": {"clause"},
    "propose": {"clause"},
    "opinion": {"clause", "as"},
    "expect": {"clause"},
    "hope": {"clause"},
    "concern": {"clause", "about"},
    "ask": {"wh"},
    "agree": {"clause"},
    "cite": set(),
    "accuse": {"np"},
    "criticise": {"np"},
    "praise": set(),
    "decline": set(),
}
BARE = {
    "say",
    "says",
    "said",
    "saying",
    "tell",
    "tells",
    "told",
    "telling",
    "think",
    "thinks",
    "thought",
    "believe",
    "believes",
    "believed",
    "hope",
    "hopes",
    "hoped",
    "fear",
    "fears",
    "feared",
    "insist",
    "insists",
    "insisted",
    "argue",
    "argues",
    "argued",
}
TO_SPEAK = re.compile(r"\b(?:to|will|would|could|can|may|might|should|must|shall|not|never|\w*n't|let)\b")
PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|'s)\b")
NOUN_OBJECT = re.compile(r"\s*(?:an?|the|any|all|his|her|its|their|it|this|what|new|plans?|[a-z]+|[A-ZÀ-Þ0-9\"“])")
SOURCE = re.compile(
    r"[A-ZÀ-Þ]|\b(?:sources?|officials?|reports?|statements?|documents?|people|experts?|analysts?|diplomats?|studies|study|data|"
    r"figures|media|comments|remarks|records|papers|research|intelligence|witnesses|letter)\b"
)
NOBODY = {
    "i",
    "we",
    "you",
    "there",
    "who",
    "which",
    "that",
    "when",
    "if",
    "nobody",
    "no one",
    "none",
    "neither",
    "what",
    "this",
    "and",
    "or",
    "",
}
NOT_A_VERB = re.compile(
    r"\b(?:the|a|an|his|her|its|their|this|any|no|of|in|for|with|by|from|recent|new|such)\s*$", re.I
)
NOUNISH = re.compile(
    r"(?:blast|offer|order|request|demand|report|claim|call|slam|estimate|forecast|hope|fear|wish|note|comment|remark|"
    r"promise|pledge|vow|praise|welcome|blame|charge|question|wonder|quote|state|signal|repeat|highlight|answer|"
    r"reply|urge|hail|thank|joke|mock|lament|object|advance|stress|reports|claims|notes|states|comments|remarks|signals|"
    r"offers|orders|requests|demands|calls|estimates|forecasts|hopes|fears|wishes|promises|pledges|questions|answers|quotes|"
    r"proposals|blasts|charges|objects|jokes|signal that|signals that|report that|reports that|claim that|claims that)"
)
AFTER_ARTICLE = re.compile(
    r"\b(?:a|an|the|this|his|her|its|their|these|those|no|any|some|of|similar|several|many|more|with|in|for|by)\s+(?:[\w'-]+\s+)?$",
    re.I,
)
SUBORDINATE = re.compile(r"\s*(?:If|When|Unless|Although|Though|While|Once|Until|Because|Should|After|Before)\b")
AND_THAT = re.compile(r",?\s(?:and|but|or)(?: also)? that\s(?!(?:is|was|would|will)\b)")
AND_CLAUSE = re.compile(
    r"\s*,\s*(?:and|but)\s+(?=(?:the|a|an|he|she|it|they|this|that|these|those|his|her|its|their|there|no|some|many|most)\b|[A-ZÀ-Þ])"
)
TAILING = {
    "say",
    "report",
    "announce",
    "stress",
    "confirm",
    "reveal",
    "claim",
    "opinion",
    "expect",
    "hope",
    "ask",
    "agree",
    "deny",
    "promise",
}
TAILING_WORDS = re.compile(
    r"(?:suggest|warn|complain|recommend|urg|demand|ask|lament|object|protest|threaten|advis)\w*"
)
SAYS_NO = re.compile(
    r"\s*(?:(?:so|no|yes|nothing|little|more|much|it|goodbye|this|that)\b\s*(?:[.,;]|$)|so since\b)", re.I
)
TO_DO = re.compile(r"(?:(?:the|a|an|all|his|her|its|their)\s+)?(?:[\w'.-]+\s+){1,6}?(?:not )?to\s+[a-z]+\b")
TO_WHOM = re.compile(r"\s*to\s[^,.;:“”—–]{1,80}?(?=\s+that\b|\s*[,:“—–;]|\.?\s*$|\.\s)")
LIGHT = re.compile(r"[\s,.”\"'’)]*")


def _complement(m: str, at: int, right: int, verb: str, kind: str) -> tuple[str, int]:
    """What follows a verb: the kind of complement and where it begins; "none" where only adverbials follow."""
    after = at
    rest = m[at:right]
    if not LIGHT.sub("", rest, count=1):
        return "none", right
    if m[at - 5 : at].lower() == " that" or verb.endswith(" that"):
        return "that", at + (len(rest) - len(rest.lstrip()))
    if re.search(r"\s(?:about|of|over)$", verb):
        return "about", at + (len(rest) - len(rest.lstrip()))
    if verb.endswith(" as"):
        if verb.startswith("see"):  # "see the ferry as a danger"
            at -= len(verb) - len(verb.split()[0])
            rest = m[at:right]
        return "as", at + (len(rest) - len(rest.lstrip()))
    said_to = (
        g.ADDRESSEE.match(m, at, right)
        if verb.split()[0]
        in (
            "tell",
            "tells",
            "told",
            "telling",
            "inform",
            "informs",
            "informed",
            "informing",
            "assure",
            "assures",
            "assured",
            "remind",
            "reminds",
            "reminded",
            "warn",
            "warns",
            "warned",
            "warning",
            "advise",
            "advised",
            "ask",
            "asked",
            "asks",
            "asking",
        )
        or m[at : at + 4] == " to "
        and kind not in ("promise", "threaten", "demand", "propose", "hope", "expect")
        else None
    )
    if said_to:
        after = said_to.end()
        if verb.split()[0] in ("tell", "tells", "told", "telling") and re.match(r"\s+of\s", m[after : after + 5]):
            return "about", after
    beyond = g.skip_adverbials(m, after, right)
    if (
        beyond == after
        and verb.split()[0] in ("say", "says", "said", "added", "adds")
        and (whom := TO_WHOM.match(m, after, right))
    ):
        beyond = whom.end()
    for place in (after, beyond):
        that = g.THAT_ANY.match(m, place, right)
        if that:
            return "that", that.end()
        mark = re.compile(r"\s*[,:]?\s*(?=“)").match(m, place, right)
        if mark:
            return "quote", mark.end()
        if m[place : place + 1] == ":":
            return "colon", place + 1
    noun = (
        g.NOUN_THAT.match(m, at, right)
        if kind in ("concern", "announce", "say", "report", "claim", "opinion", "stress", "demand")
        else None
    )
    if noun:
        that = g.THAT_ANY.match(m, noun.end(), right)
        return "that", that.end() if that else noun.end()
    if not LIGHT.sub("", m[beyond:right], count=1) and beyond > at:
        return "none", beyond
    if re.match(r"(?:recommend|suggest|propos|advis)", verb) and re.match(r"\s*[a-z]+ing\s", m[at:right]):
        return "that", at + 1
    if g.WH.match(m, beyond, right):
        return "wh", beyond + len(m[beyond:right]) - len(m[beyond:right].lstrip())
    if m[beyond : beyond + 1] == "," and verb not in ("say", "says", "said"):
        return "none", beyond
    if m[beyond : beyond + 1] in ",;—–" and beyond < right:
        return "none", beyond
    begin = beyond + len(m[beyond:right]) - len(m[beyond:right].lstrip())
    if re.match(r"to\s+[a-z]", m[begin:right]):
        return "inf", begin
    if re.match(r"(?:about|over|of|on|at)\s", m[begin:right]):
        return "about", begin
    head = re.split(r"[,;:]", m[begin:right], maxsplit=1)[0]
    words = head.split()
    finite = g.FINITE.search(head)
    if (
        re.match(r"to\s|not to\s", m[begin:right])
        or kind in ("demand", "propose", "promise", "threaten")
        and (to_do := TO_DO.match(head))
        and not (finite and finite.start() < to_do.end())
    ):
        return "np_inf", begin
    if re.match(r"describ|regard|view|perceiv", verb) and re.search(r"\sas\s", m[begin:right][:90]):
        return "as", begin
    if SAYS_NO.match(m[begin:right]):
        return "np", begin
    if (
        verb.split()[0] in ("say", "says", "said")
        or verb.split()[0] in BARE
        and (len(words) >= 3 or finite)
        or finite
        and finite.start() > 0
        and len(words) >= 3
        and len(head[: finite.start()].split()) <= 12
    ):
        if said_to and not finite:
            return "none", begin
        return "clause", begin
    return "np", begin


def _tail_start(m: str, left: int, att: int) -> int:
    """Where the content begins that an attribution at its end reports: after the last full break before it."""
    begin = left
    for found in re.finditer(r";\s|”,? (?=[A-Z])|\s–\s(?=[A-Z])", m[left:att]):
        if left + found.end() < att - 25:
            begin = left + found.end()
    ahead = re.compile(r"\s*(?:And|But|So|Yet|However,|Meanwhile,|In addition,|At the same time,)\s").match(
        m, begin, att
    )
    return ahead.end() if ahead else begin


def attributions(m: str, left: int, right: int, hits: list, kinds: dict[str, str]) -> list[Attribution]:
    """The attributions of one sentence, in order.

    Accepts the blotted text, the sentence's span, the cues found in it (outside quotation marks) and the class of
    each rule.
    """
    out: list[Attribution] = []
    breaks: list[int] = []
    end = right
    while end > left and m[end - 1].isspace():
        end -= 1
    for hit in hits:
        kind = kinds[hit.rule]
        if out and hit.start < out[-1].verb[1]:
            continue
        word = m[hit.start : hit.end].lower()
        made = None
        if hit.rule == "according_to":
            made = _according(m, left, end, hit)
        elif hit.rule in ("cite", "quote", "learned"):
            made = _citing(m, left, end, hit, word, out)
        elif hit.rule == "in_view":
            made = _in_view(m, left, end, hit)
        elif (
            kind in TAKES
            and kind != "decline"
            and hit.rule not in ("noun_of_speech", "speak", "reportedly", "reject_claim")
        ):
            made = _verbal(m, left, end, hit, word, kind, out)
        if made and made.speaker and m[slice(*made.speaker)].strip(" “”").lower() in NOBODY:
            made = None
        if made:
            out.append(made)
        elif re.search(r"(?:ed|s|d|t)$", word.split()[0]):
            joint = re.search(r",?\s(?:and|but)(?: also)?\s*$", m[left : g.auxiliaries(m, left, hit.start)[0]])
            if joint:
                breaks.append(left + joint.start())
    return _split(m, _cut(m, out, breaks), end)


def _according(m: str, left: int, end: int, hit) -> Attribution | None:
    """ "According to X, C" and "C, according to X"."""
    opening = (
        not m[left : hit.start].strip(" “,")
        or bool(g.LEAD.fullmatch(m[left : hit.start]))
        or bool(re.search(r"(?:[;:—–]|, (?:and|but|while|although))\s*$", m[left : hit.start]))
    )
    if opening:
        comma = re.search(r",(?=\s)", m[hit.end : end])
        if not comma or len(m[hit.end + comma.end() : end].split()) < 3:
            return None
        stop = hit.end + comma.start()
        # a name may be followed by what it is: "According to X, a pilot, the ferry …"
        nxt = re.compile(
            r",\s+(?:an?|who|the (?:head|chief|director|author|leader)|director|head|professor|president|"
            r"chairman)\b[^,]*,(?=\s)"
        ).match(m, stop, end)
        content = nxt.end() if nxt and len(m[nxt.end() : end].split()) >= 3 else stop + 1
        speaker = strip_span(m, hit.end, stop)
        return Attribution(hit.start, content, (hit.start, hit.end), speaker, (content, end), "according_opening")
    speaker = strip_span(
        m, hit.end, min([hit.end + c.start() for c in re.finditer(r"[,;.](?=\s|$)|[—–]", m[hit.end : end])] + [end])
    )
    if re.search(r"(?:^|\s)(?:[A-Z]|Mr|Mrs|Dr|Prof|Sgt|Gen|Inc)$", m[hit.end : speaker[1]]):
        speaker = strip_span(m, hit.end, end)
    return Attribution(
        hit.start,
        speaker[1],
        (hit.start, hit.end),
        speaker,
        (_tail_start(m, left, hit.start), hit.start),
        "according_tail",
    )


def _in_view(m: str, left: int, end: int, hit) -> Attribution | None:
    """ "In her opinion, C" and "it was, in her words, C"."""
    words = re.match(r"(?:in|from) (his|her|their|its)\b", m[hit.start : hit.end], re.I)
    comma = re.match(r"\s*,\s*", m[hit.end : end])
    if not words or not comma:
        return None
    who = (hit.start + words.start(1), hit.start + words.end(1))
    return Attribution(
        hit.start, hit.end + comma.end(), (hit.start, hit.end), who, (hit.end + comma.end(), end), "according_opening"
    )


def _citing(m: str, left: int, end: int, hit, word: str, out: list[Attribution]) -> Attribution | None:
    """ "quoted X as saying", "citing X", "learned from X"."""
    saying = re.compile(r"\bas (?:saying|telling|stating|adding|writing|having said)\b").search(m, hit.start, end)
    if saying or word == "quoted as saying":
        if not saying or word.startswith("quoted as"):
            speaker, begin, _ = g.subject_before(m, left, g.auxiliaries(m, left, hit.start)[0])
            after = hit.end
            start = begin
        else:
            speaker = strip_span(m, hit.end, saying.start())
            _, start, _ = g.subject_before(m, left, g.auxiliaries(m, left, hit.start)[0])
            after = saying.end()
            if not m[hit.end : saying.start()].strip():
                speaker = g.subject_before(m, left, g.auxiliaries(m, left, hit.start)[0])[0]
        rest = m[after:end].strip(" .,")
        if len(rest) < 4 or not g.FINITE.search(rest) and "“" not in rest and len(rest.split()) < 4:
            return Attribution(
                start, after, (hit.start, after), speaker, (_tail_start(m, left, start), start), "quoted_tail"
            )
        that = g.THAT_ANY.match(m, after, end)
        return Attribution(
            start, after, (hit.start, after), speaker, (that.end() if that else after, end), "quoted_as_saying"
        )
    if word == "quoted by" or word in ("cite", "cites", "cited", "quote", "quotes"):
        return None
    if hit.rule == "learned":
        subject, start, _ = g.subject_before(m, left, g.auxiliaries(m, left, hit.start)[0])
        if subject is None:
            return None
        that = g.THAT_ANY.match(m, hit.end, end)
        if that:
            return Attribution(start, that.end(), (hit.start, hit.end), subject, (that.end(), end), "that")
        return None
    if word in ("citing", "quoting"):
        ahead = m[left : hit.start].rstrip()
        if out and out[-1].content[0] < hit.start or not ahead:
            return None  # a hop of the chain, not a second attribution
        if re.search(r"(?:,|\blearned|\breported|\breports)$", ahead) and g.FINITE.search(ahead):
            speaker = strip_span(
                m, hit.end, min([hit.end + c.start() for c in re.finditer(r"[,;](?=\s)", m[hit.end : end])] + [end])
            )
            if not SOURCE.search(m[slice(*speaker)]):
                return None  # a reason, not a source: "citing the cost"
            stop = hit.start
            tail = re.search(r",[^,]*$", m[left:stop].rstrip(" ,"))
            if tail and len(tail.group().split()) <= 5 and re.search(r"learned|report", tail.group()):
                stop = left + tail.start()
            return Attribution(stop, speaker[1], (hit.start, hit.end), speaker, (left, stop), "citing")
    return None


def _verbal(m: str, left: int, end: int, hit, word: str, kind: str, out: list[Attribution]) -> Attribution | None:
    """A verb of speech or thought with its subject, before, after or inside what it reports."""
    verb = (hit.start, hit.end)
    if hit.start > 0 and m[hit.start - 1] in "-'":
        return None
    if word.startswith(", "):
        verb = (hit.start + 2, hit.end)
    aux, words = g.auxiliaries(m, left, verb[0])
    first = word.strip(" ,").split()[0]
    if TO_SPEAK.search(words) and not (kind == "deny"):
        return None
    ing = first.endswith("ing")
    passive = (
        bool(PASSIVE.search(words))
        and not ing
        and hit.rule not in ("concern",)
        and not first.startswith(("is", "are", "was"))
    )
    if (
        NOT_A_VERB.search(m[max(left, aux - 16) : aux])
        and re.fullmatch(r"(?:\s*\w+ly)*\s*", m[aux : verb[0]])
        or NOUNISH.fullmatch(first)
        and AFTER_ARTICLE.search(m[max(left, verb[0] - 40) : verb[0]])
    ):
        return None  # a noun or adjective: "the stated aim", "a massive blast"
    before = m[left:aux].rstrip()
    if before.endswith(("”", "?", "!")) and aux == verb[0] and not ing:
        speaker = g.subject_after(m, verb[1], end)
        if speaker and m[speaker[0] : speaker[1]].lower().split()[0] not in ("that", "to", "there", "in", "on", "at"):
            return _around(m, left, end, left + len(before), speaker[1], verb, speaker, "inverted")
    kindof, begin = _complement(m, verb[1], end, word.strip(" ,"), kind)
    if passive:
        it = re.search(r"\b[Ii]t\s*$", m[max(left, aux - 4) : aux])
        if (
            it
            and kindof == "that"
            and hit.rule not in ("tell", "inform")
            and not re.search(r"\b(?:as|which|that|because|since|where)\s+it\s*$", m[max(left, aux - 14) : aux])
        ):
            return Attribution(aux - 3, begin, verb, None, (begin, end), "passive")
        return None
    if ing and not PASSIVE.search(words):
        return _participle(m, left, end, verb, kind, kindof, begin, out)
    if kindof == "quote" and m[verb[1] : begin].strip() == "," and re.search(r"”\s*[^“”,;]{1,80}$", m[left:aux]):
        kindof, begin = "none", verb[1]
    if kindof in ("none", "np", "clause"):
        tail = (
            _tail(m, left, end, verb, aux, kindof, begin) if kind in TAILING or TAILING_WORDS.fullmatch(first) else None
        )
        if tail:
            return tail
    if kindof == "none":
        return None
    if kindof == "colon" and "“" not in m[begin : begin + 3] and kind not in TAILING:
        return None
    if kindof not in ("that", "quote", "colon") and kindof not in TAKES[kind]:
        if not (
            "“" in m[begin:end]
            and kindof in ("np", "clause", "inf", "about", "wh")
            and kind not in ("expect", "hope", "cite")
            and re.split(r"[,;]", m[begin:end])[0].count("“")
        ):
            return None
    if kindof == "clause" and kind in ("expect", "announce", "propose", "deny") and not g.FINITE.search(m[begin:end]):
        return None
    if hit.rule == "call" and "“" not in re.split(r"[,;]", m[begin:end])[0]:
        return None
    if kind == "propose" and not re.match(r"suggest|recommend|advis", first):
        return None
    subject, start, opener = g.subject_before(m, left, aux)
    if subject is None and kindof != "quote":
        return None
    if opener in ("if", "whether", "unless"):
        return None
    if opener == "shared" and out:
        subject = out[-1].speaker
    if subject and m[subject[0] : subject[1]].strip().lower() in (
        "i",
        "we",
        "you",
        "who",
        "which",
        "that",
        "there",
        "when",
        "if",
    ):
        return None
    stop = end
    half = re.compile(r";\s").search(m, begin + 8, end) or (
        re.compile(r"\s[—–](?=\s)").search(m, begin + 2, end) if opener in ("—", "–") else None
    )
    if half:
        stop = half.start()
    if opener in ("which", "that", "who", "where", "as", "whom") or opener == "relative":
        comma = re.compile(r",(?=\s)|\s–\s").search(m, begin + 8, end)
        if comma and opener != "where":
            stop = comma.start()
    return Attribution(start, begin, verb, subject, (begin, stop), "shared" if opener == "shared" else kindof)


def _participle(m, left, end, verb, kind, kindof, begin, out) -> Attribution | None:
    """ "X signed, saying that C" and "Saying C, X signed"."""
    if (
        not re.search(
            r"(?:,|”|\b(?:and|while|by|after|statement|letter|speech|interview|report|post|tweet|message|release|note))$",
            m[left : verb[0]].rstrip(),
        )
        and m[left : verb[0]].strip()
    ):
        return None
    if kindof not in ("that", "quote", "clause", "colon") and not (
        kind in ("criticise", "accuse", "demand", "deny") and "“" in m[begin:end]
    ):
        return None
    if kindof == "clause" and m[verb[0] : verb[1]].lower() not in (
        "saying",
        "telling",
        "arguing",
        "claiming",
        "insisting",
        "believing",
        "warning",
        "adding",
        "thinking",
        "hoping",
    ):
        return None
    before = m[left : verb[0]].rstrip()
    if not before:
        comma = re.compile(r",\s").search(m, begin, end)
        if not comma:
            return None
        return Attribution(
            left, begin, verb, g.first_noun_phrase(m, comma.end(), end), (begin, comma.start()), "participle_opening"
        )
    if not before.endswith(
        (
            ",",
            "”",
            "and",
            "while",
            "by",
            "after",
            "–",
            "—",
            "statement",
            "letter",
            "speech",
            "interview",
            "report",
            "post",
            "tweet",
            "message",
            "release",
        )
    ) and not re.search(r"[\w]$", before):
        return None
    earlier = [a for a in out if a.speaker and a.content[0] < verb[0] or a.content[1] <= a.start]
    if earlier:
        speaker = earlier[-1].speaker
    else:
        outer, _ = g.clause_start(m, left, left + len(before) - 1)
        speaker = g.first_noun_phrase(m, outer if g.FINITE.search(m[outer : verb[0]]) else left, verb[0])
    return Attribution(left + len(before), begin, verb, speaker, (begin, end), "participle")


def _tail(m, left, end, verb, aux, kindof, begin) -> Attribution | None:
    """ "C, X said" and "“C,” said X": the attribution follows what it reports, or interrupts it."""
    before = m[left:aux].rstrip()
    if kindof in ("none",) or not g.FINITE.search(re.split(r"[,;]", m[begin:end])[0]):
        inverted = before.endswith((",", "”", "?", "!", "–", "—", "'")) and kindof != "none"
        if inverted and (
            before.endswith(("”", "?", "!"))
            or g.FINITE.search(before)
            or m[verb[0] : verb[1]].lower() in ("say", "says", "said")
            and len(before.split()) > 5
        ):
            speaker = g.subject_after(m, verb[1], end)
            if speaker and m[speaker[0] : speaker[1]].lower().split()[0] not in ("that", "to", "there"):
                start = left + len(before)
                return _around(m, left, end, start, speaker[1], verb, speaker, "inverted")
    if kindof != "none":
        return None
    subject, start, opener = g.subject_before(m, left, aux)
    if subject is None or opener == "shared":
        return None
    if g.FINITE.search(m, *subject) or len(m[subject[0] : subject[1]].split()) > 16:
        return None
    ahead = m[left:start].rstrip()
    comma = ahead.endswith((",", "”", "?", "!", "–", "—", ";", "'"))
    if not comma:  # the subject was cut at a comma inside: look for the last one before it
        at = max(m.rfind(", ", left, subject[0]), m.rfind("” ", left, subject[0]))
        if at < left:
            return None
        ahead = m[left : at + 1].rstrip()
        start = at + 1
    if (
        m[begin : begin + 1] == ","
        and len(ahead.split()) < 4
        and not ahead.endswith(("”", "?", "!"))
        and len(m[begin:end].split()) > 2
    ):
        return Attribution(start, begin, verb, subject, (left, end), "inside")
    if not (g.FINITE.search(ahead) or ahead.endswith(("”", "?", "!")) or len(ahead.split()) > 6):
        # "In fact, X said, the ferry …": the content goes on after the attribution
        if m[begin : begin + 1] == "," and len(m[begin:end].split()) > 2:
            return Attribution(start, begin, verb, subject, (left, end), "inside")
        return None
    return _around(m, left, end, start, begin, verb, subject, "tail")


def _around(m, left, end, start, stop, verb, speaker, shape) -> Attribution:
    content = _tail_start(m, left, start)
    joined = re.search(r"\b(?:because|that|but|and|so|if|as|since|although|while),?$", m[left:start].rstrip(" ,"))
    if joined and m[stop : stop + 1] == ",":
        return Attribution(start, stop + 1, verb, speaker, (stop + 1, end), "after")
    lead = m[content:start].rfind("“")
    if lead > 0 and re.search(r"”[,.?!]?\s*$", m[content:start]):
        ahead = m[content : content + lead].rstrip()
        if (
            ahead.endswith(":")
            or ahead.endswith(",")
            and (not g.FINITE.search(ahead) or re.match(r"(?:and )?when asked\b", ahead, re.I))
        ):
            content += lead
        elif re.match(r"(?:while|although|though|when|if|as|after|since|because)\b", ahead, re.I) and "," in ahead:
            content += ahead.rfind(",") + 1
    rest = m[stop:end].strip()
    if (
        rest.startswith(",")
        and len(rest.split()) > 3
        and SUBORDINATE.match(m, content)
        and not re.search(r",\s", m[content:start].rstrip(" ,"))
    ):
        return Attribution(start, stop, verb, speaker, (content, end), "inside")
    if (
        rest.startswith(",")
        and len(rest.split()) > 3
        and not re.match(
            r",\s*(?:with|which|who|whose|an?|the|adding|citing|referring|while|as|after|before|when|in|on|at|but|“|of|during|head|"
            r"director|chief|president|professor|chairman|mayor|spokes\w+|according|[a-z]+ing)\b",
            rest,
        )
    ):
        if len(m[content:start].split()) < 6 or re.match(
            r",\s*(?:that|is|are|was|were|has|have|will|would|because|if|though)\b", rest
        ):
            return Attribution(start, stop, verb, speaker, (content, end), "inside")
    return Attribution(start, stop, verb, speaker, (content, start), shape)


def _cut(m: str, found: list[Attribution], breaks: list[int]) -> list[Attribution]:
    """End a content where the next attribution of the same level begins."""
    out = []
    for k, a in enumerate(found):
        start, stop = a.content
        if a.shape not in ("tail", "inverted", "according_tail", "citing", "quoted_tail", "inside"):
            for b in found[k + 1 :]:
                if b.start <= start:
                    continue
                ahead = m[start : b.start]
                joint = re.search(
                    r"(?:,|;|—|–|”)\s*(?:(?:and|but|while|although|though|as|whereas|yet)\s*)?$|\b(?:and|but)\s*$",
                    ahead,
                )
                if b.shape in ("tail", "inverted", "according_tail", "citing", "quoted_tail", "inside"):
                    if b.content[0] <= a.start:  # "X said that C, the paper reported": the whole is reported again
                        stop = min(stop, b.start)
                    continue
                if b.shape == "participle":
                    stop = min(stop, b.start)
                elif b.shape == "shared" and not (b.speaker and b.speaker[0] >= start):
                    stop = min(stop, max(start, m.rfind(" ", start, b.verb[0])))
                    back, _ = g.auxiliaries(m, start, b.verb[0])
                    stop = min(stop, start + len(re.sub(r"[,\s]*(?:and|but|or)\s*$", "", m[start:back])))
                elif joint and not re.search(r"\bthat\s*$", ahead):
                    stop = min(stop, start + joint.start())
            stop = min([stop, *(b for b in breaks if start + 8 < b < stop)])
        start, stop = strip_span(m, start, stop)
        if stop - start >= 2:
            out.append(a._replace(content=(start, stop)))
    return out


def _split(m: str, found: list[Attribution], end: int) -> list[Attribution]:
    """Two contents of one attribution: "said that C and that D", "C, she said, and D"."""
    out = []
    for k, a in enumerate(found):
        start, stop = a.content
        second = AND_THAT.search(m, start + 10, stop) if a.shape in ("that", "clause") else None
        if second and not any(second.start() <= b.verb[0] < stop for b in found[k + 1 :]):
            out += [
                a._replace(content=strip_span(m, start, second.start())),
                a._replace(content=strip_span(m, second.end(), stop), shape="and_that"),
            ]
            continue
        out.append(a)
        after = AND_CLAUSE.match(m, a.end, end) if a.shape in ("tail", "inverted") else None
        if after and g.FINITE.search(m, after.end(), end) and not any(b.start >= a.end - 1 for b in found[k + 1 :]):
            out.append(a._replace(content=strip_span(m, after.end(), end), shape="goes_on"))
    return out
