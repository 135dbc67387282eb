"""Signed notes, checkpoints and cosignatures: to the byte as C2SP publishes them, and strict about everything else."""

from __future__ import annotations

import base64
import json
import subprocess
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from probanda.preserve.checkpoint import Checkpoint, log_key, origin_of, parse_checkpoint, signed_checkpoint
from probanda.preserve.cosignature import cosign, cosigned_at, cosigned_message
from probanda.preserve.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    ED25519,
    Note,
    NoteError,
    NoteKey,
    NoteSignature,
    parse_note,
    parse_vkey,
    sign,
    signature_holds,
)
from time_authority import openssl

PUBLISHED: dict[str, Any] = json.loads((Path(__file__).parent / "published" / "c2sp_notes.json").read_text("utf-8"))
KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
CASE = "case:" + "5a" * 32
HEAD = Checkpoint(origin_of(CASE), 7, b"\x11" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"\x08" * 32)
WITNESS_KEY = NoteKey("witness.example/w1", COSIGNATURE_ED25519, WITNESS.public_key().public_bytes_raw())
AT = datetime(2031, 5, 14, 9, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("maker", ["go", "c2sp"])
def test_the_published_notes_verify_and_come_out_the_same(maker: str) -> None:
    vector = PUBLISHED[maker]
    data, key = vector["note"].encode(), parse_vkey(vector["vkey"])
    note = parse_note(data)
    assert signature_holds(note, key)
    assert note.encode() == data
    assert key.vkey == vector["vkey"]
    assert signature_holds(Note("Another text.\n", note.signatures), key) is False
    assert signature_holds(note, parse_vkey(PUBLISHED["c2sp" if maker == "go" else "go"]["vkey"])) is None


def test_signing_with_the_published_key_gives_the_published_note() -> None:
    vector = PUBLISHED["go"]
    seed = base64.b64decode(vector["skey"].split("+", 4)[4])[1:]
    private, key = Ed25519PrivateKey.from_private_bytes(seed), parse_vkey(vector["vkey"])
    text = parse_note(vector["note"].encode()).text
    assert Note(text, (sign(text, key, private.sign),)).encode() == vector["note"].encode()


@pytest.mark.parametrize("vkey", PUBLISHED["go"]["bad_vkeys"])
def test_the_published_bad_keys_are_refused(vkey: str) -> None:
    with pytest.raises(NoteError):
        parse_vkey(vkey)


def test_every_mangled_key_is_refused() -> None:
    vkey = PUBLISHED["c2sp"]["vkey"]
    for place in range(len(vkey)):
        with pytest.raises(NoteError):
            parse_vkey(vkey[:place] + vkey[place + 1 :])
    assert parse_vkey(PUBLISHED["cosignature_ed25519_vkey"]).algorithm == COSIGNATURE_ED25519


def test_the_published_checkpoint_is_read() -> None:
    note = parse_note(PUBLISHED["checkpoint"].encode())
    head = parse_checkpoint(note.text)
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)
    assert head.text == note.text


def test_the_message_of_an_ml_dsa_cosignature_is_laid_out_as_the_page_says() -> None:
    """struct { label[12]; opaque cosigner_name<1..2^8-1>; uint64 timestamp; opaque log_origin<1..2^8-1>; uint64 start;
    uint64 end; uint8 hash[32]; }, big-endian (RFC 8446, section 3)."""
    key = NoteKey("w", COSIGNATURE_MLDSA44, bytes(1312))
    assert cosigned_message(Checkpoint("log", 0x0102, b"\xaa" * 32), key, 0x0304).hex() == (
        "737562747265652f76310a0001770000000000000304036c6f6700000000000000000000000000000102" + "aa" * 32
    )


def test_the_published_cosignature_line_names_its_time() -> None:
    vector = PUBLISHED["cosignature_ed25519_time"]
    [line] = parse_note(f"text\n\n\u2014 remora.n621.de {vector['line']}\n".encode()).signatures
    assert int.from_bytes(line.value[:8], "big") == vector["time"]


def test_the_message_of_an_ed25519_cosignature_is_that_of_the_page() -> None:
    head = parse_checkpoint(parse_note(PUBLISHED["checkpoint"].encode()).text)
    assert cosigned_message(head, WITNESS_KEY, 1679315147) == (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


GOOD = signed_checkpoint(HEAD, PUBLIC, KEY.sign)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        GOOD.encode()[:-1],
        GOOD.encode() + b"\n",
        GOOD.encode() + "\u2014 name !!!\n".encode(),
        GOOD.encode() + "\u2014 name AAAA\n".encode(),
        GOOD.encode() + "\u2014 na+me AAAAAAAA\n".encode(),
        GOOD.encode() + "\u2014 na\u00a0me AAAAAAAA\n".encode(),
        GOOD.encode() + b"- name AAAAAAAA\n",
        GOOD.encode().replace("\u2014".encode(), b"\xe2\x80"),
        GOOD.encode().replace(b"\n", b"\r\n"),
        b"\x00" + GOOD.encode(),
        # The last two bits of the base64 say nothing; another spelling of the same bytes is refused.
        GOOD.encode()[:-3] + bytes([GOOD.encode()[-3] + 1]) + GOOD.encode()[-2:],
        GOOD.encode() + 200 * "\u2014 name AAAAAAAA\n".encode(),
        b"x" * 2_000_000,
    ],
)
def test_what_is_no_note_is_refused(data: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(data)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: GOOD.encode() + text.encode("utf-8", "ignore")))
def test_what_is_taken_for_a_note_encodes_to_the_same_bytes(data: bytes) -> None:
    with suppress(NoteError):
        assert parse_note(data).encode() == data


