"""Writes the bundle of a case from what is chosen, sealed and signed (spec/bundle.md).

Guarantees: what is under the bundle's name is whole and durable; a blob whose bytes are not those of its name stops it,
with an error that names the blob, and leaves nothing behind; the same arguments give the same bytes, signatures of time
authorities aside. Everything comes in as an argument: the clock as a date, keys as functions, authorities as functions.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from probanda.preserve import kit
from probanda.preserve.blobs import BlobStore
from probanda.preserve.bundle.bag import Bag, unfinished
from probanda.preserve.bundle.choose import Choice, Permission
from probanda.preserve.bundle.describe import Description, Rows, object_path
from probanda.preserve.bundle.premis import OBJECTS_A_FILE
from probanda.preserve.errors import BlobCorrupt
from probanda.preserve.keys import public_pem
from probanda.preserve.openings import Openings
from probanda.preserve.regular import HASH_BUFFER_BYTES
from probanda.preserve.tiles import Tiles, write_tiles
from probanda.preserve.tlog_proof import encode_proof

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+", re.ASCII)
_ED25519_LINE: Final = 4 + 64  # key id and signature

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Sealed:
    """A checkpoint over the first `size` entries: the signed note, the tokens of time authorities over its bytes and
    the cosignatures of witnesses, each with the name that the settings give it."""

    size: int
    root: str
    note: bytes
    tokens: Sequence[tuple[str, bytes]] = ()
    cosigned: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """What a bundle is made of. `lines` gives the log's first `seal.size` lines, each without its line end, as often as
    it is called. `earlier` are the seals before. `public` is the raw key in force, `vkey` the same as C2SP writes it.
    `certificates` are PEM, by the name of their authority."""

    case: str
    manifest: bytes
    lines: Callable[[], Iterable[bytes]]
    blobs: BlobStore
    openings: Openings
    rows: Rows
    seal: Sealed
    public: bytes
    vkey: str
    earlier: Sequence[Sealed] = ()
    certificates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signing:
    """`sign` gives the raw Ed25519 signature by the key in force; `stamp` the tokens over some bytes by the names of
    their authorities, as far as those answer."""

    sign: Callable[[bytes], bytes]
    stamp: Callable[[bytes], Sequence[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class Made:
    """`objects` blobs, `octets` of payload in `files`; `stamped` names the authorities over the tag manifest."""

    objects: int
    items: int
    octets: int
    files: int
    tagmanifest: str
    stamped: tuple[str, ...]
    withheld: tuple[tuple[str, str, int], ...]  # what, reason, how many


def write_bundle(
    out: Path,
    material: Material,
    choice: Choice,
    permission: Permission,
    signing: Signing,
    info: Mapping[str, str],
    *,
    objects_a_file: int = OBJECTS_A_FILE,
    progress: Progress | None = None,
) -> Made:
    """Writes the bundle to `out`. `info` are the lines of bag-info.txt. Raises `OutputTaken`, `Locked`, `BundleError`,
    `BlobCorrupt`, `BlobMissing`; there is no bundle then."""
    tell = progress or _untold
    with unfinished(out, material.case) as bag:
        _objects(bag, material.blobs, choice, tell)
        described = _log(bag, material, choice, permission, objects_a_file, tell)
        _seals(bag, material)
        _proofs(bag, described.ingestions, material.seal, tell)
        for fingerprint, public in sorted(described.keys.items()):
            bag.put(f"data/keys/{fingerprint}.pub.pem", public_pem(base64.b64decode(public)))
        counts = [(what, reason, count) for (what, reason), count in sorted(choice.counts.items())]
        if described.withheld_openings:
            counts.append(
                ("openings", "names, sources, notes and reasons that are not shown", described.withheld_openings)
            )
        _withheld(bag, permission.audience, choice, counts)
        bag.put("data/case.json", material.manifest)
        for name, data in kit.files().items():
            bag.put(f"data/verify/{name}", data)
        tagmanifest = bag.finish(info)
        stamped = _anchors(bag, material, signing, tagmanifest)
        tell("writing", bag.streams, bag.streams)
    return Made(
        len(choice.objects), len(choice.captures), bag.octets, bag.streams, hashlib.sha256(tagmanifest).hexdigest(),
        stamped, tuple(counts),
    )  # fmt: skip


def _objects(bag: Bag, blobs: BlobStore, choice: Choice, tell: Progress) -> None:
    total = len(choice.objects)
    buffer = memoryview(bytearray(HASH_BUFFER_BYTES))
    for done, digest in enumerate(sorted(choice.objects)):
        sha256 = digest.hex()
        with blobs.open(sha256) as file, bag.stream(object_path(sha256)) as stream:
            while count := file.readinto(buffer):
                stream.write(buffer[:count])
        assert stream.written is not None
        if stream.written.sha256 != sha256 or stream.written.size != choice.objects[digest]:
            raise BlobCorrupt(
                f"expected {choice.objects[digest]} bytes with the digest {sha256} in the blob of that name, found "
                f"{stream.written.size} bytes with the digest {stream.written.sha256}: it was changed after it was "
                "kept, or the disk is failing. No bundle was made; run verify, and restore the blob from a copy"
            )
        if done % 256 == 0:
            tell("copying", done, total)


def _log(
    bag: Bag, material: Material, choice: Choice, permission: Permission, objects_a_file: int, tell: Progress
) -> Description:
    described = Description(bag, material.case, choice, permission, material.openings, material.rows, objects_a_file)
    with described:
        for number, line in enumerate(material.lines()):
            described.see(line)
            if number % 1024 == 0:
                tell("describing", number, material.seal.size)
        described.end(material.seal.size, material.seal.root)
    prefix = bag.part / "data" / "log"
    write_tiles(
        material.lines(),
        prefix,
        also=[one.size for one in material.earlier],
        place=lambda path, data: _placed(bag, path, data),
    )
    return described


def _placed(bag: Bag, path: Path, data: bytes) -> None:
    bag.put(path.relative_to(bag.part).as_posix(), data)


def _seals(bag: Bag, material: Material) -> None:
    _checkpoint(bag, "data/log", material.seal)
    for seal in material.earlier:
        folder = f"data/checkpoints/{seal.size}"
        _checkpoint(bag, folder, seal)
        for name, data in named(seal.tokens, "tsr") + named(seal.cosigned, "note"):
            bag.put(f"{folder}/{name}", data)


def _checkpoint(bag: Bag, folder: str, seal: Sealed) -> None:
    bag.put(f"{folder}/checkpoint", seal.note)
    bag.put(f"{folder}/checkpoint.body", body_of(seal.note))
    bag.put(f"{folder}/checkpoint.sig", signature_of(seal.note))


def _proofs(bag: Bag, numbers: Sequence[int], seal: Sealed, tell: Progress) -> None:
    tiles = Tiles(bag.part / "data" / "log", seal.size)
    for done, seq in enumerate(numbers):
        bag.put(f"data/proofs/{seq}.tlog-proof", encode_proof(seq, tiles.inclusion(seq), seal.note))
        if done % 1024 == 0:
            tell("proving", done, len(numbers))


def _withheld(bag: Bag, audience: str, choice: Choice, counts: Sequence[tuple[str, str, int]]) -> None:
    """One entry a line, so that a bundle of millions needs no more memory than another."""
    with bag.stream("data/withheld.json") as stream:
        stream.write(f'{{"audience": {json.dumps(audience)},\n "entries": ['.encode("ascii"))
        for number, (seq, reason) in enumerate(choice.withheld.items()):
            stream.write(
                ("," if number else "").encode() + f'\n  {{"seq": {seq}, "reason": {json.dumps(reason)}}}'.encode()
            )
        told = [{"what": what, "reason": reason, "count": count} for what, reason, count in counts]
        lines = ",\n  ".join(json.dumps(one) for one in told)
        stream.write(f'],\n "counts": [\n  {lines}]}}\n'.encode("ascii"))


def _anchors(bag: Bag, material: Material, signing: Signing, tagmanifest: bytes) -> tuple[str, ...]:
    bag.put("anchors/log.pub.pem", public_pem(material.public))
    bag.put("anchors/log.vkey", f"{material.vkey}\n".encode())
    bag.put("anchors/tagmanifest.sig", signing.sign(tagmanifest))
    tokens = signing.stamp(tagmanifest)
    for name, data in named(tokens, "tsr"):
        bag.put(f"anchors/tagmanifest.{name}", data)
    for name, data in named(material.seal.tokens, "tsr") + named(material.seal.cosigned, "note"):
        bag.put(f"anchors/checkpoint.{name}", data)
    for name, data in named(
        [(name, text.encode("utf-8")) for name, text in sorted(material.certificates.items())], "pem"
    ):
        bag.put(f"anchors/{name}", data)
    return tuple(name for name, _ in tokens)


def named(found: Sequence[tuple[str, bytes]], suffix: str) -> list[tuple[str, bytes]]:
    """File names for what authorities and witnesses gave. Their names are people's words: only letters, digits, dots,
    dashes and underscores of them go into a file name."""
    return [(f"{file_name(name)}.{suffix}", data) for name, data in found]


def file_name(name: str) -> str:
    """The name itself where it is safe as a file name everywhere, else what is left of it and eight digits of its
    SHA-256, so that two names never become one."""
    safe = _UNSAFE.sub("-", name).strip(".-")
    return name if safe == name and len(name) <= 60 else f"{safe[:60]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def body_of(note: bytes) -> bytes:
    """The text of a signed note, its last line end included: what an Ed25519 line signs."""
    return note[: note.rindex(b"\n\n") + 1]


def signature_of(note: bytes) -> bytes:
    """The raw signature in the first line of Ed25519's length. Raises `ValueError` where there is none."""
    for line in note[note.rindex(b"\n\n") + 2 :].splitlines():
        signed = base64.b64decode(line.rsplit(b" ", 1)[-1])
        if len(signed) == _ED25519_LINE:
            return signed[4:]
    raise ValueError("expected an Ed25519 signature line in the checkpoint, found none")


def _untold(what: str, done: int, total: int) -> None:
    """Nobody asked how far it is."""
