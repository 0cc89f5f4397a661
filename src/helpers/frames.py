"""Frames: which side of the dispute each sentence puts forward, and in whose voice.

A dictionary with rules, and beside it what was learnt of single words. The dictionary stands in the codebook
(``frames.yaml`` and ``frame_rules.yaml``, whose heads say which texts their author had read); here it is decided what
counts. A word inside a proper name counts for nothing. Words of a subordinate clause count less than those of the main
clause, and so do words that a sentence merely recalls ("since the invasion"). All other words of the sentence add what
they say of each frame (``frame_words.csv``, fitted on labelled sentences), or take it away. The evidence of each
frame is added up; a sentence gets the frame with most of it, another one if it has nearly as much, and none where the
evidence is thin. Where it is too thin for any frame, the events told in the sentence are heard as well
(``frame_events.yaml``).

Written for texts on disputes. Where neither a sentence nor one near it is on politics, single words are not heard; a
rule may still take what such a sentence says for a frame.
Known limits of such dictionaries on texts their authors had not read: micro F1 of about .58 to .68 for frames of news
(Piskorski, Stefanovitch, Da San Martino and Nakov 2023, SemEval-2023 task 3). What this one reaches is printed by
``benchmarks/frames.py``.
"""
from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import numpy as np
import pandas as pd

from helpers import tables
from helpers.codebook import Codebook, Cues, Hit, compile_cues
from helpers.codebook.words import Said, frames_said, headline, weights
from helpers.events.politics import items_of, on_politics
from helpers.speech import laundered

__all__ = ["STOP_WORDS", "Evidence", "evidence", "frames", "known_names", "name_spans"]

MAIN = 1.0          # weight of a main word, as in frames.yaml
RULES = 1.5         # evidence of rules that counts: more of it is no surer
LEAST = -.5         # what all words of a sentence can take from a frame at most
SILENT = -.2        # what they take from a frame of which no word has a weight: one that a case has added
NEED = .45          # evidence that a frame needs, of rules and words together …
SHARE = .6          # … and how much of the first frame's, up to one main word
MOST = 3
LONGEST = 5000      # characters of a sentence that are read: no one writes longer ones
COLUMNS = ("sentence_id", "doc_id", "frame", "rank", "weight", "voice", "negated", "hedged", "rule", "laundered")
ASIDE = .85         # a word of a subordinate clause
REPEATED = .5       # each further word of the same frame

_NAME = re.compile(r"\b[A-ZÀ-ÞŐŰŠŽČĆŁ][\w’'.&/-]*(?:\s+(?:(?:of|the|and|for|on|de|al|von|van)\s+){0,2}"
                   r"[A-ZÀ-ÞŐŰŠŽČĆŁ][\w’'&/-]*)*")
_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_OPENING = "\"“‘'([-–—:•*"
_NAME_HEADS = re.compile(r"(?:[A-Z][\w’'-]*\s+){1,3}?(?:Act|Agency|Authority|Administration|Committee|Commission|"
                         r"Council|Court|Department|Directorate|Force|Forces|Fund|Institute|Ministry|Office|"
                         r"Organi[sz]ation|Treaty|Programme|Program|Service|System|Systems|Times|Post|News|Party)\b")
_ASIDE = re.compile(r"\b(?:after|although|amid|as|because|before|despite|following|given|since|though|when|where|"
                    r"whereas|which|while|who|whose|unlike)\b", re.I)
_SPOKEN = frozenset(("say", "report", "announce", "cite", "claim", "confirm", "reveal", "deny", "opinion", "concern"))
_HEDGES = frozenset(("possibility", "rumour"))
_HEDGE_RULES = frozenset(("view", "fear", "if", "should_inversion"))
_FIRM = frozenset(("can",))                        # an ability, more often than a possibility
_DENIALS = frozenset(("negation", "denial"))
_NEVER_DENIED = frozenset(("strategic_game",))     # "no guarantee" and "not realistic" are the frame itself
_CLAUSE = re.compile(r"[;:]|, (?:but|while|although|which|who|and)\b")
_STOP = re.compile(r",\s|;| – | — |$")


