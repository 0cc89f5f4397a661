"""Speech: what a text gives to someone else's voice, who that is, and through which media the words came.

A quotation is one stretch of content given to one speaker in one sentence, inside quotation marks or not: the content
without its attribution where that stands before or after it, the whole stretch where the attribution interrupts it.
Marks round a single word, titles of works and names of laws are not speech. Words that report are the codebook's
(``speech.yaml``); the grammar is in :mod:`~helpers.speech.grammar` and :mod:`~helpers.speech.reported`. The order in which
speakers of pronouns are tried follows Elson and McKeown 2010 and Muzny et al. 2017 (the last speaker first).
"""
from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

import pandas as pd

from helpers.codebook import Codebook

from . import grammar as g
from .marks import MARK, Quoted, quoted
from .reported import attributions

__all__ = ["CHAIN", "QUOTES", "laundered", "quotes"]

QUOTES = {"quote_id": "string", "sentence_id": "string", "start": "Int64", "end": "Int64", "directness": "string",
          "speaker": "string", "speaker_id": "string", "speaker_bloc": "string", "verb": "string", "rule": "string"}
CHAIN = {"quote_id": "string", "hop": "Int64", "medium": "string", "link": "string"}
SAME = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "‐": "-", "‑": "-", "„": "“",
                      "«": "“", "»": "”", "‟": "“"})
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
GENERIC = re.compile(
    r"(?:the|that|this)\s+(?:[a-z'-]+\s+){0,2}?(?:officials?|publication|newspaper|paper|company|firm|agency|outlet|channel|source|sources|statement|"
    r"minister|president|premier|leader|spokesman|spokeswoman|spokesperson|diplomat|diplomats|report|document|ministry|government|"
    r"group|organi[sz]ation|expert|experts|analyst|analysts|professor|senator|lawmaker|chairman|head|director|general|author|"
    r"investigator|magazine|website|site|broadcaster|committee|department|resolution|letter|article|two|men|women|man|woman|others?|"
    r"latter|politician|ambassador|envoy|secretary|bank|party|union|body|institute|maker|manufacturer|concern|utility|airline|"
    r"retailer|giant|insurer|carrier|lender|note|mayor|doctor|lawyer|activist|pilot|student|teacher|officer|king|pope|chancellor)"
    r"(?: of (?:the|this|his|her|its|their) \w+)?", re.I)
ROLE = re.compile(r"\b(?:reports?|officials?|sources?|analysts?|experts?|minister|ministry|president|spokes\w+|premier|media|agency|poll|"
                  r"study|survey|envoy|diplomats?|kremlin|opposition|government|police|court|lawmakers?|chief)\b", re.I)
PERSONAL = re.compile(r"(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sir|Dame|Lord|Sen|Rep|Gov|Adm|Lt|Col|Sgt)\.? )?(?!\w+['’]s )[A-ZÀ-Þ][^\W\d_]+(?:-[A-ZÀ-Þ][^\W\d_]+)?"
                      r"(?: [A-ZÀ-Þ]\.?)?(?: (?:al|bin|de|van|von|el|der|da))?(?: [A-ZÀ-Þ][^\W\d_]+(?:['’-][A-ZÀ-Þ][^\W\d_]+)?){1,2}")
NO_PERSON = re.compile(r"\b(?:Inc|Corp|Court|Ministry|Agency|News|University|State|States|Department|Council|Party|Committee|Bank|"
                       r"Union|Times|Post|Office|Congress|Senate|House|Army|Group|Co|Company|Kingdom|Nations|Republic|North|South|East|West|America|"
                       r"Africa|Asia|Europe|Sea|Ocean|River|Bay|Islands?|City|County|Street|Avenue|Square|Park|Airport|Center|Centre|"
                       r"Hospital|School|College|Institute|Museum|Church|Act|Treaty|Day|Week|Web|Files?|The|In|On|At|But|And|After|Before|When|While|"
                       r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June|July|August|September|"
                       r"October|November|December|New|San|Los|Saint|St|Fort|Port|Lake|Mount)\b")
MEDIUM_NOUN = re.compile(r"\b(?:news|agency|newspaper|daily|paper|magazine|television|TV|radio|website|media|press|channel|broadcaster|post|times|"
                         r"journal|herald|wire|publication)\b", re.I)


