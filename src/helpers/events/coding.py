"""The event coder: sentences, mentions, quotations and time expressions in; rows of ``event_mentions`` out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from helpers import tables
from helpers.codebook import Codebook
from helpers.codebook.cues import Hit, stretches

from . import status as modality
from .clauses import ADVERBIAL, CONDITION, COORDINATE, FINITE, RELATIVE, Clause, clause_at, cut
from .discourse import settle, state
from .politics import items_of, on_politics
from .roles import HERE, PREPOSITION, WE, Named, actors, roles
from .triggers import AND, PASSIVE, PASSIVE_WITHIN, Trigger, attributive, governed, in_name, kin, noun, resolve, whole

__all__ = ["COLUMNS", "event_mentions", "main_event"]

COLUMNS = {
    "trigger_start": "Int64",
    "trigger_end": "Int64",
    "actor_id": "string",
    "target_id": "string",
    "type": "string",
    "item": "string",
    "track": "string",
    "stage": "string",
    "status": "string",
    "quote_id": "string",
    "time_id": "string",
    "rule": "string",
    "sentence_id": "string",
}
# what a type is about where neither its rule nor its stage says so
TRACKS = {
    "SANCTION": "sanctions",
    "THREATEN": "sanctions",
    "COOPERATE": "procurement",
    "MOBILIZE": "military",
    "ASSAULT": "military",
    "COERCE": "military",
    "RETREAT": "military",
    "AGREE": "negotiation",
    "REQUEST": "negotiation",
    "REJECT": "negotiation",
    "CONSULT": "negotiation",
    "CONCEDE": "negotiation",
}
LAW = re.compile(
    r"\b(?:bills?|amendments?|draft law|legislation|parliament|senators?|senate|congress|lawmakers?|assembly|"
    r"referendum|veto\w*)\b",
    re.I,
)
DEAL = re.compile(
    r"\b(?:purchase|purchases|acquisition|procurement|deliver(?:y|ies)|batch|contract|loan agreements?|"
    r"joint production|arms sales?|buy|acquire|suppl(?:y|ies) of)\b",
    re.I,
)
TREATY = re.compile(
    r"\b(?:treat(?:y|ies)|pacts?|protocols?|conventions?|charters?|peace|friendship|declaration|memorandum)\b", re.I
)
# the parties together: "both sides", "neither government", "the two foreign ministers", "the three countries"
BOTH = re.compile(
    r"\b(?:both|neither|either|(?:the|these|all) (?:two|(three)))\W+(?:[a-z]+\W+)?"
    r"(?:sides?|countr(?:y|ies)|nations?|states?|governments?|part(?:y|ies)|neighbou?rs?|leaders|presidents|premiers|"
    r"(?:prime |foreign |defen[cs]e )?ministers|capitals?|armies|militaries|navies|allies|rivals|powers|delegations)\b"
    r"(?! of\b)",
    re.I,
)
# a person whom nobody knows is the subject, so that no one told before is: "his successor, Ana Lind, met"
STRANGER = re.compile(
    r"[A-ZÀ-Þ][\w'’-]+ [A-ZÀ-Þ][\w'’-]+,?\s+(?:(?:has|had|have|is|was|will|would|also|then|later)\s+){0,3}$"
)
# a paragraph that asks, and one that a dash opens, as an answer in an interview does
QUESTIONS = re.compile(r"^[^\n\"“”«»]{8,300}\?\s*$", re.M)
SPOKEN = re.compile(r"\s*[–—-]\s")
# "the war" of a text in which nobody is armed is a figure of speech
FIGURATIVE = re.compile(r"(?:the|this|that|their|its|his) wars?", re.I)
ARMS = re.compile(
    r"\b(?:troops?|soldiers?|army|armies|armed|military|militia\w*|rebels?|guerril\w*|insurgen\w*|weapons?|missiles?|"
    r"rockets?|shell(?:s|ed|ing)|bomb\w*|air ?strikes?|raids?|invasion|invaded?|occup\w+|cease-?fire|truce|frontline|"
    r"front lines?|battle\w*|fighting|fought|casualties|kill(?:ed|ing)|veterans?|wounded|tanks?|warships?|navy|"
    r"genocide|massacre\w*|refugees?|peace|victims?|prisoners?|gun\w*)\b",
    re.I,
)
LONGEST = 10_000  # characters of a sentence that are read as one
LIST = re.compile(r"(?:,|,?\s+and)\s+(?:[\w-]+\s+)?(?!\w*ers\b)", re.I)
# what stands between two deeds, not within one
APART = re.compile(r"\b(?:after|since|before|following|with|between|than|unlike|like)\b")
# what an attack does to people: "a blast killed two and wounded four" is one act
HARM = re.compile(
    r"(?:(?:was|were)\s+)?(?:kill(?:s|ed|ing)?|wound(?:s|ed|ing)?|injur(?:e|es|ed|ing)|dead|claimed|death toll)\b", re.I
)
# what brought it about: "were killed in a blast", "was wounded on Friday when a patrol was ambushed"
CAUSED = re.compile(
    r"(?:[^,.;]{0,40}\b(?:in|during|by)|[^.;]{0,60}\b(?:when|as))\s+\w+\s+(?:[\w-]+\s+){0,4}$", re.I
)
DONE = re.compile(r"\w+ed\b")
# an object at home: "accused the government of"; types whose object, where it is one's own, is no other's
AT_HOME = re.compile(
    r"\s+(?:the|his|her|their|its)\s+(?:own\s+\w+|government|cabinet|parliament|opposition|coalition|ruling party|"
    r"president|premier|prime minister|(?:\w+\s+)?minist(?:er|ry)|central bank|police|courts?)\b(?! (?:of|in) [A-Z])",
)
OF_ONES_OWN = {"AID", "SUPPORT", "COOPERATE", "COERCE"}
ITS_OWN = re.compile(
    r"\s+(?:its|his|her|their)\s+(?!(?:ally|allies|neighbou?rs?|counterparts?|partners?|rivals?|host)\b)"
)
# what a state does to its own people and they to it; whom such an act is done to
WITHIN = {"COERCE", "REQUEST", "CONCEDE", "THREATEN", "REJECT"}
OWN_PEOPLE = re.compile(
    r"\b(?:workers?|strikers?|strikes?|unions?|students?|protest[eo]rs?|protests?|rall(?:y|ies)|demonstrat(?:ors?|ions?)|"
    r"dissidents?|activists?|opposition|citizens|residents|villagers|journalists?|newspapers?|clerics?|prisoners?|"
    r"separatists?|insurgents?|rebels?|militants?|political part(?:y|ies)|movement|parliament|constitution|reforms?)\b",
    re.I,
)
# the object of a verb: up to five words behind it, none of them a preposition but "of"
OBJECT = re.compile(
    r"(?:\s+(?!(?:on|in|at|to|from|with|by|for|against|between|over|under|after|before|since|and|but|that)\b)"
    r"[\w%’'-]+){1,5}"
)
LAWS = re.compile(r"\b(?:decrees?|executive orders?|laws?|bills?|legislation|statutes?)\b", re.I)
SETTLED = re.compile(r"\b(?:truces?|cease-?fires?|armistices?|accords?|settlements?|compromises?|deals?)\b", re.I)
MEASURE = re.compile(
    r"\b(?:dut(?:y|ies)|tariffs?|tax(?:es)?|lev(?:y|ies)|surcharges?|quotas?|bans?|embargo(?:es)?|sanctions?|boycotts?|"
    r"(?:trade|import|export|travel|visa) (?:curbs|restrictions|controls|barriers))\b",
    re.I,
)
IN_PART = re.compile(r"\b(?:in part|part(?:ly|ially)|eas(?:e|es|ed|ing)|relax\w*|loosen\w*|some of)\b", re.I)
# a date that opens a line, and what parts it from what happened on it
DATED_BY = {":", "-", "--", "–", "—"}
DAYS_ONLY = re.compile(r"(?:\W|\d|\b(?:on|to|and|or|early|late|mid|from|until|in|since)\b)*", re.I)
# how a deed came about, told in a clause of its own
CAME_ABOUT = re.compile(
    r"\w+\s+(?:(?:has|have|had)\s+)?(?:is|are|was|were|been|came|took|began|started)\s+(?:to be\s+)?(?:\w+ly\s+)?"
    r"(?:first\s+)?"
    r"(?:imposed|introduced|announced|signed|launched|held|agreed|concluded|ordered|adopted|reached|brokered|struck|"
    r"declared|decreed|issued|made|placed|put|lodged|filed|into force|into effect|effect|place|on|in)\b",
    re.I,
)
# a prepositional phrase at the head of a clause, as far as its noun
FRAME = re.compile(r"\W*(?:\w+\s+)?(?:under|by|after|before|since|despite|following|with|in|within|without|because of|"
                   r"thanks to|during|in spite of|as part of)\s+(?:[\w'’-]+\s+){0,4}", re.I)
AHEAD = re.compile(r"\b(?:will|would|shall|should|(?:is|are|was|were|be)\s+(?:[a-z]+ly\s+)?"
                   r"(?:due\s+|set\s+|about\s+|expected\s+|scheduled\s+)?to|plans?\s+to|planned\s+to|going\s+to)\b|"
                   r"['’](?:ll|d)\b", re.I)
PRESENT = re.compile(r"(?:is|are|[a-z]+[^s\W]s)\b")
# a verb that has a tense; a participle that stands for a clause: "hackers angered by the cartoons"
SAYS_SO = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|does|did|made|took|sent|gave|held|met|told|"
    r"began|broke|fought|won|lost|sold|bought|built|withdrew|led|left|went|came|sought|kept|set|"
    r"(?<!the )(?<!an )(?<!a )(?!united\b)[a-z]{2,}ed)\b(?! by\b)"
)
REDUCED = re.compile(r"\w+ed by\b")
# who speaks of events and takes no part in them
ONLOOKERS = re.compile(
    r"\b(?:experts?|analysts?|observers|sources|commentators?|professor|newspaper|agency|media)\b", re.I
)


class _Placed(list):
    """Rows that begin with a start and an end, in order of place."""

    def __init__(self, rows: Iterable[tuple]) -> None:
        super().__init__(rows)
        self.starts = [row[0] for row in self]

    def within(self, start: int, end: int, before: int = 0) -> list:
        """The rows that begin in a span, and so many before it."""
        return self[max(0, bisect_left(self.starts, start) - before) : bisect_left(self.starts, end)]


class _Told(NamedTuple):
    """What is known of a text before its events are looked for."""

    text: str
    codebook: Codebook
    spans: list[tuple[int, int, str]]  # its sentences
    named: _Placed  # of Named: who can take part in an act
    unquoted: _Placed  # of them, those outside direct speech
    direct: list[tuple[int, int]]
    said: _Placed
    dated: _Placed
    sides: list[str]  # the parties that it names most
    home: str | None
    interview: bool  # paragraphs that ask, and answers to them
    asked: str | None  # who is interviewed, as the title has it
    last_day: str | None  # on which the text may have come out


class _Sentence(NamedTuple):
    """What bears on the acts that one sentence tells of."""

    number: int
    id: str
    clauses: list[Clause]
    near: list[Named]
    carry: list[Named]  # whom "it" at its head means
    items: list[tuple[int, str]]
    cues: list[tuple]
    said: list[tuple]
    when: list[tuple]
    ours: str | None  # whose "we" it is


def _rows(frame: pd.DataFrame | None, names: list[str]) -> list[tuple]:
    """Rows of a table as tuples, start and end first, missing columns as None; in order of place."""
    if frame is None or frame.empty:
        return []
    columns = [[None if pd.isna(v) else v for v in frame[n].tolist()] if n in frame else [None] * len(frame)
               for n in names]
    return sorted(((int(s), int(e), *rest) for s, e, *rest in zip(*columns, strict=True)), key=lambda r: r[:2])


def event_mentions(
    text: str,
    sentences: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    quotes: pd.DataFrame | None = None,
    times: pd.DataFrame | None = None,
    codebook: Codebook | None = None,
    home: str | None = None,
    published: tuple[str, str] | str | None = None,
) -> pd.DataFrame:
    """Find the events that a text tells of.

    Accepts the text as read, its ``sentences`` (start, end, sentence_id), the ``mentions`` of
    :func:`helpers.actors.mentions` (start, end, actor_id), ``quotes`` (start, end, quote_id), ``times`` (start, end,
    time_id, kind, granularity, earliest), the codebook, ``home``, the state that the outlet's own "we" means, and
    ``published``, the day or the first and last day on which the text may have come out (no act has happened after it);
    all but the first two may be missing. Returns one row an event in order of place, with the columns of
    :data:`COLUMNS`; ``rule`` names the event rule and, after a ``+`` each, the modality rule that decided the status
    and how a side was found that the sentence leaves out (:mod:`helpers.events.discourse`). Raises ValueError
    when the sentences lack ``start`` or ``end``.

    >>> from helpers.codebook import load_codebook
    >>> text = "Peru has not yet imposed sanctions on Chile."
    >>> rows = event_mentions(text, pd.DataFrame({"start": [0], "end": [len(text)]}), codebook=load_codebook(None))
    >>> rows[["type", "status", "rule"]].values.tolist()
    [['SANCTION', 'not_happened', 'sanction.impose+not_yet']]
    """
    if not {"start", "end"} <= set(sentences.columns):
        raise ValueError(
            "sentences need the columns 'start' and 'end': give the table that helpers.cleaning.sentences made"
        )
    if codebook is None:
        from helpers.codebook import load_codebook

        codebook = load_codebook(None)
    last_day = published if isinstance(published, str) or published is None else published[1]
    told = _read(text, sentences, mentions, quotes, times, codebook, home, last_day)
    political = on_politics(text, [span[:2] for span in told.spans], told.named.starts, items_of(codebook)[0])
    rows = [row for k, hits in sorted(_hits(told).items()) for row in _events(told, k, hits, political)]
    placed = []
    for s, e, _ in told.spans:
        inside = [(n, bool(HERE.search(text[max(s, n.start - 30) : n.start]))) for n in told.named.within(s, e)]
        # "in Port Kes" says where; the capital stands for its state where it acts or is acted on
        placed.append([(n.start, n.actor_id, place) for n, place in inside if not (place and n.rule == "metonym")])
    organisations = codebook.actors.loc[codebook.actors["kind"].eq("organisation"), "actor_id"]
    settle(rows, placed, _parties(codebook), frozenset(organisations), told.sides[:2])
    coded = [
        (r["start"], r["end"], r["actor"] or None, r["target"] or None, r["type"], r["item"], r["track"], r["stage"],
         r["status"], r["quote"], r["time"], r["rule"] + (f"+{r['why']}" if r["why"] else ""), r["sentence_id"])
        for r in rows
    ]  # fmt: skip
    return tables.typed(coded, COLUMNS)


def _read(text: str, sentences, mentions, quotes, times, codebook: Codebook, home: str | None,
          last_day: str | None) -> _Told:
    ids = sentences["sentence_id"].tolist() if "sentence_id" in sentences else list(map(str, sentences.index))
    places = zip(sentences["start"].tolist(), sentences["end"].tolist(), ids, strict=True)
    spans = sorted((a, b, i) for s, e, i in places for a, b in stretches(text, int(s), int(e), LONGEST))
    media = _media(codebook)
    named = _Placed(
        Named(start, end, who, form or "", rule or "")
        for start, end, who, form, rule in _rows(mentions, ["start", "end", "actor_id", "form", "rule"])
        if who and who not in media and not ONLOOKERS.search(text, start, end)
    )
    said = _Placed(_rows(quotes, ["start", "end", "quote_id", "verb", "speaker_id"]))
    direct = [q[:2] for q in said if text[q[0]] in "“\"„«‘"]
    unquoted = _Placed(n for n in named if not _within(direct, n.start))
    dated = _Placed(_rows(times, ["start", "end", "time_id", "kind", "granularity", "earliest"]))
    sides = _sides(text, spans, named, codebook)
    interview = len(QUESTIONS.findall(text)) > 1
    titled = spans[min(3, len(spans) - 1)][1] if spans else 0  # a name and a colon stand over an interview
    asked = next((q[4] for q in said if q[3] == ":" and q[0] < titled), None)
    return _Told(text, codebook, spans, named, unquoted, direct, said, dated, sides, home, interview, asked, last_day)


def _sides(text: str, spans: list[tuple[int, int, str]], named: list[Named], codebook: Codebook) -> list[str]:
    """The parties that a text names most; the title and the lead name them."""
    parties = _parties(codebook)
    told: Counter[str] = Counter()
    for n in named:
        if not HERE.search(text[max(0, n.start - 30) : n.start]):
            told[n.actor_id.split(".")[0]] += 3 if n.start < spans[min(2, len(spans) - 1)][0] else 1
    return [who for who, _ in told.most_common() if who in parties][:3]


def _hits(told: _Told) -> dict[int, list[Hit]]:
    """The hits of event rules by the number of their sentence."""
    starts = [s for s, *_ in told.spans]
    found: dict[int, list[Hit]] = {}
    for hit in told.codebook.cues("event_rules").find(told.text):
        k = bisect_right(starts, hit.start) - 1
        if k >= 0 and hit.end <= told.spans[k][1]:
            found.setdefault(k, []).append(hit)
    return found


def _events(told: _Told, k: int, hits: list[Hit], political: Callable[[int], bool]) -> list[dict]:
    """The acts that a sentence tells of, if it is on politics."""
    text, rules = told.text, _rules(told.codebook)
    start, end, sentence_id = told.spans[k]
    clauses = cut(text, start, end)
    found = resolve([h for h in hits if whole(h, clauses)], text)
    triggers = [Trigger(h.start, h.end, h.rule, rules[h.rule], clause_at(clauses, h.start)) for h in found]
    near = told.named.within(start, end)
    near = sorted(near + _both(text, start, end, near, told.sides, told.direct))
    carry = _subject_before(text, k, told.spans, told.unquoted)
    triggers = _chosen(text, triggers, clauses, (start, end)) if near or carry or political(k) else []
    if not triggers:
        return []
    finder, known = items_of(told.codebook)
    items = finder.finditer(text, start, end) if finder else ()
    _, modal_rules = _statuses(told.codebook)
    here = _Sentence(
        k,
        sentence_id,
        clauses,
        near,
        carry,
        [(m.start(), known[re.sub(r"\s+", " ", m.group().lower())]) for m in items],
        [(h.start + start, h.end + start, h.rule, *modal_rules[h.rule])
         for h in told.codebook.cues("modality").find(text[start:end])],
        told.said.within(start, end, before=8),  # a quotation may begin before
        [w for w in told.dated.within(start, end) if w[3] in ("DATE", "TIME", None) and w[4] != "none"],
        _ours(told, start, end),
    )  # fmt: skip
    rows = [_event(told, here, t) for t in triggers]
    wanting = [row for row, t in zip(rows, triggers, strict=True) if t.row["target"]]
    if not all(state(row["target"]) - state(row["actor"]) for row in wanting):
        return _events(told, k, [h for h in hits if not rules[h.rule]["target"]], political)
    return rows


def _ours(told: _Told, start: int, end: int) -> str | None:
    """Whose "we" it is outside quotation marks: the outlet's state; in an interview's answers, who is interviewed.

    An "I" is nobody's state.
    """
    line = told.text.rfind("\n", 0, start) + 1
    if SPOKEN.match(told.text, line) or told.interview:
        asks = "?" in told.text[end - 1 : end + 1]
        return None if asks else told.asked
    return told.home if not re.search("[“”\"«»]|\\bI\\b", told.text[start:end]) else None


def _event(told: _Told, here: _Sentence, t: Trigger) -> dict:
    """One act: who does it to whom, what it is about, how real the text makes it, who says so and when."""
    text, clauses, kind = told.text, here.clauses, t.row["type"]
    named_act = noun(text, t)
    inside = next((q for q in here.said if q[0] <= t.start < q[1]), None)
    speaker = inside[4] if inside else None
    actor, target = roles(
        text,
        t.start,
        t.end,
        t.row["actor"],
        here.near,
        clauses,
        t.clause,
        named_act,
        here.carry,
        speaker,
        kind == "REQUEST",
        speaker if inside else here.ours,
    )
    precedence, _ = _statuses(told.codebook)
    status, why = modality.of(
        text, t.start, t.end, kind, t.row["status"], t.clause, clauses, here.cues, precedence, named_act
    )
    when = _time(text, [w for w in here.when if not of_a_name(text, w, t)], t, clauses, named_act)
    if when and told.last_day and when[5] and when[5] > told.last_day and status in ("happened", "ongoing"):
        if to_come(text, t, when, clauses[t.clause], named_act):
            status, why = "planned", "to_come"
        else:
            when = None
    stage = t.row["stage"] or _stage(kind)
    clause = text[clauses[t.clause].start : clauses[t.clause].end]
    if stage == "contract" and TREATY.search(clause) and not DEAL.search(clause):
        stage = "agreement"
    track = _track(t, stage, text, clauses)
    what = _what(text, t, clauses)
    if stage == "contract" and LAWS.search(what):
        stage, track = "passed", "legislation"
    elif stage in ("contract", "agreement") and kind == "SUPPORT" and SETTLED.search(what) and not DEAL.search(clause):
        stage, track = "agreement", "negotiation"
    elif kind == "RETREAT" and not t.row["stage"] and MEASURE.search(what) and not OWN_PEOPLE.search(clause):
        stage, track = "eased" if IN_PART.search(clause) else "lifted", "sanctions"
    return {
        "start": t.start,
        "end": t.end,
        "actor": actor,
        "target": target,
        "type": kind,
        "item": _nearest(here.items, t, clauses),
        "track": track,
        "stage": stage,
        "status": status,
        "quote": inside[2] if inside else None,
        "time": when[2] if when else None,
        "rule": t.rule + (f"+{why}" if why else ""),
        "sentence_id": here.id,
        "sentence": here.number,
        "stranger": not actor and bool(
            STRANGER.search(text, clauses[t.clause].start, t.start)
            or WE.search(text[clauses[t.clause].start : t.start][-60:])
        ),
        "closed": track == "legislation" or bool(
            AT_HOME.match(text, t.end, clauses[t.clause].end)
            or kind in OF_ONES_OWN and not named_act and ITS_OWN.match(text, t.end, clauses[t.clause].end)
        ),
        "within": kind == "PROTEST"
        or kind in WITHIN and bool(OWN_PEOPLE.search(text, t.start, clauses[t.clause].end)),
    }


@lru_cache(maxsize=8)
def _media(codebook: Codebook) -> frozenset[str]:
    """The media, which tell of acts and take no part in them."""
    return frozenset(codebook.actors.loc[codebook.actors["kind"].eq("medium"), "actor_id"])


@lru_cache(maxsize=8)
def _parties(codebook: Codebook) -> frozenset[str]:
    """The states, groups and bodies of states that can be one side of an act; media are none."""
    sides = codebook.actors["kind"].isin(["state", "group"]) | codebook.actors["actor_id"].isin(codebook.bodies.index)
    return frozenset(codebook.actors.loc[sides, "actor_id"])


@lru_cache(maxsize=8)
def _rules(codebook: Codebook) -> dict[str, dict]:
    return codebook.event_rules[["type", "actor", "stage", "track", "status", "target"]].to_dict("index")


@lru_cache(maxsize=8)
def _statuses(codebook: Codebook) -> tuple[dict[str, int], dict[str, tuple[str, str, str]]]:
    """The precedence of each status; kind, status and place of each modality rule."""
    rules = codebook.modality[["kind", "status", "stands"]].itertuples(name=None)
    return codebook.statuses["precedence"].astype(int).to_dict(), {rule: tuple(row) for rule, *row in rules}


def _chosen(
    text: str,
    triggers: list[Trigger],
    clauses: list,
    span: tuple[int, int],
) -> list[Trigger]:
    """The triggers that stand on their own: not governed, in no name, each act once."""
    kept: list[Trigger] = []
    for t in triggers:
        if attributive(text, t) or in_name(text, t, Clause(*span, "", -1)):
            continue
        if FIGURATIVE.fullmatch(text, t.start, t.end) and not ARMS.search(text):
            continue
        if any(governed(text, k, t, clauses) for k in kept):
            continue
        if any(k.row["type"] == t.row["type"] and _same_act(text, k, t, clauses) for k in kept):
            continue
        kept.append(t)
    return kept


def _same_act(text: str, k: Trigger, t: Trigger, clauses: list) -> bool:
    """Whether two triggers of one type are one act: of one word's family, in one clause, or a deed and its result.

    A deed and one that is still planned are two ("ratified the accession"), and so are two nouns parted by "after" or
    "with" ("the raid came days after the ambush"). Whom an attack killed and wounded is told with it.
    """
    if k.row["status"] != t.row["status"] and "" in (k.row["status"] or "", t.row["status"] or ""):
        return False
    if k.row["type"] == "ASSAULT" and k.end <= t.start:
        between = text[k.end : t.start]
        if HARM.match(text, t.start) and not APART.search(between):
            return True
        if HARM.match(text, k.start) and CAUSED.match(between):
            return True
    if kin(text[k.start : k.end], text[t.start : t.end]):
        return True
    if noun(text, k) and set_before(text, clauses[k.clause], k, t.start):
        return False  # "Under the truce, Norvia freed the crew"
    named, between = noun(text, t), text[max(k.end, t.start - 200) : t.start]
    if named and APART.search(between):
        return False
    if between.strip() == "and" and DONE.fullmatch(text, k.start, k.end) and DONE.match(text, t.start):
        return True  # "balked and refused to sell"
    if k.clause == t.clause:
        return not (LIST.fullmatch(between) or AND.search(between) and not named)
    at = t.clause
    while clauses[at].opener in COORDINATE and clauses[at].parent > k.clause:
        at = clauses[at].parent
    return clauses[at].opener == "participle" and clauses[at].parent == k.clause


def _subject_before(text: str, k: int, spans: list, named: _Placed) -> list[Named]:
    """Whom "it" at the head of a sentence means: who stands first, as a subject can, in the sentences before.

    Of up to three sentences that stand near, the last one in which anyone is named.
    """
    for back in range(k - 1, max(-1, k - 4), -1):
        start, end, _ = spans[back]
        if spans[back + 1][0] - end > 200:
            return []
        near = actors(text, named.within(start, end))
        if near:
            free = [m for m in near if not PREPOSITION.search(text[max(start, m.start - 40) : m.start])]
            return (free or near)[:1]
    return []


def _within(spans: list[tuple[int, int]], at: int) -> bool:
    """Whether a place lies in one of the spans, which are in order and do not cross."""
    k = bisect_right(spans, at, key=lambda s: s[0]) - 1
    return k >= 0 and at < spans[k][1]


def _both(text: str, start: int, end: int, near: list[Named], sides: list[str], direct: list[tuple[int, int]]
          ) -> list[Named]:
    """ "Both sides", "the three countries": the parties that the sentence names before, or the text most.

    Not in direct speech: whom a speaker means by it, the text's own count does not tell.
    """
    out = []
    for m in BOTH.finditer(text, start, end):
        many = 3 if m[1] else 2
        before = dict.fromkeys(n.actor_id.split(".")[0] for n in near if n.end <= m.start())
        named = [who for who in before if who in sides]
        who = named if len(named) == many else sides[:many]
        if len(who) == many and not _within(direct, m.start()):
            out += [Named(*m.span(), one, "pronoun", "both") for one in who]
    return out


def _nearest(found: list[tuple[int, str]], t: Trigger, clauses: list) -> str | None:
    """The item nearest to the trigger in its clause; the sentence's, where it names only one."""
    here = clauses[t.clause]
    same = [(abs(at - t.start), item) for at, item in found if here.start <= at < here.end]
    if same:
        return min(same)[1]
    return found[0][1] if len({item for _, item in found}) == 1 else None


