"""Spreadsheets and tables in text: every filled cell leads back to its place, and nothing is worked out."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from material_steps import outputs, places, run
from probanda.steps.readers.cells import displayed, letters
from probanda.steps.readers.frozen import one_line

Sheets = dict[str, dict[tuple[int, int], Any]]


def xlsx(sheets: Sheets, *, hidden: str = "") -> bytes:
    """A workbook with these values by row and column, counted from 0."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, values in sheets.items():
        sheet = book.add_worksheet(name)
        for (row, column), value in values.items():
            if isinstance(value, datetime.date):
                sheet.write_datetime(row, column, value, day)
            elif isinstance(value, str) and value.startswith("="):
                sheet.write_formula(row, column, value, None, "kept value")
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            else:
                sheet.write(row, column, value)
        if name == hidden:
            sheet.hide()
    book.close()
    return written.getvalue()


def changed(data: bytes, **members: bytes) -> bytes:
    """The package with members replaced; `sheet1` is the first sheet, `content` an OpenDocument's."""
    names = {"sheet1": "xl/worksheets/sheet1.xml"}
    new = {names.get(name, name): body for name, body in members.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in old.namelist():
            made.writestr(name, new.get(name, old.read(name)))
    return out.getvalue()


def ods(content: str) -> bytes:
    out = io.BytesIO()
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    whole = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{content}</office:spreadsheet>"
        "</office:body></office:document-content>"
    )
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr("content.xml", whole)
        made.writestr("META-INF/manifest.xml", "<manifest/>")
    return out.getvalue()


VICTIMS: Sheets = {
    "Victims": {
        (0, 0): "Name", (0, 1): "Age", (0, 2): "Died",
        (2, 0): "Ada  Lind\n(teacher)", (2, 1): 40, (2, 2): datetime.date(2031, 5, 6), (2, 4): 0.1 + 0.2,
    },
    "Sources": {(1, 1): "Karovian emergency service"},
}  # fmt: skip


def test_every_filled_cell_leads_to_its_sheet_row_and_column() -> None:
    text, way_back = outputs(run(xlsx(VICTIMS, hidden="Sources")))
    assert text == ("Name\tAge\tDied\n\nAda Lind (teacher)\t40\t2031-05-06\t\t0.3\n\f\n\tKarovian emergency service")
    assert [(words, at["sheet"], at["cell"], at["row"], at["column"]) for words, at in places(text, way_back)] == [
        ("Name", "Victims", "A1", 1, 1),
        ("Age", "Victims", "B1", 1, 2),
        ("Died", "Victims", "C1", 1, 3),
        ("Ada Lind (teacher)", "Victims", "A3", 3, 1),
        ("40", "Victims", "B3", 3, 2),
        ("2031-05-06", "Victims", "C3", 3, 3),
        ("0.3", "Victims", "E3", 3, 5),
        ("Karovian emergency service", "Sources", "B2", 2, 2),
    ]
    assert (way_back["counts"]["sheets"], way_back["counts"]["sheets_hidden"]) == (2, 1)


VALUES = st.one_of(
    st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=20).filter(
        lambda text: one_line(text) != "" and not text.startswith("=")
    ),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.dates(datetime.date(1901, 1, 1), datetime.date(2100, 1, 1)),
)


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(0, 40), st.integers(0, 30)), VALUES, min_size=1, max_size=12))
def test_every_region_is_the_value_of_its_cell(values: dict[tuple[int, int], Any]) -> None:
    text, way_back = outputs(run(xlsx({"S": values})))
    found = {(at["row"] - 1, at["column"] - 1): words for words, at in places(text, way_back)}
    assert found == {place: one_line(displayed(value)) for place, value in values.items()}


def test_formulas_are_counted_and_never_worked_out() -> None:
    result = run(xlsx({"S": {(0, 0): '=HYPERLINK("http://example.org","click")', (0, 1): "=1+1"}}))
    assert outputs(result)[0] == "kept value\tkept value"
    assert result.facts["formulas"] == 2


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (12.0, "12"), (0.1 + 0.2, "0.3"), (1e20, "1e+20"), (True, "TRUE"), ("007", "007"),
        (datetime.date(2031, 5, 6), "2031-05-06"), (datetime.datetime(2031, 5, 6, 10, 2), "2031-05-06 10:02:00"),
        (datetime.time(10, 2), "10:02:00"), (datetime.timedelta(hours=30), "30:00:00"),
        (datetime.timedelta(minutes=-90), "-1:30:00"),
    ],
)  # fmt: skip
def test_values_have_one_form(value: object, words: str) -> None:
    assert displayed(value) == words


