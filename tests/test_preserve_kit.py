"""The verification kit, run as a stranger runs it: a good bundle passes, and each thing done to one is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from bundle_files import LOG, Files, listed, with_checkpoint

from bundle_world import write_folder
from kit_world import KitWorld, relink
from probanda.preserve import kit
from secret_world import made

PYTHON = (sys.executable, "-I")
SCRIPTS = Path(kit.__file__).parent


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> KitWorld:
    for program in ("openssl", "sha256sum", "comm", "cmp"):
        if shutil.which(program) is None:
            pytest.skip(f"needs the program {program}")
    return KitWorld(tmp_path_factory.mktemp("kit"))


def test_the_kit_is_all_there_and_the_log_checker_is_short() -> None:
    held = kit.files()
    assert set(held) == {"README.md", "README.uk.md", "verify.sh", "verify_log.py", "verify_proof.py"}
    assert held["verify_log.py"].count(b"\n") <= 60
    assert max(map(len, held["verify_log.py"].decode().splitlines())) <= 120
    assert held["verify.sh"].startswith(b"#!/bin/sh\n")
    english, ukrainian = held["README.md"].decode(), held["README.uk.md"].decode()
    for word in ("verify_proof.py", "anchors/log.pub.pem", "verify.sh --key", "sha256sum -c manifest-sha256.txt"):
        assert word in english and word in ukrainian
    assert english.count("\n## ") == ukrainian.count("\n## ")
    assert english.count("\n    ") == ukrainian.count("\n    "), "every command stands in both"


def test_a_good_bundle_passes_every_step(world: KitWorld, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "a bundle", world.files)
    done = world.run(folder, "--key", world.signer.fingerprint.upper(), "--ca", world.trusted)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAIL" not in done.stdout and done.stderr == ""
    notes = [line for line in done.stdout.splitlines() if line.startswith("note")]
    assert len(notes) == 1 and "signed by an earlier key" in notes[0]
    for stamped in (
        "tagmanifest-sha256.txt existed at",
        "log/checkpoint existed at",
        "checkpoints/3/checkpoint existed",
    ):
        assert stamped in done.stdout
    assert "the log is whole" in done.stdout


def test_it_says_what_was_not_given_and_what_nothing_here_shows(world: KitWorld, tmp_path: Path) -> None:
    done = world.run(write_folder(tmp_path / "b", world.files))
    assert done.returncode == 0
    assert "NO FINGERPRINT WAS GIVEN" in done.stdout
    assert done.stdout.count("if the certificates in anchors/") == 3
    without = {name: data for name, data in world.files.items() if not name.endswith(".tsr")}
    done = world.run(write_folder(tmp_path / "c", world.stamped(without)))
    (tmp_path / "c/anchors/tagmanifest.Office.tsr").unlink()
    done = world.run(tmp_path / "c")
    assert "there is no time stamp" in done.stdout


def _change(name: str, old: bytes, new: bytes) -> Callable[[Files], object]:
    def spoil(files: Files) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new, 1)

    return spoil


def _object(files: Files) -> str:
    return next(name for name in sorted(files) if name.startswith("data/objects/"))


SPOILT: dict[str, tuple[Callable[[Files], object], str]] = {
    "a file is edited": (lambda files: files.update({_object(files): b"another"}), "were changed"),
    "a file is missing": (lambda files: files.pop(_object(files)), "but not there"),
    "a file too much": (lambda files: files.update({"data/objects/note.txt": b"x"}), "not in manifest-sha256.txt"),
    "a tag file too much": (lambda files: files.update({"fetch.txt": b"x"}), "not in tagmanifest-sha256.txt"),
    "a hidden file too much": (lambda files: files.update({"data/.hidden": b"x"}), "not in manifest-sha256.txt"),
    "a name with a dash": (lambda files: files.update({"-rf": b"x"}), "not in tagmanifest-sha256.txt"),
    "a name with a line end": (
        lambda files: files.update({"data/log\ndata/case.json": b"x"}),
        "names with a line end",
    ),
    "an entry is edited": (_change(LOG, b'"outcome":"success"', b'"outcome":"failure"'), "does not hold"),
    "the manifest is edited": (
        lambda files: files.update({"manifest-sha256.txt": files["manifest-sha256.txt"] + b"0" * 64 + b"  data/x\n"}),
        "these are missing or were changed",
    ),
    "another signature": (lambda files: files.update({"anchors/tagmanifest.sig": bytes(64)}), "is no signature"),
    "no signature": (lambda files: files.pop("anchors/tagmanifest.sig"), "is no signature"),
    "another checkpoint": (_change("data/log/checkpoint", b"\n7\n", b"\n8\n"), "is not the text of"),
    "another signature of a seal": (
        lambda files: files.update({"data/log/checkpoint.sig": bytes(64)}),
        "no signature over data/log/checkpoint.body",
    ),
    "a stamp over something else": (
        lambda files: files.update({"anchors/checkpoint.Other.tsr": files["anchors/tagmanifest.Office.tsr"]}),
        "no good time stamp",
    ),
    "no bag": (lambda files: files.pop("bagit.txt"), "bagit.txt is missing"),
    "no key": (lambda files: files.pop("anchors/log.pub.pem"), "no Ed25519 public key"),
}


@pytest.mark.parametrize("attack", SPOILT)
def test_what_somebody_without_the_key_did_is_named(world: KitWorld, tmp_path: Path, attack: str) -> None:
    spoil, reason = SPOILT[attack]
    files = dict(world.files)
    spoil(files)
    done = world.run(
        write_folder(tmp_path / "-bundle", files), "--key", world.signer.fingerprint, "--ca", world.trusted
    )
    assert done.returncode == 1
    assert reason in done.stdout
    assert "8. The log" in done.stdout, "no failure stops the rest"


FORGED: dict[str, tuple[Callable[[list[bytes]], bytes], str]] = {
    "an entry is dropped and all is numbered anew": (lambda lines: relink(lines[:1] + lines[2:]), "root"),
    "two entries are swapped": (lambda lines: b"".join([lines[1], lines[0], *lines[2:]]), "line 1 has another number"),
    "an entry is edited and the chain mended": (
        lambda lines: relink([lines[0], lines[1].replace(b"success", b"failure", 1), *lines[2:]]),
        "root",
    ),
    "an entry is inserted": (lambda lines: relink([lines[0], lines[0], *lines[1:]]), "root"),
    "the end is cut": (lambda lines: b"".join(lines[:-1]), "there are 6 lines, where a checkpoint says 7"),
    "an entry is added": (lambda lines: relink([*lines, lines[-1]]), "there are 8 lines, where a checkpoint says 7"),
    "the last line is torn": (lambda lines: b"".join(lines)[:-1], "line 7 is no entry"),
    "a key stands twice": (
        lambda lines: b"".join([*lines[:-1], lines[-1].replace(b'"v":1', b'"v":1,"v":1')]),
        "not in canonical form",
    ),
    "a blank": (lambda lines: b"".join([*lines[:-1], lines[-1].replace(b',"v"', b', "v"')]), "not in canonical form"),
    "no JSON": (lambda lines: b"".join([*lines[:-1], b"\xff\n"]), "line 7 is no entry"),
    "no object": (lambda lines: b"".join([*lines[:-1], b"[]\n"]), "line 7 is no entry"),
    "depth without end": (lambda lines: b"".join([*lines[:-1], b"[" * 60_000 + b"\n"]), "line 7 is no entry"),
    "a line without end": (lambda lines: b"".join([*lines[:-1], b"x" * 200_000 + b"\n"]), "line 7 is no entry"),
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_log_that_was_forged_does_not_hold_though_the_bag_was_signed_again(
    world: KitWorld, tmp_path: Path, forgery: str
) -> None:
    make, reason = FORGED[forgery]
    files = dict(world.files)
    files[LOG] = make(files[LOG].splitlines(keepends=True))
    folder = write_folder(tmp_path / "b", listed(files))
    done = _log(folder / "data")
    assert done.returncode == 1
    assert reason in done.stdout, done.stdout + done.stderr
    assert done.stderr == ""


def test_a_new_seal_over_a_changed_log_is_betrayed_by_the_earlier_one(world: KitWorld, tmp_path: Path) -> None:
    files = dict(world.files)
    lines = files[LOG].splitlines(keepends=True)
    files[LOG] = relink([lines[0], lines[1].replace(b"success", b"failure", 1), *lines[2:]])
    files = world.stamped(with_checkpoint(files, world.signer))
    folder = write_folder(tmp_path / "b", files)
    done = world.run(folder, "--key", world.signer.fingerprint, "--ca", world.trusted)
    assert done.returncode == 1
    assert "the first 3 lines do not have the root that" in done.stdout
    assert "checkpoints/3" in done.stdout
    assert "the key signed data/log/checkpoint" in done.stdout


def test_a_seal_of_another_case_is_not_this_ones(world: KitWorld, tmp_path: Path) -> None:
    files = dict(world.files)
    files["data/case.json"] = files["data/case.json"].replace(b"case:", b"case:0", 1)
    done = _log(write_folder(tmp_path / "b", files) / "data")
    assert done.returncode == 1
    assert "of another case" in done.stdout


def test_another_key_than_the_one_told_is_refused(world: KitWorld, tmp_path: Path) -> None:
    done = world.run(write_folder(tmp_path / "b", world.files), "--key", "0" * 64)
    assert done.returncode == 1
    assert "NOT the one that you were given" in done.stdout


def test_certificates_of_somebody_else_verify_no_stamp(world: KitWorld, tmp_path: Path) -> None:
    strangers = tmp_path / "strangers.pem"
    strangers.write_text(world.office.certificates)
    done = world.run(write_folder(tmp_path / "b", world.files), "--ca", strangers)
    assert done.returncode == 1
    assert "anchors/checkpoint.Other.tsr is no good time stamp" in done.stdout


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_nothing_is_read_where_something_else_than_a_file_lies(world: KitWorld, tmp_path: Path, kind: str) -> None:
    folder = write_folder(tmp_path / "b", world.files)
    (folder / "data/log/checkpoint").unlink()
    if kind == "link":
        (folder / "data/log/checkpoint").symlink_to(tmp_path / "elsewhere")
    else:
        os.mkfifo(folder / "data/log/checkpoint")
    done = world.run(folder)
    assert done.returncode == 1
    assert "which could lead out of the bundle" in done.stdout


@pytest.mark.parametrize("line", [b"  ../outside.txt", b"  /outside.txt", b"  -", b"  data/../../outside.txt"])
def test_a_manifest_that_leads_out_of_the_bundle_is_named(world: KitWorld, tmp_path: Path, line: bytes) -> None:
    files = dict(world.files)
    files["manifest-sha256.txt"] += b"0" * 64 + line + b"\n"
    done = world.run(write_folder(tmp_path / "b", files))
    assert done.returncode == 1
    assert "lines that are no digest and plain path" in done.stdout


def test_a_name_cannot_steer_the_terminal(world: KitWorld, tmp_path: Path) -> None:
    done = world.run(write_folder(tmp_path / "b", {**world.files, "data/\x1b[2Jok": b"x"}))
    assert done.returncode == 1
    assert "\x1b" not in done.stdout
    assert "data/?[2Jok" in done.stdout


@pytest.mark.parametrize("arguments", [["--unknown"], ["--ca", "no-such-file"], ["no-such-folder"]])
def test_a_wrong_call_ends_with_2(arguments: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        ["sh", SCRIPTS / "verify.sh", *arguments], cwd=tmp_path, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr


def _log(data: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PYTHON, SCRIPTS / "verify_log.py", data], capture_output=True, text=True, check=False, timeout=120
    )


def _proof(*arguments: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PYTHON, SCRIPTS / "verify_proof.py", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def test_one_item_is_checked_alone(world: KitWorld, tmp_path: Path) -> None:
    lines = world.files[LOG].splitlines()
    folder = write_folder(tmp_path / "b", world.files)
    proof, key = folder / "data/proofs/2.tlog-proof", folder / "anchors/log.pub.pem"
    entry, other = tmp_path / "entry.json", tmp_path / "other.json"
    entry.write_bytes(lines[2] + b"\n")
    other.write_bytes(lines[3] + b"\n")
    sha256: str = next(thing["sha256"] for thing in json.loads(lines[2])["objects"])
    item = folder / "data/objects/sha256" / sha256[:2] / sha256
    good = _proof(proof, entry, key, item)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "number 2 of the 7 entries" in good.stdout and "FAIL" not in good.stdout
    assert world.signer.fingerprint in good.stdout
    assert "FAIL the entry is number 2" in _proof(proof, other, key).stdout
    assert "FAIL the entry names the SHA-256" in _proof(proof, entry, key, key).stdout
    strangers = next(path for path in (folder / "data/keys").iterdir() if world.signer.fingerprint not in path.name)
    unsigned = _proof(proof, entry, strangers)
    assert unsigned.returncode == 1
    assert "FAIL the checkpoint is signed" in unsigned.stdout


def test_a_bundle_as_probanda_writes_it_passes_and_its_items_can_be_shown_alone(
    world: KitWorld, tmp_path: Path
) -> None:
    case = made(tmp_path / "case")
    with case.archive as archive:
        report = archive.bundle(tmp_path / "out")
    done = world.run(tmp_path / "out", "--key", report.key)
    assert done.returncode == 0, done.stdout
    assert "the key is the one that you were given" in done.stdout and "FAIL" not in done.stdout
    lines = (tmp_path / "out/data/log/entries.jsonl").read_bytes().splitlines()
    proofs = sorted((tmp_path / "out/data/proofs").iterdir())
    assert proofs
    for proof in proofs:
        (tmp_path / "entry.json").write_bytes(lines[int(proof.name.removesuffix(".tlog-proof"))])
        shown = _proof(proof, tmp_path / "entry.json", tmp_path / "out/anchors/log.pub.pem")
        assert shown.returncode == 0, shown.stdout + shown.stderr
