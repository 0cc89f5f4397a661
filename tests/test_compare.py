"""Linking: which mentions are one event, on which dates, and how sure."""
import pandas as pd
import pytest

from helpers.case import ParameterError, open_case
from helpers.compare import answer, borrow_dates, choose, coverage_by_track, headline_of, link, linking
from helpers.tables import TableError

DOCUMENTS = pd.DataFrame({"doc_id": ["a", "b", "c"], "published_latest": ["2031-05-10", "2031-06-01", None]})


def mentions(*rows):
    """Rows of (doc, key, stage, status, earliest, latest, speaker)."""
    frame = pd.DataFrame(rows, columns=["doc_id", "event_key", "stage", "status", "earliest", "latest", "speaker"])
    n, dated = range(len(frame)), frame["earliest"].notna()
    return frame.assign(event_mention_id=[f"m{i}" for i in n], trigger_start=list(n), trigger_end=[i + 1 for i in n],
                        granularity=dated.map({True: "day", False: "none"}),
                        basis=dated.map({True: "explicit", False: "none"}), label=[f"l{i}" for i in n],
                        actor_id="NOR", target_id="KES", track="negotiation", type="AGREE").convert_dtypes()


def test_one_matter_one_step_and_overlapping_dates_make_one_event():
    told = mentions(("a", "PACT", "offer", "proposed", "2031-05-01", "2031-05-31", None),
                    ("b", "PACT", "offer", "happened", "2031-05-04", "2031-05-04", None))
    events, linked = link(told, layer="adjudicated")
    assert len(events) == 1 and linked["event_id"].nunique() == 1
    event = events.iloc[0]
    assert (event["earliest"], event["latest"]) == ("2031-05-04", "2031-05-04")
    assert event["status"] == "happened" and event["n_documents"] == 2


def test_another_step_or_another_date_makes_another_event():
    events, _ = link(mentions(("a", "PACT", "offer", "proposed", "2031-05-01", "2031-05-01", None),
                              ("a", "PACT", "reject", "happened", "2031-05-01", "2031-05-01", None),
                              ("b", "PACT", "offer", "proposed", "2031-07-01", "2031-07-01", None)), layer="machine")
    assert len(events) == 3 and set(events["layer"]) == {"machine"}
    assert events["event_id"].is_unique


def test_an_undated_mention_joins_the_event_most_texts_tell_of_if_as_sure():
    events, linked = link(mentions(("a", "PACT", "offer", "proposed", "2031-05-01", "2031-05-01", None),
                                   ("b", "PACT", "offer", "proposed", "2031-07-01", "2031-07-01", None),
                                   ("c", "PACT", "offer", "proposed", "2031-07-01", "2031-07-01", None),
                                   ("a", "PACT", "offer", "proposed", None, None, None),
                                   ("a", "PACT", "offer", "rumoured", None, None, None)), layer="adjudicated")
    joined = linked.set_index("event_mention_id")["event_id"]
    assert joined["m3"] == joined["m1"] == joined["m2"] != joined["m0"]
    assert joined["m4"] not in set(joined[:4])
    assert events.set_index("event_id").loc[joined["m4"], "granularity"] == "none"


def test_an_undated_mention_joins_no_event_that_its_text_could_not_know():
    rows = [("b", "LAW", "passed", "happened", "2031-05-20", "2031-05-20", None),
            ("a", "LAW", "passed", "happened", None, None, None), ("c", "LAW", "passed", "happened", None, None, None)]
    events, linked = link(mentions(*rows), layer="adjudicated", documents=DOCUMENTS)
    told = linked.set_index("doc_id")["event_id"]
    assert told["b"] == told["c"] != told["a"], "a came out ten days before, the day of c nobody knows"
    assert events.set_index("event_id").loc[told["b"], "n_documents"] == 2


def test_what_a_report_tells_joins_no_event_that_begins_after_the_report():
    rows = [("b", "LAW", "passed", "happened", "2031-05-20", "2031-05-20", None),
            ("c", "LAW", "passed", "happened", None, "2031-05-15", None),
            ("c", "LAW", "passed", "happened", None, "2031-05-25", None)]
    told = link(mentions(*rows), layer="adjudicated", documents=DOCUMENTS)[1]["event_id"].tolist()
    assert told[0] == told[2] != told[1]


