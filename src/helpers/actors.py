"""Actors: who is named in a text, by name, office, capital or pronoun.

Names come from the codebook (its general part holds every state with its capital and demonyms, so that a new case is
not without actors). They are found in one pass: the text is cut into words once, and only a word with which some name
begins is looked at more closely. Offices are read from grammar ("the Norvian president") and filled by the dates of the
codebook; a surname stands for the full name before it; pronouns follow the chain of the paragraph.

The rules were written from grammar (Quirk et al. 1985, ch. 5 and 6; Hobbs 1978 for the order in which antecedents are
tried) by an author of kind `model` who had read the five texts of the first case.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from helpers import tables
from helpers.codebook import Codebook
from helpers.codebook.cues import stretches
from helpers.speech.grammar import AFTER_PREPOSITION
from helpers.speech.marks import quoted

__all__ = ["COLUMNS", "Mention", "ambiguous", "find", "mentions", "plain"]

COLUMNS = {
    "start": "Int64",
    "end": "Int64",
    "actor_id": "string",
    "form": "string",
    "rule": "string",
    "sentence_id": "string",
}

# one character for one character, so that offsets stay true
SAME = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "‐": "-", "‑": "-"})
# … and without the marks of its letters: "Orbán" is "Orban", "Erdoğan" is "Erdogan"
BARE = {n: unicodedata.normalize("NFD", chr(n))[0] for n in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))} | {
    ord(letter): base for letter, base in zip("ıøØłŁđĐ", "ioOlLdD")}
WORD = re.compile(r"[^\W_]+")
# what follows a capital or a demonym in the name of something else: "the Lima Post", "Turin University"
OTHER_NAME = re.compile(
    r"[ -](?:Post|Times|News|Herald|Tribune|Gazette|University|College|Institute|School|Airport|Street|Road|Square|"
    r"Agreement|Accords?|Treaty|Protocol|Convention|Declaration|Memorandum|Process|Format|Platform|Stock|Exchange|"
    r"Orthodox|Airlines|Airways|Open|Marathon|Olympics?|Film|Hotel)\b"
)

# offices of one person; the longest first, "defense" and "defence" are one
PERSON_OFFICES = (
    "deputy prime minister|prime minister|deputy foreign minister|foreign minister|"
    "deputy defence minister|defence minister|finance minister|interior minister|trade minister|"
    "energy minister|economy minister|justice minister|"
    "secretary of state|state secretary|secretary of defence|defence secretary|foreign secretary|treasury secretary|"
    "secretary general|vice president|presidential spokesman|presidential spokeswoman|presidential spokesperson|"
    "president|premier|chancellor|minister|secretary|ambassador|envoy|commissioner|adviser|spokesman|spokeswoman|spokesperson|leader|king|queen|"
    "crown prince|prince|emir|sultan|senator|congressman|congresswoman|lawmaker|governor|general|admiral|commander|"
    "chief of staff|army chief|chairman|chairwoman|chair|director|head|chief|negotiator|diplomat|official|counterpart"
).split("|")
BODY_OFFICES = (
    "government|administration|authorities|parliament|foreign ministry|defence ministry|ministry|military|army|navy|"
    "air force|armed forces|troops|forces|side|delegation|leadership|officials|lawmakers|diplomats|ministers|senators|"
    "leaders|embassy|presidency|regime|sources|experts|analysts|media|state media|intelligence|police|negotiators|"
    "commanders|generals|soldiers|senate|congress|cabinet|security council"
).split("|")
PLURALS = set(
    "officials authorities sources experts analysts diplomats lawmakers ministers leaders senators negotiators "
    "observers commanders generals troops forces soldiers".split()
)
BETWEEN = r"(?:(?:former|acting|new|deputy|senior|top|state|national|federal|chief|central|current|outgoing) ){0,2}"
NOT_FIRST = frozenset("Mr Mrs Ms Dr President Minister General The But And".split())  # before a surname, and no name
_ALL = sorted({*PERSON_OFFICES, *BODY_OFFICES}, key=len, reverse=True)
# what an office is for: "irrigation minister", "foreign policy chief", "ministry of fisheries" is left to its name
PORTFOLIO = (
    r"(?:(?!(?:of|to|for|with|by|at|in|on|from|and|or|as|that|is|was|has|had|says?|said|told|its|his|her|their|the)\b)"
    r"[a-z]+ (?:and [a-z]+ )?){1,2}(?=(?:minister|ministry|commissioner|secretary|chief|adviser|ambassador|envoy)\b)"
)
OFFICE = re.compile(
    r"(?:'s)? "
    + BETWEEN
    + "("
    + "|".join(w.replace("defence", "defen[cs]e").replace(" ", "[ -]") for w in _ALL)
    + r"|(?:"
    + PORTFOLIO
    + r")(?:minister|ministry|commissioner|secretary|chief|adviser|ambassador|envoy))\b(?!-)",
    re.I,
)
LAST_WORD = re.compile(r"[a-z]+$")
NAME_AFTER = re.compile(r",? (?:(?:Mr|Mrs|Ms|Dr|Gen|Adm|Sir|Dame|Lord)\.? )?[A-ZÀ-Þ][\w'-]+(?: [A-ZÀ-Þ][\w'-]+){0,3}")
TITLE_BEFORE = re.compile(
    r"(?:(?:the )?[A-ZÀ-Þ][\w'-]+ )?(?:(?:[Ff]ormer|[Aa]cting|[Dd]eputy|[Uu]nder|[Aa]ssistant|[Rr]epublican|"
    r"[Dd]emocratic|[Ss]enate|"
    r"[Hh]ouse|[Pp]rime|[Ff]oreign|[Dd]efen[cs]e|[Ss]tate|[Vv]ice) )*(?:[Pp]resident|[Mm]inister|[Pp]remier|"
    r"[Cc]hancellor|"
    r"[Ss]ecretary(?: of [Ss]tate| of [Dd]efen[cs]e|[ -][Gg]eneral)?|[Ss]enator|[Cc]hairman|[Cc]hair|"
    r"[Ss]pokes(?:man|woman|person)|"
    r"[Aa]mbassador|[Ee]nvoy|[Gg]overnor|[Gg]eneral|[Aa]dmiral|[Kk]ing|[Qq]ueen|[Pp]rince|[Ee]mir|[Dd]irector|[Cc]hief|[Hh]ead|"
    r"Gen\.|Adm\.|Sen\.|Rep\.|Gov\.|Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Prof\.?|Professor|Sir|Dame|Lord) $"
)
# the office of one who leads, before the surname: "President Moon", "Prime Minister May"
LEADS = re.compile(
    r"\b(?:[Pp]resident|[Pp]rime [Mm]inister|[Pp]remier|[Cc]hancellor|[Cc]rown [Pp]rince|(?:[Ff]oreign|[Ff]inance|"
    r"[Dd]efen[cs]e|[Ii]nterior) [Mm]inister|(?:[Ff]oreign|[Hh]ome) [Ss]ecretary|[Ss]ecretary(?: of [Ss]tate|"
    r"[ -][Gg]eneral)) $"
)
# who held an office once and not now; "then-president" held it when what is told took place
_CAPITALS = r"(?:(?:(?:[A-Z]\.){2,}|[A-ZÀ-Þ][\w'-]*) ){0,3}"
_POST = (
    r"(?:[Pp]rime|[Ff]oreign|[Dd]efen[cs]e|[Ff]inance|[Vv]ice|[Ss]ecretary|of|[Ss]tate|[Cc]hief|[Pp]resident|"
    r"[Mm]inister|[Pp]remier|[Cc]hancellor|[Ll]eader|[Gg]eneral)"
)
FORMER = re.compile(
    rf"\b(?:(?:[Ff]ormer|[Ee]x|[Oo]ne-time|[Dd]eposed|[Oo]usted)[ -]|[Tt]he late ){_CAPITALS}(?:{_POST} ){{0,4}}"
    rf"{_POST},? $"
)
FORMER_AFTER = re.compile(
    r", (?:the |an? |its )?(?:[A-ZÀ-Þ][\w.'-]* |country's )?(?:former|ex|ousted|deposed)[ -](?:[\w'-]+ ){0,2}"
    r"(?:president|prime minister|premier|chancellor|leader|minister|secretary|head)\b"
)
THEN = re.compile(r"\b(?:[Tt]hen-|[Tt]he then )(?:(?:[A-ZÀ-Þ][\w.'-]*|[a-z]+) ){0,4}$")
# what stands by a surname that is a word, too, where it is that word: "in May", "3 May", "May 2018", "the Moon"
OTHER_BEFORE = re.compile(
    r"(?:\d|\d(?:st|nd|rd|th)(?: of)?|\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Tt]ill|[Bb]y|[Oo]f|[Ll]ast|[Nn]ext|[Tt]his|"
    r"[Ee]arly|[Ll]ate|[Mm]id|[Dd]uring|[Bb]efore|[Aa]fter|[Ff]rom|[Tt]o|[Tt]hrough|[Ee]ach|[Ee]very|[Ff]or|[Tt]he|[Aa]|[Nn]ew|"
    r"[Ff]ull|[Hh]alf|January|February|March|April|June|July|August|September|October|November|December)),?[ -]$"
)
OTHER_AFTER = re.compile(r",? \d|-\d| (?:I|we|you|he|she|they|it|the|this|that|his|her|their|God|Day)\b")
NOT_PERSON = re.compile(
    r"\b(?:University|Ministry|Minister|Agency|News|Inc|Corp|Court|States?|Department|Institute|Party|Committee|Council|"
    r"Army|Navy|Act|Treaty|House|Office|Service|Union|Nations|Bank|Group|Company|Sea|Ocean|Island|Islands|North|South|East|"
    r"West|New|President|Prime|Foreign|Defen[cs]e|Secretary|Senate|Congress|Republic|Republican|Democratic|National|"
    r"International|Security|Federal|General|Air|Force|City|County|River|Street|Airport|Base|Bay|Black|White|Red|Middle|"
    r"January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|"
    r"Thursday|Friday|Saturday|Sunday|The|In|On|At|But|And|This|That|These|Those|After|Before|While|When|If|As|For|From|"
    r"Since|However|Meanwhile|According|Under|With|It|He|She|They|We|His|Her|Their|Its|A|An)\b"
)
UNKNOWN_PERSON = re.compile(
    r"(?:[A-ZÀ-Þ][a-zß-ÿ'’-]+ )(?:[A-ZÀ-Þ]\.? |(?:al|bin|de|van|von|el)[ -])?[A-ZÀ-Þ][a-zß-ÿ'’-]+"
    r"(?:-[A-ZÀ-Þ][a-zß-ÿ]+)?(?: (?:(?:al|el)-)?(?!" + NOT_PERSON.pattern + r")[A-ZÀ-Þ][a-zß-ÿ'’-]+)?"
)
# who is introduced by an office of "its": "its president, Ana Lind", "its ambassador in Port Ruiz, Ana Lind"
ITS_PERSON = re.compile(
    r"\b[Ii]ts (?:[a-z]+ ){0,2}(?:president|premier|prime minister|chancellor|minister|ambassador|envoy|king|leader)"
    r"(?: (?:in|to|at) [A-ZÀ-Þ][\w'-]+(?: [A-ZÀ-Þ][\w'-]+)?)?,? (" + UNKNOWN_PERSON.pattern + r")"
)
PRONOUN = re.compile(
    r"\b(?:(he|she)|(they)|the ("
    + "|".join(
        w.replace("defence", "defen[cs]e") for w in _ALL if w not in {"side", "state", "people", "media", "head"}
    )
    + r"))\b(?! of\b)(?!['-])",
    re.I,
)
SPEAKS_AFTER = re.compile(
    r"(?:,[^,.;]{0,60},)?\s(?:\w+ly |has |have |had |also )?"
    r"(?:said|says|say|told|tells|added|adds|noted|warned|announced|argued)\b"
)
SPEAKS_BEFORE = re.compile(r"\b(?:said|says|say|added|told) (?:the |an? )?$")
PARAGRAPHS_BACK, SENTENCES_BACK = 2, 12
LONGEST = 2000


class Mention(NamedTuple):
    """One place where an actor is named; ``actor_id`` is empty for a person whom the codebook does not know."""

    start: int
    end: int
    actor_id: str
    form: str
    rule: str
    kind: str


class Name(NamedTuple):
    """A way to name an actor, as the codebook lists it."""

    words: str
    actor_id: str
    any_case: bool
    form: str
    unsure: bool
    error: bool


class Leader(NamedTuple):
    """Someone whose name means a state or body while in office; all names without the marks of their letters."""

    name: str
    who: str
    alone: str
    written: str
    first: date
    last: date


class Gazetteer(NamedTuple):
    """The codebook's names, by the word they begin with, and who held which office when."""

    names: dict[str, tuple[Name, ...]]
    kinds: dict[str, str]
    country: dict[str, str]
    offices: dict[tuple[str, str], tuple[tuple[date, date, str], ...]]
    held: dict[str, frozenset[str]]
    surnames: dict[str, str]
    bodies: dict[tuple[str, str], str]
    called: dict[str, frozenset[str]]
    leaders: dict[str, tuple[Leader, ...]]


