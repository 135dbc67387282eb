"""The case folder on the disk (spec/case-folder.md): made once, opened many times.

Guarantees: `probanda.json` is written last and whole, so a folder that has it is a complete case; making a case never
writes over anything; opening changes nothing but a torn log tail. Errors name what was expected, what was found and
what to do: `NotACase`, `HalfWrittenCase`, `NewerVersion`, `NotEmpty`, and `ReadOnlyCase` on an attempt to write.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from probanda.preserve import acts, durable
from probanda.preserve.at_rest import CLEAR
from probanda.preserve.blobs import BlobStore
from probanda.preserve.errors import (
    BlobMissing,
    CaseError,
    HalfWrittenCase,
    KeyMissing,
    LogDamaged,
    NotEmpty,
    storing,
)
from probanda.preserve.keyring import Keyring
from probanda.preserve.keys import AGENT_PREFIX, Random, Signer
from probanda.preserve.log import Clock, Draft, Log, system_clock
from probanda.preserve.manifest import MANIFEST, read_manifest
from probanda.preserve.openings import Openings
from probanda.preserve.passphrases import NOBODY, Passphrases, require_passphrase, same
from probanda.preserve.private import Private, create_private, open_private, openings_of
from probanda.preserve.rotation import rotation
from probanda.preserve.sealed import pyrage
from probanda.preserve.second_key import SecondSigner, second_fingerprint
from probanda.records.canonical import Json, canonical
from probanda.records.entry import ROTATION, Entry, ObjectRef, format_time

_PARTS = ("blobs", "log", "private", "keys")


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """An open case. `agent` is the agent id of the person who made it, who acts unless another is named; `key` is the
    fingerprint of the case's first key, and `keyring.in_force(agent)` that of the key in force."""

    path: Path
    id: str
    title: str
    created: str
    key: str
    blobs: BlobStore
    log: Log
    private: Private
    keyring: Keyring
    read_only: bool = False

    @property
    def openings(self) -> Openings:
        return self.private.openings

    @property
    def agent(self) -> str:
        return f"agent:{self.key}"

    @property
    def key_in_force(self) -> str:
        """The fingerprint of the case's key that signs now."""
        return self.keyring.in_force(self.agent)

    @property
    def run_lock(self) -> Path:
        return self.path / "run.lock"

    def signer(self, agent: str | None = None) -> Signer:
        """The key in force of an agent of this case. Raises `KeyMissing`, `PassphraseMissing`, `WrongPassphrase`, and
        `ValueError` for what is no agent id."""
        return self.keyring.signer(agent or self.agent)

    def second_signer(self, setting: str) -> SecondSigner:
        """The key of which `setting` is the public half (`Settings.second_key`). Raises as `signer`."""
        return self.keyring.second_signer(second_fingerprint(setting))

    def append(self, drafts: Sequence[Draft], agent: str | None = None) -> list[Entry]:
        """`Log.append`, signed by `agent`'s key in force (default: the case's). Raises `BlobMissing` too: an entry
        never names a blob that a deletion took out between its keeping and this."""
        self.signer(agent)  # what a person has to be asked for is asked before the lock is taken
        return self.log.append(drafts, lambda: self.signer(agent), lambda: self._require_blobs(drafts))

    def _require_blobs(self, drafts: Sequence[Draft]) -> None:
        for draft in drafts:
            for ref in draft.objects:
                if isinstance(ref, ObjectRef) and not self.blobs.has(ref.sha256):
                    raise BlobMissing(
                        f"expected the blob {ref.sha256} of an act {draft.act!r}, found none: the same bytes were "
                        "deleted from this case at this moment. Nothing was written; run the same command again"
                    )


def create(
    folder: Path,
    title: str,
    agent_name: str,
    clock: Clock = system_clock,
    random: Random = os.urandom,
    *,
    passphrases: Passphrases = NOBODY,
    protected: bool = False,
    encrypted: bool = False,
) -> CaseFolder:
    """Makes an empty case in `folder`, which must be empty or not exist. `protected` gives its key a passphrase,
    `encrypted` seals whatever is private to the case to an identity with a passphrase (spec/keys.md); `passphrases` is
    asked for it. A crash leaves a folder without `probanda.json`, which nothing takes for a case. Raises `NotEmpty`,
    `HalfWrittenCase`, `CaseError`, `ReadOnlyCase`, `StorageError`, `PassphraseMissing`, `EncryptionMissing`."""
    if not title.strip():
        raise CaseError("expected a title for the case, found none; give one, such as --title 'Report of 2 March'")
    _require_empty(folder)
    asked = passphrases
    if protected or encrypted:  # asked for, and what is lacking found, before anything is made
        asked = same(require_passphrase(passphrases.new("the new case"), "the new case").decode("utf-8"))
    if encrypted:
        pyrage()
    keys, log_folder, private = folder / "keys", folder / "log", folder / "private"
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        log_folder.mkdir()
        keys.mkdir()
        private.mkdir(mode=0o700)
    BlobStore(folder / "blobs").create()
    kept = create_private(private, asked, random) if encrypted else Private(CLEAR, openings_of(private), None)
    keyring = Keyring(keys, passphrases=asked, at_rest=kept.at_rest)
    signer = keyring.create(random, protected=protected)
    created = format_time(clock())
    log = Log(log_folder, openings=kept.openings, lock=folder / "append.lock", clock=clock, random=random)
    recipient = kept.sealed.recipient if kept.sealed else None
    [entry] = log.append([acts.creation(signer, title, agent_name, created, random(32).hex(), recipient)], signer)
    manifest: dict[str, Json] = {
        "format": acts.FORMAT,
        "id": str(entry.detail["case"]),
        "title": "" if recipient else title,
        "created": created,
        "key": signer.fingerprint,
        **({"encryption": {"recipient": recipient}} if recipient else {}),
    }
    with storing(folder):
        durable.place(folder / "README.txt", _readme(encrypted=encrypted), "case", 0o644)
        for part in _PARTS:
            durable.fsync_folder(folder / part, "case")
        durable.place(folder / MANIFEST, canonical(manifest) + b"\n", "case", 0o644)
        durable.fsync_folder(folder.parent, "case")
    made = _opened(folder, kept, clock, random, passphrases, read_only=False)
    made.keyring.know(signer)
    return made


