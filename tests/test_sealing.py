"""Sealing: a signed checkpoint with what authorities and witnesses say about its time, and nothing lost or doubled."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from token_maker import office

from probanda.archive import Archive
from probanda.collect.post import post
from probanda.preserve.checkpoint import log_key, origin_of
from probanda.preserve.cosignature import cosign, cosigned_at
from probanda.preserve.note import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, NoteKey, parse_note, signature_holds
from probanda.preserve.renewal import read_head
from probanda.preserve.seals import seal_of
from probanda.records.entry import CHECKPOINT, FAILURE
from probanda.records.settings import Witness
from probanda.sealing import SealRefused
from seal_world import DAY, Paper, Watch, add, asking, asking_paper, case_in
from time_authority import TimeAuthority, responding

NOON = datetime(2031, 5, 14, 12, 0, 0, tzinfo=UTC)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
WITNESS_KEY = NoteKey("partner.example/w", COSIGNATURE_ED25519, WITNESS.public_key().public_bytes_raw())
PARTNER = Witness("Partner", WITNESS_KEY.vkey)


def acts(archive: Archive) -> list[str]:
    return [entry.act for entry in archive.case.log.entries()]


def test_a_seal_is_stamped_over_http_and_openssl_takes_the_stamp(tmp_path: Path) -> None:
    with case_in(tmp_path) as archive, responding(TimeAuthority(tmp_path / "office")) as authority:
        archive.assign_settings("a stamp", authorities=(authority.authority(),), min_anchors=1, max_age_s=DAY)
        size, root = archive.case.log.size, archive.case.log.root()
        report = archive.seal(post)
        assert (report.size, report.root, report.met, report.failures) == (size, root, True, ())
        note = parse_note(report.note)
        signer = archive.case.signer()
        assert signature_holds(note, log_key(archive.case.id, signer.public))
        assert note.text.splitlines()[:2] == [origin_of(archive.case.id), str(size)]
        *_, entry = archive.case.log.entries()
        found = seal_of(entry)
        assert (found.seq, found.checkpoint.size) == (report.entry, size)
        [stamp] = found.stamps
        assert authority.openssl_verifies(report.note, archive.case.blobs.read(stamp.blob.sha256))
        assert archive.case.blobs.read(found.note.sha256) == report.note
        anchoring = archive.anchoring()
        assert (anchoring.covered, anchoring.met) == (size, True)
        assert anchoring.label(1).startswith("anchored by 20")
        assert anchoring.label(size) == "unanchored"


def test_sealing_again_with_nothing_new_adds_nothing(tmp_path: Path) -> None:
    authority = TimeAuthority(tmp_path / "office")
    with case_in(tmp_path) as archive:
        archive.assign_settings("a stamp", authorities=(authority.authority(),), min_anchors=1)
        first = archive.seal(asking(authority))
        size = archive.case.log.size
        again = archive.seal(asking(authority))
        assert again.entry is None
        assert (again.note, again.anchors) == (first.note, first.anchors)
        assert archive.case.log.size == size
        assert len(authority.asked) == 1
        add(archive, tmp_path, "second.txt")
        assert archive.seal(asking(authority)).size == size + 1


@pytest.mark.parametrize("behaviour", ["refuses", "garbage", "empty", "error", "other data", "huge", "moved"])
def test_an_authority_that_gives_no_stamp_is_a_failure_on_record_and_stops_no_other(
    tmp_path: Path, behaviour: str
) -> None:
    with (
        case_in(tmp_path) as archive,
        responding(TimeAuthority(tmp_path / "good", "Good")) as good,
        responding(TimeAuthority(tmp_path / "bad", "Bad", behaviour=behaviour)) as bad,  # type: ignore[arg-type]
    ):
        archive.assign_settings("two stamps", authorities=(bad.authority(), good.authority()), min_anchors=2)
        report = archive.seal(post)
        assert [name for name, _ in report.anchors] == ["Good"]
        assert [name for name, _ in report.failures] == ["Bad"]
        assert not report.met
        assert acts(archive)[-2:] == [CHECKPOINT, FAILURE]
        assert not archive.anchoring().met
        assert archive.anchoring().covered == 0
        bad.behaviour = "answers"
        again = archive.seal(post)
        assert (again.met, again.note, again.failures) == (True, report.note, ())
        assert (len(good.asked), len(bad.asked)) == (1, 2)
        assert archive.anchoring().covered == report.size
        assert acts(archive)[-3:] == [CHECKPOINT, FAILURE, CHECKPOINT]


def test_an_authority_that_is_slow_is_given_up(tmp_path: Path) -> None:
    with case_in(tmp_path) as archive, responding(TimeAuthority(tmp_path / "slow", behaviour="slow")) as slow:
        archive.assign_settings("a stamp", authorities=(slow.authority(),))
        report = archive.seal(lambda url, body, kind: post(url, body, kind, timeout_s=0.2))
        [(name, reason)] = report.failures
        assert name == "Office"
        assert "timed out" in reason


@pytest.mark.parametrize(
    ("fault", "told"),
    [("expired", "had expired"), ("wrong root", "leads to no root"), ("not yet valid", "was not valid before")],
)
def test_a_stamp_that_is_not_good_is_not_taken_in(tmp_path: Path, fault: str, told: str) -> None:
    authority = TimeAuthority(tmp_path / "office", certificate=fault)  # type: ignore[arg-type]
    with case_in(tmp_path) as archive:
        archive.assign_settings("a stamp", authorities=(authority.authority(),), min_anchors=1)
        report = archive.seal(asking(authority))
        assert told in report.failures[0][1]
        assert report.anchors == ()
        assert archive.anchoring().covered == 0


def test_two_names_for_one_key_are_one_anchor(tmp_path: Path) -> None:
    watch = Watch(NOON)
    one = Paper("One", office("Office", NOON - timedelta(1), NOON + timedelta(365)), watch)
    two = Paper("Two", one.office, watch)
    with case_in(tmp_path, watch) as archive:
        archive.assign_settings("two", authorities=(one.authority(), two.authority()), min_anchors=2)
        report = archive.seal(asking_paper(one, two))
        assert not report.met
        assert "the key that signs for 'One' too" in report.failures[0][1]


def test_a_case_without_a_network_hands_out_requests_and_takes_in_answers(tmp_path: Path) -> None:
    authority = TimeAuthority(tmp_path / "office")
    with case_in(tmp_path) as archive:
        archive.assign_settings("a stamp", authorities=(authority.authority(),), min_anchors=1)
        report = archive.seal(None)
        [(name, asked)] = report.asked
        assert (name, report.met) == ("Office", False)
        add(archive, tmp_path, "meanwhile.txt")
        answer = authority.reply(asked)
        taken = archive.take_token(answer, "Office")
        assert (taken.met, taken.size, taken.note) == (True, report.size, report.note)
        assert archive.anchoring().covered == report.size
        size = archive.case.log.size
        assert archive.take_token(answer, "Office").entry is None
        assert archive.case.log.size == size


def test_answers_that_do_not_belong_are_refused(tmp_path: Path) -> None:
    authority, other = TimeAuthority(tmp_path / "office"), TimeAuthority(tmp_path / "other", "Other")
    with case_in(tmp_path) as archive:
        with pytest.raises(SealRefused, match="authority of the case's settings"):
            archive.take_token(b"", "Office")
        archive.assign_settings("a stamp", authorities=(authority.authority(),))
        with pytest.raises(SealRefused, match="there is no checkpoint yet"):
            archive.take_token(authority.stamp(b"x"), "Office")
        [(_, asked)] = archive.seal(None).asked
        for answer, told in (
            (authority.stamp(b"something else"), "over other bytes"),
            (other.reply(asked), "leads to no root"),
            (b"garbage", "no time stamp response"),
        ):
            with pytest.raises(SealRefused, match=told):
                archive.take_token(answer, "Office")


def test_a_witness_anchors_a_checkpoint_by_hand(tmp_path: Path) -> None:
    watch = Watch(NOON)
    with case_in(tmp_path, watch) as archive:
        report = archive.seal(None)
        cosigned = cosign(parse_note(report.note), WITNESS_KEY, WITNESS.sign, NOON + timedelta(hours=1))
        with pytest.raises(SealRefused, match="Name the witness first"):
            archive.take_cosignature(cosigned.encode())
        archive.assign_settings("a partner", witnesses=(PARTNER,), min_anchors=1)
        taken = archive.take_cosignature(cosigned.encode())
        assert taken.anchors == (("Partner", "2031-05-14T13:00:00.000Z"),)
        assert archive.anchoring().label(1) == "anchored by 2031-05-14 (Partner)"
        assert archive.take_cosignature(cosigned.encode()).entry is None
        for data in (
            report.note,
            b"garbage",
            cosigned.encode().replace(b"\n2\n", b"\n1\n"),
            b"a\n\n" + cosigned.encode(),
        ):
            with pytest.raises(SealRefused):
                archive.take_cosignature(data)


def test_what_was_stamped_too_late_is_not_anchored(tmp_path: Path) -> None:
    watch = Watch(NOON)
    paper = Paper("Office", office("Office", NOON - timedelta(1), NOON + timedelta(3650)), watch)
    with case_in(tmp_path, watch) as archive:
        watch.wait(days=30)
        archive.assign_settings("a day", authorities=(paper.authority(),), min_anchors=1, max_age_s=DAY)
        watch.wait(hours=23)
        first = archive.seal(asking_paper(paper))
        assert archive.anchoring().covered == first.size  # what is older than the policy counts from the policy
        add(archive, tmp_path, "late.txt")
        late = archive.case.log.size - 1
        watch.wait(hours=25)
        add(archive, tmp_path, "fresh.txt")
        archive.seal(asking_paper(paper))
        found = archive.anchoring()
        assert (found.covered, found.met) == (first.size, False)
        assert found.label(late) == "unanchored"
        assert found.label(late + 1) == "anchored by 2031-06-15 (Office)"
        assert "lack them" in found.reason


def test_a_clock_that_is_wrong_is_told_in_the_entry(tmp_path: Path) -> None:
    watch = Watch(NOON)
    paper = Paper(
        "Office", office("Office", NOON - timedelta(1), NOON + timedelta(3650)), lambda: NOON + timedelta(hours=2)
    )
    with case_in(tmp_path, watch) as archive:
        archive.assign_settings("a stamp", authorities=(paper.authority(),))
        report = archive.seal(asking_paper(paper))
        assert report.entry is not None
        entry = next(archive.case.log.entries(report.entry))
        assert entry.detail["clock_offset_ms"] == {"Office": 7_200_000}


def test_renewal_binds_all_by_sha_512_and_keeps_old_stamps_alive(tmp_path: Path) -> None:
    watch = Watch(NOON)
    old = Paper("Office", office("Old", NOON - timedelta(1), NOON + timedelta(100)), watch)
    new = Paper("Office", office("New", NOON - timedelta(1), NOON + timedelta(9000)), watch)
    with case_in(tmp_path, watch) as archive:
        archive.assign_settings("a stamp", authorities=(old.authority(),), min_anchors=1)
        first = archive.seal(asking_paper(old))
        assert archive.anchoring().covered == first.size
        watch.wait(days=101)
        assert archive.anchoring().covered == 0  # lapsed, and nothing renewed it
        watch.wait(days=-51)
        archive.assign_settings("another certificate", authorities=(new.authority(),), min_anchors=1)
        renewed = archive.seal(asking_paper(new), renew=True)
        watch.wait(days=51)
        assert archive.anchoring().span(1) is not None
        assert archive.anchoring().label(1) == "anchored by 2031-05-14 (Office)"
        assert renewed.entry is not None
        found = seal_of(next(archive.case.log.entries(renewed.entry)))
        assert found.renewal is not None
        assert [stamp.kind for stamp in found.stamps] == ["time stamp", "renewal time stamp"]
        lines = archive.case.blobs.read(found.renewal.sha256).splitlines()
        head = read_head(lines[0])
        assert (head.size, head.root, head.blobs) == (renewed.size, renewed.root, len(lines) - 1)
        digest = hashlib.sha512(archive.case.blobs.read(found.note.sha256)).hexdigest()
        assert digest not in "".join(map(str, lines))  # the note itself is stamped beside it
        assert archive.seal(asking_paper(new)).entry is None


def test_the_second_key_signs_every_checkpoint_once_the_settings_name_it(tmp_path: Path) -> None:
    watch = Watch(NOON)
    with case_in(tmp_path, watch) as archive:
        second = archive.create_second_key()
        archive.assign_settings("for decades", second_key=second.setting)
        note = parse_note(archive.seal(None).note)
        key = NoteKey(origin_of(archive.case.id), COSIGNATURE_MLDSA44, second.public)
        assert cosigned_at(note, key) == NOON
        assert signature_holds(note, log_key(archive.case.id, archive.case.signer().public))


def test_after_a_rotation_the_key_in_force_signs(tmp_path: Path) -> None:
    with case_in(tmp_path) as archive:
        archive.rotate_key("a laptop was lost")
        signer = archive.case.signer()
        assert signer.fingerprint != archive.case.key
        assert signature_holds(parse_note(archive.seal(None).note), log_key(archive.case.id, signer.public))
