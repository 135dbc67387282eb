"""Handing a case on: permission, an entry that says so, a seal, the bundle, and an entry that says which it was.

Guarantees: what leaves is recorded before it leaves, in the log that the bundle itself holds; the bundle's own log ends
at the seal made for it; after it stands under its name, the log names it by the digest of its tag manifest. Where it
cannot be written, the first entry stays and nothing claims that a bundle exists. What may be shown is decided by
`report.bundled`; how it is written by `preserve.bundle`. Who asks the time authorities is an argument.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from probanda import __version__
from probanda.acting import AtHand
from probanda.collect.post import Post, PostError
from probanda.index import incidents as kept
from probanda.index import queries
from probanda.index.acts import entries_of
from probanda.index.queries import UnknownIdError
from probanda.index.supplements import supplements
from probanda.outgoing import WaysOut
from probanda.preserve import acts
from probanda.preserve.anchor import AnchorError
from probanda.preserve.bundle.bag import require_free
from probanda.preserve.bundle.choose import Choice, Permission, choose
from probanda.preserve.bundle.compose import Made, Material, Sealed, Signing, write_bundle
from probanda.preserve.bundle.premis import OBJECTS_A_FILE
from probanda.preserve.bundle.source import log_lines, rows_of
from probanda.preserve.bundle.zipped import write_zip
from probanda.preserve.checkpoint import log_key
from probanda.preserve.deletions import Deletions, deletion_entries
from probanda.preserve.errors import BundleError, PreserveError, ReadOnlyCase, StorageError
from probanda.preserve.log import Draft
from probanda.preserve.manifest import MANIFEST
from probanda.preserve.regular import open_regular
from probanda.records.derivation import Derivation, parse_row
from probanda.records.entry import DISSEMINATION, SETTINGS, Entry, parse_entry
from probanda.records.settings import Settings, parse_settings
from probanda.report.bundled import Versions, permission
from probanda.report.contents import Audience
from probanda.report.snapshot import Snapshot
from probanda.sealing import SealReport, Seals, ask, seals_of, settings_of

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BundleReport:
    """`path` is the folder, `zipped` the ZIP beside it where one was asked for. `entry` is the number of the entry that
    recorded the handing on; `size` and `root` are those of the seal that the bundle's log ends with; `key` is the
    fingerprint of the key that signed, which its receiver has to get from elsewhere too; `anchors` names who stamped
    or cosigned the seal, `failures` who did not, or not the tag manifest, and why; `met`: whether the seal has as many
    anchors as the case asks for."""

    path: Path
    zipped: Path | None
    audience: Audience
    entry: int
    size: int
    root: str
    key: str
    made: Made
    anchors: tuple[str, ...]
    failures: tuple[tuple[str, str], ...]
    met: bool


class Bundles(Seals, WaysOut):
    """What an archive does to hand a case on."""

    def snapshot(self) -> Snapshot:
        raise NotImplementedError

    def bundle(
        self,
        out: Path,
        post: Post | None = None,
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
        """Writes a bundle of the case to the folder `out`, and to `out`.zip where `zipped`. `post` asks the time
        authorities of the settings; `None`: nobody is asked. `only` are ids of items or their beginnings; none: every
        item that this audience may have. Raises what `permit` and `seal` raise, `OutputTaken`, `BundleError`,
        `BlobCorrupt`, `ReadOnlyCase`."""
        archive = out.with_name(out.name + ".zip")
        case = self.at_hand(writing=True)
        _require_outside(out, case.folder.path)
        for one in (out, archive) if zipped else (out,):
            require_free(one)
        wanted = _items(case, only)
        if not self.anchoring().met:
            self.seal(post, by=by)  # else the gate is shut for what this very bundle is about to seal
        permit = self.permit("bundle", audience, only=wanted, by=by, reason=reason)
        if permit.entry is None:
            raise ReadOnlyCase(f"expected to record in {case.folder.path} what leaves it, found no key to sign with")
        agent = permit.by
        sealed = self.seal(post, by=agent)
        case = self.at_hand(writing=True)
        # Asked after the seal, which may wait long for others: what was protected meanwhile stays in.
        allowed = permission(self.snapshot(), audience, permit.captures, _versions(case), names=names)
        settings = settings_of(case)[0]
        stamping = _Stamping(case, post, settings)
        signer = case.folder.signer()
        signing = Signing(lambda data: base64.b64decode(signer.sign(data)), stamping.stamp)
        deletions = Deletions(deletion_entries(case.folder.log.path), case.folder.blobs.read, case.folder.openings)
        try:
            choice = _choose(case, allowed, deletions, sealed.size)
            made = write_bundle(
                out, _material(case, deletions, sealed), choice, allowed, signing,
                _info(case, organization), objects_a_file=objects_a_file, progress=progress,
            )  # fmt: skip
        except PreserveError as error:
            _not_written(case, permit.entry, agent, str(error))
            raise
        drafts = [acts.failure(DISSEMINATION, why, name=name) for name, why in stamping.failures]
        self.left(permit, tagmanifest=made.tagmanifest)
        case.commit(drafts, agent)
        if zipped:
            write_zip(out, archive, progress)  # the bundle stands already, whatever becomes of its ZIP
        return BundleReport(
            out, archive if zipped else None, audience, permit.entry, sealed.size, sealed.root, signer.fingerprint,
            made, tuple(name for name, _ in sealed.anchors), (*sealed.failures, *stamping.failures), sealed.met,
        )  # fmt: skip


def _not_written(case: AtHand, left: int, agent: str, reason: str) -> None:
    """Says in the log that what was about to leave did not; where the disk does not even take that, the entry that
    names no tag manifest says it."""
    draft = Draft(DISSEMINATION, outcome="failure", detail={"of": left}, committed_values={"reason": reason})
    with suppress(StorageError):
        case.folder.append([draft], agent)  # the index takes it in when there is room for it


def _require_outside(out: Path, case: Path) -> None:
    """A bundle inside the case folder would be taken for a part of it, and go along with every copy."""
    place, own = out.absolute().resolve(), case.absolute().resolve()
    if place == own or own in place.parents:
        raise BundleError(f"expected a place outside the case for the bundle, found {out} inside {case}; name another")


def _items(case: AtHand, only: Collection[str]) -> frozenset[str] | None:
    """The ids of the items asked for; `None`: every one."""
    ids = [one.id for one in queries.captures(case.alias)] if only else []
    found = set()
    for asked in only:
        matching = [one for one in ids if one == asked or one.startswith(asked)]
        if len(matching) != 1 or not asked.startswith("capture:"):
            raise UnknownIdError(
                f"expected the id of an item (capture:...) or the beginning of just one, found {asked!r:.90}, which "
                f"fits {len(matching)} items; list them with: probanda items CASE"
            )
        found.add(matching[0])
    return frozenset(found) if only else None


def _versions(case: AtHand) -> Versions:
    return Versions(
        kept.incident_versions(case.alias),
        {one.id: (one.subject, one.object) for one in kept.relation_versions(case.alias)},
        (one.id for one in supplements(case.alias, case.folder.blobs.read)),
    )


def _choose(case: AtHand, allowed: Permission, deletions: Deletions, size: int) -> Choice:
    folder = case.folder

    def entries() -> Iterator[Entry]:
        return (parse_entry(line) for line in log_lines(folder.log.path, size))

    def rows(entry: Entry) -> Iterator[Derivation | None]:
        found = rows_of(folder.blobs, deletions, entry)
        return (None if row.line is None else parse_row(row.line) for row in found)

    return choose(
        entries, rows, folder.openings.value, allowed, has=folder.blobs.has, deleted=deletions.captures.keys()
    )


def _sealed(case: AtHand, sealed: SealReport) -> tuple[Sealed, list[Sealed]]:
    """The seal just made, and those before it, one for each size, with the stamps that the bundle's own log names."""
    read = case.folder.blobs.read
    found: dict[int, Sealed] = {}
    # What another process sealed or stamped meanwhile stands in entries that the bundle has not.
    for seal in seals_of(case, lambda one: one.seq < sealed.size or one.checkpoint.size == sealed.size):
        note = read(seal.note.sha256)
        made = Sealed(
            seal.checkpoint.size,
            seal.checkpoint.root.hex(),
            note,
            [(stamp.name, read(stamp.blob.sha256)) for stamp in seal.stamps if stamp.kind == "time stamp"],
            [(stamp.name, read(stamp.blob.sha256)) for stamp in seal.stamps if stamp.kind == "cosignature"],
        )
        known = found.get(made.size)
        if known is None or note == sealed.note or len(made.tokens) > len(known.tokens):
            found[made.size] = made
    last = found.pop(sealed.size)
    return last, [found[size] for size in sorted(found)]


