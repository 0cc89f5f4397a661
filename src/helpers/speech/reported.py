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
    "promise": {"clause"},
    "demand": {"wh"},
    "threaten": {"clause"},
    "propose": set(),
    "opinion": {"clause", "as"},
    "expect": {"clause"},
    "hope": {"clause"},
    "concern": {"clause", "about"},
    "ask": {"wh"},
    "agree": {"clause"},
    "cite": set(),
    "accuse": {"of"},
    "criticise": set(),
    "praise": set(),
    "decline": set(),
    "voice": set(),
    "resume": set(),
    "judge": set(),
    "cause": {"cause"},
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
TO_SPEAK = re.compile(r"\b(?:to|will|would|could|can|cannot|may|might|should|must|shall|not|never|\w*n't|let)\b")
PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|'s)\b")
SOURCE = re.compile(
    r"[A-ZÀ-Þ]|\b(?:sources?|officials?|reports?|statements?|documents?|people|experts?|analysts?|diplomats?|"
    r"studies|study|data|"
    r"figures|media|comments|remarks|records|papers|research|intelligence|witnesses|letter)\b"
)
NOBODY = {
    "i",
    "my",
    "we",
    "our",
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
    "few",
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
    r"reply|urge|hail|thank|joke|mock|lament|object|advance|stress|reports|claims|notes|states|comments|remarks|"
    r"signals|"
    r"offers|orders|requests|demands|calls|estimates|forecasts|hopes|fears|wishes|promises|pledges|questions|"
    r"answers|quotes|"
    r"proposals|blasts|charges|objects|jokes|signal that|signals that|report that|reports that|claim that|claims that)"
)
AFTER_ARTICLE = re.compile(
    r"\b(?:a|an|the|this|his|her|its|their|these|those|no|any|some|of|similar|several|many|more|with|in|for|by|"
    r"amid|despite|"
    r"following|over|against|into|about|after|from|on|at)\s+(?:[\w'-]+\s+)?$",
    re.I,
)
CLAUSE_AFTER = re.compile(r",\s*(?:(?:after|before|when|because|until|since|if)\s|while (?:he|she|it|they)\b)")
SUBORDINATE = re.compile(r"\s*(?:If|When|Unless|Although|Though|While|Once|Until|Because|Should|After|Before)\b")
AND_CLAUSE = re.compile(
    r"\s*,\s*(?:and|but)\s+(?=(?:the|a|an|he|she|it|they|this|that|these|those|his|her|its|their|there|no|some|"
    r"many|most)\b|[A-ZÀ-Þ])"
)
TAILING = {
    "say",
    "voice",
    "resume",
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
MARKED = {"voice", "resume", "exclaim", "mention"}  # after what they report only where that stands in marks
TAILING_WORDS = re.compile(
    r"(?:suggest|warn|caution|complain|recommend|urg|demand|ask|lament|bemoan|object|protest|threaten|advis|plead|joke|"
    r"scoff|fear)\w*"
)
NOUN_BEFORE = re.compile(
    r"\b(?:an?|the|his|her|its|their|this|in|of|with|by|for|on|at|from|and|more|most|newly|so)\s+$"
)
PARTICIPLE_AFTER = re.compile(r"\s(?:by|in|with|at|to|on|from|for|against|as|during|between|under)\b")
REQUEST = re.compile(
    r"\b(?:request|requests|decision|decisions|fact|demand|claim|claims|argument|view|report|reports|idea|hope|"
    r"hopes|fear|fears|rule|"
    r"grounds?|evidence|signs?|proof|belief|theory|condition|so|warnings?|assurances?|promises?|pledges?|"
    r"statements?|allegations?|"
    r"accusations?|suggestions?)(?:\s(?:from|by|of)\s[^,;“”]{2,60})?$"
)
DENIED_THING = re.compile(
    r"\s*(?:(?:an?|the|his|her|its|their|any|all|them|him|it|us)\s)?(?:[\w'-]+\s){0,2}?(?:requests?|petitions?|"
    r"motions?|applications?|"
    r"appeals?|bail|parole|asylum|permits?|licen[cs]es?|loans?|funds?|funding|benefits|aid|care|treatment|hearing|"
    r"credit|use|"
    r"service|rights?|chance|opportunity|victory|support|justice)\b"
)
# what the reporter says of the content: "C, a claim that the yard denies"
APPOSED = re.compile(
    r",\s(?:an?|the same)\s(?:[\w-]+\s){0,2}?(?:decision|claim|charge|allegation|remark|statement|finding|"
    r"assertion|accusation|position|"
    r"stance|verdict|ruling|contention|suggestion|comment|description|reference|account|version)\b"
)
NEW_SENTENCE = re.compile(r"[.?!]”\s+(?=[A-Z“])")
SAYS_NO = re.compile(
    r"\s*(?:(?:so|no|yes|nothing|little|more|much|it|goodbye|this|that)\b\s*(?:[.,;]|$)|so since\b|"
    r"(?:nothing|little|much|anything)\sabout\b)", re.I
)
TO_DO = re.compile(r"(?:(?:the|a|an|all|his|her|its|their)\s+)?(?:[\w'.-]+\s+){1,6}?(?:not )?to\s+[a-z]+\b")
TO_WHOM = re.compile(r"\s*(?:to|of|about)\s[^,.;:“”—–]{1,80}?(?=\s+that\b|\s*[,:“—–;]|\.?\s*$|\.\s)")
# who judges: "calls the fare unfair", "regards it as a trick", "dismissed as idle the claim"
SUFFIX = (
    r"(?:[a-z]+(?:able|ible|ful|less|ous|ive|ent|ant|ate|ed|ing|al|ic|ary|ory|some|ish|wise)|un[a-z]+|wrong|right|"
    r"fair|weak|strong|"
    r"safe|welcome|good|bad|late|early|absurd|remote|hollow|premature|null|void|moot|dead|closed|open|true|false|small|"
    r"high|low|slim|great|grave|dire|mad|rash|naive|crude|cruel|vague|vain|odd|strange|enough|necessary|unlikely|"
    r"likely)"
)
THING_JUDGED = (
    r"(?:(?:it|him|her|them|this|that|these|those)|[a-z]+(?=\s“)|(?:an?|the|his|her|its|their|our|this|these|"
    r"those|any|such|what)\s"
    r"(?:[\w'’-]+\s){0,8}?[\w'’-]+|[A-ZÀ-Þ][\w'’-]+(?:\s[A-ZÀ-Þ][\w'’-]+){0,3}(?:'s?\s(?:[\w'’-]+\s){0,3}?[\w'’-]+)?)"
)
JUDGED_AS = re.compile(rf"\s*{THING_JUDGED}\s+(?:as|to be)\s+(?=\w|“)")
JUDGED = re.compile(
    rf"\s*{THING_JUDGED}\s+(?:“|(?:(?:too|so|very|quite|wholly|merely|more|less|"
    rf"[a-z]+ly)\s)*{SUFFIX}(?=\s*(?:[,.;—–”]|$|\s(?:and|but|"
    r"or|if|on|to|for|in|as|because|since|given|at|under|than|that|when|until|without|rather)\b)))"
)
NAMED_SO = re.compile(
    rf"\s*{THING_JUDGED}\s+an?\s(?!(?:day|week|month|year|hour|minute|moment|few|number|second|third|little|lot|"
    rf"bit|while|time|"
    r"fortnight|night|morning|couple|dozen|mile|kilomet\w+)\b)(?=[\w'-]+)"
)
NAMED_IT = re.compile(
    r"\s*(?:it|this|them|him|her)\s+(?!(?:to|in|on|at|for|by|with|and|when|as|from|out|off|back|up|down|after|"
    r"before|over|into|a|an|"
    r"the|off|again|quits|week|month|year|morning|afternoon|evening|day|time|summer|spring|autumn|winter|that|who|"
    r"which|if|"
    r"because|while|but|or|is|was|has|would|will|could|may|might|should|can)\b)[a-z]+(?=\W)"
)
TO_BE = re.compile(
    r"\s+(?:as|to be)\s|\s+(?:(?:too|so|very|quite|wholly|[a-z]+ly)\s)*(?:un[a-z]+|[a-z]+(?:able|ible|ful|less|ous|"
    r"ive))\b"
)
AS_FIRST = re.compile(
    r"\s*as\s+(?=[a-z“])(?P<word>(?:[^\s,;]+\s){0,5}?[^\s,;]+?)(?=\s(?:the|an?|his|her|its|their|any|all|these|"
    r"those|this|that|"
    r"claims?|reports?|allegations?|suggestions?|[A-ZÀ-Þ])\b|[,.;]|$)"
)
WHAT = re.compile(r"(?:^|.*\s)(?:what|which|that) ((?!is |was |are |were )[^,;:“”]{2,60}?)\s*$", re.S)
ONLY_AS = re.compile(
    r"describ|regard|view|portray|depict|character|paint|cast|present|fram|dismiss|reject|condemn|denounc|hail|"
    r"prais|decr|derid|"
    r"slam|blast|welcom|critici|ridicul|lambast|deplor|attack|cite|interpret|perceiv|treat|assess|identif|mock|"
    r"tout|bill|defend|hold up"
)
NAMES = re.compile(r"call|term|label|brand|dub|styl|pronounc|declar|deem|consider")
JUDGED_END = re.compile(
    r"\s*(?:;|\s[—–]\s|,\s(?:and|but|which|who|while|although|though|as|whereas|after|before|when|with|[a-z]+ing)\b|"
    r"\s(?:and|but)\s(?:has|have|had|is|was|will|would|called|said|says)\b|\s(?:and|but)\s[a-z]+ed\s"
    r"(?:the|an?|to|that|its|his|her|their|it|him|them|on|for)\b)"
)
TELLS = re.compile(
    r"(?:tell|told|warn|inform|assur|reassur|remind|advis|notif|alert|caution|brief|promis|persuad|convinc)"
)
WHOM_THAT = re.compile(r"\s+([^,;:“”]{2,90}?)\s+that\b\s*")
BY_WHOM = re.compile(r"\s+by\s+([^,;:“”]{2,70}?)\s+of\s+")
BLAMED_ON = re.compile(r"\s+[^,;:“”]{2,80}?\son\s+(?=\w|“)")
SEEN_BY = re.compile(
    r"\s+by\s+((?:(?:the|an?|his|her|its|their|some|many|most)\s)?[^,;:“”.]{2,60}?)\s+(?:as\s|to\s(?:be|have)\s|“)"
)
COMMA = re.compile(r"[,;]\s")
CAUSE = re.compile(r"[^,;:“”]{2,80}?\sto\s+(?=\w|“)")
OF_DOING = re.compile(r"[^,;:“”]{2,90}?\s(?:of|for)\s+(?=(?:not )?(?:having|being|[a-z]{2,}ing)\s)")
HAS_OWNER = re.compile(
    r"(?:(?P<own>his|her|its|their)|(?P<who>(?:the|an?|this|that|these|those)\s(?:(?!of\s|in\s|on\s|by\s|about\s|"
    r"for\s|to\s|and\s|with\s)[\w-]+\s){0,3}?"
    r"[\w-]+|(?:[A-ZÀ-Þ][\w.-]*\s(?:of\s|the\s|and\s)?){0,5}[A-ZÀ-Þ][\w.-]*|[a-z]+s)(?:'s|"
    r"(?<=s)'))\s(?:[\w-]+\s){0,2}?$"
)
EQUATED = re.compile(r"\s(?:is|was|remains|remained|has been) that(?!\w)")
OF_WHOM = re.compile(r"\s(?:of|from|among|by|in|at)\s(?P<who>[^,;:“”]{2,70})$")
THAT_IS = re.compile(r"(?:is|was|are|were|has|had|have|will|would|can|could)\b")
NOUN_END = re.compile(r";|\s[—–]\s|,\s(?=(?:and|but|which|who|while|although|though|[a-z]+ing)\b)")
FROM_WHOM = re.compile(r"\s(?:from|by)\s([^,;:“”]{2,70}?)\s+that(?!\w)")
GIVES = re.compile(
    r"\b(?:issu|giv|gav|ma[dk]|offer|repeat|voic|express|rais|deliver|sen[dt]|sound|utter|renew|add|air|h[eo]ld|"
    r"press|lodg|"
    r"releas|publish|post|put out|put forward|rejoin|reach|advanc|float|spread|c[ao]me up|is of|are of|was of|"
    r"were of)\w*\b"
    r"(?:\s[\w'-]+){0,5}?\s*$"
)
PAPER = re.compile(
    r"(?:(?<=\s)|^)((?:(?:an?|the|its|their|his|her|this|that)\s)(?:(?!of\s|in\s|on\s|for\s|"
    r"to\s)[\w'’-]+\s){0,4}?(?:draft|plan|proposal|"
    r"agreement|treaty|contract|bill|law|"
    r"accord|pact|deal|resolution|memorandum|clause|paper|terms|protocol|decree|convention|charter|statute)\b"
    r"[^,;:“”]{0,60}|(?:the\s)?(?:[\w'’-]+\s){0,5}(?:Treaty|Act|Agreement|Accords?|Convention|Protocol|Charter|"
    r"Resolution|Pact))"
    r"(?:,[^,;:“”]{2,60})?,?\s*$"
)
INVERTS = re.compile(
    r"(?:says?|said|adds?|added|writes?|wrote|reports?|reported|notes?|noted|warns?|warned|argues?|argued|claims?|"
    r"claimed|explains?|"
    r"explained|complains?|complained|insists?|insisted|replied|"
    r"replies|remarked|"
    r"concluded|concludes|recalls?|recalled|observed|stated|believes?|thinks?|predicts?|predicted|admits?|admitted|"
    r"confirmed|alleged?|alleges|contends?|estimates?|estimated|joked|quipped|commented|"
    r"stressed|cautioned|ruled|"
    r"mused|retorted|countered|grumbled)\b"
)
PAPERS = re.compile(
    r"\b(?:statement|letter|notice|sign|banner|placard|headline|note|message|memo|memorandum|text|report|opinion|"
    r"ruling|caption|"
    r"inscription|editorial|resolution|email|tweet|post|clause|article|paragraph|declaration|communiqu[eé]|"
    r"verdict|order|decree|"
    r"poster|slogan|line|bill|leaflet|passage|title|graffiti|release|petition|document|draft|law|treaty|contract|"
    r"charter)s?\s*$"
)
ABBREVIATED = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Sgt|Gen|Sen|Rep|Gov|Lt|Col|Adm|St)$")
WHICH_IT = re.compile(r"\b(?:which|who|that)\s[^,;“”]{2,60}$")
ADDRESSING = frozenset(
    "tell tells told telling inform informs informed informing assure assures assured remind reminds reminded warn "
    "warns warned warning advise advised ask asked asks asking".split()
)
NO_SOURCE = frozenset("i we you who which that there when if".split())
SAYING = frozenset(
    "saying telling arguing claiming insisting believing warning adding thinking hoping ruling noting stressing "
    "suggesting complaining alleging declaring explaining conceding".split()
)
BEFORE_SAYING = tuple(
    ", ” and while by after – — statement letter speech interview report post tweet message release".split()
)
LIGHT = re.compile(r"[\s,.”\"'’)]*")


