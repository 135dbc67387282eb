"""`probanda.json`: what a folder is (spec/case-folder.md).

Guarantees: what is no case of this format is named as what it is: `NotACase`, `HalfWrittenCase`, `NewerVersion`. At
most 64 KiB are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from probanda.preserve import acts
from probanda.preserve.errors import HalfWrittenCase, NewerVersion, NotACase
from probanda.preserve.regular import open_regular
from probanda.records.canonical import CanonicalError, parse_json

MANIFEST = "probanda.json"
_MANIFEST_BYTES = 65_536  # more is no manifest of ours


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `probanda.json` says. `key` is the fingerprint of the case's first key. `recipient` is the age recipient of
    an encrypted case, whose `title` is empty here and stands in the openings; `None`: it is kept in clear."""

    id: str
    title: str
    created: str
    key: str
    recipient: str | None = None


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
    encryption = found.get("encryption")
    recipient = encryption.get("recipient") if isinstance(encryption, dict) else None
    if encryption is not None and not isinstance(recipient, str):
        raise NotACase(f"expected an age recipient in `encryption` of {path}, found {encryption!r:.80}")
    stands = {name: str(value) for name, value in values.items()}
    return Manifest(**stands, recipient=recipient if isinstance(recipient, str) else None)


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
