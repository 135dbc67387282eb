"""Planted copies: how many are found, and how much that is no copy is taken for one. The large trial is
`benchmarks/origins_speed.py`."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from measure.origins import Found, false, recalls
from measure.planted import KINDS, QUOTED_WORDS, News
from probanda.corroborate.shared_passages import shared_passages
from probanda.corroborate.shared_quotations import shared_quotations
from probanda.corroborate.words import split

STRENGTH = ("possible", "likely", "certain")
SIZE = 4000


@pytest.fixture(scope="module")
def news() -> News:
    return News(SIZE)


@pytest.fixture(scope="module")
def texts(news: News) -> list[tuple[str, str]]:
    return list(news.texts(SIZE))


def test_planted_copies_are_found_and_next_to_nothing_else(news: News, texts: list[tuple[str, str]]) -> None:
    links = [
        (int(one.left), int(one.right), STRENGTH.index(one.confidence)) for one in shared_passages(texts)
    ]  # fmt: skip
    found = Found(SIZE, {}, 0, 0, np.array(links))

    by_kind = recalls(news, found)
    assert all(by_kind[kind]["planted"] >= 99 for kind in KINDS)
    assert {kind: by_kind[kind]["likely"] for kind in KINDS if by_kind[kind]["likely"] < 0.98} == {}
    wrong = false(news, found)
    assert wrong["likely_false"] < 0.01 * wrong["likely"]


def test_a_quotation_shared_by_two_articles_is_found_as_one(news: News, texts: list[tuple[str, str]]) -> None:
    found = {(int(one.left), int(one.right)) for one in shared_quotations(texts)}
    planted = [copy for number in range(SIZE) if (copy := news.copy(number)) and copy.kind == "quoted"]
    assert sum((copy.of, copy.number) in found for copy in planted) >= 0.98 * len(planted)
    origins = {pair: (news.origin(pair[0]), news.origin(pair[1])) for pair in found}
    assert sum(one != other for one, other in origins.values()) < 0.01 * len(found)


def test_the_made_news_are_what_they_are_said_to_be(news: News, texts: list[tuple[str, str]]) -> None:
    assert [news.text(number) for number in (5, 40, 50, 60, 70)] == [texts[number][1] for number in (5, 40, 50, 60, 70)]
    assert 350 < sum(len(split(text)) for _, text in texts) / SIZE < 420
    kinds = Counter(copy.kind for number in range(SIZE) if (copy := news.copy(number)))
    assert set(kinds) == set(KINDS) and max(kinds.values()) - min(kinds.values()) <= 1
    quoted = [text for _, text in texts if "“" in text]
    assert len(quoted) > SIZE / 3
    assert all(len(split(text[text.index("“") : text.index("”")])) == QUOTED_WORDS for text in quoted)
    sentences = Counter(one for _, text in texts[:500] for one in text.split(". ") if len(one.split()) > 16)
    copied = {sentence for sentence, count in sentences.items() if count > 1}
    own = [text for number, (_, text) in enumerate(texts[:500]) if number % 10 and number]
    footers = {text.rsplit(". ", 1)[1].removesuffix(".") for text in own}
    assert {one for one in copied if sum(one in text for text in own) > 1} <= {f"{one}." for one in footers} | footers
