"""Rows that are handed on in part: the root stays, nothing can be added, dropped, moved or guessed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from case_steps import sha256
from probanda.preserve.merkle import EMPTY_ROOT, leaf_hash
from probanda.preserve.rows import check_redacted, parse_redacted_row, redacted_rows, rows_root, with_nonce
from probanda.records.canonical import CanonicalError, Json
from probanda.records.codec import RecordError
from probanda.records.derivation import Derivation, Output, Request, encode_rows


class Counted:
    """Random bytes that can be told again, each another."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, size: int) -> bytes:
        self.count += 1
        return hashlib.shake_256(str(self.count).encode()).digest(size)


def derivation(number: int) -> Derivation:
    given_ = sha256(str(number).encode())
    return Derivation(Request("read", "1", (given_,)), "succeeded", None, (Output("reading", given_, number),))


def rows(count: int) -> bytes:
    random = Counted()
    return encode_rows([with_nonce(derivation(number), random) for number in range(count)])


@given(st.lists(st.booleans(), max_size=20))
def test_whatever_is_withheld_the_root_is_that_of_the_whole(shown: list[bool]) -> None:
    whole = rows(len(shown))
    wanted = {derivation(number).request.sha256 for number, one in enumerate(shown) if one}
    lines = redacted_rows(whole, lambda one: one.request.sha256 in wanted).splitlines()
    assert check_redacted(lines, rows_root(whole)) == (sum(shown), len(shown) - sum(shown))
    found = [parse_redacted_row(line).derivation for line in lines]
    assert [one is not None for one in found] == shown
    for number, one in enumerate(found):
        hidden = derivation(number).request.inputs[0].encode()
        assert (one is None) == (hidden not in b"".join(lines)), "nothing of a withheld row is left"


def test_no_rows_have_the_root_of_an_empty_tree() -> None:
    assert rows_root(b"") == EMPTY_ROOT.hex()
    assert check_redacted([], EMPTY_ROOT.hex()) == (0, 0)


def test_a_row_cannot_be_added_dropped_moved_or_changed() -> None:
    whole = rows(4)
    lines = redacted_rows(whole, lambda one: one.outputs[0].size % 2 == 0).splitlines()
    root = rows_root(whole)
    assert check_redacted(lines, root) == (2, 2)
    forged = json.dumps({"leaf": "ab" * 32}, separators=(",", ":")).encode()
    changed = lines[0].replace(b'"outcome":"succeeded"', b'"outcome":"succeeded","later":1')
    for wrong in (lines[:-1], [*lines, lines[-1]], [lines[1], lines[0], *lines[2:]], [forged, *lines[1:]],
                  [changed, *lines[1:]]):  # fmt: skip
        with pytest.raises(RecordError):
            check_redacted(wrong, root)


@pytest.mark.parametrize(
    "line",
    [b"", b"{}", b"[]", b'{"leaf":"x"}', b'{"leaf":1}', b'{"row":{}}', b'{"leaf": "' + b"ab" * 32 + b'"}',
     b'{"row":{},"x":1}', b'{"row":' + encode_rows([derivation(1)])[:-1].replace(b":", b": ", 1) + b"}",
     b'{"leaf":"' + b"ab" * 32 + b'","row":{}}'],
)  # fmt: skip
def test_a_line_that_is_neither_is_refused(line: bytes) -> None:
    with pytest.raises(RecordError):
        parse_redacted_row(line)


def test_a_row_as_deep_as_a_row_may_be_can_be_shown() -> None:
    deep: Json = 1
    with pytest.raises(CanonicalError, match="nesting"):  # when no row can be as deep
        while True:
            row = encode_rows([replace(derivation(1), facts={"deep": deep})])
            assert check_redacted(redacted_rows(row, lambda _: True).splitlines(), rows_root(row)) == (1, 0)
            deep = [deep]


def test_equal_rows_have_leaves_that_nobody_who_knows_the_item_can_guess() -> None:
    plain = derivation(1)
    guessed = leaf_hash(encode_rows([plain])[:-1])
    random = Counted()
    leaves = {parse_redacted_row(line).leaf
              for line in redacted_rows(encode_rows([with_nonce(plain, random) for _ in range(3)]), lambda _: False)
              .splitlines()}  # fmt: skip
    assert len(leaves) == 3
    assert guessed not in leaves


def test_a_row_without_a_nonce_is_not_withheld_alone() -> None:
    old = encode_rows([derivation(1), with_nonce(derivation(2), Counted())])
    assert check_redacted(redacted_rows(old, lambda _: True).splitlines(), rows_root(old)) == (2, 0)
    assert redacted_rows(old, lambda one: one.outputs[0].size == 1).count(b"leaf") == 1
    with pytest.raises(RecordError, match="row 1: expected a nonce"):
        redacted_rows(old, lambda one: one.outputs[0].size == 2)
    short = encode_rows([replace(derivation(1), extra={"nonce": "00"})])
    with pytest.raises(RecordError, match="nonce"):
        redacted_rows(short, lambda _: False)
    with pytest.raises(RecordError, match="line end"):
        redacted_rows(old[:-1], lambda _: True)


def test_the_nonce_is_no_part_of_the_requests_identity() -> None:
    assert with_nonce(derivation(1), Counted()).request.sha256 == derivation(1).request.sha256
