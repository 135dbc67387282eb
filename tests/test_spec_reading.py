"""spec/reading.md and its schema say what the records are, and what the gate admits."""

from __future__ import annotations

import dataclasses
import json
import re
import typing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from falsify import TEXTS
from gate_world import READING, gate
from probanda.extract import gate as gate_package
from probanda.extract.gate import admit
from probanda.extract.read import read
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import segment
from probanda.records import agreement, quantity, reading
from probanda.records.codec import parse, to_json
from probanda.records.passage import Passage
from probanda.records.reading import Reading

SPEC = Path(__file__).parent.parent / "spec"
SCHEMA: dict[str, Any] = json.loads((SPEC / "reading.schema.json").read_text(encoding="utf-8"))
PAGE = (SPEC / "reading.md").read_text(encoding="utf-8")
VALID = Draft202012Validator(SCHEMA)

RECORDS = {
    "passage": Passage, "quantity": quantity.Quantity, "when": reading.When, "speaker": reading.Speaker,
    "narrator": reading.Narrator, "holderUnknown": reading.HolderUnknown, "namedPassage": reading.NamedPassage,
    "verification": reading.Verification, "counts": reading.Counts, "candidate": reading.Candidate,
    "quotation": reading.Quotation, "claim": reading.Claim, "event": reading.Event, "place": reading.Place,
    "weapon": reading.Weapon, "object": reading.ObjectMention, "label": reading.Label, "rejection": reading.Rejection,
    "document": reading.DocumentInfo,
}  # fmt: skip


def fenced(kind: str) -> str:
    found = re.search(rf"```{kind}\n(.*?)\n```", PAGE, re.DOTALL)
    assert found is not None
    return found.group(1)


def example() -> Any:
    return json.loads(fenced("json"))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", RECORDS)
def test_the_schema_has_exactly_the_fields_of_the_record(name: str) -> None:
    definition = SCHEMA["$defs"][name]
    fields = dataclasses.fields(RECORDS[name])
    assert list(definition["properties"]) == [field.name.rstrip("_") for field in fields]
    needed = {
        field.name.rstrip("_")
        for field in fields
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    assert needed - set(definition["required"]) == set()
    assert definition["additionalProperties"] is False


def test_the_schema_has_exactly_the_fields_of_a_reading() -> None:
    fields = {field.name for field in dataclasses.fields(Reading)} - {"extra"}
    assert set(SCHEMA["properties"]) == fields | {agreement.FIELD}, "which only a reading of several extractors has"
    told = SCHEMA["$defs"]["agreement"]["properties"]
    assert list(told) == [field.name for field in dataclasses.fields(agreement.Agreement)]


LITERALS = {
    "modality": reading.Modality, "claimKind": reading.ClaimKind, "effect": reading.Effect,
    "qualifier": quantity.Qualifier, "precision": typing.get_type_hints(reading.When)["precision"],
    "verificationStatus": typing.get_type_hints(reading.Verification)["status"],
}  # fmt: skip


@pytest.mark.parametrize("name", LITERALS)
def test_enumerations_are_those_of_the_records(name: str) -> None:
    assert SCHEMA["$defs"][name]["enum"] == list(typing.get_args(LITERALS[name]))


@pytest.mark.parametrize(
    ("name", "lexicon", "column"),
    [
        ("weaponClass", "weapons.tsv", "class"),
        ("physicalType", "objects.tsv", "type"),
        ("legalLabel", "legal_labels.tsv", "label"),
        ("eventType", "event_triggers.tsv", "type"),
        ("eventType", "event_frames.tsv", "type"),
    ],
)
def test_enumerations_hold_every_type_that_the_rules_can_give(name: str, lexicon: str, column: str) -> None:
    missing = {row[column] for row in table(lexicon)} - set(SCHEMA["$defs"][name]["enum"])
    assert missing == set(), "run scripts/make_reading_schema.py"


@pytest.mark.parametrize("name", [name for name in TEXTS if name[0].isdigit()])
def test_readings_validate_and_survive_a_round_trip(name: str) -> None:
    found = to_json(read(TEXTS[name], "2031-05-07"))
    assert [error.message for error in VALID.iter_errors(found)] == []
    assert to_json(parse(Reading, found)) == found
    assert found["claims"]


def test_what_the_gate_admits_validates() -> None:
    admitted = to_json(gate(READING | {"weapons": [], "objects": []})[0])
    assert [error.message for error in VALID.iter_errors(admitted)] == []


def test_the_example_validates_and_passes_the_gate_whole() -> None:
    found = example()
    assert [error.message for error in VALID.iter_errors(found)] == []
    doc = segment(fenced("text"))
    passed, rejections = admit(doc, found, extractor="probanda.rules/1", published="2031-05-07")
    assert rejections == ()
    assert to_json(passed) == found


def test_unknown_fields_of_a_reading_survive() -> None:
    newer = example() | {"emotions": [{"passage": None}], "version": 7}
    assert to_json(parse(Reading, newer)) == newer
    assert VALID.is_valid(newer)


FAULTS: dict[str, tuple[str, object]] = {
    "modality": ("claims.0.modality", "proved"),
    "precision": ("claims.0.as_of.precision", "decade"),
    "qualifier": ("claims.0.quantity.qualifier", "lots"),
    "status": ("claims.0.verification.status", "true"),
    "type": ("events.0.type", "attack.massacre"),
    "offset": ("claims.0.passage.start", -1),
    "holder": ("claims.0.source", {"narrator": False}),
    "field": ("claims.0.certainty", 0.9),
    "digest": ("document.sha256", "abc"),
    "country": ("places.0.country", "Karovia"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_schema_refuses(name: str) -> None:
    found = example()
    path, value = FAULTS[name]
    held = found
    *way, last = path.split(".")
    for part in way:
        held = held[int(part)] if part.isdigit() else held[part]
    held[last] = value
    assert not VALID.is_valid(found)


def test_the_page_names_every_code_of_the_gate() -> None:
    source = Path(str(gate_package.__file__)).parent
    files = [*source.glob("*.py"), source.parent / "plugins" / "borne_out.py"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    used = set(re.findall(r'"((?:shape|grounding|value|boundary|role|reference)\.[a-z_]+)"', code))
    assert len(used) >= 30
    assert {name for name in used if f"`{name}`" not in PAGE} == set()
    assert set(re.findall(r"`((?:shape|grounding|value|boundary|role|reference)\.[a-z_]+)`", PAGE)) == used
