"""Who cites in a circle: A has it from B, and B, perhaps through others, from A."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def in_circles(edges: Mapping[str, Collection[str]]) -> Mapping[str, frozenset[str]]:
    """By each that stands in a circle, all that can be reached from it and lead back to it (Tarjan's strongly
    connected components of more than one member). An edge to itself is no circle."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: dict[str, frozenset[str]] = {}
    for start in sorted(edges):
        if start in index:
            continue
        work = [(start, iter(sorted(edges.get(start, ()))))]
        index[start] = low[start] = len(index)
        stack.append(start)
        while work:
            node, following = work[-1]
            after = next(following, None)
            if after is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    members = frozenset(stack[at:])
                    del stack[at:]
                    if len(members) > 1:
                        found.update(dict.fromkeys(members, members))
            elif after not in index:
                index[after] = low[after] = len(index)
                stack.append(after)
                work.append((after, iter(sorted(edges.get(after, ())))))
            elif after in stack:
                low[node] = min(low[node], index[after])
    return found
