"""In and out in the formats of others: what came in goes out as it came, and a spreadsheet runs nothing."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import report_world as world
from probanda.records.canonical import Json
from probanda.records.incident import Incident, Where, identified
from probanda.records.reading import When
from probanda.records.table import inert, live
from probanda.report.anchored import told_of_all
from probanda.report.exchange import FORMATS, Draft, UnreadableFileError, tables
from probanda.report.snapshot import ItemRow

AT = "2031-04-10T08:00:00.000Z"
words = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30),
    st.sampled_from(
        ["=1+1", "+A1", "-A1", "@x", "\tx", "\rx", "'=1", "''@x", "-5", "'-5", 'a "b", c', "a\nb", "Ринок"]
    ),
)
solid = words.filter(lambda text: bool(text.strip()))
degrees = st.floats(-80, 80).map(lambda number: round(number, 5))
points = st.one_of(st.none(), st.tuples(degrees, degrees))
days = st.sampled_from(["", "2031-04-08", "2031-04-08T10:40"])
columns = st.text("abcdefgh_", min_size=1, max_size=6).map(lambda name: f"x_{name}")


def incidents_of(name: str, content: str) -> list[Incident]:
    drafts = [row.draft for row in FORMATS[name].read(content)]
    assert all(draft is not None for draft in drafts), list(FORMATS[name].read(content))
    return [made(name, draft) for draft in drafts if draft is not None]


def made(name: str, draft: Draft) -> Incident:
    origin: dict[str, Json] = {"format": name, "fields": dict(draft.fields), "capture": "capture:" + "1" * 64}
    return identified(
        Incident("", draft.title, draft.type, draft.where, draft.when, (), "imported", "agent:a", AT, "0" * 64,
                 origin=origin)
    )  # fmt: skip


def drafts(name: str, content: str) -> list[Draft | None]:
    return [row.draft for row in FORMATS[name].read(content)]


def round_trip(name: str, content: str) -> str:
    """Import, export, import: the drafts are equal, and so is a second export. Returns the export."""
    once = incidents_of(name, content)
    written = FORMATS[name].write(once, {})
    again = drafts(name, written)
    if name == "incidents-csv":  # which names the incidents and members of this case, not of the one it came from
        again = [replace(one, fields={**one.fields, **{k: b.fields.get(k, "") for k in ("id", "members", "reason")}})
                 for one, b in zip(again, drafts(name, content), strict=True) if one and b]  # fmt: skip
        known = [{k: v for k, v in (b.fields if b else {}).items() if v} for b in drafts(name, content)]
        assert [{k: v for k, v in (a.fields if a else {}).items() if v} for a in again] == known
        before = drafts(name, content)
        assert [(a and (a.title, a.type, a.where, a.when)) for a in again] == [
            (b and (b.title, b.type, b.where, b.when)) for b in before
        ]
    elif name == "atlos":
        for a, b in zip(again, drafts(name, content), strict=True):
            assert a and b
            assert replace(a, fields={}) == replace(b, fields={})
            assert {k: v for k, v in a.fields.items() if v} == {k: v for k, v in b.fields.items() if v}
    else:
        assert again == drafts(name, content)
    return written


@given(st.lists(st.tuples(solid, words, points, days, words), max_size=5), columns)
@settings(max_examples=60, deadline=None)
def test_atlos_comes_and_goes_equal(records: list[Any], extra: str) -> None:
    rows = [
        {"status": "To Do", "description": text, "sensitive": "Not Sensitive", "slug": "ABC", "latitude": _at(point, 0),
         "longitude": _at(point, 1), "date": day[:10], "source_1": "https://example.org", extra: more}
        for text, _, point, day, more in records
    ]  # fmt: skip
    names = ("status", "description", "sensitive", "latitude", "longitude", "slug", "date", "source_1", extra)
    content = tables.write(names, rows)
    assert round_trip("atlos", content) == content or not records


@given(st.lists(st.tuples(solid, words, points, days, words), max_size=5), columns)
@settings(max_examples=60, deadline=None)
def test_our_csv_comes_and_goes_equal(records: list[Any], extra: str) -> None:
    rows = [
        {"title": title, "type": "attack", "place": place, "latitude": _at(point, 0), "longitude": _at(point, 1),
         "earliest": day, "latest": day, extra: more}
        for title, place, point, day, more in records
    ]  # fmt: skip
    round_trip("incidents-csv", tables.write(("title",), rows))


@given(st.lists(st.tuples(solid, words, points, days, words), max_size=5), columns)
@settings(max_examples=60, deadline=None)
def test_geojson_comes_and_goes_equal(records: list[Any], extra: str) -> None:
    features = [
        {"type": "Feature", "id": number, "bbox": [1, 2, 3, 4],
         "geometry": {"type": "Point", "coordinates": [point[1], point[0]]} if point else None,
         "properties": {"name": title, "place": place, "earliest": day or None, "latest": day or None, extra: [more]}}
        for number, (title, place, point, day, more) in enumerate(records)
    ]  # fmt: skip
    content = json.dumps({"type": "FeatureCollection", "features": features})
    assert json.loads(round_trip("geojson", content)) == json.loads(content)


@given(st.lists(st.tuples(solid, words, degrees, degrees, days, words), max_size=5), columns)
@settings(max_examples=60, deadline=None)
def test_timemap_comes_and_goes_equal(records: list[Any], extra: str) -> None:
    events = [
        {"id": str(number), "description": text, "location": place, "latitude": str(y), "longitude": str(x),
         "date": day[:10], "time": day[11:], "associations": ["weapon"], "sources": [f"s{number}"], extra: more}
        for number, (text, place, y, x, day, more) in enumerate(records)
    ]  # fmt: skip
    sources = [{"id": f"s{number}", "title": "Mill Post", "paths": []} for number in range(len(records) + 1)]
    associations = [{"id": "weapon", "title": "Weapon", "mode": "FILTER"}]
    content = json.dumps({"events": events, "sources": sources, "associations": associations})
    written = json.loads(round_trip("timemap", content))
    assert written["events"] == events
    if events:
        assert written["associations"] == associations
        assert sorted(written["sources"], key=str) == sorted(sources, key=str)


def _at(point: Sequence[float] | None, place: int) -> float | None:
    return point[place] if point else None


@given(words)
def test_an_inert_cell_is_taken_back_and_begins_no_formula(cell: str) -> None:
    written = inert(cell)
    assert live(written) == cell
    number = written.lstrip("+-").replace(".", "", 1).isdigit()
    assert number or not written.startswith(("=", "+", "-", "@", "\t", "\r"))


def ours(**given: Any) -> Incident:
    fields: dict[str, Any] = {
        "id": "", "title": "=HYPERLINK(1)", "type": "attack.strike", "members": ("claim:" + "1" * 64,),
        "where": Where("Port Selis", 47.1, 31.2, 8000), "reason": "seen", "by": "agent:a", "at": AT, "nonce": "0" * 64,
        "when": When(None, "2031-04-08", "2031-04-09", "range", "told by a person"), **given,
    }  # fmt: skip
    return identified(Incident(**fields))


@pytest.mark.parametrize("name", FORMATS)
def test_one_made_here_goes_out_and_comes_in(name: str) -> None:
    bare = ours(title="Fire", where=None, when=When(None, "2031-04-08", "2031-04-08", "day", "told"))
    content = FORMATS[name].write([ours(), bare], {})
    first, second = drafts(name, content)
    assert first and second
    assert first.title.endswith("=HYPERLINK(1)")
    assert first.where and (first.where.latitude, first.where.longitude) == (47.1, 31.2)
    assert first.when and first.when.earliest == "2031-04-08"
    assert second.where is None
    if name in ("atlos", "incidents-csv"):
        for record in csv.reader(io.StringIO(content)):
            assert not any(cell.startswith(("=", "+", "@")) for cell in record)


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_person_revised_goes_out_and_the_rest_as_it_came(name: str) -> None:
    extra = {"x_more": "kept", "source_1": "https://example.org"}
    [one] = incidents_of(name, sample(name, extra))
    assert FORMATS[name].write([one], {}).count("kept") == 1
    [back] = drafts(
        name, FORMATS[name].write([replace(one, title="Fire at the mill", where=Where("Velin", 1.5, 2.5))], {})
    )
    assert back and back.where
    assert (back.title, back.where.latitude) == ("Fire at the mill", 1.5)
    assert "kept" in str(back.fields)


TOLD = ("unanchored", "unanchored (1 of 2 items)", "anchored by 2031-04-02T10:00Z (=Office A)")


@pytest.mark.parametrize("name", FORMATS)
@given(first=st.sampled_from(TOLD), second=st.sampled_from(TOLD), notes=words)
@settings(max_examples=25, deadline=None)
def test_the_time_of_the_items_goes_out_once_and_comes_in_unharmed(
    name: str, first: str, second: str, notes: str
) -> None:
    field = {"atlos": "more_info", "timemap": "comments"}.get(name, "items_anchored")
    [one] = incidents_of(name, sample(name, {field: notes}))
    written = FORMATS[name].write([one], {one.id: first})
    [back] = incidents_of(name, written)
    assert (back.title, back.when, back.where) == (one.title, one.when, one.where)
    again = FORMATS[name].write([back], {back.id: second})
    told = field_of(name, again, field)
    label = f"Items behind it: {second}"
    expected = second if field == "items_anchored" else f"{notes}\n{label}" if notes else label
    assert told == expected, "this case's own label alone, and the notes as they came"
    # Nothing is said of what the caller says nothing of, and what came in stays.
    assert field_of(name, FORMATS[name].write([one], {}), field) == notes
    mixed = FORMATS[name].write([one, ours()], {ours().id: second})
    assert mixed.count(second) == (second in notes) + 1


def field_of(name: str, content: str, field: str) -> object:
    if name == "geojson":
        return json.loads(content)["features"][0]["properties"].get(field)
    if name == "timemap":
        return json.loads(content)["events"][0].get(field)
    return next(iter(tables.read(content, ())))[field]


def test_what_rests_on_several_items_is_as_old_as_the_youngest_and_unanchored_if_one_is() -> None:
    def row(seq: int, at: str = "unanchored", *names: str) -> ItemRow:
        return replace(world.item(world.MORNING, seq), anchored=at, anchors=names)

    early = row(1, "2031-04-02T10:00:00.000Z", "Office A")
    late = row(2, "2031-05-02T10:00:00.000Z", "Office B")
    assert told_of_all([early, late, early]) == "anchored by 2031-05-02T10:00Z (Office B)"
    assert told_of_all([early, row(3), early]) == "unanchored (1 of 2 items)"
    assert told_of_all([row(3), row(4)]) == "unanchored"
    assert told_of_all([]) == "unanchored (no item)"


def sample(name: str, extra: dict[str, str]) -> str:
    if name == "geojson":
        feature = {"type": "Feature", "geometry": None, "properties": {"name": "Strike at the mill", **extra}}
        return json.dumps({"type": "FeatureCollection", "features": [feature]})
    if name == "timemap":
        event = {"description": "Strike at the mill", "date": "4/8/2031", **extra}
        return json.dumps([event])
    row = {"title": "Strike at the mill", "description": "Strike at the mill", "status": "To Do", "sensitive": "x"}
    return tables.write(tuple(row), [{**row, **extra}])


def test_a_record_that_is_none_is_told_by_number_and_the_rest_goes_in() -> None:
    row = {"status": "To Do", "description": "Strike", "sensitive": "x", "latitude": "1", "longitude": "2"}
    bad = ({"latitude": "north"}, {"longitude": ""}, {"latitude": "91"}, {"description": " "}, {"date": "soon"})
    content = tables.write(tuple(row), [row, *({**row, **one} for one in bad), row])
    rows = list(FORMATS["atlos"].read(content))
    assert [one.number for one in rows if one.draft] == [1, 7]
    assert all(one.reason for one in rows[1:6])
    more = content.replace("\r\n", ',"too much"\r\n', 3).replace(',"too much"', "", 1)
    assert sum(one.draft is not None for one in FORMATS["atlos"].read(more)) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("atlos", "status,description\r\nTo Do,Strike\r\n"),
        ("atlos", ""),
        ("atlos", 'status,description,sensitive\r\n"open'),
        ("incidents-csv", "title,title\r\na,b\r\n"),
        ("geojson", "{"),
        ("geojson", "[]"),
        ("geojson", '{"type": "Feature"}'),
        ("timemap", "12"),
        ("timemap", '{"events": [], "sources": 1}'),
        ("timemap", "[" * 5000),
    ],
)
def test_a_file_that_is_not_of_the_format_says_so(name: str, content: str) -> None:
    with pytest.raises(UnreadableFileError, match="expected"):
        list(FORMATS[name].read(content))


@pytest.mark.parametrize(
    "feature",
    [
        None,
        1,
        {"type": "x"},
        {"type": "Feature", "properties": 1},
        {"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": 1}},
        {"type": "Feature", "properties": {"name": "a"}, "geometry": {"type": "Point", "coordinates": ["x", 1]}},
        {"type": "Feature", "properties": {"name": "\ud800"}, "geometry": None},
    ],
)
def test_a_feature_that_is_none_is_told(feature: Any) -> None:
    [row] = FORMATS["geojson"].read(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert row.draft is None
    assert row.reason
