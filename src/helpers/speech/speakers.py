"""Who speaks: the words for a speaker, the actor they mean, and whom a pronoun or a description stands for.

Antecedents are tried in the order of Elson and McKeown 2010 and Muzny et al. 2017: within a sentence the last
speaker, then a person in subject position, and so back, sentence by sentence, within a few paragraphs.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from helpers.codebook import Codebook
from helpers.codebook.cues import stretches

from . import grammar as g

HONORIFIC = r"(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sir|Dame|Lord|Sen|Rep|Gov|Adm|Lt|Col|Sgt)"
GROUPS = set(
    "company firm agency group bank party union ministry government department organization organisation "
    "institute body maker "
    "manufacturer concern utility airline retailer giant insurer carrier lender".split()
)
MEDIA = set("publication newspaper paper outlet magazine website site broadcaster channel".split())
PAPERS = set("statement report document letter article resolution law complaint note draft".split())
PEOPLE = set(
    "officials sources experts analysts authorities diplomats lawmakers people others residents leaders senators "
    "relatives parties police prosecutors customers doctors investigators critics observers men "
    "women employers members "
    "scientists researchers economists".split()
)
ONE_PERSON = set(
    "man woman official minister president premier senator expert analyst diplomat professor mayor king queen director "
    "source chief head chairman chairwoman leader officer editor author creator founder mother father lawyer mr mrs ms "
    "dr".split()
)
THING = re.compile(
    r"\b(?:company|firm|government|ministry|agency|statement|report|paper|newspaper|court|committee|council|department|bank|"
    r"party|union|group|bill|law|letter|document|study|survey|poll|charge|notice|text|message|website|resolution|draft|network|"
    r"embassy|office)\b"
)
# "the official", "that newspaper", "the head of the committee": described before, not named here
GENERIC = re.compile(
    r"(?:the|that|this)\s+(?:[a-z'-]+\s+){0,2}?(?:"
    + "|".join(sorted(GROUPS | MEDIA | PAPERS | PEOPLE | ONE_PERSON))
    + r"|spokesman|spokeswoman|spokesperson|two|latter|other|politician|ambassador|envoy|secretary|doctor|activist|"
    r"pilot|student|teacher|pope|chancellor|investigator|lawmaker|general|committee)"
    r"(?: of (?:the|this|his|her|its|their) \w+)?",
    re.I,
)
PERSONAL = re.compile(
    rf"(?:{HONORIFIC}\.? )?(?!\w+['’]s )[A-ZÀ-Þ][^\W\d_]+(?:-[A-ZÀ-Þ][^\W\d_]+)?(?: [A-ZÀ-Þ]\.?)?"
    r"(?: (?:al|bin|de|van|von|el|der|da))?(?: [A-ZÀ-Þ][^\W\d_]+(?:['’-][A-ZÀ-Þ][^\W\d_]+)?){1,2}"
)
NO_PERSON = re.compile(
    r"\b(?:Inc|Corp|Court|Ministry|Agency|News|University|State|States|Department|Council|Party|Committee|Bank|Union|Times|Post|"
    r"Office|Congress|Senate|House|Army|Group|Co|Company|Kingdom|Nations|Republic|North|South|East|West|America|Africa|Asia|"
    r"Europe|Sea|Ocean|River|Bay|Islands?|City|County|Street|Avenue|Square|Park|Airport|Center|Centre|Hospital|School|College|"
    r"Institute|Museum|Church|Act|Treaty|Day|Week|Web|Files?|The|In|On|At|But|And|After|Before|When|While|Monday|Tuesday|"
    r"Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June|July|August|September|October|November|"
    r"December|New|San|Los|Saint|St|Fort|Port|Lake|Mount)\b"
)
MEDIUM_NOUN = re.compile(
    r"\b(?:news|agency|newspaper|daily|paper|magazine|television|TV|radio|website|media|press|channel|broadcaster|post|times|"
    r"journal|herald|wire|publication)\b",
    re.I,
)
MANY = re.compile(
    r"(?:(?:a (?:number|group|majority|handful)|dozens|some|many|most|all) of|both|several|multiple|two|three|some|"
    r"many)\b"
)
WHEN = re.compile(
    rf"\s+(?:on the \d|(?:on |late |early )*{g.DAY}\b|(?:on|in) (?:\d|{g.MONTHS})|(?:last|this) (?:week|month|year)\b)"
)
# rules of mentions that name a person by the state or body that the person acts for
OF_PERSONS = {"office", "office_of_state", "office_of_unknown", "introduced"}
SUBJECT_REACH = 45
LONGEST = 10_000  # characters of a sentence that are one row


@dataclass(frozen=True)
class Speaker:
    """Who speaks: the words, their place, the actor, its bloc, and what sort of thing it is.

    ``kind`` is ``person``, ``plural``, ``thing``, ``name`` (a name that may be either) or ``any``; ``via`` the paper
    in which it spoke ("in a statement").
    """

    words: str
    start: int
    end: int
    actor_id: str = ""
    bloc: str = ""
    kind: str = "any"
    via: str = ""

    def called(self, words: str) -> Speaker:
        """The same speaker under a pronoun or a description: "he (Ana Ruiz)"."""
        inner = re.sub(r"^[^()]*\(([^()]*)\)$", r"\1", self.words)
        return replace(self, words=f"{words} ({inner})" if inner.lower() != words.lower() else inner)


class Said(NamedTuple):
    """A speaker, and where the sentence began in which it spoke."""

    at: int
    who: Speaker


class Named(NamedTuple):
    """A mention of an actor, as the table of mentions has it."""

    start: int
    end: int
    actor_id: str
    form: str
    rule: str


class Row(NamedTuple):
    """A sentence."""

    start: int
    end: int
    sentence_id: str
    section: str
    paragraph: int


@lru_cache(8)
def _actors(codebook: Codebook) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Kind, bloc and offices of each actor."""
    actors = codebook.actors.drop_duplicates("actor_id").set_index("actor_id")
    offices = codebook.actors.groupby("actor_id")["office"].agg(" ".join).to_dict()
    return actors["kind"].to_dict(), actors["bloc"].to_dict(), offices


