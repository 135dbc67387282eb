"""Entries of one act, through the index: it knows their places, the log says what they are.

Guarantees: in the order of the log, only what the index has applied; a failed act is left out unless it is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

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


def last_of(alias: str, acts: Collection[str]) -> int | None:
    """The number of the last entry of any of these acts; `None` where there is none."""
    return (
        models.Entry.objects.using(alias)
        .filter(act__in=list(acts))
        .order_by("-seq")
        .values_list("seq", flat=True)
        .first()
    )


def first_from(alias: str, moment: str) -> int:
    """The number of the first entry of this time or later; where there is none, how many entries there are."""
    rows = models.Entry.objects.using(alias)
    found = rows.filter(time__gte=moment).order_by("seq").values_list("seq", flat=True).first()
    return rows.count() if found is None else found
