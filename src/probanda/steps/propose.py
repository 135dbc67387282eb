"""propose: what one further extractor says of a frozen text (`extract.plugins`), as a derivation of its own.

There is one step for each extractor, `propose:NAME`, so that one which raises, hangs or eats memory fails by its name,
in a process of its own, and the reading by the rules stands. Version and resources of the request are the extractor's.
Parameters: `language` and `published`, as of `read`. Output, role `proposal`: what was returned, as far as it is JSON
(`extract.plugins.proposal`); nothing in it is grounded yet. The step `read` takes it as a further input.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from probanda.records.derivation import Request
from probanda.steps.step import GIBIBYTE, Step, StepOutput, StepResult, failed, not_applicable, succeeded

if TYPE_CHECKING:
    from probanda.extract.plugins.contract import Extractor

PREFIX = "propose:"
ROLE = "proposal"
TIMEOUT_S = 120.0


class _Asking(Step):
    """A step that a worker finds by the name of its extractor."""

    __slots__ = ()

    @property
    def where(self) -> str:
        return f"{__name__}:{self.name.removeprefix(PREFIX)}"


def step_of(name: str, timeout_s: float = TIMEOUT_S) -> Step:
    """The step that asks the extractor of this name. Raises `extract.plugins.registry.UnknownExtractorError`."""
    from probanda.extract.plugins.registry import find, resources_of

    extractor = find(name)

    def run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
        return _run(name, extractor, request, inputs)

    return _Asking(
        PREFIX + name,
        extractor.version,
        run,
        timeout_s=timeout_s,
        memory_bytes=4 * GIBIBYTE,
        description=f"what the extractor {name} proposes",
        resources=lambda: resources_of(extractor),
    )


def __getattr__(name: str) -> Step:
    """The step of an extractor as an attribute of this module: `probanda.steps.propose:NAME` is its import path."""
    from probanda.extract.plugins.registry import UnknownExtractorError

    if name.startswith("__"):
        raise AttributeError(name)
    try:
        return step_of(name)
    except UnknownExtractorError as error:
        raise AttributeError(str(error)) from error


def _run(name: str, extractor: Extractor, request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    from probanda.extract.plugins.proposal import encode_proposal, proposed

    ((_, data),) = inputs.items()
    language, published = request.parameters.get("language"), request.parameters.get("published")
    if language not in extractor.languages:
        return not_applicable(f"{extractor.name} does not read {language}")
    if published is not None and not isinstance(published, str):
        return failed(f"expected a date in EDTF or null as parameter `published`, found {published!r}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return failed(f"expected a frozen text in UTF-8, found at byte {error.start} what does not decode")
    found = proposed(extractor, text, published, str(language), name)
    facts = {"records": found.records, "refused": len(found.refused)}
    return succeeded(StepOutput(ROLE, encode_proposal(found), "application/json"), facts=facts)