def _material(case: AtHand, deletions: Deletions, sealed: SealReport) -> Material:
    folder = case.folder
    with open_regular(folder.path / MANIFEST) as file:
        manifest = file.read()
    public = folder.signer().public
    last, earlier = _sealed(case, sealed)
    return Material(
        case=folder.id,
        manifest=manifest,
        lines=lambda: log_lines(folder.log.path, last.size),
        blobs=folder.blobs,
        openings=folder.openings,
        rows=lambda entry: rows_of(folder.blobs, deletions, entry),
        seal=last,
        public=public,
        vkey=log_key(folder.id, public).vkey,
        earlier=earlier,
        certificates=_certificates(case),
    )


def _certificates(case: AtHand) -> Mapping[str, str]:
    """By the name of each authority that the case ever named, all that it ever trusted for it: earlier seals are
    stamped under earlier settings."""
    found: dict[str, str] = {}
    for entry in entries_of(case.alias, case.truth, SETTINGS):
        for blob in entry.blobs("settings"):
            for one in parse_settings(case.truth.read(blob.sha256)).authorities:
                known = found.get(one.name, "")
                if one.certificates.strip() not in known:
                    found[one.name] = f"{known}{one.certificates.strip()}\n"
    return found


class _Stamping:
    """Asks every authority of the settings for a stamp over the tag manifest; who does not answer is remembered."""

    def __init__(self, case: AtHand, post: Post | None, settings: Settings | None) -> None:
        self._case, self._post = case, post
        self._authorities = settings.authorities if settings else ()
        self.failures: list[tuple[str, str]] = []

    def stamp(self, data: bytes) -> list[tuple[str, bytes]]:
        found = []
        for one in self._authorities if self._post else ():
            assert self._post is not None
            try:
                response, _ = ask(self._case, self._post, one, hashlib.sha256(data).digest())
            except (PostError, AnchorError) as error:
                self.failures.append((one.name, str(error)))
            else:
                found.append((one.name, response))
        return found


def _info(case: AtHand, organization: str | None) -> Mapping[str, str]:
    told = {} if organization is None else {"Source-Organization": organization}
    return {
        **told,
        "External-Identifier": case.folder.id,
        "Bagging-Date": f"{case.clock():%Y-%m-%d}",
        "Bag-Software-Agent": f"Probanda {__version__}",
    }
