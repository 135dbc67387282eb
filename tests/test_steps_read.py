"""The reading as a derivation: what it names, and when there is none."""

from __future__ import annotations

import hashlib

import pytest

from probanda.extract.text.lexicon import digests
from probanda.records.canonical import Json, parse_canonical
from probanda.records.codec import parse
from probanda.records.reading import Reading
from probanda.steps.read import STEP
from probanda.steps.step import Step, StepOutput, StepResult, failed, succeeded

TEXT = "At least 12 people were killed in Belov on Tuesday, the Karovian emergency service said."


def run(text: bytes, **parameters: Json) -> StepResult:
    sha256 = hashlib.sha256(text).hexdigest()
    return STEP.run(STEP.request(sha256, parameters=parameters), {sha256: text})


def test_the_reading_is_of_the_text_that_was_given() -> None:
    result = run(TEXT.encode(), language="en", published="2021-05-05")
    (output,) = result.outputs
    reading = parse(Reading, parse_canonical(output.data))
    assert output.role == "reading"
    assert reading.document.sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    assert result.facts["claims"] == len(reading.claims)
    for claim in reading.claims:
        assert TEXT[claim.passage.start : claim.passage.end] == claim.passage.text


def test_without_a_date_of_publication_it_is_read_as_well() -> None:
    assert run(TEXT.encode(), language="en", published=None).outcome == "succeeded"


@pytest.mark.parametrize("language", ["pl", "und", None])
def test_a_language_without_a_grammar_is_not_applicable(language: str | None) -> None:
    result = run(TEXT.encode(), language=language, published=None)
    assert (result.outcome, result.reason) == ("not_applicable", f"no grammar for {language} yet")


def test_the_request_names_every_word_list_by_its_bytes() -> None:
    request = STEP.request("0" * 64)
    lexica = {f"lexica/{name}": value for name, value in digests().items()}
    assert {name: value for name, value in request.resources.items() if name != "rules"} == lexica
    assert len(str(request.resources["rules"])) == 64


def test_a_result_that_contradicts_itself_cannot_be_made() -> None:
    output = StepOutput("text", b"x", "text/plain")
    with pytest.raises(ValueError, match="reason"):
        StepResult("succeeded", (), "but")
    with pytest.raises(ValueError, match="reason"):
        StepResult("failed")
    with pytest.raises(ValueError, match="outputs"):
        StepResult("failed", (output,), "because")
    with pytest.raises(ValueError, match="role"):
        succeeded(output, output)


def test_a_step_knows_its_import_path_and_says_when_it_has_none() -> None:
    assert STEP.where == "probanda.steps.read:STEP"
    with pytest.raises(LookupError, match="expected a name"):
        _ = Step("lost", "1", lambda request, inputs: failed("never run")).where
