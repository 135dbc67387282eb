"""How many origins stand behind a figure: one official's words in many mouths are one, two witnesses are two."""

from __future__ import annotations

import hashlib
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from origins_world import AROUND, article, behind, counted, kinds, origin_of, roots
from probanda.corroborate.copies import copies
from probanda.corroborate.found import Verdict
from probanda.corroborate.origins import origins

SERVICE = (
    ("Selis Herald", "At least 38 civilians were killed when missiles struck Port Selis on Tuesday, the Karovian "
     "emergency service said.", "en"),
    ("Вісник Каровії", "Щонайменше 38 цивільних загинули внаслідок ракетного удару по Порт-Селісу у вівторок, "
     "повідомила Державна служба Каровії з надзвичайних ситуацій.", "uk"),
    ("Каровский листок", "По меньшей мере 38 мирных жителей погибли в результате ракетного удара по Порт-Селису во "
     "вторник, сообщила каровийская служба по чрезвычайным ситуациям.", "ru"),
)  # fmt: skip


def test_the_figure_of_one_service_in_three_languages_is_one_origin() -> None:
    found = behind(*(article(outlet, text, language=language) for outlet, text, language in SERVICE))
    assert counted(found) == (3, 3, 1, True)
    assert kinds(found) == {"same_figure"}
    [group] = found.groups
    assert {one.article for one in group.named} == {outlet for outlet, _, _ in SERVICE}
    for one in group.named:
        text = next(text for outlet, text, _ in SERVICE if outlet == one.article)
        assert one.passage is not None and text[one.passage.start : one.passage.end] == one.passage.text


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_articles_does_not_matter(seed: int) -> None:
    held = [article(outlet, text, language=language) for outlet, text, language in SERVICE]
    first = origins(held, copies(held))
    random.Random(seed).shuffle(held)
    assert origins(held, copies(held)) == first


def test_two_witnesses_with_one_number_are_two_origins_and_a_report_without_a_source_adds_none() -> None:
    found = behind(
        article("Herald", "Thirty-eight people died in Port Selis on Tuesday, said Petra Halloun, a miller who was "
                "at the market."),
        article("Star", "On Tuesday 38 people were killed in Port Selis, Olm Brandt, a ferryman, told the Star."),
        article("Post", "It is known by now: the strike on Port Selis on Tuesday killed 38 people."),
    )  # fmt: skip
    assert counted(found) == (3, 3, 2, True)
    assert sorted(filter(None, roots(found))) == ["Olm Brandt", "Petra Halloun"]
    unknown = [one for one in found.groups if not one.known]
    assert [one.outlets for one in unknown] == [("Post",)]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        ("uk", "У вівторок у Порт-Селісі загинули 38 людей, розповіла лікарка Петра Галлун.",
         "У вівторок у Порт-Селісі загинули 38 людей, розповів поромник Олм Брандт."),
        ("ru", "Во вторник в Порт-Селисе погибли 38 человек, рассказала врач Петра Галлун.",
         "Во вторник в Порт-Селисе погибли 38 человек, рассказал паромщик Олм Брандт."),
    ],
)  # fmt: skip
def test_two_witnesses_are_two_in_other_languages(language: str, first: str, second: str) -> None:
    found = behind(article("Перша", first, language=language), article("Друга", second, language=language))
    assert counted(found) == (2, 2, 2, True)


def test_one_witness_is_one_across_scripts_and_cases() -> None:
    found = behind(
        article("Herald", "Thirty-eight people died in Port Selis on Tuesday, said Petra Sandor, a doctor."),
        article("Вісник", "У вівторок у Порт-Селісі загинули 38 людей, розповіла лікарка Петра Сандор.", language="uk"),
        article("Листок", "Во вторник в Порт-Селисе погибли 38 человек, рассказала врач Петра Сандор.", language="ru"),
    )
    assert counted(found) == (3, 3, 1, True)


def test_a_chain_ends_at_the_farthest_and_what_the_relay_says_elsewhere_ends_there_too() -> None:
    found = behind(
        article("Herald", "At least 38 people were killed in Port Selis on Tuesday, the Karovian health ministry said, "
                "citing the mayor of Port Selis."),
        article("Post", "The strike on Port Selis on Tuesday killed at least 38 people, the health ministry said."),
        article("Star", "Ivo Castan, the mayor, said that at least 38 people had died in Port Selis on Tuesday."),
    )  # fmt: skip
    assert counted(found) == (3, 3, 1, True)
    [group] = found.groups
    assert group.root == "the mayor of Port Selis"
    assert [[link.words for link in chain] for chain in group.chains] == [
        ["Karovian health ministry", "the mayor of Port Selis"]
    ]
    assert "cites" in kinds(found)


