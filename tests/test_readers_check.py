"""The conformance check tells authors what breaks the contract, by name, and lets an honest extractor pass."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli_world import Said, probanda
from probanda.extract.plugins.conformance import Exercise, Finding, Trial, exercises, findings
from probanda.extract.plugins.proposal import sieved
from probanda.extract.plugins.registry import UnknownExtractorError, faults, find, listed
from probanda.extract.read import LANGUAGES

VESNA = Exercise("vesna", "en", "A missile hit Vesna on Monday, residents said.")


def check(*arguments: str) -> Said:
    """The command, in the folder in which the extractors of the trials are written."""
    path = [str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return probanda("readers", "check", *arguments, env={"PYTHONPATH": os.pathsep.join(path)})


def of(returned: object, exercise: Exercise = VESNA) -> list[Finding]:
    """What two equal rounds over one exercise show."""
    trial = Trial(exercise, sieved("trial", "1", {}, returned), None, 0.1)
    return findings([trial], [trial])


def test_an_honest_extractor_keeps_the_contract() -> None:
    said = check("extractor_world:Trial", "--json")
    assert (said.code, said.json["ok"], said.json["extractor"]) == (0, True, "trial"), said.out
    assert set(said.json["seconds"]) == {one.name for one in exercises(("en",))}


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Inventing", "words that do not stand in the text"), ("Raising", "raised RuntimeError"),
        ("Rubbish", "gave no proposal" ), ("Pointing", "offsets in place of words"),
        ("Moody", "another proposal in another process"),
    ],
)  # fmt: skip
def test_each_way_of_breaking_it_is_named(name: str, told: str) -> None:
    said = check(f"extractor_world:{name}")
    assert said.code == 1 and "BREAKS the contract" in said.out
    assert told in said.out or (name == "Rubbish" and "form of a reading" in said.out), said.out


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["extractor_world:Lacking"], 1, "pip install trial-weights"), ([], 2, "found none"),
        (["extractor_world:Nameless"], 1, "name: expected"), (["extractor_world:Nobody"], 1, "AttributeError"),
        (["no_such_module:X"], 1, "ModuleNotFoundError"), (["nobody"], 1, "probanda readers"),
        (["extractor_world:TEXT"], 1, "expected name, version"),
    ],
)  # fmt: skip
def test_what_is_no_extractor_is_told_before_anything_is_tried(arguments: list[str], code: int, told: str) -> None:
    said = check(*arguments, "--json")
    assert said.code == code and told in said.error["message"]


def test_a_hang_ends_with_the_time_that_was_given() -> None:
    with pytest.raises(UnknownExtractorError):
        find("path:extractor_world:Nobody")
    trial = Trial(VESNA, None, "timed out after 1 s", None)
    assert findings([trial], [trial])[0] == Finding(True, "vesna", "timed out after 1 s")


def test_what_the_gate_refuses_for_its_sense_is_told_and_breaks_nothing() -> None:
    claim = {
        "kind": "attack",
        "passage": {"text": "A missile hit Vesna"},
        "source": {"narrator": True},
        "modality": "stated",
    }
    assert not any(one.broken for one in of({"claims": [claim]}))
    (found, *_) = of({"claims": [{**claim, "passage": {"text": "A missile hit Aldena"}}]})
    assert found.broken and "do not stand in the text" in found.words
    assert of({}) == [Finding(False, "all exercises", "proposed nothing at all")]


def test_every_language_has_exercises_that_say_what_they_are() -> None:
    for language in LANGUAGES:
        texts = exercises((language,))
        shipped = [one for one in texts if one.name.endswith(".txt")]
        assert shipped and len(texts) > len(shipped) + 10
        assert all("exercise" in one.text or "навчальний" in one.text or "учебный" in one.text for one in shipped)
    assert exercises(("de",)) == ()


def test_our_own_extractors_are_what_the_contract_says() -> None:
    names = {one.name for one in listed()}
    assert "natasha" in names
    for one in listed():
        assert one.extractor is None or not faults(one.extractor), one.name
