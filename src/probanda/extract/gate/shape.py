"""Whether what an extractor hands over has the shape of a record, before anything is done with it.

Guarantees: a value that passes is made of the declared types and nothing else: no NaN, no infinity, no integer beyond
2^53 - 1 (RFC 8785 through I-JSON, RFC 7493, section 2.2), no lone surrogate, no text or nesting beyond the limits here,
which are arbitrary and far above what a report needs. Passages in JSON may be bare quotes; they are grounded here.
"""

from __future__ import annotations

import dataclasses
import math
import re
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

from probanda.extract.grounding import Ambiguous, Grounded, Grounder, begins_word, ends_word
from probanda.records.canonical import Json
from probanda.records.passage import Passage
from probanda.records.reading import When

LONGEST_TEXT = 200_000
DEEPEST = 12
MOST_VALUES = 20_000  # in one record
LARGEST = 2**53 - 1

Check = Callable[[object], str | None]
_SURROGATE = re.compile("[\ud800-\udfff]")
_PASSAGE_KEYS = frozenset({"start", "end", "text", "before", "after"})


class CandidateError(Exception):
    """A candidate record is refused. `code` is stable, `words` say what was expected and what was found."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.code = code
        self.words = words


def fault_of(record: object, cls: type) -> str | None:
    """What in `record` does not fit the record class `cls`, in words; `None` where it fits."""
    return _check_of(cls)(record)


@cache
def _check_of(hint: Any) -> Check:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return _union(typing.get_args(hint))
    if origin is typing.Literal:
        return _literal(typing.get_args(hint))
    if origin is tuple:
        return _tuple(_check_of(typing.get_args(hint)[0]))
    if origin is not None and issubclass(origin, Mapping):
        return json_fault
    if hint is Passage:
        return _passage
    if dataclasses.is_dataclass(hint):
        return _record(typing.cast("type", hint))
    return _SCALARS[hint]


def _union(hints: tuple[Any, ...]) -> Check:
    choices = tuple(_check_of(hint) for hint in hints)
    own = {hint: check for hint, check in zip(hints, choices, strict=True) if isinstance(hint, type)}

    def check(value: object) -> str | None:
        direct = own.get(type(value))
        if direct is not None:
            return direct(value)
        fault: str | None = None
        for choice in choices:
            found = choice(value)
            if found is None:
                return None
            if found.startswith("."):
                fault = found  # a fault deep inside says more than "not this type"
            fault = fault or found
        return fault

    return check


def _literal(choices: tuple[object, ...]) -> Check:
    allowed = {(type(choice), choice) for choice in choices}
    listed = ", ".join(map(str, choices))

    def check(value: object) -> str | None:
        if isinstance(value, (str, bool)) and (type(value), value) in allowed:
            return None
        return f": expected one of {listed}, found {brief(value)}"

    return check


def _tuple(item: Check) -> Check:
    def check(value: object) -> str | None:
        if not isinstance(value, tuple):
            return f": expected a list, found {type(value).__name__}"
        return next((fault for fault in map(item, value) if fault is not None), None)

    return check


def _record(cls: type) -> Check:
    hints = typing.get_type_hints(cls)
    names = tuple(field.name for field in dataclasses.fields(cls))
    checks = tuple((name, _check_of(hints[name]), type(None) in typing.get_args(hints[name])) for name in names)
    values_of = _getter(names)

    def check(value: object) -> str | None:
        if type(value) is not cls:
            return f": expected {cls.__name__}, found {type(value).__name__}"
        for (name, item, optional), held in zip(checks, values_of(value), strict=True):
            if held is None and optional:
                continue
            fault = item(held)
            if fault is not None:
                return f".{name}{fault}"
        return None

    return check


def _getter(names: tuple[str, ...]) -> Callable[[object], tuple[object, ...]]:
    """The values of these attributes, always as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _passage(value: object) -> str | None:
    if type(value) is not Passage:
        return f": expected Passage, found {type(value).__name__}"
    if type(value.start) is not int or type(value.end) is not int or type(value.text) is not str:
        return ": expected a passage's offsets and text, found others"
    return None  # that the text is the document's own, is for `stands` to say


def _text(value: object) -> str | None:
    if not isinstance(value, str):
        return f": expected text, found {type(value).__name__}"
    if len(value) > LONGEST_TEXT:
        return f": expected at most {LONGEST_TEXT} characters, found {len(value)}"
    if not is_unicode(value):
        return ": expected Unicode text, found a lone surrogate"
    return None


def _integer(value: object) -> str | None:
    if type(value) is not int:
        return f": expected a whole number, found {type(value).__name__}"
    return None if -LARGEST <= value <= LARGEST else ": expected a whole number within 2^53, found a larger one"


def _float(value: object) -> str | None:
    if type(value) is int:
        return _integer(value)
    if type(value) is not float:
        return f": expected a number, found {type(value).__name__}"
    return None if math.isfinite(value) else ": expected a finite number, found none"


