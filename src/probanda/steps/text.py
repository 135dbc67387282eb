"""text: the frozen text of a blob, and the way back from it to the blob.

Parameters: `media_type`, `encoding`, `delimiter`, as `identify` found them. Outputs, on which all later offsets rest:

- `text`: UTF-8, as the reader for the kind of material gives it (`readers/`, one file for each kind).
- `map`: canonical JSON, the way back: spans of the decoded source for what is text itself, and for everything else the
  page, cell, paragraph or part that each stretch of text stands in. `spec/text-map.md` describes it.

What the material is decides which reader is asked (`READERS`), and nothing else does. Plain text and pages come out to
the byte as version 1 of this step gave them. Kinds without a reader: not applicable.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import version

from probanda.records.canonical import Json, canonical
from probanda.records.derivation import Request
from probanda.steps import ole
from probanda.steps.readers.frozen import Frozen, NothingToReadError, ReadError, locked, way_back
from probanda.steps.step import Step, StepOutput, StepResult, failed, not_applicable, succeeded
from probanda.steps.tables import table_digest

Reader = Callable[[bytes, Mapping[str, Json]], Frozen]

# The module of each kind, loaded when the first of its kind is met: a case of plain text never pays for the others.
READERS: Mapping[str, str] = {
    "text/plain": "plain",
    "text/html": "html",
    "application/pdf": "pdf",
    "application/vnd.ms-excel": "sheet",
    "application/vnd.oasis.opendocument.spreadsheet": "sheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "message/rfc822": "message",
    "text/csv": "table",
    "text/tab-separated-values": "table",
}
# Kinds that other steps take up.
_ELSEWHERE: tuple[tuple[str, str], ...] = (
    ("image/", "a picture has no text layer; the step ocr reads pictures"),
    ("application/mbox", "a mailbox is a container; its messages are read one by one where they are unpacked"),
)


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    ((sha256, data),) = inputs.items()
    media_type = str(request.parameters.get("media_type"))
    if media_type == "application/x-empty":
        return not_applicable("the file is empty (application/x-empty): it has no bytes to read")
    if media_type == ole.UNKNOWN and ole.media_type(data)[1]:
        return failed(str(locked("the file is an encrypted Office document")))
    name = READERS.get(media_type)
    if name is None:
        why = next((f" ({reason})" for kind, reason in _ELSEWHERE if media_type.startswith(kind)), "")
        return not_applicable(f"no reader for {media_type} yet{why}")
    try:
        frozen = _reader(name)(data, request.parameters)
    except ReadError as error:
        return failed(str(error))
    except NothingToReadError as nothing:
        return StepResult("not_applicable", (), str(nothing), nothing.facts)
    return result(frozen, sha256)


def result(frozen: Frozen, sha256: str) -> StepResult:
    """The outputs and facts of a frozen text that was made from the blob `sha256`."""
    facts = {"basis": frozen.basis, "chars": len(frozen.text), **frozen.counts, "stated": frozen.stated}
    return succeeded(
        StepOutput("text", frozen.text.encode("utf-8"), "text/plain"),
        StepOutput("map", canonical(way_back(frozen, sha256)), "application/json"),
        facts=facts,
    )


@cache
def _reader(name: str) -> Reader:
    reader: Reader = importlib.import_module(f"probanda.steps.readers.{name}").read
    return reader


@cache
def _resources() -> Mapping[str, str]:
    names = ("htmldate", "justext", "lxml", "pypdfium2", "python-calamine", "trafilatura")
    libraries = {name: version(name) for name in names}
    return {**libraries, **{name: table_digest(name) for name in ("encodings.tsv", "html_elements.tsv")}}


STEP = Step(
    "text",
    "2",
    _run,
    timeout_s=300.0,
    description="the frozen text of a file, and the way back to it",
    resources=_resources,
)
