"""A case with a log of any length, made fast: every entry is chained and signed, every opening gives its commitment.

Not by the write path, which waits for the disk: in one process, about ten thousand entries a second. Each entry is the
ingestion of an item that is not public, with a name and bytes that only openings show; the bytes are those of one small
file, so that the disk holds one blob. `verify` finds what it finds in a case that was written item by item.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from pathlib import Path

from probanda.archive import Archive
from probanda.preserve.openings import seal
from probanda.records.canonical import Json, canonical
from probanda.records.capture import committed_capture_id
from probanda.records.codec import to_json
from probanda.records.entry import SIGNATURE_CONTEXT
from probanda.records.protection import Protection

_BUFFERED = 5_000  # lines written at once


def write_long_log(folder: Path, entries: int, say: Callable[[str], None]) -> Path:
    """A case in `folder`/case whose log has `entries` entries."""
    case = folder / "case"
    (folder / "one.txt").write_bytes(b"the bytes of every item of this case\n")
    with Archive.create(case, "Measured", "Measurer") as archive:
        archive.add([folder / "one.txt"])
        signer = archive.case.signer()
    log, openings = case / "log" / "entries.jsonl", case / "private" / "openings.jsonl"
    written = log.read_bytes().splitlines()
    template = json.loads(written[-1])
    blob = next(one["value"] for one in map(json.loads, openings.read_bytes().splitlines()) if "sha256" in str(one))
    before, chance = hashlib.sha256(b"\0" + written[-1]).hexdigest(), random.Random(5)
    with log.open("ab") as lines, openings.open("ab") as opened:
        ahead: list[bytes] = []
        values: list[bytes] = []
        for seq in range(len(written), entries):
            item, shown = _item(template, blob, f"{seq:08}.txt", chance)
            del item["signature"]
            item |= {"seq": seq, "prev": before}
            value = signer.sign(SIGNATURE_CONTEXT + _plain(item))
            line = _plain({**item, "signature": {"key": signer.fingerprint, "value": value}})
            before = hashlib.sha256(b"\0" + line).hexdigest()
            ahead.append(line + b"\n")
            values += shown
            if len(ahead) == _BUFFERED or seq == entries - 1:
                opened.writelines(values)
                lines.writelines(ahead)
                ahead, values = [], []
                if seq % 100_000 < _BUFFERED:
                    say(f"{seq + 1:,} entries are written")
    return case


def _item(
    template: dict[str, Json], blob: Json, name: str, chance: random.Random
) -> tuple[dict[str, Json], list[bytes]]:
    """An ingestion like the template, of an item of its own, and the lines of its openings."""
    named, outcome = seal(name, chance.randbytes(32)), seal(blob, chance.randbytes(32))
    nonce = chance.randbytes(32).hex()
    protection = Protection()
    capture = committed_capture_id(
        committed=outcome.commitment, published=None, media_type=None, protection=protection, nonce=nonce
    )
    detail = {
        "capture": capture, "media_type": None, "nonce": nonce, "protection": to_json(protection), "published": None
    }  # fmt: skip
    entry = {
        **template,
        "detail": detail,
        "committed": {"name": named.commitment},
        "objects": [{"committed": outcome.commitment, "role": "outcome"}],
    }
    return entry, [canonical(to_json(one)) + b"\n" for one in (named, outcome)]


def _plain(value: object) -> bytes:
    """Canonical JSON of what holds ASCII and whole numbers only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode("ascii")