def test_columns_have_the_names_of_spreadsheets() -> None:
    assert [letters(n) for n in (0, 25, 26, 51, 52, 701, 702, 16_383)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip


def test_a_sheet_that_unpacks_without_end_is_refused() -> None:
    bomb = b"<worksheet><sheetData>" + b" " * (200 * 2**20)
    data = changed(xlsx(VICTIMS), sheet1=bomb)
    assert len(data) < 2**20
    result = run(data)
    assert result.outcome == "failed"
    assert "128 MiB" in str(result.reason)


def test_two_cells_at_the_ends_of_a_sheet_do_not_exhaust_the_memory() -> None:
    result = run(xlsx({"S": {(0, 0): "first", (1_048_575, 16_383): "last"}}))
    assert result.outcome == "failed"
    assert "17,179,869,184" in str(result.reason)


def test_a_damaged_workbook_fails_with_the_reason() -> None:
    data = xlsx(VICTIMS)
    result = run(changed(data, sheet1=b"<worksheet><sheetData><row r='1'><c r='A1'><v>1</"))
    assert result.outcome == "failed"
    result = run(data.replace(b"sheetData", b"sheetDatb"))
    assert result.outcome in ("succeeded", "failed", "not_applicable")


def test_an_opendocument_sheet_is_read_and_its_repetitions_are_counted_first() -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>Belov</text:p></table:table-cell>'
    text, way_back = outputs(
        run(ods(f'<table:table table:name="S"><table:table-row>{cell}</table:table-row></table:table>'))
    )
    assert [(words, at["cell"]) for words, at in places(text, way_back)] == [("Belov", "A1")]
    many = cell.replace(" office", ' table:number-columns-repeated="16384" office')
    row = f'<table:table-row table:number-rows-repeated="1048576">{many}</table:table-row>'
    result = run(ods(f'<table:table table:name="S">{row}</table:table>'))
    assert result.outcome == "failed"
    assert "17,179,869,184" in str(result.reason)


def test_a_sheet_whose_marks_do_not_close_fails_and_does_not_hang() -> None:
    """calamine goes round for ever at the end of such a file."""
    whole = ods('<table:table table:name="S"><table:table-row></table:table-row></table:table>')
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as made:
        for name in old.namelist():
            made.writestr(name, old.read(name).replace(b"</table:table>", b"</table:trble>"))
    result = run(out.getvalue())
    assert result.outcome == "failed"
    assert "content.xml" in str(result.reason)


def test_a_workbook_without_values_has_nothing_to_read() -> None:
    assert run(xlsx({"S": {}})).outcome == "not_applicable"


CSV = 'name;age;note\r\nAda;40;"fled; then\r\nreturned"\r\nBo;9;\r\n;;\r\nCy;5;x;y\r\n'


def test_every_field_of_a_table_in_text_leads_to_its_row_and_column() -> None:
    text, way_back = outputs(run((CSV + "Di;7;z\r\n" * 12).encode()))
    assert text.startswith("name\tage\tnote\nAda\t40\tfled; then returned\nBo\t9\n\nCy\t5\tx\ty\nDi\t7\tz\n")
    found = places(text, way_back)
    assert [(words, at["cell"]) for words, at in found[:13]] == [
        ("name", "A1"), ("age", "B1"), ("note", "C1"), ("Ada", "A2"), ("40", "B2"), ("fled; then returned", "C2"),
        ("Bo", "A3"), ("9", "B3"), ("Cy", "A5"), ("5", "B5"), ("x", "C5"), ("y", "D5"), ("Di", "A6"),
    ]  # fmt: skip
    assert {at["sheet"] for _, at in found} == {None}
    assert (way_back["counts"]["rows_deviating"], way_back["counts"]["first_row_deviating"]) == (1, 5)


def test_rows_with_another_separator_are_kept_and_counted() -> None:
    text, way_back = outputs(run(("name,age,place\nAda,40,Belov\n" + "Cy;5;Vesna\n" * 5).encode()))
    assert text.splitlines()[:3] == ["name,age,place", "Ada,40,Belov", "Cy\t5\tVesna"]
    assert way_back["counts"]["rows_deviating"] == 2


def test_a_quotation_mark_that_never_closes_swallows_nothing() -> None:
    text, way_back = outputs(run(('name,age,place\nAda,"40,Belov\n' + "Cy,5,Vesna\n" * 8).encode()))
    assert text.count("Cy\t5\tVesna") == 8
    assert way_back["counts"]["line_of_unclosed_quote"] == 2


def test_a_table_in_another_encoding_is_decoded_and_faults_are_refused() -> None:
    data = "Імʼя;Вік;Місце\nАда;40;Бєлов\nБо;9;Весна\n".replace("ʼ", "'").encode("cp1251")
    assert "Бєлов" in outputs(run(data))[0]


FIELDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn"]), max_size=8)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(FIELDS, min_size=3, max_size=3), min_size=3, max_size=12),
    st.sampled_from([",", ";", "\t"]),
)
def test_every_region_is_the_field_of_its_record(rows: list[list[str]], delimiter: str) -> None:
    head = ["name", "age", "place"]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter).writerows([head, head, head, *rows])
    result = run(written.getvalue().encode())
    if result.facts.get("columns") is None:
        return  # too few fields for a table: it was read as text
    text, way_back = outputs(result)
    found = {(at["row"], at["column"]): words for words, at in places(text, way_back)}
    assert found == {
        (y, x): one_line(value)
        for y, row in enumerate([head, head, head, *rows], 1)
        for x, value in enumerate(row, 1)
        if one_line(value)
    }
