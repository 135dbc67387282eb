"""The map: circles true in metres, nothing on it that is no place, no label on another, nothing that acts."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import report_world as world
from probanda.records.incident import Where
from probanda.records.reading import Place
from probanda.report.casefile import build
from probanda.report.chapters import MapPoint
from probanda.report.drawing import clipped, inside, shape
from probanda.report.frames import circle, distance_m, frames
from probanda.report.map import HEIGHT, WIDTH, draw, map_lines
from probanda.report.page import html
from probanda.report.tongue import Tongue

EN = Tongue("en")
HOSTILE = ["<script>alert(1)</script>", "]]>", '"><a href="javascript:x">', "\u202egnp.exe", "\0\x1b[31m", "#let x = 1",
           "w" * 1_000_000]  # fmt: skip


def point(number: str, latitude: float, longitude: float, radius_m: int | None = 5000, **given_: str) -> MapPoint:
    kind = given_.get("kind", "place")
    assert kind in ("incident", "proposal", "place")
    return MapPoint(number, kind, given_.get("name", f"Place {number}"), latitude, longitude, radius_m, ())  # type: ignore[arg-type]


LATITUDES, LONGITUDES = st.floats(-85, 85), st.floats(-180, 180)


@given(LATITUDES, LONGITUDES, st.integers(100, 2_000_000))
def test_every_corner_of_a_circle_lies_at_its_radius(latitude: float, longitude: float, radius_m: int) -> None:
    middle = point("P1", latitude, longitude)
    for x, y in circle(longitude, latitude, radius_m, corners=12):
        assert distance_m(middle, point("P2", y, x)) == pytest.approx(radius_m, rel=1e-6, abs=1)


@given(st.lists(st.tuples(LATITUDES, LONGITUDES, st.integers(0, 400_000)), min_size=1, max_size=12))
def test_every_point_stands_in_one_frame_with_its_circle(given_: list[tuple[float, float, int]]) -> None:
    points = [point(f"P{n}", *one) for n, one in enumerate(given_)]
    found = frames(points, WIDTH, HEIGHT)
    assert sorted(one.number for _, group in found for one in group) == sorted(one.number for one in points)
    for frame, group in found:
        for one in group:
            x, y = frame.on(one.longitude, one.latitude)
            reach = (one.radius_m or 0) * frame.scale
            assert reach - 1 <= x <= WIDTH - reach + 1
            assert reach - 1 <= y <= HEIGHT - reach + 1


@pytest.mark.parametrize(("latitude", "projection"), [(48.0, "equirectangular"), (-12.0, "equirectangular"),
                                                      (78.0, "azimuthal"), (-70.0, "azimuthal")])  # fmt: skip
def test_a_drawn_circle_is_as_large_as_the_scale_bar_says(latitude: float, projection: str) -> None:
    (frame, _), *_ = frames([point("P1", latitude, 30.0, 50_000)], WIDTH, HEIGHT)
    assert frame.projection == projection
    middle = frame.on(30.0, latitude)
    for x, y in circle(30.0, latitude, 50_000, corners=16):
        across = math.dist(frame.on(x, y), middle)
        assert across / frame.scale == pytest.approx(50_000, rel=0.06)


def test_points_far_apart_get_frames_of_their_own_and_the_date_line_parts_nothing() -> None:
    drawn = draw([point("P1", -18.0, 179.5), point("P2", -18.2, -179.6), point("P3", 48.0, 37.0)], EN)
    assert [one.shown for one in drawn] == [("P1", "P2"), ("P3",)]


def test_labels_do_not_overlap_and_every_sign_is_drawn() -> None:
    points = [point(f"P{n}", 48 + n * 0.02, 37 + (n % 4) * 0.03, name=f"Place with a long name {n}") for n in range(40)]
    (drawn,) = draw(points, EN)
    assert len(re.findall(r'<a href="#map-P\d+"', drawn.svg)) == 40
    boxes = []
    for x, y, text in re.findall(r'<text x="([\d.]+)" y="([\d.]+)" font-size="11"[^>]*>([^<]*)</text>', drawn.svg):
        boxes.append((float(x), float(y) - 9, float(x) + 5.5 * len(text), float(y)))
    assert len(boxes) > 5
    for a, b in combinations(boxes, 2):
        assert not (a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def test_sign_and_stroke_tell_the_kinds_apart() -> None:
    shapes = {}
    for kind in ("incident", "proposal", "place"):
        (drawn,) = draw([point("P1", 48.0, 37.0, 30_000, kind=kind)], EN)
        mark = re.findall(r'<a href="#map-P1"><title>[^<]*</title><(\w+)', drawn.svg)[0]
        ring = re.findall(r'class="radius"', drawn.svg)
        dashes = re.findall(r'stroke-dasharray="([^"]+)" class="radius"', drawn.svg)
        assert ring
        shapes[kind] = (mark, tuple(dashes))
    assert shapes["incident"] == ("polygon", ())
    assert shapes["place"][0] == "circle"
    assert len(set(shapes.values())) == 3


def test_an_unknown_radius_is_marked_and_no_circle_is_made_up() -> None:
    (drawn,) = draw([point("P1", 48.0, 37.0, None)], EN)
    assert 'class="radius"' not in drawn.svg
    assert ">?</text>" in drawn.svg


def test_lines_only_no_area_of_a_country_and_the_isthmus_of_crimea_is_disputed() -> None:
    kinds = {kind for kind, _, _ in map_lines()}
    assert kinds == {"c", "b", "d"}
    assert all(-180.01 <= x <= 180.01 and -90.01 <= y <= 90.01 for _, _, line in map_lines() for x, y in line)
    near = [kind for kind, _, line in map_lines() for x, y in line if 33.4 < x < 35.2 and 45.6 < y < 46.3]
    assert "d" in near
    assert "b" not in near
    (drawn,) = draw([point("P1", 45.0, 34.1, 9_000)], EN)
    assert 'class="line-c"' in drawn.svg
    filled = re.findall(r'<(polygon|path)[^>]*fill="#1a1a1a"', drawn.svg)
    assert not filled


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_do_nothing_in_the_drawing(hostile: str) -> None:
    base = world.whole()
    one = replace(world.incident(hostile or "x", "event:1", where=Where(hostile, 48.1, 37.5, 900, basis=hostile)))
    page = html(build(replace(base, incidents=(one,), relations=())))
    svg = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    assert len(svg) < 200_000
    assert "<script" not in svg
    assert not re.search("[\0\x1b\u202a-\u202e\u2066-\u2069]", svg)
    assert all(href.startswith("#") for href in re.findall(r'href="([^"]*)"', svg))


def test_a_drawing_refuses_what_could_act() -> None:
    for bad in ("script", "foreignObject", "image", "use", "style"):
        with pytest.raises(ValueError, match="not one that a drawing may hold"):
            shape(bad)
    for name in ("onclick", "style", "filter", "clip_path"):
        with pytest.raises(ValueError, match="not one that a drawing may carry"):
            shape("rect", **{name: "x"})
    with pytest.raises(ValueError, match="inside the page"):
        shape("a", href="https://example.org")


BOX = (0.0, 0.0, 10.0, 10.0)
COORDINATE = st.floats(-30, 30).map(lambda value: round(value, 3))


@given(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=2, max_size=12))
def test_what_is_clipped_lies_in_the_box(line: list[tuple[float, float]]) -> None:
    for part in clipped(line, BOX):
        assert all(-1e-6 <= x <= 10 + 1e-6 and -1e-6 <= y <= 10 + 1e-6 for x, y in part)
    assert all(-1e-6 <= x <= 10 + 1e-6 and -1e-6 <= y <= 10 + 1e-6 for x, y in inside(line, BOX))
    if all(0 <= x <= 10 and 0 <= y <= 10 for x, y in line):
        assert [corner for part in clipped(line, BOX) for corner in part] == line


def test_everything_on_the_map_stands_in_the_table_and_the_rest_is_listed() -> None:
    casefile = build(world.whole())
    page = html(casefile)
    assert casefile.map is not None
    for one in casefile.map.points:
        assert f'id="map-{one.number}"' in page
    section = page[page.index('id="s-map"') : page.index('id="s-timeline"')]
    assert all(f'href="#line-{gone.number}"' in section for gone in casefile.map.absent)
    for words in ("Natural Earth", "version 4.1", "no statement on any border", "Equirectangular"):
        assert words in section


def test_a_metonym_with_coordinates_is_never_drawn() -> None:
    text = "Osten condemned it."
    there = Place(world.find(text, "Osten"), "Osten", "geonames:2", "KV", 49.0, 38.0, 5000, "metonym")
    one = world.item(text, 1)
    page = html(build(world.snapshot([one], [world.row(text, world.reading(text, places=[there]), one)])))
    assert 'class="map"' not in page
