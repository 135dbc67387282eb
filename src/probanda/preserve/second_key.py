"""ML-DSA-44 keys (FIPS 204) for a second signature on checkpoints.

Why: a case lives for decades, and whoever can one day forge Ed25519 signatures could make another history. A second
signature of another kind stands beside the first and replaces nothing. Fingerprint: as that of an Ed25519 key, the
SHA-256 of the DER SubjectPublicKeyInfo. `cryptography` knows ML-DSA since version 47; it is looked for when it is
needed.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from probanda.preserve.errors import KeyMissing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

PUBLIC_BYTES: Final = 1312
SEED_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class SecondSigner:
    """An ML-DSA-44 key, able to sign. `public` is the raw public key."""

    fingerprint: str
    public: bytes
    _private: MLDSA44PrivateKey

    @property
    def setting(self) -> str:
        """The public half as `Settings.second_key` holds it."""
        return base64.b64encode(self.public).decode("ascii")

    def sign(self, data: bytes, context: bytes = b"") -> bytes:
        """The raw signature, 2,420 bytes."""
        return self._private.sign(data, context)

    def private_info(self) -> bytes:
        """DER PrivateKeyInfo; it holds the seed."""
        return self._private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def public_pem(self) -> bytes:
        return self._private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


def generate_second(seed: bytes) -> SecondSigner:
    """The key that follows from 32 random bytes. Raises `KeyMissing` where ML-DSA is not to be had."""
    _require()
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    try:
        return _signer(MLDSA44PrivateKey.from_seed_bytes(seed))
    except UnsupportedAlgorithm as error:
        raise KeyMissing(_LACKING) from error


def second_of(private: PrivateKeyTypes, path: Path) -> SecondSigner:
    """`private`, which was read from `path`, as a second key. Raises `KeyMissing`."""
    _require()
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    if not isinstance(private, MLDSA44PrivateKey):
        raise KeyMissing(f"expected an ML-DSA-44 key in {path}, found a {type(private).__name__}")
    return _signer(private)


def second_fingerprint(setting: str) -> str:
    """Of the public half as `Settings.second_key` holds it. Raises `ValueError`."""
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

    return _fingerprint(MLDSA44PublicKey.from_public_bytes(base64.b64decode(setting, validate=True)))


def second_holds(public: bytes, signature: bytes, data: bytes, context: bytes = b"") -> bool | None:
    """Whether the raw `signature` by the raw key `public` covers `data`; `None` where ML-DSA is not to be had."""
    try:
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

        MLDSA44PublicKey.from_public_bytes(public).verify(signature, data, context)
    except (ImportError, UnsupportedAlgorithm):
        return None
    except (InvalidSignature, ValueError):
        return False
    return True


_LACKING = (
    "expected a `cryptography` that knows ML-DSA-44, found one that does not. Install a newer one: "
    "pip install --upgrade cryptography"
)


def _require() -> None:
    try:
        import cryptography.hazmat.primitives.asymmetric.mldsa  # noqa: F401
    except ImportError as error:
        raise KeyMissing(_LACKING) from error


def _signer(private: MLDSA44PrivateKey) -> SecondSigner:
    public = private.public_key()
    return SecondSigner(_fingerprint(public), public.public_bytes_raw(), private)


def _fingerprint(public: MLDSA44PublicKey) -> str:
    spki = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(spki).hexdigest()
