"""Bundles from strangers: each attack in the table is caught by the check named beside it, and nothing raises."""

from __future__ import annotations

import io
import os
import shutil
import struct
import tempfile
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bundle_files import LOG, Files, listed, manifest, sealed, signed, with_checkpoint
from hypothesis import given, settings
from hypothesis import strategies as st

from bundle_world import BundleWorld, write_folder, write_zip
from probanda.preserve.verify import BUNDLE_NAMES, NAMES, verify
from probanda.preserve.verify.checks import Tally
from probanda.preserve.verify.names import trouble
from probanda.preserve.verify.unzip import unpack
from probanda.records.canonical import canonical

Spoil = Callable[[BundleWorld], Files]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> BundleWorld:
    return BundleWorld(tmp_path_factory.mktemp("world"))


@pytest.fixture
def private(tmp_path: Path) -> Iterator[Path]:
    """Where a ZIP is unpacked; afterwards nothing may be left in it."""
    folder = tmp_path / "private"
    folder.mkdir()
    yield folder
    assert list(folder.iterdir()) == []


def unproven(report_checks: object) -> set[str]:
    return {check.name for check in report_checks if check.outcome != "holds"}  # type: ignore[attr-defined]


def test_a_good_bundle_holds_as_a_folder_and_as_a_zip(world: BundleWorld, tmp_path: Path, private: Path) -> None:
    folder = verify(write_folder(tmp_path / "bundle", world.files))
    stored = verify(write_zip(tmp_path / "bundle.zip", world.files), scratch=private)
    deflated = verify(
        write_zip(tmp_path / "again.zip", world.files, "other name", zipfile.ZIP_DEFLATED), scratch=private
    )
    for report in (folder, stored, deflated):
        assert report.ok, [check for check in report.checks if check.outcome == "fails"]
        assert [check.name for check in report.checks] == [*BUNDLE_NAMES, *NAMES]
        assert unproven(report.checks) <= {"key.pinned", "log.root", "time.anchored"}
        assert report.bundle is not None
        assert (report.bundle.audience, report.bundle.items, report.bundle.withheld) == ("court", 2, ())
    assert folder.root == stored.root == deflated.root


def test_the_key_from_elsewhere_is_compared(world: BundleWorld, tmp_path: Path) -> None:
    bundle = write_folder(tmp_path / "bundle", world.files)
    assert verify(bundle, pinned_key=world.signer.fingerprint).check("key.pinned").outcome == "holds"
    assert verify(bundle, pinned_key="ab" * 32).failed == ("key.pinned",)


def resealed(change: Callable[[Files], Files]) -> Spoil:
    """The change, with lists and signature made to fit, as who holds the key could do it."""
    return lambda world: sealed(change(dict(world.files)), world.signer)


def relisted(change: Callable[[Files], Files]) -> Spoil:
    """The change, with the lists made to fit, as anybody could do it: the signature is as it was."""
    return lambda world: listed(change(dict(world.files)))


def changed(name: str, change: Callable[[bytes], bytes]) -> Spoil:
    return lambda world: world.files | {name: change(world.files[name])}


def without(*names: str) -> Callable[[Files], Files]:
    return lambda files: {name: data for name, data in files.items() if name not in names}


def blob_of(files: Files) -> str:
    return min(name for name in files if name.startswith("data/objects/"))


def flipped(data: bytes) -> bytes:
    return data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]


def md5_beside(world: BundleWorld) -> Files:
    payload = {name: data for name, data in world.files.items() if name.startswith("data/")}
    return sealed(world.files | {"manifest-md5.txt": manifest(payload, "md5")}, world.signer) | {
        "manifest-md5.txt": manifest(payload, "md5")
    }


def md5_only(world: BundleWorld) -> Files:
    found = md5_beside(world)
    del found["manifest-sha256.txt"]
    tags = {name: data for name, data in found.items() if not name.startswith(("data/", "anchors/", "tagm"))}
    return signed(found | {"tagmanifest-sha256.txt": manifest(tags)}, world.signer)


def disagreeing(world: BundleWorld) -> Files:
    payload = {name: data for name, data in world.files.items() if name.startswith("data/")}
    other = manifest({**payload, LOG: b"another log\n"}, "sha512")
    files = world.files | {"manifest-sha512.txt": other}
    tags = {name: data for name, data in files.items() if not name.startswith(("data/", "anchors/", "tagm"))}
    return signed(files | {"tagmanifest-sha256.txt": manifest(tags)}, world.signer)


