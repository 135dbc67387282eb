"""Deletion and verification: what a good deletion accounts for is accepted, and nothing more."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.preserve import acts, erasure
from probanda.preserve.blobs import BlobStore
from probanda.preserve.case_folder import open_folder
from probanda.preserve.deletions import deletion, without_rows
from probanda.preserve.keyring import create_key
from probanda.preserve.log import Draft
from probanda.preserve.reach import reach
from probanda.preserve.verify import VerifyReport, verify
from probanda.records.capture import Capture
from probanda.records.deletion import LIST_ROLE, Removed, encode_list, parse_list
from probanda.records.derivation import Derivation, Output, Request, encode_rows
from probanda.records.entry import DELETION, DERIVATION, Agent, Entry, ObjectRef, encode

SPEC = Path(__file__).parent.parent / "spec"
WITNESS = "12 of us died at the Old Mill"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with three items, all read, one judged; and the same case with the first item deleted."""
    world = tmp_path_factory.mktemp("world")
    (world / "m").mkdir()
    for name, text in (("a.txt", WITNESS), ("b.txt", "40 died"), ("c.txt", "13 died\n7 fled")):
        (world / "m" / name).write_text(text, "utf-8")
    with Archive.create(world / "whole", "The mill", "Ana Velt") as archive:
        archive.add([world / "m"], published="2031-04-02", source="The Mill Post")
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
        [own] = [one for one in archive.claims() if one.record.passage.text == WITNESS]
        archive.judge(own.record.id, "confirmed", "seen")
        made = archive.incident("Killing at the mill", "seen", members=[own.record.id])
        other = archive.incident("Deaths in town", "the press", members=[archive.captures()[1].id])
        archive.relate(made.id, "precedes", other.id, "by their dates")
    shutil.copytree(world / "whole", world / "deleted")
    with Archive.open(world / "deleted") as archive:
        archive.delete(archive.captures()[0].id, "law", "a court", "an order")
    return world


