"""The patterns of a case: counts, changes, concentration, control and coverage, each with what it rests on.

Guarantees: a pure function; the same observations give the same answer. A sign of a change is never given alone: beside
it stands what the same counts in any order would give (chance), how many incidents each report told of (better
reporting), and in which bins nobody reported. `verdict` is one of the words below and no finding on intent or on who is
responsible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from probanda.patterns.changes import MOST_BINS, ChangeReport, SeriesError, changes
from probanda.patterns.concentration import Concentration, concentration, groups_of
from probanda.patterns.control import PlaceControl, control
from probanda.patterns.coverage import Coverage, coverage
from probanda.patterns.observed import Basis, Observation, Observed, Report
from probanda.patterns.series import Per, Series, series

Verdict = Literal["sign", "sign_in_reporting", "could_be_chance", "no_sign", "too_few"]

SURE = 0.95  # posterior of any change from which there is a sign; arbitrary and usual
BY_CHANCE = 0.05  # share of random orders up to which chance is set aside; arbitrary and usual
FEWEST = 10  # incidents below which nothing is said; arbitrary


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether what is counted changed. `what`: "all", or the group whose share of all is looked at.

    `sign`: a change that chance (at `BY_CHANCE`) and the number of reports do not explain. `sign_in_reporting`: the
    number changed, the number per report did not: more, or better, reporting alone could give it. `could_be_chance`:
    the model sees a change, random orders show as much too often. `no_sign`: nothing in the data says so.
    `too_few`: fewer than `FEWEST` incidents, or too few bins, and `why` says which. `count`, `per_report` and `share`
    are the reports they come from, `None` where not asked or not possible."""

    what: str
    verdict: Verdict
    why: str
    count: ChangeReport | None = None
    per_report: ChangeReport | None = None
    share: ChangeReport | None = None


@dataclass(frozen=True, slots=True)
class Patterns:
    basis: Basis
    type: str | None
    per: Per
    series: Series
    findings: tuple[Finding, ...]
    concentration: Concentration
    control: tuple[PlaceControl, ...]
    coverage: Coverage
    seed: int


def patterns(observed: Observed, *, type: str | None = None, per: Per = "week", seed: int = 0) -> Patterns:
    """Patterns among observations of `type` (and below it; `None`: all)."""
    chosen = tuple(one for one in observed.observations if type is None or one.is_of(type))
    counted = series(chosen, observed.reports, per)
    return Patterns(
        basis=observed.basis,
        type=type,
        per=per,
        series=counted,
        findings=(_volume(chosen, observed.reports, counted, seed), *_shifts(chosen, counted, seed)),
        concentration=concentration(chosen),
        control=control(observed.control),
        coverage=coverage(Observed(observed.basis, chosen, observed.reports)),
        seed=seed,
    )


def _volume(chosen: Sequence[Observation], reports: Sequence[Report], counted: Series, seed: int) -> Finding:
    counts = [one.certain for one in counted.bins]
    refused = _too_few(sum(counts), len(counts))
    if refused is not None:
        return Finding("all", "too_few", refused)
    found = changes(counts, seed=seed)
    if found.any_change < SURE:
        return Finding("all", "no_sign", "one constant rate describes the counts about as well", found)
    if found.by_chance is not None and found.by_chance > BY_CHANCE:
        return Finding("all", "could_be_chance", "the same counts in a random order often show as much", found)
    told = _told(chosen, reports, counted)
    if 2 * sum(told) < sum(counts):
        why = "the number changed; how many were told per report cannot be had, since most have no dated report here"
        return Finding("all", "sign_in_reporting", why, found)
    per_report = changes(told, [float(one.reports) for one in counted.bins], seed=seed)
    if per_report.any_change >= SURE and (per_report.by_chance or 0.0) <= BY_CHANCE:
        return Finding("all", "sign", "the number changed, and so did the number told per report", found, per_report)
    why = "the number changed, the number told per report did not: more reporting alone could give it"
    return Finding("all", "sign_in_reporting", why, found, per_report)


def _told(chosen: Sequence[Observation], reports: Sequence[Report], counted: Series) -> list[int]:
    """By bin, how many were first told of in a report published in it: reports tell of the days before them, so that
    incidents and reports of one bin do not belong together."""
    published = {one.document: one.published for one in reports if one.published is not None}
    first_told = [min(days) for one in chosen if (days := [published[x] for x in one.documents if x in published])]
    return [sum(bin.first <= day <= bin.last for day in first_told) for bin in counted.bins]


def _shifts(chosen: Sequence[Observation], counted: Series, seed: int) -> tuple[Finding, ...]:
    """For each group of objects with enough incidents: whether its share of those with a known object changed. Who
    looks at many groups finds one by chance, so what is set aside as chance is parted among them (Bonferroni)."""
    known = [one for one in chosen if one.objects]
    all_kinds = _per_bin(known, counted)
    looked_at = {}
    for group in sorted({group for one in known for group in groups_of(one.objects)}):
        of_kind = _per_bin([one for one in known if group in groups_of(one.objects)], counted)
        if _too_few(sum(of_kind), len(of_kind)) is None:
            looked_at[group] = of_kind
    return tuple(_shift(group, of_kind, all_kinds, len(looked_at), seed) for group, of_kind in looked_at.items())


def _shift(group: str, of_kind: Sequence[int], all_kinds: Sequence[int], groups: int, seed: int) -> Finding:
    found = changes(of_kind, [float(one) for one in all_kinds], model="share", seed=seed)
    if found.any_change < SURE:
        return Finding(group, "no_sign", "one constant share describes the counts about as well", share=found)
    if found.by_chance is not None and found.by_chance > BY_CHANCE / groups:
        among = f", with {groups} groups looked at" if groups > 1 else ""
        why = f"the same bins in a random order show as much often enough{among}"
        return Finding(group, "could_be_chance", why, share=found)
    why = "its share of the incidents with a known object changed, whatever their number"
    return Finding(group, "sign", why, share=found)


def _per_bin(observations: Sequence[Observation], counted: Series) -> list[int]:
    return [sum(one.within(bin.first, bin.last) for one in observations) for bin in counted.bins]


def _too_few(incidents: int, bins: int) -> str | None:
    if incidents < FEWEST:
        return f"{incidents} dated incidents; from {FEWEST} on a change is looked for"
    if bins < 4:
        return f"{bins} bins; from 4 on a change is looked for"
    if bins > MOST_BINS:
        return f"{bins} bins are more than {MOST_BINS}; choose longer bins"
    return None


__all__ = ["Finding", "Patterns", "SeriesError", "patterns"]
