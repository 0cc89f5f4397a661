"""Moves: one frame of steps, ways out and answers, threats, lags, contested claims. An invented dispute, no case's."""
import pandas as pd
import pytest

from helpers.compare import accounts, link, moves

ACTORS = pd.DataFrame({"actor_id": ["NOR", "NOR.senate", "KES", "TAV"],
                       "name": ["Norvia", "Norvian Senate", "Kestria", "Tavaria"]}, dtype="string")
ALIASES = pd.DataFrame({"alias": ["US Norvia", "Kestrian"], "actor_id": ["NOR", "KES"]}, dtype="string")
FILLS = {"happened": "happened", "ongoing": "happened", "proposed": "announced", "planned": "announced",
         "rumoured": "claimed", "opinion": "claimed", "denied": "denied", "not_happened": "denied"}


def mentions(*rows):
    """Rows of (doc, key, stage, status, actor, target, day or None, track, speaker)."""
    names = ["doc_id", "event_key", "stage", "status", "actor_id", "target_id", "earliest", "track", "speaker"]
    frame = pd.DataFrame(rows, columns=names)
    n, dated = range(len(frame)), frame["earliest"].notna()
    return frame.assign(event_mention_id=[f"m{i}" for i in n], trigger_start=[10 * i for i in n],
                        trigger_end=[10 * i + 5 for i in n], latest=frame["earliest"], item=frame["event_key"],
                        granularity=dated.map({True: "day", False: "none"}), type="AGREE",
                        basis=dated.map({True: "explicit", False: "none"}), record_id=pd.NA,
                        label=[f"{r[1]} {r[2]} by {r[4]}" for r in rows]).convert_dtypes()


def record(*rows):
    """Rows of (id, day, track, kind, status, actor, target)."""
    frame = pd.DataFrame(rows, columns=["event_id", "date_lo", "track", "kind", "status", "actor", "target"])
    return frame.assign(date_hi=frame["date_lo"], precision="day", label="listed " + frame["event_id"],
                        announced_by=frame["actor"], disputed_by=pd.NA).convert_dtypes()


def stepped(told, listed=None, *ties):
    """Steps; ties are rows of (record_id, tie, to_id)."""
    events, linked = link(told, layer="adjudicated")
    tied = pd.DataFrame(ties, columns=["record_id", "tie", "to_id"], dtype="string") if ties else None
    return moves.steps(events, linked, listed, actors=ACTORS, aliases=ALIASES, fills=FILLS, ties=tied)


OFFER = ("a", "BOATS", "offer", "proposed", "NOR", "KES", "2031-03-01", "negotiation", None)


def test_the_records_own_words_become_codes():
    words = ["Norvian Senate (Holt)", "Norvia; Tavaria", "a Kestrian minister", "nobody known", None]
    assert moves.actor_codes(words, ACTORS, ALIASES) == ["NOR.senate", "NOR+TAV", "KES", "", ""]
    assert moves.actor_codes(["Norvians"], ACTORS) == [""]      # a longer word is another word


def test_an_event_taken_for_an_entry_is_one_step_with_the_records_day():
    told = mentions(("a", "PACT", "contract", "happened", "NOR", "KES", None, "procurement", None))
    listed = record(("R1", "2031-05-04", "procurement", "contract", "done", "Norvia", "Kestria"),
                    ("R2", "2031-06-01", "sanctions", "designation", "done", "Norvia", "Kestria"))
    rows = stepped(told.assign(record_id="R1"), listed).set_index("record_id")
    assert rows["source"].to_dict() == {"R1": "both", "R2": "record"}
    assert (rows.at["R1", "earliest"], rows.at["R1", "label"]) == ("2031-05-04", "PACT contract by NOR")
    assert (rows.at["R2", "stage"], rows.at["R2", "actor_id"]) == ("imposed", "NOR")
    assert len(stepped(told, listed)) == 3                       # not tied by linking: the text's and the record's
    assert stepped(told)["source"].tolist() == ["texts"]         # a case without a record


