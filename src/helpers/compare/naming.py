"""Names of events, in our own words: what a chart calls an event that nobody has labelled."""
from __future__ import annotations

import pandas as pd

from helpers.compare.matters import MUTUAL

__all__ = ["name_events"]

# steps that someone makes: "offer made", but "talks", "sanctions imposed"
MADE = {"demand", "request", "offer", "conditional_offer", "counter_offer", "objection", "concede"}
# statuses that the step does not say by itself
SAID = {"planned": "planned", "hypothetical": "possible", "rumoured": "rumoured", "denied": "denied",
        "not_happened": "did not happen", "opinion": "wished or judged"}


def name_events(mentions: pd.DataFrame, codebook=None) -> pd.Series:
    """Name each event by who, to whom, what, about what, and how real.

    Accepts mentions (actor_id, target_id, stage, type, item, track; status where there is one) and the codebook, whose
    names stand for the codes. Returns the names. Who is not known is not called somebody: the name says so at its end.

    >>> rows = pd.DataFrame({"actor_id": ["NOR", None, "NOR"], "target_id": ["KES", "KES", "KES"], "type": "AGREE",
    ...                      "stage": ["offer", "offer", "talks"], "item": ["ferry", None, None],
    ...                      "status": ["proposed", "denied", None]})
    >>> print(*name_events(rows), sep="\\n")
    NOR → KES: offer (ferry)
    Offer made, to KES, denied; by whom is not said
    NOR and KES: talks
    """
    names = {} if codebook is None else dict(zip(codebook.actors["actor_id"], codebook.actors["name"]))
    stages = pd.DataFrame(columns=["label", "group"]) if codebook is None else codebook.stages[["label", "group"]]
    types = {} if codebook is None else codebook.types["label"].to_dict()
    out = []
    for row in mentions.astype(object).where(mentions.notna(), None).to_dict("records"):
        stage, item, status = row.get("stage"), row.get("item"), SAID.get(row.get("status"))
        to = "to"
        if stage in stages.index:
            act = stages.at[stage, "label"]
            if stages.at[stage, "group"] == "sanctions":
                act, to = act if "sanction" in act else f"sanctions {act}", "on"
        else:
            act = stage or types.get(row.get("type"), row.get("type")) or "step"
            act = act.split(",")[0].replace("_", " ").lower()
        about = f" ({item})" if item else ""
        real = f", {status}" if status else ""
        who, whom = _called(row.get("actor_id"), names), _called(row.get("target_id"), names)
        if stage in MUTUAL and (who or whom):
            out.append(" and ".join(filter(None, [who, whom])) + f": {act}{about}{real}")
        elif who:
            out.append(f"{who}{' → ' + whom if whom else ''}: {act}{about}{real}")
        else:
            made = act + (" made" if stage in MADE else "")
            unknown = "between whom is not said" if stage in MUTUAL else "by whom is not said"
            out.append(f"{made[:1].upper()}{made[1:]}{about}{f', {to} {whom}' if whom else ''}{real}; {unknown}")
    return pd.Series(out, mentions.index, "string")


def _called(codes: str | None, names: dict[str, str]) -> str:
    """The names of one or more codes; a person or body without a name of its own goes by its state."""
    called = []
    for code in (codes or "").split("+"):
        state, _, rest = code.partition(".")
        whole = names.get(state, state)
        called.append(names.get(code) or (f"{whole} ({rest.replace('_', ' ')})" if rest else whole))
    return " and ".join(dict.fromkeys(c for c in called if c))
