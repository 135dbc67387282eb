"""docs/reading-scores.md, from the measurements themselves and the words in page.md."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from score.count import total
from score.gold import GOLD, load
from score.tables import Read, score_all, table

SETS = (("heldout", "Held out"), ("dev", "Development"), ("second", "Second set"), ("third", "Third set"),
        ("frozen/en", "English, frozen"), ("frozen/uk", "Ukrainian, frozen"),
        ("frozen/ru", "Russian, frozen"),
        ("set_aside/en", "English, set aside"), ("set_aside/uk", "Ukrainian, set aside"),
        ("set_aside/ru", "Russian, set aside"))  # fmt: skip


def page(read: Read, today: date) -> str:
    """The page with the tables of every set, as `read` does today."""
    sets = [(title, load(GOLD / name)) for name, title in SETS]
    every = [report for _, reports in sets for report in reports]
    required = {
        name: sum(not mark.optional for report in every for mark in report.marks[name])
        for name in ("quotations", "figures")
    }
    tables = [f"## {title}\n\n{table(total(score_all(reports, read)))}\n" for title, reports in sets]
    template = Path(__file__).with_name("page.md").read_text(encoding="utf-8")
    day = f"{today.day} {today:%B %Y}"
    return template.format(date=day, reports=len(every), tables="\n".join(tables), **required)
