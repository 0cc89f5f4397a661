"""Actors that a new case may need: states and bodies that its texts name, and names that the codebook does not know.

A proposal, no coding: a run of capitals is a name often enough to be worth a person's look, and no more. Written from
grammar (Quirk et al. 1985, ch. 5) by an author of kind `model` who had read none of the case's texts.
"""
from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

import pandas as pd

from helpers import actors
from helpers.case import RESERVED
from helpers.codebook import Codebook
from helpers.review import spreadsheet

__all__ = ["PROPOSED", "propose_actors", "slug", "free_id"]

# the columns of actors.csv, then how often, in how many texts, and where it stands first
PROPOSED = ("actor_id", "name", "kind", "country", "bloc", "office", "valid_from", "valid_to", "colour", "shared",
            "times", "texts", "first_at")
LEAST, MOST = 2, 40     # how often a name must stand in the texts, and how many names are proposed
COLOURS = ("#0072B2", "#D55E00", "#007A5A", "#5B2A86")      # told apart without colour vision (Okabe and Ito)
CAPITAL = "[" + "".join(c for c in map(chr, range(0x41, 0x250)) if c.isupper()) + "]"
WORD = rf"(?:{CAPITAL}\.|{CAPITAL}[\w’'-]*\w)"
NAME = re.compile(rf"{WORD}(?:(?: (?:of|of the|for|and|de|del|da|van|von|der|bin|al|el|la))? {WORD}){{0,6}}")
ORGANISATION = re.compile(
    r"\b(?:Ministry|Minist[eè]re|Agency|Authority|Bureau|Office|Commission|Committee|Council|Court|Parliament|Assembly|"
    r"Senate|Congress|Party|Movement|Front|Union|Alliance|League|Federation|Confederation|Association|Organi[sz]ation|"
    r"Bank|Fund|Group|Company|Corporation|Corp|Inc|Ltd|Line|Lines|Industries|University|Institute|Foundation|"
    r"Cent(?:re|er)|Department|Directorate|Board|Navy|Army|Force|Forces|Guard|Police|Service|Mission|Secretariat|"
    r"Chamber|Society)\b"
)
TITLES = re.compile(
    r"^(?:(?:Mr|Mrs|Ms|Dr|Prof|Sir|Dame|Lord|Lady|President|Prime|Foreign|Defen[cs]e|Finance|Interior|Deputy|Minister|"
    r"Secretary|Premier|Chancellor|Ambassador|Senator|Governor|General|Admiral|Colonel|Captain|Professor|Chairman|"
    r"Chairwoman|Speaker|King|Queen|Prince|Princess|Commissioner|Mayor|Judge|Vice|State|Spokesman|Spokeswoman|Director|"
    r"Chief|Justice|Envoy)\.? )+"
)
NOT_NAMES = frozenset(
    "the a an and but or if in on at by for from to with as of it its he she they we i you his her their our this "
    "that these those there here what when where who why how not no yes so than then after before since until while "
    "although though because however meanwhile according both each all some many most more only also even yet still "
    "now today yesterday tomorrow last next first second third one two three four five six seven eight nine ten "
    "january february march april may june july august september october november december monday tuesday wednesday "
    "thursday friday saturday sunday mr mrs ms dr north south east west northern southern eastern western nobody "
    "neither either such under over between against about into without within asked speaking earlier later once "
    "despite during among instead photo image read subscribe source published".split()
)
SAID = r"(?:said|says|told|added|warned|argued|noted|insisted|declined|announced|denied|spoke)"
SPEAKS = re.compile(rf"^,? (?:\w+ly )?{SAID}\b")
SPOKEN = re.compile(rf"\b{SAID} $")


def slug(words: str, most: int = 28) -> str:
    """Small letters, figures and hyphens, beginning with a letter: what ids are made of.

    >>> slug("The Čapek Times (Brno)")
    'the-capek-times-brno'
    """
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"^[^a-z]+", "", re.sub(r"[^a-z0-9]+", "-", plain))[:most].strip("-")


