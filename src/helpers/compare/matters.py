"""Matters: which machine mentions may be one event, why, and who claims what of it.

A reader names the matter that a mention belongs to; the machine has only codes. Two mentions are taken for one matter
when the same two sides act on each other about the same thing; a mention that lacks a side or the thing joins the one
matter in which everything it does say occurs, if there is exactly one that more texts tell of than any other. Nothing
is compared all with all: mentions meet only inside a step (blocking, as in record linkage: Fellegi and Sunter 1969;
Christen 2012). :func:`helpers.compare.link` then parts a matter's step by dates.
"""

from __future__ import annotations

from collections import Counter, defaultdict

import pandas as pd

__all__ = ["claims", "key_machine", "why"]

# steps that two sides take together: who is named first does not matter
MUTUAL = {"talks", "agreement", "contract", "mediation", "rapprochement"}


def _sides(row: dict) -> tuple[frozenset[str], frozenset[str]]:
    """The states on either side: what stands before the dot of each code."""
    acts, bears = (
        frozenset(c.split(".")[0] for c in str(row[k]).split("+") if c and pd.notna(row[k]))
        for k in ("actor_id", "target_id")
    )
    return acts, bears


def _slug(word: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in word.lower()).split())


def key_machine(mentions: pd.DataFrame) -> pd.DataFrame:
    """Give machine mentions the matter they belong to.

    Accepts ``event_mentions`` (doc_id, actor_id, target_id, item, stage). Returns them with ``event_key`` (the sides in
    alphabetical order and the item; ``unnamed`` where neither is known) and ``link_reason``, one sentence that says why
    the mention has this key.

    >>> rows = pd.DataFrame({"doc_id": ["a", "b", "c"], "stage": "imposed", "item": ["ferry", None, "ferry"],
    ...                      "actor_id": ["NOR", "NOR.court", None], "target_id": ["KES", "KES", "KES"]})
    >>> key_machine(rows)["event_key"].tolist()
    ['kes-nor-ferry', 'kes-nor-ferry', 'kes-nor-ferry']
    >>> key_machine(rows)["link_reason"].iloc[2]
    'named KES, ferry; joined to KES, NOR, ferry, the only matter of this step that has all of it'
    """
    rows = mentions[["doc_id", "stage", "actor_id", "target_id", "item"]].to_dict("records")
    parts = []
    for row in rows:
        one, two = _sides(row)
        parts.append((frozenset(one | two), row["item"] if pd.notna(row["item"]) else "", one))
    full: dict[object, Counter] = defaultdict(Counter)
    seen: set[tuple] = set()
    for row, (sides, item, _) in zip(rows, parts, strict=True):
        if len(sides) >= 2 and item and (row["doc_id"], row["stage"], sides, item) not in seen:
            seen.add((row["doc_id"], row["stage"], sides, item))
            full[_step(row)][sides, item] += 1
    for row, (sides, item, _) in zip(rows, parts, strict=True):  # pairs without a thing, where none of theirs has one
        if len(sides) >= 2 and not item and not any(s == sides for s, _ in full[_step(row)]):
            full[_step(row)][sides, ""] += 1
    index: dict[object, dict[str, set]] = {step: defaultdict(set) for step in full}
    for step, known in full.items():
        for matter in known:
            for side in matter[0]:
                index[step][side].add(matter)
    keys, reasons = [], []
    for row, (sides, item, _) in zip(rows, parts, strict=True):
        step = _step(row)
        matter, reason = (sides, item), "says " + _says(sides, item)
        if (sides, item) not in full.get(step, {}) and (sides or item):
            near = (
                set.intersection(*(index[step][s] for s in sides))
                if sides and step in index
                else set(full.get(step, ()))
            )
            fits = [(n, m) for m, n in ((m, full[step][m]) for m in near) if not item or not m[1] or m[1] == item]
            fits.sort(key=lambda f: (-f[0], sorted(f[1][0]), f[1][1]))
            if fits and (len(fits) == 1 or fits[0][0] > fits[1][0]):
                matter = (fits[0][1][0], fits[0][1][1] or item)
                only = "the only matter" if len(fits) == 1 else "of the matters"
                reason = f"named {_says(sides, item)}; joined to {_says(*matter)}, {only} of this step that " + (
                    "has all of it" if len(fits) == 1 else "have all of it the one most texts tell of"
                )
        keys.append(
            "-".join([*(s.lower() for s in sorted(matter[0])), *([_slug(matter[1])] if matter[1] else [])]) or "unnamed"
        )
        reasons.append(reason)
    out = mentions.assign(
        event_key=pd.Series(keys, mentions.index, "string"), link_reason=pd.Series(reasons, mentions.index, "string")
    )
    return _directed(out, [p[2] for p in parts])


def _step(row: dict):
    return row["stage"] if pd.notna(row["stage"]) else ""


def _says(sides: frozenset[str], item: str) -> str:
    return ", ".join([*sorted(sides), *([item] if item else [])]) or "nobody and nothing"


def _directed(rows: pd.DataFrame, acting: list[frozenset[str]]) -> pd.DataFrame:
    """Part a step that each side takes against the other: "A expelled B's envoy" is not "B expelled A's"."""
    who = pd.Series(["+".join(sorted(a)) for a in acting], rows.index, "string")
    one_sided = ~rows["stage"].isin(MUTUAL).astype(bool) & who.ne("").astype(bool)
    told = [rows["event_key"][one_sided], rows["stage"][one_sided].fillna("")]
    count = who[one_sided].groupby(told).nunique().to_dict()
    both = pd.Series(
        [count.get((k, s), 0) > 1 for k, s in zip(rows["event_key"], rows["stage"].fillna(""))],
        rows.index,
        dtype=bool,
    )
    apart = both & one_sided
    return rows.assign(
        event_key=rows["event_key"].where(~apart, rows["event_key"] + "-by-" + who.str.lower().str.replace("+", "-"))
    )


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
