"""The case folder: complete or no case at all; every other state is named with what to do."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from probanda.preserve import acts, captures
from probanda.preserve.case_folder import CaseFolder, create, open_folder, register_agent
from probanda.preserve.errors import (
    CaseError,
    HalfWrittenCase,
    KeyMissing,
    NewerVersion,
    NotACase,
    NotEmpty,
    PreserveError,
    ReadOnlyCase,
)
from probanda.preserve.keyring import create_key, load_signer
from probanda.preserve.keys import fingerprint, read_public_pem, signature_holds
from probanda.preserve.manifest import MANIFEST
from probanda.preserve.verify import verify
from probanda.records.entry import REGISTRATION, encode
from probanda.records.protection import MARKINGS, Protection

NOW = datetime(2026, 11, 22, 7, 0, 0, 123_000, UTC)


@pytest.fixture
def case(tmp_path: Path) -> CaseFolder:
    return create(tmp_path / "case", "Velin", "Jana Orlik", lambda: NOW)


def test_a_new_case_has_every_part_and_verifies(case: CaseFolder) -> None:
    names = {path.relative_to(case.path).as_posix() for path in case.path.rglob("*") if path.is_file()}
    assert names == {
        "probanda.json", "README.txt", "append.lock", "log/entries.jsonl", "private/openings.jsonl",
        f"keys/{case.key}.pub.pem", f"keys/{case.key}.key.pem",
    }  # fmt: skip
    assert json.loads((case.path / "probanda.json").read_bytes()) == {
        "format": "probanda-case/1", "id": case.id, "title": "Velin", "created": "2026-11-22T07:00:00.123Z",
        "key": case.key,
    }  # fmt: skip
    assert stat.S_IMODE((case.path / "keys" / f"{case.key}.key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE((case.path / "private").stat().st_mode) == 0o700
    assert stat.S_IMODE((case.path / "private" / "openings.jsonl").stat().st_mode) == 0o600
    assert case.id.startswith("case:")
    assert verify(case.path).ok


def test_title_and_name_are_committed_not_written_in_the_log(case: CaseFolder) -> None:
    [entry] = case.log.entries()
    log = (case.path / "log" / "entries.jsonl").read_text()
    assert "Jana Orlik" not in log
    assert "Velin" not in log
    assert case.openings.value(entry.committed["name"]) == "Jana Orlik"
    assert case.openings.value(entry.committed["title"]) == "Velin"
    assert acts.public_key_of(entry) == (case.key, case.signer().public)


def test_an_opened_case_is_the_one_that_was_made(case: CaseFolder) -> None:
    found = open_folder(case.path)
    assert (found.id, found.title, found.created, found.key, found.agent) == (
        case.id, "Velin", "2026-11-22T07:00:00.123Z", case.key, f"agent:{case.key}",
    )  # fmt: skip
    assert not found.read_only
    assert found.log.size == 1


def test_two_cases_made_at_one_moment_have_two_ids_and_keys(tmp_path: Path) -> None:
    one, two = (create(tmp_path / name, "Velin", "Jana Orlik", lambda: NOW) for name in "ab")
    assert one.id != two.id
    assert one.key != two.key


def test_a_capture_is_added_and_read_back_with_its_openings(case: CaseFolder) -> None:
    blob = case.blobs.put(b"report")
    draft = captures.ingestion(blob, nonce="ab" * 32, salt=b"s" * 32, name="Звіт\n1.txt", source="Velin Post",
                               published="2022-03", media_type="text/plain")  # fmt: skip
    case.append([draft])
    [entry] = open_folder(case.path).log.entries(1)
    found = captures.capture_of(entry, case.openings)
    assert found is not None
    assert (found.blob, found.size, found.name, found.source, found.note) == (
        blob.sha256, 6, "Звіт\n1.txt", "Velin Post", None,
    )  # fmt: skip
    assert (found.published, found.media_type_given, found.protection.marking) == (
        "2022-03",
        "text/plain",
        "restricted",
    )
    assert (found.seq, found.captured_at) == (1, entry.time)
    assert captures.capture_of(entry) is None, "without the opening nothing says which bytes came in"
    [again] = case.append([captures.ingestion(blob, nonce="cd" * 32, salt=b"t" * 32)])
    assert again.detail["capture"] != found.id


def test_the_log_tells_nothing_of_a_capture_that_is_not_public(case: CaseFolder) -> None:
    blob = case.blobs.put(b"a photograph that somebody knows")
    origin = {"format": "auto-archiver", "sheet": "capture:" + "ab" * 32, "row": 3, "column": "archive location"}
    told: dict[str, Any] = {"name": "velin.jpg", "source": "Velin Post", "published": "2031-03", "origin": origin,
                            "media_type": "image/jpeg"}  # fmt: skip
    for marking in MARKINGS:
        draft = captures.ingestion(blob, nonce="ab" * 32, salt=b"s" * 32, protection=Protection(marking), **told)
        [entry] = case.append([draft])
        line = encode(entry).decode()
        seen = [word for word in (blob.sha256, "velin.jpg", "Velin Post", "2031-03", "archive location", "image/jpeg",
                                  f'"size":{blob.size}') if word in line]  # fmt: skip
        opened = captures.capture_of(entry, case.openings)
        assert opened is not None
        assert (opened.blob, opened.size, opened.name) == (blob.sha256, blob.size, "velin.jpg")
        assert (opened.published, opened.media_type_given, opened.extra) == (
            "2031-03",
            "image/jpeg",
            {"origin": origin},
        )
        assert opened.protection == Protection(marking)
        if marking == "public":
            assert seen == [blob.sha256, "2031-03", "archive location", "image/jpeg", f'"size":{blob.size}']
            assert opened.committed is None
        else:
            assert seen == []
            assert opened.committed is not None
    assert verify(case.path).ok


def test_an_opening_that_does_not_give_its_commitment_opens_nothing(case: CaseFolder) -> None:
    blob, other = case.blobs.put(b"report"), case.blobs.put(b"Report")
    [entry] = case.append([captures.ingestion(blob, nonce="ab" * 32, salt=b"s" * 32, name="velin.txt")])
    path = case.path / "private" / "openings.jsonl"
    path.write_bytes(path.read_bytes().replace(blob.sha256.encode(), other.sha256.encode()))
    again = open_folder(case.path)
    assert captures.capture_of(entry, again.openings) is None
    assert again.openings.value(entry.committed["name"]) == "velin.txt"


def test_a_further_person_signs_with_a_key_that_the_log_knows(case: CaseFolder) -> None:
    signer = register_agent(case, "Petra Halloun")
    [entry] = case.log.entries(1)
    assert (entry.act, entry.signature.key) == (REGISTRATION, case.key)
    assert acts.public_key_of(entry) == (signer.fingerprint, signer.public)
    assert case.openings.value(entry.committed["name"]) == "Petra Halloun"
    [note] = case.append([acts.failure("ingestion", "no such file")], signer.agent)
    assert (note.signature.key, note.agents[0].id) == (signer.fingerprint, signer.agent)
    assert verify(case.path).ok


def nothing(folder: Path) -> None:
    shutil.rmtree(folder)


def a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_bytes(b"")


def an_empty_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def no_manifest(folder: Path) -> None:
    (folder / "probanda.json").unlink()


def manifest(text: bytes) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        (folder / "probanda.json").write_bytes(text)

    return write


def a_pipe(folder: Path) -> None:
    (folder / "probanda.json").unlink()
    os.mkfifo(folder / "probanda.json")


@pytest.mark.parametrize(
    ("spoil", "error", "says"),
    [
        (nothing, NotACase, "found nothing.*probanda init"),
        (a_file, NotACase, "found something that is no folder.*probanda init"),
        (an_empty_folder, NotACase, "found a folder without it.*probanda init"),
        (no_manifest, HalfWrittenCase, "stopped before its end.*remove the folder and run init again.*restore"),
        (a_pipe, HalfWrittenCase, "without it"),
        (manifest(b""), NotACase, "expected JSON.*copy"),
        (manifest(b"\xff\xfe"), NotACase, "expected JSON"),
        (manifest(b"[" * 70_000), NotACase, "expected JSON"),
        (manifest(b"{}"), NotACase, "found None"),
        (manifest(b'{"format":"other/1"}'), NotACase, "no Probanda case"),
        (
            manifest(b'{"format":"probanda-case/2"}'),
            NewerVersion,
            "found probanda-case/2.*Install that version or a later",
        ),
        (manifest(b'{"format":"probanda-case/1","id":1}'), NotACase, "expected text for 'id'"),
    ],
)
def test_what_is_no_usable_case_is_named_with_what_to_do(
    case: CaseFolder, spoil: Callable[[Path], None], error: type[CaseError], says: str
) -> None:
    spoil(case.path)
    with pytest.raises(error) as raised:
        open_folder(case.path)
    assert re.search(says, str(raised.value)), str(raised.value)
    assert type(raised.value) is error
    assert not verify(case.path).ok


@pytest.mark.parametrize("spoil", [a_file, lambda folder: None, lambda folder: (folder / "x").write_bytes(b"")])
def test_a_new_case_is_never_made_over_anything(case: CaseFolder, spoil: Callable[[Path], None]) -> None:
    spoil(case.path)
    before = sorted(case.path.rglob("*"))
    with pytest.raises(NotEmpty):
        create(case.path, "Another", "Jana Orlik")
    assert sorted(case.path.rglob("*")) == before


def test_a_case_half_made_is_not_made_over(case: CaseFolder) -> None:
    no_manifest(case.path)
    with pytest.raises(HalfWrittenCase, match="run init again"):
        create(case.path, "Another", "Jana Orlik")


def test_an_empty_folder_and_missing_parents_are_fine_and_a_title_is_needed(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert create(tmp_path / "empty", "T", "N").title == "T"
    assert create(tmp_path / "deep" / "er", "Ж", "N").title == "Ж"
    with pytest.raises(CaseError, match="expected a title"):
        create(tmp_path / "other", " ", "N")
    assert not (tmp_path / "other").exists()


def in_child_without_rights(folder: Path, act: Callable[[], None]) -> str:
    """Runs `act` in a child process that has lost root's rights; returns the error's name and text, or ""."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = "died"
        try:
            os.chdir(folder)
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65_534)
                os.setuid(65_534)
            act()
            said = ""
        except PreserveError as error:
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as answer:
        return answer.read().decode()


