"""What a language model is asked about a text, and what its answer proposes: pure, without a network.

Guarantees: the request follows from text, language, date, model and the template alone, so that the same asked again is
the same bytes; the template is a file with a version and its digest stands in the derivation. The source text stands
between two lines with a mark that is made from its own digest, which the text therefore cannot hold; no tools are
offered. An answer is material: it is read as strictly as any proposal, and passes the same gate. Refuses no answer by
raising: what is wrong with one is told in its proposal.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
import types
import typing
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from probanda.extract.plugins.complete import RECORDS
from probanda.extract.plugins.proposal import Proposal, failed, sieved
from probanda.extract.plugins.registry import is_name
from probanda.records.canonical import CanonicalError, Json, canonical, digest, parse_json
from probanda.records.passage import Passage
from probanda.records.quantity import Quantity
from probanda.records.reading import HolderUnknown, NamedPassage, Narrator, Place, Speaker, Verification, When

PREFIX: Final = "llm:"
VERSION: Final = "1"  # of the template and of how answers are read
MOST_CHARS: Final = 60_000  # of one text; arbitrary: some 15,000 to 30,000 tokens
MOST_TOKENS: Final = 16_384  # of one answer
FORMATS: Final = ("json_schema", "json_object", "text")
_TEMPLATE: Final = f"propose-{VERSION}.txt"
_SLOT = re.compile(r"\{\{([A-Z]+)\}\}")
_ASKED: Final = ("quotations", "claims", "events", "places", "weapons", "objects", "labels")
_OURS: Final = frozenset({  # what follows from the words, and ids
    "id", "subset_of", "corrects", "candidates", "gazetteer_id", "country", "latitude", "longitude", "radius_m", "via",
    "states", "states_total", "mention",
})  # fmt: skip


def extractor_of(model: str) -> str:
    """The name that proposals of this model are marked with. Raises `ValueError`."""
    name = PREFIX + model
    if not model or not is_name(name):
        raise ValueError(f"expected the name of a model in letters, digits and ._:+/-, found {model!r:.80}")
    return name


@cache
def template() -> str:
    return files("probanda.extract.plugins").joinpath("prompts", _TEMPLATE).read_text("utf-8")


@cache
def resources() -> dict[str, str]:
    """The digests of the template and of the form that answers have."""
    return {
        f"prompts/{_TEMPLATE}": hashlib.sha256(template().encode("utf-8")).hexdigest(),
        "prompts/schema": digest(schema()),
    }


def parameters(model: str, host: str, form: str) -> dict[str, Json]:
    """What a request is asked with, beside text, language and date."""
    return {"endpoint": host, "format": form, "max_tokens": MOST_TOKENS, "model": model, "seed": 0, "temperature": 0}


def request_body(text: str, language: str, published: str | None, asked: Mapping[str, Json]) -> bytes:
    """The JSON that is sent: chat completions as OpenAI-compatible servers take them."""
    system, _, user = template().partition("=====\n")
    slots = {
        "MARK": f"<<<source {hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}>>>",
        "LANGUAGE": language, "PUBLISHED": published or "unknown", "TEXT": text,
    }  # fmt: skip
    messages: list[Json] = [
        {"role": role, "content": _SLOT.sub(lambda found: slots[found[1]], part).strip()}
        for role, part in (("system", system), ("user", user))
    ]
    body: dict[str, Json] = {
        "max_tokens": asked["max_tokens"], "messages": messages, "model": asked["model"], "seed": asked["seed"],
        "stream": False, "temperature": asked["temperature"],
    }  # fmt: skip
    if asked["format"] == "json_schema":
        body["response_format"] = {
            "type": "json_schema", "json_schema": {"name": "proposal", "strict": True, "schema": schema()},
        }  # fmt: skip
    elif asked["format"] == "json_object":
        body["response_format"] = {"type": "json_object"}
    return canonical(body)


def proposal_of(response: bytes, model: str) -> Proposal:
    """What the model's answer proposes; where it is none, the proposal says why."""
    name = extractor_of(model)
    try:
        content = _content(response)
    except (CanonicalError, _NoAnswerError) as error:
        return failed(name, VERSION, str(error))
    return sieved(name, VERSION, resources(), _without_nulls(content))


