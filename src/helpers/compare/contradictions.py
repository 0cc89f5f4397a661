"""Points where accounts do not fit: each other, themselves, their own headlines, the listed record.

Everything here is found by rule, and each rule compares codes, never sentences: two mentions of one matter with
dates that cannot both be right, another side put down for the same step, one account that tells what another
denies, an order that the record has the other way round, a number with another unit, a person under another name or
in an office that was not theirs. A contradiction between codes is a place to look, not a verdict: two accounts may
both be right about different things. What the rules find is held against a reader's list (:func:`yardstick`).
"""
from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from itertools import combinations

import pandas as pd

from helpers.codebook.naming import counted
from helpers.compare import accounts
from helpers.compare.accounts import DENIES, TWO_SIDED, WITHHELD, denies, named
from helpers.compare.moves import REPEATED, actor_codes, state
from helpers.compare.naming import called, dated

__all__ = ["KINDS", "LISTED", "amounts", "dissolving", "find", "in_words", "matters", "say_points",
           "say_yardstick", "signals", "slips", "tally", "tells_otherwise", "yardstick"]

KINDS = {
    "date": "dates of one step that cannot both be right", "actor": "one step put down to different sides",
    "level": "a person in one account, a whole body in another", "status": "told by one, denied by the other",
    "speaker": "one announcement put into different mouths",
    "order": "two measures put in the other order than the record's",
    "record_date": "another date than the record's", "record_early": "told before it happened, by the record",
    "record_speaker": "another speaker than the record's", "record_words": "told otherwise than by the record",
    "amount": "different numbers for one thing",
    "unit": "one number counted in different units", "headline": "the headline says another thing than its body",
    "certainty": "the headline is surer than its body, or leaves the speaker out",
    "office": "an office that was not theirs then",
    "name": "a person under a name that is not theirs, or misspelt", "spelling": "one person, two spellings",
}
READ = ("record_words",)      # kinds that no rule finds: a coder's link to the record says so
SCOPES = {"within": "within one text", "between": "between texts", "record": "against the record",
          "headline": "headline against body"}
# the same for the kinds of a reader's list
LISTED = {
    "self": "within one text", "cross-source": "between texts", "headline-vs-body": "headline against body",
    "public-record": "against the record", "record": "against the record", "headline": "headline against body",
    "name": "a name", "order": "the order of steps",
    "translation": "a translation", "chain": "the way a report took", "all": "all kinds",
}
MEETINGS = ("talks",)    # repeated steps that are one if they lie within days of each other
TELLS = ("happened", "ongoing")
SURE = ("happened", "ongoing", "planned", "proposed", "demanded", "threatened", "rumoured", "hypothetical", "opinion")
WEEK = 7
COLUMNS = ["kind", "scope", "event_key", "doc_a", "start_a", "end_a", "value_a", "doc_b", "start_b", "end_b", "value_b",
           "record_id"]


