"""The specification of the case folder: its examples are real, its schemas fit what is written, its checks are ours."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from probanda.preserve.rows import check_redacted
from probanda.preserve.verify import NAMES
from probanda.records.canonical import canonical

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "spec"
GOOD: dict[str, str] = json.loads((ROOT / "vectors" / "case.json").read_text("utf-8"))["files"]
COMMITTED: dict[str, str] = json.loads((ROOT / "vectors" / "committed-good.json").read_text("utf-8"))["changes"]
LINES = GOOD["log/entries.jsonl"].splitlines()
MORE_LINES = COMMITTED["log/entries.jsonl"].splitlines()[len(LINES) :]
CHANGED: dict[str, str] = json.loads((ROOT / "vectors" / "protection-changed.json").read_text("utf-8"))["changes"]
CHANGES = [line for line in CHANGED["log/entries.jsonl"].splitlines() if '"act":"protection change"' in line]
MORE_ROWS = [line for text in COMMITTED.values() for line in text.splitlines() if '"request_sha256"' in line]
BLOBS = [text for name, text in GOOD.items() if name.startswith("blobs/")]
ROWS = [line for text in BLOBS for line in text.splitlines() if "request_sha256" in line]
JUDGEMENTS = [text for text in BLOBS if '"nonce"' in text]


def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SPEC / f"{name}.schema.json").read_text("utf-8"))
    return found


def validator(name: str) -> Draft202012Validator:
    Draft202012Validator.check_schema(schema(name))
    held = ("capture", "derivation-row")
    registry = Registry().with_resources([(f"{one}.schema.json", Resource.from_contents(schema(one))) for one in held])
    return Draft202012Validator(schema(name), registry=registry)


def examples(page: str) -> list[str]:
    return re.findall(r"```json\n(.*?)```", (SPEC / page).read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("entry", [*LINES, *MORE_LINES, *CHANGES]),
        ("capture", [json.dumps(json.loads(line)["detail"]) for line in LINES if '"act":"ingestion"' in line]),
        ("opening", GOOD["private/openings.jsonl"].splitlines()),
        ("derivation-row", [*ROWS, *MORE_ROWS]),
        ("redacted-row", [f'{{"row":{row}}}' for row in MORE_ROWS] + [json.dumps({"leaf": "ab" * 32})]),
        ("judgement", JUDGEMENTS),
    ],
)
def test_what_is_written_fits_its_schema(name: str, texts: list[str]) -> None:
    assert texts
    for text in texts:
        validator(name).validate(json.loads(text))


def changed(text: str, **fields: Any) -> dict[str, Any]:
    return {**json.loads(text), **fields}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("entry", changed(LINES[1], v=2)),
        ("entry", changed(LINES[1], prev="A" * 64)),
        ("entry", changed(LINES[1], time="2026-11-22T07:00:03Z")),
        ("entry", changed(LINES[1], objects=[])),
        ("entry", changed(LINES[1], objects=[{"role": "outcome", "sha256": "x", "size": 1}])),
        ("entry", changed(LINES[1], objects=[{"role": "outcome"}])),
        ("entry", changed(MORE_LINES[0], objects=[{"role": "outcome", "committed": "x"}])),
        ("entry", changed(MORE_LINES[1], detail={"count": 1, "rows_root": "x"})),
        ("entry", changed(LINES[1], detail={})),
        ("entry", changed(CHANGES[0], committed={})),
        ("entry", changed(CHANGES[0], detail={"capture": "capture:" + "ab" * 32, "protection": {"marking": "secret"}})),
        ("entry", changed(LINES[0], detail={})),
        ("entry", changed(LINES[1], committed={"name": "velin.txt"})),
        ("entry", {k: v for k, v in json.loads(LINES[1]).items() if k != "signature"}),
        ("capture", changed(json.dumps(json.loads(LINES[1])["detail"]), protection={"marking": "secret"})),
        ("opening", {"commitment": "0" * 64, "salt": "00", "value": 1}),
        ("derivation-row", changed(ROWS[0], outcome="failed")),
        ("derivation-row", changed(ROWS[0], request={})),
        ("derivation-row", changed(ROWS[0], nonce="00")),
        ("redacted-row", {"leaf": "ab" * 32, "row": json.loads(ROWS[0])}),
        ("redacted-row", {"leaf": "ab"}),
        ("redacted-row", {}),
        ("judgement", changed(JUDGEMENTS[0], decision="corrected")),
        ("judgement", changed(JUDGEMENTS[0], reason=" ")),
        ("judgement", changed(JUDGEMENTS[0], about=[])),
    ],
)
def test_what_is_not_so_written_does_not_fit(name: str, wrong: dict[str, Any]) -> None:
    assert not validator(name).is_valid(wrong)


def test_unknown_fields_and_acts_fit() -> None:
    assert validator("entry").is_valid(changed(LINES[1], act="dissemination", detail={}, objects=[], later=[1]))


def test_the_examples_are_taken_from_the_good_case() -> None:
    entry, committed, opening, row, redacted, *_ = examples("entry.md")
    assert canonical(json.loads(entry)) == LINES[1].encode()
    assert canonical(json.loads(committed)) == MORE_LINES[0].encode()
    assert opening.strip() in COMMITTED["private/openings.jsonl"].splitlines()
    assert json.loads(opening)["commitment"] == json.loads(committed)["objects"][0]["committed"]
    assert row.strip() in ROWS
    assert check_redacted(redacted.encode().splitlines(), json.loads(MORE_LINES[1])["detail"]["rows_root"]) == (1, 1)
    manifest, opening = examples("case-folder.md")
    assert manifest == GOOD["probanda.json"]
    assert opening.strip() in GOOD["private/openings.jsonl"].splitlines()


def test_the_page_names_every_check_once_in_order() -> None:
    rows = re.findall(r"^\| `([a-z]+\.[a-z_]+)` \|", (SPEC / "case-folder.md").read_text("utf-8"), re.MULTILINE)
    assert rows == list(NAMES)


def test_the_page_alone_suffices_to_compute_links_commitments_and_ids() -> None:
    """Written from the page, with nothing of ours but canonical JSON, which RFC 8785 defines."""

    def sha256(*parts: bytes) -> str:
        return hashlib.sha256(b"".join(parts)).hexdigest()

    entries = [json.loads(line) for line in LINES]
    assert entries[0]["prev"] == "0" * 64
    for line, following in zip(LINES, entries[1:], strict=False):
        assert following["prev"] == sha256(b"\0", line.encode())
    for text in GOOD["private/openings.jsonl"].splitlines():
        opening = json.loads(text)
        salt, value = bytes.fromhex(opening["salt"]), canonical(opening["value"])
        assert opening["commitment"] == sha256(b"probanda-commitment-v1\n", salt, value)
    detail, [blob] = entries[1]["detail"], entries[1]["objects"]
    stated = {name: detail[name] for name in ("published", "media_type", "protection", "nonce")}
    assert detail["capture"] == "capture:" + sha256(canonical({**stated, "blob": blob["sha256"], "size": blob["size"]}))
    detail, [outcome] = json.loads(MORE_LINES[0])["detail"], json.loads(MORE_LINES[0])["objects"]
    stated = {name: detail[name] for name in ("published", "media_type", "protection", "nonce")}
    assert detail["capture"] == "capture:" + sha256(canonical({**stated, "committed": outcome["committed"]}))
    leaves = [hashlib.sha256(b"\0" + row.encode()).digest() for row in MORE_ROWS]
    assert json.loads(MORE_LINES[1])["detail"]["rows_root"] == sha256(b"\1", *leaves), "two rows: one node"
    first = entries[0]["detail"]
    assert first["case"] == "case:" + sha256(canonical({name: first[name] for name in ("created", "key", "nonce")}))
    for text in ROWS:
        row = json.loads(text)
        assert row["request_sha256"] == sha256(canonical(row["request"]))
    for text in JUDGEMENTS:
        judgement = json.loads(text)
        assert judgement.pop("id") == "judgement:" + sha256(canonical(judgement))
