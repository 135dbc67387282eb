"""Union-find over the tellings of one topic: what joins, what a person keeps apart, what may never join two origins.

Guarantees: what a person keeps apart stays apart, through every chain of links; a *weak* link joins a telling whose
origin is unknown to one origin and never two known origins to each other. Deterministic: the order of the calls
decides, and of two equals the earlier stays at the head.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Clusters:
    """Tellings by their number, 0 to n - 1; `known` says whose root is known."""

    def __init__(self, known: Sequence[bool], apart: Iterable[tuple[int, int]] = ()) -> None:
        self._parent = list(range(len(known)))
        self._known = list(known)
        self._apart: dict[int, set[int]] = {}
        for a, b in apart:
            self._apart.setdefault(a, set()).add(b)
            self._apart.setdefault(b, set()).add(a)

    def head(self, one: int) -> int:
        while self._parent[one] != one:
            self._parent[one] = self._parent[self._parent[one]]
            one = self._parent[one]
        return one

    def known(self, one: int) -> bool:
        return self._known[self.head(one)]

    def together(self, a: int, b: int) -> bool:
        return self.head(a) == self.head(b)

    def kept_apart(self, a: int, b: int) -> bool:
        left, right = self.head(a), self.head(b)
        return any(self.head(one) == right for one in self._apart.get(left, ()))

    def join(self, a: int, b: int, *, weak: bool = False) -> bool:
        """Whether the two are together now. `weak`: unless both are of known origins that are not one."""
        left, right = sorted((self.head(a), self.head(b)))
        if left == right:
            return True
        if (weak and self._known[left] and self._known[right]) or self.kept_apart(left, right):
            return False
        self._parent[right] = left
        self._known[left] = self._known[left] or self._known[right]
        if right in self._apart:
            self._apart.setdefault(left, set()).update(self._apart.pop(right))
        return True
