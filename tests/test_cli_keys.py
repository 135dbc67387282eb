"""Keys on the command line: passphrases from a file, the environment or a terminal; list, protect, rotate."""

from __future__ import annotations

import os
import pty
from pathlib import Path

import pytest

from cli_world import REPORT, command_line, environment, probanda


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, "utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def typed(arguments: list[str | Path], answers: list[str]) -> tuple[int, str]:
    """A command at a terminal, where somebody types an answer to each question; its exit code and what was shown."""
    process, terminal = pty.fork()
    if process == 0:
        line = [str(part) for part in command_line(*arguments)]
        os.execve(line[0], line, environment())
    shown = b""
    try:
        while True:
            try:
                part = os.read(terminal, 1024)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
            if answers and shown.rstrip(b" ").endswith(b":"):
                os.write(terminal, answers.pop(0).encode() + b"\n")
                shown += b"|"
    finally:
        os.close(terminal)
    _, status = os.waitpid(process, 0)
    return os.waitstatus_to_exitcode(status), shown.decode()


def test_a_passphrase_comes_from_the_environment_or_a_file_and_a_wrong_one_changes_nothing(
    tmp_path: Path, report: Path
) -> None:
    case, right = tmp_path / "case", tmp_path / "right"
    right.write_text("sluice gate 4\n# a remark\n")
    said = probanda("init", case, "-t", "The mill", "--by", "Ana Velt", "--passphrase-file", right)
    assert said.code == 0 and "nobody can sign in this case again" in said.out
    before = contents(case)
    missing = probanda("add", case, report, "--json")
    assert (missing.code, missing.error["kind"]) == (1, "PassphraseMissing")
    assert "PROBANDA_PASSPHRASE_FILE" in missing.error["message"]
    wrong = probanda("add", case, report, "--json", env={"PROBANDA_PASSPHRASE": "sluice gate 5"})
    assert (wrong.code, wrong.error["kind"]) == (1, "WrongPassphrase")
    kept = contents(case)
    assert {name: kept[name] for name in before if not name.endswith((".lock", "-shm"))} == {
        name: data for name, data in before.items() if not name.endswith((".lock", "-shm"))
    }
    assert probanda("add", case, report, env={"PROBANDA_PASSPHRASE_FILE": str(right)}).code == 0
    assert probanda("items", case).code == probanda("verify", case).code == 0, "reading asks for nothing"
    assert probanda("add", case, report, env={"PROBANDA_PASSPHRASE_FILE": str(tmp_path / "none")}).code == 2


def test_a_person_is_asked_at_a_terminal_twice_for_a_new_passphrase_and_once_for_a_known_one(
    tmp_path: Path, report: Path
) -> None:
    case = tmp_path / "case"
    making: list[str | Path] = ["init", case, "-t", "The mill", "--by", "Ana Velt", "--passphrase"]
    code, shown = typed(making, ["sluice gate 4", "sluice gate 5"])
    assert code == 1 and "expected the same passphrase twice" in shown and not case.exists()
    code, shown = typed(making, ["sluice gate 4", "sluice gate 4"])
    assert code == 0 and shown.count("|") == 2
    assert "sluice" not in shown, "what is typed is not shown"
    code, shown = typed(["add", case, report], ["sluice gate 4"])
    assert code == 0 and shown.count("|") == 1 and "1 preserved" in shown
    code, shown = typed(["add", case, report], ["sluice gate 5"])
    assert code == 1 and "found one that does not open it" in " ".join(shown.split())


def test_keys_are_listed_protected_and_rotated(tmp_path: Path, report: Path) -> None:
    case = tmp_path / "case"
    assert probanda("init", case, "-t", "The mill", "--by", "Ana Velt").code == 0
    assert probanda("add", case, report, "--by", "Mirek Sandor").code == 0
    old = {"PROBANDA_PASSPHRASE": "sluice gate 4"}
    assert probanda("key", "protect", case, "--agent", "Mirek Sandor", env=old).code == 0
    rows = probanda("key", "list", case, "--json").json["keys"]
    assert [(row["name"], row["protected"], row["until"]) for row in rows] == [
        ("Ana Velt", False, None), ("Mirek Sandor", True, None),
    ]  # fmt: skip
    said = probanda(
        "key", "rotate", case, "--by", "Mirek Sandor", "-r", "stolen", "--compromised-since", "2031-04-02T08:00:00Z",
        "--json", env={**old, "PROBANDA_NEW_PASSPHRASE": "mill stone 7"},
    )  # fmt: skip
    assert said.code == 0, said
    rows = probanda("key", "list", case, "--json").json["keys"]
    before, now = rows[1:]
    assert now == said.json and now["agent"] == before["agent"] == f"agent:{before['key']}"
    assert before["until"] == now["since"] and before["compromised_since"] == "2031-04-02T08:00:00.000Z"
    assert now["protected"] is True
    added = probanda("add", case, report, "--by", "Mirek Sandor", env={"PROBANDA_PASSPHRASE": "mill stone 7"})
    assert added.code == 0, added
    assert probanda("verify", case).code == 0
    text = probanda("key", "list", case).out
    assert "Mirek Sandor" in text and "in other hands since 2031-04-02" in text and "rotated" in text


