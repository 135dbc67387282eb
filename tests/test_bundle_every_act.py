"""A bundle of a case in which much was withheld, revised and renewed still holds, whoever it is for."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from token_maker import office

from probanda.preserve.verify import verify
from probanda.records.protection import Change
from probanda.report.contents import Audience
from seal_world import Paper, asking_paper
from secret_world import OPEN, files_of, made

AUDIENCES: tuple[Audience, ...] = ("court", "public", "internal")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_bundle_holds_after_a_renewal_and_a_revision_of_which_a_part_is_withheld(
    tmp_path: Path, audience: Audience
) -> None:
    world = made(tmp_path)
    zone = office("Paper", datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
    paper = Paper("Paper", zone, lambda: datetime.now(UTC))
    post = asking_paper(paper)
    with world.archive as archive:
        archive.assign_settings("a stamp", authorities=(paper.authority(),), min_anchors=1)
        first = archive.incident("Deaths in Velin", "the report", members=[world.open])
        second = archive.incident("Deaths at the mill", "the report", members=[world.open], supersedes=first.id)
        third = archive.incident("The mill", "the statement", members=[world.secret])
        archive.relate(third.id, "precedes", second.id, "as told")
        archive.seal(post, renew=True)
        archive.bundle(tmp_path / "out", post, audience=audience)
    report = verify(tmp_path / "out")
    assert [(check.name, check.reason) for check in report.checks if check.outcome == "fails"] == []
    assert report.ok


def test_what_is_protected_while_an_authority_is_waited_for_stays_in(tmp_path: Path) -> None:
    world = made(tmp_path)
    zone = office("Paper", datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC))
    paper = Paper("Paper", zone, lambda: datetime.now(UTC))
    with world.archive as archive:
        archive.assign_settings("a stamp", authorities=(paper.authority(),))

        def post(url: str, body: bytes, content_type: str) -> bytes:
            if archive.items()[0].capture.protection.marking != "identity_protected":
                archive.protect(world.open, Change(marking="identity_protected"), "She is named in it")
            return paper.answer(body)

        archive.bundle(tmp_path / "out", post)
    for name, data in files_of(tmp_path / "out"):
        assert OPEN not in data, name
    assert verify(tmp_path / "out").ok


def test_a_bundle_is_for_its_owner_alone_until_somebody_hands_it_on(tmp_path: Path) -> None:
    world = made(tmp_path)
    with world.archive as archive:
        archive.bundle(tmp_path / "out", zipped=True)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "out.zip").stat().st_mode) == 0o600