def test_of_what_is_done_again_and_again_an_undated_mention_joins_only_what_its_own_text_dates():
    def apart(stage, status="happened", other="b"):
        rows = [("a", "PACT", stage, status, "2031-05-01", "2031-05-01", None),
                (other, "PACT", stage, status, None, None, None)]
        return link(mentions(*rows), layer="adjudicated", documents=DOCUMENTS)[1]["event_id"].nunique() == 2
    assert apart("talks") and apart("objection") and not apart("talks", other="a")
    assert apart("signature", "not_happened") and not apart("signature")


def test_what_is_only_supposed_is_no_account_of_what_is_done_again_and_again():
    def linked(stage, **who):
        rows = [("a", "PACT", stage, status, None, None, None)
                for status in ("happened", "denied", "rumoured", "planned", "planned", "opinion")]
        return link(mentions(*rows), layer="adjudicated", **who)
    events, told = linked("objection")
    assert sorted(told.groupby("event_id").size()) == [1, 2, 3] and events["event_id"].is_unique
    assert set(events["status"]) == {"happened", "planned", "opinion"}
    assert len(linked("offer")[0]) == 1, "a step that is taken once"
    assert len(linked("offer", named=False)[0]) == 3, "of a matter that is no more than a pair of states, any step"


def test_the_actor_is_whom_most_bodies_name_not_the_title_of_the_first_document():
    rows = mentions(*[(doc, "PACT", "offer", "proposed", "2031-05-01", "2031-05-31", None) for doc in "aabc"])

    titles = DOCUMENTS.assign(title_start=0, title_end=1)

    def actor(*names, stage="offer"):
        told = rows.assign(actor_id=list(names), stage=stage)
        return link(told, layer="adjudicated", documents=titles)[0]["actor_id"].item()
    assert actor("NOR.senate", "NOR.holt", "NOR.holt", None) == "NOR.holt"
    assert actor("NOR.senate", "NOR.senate", "NOR.holt", "NOR.holt") == "NOR.holt", "in more texts"
    assert actor("NOR.senate", "NOR", "NOR.holt", None) == "NOR.holt", "of as many texts, the more specific"
    assert actor("KES", "NOR.holt", "NOR+KES", None, stage="talks") == "NOR+KES", "of talks, both sides"
    assert actor("NOR.senate", None, None, None) is pd.NA or pd.isna(actor("NOR.senate", None, None, None))
    title = rows.iloc[:1].assign(actor_id="NOR.senate")
    assert link(title, layer="adjudicated", documents=titles)[0]["actor_id"].item() == "NOR.senate", "better than none"


def test_a_refusal_is_not_denied_by_a_denial_in_its_matter():
    events, _ = link(mentions(("a", "PACT", "reject", "happened", None, None, "a minister"),
                              ("a", "PACT", "deny", "happened", None, None, "a minister")), layer="adjudicated")
    assert set(events["status"]) == {"happened"}


def test_what_only_speakers_claim_and_another_denies_is_denied():
    claimed = ("a", "SALE", "contract", "happened", "2031-05-02", "2031-05-02", "a minister")
    denial = ("a", "SALE", "deny", "happened", "2031-05-02", "2031-05-02", "an official")

    def status(*rows, **who):
        return link(mentions(*rows), layer="adjudicated", **who)[0].set_index("stage")["status"].to_dict()
    assert status(claimed, denial) == {"contract": "denied", "deny": "happened"}
    assert status(claimed)["contract"] == "happened"
    own_voice = claimed[:-1] + (None,)
    assert status(own_voice, denial)["contract"] == "happened"
    late = denial[:4] + ("2031-09-01", "2031-09-01", "an official")
    assert status(claimed, late)["contract"] == "happened"
    bare = denial[:4] + (None, None, "an official")
    assert status(claimed, bare)["contract"] == "denied"
    assert status(claimed, bare, named=False)["contract"] == "happened", "no more than a pair of states: of any step"


