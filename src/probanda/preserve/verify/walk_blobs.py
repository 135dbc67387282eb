"""The blobs: each under its own digest, nothing else in their folders. Memory: one buffer."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Container, Iterator
from pathlib import Path

from probanda.preserve.regular import hash_rest, open_regular
from probanda.preserve.verify.checks import Tallies, Tally

_SHARD = re.compile(r"[0-9a-f]{2}")
_NAME = re.compile(r"[0-9a-f]{64}")


def check_blobs(
    folder: Path, tallies: Tallies, known: Container[bytes], advance: Callable[[int], None], also: Tally | None = None
) -> None:
    """Hashes every file under `folder` (the case's `blobs/sha256`) and compares it with its name; `known` are the blobs
    that the log leads to, `advance` is told the bytes read, `also` whose digest is not its name: a bundle's manifest
    states that name, and the file is not hashed twice."""
    digest, unreferenced = tallies["blobs.digest"], tallies["blobs.unreferenced"]
    for path in _files(folder, tallies):
        digest.count()
        try:
            with open_regular(path) as file:
                found, size = hash_rest(file)
        except OSError as error:
            digest.fail(f"{path.name}: {error.strerror}")
            continue
        if found != path.name:
            for tally in (digest, also) if also is not None else (digest,):
                tally.fail(f"expected the digest {path.name}, found {found}")
        if bytes.fromhex(path.name) not in known:
            unreferenced.count()
        advance(size)
    unreferenced.decide(
        "holds",
        f"{unreferenced.counted} blobs that no entry leads to (an interrupted write leaves such; they are harmless)",
    )


def _files(folder: Path, tallies: Tallies) -> Iterator[Path]:
    for shard in _scan(folder, tallies):
        if not _SHARD.fullmatch(shard.name) or not shard.is_dir(follow_symlinks=False):
            tallies["blobs.layout"].fail(f"expected folders named by two hexadecimal digits, found {shard.name!r:.80}")
            continue
        for entry in _scan(folder / shard.name, tallies):
            tallies["blobs.layout"].count()
            proper = _NAME.fullmatch(entry.name) and entry.name.startswith(shard.name)
            if proper and entry.is_file(follow_symlinks=False):
                yield folder / shard.name / entry.name
            else:
                what = "a link" if entry.is_symlink() else "a folder" if entry.is_dir() else "a file or other thing"
                tallies["blobs.layout"].fail(f"expected only blobs in {shard.name}/, found {what} {entry.name!r:.90}")


def _scan(folder: Path, tallies: Tallies) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            yield from found
    except OSError as error:
        tallies["blobs.layout"].fail(f"expected the folder {folder.name!r:.80}, found: {error.strerror}")
