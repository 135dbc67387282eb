"""A GeoNames dump goes in row by row: what is wrong with a row is told and the rest kept; a file that is none is
refused with the line and the column."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazetteer_world import ROWS, dump, gazetteers, row, zipped
from probanda.extract.places import compile as compiling
from probanda.extract.places.compile import compile_table
from probanda.extract.places.dump import MOST_LINE, DumpError, Row, Told, rows_of
from probanda.extract.places.gazetteer import key_of
from probanda.extract.places.imported import TableError, table_of
from probanda.steps.gazetteer import STEP


def taken(data: bytes) -> tuple[list[Row], Told]:
    told = Told()
    return list(rows_of(data, told)), told


def compiled(data: bytes) -> bytes:
    told = Told()
    return compile_table(rows_of(data, told), lambda: told.country)[0]


def test_a_dump_as_downloaded_and_its_text_give_the_same_table() -> None:
    assert compiled(zipped(dump())) == compiled(dump()) == compiled(b"\xef\xbb\xbf" + dump().replace(b"\n", b"\r\n"))
    rows, told = taken(dump())
    assert (len(rows), told.rows, told.other_features, told.country) == (len(ROWS) - 1, len(ROWS), 1, "XK")
    assert not told.faults


@pytest.mark.parametrize(
    ("line", "column", "reason"),
    [
        (row(99, "Marl", 900, 37), "5 (latitude)", "-90 to 90"),
        (row(99, "Marl", 48, "-180.5"), "6 (longitude)", "-180 to 180"),
        (row(99, "Marl", "nan", 37), "5 (latitude)", "degrees"),
        (row(99, "Marl", "1e1", 37), "5 (latitude)", "degrees"),
        (row(10, "Marl", 48, 37), "1 (geonameid)", "once"),
        (row("x1", "Marl", 48, 37), "1 (geonameid)", "a number"),
        (row("9" * 400, "Marl", 48, 37), "1 (geonameid)", "a number"),
        (row(99, "", 48, 37), "2 (name)", "a name"),
        (row(99, "\x1b[2J Marl", 48, 37), "2 (name)", "control"),
        (row(99, "Marl", 48, 37, people="-4"), "15 (population)", "inhabitants"),
        (row(99, "Marl", 48, 37, country="ZZ"), "9 (country code)", "XK"),
        (row(99, "Marl", 48, 37, country="xk1"), "9 (country code)", "two capital letters"),
        (row(99, "Marl", 48, 37, regions="07|x"), "11 (admin1 code)", "a code"),
        ("99\tMarl\t48.5", "3 (asciiname)", "19 columns, found 3"),
        (row(99, "Marl", 48, 37) + "\tmore", "19 (modification date)", "19 columns, found 20"),
    ],
)
def test_a_row_at_fault_is_told_and_the_rest_goes_in(line: str, column: str, reason: str) -> None:
    rows, told = taken(dump(*ROWS[:5], line, *ROWS[5:]))
    assert len(rows) == len(ROWS) - 1
    [fault] = told.first_faults
    assert (fault.line, fault.column) == (6, column)
    assert reason in fault.reason
    assert sum(told.faults.values()) == 1


def test_bytes_that_are_no_utf_8_cost_their_row_alone() -> None:
    rows, told = taken(dump().replace(b"Brannivets", b"Brann\xff\xfe", 1))
    assert len(rows) == len(ROWS) - 2
    assert "0xff" in told.first_faults[0].reason
    assert told.first_faults[0].column == "2 (name)"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "line 1: expected a row"),
        (b"name,lat,lon\nMarl,48,37\n", "line 1, column 1 (geonameid): expected 19 columns, found 1"),
        (b"\n\nid\tname\n" * 60, "line 3, column 2 (name): expected 19 columns"),
        (bytes(range(256)) * 40, "line 1, column"),
        (b"x" * (2 * MOST_LINE), "expected lines of at most"),
        (b"PK\3\4" + b"\0" * 90, "a ZIP archive that can be read"),
        (zipped(dump(), ("YK.txt", b"")), "one file (UA.txt) beside readme.txt, found 2: 'XK.txt', 'YK.txt'"),
        (zipped(b"\0" * 5_000_000), "expected lines of at most"),
        (zipped(dump())[:-200], "a ZIP archive that can be read"),
    ],
)
def test_a_file_that_is_no_dump_is_refused_with_the_place_where_it_shows(data: bytes, told: str) -> None:
    with pytest.raises(DumpError) as refused:
        taken(data)
    assert told in str(refused.value)


def test_a_dump_of_many_countries_is_refused() -> None:
    others = [row(100 + n, f"Marl {'abcdefghijklmnopqrstuvwxyz'[n]}", 48, 37, country="YK") for n in range(20)]
    with pytest.raises(DumpError, match=r"expected XK as in the first row, found YK\. More than half"):
        taken(dump(ROWS[0], *others))


def test_more_rows_than_any_country_has_are_refused_without_reading_on() -> None:
    told = Told()
    with pytest.raises(DumpError, match="line 6: expected at most 5 rows"):
        list(rows_of(dump(), told, most=5))
    assert told.rows == 6


def test_a_zip_whose_member_is_encrypted_or_of_an_unknown_method_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("XK.txt", dump())
    data = bytearray(out.getvalue())
    for at in (data.find(b"PK\3\4") + 6, data.find(b"PK\1\2") + 8):
        data[at] |= 1
    with pytest.raises(DumpError, match=r"encrypted|password"):
        taken(bytes(data))


_names = st.text(st.sampled_from("abzäßŁéіїєґёЯшЖ'’- "), min_size=1, max_size=14)


@given(_names)
def test_names_are_compared_as_the_gazetteer_compares_them(name: str) -> None:
    assert compiling._key(name) == key_of(name)


@given(st.permutations(ROWS))
def test_the_table_does_not_hang_on_the_order_of_the_rows(rows: list[str]) -> None:
    assert compiled(dump(*rows)) == compiled(dump())


def test_a_radius_follows_from_inhabitants_from_settlements_or_from_the_kind() -> None:
    held = gazetteers()
    names = ("upper hasko", "brannivets", "hasko prison", "zoranka", "hasko raion")
    radius = {entry.id: entry.radius_m for name in names for entry in held.at(name)}
    assert radius["geonames:10"] == 1_000  # 240 people
    assert radius["geonames:23"] == 500
    assert radius["geonames:21"] == 2_000
    assert 2_000 <= radius["geonames:2"] <= 40_000  # where the villages of the district lie
    [town] = gazetteers(row(5, "Great Marl", 48, 37, people=400_000)).at("great marl")
    [hamlet] = gazetteers(row(6, "Small Marl", 48, 37)).at("small marl")
    assert town.radius_m > 9_000
    assert hamlet.radius_m == 1_500  # nobody knows how many live there


def test_a_table_that_is_none_is_refused() -> None:
    with pytest.raises(TableError, match="compiled gazetteer"):
        table_of(b"x" * 300)


def test_a_formula_as_a_name_is_a_name_and_no_key() -> None:
    rows, told = taken(dump(*ROWS, row(98, "=cmd|' /C calc'!A0", 48, 37)))
    assert rows[-1].name.startswith("=cmd")
    assert not told.faults
    assert b"|cmd" not in compiled(dump(*ROWS, row(98, "=cmd|' /C calc'!A0", 48, 37)))


def test_the_step_tells_what_it_found_and_fails_on_what_is_no_dump() -> None:
    name = "a" * 64
    result = STEP.run(STEP.request(name), {name: zipped(dump())})
    assert result.outcome == "succeeded"
    assert result.facts["country"] == "XK"
    assert result.facts["kept"] == len(ROWS) - 1
    result = STEP.run(STEP.request(name), {name: b"<html>Not found</html>"})
    assert result.outcome == "failed"
    assert "line 1, column 1" in str(result.reason)
