"""The patterns as JSON and as plain sentences (spec/patterns.md).

Guarantees: every sentence that tells of a change tells beside it what chance and reporting could explain; days are
ISO 8601. The sentences are English; programs read the verdicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date

from probanda.patterns.changes import ChangeReport
from probanda.patterns.patterns import Finding, Patterns
from probanda.patterns.series import Bin
from probanda.records.canonical import Json

FORMAT = "probanda-patterns/1"

_VERDICTS = {
    "sign": "a sign of a change",
    "sign_in_reporting": "a change in what is reported, not shown to be one in what happened",
    "could_be_chance": "a change that chance could make",
    "no_sign": "no sign of a change",
    "too_few": "too few to say",
}


def patterns_json(found: Patterns) -> dict[str, Json]:
    """The record with the fields of its classes, `format` first."""
    data = _json(found)
    assert isinstance(data, dict)
    return {"format": FORMAT, **data}


def finding_lines(finding: Finding, bins: Sequence[Bin]) -> Iterator[str]:
    """What the data say, then what else could say so."""
    what = "number of incidents" if finding.what == "all" else f"share of objects of the group {finding.what}"
    yield f"{what}: {_VERDICTS[finding.verdict]} ({finding.why})"
    report = finding.count or finding.share
    if report is None:
        return
    yield f"  the data: {_evidence(report)}"
    for change in report.changes:
        first, earliest, latest = bins[change.at].first, bins[change.earliest].first, bins[change.latest].last
        yield f"  likeliest change from {first} on; 90 per cent sure of {earliest} to {latest}"
    for segment in report.segments:
        first, last = bins[segment.first].first, bins[segment.last - 1].last
        level = _level(report, segment.mean, segment.low, segment.high)
        yield f"  {first} to {last}: {segment.count} incidents, {level}"
    if report.by_chance is not None and finding.verdict != "no_sign":
        tried = report.shuffles
        yield f"  by chance: {report.by_chance:.3f} of {tried} random orders of the same counts show as much"
    if finding.per_report is not None:
        yield f"  by better reporting: counted per report, {_evidence(finding.per_report)}"


def _evidence(report: ChangeReport) -> str:
    low, high = sorted((*report.sensitivity, report.any_change))[::2]
    return f"probability of any change {report.any_change:.2f} ({low:.2f} to {high:.2f} under other priors)"


def _level(report: ChangeReport, mean: float, low: float, high: float) -> str:
    if report.model == "share":
        return f"{mean:.0%} of those with a known object (95 per cent: {low:.0%} to {high:.0%})"
    return f"{mean:.2g} in each (95 per cent: {low:.2g} to {high:.2g})"


def _json(value: object) -> Json:
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        data = {one.name: _json(getattr(value, one.name)) for one in fields(value)}
        if isinstance(value, ChangeReport):
            data["any_change"] = value.any_change
            data["factor"] = round(value.factor, 6)
        return data
    if isinstance(value, Mapping):
        return {str(name): _json(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, frozenset, set)):
        return [_json(one) for one in value]
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"expected a record of patterns, found {type(value).__name__}")