@lru_cache(8)
def classes(codebook: Codebook) -> dict[str, str]:
    """The class of each rule of speech."""
    return codebook.speech["class"].to_dict()


class Reader:
    """One text with its sentences, mentions and codebook: everything that is asked again and again while it is read."""

    def __init__(self, text: str, sentences: pd.DataFrame, mentions: pd.DataFrame, codebook: Codebook):
        self.text = text
        self.kinds, self.blocs, self.offices = _actors(codebook)
        named = zip(*(mentions[name].tolist() for name in Named._fields), strict=True)
        self.mentions = sorted(Named(int(s), int(e), str(a), str(f), str(r)) for s, e, a, f, r in named)
        self.mention_starts = [m.start for m in self.mentions]
        n = len(sentences)
        missing = {"sentence_id": [*map(str, sentences.index)], "section": ["body"] * n, "paragraph": [1] * n}
        columns = (sentences[name].tolist() if name in sentences else missing[name] for name in Row._fields)
        self.rows = sorted(
            Row(a, b, str(i), str(x), int(p) if pd.notna(p) else 0)
            for s, e, i, x, p in zip(*columns, strict=True)
            if e > s
            for a, b in stretches(text, int(s), int(e), LONGEST)
        )
        self.row_starts = [r.start for r in self.rows]

    def at(self, place: int) -> int:
        """The number of the sentence in which a place lies."""
        return max(0, bisect_right(self.row_starts, place) - 1)

    def mentions_in(self, start: int, end: int) -> list[Named]:
        """The mentions that touch a span."""
        low, high = bisect_left(self.mention_starts, start - 80), bisect_left(self.mention_starts, end)
        return [m for m in self.mentions[low:high] if m.end > start]

    def kind_of(self, who: Speaker | Named | None) -> str:
        """The codebook's kind of an actor: state, person, organisation, medium, group; empty for one it does not
        know. A person who is known by the state alone is one."""
        if isinstance(who, Named) and who.rule in OF_PERSONS:
            return "person"
        return self.kinds.get(who.actor_id, "") if who else ""

    def speaker(self, start: int, end: int) -> Speaker:
        """The speaker whose words stand in a span."""
        when = WHEN.search(self.text, start, end)  # "according to the agency on Friday"
        end = when.start() if when else end
        words = re.sub(r"\s+", " ", self.text[start:end]).strip(" “”\"`")
        words = words.removeprefix("''").strip()
        actor, bloc, kind = self._actor(start, end)
        return Speaker(words, start, end, actor, bloc, kind_of_words(words, kind))

    def _actor(self, start: int, end: int) -> tuple[str, str, str]:
        """The actor, bloc and kind of a speaker: a person or body named there before a state; a bare adjective gives
        the bloc alone."""
        found = self.mentions_in(start, end)
        bloc = next((self.blocs[m.actor_id] for m in found if self.blocs.get(m.actor_id)), "")

        def rank(m: Named) -> float:
            if m.form == "title":
                return 0.5
            return {"person": 0, "organisation": 1, "medium": 1, "group": 1}.get(self.kind_of(m), 2)

        usable = [m for m in found if m.rule != "demonym" or self.text[m.start : m.end].endswith("s")]
        if not usable:
            return "", bloc, ""
        head = start + len(re.split(r",|\bof\b|\bfor\b|\bat\b|\bwith\b", self.text[start:end])[0].rstrip())
        best = min(usable, key=lambda m: (rank(m), m.start > head, m.start))
        if (
            rank(best) == 2
            and best.end < end - 2
            and re.match(r"(?:['’]s)?[ -][a-z]", self.text[best.end : best.end + 4])
        ):
            return "", bloc, ""  # "Norvia's biggest union" is of the state, not the state
        return best.actor_id, self.blocs.get(best.actor_id, "") or bloc, self.kind_of(best)