def _complement(m: str, at: int, right: int, verb: str, kind: str) -> tuple[str, int]:
    """What follows a verb: the kind of complement and where it begins; "none" where only adverbials follow."""
    after = at
    rest = m[at:right]
    if (own := _own_complement(m, at, right, verb, kind)) is not None:
        return own
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
        if verb.split()[0] in ADDRESSING
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
        and kind in ("say", "voice", "confirm", "stress", "criticise", "claim", "reveal", "announce")
        and (whom := TO_WHOM.match(m, after, right))
    ):
        beyond = whom.end()
    for place in (after, beyond):
        if place > after and REQUEST.search(m[after:place]):
            break
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
    if re.match(r"(?:recommend|suggest|propos|advis|advocat)", verb) and re.match(r"\s*[a-z]+ing\s", m[at:right]):
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
    finite = g.FINITE.search(head) if verb.split()[0] in BARE else _finite(head)
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
        and (finite.start() > 0 or WHICH_IT.search(m[max(0, at - 70) : at]))
        and len(words) >= 3
        and len(head[: finite.start()].split()) <= 12
    ):
        if said_to and not finite:
            return "none", begin
        return "clause", begin
    return "np", begin


def _finite(head: str) -> re.Match[str] | None:
    """The verb that makes a clause of what follows: none that stands in a clause of its own or is a participle."""
    over = next((x.start() for x in g.BREAK.finditer(head) if x.start() > 2), len(head))
    for found in g.FINITE.finditer(head, 0, over):
        noun = NOUN_BEFORE.search(head[: found.start()])  # "a plan", "in mismatched coats"
        if not noun and not (found.group().endswith("ed") and PARTICIPLE_AFTER.match(head, found.end())):
            return found
    return None