def plain(text: str) -> str:
    """The text with one kind of apostrophe, hyphen and blank, every character in its place.

    >>> plain("Norvia’s non‑paper")
    "Norvia's non-paper"
    """
    return text.translate(SAME)


def bare(text: str) -> str:
    """The text without the marks of its letters, every character in its place.

    >>> bare("Łódź, Orbán")
    'Lodz, Orban'
    """
    return text.translate(BARE)


class _Book:
    """A codebook as a key of the cache: two of one version are the same."""

    def __init__(self, book: Codebook):
        self.book = book

    def __hash__(self) -> int:
        return hash(self.book.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Book) and other.book.version == self.book.version


def gazetteer(codebook: Codebook) -> Gazetteer:
    """The codebook's names, ready to be found; compiled once for each version of the codebook."""
    return _gazetteer(_Book(codebook))


@lru_cache(maxsize=8)
def _gazetteer(book: _Book) -> Gazetteer:
    return _compile(book.book)


def _day(cell: str, last: bool) -> date:
    """First or last day of ``2021``, ``2021-04`` or ``2021-04-13``; an empty cell is open."""
    if not cell or pd.isna(cell):
        return date.max if last else date.min
    parts = [int(p) for p in str(cell).split("-")]
    if len(parts) == 3:
        return date(*parts)
    if not last:
        return date(parts[0], parts[1] if len(parts) > 1 else 1, 1)
    month = parts[1] if len(parts) > 1 else 12
    return date.fromordinal(date(parts[0] + month // 12, month % 12 + 1, 1).toordinal() - 1)


def _office(words: str) -> str:
    return re.sub(r"[\s-]+", " ", words.lower().replace("defense", "defence"))


def _titled(words: str) -> str:
    """An office as it is listed; of one that is not, its last word: "irrigation minister" is a minister."""
    title = _office(words)
    last = LAST_WORD.search(title)
    return title if last is None or title in PERSON_OFFICES or title in BODY_OFFICES else last[0]


def _compile(book: Codebook) -> Gazetteer:
    actors = book.actors.fillna("")
    kinds = dict(zip(actors["actor_id"], actors["kind"]))
    country = dict(zip(actors["actor_id"], actors["country"]))
    names: dict[str, list[Name]] = defaultdict(list)
    listed = book.aliases.fillna("")
    rows = [
        Name(plain(a), who, m == "ci", f, bool(u), bool(e))
        for a, who, m, f, u, e in listed[["alias", "actor_id", "match", "form", "ambiguous", "error_form"]].itertuples(
            index=False
        )
    ]
    known = {row.words for row in rows}
    rows += [
        Name(plain(n), who, False, "name", False, False)
        for who, n in zip(actors["actor_id"], actors["name"])
        if plain(n) not in known and kinds[who] in ("person", "medium", "organisation")
    ]
    for row in rows:
        first = WORD.search(row.words)
        if first and first.start() == 0:
            names[first.group().lower()].append(row)
    offices, held = defaultdict(set), defaultdict(set)
    for who, kind, state, office, since, until in actors[
        ["actor_id", "kind", "country", "office", "valid_from", "valid_to"]
    ].itertuples(index=False):
        if kind == "person" and office:
            held[who].add(_office(office))
            offices[state, _office(office)].add((_day(since, False), _day(until, True), who))
    by_surname = defaultdict(set)
    for who, name, kind in actors[["actor_id", "name", "kind"]].itertuples(index=False):
        if kind == "person" and " " in name:
            by_surname[plain(name).split()[-1]].add(who)
    bodies: dict[tuple[str, str], str] = {}
    for who, name, kind in actors[["actor_id", "name", "kind"]].itertuples(index=False):
        if kind in ("organisation", "group") and country[who]:
            low = _office(plain(name))
            for body in BODY_OFFICES:
                if low.endswith(body) and len(low) > len(body):
                    bodies.setdefault((country[who], body), who)
    return Gazetteer(
        {k: tuple(sorted(set(v), key=lambda n: -len(n.words))) for k, v in names.items()},
        kinds,
        country,
        {k: tuple(sorted(v)) for k, v in offices.items()},
        {k: frozenset(v) for k, v in held.items()},
        {s: next(iter(w)) for s, w in by_surname.items() if len(w) == 1},
        bodies,
        {who: frozenset(filter(None, nouns.split(";"))) for who, nouns in book.bodies["called"].fillna("").items()},
        _leaders(book, {row.words for row in rows}),
    )


def _leaders(book: Codebook, known: set[str]) -> dict[str, tuple[Leader, ...]]:
    """Leaders by what they are called without their given name; none whom the case names."""
    out: dict[str, list[Leader]] = defaultdict(list)
    parties, taken = set(book.actors["actor_id"]), {bare(name) for name in known}
    for row in book.leaders.fillna("").itertuples(index=False):
        for name in filter(None, map(str.strip, (row.name, *row.other_names.split(";")))):
            called = plain(row.called or name.split(" ")[-1])
            if row.country in parties and not {bare(plain(name)), bare(called)} & taken:
                term = _day(row.valid_from, False), _day(row.valid_to, True)
                out[bare(called)].append(Leader(bare(plain(name)), row.country, row.alone, called, *term))
    return {called: tuple(people) for called, people in out.items()}


def _named(text: str, names: Gazetteer) -> list[tuple[int, int, tuple[Name, ...]]]:
    """Every listed name in the text, the longest at each place, with all that its words may mean."""
    found, index, begin = [], names.names, 0
    for word in WORD.finditer(text):
        at = word.start()
        if at < begin:
            continue
        for name in index.get(word.group().lower(), ()):
            end = at + len(name.words)
            here = text[at:end]
            if (
                here != name.words
                and not (name.any_case and here.lower() == name.words.lower())
                and not (here.isupper() and len(here) > 4 and here == name.words.upper())
            ):
                continue
            if end < len(text) and (text[end].isalnum() or text[end] == "_") and name.words[-1].isalnum():
                continue
            if name.form in ("metonym", "demonym") and OTHER_NAME.match(text, end):
                continue
            same = tuple(n for n in index[word.group().lower()] if n.words == name.words)
            found.append((at, end, same))
            begin = end
            break
    return found


def _interval(published) -> tuple[date, date] | None:
    """A date, a text, a pair of either or nothing → first and last day."""
    if published is None or isinstance(published, float):
        return None
    pair = published if isinstance(published, tuple | list) else (published, published)
    try:
        first, last = (d if isinstance(d, date) else date.fromisoformat(str(d)[:10]) for d in pair)
    except ValueError:
        return None
    return first, last


def _holder(names: Gazetteer, state: str, office: str, when: tuple[date, date] | None) -> str | None:
    """Who held an office at the text's date: the only one possible, or nobody."""
    terms = names.offices.get((state, office), ())
    if when:
        fit = {who for first, last, who in terms if first <= when[1] and last >= when[0]}
    else:
        fit = {who for *_, who in terms}
    return next(iter(fit)) if len(fit) == 1 else None


def _inside(spans: list[tuple[int, int]]):
    """A test whether a stretch lies in one of the spans, which are in order."""
    starts = [s for s, _ in spans]

    def inside(at: int, end: int) -> bool:
        k = bisect_right(starts, at) - 1
        return k >= 0 and end <= spans[k][1]

    return inside


def _with_office(
    low: str, s: int, e: int, who: str, form: str, raw: list, names: Gazetteer, when
) -> list[Mention] | None:
    """The mention that an office after a state's name makes: "Norvia's foreign minister". None if there is no office.

    Empty, where the name that follows takes the office with it.
    """
    office = OFFICE.match(low, e) if form in ("demonym", "name", "metonym") else None
    if not office or not (form == "demonym" or low.startswith("'s", e) or low[s:e].replace(".", "").isupper()):
        return None
    title, body, state = _titled(office[1]), office.end(), names.country.get(who) or who
    if title not in PERSON_OFFICES:
        kind = "plural" if title in PLURALS else "organisation"
        return [Mention(s, body, names.bodies.get((state, title), who), "title", "body_of_state", kind)]
    following = NAME_AFTER.match(low, body)
    if following and not following.group().startswith(","):
        person = next((r for r in raw if body < r[0] < following.end()), None)
        if person and names.kinds.get(person[2][0].actor_id) == "person":
            return []
        if not person and following.group().strip()[0].isupper():
            return [Mention(s, following.end(), who, "title", "office_of_unknown", "person")]
    holder = _holder(names, state, title, when)
    return [Mention(s, body, holder or who, "title", "office" if holder else "office_of_state", "person")]


def find(
    text: str, codebook: Codebook, published=None, spans: Iterable[tuple[int, int]] | None = None
) -> tuple[list[Mention], list]:
    """Names, titles and capitals in a text, without pronouns, in order; and the ambiguous ones beside.

    Accepts the text, the codebook, the day or interval of publication and the spans to look at (none: all). Returns
    mentions (``actor_id`` empty for unknown people) and (start, end, words, candidates) of names left open.
    """
    names, when, low = gazetteer(codebook), _interval(published), plain(text)
    spans = sorted([(0, len(text))] if spans is None else spans)
    inside = _inside(spans)
    raw = [(s, e, ns) for s, e, ns in _named(low, names) if inside(s, e)]
    sure = {n.actor_id for _, _, ns in raw if len(ns) == 1 and not ns[0].unsure for n in ns}
    sure_states = {names.country[a] for a in sure if names.country.get(a)}
    out: list[Mention] = []
    open_names = []
    taken = 0
    for s, e, ns in raw:
        if s < taken:
            continue
        rule = "error_form" if ns[0].error else ns[0].form
        if len(ns) > 1 or ns[0].unsure:
            likely = {
                n.actor_id
                for n in ns
                if n.actor_id in sure
                or (names.kinds.get(n.actor_id) != "state" and names.country.get(n.actor_id) in sure_states)
            }
            if len(likely) != 1 or NAME_AFTER.match(low, e) and " " not in low[s:e]:
                open_names.append((s, e, text[s:e], tuple(sorted({n.actor_id for n in ns}))))
                continue
            who, rule = next(iter(likely)), "ambiguous_settled"
        else:
            who = ns[0].actor_id
        kind, form = names.kinds.get(who, ""), ns[0].form
        if kind == "state" or who in names.called:
            office = _with_office(low, s, e, who, form, raw, names, when)
            if office is not None:
                out += office
                taken = office[0].end if office else taken
                continue
        if kind == "person":
            ahead = TITLE_BEFORE.search(low[max(0, s - 80, out[-1].end if out else 0) : s])
            if ahead:
                s -= (
                    len(ahead.group().lstrip())
                    if not ahead.group().startswith(("the ", "The "))
                    else len(ahead.group()) - 4
                )
                s = _trim_title(low, s)
        out.append(
            Mention(
                s,
                e,
                who,
                "name" if form == "demonym" else form,
                rule,
                "plural"
                if kind == "group"
                else "nation"
                if form == "demonym" and low[e - 1] == "s"
                else "adjective"
                if form == "demonym"
                else kind,
            )
        )
        taken = e
    out += _surnames(low, out, names, inside)
    out.sort()
    return sorted(_with_strangers(low, out, inside) + _bodies_again(low, out, names, inside)), open_names


def _trim_title(text: str, start: int) -> int:
    """A title begins with a word that belongs to it: not with "by", "that", "when" …"""
    word = re.match(
        r"(?:and|by|that|when|while|with|for|from|of|to|on|in|as|but|said|says|told|if|whether|after|over|the|The|a|A|his|her|its"
        r"|their|met|between|against|cited|citing)\s+",
        text[start : start + 12],
    )
    return start + word.end() if word else start


def _surnames(text: str, found: list[Mention], names: Gazetteer, inside) -> list[Mention]:
    """A surname alone, after its full name stood in the text."""
    covered = sorted((m.start, m.end) for m in found)
    starts = [s for s, _ in covered]
    first: dict[str, int] = {}
    for m in found:
        if m.kind == "person" and m.form == "name" and m.actor_id:
            first.setdefault(m.actor_id, m.start)
    wanted = {s: who for s, who in names.surnames.items() if who in first}
    if not wanted:
        return []
    out = []
    for word in re.finditer(r"\b(?:" + "|".join(map(re.escape, sorted(wanted, key=len, reverse=True))) + r")\b", text):
        who, k = wanted[word.group()], bisect_right(starts, word.start()) - 1
        if word.start() > first[who] and inside(*word.span()) and not (k >= 0 and covered[k][1] > word.start()):
            before = re.search(r"([A-ZÀ-Þ][a-zß-ÿ]+) $", text[max(0, word.start() - 20) : word.start()])
            if not before or before[1] in NOT_FIRST:
                out.append(Mention(*word.span(), who, "name", "surname", "person"))
    return out


def _with_strangers(text: str, found: list[Mention], inside) -> list[Mention]:
    """Add people whom the codebook does not know: they are no actors, but a pronoun may mean them."""
    starts, ends = [m.start for m in found], [m.end for m in found]
    strangers = []
    for m in UNKNOWN_PERSON.finditer(text):
        k = bisect_right(starts, m.end() - 1) - 1
        if (k >= 0 and ends[k] > m.start()) or NOT_PERSON.search(m.group()) or not inside(*m.span()):
            continue
        strangers.append(Mention(*m.span(), "", "name", "stranger", "person"))
    return sorted(found + strangers)


def _bodies_again(text: str, found: list[Mention], names: Gazetteer, inside) -> list[Mention]:
    """ "The bloc", "the 30-nation alliance": the body named last before that is called so."""
    named = [m for m in found if names.called.get(m.actor_id)]
    if not named:
        return []
    nouns = sorted({n for m in named for n in names.called[m.actor_id]}, key=lambda n: (-len(n), n))
    again = re.compile(
        r"\b[Tt]he (?:\d+-(?:nation|member|strong|state|country) )?(" + "|".join(nouns) + r")\b(?! of\b)(?!-)"
    )
    covered = sorted((m.start, m.end) for m in found)
    out = []
    for m in again.finditer(text):
        k = bisect_right(covered, (m.end(), 0)) - 1
        if not inside(*m.span()) or k >= 0 and covered[k][1] > m.start():
            continue
        who = next((n for n in reversed(named) if n.end <= m.start() and m[1] in names.called[n.actor_id]), None)
        if who:
            out.append(Mention(*m.span(), who.actor_id, "pronoun", "chain_title", "organisation"))
    return out


def _introduced(text: str, found: list[Mention], inside) -> list[Mention]:
    """People whom the text introduces by an office of a state or body act for it, there and later by their surname.

    "Ana Lind, Norvia's fisheries minister", "Norvia's fisheries minister, Ana Lind," and "Norvian minister Ana Lind".
    """
    people: dict[str, str] = {}
    for m in ITS_PERSON.finditer(text):
        before = [n for n in found if m.start() - 250 < n.start and n.end <= m.start() and n.actor_id]
        free = [n for n in before if not AFTER_PREPOSITION.search(text[max(0, n.start - 30) : n.start])]
        if free and inside(*m.span()):
            people.setdefault(m[1], free[-1].actor_id.split(".")[0])
            people.setdefault(m[1].split(" ")[-1], free[-1].actor_id.split(".")[0])
    for k, one in enumerate(found):
        words = text[one.start : one.end]
        if one.rule == "office_of_unknown":
            named = UNKNOWN_PERSON.search(text, one.start, one.end)
            people.update(_called(words.split(" ")[-1], named, one.actor_id))
        elif one.rule == "stranger":
            for other in found[max(0, k - 1) : k] + found[k + 1 : k + 2]:
                first, second = sorted((one, other))
                between = text[first.end : second.start]
                if other.rule == "office_of_state" and re.fullmatch(r", (?:the |an? )?", between):
                    people.setdefault(words, other.actor_id)
                    people.setdefault(words.split(" ")[-1], other.actor_id)
    people = {name: who for name, who in people.items() if len(name) > 2 and not NOT_PERSON.search(name)}
    if not people:
        return found
    kept = [m for m in found if not (m.rule == "stranger" and text[m.start : m.end] in people)]
    covered = sorted((m.start, m.end) for m in kept)
    again = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(people, key=lambda n: (-len(n), n)))) + r")\b")
    for m in again.finditer(text):
        k = bisect_right(covered, (m.end(), 0)) - 1
        if not inside(*m.span()) or k >= 0 and covered[k][1] > m.start():
            continue
        kept.append(Mention(*m.span(), people[m.group()], "name", "introduced", "person"))
    return sorted(kept)


