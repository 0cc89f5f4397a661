"""Who a quoted speaker speaks as: for a state or body, as a medium, or for nobody but himself.

A country's newspaper, professor or opposition leader is of that country, and is not its voice (Bennett, "Toward a
Theory of Press-State Relations in the United States", Journal of Communication 40, 1990, counts official voices apart).
Speakers are told apart by the kinds and offices in the codebook's table of actors; where the table does not know one,
by the words that the text itself uses of him. The words below were chosen after reading the cases' speakers.
"""
from __future__ import annotations

import re

import pandas as pd

from helpers.codebook.naming import ROLES

__all__ = ["ROLES", "roles"]

_KINDS = ("person", "medium", "organisation", "group", "state")      # of several that are named, the first speaks
_APART = re.compile(
    r"\b(?:experts?|analysts?|observers?|commentators?|professors?|prof\.|scholars?|researchers?|academics?|historians?|"
    r"economists?|pundits?|critics?|think[ -]tanks?|institutes?|universit(?:y|ies)|fellows?|opposition|former|retired|"
    r"ex-\w+|leader of the \w[\w' -]* party|party leader|rumours?|social media)\b", re.I)
_OFFICIAL = re.compile(
    r"\b(?:officials?|ministers?|ministry|ministries|presidents?|presidency|premier|prime minister|governments?|"
    r"administration|authorities|spokes(?:man|woman|person|men)|ambassador|embassy|envoys?|diplomats?|secretary|senators?|"
    r"senate|congress|congress(?:man|woman)|lawmakers?|parliament|treasury|admiralty|army|navy|naval|"
    r"officers?|generals?|admirals?|delegations?|chair|chairman|chairwoman|committee)\b", re.I)
_MEDIUM = re.compile(
    r"\b(?:newspapers?|dail(?:y|ies)|magazines?|journals?|news agenc(?:y|ies)|websites?|portals?|publications?|"
    r"outlets?|broadcasters?|television|tv|radio|channels?|media|reporters?|journalists?|editors?|"
    r"correspondents?)\b", re.I)
# a paper that a medium saw is not the medium
_SEEN = re.compile(r"\b(?:seen|obtained|published|leaked) by\b.*", re.I)
_WITH_STATE = {"the", "and", "both", "members", "member", "states", "countries", "side", "sides", "capitals", "its"}


def roles(quotes: pd.DataFrame, codebook, documents: pd.DataFrame | None = None) -> pd.Series:
    """Say of each quotation in which role its speaker speaks: a code of :data:`ROLES`.

    Accepts quotations (speaker: the words for him; optional speaker_id and doc_id), the codebook (actors, aliases) and,
    since offices end, documents (doc_id, published_earliest, published_latest) or None. ``official``: a state, an
    organisation (a state firm or maker of arms, too) or a person in office when the text came out; ``medium``;
    ``other``: experts, opposition, former officials, persons without an office, and all who cannot be placed.

    >>> from types import SimpleNamespace
    >>> book = SimpleNamespace(actors=pd.DataFrame({"actor_id": ["NOR", "N.gazette"], "name": ["Norvia", "The Gazette"],
    ...     "kind": ["state", "medium"], "office": "", "valid_from": "", "valid_to": ""}), aliases=None)
    >>> said = ["Norvia", "the paper (The Gazette)", "a Norvian professor", "a Norvian official", None]
    >>> roles(pd.DataFrame({"speaker": said}), book).tolist()
    ['official', 'medium', 'other', 'official', 'other']
    """
    kinds = codebook.actors.drop_duplicates("actor_id").set_index("actor_id")["kind"].to_dict()
    offices = {a: list(rows[["office", "valid_from", "valid_to"]].fillna("").itertuples(index=False, name=None))
               for a, rows in codebook.actors.groupby("actor_id")}
    called = dict(zip(codebook.actors["name"], codebook.actors["actor_id"]))
    if codebook.aliases is not None:
        named = codebook.aliases[codebook.aliases["form"].ne("demonym").fillna(True)]    # "Norvian" names nobody
        called = dict(zip(named["alias"], named["actor_id"])) | called
    called = {k: v for k, v in called.items() if isinstance(k, str) and k}
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(called, key=len, reverse=True))) + r")(?!\w)")
    out = {} if documents is None else documents.set_index("doc_id")[["published_earliest", "published_latest"]].fillna(
        "").apply(tuple, axis=1).to_dict()

    def role(words: object, actor: object, doc: object) -> str:
        text = "" if words is None or pd.isna(words) else _SEEN.sub("", str(words))
        if _APART.search(text):
            return "other"
        ids = [called[m.group()] for m in pattern.finditer(text)] + ([] if pd.isna(actor) else [str(actor)])
        found = sorted((a for a in ids if kinds.get(a) in _KINDS), key=lambda a: _KINDS.index(kinds[a]))
        for who in found:
            if kinds[who] == "person":
                return "official" if _in_office(offices[who], *out.get(doc, ("", ""))) else "other"
            if kinds[who] == "medium":
                return "medium"
            if kinds[who] == "organisation" or (kinds[who] == "state" and _bare(text, pattern)):
                return "official"
        return "medium" if _MEDIUM.search(text) else "official" if _OFFICIAL.search(text) else "other"

    ids = quotes["speaker_id"] if "speaker_id" in quotes else pd.Series(pd.NA, quotes.index)
    docs = quotes["doc_id"] if "doc_id" in quotes else pd.Series(pd.NA, quotes.index)
    return pd.Series([role(*row) for row in zip(quotes["speaker"], ids, docs)], quotes.index, dtype="string")


def _in_office(offices: list[tuple[str, str, str]], earliest: str, latest: str) -> bool:
    """Whether a person had an office, and no expert's or party leader's, when the text can have come out."""
    return any(office and not _APART.search(office) and (not latest or begun <= latest)
               and (not ended or not earliest or ended + "~" >= earliest) for office, begun, ended in offices)


def _bare(text: str, pattern: re.Pattern) -> bool:
    """Whether a state itself is named as the speaker: "the crabbers of Norvia" are not Norvia."""
    pieces = re.split(r"[();]", text)
    return any(pattern.search(p) and set(re.findall(r"\w+", pattern.sub("", p).lower())) <= _WITH_STATE for p in pieces)