def open_folder(
    folder: Path,
    clock: Clock = system_clock,
    random: Random = os.urandom,
    *,
    read_only: bool | None = None,
    passphrases: Passphrases = NOBODY,
) -> CaseFolder:
    """The case in `folder`. `read_only` of `None` means: find out. `passphrases` are asked for when a key has to be
    opened, for an encrypted case at once, before anything is changed. Raises `NotACase`, `HalfWrittenCase`,
    `NewerVersion`, `LogDamaged`, `Locked` when a torn tail cannot be looked at, and as `private.open_private`."""
    kept = open_private(folder / "private", read_manifest(folder).recipient, passphrases)
    if read_only is None:
        read_only = not os.access(folder, os.W_OK) or not os.access(folder / "log", os.W_OK)
    return _opened(folder, kept, clock, random, passphrases, read_only=read_only)


def _opened(
    folder: Path, kept: Private, clock: Clock, random: Random, passphrases: Passphrases, *, read_only: bool
) -> CaseFolder:
    manifest = read_manifest(folder)
    keyring = Keyring(
        folder / "keys",
        passphrases=passphrases,
        at_rest=kept.at_rest,
        rotations=lambda: log.of_act(ROTATION),
    )
    log = Log(
        folder / "log",
        openings=kept.openings,
        lock=folder / "append.lock",
        signer=lambda: keyring.signer(AGENT_PREFIX + manifest.key),
        clock=clock,
        random=random,
        read_only=read_only,
    )
    if log.size == 0:  # else the next act would begin another history under the name of this case
        raise LogDamaged(
            f"expected at least the entry of the case's creation in {log.path}, found none: the log was taken away or "
            "emptied. Nothing was changed; restore the log from a copy of the case"
        )
    return CaseFolder(
        path=folder,
        id=manifest.id,
        title=_title(log, kept) if kept.sealed else manifest.title,
        created=manifest.created,
        key=manifest.key,
        blobs=BlobStore(folder / "blobs"),
        log=log,
        private=kept,
        keyring=keyring,
        read_only=read_only,
    )


def _title(log: Log, kept: Private) -> str:
    """Of an encrypted case: `probanda.json` does not say it."""
    return str(kept.openings.value(next(log.entries()).committed.get("title")) or "")


def register_agent(case: CaseFolder, name: str, random: Random = os.urandom) -> Signer:
    """Gives a further person a key of their own, with a passphrase where the case's key has one, and the log its public
    half, signed by the case's key. A crash between the two leaves a key that the log does not know and `verify` does
    not accept. Raises as `Log.append`."""
    case.signer()  # a case whose key cannot be opened gets no new person
    signer = case.keyring.create(random, protected=case.keyring.protected(case.key_in_force) is True)
    case.append([acts.registration(signer, name)])
    return signer


def rotate_key(
    case: CaseFolder, agent: str, reason: str, since: str | None = None, random: Random = os.urandom
) -> Entry:
    """Gives `agent` a new key in the place of the one in force, which signs the rotation and nothing after it. The new
    key has a passphrase where the old one has. A crash leaves the old key in force or the new one. Raises `ValueError`
    for what the act refuses, and as `Log.append`."""
    old = case.signer(agent)
    rotation(case.id, old, old, reason, since)  # what does not fit leaves no new key behind
    new = case.keyring.create(random, protected=case.keyring.protected(old.fingerprint) is True, agent=agent)

    def set_aside() -> Signer:
        if case.keyring.in_force(agent) != old.fingerprint:
            raise KeyMissing(
                f"expected the key {old.fingerprint} to be in force, found that another process has rotated it. "
                "Nothing was changed; look with: probanda key list"
            )
        case.keyring.retire(old.fingerprint)
        return old

    [entry] = case.log.append([rotation(case.id, old, new, reason, since)], set_aside)
    return entry


def _require_empty(folder: Path) -> None:
    with storing(folder):
        if not os.path.lexists(folder):
            return
        if not folder.is_dir():
            raise NotEmpty(f"expected a free place for a new case, found a file at {folder}. Name another place")
        names = sorted(entry.name for entry in folder.iterdir())
    if MANIFEST in names:
        raise NotEmpty(f"there is a case in {folder} already; it was left as it is. Name another place for a new one")
    if "log" in names or "keys" in names:
        raise HalfWrittenCase(
            f"expected an empty folder at {folder}, found a case whose making stopped before its end. If it was never "
            "used, remove the folder and run init again"
        )
    if names:
        raise NotEmpty(f"expected an empty folder for a new case, found {len(names)} things in {folder} ({names[0]!r})")


def _readme(*, encrypted: bool) -> bytes:
    texts = ("case-readme.txt", "case-readme-encrypted.txt") if encrypted else ("case-readme.txt",)
    return b"".join(files("probanda.preserve").joinpath(name).read_bytes() for name in texts)
