"""What counts as a time expression, and what it means on a given day. All sentences are made up."""

import re
from datetime import date

import pandas as pd
import pytest

from helpers.dates import describe, find_times
from helpers.dates.periods import bounds

WEDNESDAY = date(2023, 5, 17)
# What TIMEX3 (TimeML 1.2.1, section 2.2) allows a value to look like, as far as we write it.
VALUE = re.compile(
    r"(?:PAST|PRESENT|FUTURE)_REF"
    r"|P(?:[\dX]+(?:\.\d+)?[YMWDQECL])+(?:T(?:[\dX]+(?:\.\d+)?[HMS])+)?|PT(?:[\dX]+(?:\.\d+)?[HMS])+|PXX"
    r"|(?:\d{4}|\d{3}X|\d\dXX|XXXX)"
    r"|(?:\d{4}|XXXX)-(?:\d\d|XX|Q[1-4X]|H[12X]|SP|SU|FA|WI|W(?:\d\d|XX)(?:-(?:WE|[1-7X]))?|(?:\d\d|XX)-(?:\d\d|XX))"
    r"(?:T(?:MO|MI|AF|EV|NI|DT|\d\d(?::\d\d(?::\d\d)?)?)(?:Z|[+-]\d\d:\d\d)?)?"
    r"|T(?:MO|MI|AF|EV|NI|DT|\d\d(?::\d\d(?::\d\d)?)?)"
)


def read(text, published=WEDNESDAY, **options):
    times = find_times(text, published, **options)
    return [(text[s:e], v) for s, e, v in zip(times["start"], times["end"], times["value"])]


def values(text, published=WEDNESDAY, **options):
    return [value for _, value in read(text, published, **options)]


