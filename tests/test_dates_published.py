"""The publication date, from what made-up pages say about themselves."""

from datetime import date

import pandas as pd
import pytest

from helpers import cleaning
from helpers.case import open_case
from helpers.dates import find_times, infer_published

BODY = "The council of Ostmark closed the mill {when}, its clerk said, and the workers were told to leave. "


def page(*lines):
    """A page from (role, text) pairs: its text and its lines."""
    rows, texts, at = [], [], 0
    for number, (role, text) in enumerate(lines, 1):
        rows.append((number, at, at + len(text), role))
        texts.append(text)
        at += len(text) + 1
    return pd.DataFrame(rows, columns=["line_no", "start", "end", "role"]), "\n".join(texts)


def infer(*lines, today=None):
    roles, text = page(*lines)
    return infer_published(roles, find_times(text, None), text, today=today)


def ends(found):
    return found.earliest, found.latest, found.best


def test_a_stamp_is_the_day():
    found = infer(
        ("title", "Mill closes"), ("byline", "Published 4 May 2021"), ("body", BODY.format(when="on Tuesday"))
    )
    assert ends(found) == (date(2021, 5, 4),) * 3


def test_a_stamp_outweighs_an_update_that_agrees_and_one_that_does_not():
    found = infer(
        ("byline", "Published: May 4, 2021"),
        ("byline", "Last updated: May 6, 2021"),
        ("body", BODY.format(when="on Monday")),
    )
    assert found.best == date(2021, 5, 4) and found.clues["used"].all()
    late = infer(
        ("byline", "Published: May 4, 2021"),
        ("byline", "Last updated: March 6, 2022"),
        ("body", BODY.format(when="on Monday")),
    )
    assert late.best == date(2021, 5, 4)
    assert list(late.clues.loc[~late.clues["used"], "kind"]) == ["updated"]


def test_a_stamp_is_found_after_the_story():
    found = infer(
        ("title", "Mill closes"),
        ("body", BODY.format(when="on Tuesday")),
        ("about", "Posted on 4 May 2021 by the desk"),
    )
    assert found.best == date(2021, 5, 4)


@pytest.mark.parametrize("stamp", [
    "Tuesday 4 May 2021, 5.58am", "4 May 2021, 14:20", "May 4, 2021 at 9 p.m. EST", "2021-05-04T08:00:00Z"])
def test_a_stamp_may_tell_the_hour(stamp):
    assert infer(("dateline", stamp), ("body", BODY.format(when="on Monday"))).best == date(2021, 5, 4)


def test_a_month_after_a_bar_in_the_title_is_a_stamp_and_a_month_in_its_words_is_not():
    found = infer(("title", "Valley brief no. 9 | May 2021"), ("body", BODY.format(when="in June 2020")))
    assert ends(found)[:2] == (date(2021, 5, 1), date(2021, 5, 31))
    loose = infer(("title", "What May 2021 brought the valley"), ("body", BODY.format(when="in June 2020")))
    assert loose.latest > date(2021, 6, 1)


def test_a_year_that_is_told_makes_a_later_day_likelier_and_no_day_impossible():
    found = infer(("body", BODY.format(when="in October 2020")), ("body", BODY.format(when="on Oct. 12")))
    assert found.earliest < date(2020, 11, 1) < date(2020, 12, 1) < found.best <= found.latest


def test_a_copyright_year_bounds_and_names_the_year():
    found = infer(("body", BODY.format(when="in June 2017")), ("legal", "© 2019 The Herald"))
    assert ends(found)[:2] == (date(2019, 1, 1), date(2019, 12, 31))


def test_a_copyright_year_outweighs_one_later_event():
    found = infer(("body", BODY.format(when="in June 2021")), ("legal", "© 2019 The Herald"))
    assert found.best.year == 2019 and not found.clues.loc[found.clues["kind"] == "event", "used"].any()


def test_what_is_announced_far_ahead_does_not_stretch_the_interval():
    ahead = "The mill will reopen in 2040, the clerk of the council told us."
    found = infer(("body", BODY.format(when="in May 2017")), ("body", ahead))
    assert found.latest.year <= 2020


def test_saying_a_thing_often_gives_it_no_weight():
    often = [("body", BODY.format(when="in June 2022"))] * 9
    found = infer(("byline", "Published 4 May 2021"), *often)
    assert found.best == date(2021, 5, 4)


def test_a_dateline_allows_the_day_and_the_next():
    found = infer(("title", "Mill closes"), ("body", "OSTMARK, May 4, 2021 (Wire) - " + BODY.format(when="on Tuesday")))
    assert ends(found)[:2] == (date(2021, 5, 4), date(2021, 5, 5))