@pytest.mark.parametrize(
    ("language", "text", "chain"),
    [
        ("uk", "Щонайменше 38 людей загинули у вівторок у Порт-Селісі, повідомляє Карнюз із посиланням на мера "
         "Порт-Селіса.", ["Карнюз", "мера Порт-Селіса"]),
        ("ru", "По меньшей мере 38 человек погибли во вторник в Порт-Селисе, сообщает Карньюс со ссылкой на мэра "
         "Порт-Селиса.", ["Карньюс", "мэра Порт-Селиса"]),
    ],
)  # fmt: skip
def test_chains_in_ukrainian_and_russian(language: str, text: str, chain: list[str]) -> None:
    found = behind(
        article("Вісник", text, language=language),
        article("Herald", "At least 38 people were killed in Port Selis on Tuesday, said Ivo Castan, the mayor of Port "
                "Selis."),
    )  # fmt: skip
    assert counted(found) == (2, 2, 1, True)
    assert [[link.words for link in one.chains[0]] for one in found.groups] == [chain]


def test_mayors_of_two_towns_are_two_and_the_mayor_without_a_town_is_that_of_the_town_told_of() -> None:
    found = behind(
        article("Herald", "Nine people were killed in Port Selis on Tuesday, the mayor of Port Selis said."),
        article("Star", "Nine people were killed in Port Selis on Tuesday, the mayor of Marisburg said."),
        article("Post", "On Tuesday nine people died in Port Selis, the mayor said."),
    )
    assert counted(found) == (3, 3, 2, True)
    assert origin_of(found, "Post").outlets == ("Herald", "Post")
    assert all(one.link.confidence == "likely" for one in origin_of(found, "Post").evidence)


def test_a_ministry_without_its_country_is_nobody_known_where_two_are_named() -> None:
    found = behind(
        article("Herald", "Nine people were killed in Port Selis on Tuesday, the Karovian defence ministry said."),
        article("Star", "Nine people were killed in Port Selis on Tuesday, the Brendian defence ministry said."),
        article("Post", "Nine people were killed in Port Selis on Tuesday, the defence ministry said."),
    )
    assert counted(found) == (3, 3, 2, True)
    assert "not which" in " ".join(origin_of(found, "Post").notes)


def test_a_copy_under_another_title_is_dependent_and_its_words_are_shown() -> None:
    told = AROUND % "At least 38 people were killed in Port Selis on Tuesday, the mayor of Port Selis said."
    copied = AROUND % "At least 38 people were killed in Port Selis on Tuesday."
    first, second = (
        article("Herald", f"Night at the market\n\n{told}"),
        article("Star", f"Grief\n\n{copied}", "2031-04-10"),
    )
    found = behind(first, second)
    assert counted(found) == (2, 2, 1, True)
    [link] = [one.link for group in found.groups for one in group.evidence if one.link.kind == "shared_passage"]
    assert (link.left, link.right) == ("Herald", "Star")  # the earlier first
    for shared in link.shared:
        assert first.text[shared.left.start : shared.left.end] == shared.left.text
        assert second.text[shared.right.start : shared.right.end] == shared.right.text


def test_a_copy_with_one_number_changed_is_linked_and_flagged() -> None:
    told = AROUND % "At least 38 people were killed in Port Selis on Tuesday, the mayor of Port Selis said."
    copied = AROUND % "At least 83 people were killed in Port Selis on Tuesday, sources said."
    found = behind(article("Herald", told), article("Star", copied, "2031-04-10"))
    assert counted(found) == (2, 2, 1, True)
    [group] = found.groups
    assert any(one.changed for one in group.evidence)
    assert "a copy changed “At least 38” to “At least 83”" in group.notes


def test_two_who_cite_each_other_are_no_origin_and_that_is_said() -> None:
    found = behind(
        article(
            "Selis Herald", "At least 38 people were killed in Port Selis on Tuesday, the Marisburg Star reported."
        ),
        article("Marisburg Star", "In Port Selis at least 38 people died on Tuesday, the Selis Herald reported."),
    )
    assert counted(found) == (2, 2, 1, False)
    [group] = found.groups
    assert any(note.startswith("a circle: ") for note in group.notes)


