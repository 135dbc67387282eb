"""Times are resolved as news uses them, and stay unresolved where the text leaves them open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.text.segments import segment
from probanda.extract.values.times import find_times

PUBLISHED = "2022-03-02"  # a Wednesday

RESOLVED = [
    ("It fell on 5 January 2021.", "5 January 2021", "2021-01-05", "2021-01-05", "day"),
    ("It fell on January 5, 2021.", "January 5, 2021", "2021-01-05", "2021-01-05", "day"),
    ("It fell on Jan. 5.", "Jan. 5", "2022-01-05", "2022-01-05", "day"),
    ("It fell on the 5th of December.", "5th of December", "2021-12-05", "2021-12-05", "day"),
    ("Filed 2022-02-28.", "2022-02-28", "2022-02-28", "2022-02-28", "day"),
    ("Filed 28.02.2022.", "28.02.2022", "2022-02-28", "2022-02-28", "day"),
    ("Filed 28/02/2022.", "28/02/2022", "2022-02-28", "2022-02-28", "day"),
    ("It fell in January.", "January", "2022-01-01", "2022-01-31", "month"),
    ("It fell in May 2020.", "May 2020", "2020-05-01", "2020-05-31", "month"),
    ("It fell in 2014.", "2014", "2014-01-01", "2014-12-31", "year"),
    ("He spoke on Wednesday.", "Wednesday", "2022-03-02", "2022-03-02", "day"),
    ("He spoke on Thursday.", "Thursday", "2022-02-24", "2022-02-24", "day"),
    ("He spoke last Wednesday.", "last Wednesday", "2022-02-23", "2022-02-23", "day"),
    ("They will meet on Friday.", "Friday", "2022-03-04", "2022-03-04", "day"),
    ("Talks are due to resume on Friday.", "Friday", "2022-03-04", "2022-03-04", "day"),
    ("They meet next Friday.", "next Friday", "2022-03-04", "2022-03-04", "day"),
    ("It fell on Monday last week.", "Monday last week", "2022-02-21", "2022-02-21", "day"),
    ("It fell today.", "today", "2022-03-02", "2022-03-02", "day"),
    ("It fell yesterday.", "yesterday", "2022-03-01", "2022-03-01", "day"),
    ("It fell the day before yesterday.", "the day before yesterday", "2022-02-28", "2022-02-28", "day"),
    ("It burned overnight.", "overnight", "2022-03-01", "2022-03-02", "part_of_day"),
    ("It fell on Tuesday night.", "Tuesday night", "2022-03-01", "2022-03-02", "part_of_day"),
    ("It fell earlier this week.", "earlier this week", "2022-02-28", "2022-03-02", "week"),
    ("It fell last month.", "last month", "2022-02-01", "2022-02-28", "month"),
    ("It fell last year.", "last year", "2021-01-01", "2021-12-31", "year"),
    ("It fell three days ago.", "three days ago", "2022-02-27", "2022-02-27", "day"),
    ("Twelve fell in the past 24 hours.", "the past 24 hours", "2022-03-01", "2022-03-02", "range"),
    ("Twelve fell from 3 to 5 January.", "from 3 to 5 January", "2022-01-03", "2022-01-05", "range"),
    (
        "Twelve fell between 28 December and 2 January.",
        "between 28 December and 2 January",
        "2021-12-28",
        "2022-01-02",
        "range",
    ),
    ("Twelve fell between 2014 and 2016.", "between 2014 and 2016", "2014-01-01", "2016-12-31", "range"),
    ("Twelve fell since 24 February.", "since 24 February", "2022-02-24", "2022-03-02", "range"),
    ("It fell at 5.30am on Tuesday.", "5.30am on Tuesday", "2022-03-01T05:30", "2022-03-01T05:30", "instant"),
    ("It fell at 0600 GMT on 1 March.", "0600 GMT on 1 March", "2022-03-01T06:00Z", "2022-03-01T06:00Z", "hour"),
    ("Wednesday, 2 March 2022", "Wednesday, 2 March 2022", "2022-03-02", "2022-03-02", "day"),
]


@pytest.mark.parametrize(("text", "words", "earliest", "latest", "precision"), RESOLVED)
def test_a_time_is_an_interval_with_a_precision(
    text: str, words: str, earliest: str, latest: str, precision: str
) -> None:
    (mention,) = find_times(segment(text), PUBLISHED)
    assert mention.when.passage is not None
    assert mention.when.passage.text == words
    assert (mention.when.earliest, mention.when.latest, mention.when.precision) == (earliest, latest, precision)


@pytest.mark.parametrize(
    ("text", "words", "relative_to"),
    [
        ("Hours later, it fell.", "Hours later", "previous statement"),
        ("Earlier, he had left.", "Earlier", "previous statement"),
        ("The next day it fell.", "The next day", "previous statement"),
        ("Two weeks earlier it fell.", "Two weeks earlier", "previous statement"),
        ("Filed 03/02/2022.", "03/02/2022", "order of day and month"),
        ("It fell at 10:30.", "10:30", "day of the statement"),
        ("They fled since the invasion began.", "since the invasion began", "the invasion began"),
        ("It fell in spring 2021.", "spring 2021", "hemisphere"),
    ],
)
def test_what_the_text_leaves_open_stays_open(text: str, words: str, relative_to: str) -> None:
    (mention,) = find_times(segment(text), PUBLISHED)
    assert mention.when.passage is not None
    assert mention.when.passage.text == words
    assert (mention.when.earliest, mention.when.latest, mention.when.relative_to) == (None, None, relative_to)


def test_a_calendar_of_events_dates_what_the_text_counts_from() -> None:
    doc = segment("Twelve fell since the start of the siege of Velt.")
    (mention,) = find_times(doc, PUBLISHED, {"siege of Velt": "2022-01-10", "siege": "2022-01-11"})
    assert (mention.when.earliest, mention.when.latest) in {("2022-01-10", PUBLISHED), ("2022-01-11", PUBLISHED)}
    assert mention.when.basis == "event calendar"


@pytest.mark.parametrize(
    "text",
    [
        "Ms May said they may march.",
        "The March on Velt was long.",
        "The Sunday Courier wrote so.",
        "She recalled Bloody Sunday.",
        "He told Radio 4’s Today so.",
        "The sun rose as he sat.",
        "It has second thoughts since the mayor left.",
        "Augusta and June Velt left.",
    ],
)
def test_a_name_or_a_verb_is_no_time(text: str) -> None:
    assert find_times(segment(text), PUBLISHED) == ()


def test_without_a_publication_date_relative_times_hang_on_it() -> None:
    for text in ("It fell on Tuesday.", "It fell yesterday.", "It fell on 5 January.", "It fell last month."):
        (mention,) = find_times(segment(text), None)
        assert (mention.when.earliest, mention.when.relative_to) == (None, "publication")


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 1, 1)), st.integers(0, 6))
def test_a_bare_weekday_is_the_latest_up_to_publication(published: date, weekday: int) -> None:
    name = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[weekday]
    (mention,) = find_times(segment(f"It fell on {name}."), published.isoformat())
    found = date.fromisoformat(mention.when.earliest or "")
    assert found.weekday() == weekday
    assert timedelta(0) <= published - found < timedelta(days=7)


@given(
    st.dates(min_value=date(1850, 1, 1), max_value=date(2090, 1, 1)),
    st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d", "%d.%m.%Y"]),
)
def test_a_full_date_is_itself_whenever_published(day: date, layout: str) -> None:
    (mention,) = find_times(segment(f"It fell on {day.strftime(layout)} there."), PUBLISHED)
    assert mention.when.earliest == mention.when.latest == day.isoformat()


@given(st.text(max_size=200), st.sampled_from([None, PUBLISHED, "2024-02-29", "not a date"]))
def test_any_text_is_read(text: str, published: str | None) -> None:
    doc = segment(text)
    last = 0
    for mention in find_times(doc, published):
        assert last <= mention.first < mention.last
        last = mention.last
        earliest, latest = mention.when.earliest, mention.when.latest
        assert earliest is None or latest is None or earliest <= latest


CHAINED = [
    ("A drone hit a bus on Monday. Hours later, the mayor spoke.", "Hours later", "2031-05-12", "2031-05-13"),
    ("A drone hit a bus on Monday. The next morning, they dug.", "The next morning", "2031-05-13", "2031-05-13"),
    ("A drone hit a bus on Monday. The day before, it had rained.", "The day before", "2031-05-11", "2031-05-11"),
    ("A drone hit a bus on Monday. Later that day, the mayor spoke.", "Later that day", "2031-05-12", "2031-05-12"),
    ("A drone hit a bus on 2 May. Three days later, he died.", "Three days later", "2031-05-05", "2031-05-05"),
    ("A drone hit a bus on 2 May. A week later, he died.", "A week later", "2031-05-06", "2031-05-12"),
    ("The minister spoke on Tuesday. Earlier, a drone hit a bus.", "Earlier", None, "2031-05-13"),
    ("He spoke on Wednesday. Hours later, the court opened a case.", "Hours later", "2031-05-14", "2031-05-14"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "earliest", "latest"), CHAINED)
def test_a_time_that_hangs_on_the_one_before_is_counted_from_it(
    text: str, words: str, earliest: str | None, latest: str
) -> None:
    (when,) = [
        m.when for m in find_times(segment(text), "2031-05-14") if m.when.passage and m.when.passage.text == words
    ]
    assert (when.earliest, when.latest) == (earliest, latest)
    assert when.basis == "relative to the preceding statement" and when.relative_to


@pytest.mark.parametrize(
    "text",
    [
        "Hours later, the mayor spoke.",
        "“We were bombed on Monday,” she said. Hours later, she left.",
        "It was the worst year since 2019. Hours later, she left.",
    ],
)
def test_a_time_that_hangs_on_nothing_dated_stays_open(text: str) -> None:
    (when,) = [m.when for m in find_times(segment(text), "2031-05-14") if m.when.relative_to == "previous statement"]
    assert when.earliest is None and when.latest is None and when.basis == "unresolved"


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["Hours", "Two days", "A week", "Minutes"]))
def test_what_was_told_is_never_dated_after_publication(published: date, span: str) -> None:
    text = f"A drone hit a bus on Monday. {span} later, the mayor spoke."
    times = [m.when for m in find_times(segment(text), published.isoformat())]
    assert all(when.latest is None or when.latest[:10] <= published.isoformat() for when in times)
