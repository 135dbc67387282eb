"""What an attacker could do about seals, each caught under its own name, and what honest cases show."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from token_maker import office, response

from probanda.archive import Archive
from probanda.preserve import acts
from probanda.preserve.case_folder import CaseFolder, open_folder, register_agent
from probanda.preserve.checkpoint import Checkpoint, signed_checkpoint
from probanda.preserve.cosignature import cosign
from probanda.preserve.log import Draft
from probanda.preserve.merkle import leaf_hash
from probanda.preserve.note import COSIGNATURE_ED25519, Note, NoteKey, parse_note
from probanda.preserve.seals import RENEWAL, Stamp, seal_of, sealing
from probanda.preserve.verify import VerifyReport, verify
from probanda.records.entry import CHECKPOINT, Entry, Signature, encode, format_time, parse_entry, signed_bytes
from probanda.records.settings import Settings, Witness, encode_settings, parse_settings, settings
from seal_world import DAY, Paper, Watch, add, asking_paper, case_in

NOON = datetime(2031, 5, 14, 12, 0, 0, tzinfo=UTC)
LASTS = NOON + timedelta(days=3650)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
WITNESS_KEY = NoteKey("partner.example/w", COSIGNATURE_ED25519, WITNESS.public_key().public_bytes_raw())


class World:
    """A case with an authority and a witness, sealed once at noon (entries 0 to 2; the seal is entry 3)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.watch = Watch(NOON)
        self.paper = Paper("Office", office("Office", NOON - timedelta(1), LASTS), self.watch)
        with case_in(folder, self.watch) as archive:
            archive.assign_settings(
                "stamps", authorities=(self.paper.authority(),), min_anchors=1, max_age_s=DAY,
                witnesses=(Witness("Partner", WITNESS_KEY.vkey),),
            )  # fmt: skip
            self.path = archive.case.path
            self.note = archive.seal(asking_paper(self.paper)).note

    def verify(self, **more: object) -> VerifyReport:
        return verify(self.path, now=self.watch.now, **more)  # type: ignore[arg-type]

    def open(self) -> CaseFolder:
        return open_folder(self.path, self.watch)

    def lines(self) -> list[bytes]:
        return (self.path / "log" / "entries.jsonl").read_bytes().splitlines()

    def relog(self, change: Callable[[list[Entry]], list[Entry]]) -> None:
        """The log as who holds the keys could write it: changed, numbered, linked and signed again."""
        case = self.open()
        lines: list[bytes] = []
        for number, entry in enumerate(change([parse_entry(line) for line in self.lines()])):
            prev = leaf_hash(lines[-1]).hex() if lines else entry.prev
            unsigned = replace(entry, seq=number, prev=prev)
            signer = case.signer()
            signed = replace(unsigned, signature=Signature(signer.fingerprint, signer.sign(signed_bytes(unsigned))))
            lines.append(encode(signed))
        (self.path / "log" / "entries.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))

    def reseal(
        self, note: Note | None = None, *, token: bytes | None = None, drop: bool = False, **stated: object
    ) -> None:
        """Entry 3 again, with another note or token as somebody with the keys would write it."""
        case = self.open()
        seal = seal_of(parse_entry(self.lines()[3]))
        if note is not None:
            head_text = note.text.split("\n")
            head = Checkpoint(head_text[0], int(head_text[1]), base64.b64decode(head_text[2]))
            seal = replace(seal, note=case.blobs.put(note.encode()), checkpoint=head)
        stamps = seal.stamps
        if token is not None:
            stamps = (replace(stamps[0], blob=case.blobs.put(token)),)
        draft = sealing(seal.checkpoint, seal.note, () if drop else stamps, seal.renewal)
        self.relog(lambda found: [*found[:3], replace(found[3], objects=draft.objects, detail=draft.detail)])


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def failing(report: VerifyReport) -> list[str]:
    return [check.name for check in report.checks if check.outcome == "fails"]


def test_a_sealed_case_says_up_to_when_its_time_is_anchored(world: World) -> None:
    report = world.verify()
    assert report.ok
    assert report.check("time.anchored").reason == (
        "time anchored up to entry 2 by 2031-05-14 (Office); 1 entry after it"
    )
    assert report.summary == f"integrity since ingestion holds; {report.check('time.anchored').reason}"
    assert report.check("time.pinned").outcome == "unproven"
    assert world.verify(certificates=world.paper.office.certificates.encode()).check("time.pinned").outcome == "holds"
    other = office("Other", NOON, LASTS).certificates.encode()
    assert failing(world.verify(certificates=other)) == ["time.pinned"]


def test_a_case_that_nobody_sealed_is_as_before(tmp_path: Path) -> None:
    with case_in(tmp_path) as archive:
        report = verify(archive.case.path)
    assert report.ok
    assert report.check("time.anchored").outcome == "unproven"
    assert report.check("time.anchored").reason.startswith("no time anchor yet")


def test_a_seal_that_no_authority_stamped_proves_no_time(tmp_path: Path) -> None:
    with case_in(tmp_path) as archive:
        archive.seal(None)
        report = verify(archive.case.path)
    assert report.ok
    assert report.check("checkpoints.signed").counted == 1
    assert report.check("time.anchored").outcome == "unproven"


@pytest.mark.parametrize(
    "change",
    [
        lambda found: [found[0], found[1], *found[3:]],
        lambda found: [found[0], found[2], found[1], *found[3:]],
        lambda found: [found[0], found[1], found[1], *found[2:]],
        lambda found: [found[0], replace(found[1], time="2031-05-14T11:59:00.000Z"), *found[2:]],
        lambda found: [found[0], replace(found[1], detail={**found[1].detail, "published": "1999"}), *found[2:]],
    ],
    ids=["deleted", "reordered", "inserted", "back-dated", "edited"],
)
def test_a_history_changed_below_a_seal_contradicts_it(
    world: World, change: Callable[[list[Entry]], list[Entry]]
) -> None:
    """By somebody who holds every key of the case, and signs and links the whole log again."""
    world.relog(change)
    assert "checkpoints.consistent" in failing(world.verify())


def test_a_history_made_anew_does_not_fit_a_checkpoint_kept_elsewhere(world: World) -> None:
    world.relog(lambda found: [found[0], found[1]])
    assert world.verify().ok  # nothing in the folder shows it
    report = world.verify(pinned_checkpoint=world.note)
    assert failing(report) == ["log.root"]
    assert "found only 2 entries" in report.check("log.root").reason


def test_a_checkpoint_kept_elsewhere_shows_the_same_history(world: World) -> None:
    assert world.verify(pinned_checkpoint=world.note).check("log.root").outcome == "holds"
    with Archive.open(world.path, clock=world.watch) as archive:
        add(archive, world.folder, "later.txt")
    assert world.verify(pinned_checkpoint=world.note).check("log.root").outcome == "holds"


def test_a_checkpoint_of_another_case_or_key_pins_nothing(world: World, tmp_path: Path) -> None:
    with case_in(tmp_path / "other") as other:
        strange = other.seal(None).note
    assert "log.root" in failing(world.verify(pinned_checkpoint=strange))
    head = Checkpoint(*_head(world.note))
    forged = signed_checkpoint(head, WITNESS.public_key().public_bytes_raw(), WITNESS.sign)
    report = world.verify(pinned_checkpoint=forged.encode())
    assert "not signed by this case's key" in report.check("log.root").reason
    assert failing(world.verify(pinned_checkpoint=b"garbage")) == ["log.root"]


def _head(note: bytes) -> tuple[str, int, bytes]:
    origin, size, root, _ = parse_note(note).text.split("\n")
    return origin, int(size), base64.b64decode(root)


def test_a_stripped_signature_is_no_checkpoint(world: World) -> None:
    key = NoteKey("somebody.example", 1, WITNESS.public_key().public_bytes_raw())
    note = parse_note(world.note)
    stranger = signed_checkpoint(Checkpoint(*_head(world.note)), key.public, WITNESS.sign)
    world.reseal(Note(note.text, stranger.signatures), token=response(world.paper.office, b"", NOON))
    assert "checkpoints.signed" in failing(world.verify())


def test_a_signature_from_another_checkpoint_does_not_hold(world: World) -> None:
    origin, _, root = _head(world.note)
    world.reseal(Note(Checkpoint(origin, 2, root).text, parse_note(world.note).signatures))
    report = world.verify()
    assert "checkpoints.signed" in failing(report)
    assert "does not cover this checkpoint" in report.check("checkpoints.signed").reason


@pytest.mark.parametrize(
    ("changed", "fails"),
    [
        ({"root": b"\x00" * 32}, "checkpoints.consistent"),
        ({"size": 2}, "checkpoints.consistent"),
        ({"size": 4}, "checkpoints.consistent"),
        ({"size": 10_000}, "checkpoints.consistent"),
        ({"origin": "probanda/" + "5a" * 32}, "checkpoints.signed"),
    ],
)
def test_a_checkpoint_that_is_not_the_head_it_had_fails(world: World, changed: dict[str, object], fails: str) -> None:
    head = replace(Checkpoint(*_head(world.note)), **changed)  # type: ignore[arg-type]
    signer = world.open().signer()
    note = signed_checkpoint(head, signer.public, signer.sign_raw)
    world.reseal(note, token=response(world.paper.office, note.encode(), NOON))
    assert failing(world.verify()) == [fails]


def test_an_entry_that_says_other_than_its_checkpoint_fails(world: World) -> None:
    world.relog(lambda found: [*found[:3], replace(found[3], detail={**found[3].detail, "size": 2})])
    assert "checkpoints.signed" in failing(world.verify())


LATE = LASTS + timedelta(days=1)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda w: response(w.paper.office, b"other", NOON), "other bytes"),
        (lambda w: response(w.paper.office, w.note, NOON, digest="sha512"), "found one by sha512"),
        (lambda w: response(w.paper.office, w.note, LATE), "had expired"),
        (lambda w: response(office("Office", NOON, LASTS, use=None), w.note, NOON), "states no use"),
        (lambda w: response(office("Other", NOON, LASTS), w.note, NOON), "leads to no root"),
        (lambda w: b"garbage", "no time stamp response"),
        (lambda w: response(w.paper.office, w.note, NOON - timedelta(seconds=60)), "the entry says"),
    ],
    ids=["other data", "other hash", "expired", "no use", "wrong authority", "garbage", "another time"],
)
def test_a_stamp_that_is_not_what_it_should_be_is_named(
    world: World, make: Callable[[World], bytes], told: str
) -> None:
    world.reseal(token=make(world))
    report = world.verify()
    assert failing(report) == ["time.tokens"]
    assert told in report.check("time.tokens").reason
    assert report.check("time.anchored").outcome == "unproven"


