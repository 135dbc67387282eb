"""What a report truly says passes the gate: the reading of many manners of telling loses no figure. All texts are
invented."""

from __future__ import annotations

import pytest

from falsify import TEXTS
from probanda.extract.read import read
from probanda.records.reading import Claim, HolderUnknown

INTRODUCTION = (
    "Mirek Sandor, the mayor of Velmar, visited the site on Monday. The Karovian health ministry sent a team.\n\n"
)
CLAUSES = {
    "12 people were killed": 1,
    "at least 12 people had died and 30 were wounded": 2,
    "the attack killed 12 civilians, three of them children": 2,
    "more than 40,000 people have fled": 1,
}
MANNERS = [
    "{C}, Sandor said.", "{C}, said Sandor.", "Sandor said on Monday that {c}.", "{C}, according to the ministry.",
    "According to the ministry, {c}.", "{C}, officials say.", "{C}, the ministry confirmed on Tuesday.",
    "“{C},” said Sandor.", "They said that {c}.", "{C}, it was reported.", "A spokesman for the army claimed that {c}.",
    "Reportedly, {c}.", "Unconfirmed reports say {c}.", "It is believed that {c}.",
    "{C}, but this could not be verified.",
    "{C}, although the figure has not been confirmed.", "{C}. The figure could not be independently verified.",
    "The ministry says {c}, a figure that could not be confirmed.", "{C}, a claim the army rejects.",
    "It was not immediately clear whether {c}.", "{C}, not counting soldiers.",
]  # fmt: skip


def figures(text: str) -> list[Claim]:
    return [claim for claim in read(text, "2031-05-07").claims if claim.quantity is not None]


@pytest.mark.parametrize("manner", MANNERS)
def test_no_manner_of_telling_loses_a_figure(manner: str) -> None:
    for clause, count in CLAUSES.items():
        text = INTRODUCTION + manner.replace("{C}", clause[0].upper() + clause[1:]).replace("{c}", clause)
        assert read(text, "2031-05-07").rejected == ()
        assert len(figures(text)) == count


@pytest.mark.parametrize("name", [name for name in TEXTS if name[0].isdigit()])
def test_the_reading_of_a_plain_report_is_admitted_whole(name: str) -> None:
    assert read(TEXTS[name], "2031-05-07").rejected == ()


@pytest.mark.parametrize(
    ("text", "modality", "negated"),
    [
        ("Tessaly did not fire any missiles on Tuesday and the market was hit.", "denied", True),
        ("No patients were killed by the strike.", "denied", True),
        ("Soldiers allegedly separated the men and shot them.", "alleged", False),
        ("The minister denied that his country intended to attack the town.", "denied", False),
    ],
)
def test_an_event_that_is_denied_or_alleged_is_told_as_such(text: str, modality: str, negated: bool) -> None:
    reading = read(text, "2031-05-07")
    assert modality in {event.modality for event in reading.events}
    found = {(claim.modality, claim.negated) for claim in reading.claims if claim.kind == "attack"}
    assert (modality, negated) in found


def test_nobody_told_is_not_the_narrator() -> None:
    for text in ("They said that 12 people were killed.", "12 people were killed, it was reported."):
        assert [claim.source for claim in figures(text)] == [HolderUnknown()]


def test_the_content_of_a_passive_begins_with_its_qualifier() -> None:
    reading = read("Up to 50,000 people are expected to attend.", "2031-05-07")
    assert reading.rejected == ()
    assert {claim.passage.text for claim in reading.claims} == {"Up to 50,000 people are expected to attend"}


@pytest.mark.parametrize(
    ("text", "kind", "modality"),
    [
        ("Tessaly pledged 4,000 shells a month.", "pledge", "promised"),
        ("Up to 2,000 anti-tank weapons would be sent to Karovia.", "pledge", "promised"),
        ("Tessaly has delivered 300 missiles.", "pledge", "accomplished"),
        ("An estimated 8,000 civilians remain trapped.", "displacement", "stated"),
        ("Tens of thousands have left.", "displacement", "accomplished"),
        ("Aid groups fear 200 people are buried under the rubble.", "casualty", "feared"),
        ("The claim that 400 civilians died is a fabrication.", "casualty", "denied"),
    ],
)
def test_a_figure_has_its_kind_and_how_far_it_has_gone(text: str, kind: str, modality: str) -> None:
    assert [(claim.kind, claim.modality) for claim in figures(text)] == [(kind, modality)]
