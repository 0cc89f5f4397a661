"""Moves and answers: ways out, stages of sanctions, threats and what became of them, lags, contested claims.

Texts' events and the entries of the listed record are first brought into one frame, :func:`steps`; every rule is then
the same for both, and is said in words (:data:`RULES`), because a class must be able to argue with it. Threats and
impositions are kept apart as in TIES (Morgan, Bapat and Kobayashi, "Threat and Imposition of Economic Sanctions",
CMPS 31, 2014). A step that follows another is not thereby caused by it: nothing here says more than "then".
"""
from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from helpers.codebook.naming import joined
from helpers.compare.naming import SUREST, dated

__all__ = ["ANSWERED", "FOLLOWED", "RULES", "LAGS", "TIES", "actor_codes", "contested", "lag_pairs", "say_contested",
           "say_supposed", "say_threats", "sanction_steps", "stage_names", "state", "steps", "supposed", "threats",
           "ways_out"]

# kinds of the record that are a stage of the codebook under another name
STAGE_OF_KIND = {"threat": "threatened", "mandate": "legislated", "law": "legislated", "designation": "imposed",
                 "sanction": "imposed", "suspension": "imposed", "expulsion": "imposed", "trade": "imposed",
                 "relief": "eased", "rejection": "reject", "refusal": "reject", "denial": "deny",
                 "delivery": "delivered", "award": "contract"}
FILL_OF_RECORD = {"done": "happened", "reported": "claimed", "claimed": "claimed", "proposed": "announced",
                  "planned": "announced", "denied": "denied"}
OFFERS = ("offer", "conditional_offer", "concede")
ANSWERS = {"reject": "refused", "counter_offer": "countered",
           "agreement": "accepted", "contract": "accepted", "concede": "accepted", "passed": "accepted"}
# what was done on some day: the deed, or the words in which it was demanded, threatened or proposed
DONE = ["happened", "ongoing", "threatened", "demanded", "proposed"]
UNREAL = ("opinion", "not_happened", "denied")
# what somebody heard of or thought up was put to nobody: it is told apart from what was offered
SUPPOSED = ("rumoured", "hypothetical")
# windows in days: an offer without an answer for so long was met with silence; a threat is followed by a measure
ANSWERED, FOLLOWED = 90, 180
# how one entry of the record can be tied to another (``record_ties.csv``)
TIES = {"accepts": "grants what the other offers or asks for", "refuses": "refuses it",
        "counters": "offers something else",
        "part_of": "is a stage or a further notice of the same bill or measure",
        "rests_on": "is a measure that was taken under the other, a law",
        "about": "speaks of the same claim: makes it again, denies it, confirms it or answers it",
        "background": "belongs to another quarrel (of no other entry)"}
GIVEN = {"accepts": "accepted", "refuses": "refused", "counters": "countered"}
BARGAINING = ("negotiation", "legislation")
THREATS = ("threatened", "proposed")
# steps that can be taken again and again, by several sides: other dates and sides are other occasions
REPEATED = ("talks", "objection", "statement", "warning", "no_response", "mediation", "demand", "request", "pressure",
            "access", "deployment", "deny", "reject", "threatened", "opposed")
IN_FORCE = ("imposed", "maintained", "expanded", "eased", "lifted")
# a contract that somebody claims, or another denies: open until a delivery shows it
CLAIMED = ("claimed", "reported", "rumoured", "denied")
# what is not a step up or down of a sanction
NO_LEVEL = ("withheld", "opposed")
# first stage, second stage, what the two steps must share, and whether they must be about one item (a law, a weapon)
LAGS = (("contract", "delivered", "both sides", True), ("delivered", "imposed", "the side hit", False),
        ("legislated", "imposed", "the side that acts", True), ("imposed", "lifted", "both sides", True))
RULES = {
    "ways_out": "A way out: a step coded offer, conditional offer or concession in negotiation or legislation, one row "
                "a matter, unless it is told only as a rumour or a supposition. Its answer: the next refusal, "
                "acceptance or counter-offer by the side addressed, on the same item in the texts, towards the side "
                "that offered within the window on the record, or by an entry that the record ties to the offer. An "
                "answer that another account denies is contested; one that came after the window is late.",
    "stages": "Steps of the group sanctions in the codebook, of the texts and of the record, without what the record "
              "lists as another quarrel's; one line for each state that acts and state that is hit. Stages of one "
              "bill and notices of one measure count once.",
    "threats": "A threat or bill counts as carried out when the same state takes any measure against the same state "
               "within the window, whatever it is for, but for what the record lists as another quarrel's. A law alone "
               "is no measure. Days count from the last day on which the threat can have been made; a step that the "
               "record dates more finely than the texts has the record's days.",
    "lags": "Rule: from a first step, dated to the month or finer, to the next second step after it: contract → "
            "delivery and measure → its end (the same two sides), law → measure (by the same side), each within one "
            "item where both are known, or under the law that the record names; delivery → measure (against a side of "
            "the delivery), the first about each item, whatever it is for. A stage or notice of one measure gives way "
            "to the measure. Where several first steps about one item lead to one second, the first counts; of several "
            "items, one that the record lists, then the last. Of open ones, the first of each item. A contract that is "
            "only claimed or is denied stands open until a delivery follows. A step that the record dates more finely "
            "than the texts has the record's days.",
    "contested": "A claim is contested when one account tells or reports a step, as fact or as rumour, and another, or "
                 "another speaker in the same text, denies it for the same time.",
}
COLUMNS = ["step_id", "source", "label", "event_key", "item", "track", "stage", "status", "fill", "actor_id",
           "target_id", "earliest", "latest", "granularity", "n_documents", "record_id"]


