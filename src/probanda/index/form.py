"""The form of the records that rows hold, as a number that the file carries.

Guarantees: a version whose records have other fields gives another number, so that an index which an older version
filled is built again and never takes its rows for those that log and blobs give now. Rows hold records as canonical
JSON with every field of this version, and `verify` compares them to the byte.
"""

from __future__ import annotations

import dataclasses
import typing
import zlib
from functools import cache

from probanda.records.capture import Capture
from probanda.records.incident import Incident, Relation
from probanda.records.judgement import Judgement
from probanda.records.reading import Reading

_HELD: tuple[type, ...] = (Capture, Judgement, Incident, Relation, Reading)


@cache
def form() -> int:
    """31 bits, never 0, which a file without a form has."""
    shapes: dict[str, list[str]] = {}
    for one in _HELD:
        _describe(one, shapes)
    told = repr(sorted(shapes.items())).encode()
    return (zlib.crc32(told) & 0x7FFFFFFF) or 1


def _describe(kind: type, shapes: dict[str, list[str]]) -> None:
    if kind.__name__ in shapes:
        return
    hints = typing.get_type_hints(kind)
    shapes[kind.__name__] = [field.name for field in dataclasses.fields(kind)]
    for field in dataclasses.fields(kind):
        for held in _records_in(hints[field.name]):
            _describe(held, shapes)


def _records_in(hint: object) -> list[type]:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return [hint]
    return [found for part in typing.get_args(hint) for found in _records_in(part)]