def _stage(kind: str) -> str | None:
    return {
        "CONSULT": "talks",
        "SUPPORT": "statement",
        "ACCUSE": "objection",
        "REQUEST": "request",
        "REJECT": "reject",
        "THREATEN": "warning",
        "SANCTION": "imposed",
        "AGREE": "agreement",
        "CONCEDE": "concede",
        "RETREAT": "concede",
        "ASSAULT": "use_of_force",
        "MOBILIZE": "deployment",
        "COERCE": "pressure",
    }.get(kind)


def _track(t: Trigger, stage: str | None, text: str, clauses: list) -> str:
    if t.row["type"] in ("CONSULT", "ACCUSE") and DEAL.search(text, clauses[t.clause].start, clauses[t.clause].end):
        return "procurement"
    if t.row["track"]:
        return t.row["track"]
    if LAW.search(text, clauses[t.clause].start, clauses[t.clause].end) and t.row["type"] in (
        "SUPPORT",
        "REJECT",
        "AGREE",
    ):
        return "legislation"
    if t.row["type"] in TRACKS:
        return TRACKS[t.row["type"]]
    if stage == "contract":
        return "procurement"
    return "alliance"


_PAPER = r"(?:treat(?:y|ies)|agreements?|acts?|charters?|accords?|pacts?|conventions?|protocols?|laws?|constitutions?)"
_PAPER_OF = re.compile(rf"(?i:\b{_PAPER} of )$")
_YEAR_PAPER = re.compile(rf"[’']?s? (?:[A-Z][\w’'-]+ ){{0,4}}(?=[A-Z])(?i:{_PAPER})\b")


