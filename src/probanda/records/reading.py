"""Reading: what one text says, every part anchored to exact characters (spec/reading.md).

A reading is a machine's coding of a source, never a finding. Nothing is merged: two claims with other numbers stay two
claims. Fields that the text does not settle are `None` (not said), `"unknown"` (said to be so, or holder not told) or
an empty tuple (looked for, none there); the three differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from probanda.records.canonical import Json
from probanda.records.passage import Passage
from probanda.records.quantity import Quantity

Modality = Literal[
    "accomplished", "attempted", "threatened", "planned", "promised", "anticipated", "forecast", "feared", "alleged",
    "possible", "denied", "stated",
]  # fmt: skip

ClaimKind = Literal[
    "casualty", "displacement", "accusation", "vote", "referral", "investigation", "attack", "damage", "siege",
    "control", "pledge", "statement",
]  # fmt: skip

Effect = Literal[
    "died", "killed", "injured", "missing", "detained", "abducted", "refugee", "internally_displaced", "transferred",
    "fled", "evacuated", "destroyed", "damaged", "voted_for", "voted_against", "abstained", "referred", "counted",
]  # fmt: skip


SpeakerKind = Literal["person", "group", "body", "document"]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks. `name` and `role` are in the source's words (`None` where it gives none); `passage` is the mention
    that resolves to the name or role, `mention` the words at the quotation ("he", "the prime minister")."""

    name: str | None
    role: str | None
    passage: Passage
    mention: Passage | None = None
    via: tuple[str, ...] = ()  # the chain, outermost first: "the ministry said, citing the mayor"
    kind: SpeakerKind | None = None  # None where the words do not tell, and in readings made before this was told


@dataclass(frozen=True, slots=True)
class Narrator:
    """The report itself asserts it."""

    narrator: Literal[True] = True


@dataclass(frozen=True, slots=True)
class HolderUnknown:
    """Somebody holds it, and the text does not say who ("are feared dead", "alleged co-aggressor")."""

    unknown: Literal[True] = True


Holder = Speaker | Narrator | HolderUnknown


@dataclass(frozen=True, slots=True)
class NamedPassage:
    name: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class When:
    """A time with its precision. `earliest` and `latest` are ISO 8601 dates or times, inclusive, `None` while
    unresolved; `basis` says how it was resolved ("stated", "weekday on or before publication", "relative to
    publication", "event calendar", "unresolved"); `relative_to` names what it hangs on where that is not resolved."""

    passage: Passage | None
    earliest: str | None
    latest: str | None
    precision: Literal["instant", "hour", "part_of_day", "day", "week", "month", "season", "year", "range", "unknown"]
    basis: str
    relative_to: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    gazetteer_id: str
    name: str
    country: str | None
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class Place:
    passage: Passage
    name: str
    gazetteer_id: str | None
    country: str | None  # ISO 3166-1 alpha-2
    latitude: float | None
    longitude: float | None
    radius_m: int | None
    role: Literal["location", "actor", "metonym"]
    candidates: tuple[Candidate, ...] = ()
    id: str | None = None  # None in readings made before these had ids


@dataclass(frozen=True, slots=True)
class Quotation:
    id: str
    passage: Passage
    form: Literal["direct", "mixed", "indirect"]
    speaker: Speaker | None
    cue: Passage | None
    venue: NamedPassage | None
    when: When | None


@dataclass(frozen=True, slots=True)
class Verification:
    """What the *source* says of the checking, never what we checked."""

    status: Literal["verified", "not_verified", "not_independently_verified", "disputed", "being_verified"]
    passage: Passage


@dataclass(frozen=True, slots=True)
class Claim:
    id: str
    kind: ClaimKind
    passage: Passage
    source: Holder
    quantity: Quantity | None
    effect: Effect | None
    who: Passage | None
    subset_of: str | None  # the id of the claim whose number includes this one
    cumulative_since: When | None
    as_of: When | None
    corrects: str | None  # the id of the claim that this one replaces, or the replaced words
    modality: Modality
    verification: Verification | None
    where: Passage | None
    when: When | None
    negated: bool
    border_crossed: Passage | None = None  # the words that say so; None: not said


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a vote or referral, as stated; `None` where not stated, so that 0 is a number that a source gave."""

    for_: int | None
    against: int | None
    abstaining: int | None
    states: tuple[str, ...] = ()
    states_total: int | None = None  # the States in all: those named and those only counted


@dataclass(frozen=True, slots=True)
class Event:
    id: str
    type: str  # a dotted path, e.g. attack.strike
    trigger: Passage
    actor: Passage | None
    aimed_at: Passage | None
    affected: Passage | None
    instrument: Passage | None
    where: Passage | None
    when: When | None
    modality: Modality
    source: Holder
    counts: Counts | None = None


@dataclass(frozen=True, slots=True)
class Weapon:
    passage: Passage
    class_: str  # SDG indicator 16.1.2 cause-of-death class, see lexica/weapons.tsv
    id: str | None = None  # None in readings made before these had ids


@dataclass(frozen=True, slots=True)
class ObjectMention:
    passage: Passage
    physical_type: str
    reported_as: Literal["aimed_at", "affected", "mentioned"]
    military_use_asserted: Passage | None
    id: str | None = None  # None in readings made before these had ids


@dataclass(frozen=True, slots=True)
class Label:
    """A legal label, word for word, with who uttered it and whom or what it is about in the source's words."""

    passage: Passage
    label: str
    holder: Holder
    about: Passage | None
    id: str | None = None  # None in readings made before these had ids


@dataclass(frozen=True, slots=True)
class Rejection:
    reason: str
    quote: str
    extractor: str


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    sha256: str
    chars: int
    published: str | None
    language: str


@dataclass(frozen=True, slots=True)
class Reading:
    document: DocumentInfo
    quotations: tuple[Quotation, ...]
    claims: tuple[Claim, ...]
    events: tuple[Event, ...]
    places: tuple[Place, ...]
    weapons: tuple[Weapon, ...]
    objects: tuple[ObjectMention, ...]
    labels: tuple[Label, ...]
    rejected: tuple[Rejection, ...]
    extractors: tuple[Mapping[str, Json], ...] = ()
    times: tuple[When, ...] = ()  # every expression of time in the text, resolved or not
    extra: Mapping[str, Json] = field(default_factory=dict)
