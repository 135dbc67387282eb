"""Ed25519 keys of a case and its persons: making, loading, signing, checking.

Guarantees: a key once made is never overwritten; a private key's file is readable by its owner only. The fingerprint is
the SHA-256 of the DER SubjectPublicKeyInfo, so that stock tools compute it too:
`openssl pkey -pubin -in KEY.pub.pem -outform DER | sha256sum`. Not claimed: a private key at rest is not encrypted, so
who can read the case folder as its owner can sign.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from probanda.preserve import durable
from probanda.preserve.errors import KeyMissing, storing
from probanda.records.entry import require_hex64

Random = Callable[[int], bytes]
AGENT_PREFIX = "agent:"


@dataclass(frozen=True, slots=True)
class Signer:
    """A person's key, able to sign. `agent` is the person's agent id."""

    fingerprint: str
    public: bytes  # 32 bytes, raw
    _private: Ed25519PrivateKey

    @property
    def agent(self) -> str:
        return AGENT_PREFIX + self.fingerprint

    def sign(self, data: bytes) -> str:
        """The Ed25519 signature in base64."""
        return base64.b64encode(self._private.sign(data)).decode("ascii")


def create_key(folder: Path, random: Random = os.urandom) -> Signer:
    """Makes a key from 32 bytes of `random` and writes both halves to `folder`, durably, the private half first.
    A crash between the two leaves a key that signs nothing yet. Raises `ReadOnlyCase`, `StorageError`."""
    private = Ed25519PrivateKey.from_private_bytes(random(32))
    signer = _signer(private)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with storing(folder):
        durable.place(folder / f"{signer.fingerprint}.key.pem", pem, "key", 0o600)
        durable.place(folder / f"{signer.fingerprint}.pub.pem", _public_pem(private.public_key()), "key", 0o444)
    return signer


def load_signer(folder: Path, fingerprint_: str) -> Signer:
    """The key with this fingerprint, able to sign. Raises `KeyMissing`."""
    require_hex64("a key's fingerprint", fingerprint_)
    path = folder / f"{fingerprint_}.key.pem"
    try:
        private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise KeyMissing(
            f"expected the private key {path}, found: {error.strerror}. Sign on the machine that holds it, or register "
            "an agent with a key of its own"
        ) from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyMissing(f"expected a PEM private key in {path}, found something else: {error}") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise KeyMissing(f"expected an Ed25519 key in {path}, found a {type(private).__name__}")
    signer = _signer(private)
    if signer.fingerprint != fingerprint_:
        raise KeyMissing(f"expected the key {fingerprint_} in {path}, found the key {signer.fingerprint}")
    return signer


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
    """The raw public key as the one PEM file that `create_key` writes. Raises `ValueError`."""
    return _public_pem(Ed25519PublicKey.from_public_bytes(public))


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


def _signer(private: Ed25519PrivateKey) -> Signer:
    public = private.public_key().public_bytes_raw()
    return Signer(fingerprint(public), public, private)


def _public_pem(public: Ed25519PublicKey) -> bytes:
    return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
