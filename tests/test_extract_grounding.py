"""Grounding: every true sentence is found, no falsified one is, and offsets are exact."""

from __future__ import annotations

import json
from collections import Counter
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from falsify import TEXTS, falsifications, names_in
from probanda.extract.grounding import Ambiguous, Grounded, Grounder, NotFound, begins_word, ends_word, normalise
from probanda.extract.text.segments import segment
from work_counted import calls

VECTORS = sorted((Path(__file__).parent.parent / "vectors" / "grounding").glob("*.json"))
# at the head of a sentence a falsified one may be the sentence's true rest; the gate's boundary audit is for these
HEADS = {"not dropped", "qualifier dropped"}


def sentences(text: str) -> list[str]:
    doc = segment(text)
    return [text[span.start : span.end] for span in doc.sentences]


@pytest.mark.parametrize("name", TEXTS)
def test_every_sentence_is_found_where_it_stands(name: str) -> None:
    text = TEXTS[name]
    grounder = Grounder(text)
    for span in segment(text).sentences:
        found = grounder.find(text[span.start : span.end])
        assert isinstance(found, Grounded)
        assert (found.passage.start, found.passage.end, found.status) == (span.start, span.end, "verbatim")


@pytest.mark.parametrize("name", TEXTS)
def test_every_sentence_is_found_when_typeset_otherwise(name: str) -> None:
    text = TEXTS[name]
    grounder = Grounder(text)
    for span in segment(text).sentences:
        plain = text[span.start : span.end].translate(str.maketrans("“”’—«»", '""\'-""'))
        retyped = plain.replace(" ", " \u00a0\n")
        found = grounder.find(retyped)
        assert isinstance(found, Grounded)
        assert (found.passage.start, found.passage.end, found.status) == (span.start, span.end, "verbatim-normalised")


def test_no_falsified_sentence_is_found() -> None:
    tried: Counter[str] = Counter()
    accepted = []
    for text in TEXTS.values():
        grounder = Grounder(text)
        names = names_in(text)
        for sentence in sentences(text):
            for fault, false in falsifications(sentence, names):
                tried[fault] += 1
                found = grounder.find(false)
                head = fault in HEADS and sentence.endswith(false)
                if not isinstance(found, NotFound) and not head:
                    accepted.append((fault, false))
    assert accepted == []
    assert min(tried.values()) >= 20
    assert len(tried) == 10
    assert sum(tried.values()) > 5_000


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    vector = json.loads(path.read_text(encoding="utf-8"))
    found = Grounder(vector["text"]).find(
        vector["quote"], vector.get("before"), vector.get("after"), vector.get("near")
    )
    match found:
        case Grounded(passage, status):
            answer = {"start": passage.start, "end": passage.end, "status": status}
        case Ambiguous(count):
            answer = {"ambiguous": count}
        case NotFound():
            answer = {"not_found": True}
    assert answer == vector["answer"]


def test_the_vectors_are_there() -> None:
    assert len(VECTORS) >= 30


LETTERS = st.text(alphabet=list("ab1 ,.-–’'“\"\u00a0\u00ad\u200b\u0301\n"), max_size=40)


def slow_occurrences(text: str, quote: str) -> set[tuple[int, int]]:
    """The obvious way: every stretch of whole words that normalises to the same, no invisible marks at its ends."""
    wanted = normalise(quote)
    found = set()
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            piece = text[start:end]
            edges = normalise(piece[0]) and normalise(piece[-1])
            if edges and normalise(piece) == wanted and begins_word(text, start) and ends_word(text, end):
                found.add((start, end))
    return found


@given(LETTERS, st.text(alphabet=list('ab1 ,.-’"\u00ad'), min_size=1, max_size=6))
def test_finds_what_the_obvious_way_finds(text: str, quote: str) -> None:
    fast = {(passage.start, passage.end) for passage in Grounder(text).occurrences(quote)}
    assert fast == (slow_occurrences(text, quote) if normalise(quote) else set())


@given(st.text(max_size=60), st.text(max_size=20), st.integers(-5, 80))
def test_any_string_is_answered_and_what_is_grounded_is_the_texts_own(text: str, quote: str, near: int) -> None:
    found = Grounder(text).find(quote, near=near)
    if isinstance(found, Grounded):
        passage = found.passage
        assert text[passage.start : passage.end] == passage.text
        assert normalise(passage.text) == normalise(quote)


@given(st.sampled_from(sorted(name for name in TEXTS if name[0].isdigit())), st.data())  # others group by spaces
def test_any_run_of_tokens_is_found_at_its_own_place(name: str, data: st.DataObject) -> None:
    doc = segment(TEXTS[name])
    first = data.draw(st.integers(0, len(doc.tokens) - 1))
    last = data.draw(st.integers(first + 1, min(first + 12, len(doc.tokens))))
    if doc.tokens[first].kind == "clitic":
        return  # a clitic alone begins inside a word
    passage = doc.passage(first, last)
    found = Grounder(doc.text).find(passage.text, near=passage.start)
    assert isinstance(found, Grounded)
    assert found.passage == passage


def test_ambiguity_is_settled_by_context_or_nearness_only() -> None:
    text = "He said no. She said yes. He said nothing."
    grounder = Grounder(text)
    assert grounder.find("said") == Ambiguous(3)
    assert grounder.find("said", after="yes") == grounder.find("said", before="She") == grounder.find("said", near=16)
    assert grounder.find("said", before="He") == Ambiguous(2)
    assert grounder.find("said", before="They") == NotFound()
    assert grounder.find("said yes", before="He") == NotFound()  # context that does not stand there is no context


def test_a_place_as_near_as_another_settles_nothing() -> None:
    assert Grounder("yes and yes").find("yes", near=4) == Ambiguous(2)


def test_a_lookup_is_as_little_work_in_a_long_text_as_in_a_short_one() -> None:
    text = (
        TEXTS["01_strike_on_market"] + "\n" + TEXTS["02_vote_at_assembly"] + "\n" + TEXTS["06_investigation_opened"]
    )[:2300]
    quotes = [*sentences(text), "the tribunal could not promise quickness", "civilians", "more than 3,000 people"]
    short, long = Grounder(text), Grounder(text + "\nNothing of the kind stands here." * 1000)
    for quote in quotes:
        in_short, in_long = (calls(partial(grounder.find, quote)) for grounder in (short, long))
        assert in_long < in_short + 10
        assert in_short < 300
