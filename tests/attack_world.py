"""The case and the bundle that every attack of the table starts from, and what an attacker can do to a copy of them.

One case with every act that an entry can record, sealed twice with material between, and the real bundle of it. Both
are held as a mapping of paths to bytes; a copy shares every file with the original but those that the attack touched.
Countries, persons and bodies are invented.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from token_maker import Office, office
from world import Seeded

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.outgoing import WayOutRefused
from probanda.pipeline import Stage
from probanda.preserve.acts import failure
from probanda.preserve.keys import Signer
from probanda.preserve.merkle import leaf_hash
from probanda.preserve.rotation import rotation
from probanda.preserve.verify import VerifyReport, verify
from probanda.records.canonical import canonical
from probanda.records.derivation import Request
from probanda.records.entry import ROTATION, Signature, encode, parse_entry, signed_bytes
from probanda.records.protection import Change, Consent, Protection
from probanda.steps.step import Step, StepOutput, StepResult, succeeded
from seal_world import DAY, Paper, asking_paper

Files = dict[str, bytes]
Entries = list[dict[str, Any]]

NOON: Final = datetime(2031, 5, 14, 12, 0, 0, tzinfo=UTC)
NOW: Final = NOON + timedelta(days=30)  # when the stranger looks
STARTS, ENDS = NOON - timedelta(days=400), NOON + timedelta(days=4000)
LOG, BUNDLE_LOG = "log/entries.jsonl", "data/log/entries.jsonl"
REPORT = b"12 people died in Velin on Tuesday.\nThe Velin Post has the list.\n"
LEAD = b"7 trucks were seen at Castle Orrin.\n"
MORE = b"15 people died in Velin, the Post says now.\n"
GONE = b"48 men were taken from the mill in Drevna, the witness said.\n"


class Ticking:
    """A clock that moves on by a second each time that it is read."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def _text(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    text = data.strip()
    way_back = canonical({"text": {"chars": len(text)}, "from": data.decode()[:12]})
    return succeeded(StepOutput("text", text, "text/plain"), StepOutput("map", way_back, "application/json"))


STAGES: Final = tuple(
    Stage(Step("text", "1", _text), one.wanted) if one.step.name == "text" else one for one in case_steps.STAGES
)


@dataclass(frozen=True)
class Sealed:
    """The case, its bundle, and all that somebody holds who stole the machine. `pinned` is the last checkpoint of the
    case as an honest person kept it; `roots` the certificates of the authorities as these publish them."""

    case: Files
    bundle: Files
    other: Files  # the bundle of another case, by other keys
    earlier: Files  # another bundle of the same case, made before
    signers: Mapping[str, Signer]
    offices: Mapping[str, Office]
    key: str
    first_key: str
    pinned: bytes
    roots: bytes
    folder: Path

    @property
    def signer(self) -> Signer:
        return self.signers[self.key]


def sealed_case(folder: Path) -> Sealed:
    clock = Ticking()
    offices = {name: office(name, STARTS, ENDS) for name in ("Office", "Bureau")}
    papers = [Paper(name, one, lambda: clock.now) for name, one in offices.items()]
    post = asking_paper(*papers)
    for name, data in (("report.txt", REPORT), ("lead.txt", LEAD), ("gone.txt", GONE), ("more.txt", MORE)):
        (folder / name).write_bytes(data)
    other = _theirs(folder, clock)
    with Archive.create(folder / "case", "The mill", "Ana Velt", clock=clock, random=Seeded("ours")) as archive:
        first = archive.case.signer()
        ids = _material(archive, folder)
        archive.assign_settings(
            "two offices", authorities=tuple(one.authority() for one in papers), min_anchors=1, max_age_s=DAY,
            approval=("export",),
        )  # fmt: skip
        _decisions(archive, ids["report.txt"])
        archive.seal(post)
        _acts(archive, ids, folder)
        archive.seal(post)
        _approved(archive)
        archive.bundle(folder / "earlier", post)
        archive.look("show", [ids["lead.txt"]], by="Petra Halloun")
        archive.bundle(folder / "bundle", post, zipped=True)
        last = archive.seal(post).note
        held = {first.fingerprint: first}
        known = archive.keys()
        for row in known:
            if row.agent != archive.case.agent:
                held[row.key] = archive.case.signer(row.agent)
        signer = archive.case.signer()
        held[signer.fingerprint] = signer
    roots = "".join(one.certificates for one in offices.values()).encode()
    return Sealed(
        _files(folder / "case"), _files(folder / "bundle"), other, _files(folder / "earlier"), held, offices,
        signer.fingerprint, first.fingerprint, last, roots, folder,
    )  # fmt: skip


def _theirs(folder: Path, clock: Ticking) -> Files:
    """The bundle of another organisation's case."""
    with Archive.create(folder / "theirs", "Their case", "Bo Lund", clock=clock, random=Seeded("theirs")) as archive:
        for name in ("a.txt", "b.txt"):
            (folder / name).write_bytes(f"Theirs, an exercise: {name} tells of the market in Drevna.\n".encode())
            archive.add([folder / name], protection=Protection("internal", Consent(("documentation", "court"))))
        archive.bundle(folder / "handed", audience="internal")
    return _files(folder / "handed")


def _material(archive: Archive, folder: Path) -> dict[str, str]:
    guarded = {
        "report.txt": Protection("public"), "lead.txt": Protection(conditions=("lead_only",)),
        "gone.txt": Protection("identity_protected", Consent(("documentation",)), risk="high"),
    }  # fmt: skip
    ids = {}
    for name, protection in guarded.items():
        report = archive.add([folder / name], published="2031-04-10", source=f"who gave {name}", protection=protection)
        ids[name] = report.captures[0]
    archive.run(InlineEngine(archive.case.blobs.folder), stages=STAGES)
    return ids


