"""What a step is: bytes in, outputs out, and nothing else.

A step promises: `run` is pure. The same request over the same inputs gives the same result on every machine that has
the same resources; it reads no clock, disk (but for data files of its own package), environment or network, and
keeps nothing between items. It never decides for the pipeline: it is given a request and answers it.

A step says what went wrong with the material by its *outcome*, not by an exception. An exception that leaves `run` is
a defect of the step or of a library under it; the engine turns it into a failed result with the exception's name.

Outcomes (the same four as `records.derivation`):
- `succeeded`: the outputs are complete.
- `failed`: the material cannot be read this way; `reason` says what was expected, what was found and where. Final: the
  same request is not tried again, a new version of the step is another request.
- `not_applicable`: the step has nothing to say about such material, which is no fault of it ("no reader for
  application/pdf yet"). Final as well.
- `unavailable`: this machine lacks what the step needs (a program, a model). The only one that is tried again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from probanda.records.canonical import Json
from probanda.records.derivation import DerivationOutcome, Request

GIBIBYTE = 2**30

TEXT_STEPS = ("text", "ocr")  # the steps whose output of the role `text` is a frozen text, with its way back in `map`


@dataclass(frozen=True, slots=True)
class StepOutput:
    """Bytes that a step made. `role` names what they are to the request and is unique within one result."""

    role: str
    data: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step answers. Outputs only with `succeeded`; a reason with every other outcome.

    `facts` are small results that need no blob of their own (a media type); they are kept in the derivation, so that
    the driver plans the next request without reading an output again.
    """

    outcome: DerivationOutcome
    outputs: tuple[StepOutput, ...] = ()
    reason: str | None = None
    facts: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.outcome == "succeeded") != (self.reason is None):
            raise ValueError(f"a reason goes with what did not succeed; found {self.outcome}, {self.reason!r}")
        if self.outputs and self.outcome != "succeeded":
            raise ValueError(f"only a step that succeeded has outputs; found {self.outcome} with {len(self.outputs)}")
        roles = [output.role for output in self.outputs]
        if len(set(roles)) != len(roles):
            raise ValueError(f"each role stands once in a result; found {roles}")


Run = Callable[[Request, Mapping[str, bytes]], StepResult]


def _no_resources() -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Step:
    """A step and what it may use. It is the value of a name in a module, so that a worker can import it.

    `name`, `version`: part of every request; a change that can change any output is a new version.
    `run(request, inputs)`: `inputs` maps each SHA-256 in `request.inputs` to its bytes.
    `timeout_s`: seconds of wall time one item may take. Generous: it stops what hangs, not what is slow.
    `memory_bytes`: address space that one worker may add to what it has when the step is loaded.
    `resources()`: version or SHA-256 of everything besides the inputs that the outputs depend on (libraries, word
    lists, models), by name; it becomes `request.resources`.
    """

    name: str
    version: str
    run: Run
    timeout_s: float = 60.0
    memory_bytes: int = 2 * GIBIBYTE
    description: str = ""
    resources: Callable[[], Mapping[str, str]] = _no_resources

    @property
    def where(self) -> str:
        """The import path `module:name` of this step. Raises `LookupError` where its module has no name for it."""
        module = self.run.__module__
        for name, value in vars(sys.modules[module]).items():
            if value is self:
                return f"{module}:{name}"
        raise LookupError(f"step {self.name!r}: expected a name in module {module} that is bound to it, found none")

    def request(self, *inputs: str, parameters: Mapping[str, Json] | None = None) -> Request:
        """The request for this version of the step over these inputs (SHA-256), with the resources at hand."""
        return Request(
            step=self.name,
            version=self.version,
            inputs=inputs,
            parameters=dict(parameters or {}),
            resources=dict(self.resources()),
        )


def succeeded(*outputs: StepOutput, facts: Mapping[str, Json] | None = None) -> StepResult:
    return StepResult("succeeded", outputs, None, dict(facts or {}))


def failed(reason: str) -> StepResult:
    return StepResult("failed", (), reason)


def not_applicable(reason: str) -> StepResult:
    return StepResult("not_applicable", (), reason)


def unavailable(reason: str) -> StepResult:
    return StepResult("unavailable", (), reason)