def _own_complement(m: str, at: int, right: int, verb: str, kind: str) -> tuple[str, int] | None:
    """What only some verbs take: a judgement ("calls it unfair"), a cause ("put it down to fog"), a charge ("of having
    sunk it"); None where the verb has none of them beside it."""
    blank = len(m[at:right]) - len(m[at:right].lstrip())
    near = min(right, at + 160)
    if ONLY_AS.match(verb) or kind == "judge":
        if first := AS_FIRST.match(m, at, near):
            return "judged", first.start("word")
        if JUDGED_AS.match(m, at, near):
            return "judged", at + blank
    if kind == "judge":
        if not ONLY_AS.match(verb) and JUDGED.match(m, at, near) or NAMES.match(verb) and (
            NAMED_SO.match(m, at, near) or NAMED_IT.match(m, at, near)
        ):
            return "judged", at + blank
        return ("quote", at + blank) if NAMES.match(verb) and m[at + blank : at + blank + 1] == "“" else ("np", at)
    if kind == "cause":
        if verb.endswith((" of", " to")):
            return ("cause", at + blank) if m[at + blank : at + blank + 1] not in ",.;" else ("np", at)
        to = CAUSE.match(m, at, near)
        return ("cause", to.end()) if to else ("np", at)
    if TELLS.match(verb) and (whom := WHOM_THAT.match(m, at, right)) and not g.FINITE.search(m, at, whom.end(1)):
        return "that", whom.end()
    if TELLS.match(verb) and TO_DO.match(re.split(r"[,;:]", m[at:right].lstrip(), maxsplit=1)[0]):
        head = re.split(r"\sto\s", m[at:right], maxsplit=1)[0]
        if not g.FINITE.search(head):
            return "inf", at + blank
    if verb.startswith("blam") and (on := BLAMED_ON.match(m, at, near)) and not g.FINITE.search(on.group()):
        return "judged", at + blank
    if kind == "accuse" and (of := OF_DOING.match(m, at, near)):
        return "of", of.end()
    return None


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
        elif kind == "noun":
            made = _noun(m, left, end, hit)
        elif kind == "ground":
            made = _ground(m, left, end, hit)
        elif hit.rule in ("cite", "quote", "learned"):
            made = _citing(m, left, end, hit, word, out)
        elif hit.rule == "in_view":
            made = _in_view(m, end, hit)
        elif (
            kind in TAKES
            and kind != "decline"
            and hit.rule not in ("noun_of_speech", "speak", "reportedly", "reject_claim")
        ):
            made = _verbal(m, left, end, hit, word, kind, out)
        if made and made.speaker and _nobody(m[slice(*made.speaker)]):
            made = None
        if made and out and out[-1].content[0] == made.content[0]:
            continue
        if made:
            out.append(made)
        elif re.search(r"(?:ed|s|d|t)$", word.split()[0]):
            joint = re.search(r",?\s(?:and|but)(?: also)?\s*$", m[left : g.auxiliaries(m, left, hit.start)[0]])
            if joint:
                breaks.append(left + joint.start())
    return _split(m, _cut(m, out, breaks), end)


