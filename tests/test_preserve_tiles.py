"""Tiles as the C2SP specification has them; every proof out of them against the tree's definition."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.preserve import merkle
from probanda.preserve.tiles import (
    ENTRIES,
    Tiles,
    TilesError,
    TreeHead,
    agree,
    parse_tile_name,
    tile_name,
    tile_width,
    write_tiles,
)

SIZES = (0, 1, 2, 3, 7, 8, 255, 256, 257, 300, 511, 512, 1000)


def made(size: int) -> list[bytes]:
    return [f'{{"seq":{n}}}'.encode() + b"x" * (n % 7) for n in range(size)]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_names_are_those_of_the_specification() -> None:
    assert tile_name(0, 1234067) == "tile/0/x001/x234/067"  # its example
    assert tile_name(ENTRIES, 0) == "tile/entries/000"
    assert tile_name(1, 1, 17) == "tile/1/001.p/17"
    assert parse_tile_name("tile/0/x001/x234/067") == (0, 1234067, 256)
    endless = "tile/0/" + "x999/" * 2000 + "999"
    for wrong in (
        *("tile/00/000", "tile/0/0", "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/x000/001", "tile/0/001/002"),
        *("tile/0/../000", "tile/a/000", "tile/0/000\n", "tile/0/٠٠٠", endless),
    ):
        assert parse_tile_name(wrong) is None


def test_the_tiles_of_the_specifications_example_of_70_000_entries(tmp_path: Path) -> None:
    head = write_tiles((b"%d" % n for n in range(70_000)), tmp_path)
    found = files(tmp_path)
    widths: dict[int, list[int]] = {0: [], 1: [], 2: []}
    for name, data in found.items():
        level, index, width = parse_tile_name(name) or ("", 0, 0)
        if isinstance(level, int):
            assert len(data) == width * 32 == tile_width(level, index, 70_000) * 32
            widths[level].append(width)
    assert (widths[0].count(256), [width for width in widths[0] if width < 256]) == (273, [112])
    assert sorted(widths[1]) == [17, 256]
    assert widths[2] == [1]
    assert head == TreeHead(70_000, merkle.root([merkle.leaf_hash(b"%d" % n) for n in range(70_000)]))
    bundle = found["tile/entries/000"]
    assert bundle.startswith(b"\x00\x010\x00\x011") and bundle.endswith(b"\x00\x03255")
    assert found["tile/entries/273.p/112"].endswith(b"\x00\x0569999")


def test_a_tree_of_256_is_a_full_tile_and_a_partial_one_of_width_1(tmp_path: Path) -> None:
    write_tiles(made(256), tmp_path)
    assert set(files(tmp_path)) == {"tile/0/000", "tile/1/000.p/1", "tile/entries/000"}


@pytest.mark.parametrize("size", SIZES)
def test_a_tile_holds_the_hashes_of_its_definition(tmp_path: Path, size: int) -> None:
    lines = made(size)
    hashes = [merkle.leaf_hash(line) for line in lines]
    assert write_tiles(lines, tmp_path) == TreeHead(size, merkle.root(hashes))
    for name, data in files(tmp_path).items():
        level, index, width = parse_tile_name(name) or ("", 0, 0)
        if level == ENTRIES:
            part = lines[index * 256 : index * 256 + width]
            assert data == b"".join(len(line).to_bytes(2, "big") + line for line in part)
            continue
        step = 256 ** int(level)
        nodes = [merkle.root(hashes[(index * 256 + i) * step : (index * 256 + i + 1) * step]) for i in range(width)]
        assert data == b"".join(nodes)


@pytest.mark.parametrize("size", SIZES)
def test_every_proof_out_of_the_tiles_is_the_proof_by_definition(tmp_path: Path, size: int) -> None:
    lines = made(size)
    hashes = [merkle.leaf_hash(line) for line in lines]
    write_tiles(lines, tmp_path)
    tiles = Tiles(tmp_path, size)
    assert tiles.root() == merkle.root(hashes)
    for index in range(0, size, 1 if size < 130 else 37):
        assert tiles.leaf(index) == hashes[index]
        assert tiles.entry(index) == lines[index]
        assert tiles.inclusion(index) == merkle.inclusion_proof(hashes, index)
    for first in range(1, size + 1, 1 if size < 130 else 41):
        assert tiles.consistency(first) == merkle.consistency_proof(hashes, first)


def test_every_index_and_every_size_below_130(tmp_path: Path) -> None:
    lines = made(130)
    hashes = [merkle.leaf_hash(line) for line in lines]
    for size in range(130):
        folder = tmp_path / str(size)
        root = write_tiles(lines[:size], folder).root
        tiles = Tiles(folder, size)
        for index in range(size):
            path = tiles.inclusion(index)
            assert merkle.verify_inclusion(hashes[index], index, size, path, root)
            assert not merkle.verify_inclusion(hashes[index - 1], index, size, path, root) or size == 1
        for first in range(1, size + 1):
            assert merkle.verify_consistency(first, size, merkle.root(hashes[:first]), root, tiles.consistency(first))


@given(size=st.integers(1, 1100), data=st.data())
def test_a_proof_with_one_bit_changed_never_verifies(
    tmp_path_factory: pytest.TempPathFactory, size: int, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("tiles")
    lines = made(size)
    root = write_tiles(lines, folder).root
    index = data.draw(st.integers(0, size - 1))
    path = Tiles(folder, size).inclusion(index)
    leaf = merkle.leaf_hash(lines[index])
    assert merkle.verify_inclusion(leaf, index, size, path, root)
    at, bit = data.draw(st.integers(0, len(path))), data.draw(st.integers(0, 255))
    changed = [*path, leaf]
    changed[at - 1] = (int.from_bytes(changed[at - 1], "big") ^ 1 << bit).to_bytes(32, "big")
    assert not merkle.verify_inclusion(changed[-1], index, size, changed[:-1], root)


@given(size=st.integers(2, 1100), data=st.data())
def test_a_consistency_proof_with_one_bit_changed_never_verifies(
    tmp_path_factory: pytest.TempPathFactory, size: int, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("tiles")
    lines = made(size)
    root = write_tiles(lines, folder).root
    first = data.draw(st.integers(1, size - 1))
    before = merkle.root([merkle.leaf_hash(line) for line in lines[:first]])
    path = Tiles(folder, size).consistency(first)
    assert merkle.verify_consistency(first, size, before, root, path)
    at, bit = data.draw(st.integers(0, len(path) - 1)), data.draw(st.integers(0, 255))
    path[at] = (int.from_bytes(path[at], "big") ^ 1 << bit).to_bytes(32, "big")
    assert not merkle.verify_consistency(first, size, before, root, path)


def test_the_partial_tiles_of_an_earlier_checkpoint_are_there_until_a_full_one_is(tmp_path: Path) -> None:
    lines = made(700)
    write_tiles(lines, tmp_path, also=(300, 600, 512, 700, 0))
    found = set(files(tmp_path))
    assert {"tile/0/002.p/88", "tile/entries/002.p/88", "tile/0/002.p/188", "tile/1/000.p/1"} <= found
    assert not any("001.p" in name for name in found), "the second tile is full by now"
    for size in (300, 512, 600, 700):
        tiles = Tiles(tmp_path, size)
        assert tiles.root() == merkle.root([merkle.leaf_hash(line) for line in lines[:size]])
        assert tiles.entry(size - 1) == lines[size - 1]
    assert agree(tmp_path, lines, 700) == []


def test_tiles_that_hold_the_log_agree_with_it(tmp_path: Path) -> None:
    for size in SIZES:
        write_tiles(made(size), tmp_path / str(size))
        assert agree(tmp_path / str(size), iter(made(size)), size) == []
    assert agree(tmp_path / "300", [*made(300), b"later"], 300) == []


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _add(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x00" * 32)


FAULTS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a leaf is changed": ("tile/0/000", _flip),
    "a node is changed": ("tile/1/000.p/2", _flip),
    "an entry is changed": ("tile/entries/001", _flip),
    "a partial bundle is changed": ("tile/entries/002.p/88", _flip),
    "a tile is missing": ("tile/0/001", Path.unlink),
    "a bundle is missing": ("tile/entries/000", Path.unlink),
    "a tile is longer": ("tile/0/000", lambda path: path.write_bytes(path.read_bytes() + b"\x00" * 32)),
    "a tile is empty": ("tile/0/000", lambda path: path.write_bytes(b"")),
    "a tile too much": ("tile/0/003", _add),
    "a level too much": ("tile/2/000.p/1", _add),
    "a wider partial tile": ("tile/0/002.p/89", _add),
    "another earlier state": ("tile/0/002.p/1", _add),
    "another earlier bundle": ("tile/entries/000.p/1", _add),
    "a file of another name": ("tile/notes.txt", _add),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_deviation_of_the_tiles_is_named(tmp_path: Path, fault: str) -> None:
    name, make = FAULTS[fault]
    write_tiles(made(600), tmp_path)
    make(tmp_path / name)
    reasons = agree(tmp_path, made(600), 600)
    assert len(reasons) == 1
    assert name in reasons[0]


def test_a_log_that_is_shorter_or_another_does_not_agree(tmp_path: Path) -> None:
    write_tiles(made(600), tmp_path)
    assert any("expected 600 entries" in reason for reason in agree(tmp_path, made(599), 600))
    swapped = made(600)
    swapped[3], swapped[4] = swapped[4], swapped[3]
    assert len(agree(tmp_path, swapped, 600)) == 3  # the leaves, the node over them, the entries
    assert agree(tmp_path, [b"x" * 65_536], 1) == ["expected an entry of at most 65535 bytes, found 65536 (nr 0)"]


def test_deviations_without_end_are_counted_not_listed(tmp_path: Path) -> None:
    for number in range(150):
        _add(tmp_path / f"tile/{number}")
    reasons = agree(tmp_path, [], 0)
    assert len(reasons) == 101
    assert reasons[-1] == "and 50 more"


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"\x00" * 31)], ids=["missing", "short"])
def test_a_proof_out_of_spoilt_tiles_is_an_error_that_names_the_tile(
    tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    write_tiles(made(300), tmp_path)
    spoil(tmp_path / "tile/0/001.p/44")
    with pytest.raises(TilesError, match=r"tile/0/001\.p/44"):
        Tiles(tmp_path, 300).inclusion(299)
    spoil(tmp_path / "tile/entries/000")
    with pytest.raises(TilesError, match="tile/entries/000"):
        Tiles(tmp_path, 300).entry(0)


def test_an_entry_that_is_not_its_leaf_is_refused(tmp_path: Path) -> None:
    write_tiles(made(3), tmp_path)
    (tmp_path / "tile/entries/000.p/3").write_bytes(b"\x00\x01a\x00\x01b\x00\x01c")
    with pytest.raises(TilesError, match="another hash"):
        Tiles(tmp_path, 3).entry(1)


def test_what_lies_outside_the_tree_has_no_proof(tmp_path: Path) -> None:
    write_tiles(made(3), tmp_path)
    tiles = Tiles(tmp_path, 3)
    for index in (-1, 3):
        with pytest.raises(ValueError, match="index"):
            tiles.inclusion(index)
        with pytest.raises(ValueError, match="index"):
            tiles.entry(index)
    for first in (0, 4):
        with pytest.raises(ValueError, match="earlier size"):
            tiles.consistency(first)
    assert Tiles(tmp_path, 0).root() == hashlib.sha256(b"").digest()


def test_an_entry_that_no_length_prefix_can_hold_is_refused(tmp_path: Path) -> None:
    assert write_tiles([b"x" * 65_535], tmp_path).size == 1
    with pytest.raises(TilesError, match="65536"):
        write_tiles([b"x" * 65_536], tmp_path)


def test_tiles_come_from_anything_that_reads(tmp_path: Path) -> None:
    write_tiles(made(300), tmp_path)
    held = files(tmp_path)

    def read(name: str, most: int) -> bytes:
        if name not in held:
            raise FileNotFoundError(2, "not in the archive", name)
        return held[name][:most]

    assert Tiles(read, 300).inclusion(7) == Tiles(tmp_path, 300).inclusion(7)
    assert agree(read, made(300), 300, names=held) == []
    del held["tile/0/000"]
    assert agree(read, made(300), 300, names=held) == ["expected the tile tile/0/000, found: not in the archive"]
