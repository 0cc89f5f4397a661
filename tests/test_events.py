"""Tests of the event coder: types, roles, status by what governs the trigger, times, quotations, and hard input.

Sentences are about invented states. The mutation tests change one thing in a sentence and look at what changes.
"""
import random

import pandas as pd
import pytest

from helpers import actors, dates, events
from helpers.codebook import load_codebook
from helpers.events import coding
from helpers.events.clauses import cut
from helpers.events.triggers import Trigger
from helpers.tables import conform

COUNTRIES = """country,name,other_names,metonyms,demonyms,ambiguous
NOR,Norvia,,Sund,Norvian;Norvians,
KES,Kestria,,Port Kes,Kestrian;Kestrians,
TAV,Tavaria,,Tav,Tavarian;Tavarians,
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("case") / "codebook"
    folder.mkdir()
    (folder / "countries.csv").write_text(COUNTRIES, encoding="utf-8")
    (folder / "items.csv").write_text("item,aliases,note\nferry,ferries,boats to carry cars\n", encoding="utf-8")
    return load_codebook(folder)


@pytest.fixture(scope="module")
def code(book):
    def coded(*sentences: str, quotes=None, published="2031-05-10") -> list[dict]:
        text, rows, at = " ".join(sentences), [], 0
        for k, sentence in enumerate(sentences):
            rows.append((at, at + len(sentence), f"s{k}", 1))
            at += len(sentence) + 1
        table = pd.DataFrame(rows, columns=["start", "end", "sentence_id", "paragraph"])
        times = dates.find_times(text, published)
        times = times.assign(time_id=[text[s:e] for s, e in zip(times["start"], times["end"])])
        found = events.event_mentions(text, table, actors.mentions(text, table, book, published), quotes, times, book,
                                     published=published)
        return found.astype(object).where(found.notna(), None).to_dict("records")
    return coded


def who(row: dict) -> tuple:
    return row["type"], row["actor_id"], row["target_id"]


def only(rows: list[dict], kind: str) -> dict:
    rows = [r for r in rows if r["type"] == kind]
    assert len(rows) == 1, rows
    return rows[0]


@pytest.mark.parametrize(("sentence", "wanted"), [
    ("Norvia imposed sanctions on Kestria.", ("SANCTION", "NOR", "KES")),
    ("Sanctions were imposed on Kestria by Norvia.", ("SANCTION", "NOR", "KES")),
    ("Kestria was expelled from the programme by Norvia.", ("SANCTION", "NOR", "KES")),
    ("Norvia and Kestria signed a treaty.", ("SUPPORT", "NOR+KES", None)),
    ("A treaty was signed by Norvia and Kestria.", ("SUPPORT", "NOR+KES", None)),
    ("Norvia demanded that Kestria withdraw its troops.", ("REQUEST", "NOR", "KES")),
    ("Norvia threatened to attack Kestria.", ("THREATEN", "NOR", "KES")),
    ("Norvia accused Kestria of cowardice.", ("ACCUSE", "NOR", "KES")),
    ("Norvia rejected Kestria’s offer of talks.", ("REJECT", "NOR", "KES")),
    ("Tavaria brokered talks between Norvia and Kestria.", ("CONSULT", "TAV", "NOR+KES")),
    ("Norvia withdrew its troops from Kestria.", ("RETREAT", "NOR", "KES")),
    ("The ports must release the sailors of Kestria, Norvia said.", ("REQUEST", "NOR", None)),
])
def test_one_act_is_one_row_with_its_roles(code, sentence, wanted):
    rows = code(sentence)
    assert len(rows) == 1, rows
    assert who(rows[0])[:2] == wanted[:2]
    if wanted[2]:
        assert rows[0]["target_id"] == wanted[2]


def test_two_acts_in_two_clauses(code):
    rows = code("After Norvia invaded Kestria, Tavaria closed its embassy.")
    assert [(r["type"], r["actor_id"]) for r in rows] == [("ASSAULT", "NOR"), ("SANCTION", "TAV")]


def test_subject_is_carried_over(code):
    rows = code("Norvia recalled its ambassador and imposed sanctions on Kestria.")
    assert {r["actor_id"] for r in rows} == {"NOR"} and only(rows[1:], "SANCTION")["target_id"] == "KES"
    rows = code("Norvia opened its ports.", "It has imposed sanctions on Kestria.")
    assert only(rows, "SANCTION")["actor_id"] == "NOR"
    rows = code("Kestria, which Norvia attacked in 2029, signed a treaty.")
    assert who(only(rows, "ASSAULT")) == ("ASSAULT", "NOR", "KES")


BASE = "Norvia imposed sanctions on Kestria in May 2030."


@pytest.mark.parametrize(("sentences", "wanted"), [
    (["Norvia condemned Kestria and imposed sanctions on it."], ("SANCTION", "NOR", "KES")),
    (["Norvia, which had warned of the sale, imposed sanctions on Kestria."], ("SANCTION", "NOR", "KES")),
    (["Norvia closed a yard, which angered nobody, and later imposed sanctions on Kestria."],
     ("SANCTION", "NOR", "KES")),
    (["Nor, she said, has Norvia imposed sanctions on Kestria."], ("SANCTION", "NOR", "KES")),
    (["Norvia again imposed sanctions on Kestria, and Tavaria met nobody."], ("SANCTION", "NOR", "KES")),
    (["Criticism of Kestria by Norvia grew."], ("ACCUSE", "NOR", "KES")),
    (["Having rejected Kestria's offer, Norvia turned to Tavaria."], ("REJECT", "NOR", "KES")),
    (["Norvia called on Kestria and Tavaria to end the blockade."], ("REQUEST", "NOR", "KES+TAV")),
    (["Two missile batteries were delivered to Kestria by Norvia."], ("COOPERATE", "NOR", "KES")),
    (["Kestria faces sanctions from Norvia."], ("THREATEN", "NOR", "KES")),
    (["Norvia hosted a fair.", "In 2031 it offered Kestria two ferries."], ("AGREE", "NOR", "KES")),
    (["Norvia closed its ports.", "Its foreign ministry rejected the Kestrian proposal."], ("REJECT", "NOR", "KES")),
    (["Norvia closed its ports.", "Rain fell.", "The republic rejected the Kestrian proposal."],
     ("REJECT", "NOR", "KES")),
])
def test_who_is_meant_by_a_pronoun_a_head_noun_or_an_empty_subject(code, sentences, wanted):
    assert wanted in [who(r) for r in code(*sentences)]


def test_a_side_left_out_is_taken_from_before_and_the_row_says_so(code):
    rows = code("Norvia signed a contract for ferries with Kestria.", "Rain fell.", "The contract has been signed.")
    assert [who(r) for r in rows] == [("SUPPORT", "NOR", "KES")] * 2
    assert "told_before" not in rows[0]["rule"] and rows[1]["rule"].endswith("+told_before")
    row = only(code("Kestria sent a note to Norvia.", "Kestria rejected the lease on Monday."), "REJECT")
    assert who(row) == ("REJECT", "KES", "NOR") and row["rule"].endswith("+other_side")
    row = only(code("The ministers of Norvia met in Kestria.", "Norvia rejected the lease."), "REJECT")
    assert row["target_id"] is None      # where words are said is no side of them
    row = only(code("In the view of Norvia, Kestria was expelled from the programme."), "SANCTION")
    assert who(row) == ("SANCTION", "NOR", "KES") and row["rule"].endswith("+first_named")
    row = only(code("Norvia tested two missiles."), "MOBILIZE")
    assert row["target_id"] is None and "+" not in row["rule"]


def test_the_outlets_own_we_is_its_state_outside_quotation_marks(book):
    def actor(text, home):
        rows = pd.DataFrame({"start": [0], "end": [len(text)], "sentence_id": ["s"]})
        named = actors.mentions(text, rows.assign(paragraph=1), book)
        return events.event_mentions(text, rows, named, codebook=book, home=home)["actor_id"].tolist()
    assert actor("We imposed sanctions on Kestria.", "NOR") == ["NOR"]
    assert actor("We imposed sanctions on Kestria.", None) == [pd.NA]
    assert actor("“We imposed sanctions on Kestria.”", "NOR") == [pd.NA]


@pytest.mark.parametrize(("sentence", "status", "rule"), [
    ("Norvia did not impose sanctions on Kestria in May 2030.", "not_happened", "not"),
    ("Norvia has not yet imposed sanctions on Kestria.", "not_happened", "not_yet"),
    ("Norvia never imposed sanctions on Kestria.", "not_happened", "never"),
    ("Norvia failed to impose sanctions on Kestria.", "not_happened", "failed_to"),
    ("Norvia would impose sanctions on Kestria in May 2032.", "hypothetical", "would"),
    ("Norvia could impose sanctions on Kestria.", "hypothetical", "could"),
    ("Tavaria denied that Norvia had imposed sanctions on Kestria.", "denied", "deny"),
    ("Norvia has reportedly imposed sanctions on Kestria.", "rumoured", "reportedly"),
    ("It is unclear whether Norvia imposed sanctions on Kestria.", "rumoured", "unclear"),
    ("Tavaria hopes that Norvia imposes sanctions on Kestria.", "opinion", "hope"),
    ("Norvia is due to impose sanctions on Kestria.", "planned", "due"),
    ("Norvia is still imposing sanctions on Kestria.", "ongoing", "ongoing"),
    (BASE, "happened", ""),
])
def test_status_follows_what_governs_the_trigger(code, sentence, status, rule):
    row = only(code(sentence), "SANCTION")
    assert (row["status"], row["rule"].partition("+")[2]) == (status, rule)
    assert row["actor_id"] == "NOR" and row["target_id"] == "KES"


@pytest.mark.parametrize(("sentence", "rule"), [
    ("Nobody in Norvia signed the treaty.", "nobody"),
    ("None of the ministers signed the treaty with Norvia.", "n"),
    ("At no point did Norvia sign the treaty.", "nobody"),
    ("Hardly any minister of Norvia signed the treaty.", "nobody"),
    ("Norvia forgot to sign the treaty.", "failed_to"),
    ("Talks between Norvia and Kestria never took place.", "did_not_materialise"),
    ("Had Norvia signed the treaty, the ports would be open.", "had_inversion"),
    ("The report that Norvia signed the treaty is false.", "untrue"),
    ("Whether Norvia signed the treaty is unclear.", "unclear"),
])
def test_what_nobody_did_or_what_is_not_so_has_not_happened(code, sentence, rule):
    row = code(sentence)[0]
    assert row["status"] not in ("happened", "ongoing") and f"+{rule}" in row["rule"]


@pytest.mark.parametrize("sentence", [
    "Norvia, not Kestria, imposed sanctions on Tavaria.",
    "Norvia does not deny that it imposed sanctions on Kestria.",
    "Nobody doubts that Norvia imposed sanctions on Kestria.",
    "Norvia imposed sanctions on Kestria, and nobody spoke.",
    "Norvia did not say why it had imposed sanctions on Kestria.",
])
def test_a_negation_of_something_else_takes_nothing_away(code, sentence):
    assert only(code(sentence), "SANCTION")["status"] == "happened"


def test_precedence(code):
    assert only(code("Norvia would not impose sanctions on Kestria."), "SANCTION")["status"] == "not_happened"
    assert only(code("Norvia may reportedly impose sanctions on Kestria."), "SANCTION")["status"] == "rumoured"


def test_a_modal_in_another_clause_does_not_reach(code):
    rows = code("Norvia, which could lose its ports, imposed sanctions on Kestria.")
    assert only(rows, "SANCTION")["status"] == "happened"
    rows = code("Norvia did not wait and Tavaria imposed sanctions on Kestria.")
    assert only(rows, "SANCTION")["status"] == "happened"
    rows = code("Norvia threatened Kestria with war, and then expelled its ambassador.")
    assert only(rows, "THREATEN")["status"] == "threatened" and only(rows, "SANCTION")["status"] == "happened"


def test_conditions_reach_both_halves(code):
    rows = code("If Norvia invades Kestria, Tavaria would close its embassy.")
    assert [r["status"] for r in rows] == ["hypothetical", "hypothetical"]


@pytest.mark.parametrize("sentence", [
    "Norvia demanded that Kestria sign the treaty.", "Norvia offered to deliver the missiles to Kestria.",
    "Norvia threatened to bomb the bridge in Kestria.", "Norvia refused to sign the treaty with Kestria.",
    "Norvia agreed to release the prisoners of Kestria."])
def test_what_is_demanded_offered_threatened_refused_or_agreed_is_no_event_that_happened(code, sentence):
    rows = code(sentence)
    wanted = {"demanded": "REQUEST", "offered": "AGREE", "threatened": "THREATEN", "refused": "REJECT",
              "agreed": "AGREE"}
    assert [r["type"] for r in rows] == [wanted[sentence.split()[1]]]


def test_a_denial_is_two_rows(code):
    rows = code("Kestria denied that Norvia had delivered missiles.")
    assert [(r["type"], r["stage"], r["status"]) for r in rows] == [
        ("REJECT", "deny", "happened"), ("COOPERATE", "delivered", "denied")]


def test_mutations(code):
    base = only(code(BASE), "SANCTION")
    assert who(base) == ("SANCTION", "NOR", "KES") and base["time_id"] == "May 2030"
    swapped = only(code("Kestria imposed sanctions on Norvia in May 2030."), "SANCTION")
    assert who(swapped) == ("SANCTION", "KES", "NOR")
    passive = only(code("Sanctions were imposed on Kestria by Norvia in May 2030."), "SANCTION")
    assert who(passive) == who(base) and passive["status"] == "happened" and passive["time_id"] == "May 2030"
    assert only(code(BASE.replace("May 2030", "June 2029")), "SANCTION")["time_id"] == "June 2029"
    marks = [code(f"{a}{BASE[:-1]},{b} the envoy said.") for a, b in ('""', "“”", ("``", "''"), "«»")]
    plain = [{k: v for k, v in only(rows, "SANCTION").items() if "trigger" not in k} for rows in marks]
    assert all(p == plain[0] for p in plain[1:])
    curly, straight = (code(f"Norvia hasn{mark}t imposed sanctions on Kestria.") for mark in "’'")
    assert curly == straight and curly[0]["status"] == "not_happened"


def test_the_time_of_the_clause(code):
    rows = code("Tavaria closed its embassy after Norvia invaded Kestria in March 2030.")
    assert [(r["type"], r["time_id"]) for r in rows] == [("SANCTION", None), ("ASSAULT", "March 2030")]


@pytest.mark.parametrize(("sentence", "time"), [
    ("Norvia imposed sanctions on Kestria under the treaty of 1990.", None),
    ("Norvia imposed sanctions on Kestria under the 1990 Ports Charter.", None),
    ("Norvia imposed sanctions on Kestria in May 2030 under the Ferries Act of 2019.", "May 2030"),
    ("Norvia imposed sanctions on Kestria in 2019.", "2019"),
    ("Norvia imposed sanctions on Kestria in 2019 under its Ferries Act.", "2019"),
])
def test_a_year_in_the_name_of_a_law_dates_nothing_else(code, sentence, time):
    assert only(code(sentence), "SANCTION")["time_id"] == time


def test_quotation_and_speaker(code):
    sentence = "“The raid was unacceptable,” the envoy of Tavaria said."
    quotes = pd.DataFrame({"start": [0], "end": [28], "quote_id": ["q0"], "verb": ["said"], "speaker_id": ["TAV"]})
    row = only(code(sentence, quotes=quotes), "ACCUSE")
    assert row["quote_id"] == "q0" and row["actor_id"] == "TAV"


def test_we_is_who_speaks_and_a_speaker_may_be_unknown(code):
    sentence = "“We have signed a contract with Norvia,” the envoy of Tavaria said."
    quotes = pd.DataFrame({"start": [0], "end": [40], "quote_id": ["q0"], "verb": ["said"], "speaker_id": ["TAV"]})
    assert who(only(code(sentence, quotes=quotes), "SUPPORT")) == ("SUPPORT", "TAV", "NOR")
    unknown = quotes.assign(speaker_id=pd.array([pd.NA], dtype="string"))
    row = only(code("“The raid was unacceptable,” said a man in Norvia.", quotes=unknown), "ACCUSE")
    assert row["quote_id"] == "q0"


def test_item_and_track(code):
    row = only(code("Norvia delivered the ferries and the missiles to Kestria."), "COOPERATE")
    assert row["item"] == "ferry" and row["track"] == "procurement" and row["stage"] == "delivered"


@pytest.mark.parametrize("sentence", [
    "The cook met the deadline.", "She bought bread and milk.", "The storm threatened the harvest.",
    "Fans applauded the striker.", "The museum of Norvia is old.", "He sat in Kestria and read."])
def test_what_is_no_political_act(code, sentence):
    assert code(sentence) == []


def test_rows_fit_the_table(book):
    text = "Norvia imposed sanctions on Kestria. Norvia met Kestria."
    rows = pd.DataFrame({"start": [0, 37], "end": [36, 56], "sentence_id": ["a/s0-36", "a/s37-56"]})
    found = events.event_mentions(text, rows, actors.mentions(text, rows, book), codebook=book)
    full = found.assign(doc_id="a", event_mention_id=[f"e{k}" for k in range(len(found))])
    table = conform(full, "event_mentions")
    assert len(table) == 2 and table["rule"].notna().all() and set(table["sentence_id"]) == {"a/s0-36", "a/s37-56"}
    for s, e, rule in table[["trigger_start", "trigger_end", "rule"]].itertuples(index=False):
        assert rule.split("+")[0] in book.event_rules.index and text[s:e].strip() == text[s:e]


def test_nothing_in_nothing_out(book):
    none = pd.DataFrame({"start": [], "end": []})
    assert list(events.event_mentions("", none, codebook=book).columns) == list(events.COLUMNS)
    with pytest.raises(ValueError, match="start"):
        events.event_mentions("x", pd.DataFrame({"begin": [0]}), codebook=book)


def test_clauses_tile_the_sentence():
    rng = random.Random(3)
    words = "if Norvia , which that and but would not sign ; the treaty after before - ( ) “ ” yet so as 5 , 000"
    for _ in range(300):
        text = " ".join(rng.choices(words.split(), k=rng.randint(1, 40)))
        parts = cut(text, 0, len(text))
        assert parts[0].start == 0 and parts[-1].end == len(text)
        assert all(a.end == b.start for a, b in zip(parts, parts[1:]))
        assert all(c.parent < k for k, c in enumerate(parts))


@pytest.mark.parametrize("unit", [
    "that ", "if ", "and ", "Norvia and Kestria, ", "not ", "imposed ", "(", "by the ", "sanctions ", "demanded that ",
    "a", "“", ", ", "to ", "was "])
def test_hostile_sentences_are_coded_and_come_to_an_end(book, unit):
    text = "Norvia imposed sanctions on Kestria " + unit * (12_000 // len(unit)) + "."
    rows = pd.DataFrame({"start": [0], "end": [len(text)], "sentence_id": ["s"], "paragraph": [1]})
    found = events.event_mentions(text, rows, actors.mentions(text, rows, book), codebook=book)
    assert found["type"].iloc[0] == "SANCTION" and found["trigger_end"].max() <= len(text)


def test_a_medium_tells_of_acts_and_takes_no_part(project):
    book = load_codebook(project / "data" / "raw" / "practice" / "codebook")

    def sides(text):
        rows = pd.DataFrame({"start": [0], "end": [len(text)], "sentence_id": ["s"], "paragraph": [1]})
        found = events.event_mentions(text, rows, actors.mentions(text, rows, book), codebook=book)
        return found[["actor_id", "target_id"]].fillna("").values.tolist()
    assert sides("HALTA wrote that Carrowe imposed sanctions on Pelmora.") == [["XCA", "XPE"]]
    assert sides("HALTA condemned Carrowe.") == [["", "XCA"]]
    assert sides("Pelmora condemned Carrowe.") == [["XPE", "XCA"]]


@pytest.mark.parametrize("sentence, types", [
    ("A bomb went off in Norvia, killing twelve people.", ["ASSAULT"]),
    ("The raid on Norvia came days after the ambush of its patrol.", ["ASSAULT", "ASSAULT"]),
    ("Kestria ratified the accession of Norvia to the alliance.", ["SUPPORT", "SUPPORT"]),
    ("Norvia criticised Kestria for the invasion.", ["ACCUSE", "ASSAULT"]),
    ("Norvia accused Kestria of bombing the port.", ["ACCUSE", "ASSAULT"])])
def test_one_act_or_two(code, sentence, types):
    assert [row["type"] for row in code(sentence)] == types


@pytest.mark.parametrize("sentence, kind, status", [
    ("Kestria's offer was rejected by Norvia.", "REJECT", "happened"),
    ("Its threat drew condemnation from Norvia.", "ACCUSE", "happened"),
    ("The plan was condemned by Norvia.", "ACCUSE", "happened"),
    ("Norvia wanted money for the bombing of the port.", "ASSAULT", "happened"),
    ("Norvia plans an attack on Kestria.", "ASSAULT", "planned"),
    ("Norvia drafted a proposal to bomb Kestria.", "ASSAULT", "proposed")])
def test_a_noun_that_is_the_subject_governs_nothing(code, sentence, kind, status):
    assert only(code(sentence), kind)["status"] == status


def test_who_wants_amends_for_a_deed_says_that_it_was_done(code):
    rows = code("Kestria demanded compensation for the raid on its port.")
    assert [(r["type"], r["status"]) for r in rows] == [("REQUEST", "demanded"), ("ASSAULT", "happened")]
    assert [r["type"] for r in code("Kestria demanded an end to the raids.")] == ["REQUEST"]


def test_what_is_refused_by_its_name_is_told_too_but_an_offer_and_its_refusal_are_one(code):
    assert [r["type"] for r in code("Norvia rejected the demands of Kestria.")] == ["REJECT", "REQUEST"]
    assert [r["type"] for r in code("Norvia rejected the offer of Kestria.")] == ["REJECT"]
    assert [r["type"] for r in code("Norvia refused to negotiate with Kestria.")] == ["REJECT"]


def kinds(rows: list[dict]) -> list[str]:
    return [r["type"] for r in rows]


def test_a_sentence_between_political_ones_is_told_of_the_same_matter(code):
    assert code("The barge was seized at dawn.") == []
    assert kinds(code("The barge was seized at dawn.", "The army kept silent.")) == ["COERCE"]


@pytest.mark.parametrize("sentence", [
    "The Emergency Relief Office of Norvia opened its doors to the public at noon.",
    "A clerk of the Harbour Mediation Board came from Norvia."])
def test_the_words_of_a_name_name_no_act(code, sentence):
    assert code(sentence) == []
    assert code(sentence.replace("Emergency Relief Office", "emergency relief flights")
                .replace("Harbour Mediation Board", "talks on mediation"))


@pytest.mark.parametrize("sentence, wanted", [
    ("Norvia promised to wait, but the vote on the fee was put on hold.", ["AGREE", "CONCEDE"]),
    ("Norvia vowed to fight on, and said that Kestria had jailed the crew.", ["COERCE"]),
    ("Kestrians held a rally to demand the return of the crew.", ["PROTEST", "REQUEST"]),
    ("Norvia helped the victims of the bombing in Kestria.", ["AID", "ASSAULT"]),
    ("The two governments of Norvia and Kestria have jointly requested consultations.", ["REQUEST"]),
    ("The Norvian offer to lease boats is unacceptable, the Kestrian envoy said.", ["AGREE", "ACCUSE"])])
def test_an_act_beside_another_one_is_told_too(code, sentence, wanted):
    assert set(wanted) <= set(kinds(code(sentence)))


@pytest.mark.parametrize(("sentence", "kinds"), [
    ("A blast in Kestria killed four sailors and wounded nine, Norvia said.", ["ASSAULT"]),
    ("Norvia raided the port after the murder of two envoys.", ["ASSAULT", "ASSAULT"]),
    ("Two captains were convicted in Norvia.", ["COERCE"]),
    ("The dockers of Kestria filed suit against the port of Norvia.", ["ACCUSE"]),
    ("Norvia’s senate is opposed to the lease.", ["REJECT"]),
    ("Kestria opposes the policies of Norvia.", ["ACCUSE"]),
    ("Two admirals defected to Kestria.", ["SANCTION"]),
    ("Norvian riot police watched the quay.", []),
    ("Bill Ardle, who was the envoy of Norvia, is responsible for fishery policy.", []),
])
def test_courts_casualties_opposition_and_their_false_friends(code, sentence, kinds):
    assert [r["type"] for r in code(sentence)] == kinds


@pytest.mark.parametrize(("sentence", "kind", "status", "rule"), [
    ("Once Kestria arrests the captain, Norvia will be content.", "COERCE", "planned", "when"),
    ("A decree gives Norvia the power to seize Kestrian boats.", "COERCE", "hypothetical", "possible"),
    ("The consul believes that Norvia attacked Kestria.", "ASSAULT", "opinion", "view"),
    ("Norvia had to seize the Kestrian boats.", "COERCE", "happened", ""),
    ("President Bill Ardle ordered the strikes on Kestria.", "ASSAULT", "happened", ""),
    ("Norvia’s demand for the return of the boats has been refused by Kestria.", "REJECT", "happened", ""),
])
def test_what_is_yet_to_come_or_only_believed(code, sentence, kind, status, rule):
    row = only(code(sentence), kind)
    assert (row["status"], row["rule"].split("+")[1:2] if rule else []) == (status, [rule] if rule else [])


@pytest.mark.parametrize(("sentence", "kind", "acts"), [
    ("Kestria suffered bombardments, sabotage and ambushes at the hands of Norvia.", "ASSAULT", 3),
    ("Norvia suspended its fish trade with Kestria; Tavaria has halted its arms sales to Kestria, too.", "SANCTION", 2),
    ("Norvia attacked the port of Kestria before dawn, and the attack went on for hours.", "ASSAULT", 1),
    ("Two Kestrian sailors were killed on Monday when a convoy was ambushed by Norvian rebels.", "ASSAULT", 1),
    ("Four Kestrian sailors were killed in an explosion.", "ASSAULT", 1),
    ("Kestria balked and refused to sell the ferries to Norvia.", "REJECT", 1),
])
def test_acts_are_one_by_their_words_not_by_their_rule(code, sentence, kind, acts):
    assert [r["type"] for r in code(sentence)] == [kind] * acts


@pytest.mark.parametrize(("sentence", "kind"), [
    ("Norvia’s offer to lease ferries was rejected by Kestria.", "REJECT"),
    ("After Norvia invaded Tavaria, Kestria signed a treaty with Tavaria.", "SUPPORT"),
    ("Norvia held talks with Kestria and condemned Tavaria.", "CONSULT"),
    ("The raid on Port Kes was condemned by Tavaria.", "ACCUSE"),
    ("Norvia said that Kestria must free the crew after talks in Sund.", "REQUEST"),
])
def test_the_main_event_is_the_main_verbs(book, sentence, kind):
    rows = pd.DataFrame({"start": [0], "end": [len(sentence)], "sentence_id": ["s"], "paragraph": [1]})
    found = events.event_mentions(sentence, rows, actors.mentions(sentence, rows, book), codebook=book)
    assert len(found) > 1 or kind == "REQUEST"
    assert events.main_event(found, sentence) == kind


@pytest.mark.parametrize("deed", ["bombing the bridge", "having secretly bombed the bridge"])
def test_what_an_accuser_asserts_is_told_beside_the_accusation(code, deed):
    rows = code(f"Norvia accused Kestria of {deed}.")
    assert [(r["type"], r["actor_id"], r["status"]) for r in rows] == [
        ("ACCUSE", "NOR", "happened"), ("ASSAULT", "KES", "happened")]


def test_a_rally_and_what_it_demands_are_two_acts(code):
    rows = code("Norvian seamen held a rally at the Palace of Ports to demand better pay.")
    assert [r["type"] for r in rows] == ["PROTEST", "REQUEST"]


@pytest.mark.parametrize(("sentence", "wanted"), [
    ("Norvian police jailed twelve members of a banned movement.", ("COERCE", "NOR", "NOR")),
    ("Norvian seamen staged a hunger strike on Monday.", ("PROTEST", "NOR", "NOR")),
    ("Norvian police jailed twelve members of a Kestrian movement.", ("COERCE", "NOR", "KES")),
    ("Norvian police jailed a thief.", ("COERCE", "NOR", None)),
    ("Norvia is opposed to Kestrian mediation.", ("REJECT", "NOR", "KES")),
])
def test_an_act_within_a_state_has_it_on_both_sides(code, sentence, wanted):
    row = code(sentence)[0]
    assert who(row) == wanted and row["rule"].endswith("+own_state") == (wanted[1] == wanted[2])


@pytest.mark.parametrize(("sentence", "never"), [
    ("Kestrian nationalists walked through Port Kes.", "COERCE"),
    ("Norvia planned to pay the crews of Kestria.", "AGREE"),
    ("Norvia has not joined the choir of Kestria.", "REJECT"),
])
def test_a_plan_a_creed_and_an_absence_are_no_acts(code, sentence, never):
    assert never not in {r["type"] for r in code(sentence)}


@pytest.mark.parametrize(("sentence", "kind", "status"), [
    ("Talks between Norvia and Kestria are to resume on Monday.", "CONSULT", "planned"),
    ("A meeting of Norvia and Kestria could be held in May.", "CONSULT", "hypothetical"),
    ("New sanctions on Kestria could come in June.", "SANCTION", "hypothetical"),
    ("Talks between Norvia and Kestria resumed on Monday.", "CONSULT", "happened"),
    ("Norvia's minister is due to meet the Kestrian envoy in May.", "CONSULT", "planned"),
])
def test_a_noun_takes_its_status_from_its_predicate(code, sentence, kind, status):
    assert [(r["type"], r["status"]) for r in code(sentence)] == [(kind, status)]


@pytest.mark.parametrize(("sentence", "kind"), [
    ("The Norvian foreign ministry accused Kestria of lies.", "ACCUSE"),
    ("Norvia denied violating the rights of Kestrian crews.", "REJECT"),
    ("Norvia refused to open its market to Kestria.", "REJECT"),
])
def test_an_everyday_word_blocks_no_plain_sentence(code, sentence, kind):
    assert kind in [r["type"] for r in code(sentence)]


def test_both_sides_are_the_two_parties_of_the_text(code):
    told = code("Norvia closed its ports to Kestria.", "Kestria protested.", "Tavaria urged both sides to talk.")[-1]
    assert (told["actor_id"], told["target_id"]) == ("TAV", "KES+NOR")
    told = code("Norvia and Kestria are angry.", "The two governments signed a treaty.")[-1]
    assert told["actor_id"] == "KES+NOR"


def test_a_stranger_takes_no_side_that_was_told_before(code):
    told = code("Norvia met Kestria in May.", "Boats sank at sea.", "Olav Brandt met the envoys.")
    assert told[-1]["type"] == "CONSULT" and not told[-1]["actor_id"]


@pytest.mark.parametrize(("sentence", "kind", "wanted"), [
    ("Norvia paid for none of the ferries that Kestria delivered.", "COOPERATE", "not_happened"),
    ("Norvia delivered no boat to Kestria.", "COOPERATE", "not_happened"),
    ("Norvia signed neither of the treaties.", "SUPPORT", "not_happened"),
    ("Norvia closes its border to Kestria next week.", "SANCTION", "planned"),
    ("Norvia closed its border to Kestria, and next week it will vote.", "SANCTION", "happened"),
])
def test_a_negated_object_and_a_present_with_a_time_to_come(code, sentence, kind, wanted):
    assert {r["status"] for r in code(sentence) if r["type"] == kind} >= {wanted}


def test_predicates_that_a_headline_strings_together_have_a_status_of_their_own(code):
    rows = code("Norvia denies shelling the port, signs truce with Kestria")
    assert only(rows, "ASSAULT")["status"] == "denied" and only(rows, "RETREAT")["status"] == "happened"
    assert {r["actor_id"] for r in rows} == {"NOR"}
    assert [c.opener for c in cut("Norvia signs treaties, leases and bans.", 0, 39)] == [""]


def test_a_capital_where_something_is_held_is_no_side_and_no_offer_is_guessed_to_a_union(code, tmp_path):
    assert who(only(code("Norvia has offered to mediate in Port Kes."), "AGREE")) == ("AGREE", "NOR", None)
    assert who(only(code("Norvia has offered to mediate. Kestria is silent."), "AGREE"))[1] == "NOR"
    general = load_codebook(None)

    def offered(text):
        table = pd.DataFrame([(0, len(text), "s", 1)], columns=["start", "end", "sentence_id", "paragraph"])
        rows = events.event_mentions(text, table, actors.mentions(text, table, general, None), None,
                                     dates.find_times(text, None), general)
        return rows.loc[rows["type"].eq("AGREE"), ["actor_id", "target_id"]].fillna("").values.tolist()
    assert offered("Norway, which presides over Mercosur, offered to mediate.") == [["NOR", ""]]
    assert offered("Norway offered Mercosur to mediate.") == [["NOR", "MERCOSUR"]]


@pytest.mark.parametrize(("sentence", "kind", "status", "time"), [
    ("Norvia leaves the accord on 1 July 2031.", "SANCTION", "planned", "1 July 2031"),
    ("Norvia announced that it would exempt rye from the levy beginning 1 July 2031.", "CONCEDE", "planned",
     "1 July 2031"),
    ("Norvia extended the sanctions on Kestria until 1 October 2031.", "SANCTION", "happened", None),
    ("Norvia refused to leave the strait by 1 July 2031.", "REJECT", "happened", None),
    ("Norvia left the accord on 1 May 2031.", "SANCTION", "happened", "1 May 2031"),
    ("After the talks in Sund, envoys of Kestria left on Monday.", "CONSULT", "happened", None),
    ("Under the truce, Norvia will lift the rye ban by 15 July.", "RETREAT", "happened", None),
])
def test_nothing_happened_after_the_text_came_out(code, sentence, kind, status, time):
    row = next(r for r in code(sentence) if r["type"] == kind)
    assert (row["status"], row["time_id"]) == (status, time)


def test_a_deed_that_frames_a_sentence_leaves_its_own_steps(code):
    steps = [(r["status"], r["time_id"]) for r in code("Under the truce, Norvia will lift the rye ban by 15 July.")]
    assert steps == [("happened", None), ("planned", "15 July")]


@pytest.mark.parametrize(("sentence", "times"), [
    ("3 May: Norvia shuts the port to Kestria.", ["3 May"]),
    ("1-8 May: the crossing at Sund was closed.", ["1"]),
    ("3 May 2031 - Norvia banned Kestrian rye.", ["3 May 2031"]),
    ("• May 3: Norvia bans Kestrian rye and recalls its ambassador.", ["May 3", "May 3"]),
    ("Envoys spoke on 3 May: Norvia banned Kestrian rye.", [None]),
    ("The rye ban, which was imposed by Norvia on 3 April, had been eased on 5 May.", ["3 April", "5 May"]),
    ("Norvia filed it on 3 May and it rejects the offer.", [None]),
])
def test_a_date_stands_with_the_deeds_of_its_own_clause_or_line(code, sentence, times):
    assert [r["time_id"] for r in code(sentence)][-len(times):] == times


def test_what_someone_says_he_would_do_is_announced(code):
    assert only(code("Norvia said it would exempt rye."), "CONCEDE")["status"] == "planned"
    assert only(code("Norvia could exempt rye."), "CONCEDE")["status"] == "hypothetical"


@pytest.mark.parametrize(("sentence", "wanted"), [
    ("Norvia imposed a 30% tariff on rye from Kestria.", ("SANCTION", "NOR", "KES")),
    ("Norvia slapped a 30 percent tax on rye from Kestria.", ("SANCTION", "NOR", "KES")),
    ("Norvia taxed Kestrian rye.", ("SANCTION", "NOR", "KES")),
    ("A surcharge on rye from Kestria was imposed by Norvia.", ("SANCTION", "NOR", "KES")),
    ("Norvia scrapped its tax on rye from Kestria.", ("RETREAT", "NOR", "KES")),
    ("The ban on Kestrian rye has been lifted by Norvia.", ("RETREAT", "NOR", "KES")),
    ("Norvia suspended the purchase of two ferries from Kestria.", ("SANCTION", "NOR", "KES")),
])
def test_a_tax_on_goods_is_a_step_of_who_takes_it_against_where_they_come_from(code, sentence, wanted):
    assert [who(r) for r in code(sentence)] == [wanted]


@pytest.mark.parametrize("sentence", ["Norvia taxed its own rye.", "Norvia imposed a tax on rye."])
def test_a_tax_at_home_is_no_step_between_states(code, sentence):
    assert code(sentence) == []


@pytest.mark.parametrize(("sentence", "wanted"), [
    ("Norvia lifted the duty on Kestrian rye.", ("RETREAT", "sanctions", "lifted")),
    ("Norvia lifted the ban on Kestrian rye in part.", ("RETREAT", "sanctions", "eased")),
    ("The council of Norvia ordered a 25% duty on rye.", ("SANCTION", "sanctions", "imposed")),
    ("Norvia withdrew its troops from Kestria.", ("RETREAT", "military", "concede")),
    ("Norvia lifted the curfew in Sund.", ("RETREAT", "military", "concede")),
    ("Norvia and Kestria signed a truce.", ("SUPPORT", "negotiation", "agreement")),
    ("The premier of Norvia signed the decree.", ("SUPPORT", "legislation", "passed")),
    ("Norvia and Kestria signed the contract for two ferries.", ("SUPPORT", "procurement", "contract")),
])
def test_track_and_stage_follow_what_the_act_is_done_to(code, sentence, wanted):
    assert [(r["type"], r["track"], r["stage"]) for r in code(sentence)] == [wanted]


@pytest.mark.parametrize(("sentences", "kind", "target"), [
    (("Norvia and Kestria fell out.", "Norvia’s weavers accused the government of surrender."), "ACCUSE", None),
    (("Norvia and Kestria fell out.", "Norvia’s parliament approved a bill last Friday."), "SUPPORT", None),
    (("Norvia and Kestria fell out.", "Norvia subsidised its weavers."), "AID", None),
    (("Norvia banned Kestrian rye.", "An envoy of Tavaria waited.", "Kestria rejected the ban."), "REJECT", "NOR"),
    (("Norvia banned Kestrian rye.", "Norvia and Kestria are neighbours.", "Tavaria proposed a swap."), "AGREE", None),
])
def test_no_other_side_is_made_up(code, sentences, kind, target):
    assert [r["target_id"] for r in code(*sentences) if r["type"] == kind][-1] == target


def test_praise_in_quotation_marks_and_a_lobby_are_no_acts(code):
    assert code("The envoy of Norvia called the ruling “a triumph of patience”.") == []
    assert [r["type"] for r in code("Norvia’s farm lobby praised Kestria.")] == ["SUPPORT"]


def test_a_war_without_arms_is_a_figure_of_speech(code):
    told = code("Norvia taxed Kestrian rye.", "Norvia did not start this war, its premier said.")
    assert [r["type"] for r in told] == ["SANCTION"]
    assert "ASSAULT" in [r["type"] for r in code("Troops of Norvia came.", "Norvia did not start this war.")]


@pytest.mark.parametrize(("sentence", "kind", "actor"), [
    ("Norvia urged calm, while Kestria, which leads the council, voiced concern.", "ACCUSE", "KES"),
    ("Norvia’s premier, who is expected to travel to Kestria, slept.", "CONSULT", "NOR"),
    ("Rumours that Tavaria might leave the league were denied by Norvia.", "REJECT", "NOR"),
])
def test_the_subject_of_a_clause_acts(code, sentence, kind, actor):
    row = only(code(sentence), kind)
    assert (row["actor_id"], row["status"]) == (actor, "planned" if kind == "CONSULT" else "happened")


def test_what_stands_between_an_if_and_its_verb_leaves_it_a_condition(code):
    rows = code("If Norvia, which has ports, bans Kestrian rye, nobody will gain.")
    assert only(rows, "SANCTION")["status"] == "hypothetical"


def test_we_in_an_interview_is_who_is_interviewed(book):
    lines = ["Bo Lind: “We shall talk”", "Norvia’s premier Bo Lind spoke to us.", "Why did the envoys fail?",
             "– We banned Kestrian rye and we reopened the port to Kestria on Saturday.", "And what of the ferries?",
             "– I rejected the offer of Kestria."]
    text, rows, at = "\n".join(lines), [], 0
    for k, line in enumerate(lines):
        rows.append((at, at + len(line), f"s{k}"))
        at += len(line) + 1
    table = pd.DataFrame(rows, columns=["start", "end", "sentence_id"])
    said = pd.DataFrame([(9, len(lines[0]), "q", ":", "NOR.lind")],
                        columns=["start", "end", "quote_id", "verb", "speaker_id"])

    def actors_of(quotes):
        found = events.event_mentions(text, table, actors.mentions(text, table, book, None), quotes, None, book, "TAV")
        return set(found.loc[found["sentence_id"].isin(["s3", "s5"]), "actor_id"].fillna(""))
    assert actors_of(said) == {"NOR.lind"}
    assert actors_of(None) == {""}


def test_a_deed_that_only_frames_a_sentence_is_told_by_any_verb_with_a_tense():
    for verb, framed in (("left", True), ("freed the crew", True), ("will leave", True), ("guests", False)):
        text = f"Under the truce, Norvian {verb} on Monday."
        told = Trigger(10, 15, "", {}, 0)
        assert coding.set_before(text, cut(text, 0, len(text))[0], told, text.index("Monday")) is framed, verb
