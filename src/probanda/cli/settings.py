"""settings: what the case asks for before anything counts as anchored or may leave it.

Guarantees: an option changes what it names and nothing else; settings that nothing could meet are refused, and nothing
is changed then. Each change needs a reason and is a signed entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_json
from probanda.records.codec import to_json
from probanda.records.settings import WAYS, Authority, Settings, Way, Witness, extractors_of

if TYPE_CHECKING:
    from probanda.archive import Archive

_UNITS = {"m": 60, "h": 3600, "d": 86_400}
_CERTIFICATES_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed; `None` and empty: it stays as it is."""

    authorities: tuple[str, ...] = ()
    certificates: tuple[Path, ...] = ()
    witnesses: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    min_anchors: int | None = None
    max_age: str | None = None
    approval: str | None = None
    second_key: bool | None = None


def settings(case: Path, wanted: Wanted, reason: str | None, *, as_json: bool) -> int:
    if wanted == Wanted():
        if reason is not None:
            raise CommandError("expected something to change beside --reason, found nothing", USAGE)
        with opened(case, read_only=True) as archive:
            found = archive.settings()
    else:
        if reason is None:
            raise CommandError("settings: expected --reason with what is changed, found none", USAGE)
        reason = asked.text("--reason", reason)
        authorities, witnesses = _authorities(wanted), _witnesses(wanted)
        age, ways = _age(wanted.max_age), _ways(wanted.approval)
        with opened(case) as archive:
            found = _assign(archive, archive.settings(), wanted, authorities, witnesses, age, ways, reason)
    if as_json:
        say_json({"settings": None if found is None else to_json(found)})
    else:
        _say(found)
    return OK


def _assign(
    archive: Archive,
    old: Settings | None,
    wanted: Wanted,
    authorities: list[Authority],
    witnesses: list[Witness],
    age: int | None,
    ways: tuple[Way, ...],
    reason: str,
) -> Settings:
    known = [one.name for one in old.authorities] + [one.name for one in old.witnesses] if old else []
    unknown = [name for name in wanted.without if name not in known]
    if unknown:
        raise CommandError(f"--without: expected an authority or witness of the case, found {unknown[0]!r:.80}", USAGE)
    gone = {*wanted.without, *(one.name for one in authorities), *(one.name for one in witnesses)}
    all_authorities = [*(one for one in (old.authorities if old else ()) if one.name not in gone), *authorities]
    all_witnesses = [*(one for one in (old.witnesses if old else ()) if one.name not in gone), *witnesses]
    least = wanted.min_anchors if wanted.min_anchors is not None else old.min_anchors if old else 0
    many = len(all_authorities) + len(all_witnesses)
    if least > many:
        raise CommandError(
            f"expected a minimum of at most {many} anchors, as so many authorities and witnesses are named, found "
            f"{least}; name more, or give a smaller --min-anchors. Nothing was changed",
            USAGE,
        )
    second = old.second_key if old else None
    if wanted.second_key is not None:
        second = (second or archive.create_second_key().setting) if wanted.second_key else None
    try:
        return archive.assign_settings(
            reason,
            authorities=tuple(all_authorities),
            witnesses=tuple(all_witnesses),
            min_anchors=least,
            max_age_s=age if wanted.max_age is not None else old.max_age_s if old else None,
            approval=ways if wanted.approval is not None else old.approval if old else (),
            second_key=second,
        )
    except ValueError as error:
        raise CommandError(f"{error}. Nothing was changed", USAGE) from error


def _authorities(wanted: Wanted) -> list[Authority]:
    from probanda.preserve.anchor import AnchorError, load_certificates

    if len(wanted.authorities) != len(wanted.certificates):
        raise CommandError(
            f"expected a --certificates FILE for each --authority, found {len(wanted.certificates)} for "
            f"{len(wanted.authorities)}: without its root nobody can tell its stamps from others",
            USAGE,
        )
    found = []
    for typed, file in zip(wanted.authorities, wanted.certificates, strict=True):
        name, url = _pair("--authority", typed, "NAME=URL")
        try:
            with file.open("rb") as opened_file:
                pem = opened_file.read(_CERTIFICATES_BYTES).decode("ascii", "replace")
            if not any(one.issuer == one.subject for one in load_certificates(pem)):
                raise AnchorError(f"expected the root (a self-signed certificate) of {name!r:.80} in it, found none")
            found.append(Authority(name, url, pem))
        except OSError as error:
            raise CommandError(f"--certificates: expected a file at {file}, found: {error.strerror}", USAGE) from error
        except ValueError as error:
            raise CommandError(f"--certificates {file}: {error}", USAGE) from error
    return found


def _witnesses(wanted: Wanted) -> list[Witness]:
    from probanda.preserve.note import COSIGNATURE_ED25519, COSIGNATURE_MLDSA44, NoteError, parse_vkey

    found = []
    for typed in wanted.witnesses:
        name, vkey = _pair("--witness", typed, "NAME=VKEY")
        try:
            key = parse_vkey(vkey)
            if key.algorithm not in (COSIGNATURE_ED25519, COSIGNATURE_MLDSA44):
                raise NoteError(f"expected a key that cosigns (type 0x04 or 0x06), found type 0x{key.algorithm:02x}")
        except NoteError as error:
            raise CommandError(f"--witness: {error}", USAGE) from error
        found.append(Witness(name, key.vkey))
    return found


def _pair(option: str, typed: str, form: str) -> tuple[str, str]:
    name, equals, value = asked.text(option, typed).partition("=")
    if not equals or not name.strip() or not value.strip():
        raise CommandError(f"{option}: expected {form}, found {typed!r:.120}", USAGE)
    return name.strip(), value.strip()


def _age(typed: str | None) -> int | None:
    if typed is None or typed == "none":
        return None
    found = re.fullmatch(r"([1-9][0-9]{0,6})([mhd])", typed)
    if found is None:
        raise CommandError(f"--max-age: expected a number of m, h or d (24h) or none, found {typed!r:.40}", USAGE)
    return int(found[1]) * _UNITS[found[2]]


def _ways(typed: str | None) -> tuple[Way, ...]:
    if typed is None or typed == "none":
        return ()
    ways = tuple(dict.fromkeys(part.strip() for part in typed.split(",")))
    for way in ways:
        asked.one_of("--approval", way, WAYS)
    return cast("tuple[Way, ...]", ways)


def _say(found: Settings | None) -> None:
    if found is None:
        say("No settings: no anchor is asked for, and no way out needs a second person.")
        return
    say(f"Settings since {found.at}: {found.reason}")
    for authority in found.authorities:
        say(f"  time authority {authority.name}: {authority.url}")
    for witness in found.witnesses:
        say(f"  witness {witness.name}: {witness.vkey:.100}")
    age = "at any time" if found.max_age_s is None else f"at most {_told(found.max_age_s)} after an entry"
    say(f"  anchors asked for: {found.min_anchors}, {age}")
    say(f"  a second person approves: {', '.join(found.approval) or 'nothing'}")
    asked = extractors_of(found)
    if asked is not None:
        say(f"  extractors asked beside the rules: {', '.join(asked.names) or 'none'}")
    say(f"  second signature (ML-DSA-44): {'yes' if found.second_key else 'no'}")


def _told(seconds: int) -> str:
    unit = next(unit for unit in ("d", "h", "m") if seconds % _UNITS[unit] == 0) if seconds % 60 == 0 else ""
    return f"{seconds // _UNITS[unit]}{unit}" if unit else f"{seconds} s"
