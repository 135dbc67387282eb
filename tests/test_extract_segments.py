"""A text in its parts: nothing lost, nothing overlapping, quotation marks of every kind."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.text.segments import Document, segment

MATERIAL = st.text(alphabet=st.sampled_from("Aa b.”“\"'’‘«»,!?\n\n1,2 \u00a0Ж–-U.N."), max_size=120)


def sentences(doc: Document) -> list[str]:
    return [doc.text[span.start : span.end] for span in doc.sentences]


def quoted(text: str) -> list[str]:
    doc = segment(text)
    return [text[span.start : span.end] for span in doc.quoted]


@given(MATERIAL)
def test_every_character_but_white_space_is_in_one_token_sentence_and_paragraph(text: str) -> None:
    doc = segment(text)
    assert "".join("".join(token.text for token in doc.tokens).split()) == "".join(text.split())
    assert all(text[token.start : token.end] == token.text for token in doc.tokens)
    for spans in (doc.sentences, doc.paragraphs):
        assert [place for span in spans for place in range(span.first, span.last)] == list(range(len(doc.tokens)))
    for place in range(len(doc.tokens)):
        sentence, paragraph = doc.sentences[doc.sentence_of(place)], doc.paragraphs[doc.paragraph_of(place)]
        assert sentence.first <= place < sentence.last
        assert paragraph.first <= sentence.first and sentence.last <= paragraph.last


@given(MATERIAL)
def test_quoted_stretches_lie_inside_paragraphs_and_do_not_overlap(text: str) -> None:
    doc = segment(text)
    last = 0
    for stretch in doc.quoted:
        assert last <= stretch.first < stretch.last
        assert doc.paragraph_of(stretch.first) == doc.paragraph_of(stretch.last - 1)
        last = stretch.last


@given(st.text(max_size=60), st.integers(0, 59))
def test_a_character_leads_to_its_token(text: str, char: int) -> None:
    doc = segment(text)
    place = doc.token_at(char)
    assert all(token.end <= char for token in doc.tokens[:place])
    assert place == len(doc.tokens) or doc.tokens[place].end > char


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gen. Mirek Sandor spoke. He left.", ["Gen. Mirek Sandor spoke.", "He left."]),
        ("J. Sandor of the U.N. office left at 3.15pm. It rained.", 2),
        ("“We left. We ran,” she said. Then it fell.", 3),
        ("It fell (he said.) Then it rose.", 2),
        ("The toll is 2.5 million. No. 4 is closed.", 2),
        ("What? Nobody knows! It ends…", 3),
        ("See example.org for more.", 1),
    ],
)
def test_where_sentences_end(text: str, expected: list[str] | int) -> None:
    found = sentences(segment(text))
    assert found == expected if isinstance(expected, list) else len(found) == expected


def test_lines_broken_to_fit_a_width_are_one_paragraph() -> None:
    text = (
        "At least twelve people were killed in the town of Orlin when\n"
        "a missile struck the market on Tuesday morning, the mayor of\n"
        "the town said, and the number was expected to rise before the\n"
        "end of the day because many were still under the rubble of\n"
        "the hall.\n\nThe next paragraph stands apart."
    )
    assert len(segment(text).paragraphs) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“We left,” she said. “It was late.”", ["We left,", "It was late."]),
        ('"We left," she said.', ["We left,"]),
        ("‘It’s over,’ the allies’ chief said. ‘We can’t go on.’", ["It’s over,", "We can’t go on."]),
        ("«Мы ушли», сказала она.", ["Мы ушли"]),
        ("„Ми пішли“, сказала вона.", ["Ми пішли"]),
        ("Don’t go; the boys’ school is closed.", []),
        ("“This goes on over\n\n“two paragraphs,” he said.", ["This goes on over", "two paragraphs,"]),
        ("She called it “absurd” and ‘a lie’.", ["absurd", "a lie"]),
    ],
)
def test_what_stands_in_quotation_marks(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


def test_a_possessive_is_a_token_of_its_own() -> None:
    assert [token.text for token in segment("Karovia’s army").tokens] == ["Karovia", "’s", "army"]


def test_a_sequence_that_steers_a_terminal_is_no_number() -> None:
    kinds = {token.text: token.kind for token in segment("The \x1b[31m mayor").tokens}
    assert kinds == {"The": "word", "\x1b[31m": "mark", "mayor": "word"}
