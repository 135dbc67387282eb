"""read: the reading of a frozen text (`extract.read`), as a derivation.

Parameters: `language` (as `language` found it), `published` (EDTF, or `null` where the capture has none; dates such as
"Wednesday" stay unresolved then). Output, role `reading`: the canonical JSON of the `Reading`. The request names every
lexicon file, the gazetteer and the rules by digest, so that a reading made with others is another derivation.
"""

from __future__ import annotations

from collections.abc import Mapping

from probanda.records.canonical import canonical
from probanda.records.codec import to_json
from probanda.records.derivation import Request
from probanda.steps.step import Step, StepOutput, StepResult, failed, not_applicable, succeeded

LANGUAGES = ("en",)


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    from probanda.extract.read import read

    ((sha256, data),) = inputs.items()
    language, published = request.parameters.get("language"), request.parameters.get("published")
    if language not in LANGUAGES:
        return not_applicable(f"no grammar for {language} yet")
    if published is not None and not isinstance(published, str):
        return failed(f"expected a date in EDTF or null as parameter `published`, found {published!r}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return failed(f"expected a frozen text in UTF-8, found at byte {error.start} what does not decode")
    reading = read(text, published=published, language=str(language), sha256=sha256)
    counts = {
        name: len(getattr(reading, name))
        for name in ("quotations", "claims", "events", "places", "weapons", "objects", "labels", "rejected")
    }
    return succeeded(StepOutput("reading", canonical(to_json(reading)), "application/json"), facts=counts)


def _resources() -> Mapping[str, str]:
    from probanda.extract.read import resources

    return resources()


STEP = Step(
    "read",
    "1",
    _run,
    timeout_s=120.0,
    description="quotations, claims, events, places of a text, each at its characters",
    resources=_resources,
)
