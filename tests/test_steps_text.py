"""The frozen text and the way back to what it was taken from."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probanda.records.canonical import parse_canonical
from probanda.steps.identify import identify
from probanda.steps.page import Page, squeeze
from probanda.steps.step import StepResult
from probanda.steps.text import STEP

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Strike in Karovia kills 12 - The Belov Daily</title>
<meta property="article:published_time" content="2021-05-04T10:00:00Z"><meta name="author" content="Mirek Sandor">
<script>document.write("1,000 dead in a script");</script><style>p{color:red}</style>
<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2021-05-04T09:00:00Z"}</script></head>
<body><nav><a href="/">Home</a> <a href="/n">News</a></nav><article><h1>Strike in Karovia kills 12</h1>
<p>A strike on the town of Belov&nbsp;killed 12   people on <b>Tues</b>day, the Karovian emergency service said.</p>
<p>&ldquo;We found them in the rubble&#8221;, said Mirek Sandor.<br>He did not say more.</p>
<script>var later = "also never text";</script>
<ul><li>The first item is long enough to be kept here</li><li>Second item</li></ul>
<table><tr><td>Dead</td><td>12</td></tr><tr><td>Hurt</td><td>30</td></tr></table></article>
<footer>Copyright</footer></body></html>"""


def run(data: bytes, **parameters: str | None) -> StepResult:
    found = identify(data)
    sha256 = hashlib.sha256(data).hexdigest()
    given = {"media_type": found["media_type"], "encoding": found["encoding"], **parameters}
    return STEP.run(STEP.request(sha256, parameters=given), {sha256: data})


def outputs(result: StepResult) -> tuple[str, dict[str, Any]]:
    assert result.outcome == "succeeded", result.reason
    by_role = {output.role: output.data for output in result.outputs}
    way_back: Any = parse_canonical(by_role["map"])
    return by_role["text"].decode(), way_back


def lines_and_sources(text: str, way_back: dict[str, Any], source: str) -> dict[str, str | None]:
    return {text[t0:t1]: None if s0 is None else source[s0:s1] for t0, t1, s0, s1 in way_back["segments"]}


