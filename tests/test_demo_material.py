"""The demo material is what its README says: marked exercises of every kind, page furniture, items that must fail."""

from __future__ import annotations

import hashlib
import json
import zipfile
from importlib.resources import files
from pathlib import Path

import pytest
import trafilatura

from probanda.extract.read import read
from probanda.records.canonical import Json
from probanda.steps import identify, text
from probanda.steps.step import StepResult

DEMO = Path(str(files("probanda"))) / "demo"
ITEMS = json.loads((DEMO / "manifest.json").read_text(encoding="utf-8"))
MARKS = ("EXERCISE – invented", "НАВЧАЛЬНИЙ ТЕКСТ – вигадано", "УЧЕБНЫЙ ТЕКСТ – вымышлено")
WITHOUT_TEXT = ("07-field-notes.txt", "18-photo-captions.zip", "19-notice-board.png", "20-damaged-report.pdf")
EXERCISES = [
    item["file"]
    for item in ITEMS
    if item["source"].startswith("Exercise") and not item["file"].endswith((*WITHOUT_TEXT, "export.csv"))
]


def step(module: object, data: bytes, **parameters: Json) -> StepResult:
    sha256 = hashlib.sha256(data).hexdigest()
    made = module.STEP  # type: ignore[attr-defined]
    result: StepResult = made.run(made.request(sha256, parameters=parameters), {sha256: data})
    return result


def frozen(name: str) -> StepResult:
    data = (DEMO / name).read_bytes()
    facts = step(identify, data).facts
    return step(text, data, **{key: facts[key] for key in ("media_type", "encoding", "delimiter")})


def text_of(name: str) -> str:
    return next(one.data for one in frozen(name).outputs if one.role == "text").decode()


def test_the_manifest_names_every_item_and_no_other() -> None:
    material = [path for path in (DEMO / "material").rglob("*") if path.is_file()]
    named = {DEMO / item["file"] for item in ITEMS}
    beside = {path for path in material if "16-archived-posts/posts" in path.as_posix()}  # the sheet names them
    assert named | beside == set(material)
    assert len(beside) == 1
    assert {item["marking"] for item in ITEMS} == {"public", "internal", "restricted", "identity_protected"}


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_says_so_at_its_head(name: str) -> None:
    head = "\n".join(text_of(name).splitlines()[:8])
    assert any(mark in head for mark in MARKS)


def test_what_has_no_text_of_its_own_is_marked_too() -> None:
    material = DEMO / "material"
    assert (material / WITHOUT_TEXT[0]).read_bytes() == b""
    with zipfile.ZipFile(material / WITHOUT_TEXT[1]) as archive:
        assert len(archive.namelist()) == 3
        assert all(MARKS[0].encode() in archive.read(name) for name in archive.namelist())
    assert MARKS[0].encode() in (material / WITHOUT_TEXT[3]).read_bytes()
    posts = material / "16-archived-posts"
    rows = (posts / "export.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert all(MARKS[0] in row for row in rows)
    assert MARKS[0] in (posts / "posts" / "quay-post.html").read_text(encoding="utf-8")


def test_the_damaged_and_the_empty_file_fail_with_a_reason() -> None:
    damaged, empty = frozen("material/20-damaged-report.pdf"), frozen("material/07-field-notes.txt")
    assert (damaged.outcome, empty.outcome) == ("failed", "not_applicable")
    assert "cut short" in (damaged.reason or "") and "empty" in (empty.reason or "")


def test_a_formula_in_a_table_is_text() -> None:
    assert '=HYPERLINK("https://register.example.invalid/3","open")' in text_of("material/10-damage-register.csv")


def test_the_statement_of_the_witness_names_nobody_and_is_protected() -> None:
    row = next(item for item in ITEMS if item["file"].endswith(".docx"))
    assert row["marking"] == "identity_protected" and "publication" not in row["consent"]
    assert "kept apart from this form" in text_of(row["file"])


def test_the_texts_hold_what_the_demo_is_there_to_show() -> None:
    def claims(name: str, published: str, language: str = "en") -> set[tuple[str | None, Json]]:
        found = read(text_of(name), published=published, language=language).claims
        return {(one.effect, one.quantity.stated) for one in found if one.quantity}

    report = claims("material/08-situation-report.pdf", "2031-04-14")
    assert {("killed", 59), ("refugee", 91200)} <= report
    assert ("died", 7) in claims("material/13-marisburg-vokzal.txt", "2031-04-13", "uk")
    assert ("detained", 60) in claims("material/15-kasl-orrin.txt", "2031-04-14", "ru")


@pytest.mark.parametrize(
    "name", ["material/02-syria-mechanism.html", "material/05-monitoring-group.html", "material/14-utochneni-dani.html"]
)
def test_the_pages_carry_what_must_never_reach_a_case_file(name: str) -> None:
    page = (DEMO / name).read_text(encoding="utf-8")
    words = trafilatura.extract(page)
    assert words is not None
    for trap in ("onclick", "<script", "<nav", "<footer"):
        assert trap in page
        assert trap not in words
    assert "written by a script" not in words
    assert "must never run" not in words
    assert len(words) >= 700
