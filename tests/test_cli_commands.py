"""Every command does what the guide says, prints it for people and for programs, and ends with the right code."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from cli_world import REPORT, RUN, command_line, environment, made_case, probanda
from probanda.archive import Archive
from probanda.cli.main import app
from probanda.preserve.lock import held

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that no test changes."""
    return made_case(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def case(shared: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(shared, tmp_path / "case"))


def test_the_command_line_is_there_before_the_heavy_libraries() -> None:
    code = (
        "import sys, probanda.cli; "
        "sys.exit(', '.join({'django', 'trafilatura', 'numpy', 'lxml', 'cryptography'} & set(sys.modules)) or None)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_names_every_command() -> None:
    shown = probanda("--help")
    assert shown.code == 0
    for command in app.registered_commands:
        name = command.name or command.callback.__name__  # type: ignore[union-attr]
        assert re.search(rf"\b{name}\b", shown.out)
    assert probanda().out == shown.out
    assert probanda("--version").out.startswith("probanda 0.")


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["init", "there"],
        ["add", "there"],
        ["run", "there", "--workers", "0"],
        ["verify", "there", "--speed", "high"],
        ["claims", "there", "--kind", "gossip"],
        ["add", "there", "x", "--marking", "secret"],
        ["add", "there", "x", "--published", "last Wednesday"],
        ["add", "there", "x", "--by", " "],
        ["init", "there", "--title", ""],
        ["extract", "x", "--published", "31.12.2031"],
        ["casefile", "there", "-o", "x.docx"],
        ["casefile", "there", "-o", "x", "--audience", "press"],
        ["judge", "there", "claim:1234", "-d", "maybe", "-r", "x"],
        ["judge", "there", "claim:1234", "-d", "confirmed", "-r", " "],
        ["judge", "there", "claim:1234", "-d", "corrected", "-r", "x"],
        ["judge", "there", "claim:1234", "-d", "confirmed", "-r", "x", "--correct", "a=1"],
        ["judge", "there", "claim:1234", "-d", "corrected", "-r", "x", "--correct", "a"],
        ["init", "there", "--title", os.fsdecode(b"\xff")],
    ],
    ids=lambda arguments: " ".join(arguments[:1] + arguments[-2:]).encode("ascii", "replace").decode(),
)
def test_a_wrong_command_line_ends_with_2_and_says_why(arguments: list[str], tmp_path: Path) -> None:
    said = probanda(*arguments, "--json", cwd=tmp_path)
    assert said.code == 2
    assert said.err == ""
    assert (said.error["kind"], said.error["code"]) == ("Usage", 2)
    assert len(said.error["message"]) > 20
    assert not list(tmp_path.iterdir())


def test_a_wrong_command_line_is_told_in_one_line_to_people() -> None:
    said = probanda("add")
    assert (said.code, said.out) == (2, "")
    assert said.err == "probanda: Missing argument 'CASE'. See: probanda add --help\n"


def test_init_says_what_to_keep_and_never_writes_over_a_case(tmp_path: Path) -> None:
    made = probanda("init", "case", "--title", "The mill", "--by", "Ana Velt", "--json", cwd=tmp_path)
    assert made.code == 0
    manifest = json.loads((tmp_path / "case" / "probanda.json").read_bytes())
    assert (made.json["case"], made.json["key"], made.json["title"]) == (manifest["id"], manifest["key"], "The mill")
    again = probanda("init", "case", "--title", "The mill", "--json", cwd=tmp_path)
    assert (again.code, again.error["kind"]) == (1, "NotEmpty")
    other = probanda("init", "other", "-t", "The mill", cwd=tmp_path, env={"PROBANDA_AGENT": "Mirek Sandor"})
    assert "by Mirek Sandor; its key has the fingerprint " in other.out
    assert json.loads((tmp_path / "other" / "probanda.json").read_bytes())["key"] in other.out


