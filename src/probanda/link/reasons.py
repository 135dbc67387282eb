"""Why a group of tellings was proposed as one incident, in words: what speaks for it, what against, what is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from probanda.link.happenings import Told


def reasons(group: Sequence[Told], denials: Sequence[Told]) -> tuple[str, ...]:
    return (
        *_tellers(group),
        _place(group),
        _time(group),
        _type(group),
        _object(group),
        *_borrowed(group),
        *(f"against: denied by {one.holder} ({one.id[:18]})" for one in denials),
    )


def _tellers(group: Sequence[Told]) -> Iterable[str]:
    documents = len({one.document for one in group})
    holders = sorted({one.holder for one in group})
    if documents == 1:
        yield "against: one document alone tells of it"
    else:
        yield f"for: {documents} documents tell of it; whether one copied another was not looked at"
    yield f"according to {', '.join(holders[:5])}" + (f" and {len(holders) - 5} more" if len(holders) > 5 else "")
    alleged = sum(one.alleged for one in group)
    if alleged:
        yield f"against: {alleged} of {len(group)} only as an allegation"
    figures = sum(one.figure for one in group)
    if figures > 1:
        yield f"{figures} figures stand side by side, each as its source has it"


def _place(group: Sequence[Told]) -> str:
    names = sorted({one.spot.name for one in group if one.spot})
    if any(one.spot and one.spot.latitude is None for one in group):
        return f"for: the place is named {', '.join(names)}; unknown: where that is (other places may have the name)"
    if len(names) == 1:
        return f"for: all name {names[0]}"
    return f"for: {', '.join(names)} lie within one another"


def _time(group: Sequence[Told]) -> str:
    spans = sorted({one.span.days for one in group if one.span})
    if not spans:
        return "unknown: when it was, closely enough to compare; it was joined with no other document"
    told = [first if first == last else f"{first} to {last}" for first, last in spans]
    if len(told) == 1:
        return f"for: all tell of {told[0]}"
    return f"for: the times overlap ({'; '.join(told[:4])}{'; …' if len(told) > 4 else ''})"


def _type(group: Sequence[Told]) -> str:
    types = sorted({one.type for one in group if one.type}, key=len)
    if not types:
        return "unknown: the kind of act; only consequences are told"
    return f"for: told as {types[-1]}" + (f", and more broadly as {', '.join(types[:-1])}" if types[1:] else "")


def _object(group: Sequence[Told]) -> str:
    naming = [one for one in group if one.kinds or one.words]
    if not naming:
        return "unknown: what was aimed at or affected"
    kinds = frozenset.intersection(*(one.kinds for one in naming))
    words = frozenset.intersection(*(one.words for one in naming))
    if kinds or words:
        return f"for: those who say what was aimed at or affected say {', '.join(sorted(words or kinds))}"
    return "unknown: whether the same thing was aimed at or affected; the words differ"


def _borrowed(group: Sequence[Told]) -> Iterable[str]:
    count = sum(one.near is not None for one in group)
    if count:
        yield f"unknown: {count} of {len(group)} lack a place or time of their own; taken from the act told beside them"