def test_an_article_that_cites_its_own_outlet_has_no_source_by_that() -> None:
    found = behind(
        article("Selis Herald", "At least 38 people were killed in Port Selis on Tuesday, the Selis Herald reported.")
    )
    assert counted(found) == (1, 1, 1, False)
    assert "an article cites its own outlet" in found.groups[0].notes


def test_all_that_repeat_one_outlet_are_one_with_it() -> None:
    found = behind(
        article("Selis Herald", "At least 38 people died in Port Selis on Tuesday, the mayor of Port Selis said."),
        article("Post", "At least 38 people died in Port Selis on Tuesday, the Selis Herald reported.", "2031-04-10"),
        article("Mirror", "On Tuesday at least 38 people died in Port Selis, the Selis Herald reported.", "2031-04-10"),
    )  # fmt: skip
    assert counted(found) == (3, 3, 1, True)
    assert "cites" in kinds(found)


def test_an_agency_that_is_not_here_is_no_origin() -> None:
    found = behind(
        article("Post", "At least 38 people died in Port Selis on Tuesday, Karov News Agency reported."),
        article("Mirror", "On Tuesday, Karov News Agency reported, at least 38 people were killed in Port Selis."),
    )
    assert counted(found) == (2, 2, 1, False)
    assert len(found.groups) == 1


def test_what_an_outlet_saw_itself_is_an_origin_and_a_byline_is_not() -> None:
    found = behind(
        article("Herald", "Our correspondent saw nine bodies: nine people were killed in Port Selis on Tuesday."),
        article("Star", "By our correspondent in Vesna\n\nNine people were killed in Port Selis on Tuesday."),
    )
    assert (found.origins, found.known) == (1, True)
    assert [one.kind for one in found.groups if one.known] == ["own"]


def test_unknown_everywhere_is_at_least_one() -> None:
    found = behind(
        article("Herald", "Nine people were killed in Port Selis on Tuesday."),
        article("Star", "On Tuesday nine people died in Port Selis."),
    )
    assert counted(found) == (2, 2, 1, False)


def test_a_number_two_weeks_later_from_the_same_mayor_is_still_his() -> None:
    found = behind(
        article("Herald", "Nine people were killed in Port Selis on 8 April 2031, the mayor of Port Selis said."),
        article("Star", "The strike on Port Selis on 8 April 2031 killed 14 people, the mayor of Port Selis said.",
                "2031-04-22"),
    )  # fmt: skip
    assert counted(found) == (2, 2, 1, True)
    assert kinds(found) == {"same_source"}
    assert [(one.stated, one.articles, one.origins) for one in found.figures] == [(14, 1, 1), (9, 1, 1)]


def test_other_places_days_and_kinds_are_other_things() -> None:
    held = [
        article("Herald", "Nine people were killed in Port Selis on Tuesday, the mayor of Port Selis said."),
        article("Star", "Nine people were killed in Marisburg on Tuesday, the mayor of Marisburg said."),
        article("Post", "Nine people were injured in Port Selis on Tuesday, the mayor of Port Selis said."),
        article("Mirror", "Nine people were killed in Port Selis on 1 April 2031, the mayor of Port Selis said."),
        article("Globe", "Nine people may be killed in Port Selis, the mayor of Port Selis feared."),
    ]
    found = [one for one in origins(held) if one.figures]
    assert all(one.articles == 1 for one in found)
    assert len(found) == 5


def test_an_abbreviation_that_an_article_explains_is_the_body() -> None:
    found = behind(
        article("Herald", "At least 38 people were killed in Port Selis on Tuesday, the Selis Relief Committee (SRC) "
                "said."),
        article("Star", "In Port Selis at least 38 people died on Tuesday, according to the SRC."),
    )  # fmt: skip
    assert counted(found) == (2, 2, 1, True)


def test_the_same_text_captured_twice_is_two_articles_and_one_origin() -> None:
    text = "At least 38 people were killed in Port Selis on Tuesday, the mayor of Port Selis said."
    found = behind(article("Herald", text), article("Star", text), article(None, text, key="third"))
    assert counted(found) == (3, 2, 1, True)
    assert found.without_outlet == 1
    assert "same_text" in kinds(found)