def _leading(
    text: str, found: list[Mention], names: Gazetteer, inside, when: tuple[date, date] | None
) -> list[Mention]:
    """Leaders whom the codebook knows: their names mean the state or body that they led when the text came out.

    The full name does, with or without the marks of its letters; then the surname, too. The surname alone does where
    it is theirs alone, or behind the title of one who leads. A surname that is a word ("May") needs one of these
    before it, and must not stand as that word. Who was out of office, or is called former, is a person and no more.
    """
    low, met = bare(text), list[Mention]()
    sides = {m.actor_id.split(".")[0] for m in found}
    for called, known in names.leaders.items():
        if called not in low:
            continue
        again = [m.span() for m in re.finditer(rf"\b{re.escape(called)}\b(?!-[A-Z])", low)]
        full = {one.name: [m.span() for m in re.finditer(rf"\b{re.escape(one.name)}\b", low)] for one in known}
        full = {name: spans for name, spans in full.items() if spans}
        titled = [span for span in again if LEADS.search(low[max(0, span[0] - 30) : span[0]])]
        people = [one for one in known if not full or one.name in full]
        who = _leads(people, sides, when)
        if not full and when is None and people[0].alone != "yes" and who not in sides:
            who = None      # any President Lee, at any time
        for name, spans in full.items():
            mine = _leads([one for one in people if one.name == name], sides, when)
            s, e = spans[0]
            before, rule = low[max(0, s - 80) : s], "introduced"
            if FORMER.search(before) or FORMER_AFTER.match(low, e):
                mine, rule = None, "former"
            elif mine is None and THEN.search(before):
                mine = _leads([one for one in people if one.name == name], sides, None)
            elif mine is None:
                rule = "out_of_office"
            who = mine if len(full) == 1 else who
            met += [Mention(*span, mine or "", "name", rule, "person") for span in spans]
        if who is None or len(full) > 1:
            continue
        word, alone = people[0].alone == "word", people[0].alone
        first = min((span[0] for span in [*(s for spans in full.values() for s in spans), *titled]), default=None)
        for s, e in again:
            if (
                (s, e) in titled
                or alone == "yes"
                or alone == "as written" and text[s:e] == people[0].written
                or first is not None and (full or s > first) and (not word or s > first)
            ) and not (
                word and (s, e) not in titled
                and (OTHER_BEFORE.search(low[max(0, s - 12) : s]) or OTHER_AFTER.match(low, e))
            ):
                met.append(Mention(s, e, who, "name", "introduced", "person"))
    if not met:
        return found
    return _placed(text, found, met, inside)