def test_what_linking_leaves_untied_is_not_tied_to_the_record_here():
    told = mentions(("a", "PACT", "contract", "happened", "NOR", "KES", "2031-05-04", "procurement", None))
    listed = record(("R1", "2031-05-04", "procurement", "contract", "done", "Norvia", "Kestria"))
    assert len(stepped(told, listed)) == 2
    assert len(stepped(told.assign(record_id="R1"), listed)) == 1


def test_the_sides_of_a_step_are_its_events():
    told = mentions(("a", "BOATS", "offer", "proposed", "NOR.senate", "KES", "2031-03-01", "negotiation", None),
                    *[(d, "BOATS", "offer", "proposed", "NOR", "KES", "2031-03-01", "negotiation", None) for d in "bc"])
    told.loc[1:, "latest"] = "2031-03-31"
    row = stepped(told).iloc[0]
    assert (row["actor_id"], row["label"]) == ("NOR", "BOATS offer by NOR"), "not the most finely dated mention's"


def test_a_finer_day_of_the_record_replaces_a_month_that_holds_it_but_no_other():
    told = mentions(("a", "PACT", "contract", "happened", "NOR", "KES", "2031-05-01", "procurement", None))
    for latest, expected in (("2031-05-31", "2031-05-04"), ("2031-05-02", "2031-05-01")):
        listed = record(("R1", "2031-05-04", "procurement", "contract", "done", "Norvia", "Kestria"))
        assert stepped(told.assign(latest=latest, record_id="R1"), listed)["earliest"].tolist() == [expected]


def test_a_link_that_lends_no_date_leaves_the_texts_their_own():
    told = mentions(("a", "PACT", "offer", "proposed", "NOR", "KES", "2031-04-20", "procurement", None))
    listed = record(("R1", "2031-05-04", "procurement", "offer", "done", "Norvia", "Kestria"))
    events, linked = link(told.assign(latest="2031-05-20", record_id="R1"), layer="adjudicated")
    for lend, expected in (("no", "2031-04-20"), ("yes", "2031-05-04")):
        links = pd.DataFrame({"record_id": ["R1"], "lend": [lend]}, dtype="string")
        rows = moves.steps(events, linked, listed, actors=ACTORS, aliases=ALIASES, fills=FILLS, links=links)
        assert rows[["earliest", "source"]].values.tolist() == [[expected, "both"]]
    bare = links[["record_id"]]
    silent = moves.steps(events, linked, listed, actors=ACTORS, aliases=ALIASES, fills=FILLS, links=bare)
    assert silent["earliest"].tolist() == ["2031-05-04"], "lent unless the link says no"


def test_the_actor_of_a_step_is_the_more_specific_one():
    told = mentions(OFFER, ("b", "BOATS", "offer", "proposed", "NOR.senate", "KES", "2031-03-01", "negotiation", None))
    told.loc[0, "latest"] = "2031-03-31"
    assert stepped(told)["actor_id"].tolist() == ["NOR.senate"]


def answered(*more, days=90, listed=None):
    return moves.ways_out(stepped(mentions(OFFER, *more), listed), days=days).iloc[0]


def test_an_offer_meets_the_answer_of_the_side_that_was_addressed():
    no = ("a", "BOATS", "reject", "happened", "KES", "NOR", "2031-04-10", "negotiation", None)
    row = answered(no)
    assert (row["answer"], row["answered_by"], row["answer_earliest"]) == ("refused", "KES", "2031-04-10")
    for stage, answer in (("agreement", "accepted"), ("counter_offer", "countered")):
        assert answered(("a", "BOATS", stage, *no[3:]))["answer"] == answer


@pytest.mark.parametrize("other", [
    ("a", "BOATS", "reject", "happened", "TAV", "NOR", "2031-04-10", "negotiation", None),   # not the side addressed
    ("a", "BOATS", "reject", "planned", "KES", "NOR", "2031-04-10", "negotiation", None),    # only expected
    ("a", "BOATS", "reject", "happened", "KES", "NOR", "2031-02-10", "negotiation", None),   # before the offer
    ("a", "CORN", "reject", "happened", "KES", "NOR", "2031-04-10", "negotiation", None),    # of another thing
    ("a", "BOATS", "deny", "happened", "KES", "NOR", "2031-04-10", "negotiation", None)])    # a denial is no answer
