"""Extractors of other packages, found by their entry points: one name means one extractor, and none takes ours."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from probanda.extract.plugins.registry import GROUP, UnknownExtractorError, find, listed

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    """Puts a package with this entry point where Python finds installed packages."""
    placed: list[str] = []

    def put(package: str, name: str, value: str) -> None:
        folder = tmp_path / package
        info = folder / f"{package}-1.2.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.2\n")
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {value}\n")
        sys.path.insert(0, str(folder))
        placed.append(str(folder))

    yield put
    for folder in placed:
        sys.path.remove(folder)


def told(name: str) -> list[tuple[str, bool, str]]:
    return [(one.origin, one.extractor is not None, one.fault or "") for one in listed() if one.name == name]


def test_a_package_offers_an_extractor_by_its_name(install: Install) -> None:
    install("trialpack", "trial", "extractor_world:Trial")
    assert find("trial").version == "1"
    assert told("trial") == [("trialpack 1.2", True, "")]


def test_two_packages_with_one_name_give_neither(install: Install) -> None:
    install("trialpack", "trial", "extractor_world:Trial")
    install("otherpack", "trial", "extractor_world:Raising")
    with pytest.raises(UnknownExtractorError, match=r"otherpack 1\.2 and trialpack 1\.2"):
        find("trial")
    assert [held for _, held, _ in told("trial")] == [False, False]


def test_nobody_takes_a_name_of_ours(install: Install) -> None:
    install("trialpack", "natasha", "extractor_world:Trial")
    assert find("natasha").licence == "MIT" and find("natasha").languages == ("ru",)
    assert [(origin, held) for origin, held, _ in told("natasha")] == [("probanda", True), ("trialpack 1.2", False)]


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("extractor_world:Nameless", "name: expected"), ("extractor_world:TEXT", "expected name, version"),
        ("no_such_module:X", "ModuleNotFoundError"), ("extractor_world:Nobody", "AttributeError"),
    ],
)  # fmt: skip
def test_one_that_is_none_is_listed_with_its_fault_and_stops_no_other(install: Install, value: str, fault: str) -> None:
    install("trialpack", "trial", value)
    ((origin, held, why),) = told("trial")
    assert (origin, held) == ("trialpack 1.2", False) and fault in why
    assert told("natasha")[0][1], "the others are listed"