FOUND = [
    # full dates: American, British, ISO, numbers
    ("The bridge opened on March 9, 2021.", "March 9, 2021", "2021-03-09"),
    ("The bridge opened on 9 March 2021.", "9 March 2021", "2021-03-09"),
    ("The bridge opened on the 9th of March, 2021.", "the 9th of March, 2021", "2021-03-09"),
    ("Opened 2021-03-09 in rain.", "2021-03-09", "2021-03-09"),
    ("Opened 09.03.2021 in rain.", "09.03.2021", "2021-03-09"),
    ("Opened 25/03/2021 in rain.", "25/03/2021", "2021-03-25"),
    ("Opened 03/25/2021 in rain.", "03/25/2021", "2021-03-25"),
    ("On Tuesday, March 9, 2021, it opened.", "Tuesday, March 9, 2021", "2021-03-09"),
    # partial dates, the year inferred
    ("The mill burned on Sept. 30.", "Sept. 30", "2022-09-30"),
    ("The mill burned on 2 May.", "2 May", "2023-05-02"),
    ("The mill will open on 2 May.", "2 May", "2023-05-02"),
    ("The fair will be held on March 3.", "March 3", "2024-03-03"),
    ("The mill was sold in April.", "April", "2023-04"),
    ("The mill was sold in October.", "October", "2022-10"),
    ("The mill will be sold in October.", "October", "2023-10"),
    ("The mill was sold in May.", "May", "2023-05"),
    ("The mill was sold in March, April and May.", "May", "2023-05"),
    ("She arrived in May 2019.", "May 2019", "2019-05"),
    ("It happened in early December 2020.", "early December 2020", "2020-12"),
    ("Sales fell in mid-July.", "mid-July", "2022-07"),
    # what lies ahead is not counted from what is over
    ("The board passed it on 3 April 2023 and signs by the end of the month.", "the end of the month", "2023-05"),
    ("The board passed it on 3 April 2023 and signed it at the end of the month.", "the end of the month", "2023-04"),
    # ordinals alone
    ("The herald, quoting wires on the 29th, denied it.", "the 29th", "2023-04-29"),
    ("The herald denied it on the 3rd.", "the 3rd", "2023-05-03"),
    ("They met on 3 March 2021 and parted on the 9th.", "the 9th", "2021-03-09"),
    # weekdays
    ("The council met on Tuesday.", "Tuesday", "2023-05-16"),
    ("The council met on Wednesday.", "Wednesday", "2023-05-17"),
    ("The council will meet on Wednesday.", "Wednesday", "2023-05-17"),
    ("The council will meet on Tuesday.", "Tuesday", "2023-05-23"),
    ("The council is expected to decide on Monday.", "Monday", "2023-05-22"),
    ("The council said on Monday that it would close.", "Monday", "2023-05-15"),
    ("The council met last Wednesday.", "last Wednesday", "2023-05-10"),
    ("The council meets next Wednesday.", "next Wednesday", "2023-05-24"),
    ("On Friday the council will vote.", "Friday", "2023-05-19"),
    ("The council meets on Friday.", "Friday", "2023-05-19"),
    ("It had been due to end on Friday.", "Friday", "2023-05-12"),
    ("They have until Friday to pay.", "Friday", "2023-05-19"),
    # deictic
    ("It rained today.", "today", "2023-05-17"),
    ("It rained yesterday evening.", "yesterday evening", "2023-05-16TEV"),
    ("It rained the day before yesterday.", "the day before yesterday", "2023-05-15"),
    ("It rained last night.", "last night", "2023-05-16TNI"),
    ("It rained on Sunday night.", "Sunday night", "2023-05-14TNI"),
    ("They met earlier in the week.", "earlier in the week", "2023-W20"),
    ("They met earlier this month.", "earlier this month", "2023-05"),
    ("They met last week.", "last week", "2023-W19"),
    ("They met last year.", "last year", "2022"),
    ("They will meet early next year.", "early next year", "2024"),
    ("They met over the weekend.", "the weekend", "2023-W19-WE"),
    # so long ago, so much later
    ("They met three weeks ago.", "three weeks ago", "2023-W17"),
    ("They met two years ago.", "two years ago", "2021"),
    ("They met ten days ago.", "ten days ago", "2023-05-07"),
    ("On August 18, 2021 he left. A couple of days later he was back.", "A couple of days later", "2021-08-20"),
    ("On August 18, 2021 he left. The following month he was back.", "The following month", "2021-09"),
    ("On August 18, 2021 he left. The next day he was back.", "The next day", "2021-08-19"),
    ("On August 18, 2021 he left. The day before, he had paid.", "The day before", "2021-08-17"),
    ("In August 2021 he left. A year earlier he had come.", "A year earlier", "2020-08"),
    ("In the third quarter of 2022 it earned more. Costs rose from a year earlier.", "a year earlier", "2021-Q3"),
    # seasons, quarters, halves, fiscal years, decades, centuries
    ("It closed last summer.", "last summer", "2022-SU"),
    ("It closed in the spring of 2019.", "the spring of 2019", "2019-SP"),
    ("It closed in the first quarter of 2020.", "the first quarter of 2020", "2020-Q1"),
    ("It closed in Q3 2021.", "Q3 2021", "2021-Q3"),
    ("It closed in the second half of 2022.", "the second half of 2022", "2022-H2"),
    ("It was funded for fiscal year 2021.", "fiscal year 2021", "2021"),
    ("It was funded in FY2022.", "FY2022", "2022"),
    ("It was built in the late 1970s.", "the late 1970s", "197X"),
    ("It was built in the 19th century.", "the 19th century", "18XX"),
    # clocks
    ("It began at 10 a.m. on Monday.", "10 a.m. on Monday", "2023-05-15T10:00"),
    ("It began on Monday at 5:30 p.m. EST.", "Monday at 5:30 p.m. EST", "2023-05-15T17:30"),
    ("It ended at 14:00 GMT.", "14:00 GMT", "2023-05-17T14:00"),
    ("It ended at noon on May 5.", "noon on May 5", "2023-05-05T12:00"),
    ("It ended at midnight.", "midnight", "2023-05-17T24:00"),
    ("A year and a half ago it ended.", "A year and a half ago", "2021"),
    ("It ended half a century ago.", "half a century ago", "1973"),
    ("It ended the year before last.", "the year before last", "2021"),
    # sets
    ("They meet every Sunday night.", "every Sunday night", "XXXX-WXX-7TNI"),
    ("They meet at weekends.", "weekends", "XXXX-WXX-WE"),
    ("They march every morning.", "every morning", "XXXX-XX-XXTMO"),
    ("They meet annually.", "annually", "P1Y"),
    ("They meet each Tuesday.", "each Tuesday", "XXXX-WXX-2"),
    ("They meet on Mondays.", "Mondays", "XXXX-WXX-1"),
    ("They meet every two years.", "every two years", "P2Y"),
    # durations
    ("It was a four-year term.", "four-year", "P4Y"),
    ("It takes at least 30 days.", "at least 30 days", "P30D"),
    ("It took two and a half years.", "two and a half years", "P2Y6M"),
    ("It took a year and a half.", "a year and a half", "P1Y6M"),
    ("It took half an hour.", "half an hour", "PT30M"),
    ("It took several months.", "several months", "PXM"),
    ("The eight-month-old truce held.", "eight-month-old", "P8M"),
    ("Prices doubled in the past two years.", "the past two years", "P2Y"),
    # vague
    ("They recently met.", "recently", "PAST_REF"),
    ("They are now friends.", "now", "PRESENT_REF"),
    ("They will soon meet.", "soon", "FUTURE_REF"),
    # what the verb, the clause or the neighbours say of the time
    ("Talks are proposed for Friday in Port Ana.", "Friday", "2023-05-19"),
    ("There is a meeting on Friday.", "Friday", "2023-05-19"),
    ("The two came close in July.", "July", "2022-07"),
    ("She said that the harvest of June will be late.", "June", "2023-06"),
    ("Prices have fallen in June.", "June", "2022-06"),
    ("They sailed overnight and landed by noon.", "noon", "2023-05-17T12:00"),
    ("She came at six in the morning.", "six in the morning", "2023-05-17T06:00"),
    ("The report is expected this winter.", "this winter", "2024-WI"),
    ("It will last a year.", "a year", "P1Y"),
    ("They meet again in ten days' time.", "ten days' time", "2023-05-27"),
    ("She never sails on a Friday.", "Friday", "XXXX-WXX-5"),
    # periods that others share
    ("They wait through the second half of May.", "the second half of May", "2023-05"),
    ("It was the winter of 1962-63.", "the winter of 1962-63", "1963-WI"),
    ("In the 2021/2022 season it rained.", "2021/2022", "2021"),
    ("In the autumn I had an offer.", "the autumn", "2022-FA"),
    ("They met in the fall in Port Ana.", "the fall", "2022-FA"),
    ("The accord is of 2015. Five years on, nobody reads it.", "Five years on", "2020"),
    ("It was drawn on October 3, 1899.", "October 3, 1899", "1899-10-03"),
    ("The deadline, first Oct. 10, was moved.", "Oct. 10", "2022-10-10"),
    ("It fell in May 1966, on the 26th.", "the 26th", "1966-05-26"),
    ("In 2020 it was 20. Since the beginning of the month it is 30.", "the beginning of the month", "2023-05"),
    ("It rose from January 2018â€“July 2019.", "January 2018", "2018-01"),
    # feasts
    ("They met at Christmas.", "Christmas", "2022-12-25"),
    ("They met last Thanksgiving.", "last Thanksgiving", "2022-11-24"),
    ("They met on Good Friday.", "Good Friday", "2023-04-07"),
]


