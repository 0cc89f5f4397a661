"""Accounts: claims by text, coverage of the record, voices, chains, shared words, and opening either layer."""
from types import SimpleNamespace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_charts import faults
from test_moves import mentions

from helpers import compare
from helpers.case import open_case
from helpers.charts import reuse as drawing
from helpers.codebook import load_codebook
from helpers.compare import accounts, link

DOCUMENTS = pd.DataFrame({"doc_id": ["a", "b", "c"], "short_name": ["A, 2031", "B, 2031", "C, undated"],
                          "n_words_body": [100, 50, 80], "published_latest": ["2031-05-10", "2031-06-01", None],
                          "inferred_latest": [None, None, None]}).convert_dtypes()


def stances(*rows):
    claims = accounts.claim_matrix(link(mentions(*rows), layer="adjudicated")[1])
    return {(r.claim_id, r.doc_id): r.stance for r in claims.itertuples()}, claims


def told(doc, status="happened", speaker=None, actor="NOR", stage="offer", day=None, key="BOATS"):
    return (doc, key, stage, status, actor, "KES", day, "negotiation", speaker)


def test_a_claim_is_called_as_its_event_is_and_rival_ones_keep_their_own_words():
    def labels(*rows):
        events, linked = link(mentions(*rows), layer="adjudicated")
        given = accounts.claim_matrix(linked, events.assign(label="as on the chart"))
        return set(given["label"]), set(accounts.claim_matrix(linked)["label"])
    named, own = labels(told("a"), told("b", speaker="a clerk"))
    assert named == {"as on the chart"} and named != own
    both, each = labels(told("a"), told("b", actor="TAV"))       # two sides: one name would hide what they differ on
    assert both == each and len(both) == 2


def test_a_text_asserts_attributes_or_denies_and_silence_has_no_row():
    cells, claims = stances(told("a"), told("b", speaker="a clerk"), told("c", "denied", "a minister"))
    assert cells == {("BOATS|offer|NOR", "a"): "asserts", ("BOATS|offer|NOR", "b"): "attributes",
                     ("BOATS|offer|NOR", "c"): "denies"}
    assert claims["contested"].all() and not claims["rival"].any()
    assert stances(told("a", "rumoured"))[0] == {("BOATS|offer|NOR", "a"): "attributes"}
    for no_side in ("hypothetical", "opinion", "planned"):
        assert stances(told("a", no_side))[0] == {}


def test_what_a_text_tells_itself_outweighs_the_denial_that_it_reports():
    cells, _ = stances(told("a"), told("a", "denied", "a minister"), told("b", speaker="a clerk"),
                       told("b", "denied", "a minister"))
    assert set(cells.values()) == {"asserts", "denies"} and cells["BOATS|offer|NOR", "a"] == "asserts"


def test_the_same_step_by_another_side_is_a_rival_claim_but_not_where_both_may_do_it():
    assert stances(told("a"), told("b", actor="TAV"))[1]["rival"].all()
    assert not stances(told("a", stage="objection"), told("b", stage="objection", actor="TAV"))[1]["rival"].any()
    turned = ("b", "BOATS", "contract", "happened", "KES", "NOR", None, "procurement", None)
    both = stances(told("a", stage="contract"), turned)[0]
    assert {c for c, _ in both} == {"BOATS|contract|KES+NOR"}       # a contract is of two sides, whoever stands first


def test_a_denial_hits_what_it_names_else_the_claims_of_its_own_text_for_the_same_time():
    deny = ("b", "BOATS", "deny", "happened", "KES", "NOR", "2031-05-02", "negotiation", "a minister")
    cells, _ = stances(told("a", day="2031-05-02"), told("b", speaker="x", actor="TAV", day="2031-05-02"), deny)
    assert cells["BOATS|offer|TAV", "b"] == "denies" and ("BOATS|offer|NOR", "b") not in cells
    cells, _ = stances(told("a", day="2031-05-02"), told("a", actor="TAV", day="2031-09-02"), deny)
    assert cells["BOATS|offer|NOR", "b"] == "denies" and ("BOATS|offer|TAV", "b") not in cells
    cells, _ = stances(told("a", actor="TAV"), told("a"), told("b", "denied"), deny)
    assert cells["BOATS|offer|NOR", "b"] == "denies" and ("BOATS|offer|TAV", "b") not in cells


