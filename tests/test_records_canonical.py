"""Canonical JSON: one value, one encoding; compared with the library rfc8785 and the numbers of RFC 8785 appendix B."""

from __future__ import annotations

import struct
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from probanda.records.canonical import (
    MAX_DEPTH,
    MAX_SAFE_INTEGER,
    CanonicalError,
    canonical,
    digest,
    identify,
    parse_canonical,
    parse_json,
)

texts = st.text(st.characters(codec="utf-8"))
scalars = (
    st.none() | st.booleans() | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER) | texts
    | st.floats(allow_nan=False, allow_infinity=False)
)  # fmt: skip
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=5))

APPENDIX_B = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@given(values)
def test_the_encoding_is_that_of_the_library_rfc8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(values)
def test_what_is_encoded_is_read_back_and_encodes_the_same(value: Any) -> None:
    data = canonical(value)
    assert parse_canonical(data) == value
    assert canonical(parse_canonical(data)) == data


@given(st.binary(max_size=40) | texts.map(lambda t: t.encode()))
def test_bytes_are_refused_or_encode_to_themselves(data: bytes) -> None:
    try:
        value = parse_canonical(data)
    except CanonicalError:
        return
    assert canonical(value) == data


@pytest.mark.parametrize(("bits", "text"), APPENDIX_B)
def test_numbers_of_rfc_8785_appendix_b(bits: str, text: str) -> None:
    value: float = struct.unpack(">d", bytes.fromhex(bits))[0]
    assert canonical(value) == text.encode()
    assert parse_canonical(text.encode()) == value


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_no_number_has_no_encoding(bits: str) -> None:
    with pytest.raises(CanonicalError):
        canonical(struct.unpack(">d", bytes.fromhex(bits))[0])


def test_keys_are_sorted_by_utf_16_units() -> None:
    # RFC 8785 section 3.2.3: U+1F600 is written D83D DE00 in UTF-16 and so comes before U+FB33.
    assert canonical({"\ufb33": 1, "\U0001f600": 2, "\u20ac": 3, "\r": 4, "1": 5, "\x80": 6, "\xf6": 7}) == (
        b'{"\\r":4,"1":5,"\xc2\x80":6,"\xc3\xb6":7,"\xe2\x82\xac":3,"\xf0\x9f\x98\x80":2,"\xef\xac\xb3":1}'
    )


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}', b'{"a": 1}', b'{"b":1,"a":2}', b"1.0", b"-0", b"1e2", b'"\\u0041"', b'"\\/"', b"[1,]", b"",
        b"NaN", b"Infinity", b"-Infinity", b"1e400", b"9007199254740993", b"9" * 5000, b'"\xff"', b'"\\ud800"',
        b"\xef\xbb\xbf1", b"[" * 100_000, b"1\n", b" 1", b'{"a":1}{', b"'a'",
    ],
)  # fmt: skip
def test_what_is_not_canonical_is_refused(data: bytes) -> None:
    with pytest.raises(CanonicalError):
        parse_canonical(data)


@pytest.mark.parametrize("value", [MAX_SAFE_INTEGER + 1, "\ud800", {1: 2}, {"a": {1, 2}}, object(), [b"bytes"]])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(CanonicalError):
        canonical(value)


def test_nesting_is_bounded() -> None:
    value: Any = 1
    for _ in range(MAX_DEPTH):
        value = [value]
    assert parse_canonical(canonical(value)) == value
    with pytest.raises(CanonicalError, match="levels"):
        canonical([value])


def test_json_written_in_another_way_is_read_by_parse_json_only() -> None:
    assert parse_json(b' {"b" : 1, "a": [true, null]} ') == {"b": 1, "a": [True, None]}


def test_an_id_is_the_kind_and_the_whole_digest() -> None:
    assert digest({"b": 1, "a": 2}) == digest({"a": 2, "b": 1})
    assert identify("claim", []) == "claim:" + digest([])
    assert len(digest([])) == 64
