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
from collections.abc import Mapping
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
    if not isinstance(data, Mapping):
        raise RecordError(f"{path}: expected an object ({cls.__name__}), found {_kind(data)}")
    fields = _fields(cast("Any", cls))
    given: dict[str, Any] = {}
    for name, (field, hint, required) in fields.items():
        if name == "extra":
            continue
        if name in data:
            given[field] = _read(hint, data[name], f"{path}.{name}")
        elif required:
            found = sorted(map(str, data))
            raise RecordError(f"{path}: expected the field {name!r} of {cls.__name__}, found only {found}")
    # A field that outside data calls "extra" is as unknown as any other.
    unknown = {name: value for name, value in data.items() if name not in fields or name == "extra"}
    if "extra" in fields:
        given["extra"] = unknown
    elif unknown:
        raise RecordError(f"{path}: {cls.__name__} has no field {sorted(map(str, unknown))[0]!r}")
    try:
        return cls(**given)
    except ValueError as error:
        raise RecordError(f"{path}: {error}") from error


@functools.cache
def _field_names(cls: type) -> tuple[tuple[str, str], ...]:
    """Pairs of attribute and JSON name: a field `class_` is the JSON key `class`, which Python reserves."""
    if not dataclasses.is_dataclass(cls):
        raise TypeError(f"expected a record, found {cls.__name__}")
    return tuple((field.name, field.name.rstrip("_")) for field in dataclasses.fields(cls))


@functools.cache
def _fields(cls: type) -> dict[str, tuple[str, Any, bool]]:
    hints = typing.get_type_hints(cls)
    return {
        field.name.rstrip("_"): (
            field.name,
            hints[field.name],
            field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING,
        )
        for field in dataclasses.fields(cls)
        if field.init
    }


def _read(hint: Any, value: Json, path: str) -> Any:
    origin = typing.get_origin(hint)
    if hint is Any or hint is object:
        return value
    if origin in (typing.Union, types.UnionType):
        return _read_union(typing.get_args(hint), value, path)
    if origin is typing.Literal:
        choices = typing.get_args(hint)
        if not any(value == choice and type(value) is type(choice) for choice in choices):
            raise RecordError(f"{path}: expected one of {', '.join(map(str, choices))}, found {value!r}")
        return value
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise RecordError(f"{path}: expected a list, found {_kind(value)}")
        inner = typing.get_args(hint)[0]
        return tuple(_read(inner, item, f"{path}[{place}]") for place, item in enumerate(value))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise RecordError(f"{path}: expected an object, found {_kind(value)}")
        inner = typing.get_args(hint)[1]
        return {name: _read(inner, item, f"{path}.{name}") for name, item in value.items()}
    if dataclasses.is_dataclass(hint):
        return parse(cast("type[Any]", hint), value, path)
    return _read_scalar(hint, value, path)


def _read_union(choices: tuple[Any, ...], value: Json, path: str) -> Any:
    if value is None and type(None) in choices:
        return None
    problems = []
    for choice in choices:
        if choice is type(None):
            continue
        try:
            return _read(choice, value, path)
        except RecordError as error:
            problems.append(str(error))
    raise RecordError(problems[-1])


def _read_scalar(hint: Any, value: Json, path: str) -> Any:
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if hint in (str, int, float, bool) and type(value) is hint:
        return value
    name = getattr(hint, "__name__", str(hint))
    if name in ("str", "int", "float", "bool", "NoneType"):
        raise RecordError(f"{path}: expected {name}, found {_kind(value)}")
    return value


def _kind(value: Json) -> str:
    return {type(None): "null", str: "text", bool: "a truth value", int: "a number", float: "a number"}.get(
        type(value), "a list" if isinstance(value, (list, tuple)) else "an object"
    )