def _nobody(words: str) -> bool:
    words = words.strip(" “”`'\"").lower()
    return words in NOBODY or bool(re.match(r"(?:nobody|no one|none|neither|few|no|let|let's)\s", words))


def _noun(m: str, left: int, end: int, hit) -> Attribution | None:
    """ "X's warning that C", "a warning from X that C", "X issued a warning that C"."""
    begin = hit.end + len(m[hit.end : end]) - len(m[hit.end : end].lstrip())
    equated = EQUATED.search(m, hit.start, hit.end)
    if equated:  # "the view of the pilots is that C", "their answer was that C"
        of = OF_WHOM.search(m[hit.start : equated.start()])
        owner = HAS_OWNER.search(m[max(left, hit.start - 80) : hit.start])
        at = hit.start if of else max(left, hit.start - 80)
        found, name = (of, "who") if of else (owner, "own" if owner and owner["own"] else "who")
        if not found:
            return None
        who = g.strip_span(m, at + found.start(name), at + found.end(name))
        return Attribution(min(who[0], hit.start), begin, (hit.start, hit.end), who, (begin, end), "noun")
    if not g.FINITE.search(m, begin, end) or THAT_IS.match(m, begin, end):
        return None
    ahead = m[max(left, hit.start - 80) : hit.start]
    owner, giver = HAS_OWNER.search(ahead), FROM_WHOM.search(m, hit.start, hit.end)
    if giver:
        who, start = giver.span(1), hit.start
    elif owner:
        name = "own" if owner["own"] else "who"
        at = max(left, hit.start - 80)
        who = g.strip_span(m, at + owner.start(name), at + owner.end(name))
        start = who[0]
        clause, _ = g.clause_start(m, left, start)
        if not m[g.lead(m, clause, start) : start].strip() and not re.search(r"\b[a-z]+\s*$", m[clause:start]):
            return None  # "X's warning that C was heard": where C ends is not said
    else:
        aux = GIVES.search(m, max(left, hit.start - 60), hit.start)
        if not aux:
            return None
        back, words = g.auxiliaries(m, left, aux.start())
        if TO_SPEAK.search(words) or PASSIVE.search(words):
            return None
        subject, start, _ = g.subject_before(m, left, back)
        if subject is None:
            return None
        who = subject
    stop = NOUN_END.search(m, begin, end)
    verb = (hit.start, hit.start + len(m[hit.start : hit.end].split()[0]))
    return Attribution(start, begin, verb, who, (begin, stop.start() if stop else end), "noun")


