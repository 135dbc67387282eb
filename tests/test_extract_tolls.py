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
        ("The militia has names for the 57 sailors it seized in July.", 57, "casualty", "abducted"),
        ("Eight miners are believed by rescuers to be dead.", 8, "casualty", "died"),
        ("Dozens of people were feared trapped under a block of flats.", "unknown", "casualty", "missing"),
        ("Some 120 prisoners were moved by bus to a camp in Brendia.", 120, "displacement", "transferred"),
        ("Some 120 patients were moved to safety.", 120, "displacement", "evacuated"),
        ("We hope to take out up to 3,000 by tonight.", 3000, "displacement", "evacuated"),
        ("Some 1,500 residents left on foot for the border.", 1500, "displacement", "fled"),
        ("About 48,000 people have reached the border post.", 48000, "displacement", "refugee"),
        ("The ministry says 37,200 people crossed yesterday.", 37200, "displacement", "refugee"),
        ("Fourteen people have not been found.", 14, "casualty", "missing"),
        ("Contact has been lost with 14 miners.", 14, "casualty", "missing"),
        ("Rescuers were looking for at least 14 people.", 14, "casualty", "missing"),
        ("Soldiers took away 14 men.", 14, "casualty", "abducted"),
        ("Security forces are holding 14 journalists.", 14, "casualty", "detained"),
        ("Some 350 villagers were kept in a basement.", 350, "casualty", "detained"),
        ("Some 600 soldiers surrendered.", 600, "casualty", "detained"),
        ("Fourteen men had been shot in the head.", 14, "casualty", "killed"),
        ("The raid cost 14 people their lives.", 14, "casualty", "killed"),
        ("Brendia has lost up to 400 soldiers killed.", 400, "casualty", "killed"),
        ("Brendia lost 400 men killed and wounded.", 400, "casualty", "counted"),
        ("More than 3 million refugees have arrived in Brendia.", 3_000_000, "displacement", "refugee"),
        ("Brendia hosts 340,000 Karovians.", 340_000, "displacement", "refugee"),
        ("Some 340,000 people have entered Brendia.", 340_000, "displacement", "refugee"),
        ("About 40,000 people have abandoned the town.", 40_000, "displacement", "fled"),
        ("Buses took 1,400 people out of the city.", 1400, "displacement", "evacuated"),
        ("Some 1,400 people left through the humanitarian corridor.", 1400, "displacement", "evacuated"),
        ("More than 2,000 children were taken to Brendia.", 2000, "displacement", "transferred"),
        ("The forced removal of 2,000 residents is a crime.", 2000, "displacement", "transferred"),
        ("Officials put the dead at 14 and the wounded at 30.", 30, "casualty", "injured"),
        ("The council says 23 are dead, the ministry 31.", 31, "casualty", "died"),
        ("The clinic spoke of 27 dead; the ministry insisted on nine.", 9, "casualty", "died"),
        ("Karovia said it had killed 400 soldiers and lost nine of its own.", 9, "casualty", "died"),
        ("The rebels say they have taken 40 prisoners.", 40, "casualty", "detained"),
        ("The ministry claims that 250 fighters have been destroyed.", 250, "casualty", "killed"),
        ("Some 4,000 families have been left homeless.", 4000, "displacement", "fled"),
        ("Soldiers took 2,000 residents to Brendia.", 2000, "displacement", "transferred"),
        ("Authorities have moved 2,000 people from the front.", 2000, "displacement", "evacuated"),
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
        ("Police were looking for 12 suspects.", 12),
        ("A hall holding 200 people is closed.", 200),
        ("Rescuers were searching for 12 survivors.", 12),
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


@pytest.mark.parametrize(
    "text",
    [
        "Nine people were killed; four were children.",
        "Nine people were killed. Four were children.",
        "Nine people were killed. Four of the victims were children.",
    ],
)
def test_a_clause_that_says_who_some_of_them_were(text: str) -> None:
    found = figures(text)
    assert (found[4].effect, found[4].subset_of) == ("killed", found[9].id)


def test_a_whole_that_a_colon_breaks_down_by_place() -> None:
    found = figures("In all, 59 people died: 41 in the market, 12 in the street and six in hospital.")
    assert {found[n].effect for n in (59, 41, 12, 6)} == {"died"}
    assert {found[n].subset_of for n in (41, 12, 6)} == {found[59].id}


def test_what_a_toll_was_before() -> None:
    found = figures("The army confirmed that 59 soldiers had died, up from 41 on Monday.")
    assert found[41].effect == "died"


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
