"""Whatever is put in: a clear error or a recorded failure, its neighbours kept, nothing lost, nothing acted upon.

All of it through the real command line. Most hostile items lie in one folder that is added and run once.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from cli_world import PAGE, REPORT, Said, made_case, probanda
from probanda.archive import Archive
from probanda.cli.custody import summary
from probanda.cli.main import answer
from probanda.cli.output import one_line
from probanda.preserve.verify import verify

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
LATIN = "<html><head><meta charset='utf-8'></head><body><p>{}</p></body></html>".format(
    "At least 9 people were killed near the Café Orlik in Velin, the café owner said. " * 2
)
ITEMS: dict[bytes, bytes] = {
    b"good.txt": REPORT.encode(),
    b"empty.txt": b"",
    b"binary.txt": bytes(range(256)) * 40,
    b"latin.html": LATIN.encode("latin-1"),
    b"nonsense.txt": b"At least 8 died \x81\x8d\x8f\x90\x9d\xff\xfe\xc3( near Velin \xf5. " + b"\x81\x8d " * 20,
    b"deep.html": b"<p>At least 7 died.</p>" + b"<div>" * 200_000 + b"deep" + b"</div>" * 200_000,
    b"long.txt": b"a" * 5_000_000,
    b"ukrainian.txt": "Річка тече повз млин, і ніхто про це не говорить.\n".encode() * 600,
    "Звіт про млин.txt".encode(): b"At least 6 people were injured, the Velin mayor said.",
    b"two\nlines.txt": b"At least 5 people were injured, the Velin mayor said. Nobody else was hurt.",
    b"no utf-8 \xff.txt": b"At least 4 people were injured, the Velin mayor said. It was cold.",
    b"=cmd|' -C calc'!A0.txt": b"At least 3 people were injured, the Velin mayor said. It rained.",
    b"\x1b]0;owned\x07\x1b[31m.txt": b"At least 2 people were injured, the Velin mayor said. It snowed.",
    b"steering.txt": "At least 15 people were killed \u202e in Velin \x9b2J, the mayor said.\u2028It blew.".encode(),
}
NAMES = {
    "odd/Звіт про млин.txt",
    "odd/two\nlines.txt",
    "odd/no utf-8 %FF.txt",
    "odd/=cmd|' -C calc'!A0.txt",
    "odd/\x1b]0;owned\x07\x1b[31m.txt",
}
RAW = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029\u2066-\u2069]")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Said, Said]:
    """A case with everything in `ITEMS`, a link loop and a pipe, and what `add` and `run` said. Not to be changed."""
    folder = tmp_path_factory.mktemp("odd")
    material = folder / "odd"
    material.mkdir()
    for name, content in ITEMS.items():
        (material / os.fsdecode(name)).write_bytes(content)
    (material / "loop").symlink_to(material, target_is_directory=True)
    (material / "inner").mkdir()
    (material / "inner" / "up").symlink_to("..", target_is_directory=True)
    os.mkfifo(material / "pipe")
    case = folder / "case"
    assert probanda("init", case, "-t", "The mill", "--by", "Ana Velt").code == 0
    added = probanda("add", case, material, "--published", "2031-04-10", "--source", "\x1b[2JVelin Post", "--json")
    return case, added, probanda("run", case, "--json")


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good case that no test changes."""
    return made_case(tmp_path_factory.mktemp("good"))