def _ground(m: str, left: int, end: int, hit) -> Attribution | None:
    """ "A draft under which C": the paper speaks."""
    at = m.find("under which", hit.start, hit.end)
    paper = PAPER.search(m, max(left, at - 160), at)
    begin = hit.end + len(m[hit.end : end]) - len(m[hit.end : end].lstrip())
    if not paper or not g.FINITE.search(m, begin, end):
        return None
    stop = NOUN_END.search(m, begin, end)
    content = (begin, stop.start() if stop else end)
    return Attribution(paper.start(1), begin, (at, hit.end), g.strip_span(m, *paper.span(1)), content, "ground")


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
    stops = (c.start() for c in re.finditer(r"[,;.](?=\s|$)|[—–]", m[hit.end : end]))
    stops = (c for c in stops if not ABBREVIATED.search(m[hit.end : hit.end + c]))
    speaker = strip_span(m, hit.end, min(hit.end + next(stops, end - hit.end), end))
    words = re.compile(r"\s*[,:—–]?\s*(?=“)").match(m, speaker[1], end) if "words" in m[hit.start : hit.end] else None
    if words:
        stop = m.find("”", words.end(), end) + 1
        return Attribution(hit.start, words.end(), (hit.start, hit.end), speaker, (words.end(), stop or end), "quote")
    return Attribution(
        hit.start,
        speaker[1],
        (hit.start, hit.end),
        speaker,
        (_tail_start(m, left, hit.start), hit.start),
        "according_tail",
    )


