"""The specification of keys: its example is the vector's, and its rules can be followed with stock parts alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from probanda.records.canonical import canonical

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "spec" / "keys.md").read_text("utf-8")
LOG: str = json.loads((ROOT / "vectors" / "rotation-good.json").read_text("utf-8"))["changes"]["log/entries.jsonl"]


def example() -> dict[str, Any]:
    [text] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


def test_the_example_is_a_line_of_the_vector() -> None:
    assert canonical(example()).decode() in LOG.splitlines()


def test_both_signatures_of_the_example_hold_as_the_page_says() -> None:
    entry = example()
    detail = entry["detail"]
    new = Ed25519PublicKey.from_public_bytes(base64.b64decode(detail["public_key"]))
    der = new.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert hashlib.sha256(der).hexdigest() == detail["key"]
    said = {name: detail[name] for name in ("agent", "case", "key", "previous")} | {"prev": entry["prev"]}
    new.verify(base64.b64decode(detail["new_signature"]), b"probanda-rotation-v1\n" + canonical(said))
    person = next(json.loads(line) for line in LOG.splitlines() if '"act":"agent registration"' in line)
    assert person["detail"]["agent"] == detail["agent"] and person["detail"]["key"] == detail["previous"]
    old = Ed25519PublicKey.from_public_bytes(base64.b64decode(person["detail"]["public_key"]))
    signed = {name: value for name, value in entry.items() if name != "signature"}
    old.verify(base64.b64decode(entry["signature"]["value"]), b"probanda-entry-v1\n" + canonical(signed))


def test_the_page_names_the_parameters_that_the_code_uses() -> None:
    from probanda.preserve import pem, rotation

    assert f"N = {pem._N}, r = {pem._R}, p = {pem._P}" in PAGE
    assert rotation.CONTEXT.decode().strip() in PAGE
