"""Opening what was coded, whichever layer a case has, in one form for all comparisons."""
from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import review, tables
from helpers.case import check_words
from helpers.codebook.naming import counted
from helpers.compare import contradictions
from helpers.compare.linking import choose, link
from helpers.compare.matters import key_machine
from helpers.compare.moves import STAGE_OF_KIND, actor_codes, state
from helpers.compare.naming import SUREST, name_events

__all__ = ["chain_of", "complete", "events_of", "origins", "points_of", "retold", "rows_of", "say_told_as",
           "told_as", "when"]


def rows_of(case, name: str, layer: str = "adjudicated", *, strict: bool = False) -> tuple[pd.DataFrame, str]:
    """Return a coded table of a case and the layer it is of.

    Accepts a case, ``quotes``, ``frames`` or ``event_mentions``, and the layer wanted. Where the case has none of
    that layer, the other one is taken (unless ``strict``); where it has neither, an empty table comes back, with
    the layer ``none``.
    """
    check_words("layer", [layer], ["adjudicated", "machine"])
    other = "machine" if layer == "adjudicated" else "adjudicated"
    for each in (layer,) if strict else (layer, other):
        table = name if each == "machine" else f"adjudicated_{name}"
        if case.has(table):
            return case.load(table), each
    return tables.empty(name if name != "event_mentions" else "adjudicated_event_mentions"), "none"


def complete(mentions: pd.DataFrame, times: pd.DataFrame | None = None, quotes: pd.DataFrame | None = None,
             codebook=None) -> pd.DataFrame:
    """Give machine mentions the columns that adjudicated ones have.

    Accepts ``event_mentions`` and, for dates and speakers, ``times`` and ``quotes``. The matter (``event_key``) of a
    machine mention is made by :func:`helpers.compare.matters.key_machine`, with its ``link_reason``. A missing
    label is made by :func:`helpers.compare.naming.name_events`, with the codebook's names where it is given. Other
    columns that are there already stay as they are.

    >>> one = pd.DataFrame({"actor_id": ["NOR"], "target_id": ["KES"], "stage": ["offer"], "type": ["AGREE"]})
    >>> one = one.assign(doc_id="a", item=None, time_id=None, quote_id=None)
    >>> complete(one)[["event_key", "label", "granularity"]].values.tolist()
    [['kes-nor', 'NOR → KES: offer', 'none']]
    """
    out = mentions.copy()
    if "event_key" not in out:
        out = key_machine(out)
    named = name_events(out, codebook)
    out["label"] = out["label"].fillna(named) if "label" in out else named
    if "granularity" not in out:
        dates = None if times is None else times.drop_duplicates("time_id").set_index("time_id")
        for column in ("earliest", "latest", "granularity", "basis"):
            out[column] = pd.Series(pd.NA, out.index, "string") if dates is None else out["time_id"].map(dates[column])
        bare = out["earliest"].isna() | out["latest"].isna()
        out.loc[bare, ["earliest", "latest"]] = pd.NA
        out.loc[bare, ["granularity", "basis"]] = "none"
    if "speaker" not in out:
        said = None if quotes is None else quotes.drop_duplicates("quote_id").set_index("quote_id")["speaker"]
        out["speaker"] = pd.Series(pd.NA, out.index, "string") if said is None else out["quote_id"].map(said)
    if "record_id" not in out:
        out["record_id"] = pd.Series(pd.NA, out.index, "string")
    return out


def tie(mentions: pd.DataFrame, record: pd.DataFrame | None, codebook) -> pd.DataFrame:
    """Tie mentions to entries of the record, where no coder did: the same stage by the same state, on a date that the
    text gives.

    Accepts completed mentions, the record and the codebook (or None: nothing is tied). A mention that is dated to
    the month or finer takes the nearest entry whose days it shares. Returns the mentions with ``record_id``; no
    date is borrowed.
    """
    if record is None or codebook is None or mentions.empty:
        return mentions
    entries = record.assign(stage=record["kind"].map(STAGE_OF_KIND).fillna(record["kind"]),
                            side=[state(c) for c in actor_codes(record["actor"], codebook.actors, codebook.aliases)])
    out = mentions.copy()
    fine = out["granularity"].isin(["time", "day", "week", "month"]) & out["status"].isin(["happened", "ongoing"])
    for i, row in out[fine].iterrows():
        same = entries[entries["stage"].eq(row["stage"]) & entries["side"].ne("")
                       & entries["side"].map(lambda s, r=row: s in state(r["actor_id"]).split("+"))
                       & entries["date_lo"].le(row["latest"]) & entries["date_hi"].ge(row["earliest"])]
        if len(same):
            out.loc[i, "record_id"] = same.sort_values(["date_lo", "event_id"], kind="stable")["event_id"].iloc[0]
    return out