def find(mentions: pd.DataFrame, sentences: pd.DataFrame, documents: pd.DataFrame, *,
         record: pd.DataFrame | None = None, links: pd.DataFrame | None = None, actors: pd.DataFrame | None = None,
         aliases: pd.DataFrame | None = None, amounts: pd.DataFrame | None = None, slips: pd.DataFrame | None = None,
         signals: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find what does not fit, within texts, between them and against the record.

    Accepts linked mentions (event_key, event_id, doc_id, sentence_id, trigger_start, trigger_end, stage, status,
    actor_id, target_id, earliest, latest, basis, granularity, speaker, label), ``sentences`` (sentence_id,
    section), ``documents`` (doc_id, published_latest), the record and its links, the codebook's actors and aliases,
    and the tables ``amounts``, ``slips`` and ``signals``; what is None is not compared. Returns one row a point: kind
    (:data:`KINDS`), scope (``within|between|record|headline``), event_key, doc_a, start_a, end_a, value_a, doc_b,
    start_b, end_b, value_b (nothing for a point against the record) and record_id. Mentions of one matter in
    several sentences give several rows: :func:`matters` keeps the first of each.
    """
    rows = mentions.drop(columns="published_latest", errors="ignore").merge(
        sentences[["sentence_id", "section"]], on="sentence_id", how="left")
    rows = rows.merge(documents[["doc_id", "published_latest"]], on="doc_id", how="left")
    points = [*_dates(rows), *_actors(rows), *_statuses(rows), *_headlines(rows)]
    if actors is not None:
        rows["speaker_id"] = _persons(rows["speaker"], actors, aliases)
        points += _speakers(rows)
    if record is not None:
        listed = record.set_index("event_id")
        points += _record_dates(rows, listed, links)
        points += _orders(rows, listed, signals) if signals is not None else []
        if actors is not None:
            points += _record_speakers(rows, listed, actors, aliases)
        points += _record_words(rows, listed, links, {(p[3], p[-1]) for p in points if p[0].startswith("record_")})
    if amounts is not None:
        points += _amounts(amounts, rows)
    if slips is not None:
        points += _slips(slips)
    found = pd.DataFrame(points, columns=COLUMNS)
    found["kind"] = pd.Categorical(found["kind"], list(KINDS), ordered=True)
    order = ["kind", "doc_a", "start_a", "doc_b", "start_b"]
    found = found.sort_values(order, kind="stable").drop_duplicates(order)
    numbers = {c: "Int64" for c in COLUMNS if c.startswith(("start", "end"))}
    return found.astype({"kind": "string", **numbers}).reset_index(drop=True)


def matters(found: pd.DataFrame) -> pd.DataFrame:
    """Keep the first of the points of one kind about one matter between the same two accounts: one row a pair."""
    return found.drop_duplicates(["kind", "event_key", "doc_a", "doc_b"], ignore_index=True)


def in_words(points: pd.DataFrame, events: pd.DataFrame, mentions: pd.DataFrame, documents: pd.DataFrame, codebook,
             record: pd.DataFrame | None = None) -> pd.DataFrame:
    """Say points in words: names for texts and actors, labels for events, statuses, steps and entries of the record.

    Accepts points (:func:`find`), linked events (event_id, label) and mentions (event_id, doc_id, trigger_start),
    ``documents`` (doc_id, short_name), the codebook and the record. Returns the points with rule (:data:`KINDS`), scope
    (:data:`SCOPES`), about (what the one account tells of: an event's label, a person's name, or the thing that is
    counted), and with doc_a, doc_b, value_a and value_b in words; where no second text is meant, doc_b says what the
    text is held against. says_a and says_b hold account and value in one.
    """
    people = dict(zip(codebook.actors["actor_id"], codebook.actors["name"], strict=True))
    listed = {} if record is None else dict(zip(record["event_id"], record["label"], strict=True))
    statuses, stages = codebook.statuses["label"].to_dict(), codebook.stages["label"].to_dict()
    told = mentions.merge(events[["event_id", "label"]], on="event_id", suffixes=("_own", "")).drop_duplicates(
        ["doc_id", "trigger_start"]).set_index(["doc_id", "trigger_start"])["label"].to_dict()

    def value(kind: str, said) -> str:
        if pd.isna(said):
            return ""
        code, by, who = str(said).partition(", by ")
        if kind in ("status", "certainty"):
            return statuses.get(code, code.replace("_", " ")) + by + who
        if kind == "headline" and code in stages:
            return stages[code]
        if kind in ("actor", "level", "speaker", "record_speaker", "headline"):
            return called(said, people)
        if kind == "name":
            return people.get(said, said)
        if kind in ("date", "record_date", "record_early"):
            return dated(str(said))
        return listed.get(said, said) if kind in ("order", *READ) else said
    right = points["value_b"].mask(points["kind"].eq("name"), points["event_key"])      # whose name it should be
    rows = points.assign(value_b=right).to_dict("records")
    out = points.assign(
        rule=points["kind"].map(KINDS), scope=points["scope"].map(SCOPES),
        about=[told.get((r["doc_a"], r["start_a"])) or people.get(r["event_key"], r["event_key"]) for r in rows],
        value_a=[value(r["kind"], r["value_a"]) for r in rows], value_b=[value(r["kind"], r["value_b"]) for r in rows])
    against = out["kind"].map(lambda k: "the codebook" if k in ("office", "name") else "the record")
    out = named(out, documents).assign(doc_b=lambda d: d["doc_b"].fillna(against))
    return out.assign(**{f"says_{side}": [f"{doc}: {said}" if said else doc for doc, said in zip(
        out[f"doc_{side}"], out[f"value_{side}"], strict=True)] for side in "ab"})


def _point(kind: str, a: Mapping, b: Mapping | None, value_a, value_b, record_id=pd.NA, scope: str = "") -> tuple:
    if b is not None and (b["doc_id"], b["trigger_start"]) < (a["doc_id"], a["trigger_start"]):
        a, b, value_a, value_b = b, a, value_b, value_a
    scope = scope or ("record" if b is None else "within" if a["doc_id"] == b["doc_id"] else "between")
    there = (pd.NA,) * 3 if b is None else (b["doc_id"], b["trigger_start"], b["trigger_end"])
    return (kind, scope, a["event_key"], a["doc_id"], a["trigger_start"], a["trigger_end"], value_a, *there, value_b,
            record_id)


def _pairs(rows: pd.DataFrame, by: list[str]) -> Iterator[tuple[dict, dict]]:
    for _, group in rows[rows.duplicated(by, keep=False)].groupby(by, sort=True, dropna=True):
        yield from combinations(group.to_dict("records"), 2)


def _reading(row: Mapping) -> str:
    """Write an interval, whole months and years short.

    >>> _reading({"earliest": "2031-02-01", "latest": "2031-02-28"}), _reading({"earliest": "2031-01-01",
    ...                                                                         "latest": "2031-12-31"})
    ('2031-02', '2031')
    """
    low, high = row["earliest"], row["latest"]
    if low == high:
        return low
    if (low[4:], high) == ("-01-01", f"{low[:4]}-12-31"):
        return low[:4]
    whole = low.endswith("-01") and pd.Timestamp(high) == pd.Timestamp(low) + pd.offsets.MonthEnd()
    return low[:7] if whole else f"{low} to {high}"


def _gap(a: Mapping, b: Mapping) -> int:
    """Days between two intervals; 0 where they touch or overlap."""
    first, second = sorted([a, b], key=lambda r: r["earliest"])
    return max(0, (pd.Timestamp(second["earliest"]) - pd.Timestamp(first["latest"])).days)


def _dates(rows: pd.DataFrame) -> list[tuple]:
    own = rows[rows["earliest"].notna() & rows["basis"].ne("record") & rows["status"].isin([*TELLS, "proposed"])]
    return [_point("date", a, b, _reading(a), _reading(b)) for a, b in _pairs(own, ["event_key", "stage"])
            if 0 < (gap := _gap(a, b)) and (a["stage"] not in REPEATED or (a["stage"] in MEETINGS and gap <= WEEK))]


def _actors(rows: pd.DataFrame) -> list[tuple]:
    out = []
    acts = rows[rows["actor_id"].notna() & ~rows["status"].isin(["denied", "not_happened", "opinion", "hypothetical"])]
    acts = acts.assign(step=acts["stage"].replace("conditional_offer", "offer"))   # with terms or without: who made it?
    for a, b in _pairs(acts, ["event_key", "step"]):
        if _apart(a, b):
            continue
        one, two = ({*state(r["actor_id"]).split("+")} | ({*state(r["target_id"]).split("+")} - {""}
                    if r["stage"] in TWO_SIDED else set()) for r in (a, b))
        if not one & two:
            out.append(_point("actor", a, b, a["actor_id"], b["actor_id"]))
        elif a["actor_id"] != b["actor_id"] and "." in a["actor_id"] and "." in b["actor_id"] \
                and a["stage"] not in REPEATED:
            out.append(_point("level", a, b, a["actor_id"], b["actor_id"]))
    return out


def _apart(a: Mapping, b: Mapping) -> bool:
    """Both dated, and not on the same days: then they are two occasions."""
    return pd.notna(a["earliest"]) and pd.notna(b["earliest"]) and _gap(a, b) > 0


def _statuses(rows: pd.DataFrame) -> list[tuple]:
    """Told here, denied there, by the rule of the matrix of claims (:func:`helpers.compare.accounts.denies`); a denial
    that names no step is held against all steps of its matter but a refusal."""
    out, denied = [], rows.loc[rows["status"].eq("denied"), ["doc_id", "event_key"]]
    named = set(denied.itertuples(index=False, name=None))      # these texts say themselves what is denied
    bare = rows["stage"].eq("deny") & rows["status"].isin(TELLS) \
        & ~pd.Series([k in named for k in zip(rows["doc_id"], rows["event_key"])], rows.index, dtype=bool)
    contrary = rows[rows["status"].isin(DENIES) | rows["stage"].eq(WITHHELD) | bare]
    tells = rows[rows["status"].isin(accounts.TELLS) & ~rows["stage"].isin(["deny", "no_response", WITHHELD])]
    against = {key: group.assign(bare=bare[group.index]).to_dict("records")
               for key, group in contrary.groupby("event_key")}
    for a in tells[tells["event_key"].isin(list(against))].to_dict("records"):
        for b in against[a["event_key"]]:
            if (not _apart(a, b) and a["stage"] != "reject") if b["bare"] else denies(b, a):
                out.append(_point("status", a, b, a["status"], "denied" if b["stage"] == "deny" else b["status"]))
    return out


def _headlines(rows: pd.DataFrame) -> list[tuple]:
    """Title against body of the same text: another side, another step, surer than the body, or its speaker left out."""
    out = []
    titled = rows.loc[rows["section"].eq("title"), ["doc_id", "event_key"]].drop_duplicates()
    for _, same in rows.merge(titled, on=["doc_id", "event_key"]).groupby(["doc_id", "event_key"]):
        body = same[same["section"].eq("body")].to_dict("records")
        for a in same[same["section"].eq("title")].to_dict("records"):
            alike = [b for b in body if b["stage"] == a["stage"]]
            if not alike:
                # what the same side does in the body says most about what the headline has it do
                near = sorted(body, key=lambda b: pd.isna(a["actor_id"]) or a["actor_id"] != b["actor_id"])
                out += [_point("headline", a, b, a["stage"], b["stage"], scope="headline") for b in near[:1]]
                continue
            others = [b for b in alike if pd.notna(b["actor_id"]) and pd.notna(a["actor_id"])
                      and not set(state(a["actor_id"]).split("+")) & set(state(b["actor_id"]).split("+"))]
            if others and len(others) == len([b for b in alike if pd.notna(b["actor_id"])]):
                out.append(_point("headline", a, others[0], a["actor_id"], others[0]["actor_id"], scope="headline"))
            surest = min(alike, key=lambda b: (_rank(b["status"]), pd.notna(b["speaker"])))
            dropped = pd.isna(a["speaker"]) and all(pd.notna(b["speaker"]) for b in alike)
            if _rank(a["status"]) < _rank(surest["status"]):
                by = f", by {surest['speaker']}" if pd.notna(surest["speaker"]) else ""
                own = f"{a['status']}, by nobody named" if dropped else a["status"]
                out.append(_point("certainty", a, surest, own, f"{surest['status']}{by}", scope="headline"))
            elif dropped:
                out.append(_point("certainty", a, surest, "by nobody named", f"by {surest['speaker']}",
                                  scope="headline"))
    return out


def _rank(status: str) -> int:
    return SURE.index(status) if status in SURE else len(SURE)


def _persons(names: pd.Series, actors: pd.DataFrame, aliases: pd.DataFrame | None) -> list[str]:
    """Codes of the persons that speakers are, empty for all others."""
    persons = set(actors.loc[actors["kind"].eq("person"), "actor_id"])
    return [c if c in persons else "" for c in actor_codes(names.tolist(), actors, aliases)]


def _speakers(rows: pd.DataFrame) -> list[tuple]:
    said = rows[rows["speaker_id"].ne("") & rows["status"].isin(TELLS) & rows["earliest"].notna()]
    return [_point("speaker", a, b, a["speaker_id"], b["speaker_id"]) for a, b in _pairs(said, ["event_key", "stage"])
            if a["speaker_id"] != b["speaker_id"] and not _apart(a, b) and a["doc_id"] != b["doc_id"]]


def _entries(row: Mapping, listed: pd.DataFrame, links: pd.DataFrame | None) -> list[str]:
    """Entries that a mention's matter is linked to, whatever its date; not those that may not lend theirs."""
    out = []
    for link in [] if links is None else links.to_dict("records"):
        stage = link.get("stage")
        same = link["event_key"] == row["event_key"] and (pd.isna(stage) or stage == row["stage"])
        if same and link.get("lend") != "no":
            out.append(link["record_id"])
    return [e for e in dict.fromkeys(out) if e in listed.index]


def _record_dates(rows: pd.DataFrame, listed: pd.DataFrame, links: pd.DataFrame | None) -> list[tuple]:
    out = []
    for a in rows[rows["status"].isin([*TELLS, "proposed"])].to_dict("records"):
        entries = _entries(a, listed, links)
        spans = [{"earliest": listed.at[e, "date_lo"], "latest": listed.at[e, "date_hi"]} for e in entries]
        if not entries or a["stage"] == "deny" or a["record_id"] in listed.index:     # tied: by a day that fits
            continue
        if pd.notna(a["earliest"]) and a["basis"] != "record":
            gaps = [_gap(a, s) for s in spans]
            near = gaps.index(min(gaps))
            if gaps[near] > 0 and (
                    a["stage"] not in REPEATED or (a["stage"] in MEETINGS and gaps[near] <= WEEK)):
                out.append(_point("record_date", a, None, _reading(a), _reading(spans[near]), entries[near]))
        elif pd.isna(a["earliest"]) and pd.notna(a["published_latest"]) and a["status"] in TELLS:
            if all(s["earliest"] > a["published_latest"] for s in spans):
                told = f"told by {a['published_latest']}"
                out.append(_point("record_early", a, None, told, _reading(spans[0]), entries[0]))
    return out


def _record_words(rows: pd.DataFrame, listed: pd.DataFrame, links: pd.DataFrame | None, found: set) -> list[tuple]:
    """What a coder has marked in the links to the record as the same step, told otherwise; not what a rule has found
    (text and entry)."""
    if links is None or "tells" not in links:
        return []
    out = []
    for link in links[links["tells"].eq("otherwise") & links["record_id"].isin(listed.index)].to_dict("records"):
        same = rows["record_id"].eq(link["record_id"]) & rows["event_key"].eq(link["event_key"])
        tied = rows[same & (rows["stage"].eq(link["stage"]) if pd.notna(link.get("stage")) else True)]
        out += [_point("record_words", a, None, a["label"], link["record_id"], link["record_id"])
                for a in tied.to_dict("records") if (a["doc_id"], link["record_id"]) not in found]
    return out


def _record_speakers(rows: pd.DataFrame, listed: pd.DataFrame, actors, aliases) -> list[tuple]:
    tied = rows[rows["record_id"].notna() & rows["speaker_id"].ne("") & rows["stage"].ne("deny")]
    out = []
    for a in tied.to_dict("records"):
        if a["record_id"] not in listed.index:
            continue
        theirs = _persons(pd.Series([listed.at[a["record_id"], "announced_by"]]), actors, aliases)[0]
        if theirs and theirs != a["speaker_id"] == a["actor_id"] and state(theirs) == state(a["speaker_id"]):
            out.append(_point("record_speaker", a, None, a["speaker_id"], theirs, a["record_id"]))
    return out


def _orders(rows: pd.DataFrame, listed: pd.DataFrame, words: pd.DataFrame) -> list[tuple]:
    """Two measures that a text puts in the other order than the record: one right after the other, with a word of order
    between them (:func:`signals`). To name two measures one after the other, or to join them by *and*, orders
    nothing."""
    out = []
    between = {doc: group["start"].tolist() for doc, group in words.groupby("doc_id")}
    tied = rows[rows["record_id"].isin(listed.index) & rows["status"].isin(TELLS) & rows["stage"].eq("imposed")]
    for doc, group in tied.sort_values("trigger_start", kind="stable").groupby("doc_id"):
        told = group.to_dict("records")
        for a, b in zip(told, told[1:]):
            if a["record_id"] == b["record_id"] or state(a["actor_id"]) != state(b["actor_id"]):
                continue
            near = b["trigger_start"] - a["trigger_end"] < NEAR \
                and any(a["trigger_end"] <= at < b["trigger_end"] for at in between.get(doc, ()))
            if near and listed.at[a["record_id"], "date_lo"] > listed.at[b["record_id"], "date_hi"]:
                out.append(_point("order", a, b, a["record_id"], b["record_id"], scope="record"))
    return out


NEAR = 200      # characters within which the order of telling is taken for an order in time


def tells_otherwise(found: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs (doc_id, record_id) that a text tells otherwise than the record: by a rule, or by a coder's word
    in the links to the record."""
    kinds = ["record_date", "record_early", "record_speaker", *READ]
    rows = found[found["kind"].isin(kinds) & found["record_id"].notna()]
    return rows.rename(columns={"doc_a": "doc_id"})[["doc_id", "record_id"]].drop_duplicates(ignore_index=True)


# what needs the text ------------------------------------------------------------------------------------------------

# TimeML's signals that put what follows them after what stands before them; "later this week" and "then-premier" do
# not. "When these were met" refers back to the first measure (written after reading the practice case).
SIGNAL = re.compile(r"\b(?:then(?!-)|(?<!no )(?<!or )later(?! (?:this|next|in|than)\b)|afterwards?|subsequently|"
                    r"thereafter|"
                    r"after (?:that|which)|followed by|when th(?:is|ese|at|ose)|before(?= \w+ing\b))\b", re.I)


def signals(text: str, spans: pd.DataFrame) -> pd.DataFrame:
    """Find the words that put one thing after another, in the sentences of a text.

    Accepts the text and its sentences (sentence_id, doc_id, start, end). Returns sentence_id, doc_id, start, end, word
    (in small letters). Source: the SIGNAL tag of TimeML (Saurí et al. 2006, TimeML Annotation Guidelines 1.2.1).

    >>> one = pd.DataFrame({"sentence_id": ["s"], "doc_id": ["d"], "start": [0], "end": [80]})
    >>> signals("Norvia closed the port and later took back its envoy, no later than May.", one)["word"].tolist()
    ['later']
    """
    found = [(sentence, doc, *m.span(), m[0].lower()) for sentence, doc, low, high in
             spans[["sentence_id", "doc_id", "start", "end"]].itertuples(index=False)
             for m in SIGNAL.finditer(text, low, high)]
    return pd.DataFrame(found, columns=["sentence_id", "doc_id", "start", "end", "word"])


SMALL = dict(zip("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
                 "seventeen eighteen nineteen twenty".split(), range(1, 21)))
SCALE = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9,
        "trillion": 1e12}
NOT_COUNTED = set("years year months weeks days hours minutes seconds times ways sides others members things decades "
                  "percent countries states nations sources officials reports words parts points has was is its this s "
                  "us systems".split())
# a lot has no size of its own: two batches are not two batteries counted in another unit
LOTS = set("batches lots sets shipments deliveries consignments tranches instalments installments".split())
# what ends the phrase that a number begins: what comes after it is not counted by the number
ENDS = set("the a an this that these those its his her their our and or but in on at for from to with by as between "
           "under over after before against into during per".split())
AMOUNT = re.compile(
    r"(?P<sign>[$€£] ?)?(?<![\w.,-])(?P<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|" + "|".join(SMALL) + r")"
    r"(?:[ -]?(?P<scale>" + "|".join(sorted(SCALE, key=len, reverse=True)) + r"))?\b"
    r"(?P<rest>(?: of the| of)?(?:[ -][\w-]+){0,3})", re.I)


def amounts(text: str, spans: pd.DataFrame) -> pd.DataFrame:
    """Find numbers with what they count, in the sentences of a text.

    Accepts the text and its sentences (sentence_id, doc_id, start, end). A number (in figures or words, with or
    without million and billion) belongs to the next plural noun of its own phrase within three words, or to money where
    a sign or a currency stands by it: in "on June 2 the ministers met" no ministers are counted. Lengths of time and
    counts of people who speak are left out. Returns sentence_id, doc_id,
    start, end, number, unit.

    >>> one = pd.DataFrame({"sentence_id": ["s"], "doc_id": ["d"], "start": [0], "end": [60]})
    >>> amounts("Norvia bought four new grey boats for 3.2bn crowns in 2019.", one)[["number", "unit"]].values.tolist()
    [[4.0, 'boats'], [3200000000.0, 'crowns']]
    """
    out = []
    for sentence, doc, low, high in spans[["sentence_id", "doc_id", "start", "end"]].itertuples(index=False):
        for m in AMOUNT.finditer(text, low, high):
            word = m["number"].lower()
            value = float(SMALL.get(word) or word.replace(",", "")) * SCALE.get((m["scale"] or "").lower(), 1)
            unit, end = _unit(text, m)
            if unit and not (value == int(value) and 1800 <= value <= 2100 and not m["sign"] and not m["scale"]):
                out.append((sentence, doc, m.start(), end, value, unit))
    return pd.DataFrame(out, columns=["sentence_id", "doc_id", "start", "end", "number", "unit"])


def _unit(text: str, m: re.Match) -> tuple[str, int]:
    if m["sign"]:
        return m["sign"].strip(), m.start("rest")
    partitive = re.match(r" of the\b", m["rest"], re.I)
    for word in re.finditer(r"[\w-]+", m["rest"]):
        low = word[0].lower()
        if low in ENDS and not (partitive and word.end() <= partitive.end()):
            return "", 0
        if re.fullmatch(r"[a-zß-ÿ-]{3,}s", low) and not low.endswith("ss"):
            return ("", 0) if low in NOT_COUNTED else (low, m.start("rest") + word.end())
    return "", 0


def _amounts(found: pd.DataFrame, rows: pd.DataFrame) -> list[tuple]:
    """Numbers in sentences about deliveries and contracts of one thing: another number, or another unit.

    A count of lots (:data:`LOTS`) is held against other counts of lots alone.
    """
    deals = rows[rows["track"].eq("procurement") & rows["item"].notna() & rows["stage"].isin(["contract", "delivered"])]
    deals = deals[~deals["status"].isin(["hypothetical", "opinion"])]
    keys = deals[["sentence_id", "item"]].drop_duplicates("sentence_id")
    some = found.merge(keys, on="sentence_id").rename(columns={"start": "trigger_start", "end": "trigger_end",
                                                               "item": "event_key"})
    out = []
    for a, b in _pairs(some, ["event_key"]):
        money = [r["unit"] in "$€£" or r["number"] >= 1e6 for r in (a, b)]
        says = [_counted(r["number"], r["unit"]) for r in (a, b)]
        if a["unit"] == b["unit"] and a["number"] != b["number"]:
            out.append(_point("amount", a, b, *says))
        elif a["unit"] != b["unit"] and a["number"] == b["number"] and not any(money) \
                and not {a["unit"], b["unit"]} & LOTS:
            out.append(_point("unit", a, b, *says))
    return out


def _counted(number: float, unit: str) -> str:
    """Write a number as people do.

    >>> _counted(2.5e9, "crowns"), _counted(4, "boats"), _counted(12500, "men"), _counted(7.8e9, "$")
    ('2.5 billion crowns', '4 boats', '12,500 men', '$7.8 billion')
    """
    size, word = next(((s, w) for s, w in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")) if number >= s),
                      (1, ""))
    said = f"{round(number / size, 3):,.10g}{word}"
    return f"{unit}{said}" if unit in "$€£" else f"{said} {unit}"


MEANT = 400     # characters after a name within which a bare office can mean its bearer
FORMER = re.compile(r"\b(?:former|ex|then|late|one-time|old)\b", re.I)
TITLES = ("president", "prime minister", "premier", "foreign minister", "defence minister", "secretary of state",
          "deputy secretary of state", "under secretary of state", "assistant secretary of state", "vice president",
          "finance minister", "interior minister", "presidential spokesman", "secretary of defence")


def slips(text: str, found: pd.DataFrame, codebook, published: str | None) -> pd.DataFrame:
    """Find misnamed people, two spellings of one name, and offices that were not theirs.

    Accepts the text, the mentions of actors in it (start, end, actor_id, rule, as :func:`helpers.actors.find` gives
    them), the codebook and the day of publication (or None: then offices are not checked). A name is wrong when the
    codebook's aliases say so (``error_form``). An office that stands before a name is wrong when the person did not
    hold it on that day by ``valid_from`` and ``valid_to``, and no word such as *former* stands by it. An office of a
    state without a name ("the Norvian premier") is wrong when nobody held it then, and the person of that state who
    was named last before it (at most :data:`MEANT` characters) held it at another time. Returns
    start, end, actor_id, kind (``name`` or ``office`` or ``form``: a right name, at its first use, for the
    comparison of spellings), said (the name or office), held (what the person was then).
    """
    wrong, names, offices, title = _people(codebook)
    out, named_last = [], ("", 0)

    def at_the_time(posts, office: str = "") -> list[str]:
        then = [_office(o) for o, since, until in posts if since <= published and (not until or until >= published)]
        return [o for o in then if not office or o == office or o.startswith(office + " ")]
    for start, end, actor, rule in found.sort_values("start")[["start", "end", "actor_id", "rule"]].itertuples(
            index=False):
        said = text[start:end]
        alias = next((a for a in names.get(actor, ()) if said.endswith(a)), None)
        if alias is None:
            who, seen = named_last
            bare = title.search(said) if rule == "office_of_state" and published and start - seen <= MEANT else None
            if bare and state(who) == actor and not FORMER.search(text[max(0, start - 20):end]):
                post = _office(bare[0])
                once = any(since and _office(o).startswith(post) for o, since, _ in offices.get(who, ()))
                now = [h for p, posts in offices.items() if state(p) == actor for h in at_the_time(posts, post)]
                if once and not now:
                    out.append((start, end, who, "office", post, "; ".join(at_the_time(offices[who]))))
            continue
        named_last = actor, end
        at = end - len(alias)
        out.append((at, end, actor, "name" if alias in wrong else "form", alias, ""))
        before = text[max(0, at - 80):at]
        met = [m for m in title.finditer(before)]
        between = before[met[-1].end():] if met else ""
        if not published or not met or not re.fullmatch(r"(?:, |[\s\w-]{1,14})", between) \
                or re.search(r"\b(?:and|to|with|by|of|said|told|that)\b", between) \
                or FORMER.search(before[max(0, met[-1].start() - 20):met[-1].start()]):
            continue
        then = offices.get(actor, ())
        held = at_the_time(then)
        office = _office(met[-1][0])
        if any(since for _, since, _ in then) and not any(h == office or h.startswith(office + " ") for h in held):
            out.append((max(0, at - 80) + met[-1].start(), end, actor, "office", office, "; ".join(held)))
    columns = ["start", "end", "actor_id", "kind", "said", "held"]
    rows = pd.DataFrame(out, columns=columns).drop_duplicates(["start", "kind"])
    again = rows["kind"].ne("office") & rows.duplicated(["actor_id", "said"])
    return rows[~again].reset_index(drop=True)


@functools.lru_cache(8)
def _people(codebook) -> tuple[set[str], dict[str, list[str]], dict[str, list[tuple]], re.Pattern]:
    """Of a codebook: wrong names; each person's names, the longest first; their offices with their days; any office."""
    wrong = set(codebook.aliases.loc[codebook.aliases["error_form"].fillna(False).astype(bool), "alias"])
    people = codebook.actors[codebook.actors["kind"].eq("person")]
    known = codebook.aliases[codebook.aliases["form"].eq("name")]
    known = known[known["actor_id"].isin(people["actor_id"])]
    names = {actor: sorted(own, key=len, reverse=True) for actor, own in known.groupby("actor_id")["alias"]}
    posts = people[people["office"].ne("")].fillna({"valid_from": "", "valid_to": ""})
    held = {actor: list(rows[["office", "valid_from", "valid_to"]].itertuples(index=False, name=None))
            for actor, rows in posts.groupby("actor_id")}
    offices = sorted({*TITLES, *(_office(o) for o in people["office"].dropna() if o)}, key=len, reverse=True)
    either = "|".join(re.escape(o).replace("defence", "defen[cs]e") for o in offices)
    return wrong, names, held, re.compile(rf"\b(?:{either})\b", re.I)


def _office(words: str) -> str:
    return re.sub(r"\s+", " ", words.lower().replace("defense", "defence")).strip()


def _slips(rows: pd.DataFrame) -> list[tuple]:
    rows = rows.rename(columns={"start": "trigger_start", "end": "trigger_end", "actor_id": "event_key"})
    out = [_point(r["kind"], r, None, r["said"], r["held"], scope="record")
           for r in rows[rows["kind"].ne("form")].to_dict("records")]
    whole = rows[rows["kind"].eq("form") & rows["said"].str.contains(" ")]
    for a, b in _pairs(whole.drop_duplicates(["doc_id", "event_key", "said"]), ["event_key"]):
        first, second = a["said"].split(), b["said"].split()
        if first[-1] != second[-1]:
            out.append(_point("spelling", a, b, a["said"], b["said"]))
    return out


# the yardstick ------------------------------------------------------------------------------------------------------


def yardstick(found: pd.DataFrame, listed: pd.DataFrame | None, sentences: pd.DataFrame) -> pd.DataFrame:
    """Hold what the rules find against a reader's list of contradictions.

    Accepts :func:`find`, the list (``gold/contradictions.csv``: id, topic, kind, doc_a, start_a, end_a, doc_b,
    start_b, end_b, note) or None, and the sentences. A point of the list is found when a rule points at the same
    sentences: at both for a point between two places, at its one place for a point against the record. Three
    exceptions: names and offices must be the same characters; a rule about a headline needs the headline alone; a
    rule about order needs one of the places. What a coder's link says (:data:`READ`) is no finding. A match is one of
    place, not of reason: a rule can point at the right
    sentences for another. Returns the list with ``found_by`` (the rule's kind, or nothing: found by review only).
    """
    if listed is None:
        return pd.DataFrame(columns=["id", "topic", "kind", "doc_a", "doc_b", "found_by"])
    spans = {doc: group[["start", "end", "sentence_id"]].to_numpy() for doc, group in sentences.groupby("doc_id")}

    def at(doc, start, end) -> frozenset[str]:
        return frozenset() if pd.isna(doc) else frozenset(
            i for s, e, i in spans.get(doc, ()) if s < int(end) and e > int(start))

    def places(r) -> tuple[frozenset[str], frozenset[str]]:
        return at(r.doc_a, r.start_a, r.end_a), at(r.doc_b, r.start_b, r.end_b)
    points = [(r, *places(r)) for r in found[~found["kind"].isin(READ)].itertuples()]

    def hit(row, one: frozenset, two: frozenset, point, a: frozenset, b: frozenset) -> bool:
        if point.kind in ("name", "office"):
            return row.doc_a == point.doc_a and int(row.start_a) < point.end_a and int(row.end_a) > point.start_a
        if point.scope == "headline" and str(row.kind).startswith("headline"):
            return bool(one & a)
        if point.kind == "order":
            return "order" in str(row.topic).lower() and bool((one | two) & (a | b))
        if not two:
            return not b and bool(one & a)
        return bool((one & a and two & b) or (one & b and two & a))

    def who(row) -> object:
        one, two = places(row)
        return next((point.kind for point, a, b in points if hit(row, one, two, point, a, b)), pd.NA)
    return listed.assign(found_by=pd.Series([who(r) for r in listed.itertuples()], index=listed.index, dtype="string"))


def dissolving(listed: pd.DataFrame) -> pd.Series:
    """Which points of a reader's list are none when read with care: those that the list marks (``dissolves``: yes)."""
    marked = listed["dissolves"] if "dissolves" in listed else pd.Series(pd.NA, listed.index)
    return marked.eq("yes").fillna(False).astype(bool)


def tally(measured: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    """Count by kind of point how many of the reader's list were found, and the sum.

    Accepts :func:`yardstick` over the codes at hand and over machine codes alone. What dissolves when read with care
    (:func:`dissolving`) is no point to be found and is not counted. Returns kind, listed, by_rule, by_machine,
    by_review_only (by neither).

    >>> one = pd.DataFrame({"id": ["P1", "P2"], "kind": ["self", "self"], "found_by": ["date", None]})
    >>> tally(one, one.assign(found_by=None)).values.tolist()
    [['self', 2, 1, 0, 1], ['all', 2, 1, 0, 1]]
    """
    rule, machine = measured["found_by"].notna(), alone["found_by"].notna()
    rows = measured.assign(listed=1, by_rule=rule, by_machine=machine, by_review_only=~rule & ~machine)
    rows = rows[~dissolving(measured)]
    names = ["listed", "by_rule", "by_machine", "by_review_only"]
    by = rows.groupby("kind", as_index=False)[names].sum()
    whole = pd.DataFrame([{"kind": "all", **rows[names].sum()}])
    return pd.concat([by, whole], ignore_index=True) if len(by) else by


def say_points(found: pd.DataFrame) -> str:
    """Say in one sentence how many pairs of places do not fit, who says so, and how many pairs of accounts they are.

    >>> points = pd.DataFrame({"kind": ["date", "date", "record_words"], "event_key": ["A", "A", "B"], "doc_a": "a",
    ...                        "doc_b": ["b", "b", None]})
    >>> say_points(points)
    '3 pairs of places do not fit: rules point at 2, a coder at 1. They are 2 pairs of accounts.'
    >>> say_points(points[:0])
    'No two places were found that do not fit.'
    """
    if found.empty:
        return "No two places were found that do not fit."
    read = int(found["kind"].isin(READ).sum())
    who = f"rules point at {len(found) - read}, a coder at {read}" if read else "rules point at all of them"
    pairs = len(matters(found))
    same = "" if pairs == len(found) else f" They are {counted(pairs, 'pair of accounts', 'pairs of accounts')}."
    verb = "pair of places does" if len(found) == 1 else "pairs of places do"
    return f"{len(found)} {verb} not fit: {who}.{same}"


def say_yardstick(measured: pd.DataFrame, alone: pd.DataFrame, reader: str = "a reader") -> str:
    """Say in one sentence how many points of the reader's list the rules find.

    Accepts what :func:`tally` accepts and who the reader is. The numbers are those of the tally's last row.

    >>> one = pd.DataFrame({"id": ["P1", "P2", "P3"], "kind": "self", "found_by": ["date", None, "date"]})
    >>> say_yardstick(one, one.assign(found_by=None), "coder A, a model,")
    'Coder A, a model, listed 3 points: rules find 2 over the codes at hand and 0 over machine codes; 1 by neither.'
    >>> say_yardstick(one.assign(dissolves=["yes", None, None]), one.assign(found_by=None))[-68:]
    '1 more on the list dissolves when read with care; rules point at it.'
    >>> say_yardstick(one[:0], one[:0])
    'No reader has listed contradictions for this case: what the rules found is held against nothing.'
    """
    if measured.empty:
        return "No reader has listed contradictions for this case: what the rules found is held against nothing."
    gone = dissolving(measured)
    n = tally(measured, alone).iloc[-1] if not gone.all() else None
    first = f"{reader[:1].upper()}{reader[1:]} listed "
    if n is None:
        first += "no point that stands"
    else:
        first += (f"{counted(int(n['listed']), 'point')}: rules find {n['by_rule']} over the codes at hand and "
                  f"{n['by_machine']} over machine codes; {n['by_review_only']} by neither")
    found = measured["found_by"].notna() | alone["found_by"].notna()
    traps, hit = int(gone.sum()), int((gone & found).sum())
    if not traps:
        return f"{first}."
    points = f"rules point at {hit or 'none'} of them" if traps > 1 else f"rules {'' if hit else 'do not '}point at it"
    word = "dissolves" if traps == 1 else "dissolve"
    return f"{first}. {traps} more on the list {word} when read with care; {points}."
