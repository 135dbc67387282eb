"""`probanda search` as a person types it: what is shown, as JSON, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli_world import made_case, probanda

HOSTILE_NAME = "mill\x1b[2J.txt"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    case = made_case(folder)
    (folder / HOSTILE_NAME).write_text("The sluice \x1b[31m of\u202e the mill, said Мірек Сандор.")
    assert probanda("add", case, folder / HOSTILE_NAME).code == 0
    assert probanda("run", case, "--workers", "1").code == 0
    return case


def test_what_is_found_is_shown_with_its_item_and_its_place(case: Path) -> None:
    said = probanda("search", case, "mills", "shelling")
    assert said.code == 0
    lines = said.out.splitlines()
    assert lines[0].startswith("text ") and "score" in lines[0]
    assert "page.html: text/html, published 2031-04-10, source Velin Post, public" in lines[1]
    assert any("[Shelling] hit the [mill] in Velin on Tuesday" in line for line in lines)
    assert lines[-1] == "1 to 1 of 1 texts"


def test_json_has_the_same_with_offsets(case: Path) -> None:
    held = probanda("search", case, '"health service"', "--json").json
    assert (held["matches"], held["bounded"], held["not_indexed"]) == (1, False, 0)
    (row,) = held["rows"]
    (one,) = row["passages"]
    (hit,) = one["hits"]
    start = one["passage"]["start"]
    assert one["passage"]["text"][hit["start"] - start : hit["end"] - start] == "health service"
    assert (row["by"], row["items"][0]["marking"]) == ("word", "public")


def test_a_name_in_another_script_is_marked(case: Path) -> None:
    said = probanda("search", case, "name:Сандор")
    assert "[Сандор]" in said.out and ", by name key" in said.out and "[~Sandor]" in said.out
    assert "[~Мірек]" in probanda("search", case, "name:Mirek").out


def test_filters_and_pages(case: Path) -> None:
    assert "0 texts" in probanda("search", case, "mill", "--from", "2031-05").out
    assert "1 to 1 of 1" in probanda("search", case, "mill", "--to", "2031-04", "--marking", "public").out
    assert "2 to 2 of 2" in probanda("search", case, "mill", "--limit", "1", "--offset", "1").out
    assert "0 texts" in probanda("search", case, "mill", "--language", "uk").out
    assert "0 texts" in probanda("search", case, "--source", "elsewhere", "--", "mill", "-market").out
    assert "1 to 1 of 1" in probanda("search", case, "--kind", "text/html", "--", "mill", "-market").out


def test_nothing_that_a_text_says_steers_the_terminal(case: Path) -> None:
    said = probanda("search", case, "sluice")
    assert "\x1b" not in said.out and "\u202e" not in said.out and "\\u202e" in said.out
    held = probanda("search", case, "sluice", "--json").json
    assert "\x1b[31m" in held["rows"][0]["passages"][0]["passage"]["text"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (['"health service'], "unbalanced"),
        (["-h*"], "No such option"),
        (["--", "-mill"], "only what must not occur"),
        ([""], "expected words"),
        (["mill", "--from", "yesterday"], "--from"),
        (["mill", "--marking", "secret"], "--marking"),
        (["mill", "--limit", "0"], "--limit"),
        (["mi*"], "at least 3 letters"),
        ([], "Missing argument"),
    ],
)
def test_a_wrong_command_line_says_what_to_type(case: Path, arguments: list[str], told: str) -> None:
    said = probanda("search", case, *arguments)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert probanda("search", case, "--json", *arguments).error["kind"] == "Usage"


def test_a_case_that_may_only_be_read_is_searched_and_left_as_it_is(case: Path, tmp_path: Path) -> None:
    before = (case / "index.sqlite").stat().st_mtime_ns
    case.chmod(0o555)
    try:
        said = probanda("search", case, "mill", unprivileged=True)
    finally:
        case.chmod(0o755)
    assert said.code == 0 and "[mill]" in said.out
    assert (case / "index.sqlite").stat().st_mtime_ns == before


def test_what_is_not_yet_indexed_is_said(tmp_path: Path) -> None:
    case = tmp_path / "case"
    (tmp_path / "a.txt").write_text("The mill in Velin stood still for a day.")
    assert probanda("init", case, "--title", "T", "--by", "Ana Velt").code == 0
    assert probanda("add", case, tmp_path / "a.txt").code == 0
    said = probanda("search", case, "mill")
    assert (said.code, said.out) == (0, "0 texts\n")  # nothing has become text yet: that is what `run` and `items` tell
