"""Keys at rest and in force: passphrases, rotation, the second key."""

from __future__ import annotations

import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from probanda.preserve import acts
from probanda.preserve.case_folder import CaseFolder, create, open_folder, register_agent, rotate_key
from probanda.preserve.errors import KeyMissing, PassphraseMissing, WrongPassphrase
from probanda.preserve.keyring import create_key
from probanda.preserve.passphrases import NOBODY, Passphrases, same
from probanda.preserve.second_key import second_fingerprint, second_holds
from probanda.preserve.verify import verify
from probanda.records.entry import ROTATION, Entry
from test_preserve_crash import boundaries_of, kill_at

NOTE = acts.failure("ingestion", "no such file")


def asked_of(known: str, new: str | None = None) -> tuple[Passphrases, list[str]]:
    """One passphrase for everything, and a list of what it was asked for."""
    asked: list[str] = []

    def ask(what: str) -> str:
        asked.append(what)
        return known

    return Passphrases(ask, lambda what: new or known), asked


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def protected_case(folder: Path, passphrase: str = "sluice gate 4") -> CaseFolder:
    return create(folder, "Velin", "Jana Orlik", passphrases=same(passphrase), protected=True)


def test_a_protected_key_is_opened_by_stock_tools_with_its_passphrase_only(tmp_path: Path) -> None:
    case = protected_case(tmp_path / "case", "шлюз 4")
    path = case.path / "keys" / f"{case.key}.key.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")

    def public(passphrase: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["openssl", "pkey", "-in", path, "-passin", f"pass:{passphrase}", "-pubout"], capture_output=True
        )

    found = public("шлюз 4")
    assert found.stdout == (case.path / "keys" / f"{case.key}.pub.pem").read_bytes()
    assert public("шлюз 5").returncode != 0


def test_a_passphrase_is_asked_for_when_something_is_signed_and_once(tmp_path: Path) -> None:
    folder = protected_case(tmp_path / "case").path
    passphrases, asked = asked_of("sluice gate 4")
    case = open_folder(folder, passphrases=passphrases)
    assert case.log.size == 1 and verify(folder).ok and not asked
    case.append([NOTE])
    case.append([NOTE])
    assert asked == [f"the key {case.key[:16]}"]
    assert verify(folder).ok


@pytest.mark.parametrize(
    ("passphrases", "error"), [(same("sluice gate 5"), WrongPassphrase), (NOBODY, PassphraseMissing)]
)
def test_without_the_right_passphrase_nothing_is_changed(
    tmp_path: Path, passphrases: Passphrases, error: type[Exception]
) -> None:
    folder = protected_case(tmp_path / "case").path
    before = contents(folder)
    case = open_folder(folder, passphrases=passphrases)
    for act in (
        lambda: case.append([NOTE]), lambda: register_agent(case, "Petra Halloun"),
        lambda: rotate_key(case, case.agent, "a new laptop"), lambda: case.keyring.protect(case.key),
    ):  # fmt: skip
        with pytest.raises(error, match="Nothing was changed"):
            act()
    assert contents(folder) == before
    assert open_folder(folder, passphrases=same("sluice gate 4")).append([NOTE])[0].seq == 1


def test_a_case_that_is_to_be_protected_is_not_made_without_a_passphrase(tmp_path: Path) -> None:
    for passphrases in (NOBODY, same(" ")):
        with pytest.raises(PassphraseMissing):
            create(tmp_path / "case", "Velin", "Jana Orlik", passphrases=passphrases, protected=True)
        assert not (tmp_path / "case").exists()


def test_a_key_in_clear_is_protected_later_and_its_passphrase_changed(tmp_path: Path) -> None:
    case = create(tmp_path / "case", "Velin", "Jana Orlik")
    assert case.keyring.protected(case.key) is False
    for known, new in (("", "first"), ("first", "second")):
        case = open_folder(case.path, passphrases=asked_of(known, new)[0])
        case.keyring.protect(case.key)
        assert case.keyring.protected(case.key) is True
    with pytest.raises(WrongPassphrase):
        open_folder(case.path, passphrases=same("first")).append([NOTE])
    open_folder(case.path, passphrases=same("second")).append([NOTE])
    assert verify(case.path).ok
    assert not [path.name for path in (case.path / "keys").iterdir() if path.name.startswith(".")]


def test_a_further_person_has_a_passphrase_where_the_case_has_one(tmp_path: Path) -> None:
    case = protected_case(tmp_path / "case")
    petra = register_agent(open_folder(case.path, passphrases=asked_of("sluice gate 4", "mill stone 7")[0]), "Petra")
    hers = open_folder(case.path, passphrases=same("mill stone 7"))
    hers.append([NOTE], petra.agent)
    with pytest.raises(WrongPassphrase):
        hers.append([NOTE])
    assert verify(case.path).ok


def test_a_rotated_key_signs_nothing_more_and_its_owner_stays_who_they_are(tmp_path: Path) -> None:
    case = create(tmp_path / "case", "Velin", "Jana Orlik")
    petra = register_agent(case, "Petra Halloun")
    entry = rotate_key(case, petra.agent, "a new laptop", "2031-04-02T08:00:00.000Z")
    assert (entry.act, entry.signature.key, entry.detail["agent"]) == (ROTATION, petra.fingerprint, petra.agent)
    for folder in (case, open_folder(case.path)):
        [note] = folder.append([NOTE], petra.agent)
        assert note.signature.key == entry.detail["key"] != petra.fingerprint
        assert [one.id for one in note.agents] == [petra.agent]
    report = verify(case.path)
    assert report.ok
    assert "in other hands since 2031-04-02T08:00:00.000Z" in report.check("log.signatures").reason


