"""Matters: which machine mentions may be one event, why, and who claims what of it.

A reader names the matter that a mention belongs to; the machine has only codes. Two mentions are taken for one matter
when the same two sides act on each other about the same thing; a mention that lacks a side or the thing joins the one
matter in which everything it does say occurs, if there is exactly one that more texts tell of than any other. Nothing
is compared all with all: mentions meet only inside a step (blocking, as in record linkage: Fellegi and Sunter 1969;
Christen 2012). :func:`helpers.compare.link` then parts a matter's step by dates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import pandas as pd

__all__ = ["claims", "key_machine", "resolve", "tally", "why"]

SAYS = ["stage", "actor_id", "target_id", "item"]   # all that the machine knows of a matter

# steps that two sides take together: who is named first does not matter
MUTUAL = {"talks", "agreement", "contract", "mediation", "rapprochement"}
# steps that take a giver and a taker: either can be told to take them
HANDED = {"delivered", "transfer"}


def _sides(code: str) -> frozenset[str]:
    """The states on one side: what stands before the dot of each code."""
    return frozenset(part.split(".")[0] for part in code.split("+") if part)


def _slug(word: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in word.lower()).split())


def key_machine(mentions: pd.DataFrame, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give machine mentions the matter they belong to.

    Accepts ``event_mentions`` (doc_id, actor_id, target_id, item, stage) and, where these are a part of a case, the
    case's matters (:func:`resolve`). Returns them with ``event_key`` (the sides in alphabetical order and the item;
    ``unnamed`` where neither is known) and ``link_reason``, one sentence that says why the mention has this key.

    >>> rows = pd.DataFrame({"doc_id": ["a", "b", "c"], "stage": "imposed", "item": ["ferry", None, "ferry"],
    ...                      "actor_id": ["NOR", "NOR.court", None], "target_id": ["KES", "KES", "KES"]})
    >>> key_machine(rows)["event_key"].tolist()
    ['kes-nor-ferry', 'kes-nor-ferry', 'kes-nor-ferry']
    >>> key_machine(rows)["link_reason"].iloc[2]
    'named KES, ferry; joined to KES, NOR, ferry, the only matter of this step that has all of it'
    """
    known = resolve(tally(mentions)) if known is None else known
    found = _said(mentions).merge(known, on=SAYS, how="left", validate="many_to_one")
    return mentions.assign(**{c: found[c].astype("string").to_numpy() for c in ("event_key", "link_reason")}).astype(
        {"event_key": "string", "link_reason": "string"})


def _said(mentions: pd.DataFrame) -> pd.DataFrame:
    return mentions[SAYS].astype("string").fillna("")


def tally(mentions: pd.DataFrame) -> pd.DataFrame:
    """Count what mentions say of their matter: all of a case that :func:`resolve` needs, however many texts it has.

    Accepts ``event_mentions``. Returns one row for all that say the same (step, actor, target, item; empty where
    nothing is said): n mentions, and in how many texts; a text that names the same sides the other way round counts
    once. The tallies of two sets of texts, one below the other, are the tally of both.
    """
    found = _said(mentions).assign(doc_id=mentions["doc_id"].to_numpy())
    pairs = found[["actor_id", "target_id"]].drop_duplicates()
    pairs["sides"] = ["+".join(sorted(_sides(a) | _sides(b))) for a, b in pairs.itertuples(index=False, name=None)]
    found = found.merge(pairs, on=["actor_id", "target_id"], how="left")
    first = ~found.duplicated(["doc_id", "stage", "sides", "item"])
    return found.assign(n=1, texts=first.astype("int64")).groupby(SAYS, as_index=False)[["n", "texts"]].sum()


def resolve(said: pd.DataFrame) -> pd.DataFrame:
    """Find the matter of all that is said of one.

    Accepts tallies (:func:`tally`). Returns one row a step, actor, target and item, with ``event_key``, ``link_reason``
    and n, the mentions that say so.
    """
    rows = said.groupby(SAYS, as_index=False)[["n", "texts"]].sum()
    plain = list(rows[[*SAYS, "texts"]].itertuples(index=False, name=None))
    full: dict[str, Counter] = defaultdict(Counter)
    for step, actor, target, item, texts in plain:
        if item and len(_sides(actor) | _sides(target)) >= 2:
            full[step][_sides(actor) | _sides(target), item] += texts
    named = {(step, sides) for step, matters in full.items() for sides, _ in matters}
    for step, actor, target, item, _ in plain:      # pairs without a thing, where none of theirs has one
        sides = _sides(actor) | _sides(target)
        if len(sides) >= 2 and not item and (step, sides) not in named:
            full[step][sides, ""] = 1
    index: dict[str, dict[str, set]] = {step: defaultdict(set) for step in full}
    for step, matters in full.items():
        for matter in matters:
            for side in matter[0]:
                index[step][side].add(matter)
    found = [_matter(_sides(actor) | _sides(target), item, full.get(step, Counter()), index.get(step, {}))
             for step, actor, target, item, _ in plain]
    return _directed(rows.drop(columns="texts").assign(
        event_key=pd.Series([key for key, _ in found], rows.index, "string"),
        link_reason=pd.Series([reason for _, reason in found], rows.index, "string")))


