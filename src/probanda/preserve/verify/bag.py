"""A bundle as a bag (RFC 8493): its form, and the SHA-256 of every file in it.

Guarantees: every file below the folder is a regular one, has a name that means the same everywhere, is named by a
manifest once, and has the digest stated there; nothing is named that is not there. A manifest is read line by line, in
constant memory where it is sorted, as those that Probanda writes are. Nothing outside the folder is read: where a link
stands in the place of a folder no file is looked at. Refuses: digests weaker than SHA-256 and `fetch.txt`, which would
have a verifier get bytes from elsewhere. The blobs are not hashed here: their digest is their name, `walk_blobs`
compares it, and here the manifest must state that name.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from probanda.preserve.regular import HASH_BUFFER_BYTES, lines, open_regular
from probanda.preserve.table import Table
from probanda.preserve.verify.checks import Tallies, Tally
from probanda.preserve.verify.names import MAX_NAME_BYTES, folded, plain, trouble

BAGIT: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SMALL_BYTES: Final = 1 << 20  # of bagit.txt, bag-info.txt and the tag manifest; more is no tag file of ours
_TOP = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt", "data", "anchors"}
_STRONGER = {"manifest-sha512.txt", "tagmanifest-sha512.txt"}
_ANCHORS = re.compile(
    r"log\.pub\.pem|log\.vkey|tagmanifest\.([^/]+\.)?sig|(tagmanifest|checkpoint)\.[^/]+\.tsr|checkpoint\.[^/]+\.note"
    r"|[^/]+\.pem"
)
_LINE = re.compile(rb"([0-9a-f]{64}|[0-9a-f]{128})  (.+)", re.DOTALL)
_BLOB = re.compile(r"data/objects/sha256/([0-9a-f]{2})/(\1[0-9a-f]{62})")
_MANIFEST = re.compile(r"(tag)?manifest-(.+)\.txt")
_FOLDERS = ("data", "data/log", "data/objects", "data/objects/sha256", "data/keys", "anchors")
_LONGEST_LINE = 128 + 2 + MAX_NAME_BYTES


@dataclass(slots=True)
class Bag:
    """What lies in the folder: how many files with how many bytes below `data/`, and whether every folder
    that a verifier might go through is a folder, so that nothing outside is read."""

    payload: int = 0
    octets: int = 0
    sound: bool = True
    outside: list[str] = field(default_factory=list)  # files beside `data` and `anchors`


def check_layout(folder: Path, tallies: Tallies) -> Bag:
    """`bundle.layout`: every name and kind of file; what BagIt asks of `bagit.txt`."""
    tally, bag, linked = tallies["bundle.layout"], Bag(), False
    for name, kind, size in _tree(folder, tally):
        tally.count()
        top, _, rest = name.partition("/")
        if kind == "linked folder":
            linked = True
        elif kind == "folder":
            if top not in ("data", "anchors") or (top == "anchors" and rest):
                tally.fail(f"expected no folder {name!r:.120} in a bundle")
        elif top == "data" and rest:
            bag.payload += 1
            bag.octets += size
        elif top == "anchors" and rest:
            if not _ANCHORS.fullmatch(rest):
                tally.fail(f"expected only signatures, time stamps and certificates in anchors/, found {rest!r:.120}")
        else:
            bag.outside.append(name)
            _top(name, tallies)
    linked = linked or any((folder / name).is_symlink() for name in _FOLDERS)
    bag.sound = not linked and (folder / "data").is_dir()
    if not (folder / "data").is_dir():
        tally.fail("expected the folder data/, found none")
    if _small(folder / "bagit.txt") != BAGIT:
        tally.fail(f"expected bagit.txt to be {BAGIT.decode()!r}, found something else")
    return bag


def check_manifests(folder: Path, bag: Bag, tallies: Tallies, advance: Callable[[int], None]) -> None:
    """`bundle.manifest`: both manifests, and the number of files and bytes that bag-info.txt states."""
    tally = tallies["bundle.manifest"]
    if not bag.sound:
        tally.decide("not_run", "the folders of the bundle are not folders")
        return
    tags = [name for name in bag.outside if not name.startswith("tagmanifest-")]
    for algorithm in ("sha256", "sha512"):
        manifest, tagged = folder / f"manifest-{algorithm}.txt", folder / f"tagmanifest-{algorithm}.txt"
        if algorithm == "sha256" or os.path.lexists(manifest):
            _compare(folder, manifest, algorithm, bag.payload, lambda: _payload(folder), tally, advance)
        if algorithm == "sha256" or os.path.lexists(tagged):
            _compare(folder, tagged, algorithm, len(tags), lambda: iter(tags), tally, advance)
    _oxum(folder, bag, tally)


def _top(name: str, tallies: Tallies) -> None:
    """A file beside `data`."""
    if name in _TOP or name in _STRONGER:
        return
    manifest = _MANIFEST.fullmatch(name)
    if name == "fetch.txt":
        tallies["bundle.layout"].fail("expected all files to be here, found fetch.txt, which names some elsewhere")
    elif manifest:
        tallies["bundle.manifest"].fail(
            f"expected digests by SHA-256, found a manifest by {manifest[2]!r:.40}: a weaker or unknown algorithm"
        )
    else:
        tallies["bundle.layout"].fail(f"expected no file {name!r:.120} in a bundle")


def _tree(folder: Path, tally: Tally) -> Iterator[tuple[str, str, int]]:
    """Every name below `folder`, depth first, with what it is (folder, file, or linked folder) and its size;
    other links, devices and troubled names are told and left out: a manifest that has such a name is not followed."""
    waiting = [""]
    while waiting:
        within = waiting.pop()
        others: set[str] = set()
        for entry in _scan(folder / within, tally):
            name = f"{within}/{entry.name}" if within else entry.name
            why = trouble(name)
            if why is not None:
                tally.fail(f"the name {name!r:.120} {why}")
                continue
            if not plain(entry.name) and _twice(folder / within, entry, others):
                tally.fail(f"the name {name!r:.120} stands there twice, but for letter case or Unicode form")
            if entry.is_dir(follow_symlinks=False):
                waiting.append(name)
                yield name, "folder", 0
            elif entry.is_file(follow_symlinks=False):
                yield name, "file", entry.stat(follow_symlinks=False).st_size
            else:
                what = "a link" if entry.is_symlink() else "a device, pipe or socket"
                tally.fail(f"expected only regular files, found {what} at {name!r:.120}")
                if entry.is_symlink() and entry.is_dir():
                    yield name, "linked folder", 0


def _twice(within: Path, entry: os.DirEntry[str], others: set[str]) -> bool:
    """Whether another name beside this one folds to the same. Only names that are not plain are remembered."""
    key = folded(entry.name)
    if key in others:
        return True
    others.add(key)
    try:
        beside = os.lstat(within / key)
    except (OSError, ValueError):
        return False
    return key != entry.name and (beside.st_ino, beside.st_dev) != (entry.inode(), os.lstat(entry.path).st_dev)


def _scan(folder: Path, tally: Tally) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            yield from found
    except OSError as error:
        tally.fail(f"expected the folder {folder.name!r:.120}, found: {error.strerror}")


def _payload(folder: Path) -> Iterator[str]:
    for name, kind, _ in _tree(folder / "data", Tally("")):
        if kind == "file":
            yield f"data/{name}"


def _compare(
    folder: Path, manifest: Path, algorithm: str, expected: int, there: Callable[[], Iterator[str]], tally: Tally,
    advance: Callable[[int], None],
) -> None:  # fmt: skip
    """Every line of one manifest with its file, then whether a file is left over."""
    matched = 0
    for name, digest in _stated(manifest, algorithm, tally):
        tally.count()
        blob = _BLOB.fullmatch(name) if algorithm == "sha256" else None
        try:
            if blob is not None:
                if blob[2] != digest:
                    tally.fail(f"{manifest.name}: expected the digest that is the name of {name}, found {digest:.80}")
                matched += os.path.lexists(folder / name)
                if not os.path.lexists(folder / name):
                    tally.fail(f"{manifest.name} names {name}, which is not there")
                continue
            found, size = _digest(folder / name, algorithm)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            tally.fail(f"{manifest.name} names {name:.160}, found: {reason}")
            continue
        matched += 1
        advance(size)
        if found != digest:
            tally.fail(f"{name:.160}: expected the {algorithm} {digest:.80}, found {found:.80}")
    if matched < expected:
        _left_over(manifest, algorithm, there(), tally)


def _stated(manifest: Path, algorithm: str, tally: Tally) -> Iterator[tuple[str, str]]:
    """Name and digest of every line that has the form, each name once. Names are remembered only once the order is
    broken, so that a sorted manifest costs no memory."""
    payload = manifest.name.startswith("manifest-")
    last, seen, unordered = "", Table(), False
    try:
        file = open_regular(manifest)
    except OSError as error:
        tally.fail(f"expected {manifest.name}, found: {error.strerror}")
        return
    with file:
        for number, (line, ended, _) in enumerate(lines(file, _LONGEST_LINE), 1):
            form = _LINE.fullmatch(line) if line is not None and ended else None
            if form is None or len(form[1]) != hashlib.new(algorithm).digest_size * 2:
                tally.fail(f"line {number} of {manifest.name}: expected a {algorithm} digest, two spaces and a name")
                continue
            name = form[2].decode("utf-8", "backslashreplace")
            why = trouble(name)
            if why is not None:
                tally.fail(f"line {number} of {manifest.name}: the name {name!r:.120} {why}")
                continue
            if name.startswith("data/") != payload or name.startswith(("anchors/", "tagmanifest-")):
                tally.fail(f"line {number} of {manifest.name}: the file {name!r:.120} does not belong there")
                continue
            if not unordered and name <= last:
                unordered = True
                seen.update(one.encode() for one, _ in _before(manifest, number, algorithm))
            if unordered and not seen.add(name.encode()):
                tally.fail(f"line {number} of {manifest.name}: {name!r:.120} is named a second time")
                continue
            last = name
            yield name, form[1].decode()


def _before(manifest: Path, stop: int, algorithm: str) -> Iterator[tuple[str, str]]:
    """The names of the lines before line `stop`."""
    with open_regular(manifest) as file:
        for number, (line, _, _) in enumerate(lines(file, _LONGEST_LINE), 1):
            if number >= stop:
                return
            form = _LINE.fullmatch(line or b"")
            if form is not None:
                yield form[2].decode("utf-8", "backslashreplace"), algorithm


def _left_over(manifest: Path, algorithm: str, there: Iterator[str], tally: Tally) -> None:
    named = {hashlib.sha256(name.encode()).digest() for name, _ in _stated(manifest, algorithm, Tally(""))}
    for name in there:
        if hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest() not in named:
            tally.fail(f"{name!r:.160} is there and {manifest.name} does not name it")


def _digest(path: Path, algorithm: str) -> tuple[str, int]:
    hasher, size = hashlib.new(algorithm), 0
    buffer = memoryview(bytearray(HASH_BUFFER_BYTES))
    with open_regular(path) as file:
        while count := file.readinto(buffer):
            hasher.update(buffer[:count])
            size += count
    return hasher.hexdigest(), size


def _oxum(folder: Path, bag: Bag, tally: Tally) -> None:
    info = _small(folder / "bag-info.txt") or b""
    told = info.split(b"\n")  # no pattern: the file is a stranger's, and one of many spaces would keep it busy
    stated = [line.partition(b":")[2].strip(b" \t") for line in told if line.startswith(b"Payload-Oxum:")]
    expected = f"{bag.octets}.{bag.payload}"
    if stated != [expected.encode()]:
        found = [one.decode("utf-8", "backslashreplace")[:60] for one in stated]
        tally.fail(f"bag-info.txt: expected one Payload-Oxum {expected} (bytes and files below data/), found {found}")


def _small(path: Path) -> bytes | None:
    """The bytes of a small file; `None` where there is none, or it is too large to be one."""
    try:
        with open_regular(path) as file:
            data = file.read(SMALL_BYTES + 1)
    except OSError:
        return None
    return data if len(data) <= SMALL_BYTES else None