@pytest.fixture
def case(good: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of it, to be damaged."""
    copy = Path(shutil.copytree(good, tmp_path / "case"))
    yield copy
    for folder, _, _ in os.walk(copy):
        Path(folder).chmod(0o700)


def outcomes(run: Said) -> dict[str, tuple[str, str, str]]:
    """By name, the step that gave no result, its outcome and its reason."""
    return {row["name"]: (row["step"], row["outcome"], row["reason"]) for row in run.json["failures"]}


def test_all_of_it_is_preserved_to_the_byte(odd: tuple[Path, Said, Said]) -> None:
    case, added, _ = odd
    assert added.code == 3
    assert len(added.json["captures"]) == len(ITEMS)
    items = probanda("items", case, "--json").json["items"]
    assert {row["capture"]["blob"] for row in items} == {hashlib.sha256(data).hexdigest() for data in ITEMS.values()}
    verified = probanda("verify", case)
    assert verified.code == 0, verified.out


def test_what_cannot_be_read_is_a_recorded_failure_and_its_neighbours_are_read(odd: tuple[Path, Said, Said]) -> None:
    case, _, run = odd
    assert run.code == 3
    found = outcomes(run)
    assert found["odd/empty.txt"][:2] == ("text", "not_applicable")
    assert found["odd/binary.txt"][:2] == ("text", "not_applicable")
    assert found["odd/deep.html"][:2] == ("text", "failed")
    assert "nested" in found["odd/deep.html"][2]
    assert "odd/ukrainian.txt" not in found
    assert not set(found) & {"odd/good.txt", "odd/latin.html", *NAMES}
    again = probanda("items", case, "--json").json["failures"]
    assert {row["name"] for row in again} >= set(found)


def test_bytes_of_another_encoding_are_read_and_what_is_no_text_is_not_guessed(odd: tuple[Path, Said, Said]) -> None:
    case, _, _ = odd
    with Archive.open(case) as archive:
        texts = {row.text for row in archive.readings()}
        blobs = {capture.name: archive.case.blobs.read(capture.blob) for capture in archive.captures()}
    assert any("near the Café Orlik in Velin" in text for text in texts)  # not "CafÃ©", not "Caf�"
    assert blobs["odd/nonsense.txt"] == ITEMS[b"nonsense.txt"]


def test_links_and_pipes_are_told_and_not_followed(odd: tuple[Path, Said, Said]) -> None:
    _, added, _ = odd
    failures = {row["name"]: row["reason"] for row in added.json["failures"]}
    assert set(failures) == {"odd/loop", "odd/inner/up", "odd/pipe"}
    assert "symbolic link" in failures["odd/loop"]
    assert "named pipe" in failures["odd/pipe"]


def test_names_of_any_kind_are_kept_and_never_steer_the_terminal(odd: tuple[Path, Said, Said]) -> None:
    case, _, _ = odd
    told = probanda("items", case, "--json")
    assert {row["capture"]["name"] for row in told.json["items"]} >= NAMES
    assert {row["capture"]["source"] for row in told.json["items"]} == {"\x1b[2JVelin Post"}
    shown = probanda("items", case)
    assert "odd/two\\nlines.txt" in shown.out
    assert "odd/\\u001b]0;owned\\u0007\\u001b[31m.txt" in shown.out
    assert "odd/Звіт про млин.txt" in shown.out
    for said in (told, shown, probanda("claims", case), probanda("run", case)):
        assert not RAW.search(said.out)
        assert not RAW.search(said.err)


def test_texts_never_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "steering.txt").write_bytes(ITEMS[b"steering.txt"])
    shown = probanda("extract", tmp_path / "steering.txt")
    assert "15 people" in shown.out
    assert "\\u202e" in shown.out
    told = probanda("extract", tmp_path / "steering.txt", "--json")
    assert "\u202e" in json.dumps(told.json, ensure_ascii=False)  # escaped in the document, whole in the value
    assert not RAW.search(shown.out + told.out)
    wrong = probanda("items", tmp_path / "a\x1b[31m\nprobanda: all is well")
    assert wrong.err.count("\n") == 1
    assert not RAW.search(wrong.err)


@pytest.mark.parametrize(
    "text", ["\x1b", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "\udcff", "\ufeff", "\n"]
)
def test_every_steering_character_is_made_visible(text: str) -> None:
    assert one_line(f"a{text}b").isascii()
    assert "a" + one_line(text) + "b" == one_line(f"a{text}b")


class _Page(HTMLParser):
    """What in a page could act: elements, attributes and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")


def test_no_script_of_a_page_reaches_the_case_file(good: Path, tmp_path: Path) -> None:
    assert "scriptword" in PAGE
    assert probanda("casefile", good, "-o", tmp_path).code == 0
    page = (tmp_path / "casefile.html").read_text("utf-8")
    for text in (page, (tmp_path / "casefile.json").read_text("utf-8")):
        assert "more than 40 people" in text  # of the same page
        assert "scriptword" not in text
        assert "attributeword" not in text
        assert "beacon" not in text
    seen = _Page()
    seen.feed(page)
    assert not seen.tags & {"script", "iframe", "object", "embed", "img", "form", "link", "base"}
    assert not [name for name in seen.attributes if name.startswith("on")]
    assert {value[:1] for name in ("href", "src") for value in seen.attributes.get(name, set())} <= {"#"}
    assert "&lt;/script&gt; was painted" in page  # words of the text stay words


def test_the_same_bytes_again_are_a_second_capture_of_one_blob(case: Path, tmp_path: Path) -> None:
    (tmp_path / "again.txt").write_text(REPORT, "utf-8")
    blobs = sorted(path.name for path in (case / "blobs" / "sha256").rglob("*") if path.is_file())
    said = probanda("add", case, tmp_path / "again.txt", "--source", "another hand", "--json")
    assert said.code == 0
    assert sorted(path.name for path in (case / "blobs" / "sha256").rglob("*") if path.is_file()) == blobs
    captures = [row["capture"] for row in probanda("items", case, "--json").json["items"]]
    same = [row for row in captures if row["blob"] == hashlib.sha256(REPORT.encode()).hexdigest()]
    assert [(row["name"], row["source"]) for row in same] == [
        ("material/report.txt", "Velin Post"),
        ("again.txt", "another hand"),
    ]
    assert len({row["id"] for row in same}) == 2


def test_a_file_that_vanishes_between_walk_and_copy_is_recorded(case: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.txt", tmp_path / "second.txt"
    first.write_text("One was hurt.")
    second.write_text("Two were hurt.")

    def given() -> Iterator[Path]:
        yield first
        first.unlink()  # the walk has told of it, no byte was copied yet
        yield second

    with Archive.open(case) as archive:
        report = archive.add(given())
        [kept] = report.captures
        assert next(row.name for row in archive.captures() if row.id == kept) == "second.txt"
    [failure] = probanda("items", case, "--json").json["failures"]
    assert (failure["name"], failure["step"]) == ("first.txt", "add")
    assert probanda("verify", case).code == 0


def test_a_file_that_may_not_be_read_is_recorded_and_its_neighbour_kept(case: Path, tmp_path: Path) -> None:
    (tmp_path / "closed.txt").write_text("One was hurt.")
    (tmp_path / "open.txt").write_text("Two were hurt.")
    (tmp_path / "closed.txt").chmod(0o000)
    paths = [tmp_path / "closed.txt", tmp_path / "open.txt"]
    said = probanda("add", case, *paths, "--json", unprivileged=True)
    assert (said.code, len(said.json["captures"])) == (3, 1)
    [failure] = said.json["failures"]
    assert failure["name"] == "closed.txt"
    assert "may not be read" in failure["reason"]
    alone = probanda("extract", paths[0], "--json", unprivileged=True)
    assert (alone.code, alone.error["kind"]) == (1, "Unreadable")


def test_a_path_that_climbs_is_recorded_by_its_own_name(case: Path, tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "outside.txt").write_text("One was hurt.")
    assert probanda("add", case, "a/b/../../outside.txt", cwd=tmp_path).code == 0
    assert probanda("items", case, "--json").json["items"][-1]["capture"]["name"] == "outside.txt"
    inside = probanda("add", case, case / "log" / ".." / "keys", "--json")
    assert inside.code == 3
    assert "case folder" in inside.json["failures"][0]["reason"]


def test_a_case_whose_path_is_no_text_works(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/c\xff\n\x1b"))
    (tmp_path / "one.txt").write_text("At least 3 people were injured, the Velin mayor said.")
    made = probanda("init", folder, "-t", "The mill", "--by", "Ana Velt", "--json")
    assert (made.code, made.json["folder"]) == (0, str(folder))
    for arguments in (["add", folder, tmp_path / "one.txt"], ["run", folder], ["rebuild", folder]):
        said = probanda(*arguments)  # type: ignore[arg-type]
        assert said.code == 0, said
        assert "\x1b" not in said.out
    assert probanda("casefile", folder, "-o", folder / "casefile").code == 0
    folder.chmod(0o500)
    try:
        said = probanda("verify", folder, unprivileged=True)
        assert said.code == 0, said.out
    finally:
        folder.chmod(0o700)


WRITING: list[list[str]] = [
    ["add", "{}", __file__, "--by", "Mirek Sandor"],
    ["run", "{}"],
    ["rebuild", "{}"],
    ["judge", "{}", "claim:", "-d", "confirmed", "-r", "Read."],
]
READING: list[list[str]] = [["verify", "{}"], ["items", "{}"]]


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def locked(case: Path, mode: int) -> None:
    for folder, _, _ in os.walk(case, topdown=False):
        Path(folder).chmod(mode)


def test_a_case_that_may_not_be_written_is_read_and_never_changed(case: Path, tmp_path: Path) -> None:
    claim = probanda("claims", case, "--json").json[0]["claim"]["id"]
    before = digests(case)
    locked(case, 0o500)
    for arguments in WRITING:
        filled = [
            part.format(case).replace("claim:", claim) if part in ("{}", "claim:") else part for part in arguments
        ]
        said = probanda(*filled, "--json", unprivileged=True)
        assert (said.code, said.error["kind"]) == (1, "ReadOnlyCase"), arguments
        assert "Nothing was changed" in said.error["message"] or "rebuild a copy" in said.error["message"]
    for arguments in READING:
        assert probanda(*(part.format(case) for part in arguments), unprivileged=True).code == 0, arguments
    # What leaves is on record, so out of here goes only what is public (spec/ways-out.md).
    said = probanda("casefile", case, "-o", tmp_path / "out", "--json", unprivileged=True)
    assert (said.code, said.error["kind"]) == (1, "ReadOnlyCase")
    assert "--audience public" in said.error["message"]
    public = ("casefile", case, "-o", tmp_path / "out", "--audience", "public")
    assert probanda(*public, unprivileged=True).code == 0
    locked(case, 0o700)
    assert digests(case) == before


@pytest.mark.parametrize("closed", ["", "log", "blobs"])
def test_a_case_that_may_not_be_read_is_told_so(case: Path, closed: str) -> None:
    (case / closed).chmod(0o000)
    for arguments in (["verify", case], ["add", case, __file__]):
        said = probanda(*arguments, "--json", unprivileged=True)  # type: ignore[arg-type]
        assert said.code == 1, said
        assert len(said.json["summary"] if "summary" in said.json else said.error["message"]) > 30


@pytest.mark.parametrize(
    ("state", "kind"),
    [("absent", "NotACase"), ("plain", "NotACase"), ("half", "HalfWrittenCase"), ("newer", "NewerVersion")],
)
def test_what_is_no_case_of_this_version_is_refused_and_left_alone(
    case: Path, tmp_path: Path, state: str, kind: str
) -> None:
    folder, manifest = case, case / "probanda.json"
    if state == "absent":
        folder = tmp_path / "nowhere"
    elif state == "plain":
        folder = tmp_path / "plain"
        folder.mkdir()
        (folder / "notes.txt").write_text("mine")
    elif state == "half":
        manifest.unlink()
    else:
        manifest.write_bytes(manifest.read_bytes().replace(b"probanda-case/1", b"probanda-case/9"))
    before = digests(tmp_path)
    for arguments in (WRITING[0], *READING):
        if (state, arguments[0]) == ("half", "verify"):
            continue
        said = probanda(*(part.format(folder) for part in arguments), "--json", cwd=tmp_path)
        assert (said.code, said.error["kind"]) == (1, kind), arguments
        assert re.search(r"expected .* found ", said.error["message"])
    if state == "half":
        checked = probanda("verify", folder, "--json")
        assert checked.code == 1
        assert "case.format" in checked.json["summary"]
    assert digests(tmp_path) == before


def test_verify_of_an_empty_folder_says_what_it_expects(tmp_path: Path) -> None:
    said = probanda("verify", tmp_path, "--json")
    assert (said.code, said.error["kind"]) == (1, "NotACase")
    for part in ("probanda.json", "bagit.txt", "found an empty folder"):
        assert part in said.error["message"]
    assert list(tmp_path.iterdir()) == []


def failing(said: Said) -> set[str]:
    assert said.code == 1
    assert said.json["ok"] is False
    return {check["name"] for check in said.json["checks"] if check["outcome"] == "fails"}


def test_verify_names_what_was_edited(case: Path) -> None:
    blob = case / "blobs" / "sha256"
    path = next(path for path in blob.rglob("*") if path.is_file() and path.read_bytes() == REPORT.encode())
    path.chmod(0o600)
    path.write_bytes(REPORT.replace("12", "21").encode())
    said = probanda("verify", case, "--json")
    assert "blobs.digest" in failing(said)
    shown = probanda("verify", case)
    assert re.search(r"FAILS +blobs\.digest .*" + path.name[:12], shown.out)
    assert "INTEGRITY DOES NOT HOLD (blobs.digest" in shown.out


@pytest.mark.parametrize("line", [0, 2, -1])
def test_verify_names_a_line_that_was_taken_out(case: Path, line: int) -> None:
    path = case / "log" / "entries.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[line]
    path.write_bytes(b"".join(lines))
    said = probanda("verify", case, "--json")
    if line == -1:  # nothing inside a folder can show a cut at the end, but the index remembers
        assert {check["name"]: check["outcome"] for check in said.json["checks"]}["log.root"] == "unproven"
    else:
        assert {"log.sequence", "log.chain"} & failing(said)


def test_a_log_that_was_taken_away_is_not_begun_again(case: Path) -> None:
    (case / "log" / "entries.jsonl").unlink()
    said = probanda("add", case, __file__, "--json")
    assert (said.code, said.error["kind"]) == (1, "LogDamaged")
    assert not (case / "log" / "entries.jsonl").exists()
    assert "log.canonical" in failing(probanda("verify", case, "--json"))


def vector(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((VECTORS / name).read_bytes())
    return found


@pytest.mark.parametrize("name", sorted(path.name for path in VECTORS.glob("*.json")))
def test_no_command_falls_over_any_fault(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    case = tmp_path / "case"
    for path, text in {**vector("case.json")["files"], **vector(name).get("changes", {})}.items():
        if text is not None:
            (case / path).parent.mkdir(parents=True, exist_ok=True)
            (case / path).write_bytes(text.encode("utf-8") if isinstance(text, str) else b64decode(text["base64"]))
    codes = {}
    # In this process, which is quicker: an error not foreseen is raised. Verify first: a write mends a torn tail.
    sealing = [["settings", "{}"], ["seal", "{}", "--offline", "asked"]]
    for arguments in [*READING, *WRITING, *sealing, ["casefile", "{}", "-o", "out"]]:
        codes[arguments[0]] = answer([*(part.format(case) for part in arguments), "--json"])
        assert json.loads(capsys.readouterr().out) is not None
    assert set(codes.values()) <= {0, 1, 2, 3}
    assert (codes["verify"] == 0) == (not vector(name)["fails"])


def test_a_summary_never_hides_a_check_that_could_not_be_run(tmp_path: Path) -> None:
    checks = verify(tmp_path / "nowhere").checks
    told = summary(checks, ok=False)
    assert told.startswith("INTEGRITY DOES NOT HOLD (case.format")
    alone = tuple(check for check in checks if check.outcome == "not_run")
    assert summary(alone, ok=False).startswith("INTEGRITY IS NOT SHOWN (not run: ")
