"""Numbers keep their qualifier and bounds, and what dates, measures, pays or names is never a count."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.text.segments import segment
from probanda.extract.values.quantities import bounds, find_numbers, quantity_of
from probanda.records.passage import Passage
from probanda.records.quantity import Quantity

VALUES = [
    ("more than 2,000", 2000, 2001, None, "more_than"),
    ("at least 12", 12, 12, None, "at_least"),
    ("nearly 500", 500, "unknown", 499, "nearly"),
    ("just under 50", 50, "unknown", 49, "nearly"),
    ("about 30", 30, "unknown", "unknown", "about"),
    ("some 200", 200, "unknown", "unknown", "about"),
    ("an estimated 5,000", 5000, "unknown", "unknown", "about"),
    ("up to 40", 40, "unknown", 40, "up_to"),
    ("as many as 40", 40, "unknown", 40, "up_to"),
    ("fewer than 10", 10, 0, 9, "fewer_than"),
    ("no fewer than 13", 13, 13, None, "at_least"),
    ("no more than 13", 13, "unknown", 13, "up_to"),
    ("in excess of 400", 400, 401, None, "more_than"),
    ("well over 900", 900, 901, None, "more_than"),
    ("2,000-plus", 2000, 2000, None, "at_least"),
    ("20 million or more", 20_000_000, 20_000_000, None, "at_least"),
    ("30 or so", 30, "unknown", "unknown", "about"),
    ("between 30 and 40", "unknown", 30, 40, "between"),
    ("30 to 40", "unknown", 30, 40, "between"),
    ("30-40", "unknown", 30, 40, "between"),
    ("two to three million", "unknown", 2_000_000, 3_000_000, "between"),
    ("dozens", "unknown", 24, "unknown", "dozens"),
    ("scores", "unknown", 40, "unknown", "scores"),
    ("tens of thousands", "unknown", 20_000, "unknown", "tens_of_thousands"),
    ("several hundred", "unknown", 200, "unknown", "hundreds"),
    ("2.3 million", 2_300_000, 2_300_000, 2_300_000, "stated"),
    ("half a million", 500_000, 500_000, 500_000, "stated"),
    ("two and a half million", 2_500_000, 2_500_000, 2_500_000, "stated"),
    ("a dozen", 12, 12, 12, "stated"),
    ("more than two dozen", 24, 25, None, "more_than"),
    ("thirty-seven", 37, 37, 37, "stated"),
    ("one hundred and forty-one", 141, 141, 141, "stated"),
    ("twelve thousand three hundred", 12_300, 12_300, 12_300, "stated"),
    ("1\u202f200", 1200, 1200, 1200, "stated"),
    ("4 500", 4500, 4500, 4500, "stated"),
    ("no one", 0, 0, 0, "stated"),
    ("zero", 0, 0, 0, "stated"),
    ("only five", 5, 5, 5, "only"),
    ("a total of 12", 12, 12, 12, "exactly"),
    ("at least another 12", 12, 12, None, "at_least"),
    ("up to around 40", 40, "unknown", 40, "up_to"),
]


@pytest.mark.parametrize(("text", "stated", "minimum", "maximum", "qualifier"), VALUES)
def test_a_number_says_what_its_words_imply(
    text: str, stated: object, minimum: object, maximum: object, qualifier: str
) -> None:
    assert quantity_of(text) == (stated, minimum, maximum, qualifier)


@pytest.mark.parametrize(
    ("text", "stated", "minimum", "maximum", "qualifier"), [row for row in VALUES if row[0] != "scores"]
)
def test_a_number_within_a_sentence_is_found_whole(
    text: str, stated: object, minimum: object, maximum: object, qualifier: str
) -> None:
    doc = segment(f"In the north {text} people were seen.")
    found = [number for number in find_numbers(doc) if number.kind == "count"]
    assert [doc.passage(number.first, number.last).text for number in found] == [text]
    assert (found[0].stated, found[0].minimum, found[0].maximum, found[0].qualifier) == (
        stated,
        minimum,
        maximum,
        qualifier,
    )


KINDS = [
    ("On 2 March 2022 a shell fell.", {"2": "date", "2022": "date"}),
    ("It fell in 2014.", {"2014": "year"}),
    ("She told Radio 4 so.", {"4": "part"}),
    ("The G7 met.", {"7": "part"}),
    ("Under Article 8 it is a crime.", {"8": "part"}),
    ("Resolution 2623 was adopted.", {"2623": "part"}),
    ("Hospital No. 3 was hit.", {"3": "part"}),
    ("The Group of Seven met.", {"Seven": "part"}),
    ("It cost $5bn.", {"$5bn": "money"}),
    ("It cost 12 million euros.", {"12 million": "money"}),
    ("Some 12% left.", {"Some 12": "percent"}),
    ("About 90 per cent left.", {"About 90": "percent"}),
    ("A 14-year-old girl fell.", {"14": "measure"}),
    ("Mira Velt, 34, said so.", {"34": "measure"}),
    ("A boy aged 9 fell.", {"9": "measure"}),
    ("A 152mm shell fell 12 km away.", {"152": "measure", "12": "measure"}),
    ("It lasted three days.", {"three": "measure"}),
    ("It began at 10:30.", {"10": "time", "30": "time"}),
    ("The 14th shell fell.", {"14th": "ordinal"}),
    ("The first shell fell.", {"first": "ordinal"}),
    ("Half of them left.", {"Half": "part"}),
]


@pytest.mark.parametrize(("text", "expected"), KINDS)
def test_what_counts_nothing_is_no_count(text: str, expected: dict[str, str]) -> None:
    doc = segment(text)
    found = {doc.passage(number.first, number.last).text: number.kind for number in find_numbers(doc)}
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They handed over 12 prisoners.", "12"),
        ("They talked about 12 prisoners.", "12"),
        ("The toll rose from 12 to 14 people.", "12|14"),
        ("It was adopted by a vote of 12-15.", "12|15"),
        ("In Velt 12 people fell.", "12"),
        ("On Monday 12 people fell.", "12"),
        ("He lost 14 of 20 men.", "14|20"),
        ("This one fell.", ""),
    ],
)
def test_a_word_that_belongs_elsewhere_qualifies_nothing(text: str, expected: str) -> None:
    doc = segment(text)
    found = [doc.passage(number.first, number.last).text for number in find_numbers(doc) if number.kind == "count"]
    assert "|".join(found) == expected


@pytest.mark.parametrize("text", ["", "people", "12 people and 13 dogs", "the first", "half", "12,13"])
def test_a_text_without_exactly_one_number_has_no_quantity(text: str) -> None:
    assert quantity_of(text) is None


@pytest.mark.parametrize("value", [2, 30, 999_999])
@pytest.mark.parametrize("qualifier", ["more_than", "at_least", "nearly", "about", "up_to", "fewer_than", "only"])
def test_bounds_make_a_quantity_that_the_record_accepts(value: int, qualifier: str) -> None:
    minimum, maximum = bounds(value, qualifier)  # type: ignore[arg-type]
    Quantity(Passage(0, 1, "x"), value, minimum, maximum, qualifier, None)  # type: ignore[arg-type]


@given(st.integers(min_value=1, max_value=10**9 - 1))
def test_digits_and_words_say_the_same(value: int) -> None:
    grouped, spelled = quantity_of(f"{value:,}"), quantity_of(_spelled(value))
    assert grouped == (value, value, value, "stated")
    assert spelled == grouped


@given(st.integers(min_value=1, max_value=10**7), st.sampled_from(["more than", "at least", "about", "up to", "only"]))
def test_a_passage_gives_the_same_quantity_as_its_text(value: int, words: str) -> None:
    doc = segment(f"Officials counted {words} {value:,} homes in the valley.")
    (number,) = find_numbers(doc)
    found = (number.stated, number.minimum, number.maximum, number.qualifier)
    assert quantity_of(doc.passage(number.first, number.last).text) == found


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    doc = segment(text)
    last = 0
    for number in find_numbers(doc):
        assert last <= number.first <= number.core_first < number.core_last <= number.last
        last = number.last
    quantity_of(text)


_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = "x x twenty thirty forty fifty sixty seventy eighty ninety".split()


def _spelled(value: int) -> str:
    """British number words, written the slow and obvious way."""
    for size, name in ((10**6, "million"), (10**3, "thousand")):
        if value >= size:
            head, rest = divmod(value, size)
            joint = " and " if 0 < rest < 100 else " "
            return f"{_spelled(head)} {name}" + (joint + _spelled(rest) if rest else "")
    if value >= 100:
        head, rest = divmod(value, 100)
        return f"{_UNITS[head]} hundred" + (f" and {_spelled(rest)}" if rest else "")
    if value >= 20:
        tens, unit = divmod(value, 10)
        return _TENS[tens] + (f"-{_UNITS[unit]}" if unit else "")
    return _UNITS[value]
