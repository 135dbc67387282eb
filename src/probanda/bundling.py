"""Handing a case on: permission, an entry that says so, a seal, the bundle, and an entry that says which it was.

Guarantees: what leaves is recorded before it leaves, in the log that the bundle itself holds; the bundle's own log ends
at the seal made for it; after it stands under its name, the log names it by the digest of its tag manifest. Where it
cannot be written, the first entry stays and nothing claims that a bundle exists. What may be shown is decided by
`report.bundled`; how it is written by `preserve.bundle`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from probanda import __version__
from probanda.acting import Acting, AtHand
from probanda.index import incidents as kept
from probanda.index.queries import UnknownIdError
from probanda.index.supplements import supplements
from probanda.preserve.bundle.bag import require_free
from probanda.preserve.bundle.choose import Choice, Permission, choose
from probanda.preserve.bundle.compose import Made, Material, Sealed, Signing, write_bundle
from probanda.preserve.bundle.premis import OBJECTS_A_FILE
from probanda.preserve.bundle.source import log_lines, row_lines
from probanda.preserve.bundle.zipped import write_zip
from probanda.preserve.case_folder import MANIFEST
from probanda.preserve.errors import BundleError
from probanda.preserve.log import Draft
from probanda.preserve.regular import open_regular
from probanda.records.derivation import Derivation, parse_row
from probanda.records.entry import DISSEMINATION, Entry, parse_entry
from probanda.report.bundled import Versions, permission
from probanda.report.contents import Audience
from probanda.report.snapshot import Snapshot

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BundleReport:
    """`path` is the folder, `zipped` the ZIP beside it where one was asked for. `entry` is the number of the entry that
    recorded the handing on; `size` and `root` are those of the seal that the bundle's log ends with; `key` is the
    fingerprint of the key that signed, which its receiver has to get from elsewhere too; `anchors` names who stamped
    or cosigned the seal."""

    path: Path
    zipped: Path | None
    audience: Audience
    entry: int
    size: int
    root: str
    key: str
    made: Made
    anchors: tuple[str, ...]


class Bundles(Acting):
    """What an archive does to hand a case on."""

    def snapshot(self) -> Snapshot:
        raise NotImplementedError

    def bundle(
        self,
        out: Path,
        *,
        audience: Audience = "court",
        only: Collection[str] = (),
        names: bool = False,
        zipped: bool = False,
        reason: str | None = None,
        by: str | None = None,
        organization: str | None = None,
        objects_a_file: int = OBJECTS_A_FILE,
        progress: Progress | None = None,
    ) -> BundleReport:
        """Writes a bundle of the case to the folder `out`, and to `out`.zip where `zipped`. `only` are ids of items or
        their beginnings; none: every item that this audience may have. Raises `OutputTaken`, `BundleError`,
        `UnknownIdError`, `BlobCorrupt`, `KeyMissing`, `ReadOnlyCase`."""
        case = self.at_hand(writing=True)
        archive = out.with_name(out.name + ".zip")
        _require_outside(out, case.folder.path)
        for one in (out, archive) if zipped else (out,):
            require_free(one)
        snapshot = self.snapshot()
        wanted = _items(snapshot, only)
        allowed = permission(snapshot, audience, only=wanted, names=names, versions=_versions(case))
        agent = case.agent(by)
        left = _record(case, agent, audience, allowed, len(snapshot.items))
        seal = _seal(case)
        choice = _choose(case, allowed, seal.size)
        made = write_bundle(
            out, _material(case, seal), choice, allowed, _signing(case), _info(case, organization),
            objects_a_file=objects_a_file, progress=progress,
        )  # fmt: skip
        if zipped:
            write_zip(out, archive, progress)
        case.commit([Draft(DISSEMINATION, detail={"of": left.seq, "tagmanifest": made.tagmanifest})], agent)
        anchors = tuple(name for name, _ in (*seal.tokens, *seal.cosigned))
        return BundleReport(
            out, archive if zipped else None, audience, left.seq, seal.size, seal.root,
            case.folder.signer().fingerprint, made, anchors,
        )  # fmt: skip


def _require_outside(out: Path, case: Path) -> None:
    """A bundle inside the case folder would be taken for a part of it, and go along with every copy."""
    place, own = out.absolute().resolve(), case.absolute().resolve()
    if place == own or own in place.parents:
        raise BundleError(f"expected a place outside the case for the bundle, found {out} inside {case}; name another")


def _items(snapshot: Snapshot, only: Collection[str]) -> frozenset[str]:
    ids = [row.capture.id for row in snapshot.items]
    found = set()
    for asked in only:
        matching = [one for one in ids if one == asked or one.startswith(asked)]
        if len(matching) != 1 or not asked.startswith("capture:"):
            raise UnknownIdError(
                f"expected the id of an item (capture:...) or the beginning of just one, found {asked!r:.90}, which "
                f"fits {len(matching)} items; list them with: probanda items CASE"
            )
        found.add(matching[0])
    return frozenset(found)


def _versions(case: AtHand) -> Versions:
    return Versions(
        kept.incident_versions(case.alias),
        {one.id: (one.subject, one.object) for one in kept.relation_versions(case.alias)},
        (one.id for one in supplements(case.alias, case.folder.blobs.read)),
    )


def _record(case: AtHand, agent: str, audience: Audience, allowed: Permission, held: int) -> Entry:
    shown = len(allowed.captures)
    detail = {"way": "bundle", "audience": audience, "items": shown, "withheld": held - shown, "approval": None}
    [entry] = case.commit([Draft(DISSEMINATION, detail=detail)], agent)
    return entry


def _choose(case: AtHand, allowed: Permission, size: int) -> Choice:
    folder = case.folder

    def entries() -> Iterator[Entry]:
        return (parse_entry(line) for line in log_lines(folder.log.path, size))

    def rows(entry: Entry) -> Iterator[Derivation]:
        return (parse_row(line) for line in row_lines(folder.blobs, entry))

    return choose(entries, rows, folder.openings.value, allowed, has=folder.blobs.has)


def _material(case: AtHand, seal: Sealed) -> Material:
    folder = case.folder
    with open_regular(folder.path / MANIFEST) as file:
        manifest = file.read()
    public = folder.signer().public
    return Material(
        case=folder.id,
        manifest=manifest,
        lines=lambda: log_lines(folder.log.path, seal.size),
        blobs=folder.blobs,
        openings=folder.openings,
        rows=lambda entry: row_lines(folder.blobs, entry),
        seal=seal,
        public=public,
        vkey=_vkey(folder.id, public),
    )


def _signing(case: AtHand) -> Signing:
    signer = case.folder.signer()
    return Signing(lambda data: base64.b64decode(signer.sign(data)), lambda data: ())


def _info(case: AtHand, organization: str | None) -> Mapping[str, str]:
    told = {} if organization is None else {"Source-Organization": organization}
    return {
        **told,
        "External-Identifier": case.folder.id,
        "Bagging-Date": f"{case.clock():%Y-%m-%d}",
        "Bag-Software-Agent": f"Probanda {__version__}",
    }


def _origin(case: str) -> str:
    return "probanda/" + case.removeprefix("case:")


def _key_id(case: str, public: bytes) -> bytes:
    return hashlib.sha256(f"{_origin(case)}\n".encode() + b"\x01" + public).digest()[:4]


def _vkey(case: str, public: bytes) -> str:
    key = base64.b64encode(b"\x01" + public).decode("ascii")
    return f"{_origin(case)}+{_key_id(case, public).hex()}+{key}"


def _seal(case: AtHand) -> Sealed:
    """A signed checkpoint over the log as it is."""
    folder = case.folder
    size, root, signer = folder.log.size, folder.log.root(), folder.signer()
    text = f"{_origin(folder.id)}\n{size}\n{base64.b64encode(bytes.fromhex(root)).decode('ascii')}\n"
    signed = _key_id(folder.id, signer.public) + base64.b64decode(signer.sign(text.encode()))
    line = f"\u2014 {_origin(folder.id)} {base64.b64encode(signed).decode('ascii')}\n"
    return Sealed(size, root, f"{text}\n{line}".encode())
