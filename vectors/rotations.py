"""Key rotations: a good log that has some, and the faults of their own, each as changes of the good case.

Signed here line by line, so that the good case and every vector made from it stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from world import LOG, Seeded, World

from probanda.preserve import acts
from probanda.preserve.keyring import Keyring
from probanda.preserve.keys import Signer, signature_holds
from probanda.preserve.log import Draft
from probanda.preserve.merkle import leaf_hash
from probanda.preserve.rotation import rotation
from probanda.records.entry import Agent, Entry, Signature, encode, parse_entry, signed_bytes

Vector = tuple[str, str, list[str], Mapping[str, bytes | None]]
_AT = "2026-11-22T07:00:30.000Z"


def rotation_vectors(world: World) -> Iterator[Vector]:
    """Name, what it shows, the checks that fail, the files that differ from the good case."""
    entries = [parse_entry(line) for line in world.files()[LOG].splitlines()]
    case = str(entries[0].detail["case"])
    first, person = world.signer, world.person
    with TemporaryDirectory() as folder:
        ring, random = Keyring(Path(folder)), Seeded("probanda rotation vectors")
        next_first, next_person, late = (
            ring.create(random, agent=agent) for agent in (first.agent, person.agent, None)
        )
        public: dict[str, bytes | None] = {path.name: path.read_bytes() for path in Path(folder).glob("*.pub.pem")}
    late_person = acts.registration(late, "Ivo Marek")

    def log(*acted: tuple[Draft, Signer], change: Callable[[Entry], Entry] | None = None) -> dict[str, bytes | None]:
        """The good case's log with further entries, the last of them changed before it is signed."""
        lines = world.files()[LOG].splitlines()
        for number, (draft, signer) in enumerate(acted, 1):
            entry = _entry(len(lines), leaf_hash(lines[-1]).hex(), draft, signer)
            if change is not None and number == len(acted):
                entry = change(entry)
            lines.append(_sign(entry, signer))
        used = {name for name in public if any(name.split(".")[0].encode() in line for line in lines)}
        return {LOG: b"".join(line + b"\n" for line in lines)} | {f"keys/{name}": public[name] for name in sorted(used)}

    of_person = rotation(case, person, next_person, "a new laptop")
    of_case = rotation(case, first, next_first, "the old one was stolen", "2026-11-22T07:00:20.000Z")
    note = acts.failure("ingestion", "the file vanished while it was read")
    note = replace(note, committed_values={})
    yield (
        "rotation-good",
        "the keys of the case and of a person are rotated; both act, and the new key registers another person",
        [],
        log((of_person, person), (of_case, first), (note, next_person),
            (replace(late_person, committed_values={}), next_first), (note, late)),
    )  # fmt: skip
    bad = ["key.agreement"]
    yield (
        "rotation-not-signed-by-the-new-key",
        "the new key did not sign its own rotation: the old key did in its place",
        bad,
        log((rotation(case, person, _posing(next_person, person), "a new laptop"), person)),
    )
    yield (
        "rotation-old-key-used-after",
        "an entry is signed by the key that was rotated before",
        ["log.signatures"],
        log((of_person, person), (note, person)),
    )
    yield (
        "rotation-of-another",
        "a person puts a new key in the place of another person's",
        bad,
        log((rotation(case, replace(person, agent=first.agent), next_person, "a new laptop"), person),
            change=lambda e: replace(e, agents=(Agent(person.agent, "implementer"),))),
    )  # fmt: skip
    yield (
        "rotation-in-another-case",
        "the rotation was signed for another case",
        bad,
        log((rotation("case:" + "1" * 64, person, next_person, "a new laptop"), person)),
    )
    yield (
        "rotation-elsewhere",
        "the new key signed the rotation for another place in the log",
        bad,
        log((replace(of_person, bound=lambda prev: of_person.bound("0" * 64) if of_person.bound else {}), person)),
    )
    yield (
        "rotation-key-missing",
        "the public half of the new key is not in keys/",
        bad,
        {name: data for name, data in log((of_person, person)).items() if name == LOG},
    )
    yield (
        "rotation-registration-by-the-old-case-key",
        "a person is registered by the case's key that was rotated before",
        ["key.agreement", "log.signatures"],
        log((of_case, first), (replace(late_person, committed_values={}), first)),
    )


def _entry(seq: int, prev: str, draft: Draft, signer: Signer) -> Entry:
    detail = {**draft.detail, **(draft.bound(prev) if draft.bound else {})}
    agents = (Agent(signer.agent, "implementer"),)
    signature = Signature(signer.fingerprint, "")
    return Entry(1, seq, prev, _AT, draft.act, agents, (), draft.outcome, detail, {}, signature)


def _sign(entry: Entry, signer: Signer) -> bytes:
    value = signer.sign(signed_bytes(entry))
    assert signature_holds(signer.public, value, signed_bytes(entry))
    return encode(replace(entry, signature=Signature(signer.fingerprint, value)))


def _posing(shown: Signer, signing: Signer) -> Signer:
    """A signer that shows one key and signs with another."""
    return replace(signing, fingerprint=shown.fingerprint, public=shown.public)
