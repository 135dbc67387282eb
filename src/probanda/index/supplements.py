"""What people told the case, from its log: the entries stand in the index, what they say in their blobs.

Guarantees: in the order of the log; a supplement whose signer is not who told it is refused, not passed over.
"""

from __future__ import annotations

from collections.abc import Callable

from probanda.index import models
from probanda.records.entry import SUPPLEMENT
from probanda.records.supplement import Supplement, parse_supplement


def supplements(alias: str, read: Callable[[str], bytes]) -> tuple[Supplement, ...]:
    """Every supplement, those that a later one replaces too. Raises `RecordError` for a blob that is none."""
    told = models.Entry.objects.using(alias).filter(act=SUPPLEMENT, outcome="success").values("seq")
    rows = models.Blob.objects.using(alias).filter(seq__in=told).order_by("seq").values_list("sha256", flat=True)
    return tuple(parse_supplement(read(sha256)) for sha256 in rows)