def test_talks_of_one_year_are_not_the_claim_of_another():
    may, july = told("a", stage="talks", day="2031-05-02"), told("b", stage="talks", day="2031-07-02", speaker="x")
    cells, claims = stances(may, july, told("c", stage="talks", speaker="y"))
    assert claims["claim_id"].nunique() == 3 and accounts.differing(claims).empty
    assert len({c for c, _ in stances(may, told("b", stage="talks", day="2031-05-02", speaker="x"))[0]}) == 1
    cells, _ = stances(told("a", day="2031-05-02"), told("b", "rumoured"))
    assert cells == {("BOATS|offer|NOR", "a"): "asserts", ("BOATS|offer|NOR", "b"): "attributes"}, "taken once"
    _, claims = stances(told("a", day="2031-05-02"), told("b", day="2031-07-02", actor="TAV"))
    assert not claims["rival"].any(), "another side on another day is another step"


def test_a_text_that_tells_and_denies_does_both_and_other_texts_only_tell():
    _, claims = stances(told("a"), told("a", "denied", "a minister"), told("b"), told("c", speaker="x"),
                        told("c", "denied", "y"))
    does = {r.doc_id: (r.stance, r.both) for r in claims.itertuples()}
    assert does == {"a": ("asserts", True), "b": ("asserts", False), "c": ("denies", True)}
    assert accounts.why(claims).tolist() == ["between"], "c leaves it to others, and reports the denial"
    assert accounts.why(claims[claims["doc_id"].ne("c")]).tolist() == ["within"]
    assert "1 within its own text" in accounts.say_claims(claims[claims["doc_id"].eq("c")])


def test_a_step_put_down_to_different_sides_is_one_disagreement():
    _, claims = stances(told("a"), told("a", actor="TAV"), told("b", key="CORN", actor="TAV"), told("b", key="CORN"))
    shown = accounts.differing(claims)
    assert claims["claim_id"].nunique() == 4 and shown["why"].eq("sides").all()
    assert set(shown["disagreement"]) == {"BOATS|offer", "CORN|offer"}
    assert "There are 2 disagreements: 2 steps are put down to different sides." in accounts.say_claims(claims)


def test_what_was_withheld_is_denied_as_of_its_day():
    def day_of(day):
        return told("b", stage="imposed", day=day, speaker="x")
    withheld = told("a", "not_happened", stage="withheld", day="2031-05-10")
    assert {s for (c, d), s in stances(day_of(None), withheld)[0].items() if d == "a"} == {"denies"}
    cells, claims = stances(day_of("2031-07-01"), withheld)
    assert {d for _, d in cells} == {"b"} and not claims["contested"].any()
    assert {d for _, d in stances(day_of("2031-07-01"), told("a", "not_happened", stage="withheld"))[0]} == {"b"}, (
        "as of an unknown day")
    linked = link(mentions(day_of("2031-05-01"), told("a", "not_happened", stage="withheld")), layer="adjudicated")[1]
    claims = accounts.claim_matrix(linked.assign(published_latest="2031-05-10"))
    assert claims["contested"].all(), "as of the day of its text"


def test_claims_on_which_accounts_differ_come_first_by_how_many_speak_of_them():
    _, claims = stances(told("a"), told("b", speaker="x"), told("a", key="CORN"), told("b", key="CORN"),
                        told("a", key="RADAR"), told("b", "denied", key="RADAR"))
    shown = accounts.differing(claims)
    assert list(dict.fromkeys(shown["claim_id"])) == ["RADAR|offer|NOR", "BOATS|offer|NOR"]
    assert shown.drop_duplicates("claim_id")["why"].tolist() == ["between", "voice"]
    assert accounts.say_claims(claims) == (
        "Of 3 claims, 3 are told or denied by more than one text. There are 2 disagreements: 1 claim is contested (1 "
        "denied by another text) and 1 claim is told in different ways (asserted by one text, only attributed by "
        "another).")
    agreed = accounts.claim_matrix(link(mentions(told("a"), told("b")), layer="adjudicated")[1])
    assert accounts.say_claims(agreed).endswith("is told or denied by more than one text. On none do accounts differ.")
    empty = accounts.claim_matrix(mentions(told("a"))[:0].assign(event_id=pd.NA))
    assert accounts.differing(empty).empty and accounts.say_claims(empty).startswith("No claim is told by two")


