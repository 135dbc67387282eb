"""What a bundle says it leaves out: `data/withheld.json` (spec/bundle.md).

Guarantees: an entry is left out by its number and with a reason, once; whatever in the file has not that form is told
and counts as not said. Refuses a file of more than 64 MiB: a verifier's memory must not depend on the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from probanda.preserve.regular import open_regular
from probanda.preserve.verify.checks import Count, Tally
from probanda.records.canonical import CanonicalError, Json, parse_json

MAX_BYTES: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Stated:
    audience: str = ""
    entries: Mapping[int, str] = field(default_factory=dict)
    counts: tuple[Count, ...] = ()


def read_withheld(path: Path, tally: Tally) -> Stated:
    """What the file says, as far as it says it in its form."""
    try:
        with open_regular(path) as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES} bytes")
        found = parse_json(data)
    except OSError as error:
        tally.fail(f"expected data/{path.name}, found: {error.strerror}")
        return Stated()
    except (CanonicalError, ValueError) as error:
        tally.fail(f"expected JSON in data/{path.name}, found: {error}")
        return Stated()
    if not isinstance(found, dict):
        tally.fail(f"expected an object in data/{path.name}, found something else")
        return Stated()
    audience = found.get("audience")
    if not isinstance(audience, str) or not audience:
        tally.fail(f"expected an audience in data/{path.name}, found {audience!r:.40}")
        audience = ""
    return Stated(audience, _entries(found.get("entries"), tally), _counts(found.get("counts"), tally))


def _entries(value: Json, tally: Tally) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for one in value if isinstance(value, list) else [value]:
        tally.count()
        seq, reason = (one.get("seq"), one.get("reason")) if isinstance(one, dict) else (None, None)
        if type(seq) is not int or seq < 0 or not isinstance(reason, str) or not reason.strip() or seq in found:
            tally.fail(f"expected entries of one number and one reason each in withheld.json, found {one!r:.120}")
            continue
        found[seq] = reason
    return found


def _counts(value: Json, tally: Tally) -> tuple[Count, ...]:
    found = []
    for one in value if isinstance(value, list) else [value]:
        what, reason, count = (
            (one.get(key) for key in ("what", "reason", "count")) if isinstance(one, dict) else [0] * 3
        )
        if not isinstance(what, str) or not isinstance(reason, str) or type(count) is not int or count < 0:
            tally.fail(f"expected counts of one kind, reason and number each in withheld.json, found {one!r:.120}")
            continue
        found.append(Count(what, reason, count))
    return tuple(found)
