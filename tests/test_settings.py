"""The settings of a case: signed, superseded and never edited, and refused where nothing could meet them."""

from __future__ import annotations

from pathlib import Path

import pytest

from probanda.archive import Archive
from probanda.records.codec import RecordError
from probanda.records.settings import Authority, encode_settings, parse_settings

PEM = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
OFFICE = Authority("Office", "http://127.0.0.1:9/", PEM)


def test_the_last_settings_count_and_earlier_ones_stay(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "case", "A trial", "Ana Velt") as archive:
        assert archive.settings() is None
        first = archive.assign_settings("a stamp a day", authorities=(OFFICE,), min_anchors=1, max_age_s=86_400)
        second = archive.assign_settings("no office answers", approval=("bundle",))
        assert archive.settings() == second
        acts = [entry.act for entry in archive.case.log.entries()]
        assert acts == ["case creation", "policy assignment", "policy assignment"]
        assert first.id != second.id
        assert archive.verify().ok


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"min_anchors": 1}, "0 to 0 anchors"),
        ({"authorities": (OFFICE, OFFICE)}, "name of its own"),
        ({"max_age_s": 0}, "more than 0 seconds"),
        ({"approval": ("post",)}, "ways out among"),
    ],
)
def test_a_policy_that_nothing_could_meet_is_refused(tmp_path: Path, given: dict[str, object], told: str) -> None:
    with Archive.create(tmp_path / "case", "A trial", "Ana Velt") as archive:
        with pytest.raises(ValueError, match=told):
            archive.assign_settings("try", **given)  # type: ignore[arg-type]
        assert archive.case.log.size == 1


def test_settings_whose_content_was_edited_are_no_settings(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "case", "A trial", "Ana Velt") as archive:
        made = archive.assign_settings("a stamp a day", authorities=(OFFICE,), min_anchors=1)
    data = encode_settings(made)
    assert parse_settings(data) == made
    with pytest.raises(RecordError, match="expected the id"):
        parse_settings(data.replace(b'"min_anchors":1', b'"min_anchors":0'))