def test_what_is_no_answer(other):
    late = ("a", "END", "talks", "happened", "TAV", "KES", "2032-01-01", "negotiation", None)
    assert answered(other, late)["answer"] == "silence"
    assert answered(other)["answer"] == "open"                   # the window had not ended on the last dated day


def test_on_the_record_the_next_refusal_towards_the_offerer_counts_within_the_window():
    rows = [("R1", "2031-03-01", "negotiation", "offer", "done", "Norvia", "Kestria"),
            ("R2", "2031-04-20", "negotiation", "rejection", "done", "Kestria", "Norvia"),
            ("R3", "2031-04-10", "negotiation", "rejection", "done", "Kestria", "Tavaria"),
            ("R4", "2032-04-10", "negotiation", "talks", "done", "Kestria", "Tavaria")]
    empty = mentions(OFFER)[:0]
    both = {d: moves.ways_out(stepped(empty, record(*rows)), days=d).iloc[0] for d in (60, 40)}
    assert (both[60]["answer"], both[60]["answer_label"]) == ("refused", "listed R2")
    assert both[40]["answer"] == "silence"


def test_one_matter_is_one_way_out_and_rival_authors_are_named():
    row = moves.ways_out(stepped(mentions(
        OFFER, ("b", "BOATS", "offer", "rumoured", "KES", "NOR", None, "negotiation", None),
        ("b", "BOATS", "reject", "happened", "KES", "NOR", "2031-03-09", "negotiation", None))),
        names={"KES": "Kestria"})
    assert len(row) == 1 and row["answer"].item() == "refused"
    assert row["fate"].item() == "also said to come from Kestria"       # a rumour of the offer names another author
    unreal = moves.ways_out(stepped(mentions(OFFER[:3] + ("opinion",) + OFFER[4:])))
    sale = moves.ways_out(stepped(mentions(OFFER[:7] + ("procurement", None))))
    assert unreal.empty and sale.empty


def test_an_answer_that_another_account_denies_is_contested_not_given():
    row = answered(("b", "BOATS", "reject", "happened", "KES", "NOR", "2031-03-09", "negotiation", None),
                   ("c", "BOATS", "reject", "not_happened", "KES", "NOR", None, "negotiation", None))
    assert (row["answer"], row["answer_earliest"]) == ("contested", "2031-03-09")
    assert row["fate"] == "another account says that it was not"


@pytest.mark.parametrize("status", ["rumoured", "hypothetical"])
def test_what_is_only_rumoured_or_supposed_is_no_way_out_and_is_told_apart(status):
    rows = stepped(mentions(("a", "SALE", "concede", status, "KES", "NOR", None, "negotiation", None), OFFER))
    assert moves.ways_out(rows)["label"].tolist() == ["BOATS offer by NOR"]
    assert moves.supposed(rows)["label"].tolist() == ["SALE concede by KES"]
    heard = ("b", "BOATS", "offer", status, "KES", "NOR", None, "negotiation", None)
    assert moves.supposed(stepped(mentions(OFFER, heard))).empty     # one account has it as more than that


def test_an_answer_after_the_window_is_told_as_late():
    no = ("a", "BOATS", "reject", "happened", "KES", "NOR", "2031-06-10", "negotiation", None)
    # an answer on the last day of the window is in time
    assert [bool(answered(no, days=d)["late"]) for d in (90, 100, 101, 120)] == [True, True, False, False]
    assert not answered(("a", "BOATS", "reject", "happened", "KES", "NOR", None, "negotiation", None))["late"]


REQUEST = [("R1", "2031-03-01", "negotiation", "offer", "done", "Kestria", "Norvia"),
           ("R2", "2033-04-20", "procurement", "offer", "done", "Norvia", "Kestria"),
           ("R3", "2033-05-20", "negotiation", "talks", "done", "Norvia", "Kestria")]


