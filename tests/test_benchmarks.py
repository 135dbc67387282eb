"""The benchmarks run and print their table. What they measure is never asserted: a busy machine is no defect."""

from __future__ import annotations

import json
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import pytest

import custody_speed
import mixed_speed
import origins_speed
import search_speed
import sources_case
import speed
from measure import reading
from measure.documents import SHARES, shares, write_documents
from measure.long_log import write_long_log
from measure.material import NoRoomError, require_room, write_files
from measure.mixed import COMMANDS
from measure.rows import Row, Target, alternate
from probanda.preserve.verify import verify

TINY = ["--scale", "0.001", "--rounds", "1"]


def row(share: float | None, ours: float = 1.0, target: Target | None = None) -> Row:
    return Row("a", "what", "s", ours, 2.0, "a peer", share, 1.0, 1.0, target)


def test_every_row_is_measured_and_written_between_the_marks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "page.md"
    document.write_text(f"before\n{speed.BEGIN}\nold\n{speed.END}\nafter\n", "utf-8")
    folder = tmp_path / "disk"
    folder.mkdir()

    assert speed.main([*TINY, "--folder", str(folder), "--write", str(document)]) == 0

    shown = capsys.readouterr().out.strip()
    assert document.read_text("utf-8") == f"before\n{speed.BEGIN}\n{shown}\n{speed.END}\nafter\n"
    lines = [line for line in shown.splitlines() if line.startswith("|")]
    without_model = find_spec("spacy") is None  # then its row is left out
    assert len(lines) == 2 + len(speed.ROWS) + 1 - without_model  # `extract` gives two rows
    assert list(folder.iterdir()) == []


def test_rows_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert speed.main([*TINY, "--only", "verify", "--json", "--folder", str(tmp_path)]) == 0

    told = json.loads(capsys.readouterr().out)
    assert [found["name"] for found in told["rows"]] == ["verify"]
    assert told["rows"][0]["met"] in (True, False)
    assert {"cores", "python", "system"} <= told["machine"].keys()