@dataclass(frozen=True)
class Evidence:
    """What speaks for one frame in one sentence: how much, and the words (as offsets) with the rules that met them."""
    frame: str
    score: float
    hits: tuple[tuple[int, int, str, float], ...]


@lru_cache(8)
def _finder(book: Codebook) -> tuple[Cues, dict[str, tuple[str, float]], frozenset[str]]:
    rules = [{"id": code, "cues": row["cues"], "requires": row["requires"], "excludes": row["excludes"],
              "window": row["window"], "side": row["side"]} for code, row in book.frames.to_dict("index").items()]
    rules += [{"id": rule, **row} for rule, row in book.frame_rules.to_dict("index").items()]
    speaks = {code: (code, MAIN) for code in book.frames.index}
    speaks |= {rule: (frame, float(weight)) for rule, frame, weight in
               book.frame_rules[["frame", "weight"]].itertuples()}
    return compile_cues(rules), speaks, known_names(book)


@lru_cache(512)
def _speaks_for(book: Codebook, type_: str, stage: str, track: str) -> tuple[tuple[str, str, float], ...]:
    """Rule, frame and weight of what an event says of its sentence's frame, by the rows that fit and name most."""
    given = {"type": type_, "stage": stage, "track": track}
    fitting = [(sum(bool(row[name]) for name in given), rule, row["frame"], float(row["weight"]))
               for rule, row in book.frame_events.to_dict("index").items()
               if all(row[name] in ("", value) for name, value in given.items())]
    most = max((named for named, *_ in fitting), default=0)
    return tuple((rule, frame, weight) for named, rule, frame, weight in fitting if named == most)


def known_names(book: Codebook) -> frozenset[str]:
    """Return the names of a codebook's actors and items, in small letters; what has no capital is no name."""
    columns = (book.aliases["alias"], book.items["item"], *book.items["aliases"].str.split(";"))
    return frozenset(alias.strip().lower() for column in columns for alias in column if re.search("[A-Z]", alias))


# names --------------------------------------------------------------------------------------------------------------


def name_spans(sentence: str, known: Iterable[str] = ()) -> list[tuple[int, int]]:
    """Return the spans of a sentence that are proper names: runs of words with capitals, and known names.

    Accepts a sentence and names in small letters. A single capital at the beginning of a sentence, or after an
    opening quotation mark or a colon, makes no name. In a headline that capitalises all its words only known names,
    and what ends in Act, Committee, Ministry or the like, are names.

    >>> [s[a:b] for s in ["Kestria broke the Harbour Defence Act, the Sea Council said."] for a, b in name_spans(s)]
    ['Harbour Defence Act', 'Sea Council']
    >>> name_spans("Sanctions would hurt.")
    []
    """
    words = list(_WORD.finditer(sentence))
    if headline(sentence, words):
        spans = [m.span() for m in _NAME_HEADS.finditer(sentence)]
        known = known if isinstance(known, (set, frozenset)) else set(known)
        for i in range(len(words)):
            for j in range(min(len(words), i + 5), i, -1):
                if sentence[words[i].start():words[j - 1].end()].lower() in known:
                    spans.append((words[i].start(), words[j - 1].end()))
                    break
        return sorted(spans)
    out = []
    for match in _NAME.finditer(sentence):
        start, end = match.span()
        before = sentence[:start].rstrip()
        if not before or before[-1] in _OPENING or before[-1] in ".!?":
            first = _WORD.match(sentence, start)
            if first is None or first.end() >= end:
                continue
            if first.group().lower() in _FUNCTION:
                following = _WORD.search(sentence, first.end())
                start = following.start() if following else end
        out.append((start, end))
    return out


_FUNCTION = frozenset(
    "a an the this that these those in on at by for from to of and but or if as when while after before "
    "since it its he she they we i his her their our no not any all some so such new".split())


# evidence -----------------------------------------------------------------------------------------------------------


def evidence(sentence: str, book: Codebook, *, words: bool = True) -> list[Evidence]:
    """Return what speaks for each frame in a sentence, the strongest first.

    Accepts a sentence and a codebook, and whether single words are heard beside the rules. Sums stand beside the words
    they come from, so that a reader can follow them.

    >>> from helpers.codebook import load_codebook
    >>> [e.frame for e in evidence("Norvia imposed sanctions on the port.", load_codebook(None))]
    ['coercion_sanctions']
    """
    finder, speaks, known = _finder(book)
    return _weigh(sentence, finder.find(sentence), speaks, known, frames_said(sentence) if words else None)