BASED_ON = re.compile(r"\s*(?:Based on (?:the |his |her )?(?:comments?|remarks|statements?|words|testimony|reports?) (?:by|of|from)|Citing|Quoting)"
                      r" ([^,“”]{3,120}),\s")
THING = re.compile(r"\b(?:company|firm|government|ministry|agency|statement|report|paper|newspaper|court|committee|council|department|bank|party|"
                   r"union|group|bill|law|letter|document|study|survey|poll|charge|notice|text|message|website|resolution|draft|network|embassy|office)\b")


class _Speaker:
    """Who speaks: the words, their place, the actor and what sort of thing it is."""

    __slots__ = ("actor_id", "bloc", "end", "kind", "start", "via", "words")

    def __init__(self, words: str, start: int, end: int, actor_id: str, bloc: str, kind: str, via: str = ""):
        self.words, self.start, self.end, self.actor_id, self.bloc, self.kind, self.via = words, start, end, actor_id, bloc, kind, via

    def called(self, words: str) -> _Speaker:
        """The same speaker under a pronoun or a description: "he (Ana Ruiz)"."""
        inner = re.sub(r"^[^()]*\(([^()]*)\)$", r"\1", self.words)
        return _Speaker(f"{words} ({inner})" if inner.lower() != words.lower() else inner, self.start, self.end, self.actor_id, self.bloc,
                        self.kind, self.via)


class _Reader:
    """Everything that is asked again and again while one text is read."""

    def __init__(self, text: str, sentences: pd.DataFrame, mentions: pd.DataFrame, codebook: Codebook):
        self.text, self.book = text, codebook
        actors = codebook.actors.drop_duplicates("actor_id").set_index("actor_id")
        self.kinds, self.blocs, self.names = actors["kind"].to_dict(), actors["bloc"].to_dict(), actors["name"].to_dict()
        cols = ["start", "end", "actor_id", "form", "rule"]
        self.mentions = sorted((int(s), int(e), str(a), str(f), str(r)) for s, e, a, f, r in mentions[cols].itertuples(index=False)) \
            if len(mentions) else []
        self.mention_starts = [x[0] for x in self.mentions]
        ids = list(sentences["sentence_id"]) if "sentence_id" in sentences else list(map(str, sentences.index))
        section = list(sentences["section"]) if "section" in sentences else ["body"] * len(sentences)
        paragraph = list(sentences["paragraph"]) if "paragraph" in sentences else [1] * len(sentences)
        rows = sorted((int(s), int(e), i, str(x), int(p) if pd.notna(p) else 0) for s, e, i, x, p in
                      zip(sentences["start"], sentences["end"], ids, section, paragraph, strict=True) if e > s)
        self.rows = rows
        self.row_starts = [r[0] for r in rows]

    def at(self, place: int) -> int:
        return max(0, bisect_right(self.row_starts, place) - 1)

    def mentions_in(self, start: int, end: int) -> list[tuple]:
        lo = bisect_left(self.mention_starts, start - 80)
        hi = bisect_left(self.mention_starts, end)
        return [x for x in self.mentions[lo:hi] if x[1] > start]


