"""Types and means in the lists of others, and which treaty bound whom when."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from cli_world import probanda
from probanda.codes.events import cause_of_death, event_codes
from probanda.codes.tables import rows
from probanda.codes.treaties import bound_since, concerning, treaties

SCHEMA = json.loads((Path(__file__).parents[1] / "spec" / "reading.schema.json").read_text("utf-8"))["$defs"]
ACLED = {
    "Battles": {"Armed clash", "Government regains territory", "Non-state actor overtakes territory"},
    "Explosions/Remote violence": {
        "Chemical weapon", "Air/drone strike", "Suicide bomb", "Shelling/artillery/missile attack",
        "Remote explosive/landmine/IED", "Grenade",
    },
    "Violence against civilians": {"Sexual violence", "Attack", "Abduction/forced disappearance"},
    "Strategic developments": {
        "Agreement", "Arrests", "Change to group/activity", "Disrupted weapons use",
        "Headquarters or base established", "Looting/property destruction", "Non-violent transfer of territory",
        "Other",
    },
}  # fmt: skip
PLOVER = {
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT", "ACCUSE", "DEMAND", "REJECT", "THREATEN",
    "PROTEST", "MOBILIZE", "SANCTION", "COERCE", "ASSAULT",
}  # fmt: skip


def test_every_type_of_the_reading_has_its_row_and_no_other_has() -> None:
    assert {row["type"] for row in rows("events")} == set(SCHEMA["eventType"]["enum"])
    assert {row["class"] for row in rows("means")} == set(SCHEMA["weaponClass"]["enum"])


def test_only_names_that_the_lists_have_are_given() -> None:
    for row in rows("events"):
        found = event_codes(row["type"])
        assert found.acled_event is None or found.acled_event in ACLED, row
        if found.acled_sub_event is not None:
            assert found.acled_event is not None
            assert found.acled_sub_event in ACLED[found.acled_event], row
        assert found.plover_event is None or found.plover_event in PLOVER, row
        assert found.plover_mode is None or found.plover_event is not None, row


def test_a_type_below_one_that_is_known_has_its_codes_and_an_unknown_one_has_none() -> None:
    assert event_codes("siege.of_a_port") == event_codes("siege")
    assert event_codes("nothing").plover_event is None
    assert cause_of_death("cbrn") == "Chemical, Biological, Radiological, Nuclear (CBRN)"
    assert cause_of_death("catapult") is None


def test_what_the_type_alone_does_not_decide_is_not_guessed() -> None:
    assert event_codes("attack.strike").acled_sub_event is None  # aircraft, drone and missile are three
    assert event_codes("killing").acled_event is None  # whether a fighter or a civilian was killed decides


def test_the_tables_of_treaties_hold_together() -> None:
    known = {one.id for one in treaties()}
    deposits = rows("treaty_parties")
    assert {row["treaty"] for row in deposits} == known
    pairs = [(row["treaty"], row["state"]) for row in deposits]
    assert len(pairs) == len(set(pairs))
    for row in deposits:
        assert re.fullmatch("[A-Z]{2}", row["state"])
        date.fromisoformat(row["deposited"])
    for one in treaties():
        assert one.adopted < one.in_force < one.as_of
        latest = max(row["deposited"] for row in deposits if row["treaty"] == one.id)
        assert latest <= one.as_of


@pytest.mark.parametrize(
    ("treaty", "state", "day"),
    [
        ("ccm", "AF", "2012-03-01"),  # deposited on 8 September 2011: the sixth month after that month
        ("ccm", "AL", "2010-08-01"),  # among the first: with the treaty itself
        ("cwc", "SY", "2013-10-14"),  # thirty days after 14 September 2013
        ("ccw_p5", "UA", "2006-11-12"),  # six months after May 2005 is before the protocol's own day
        ("apmbc", "UA", "2006-06-01"),
    ],
)
def test_a_state_is_bound_from_the_day_that_the_treaty_says(treaty: str, state: str, day: str) -> None:
    assert bound_since(next(one for one in treaties() if one.id == treaty), state) == day


@pytest.mark.parametrize(
    ("weapon", "state", "day", "expected"),
    [
        ("sarin", "SY", "2013-08-21", {"cwc": "not_party"}),
        ("sarin", "SY", "2013-10-20", {"cwc": "party"}),
        ("sarin", "SY", "2018-04-07", {"cwc": "party_then"}),
        ("cluster munitions", "UA", "2022-03-01", {"ccm": "not_party_then"}),
        ("касетних боєприпасів", "RU", "2012-03-01", {"ccm": "not_party"}),
        ("кассетные боеприпасы", None, None, {"ccm": "unknown"}),
        ("anti-personnel mines", "US", "1998-01-01", {"apmbc": "not_in_force", "ccw_p2_amended": "not_in_force"}),
        ("a mineral water bottle", "US", "2010-01-01", {}),
        ("the ministry", None, None, {}),
        ("to determine whose shell", None, None, {}),  # no word of it begins as "mine" does
        ("a cruise missile", "RU", "2012-03-01", {}),
    ],
)
def test_a_treaty_concerns_what_it_is_about_and_binds_from_its_day(
    weapon: str, state: str | None, day: str | None, expected: dict[str, str]
) -> None:
    assert {one.treaty.id: one.standing for one in concerning(weapon, state, day)} == expected


def test_what_came_after_the_table_is_said_to_be_unknown() -> None:
    [found] = concerning("sarin", "SY", "2018-04-07")
    assert "2014-01-27" in found.words
    assert "not known" in found.words


@pytest.mark.parametrize("state", ["Ukraine", "ua", ""])
def test_a_state_that_is_none_is_refused(state: str) -> None:
    with pytest.raises(ValueError, match="two capital letters"):
        concerning("sarin", state, "2018-04-07")


def test_the_command_answers_with_and_without_json() -> None:
    asked = probanda("codes", "--weapon", "cluster munitions", "--state", "UA", "--on", "2022-03-01", "--json")
    assert asked.code == 0
    assert [row["standing"] for row in asked.json] == ["not_party_then"]
    assert "no finding" in probanda("codes", "--weapon", "sarin").out
    assert "Shelling/artillery/missile attack" in probanda("codes", "attack.shelling").out


@pytest.mark.parametrize(
    "given", [("nonsense",), ("--state", "UA"), ("attack", "--weapon", "sarin"), ("--weapon", "sarin", "--on", "soon"),
              ("--weapon", "sarin", "--state", "Ukraine")],
)  # fmt: skip
def test_what_does_not_fit_is_refused(given: tuple[str, ...]) -> None:
    asked = probanda("codes", *given)
    assert asked.code == 2
    assert asked.out == ""
