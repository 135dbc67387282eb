"""The full-text table: how it is made, filled from `terms` derivations, and read out for the canonical dump.

Guarantees: a row follows from the log and the `terms` blob alone, its number too; nothing is lemmatised or cut into
words here, for SQLite's tokenizer parts what it is given at spaces only (to it every character beyond ASCII belongs
to a word, and of ASCII a term has letters and digits alone). What the table holds can be read out of it word by word,
so that a row that was changed by hand makes another dump.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from django.db import connections

from probanda.index import models
from probanda.records.canonical import Json, canonical, parse_canonical
from probanda.records.codec import RecordError

TABLE = "probanda_index_searchwords"
CREATE = f"CREATE VIRTUAL TABLE {TABLE} USING fts5(lemmas, forms, names, content='', tokenize='ascii', prefix='3')"
DROP = f"DROP TABLE {TABLE}"
_ROWS = 2**24  # of one rows blob at most: a batch has some hundreds


class TermsError(RecordError):
    """A blob that should hold terms holds something else."""


def place_of(seq: int, position: int) -> int:
    """The number of the row for the derivation at `position` of the batch that is entry `seq`."""
    if not 0 <= position < _ROWS:
        raise TermsError(f"expected a batch of at most {_ROWS:,} derivations, found one at {position:,}")
    return seq * _ROWS + position


def search_rows(row: models.Derivation, blob: str, data: bytes) -> Iterator[models.SearchText | models.SearchWords]:
    """The rows of the terms that the derivation `row` gave, held in `blob`."""
    language, lemmas, forms, names = _columns(data)
    place = place_of(row.seq, row.position)
    yield models.SearchText(place=place, derivation_id=row.request, document=row.subject, language=language, blob=blob)
    yield models.SearchWords(rowid=place, lemmas=lemmas, forms=forms, names=names)


def _columns(data: bytes) -> tuple[str, str, str, str]:
    held = parse_canonical(data)
    if not isinstance(held, dict):
        raise TermsError(f"expected an object of terms, found {type(held).__name__}")
    language, lemmas, forms, names = (held.get(name) for name in ("language", "lemmas", "forms", "names"))
    if not (isinstance(language, str) and isinstance(lemmas, str) and isinstance(forms, str)):
        raise TermsError("expected texts as `language`, `lemmas` and `forms`")
    if not isinstance(names, dict):
        raise TermsError("expected an object as `names`")
    return language, lemmas, forms, " ".join(sorted({key for keys in names for key in keys.split(" ")}))


def dump_search_words(alias: str) -> Iterator[bytes]:
    """One line for each word of the table in the order of the words: a digest of the rows, columns and offsets at
    which it stands."""
    connection = connections[alias]
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_instances USING fts5vocab(main, {TABLE}, instance)"
        )
        cursor.execute("SELECT term, doc, col, offset FROM temp.search_instances")
        for term, places in groupby(iter(cursor), key=itemgetter(0)):  # they come in the order of the terms
            found = sorted(f"{row} {column} {offset}" for _, row, column, offset in places)
            digest = hashlib.sha256("\n".join(found).encode()).hexdigest()
            line: dict[str, Json] = {"term": term, "places": digest}
            yield canonical({"table": "searchwords", "row": line}) + b"\n"