def _weigh(sentence: str, hits: list[Hit], speaks: Mapping, known: frozenset[str], said: Said | None,
           told: Collection[tuple[int, int, str, str, float]] = ()) -> list[Evidence]:
    found = _by_rules(sentence, hits, speaks, known, told)
    totals: dict[str, float] = {}
    if said:
        totals = {code: total for code, total in zip(weights().frames, said.total.tolist()) if code in speaks}
    out = []
    for frame, kept in found.items():
        worth = sorted((h[3] for h in kept), reverse=True)
        score = min(worth[0] + REPEATED * sum(worth[1:4]), RULES) + max(totals.get(frame, SILENT), LEAST)
        out.append(Evidence(frame, round(score, 3), tuple(kept)))
    if said:
        out += [Evidence(frame, round(total, 3), tuple(_heaviest(said, frame))) for frame, total in totals.items()
                if total >= NEED and frame not in found]
    return sorted(out, key=lambda e: (-e.score, e.hits[0][0]))


def _by_rules(sentence: str, hits: list[Hit], speaks: Mapping, known: frozenset[str],
              told: Collection[tuple[int, int, str, str, float]]) -> dict[str, list[tuple[int, int, str, float]]]:
    """What rules, and events, meet in a sentence: of words that overlap the weightier one, by frame."""
    if not hits and not told:
        return {}
    names = name_spans(sentence, known)
    aside = _aside(sentence)
    found: dict[str, list] = {}
    for hit in hits:
        if _inside(hit.start, names) or ("..." not in hit.cue and _inside(hit.end - 1, names)):
            if not any(c.isupper() for c in hit.cue):
                continue
        frame, weight = speaks[hit.rule]
        worth = weight * (ASIDE if _inside(hit.start, aside) else 1)
        found.setdefault(frame, []).append((hit.start, hit.end, hit.rule, worth))
    for start, end, rule, frame, weight in told:
        worth = weight * (ASIDE if _inside(start, aside) else 1)
        found.setdefault(frame, []).append((start, end, rule, worth))
    for frame, its in found.items():
        kept: list[tuple[int, int, str, float]] = []
        end = -1
        for hit in sorted(its):
            if hit[0] < end:
                if hit[3] > kept[-1][3]:
                    kept[-1] = hit
                end = max(end, hit[1])
            else:
                kept.append(hit)
                end = hit[1]
        found[frame] = kept
    return found


def _heaviest(said: Said, frame: str) -> list[tuple[int, int, str, float]]:
    """The words that say most for a frame that no rule met, in their order."""
    worth = said.each[:, weights().frames.index(frame)]
    chosen = [n for n in np.argsort(-worth, kind="stable")[:MOST] if worth[n] > 0] or [int(worth.argmax())]
    return sorted((*said.spans[n], "words", round(float(worth[n]), 3)) for n in chosen)