def test_an_answer_that_the_record_ties_to_an_offer_counts_whenever_it_came():
    empty = mentions(OFFER)[:0]
    alone = moves.ways_out(stepped(empty, record(*REQUEST))).iloc[0]
    tied = moves.ways_out(stepped(empty, record(*REQUEST), ("R2", "accepts", "R1"))).iloc[0]
    assert alone["answer"] == "silence"
    assert (tied["answer"], tied["answer_label"], bool(tied["late"])) == ("accepted", "listed R2", True)


def test_a_tie_says_how_an_entry_answers_that_one_offer_and_no_other():
    listed = record(("R1", "2031-03-01", "negotiation", "offer", "done", "Kestria", "Norvia"),
                    ("R2", "2031-03-10", "negotiation", "offer", "done", "Kestria", "Norvia"),
                    ("R3", "2031-04-20", "negotiation", "reject", "done", "Norvia", "Kestria"))
    found = moves.ways_out(stepped(mentions(OFFER)[:0], listed, ("R3", "counters", "R1"))).set_index("label")["answer"]
    assert found.to_dict() == {"listed R1": "countered", "listed R2": "refused"}


@pytest.mark.parametrize("tie, said", [(("R2", "grants", "R1"), "line 2: a tie is one of accepts, .*not 'grants'"),
                                       (("R9", "accepts", "R1"), "line 2: 'R9' is no entry"),
                                       (("R2", "accepts", None), "line 2: '' is no entry")])
def test_a_tie_that_is_none_is_named_with_its_line(tie, said):
    with pytest.raises(ValueError, match=said):
        stepped(mentions(OFFER)[:0], record(*REQUEST), tie)


STAGES = pd.DataFrame({"label": ["threatened", "proposed", "made law", "withheld", "imposed", "lifted", "offer"],
                       "group": ["sanctions"] * 6 + ["negotiation"], "step": [2, 3, 4, 4, 5, 8, 1]},
                      index=["threatened", "proposed", "legislated", "withheld", "imposed", "lifted", "offer"])


def sanction(stage, day, status="happened", actor="NOR", target="KES", key="LIST"):
    return ("a", f"{key}{day}", stage, status, actor, target, day, "sanctions", None)


def test_sanction_stages_have_levels_and_words_are_no_deeds():
    names = moves.stage_names(STAGES)
    assert list(names) == ["threatened", "proposed", "legislated", "imposed", "lifted"]
    rows = moves.sanction_steps(stepped(mentions(
        sanction("legislated", "2031-01-01"), sanction("threatened", "2031-02-01"), sanction("imposed", "2031-03-01"),
        sanction("legislated", "2031-04-01"), sanction("imposed", "2031-05-01", "opinion"),
        sanction("threatened", "2031-06-01", target=None))), names).set_index("earliest")
    assert rows["fill"].to_dict() == {"2031-01-01": "happened", "2031-02-01": "announced", "2031-03-01": "happened",
                                      "2031-04-01": "happened"}
    # a law after the measure is no step back
    assert rows.index[rows["on_line"]].tolist() == ["2031-01-01", "2031-03-01"]


def test_one_measure_counts_once_and_another_quarrels_not_at_all():
    listed = record(("R1", "2031-01-10", "legislation", "law", "done", "Norvia", "Kestria"),
                    ("R2", "2031-02-10", "legislation", "law", "done", "Norvia", "Kestria"),
                    ("R3", "2031-03-10", "sanctions", "designation", "done", "Norvia", "Kestria"),
                    ("R4", "2031-04-10", "sanctions", "relief", "done", "Norvia", "Kestria"),
                    ("R5", "2031-01-20", "legislation", "threat", "done", "Norvia", "Kestria"),
                    ("R6", "2031-01-30", "legislation", "threat", "done", "Norvia", "Kestria"))
    ties = [("R1", "part_of", "R2"), ("R3", "background", None), ("R4", "background", None), ("R6", "part_of", "R5")]
    empty = mentions(OFFER)[:0]
    names = moves.stage_names(STAGES) | {"eased": "eased"}
    rows = moves.sanction_steps(stepped(empty, listed, *ties), names).set_index("step_id")
    assert rows.index[rows["background"]].tolist() == ["R3", "R4"]
    assert rows.index[rows["on_line"]].tolist() == ["R1", "R2"]
    assert rows["measure"].to_dict() == {"R1": "R2", "R2": "R2", "R3": "R3", "R4": "R4", "R5": "R5", "R6": "R5"}
    untied = moves.sanction_steps(stepped(empty, listed), names)
    followed = [moves.threats(each, days=80)["outcome"].tolist() for each in (rows.reset_index(), untied)]
    assert followed == [["not within the window"], ["followed", "followed"]]