RECORD = pd.DataFrame({"event_id": ["R1", "R2", "R3"], "label": ["x", "y", "z"], "track": "sanctions",
                       "date_lo": ["2031-05-04", "2031-05-20", "2032-01-01"]}, dtype="string")


def test_no_text_is_held_to_what_came_after_it():
    told_ = pd.DataFrame({"doc_id": ["a", "b"], "record_id": ["R1", "R1"]}, dtype="string")
    otherwise = pd.DataFrame({"doc_id": ["b"], "record_id": ["R1"]})
    covered = accounts.coverage(RECORD, told_, DOCUMENTS, otherwise)
    state = covered.set_index(["doc_id", "event_id"])["state"].to_dict()
    assert [state[d, "R1"] for d in "abc"] == ["told", "told_otherwise", "no_day"]
    assert [state[d, "R2"] for d in "abc"] == ["not_yet", "left_out", "no_day"]
    assert [state[d, "R3"] for d in "abc"] == ["not_yet", "not_yet", "no_day"]      # c has no date at all
    assert accounts.say_coverage(covered) == (
        "Of the 3 listed events, 1 is told by at least one of these texts, 1 could have been told and is not and 1 "
        "only a text whose day is not known could tell.")
    inferred = DOCUMENTS.assign(inferred_latest=["2040-01-01", None, "2031-05-05"]).convert_dtypes()
    again = accounts.coverage(RECORD, told_, inferred).set_index(["doc_id", "event_id"])["state"]
    assert (again["c", "R3"], again["a", "R3"]) == ("not_yet", "not_yet")           # a declared day wins
    same_day = DOCUMENTS.assign(published_latest="2031-05-20")
    assert accounts.coverage(RECORD, told_, same_day).set_index(["doc_id", "event_id"])["state"]["a", "R2"] == \
        "left_out", "what came on the day of a text, it could know"
    assert accounts.say_coverage(covered[covered["doc_id"] != "c"]) == (
        "Of the 3 listed events, 1 is told by at least one of these texts and 1 could have been told and is not; 1 "
        "came after the last of them.")
    assert "fill in the template" in accounts.say_coverage(accounts.coverage(None, told_, DOCUMENTS))
    assert set(compare.record_template()["column"]) >= {"event_id", "date_lo", "date_hi", "track", "kind", "status"}


def test_what_is_told_is_counted_by_track_and_not_held_against_a_text_without_a_day():
    listed = RECORD.assign(track=["law", "talks", "law"])
    told_ = pd.DataFrame({"doc_id": ["a", "b", "c"], "record_id": ["R1", "R1", "R1"]}, dtype="string")
    covered = accounts.coverage(listed, told_, DOCUMENTS, pd.DataFrame({"doc_id": ["b"], "record_id": ["R1"]}))
    rows = accounts.told_of(covered, {"talks": "talks", "law": "laws", "alliance": "alliance"})
    assert list(rows.columns) == ["doc_id", "talks", "laws"], "in the order of the codebook, without empty tracks"
    assert rows.set_index("doc_id").to_dict("index") == {
        "a": {"talks": "0 of 0", "laws": "1 of 1"}, "b": {"talks": "0 of 1", "laws": "1 of 1, 1 otherwise"},
        "c": {"talks": "0", "laws": "1"}}


def test_the_text_whose_quotations_came_furthest_is_named():
    hops = pd.DataFrame({"doc_id": ["a", "a", "b", "b"], "hops": [0, 2, 0, 1], "n": [3, 1, 1, 1]})
    assert accounts.say_depth(hops, documents=DOCUMENTS).endswith("; the greatest share in B, 2031, 1 of 2.")
    even = hops.assign(n=[1, 1, 1, 1])
    assert "greatest" not in accounts.say_depth(even, documents=DOCUMENTS)


def test_voices_are_counted_by_bloc_whether_coded_by_country_or_by_bloc():
    quotes = pd.DataFrame({"doc_id": ["a"] * 6, "speaker_bloc": ["NOR", "Norvia", "NOR+KES", "ZZZ", None, "NOR+NOR"]})
    counted = accounts.voices(quotes, {"NOR": "Norvia", "KES": "Kestria"}).set_index("bloc")["n"].to_dict()
    assert counted == {"Norvia": 3, "several together": 1, "other": 1, "not placed": 1}


