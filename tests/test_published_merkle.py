"""Published vectors of the tree of RFC 6962 and RFC 9162: our roots, paths, tiles and checks against others' answers.

The eight leaves with their roots and nodes are those of the Certificate Transparency reference implementation; the
probes (`published/merkle_probes.jsonl`, Apache-2.0) are proofs with the answer that a verifier has to give, most of
them spoilt in one place.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

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
from probanda.preserve.tiles import Tiles, write_tiles

INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [  # by size
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1",
]
PAIRS = [
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
]
HALVES = [ROOTS[4], "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]
INCLUSION = {  # (index, size): the published path
    (0, 1): [],
    (0, 8): [LEAVES[1], PAIRS[1], HALVES[1]],
    (5, 8): [LEAVES[4], PAIRS[3], HALVES[0]],
    (2, 3): [PAIRS[0]],
    (1, 5): [LEAVES[0], PAIRS[1], LEAVES[4]],
}
CONSISTENCY = {  # (first, second): the published proof
    (1, 1): [],
    (1, 8): [LEAVES[1], PAIRS[1], HALVES[1]],
    (6, 8): [PAIRS[2], PAIRS[3], HALVES[0]],
    (2, 5): [PAIRS[1], LEAVES[4]],
}
PROBES = [
    json.loads(line)
    for line in (Path(__file__).parent / "published" / "merkle_probes.jsonl").read_text("utf-8").splitlines()[1:]
]


def _hex(nodes: list[bytes]) -> list[str]:
    return [node.hex() for node in nodes]


def test_leaf_hashes_and_roots_are_the_published_ones(tmp_path: Path) -> None:
    assert _hex([leaf_hash(data) for data in INPUTS]) == LEAVES
    tree = CompactRange()
    assert tree.root().hex() == EMPTY_ROOT.hex() == ROOTS[0]
    for size, expected in enumerate(ROOTS):
        if size:
            tree.append(leaf_hash(INPUTS[size - 1]))
        assert tree.root().hex() == root([leaf_hash(data) for data in INPUTS[:size]]).hex() == expected
        folder = tmp_path / str(size)
        assert write_tiles(INPUTS[:size], folder).root.hex() == expected
        assert Tiles(folder, size).root().hex() == expected


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_inclusion_paths_are_the_published_ones(tmp_path: Path, index: int, size: int) -> None:
    hashes = [leaf_hash(data) for data in INPUTS[:size]]
    write_tiles(INPUTS[:size], tmp_path)
    assert _hex(inclusion_proof(hashes, index)) == INCLUSION[index, size]
    assert _hex(Tiles(tmp_path, size).inclusion(index)) == INCLUSION[index, size]


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(tmp_path: Path, first: int, second: int) -> None:
    hashes = [leaf_hash(data) for data in INPUTS[:second]]
    write_tiles(INPUTS[:second], tmp_path)
    assert _hex(consistency_proof(hashes, first)) == CONSISTENCY[first, second]
    assert _hex(Tiles(tmp_path, second).consistency(first)) == CONSISTENCY[first, second]


@pytest.mark.parametrize("probe", PROBES, ids=[probe["probe"] for probe in PROBES])
def test_a_published_probe_gets_the_published_answer(probe: dict[str, Any]) -> None:
    path = [base64.b64decode(node) for node in probe["proof"] or []]
    if probe["probe"].startswith("inclusion"):
        leaf, expected = base64.b64decode(probe["leafHash"] or ""), base64.b64decode(probe["root"] or "")
        holds = verify_inclusion(leaf, probe["leafIdx"], probe["treeSize"], path, expected)
    else:
        old, new = base64.b64decode(probe["root1"] or ""), base64.b64decode(probe["root2"] or "")
        holds = verify_consistency(probe["size1"], probe["size2"], old, new, path)
    assert holds is not probe["wantErr"]


def test_the_probes_are_all_there() -> None:
    good = [probe for probe in PROBES if not probe["wantErr"]]
    assert (len(PROBES), len(good)) == (196, 12)
