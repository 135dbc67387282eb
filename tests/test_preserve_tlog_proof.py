"""A tlog-proof shows one entry, in the one form that the C2SP specification gives it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.preserve.tiles import Tiles, TreeHead, write_tiles
from probanda.preserve.tlog_proof import ProofError, TlogProof, check_proof, encode_proof, parse_proof

LINES = [b'{"seq":%d}' % n for n in range(300)]
NOTE = "example.com/log\n300\nAAAA\n\n— example.com/log AAAA\n".encode()


@pytest.fixture(scope="module")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> Tiles:
    folder = tmp_path_factory.mktemp("log")
    write_tiles(LINES, folder)
    return Tiles(folder, len(LINES))


def test_the_bytes_are_those_of_the_specification() -> None:
    node = bytes(range(32))
    assert encode_proof(73894, [node, node], NOTE, b"\x00\x01\x02") == (
        b"c2sp.org/tlog-proof@v1\nextra AAEC\nindex 73894\n" + 2 * (base64.b64encode(node) + b"\n") + b"\n" + NOTE
    )
    assert encode_proof(0, [], NOTE) == b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + NOTE


@given(st.integers(0, 2**63), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.none() | st.binary())
def test_what_is_written_is_read_and_written_the_same(index: int, path: list[bytes], extra: bytes | None) -> None:
    data = encode_proof(index, path, NOTE, extra)
    assert parse_proof(data) == TlogProof(index, tuple(path), NOTE, extra)


def test_a_proof_shows_its_entry_and_no_other(tiles: Tiles) -> None:
    head = TreeHead(300, tiles.root())
    for index in (0, 1, 255, 256, 299):
        data = encode_proof(index, tiles.inclusion(index), NOTE)
        assert check_proof(data, LINES[index], lambda note: head) == head
        assert check_proof(data, LINES[index], lambda note: head, index=index) == head
        with pytest.raises(ProofError, match="not shown"):
            check_proof(data, LINES[index - 1], lambda note: head)
        with pytest.raises(ProofError, match="not shown"):
            check_proof(data, LINES[index], lambda note: TreeHead(300, bytes(32)))
        with pytest.raises(ProofError, match="expected the proof of entry 7"):
            check_proof(data, LINES[index], lambda note: head, index=7)


def test_the_checkpoint_is_handed_on_word_for_word_and_its_refusal_is_the_proofs(tiles: Tiles) -> None:
    def refused(note: bytes) -> TreeHead:
        assert note == NOTE
        raise ValueError("signed by another key")

    with pytest.raises(ProofError, match="signed by another key"):
        check_proof(encode_proof(3, tiles.inclusion(3), NOTE), LINES[3], refused)


@given(st.data())
def test_a_changed_hash_never_verifies(tiles: Tiles, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, 299))
    path = tiles.inclusion(index)
    at, place, bit = (
        data.draw(st.integers(0, len(path) - 1)),
        data.draw(st.integers(0, 31)),
        data.draw(st.integers(0, 7)),
    )
    changed = bytearray(path[at])
    changed[place] ^= 1 << bit
    path[at] = bytes(changed)
    with pytest.raises(ProofError, match="not shown"):
        check_proof(encode_proof(index, path, NOTE), LINES[index], lambda note: TreeHead(300, tiles.root()))


NODE = base64.b64encode(bytes(32))
MALFORMED = {
    "nothing": b"",
    "no empty line": b"c2sp.org/tlog-proof@v1\nindex 0\n",
    "no checkpoint": b"c2sp.org/tlog-proof@v1\nindex 0\n\n",
    "another version": b"c2sp.org/tlog-proof@v2\nindex 0\n\n" + NOTE,
    "no index": b"c2sp.org/tlog-proof@v1\n\n" + NOTE,
    "a leading zero": b"c2sp.org/tlog-proof@v1\nindex 01\n\n" + NOTE,
    "a negative index": b"c2sp.org/tlog-proof@v1\nindex -1\n\n" + NOTE,
    "an index without end": b"c2sp.org/tlog-proof@v1\nindex " + b"9" * 5000 + b"\n\n" + NOTE,
    "a digit of another script": "c2sp.org/tlog-proof@v1\nindex ٣\n\n".encode() + NOTE,
    "the extra after the index": b"c2sp.org/tlog-proof@v1\nindex 0\nextra AAEC\n\n" + NOTE,
    "a short hash": b"c2sp.org/tlog-proof@v1\nindex 0\nAAEC\n\n" + NOTE,
    "spare bits": b"c2sp.org/tlog-proof@v1\nindex 0\n" + NODE[:-2] + b"B=\n\n" + NOTE,
    "a carriage return": b"c2sp.org/tlog-proof@v1\r\nindex 0\n\n" + NOTE,
    "a path without end": b"c2sp.org/tlog-proof@v1\nindex 0\n" + 65 * (NODE + b"\n") + b"\n" + NOTE,
    "a proof without end": b"c2sp.org/tlog-proof@v1\nindex 0\n\n" + b"x" * 300_000,
}


@pytest.mark.parametrize("fault", MALFORMED)
def test_what_is_no_proof_is_refused(fault: str) -> None:
    with pytest.raises(ProofError, match="expected"):
        parse_proof(MALFORMED[fault])


def test_a_proof_of_nonsense_is_not_written(tmp_path: Path) -> None:
    for index, path, note in ((-1, [], NOTE), (0, [b"short"], NOTE), (0, [], b"\n")):
        with pytest.raises(ValueError, match="expected"):
            encode_proof(index, path, note)