def _decisions(archive: Archive, item: str) -> None:
    claim = next(one for one in archive.claims() if "12" in one.record.passage.text).record.id
    archive.judge(claim, "confirmed", "As the register says.", by="Petra Halloun")
    one = archive.incident("Deaths in Velin", "In the register.", members=[claim, item])
    two = archive.incident("Burial in Velin", "In the parish book.", members=[item])
    archive.relate(one.id, "precedes", two.id, "The book says so.")
    archive.supplement("site", "the old mill", "Stood there.", latitude=48.1, longitude=37.5, radius_m=300)


def _acts(archive: Archive, ids: Mapping[str, str], folder: Path) -> None:
    archive.case.append([failure("ingestion", "the file vanished while it was read", name="lost.txt")])
    archive.protect(ids["lead.txt"], Change(risk="high"), "The driver was followed.")
    archive.rotate_key("A laptop was lost.")
    archive.import_bundle(folder / "handed", by="Petra Halloun")
    archive.delete(ids["gone.txt"], "consent_withdrawn", "the witness", "She asked for it.")
    archive.case.blobs.put(b"left behind by a write that was cut short")
    archive.recover()
    archive.add([folder / "more.txt"], published="2031-05-01", source="Velin Post", protection=Protection("public"))
    archive.run(InlineEngine(archive.case.blobs.folder), stages=STAGES)


def _approved(archive: Archive) -> None:
    with pytest.raises(WayOutRefused):
        archive.permit("export", "internal", by="Ana Velt")
    request = next(
        ref.sha256 for entry in archive.case.log.entries()
        if entry.act == "dissemination" and entry.outcome == "failure"
        for ref in entry.blobs("request")
    )  # fmt: skip
    archive.approve(request, "Read it.", by="Petra Halloun")
    archive.permit("export", "internal", by="Ana Velt")


def _files(folder: Path) -> Files:
    """What a stranger is handed: no private keys, locks, index."""
    kept = ("probanda.json", "log/", "blobs/", "private/openings.jsonl", "keys/", "bag", "manifest", "tagm", "data/",
            "anchors/")  # fmt: skip
    names = ((path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        name: path.read_bytes() for name, path in names
        if name.startswith(kept) and not name.endswith((".key.pem", ".lock"))
    }  # fmt: skip


def entries(files: Mapping[str, bytes]) -> Entries:
    return [json.loads(line) for line in files[LOG if LOG in files else BUNDLE_LOG].splitlines()]


def seq_of(files: Mapping[str, bytes], act: str, nth: int = 0, **stated: object) -> int:
    """The number of the `nth` entry of an act (negative: from the end) whose fields are as stated."""
    found = [
        one["seq"] for one in entries(files)
        if one["act"] == act and all(one.get(name) == value for name, value in stated.items())
    ]  # fmt: skip
    return int(found[nth])


def with_log(files: Files, lines: Sequence[bytes]) -> Files:
    return files | {LOG if LOG in files else BUNDLE_LOG: b"".join(line + b"\n" for line in lines)}


def naively(files: Files, changed: Entries) -> Files:
    """The log as somebody writes it who knows JSON and nothing else."""
    return with_log(files, [canonical(one) for one in changed])


def rechained(files: Files, changed: Entries) -> Files:
    """The log as somebody writes it without keys: numbered and linked anew, every signature as it was."""
    lines: list[bytes] = []
    for number, one in enumerate(changed):
        prev = leaf_hash(lines[-1]).hex() if lines else one["prev"]
        lines.append(canonical(one | {"seq": number, "prev": prev}))
    return with_log(files, lines)


def resigned(files: Files, changed: Entries, signers: Mapping[str, Signer]) -> Files:
    """The log as somebody writes it who holds every key: numbered, linked and signed anew."""
    lines: list[bytes] = []
    for number, one in enumerate(changed):
        prev = leaf_hash(lines[-1]).hex() if lines else one["prev"]
        detail = one["detail"]
        if one["act"] == ROTATION:  # the new key signed too
            draft = rotation(detail["case"], signers[detail["previous"]], signers[detail["key"]], "stolen")
            detail = detail | (draft.bound(prev) if draft.bound else {})
        entry = parse_entry(canonical(one | {"seq": number, "prev": prev, "detail": detail}))
        signer = signers[entry.signature.key]
        signature = Signature(signer.fingerprint, signer.sign(signed_bytes(entry)))
        lines.append(encode(replace(entry, signature=signature)))
    return with_log(files, lines)


def flipped(data: bytes, place: int | None = None) -> bytes:
    place = len(data) // 2 if place is None else place
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


class Shelf:
    """Copies: every file that an attack did not touch is a hard link to the original's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[int, tuple[Path, bytes]] = {}
        self._count = 0

    def put(self, files: Mapping[str, bytes]) -> Path:
        self._count += 1
        top = self._folder / f"copy-{self._count}"
        folders = {str(Path(name).parent) for name in files}
        for one in sorted(folders):
            (top / one).mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            kept = self._kept.get(id(data))
            if kept is None:
                path = self._folder / f"file-{len(self._kept)}"
                path.write_bytes(data)
                self._kept[id(data)] = kept = (path, data)  # holds the bytes, so that no other object has this id
            os.link(kept[0], top / name)
        return top

    def put_zip(self, data: bytes) -> Path:
        self._count += 1
        path = self._folder / f"copy-{self._count}.zip"
        path.write_bytes(data)
        return path


def look(path: Path, **more: Any) -> VerifyReport:
    return verify(path, now=NOW, **more)
