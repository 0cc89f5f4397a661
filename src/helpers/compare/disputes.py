"""Contested claims over time: who announces, who denies, doubts or confirms, how long until the first answer.

A statement is what one side says of a contested claim on one day, however many texts tell of it and whether the public
record lists it or not. Only speakers count: what an outlet tells in its own voice is held text against text
(:mod:`helpers.compare.accounts`). Silence here is silence in these texts and in this record.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from helpers.compare.moves import STAGE_OF_KIND, actor_codes, state
from helpers.compare.naming import dated

__all__ = ["ENOUGH", "RULES", "drawable", "say_disputes", "statements"]

ENOUGH = 4      # dated statements, from both sides of the line, without which a matter is no chart
MONTH = 31      # days: what is dated more widely than to a month has no day
RULES = (
    "A statement is what one side says of a contested claim on one day, however many texts tell of it; what an "
    "outlet tells in its own voice is none. Entries of the record count that texts on the claim are tied to, or "
    "that the record ties to those. The side that first says so announces; below the line stand all others, and "
    "every denial. A statement that the record lists has the record's day; one that only texts tell was made "
    "between the day of the step and the day of the text, and has no day where that is more than a month. Days run "
    "from the first claim that nobody has answered yet to the next statement below the line.")
# how a claimed step is called as a thing, and what would bear it out besides
THINGS = {"contract": "contract", "agreement": "agreement", "delivered": "delivery", "offer": "offer",
          "conditional_offer": "offer", "transfer": "transfer", "imposed": "measure", "test": "test", "talks": "talks"}
LATER = {"contract": ("delivered",), "agreement": ("contract", "delivered"), "offer": ("agreement", "contract")}
Side = Callable[[str], str]
YES, NO, NEITHER = "yes", "no", ""
COLUMNS = ["claim_id", "claim", "item", "stage", "statement_id", "side", "stance", "fill", "who", "actor_id", "label",
           "words", "earliest", "latest", "days", "slack", "from_id", "source", "n_documents", "doc_id", "start", "end",
           "record_id", "place", "shows"]


def statements(claims: pd.DataFrame, mentions: pd.DataFrame, record: pd.DataFrame | None, *, actors: pd.DataFrame,
               aliases: pd.DataFrame | None = None, ties: pd.DataFrame | None = None,
               documents: pd.DataFrame | None = None) -> pd.DataFrame:
    """List who says what of each contested claim, in order of time (:data:`RULES`); the claim with most dated
    statements comes first.

    Accepts the claim matrix (:func:`helpers.compare.accounts.claim_matrix`), the linked mentions, the record
    (``reference.csv``) or None, the codebook's actors and aliases, ``ties`` (``record_ties.csv``) or None, and
    ``documents`` (doc_id, short_name: what texts are called). Returns one row a claim and statement, those without a
    day last: claim_id, claim (its label), item, stage, statement_id, side (``above`` the line or ``below``), stance
    (``claims``, ``denies``, ``confirms`` or ``answers``: neither yes nor no), fill (as charts draw it), who (in
    words), actor_id (the side), label, words (who and label, without what the labels of a claim share), earliest and
    latest (ISO dates, or nothing), days, slack and from_id (of the first answer to claims: how long it took, give or
    take, and the statement from which it is counted), source (``texts``, ``record`` or ``both``), n_documents,
    doc_id, start and end (a passage that tells it), record_id, place (the passage and the entry, in words), and shows
    (what the record shows of the claim, the same on all its rows).
    """
    found = []
    disputed = claims[claims["contested"].astype(bool)] if len(claims) else claims
    side_of = _sides(actors)
    for number, (claim, rows) in enumerate(disputed.groupby("claim_id", sort=False), 1):
        stage = str(rows["step"].iloc[0]).rpartition("|")[2]
        yes, no = _told(rows, mentions, stage)
        entries = _entries(record, pd.concat([yes, no])["record_id"], ties)
        listed = _listed(entries, stage, actors, aliases, side_of)
        told = _spoken(yes, no, listed, actors, aliases, side_of)
        said = _placed(pd.DataFrame([*listed, *told]), number) if listed or told else pd.DataFrame()
        if said.empty:
            continue
        item = yes["item"].dropna()
        found.append(said.assign(claim_id=claim, claim=rows["label"].iloc[0], stage=stage,
                                 item=item.mode().iloc[0] if len(item) else pd.NA,
                                 words=_words(said), shows=_shown(listed, stage, record is not None)))
    found.sort(key=lambda rows: -rows["earliest"].notna().sum())
    frame = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=COLUMNS)
    called = {} if documents is None else documents.set_index("doc_id")["short_name"].dropna().to_dict()
    frame["place"] = [_place(r, called) for r in frame.to_dict("records")]
    numbers = dict.fromkeys(["days", "slack", "n_documents", "start", "end"], "Int64")
    return frame[COLUMNS].astype("string").astype(numbers)


def drawable(said: pd.DataFrame, least: int = ENOUGH) -> pd.DataFrame:
    """Return the statements of claims that have enough of them with a day, on both sides of the line.

    Accepts :func:`statements`.

    >>> rows = pd.DataFrame({"claim_id": ["c", "c", "d"], "side": ["above", "below", "above"],
    ...                      "earliest": ["2031-05-04", "2031-05-06", "2031-05-04"]})
    >>> drawable(rows, 2)["claim_id"].unique().tolist(), len(drawable(rows))
    (['c'], 0)
    """
    day = said[said["earliest"].notna()]
    many = day.groupby("claim_id", sort=False)["side"].agg(["size", "nunique"])
    kept = many.index[many["size"].ge(least) & many["nunique"].eq(2)]
    return said[said["claim_id"].isin(kept)].reset_index(drop=True)


def say_disputes(said: pd.DataFrame, contested: int, least: int = ENOUGH) -> str:
    """Say in one sentence of how many contested claims it can be drawn who says what when.

    Accepts :func:`statements` and how many claims are contested.

    >>> none = pd.DataFrame({"claim_id": [], "side": [], "earliest": []})
    >>> say_disputes(none, 0)
    'No claim of these texts is contested.'
    >>> say_disputes(none, 2)
    'Neither of the 2 contested claims has 4 dated statements from both sides: there is nothing to draw over time.'
    """
    drawn = drawable(said, least)["claim_id"].nunique()
    if not contested:
        return "No claim of these texts is contested."
    if not drawn:
        none = "The contested claim does not have" if contested == 1 else \
            f"{'Neither' if contested == 2 else 'None'} of the {contested} contested claims has"
        return f"{none} {least} dated statements from both sides: there is nothing to draw over time."
    if contested == 1:
        return f"The contested claim has {least} dated statements or more and is drawn over time."
    have, are = ("has", "is") if drawn == 1 else ("have", "are")
    return f"{drawn} of {contested} contested claims {have} {least} dated statements or more and {are} drawn over time."


# what belongs to a claim --------------------------------------------------------------------------------------------


def _told(rows: pd.DataFrame, mentions: pd.DataFrame, stage: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The mentions that tell a claim, with those that announce the same step for later, and those that deny it."""
    ids = mentions["event_mention_id"]
    yes, no = (mentions[ids.isin([m for ms in rows[side] for m in ms])] for side in ("for_", "against"))
    sides = {_both(r) for r in yes.to_dict("records")}
    same = mentions["stage"].eq(stage) & mentions["event_key"].isin(yes["event_key"])
    later = mentions[(same & mentions["status"].eq("planned")).fillna(False).astype(bool)]
    later = later[[_both(r) in sides for r in later.to_dict("records")]] if len(later) else later
    return pd.concat([yes, later]), no


