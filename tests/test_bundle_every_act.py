"""A bundle of a case in which much was withheld, revised and renewed still holds, whoever it is for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from token_maker import office

from probanda.preserve.verify import verify
from probanda.report.contents import Audience
from seal_world import Paper, asking_paper
from secret_world import made

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
