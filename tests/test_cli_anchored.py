"""An item tells by when it is anchored, and a case that asks for anchors lets nothing out without them.
Countries, persons and bodies are invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import report_world as world
from cli_world import made_case, probanda
from probanda.archive import Archive
from probanda.records.entry import DISSEMINATION
from probanda.report.casefile import build, to_json
from probanda.report.page import html
from time_authority import TimeAuthority, responding


def test_a_case_that_asks_for_anchors_lets_out_what_is_anchored_and_nothing_else(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    out = tmp_path / "out.html"
    assert "anchored" not in probanda("items", case).out
    assert {one["anchored"] for one in probanda("items", case, "--json").json["items"]} == {"unanchored"}
    with responding(TimeAuthority(tmp_path / "office")) as office:
        with Archive.open(case) as archive:
            [first] = [one.id for one in archive.captures() if one.name == "material/report.txt"]
            archive.incident("Market", "It is told", members=[first])
            archive.assign_settings("One office.", authorities=(office.authority(),), min_anchors=1)
        name = office.authority().name
        assert probanda("items", case).out.count("    unanchored\n") == 2
        refused = probanda("casefile", case, "-o", out, "--json")
        assert (refused.code, refused.error["kind"]) == (1, "WayOutRefused")
        assert f"probanda seal {case}" in refused.error["message"]
        assert probanda("items", case, "--format", "auto-archiver", "-o", tmp_path / "x.csv").code == 1
        assert not out.exists()
        assert probanda("seal", case).code == 0
    assert probanda("items", case).out.count(f" ({name})\n") == 2
    [first, *_] = probanda("claims", case, "--json").json
    assert all(one["time"].startswith("anchored by 20") for one in first["items"])
    # Neither the refusals nor the passages before it, which come after the seal, stand in the way.
    assert probanda("casefile", case, "-o", out).code == 0
    assert probanda("casefile", case, "-o", out).code == 0
    assert f"({name})" in out.read_text("utf-8")
    assert probanda("items", case, "--format", "auto-archiver", "-o", tmp_path / "x.csv").code == 0
    assert "preserved in a Probanda case; anchored by 20" in (tmp_path / "x.csv").read_text("utf-8")
    assert probanda("search", case, "market").out.count(", anchored by 20") == 1
    [found] = probanda("search", case, "market", "--json").json["rows"]
    assert found["items"][0]["time"].startswith("anchored by 20")
    (tmp_path / "late.txt").write_text("A letter.\n", "utf-8")
    assert probanda("add", case, tmp_path / "late.txt").code == 0
    assert probanda("items", case).out.count("    unanchored\n") == 1
    with Archive.open(case) as archive:
        [letter] = [one.id for one in archive.captures() if one.name == "late.txt"]
        archive.incident("Letter", "It came", members=[letter])
    assert "    items behind it: unanchored\n" in probanda("incidents", case).out
    by_title = {one["title"]: one["items_anchored"] for one in probanda("incidents", case, "--json").json["incidents"]}
    assert by_title["Letter"] == "unanchored"
    assert by_title["Market"].startswith("anchored by 20")
    assert f"({name})" in by_title["Market"]
    assert probanda("show", case, letter, "--json").json["time"] == "unanchored"
    assert probanda("casefile", case, "-o", out, "--json").error["kind"] == "WayOutRefused"
    with Archive.open(case, read_only=True) as archive:
        acts = [entry.outcome for entry in archive.case.log.entries() if entry.act == DISSEMINATION]
    assert acts.count("failure") == 3


def test_every_form_of_incidents_tells_that_nothing_is_anchored(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    with Archive.open(case) as archive:
        first, *_ = [one.id for one in archive.captures()]
        archive.incident("Market", "It is told", members=[first])
    note = "Items behind it: unanchored"
    places = {"atlos": note, "csv": '"items_anchored"', "timemap": note,
              "geojson": '"items_anchored": "unanchored"', "json": '"items_anchored":"unanchored"'}  # fmt: skip
    for form, told in places.items():
        out = tmp_path / f"out.{form}"
        assert probanda("incidents", case, "--format", form, "-o", out).code == 0
        assert told in out.read_text("utf-8"), form
        assert "unanchored" in out.read_text("utf-8"), form
    assert "behind it" not in probanda("incidents", case).out, "nobody asked for time"
    assert [one["time"] for one in probanda("search", case, "market", "--json").json["rows"][0]["items"]] == [
        "unanchored"
    ]


def test_the_page_tells_of_each_item_once_the_case_asks_for_time() -> None:
    stamped = replace(
        world.item(world.EVENING, 1), anchored="2031-04-02T10:00:00.000Z", anchors=("Office A", "Office B")
    )
    bare = world.item(world.MORNING, 2)
    snapshot = world.snapshot([stamped, bare], [])
    silent = html(build(snapshot))
    assert "Office A" not in silent
    assert b'"anchored":"unanchored"' in to_json(build(snapshot))
    asked = replace(snapshot, time_asked=True)
    page = html(build(asked))
    assert "Anchored by 2031-04-02T10:00Z (Office A, Office B)" in page
    assert page.count("Unanchored: no time stamp") == 1
    assert "Час не засвідчено" in html(build(asked), "uk")