@pytest.mark.parametrize(
    "text",
    [
        "", "\n\n\n", f"{HEAD.origin}\n07\n{'A' * 43}=\n", f"{HEAD.origin}\n-1\n{'A' * 43}=\n",
        f"{HEAD.origin}\n7\nAAAA\n", HEAD.text + "extension\n", HEAD.text + "\n", HEAD.text[:-1],
        f"{HEAD.origin}\n\u0667\n{'A' * 43}=\n", f"{HEAD.origin}\n{'9' * 30}\n{'A' * 43}=\n",
    ],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_checkpoint(text)


def test_a_checkpoint_is_signed_under_the_name_of_its_case() -> None:
    assert signature_holds(parse_note(GOOD.encode()), log_key(CASE, PUBLIC))
    assert signature_holds(GOOD, log_key("case:" + "5b" * 32, PUBLIC)) is None
    other = Ed25519PrivateKey.from_private_bytes(b"\x09" * 32).public_key().public_bytes_raw()
    assert signature_holds(GOOD, log_key(CASE, other)) is None
    spoilt = NoteSignature(GOOD.signatures[0].name, GOOD.signatures[0].key_id, b"\x00" * 64)
    assert signature_holds(Note(GOOD.text, (*GOOD.signatures, spoilt)), log_key(CASE, PUBLIC)) is False


def test_openssl_verifies_the_signature_over_the_checkpoints_text(tmp_path: Path) -> None:
    (tmp_path / "body").write_text(GOOD.text, "utf-8")
    (tmp_path / "sig").write_bytes(GOOD.signatures[0].value)
    (tmp_path / "pub.pem").write_bytes(
        KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    given: list[str | Path] = ["-inkey", tmp_path / "pub.pem", "-in", tmp_path / "body", "-sigfile", tmp_path / "sig"]
    command = [openssl(), "pkeyutl", "-verify", "-rawin", "-pubin", *given]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (tmp_path / "body").write_text(GOOD.text.replace("\n7\n", "\n8\n"), "utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_a_cosignature_covers_checkpoint_and_time() -> None:
    note = cosign(GOOD, WITNESS_KEY, WITNESS.sign, AT)
    assert cosigned_at(parse_note(note.encode()), WITNESS_KEY) == AT
    assert cosigned_at(GOOD, WITNESS_KEY) is None
    elsewhere = Note(Checkpoint(HEAD.origin, 8, HEAD.root).text, note.signatures)
    with pytest.raises(NoteError, match="does not cover"):
        cosigned_at(elsewhere, WITNESS_KEY)
    line = note.signatures[1]
    moved = (int.from_bytes(line.value[:8], "big") + 1).to_bytes(8, "big") + line.value[8:]
    later = NoteSignature(line.name, line.key_id, moved)
    with pytest.raises(NoteError, match="does not cover"):
        cosigned_at(Note(note.text, (later,)), WITNESS_KEY)
    for value in (b"\xff" * 72, bytes(72), b"\x01"):
        with pytest.raises(NoteError):
            cosigned_at(Note(note.text, (NoteSignature(line.name, line.key_id, value),)), WITNESS_KEY)


def test_the_second_key_signs_a_checkpoint_under_ml_dsa() -> None:
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

    private = MLDSA44PrivateKey.from_seed_bytes(b"\x07" * 32)
    key = NoteKey(HEAD.origin, COSIGNATURE_MLDSA44, private.public_key().public_bytes_raw())
    note = cosign(GOOD, key, private.sign, AT)
    assert cosigned_at(parse_note(note.encode()), key) == AT
    assert signature_holds(note, log_key(CASE, PUBLIC))
    with pytest.raises(NoteError, match="does not cover"):
        cosigned_at(Note(Checkpoint(HEAD.origin, 8, HEAD.root).text, note.signatures), key)


def test_a_key_of_the_log_is_no_witness() -> None:
    with pytest.raises(NoteError, match="key that cosigns"):
        cosign(GOOD, NoteKey("name", ED25519, PUBLIC), KEY.sign, AT)
