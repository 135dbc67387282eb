"""casefile: the page in either language, the sheets where asked, a wrong wish named before anything is written."""

from __future__ import annotations

from pathlib import Path

from cli_world import probanda


def case_in(folder: Path) -> Path:
    case = folder / "case"
    report = folder / "report.txt"
    report.write_text("At least 12 people were killed in Drevna on Tuesday, the Drevna mayor said.", encoding="utf-8")
    assert probanda("init", case, "--title", "Drevna").code == 0
    added = probanda(
        "add", case, report, "--published", "2031-04-09", "--source", "Karovian Herald", "--marking", "public"
    )
    assert added.code == 0
    assert probanda("run", case, "--workers", "1").code == 0
    return case


def test_a_folder_gets_page_json_and_sheets_where_asked(tmp_path: Path) -> None:
    case = case_in(tmp_path)
    done = probanda("casefile", case, "-o", tmp_path / "out", "--pdf", "--language", "uk", "--json")
    assert done.code == 0
    assert [Path(path).name for path in done.json["written"]] == ["casefile.html", "casefile.json", "casefile.pdf"]
    assert done.json["language"] == "uk"
    page = (tmp_path / "out" / "casefile.html").read_text(encoding="utf-8")
    assert '<html lang="uk">' in page
    assert '<q lang="en">At least 12 people were killed' in page
    assert (tmp_path / "out" / "casefile.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert probanda("casefile", case, "-o", tmp_path / "plain").code == 0
    assert sorted(path.name for path in (tmp_path / "plain").iterdir()) == ["casefile.html", "casefile.json"]


def test_the_suffix_says_what_is_written(tmp_path: Path) -> None:
    case = case_in(tmp_path)
    assert probanda("casefile", case, "-o", tmp_path / "one.pdf", "--audience", "public").code == 0
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_a_wrong_wish_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    case = case_in(tmp_path)
    for wrong, told in (
        (("--language", "de"), "--language: expected one of en, uk"),
        (("--pdf", "-o", tmp_path / "x.html"), "--pdf goes with a folder"),
        (("-o", tmp_path / "x.docx"), "OUT.pdf or a folder"),
        (("-o", case / "log" / "x.pdf"), "outside the case's own files"),
    ):
        output = () if "-o" in wrong else ("-o", tmp_path / "out")
        done = probanda("casefile", case, *wrong, *output)
        assert done.code == 2
        assert told in done.err
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "x.html").exists()
