"""Weapons by the classes of SDG indicator 16.1.2, and words that name none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.events.weapons import find_weapons
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import segment

CLASSES = {
    "heavy_weapons_explosive_munitions", "planted_explosives_uxo", "small_arms_light_weapons", "incendiary", "cbrn",
    "electromagnetic", "less_lethal", "denial_of_indispensable_objects", "other_means", "unknown",
}  # fmt: skip


def weapons(text: str) -> list[tuple[str, str]]:
    found = find_weapons(segment(text))
    for weapon in found:
        assert text[weapon.passage.start : weapon.passage.end] == weapon.passage.text
    return [(weapon.passage.text, weapon.class_) for weapon in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They fired cluster munitions at the town.", ("cluster munitions", "heavy_weapons_explosive_munitions")),
        ("A Shahed-type drone fell.", ("drone", "heavy_weapons_explosive_munitions")),
        ("Howitzers and mortars were seen.", ("Howitzers", "heavy_weapons_explosive_munitions")),
        ("White phosphorus was reported.", ("White phosphorus", "incendiary")),
        ("Residents smelled chlorine gas.", ("chlorine gas", "cbrn")),
        ("An anti-personnel mine exploded.", ("anti-personnel mine", "planted_explosives_uxo")),
        ("An antipersonnel mine exploded.", ("antipersonnel mine", "planted_explosives_uxo")),
        ("A roadside bomb hit the bus.", ("roadside bomb", "planted_explosives_uxo")),
        ("Men with assault rifles came.", ("assault rifles", "small_arms_light_weapons")),
        ("A rocket-propelled grenade struck it.", ("rocket-propelled grenade", "small_arms_light_weapons")),
        ("Police used tear gas.", ("tear gas", "less_lethal")),
        ("They were killed with machetes.", ("machetes", "other_means")),
        ("The delivery of weapons began.", ("weapons", "unknown")),
    ],
)
def test_a_means_of_violence_has_its_class(text: str, expected: tuple[str, str]) -> None:
    assert weapons(text)[0] == expected


@pytest.mark.parametrize(
    "text",
    [
        "The party launched a campaign, said the think tank.",
        "She held the child in her arms in the long arms of the law.",
        "The shell company owned two coal mines and a water tank.",
        "They were ready to bomb the bridge.",
        "It was the last bullet point.",
        "The fuel tank leaked.",
    ],
)
def test_a_figure_of_speech_or_a_verb_is_no_weapon(text: str) -> None:
    assert weapons(text) == []


def test_the_longest_term_wins_and_each_is_found_once() -> None:
    assert [text for text, _ in weapons("Tactical nuclear weapons, nuclear weapons, weapons.")] == [
        "Tactical nuclear weapons", "nuclear weapons", "weapons",
    ]  # fmt: skip


def test_every_row_of_the_list_has_a_class_of_the_indicator_and_is_found() -> None:
    for row in table("weapons.tsv"):
        assert row["class"] in CLASSES, row
        if row["term"] not in ("arms", "mines"):
            assert (row["term"], row["class"]) in weapons(
                f"Investigators saw the {row['term']} that exploded there."
            ), row


@given(st.text(max_size=60))
def test_any_text_can_be_read_for_weapons(text: str) -> None:
    weapons(text)