def _paragraphs(rows: list[tuple], text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs: sentences on one line belong together."""
    out: list[list[int]] = []
    for start, end, _, section, _ in rows:
        if out and "\n" not in text[out[-1][1]:start] and section != "title" and start - out[-1][1] < 200:
            out[-1][1] = max(end, out[-1][1])
        else:
            out.append([start, end])
    return [(a, b) for a, b in out]


def _blot(text: str, marks: list[Quoted]) -> str:
    """The text with the inside of every quotation blotted out, each character in its place."""
    plain = text.translate(SAME)
    out, at = [], 0
    for q in marks:
        if q.start < at:
            continue
        out += [plain[at:q.start], "“", "q" * (q.end - q.start - 2), "”" if q.end - q.start > 1 else ""]
        at = q.end
    out.append(plain[at:])
    return "".join(out)


def _units(rows: list[tuple], marks: list[Quoted], text: str) -> list[tuple[int, int, int]]:
    """Sentences, joined where a quotation runs over their boundary: (start, end, first row)."""
    out: list[tuple[int, int, int]] = []
    begins = [q.start for q in marks]
    for k, (start, end, _, section, _) in enumerate(rows):
        if out:
            a, b, first = out[-1]
            j = bisect_right(begins, b - 1) - 1
            inside = j >= 0 and marks[j].end > b and marks[j].end > start
            loose = text[start:start + 1].islower() and "\n" not in text[b:start] and section == rows[first][3] and b - a < 2000
            if (inside or loose) and section != "title":
                out[-1] = (a, max(b, end), first)
                continue
        out.append((start, end, k))
    return out


def _resolve_ids(reader: _Reader, start: int, end: int) -> tuple[str, str, str]:
    """Actor, bloc and kind for the words of a speaker: a person or medium named there before a state."""
    found = [x for x in reader.mentions_in(start, end) if x[0] < end and x[1] > start]
    bloc = next((reader.blocs.get(x[2], "") for x in found if reader.blocs.get(x[2])), "")
    def rank(x):
        kind = reader.kinds.get(x[2], "")
        if x[4] == "demonym" and not reader.text[x[0]:x[1]].endswith("s"):
            return 9
        return {"person": 0, "organisation": 1, "medium": 1, "group": 1}.get(kind, 2) if x[3] != "title" else 0.5
    usable = [x for x in found if rank(x) < 9]
    head = re.split(r",|\bof\b|\bfor\b|\bat\b|\bwith\b", reader.text[start:end])[0]
    best = sorted(usable, key=lambda x: (rank(x), x[0] > start + len(head), x[0]))
    if not best:
        return "", bloc, ""
    x = best[0]
    if rank(x) == 2 and x[1] < start + len(head.rstrip()) - 2 and not re.fullmatch(r"[\s\w.'’]*", head):
        return "", bloc, ""
    if rank(x) == 2 and re.match(r"(?:'s|’s)?[ -][a-z]", reader.text[x[1]:x[1] + 4]) and x[1] < end - 2:
        return "", bloc, ""                              # "Norvia's biggest union": of the state, not the state
    return x[2], reader.blocs.get(x[2], "") or bloc, reader.kinds.get(x[2], "")


def _kind(words: str, known: str) -> str:
    low = words.lower()
    if known in ("person",):
        return "person"
    if known in ("medium", "organisation", "state"):
        return "thing"
    head = re.split(r"\b(?:of|for|at|in|from|with|who|which|familiar)\b|,", low)[0].strip()
    if re.match(r"(?:a (?:number|group|majority|handful) of|dozens of|some of|many of|most of|all of|both|several|multiple|two|three|some|many)\b",
                low) or " and " in head and not re.search(r"\b(?:ministry|department|company|inc)\b", head):
        return "plural"
    if re.search(r"\b(?:officials|sources|experts|analysts|authorities|diplomats|lawmakers|people|others|residents|leaders|senators|"
                 r"relatives|parties|police|prosecutors|customers|doctors|investigators|critics|observers|men|women|employers|members|"
                 r"scientists|researchers|economists|[a-z]{3,}s)$", head) and not re.search(r"(?:ss|news|us)$", head):
        return "plural"
    if re.fullmatch(PERSONAL, words) and not NO_PERSON.search(words) and not re.match(r"(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sir|Dame|Lord|Sen|Rep|Gov|Adm|Lt|Col|Sgt)\b", words):
        return "thing" if re.search(r"(?:s|Inc|Trace)$", words.split()[-1]) and words.split()[-1].endswith(("ions", "ies", "ems", "ers", "ics", "Inc")) else "name"
    if PERSONAL.search(words) and not NO_PERSON.search(words) or re.search(
            r"\b(?:man|woman|official|minister|president|premier|senator|spokes\w+|expert|analyst|diplomat|professor|mayor|king|queen|director|"
            r"source|chief|head|chairman|chairwoman|leader|officer|editor|author|creator|founder|mother|father|lawyer|Mr|Mrs|Ms|Dr)\b", head) \
            or re.match(r"(?:Mr|Mrs|Ms|Dr|Prof|Sgt|Gen)\b", words):
        return "person"
    if re.fullmatch(r"[A-ZÀ-Þ][\w'’-]+", words):
        return "name"
    return "thing" if known or _named(words) or THING.search(head) else "any"


def _named(words: str) -> bool:
    return bool(re.search(r"[A-ZÀ-Þ]", words[1:])) or bool(re.match(r"[A-ZÀ-Þ]", words) and " " not in words)


def _antecedent(reader: _Reader, masked: str, speaker: tuple[int, int], said: list[tuple[int, _Speaker]], unit_start: int) -> _Speaker | None:
    """Whom "he", "they", "the company" or "the official" means: back through speakers and subjects, nearest sentence first."""
    words = masked[speaker[0]:speaker[1]].strip()
    low = {"his": "he", "their": "they", "its": "it"}.get(words.lower(), words.lower())
    pronoun = low in g.PRONOUNS
    if pronoun and low in ("i", "we", "you", "who", "this", "these", "those", "one"):
        return None
    head = re.split(r"\sof\s", low)[0].split()[-1]
    row = reader.at(speaker[0])
    last = reader.rows[row][4]

    def fits(s: _Speaker) -> bool:
        if low in ("he", "she", "him", "her"):
            return s.kind in ("person", "name", "any")
        if low in ("they", "them"):
            return s.kind == "plural" or s.kind == "any" and " and " in s.words
        if low == "it":
            return s.kind in ("thing", "name", "any")
        if head in ("company", "firm", "agency", "group", "bank", "party", "union", "ministry", "government", "department", "organization",
                    "organisation", "institute", "body", "maker", "manufacturer", "concern", "utility", "airline", "retailer", "giant", "insurer",
                    "carrier", "lender"):
            return s.kind in ("thing", "name") and s.start < speaker[0] and (_named(s.words) or head in s.words.lower())
        if head in ("publication", "newspaper", "paper", "outlet", "magazine", "website", "site", "broadcaster", "channel"):
            return bool(MEDIUM_NOUN.search(s.words)) or reader.kinds.get(s.actor_id) == "medium"
        if head in ("statement", "report", "document", "letter", "article", "resolution", "law", "complaint", "note", "draft"):
            return head in s.words.lower().split() or s.via == head
        if re.search(rf"\b{re.escape(head)}\b", s.words.lower()):
            return True
        if low.startswith(("the head of", "the chief of", "the chairman of", "the leader of", "the director of")):
            return s.kind == "person"
        offices = reader.book.actors
        return s.kind == "person" and bool(s.actor_id) and bool(
            (offices.loc[offices["actor_id"] == s.actor_id, "office"].str.contains(head, regex=False, na=False)).any())

    back = range(row, max(-1, row - (12 if pronoun else 40)), -1)
    for k, loose in [*((k, False) for k in back), *((k, True) for k in back if pronoun)]:
        start, end, _, _, paragraph = reader.rows[k]
        if pronoun and last - paragraph > (4 if not loose else 2):
            continue
        stop = min(end, speaker[0]) if k == row else end
        here = [s for at, s in reversed(said) if start <= at < end or start <= s.start < end]
        here = [s for s in here if fits(s) and s.start < speaker[0] + 1]
        if here:
            return here[0]
        if low in ("he", "she", "him", "her"):
            reach = start + 45 if not loose else stop
            person = next((x for x in PERSONAL.finditer(masked, start, max(start, stop)) if not NO_PERSON.search(x.group())
                           and not g.LEAD.fullmatch(x.group()) and x.start() < reach
                           and not any(reader.kinds.get(y[2]) != "person" for y in reader.mentions_in(x.start(), x.end()))), None)
            known = next((x for x in reader.mentions_in(start, stop) if reader.kinds.get(x[2]) == "person" and x[1] <= stop
                          and "q" * 5 not in masked[x[0]:x[1]] and x[3] != "pronoun" and x[0] < reach), None)
            if known and (not person or known[0] <= person.start() + 40):
                return _speaker(reader, known[0], known[1])
            if person:
                return _speaker(reader, person.start(), person.end())
        elif low in ("they", "them") or not pronoun:
            known = next((x for x in reader.mentions_in(start, stop) if x[1] <= stop and x[3] != "pronoun" and (
                (reader.kinds.get(x[2]) == "group") if pronoun else
                (reader.kinds.get(x[2]) == "medium" if head in ("publication", "newspaper", "paper", "outlet", "magazine", "channel")
                 else head in reader.text[x[0]:x[1]].lower()))), None)
            if known:
                return _speaker(reader, known[0], known[1])
    return None


def _speaker(reader: _Reader, start: int, end: int) -> _Speaker:
    words = re.sub(r"\s+", " ", reader.text[start:end]).strip()
    actor, bloc, known = _resolve_ids(reader, start, end)
    return _Speaker(words, start, end, actor, bloc, _kind(words, known))


def _title(reader: _Reader, masked: str, start: int, end: int, outlet: str) -> tuple[tuple[int, int], tuple[int, int], str] | None:
    """"C – Agency", "X: C" and "C: X" of a headline: content, speaker, rule."""
    line = masked[start:end]
    dash = re.search(r"\s(?:–|—|-|\|)\s([^–—|]{2,45})$", line)
    if dash and len(dash[1].split()) <= 5 and dash.start() >= 15:
        a, b = start + dash.start(1), start + dash.end(1)
        if _may_speak(reader, a, b) and dash[1].strip().lower() not in outlet.lower() + " ":
            return (start, start + dash.start()), (a, b), "title_dash"
    colon = re.match(r"([^:“”]{2,45}):\s+(\S.*)$", line)
    if colon and len(colon[1].split()) <= 6 and (len(colon[2].split()) >= 4 or "“" in colon[2]):
        a, b = start, start + colon.end(1)
        if _may_speak(reader, a, b) and not re.match(r"(?:[Ww]hat|[Hh]ow|[Ww]hy|[Ww]ho|[Aa]nalysis|[Ee]xplain\w*)\b", colon[2]):
            return (start + colon.start(2), end), (a, b), "title_colon"
    tail = re.search(r":\s+([^:]{2,40})$", line)
    if tail and len(tail[1].split()) <= 4 and tail.start() >= 15:
        a, b = start + tail.start(1), start + tail.end(1)
        if _may_speak(reader, a, b) and not g.FINITE.search(line[tail.start(1):]):
            return (start, start + tail.start()), (a, b), "title_tail"
    return None


def _may_speak(reader: _Reader, a: int, b: int) -> bool:
    found = reader.mentions_in(a, b)
    words = reader.text[a:b]
    if ROLE.search(words):
        return True
    return any(reader.kinds.get(x[2]) in ("person", "medium", "organisation", "group") and x[1] <= b and (x[1] - x[0]) * 2 > b - a for x in found)


def quotes(text: str, sentences: pd.DataFrame, mentions: pd.DataFrame, codebook: Codebook,
           outlet: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find what a text gives to other voices, and the media through which it came.

    Accepts the text as read, its ``sentences`` (start, end; section, paragraph and sentence_id where there are any), its
    ``mentions`` (from :func:`helpers.actors.mentions`), the codebook and the outlet's name. Returns two frames. ``quotes``: quote_id,
    sentence_id, start, end, directness (``direct``, ``mixed``, ``indirect``), speaker (as named or described; for a pronoun
    whom it means), speaker_id, speaker_bloc, verb and rule; a rule that ends in ``inferred`` took the speaker from an earlier
    sentence. ``chain``: quote_id, hop (0 the outlet), medium, link (the word that shows the hop).

    >>> from helpers.codebook import load_codebook
    >>> from helpers.actors import mentions
    >>> text = "The ferry is late, the pilot said. “It always is,” he added."
    >>> rows = pd.DataFrame({"start": [0, 35], "end": [34, 60], "paragraph": [1, 1]})
    >>> found, chain = quotes(text, rows, mentions(text, rows, load_codebook(None)), load_codebook(None))
    >>> [(text[s:e], d, w, r) for s, e, d, w, r in found[["start", "end", "directness", "speaker", "rule"]].itertuples(index=False)]
    [('The ferry is late', 'indirect', 'the pilot', 'say.tail'), ('“It always is,”', 'direct', 'the pilot', 'add.tail.inferred')]
    """
    reader = _Reader(text, sentences, mentions, codebook)
    marks = quoted(text, _paragraphs(reader.rows, text))
    masked = _blot(text, marks)
    kinds = codebook.speech["class"].to_dict()
    hits = codebook.cues("speech").find(text)
    hit_starts = [h.start for h in hits]
    begins = [q.start for q in marks]
    found: list[dict] = []
    said: list[tuple[int, _Speaker]] = []
    for start, end, first in _units(reader.rows, marks, text):
        section = reader.rows[first][3]
        lo, hi = bisect_left(hit_starts, start), bisect_left(hit_starts, end)
        here = [q for q in marks[bisect_left(begins, start):bisect_left(begins, end)]]
        if lo == hi and not here and section != "title":
            continue
        outside = [h for h in hits[lo:hi] if not masked[h.start:h.start + 2].startswith(("qq", "“q")) and masked[h.start] != "“"]
        right = min(max([end, *(q.end for q in here)]), end + 8000)
        made = attributions(masked, start, right, outside, kinds)
        rows = _rows(reader, masked, made, outside, here, said, start, right)
        if section == "title" and not rows:
            shape = _title(reader, masked, start, end, outlet)
            if shape:
                (a, b), who, rule = shape
                a, b = g.strip_span(masked, a, b)
                rows = [_row(reader, a, b, here, _speaker(reader, *who), "", rule, (who[0], who[1]), (a, b))]
        if not rows and here:
            rows = _unattributed(reader, masked, here, said, start, right, found)
        for row in rows:
            if row["who"] is not None and row["who"].words:
                said.append((start, row["who"]))
        for q in here:
            if q.end - q.start > 40:
                rows += _nested(reader, text, q, hits, hit_starts, kinds, said)
        found += rows
    return _frames(reader, found, outlet)


def _directness(a: int, b: int, here: list[Quoted]) -> str:
    inside = sum(min(b, q.end) - max(a, q.start) for q in here if q.start < b and q.end > a)
    if inside <= 2:
        return "indirect"
    return "direct" if inside >= .85 * (b - a) else "mixed"


def _row(reader, a, b, here, who, verb, rule, attribution, content) -> dict:
    return {"start": a, "end": b, "directness": _directness(a, b, here), "who": who, "verb": verb, "rule": rule,
            "att": attribution, "content": content, "through": []}


def _rows(reader, masked, made, hits, here, said, left, right) -> list[dict]:
    out = []
    rule_of = {(h.start, h.end): h.rule for h in hits}
    used: list[tuple[int, int]] = []
    for a in made:
        rule = next((r for (s, e), r in rule_of.items() if s <= a.verb[0] < e or a.verb[0] <= s < a.verb[1]), "speech")
        who, inferred = None, False
        if a.speaker:
            words = masked[a.speaker[0]:a.speaker[1]].strip()
            if words.lower() in g.PRONOUNS | {"his", "their", "its"} or GENERIC.fullmatch(words):
                who = _antecedent(reader, masked, a.speaker, [*said, *((left, r["who"]) for r in out if r["who"])], left)
                inferred = who is not None
                who = who.called(words) if who else None
            if who is None:
                who = _speaker(reader, *a.speaker)
            via = re.match(r"[^,.;:“”]{0,30}?\bin (?:a|an|its|his|her|their|the) (?:\w+ )?(statement|letter|report|notice|note|resolution|article)\b",
                           masked[a.verb[1]:a.verb[1] + 70])
            if via:
                who.via = via[1]
        c0, c1 = a.content
        through = []
        known = reader.kinds.get(who.actor_id) if who else ""
        based = BASED_ON.match(masked, left, a.start + 2) if known == "medium" else None
        if based:
            through, who = [(who.words, reader.text[slice(*a.verb)])], _speaker(reader, based.start(1), based.end(1))
        if a.shape == "according_tail" and out and known != "medium" and out[-1]["start"] >= c0 and reader.kinds.get(
                out[-1]["who"].actor_id if out[-1]["who"] else "") == "medium":
            last = out[-1]                               # "the paper recalls that C, according to X": X speaks, the paper passes it on
            last["through"] = [(last["who"].words, last["verb"])]
            last |= {"who": who, "rule": last["rule"] + ".according", "verb": reader.text[slice(*a.verb)]}
            continue
        first = next((q for q in here if q.start <= c0 < q.end), None)
        if first is not None and c0 > first.start:
            c0 = first.start
        last = next((q for q in here if q.start < c1 < q.end), None)
        if last is not None:
            c1 = last.end
        if masked[c1:c1 + 1] == "”":
            c1 += 1
        verb = reader.text[a.verb[0]:a.verb[1]].strip(" ,")
        out.append(_row(reader, c0, c1, here, who, verb, f"{rule}.{a.shape}" + (".inferred" if inferred else ""),
                        (a.start, a.verb[1]), (c0, c1)))
        out[-1]["through"] = through
        used.append((c0, c1))
    for q in here if out else ():                        # “A,” he said, “B.”: the rest belongs to the same speaker
        if any(c0 <= q.start and q.end <= c1 for c0, c1 in used) or q.end - q.start < 12:
            continue
        near = [r for r in out if r["rule"].split(".")[1] in ("tail", "inverted", "inside") and r["att"][0] <= q.start
                and re.match(r"[^“”;]{0,90}[,.:]?\s*$", masked[r["att"][1]:q.start])]
        if near and len(masked[q.start:q.end]) > 14:
            r = near[-1]
            out.append(_row(reader, q.start, q.end, here, r["who"], r["verb"], r["rule"].split(".")[0] + ".continued", r["att"], (q.start, q.end)))
    return sorted(out, key=lambda r: (r["start"], -r["end"]))


def _unattributed(reader, masked, here, said, left, right, found) -> list[dict]:
    """A sentence that is a quotation, or ends in one after a colon, with no verb of speech."""
    first, last = here[0], here[-1]
    lead = masked[left:first.start].strip()
    rest = masked[last.end:right].strip(" .,;!?")
    inside = sum(q.end - q.start for q in here)
    words = len(WORD.findall(reader.text[first.start:last.end]))
    if lead.endswith(":") and not rest and words >= 4:
        who = g.first_noun_phrase(masked, left, first.start - 1)
        if who:
            return [_row(reader, first.start, last.end, here, _speaker(reader, *who), ":", "colon", (left, first.start), (first.start, last.end))]
    if inside >= .9 * (right - left) and not lead and not rest and words >= 3 and said:
        row = reader.at(left)
        near = reader.rows[row][4] - reader.rows[reader.at(said[-1][0])][4]
        opening = next((f for f in reversed(found) if f["end"] <= left), None)
        if near <= 1 and opening is not None and left - opening["end"] < 700:
            return [_row(reader, first.start, last.end, here, said[-1][1], "", "continued.inferred", (left, left), (first.start, last.end))]
    return []


def _nested(reader, text, q, hits, hit_starts, kinds, said) -> list[dict]:
    """Speech told inside a quotation: “The mayor said that the ferry was late,” the pilot recalled."""
    lo, hi = bisect_left(hit_starts, q.start + 1), bisect_left(hit_starts, q.end)
    if lo == hi or hi - lo > 60:
        return []
    plain = text.translate(SAME)
    out = []
    k = reader.at(q.start)
    while k < len(reader.rows) and reader.rows[k][0] < q.end:
        start, end = max(reader.rows[k][0], q.start + 1), min(reader.rows[k][1], q.end - 1)
        k += 1
        inner = [h for h in hits[lo:hi] if start <= h.start < end]
        if not inner:
            continue
        for a in attributions(plain, start, end, inner, kinds):
            if a.shape not in ("that", "clause", "tail", "wh") or not a.speaker or kinds[next(h.rule for h in inner if h.start <= a.verb[0] < h.end)] not in (
                    "say", "report", "announce", "stress", "confirm", "claim", "demand", "ask"):
                continue
            who = _speaker(reader, *a.speaker)
            if who.words.lower() in g.PRONOUNS or not _named(who.words):
                continue
            out.append(_row(reader, *a.content, [], who, text[a.verb[0]:a.verb[1]], "nested." + a.shape, (a.start, a.verb[1]), a.content))
    return out


def _frames(reader: _Reader, found: list[dict], outlet: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows, hops, seen = [], [], set()
    for r in sorted(found, key=lambda r: (r["start"], r["end"])):
        a, b = r["start"], r["end"]
        if b - a < 2 or (a, b) in seen:
            continue
        seen.add((a, b))
        who = r["who"]
        key = f"q{a}-{b}"
        rows.append((key, reader.rows[reader.at(a)][2], a, b, r["directness"], who.words if who else None,
                     (who.actor_id or None) if who else None, (who.bloc or None) if who else None, r["verb"] or None, r["rule"]))
        hops += [(key, n, medium, link) for n, (medium, link) in enumerate(_chain(reader, r, found, outlet))]
    return (pd.DataFrame(rows, columns=list(QUOTES)).astype(QUOTES), pd.DataFrame(hops, columns=list(CHAIN)).astype(CHAIN))


def _chain(reader: _Reader, row: dict, found: list[dict], outlet: str) -> list[tuple[str, str | None]]:
    """Outlet, whoever reports the report, the medium that was spoken to, the speaker."""
    chain: list[tuple[str, str | None]] = [(outlet or "this outlet", None)]
    a, b = row["start"], row["end"]
    outer = [r for r in found if r is not row and r["start"] <= a and r["end"] >= b and r["end"] - r["start"] > b - a and r["who"]]
    for r in sorted(outer, key=lambda r: -(r["end"] - r["start"])):
        chain.append((r["who"].words, r["verb"] or None))
    chain += row["through"]
    sentence = reader.rows[reader.at(row["att"][1] - 1)]
    for x in reader.mentions_in(max(sentence[0], row["att"][0] - 60), sentence[1]):
        if reader.kinds.get(x[2]) == "medium" and not (a <= x[0] < b) and x[3] != "pronoun":
            ahead = reader.text[max(sentence[0], x[0] - 40):x[0]]
            after = reader.text[x[1]:x[1] + 30]
            link = re.search(r"\b(told|to|citing|cited by|quoting|quoted by|interview with|newspaper|learned)\b[^.;“”]{0,34}$", ahead)
            verb = re.match(r"(?:\s\w+){0,2}?\s(said|reported|reports|cited|quoted|quotes|cites|notes|noted|learned|announced)\b", after)
            name = reader.text[x[0]:x[1]]
            if (link or verb) and all(name not in m for m, _ in chain) and not (row["who"] and name in row["who"].words):
                chain.append((name, (verb or link)[1]))
    if row["who"] is not None and row["who"].words and (not outlet or row["who"].words != outlet):
        chain.append((row["who"].words, row["verb"] or None))
    return chain


def laundered(text: str, sentences: pd.DataFrame, found: pd.DataFrame, share: float = .6) -> pd.DataFrame:
    """List headlines that repeat, in the outlet's own voice, what the body gives as someone's words.

    Accepts the text, its sentences and its quotes (from :func:`quotes`). Returns sentence_id, quote_id and share: how much of the
    headline's content words stand in that quotation; at least ``share`` of them (and three words) must. A headline that says whose
    words they are is not listed.
    """
    out = []
    spans = found[["start", "end", "quote_id"]].itertuples(index=False, name=None) if len(found) else ()
    spans = [(int(s), int(e), i) for s, e, i in spans]
    if "section" not in sentences:
        return pd.DataFrame(out, columns=["sentence_id", "quote_id", "share"])
    for row in sentences[sentences["section"].isin(["title", "dek"])].itertuples(index=False):
        start, end = int(row.start), int(row.end)
        if any(s < end and e > start for s, e, _ in spans):
            continue
        words = _content(text[start:end])
        if len(words) < 3:
            continue
        best = max(((len(words & _content(text[s:e])) / len(words), -s, i) for s, e, i in spans if s >= end), default=(0, 0, ""))
        if best[0] >= share:
            out.append((row.sentence_id, best[2], round(best[0], 3)))
    return pd.DataFrame(out, columns=["sentence_id", "quote_id", "share"])


SMALL = frozenset("a an the of in on at to for from by with and or but is are was were be been has have had will would that this it its as not no "
                  "over after before into about than s t he she they his her their".split())


def _content(words: str) -> set[str]:
    """Content words without their endings, so that "signs" and "signed" meet."""
    return {re.sub(r"(?:ing|ed|es|s|ly)$", "", w) for w in (x.lower() for x in WORD.findall(words)) if w not in SMALL and len(w) > 1}
