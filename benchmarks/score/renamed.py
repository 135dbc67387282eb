"""A report with every entity renamed, gold and all: a reading that knows grammar and no names scores the same on it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from score.gold import Report, parse_report


def renamed(path: Path) -> Report:
    """The report whose gold stands at `path`, with the table in its field `rename` applied to text and gold alike."""
    gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    table = gold.pop("rename")
    text = rename(path.with_suffix(".txt").read_text(encoding="utf-8"), table)
    return parse_report(path.stem, text, json.dumps(_deep(gold, table)))


def rename(text: str, table: Mapping[str, str]) -> str:
    """`text` with every whole word or phrase of the table replaced, longest first, in one pass."""
    if not table:
        return text
    names = sorted(table, key=len, reverse=True)
    pattern = r"(?<!\w)(?:" + "|".join(re.escape(name) for name in names) + r")(?!\w)"
    return re.sub(pattern, lambda match: table[match.group()], text)


def _deep(value: Any, table: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return rename(value, table)
    if isinstance(value, list):
        return [_deep(item, table) for item in value]
    if isinstance(value, dict):
        return {name: _deep(item, table) for name, item in value.items()}
    return value
