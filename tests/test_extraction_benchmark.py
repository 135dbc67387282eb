"""The one command of the reading's measures: MUC-4 on a made-up corpus in its form, and what it says without one."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

import extraction
from muc.data import documents, keys
from muc.harm import gold

TEXT = "Gunmen of the Northern Front kidnapped 12 farmers near the village of Kolvar on Monday, the army said. "
KEYS = """
0.  MESSAGE: ID                     TST-1 (MADE UP)
1.  MESSAGE: TEMPLATE               1
4.  INCIDENT: TYPE                  KIDNAPPING
5.  INCIDENT: STAGE OF EXECUTION    ACCOMPLISHED
21. HUM TGT: NUMBER                 12: "FARMERS" / "PEASANTS"
                                    1: "A PRIEST"
23. HUM TGT: EFFECT OF INCIDENT     DEATH: "FARMERS" / "PEASANTS"
                                    INJURY: "A PRIEST"

0.  MESSAGE: ID                     TST-1 (MADE UP)
1.  MESSAGE: TEMPLATE               2 (OPTIONAL)
21. HUM TGT: NUMBER                 5: "GUARDS"
23. HUM TGT: EFFECT OF INCIDENT     DEATH: "GUARDS"
"""


def made(folder: Path) -> Path:
    template = {
        "incident_type": "kidnapping", "PerpInd": [[["gunmen", 0]]], "PerpOrg": [[["northern front", 14]]],
        "Target": [], "Victim": [[["farmers", 43], ["12 farmers", 40]]], "Weapon": [],
    }  # fmt: skip
    for split in ("train", "dev"):
        with gzip.open(folder / f"{split}.jsonl.gz", "wt", encoding="utf-8") as lines:
            lines.write(json.dumps({"docid": "TST-1", "doctext": TEXT.lower(), "templates": [template]}) + "\n")
    with tarfile.open(folder / "raw_keys_train_dev.tar.gz", "w:gz") as held:
        member = tarfile.TarInfo("keys/key")
        member.size = len(KEYS)
        held.addfile(member, io.BytesIO(KEYS.encode()))
    return folder


def test_the_keys_say_how_many_and_what_befell_them(tmp_path: Path) -> None:
    [held] = keys(made(tmp_path) / "raw_keys_train_dev.tar.gz").values()
    assert gold(held) == {(12, "died")}  # not the one priest, and nothing of the optional template
    assert held[0].types() == ("kidnapping",)
    assert held[0].stages() == {"ACCOMPLISHED"}


def test_entities_are_compared_in_lower_case(tmp_path: Path) -> None:
    [held] = documents(made(tmp_path) / "dev.jsonl.gz")
    assert held.templates[0].fillers["Victim"] == (frozenset({"farmers", "12 farmers"}),)


def test_what_the_reading_finds_of_a_kidnapping_is_scored(tmp_path: Path) -> None:
    rows = {row.what: row for row in extraction.muc_rows(made(tmp_path), "dev", model=False)}
    assert rows["reader as shipped, type"].f == 100
    assert rows["reader as shipped, Victim"].f == 100
    assert rows["reader as shipped, micro"].true == 4


def test_a_model_is_not_scored_on_what_it_was_trained_on(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        extraction.main(["--data", str(made(tmp_path)), "--split", "train", "--model"])


def test_a_folder_that_lacks_the_data_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert extraction.main(["--data", str(tmp_path)]) == 2
    assert "train.jsonl.gz" in capsys.readouterr().err


def test_no_falsified_sentence_is_accepted() -> None:
    [row] = extraction.falsified_rows()
    assert row.f == 0
    assert row.true is not None
    assert row.true > 5_000
