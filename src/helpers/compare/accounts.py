"""Accounts held side by side: who asserts and who denies, what each leaves out, whose voices, whose words.

A text is measured against what was knowable on the day it came out. Words that two texts share are counted in runs
(w-shingling, Broder 1997, "On the resemblance and containment of documents"); a shared run shows that words
travelled, and neither from whom to whom nor by which way.
"""
from __future__ import annotations

import functools
import hashlib
import itertools
import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from helpers.codebook.naming import ROLES, UNPLACED, counted, joined, the
from helpers.compare.matters import HANDED, MUTUAL
from helpers.compare.moves import REPEATED, state
from helpers.compare.naming import SUREST, commonest

__all__ = ["blocs", "candidates", "claim_matrix", "contested_events", "coverage", "depth", "differing", "entries",
           "named", "patterned", "reuse", "say_claims", "say_coverage", "say_depth", "say_reuse", "say_unheard",
           "shared", "shingles", "told_of", "voices", "why"]

TELLS = ("happened", "ongoing", "proposed", "demanded", "threatened")   # an offer that is made is told, not supposed
HEARSAY = ("rumoured",)
DENIES = ("denied", "not_happened")
TWO_SIDED = MUTUAL | HANDED     # steps in which either side can be told to be the one that acts
WITHHELD = "withheld"       # the stage of a measure that is held back
RUN = 7         # words that two texts must share without a break to count as one run
OFTEN = 30      # times that a run may stand in one text: what stands more often was not taken from the other
CROWD = 50      # of texts that all share a run, so many are compared each with each; more are held against the first
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


# claims -------------------------------------------------------------------------------------------------------------


