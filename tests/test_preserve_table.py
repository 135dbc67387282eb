"""A table answers as a set and a dict do, in little memory, whatever keys it is given."""

from __future__ import annotations

import hashlib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from probanda.preserve.table import Table

KEYS = st.binary(max_size=3) | st.binary(min_size=32, max_size=32)  # short ones, so that keys come again
NUMBERS = st.integers(0, 2**64 - 1)


@given(st.lists(KEYS), st.lists(KEYS))
def test_it_holds_what_a_set_holds(keys: list[bytes], asked: list[bytes]) -> None:
    table, plain = Table(keys), set(keys)
    assert len(table) == len(plain)
    for key in [*asked, *keys]:
        assert (key in table) is (key in plain)
    assert table.issuperset(asked) is plain.issuperset(asked)


class AsADict(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.table = Table(numbers=True)
        self.plain: dict[bytes, int] = {}

    @rule(key=KEYS, number=NUMBERS)
    def add(self, key: bytes, number: int) -> None:
        assert self.table.add(key, number) is (key not in self.plain)
        self.plain[key] = number

    @rule(count=st.integers(1, 2000), start=NUMBERS)
    def add_many(self, count: int, start: int) -> None:
        for number in range(count):
            key = hashlib.sha256(b"%d %d" % (start, number)).digest()
            self.table.add(key, number)
            self.plain[key] = number

    @rule(key=KEYS)
    def look(self, key: bytes) -> None:
        assert self.table.get(key) == self.plain.get(key)

    @invariant()
    def all_there(self) -> None:
        assert len(self.table) == len(self.plain)
        assert all(self.table.get(key) == number for key, number in self.plain.items())


TestAsADict = AsADict.TestCase


def test_every_number_up_to_eight_bytes_and_no_other() -> None:
    table = Table(numbers=True)
    table.add(b"all", 2**64 - 1)
    assert table.get(b"all") == 2**64 - 1
    for number in (2**64, -1):
        with pytest.raises(OverflowError):
            table.add(b"new", number)
    assert b"new" not in table and len(table) == 1
    assert "all" not in table


def test_a_hundred_thousand_keys_take_little() -> None:
    keys = [hashlib.sha256(b"%d" % number).digest() for number in range(100_000)]
    tracemalloc.start()
    table = Table(keys)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(table) == 100_000
    assert table.size_bytes < 100_000 * 30
    assert most < 100_000 * 32, "growing never needs the whole twice"


def test_two_tables_place_the_same_keys_apart() -> None:
    one, other = Table([b"key"]), Table([b"key"])
    assert one._shards != other._shards, "else keys that fall together could be prepared"
    assert Table([b"key"], secret=b"s")._shards == Table([b"key"], secret=b"s")._shards