def _both(row: Mapping) -> str:
    return state("+".join(str(row[c]) for c in ("actor_id", "target_id") if pd.notna(row[c])))


def _entries(record: pd.DataFrame | None, tied: pd.Series, ties: pd.DataFrame | None) -> pd.DataFrame:
    """The entries of the record that belong to a claim, with what each is ``about``."""
    if record is None:
        return pd.DataFrame(columns=["event_id", "about"])
    about = {} if ties is None else dict(ties.loc[ties["tie"].eq("about"), ["record_id", "to_id"]].itertuples(
        index=False, name=None))
    ids = set(tied.dropna())
    mine = ids | {one for one, other in about.items() if other in ids}
    return record.assign(about=record["event_id"].map(about))[record["event_id"].isin(mine)]


def _sides(actors: pd.DataFrame) -> Side:
    """A function from an actor's code to the side it speaks for: its state; a medium, and who has no state, for
    itself."""
    known = set(actors["actor_id"])
    media = set(actors.loc[actors["kind"].eq("medium"), "actor_id"]) if "kind" in actors else set()
    return lambda code: state(code) if code not in media and set(state(code).split("+")) <= known else code


def _listed(entries: pd.DataFrame, stage: str, actors: pd.DataFrame, aliases: pd.DataFrame | None,
            side_of: Side) -> list[dict]:
    """The statements of the record: who says yes, who says no."""
    if entries.empty:
        return []
    codes = {c: actor_codes(entries[c] if c in entries else [None] * len(entries), actors, aliases)
             for c in ("announced_by", "actor")}
    rows = [r | {"by": side_of(by), "acts": side_of(acts)}
            for r, by, acts in zip(entries.to_dict("records"), codes["announced_by"], codes["actor"], strict=True)]
    out, answer = [], {r["event_id"]: _answer(r, stage) for r in rows}
    for r in rows:
        says = answer[r["event_id"]]
        if r["kind"] == "confirmation" and answer.get(r["about"]) == NO:
            says = NO                        # who confirms a denial denies
        # what is told of a denier by a medium is the denier's
        own = r["acts"] if not r["by"] or (r["kind"] == "denial" and r["acts"]) else r["by"]
        by = r.get("announced_by") if own == r["by"] else r["actor"]
        out.append({"says": says, "code": own, "who": by, "label": r["label"], "earliest": r["date_lo"],
                    "latest": r["date_hi"], "source": "record", "n_documents": 0, "doc_id": pd.NA, "start": pd.NA,
                    "end": pd.NA, "record_id": r["event_id"], "sure": r["status"] == "done", "kind": r["kind"],
                    "docs": set()})
    return out


