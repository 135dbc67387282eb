"""Attacks on what a case derived, decided, let out, took in and deleted, by who knows the format and, where it says so,
holds every key: the change is made at the end of the log or signed anew, so that the check named is reached.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from attack_world import Files, Sealed, entries, rechained, resigned, seq_of
from attacks import Attacked, Row, blob, place
from attacks_deep import Attack, put
from probanda.preserve.merkle import CompactRange
from probanda.records.canonical import canonical
from probanda.records.capture import committed_capture_id
from probanda.records.codec import parse
from probanda.records.derivation import Derivation, encode_rows, parse_row
from probanda.records.entry import commitment
from probanda.records.protection import Protection

OPENINGS = "private/openings.jsonl"
MARK = b"died"


def swapped(what: str, how: str) -> Attack:
    """Another derivative, rows that fit it, and as much of the entry as the attacker can write."""

    def attack(world: Sealed) -> Attacked:
        nth = -1 if what == "a reading" else 1
        sha256 = blob(world, "derivation", "rows", nth)
        files, rows = world.case, [parse_row(line) for line in world.case[place(sha256)].splitlines()]
        number = next((at for at, row in enumerate(rows) if any(MARK in world.case[place(one.sha256)]
                                                              for one in row.outputs)), 0)  # fmt: skip
        files, rows[number] = _other(files, rows[number], what)
        data = encode_rows(rows)
        if how == "under the name of the old rows":
            return files | {place(sha256): data}, sha256
        found = entries(files)
        seq = next(one["seq"] for one in found if sha256 in json.dumps(one["objects"]))
        files, named = put(files, data)
        found[seq]["objects"][0] |= named
        if how == "and the entry made to fit, without a key":
            return rechained(files, found), f"line {seq + 1}:"
        if how == "and all but the root of the rows signed anew":
            return resigned(files, found, world.signers), f"entry {seq}: expected the root"
        tree = CompactRange()
        for line in data.splitlines():
            tree.append(hashlib.sha256(b"\0" + line).digest())
        found[seq]["detail"]["rows_root"] = tree.root().hex()
        over = next(one["seq"] for one in found if one["act"] == "checkpoint" and one["seq"] > seq)
        return resigned(files, found, world.signers), f"entry {over}:"

    return attack


def _other(files: Files, row: Derivation, what: str) -> tuple[Files, Derivation]:
    if what == "the version of a step":
        return files, replace(row, request=replace(row.request, version="2"))
    if what == "the step":
        return files, replace(row, request=replace(row.request, step="guess"))
    output = row.outputs[0]
    data = files[place(output.sha256)].replace(MARK, b"fled")
    files, named = put(files, data)
    return files, replace(row, outputs=(replace(output, **named), *row.outputs[1:]))


HOW = (
    ("under the name of the old rows", "blobs.digest"), ("and the entry made to fit, without a key", "log.signatures"),
    ("and all but the root of the rows signed anew", "derivations.outputs"),
    ("and everything signed anew with every key stolen", "checkpoints.consistent"),
)  # fmt: skip


def derivatives() -> Iterator[Row]:
    for how, check in HOW:
        for what in ("a text", "a reading", "the version of a step", "the step"):
            yield Row("What was derived", f"another one in its place, rows to match, {how}", swapped(what, how), check,
                      what)  # fmt: skip


Edit = Callable[[Sealed, dict[str, Any]], None]


def once_more(act: str, nth: int, edit: Edit, **stated: object) -> Attack:
    """An entry once more at the end, changed, with every key stolen."""

    def attack(world: Sealed) -> Attacked:
        found = entries(world.case)
        one = json.loads(json.dumps(found[seq_of(world.case, act, nth, **stated)]))
        one["time"] = found[-1]["time"]
        edit(world, one)
        return resigned(world.case, [*found, one], world.signers), f"entry {len(found)}"

    return attack


def stated(**detail: object) -> Edit:
    return lambda world, one: one["detail"].update(detail)


def as_it_is(world: Sealed, one: dict[str, Any]) -> None:
    """Once more, and nothing else."""


def by_who_asks(world: Sealed, one: dict[str, Any]) -> None:
    one["agents"] = [{"id": f"agent:{world.first_key}", "role": "authorizer"}]
    one["signature"]["key"] = world.key


def by_another(world: Sealed, one: dict[str, Any]) -> None:
    key = next(key for key in world.signers if key not in (world.key, world.first_key))
    one["agents"] = [{"id": f"agent:{key}", "role": "implementer"}]
    one["signature"]["key"] = key


def acts() -> Iterator[Row]:
    group = "Acts of persons, with every key stolen"
    approvals, passage = "approvals.proper", 1
    for what, attack, check in (
        ("an approval is used a second time", once_more("dissemination", passage, as_it_is), approvals),
        ("who asks approves it", once_more("approval", 0, by_who_asks), approvals),
        ("something leaves for another audience than was approved",
         once_more("dissemination", passage, stated(audience="public")), approvals),
        ("something leaves that needs a second person, and none is named",
         once_more("dissemination", passage, stated(approval=None)), approvals),
        ("an approval that is none is named", once_more("dissemination", passage, stated(approval=1)), approvals),
        ("settings are assigned by another person of the case", once_more("policy assignment", 0, by_another),
         "settings.signed"),
        ("an entry lowers what its settings ask for", once_more("policy assignment", 0, stated(min_anchors=0)),
         "settings.signed"),
        ("a judgement is another than its file", once_more("judgement", 0, stated(judgement="judgement:" + "1" * 64)),
         "judgements.signed"),
        ("a judgement is signed by another person than its file names", once_more("judgement", 0, by_who_asks),
         "judgements.signed"),
        ("an incident is another than its file", once_more("incident", 0, stated(incident="incident:" + "1" * 64)),
         "incidents.signed"),
        ("a relation is of another kind than its file", once_more("relation", 0, stated(kind="part_of")),
         "incidents.signed"),
        ("the protection of an item that is not there is loosened",
         once_more("protection change", 0, stated(capture="capture:" + "1" * 64)), "protection.changes"),
        ("a protection is changed without a reason",
         once_more("protection change", 0, lambda world, one: one["committed"].clear()), "protection.changes"),
        ("an item of a bundle comes in a second time", once_more("ingestion", 3, as_it_is), "imports.intact"),
        ("a bundle comes in of another length than its log", once_more("transfer", 0, stated(size=3)),
         "imports.intact"),
        ("a bundle comes in under the name of another case",
         once_more("transfer", 0, stated(case="case:" + "1" * 64)), "imports.intact"),
        ("a capture has another id than follows from it",
         once_more("ingestion", 0, stated(capture="capture:" + "1" * 64)), "captures.complete"),
        ("a person's key is brought in by somebody else than the case's key",
         lambda world: (once_more("agent registration", 0, by_another)(world)[0], "expected the case's key to sign"),
         "key.agreement"),
    ):  # fmt: skip
        yield Row(group, what, attack, check)
    yield Row(group, "the bytes of an item that came in with a bundle are replaced", replaced, "imports.intact")
    yield Row(
        group, "a deletion lists a file that stands, and the file is taken away", overreaching, "deletions.complete"
    )


def replaced(world: Sealed) -> Attacked:
    """Other bytes, a new commitment to them, and the id of the capture that follows."""
    found, seq = entries(world.case), seq_of(world.case, "ingestion", 3)
    one = found[seq]
    files, named = put(world.case, b"Theirs, an exercise: nothing happened in Drevna.\n")
    salt = bytes(32)
    made = commitment(salt, named)
    files = files | {OPENINGS: files[OPENINGS] + canonical(
        {"commitment": made, "salt": salt.hex(), "value": named}) + b"\n"}  # fmt: skip
    detail = one["detail"]
    one["objects"][0]["committed"] = made
    detail["capture"] = committed_capture_id(
        committed=made, published=None, media_type=None, nonce=detail["nonce"],
        protection=parse(Protection, detail["protection"], "protection"),
    )  # fmt: skip
    return resigned(files, found, world.signers), f"entry {seq}: expected the bytes"


def overreaching(world: Sealed) -> Attacked:
    found, seq = entries(world.case), seq_of(world.case, "deletion")
    listed = [json.loads(line) for line in world.case[place(found[seq]["objects"][0]["sha256"])].splitlines()]
    target = found[1]["objects"][0]
    listed.append({"sha256": target["sha256"], "size": target["size"], "why": "item"})
    listed.sort(key=lambda one: str(one["sha256"]))
    files = {name: data for name, data in world.case.items() if name != place(target["sha256"])}
    files, named = put(files, b"".join(canonical(one) + b"\n" for one in listed))
    found[seq]["objects"][0] |= named
    return resigned(files, found, world.signers), f"entry {seq}"


def swapped_openings(world: Sealed) -> Attacked:
    """The names of two items, each behind the commitment of the other."""
    lines = [json.loads(line) for line in world.case[OPENINGS].splitlines()]
    places = [number for number, one in enumerate(lines) if str(one["value"]).endswith(".txt")][:2]
    one, two = (lines[place] for place in places)
    one["value"], two["value"] = two["value"], one["value"]
    return _openings(world, lines), f"line {places[0] + 1} of openings.jsonl"


def no_opening(world: Sealed) -> Attacked:
    lines = [json.loads(line) for line in world.case[OPENINGS].splitlines()]
    return _openings(world, lines[1:]), "line 1: no opening for the commitment"


def other_bytes(world: Sealed) -> Attacked:
    """The opening of an item leads to other bytes."""
    lines = [json.loads(line) for line in world.case[OPENINGS].splitlines()]
    number = next(number for number, one in enumerate(lines) if isinstance(one["value"], dict))
    lines[number]["value"]["sha256"] = entries(world.case)[1]["objects"][0]["sha256"]
    return _openings(world, lines), f"line {number + 1} of openings.jsonl"


def _openings(world: Sealed, lines: list[Any]) -> Files:
    return world.case | {OPENINGS: b"".join(canonical(one) + b"\n" for one in lines)}


def folder() -> Iterator[Row]:
    group = "Protected values, and files beside"
    stray = hashlib.sha256(b"stray").hexdigest()
    yield Row(group, "the values behind two commitments are exchanged", swapped_openings, "commitments.open")
    yield Row(group, "the value behind a commitment is taken away", no_opening, "commitments.open")
    yield Row(group, "a commitment is opened to other bytes", other_bytes, "commitments.open")
    yield Row(
        group,
        "a file that is none of the blobs lies among them",
        lambda world: (world.case | {"blobs/sha256/ab/notes.txt": b"x"}, "notes.txt"),
        "blobs.layout",
    )
    yield Row(
        group,
        "a blob that no entry leads to",
        lambda world: (world.case | {place(stray): b"stray"}, ""),
        None,
        says=("blobs.unreferenced", "2 blobs that no entry leads to"),
        remains="it is no part of the case and is counted; an interrupted write leaves such",
    )
    yield Row(
        group,
        "a file beside the folders of the case",
        lambda world: (world.case | {"notes.txt": b"x"}, ""),
        None,
        says=("blobs.layout", "nothing else lies among the files"),
        remains="it is no part of the case: nothing leads to it, and no bundle takes it along",
    )
    yield Row(group, "probanda.json is no JSON", lambda world: (world.case | {"probanda.json": b"{"}, "probanda.json"),
              "case.format")  # fmt: skip
