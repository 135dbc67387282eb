"""Which claims are about the same thing: one effect, one kind of thing counted, one place, one time; any number.

Guarantees: deterministic, whatever the order of the articles; every claim stands in exactly one topic; what is denied
and what is only feared or forecast never stands with what is said to have happened; a toll since some day never stands
with the toll of one event; a part ("including 39 children") never with its whole. Places match by gazetteer id or by
name folded across scripts. What an article does not say of a claim is presumed and said to be so (`Topic.presumed`):
the place from the places that the article names, the time from the latest such happening before publication.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from probanda.corroborate.article import Article
from probanda.corroborate.circumstances import Circumstances, Days, PlaceNames, Saying, circumstances
from probanda.corroborate.lexicon import Lexicon
from probanda.corroborate.names import Folding, words_of
from probanda.records.canonical import identify

WINDOW_DAYS: Final = 3  # arbitrary: a toll without a time is of the latest such happening in the days before
_PRECISE_DAYS = 2  # a happening; what is wider is a scope of its own
_AHEAD = frozenset({"planned", "anticipated", "forecast", "feared", "threatened", "promised", "possible", "attempted"})
_FAMILY = {"killed": "deaths", "died": "deaths", "detained": "held", "abducted": "held", "fled": "left",
           "evacuated": "left", "destroyed": "damage", "damaged": "damage", "referred": "referral"}  # fmt: skip
_WORDS_ALONE = frozenset({"statement", "accusation", "pledge", "investigation", "siege", "control"})
_LEAST_WORDS = 4
_COMPARED = 50  # members of a topic whose numbers are looked at; arbitrary, a large topic repeats itself


@dataclass(frozen=True, slots=True)
class Topic:
    """What claims are about. `what` is the effect or kind, `counted` the kind of thing; `place` in the words of the
    first that names it; `first` and `last` are days (ISO 8601), `None` where nobody says. `presumed`: what no source
    says itself."""

    id: str
    what: str
    counted: str | None
    stance: str
    place: str | None
    first: str | None
    last: str | None
    sayings: tuple[Saying, ...]
    places: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    presumed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by claim id: "place", "time"
    words: str | None = None  # of a statement without a figure, which is one with another only by its words


class _Seed:
    """A topic in the making."""

    __slots__ = ("days", "members", "place", "presumed", "undated")

    def __init__(self, place: str | None, days: Days | None, *, undated: bool) -> None:
        self.place, self.days, self.undated = place, days, undated
        self.members: list[Circumstances] = []
        self.presumed: dict[str, tuple[str, ...]] = {}

    def gives(self, one: Circumstances) -> bool:
        """Whether one of the first members gives the same number."""
        return one.number is not None and any(other.number == one.number for other in self.members[:_COMPARED])

    def take(self, one: Circumstances, *presumed: str) -> None:
        self.members.append(one)
        if presumed:
            self.presumed[one.saying.claim.id] = presumed


def topics(articles: Sequence[Article], lexicon: Lexicon) -> tuple[Topic, ...]:
    """Every claim of the articles in its topic, the largest topics first."""
    folding = Folding(word for one in articles for place in one.reading.places for word in words_of(place.name))
    names = PlaceNames(articles, folding)
    blocks: dict[tuple[str, ...], list[Circumstances]] = defaultdict(list)
    known: dict[tuple[str, str | None], tuple[tuple[tuple[str, ...], Circumstances], ...]] = {}
    for article in sorted(articles, key=lambda one: one.key):
        read = known.get((article.document, article.published))
        if read is None:  # a text that many put out is looked at once
            sayings = [Saying(article, claim) for claim in article.reading.claims]
            read = tuple((_block(one, lexicon), circumstances(one, names)) for one in sayings)
            known[article.document, article.published] = read
        for block, one in read:
            blocks[block].append(replace(one, saying=Saying(article, one.saying.claim)))
    made = [_topic(key, seed) for key, block in sorted(blocks.items()) for seed in _seeds(key, block)]
    return tuple(sorted(made, key=lambda one: (-len({s.article.key for s in one.sayings}), one.id)))


def _block(one: Saying, lexicon: Lexicon) -> tuple[str, ...]:
    claim = one.claim
    stance = (
        "denied" if claim.negated or claim.modality == "denied" else "ahead" if claim.modality in _AHEAD else "said"
    )
    what = _FAMILY.get(claim.effect or "", claim.effect or "") or claim.kind
    counted = ""
    if claim.quantity is not None:
        told = words_of(" ".join(filter(None, (claim.quantity.unit, claim.who.text if claim.who else None))))
        counted = (
            lexicon.counted_class(words_of(claim.quantity.unit or "") or told) or lexicon.counted_class(told) or ""
        )
        counted = counted or " ".join(told) or "person"
        if claim.subset_of is not None:
            counted = f"{counted}, as a part"
    elif claim.kind in _WORDS_ALONE or claim.where is None:
        words = " ".join(words_of(claim.passage.text))
        counted = f"“{words}”" if words.count(" ") >= _LEAST_WORDS - 1 else f"“{words}” {claim.id}"
    since = claim.cumulative_since
    scope = "" if since is None else since.earliest or (since.passage.text.casefold() if since.passage else "?")
    return what, counted, stance, scope


def _seeds(key: tuple[str, ...], block: list[Circumstances]) -> list[_Seed]:
    if key[1].startswith("“"):
        seed = _Seed(None, None, undated=True)
        for one in block:
            seed.take(one)
        return [seed]
    cumulative = bool(key[3])
    seeds: list[_Seed] = []
    at: dict[str | None, list[_Seed]] = defaultdict(list)
    waiting = []
    for one in sorted(block, key=_order):
        if cumulative or one.days is None or not one.place_stated:
            waiting.append(one)
            continue
        here = at[one.places[0]]
        last = here[-1] if here else None
        precise = one.days[1] - one.days[0] < _PRECISE_DAYS
        joined = next((s for s in here if s.days == one.days), None)
        if (
            joined is None
            and precise
            and last is not None
            and last.days
            and _precise(last)
            and one.days[0] <= last.days[1]
        ):
            joined = last
            last.days = (last.days[0], max(last.days[1], one.days[1]))
        if joined is None:
            joined = _Seed(one.places[0], one.days, undated=False)
            here.append(joined)
            seeds.append(joined)
        joined.take(one)
    for one in sorted(waiting, key=lambda one: (one.published or 0, *_order(one))):
        _place_waiting(one, at, seeds, cumulative=cumulative)
    return seeds


def _place_waiting(
    one: Circumstances, at: dict[str | None, list[_Seed]], seeds: list[_Seed], *, cumulative: bool
) -> None:
    """Puts what lacks a place or a time where it most likely belongs: to the latest that fits, of the same number
    before others; else on its own, where later ones may join it."""
    near: list[_Seed] = [seed for place in one.places for seed in at[place]]
    if not one.places and one.number is not None:
        near = [seed for seed in seeds if seed.gives(one)]
    fitting = [seed for seed in near if _in_time(one, seed)]
    if not one.places and len({id(seed) for seed in fitting}) > 1:  # several towns: then with what else has no place
        fitting = [seed for seed in fitting if seed.place is None][:1]
    if fitting:
        same = [
            s for s in fitting if one.number is not None and any(o.number == one.number for o in s.members[:_COMPARED])
        ]
        best = max(same or fitting, key=lambda seed: seed.days or (0, 0))
        missing = (*(() if one.place_stated else ("place",)), *(() if one.days else ("time",)))
        best.take(one, *missing)
        return
    anchor = one.days or ((one.published, one.published) if one.published is not None else None)
    seed = _Seed(one.places[0] if one.places else None, anchor, undated=one.days is None or cumulative)
    seed.take(one, *(() if one.place_stated or not one.places else ("place",)))
    seeds.append(seed)
    for place in one.places or (None,):
        at[place].append(seed)


def _in_time(one: Circumstances, seed: _Seed) -> bool:
    if seed.days is None:
        return one.days is None and (one.published is None or seed.gives(one))
    if one.days is not None and not seed.undated:
        return one.days[0] <= seed.days[1] and seed.days[0] <= one.days[1] and _precise(seed)
    day = one.days[1] if one.days is not None else one.published
    return day is not None and seed.days[0] <= day <= seed.days[1] + WINDOW_DAYS


def _precise(seed: _Seed) -> bool:
    return seed.days is None or seed.days[1] - seed.days[0] <= WINDOW_DAYS


def _order(one: Circumstances) -> tuple[object, ...]:
    return (one.days or (0, 0), one.published or 0, one.saying.article.key, one.saying.claim.id)


def _topic(key: tuple[str, ...], seed: _Seed) -> Topic:
    members = sorted(seed.members, key=lambda one: (one.published is None, one.published or 0, one.saying.article.key,
                                                    one.saying.claim.id))  # fmt: skip
    days, by_words = None if seed.undated else seed.days, key[1].startswith("“")
    stated = next((one.place_words for one in members if one.place_stated), None)
    return Topic(
        id=identify("topic", {"claims": sorted({one.saying.claim.id for one in members})}),
        what=key[0],
        counted=None if by_words else key[1] or None,
        stance=key[2],
        place=None if by_words else stated or next((one.place_words for one in members if one.place_words), None),
        first=date.fromordinal(days[0]).isoformat() if days else None,
        last=date.fromordinal(days[1]).isoformat() if days else None,
        sayings=tuple(one.saying for one in members),
        places=frozenset(place for one in members for place in one.places[:1]),
        countries=frozenset(one.country for one in members if one.country),
        presumed=seed.presumed,
        words=members[0].saying.claim.passage.text if by_words else None,
    )