def test_only_pairs_that_a_text_tells_of_are_kept_where_there_is_one():
    listed = record(("R1", "2031-05-04", "sanctions", "designation", "done", "Tavaria", "Kestria"))
    names = moves.stage_names(STAGES)
    both = moves.sanction_steps(stepped(mentions(sanction("imposed", "2031-03-01")), listed), names)
    alone = moves.sanction_steps(stepped(mentions(sanction("imposed", "2031-03-01"))[:0], listed), names)
    assert both["sender_id"].tolist() == ["NOR"] and alone["sender_id"].tolist() == ["TAV"]


def test_threats_are_followed_for_k_days_by_the_same_side_against_the_same():
    rows = moves.sanction_steps(stepped(mentions(
        sanction("threatened", "2031-01-01"), sanction("proposed", "2031-02-01"),
        sanction("imposed", "2031-02-20", actor="TAV"), sanction("imposed", "2031-04-01"),
        sanction("threatened", "2031-04-01"),       # on the measure's own day: nobody knows which came first
        sanction("threatened", "2031-05-01"), sanction("threatened", "2031-12-20"),
        sanction("lifted", "2031-12-31"))), moves.stage_names(STAGES))
    found = moves.threats(rows, days=80).set_index("earliest")
    assert found["outcome"].to_dict() == {"2031-01-01": "not within the window", "2031-02-01": "followed",
                                          "2031-04-01": "not within the window", "2031-05-01": "not within the window",
                                          "2031-12-20": "open"}
    assert found.at["2031-02-01", "days"] == 59 and pd.isna(found.at["2031-01-01", "measure"])
    assert moves.say_threats(found, 80) == ("Of 5 dated threats and bills, 1 was followed by a measure within 80 days, "
                                            "3 were not and 1 is still open.")
    none = moves.threats(rows[:0])
    assert none.empty and moves.say_threats(none, 80) == "No dated threat is told or listed."


def test_a_threat_and_a_measure_whose_days_are_intervals():
    def outcome(threat, *measures, days=80):
        rows = moves.sanction_steps(stepped(mentions(sanction("threatened", threat[0]),
                                                     *[sanction("imposed", m[0]) for m in measures])),
                                    moves.stage_names(STAGES))
        ends = dict([threat, *measures])
        rows["latest"] = rows["earliest"].map(ends)
        return moves.threats(rows, days=days, last="2033-01-01")[["outcome", "days"]].iloc[0].tolist()
    month = ("2031-05-01", "2031-05-31")
    assert outcome(month, ("2031-05-14", "2031-05-14")) == ["cannot be told", pd.NA], "within the threat's own month"
    assert outcome(month, ("2031-06-02", "2031-06-30")) == ["followed", 30]
    assert outcome(month, ("2031-06-02", "2031-12-31")) == ["cannot be told", pd.NA], "perhaps in December"
    assert outcome(month, ("2031-04-01", "2031-05-01")) == ["not within the window", pd.NA]
    assert outcome(month, ("2031-05-14", "2031-05-14"), ("2031-06-02", "2031-06-02")) == ["followed", 2]
    assert outcome(month, ("2031-08-19", "2031-08-19")) == ["followed", 80]
    assert outcome(month, ("2031-08-20", "2031-08-20")) == ["not within the window", pd.NA]


