"""The passages of a reading, and whether each stands in its text. Hostile JSON, however deep, does no harm."""

from __future__ import annotations

from collections.abc import Iterator

from probanda.records.canonical import Json
from probanda.records.codec import RecordError
from probanda.records.derivation import Derivation


def passages(value: Json) -> Iterator[tuple[Json, Json, Json]]:
    """Every object in `value`, however deep, that has `start`, `end` and `text`. A stack of our own: the depth of
    hostile JSON must not be the depth of our calls."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            if "start" in item and "end" in item and "text" in item:
                yield item["start"], item["end"], item["text"]
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)


def stands(text: str, start: Json, end: Json, words: Json) -> bool:
    if not isinstance(start, int) or not isinstance(end, int):
        return False
    return 0 <= start < end <= len(text) and text[start:end] == words


def text_of(reading: Json, derivation: Derivation) -> str:
    """The text that a reading's offsets point into: the one its document names, if the step was given it, else the
    step's first input."""
    document = reading.get("document") if isinstance(reading, dict) else None
    named = document.get("sha256") if isinstance(document, dict) else None
    if isinstance(named, str) and named in derivation.request.inputs:
        return named
    if not derivation.request.inputs:
        raise RecordError("the step was given no text")
    return derivation.request.inputs[0]
