"""Sheets of auto-archiver: tables that survive a round trip, media found and never looked for outside the folder."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probanda.collect.auto_archiver import COLUMNS, Absent, Medium, media
from probanda.records.table import Table, TableError, inert, live, parse_table, table, write_table

cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\ufeff") | st.sampled_from("=+-@'\t\r\n,;\"ї"), max_size=12
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.lists(cells.filter(bool), min_size=1, max_size=5, unique=True))
    rows = draw(st.lists(st.lists(cells, min_size=len(columns), max_size=len(columns)), max_size=5))
    return Table(tuple(columns), tuple(map(tuple, rows)))


@settings(max_examples=300, deadline=None)
@given(tables())
def test_a_table_comes_back_as_it_went_out(given_: Table) -> None:
    written = write_table(given_)
    try:
        again = parse_table(written.encode(), delimiters=",")
    except TableError:
        pytest.fail(f"written as {written!r}")
    assert again == given_
    for row in csv.reader(io.StringIO(written, newline="")):
        runs = [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
        assert all(re.fullmatch(r"[+-]?\d+(\.\d+)?", cell, re.ASCII) for cell in runs), "numbers alone stay as they are"


@given(cells)
def test_what_is_made_inert_is_had_back(cell: str) -> None:
    assert live(inert(cell)) == cell


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_separator_is_found_out(delimiter: str) -> None:
    data = delimiter.join(("link", "archive status, of today")) if delimiter != "," else "link,status"
    row = delimiter.join(("https://example.org/a;b" if delimiter != ";" else "x", "y"))
    assert len(parse_table(f"{data}\n{row}\n".encode()).columns) == 2


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty sheet"),
        (b"\xff\xfe", "expected UTF-8"),
        (b"a,b\n1\0,2\n", "NUL"),
        (b'a,b\n"1,2\n', "expected CSV"),
        (b"a,b\n1,2\n3\n", "found 1"),
        (b"a,a\n1,2\n", "each column once"),
        (b'a,b\n1,"' + b"x" * 1_000_001 + b'"\n', "expected CSV"),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(TableError, match=told):
        parse_table(data)


def sheet(folder: Path, *rows: dict[str, str]) -> tuple[Table, Path]:
    made = table(COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in rows))
    path = folder / "export.csv"
    path.write_text(write_table(made), encoding="utf-8", newline="")
    return parse_table(path.read_bytes()), path


def row(**given_: str) -> dict[str, str]:
    stated = {name.replace("_", " "): value for name, value in given_.items()}
    return {"link": "https://example.org/post/1", "archive status": "success", **stated}


def test_media_are_found_as_written_by_folder_and_alone(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    for name in ("posts/a.mp4", "b.jpg", "posts/c d.png"):
        (tmp_path / name).write_bytes(name.encode())
    found = list(
        media(
            *sheet(
                tmp_path,
                row(archive_location="posts/a.mp4", upload_timestamp="2031-03-04T05:06:07+00:00"),
                row(archive_location="https://bucket.example/k/b.jpg?sig=1", upload_timestamp="2031-03-04 05:06:07"),
                row(archive_location="https://bucket.example/k/c%20d.png", destination_folder="posts"),
            )
        )
    )
    assert all(isinstance(one, Medium) for one in found)
    assert [(one.row, one.name) for one in found] == [
        (2, "export.csv/posts/a.mp4"), (3, "export.csv/b.jpg"), (4, "export.csv/posts/c d.png"),
    ]  # fmt: skip
    assert [one.published for one in found if isinstance(one, Medium)] == ["2031-03-04T05:06:07Z", "2031-03-04", None]
    assert {one.source for one in found if isinstance(one, Medium)} == {"https://example.org/post/1"}


@pytest.mark.parametrize("location", ["../secret.txt", "/etc/passwd", "a/../../secret.txt", "C:\\secret.txt", "~/x"])
def test_no_location_leads_out_of_the_folder(tmp_path: Path, location: str) -> None:
    inner = tmp_path / "sheet"
    inner.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (one,) = media(*sheet(inner, row(archive_location=location)))
    assert isinstance(one, Absent)
    assert "export.csv, row 2" in one.name


def test_a_link_beside_the_sheet_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "a.txt").write_text("outside")
    inner = tmp_path / "sheet"
    inner.mkdir()
    (inner / "posts").symlink_to(outside)
    (inner / "b.txt").symlink_to(outside / "a.txt")
    found = list(media(*sheet(inner, row(archive_location="posts/a.txt"), row(archive_location="b.txt"))))
    assert all(isinstance(one, Absent) for one in found)


def test_missing_media_and_empty_rows_are_told_and_the_neighbours_found(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    found = list(
        media(
            *sheet(
                tmp_path,
                row(archive_location="gone.mp4"),
                row(archive_location="a.txt", screenshot="shot.png"),
                row(archive_status="nothing archived"),
                {},
            )
        )
    )
    assert [type(one).__name__ for one in found] == ["Absent", "Medium", "Absent", "Absent"]
    assert [one.row for one in found] == [2, 3, 3, 4]
    assert isinstance(found[0], Absent)
    assert "'gone.mp4'" in found[0].reason
    assert isinstance(found[3], Absent)
    assert "nothing archived" in found[3].reason


def test_a_digest_that_differs_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"as it was")
    good, long = hashlib.sha256(b"as it was").hexdigest(), hashlib.sha3_512(b"as it was").hexdigest()
    stated = ("SHA-256:" + good, "SHA3-512:" + long, good.upper(), "SHA-256:" + "0" * 64, "not-calculated", "")
    rows = (row(archive_location="a.txt", hash=one) for one in stated)
    told = [one.mismatch for one in media(*sheet(tmp_path, *rows)) if isinstance(one, Medium)]
    assert [one is None for one in told] == [True, True, True, False, True, True]
    assert "the sheet states the SHA-256" in str(told[3])


def test_columns_may_have_other_names_and_required_ones_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    made = table(("URL", "Archive Status", "file"), [("https://example.org", "ok", "a.txt")])
    with pytest.raises(TableError, match="'link'"):
        media(made, tmp_path / "s.csv")
    (one,) = media(made, tmp_path / "s.csv", {"link": "url", "archive location": "file"})
    assert isinstance(one, Medium)
