"""Treaties that may concern a weapon, and whether a State was bound on a day: information, and no finding.

Guarantees: a treaty binds a State only from the day on which it entered into force for it; the answer says up to which
day the table knows, and after that day says what it knew then and that the rest is not known. Whether words in a report
name such a weapon rightly, whether it was used, by whom, and whether that breached anything is not said here.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from probanda.codes.tables import rows

Standing = Literal["party", "not_party", "party_then", "not_party_then", "not_in_force", "unknown"]
_WHOLE = 5  # letters; below, too many words begin so; arbitrary
_WORDS: dict[Standing, str] = {
    "party": "bound since {since}",
    "not_party": "not a party on that day",
    "party_then": "bound since {since}, as of {as_of}; whether it still was is not known here",
    "not_party_then": "not a party as of {as_of}; whether it became one since is not known here",
    "not_in_force": "in force for nobody before {in_force}",
    "unknown": "no State or no day was given",
}


@dataclass(frozen=True, slots=True)
class Treaty:
    id: str
    title: str
    adopted: str
    in_force: str
    after: str
    as_of: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concern:
    """`since` is the day from which the State is bound, `None` where it is not. `words` says it all in one line."""

    treaty: Treaty
    standing: Standing
    since: str | None
    words: str


@cache
def treaties() -> tuple[Treaty, ...]:
    return tuple(
        Treaty(
            row["id"], row["title"], row["adopted"], row["in_force"], row["after"], row["as_of"],
            tuple(word.strip() for word in row["words"].split(",")),
        )
        for row in rows("treaties")
    )  # fmt: skip


@cache
def _deposits() -> dict[tuple[str, str], str]:
    return {(row["treaty"], row["state"]): row["deposited"] for row in rows("treaty_parties")}


def bound_since(treaty: Treaty, state: str) -> str | None:
    """The day (ISO 8601) from which `state` (ISO 3166-1 alpha-2) is bound; `None`: no deposit is in the table."""
    deposited = _deposits().get((treaty.id, state))
    if deposited is None:
        return None
    day, (first, last) = date.fromisoformat(deposited), treaty.after.split()
    if last == "days":
        bound = day + timedelta(days=int(first))
    elif first == "month":
        bound = _months_on(day.replace(day=1), int(last))
    else:
        bound = _months_on(day, int(first))
    return max(bound.isoformat(), treaty.in_force)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def concerning(weapon: str, state: str | None = None, day: str | None = None) -> tuple[Concern, ...]:
    """The treaties that are about what `weapon` names, in the words of a report, and how `state` (ISO 3166-1 alpha-2)
    stood to each on `day` (ISO 8601). Raises `ValueError` for what is neither."""
    if state is not None and not re.fullmatch("[A-Z]{2}", state):
        raise ValueError(f"expected a State as two capital letters (ISO 3166-1), found {state!r:.40}")
    if day is not None:
        date.fromisoformat(day)
    return tuple(_concern(one, state, day) for one in treaties() if _is_about(one, weapon.lower()))


def _is_about(treaty: Treaty, weapon: str) -> bool:
    """Whether a word begins as one of the treaty's does; one of five letters and fewer has to stand whole."""
    return any(re.search(_pattern(word), weapon) for word in treaty.words)


def _pattern(word: str) -> str:
    return r"(?<!\w)" + re.escape(word) + (r"(?!\w)" if len(word) <= _WHOLE else "")


def _concern(treaty: Treaty, state: str | None, day: str | None) -> Concern:
    since = None if state is None else bound_since(treaty, state)
    standing: Standing
    if state is None or day is None:
        standing = "unknown"
    elif day < treaty.in_force:
        standing = "not_in_force"
    elif since is not None and since <= day:
        standing = "party" if day <= treaty.as_of else "party_then"
    else:
        standing = "not_party" if day <= treaty.as_of or since is not None else "not_party_then"
    bound = since if standing in ("party", "party_then", "unknown") else None
    told = _WORDS[standing].format(since=since, as_of=treaty.as_of, in_force=treaty.in_force)
    return Concern(treaty, standing, bound, told)
