"""Telling: one claim in one article with the chain by which the article has it, and who stands at its end.

Guarantees: the root is the last in the chain whom the article names; where the last is somebody unnamed, the one who
cites that person stands. An outlet at the end is nobody's root: what it reports it has from somewhere. An article that
says that it saw for itself, and a public body's own publication, are their own root.
"""

from __future__ import annotations

from dataclasses import dataclass

from probanda.corroborate.chains import Chain
from probanda.corroborate.circumstances import Saying, day_of
from probanda.corroborate.found import Named
from probanda.corroborate.sources import Resolver, Source
from probanda.records.reading import Narrator

Figure = tuple[int | float | str, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """`root` is `None` where nobody is named; `relays` are those in the chain before it. `cited` is the key of the
    outlet at which the chain ends. `outlet` is the key of who put the article out."""

    saying: Saying
    root: Source | None
    root_at: Named | None
    relays: tuple[Source, ...]
    chain: tuple[Named, ...]
    outlet: str | None
    day: int | None
    figure: Figure | None
    note: str = ""

    @property
    def article(self) -> str:
        return self.saying.article.key

    @property
    def claim(self) -> str:
        return self.saying.claim.id

    @property
    def cited(self) -> str | None:
        return self.root.outlet if self.root is not None and self.root.kind == "outlet" else None


def telling(one: Saying, chain: Chain, resolver: Resolver) -> Telling:
    article, quantity = one.article, one.claim.quantity
    outlet = resolver.outlet_of(article)
    figure = None if quantity is None else (quantity.stated, str(quantity.qualifier))
    mentions = [(mention, resolver.resolve(mention, article)) for mention in chain.mentions]
    credited = None
    if not mentions and chain.credit is not None and isinstance(one.claim.source, Narrator):
        credited = (chain.credit, resolver.resolve(chain.credit, article))
        if credited[1].kind not in ("outlet", "office") or credited[1].outlet == outlet is not None:
            credited = None  # who signs a text of its own does not say where it has it from
    if credited is not None:
        mentions = [credited]
    named = tuple(Named(article.key, mention.words, mention.passage) for mention, _ in mentions)
    root, at, relays, note = None, None, tuple[Source, ...](), ""
    if mentions:
        last = next((n for n in range(len(mentions) - 1, -1, -1) if mentions[n][1].kind != "unnamed"), -1)
        root, at = (mentions[last][1], named[last]) if last >= 0 else (mentions[-1][1], named[-1])
        relays = tuple(source for _, source in mentions[: max(last, 0)])
        note = "its source cites somebody unnamed" if 0 <= last < len(mentions) - 1 else ""
        if root.kind == "outlet" and root.outlet is not None and root.outlet == outlet:
            root, note = None, "an article cites its own outlet"
    elif chain.own is not None or isinstance(one.claim.source, Narrator):
        root = resolver.published_by(article)
        at = None if root is None else Named(article.key, article.outlet or "", None)
        if root is None and chain.own is not None:
            root = Source("own", article.outlet or "the article itself", outlet=outlet or article.key)
            at = Named(article.key, chain.own.text, chain.own)
    return Telling(one, root, at, relays, named, outlet, day_of(article.published), figure, note)
