"""Private halves of keys as PEM: in clear, or encrypted with a passphrase.

Guarantees: encrypted PKCS#8 as `openssl pkey` opens it: PBES2 (RFC 8018) with scrypt (RFC 7914) and AES-256-CBC. The
key is derived with N = 2**14, r = 8, p = 5, which takes 16 MiB and about 0.1 s a try: `cryptography` by itself would
write PBKDF2 with 2,048 rounds, which is quick to try out. OpenSSL's limit of 32 MiB allows no greater N.
"""

from __future__ import annotations

import base64
import textwrap
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from probanda.preserve.errors import KeyMissing, WrongPassphrase
from probanda.preserve.passphrases import Ask

_ENCRYPTED: Final = "ENCRYPTED PRIVATE KEY"
_CLEAR: Final = "PRIVATE KEY"
_N, _R, _P, _KEY_BYTES = 2**14, 8, 5, 32
_PBES2, _SCRYPT, _AES_256_CBC = "2a864886f70d01050d", "2b06010401da47040b", "60864801650304012a"


def write_private(info: bytes, passphrase: bytes | None, random: bytes) -> bytes:
    """The PEM of a DER PrivateKeyInfo, encrypted where a passphrase is given; `random` are 32 bytes, salt and IV."""
    if passphrase is None:
        return _armour(_CLEAR, info)
    salt, iv = random[:16], random[16:32]
    key = Scrypt(salt=salt, length=_KEY_BYTES, n=_N, r=_R, p=_P).derive(passphrase)
    padding = 16 - len(info) % 16
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    sealed = encryptor.update(info + bytes([padding]) * padding) + encryptor.finalize()
    derivation = _sequence(
        _oid(_SCRYPT), _sequence(_octets(salt), _integer(_N), _integer(_R), _integer(_P), _integer(_KEY_BYTES))
    )
    scheme = _sequence(_oid(_PBES2), _sequence(derivation, _sequence(_oid(_AES_256_CBC), _octets(iv))))
    return _armour(_ENCRYPTED, _sequence(scheme, _octets(sealed)))


def is_encrypted(pem: bytes) -> bool:
    return f"-----BEGIN {_ENCRYPTED}-----".encode() in pem


def read_private(pem: bytes, ask: Ask, what: str) -> PrivateKeyTypes:
    """The private key in a PEM file; `ask` is asked for its passphrase only where it has one. Raises `KeyMissing`,
    `WrongPassphrase`, and `PassphraseMissing` where `ask` does."""
    passphrase = ask(what).encode("utf-8") if is_encrypted(pem) else None
    try:
        return serialization.load_pem_private_key(pem, passphrase)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if passphrase is not None:
            raise WrongPassphrase(
                f"expected the passphrase of {what}, found one that does not open it. Nothing was changed; try again. "
                "If it is lost, nobody can open this key"
            ) from error
        raise KeyMissing(f"expected a PEM private key in the file of {what}, found something else: {error}") from error


def _armour(name: str, der: bytes) -> bytes:
    body = "\n".join(textwrap.wrap(base64.b64encode(der).decode("ascii"), 64))
    return f"-----BEGIN {name}-----\n{body}\n-----END {name}-----\n".encode("ascii")


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _sequence(*parts: bytes) -> bytes:
    return _der(0x30, b"".join(parts))


def _octets(data: bytes) -> bytes:
    return _der(0x04, data)


def _oid(encoded: str) -> bytes:
    return _der(0x06, bytes.fromhex(encoded))


def _integer(value: int) -> bytes:
    return _der(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))