def test_a_measure_that_a_speaker_claims_and_another_text_knows_to_be_withheld_is_denied():
    claimed = ("a", "BAN", "imposed", "happened", None, None, "a deputy")
    held = ("b", "BAN", "withheld", "not_happened", "2031-05-01", "2031-05-31", None)

    def status(*rows, layer="adjudicated"):
        return link(mentions(*rows), layer=layer)[0].set_index("stage")["status"]["imposed"]
    assert status(claimed, held) == "denied"
    assert status(claimed[:-1] + (None,), held) == "happened", "the text says so itself"
    assert status(claimed[:4] + ("2031-06-01", "2031-06-01", "a deputy"), held) == "happened", "later"
    assert status(claimed, held, layer="machine") == "happened", "the machine's matters are pairs of states"


def test_an_event_has_the_days_that_its_texts_give_and_a_basis_that_is_theirs():
    def event(*rows):
        told = mentions(*[("abc"[i], "BAN", "imposed", "happened", low, high, None)
                          for i, (low, high, _) in enumerate(rows)])
        told["basis"] = [basis for *_, basis in rows]
        found, _ = link(told, layer="adjudicated")
        return found[["earliest", "latest", "basis"]].values.tolist()
    month, day = ("2031-05-01", "2031-05-31", "explicit"), ("2031-05-14", "2031-05-14", "record")
    assert event(month, day) == event(day, month) == [["2031-05-01", "2031-05-31", "explicit"]]
    assert event(day) == [list(day)]
    # days that no text gives, put together from two, are as sure as the less sure of them
    rest = ("2031-05-20", "2031-06-20", "relative")
    assert event(month, rest) == [["2031-05-20", "2031-05-31", "relative"]]
    # what is tied to two entries of the record is not one step, though a year holds both
    year = mentions(*[(doc, "PACT", "contract", "happened", *days, None) for doc, days in (
        ("a", ("2031-05-01", "2031-05-31")), ("b", ("2031-01-01", "2031-12-31")))])
    assert len(link(year.assign(record_id=["R1", "R2"]), layer="adjudicated")[0]) == 2
    assert len(link(year.assign(record_id=["R1", pd.NA]), layer="adjudicated")[0]) == 1
    assert event(month, ("2031-05-20", "2031-05-22", "relative")) == [["2031-05-20", "2031-05-22", "relative"]]


def test_intervals_that_share_one_day_are_one():
    touching = [("2031-01-05", "2031-01-09"), ("2031-01-01", "2031-01-05")]
    assert linking.joined(touching) == [("2031-01-01", "2031-01-09")]
    assert len(linking.joined([("2031-01-06", "2031-01-09"), ("2031-01-01", "2031-01-05")])) == 2


RECORD = pd.DataFrame({"event_id": ["R1", "R2"], "date_lo": ["2031-05-04", "2031-05-20"],
                       "date_hi": ["2031-05-04", "2031-05-20"], "precision": ["day", "day"]}, dtype="string")
LINKS = pd.DataFrame({"event_key": ["PACT", "LAW"], "record_id": ["R1", "R2"], "lend": ["yes", "yes"]}, dtype="string")


def test_a_link_to_an_entry_that_is_not_listed_is_named_with_its_line():
    told = mentions(("a", "PACT", "offer", "happened", None, None, None))
    with pytest.raises(TableError, match="record_links.csv, line 3: 'R9' is no entry of reference.csv"):
        borrow_dates(told, LINKS.assign(record_id=["R1", "R9"]), RECORD, DOCUMENTS)


def test_an_undated_event_borrows_the_records_date_and_says_so():
    out = borrow_dates(mentions(("a", "PACT", "offer", "happened", None, None, None)), LINKS, RECORD, DOCUMENTS).iloc[0]
    assert (out["record_id"], out["earliest"], out["basis"]) == ("R1", "2031-05-04", "record")


def test_no_text_borrows_a_date_it_could_not_have_known():
    early, late = borrow_dates(mentions(("a", "LAW", "passed", "happened", None, None, None),
                                        ("b", "LAW", "passed", "happened", None, None, None)),
                               LINKS, RECORD, DOCUMENTS).to_dict("records")
    assert pd.isna(early["record_id"]) and pd.isna(early["earliest"])
    assert late["record_id"] == "R2"


