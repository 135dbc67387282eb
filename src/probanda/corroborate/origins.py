"""How many origins stand behind the claims of one topic: articles, outlets, origins, with the evidence for each link.

Guarantees: deterministic; articles in any order give the same answer. Two known origins become one only by a key that
both sources share, by one being told to have it from the other with the same number, by the same words around the same
claim, or by a person; what is unknown joins where something links it and never adds. Nothing weighs whether a source is
right. Time is linear in the tellings, beside the pairs of copies that are handed in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from probanda.corroborate.article import Article
from probanda.corroborate.chains import chain_of, credit_of
from probanda.corroborate.clusters import Clusters
from probanda.corroborate.copies import Copy
from probanda.corroborate.counting import Joined, sourcing
from probanda.corroborate.found import Evidence, Sourcing, Verdict
from probanda.corroborate.identity import Identities, Identity, owners_named
from probanda.corroborate.lexicon import Lexicon, shipped
from probanda.corroborate.outlets import Outlets
from probanda.corroborate.sources import Resolver
from probanda.corroborate.telling import Telling, telling
from probanda.corroborate.topics import Topic, topics
from probanda.records.corroboration import Confidence, Link, LinkKind
from probanda.records.passage import Passage

SAME_FIGURE_DAYS = 2  # 48 hours between publications that are known to the day

Owners = Mapping[tuple[str, str], frozenset[str]]


def origins(
    articles: Sequence[Article],
    copies: Sequence[Copy] = (),
    verdicts: Iterable[Verdict] = (),
    lexicon: Lexicon | None = None,
) -> tuple[Sourcing, ...]:
    """What stands behind every claim of the articles, topic by topic, those of most articles first."""
    words = (lexicon or shipped()).fresh()
    found = topics(articles, words)
    sayings = {(one.article.document, one.claim.id): one for topic in found for one in topic.sayings}
    credits = {one.document: credit_of(one.text) for one in articles}
    chains = {key: chain_of(one, words, credits[one.article.document]) for key, one in sayings.items()}
    resolver = Resolver(articles, words, chains.values())
    owners = owners_named(
        (document, resolver.resolve(mention, sayings[document, claim].article))
        for (document, claim), chain in chains.items()
        for mention in chain.mentions
    )
    by_left: dict[str, list[Copy]] = defaultdict(list)
    for copy in copies:
        by_left[copy.link.left].append(copy)
    decided = tuple(verdicts)
    return tuple(
        _Joiner(
            topic,
            [telling(one, chains[one.article.document, one.claim.id], resolver) for one in topic.sayings],
            owners,
        ).joined(by_left, decided)
        for topic in found
    )


class _Joiner:
    """Joins the tellings of one topic, which stand in the order of publication."""

    def __init__(self, topic: Topic, tellings: list[Telling], owners: Owners) -> None:
        self.topic, self.tellings = topic, tellings
        sources = [source for one in tellings for source in (*one.relays, *((one.root,) if one.root else ()))]
        documents = {one.saying.article.document: one.saying.article.text for one in tellings}
        self._identities = Identities(topic, sources, owners, documents.values())
        nobody = Identity((), "it does not say where it has it from")
        self.identities = [
            self._identities.of(one.root, one.saying.article.document) if one.root else nobody for one in tellings
        ]
        self.relayed = {
            number: frozenset(
                key for relay in one.relays for key in self._identities.of(relay, one.saying.article.document).keys
            )
            for number, one in enumerate(tellings)
        }  # by telling, the keys of those who stand in its chain before its root
        self.notes: dict[int, dict[str, None]] = defaultdict(dict)
        self.evidence: list[tuple[int, Evidence]] = []
        self._by_claim: dict[str, list[int]] = defaultdict(list)
        self._by_article: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(tellings):
            self._by_claim[one.claim].append(number)
            self._by_article[one.article].append(number)
            if one.note:
                self.notes[number][one.note] = None

    def joined(self, copies: Mapping[str, Sequence[Copy]], verdicts: Sequence[Verdict]) -> Sourcing:
        here = [one for one in verdicts if all(claim in self._by_claim for claim in one.claims)]
        apart = [
            (a, b) for one in here if not one.same
            for a in self._by_claim[one.claims[0]] for b in self._by_claim[one.claims[1]]
        ]  # fmt: skip
        set_apart = {number for pair in apart for number in pair}
        known = [bool(one.keys) or number in set_apart for number, one in enumerate(self.identities)]
        self.clusters = Clusters(known, apart)
        self._by_persons(here)
        self._same_texts()
        self._same_sources()
        self._relayed()
        pairs = list(self._copied(copies))
        self._words(pairs)
        self._cited()
        self._words(pairs, weak=True)
        self._same_article()
        self._same_figures()
        return sourcing(
            Joined(
                self.topic, self.tellings, self.identities, self.relayed, self.clusters, self.evidence, self.notes, here
            )
        )

    def _by_persons(self, verdicts: Sequence[Verdict]) -> None:
        for one in verdicts:
            if one.same:
                rule = "a person holds both to have one origin" + (f": {one.reason}" if one.reason else "")
                first, *others = (*self._by_claim[one.claims[0]], *self._by_claim[one.claims[1]])
                for other in others:
                    if self.clusters.join(first, other):
                        self._tell("person", first, other, "certain", rule, judgement=one.judgement)

    def _same_texts(self) -> None:
        for first, *others in self._by_claim.values():
            for other in others:
                if self.clusters.join(first, other):
                    self._tell("same_text", first, other, "certain", "the same text, captured again")

    def _same_sources(self) -> None:
        """Every telling with the earliest that shares a key with it."""
        told: set[tuple[int, int]] = set()
        for _, numbers in sorted(self._by_key().items()):
            heads = [numbers[0]]
            for number in numbers[1:]:
                head = next((one for one in heads if self.clusters.join(one, number)), None)
                if head is None:
                    heads.append(number)
                elif (head, number) not in told and self.tellings[head].claim != self.tellings[number].claim:
                    told.add((head, number))
                    self._same_source(head, number)

    def _same_source(self, a: int, b: int) -> None:
        left, right = self.tellings[a], self.tellings[b]
        likely = self.identities[a].likely or self.identities[b].likely
        same = left.figure is not None and left.figure == right.figure
        days = None if left.day is None or right.day is None else abs(left.day - right.day)
        other_outlet = left.outlet != right.outlet or left.outlet is None
        if same and other_outlet and days is not None and days <= SAME_FIGURE_DAYS:
            kind: LinkKind = "same_figure"
            rule = "the same number with the same qualifier from the same source within two days"
        else:
            kind, rule = "same_source", "both have it from the same source"
        rule += "; the office is named without whose it is, and only one fits" if likely else ""
        self._tell(kind, a, b, "likely" if likely else "certain", rule, cites=self._cites(a, b))

    def _by_key(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number, one in enumerate(self.identities):
            for key in one.keys:
                found[key].append(number)
        return found

    def _relayed(self) -> None:
        """Who is told to have a number from somebody else has it from there wherever that number is given."""
        by_key: dict[tuple[str, object], list[int]] = defaultdict(list)
        for number, keys in self.relayed.items():
            for key in keys:
                by_key[key, self.tellings[number].figure].append(number)
        for number, identity in enumerate(self.identities):
            for key in identity.keys if self.tellings[number].figure is not None else ():
                relaying = by_key.get((key, self.tellings[number].figure), ())
                first = next((other for other in relaying if other != number), None)
                if first is None or self.clusters.together(first, number):
                    continue
                root = self.tellings[first].root_at
                if self.clusters.join(first, number):
                    rule = f"the source of the one has this from the source of the other ({root.words if root else ''})"
                    self._tell("cites", first, number, "likely", rule, cites=self._cites(first, number))

    def _copied(self, copies: Mapping[str, Sequence[Copy]]) -> Iterator[tuple[Copy, int, int, bool]]:
        """Pairs of tellings in articles that share words, and whether the claims themselves stand in those."""
        for article, numbers in self._by_article.items():
            for copy in copies.get(article, ()):
                others = self._by_article.get(copy.link.right, ())
                placed = [(other, self.tellings[other].saying.claim.passage) for other in others]
                if copy.link.confidence == "possible":  # too few words to make one of two known origins
                    yield from ((copy, number, other, False) for number in numbers for other in others)
                    continue
                for number in numbers:
                    same = copy.counterpart(self.tellings[number].saying.claim.passage, placed)
                    yield from ((copy, number, other, other == same) for other in others)

    def _words(self, pairs: Iterable[tuple[Copy, int, int, bool]], *, weak: bool = False) -> None:
        """What stands in words in common: of the claims themselves, else (`weak`) of the articles around them."""
        for copy, a, b, covered in pairs:
            if covered == weak or (weak and self.clusters.together(a, b)):
                continue
            differ = self.clusters.known(a) and self.clusters.known(b) and not self.clusters.together(a, b)
            near = copy.stands_around(self.tellings[a].saying.claim.passage)
            if differ and not near:
                continue  # the claim alone, in the words that everybody has for it; what else is shared is a footer
            if not self.clusters.join(a, b, weak=weak):
                continue
            changed = covered and near and self.tellings[a].figure != self.tellings[b].figure
            if differ:
                self.notes[a]["the same words are given to different sources"] = None
            if changed:
                words = [self.tellings[n].saying.claim.quantity for n in (a, b)]
                told = ["no number" if one is None else f"“{one.passage.text}”" for one in words]
                self.notes[a][f"a copy changed {told[0]} to {told[1]}"] = None
            self._put(a, b, copy.link, changed=changed)

    def _cited(self) -> None:
        """What cites an outlet, with what that outlet has itself, or with what else cites it."""
        outlets = Outlets(self.tellings, self.clusters)
        first_citing: dict[str, int] = {}
        for number, one in enumerate(self.tellings):
            if one.cited is None or one.root is None:
                continue
            found = outlets.meant(number)
            if outlets.in_circle(one):
                names = " and ".join(sorted(filter(None, {one.saying.article.outlet, one.root.words})))
                self.notes[number][f"a circle: {names} give each other as the source"] = None
            if found is None:
                found = first_citing.setdefault(one.cited, number)
                rule = f"both have it from {one.root.words}, whose own article is not here"
            else:
                rule = f"says that it has it from {one.root.words}, whose article is here"
                if self._later(found, number):
                    rule += "; that article is the later one"
                    self.notes[number]["an article that is cited was published after the one that cites it"] = None
            if found != number and self.clusters.join(found, number, weak=True):
                at = one.root_at.passage if one.root_at else None
                self._tell("cites", found, number, "certain", rule, cites=() if at is None else (at,))

    def _later(self, a: int, b: int) -> bool:
        first, second = self.tellings[a].day, self.tellings[b].day
        return first is not None and second is not None and first > second

    def _same_article(self) -> None:
        """A headline gives the number without the source that the text names."""
        for numbers in self._by_article.values():
            sourced = [n for n in numbers if self.clusters.known(n)]
            for number in numbers:
                same = [n for n in sourced if self.tellings[n].figure == self.tellings[number].figure]
                if self.clusters.known(number) or len({self.clusters.head(n) for n in same}) != 1:
                    continue
                if self.clusters.join(same[0], number, weak=True):
                    rule = "the same article gives the same and says there where it has it from"
                    self._tell("same_article", same[0], number, "likely", rule)

    def _same_figures(self) -> None:
        """What gives no source, with the one known origin that gives the same number within two days."""
        heads: dict[tuple[object, int], dict[int, int]] = defaultdict(dict)
        for number, one in enumerate(self.tellings):
            if one.figure is not None and one.day is not None and self.clusters.known(number):
                heads[one.figure, one.day].setdefault(self.clusters.head(number), number)
        for number, one in enumerate(self.tellings):
            if one.figure is None or one.day is None or self.clusters.known(number):
                continue
            near: dict[int, int] = {}
            for day in range(one.day - SAME_FIGURE_DAYS, one.day + SAME_FIGURE_DAYS + 1):
                for head, first in heads.get((one.figure, day), {}).items():
                    near.setdefault(self.clusters.head(head), first)
            if len(near) == 1:
                [first] = near.values()
                if self.clusters.join(first, number, weak=True):
                    rule = "gives the same number with the same qualifier within two days, and no source that is known"
                    self._tell("same_figure", first, number, "possible", rule)

    def _cites(self, a: int, b: int) -> tuple[Passage, ...]:
        named = (self.tellings[a].root_at, self.tellings[b].root_at)
        return tuple(one.passage for one in named if one is not None and one.passage is not None)

    def _tell(
        self, kind: LinkKind, a: int, b: int, confidence: Confidence, rule: str, *, cites: tuple[Passage, ...] = (),
        judgement: str | None = None,
    ) -> None:  # fmt: skip
        link = Link(kind, self.tellings[a].article, self.tellings[b].article, confidence, rule, cites=cites)
        self._put(a, b, link, judgement=judgement)

    def _put(self, a: int, b: int, link: Link, *, changed: bool = False, judgement: str | None = None) -> None:
        claims = (self.tellings[a].claim, self.tellings[b].claim)
        by = "machine" if judgement is None else "person"
        self.evidence.append((a, Evidence(link, claims, "person" if by == "person" else "machine", judgement, changed)))