def _matter(sides: frozenset[str], item: str, matters: Counter, index: Mapping[str, set]) -> tuple[str, str]:
    """The key of the matter that sides and a thing stand for among those of a step, and why."""
    matter, reason = (sides, item), "says " + _says(sides, item)
    if matter not in matters and (sides or item):
        near = set.intersection(*(index.get(s, set()) for s in sides)) if sides and matters else set(matters)
        fits = [(matters[m], m) for m in near if not item or not m[1] or m[1] == item]
        fits.sort(key=lambda f: (-f[0], sorted(f[1][0]), f[1][1]))
        if fits and (len(fits) == 1 or fits[0][0] > fits[1][0]):
            matter = (fits[0][1][0], fits[0][1][1] or item)
            only = "the only matter" if len(fits) == 1 else "of the matters"
            reason = f"named {_says(sides, item)}; joined to {_says(*matter)}, {only} of this step that " + (
                "has all of it" if len(fits) == 1 else "have all of it the one most texts tell of"
            )
    key = "-".join([*(s.lower() for s in sorted(matter[0])), *([_slug(matter[1])] if matter[1] else [])])
    return key or "unnamed", reason


def _says(sides: frozenset[str], item: str) -> str:
    return ", ".join([*sorted(sides), *([item] if item else [])]) or "nobody and nothing"


def _directed(rows: pd.DataFrame) -> pd.DataFrame:
    """Part a step that each side takes against the other: "A expelled B's envoy" is not "B expelled A's"."""
    who = pd.Series(["+".join(sorted(_sides(a))) for a in rows["actor_id"]], rows.index, "string")
    one_sided = ~rows["stage"].isin(MUTUAL | HANDED).astype(bool) & who.ne("").astype(bool)
    several = who.where(one_sided).groupby([rows["event_key"], rows["stage"]]).transform("nunique") > 1
    by = rows["event_key"] + "-by-" + who.str.lower().str.replace("+", "-")
    return rows.assign(event_key=rows["event_key"].where(~(one_sided & several).astype(bool), by))


def why(linked: pd.DataFrame) -> pd.DataFrame:
    """Say for every mention of a linked event why it is one event with the others.

    Accepts linked mentions (event_id, event_mention_id, event_key, stage, doc_id, earliest, latest, granularity, and
    ``link_reason`` where :func:`key_machine` made the key). Returns event_id, event_mention_id, doc_id and reason, for
    events with two mentions and more.
    """
    out = []
    for event_id, group in linked.dropna(subset="event_id").groupby("event_id", sort=True):
        if len(group) < 2:
            continue
        dated = group[group["granularity"].ne("none")]
        for row in group.to_dict("records"):
            when = "has no date of its own"
            if row["granularity"] != "none":
                others = len(dated) - 1
                when = f"dated {row['earliest']} to {row['latest']}, which " + (
                    f"overlaps with {others} other dated mention{'s' * (others != 1)}"
                    if others
                    else "no other date contradicts"
                )
            reason = row.get("link_reason")
            out.append(
                (
                    event_id,
                    row["event_mention_id"],
                    row["doc_id"],
                    "; ".join(
                        [
                            f"step {row['stage']}" if pd.notna(row["stage"]) else "no step",
                            str(reason) if pd.notna(reason) else f"matter {row['event_key']}",
                            when,
                        ]
                    ),
                )
            )
    return pd.DataFrame(out, columns=["event_id", "event_mention_id", "doc_id", "reason"]).astype("string")


def claims(linked: pd.DataFrame) -> pd.DataFrame:
    """List who attributes what value to which field of which event.

    Accepts linked mentions of either layer (event_mention_id, event_id, doc_id, sentence_id, status, actor_id,
    target_id, earliest, latest, granularity, speaker). Returns rows of ``claims``: one for the status, one for the date
    and one for each side that the mention names; ``attributed_to`` is empty where the outlet says it itself. A claim
    that is repeated in the same words by the same voice in the same sentence is listed once.
    """
    out = []
    for row in linked.dropna(subset="event_id").to_dict("records"):
        values = {"status": row["status"], "actor": row["actor_id"], "target": row["target_id"]}
        if row["granularity"] != "none" and pd.notna(row["earliest"]):
            values["date"] = (
                row["earliest"] if row["earliest"] == row["latest"] else f"{row['earliest']}/{row['latest']}"
            )
        out += [
            (
                f"{row['event_mention_id']}#{field}",
                row["event_id"],
                row["doc_id"],
                row["sentence_id"],
                row.get("speaker"),
                field,
                value,
                row["status"],
            )
            for field, value in values.items()
            if pd.notna(value) and value != ""
        ]
    table = pd.DataFrame(
        out, columns=["claim_id", "event_id", "doc_id", "sentence_id", "attributed_to", "field", "value", "status"]
    ).astype("string")
    return table.drop_duplicates([c for c in table.columns if c != "claim_id"], ignore_index=True)
