"""A time authority in plain Python, for tokens that `openssl ts -reply` does not make: of any time, by a certificate
without the use time stamping, with a certificate beside the right one, and the same to the byte in every run.

Keys follow from a word (they belong to nobody), and signatures are deterministic (RFC 6979). The form is that of RFC
3161 and RFC 5652 with the attribute of RFC 5816; `openssl ts -verify` takes what is made here (test_preserve_anchor).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

SIGNED_DATA: Final = "1.2.840.113549.1.7.2"
TST_INFO: Final = "1.2.840.113549.1.9.16.1.4"
HASHES: Final = {
    "md5": "1.2.840.113549.2.5", "sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1",
    "sha512": "2.16.840.1.101.3.4.2.3",
}  # fmt: skip
POLICY: Final = "1.3.6.1.4.1.99999.1"
TIME_STAMPING: Final = ExtendedKeyUsageOID.TIME_STAMPING


def der(tag: int, *parts: bytes) -> bytes:
    """One element of DER with the content `parts`."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def integer(value: int) -> bytes:
    return der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    first, second, *rest = (int(part) for part in dotted.split("."))
    out = bytearray()
    for number in (40 * first + second, *rest):
        digits = [number & 0x7F]
        while number := number >> 7:
            digits.append(number & 0x7F | 0x80)
        out += bytes(reversed(digits))
    return der(0x06, bytes(out))


def algorithm(name: str) -> bytes:
    return der(0x30, oid(HASHES[name]), der(0x05))


def key_of(word: str) -> ec.EllipticCurvePrivateKey:
    """The key that follows from a word."""
    return ec.derive_private_key(int.from_bytes(hashlib.sha512(word.encode()).digest()[:31], "big"), ec.SECP256R1())


@dataclass(frozen=True)
class Office:
    """A root, and a certificate by it that signs tokens."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    root: x509.Certificate

    @property
    def certificates(self) -> str:
        """What who trusts it is given."""
        return self.root.public_bytes(serialization.Encoding.PEM).decode("ascii")


def office(
    word: str,
    starts: datetime,
    ends: datetime,
    *,
    use: Sequence[x509.ObjectIdentifier] | None = (TIME_STAMPING,),
    critical: bool = True,
    key: ec.EllipticCurvePrivateKey | None = None,
) -> Office:
    """The authority of that name; its signing certificate lasts from `starts` to `ends`, its root a century."""
    root_key, own = key_of(word + " root"), key or key_of(word)
    issuer = _name(word + " root")
    root = (
        _certificate(issuer, issuer, root_key, 1, datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(_usage(certifies=True), critical=True)
        .sign(root_key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    building = (
        _certificate(_name(word), issuer, own, 2, starts, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certifies=False), critical=True)
    )
    if use is not None:
        building = building.add_extension(x509.ExtendedKeyUsage(use), critical=critical)
    return Office(own, building.sign(root_key, hashes.SHA256(), ecdsa_deterministic=True), root)


def response(
    by: Office,
    data: bytes,
    at: datetime,
    *,
    digest: str = "sha256",
    nonce: int | None = None,
    serial: int = 1,
    extra_certificates: Sequence[x509.Certificate] = (),
    sorted_certificates: bool = True,
    with_certificates: bool = True,
    hashed: bool = False,
) -> bytes:
    """A granted TimeStampResp over `data`, of the time `at` (whole seconds). `hashed`: `data` is its digest."""
    imprint = data if hashed else hashlib.new(digest, data).digest()
    info = der(
        0x30,
        integer(1),
        oid(POLICY),
        der(0x30, algorithm(digest), der(0x04, imprint)),
        integer(serial),
        der(0x18, f"{at.astimezone(UTC):%Y%m%d%H%M%SZ}".encode()),
        der(0x30, integer(1)),
        integer(nonce) if nonce is not None else b"",
    )
    own = by.certificate.public_bytes(serialization.Encoding.DER)
    attributes = sorted(
        [
            _attribute("1.2.840.113549.1.9.3", oid(TST_INFO)),
            _attribute("1.2.840.113549.1.9.4", der(0x04, hashlib.sha256(info).digest())),
            _attribute("1.2.840.113549.1.9.16.2.47",
                       der(0x30, der(0x30, der(0x30, der(0x04, hashlib.sha256(own).digest()))))),
        ]
    )  # fmt: skip
    signature = by.key.sign(der(0x31, *attributes), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    signer = der(
        0x30,
        integer(1),
        der(0x30, by.certificate.issuer.public_bytes(), integer(by.certificate.serial_number)),
        algorithm("sha256"),
        der(0xA0, *attributes),
        der(0x30, oid("1.2.840.10045.4.3.2")),
        der(0x04, signature),
    )
    certificates = [own, *(one.public_bytes(serialization.Encoding.DER) for one in extra_certificates)]
    certificates.sort(reverse=not sorted_certificates)
    signed = der(
        0x30,
        integer(3),
        der(0x31, algorithm("sha256")),
        der(0x30, oid(TST_INFO), der(0xA0, der(0x04, info))),
        der(0xA0, *certificates) if with_certificates else b"",
        der(0x31, signer),
    )
    return der(0x30, der(0x30, integer(0)), der(0x30, oid(SIGNED_DATA), der(0xA0, signed)))


def refusal(words: str) -> bytes:
    """A TimeStampResp that refuses: status 2 (rejection), failInfo badRequest."""
    return der(0x30, der(0x30, integer(2), der(0x30, der(0x0C, words.encode())), der(0x03, b"\x05\x20")))


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    serial: int,
    starts: datetime,
    ends: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(starts)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(word: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, word)])


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=certifies, crl_sign=certifies, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _attribute(kind: str, value: bytes) -> bytes:
    return der(0x30, oid(kind), der(0x31, value))
