"""A spine in miniature for the trials of index, pipeline and archive: the same four names, quick and predictable.

Its `read` makes one casualty claim of every line that begins with a number. Words in an item make a step fail, or be
unavailable, so that every outcome can be met.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from probanda.index.work import by_facts, captured, outputs_of, texts_by_date
from probanda.pipeline import Stage
from probanda.records.canonical import canonical, identify
from probanda.records.codec import to_json
from probanda.records.derivation import Request
from probanda.records.passage import Passage
from probanda.records.quantity import Quantity
from probanda.records.reading import Claim, DocumentInfo, Narrator, Reading
from probanda.steps.step import Step, StepOutput, StepResult, failed, not_applicable, succeeded, unavailable


def _identify(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    binary = b"\0" in data
    return succeeded(facts={"media_type": "application/octet-stream" if binary else "text/plain", "encoding": None})


def _text(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    if request.parameters["media_type"] != "text/plain":
        return not_applicable("no reader for it")
    if data.startswith(b"broken"):
        return failed("it is broken")
    if data.startswith(b"needs a program"):
        return unavailable("the program is not here")
    return succeeded(StepOutput("text", data.strip(), "text/plain"))


def _language(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    return succeeded(facts={"language": "en"})


def _read(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    ((sha256, data),) = inputs.items()
    text = data.decode()
    published = request.parameters["published"]
    assert published is None or isinstance(published, str)
    claims = []
    start = 0
    for line in text.split("\n"):
        number = line.split(" ")[0]
        if number.isdigit():
            claims.append(_claim(sha256, request.version, start, number, line))
        start += len(line) + 1
    info = DocumentInfo(sha256, len(text), published, "en")
    reading = Reading(info, (), tuple(claims), (), (), (), (), (), ())
    return succeeded(StepOutput("reading", canonical(to_json(reading)), "application/json"))


def _claim(sha256: str, version: str, start: int, number: str, line: str) -> Claim:
    count = int(number)
    quantity = Quantity(Passage(start, start + len(number), number), count, count, count, "stated", None)
    claim = Claim(
        id="",
        kind="casualty",
        passage=Passage(start, start + len(line), line),
        source=Narrator(),
        quantity=quantity,
        effect="died",
        who=None,
        subset_of=None,
        cumulative_since=None,
        as_of=None,
        corrects=None,
        modality="accomplished",
        verification=None,
        where=None,
        when=None,
        negated=False,
    )
    body = {key: value for key, value in to_json(claim).items() if key != "id"}
    return replace(claim, id=identify("claim", {"document": sha256, "version": version, "claim": body}))


IDENTIFY = Step("identify", "1", _identify)
TEXT = Step("text", "1", _text)
LANGUAGE = Step("language", "1", _language)
READ = Step("read", "1", _read)

STAGES = (
    Stage(IDENTIFY, captured),
    Stage(TEXT, lambda alias: by_facts(alias, "identify", ("media_type", "encoding"))),
    Stage(LANGUAGE, lambda alias: outputs_of(alias, "text", "text")),
    Stage(READ, lambda alias: texts_by_date(alias, "text", "text", "language", "language")),
)


def with_step(step: Step, capabilities: str | None = None) -> tuple[Stage, ...]:
    """The stages with this step (and what the machine can do for it) in the place of the one of the same name."""
    return tuple(
        replace(stage, step=step, capabilities=capabilities or stage.capabilities)
        if stage.step.name == step.name
        else stage
        for stage in STAGES
    )


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