@pytest.fixture
def deleted(world: Path, tmp_path: Path) -> Path:
    shutil.copytree(world / "deleted", tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture
def whole(world: Path, tmp_path: Path) -> Path:
    shutil.copytree(world / "whole", tmp_path / "whole")
    return tmp_path / "whole"


def failed(case: Path) -> tuple[str, ...]:
    report = verify(case)
    return report.failed


def reason(report: VerifyReport, name: str = "deletions.complete") -> str:
    return report.check(name).reason


def entries(case: Path) -> list[Entry]:
    return list(open_folder(case, read_only=True).log.entries())


def items(case: Path) -> list[Capture]:
    with Archive.open(case, read_only=True) as archive:
        return list(archive.captures())


def listed(case: Path) -> list[Removed]:
    [last] = [entry for entry in entries(case) if entry.act == DELETION]
    return list(parse_list(BlobStore(case / "blobs").read(last.blobs(LIST_ROLE)[0].sha256)))


def test_a_case_holds_after_a_deletion_and_says_what_went(deleted: Path) -> None:
    report = verify(deleted)
    assert report.ok, [check for check in report.checks if check.outcome == "fails"]
    assert report.check("deletions.complete").counted == 1
    assert report.check("derivations.outputs").outcome == "holds", "rows that carry a nonce are proved by their root"
    with Archive.open(deleted) as archive:
        assert archive.verify().ok
    assert {one.why for one in listed(deleted)} == {"capture", "derived", "rows", "judgement", "incident", "relation"}


def test_items_of_the_same_bytes_deleted_one_after_the_other(whole: Path, tmp_path: Path) -> None:
    with Archive.open(whole) as archive:
        archive.add([tmp_path.parent / "nothing-there"])
        source = tmp_path / "again.txt"
        source.write_text(WITNESS, "utf-8")
        archive.add([source], published="2031-05-01")
        first, *_, twin = archive.captures()
        archive.delete(first.id, "law", "a court", "an order")
        assert archive.verify().ok
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
        archive.delete(twin.id, "law", "a court", "an order")
        assert archive.verify().ok
        archive.add([source], published="2031-05-01")
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
        report = archive.verify()
        assert report.ok, [check for check in report.checks if check.outcome == "fails"]


def test_rows_of_an_older_version_are_rewritten_and_nothing_is_claimed_of_them(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    for name, text in (("a.txt", WITNESS), ("b.txt", "40 died")):
        (tmp_path / "m" / name).write_text(text, "utf-8")
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        archive.add([tmp_path / "m"])
        first, second = archive.captures()
        store = archive.case.blobs
        made = store.put(b"a text")
        rows = [
            Derivation(Request("words", "1", (first.blob,)), "succeeded", facts={"named": "Mirek Sandor"}),
            Derivation(
                Request("text", "1", (second.blob,)), "succeeded", outputs=(Output("text", made.sha256, made.size),)
            ),
        ]
        archive.case.append([acts.derivation(store.put(encode_rows(rows)), 2)])
        told = archive.delete(first.id, "law", "a court", "an order")
        assert told.unproven == (3,)
        [kept] = [store.read(one.replaced_by) for one in told.removed if one.replaced_by]
        assert kept.splitlines()[0] == b'{"leaf":null}', "the hash of a row without a nonce could be guessed"
        report = archive.verify()
        assert report.ok, [check for check in report.checks if check.outcome == "fails"]
        assert report.check("derivations.outputs").outcome == "unproven"
        assert "an older version" in report.check("derivations.outputs").reason


def test_a_blob_that_is_gone_without_a_deletion_still_fails(deleted: Path, whole: Path) -> None:
    store = BlobStore(whole / "blobs")
    store.path(items(whole)[0].blob).unlink()
    assert "blobs.present" in failed(whole)


def test_another_blob_than_those_listed_still_fails(deleted: Path) -> None:
    store = BlobStore(deleted / "blobs")
    store.path(items(deleted)[1].blob).unlink()
    assert "blobs.present" in failed(deleted)


def resigned(case: Path, change: Callable[[Entry], Entry]) -> None:
    """The log written again by who holds the case's key, with every deletion changed."""
    from probanda.preserve.merkle import leaf_hash
    from probanda.records.entry import Signature, signed_bytes, with_signature

    folder = open_folder(case, read_only=True)
    signer, lines = folder.signer(), list[bytes]()
    for entry in folder.log.entries():
        prev = leaf_hash(lines[-1]).hex() if lines else entry.prev
        changed = replace(change(entry) if entry.act == DELETION else entry, prev=prev)
        changed = replace(
            changed, signature=Signature(signer.fingerprint, ""), agents=(Agent(signer.agent, "implementer"),)
        )
        lines.append(encode(with_signature(changed, Signature(signer.fingerprint, signer.sign(signed_bytes(changed))))))
    (case / "log" / "entries.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))


def test_a_deletion_by_a_key_that_no_entry_brought_in_accounts_for_nothing(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    stranger = create_key(tmp_path / "keys")
    folder = open_folder(whole)
    found = reach(folder, items(whole)[0].id)
    assert found is not None
    removed, instead = erasure.removals(folder, found)
    objects = erasure.lists(folder, removed, tuple(instead.values()), ())
    folder.log.append([deletion(items(whole)[0].id, "law", found.openings, objects, "a court", "an order")], stranger)
    erasure.finish(folder)
    report = verify(whole)
    assert {"log.signatures", "deletions.complete", "blobs.present"} <= set(report.failed)
    assert "no person of the case signed" in reason(report)


def forged(case: Path, more: Sequence[Removed], capture: str | None = None) -> None:
    """A deletion of the first item, by who holds the case's key, that lists more than it may; carried out."""
    folder = open_folder(case)
    capture = capture or items(case)[0].id
    found = reach(folder, capture)
    assert found is not None
    removed, instead = erasure.removals(folder, found)
    objects = erasure.lists(folder, (*removed, *more), tuple(instead.values()), ())
    folder.append([deletion(capture, "law", found.openings, objects, "a court", "an order")])
    erasure.finish(folder)


def test_a_deletion_that_takes_another_item_fails_under_its_own_name(whole: Path) -> None:
    other = items(whole)[1]
    forged(whole, [Removed(other.blob, other.size, "derived")])
    report = verify(whole)
    assert {"deletions.complete", "blobs.present"} <= set(report.failed)
    assert "more than what leads to the deleted item alone" in reason(report)


def derivation_entry(case: Path, step: str) -> tuple[Entry, Derivation]:
    from probanda.records.derivation import parse_rows

    folder = open_folder(case, read_only=True)
    for entry in folder.log.entries():
        if entry.act == DERIVATION:
            for row in parse_rows(folder.blobs.read(entry.blobs("rows")[0].sha256)):
                if row.request.step == step and row.outputs:
                    return entry, row
    raise AssertionError(f"no {step}")


def test_a_deletion_that_takes_what_was_made_of_another_item_fails_under_its_own_name(whole: Path) -> None:
    other = items(whole)[2]
    folder = open_folder(whole, read_only=True)
    found = reach(folder, other.id)
    assert found is not None
    text = next(Removed(name, size, why) for name, (size, why) in found.blobs.items() if why == "derived")
    forged(whole, [text])
    report = verify(whole)
    assert {"deletions.complete", "derivations.outputs"} <= set(report.failed)


def test_a_deletion_that_takes_a_record_about_something_else_fails(whole: Path) -> None:
    with Archive.open(whole) as archive:
        made = archive.supplement("calendar", "the invasion", "told", date="2031-03-17")
    [entry] = [one for one in entries(whole) if one.act == "supplement"]
    ref = entry.blobs("supplement")[0]
    forged(whole, [Removed(ref.sha256, ref.size, "judgement")])
    report = verify(whole)
    assert made.id and {"deletions.complete", "blobs.present", "judgements.signed"} <= set(report.failed)
    assert "does not reach" in reason(report)


def test_what_a_deletion_lists_must_be_gone(deleted: Path, whole: Path) -> None:
    before = {one.sha256: one for one in listed(deleted)}
    [blob] = [one for one in before.values() if one.why == "capture"]
    store = BlobStore(deleted / "blobs")
    store.put(WITNESS.encode())
    report = verify(deleted)
    assert report.failed == ("deletions.complete",)
    assert blob.sha256 in reason(report) and "still here" in reason(report)
    with Archive.open(deleted) as archive:  # nothing was pending, so nothing is done unasked
        assert not archive.verify().ok


def test_an_opening_that_was_kept_fails(whole: Path) -> None:
    kept = (whole / "private" / "openings.jsonl").read_bytes()
    with Archive.open(whole) as archive:
        archive.delete(archive.captures()[0].id, "law", "a court", "an order")
    now = (whole / "private" / "openings.jsonl").read_bytes()
    (whole / "private" / "openings.jsonl").write_bytes(kept + now.removeprefix(kept))
    lines = dict.fromkeys([*kept.splitlines(keepends=True), *now.splitlines(keepends=True)])
    (whole / "private" / "openings.jsonl").write_bytes(b"".join(lines))
    report = verify(whole)
    assert report.failed == ("deletions.complete",)
    assert "openings of the deleted item are still here" in reason(report)


def test_an_opening_of_another_item_is_not_accounted_for(deleted: Path) -> None:
    other = next(one for one in entries(deleted) if one.detail.get("capture") == items(deleted)[1].id)
    open_folder(deleted).openings.forget([other.committed["name"]])
    assert failed(deleted) == ("commitments.open",)
    resigned(
        deleted,
        lambda entry: replace(
            entry,
            detail={**entry.detail, "openings": [*entry.detail["openings"], other.committed["name"]]},  # type: ignore[misc]
        ),
    )
    assert "which is not the item's" in reason(verify(deleted))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("basis", lambda entry: replace(entry, detail={**entry.detail, "basis": "whim"})),
        ("authority", lambda entry: replace(entry, committed={"reason": entry.committed["reason"]})),
        ("capture", lambda entry: replace(entry, detail={**entry.detail, "capture": "capture:" + "0" * 64})),
        ("list", lambda entry: replace(entry, objects=())),
    ],
)
def test_a_deletion_without_one_of_its_parts_fails(deleted: Path, name: str, change: Callable[[Entry], Entry]) -> None:
    resigned(deleted, change)
    assert "deletions.complete" in failed(deleted), name


def test_a_row_of_the_item_that_was_left_fails(whole: Path) -> None:
    """Everything is taken as it should be, but for one row that names the item's bytes."""
    folder = open_folder(whole)
    capture = items(whole)[0]
    found = reach(folder, capture.id)
    assert found is not None
    removed, instead = erasure.removals(folder, found)
    first = next(one for one in removed if one.why == "rows")
    kept = without_rows(folder.blobs.read(first.sha256), lambda row: False, redacted=False, rooted=True)[0]
    ref = folder.blobs.put(kept)
    changed = [replace(one, replaced_by=ref.sha256, replaced_size=ref.size) if one is first else one for one in removed]
    objects = erasure.lists(folder, tuple(changed), tuple(instead.values()), ())
    folder.append([deletion(capture.id, "law", found.openings, objects, "a court", "an order")])
    erasure.finish(folder)
    report = verify(whole)
    assert "deletions.complete" in report.failed
    assert "was given a deleted item" in reason(report)


def test_rows_that_were_rewritten_to_say_something_else_fail(deleted: Path) -> None:
    store = BlobStore(deleted / "blobs")
    [last] = [entry for entry in entries(deleted) if entry.act == DELETION]
    lines = listed(deleted)
    number = next(n for n, one in enumerate(lines) if one.why == "rows")
    name = lines[number].replaced_by
    assert name is not None
    forged_rows = store.put(
        store.read(name).replace(b'"identify"', b'"identity"').replace(b'{"leaf":"', b'{"leaf":"', 1)
    )
    cut = store.put(b"".join(store.read(name).splitlines(keepends=True)[1:]))
    for ref in (forged_rows, cut):
        lines[number] = replace(lines[number], replaced_by=ref.sha256, replaced_size=ref.size)
        made = store.put(encode_list(lines))
        resigned(deleted, lambda entry: replace(entry, objects=(ObjectRef(LIST_ROLE, made.sha256, made.size),)))  # noqa: B023
        if ref is cut or forged_rows.sha256 != name:
            assert "derivations.outputs" in failed(deleted)
    assert last.seq


def test_a_fabricated_row_is_no_better_off_for_a_deletion(deleted: Path) -> None:
    """Rows that lead to nothing fail after a deletion as before it."""
    folder = open_folder(deleted)
    made = folder.blobs.put(b"made up")
    row = Derivation(Request("text", "1", ("cd" * 32,)), "succeeded", None, (Output("text", made.sha256, made.size),))
    rows = encode_rows([row])
    folder.append([acts.derivation(folder.blobs.put(rows), 1)])
    assert failed(deleted) == ("derivations.lead_to_capture",)


def test_a_second_deletion_of_the_same_item_fails(deleted: Path) -> None:
    folder = open_folder(deleted)
    [first] = [entry for entry in entries(deleted) if entry.act == DELETION]
    draft = Draft(
        DELETION, objects=first.objects, detail=first.detail, committed_values={"authority": "a", "reason": "b"}
    )
    folder.append([draft])
    assert "deleted before" in reason(verify(deleted))


def test_an_interrupted_deletion_says_what_finishes_it(whole: Path) -> None:
    folder = open_folder(whole)
    capture = items(whole)[0]
    found = reach(folder, capture.id)
    assert found is not None
    removed, instead = erasure.removals(folder, found)
    objects = erasure.lists(folder, removed, tuple(instead.values()), ())
    erasure.begin(folder)
    folder.append([deletion(capture.id, "law", found.openings, objects, "a court", "an order")])
    report = verify(whole)
    assert report.failed == (
        "deletions.complete",
    ) and "opening the case for writing, or recover, finishes it" in reason(report)
    Archive.open(whole).close()
    assert verify(whole).ok


def test_lists_fit_the_schema_and_the_examples_of_the_page_are_read(deleted: Path) -> None:
    schema = json.loads((SPEC / "deletion-list.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    fits = Draft202012Validator(schema)
    for one in listed(deleted):
        fits.validate(json.loads(encode_list([one])))
    entry, lines = re.findall(r"```json\n(.*?)```", (SPEC / "deletion.md").read_text("utf-8"), re.DOTALL)
    assert [one.why for one in parse_list(lines.encode())] == ["capture", "derived", "rows"]
    for line in lines.splitlines():
        fits.validate(json.loads(line))
    [last] = [one for one in entries(deleted) if one.act == DELETION]
    assert json.loads(entry).keys() <= json.loads(encode(last)).keys()
    assert json.loads(entry)["detail"].keys() == last.detail.keys()
    assert json.loads(entry)["committed"].keys() == last.committed.keys()
    assert not fits.is_valid({"sha256": "ab" * 32, "size": 1, "why": "derived", "replaced_by": "cd" * 32})


def test_deletions_cost_a_case_without_any_nothing(whole: Path) -> None:
    check = verify(whole).check("deletions.complete")
    assert (check.outcome, check.counted) == ("holds", 0)