def state(code: object) -> str:
    """Return the states behind an actor code, in alphabetical order, parted by ``+``.

    >>> state("NOR.navy+KES+NOR"), state(None)
    ('KES+NOR', '')
    """
    if code is None or pd.isna(code):
        return ""
    return "+".join(sorted({part.split(".")[0] for part in str(code).split("+") if part}))


def actor_codes(names: Sequence, actors: pd.DataFrame, aliases: pd.DataFrame | None = None) -> list[str]:
    """Return the actor codes that a record's own words for actors stand for.

    Accepts names as written in a record ("US Senate (Thune)", "France; Italy"), the codebook's actors (actor_id, name)
    and aliases (alias, actor_id). Of each part the first name that is known counts; several parts are joined by ``+``.
    What nobody knows becomes an empty text.

    >>> book = pd.DataFrame({"actor_id": ["NOR", "NOR.sen"], "name": ["Norvia", "Norvian Senate"]})
    >>> actor_codes(["Norvian Senate (Holt)", "Norvia; nobody", None], book)
    ['NOR.sen', 'NOR', '']
    """
    known = dict(zip(actors["name"], actors["actor_id"]))
    if aliases is not None:
        known = dict(zip(aliases["alias"], aliases["actor_id"])) | known
    known = {k: v for k, v in known.items() if isinstance(k, str) and k}
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(known, key=len, reverse=True))) + r")(?!\w)") \
        if known else None
    out = []
    for name in names:
        codes = []
        for part in [] if name is None or pd.isna(name) else str(name).split(";"):
            part = part.split("(")[0].strip()
            met = pattern.search(part) if pattern else None
            if part in known:
                codes.append(known[part])
            elif met:
                codes.append(known[met[0]])
        out.append("+".join(dict.fromkeys(codes)))
    return out


def steps(events: pd.DataFrame, mentions: pd.DataFrame, record: pd.DataFrame | None, *, actors: pd.DataFrame,
          fills: Mapping[str, str], aliases: pd.DataFrame | None = None, links: pd.DataFrame | None = None,
          ties: pd.DataFrame | None = None) -> pd.DataFrame:
    """Bring the events of the texts and the entries of the record into one frame of steps.

    Accepts ``events`` and their ``mentions`` (:func:`helpers.compare.link`), the record (``reference.csv``) or
    None, the codebook's actors and aliases, ``fills`` (status → fill), ``links`` (``record_links.csv``: record_id,
    lend) or None, and ``ties`` (``record_ties.csv``: record_id, tie, to_id; see :data:`TIES`) or None. Returns
    step_id, source (``texts``, ``record`` or ``both``), label, event_key, item, track, stage (of the codebook, see
    :data:`STAGE_OF_KIND`), status, fill, actor_id, target_id, earliest, latest, granularity, n_documents,
    record_id, by_record (its days are the record's), measure (what the step is a stage of: another's or its own),
    background (of another quarrel), rests_on (the law it was taken under), answers and answers_as (the entry that it
    answers, and how). An event that is taken
    for an entry of the record is one row, with the event's sides and label, and with the record's date where that is
    finer and the link lends it.
    Raises :class:`ValueError` for a tie that is none, or of an entry that the record does not have.
    """
    best = mentions.dropna(subset="event_id")
    best = best.assign(sure=best["status"].map(SUREST.index)).sort_values(["sure", "doc_id", "trigger_start"],
                                                                         kind="stable")
    best = best.drop_duplicates("event_id").set_index("event_id")
    told = events.assign(step_id=events["event_id"], fill=events["status"].map(dict(fills)).fillna("claimed"))
    for column in ("event_key", "item"):
        told[column] = told["step_id"].map(best[column]) if column in best else pd.NA
    listed = pd.DataFrame(columns=COLUMNS) if record is None else _listed(record, actors, aliases)
    listed["by_record"] = True
    # an event is taken for an entry where linking tied a mention of it, and nowhere else: else it would be told here
    # and left out where the texts are held against the record
    own = set() if links is None or "lend" not in links else set(links.loc[links["lend"] == "no", "record_id"])
    told = _as_listed(told, listed[~listed["record_id"].isin(own)])
    told["source"] = told["record_id"].notna().map({True: "both", False: "texts"})
    kinds = dict.fromkeys(COLUMNS, "string") | {"by_record": "bool"}
    both = pd.concat([rows[list(kinds)].astype(kinds)
                      for rows in (told, listed[~listed["record_id"].isin(told["record_id"].dropna())])])
    both = both.astype({"n_documents": "Int64"}).sort_values(["earliest", "step_id"], ignore_index=True, kind="stable")
    return _tied(both, None if record is None else ties, set(listed["record_id"]))      # without a record no tie ties


