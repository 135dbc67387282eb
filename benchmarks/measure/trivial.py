"""Two steps that do next to nothing, so that what is left is the pipeline. Workers import them by name."""

from __future__ import annotations

from collections.abc import Mapping

from probanda.records.derivation import Request
from probanda.steps.step import Step, StepOutput, StepResult, succeeded


def _count(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    return succeeded(facts={"bytes": len(data)})


def _reverse(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    return succeeded(StepOutput("reversed", data[::-1] + str(request.parameters["round"]).encode(), "text/plain"))


COUNT = Step("count", "1", _count, description="how many bytes; no output")
REVERSE = Step("reverse", "1", _reverse, description="the bytes in reverse; one output each")
