"""Speech: what a text gives to someone else's voice, who that is, and through which media the words came.

A quotation is one stretch of content given to one speaker in one sentence, inside quotation marks or not: the content
without its attribution where that stands before or after it, the whole stretch where the attribution interrupts it.
Marks round a single word, titles of works and names of laws are not speech. The words that report are the codebook's
(``speech.yaml``); :mod:`~helpers.speech.marks` finds quotation marks, :mod:`~helpers.speech.reported` and
:mod:`~helpers.speech.grammar` the attributions of a sentence, :mod:`~helpers.speech.speakers` who is meant.

The author of the rules, of kind `model`, had read the five texts of the first case, labels of twenty-one other news
texts, and about 500 wire and invented sentences with a blind coder's labels.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace

import pandas as pd

from helpers import tables
from helpers.codebook import Codebook

from . import grammar as g
from .marks import Quoted, quoted
from .reported import attributions
from .speakers import Reader, Row, Said, Speaker, antecedent, classes, named, needs_antecedent

__all__ = ["CHAIN", "QUOTES", "laundered", "quotes"]

_STRINGS = ("directness", "speaker", "speaker_id", "speaker_bloc", "verb", "rule")
QUOTES = {"quote_id": "string", "sentence_id": "string", "start": "Int64", "end": "Int64"} | dict.fromkeys(
    _STRINGS, "string"
)
CHAIN = {"quote_id": "string", "hop": "Int64", "medium": "string", "link": "string"}
ONE_SIGN = str.maketrans("’ʼ‘\u00a0\u202f\u2009‐‑„«»‟", "'''   --““”“")
WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
ROLE = re.compile(
    r"\b(?:reports?|officials?|sources?|analysts?|experts?|minister|ministry|president|spokes\w+|premier|media|agency|poll|"
    r"study|survey|envoy|diplomats?|opposition|government|police|court|lawmakers?|chief)\b",
    re.I,
)
NO_SPEECH = re.compile(r"(?:[Ww]hat|[Hh]ow|[Ww]hy|[Ww]ho|[Aa]nalysis|[Ee]xplain\w*)\b")
BASED_ON = re.compile(
    r"\s*(?:Based on (?:the |his |her )?(?:comments?|remarks|statements?|words|testimony|reports?) (?:by|of|"
    r"from)|Citing|Quoting)"
    r" ([^,“”]{3,120}),\s"
)
IN_A_PAPER = re.compile(
    r"[^,.;:“”]{0,30}?\bin (?:an?|its|his|her|their|the) (?:\w+ )?(statement|letter|report|notice|note|"
    r"resolution|article)\b"
)
TO_MEDIUM = re.compile(
    r"\b(told|to|citing|cited by|quoting|quoted by|interview with|newspaper|learned)\b[^.;“”]{0,34}$"
)
MEDIUM_SAYS = re.compile(
    r"(?:\s\w+){0,2}?\s(said|reported|reports|cited|quoted|quotes|cites|notes|noted|learned|announced)\b"
)
# no sentence of prose is longer, reports more often, or points further back: keeps the time in proportion to the text
LONGEST, MOST_CUES, REMEMBERED, NEIGHBOURS = 2500, 40, 60, 40


@dataclass(frozen=True)
class Quotation:
    """One quotation before it becomes a row; ``attribution`` is where its attribution stands, ``through`` the media
    between."""

    start: int
    end: int
    directness: str
    who: Speaker | None
    verb: str
    rule: str
    attribution: tuple[int, int]
    through: list[tuple[str, str]] = field(default_factory=list)


def _paragraphs(rows: list[Row], text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs: sentences on one line belong together."""
    out: list[list[int]] = []
    for row in rows:
        if out and "\n" not in text[out[-1][1] : row.start] and row.section != "title" and row.start - out[-1][1] < 200:
            out[-1][1] = max(row.end, out[-1][1])
        else:
            out.append([row.start, row.end])
    return [(a, b) for a, b in out]


def _blot(text: str, marks: list[Quoted]) -> str:
    """The text with the inside of every quotation blotted out but for its last stop, each character in its place."""
    plain = text.translate(ONE_SIGN)
    out, at = [], 0
    for q in marks:
        if q.start >= at:
            inside = q.end - q.start - 2
            last = plain[q.start + 1 : q.end - 1].rstrip("'\"”")[-1:]  # a stop before the closing mark is kept
            last = last if inside > 1 and last in (".", "?", "!") else ""
            out += [plain[at : q.start], "“", "q" * (inside - len(last)) + last, "”" if inside >= 0 else ""]
            at = q.end
    return "".join([*out, plain[at:]])


