"""The page on incidents: its examples are those of the vectors, its schemas fit them and refuse what is not so."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest

from probanda.records.canonical import canonical
from probanda.records.incident import parse_incident, parse_relation
from test_spec_case_folder import ROOT, SPEC, changed, schema
from test_spec_case_folder import validator as of_the_folder

GOOD: dict[str, str] = json.loads((ROOT / "vectors" / "incident-good.json").read_text("utf-8"))["changes"]
BLOBS = [text for name, text in sorted(GOOD.items()) if name.startswith("blobs/")]
INCIDENTS = [text for text in BLOBS if '"members"' in text]
RELATIONS = [text for text in BLOBS if '"kind"' in text]
LINES = [line for line in GOOD["log/entries.jsonl"].splitlines() if '"act":"incident"' in line or '"act":"rel' in line]


def validator(name: str) -> Any:
    return of_the_folder(name)


@pytest.mark.parametrize(("name", "texts"), [("incident", INCIDENTS), ("relation", RELATIONS), ("entry", LINES)])
def test_what_is_written_fits_its_schema(name: str, texts: list[str]) -> None:
    assert texts
    for text in texts:
        validator(name).validate(json.loads(text))


WHERE = json.loads(INCIDENTS[0])["where"]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("incident", changed(INCIDENTS[0], title=" ")),
        ("incident", changed(INCIDENTS[0], reason="")),
        ("incident", changed(INCIDENTS[0], members=["incident:" + "1" * 64])),
        ("incident", changed(INCIDENTS[0], where={**WHERE, "longitude": None})),
        ("incident", changed(INCIDENTS[0], where={**WHERE, "latitude": 91})),
        ("incident", changed(INCIDENTS[0], supersedes="relation:" + "1" * 64)),
        ("incident", changed(INCIDENTS[0], nonce="1")),
        ("incident", changed(INCIDENTS[0], protection={"marking": "secret"})),
        ("relation", changed(RELATIONS[0], kind="near")),
        ("relation", changed(RELATIONS[0], subject="claim:" + "1" * 64)),
        ("entry", changed(LINES[0], objects=[])),
        ("entry", changed(LINES[0], detail={"members": 1})),
        ("entry", changed(LINES[-1], detail={"relation": "relation:" + "1" * 64})),
    ],
)
def test_what_is_not_so_written_does_not_fit(name: str, wrong: dict[str, Any]) -> None:
    assert not validator(name).is_valid(wrong)


def test_the_examples_are_those_of_the_vectors() -> None:
    incident, relation = re.findall(r"```json\n(.*?)\n```", (SPEC / "incident.md").read_text("utf-8"), re.DOTALL)
    assert incident in INCIDENTS
    assert relation in RELATIONS
    assert parse_incident(incident.encode()).title == "Removal of people from Velin"
    assert parse_relation(relation.encode()).kind == "part_of"


def test_the_page_alone_suffices_to_compute_the_ids() -> None:
    for text, kind in [*((t, "incident") for t in INCIDENTS), *((t, "relation") for t in RELATIONS)]:
        record = json.loads(text)
        identity = record.pop("id")
        assert identity == f"{kind}:{hashlib.sha256(canonical(record)).hexdigest()}"


def test_an_entry_says_nothing_that_is_protected() -> None:
    for line in LINES:
        for word in ("Velin", "report names", "convoy", "Convoy"):
            assert word not in line


def test_the_page_names_every_field() -> None:
    page = (SPEC / "incident.md").read_text("utf-8")
    for name in ("incident", "relation"):
        for field in schema(name)["properties"]:
            assert f"`{field}`" in page, field