class _NoAnswerError(Exception):
    """The response holds no proposal, and why."""


def _content(response: bytes) -> Json:
    held = parse_json(response)
    choices = held.get("choices") if isinstance(held, Mapping) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, Mapping) else None
    if not isinstance(first, Mapping) or not isinstance(message, Mapping):
        raise _NoAnswerError("expected choices with a message, found none")
    if message.get("tool_calls"):
        raise _NoAnswerError("expected an answer, found a call of a tool, though none was offered")
    if first.get("finish_reason") == "length":
        raise _NoAnswerError("the answer was cut off at its greatest length")
    content = message.get("content")
    if not isinstance(content, str):
        raise _NoAnswerError("expected a message with text, found none")
    fenced = re.fullmatch(r"\s*```(?:json)?\s*\n(.*?)\n?```\s*", content, re.DOTALL)
    return parse_json((fenced[1] if fenced else content).encode("utf-8", "surrogatepass"))


def _without_nulls(content: Json) -> Json:
    """The records without the fields that they leave unsaid, so that the words decide."""
    if not isinstance(content, Mapping):
        return content
    return {
        name: [_said(one) for one in held] if isinstance(held, list) else held
        for name, held in content.items()
        if held is not None
    }


def _said(record: Json) -> Json:
    if not isinstance(record, Mapping):
        return record
    return {name: _said(value) for name, value in record.items() if value is not None}


@cache
def schema() -> Mapping[str, Json]:
    """The JSON schema of an answer, derived from the records: closed, every field there, `null` where nothing is
    said."""
    return _object({name: {"type": "array", "items": _of(RECORDS[name])} for name in _ASKED})


def _object(properties: Mapping[str, Json]) -> Mapping[str, Json]:
    return {
        "type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def _of(hint: Any) -> Mapping[str, Json]:
    """The schema of a value of this type, without what our code works out."""
    fixed = _FIXED.get(hint)
    if fixed is not None:
        return fixed
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        choices: list[Json] = [_of(one) for one in inner]
        return {"anyOf": choices}
    if origin is typing.Literal:
        return {"const": True} if inner == (True,) else {"enum": list(inner)}
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        fields = [one.name for one in dataclasses.fields(hint) if one.name not in _OURS]
        return _object({name.rstrip("_"): _of(hints[name]) for name in fields})
    return _SCALARS[hint]


_SCALARS: Final[Mapping[Any, Mapping[str, Json]]] = {
    str: {"type": "string"}, bool: {"type": "boolean"}, int: {"type": "integer"}, float: {"type": "number"},
    type(None): {"type": "null"},
}  # fmt: skip
_TEXT: Final[Mapping[str, Json]] = {"type": "string"}
_MAYBE: Final[Mapping[str, Json]] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
_PASSAGE: Final = _object({"text": _TEXT, "before": _MAYBE, "after": _MAYBE})
_FIXED: Final[Mapping[Any, Mapping[str, Json]]] = {
    Passage: _PASSAGE,
    Quantity: _object({"passage": _PASSAGE, "unit": _MAYBE}),
    When: _object({"passage": _PASSAGE}),
    NamedPassage: _object({"passage": _PASSAGE}),
    Speaker: _object({"name": _MAYBE, "role": _MAYBE, "passage": _PASSAGE}),
    Narrator: _object({"narrator": {"const": True}}),
    HolderUnknown: _object({"unknown": {"const": True}}),
    Verification: _object({
        "status": {"enum": list(typing.get_args(typing.get_type_hints(Verification)["status"]))}, "passage": _PASSAGE,
    }),
    Place: _object({
        "passage": _PASSAGE, "role": {"enum": list(typing.get_args(typing.get_type_hints(Place)["role"]))},
    }),
}  # fmt: skip
