"""What the commands print: lines for people, one document for programs, progress for a terminal.

Guarantees: nothing that material says steers a terminal; a reader that goes away (`| head`) changes neither what a
command does nor its exit code; a report is written whole or not at all.
"""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

OK, FAILED, USAGE, ITEMS_FAILED, STOPPED = 0, 1, 2, 3, 130

_JOINERS = "\u00ad\u200c\u200d"  # soft hyphen and the two joiners: they belong to words of many scripts
_STEERING = ("Cc", "Cf", "Cs", "Zl", "Zp")


class CommandError(Exception):
    """The command cannot do what was asked. The message is for the person who asked; `kind` is a name for programs."""

    def __init__(self, message: str, code: int = FAILED, *, kind: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.kind = kind or ("Usage" if code == USAGE else "Failed")


def say(text: str = "", stream: TextIO | None = None) -> None:
    """One line, on standard output unless said otherwise, without anything that steers a terminal."""
    _write(stream or sys.stdout, one_line(text) + "\n")


def say_json(value: Any) -> None:
    """One JSON document on standard output, keys in order. What is not printable is escaped as JSON escapes it."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True)
    _write(sys.stdout, "".join(_json_visible(character) for character in text) + "\n")


def say_exactly(text: str) -> None:
    """A document for another program, to the byte; on a terminal its lines without anything that steers it."""
    if sys.stdout.isatty():
        for line in text.splitlines():
            say(line)
    else:
        _write(sys.stdout, text)


def one_line(text: str) -> str:
    """`text` with control, direction and line-end characters made visible: names and texts can hold any of them."""
    return text if text.isascii() and text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character in _JOINERS or unicodedata.category(character) not in _STEERING:
        return character
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return known.get(character) or f"\\u{ord(character):04x}"


def _json_visible(character: str) -> str:
    return character if character.isprintable() or character == "\n" else json.dumps(character)[1:-1]


def flush() -> None:
    """Hands on what was printed. Raises `CommandError` where it cannot be written."""
    _write(sys.stdout, "", flushed=True)


def tell_failure(message: str, kind: str, code: int, *, as_json: bool) -> int:
    """Says why a command failed, on standard error or as the one JSON document; returns `code`."""
    try:
        if as_json:
            say_json({"error": {"kind": kind, "message": message, "code": code}})
        flush()
    except CommandError:  # what was to be read cannot be written: the reason goes where it still can
        _to_nowhere(sys.stdout)
        as_json = False
    if not as_json:
        with suppress(CommandError):  # with neither stream left the exit code is all that can be said
            say(f"probanda: {message}", sys.stderr)
    return code


def _write(stream: TextIO | None, text: str, *, flushed: bool = False) -> None:
    if stream is None:  # closed by who started the process
        return
    try:
        stream.write(text)
        if flushed:
            stream.flush()
    except BrokenPipeError:
        _to_nowhere(stream)
    except OSError as error:
        raise CommandError(f"expected to write the output, found: {error.strerror}", kind="OutputRefused") from error


def _to_nowhere(stream: TextIO | None) -> None:
    """What is still waiting in `stream`, and what follows, is written to nobody."""
    if stream is not None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


class Meter:
    """Progress on standard error: a bar on a terminal, nothing where nobody looks. Leaving the block wipes the bar."""

    def __init__(self) -> None:
        self._on = sys.stderr is not None and sys.stderr.isatty()
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def show(self, what: str, done: int, total: int) -> None:
        """`done` of `total`; a `total` of 0 means that nobody knows how many there are."""
        if not self._on:
            return
        share = done / total if total else 0.0
        bar = f"{what:<12} [{'#' * int(share * 30):<30}] {done:,} of {total:,}" if total else f"{what:<12} {done:,}"
        _write(sys.stderr, "\r" + bar.ljust(self._width), flushed=True)
        self._width = max(self._width, len(bar))

    def clear(self) -> None:
        if self._width:
            _write(sys.stderr, "\r" + " " * self._width + "\r", flushed=True)
            self._width = 0


def write_whole(path: Path, data: bytes) -> None:
    """Writes a report that may be made again: whole or not at all, readable by its owner alone. Raises
    `CommandError`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise CommandError(
            f"expected to write {path}, found: {error.strerror or error}. Nothing was changed; name another place",
            kind="OutputRefused",
        ) from error
