"""Incidents in the formats of others, and in one of our own: each module reads a file into drafts, and writes one.

What each keeps and what it normalises stands at the head of its module. Pure: text in, text out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from probanda.records.incident import Incident
from probanda.report.exchange import atlos, geojson, own_csv, timemap
from probanda.report.exchange.drafts import Draft, Row, UnreadableFileError

__all__ = ["FORMATS", "Draft", "Format", "Row", "UnreadableFileError"]


@dataclass(frozen=True, slots=True)
class Format:
    """`read` raises `UnreadableFileError` where the file as a whole is not of the format, also while it is read.

    `write` is told, by the id of an incident, what can be said of the time of the items behind it (`report.anchored`),
    and writes it where the format has room: `ANCHORED`, or the line of `noted`. Of one not among them nothing is said.
    """

    read: Callable[[str], Iterator[Row]]
    write: Callable[[Sequence[Incident], Mapping[str, str]], str]


FORMATS: Final[Mapping[str, Format]] = {
    module.NAME: Format(module.read, module.write) for module in (atlos, timemap, geojson, own_csv)
}
