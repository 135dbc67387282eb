"""What the commands print, and how foreign errors become a message and an exit code."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, TextIO

from probanda.records.canonical import CanonicalError, Json
from probanda.records.codec import RecordError

OK, FAILED, USAGE, ITEMS_FAILED = 0, 1, 2, 3


class Stop(Exception):  # noqa: N818 - not an error of the program: the end of a command
    """Ends a command with an exit code, after what it had to say was said."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class CommandError(Exception):
    """The command cannot do what was asked. The message is for the person who asked."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def say(text: str = "", stream: TextIO | None = None) -> None:
    """One line on standard output, without anything that steers a terminal."""
    print(printable(text), file=stream or sys.stdout)


def say_json(value: Json) -> None:
    """One JSON document on standard output, keys in order, readable by people too."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True))
    sys.stdout.write("\n")


def printable(text: str) -> str:
    """`text` with control and direction characters made visible: material can try to steer the terminal."""
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character == "\n" or character == "\t":
        return character
    category = unicodedata.category(character)
    if category in ("Cc", "Cs") or category == "Cf" and character not in "\u00ad\u200d\u200c":
        return f"\\u{ord(character):04x}"
    return character


def fail(message: str, *, as_json: bool, code: int = FAILED) -> NoReturn:
    """Ends the command with `message`: on standard error, or as JSON on standard output."""
    if as_json:
        say_json({"error": {"message": message, "code": code}})
    else:
        say(f"probanda: {message}", sys.stderr)
    raise Stop(code)


@contextmanager
def reporting(*, as_json: bool) -> Iterator[None]:
    """Turns the errors that commands can meet into a message and an exit code. What is not foreseen is seen as it is."""
    from probanda.preserve.errors import PreserveError

    try:
        yield
    except CommandError as error:
        fail(str(error), as_json=as_json, code=error.code)
    except (PreserveError, CanonicalError, RecordError) as error:
        fail(str(error), as_json=as_json)
    except KeyboardInterrupt:
        fail("stopped. What was acknowledged is safe; run the same command again to go on", as_json=as_json, code=130)


class Meter:
    """Progress on standard error: a bar on a terminal, nothing where nobody looks."""

    def __init__(self, *, quiet: bool) -> None:
        self._on = not quiet and sys.stderr.isatty()
        self._last = ""

    def show(self, what: str, done: int, total: int) -> None:
        if not self._on:
            return
        share = done / total if total else 1.0
        bar = "#" * int(share * 30)
        self._last = f"\r{what:<12} [{bar:<30}] {done}/{total}"
        sys.stderr.write(self._last)
        sys.stderr.flush()

    def clear(self) -> None:
        if self._on and self._last:
            sys.stderr.write("\r" + " " * (len(self._last) - 1) + "\r")
            sys.stderr.flush()


def write_whole(path: Path, data: bytes) -> None:
    """Writes a report that may be made again: whole or not at all, readable by its owner alone. Raises
    `CommandError`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CommandError(f"expected to write {path}, found: {error.strerror or error}. Name another place") from error


def agent_name(given: str | None) -> str:
    """Who acts: `--by`, else PROBANDA_AGENT, else the login name. Raises `CommandError` where none is known."""
    found = given or os.environ.get("PROBANDA_AGENT") or os.environ.get("USER") or os.environ.get("USERNAME")
    if not found:
        raise CommandError("expected a name for the person who acts, found none; give --by NAME", USAGE)
    return found