def test_a_stamp_by_an_authority_that_no_settings_name_is_none(world: World) -> None:
    world.relog(lambda found: [found[0], found[1], found[3]])
    assert "time.tokens" in failing(world.verify())


def test_a_dropped_stamp_leaves_the_time_unproven(world: World) -> None:
    world.reseal(drop=True)
    report = world.verify()
    assert report.ok
    assert report.check("time.anchored").outcome == "unproven"
    assert "lack them" in report.check("time.anchored").reason


def test_entries_that_claim_to_be_younger_than_the_stamp_over_them_contradict_it(tmp_path: Path) -> None:
    watch = Watch(NOON + timedelta(hours=3))  # the machine's clock runs ahead, and nobody says so
    paper = Paper("Office", office("Office", NOON - timedelta(1), LASTS), lambda: NOON)
    with case_in(tmp_path, watch) as archive:
        archive.assign_settings("stamps", authorities=(paper.authority(),))
        archive.seal(asking_paper(paper))
        path = archive.case.path
    told = verify(path, now=NOON).check("time.order")
    assert told.outcome == "unproven"  # the seal's entry states by how much the clock differed
    assert "the entries under it go on to 2031-05-14T15:00" in told.reason
    world = World(tmp_path / "second")
    world.relog(lambda found: [replace(entry, time="2031-05-14T13:00:00.000Z") for entry in found])
    report = world.verify()
    assert "time.order" in failing(report)


