"""Single stamps of a seal: is this one genuine, over these bytes, by whom the entry says.

Guarantees: a stamp that `good` returned names in the entry exactly what it shows; every other one has told a tally why.
Who is trusted comes from the settings that the log had assigned before, never from the stamp. Whether the certificates
that the settings name are the authority's own is asked once more with those that the verifier brought along
(`time.pinned`): who makes up a whole case can make up an authority too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

from probanda.preserve.anchor import Algorithm, AnchorError, check, check_digest
from probanda.preserve.blobs import BlobRef
from probanda.preserve.cosignature import cosigned_at
from probanda.preserve.note import NoteError, parse_note, parse_vkey
from probanda.preserve.regular import open_regular
from probanda.preserve.renewal import digests
from probanda.preserve.seals import Seal, Stamp
from probanda.preserve.verify.checks import Tallies
from probanda.records.codec import RecordError
from probanda.records.entry import format_time
from probanda.records.settings import Settings

MAX_FILE_BYTES: Final = 4 * 1024 * 1024  # of what lies beside a bundle's log; arbitrary
Read = Callable[[str], bytes]  # a blob by its name; raises OSError, RecordError


class Stamps:
    """Looks at the stamps of one log. `brought` are certificates (PEM) that the verifier has from elsewhere."""

    def __init__(self, tallies: Tallies, read: Read, path: Callable[[str], Path], brought: bytes | None) -> None:
        self._tallies = tallies
        self._read = read
        self._path = path
        self._brought = brought.decode("utf-8", "replace") if brought else None
        self._signers: dict[tuple[str, str], str] = {}  # note and key -> the name under which it stamped
        self.compared = 0
        self.foreign: dict[str, str] = {}

    def good(
        self, where: str, seal: Seal, stamp: Stamp, note: bytes, settings: Settings | None, *, hidden: bool
    ) -> bool:
        """Whether the stamp is what the entry says; `hidden`: what the entry names may be missing."""
        name = "checkpoints.signed" if stamp.kind == "cosignature" else "time.tokens"
        tally = self._tallies[name]
        tally.count()
        try:
            data = self._read(stamp.blob.sha256)
            if stamp.kind == "cosignature":
                found, signer = _cosignature(stamp, data, note, settings)
            else:
                found, signer = self._token(seal, stamp, data, note, settings)
            if found != (stamp.at, stamp.until):
                raise RecordError(f"the entry says {stamp.at} and {stamp.until}, the stamp {found[0]} and {found[1]}")
            other = self._signers.setdefault((seal.note.sha256, signer), stamp.name)
            if other != stamp.name:
                raise RecordError(f"the key that stamped it stamps for {other!r:.80} too: two names for one anchor")
        except OSError as error:
            if hidden:
                return False
            tally.fail(f"{where}: the {stamp.kind} of {stamp.name!r:.80} cannot be read: {error.strerror}")
            return False
        except (AnchorError, NoteError, RecordError) as error:
            tally.fail(f"{where}: the {stamp.kind} of {stamp.name!r:.80}: {error}")
            return False
        return True

    def _token(
        self, seal: Seal, stamp: Stamp, data: bytes, note: bytes, settings: Settings | None
    ) -> tuple[tuple[str, str | None], str]:
        known = next((one for one in settings.authorities if one.name == stamp.name), None) if settings else None
        if known is None:
            raise RecordError("no settings before it name such an authority")
        digest, algorithm = hashlib.sha256(note).digest(), _algorithm(stamp)
        if stamp.kind == "renewal time stamp":
            if seal.renewal is None:
                raise RecordError("the entry names no renewal that it could be over")
            with open_regular(self._path(seal.renewal.sha256)) as file:
                digest = bytes.fromhex(digests(file).sha512)
        anchor = check_digest(data, digest, known.certificates, algorithm=algorithm)
        self._compare(stamp.name, data, digest, algorithm)
        return (format_time(anchor.at), format_time(anchor.until)), anchor.signer

    def beside(self, anchors: Path, note: bytes, settings: Settings | None) -> Iterator[Stamp]:
        """The stamps of a bundle's last seal, which lie as files in `anchors`: those that hold."""
        yield from self._files(anchors, "checkpoint", note, settings)
        if settings is not None:
            for path in sorted(anchors.glob("checkpoint.*.note")):
                yield from self._cosigned(path, note, settings)
        try:
            listed = _bytes(anchors.parent / "tagmanifest-sha256.txt")
        except OSError:
            return  # for the checks of a bundle to tell
        for _ in self._files(anchors, "tagmanifest", listed, settings):
            pass  # it shows when the bundle existed, and nothing of the entries

    def certificates(self, anchors: Path, trusted: Collection[str]) -> None:
        """Whether the certificates that lie in `anchors`, for stock tools and outside every list, are those that the
        settings name (`trusted`, of each authority)."""
        for path in sorted(anchors.glob("*.pem")):
            if not path.name.startswith("log.") and _text(path) not in trusted:
                self._tallies["time.tokens"].fail(f"anchors/{path.name:.120}: the settings name no such certificates")

    def _files(self, anchors: Path, of: str, over: bytes, settings: Settings | None) -> Iterator[Stamp]:
        """The time stamps in `anchors` over what `of` names. Authorities are the
        settings', or where settings are not shown those whose certificates lie beside the stamps."""
        known = [(one.name, one.certificates) for one in settings.authorities] if settings else []
        for path in () if known else sorted(anchors.glob("*.pem")):
            if not path.name.startswith("log."):
                known.append((path.stem, _text(path)))
        tally = self._tallies["time.tokens"]
        for path in sorted(anchors.glob(f"{of}.*.tsr")):
            tally.count()
            reason = "no time authority is known here"
            for name, certificates in known:
                try:
                    data = _bytes(path)
                    anchor = check(data, over, certificates)
                except (AnchorError, OSError) as error:
                    reason = str(error)
                    continue
                self._compare(name, data, hashlib.sha256(over).digest(), "sha256")
                yield Stamp("time stamp", name, _ref(data), format_time(anchor.at), format_time(anchor.until))
                break
            else:
                tally.fail(f"anchors/{path.name:.120}: {reason}")

    def _cosigned(self, path: Path, note: bytes, settings: Settings) -> Iterator[Stamp]:
        tally = self._tallies["checkpoints.signed"]
        tally.count()
        try:
            data = _bytes(path)
            cosigned = parse_note(data)
            times = [(one.name, cosigned_at(cosigned, parse_vkey(one.vkey))) for one in settings.witnesses]
            if cosigned.text != parse_note(note).text:
                raise NoteError("it is a cosignature on another checkpoint")
        except (NoteError, OSError) as error:
            tally.fail(f"anchors/{path.name:.120}: {error}")
            return
        found = [Stamp("cosignature", name, _ref(data), format_time(at)) for name, at in times if at is not None]
        if not found:
            tally.fail(f"anchors/{path.name:.120}: no cosignature by a witness of the settings")
        yield from found

    def _compare(self, name: str, data: bytes, digest: bytes, algorithm: Algorithm) -> None:
        """With the certificates that the verifier brought along."""
        if self._brought is not None:
            self.compared += 1
            try:
                check_digest(data, digest, self._brought, algorithm=algorithm)
            except AnchorError as error:
                self.foreign.setdefault(name, str(error))


def _ref(data: bytes) -> BlobRef:
    return BlobRef(hashlib.sha256(data).hexdigest(), len(data))


def _bytes(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(MAX_FILE_BYTES)


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8", "replace")
    except OSError:
        return ""


def _algorithm(stamp: Stamp) -> Algorithm:
    return "sha512" if stamp.kind == "renewal time stamp" else "sha256"


def _cosignature(
    stamp: Stamp, data: bytes, note: bytes, settings: Settings | None
) -> tuple[tuple[str, str | None], str]:
    witness = next((one for one in settings.witnesses if one.name == stamp.name), None) if settings else None
    if witness is None:
        raise RecordError("no settings before it name such a witness")
    key, cosigned = parse_vkey(witness.vkey), parse_note(data)
    if cosigned.text != parse_note(note).text:
        raise RecordError("it is a cosignature on another checkpoint")
    at = cosigned_at(cosigned, key)
    if at is None:
        raise RecordError("the note has no line by this witness's key")
    return (format_time(at), None), hashlib.sha256(key.public).hexdigest()
