"""Attacks on a case by who knows the format: histories made anew, seals and stamps, what was derived, decided, let out
and taken in. Where keys are stolen, everything around the change is signed anew, so that the check named is reached.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.x509.oid import ExtendedKeyUsageOID
from token_maker import office, response

from attack_world import (
    ENDS,
    LOG,
    NOON,
    STARTS,
    Entries,
    Files,
    Sealed,
    entries,
    flipped,
    naively,
    rechained,
    resigned,
    seq_of,
)  # fmt: skip
from attacks import Attacked, Row, opened, place
from probanda.preserve.checkpoint import Checkpoint, signed_checkpoint
from probanda.preserve.merkle import CompactRange
from probanda.records.canonical import canonical
from probanda.records.entry import commitment, format_time, parse_time
from probanda.records.settings import encode_settings, parse_settings, settings

Attack = Callable[[Sealed], Attacked]
FORGED = office("made up by the thief", STARTS, ENDS)


def put(files: Files, data: bytes) -> tuple[Files, dict[str, Any]]:
    """The files with a blob more, and how an entry names it."""
    digest = hashlib.sha256(data).hexdigest()
    return files | {place(digest): data}, {"sha256": digest, "size": len(data)}


def root_of(files: Files) -> tuple[int, bytes]:
    tree = CompactRange()
    for line in files[LOG].splitlines():
        tree.append(hashlib.sha256(b"\0" + line).digest())
    return tree.size, tree.root()


def sealed_again(world: Sealed, files: Files, by: Any, at: datetime) -> Files:
    """A seal more, signed by the stolen key and stamped by whom the thief likes."""
    size, root = root_of(files)
    head = Checkpoint(world.pinned.split(b"\n")[0].decode(), size, root)
    note = signed_checkpoint(head, world.signer.public, world.signer.sign_raw).encode()
    found = entries(files)
    files, named = put(files, note)
    objects = [{"role": "checkpoint", **named}]
    files, named = put(files, response(by, note, at))
    stamp = {"authority": "Office", "role": "time stamp", "time": format_time(at), "until": format_time(ENDS)}
    objects.append(stamp | named)
    agents = [{"id": f"agent:{world.first_key}", "role": "implementer"}]
    return resigned(files, [*found, found[-1] | {
        "act": "checkpoint", "agents": agents, "objects": objects, "outcome": "success", "committed": {},
        "detail": {"origin": head.origin, "size": size, "root": root.hex()}, "time": format_time(at),
        "signature": found[-1]["signature"] | {"key": world.key},
    }], world.signers)  # fmt: skip


def cut(world: Sealed, length: int) -> Files:
    return world.case | {LOG: b"".join(world.case[LOG].splitlines(keepends=True)[:length])}


def rebuilt(world: Sealed) -> Files:
    """Another history by who stole every key: a judgement turned round, and no seal any more."""
    kept = [one for one in entries(world.case) if one["act"] != "checkpoint"]
    for one in kept:
        if one["act"] == "failure":
            one["detail"]["remark"] = "nothing was lost"
    kept = [_renumbered(one, {old["seq"]: new for new, old in enumerate(kept)}) for one in kept]
    return _origins(world, resigned(world.case, kept, world.signers), kept)


def _renumbered(one: dict[str, Any], numbers: dict[int, int]) -> dict[str, Any]:
    for name in ("of", "approval"):
        if isinstance(one["detail"].get(name), int):
            one["detail"][name] = numbers[one["detail"][name]]
    return one


def _origins(world: Sealed, files: Files, kept: Entries) -> Files:
    """Items that came in name the number of their transfer behind a commitment; the thief makes those anew."""
    number = next(new for new, one in enumerate(kept) if one["act"] == "transfer")
    for one in kept:
        if "origin" in one["committed"]:
            files, one["committed"]["origin"] = _opening(
                files, opened(world, one["committed"]["origin"]) | {"transfer": number}
            )
    return resigned(files, kept, world.signers)


def _opening(files: Files, value: Any) -> tuple[Files, str]:
    salt = hashlib.sha256(canonical(value)).digest()
    made = commitment(salt, value)
    line = canonical({"commitment": made, "salt": salt.hex(), "value": value}) + b"\n"
    return files | {"private/openings.jsonl": files["private/openings.jsonl"] + line}, made


def made_up_office(world: Sealed) -> Files:
    """The whole history anew, sealed by an authority of the thief, which the settings now name."""
    files = rebuilt(world)
    found, seq = entries(files), seq_of(files, "policy assignment")
    record = parse_settings(files[place(found[seq]["objects"][0]["sha256"])])
    known = tuple(replace(one, certificates=FORGED.certificates) for one in record.authorities)
    record = settings(replace(record, authorities=known))
    files, named = put(files, encode_settings(record))
    found[seq]["objects"][0] |= named
    found[seq]["detail"]["settings"] = record.id
    files = resigned(files, found, world.signers)
    return sealed_again(world, files, FORGED, parse_time(found[-1]["time"]) + timedelta(seconds=1))


def history() -> Iterator[Row]:
    group = "History made anew"

    def torn(world: Sealed) -> Attacked:
        return world.case | {LOG: world.case[LOG][:-40]}, "no whole entry"

    def after_seal(world: Sealed) -> Attacked:
        return cut(world, seq_of(world.case, "checkpoint", -2) + 1), "found only"

    def before_deletion(world: Sealed) -> Attacked:
        return cut(world, seq_of(world.case, "checkpoint") + 1), "entry 4: the blob"

    def dated_back(world: Sealed) -> Attacked:
        found = entries(world.case)
        found[1]["time"] = found[0]["time"]
        return resigned(world.case, found, world.signers), f"entry {seq_of(world.case, 'checkpoint')}:"

    def late(world: Sealed, by: int) -> Attacked:
        found = entries(world.case)
        last = parse_time(found[-1]["time"]) - timedelta(seconds=by)
        item = found[seq_of(world.case, "access")] | {"time": format_time(last)}
        return resigned(world.case, [*found, item], world.signers), f"line {len(found) + 1}:"

    root = ("log.root", "nothing in this folder shows whether entries were cut from the end")
    yield Row(group, "the last bytes of the log are cut off", torn, "log.torn_tail")
    yield Row(
        group,
        "the log is cut after a seal",
        after_seal,
        None,
        says=root,
        remains="a log that ends earlier is a whole log; keep a checkpoint, or its number and root, elsewhere",
    )
    yield Row(group, "the log is cut after a seal", after_seal, "log.root", knows="checkpoint")
    yield Row(group, "the log is cut after a seal, below a deletion", before_deletion, "blobs.present")
    yield Row(
        group,
        "an entry below a stamped seal is dated back, everything signed anew",
        dated_back,
        "checkpoints.consistent",
    )
    yield Row(
        group,
        "an entry is added at the end with a time before the last one, by the stolen key",
        lambda world: late(world, 60),
        "log.time_order",
    )
    yield Row(
        group,
        "an entry is added after the last seal and dated back to it, by the stolen key",
        lambda world: late(world, 0),
        None,
        says=("time.anchored", "2 entries after it"),
        remains="what comes after the last anchor has the time that its writer states",
    )
    yield Row(
        group,
        "all seals are dropped and the history is written anew with every key stolen",
        lambda world: (rebuilt(world), "expected the root"),
        None,
        says=("time.anchored", "no time anchor yet"),
        remains="a log without seals proves no time and no order against who holds its keys",
    )
    yield Row(
        group,
        "all seals are dropped and the history is written anew with every key stolen",
        lambda world: (rebuilt(world), "expected the root"),
        "log.root",
        knows="checkpoint",
    )
    made_up = "the same, sealed anew with stamps of an authority that the thief made up"
    yield Row(
        group,
        made_up,
        lambda world: (made_up_office(world), ""),
        None,
        says=("time.pinned", "compare them"),
        remains="who writes the settings names the authorities; compare their certificates",
    )
    for knows, check, names in (("certificates", "time.pinned", "Office"), ("checkpoint", "log.root", "the root")):
        yield Row(group, made_up, lambda world, names=names: (made_up_office(world), names), check, knows=knows)  # type: ignore[arg-type,misc]
    stranger = "the whole case is that of another key"
    yield Row(
        group,
        stranger,
        lambda world: (world.other, "expected the key"),
        None,
        says=("key.pinned", "compare it with what its owner told you"),
        remains="a name in a file is no identity; compare the fingerprint",
    )
    yield Row(group, stranger, lambda world: (world.other, "expected the key"), "key.pinned", knows="key")


def with_stamp(change: Callable[[bytes, dict[str, Any]], bytes]) -> Attack:
    """The last seal, its first stamp another and everything signed anew: nothing else contradicts it."""

    def attack(world: Sealed) -> Attacked:
        found, seq = entries(world.case), seq_of(world.case, "checkpoint", -1)
        note, stamp = found[seq]["objects"][:2]
        made = change(world.case[place(note["sha256"])], stamp)
        files, named = put(world.case, made)
        found[seq]["objects"][1] |= named
        return resigned(files, found, world.signers), f"entry {seq}: the "

    return attack


def with_note(change: Callable[[Sealed, bytes, dict[str, Any]], bytes]) -> Attack:
    """The last seal over another note, its stamps gone."""

    def attack(world: Sealed) -> Attacked:
        found, seq = entries(world.case), seq_of(world.case, "checkpoint", -1)
        one = found[seq]
        made = change(world, world.case[place(one["objects"][0]["sha256"])], one["detail"])
        files, named = put(world.case, made)
        one["objects"] = [one["objects"][0] | named]
        return resigned(files, found, world.signers), f"entry {seq}:"

    return attack


def exchanged(world: Sealed) -> Attacked:
    """The stamps of the last two seals, each in the place of the other."""
    found = entries(world.case)
    one, two = (found[seq_of(world.case, "checkpoint", nth)]["objects"] for nth in (-2, -1))
    one[1:], two[1:] = two[1:], one[1:]
    return resigned(world.case, found, world.signers), f"entry {seq_of(world.case, 'checkpoint', -1)}: the time stamp"


def stamped(by: Any, at: Callable[[datetime], datetime] = lambda at: at, digest: str = "sha256") -> Attack:
    def change(note: bytes, stamp: dict[str, Any]) -> bytes:
        moment = at(parse_time(stamp["time"]))
        stamp["time"] = format_time(moment)
        return response(by, note, moment, digest=digest)

    return with_stamp(change)


def other_note(world: Sealed, note: bytes, detail: dict[str, Any]) -> bytes:
    return world.other["data/log/checkpoint"]


def false_root(world: Sealed, note: bytes, detail: dict[str, Any]) -> bytes:
    detail["root"] = "ab" * 32
    head = Checkpoint(detail["origin"], detail["size"], bytes.fromhex(detail["root"]))
    return signed_checkpoint(head, world.signer.public, world.signer.sign_raw).encode()


def other_signature(world: Sealed, note: bytes, detail: dict[str, Any]) -> bytes:
    return note.split(b"\n\n")[0] + b"\n\n" + world.bundle["data/log/checkpoint"].split(b"\n\n")[1]


def seals() -> Iterator[Row]:
    group = "Seals and stamps"
    good, bad = office("Office", STARTS, ENDS), "time.tokens"
    ended = office("Office", STARTS, NOON - timedelta(days=1))
    mail = office("Office", STARTS, ENDS, use=[ExtendedKeyUsageOID.EMAIL_PROTECTION])
    yield Row(group, "a stamp by a certificate that had ended", stamped(ended), bad)
    yield Row(group, "a stamp by an authority that nobody named", stamped(FORGED), bad)
    yield Row(group, "a stamp by a certificate that is not for time stamping", stamped(mail), bad)
    yield Row(group, "a stamp whose imprint is SHA-1", stamped(good, digest="sha1"), bad)
    yield Row(group, "a stamp whose imprint is MD5", stamped(good, digest="md5"), bad)
    yield Row(
        group,
        "a stamp over other bytes",
        with_stamp(lambda note, stamp: response(good, b"something else", parse_time(stamp["time"]))),
        bad,
    )
    yield Row(
        group,
        "a byte of a stamp is changed",
        with_stamp(lambda note, stamp: flipped(response(good, note, parse_time(stamp["time"])), -3)),
        bad,
    )
    yield Row(
        group,
        "the entry states another time than its stamp",
        with_stamp(lambda note, stamp: response(good, note, parse_time(stamp["time"]) - timedelta(days=1))),
        bad,
    )
    yield Row(group, "the stamps of two seals are exchanged", exchanged, bad)
    yield Row(
        group, "a stamp from before what it covers", stamped(good, lambda at: at - timedelta(days=1)), "time.order"
    )
    yield Row(
        group,
        "a stamp from after the entry that names it",
        stamped(good, lambda at: at + timedelta(days=1)),
        "time.order",
    )
    yield Row(group, "the checkpoint of another case", with_note(other_note), "checkpoints.signed")
    yield Row(
        group,
        "a checkpoint without its signature",
        with_note(lambda world, note, detail: note.split(b"\n\n")[0] + b"\n\n"),
        "checkpoints.signed",
    )
    yield Row(group, "a checkpoint with the signature of another", with_note(other_signature), "checkpoints.signed")
    yield Row(
        group,
        "a checkpoint over a root that the log never had, signed by the stolen key",
        with_note(false_root),
        "checkpoints.consistent",
    )
    yield Row(group, "the stamps of the last seal are dropped, by the stolen key", with_note(
        lambda world, note, detail: note), None, says=("time.anchored", "after it"),
        remains="a stamp that is gone proves nothing; earlier stamps go on to hold")  # fmt: skip


def in_line(act: str, nth: int, change: Callable[[Sealed, Entries, dict[str, Any]], None],
            write: Callable[[Files, Entries], Files] = naively, tells: str = "line {}:") -> Attack:  # fmt: skip
    def attack(world: Sealed) -> Attacked:
        found, seq = entries(world.case), seq_of(world.case, act, nth)
        change(world, found, found[seq])
        return write(world.case, found), tells.format(seq + 1)

    return attack


def signatures() -> Iterator[Row]:
    group = "Signatures of entries"

    def strip(world: Sealed, found: Entries, one: dict[str, Any]) -> None:
        one["signature"]["value"] = ""

    def transplant(world: Sealed, found: Entries, one: dict[str, Any]) -> None:
        one["signature"] = found[one["seq"] + 1]["signature"]

    def strange(world: Sealed, found: Entries, one: dict[str, Any]) -> None:
        one["signature"]["key"] = "ab" * 32

    def by_another(world: Sealed) -> Attacked:
        found, seq = entries(world.case), seq_of(world.case, "access")
        found[seq]["signature"]["key"] = world.key
        return resigned(world.case, found, world.signers), f"line {seq + 1}:"

    def by_old(world: Sealed) -> Attacked:
        found, seq = entries(world.case), seq_of(world.case, "deletion")
        found[seq]["signature"]["key"] = world.first_key
        return resigned(world.case, found, world.signers), f"line {seq + 1}:"

    for name, write in (("nothing else", naively), ("numbers and hashes made to fit", rechained)):
        yield Row(group, f"a signature is stripped, {name}", in_line("incident", 0, strip, write), "log.signatures")
        yield Row(
            group,
            f"the signature of the next entry is put in its place, {name}",
            in_line("incident", 0, transplant, write),
            "log.signatures",
        )
        yield Row(
            group, f"a key that the log does not know, {name}", in_line("incident", 0, strange, write), "log.signatures"
        )
    yield Row(group, "one person's act is signed by another person of the case", by_another, "log.signatures")
    yield Row(group, "an act after a rotation is signed by the key before it", by_old, "log.signatures")