def test_a_part_of_the_table_replaces_no_table(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        speed.main([*TINY, "--only", "help", "--write", str(tmp_path / "page.md")])
    assert stopped.value.code == 2


def test_a_document_without_marks_is_left_as_it_is(tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text("prose", "utf-8")
    with pytest.raises(ValueError, match="expected the marks"):
        speed.write_between(document, "table")
    assert document.read_text("utf-8") == "prose"


def test_too_little_room_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(NoRoomError, match="expected 200 MB free"):
        require_room(tmp_path, 200_000_000, free=199_999_999)
    require_room(tmp_path, 200_000_000, free=200_000_000)


def test_files_to_measure_with_are_the_same_for_a_seed_and_never_alike(tmp_path: Path) -> None:
    first, again = (write_files(tmp_path / name, 3, 100, seed=7) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert len({path.read_bytes() for path in first}) == 3
    assert {path.stat().st_size for path in first} == {100}


def test_reports_to_read_are_of_many_kinds_and_never_alike() -> None:
    sources = reading.texts()
    found = list(islice(reading.reports(sources), 20 * len(sources)))
    assert len(sources) >= 14
    assert len(set(found)) == len(found)
    assert all(1900 <= len(text) <= 2800 for text in found)


def test_sides_are_timed_turn_about_and_the_first_round_is_not_counted() -> None:
    order: list[tuple[str, int]] = []

    def side(name: str, number: int) -> float:
        order.append((name, number))
        return float(number)

    seconds = alternate(lambda number: side("ours", number), lambda number: side("peer", number), 2)

    assert order == [("peer", -1), ("ours", -1), ("ours", 0), ("peer", 0), ("peer", 1), ("ours", 1)]
    assert seconds == ([0.0, 1.0], [0.0, 1.0])


@pytest.mark.parametrize(
    ("measured", "met"),
    [
        (row(0.5, target=Target("share", "≥", 0.5)), True),
        (row(0.49, target=Target("share", "≥", 0.5)), False),
        (row(None, ours=1.0, target=Target("ours", "<", 1.0)), False),
        (row(None, ours=0.9, target=Target("ours", "<", 1.0)), True),
        (row(0.1), None),
    ],
)
def test_a_target_is_met_or_missed_or_absent(measured: Row, met: bool | None) -> None:
    assert measured.met is met
    assert {True: "| yes |", False: "| **no** |", None: "|  |"}[met] in speed.table([measured])


def test_search_is_measured_over_the_same_texts_as_its_peer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = tmp_path / "page.md"
    document.write_text(f"before\n{search_speed.BEGIN}\nold\n{search_speed.END}\nafter\n", "utf-8")
    small = ["--documents", "60", "--queries", "28", "--folder", str(tmp_path)]
    assert search_speed.main([*small, "--write", str(document), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["queries"]
    assert {one["kind"] for one in told} >= {"frequent word", "rare word", "phrase", "prefix", "name"}
    # A phrase and the words of a text are drawn from the texts that are searched: they are found.
    assert all(one["found"] for one in told if one["kind"] in ("phrase", "three words"))
    assert "| all | 28 |" in document.read_text("utf-8")
    assert list(search_speed.made_texts(5)) == list(search_speed.made_texts(5))


def test_a_percentile_is_one_of_the_values() -> None:
    assert search_speed.percentile(list(range(1, 101)), 0.95) == 95
    assert search_speed.percentile([7.0], 0.95) == 7.0


def test_documents_to_measure_with_are_the_same_for_a_seed_and_never_alike(tmp_path: Path) -> None:
    kinds, again = (write_documents(tmp_path / name, 20, seed=3) for name in ("a", "b"))
    assert kinds == again
    assert set(kinds.values()) == set(SHARES)
    made = {path.name: path.read_bytes() for path in (tmp_path / "a").iterdir()}
    assert made == {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()}
    assert len(set(made.values())) == len(made) == 20


def test_kinds_have_their_shares_and_every_kind_is_there() -> None:
    assert sum(SHARES.values()) == 1000
    assert shares(1000) == SHARES
    assert sum(shares(20).values()) == 20
    with pytest.raises(ValueError, match="expected at least 9 documents"):
        shares(8)


def test_mixed_documents_go_from_end_to_end(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, folder = tmp_path / "page.md", tmp_path / "disk"
    folder.mkdir()
    page.write_text(f"before\n{mixed_speed.BEGIN}\nold\n{mixed_speed.END}\nafter\n", "utf-8")
    small = ["--documents", "20", "--rounds", "1", "--folder", str(folder)]
    assert mixed_speed.main([*small, "--write", str(page), "--json"]) == 0
    (seen,) = json.loads(capsys.readouterr().out)["rounds"]
    assert seen["steps"]["identify"]["outcomes"] == {"succeeded": 20 + 5}  # two files attached, three in the archive
    assert seen["steps"]["unpack"]["outcomes"] == {"succeeded": 2}
    assert "failed" not in {outcome for step in seen["steps"].values() for outcome in step["outcomes"]}
    assert seen["kinds"].keys() == set(SHARES)  # whatever was derived is the work of one of the documents
    assert seen["commands"]["claims"]["last"].endswith("claims")
    assert seen["case_bytes"] > 0
    written = page.read_text("utf-8")
    assert all(f"| `{name}` |" in written for name in COMMANDS)
    assert "20 documents of" in written
    assert list(folder.iterdir()) == []


def test_custody_is_measured_with_every_part_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page, folder = tmp_path / "page.md", tmp_path / "disk"
    page.write_text(f"before\n{custody_speed.BEGIN}\nold\n{custody_speed.END}\nafter\n", "utf-8")
    folder.mkdir()

    assert custody_speed.main([*TINY, "--folder", str(folder), "--write", str(page), "--json"]) == 0

    rows = {found["name"]: found for found in json.loads(capsys.readouterr().out)["rows"]}
    assert set(rows) == {
        "verify", "verify-small", "bundle", "verify-bundle", "verify-bundle-small",
        "log-kit", "log-verify", "log-memory", "log-tiles", "proof",
    }  # fmt: skip
    assert {name for name, found in rows.items() if found["target"] is not None} == {
        "verify", "verify-small", "bundle", "log-kit", "log-memory", "proof"
    }  # fmt: skip
    assert "log of 1,000 entries" in rows["log-kit"]["what"]
    assert "`verify` of that bundle" in page.read_text("utf-8")
    assert list(folder.iterdir()) == []


def test_a_long_log_is_a_case_in_which_every_check_holds(tmp_path: Path) -> None:
    case = write_long_log(tmp_path, 300, lambda text: None)
    report = verify(case)
    assert report.ok
    assert (report.entries, report.check("log.signatures").counted) == (300, 300)
    assert report.check("commitments.open").outcome == "holds"


def test_copies_are_looked_for_by_both_sides_and_the_texts_are_kept_where_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "page.md"
    document.write_text(f"before\n{origins_speed.BEGIN}\n{origins_speed.END}\nafter\n", "utf-8")
    folder, kept = tmp_path / "disk", tmp_path / "kept"
    folder.mkdir()
    asked = ["--scale", "0.0003", "--folder", str(folder), "--texts", str(kept)]

    assert origins_speed.main([*asked, "--write", str(document)]) == 0

    shown = capsys.readouterr().out.strip()
    assert document.read_text("utf-8") == f"before\n{origins_speed.BEGIN}\n{shown}\n{origins_speed.END}\nafter\n"
    assert "| articles | ours, 200 | MinHash LSH, 200 | ours, 300 |" in shown
    assert list(folder.iterdir()) == []

    made = (kept / "texts").stat().st_mtime_ns
    assert origins_speed.main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["measured"]
    assert [one["articles"] for one in told] == [300, 200, 200]
    assert (kept / "texts").stat().st_mtime_ns == made
    assert all(one["recall"]["truncated"]["planted"] > 0 for one in told)


def test_origins_are_counted_on_a_made_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sources_case.main(["--articles", "20", "--folder", str(tmp_path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["articles"], found["strikes"]) == (20, 2)
    assert found["things told of"] > 1
