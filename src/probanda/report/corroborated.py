"""From a snapshot's rows to articles, and from what stands behind claims to JSON (spec/corroboration.md).

Guarantees: an article is one text of one capture, with who put it out and when as was stated of that capture; a capture
that holds several texts (an archive) is several articles. What a person decided is taken from the last judgement about
each question. Hand in rows *after* disclosure wherever the answer leaves the case folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from probanda.corroborate.article import Article
from probanda.corroborate.copies import copies
from probanda.corroborate.found import FigureCount, Sourcing, Verdict
from probanda.corroborate.origins import origins
from probanda.records.canonical import Json
from probanda.records.codec import to_json
from probanda.records.corroboration import judged_pair
from probanda.records.judgement import Judgement
from probanda.report.snapshot import ItemRow, ReadingRow

LABEL = "worked out by rules from what the articles say; no finding of a person"


def corroborated(
    items: Iterable[ItemRow],
    readings: Sequence[ReadingRow],
    judgements: Iterable[Judgement],
    without: Collection[str] = (),
    *,
    opinions: bool = True,
) -> tuple[Sourcing, ...]:
    """What stands behind every claim; nothing of the captures `without` is looked at. Without `opinions` the reasons of
    persons are left out."""
    held = articles(items, readings, without)
    decided = verdicts(judgements)
    return origins(held, copies(held), decided if opinions else [replace(one, reason="") for one in decided])


def articles(
    items: Iterable[ItemRow], readings: Sequence[ReadingRow], without: Collection[str] = ()
) -> tuple[Article, ...]:
    captures = {row.capture.id: row.capture for row in items if row.capture.id not in without}
    texts = Counter(capture for row in readings for capture in row.captures)
    found = []
    for row in readings:
        for one in row.captures:
            capture = captures.get(one)
            if capture is None:
                continue
            found.append(
                Article(
                    key=one if texts[one] == 1 else f"{one}#{row.text_sha256[:12]}",
                    document=row.text_sha256,
                    outlet=capture.source,
                    published=capture.published or row.reading.document.published,
                    language=row.reading.document.language,
                    text=row.text,
                    reading=row.reading,
                )
            )
    return tuple(found)


def capture_of(article: str) -> str:
    """The capture that an article of `articles` belongs to."""
    return article.partition("#")[0]


def verdicts(judgements: Iterable[Judgement]) -> tuple[Verdict, ...]:
    """What persons hold of the origin of two claims, the last about each; what was taken back is left out."""
    last: dict[str, Judgement] = {}
    for one in judgements:
        if judged_pair(one.about, one.extra.get("members")) is not None:
            last[one.about[0]] = one
    found = []
    for one in last.values():
        pair = judged_pair(one.about, one.extra.get("members"))
        if pair is not None and one.decision in ("confirmed", "rejected"):
            found.append(Verdict(pair, one.decision == "confirmed", one.id, one.reason))
    return tuple(found)


def captures_in(found: Iterable[Sourcing]) -> frozenset[str]:
    """The items of which something is shown where these are shown."""
    return frozenset(capture_of(one.article.key) for topic in found for one in topic.topic.sayings)


def behind(found: Iterable[Sourcing]) -> Mapping[str, Sourcing]:
    """By claim id, what stands behind it."""
    return {one.claim.id: topic for topic in found for one in topic.topic.sayings}


def counts(articles: int, outlets: int, origins: int, *, known: bool) -> str:
    """ "3 articles / 2 outlets / 1 origin"."""
    told = _of(origins, "origin") if known else "at least 1 origin, not known"
    return f"{_of(articles, 'article')} / {_of(outlets, 'outlet')} / {told}"


def sourcing_json(one: Sourcing) -> dict[str, Json]:
    """A topic with its counts, origins and evidence; texts are named by their digest and not repeated."""
    topic = one.topic
    held = {saying.article.key: saying.article for saying in topic.sayings}
    return {
        "topic": topic.id,
        "what": topic.what,
        "counted": topic.counted,
        "stance": topic.stance,
        "place": topic.place,
        "first": topic.first,
        "last": topic.last,
        "words": topic.words,
        "presumed": {claim: list(what) for claim, what in sorted(topic.presumed.items())},
        "in": [
            {
                "article": article.key,
                "capture": capture_of(article.key),
                "document": article.document,
                "outlet": article.outlet,
                "published": article.published,
                "language": article.language,
            }
            for article in held.values()
        ],
        "articles": one.articles,
        "outlets": one.outlets,
        "without_outlet": one.without_outlet,
        "origins": one.origins,
        "known": one.known,
        "groups": [to_json(group) for group in one.groups],
        "figures": [to_json(figure) for figure in one.figures],
        "judged": list(one.judged),
        "label": LABEL,
    }


def claim_json(claim: str, one: Sourcing) -> dict[str, Json]:
    """What stands behind one claim, in short: of the thing that it is about, and of the very number that it gives."""
    group = next(group for group in one.groups if claim in group.claims)
    figure: FigureCount | None = next((figure for figure in one.figures if claim in figure.claims), None)
    same: dict[str, Json] | None = None
    if figure is not None:
        same = {"articles": figure.articles, "outlets": figure.outlets, "origins": figure.origins,
                "known": figure.known}  # fmt: skip
    return {
        "topic": one.topic.id,
        "articles": one.articles,
        "outlets": one.outlets,
        "without_outlet": one.without_outlet,
        "origins": one.origins,
        "known": one.known,
        "same_figure": same,
        "root": group.root if group.known else None,
        "label": LABEL,
    }


def _of(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")