def test_a_dateline_without_a_year_takes_it_from_its_weekday_or_the_copyright():
    found = infer(
        ("dateline", "OSTMARK, May 4"), ("body", BODY.format(when="on Monday")), ("legal", "© 2021 The Valley Herald")
    )
    assert found.best == date(2021, 5, 4)
    # 4 May is a Monday in 2015 and a Wednesday in 2016
    by_weekday = infer(("byline", "Wednesday, May 4"), ("body", BODY.format(when="in June 2014")))
    assert by_weekday.best == date(2016, 5, 4)


def test_a_text_is_not_older_than_what_it_reports():
    found = infer(
        ("title", "Mill closes"), ("body", BODY.format(when="on 18 August 2021")), ("body", BODY.format(when="in 2017"))
    )
    assert found.earliest >= date(2021, 8, 18)


def test_nor_younger_than_what_it_announces():
    found = infer(
        ("body", BODY.format(when="in May 2020")),
        ("body", "The mill will reopen on 3 March 2021, the clerk of the council told reporters."),
    )
    assert found.earliest >= date(2020, 5, 1) and found.latest <= date(2021, 3, 3)


def test_days_without_a_year_narrow_the_season_and_the_copyright_the_year():
    found = infer(
        ("body", BODY.format(when="on Aug. 23")),
        ("body", BODY.format(when="in October 2020")),
        ("legal", "Copyright 2019-2021 The Herald"),
    )
    assert found.earliest == date(2021, 8, 23) and found.latest.year == 2021


def test_a_day_of_the_month_narrows_the_weeks():
    found = infer(("body", BODY.format(when="on the 29th")), ("legal", "© 2021 The Herald"))
    assert found.earliest.year == found.latest.year == 2021
    assert found.clues.loc[found.clues["kind"] == "day of the month", "used"].all()


def test_a_law_s_year_is_no_event():
    found = infer(
        ("body", BODY.format(when="in June 2020")),
        ("body", "The 2021 Mill Protection Act was debated at length in the lower house, clerks said."),
    )
    assert found.best < date(2021, 1, 1)


def test_an_address_in_the_page_counts():
    found = infer(
        ("title", "Mill closes"),
        ("body", BODY.format(when="on Tuesday")),
        ("share", "https://herald.example/2021/05/04/mill-closes"),
    )
    assert date(2021, 5, 4) <= found.best <= date(2021, 5, 5)


def test_a_comment_is_not_older_than_the_text():
    found = infer(("body", BODY.format(when="in May 2020")), ("comment", "Anna, 7 July 2020"))
    assert found.latest <= date(2020, 7, 7)


def test_related_headlines_say_nothing():
    found = infer(("body", BODY.format(when="in May 2020")), ("related", "Fair opens, 9 September 2023"))
    assert found.latest < date(2023, 9, 9) and len(found.clues) == 2


def test_nothing_known():
    found = infer(("title", "Mill closes"), ("body", BODY.format(when="on Tuesday, and on Aug. 23")))
    assert ends(found) == (None, None, None)
    assert find_times("It rained today.", found)["value"].item() == "XXXX-XX-XX"


def test_today_bounds_it_and_only_if_given():
    lines = ("body", BODY.format(when="in May 2020"))
    assert infer(lines, today=date(2020, 8, 1)).latest <= date(2020, 8, 1) < infer(lines).latest


def test_clues_show_where_they_stand():
    roles, text = page(("byline", "Published 4 May 2021"), ("body", BODY.format(when="on Tuesday")))
    clue = infer_published(roles, None, text).clues.iloc[0]
    assert text[clue["start"] : clue["end"]] == "4 May 2021" and clue["says"] == "stamped 4 May 2021" and clue["used"]
    assert clue["earliest"] == clue["latest"] == "2021-05-04"


def test_resolved_times_give_the_same_answer():
    """A frame read against a wrong date must not leak its inferred years."""
    roles, text = page(("byline", "Tuesday, May 4"), ("body", BODY.format(when="in June 2020")))
    assert (
        infer_published(roles, find_times(text, date(1999, 1, 1)), text)[:3] == infer_published(roles, None, text)[:3]
    )


def test_the_answer_feeds_find_times():
    found = infer(("byline", "Published 4 May 2021"), ("body", BODY.format(when="on Tuesday")))
    row = find_times("It rained on Monday.", found).iloc[0]
    assert (row["value"], row["stable"]) == ("2021-05-03", True)


@pytest.mark.parametrize("text", ["", "\n\n", "Mill closes"])
def test_pages_that_say_nothing(text):
    assert infer_published(text=text)[:3] == (None, None, None)


