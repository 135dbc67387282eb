"""Positions: what each source holds of one topic, as it is compared with what others hold.

Guarantees: a position is one source with one number, qualifier, scope and stance, however often it is repeated; its
claims are named and its words are the source's own. Two articles whose sources nobody knows are two positions and never
the same source. Nothing is averaged or merged: a bound that the source leaves open stays open. What the topic presumed
of a claim (its place, its time) is told with the position.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from probanda.corroborate.circumstances import Saying, day_of
from probanda.corroborate.found import Origin, Sourcing
from probanda.corroborate.lexicon import Lexicon
from probanda.corroborate.names import stem_of, words_of
from probanda.records.passage import Passage
from probanda.records.quantity import Bound
from probanda.records.reading import Claim, Event, Narrator

Stance = Literal["said", "denied", "ahead"]  # as topics part claims

_ROUND_ABOUT = 160  # characters around a claim in which words of its scope stand; arbitrary, about a sentence
_DIGITS = re.compile(r"\d{1,3}(?:[   ,.]\d{3})+(?!\d)|\d+")
_WHOLE_OF_PERSONS = "person"
_GROUPS_OF_PERSONS = frozenset({"child", "woman", "combatant", "medic", "civilian"})


@dataclass(frozen=True, slots=True)
class Interval:
    """As `Quantity`: `None` is unbounded, "unknown" cannot be told."""

    minimum: Bound
    maximum: Bound

    @property
    def known(self) -> bool:
        return self.minimum != "unknown" and self.maximum != "unknown"

    def below(self, other: Interval) -> bool:
        """Whether all of this lies below all of the other. Rests on known bounds alone."""
        high, low = self.maximum, other.minimum
        return isinstance(high, (int, float)) and isinstance(low, (int, float)) and high < low

    def starts_below(self, other: Interval) -> bool:
        low, other_low = self.minimum, other.minimum
        return isinstance(low, (int, float)) and isinstance(other_low, (int, float)) and low < other_low

    def inside(self, other: Interval) -> bool:
        """Whether this lies within the other, with all four bounds known."""
        return self.known and other.known and _low(other) <= _low(self) and _high(self) <= _high(other)


@dataclass(frozen=True, slots=True)
class Position:
    """`source` names who holds it for comparison (`None`: nobody knows), `named` in the words of the earliest report.
    `interval` is `None` where no number is given. `days` are the first and the last day on which it was told (`as of`
    where that is said, else the publication), `None` while nobody knows. `population` is the group counted, `nation`
    whose it is, `own` whether the source counts its own. `since`: from when on it counts. `verified`: the source says
    that each was verified. `joint` and `whole`: one act of several together; the total of all. `replaced` are numbers
    that it says are wrong. `topic` and `presumed` as in `Topic`."""

    topic: str
    source: str | None
    named: str | None
    outlets: tuple[str, ...]
    stance: Stance
    modality: str
    interval: Interval | None
    words: str | None
    stated: int | float | str | None
    qualifier: str | None
    population: str | None
    nation: str | None
    own: bool
    part: bool
    since: str | None
    verified: bool
    joint: bool
    whole: bool
    grows: bool
    replaced: tuple[int, ...]
    days: tuple[str, str] | None
    claims: tuple[str, ...]
    articles: tuple[str, ...]
    presumed: tuple[str, ...]
    note: str = ""
    inside: tuple[str, ...] = field(default=())  # ids of the claims of which it is said to be a part


def positions(found: Sourcing, lexicon: Lexicon) -> tuple[Position, ...]:
    """The positions of one topic, in the order of their first days."""
    topic = found.topic
    stance = cast("Stance", topic.stance)
    groups = sources_of(found)
    made: dict[tuple[object, ...], list[Position]] = {}
    for saying in topic.sayings:
        if topic.stance == "denied" and _denies_a_number(saying):
            continue
        group = groups.get(saying.claim.id)
        one = _position(topic.id, stance, saying, group, lexicon, topic.presumed.get(saying.claim.id, ()))
        made.setdefault(_key(one), []).append(one)
    return tuple(sorted((_joined(several) for several in made.values()), key=_order))


def _denies_a_number(saying: Saying) -> bool:
    """Whether what is denied is the number that stands in the same words, as another claim, and not all of it."""
    claim = saying.claim
    others = saying.article.reading.claims if claim.quantity is None else ()
    return any(one.quantity is not None and _touch(one.passage, claim.passage) for one in others)


def is_part(smaller: str | None, larger: str | None) -> bool:
    """Whether those counted by the one are among those counted by the other."""
    return smaller in _GROUPS_OF_PERSONS and larger == _WHOLE_OF_PERSONS


def sources_of(found: Sourcing) -> Mapping[str, tuple[str | None, Origin]]:
    """By claim, a key of its source and the origin that it belongs to."""
    out: dict[str, tuple[str | None, Origin]] = {}
    used: dict[str, int] = {}
    for group in found.groups:
        key = None
        if group.known and group.root:
            key = " ".join(sorted({stem_of(word) for word in words_of(group.root)})) or group.root
            used[key] = used.get(key, 0) + 1
            key = key if used[key] == 1 else f"{key} ({used[key]})"
        for claim in group.claims:
            out[claim] = key, group
    return out


def _position(
    topic: str,
    stance: Stance,
    saying: Saying,
    group: tuple[str | None, Origin] | None,
    lexicon: Lexicon,
    presumed: tuple[str, ...],
) -> Position:
    claim, article = saying.claim, saying.article
    source, origin = group if group is not None else (None, None)
    named = origin.root if origin is not None and origin.known else None
    if source is None and isinstance(claim.source, Narrator) and article.outlet:
        source, named = f"outlet {article.outlet.casefold()}", article.outlet
    interval, note = _interval(saying)
    quantity = claim.quantity
    who = " ".join(filter(None, (quantity.unit if quantity else None, claim.who.text if claim.who else None)))
    population = _population(who, claim, lexicon)
    nation = _nation(who, lexicon) if population == "combatant" else None
    own = _is_own(who, nation, named, lexicon)
    near = _near(article.text, claim.passage)
    acts = claim.kind in ("referral", "vote")
    since = claim.cumulative_since
    return Position(
        topic=topic,
        source=source,
        named=named,
        outlets=(article.outlet,) if article.outlet else (),
        stance=stance,
        modality=claim.modality,
        interval=interval,
        words=None if quantity is None else quantity.passage.text,
        stated=None if quantity is None else quantity.stated,
        qualifier=None if quantity is None else str(quantity.qualifier),
        population=population,
        nation=nation,
        own=own,
        part=claim.subset_of is not None,
        since=None if since is None else since.earliest or (since.passage.text.casefold() if since.passage else "?"),
        verified=claim.verification is not None and claim.verification.status == "verified",
        joint=acts and _has("joint", near),
        whole=acts and not _has("joint", near) and _has("whole", near),
        grows=claim.kind in ("casualty", "displacement", "damage"),
        replaced=_replaced(saying),
        days=_days(saying),
        claims=(claim.id,),
        articles=(article.key,),
        presumed=presumed,
        note=note,
        inside=(claim.subset_of,) if claim.subset_of else (),
    )


def _interval(saying: Saying) -> tuple[Interval | None, str]:
    """The bounds that the words leave. Where a report names some of those whom it counts ("Britain and 37 allies") and
    the reading counts them together, all of them."""
    claim = saying.claim
    quantity = claim.quantity
    if quantity is None:
        return None, ""
    low, high = quantity.minimum, quantity.maximum
    event = _counted_together(saying.article.reading.events, claim)
    if event is not None and event.counts is not None and isinstance(quantity.stated, int):
        number = quantity.passage.text.casefold()
        names = [one for one in event.counts.states if number not in one.casefold()]
        if names and event.counts.states_total == quantity.stated + len(names):
            more = len(names)
            low = low + more if isinstance(low, (int, float)) else low
            high = high + more if isinstance(high, (int, float)) else high
            return Interval(
                low, high
            ), f"{', '.join(names)} and {quantity.passage.text}: {quantity.stated + more} in all"
    return Interval(low, high), ""


def _counted_together(events: Iterable[Event], claim: Claim) -> Event | None:
    if claim.kind not in ("referral", "vote"):
        return None
    inside = (e for e in events if e.counts is not None and _touch(e.trigger, claim.passage))
    return next(inside, None)


def _population(who: str, claim: Claim, lexicon: Lexicon) -> str | None:
    if claim.quantity is None:
        return None
    words = words_of(who)
    if _has("civilian", words):
        return "civilian" if lexicon.counted_class(words) in (None, _WHOLE_OF_PERSONS) else lexicon.counted_class(words)
    return lexicon.counted_class(words) or (" ".join(words) or _WHOLE_OF_PERSONS)


def _nation(who: str, lexicon: Lexicon) -> str | None:
    """Whose fighters are counted, by a name of a country or an adjective of one; `None` where no word tells."""
    for word in re.findall(r"\w+", who):
        folded = words_of(word)
        if not folded or lexicon.counted_class(folded) is not None:
            continue
        known = lexicon.country(folded)
        if known is not None:
            return known
        if word[0].isupper():
            return stem_of(folded[0])
    return None


def _is_own(who: str, nation: str | None, named: str | None, lexicon: Lexicon) -> bool:
    """Whether the source counts its own: it says "our", or is of the nation that it counts."""
    if _has("own", words_of(who)):
        return True
    if nation is None or named is None:
        return False
    words = words_of(named)
    return lexicon.country(words) == nation or nation in {stem_of(word) for word in words}


def _near(text: str, passage: Passage) -> tuple[str, ...]:
    """The words of the claim's own sentence, cut roughly."""
    before = text[max(0, passage.start - _ROUND_ABOUT) : passage.start]
    after = text[passage.end : passage.end + _ROUND_ABOUT]
    return words_of(re.split(r"[.!?\n]\s", before)[-1] + passage.text + re.split(r"[.!?](?:\s|$)|\n", after)[0])


