"""Time stamps: a good one is taken, and each fault is refused for its own reason."""

from __future__ import annotations

import random
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from token_maker import TIME_STAMPING, office, refusal, response

from probanda.preserve.anchor import Anchor, AnchorError, check, request
from time_authority import TimeAuthority, openssl

DATA = b"probanda/1\n1\nroot\n"
AT = datetime(2031, 5, 14, 9, 0, 0, tzinfo=UTC)
STARTS, ENDS = AT - timedelta(days=100), AT + timedelta(days=100)
OFFICE = office("Office", STARTS, ENDS)
OTHER = office("Other", STARTS, ENDS)


def test_a_good_token_says_when_the_bytes_existed() -> None:
    found = check(response(OFFICE, DATA, AT, nonce=7), DATA, OFFICE.certificates, nonce=7)
    assert found == Anchor(AT, timedelta(seconds=1), ENDS, found.signer, 1)
    assert check(response(OTHER, DATA, AT), DATA, OTHER.certificates).signer != found.signer


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_openssl_answers_our_request_and_both_take_the_answer(tmp_path: Path, algorithm: str) -> None:
    authority = TimeAuthority(tmp_path / "office")
    asked = request(DATA, 2**63 + 5, algorithm)  # type: ignore[arg-type]
    answer = authority.reply(asked)
    found = check(answer, DATA, authority.certificates, algorithm=algorithm, nonce=2**63 + 5)  # type: ignore[arg-type]
    assert abs(found.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert authority.openssl_verifies(DATA, answer)


def test_openssl_reads_our_request(tmp_path: Path) -> None:
    (tmp_path / "q.tsq").write_bytes(request(DATA, 0x1234))
    told = subprocess.run(
        [openssl(), "ts", "-query", "-in", tmp_path / "q.tsq", "-text"], check=True, capture_output=True
    ).stdout.decode()
    assert "Hash Algorithm: sha256" in told
    assert "Nonce: 0x1234" in told
    assert "Certificate required: yes" in told


LATE = ENDS + timedelta(days=1)
FAULTS = {
    "over other bytes": (response(OFFICE, b"something else", AT), "other bytes"),
    "by another authority": (response(OTHER, DATA, AT), "leads to no root that the case trusts"),
    "expired": (response(OFFICE, DATA, LATE), "had expired on 2031-08-22"),
    "not yet valid": (response(OFFICE, DATA, STARTS - timedelta(days=1)), "was not valid before"),
    "by another hash": (response(OFFICE, DATA, AT, digest="sha512"), "expected a digest by sha256, found one by sha5"),
    "by a weak hash": (response(OFFICE, DATA, AT, digest="sha1"), "expected a digest by sha256, found one by 1.3.14"),
    "no use": (response(office("Office", STARTS, ENDS, use=None), DATA, AT), "states no use"),
    "another use": (
        response(office("Office", STARTS, ENDS, use=[ExtendedKeyUsageOID.CODE_SIGNING]), DATA, AT),
        "not for time stamping alone",
    ),
    "two uses": (
        response(office("Office", STARTS, ENDS, use=[TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING]), DATA, AT),
        "not for time stamping alone",
    ),
    "use not critical": (response(office("Office", STARTS, ENDS, critical=False), DATA, AT), "as critical"),
    "without its certificate": (response(OFFICE, DATA, AT, with_certificates=False), "does not carry the certificate"),
    "refused": (refusal("the office is closed"), "did not stamp it: rejection (the office is closed)"),
    "a web page": (b"<html>Please sign in</html>", "no time stamp response"),
    "nothing": (b"", "no time stamp response"),
    "too long": (b"\x30" * (2 * 1024 * 1024), "at most 1048576 bytes"),
    "cut": (response(OFFICE, DATA, AT)[:-20], "no time stamp response"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_refused_for_its_own_reason(fault: str) -> None:
    token, told = FAULTS[fault]
    with pytest.raises(AnchorError) as refused:
        check(token, DATA, OFFICE.certificates)
    assert told in str(refused.value)


def test_a_token_for_another_request_is_refused() -> None:
    with pytest.raises(AnchorError, match="nonce"):
        check(response(OFFICE, DATA, AT, nonce=7), DATA, OFFICE.certificates, nonce=8)
    with pytest.raises(AnchorError, match="nonce"):
        check(response(OFFICE, DATA, AT), DATA, OFFICE.certificates, nonce=8)


def test_a_signature_by_another_key_under_the_same_certificate_is_refused() -> None:
    forged = response(type(OFFICE)(OTHER.key, OFFICE.certificate, OFFICE.root), DATA, AT)
    with pytest.raises(AnchorError, match="signature does not hold"):
        check(forged, DATA, OFFICE.certificates)


def test_certificates_out_of_order_are_no_fault(tmp_path: Path) -> None:
    """Some authorities send them so; openssl takes them."""
    both = [OFFICE.root, OTHER.root]
    for ordered in (True, False):
        token = response(OFFICE, DATA, AT, extra_certificates=both, sorted_certificates=ordered)
        assert check(token, DATA, OFFICE.certificates).at == AT


def test_a_root_must_be_among_the_certificates_that_are_trusted() -> None:
    with pytest.raises(AnchorError, match="self-signed root"):
        check(response(OFFICE, DATA, AT), DATA, OFFICE.certificate.public_bytes(Encoding.PEM).decode())
    with pytest.raises(AnchorError, match="certificates in PEM"):
        check(response(OFFICE, DATA, AT), DATA, "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")


def test_no_answer_raises_anything_but_its_error() -> None:
    """Mutations of a good answer, as a hostile authority or a torn download could give."""
    good = response(OFFICE, DATA, AT, extra_certificates=[OFFICE.root], nonce=5)
    chance = random.Random(20310514)
    refused = 0
    for _ in range(3000):
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 2, 3))):
            place, how = chance.randrange(len(data)), chance.random()
            if how < 0.6:
                data[place] = chance.randrange(256)
            elif how < 0.8:
                del data[place : place + chance.randrange(1, 5)]
            else:
                data[place:place] = chance.randbytes(chance.randrange(1, 4))
        try:
            assert check(bytes(data), DATA, OFFICE.certificates).at == AT
        except AnchorError:
            refused += 1
    assert refused > 2000
