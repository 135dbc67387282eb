"""Measures search over 200,000 made texts in three languages, beside SQLite's own FTS5 over the same texts.

    python benchmarks/search_speed.py [--documents N] [--queries N] [--folder F] [--json] [--write FILE]

The texts are synthetic: seeded draws from real word forms (English: the development reports in `tests/gold/dev`, then
simplemma's dictionary; Ukrainian and Russian: its dictionaries), by Zipf's law as Mandelbrot wrote it,
1 / (rank + 2.7), over 40,000 forms for each language, with names of places strewn in; half of the texts have more than
67 words. They mean nothing; what they share with real texts is how often frequent and rare words are. Each goes
through the step `terms` and the index's own rows (captures, derivations, `search_table.search_rows`); log entries and
the blob folder are passed over: blobs lie in one SQLite table. Needs some 1.5 GB of free disk for the full number.

Queries are drawn from the texts. Ours is `index.search.search` with 20 rows, their items and passages; the peer is an
FTS5 table with its `unicode61` tokenizer that holds the texts, asked for 20 rows by `rank` with `snippet()`. Turn
about, in one process, after 50 that do not count. The peer knows no inflection, no names across scripts, no items: it
is a measure, not a rival.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from statistics import median

from django.db import transaction

from probanda.index import models
from probanda.index.connect import close_database, open_database
from probanda.index.search import SearchAnswer, count_not_indexed, search
from probanda.index.search_table import search_rows
from probanda.records.canonical import canonical
from probanda.records.capture import Capture
from probanda.records.codec import to_json
from probanda.records.protection import Protection
from probanda.steps.terms import terms
from speed import machine, write_between

BEGIN, END = "<!-- search: begin -->", "<!-- search: end -->"
SEED = 20_31
TARGET_MS = 50
_FORMS = 40_000
_PER_TRANSACTION = 2000
_GOLD = Path(__file__).parents[1] / "tests" / "gold" / "dev"
PLACES = {
    "en": "Kyiv Kharkiv Mariupol Lviv Chernihiv Zaporizhzhia Kherson Odesa Dnipro Sievierodonetsk Izium Bucha".split(),
    "uk": "Київ Харків Маріуполь Львів Чернігів Запоріжжя Херсон Одеса Дніпро Сєвєродонецьк Ізюм Буча".split(),
    "ru": "Киев Харьков Мариуполь Львов Чернигов Запорожье Херсон Одесса Днепр Северодонецк Изюм Буча".split(),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A query for us and the same for the peer; `kind` groups the results."""

    kind: str
    ours: str
    peer: str


@dataclass(frozen=True, slots=True)
class Measured:
    asked: Asked
    ours_ms: float
    peer_ms: float
    found: int
    bounded: bool


def vocabulary(language: str) -> list[str]:
    """Word forms, the frequent first."""
    from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

    held = DefaultDictionaryFactory().get_dictionary(language)
    known = (form.decode() if isinstance(form, bytes) else form for form in held)
    own: dict[str, int] = {}
    if language == "en":
        for path in sorted(_GOLD.glob("*.json")):
            for word in re.findall(r"[A-Za-z]{2,}", path.read_text("utf-8")):
                own[word.lower()] = own.get(word.lower(), 0) + 1
    first = sorted(own, key=lambda word: (-own[word], word))
    rest = sorted(form for form in set(known) if 2 < len(form) < 15 and form.isalpha() and form.islower())
    random.Random(SEED).shuffle(rest)
    rest.sort(key=lambda form: len(form) > 6)  # short forms are the frequent ones (Zipf's law of abbreviation)
    return [*first, *rest][:_FORMS]


