"""PREMIS 3 of what a bundle shows: objects, events, agents, as JSON lines and as XML.

Guarantees: one event for each entry of the log and one for each row shown, one object for each blob in the bundle, one
agent for each that acts; types of events are those of the Library of Congress vocabulary (event_types.tsv), with their
URI, and the act as the log calls it stands beside; nothing in it is not in the log, in an opening or a row that is in
the bundle. An XML file holds at most so many objects as are asked for, and is complete in itself: its events name the
agents that it holds. Order and names of the elements: PREMIS 3.0 schema, premisComplexType, file, eventComplexType.
Memory: one XML file's worth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final
from xml.sax.saxutils import escape

from probanda.records.canonical import Json, canonical

OBJECTS_A_FILE: Final = 10_000
_AUTHORITY: Final = "http://id.loc.gov/vocabulary/preservation/eventType"
_HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<premis xmlns="http://www.loc.gov/premis/v3" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">\n'
)
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class FileObject:
    """A blob in the bundle. `format` is `None` where nobody found it out; `name` where it has none or none is shown."""

    sha256: str
    size: int
    path: str
    format: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """An agent or object that an event is about."""

    id: str
    role: str


@dataclass(frozen=True, slots=True)
class Event:
    """`id` is the entry's number, or the entry's and the row's (from 1): "7", "7/2"."""

    id: str
    kind: str  # "act" or "step"
    name: str
    time: str
    outcome: str
    detail: str | None
    agents: tuple[Linked, ...]
    objects: tuple[Linked, ...]
    of: str | None = None  # of a failure: the act that failed


@dataclass(frozen=True, slots=True)
class Agent:
    id: str
    name: str | None
    type: str  # "person" or "software"


class Premis:
    """Told objects, events and agents in the log's order; `line` takes a line of JSON, `file` a whole XML file."""

    def __init__(
        self, case: str, line: Callable[[bytes], None], file: Callable[[str, bytes], None], objects_a_file: int
    ) -> None:
        self._case, self._line, self._file, self._limit = case, line, file, max(objects_a_file, 1)
        self._agents: dict[str, Agent] = {}
        self._objects: list[str] = []
        self._events: list[str] = []
        self._named: dict[str, None] = {}
        self.files = 0

    def agent(self, agent: Agent) -> None:
        if agent.id in self._agents:
            return
        self._agents[agent.id] = agent
        self._json("agent", {"agentIdentifier": agent.id, "agentName": agent.name, "agentType": agent.type})

    def object(self, one: FileObject) -> None:
        if len(self._objects) >= self._limit:
            self._end()
        self._objects.append(_object(one))
        self._json(
            "object",
            {
                "objectCategory": "file", "messageDigestAlgorithm": "SHA-256", "messageDigest": one.sha256,
                "size": one.size, "contentLocation": one.path, "formatName": one.format, "originalName": one.name,
            },
        )  # fmt: skip

    def event(self, event: Event) -> None:
        if len(self._events) >= self._limit:
            self._end()
        self._named.update((one.id, None) for one in event.agents)
        code, label = event_type(event)
        self._events.append(_event(self._case, event, code, label))
        self._json(
            "event",
            {
                "eventIdentifier": event.id, "eventType": label, "eventTypeURI": code and f"{_AUTHORITY}/{code}",
                event.kind: event.name, "eventDateTime": event.time, "eventOutcome": event.outcome,
                "eventDetail": event.detail,
                "linkingAgents": [{"id": one.id, "role": one.role} for one in event.agents],
                "linkingObjects": [{"id": one.id, "role": one.role} for one in event.objects],
            },
        )  # fmt: skip

    def end(self) -> None:
        """Writes the last file."""
        if self._objects or self._events or not self.files:
            self._end()

    def _end(self) -> None:
        self.files += 1
        case = (
            '<object xsi:type="intellectualEntity">'
            + _identifier("objectIdentifier", "Probanda case", self._case)
            + "</object>\n"
        )
        agents = [_agent(self._agents[name]) for name in self._named if name in self._agents]
        body = "".join([_HEAD, case, *self._objects, *self._events, *agents, "</premis>\n"])
        self._file(f"premis-{self.files:04d}.xml", body.encode("utf-8"))
        self._objects.clear()
        self._events.clear()
        self._named.clear()

    def _json(self, kind: str, said: Mapping[str, Json]) -> None:
        self._line(canonical({kind: {name: value for name, value in said.items() if value is not None}}) + b"\n")


