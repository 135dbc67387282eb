"""What a case holds of one claim or incident, as the measures on which grades rest.

Guarantees: pure; every number names the ids that it counts. What a person rejected counts for nothing but `rejected`;
who a source is never counts, only what persons decided of what it said. What the record leaves open (a report that does
not say where it has something from, a claim that nobody judged) widens a measure and is never guessed.

`origins` of an incident are those behind any of its claims; of a claim those behind it and what agrees with it. A
*party* is known by the country or name in the words for the actor; words without one ("the forces") leave it open.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from probanda.corroborate.article import Article
from probanda.corroborate.circumstances import Saying
from probanda.corroborate.comparison import Compared, Comparison
from probanda.corroborate.found import Sourcing
from probanda.corroborate.grades.parties import holder_keys, party_of
from probanda.corroborate.grades.testing import Measure
from probanda.corroborate.lexicon import Lexicon
from probanda.corroborate.names import words_of
from probanda.corroborate.positions import sources_of
from probanda.records.passage import Passage
from probanda.records.reading import Claim, Event

_LEAST_JUDGED = 5
_CIVILIAN = frozenset({"civilian", "child", "woman", "medic"})
_HARM = frozenset({"died", "killed", "injured", "missing", "detained", "abducted"})
_ACTS = ("attack", "siege", "execution", "torture", "abduction", "detention", "killing", "injury", "damage")
_DONE = frozenset({"accomplished", "stated", "alleged"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What is graded: a claim, or an incident with its members. `id` is the record's."""

    id: str
    kind: str
    members: tuple[str, ...]


@dataclass(slots=True)
class Held:
    """What the case holds, looked up by claim and event. `decisions` are the last of persons, by id of the record."""

    decisions: Mapping[str, str]
    lexicon: Lexicon
    sayings: dict[str, list[Saying]] = field(default_factory=lambda: defaultdict(list))
    source: dict[str, str | None] = field(default_factory=dict)  # by claim, a key of its origin; None: not known
    group: dict[str, tuple[str, int]] = field(default_factory=dict)  # by claim, its topic and origin there
    topic: dict[str, str] = field(default_factory=dict)
    events: dict[str, tuple[Event, Article]] = field(default_factory=dict)
    groups: dict[str, list[tuple[Compared, int]]] = field(default_factory=lambda: defaultdict(list))
    pairs: dict[tuple[str, int], list[Comparison]] = field(default_factory=lambda: defaultdict(list))
    by_source: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_topic: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    stance: dict[str, str] = field(default_factory=dict)


def held(
    sourcings: Iterable[Sourcing], compared: Iterable[Compared], decisions: Mapping[str, str], lexicon: Lexicon
) -> Held:
    out = Held(decisions, lexicon)
    for one in sourcings:
        sources = sources_of(one)
        out.group.update((claim, (one.topic.id, n)) for n, group in enumerate(one.groups) for claim in group.claims)
        for saying in one.topic.sayings:
            claim = saying.claim.id
            out.sayings[claim].append(saying)
            if claim not in out.topic:
                out.topic[claim] = one.topic.id
                out.stance[claim] = one.topic.stance
                out.by_topic[one.topic.id].append(claim)
                key = sources[claim][0] if claim in sources else None
                out.source[claim] = key
                if key is not None:
                    out.by_source[key].append(claim)
            for event in saying.article.reading.events:
                out.events.setdefault(event.id, (event, saying.article))
    for group in compared:
        for pair in group.comparisons:
            out.pairs[group.id, pair.left].append(pair)
            out.pairs[group.id, pair.right].append(pair)
        for number, position in enumerate(group.positions):
            for claim in position.claims:
                out.groups[claim].append((group, number))
    return out


def measures(subject: Subject, case: Held) -> Mapping[str, Measure]:
    """Every measure of this subject."""
    members = [one for one in subject.members if one in case.sayings or one in case.events]
    missing = len(subject.members) - len(members)
    claims = [one for one in members if one in case.sayings and case.stance[one] == "said"]
    standing = [one for one in claims if case.decisions.get(one) != "rejected"]
    support = _supporting(standing, case) if subject.kind == "claim" else standing
    events = _events(subject, standing, case)
    found = {
        "claims": Measure(len(standing), len(standing), tuple(standing), (),
                          f"{missing} members are no claim or event of a present reading" if missing else ""),
        "confirmed": _decided(members, "confirmed", case),
        "rejected": _decided(members, "rejected", case),
        "not_in_record": Measure(0, None, (), (), "the record has no field for it"),
    }  # fmt: skip
    found.update(_origins(support, case))
    found.update(_contradictions(standing, case))
    found.update(_acts(events, standing, case))
    found.update(_harmed(standing, case))
    found.update(_reliability(standing[0] if standing else None, case))
    return found