def _answer(entry: Mapping, stage: str) -> str:
    """Whether an entry says that the claimed step was taken, or will be, or that it was not; or neither."""
    if entry["kind"] == "denial" or entry["status"] == "denied":
        return NO
    step = STAGE_OF_KIND.get(entry["kind"], entry["kind"])
    return YES if entry["kind"] in ("claim", "confirmation") or step in (stage, *LATER.get(stage, ())) else NEITHER


def _spoken(yes: pd.DataFrame, no: pd.DataFrame, listed: list[dict], actors: pd.DataFrame,
            aliases: pd.DataFrame | None, side_of: Side) -> list[dict]:
    """The statements of the texts that the record does not list; those that it lists are noted there."""
    names = dict(zip(actors["actor_id"], actors["name"], strict=True))
    denying = no[no["stage"].eq("deny")]
    # what is denied stands beside the denial; it is a statement of its own only where the text codes no other
    content = no[no["stage"].ne("deny") & ~no["doc_id"].isin(denying["doc_id"])]
    rows = []
    for says, part, own_day in ((YES, yes, False), (NO, denying, True), (NO, content, None)):
        codes = actor_codes(part["speaker"], actors, aliases)
        for r, code in zip(part.to_dict("records"), codes, strict=True):
            known = pd.notna(r["speaker"])
            if own_day and pd.notna(r["actor_id"]):
                code, known = (code if side_of(code) == state(r["actor_id"]) else r["actor_id"]), True
            if known:
                low, high = _day(r, own_day)
                rows.append(r | {"says": says, "code": side_of(code), "low": low, "high": high,
                                 "who": r["speaker"] if pd.notna(r["speaker"]) else names.get(code, code)})
    rows.sort(key=lambda r: (str(r["low"]), r["doc_id"], r["trigger_start"]))
    out: list[dict] = []
    for r in rows:
        own = [s for s in [*listed, *out] if s["says"] == r["says"] and _one_voice(s, r)]
        same = [s for s in own if pd.notna(r["record_id"]) and str(s["record_id"]) == r["record_id"]]
        same = same or [s for s in own if pd.notna(r["low"]) and _meet(s, r)]
        same = same or [s for s in own if pd.isna(r["low"]) and r["doc_id"] in s["docs"]]
        if same:
            _note(same[0], r)
            continue
        out.append({"says": r["says"], "code": r["code"], "who": r["who"], "label": r["label"], "earliest": r["low"],
                    "latest": r["high"], "source": "texts", "n_documents": 1, "doc_id": r["doc_id"],
                    "start": r["trigger_start"], "end": r["trigger_end"], "record_id": pd.NA, "sure": False,
                    "kind": "", "docs": {r["doc_id"]}})
    return out


def _day(row: Mapping, own: bool | None) -> tuple[object, object]:
    """The first and the last day on which a mention's words can have been said: of a denial the day it is told for;
    of a claim from the day of the step to the day of the text; of what is denied, nobody knows."""
    low, high = row["earliest"], row["latest"]
    if own is None or row["basis"] == "record" or pd.isna(low):
        return pd.NA, pd.NA
    if not own:
        high = row.get("published_latest")
    if pd.isna(high) or high < low or (pd.Timestamp(high) - pd.Timestamp(low)).days > MONTH:
        return pd.NA, pd.NA
    return low, high


def _one_voice(one: Mapping, two: Mapping) -> bool:
    return one["code"] == two["code"] and bool(one["code"] or one["who"] == two["who"])