@pytest.mark.parametrize(("text", "words", "value"), FOUND, ids=[f[1] + " | " + f[0][:24] for f in FOUND])
def test_finds(text, words, value):
    assert (words, value) in read(text)


NOT_TIMES = [
    "The minister may resign, and they march on.",
    "Wait a second; the second batch is late.",
    "Leaves fall when prices fall.",
    "The S-400, the F-35 and the A2023 are not for sale.",
    "It cost $2021 and weighed 1,999 tons.",
    "The home side won 3-2 after 2010 votes.",
    "Resolution 1973 and Flight 1999 were named.",
    "The 20th meeting of the 5th brigade.",
    "A 45-year-old teacher spoke.",
    "She is the sun of the house, and sat there.",
    "The G-2010 lorry and the Delta-1999 pump.",
    "Their pay is 30 percent less per head.",
]


@pytest.mark.parametrize("text", NOT_TIMES)
def test_leaves_alone(text):
    assert read(text) == []


def test_ages_on_request():
    assert read("A 45-year-old teacher spoke.", ages=True) == [("45-year-old", "P45Y")]


def test_ranges_share_month_and_year():
    assert values("The fair ran from June 3-5, 2019.") == ["2019-06-03", "2019-06-05"]
    assert values("The fair ran between 5 and 9 May 2020.") == ["2020-05-05", "2020-05-09"]
    assert values("It rose between March and June 2020.") == ["2020-03", "2020-06"]
    assert values("It rose between 2014 and 2018.") == ["2014", "2018"]