@pytest.mark.parametrize(
    "arguments",
    [
        ["rotate", "--by", "Nobody Known", "-r", "a new laptop"],
        ["rotate", "-r", " "],
        ["rotate", "-r", "x", "--compromised-since", "yesterday"],
        ["protect", "--agent", "Nobody Known"],
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(tmp_path: Path, arguments: list[str]) -> None:
    case = tmp_path / "case"
    assert probanda("init", case, "-t", "The mill", "--by", "Ana Velt").code == 0
    keys = sorted((case / "keys").iterdir())
    said = probanda("key", arguments[0], case, *arguments[1:], "--json", env={"PROBANDA_PASSPHRASE": "x"})
    assert said.code in (1, 2) and said.error["message"]
    assert sorted((case / "keys").iterdir()) == keys
    assert probanda("verify", case).code == 0


BAD_PASSPHRASES: dict[str, bytes | None] = {
    "nothing": b"", "a blank line": b"\nsluice\n", "no text": b"\xff\xfe\x00", "another": b"sluice gate 5\n",
    "huge": b"sluice gate 4" * (1 << 20), "a folder": None,
}  # fmt: skip


KEY_COMMANDS = (["add", "Bo Lund"], ["rotate", "-r", "a new laptop"], ["protect"])


def unlocked(folder: Path) -> dict[str, bytes]:
    """The contents but for the locks, which name the process that held them last."""
    return {name: data for name, data in contents(folder).items() if not name.endswith((".lock", "-shm", "-wal"))}


@pytest.mark.parametrize("kind", [*BAD_PASSPHRASES, "absent"])
def test_a_passphrase_that_does_not_open_the_key_changes_nothing(tmp_path: Path, kind: str) -> None:
    case, right, given, new = (tmp_path / name for name in ("case", "right", "given", "new"))
    right.write_text("sluice gate 4\n")
    new.write_text("mill stone 7\n")
    assert probanda("init", case, "-t", "The mill", "--by", "Ana Velt", "--passphrase-file", right).code == 0
    data = BAD_PASSPHRASES.get(kind)
    if data is not None:
        given.write_bytes(data)
    elif kind == "a folder":
        given.mkdir()
    before = unlocked(case)
    env = {"PROBANDA_PASSPHRASE_FILE": str(given), "PROBANDA_NEW_PASSPHRASE_FILE": str(new)}
    for command in KEY_COMMANDS:
        said = probanda("key", command[0], case, *command[1:], "--json", env=env)
        assert said.code in (1, 2), (command, said)
        assert "expected" in said.error["message"] and "found" in said.error["message"]
        assert unlocked(case) == before, command


@pytest.mark.parametrize("kind", ["no key", "another key", "a folder", "huge", "empty"])
def test_a_key_file_that_is_none_is_named_and_nothing_is_made(tmp_path: Path, kind: str) -> None:
    case, other = tmp_path / "case", tmp_path / "other"
    for folder in (case, other):
        assert probanda("init", folder, "-t", "The mill", "--by", "Ana Velt").code == 0
    [key], [theirs] = ((folder / "keys").glob("*.key.pem") for folder in (case, other))
    spoiled = {"no key": b"words\n", "another key": theirs.read_bytes(), "huge": b"-" * (32 << 20), "empty": b""}
    key.unlink()
    if kind == "a folder":
        key.mkdir()
    else:
        key.write_bytes(spoiled[kind])
    before = unlocked(case)
    for command in KEY_COMMANDS:
        env = {"PROBANDA_NEW_PASSPHRASE": "mill stone 7"}
        said = probanda("key", command[0], case, *command[1:], "--json", env=env)
        assert said.code == 1, (command, said)
        assert "expected" in said.error["message"] and "found" in said.error["message"]
        assert unlocked(case) == before, command


def test_a_person_is_brought_in_once(tmp_path: Path) -> None:
    case = tmp_path / "case"
    assert probanda("init", case, "-t", "The mill", "--by", "Ana Velt").code == 0
    added = probanda("key", "add", case, "Bo Harn", "--json").json
    assert added["name"] == "Bo Harn"
    rows = probanda("key", "list", case, "--json").json["keys"]
    assert [row["name"] for row in rows] == ["Ana Velt", "Bo Harn"]
    assert added["key"] == rows[1]["key"]
    again = probanda("key", "add", case, "Bo Harn", "--json")
    assert again.code == 1
    assert "who has a key there" in again.error["message"]
    assert len(probanda("key", "list", case, "--json").json["keys"]) == 2
