"""The text layer of a PDF, line by line, and files that mean harm."""

from __future__ import annotations

import zlib

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from make_pdf import ENCRYPTED, FULL_PAGE_PICTURE, PICTURE, pdf, words
from material_steps import outputs, places, run
from probanda.steps.readers import pdf as reader

WORDS = st.text(st.sampled_from("abcdefghij ABC.12"), min_size=1, max_size=30).filter(lambda text: text.strip() != "")


def test_every_line_leads_to_its_page_and_box() -> None:
    data = pdf(
        [words("Twelve people died", y=250) + words("in Belov.", y=236), words("Page two, \u201cquoted\u201d", y=200)]
    )
    text, way_back = outputs(run(data))
    assert text == "Twelve people died in Belov.\n\f\nPage two, “quoted”"
    found = places(text, way_back)
    assert [(line, at["page"]) for line, at in found] == [
        ("Twelve people died", 1),
        ("in Belov.", 1),
        ("Page two, “quoted”", 2),
    ]
    left, bottom, right, top = found[0][1]["box"]
    assert 38 < left < 43
    assert 245 < bottom <= 250.5
    assert 130 < right < 160
    assert 257 < top < 264
    assert way_back["pages"][0] == {"height": 300, "page": 1, "rotation": 0, "unit": "pt", "width": 400}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=6), min_size=1, max_size=3))
def test_every_region_is_the_line_that_was_set(pages: list[list[str]]) -> None:
    data = pdf([b"".join(words(line, y=280 - 20 * n) for n, line in enumerate(page)) for page in pages])
    text, way_back = outputs(run(data))
    assert [(line, at["page"]) for line, at in places(text, way_back)] == [
        (" ".join(line.split()), number) for number, page in enumerate(pages, 1) for line in page
    ]


def test_columns_of_figures_stay_apart() -> None:
    """PDFium runs a column of digits together, and leaves a space between columns, as in "12 300"."""
    data = pdf([words("1", y=250) + words("2", y=236) + words("12", y=200) + words("300", x=80, y=200)])
    text, way_back = outputs(run(data))
    assert text.replace("\n\n", "\n") == "1\n2\n12\t300"
    assert [line for line, _ in places(text, way_back)] == ["1", "2", "12\t300"]


def test_a_visible_box_that_does_not_begin_at_nought_moves_the_boxes() -> None:
    page = b"/MediaBox [0 0 400 300] /CropBox [30 200 400 300] /Rotate 90"
    text, way_back = outputs(run(pdf([words("Inside", 40, 250) + words("Below", 40, 100)], page=page)))
    assert text == "Inside"
    assert way_back["pages"] == [{"height": 100, "page": 1, "rotation": 90, "unit": "pt", "width": 370}]
    assert way_back["regions"][0]["at"]["box"][0] == pytest.approx(11, abs=2)
    assert [(one["text"], one["why"]) for one in way_back["apart"]] == [("Below", "outside the page")]


def test_words_that_nobody_sees_are_kept_apart() -> None:
    data = pdf([words("Seen") + words("no ink", y=200, mode=3) + words("tiny", y=150, size=0.1)])
    text, way_back = outputs(run(data))
    assert text == "Seen"
    assert {one["text"]: one["why"] for one in way_back["apart"]} == {
        "no ink": "without ink",
        "tiny": "too small to be seen",
    }


def test_words_without_ink_over_a_picture_are_its_text_layer() -> None:
    line = "Recognised by the program that made the scan, so it is the text"
    text, _ = outputs(run(pdf([FULL_PAGE_PICTURE + words(line, mode=3)], objects=[PICTURE])))
    assert text == line


def test_pages_without_a_text_layer_are_counted() -> None:
    data = pdf([words("A page of text"), FULL_PAGE_PICTURE, FULL_PAGE_PICTURE + words("17")], objects=[PICTURE])
    result = run(data)
    assert result.facts["pages_without_text"] == 2
    text, _ = outputs(result)
    assert text == "A page of text\n\f\n\n\f\n17"