def test_a_year_told_in_a_sentence_holds_for_the_sentence():
    assert values("It began on 3 June 2019 and ended on 3 August.") == ["2019-06-03", "2019-08-03"]


def test_a_year_that_a_range_shares_is_told_not_inferred():
    assert list(find_times("The fair ran from June 3-5, 2019.", WEDNESDAY)["basis"])[0] == "explicit"


def test_relation_names_the_preposition():
    times = find_times("Shut since 2017, it stays shut until 2025, or from May 2026 to June 2027.", WEDNESDAY)
    assert list(times["relation"]) == ["since", "until", "from", "to"]


def test_past_narrative_keeps_its_year():
    text = "In 1987 the miners struck. In May, soldiers came. In December they left. In February the pit closed."
    assert values(text) == ["1987", "1987-05", "1987-12", "1988-02"]


def test_a_past_narrative_keeps_its_year_where_the_next_has_no_such_day():
    text = "In March 2016 the mill opened its gates. On 29 February the miller left."
    assert values(text) == ["2016-03", "2016-02-29"]


def test_a_winter_before_the_calendar_is_left_out():
    assert values("They met in the winter.", date(1, 1, 1)) == []


def test_a_new_paragraph_ends_the_narrative():
    text = "In 1987 the miners struck.\n\nIn April, the museum opened."
    assert values(text) == ["1987", "2023-04"]


def test_a_date_told_long_before_is_forgotten():
    filler = "Nothing else was heard of it in the valley, as the clerk put it. " * 12
    assert values(f"On August 18, 2021 he left. {filler}The following month he was back.")[-1] == "2023-06"


def test_dateline_is_where_the_text_speaks_from():
    text = "OSTMARK, May 3 (Wire) - The council met on Tuesday and rested today."
    assert values(text) == ["2023-05-03", "2023-05-02", "2023-05-03"]


def test_law_names_a_fiscal_year_that_starts_before_it():
    row = find_times("Funded for fiscal year 2021.", WEDNESDAY).iloc[0]
    assert (row["earliest"], row["latest"], row["basis"]) == ("2020-10-01", "2021-09-30", "explicit")


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("The senate passed the 2021 National Defense Authorization Act.", "2021", "2021"),
        ("The ferry is paid for by the 2021 Harbor and Port Authorization Act.", "2021", "2021"),
        ("The 2021 NDAA pays for the ferry.", "2021", "2021"),
        ("The NDAA for 2021 pays for the ferry.", "2021", "2021"),
        ("The Harbor Budget Act for the year 2021 pays for it.", "the year 2021", "2021"),
        ("The State Defence Act of 2021 pays for it.", "2021", "2021"),
        ("It is in the Consolidated Appropriations Act, 2021.", "2021", "2021"),
        ("In the 2021 Appropriations Act it is paid for.", "2021", "2021"),
        ("Under the FY21 NDAA it is paid for.", "the FY21", "2021"),
    ],
)
def test_year_of_a_law_on_public_money_is_a_fiscal_year(text, words, value):
    assert read(text) == [(words, value)]
    row = find_times(text, WEDNESDAY).iloc[0]
    assert (row["rule"], row["granularity"]) == ("fiscal_year_of_law", "year")
    assert (row["earliest"], row["latest"]) == ("2020-10-01", "2021-09-30")


@pytest.mark.parametrize(
    "text",
    [
        "The Clean Water Act of 2021 is strict.",
        "The 2021 NCAA final was close.",
        "In 2021, the Harbor Authorization Act was debated.",
        "They debated the Harbor Budget Act in 2021.",
        "After the Harbor Budget Act, 2021 was a calm year for shipping.",
        "In 2021 Parliament debated the Harbor Budget Act.",
    ],
)
def test_year_beside_another_name_is_a_calendar_year(text):
    row = find_times(text, WEDNESDAY).iloc[0]
    assert (row["rule"], row["earliest"], row["latest"]) == ("year", "2021-01-01", "2021-12-31")


