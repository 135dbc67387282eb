"""From the rows blob of a `derivation` entry to rows of the index, with the parts of every reading in it.

Guarantees: a request has one row for ever, except that one which was only *unavailable* is replaced by what came
later; which row of a step about a subject is current follows from the log alone, not from the version of the software
that reads it. Nothing is worked out again: outputs are read from the blobs that the rows name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from django.db import models as django_models

from probanda.index import models
from probanda.index.members import ROLE as CONTENTS
from probanda.index.members import STEP as UNPACK
from probanda.index.members import member_rows
from probanda.index.search_table import search_rows
from probanda.index.statements import reading_rows
from probanda.records.canonical import parse_canonical
from probanda.records.codec import parse
from probanda.records.derivation import Derivation
from probanda.records.reading import Reading

_CHUNK = 400  # values in one SQL `IN`: well below SQLite's limit

Slot = tuple[str, str, str | None]  # step, subject, publication date: of each slot one row is current


def derivation_rows(
    alias: str, seq: int, held: Iterable[tuple[int, Derivation]], read: Callable[[str], bytes]
) -> Iterator[django_models.Model]:
    """Rows to be added for one batch, whose derivations are `held`, each with its place there. What they replace is
    taken out, and what they supersede is marked, here."""
    fresh: dict[str, tuple[int, Derivation]] = {}
    for position, derivation in held:
        fresh.setdefault(derivation.request.sha256, (position, derivation))
    known = _known(alias, list(fresh))
    replaced = [sha256 for sha256, outcome in known.items() if outcome == "unavailable"]
    if replaced:
        models.Derivation.objects.using(alias).filter(request__in=replaced).delete()
    added = {sha256: found for sha256, found in fresh.items() if known.get(sha256, "unavailable") == "unavailable"}
    rows = [_row(seq, position, sha256, derivation) for sha256, (position, derivation) in added.items()]
    _choose_current(alias, rows)
    for row in rows:
        derivation = added[row.request][1]
        yield row
        for position, sha256 in enumerate(derivation.request.inputs):
            yield models.DerivationInput(derivation_id=row.request, position=position, sha256=sha256)
        for position, output in enumerate(derivation.outputs):
            yield models.Blob(sha256=output.sha256, size=output.size, seq=seq)
            yield models.DerivationOutput(
                derivation_id=row.request, position=position, role=output.role, sha256=output.sha256, size=output.size
            )
            if output.role == "reading":
                reading = parse(Reading, parse_canonical(read(output.sha256)), "reading")
                yield from reading_rows(row, output.sha256, reading)
            elif output.role == CONTENTS and derivation.request.step == UNPACK:
                yield from member_rows(row, read(output.sha256))
            elif output.role == "terms":
                yield from search_rows(row, output.sha256, read(output.sha256))


def _known(alias: str, requests: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(requests), _CHUNK):
        rows = models.Derivation.objects.using(alias).filter(request__in=requests[start : start + _CHUNK])
        found.update(rows.values_list("request", "outcome"))
    return found


def _row(seq: int, position: int, sha256: str, derivation: Derivation) -> models.Derivation:
    request = derivation.request
    published, capabilities = request.parameters.get("published"), derivation.extra.get("capabilities")
    return models.Derivation(
        request=sha256,
        step=request.step,
        version=request.version,
        setting=request.setting,
        subject=request.inputs[0] if request.inputs else "",
        published=published if isinstance(published, str) else None,
        parameters=dict(request.parameters),
        outcome=derivation.outcome,
        reason=derivation.reason,
        facts=dict(derivation.facts),
        capabilities=capabilities if isinstance(capabilities, str) else None,
        current=True,
        seq=seq,
        position=position,
    )


def _choose_current(alias: str, rows: Sequence[models.Derivation]) -> None:
    """Marks, for each slot that these rows touch, the one row that counts."""
    best: dict[Slot, models.Derivation] = {}
    subjects = sorted({row.subject for row in rows})
    steps = {row.step for row in rows}
    before: list[models.Derivation] = []
    for start in range(0, len(subjects), _CHUNK):
        part = subjects[start : start + _CHUNK]
        before += models.Derivation.objects.using(alias).filter(subject__in=part, step__in=steps, current=True)
    for row in (*before, *rows):
        slot = (row.step, row.subject, row.published)
        if slot in best and _standing(best[slot]) > _standing(row):
            row.current = False
        else:
            if slot in best:
                best[slot].current = False
            best[slot] = row
    lost = [row for row in before if not row.current]
    if lost:
        models.Derivation.objects.using(alias).bulk_update(lost, ["current"], batch_size=200)


def _standing(row: models.Derivation) -> tuple[bool, tuple[int, ...], int, int]:
    version = tuple(int(number) for number in re.findall(r"\d+", row.version))
    return row.outcome != "unavailable", version, row.seq, row.position