def test_an_entry_that_names_a_stamp_and_claims_to_be_older_contradicts_it(world: World) -> None:
    early = [format_time(NOON - timedelta(days=30 - n)) for n in range(4)]
    world.relog(lambda found: [replace(entry, time=early[entry.seq]) for entry in found])
    report = world.verify()
    assert "time.order" in failing(report)
    assert "claims 2031-04-17" in report.check("time.order").reason


def test_settings_by_somebody_else_than_who_made_the_case_change_nothing(world: World) -> None:
    case = world.open()
    person = register_agent(case, "Petra Halloun", case.log._random)
    weak = settings(replace(_settings(case), min_anchors=0, max_age_s=None, by=person.agent, nonce="ab" * 32))
    blob = case.blobs.put(encode_settings(weak))
    case.append([acts.settings(weak, blob)], person.agent)
    assert failing(world.verify()) == ["settings.signed"]


def _settings(case: CaseFolder) -> Settings:
    [entry] = [one for one in case.log.entries() if one.act == "policy assignment"]
    return parse_settings(case.blobs.read(entry.blobs("settings")[0].sha256))


def test_a_witness_anchors_and_a_false_one_is_named(world: World) -> None:
    cosigned = cosign(parse_note(world.note), WITNESS_KEY, WITNESS.sign, NOON + timedelta(minutes=1))
    with Archive.open(world.path, clock=world.watch) as archive:
        archive.take_cosignature(cosigned.encode())
    report = world.verify()
    assert report.ok
    assert "(Office, Partner)" in report.check("time.anchored").reason
    case = world.open()
    seal = seal_of(parse_entry(world.lines()[3]))
    elsewhere = signed_checkpoint(replace(seal.checkpoint, size=2), case.signer().public, case.signer().sign_raw)
    moved = Note(elsewhere.text, (*elsewhere.signatures, cosigned.signatures[-1]))
    for data, told in (
        (moved.encode(), "another checkpoint"),
        (world.note, "no line by this witness"),
        (b"x", "empty line"),
    ):
        stamp = Stamp("cosignature", "Partner", case.blobs.put(data), format_time(NOON))
        draft = sealing(seal.checkpoint, seal.note, (stamp,))
        world.relog(lambda found, d=draft: [*found[:4], replace(found[4], objects=d.objects)])  # type: ignore[misc]
        report = world.verify()
        assert failing(report) == ["checkpoints.signed"]
        assert told in report.check("checkpoints.signed").reason