@pytest.mark.parametrize(
    "text",
    [
        "The mill is taxed under Law No. 2021 as before.",
        "The mill is taxed under Pub. L. 2017 as before.",
        "The mill is taxed under P.L. 2017 as before.",
        "The mill is named in Resolution 1929 as before.",
        "The mill is named in Act No. 2010 as before.",
        "The mill is named in decree no. 2010 as before.",
        "The mill is named in H.R. 2010 as before.",
        "The mill is taxed under Law Nos. 2010 and 2011 as before.",
        "The mill is taxed under Laws No. 1990, 1991 and 1992 as before.",
        "The mill is named in Resolutions 1929 and 2010 as before.",
        "The mill is named in Articles 1949, 1950, or 1951 as before.",
    ],
)
def test_number_of_a_law_is_no_year(text):
    assert values(text) == []


def test_years_in_a_list_stay_years_and_so_does_a_year_in_brackets_behind_a_law():
    assert values("The mill was flooded in 2010 and 2011.") == ["2010", "2011"]
    assert values("Under Resolution 1929 the mill closed in 2010 and 2011.") == ["2010", "2011"]
    assert values("The Harbor Act (2021) taxes the mill.") == ["2021"]     # the year of the law


@pytest.mark.parametrize("text", ["The miller said no. 2021 was wet.", "Was it dry? No. 2021 was wet."])
def test_year_after_a_sentence_that_ends_with_no(text):
    assert values(text) == ["2021"]


def test_interval_of_a_window():
    row = find_times("Prices doubled in the past two weeks.", WEDNESDAY).iloc[0]
    assert (row["kind"], row["earliest"], row["latest"], row["granularity"]) == (
        "DURATION",
        "2023-05-03",
        "2023-05-17",
        "interval",
    )


@pytest.mark.parametrize(("value", "first", "last"), [
    ("2023-W19-WE", "2023-05-13", "2023-05-14"),
    ("2023-W19", "2023-05-08", "2023-05-14"),
    ("2023-Q2", "2023-04-01", "2023-06-30"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2022-H2", "2022-07-01", "2022-12-31"),
    ("2023-WI", "2022-12-01", "2023-02-28"),
    ("2023-SU", "2023-06-01", "2023-08-31"),
    ("199X", "1990-01-01", "1999-12-31"),
    ("18XX", "1800-01-01", "1899-12-31"),
])
def test_what_days_a_value_covers(value, first, last):
    assert [d.isoformat() for d in bounds(value)[:2]] == [first, last]


def test_table_has_its_columns_and_types_even_when_empty():
    for times in (find_times("", WEDNESDAY), find_times("Nothing here.", None), find_times("Today.", WEDNESDAY)):
        assert list(times.columns[:10]) == [
            "start",
            "end",
            "kind",
            "value",
            "earliest",
            "latest",
            "granularity",
            "basis",
            "stable",
            "rule",
        ]
        assert str(times["start"].dtype) == "Int64" and str(times["earliest"].dtype) == "string"
        assert str(times["stable"].dtype) == "boolean"


# ------------------------------------------------------------ the publication date as an interval


def test_same_at_both_ends_is_stable():
    times = find_times("It closed last year, on 3 May 2022.", ("2023-05-15", "2023-05-19"))
    assert list(times["stable"]) == [True, True]
    assert list(times["earliest"]) == ["2022-01-01", "2022-05-03"]


def test_unstable_widens_and_takes_the_last_day_as_best():
    row = find_times("The council met on Tuesday.", ("2023-05-15", "2023-05-19")).iloc[0]
    assert (row["stable"], row["earliest"], row["latest"], row["value"]) == (
        False,
        "2023-05-09",
        "2023-05-16",
        "2023-05-16",
    )


def test_best_day_may_be_given():
    best = find_times("It rained today.", ("2023-05-15", "2023-05-19", "2023-05-16")).iloc[0]
    assert (best["value"], best["earliest"], best["latest"]) == ("2023-05-16", "2023-05-15", "2023-05-19")


def test_without_a_publication_date_what_depends_on_it_is_unknown():
    assert values("On Tuesday, 24 August, and in 2019; last year.", None) == ["XXXX-08-24", "2019", "XXXX"]
    times = find_times("On Tuesday they met.", None)
    assert list(times["value"]) == ["XXXX-WXX-2"] and times["earliest"].isna().all()


@pytest.mark.parametrize("published", [("2023-05-19", "2023-05-15"), "someday", ("2023-05-19",)])
def test_a_bad_publication_date_is_refused_with_the_remedy(published):
    with pytest.raises(ValueError, match="published"):
        find_times("Today.", published)


def test_published_may_be_timestamps():
    assert values("It rained today.", pd.Timestamp("2023-05-17")) == ["2023-05-17"]


def test_every_value_of_the_table_parses():
    for _, _, value in FOUND:
        assert VALUE.fullmatch(value), value


def test_impossible_dates_name_no_day():
    assert bounds("2021-02-30") is None and bounds("2021-W54") is None
    assert read("It is dated 30 February 2021.") == [("February 2021", "2021-02")]


# ------------------------------------------------------------ plain words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("on Tuesday", "on 16 May 2023, counted from the publication date or a date told before"),
        ("in 2019", "in 2019, as the text says"),
        ("in October", "in October 2022, the year inferred from the publication date"),
        ("last week", "in the week of 8 to 14 May 2023, counted from the publication date or a date told before"),
        ("for 30 days", "for 30 days"),
    ],
)
def test_describe(text, words):
    assert describe(find_times(f"They met {text}.", WEDNESDAY).iloc[0]) == words