def free_id(words: str, ids: set[str]) -> str:
    """The id made of words that is not in `ids` yet; it is added to them."""
    base = slug(words) or "text"
    base = f"text-{base}" if base in RESERVED else base
    doc_id = next(d for n in range(1, len(ids) + 2) if (d := base if n == 1 else f"{base}-{n}") not in ids)
    ids.add(doc_id)
    return doc_id


def propose_actors(texts: dict[str, tuple[str, pd.DataFrame]], book: Codebook) -> pd.DataFrame:
    """Names that may be actors: the states most named, the unions, alliances and courts, then unknown names.

    Accepts the texts by doc_id, each with its sentences (start, end, section), and the codebook. States and what they
    have founded together come from the codebook, with its codes, by how often the texts' bodies name them; the others
    are names that it does not know and that stand there :data:`LEAST` times, at most :data:`MOST`. Returns a frame
    with the columns of ``actors.csv`` and ``times``, ``texts`` and ``first_at`` (document:character). The kind is
    empty where no rule tells it; office and country are read from words like "the Norvian foreign minister". The id of
    who belongs to a state begins with its code (``NOR.holm``), so that it is found where the state's acts are looked
    for.

    >>> body = "Ada Holm spoke. The Pier Authority agreed, said Ada Holm. The Pier Authority and Peru signed."
    >>> rows = pd.DataFrame({"start": [0, 16, 58], "end": [15, 57, 93], "section": "body"})
    >>> from helpers.codebook import load_codebook
    >>> found = propose_actors({"post": (body, rows)}, load_codebook(None))
    >>> found[["actor_id", "name", "kind", "times", "first_at"]].values.tolist()
    [['PER', 'Peru', 'state', 1, 'post:81'], ['ada-holm', 'Ada Holm', 'person', 2, 'post:0'],
     ['pier-authority', 'Pier Authority', 'organisation', 2, 'post:20']]
    """
    found: dict[str, list[tuple[str, int]]] = {}
    spoke: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    opening: Counter[str] = Counter()
    states: dict[str, list[tuple[str, int]]] = {}
    offices: dict[str, Counter] = {}
    labels = book.actors.drop_duplicates("actor_id").set_index("actor_id")["name"].to_dict()
    for doc_id, (text, sentences) in texts.items():
        rows = sentences[sentences["section"].isin(["body", "dek"])]
        spans = list(rows[["start", "end"]].itertuples(index=False, name=None))
        known, _ = actors.find(text, book, None, spans)
        for mention in known:
            if mention.actor_id:
                states.setdefault(mention.actor_id, []).append((doc_id, mention.start))
        for start, end in spans:
            own = [m for m in known if start <= m.start < end and m.actor_id]
            for match in NAME.finditer(text, start, end):
                for at, name in _names(match):
                    over = [m for m in own if m.start < at + len(name) and m.end > at]
                    # "the Norvian foreign minister Ada Holm", and with a comma between
                    office = next((m for m in own if m.rule.startswith("office") and m.start < at <= m.end + 2), None)
                    if any(m.start <= at and m.end >= at + len(name) and m is not office for m in over):
                        continue
                    if at == start and " " not in name:
                        opening[name] += 1
                        found.setdefault(name, []).append((doc_id, at))
                        continue
                    inside[name] += 1
                    spoke[name] += bool(SPEAKS.match(text[at + len(name):at + len(name) + 40])
                                        or SPOKEN.search(text[max(0, at - 12):at])
                                        or TITLES.match(text[match.start():at]))
                    if office is not None:
                        offices.setdefault(name, Counter())[text[office.start:at].strip(" ,"), office.actor_id] += 1
                    found.setdefault(name, []).append((doc_id, at))
    for name in [n for n in found if " " not in n and not inside[n]]:      # only ever the first word of a sentence
        del found[name]
    _join_surnames(found, spoke)
    rows = [_proposal(name, places, spoke[name], offices.get(name), labels) for name, places in found.items()]
    rows = [row for row in rows if row["times"] >= LEAST]
    rows.sort(key=lambda r: (-r["times"], -r["texts"], r["name"]))
    named = sorted(states.items(), key=lambda item: (-len(item[1]), item[0]))
    kinds = dict(zip(book.actors["actor_id"], book.actors["kind"]))
    first = [{"actor_id": who, "name": labels[who], "kind": "state", "country": who, "bloc": labels[who],
              "colour": colour} | _counted(places)
             for (who, places), colour in zip([s for s in named if kinds.get(s[0]) == "state"], COLOURS)]
    first += [{"actor_id": who, "name": labels[who], "kind": kinds[who], "bloc": "other"} | _counted(places)
              for who, places in named if who in book.bodies.index and kinds.get(who) == "organisation"]
    ids: set[str] = {row["actor_id"] for row in first}
    for row in rows[:MOST]:
        row["actor_id"] = _actor_id(row, ids)
    return pd.DataFrame(first + rows[:MOST], columns=list(PROPOSED))