def made_texts(number: int) -> Iterator[tuple[str, str]]:
    """Language and text, the same at every run."""
    chance = random.Random(SEED)
    forms = {language: vocabulary(language) for language in PLACES}
    weights = {
        language: list(accumulate(1 / (rank + 2.7) for rank in range(len(held)))) for language, held in forms.items()
    }
    for _ in range(number):
        language = chance.choices(list(PLACES), (4, 3, 3))[0]
        length = max(20, round(chance.lognormvariate(4.2, 0.6)))  # median 67 words: a post, a short report
        drawn = chance.choices(forms[language], cum_weights=weights[language], k=length)
        for _ in range(1 + length // 60):
            drawn[chance.randrange(length)] = chance.choice(PLACES[language])
        sentences = [drawn[at : at + 14] for at in range(0, length, 14)]
        yield language, " ".join(" ".join(one)[:1].upper() + " ".join(one)[1:] + "." for one in sentences)


def fill(alias: str, blobs: sqlite3.Connection, peer: sqlite3.Connection, number: int) -> dict[str, float]:
    """Both indexes over the same texts; seconds of each part."""
    spent = {"terms": 0.0, "ours": 0.0, "peer": 0.0}
    page: list[tuple[str, str]] = []
    at = 0
    for made in made_texts(number):
        page.append(made)
        if len(page) == _PER_TRANSACTION or at + len(page) == number:
            for part, seconds in _fill_page(alias, blobs, peer, page, at).items():
                spent[part] += seconds
            at += len(page)
            page = []
    return spent


def _fill_page(
    alias: str, blobs: sqlite3.Connection, peer: sqlite3.Connection, page: Sequence[tuple[str, str]], at: int
) -> dict[str, float]:
    begun = time.perf_counter()
    held = [canonical(terms(text, language)) for language, text in page]
    done = time.perf_counter()
    rows: dict[type, list[object]] = {}
    for number, ((language, text), data) in enumerate(zip(page, held, strict=True), at):
        for row in _rows(number, language, text.encode(), data, blobs):
            rows.setdefault(type(row), []).append(row)
    with transaction.atomic(using=alias):
        for model, found in rows.items():
            model._base_manager.using(alias).bulk_create(found, batch_size=200)  # type: ignore[attr-defined]
    blobs.commit()
    ours = time.perf_counter()
    peer.executemany(
        "INSERT INTO peer(rowid, text) VALUES (?, ?)", [(at + one, page[one][1]) for one in range(len(page))]
    )
    peer.commit()
    return {"terms": done - begun, "ours": ours - done, "peer": time.perf_counter() - ours}


def _rows(number: int, language: str, text: bytes, data: bytes, blobs: sqlite3.Connection) -> Iterator[object]:
    """What the index holds about one text: capture, text, terms."""
    own, held = hashlib.sha256(text).hexdigest(), hashlib.sha256(data).hexdigest()
    blobs.executemany("INSERT OR IGNORE INTO blobs VALUES (?, ?)", [(own, text), (held, data)])
    made = hashlib.sha256(str(number).encode()).hexdigest()
    capture = Capture(
        f"capture:{made}", own, len(text), f"{number}.txt", "Made texts", None, "2031-04-02", None,
        Protection(), "2031-04-02T00:00:00.000Z", number, made,
    )  # fmt: skip
    yield models.Capture(
        id=capture.id, seq=number, blob=own, published=capture.published, marking="restricted", name=capture.name,
        source=capture.source, body=canonical(to_json(capture)).decode(),
    )  # fmt: skip
    for step, output in (("identify", None), ("text", own), ("terms", held)):
        request = hashlib.sha256(f"{step}{number}".encode()).hexdigest()
        derivation = models.Derivation(
            request=request, step=step, version="1", setting=step, subject=own, published=None, parameters={},
            outcome="succeeded", reason=None, facts={"media_type": "text/plain"}, capabilities=None, current=True,
            seq=number, position=0,
        )  # fmt: skip
        yield derivation
        if output is not None:
            yield models.DerivationOutput(derivation_id=request, position=0, role=step, sha256=output, size=1)
        if step == "terms":
            yield from search_rows(derivation, held, data)


def queries(number: int, documents: int) -> Iterator[Asked]:
    """Seeded, of every kind in turn, their words from the texts themselves."""
    chance = random.Random(SEED + 1)
    texts = list(_some(documents, 1500))
    forms = {language: vocabulary(language) for language in PLACES}
    for turn in range(number):
        language = chance.choice(list(PLACES))
        text = chance.choice(texts).rstrip(".").replace(".", "").split()
        frequent, rare = chance.choice(forms[language][:60]), chance.choice(forms[language][5000:])
        start = chance.randrange(max(1, len(text) - 3))
        kind = ("frequent word", "rare word", "two words", "three words", "phrase", "prefix", "name")[turn % 7]
        if kind in ("frequent word", "rare word"):
            typed = frequent if kind == "frequent word" else rare
            yield Asked(kind, typed, f'"{typed}"')
        elif kind == "two words":
            pair = [chance.choice(forms[language][:200]).lower(), chance.choice(text).lower()]
            yield Asked(kind, " ".join(pair), " ".join(f'"{one}"' for one in pair))
        elif kind == "three words":
            chosen = [one.lower() for one in chance.sample(text, 3)]
            yield Asked(kind, " ".join(chosen), " ".join(f'"{one}"' for one in chosen))
        elif kind == "phrase":
            phrase = " ".join(text[start : start + chance.choice((2, 3))]).lower()
            yield Asked(kind, f'"{phrase}"', f'"{phrase}"')
        elif kind == "prefix":
            begins = chance.choice([one for one in (frequent, rare, *text) if len(one) >= 4])[: chance.choice((4, 5))]
            yield Asked(kind, f"{begins.lower()}*", f'"{begins.lower()}" *')
        else:
            place = chance.choice(PLACES[language])
            yield Asked(kind, f"name:{place}", f'"{place}"')


def _some(documents: int, most: int) -> Iterator[str]:
    for number, (_, text) in enumerate(made_texts(min(documents, most))):
        if number < most:
            yield text


def measure(
    alias: str, read: Callable[[str], bytes], peer: sqlite3.Connection, asked: Sequence[Asked]
) -> Iterator[Measured]:
    for number, one in enumerate(asked):
        if number % 2:
            theirs, _ = _timed(lambda one=one: peer_search(peer, one.peer))  # type: ignore[misc]
            ours, answer = _timed(lambda one=one: search(alias, read, one.ours, not_indexed=0))  # type: ignore[misc]
        else:
            ours, answer = _timed(lambda one=one: search(alias, read, one.ours, not_indexed=0))  # type: ignore[misc]
            theirs, _ = _timed(lambda one=one: peer_search(peer, one.peer))  # type: ignore[misc]
        assert isinstance(answer, SearchAnswer)
        yield Measured(one, ours, theirs, answer.matches, answer.bounded)


def peer_search(peer: sqlite3.Connection, expression: str) -> list[tuple[int, str]]:
    sql = "SELECT rowid, snippet(peer, 0, '[', ']', '', 24) FROM peer WHERE peer MATCH ? ORDER BY rank LIMIT 20"
    return list(peer.execute(sql, (expression,)))


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    begun = time.perf_counter()
    found = work()
    return (time.perf_counter() - begun) * 1000, found


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-round(share * len(ordered) * 1000) // 1000) - 1))]


def table(found: Sequence[Measured]) -> str:
    lines = [
        "| queries | number | ours, median | ours, p95 | FTS5 alone, median | FTS5 alone, p95 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    kinds = list(dict.fromkeys(one.asked.kind for one in found))
    for kind in [*kinds, "all"]:
        held = [one for one in found if kind in ("all", one.asked.kind)]
        ours, peer = [one.ours_ms for one in held], [one.peer_ms for one in held]
        numbers = (median(ours), percentile(ours, 0.95), median(peer), percentile(peer, 0.95))
        lines.append(f"| {kind} | {len(held):,} | " + " | ".join(f"{value:.1f} ms" for value in numbers) + " |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measures search beside SQLite's FTS5 over the same texts.")
    parser.add_argument("--documents", type=int, default=200_000, help="how many texts (default: 200,000)")
    parser.add_argument("--queries", type=int, default=1000, help="how many queries (default: 1,000)")
    parser.add_argument("--folder", type=Path, help="where files are written (default: beside the current folder)")
    parser.add_argument("--json", action="store_true", help="the numbers as JSON")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the marks of this file")
    given = parser.parse_args(arguments)
    if given.documents < 1 or given.queries < 1:
        parser.error("expected at least one text and one query")
    about = machine()
    with tempfile.TemporaryDirectory(dir=given.folder or Path.cwd().parent, prefix="probanda-search-") as folder:
        alias = open_database(Path(folder) / "index.sqlite")
        blobs, peer = sqlite3.connect(Path(folder) / "blobs.sqlite"), sqlite3.connect(Path(folder) / "peer.sqlite")
        try:
            blobs.execute("CREATE TABLE blobs (sha256 TEXT PRIMARY KEY, data BLOB) WITHOUT ROWID")
            peer.execute("CREATE VIRTUAL TABLE peer USING fts5(text, tokenize='unicode61')")
            spent = fill(alias, blobs, peer, given.documents)
            print(f"filled: {spent}", file=sys.stderr)

            def read(sha256: str) -> bytes:
                (data,) = blobs.execute("SELECT data FROM blobs WHERE sha256 = ?", (sha256,)).fetchone()
                return bytes(data)

            asked = list(queries(given.queries + 50, given.documents))
            for _ in measure(alias, read, peer, asked[-50:]):
                pass
            found = list(measure(alias, read, peer, asked[:-50]))
            counting, _ = _timed(lambda: count_not_indexed(alias))
        finally:
            close_database(alias)
            blobs.close()
            peer.close()
    shown = f"{table(found)}\n\n{remarks(found, spent, counting, given.documents, about)}"
    if given.write is not None:
        write_between(given.write, shown, BEGIN, END)
    held = [{"kind": one.asked.kind, "query": one.asked.ours, "ours_ms": one.ours_ms, "peer_ms": one.peer_ms,
             "found": one.found, "bounded": one.bounded} for one in found]  # fmt: skip
    print(json.dumps({"machine": about, "queries": held}, indent=2, ensure_ascii=False) if given.json else shown)
    return 0


def remarks(
    found: Sequence[Measured], spent: dict[str, float], counting: float, documents: int, about: dict[str, str]
) -> str:
    value = percentile([one.ours_ms for one in found], 0.95)
    met = "met" if value < TARGET_MS else "**not met**"
    bounded, empty = sum(one.bounded for one in found), sum(not one.found for one in found)
    return (
        f"Asked: 95th percentile below {TARGET_MS} ms; {met} ({value:.1f} ms; the slowest query took "
        f"{max(one.ours_ms for one in found):.0f} ms). {bounded} of {len(found):,} queries met the bound of what is "
        f"ranked, {empty} found nothing. Indexing {documents:,} texts took {spent['terms']:.0f} s in the step `terms` "
        f"on one core and {spent['ours']:.0f} s for the rows of the index, the peer's {spent['peer']:.0f} s. Counting "
        f"the texts that have no terms, once after each change of the log: {counting:.0f} ms.\n\n"
        f"Measured {about['measured']} on {about['processor']}, {about['cores']} cores (load {about['busy']} at the "
        f"start), {about['system']}, {about['python']}, SQLite {sqlite3.sqlite_version}."
    )


if __name__ == "__main__":
    sys.exit(main())