def test_lags_pair_by_the_rule_and_leave_open_what_has_no_second_step():
    told = mentions(("a", "DEAL", "contract", "happened", "KES", "TAV", "2031-01-01", "procurement", None),
                    ("a", "DEAL2", "contract", "happened", "KES", "TAV", "2031-02-01", "procurement", None),
                    ("a", "SHIP", "delivered", "happened", "TAV", "KES", "2031-03-01", "procurement", None),
                    ("a", "HIT", "imposed", "happened", "NOR", "KES", "2031-04-01", "sanctions", None),
                    ("a", "MISS", "imposed", "happened", "NOR", "ZZZ", "2031-03-15", "sanctions", None))
    pairs = moves.lag_pairs(stepped(told.assign(item=pd.NA)))
    kept = {(r.rule, r.from_id.split("-")[0], r.to_id if pd.isna(r.to_id) else r.to_id.split("-")[0])
            for r in pairs.itertuples()}
    assert ("contract → delivered", "deal2", "ship") in kept       # the last before the second, not both
    assert ("delivered → imposed", "ship", "hit") in kept          # against a side of the delivery, not a third state
    left = pairs[pairs["to_id"].isna()]
    assert left["rule"].tolist() == ["imposed → lifted"] * 2 and left["actor_id"].isna().all()   # two matters, two ends
    assert set(left["to_label"]) == {"no step “lifted” is told"} and set(left["from_actor_id"]) == {"NOR"}
    coarse = told.assign(granularity="year")
    assert moves.lag_pairs(stepped(coarse)).empty
    listed = record(("R1", "2031-01-04", "procurement", "contract", "done", "Norvia", "Kestria"),
                    ("R2", "2031-02-04", "procurement", "delivered", "done", "Norvia", "Kestria"))
    alone = [stepped(told[:0], listed, *ties).assign(stage=["contract", "delivered"], fill="happened")
             for ties in ([], [("R1", "background", None)])]
    rule = [("contract", "delivered", "both sides", False)]
    assert [len(moves.lag_pairs(rows, rule)) for rows in alone] == [1, 0]


def test_a_lag_begins_at_the_contract_and_not_at_the_loan_that_the_record_calls_a_part_of_it():
    listed = record(("R1", "2031-01-04", "procurement", "contract", "done", "Norvia", "Kestria"),
                    ("R2", "2031-02-04", "procurement", "contract", "done", "Norvia", "Kestria"),
                    ("R3", "2031-05-04", "procurement", "delivered", "done", "Norvia", "Kestria"))
    rule = [("contract", "delivered", "both sides", False)]

    def begins(*ties):
        rows = stepped(mentions(("a", "DEAL", "contract", "happened", "KES", "TAV", "2031-01-01", "procurement", None)
                                )[:0], listed, *ties)
        rows = rows.assign(stage=["contract", "contract", "delivered"], fill="happened")
        return moves.lag_pairs(rows, rule)["from_id"].tolist()
    assert begins() == ["R2"] and begins(("R2", "part_of", "R1")) == ["R1"]
    rows = stepped(mentions(("a", "DEAL", "contract", "happened", "TAV", "NOR", "2031-03-01", "procurement", None))[:0],
                   listed).assign(stage=["contract", "contract", "delivered"], fill="happened")
    told = rows.assign(record_id=["R1", pd.NA, "R3"])       # a text's own later contract gives way to a listed one
    assert moves.lag_pairs(told, rule)["from_id"].tolist() == ["R1"]


