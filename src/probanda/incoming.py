"""Another organisation's bundle comes into a case: checked first, kept with its log and keys, its items as captures.

Guarantees: nothing of a bundle that fails a check is kept but a `failure` entry that names the checks; a good one is
told before its items, and each item names it, so that what came from another stays known as theirs. Their protection is
taken over exactly as it is in force there. What they derived, judged and recorded stays in their log, which is kept to
the byte, and counts nowhere as ours. Order: the blobs, then the transfer's entry, then the items in batches; what a
crash leaves shows no item without its transfer, and the same import again completes it. Once the log that was kept is
shown to be the one that was checked, items are read from the copy that is kept, so that whoever can write to the bundle
meanwhile changes nothing. Refuses: a bundle that is in
already, a bundle of this very case, and one whose log is not what an earlier bundle of that case shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from probanda import __version__
from probanda.acting import Acting, AtHand
from probanda.index import queries
from probanda.index.acts import entries_of
from probanda.preserve import acts, captures, transfer
from probanda.preserve.blobs import BlobRef
from probanda.preserve.checkpoint import origin_of
from probanda.preserve.errors import PreserveError, SourceError
from probanda.preserve.foreign import stated_origin
from probanda.preserve.keys import fingerprint, read_public_pem
from probanda.preserve.lock import held
from probanda.preserve.log import Draft
from probanda.preserve.openings import MAX_LINE_BYTES, Opening, Openings, parse_opening
from probanda.preserve.protections import protection_of
from probanda.preserve.regular import lines, open_regular
from probanda.preserve.stamped import foreign_anchors
from probanda.preserve.transfer import ForeignLog, Kept, Transfer
from probanda.preserve.verify import OpenedBundle, VerifyReport, opened_bundle, verify_opened
from probanda.preserve.verify.checks import Tally
from probanda.preserve.verify.withheld import read_withheld
from probanda.records.capture import Capture
from probanda.records.deletion import deleted_of
from probanda.records.entry import INGESTION, PROTECTION, SALT_BYTES, TRANSFER, Agent
from probanda.records.protection import Protection

Progress = Callable[[str, int, int], None]
_SOFTWARE = Agent(f"software:probanda {__version__}", "executing program")
_BATCH = 64  # items in one append; arbitrary, as in intake
_OPENINGS = 500  # in one append; arbitrary
_MAX_FILE = 64 << 20  # of a small foreign file read whole


class ImportRefused(PreserveError):  # noqa: N818
    """A bundle was not taken in. `checks` names those that do not hold."""

    def __init__(self, message: str, checks: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.checks = checks


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`captures` are the ids of the items that came in with this run, `already` how many had come in before it was
    interrupted; `checked` is what verification said of the bundle."""

    transfer: Transfer
    captures: tuple[str, ...]
    already: int
    checked: VerifyReport


@dataclass(frozen=True, slots=True)
class _Item:
    """An item that the bundle shows."""

    capture: Capture
    protection: Protection


class Transfers(Acting):
    """What an archive does to take in what others hand over."""

    def import_bundle(
        self,
        bundle: Path,
        *,
        by: str | None = None,
        key: str | None = None,
        certificates: bytes | None = None,
        again: bool = False,
        scratch: Path | None = None,
        progress: Progress | None = None,
    ) -> ImportReport:
        """Takes in the bundle, a folder or its ZIP. `key` is the fingerprint of its log's key and `certificates` those
        of its time authorities, both got by another way; `again` takes in once more what is in already. Raises
        `ImportRefused`, `KeyMissing`, `ReadOnlyCase`."""
        case, told = self.at_hand(writing=True), progress or _silent
        with opened_bundle(bundle, scratch, told) as opened:
            checked = verify_opened(opened, told, pinned_key=key, certificates=certificates)
            if not checked.ok:
                self._refuse(case, bundle, checked)
            found = _Found(opened.folder)
            before = self.transfers()
            self._fits(case, bundle, checked, found, before)
            same = [one for one in before if one.tagmanifest == found.tagmanifest]
            open_ = next((one for one in same if _came(case, one) < one.items), None)
            if same and open_ is None and not again:
                raise ImportRefused(
                    f"the bundle is in this case already, as entry {same[-1].seq} of {same[-1].time}; to take its "
                    "items in once more, say --again"
                )
            agent = case.agent(by)
            said = open_ or _enter(case, agent, opened, checked, found, certificates, key is not None, told)
            found.read_from(_kept_log(case, said), checked)
            done = _done(case, said)
            made = _take(case, agent, found, said, done, told)
        return ImportReport(said, tuple(made), len(done), checked)

    def transfers(self) -> tuple[Transfer, ...]:
        """Every bundle that came in, in the order of the log."""
        case = self.at_hand(writing=False)
        found = entries_of(case.alias, case.truth, TRANSFER)
        return tuple(transfer.transfer_of(entry, case.folder.openings) for entry in found)

    def _refuse(self, case: AtHand, bundle: Path, checked: VerifyReport) -> None:
        """Records that the bundle was refused, and raises."""
        named = [f"{one.name} ({one.reason})" for one in checked.checks if one.outcome == "fails"]
        failed = checked.failed
        reason = "; ".join(named or failed)
        case.commit([acts.failure(TRANSFER, f"{reason:.4000}", name=bundle.name, agents=_agents(case.folder.agent))])
        raise ImportRefused(
            f"the bundle does not hold: {', '.join(failed)}. Nothing of it was taken in, and the log says so; see why "
            f"with: probanda verify {bundle}",
            failed,
        )

    def _fits(
        self, case: AtHand, bundle: Path, checked: VerifyReport, found: _Found, before: tuple[Transfer, ...]
    ) -> None:
        """Whether the bundle may come into this case beside what came before. Raises `ImportRefused`."""
        if checked.case == case.folder.id:
            raise ImportRefused("the bundle is one of this very case, so there is nothing in it to take in")
        for one in before:
            if one.case != checked.case:
                continue
            earlier, later = sorted((one.size, found.size))
            theirs = found.root_at(earlier) if one.size == earlier else found.root
            ours = one.root if one.size == earlier else _kept_root(case, one, earlier)
            if theirs != ours:
                reason = (
                    f"imports.intact: the bundle that came in as entry {one.seq} shows another history of the same "
                    f"case: the root over {earlier} entries was {ours}, and in a log of {later} it is {theirs}"
                )
                case.commit([acts.failure(TRANSFER, reason, name=bundle.name, agents=_agents(case.folder.agent))])
                raise ImportRefused(
                    f"{reason}. Their log was rewritten, or one of the two bundles is not theirs. Nothing was taken in",
                    ("imports.intact",),
                )


