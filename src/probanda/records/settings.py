"""Settings: what a case asks for before anything counts as anchored or may leave it, and whom it asks beside the rules.

Guarantees: settings are a signed record in the log like any other, so that who weakens a policy leaves a trace; the
last ones count, earlier ones stay; the id follows from the content. Unset means: no anchor is asked for, nothing
claims one, and no way out needs a second person. Refuses a policy that nothing could meet, such as two anchors from
one authority.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, get_args

from probanda.records.canonical import CanonicalError, Json, canonical, identify, parse_canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.entry import parse_time, require_hex64

Way = Literal["bundle", "casefile", "export"]
WAYS: Final[tuple[Way, ...]] = get_args(Way)
EXTRACTORS: Final = "extractors"  # a field that settings may have, and those before it have not


@dataclass(frozen=True, slots=True)
class Authority:
    """A time authority (RFC 3161). `certificates` is PEM: the roots that this case trusts for it, and whatever
    intermediate certificates its tokens leave out."""

    name: str
    url: str
    certificates: str
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("expected a name for the time authority, found none")
        if not self.url.startswith(("http://", "https://")):
            raise ValueError(f"expected the authority's URL to begin with http:// or https://, found {self.url!r:.120}")
        if "-----BEGIN CERTIFICATE-----" not in self.certificates:
            raise ValueError(f"expected the certificates of {self.name!r} in PEM, found none")


@dataclass(frozen=True, slots=True)
class Witness:
    """Somebody else who cosigns checkpoints (C2SP tlog-cosignature). `vkey` is their verification key as C2SP
    signed-note writes it: name, key id, algorithm and key."""

    name: str
    vkey: str
    url: str | None = None  # where a checkpoint is sent (tlog-witness); `None`: cosignatures are handed in as files
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """`min_anchors`: how many different authorities or witnesses must have anchored a checkpoint before what lies under
    it counts as anchored, 0: none is asked for. `max_age_s`: how many seconds may lie between an entry and the
    checkpoint that anchors it, `None`: no limit. `approval`: the ways out that need a second person. `second_key`: an
    ML-DSA-44 public key, base64, whose signature every checkpoint carries too."""

    id: str
    authorities: tuple[Authority, ...]
    witnesses: tuple[Witness, ...]
    min_anchors: int
    max_age_s: int | None
    approval: tuple[Way, ...]
    second_key: str | None
    reason: str
    by: str
    at: str
    nonce: str
    extra: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = [one.name for one in self.authorities] + [one.name for one in self.witnesses]
        if len(set(names)) != len(names):
            raise ValueError("expected every authority and witness to have a name of its own, found one twice")
        if not 0 <= self.min_anchors <= len(names):
            raise ValueError(
                f"expected a minimum of 0 to {len(names)} anchors (so many authorities and witnesses are named), "
                f"found {self.min_anchors}"
            )
        if self.max_age_s is not None and self.max_age_s <= 0:
            raise ValueError(f"expected a greatest age of more than 0 seconds, found {self.max_age_s}")
        if unknown := [way for way in self.approval if way not in WAYS]:
            raise ValueError(f"expected ways out among {', '.join(WAYS)}, found {unknown[0]!r:.40}")
        if not self.reason.strip():
            raise ValueError("settings need a reason; found none")
        parse_time(self.at)
        require_hex64("the nonce", self.nonce)


@dataclass(frozen=True, slots=True)
class Extractors:
    """The extractors that a case asks beside the rules, by name, and since when it asks these: in the settings' JSON
    under `extractors`. A case that never asked for any has none there."""

    names: tuple[str, ...]
    since: str

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            raise ValueError("expected each extractor once, found one twice")
        parse_time(self.since)


def extractors_of(held: Settings | None) -> Extractors | None:
    """What the settings say of extractors; `None`: the case never asked for any. Raises `RecordError`."""
    told = None if held is None else held.extra.get(EXTRACTORS)
    return None if told is None else parse(Extractors, told, "settings.extractors")


def settings(draft: Settings) -> Settings:
    """`draft` with the id that follows from its content."""
    return replace(draft, id=settings_id(draft))


def settings_id(record: Settings) -> str:
    body = to_json(record)
    del body["id"]
    return identify("settings", body)


def encode_settings(record: Settings) -> bytes:
    """The bytes of the settings' blob."""
    return canonical(to_json(record))


def parse_settings(data: bytes) -> Settings:
    """The settings in a blob. Raises `RecordError`, also when their id does not follow from their content."""
    try:
        record = parse(Settings, parse_canonical(data), "settings")
    except CanonicalError as error:
        raise RecordError(f"settings: {error}") from error
    if record.id != settings_id(record):
        raise RecordError(f"settings: expected the id {settings_id(record)}, found {record.id!r:.90}")
    return record
