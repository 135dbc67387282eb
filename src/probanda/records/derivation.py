"""Derivation: a canonical request gave these outputs, or this failure.

Guarantees: a request's digest follows from the step, its version, the inputs, the parameters and the digests of every
resource used, and from nothing else; so "is it done?" is a look-up and two machines agree on it. How long the work took
is recorded beside the derivation and is no part of its identity. A batch is kept as one *rows blob*: one canonical
JSON line for each derivation (spec/entry.md). A row may carry a nonce, so that its hash tells nothing about it; that is
no part of the identity either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from probanda.records.canonical import CanonicalError, Json, canonical, digest, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import require_hex64

DerivationOutcome = Literal["succeeded", "failed", "not_applicable", "unavailable"]

NONCE: Final = "nonce"  # in `Derivation.extra`: 32 random bytes in hexadecimal
MAX_ROW_BYTES: Final = 16 * 1024 * 1024  # arbitrary: no honest row comes near, and a reader's memory stays bounded


@dataclass(frozen=True, slots=True)
class Request:
    """`inputs` are SHA-256 of blobs, in the order that the step expects; `resources` maps a name (gazetteer, lexicon,
    model) to the digest of the version used."""

    step: str
    version: str
    inputs: tuple[str, ...]
    parameters: Mapping[str, Json] = field(default_factory=dict)
    resources: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.inputs:
            require_hex64("an input", name)

    @property
    def sha256(self) -> str:
        return digest(to_json(self))

    @property
    def setting(self) -> str:
        """The digest of everything in it but its inputs."""
        return digest(
            {
                "step": self.step,
                "version": self.version,
                "parameters": dict(self.parameters),
                "resources": dict(self.resources),
            }
        )


@dataclass(frozen=True, slots=True)
class Output:
    role: str
    sha256: str
    size: int
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_hex64("an output's sha256", self.sha256)
        if self.size < 0:
            raise ValueError(f"expected a size of 0 or more bytes, found {self.size}")


@dataclass(frozen=True, slots=True)
class Derivation:
    """`reason` is `None` on success and never empty otherwise. `facts` are small results that need no blob (a media
    type); `seconds` is `None` where the time was not taken."""

    request: Request
    outcome: DerivationOutcome
    reason: str | None = None
    outputs: tuple[Output, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)
    seconds: float | None = None
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.outcome != "succeeded" and not self.reason:
            raise ValueError(f"expected a reason for the outcome {self.outcome!r}, found none")
        if self.outcome != "succeeded" and self.outputs:
            raise ValueError(f"expected no outputs with the outcome {self.outcome!r}, found {len(self.outputs)}")


def encode_rows(derivations: Iterable[Derivation]) -> bytes:
    """The rows blob of a batch: one canonical line each, every line ended."""
    return b"".join(canonical({**to_json(d), "request_sha256": d.request.sha256}) + b"\n" for d in derivations)


def parse_row(line: bytes) -> Derivation:
    """The derivation in one row (without line end). Raises `RecordError`, also when its digest is not its request's."""
    try:
        data = parse_canonical(line)
    except CanonicalError as error:
        raise RecordError(f"row: {error}") from error
    if not isinstance(data, Mapping):
        raise RecordError("row: expected an object")
    derivation = parse(Derivation, {k: v for k, v in data.items() if k != "request_sha256"}, "row")
    if data.get("request_sha256") != derivation.request.sha256:
        raise RecordError(
            f"row: expected request_sha256 {derivation.request.sha256} (the digest of the row's request), "
            f"found {data.get('request_sha256')!r:.80}"
        )
    return derivation


def parse_rows(data: bytes) -> Iterator[Derivation]:
    """The derivations of a rows blob, in order. Raises `RecordError`."""
    if data and not data.endswith(b"\n"):
        raise RecordError("row: expected every row to end with a line end, found a last row without")
    for line in data.split(b"\n")[:-1]:
        yield parse_row(line)