def _meet(said: Mapping, row: Mapping) -> bool:
    """Whether a mention's own dates hold a statement's."""
    return bool(pd.notna(said["earliest"]) and row["earliest"] <= said["latest"] and said["earliest"] <= row["latest"])


def _note(said: dict, row: Mapping) -> None:
    """Note that a text tells a statement, too; the first passage that does is kept."""
    said["docs"].add(row["doc_id"])
    said["n_documents"] = len(said["docs"])
    if pd.isna(said["doc_id"]):
        said |= {"doc_id": row["doc_id"], "start": row["trigger_start"], "end": row["trigger_end"]}
    if said["source"] == "record":
        said["source"] = "both"


# where it stands ----------------------------------------------------------------------------------------------------


def _placed(said: pd.DataFrame, number: int) -> pd.DataFrame:
    """Put statements in order of time, above or below the line, and count the days to each first answer."""
    said = said.assign(rank=said["says"].map({YES: 0, NEITHER: 1, NO: 2})).sort_values(
        ["earliest", "rank", "latest", "record_id"], kind="stable", na_position="last", ignore_index=True)
    first = said.loc[said["says"].eq(YES), "code"]
    above = said["says"].ne(NO) & said["code"].eq(first.iloc[0] if len(first) else None).fillna(False).astype(bool)
    stance = np.select([above, said["says"].eq(NO), said["says"].eq(YES)], ["claims", "denies", "confirms"], "answers")
    borne = said["sure"] & said["says"].eq(YES)
    fill = np.select([said["says"].eq(NO), stance == "answers", borne], ["denied", "announced", "happened"], "claimed")
    names = said["record_id"].fillna(said["doc_id"].fillna("") + "." + said["start"].astype("string").fillna(""))
    said = said.assign(side=np.where(above, "above", "below"), stance=stance, fill=fill, actor_id=said["code"],
                       statement_id=[f"said-{number}-{n}" for n in names], days=pd.NA, slack=pd.NA, from_id=pd.NA)
    waiting = None
    for i, row in said[said["earliest"].notna()].iterrows():
        if row["side"] == "above":
            waiting = row if waiting is None else waiting
        elif waiting is not None:
            (a, b), (c, d) = ((pd.Timestamp(r["earliest"]), pd.Timestamp(r["latest"])) for r in (waiting, row))
            least, most = max(0, (c - b).days), (d - a).days        # an answer does not come before what it answers
            said.loc[i, ["days", "slack", "from_id"]] = [round((least + most) / 2), round((most - least) / 2),
                                                         waiting["statement_id"]]
            waiting = None
    return said


def _words(said: pd.DataFrame) -> list[str]:
    """Who says what, in few words: what labels of one claim share before a colon is left out, and a speaker whom the
    label names, or who is named in our words for what a text tells."""
    heads = said["label"].astype("string").str.extract(r"^([^:]{1,40}): ", expand=False)
    shared = heads.value_counts().loc[lambda n: n > 1].index
    out = []
    for who, label, head, source in zip(said["who"], said["label"], heads, said["source"], strict=True):
        who, label = ("" if pd.isna(v) else str(v) for v in (who, label))
        if head in shared:
            label = label.split(": ", 1)[1]
        elif pd.notna(head) or source == "texts" or (who and label.casefold().startswith(who.split()[-1].casefold())):
            who = ""
        out.append(": ".join(filter(None, [who, label])))
    return out


def _place(row: Mapping, called: Mapping[str, str]) -> str:
    """Where a statement is found: in a text, on the record, or in both."""
    text = "" if pd.isna(row["doc_id"]) else \
        f"{called.get(row['doc_id'], row['doc_id'])}, characters {row['start']}–{row['end']}"
    entry = "" if pd.isna(row["record_id"]) else f"entry {row['record_id']} of the record"
    return "; ".join(filter(None, [text, entry]))


def _shown(listed: Sequence[Mapping], stage: str, record: bool) -> str:
    """What the record shows of a claim: what was done or confirmed, or that nothing was."""
    if not record:
        return "no public record is listed"
    for says, words in ((YES, "bears it out"), (NO, "speaks against it")):
        sure = [s for s in listed if s["says"] == says and s["sure"]]
        if sure:
            last = sure[-1]
            day = last["earliest"] if last["earliest"] == last["latest"] else f"{last['earliest']} to {last['latest']}"
            return f"the listed record {words} (“{last['label']}”, {dated(day)})"
    things = [THINGS.get(s, "step of this kind") for s in (stage, *LATER.get(stage, ()))]
    none = f"the listed record shows no {', '.join(dict.fromkeys(things))} or confirmation"
    return none if listed else "the listed record has no entry of it"
