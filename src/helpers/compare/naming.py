"""Names of events, in our own words: which of its labels an event goes by, and what one without a label is called."""
from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from helpers.compare.matters import MUTUAL
from helpers.dates.reading import MONTHS, long_day

__all__ = ["SUREST", "called", "commonest", "dated", "label_events", "listed", "name_events"]

# From the surest to the least sure; an event takes the surest status that one of its mentions gives it.
SUREST = ["happened", "ongoing", "planned", "threatened", "proposed", "demanded", "rumoured", "hypothetical", "opinion",
          "denied", "not_happened"]

# words that mean something only in the text, or on the day, of which a label speaks
POINTING = (r"(?i)\b(?:today|yesterday|tomorrow|tonight|now|ago|so far|last|next|previous|this|these|here|he|she|him|"
            r"his|her|headline|it says|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b")

# steps that someone makes: "offer made", but "talks", "sanctions imposed"
MADE = {"demand", "request", "offer", "conditional_offer", "counter_offer", "objection", "concede"}
# statuses that the step does not say by itself
SAID = {"planned": "planned", "hypothetical": "possible", "rumoured": "rumoured", "denied": "denied",
        "not_happened": "did not happen", "opinion": "wished or judged"}


def name_events(mentions: pd.DataFrame, codebook=None) -> pd.Series:
    """Name each event by who, to whom, what, about what, and how real.

    Accepts mentions (actor_id, target_id, stage, type, item, track; status where there is one) and the codebook, whose
    names stand for the codes. Returns the names. Who is not known is not called somebody: the name says so at its end.

    >>> rows = pd.DataFrame({"actor_id": ["NOR", None, "NOR", "KES"], "target_id": "KES", "type": "AGREE",
    ...                      "stage": ["offer", "offer", "talks", "talks"], "item": ["ferry", None, None, None],
    ...                      "status": ["proposed", "denied", None, None]})
    >>> print(*name_events(rows), sep="\\n")
    NOR → KES: offer (ferry)
    Offer made, to KES, denied; by whom is not said
    NOR and KES: talks
    Within KES: talks
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
        who, whom = called(row.get("actor_id"), names), called(row.get("target_id"), names)
        if who and who == whom:
            out.append(f"Within {who}: {act}{about}{real}")
        elif stage in MUTUAL and (who or whom):
            out.append(" and ".join(filter(None, [who, whom])) + f": {act}{about}{real}")
        elif who:
            out.append(f"{who}{' → ' + whom if whom else ''}: {act}{about}{real}")
        else:
            made = act + (" made" if stage in MADE else "")
            unknown = "between whom is not said" if stage in MUTUAL else "by whom is not said"
            out.append(f"{made[:1].upper()}{made[1:]}{about}{f', {to} {whom}' if whom else ''}{real}; {unknown}")
    return pd.Series(out, mentions.index, "string")


def called(codes: str | None, names: dict[str, str]) -> str:
    """Return the names of one or more codes; a person or body without a name of its own goes by its state.

    Accepts codes parted by ``+`` (or None) and names by code.

    >>> called("NOR.court+KES", {"NOR": "Norvia", "KES": "Kestria"})
    'Norvia (court) and Kestria'
    """
    said = []
    for code in (codes or "").split("+"):
        state, _, rest = code.partition(".")
        whole = names.get(state, state)
        said.append(names.get(code) or (f"{whole} ({rest.replace('_', ' ')})" if rest else whole))
    return " and ".join(dict.fromkeys(c for c in said if c))


def dated(words: str) -> str:
    """Return words with the days and months in them as people write them.

    >>> dated("told by 2031-05-04"), dated("2031-05 to 2031-07"), dated("2031"), dated("4 boats, 2031-99-04")
    ('told by 4 May 2031', 'May 2031 to July 2031', '2031', '4 boats, 2031-99-04')
    """
    def one(found: re.Match) -> str:
        try:
            day = dt.date.fromisoformat(found[0] if found[1] else f"{found[0]}-01")
        except ValueError:
            return found[0]
        return long_day(day) if found[1] else f"{MONTHS[day.month]} {day.year}"
    return re.sub(r"(?<![\w-])\d{4}-\d\d(-\d\d)?(?![\w-])", one, words)


def commonest(mentions: pd.DataFrame, by: str) -> pd.Series:
    """Return the label by which most mentions of each group go.

    Accepts mentions in the order in which the texts came out (label, and the column ``by`` that groups them). A label
    that points to a day or a person of its own text ("yesterday", "he") is taken only where there is no other; of
    labels that are equally common, the first. Returns the labels, with the groups as index.

    >>> rows = pd.DataFrame({"event": ["e", "e", "e"], "label": ["He signed today", "He signed today", "Pact signed"]})
    >>> commonest(rows, "event").to_dict()
    {'e': 'Pact signed'}
    """
    rows = mentions[[by, "label"]].dropna().reset_index(drop=True)
    rows["points"] = rows["label"].astype("string").str.contains(POINTING)
    rows["n"] = rows.groupby([by, "label"])["label"].transform("size")
    rows = rows.sort_values(["points", "n"], ascending=[True, False], kind="stable")
    return rows.drop_duplicates(by).set_index(by)["label"]


def label_events(events: pd.DataFrame, mentions: pd.DataFrame, documents: pd.DataFrame | None = None,
                 record: pd.DataFrame | None = None, links: pd.DataFrame | None = None) -> pd.Series:
    """Choose what each event is called.

    Accepts events (event_id, status, record_id, n_documents, earliest), their mentions (event_id, doc_id,
    trigger_start, status, label), and, where there are any, ``documents`` (doc_id, published_latest) and the public
    ``record`` (event_id, label) with its ``links``. An event that is tied to an entry of the record has the entry's
    label, if the texts tell the same (:func:`listed`). Any other has the :func:`commonest` label of the
    mentions that give it its status; one that is denied goes by what is told of it, in the words of the surest
    mentions, for a denial's own words would be denied in turn. Returns the labels.
    """
    days = None if documents is None else documents.set_index("doc_id")["published_latest"]
    rows = mentions.assign(day=pd.NA if days is None else mentions["doc_id"].map(days))
    rows = rows.sort_values(["day", "doc_id", "trigger_start"], kind="stable", na_position="last")
    rows["sure"] = rows["status"].map({status: n for n, status in enumerate(SUREST)})
    status = rows["event_id"].map(events.set_index("event_id")["status"])
    own = rows["status"].eq(status) & status.ne("denied")
    surest = rows["sure"].eq(rows.groupby("event_id")["sure"].transform("min"))
    labels, others = (events["event_id"].map(commonest(rows[some], "event_id")).astype("string")
                      for some in (own, surest))
    labels = labels.fillna(others)
    return labels if record is None else listed(events, record, links).fillna(labels)


def listed(events: pd.DataFrame, record: pd.DataFrame, links: pd.DataFrame | None = None) -> pd.Series:
    """Return the record's label for the events that are tied to an entry, missing for the others.

    Accepts events (event_id, record_id, n_documents, earliest; event_key, stage and status where there are ``links``),
    the public ``record`` (event_id, label) and the case's links to it (event_key, stage, record_id, tells). Of several
    events that are tied to one entry, the one that most texts tell of has its label. The record's words are not put
    into a text's mouth: an event whose link says that the texts tell it ``otherwise`` keeps its own label, and so does
    one that did not happen by the texts, for an entry's label says what did.
    """
    first = events.dropna(subset="record_id").sort_values(
        ["n_documents", "earliest", "event_id"], ascending=[False, True, True], kind="stable")
    if "status" in first:
        first = first[first["status"].ne("not_happened")]
    if links is not None and "tells" in links:
        apart = links[links["tells"].eq("otherwise")]
        for link in apart.to_dict("records"):
            same = first["record_id"].eq(link["record_id"]) & first["event_key"].eq(link["event_key"])
            first = first[~(same & (first["stage"].eq(link["stage"]) if pd.notna(link.get("stage")) else True))]
    first = first.drop_duplicates("record_id")
    labels = first["record_id"].map(record.drop_duplicates("event_id").set_index("event_id")["label"])
    return labels.reindex(events.index).astype("string")
