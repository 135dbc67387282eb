"""Readings against gold, and the counts as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from probanda.records.reading import Reading
from score.count import Count, Tally
from score.figures import score_figures
from score.gold import Report
from score.others import score_others
from score.quotations import score_quotations

Read = Callable[[Report], Reading]


def score(report: Report, reading: Reading) -> Tally:
    """The counts and errors of one reading against its report's gold."""
    tally = Tally(report.name)
    score_quotations(report, reading.quotations, tally)
    score_figures(report, reading.claims, tally)
    score_others(report, reading, tally)
    return tally


def score_all(reports: Iterable[Report], read: Read) -> list[Tally]:
    return [score(report, read(report)) for report in reports]


def table(counts: dict[str, Count]) -> str:
    """The counts as a table in Markdown."""
    lines = ["| category | gold | found | precision | recall | F |", "|---|---:|---:|---:|---:|---:|"]
    for category, count in counts.items():
        cells = (_share(count.precision), _share(count.recall), _share(count.f))
        lines.append(f"| {category} | {count.gold} | {count.found} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"
