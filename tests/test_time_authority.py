"""The time authority of the tests is a real one: `openssl ts -verify` takes its tokens, and those made in Python."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from token_maker import response

from time_authority import TimeAuthority, responding

DATA = b"a checkpoint\n"


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_openssl_takes_the_tokens_of_the_authority(tmp_path: Path, algorithm: str) -> None:
    office = TimeAuthority(tmp_path / "office")
    token = office.stamp(DATA, algorithm)
    assert office.openssl_verifies(DATA, token)
    assert not office.openssl_verifies(b"another", token)
    other = TimeAuthority(tmp_path / "other", "Other office")
    assert not other.openssl_verifies(DATA, token)


def test_openssl_takes_the_tokens_made_in_python(tmp_path: Path) -> None:
    office = TimeAuthority(tmp_path / "office")
    token = response(office.office, DATA, datetime.now(UTC), nonce=17)
    assert office.openssl_verifies(DATA, token)
    assert not office.openssl_verifies(b"another", token)


@pytest.mark.parametrize("fault", ["expired", "not yet valid", "no time stamping", "use not critical", "wrong root"])
def test_openssl_refuses_an_authority_with_a_fault(tmp_path: Path, fault: str) -> None:
    office = TimeAuthority(tmp_path / "office", certificate=fault)  # type: ignore[arg-type]
    assert not office.openssl_verifies(DATA, office.stamp(DATA))


def test_the_authority_answers_over_http(tmp_path: Path) -> None:
    office = TimeAuthority(tmp_path / "office")
    query = TimeAuthority(tmp_path / "asker").query(DATA)
    with responding(office):
        with urllib.request.urlopen(urllib.request.Request(office.url, query)) as found:
            assert office.openssl_verifies(DATA, found.read())
        office.behaviour = "error"
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(urllib.request.Request(office.url, query))
    assert office.asked == [query, query]