def test_every_line_of_a_page_leads_back_to_its_place_in_the_source() -> None:
    text, way_back = outputs(run(PAGE.encode()))
    assert lines_and_sources(text, way_back, PAGE) == {
        "Strike in Karovia kills 12": "Strike in Karovia kills 12",
        "A strike on the town of Belov killed 12 people on Tuesday, the Karovian emergency service said.": (
            "A strike on the town of Belov&nbsp;killed 12   people on <b>Tues</b>day, "
            "the Karovian emergency service said."
        ),
        "“We found them in the rubble”, said Mirek Sandor.": (
            "&ldquo;We found them in the rubble&#8221;, said Mirek Sandor."
        ),
        "He did not say more.": "He did not say more.",
        "The first item is long enough to be kept here": "The first item is long enough to be kept here",
        "Second item": "Second item",
        "Dead\t12": "Dead</td><td>12",
        "Hurt\t30": "Hurt</td><td>30",
    }
    assert way_back["text"]["sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert way_back["counts"]["lines_unmapped"] == 0


def test_the_heading_leads_to_the_article_and_not_to_the_title_in_the_head() -> None:
    _, way_back = outputs(run(PAGE.encode()))
    start = way_back["segments"][0][2]
    assert PAGE[start - 4 : start] == "<h1>"


def test_scripts_and_styles_are_never_text() -> None:
    text, _ = outputs(run(PAGE.encode()))
    for word in ("1,000 dead", "never text", "color", "datePublished"):
        assert word not in text


def test_what_the_page_states_of_itself_is_kept_with_its_place() -> None:
    _, way_back = outputs(run(PAGE.encode()))
    stated = way_back["stated"]
    assert stated["author"] == "Mirek Sandor"
    assert stated["language"] == "en"
    assert [(date["stated"], date["value"]) for date in stated["dates"]] == [
        ("meta article:published_time", "2021-05-04T10:00:00Z"),
        ("datePublished (JSON-LD)", "2021-05-04T09:00:00Z"),
    ]
    assert PAGE[stated["dates"][0]["start"] :].startswith("<meta property=")


def test_a_page_that_states_no_date_has_none_given_to_it() -> None:
    _, way_back = outputs(
        run(b"<html><body><p>On 3 May 2021 a strike hit the town of Belov in Karovia.</p></body></html>")
    )
    assert way_back["stated"]["dates"] == []
    assert way_back["stated"]["date_found"] is None


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_plain_text_is_kept_to_the_character_line_ends_and_all(ending: str) -> None:
    written = f"First line{ending}  second  line{ending}{ending}"
    text, way_back = outputs(run(written.encode()))
    assert text == written
    assert way_back["segments"] == [[0, len(written), 0, len(written)]]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_no_character_of_the_text(encoding: str) -> None:
    text, way_back = outputs(run("Звіт".encode(encoding)))
    assert text == "Звіт"
    assert way_back["segments"] == [[0, 4, 1, 5]]


def test_bytes_that_do_not_decode_are_refused_at_their_place() -> None:
    result = run("Звіт ".encode() + b"\xff" + "про удар".encode())
    assert result.outcome == "failed"
    assert "byte 9 (0xff)" in str(result.reason)


def test_the_wrong_encoding_given_by_hand_is_refused_and_not_papered_over() -> None:
    assert run("Звіт".encode("cp1251"), encoding="utf-8").outcome == "failed"
    assert "zlib_codec" in str(run(b"x", encoding="zlib_codec").reason)
    assert run(b"x", encoding=None).outcome == "failed"


@pytest.mark.parametrize("data", [b"MZ\x90\x00", b"", b"\x89PNG\r\n\x1a\n", b"<?xml version='1.0'?><rss>"])
def test_other_types_are_not_applicable_yet(data: bytes) -> None:
    result = run(data)
    assert result.outcome == "not_applicable"
    assert str(identify(data)["media_type"]) in str(result.reason)


@pytest.mark.parametrize("depth", [241, 100_000])
def test_a_page_nested_too_deep_is_refused(depth: int) -> None:
    page = b"<html><body>" + b"<div>" * depth + b"<p>Below</p>" + b"</div>" * depth
    result = run(page)
    assert result.outcome == "failed"
    assert "nested at most 240 deep" in str(result.reason)


def test_a_page_as_deep_as_is_read_loses_nothing() -> None:
    depth = 235
    text, _ = outputs(run(b"<html><body>" + b"<div>" * depth + b"<p>Deep words stand here.</p>" + b"</div>" * depth))
    assert text == "Deep words stand here."


def test_unclosed_paragraphs_and_items_are_not_depth() -> None:
    page = "<html><body>" + "".join(f"<p>Paragraph number {n} of a long page without end tags." for n in range(2000))
    text, way_back = outputs(run(page.encode()))
    assert "Paragraph number 1999" in text
    assert way_back["counts"]["lines_unmapped"] == 0


def test_an_enormous_page_is_refused_at_once() -> None:
    result = run(b"<html>" + b"<p>word" * 8_000_000)
    assert result.outcome == "failed"
    assert "at most 10000000 characters" in str(result.reason)


def test_a_page_of_scripts_alone_has_no_text_and_says_so() -> None:
    result = run(b"<html><body><script>render()</script></body></html>")
    assert result.outcome == "failed"
    assert "shows text" in str(result.reason)


def test_where_no_main_text_is_found_all_visible_text_is_kept() -> None:
    text, way_back = outputs(run(b"<html><body><footer>Copyright<br>notice</footer></body></html>"))
    assert text == "Copyright\n\nnotice"
    assert way_back["basis"] == "all visible text"


def test_where_the_extractor_runs_blocks_together_the_page_decides() -> None:
    """A page so short that trafilatura gives up its structure."""
    page = (
        "<html><body><dl><dt>Term</dt><dd>H<sub>2</sub>O, and <a href=x>a link</a>, <em>em</em>.</dd></dl>"
        "<h3>Head</h3>text without p<div>civil\u00adians<span> died</span></div></body></html>"
    )
    text, way_back = outputs(run(page.encode()))
    assert text == "Term\n\nH2O, and a link, em.\n\nHead\n\ntext without p\n\ncivilians died"
    assert way_back["counts"]["lines_unmapped"] == 0


def test_conditional_comments_of_office_pages_stop_nothing() -> None:
    text, _ = outputs(run(b"<html><body><![if !support]><p>Twelve people died in Belov.</p><![weird]></body></html>"))
    assert text == "Twelve people died in Belov."


def test_the_same_page_gives_the_same_outputs() -> None:
    assert run(PAGE.encode()) == run(PAGE.encode())


# Whole words, decomposed and entities, so that runs of them meet each rule of the comparison.
WORDS = st.lists(
    st.sampled_from(["Belov", "died", "été", "й", "&amp;", "&#1081;", "12", "“no”", "a"]), min_size=1, max_size=14
)
BLOCKS = st.lists(
    st.tuples(st.sampled_from(["p", "div", "li", "h2", "td"]), WORDS, st.booleans()), min_size=1, max_size=8
)


@settings(max_examples=60, deadline=None)
@given(BLOCKS)
def test_a_mapped_line_shows_at_its_place_exactly_the_lines_characters(
    blocks: list[tuple[str, list[str], bool]],
) -> None:
    body = "".join(
        f"<{tag}>{' '.join(f'<b>{word}</b>' if bold else word for word in words)}</{tag}>"
        for tag, words, bold in blocks
    )
    page = f"<html><body><article>{body}</article></body></html>"
    result = run(page.encode())
    text, way_back = outputs(result)
    for t0, t1, s0, s1 in way_back["segments"]:
        if s0 is not None:
            assert Page(page[s0:s1]).key == squeeze(text[t0:t1])


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_plain_text_round_trips(written: str) -> None:
    result = run(written.encode(), media_type="text/plain", encoding="utf-8")
    text, way_back = outputs(result)
    assert text == written.removeprefix("\ufeff")
    for t0, t1, s0, s1 in way_back["segments"]:
        assert text[t0:t1] == written[s0:s1]