def named(words: str) -> bool:
    """Whether a name stands among the words (a capital inside, or a single capitalised word)."""
    return bool(re.search(r"[A-ZÀ-Þ]", words[1:]) or re.match(r"[A-ZÀ-Þ]\S*$", words))


def kind_of_words(words: str, known: str) -> str:
    """What sort of thing speaks, for the choice of pronouns; ``known`` is the codebook's kind of the actor.

    >>> [kind_of_words(w, "") for w in ("two officials", "a senior minister", "the company", "the pilot")]
    ['plural', 'person', 'thing', 'any']
    """
    if known in ("person", "medium", "organisation", "state"):
        return "person" if known == "person" else "thing"
    head = re.split(r"\b(?:of|for|at|in|from|with|who|which|familiar)\b|,", words.lower())[0].strip()
    if MANY.match(words.lower()) or " and " in head and not THING.search(head):
        return "plural"
    last = head.split()[-1] if head else ""
    if (
        last in PEOPLE
        or re.fullmatch(r"[a-z]{3,}s", last)
        and words.split()[-1] != last.title()
        and not named(words)
        and not re.search(r"(?:ss|news|us)$", last)
    ):
        return "plural"
    if PERSONAL.fullmatch(words) and not NO_PERSON.search(words) and not re.match(rf"{HONORIFIC}\b", words):
        return "thing" if words.endswith(("ions", "ies", "ems", "ics")) else "name"
    if (
        PERSONAL.search(words)
        and not NO_PERSON.search(words)
        or re.match(rf"{HONORIFIC}\b", words)
        or set(head.split()) & ONE_PERSON
        or "spokes" in head
    ):
        return "person"
    if re.fullmatch(r"[A-ZÀ-Þ][\w'’-]+", words):
        return "name"
    return "thing" if known or named(words) or THING.search(head) else "any"


def needs_antecedent(words: str) -> bool:
    """Whether the words only point back: a pronoun, or "the official" without a name."""
    return words.lower() in g.PRONOUNS | {"his", "their", "its"} or bool(GENERIC.fullmatch(words))


