"""A process killed at every boundary of persistence: what was acknowledged is there, what is there is whole."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from probanda.preserve import acts, captures, durable, erasure
from probanda.preserve.at_rest import CLEAR
from probanda.preserve.case_folder import CaseFolder, create, open_folder, register_agent
from probanda.preserve.errors import HalfWrittenCase, NotACase
from probanda.preserve.openings import seal
from probanda.preserve.sealed_openings import SealedOpenings
from probanda.preserve.verify import verify


def boundaries_of(act: Callable[[], object]) -> list[str]:
    """The boundaries that `act` passes when nothing stops it."""
    passed: list[str] = []
    durable.on_boundary = passed.append
    try:
        act()
    finally:
        durable.on_boundary = durable.no_trial
    return passed


def kill_at(number: int, act: Callable[[], object]) -> None:
    """Runs `act` in a child process, which is killed (as by `kill -9`) at its boundary `number`."""
    child = os.fork()
    if child == 0:
        left = number

        def count(boundary: str) -> None:
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

        durable.on_boundary = count
        try:
            act()
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child reached its end"


def erase(case: CaseFolder) -> None:
    """Every way in which something is taken out of a case."""
    erasure.begin(case)
    *_, last = case.log.entries()
    case.openings.forget([last.committed["name"]])
    case.blobs.remove("ab" * 32)
    erasure.done(case)


def test_every_boundary_is_passed_under_a_known_name(tmp_path: Path) -> None:
    def everything() -> None:
        case = create(tmp_path / "case", "Velin", "Jana Orlik")
        case.append([captures.ingestion(case.blobs.put(b"report"), nonce="ab" * 32, salt=b"s" * 32, name="x")])
        erase(case)
        case.keyring.retire(case.key)
        (tmp_path / "sealed").mkdir()
        sealed = SealedOpenings(tmp_path / "sealed", CLEAR)
        sealed.append([seal("a name", b"s" * 32)])
        sealed.forget([seal("a name", b"s" * 32).commitment])

    passed = boundaries_of(everything)
    assert {name.split(" ", 1)[1] for name in passed} == set(durable.STEPS)
    assert [name.split(" ")[0] for name in passed] == ["before", "after"] * (len(passed) // 2)


def test_a_case_killed_while_it_is_made_is_complete_or_no_case(tmp_path: Path) -> None:
    folder = tmp_path / "case"

    def make() -> object:
        return create(folder, "Velin", "Jana Orlik")

    outcomes = []
    for number in range(len(boundaries_of(make))):
        shutil.rmtree(folder)
        kill_at(number, make)
        try:
            open_folder(folder)
            outcomes.append("complete")
            assert verify(folder).ok
        except HalfWrittenCase:
            outcomes.append("half")
        except NotACase:
            outcomes.append("none")
        assert folder.exists()
    assert set(outcomes) == {"half", "complete"}
    assert outcomes == sorted(outcomes, key=["none", "half", "complete"].index)


@pytest.mark.parametrize("kind", ["bytes", "file"])
def test_an_addition_killed_anywhere_can_be_done_again_and_loses_nothing(tmp_path: Path, kind: str) -> None:
    (tmp_path / "report.txt").write_bytes(b"report")
    create(tmp_path / "start", "Velin", "Jana Orlik")
    case = open_folder(tmp_path / "start")
    case.append([captures.ingestion(case.blobs.put(b"before"), nonce="ab" * 32, salt=b"s" * 32, name="before.txt")])
    folder = tmp_path / "case"

    def add() -> object:
        case = open_folder(folder)
        item = b"report" if kind == "bytes" else tmp_path / "report.txt"
        [ref, _] = case.blobs.put_many([item, b"another"])
        assert not isinstance(ref, Exception)
        draft = captures.ingestion(ref, nonce="cd" * 32, salt=b"s" * 32, name="report.txt", source="Velin Post")
        return case.append([draft, draft])

    shutil.copytree(tmp_path / "start", folder)
    boundaries = boundaries_of(add)
    assert len(boundaries) > 15
    for number, boundary in enumerate(boundaries):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "start", folder)
        kill_at(number, add)
        reopened = open_folder(folder)
        entries = list(reopened.log.entries())
        written = boundaries[: number + 1].count("after log.write")
        assert len(entries) == 2 + 2 * written, boundary
        kept = captures.capture_of(entries[1], reopened.openings)
        assert kept is not None
        assert kept.name == "before.txt"
        assert verify(folder).ok, boundary
        add()
        assert len(list(open_folder(folder).log.entries())) == len(entries) + 2
        report = verify(folder)
        assert report.ok, boundary
        assert report.check("blobs.digest").counted == 3


def test_a_registration_killed_anywhere_can_be_done_again(tmp_path: Path) -> None:
    create(tmp_path / "start", "Velin", "Jana Orlik")
    folder = tmp_path / "case"

    def register() -> object:
        return register_agent(open_folder(folder), "Petra Halloun")

    shutil.copytree(tmp_path / "start", folder)
    for number in range(len(boundaries_of(register))):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "start", folder)
        kill_at(number, register)
        assert verify(folder).ok
        register()
        assert verify(folder).ok


@pytest.mark.parametrize("torn", [0.1, 0.5, 0.99, 1.0])
def test_the_repair_of_a_torn_tail_may_itself_be_killed(tmp_path: Path, torn: float) -> None:
    case = create(tmp_path / "start", "Velin", "Jana Orlik")
    log = tmp_path / "start" / "log" / "entries.jsonl"
    whole = log.read_bytes()
    case.append([acts.failure("ingestion", "why")])
    added = log.read_bytes()[len(whole) :]
    log.write_bytes(whole + added[: int((len(added) - 1) * torn)])
    folder = tmp_path / "case"

    def repair() -> object:
        return open_folder(folder)

    shutil.copytree(tmp_path / "start", folder)
    boundaries = boundaries_of(repair)
    assert boundaries
    for number in range(len(boundaries)):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "start", folder)
        kill_at(number, repair)
        opened = open_folder(folder)
        assert opened.log.size == (2 if torn == 1.0 else 1)
        assert verify(folder).ok
        assert opened.append([acts.failure("ingestion", "why")])[0].seq == opened.log.size - 1
