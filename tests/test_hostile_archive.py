"""What a stranger's files cost and whether an honest archive, packed anew by another program, is still taken."""

from __future__ import annotations

import tracemalloc
import zipfile
from pathlib import Path

import pytest

from bundle_world import BundleWorld, write_folder, zip_bytes
from probanda.preserve.regular import BUFFER_BYTES
from probanda.preserve.verify import verify
from probanda.preserve.verify.checks import Tally
from probanda.preserve.verify.unzip import unpack


@pytest.mark.parametrize("beyond", [0, 1, 2, 100, 257, 258, 259])
def test_a_deflated_member_that_ends_just_beyond_the_buffer_is_unpacked_whole(tmp_path: Path, beyond: int) -> None:
    data = b"\0" * (BUFFER_BYTES + beyond)
    tally, into = Tally("bundle.layout"), tmp_path / "into"
    into.mkdir()
    (tmp_path / "a.zip").write_bytes(zip_bytes({"data/x": data}, method=zipfile.ZIP_DEFLATED))
    unpack(tmp_path / "a.zip", into, tally, lambda done, total: None)
    assert tally.reasons == []
    assert (into / "data" / "x").read_bytes() == data


def test_a_long_line_of_spaces_in_bag_info_is_told_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    files = dict(BundleWorld(tmp_path / "world").files)
    files["bag-info.txt"] = b"Payload-Oxum:" + b" " * 500_000 + b"x" + b" " * 400_000 + b"y\n"
    report = verify(write_folder(tmp_path / "bundle", files))  # a pattern would need hours
    assert "expected one Payload-Oxum" in " ".join(report.check("bundle.manifest").reason.split())
    assert not report.ok


def test_a_table_of_one_endless_line_is_told_and_takes_little_memory(tmp_path: Path) -> None:
    files = dict(BundleWorld(tmp_path / "world").files)
    files["data/metadata/objects.csv"] = b"," * (32 << 20)
    folder = write_folder(tmp_path / "bundle", files)
    tracemalloc.start()
    try:
        report = verify(folder)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "a line of" in report.check("bundle.metadata").reason
    assert peak < 96 << 20  # of which 64 are for withheld.json, whatever its size