class Renewed:
    """A case sealed under a certificate of 100 days, renewed after 50."""

    def __init__(self, folder: Path, *, renew: bool = True) -> None:
        self.watch = Watch(NOON)
        old = Paper("Office", office("Old", NOON - timedelta(1), NOON + timedelta(100)), self.watch)
        new = Paper("Office", office("New", NOON - timedelta(1), LASTS), self.watch)
        with case_in(folder, self.watch) as archive:
            archive.assign_settings("stamps", authorities=(old.authority(),), min_anchors=1)
            archive.seal(asking_paper(old))
            self.watch.wait(days=50)
            if renew:
                archive.assign_settings("another certificate", authorities=(new.authority(),), min_anchors=1)
                archive.seal(asking_paper(new), renew=True)
            self.path = archive.case.path
        self.watch.wait(days=100)

    def verify(self) -> VerifyReport:
        return verify(self.path, now=self.watch.now)


def test_a_renewed_stamp_outlives_its_certificate(tmp_path: Path) -> None:
    report = Renewed(tmp_path).verify()
    assert report.ok
    assert report.check("time.renewed").outcome == "holds"
    assert report.check("time.anchored").outcome == "holds"


def test_a_stamp_whose_certificate_ended_unrenewed_proves_no_time_any_more(tmp_path: Path) -> None:
    report = Renewed(tmp_path, renew=False).verify()
    assert report.ok
    assert report.check("time.renewed").outcome == "unproven"
    assert report.check("time.anchored").outcome == "unproven"