def _units(rows: list[Row], marks: list[Quoted], text: str) -> list[tuple[int, int, int]]:
    """Sentences, joined where a quotation runs over their boundary: (start, end, first row)."""
    out: list[tuple[int, int, int]] = []
    begins = [q.start for q in marks]
    for k, row in enumerate(rows):
        if out and row.section != "title":
            a, b, first = out[-1]
            j = bisect_right(begins, b - 1) - 1
            inside = j >= 0 and marks[j].end > max(b, row.start)
            small = text[row.start].islower() and "\n" not in text[b : row.start]
            if inside or small and row.section == rows[first].section and b - a < LONGEST:
                out[-1] = (a, max(b, row.end), first)
                continue
        out.append((row.start, row.end, k))
    return [piece for unit in out for piece in _pieces(*unit, marks, begins, text)]


def _pieces(
    start: int, end: int, first: int, marks: list[Quoted], begins: list[int], text: str
) -> list[tuple[int, int, int]]:
    """A line without stops, however long, in pieces; no quotation is cut."""
    out = []
    while end - start > LONGEST:
        cut = text.find(" ", start + LONGEST - 500, end)
        j = bisect_right(begins, cut) - 1
        if cut > 0 and j >= 0 and marks[j].start < cut < marks[j].end:
            cut = text.find(" ", marks[j].end, end)
        if cut <= start:
            break
        out.append((start, cut, first))
        start = cut + 1
    return [*out, (start, end, first)]


