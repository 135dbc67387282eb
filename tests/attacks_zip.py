"""Attacks on the ZIP that a bundle travels in."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator

from attack_world import BUNDLE_LOG, Files, Sealed, flipped
from attacks import Row
from attacks_bundle import WITHHELD
from bundle_world import zip_bytes


def zips() -> Iterator[Row]:
    group = "A bundle's ZIP"
    for what, made, names in (
        ("a member twice", lambda world: _zip(world, {}, twice=True), "twice"),
        ("a name that climbs out", lambda world: _zip(world, {"../../x": b""}), "climbs out"),
        ("a name with a backslash", lambda world: _zip(world, {"data\\x": b""}), "backslash"),
        ("bytes after its end", lambda world: _zip(world, {}) + b"more", "after the end"),
        ("bytes before its beginning", lambda world: b"MZ" + _zip(world, {}), "right before the end"),
        ("a bomb", lambda world: zip_bytes({"data/x": bytes(400 << 20)}, method=8), "a bomb"),
        ("cut short", lambda world: _zip(world, {})[:-30], "table of contents"),
    ):
        yield Row(group, what, lambda world, made=made, names=names: (made(world), names), "bundle.layout")  # type: ignore[misc]
    yield Row(group, "a byte of a file in it is changed", lambda world: (
        _zip(world, {BUNDLE_LOG: flipped(world.bundle[BUNDLE_LOG])}), BUNDLE_LOG), "bundle.manifest")  # fmt: skip


def _zip(world: Sealed, more: Files, *, twice: bool = False) -> bytes:
    out = io.BytesIO(zip_bytes(world.bundle | more))
    if twice:
        with zipfile.ZipFile(out, "a") as archive, warnings.catch_warnings(action="ignore"):
            archive.writestr(zipfile.ZipInfo(f"bundle/{WITHHELD}"), b"{}")
    return out.getvalue()
