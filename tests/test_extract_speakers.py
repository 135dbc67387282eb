"""Who is meant by an office, a pronoun or a heading, and words whose speaker stands elsewhere; all names invented."""

from __future__ import annotations

import pytest

from probanda.extract.read import read
from probanda.records.reading import HolderUnknown, Quotation


def found(text: str, words: str) -> Quotation:
    quotations = read(text, "2031-05-05").quotations
    matching = [quotation for quotation in quotations if quotation.passage.text.rstrip(".,") == words.rstrip(".,")]
    assert matching, [(quotation.form, quotation.passage.text) for quotation in quotations]
    return matching[0]


@pytest.mark.parametrize(
    ("text", "words", "name", "role"),
    [
        (  # an office, then the name alone
            "The fire chief told Radio Vesna that the depot was lost. “Nothing is left,” Dora Senn said on Monday.",
            "the depot was lost",
            "Dora Senn",
            "fire chief",
        ),
        (
            "The hospital’s director said 12 people had died.\n\nTwo had been counted twice, Dr Ivo Hale said.",
            "12 people had died",
            "Ivo Hale",
            "hospital’s director",
        ),
        (  # somebody else spoke between
            "The fire chief said the depot was lost. Witnesses said it burned. “Nothing is left,” Dora Senn said.",
            "the depot was lost",
            None,
            "fire chief",
        ),
        (  # she has an office of her own
            "The fire chief said the depot was lost. “Nothing is left,” Mayor Dora Senn said.",
            "the depot was lost",
            None,
            "fire chief",
        ),
        (  # the sexes differ
            "The spokeswoman said the depot was lost. “Nothing is left,” Mr Ivo Senn said.",
            "the depot was lost",
            None,
            "spokeswoman",
        ),
        ("Spokesperson: Dora Senn.\n\nIt fell, the spokesperson said.", "It fell", "Dora Senn", "Spokesperson"),
        ("“It fell,” said a ferryman, who gave his name only as Milo.", "It fell", "Milo", "ferryman"),
        ("“It fell,” said a weaver, who asked to be identified by her first name, Milo.", "It fell", "Milo", "weaver"),
        ("“It fell,” said a weaver, who asked not to be named.", "It fell", None, "weaver"),
        ("“It fell,” explained to Radio Vesna by telephone Ivo Hale, 50, mayor.", "It fell", "Ivo Hale", "mayor"),
        ("“It fell,” its director, Ivo Hale, repeated.", "It fell", "Ivo Hale", "director"),
        ("Its leader, Ivo Hale, posted on social media that the bridge fell.", "the bridge fell", "Ivo Hale", "leader"),
        ("Hale, in a letter to his party: “We are staying here.”", "We are staying here.", "Hale", None),
        ("His deputy was blunter: “They came to rob us.”", "They came to rob us.", None, "deputy"),
        ("Open Harbour said it was mined. It is shut, the charity said.", "It is shut", "Open Harbour", None),
        ("It is shut, the port operator said. The cranes stand, it added.", "The cranes stand", "port operator", None),
        (
            "Ivo Hale feared the worst, while Dora Senn wanted to know more. “Why today?” she asked.",
            "Why today?",
            "Dora Senn",
            None,
        ),
        (
            "Ivo Hale said it fell. In the front row sat Dora Senn, a nurse. “We heard it,” she said.",
            "We heard it",
            "Dora Senn",
            "nurse",
        ),
        ("Ivo Hale said it fell. He had met Dora Senn. “We heard it,” he said.", "We heard it", "Ivo Hale", None),
        ("Prime Minister Ivo Hale said it fell. The PM told deputies that it burned.", "it burned", "Ivo Hale", None),
        ("Dora Senn, 34, was queuing outside. “We heard it.”", "We heard it.", "Dora Senn", None),
        ("A neighbour, Dora, 60, was weeping. “They were young.”", "They were young.", "Dora", None),
        ("Asked about it, the governor, Ivo Hale, was brief. “A lie.”", "A lie.", "Ivo Hale", None),
        ("“It fell,” Dora Senn said.\n\nShe had hidden. “It took long.”", "It took long.", "Dora Senn", None),
        ("Dora Senn hid in a cellar.\n\n“It fell,” the 34-year-old said.", "It fell", "Dora Senn", None),
        ("“It is over” – Dora Senn", "It is over", "Dora Senn", None),
        ("As Dora Senn puts it: “It is over.”", "It is over.", "Dora Senn", None),
        ("“It is over,” was how Dora Senn put it.", "It is over", "Dora Senn", None),
        ("In the ministry’s words, it was “a tragic error”.", "a tragic error", "ministry", None),
        ("Dora Senn left. Her deputy, Ivo Hale, disagreed: “Not for us.”", "Not for us.", "Ivo Hale", None),
        ("“Where is my son?” asked a woman in a red coat.", "Where is my son?", None, "woman in a red coat"),
        ("The witness, identified only as K-14, told the court: “They shot.”", "They shot.", "K-14", None),
        ("“We go now,” one commander is heard saying.", "We go now", None, "commander"),
        ("“Brothers,” the president began, “we are here tonight.”", "we are here tonight.", None, "president"),
        ("“They took the men,” remembers Dora Senn.", "They took the men", "Dora Senn", None),
        ("“We are afraid,” says one. “Of them all,” says another.", "Of them all", None, "another"),
        ("“It was quiet,” said one surgeon, who asked not to be named.", "It was quiet", None, "surgeon"),
        ("Dora Senn runs a bar. Her son was hit. “He did not cry,” she says.", "He did not cry", "Dora Senn", None),
        ("One man, Milo, carries a cat. “It is all I have,” he says.", "It is all I have", "Milo", None),
        ("Tess Wire quotes one survivor as saying: “They came.”", "They came.", None, "survivor"),
        ("In an order read out on the radio, Ivo Hale told his men to “hold or die”.", "hold or die", "Ivo Hale", None),
        ("“It fell,” Ivo Hale said. Was there a plan? “Not on paper.”", "Not on paper.", "Ivo Hale", None),
    ],
)  # fmt: skip
def test_who_is_meant(text: str, words: str, name: str | None, role: str | None) -> None:
    speaker = found(text, words).speaker
    assert speaker is not None
    assert speaker.name == name
    assert name is not None or speaker.role == role