def quotes(
    text: str, sentences: pd.DataFrame, mentions: pd.DataFrame, codebook: Codebook, outlet: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find what a text gives to other voices, and the media through which it came.

    Accepts the text as read, its ``sentences`` (start, end; section, paragraph and sentence_id where there are any),
    its ``mentions`` (from :func:`helpers.actors.mentions`), the codebook and the outlet's name. Returns two frames.
    ``quotes``: quote_id, sentence_id, start, end, directness (``direct``, ``mixed``, ``indirect``), speaker (as named
    or described; for a pronoun whom it means, in brackets), speaker_id, speaker_bloc, verb and rule; a rule that ends
    in ``inferred`` took the speaker from an earlier place. ``chain``: quote_id, hop (0 the outlet), medium, link (the
    word that shows the hop).

    >>> from helpers.actors import mentions
    >>> from helpers.codebook import load_codebook
    >>> text, book = "The ferry is late, the pilot said. “It always is,” he added.", load_codebook(None)
    >>> rows = pd.DataFrame({"start": [0, 35], "end": [34, 60], "paragraph": [1, 1]})
    >>> found, chain = quotes(text, rows, mentions(text, rows, book), book)
    >>> found[["directness", "speaker", "rule"]].values.tolist()
    [['indirect', 'the pilot', 'say.tail'], ['direct', 'he (the pilot)', 'add.tail.inferred']]
    >>> [text[s:e] for s, e in found[["start", "end"]].values]
    ['The ferry is late', '“It always is,”']
    """
    reader = Reader(text, sentences, mentions, codebook)
    marks = quoted(text, _paragraphs(reader.rows, text))
    masked, plain = _blot(text, marks), text.translate(ONE_SIGN)
    kinds = classes(codebook)
    hits = codebook.cues("speech").find(text)
    hit_starts, begins = [h.start for h in hits], [q.start for q in marks]
    found: list[Quotation] = []
    said: list[Said] = []
    for start, end, first in _units(reader.rows, marks, text):
        low, high = bisect_left(hit_starts, start), bisect_left(hit_starts, end)
        here = marks[bisect_left(begins, start) : bisect_left(begins, end)]
        title = reader.rows[first].section == "title"
        if low == high and not here and not title:
            continue
        right = min(max([end, *(q.end for q in here)]), end + 8000)
        outside = [h for h in hits[low:high] if masked[h.start] != "“" and masked[h.start : h.start + 2] != "qq"]
        made = _attributed(reader, masked, outside[:MOST_CUES], kinds, here, said[-REMEMBERED:], start, right)
        if not made and title:
            made = _title(reader, masked, here, start, end, outlet)
        if not made and here:
            made = _unattributed(reader, masked, here, said, start, right, found)
        said += [Said(start, q.who) for q in made if q.who and q.who.words]
        for q in here:
            if q.end - q.start > 40:
                low, high = bisect_left(hit_starts, q.start + 1), bisect_left(hit_starts, q.end)
                made += _nested(reader, plain, q, hits[low:high], kinds)
        found += made
    return _frames(reader, sorted(found, key=lambda q: (q.start, q.end)), outlet)


def _quotation(start, end, here, who, verb, rule, attribution, through=()) -> Quotation:
    inside = sum(min(end, q.end) - max(start, q.start) for q in here if q.start < end and q.end > start)
    share = inside / max(1, end - start)
    directness = "indirect" if inside <= 2 else "direct" if share >= 0.85 else "mixed"
    return Quotation(start, end, directness, who, verb, rule, attribution, list(through))


def _attributed(reader, masked, hits, kinds, here, said, left, right) -> list[Quotation]:
    """The quotations of one sentence that some word in it gives to a speaker."""
    out: list[Quotation] = []
    for a in attributions(masked, left, right, hits, kinds):
        rule = next(
            (h.rule for h in hits if a.verb[0] <= h.start < a.verb[1] or h.start <= a.verb[0] < h.end), "speech"
        )
        verb, through, inferred = reader.text[slice(*a.verb)].strip(" ,"), [], False
        who = None
        if a.speaker:
            who = reader.speaker(*a.speaker)
            if needs_antecedent(who.words):
                meant = antecedent(reader, masked, a.speaker, [*said, *(Said(left, q.who) for q in out if q.who)])
                inferred = meant is not None
                who = meant.called(who.words) if meant else who
            paper = IN_A_PAPER.match(masked[a.verb[1] : a.verb[1] + 70])
            who = replace(who, via=paper[1]) if paper else who
        medium = reader.kind_of(who) == "medium"
        source = BASED_ON.match(masked, left, a.start + 2) if medium else None
        if who and source:  # "Citing X, the agency said C": X speaks, the agency passes it on
            through, who = [(who.words, verb)], reader.speaker(*source.span(1))
        elif (
            a.shape == "according_tail"
            and out
            and not medium
            and (medium_before := out[-1].who)
            and reader.kind_of(medium_before) == "medium"
            and out[-1].start >= a.content[0]
        ):  # "The agency reports that C, according to X"
            last = out.pop()
            out.append(
                replace(last, who=who, verb=verb, rule=f"{last.rule}.according",
                        through=[(medium_before.words, last.verb)])
            )
            continue
        start, end = _with_marks(masked, here, *a.content)
        out.append(
            _quotation(
                start, end, here, who, verb, f"{rule}.{a.shape}" + ".inferred" * inferred, (a.start, a.verb[1]), through
            )
        )
    return sorted(out + _continued(masked, here, out), key=lambda q: (q.start, -q.end))


def _with_marks(masked: str, here: list[Quoted], start: int, end: int) -> tuple[int, int]:
    """Widen a content so that no quotation is cut."""
    start = next((q.start for q in here if q.start <= start < q.end), start)
    end = next((q.end for q in here if q.start < end < q.end), end)
    return start, end + (masked[end : end + 1] == "”")


def _continued(masked: str, here: list[Quoted], made: list[Quotation]) -> list[Quotation]:
    """“A,” he said, “B.”: what follows the attribution belongs to the same speaker."""
    out = []
    for q in here if made else ():
        if q.end - q.start < 15 or any(m.start <= q.start and q.end <= m.end for m in made):
            continue
        near = [
            m
            for m in made
            if m.rule.split(".")[1] in ("tail", "inverted", "inside")
            and m.attribution[0] <= q.start
            and re.match(r"[^“”;]{0,90}[,.:]?\s*$", masked[m.attribution[1] : q.start])
        ]
        if near:
            rule = near[-1].rule.split(".")[0] + ".continued"
            out.append(_quotation(q.start, q.end, here, near[-1].who, near[-1].verb, rule, near[-1].attribution))
    return out


def _unattributed(reader, masked, here, said, left, right, found) -> list[Quotation]:
    """A sentence that is a quotation, or ends in one after a colon, with no verb of speech."""
    first, last = here[0], here[-1]
    before, after = masked[left : first.start].strip(), masked[last.end : right].strip(" .,;!?")
    words = len(WORD.findall(reader.text[first.start : last.end]))
    if before.endswith(":") and not after and words >= 4:
        who = g.first_noun_phrase(masked, left, first.start - 1)
        if who:
            return [_quotation(first.start, last.end, here, reader.speaker(*who), ":", "colon", (left, first.start))]
    whole = sum(q.end - q.start for q in here) >= 0.9 * (right - left) and not before and not after
    if whole and words >= 3 and said and found:
        near = reader.rows[reader.at(left)].paragraph - reader.rows[reader.at(said[-1].at)].paragraph
        if near <= 1 and 0 <= left - found[-1].end < 700:
            return [_quotation(first.start, last.end, here, said[-1].who, "", "continued.inferred", (left, left))]
    if whole and words >= 6:
        return [_quotation(first.start, last.end, here, None, "", "alone", (left, left))]
    return []


def _nested(reader, plain, q, hits, kinds) -> list[Quotation]:
    """Speech told inside a quotation: “The mayor said that the ferry was late,” the pilot recalled."""
    out: list[Quotation] = []
    if len(hits) > MOST_CUES:
        return out
    for row in reader.rows[reader.at(q.start) : bisect_left(reader.row_starts, q.end)] if hits else ():
        start, end = max(row.start, q.start + 1), min(row.end, q.end - 1)
        inner = [h for h in hits if start <= h.start < end]
        for a in attributions(plain, start, end, inner, kinds) if inner else ():
            kind = next((kinds[h.rule] for h in inner if h.start <= a.verb[0] < h.end), "")
            told = kind in ("say", "report", "announce", "stress", "confirm", "claim", "demand", "ask")
            if told and a.speaker and a.shape in ("that", "clause", "tail", "wh"):
                who = reader.speaker(*a.speaker)
                if named(who.words) and not needs_antecedent(who.words) and who.words.lower() not in g.PRONOUNS:
                    out.append(
                        _quotation(
                            *a.content, [], who, plain[slice(*a.verb)], f"nested.{a.shape}", (a.start, a.verb[1])
                        )
                    )
    return out


def _title(reader, masked, here, start, end, outlet) -> list[Quotation]:
    """ "C – Agency", "X: C" and "C: X" of a headline."""
    line = masked[start:end]

    def made(content: tuple[int, int], who: tuple[int, int], rule: str) -> list[Quotation]:
        span = g.strip_span(masked, start + content[0], start + content[1])
        who = (start + who[0], start + who[1])
        return [_quotation(*span, here, reader.speaker(*who), "", rule, who)]

    dash = re.search(r"\s(?:–|—|-|\|)\s([^–—|]{2,45})$", line)
    if (
        dash
        and dash.start() >= 15
        and len(dash[1].split()) <= 5
        and _may_speak(reader, start + dash.start(1), end)
        and dash[1].strip().lower() not in outlet.lower()
    ):
        return made((0, dash.start()), dash.span(1), "title_dash")
    colon = re.match(r"([^:“”]{2,45}):\s+(\S.*)$", line)
    if (
        colon
        and len(colon[1].split()) <= 6
        and (len(colon[2].split()) >= 4 or "“" in colon[2])
        and _may_speak(reader, start, start + colon.end(1))
        and not NO_SPEECH.match(colon[2])
    ):
        return made(colon.span(2), colon.span(1), "title_colon")
    tail = re.search(r":\s+([^:]{2,40})$", line)
    if (
        tail
        and tail.start() >= 15
        and len(tail[1].split()) <= 4
        and _may_speak(reader, start + tail.start(1), end)
        and not g.FINITE.search(tail[1])
    ):
        return made((0, tail.start()), tail.span(1), "title_tail")
    return []


def _may_speak(reader: Reader, start: int, end: int) -> bool:
    """Whether the words beside a colon or dash name a voice: a person, a body, a medium or a role, not a country or
    a topic."""
    return bool(ROLE.search(reader.text, start, end)) or any(
        reader.kind_of(m) in ("person", "medium", "organisation", "group") and (m.end - m.start) * 2 > end - start
        for m in reader.mentions_in(start, end)
    )


def _frames(reader: Reader, found: list[Quotation], outlet: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows, hops, seen = [], [], set()
    for k, q in enumerate(found):
        if q.end - q.start < 2 or (q.start, q.end) in seen:
            continue
        seen.add((q.start, q.end))
        key, who = f"q{q.start}-{q.end}", q.who or Speaker("", 0, 0)
        given = (q.directness, who.words, who.actor_id, who.bloc, q.verb, q.rule)
        rows.append((key, reader.rows[reader.at(q.start)].sentence_id, q.start, q.end, *(x or None for x in given)))
        chain = _chain(reader, q, found[max(0, k - NEIGHBOURS) : k + NEIGHBOURS], outlet)
        hops += [(key, n, medium, link) for n, (medium, link) in enumerate(chain)]
    return tables.typed(rows, QUOTES), tables.typed(hops, CHAIN)


def _chain(reader: Reader, q: Quotation, near: list[Quotation], outlet: str) -> list[tuple[str, str | None]]:
    """Outlet, whoever reports the report, the medium that was spoken to, the speaker."""
    around = [o for o in near if o.who and o.start <= q.start and o.end >= q.end and o.end - o.start > q.end - q.start]
    chain: list[tuple[str, str | None]] = [(outlet or "this outlet", None)]
    chain += [(o.who.words, o.verb or None) for o in sorted(around, key=lambda o: o.start - o.end) if o.who]
    chain += q.through
    row = reader.rows[reader.at(q.attribution[1] - 1)]
    for m in reader.mentions_in(max(row.start, q.attribution[0] - 60), row.end):
        if reader.kind_of(m) != "medium" or m.form == "pronoun" or q.start <= m.start < q.end:
            continue
        name = reader.text[m.start : m.end]
        if not (any(name in medium for medium, _ in chain) or q.who and name in q.who.words):
            link = MEDIUM_SAYS.match(reader.text[m.end : m.end + 30]) or TO_MEDIUM.search(
                reader.text[max(row.start, m.start - 40) : m.start]
            )
            if link:
                chain.append((name, link[1]))
    if q.who and q.who.words and q.who.words != outlet:
        chain.append((q.who.words, q.verb or None))
    return chain


def laundered(text: str, sentences: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """List headlines that repeat, in the outlet's own voice, what the body gives as someone's words.

    Accepts the text, its sentences and its quotes (from :func:`quotes`). Returns sentence_id, quote_id and share: how
    much of the headline's content words stand in that quotation; at least half of them (and three words) must. A
    headline that says whose words they are is not listed.

    >>> text = "Ferry will sink within a year\\nThe ferry will sink within a year, the pilot said."
    >>> rows = pd.DataFrame({"start": [0, 30], "end": [29, 81], "section": ["title", "body"]})
    >>> rows["sentence_id"] = ["a", "b"]
    >>> quote = pd.DataFrame({"quote_id": ["q"], "start": [30], "end": [65]})
    >>> laundered(text, rows, quote).values.tolist()
    [['a', 'q', 1.0]]
    """
    out = []
    spans = [(int(s), int(e), i) for s, e, i in found[["start", "end", "quote_id"]].itertuples(index=False)]
    heads = sentences[sentences["section"].isin(["title", "dek"])] if "section" in sentences else sentences[:0]
    for start, end, sentence_id in heads[["start", "end", "sentence_id"]].itertuples(index=False):
        words = _content(text[start:end])
        if len(words) < 3 or any(s < end and e > start for s, e, _ in spans):
            continue
        best = max(
            ((len(words & _content(text[s:e])) / len(words), -s, i) for s, e, i in spans if s >= end), default=None
        )
        if best and best[0] >= 0.5:
            out.append((sentence_id, best[2], round(best[0], 3)))
    return pd.DataFrame(out, columns=["sentence_id", "quote_id", "share"]).astype(
        {"sentence_id": "string", "quote_id": "string", "share": "Float64"}
    )


SMALL = frozenset(
    "a an the of in on at to for from by with and or but is are was were be been has have had will would that "
    "this it its as "
    "not no over after before into about than s t he she they his her their".split()
)


def _content(words: str) -> set[str]:
    """Content words without their endings, so that "signs" and "signed" meet."""
    return {
        re.sub(r"(?:ing|ed|es|s|ly)$", "", w)
        for w in (x.lower() for x in WORD.findall(words))
        if w not in SMALL and len(w) > 1
    }