def test_a_side_is_missed_only_where_most_texts_quote_its_officials():
    counts = pd.DataFrame([("a", "Norvia", "official"), ("b", "Norvia", "official"), ("c", "Norvia", "other"),
                           ("a", "Kestria", "official"), ("b", "several together", "official"),
                           ("c", "several together", "official")], columns=["doc_id", "bloc", "role"]).assign(n=1)
    assert accounts.say_unheard(counts, DOCUMENTS) == (
        "Quoted in most of these texts, but not in all: officials and bodies of Norvia (not in C, undated).")
    assert accounts.say_unheard(counts[1:], DOCUMENTS).startswith("No text leaves out")


def test_speakers_of_one_country_are_told_apart_by_who_they_are():
    people = [("NOR", "Norvia", "state", "", "", ""), ("N.gazette", "The Gazette", "medium", "", "", ""),
              ("NOR.mod", "Norvian Defence Ministry", "organisation", "", "", ""),
              ("NOR.holt", "Ana Holt", "person", "minister", "2030", ""),
              ("NOR.lind", "Per Lind", "person", "admiral", "2020", "2029-12"),
              ("NOR.ask", "Ida Ask", "person", "professor at Havn", "", ""),
              ("NOR.vik", "Bo Vik", "person", "prime minister", "2010", "2020"),
              ("NOR.vik", "Bo Vik", "person", "leader of the Fish Party", "2021", "")]
    actors = pd.DataFrame(people, columns=["actor_id", "name", "kind", "office", "valid_from", "valid_to"])
    aliases = pd.DataFrame({"alias": ["Holt", "Norvian", "Havn", "Gazette"], "actor_id": [
        "NOR.holt", "NOR", "NOR", "N.gazette"], "form": ["name", "demonym", "metonym", "name"]})
    book = SimpleNamespace(actors=actors, aliases=aliases)
    said = {"Holt": "official", "she (Ana Holt)": "official", "Havn": "official", "The Norvia": "official",
            "Norvian Defence Ministry": "official", "a Norvian official": "official",
            "the newspaper (The Gazette)": "medium", "foreign media": "medium", "a draft seen by the Gazette": "other",
            "Ida Ask": "other", "Bo Vik": "other", "Per Lind": "other", "experts of Norvia": "other",
            "the crabbers of Norvia": "other", "posts on social media": "other", None: "other"}
    quotes = pd.DataFrame({"doc_id": "a", "speaker": list(said)})
    texts = pd.DataFrame({"doc_id": ["a"], "published_earliest": ["2031-05-01"], "published_latest": ["2031-05-03"]})
    assert dict(zip(said, compare.roles(quotes, book, texts))) == said
    early = texts.assign(published_earliest="2015-05-01", published_latest="2015-05-03")
    assert compare.roles(quotes, book, early)[quotes["speaker"].eq("Bo Vik").fillna(False)].tolist() == ["official"]
    by_id = pd.DataFrame({"speaker": ["he", "she"], "speaker_id": ["NOR.holt", "N.gazette"]})
    assert compare.roles(by_id, book).tolist() == ["official", "medium"]


def test_depth_counts_hops_of_labels_and_of_the_table_alike():
    labels = pd.DataFrame({"doc_id": ["a", "a", "b"], "medium_chain": ["Post", "Post<Wire<clerk", None]})
    # in the table the last hop is the speaker: q1 is the outlet's own hearing, q3 names nobody
    chain = pd.DataFrame({"doc_id": ["a", "a", "a", "a", "a", "a", "b"],
                          "quote_id": ["q1", "q1", "q2", "q2", "q2", "q2", "q3"], "hop": [0, 1, 0, 1, 2, 3, 0]})
    expected = {("a", 0): 1, ("a", 2): 1, ("b", 0): 1}
    for rows in (labels, chain):
        assert accounts.depth(rows).set_index(["doc_id", "hops"])["n"].to_dict() == expected


@pytest.mark.parametrize("chain, speaker, hops", [
    ("Post<Wire", "Wire", 0), ("Post<Wire", "the agency (Wire)", 0), ("Post<Wire<clerk", "Wire", 0),
    ("Post<Wire<unnamed clerk", "a port clerk", 1), ("Post<Wire", "the minister", 1), ("Post", "Post", 0),
    ("", None, 0)])