def test_a_measure_is_not_put_down_to_a_law_that_it_does_not_rest_on():
    told = mentions(("a", "ACT", "legislated", "happened", "NOR", "KES", "2031-01-01", "legislation", None),
                    ("a", "BAN", "imposed", "happened", "NOR", "KES", "2031-02-01", "sanctions", None),
                    ("a", "LIST", "imposed", "happened", "NOR", "KES", "2031-06-01", "sanctions", None))
    law = [("legislated", "imposed", "the side that acts", True)]

    def paired(*items):
        return moves.lag_pairs(stepped(told.assign(item=list(items))), law)[["to_id", "to_label"]].values.tolist()
    assert paired("Act", "boats", "Act") == [["list-imposed", "LIST imposed by NOR"]]
    assert paired("Act", pd.NA, "Act") == [["ban-imposed", "BAN imposed by NOR"]]       # not known: by the sides alone
    assert paired("Act", "boats", "radar") == [[pd.NA, "no step “imposed” about Act is told"]]
    listed = record(("R1", "2031-01-01", "legislation", "mandate", "done", "Norvia", "Kestria"),
                    ("R2", "2031-02-01", "sanctions", "designation", "done", "Norvia", "Kestria"),
                    ("R3", "2031-06-01", "sanctions", "designation", "done", "Norvia", "Kestria"))
    for under, last in ((("R2", "rests_on", "R1"), "R2"), (("R2", "rests_on", "R3"), "R3")):     # what the record says
        rows = stepped(told[:0], listed, under)
        rows = rows.assign(stage=["legislated", "imposed", "imposed"], item=["Act", "boats", "Act"])
        assert moves.lag_pairs(rows, law)["to_id"].tolist() == [last]
    ends = [("imposed", "lifted", "both sides", True)]
    both = moves.lag_pairs(stepped(told.assign(item=["Act", "boats", "radar"])), ends)
    assert both["from_id"].tolist() == ["ban-imposed", "list-imposed"]                  # open once for each item


def test_the_first_delivery_of_an_item_leads_to_each_measure_after_it():
    told = mentions(("a", "SHIP", "delivered", "happened", "TAV", "KES", "2031-03-01", "procurement", None),
                    ("a", "BAN", "imposed", "happened", "NOR", "KES", "2031-04-01", "sanctions", None),
                    ("a", "SHIP2", "delivered", "happened", "TAV", "KES", "2031-05-01", "procurement", None),
                    ("a", "BAN2", "imposed", "happened", "NOR", "KES", "2031-06-01", "sanctions", None),
                    ("a", "LIST", "imposed", "happened", "NOR", "KES", "2032-06-01", "sanctions", None))
    after = [("delivered", "imposed", "the side hit", False)]

    def pairs(*items):
        rows = moves.lag_pairs(stepped(told.assign(item=list(items))), after)
        return [tuple(i.split("-")[0] for i in ids) for ids in rows[["from_id", "to_id"]].itertuples(index=False)]
    # the second delivery leads to the next about the same item, and to no measure that the first led to
    assert pairs("boats", "radar", "boats", "radar", "Act") == [("ship", "ban"), ("ship", "list"), ("ship2", "ban2")]
    assert pairs("boats", "radar", "planes", "fuel", "Act") == [("ship", "ban"), ("ship2", "ban2"), ("ship2", "list")]


def test_a_contract_that_is_claimed_or_denied_stands_open_until_a_delivery_follows():
    rule = [("contract", "delivered", "both sides", True)]

    def opened(*told):
        found = moves.lag_pairs(stepped(mentions(*told).assign(item="boats")), rule)
        return found[["from_label", "fill", "to_id"]].fillna("").values.tolist()

    def deal(key, status, day):
        return ("a", key, "contract", status, "KES", "TAV", day, "procurement", None)
    shipped = ("a", "SHIP", "delivered", "happened", "TAV", "KES", "2031-03-01", "procurement", None)
    assert opened(deal("DEAL", "denied", "2031-01-01")) == [["DEAL contract by KES", "denied", ""]]
    assert opened(deal("DEAL", "rumoured", "2031-01-01")) == [["DEAL contract by KES", "claimed", ""]]
    assert opened(deal("DEAL", "opinion", "2031-01-01")) == opened(deal("DEAL", "proposed", "2031-01-01")) == []
    assert opened(deal("DEAL", "denied", "2031-01-01"), shipped) == []
    assert opened(deal("OLD", "denied", "2031-01-01"), deal("DEAL", "happened", "2031-02-01")) == \
        [["DEAL contract by KES", "happened", ""]]      # what happened counts before what is said