def _leads(people: list[Leader], named: set[str], when: tuple[date, date] | None) -> str | None:
    """The one state or body that these led when the text came out; of several, the one that the text names."""
    led = {one.who for one in people if when is None or one.first <= when[1] and one.last >= when[0]}
    if len(led) > 1:
        led &= named
    return next(iter(led)) if len(led) == 1 else None


def _placed(text: str, found: list[Mention], met: list[Mention], inside) -> list[Mention]:
    """Put leaders among what was found: before people unknown and their offices, behind all else."""
    met = sorted((m for m in met if inside(m.start, m.end) and not OTHER_NAME.match(text, m.end)),
                 key=lambda m: (m.start, -m.end))
    kept = []
    for m in found:
        mine = next((n for n in met if n.start < m.end and n.end > m.start), None)
        if mine is not None and m.rule == "stranger" and m.end == mine.end and (
            mine.start <= m.start or LEADS.search(text[m.start : mine.start])
        ):
            continue
        if mine is not None and m.rule == "office_of_unknown" and mine.rule == "former":
            continue        # "German chancellor Angela Merkel" behind "former"
        kept.append(m)
    covered, out, end = sorted((m.start, m.end) for m in kept), list[Mention](), -1
    for m in met:
        k = bisect_right(covered, (m.end, 0)) - 1
        if m.start >= end and not (k >= 0 and covered[k][1] > m.start):
            out.append(m)
            end = m.end
    return sorted(kept + out)


