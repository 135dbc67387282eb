"""Verification of a case folder or a bundle, from its files alone.

Guarantees: every check of `checks.NAMES`, and of a bundle `BUNDLE_NAMES` too, is answered, none stops another, and
nothing in the folder, however hostile, raises or makes memory grow beyond a fixed amount for each entry and blob.
Refuses to claim what a folder cannot show: without a key or a log head kept elsewhere `key.pinned` and `log.root` are
*unproven*, and so is the time where nobody stamped it. Depends on records, the standard library, cryptography and
rfc3161-client only, so that it can be lifted out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from probanda.preserve.acts import case_id
from probanda.preserve.errors import CaseError, PreserveError
from probanda.preserve.keys import read_public_pem
from probanda.preserve.log import system_clock
from probanda.preserve.manifest import Manifest, read_manifest
from probanda.preserve.openings import Openings
from probanda.preserve.regular import open_regular
from probanda.preserve.verify.bag import check_layout
from probanda.preserve.verify.checks import BUNDLE_NAMES, NAMES, Check, Outcome, Tallies, VerifyReport
from probanda.preserve.verify.foreseen import Foreseen
from probanda.preserve.verify.pinned import Pinned
from probanda.preserve.verify.places import Places, bundle_places, case_places
from probanda.preserve.verify.walk import Ground, Walk
from probanda.preserve.verify.walk_blobs import check_blobs
from probanda.preserve.verify.walk_bundle import Bundle, OpenedBundle, is_bundle, opened_bundle
from probanda.preserve.verify.walk_deletions import DeletionWalk
from probanda.preserve.verify.walk_imports import Imports
from probanda.preserve.verify.walk_log import LogWalk, Progress, good_openings
from probanda.preserve.verify.walk_material import Material
from probanda.preserve.verify.walk_protections import Protections
from probanda.preserve.verify.walk_seals import SealWalk
from probanda.preserve.verify.walk_ways import Ways
from probanda.preserve.verify.withheld import read_withheld
from probanda.records.entry import Entry

__all__ = [
    "BUNDLE_NAMES",
    "NAMES",
    "Check",
    "OpenedBundle",
    "Outcome",
    "Progress",
    "VerifyReport",
    "is_bundle",
    "leading",
    "opened_bundle",
    "verify",
    "verify_opened",
]

_PEM_BYTES = 4096


@dataclass(frozen=True, slots=True)
class _Asked:
    """What who verifies brings along."""

    told: Progress
    pinned_key: str | None
    pinned_root: tuple[int, str] | None
    certificates: bytes | None
    openings: Openings | None = None
    checkpoint: bytes | None = None
    now: datetime = field(default_factory=system_clock)


def verify(
    folder: Path,
    progress: Progress | None = None,
    *,
    pinned_key: str | None = None,
    pinned_root: tuple[int, str] | None = None,
    certificates: bytes | None = None,
    pinned_checkpoint: bytes | None = None,
    now: datetime | None = None,
    scratch: Path | None = None,
    openings: Openings | None = None,
) -> VerifyReport:
    """Checks the case in `folder`, or the bundle that it is (a folder or its ZIP), and changes nothing.
    `progress(stage, done, total)` counts bytes. `pinned_key` is the case key's fingerprint and `pinned_root` a number
    of entries with their root (hexadecimal), both as they were kept outside this folder; `certificates` are those of
    time authorities (PEM), from elsewhere too, and so is `pinned_checkpoint`, a signed note. `now` decides which
    stamps have lapsed, `None`: by this machine's clock. A ZIP is unpacked in `scratch` (default: where the system keeps
    such) and removed. `openings` are those of an encrypted case whose passphrase is at hand; without, they count as
    withheld. Never raises for what it finds in the folder."""
    asked = _Asked(
        progress or _silent, pinned_key, pinned_root, certificates, openings, pinned_checkpoint, now or system_clock()
    )
    if is_bundle(folder):
        with opened_bundle(folder, scratch, asked.told) as opened:
            return _bundle(opened, asked)
    tallies, places = Tallies(), case_places(folder)
    return _check(places, tallies, asked)


def verify_opened(
    opened: OpenedBundle,
    progress: Progress | None = None,
    *,
    pinned_key: str | None = None,
    certificates: bytes | None = None,
) -> VerifyReport:
    """`verify` for a bundle that somebody opened, who wants to read on in what was checked."""
    return _bundle(opened, _Asked(progress or _silent, pinned_key, None, certificates))


def _bundle(opened: OpenedBundle, asked: _Asked) -> VerifyReport:
    """The checks of a bundle over those of its log."""
    tallies = Tallies((*BUNDLE_NAMES, *NAMES))
    for reason in opened.wrong.reasons:
        tallies["bundle.layout"].fail(reason)
    bag = check_layout(opened.folder, tallies)
    if not bag.sound:
        return _nothing(tallies, "there is no bundle here whose files could be looked at")
    stated = read_withheld(opened.folder / "data" / "withheld.json", tallies["bundle.withheld"])
    places = bundle_places(opened.folder, stated.entries)
    return _check(places, tallies, asked, lambda ground: Bundle(ground, opened.folder, bag, stated))


def _nothing(tallies: Tallies, reason: str) -> VerifyReport:
    tallies.not_run(("",), reason)
    return VerifyReport(tallies.checks(), ok=False, case=None, title=None, key=None, entries=None, root=None)


def _check(
    places: Places, tallies: Tallies, asked: _Asked, around: Callable[[Ground], Bundle] | None = None
) -> VerifyReport:
    """All checks of one log, and of the bundle around it where there is one."""
    manifest = _manifest(places, tallies)
    held = asked.openings or Openings(places.openings)
    openings, pinned = good_openings(held, tallies), Pinned(asked.checkpoint, tallies)
    log = LogWalk(places, tallies, openings, pinned.root or asked.pinned_root)
    foreseen = Foreseen(places, tallies, openings)
    material = Material(places, tallies, log.persons, openings, foreseen)
    deletions = DeletionWalk(places, tallies, foreseen, openings, held, material.leads_to)
    ground = Ground(places, tallies, log, asked.now, asked.certificates, material.sizes, held, foreseen)
    bundle = around(ground) if around else None
    walks: list[Walk] = [material, deletions, *walks_over(ground), *([bundle] if bundle else [])]
    for entry in log.entries(asked.told):
        for walk in walks:
            walk.see(entry)
    for walk in walks:
        walk.close()
    pinned.settle(log)
    _identity(held, manifest, log.creation, tallies)
    _key(places, manifest, log, asked.pinned_key, tallies)
    _hash(places, tallies, material, asked.told)
    facts = bundle.settle(asked.told) if bundle else None
    checks = tallies.checks()
    return VerifyReport(
        checks=checks,
        ok=all(check.outcome in ("holds", "unproven") for check in checks),
        case=manifest.id if manifest else None,
        title=manifest.title if manifest else None,
        key=manifest.key if manifest else None,
        entries=log.size or None,
        root=log.tree.root().hex() if log.size else None,
        bundle=facts,
    )


def leading(folder: Path, openings: Openings | None = None) -> Callable[[str], bool]:
    """Whether an entry of the case in `folder` leads to a blob, as `blobs.unreferenced` counts it; `openings` as in
    `verify`."""
    places, tallies = case_places(folder), Tallies()
    held = openings or Openings(places.openings)
    opened = good_openings(held, tallies)
    log = LogWalk(places, tallies, opened, None)
    foreseen = Foreseen(places, tallies, opened)
    material = Material(places, tallies, log.persons, opened, foreseen)
    ground = Ground(places, tallies, log, system_clock(), None, material.sizes, held, foreseen)
    walks: list[Walk] = [material, *walks_over(ground)]
    for entry in log.entries(_silent):
        for walk in walks:
            walk.see(entry)
    return lambda sha256: bytes.fromhex(sha256) in material.sizes


def walks_over(ground: Ground) -> list[Walk]:
    """The walks over a log beside that over its material, each in a module of its own."""
    return [Imports(ground), Protections(ground.tallies), SealWalk(ground), Ways(ground)]


def _manifest(places: Places, tallies: Tallies) -> Manifest | None:
    tally = tallies["case.format"]
    tally.count()
    try:
        return read_manifest(places.manifest.parent, places.manifest.name)
    except CaseError as error:
        tally.fail(str(error))
        return None


def _identity(openings: Openings, manifest: Manifest | None, creation: Entry | None, tallies: Tallies) -> None:
    """Whether probanda.json says what the first entry says; else a case could be passed off under another name."""
    tally = tallies["case.identity"]
    if manifest is None or creation is None:
        tally.decide("not_run", "probanda.json or the first entry could not be read")
        return
    tally.count()
    detail = creation.detail
    stated = {"id": detail.get("case"), "created": detail.get("created"), "key": detail.get("key")}
    stated["recipient"] = detail.get("recipient")  # else who changes it could read what is sealed from then on
    for name, value in stated.items():
        if getattr(manifest, name) != value:
            tally.fail(f"{name}: probanda.json says {getattr(manifest, name)!r:.90}, the first entry {value!r:.90}")
    derived = case_id(str(detail.get("created")), str(detail.get("key")), str(detail.get("nonce")))
    if detail.get("case") != derived:
        tally.fail(f"expected the case id {derived} from the first entry, found {detail.get('case')!r:.90}")
    try:
        title = openings.value(creation.committed.get("title"))
    except (PreserveError, OSError, ValueError):
        title = None
    if manifest.recipient is not None:
        if manifest.title:
            tally.fail(f"title: expected none in clear in an encrypted case, found {manifest.title!r:.90}")
    elif title is not None and title != manifest.title:
        tally.fail(f"title: probanda.json says {manifest.title!r:.90}, the first entry commits to {title!r:.90}")


def _key(places: Places, manifest: Manifest | None, walk: LogWalk, pinned: str | None, tallies: Tallies) -> None:
    tally = tallies["key.agreement"]
    if walk.creation is None:
        tally.fail("expected the case's key in the first entry, found none")
    for name, public in walk.keys.items():
        try:
            with open_regular(places.keys / f"{name}.pub.pem") as file:
                found = read_public_pem(file.read(_PEM_BYTES))
        except (OSError, ValueError) as error:
            tally.fail(f"expected the public key {name} in keys/, found: {error}")
            continue
        if found != public:
            tally.fail(f"keys/{name}.pub.pem holds another key than the log")
    own = walk.creation.signature.key if walk.creation else manifest.key if manifest else None
    tally = tallies["key.pinned"]
    if pinned is None:
        tally.decide(
            "unproven", f"the case's key is {own or 'unknown'}; compare it with what its owner told you by another way"
        )
    elif pinned != own:
        tally.fail(f"expected the key {pinned:.64}, found {own or 'none'}")
    else:
        tally.decide("holds", "the case's key is the one given")


def _hash(places: Places, tallies: Tallies, material: Material, told: Progress) -> None:
    total, done = material.bytes_named, 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        told("blobs", done, max(total, done))

    also = None if places.whole else tallies["bundle.manifest"]
    check_blobs(places.blobs, tallies, material.sizes, advance, also)


def _silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""
