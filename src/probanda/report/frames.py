"""Which part of the earth each frame of a map shows, and how: grouping, projection, circles in true metres.

Guarantees: every point lies in exactly one frame, whole with its circle where that is under `WIDEST_M`; points far from
each other get frames of their own, so that neither is a speck. Projections (Snyder, Map Projections: A Working Manual,
1987): equirectangular with the standard parallel through the middle of the frame; Lambert azimuthal equal-area around
the middle from 66 degrees of latitude on, where the first would stretch. The earth is a sphere of 6,371,008.8 m.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from probanda.report.chapters import MapPoint
from probanda.report.drawing import Point

RADIUS_M: Final = 6_371_008.8
TOGETHER_M: Final = 600_000  # points nearer than this stand in one frame; arbitrary: about a country
NARROWEST_M: Final = 60_000  # half a frame's width at least, since the lines are true to some kilometres only
WIDEST_M: Final = 5_000_000
_MARGIN: Final = 1.25
_POLAR: Final = 66.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle of `width` by `height` units around (longitude, latitude), `scale` units for a metre."""

    longitude: float
    latitude: float
    scale: float
    width: float
    height: float

    @property
    def projection(self) -> str:
        return "azimuthal" if abs(self.latitude) >= _POLAR else "equirectangular"

    def on(self, longitude: float, latitude: float) -> Point:
        """Where a point of the earth lies in the drawing."""
        turned = math.radians((longitude - self.longitude + 180) % 360 - 180)
        phi, middle = math.radians(latitude), math.radians(self.latitude)
        if self.projection == "equirectangular":
            x, y = turned * math.cos(middle), phi - middle
        else:
            cosine = math.sin(middle) * math.sin(phi) + math.cos(middle) * math.cos(phi) * math.cos(turned)
            k = math.sqrt(2 / max(1e-9, 1 + cosine))
            x = k * math.cos(phi) * math.sin(turned)
            y = k * (math.cos(middle) * math.sin(phi) - math.sin(middle) * math.cos(phi) * math.cos(turned))
        size = RADIUS_M * self.scale
        return self.width / 2 + x * size, self.height / 2 - y * size

    def reach(self) -> tuple[float, float]:
        """Degrees of longitude and latitude, from the middle, that a frame can show; generous."""
        high = math.degrees(self.height / 2 / self.scale / RADIUS_M) * 1.1 + 0.1
        furthest = min(89.5, abs(self.latitude) + high)
        if self.projection == "azimuthal" and furthest > 89:
            return 180.0, high
        wide = math.degrees(self.width / 2 / self.scale / RADIUS_M) * 1.1 + 0.1
        at = furthest if self.projection == "azimuthal" else self.latitude
        return min(180.0, wide / max(0.02, math.cos(math.radians(at)))), high


def distance_m(a: MapPoint, b: MapPoint) -> float:
    """On the great circle."""
    p, q = math.radians(a.latitude), math.radians(b.latitude)
    turned = math.radians(b.longitude - a.longitude)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(turned / 2) ** 2
    return 2 * RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def circle(longitude: float, latitude: float, radius_m: float, corners: int = 72) -> list[tuple[float, float]]:
    """Points of the earth at that distance, as (longitude, latitude), closed."""
    phi, arc = math.radians(latitude), radius_m / RADIUS_M
    out = []
    for n in range(corners + 1):
        bearing = 2 * math.pi * (n % corners) / corners
        to = math.asin(
            max(-1.0, min(1.0, math.sin(phi) * math.cos(arc) + math.cos(phi) * math.sin(arc) * math.cos(bearing)))
        )
        turned = math.atan2(
            math.sin(bearing) * math.sin(arc) * math.cos(phi), math.cos(arc) - math.sin(phi) * math.sin(to)
        )
        out.append((longitude + math.degrees(turned), math.degrees(to)))
    return out


def frames(points: Sequence[MapPoint], width: float, height: float) -> list[tuple[Frame, list[MapPoint]]]:
    """The largest group first, then by the first point of each."""
    groups = _groups(points)
    groups.sort(key=len, reverse=True)
    return [(_around(group, width, height), group) for group in groups]


def _groups(points: Sequence[MapPoint]) -> list[list[MapPoint]]:
    """Points joined while one lies within `TOGETHER_M` of another (single linkage)."""
    left = list(points)
    out: list[list[MapPoint]] = []
    while left:
        group, todo = [], [left.pop(0)]
        while todo:
            now = todo.pop()
            group.append(now)
            near = [one for one in left if distance_m(now, one) <= TOGETHER_M]
            left = [one for one in left if one not in near]
            todo += near
        out.append([one for one in points if one in group])
    return out


def _around(group: Sequence[MapPoint], width: float, height: float) -> Frame:
    """The frame that holds every point of the group with its circle, with a margin."""
    first = group[0].longitude
    turned = [(one.longitude - first + 180) % 360 - 180 for one in group]
    longitude = (first + (min(turned) + max(turned)) / 2 + 180) % 360 - 180
    latitude = (min(one.latitude for one in group) + max(one.latitude for one in group)) / 2
    unit = Frame(longitude, latitude, 1.0, 0.0, 0.0)
    half_x, half_y = float(NARROWEST_M), NARROWEST_M * height / width
    for one in group:
        x, y = unit.on(one.longitude, one.latitude)
        reach = min(one.radius_m or 0, WIDEST_M)
        half_x, half_y = max(half_x, abs(x) + reach), max(half_y, abs(y) + reach)
    scale = min(width / 2 / (half_x * _MARGIN), height / 2 / (half_y * _MARGIN))
    return Frame(longitude, latitude, scale, width, height)


def nice(value: float) -> float:
    """The largest of 1, 2 or 5 times a power of ten that is not above `value`."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * step for step in (5, 2, 1) if power * step <= value * (1 + 1e-9))
