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
from typing import NoReturn

from probanda.preserve import acts, durable
from probanda.preserve.blobs import BlobStore
from probanda.preserve.errors import (
    BlobMissing,
    CaseError,
    HalfWrittenCase,
    KeyMissing,
    LogDamaged,
    NewerVersion,
    NotACase,
    NotEmpty,
    storing,
)
from probanda.preserve.keyring import Keyring
from probanda.preserve.keys import AGENT_PREFIX, Random, Signer
from probanda.preserve.log import Clock, Draft, Log, system_clock
from probanda.preserve.openings import Openings
from probanda.preserve.passphrases import NOBODY, Passphrases, require_passphrase, same
from probanda.preserve.regular import open_regular
from probanda.preserve.rotation import rotation
from probanda.preserve.second_key import SecondSigner, second_fingerprint
from probanda.records.canonical import CanonicalError, Json, canonical, parse_json
from probanda.records.entry import ROTATION, Entry, ObjectRef, format_time

MANIFEST = "probanda.json"
_MANIFEST_BYTES = 65_536  # more is no manifest of ours
_PARTS = ("blobs", "log", "private", "keys")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `probanda.json` says. `key` is the fingerprint of the case's key."""

    id: str
    title: str
    created: str
    key: str


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
    openings: Openings
    keyring: Keyring
    read_only: bool = False

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
) -> CaseFolder:
    """Makes an empty case in `folder`, which must be empty or not exist. `protected` gives its key a passphrase, which
    `passphrases` is asked for. A crash leaves a folder without `probanda.json`, which nothing takes for a case. Raises
    `NotEmpty`, `HalfWrittenCase`, `CaseError`, `ReadOnlyCase`, `StorageError`, `PassphraseMissing`."""
    if not title.strip():
        raise CaseError("expected a title for the case, found none; give one, such as --title 'Report of 2 March'")
    _require_empty(folder)
    if protected:  # asked for before anything is made
        passphrases = same(passphrases.new("the new case's key"))
        require_passphrase(passphrases.new(""), "the new case's key")
    keys, log_folder, private = folder / "keys", folder / "log", folder / "private"
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        log_folder.mkdir()
        keys.mkdir()
        private.mkdir(mode=0o700)
    BlobStore(folder / "blobs").create()
    keyring = Keyring(keys, passphrases=passphrases)
    signer = keyring.create(random, protected=protected)
    created = format_time(clock())
    openings = Openings(private / "openings.jsonl")
    log = Log(log_folder, openings=openings, lock=folder / "append.lock", clock=clock, random=random)
    [entry] = log.append([acts.creation(signer, title, agent_name, created, random(32).hex())], signer)
    manifest: dict[str, Json] = {
        "format": acts.FORMAT,
        "id": str(entry.detail["case"]),
        "title": title,
        "created": created,
        "key": signer.fingerprint,
    }
    with storing(folder):
        durable.place(folder / "README.txt", _readme(), "case", 0o644)
        for part in _PARTS:
            durable.fsync_folder(folder / part, "case")
        durable.place(folder / MANIFEST, canonical(manifest) + b"\n", "case", 0o644)
        durable.fsync_folder(folder.parent, "case")
    made = open_folder(folder, clock, random, passphrases=passphrases)
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
    opened, and not before. Raises `NotACase`, `HalfWrittenCase`,
    `NewerVersion`, `LogDamaged`, and `Locked` when a torn tail cannot be looked at."""
    manifest = read_manifest(folder)
    if read_only is None:
        read_only = not os.access(folder, os.W_OK) or not os.access(folder / "log", os.W_OK)
    openings = Openings(folder / "private" / "openings.jsonl")
    keyring = Keyring(folder / "keys", passphrases=passphrases, rotations=lambda: log.of_act(ROTATION))
    log = Log(
        folder / "log",
        openings=openings,
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
        title=manifest.title,
        created=manifest.created,
        key=manifest.key,
        blobs=BlobStore(folder / "blobs"),
        log=log,
        openings=openings,
        keyring=keyring,
        read_only=read_only,
    )


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


def read_manifest(folder: Path, name: str = MANIFEST) -> Manifest:
    """What `probanda.json` in `folder` says; in a bundle it has another `name`. Raises `NotACase`, `HalfWrittenCase`,
    `NewerVersion`."""
    path = folder / name
    try:
        with open_regular(path) as file:
            data = file.read(_MANIFEST_BYTES)
    except OSError as error:
        _explain_missing(folder, error)
    try:
        found = parse_json(data)
    except CanonicalError as error:
        raise NotACase(f"expected JSON in {path}, found: {error}. Restore it from a copy of the case") from error
    stated = found.get("format") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not isinstance(stated, str) or not stated.startswith("probanda-case/"):
        raise NotACase(f"expected the format {acts.FORMAT!r} in {path}, found {stated!r:.80}. This is no Probanda case")
    if stated != acts.FORMAT:
        raise NewerVersion(
            f"expected a case of the format {acts.FORMAT}, found {stated:.80}: a newer Probanda wrote it. Install that "
            "version or a later one; nothing was changed"
        )
    values = {name: found.get(name) for name in ("id", "title", "created", "key")}
    wrong = [name for name, value in values.items() if not isinstance(value, str)]
    if wrong:
        raise NotACase(f"expected text for {wrong[0]!r} in {path}, found {values[wrong[0]]!r:.80}")
    return Manifest(**{name: str(value) for name, value in values.items()})


def _explain_missing(folder: Path, error: OSError) -> NoReturn:
    if not folder.is_dir():
        what = "something that is no folder" if folder.exists() else "nothing"
        raise NotACase(f"expected a case folder at {folder}, found {what}; make one with: probanda init") from error
    if isinstance(error, PermissionError):
        raise NotACase(f"expected to read {folder / MANIFEST}, found: {error.strerror}; ask its owner") from error
    if any((folder / part).exists() for part in ("log", "keys")):
        raise HalfWrittenCase(
            f"expected {MANIFEST} in {folder}, found a case folder without it: the making of this case stopped before "
            "its end, or the file was taken away. If it was never used, remove the folder and run init again; if it "
            f"was used, restore {MANIFEST} from a copy (the log and the blobs are not touched by this)"
        ) from error
    raise NotACase(
        f"expected {MANIFEST} in {folder}, found a folder without it. Make a case with: probanda init {folder}"
    ) from error


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


def _readme() -> bytes:
    return files("probanda.preserve").joinpath("case-readme.txt").read_bytes()