def test_what_a_person_decides_is_followed() -> None:
    first = article("Herald", "Thirty-eight people died in Port Selis on Tuesday, said Petra Halloun, a miller.")
    second = article("Star", "On Tuesday 38 people were killed in Port Selis, P. Hallun, a miller, told the Star.")
    claims = [next(c.id for c in one.reading.claims if c.quantity) for one in (first, second)]
    before = behind(first, second)
    same = behind(first, second, verdicts=(Verdict((claims[0], claims[1]), True, "judgement:1", "One miller."),))
    assert (before.origins, same.origins) == (2, 1)
    assert same.judged == ("judgement:1",)
    [evidence] = [one for group in same.groups for one in group.evidence if one.by == "person"]
    assert evidence.judgement == "judgement:1" and "One miller." in evidence.link.rule


def test_a_link_that_a_person_refutes_joins_no_more() -> None:
    held = [article(outlet, text, language=language) for outlet, text, language in SERVICE]
    claims = [next(c.id for c in one.reading.claims if c.quantity) for one in held]
    apart = behind(*held, verdicts=(Verdict((claims[0], claims[2]), False, "judgement:2"),))
    assert apart.origins == 2
    assert origin_of(apart, "Selis Herald") != origin_of(apart, "Каровский листок")


def test_ten_thousand_articles_of_one_agency_are_counted_once() -> None:
    one = article(
        "Karov Wire", "At least 38 people were killed in Port Selis on Tuesday, the mayor of Port Selis said."
    )
    held = []
    for number in range(10_000):
        text = f"{one.text} Copy {number}."
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        claims = tuple(replace(claim, id=f"{claim.id}{number}") for claim in one.reading.claims)
        reading = replace(one.reading, claims=claims)
        held.append(replace(one, key=f"capture:{number}", outlet=f"Paper {number}", text=text, document=sha256,
                            reading=reading))  # fmt: skip
    [found] = [one for one in origins(held) if one.figures]
    assert counted(found) == (10_000, 10_000, 1, True)


@pytest.mark.parametrize(
    "around",
    ["citing " * 30_000, "a-" * 100_000, "(a " * 60_000, "Source: " * 30_000, "x" * 300_000, "\u0130" * 50_000],
    ids=["citing", "hyphens", "brackets", "source", "word", "letters-that-grow"],
)
def test_what_a_hostile_text_repeats_costs_its_length_and_names_nobody(around: str) -> None:
    """A cost that grows with the square would keep this test for hours."""
    told = article("Herald", "At least 38 people died in Port Selis on Tuesday, the SRC said.")
    text = f"{told.text} {around}"
    claims = tuple(replace(told.reading.claims[0], id=f"claim:{number}") for number in range(200))
    hostile = replace(told, text=text, reading=replace(told.reading, claims=claims))
    [found] = [one for one in origins([hostile]) if one.figures]
    assert counted(found) == (1, 1, 1, True)


@given(st.text(alphabet="AB (),.\n“”«»'’-—:İßcitingвзпосиланням", max_size=120))
def test_any_words_around_a_claim_are_taken_and_every_link_is_words_of_the_article(noise: str) -> None:
    told = article("Herald", "At least 38 people died in Port Selis on Tuesday.")
    text = f"{told.text}{noise}"
    for found in origins([replace(told, text=text)]):
        for group in found.groups:
            for named in (*group.named, *(link for chain in group.chains for link in chain)):
                assert named.passage is None or text[named.passage.start : named.passage.end] == named.passage.text


def test_a_footer_that_two_outlets_share_makes_no_two_witnesses_one() -> None:
    footer = (
        "\n\nAbout this service: our newsroom works around the clock to bring you trusted reporting from the whole "
        "region; subscribe to our daily letter, follow us on every platform, and write to the editors with "
        "corrections, complaints, ideas and photographs at any hour of the day or night."
    )
    told = "people were killed in Port Selis on Tuesday"
    found = behind(
        article("Herald", f"At least 38 {told}, said Olen Tarik, who was at the mill.{footer}"),
        article("Star", f"At least 38 {told}, said Petra Halloun, who was at the quay.{footer}"),
        article("Post", f"At least 41 {told}.{footer}"),
    )
    assert counted(found) == (3, 3, 2, True)
    assert sorted(filter(None, roots(found))) == ["Olen Tarik", "Petra Halloun"]
    assert not [note for one in found.groups for note in one.notes if "changed" in note]