def _in_view(m: str, end: int, hit) -> Attribution | None:
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
    if saying or word.endswith("as saying"):
        if not saying or word.endswith("as saying"):
            speaker, begin, _ = g.subject_before(m, left, g.auxiliaries(m, left, hit.start)[0])
            after = hit.end
            start = begin
        else:
            speaker = strip_span(m, hit.end, saying.start())
            subject, start, _ = g.subject_before(m, left, g.auxiliaries(m, left, hit.start)[0])
            after = saying.end()
            between = m[hit.end : saying.start()]
            if not between.strip() or PASSIVE.search(g.auxiliaries(m, left, hit.start)[1]):
                speaker = subject
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
    if TO_SPEAK.search(words):
        return None
    if kind == "deny" and DENIED_THING.match(m, verb[1], end):
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
        and not (word.endswith(" that") and re.search(r"[a-z]{2,}[^s'\W]s\s+$", m[max(left, verb[0] - 20) : verb[0]]))
        and not (WHICH_IT.search(m[max(left, verb[0] - 70) : verb[0]]) and g.FINITE.match(m, verb[1] + 1))
        and AFTER_ARTICLE.search(m[max(left, verb[0] - 40) : verb[0]])
    ):
        return None  # a noun or adjective: "the stated aim", "a massive blast"
    before = m[left:aux].rstrip()
    if before.endswith(("”", "?", "!")) and aux == verb[0] and not ing:
        speaker = g.subject_after(m, verb[1], end)
        if speaker and m[speaker[0] : speaker[1]].lower().split()[0] not in ("that", "to", "there", "in", "on", "at"):
            return _around(m, left, end, left + len(before), speaker[1], verb, speaker, "inverted")
    if kind == "accuse" and (by := BY_WHOM.match(m, verb[1], end)):  # "X, accused by Y of C"
        comma = COMMA.search(m, by.end(), end)
        return Attribution(aux, by.end(), verb, by.span(1), (by.end(), comma.start() if comma else end), "of")
    kindof, begin = _complement(m, verb[1], end, word.strip(" ,"), kind)
    if (
        kindof in ("np", "clause")
        and TELLS.match(first)
        and re.search(r"”\s*[^“”;]{1,90}$", m[left:aux])
        and (whom := re.compile(r"\s+[^,;:“”]{2,60}?(?=\s*(?:,|\.?\s*$))").match(m, verb[1], end))
        and not g.FINITE.search(whom.group())
    ):
        kindof, begin = "none", whom.end()
    what = WHAT.match(m[max(left, aux - 80) : aux]) if kind == "judge" or ONLY_AS.match(first) else None
    if what and not re.match(r"what\b", what.group()[what.start(1) - 5 :]) and not TO_BE.match(m, verb[1]):
        what = None
    if what and not passive and not ing:
        return _what(m, end, aux, verb, max(left, aux - 80) + what.start(1))
    if passive and (by := SEEN_BY.match(m, verb[1], end)) and (kind in ("judge", "opinion") or ONLY_AS.match(first)):
        who, start, _ = g.subject_before(m, left, aux)  # "the ferry is seen by pilots as a danger"
        if who:
            over = JUDGED_END.search(m, by.end(), end)
            return Attribution(start, verb[1], verb, by.span(1), (who[0], over.start() if over else end), "passive_by")
        return None
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
        if tail and ("“" in m[slice(*tail.content)] or kind not in MARKED and hit.rule not in MARKED):
            return tail
    if kindof == "none" or kind == "resume" and "“" not in m[begin : begin + 3]:
        return None
    if kindof == "colon" and "“" not in m[begin : begin + 3] and kind not in TAILING:
        return None
    if hit.rule == "read_out" and first != "put" and not PAPERS.search(m[max(left, aux - 60) : aux]):
        return None
    if kind == "propose" and kindof != "that" and not re.match(r"suggest|recommend|advis", first):
        return None
    if kindof not in ("that", "quote", "colon", "judged") and kindof not in TAKES[kind]:
        if not (
            "“" in m[begin:end]
            and kindof in ("np", "clause", "inf", "about", "wh")
            and kind not in ("expect", "hope", "cite", "judge", "voice", "resume", "cause")
            and not re.match(r"order|propos|offer", first)
            and g.BREAK.split(re.split(r"[,;]", m[begin:end])[0])[0].count("“")
        ):
            return None
    if kindof == "clause" and kind in ("expect", "announce", "propose", "deny") and not g.FINITE.search(m[begin:end]):
        return None
    subject, start, opener = g.subject_before(m, left, aux)
    if subject is None and kindof != "quote":
        return None
    if opener in ("if", "whether", "unless"):
        return None
    if opener == "shared" and out:
        subject = out[-1].speaker
    if subject and m[subject[0] : subject[1]].strip().lower() in NO_SOURCE:
        return None
    stop = end
    if kindof in ("judged", "cause"):
        as_first = AS_FIRST.match(m, verb[1], end) if kindof == "judged" else None
        ended = (JUDGED_END if kindof == "judged" else COMMA).search(m, begin, end)
        until = as_first.end() if as_first else ended.start() if ended else end
        return Attribution(start, begin, verb, subject, (begin, until), "shared" if opener == "shared" else kindof)
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


