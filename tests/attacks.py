"""Attacks on a case folder, as data: what somebody does to a copy, and the check that must catch it.

An attack is told the sealed case (attack_world) and answers with the changed files and what the reason has to name. A
row with a `kind` stands for one of several that differ in what they are done to; the table shows these as one line.
`caught` of `None` says that nothing in the folder can show it: `says` is then the check that has to say what it does
not show, and the row beside it, with what the stranger knows from elsewhere (`knows`), how it is caught after all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from attack_world import (
    LOG,
    Entries,
    Files,
    Sealed,
    entries,
    flipped,
    naively,
    rechained,
    resigned,
    seq_of,
)

Knows = Literal["", "checkpoint", "key", "certificates"]
Attacked = tuple[Files | bytes, str]  # bytes: of a ZIP


@dataclass(frozen=True)
class Row:
    group: str
    what: str
    attack: Callable[[Sealed], Attacked]
    caught: str | None
    kind: str = ""
    says: tuple[str, str] | None = None
    knows: Knows = ""
    remains: str = ""


# What every entry that is meant here stands for: act, which one of them, and the outcome where it matters.
ACTS: Final[tuple[tuple[str, int], ...]] = (
    ("case creation", 0), ("ingestion", 0), ("derivation", 0), ("policy assignment", 0), ("agent registration", 0),
    ("judgement", 0), ("incident", 0), ("relation", 0), ("supplement", 0), ("checkpoint", 0), ("failure", 0),
    ("protection change", 0), ("key rotation", 0), ("transfer", 0), ("deletion", 0), ("dissemination", 0),
    ("approval", 0), ("access", 0), ("recovery", 0),
)  # fmt: skip

Write = Callable[[Files, Entries, Sealed], Files]
Change = Callable[[Entries, int], tuple[Entries, int]]  # the entries, and the line that shows it first


def edited(found: Entries, seq: int) -> tuple[Entries, int]:
    """A field more in the detail: what the entry says is another thing, and its form is as it has to be."""
    changed = found[seq] | {"detail": found[seq]["detail"] | {"remark": "changed"}}
    return [*found[:seq], changed, *found[seq + 1 :]], seq + 1


def dropped(found: Entries, seq: int) -> tuple[Entries, int]:
    return [*found[:seq], *found[seq + 1 :]], seq + 1


def doubled(found: Entries, seq: int) -> tuple[Entries, int]:
    return [*found[: seq + 1], *found[seq:]], seq + 2


def swapped(found: Entries, seq: int) -> tuple[Entries, int]:
    return [*found[:seq], found[seq + 1], found[seq], *found[seq + 2 :]], seq + 1


def appended(found: Entries, seq: int) -> tuple[Entries, int]:
    return [*found, found[seq]], len(found) + 1


CHANGES: Final[tuple[tuple[str, Change], ...]] = (
    ("edited", edited), ("dropped", dropped), ("duplicated", doubled), ("swapped with the next", swapped),
    ("appended once more at the end", appended),
)  # fmt: skip


def of_log(change: Change, act: str, nth: int, write: Write) -> Callable[[Sealed], Attacked]:
    def attack(world: Sealed) -> Attacked:
        changed, line = change(entries(world.case), seq_of(world.case, act, nth))
        return write(world.case, changed, world), f"line {line}:"

    return attack


def without_keys(files: Files, changed: Entries, world: Sealed) -> Files:
    return rechained(files, changed)


def log_rows() -> Iterator[Row]:
    for name, change in CHANGES:
        for act, nth in ACTS:
            first = "log.signatures" if name == "edited" else "log.sequence"
            yield Row(
                "The log, without a key", f"an entry is {name}, nothing else",
                of_log(change, act, nth, lambda files, changed, world: naively(files, changed)), first, act,
            )  # fmt: skip
            yield Row(
                "The log, without a key", f"an entry is {name}, numbers and hashes made to fit",
                of_log(change, act, nth, without_keys), "log.signatures", act,
            )  # fmt: skip
    for name, change in CHANGES[:4]:
        for act, nth in ACTS:
            begins = act == "case creation" and name in ("dropped", "swapped with the next")
            yield Row(
                "The log, with every key stolen", f"an entry below a seal is {name}, everything signed anew",
                below_a_seal(change, act, nth), "key.agreement" if begins else CAUGHT.get((act, name), HEAD), act,
            )  # fmt: skip


HEAD: Final = "checkpoints.consistent"
CAUGHT: Final = {("key rotation", "dropped"): "checkpoints.signed"}


def below_a_seal(change: Change, act: str, nth: int) -> Callable[[Sealed], Attacked]:
    """What tells of it is the next seal over it."""

    def attack(world: Sealed) -> Attacked:
        changed, line = change(entries(world.case), seq_of(world.case, act, nth))
        over = next(
            number for number, one in enumerate(changed)
            if one["act"] == "checkpoint" and one["detail"]["size"] >= line
        )  # fmt: skip
        first = changed[0]["act"] != "case creation"
        return resigned(world.case, changed, world.signers), "line 1:" if first else f"entry {over}:"

    return attack


def blob(world: Sealed, act: str, role: str, nth: int = 0) -> str:
    """The name of the file that an entry of this act names in this role."""
    found = [
        one["sha256"] for entry in entries(world.case) if entry["act"] == act
        for one in entry["objects"] if one["role"] == role and place(one.get("sha256", "")) in world.case
    ]  # fmt: skip
    return str(found[nth])


def derived(world: Sealed, role: str) -> str:
    """The name of a file that a step wrote."""
    rows = world.case[place(blob(world, "derivation", "rows", -1 if role == "reading" else 1))]
    row = next(one for one in map(json.loads, rows.splitlines()) if one["outputs"])
    return str(next(one["sha256"] for one in row["outputs"] if one["role"] == role))


def imported(world: Sealed) -> str:
    """The name of the bytes of an item that came in with a bundle."""
    one = entries(world.case)[seq_of(world.case, "ingestion", 3)]
    return str(opened(world, one["objects"][0]["committed"])["sha256"])


def opened(world: Sealed, commitment: str) -> dict[str, Any]:
    lines = (json.loads(line) for line in world.case["private/openings.jsonl"].splitlines())
    value: dict[str, Any] = next(one["value"] for one in lines if one["commitment"] == commitment)
    return value


def place(sha256: str) -> str:
    return f"blobs/sha256/{sha256[:2]}/{sha256}"


def left_rows(world: Sealed) -> str:
    """The name of a rows file that a deletion left in the place of another."""
    listed = world.case[place(blob(world, "deletion", "deletion list"))]
    return str(next(one["replaced_by"] for one in map(json.loads, listed.splitlines()) if one.get("replaced_by")))


BLOBS: Final[tuple[tuple[str, Callable[[Sealed], str]], ...]] = (
    ("an original that came in openly", lambda w: blob(w, "ingestion", "outcome")),
    ("an original behind a commitment", lambda w: opened(
        w, entries(w.case)[seq_of(w.case, "ingestion", 1)]["objects"][0]["committed"])["sha256"]),
    ("an original that came in with a bundle", imported),
    ("rows", lambda w: blob(w, "derivation", "rows")),
    ("rows that a deletion left", left_rows),
    ("a text", lambda w: derived(w, "text")),
    ("a map", lambda w: derived(w, "map")),
    ("a reading", lambda w: derived(w, "reading")),
    ("a judgement", lambda w: blob(w, "judgement", "judgement")),
    ("an incident", lambda w: blob(w, "incident", "incident")),
    ("a relation", lambda w: blob(w, "relation", "relation")),
    ("a supplement", lambda w: blob(w, "supplement", "supplement")),
    ("settings", lambda w: blob(w, "policy assignment", "settings")),
    ("a checkpoint", lambda w: blob(w, "checkpoint", "checkpoint")),
    ("a time stamp", lambda w: blob(w, "checkpoint", "time stamp")),
    ("a request to let something out", lambda w: blob(w, "approval", "request")),
    ("a deletion's list", lambda w: blob(w, "deletion", "deletion list")),
    ("a log that came in with a bundle", lambda w: blob(w, "transfer", "foreign log")),
    ("a key that came in with a bundle", lambda w: blob(w, "transfer", "foreign key")),
    ("the list of what came in with a bundle", lambda w: blob(w, "transfer", "foreign files")),
)  # fmt: skip


# Where the byte lies, so that the file is still of its form; else in the middle.
INSIDE: Final = (b'"version":"', b'"time":"2031-05-14T12:00:0', b'"by":"agent:', b'"sha256":"')


def flip(name: Callable[[Sealed], str]) -> Callable[[Sealed], Attacked]:
    def attack(world: Sealed) -> Attacked:
        digest = name(world)
        data = world.case[place(digest)]
        at = next((data.index(mark) + len(mark) for mark in INSIDE if mark in data), None)
        return world.case | {place(digest): flipped(data, at)}, digest

    return attack


def flip_file(name: Callable[[Sealed], str], tells: str, at: bytes = b"") -> Callable[[Sealed], Attacked]:
    def attack(world: Sealed) -> Attacked:
        data = world.case[name(world)]
        return world.case | {name(world): flipped(data, data.index(at) + len(at) if at else None)}, tells

    return attack


def removed(name: Callable[[Sealed], str]) -> Callable[[Sealed], Attacked]:
    def attack(world: Sealed) -> Attacked:
        digest = name(world)
        return {path: data for path, data in world.case.items() if path != place(digest)}, digest

    return attack


def flip_rows() -> Iterator[Row]:
    for kind, name in BLOBS:
        yield Row("A byte of a case", "a byte of a file among the blobs is changed", flip(name), "blobs.digest", kind)
        missed = "derivations.outputs" if kind in ("a text", "a map", "a reading") else "blobs.present"
        missed = "imports.intact" if kind == "the list of what came in with a bundle" else missed
        yield Row("A byte of a case", "a file among the blobs is taken away", removed(name), missed, kind)
    for act, nth in ACTS:
        yield Row("A byte of a case", "a byte of a line of the log is changed", flip_line(act, nth), "log.signatures",
                  act)  # fmt: skip
    group = "A byte of a case"
    yield Row(group, "a byte of a protected value is changed", flip_file(
        lambda w: "private/openings.jsonl", "line 2 of", b'"value":"An'), "commitments.open")  # fmt: skip
    yield Row(group, "a byte of the case's id in probanda.json is changed", flip_file(
        lambda w: "probanda.json", "id: probanda.json says", b"case:"), "case.identity")  # fmt: skip
    yield Row(group, "a byte of the case's title in probanda.json is changed", flip_file(
        lambda w: "probanda.json", "title: probanda.json says", b"The m"), "case.identity")  # fmt: skip
    yield Row(group, "a byte of a public key file is changed", flip_file(
        lambda w: f"keys/{w.key}.pub.pem", "public key", b"KEY-----\n"), "key.agreement")  # fmt: skip


def flip_line(act: str, nth: int) -> Callable[[Sealed], Attacked]:
    """A byte of the time, so that the line is still an entry."""

    def attack(world: Sealed) -> Attacked:
        lines, seq = world.case[LOG].splitlines(keepends=True), seq_of(world.case, act, nth)
        lines[seq] = flipped(lines[seq], lines[seq].index(b'"time":') + len(b'"time":"2031-05-14T12:00:00.00'))
        return world.case | {LOG: b"".join(lines)}, f"line {seq + 1}:"

    return attack
