"""Entries: a frozen form, unknown content kept, protected values only as commitments."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.records.canonical import canonical
from probanda.records.entry import (
    GENESIS,
    MAX_BYTES,
    Agent,
    CommittedRef,
    Entry,
    EntryError,
    ObjectRef,
    Signature,
    commitment,
    encode,
    format_time,
    parse_entry,
    parse_time,
    signed_bytes,
)

ENTRY = Entry(
    v=1,
    seq=7,
    prev="a" * 64,
    time="2026-11-22T07:00:00.123Z",
    act="ingestion",
    agents=(Agent("agent:" + "b" * 64, "implementer"), Agent("software:probanda 0.1", "executing program")),
    objects=(ObjectRef("outcome", "c" * 64, 12), CommittedRef("source", "d" * 64)),
    outcome="success",
    detail={"capture": "capture:" + "e" * 64, "published": None},
    committed={"name": "f" * 64},
    signature=Signature("b" * 64, "AAAA"),
)
SPEC = Path(__file__).parent.parent / "spec"


def line(**changes: Any) -> bytes:
    return canonical({**json.loads(encode(ENTRY)), **changes})


def test_an_entry_comes_back_from_its_line() -> None:
    assert parse_entry(encode(ENTRY)) == ENTRY


def test_unknown_fields_acts_and_roles_survive_to_the_byte() -> None:
    data = json.loads(encode(ENTRY))
    data["act"] = "dissemination"
    data["witnesses"] = [1, {"b": 2.5}]
    data["extra"] = "a field of that name"
    data["agents"][0]["device"] = "x"
    data["objects"][0]["puid"] = "fmt/199"
    data["objects"][1]["kind"] = {"a": []}
    data["signature"]["algorithm"] = "ed25519"
    found = canonical(data)
    assert encode(parse_entry(found)) == found


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"v": 2}, "newer Probanda"), ({"seq": -1}, "0 or more"), ({"seq": 1.5}, "expected int"),
        ({"prev": "A" * 64}, "hexadecimal"), ({"prev": "a" * 63}, "hexadecimal"),
        ({"time": "2026-11-22T07:00:00Z"}, "time"),
        ({"time": "2026-13-22T07:00:00.000Z"}, "month"), ({"outcome": "maybe"}, "success, failure"),
        ({"committed": {"name": "x"}}, "commitment"), ({"committed": {"name": None}}, "expected str"),
        ({"agents": {}}, "expected a list"), ({"objects": [{"role": "x"}]}, "objects"),
        ({"objects": [{"role": "x", "sha256": "../" + "a" * 61, "size": 1}]}, "objects"),
        ({"detail": []}, "expected an object"), ({"signature": None}, "signature"),
    ],
)  # fmt: skip
def test_a_line_that_is_no_entry_is_refused_with_the_reason(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(EntryError, match=why):
        parse_entry(line(**changes))


def test_a_line_of_the_greatest_length_is_read_and_one_byte_more_is_not() -> None:
    room = MAX_BYTES - len(line(detail={"x": ""}))
    longest = line(detail={"x": "y" * room})
    assert len(longest) == MAX_BYTES
    assert encode(parse_entry(longest)) == longest
    with pytest.raises(EntryError, match="at most 65535 bytes"):
        parse_entry(line(detail={"x": "y" * (room + 1)}))
    with pytest.raises(EntryError, match="put long content into a blob"):
        encode(replace(ENTRY, detail={"x": "y" * (room + 1)}))


def test_the_signature_covers_everything_but_itself() -> None:
    covered = signed_bytes(ENTRY)
    assert covered.startswith(b"probanda-entry-v1\n{")
    assert signed_bytes(replace(ENTRY, signature=Signature("9" * 64, "BBBB"))) == covered
    for changed in (replace(ENTRY, seq=8), replace(ENTRY, detail={}), replace(ENTRY, extra={"a": 1})):
        assert signed_bytes(changed) != covered


def _nested(inner: Any) -> Any:
    return st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "signature", "v"]), inner, max_size=3)


SIGNED = {"key": ENTRY.signature.key, "value": ENTRY.signature.value}


@given(st.recursive(st.integers(0, 3) | st.text(max_size=5) | st.just(SIGNED), _nested, max_leaves=8))
def test_what_is_signed_is_cut_out_of_the_line_as_it_is_written_anew(value: Any) -> None:
    # Other fields that hold the very bytes of the signature, deeper or in a text, are left alone.
    for entry in (
        replace(ENTRY, detail={"a": value, "signature": value}),
        replace(ENTRY, detail={"text": json.dumps({"a": 1, "signature": SIGNED}, separators=(",", ":"))}),
        replace(ENTRY, extra={"signature2": value, "A": {"act": 1, "signature": SIGNED}}),
    ):
        assert signed_bytes(entry, encode(entry)) == signed_bytes(entry)


def test_blobs_by_role_leave_committed_objects_out() -> None:
    assert [ref.sha256 for ref in ENTRY.blobs()] == ["c" * 64]
    assert ENTRY.blobs("rows") == ()


@given(st.binary(min_size=32, max_size=32), st.text(st.characters(codec="utf-8")))
def test_a_commitment_follows_from_salt_and_value(salt: bytes, value: str) -> None:
    assert commitment(salt, value) == commitment(salt, value)
    assert commitment(salt, value) != commitment(salt, value + "x")
    other = bytes([salt[0] ^ 1]) + salt[1:]
    assert commitment(salt, value) != commitment(other, value)


def test_a_salt_has_one_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(b"short", "value")


@given(st.datetimes(min_value=datetime(1970, 1, 1), timezones=st.just(UTC)))
def test_a_time_is_cut_to_milliseconds_and_read_back(moment: datetime) -> None:
    found = parse_time(format_time(moment))
    assert timedelta(0) <= moment - found < timedelta(milliseconds=1)


def test_a_time_is_written_in_utc_and_needs_a_zone() -> None:
    east = timezone(timedelta(hours=3))
    assert format_time(datetime(2026, 11, 22, 1, 0, 0, 999, east)) == "2026-11-21T22:00:00.000Z"
    with pytest.raises(ValueError, match="zone"):
        format_time(datetime(2026, 11, 22))
    assert GENESIS == "0" * 64
