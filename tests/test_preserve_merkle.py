"""The tree of RFC 6962, against a slow version that writes the definition down."""

from __future__ import annotations

import hashlib

import pytest

from probanda.preserve.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

SIZES = range(1, 70)
LEAVES = [f"leaf {n}".encode() for n in range(70)]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]


def slow_root(leaves: list[bytes]) -> bytes:
    """MTH of section 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = max(2**power for power in range(8) if 2**power < len(leaves))
    return hashlib.sha256(b"\x01" + slow_root(leaves[:k]) + slow_root(leaves[k:])).digest()


def test_the_incremental_root_is_the_root_by_definition_at_every_size() -> None:
    tree = CompactRange()
    assert tree.root() == slow_root([]) == EMPTY_ROOT
    for size in SIZES:
        tree.append(HASHES[size - 1])
        assert tree.size == size
        assert tree.root() == slow_root(LEAVES[:size]) == root(HASHES[:size])


def test_the_published_vectors_of_certificate_transparency() -> None:
    # The eight inputs and roots of the Certificate Transparency reference implementation's Merkle tree test.
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    hashes = [leaf_hash(bytes.fromhex(text)) for text in inputs]
    assert root(hashes[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root(hashes[:2]).hex() == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    assert root(hashes).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_every_leaf_of_every_size_is_shown_to_be_included_and_no_other() -> None:
    for size in SIZES:
        expected = slow_root(LEAVES[:size])
        for index in range(size):
            proof = inclusion_proof(HASHES[:size], index)
            assert verify_inclusion(HASHES[index], index, size, proof, expected)
            assert not verify_inclusion(leaf_hash(b"another"), index, size, proof, expected)
            assert not verify_inclusion(HASHES[index], index, size, [*proof, HASHES[0]], expected)
            assert not proof or not verify_inclusion(HASHES[index], index, size, proof[:-1], expected)
            assert size == 1 or not verify_inclusion(HASHES[index], (index + 1) % size, size, proof, expected)


def test_every_size_is_shown_to_extend_every_smaller_one_and_no_other() -> None:
    for second in SIZES:
        for first in range(1, second + 1):
            proof = consistency_proof(HASHES[:second], first)
            old, new = slow_root(LEAVES[:first]), slow_root(LEAVES[:second])
            assert verify_consistency(first, second, old, new, proof)
            assert not verify_consistency(first, second, leaf_hash(b"another"), new, proof)
            assert not verify_consistency(first, second, old, leaf_hash(b"another"), proof)
            assert not verify_consistency(first, second, old, new, [*proof, new])
            assert not proof or not verify_consistency(first, second, old, new, proof[:-1])


def test_what_lies_outside_the_tree_has_no_proof() -> None:
    with pytest.raises(ValueError, match="index"):
        inclusion_proof(HASHES[:3], 3)
    with pytest.raises(ValueError, match="earlier size"):
        consistency_proof(HASHES[:3], 0)
    assert not verify_inclusion(HASHES[0], 3, 3, [], root(HASHES[:3]))
    assert not verify_consistency(4, 3, HASHES[0], HASHES[0], [])
    assert not verify_consistency(2, 4, root(HASHES[:2]), root(HASHES[:4]), [])