def events_of(case, layer: str = "adjudicated", documents: Sequence[str] = (), actors: Sequence[str] = (),
              tracks: Sequence[str] = (), *, codebook=None, strict: bool = False
              ) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Return the events and mentions of a case, of the layer wanted or the one there is, and one line that says which.

    Accepts a case, the layer, what to choose (see :func:`helpers.compare.choose`) and the codebook, by which
    mentions are tied to the record (:func:`tie`) where no coder's links tie them. The mentions have
    ``published_latest`` of their text, too.
    """
    if codebook is not None:
        check_words("tracks", tracks, codebook.tracks.index)
    mentions, found = rows_of(case, "event_mentions", layer, strict=strict)
    times, quotes = (rows_of(case, name)[0] if name == "quotes" else case.load(name) if case.has(name) else None
                     for name in ("times", "quotes"))
    mentions = complete(mentions, times, quotes, codebook)
    if found == "machine" or case.labels("record_links") is None:
        mentions = tie(mentions, case.reference, codebook)
    n = len(mentions)
    chosen = choose(mentions, case.choose(documents), actors, tracks)
    texts = case.load("documents") if case.has("documents") else None
    events, linked = link(chosen, layer=found if found != "none" else layer, documents=texts, record=case.reference,
                          links=case.labels("record_links"),
                          named=found == "adjudicated" and case.labels("events") is not None)
    if texts is not None:       # until when a text can know of what came later
        linked["published_latest"] = linked["doc_id"].map(texts.set_index("doc_id")["published_latest"])
    bare = review.not_reviewed(linked, case)[0] if found == "adjudicated" else 0
    said = (f"{counted(len(linked), 'mention')} in {counted(linked['doc_id'].nunique(), 'text')} "
            f"{'tells' if len(linked) == 1 else 'tell'} of {counted(len(events), 'event')} ({found} layer"
            + (f"; {bare} of the mentions are the machine's, which nobody has decided on" if bare else "") + ").")
    if found == "none":
        said = ("No event was coded for this case: `casebook build` suggests some, `casebook sheet` lets a reader code "
                "them.")
    elif found != layer:
        said += f" There is no {layer} layer" + (f": not reviewed: {n} of {n} mentions." if found == "machine" else ".")
    return events, linked, said


def told_as(events: pd.DataFrame, mentions: pd.DataFrame, statuses: Sequence[str] = ()) -> pd.DataFrame:
    """Return the events that a mention tells as one of some statuses, each as those mentions tell it.

    Accepts linked events and mentions, and statuses (none: the events come back as they are). What is left has the
    surest status and the number of texts of the mentions chosen.

    >>> told = pd.DataFrame({"event_id": ["x", "x", "y"], "doc_id": list("aba"), "status":
    ...                      ["happened", "denied", "planned"]})
    >>> events = pd.DataFrame({"event_id": ["x", "y"], "status": ["happened", "planned"], "n_documents": [2, 1]})
    >>> told_as(events, told, ["denied"]).values.tolist()
    [['x', 'denied', 1]]
    """
    if not statuses:
        return events
    return retold(events, mentions[mentions["status"].isin(statuses)], mentions)


def retold(events: pd.DataFrame, kept: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Return the events that chosen mentions tell of, each as those mentions tell it.

    Accepts linked events, the mentions ``kept`` and all ``mentions``. An event of which all mentions are kept stays as
    it is; any other has the surest status and the number of texts of those kept.
    """
    sure = kept.assign(rank=pd.Categorical(kept["status"], SUREST, ordered=True)).sort_values("rank")
    told = sure.groupby("event_id").agg(status=("status", "first"), n=("doc_id", "nunique"), told=("status", "size"))
    events = events[events["event_id"].isin(told.index)]
    told = told.loc[events["event_id"]].set_index(events.index)
    whole = told["told"].eq(events["event_id"].map(mentions["event_id"].value_counts()))
    return events.assign(status=events["status"].where(whole, told["status"]), n_documents=events["n_documents"].where(
        whole, told["n"].astype(events["n_documents"].dtype)))


