"""An auto-archiver export in, out and in again: the same rows, the same files, nothing lost on the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli_world import probanda
from probanda.collect.auto_archiver import COLUMNS
from probanda.records.table import Table, parse_table, table, write_table

ROWS = (
    {"link": "https://example.org/1", "archive status": "success", "archive location": "posts/a.txt",
     "upload timestamp": "2031-04-09T10:00:00+00:00", "upload title": "=HYPERLINK(\"x\")",
     "text content": "Два,\nрядки"},
    {"link": "https://example.org/2", "archive status": "success", "archive location": "posts/gone.mp4"},
    {"link": "https://example.org/3", "archive status": "nothing archived"},
    {"link": "https://example.org/4", "archive status": "success", "archive location": "posts/b.txt",
     "hash": "SHA-256:" + "0" * 64, "our own column": "kept"},
)  # fmt: skip


def export(folder: Path, delimiter: str = ",") -> Path:
    (folder / "posts").mkdir(parents=True)
    (folder / "posts" / "a.txt").write_text("Shelling hit the harbour of Port Selis.\n", encoding="utf-8")
    (folder / "posts" / "b.txt").write_text("A second post.\n", encoding="utf-8")
    columns = (*COLUMNS, "our own column")
    written = write_table(table(columns, ([row.get(column, "") for column in columns] for row in ROWS)))
    path = folder / "export.csv"
    path.write_text(written if delimiter == "," else written.replace(",", delimiter), encoding="utf-8", newline="")
    return path


def made(folder: Path) -> Path:
    case = folder / "case"
    assert probanda("init", str(case), "--title", "Sheet", "--by", "Jana Orlik").code == 0
    return case


def out(case: Path, to: Path, *more: str) -> Table:
    done = probanda("items", str(case), "--format", "auto-archiver", "-o", str(to), *more)
    assert done.code == 0, done.err
    return parse_table(to.read_bytes())


def test_in_out_and_in_again_is_equal(tmp_path: Path) -> None:
    sheet = export(tmp_path / "in")
    case = made(tmp_path)
    done = probanda("add", str(case), str(sheet), "--as", "auto-archiver", "--json")
    told = json.loads(done.out)
    assert done.code == 3
    assert len(told["captures"]) == 3  # the sheet and two files
    assert len(told["failures"]) == 3  # a missing file, a row without one, a digest that differs
    first = out(case, tmp_path / "out" / "export.csv")
    came = parse_table(sheet.read_bytes())
    assert first == Table((*came.columns, "items_anchored"), tuple((*row, "unanchored") for row in came.rows))
    shutil.copytree(tmp_path / "in" / "posts", tmp_path / "out" / "posts")
    again = made(tmp_path / "again")
    probanda("add", str(again), str(tmp_path / "out" / "export.csv"), "--as", "auto-archiver")
    assert out(again, tmp_path / "out2.csv") == first
    listed = [json.loads(probanda("items", str(one), "--json").out)["items"] for one in (case, again)]
    facts = [{(row["capture"]["source"], row["capture"]["published"], row["capture"]["blob"]) for row in rows
              if row["capture"]["source"]} for rows in listed]  # fmt: skip
    assert facts[0] == facts[1]
    assert ("https://example.org/1", "2031-04-09T10:00:00Z") in {fact[:2] for fact in facts[0]}
    assert probanda("verify", str(case)).code == 0
    assert probanda("rebuild", str(case)).code == 0
    assert out(case, tmp_path / "out3.csv") == first


def test_no_cell_that_goes_out_is_a_formula(tmp_path: Path) -> None:
    case = made(tmp_path)
    probanda("add", str(case), str(export(tmp_path / "in")), "--as", "auto-archiver")
    out(case, tmp_path / "out.csv")
    assert "\"'=HYPERLINK" in (tmp_path / "out.csv").read_text(encoding="utf-8")


def test_other_items_get_a_row_and_the_public_gets_only_what_is_public(tmp_path: Path) -> None:
    case = made(tmp_path)
    probanda("add", str(case), str(export(tmp_path / "in")), "--as", "auto-archiver")
    note = tmp_path / "note.txt"
    note.write_text("A note.\n", encoding="utf-8")
    probanda("add", str(case), str(note), "--source", "Port authority", "--marking", "public")
    rows = out(case, tmp_path / "all.csv")
    assert len(rows.rows) == 5
    public = out(case, tmp_path / "public.csv", "--audience", "public")
    links = [row[public.columns.index("link")] for row in public.rows]
    assert links == ["Port authority"]


def test_a_row_of_which_something_is_withheld_is_withheld(tmp_path: Path) -> None:
    """The sheet is public, a file of it was added again as restricted: its twin and its row stay inside."""
    case = made(tmp_path)
    sheet = export(tmp_path / "in")
    probanda("add", str(case), str(sheet), "--as", "auto-archiver", "--marking", "public")
    probanda("add", str(case), str(tmp_path / "in" / "posts" / "b.txt"))
    public = out(case, tmp_path / "public.csv", "--audience", "public")
    links = [row[public.columns.index("link")] for row in public.rows]
    assert links == ["https://example.org/1", "https://example.org/2", "https://example.org/3"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a;b\n1;2\n", "expected the column 'link'"),
        (b"link,archive status\n1\n", "expected 2 cells"),
        (b"\xff\xfe\0", "UTF-8"),
    ],
)
def test_a_sheet_that_is_none_is_kept_and_told(tmp_path: Path, content: bytes, told: str) -> None:
    case = made(tmp_path)
    sheet = tmp_path / "wrong.csv"
    sheet.write_bytes(content)
    done = probanda("add", str(case), str(sheet), "--as", "auto-archiver", "--json")
    assert done.code == 3
    report = json.loads(done.out)
    assert len(report["captures"]) == 1
    assert told in report["failures"][0]["reason"]


def test_what_was_typed_wrong_is_named(tmp_path: Path) -> None:
    case = made(tmp_path)
    for wrong in (("--as", "excel"), ("--as", "auto-archiver", "--published", "2031")):
        assert probanda("add", str(case), str(case), *wrong).code == 2
    assert probanda("items", str(case), "--format", "auto-archiver").code == 2
    assert probanda("items", str(case), "--format", "auto-archiver", "-o", str(case / "log" / "x.csv")).code == 2
