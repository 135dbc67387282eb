"""Figures: what a number counts, what befell it, and how figures hang on one another. All texts are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.figures.figure import Figure
from probanda.extract.figures.figures import find_figures
from probanda.extract.text.segments import Document, segment
from probanda.extract.values.quantities import find_numbers
from probanda.extract.values.times import find_times


def _figures(text: str, published: str | None = "2022-03-02") -> tuple[Document, tuple[Figure, ...]]:
    doc = segment(text)
    return doc, find_figures(doc, find_numbers(doc), find_times(doc, published))


def _brief(text: str) -> list[tuple[str, str | None, str | None]]:
    doc, figures = _figures(text)
    return [(doc.passage(f.number.first, f.number.last).text, f.unit, f.effect) for f in figures]


EFFECTS = [
    ("12 people were killed in the strike on Monday.", [("12", "people", "killed")]),
    ("The strike killed 12 and wounded 30 others.", [("12", None, "killed"), ("30", "others", "injured")]),
    (
        "It hit a market, killing at least 12 and wounding 30.",
        [("at least 12", None, "killed"), ("30", None, "injured")],
    ),
    ("The attack left four dead and nine hurt.", [("four", None, "died"), ("nine", None, "injured")]),
    ("12 dead, 30 injured after market strike", [("12", None, "died"), ("30", None, "injured")]),
    ("About 300 people, officials said, were wounded.", [("About 300", "people", "injured")]),
    ("About 300 people who had hidden in a school were wounded.", [("About 300", "people", "injured")]),
    ("12 civilians and three soldiers were killed.", [("12", "civilians", "killed"), ("three", "soldiers", "killed")]),
    ("A gunman killed a teacher and three pupils.", [("three", "pupils", "killed")]),
    ("An airstrike killed Anna Velt, 34, and her two daughters.", [("two", "daughters", "killed")]),
    ("Soldiers shot dead six men and wounded two women.", [("six", "men", "killed"), ("two", "women", "injured")]),
    ("The army lost 300 soldiers and 40 tanks.", [("300", "soldiers", "died"), ("40", "tanks", None)]),
    ("The blast claimed 12 lives.", [("12", "lives", "killed")]),
    ("The bodies of 21 people were found.", [("21", "people", "died")]),
    (
        "Five people remain missing and 17 bodies were recovered.",
        [("Five", "people", "missing"), ("17", "bodies", "died")],
    ),
    (
        "Police detained 450 protesters and arrested a further 12.",
        [("450", "protesters", "detained"), ("12", None, "detained")],
    ),
    ("Militants abducted 110 schoolgirls.", [("110", "schoolgirls", "abducted")]),
    ("Two children aged 3 and 5 were among the dead.", [("Two", "children", "died")]),
    (
        "Shelling destroyed 40 buildings and damaged 12 schools.",
        [("40", "buildings", "destroyed"), ("12", "schools", "damaged")],
    ),
    ("3,500 servicemen had been killed or wounded.", [("3,500", "servicemen", "counted")]),
    ("The office recorded 752 civilian casualties.", [("752", "casualties", "counted")]),
    ("The attack displaced 12,000 people.", [("12,000", "people", "internally_displaced")]),
    ("Some 700,000 refugees live in camps.", [("Some 700,000", "refugees", "refugee")]),
    ("Some 9,000 people fled abroad.", [("Some 9,000", "people", "refugee")]),
    ("About half a million people have crossed into Tessaly.", [("About half a million", "people", "refugee")]),
    ("7.1 million people have been internally displaced.", [("7.1 million", "people", "internally_displaced")]),
    ("Officials deported 80 families from Velt.", [("80", "families", "transferred")]),
    ("A total of 4,889 people were evacuated.", [("A total of 4,889", "people", "evacuated")]),
    ("Hundreds of families have been forced from their homes.", [("Hundreds", "families", "fled")]),
    ("Fighting forced 2,000 residents to flee.", [("2,000", "residents", "fled")]),
    ("Armed men took 14 villagers hostage.", [("14", "villagers", "abducted")]),
    ("Three of the wounded died.", [("Three", None, "died")]),
    ("Some 90 people could be forced to leave their homes.", [("Some 90", "people", "fled")]),
    ("Monitors put the number of dead at between 70 and 150.", [("between 70 and 150", "dead", "died")]),
    ("No casualties were reported.", [("No", "casualties", "counted")]),
    ("No one was hurt.", [("No one", None, "injured")]),
    ("37 allies signed the letter.", [("37", "allies", None)]),
    ("Nearly 1,900 residents left the city.", [("Nearly 1,900", "residents", "fled")]),
    ("Tens of thousands have left.", [("Tens of thousands", None, "fled")]),
    ("The strike left four dead.", [("four", None, "died")]),
    ("Some 40 people are left.", [("Some 40", "people", None)]),
    ("Soldiers seized 71 people and 12 tanks.", [("71", "people", "abducted"), ("12", "tanks", None)]),
    ("Some 15,000 people have been moved to higher ground.", [("Some 15,000", "people", "evacuated")]),
    ("Monitors recorded 31 incidents of forced transfer.", [("31", "incidents", "transferred")]),
    ("It received 48 patients with blast wounds.", [("48", "patients", "injured")]),
    ("There were 12 attacks in which 41 people died.", [("12", "attacks", None), ("41", "people", "died")]),
    ("22 men were lined up and shot.", [("22", "men", "injured")]),
    ("About 60 houses were burned.", [("About 60", "houses", "destroyed")]),
    ("One in five residents has left.", []),
    ("Two boys aged six and nine were killed.", [("Two", "boys", "killed")]),
    ("The mayor said 12 people had died. Doctors said 15.", [("12", "people", "died"), ("15", "people", "died")]),
    ("12 people had died; according to the rebels, 45.", [("12", "people", "died"), ("45", "people", "died")]),
    ("In Velmar 12 people were killed, in Aldena seven.", [("12", "people", "killed"), ("seven", "people", "killed")]),
    ("Twelve died on Monday and 14 on Tuesday.", [("Twelve", None, "died"), ("14", None, "died")]),
    ("It saw the death of 87 men and reports of 40 more.", [("87", "men", "died"), ("40", "men", "died")]),
    ("He found 34 dead and 29 more were fed.", [("34", None, "died")]),
    (
        "141 nations backed the motion, with only five opposing it.",
        [("141", "nations", None), ("only five", "nations", None)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), EFFECTS)
def test_a_figure_says_what_befell_whom(text: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    assert _brief(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The death toll rose to 59 on Tuesday.", [("59", None, "died")]),
        ("The number of injured stood at 140.", [("140", None, "injured")]),
        (
            "Three more people died, bringing the number of dead to 21.",
            [("Three", "people", "died"), ("21", None, "died")],
        ),
        ("The number of people killed in the quake has risen to 1,200.", [("1,200", "people", "killed")]),
        ("Karovian officials put the toll at 63.", [("63", None, "died")]),
        ("Death toll: 14. Injured: 40.", [("14", None, "died"), ("40", None, "injured")]),
        ("The number of refugees could reach four million.", [("four million", "refugees", "refugee")]),
    ],
)
def test_a_running_total_is_of_what_the_text_names(
    text: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert [(number, effect) for number, _, effect in _brief(text)] == [
        (number, effect) for number, _, effect in expected
    ]


def test_the_figure_takes_up_the_one_before() -> None:
    _, (first, second) = _figures("More than 8,000 people fled. The figure is soon expected to reach a million.")
    assert (second.number.stated, second.unit, second.effect, second.kind) == (
        1_000_000,
        "people",
        "fled",
        "displacement",
    )
    assert (first.modality, second.modality) == ("accomplished", "forecast")


@pytest.mark.parametrize(
    ("text", "wholes"),
    [
        ("A missile killed 52 people, among them three medics.", [None, 0]),
        ("At least 500 civilians, including 39 children, have been killed.", [None, 0]),
        ("Seven people, including a pregnant woman and two toddlers, died.", [None, 0]),
        ("It counted 50 casualties: 23 killed and 27 injured. This included 23 killed.", [None, None, None, 1]),
        ("Twelve of the 30 passengers died.", [1, None]),
        ("Seven people died, two of them children.", [None, 0]),
        ("The clinic treated 84 people, 11 of whom died.", [None, 0]),
        ("Records show 2,345 killed (880 men, 592 women).", [None, 0, 0]),
        ("The strike killed 40 people. The dead included 14 children.", [None, 0]),
        ("The strike killed 40 people. Among the dead were 14 children.", [None, 0]),
        ("They verified 149 casualties, of whom 16 were killed, including 9 children.", [None, 0, 1]),
        ("Two were killed and five wounded, three of them seriously.", [None, None, 1]),
        ("The strike killed 12 and wounded 30 others.", [None, None]),
        ("The attack injured 16, two seriously.", [None, 0]),
        ("Five civilians - two men and three women - were killed.", [None, 0, 0]),
    ],
)
def test_a_part_names_its_whole(text: str, wholes: list[int | None]) -> None:
    _, figures = _figures(text)
    assert [figure.subset_of for figure in figures] == wholes
    assert all(
        f.effect == figures[f.subset_of].effect or figures[f.subset_of].effect in (None, "counted")
        for f in figures
        if f.subset_of is not None
    )


@pytest.mark.parametrize(
    "text",
    [
        "A shell hit a hospital with 40 patients inside, killing a nurse.",
        "Half of the 40 patients were killed.",
        "Twelve of the 40 patients were killed.",
        "The 40 patients saw how a nurse was killed.",
        "Some 40 patients told reporters that a nurse had been killed.",
        "A nurse was killed while 40 patients slept.",
    ],
)
def test_what_befell_others_is_not_said_of_all(text: str) -> None:
    doc, figures = _figures(text)
    assert [f.effect for f in figures if "40" in doc.passage(f.number.first, f.number.last).text] == [None]


@pytest.mark.parametrize(
    ("text", "stated", "corrects"),
    [
        ("The toll was 59, not 62.", 59, "62"),
        ("The toll was not 62 but 59.", 59, "62"),
        ("The ministry revised the toll from 62 to 59.", 59, "62"),
        ("The service said 62 people had died. It later corrected the figure to 59.", 59, 0),
    ],
)
def test_a_correction_names_what_it_replaces(text: str, stated: int, corrects: int | str) -> None:
    _, figures = _figures(text)
    (found,) = [figure for figure in figures if figure.corrects is not None]
    assert (found.number.stated, found.corrects) == (stated, corrects)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (
            "Over 200 people died, although that figure has not been independently verified.",
            "not_independently_verified",
        ),
        ("Over 200 people died. The figure could not be verified.", "not_verified"),
        (
            "Over 200 people died. Tessaly Radio was unable to independently confirm the number.",
            "not_independently_verified",
        ),
        ("An unconfirmed toll of 200 dead was given.", "not_verified"),
        ("The army killed 200 troops, a figure the rebels disputed.", "disputed"),
        ("It was not possible to verify the claim that 200 people had died.", "not_verified"),
        ("The mission verified 200 deaths.", "verified"),
        ("Over 200 people were confirmed dead.", None),
        ("Over 200 people died in the disputed region.", None),
        ("Over 200 people died. Reports of cholera have not been confirmed.", None),
        ("Over 200 people died. We were not able to verify the footage.", None),
        ("Over 200 people died. It has no means of verifying casualty figures.", None),
        ("Some 200 people could die. That claim could not be verified.", None),
        ("Officials said 200 people had died. That claim could not be verified.", "not_verified"),
        (
            "Over 200 people died. It was not possible to verify those figures independently.",
            "not_independently_verified",
        ),
        ("Over 200 people died. The coalition rejects those numbers.", "disputed"),
        ("Over 200 people died. Neither count has been independently verified.", "not_independently_verified"),
        ("They had reports that 200 people were held, but were unable to confirm that number.", "not_verified"),
        ("Over 200 people died. Those figures could not be checked.", "not_verified"),
    ],
)
def test_what_a_text_says_of_checking_stays_with_the_figure(text: str, status: str | None) -> None:
    _, figures = _figures(text)
    assert [figure.verification.status if figure.verification else None for figure in figures] == [status]


@pytest.mark.parametrize(
    ("text", "modality", "negated"),
    [
        ("12 people were killed.", "accomplished", False),
        ("12 people are feared dead.", "feared", False),
        ("Officials fear that 12 people were killed.", "feared", False),
        ("12 people were reportedly killed.", "alleged", False),
        ("12 people are believed to have been killed.", "alleged", False),
        ("The offensive could kill 12,000 people.", "possible", False),
        ("The agency expects 12,000 people to flee.", "forecast", False),
        ("The ministry denied that 12 people were killed.", "denied", False),
        ("The ministry dismissed reports of 12 deaths.", "denied", False),
        ("They threatened to kill 12 hostages.", "threatened", False),
        ("The strike did not kill 12 people.", "accomplished", True),
        ("A court will hear how 12 people were killed.", "accomplished", False),
        ("Reportedly, 12 people were killed.", "alleged", False),
        ("The claim that 12 people were killed is false.", "denied", False),
        ("It is a lie that 12 people were killed.", "denied", False),
        ("Some 300 bodies may have been buried there.", "possible", False),
        ("The site could hold 500 bodies.", "possible", False),
        ("A further 38 hostages are to be freed.", "planned", False),
    ],
)
def test_a_figure_keeps_how_far_the_thing_has_gone(text: str, modality: str, negated: bool) -> None:
    _, (figure,) = _figures(text)
    assert (figure.modality, figure.negated) == (modality, negated)


def test_a_figure_says_since_when_and_as_of_when_it_counts() -> None:
    _, (since,) = _figures("At least 500 civilians have been killed since 24 February.")
    assert since.cumulative_since is not None
    assert since.cumulative_since.earliest == "2022-02-24"
    _, (clause,) = _figures("At least 500 civilians have died since the army seized power in March 2021.")
    assert clause.cumulative_since is not None
    assert clause.cumulative_since.earliest == "2021-03-01"
    _, (as_of,) = _figures("By Tuesday evening, 500 civilians had been killed.")
    assert as_of.as_of is not None
    assert as_of.as_of.earliest == "2022-03-01"


def test_who_holds_the_counted_group_and_the_passage_its_clause() -> None:
    doc, (figure,) = _figures("More than 200 innocent civilians, including children, have died, the service said.")
    assert figure.who is not None
    assert doc.passage(*figure.who).text == "innocent civilians, including children"
    assert figure.unit == "civilians"
    assert doc.text[slice(*figure.passage)].startswith(
        "More than 200 innocent civilians, including children, have died"
    )


def test_an_aside_in_brackets_does_not_cut_the_passage() -> None:
    doc, (figure,) = _figures("The Karovian Relief Fund (KRF) sheltered 40 families on Monday.")
    assert doc.text[slice(*figure.passage)] == "The Karovian Relief Fund (KRF) sheltered 40 families on Monday"


def test_dates_ages_and_names_make_no_figure() -> None:
    text = "On 2 March 2022 Mira Velt, 34, told Radio 4 of 152mm shells and Article 8 for three days at 10:30."
    assert _brief(text) == []


@pytest.mark.parametrize(("old", "new"), [("Karova", "Osmun"), ("Velt", "Quillmar"), ("Tessaly", "Brond")])
def test_other_names_change_nothing(old: str, new: str) -> None:
    text = "Shells killed 17 people in Karova, the mayor of Velt said. Tessaly denied it. Some 40 are missing in Velt."
    one, two = _brief(text), _brief(text.replace(old, new))
    assert one == two == [("17", "people", "killed"), ("Some 40", None, "missing")]


_PIECES = st.sampled_from(
    "12 people were killed in , . the and wounded 30 others not of them including death toll rose to 59 no one feared "
    "dead dozens ( ) “ ” that figure verified since Tuesday who 2022 from at least".split()
)


@given(st.lists(_PIECES, max_size=40))
def test_any_run_of_words_is_read(pieces: list[str]) -> None:
    doc, figures = _figures(" ".join(pieces))
    for at, figure in enumerate(figures):
        start, end = figure.passage
        first, last = figure.number.first, figure.number.last
        assert start <= doc.tokens[first].start
        assert doc.tokens[last - 1].end <= end
        assert figure.subset_of is None or (0 <= figure.subset_of < len(figures) and figure.subset_of != at)
        assert not isinstance(figure.corrects, int) or 0 <= figure.corrects < len(figures)
