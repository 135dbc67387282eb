"""Whether, when and by how much a rate or a share changed, and what else could look the same.

Guarantees: an exact answer to a stated model, the same on every machine. Per bin (a day, week or month) the model has
one count `y` and one exposure `n`:

- `rate`: y ~ Poisson(rate x n). With n = 1 it is the number of incidents; with n = the number of reports in the bin it
  is the number per report, so that more reporting alone changes nothing.
- `share`: y ~ Binomial(n, share), of n incidents in the bin the y of one kind: more reporting of all kinds alone
  changes nothing.

Between changes the parameter is constant, with a conjugate prior; how many changes (0 to `most`) and where are unknown.
Sums over all placements are exact, by the recursions of Fearnhead (2006, "Exact and efficient Bayesian inference for
multiple changepoint problems", Statistics and Computing 16, 203-213, section 2). By chance: the same bins are put into
random orders (seeded), which keeps bursts and overdispersion and destroys every trend; `by_chance` is the
share of orders with at least as much evidence for a change, the order as found counted in (Phipson and Smyth 2010).

Does not claim: a cause, an intention, or that the bins are independent (a campaign of several bins makes a change
more likely to be seen by chance than `by_chance` says). A change of the rate of what is *reported* is no change of
what happened; that is why the exposures are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Model = Literal["rate", "share"]

MOST_CHANGES = 4  # arbitrary: more in one series is a series that this model does not describe
SHORTEST = 2  # bins in a segment; arbitrary, one bin is an outlier and no regime
SHUFFLES, FEWER_SHUFFLES, LONG = 999, 199, 150  # from LONG bins on fewer orders are tried: seconds, not minutes
MOST_BINS = 1500  # the work grows with the square; four years of days

_Floats = NDArray[np.float64]


class SeriesError(ValueError):
    """The series cannot be analysed. The fault is the caller's or the data's; says what was found."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Bins [first, last) with one parameter; `low` and `high` hold 95 per cent of its posterior."""

    first: int
    last: int
    count: int
    exposure: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """A change before bin `at`, the likeliest place. [`earliest`, `latest`] are the bins of the shortest run that holds
    at least 90 per cent of the posterior of this change; `probability` is what `at` itself holds."""

    at: int
    probability: float
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """`probabilities[k]` is the posterior of k changes under a prior in which each further change is half as likely.
    `changes` and `segments` belong to the likeliest number of changes, `most_likely`. `factor` is the Bayes factor of
    any change against none, on a natural logarithmic scale; `by_chance` as the module says, `None` where it was not
    asked for. `sensitivity` is the posterior of any change under priors half and twice as wide."""

    model: Model
    bins: int
    count: int
    exposure: float
    probabilities: tuple[float, ...]
    most_likely: int
    factor: float
    changes: tuple[Change, ...]
    segments: tuple[Segment, ...]
    by_chance: float | None
    shuffles: int
    seed: int
    dispersion: float | None  # variance over mean of counts per exposure; 1 for independent incidents, above: bursts
    sensitivity: tuple[float, float]

    @property
    def any_change(self) -> float:
        """The posterior of at least one change."""
        return 1.0 - self.probabilities[0]