def claim_matrix(mentions: pd.DataFrame, events: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say of every claim and text whether the text asserts, attributes or denies it.

    Accepts linked mentions (event_id, event_key, doc_id, stage, status, speaker, actor_id, target_id, earliest,
    latest, label, trigger_start; published_latest where it is known). A claim is a step by a side (of steps that two
    sides take together: by both) on one
    occasion (:func:`_occasions`): who tells of one year's talks says nothing of another's. A text *asserts* what it
    tells as happened, proposed, demanded or threatened in its own voice, *attributes* what it gives to a speaker or as
    a rumour, *denies* what it denies itself or reports as denied (:func:`denies`); what is only planned, supposed or an
    opinion takes no side. A denial that names no step of its own is held against all claims of its matter that the
    same text tells, or, where that tells none, against all claims of the matter for the same time.
    Returns claim_id, event_id, step (the matter and the step, whoever takes it), label, doc_id, stance, both (the text
    tells it and denies it, or reports both), contested (told by one account, denied by another: of two texts, or within
    one), rival (the same step is also put down to another side), for_ and against (the event_mention_ids); silent texts
    have no row. Where a text does both, its stance is *asserts* if its own voice tells it, else *denies*. A claim is
    called as its event is, where the ``events`` (event_id, label) are given; each of rival ones keeps its own words.
    """
    columns = ["claim_id", "event_id", "step", "label", "doc_id", "stance", "both", "contested", "rival", "for_",
               "against"]
    rows = mentions.dropna(subset="event_id")
    told = rows[rows["stage"].ne("deny") & rows["status"].isin([*TELLS, *HEARSAY, *DENIES])]
    positive = told[~told["status"].isin(DENIES)]
    if positive.empty:
        return pd.DataFrame(columns=columns)
    positive = _occasions(positive)
    claimed = positive.to_dict("records")
    by_key: dict[str, list[dict]] = {}
    for p in claimed:
        by_key.setdefault(p["event_key"], []).append(p)
    against: dict[tuple[str, str], list[str]] = {}
    for r in rows[rows["status"].isin(DENIES) | rows["stage"].eq(WITHHELD)].to_dict("records"):
        for claim in dict.fromkeys(p["claim_id"] for p in by_key.get(r["event_key"], ()) if denies(r, p)):
            against.setdefault((claim, r["doc_id"]), []).append(r["event_mention_id"])
    named = {(d, k) for d, k in told.loc[told["status"].eq("denied"), ["doc_id", "event_key"]].itertuples(index=False)}
    for r in rows[rows["stage"].eq("deny") & rows["status"].isin(TELLS)].to_dict("records"):
        same = [p for p in by_key.get(r["event_key"], ()) if p["stage"] != "reject"]
        if (r["doc_id"], r["event_key"]) in named:      # the text says itself what is denied
            for claim in dict.fromkeys(p["claim_id"] for p in by_key.get(r["event_key"], ())):
                if (claim, r["doc_id"]) in against:
                    against[claim, r["doc_id"]].append(r["event_mention_id"])
            continue
        here = [p for p in same if p["doc_id"] == r["doc_id"]]
        for claim in dict.fromkeys(p["claim_id"] for p in here or same if _overlap(p, r)):
            against.setdefault((claim, r["doc_id"]), []).append(r["event_mention_id"])
    other = positive[positive["sides"].ne("")].groupby(["event_key", "stage"])["sides"].nunique()
    out = []
    sure = positive.assign(sure=positive["status"].map(SUREST.index), own=positive["speaker"].notna()).sort_values(
        ["sure", "own", "doc_id", "trigger_start"], kind="stable")
    firsts = sure.drop_duplicates("claim_id").set_index("claim_id")
    ranks = ["sure", "own"]
    plainest = (sure[ranks].to_numpy() == firsts.loc[sure["claim_id"], ranks].to_numpy()).all(axis=1)
    labels = commonest(sure[plainest], "claim_id")
    for claim, group in positive.groupby("claim_id", sort=False):
        best = firsts.loc[claim]
        docs = list(dict.fromkeys([*group["doc_id"], *(d for c, d in against if c == claim)]))
        several = other.get((best["event_key"], best["stage"]), 0) > 1
        rival = several and best["stage"] not in REPEATED and any(
            p["stage"] == best["stage"] and p["sides"] not in ("", best["sides"]) and _overlap(p, q)
            for p in by_key[best["event_key"]] for q in group.to_dict("records"))
        disputed = any((claim, d) in against for d in docs)
        for doc in docs:
            mine, no = group[group["doc_id"].eq(doc)], against.get((claim, doc), [])
            asserts = bool((mine["speaker"].isna() & mine["status"].isin(TELLS)).any())
            stance = "asserts" if asserts else "denies" if no else "attributes"
            out.append({"claim_id": claim, "event_id": best["event_id"], "step": f"{best['event_key']}|{best['stage']}",
                        "label": labels[claim], "doc_id": doc, "stance": stance, "both": bool(len(mine) and no),
                        "contested": disputed, "rival": rival,
                        "for_": tuple(mine["event_mention_id"]),
                        "against": tuple(no)})
    found = pd.DataFrame(out, columns=columns)
    if events is not None:
        called = found["event_id"].map(events.drop_duplicates("event_id").set_index("event_id")["label"])
        found["label"] = found["label"].where(found["rival"], called.fillna(found["label"]))
    return found


def contested_events(claims: pd.DataFrame) -> set[str]:
    """Return the event_ids of the claims that one account tells and another denies.

    >>> sorted(contested_events(pd.DataFrame({"event_id": ["x", "y"], "contested": [True, False]})))
    ['x']
    """
    return set(claims.loc[claims["contested"].astype(bool), "event_id"])


def _occasions(told: pd.DataFrame) -> pd.DataFrame:
    """Give mentions that tell of a step the sides that take it and the claim that they make.

    Of a step that is taken again and again, each event is an occasion and a claim of its own. A step that is taken once
    is one claim, whatever day its tellers give it; only an undated mention that linking held apart from dated ones
    though it is as sure makes another: its text cannot mean the dated ones (:func:`helpers.compare.linking.link`).
    """
    sides = pd.Series([_sides(r) for r in told.to_dict("records")], told.index, dtype="object")
    out = told.assign(sides=sides, base=[f"{k}|{s}|{who or 'nobody named'}" for k, s, who in zip(
        told["event_key"], told["stage"].fillna(""), sides, strict=True)], occasion=told["event_id"])
    dated = out["event_id"].map(out["earliest"].notna().groupby(out["event_id"]).any())
    for _, group in out[~out["stage"].isin(REPEATED)].groupby("base", sort=False):
        own = dated[group.index]
        sure = set(group.loc[own, "status"])
        out.loc[group.index[own | ~group["status"].isin(sure)], "occasion"] = ""
    several = out.groupby("base")["occasion"].transform("nunique") > 1
    out["claim_id"] = out["base"].where(~several | out["occasion"].eq(""), out["base"] + "|" + out["occasion"])
    return out


def _sides(row: Mapping) -> str:
    """The states that take a step: of steps that two sides take together, both."""
    taking = ("actor_id", "target_id") if row["stage"] in TWO_SIDED else ("actor_id",)
    return state("+".join(str(row[c]) for c in taking if pd.notna(row[c])))


def denies(no: Mapping, told: Mapping) -> bool:
    """Whether one mention says of what another tells that it is not so: for the matrix of claims and for pairs alike.

    Accepts two mentions of one matter. The first is denied or did not happen, or tells that a measure is withheld:
    that denies the measure's imposition. Both are of the same step by the same side (of steps that two sides take
    together: whoever is named first), and not on days that exclude each other. What is withheld is withheld as of the
    day of the text that says so: it denies nothing that came later, and where neither that day nor the mention's own
    is known, nothing that has a date.

    >>> no = {"stage": "withheld", "status": "not_happened", "actor_id": "NOR", "target_id": "KES", "earliest": None,
    ...       "latest": None, "published_latest": "2031-05-10"}
    >>> told = no | {"stage": "imposed", "status": "happened", "earliest": "2031-05-04", "latest": "2031-05-04"}
    >>> denies(no, told), denies(no, told | {"earliest": "2031-06-01", "latest": "2031-06-01"})
    (True, False)
    """
    if no["stage"] == WITHHELD:
        if told["stage"] != "imposed" or no["status"] not in (*TELLS, *DENIES):
            return False
        until = no.get("published_latest")
        until = no["latest"] if until is None or pd.isna(until) else until
        if pd.notna(told["earliest"]) and (pd.isna(until) or told["earliest"] > until):
            return False
    elif no["status"] not in DENIES or no["stage"] != told["stage"]:
        return False
    one, two = _sides(no), _sides(told)
    alike = one == two or told["stage"] in TWO_SIDED and bool({*one.split("+")} & {*two.split("+")})
    return alike and _overlap(no, told)


def _overlap(a: Mapping, b: Mapping) -> bool:
    if pd.isna(a["earliest"]) or pd.isna(b["earliest"]):
        return True
    return a["earliest"] <= b["latest"] and b["earliest"] <= a["latest"]


def named(rows: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Return rows with the texts' short names for their ids, as charts call them.

    Accepts rows with doc_id, doc_a or doc_b, and ``documents`` (doc_id, short_name); a text without a short name keeps
    its id.

    >>> named(pd.DataFrame({"doc_a": ["a"], "n": [1]}), pd.DataFrame({"doc_id": ["a"], "short_name": ["Wire, May"]}))
           doc_a  n
    0  Wire, May  1
    """
    names = documents.set_index("doc_id")["short_name"].dropna()
    columns = [c for c in ("doc_id", "doc_a", "doc_b") if c in rows]
    return rows.assign(**{c: rows[c].map(names).fillna(rows[c]) for c in columns})


