"""Entries of one act, through the index: it knows their places, the log says what they are.

Guarantees: in the order of the log, only what the index has applied; a failed act is left out unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator

from probanda.index import models
from probanda.index.truth import Truth
from probanda.records.entry import Entry


def places_of(alias: str, act: str, *, failed: bool = False) -> tuple[int, ...]:
    """The sequence numbers of the entries of `act`."""
    found = models.Entry.objects.using(alias).filter(act=act)
    if not failed:
        found = found.filter(outcome="success")
    return tuple(found.order_by("seq").values_list("seq", flat=True))


def entries_of(alias: str, truth: Truth, act: str, *, failed: bool = False) -> Iterator[Entry]:
    """The entries of `act`. Raises `LogDamaged`."""
    for seq in places_of(alias, act, failed=failed):
        yield next(truth.entries(seq))
