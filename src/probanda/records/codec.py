"""One way between frozen records and JSON, for every record.

Guarantees: `parse(cls, to_json(record)) == record`; a field that this version does not know is kept in `extra` and
written again, so that a case made by a newer Probanda loses nothing when an older one reads it; a wrong type is an
error that names the field, what was expected and what was found. A record is a frozen dataclass whose fields are
JSON scalars, other records, tuples, mappings of JSON, or unions of these; its `extra` field, where it has one, holds
what is unknown. Standard library only.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from probanda.records.canonical import Json

T = TypeVar("T")


class RecordError(ValueError):
    """Outside data does not fit the record. Says the field, what was expected, what was found."""


def to_json(record: object) -> dict[str, Json]:
    """The record as a JSON object; unknown fields that it carries stand beside its own."""
    out: dict[str, Json] = {}
    cls: Any = type(record)
    for field, name in _field_names(cls):
        value = getattr(record, field)
        if name == "extra":
            out.update(value)
        else:
            out[name] = value if type(value) in _SCALARS else _plain(value)
    return out


_SCALARS = frozenset((str, int, float, bool, type(None)))


def _plain(value: Any) -> Json:
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return to_json(value)


def parse(cls: type[T], data: Json, path: str = "$") -> T:
    """The record of class `cls` that `data` describes. Raises `RecordError`."""
    try:
        return _record(cls, data)
    except _MisfitError as misfit:
        raise RecordError(f"{path}{misfit.path}: {misfit.told}") from misfit


class _MisfitError(Exception):
    """`told` at `path`, which grows at its front on the way out: what fits pays nothing for saying where it stands."""

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.path, self.told = "", told


_Read = Callable[[Any], Any]


def _record(cls: type[T], data: Json) -> T:
    if not isinstance(data, Mapping):
        raise _MisfitError(f"expected an object ({cls.__name__}), found {_kind(data)}")
    fields = _fields(cast("Any", cls))
    given: dict[str, Any] = {}
    for name, (field, read, required) in fields.items():
        if name == "extra":
            continue
        if name in data:
            try:
                given[field] = read(data[name])
            except _MisfitError as misfit:
                misfit.path = f".{name}{misfit.path}"
                raise
        elif required:
            found = sorted(map(str, data))
            raise _MisfitError(f"expected the field {name!r} of {cls.__name__}, found only {found}")
    # A field that outside data calls "extra" is as unknown as any other.
    unknown = {name: value for name, value in data.items() if name not in fields or name == "extra"}
    if "extra" in fields:
        given["extra"] = unknown
    elif unknown:
        raise _MisfitError(f"{cls.__name__} has no field {sorted(map(str, unknown))[0]!r}")
    try:
        return cls(**given)
    except ValueError as error:
        raise _MisfitError(str(error)) from error


@functools.cache
def _field_names(cls: type) -> tuple[tuple[str, str], ...]:
    """Pairs of attribute and JSON name: a field `class_` is the JSON key `class`, which Python reserves."""
    if not dataclasses.is_dataclass(cls):
        raise TypeError(f"expected a record, found {cls.__name__}")
    return tuple((field.name, field.name.rstrip("_")) for field in dataclasses.fields(cls))


@functools.cache
def _fields(cls: type) -> dict[str, tuple[str, _Read, bool]]:
    """By JSON name: the attribute, how its value is read, and whether it has to be there."""
    hints = typing.get_type_hints(cls)
    return {
        field.name.rstrip("_"): (
            field.name,
            _reader(hints[field.name]),
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(cls)
        if field.init
    }


def _reader(hint: Any) -> _Read:
    """How a value of this type is read: the type is looked at once, not for each value."""
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any or hint is object:
        return lambda value: value
    if origin in (typing.Union, types.UnionType):
        return _union(inner)
    if origin is typing.Literal:
        return _literal(inner)
    if origin is tuple:
        return _tuple(inner[0])
    if origin is not None and issubclass(origin, Mapping):
        return _mapping(inner[1])
    if dataclasses.is_dataclass(hint):
        return functools.partial(_record, cast("type[Any]", hint))
    return _scalar(hint)


def _union(choices: tuple[Any, ...]) -> _Read:
    optional = type(None) in choices
    readers = [_reader(choice) for choice in choices if choice is not type(None)]

    def read(value: Json) -> Any:
        if value is None and optional:
            return None
        last: _MisfitError | None = None
        for reader in readers:
            try:
                return reader(value)
            except _MisfitError as misfit:
                last = misfit
        raise last or _MisfitError(f"expected null, found {_kind(value)}")

    return readers[0] if len(readers) == 1 and not optional else read


def _literal(choices: tuple[Any, ...]) -> _Read:
    def read(value: Json) -> Any:
        if not any(value == choice and type(value) is type(choice) for choice in choices):
            raise _MisfitError(f"expected one of {', '.join(map(str, choices))}, found {value!r}")
        return value

    return read


def _tuple(hint: Any) -> _Read:
    inner = _reader(hint)

    def read(value: Json) -> Any:
        if not isinstance(value, (list, tuple)):
            raise _MisfitError(f"expected a list, found {_kind(value)}")
        found = []
        for place, item in enumerate(value):
            try:
                found.append(inner(item))
            except _MisfitError as misfit:
                misfit.path = f"[{place}]{misfit.path}"
                raise
        return tuple(found)

    return read


def _mapping(hint: Any) -> _Read:
    inner = None if hint is Any else _reader(hint)

    def read(value: Json) -> Any:
        if not isinstance(value, Mapping):
            raise _MisfitError(f"expected an object, found {_kind(value)}")
        if inner is None:
            return dict(value)
        found = {}
        for name, item in value.items():
            try:
                found[name] = inner(item)
            except _MisfitError as misfit:
                misfit.path = f".{name}{misfit.path}"
                raise
        return found

    return read


def _scalar(hint: Any) -> _Read:
    name = getattr(hint, "__name__", str(hint))
    if name not in ("str", "int", "float", "bool", "NoneType"):
        return lambda value: value

    def read(value: Json) -> Any:
        if type(value) is hint and hint is not type(None):
            return value
        if hint is float and type(value) is int:
            return float(value)
        raise _MisfitError(f"expected {name}, found {_kind(value)}")

    return read


def _kind(value: Json) -> str:
    return {type(None): "null", str: "text", bool: "a truth value", int: "a number", float: "a number"}.get(
        type(value), "a list" if isinstance(value, (list, tuple)) else "an object"
    )