def test_a_medium_that_speaks_itself_is_no_hop(chain, speaker, hops):
    rows = pd.DataFrame({"doc_id": ["a"], "medium_chain": [chain], "speaker": [speaker]})
    assert accounts.depth(rows)["hops"].tolist() == [hops]


# shared words -------------------------------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from("ash elm oak fir yew bay".split()), min_size=1, max_size=30)


def runs(a: str, b: str, least=4, cut=()):
    texts = {"a": a, "b": b}
    spans = [(d, s, e) for d, t in texts.items() for s, e in zip([0, *cut], [*cut, len(t)])]
    return accounts.reuse(texts, pd.DataFrame(spans, columns=["doc_id", "start", "end"]), least)


def test_runs_ignore_case_and_marks_and_end_where_words_differ():
    found = runs("He said: “The Old boats, at last, were sold.” Then rain.", "The old boats at last were bought; rain.")
    assert found[["start_a", "end_a", "start_b", "end_b", "n_words"]].values.tolist() == [[10, 38, 0, 26, 6]]
    assert runs("one two three four", "four three two one").empty
    same = "one two three four five six"
    assert runs(same, same, cut=(14,))["n_words"].tolist() == [6]                    # sentences next to each other
    assert runs("x one two three", "y one two three").empty                          # a run too short


@given(WORDS, WORDS)
@settings(max_examples=150, deadline=None)
def test_runs_are_the_same_words_and_none_lies_over_another(a, b):
    one, two = " ".join(a), " ".join(b)
    found = runs(one, two, least=3)
    for side, text in (("a", one), ("b", two)):
        spans = sorted(zip(found[f"start_{side}"], found[f"end_{side}"]))
        assert all(e <= s for (_, e), (s, _) in zip(spans, spans[1:]))
        assert all(len(text[s:e].split()) == n for s, e, n in
                   zip(found[f"start_{side}"], found[f"end_{side}"], found["n_words"]))
    assert all(one[r.start_a:r.end_a] == two[r.start_b:r.end_b] for r in found.itertuples())
    shared = any(a[i:i + 3] == b[j:j + 3] for i in range(len(a) - 2) for j in range(len(b) - 2))
    assert shared == bool(len(found))


def test_a_refrain_is_no_reuse_but_a_run_that_holds_it_is_found_whole():
    refrain = " ash" * (accounts.OFTEN + 10)
    assert runs("one" + refrain, "two" + refrain).empty
    (row,) = runs(f"one{refrain} elm oak fir yew{refrain} bay", f"two{refrain} elm oak fir yew{refrain} six").values
    assert row[6] == 2 * len(refrain.split()) + 4 and row[1] == len("one ")


def table(*rows):
    return pd.DataFrame(rows, columns=["doc_a", "start_a", "end_a", "doc_b", "start_b", "end_b", "n_words"])


def test_pairs_are_counted_against_the_shorter_text():
    pairs = accounts.shared(table(("a", 0, 50, "b", 10, 60, 10), ("a", 90, 140, "b", 70, 120, 8)), DOCUMENTS)
    assert pairs[["runs", "words", "longest", "share"]].values.tolist() == [[2, 18, 10, .36]]
    assert accounts.say_reuse(pairs, DOCUMENTS) == (
        "Only one of 3 pairs of these texts shares a run of 7 words or more: A, 2031 and B, 2031, 18 words in 2 runs, "
        "36% of the shorter text.")
    assert accounts.patterned(pairs), "two runs make a pattern"
    single = accounts.shared(table(("a", 0, 50, "b", 10, 60, 10), ("a", 90, 140, "c", 70, 120, 8)), DOCUMENTS)
    assert not accounts.patterned(single) and not accounts.patterned(accounts.shared(table(), DOCUMENTS))
    assert accounts.say_reuse(single, DOCUMENTS).startswith(
        "2 of 3 pairs of these texts share a run of 7 words or more: most is shared by A, 2031 and B, 2031, 10 words")
    assert accounts.say_reuse(accounts.shared(table(), DOCUMENTS), DOCUMENTS) == \
        "No two of these texts share a run of 7 words."