def test_what_is_changed_after_a_renewal_is_told_without_sha_256(tmp_path: Path) -> None:
    """As if another file had the same SHA-256: its bytes are changed, and the check that compares SHA-256 is not
    looked at."""
    renewed = Renewed(tmp_path)
    case = open_folder(renewed.path)
    manifest = next(ref for entry in case.log.entries() for ref in entry.blobs(RENEWAL))
    target = next(name for name in case.blobs.walk() if case.blobs.read(name).startswith(b"Exercise"))
    path = case.blobs.path(target)
    path.chmod(0o644)
    path.write_bytes(b"x" * path.stat().st_size)
    report = renewed.verify()
    assert set(failing(report)) == {"blobs.digest", "time.renewed"}
    assert target in report.check("time.renewed").reason
    data = case.blobs.read(manifest.sha256)
    lines = data.splitlines(keepends=True)
    for changed, told in (
        (b"".join(lines[:-1]), "blobs in the renewal manifest"),
        (data.replace(b'"root_sha512":"', b'"root_sha512":"0', 1), "SHA-512 root"),
        (lines[0] + lines[2] + lines[1] + b"".join(lines[3:]), "in order"),
        (b"garbage\n", "renewal"),
    ):
        place = case.blobs.path(manifest.sha256)
        place.chmod(0o644)
        place.write_bytes(changed)
        assert told in renewed.verify().check("time.renewed").reason


def test_entries_may_be_added_by_another_process_between_signing_and_recording(world: World) -> None:
    """The seal then stands above the size that it covers, and its root is computed in a further pass."""
    case = world.open()
    with Archive.open(world.path, clock=world.watch) as archive:
        add(archive, world.folder, "second.txt")
    origin, size, root = _head(world.note)
    signer = case.signer()
    head = Checkpoint(origin, size, root)
    note = signed_checkpoint(head, signer.public, signer.sign_raw).encode()
    case.append([sealing(head, case.blobs.put(note), ())])
    assert world.verify().ok
    wrong = replace(head, root=hashlib.sha256(b"").digest())
    note = signed_checkpoint(wrong, signer.public, signer.sign_raw).encode()
    case.append([sealing(wrong, case.blobs.put(note), ())])
    assert failing(world.verify()) == ["checkpoints.consistent"]


def test_a_checkpoint_entry_of_another_form_is_named(world: World) -> None:
    world.open().append([Draft(CHECKPOINT, detail={"origin": "probanda/x", "size": True, "root": 1})])
    assert failing(world.verify()) == ["checkpoints.signed"]


def test_a_seal_whose_blobs_are_gone_is_named(world: World) -> None:
    seal = seal_of(parse_entry(world.lines()[3]))
    kept = world.folder / "kept"
    shutil.copytree(world.path, kept)
    world.open().blobs.path(seal.note.sha256).unlink()
    assert set(failing(world.verify())) == {"blobs.present", "checkpoints.signed"}
    open_folder(kept).blobs.path(seal.stamps[0].blob.sha256).unlink()
    assert set(failing(verify(kept, now=NOON))) == {"blobs.present", "time.tokens"}


def test_two_names_for_one_key_are_one_anchor(tmp_path: Path) -> None:
    watch = Watch(NOON)
    one = Paper("One", office("Office", NOON - timedelta(1), LASTS), watch)
    two = Paper("Two", one.office, watch)
    with case_in(tmp_path, watch) as archive:
        archive.assign_settings("stamps", authorities=(one.authority(), two.authority()), min_anchors=2)
        report = archive.seal(asking_paper(one, two))
        [stamp] = seal_of(list(archive.case.log.entries())[-2]).stamps
        head = Checkpoint(*_head(report.note))
        note = archive.case.blobs.put(report.note)
        archive.case.append([sealing(head, note, (replace(stamp, name="Two"),))])
        path = archive.case.path
    found = verify(path, now=NOON)
    assert failing(found) == ["time.tokens"]
    assert "two names for one anchor" in found.check("time.tokens").reason