def _truth(value: object) -> str | None:
    return None if isinstance(value, bool) else f": expected true or false, found {type(value).__name__}"


def _none(value: object) -> str | None:
    return None if value is None else f": expected null, found {type(value).__name__}"


_SCALARS: dict[Any, Check] = {str: _text, int: _integer, float: _float, bool: _truth, type(None): _none}


def parts_of(record: object) -> tuple[list[Passage], list[When]]:
    """Every passage and every time inside a record, however deep."""
    passages: list[Passage] = []
    times: list[When] = []
    waiting = [record]
    while waiting:
        item = waiting.pop()
        for value in _holding(typing.cast("typing.Hashable", item.__class__))(item):
            if value is None:
                continue
            if type(value) is Passage:
                passages.append(value)
            elif type(value) is tuple:
                waiting.extend(value)
            else:
                waiting.append(value)
                if type(value) is When:
                    times.append(value)
    return passages, times


@cache
def _holding(cls: Any) -> Callable[[object], tuple[object, ...]]:
    """Takes the fields of a record class in which other records can stand."""
    if not dataclasses.is_dataclass(cls):
        return lambda value: ()
    hints = typing.get_type_hints(cls)
    return _getter(tuple(field.name for field in dataclasses.fields(cls) if _holds_record(hints[field.name])))


def _holds_record(hint: object) -> bool:
    return dataclasses.is_dataclass(hint) or any(_holds_record(inner) for inner in typing.get_args(hint))


def json_fault(value: object) -> str | None:
    """What in `value` is no JSON within the limits, in words. Does not recurse, so depth cannot exhaust the stack."""
    waiting: list[tuple[object, int]] = [(value, 0)]
    seen = 0
    while waiting:
        item, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_VALUES:
            return f": expected at most {DEEPEST} levels and {MOST_VALUES} values, found more"
        if isinstance(item, Mapping):
            names = list(item)
            fault = next((fault for fault in map(_text, names) if fault is not None), None)
            waiting.extend((item[name], depth + 1) for name in names[: MOST_VALUES + 1])
        elif isinstance(item, (list, tuple)):
            fault = None
            waiting.extend((inner, depth + 1) for inner in item[: MOST_VALUES + 1])
        elif item is None or isinstance(item, bool):
            fault = None
        elif isinstance(item, str):
            fault = _text(item)
        else:
            fault = _float(item)
        if fault is not None:
            return fault
    return None


def ground_passages(value: Json, grounder: Grounder) -> Json:
    """`value` with every passage at its true offsets. A passage is an object with `text`, and at most `start`, `end`,
    `before`, `after`; offsets are proposals. Raises `CandidateError` where a quote stands nowhere, or at several
    places."""
    if isinstance(value, Mapping):
        if "text" in value and value.keys() <= _PASSAGE_KEYS:
            return _ground(value, grounder)
        return {name: ground_passages(item, grounder) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [ground_passages(item, grounder) for item in value]
    return value


def _ground(value: Mapping[str, Json], grounder: Grounder) -> Json:
    quote, start, end = value["text"], value.get("start"), value.get("end")
    before, after = value.get("before"), value.get("after")
    if not isinstance(quote, str) or not all(isinstance(side, (str, type(None))) for side in (before, after)):
        raise CandidateError("shape.record", "expected the text of a passage, found none")
    for offset in (start, end):
        if offset is not None and (type(offset) is not int or offset < 0):
            raise CandidateError("shape.record", "expected offsets that are whole numbers from 0, found others")
    near = typing.cast("int | None", start)
    if near is not None and end is not None and stands(grounder.text, near, typing.cast("int", end), quote):
        return {"start": start, "end": end, "text": quote}
    found = grounder.find(quote, typing.cast("str | None", before), typing.cast("str | None", after), near)
    if isinstance(found, Grounded):
        passage = found.passage
        return {"start": passage.start, "end": passage.end, "text": passage.text}
    if isinstance(found, Ambiguous):
        raise CandidateError(
            "grounding.ambiguous", f"{brief(quote)} stands {found.count} times; expected words beside it"
        )
    raise CandidateError("grounding.not_found", f"{brief(quote)} does not stand in the text")


def is_unicode(text: str) -> bool:
    """Whether `text` has no lone surrogate, so that it has bytes in UTF-8."""
    return text.isascii() or not _SURROGATE.search(text)


def stands(text: str, start: int, end: int, quote: str) -> bool:
    """Whether `quote` is text[start:end] and whole words there."""
    return (
        0 <= start < end <= len(text)
        and text[start:end] == quote
        and not (quote[0].isspace() or quote[-1].isspace())
        and begins_word(text, start)
        and ends_word(text, end)
    )


def brief(value: object, most: int = 80) -> str:
    """`value` as short text that any encoding of Unicode can hold."""
    if isinstance(value, str):
        cut = value if len(value) <= most else value[: most - 1] + "…"
        return '"' + cut.encode("utf-8", "backslashreplace").decode("utf-8") + '"'
    return type(value).__name__