@pytest.mark.parametrize(
    "text",
    [
        "The inquiry would cover alleged crimes by all sides.",
        "The office has received reports that the road was mined.",
        "Allegations that the road was mined are false.",
        "Roughly 30 of the 80 mortars promised in January had arrived.",
    ],
)
def test_nobody_is_made_to_speak_by_a_noun_or_a_participle(text: str) -> None:
    assert read(text, "2031-05-05").quotations == ()


@pytest.mark.parametrize(
    "text",
    [
        "We have received reports that some 240 residents were deported to Brendia.",
        "Allegations that some 240 residents were killed have not yet been verified.",
        "There were claims that some 240 residents were killed.",
    ],
)
def test_what_is_rumoured_has_a_holder_that_is_not_told(text: str) -> None:
    (claim,) = [claim for claim in read(text, "2031-05-05").claims if claim.quantity is not None]
    assert isinstance(claim.source, HolderUnknown)
    assert claim.modality == "alleged"


def test_the_clock_time_of_a_live_page_is_no_part_of_a_name() -> None:
    text = "Orlin live\n\n18:40 Brendia has warned that it will close the port.\n\n17.05 Five men died, the police say."
    assert [q.speaker.name for q in read(text, "2031-05-05").quotations if q.speaker] == ["Brendia", "police"]
    assert found(text, "Five men died").passage.text == "Five men died"


def test_a_time_within_a_line_or_a_score_opens_no_entry() -> None:
    text = "18:40 was the hour at which it fell, Ivo Hale said."
    assert found(text, "18:40 was the hour at which it fell").speaker is not None
