"""Tests of linking machine mentions: which are one matter, why, and what is claimed of it."""
import pandas as pd

from helpers import compare
from helpers.codebook import load_codebook
from helpers.compare.matters import claims, key_machine, why
from helpers.compare.naming import name_events
from helpers.tables import conform


def mention(doc, actor, target, stage="imposed", item=None, status="happened", when=None, speaker=None, n=[0]):  # noqa: B006
    n[0] += 1
    return {"event_mention_id": f"{doc}/e{n[0]}", "sentence_id": f"{doc}/s{n[0]}", "doc_id": doc, "trigger_start": n[0],
            "trigger_end": n[0] + 1, "actor_id": actor, "target_id": target, "type": "SANCTION", "item": item,
            "track": "sanctions", "stage": stage, "status": status, "quote_id": None, "time_id": None, "rule": "r",
            "earliest": when, "latest": when, "granularity": "day" if when else "none",
            "basis": "explicit" if when else "none", "speaker": speaker}


def frame(*rows):
    words = "actor_id target_id item stage earliest latest granularity basis speaker status".split()
    return pd.DataFrame(rows).astype({c: "string" for c in words})


def keys(*rows):
    return key_machine(frame(*rows))["event_key"].tolist()


def test_people_and_bodies_stand_for_their_state():
    assert len(set(keys(mention("a", "NOR.court", "KES"), mention("b", "NOR", "KES.army")))) == 1


def test_what_is_handed_over_is_one_matter_whoever_is_told_to_act_and_a_step_against_is_two():
    both = mention("a", "NOR", "KES"), mention("b", "KES", "NOR")
    for stage, n in (("delivered", 1), ("transfer", 1), ("talks", 1), ("imposed", 2)):
        assert len(set(keys(*[m | {"stage": stage} for m in both]))) == n, stage


def test_another_pair_thing_or_step_is_another_matter_or_event():
    assert len(set(keys(mention("a", "NOR", "KES"), mention("b", "NOR", "TAV")))) == 2
    assert len(set(keys(mention("a", "NOR", "KES", item="ferry"), mention("b", "NOR", "KES", item="radar")))) == 2
    _, linked = compare.link(compare.complete(frame(mention("a", "NOR", "KES"), mention("b", "NOR", "KES", "lifted"))),
                             layer="machine")
    assert linked["event_id"].nunique() == 2


def test_each_side_against_the_other_is_two():
    assert len(set(keys(mention("a", "NOR", "KES"), mention("b", "KES", "NOR")))) == 2
    assert len(set(keys(mention("a", "NOR", "KES", "talks"), mention("b", "KES", "NOR", "talks")))) == 1


def test_a_mention_that_says_less_joins_the_one_it_fits():
    known = [mention("a", "NOR", "KES", item="ferry"), mention("b", "NOR", "KES", item="ferry")]
    assert len(set(keys(*known, mention("c", None, "KES")))) == 1
    assert len(set(keys(*known, mention("c", None, "TAV")))) == 2
    even = [mention("a", "NOR", "KES", item="ferry"), mention("b", "NOR", "TAV", item="ferry")]
    assert len(set(keys(*even, mention("c", "NOR", None)))) == 3     # two fit equally: it stays alone


def test_dates_part_what_names_join_and_the_reasons_are_kept():
    rows = compare.complete(frame(*(mention(doc, "NOR", "KES", when=day) for doc, day in
                                    (("a", "2030-05-03"), ("b", "2030-05-03"), ("c", "2031-01-01")))))
    events, linked = compare.link(rows, layer="machine")
    assert len(events) == 2 and sorted(events["n_documents"]) == [1, 2] and set(events["layer"]) == {"machine"}
    said = why(linked)
    assert set(said["doc_id"]) == {"a", "b"}
    assert said["reason"].str.contains("KES, NOR").all() and said["reason"].str.contains("2030-05-03").all()


def test_claims_name_who_says_what():
    rows = compare.complete(frame(mention("a", "NOR", "KES", when="2030-05-03", speaker="the envoy"),
                                  mention("b", "NOR", "KES", status="denied")))
    _, linked = compare.link(rows, layer="machine")
    table = conform(claims(linked), "claims")
    by = table.set_index(["doc_id", "field"])
    assert by.loc[("a", "date"), "value"] == "2030-05-03" and by.loc[("a", "actor"), "attributed_to"] == "the envoy"
    assert by.loc[("b", "status"), "value"] == "denied" and pd.isna(by.loc[("b", "status"), "attributed_to"])
    assert ("b", "date") not in by.index


def test_nothing_to_link():
    none = frame(mention("a", "NOR", "KES")).iloc[:0]
    assert key_machine(none).empty and why(key_machine(none).assign(event_id=None)).empty


def test_a_name_says_who_to_whom_and_what_and_never_somebody():
    book = load_codebook(None)
    rows = pd.DataFrame(
        [("PER", "CHL", "imposed", "SANCTION", "ferries", "happened"),
         (None, "CHL", "imposed", "SANCTION", None, "denied"),
         (None, None, "offer", "AGREE", "ferries", "proposed"),
         ("PER", "CHL", "talks", "CONSULT", None, "planned"),
         (None, None, "talks", "CONSULT", None, "happened"),
         ("PER.harbour_office+XYZ", None, None, "COOPERATE", None, None)],
        columns=["actor_id", "target_id", "stage", "type", "item", "status"])
    assert name_events(rows, book).tolist() == [
        "Peru → Chile: sanctions imposed (ferries)",
        "Sanctions imposed, on Chile, denied; by whom is not said",
        "Offer made (ferries); by whom is not said",
        "Peru and Chile: talks, planned",
        "Talks; between whom is not said",
        "Peru (harbour office) and XYZ: cooperate in deed"]