def _tied(rows: pd.DataFrame, ties: pd.DataFrame | None, known: set[str]) -> pd.DataFrame:
    """Say of each step what the record's ties say of its entry."""
    of: dict[str, dict[str, tuple[str, str]]] = {"measure": {}, "background": {}, "rests_on": {}, "answers": {}}
    for line, tie in enumerate([] if ties is None else ties.to_dict("records"), 2):
        what, one, other = tie["tie"], tie["record_id"], tie["to_id"]
        if what not in TIES:
            raise ValueError(f"record_ties.csv, line {line}: a tie is one of {', '.join(TIES)}, not {what!r}.")
        for entry in [one] if what == "background" else [one, other]:
            if pd.isna(entry) or entry not in known:
                raise ValueError(f"record_ties.csv, line {line}: {'' if pd.isna(entry) else entry!r} is no entry of "
                                 "reference.csv. Write an event_id of it.")
        if what == "about":     # binds statements to a claim (:mod:`helpers.compare.disputes`), no step to another
            continue
        column = {"part_of": "measure", "background": what, "rests_on": what}.get(what, "answers")
        of[column][one] = (other, GIVEN.get(what, what))
    entry = rows["record_id"]
    whole, law, answered = (entry.map({one: other for one, (other, _) in of[column].items()}).astype("string")
                            for column in ("measure", "rests_on", "answers"))
    return rows.assign(
        measure=whole.fillna(entry).fillna(rows["step_id"]).astype("string"),
        background=entry.isin(list(of["background"])).astype(bool), rests_on=law, answers=answered,
        answers_as=entry.map({one: how for one, (_, how) in of["answers"].items()}).astype("string"))


def _listed(record: pd.DataFrame, actors: pd.DataFrame, aliases: pd.DataFrame | None) -> pd.DataFrame:
    """The entries of the record in the columns of steps."""
    return pd.DataFrame({
        "step_id": record["event_id"], "source": "record", "label": record["label"], "track": record["track"],
        "stage": record["kind"].map(STAGE_OF_KIND).fillna(record["kind"]), "status": record["status"],
        "fill": record["status"].map(FILL_OF_RECORD).fillna("claimed"),
        "actor_id": actor_codes(record["actor"], actors, aliases),
        "target_id": actor_codes(record["target"], actors, aliases), "earliest": record["date_lo"],
        "latest": record["date_hi"], "granularity": record["precision"], "n_documents": 0,
        "record_id": record["event_id"], "event_key": pd.NA, "item": pd.NA})