def with_line(line: bytes) -> Spoil:
    """A line more in the manifest, the tag manifest and signature fitting."""

    def spoil(world: BundleWorld) -> Files:
        files = world.files | {"manifest-sha256.txt": world.files["manifest-sha256.txt"] + line}
        tags = {name: data for name, data in files.items() if not name.startswith(("data/", "anchors/", "tagm"))}
        return signed(files | {"tagmanifest-sha256.txt": manifest(tags)}, world.signer)

    return spoil


def other_oxum(world: BundleWorld) -> Files:
    info = world.files["bag-info.txt"].replace(b"Payload-Oxum: ", b"Payload-Oxum: 1")
    files = world.files | {"bag-info.txt": info}
    tags = {name: data for name, data in files.items() if not name.startswith(("data/", "anchors/", "tagm"))}
    return signed(files | {"tagmanifest-sha256.txt": manifest(tags)}, world.signer)


def by_another_key(world: BundleWorld) -> Files:
    stranger = world.world.stranger
    pem = (world.world.folder.parent / "stranger" / f"{stranger.fingerprint}.pub.pem").read_bytes()
    return signed(world.files | {"anchors/log.pub.pem": pem}, stranger)


def by_another_person(world: BundleWorld) -> Files:
    """A person of the case, whose key is no key of the log."""
    person = world.world.person
    return signed(world.files | {"anchors/log.pub.pem": world.files[f"data/keys/{person.fingerprint}.pub.pem"]}, person)


def transplanted(world: BundleWorld) -> Files:
    """The signature of an earlier bundle of the same log."""
    earlier = sealed(world.files | {"data/more.txt": b"earlier\n"}, world.signer)
    return world.files | {"anchors/tagmanifest.sig": earlier["anchors/tagmanifest.sig"]}


def of_the_checkpoint(world: BundleWorld) -> Files:
    return world.files | {"anchors/tagmanifest.sig": world.files["data/log/checkpoint.sig"]}


def withheld(*, entries: object = (), counts: object = (), audience: object = "court") -> Callable[[Files], Files]:
    body = {"audience": audience, "entries": entries, "counts": counts}
    return lambda files: files | {"data/withheld.json": canonical(_plain(body)) + b"\n"}  # type: ignore[arg-type]


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def shortened(world: BundleWorld) -> Files:
    """The log cut at its end, its checkpoint signed again: the judgement's blob is led to no more."""
    lines = world.files[LOG].splitlines(keepends=True)
    files = with_checkpoint(world.files | {LOG: b"".join(lines[:-1])}, world.signer)
    return sealed(files, world.signer)


PREMIS, XML, CSV = (f"data/metadata/{name}" for name in ("premis.jsonl", "premis-0001.xml", "objects.csv"))


def described(old: bytes, new: bytes, name: str = PREMIS) -> Spoil:
    """Another thing said in the descriptions, by who holds the key."""

    def spoil(world: BundleWorld) -> Files:
        assert old in world.files[name]
        return sealed(world.files | {name: world.files[name].replace(old, new, 1)}, world.signer)

    return spoil


def event_of(files: Files, number: int) -> bytes:
    last = [line for line in files[PREMIS].splitlines(keepends=True) if line.startswith(b'{"event"')][-1]
    return last.replace(b'"eventIdentifier":"6"', b'"eventIdentifier":"%d"' % number)


def tile(files: Files) -> str:
    return next(name for name in files if name.startswith("data/log/tile/0/"))


def proof_of_nothing(files: Files) -> bytes:
    lines = files["data/proofs/1.tlog-proof"].split(b"\n")
    return b"\n".join([*lines[:2], lines[3], lines[2], *lines[4:]])


def shorter_checkpoint(world: BundleWorld) -> Files:
    lines = world.files[LOG].splitlines(keepends=True)
    shorter = with_checkpoint(world.files | {LOG: b"".join(lines[:-1])}, world.signer)
    kept = {name: data for name, data in shorter.items() if name.startswith("data/log/checkpoint")}
    return sealed(world.files | kept, world.signer)