def test_what_did_not_happen_and_what_is_dated_otherwise_borrows_nothing():
    out = borrow_dates(mentions(("a", "PACT", "offer", "not_happened", None, None, None),
                                ("a", "PACT", "offer", "happened", "2029-01-01", "2029-01-01", None)),
                       LINKS, RECORD, DOCUMENTS)
    assert out["record_id"].isna().all() and out["basis"].tolist() == ["none", "explicit"]


def test_no_mentions_make_no_events():
    events, linked = link(mentions(), layer="machine")
    assert events.empty and linked.empty


HEADS = pd.DataFrame({"doc_id": ["a", "b", "c"], "headline_actor": ["NOR", None, "NOR"],
                      "body_actor": ["NOR", "KES", "KES"]}, dtype="string")


def test_the_first_guess_is_about_a_headline_that_swaps_the_actor():
    assert headline_of(HEADS)["doc_id"].item() == "c"
    assert headline_of(HEADS.iloc[:2])["doc_id"].item() == "b"
    assert headline_of(HEADS, "b")["headline_actor"].item() == "nobody named"
    assert headline_of(HEADS.iloc[:0]).empty
    with pytest.raises(ParameterError, match="there are: a, b, c"):
        headline_of(HEADS, "z")


ACTORS = pd.DataFrame({"actor_id": ["NOR", "KES", "TAV"], "name": ["Norvia", "Keslund", "Tavia"]})
ALIASES = pd.DataFrame({"alias": ["K.L.", "Kesport", "Ottland"], "actor_id": ["KES", "KES", "OTT"]})


def test_every_guess_gets_its_own_answer():
    row = headline_of(HEADS).iloc[0]
    said = [answer(g, row, ACTORS, ALIASES) for g in ("", "KES", "NOR", "TAV")]
    assert len(set(said)) == 4 and "not whom the headline names" in said[1] and "someone else" in said[2]
    assert "neither" in said[3]


@pytest.mark.parametrize("guess", ["kes", "Keslund", " the keslund ", "K.L.", "kl", "Kesport"])
def test_a_guess_may_be_a_code_a_name_or_an_alias(guess):
    row = headline_of(HEADS).iloc[0]
    assert answer(guess, row, ACTORS, ALIASES) == f"You guessed {guess.strip()} (KES): that is whom the body names, " \
        "and not whom the headline names."


def test_a_guess_that_is_not_in_the_list_is_told_so():
    row = headline_of(HEADS).iloc[0]
    told = answer("Norvai", row, ACTORS, ALIASES)
    assert "not in the list; did you mean Norvia?" in told and "KES (Keslund)" in told
    assert "not in the list." in answer("Ottland", row, ACTORS, ALIASES), "known to the codebook, but not listed"


def test_a_body_that_names_nobody_is_not_said_to_name_someone_else():
    row = headline_of(HEADS.assign(body_actor=None), "c").iloc[0]
    assert answer("NOR", row, ACTORS, ALIASES).endswith("The body names nobody.")
    assert answer("", row, ACTORS, ALIASES).endswith("One of headline and body names nobody.")


def test_a_choice_that_fits_nothing_names_the_nearest():
    rows = mentions(("a", "PACT", "offer", "proposed", None, None, None))
    assert len(choose(rows, ["a"], actors=["NOR"])) == 1 and choose(rows, ["b"]).empty
    with pytest.raises(ParameterError, match="did you mean 'NOR'"):
        choose(rows, ["a"], actors=["NORW"])


def test_the_record_is_counted_as_told_left_out_or_not_yet_knowable():
    record = pd.DataFrame({"event_id": ["R1", "R2", "R3"], "track": ["t", "t", "t"],
                           "date_lo": ["2031-01-01", "2031-02-01", "2032-01-01"]})
    row = coverage_by_track(record, {"R1"}, DOCUMENTS).iloc[0]
    assert (row["listed"], row["told"], row["left_out"], row["not_yet_knowable"]) == (3, 1, 1, 1)


def labelled(*rows, documents=None, record=None, record_id=None):
    """The labels of the events of (doc, label, status) of one step and day."""
    told = mentions(*[(doc, "PACT", "offer", status, "2031-05-04", "2031-05-04", "a minister")
                      for doc, _, status in rows]).assign(label=[label for _, label, _ in rows], record_id=record_id)
    return link(told, layer="adjudicated", documents=documents, record=record)[0]["label"].tolist()


