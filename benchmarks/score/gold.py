"""Gold: an exercise report with what a careful reader takes from it.

A report is `NAME.txt`, its gold `NAME.json` beside it (tests/gold/README.md fixes the fields). Gold names its passages
by their words, and by `nth` where the words occur more than once, so that a renamed report keeps its gold; `load`
turns them into offsets and refuses gold whose words do not stand in the report exactly as given. The fields that only
the frozen gold has (language, calendar, claims without a number, arguments of events) are fixed in
tests/gold/frozen/README.md; where a report lacks them it is English, has no calendar and no such claims.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

GOLD = Path(__file__).resolve().parents[2] / "tests" / "gold"
TEXT_FIELD = {
    "quotations": "text", "figures": "number_text", "events": "trigger", "places": "text", "labels": "text",
    "times": "text", "weapons": "text", "objects": "text",
}  # fmt: skip
# Lists that a report may lack.
OPTIONAL_TEXT_FIELD = {"claims": "text"}
ARGUMENTS = ("actor", "aimed_at", "affected", "instrument", "where", "when")
_MENTIONED = (
    "mention", "cue", "venue", "subset_of", "corrects", "cumulative_since", "as_of", "about", "military_use",
    *ARGUMENTS,
)  # fmt: skip


class GoldError(ValueError):
    """The gold does not fit its report. The fault is the annotator's; says which words and what was found."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One gold item: its fields as annotated, and the characters [start, end) of its words."""

    start: int
    end: int
    fields: Mapping[str, Any]

    @property
    def optional(self) -> bool:
        """Neither a miss when absent nor an extra when present."""
        return bool(self.fields.get("optional"))

    def accepted(self, field: str) -> tuple[Any, ...]:
        """The values that count as right: the annotated one, then those under `also`."""
        also = self.fields.get("also", {})
        more = also.get(field, []) if isinstance(also, Mapping) else []
        return (self.fields.get(field), *more)


@dataclass(frozen=True, slots=True)
class Report:
    name: str
    text: str
    published: str
    marks: Mapping[str, tuple[Mark, ...]]
    votes: tuple[Mapping[str, int | None], ...]
    rename: Mapping[str, str]
    language: str = "en"
    calendar: Mapping[str, str] = field(default_factory=dict)  # the date of an event that times hang on, by its words


def load(folder: Path) -> tuple[Report, ...]:
    """Every report of a folder, by name. Raises `GoldError`."""
    names = sorted(folder.glob("*.json"))
    if not names:
        raise GoldError(f"expected reports with gold in {folder.name}, found none; give a folder of .txt and .json")
    return tuple(
        parse_report(path.stem, path.with_suffix(".txt").read_text(encoding="utf-8"), path.read_text(encoding="utf-8"))
        for path in names
    )


def parse_report(name: str, text: str, gold: str) -> Report:
    """The report with its gold, every passage found. Raises `GoldError`."""
    fields = cast("dict[str, Any]", json.loads(gold))
    marks = {kind: tuple(_mark(name, text, item, words) for item in fields[kind]) for kind, words in TEXT_FIELD.items()}
    for kind, words in OPTIONAL_TEXT_FIELD.items():
        if kind in fields:
            marks[kind] = tuple(_mark(name, text, item, words) for item in fields[kind])
    for kind in marks:
        for mark in marks[kind]:
            for mentioned in _MENTIONED:
                passage = mark.fields.get(mentioned)
                if isinstance(passage, str) and passage not in text:
                    raise GoldError(f"{name}: {kind}: {mentioned} {passage!r} does not stand in the report")
    return Report(
        name,
        text,
        fields["published"],
        marks,
        tuple(fields["votes"]),
        fields.get("rename", {}),
        fields.get("language", "en"),
        fields.get("calendar", {}),
    )


def occurrences(text: str, words: str) -> Iterator[re.Match[str]]:
    """Where `words` stand in `text` as whole words."""
    before = r"(?<!\w)" if words[:1].isalnum() else ""
    after = r"(?!\w)" if words[-1:].isalnum() else ""
    return re.finditer(before + re.escape(words) + after, text)


def _mark(name: str, text: str, item: Mapping[str, Any], field: str) -> Mark:
    words, nth = item[field], item.get("nth")
    found = list(occurrences(text, words))
    if not found:
        raise GoldError(f"{name}: {words!r} does not stand in the report")
    if nth is None and len(found) > 1:
        raise GoldError(f"{name}: {words!r} occurs {len(found)} times; expected a field nth")
    place = 0 if nth is None else nth - 1
    if not 0 <= place < len(found):
        raise GoldError(f"{name}: {words!r} occurs {len(found)} times, so there is no number {nth}")
    return Mark(found[place].start(), found[place].end(), item)
