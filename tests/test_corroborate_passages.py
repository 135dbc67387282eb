"""Shared passages: exact ranges in every script, small edits, formulas and footers, and what somebody would send to
make it slow."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probanda.corroborate.fingerprints import AT_LEAST_TWO
from probanda.corroborate.shared_passages import SharedPassages, shared_passages
from probanda.corroborate.words import fold, split
from probanda.records.corroboration import SharedRange

VOCABULARY = [f"word{number}" for number in range(3000)]


def words(count: int, seed: int) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=count)


def exact(found: Sequence[SharedPassages], texts: Sequence[tuple[str, str]]) -> None:
    """Every range is its text's own characters, and the same words on both sides."""
    of = dict(texts)
    for one in found:
        for shared in (*one.ranges, *one.boilerplate):
            for key, side in ((one.left, shared.left), (one.right, shared.right)):
                assert of[key][side.start : side.end] == side.text
            assert folded(shared.left.text) == folded(shared.right.text)
            assert len(folded(shared.left.text)) >= 8


def folded(text: str) -> list[str]:
    return [fold(word) for word in split(text)]


def only(texts: Sequence[tuple[str, str]]) -> SharedPassages:
    (found,) = shared_passages(texts)
    exact([found], texts)
    return found


REPORT = (
    "The Karovian border service said on Tuesday that four shells had struck the grain silo at Port Selis shortly "
    "after dawn, and that two workers who slept in the weighing house were taken to the district hospital in Marisburg."
)
TRANSLATED = [
    "Прикордонна служба Каровії повідомила у вівторок, що чотири снаряди влучили в зерносховище у Порт-Селісі невдовзі "
    "після світанку, а двох робітників, які спали у ваговій, доставили до районної лікарні в Марісбурзі.",
    "أعلنت خدمة الحدود الكاروفية يوم الثلاثاء أن أربع قذائف أصابت صومعة الحبوب في بورت سيليس بعد الفجر بقليل وأن "
    "عاملين كانا نائمين في غرفة الميزان نقلا إلى مستشفى المنطقة في ماريسبورغ",
    "卡罗维亚边防部门星期二说四枚炮弹在黎明后不久击中了塞利斯港的粮仓两名睡在过磅房里的工人被送往马里斯堡的地区医院救治另有三人受轻伤",
]


@pytest.mark.parametrize("report", [REPORT, *TRANSLATED])
def test_a_copy_is_found_with_its_characters_in_every_script(report: str) -> None:
    other = f"Aldena Daily.\n\n{report.upper()}\n\nMore follows."
    found = only([("wire", report), ("daily", other)])

    assert (found.left, found.right, found.containment) == ("wire", "daily", 1.0)
    (shared,) = found.ranges
    assert report.startswith(shared.left.text) and other.startswith(shared.right.text, 15)


@pytest.mark.parametrize("report", [REPORT, *TRANSLATED])
def test_the_same_report_told_in_other_languages_shares_no_words(report: str) -> None:
    others = [(f"{place}", text) for place, text in enumerate([REPORT, *TRANSLATED]) if text != report]
    assert shared_passages([("this", report), *others]) == ()


def test_an_edited_copy_is_one_stretch_whose_ranges_leave_the_edits_out() -> None:
    original = words(300, 1)
    copy = [word if place % 25 else "otherwise" for place, word in enumerate(original)]
    found = only([("a", " ".join(original)), ("b", " ".join(copy))])

    assert found.confidence == "certain"
    assert len(found.ranges) == 12
    (stretch,) = found.stretches
    assert (stretch.same, stretch.left_words, stretch.right_words) == (288, 299, 299)
    assert "otherwise" not in "".join(shared.right.text for shared in found.ranges)
    assert "otherwise" in stretch.right.text


def test_formulas_strewn_over_two_texts_are_no_link() -> None:
    formulas = [words(11, seed) for seed in range(10, 18)]
    first, second = ([*words(400, 2)], [*words(400, 3)])
    for place, formula in enumerate(formulas):
        first[place * 50 : place * 50] = formula
        second[place * 50 : place * 50] = formulas[-1 - place]
    assert shared_passages([("a", " ".join(first)), ("b", " ".join(second))]) == ()


@pytest.mark.parametrize(("count", "confidence"), [(18, None), (19, "possible"), (27, "likely"), (100, "certain")])
def test_how_many_words_in_a_row_link(count: int, confidence: str | None) -> None:
    run = " ".join(random.Random(5).sample(VOCABULARY, count))
    texts = [("a", f"{' '.join(words(200, 6))} {run}"), ("b", f"{run} {' '.join(words(200, 7))}")]
    found = shared_passages(texts)
    exact(found, texts)
    assert [one.confidence for one in found] == ([confidence] if confidence else [])


