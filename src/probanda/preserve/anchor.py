"""Time stamps (RFC 3161, RFC 5816): asking an authority for one, and checking what it answered.

Guarantees: `check` returns only for a granted token over exactly these bytes, hashed with the algorithm that the
caller's policy fixes (never the one that the token prefers), signed by a certificate that is for time stamping alone,
that was valid when the token says it was made, and that leads to a certificate which the caller trusts. Every failure
has a reason of its own in plain words, and nothing that an answer holds raises anything but `AnchorError`. The chain is
walked here, so that the reason can be told, and again with the signature in `rfc3161-client` (OpenSSL).
Not claimed: whether a certificate was revoked (nobody can be asked offline), and that the authority's clock is right.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID
from rfc3161_client import TimeStampResponse, VerificationError, VerifierBuilder, decode_timestamp_response

from probanda.preserve.der import BOOLEAN, NULL, OCTETS, OID, SEQUENCE, element, integer, with_sorted_certificates

Algorithm = Literal["sha256", "sha512"]
QUERY_TYPE: Final = "application/timestamp-query"
REPLY_TYPE: Final = "application/timestamp-reply"
MAX_RESPONSE_BYTES: Final = 1024 * 1024  # arbitrary: tokens with long chains have some 10 kB
NONCE_BYTES: Final = 8
_OIDS: Final = {"2.16.840.1.101.3.4.2.1": "sha256", "2.16.840.1.101.3.4.2.3": "sha512"}
_OID_BYTES: Final[dict[Algorithm, bytes]] = {
    "sha256": bytes.fromhex("608648016503040201"),
    "sha512": bytes.fromhex("608648016503040203"),
}
_STATUS: Final = {1: "granted with changes", 2: "rejection", 3: "waiting", 4: "revocation warning", 5: "revocation"}
_LONGEST_CHAIN: Final = 10  # arbitrary; time authorities have chains of two to four


class AnchorError(ValueError):
    """An answer is no time stamp over these bytes that could be trusted. Says what was expected and found."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a good token shows: the bytes existed by `at`, as far as the authority's clock is right to `accuracy`.
    `until` is when the first certificate of its chain ends; `signer` names the key that signed (SHA-256 of its DER
    SubjectPublicKeyInfo)."""

    at: datetime
    accuracy: timedelta
    until: datetime
    signer: str
    serial: int


def request(data: bytes, nonce: int, algorithm: Algorithm = "sha256") -> bytes:
    """A TimeStampReq over `data` that asks for the authority's certificate (certReq)."""
    return request_digest(hashlib.new(algorithm, data).digest(), nonce, algorithm)


def request_digest(digest: bytes, nonce: int, algorithm: Algorithm = "sha256") -> bytes:
    """`request` for what is too large to be held in memory."""
    hashing = element(SEQUENCE, element(OID, _OID_BYTES[algorithm]), element(NULL))
    return element(
        SEQUENCE,
        integer(1),
        element(SEQUENCE, hashing, element(OCTETS, digest)),
        integer(nonce),
        element(BOOLEAN, b"\xff"),
    )


def check(
    response: bytes, data: bytes, certificates: str, *, algorithm: Algorithm = "sha256", nonce: int | None = None
) -> Anchor:
    """The anchor that `response` (a DER TimeStampResp) is for `data`. `certificates` is PEM: the self-signed roots that
    are trusted, and intermediate ones. `nonce` is compared where it is known. Raises `AnchorError`."""
    return check_digest(response, hashlib.new(algorithm, data).digest(), certificates, algorithm=algorithm, nonce=nonce)


def check_digest(
    response: bytes, digest: bytes, certificates: str, *, algorithm: Algorithm = "sha256", nonce: int | None = None
) -> Anchor:
    """`check` for what is too large to be held in memory: `digest` is its hash by `algorithm`."""
    trusted = load_certificates(certificates)
    found = _granted(response)
    with _understood("the token has parts that cannot be read"):
        info = found.tst_info
        at, hashing = info.gen_time, info.message_imprint.hash_algorithm.dotted_string
        imprint, answered, serial = bytes(info.message_imprint.message), info.nonce, info.serial_number
        accuracy = _accuracy(found)
        inside = tuple(x509.load_der_x509_certificate(one) for one in found.signed_data.certificates)
        signers = [(one.issuer, one.serial_number) for one in found.signed_data.signer_infos]
    if _OIDS.get(hashing) != algorithm:
        raise AnchorError(f"expected a digest by {algorithm}, found one by {_OIDS.get(hashing, hashing)}")
    if imprint != digest:
        raise AnchorError("the token is over other bytes than these")
    if nonce is not None and answered != nonce:
        raise AnchorError("the answer does not repeat the number (nonce) of the request: it answers another one")
    if len(signers) != 1:
        raise AnchorError(f"expected a token with one signature, found {len(signers)}")
    with _understood("the token's certificates cannot be read"):
        signing = next((one for one in inside if (one.issuer, one.serial_number) == signers[0]), None)
        if signing is None:
            raise AnchorError("the token does not carry the certificate that it was signed with")
        _for_time_stamping(signing)
        chain = _chain(signing, (*inside, *trusted), trusted)
        for one in chain:
            _valid_at(one, at)
        until = min(one.not_valid_after_utc for one in chain)
        spki = signing.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        building = VerifierBuilder()
        for one in chain[1:]:
            building = building.add_root_certificate(one)
        building.build().verify(found, digest)
    return Anchor(at, accuracy, until, hashlib.sha256(spki).hexdigest(), serial)


