"""A walk: whoever is told every entry of a log in order and answers one or more checks about them.

To add checks of your own: their names to `checks.NAMES`, a class with `see` and `close`, and one line in
`verify.walks_over`. A walk never raises for what it finds, and holds a fixed number of bytes for each thing it
remembers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from probanda.preserve.openings import Openings
from probanda.preserve.table import Table
from probanda.preserve.verify.checks import Tallies
from probanda.preserve.verify.foreseen import Foreseen
from probanda.preserve.verify.places import Places
from probanda.preserve.verify.walk_log import LogWalk
from probanda.records.entry import Entry


class Walk(Protocol):
    """`see` is told each entry; meanwhile `log.tree` and `log.size` stand over the entries before it. `close` comes
    once, after the last, also where the log could not be read."""

    def see(self, entry: Entry) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Ground:
    """What a walk stands on. `certificates` are those of time authorities (PEM), which the verifier got elsewhere;
    `now` decides what has lapsed. `named` are the blobs that the log leads to, with their sizes; a walk adds those that
    only it knows of. `openings` are those at hand, for what stands behind a commitment; `foreseen` is what
    deletions account for."""

    places: Places
    tallies: Tallies
    log: LogWalk
    now: datetime
    certificates: bytes | None = None
    named: Table = field(default_factory=lambda: Table(numbers=True))
    openings: Openings | None = None
    foreseen: Foreseen | None = None