def test_a_step_says_whether_its_days_are_the_records():
    told = mentions(("a", "BAN", "imposed", "happened", "NOR", "KES", "2031-04-01", "sanctions", None),
                    ("a", "LIST", "imposed", "happened", "NOR", "KES", "2031-06-09", "sanctions", None),
                    ("a", "END", "lifted", "happened", "NOR", "KES", None, "sanctions", None)).assign(
                        record_id=["R1", "R2", "R3"])
    told.loc[0, ["latest", "granularity"]] = ["2031-04-30", "month"]
    told.loc[2, ["earliest", "latest", "granularity", "basis"]] = ["2031-09-02", "2031-09-02", "day", "record"]
    listed = record(("R1", "2031-04-12", "sanctions", "sanction", "done", "Norvia", "Kestria"),
                    ("R2", "2031-06-09", "sanctions", "sanction", "done", "Norvia", "Kestria"),
                    ("R3", "2031-09-02", "sanctions", "sanction", "done", "Norvia", "Kestria"),
                    ("R4", "2031-12-02", "sanctions", "sanction", "done", "Norvia", "Kestria"))
    rows = stepped(told, listed)
    assert dict(zip(rows["record_id"], rows["by_record"])) == {"R1": True, "R2": False, "R3": True, "R4": True}
    assert rows["earliest"].tolist() == listed["date_lo"].tolist()
    pairs = moves.lag_pairs(rows[rows["record_id"] != "R2"], [("imposed", "lifted", "both sides", False)])
    assert pairs[["from_id", "from_by_record", "to_by_record"]].values.tolist()[0] == ["ban-imposed", True, True]
    assert not stepped(told.drop(2))["by_record"].any()


def test_a_contested_claim_says_who_what_and_whether_it_was_borne_out():
    told = mentions(("a", "DEAL", "contract", "happened", "KES", "TAV", "2031-01-01", "procurement", "the yard"),
                    ("b", "DEAL", "deny", "happened", "KES", "TAV", "2031-01-01", "procurement", "the ministry"))
    told.loc[0, "record_id"] = "R1"
    _, linked = link(told, layer="adjudicated")
    claims = accounts.claim_matrix(linked)

    def borne_out(status, disputed=pd.NA, day="2031-01"):
        listed = record(("R1", "2031-01-01", "procurement", "contract", status, "Kestria", "Tavaria"))
        return moves.contested(claims, linked, listed.assign(disputed_by=disputed, date=day)).iloc[0]
    row = borne_out("done")
    assert (row["announced_by"], row["denied_by"], row["denied"]) == ("the yard", "the ministry", "DEAL deny by KES")
    assert row["borne_out"] == "yes, the record lists it as done (entry of January 2031)"
    assert borne_out("done", day=pd.NA)["borne_out"].endswith("(entry R1)")
    assert borne_out("claimed", "the ministry")["borne_out"] == \
        "open; the record lists it as claimed, disputed by the ministry (entry of January 2031)"
    assert moves.contested(claims, linked, None)["borne_out"].item() == "no record is listed"
    own = linked.assign(speaker=pd.NA)
    named = pd.DataFrame({"doc_id": ["a"], "short_name": ["Wire, May"]})
    row = moves.contested(claims, own, None, documents=named).iloc[0]
    assert (row["announced_by"], row["denied_by"]) == ("Wire, May, in its own voice", "b, in its own voice")
    untied = linked.assign(record_id=pd.NA)
    listed = record(("R1", "2031-03-01", "procurement", "contract", "done", "Kestria", "Tavaria"))
    listed = listed.assign(date="2031-03")
    assert moves.contested(claims, untied, listed)["borne_out"].item() == "open; no entry of the record is tied to it"
    told_at = linked.loc[linked["doc_id"].eq("a"), "trigger_start"].item()
    early = pd.DataFrame({"kind": ["record_early", "record_early"], "doc_a": ["a", "b"], "start_a": [told_at, told_at],
                          "record_id": ["R1", "R1"]})
    assert moves.contested(claims, untied, listed, early)["borne_out"].item() == \
        "no: by the record it came later (entry of March 2031)"
    calm = accounts.claim_matrix(link(told[:1], layer="adjudicated")[1])
    assert moves.contested(calm, linked, None).empty
    assert moves.say_contested(moves.contested(calm, linked, None)) == "No claim of these texts is contested."