ITEM = {"seq": 1, "reason": "restricted"}

ATTACKS: list[tuple[str, Spoil, set[str]]] = [
    # What anybody could do to it on the way.
    ("a byte of a blob", lambda w: w.files | {blob_of(w.files): flipped(w.files[blob_of(w.files)])},
     {"blobs.digest", "bundle.manifest"}),
    ("a byte of the log", changed(LOG, flipped), {"bundle.manifest", "log.canonical"}),
    ("a byte of an opening", changed("data/log/openings.jsonl", lambda data: data.replace(b"velin", b"vilen", 1)),
     {"bundle.manifest", "commitments.open"}),
    ("a byte of bag-info.txt", changed("bag-info.txt", lambda data: data.replace(b"probanda", b"prabonda")),
     {"bundle.manifest"}),
    ("a byte of a digest", changed("manifest-sha256.txt", lambda data: bytes([data[0] ^ 1]) + data[1:]),
     {"bundle.manifest"}),
    ("a byte of the tag manifest", changed("tagmanifest-sha256.txt", lambda data: bytes([data[0] ^ 1]) + data[1:]),
     {"bundle.manifest", "bundle.signature"}),
    ("a byte of the signature", changed("anchors/tagmanifest.sig", flipped), {"bundle.signature"}),
    ("a file less", lambda w: without("data/withheld.json")(w.files), {"bundle.manifest", "bundle.withheld"}),
    ("a file more", lambda w: w.files | {"data/more.txt": b"more"}, {"bundle.manifest"}),
    ("a file more, listed", relisted(lambda files: files | {"data/more.txt": b"more"}), {"bundle.signature"}),
    ("an entry cut, listed", relisted(lambda f: f | {LOG: b"".join(f[LOG].splitlines(keepends=True)[:-1])}),
     {"bundle.signature", "bundle.withheld"}),
    ("the signature stripped", lambda w: without("anchors/tagmanifest.sig")(w.files), {"bundle.signature"}),
    ("the key stripped", lambda w: without("anchors/log.pub.pem")(w.files), {"bundle.signature"}),
    ("the signature emptied", changed("anchors/tagmanifest.sig", lambda _: b""), {"bundle.signature"}),
    ("the signature too long", changed("anchors/tagmanifest.sig", lambda data: data + b"\0"), {"bundle.signature"}),
    ("a signature of an earlier bundle", transplanted, {"bundle.signature"}),
    ("a signature of the checkpoint", of_the_checkpoint, {"bundle.signature"}),
    ("signed by another key", by_another_key, {"bundle.signature"}),
    ("signed by another person of the case", by_another_person, {"bundle.signature"}),
    ("no manifest", lambda w: without("manifest-sha256.txt")(w.files), {"bundle.manifest"}),
    ("no tag manifest", lambda w: without("tagmanifest-sha256.txt")(w.files), {"bundle.manifest", "bundle.signature"}),
    ("no log", resealed(without(LOG)), {"log.canonical"}),
    # What somebody could do who holds the key, or who wants a reader to be careless.
    ("md5 beside SHA-256", md5_beside, {"bundle.manifest"}),
    ("md5 alone", md5_only, {"bundle.manifest"}),
    ("md5 digests in the SHA-256 manifest", with_line(b"d41d8cd98f00b204e9800998ecf8427e  data/log/x\n"),
     {"bundle.manifest"}),
    ("two manifests that disagree", disagreeing, {"bundle.manifest"}),
    ("fetch.txt", resealed(lambda f: f | {"fetch.txt": b"http://example.org/x 3 data/x\n"}), {"bundle.layout"}),
    ("a name twice in the manifest", lambda w: with_line(w.files["manifest-sha256.txt"].splitlines(True)[0])(w),
     {"bundle.manifest"}),
    ("a name that climbs, listed", with_line(b"ab" * 32 + b"  data/../../etc/passwd\n"), {"bundle.manifest"}),
    ("an absolute name, listed", with_line(b"ab" * 32 + b"  /etc/passwd\n"), {"bundle.manifest"}),
    ("a drive letter, listed", with_line(b"ab" * 32 + b"  C:/windows/x\n"), {"bundle.manifest"}),
    ("a backslash, listed", with_line(b"ab" * 32 + b"  data\\..\\x\n"), {"bundle.manifest"}),
    ("a percent sign, listed", with_line(b"ab" * 32 + b"  data/%2e%2e/x\n"), {"bundle.manifest"}),
    ("a carriage return by percent, listed", with_line(b"ab" * 32 + b"  data/x%0Dy\n"), {"bundle.manifest"}),
    ("a zero byte, listed", with_line(b"ab" * 32 + b"  data/x\0y\n"), {"bundle.manifest"}),
    ("a line without an end, listed", with_line(b"ab" * 32 + b"  data/x"), {"bundle.manifest"}),
    ("a line of a gigabyte's kind, listed", with_line(b"ab" * 32 + b"  data/" + b"x" * 1_000_000 + b"\n"),
     {"bundle.manifest"}),
    ("no file of that name, listed", with_line(b"ab" * 32 + b"  data/zzz\n"), {"bundle.manifest"}),
    ("a tag file among the payload's", with_line(b"ab" * 32 + b"  zzz.txt\n"), {"bundle.manifest"}),
    ("anchors listed", with_line(b"ab" * 32 + b"  anchors/log.pub.pem\n"), {"bundle.manifest"}),
    ("another BagIt", resealed(lambda f: f | {"bagit.txt": f["bagit.txt"].replace(b"1.0", b"0.97")}),
     {"bundle.layout"}),
    ("a mark before bagit.txt", resealed(lambda f: f | {"bagit.txt": b"\xef\xbb\xbf" + f["bagit.txt"]}),
     {"bundle.layout"}),
    ("another count of bytes", other_oxum, {"bundle.manifest"}),
    ("a program beside data", resealed(lambda f: f | {"setup.exe": b"MZ"}), {"bundle.layout"}),
    ("a program among the anchors", lambda w: w.files | {"anchors/verify.sh": b"#!/bin/sh\n"}, {"bundle.layout"}),
    ("a folder among the anchors", lambda w: w.files | {"anchors/x/log.pub.pem": b""}, {"bundle.layout"}),
    ("names equal but for case", resealed(lambda f: f | {"data/A.txt": b"1", "data/a.txt": b"2"}), {"bundle.layout"}),
    ("names equal but for Unicode form",
     resealed(lambda f: f | {"data/\u0439.txt": b"1", "data/\u0438\u0306.txt": b"2"}),
     {"bundle.layout", "bundle.manifest"}),
    ("names equal but for width", resealed(lambda f: f | {"data/\uff21.txt": b"1", "data/a.txt": b"2"}),
     {"bundle.layout"}),
    ("a name that turns round", resealed(lambda f: f | {"data/x\u202etxt.exe": b""}),
     {"bundle.layout", "bundle.manifest"}),
    ("a name of a device", resealed(lambda f: f | {"data/aux.txt": b""}), {"bundle.layout", "bundle.manifest"}),
    ("a stray blob", resealed(lambda f: f | {"data/objects/sha256/e3/e3" + "b0" * 31: b""}),
     {"blobs.digest", "bundle.withheld"}),
    ("a blob under another name", resealed(lambda f: f | {"data/objects/sha256/zz/x": b""}), {"blobs.layout"}),
    ("a blob less, listed and signed", resealed(lambda f: without(blob_of(f))(f)), {"bundle.withheld"}),
    ("a proof of an item that is withheld", resealed(withheld(entries=[ITEM], counts=[
        {"what": "items", "reason": "restricted", "count": 1}])), {"proofs.hold"}),
    ("all that leads to a blob is withheld", resealed(withheld(entries=[
        {"seq": seq, "reason": "restricted"} for seq in range(1, 7)], counts=[
        {"what": "items", "reason": "restricted", "count": 2}])), {"bundle.withheld"}),
    ("an entry withheld that is not", resealed(withheld(entries=[{"seq": 99, "reason": "x"}])), {"bundle.withheld"}),
    ("withheld without a reason", resealed(withheld(entries=[{"seq": 1, "reason": " "}])), {"bundle.withheld"}),
    ("withheld by no number", resealed(withheld(entries=[{"seq": True, "reason": "x"}])), {"bundle.withheld"}),
    ("withheld twice", resealed(withheld(entries=[ITEM, ITEM])), {"bundle.withheld"}),
    ("counts that do not fit", resealed(withheld(counts=[{"what": "items", "reason": "x", "count": 4}])),
     {"bundle.withheld"}),
    ("withheld for nobody", resealed(withheld(audience=None)), {"bundle.withheld"}),
    ("withheld.json that is none", resealed(lambda f: f | {"data/withheld.json": b"[" * 5000}), {"bundle.withheld"}),
    ("the end of the log cut by its owner", shortened, {"bundle.withheld"}),
    ("another case's name", resealed(lambda f: f | {"data/case.json": f["data/case.json"].replace(b"Velin", b"Vilen")}),
     {"case.identity"}),
    ("a proof less", resealed(without("data/proofs/1.tlog-proof")), {"proofs.hold"}),
    ("a proof more", resealed(lambda f: f | {"data/proofs/2.tlog-proof": f["data/proofs/1.tlog-proof"]}),
     {"proofs.hold"}),
    ("a proof of another entry", resealed(lambda f: f | {"data/proofs/1.tlog-proof": f["data/proofs/4.tlog-proof"]}),
     {"proofs.hold"}),
    ("a byte of a proof", resealed(lambda f: f | {"data/proofs/1.tlog-proof": proof_of_nothing(f)}), {"proofs.hold"}),
    ("a checkpoint by another key", lambda w: sealed(with_checkpoint(dict(w.files), w.world.stranger), w.signer),
     {"proofs.hold"}),
    ("a checkpoint of a shorter log", shorter_checkpoint, {"proofs.hold"}),
    ("a tile less", resealed(lambda f: without(tile(f))(f)), {"tiles.agree"}),
    ("a byte of a tile", resealed(lambda f: f | {tile(f): flipped(f[tile(f)])}), {"tiles.agree"}),
    ("a tile more", resealed(lambda f: f | {"data/log/tile/1/000.p/1": bytes(32)}), {"tiles.agree"}),
    ("an event at another time", described(b"07:00:04", b"07:00:05"), {"bundle.metadata"}),
    ("an event with another outcome", described(b'"eventOutcome":"failure"', b'"eventOutcome":"success"'),
     {"bundle.metadata"}),
    ("an event of another act", described(b'"act":"judgement"', b'"act":"ingestion"'), {"bundle.metadata"}),
    ("an event less", resealed(lambda f: f | {PREMIS: b"".join(f[PREMIS].splitlines(True)[2:])}), {"bundle.metadata"}),
    ("an event more", resealed(lambda f: f | {PREMIS: f[PREMIS] + event_of(f, 9)}), {"bundle.metadata"}),
    ("an agent whom nobody named", described(b'"agentIdentifier":"agent:', b'"agentIdentifier":"agent:0'),
     {"bundle.metadata"}),
    ("an object of another size", described(b'"size":81', b'"size":82'), {"bundle.metadata"}),
    ("an object less", resealed(lambda f: f | {PREMIS: b"".join(f[PREMIS].splitlines(True)[:-1])}),
     {"bundle.metadata"}),
    ("XML that says another thing", described(b"<size>81<", b"<size>82<", XML), {"bundle.metadata"}),
    ("XML with an entity", described(b"<premis ", b'<!DOCTYPE x [<!ENTITY a "b">]><premis ', XML), {"bundle.metadata"}),
    ("XML that is none", resealed(lambda f: f | {XML: b"<premis>"}), {"bundle.metadata"}),
    ("a row of another act", described(b",ingestion,", b",derivation,", CSV), {"bundle.metadata"}),
    ("a row of another entry", described(b",1,,ingestion,outcome", b",2,,ingestion,outcome", CSV),
     {"bundle.metadata"}),
    ("rows that are none", resealed(lambda f: f | {CSV: b"\xff\xfe"}), {"bundle.metadata"}),
    ("no descriptions", resealed(without(PREMIS, XML, CSV)), {"bundle.metadata"}),
    ("another's key file", resealed(lambda f: f | {name: b"" for name in f if name.startswith("data/keys/")}),
     {"key.agreement"}),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "expected"), [row[1:] for row in ATTACKS], ids=[row[0] for row in ATTACKS])