class _Found:
    """An opened bundle whose checks hold: its log, what it shows, and the files that are kept of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.openings = Openings(folder / "data" / "log" / "openings.jsonl")
        self._log = folder / "data" / "log" / "entries.jsonl"
        log = ForeignLog(self._log)
        self.size, self.root = log.size, log.root
        self._withheld = read_withheld(folder / "data" / "withheld.json", Tally("")).entries
        self.tagmanifest = hashlib.sha256(_bytes(folder / "tagmanifest-sha256.txt")).hexdigest()

    def read_from(self, kept: Path, checked: VerifyReport) -> None:
        """From now on the items are those of the log that was kept. Raises `ImportRefused` where that is not the log
        that was checked."""
        again = ForeignLog(kept)
        if (again.size, again.root) != (checked.entries, checked.root):
            raise ImportRefused(
                f"expected the log that was checked, of {checked.entries} entries with the root {checked.root}, found "
                f"one of {again.size} with {again.root}: the bundle changed while it was taken in. No item came in; "
                "import it again from where nobody else writes"
            )
        self._log = kept

    def root_at(self, size: int) -> str:
        return ForeignLog(self._log, {size}).roots.get(size, "")

    def items(self) -> Iterator[_Item]:
        """The items shown, in the order of their log, protected as is in force there at its end."""
        log = ForeignLog(self._log)
        changed = _changes(log)
        for entry in log.entries():
            if entry.act != INGESTION or entry.outcome != "success" or entry.seq in self._withheld:
                continue
            capture = captures.capture_of(entry, self.openings)
            if capture is not None:
                yield _Item(capture, changed.get(capture.id, capture.protection))

    def path(self, sha256: str) -> Path:
        return self.folder / "data" / "objects" / "sha256" / sha256[:2] / sha256

    def kept(self) -> list[tuple[str, str, Path]]:
        """Name, role and place of every file that is kept of the bundle, sorted."""
        names = sorted(path.relative_to(self.folder).as_posix() for path in self._all())
        return [(name, role, self.folder / name) for name in names if (role := transfer.role_of(name)) is not None]

    def _all(self) -> Iterator[Path]:
        for top in ("data/log", "data/keys", "data/checkpoints", "anchors"):
            yield from (path for path in (self.folder / top).rglob("*") if path.is_file())
        for name in ("data/case.json", "data/withheld.json", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
            yield self.folder / name


def _enter(
    case: AtHand, agent: str, opened: OpenedBundle, checked: VerifyReport, found: _Found, certificates: bytes | None,
    compared: bool, told: Progress,
) -> Transfer:  # fmt: skip
    """Everything of the bundle becomes durable, then the entry that says so."""
    items = _put_items(case, found, told)
    _take_openings(case, found.openings.path)
    kept = _put_files(case, found)
    found.read_from(case.folder.blobs.path(next(one.sha256 for one in kept if one.role == transfer.LOG)), checked)
    listed = case.folder.blobs.put(transfer.encode_list(kept))
    said = Transfer(
        seq=-1, time="", case=str(checked.case), origin=origin_of(str(checked.case)), size=found.size, root=found.root,
        key=_log_key(opened.folder), key_compared=compared, tagmanifest=found.tagmanifest, items=items,
        audience=checked.bundle.audience if checked.bundle else "", title=checked.title,
        anchors=foreign_anchors(opened.folder, certificates),
    )  # fmt: skip
    [entry] = case.commit([transfer.transfer(said, kept, listed, _agents(agent))], agent)
    return transfer.transfer_of(entry, case.folder.openings)


def _put_items(case: AtHand, found: _Found, told: Progress) -> int:
    """Makes the bytes of every item durable and counts them. Raises `ImportRefused` where they are others than those
    that were checked a moment ago."""
    items, count = found.items(), 0
    while batch := list(islice(items, _BATCH)):
        _put(case, [(found.path(one.capture.blob), one.capture.blob) for one in batch])
        count += len(batch)
        told("preserving", count, 0)
    return count


def _put_files(case: AtHand, found: _Found) -> list[Kept]:
    files = found.kept()
    refs = _put(case, [(path, None) for _, _, path in files])
    return [Kept(name, role, ref.sha256, ref.size) for (name, role, _), ref in zip(files, refs, strict=True)]


def _take_openings(case: AtHand, path: Path) -> None:
    """Their openings, which were checked, beside ours; those that an interrupted import left are there already."""
    waiting: list[Opening] = []
    with open_regular(path) as file:
        for line, _, _ in lines(file, MAX_LINE_BYTES):
            opening = parse_opening(line or b"")
            if case.folder.openings.find(opening.commitment) is None:
                waiting.append(opening)
            if len(waiting) >= _OPENINGS:
                _append(case, waiting)
    _append(case, waiting)


def _append(case: AtHand, waiting: list[Opening]) -> None:
    with held(case.truth.lock):
        case.folder.openings.append(waiting)
    waiting.clear()


def _put(case: AtHand, files: list[tuple[Path, str | None]]) -> list[BlobRef]:
    refs = []
    for (path, expected), ref in zip(files, case.folder.blobs.put_many([path for path, _ in files]), strict=True):
        if isinstance(ref, SourceError):
            raise ImportRefused(f"{ref}. The bundle changed while it was taken in; nothing was, try again") from ref
        if expected is not None and ref.sha256 != expected:
            raise ImportRefused(f"expected {expected} in {path.name}, found {ref.sha256}: the bundle changed meanwhile")
        refs.append(ref)
    return refs


def _take(
    case: AtHand, agent: str, found: _Found, said: Transfer, done: Mapping[int, str], told: Progress
) -> list[str]:
    """The items that are not in yet, each as a capture of its own."""
    items = (one for one in found.items() if one.capture.seq not in done)
    made: list[str] = []
    while batch := list(islice(items, _BATCH)):
        _put(case, [(found.path(one.capture.blob), one.capture.blob) for one in batch])  # of a run that was interrupted
        entries = case.commit([_draft(case, agent, said, one) for one in batch], agent)
        made += [str(entry.detail["capture"]) for entry in entries]
        told("taking in", len(done) + len(made), said.items)
    return made


def _draft(case: AtHand, agent: str, said: Transfer, item: _Item) -> Draft:
    theirs = item.capture
    return captures.ingestion(
        BlobRef(theirs.blob, theirs.size),
        nonce=case.random(32).hex(),
        salt=case.random(SALT_BYTES),
        name=theirs.name,
        source=theirs.source,
        note=theirs.note,
        published=theirs.published,
        media_type=theirs.media_type_given,
        protection=item.protection,
        origin=transfer.origin(said, theirs.seq, theirs.id),
        agents=_agents(agent),
    )


def _done(case: AtHand, said: Transfer) -> dict[int, str]:
    """Numbers of the foreign entries whose items are in, with the ids of our captures."""
    found = {}
    for capture in queries.captures(case.alias):
        origin = capture.extra.get("origin")
        if deleted_of(capture) is not None:  # it came in and went: it is not missing
            origin = stated_origin(next(case.truth.entries(capture.seq)), case.folder.openings.value)
        came = transfer.came_with(origin)
        if came is not None and came[0] == said.seq:
            found[came[1]] = capture.id
    return found


def _came(case: AtHand, said: Transfer) -> int:
    return len(_done(case, said))


def _kept_root(case: AtHand, said: Transfer, size: int) -> str:
    """The root over the first `size` entries of a log that came in before."""
    return ForeignLog(_kept_log(case, said), {size}).roots.get(size, "")


def _kept_log(case: AtHand, said: Transfer) -> Path:
    entry = next(case.truth.entries(said.seq))
    return case.folder.blobs.path(transfer.blob_with(entry, transfer.LOG).sha256)


def _changes(log: ForeignLog) -> dict[str, Protection]:
    """By capture, the protection that the last change there put in force."""
    found = {}
    for entry in log.entries():
        if entry.act == PROTECTION and entry.outcome == "success":
            capture, protection = protection_of(entry)
            found[capture] = protection
    return found


def _log_key(folder: Path) -> str:
    return fingerprint(read_public_pem(_bytes(folder / "anchors" / "log.pub.pem")))


def _agents(agent: str) -> tuple[Agent, ...]:
    return (Agent(agent, "implementer"), _SOFTWARE)


def _bytes(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(_MAX_FILE)


def _silent(stage: str, done: int, total: int) -> None:
    """Nobody watches."""