def _decided(members: Sequence[str], decision: str, case: Held) -> Measure:
    ids = tuple(one for one in members if case.decisions.get(one) == decision)
    return Measure(len(ids), len(ids), ids)


def _supporting(claims: Sequence[str], case: Held) -> list[str]:
    """The claims and all that agree with them: of a figure those whose range agrees, of other claims those of the same
    topic."""
    found = dict.fromkeys(claims)
    for claim in claims:
        places = [(group, n) for group, n in case.groups[claim] if n < group.own]
        if not places:
            found.update(dict.fromkeys(case.by_topic[case.topic[claim]] if not _numbered(claim, case) else ()))
        for group, number in places:
            for pair in case.pairs[group.id, number]:
                if pair.relation in ("agrees", "narrows"):
                    other = pair.right if pair.left == number else pair.left
                    if group.positions[other].stance == "said":
                        found.update(dict.fromkeys(group.positions[other].claims))
            found.update(dict.fromkeys(group.positions[number].claims))
    return [one for one in found if case.decisions.get(one) != "rejected"]


def _numbered(claim: str, case: Held) -> bool:
    return any(one.claim.quantity is not None for one in case.sayings[claim])


def _origins(support: Sequence[str], case: Held) -> Mapping[str, Measure]:
    by_key: dict[str, list[str]] = defaultdict(list)
    unknown = _tellings([claim for claim in support if case.source[claim] is None], case)
    for claim in support:
        if (key := case.source[claim]) is not None:
            by_key[key].append(claim)
    why = f"{len(unknown)} tellings of which no report says where it has them from" if unknown else ""
    open_ = tuple(unknown)
    firsts = tuple(claims[0] for claims in by_key.values())
    judged = {key: [one for one in held if case.decisions.get(one) == "confirmed"] for key, held in by_key.items()}
    sure = [claims[0] for claims in judged.values() if claims]
    unjudged = [claims[0] for key, claims in by_key.items() if not judged[key]]
    sound = [claims[0] for key, claims in by_key.items() if not _wanting(key, case)]
    open_why = f"{len(unjudged)} origins of which nobody has judged a claim" if unjudged else ""
    return {
        "origins": Measure(len(by_key), len(by_key) + len(unknown), firsts, open_, why),
        "credible_origins": Measure(len(sound), len(sound) + len(unknown), tuple(sound), open_, why),
        "confirmed_origins": Measure(len(sure), len(sure) + len(unjudged) + len(unknown), tuple(sure),
                                     (*unjudged, *open_), "; ".join(filter(None, (open_why, why)))),
    }  # fmt: skip


def _tellings(claims: Sequence[str], case: Held) -> list[str]:
    """One claim of each telling that names no source: copies of each other are one, and so is what one article says."""
    above: dict[object, object] = {}

    def head(mark: object) -> object:
        while (next_ := above.setdefault(mark, mark)) != mark:
            above[mark] = mark = above.setdefault(next_, next_)
        return mark

    for claim in claims:
        own = head(claim)
        for mark in (case.group.get(claim, claim), *(one.article.key for one in case.sayings[claim])):
            above[head(mark)] = own
            own = head(own)
    return list({head(claim): claim for claim in reversed(claims)}.values())


def _wanting(key: str, case: Held) -> bool:
    """Whether persons rejected more of what a source said than they confirmed, of five at least."""
    confirmed, judged = _judged(key, case)
    return len(judged) >= _LEAST_JUDGED and 2 * len(confirmed) < len(judged)


def _judged(key: str, case: Held) -> tuple[list[str], list[str]]:
    claims = case.by_source[key]
    confirmed = [one for one in claims if case.decisions.get(one) == "confirmed"]
    return confirmed, [*confirmed, *(one for one in claims if case.decisions.get(one) == "rejected")]


def _contradictions(claims: Sequence[str], case: Held) -> Mapping[str, Measure]:
    against: dict[tuple[str, ...], str | None] = {}
    open_: dict[tuple[str, ...], None] = {}
    for claim in claims:
        for group, number in case.groups[claim]:
            for pair in case.pairs[group.id, number]:
                other = group.positions[pair.right if pair.left == number else pair.left]
                ids = tuple(one for one in other.claims if case.decisions.get(one) != "rejected")
                if ids and pair.relation == "contradicts":
                    against[ids] = other.source
                elif ids and pair.rule == "bound_unknown":
                    open_[ids] = None
    for ids in against:
        open_.pop(ids, None)
    keys = {key for key in against.values() if key is not None}
    nameless = sum(key is None for key in against.values())
    named = tuple(ids[0] for ids in against)
    why = f"{len(open_)} positions whose bounds nobody knows" if open_ else ""
    return {
        "contradictions": Measure(len(against), len(against) + len(open_), named, tuple(o[0] for o in open_), why),
        "contradicting_origins": Measure(len(keys), len(keys) + nameless, named, (),
                                         f"{nameless} of which nobody knows the origin" if nameless else ""),
    }  # fmt: skip