def of_a_name(text: str, when: tuple, t: Trigger) -> bool:
    """Whether a year is part of the name of a treaty or law, and so tells when that was made and not when ``t`` was.

    "Norvia broke the treaty of 1990" and "the 1990 Ports Charter" date no breach; but "the agreement of 1990" dates the
    agreement, where that word is itself the trigger.
    """
    start, end = when[:2]
    if not re.fullmatch(r"\d{4}", text[start:end]):
        return False
    paper = _PAPER_OF.search(text, max(0, start - 20), start) or _YEAR_PAPER.match(text, end)
    if not paper:
        return False
    return not (min(paper.start(), start) <= t.start and t.end <= max(paper.end(), end))


def _what(text: str, t: Trigger, clauses: list) -> str:
    """What an act is done to, in words: the trigger and what follows it; what stands before it, where it is passive."""
    here = clauses[t.clause]
    if PASSIVE.search(text[max(here.start, t.start - 40) : t.start]) or PASSIVE_WITHIN.search(text[t.start : t.end]):
        begun = clauses[here.parent] if here.opener == "resume" and here.parent >= 0 else here
        return text[begun.start : min(begun.end, t.end)] + " " + text[here.start : t.end]
    behind = OBJECT.match(text, t.end, here.end)
    return text[t.start : behind.end() if behind else t.end]


