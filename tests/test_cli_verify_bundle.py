"""`probanda verify BUNDLE`: what who received it is told, and with which exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from bundle_world import BundleWorld, write_folder, write_zip
from cli_world import probanda


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> BundleWorld:
    return BundleWorld(tmp_path_factory.mktemp("world"))


def test_a_bundle_is_told_as_whose_it_is_and_what_was_not_compared(world: BundleWorld, tmp_path: Path) -> None:
    said = probanda("verify", write_zip(tmp_path / "bundle.zip", world.files))
    assert said.code == 0
    assert "A bundle of the case Velin" in said.out
    assert world.signer.fingerprint in said.out
    assert "audience: court; items shown: 2" in said.out
    assert "Not compared with anything from elsewhere: the key" in said.out
    given = probanda("verify", tmp_path / "bundle.zip", "--key", world.signer.fingerprint)
    assert given.code == 0
    assert "from elsewhere: the key" not in given.out


def test_a_spoiled_bundle_and_another_key_end_with_a_failure(world: BundleWorld, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "bundle", world.files)
    said = probanda("verify", folder, "--key", "ab" * 32, "--json")
    assert said.code == 1
    assert said.json["ok"] is False
    assert "key.pinned" in said.json["summary"]
    assert said.json["bundle"]["audience"] == "court"
    (folder / "anchors" / "tagmanifest.sig").unlink()
    said = probanda("verify", folder)
    assert said.code == 1
    assert "FAILS     bundle.signature" in said.out


def test_what_cannot_be_a_key_or_certificates_is_told(world: BundleWorld, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "bundle", world.files)
    assert probanda("verify", folder, "--key", "abc").code == 2
    assert probanda("verify", folder, "--certificates", folder / "bagit.txt").code == 2
    assert probanda("verify", folder, "--certificates", folder / "nothing").code == 2