def test_the_key_of_the_case_is_rotated_twice_and_registers_persons(tmp_path: Path) -> None:
    case = create(tmp_path / "case", "Velin", "Jana Orlik")
    first = rotate_key(case, case.agent, "once a year")
    again = rotate_key(open_folder(case.path), case.agent, "once a year")
    assert again.signature.key == first.detail["key"]
    case = open_folder(case.path)
    petra = register_agent(case, "Petra Halloun")
    case.append([NOTE], petra.agent)
    assert case.key_in_force == again.detail["key"]
    assert case.log.entries(3).__next__().signature.key == case.key_in_force
    report = verify(case.path)
    assert report.ok and report.key == case.key


def test_a_process_that_holds_the_old_key_signs_with_the_new_one(tmp_path: Path) -> None:
    case = create(tmp_path / "case", "Velin", "Jana Orlik")
    long_run = open_folder(case.path)
    long_run.append([NOTE])
    rotate_key(case, case.agent, "a new laptop")
    [note] = long_run.append([NOTE])
    assert note.signature.key == case.key_in_force
    assert verify(case.path).ok


def test_a_rotation_in_another_process_is_seen_by_the_next(tmp_path: Path) -> None:
    case, other = create(tmp_path / "case", "Velin", "Jana Orlik"), open_folder(tmp_path / "case")
    assert other.signer().fingerprint == case.key
    rotate_key(case, case.agent, "a new laptop")
    assert other.key_in_force == case.key_in_force != case.key
    rotate_key(other, other.agent, "and another")
    assert case.key_in_force == other.key_in_force
    case.append([NOTE])
    assert verify(case.path).ok


def test_a_protected_key_is_rotated_to_a_protected_one(tmp_path: Path) -> None:
    case = protected_case(tmp_path / "case")
    rotate_key(open_folder(case.path, passphrases=asked_of("sluice gate 4", "new one")[0]), case.agent, "once a year")
    case = open_folder(case.path, passphrases=same("new one"))
    assert case.keyring.protected(case.key_in_force) is True
    case.append([NOTE])
    assert verify(case.path).ok


@pytest.mark.parametrize(("reason", "since"), [(" ", None), ("a new laptop", "yesterday")])
def test_a_rotation_that_does_not_fit_leaves_no_key_behind(tmp_path: Path, reason: str, since: str | None) -> None:
    case = create(tmp_path / "case", "Velin", "Jana Orlik")
    before = contents(case.path)
    with pytest.raises(ValueError):
        rotate_key(case, case.agent, reason, since)
    assert contents(case.path) == before


def rotate(folder: Path) -> Entry:
    case = open_folder(folder, passphrases=same("sluice gate 4"))
    return rotate_key(case, case.agent, "a new laptop")


def protect(folder: Path) -> None:
    case = open_folder(folder, passphrases=asked_of("sluice gate 4", "mill stone 7")[0])
    case.keyring.protect(case.key_in_force)


@pytest.mark.parametrize("act", [rotate, protect])
def test_a_change_of_keys_killed_anywhere_leaves_a_case_that_signs(
    tmp_path: Path, act: Callable[[Path], object]
) -> None:
    create(tmp_path / "start", "Velin", "Jana Orlik")
    folder = tmp_path / "case"
    shutil.copytree(tmp_path / "start", folder)
    count = len(boundaries_of(lambda: act(folder)))
    assert count >= (20 if act is rotate else 6)
    keys = set()
    for number in range(count):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "start", folder)
        kill_at(number, lambda: act(folder))
        passphrases, asked = asked_of("mill stone 7")
        case = open_folder(folder, passphrases=passphrases)
        [note] = case.append([NOTE])
        keys.add((note.signature.key != case.key, bool(asked)))
        assert verify(folder).ok
        rotate_key(case, case.agent, "again")
        case.append([NOTE])
        assert verify(folder).ok
    assert keys == {(act is rotate, act is protect), (False, False)}, "the old key or the new one, both were met"


def test_a_second_key_signs_beside_the_first(tmp_path: Path) -> None:
    case = protected_case(tmp_path / "case")
    made = case.keyring.create_second(protected=True)
    assert second_fingerprint(made.setting) == made.fingerprint
    loaded = open_folder(case.path, passphrases=same("sluice gate 4")).second_signer(made.setting)
    signature = loaded.sign(b"checkpoint")
    assert second_holds(made.public, signature, b"checkpoint")
    assert not second_holds(made.public, signature, b"another")
    assert not second_holds(made.public, signature, b"checkpoint", b"context")
    with pytest.raises(WrongPassphrase):
        open_folder(case.path, passphrases=same("x")).second_signer(made.setting)
    path = case.path / "keys" / f"{made.fingerprint}.mldsa.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    create_key(tmp_path)
    shutil.copy(next(tmp_path.glob("*.key.pem")), path)
    with pytest.raises(KeyMissing, match="expected an ML-DSA-44 key"):
        open_folder(case.path).second_signer(made.setting)
