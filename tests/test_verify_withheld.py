"""What is withheld makes a check unproven, with its number, and never hides a fault in what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from probanda.preserve import acts, captures
from probanda.preserve.blobs import BlobRef
from probanda.preserve.case_folder import CaseFolder, create
from probanda.preserve.openings import Openings
from probanda.preserve.rows import redacted_rows, rows_root, with_nonce
from probanda.preserve.verify.checks import Check, Tallies
from probanda.preserve.verify.foreseen import Foreseen
from probanda.preserve.verify.opened import Opened
from probanda.preserve.verify.places import Places, case_places
from probanda.preserve.verify.walk_log import LogWalk, good_openings
from probanda.preserve.verify.walk_material import Material
from probanda.records.derivation import Derivation, Output, Request, encode_rows
from probanda.records.entry import DERIVATION, INGESTION, CommittedRef, Entry

SHOWN, HELD = b"what may be shown", b"what may not"


class Trial:
    """Two items, a text made from each in one batch, and a second batch made from these texts."""

    def __init__(self, folder: Path) -> None:
        self.case: CaseFolder = create(folder / "case", "Velin", "Jana Orlik")
        self.count = 0
        self.kept = folder / "rows"
        self.kept.mkdir()
        self.taken = [self._take(SHOWN), self._take(HELD)]
        self.texts = [self.case.blobs.put(b"text of " + data) for data in (SHOWN, HELD)]
        self.terms = [self.case.blobs.put(b"terms of " + data) for data in (SHOWN, HELD)]
        self._derive(zip(self.taken, self.texts, strict=True))
        self._derive(zip(self.texts, self.terms, strict=True))

    def _take(self, data: bytes) -> BlobRef:
        blob = self.case.blobs.put(data)
        self.case.append([captures.ingestion(blob, nonce=self.random(32).hex(), salt=self.random(32))])
        return blob

    def _derive(self, pairs: Iterable[tuple[BlobRef, BlobRef]]) -> None:
        made = [
            Derivation(Request("text", "1", (given.sha256,)), "succeeded", None, (Output("t", out.sha256, out.size),))
            for given, out in pairs
        ]
        rows = encode_rows(with_nonce(one, self.random) for one in made)
        self.case.append([acts.derivation(self.case.blobs.put(rows), len(made), rows_root(rows))])

    def random(self, size: int) -> bytes:
        self.count += 1
        return bytes([self.count]) * size

    def withhold(self) -> Places:
        """What a bundle that leaves out the second item leaves: entries, and what of the rest may be shown."""
        hidden = {ref.sha256 for ref in (self.taken[1], self.texts[1], self.terms[1])}
        entries = list(self.case.log.entries())
        for sha256 in hidden:
            self.case.blobs.path(sha256).unlink()
        for entry in entries:
            for ref in entry.blobs("rows"):
                rows = self.case.blobs.read(ref.sha256)
                redacted = redacted_rows(rows, lambda one: hidden.isdisjoint(one.request.inputs))
                (self.kept / f"{ref.sha256}.jsonl").write_bytes(redacted)
                self.case.blobs.path(ref.sha256).unlink()
        held = next(e for e in entries if e.act == INGESTION and self._blob(e.seq) == self.taken[1].sha256)
        self.drop_opening(held)
        withheld = {one.seq: "not shown" for one in entries if one.act == DERIVATION} | {held.seq: "restricted"}
        return replace(case_places(self.case.path), rows=self.kept, withheld=withheld)

    def _blob(self, seq: int) -> str | None:
        found = captures.capture_of(next(self.case.log.entries(seq)), self.case.openings)
        return found.blob if found else None

    def drop_opening(self, entry: Entry) -> None:
        outcome = entry.objects[0]
        assert isinstance(outcome, CommittedRef)
        path = self.case.path / "private" / "openings.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(line for line in lines if outcome.committed.encode() not in line))

    def look(self, places: Places) -> dict[str, Check]:
        tallies = Tallies()
        openings: Opened | None = good_openings(Openings(places.openings), tallies)
        log = LogWalk(places, tallies, openings, None)
        material = Material(places, tallies, log.persons, openings, Foreseen(places, tallies, openings))
        for entry in log.entries(lambda stage, done, total: None):
            material.see(entry)
        material.close()
        return {check.name: check for check in tallies.checks()}


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(tmp_path)


def test_a_whole_case_leads_every_row_to_its_capture(trial: Trial) -> None:
    found = trial.look(case_places(trial.case.path))
    assert {found[name].outcome for name in ("captures.complete", "derivations.lead_to_capture")} == {"holds"}
    assert Openings(trial.case.path / "private" / "openings.jsonl").value("0" * 64) is None


def test_redacted_rows_are_checked_by_their_root_and_what_they_show_as_any_row(trial: Trial) -> None:
    found = trial.look(trial.withhold())
    assert found["derivations.outputs"].outcome == "holds", found["derivations.outputs"]
    assert found["derivations.lead_to_capture"].outcome == "holds", "both rows shown rest on the item shown"
    assert found["captures.complete"].outcome == "unproven"
    assert found["captures.complete"].reason.startswith("1 of 2 items")
    assert found["blobs.present"].outcome == "holds", found["blobs.present"]


def _drop_last(data: bytes) -> bytes:
    return b"".join(data.splitlines(keepends=True)[:-1])


def _turn(data: bytes) -> bytes:
    return b"".join(reversed(data.splitlines(keepends=True)))


def _other_leaf(data: bytes) -> bytes:
    return data.splitlines(keepends=True)[0] + b'{"leaf":"' + b"ab" * 32 + b'"}\n'


def _changed_row(data: bytes) -> bytes:
    return data.replace(b'"role":"t"', b'"role":"u"')


def _torn(data: bytes) -> bytes:
    return data[:-1]


@pytest.mark.parametrize("spoil", [_drop_last, _turn, _other_leaf, _changed_row, _torn])
def test_redacted_rows_that_are_not_those_of_the_entry_fail(trial: Trial, spoil: Callable[[bytes], bytes]) -> None:
    places = trial.withhold()
    for path in trial.kept.iterdir():
        path.write_bytes(spoil(path.read_bytes()))
    assert trial.look(places)["derivations.outputs"].outcome == "fails"


def test_an_output_of_a_row_that_is_shown_has_to_be_there(trial: Trial) -> None:
    places = trial.withhold()
    trial.case.blobs.path(trial.terms[0].sha256).unlink()
    assert trial.look(places)["derivations.outputs"].outcome == "fails"


def test_a_shown_row_whose_beginning_is_withheld_is_unproven_with_its_number(trial: Trial) -> None:
    places = trial.withhold()
    for entry in trial.case.log.entries():
        if entry.act == INGESTION:
            trial.drop_opening(entry)
    found = trial.look(places)
    assert found["captures.complete"].reason.startswith("2 of 2 items")
    lead = found["derivations.lead_to_capture"]
    assert lead.outcome == "unproven"
    assert lead.reason.startswith("2 of 2 things derived rest on what is withheld here: 2 items without an opening, 2 ")


def test_a_batch_of_which_nothing_is_shown_is_not_held_against_the_rest(trial: Trial) -> None:
    places = trial.withhold()
    next(trial.kept.glob(f"{next(trial.case.log.entries(3)).blobs('rows')[0].sha256}.jsonl")).unlink()
    found = trial.look(places)
    assert found["derivations.outputs"].outcome == "holds"
    assert found["derivations.lead_to_capture"].outcome == "unproven"
    assert found["derivations.lead_to_capture"].reason.endswith("1 rows, 1 batches")


def test_redacted_rows_of_an_entry_without_a_root_prove_nothing(trial: Trial) -> None:
    rows = encode_rows([Derivation(Request("text", "1", (trial.taken[0].sha256,)), "failed", "it is empty")])
    blob = trial.case.blobs.put(rows)
    [entry] = trial.case.append([acts.derivation(blob, 1)])
    trial.case.blobs.path(blob.sha256).unlink()
    (trial.kept / f"{blob.sha256}.jsonl").write_bytes(redacted_rows(rows, lambda one: True))
    places = replace(case_places(trial.case.path), rows=trial.kept, withheld={entry.seq: "not shown"})
    found = trial.look(places)["derivations.outputs"]
    assert (found.outcome, "states no root" in found.reason) == ("fails", True)


def test_rows_that_are_missing_from_a_case_fail(trial: Trial) -> None:
    trial.case.blobs.path(next(trial.case.log.entries(3)).blobs("rows")[0].sha256).unlink()
    found = trial.look(case_places(trial.case.path))
    assert found["blobs.present"].outcome == "fails"
    assert found["derivations.outputs"].outcome == "fails"