def test_a_checkpoint_without_the_second_signature_that_the_settings_ask_for_is_named(tmp_path: Path) -> None:
    watch = Watch(NOON)
    with case_in(tmp_path, watch) as archive:
        first = archive.seal(None)
        archive.assign_settings("for decades", second_key=archive.create_second_key().setting)
        archive.seal(None)
        path = archive.case.path
    assert verify(path, now=NOON).ok  # also the first, which was signed before there was a second key
    case = open_folder(path, watch)
    size = case.log.size
    head = Checkpoint(_head(first.note)[0], size, bytes.fromhex(case.log.root()))
    signer = case.signer()
    note = signed_checkpoint(head, signer.public, signer.sign_raw).encode()
    case.append([sealing(head, case.blobs.put(note), ())])
    report = verify(path, now=NOON)
    assert failing(report) == ["checkpoints.signed"]
    assert "second key" in report.check("checkpoints.signed").reason


def test_a_rotated_key_signs_checkpoints_of_its_time_and_no_later_ones(tmp_path: Path) -> None:
    watch = Watch(NOON)
    with case_in(tmp_path, watch) as archive:
        old = archive.case.signer()
        archive.seal(None)
        archive.rotate_key("a laptop was lost")
        archive.seal(None)
        path = archive.case.path
    assert verify(path, now=NOON).ok
    case = open_folder(path, watch)
    lines = (path / "log" / "entries.jsonl").read_bytes().splitlines()
    head = Checkpoint("probanda/" + case.id[5:], len(lines), bytes.fromhex(case.log.root()))
    note = signed_checkpoint(head, old.public, old.sign_raw).encode()
    case.append([sealing(head, case.blobs.put(note), ())])
    assert failing(verify(path, now=NOON)) == ["checkpoints.signed"]


def test_the_examples_of_the_page_are_from_the_good_vector() -> None:
    root = Path(__file__).parent.parent
    page = (root / "spec" / "seal.md").read_text("utf-8")
    changes = json.loads((root / "vectors" / "seals-good.json").read_text("utf-8"))["changes"]
    note, entry, _, _, manifest = re.findall(r"```(?:text|json)\n(.*?)```", page, re.DOTALL)
    stated = json.loads(entry)
    lines = [json.loads(line) for line in changes["log/entries.jsonl"].splitlines()]
    assert stated == {name: lines[8][name] for name in stated}
    blobs = {name[-64:]: content for name, content in changes.items()}
    assert note == blobs[stated["objects"][3]["sha256"]]
    assert manifest in blobs[lines[9]["objects"][-1]["sha256"]]


@pytest.mark.parametrize(
    ("odd", "fails"),
    [
        ({"max_age_s": 10**15}, []),
        ({"max_age_s": 60 * 10**9}, []),
        ({"second_key": "no base64 at all"}, ["checkpoints.signed"]),
        ({"second_key": "AAAA"}, ["checkpoints.signed"]),
    ],
)
def test_odd_settings_break_no_verifier(world: World, odd: dict[str, Any], fails: list[str]) -> None:
    case = world.open()
    strange = settings(replace(_settings(case), nonce="cd" * 32, **odd))
    case.append([acts.settings(strange, case.blobs.put(encode_settings(strange)))])
    signer = case.signer()
    head = Checkpoint(_head(world.note)[0], case.log.size, bytes.fromhex(case.log.root()))
    note = signed_checkpoint(head, signer.public, signer.sign_raw).encode()
    case.append([sealing(head, case.blobs.put(note), ())])
    assert failing(world.verify()) == fails


def test_a_witness_of_the_last_year_breaks_no_verifier(world: World) -> None:
    late = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    cosigned = cosign(parse_note(world.note), WITNESS_KEY, WITNESS.sign, late)
    with Archive.open(world.path, clock=world.watch) as archive:
        archive.take_cosignature(cosigned.encode())
    assert world.verify().check("time.order").outcome == "unproven"
