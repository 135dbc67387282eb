"""Whoever has the log and knows a file cannot find out from it whether the case holds that file.

The trial is what such a person could do: hash the file, run the same steps on it, form the ids and digests that follow
from the file, with the nonces that stand in the log, and look for them. All texts and names are invented.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.records.canonical import canonical
from probanda.records.capture import capture_id
from probanda.records.deletion import encode_list
from probanda.records.derivation import encode_rows, parse_rows
from probanda.records.entry import DERIVATION, INGESTION
from probanda.records.protection import MARKINGS, Change, Marking, Protection
from probanda.report.disclosure import record_ids

KNOWN = b"12 people died at the mill.\n7 are missing, the Karovian health service said.\n"
DAY = "2031-04-02"


@pytest.fixture(params=[marking for marking in MARKINGS if marking != "public"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    """An item read, judged, in an incident, its protection changed, a bundle and a case file of it gone out."""
    marking: Marking = request.param
    material = tmp_path / "material"
    material.mkdir()
    (material / "known-name.txt").write_bytes(KNOWN)
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        [item] = archive.add([material], published=DAY, source="Mill Post", note="by hand", marking=marking).captures
        archive.run(InlineEngine(archive.case.blobs.folder), stages=case_steps.STAGES)
        claim = archive.claims()[0].record.id
        archive.judge(claim, "confirmed", "It says so", "Mirek Sandor")
        archive.incident("Deaths at the mill", "It says so", members=[claim, item])
        archive.protect(item, Change(marking="internal", risk="low"), "Mill Post agreed")
        archive.bundle(tmp_path / "bundle", audience="internal")
        yield archive


def guessable(archive: Archive) -> dict[str, str]:
    """What follows from the file and from what the log states openly, each with what it is."""
    blobs, found = archive.case.blobs, {hashlib.sha256(KNOWN).hexdigest(): "the file"}
    assert blobs.has(next(iter(found))), "the case does hold the file"
    for entry in archive.case.log.entries():
        if entry.act == DERIVATION:
            rows = list(parse_rows(blobs.read(entry.blobs("rows")[0].sha256)))
            for row in rows:
                found[row.request.sha256] = f"a request of {row.request.step}"
                found |= {output.sha256: f"what {row.request.step} made" for output in row.outputs}
            bare = [replace(row, extra={}) for row in rows]
            found[hashlib.sha256(encode_rows(bare)).hexdigest()] = "the rows"
        if entry.act == INGESTION:
            stated: dict[str, Any] = dict(entry.detail)
            for published in (DAY, None):
                for protection in (Protection(marking) for marking in MARKINGS):
                    guess = capture_id(
                        blob=hashlib.sha256(KNOWN).hexdigest(), size=len(KNOWN), published=published, media_type=None,
                        protection=protection, nonce=stated["nonce"],
                    )  # fmt: skip
                    found[guess.removeprefix("capture:")] = "the id of the capture"
            plain = canonical({"sha256": hashlib.sha256(KNOWN).hexdigest(), "size": len(KNOWN)})
            found[hashlib.sha256(plain).hexdigest()] = "the outcome without its salt"
    for held in archive.readings():
        for identity in record_ids(held.reading):
            found[identity.rpartition(":")[2]] = "what the text says"
    return found


def log_of(archive: Archive) -> str:
    return (archive.case.path / "log" / "entries.jsonl").read_text("utf-8")


def test_nothing_that_follows_from_the_file_stands_in_the_log(case: Archive) -> None:
    log, known = log_of(case), guessable(case)
    assert len(known) > 10
    assert {what for digest, what in known.items() if digest in log} == set()


def test_no_word_that_was_said_of_the_item_stands_in_the_log(case: Archive) -> None:
    log = log_of(case)
    said = ["known-name", "Mill Post", "by hand", DAY, "text/plain", "died at", "Deaths", "It says so", "agreed"]
    assert [word for word in said if word in log] == []
    assert f'"size":{len(KNOWN)}' not in log


def test_not_even_after_the_item_was_deleted(case: Archive) -> None:
    known = guessable(case)
    [item] = [one for one in case.captures() if one.blob]
    told = case.delete(item.id, "consent_withdrawn", "Lida Horn", "She asked for it")
    known[hashlib.sha256(encode_list(told.removed)).hexdigest()] = "the list of the deletion"
    log = log_of(case)
    assert {what for digest, what in known.items() if digest in log} == set()
    assert "Lida Horn" not in log


def test_of_a_public_item_the_digest_stands_there(tmp_path: Path) -> None:
    (tmp_path / "known.txt").write_bytes(KNOWN)
    with Archive.create(tmp_path / "case", "The mill", "Ana Velt") as archive:
        archive.add([tmp_path / "known.txt"], published=DAY, marking="public")
        assert hashlib.sha256(KNOWN).hexdigest() in log_of(archive)


def test_the_bundle_of_a_stranger_tells_no_more_of_an_item_that_is_withheld(case: Archive, tmp_path: Path) -> None:
    [item] = case.captures()
    known = guessable(case)
    case.protect(item.id, Change(marking="identity_protected"), "She is named in it")
    case.bundle(tmp_path / "next", audience="court")
    given = b"".join(path.read_bytes() for path in sorted((tmp_path / "next").rglob("*")) if path.is_file())
    assert {what for digest, what in known.items() if digest.encode() in given} == set()