def _called(surname: str, name: re.Match | None, who: str) -> dict[str, str]:
    """The names by which someone introduced is called again."""
    return {surname: who} | ({name.group(): who} if name and name.group().endswith(surname) else {})


def _paragraphs(text: str, sentences: pd.DataFrame) -> list[tuple[int, int, int]]:
    """(start, end, paragraph number) of each sentence; sentences outside the body share none."""
    numbers = sentences["paragraph"].tolist() if "paragraph" in sentences else range(len(sentences))
    out = []
    for s, e, p in zip(sentences["start"].tolist(), sentences["end"].tolist(), numbers, strict=True):
        s, e, p = int(s), int(e), int(p) if pd.notna(p) else 0
        out += [(a, b, p) for a, b in stretches(text, s, e, LONGEST)]
    return sorted(out)


def _pronouns(text: str, rows: list[tuple[int, int, int]], found: list[Mention], names: Gazetteer) -> list[Mention]:
    """Pronouns and "the minister" by the chain: the same sentence, then the ones before.

    In each sentence whoever speaks there is tried first, then from left to right; names inside quotation marks last.
    """
    low, out = plain(text), []
    starts = [s for s, *_ in rows]
    marks = quoted(text, [(s, e) for s, e, _ in rows])
    begins = [q.start for q in marks]
    by_sentence: list[list[Mention]] = [[] for _ in rows]

    def order(m: Mention) -> tuple[bool, bool, int]:
        k = bisect_right(begins, m.start) - 1
        inside = k >= 0 and m.end <= marks[k].end
        speaks = SPEAKS_AFTER.match(low, m.end) or SPEAKS_BEFORE.search(low[max(0, m.start - 16) : m.start])
        return inside, not speaks, m.start

    for m in found:
        k = bisect_right(starts, m.start) - 1
        if k >= 0 and m.start < rows[k][1]:
            by_sentence[k].append(m)
    ordered: dict[int, list[Mention]] = {}
    for k, (start, end, paragraph) in enumerate(rows):
        covered = [(m.start, m.end) for m in by_sentence[k]]
        for pronoun in PRONOUN.finditer(low, start, end):
            at, title = pronoun.start(), _office(pronoun[3]) if pronoun[3] else ""
            j = bisect_right(covered, (at, len(text))) - 1
            if j >= 0 and covered[j][1] > at:
                continue
            who = next((m for m in by_sentence[k] if m.end <= at and _fits(m, pronoun, title, low, names)), None)
            back = k - 1
            while who is None and back >= max(0, k - SENTENCES_BACK):
                if not title and paragraph - rows[back][2] > PARAGRAPHS_BACK:
                    break
                if back not in ordered:
                    ordered[back] = sorted(by_sentence[back], key=order)
                who = next((m for m in ordered[back] if _fits(m, pronoun, title, low, names)), None)
                back -= 1
            if who is None:
                continue
            rule = "chain_title" if title else "chain_pronoun"
            made = Mention(*pronoun.span(), who.actor_id, "pronoun", rule, who.kind)
            if who.actor_id:
                out.append(made)
            by_sentence[k].append(made)
        by_sentence[k].sort()
    return out