def test_an_attack_is_caught_under_its_name(
    world: BundleWorld, tmp_path: Path, private: Path, spoil: Spoil, expected: set[str]
) -> None:
    files = spoil(world)
    folder = verify(write_folder(tmp_path / "bundle", files))
    archive = verify(write_zip(tmp_path / "bundle.zip", files), scratch=private)
    for report in (folder, archive):
        assert [check.name for check in report.checks] == [*BUNDLE_NAMES, *NAMES]
        assert expected <= set(report.failed), [check for check in report.checks if check.outcome == "fails"]
        assert report.ok == (not expected), [check for check in report.checks if check.outcome == "fails"]


def link_out(folder: Path) -> None:
    (folder / "data" / "x").symlink_to("/etc/passwd")


def linked_blob(folder: Path) -> None:
    path = folder / blob_of({str(one.relative_to(folder)): b"" for one in folder.rglob("*") if one.is_file()})
    path.rename(folder.parent / "outside")
    path.symlink_to(folder.parent / "outside")


def linked_log(folder: Path) -> None:
    (folder / "data" / "log").rename(folder.parent / "log")
    (folder / "data" / "log").symlink_to(folder.parent / "log")


def linked_data(folder: Path) -> None:
    (folder / "data").rename(folder.parent / "data")
    (folder / "data").symlink_to(folder.parent / "data")