def event_type(event: Event) -> tuple[str | None, str]:
    """Code and label in the Library of Congress vocabulary; without a code the act as the log calls it."""
    if event.of is not None and ("act", event.of) in _types():
        return _types()["act", event.of]
    if event.kind == "step":
        return _types().get(("step", event.name), _types()["act", "derivation"])
    return _types().get((event.kind, event.name), (None, event.name))


@cache
def _types() -> Mapping[tuple[str, str], tuple[str | None, str]]:
    table = files("probanda.preserve.bundle").joinpath("event_types.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return {(kind, name): (code, label) for kind, name, code, label in rows}


def _object(one: FileObject) -> str:
    name = f"<originalName>{_text(one.name)}</originalName>" if one.name is not None else ""
    return (
        '<object xsi:type="file">'
        + _identifier("objectIdentifier", "SHA-256", one.sha256)
        + "<objectCharacteristics><fixity><messageDigestAlgorithm>SHA-256</messageDigestAlgorithm>"
        + f"<messageDigest>{one.sha256}</messageDigest></fixity><size>{one.size}</size>"
        + f"<format><formatDesignation><formatName>{_text(one.format or _UNKNOWN)}</formatName></formatDesignation>"
        + f"</format></objectCharacteristics>{name}<storage><contentLocation><contentLocationType>path in the bundle"
        + f"</contentLocationType><contentLocationValue>{one.path}</contentLocationValue></contentLocation></storage>"
        + "</object>\n"
    )


def _event(case: str, event: Event, code: str | None, label: str) -> str:
    uri = (
        f' authority="eventType" authorityURI="{_AUTHORITY}" valueURI="{_AUTHORITY}/{code}"' if code is not None else ""
    )
    detail = f"{event.kind}: {event.name}" + (f"; {event.detail}" if event.detail else "")
    return "".join([
        "<event>",
        _identifier("eventIdentifier", "Probanda log", f"{case}/{event.id}"),
        f"<eventType{uri}>{_text(label)}</eventType><eventDateTime>{event.time}</eventDateTime>",
        f"<eventDetailInformation><eventDetail>{_text(detail)}</eventDetail></eventDetailInformation>",
        f"<eventOutcomeInformation><eventOutcome>{_text(event.outcome)}</eventOutcome></eventOutcomeInformation>",
        *(_linking("Agent", "Probanda agent", one) for one in event.agents),
        *(_linking("Object", "SHA-256", one) for one in event.objects),
        "</event>\n",
    ])  # fmt: skip


def _agent(agent: Agent) -> str:
    name = f"<agentName>{_text(agent.name)}</agentName>" if agent.name is not None else ""
    identifier = _identifier("agentIdentifier", "Probanda agent", agent.id)
    return f"<agent>{identifier}{name}<agentType>{agent.type}</agentType></agent>\n"


def _linking(what: str, kind: str, one: Linked) -> str:
    name = f"linking{what}Identifier"
    parts = (f"<{name}Type>{kind}</{name}Type><{name}Value>{_text(one.id)}</{name}Value>",
             f"<linking{what}Role>{_text(one.role)}</linking{what}Role>")  # fmt: skip
    return f"<{name}>{''.join(parts)}</{name}>"


def _identifier(name: str, kind: str, value: str) -> str:
    return f"<{name}><{name}Type>{kind}</{name}Type><{name}Value>{_text(value)}</{name}Value></{name}>"


def _text(value: str) -> str:
    """Text for XML 1.0, which cannot hold every character: what it cannot is written as `\\uXXXX`."""
    return escape("".join(one if _fits(one) else f"\\u{ord(one):04x}" for one in value))


def _fits(one: str) -> bool:
    code = ord(one)
    return code in (0x9, 0xA) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
