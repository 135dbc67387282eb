"""How many were killed or injured, as MUC-4's full keys have it, beside what our claims say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from muc.ceaf import Tally
from muc.data import Key
from probanda.records.reading import Reading

_STRING = re.compile(r'"([^"]*)"')
_COUNT = re.compile(r"^\?*\s*(\d+)\s*:")
_EFFECTS = {"DEATH": "died", "INJURY": "injured"}
_OURS = {"died": "died", "killed": "died", "injured": "injured"}


def gold(keys: Iterable[Key]) -> set[tuple[int, str]]:
    """Numbers of two and more with what befell them, of the templates that are not optional."""
    found = set()
    for key in keys:
        if key.optional:
            continue
        numbers = {
            string: int(count.group(1))
            for line in key.slots.get(21, ())
            if (count := _COUNT.match(line)) is not None
            for string in _STRING.findall(line)
        }
        for line in key.slots.get(23, ()):
            for word, effect in _EFFECTS.items():
                if line.lstrip("? ").startswith(word):
                    found |= {(numbers[one], effect) for one in _STRING.findall(line) if numbers.get(one, 0) >= 2}
    return found


def ours(reading: Reading) -> set[tuple[int, str]]:
    return {
        (int(claim.quantity.stated), _OURS[claim.effect])
        for claim in reading.claims
        if claim.effect in _OURS and claim.quantity is not None and not claim.negated
        and isinstance(claim.quantity.stated, (int, float)) and claim.quantity.stated >= 2
    }  # fmt: skip


def compare(rows: Sequence[tuple[set[tuple[int, str]], set[tuple[int, str]]]]) -> Tally:
    """`rows` are what is true and what was found of each document."""
    return Tally(
        sum(len(true & found) for true, found in rows),
        sum(len(found) for _, found in rows),
        sum(len(true) for true, _ in rows),
    )