def linked_manifest(folder: Path) -> None:
    (folder / "manifest-sha256.txt").unlink()
    (folder / "manifest-sha256.txt").symlink_to("/dev/zero")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "data" / "pipe")


def deep(folder: Path) -> None:
    (folder / "data" / "/".join(["x"] * 40)).mkdir(parents=True)


def strange_name(folder: Path) -> None:
    (folder / "data" / os.fsdecode(b"\xff\n\x1b[2J")).write_bytes(b"")


def huge_tag_manifest(folder: Path) -> None:
    os.truncate(folder / "tagmanifest-sha256.txt", 300 << 20)


def huge_withheld(folder: Path) -> None:
    os.truncate(folder / "data" / "withheld.json", 300 << 20)


def no_data(folder: Path) -> None:
    shutil.rmtree(folder / "data")


def only_a_name(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "bagit.txt").write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (link_out, {"bundle.layout"}),
        (linked_blob, {"bundle.layout", "blobs.layout"}),
        (linked_log, {"bundle.layout"}),
        (linked_data, {"bundle.layout"}),
        (linked_manifest, {"bundle.layout", "bundle.manifest"}),
        (pipe, {"bundle.layout"}),
        (deep, {"bundle.layout"}),
        (strange_name, {"bundle.layout"}),
        (huge_tag_manifest, {"bundle.manifest", "bundle.signature"}),
        (huge_withheld, {"bundle.manifest", "bundle.withheld"}),
        (no_data, {"bundle.layout"}),
        (only_a_name, {"bundle.layout"}),
    ],
)
def test_what_is_no_file_is_refused_in_bounded_memory(
    world: BundleWorld, tmp_path: Path, spoil: Callable[[Path], None], expected: set[str]
) -> None:
    folder = write_folder(tmp_path / "bundle", world.files)
    spoil(folder)
    tracemalloc.start()
    try:
        report = verify(folder)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert expected <= set(report.failed)
    assert not report.ok
    assert peak < 96 << 20
    assert [check.name for check in report.checks] == [*BUNDLE_NAMES, *NAMES]