def test_a_labelled_day_of_another_story_does_not_outweigh_the_stamp():
    found = infer(("title", "Mill Closes"), ("dateline", "19 September 2023"), ("body", BODY.format(when="today")),
                  ("related", "Mill opens"), ("related", "Published on 4 September 2023"))
    assert ends(found)[:2] == (date(2023, 9, 19), date(2023, 9, 19))


def test_a_coming_day_and_a_day_of_last_month_bound_a_page_without_a_date():
    told = ("The clerks met last month in the hall, and the lock was offered on Oct. 11. The envoy spoke on Oct. 18. "
            "Copyright 2021. A second round is due in the hall on {}.")
    found = infer(("body", told.format("Nov. 20")))
    assert ends(found)[:2] == (date(2021, 11, 1), date(2021, 11, 20))
    assert {"coming day", "named month"} <= set(found.clues.loc[found.clues["used"], "kind"])
    apart = infer(("body", "The clerks met last month. The lock was offered on Oct. 11. Copyright 2021."))
    assert "named month" not in set(apart.clues["kind"])        # another sentence, another month


def test_a_coming_day_may_lie_in_the_next_year():
    found = infer(("body", "The lock was offered on Dec. 11, 2021. A second round is due in the hall on Jan. 20."),
                  today=date(2022, 6, 1))
    assert ends(found)[:2] == (date(2021, 12, 11), date(2022, 1, 20))


@pytest.mark.parametrize("words, first, last", [
    ("will meet next month, on Nov. 3,", date(2021, 10, 1), date(2021, 10, 31)),
    ("met last month, on 3 October 2021,", date(2021, 11, 1), date(2021, 11, 30)),
])
def test_a_month_that_is_named_from_the_text_places_it(words, first, last):
    found = infer(("body", f"The clerks {words} to talk of the lock. Copyright 2021."))
    clue = found.clues[found.clues["kind"] == "named month"].iloc[0]
    assert clue["used"] and first <= found.earliest <= found.latest <= last


@pytest.mark.parametrize("line", [
    "On April 30, an officer of the council told the paper that the mill would be closed for good.",
    "The council published the plan of the mill on April 30, and the workers read it with some anger.",
    "The clerk updated the list of the workers on April 30.",
])
def test_a_sentence_of_the_story_is_no_stamp(line):
    found = infer(("title", "Mill closes"), ("body", BODY.format(when="in 2021")), ("body", line))
    assert not {"stamp", "updated"} & set(found.clues["kind"])


def test_a_label_with_its_date_is_a_stamp_even_in_a_line_taken_for_the_story():
    found = infer(("body", BODY.format(when="on Tuesday")), ("body", "Published: 4 May 2021, 18:40"))
    assert ends(found) == (date(2021, 5, 4),) * 3


@pytest.mark.parametrize("page, basis", [
    ("Ferry late\nPublished: 3 March 2021\n{}", "stated"),
    ("Ferry late\nPublished 3 March 2021, 10:15\n{}", "stated"),
    ("Ferry late\nBy Ada Holm | 3 March 2021\n{}", "stated"),
    ("Ferry late\nMarch 2021\n{}", "stated"),
    ("Ferry late\nPublished: 3 March 2021\nUpdated: 5 March 2021\n{}", "stated"),
    ("Ferry late\nPublished: 3 March 2021\n{}\nPosted: 9 June 2021", "inferred"),     # which of the two
    ("Ferry late\nPublished: 3 March\n{}", "unknown"),                                # of what year
    ("Ferry late\nUpdated: 3 March 2021\n{}", "inferred"),
    ("Ferry late\n{}\nCopyright 2021", "inferred"),
    ("Ferry late\n{}", "unknown"),
])
def test_a_stamp_states_the_day_and_other_clues_let_it_be_inferred(page, basis):
    body = "The ferry came late again because of the fog, said the harbour master, who had waited for it all morning."
    assert infer_published(text=page.format(body)).basis == basis


def test_a_dateline_states_no_day_of_publication():
    page = ("Ferry late\n\nPORT ANA, 3 March 2021 (Lamp) - The ferry came late because of fog, and all who were there "
            "waited.")
    assert infer_published(text=page).basis == "inferred"


def test_the_practice_case_calls_stated_what_its_pages_state():
    case = open_case("practice")
    for doc_id, basis in zip(case.manifest["doc_id"], case.manifest["published_basis"]):
        text = case.text(doc_id)
        assert (infer_published(cleaning.clean(text), text=text).basis == "stated") == (basis == "stated"), doc_id
