"""Word documents: paragraphs at their numbers, what was deleted kept apart, and packages that mean harm."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from material_steps import outputs, places, run
from probanda.steps.readers.frozen import one_line

SPACE = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def docx(body: str, *, head: str = "", **parts: str) -> bytes:
    """A document with this body; further parts by name, each the inside of its root."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", f"{head}<w:document {SPACE}><w:body>{body}</w:body></w:document>")
        for name, inside in parts.items():
            made.writestr(f"word/{name}.xml", f"<w:root {SPACE}>{inside}</w:root>")
    return written.getvalue()


def p(*runs: str) -> str:
    return "<w:p><w:pPr/>" + "".join(runs) + "</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


CELLS = "".join(f"<w:tc>{p(r(words))}</w:tc>" for words in ("Ada", "40"))
TABLE = f"<w:tbl><w:tr>{CELLS}</w:tr><w:tr><w:tc>{p()}</w:tc><w:tc>{p(r('two'))}{p(r('lines'))}</w:tc></w:tr></w:tbl>"


def test_every_paragraph_leads_to_its_part_and_number() -> None:
    data = docx(
        p(r("Find"), r("ings")) + p() + p(r("Twelve people died."), "<w:r><w:footnoteReference/></w:r>") + TABLE,
        footnotes=f'<w:footnote w:id="2">{p(r("Karovian emergency service."))}</w:footnote>',
        comments=f"<w:comment>{p(r('Check this.'))}</w:comment>",
        header1=p(r("Draft")),
    )
    text, way_back = outputs(run(data))
    assert text == (
        "Findings\nTwelve people died.\nAda\t40\n\ttwo lines\n\f\nKarovian emergency service.\n\f\nCheck this."
        "\n\f\nDraft"
    )
    assert [(words, at["part"].removeprefix("word/"), at["index"]) for words, at in places(text, way_back)] == [
        ("Findings", "document.xml", 1),
        ("Twelve people died.", "document.xml", 3),
        ("Ada", "document.xml", 4),
        ("40", "document.xml", 5),
        ("two", "document.xml", 7),
        ("lines", "document.xml", 8),
        ("Karovian emergency service.", "footnotes.xml", 1),
        ("Check this.", "comments.xml", 1),
        ("Draft", "header1.xml", 1),
    ]
    assert way_back["counts"]["parts"] == 4


def test_what_was_deleted_is_no_text_and_is_kept_with_who_and_when() -> None:
    change = 'w:id="1" w:author="M. Sandor" w:date="2031-05-06T10:00:00Z"'
    deleted = f"<w:del {change}><w:r><w:delText>Forty</w:delText></w:r></w:del>"
    inserted = f'<w:ins w:id="2" w:author="M. Sandor">{r("Twelve")}</w:ins>'
    text, way_back = outputs(run(docx(p(deleted, inserted, r(" people died."), r(" Not for print.", "<w:vanish/>")))))
    assert text == "Twelve people died."
    at = {"kind": "paragraph", "part": "word/document.xml", "index": 1}
    assert way_back["apart"] == [
        {"at": at, "by": "M. Sandor", "kind": "deleted", "stated_at": "2031-05-06T10:00:00Z", "text": "Forty"},
        {"at": at, "kind": "not shown", "text": " Not for print.", "why": "set as hidden"},
    ]
    counts = way_back["counts"]
    assert (counts["tracked_changes"], counts["stretches_deleted"], counts["stretches_hidden"]) == (2, 1, 1)


def test_a_text_box_is_read_once_and_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{p(r('In the box.'))}</w:txbxContent>"
    both = f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
    both = f"<w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r>"
    text, way_back = outputs(run(docx(p(r("Before "), both, r("and after.")) + p(r("Next.")))))
    assert text == "Before and after.\nIn the box.\nNext."
    assert [at["index"] for _, at in places(text, way_back)] == [1, 2, 3]


def test_fields_show_their_result_and_breaks_are_line_ends() -> None:
    field = "<w:r><w:instrText>HYPERLINK evil</w:instrText></w:r>"
    text, _ = outputs(run(docx(p(field, r("one"), "<w:r><w:br/></w:r>", r("two"), "<w:r><w:tab/></w:r>", r("three")))))
    assert text == "one\ntwo\tthree"


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(st.characters(categories=["L", "N", "Zs"]), max_size=20), min_size=1, max_size=12))
def test_every_region_is_the_paragraph_of_its_number(paragraphs: list[str]) -> None:
    result = run(docx("".join(p(r(words)) for words in paragraphs)))
    if not any(words.strip() for words in paragraphs):
        assert result.outcome == "not_applicable"
        return
    found = {at["index"]: one_line(words) for words, at in places(*outputs(result))}
    assert found == {n: one_line(words) for n, words in enumerate(paragraphs, 1) if words.strip()}


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


@pytest.mark.parametrize(
    ("head", "entity"),
    [
        ('<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>', "&secret;"),
        ('<!DOCTYPE x [<!ENTITY secret SYSTEM "http://127.0.0.1:9/x">]>', "&secret;"),
        (f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>', "&l9;"),
    ],
)
def test_a_document_with_entities_is_refused_and_nothing_of_it_is_followed(head: str, entity: str) -> None:
    result = run(docx(p(r(f"Twelve {entity} died.")), head=head))
    assert result.outcome == "failed"
    assert "document type declaration" in str(result.reason)
    assert "root:" not in str(result.reason)


def test_a_document_that_unpacks_without_end_is_refused() -> None:
    data = docx(p(r("a" * (150 * 2**20))))
    assert len(data) < 2**20
    result = run(data)
    assert result.outcome == "failed"
    assert "far larger than it looks" in str(result.reason)


def test_blocks_nested_without_end_are_refused() -> None:
    deep = 300
    result = run(docx("<w:sdt><w:sdtContent>" * deep + p(r("deep")) + "</w:sdtContent></w:sdt>" * deep))
    assert result.outcome == "failed"


@pytest.mark.parametrize("keep", [60, 200, 400])
def test_a_document_cut_short_fails_or_is_no_document(keep: int) -> None:
    assert run(docx(p(r("Twelve people died.")))[:keep]).outcome in ("failed", "not_applicable")


def test_a_document_without_its_main_part_fails() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/other.xml", "<x/>")
    result = run(written.getvalue())
    assert result.outcome == "failed"
    assert "word/document.xml" in str(result.reason)


def test_a_document_without_words_has_nothing_to_read() -> None:
    assert run(docx(p())).outcome == "not_applicable"
