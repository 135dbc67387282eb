"""Changes in a series of counts: against enumeration, against a published analysis, and against what is no change."""

from __future__ import annotations

from itertools import combinations, pairwise
from math import exp, lgamma, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probanda.patterns.changes import SHORTEST, SeriesError, changes

# Explosions in British coal mines with ten or more killed, by year 1851 to 1962 (Jarrett 1979, Biometrika 66, 191-193;
# facts). Carlin, Gelfand and Smith (1992, Applied Statistics 41, 389-405) put the one change after year 41 (1891), with
# rates of about 3.1 and 0.9 a year.
COAL_MINES = (
    "4 5 4 0 1 4 3 4 0 6 3 3 4 0 2 6 3 3 5 4 5 3 1 4 4 1 5 5 3 4 2 5 2 2 3 4 2 1 3 2 2 1 1 1 1 3 0 0 1 0 1 1 0 0 3 1 "
    "0 3 2 2 0 1 1 1 0 1 0 1 0 0 0 2 1 0 0 0 1 1 0 2 3 3 1 1 2 1 1 1 1 2 4 2 0 0 1 4 0 0 0 1 0 0 0 0 0 1 0 0 1 0 1 0"
)


def by_enumeration(counts: list[int], most: int) -> list[float]:
    """The posterior of the number of changes, each placement worked out alone: the slow, obvious version."""
    rate_prior = len(counts) / sum(counts)

    def segment(part: list[int]) -> float:
        total = sum(part)
        return log(rate_prior) + lgamma(1 + total) - (1 + total) * log(rate_prior + len(part))

    weights = []
    for number in range(most + 1):
        placements = [
            (0, *cuts, len(counts))
            for cuts in combinations(range(1, len(counts)), number)
            if all(b - a >= SHORTEST for a, b in zip((0, *cuts), (*cuts, len(counts)), strict=True))
        ]
        evidence = sum(exp(sum(segment(counts[a:b]) for a, b in pairwise(bounds))) for bounds in placements)
        weights.append(evidence / len(placements) * 0.5**number)
    return [one / sum(weights) for one in weights]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=6, max_size=9).filter(any))
def test_the_recursions_give_what_enumeration_gives(counts: list[int]) -> None:
    found = changes(counts, most=2, shuffles=0)
    assert found.probabilities == pytest.approx(by_enumeration(counts, 2), rel=1e-9)


def test_the_published_change_is_found() -> None:
    found = changes([int(one) for one in COAL_MINES.split()], most=1, shuffles=99)
    assert (found.bins, found.count) == (112, 191)
    (change,) = found.changes
    assert change.at == 41
    assert change.earliest <= 39 <= 41 <= change.latest
    before, after = found.segments
    assert before.mean == pytest.approx(3.1, abs=0.1)
    assert after.mean == pytest.approx(0.9, abs=0.05)
    assert found.any_change > 0.999
    assert found.by_chance == pytest.approx(0.01)


def test_one_rate_shows_no_sign() -> None:
    random = np.random.default_rng(3)
    found = [changes([int(one) for one in random.poisson(4, 40)], shuffles=19).any_change for _ in range(20)]
    assert sorted(found)[-2] < 0.95  # one of twenty may


def test_bursts_without_order_are_not_taken_for_a_change() -> None:
    """Counts far more scattered than a Poisson's: the model alone is sure of a change, the shuffled orders are not."""
    random = np.random.default_rng(12)
    counts = [int(one) for one in random.negative_binomial(0.4, 0.05, 60)]
    found = changes(counts, shuffles=199)
    assert found.any_change > 0.95
    assert found.dispersion is not None
    assert found.dispersion > 3
    assert found.by_chance is not None
    assert found.by_chance > 0.05


def test_exposure_explains_what_reporting_brings() -> None:
    reports = [2] * 12 + [20] * 12
    counts = [one * 2 for one in reports]
    assert changes(counts, shuffles=0).any_change > 0.99
    assert changes(counts, reports, shuffles=0).any_change < 0.2


def test_a_share_changes_though_the_number_does_not() -> None:
    of_kind, all_kinds = [1] * 10 + [9] * 10, [12] * 20
    found = changes(of_kind, all_kinds, model="share", shuffles=99, seed=1)
    assert found.changes[0].at == 10
    first, second = found.segments
    assert (first.low, second.high) != (0.0, 1.0)
    assert first.high < second.low
    assert found.by_chance == pytest.approx(0.01)


def test_the_intervals_are_those_of_the_tables() -> None:
    """Quantiles of Gamma(10) (half of chi-square with 20 degrees: 9.5908, 34.1696) and of Beta(2, 3)."""
    (rate,) = changes([1, 2, 3, 3], shuffles=0, most=0).segments  # shape 1 + 9, per 4/9 + 4
    per = 4 / 9 + 4
    assert rate.low * per == pytest.approx(4.7954, abs=2e-3)
    assert rate.high * per == pytest.approx(17.0848, abs=2e-3)
    (share,) = changes([0, 0, 1, 0], [1, 1, 1, 0], model="share", shuffles=0, most=0).segments
    assert share.low == pytest.approx(0.0676, abs=1e-3)
    assert share.high == pytest.approx(0.8059, abs=1e-3)


def test_the_same_series_gives_the_same_report() -> None:
    counts = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
    assert changes(counts, seed=5) == changes(counts, seed=5)


@pytest.mark.parametrize(
    ("counts", "exposures", "model"),
    [
        ([1, 2, 3], None, "rate"),
        ([0, 0, 0, 0], None, "rate"),
        ([1, -1, 2, 2], None, "rate"),
        ([1, 1, 1, 1], [1, 1, 1], "rate"),
        ([1, 1, 1, 1], [1, 0, 1, 1], "rate"),
        ([2, 1, 1, 1], [1, 1, 1, 1], "share"),
        ([1, 1, 1, 1], None, "share"),
        ([1] * 2000, None, "rate"),
    ],
)
def test_what_cannot_be_analysed_is_refused(counts: list[int], exposures: list[float] | None, model: str) -> None:
    with pytest.raises(SeriesError, match="expected"):
        changes(counts, exposures, model="share" if model == "share" else "rate")