def test_an_event_goes_by_the_label_most_mentions_give_it_not_by_the_first_document():
    assert labelled(("a", "Odd words", "happened"), ("b", "Offer made", "happened"),
                    ("c", "Offer made", "happened")) == ["Offer made"]


def test_a_label_that_points_to_its_own_text_is_the_last_choice():
    pointing = ["He offers", "Offer made yesterday", "Offer, it says", "Offer on Thursday", "Offer ten weeks ago"]
    for words in pointing:
        assert labelled(("a", words, "happened"), ("b", words, "happened"), ("c", "Offer made", "happened")) == [
            "Offer made"]
    assert labelled(("a", "He offers", "happened")) == ["He offers"], "better than none"


def test_of_equally_common_labels_the_one_of_the_text_that_came_out_first():
    early_b = DOCUMENTS.assign(published_latest=["2031-06-01", "2031-05-10", None])
    told = [("c", "Third", "happened"), ("a", "First", "happened"), ("b", "Second", "happened")]
    assert labelled(*told, documents=DOCUMENTS) == ["First"] and labelled(*told, documents=early_b) == ["Second"]
    assert labelled(*told) == labelled(*reversed(told)) == ["First"], "without days: in the order of their ids"


def test_a_label_speaks_of_what_the_event_is_not_of_a_wish_for_it():
    assert labelled(("a", "Hoped for", "opinion"), ("b", "Hoped for", "opinion"), ("c", "Made", "happened")) == ["Made"]
    denial = ("b", "PACT", "offer", "denied", "2031-05-04", "2031-05-04", None)
    claimed = ("a", "PACT", "offer", "happened", "2031-05-04", "2031-05-04", "a minister")
    events, _ = link(mentions(claimed, denial), layer="adjudicated")
    assert events[["status", "label"]].values.tolist() == [["denied", "l0"]], "what is denied goes by what was claimed"
    events, _ = link(mentions(denial), layer="adjudicated")
    assert events[["status", "label"]].values.tolist() == [["denied", "l0"]]


def test_the_records_label_goes_to_the_one_event_that_most_texts_tell_of():
    record = pd.DataFrame({"event_id": ["R1"], "label": ["Offer on record"]})
    told = mentions(("a", "PACT", "offer", "happened", "2031-05-04", "2031-05-04", None),
                    ("a", "PACT", "offer", "happened", "2031-07-04", "2031-07-04", None),
                    ("b", "PACT", "offer", "happened", "2031-07-04", "2031-07-04", None)).assign(record_id="R1")
    events, _ = link(told, layer="machine", record=record)
    assert events.set_index("earliest")["label"].to_dict() == {"2031-05-04": "l0", "2031-07-04": "Offer on record"}
    assert labelled(("a", "Own words", "happened"), record=record, record_id="R1") == ["Offer on record"]
    assert labelled(("a", "Own words", "happened"), record=record) == ["Own words"]


def test_the_records_words_are_not_put_into_the_mouth_of_a_text_that_tells_it_otherwise():
    record = pd.DataFrame({"event_id": ["R1"], "label": ["Offer on record"]})
    links = pd.DataFrame({"event_key": ["PACT"], "stage": ["offer"], "record_id": ["R1"], "tells": ["otherwise"]})
    day = "2031-05-04"

    def label(links=None, status="happened"):
        told = mentions(("a", "PACT", "offer", status, day, day, None)).assign(record_id="R1")
        return link(told, layer="adjudicated", record=record, links=links)[0]["label"].item()
    assert label() == label(links.assign(tells=None)) == label(links.assign(stage="talks")) == "Offer on record"
    assert label(links) == label(links.assign(stage=None)) == label(links.drop(columns="stage")) == "l0"
    assert label(status="not_happened") == "l0", "an entry says what happened"


@pytest.mark.parametrize("name", ["s400", "practice"])
def test_the_label_of_what_did_not_happen_names_the_deed(name):
    mentions = open_case(name).load("adjudicated_event_mentions")
    labels = mentions.loc[mentions["status"].eq("not_happened"), "label"]
    assert len(labels) and labels[labels.str.contains(r"(?i)\b(?:no|not|never|without|declines?|awaiting)\b")].empty
