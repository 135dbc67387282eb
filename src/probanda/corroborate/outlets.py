"""Which telling is meant where an article says that it has something from an outlet, and who cites in a circle.

Guarantees: the outlet's article with the same number is meant before its others, the earliest first; where the outlet
itself has it from several origins nobody knows which is meant. Fast also where one outlet has thousands of articles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from probanda.corroborate.circles import in_circles
from probanda.corroborate.clusters import Clusters
from probanda.corroborate.telling import Figure, Telling


class _Tellings(list[int]):
    """Numbers of tellings in the order of publication, and how many known origins they have once somebody asked."""

    origins: int | None = None


class Outlets:
    """The outlets of one topic. To be asked when only weak links are still to come: these never change how many
    origins are known."""

    def __init__(self, tellings: Sequence[Telling], clusters: Clusters) -> None:
        self._tellings, self._clusters = tellings, clusters
        self._every: dict[str, _Tellings] = defaultdict(_Tellings)
        self._by_figure: dict[tuple[str, Figure | None], _Tellings] = defaultdict(_Tellings)
        edges: dict[str, set[str]] = defaultdict(set)
        for number, one in enumerate(tellings):
            if one.outlet is not None:
                self._every[one.outlet].append(number)
                self._by_figure[one.outlet, one.figure].append(number)
                if one.cited is not None:
                    edges[one.outlet].add(one.cited)
        self._circles = in_circles(edges)

    def in_circle(self, one: Telling) -> bool:
        """Whether the outlet that it cites has it, perhaps through others, from its own."""
        return one.outlet is not None and one.cited in self._circles.get(one.outlet, frozenset())

    def meant(self, number: int) -> int | None:
        """The telling that this one repeats; `None` where none is here, or several origins are possible."""
        one = self._tellings[number]
        same = self._by_figure.get((one.cited or "", one.figure), _Tellings())
        every = self._every.get(one.cited or "", _Tellings())
        others = same if any(self._elsewhere(other, one) for other in same) else every
        if others.origins is None:
            others.origins = len({self._clusters.head(n) for n in others if self._clusters.known(n)})
        if others.origins > 1:
            return None
        return next((other for other in others if self._elsewhere(other, one)), None)

    def _elsewhere(self, number: int, one: Telling) -> bool:
        return self._tellings[number].article != one.article
