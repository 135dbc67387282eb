"""Places of a source in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.records.canonical import Json
from probanda.report.located import place_in_words, touching, where_in_source
from probanda.report.snapshot import Region

PLACES: list[tuple[dict[str, Json], str]] = [
    ({"kind": "page", "page": 2, "box": [0, 0, 1, 1], "unit": "pt"}, "page 2"),
    ({"kind": "cell", "sheet": "Victims", "row": 3, "column": 2, "cell": "B3"}, "cell B3 of sheet Victims"),
    ({"kind": "cell", "sheet": None, "row": 3, "column": 2, "cell": "B3"}, "cell B3"),
    ({"kind": "paragraph", "part": "word/document.xml", "index": 12}, "paragraph 12"),
    ({"kind": "paragraph", "part": "word/footnotes.xml", "index": 1}, "paragraph 1 of the footnotes"),
    ({"kind": "paragraph", "part": "word/header2.xml", "index": 1}, "paragraph 1 of the header"),
    ({"kind": "part", "part": "header:Subject"}, "header field Subject"),
    ({"kind": "part", "part": "body:text/plain"}, "the message's text/plain body"),
    ({"kind": "region", "page": 1, "box": [0, 0, 1, 1], "unit": "px", "confidence": 93}, "image region"),
    ({"kind": "region", "page": 3, "box": [0, 0, 1, 1], "unit": "px", "confidence": 93}, "image region on page 3"),
    ({"kind": "second", "from": 4}, "second"),
]


@pytest.mark.parametrize(("at", "words"), PLACES)
def test_each_kind_of_place_has_its_words(at: dict[str, Json], words: str) -> None:
    assert place_in_words(at) == words


def test_a_stretch_over_several_places_names_the_first_and_the_last() -> None:
    regions = [Region(10 * n, 10 * n + 9, {"kind": "page", "page": 1 + n // 2}) for n in range(6)]
    assert where_in_source(regions, 0, 15) == "page 1"
    assert where_in_source(regions, 12, 45) == "page 1 to page 3"
    assert where_in_source(regions, 9, 10) == ""
    assert where_in_source([], 0, 5) == ""


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5))), st.integers(0, 60), st.integers(1, 20))
def test_a_region_touches_a_stretch_exactly_where_they_share_a_character(
    parts: list[tuple[int, int]], start: int, length: int
) -> None:
    regions: list[Region] = []
    at = 0
    for gap, size in parts:
        regions.append(Region(at + gap, at + gap + size, {"kind": "page", "page": len(regions) + 1}))
        at += gap + size
    wanted = [r for r in regions if set(range(r.start, r.end)) & set(range(start, start + length))]
    assert list(touching(regions, start, start + length)) == wanted