def _inside(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(a <= place < b for a, b in spans)


def _aside(sentence: str) -> list[tuple[int, int]]:
    """Spans of subordinate clauses: from the word that opens them to the next comma, dash or end."""
    out = []
    for match in _ASIDE.finditer(sentence):
        stop = _STOP.search(sentence, match.end())
        out.append((match.start(), stop.start() if stop else len(sentence)))
    return out


def _choose(found: list[Evidence]) -> list[Evidence]:
    most = found[0].score if found else 0
    needed = max(NEED, min(SHARE * most, MAIN * ASIDE))     # a frame told at length leaves room for a main word
    return [e for e in found[:MOST] if e.score >= needed]


# voice, doubt and denial --------------------------------------------------------------------------------------------


def _marked(text: str) -> list[tuple[int, int]]:
    """Spans between quotation marks, over several sentences of one paragraph; an open mark ends with its paragraph."""
    out: list[tuple[int, int]] = []
    begun: int | None = None
    for match in re.finditer("[“”\"«»]|\n\\s*\n", text):
        mark = match.group()
        if "\n" in mark:
            if begun is not None:
                out.append((begun, match.start()))
            begun = None
        elif begun is None and mark in "“\"«":
            begun = match.start()
        elif begun is not None and mark in "”\"»":
            out.append((begun, match.end()))
            begun = None
    return [(a, b) for a, b in out if len(text[a:b].split()) > 3]


_OWN = re.compile(r"\b(?:we|I|not|nobody|never)\b(?: \w+)?\s*$")     # what the outlet says itself, or nobody said


def _spoken(sentence: str, cues: Cues) -> bool:
    """Whether a reporting verb or phrase gives the sentence to someone, when no table of quotations says so."""
    return any(cues.rules[h.rule]["class"] in _SPOKEN and cues.rules[h.rule]["form"] != "adverb"
               and not _OWN.search(sentence, max(0, h.start - 30), h.start) for h in cues.find(sentence))


def _flags(sentence: str, best: Evidence, cues: Cues) -> tuple[bool, bool]:
    """Whether the first frame is denied, and whether it is hedged, by the modality cues of its clause."""
    negated = hedged = False
    start, end = best.hits[0][0], best.hits[-1][1]
    for hit in cues.find(sentence):
        rule = cues.rules[hit.rule]
        if _CLAUSE.search(sentence, min(hit.end, start), max(start, hit.end)) or \
                _CLAUSE.search(sentence, min(end, hit.start), max(end, hit.start)):
            continue
        if rule["kind"] in _DENIALS and best.frame not in _NEVER_DENIED:
            apart = sentence[hit.end:start].split()
            negated |= any(h[0] <= hit.start < h[1] for h in best.hits) or (hit.end <= start and len(apart) <= 5)
        if (rule["kind"] in _HEDGES or hit.rule in _HEDGE_RULES) and sentence[hit.start:hit.end].lower() not in _FIRM:
            hedged = True
    return negated, hedged


STOP_WORDS = frozenset(
    "about above after again against all also amid among and any are because been before being below between both "
    "but can could did does doing down during each even few for from further had has have having her here him his "
    "how however into its itself just like made make many may might more most much must nor not now off once only "
    "other our out over own same she should since some such than that the their them then there these they this "
    "those through too under until upon very was well were what when where whether which while who whom whose why "
    "will with would yet you your one two three first second last said says say told tell added according".split())


# the table ----------------------------------------------------------------------------------------------------------


def frames(text: str, sentences: pd.DataFrame, codebook: Codebook, quotes: pd.DataFrame | None = None,
           mentions: pd.DataFrame | None = None, event_mentions: pd.DataFrame | None = None,
           *, words: bool = True) -> pd.DataFrame:
    """Code the frames of one text's sentences.

    Accepts the text as read, its rows of the table ``sentences`` (sentence_id, doc_id, start, end, section), the
    codebook, the text's rows of ``quotes`` (start, end; without them voice is read from quotation marks and reporting
    verbs), of ``mentions`` (start, end: names besides those with capitals) and of ``event_mentions`` (sentence_id,
    trigger_start, trigger_end, type, stage, track): where the evidence of a sentence is too thin for any frame, its
    events speak for one as well, as ``frame_events.yaml`` says. Without ``words`` the rules decide alone. Returns rows
    of the table ``frames``: at most three a sentence, rank 1 first, each of weight 1/k; ``rule`` names the rule with
    the weightiest word, and is ``words`` where no rule met any. A sentence without enough evidence has no row.

    >>> from helpers.codebook import load_codebook
    >>> text = "Norvia imposed sanctions on the port. It rained."
    >>> rows = pd.DataFrame({"sentence_id": ["a", "b"], "doc_id": "d", "start": [0, 38], "end": [37, 48],
    ...                      "section": "body"})
    >>> frames(text, rows, load_codebook(None))[["sentence_id", "frame", "voice", "rule"]].values.tolist()
    [['a', 'coercion_sanctions', 'outlet', 'sanctions']]
    >>> told = pd.DataFrame({"sentence_id": ["b"], "trigger_start": [41], "trigger_end": [47], "type": ["CONSULT"],
    ...                      "stage": [None], "track": [None]})
    >>> frames(text, rows, load_codebook(None), event_mentions=told)[["frame", "rule"]].values.tolist()[1]
    ['bargaining_diplomacy', 'consults']
    """
    finder, speaks, known = _finder(codebook)
    speech, modality = codebook.cues("speech"), codebook.cues("modality")
    marked = _marked(text)
    said = sorted(zip(quotes["start"].tolist(), quotes["end"].tolist())) if quotes is not None else None
    voiced = _Spans(said if said is not None else marked)
    named = []
    if mentions is not None:
        forms = mentions["form"].tolist() if "form" in mentions else ["name"] * len(mentions)
        named = sorted((a, b) for a, b, form in zip(mentions["start"].tolist(), mentions["end"].tolist(), forms)
                       if form in ("name", "metonym"))
    told = _told(event_mentions, codebook) if event_mentions is not None else {}
    rows, titles = [], []
    columns = [sentences[name].tolist() for name in ("sentence_id", "doc_id", "start", "end", "section")]
    political = on_politics(text, list(zip(columns[2], columns[3])), [a for a, _ in named], items_of(codebook)[0])
    for number, (sentence_id, doc_id, start, end, section) in enumerate(zip(*columns)):
        sentence = text[start:min(end, start + LONGEST)]
        hits = [h for h in finder.find(sentence) if not _in_names(named, start + h.start, start + h.end, h.cue)]
        acts = [(a - start, b - start, *more) for a, b, *more in told.get(sentence_id, ())]
        said_by_words = frames_said(sentence) if words and political(number) else None
        chosen = _choose(_weigh(sentence, hits, speaks, known, said_by_words)) or \
            _choose(_weigh(sentence, hits, speaks, known, said_by_words, acts))
        if not chosen:
            continue
        at = start + chosen[0].hits[0][0]
        quoted = voiced.hold(at) or said is None and _spoken(sentence, speech)
        negated, hedged = _flags(sentence, chosen[0], modality)
        if section in ("title", "dek") and not quoted:
            titles.append(sentence_id)
        for rank, one in enumerate(chosen, 1):
            rows.append((sentence_id, doc_id, one.frame, rank, 1 / len(chosen), "quoted" if quoted else "outlet",
                         negated and rank == 1, hedged, max(one.hits, key=lambda h: h[3])[2]))
    washed = set()
    if titles:
        spans = pd.DataFrame(said if said is not None else marked, columns=["start", "end"])
        heads = sentences[sentences["sentence_id"].isin(titles)]
        washed = set(laundered(text, heads, spans.assign(quote_id=spans.index))["sentence_id"])
    dtypes = tables.TABLES["frames"].dtypes
    made = tables.typed([(*row, row[0] in washed) for row in rows], {name: dtypes[name] for name in COLUMNS})
    return made[tables.TABLES["frames"].names]


def _told(mentions: pd.DataFrame, book: Codebook) -> dict[str, list[tuple[int, int, str, str, float]]]:
    """What the events of each sentence say of its frame: the trigger's span, the rule, the frame and the weight."""
    out: dict[str, list] = {}
    columns = [mentions[name].fillna("").tolist() for name in ("type", "stage", "track")]
    places = [mentions[name].tolist() for name in ("sentence_id", "trigger_start", "trigger_end")]
    for sentence_id, start, end, *act in zip(*places, *columns):
        for said in _speaks_for(book, *act):
            out.setdefault(sentence_id, []).append((start, end, *said))
    return out


class _Spans:
    """Spans in order of their beginnings, which may lie in one another, and whether one of them holds a place."""

    def __init__(self, spans: list[tuple[int, int]]):
        self.starts = [start for start, _ in spans]
        self.ends = list(accumulate((end for _, end in spans), max))

    def hold(self, place: int) -> bool:
        before = bisect_right(self.starts, place)
        return before > 0 and self.ends[before - 1] > place


def _in_names(names: list[tuple[int, int]], start: int, end: int, cue: str) -> bool:
    """Whether a hit lies in a name; in the gap of a cue ("barred ... from") a name may stand."""
    if "..." in cue:
        return _overlaps(names, start, start + 1) or _overlaps(names, end - 1, end)
    return _overlaps(names, start, end)


def _overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    at = bisect_right(spans, (end, -1))
    return any(a < end and b > start for a, b in spans[max(0, at - 3):at])