def test_add_tells_what_was_preserved_and_what_was_not(case: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("One was hurt.")
    said = probanda("add", case, tmp_path / "one.txt", tmp_path / "none.txt", "--source", "Mill Post")
    assert said.code == 3
    assert said.out.startswith("1 preserved, 1 could not be (recorded in the log)\n  not preserved: none.txt: expected")
    told = probanda("add", case, tmp_path / "one.txt", "--published", "2031-04~", "--note", "by post", "--json")
    assert told.code == 0
    assert told.json["failures"] == []
    with Archive.open(case) as archive:
        last = archive.captures()[-1]
    assert told.json["captures"] == [last.id]
    assert (last.name, last.published, last.note, last.source) == ("one.txt", "2031-04~", "by post", None)


def test_an_empty_folder_gives_nothing_to_preserve(case: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    said = probanda("add", case, tmp_path / "empty", "--json")
    assert (said.code, said.error["kind"]) == (1, "NothingThere")


def test_a_further_person_adds_under_a_key_of_their_own(case: Path, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("One was hurt.")
    keys = len(list((case / "keys").iterdir()))
    for _ in range(2):  # the second time the key is there
        assert probanda("add", case, tmp_path / "one.txt", "--by", "Mirek Sandor").code == 0
    assert probanda("add", case, tmp_path / "one.txt", env={"PROBANDA_AGENT": "Mirek Sandor"}).code == 0
    assert len(list((case / "keys").iterdir())) == keys + 2
    with Archive.open(case) as archive:
        [person] = [row for row in archive.snapshot().agents if row.name == "Mirek Sandor"]
        entries = [entry for entry in archive.case.log.entries() if entry.act == "ingestion"][-3:]
        assert [row.added_by for row in archive.items()][-3:] == [person.id] * 3
    assert {f"agent:{entry.signature.key}" for entry in entries} == {person.id}
    assert {entry.agents[0].id for entry in entries} == {person.id}
    assert person.id != f"agent:{json.loads((case / 'probanda.json').read_bytes())['key']}"
    assert probanda("verify", case).code == 0
    size = len((case / "log" / "entries.jsonl").read_bytes())
    unknown = probanda("add", case, tmp_path / "one.txt", "--by", "agent:" + "0" * 64, "--json")
    assert (unknown.code, unknown.error["kind"]) == (1, "UnknownId")
    (case / "keys" / f"{person.id.removeprefix('agent:')}.key.pem").unlink()
    elsewhere = probanda("add", case, tmp_path / "one.txt", "--by", "Mirek Sandor", "--json")
    assert (elsewhere.code, elsewhere.error["kind"]) == (1, "KeyMissing")
    assert len((case / "log" / "entries.jsonl").read_bytes()) == size


def test_run_counts_what_it_made_and_makes_nothing_twice(case: Path, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_text("At least 3 people were injured, the Velin mayor said.")
    assert probanda("add", case, tmp_path / "more.txt").code == 0
    first = probanda("run", case, "--workers", "1", "--json")
    assert first.code == 0
    made = {step: outcomes for step, outcomes in first.json["derivations"].items() if outcomes}
    assert made == {step: {"succeeded": 1} for step in ("identify", "text", "language", "terms", "read")}
    assert first.json["failures"] == []
    size = (case / "log" / "entries.jsonl").stat().st_size
    assert probanda("run", case).out == "0 derivations made\n"
    assert (case / "log" / "entries.jsonl").stat().st_size == size


def test_a_second_run_at_the_same_time_is_told_so(case: Path) -> None:
    with held(case / "run.lock"):
        said = probanda("run", case, "--json")
    assert (said.code, said.error["kind"]) == (1, "Locked")
    assert said.error["message"].startswith("another run of this case goes on")
    assert f"process {os.getpid()}" in said.error["message"]


def test_a_run_that_is_stopped_is_finished_by_the_next(case: Path, tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(150):
        (folder / f"{number:03}.txt").write_text(f"At least {number} people were injured in Velin.\n\n" + REPORT * 3)
    assert probanda("add", case, folder).code == 0
    log = case / "log" / "entries.jsonl"
    before = log.stat().st_size
    running = subprocess.Popen(
        command_line("run", case), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while log.stat().st_size == before and running.poll() is None:
        time.sleep(0.005)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130, err
    assert out == b""
    assert err == b"probanda: stopped. What was committed is safe; run the same command again to go on\n"
    assert probanda("run", case).code == 0
    with Archive.open(case) as archive:
        assert len(archive.readings()) == 152
        assert archive.failures() == ()
    assert probanda("verify", case).code == 0


def test_extract_reads_one_file_without_a_case(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(REPORT, "utf-8")
    said = probanda("extract", "report.txt", "--published", "2031-04-10", cwd=tmp_path)
    assert said.code == 0
    assert said.out.startswith("report.txt: 221 characters, language en, published 2031-04-10\n")
    assert "Velin health service" in said.out
    assert "  - Tuesday: 2031-04-08\n" in said.out
    told = probanda("extract", "report.txt", "--published", "2031-04-10", "--json", cwd=tmp_path)
    schema = json.loads((ROOT / "spec" / "reading.schema.json").read_bytes())
    jsonschema.validate(told.json, schema)
    assert told.json["document"]["published"] == "2031-04-10"
    [figure] = [claim["quantity"] for claim in told.json["claims"] if claim["quantity"]]
    assert (figure["stated"], figure["minimum"], figure["maximum"]) == (12, 12, None)
    for claim in told.json["claims"]:
        passage = claim["passage"]
        assert REPORT[passage["start"] : passage["end"]] == passage["text"]


@pytest.mark.parametrize(
    ("content", "kind"), [(None, "Unreadable"), (b"", "NotRead"), (b"\x7fELF\x00\x01\x02\x00" * 9, "NotRead")]
)
def test_extract_says_why_it_cannot_read(tmp_path: Path, content: bytes | None, kind: str) -> None:
    if content is not None:
        (tmp_path / "report.txt").write_bytes(content)
    said = probanda("extract", tmp_path / "report.txt", "--json")
    assert (said.code, said.error["kind"]) == (1, kind)
    assert "report.txt" in said.error["message"]


def test_claims_are_listed_and_filtered(shared: Path) -> None:
    everything = probanda("claims", shared, "--json")
    assert everything.code == 0
    claims: list[dict[str, Any]] = everything.json
    assert {row["published"] for row in claims} == {"2031-04-10"}
    assert {row["judgement"] for row in claims} == {None}
    casualties = probanda("claims", shared, "--kind", "casualty", "--source", "health service", "--json").json
    assert [row["claim"]["quantity"]["stated"] for row in casualties] == [12]
    assert probanda("claims", shared, "--text", "no such words", "--json").json == []
    said = probanda("claims", shared, "--kind", "casualty")
    assert "At least 12 people: killed [12, …); said by Velin health service; not independently verified" in said.out
    assert said.out.endswith("2 claims\n")


def test_items_are_listed_with_their_digest(shared: Path) -> None:
    rows = probanda("items", shared, "--json").json
    assert [row["capture"]["name"] for row in rows["items"]] == ["material/page.html", "material/report.txt"]
    assert [row["media_type"] for row in rows["items"]] == ["text/html", "text/plain"]
    said = probanda("items", shared)
    assert said.out.endswith("2 items, 0 failures\n")
    assert all(row["capture"]["blob"] in said.out for row in rows["items"])


def test_judgements_supersede_and_the_reading_stays(case: Path) -> None:
    def casualty() -> dict[str, Any]:
        found = probanda("claims", case, "--kind", "casualty", "--source", "health", "--json").json
        assert len(found) == 1
        return dict(found[0])

    before = casualty()
    claim = before["claim"]["id"]
    first = probanda("judge", case, claim[:18], "-d", "confirmed", "-r", "Read against the text.", "--json").json
    assert (first["about"], first["decision"], first["supersedes"]) == ([claim], "confirmed", None)
    options = ["--correct", "quantity.minimum=13", "--correct", "who=patients", "--by", "Mirek Sandor"]
    second = probanda("judge", case, claim, "-d", "corrected", "-r", "The list has 13.", *options, "--json").json
    assert second["correction"] == {"quantity.minimum": 13, "who": "patients"}
    assert second["supersedes"] == first["id"]
    assert second["by"] != first["by"]
    third = probanda("judge", case, claim, "-d", "rejected", "-r", "The list is of another day.")
    assert third.code == 0
    assert "Recorded and signed: rejected" in third.out
    assert f"it supersedes {second['id']}, which stays in the log" in third.out
    after = casualty()
    assert after["claim"] == before["claim"]
    assert after["judgement"]["decision"] == "rejected"
    assert "rejected by a person: The list is of another day." in probanda("claims", case).out
    unknown = probanda("judge", case, "claim:00000000", "-d", "confirmed", "-r", "x", "--json")
    assert (unknown.code, unknown.error["kind"]) == (1, "UnknownId")
    assert probanda("verify", case).code == 0


def test_a_case_file_holds_what_its_audience_may_have(case: Path, tmp_path: Path) -> None:
    (tmp_path / "kept.txt").write_text("At least 77 people were injured in Orlik, the Orlik mayor said.")
    assert probanda("add", case, tmp_path / "kept.txt").code == 0  # unmarked: restricted
    assert probanda("run", case).code == 0
    inside = probanda("casefile", case, "-o", tmp_path / "inside", "--json")
    assert inside.code == 0
    assert inside.json["written"] == [str(tmp_path / "inside" / name) for name in ("casefile.html", "casefile.json")]
    outside = probanda("casefile", case, "-o", tmp_path / "outside.html", "--audience", "public")
    assert outside.code == 0
    assert outside.out == f"Case file written: {tmp_path / 'outside.html'}\n"
    assert "Orlik" in (tmp_path / "inside" / "casefile.html").read_text("utf-8")
    page = (tmp_path / "outside.html").read_text("utf-8")
    assert "Orlik" not in page
    assert "Velin health service" in page
    assert json.loads((tmp_path / "inside" / "casefile.json").read_bytes())
    assert (tmp_path / "outside.html").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("place", ["case/probanda.json", "case/log/out.html", "case/keys/more", "link/probanda.json"])
def test_a_case_file_never_goes_over_the_cases_own_files(case: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "link").symlink_to(case)
    manifest = (case / "probanda.json").read_bytes()
    said = probanda("casefile", case, "-o", tmp_path / place, "--json")
    assert said.code == 2
    assert (case / "probanda.json").read_bytes() == manifest


def test_a_place_that_cannot_be_written_is_named(case: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    said = probanda("casefile", case, "-o", tmp_path / "file" / "out.html", "--json")
    assert (said.code, said.error["kind"]) == (1, "OutputRefused")
    assert "out.html" in said.error["message"]


def test_verify_names_every_check(shared: Path) -> None:
    said = probanda("verify", shared)
    assert said.code == 0
    assert said.out.endswith("Integrity since ingestion holds; time unproven.\n")
    told = probanda("verify", shared, "--json").json
    assert told["ok"] is True
    outcomes = {check["name"]: check["outcome"] for check in told["checks"]}
    assert outcomes["log.chain"] == outcomes["blobs.digest"] == outcomes["index.agrees"] == "holds"
    assert outcomes["time.anchored"] == "unproven"
    assert all(f" {name} " in said.out for name in outcomes)


def test_rebuild_makes_the_index_from_log_and_blobs(case: Path) -> None:
    before = probanda("claims", case).out
    (case / "index.sqlite").write_bytes(b"not a database")
    said = probanda("rebuild", case)
    assert (said.code, said.out) == (
        0,
        "The index was made anew from 8 entries of the log; no step was run again.\n",
    )
    assert probanda("rebuild", case, "--json").json == {"entries": 8}
    assert probanda("claims", case).out == before


def test_the_demo_is_made_where_it_is_asked_for(tmp_path: Path) -> None:
    said = probanda("demo", "--into", "there", "--json", cwd=tmp_path)
    assert said.code == 0
    assert said.err == ""
    assert said.json["integrity"]["ok"] is True
    assert said.json["written"] == ["there/casefile/casefile.html", "there/casefile/casefile.json"]
    assert len(said.json["items"]) >= 5
    assert probanda("verify", tmp_path / "there").code == 0
    again = probanda("demo", "--into", "there", cwd=tmp_path)
    assert again.code == 1
    assert "it was left as it is" in again.err


def test_the_demo_shows_its_page_to_this_machine_until_stopped(tmp_path: Path) -> None:
    def ask(url: str, host: str | None = None) -> bytes:
        request = urllib.request.Request(url, headers={"Host": host} if host else {})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return bytes(answer.read())

    serving = subprocess.Popen(
        command_line("demo", "--into", "there", "--serve"),
        cwd=tmp_path, env=environment(BROWSER="true"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert serving.stdout is not None
        line = next(line for line in serving.stdout if "http://" in line)
        address = line.split(" at ")[1].split(" ")[0]
        assert address.startswith("http://127.0.0.1:")
        assert ask(address) == (tmp_path / "there" / "casefile" / "casefile.html").read_bytes()
        for url, host in ((address, "evil.example"), (address, "evil.example:80"), (address + "probanda.json", None)):
            with pytest.raises(urllib.error.HTTPError, match="404") as refused:
                ask(url, host)
            assert b"Velin" not in refused.value.read()
        serving.send_signal(signal.SIGINT)
        _, err = serving.communicate(timeout=30)
    finally:
        serving.kill()
    assert serving.returncode in (0, 130)
    assert "Traceback" not in err


def test_a_reader_that_goes_away_changes_nothing(shared: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        for arguments in (["items", shared], ["items", shared, "--json"], ["--help"]):
            done = subprocess.run(
                command_line(*arguments), env=environment(), stdout=writing, stderr=subprocess.PIPE, check=False
            )
            assert done.stderr == b""
            assert arguments == ["--help"] or done.returncode == 0
        (failing,) = (subprocess.run(command_line("items", shared / "nowhere", "--json"), stdout=writing, check=False),)
        assert failing.returncode == 1
    finally:
        os.close(writing)


def test_an_output_that_cannot_be_written_is_an_error(shared: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        for more in ([], ["--json"]):
            done = subprocess.run(
                command_line("items", shared, *more), stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
            assert done.returncode == 1
            assert done.stderr == "probanda: expected to write the output, found: No space left on device\n"
    closed = subprocess.run(["/bin/sh", "-c", '"$0" -c "$1" items "$2" >&-', sys.executable, RUN, shared], check=False)
    assert closed.returncode == 0


def test_progress_is_shown_on_a_terminal_only(shared: Path) -> None:
    assert probanda("verify", shared).err == ""
    ours, theirs = pty.openpty()
    done = subprocess.run(command_line("verify", shared, "--json"), stdout=subprocess.PIPE, stderr=theirs, check=False)
    os.close(theirs)
    shown = os.read(ours, 1 << 20)
    os.close(ours)
    assert json.loads(done.stdout)["ok"] is True
    assert b"\r" in shown
    assert shown.rstrip(b" ").endswith(b"\r")  # the bar is wiped at the end