def load_certificates(pem: str) -> tuple[x509.Certificate, ...]:
    """The certificates in PEM, in their order, each once. Raises `AnchorError`."""
    try:
        with _quiet():
            found = x509.load_pem_x509_certificates(pem.encode("utf-8"))
            return tuple(dict.fromkeys(found))
    except (ValueError, TypeError, x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise AnchorError(f"expected certificates in PEM, found what cannot be read: {error}") from error


def _granted(response: bytes) -> TimeStampResponse:
    if len(response) > MAX_RESPONSE_BYTES:
        raise AnchorError(f"expected an answer of at most {MAX_RESPONSE_BYTES} bytes, found {len(response)}")
    with _understood("the answer is no time stamp response"):
        found = decode_timestamp_response(with_sorted_certificates(response))
        status, told = found.status, found.status_string
    if status != 0:
        said = "; ".join(told) if told else "without a reason"
        raise AnchorError(f"the authority did not stamp it: {_STATUS.get(status, f'status {status}')} ({said:.200})")
    return found


def _accuracy(found: TimeStampResponse) -> timedelta:
    """As the token states it; RFC 3161 lets it be left out, and then nothing is known of it."""
    stated = found.tst_info.accuracy
    if stated is None:
        return timedelta()
    return timedelta(seconds=stated.seconds or 0, milliseconds=stated.millis or 0, microseconds=stated.micros or 0)


def _for_time_stamping(certificate: x509.Certificate) -> None:
    """RFC 3161 section 2.3: the extended use is there, critical, and time stamping alone."""
    try:
        use = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound as error:
        raise AnchorError("the certificate that signed the token states no use; expected time stamping") from error
    if list(use.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise AnchorError("the certificate that signed the token is not for time stamping alone")
    if not use.critical:
        raise AnchorError("the certificate that signed the token does not mark its use, time stamping, as critical")


def _chain(
    signing: x509.Certificate, known: Sequence[x509.Certificate], trusted: Sequence[x509.Certificate]
) -> list[x509.Certificate]:
    """From the signing certificate to a root that is trusted, each issued by the next."""
    roots = [one for one in trusted if one.issuer == one.subject]
    if not roots:
        raise AnchorError("expected a self-signed root among the certificates that the case trusts, found none")
    chain = [signing]
    while chain[-1] not in roots:
        issuer = next((one for one in (*roots, *known) if one not in chain and _issued(chain[-1], one)), None)
        if issuer is None or len(chain) == _LONGEST_CHAIN:
            raise AnchorError(
                f"the certificate that signed the token ({_named(signing)}) leads to no root that the case trusts for "
                "this authority"
            )
        chain.append(issuer)
    return chain


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if certificate.issuer != issuer.subject:
        return False
    try:
        if not issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return False
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
        return False
    return True


def _valid_at(certificate: x509.Certificate, at: datetime) -> None:
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at > ends:
        raise AnchorError(f"the certificate {_named(certificate)} had expired on {ends:%Y-%m-%d}, before the token's "
                          f"time {at:%Y-%m-%d %H:%M:%S}")  # fmt: skip
    if at < starts:
        raise AnchorError(f"the certificate {_named(certificate)} was not valid before {starts:%Y-%m-%d}, after the "
                          f"token's time {at:%Y-%m-%d %H:%M:%S}")  # fmt: skip


def _named(certificate: x509.Certificate) -> str:
    return f"{certificate.subject.rfc4514_string()!r:.120}"


@contextmanager
def _understood(what: str) -> Iterator[None]:
    """Everything that the libraries are known to raise for hostile bytes, as `AnchorError`."""
    try:
        with _quiet():
            yield
    except AnchorError:
        raise
    except VerificationError as error:
        raise AnchorError(f"the token's signature does not hold: {_first_line(error)}") from error
    except (ValueError, TypeError, KeyError, OverflowError, x509.InvalidVersion, UnsupportedAlgorithm,
            x509.DuplicateExtension, x509.UnsupportedGeneralNameType, x509.AttributeNotFound) as error:  # fmt: skip
        raise AnchorError(f"{what}: {_first_line(error)}") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's remarks on certificates that are odd: they are for whoever made them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _first_line(error: Exception) -> str:
    return f"{str(error).partition(chr(10))[0]:.200}" or type(error).__name__
