"""Settings, seals and stamps: a good log that has some, and the faults of their own, each as changes of the good case.

Keys follow from words, signatures are deterministic, and the stamps are made in plain Python (`token_maker`), so that
the files come out the same to the byte. The certificates last from 2026 to 2046.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from token_maker import Office, office, response
from world import LOG, World, blob_path

from probanda.preserve import acts
from probanda.preserve.blobs import BlobRef
from probanda.preserve.checkpoint import Checkpoint, origin_of, signed_checkpoint
from probanda.preserve.cosignature import cosign
from probanda.preserve.log import Draft
from probanda.preserve.merkle import leaf_hash, root
from probanda.preserve.note import COSIGNATURE_ED25519, Note, NoteKey
from probanda.preserve.renewal import FORMAT, Bound, Head, Tree512
from probanda.preserve.seals import Kind, Stamp, sealing
from probanda.records.canonical import canonical
from probanda.records.codec import to_json
from probanda.records.entry import Agent, Entry, Signature, format_time, parse_entry
from probanda.records.settings import Authority, Settings, Witness, encode_settings, settings

Vector = tuple[str, str, list[str], Mapping[str, bytes | None]]

AT = datetime(2026, 11, 22, 7, 1, 0, tzinfo=UTC)
STARTS, ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2046, 1, 1, tzinfo=UTC)
OFFICE, BUREAU = office("Office of Velin", STARTS, ENDS), office("Bureau of Brendia", STARTS, ENDS)
WITNESS = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"a witness of the vectors").digest())
WITNESS_KEY = NoteKey("partner.example/w", COSIGNATURE_ED25519, WITNESS.public_key().public_bytes_raw())


@dataclass
class Making:
    """The good case's log while entries are added: each linked, signed by the case's key, a second after the last."""

    world: World
    lines: list[bytes] = field(default_factory=list)
    blobs: dict[str, bytes | None] = field(default_factory=dict)
    now: datetime = AT

    def __post_init__(self) -> None:
        self.lines = self.lines or self.world.files()[LOG].splitlines()
        self.case = str(parse_entry(self.lines[0]).detail["case"])

    def put(self, data: bytes) -> BlobRef:
        ref = BlobRef(hashlib.sha256(data).hexdigest(), len(data))
        self.blobs[blob_path(ref.sha256)] = data
        return ref

    def add(self, draft: Draft, change: Callable[[Entry], Entry] = lambda entry: entry) -> None:
        self.now += timedelta(seconds=1)
        signer = self.world.signer
        entry = Entry(
            v=1, seq=len(self.lines), prev=leaf_hash(self.lines[-1]).hex(), time=format_time(self.now), act=draft.act,
            agents=(Agent(signer.agent, "implementer"),), objects=draft.objects, outcome=draft.outcome,
            detail=draft.detail, committed={}, signature=Signature(signer.fingerprint, ""),
        )  # fmt: skip
        self.lines.append(self.world.sign(change(entry)))

    def head(self) -> Checkpoint:
        leaves = [leaf_hash(line) for line in self.lines]
        return Checkpoint(origin_of(self.case), len(leaves), root(leaves))

    def signed(self, head: Checkpoint) -> Note:
        return signed_checkpoint(head, self.world.signer.public, self.world.signer.sign_raw)

    def settle(self, change: Callable[[Entry], Entry] = lambda entry: entry) -> None:
        made = settings(
            Settings(
                "", (_authority("Office", OFFICE), _authority("Bureau", BUREAU)),
                (Witness("Partner", WITNESS_KEY.vkey),), 1, 86_400, (), None, "A stamp a day.",
                self.world.signer.agent, format_time(self.now), "b1" * 32,
            )
        )  # fmt: skip
        self.add(acts.settings(made, self.put(encode_settings(made))), change)

    def stamp(self, kind: Kind, name: str, token: bytes, at: datetime | None = None, ends: datetime = ENDS) -> Stamp:
        return Stamp(kind, name, self.put(token), format_time(at or self.now), format_time(ends))

    def seal(
        self,
        note: Note | None = None,
        stamps: Sequence[Stamp] | None = None,
        change: Callable[[Entry], Entry] = lambda entry: entry,
        renewal: BlobRef | None = None,
        head: Checkpoint | None = None,
    ) -> None:
        """Seals what is there, by both authorities where nothing else is said."""
        head = head or self.head()
        note = note or self.signed(head)
        if stamps is None:
            stamps = self.both(note.encode())
        self.add(sealing(head, self.put(note.encode()), stamps, renewal), change)

    def both(self, data: bytes) -> list[Stamp]:
        return [
            self.stamp("time stamp", name, response(by, data, self.now))
            for name, by in (("Office", OFFICE), ("Bureau", BUREAU))
        ]

    def manifest(self, change: Callable[[list[bytes]], list[bytes]] = lambda lines: lines) -> bytes:
        """Of the case as it is."""
        tree = Tree512()
        for line in self.lines:
            tree.append(line)
        head = self.head()
        held = {
            name.rsplit("/", 1)[-1]: data
            for name, data in {**self.world.files(), **self.blobs}.items()
            if name.startswith("blobs/") and data is not None
        }
        bound = [Bound(name, hashlib.sha512(data).hexdigest(), len(data)) for name, data in sorted(held.items())]
        first = Head(FORMAT, head.origin, head.size, head.root.hex(), tree.root(), len(bound))
        return b"".join(line + b"\n" for line in change([canonical(to_json(one)) for one in (first, *bound)]))

    def changes(self) -> dict[str, bytes | None]:
        return {**self.blobs, LOG: b"".join(line + b"\n" for line in self.lines)}


def _authority(name: str, by: Office) -> Authority:
    return Authority(name, f"http://{name.lower()}.example/", by.certificates)


def sealed_vectors(world: World) -> Iterator[Vector]:
    """Name, what it shows, the checks that fail, the files that differ from the good case."""
    yield from _good(world)
    yield from _settings(world)
    yield from _checkpoints(world)
    yield from _tokens(world)
    yield from _times(world)
    yield from _renewals(world)


def made(world: World, acting: Callable[[Making], None]) -> dict[str, bytes | None]:
    making = Making(world)
    making.settle()
    acting(making)
    return making.changes()


def _good(world: World) -> Iterator[Vector]:
    def good(making: Making) -> None:
        head = making.head()
        note = making.signed(head)
        cosigned = cosign(note, WITNESS_KEY, WITNESS.sign, making.now)
        witness = Stamp("cosignature", "Partner", making.put(cosigned.encode()), format_time(making.now))
        making.seal(note, [*making.both(note.encode()), witness])
        manifest = making.manifest()
        note = making.signed(making.head())
        renewing = making.stamp("renewal time stamp", "Office", response(OFFICE, manifest, making.now, digest="sha512"))
        making.seal(note, [*making.both(note.encode()), renewing], renewal=making.put(manifest))

    yield (
        "seals-good",
        "settings, a seal with two stamps and a cosignature, a renewal; nothing fails",
        [],
        made(world, good),
    )

    def unsorted(making: Making) -> None:
        note = making.signed(making.head())
        token = response(OFFICE, note.encode(), making.now, extra_certificates=[OFFICE.root], sorted_certificates=False)
        making.seal(note, [making.stamp("time stamp", "Office", token)])

    yield (
        "token-certificates-reordered",
        "a stamp whose certificates are not in DER's order, as some authorities send them; nothing fails",
        [],
        made(world, unsorted),
    )
    yield (
        "seal-without-stamps",
        "the stamps of a seal were left out: nothing contradicts it, and no time is anchored",
        [],
        made(world, lambda making: making.seal(stamps=[])),
    )


def _settings(world: World) -> Iterator[Vector]:
    other, bad = world.person, ["settings.signed"]

    def by_another(entry: Entry) -> Entry:
        agents = (Agent(other.agent, "implementer"),)
        return replace(entry, agents=agents, signature=Signature(other.fingerprint, ""))

    for name, about, change in (
        ("settings-by-another", "settings signed by another person than who made the case", by_another),
        ("settings-misquoted", "the entry asks for fewer anchors than the settings do",
         lambda entry: replace(entry, detail={**entry.detail, "min_anchors": 0})),
    ):  # fmt: skip
        making = Making(world)
        making.settle(change)
        yield name, about, bad, making.changes()


def _checkpoints(world: World) -> Iterator[Vector]:
    signed, consistent = ["checkpoints.signed"], ["checkpoints.consistent"]

    def stripped(making: Making) -> None:
        head = making.head()
        stranger = signed_checkpoint(head, world.stranger.public, world.stranger.sign_raw)
        making.seal(stranger)

    yield (
        "checkpoint-by-another-key",
        "a checkpoint without a signature by the case's key",
        signed,
        made(world, stripped),
    )

    def transplanted(making: Making) -> None:
        earlier = making.signed(making.head())
        making.add(replace(acts.failure("ingestion", "torn"), committed_values={}))
        making.seal(Note(making.head().text, earlier.signatures))

    yield (
        "checkpoint-signature-transplanted",
        "the signature under a checkpoint is that of an earlier one",
        signed,
        made(world, transplanted),
    )

    def elsewhere(making: Making) -> None:
        head = replace(making.head(), origin="probanda/" + "5a" * 32)
        making.seal(head=head)

    yield "checkpoint-origin-wrong", "a checkpoint under the name of another case", signed, made(world, elsewhere)
    yield (
        "checkpoint-misquoted",
        "the entry states another size than its checkpoint",
        signed,
        made(world, lambda m: m.seal(change=lambda e: replace(e, detail={**e.detail, "size": 1}))),
    )

    def foreign(making: Making) -> None:
        note = making.signed(making.head())
        other = cosign(making.signed(replace(making.head(), size=1)), WITNESS_KEY, WITNESS.sign, making.now)
        moved = Note(note.text, (*note.signatures, other.signatures[-1]))
        making.seal(note, [Stamp("cosignature", "Partner", making.put(moved.encode()), format_time(making.now))])

    yield (
        "cosignature-transplanted",
        "a witness's cosignature that was made under another checkpoint",
        signed,
        made(world, foreign),
    )
    yield (
        "checkpoint-root-wrong",
        "a checkpoint, well signed and stamped, with a root that the log never had",
        consistent,
        made(world, lambda m: m.seal(head=replace(m.head(), root=b"\x11" * 32))),
    )
    yield (
        "checkpoint-beyond-the-log",
        "a checkpoint over more entries than there were",
        consistent,
        made(world, lambda m: m.seal(head=replace(m.head(), size=m.head().size + 5))),
    )

    def changed(making: Making) -> None:
        kept = making.head()
        making.lines = making.lines[:-1]  # the settings, assigned again with another time
        making.now += timedelta(seconds=5)
        making.settle()
        making.seal(head=kept)

    yield (
        "history-changed-under-a-seal",
        "an entry under a seal was written anew, and the log linked and signed again",
        consistent,
        made(world, changed),
    )


def _tokens(world: World) -> Iterator[Vector]:
    late = ENDS + timedelta(days=1)
    makers: list[tuple[str, str, Callable[[bytes, datetime], bytes]]] = [
        ("token-of-other-data", "a stamp over other bytes than the checkpoint",
         lambda data, at: response(OFFICE, b"something else", at)),
        ("token-expired", "a stamp of a time at which the authority's certificate had expired",
         lambda data, at: response(OFFICE, data, late)),
        ("token-of-another-authority", "a stamp that leads to another root than the settings give",
         lambda data, at: response(BUREAU, data, at)),
        ("token-without-use", "a stamp by a certificate that is not for time stamping",
         lambda data, at: response(office("Office of Velin", STARTS, ENDS, use=None), data, at)),
        ("token-by-sha1", "a stamp over a digest by SHA-1", lambda data, at: response(OFFICE, data, at, digest="sha1")),
        ("token-by-sha512", "a stamp over a digest by another hash than the format fixes",
         lambda data, at: response(OFFICE, data, at, digest="sha512")),
        ("token-cut", "a stamp whose last bytes are missing", lambda data, at: response(OFFICE, data, at)[:-9]),
        ("token-of-another-time", "a stamp that names another time than the entry",
         lambda data, at: response(OFFICE, data, at - timedelta(seconds=30))),
        ("token-forged", "a stamp by another key, under the authority's certificate",
         lambda data, at: response(replace(OFFICE, key=BUREAU.key), data, at)),
    ]  # fmt: skip
    for name, about, make in makers:

        def faulty(making: Making, make: Callable[[bytes, datetime], bytes] = make) -> None:
            note = making.signed(making.head())
            making.seal(note, [making.stamp("time stamp", "Office", make(note.encode(), making.now))])

        yield name, about, ["time.tokens"], made(world, faulty)

    def swapped(making: Making) -> None:
        first = making.signed(making.head())
        token = response(OFFICE, first.encode(), making.now)
        at = making.now
        making.seal(first, [])
        making.seal(stamps=[making.stamp("time stamp", "Office", token, at)])

    yield "tokens-reordered", "the stamp of one seal stands at the next", ["time.tokens"], made(world, swapped)

    def unnamed(making: Making) -> None:
        note = making.signed(making.head())
        making.seal(note, [making.stamp("time stamp", "Registry", response(OFFICE, note.encode(), making.now))])

    yield "token-of-an-unnamed-authority", "a stamp by whom no settings name", ["time.tokens"], made(world, unnamed)

    def doubled(making: Making) -> None:
        both = settings(
            Settings("", (_authority("One", OFFICE), _authority("Two", OFFICE)), (), 2, None, (), None, "Two.",
                     world.signer.agent, format_time(making.now), "b2" * 32)
        )  # fmt: skip
        making.add(acts.settings(both, making.put(encode_settings(both))))
        note = making.signed(making.head())
        making.seal(note, [
            making.stamp("time stamp", name, response(OFFICE, note.encode(), making.now, serial=number))
            for number, name in enumerate(("One", "Two"), 1)
        ])  # fmt: skip

    yield "tokens-of-one-key", "two stamps by one key count as two authorities", ["time.tokens"], made(world, doubled)


def _times(world: World) -> Iterator[Vector]:
    def stamped(shift: timedelta) -> Callable[[Making], None]:
        def acting(making: Making) -> None:
            note, at = making.signed(making.head()), making.now + shift
            making.seal(note, [making.stamp("time stamp", "Office", response(OFFICE, note.encode(), at), at)])

        return acting

    day = timedelta(days=1)
    yield (
        "entries-younger-than-their-stamp",
        "entries claim a day after the stamp that covers them",
        ["time.order"],
        made(world, stamped(-day)),
    )
    yield (
        "seal-older-than-its-stamp",
        "the entry that names a stamp claims a day before it",
        ["time.order"],
        made(world, stamped(day)),
    )


def _renewals(world: World) -> Iterator[Vector]:
    def renewed(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Making], None]:
        def acting(making: Making) -> None:
            manifest, note = making.manifest(change), making.signed(making.head())
            token = response(OFFICE, manifest, making.now, digest="sha512")
            stamps = [*making.both(note.encode()), making.stamp("renewal time stamp", "Office", token)]
            making.seal(note, stamps, renewal=making.put(manifest))

        return acting

    def other_root(lines: list[bytes]) -> list[bytes]:
        place = lines[0].index(b'"root_sha512":"') + 15
        return [lines[0][:place] + b"0" * 128 + lines[0][place + 128 :], *lines[1:]]

    def other_blob(lines: list[bytes]) -> list[bytes]:
        place = lines[1].index(b'"sha512":"') + 10
        return [lines[0], lines[1][:place] + b"0" * 128 + lines[1][place + 128 :], *lines[2:]]

    bad = ["time.renewed"]
    yield "renewal-root-wrong", "a renewal of a log with another SHA-512 root", bad, made(world, renewed(other_root))
    yield "renewal-blob-wrong", "a renewal of a blob with another SHA-512", bad, made(world, renewed(other_blob))