def test_words_that_only_repeat_themselves_are_counted_once() -> None:
    texts = [("a", " ".join(words(100, 1) + ["no"] * 60)), ("b", " ".join(words(100, 2) + ["no"] * 40))]
    assert shared_passages(texts) == ()


def test_a_short_post_that_stands_in_another_text_is_a_possible_link() -> None:
    post = "Four shells on the silo at Port Selis, two workers hurt, nobody dead."
    found = only([("post", post), ("again", f"🔥 {post} t.me/aldena")])
    assert (found.confidence, found.containment) == ("possible", 1.0)
    assert shared_passages([("a", "Four shells"), ("b", "Four shells"), ("c", ""), ("d", "…!?")]) == ()


def test_turned_round_it_says_the_same() -> None:
    run, rest = words(60, 1), words(60, 2)
    texts = [("a", " ".join(run + rest)), ("b", " ".join(rest + run))]
    found = only(texts)
    turned = found.turned()
    assert (turned.left, turned.right) == ("b", "a")
    assert [shared.left.start for shared in turned.ranges] == sorted(shared.left.start for shared in turned.ranges)
    assert {(r.right, r.left) for r in turned.ranges} == {(r.left, r.right) for r in found.ranges}
    assert turned.turned() == found
    assert turned.link().rule == found.link().rule
    assert found.rule == "120 words in common, 100% of the shorter text; 60 of them in one passage"


def test_a_footer_in_every_text_links_none_and_is_shown_where_something_else_does() -> None:
    footer = (
        "The Aldena Daily is published every morning in Castle Orrin and is not responsible for what others write "
        "about the events that it reports; all rights to these texts are reserved by its owners."
    )
    texts = [(f"{n}", f"{' '.join(words(80, n))}\n\n{footer}") for n in range(220)]
    assert shared_passages(texts) == ()

    texts[7] = ("7", f"{' '.join(words(40, 3))} {' '.join(words(40, 7))}\n\n{footer}")
    found = only(texts)
    assert (found.left, found.right, found.words) == ("3", "7", 40)
    assert [shared.left.text for shared in found.boilerplate] == [footer.rstrip(".")]


def test_one_story_that_three_hundred_published_is_no_boilerplate() -> None:
    story = " ".join(words(150, 1))
    texts = [(f"{n}", f"{' '.join(words(20, n + 10))} {story}") for n in range(300)]
    found = shared_passages(texts)
    exact(found, texts)
    assert {one.confidence for one in found} == {"certain"}
    assert joined(found) == {frozenset(key for key, _ in texts)}
    assert len(found) < 1000


def test_short_posts_under_a_long_footer_are_never_more_than_a_possible_link() -> None:
    footer = " ".join(words(40, 1))
    found = shared_passages([(f"{n}", f"{' '.join(words(20, n + 10))} {footer}") for n in range(300)])
    assert {one.confidence for one in found} == {"possible"}


def joined(found: Sequence[SharedPassages]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for one in found:
        group = groups.setdefault(one.left, {one.left}) | groups.setdefault(one.right, {one.right})
        groups.update(dict.fromkeys(group, group))
    return {frozenset(group) for group in groups.values()}


WORD = st.sampled_from(VOCABULARY)


@given(st.lists(WORD, max_size=40), st.lists(WORD, max_size=40), st.integers(0, 10_000))
@settings(deadline=None, max_examples=50)
def test_nineteen_words_in_a_row_are_always_found(before: list[str], after: list[str], seed: int) -> None:
    run = random.Random(seed).sample(VOCABULARY, AT_LEAST_TWO)
    texts = [("a", " ".join([*before, *run])), ("b", " ".join([*run, *after]))]
    found = only(texts)
    assert any(" ".join(run) in shared.left.text for shared in found.ranges)


@given(st.lists(st.lists(st.text(alphabet="ab’“ .\n東\u0301ж", max_size=40), max_size=6).map(" ".join), max_size=5))
@settings(deadline=None)
def test_any_texts_are_taken_and_every_range_holds(texts: list[str]) -> None:
    keyed = [(str(place), text) for place, text in enumerate(texts)]
    exact(shared_passages(keyed), keyed)


@pytest.mark.parametrize("phrase", ["the same phrase of seven words again ", "a b ", "東", "a\u0301\u0302", "(", "x"])
def test_a_phrase_a_hundred_thousand_times_is_taken(phrase: str) -> None:
    long = phrase * 100_000
    texts = [("a", long), ("b", f"before {long} after"), ("c", phrase * 3), ("d", " ".join(words(50, 1)))]
    exact(shared_passages(texts), texts)


def test_ten_megabytes_beside_a_part_of_them() -> None:
    chance = random.Random(1)
    long = " ".join(str(chance.randrange(100_000)) for _ in range(1_700_000))
    part = long[3_000_000:3_005_000]
    found = only([("long", long), ("part", f"It said: {part}")])
    assert found.containment > 0.99
    assert isinstance(found.ranges[0], SharedRange)