def antecedent(reader: Reader, masked: str, place: tuple[int, int], said: Sequence[Said]) -> Speaker | None:
    """Whom "he", "they", "the company" or "the official" at a place means; None if nobody before fits."""
    words = masked[place[0] : place[1]].strip().lower()
    words = {"his": "he", "their": "they", "its": "it"}.get(words, words)
    pronoun = words in g.PRONOUNS
    if pronoun and words not in ("he", "she", "him", "her", "they", "them", "it"):
        return None
    head = re.split(r"\sof\s", words)[0].split()[-1]
    row = reader.at(place[0])
    back = range(row, max(-1, row - (12 if pronoun else 40)), -1)
    for k, anywhere in [*((k, False) for k in back), *((k, True) for k in back if pronoun)]:
        start, end, _, _, paragraph = reader.rows[k]
        if pronoun and reader.rows[row].paragraph - paragraph > (2 if anywhere else 4):
            continue
        stop = min(end, place[0]) if k == row else end
        spoke = (s.who for s in reversed(said) if start <= s.at < end or start <= s.who.start < end)
        found = next((s for s in spoke if s.start <= place[0] and _fits(reader, s, words, head, place[0])), None)
        found = found or _subject(reader, masked, words, head, start, stop, stop if anywhere else start + SUBJECT_REACH)
        if found:
            return found
    return None


def _fits(reader: Reader, who: Speaker, words: str, head: str, before: int) -> bool:
    """Whether a speaker can be meant by a pronoun or a description."""
    if words in ("he", "she", "him", "her"):
        return who.kind in ("person", "name", "any")
    if words in ("they", "them"):
        return who.kind == "plural" or who.kind == "any" and " and " in who.words
    if words == "it":
        return who.kind in ("thing", "name", "any")
    if head in GROUPS:
        return who.kind in ("thing", "name") and who.start < before and (named(who.words) or head in who.words.lower())
    if head in MEDIA:
        return bool(MEDIUM_NOUN.search(who.words)) or reader.kind_of(who) == "medium"
    if head in PAPERS:
        return head in who.words.lower().split() or who.via == head
    if re.search(rf"\b{re.escape(head)}\b", who.words.lower()):
        return True
    if re.match(r"the (?:head|chief|chairman|leader|director) of\b", words):
        return who.kind == "person"
    return who.kind == "person" and head in reader.offices.get(who.actor_id, "")


def _subject(reader: Reader, masked: str, words: str, head: str, start: int, stop: int, reach: int) -> Speaker | None:
    """Someone named in a sentence who did not speak there: for "he" and "she" a person near its beginning."""
    known = [m for m in reader.mentions_in(start, stop) if m.end <= stop and m.form != "pronoun" and m.start >= start]
    if words in ("he", "she", "him", "her"):
        strangers = (
            x.span()
            for x in PERSONAL.finditer(masked, start, max(start, min(stop, reach + 40)))
            if x.start() < reach
            and not NO_PERSON.search(x.group())
            and all(reader.kind_of(m) == "person" for m in reader.mentions_in(*x.span()))
        )
        people = (
            m[:2]
            for m in known
            if reader.kind_of(m) == "person" and m.start < reach and "qqqqq" not in masked[m.start : m.end]
        )
        found = min((x for x in (next(strangers, None), next(people, None)) if x), default=None)
    elif words in ("they", "them"):
        found = next((m[:2] for m in known if reader.kind_of(m) == "group"), None)
    elif words == "it":
        found = next(
            (
                m[:2]
                for m in known
                if m.start < reach
                and m.rule != "demonym"
                and reader.kind_of(m) in ("state", "organisation", "medium")
                and "qqqqq" not in masked[m.start : m.end]
                and not g.AFTER_PREPOSITION.search(masked[max(start, m.start - 30) : m.start])
                and not (m.form == "name" and re.match(r"['’]s\b", masked[m.end : m.end + 2]))
            ),
            None,
        )
    elif head in MEDIA:
        found = next((m[:2] for m in known if reader.kind_of(m) == "medium"), None)
    else:
        found = next(
            (m[:2] for m in known if re.search(rf"\b{re.escape(head)}\b", reader.text[m.start : m.end].lower())), None
        )
    return reader.speaker(*found) if found else None