@pytest.mark.parametrize(
    "inner", ["data/proofs", "data/metadata", "data/log/tile", "data/objects/sha256/*", "data/v/w"]
)
def test_nothing_outside_is_read_through_a_link_in_the_place_of_a_folder(
    world: BundleWorld, tmp_path: Path, inner: str
) -> None:
    more = sealed(world.files | {"data/v/w/x.txt": b"as its manifest says"}, world.signer)
    folder = write_folder(tmp_path / "bundle", more)
    assert verify(folder).ok
    [place, *_] = sorted(folder.glob(inner))
    place.rename(tmp_path / "outside")
    place.symlink_to(tmp_path / "outside")
    read: list[tuple[str, int]] = []
    report = verify(folder, lambda stage, done, total: read.append((stage, done)))
    assert f"found a link at '{place.relative_to(folder)}'" in report.check("bundle.layout").reason
    assert {one.outcome for one in report.checks if one.name != "bundle.layout"} == {"not_run"}
    assert read == [], "every file matches its digest, and none is hashed"


def raw_zip(*members: tuple[str, bytes], mode: int = 0, method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            info = zipfile.ZipInfo("x")
            info.filename, info.external_attr, info.create_system = name, mode << 16, 3
            with warnings.catch_warnings(action="ignore"):  # of a name that is there already, which is the point
                archive.writestr(info, data, method)
    return out.getvalue()


def lying(data: bytes, name: bytes, place: int, value: bytes) -> bytes:
    """The archive with other bytes `place` bytes after the beginning of both headers of a member (in the table of
    contents two bytes later)."""
    local = data.index(b"PK\3\4")
    while data[local + 30 : local + 30 + len(name)] != name:
        local = data.index(b"PK\3\4", local + 4)
    central = data.index(b"PK\1\2")
    while data[central + 46 : central + 46 + len(name)] != name:
        central = data.index(b"PK\1\2", central + 4)
    out = bytearray(data)
    out[local + place : local + place + len(value)] = value
    out[central + place + 2 : central + place + 2 + len(value)] = value
    return bytes(out)


def doubled_entry() -> bytes:
    """Two entries of the table of contents for the same bytes, as a bomb has thousands."""
    data = raw_zip(("b/x", b"x" * 1000))
    start, end = data.index(b"PK\1\2"), data.index(b"PK\5\6")
    entry = data[start:end]
    tail = bytearray(data[end:])
    struct.pack_into("<HHII", tail, 8, 2, 2, len(entry) * 2, start)
    return data[:start] + entry * 2 + bytes(tail)


def overlapping() -> bytes:
    """A member that lies within the bytes of another."""
    inner = raw_zip(("b/inner", b"y" * 50))
    inner_local = inner[: inner.index(b"PK\1\2")]
    data = raw_zip(("b/outer", inner_local))
    start, end = data.index(b"PK\1\2", data.index(inner_local) + len(inner_local)), data.index(b"PK\5\6")
    entry = bytearray(inner[inner.index(b"PK\1\2") : inner.index(b"PK\5\6")])
    struct.pack_into("<I", entry, 42, data.index(inner_local))
    tail = bytearray(data[end:])
    struct.pack_into("<HHII", tail, 8, 2, 2, end - start + len(entry), start)
    return data[:end] + bytes(entry) + bytes(tail)


def hidden_between() -> bytes:
    data = raw_zip(("b/x", b"x"))
    start = data.index(b"PK\1\2")
    out = bytearray(data[:start] + b"hidden" * 10 + data[start:])
    struct.pack_into("<I", out, out.index(b"PK\5\6") + 16, start + 60)
    return bytes(out)


def header_of_another_name() -> bytes:
    data = bytearray(raw_zip(("b/x", b"x")))
    data[30:33] = b"b/y"
    return bytes(data)


ARCHIVES: list[tuple[str, Callable[[], bytes], str]] = [
    ("a name that climbs", lambda: raw_zip(("b/../../x", b"")), "climbs out"),
    ("an absolute name", lambda: raw_zip(("/x", b"")), "absolute"),
    ("a drive letter", lambda: raw_zip(("b/C:/x", b"")), "colon"),
    ("a backslash", lambda: raw_zip(("b\\..\\x", b"")), "backslash"),
    ("a zero byte", lambda: lying(raw_zip(("b/xxx", b"")), b"b/xxx", 30, b"b/x\0y"), "another thing"),
    ("a new line", lambda: raw_zip(("b/x\ny", b"")), "U+000A"),
    ("a link", lambda: raw_zip(("b/x", b"/etc/passwd"), mode=0o120777), "a link"),
    ("a device", lambda: raw_zip(("b/x", b""), mode=0o020666), "a device"),
    ("a name twice", lambda: raw_zip(("b/x", b"1"), ("b/x", b"2")), "twice"),
    ("a file and a folder", lambda: raw_zip(("b/x", b"1"), ("b/x/y", b"2")), "twice"),
    ("two top folders", lambda: raw_zip(("a/x", b"1"), ("b/x", b"2")), "one top folder"),
    ("no top folder", lambda: raw_zip(("x", b"1")), "one top folder"),
    ("a bomb by its ratio", lambda: raw_zip(("b/x", bytes(400 << 20)), method=zipfile.ZIP_DEFLATED), "a bomb"),
    ("a bomb by sharing", doubled_entry, "share their bytes"),
    ("a member within another", overlapping, "share their bytes"),
    ("bytes that belong to none", hidden_between, "belong to none"),
    ("bytes before it", lambda: b"MZ" + raw_zip(("b/x", b"1")), "right before the end"),
    ("bytes after it", lambda: raw_zip(("b/x", b"1")) + b"more", "after the end"),
    ("a header of another name", header_of_another_name, "another thing"),
    ("more bytes than stated", lambda: lying(raw_zip(("b/x", b"1" * 90), method=8), b"b/x", 22, b"\x05\0\0\0"),
     "more than the 5 bytes"),
    ("fewer bytes than stated", lambda: lying(raw_zip(("b/x", b"1" * 90), method=8), b"b/x", 22, b"\xff\0\0\0"),
     "expected 255 bytes"),
    ("another checksum", lambda: lying(raw_zip(("b/x", b"1")), b"b/x", 14, b"\0\0\0\0"), "checksum"),
    ("an encrypted member", lambda: lying(raw_zip(("b/x", b"1")), b"b/x", 6, b"\1\0"), "encrypted"),
    ("another method", lambda: raw_zip(("b/x", b"1" * 50), method=zipfile.ZIP_LZMA), "stored or deflated"),
    ("bytes that are no deflate", lambda: lying(raw_zip(("b/x", b"1" * 50)), b"b/x", 8, b"\x08\0"), "inflated"),
    ("a cut archive", lambda: raw_zip(("b/x", b"1"))[:-30], "table of contents"),
    ("no archive", lambda: b"PK and nothing more", "table of contents"),
    ("nothing", lambda: b"", "table of contents"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "reason"), [row[1:] for row in ARCHIVES], ids=[row[0] for row in ARCHIVES])
def test_a_hostile_zip_is_refused_by_layout_and_writes_nothing_outside(
    tmp_path: Path, private: Path, made: Callable[[], bytes], reason: str
) -> None:
    archive = tmp_path / "bundle.zip"
    archive.write_bytes(made())
    before = sorted(tmp_path.rglob("*"))
    report = verify(archive, scratch=private)
    assert "bundle.layout" in report.failed
    assert reason in report.check("bundle.layout").reason
    assert not report.ok
    assert sorted(tmp_path.rglob("*")) == before
    tally, into = Tally("bundle.layout"), tmp_path / "into"
    into.mkdir()
    unpack(archive, into, tally, lambda done, total: None)
    assert all(path.is_file() and not path.is_symlink() for path in into.rglob("*") if not path.is_dir())
    assert not (tmp_path / "x").exists()


def test_a_zip_of_many_members_takes_little_memory(tmp_path: Path, private: Path) -> None:
    archive = tmp_path / "many.zip"
    archive.write_bytes(raw_zip(*((f"b/data/{number:06}", b"") for number in range(20_000))))
    tracemalloc.start()
    try:
        report = verify(archive, scratch=private)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not report.ok
    assert peak < 16 << 20


@pytest.mark.parametrize(
    "name",
    ["..", "../x", "x/../y", "/x", "~/x", "x//y", "x/./y", "x/", "", "C:x", "x\\y", "x%2fy", "x\0", "x\r", "con",
     "Aux.txt", "lpt1.a.b", "x.", "x /y", " x", "x\u200by", "x\ud800y", "e\u0301", "x" * 256,
     "/".join(["x"] * 17), "\ue000"],
)  # fmt: skip
def test_a_troubled_name_has_its_reason(name: str) -> None:
    assert trouble(name)


@given(st.text(max_size=60))
def test_a_name_without_trouble_stays_below_its_folder(name: str) -> None:
    if trouble(name) is None:
        assert Path(os.path.normpath(Path("/top") / name)).relative_to("/top").as_posix() == name
        assert "\\" not in name
        assert ":" not in name


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_changed_byte_of_a_bundle_is_found(world: BundleWorld, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(world.files)))
    good = world.files[name]
    place = data.draw(st.integers(0, len(good) - 1))
    bad = good[:place] + bytes([good[place] ^ data.draw(st.integers(1, 255))]) + good[place + 1 :]
    with tempfile.TemporaryDirectory() as folder:
        assert not verify(write_folder(Path(folder), world.files | {name: bad})).ok