def _actor_id(row: dict, ids: set[str]) -> str:
    """The id of a proposed actor: a person by the surname, with the code of the state in front where it is known."""
    if not row["country"]:
        return free_id(row["name"], ids)
    words = row["name"].split()
    for name in (words[-1] if row["kind"] == "person" else row["name"], row["name"]):
        if slug(name) and (who := f"{row['country']}.{slug(name)}") not in ids:
            ids.add(who)
            return who
    return free_id(row["name"], ids)


def _names(match: re.Match) -> Iterator[tuple[int, str]]:
    """The names in a run of capitals: without titles, function words and possessives; parted at "and"."""
    at = match.start()
    for part in re.split(r"( and )", match.group()):
        here, at = at, at + len(part)
        if part == " and ":
            continue
        words = part
        while words:
            first = words.split(" ", 1)[0]
            rest = words[len(first):].lstrip(" ")
            title = TITLES.match(words)
            if first.strip(".").lower() in NOT_NAMES:
                cut = len(words) - len(rest)
            elif title and title.end() < len(words):
                cut = title.end()
            else:
                break
            here, words = here + cut, words[cut:]
        words = re.sub(r"(?:['’]s?|[.,])$", "", words)
        while words.rsplit(" ", 1)[-1].lower() in NOT_NAMES and " " in words:
            words = words.rsplit(" ", 1)[0]
        if len(words) > 1 and words.lower() not in NOT_NAMES and words[0].isupper():
            yield here, words


def _join_surnames(found: dict[str, list], spoke: Counter) -> None:
    """A single word that ends exactly one longer name is that name again."""
    longer: dict[str, list[str]] = {}
    for name in found:
        if " " in name and not ORGANISATION.search(name):
            longer.setdefault(name.rsplit(" ", 1)[1], []).append(name)
    for name in [n for n in found if " " not in n]:
        full = longer.get(name, ())
        if len(full) == 1:
            found[full[0]] += found.pop(name)
            spoke[full[0]] += spoke[name] + 1


def _proposal(name: str, places: list, spoke: int, offices: Counter | None, labels: dict) -> dict:
    country, office = "", ""
    if offices:
        (words, country), _ = offices.most_common(1)[0]
        office = re.sub(r"^(?:the )?\S+ ", "", words).lower() if " " in words else words.lower()
        country = country if country in labels and len(country) == 3 else ""
    kind = ("organisation" if ORGANISATION.search(name) or re.fullmatch(r"[A-Z]{2,6}", name) else
            "person" if 1 < len(name.split()) <= 4 and (spoke or offices) else "")
    return {"actor_id": "", "name": spreadsheet.cell(name), "kind": kind, "country": country,
            "bloc": labels.get(country, "other"), "office": office if kind == "person" else ""} | _counted(places)


def _counted(places: list[tuple[str, int]]) -> dict:
    return {"times": len(places), "texts": len({d for d, _ in places}), "first_at": "{}:{}".format(*places[0])}
