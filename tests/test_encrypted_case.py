"""A case that is encrypted: what lies on the disk, who can open it, and what can be checked without opening it.

Making one takes seconds, since its passphrase is made slow to guess; so one is made, copied for each test, and opened
with its identity, as who has the recovery file opens it.
"""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pyrage
import pytest

from cli_world import environment, probanda
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.preserve.case_folder import create
from probanda.preserve.errors import (
    CaseError,
    PassphraseMissing,
    PreserveError,
    StorageError,
    WrongPassphrase,
)
from probanda.preserve.passphrases import NOBODY
from probanda.preserve.verify import verify

PASSPHRASE = "sluice gate 4"
TITLE, PERSON, SOURCE, NOTE, NAME = (
    "Mill-Enquiry",
    "Ana-Velt",
    "Velin-Post",
    "handed-over-at-night",
    "witness-eleven.txt",
)
WORD = "sluicekeeper"
PEM = "BEGIN PRIVATE KEY"
REASON = "seen-in-the-register"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """An encrypted case with two items, one of them judged, and its identity."""
    world = tmp_path_factory.mktemp("world")
    (world / NAME).write_text(f"The {WORD} said that 12 people died at the mill.\n")
    with Archive.create(world / "case", TITLE, PERSON, passphrase=PASSPHRASE, encrypted=True) as archive:
        archive.add([world / NAME], published="2031-04-02", source=SOURCE, note=NOTE, by="Mirek-Sandor")
        archive.run(InlineEngine(archive.case.blobs.folder))
        sealed = archive.case.private.sealed
        assert sealed is not None
        identity = sealed.recovery()
    return world / "case", identity


