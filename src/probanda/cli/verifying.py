"""Verification of a bundle for who received it: whose it is, what it shows and leaves out, and what nobody compared.

Guarantees: what the bundle says of itself is told as its saying; what was compared with nothing from elsewhere is
named, so that nobody takes a bundle for its owner's word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli.custody import say_checks, summary
from probanda.cli.output import FAILED, OK, USAGE, CommandError, Meter, say, say_json
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.preserve.stamped import ForeignAnchor
    from probanda.preserve.verify import VerifyReport

_CERTIFICATES_BYTES = 4 << 20


def pinned(key: str | None) -> str | None:
    """The fingerprint given with --key, however it is grouped. Raises `CommandError`."""
    if key is None:
        return None
    found = re.sub(r"[\s:]", "", key).lower().removeprefix("agent")
    if not re.fullmatch(r"[0-9a-f]{64}", found):
        raise CommandError(f"expected 64 hexadecimal digits for --key, found {key!r:.90}", USAGE)
    return found


def trusted(path: Path | None) -> bytes | None:
    """The certificates in the file given. Raises `CommandError`."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            data = file.read(_CERTIFICATES_BYTES + 1)
    except OSError as error:
        raise CommandError(f"expected certificates in {path}, found: {error.strerror}", USAGE) from error
    if b"-----BEGIN CERTIFICATE-----" not in data or len(data) > _CERTIFICATES_BYTES:
        raise CommandError(f"expected certificates in PEM in {path}, found something else", USAGE)
    return data


def kept(path: Path | None) -> bytes | None:
    """The checkpoint that was kept elsewhere. Raises `CommandError` where no file can be read; what it holds is for
    the checks."""
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return file.read(_CERTIFICATES_BYTES)
    except OSError as error:
        raise CommandError(f"expected a checkpoint in {path}, found: {error.strerror}", USAGE) from error


def bundle(
    path: Path, key: str | None, certificates: bytes | None, checkpoint: bytes | None = None, *, as_json: bool
) -> int:
    from probanda.preserve.verify import verify

    with Meter() as meter:
        report = verify(path, meter.show, pinned_key=key, certificates=certificates, pinned_checkpoint=checkpoint)
    if as_json:
        say_json({
            **to_json(report), "summary": summary(report.checks, ok=report.ok), "not_compared": not_compared(report),
        })  # fmt: skip
    else:
        say_whose(report)
        say_checks(report.checks)
        for line in not_compared(report):
            say(f"Not compared with anything from elsewhere: {line}")
        say(summary(report.checks, ok=report.ok))
    return OK if report.ok else FAILED


def say_whose(report: VerifyReport) -> None:
    """What the bundle says that it is."""
    if report.key is None:
        return
    say(f"A bundle of the case {report.title or 'without a title'} ({report.case})")
    say(f"  key {report.key}; log of {report.entries or 0} entries, root {report.root}")
    if report.bundle is not None:
        say(f"  for the audience: {report.bundle.audience}; items shown: {report.bundle.items}")
        for one in report.bundle.withheld:
            say(f"  withheld: {one.count} {one.what}: {one.reason}")
        for line in anchored(report.bundle.anchors):
            say(f"  {line}")


def anchored(anchors: Sequence[ForeignAnchor]) -> list[str]:
    """Who stamped the log's checkpoint, and by whose certificates that was checked."""
    lines = []
    for one in anchors:
        by = "certificates from elsewhere" if one.trusted else "the certificates that came with it"
        checked = f"its log stamped by {one.name} at {one.at}, by {by}"
        lines.append(checked if one.at else f"{one.name}: not checked: {one.reason}")
    return lines or ["its log stamped by nobody: its time is not proven"]


def not_compared(report: VerifyReport) -> list[str]:
    """What nothing that came from elsewhere speaks for."""
    outcomes = {check.name: check.outcome for check in report.checks}
    found = []
    if outcomes.get("key.pinned") != "holds":
        found.append("the key; ask its owner by another way and give it with --key")
    if outcomes.get("log.root") != "holds":
        found.append("the head of the log: entries after those in the bundle cannot be known of")
    if report.bundle is not None and any(one.at is not None and not one.trusted for one in report.bundle.anchors):
        found.append("the certificates of the time authorities; get them there and give them with --certificates")
    return found
