"""Events: trigger, roles, place, time, modality; votes and referrals. Invented States; towns only as neutral places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.events.draft import EventDraft
from probanda.extract.events.events import find_events
from probanda.extract.places.places import find_places
from probanda.extract.read import read
from probanda.extract.text.actors import noun_phrase_ending_at, noun_phrase_starting_at
from probanda.extract.text.inflection import plural, verb_forms
from probanda.extract.text.segments import segment
from probanda.extract.values.times import find_times
from probanda.records.passage import Passage


def events(text: str, published: str | None = None) -> list[EventDraft]:
    doc = segment(text)
    times = tuple(mention.when for mention in find_times(doc, published))
    found = find_events(doc, times, find_places(doc))
    for event in found:
        for part in (event.trigger, event.actor, event.aimed_at, event.affected, event.instrument, event.where):
            assert part is None or text[part.start : part.end] == part.text
    return list(found)


def one(text: str, type_: str) -> EventDraft:
    found = [event for event in events(text) if event.type == type_]
    assert len(found) == 1, [(event.type, event.trigger.text) for event in events(text)]
    return found[0]


def words(part: Passage | None) -> str | None:
    return None if part is None else part.text


@pytest.mark.parametrize(
    ("text", "type_", "actor", "aimed_at", "affected"),
    [
        ("Karovian forces shelled the market.", "attack.shelling", "Karovian forces", "the market", None),
        ("The market was shelled by Karovian forces.", "attack.shelling", "Karovian forces", "The market", None),
        ("Karovia’s shelling of the market went on.", "attack.shelling", "Karovia", "the market", None),
        ("The shelling of the market by rebels went on.", "attack.shelling", "rebels", "the market", None),
        ("The minister accused Karovia of shelling towns.", "attack.shelling", "Karovia", "towns", None),
        ("Militants abducted 20 students.", "abduction", "Militants", None, "20 students"),
        ("Two farmers were killed.", "killing", None, None, "Two farmers"),
        ("Police arrested dozens of protesters.", "detention", "Police", None, "dozens of protesters"),
        ("Soldiers executed three prisoners.", "execution", "Soldiers", None, "three prisoners"),
        ("Soldiers looted shops.", "looting", "Soldiers", None, "shops"),
        ("More than 3,000 people fled.", "displacement", None, None, "More than 3,000 people"),
        ("The town of Homs was captured by rebels.", "control.captured", "rebels", None, "The town of Homs"),
        ("Rebels took control of Homs.", "control.captured", "Rebels", None, "Homs"),
        ("The army lost control of Homs.", "control.lost", "The army", None, "Homs"),
        ("The army withdrew from Homs.", "control.lost", "The army", None, "Homs"),
        ("The army retook Homs.", "control.regained", "The army", None, "Homs"),
        ("Control of Homs was contested by rebels.", "control.contested", "rebels", None, "Homs"),
        ("Rebels besieged Homs.", "siege", "Rebels", "Homs", None),
        ("Soldiers blocked aid convoys.", "aid.blocked", "Soldiers", None, "aid convoys"),
        ("Karovia imposed sanctions on Tessaly.", "diplomatic.sanction", "Karovia", "Tessaly", None),
        ("Tessaly condemned the delay.", "diplomatic.condemnation", "Tessaly", "the delay", None),
        ("The court issued an arrest warrant for General Sandor.", "legal.arrest_warrant", "The court", None,
         "General Sandor"),
        ("An inquiry was opened by the prosecutor.", "legal.investigation_opened", "the prosecutor", None, None),
        ("The tribunal (TCT) launched an investigation.", "legal.investigation_opened", "The tribunal", None, None),
        ("Investigators are gathering evidence.", "legal.evidence_collection", "Investigators", None, "evidence"),
    ],
)  # fmt: skip
def test_an_event_has_its_type_and_roles(
    text: str, type_: str, actor: str | None, aimed_at: str | None, affected: str | None
) -> None:
    event = one(text, type_)
    assert (words(event.actor), words(event.aimed_at), words(event.affected)) == (actor, aimed_at, affected)


@pytest.mark.parametrize(
    ("text", "type_", "instrument", "actor"),
    [
        ("A Karovian missile struck the depot.", "attack.strike", "A Karovian missile", "Karovian"),
        ("Rockets hit the depot.", "attack.strike", "Rockets", None),
        ("The depot was hit by a drone.", "attack.strike", "a drone", None),
        ("Karovian strikes damaged the depot.", "damage", "Karovian strikes", "Karovian"),
        ("Rebels attacked the depot with mortars.", "attack.ground", "mortars", "Rebels"),
    ],
)
def test_a_weapon_or_an_attack_is_the_instrument_and_no_actor(
    text: str, type_: str, instrument: str, actor: str | None
) -> None:
    event = one(text, type_)
    assert (words(event.instrument), words(event.actor)) == (instrument, actor)


@pytest.mark.parametrize(
    "text",
    [
        "The offer was a strike against inflation of the debate, said nobody.",
        "They captured the mood and seized the chance.",
        "He referred to the weather in court.",
        "The occupied towns were quiet.",
        "The editor passed the salt.",
        "Officials in Tessaly spoke of the harvest.",
    ],
)
def test_words_that_name_no_event_here(text: str) -> None:
    kinds = {event.type.split(".")[0] for event in events(text)}
    assert not kinds & {"control", "legal", "diplomatic", "damage", "killing"}


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Rebels came under heavy fire near Homs.", "attack"),
        ("A car bomb went off outside the court.", "attack.bombing"),
        ("Fighting erupted between the army and the militia.", "attack.ground"),
        ("The army pushed into the district.", "attack.ground"),
        ("The army shot down three drones.", "attack.interception"),
        ("The tower was knocked out.", "damage"),
        ("Soldiers burned houses.", "damage"),
        ("The town has been cut off.", "siege"),
        ("Aid reached the besieged port.", "siege"),
        ("Fighters of the front pulled out at noon.", "control.lost"),
        ("The army seized power.", "control.captured"),
        ("Soldiers occupied the power plant.", "control.captured"),
        ("Velna was retaken by the army.", "control.regained"),
        ("More than 3,000 people returned to Homs.", "displacement.return"),
        ("Karovia handed over 12 tanks.", "delivery.weapons"),
        ("A bomb, which was supplied by Karovia, lay there.", "delivery.weapons"),
        ("The first aid convoy entered the town.", "aid.delivered"),
        ("The two sides exchanged 200 prisoners.", "prisoner_exchange"),
        ("Karovia exercised its veto.", "diplomatic.veto"),
        ("Twelve states asked the court to examine the situation.", "legal.referral"),
        ("The region set up a commission of inquiry.", "legal.investigation_opened"),
        ("The tribunal acquitted him.", "legal.acquittal"),
    ],
)
def test_events_told_by_verb_and_noun_or_in_other_words(text: str, type_: str) -> None:
    one(text, type_)


@pytest.mark.parametrize(
    "text",
    [
        "The minister attacked the plan.",
        "The price of oil struck a new high.",
        "The two sides struck a deal.",
        "The minister was under fire over the budget.",
        "He died of a heart attack.",
        "A strike by teachers went on.",
        "The unions went on strike.",
        "Drivers use the old mine route.",
        "The convoy was cleared in advance.",
        "Karovia fielded 118 attack drones.",
        "Villages surrounding the lake were quiet.",
    ],
)
def test_figures_of_speech_and_names_of_things_are_no_attacks(text: str) -> None:
    kinds = {event.type.split(".")[0] for event in events(text)}
    assert not kinds & {"attack", "siege", "damage", "control"}


@pytest.mark.parametrize(
    ("text", "type_", "actor"),
    [
        ("Shelling in Homs killed nine.", "killing", None),
        ("Forces loyal to Sandor pushed into the town.", "attack.ground", "Forces"),
        ("Forces backed by Karovia captured Homs.", "control.captured", "Forces"),
        ("The army claims to have captured Homs.", "control.captured", "The army"),
        ("The general ordered his troops to shell Homs.", "attack.shelling", "his troops"),
        ("Residents were evacuated by bus.", "evacuation", None),
    ],
)
def test_the_actor_is_the_subject_and_not_the_nearest_noun(text: str, type_: str, actor: str | None) -> None:
    assert words(one(text, type_).actor) == actor


def test_what_is_sent_is_the_instrument_and_who_gets_it_is_affected() -> None:
    event = one("Karovia sent 20 howitzers to Tessaly.", "delivery.weapons")
    assert (words(event.actor), words(event.instrument), words(event.affected)) == (
        "Karovia",
        "20 howitzers",
        "Tessaly",
    )


def test_a_day_is_nothing_that_is_aimed_at() -> None:
    event = one("Rebels attacked the depot on Monday in an assault on Monday.", "attack.ground")
    assert words(event.aimed_at) == "the depot"
    assert all(words(e.aimed_at) != "Monday" for e in events("An assault on Monday killed nine.", "2024-05-15"))


def test_objects_with_places_of_their_own_are_events_of_their_own() -> None:
    found = [e for e in events("Strikes damaged the school in Goma and the market in Bukavu.") if e.type == "damage"]
    assert [(words(e.affected), words(e.where)) for e in found] == [("the school", "Goma"), ("the market", "Bukavu")]


def test_the_place_is_the_nearest_of_the_clause_and_never_an_actor() -> None:
    text = "Belarus said that rebels shelled Homs while the port of Odesa was calm."
    assert words(one(text, "attack.shelling").where) == "Homs"
    assert one("Belarus said that rebels shelled the market.", "attack.shelling").where is None


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("The army retook Velna after a week.", "Velna"),
        ("The strike on Velna came at noon.", "Velna"),
        ("The town of Velna, 30 km north of Orlen, was shelled.", "Velna"),
        ("A rocket struck al-Qasr, a village of 900 people.", "al-Qasr"),
        ("Velna’s mayor was killed in an attack.", "Velna"),
    ],
)
def test_a_place_that_no_list_has_is_told_by_the_act_and_the_words_around_it(text: str, where: str) -> None:
    assert where in {words(event.where) for event in events(text)}


def test_the_time_is_that_of_the_sentence() -> None:
    (event,) = (
        e
        for e in events("Rebels shelled Homs on Monday. It was quiet later.", "2024-05-15")
        if e.type == "attack.shelling"
    )
    assert event.when is not None and event.when.earliest == "2024-05-13"
    assert one("Rebels shelled Homs.", "attack.shelling").when is None


@pytest.mark.parametrize(
    ("text", "type_", "modality"),
    [
        ("Rebels besieged Homs.", "siege", "accomplished"),
        ("Homs braced for a siege.", "siege", "anticipated"),
        ("Residents feared a siege of Homs.", "siege", "feared"),
        ("Rebels planned to besiege Homs.", "siege", "planned"),
        ("Rebels threatened to besiege Homs.", "siege", "threatened"),
        ("Rebels denied that they had besieged Homs.", "siege", "denied"),
        ("Karovia promised to send tanks.", "pledge.weapons", "promised"),
        ("Karovia pledged ammunition.", "pledge.weapons", "promised"),
        ("Karovia would “besiege Homs”, officials in Tessaly said.", "siege", "forecast"),
        ("Rebels planned to “besiege Homs”.", "siege", "planned"),
        ("Karovia delivered tanks.", "delivery.weapons", "accomplished"),
        ("Karovia promised that it would deliver tanks.", "pledge.weapons", "promised"),
        ("Parliament approved a package of military aid.", "pledge.weapons", "promised"),
        ("Rebels plan to besiege Homs and pound it.", "attack.shelling", "planned"),
        ("Reports that the army has lost control of Homs are “completely false”.", "control.lost", "denied"),
        ("Rebels deny having shelled Homs.", "attack.shelling", "denied"),
        ("The minister ruled out a siege of Homs.", "siege", "denied"),
        ("The siege never took place.", "siege", "denied"),
        ("No rocket hit the school.", "attack.strike", "denied"),
        ("The army has no plans to besiege Homs.", "siege", "denied"),
        ("The ceasefire is due to begin at noon.", "ceasefire", "planned"),
        ("Officials approved an airstrike that destroyed a school.", "attack.strike", "accomplished"),
        ("She said she would open an investigation.", "legal.investigation_opened", "planned"),
        ("He asked the inspector to open an investigation.", "legal.investigation_opened", "planned"),
        ("The army claims control of Homs.", "control.captured", "alleged"),
    ],
)
def test_what_has_not_happened_is_not_told_as_done(text: str, type_: str, modality: str) -> None:
    assert one(text, type_).modality == modality


def test_a_contested_town_is_not_captured() -> None:
    assert {event.type for event in events("Control of Homs was contested.")} == {"control.contested"}


Sides = tuple[int | None, int | None, int | None]
VOTES = [
    ("The assembly adopted the resolution by 93 votes to 24 with 58 abstentions.", (93, 24, 58)),
    ("The council adopted the text 14-0 with one abstention.", (14, 0, 1)),
    ("Lawmakers voted 120-5 to pass the bill.", (120, 5, None)),
    ("The assembly voted to demand it, with 93 nations backing the motion and only four opposing it.", (93, 4, None)),
    ("In all, 40 countries voted in favour, 12 were against and 7 abstained.", (40, 12, 7)),
    ("Twelve members voted against the resolution and 40 voted for it.", (40, 12, None)),
    ("The motion passed with 31 in favour and none against.", (31, 0, None)),
    ("The resolution was adopted with no abstentions.", (None, None, 0)),
    ("The bill was rejected when 60 members voted against it.", (None, 60, None)),
    ("Ninety-three nations supported the text and only four opposed it.", (93, 4, None)),
    ("The parliament voted, 201 to 3, for the proposal.", (201, 3, None)),
]


@pytest.mark.parametrize(("text", "expected"), VOTES)
def test_a_vote_is_counted_in_any_order_and_form(
    text: str, expected: tuple[int | None, int | None, int | None]
) -> None:
    counts = one(text, "diplomatic.vote").counts
    assert counts is not None
    assert (counts.for_, counts.against, counts.abstaining) == expected


def test_unanimous_states_no_number() -> None:
    assert one("The council voted unanimously for the resolution.", "diplomatic.vote").counts is None


def test_a_range_of_numbers_is_no_tally() -> None:
    found = events("The assembly voted after 5 to 10 people spoke.")
    assert [event.counts for event in found if event.type == "diplomatic.vote"] in ([None], [])


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("Karovia and 37 allies referred Tessaly to the court.", ("Karovia", "37 allies")),
        ("Karovia, Tessaly and 12 other states referred the situation to the tribunal.", ("Karovia", "Tessaly",
         "12 other states")),
        ("A group of 39 states, led by Karovia, referred the situation to the prosecutor.", ("39 states", "Karovia")),
        ("Belarus referred the situation to the tribunal.", ("Belarus",)),
    ],
)  # fmt: skip
def test_a_referral_keeps_names_and_number_of_its_states(text: str, states: tuple[str, ...]) -> None:
    counts = one(text, "legal.referral").counts
    assert counts is not None and counts.states == states
    assert (counts.for_, counts.against, counts.abstaining) == (None, None, None)


TEMPLATE = (
    "{a}n shelling destroyed a clinic in {t} on Monday, officials in {b} said. "
    "{a} and 12 allies referred {b} to the court. Rebels captured the town of {t}. "
    "The assembly voted 93-4 for the motion."
)


@pytest.mark.parametrize(("a", "b", "t"), [("Karovia", "Tessaly", "Brenholt"), ("Veldania", "Ostmark", "Quorim")])
def test_other_names_give_the_same_events(a: str, b: str, t: str) -> None:
    found = events(TEMPLATE.format(a=a, b=b, t=t), "2024-05-15")
    assert [(e.type, e.actor is None, e.aimed_at is None, e.affected is None, words(e.where) == t) for e in found] == [
        ("attack.shelling", False, True, True, True),
        ("damage", False, True, False, True),
        ("legal.referral", False, False, True, False),
        ("control.captured", False, True, False, True),
        ("diplomatic.vote", False, True, True, False),
    ]


def test_phrases_end_where_the_grammar_says() -> None:
    doc = segment("The head of the agency said the old mill of Brenholt and the farm burned.")
    said = next(n for n, token in enumerate(doc.tokens) if token.text == "said")
    before, after = noun_phrase_ending_at(doc, said), noun_phrase_starting_at(doc, said + 1)
    assert before is not None and doc.passage(*before).text == "The head of the agency"
    assert after is not None and doc.passage(*after).text.startswith("the old mill of Brenholt")
    assert noun_phrase_starting_at(doc, len(doc.tokens)) is None


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("shell", {"shell", "shells", "shelled", "shelling"}),
        ("strike", {"strike", "strikes", "struck", "stricken", "striking"}),
        ("deny", {"deny", "denies", "denied", "denying"}),
        ("refer", {"refer", "refers", "referred", "referring"}),
        ("withdraw from", {"withdraw from", "withdraws from", "withdrew from", "withdrawn from", "withdrawing from"}),
    ],
)
def test_a_verb_has_all_its_forms(base: str, forms: set[str]) -> None:
    assert set(verb_forms(base)) == forms
    assert plural("city") == "cities"


@given(
    st.lists(
        st.sampled_from([*TEMPLATE.split(), "voted", "“", "”", ",", "5", "-", "to", "by", "Moscow", "’s"]), max_size=40
    )
)
def test_any_order_of_words_can_be_read_and_every_part_is_in_the_text(parts: list[str]) -> None:
    events(" ".join(parts))


def test_what_an_accusation_takes_for_granted_is_not_alleged() -> None:
    reading = read("The governor accused rebels of killing farmers during the siege of Homs.", "2031-05-14")
    assert {event.type: event.modality for event in reading.events if event.type in ("killing", "siege")} == {
        "killing": "alleged",
        "siege": "accomplished",
    }
    assert [c.passage.text for c in reading.claims if c.kind == "siege"] == ["the siege of Homs"]
    for claim in reading.claims:
        assert claim.kind != "attack" or claim.modality == "alleged"


def test_a_deed_with_an_owner_in_an_accusation_is_that_of_the_accused() -> None:
    found = events("The envoy accused Karovia of shelling towns in its invasion of Tessaly.")
    assert [(e.trigger.text, words(e.actor)) for e in found if e.type.startswith("attack")] == [
        ("shelling", "Karovia"),
        ("invasion", "Karovia"),
    ]


@pytest.mark.parametrize(
    ("text", "triggers"),
    [
        ("Rebels shelled Homs. States referred Karovia over the attacks.", ["shelled"]),
        ("Rebels shelled Homs. The envoy condemned Karovia’s “cruel assault on a sovereign nation”.", ["shelled"]),
        ("Rebels shelled Homs. The envoy condemned Karovia’s attack on a hospital.", ["shelled", "attack"]),
        ("Rebels shelled Homs. An attack killed two farmers.", ["shelled", "attack"]),
        ("The envoy condemned the attacks.", ["attacks"]),
    ],
)
def test_a_noun_that_leads_back_is_no_second_attack(text: str, triggers: list[str]) -> None:
    assert [event.trigger.text for event in events(text) if event.type.startswith("attack")] == triggers


def test_strikes_on_two_places_are_two_and_so_is_the_damage() -> None:
    text = "It comes as Karovian strikes that damaged the school in Homs and the market in Aleppo caused outrage."
    found = [(e.type, words(e.affected), words(e.where)) for e in events(text)]
    for type_ in ("attack.strike", "damage"):
        assert (type_, "the school", "Homs") in found and (type_, "the market", "Aleppo") in found
    assert len(found) == 4


def test_who_opened_an_investigation_may_stand_in_another_sentence() -> None:
    found = events("An investigation has begun. The tribunal opened an investigation on Monday.")
    assert [words(event.actor) for event in found] == ["The tribunal", "The tribunal"]
    found = events("An investigation has begun. The tribunal opened an inquiry. The army opened an inquiry.")
    assert [words(event.actor) for event in found] == [None, "The tribunal", "The army"]


def test_what_an_assembly_voted_to_demand_is_its_demand() -> None:
    text = "The Grand Assembly voted on Tuesday to demand that Karovia leave Tessaly, with 93 members in favour."
    (quotation,) = read(text, "2031-05-14").quotations
    assert quotation.passage.text == "Karovia leave Tessaly"
    assert quotation.speaker is not None and quotation.speaker.name == "Grand Assembly"


@pytest.mark.parametrize(
    ("text", "label", "about"),
    [
        ("Karovian guns indiscriminately shelled the market.", "indiscriminately", "shelled the market"),
        ("They planned to “bomb towns, indiscriminately at times”.", "indiscriminately", "bomb towns"),
        ("Indiscriminate shelling of towns went on.", "Indiscriminate", "shelling of towns"),
        (
            "What they did there, in the use of such bombs, in my view amounts to a war crime, Lena Voss said.",
            "war crime",
            "What they did there",
        ),
        ("The minister accused Ivo Kral of being a war criminal.", "war criminal", "Ivo Kral"),
    ],
)
def test_a_label_keeps_what_it_was_said_of(text: str, label: str, about: str) -> None:
    (found,) = [found for found in read(text, "2031-05-14").labels if found.passage.text == label]
    assert found.about is not None and found.about.text == about


def test_what_is_feared_is_no_forecast_and_a_dateline_is_not_where_it_happened() -> None:
    reading = read("The premier feared that Brendia would attack Orlin.", "2031-05-05")
    assert {event.modality for event in reading.events if event.type.startswith("attack")} == {"feared"}
    text = "(Oslo) – Brendian forces shelled the town of Orlin, Open Harbour said."
    (shelling,) = [event for event in read(text, "2031-05-05").events if event.type.startswith("attack")]
    assert shelling.where is not None and shelling.where.text == "Orlin"


@pytest.mark.parametrize(
    ("words", "total"),
    [("Thirty-nine states", 39), ("Karovia and 37 allies", 38), ("Tessaly, Brendia and twelve others", 14)],
)
def test_the_states_of_a_referral_are_those_named_and_those_counted(words: str, total: int) -> None:
    text = f"{words} have referred the situation to the International Criminal Court, it said on Monday."
    [event] = [one for one in read(text, "2031-05-05").events if one.type == "legal.referral"]
    assert event.counts is not None
    assert event.counts.states_total == total


@pytest.mark.parametrize(
    ("text", "type", "actor"),
    [
        ("The raid staged by the Northern Front on the hotel lasted an hour.", "attack.ground", "the Northern Front"),
        ("The attack, carried out by rebels, killed two farmers.", "attack", "rebels"),
        ("The ambush perpetrated by unidentified men lasted an hour.", "attack.ground", "unidentified men"),
        ("The Open Hand claimed responsibility for the bombing of the bridge.", "attack.bombing", "The Open Hand"),
    ],
)
def test_who_staged_an_attack_or_claimed_it_is_its_actor(text: str, type: str, actor: str) -> None:
    found = [event for event in read(text, "2031-05-05").events if event.type == type]
    assert [event.actor.text if event.actor else None for event in found] == [actor]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Дарьи Лугиной, в Брендию насильственно вывезены более 3400 мирных \n в том числе свыше 900 д", "ru"),
        ("The government has opened an investigation to", "en"),
    ],
)
def test_a_text_that_is_cut_off_is_read(text: str, language: str) -> None:
    assert read(text, "2031-05-05", language).document.language == language