def test_describe_says_what_an_unstable_reading_rests_on():
    row = find_times("They met on Tuesday.", ("2023-05-15", "2023-05-19")).iloc[0]
    assert describe(row, "on Tuesday", ("2023-05-15", "2023-05-19")) == (
        "between 9 and 16 May 2023, from “on Tuesday” and a publication date between 15 and 19 May 2023"
    )


def test_an_interval_over_new_year_names_both_years():
    row = find_times("It rained today.", ("2022-12-30", "2023-01-02")).iloc[0]
    assert describe(row).startswith("between 30 December 2022 and 2 January 2023")


def test_describe_a_table():
    said = describe(find_times("In 2019, and in the 1990s.", WEDNESDAY))
    assert list(said) == ["in 2019, as the text says", "in the 1990s, as the text says"]


def test_half_a_month_and_the_next_weeks_have_their_days():
    days = find_times("They wait through the second half of February 2024.", WEDNESDAY)[["earliest", "latest"]]
    assert days.values.tolist() == [["2024-02-16", "2024-02-29"]]
    days = find_times("It will overflow in the next two to three weeks.", WEDNESDAY)[["earliest", "latest"]]
    assert days.values.tolist() == [["2023-05-17", "2023-06-07"]]


def test_this_weekend_is_the_coming_one_late_in_the_week():
    for day, weekend in (("2023-05-18", "2023-05-20"), ("2023-05-16", "2023-05-13")):
        assert find_times("They had sailed this weekend.", day)["earliest"].tolist() == [weekend]


@pytest.mark.parametrize("said, value", [
    ("The talks could be held in June.", "2023-06"), ("The launch may take place in June.", "2023-06"),
    ("The fair might open again in February.", "2024-02"), ("The bridge should be finished in March.", "2024-03"),
    ("The vote could take place on Friday.", "2023-05-19"), ("On Friday the ferry may also sail.", "2023-05-19"),
    ("A lease must be signed by the owners in April.", "2024-04"),
    ("The lease could have been signed in June.", "2022-06"), ("The ferry may have sailed on Friday.", "2023-05-12"),
    ("No pilot could be found on Friday.", "2023-05-12"), ("She could not attend on Friday.", "2023-05-12"),
    ("The fee can be paid in June.", "2023-06"),
    ("The storms of May were strong, he said on Monday.", "2023-05-15"),
    ("In May the council met on Monday.", "2023-05-15"),
])
def test_what_may_or_should_be_is_still_to_come(said, value):
    assert values(said, "2023-05-17")[-1] == value


def test_what_may_be_done_says_nothing_of_a_since_before_it():
    tenses = find_times("The pilot, who has run the yard since 2016, may no longer sail.", "2023-05-17")["tense"]
    assert tenses.isna().all() or "future" not in set(tenses)