def say_told_as(events: pd.DataFrame, statuses: Sequence[str]) -> str:
    """Say, where events were chosen by how sure they are told, how many are left; nothing where they were not.

    >>> say_told_as(pd.DataFrame({"event_id": ["x"]}), ["denied", "not_happened"])
    'Chosen here: 1 event that a text tells as denied or not happened.'
    """
    if not statuses:
        return ""
    words = " or ".join(s.replace("_", " ") for s in statuses)
    return f"Chosen here: {counted(len(events), 'event')} that a text tells as {words}."


def points_of(case, mentions: pd.DataFrame, sentences: pd.DataFrame, documents: pd.DataFrame, codebook) -> pd.DataFrame:
    """Return the points at which a case's accounts do not fit, with all that the case has to compare them with.

    Accepts a case, the linked mentions, the sentences and documents chosen, and the codebook (see
    :func:`helpers.compare.contradictions.find`).
    """
    ids = list(documents["doc_id"])
    read = {name: choose(case.load(name), ids) if case.has(name) else None for name in ("amounts", "slips", "signals")}
    return contradictions.find(mentions, sentences, documents, record=case.reference, links=case.labels("record_links"),
                               actors=codebook.actors, aliases=codebook.aliases, **read)


def chain_of(case, documents: Sequence[str]) -> pd.DataFrame:
    """Return the chain of media behind each quotation: as a reader labelled it, else as found by rule, else no rows.

    Accepts a case and doc_ids. Returns doc_id and either medium_chain or quote_id and hop (see
    :func:`helpers.compare.accounts.depth`).
    """
    labels = case.labels("quotes")
    if labels is not None and "medium_chain" in labels:
        return choose(labels, documents)
    if case.has("chain") and case.has("quotes"):
        return choose(case.load("chain"), documents)
    return pd.DataFrame({"doc_id": [], "medium_chain": []}, dtype="string")


def when(rows: pd.DataFrame, of: str = "") -> pd.Series:
    """Return each interval as one text: a day, or its two ends.

    Accepts rows with earliest and latest (ISO dates), or with such columns whose names begin with ``of``.

    >>> when(pd.DataFrame({"from_earliest": ["2031-01-04"], "from_latest": ["2031-01-31"]}), "from_").tolist()
    ['2031-01-04 to 2031-01-31']
    """
    first, last = (rows[f"{of}{end}"].astype("string") for end in ("earliest", "latest"))
    return first.where(first.eq(last).fillna(False), first + " to " + last)


def origins(events: pd.DataFrame, mentions: pd.DataFrame, documents: pd.DataFrame) -> pd.DataFrame:
    """Add to each event where it comes from: its first mention, and how the date is given.

    Accepts linked events and mentions, and ``documents`` (doc_id, short_name, file, url, archive_url,
    published_latest, title_end). Returns the events in order of time, the undated last, with text, file, start, end
    (of its first mention in the body of the text that came out first; in a title where no body has it), page (the
    archived address where there is one, else the other) and when (the interval as one text).
    """
    about = documents.set_index("doc_id")
    came, titles = about["published_latest"].fillna("9999").to_dict(), about["title_end"].fillna(0).to_dict()
    first = mentions.dropna(subset="event_id")
    first = first.assign(title=first["trigger_start"] < first["doc_id"].map(titles), came=first["doc_id"].map(came))
    first = first.sort_values(["title", "came", "doc_id", "trigger_start"], kind="stable").drop_duplicates("event_id")
    first = first.set_index("event_id")
    out = events.merge(first[["doc_id", "trigger_start", "trigger_end"]], "left", left_on="event_id", right_index=True)
    about = documents.assign(page=documents["archive_url"].fillna(documents["url"]))
    out = out.merge(about[["doc_id", "short_name", "file", "page"]], on="doc_id", how="left")
    out = out.rename(columns={"trigger_start": "start", "trigger_end": "end", "short_name": "text"})
    out["when"] = when(out)
    return out.sort_values(["earliest", "latest", "track", "event_id"], kind="stable", na_position="last",
                           ignore_index=True)