@pytest.mark.parametrize("narrow", [False, True])
def test_shared_runs_are_drawn_with_every_run_and_nothing_over_anything(narrow):
    sentences = pd.DataFrame({"doc_id": ["a", "b", "c"], "start": 0, "end": [900, 700, 800]})
    rows = table(("a", 0, 50, "b", 10, 60, 10), ("a", 90, 140, "b", 70, 120, 8), ("b", 300, 360, "c", 0, 60, 9))
    chart = drawing.shared_runs(rows, DOCUMENTS, sentences, narrow=narrow)
    assert faults(chart) == {} and len(chart.data) == 3
    assert chart.title == ("36% of B, 2031 stands word for word in A, 2031, in runs of 7 words or more; 1 other pair "
                           "shares some")
    none = drawing.shared_runs(rows[:0], DOCUMENTS, sentences, narrow=narrow)
    assert faults(none) == {} and none.title == "No two of these 3 texts share a run of 7 words"
    two = drawing.shared_runs(rows[:2], DOCUMENTS, sentences, narrow=narrow)
    assert "no other pair shares any" in two.title and "Nothing shared: C, undated" in " ".join(
        t.get_text() for t in two.fig.findobj(lambda o: hasattr(o, "get_text")))


# opening ------------------------------------------------------------------------------------------------------------


def test_a_case_without_a_layer_takes_the_other_and_says_so(tmp_path):
    import shutil
    data = open_case("practice").data
    for part in ("raw", "processed"):
        shutil.copytree(data / part / "practice", tmp_path / part / "practice")
    case = open_case("practice", tmp_path)
    book = load_codebook(case.raw / "codebook")
    for name in ("event_mentions", "adjudicated_event_mentions"):
        assert case.has(name)
    events, linked, said = compare.events_of(case, "machine", codebook=book)
    assert len(events) and linked["event_id"].notna().all() and "(machine layer)" in said
    (case.processed / "adjudicated_event_mentions.csv").unlink()
    assert "There is no adjudicated layer: not reviewed" in compare.events_of(case, "adjudicated", codebook=book)[2]
    assert compare.rows_of(case, "event_mentions", "adjudicated")[1] == "machine"
    assert compare.rows_of(case, "event_mentions", "adjudicated", strict=True)[1] == "none"
    (case.processed / "event_mentions.csv").unlink()
    events, linked, said = compare.events_of(case)
    assert events.empty and said.startswith("No event was coded")
    assert compare.rows_of(case, "quotes", "adjudicated")[1] == "adjudicated"


def test_machine_mentions_are_tied_to_the_record_only_by_a_day_of_their_own():
    class Book:
        actors = pd.DataFrame({"actor_id": ["NOR"], "name": ["Norvia"]}, dtype="string")
        aliases = None
    listed = pd.DataFrame({"event_id": ["R1"], "kind": ["designation"], "actor": ["Norvia"], "date_lo": ["2031-05-04"],
                           "date_hi": ["2031-05-04"]}, dtype="string")
    rows = mentions(told("a", stage="imposed", day="2031-05-04"), told("a", stage="imposed"),
                    told("a", stage="imposed", day="2031-05-05"), told("a", stage="imposed", day="2031-05-03"),
                    told("a", day="2031-05-04"),
                    told("a", stage="imposed", day="2031-05-04", actor="TAV"),
                    told("a", "planned", stage="imposed", day="2031-05-04"))
    tied = compare.opening.tie(rows, listed, Book)
    assert tied["record_id"].fillna("").tolist() == ["R1", "", "", "", "", "", ""]
    assert compare.opening.tie(rows, None, Book)["record_id"].isna().all()


def test_each_event_names_the_place_it_comes_from_in_order_of_time():
    events, linked = link(mentions(told("a", day="2031-05-04"), told("b", key="CORN"), told("b", day="2031-05-04")),
                          layer="adjudicated")
    files = DOCUMENTS.assign(file=["a.txt", "b.txt", "c.txt"], url=["https://a.example", None, None], archive_url=None,
                             title_end=[0, 0, 0])
    rows = compare.origins(events, linked, files)
    assert rows[["when", "file", "start"]].fillna("").values.tolist() == [["2031-05-04", "a.txt", 0], ["", "b.txt", 10]]
    assert rows["page"].fillna("").tolist() == ["https://a.example", ""]
    titled = compare.origins(events, linked, files.assign(title_end=[5, 0, 0]))
    assert titled[["file", "start"]].values.tolist()[0] == ["b.txt", 20], "a body goes before a title"
