"""The canonical dump: every row of an index as canonical JSON lines in a fixed order.

Guarantees: two indexes of the same log give the same bytes, whatever was done in which process and in which order the
rows were written; a row that differs is a line that differs. The dump is how `verify` and the tests ask whether the
index agrees with the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from probanda.index.connect import APPLICATION
from probanda.index.search_table import dump_search_words
from probanda.records.canonical import canonical

_OWN_KEY = "row"  # a key that only this database knows


def dump_lines(alias: str) -> Iterator[bytes]:
    """Each row as one line with its newline, tables by name, rows by their natural key."""
    for model in sorted(apps.get_app_config(APPLICATION).get_models(), key=lambda model: model.__name__):
        if not model._meta.managed:  # the full-text table, which gives its words back in another way
            yield from dump_search_words(alias)
            continue
        columns = [field.attname for field in model._meta.concrete_fields if field.attname != _OWN_KEY]
        table = model.__name__.lower()
        rows = model._base_manager.using(alias).order_by(*_natural_key(model)).values_list(*columns)
        for row in rows.iterator(chunk_size=5000):
            yield canonical({"table": table, "row": dict(zip(columns, row, strict=True))}) + b"\n"


def dump_digest(alias: str) -> str:
    """SHA-256 over the lines of the dump."""
    hashed = hashlib.sha256()
    for line in dump_lines(alias):
        hashed.update(line)
    return hashed.hexdigest()


def _natural_key(model: type[models.Model]) -> list[str]:
    key = model._meta.pk.attname
    if key != _OWN_KEY:
        return [key]
    (constraint,) = model._meta.constraints
    assert isinstance(constraint, models.UniqueConstraint)
    return list(constraint.fields)
