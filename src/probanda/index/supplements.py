"""What people told the case, from its log: the entries stand in the index, what they say in their blobs.

Guarantees: in the order of the log; a supplement whose signer is not who told it is refused, not passed over. The entry
of a gazetteer names the imported file, too, which is no supplement.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from operator import itemgetter

from probanda.index import models
from probanda.records.codec import RecordError
from probanda.records.entry import SUPPLEMENT
from probanda.records.supplement import Supplement, parse_supplement


def supplements(alias: str, read: Callable[[str], bytes]) -> tuple[Supplement, ...]:
    """Every supplement, those that a later one replaces too. Raises `RecordError` for a blob that is none."""
    told = models.Entry.objects.using(alias).filter(act=SUPPLEMENT, outcome="success").values("seq")
    rows = models.Blob.objects.using(alias).filter(seq__in=told).order_by("seq", "size", "sha256")
    return tuple(
        _first([sha256 for _, sha256 in named], read)
        for _, named in groupby(rows.values_list("seq", "sha256"), key=itemgetter(0))
    )


def _first(names: list[str], read: Callable[[str], bytes]) -> Supplement:
    """The supplement among an entry's blobs: the file that a gazetteer was imported from is none."""
    for sha256 in names[:-1]:
        try:
            return parse_supplement(read(sha256))
        except RecordError:
            continue
    return parse_supplement(read(names[-1]))