def _what(m, end, aux, verb, start) -> Attribution | None:
    """ "What X calls C"."""
    opening = re.compile(r"(?:\s*(?:as|to be))?\s*").match(m, verb[1], end)
    begin = opening.end() if opening else verb[1]
    who = g.strip_span(m, start, aux)
    stop = re.compile(r"[,;]\s|\s[—–]\s").search(m, begin, end)
    if who[1] <= who[0] or g.FINITE.search(m, *who) or m[begin : begin + 1] in ",.":
        return None
    return Attribution(who[0], begin, verb, who, (begin, stop.start() if stop else end), "judged")


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
    if kindof == "clause" and m[verb[0] : verb[1]].lower() not in SAYING:
        return None
    before = m[left : verb[0]].rstrip()
    if not before:
        comma = re.compile(r",\s").search(m, begin, end)
        if not comma:
            return None
        return Attribution(
            left, begin, verb, g.first_noun_phrase(m, comma.end(), end), (begin, comma.start()), "participle_opening"
        )
    if not before.endswith(BEFORE_SAYING) and not re.search(r"[\w]$", before):
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
            and INVERTS.match(m, verb[0])
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
    if opener in ("which", "whom", "whose", "where", "when") and "," not in m[start : subject[0]]:
        if re.search(rf"\b{opener}\s+$", m[max(left, subject[0] - 8) : subject[0]], re.I):
            return None  # "the coast, which they ruled"
    if g.FINITE.search(m, *subject) and not g.participle(m, *subject) or len(m[subject[0] : subject[1]].split()) > 16:
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
    if not (g.FINITE.search(ahead) or "“" in ahead or ahead.endswith(("”", "?", "!")) or len(ahead.split()) > 6):
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
    if m[content:start].rstrip(" ,.?!").endswith("”"):
        return Attribution(start, stop, verb, speaker, (content, start), shape)
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
            r",\s*(?:with|which|who|whose|an?|the|adding|citing|referring|while|as|after|before|when|in|on|at|but|"
            r"“|of|during|head|"
            r"director|chief|president|professor|chairman|mayor|spokes\w+|according|[a-z]+ing)\b",
            rest,
        )
        or CLAUSE_AFTER.match(rest)
        and g.FINITE.search(rest)
    ):
        if CLAUSE_AFTER.match(rest):
            return Attribution(start, stop, verb, speaker, (content, end), "inside")
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
                if (b.verb[0] if b.shape == "shared" else b.start) <= start:
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
        apart = APPOSED.search(m, start + 8, stop) if "“" not in m[start:stop] else None
        start, stop = strip_span(m, start, apart.start() if apart else stop)
        over = NEW_SENTENCE.search(m, start, stop)
        if over and a.shape not in ("tail", "inverted", "according_tail", "citing", "quoted_tail", "inside"):
            stop = over.start() + 2
        if stop - start >= 2:
            out.append(a._replace(content=(start, stop)))
    return out


def _split(m: str, found: list[Attribution], end: int) -> list[Attribution]:
    """Two contents of one attribution: "C, she said, and D"."""
    out = []
    for k, a in enumerate(found):
        start, stop = a.content
        out.append(a)
        after = AND_CLAUSE.match(m, a.end, end) if a.shape in ("tail", "inverted") else None
        if after and g.FINITE.search(m, after.end(), end) and not any(b.start >= a.end - 1 for b in found[k + 1 :]):
            out.append(a._replace(content=strip_span(m, after.end(), end), shape="goes_on"))
    return out