def _fits(m: Mention, pronoun: re.Match, title: str, low: str, names: Gazetteer) -> bool:
    """Whether a mention can be meant by a pronoun, or by "the" and a title."""
    if pronoun[1]:
        return m.kind == "person"
    if pronoun[2]:
        return m.kind in ("plural", "nation")
    words = _office(low[m.start : m.end])
    if title in BODY_OFFICES:
        return m.form == "title" and words.endswith(title)
    return bool(re.search(rf"\b{re.escape(title)}\b", words)) or any(
        o.endswith(title) for o in names.held.get(m.actor_id, ())
    )


def mentions(text: str, sentences: pd.DataFrame, codebook: Codebook, published=None) -> pd.DataFrame:
    """Find every mention of an actor in the sentences of a text.

    Accepts the text as read, its ``sentences`` (start, end; paragraph and sentence_id where there are any), the
    codebook and the day of publication (a date, its ISO text, a pair of either, or None). Returns start, end,
    actor_id, form (``name``, ``title``, ``metonym``, ``pronoun``), rule and sentence_id in order of place. A name that
    may mean several actors is left out and listed by :func:`ambiguous`; ``rule`` is ``error_form`` for a misnaming,
    ``demonym`` for an adjective or people's name, ``office`` where the codebook's dates fill an office,
    ``introduced`` for a person whose office the text tells, or the codebook for the day of publication (the state or
    body is the actor),
    ``chain_pronoun`` and ``chain_title`` where the paragraph's chain does.

    >>> from helpers.codebook import load_codebook
    >>> text = "Peru closed its ports. Lima's navy said so, and the Peruvian president agreed."
    >>> rows = pd.DataFrame({"start": [0, 23], "end": [22, len(text)], "paragraph": [1, 1]})
    >>> found = mentions(text, rows, load_codebook(None))
    >>> [(text[s:e], a, f) for s, e, a, f in found[["start", "end", "actor_id", "form"]].itertuples(index=False)]
    [('Peru', 'PER', 'name'), ("Lima's navy", 'PER', 'title'), ('Peruvian president', 'PER', 'title')]
    """
    rows = _paragraphs(text, sentences)
    spans = [(s, e) for s, e, _ in rows]
    found, _ = find(text, codebook, published, spans)
    names, inside = gazetteer(codebook), _inside(spans)
    found = _leading(plain(text), found, names, inside, _interval(published))
    found = _introduced(plain(text), found, inside)
    found = sorted(found + _pronouns(text, rows, found, names))
    ids = list(sentences["sentence_id"]) if "sentence_id" in sentences else list(map(str, sentences.index))
    order = sorted((int(s), i) for s, i in zip(sentences["start"].tolist(), ids))
    starts, ids = [s for s, _ in order], [i for _, i in order]
    out = [
        (m.start, m.end, m.actor_id, m.form, m.rule, ids[bisect_right(starts, m.start) - 1])
        for m in found
        if m.actor_id
    ]
    return tables.typed(out, COLUMNS)


def ambiguous(text: str, sentences: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """List the names that may mean several actors and that nothing in the text settles.

    Accepts the text, its sentences and the codebook. Returns start, end, words and candidates (actor codes parted by
    +).

    >>> from helpers.codebook import load_codebook
    >>> text = "Brussels was quiet."
    >>> ambiguous(text, pd.DataFrame({"start": [0], "end": [19]}), load_codebook(None))["candidates"].tolist()
    ['BEL+EU']
    """
    spans = [(int(s), int(e)) for s, e in zip(sentences["start"], sentences["end"])]
    _, left = find(text, codebook, None, spans)
    return tables.typed(
        [(s, e, w, "+".join(c)) for s, e, w, c in left],
        {"start": "Int64", "end": "Int64", "words": "string", "candidates": "string"},
    )