def _replaced(saying: Saying) -> tuple[int, ...]:
    told = saying.claim.corrects
    if told is None:
        return ()
    for other in saying.article.reading.claims:
        if other.id == told:
            stated = other.quantity.stated if other.quantity else None
            return (stated,) if isinstance(stated, int) else ()
    if told.startswith("claim:"):
        return ()
    return tuple(int(re.sub(r"\D", "", number)) for number in _DIGITS.findall(told))


def _days(saying: Saying) -> tuple[str, str] | None:
    as_of = saying.claim.as_of
    if as_of is not None and (as_of.latest or as_of.earliest):
        day = (as_of.latest or as_of.earliest or "")[:10]
        return day, day
    published = day_of(saying.article.published)
    return None if published is None else (_iso(published), _iso(published))


def _key(one: Position) -> tuple[object, ...]:
    by = one.source if one.source is not None else f"? {one.claims[0]}"
    number = None if one.interval is None else (one.interval.minimum, one.interval.maximum, one.stated, one.qualifier)
    return (by, one.stance, number, one.population, one.nation, one.own, one.part, one.since, one.verified, one.joint,
            one.whole)  # fmt: skip


def _joined(several: Sequence[Position]) -> Position:
    first = several[0]
    days = [day for one in several for day in one.days or ()]
    return replace(
        first,
        days=(min(days), max(days)) if days else None,
        claims=_all(one.claims for one in several),
        articles=_all(one.articles for one in several),
        outlets=_all(one.outlets for one in several),
        presumed=tuple(what for what in first.presumed if all(what in one.presumed for one in several)),
        replaced=tuple(dict.fromkeys(number for one in several for number in one.replaced)),
        inside=_all(one.inside for one in several),
    )


def _all(several: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for group in several for one in group))


def _order(one: Position) -> tuple[object, ...]:
    return (one.days is None, one.days or ("", ""), one.named or "", str(one.stated), one.claims)


def _low(one: Interval) -> float:
    return float(one.minimum) if isinstance(one.minimum, (int, float)) else float("-inf")


def _high(one: Interval) -> float:
    return float(one.maximum) if isinstance(one.maximum, (int, float)) else float("inf")


def _iso(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def _touch(a: Passage, b: Passage) -> bool:
    return a.start < b.end and b.start < a.end


def _has(kind: str, words: Iterable[str]) -> bool:
    whole, stems = _scope_words()[kind]
    return any(word in whole or word.startswith(stems) for word in words)


@cache
def _scope_words() -> Mapping[str, tuple[frozenset[str], tuple[str, ...]]]:
    rows: dict[str, list[str]] = {}
    text = files("probanda.corroborate").joinpath("lexica", "scopes.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            kind, form = line.split("\t")
            rows.setdefault(kind, []).append(form)
    return {
        kind: (frozenset(f[1:] for f in forms if f[0] == "="), tuple(f for f in forms if f[0] != "="))
        for kind, forms in rows.items()
    }