def changes(
    counts: Sequence[int],
    exposures: Sequence[float] | None = None,
    *,
    model: Model = "rate",
    most: int = MOST_CHANGES,
    shuffles: int | None = None,
    seed: int = 0,
) -> ChangeReport:
    """The changes in a series of bins in their order. Raises `SeriesError` for fewer than four bins, for negative or
    impossible numbers, and where nothing was counted or exposed. `shuffles` 0: chance is not asked about."""
    y, n = _checked(counts, exposures, model)
    most = min(most, len(y) // SHORTEST - 1)
    strengths = {width: _strength(model, y, n, width) for width in (0.5, 1.0, 2.0)}
    tables = {width: _Table.of(model, y, n, strength, most) for width, strength in strengths.items()}
    table = tables[1.0]
    found = int(np.argmax(table.posterior))
    places = table.places(found)
    cuts = tuple(one.at for one in places)
    chance = None
    if shuffles is None:
        shuffles = SHUFFLES if len(y) <= LONG else FEWER_SHUFFLES
    if shuffles > 0:
        chance = _by_chance(model, y, n, strengths[1.0], most, table.factor, shuffles, seed)
    bounds = (0, *cuts, len(y))
    return ChangeReport(
        model=model,
        bins=len(y),
        count=int(y.sum()),
        exposure=float(n.sum()),
        probabilities=tuple(float(one) for one in table.posterior),
        most_likely=found,
        factor=table.factor,
        changes=places,
        segments=tuple(
            _segment(model, y, n, strengths[1.0], bounds[place], bounds[place + 1]) for place in range(len(bounds) - 1)
        ),
        by_chance=chance,
        shuffles=shuffles,
        seed=seed,
        dispersion=_dispersion(y, n),
        sensitivity=(1.0 - float(tables[0.5].posterior[0]), 1.0 - float(tables[2.0].posterior[0])),
    )


def _checked(counts: Sequence[int], exposures: Sequence[float] | None, model: Model) -> tuple[_Floats, _Floats]:
    y = np.asarray(counts, dtype=np.float64)
    n = np.ones(len(y)) if exposures is None else np.asarray(exposures, dtype=np.float64)
    if model == "share" and exposures is None:
        raise SeriesError("expected how many there were in each bin beside how many were of the kind, found none")
    if len(y) != len(n):
        raise SeriesError(f"expected one exposure for each of {len(y)} bins, found {len(n)}")
    if not 2 * SHORTEST <= len(y) <= MOST_BINS:
        raise SeriesError(f"expected {2 * SHORTEST} to {MOST_BINS} bins, found {len(y)}; choose longer or shorter bins")
    if (y < 0).any() or (n < 0).any() or not np.isfinite(n).all() or (y != np.floor(y)).any():
        raise SeriesError("expected counts and exposures of zero or more, found others")
    if model == "share" and (y > n).any():
        raise SeriesError("expected at most as many of the kind as there are in a bin, found more")
    if ((n == 0) & (y > 0)).any():
        raise SeriesError("expected no incident in a bin without exposure, found some")
    if n.sum() == 0 or y.sum() == 0:
        raise SeriesError("expected at least one incident, found none")
    return y, n


def _strength(model: Model, y: _Floats, n: _Floats, width: float) -> tuple[float, float]:
    """The conjugate prior: for a rate, Gamma(shape, per exposure) with the overall rate as mean; for a share, Beta
    symmetric. `width` 1 is a unit of information (an exponential; a uniform), 2 wider, 0.5 narrower."""
    if model == "rate":
        shape = 1.0 / width
        return shape, shape * float(n.sum()) / float(y.sum())
    return 1.0 / width, 1.0 / width


def _evidence(model: Model, counts: _Floats, exposures: _Floats, strength: tuple[float, float]) -> _Floats:
    """Log marginal likelihood of segments with these sums, up to a term that all placements share."""
    a, b = strength
    if model == "rate":
        return np.asarray(a * log(b) - lgamma(a) + _lgamma(a + counts) - (a + counts) * np.log(b + exposures))
    beta = lgamma(a + b) - lgamma(a) - lgamma(b)
    return np.asarray(beta + _lgamma(a + counts) + _lgamma(b + exposures - counts) - _lgamma(a + b + exposures))


def _lgamma(values: _Floats) -> _Floats:
    """Counts are few different numbers, so each is worked out once."""
    unique, places = np.unique(values, return_inverse=True)
    return np.array([lgamma(one) for one in unique])[places].reshape(values.shape)


@dataclass(frozen=True, slots=True)
class _Table:
    """`segments[i, j]`: log evidence of bins [i, j). `forward[k, j]`: log sum over placements of k changes in bins
    [0, j); `backward[k, i]` the same for bins [i, end)."""

    segments: _Floats
    forward: _Floats
    backward: _Floats
    posterior: _Floats
    factor: float

    @classmethod
    def of(cls, model: Model, y: _Floats, n: _Floats, strength: tuple[float, float], most: int) -> _Table:
        size = len(y)
        segments = _segments(model, y, n, strength)
        forward = _forward(segments, most)
        backward = np.full((most + 1, size + 1), -np.inf)
        backward[0] = segments[:, size]
        for k in range(1, most + 1):
            backward[k] = _log_sum(segments + backward[k - 1][None, :], 1)
        weights = _weights(forward)
        posterior = np.exp(weights - _log_sum(weights, 0))
        return cls(segments, forward, backward, posterior / posterior.sum(), _factor(weights))

    def places(self, number: int) -> tuple[Change, ...]:
        """The changes, given that there are `number`: each where its own posterior is highest after the one before,
        so that they are in order, with the run of bins that holds its posterior."""
        size = self.segments.shape[0] - 1
        found: list[Change] = []
        start = 0
        for k in range(1, number + 1):
            marginal = np.exp(self.forward[k - 1] + self.backward[number - k] - self.forward[number, size])
            # Where it stands best together with those already placed; its uncertainty is its own marginal.
            given = self.segments[start] + self.backward[number - k]
            at = int(np.argmax(given))
            earliest, latest = _shortest_run(marginal, 0.9, at)
            found.append(Change(at, float(marginal[at]), earliest, latest))
            start = at
        return tuple(found)


def _segments(model: Model, y: _Floats, n: _Floats, strength: tuple[float, float]) -> _Floats:
    size = len(y)
    sums, exposed = np.concatenate([[0.0], np.cumsum(y)]), np.concatenate([[0.0], np.cumsum(n)])
    first, last = np.triu_indices(size + 1, SHORTEST)
    segments = np.full((size + 1, size + 1), -np.inf)
    segments[first, last] = _evidence(model, sums[last] - sums[first], exposed[last] - exposed[first], strength)
    return segments


def _forward(segments: _Floats, most: int) -> _Floats:
    forward = np.full((most + 1, segments.shape[0]), -np.inf)
    forward[0] = segments[0]
    for k in range(1, most + 1):
        forward[k] = _log_sum(forward[k - 1][:, None] + segments, 0)
    return forward


def _weights(forward: _Floats) -> _Floats:
    """By number of changes: log of the prior (each further change half as likely, all placements alike) times the
    evidence."""
    size = forward.shape[1] - 1
    return np.array([row[size] - _placements(size, k) - k * log(2) for k, row in enumerate(forward)])


def _factor(weights: _Floats) -> float:
    """Log Bayes factor of any change against none."""
    if len(weights) < 2:
        return float("-inf")
    prior_any = sum(0.5**k for k in range(1, len(weights)))
    return float(_log_sum(weights[1:], 0) - log(prior_any) - weights[0])


def _placements(size: int, number: int) -> float:
    """Log of how many ways there are to cut `size` bins into number + 1 segments of SHORTEST or more."""
    free = size - (number + 1) * SHORTEST
    return lgamma(free + number + 1) - lgamma(free + 1) - lgamma(number + 1)


def _log_sum(values: _Floats, axis: int) -> _Floats:
    top = values.max(axis=axis, keepdims=True)
    safe = np.where(np.isfinite(top), top, 0.0)
    with np.errstate(divide="ignore"):
        total = np.log(np.exp(values - safe).sum(axis=axis, keepdims=True)) + safe
    return np.asarray(total.squeeze(axis))


def _shortest_run(marginal: _Floats, mass: float, holding: int) -> tuple[int, int]:
    """The shortest run of bins around `holding` with at least `mass` of the marginal, the earliest of equals."""
    sums = np.concatenate([[0.0], np.cumsum(marginal)])
    best = (0, len(marginal) - 1)
    for first in range(holding + 1):
        last = int(np.searchsorted(sums, sums[first] + mass * (1 - 1e-12)))
        last = max(last - 1, holding)
        if last < len(marginal) and last - first < best[1] - best[0]:
            best = (first, last)
    return best


def _segment(model: Model, y: _Floats, n: _Floats, strength: tuple[float, float], first: int, last: int) -> Segment:
    count, exposure = float(y[first:last].sum()), float(n[first:last].sum())
    a, b = strength
    if model == "rate":
        shape, per = a + count, b + exposure
        mean, low, high = shape / per, _gamma_quantile(0.025, shape) / per, _gamma_quantile(0.975, shape) / per
    else:
        shape, other = a + count, b + exposure - count
        mean = shape / (shape + other)
        low, high = _beta_quantile(0.025, shape, other), _beta_quantile(0.975, shape, other)
    return Segment(first, last, int(count), exposure, mean, low, high)


def _gamma_quantile(probability: float, shape: float) -> float:
    """Of Gamma(shape, 1), by numerical integration on a fine grid in the logarithm: good to four digits."""
    spread = max(shape**0.5, 1.0)
    low, high = max(shape - 12 * spread, shape * 1e-9 + 1e-12), shape + 14 * spread
    grid = np.exp(np.linspace(log(low), log(high), 20_001))
    return _quantile(grid, shape * np.log(grid) - grid, probability)


def _beta_quantile(probability: float, a: float, b: float) -> float:
    """Of Beta(a, b), on a fine grid in the log odds."""
    odds = np.linspace(-30.0, 30.0, 60_001)
    density = -a * np.logaddexp(0.0, -odds) - b * np.logaddexp(0.0, odds)
    return float(1.0 / (1.0 + exp(-_quantile(odds, density, probability, weighted=False))))


def _quantile(grid: _Floats, log_density: _Floats, probability: float, *, weighted: bool = True) -> float:
    """`log_density` is with respect to the logarithm of the grid where `weighted`, else to the grid."""
    axis = np.log(grid) if weighted else grid
    density = np.exp(log_density - log_density.max())
    steps = np.diff(axis) * (density[1:] + density[:-1]) / 2
    total = np.concatenate([[0.0], np.cumsum(steps)])
    return float(np.interp(probability * total[-1], total, grid))


def _by_chance(
    model: Model,
    y: _Floats,
    n: _Floats,
    strength: tuple[float, float],
    most: int,
    found: float,
    shuffles: int,
    seed: int,
) -> float:
    """Bins move with their exposures, so that a bin keeps its count per exposure."""
    random = np.random.Generator(np.random.PCG64(seed))
    as_much = 1
    for _ in range(shuffles):
        order = random.permutation(len(y))
        shuffled = _segments(model, y[order], n[order], strength)
        as_much += _factor(_weights(_forward(shuffled, most))) >= found - 1e-9
    return as_much / (shuffles + 1)


def _dispersion(y: _Floats, n: _Floats) -> float | None:
    """Pearson's statistic over its degrees of freedom about one constant rate; `None` where nothing was expected."""
    used = n > 0
    expected = y.sum() / n.sum() * n[used]
    if len(expected) < 2:
        return None
    return float((((y[used] - expected) ** 2) / expected).sum() / (len(expected) - 1))
