"""What stands behind the lines of a case file: articles, outlets and origins, counted after disclosure.

Guarantees: only what this audience may have is counted, so that no count tells of what is withheld. Things told of are
those with a figure, and those that stand in more than one article; the largest come first. Every link names the lines
and items that it joins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from probanda.corroborate.found import Evidence, Named, Origin, Sourcing
from probanda.records.passage import Passage
from probanda.report.chapters import At, OriginGroup, OriginLink, OriginsLine, SharedAt
from probanda.report.corroborated import capture_of
from probanda.report.incidents import line_order


def origins_lines(
    found: Iterable[Sourcing], shown: Mapping[str, tuple[str, ...]], items: Mapping[str, int], texts: Mapping[str, int]
) -> tuple[OriginsLine, ...]:
    """`found` was counted after disclosure; `shown` are the lines by claim, `items` the numbers by capture, `texts` by
    digest."""
    told = [one for one in found if one.figures or one.articles > 1]
    return tuple(_Numbers(one, shown, items, texts).line(f"K{n}") for n, one in enumerate(told, start=1))


class _Numbers:
    """The numbers of one thing's articles and claims in this case file."""

    def __init__(
        self,
        one: Sourcing,
        shown: Mapping[str, tuple[str, ...]],
        items: Mapping[str, int],
        texts: Mapping[str, int],
    ) -> None:
        self._one, self._shown, self._items = one, shown, items
        self._texts = {saying.article.key: texts.get(saying.article.document) for saying in one.topic.sayings}

    def line(self, number: str) -> OriginsLine:
        one, topic = self._one, self._one.topic
        return OriginsLine(
            number, topic.id, topic.what, topic.counted, topic.stance, topic.place, topic.first, topic.last,
            topic.words, one.articles, one.outlets, one.without_outlet, one.origins, one.known,
            tuple(self._group(group) for group in one.groups),
        )  # fmt: skip

    def _group(self, group: Origin) -> OriginGroup:
        return OriginGroup(
            known=group.known,
            kind=group.kind,
            root=group.root,
            named=tuple(self._named(one) for one in group.named),
            chains=tuple(tuple(link.words for link in chain) for chain in group.chains),
            items=self._numbered(group.articles),
            outlets=group.outlets,
            lines=self._lines(group.claims),
            links=tuple(self._link(one) for one in group.evidence),
            notes=group.notes,
        )

    def _link(self, one: Evidence) -> OriginLink:
        link = one.link
        return OriginLink(
            kind=link.kind,
            confidence=link.confidence,
            rule=link.rule,
            items=self._numbered((link.left, link.right)),
            lines=self._lines(one.claims),
            by=one.by,
            judgement=one.judgement,
            changed=one.changed,
            shared=tuple(
                SharedAt(self._at(link.left, pair.left), self._at(link.right, pair.right)) for pair in link.shared
            ),
        )

    def _named(self, one: Named) -> At:
        return self._at(one.article, one.passage) if one.passage else At(None, None, None, one.words)

    def _at(self, article: str, passage: Passage) -> At:
        return At(self._texts[article], passage.start, passage.end, passage.text)

    def _numbered(self, articles: Iterable[str]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(self._items[capture_of(article)] for article in articles))

    def _lines(self, claims: Iterable[str]) -> tuple[str, ...]:
        found = dict.fromkeys(line for claim in claims for line in self._shown.get(claim, ()))
        return tuple(sorted(found, key=line_order))
