"""Bundles and cases changed at random, the same way every time: verification never raises, and a change in what is
covered never holds. Half of the changed bundles are listed and signed anew, as by whoever has the key, so that the
checks behind the signature meet hostile bytes too."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from bundle_files import Files, sealed

from bundle_world import BundleWorld, write_folder, write_zip, zip_bytes
from probanda.preserve.verify import VerifyReport, verify

ODD: tuple[object, ...] = (
    None, -1, 2**63, "", "x" * 300, [], {}, [[[]]], True, 1.5e300, "\ud800", "0" * 64, "9999-99-99T99:99:99.999Z", "=1",
)  # fmt: skip
ROUNDS = 100


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> BundleWorld:
    return BundleWorld(tmp_path_factory.mktemp("world"))


def places(value: object, way: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    found = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in found:
        yield (*way, key)
        yield from places(inner, (*way, key))


def with_odd_field(line: bytes, by: random.Random) -> bytes:
    """The line with one field of its JSON gone or odd; as it is where it holds none."""
    try:
        value = json.loads(line)
    except ValueError:
        return line
    ways = list(places(value))
    if not ways:
        return line
    *above, last = by.choice(ways)
    within = value
    for key in above:
        within = within[key]
    if by.random() < 0.25:
        del within[last]
    else:
        within[last] = by.choice(ODD)
    made = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return made.encode("utf-8", "surrogatepass")


def changed(data: bytes, by: random.Random) -> bytes:
    lines, place = data.split(b"\n"), by.randrange(len(data) + 1)
    match by.randrange(6):
        case 0 if place < len(data):
            return data[:place] + bytes([data[place] ^ 1 << by.randrange(8)]) + data[place + 1 :]
        case 1:
            return data[:place]
        case 2:
            return data[:place] + by.randbytes(by.randrange(1, 9)) + data[place:]
        case 3:
            lines.insert(by.randrange(len(lines)), by.choice(lines))
            return b"\n".join(lines)
        case _:
            number = by.randrange(len(lines))
            lines[number] = with_odd_field(lines[number], by)
            return b"\n".join(lines)


def looked_at(report: VerifyReport) -> bool:
    return report.ok == (not report.failed)


@pytest.mark.parametrize("seed", range(2))
def test_a_bundle_changed_at_random_never_raises_and_never_holds(world: BundleWorld, tmp_path: Path, seed: int) -> None:
    by, names = random.Random(seed), sorted(world.files)
    for number in range(ROUNDS):
        name = by.choice(names)
        files: Files = {**world.files, name: changed(world.files[name], by)}
        if files == world.files:
            continue
        signed_anew = by.random() < 0.5
        if signed_anew:
            files = {**sealed(files, world.signer), **({name: files[name]} if name.startswith("anchors/") else {})}
        write = write_zip if by.random() < 0.3 else write_folder
        report = verify(write(tmp_path / f"{number}", files))
        assert looked_at(report)
        assert signed_anew or not report.ok, name


def test_an_archive_changed_at_random_never_raises(world: BundleWorld, tmp_path: Path) -> None:
    by, good, archive = random.Random(5), zip_bytes(world.files), tmp_path / "b.zip"
    for _ in range(ROUNDS):
        data = bytearray(good)
        for _ in range(by.randrange(1, 4)):
            data[by.choice((by.randrange(len(data)), by.randrange(len(data) - 4000, len(data))))] ^= 1 << by.randrange(
                8
            )
        archive.write_bytes(data)
        assert looked_at(verify(archive))


def test_a_case_changed_at_random_never_raises_and_a_changed_log_never_holds(
    world: BundleWorld, tmp_path: Path
) -> None:
    by, good = random.Random(9), world.world.files()
    for number in range(ROUNDS):
        name = by.choice([one for one in sorted(good) if not one.startswith("blobs/")])
        files = {**good, name: changed(good[name], by)}
        report = verify(write_folder(tmp_path / f"{number}", files))
        assert looked_at(report)
        assert files == good or not name.startswith("log/") or not report.ok, name