def test_a_file_of_pictures_alone_is_left_to_recognition() -> None:
    result = run(pdf([FULL_PAGE_PICTURE, b""], objects=[PICTURE]))
    assert result.outcome == "not_applicable"
    assert result.reason == "no text layer on any of 2 pages; the step ocr reads page images"
    assert result.facts["pages_without_text"] == 2


def test_a_word_broken_at_the_end_of_a_line_is_joined() -> None:
    source = """#set page(width: 200pt, height: 300pt)
    #set text(hyphenate: true, lang: "en"); #set par(justify: true)
    = Office of the final affair
    The investigation commission established responsibilities notwithstanding contradictory representations."""
    text, way_back = outputs(run(typst.compile(source.encode())))
    assert "established responsibilities notwithstanding contradictory representations." in text.replace("\n", " ")
    assert text.startswith("Office of the final affair\n\nThe investigation")
    assert len(way_back["regions"]) > 4


def test_a_hyphen_that_the_word_has_elsewhere_stays() -> None:
    source = """#set page(width: 110pt, height: 300pt)
    The anti-tank guns. Hundreds of these anti-tank guns."""
    text, _ = outputs(run(typst.compile(source.encode())))
    assert text.replace("\n", " ").count("anti-tank") == 2


def test_a_password_is_said_with_what_to_do() -> None:
    result = run(pdf([words("Secret")], trailer=ENCRYPTED))
    assert result.outcome == "failed"
    assert str(result.reason).startswith("password-protected: ")
    assert "add as well" in str(result.reason)


def test_a_claim_of_a_hundred_thousand_pages_is_refused_at_once() -> None:
    result = run(pdf([words("One")], count=100_000))
    assert result.outcome == "failed"
    assert "at most 10,000 pages, found a PDF that claims 100,000" in str(result.reason)


def test_pages_that_are_claimed_and_not_there_are_counted() -> None:
    result = run(pdf([words("One page of text is there")], count=3))
    assert result.facts["pages_broken"] == 2
    assert outputs(result)[0] == "One page of text is there\n\f\n\n\f\n"


@pytest.mark.parametrize("keep", [20, 200, 600])
def test_a_file_cut_short_fails_or_says_that_its_end_is_missing(keep: int) -> None:
    data = pdf([words("Twelve people died in Belov and nobody was left to say so")])
    result = run(data[:keep])
    if result.outcome == "succeeded":
        assert result.facts["ends_whole"] is False
    else:
        assert "may be cut short" in str(result.reason) or "no text layer" in str(result.reason)


def test_a_file_cut_in_its_content_gives_what_is_left_and_says_so() -> None:
    data = pdf([words("Twelve people died in Belov and nobody was left to say so")])
    result = run(data[: data.index(b"startxref")])
    assert outputs(result)[0] == "Twelve people died in Belov and nobody was left to say so"
    assert result.facts["ends_whole"] is False


def test_a_page_of_too_many_characters_is_refused() -> None:
    stream = zlib.compress(b"BT /F1 12 Tf 40 40 Td " + b"(abcdefghij) Tj " * 60_000 + b"ET")
    data = pdf([words("x")])
    old = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words("x")), words("x"))
    bomb = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
    result = run(data.replace(old, bomb))
    assert result.outcome == "failed"
    assert "on page 1" in str(result.reason) or "on 1" in str(result.reason)


@pytest.mark.parametrize("data", [b"%PDF-1.7 ...", b"%PDF-", b"%PDF-1.4\n" + bytes(range(256)) * 40])
def test_what_only_begins_like_a_pdf_fails_with_the_reason(data: bytes) -> None:
    result = run(data)
    assert result.outcome == "failed"
    assert "expected a PDF" in str(result.reason)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_never_raises(data: st.DataObject) -> None:
    whole = bytearray(pdf([words("Twelve people died in Belov"), words("Two")]))
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(5, len(whole) - 1))] = data.draw(st.integers(0, 255))
    assert run(bytes(whole)).outcome in ("succeeded", "failed", "not_applicable")


def test_the_same_file_gives_the_same_outputs() -> None:
    data = pdf([words("Twelve people died")])
    assert run(data) == run(data)
    assert reader.MAX_PAGES == 10_000