def _events(subject: Subject, claims: Sequence[str], case: Held) -> list[str]:
    """Acts among the members, and those told in the same words as a claim of them."""
    found = {one: None for one in subject.members if one in case.events}
    for claim in claims:
        for saying in case.sayings[claim]:
            for event in saying.article.reading.events:
                if _touch(event.trigger, saying.claim.passage):
                    found[event.id] = None
    return [
        one
        for one in found
        if case.decisions.get(one) != "rejected"
        and case.events[one][0].type.partition(".")[0] in _ACTS
        and case.events[one][0].modality in _DONE
    ]


def _acts(events: Sequence[str], claims: Sequence[str], case: Held) -> Mapping[str, Measure]:
    near: list[str] = []
    near_open: list[str] = []
    accepted: list[str] = []
    accepted_open: list[str] = []
    nameless: list[str] = []
    parties: dict[str, str] = {}
    for one in events:
        event, article = case.events[one]
        if event.actor is None:
            continue
        party = party_of(event.actor, article.text, event.source, case.lexicon)
        confirmed = case.decisions.get(one) == "confirmed" or _told_and_confirmed(event, claims, case)
        if party is None:
            nameless.append(one)
        else:
            parties.setdefault(party, one)
            (near if confirmed else near_open).append(one)
        if party is not None and party in holder_keys(event.source, case.lexicon):
            (accepted if confirmed else accepted_open).append(one)
    unjudged = "nobody has judged {n} of them"
    return {
        "near_actions": Measure(len(near), len(near) + len(near_open), tuple(near), tuple(near_open),
                                unjudged.format(n=len(near_open)) if near_open else ""),
        "accepted_responsibility": Measure(
            len(accepted), len(accepted) + len(accepted_open), tuple(accepted), tuple(accepted_open),
            unjudged.format(n=len(accepted_open)) if accepted_open else ""),
        "attributed_parties": Measure(len(parties), len(parties) + len(nameless), tuple(parties.values()),
                                      tuple(nameless),
                                      f"{len(nameless)} with an actor whose side is not named" if nameless else ""),
    }  # fmt: skip


def _told_and_confirmed(event: Event, claims: Sequence[str], case: Held) -> bool:
    return any(
        case.decisions.get(claim) == "confirmed" and _touch(event.trigger, saying.claim.passage)
        for claim in claims
        for saying in case.sayings[claim]
        if any(one.id == event.id for one in saying.article.reading.events)
    )


def _harmed(claims: Sequence[str], case: Held) -> Mapping[str, Measure]:
    civilians: list[str] = []
    combatants: list[str] = []
    open_: list[str] = []
    for claim in claims:
        one = case.sayings[claim][0].claim
        if one.effect not in _HARM:
            continue
        who = _who(one, case)
        (civilians if who in _CIVILIAN else combatants if who == "combatant" else open_).append(claim)
    why = f"{len(open_)} claims do not say whether civilians were harmed" if open_ else ""
    return {
        "civilians": Measure(len(civilians), len(civilians) + len(open_), tuple(civilians), tuple(open_), why),
        "combatants": Measure(len(combatants), len(combatants) + len(open_), tuple(combatants), tuple(open_), why),
    }


def _who(claim: Claim, case: Held) -> str | None:
    for group, number in case.groups[claim.id]:
        return group.positions[number].population
    words = words_of(" ".join(filter(None, ((claim.quantity.unit if claim.quantity else None),
                                            claim.who.text if claim.who else None))))  # fmt: skip
    if any(word.startswith(("civil", "цивіл", "мирн", "граждан")) for word in words):
        return "civilian"
    return case.lexicon.counted_class(words)


def _reliability(claim: str | None, case: Held) -> Mapping[str, Measure]:
    key = case.source.get(claim) if claim is not None else None
    if key is None:
        return {
            "source_judged": Measure(0, 0, (), (), "nobody knows who the source is"),
            "source_confirmed_percent": Measure(0, None, (), (), "nobody knows who the source is"),
        }
    confirmed, judged = _judged(key, case)
    counts = Counter(case.decisions.get(one) for one in judged)
    told = f"{counts['confirmed']} confirmed and {counts['rejected']} rejected of {len(case.by_source[key])} claims"
    ids = tuple(judged)
    if not judged:
        return {
            "source_judged": Measure(0, 0, ids, (), told),
            "source_confirmed_percent": Measure(0, None, ids, (), told),
        }
    percent = 100 * len(confirmed) // len(judged)
    return {
        "source_judged": Measure(len(judged), len(judged), ids, (), told),
        "source_confirmed_percent": Measure(percent, percent, ids, (), told),
    }


def _touch(a: Passage, b: Passage) -> bool:
    return a.start < b.end and b.start < a.end
