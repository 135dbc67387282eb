"""What becomes of the counted, in forms of grammar that the other tests lack; votes as pairs of numbers; invented."""

from __future__ import annotations

import pytest

from probanda.extract.read import read
from probanda.records.reading import Claim, Counts


def figures(text: str) -> dict[object, Claim]:
    return {c.quantity.stated: c for c in read(text, "2031-05-05").claims if c.quantity is not None}


@pytest.mark.parametrize(
    ("text", "stated", "kind", "effect"),
    [
        ("The whereabouts of 33 captives remain unknown.", 33, "casualty", "missing"),
        ("The fate of 33 sailors is still not known.", 33, "casualty", "missing"),
        ("Some 240 people out of a population of 3,800 remain missing.", 240, "casualty", "missing"),
        ("More than 200 suffered breathing problems.", 200, "casualty", "injured"),
        ("At least 14 guards sustained burns.", 14, "casualty", "injured"),
        ("Six nurses had been beaten.", 6, "casualty", "injured"),
        ("The militia still holds the 57 sailors it seized in July.", 57, "casualty", "abducted"),
        ("Eight miners are believed by rescuers to be dead.", 8, "casualty", "died"),
        ("Dozens of people were feared trapped under a block of flats.", "unknown", "casualty", "missing"),
        ("Some 120 prisoners were moved by bus to a camp in Brendia.", 120, "displacement", "transferred"),
        ("Some 120 patients were moved to safety.", 120, "displacement", "evacuated"),
        ("We hope to take out up to 3,000 by tonight.", 3000, "displacement", "evacuated"),
        ("Some 1,500 residents left on foot for the border.", 1500, "displacement", "fled"),
        ("About 48,000 people have reached the border post.", 48000, "displacement", "refugee"),
        ("The ministry says 37,200 people crossed yesterday.", 37200, "displacement", "refugee"),
        ("Brendian forces fired at least six rockets at Orlin.", 6, "attack", None),
        ("Brendia promised Karovia 40 rockets.", 40, "pledge", None),
    ],
)
def test_what_became_of_the_counted(text: str, stated: object, kind: str, effect: str | None) -> None:
    claim = figures(text)[stated]
    assert (claim.kind, claim.effect) == (kind, effect)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("The army took out 12 gunmen.", 12),
        ("Some 120 crates were moved by bus to a camp.", 120),
        ("The town has a population of 3,800.", 3800),
        ("The minister suffered 12 defeats.", 12),
    ],
)
def test_nothing_became_of_what_only_looks_harmed(text: str, stated: object) -> None:
    claim = figures(text).get(stated)
    assert claim is None or claim.effect is None


def test_parts_behind_a_colon_and_behind_whereabouts() -> None:
    text = "Some 900,000 people have left their homes: 400,000 went abroad and 500,000 moved within the country."
    found = figures(text)
    assert found[900000].effect == "fled"
    assert (found[400000].effect, found[500000].effect) == ("refugee", "internally_displaced")
    assert found[400000].subset_of == found[500000].subset_of == found[900000].id
    found = figures("At least 61 officials have been detained; the whereabouts of 12 remain unknown.")
    assert (found[12].effect, found[12].subset_of) == ("missing", found[61].id)


def test_what_has_been_verified_was_done() -> None:
    found = figures("Our Office has been able to verify 1,902 civilian deaths, among them 112 children.")
    assert (found[1902].modality, found[112].modality) == ("accomplished", "accomplished")
    assert found[112].subset_of == found[1902].id


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("Nineteen people died in the blast at the depot, not 21 as first reported.", 19, 21),
        ("Six people were killed in the shelling of Orlin. The toll was earlier given as four.", 6, 4),
        ("The clinic initially reported 13 deaths; it has since raised the number to 19.", 19, 13),
    ],
)
def test_a_number_that_is_taken_back(text: str, right: int, wrong: int) -> None:
    found = figures(text)
    taken_back = found[wrong].id if wrong in found else "21"
    assert found[right].corrects == taken_back


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Deputies voted by 214 to 97, with 12 abstentions, to extend the act.", (214, 97, 12)),
        ("A motion to halt the sales had been defeated by 288 votes to 31.", (31, 288, None)),
        ("The amendment fell by 88 votes to 71.", (71, 88, None)),
        ("The vote in the 188-member congress was 137-7, with 29 abstentions.", (137, 7, 29)),
        (
            "The assembly voted to suspend Brendia. Ninety-three States were in favour, 24 against and 58 abstained.",
            (93, 24, 58),
        ),
    ],
)
def test_the_sides_of_a_vote(text: str, counts: tuple[int, int, int | None]) -> None:
    reading = read(text, "2031-05-05")
    assert [event.counts for event in reading.events if event.counts] == [Counts(*counts)]
    effects = {c.quantity.stated: c.effect for c in reading.claims if c.quantity and c.kind == "vote"}
    if "-" not in text.replace("Ninety-three", "").replace("188-member", ""):
        assert (effects[counts[0]], effects[counts[1]]) == ("voted_for", "voted_against")


@pytest.mark.parametrize("text", ["Five to 10 people died.", "They passed 5 to 10 checkpoints by noon."])
def test_a_range_is_no_vote(text: str) -> None:
    (claim,) = [claim for claim in read(text, "2031-05-05").claims if claim.quantity is not None]
    assert claim.quantity is not None and (claim.quantity.minimum, claim.quantity.maximum) == (5, 10)