def _time(text: str, when: list[tuple], t: Trigger, clauses: list, named: bool = False) -> tuple | None:
    """The time expression nearest to the trigger in its own clause.

    A clause that goes on ("In May Norvia invaded and annexed …") takes the time at the head of the one before; what
    stands behind a date and a colon or dash is told of that day ("3 May: Norvia shuts the port"). A deed that a noun
    names takes the time of the clause that tells how it came about ("the ban, which was imposed in May, …").
    """
    here = clauses[t.clause]
    same = [(abs(w[0] - t.start), w) for w in when if here.start <= w[0] < here.end
            and not (named and set_before(text, here, t, w[0]))]
    if same:
        return min(same)[1]
    after = clauses[t.clause + 1] if t.clause + 1 < len(clauses) else None
    if named and after and after.opener in ("which", "that") and not text[t.end : after.start].strip(" ,"):
        told = [w for w in when if after.start <= w[0] < after.end]
        if told and CAME_ABOUT.match(text, after.start):
            return told[0]
    return _headed(text, when, t.clause, clauses)


def _headed(text: str, when: list[tuple], k: int, clauses: list) -> tuple | None:
    """The time at the head of the clause before, where this one goes on with it or the time is all there is of it."""
    here = clauses[k]
    if k and here.opener in DATED_BY:
        line = max(clauses[0].start, text.rfind("\n", 0, here.start) + 1)
        head = [w for w in when if line <= w[0] < here.start]
        edges = [line, *(at for w in head for at in w[:2]), here.start]
        beside = "".join(text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
        if head and len(beside) < 40 and DAYS_ONLY.fullmatch(beside):
            return head[0]
    if here.parent < 0 or here.opener not in COORDINATE | {"participle"}:
        return None
    before = clauses[here.parent]
    head = [w for w in when if before.start <= w[0] < before.start + 12]
    return head[0] if head else _headed(text, when, here.parent, clauses)


def set_before(text: str, here: Clause, t: Trigger, at: int) -> bool:
    """Whether a deed that a noun names only frames what stands further on: "Under the truce, Norvia left on Monday"."""
    between = text[t.end : at] + text[at:].split(" ", 1)[0]
    return "," in between and bool(FRAME.fullmatch(text[here.start : t.start])) and bool(FINITE.search(between))


def to_come(text: str, t: Trigger, when: tuple, here: Clause, named: bool) -> bool:
    """Whether an act whose date is still to come is told as one to come: "would open", "leaves", "the talks on"."""
    if named:
        between = text[min(t.end, when[1]) : max(t.start, when[0])]
        return when[1] <= t.start or bool(re.fullmatch(r"[^.;:]{0,40}?\b(?:on|in|at|for|this|next|later)?\W*", between))
    if t.row["type"] in ("REJECT", "ACCUSE"):
        return False
    return bool(AHEAD.search(text, here.start, t.start)) or bool(PRESENT.match(text, t.start))


def main_event(rows: pd.DataFrame, text: str = "") -> str | None:
    """The type of the act that a sentence is about: the first of its main clause, its verb before its subject.

    Accepts rows of :func:`event_mentions` and the sentence in which they were found; without it the first act counts.

    >>> rows = pd.DataFrame({"trigger_start": [16, 4], "trigger_end": [24, 9], "type": ["REJECT", "AGREE"]})
    >>> main_event(rows, "The offer was rejected."), main_event(rows)
    ('REJECT', 'AGREE')
    """
    if rows.empty:
        return None
    if not text:
        return rows.sort_values("trigger_start", kind="stable")["type"].iloc[0]
    clauses = cut(text, 0, len(text))
    acts = zip(rows["trigger_start"], rows["trigger_end"], rows["type"], strict=True)
    return min((_beside(text, int(start), int(end), clauses), start, kind) for start, end, kind in acts)[2]


def _beside(text: str, start: int, end: int, clauses: list[Clause]) -> int:
    """How far an act stands from what its sentence says: 0 said, 1 part of who or what does it, 2 told beside it."""
    here = at = clause_at(clauses, start)
    while at >= 0:
        if clauses[at].opener in RELATIVE | ADVERBIAL | CONDITION | {"participle"}:
            return 2
        at = clauses[at].parent
    if SAYS_SO.search(text, clauses[here].start, start):
        return 0
    named = noun(text, Trigger(start, end, "", {}, here)) and not SAYS_SO.search(text, start, end)
    return int(named or bool(REDUCED.match(text, start)) or not start and bool(DONE.match(text)))