def why(claims: pd.DataFrame) -> pd.Series:
    """Say of each claim on which accounts differ how they do; claims on which they do not have no row.

    Accepts :func:`claim_matrix`. Returns one code a claim_id. A claim is *contested* if it is denied: ``between``, told
    by one text and denied by another, or ``within``, told and denied within one text. Of the others, ``sides``: the
    same step is put down to different sides; ``voice``: *told in different ways*, asserted by one text in its own voice
    and only attributed by another.

    >>> why(pd.DataFrame({"claim_id": ["c", "c", "d"], "stance": ["asserts", "denies", "asserts"], "rival": False,
    ...                   "contested": [True, True, False]})).to_dict()
    {'c': 'between'}
    """
    out = {}
    for claim, rows in claims.groupby("claim_id", sort=False):
        stances = set(rows["stance"])
        if rows["contested"].any():
            out[claim] = "between" if "denies" in stances and stances & {"asserts", "attributes"} else "within"
        elif rows["rival"].any():
            out[claim] = "sides"
        elif len(stances) > 1:
            out[claim] = "voice"
    return pd.Series(out, dtype="string").rename_axis("claim_id")


def differing(claims: pd.DataFrame, about: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the claims on which accounts differ (:func:`why`), those that are contested first, then by how many texts.

    Accepts :func:`claim_matrix` and, to say who announced and who denied each,
    :func:`helpers.compare.moves.contested`. Adds why and disagreement: what is one in counting. Where a step is put
    down to different sides each side has a claim, and all of them are one disagreement.
    """
    rows = claims.assign(why=claims["claim_id"].map(why(claims)).astype("string"))
    rows = rows[rows["why"].notna()]
    rows = rows.assign(n=rows.groupby("claim_id")["doc_id"].transform("nunique") if len(rows) else 0,
                       disagreement=rows["claim_id"].where(rows["why"].ne("sides"), rows["step"]))
    rows = rows.sort_values(["contested", "n", "claim_id"], ascending=[False, False, True], kind="stable")
    return rows if about is None else rows.merge(about.drop(columns=["label", "denied"]), on="claim_id", how="left")


def say_claims(claims: pd.DataFrame) -> str:
    """Say in one sentence how many claims the texts make, and on how many of them, and how, accounts differ.

    >>> say_claims(pd.DataFrame({"claim_id": [], "doc_id": [], "stance": [], "contested": []}))
    'No claim is told by two of these texts, and none is denied.'
    >>> rows = pd.DataFrame({"claim_id": ["c", "c", "d"], "step": ["s", "s", "t"], "doc_id": ["a", "b", "a"],
    ...                      "stance": ["asserts", "denies", "asserts"], "contested": [True, True, False]})
    >>> say_claims(rows.assign(rival=False))[:95]
    'Of 2 claims, 1 is told or denied by more than one text. There is 1 disagreement: 1 claim is con'
    """
    many = int((claims.groupby("claim_id")["doc_id"].nunique() > 1).sum()) if len(claims) else 0
    apart = differing(claims).drop_duplicates("disagreement") if len(claims) else claims
    if not many and apart.empty:
        return "No claim is told by two of these texts, and none is denied."
    first = f"Of {counted(claims['claim_id'].nunique(), 'claim')}, {many} {'is' if many == 1 else 'are'} told or "
    first += "denied by more than one text."
    if apart.empty:
        return f"{first} On none do accounts differ."
    n = apart["why"].value_counts()
    between, within, sides, voice = (int(n.get(w, 0)) for w in ("between", "within", "sides", "voice"))
    said = []
    if between + within:
        ways = [f"{between} denied by another text"] * bool(between) + \
            [f"{within} within {'its' if within == 1 else 'their'} own text"] * bool(within)
        said += [f"{_are(between + within, 'claim')} contested ({joined(ways)})"]
    said += [f"{_are(sides, 'step')} put down to different sides"] * bool(sides)
    if voice:
        said += [f"{_are(voice, 'claim')} told in different ways (asserted by one text, only attributed by another)"]
    there = "is" if len(apart) == 1 else "are"
    return f"{first} There {there} {counted(len(apart), 'disagreement')}: {joined(said)}."


def _are(n: int, what: str) -> str:
    return f"{counted(n, what)} {'is' if n == 1 else 'are'}"


# the record ---------------------------------------------------------------------------------------------------------


def coverage(record: pd.DataFrame | None, mentions: pd.DataFrame, documents: pd.DataFrame,
             otherwise: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say of every entry of the record and text: told, told otherwise, left out, not yet knowable, or no day known.

    Accepts the record or None, mentions (doc_id, record_id), documents (doc_id, published_latest, inferred_latest)
    and ``otherwise``: pairs (doc_id, record_id) that a text tells otherwise than the record. An entry dated after
    the last day on which a text can have been published is not yet knowable for it. Of a text whose day nobody knows
    it cannot be said what it could know: what it does not tell is ``no_day``. Returns event_id, label, date, track,
    doc_id, state.
    """
    columns = ["event_id", "label", "date", "track", "doc_id", "state"]
    if record is None or record.empty:
        return pd.DataFrame(columns=columns, dtype="string")
    told = set(mentions.dropna(subset="record_id")[["doc_id", "record_id"]].itertuples(index=False, name=None))
    other = set() if otherwise is None else set(otherwise[["doc_id", "record_id"]].itertuples(index=False, name=None))
    until = documents["published_latest"]
    if "inferred_latest" in documents:
        until = until.fillna(documents["inferred_latest"])
    out = []
    for doc, last in zip(documents["doc_id"], until):
        for row in record[["event_id", "label", "date_lo", "track"]].itertuples(index=False):
            pair = (doc, row.event_id)
            # what a text tells of a thing that was still to come cannot be this entry, however alike
            what = "not_yet" if pd.notna(last) and row.date_lo > last else "told_otherwise" if pair in other else \
                "told" if pair in told else "no_day" if pd.isna(last) else "left_out"
            out.append((row.event_id, row.label, row.date_lo, row.track, doc, what))
    return pd.DataFrame(out, columns=columns).astype("string")


def told_of(covered: pd.DataFrame, tracks: Mapping[str, str]) -> pd.DataFrame:
    """Count by text and track how many entries of the record it tells, of how many that it could know.

    Accepts :func:`coverage` and what the tracks are called, in their order. Returns one row a text, one column a track
    that has entries; a cell says ``3 of 9``, how many are told otherwise than by the record, and of a text whose day
    nobody knows only what it tells.

    >>> rows = pd.DataFrame({"track": ["law", "law", "talks"], "state": ["told", "left_out", "not_yet"]})
    >>> told_of(rows.assign(doc_id="a"), {"talks": "talks", "law": "laws"}).to_dict("records")
    [{'doc_id': 'a', 'talks': '0 of 0', 'laws': '1 of 2'}]
    """
    dayless = set(covered.loc[covered["state"].eq("no_day"), "doc_id"])
    out: dict[str, dict[str, str]] = {d: {"doc_id": d} for d in covered["doc_id"].unique()}
    known = [t for t in (*tracks, *covered["track"].unique()) if covered["track"].eq(t).any()]
    for track in dict.fromkeys(known):
        for doc, row in out.items():
            n = covered.loc[covered["doc_id"].eq(doc) & covered["track"].eq(track), "state"].value_counts()
            other = int(n.get("told_otherwise", 0))
            told = int(n.get("told", 0)) + other
            of = "" if doc in dayless else f" of {told + int(n.get('left_out', 0))}"
            row[tracks.get(track, track)] = f"{told}{of}" + (f", {other} otherwise" if other else "")
    return pd.DataFrame(list(out.values()))


def entries(covered: pd.DataFrame, words: Mapping[str, str]) -> pd.DataFrame:
    """Lay out what each text does with each entry of the record: a row an entry, in order of time, a column a text.

    Accepts :func:`coverage` and what its states are called. Returns event_id, label, date, track and the doc_ids.

    >>> rows = pd.DataFrame({"event_id": "r", "label": "Law", "date": "2031-05-04", "track": "law",
    ...                      "doc_id": ["b", "a"], "state": ["told", "left_out"]})
    >>> entries(rows, {"left_out": "left out"}).iloc[0].tolist()
    ['r', 'Law', '2031-05-04', 'law', 'told', 'left out']
    """
    each = covered.assign(state=covered["state"].replace(dict(words)))
    wide = each.pivot(index=["event_id", "label", "date", "track"], columns="doc_id", values="state")
    return wide[list(covered["doc_id"].unique())].reset_index().rename_axis(columns=None).sort_values(
        ["date", "event_id"], ignore_index=True)


def say_coverage(covered: pd.DataFrame) -> str:
    """Say in one sentence how much of the record the texts tell.

    >>> say_coverage(pd.DataFrame({"event_id": ["r", "s"], "doc_id": ["a", "a"], "state": ["told", "left_out"]}))
    'Of the 2 listed events, 1 is told by at least one of these texts and 1 could have been told and is not.'
    >>> say_coverage(pd.DataFrame({"event_id": [], "doc_id": [], "state": []}))
    'This case lists no public record: fill in the template below and save it as data/raw/<case>/reference.csv.'
    >>> say_coverage(pd.DataFrame({"event_id": ["r", "s"], "doc_id": "a", "state": ["told", "no_day"]}))[-48:]
    '1 only a text whose day is not known could tell.'
    """
    if covered.empty:
        return ("This case lists no public record: fill in the template below and save it as "
                "data/raw/<case>/reference.csv.")
    by = [set(states) for _, states in covered.groupby("event_id")["state"]]
    told = int(sum(bool(s & {"told", "told_otherwise"}) for s in by))
    left = int(sum("left_out" in s and not s & {"told", "told_otherwise"} for s in by))
    listed = f"the {len(by)} listed events" if len(by) > 1 else "the 1 listed event"
    open_ = int(sum("no_day" in s and not s & {"told", "told_otherwise", "left_out"} for s in by))
    late = len(by) - told - left - open_
    parts = [f"{told} {'is' if told == 1 else 'are'} told by at least one of these texts"]
    if left or not open_:
        parts.append(f"{left} could have been told and {'is' if left == 1 else 'are'} not")
    if open_:
        parts.append(f"{open_} only a text whose day is not known could tell")
    more = f"; {late} came after the last of them" if late else ""
    return f"Of {listed}, {joined(parts)}{more}."


# voices -------------------------------------------------------------------------------------------------------------


def blocs(actors: pd.DataFrame) -> tuple[dict[str, str], dict[str, str]]:
    """Return what each country's bloc is called and each bloc's colour.

    Accepts the codebook's actors (country, bloc, colour). ``speaker_bloc`` of the tables holds a country's code.
    """
    known = actors.dropna(subset=["country", "bloc"]).drop_duplicates("country")
    known = known[(known["country"] != "") & (known["bloc"] != "")]
    colour = actors[actors["kind"].isin(["state", "group"])].drop_duplicates("bloc")
    shades = dict(zip(colour["bloc"], colour["colour"])) | {"several together": "#2b2b2b", "not placed": "#a6a6a6"}
    return dict(zip(known["country"], known["bloc"])), shades


def voices(quotes: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Count quotations by text, the speaker's bloc and, where it is given, the role in which he speaks.

    Accepts quotations (doc_id, speaker_bloc: a country's code or a bloc, several parted by ``+``; optional ``role``,
    see :func:`helpers.compare.speakers.roles`: without it a bloc's newspapers and experts count as the bloc), blocs by
    country. A speaker of no known bloc is ``other``, one who cannot be placed ``not placed``. Returns doc_id, bloc,
    role where it is given, n.
    """
    known = set(names.values())

    def called(code) -> str:
        if pd.isna(code):
            return "not placed"
        parts = dict.fromkeys(names.get(p, p if p in known else "other") for p in str(code).split("+"))
        return next(iter(parts)) if len(parts) == 1 else "several together"
    rows = quotes.assign(bloc=quotes["speaker_bloc"].map(called, na_action=None))
    by = ["doc_id", "bloc", *(["role"] if "role" in rows else [])]
    return rows.groupby(by, as_index=False).size().rename(columns={"size": "n"})


def say_unheard(voices: pd.DataFrame, documents: pd.DataFrame) -> str:
    """Say in one sentence whose officials a text does not quote though most of the texts do.

    Accepts :func:`voices` with roles, and ``documents`` (doc_id, short_name) in the order in which they are named. A
    side whose officials at most half of the texts quote is missed in none.

    >>> counts = pd.DataFrame({"doc_id": ["a", "b", "c"], "bloc": "Norvia", "role": ["official", "official", "medium"]})
    >>> texts = pd.DataFrame({"doc_id": ["a", "b", "c"], "short_name": ["Wire", "Post", "Blog"]})
    >>> say_unheard(counts.assign(n=2), texts)
    'Quoted in most of these texts, but not in all: officials and bodies of Norvia (not in Blog).'
    >>> say_unheard(counts.head(2).assign(n=2), texts.head(2))
    'No text leaves out the officials of a side that most of these texts quote.'
    """
    names = documents.set_index("doc_id")["short_name"].fillna(documents.set_index("doc_id").index.to_series())
    rows = voices[voices["role"].eq("official") & ~voices["bloc"].isin(UNPLACED) & voices["n"].gt(0)]
    said = []
    for bloc, mine in sorted(rows.groupby("bloc")["doc_id"], key=lambda pair: -pair[1].nunique()):
        without = [names[d] for d in names.index if d not in set(mine)]
        if without and 2 * mine.nunique() > len(names):
            said.append(f"of {the(bloc)} (not in {joined(without)})")
    return f"Quoted in most of these texts, but not in all: {ROLES['official']} {joined(said)}." if said else \
        "No text leaves out the officials of a side that most of these texts quote."


def depth(chains: pd.DataFrame) -> pd.DataFrame:
    """Count through how many hands each quotation came.

    Accepts the chain of media, either as labelled (doc_id, medium_chain: outlet and sources parted by ``<``; optional
    speaker, who is no hop where the chain ends with himself) or as the table ``chain`` with doc_id
    (quote_id, hop), whose last hop is the speaker. Returns doc_id, hops (0: the outlet
    has it from the speaker, or says nothing of the way) and n.
    """
    if "medium_chain" in chains:
        speakers = chains["speaker"].fillna("") if "speaker" in chains else [""] * len(chains)
        rows = chains.assign(hops=[_hops(c, s) for c, s in zip(chains["medium_chain"].fillna(""), speakers)])
    else:
        rows = chains.groupby(["doc_id", "quote_id"], as_index=False).agg(hops=("hop", "max"))
        rows = rows.assign(hops=(rows["hops"] - 1).clip(lower=0))
    return rows.groupby(["doc_id", "hops"], as_index=False).size().rename(columns={"size": "n"})


def _hops(chain: str, speaker: str) -> int:
    """How many hands stand between the outlet and the speaker: a medium that speaks itself is the speaker, no hop."""
    hands, said = chain.split("<")[1:], set(re.findall(r"\w+", speaker.lower()))
    for n, hand in enumerate(hands):
        named = set(re.findall(r"\w+", hand.lower())) - {"unnamed", "anonymous"}
        if named and named <= said:
            return n
    return len(hands)


def say_depth(counted: pd.DataFrame, among: int | None = None, documents: pd.DataFrame | None = None) -> str:
    """Say in one sentence how many quotations came through another's hands, and in which text most did.

    Accepts :func:`depth`, of how many quotations the way was asked: it may not be known of all; and ``documents``
    (doc_id, short_name), to name the text whose greatest share came through others (where two share it, none is named).

    >>> say_depth(pd.DataFrame({"doc_id": ["a", "a"], "hops": [0, 2], "n": [3, 1]}))
    'Of 4 quotations, 1 came through at least one other medium or source that is named, and 1 through two or more.'
    >>> say_depth(pd.DataFrame({"doc_id": [], "hops": [], "n": []}))
    'No chain of sources was coded in these texts.'
    >>> say_depth(pd.DataFrame({"doc_id": ["a", "a"], "hops": [0, 2], "n": [3, 1]}), 5).split(";")[0]
    'Of 5 quotations, 4 have a coded way from the speaker to the page'
    """
    if counted.empty:
        return "No chain of sources was coded in these texts."
    n = int(counted["n"].sum())
    one, two = (int(counted.loc[counted["hops"] >= k, "n"].sum()) for k in (1, 2))
    first = f"Of {n} quotations" if among in (None, n) else \
        f"Of {among} quotations, {n} have a coded way from the speaker to the page; of these {n}"
    said = f"{first}, {one} came through at least one other medium or source that is named, and {two} through two or "
    said += "more"
    if documents is not None and one:
        by = counted.assign(far=counted["n"].where(counted["hops"] > 0, 0)).groupby("doc_id")[["far", "n"]].sum()
        share = by["far"] / by["n"]
        most = by.index[share.eq(share.max())]
        if len(most) == 1:
            name = documents.set_index("doc_id")["short_name"].get(most[0], most[0])
            said += f"; the greatest share in {name}, {by.at[most[0], 'far']} of {by.at[most[0], 'n']}"
    return f"{said}."


# shared words -------------------------------------------------------------------------------------------------------


def _words(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, int, int]]:
    """The words of some spans in their order, in small letters, each with where it stands."""
    return [(m[0].lower().replace("’", "'"), *m.span()) for start, end in sorted(spans)
            for m in WORD.finditer(text, start, end)]


@functools.lru_cache(16_384)
def _number(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")


def shingles(text: str, spans: pd.DataFrame, least: int = RUN) -> np.ndarray:
    """Return the fingerprints of all runs of ``least`` words in a text: 64-bit numbers, each once, in their order.

    Accepts a text and the spans to look at (start, end). Two texts share a run only if they share a fingerprint; the
    numbers are the same on every machine (a polynomial over word hashes: Karp and Rabin 1987).
    """
    words = _words(text, spans[["start", "end"]].itertuples(index=False, name=None))
    numbers = np.array([_number(w) for w, *_ in words], dtype=np.uint64)
    n = len(numbers) - least + 1
    if n <= 0:
        return numbers[:0]
    out = np.zeros(n, dtype=np.uint64)
    for k in range(least):
        out = out * np.uint64(0x9E3779B97F4A7C15) + numbers[k:k + n]
    return np.unique(out)


def candidates(rows: pd.DataFrame, crowd: int = CROWD) -> list[tuple[str, str]]:
    """Return the pairs of texts that share a fingerprint: only these are compared.

    Accepts doc_id and shingle (:func:`shingles`). Where more than ``crowd`` texts share a run (a story that went
    round, or a formula), each is paired with the first of them alone: else the pairs would grow with the square.

    >>> candidates(pd.DataFrame({"doc_id": ["a", "b", "c", "c"], "shingle": [1, 1, 2, 1]}))
    [('a', 'b'), ('a', 'c'), ('b', 'c')]
    >>> candidates(pd.DataFrame({"doc_id": ["a", "b", "c"], "shingle": [1, 1, 1]}), crowd=2)
    [('a', 'b'), ('a', 'c')]
    """
    if rows.empty:
        return []
    codes, names = pd.factorize(rows["doc_id"], sort=True)
    return [(names[a], names[b]) for a, b in sorted(pairs_of(codes, rows["shingle"].to_numpy(), crowd))]


def pairs_of(codes: np.ndarray, numbers: np.ndarray, crowd: int = CROWD) -> set[tuple[int, int]]:
    """Return the pairs of texts, as numbers, that share a fingerprint (see :func:`candidates`).

    Accepts two arrays of the same length: a text's number and one of its fingerprints.
    """
    order = np.lexsort((codes, numbers))
    codes, numbers = codes[order], numbers[order]
    edges = np.flatnonzero(np.r_[True, numbers[1:] != numbers[:-1], True])
    found: set[tuple[int, int]] = set()
    for i in np.flatnonzero(np.diff(edges) > 1):
        group = np.unique(codes[edges[i]:edges[i + 1]]).tolist()
        for n, a in enumerate(group if len(group) <= crowd else group[:1]):
            found.update((a, b) for b in group[n + 1:])
    return found


def reuse(texts: Mapping[str, str], spans: pd.DataFrame, least: int = RUN,
          pairs: Iterable[tuple[str, str]] | None = None) -> pd.DataFrame:
    """Find the runs of words that two texts share.

    Accepts texts by doc_id, the sentences to look at (doc_id, start, end; what stands between them breaks a run), how
    many words make a run at least, and the pairs of texts to compare (None: the :func:`candidates`). Case, quotation
    marks and punctuation do not count. Each word belongs to one run with each other text, the longest. Returns doc_a,
    start_a, end_a, doc_b, start_b, end_b, n_words.

    >>> two = {"a": "We sold all seven old grey boats to Tavaria.", "b": "He sold all seven old grey boats at noon."}
    >>> whole = pd.DataFrame({"doc_id": ["a", "b"], "start": 0, "end": 44})
    >>> reuse(two, whole, least=4)[["start_a", "end_a", "n_words"]].values.tolist()
    [[3, 32, 6]]
    """
    own = dict(list(spans[["doc_id", "start", "end"]].groupby("doc_id")))
    own = {doc: own.get(doc, spans[:0])[["start", "end"]] for doc in texts}
    if pairs is None:
        pairs = candidates(pd.concat([pd.DataFrame({"doc_id": doc, "shingle": shingles(text, own[doc], least)})
                                      for doc, text in texts.items()] or [pd.DataFrame(columns=["doc_id", "shingle"])]))

    @functools.lru_cache(None)
    def words(doc: str) -> list[tuple[str, int, int]]:
        return _words(texts[doc], own[doc].itertuples(index=False, name=None))
    out = []
    for a, b in pairs:
        one, other = words(a), words(b)
        out += [(a, one[x][1], one[x + n - 1][2], b, other[y][1], other[y + n - 1][2], n)
                for x, y, n in _runs([w for w, *_ in one], [w for w, *_ in other], least)]
    columns = ["doc_a", "start_a", "end_a", "doc_b", "start_b", "end_b", "n_words"]
    return pd.DataFrame(out, columns=columns)


def _runs(a: list[str], b: list[str], least: int) -> list[tuple[int, int, int]]:
    """Longest shared runs first, none over another in either text: (start in a, start in b, words).

    A run of which every ``least`` words stand more than ``OFTEN`` times in a text (a refrain, a column of noughts) is
    not looked for: the time is in proportion to the length of the texts, whatever stands in them.
    """
    in_a, in_b = _places(a, least), _places(b, least)
    seeds = {run: (here, in_b[run]) for run, here in in_a.items()
             if run in in_b and max(len(here), len(in_b[run])) <= OFTEN}
    rare = {i for here, _ in seeds.values() for i in here}
    found = set()
    for i, j in (pair for both in seeds.values() for pair in itertools.product(*both)):
        if i and j and a[i - 1] == b[j - 1] and i - 1 in rare:
            continue                        # found from there
        back, n = 0, least
        while i > back and j > back and a[i - back - 1] == b[j - back - 1]:
            back += 1
        while i + n < len(a) and j + n < len(b) and a[i + n] == b[j + n]:
            n += 1
        found.add((i - back, j - back, back + n))
    kept, used_a, used_b = [], bytearray(len(a)), bytearray(len(b))
    for i, j, n in sorted(found, key=lambda r: (-r[2], r[0], r[1])):
        if 1 not in used_a[i:i + n] and 1 not in used_b[j:j + n]:
            kept.append((i, j, n))
            used_a[i:i + n] = used_b[j:j + n] = b"\1" * n
    return sorted(kept)


def _places(words: list[str], least: int) -> dict[tuple[str, ...], list[int]]:
    """Where each run of ``least`` words stands."""
    where: dict[tuple[str, ...], list[int]] = {}
    for i in range(len(words) - least + 1):
        where.setdefault(tuple(words[i:i + least]), []).append(i)
    return where


def shared(runs: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Count by pair of texts the runs and words that they share, and what part of the shorter text that is.

    Accepts the table ``reuse`` and ``documents`` (doc_id, n_words_body). Returns doc_a, doc_b, runs, words,
    longest, share (of the shorter text's body), most first.
    """
    size = documents.set_index("doc_id")["n_words_body"]
    by = runs.groupby(["doc_a", "doc_b"], as_index=False).agg(
        runs=("n_words", "size"), words=("n_words", "sum"), longest=("n_words", "max"))
    shorter = pd.concat([by["doc_a"].map(size), by["doc_b"].map(size)], axis=1).astype("Float64").min(axis=1)
    return by.assign(share=(by["words"] / shorter).astype(float).round(3)).sort_values(
        ["words", "doc_a", "doc_b"], ascending=[False, True, True], kind="stable", ignore_index=True)


def patterned(pairs: pd.DataFrame) -> bool:
    """Whether shared runs make a pattern that is worth a drawing: some pair of texts shares more than one.

    A single run has one place in each text: a sentence says all of it. Of several it is seen whether they stand
    scattered, as formulas do, or one after the other in both texts, as in a copy. Accepts :func:`shared`.
    """
    return bool((pairs["runs"] > 1).any())


def say_reuse(pairs: pd.DataFrame, documents: pd.DataFrame, least: int = RUN) -> str:
    """Say in one sentence how many words travelled between the texts.

    >>> say_reuse(pd.DataFrame(columns=["doc_a", "doc_b", "runs", "words", "longest", "share"]), pd.DataFrame())
    'No two of these texts share a run of 7 words.'
    """
    if pairs.empty:
        return f"No two of these texts share a run of {least} words."
    name = documents.set_index("doc_id")["short_name"]
    top = pairs.iloc[0]
    n = len(documents) * (len(documents) - 1) // 2
    many = "the only pair" if n == 1 else f"only one of {n} pairs" if len(pairs) == 1 else f"{len(pairs)} of {n} pairs"
    most = "" if len(pairs) == 1 else "most is shared by "
    shares = "shares" if len(pairs) == 1 else "share"
    return (f"{many[:1].upper()}{many[1:]} of these texts {shares} a run of {least} words or more: {most}"
            f"{name[top['doc_a']]} and {name[top['doc_b']]}, {top['words']} words in "
            f"{counted(top['runs'], 'run')}, {top['share']:.0%} of the shorter text.")