@pytest.fixture
def case(made: tuple[Path, str], tmp_path: Path) -> Path:
    shutil.copytree(made[0], tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture
def identity(made: tuple[Path, str]) -> str:
    return made[1].splitlines()[-1]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def in_clear(folder: Path, words: list[str]) -> list[tuple[str, str]]:
    """Which of the words stand in which file of the case, its names included, blobs aside."""
    forms = [(word, form) for word in words for form in (word.lower().encode(), word.lower().encode("utf-16-le"))]
    return [
        (name, word)
        for name, data in contents(folder).items()
        if not name.startswith("blobs/")
        for word, form in forms
        if form in data.lower() or word.lower() in name.lower()
    ]


def test_neither_names_nor_sources_nor_words_stand_in_clear_in_any_file_but_blobs(case: Path, identity: str) -> None:
    words = [TITLE, PERSON, "Mirek-Sandor", SOURCE, NOTE, NAME, WORD, "mill", PASSPHRASE, identity]
    assert in_clear(case, words) == []
    with Archive.open(case, passphrase=identity) as archive:
        archive.judge(archive.captures()[0].id, "confirmed", REASON, by="Petra-Halloun")
        assert archive.search(WORD).matches
        assert archive.verify().ok, "an index to compare with was built, used and taken away"
        # while the case is open there is a write-ahead log beside the index
        assert (case / "index.sqlite-wal").stat().st_size
        assert in_clear(case, [*words, "Petra-Halloun"]) == []
    Archive.rebuild(case, identity)
    assert in_clear(case, [*words, "Petra-Halloun", PEM]) == []
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(case / "index.sqlite").execute("SELECT * FROM sqlite_master").fetchall()


def test_the_same_case_in_clear_is_found_by_the_same_search(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(f"The {WORD} said that 12 people died at the mill.\n")
    with Archive.create(tmp_path / "case", TITLE, PERSON) as archive:
        archive.add([tmp_path / NAME], source=SOURCE, note=NOTE)
        archive.run(InlineEngine(archive.case.blobs.folder))
    found = {word for _, word in in_clear(tmp_path / "case", [TITLE, PERSON, SOURCE, NOTE, NAME, WORD, PEM])}
    assert found == {TITLE, PERSON, SOURCE, NOTE, NAME, WORD, PEM}, "what the test above looks for is there"


def test_everything_works_as_in_a_case_in_clear(case: Path, identity: str, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("40 people were moved.")
    with Archive.open(case, passphrase=identity) as archive:
        [first] = archive.captures()
        assert (archive.case.title, first.name, first.source, first.note) == (TITLE, NAME, SOURCE, NOTE)
        archive.add([tmp_path / "more.txt"])
        archive.rotate_key("a new laptop")
        archive.run(InlineEngine(archive.case.blobs.folder))
        made = archive.judge(first.id, "confirmed", REASON, by="Mirek-Sandor")
        assert archive.snapshot().title == TITLE
        live = b"".join(archive.canonical_dump())
    assert Archive.rebuild(case, identity) > 5
    with Archive.open(case, passphrase=identity, read_only=True) as archive:
        assert archive.index_built is None
        assert b"".join(archive.canonical_dump()) == live
        assert archive.judgements() == (made,)
        report = archive.verify()
        assert report.ok and report.check("commitments.open").outcome == "holds"


def test_a_wrong_passphrase_or_none_changes_no_byte(case: Path) -> None:
    before = contents(case)
    other = str(pyrage.x25519.Identity.generate())
    for passphrase, error in [("sluice gate 5", WrongPassphrase), (other, WrongPassphrase), (None, PassphraseMissing)]:
        for act in (Archive.open, Archive.rebuild):
            with pytest.raises(error, match="Nothing was changed"):
                act(case, passphrase=passphrase)
    assert contents(case) == before


def test_without_the_passphrase_everything_that_needs_none_is_checked(case: Path, identity: str) -> None:
    report = verify(case)
    assert report.ok
    assert report.check("commitments.open").outcome == "unproven"
    assert {check.outcome for check in report.checks if check.name.startswith(("log.sig", "blobs.", "case."))} == {
        "holds"
    }
    path = next((case / "blobs" / "sha256").rglob("?" * 64))
    path.chmod(0o600)
    path.write_bytes(b"another")
    assert "blobs.digest" in verify(case).failed


def test_what_was_sealed_is_not_changed_or_exchanged_unnoticed(case: Path, identity: str) -> None:
    [first, *_] = sorted((case / "private" / "openings").iterdir())
    good = first.read_bytes()
    recipient = pyrage.x25519.Recipient.from_str(
        json.loads((case / "probanda.json").read_bytes())["encryption"]["recipient"]
    )
    for bad in (good[:-1], good[:-1] + bytes([good[-1] ^ 1]), pyrage.encrypt(b"no opening\n", [recipient])):
        first.write_bytes(bad)
        with pytest.raises(PreserveError):
            Archive.open(case, passphrase=identity)
    first.unlink()
    with Archive.open(case, passphrase=identity) as archive:
        assert "commitments.open" in archive.verify().failed


@pytest.mark.parametrize("change", ["recipient", "no encryption", "no identity", "title"])
def test_a_case_whose_parts_disagree_on_its_encryption_is_refused_or_found(
    case: Path, identity: str, change: str
) -> None:
    manifest = json.loads((case / "probanda.json").read_bytes())
    if change == "recipient":
        manifest["encryption"]["recipient"] = str(pyrage.x25519.Identity.generate().to_public())
    elif change == "no encryption":
        del manifest["encryption"]
    elif change == "title":
        manifest["title"] = "Another"
    else:
        (case / "private" / "identity.age").unlink()
    (case / "probanda.json").write_bytes(json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode())
    if change != "no identity":
        assert "case.identity" in verify(case).failed
    if change != "title":
        before = contents(case)
        with pytest.raises((CaseError, WrongPassphrase)):
            Archive.open(case, passphrase=identity)
        assert contents(case) == before


def test_the_recovery_text_opens_everything_with_age_alone(case: Path, identity: str) -> None:
    """With an implementation of age that knows nothing of this project; the program itself is tried below."""
    key = pyrage.x25519.Identity.from_str(identity)
    opened = {
        path.name: pyrage.decrypt(path.read_bytes(), [key])
        for path in case.rglob("*.age")
        if path.name != "identity.age"
    }
    assert sum(data.startswith(b"-----BEGIN PRIVATE KEY-----") for data in opened.values()) == 2
    assert len(bytes.fromhex(opened["index.key.age"].decode())) == 32
    lines = b"".join(data for name, data in sorted(opened.items()) if name.endswith(".jsonl.age")).splitlines()
    assert {json.loads(line)["value"] for line in lines if isinstance(json.loads(line)["value"], str)} >= {
        TITLE,
        SOURCE,
    }
    text = pyrage.passphrase.decrypt((case / "private" / "identity.age").read_bytes(), PASSPHRASE).decode()
    assert text.splitlines()[-1] == identity


@pytest.mark.optional
def test_the_age_program_opens_the_files(case: Path, identity: str, tmp_path: Path) -> None:
    if shutil.which("age") is None:
        pytest.skip("age is not installed (Debian: apt install age)")
    (tmp_path / "identity.txt").write_text(identity + "\n")
    sealed = [path for path in sorted(case.rglob("*.age")) if path.name != "identity.age"]
    for path in sealed:
        done = subprocess.run(
            ["age", "-d", "-i", tmp_path / "identity.txt", path], capture_output=True, check=True, env=environment()
        )
        assert done.stdout == pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(identity)])
    # As the case's own README says: the sealed identity itself, with the passphrase typed at a terminal.
    process, terminal = pty.fork()
    if process == 0:
        folder = case / "private"
        os.execvpe(
            "age", ["age", "-d", "-i", str(folder / "identity.age"), str(folder / "index.key.age")], environment()
        )
    shown = b""
    with suppress(OSError):  # the other end is closed
        while part := os.read(terminal, 1024):
            if b"passphrase" in part:
                os.write(terminal, PASSPHRASE.encode() + b"\n")
            shown += part
    os.close(terminal)
    _, status = os.waitpid(process, 0)
    assert os.waitstatus_to_exitcode(status) == 0, shown
    assert re.search(rb"[0-9a-f]{64}\r?\n", shown)


def test_a_new_passphrase_takes_the_place_of_the_old_one(case: Path, identity: str) -> None:
    from probanda.preserve.passphrases import Passphrases

    with Archive.open(case, passphrase=Passphrases(lambda what: identity, lambda what: "mill stone 7")) as archive:
        assert archive.protect_case()
    with pytest.raises(WrongPassphrase):
        Archive.open(case, passphrase=PASSPHRASE)
    Archive.open(case, passphrase="mill stone 7").close()
    with Archive.open(case, passphrase=identity) as archive, pytest.raises(PassphraseMissing):
        archive.protect_case()


def test_a_case_is_not_made_without_a_passphrase_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(PassphraseMissing):
        create(tmp_path / "case", TITLE, PERSON, passphrases=NOBODY, encrypted=True)
    assert not (tmp_path / "case").exists()


def test_on_the_command_line(tmp_path: Path, case: Path, identity: str) -> None:
    new, safe, words = tmp_path / "new", tmp_path / "safe.txt", {"PROBANDA_PASSPHRASE": PASSPHRASE}
    refused = probanda("init", new, "-t", TITLE, "--by", PERSON, "--recovery", safe, "--json", env=words)
    assert refused.code == 2 and not new.exists()
    inside = probanda("init", new, "-t", TITLE, "--by", PERSON, "--encrypt", "--recovery", new / "x", env=words)
    assert inside.code == 2 and not new.exists()
    said = probanda("init", new, "-t", TITLE, "--by", PERSON, "--encrypt", "--recovery", safe, env=words)
    assert said.code == 0, said
    assert "nobody can bring it back" in said.out and "WITHOUT the passphrase" in said.out
    assert safe.stat().st_mode & 0o777 == 0o600
    assert probanda("items", new, "--json").error["kind"] == "PassphraseMissing"
    assert probanda("items", new, "--json", env={"PROBANDA_PASSPHRASE_FILE": str(safe)}).code == 0
    changed = {"PROBANDA_PASSPHRASE_FILE": str(safe), "PROBANDA_NEW_PASSPHRASE": "mill stone 7"}
    assert "new passphrase" in probanda("key", "protect", new, env=changed).out
    assert probanda("items", new, "--json", env=words).error["kind"] == "WrongPassphrase"
    assert probanda("items", new, "--json", env={"PROBANDA_PASSPHRASE": "mill stone 7"}).code == 0
    with_key = {"PROBANDA_PASSPHRASE": identity}
    assert SOURCE in probanda("items", case, env=with_key).out
    assert probanda("rebuild", case, env=with_key).code == 0
    told = probanda("verify", case, "--json", env=with_key)
    assert told.code == 0 and {row["outcome"] for row in told.json["checks"] if row["name"] == "index.agrees"} == {
        "holds"
    }
    without = probanda("verify", case, "--json")
    assert without.code == 0 and without.json["ok"] is True
    outcomes = {row["name"]: row["outcome"] for row in without.json["checks"]}
    assert outcomes["index.agrees"] == outcomes["commitments.open"] == "unproven"
    wrong = probanda("verify", case, "--json", env={"PROBANDA_PASSPHRASE": "AGE-SECRET-KEY-1X"})
    assert wrong.code == 1 and wrong.error["kind"] == "WrongPassphrase"


@pytest.mark.parametrize("library", ["pyrage", "sqlcipher3"])
def test_without_its_libraries_a_case_is_not_opened_and_the_remedy_is_named(
    case: Path, identity: str, library: str
) -> None:
    run = f"import sys; sys.modules[{library!r}] = None; from probanda.cli import main; main()"
    told = environment(PROBANDA_PASSPHRASE=identity)
    before = contents(case)
    for command in ("items", "rebuild"):
        done = subprocess.run(
            [sys.executable, "-c", run, command, case, "--json"], capture_output=True, env=told, text=True
        )
        error = json.loads(done.stdout)["error"]
        assert (done.returncode, error["kind"]) == (1, "EncryptionMissing")
        assert library in error["message"] and "pip install 'probanda[encrypt]'" in error["message"]
    checked = subprocess.run([sys.executable, "-c", run, "verify", case, "--json"], capture_output=True, env=told)
    assert json.loads(checked.stdout)["ok"] is True, "what needs neither is checked"
    assert {name: data for name, data in contents(case).items() if not name.endswith(".lock")} == {
        name: data for name, data in before.items() if not name.endswith(".lock")
    }


def test_a_process_sees_what_another_sealed_and_forgot(case: Path, identity: str) -> None:
    with Archive.open(case, passphrase=identity) as archive, Archive.open(case, passphrase=identity) as other:
        before = other.case.log.size
        archive.judge(archive.captures()[0].id, "confirmed", REASON, by="Petra-Halloun")
        [entry] = [one for one in other.case.log.entries(before) if "name" in one.committed]
        assert other.case.openings.value(entry.committed["name"]) == "Petra-Halloun"
        assert archive.case.openings.forget([entry.committed["name"]]) == 1
        for one in (archive, other):
            assert one.case.openings.value(entry.committed["name"]) is None
        assert other.case.openings.value("ab" * 32) is None
        assert (
            other.case.title
            == TITLE
            == archive.case.openings.value(next(archive.case.log.entries()).committed["title"])
        )


def test_doctor_says_what_is_encrypted_and_needs_no_passphrase_for_it(
    tmp_path: Path, case: Path, identity: str
) -> None:
    told = probanda("doctor", case, "--json").json
    assert told["waiting"] is None
    lines = {line["name"]: line for line in told["lines"]}
    assert lines["case encryption"]["outcome"] == lines["library pyrage"]["outcome"] == "works"
    assert probanda("doctor", case, "--json", env={"PROBANDA_PASSPHRASE": identity}).json["waiting"] == []
    assert probanda("init", tmp_path / "plain", "-t", TITLE, "--by", PERSON).code == 0
    plain = probanda("doctor", tmp_path / "plain", "--json").json
    assert plain["waiting"] == []
    [line] = [line for line in plain["lines"] if line["name"] == "case encryption"]
    assert line["outcome"] == "missing" and "probanda init --encrypt" in line["remedy"] and not line["core"]


def test_a_full_disk_while_openings_are_sealed_writes_no_entry(case: Path, identity: str) -> None:
    with Archive.open(case, passphrase=identity) as archive:
        before = archive.case.log.size
        folder = case / "private" / "openings"
        folder.rename(case / "private" / "away")
        with pytest.raises((StorageError, PreserveError)):
            archive.judge(archive.captures()[0].id, "confirmed", REASON, by="Petra-Halloun")
        (case / "private" / "away").rename(folder)
        assert archive.case.log.size == before