def test_a_case_that_may_not_be_written_can_be_read_and_verified(case: CaseFolder) -> None:
    case.append([captures.ingestion(case.blobs.put(b"report"), nonce="ab" * 32, salt=b"s" * 32)])
    for path in [case.path, *case.path.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    case.path.parent.chmod(0o755)

    def read() -> None:
        found = open_folder(Path(case.path.name))
        if not found.read_only or found.log.size != 2 or len(list(found.blobs.walk())) != 1:
            raise CaseError("the case was not read")
        if not verify(Path(case.path.name)).ok:
            raise CaseError("the case was not verified")

    def append() -> None:
        open_folder(Path(case.path.name)).append([acts.failure("ingestion", "why")])

    def force() -> None:
        open_folder(Path(case.path.name), read_only=False).append([acts.failure("ingestion", "why")])

    def put() -> None:
        open_folder(Path(case.path.name)).blobs.put(b"more")

    def make() -> None:
        create(Path("another"), "T", "N")

    assert in_child_without_rights(case.path.parent, read) == ""
    for act in (append, force, put, make):
        assert in_child_without_rights(case.path.parent, act).startswith("ReadOnlyCase: "), act
    for path in [case.path, *case.path.rglob("*")]:
        path.chmod(0o755)


def test_a_case_opened_for_reading_refuses_to_write(case: CaseFolder) -> None:
    with pytest.raises(ReadOnlyCase, match="for reading only"):
        open_folder(case.path, read_only=True).append([acts.failure("ingestion", "why")])


def test_a_missing_or_wrong_private_key_is_named(case: CaseFolder, tmp_path: Path) -> None:
    path = case.path / "keys" / f"{case.key}.key.pem"
    own = path.read_bytes()
    (tmp_path / "k").mkdir()
    other = create_key(tmp_path / "k")
    for content, says in [
        (None, "No such file"), (b"", "expected a PEM"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END", "expected a PEM"),
        ((tmp_path / "k" / f"{other.fingerprint}.key.pem").read_bytes(), f"found the key {other.fingerprint}"),
    ]:  # fmt: skip
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(KeyMissing, match=says):
            open_folder(case.path).append([acts.failure("ingestion", "why")])
    path.write_bytes(own)
    assert open_folder(case.path).append([acts.failure("ingestion", "why")])[0].seq == 1


def test_keys_sign_and_only_what_was_signed_holds(tmp_path: Path) -> None:
    signer = create_key(tmp_path)
    loaded = load_signer(tmp_path, signer.fingerprint)
    assert (loaded.fingerprint, loaded.public, loaded.agent) == (
        fingerprint(signer.public), signer.public, f"agent:{signer.fingerprint}",
    )  # fmt: skip
    assert read_public_pem((tmp_path / f"{signer.fingerprint}.pub.pem").read_bytes()) == signer.public
    signature = loaded.sign(b"data")
    assert signature_holds(signer.public, signature, b"data")
    for public, value, data in [
        (signer.public, signature, b"Data"), (signer.public, "", b"data"), (signer.public, "\u00e9", b"data"),
        (signer.public[:-1], signature, b"data"), (bytes(32), signature, b"data"),
    ]:  # fmt: skip
        assert not signature_holds(public, value, data)


def test_the_folders_own_instructions_work_with_stock_tools_and_find_a_change(case: CaseFolder) -> None:
    case.append(
        [captures.ingestion(case.blobs.put(b"report"), nonce="ab" * 32, salt=b"s" * 32, name='a "signature":{"key":"x')]
    )
    text = (case.path / "README.txt").read_text()
    blocks = ["\n".join(block) for block in _indented(text)]
    script = "\n".join(block for block in blocks if "probanda.json" not in block)
    assert script.count("sha256sum") == 3

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(["bash", "-c", script], cwd=case.path, capture_output=True, text=True, check=False)

    first = run()
    lines = first.stdout.splitlines()
    assert lines[0] == lines[1]
    assert lines[2] == "Signature Verified Successfully"
    assert lines[3].split()[0] == case.key
    assert first.stderr == ""

    [blob] = case.blobs.walk()
    case.blobs.path(blob).chmod(0o644)
    case.blobs.path(blob).write_bytes(b"Report")
    log = case.path / "log" / "entries.jsonl"
    log.write_bytes(
        log.read_bytes().replace(b'"media_type":null', b'"media_type":"a"').replace(b'"v":1}', b'"v":2}', 1)
    )
    second = run()
    assert "FAILED" in second.stdout + second.stderr
    assert "Signature Verification Failure" in second.stdout + second.stderr
    changed = second.stdout.splitlines()
    hashes = [line for line in changed if re.fullmatch("[0-9a-f]{64}", line)]
    assert hashes[0] != hashes[1]


def _indented(text: str) -> list[list[str]]:
    blocks: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.startswith("  "):
            blocks[-1].append(line[2:])
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def test_a_name_that_is_no_unicode_is_still_a_name() -> None:
    assert acts.file_name(Path(os.fsdecode(b"caf\xe9"))) == "caf\\xe9"
    assert acts.file_name(Path("Звіт\n")) == "Звіт\n"
    assert MANIFEST == "probanda.json"
