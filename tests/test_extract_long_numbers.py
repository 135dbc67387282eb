"""Numbers that no source counts: account numbers, codes, digits without end. No figure, and they stop no reading."""

from __future__ import annotations

import pytest

from probanda.extract.read import read
from probanda.records.canonical import canonical
from probanda.records.codec import to_json

LONG = [
    "9" * 5_000, "9" * 400, "9" * 25, "1" + " 000" * 300, "1" + ",000" * 300, "100 101 102 103 104 105 106 107",
    "1 " + "billion " * 60, "million " * 60, "1 мільярд " + "мільярд " * 60, "сто тысяч " + "миллионов " * 60,
]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
@pytest.mark.parametrize("number", LONG, ids=lambda number: number[:12])
def test_a_number_without_measure_is_no_figure_and_stops_no_reading(language: str, number: str) -> None:
    rest = {"en": "people were killed, the mayor said.", "uk": "людей загинули, сказав мер.", "ru": "человек погибли."}
    text = f"{number} {rest[language]} {'At least 12 people were killed in Vesna.' if language == 'en' else ''}"
    found = read(text, "2031-05-14", language)
    assert canonical(to_json(found))
    stated = [claim.quantity.stated for claim in found.claims if claim.quantity is not None]
    assert all(not isinstance(value, int | float) or value < 2**53 for value in stated)
    assert language != "en" or 12 in stated
