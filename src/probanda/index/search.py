"""Search: from a query to the texts that hold it, the best first, each with its items and the passages found.

Guarantees: only current texts are found, as `queries.current_readings` has them; an item is found by what `texts_of`
says it was made from. A text that holds the words themselves stands before every text that only has a name key. What
was typed reaches SQLite as a bound value made of quoted terms (`search_query`); options are bound values too.

Ranking is bounded, and the answer says so: of the texts that match, the `RANKED` entered last in the log are ranked by
BM25 (SQLite's, over the whole table), and the ones before are not looked at. A word that stands in a hundred thousand
texts tells none of them apart, and ranking them all would take a second. `matches` is exact as long as `bounded` is
false. A score is a ranking signal, no probability, and changes as the case grows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connections
from django.db.models import Exists, OuterRef

from probanda.index import models
from probanda.index.contents import captures_of
from probanda.index.queries import texts_of
from probanda.index.search_passages import By, FoundPassage, passages, terms_of
from probanda.index.search_query import Query, Sought, parse_query
from probanda.index.search_table import TABLE
from probanda.records.canonical import parse_json
from probanda.records.capture import Capture
from probanda.records.edtf import parse_edtf
from probanda.steps.step import TEXT_STEPS

RANKED = 1000  # texts; arbitrary: what is ranked in some 20 ms
_PAGE = 500  # candidates looked at together where items are asked for; arbitrary
_NEWEST = 2**63 - 1

_TEXT_STEPS = ", ".join(f"'{step}'" for step in TEXT_STEPS)
_CANDIDATES = f"""
SELECT {TABLE}.rowid, bm25({TABLE}), s.document, s.language, s.blob
FROM {TABLE} CROSS JOIN probanda_index_searchtext AS s ON s.place = {TABLE}.rowid
CROSS JOIN probanda_index_derivation AS d ON d.request = s.derivation_id
WHERE {TABLE} MATCH %s AND {TABLE}.rowid < %s AND d.current AND (%s IS NULL OR s.language = %s)
AND EXISTS (
    SELECT 1 FROM probanda_index_derivationoutput AS o
    CROSS JOIN probanda_index_derivation AS t ON t.request = o.derivation_id
    WHERE o.sha256 = s.document AND o.role = 'text' AND t.step IN ({_TEXT_STEPS}) AND t.current
)
ORDER BY {TABLE}.rowid DESC LIMIT %s
"""  # noqa: S608 - the names of the table and the steps are ours


@dataclass(frozen=True, slots=True)
class Filters:
    """`None` is any. `language` as the step found it; `earliest` and `latest` bound the publication, which has to be
    known and may overlap; `source` is part of a source's name in any case; `kind` a media type or its beginning."""

    language: str | None = None
    earliest: date | None = None
    latest: date | None = None
    source: str | None = None
    marking: str | None = None
    kind: str | None = None

    @property
    def about_items(self) -> bool:
        return any(one is not None for one in (self.earliest, self.latest, self.source, self.marking, self.kind))


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item that holds the text; `media_type` is of the bytes that the text was made from."""

    id: str
    name: str | None
    source: str | None
    published: str | None
    marking: str
    media_type: str | None


@dataclass(frozen=True, slots=True)
class FoundText:
    """A text with the items that hold it and fit the filters. `by` is "name" where only a name key was met."""

    document: str
    language: str
    score: float
    by: By
    items: tuple[FoundItem, ...]
    passages: tuple[FoundPassage, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """`matches` texts match, or more where `bounded`; `rows` are those from `offset` on. `not_indexed` texts of the
    case have no terms yet."""

    rows: tuple[FoundText, ...]
    matches: int
    bounded: bool
    offset: int
    not_indexed: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    place: int
    score: float
    document: str
    language: str
    blob: str
    by: By


def search(
    alias: str,
    read: Callable[[str], bytes],
    typed: str,
    filters: Filters | None = None,
    *,
    limit: int = 20,
    offset: int = 0,
    not_indexed: int | None = None,
) -> SearchAnswer:
    """The texts that `typed` finds. `not_indexed` may be given by who has counted it. Raises `QueryError`."""
    query, wanted = parse_query(typed), filters or Filters()
    exact = _expression(query, by_name=False)
    found, bounded = _ranked(alias, exact, wanted, "word", RANKED)
    if query.has_names and not bounded:  # names by key stand behind all others, so that they have what room is left
        by_key = f"({_expression(query, by_name=True)}) NOT ({exact})"
        named, bounded = _ranked(alias, by_key, wanted, "name", RANKED - len(found))
        found += named
    items = _items(alias, {one.document for one in found[offset : offset + limit]}, wanted)
    rows = tuple(
        FoundText(one.document, one.language, one.score, one.by, tuple(items.get(one.document, ())), held)
        for one in found[offset : offset + limit]
        for held in [_passages(read, query, one)]
    )
    waiting = count_not_indexed(alias) if not_indexed is None else not_indexed
    return SearchAnswer(rows, len(found), bounded, offset, waiting)


def count_not_indexed(alias: str) -> int:
    """How many current texts have no `terms` derivation, whatever its outcome."""
    asked = models.Derivation.objects.using(alias).filter(subject=OuterRef("sha256"), step="terms", current=True)
    texts = models.DerivationOutput.objects.using(alias).filter(
        ~Exists(asked), role="text", derivation__step__in=TEXT_STEPS, derivation__current=True
    )
    return texts.values("sha256").distinct().count()


def _ranked(alias: str, expression: str, filters: Filters, by: By, most: int) -> tuple[list[_Candidate], bool]:
    """At most so many candidates, best first, and whether there are more than these."""
    found: list[_Candidate] = []
    bounded = False
    for one in _fitting(alias, expression, filters, by, most + 1):
        if len(found) == most:
            bounded = True
            break
        found.append(one)
    return sorted(found, key=lambda one: (-one.score, -one.place)), bounded


def _fitting(alias: str, expression: str, filters: Filters, by: By, most: int) -> Iterator[_Candidate]:
    """Candidates from the newest to the oldest, page by page, without those whose items do not fit."""
    if not filters.about_items:
        yield from _page(alias, expression, filters, by, _NEWEST, most)
        return
    below = _NEWEST
    while page := _page(alias, expression, filters, by, below, _PAGE):
        items = _items(alias, {one.document for one in page}, filters)
        yield from (one for one in page if items.get(one.document))
        below = page[-1].place


def _page(alias: str, expression: str, filters: Filters, by: By, below: int, size: int) -> list[_Candidate]:
    with connections[alias].cursor() as cursor:
        cursor.execute(_CANDIDATES, [expression, below, filters.language, filters.language, size])
        return [
            _Candidate(place, round(-score, 6), document, language, blob, by)
            for place, score, document, language, blob in cursor
        ]


def _expression(query: Query, *, by_name: bool) -> str:
    """The query in the language of FTS5."""
    groups = [" OR ".join(_one(sought, by_name=by_name) for sought in group) for group in query.groups]
    wanted = " AND ".join(f"({group})" for group in groups)
    if not query.without:
        return wanted
    return f"({wanted}) NOT ({' OR '.join(_one(sought, by_name=False) for sought in query.without)})"


def _one(sought: Sought, *, by_name: bool) -> str:
    ways = []
    if sought.phrases:
        ways.append(f"lemmas : ({_any(' '.join(phrase) for phrase in sought.phrases)})")
    if sought.forms:
        star = " *" if sought.kind == "prefix" else ""
        ways.append(f"{{lemmas forms}} : ({_any(sought.forms, star)})")
    if by_name and sought.names:
        ways.append("(" + " AND ".join(f"(names : ({_any(keys)}))" for keys in sought.names) + ")")
    return f"({' OR '.join(ways)})"


def _any(terms: Collection[str] | Iterator[str], star: str = "") -> str:
    return " OR ".join(f'"{term}"{star}' for term in terms)


def _items(alias: str, documents: Collection[str], filters: Filters) -> Mapping[str, Sequence[FoundItem]]:
    """By text, the items that hold it and fit."""
    if not documents:
        return {}
    made = texts_of(alias, documents)
    held = captures_of(alias, made)
    types = _media_types(alias, {blob for blobs in made.values() for blob in blobs})
    found: dict[str, list[FoundItem]] = {}
    for document, about in held.items():
        kinds = {types.get(blob) for blob in made.get(document, ())}
        for capture in about:
            kind = types.get(capture.blob) or next(iter(sorted(filter(None, kinds))), None)
            if _fits(capture, kind, filters):
                found.setdefault(document, []).append(
                    FoundItem(
                        capture.id, capture.name, capture.source, capture.published, capture.protection.marking, kind
                    )
                )
    return found


def _media_types(alias: str, blobs: Collection[str]) -> Mapping[str, str]:
    rows = models.Derivation.objects.using(alias).filter(
        subject__in=list(blobs), step="identify", current=True, outcome="succeeded"
    )
    return {str(subject): str(facts.get("media_type")) for subject, facts in rows.values_list("subject", "facts")}


def _fits(capture: Capture, kind: str | None, filters: Filters) -> bool:
    if filters.source is not None and filters.source.casefold() not in (capture.source or "").casefold():
        return False
    if filters.marking is not None and filters.marking != capture.protection.marking:
        return False
    if filters.kind is not None and not (kind or "").startswith(filters.kind):
        return False
    return _published_within(capture.published, filters.earliest, filters.latest)


def _published_within(published: str | None, earliest: date | None, latest: date | None) -> bool:
    if earliest is None and latest is None:
        return True
    if published is None:
        return False
    told = parse_edtf(published)
    after = earliest is None or told.open_end or (told.latest is not None and told.latest >= earliest)
    before = latest is None or told.open_start or (told.earliest is not None and told.earliest <= latest)
    return after and before


def _passages(read: Callable[[str], bytes], query: Query, one: _Candidate) -> tuple[FoundPassage, ...]:
    held = parse_json(read(one.blob))
    assert isinstance(held, dict), "search_table has read it before"
    return passages(query, terms_of(held), read(one.document).decode("utf-8"))