def _as_listed(told: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    """Take the record's date where the texts give none, or a wider one that holds it, and say so in ``by_record``."""
    dates = listed.set_index("record_id")
    told["by_record"] = told["basis"].eq("record").fillna(False)
    for i, entry in told["record_id"].dropna().items():
        if entry not in dates.index:
            continue
        low, high = dates.loc[entry, ["earliest", "latest"]]
        own = told.loc[i, ["earliest", "latest"]]
        if own.isna().any() or (own["earliest"] <= low and high <= own["latest"]):
            finer = own.isna().any() or (low, high) != tuple(own)
            told.loc[i, ["earliest", "latest", "granularity"]] = [low, high, dates.at[entry, "granularity"]]
            told.loc[i, "by_record"] = told.loc[i, "by_record"] or finer
    return told


def _days(first: str, second: str) -> int:
    return (pd.Timestamp(second) - pd.Timestamp(first)).days


def _where(rows: pd.DataFrame, column: str, holds) -> pd.DataFrame:
    return rows[pd.Series([bool(holds(v)) for v in rows[column]], rows.index, dtype=bool)]


def _meets(one: object, two: object) -> bool:
    return bool(set(state(one).split("+")) & set(state(two).split("+")) - {""})


def until(rows: pd.DataFrame) -> str:
    """Return the last day that any row is dated to: what came later is not known here."""
    return rows["latest"].dropna().max() if rows["latest"].notna().any() else ""


# ways out -----------------------------------------------------------------------------------------------------------


def _offers(rows: pd.DataFrame) -> pd.DataFrame:
    """The steps that offer a way out or tell of one, with the matter they are of."""
    some = rows[rows["stage"].isin(OFFERS) & rows["track"].isin(BARGAINING) & ~rows["status"].isin(UNREAL)]
    return some.assign(matter=some["event_key"].fillna(some["step_id"]))


def supposed(rows: pd.DataFrame) -> pd.DataFrame:
    """Find the ways out that nobody is told to have put forward: they are only rumoured or thought of.

    Accepts :func:`steps`. Returns one row a matter: label, offered_by, offered_to, status, step_id.
    """
    some = _offers(rows)
    only = some[some["status"].isin(SUPPOSED).groupby(some["matter"]).transform("all").astype(bool)]
    return only.drop_duplicates("matter").rename(columns={"actor_id": "offered_by", "target_id": "offered_to"})[
        ["label", "offered_by", "offered_to", "status", "step_id"]].reset_index(drop=True)


def say_supposed(found: pd.DataFrame) -> str:
    """Say in one sentence which ways out are only rumours or suppositions.

    >>> say_supposed(pd.DataFrame({"label": ["Boats given back", "Boats sold"]}))
    '2 more ways out are told only as a rumour or a supposition and are left out: Boats given back; Boats sold.'
    >>> say_supposed(pd.DataFrame({"label": []}))
    'No way out is told only as a rumour or a supposition.'
    """
    if found.empty:
        return "No way out is told only as a rumour or a supposition."
    many = "1 more way out is" if len(found) == 1 else f"{len(found)} more ways out are"
    left = "is" if len(found) == 1 else "are"
    return f"{many} told only as a rumour or a supposition and {left} left out: {'; '.join(found['label'])}."


def ways_out(rows: pd.DataFrame, *, days: int = ANSWERED, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Find every way out that was offered, and what became of it (:data:`RULES`).

    Accepts :func:`steps`, the window in days, and what actors are called. Returns one row a matter, in order of
    time: label, offered_by, offered_to, earliest, latest, answer
    (``accepted|refused|countered|contested|silence|open``), answered_by, answer_label, answer_earliest, answer_latest,
    late (the answer came after the window), fill, source, fate (who else is said to have offered it; what came of it),
    step_id. ``contested``: another account says that the answer was not given; ``silence``: none came within the
    window, and none that is tied to the offer came later; ``open``: the window had not ended on the last day that
    anything is dated to, or the offer has no date. What is only rumoured or supposed is left out (:func:`supposed`).
    """
    last, found = until(rows), []
    for _, same in _offers(rows).groupby("matter", sort=False):
        firm = same[~same["status"].isin(SUPPOSED)]
        if firm.empty:
            continue
        order = ["happened", "announced", "claimed", "denied"]
        ranked = firm.assign(sure=firm["fill"].map(order.index), bare=firm["earliest"].isna(),
                             told=-firm["n_documents"].fillna(0))
        best = ranked.sort_values(["bare", "sure", "told", "earliest"], kind="stable").iloc[0]
        others = [dict(names or {}).get(c, c) for c in dict.fromkeys(same["actor_id"].dropna())
                  if state(c) != state(best["actor_id"])]
        row = {"label": best["label"], "offered_by": best["actor_id"], "offered_to": best["target_id"],
               "earliest": best["earliest"], "latest": best["latest"], "fill": best["fill"], "source": best["source"],
               "fate": f"also said to come from {' and '.join(others)}" if others else "", "step_id": best["step_id"]}
        found.append(row | _outcome(best, rows, days, last))
        if found[-1]["answer"] == "contested":
            found[-1]["fate"] = "; ".join(filter(None, [row["fate"], "another account says that it was not"]))
    columns = ["label", "offered_by", "offered_to", "earliest", "latest", "answer", "answered_by", "answer_label",
               "answer_earliest", "answer_latest", "late", "fill", "source", "fate", "step_id"]
    frame = pd.DataFrame(found, columns=columns).astype("string")
    frame["late"] = frame["late"].eq("True").fillna(False).astype(bool)
    return frame.sort_values(["earliest", "label"], kind="stable", na_position="last", ignore_index=True)


def _outcome(offer: pd.Series, rows: pd.DataFrame, days: int, last: str) -> dict:
    """What came back for an offer, in the columns of :func:`ways_out`."""
    answer = _answer(offer, rows, days)
    if answer is None:
        over = pd.notna(offer["latest"]) and last and _days(offer["latest"], last) >= days
        return {"answer": "silence" if over else "open", "answered_by": pd.NA, "answer_label": pd.NA,
                "answer_earliest": pd.NA, "answer_latest": pd.NA, "late": False}
    # who denies the answer need not be believed, but then nobody can say how the offer ended
    not_so = rows["stage"].eq(answer["stage"]) & rows["status"].isin(["denied", "not_happened"]) \
        & rows["item"].eq(answer["item"]).fillna(False)
    tied = pd.notna(answer["answers"]) and pd.notna(offer["record_id"]) and answer["answers"] == offer["record_id"]
    how = answer["answers_as"] if tied else ANSWERS[answer["stage"]]
    dated = pd.notna(answer["earliest"]) and pd.notna(offer["latest"])
    return {"answer": "contested" if not_so.any() else how, "answered_by": answer["actor_id"],
            "answer_label": answer["label"], "answer_earliest": answer["earliest"],
            "answer_latest": answer["latest"],
            "late": bool(dated and _days(offer["latest"], answer["earliest"]) > days)}


def _answer(offer: pd.Series, rows: pd.DataFrame, days: int) -> pd.Series | None:
    """The first answer: on the same item where the texts tell one, by the record's dates alone within the window, or,
    whenever it came, by an entry that the record ties to the offer."""
    able = rows[rows["stage"].isin(ANSWERS) & rows["fill"].eq("happened") & ~rows["step_id"].eq(offer["step_id"])]
    able = _where(able, "actor_id", lambda a: _meets(a, offer["target_id"]))
    item = able["item"].eq(offer["item"]).fillna(False).astype(bool)
    here = able[item & (able["earliest"].isna() | pd.isna(offer["earliest"])
                        | (able["latest"].fillna("") >= str(offer["earliest"])))]
    if pd.notna(offer["earliest"]):
        on_record = able["source"].ne("texts") & (able["earliest"].fillna("") >= offer["earliest"]) \
            & able["stage"].isin(["reject", "counter_offer", "agreement", "concede"]) & able["track"].isin(BARGAINING)
        after = _where(able[on_record], "target_id", lambda t: _meets(t, offer["actor_id"]))
        here = pd.concat([here, _where(after, "earliest", lambda e: _days(offer["latest"], e) <= days)])
    if pd.notna(offer["record_id"]):
        here = pd.concat([here, rows[rows["answers"].eq(offer["record_id"]).fillna(False).astype(bool)]])
    if here.empty:
        return None
    return here.sort_values(["earliest", "step_id"], kind="stable", na_position="last").iloc[0]


# sanctions ----------------------------------------------------------------------------------------------------------


def stage_names(stages: pd.DataFrame) -> dict[str, str]:
    """Return the sanction stages that are levels, from lowest to highest, with what to call them.

    Accepts the codebook's stages (indexed by code: label, group, step).
    """
    rows = stages[stages["group"].eq("sanctions") & ~stages.index.isin(NO_LEVEL)].sort_values("step", kind="stable")
    return rows["label"].to_dict()


def sanction_steps(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Return the steps of sanctions, one row a step, state against state.

    Accepts :func:`steps` and :func:`stage_names`. A threat or bill is not an imposition, however surely it was
    made: its fill is at most ``announced``. What is a matter of opinion or did not happen is left out, and so are
    pairs of states that no text tells of, where any is told of. Returns sender_id, target_id, stage, earliest,
    latest, fill, on_line (what moved the state of sanctions: it happened, is of this quarrel, and is no law made while
    measures were already in force), label, source, step_id, measure (the same for the stages of one bill and the
    notices of one measure), background (of another quarrel: it neither counts nor moves the line).
    """
    some = rows[rows["stage"].isin(list(names)) & ~rows["status"].isin(["opinion", "not_happened"])]
    some = some.assign(sender_id=some["actor_id"].map(state), target_id=some["target_id"].map(state))
    some = some[(some["sender_id"] != "") & (some["target_id"] != "") & (some["sender_id"] != some["target_id"])]
    words = some["stage"].isin(["threatened", "proposed", "liable"]) & some["fill"].eq("happened")
    some = some.assign(fill=some["fill"].mask(words, "announced"))
    told = some["source"].ne("record").groupby([some["sender_id"], some["target_id"]]).transform("any")
    some = some[told] if told.any() else some
    force = some[some["stage"].isin(IN_FORCE) & some["fill"].eq("happened") & ~some["background"]].groupby(
        ["sender_id", "target_id"])
    begun = force["earliest"].min().dropna().to_dict()
    late = pd.Series([day > begun.get(pair, "9999") if pd.notna(day) else False for *pair_, day in
                      some[["sender_id", "target_id", "earliest"]].itertuples(index=False, name=None)
                      for pair in [tuple(pair_)]], some.index, dtype=bool)
    some = some.assign(on_line=some["fill"].eq("happened") & (some["stage"].isin(IN_FORCE) | ~late)
                       & ~some["background"])
    columns = ["sender_id", "target_id", "stage", "earliest", "latest", "fill", "on_line", "label", "source", "step_id",
               "measure", "background"]
    return some[columns].sort_values(["sender_id", "target_id", "earliest"], kind="stable", ignore_index=True)


def threats(sanctions: pd.DataFrame, *, days: int = FOLLOWED, last: str = "") -> pd.DataFrame:
    """Ask of each dated threat or bill whether a measure followed within the window (:data:`RULES`).

    Accepts :func:`sanction_steps`, the window in days and the last day that is told of or listed (not given: the
    last of these steps; :func:`until` of all steps knows more). Returns one row a threat: sender_id, target_id,
    label, earliest, latest, measure (what followed), measure_earliest, days (from the end of the threat's interval
    to the last day that the measure can be of), outcome: ``followed``, ``cannot be told`` (a measure that may have come
    before the threat, or after the window), ``not within the window`` or ``open`` (the window had not ended on the last
    dated day), step_id.
    """
    last, out = last or until(sanctions), []
    dated = sanctions[~sanctions["background"]].dropna(subset="earliest")
    done = dated[dated["stage"].isin(["imposed", "expanded"]) & dated["fill"].eq("happened")]
    # one bill counts once
    bills = dated[dated["stage"].isin(THREATS)].drop_duplicates(["sender_id", "target_id", "measure"])
    for row in bills.to_dict("records"):
        later = done[done["sender_id"].eq(row["sender_id"]) & done["target_id"].eq(row["target_id"])
                     & done["latest"].gt(row["earliest"])].sort_values("earliest", kind="stable").to_dict("records")
        surely = [m for m in later if m["earliest"] > row["latest"] and _days(row["latest"], m["latest"]) <= days]
        perhaps = [m for m in later if _days(row["latest"], m["earliest"]) <= days]
        outcome = ("followed" if surely else "cannot be told" if perhaps else
                   "open" if _days(row["latest"], last) < days else "not within the window")
        measure = (surely or perhaps or [{}])[0]
        out.append({c: row[c] for c in ("sender_id", "target_id", "label", "earliest", "latest", "step_id")} | {
            "measure": measure.get("label", pd.NA), "measure_earliest": measure.get("earliest", pd.NA),
            "days": _days(row["latest"], surely[0]["latest"]) if surely else pd.NA, "outcome": outcome})
    columns = ["sender_id", "target_id", "label", "earliest", "latest", "measure", "measure_earliest", "days",
               "outcome", "step_id"]
    return pd.DataFrame(out, columns=columns).astype({"days": "Int64"}).sort_values(
        ["earliest", "step_id"], kind="stable", ignore_index=True)


def say_threats(found: pd.DataFrame, days: int) -> str:
    """Say in one sentence how many threats were followed by a measure.

    >>> say_threats(pd.DataFrame({"outcome": ["followed", "open"], "days": [12, None]}), 90)
    'Of 2 dated threats and bills, 1 was followed by a measure within 90 days and 1 is still open.'
    >>> say_threats(pd.DataFrame({"outcome": ["not within the window"], "days": [None]}), 90)
    'Of 1 dated threat or bill, 1 was not followed by a measure within 90 days.'
    >>> say_threats(pd.DataFrame({"outcome": [], "days": []}), 90)
    'No dated threat is told or listed.'
    """
    if found.empty:
        return "No dated threat is told or listed."
    tally = found["outcome"].value_counts()
    ways = {"followed": ("was", "were", "followed"), "not within the window": ("was", "were", "not followed"),
            "cannot be told": ("was", "were", "followed by one that may have come earlier, or later"),
            "open": ("is", "are", "still open")}
    said: list[str] = []
    for outcome, (one, many, what) in ways.items():
        if n := int(tally.get(outcome, 0)):
            within = f" by a measure within {days} days" if what.endswith("followed") and not said else ""
            short = "not" if what == "not followed" and not within else what
            said.append(f"{n} {one if n == 1 else many} {short}{within}")
    kinds = "threats and bills" if len(found) > 1 else "threat or bill"
    return f"Of {len(found)} dated {kinds}, {joined(said)}."


# lags ---------------------------------------------------------------------------------------------------------------


def lag_pairs(rows: pd.DataFrame, rules: Sequence[tuple[str, str, str, bool]] = LAGS) -> pd.DataFrame:
    """Pair each first step with the next second step, by rules that were fixed before looking (:data:`LAGS`).

    Accepts :func:`steps` and the rules: first stage, second stage, what both must share (``both sides``, ``the side
    hit``: the target of the second is a side of the first, ``the side that acts``), and whether they must be about
    one item where the items of both are known, so that a measure is not put down to a law it does not rest on; else the
    next second step about each item counts. Of first steps about one item that lead to the same second, the first
    counts. A first step that the record ties to another as a stage of it does not count beside it. Only steps that
    happened, are dated to the month or finer and are not of another quarrel (``background``) count, and contracts that
    are claimed or denied as long as no delivery follows. Returns
    from_label, from_earliest, from_latest, to_label, to_earliest, to_latest (empty: none is told or listed after it),
    from_actor_id, actor_id (who takes the second step; empty where none is told), rule, from_item, to_item, fill (how
    sure the first step is), from_by_record, to_by_record, from_id, to_id.
    """
    fine = rows[rows["granularity"].isin(["time", "day", "week", "month"]) & ~rows["background"]]
    fine = fine.dropna(subset="earliest").sort_values(["earliest", "step_id"], kind="stable")
    fine = fine.assign(matter=fine["item"].fillna(fine["event_key"]).fillna(fine["step_id"]))
    done = fine["fill"].eq("happened")
    claimed = fine["stage"].eq("contract") & fine["status"].isin(CLAIMED)
    pairs = []
    for one, two, share, one_item in rules:
        firsts, seconds = fine[fine["stage"].eq(one) & (done | claimed)], fine[fine["stage"].eq(two) & done]
        stages = firsts["measure"].ne(firsts["record_id"]).fillna(False) & firsts["measure"].isin(firsts["record_id"])
        for a in firsts[~stages].to_dict("records"):
            after = [b for b in seconds.to_dict("records")
                     if b["earliest"] >= a["latest"] and b["step_id"] != a["step_id"] and _share(a, b, share)
                     and not (one_item and _apart(a, b))]
            if after and a["fill"] != "happened":
                continue
            # whatever it is for: the next about each item
            for b in (after[:1] if one_item else {b["matter"]: b for b in reversed(after)}.values()) or [None]:
                pairs.append({
                    "from_label": a["label"], "from_earliest": a["earliest"], "from_latest": a["latest"],
                    "to_label": b["label"] if b else _none(two, a["item"] if one_item else pd.NA),
                    "to_earliest": b["earliest"] if b else pd.NA, "to_latest": b["latest"] if b else pd.NA,
                    "from_actor_id": state(a["actor_id"]) or pd.NA,
                    "actor_id": b and state(b["actor_id"]) or pd.NA, "rule": f"{one} → {two}",
                    "from_item": a["item"], "to_item": b["item"] if b else pd.NA, "fill": a["fill"],
                    "from_by_record": a["by_record"], "to_by_record": bool(b and b["by_record"]),
                    "from_id": a["step_id"], "to_id": b["step_id"] if b else pd.NA,
                    "matter": a["matter"], "listed": pd.notna(a["record_id"]), "sure": a["fill"] == "happened"})
    columns = ["from_label", "from_earliest", "from_latest", "to_label", "to_earliest", "to_latest", "from_actor_id",
               "actor_id", "rule", "from_item", "to_item", "fill", "from_by_record", "to_by_record", "from_id", "to_id",
               "matter", "listed", "sure"]
    flags = dict.fromkeys(["from_by_record", "to_by_record", "listed", "sure"], "bool")
    frame = pd.DataFrame(pairs, columns=columns).astype(dict.fromkeys(columns, "string") | flags)
    closed = frame[frame["to_id"].notna()].drop_duplicates(["rule", "matter", "to_id"])
    closed = closed.sort_values("listed", kind="stable").drop_duplicates(["rule", "to_id"], keep="last")
    open_ = frame[frame["to_id"].isna()].sort_values("sure", ascending=False, kind="stable")
    found = pd.concat([closed, open_.drop_duplicates(["rule", "matter"])]).sort_values(
        ["from_earliest", "from_id", "to_earliest"], kind="stable", ignore_index=True)
    return found.drop(columns=["matter", "listed", "sure"])


def _none(stage: str, item: object) -> str:
    """What stands where no second step is told."""
    return f"no step “{stage.replace('_', ' ')}”{'' if pd.isna(item) else f' about {item}'} is told"


def _apart(one: Mapping, two: Mapping) -> bool:
    """Whether two steps are about different things: by the law that the second rests on, or else by their items."""
    if pd.notna(two["rests_on"]):
        return bool(two["rests_on"] != one["record_id"])
    return bool(pd.notna(one["item"]) and pd.notna(two["item"]) and one["item"] != two["item"])


def _share(a: Mapping, b: Mapping, what: str) -> bool:
    sides = [set(f"{state(r['actor_id'])}+{state(r['target_id'])}".split("+")) - {""} for r in (a, b)]
    if what == "both sides":
        return len(sides[0]) > 1 and sides[0] == sides[1]
    if what == "the side hit":
        return _meets(b["target_id"], "+".join(sides[0]))
    return _meets(a["actor_id"], b["actor_id"])


# contested claims ---------------------------------------------------------------------------------------------------


def contested(claims: pd.DataFrame, mentions: pd.DataFrame, record: pd.DataFrame | None,
              points: pd.DataFrame | None = None, documents: pd.DataFrame | None = None) -> pd.DataFrame:
    """For each contested claim: who announced it, who denied it, what exactly is denied, was it borne out.

    Accepts the claim matrix (:func:`helpers.compare.accounts.claim_matrix`: claim_id, label, doc_id, stance, event_id),
    the mentions, the record or None, and, where they are known, ``points`` (what does not fit the record:
    :func:`helpers.compare.contradictions.find`) and ``documents`` (doc_id, short_name: what a text is called that says
    it in its own voice). Returns one row a contested claim: claim_id, label, announced_by, denied_by,
    denied (the denials in our words), borne_out (what the record says of it; nothing where it lists nothing).
    """
    columns = ["claim_id", "label", "announced_by", "denied_by", "denied", "borne_out"]
    if claims.empty:
        return pd.DataFrame(columns=columns, dtype="string")
    called = {} if documents is None else documents.set_index("doc_id")["short_name"].dropna().to_dict()
    own = mentions["doc_id"].map(lambda doc: f"{called.get(doc, doc)}, in its own voice").astype("string")
    mine = mentions.assign(voice=mentions["speaker"].fillna(own)).set_index("event_mention_id")
    listed = None if record is None else record.set_index("event_id")
    early = {} if points is None else points[points["kind"].eq("record_early")].set_index(["doc_a", "start_a"])[
        "record_id"].to_dict()
    out = []
    for claim_id, rows in claims[claims["contested"]].groupby("claim_id", sort=False):
        said = {side: mine.loc[[m for ms in rows[side] for m in ms]] for side in ("for_", "against")}
        # who told a denial and who uttered it are not the same: the voices of what is denied come first
        against = said["against"].sort_values("status", key=lambda s: s.ne("denied"), kind="stable")
        places = said["for_"][["doc_id", "trigger_start"]].itertuples(index=False, name=None)
        out.append({"claim_id": claim_id, "label": rows["label"].iloc[0], "announced_by": _few(said["for_"]["voice"]),
                    "denied_by": _few(said["against"]["voice"]), "denied": _few(against["label"]),
                    "borne_out": _borne_out(list(dict.fromkeys(said["for_"]["record_id"].dropna())), listed,
                                            [early[at] for at in places if at in early])})
    return pd.DataFrame(out, columns=columns).astype("string")


UNLISTED = "no record is listed"


def _few(words: pd.Series) -> str:
    """The first three different ones, and how many more there are."""
    each = list(dict.fromkeys(words.dropna()))
    return "; ".join(each[:3]) + (f" and {len(each) - 3} more" if len(each) > 3 else "")


def _borne_out(entries: list[str], listed: pd.DataFrame | None, later: list[str]) -> str:
    """What the record says of a claim: by the entries that it is tied to, or by those that came only ``later``."""
    if listed is None:
        return UNLISTED
    words = [f"no: by the record it came later ({_entry(e, listed)})" for e in dict.fromkeys(later)]
    for entry in (e for e in entries if e in listed.index):
        row = listed.loc[entry]
        against = f", disputed by {row['disputed_by']}" if pd.notna(row.get("disputed_by")) else ""
        what = {"done": "yes, the record lists it as done", "denied": "the record lists a denial"}.get(
            row["status"], f"open; the record lists it as {row['status']}")
        words.append(f"{what}{against} ({_entry(entry, listed)})")
    return "; ".join(words) or "open; no entry of the record is tied to it"


def _entry(entry: str, listed: pd.DataFrame) -> str:
    day = listed.loc[entry].get("date")
    return f"entry {entry if pd.isna(day) else f'of {dated(day)}'}"


def say_contested(found: pd.DataFrame) -> str:
    """Say in one sentence how many claims are contested, and what the record says of them.

    >>> say_contested(pd.DataFrame({"borne_out": ["open; nothing", "yes, the record lists it as done (R1)"]}))
    '2 claims of these texts are contested; the listed record bears out 1 of them and leaves 1 open.'
    >>> say_contested(pd.DataFrame({"borne_out": ["open; nothing", "no: by the record it came later", "open"]}))
    '3 claims of these texts are contested; the listed record contradicts 1 of them and leaves 2 open.'
    >>> say_contested(pd.DataFrame({"borne_out": ["open; nothing"]}))
    '1 claim of these texts is contested; the listed record leaves it open.'
    >>> say_contested(pd.DataFrame({"borne_out": []}))
    'No claim of these texts is contested.'
    >>> say_contested(pd.DataFrame({"borne_out": ["no record is listed"]}))
    '1 claim of these texts is contested; no public record is listed that could bear out any.'
    """
    if found.empty:
        return "No claim of these texts is contested."
    said = f"{len(found)} {'claims of these texts are' if len(found) > 1 else 'claim of these texts is'} contested; "
    if found["borne_out"].eq(UNLISTED).all():
        return f"{said}no public record is listed that could bear out any."
    begins = found["borne_out"].str
    yes, no = int(begins.startswith("yes").sum()), int(begins.startswith("no:").sum())
    ways = {"bears out {}": yes, "contradicts {}": no, "leaves {} open": len(found) - yes - no}
    ways = {how: n for how, n in ways.items() if n}
    if len(ways) == 1:
        them = "it" if len(found) == 1 else "them" if "leaves {} open" in ways else "all of them"
        return f"{said}the listed record {next(iter(ways)).format(them)}."
    first, *rest = ways.items()
    told = [first[0].format(f"{first[1]} of them"), *(how.format(n) for how, n in rest)]
    return f"{said}the listed record {joined(told)}."
