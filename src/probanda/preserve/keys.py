"""Ed25519 keys: signing, checking, fingerprints. Where private halves lie and how they are opened: `keyring`.

Guarantees: a fingerprint is the SHA-256 of the DER SubjectPublicKeyInfo, so that stock tools compute it too:
`openssl pkey -pubin -in KEY.pub.pem -outform DER | sha256sum`. A signer names the person, whose id is bound to the
first key and stays when another key follows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

Random = Callable[[int], bytes]
AGENT_PREFIX = "agent:"


@dataclass(frozen=True, slots=True)
class Signer:
    """A person's key, able to sign. `agent` is the person's agent id."""

    fingerprint: str
    public: bytes  # 32 bytes, raw
    _private: Ed25519PrivateKey
    agent: str

    def sign(self, data: bytes) -> str:
        """The Ed25519 signature in base64."""
        return base64.b64encode(self.sign_raw(data)).decode("ascii")

    def sign_raw(self, data: bytes) -> bytes:
        """The Ed25519 signature, 64 bytes."""
        return self._private.sign(data)


def signer_of(private: Ed25519PrivateKey, agent: str | None = None) -> Signer:
    """The key as the signer for `agent`; `None`: for the person whose first key it is."""
    public = private.public_key().public_bytes_raw()
    name = fingerprint(public)
    return Signer(name, public, private, agent or AGENT_PREFIX + name)


def fingerprint(public: bytes) -> str:
    """Of a raw 32-byte public key: SHA-256 of its DER SubjectPublicKeyInfo. Raises `ValueError`."""
    return hashlib.sha256(
        Ed25519PublicKey.from_public_bytes(public).public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    ).hexdigest()


def read_public_pem(pem: bytes) -> bytes:
    """The raw public key in a PEM file. Raises `ValueError`."""
    try:
        public = serialization.load_pem_public_key(pem)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from error
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError(f"expected an Ed25519 key, found a {type(public).__name__}")
    return public.public_bytes_raw()


def public_pem(public: bytes) -> bytes:
    """The raw public key as the one PEM file that a keyring writes. Raises `ValueError`."""
    return Ed25519PublicKey.from_public_bytes(public).public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def signature_holds(public: bytes, signature: str, data: bytes) -> bool:
    """Whether `signature` (base64) by the raw key `public` covers `data`. Anything malformed does not hold."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature, validate=True), data)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def signature_holds_raw(public: bytes, signature: bytes, data: bytes) -> bool:
    """The same for the 64 bytes of a signature as they are."""
    return signature_holds(public, base64.b64encode(signature).decode("ascii"), data)


def private_info(private: PrivateKeyTypes) -> bytes:
    """DER PrivateKeyInfo, in clear: for `pem.write_private` and nobody else."""
    return private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
