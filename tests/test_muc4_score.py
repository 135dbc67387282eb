"""The score against MUC-4 skips where the data are not, and counts as its head says. All texts here are invented."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path

import pytest

import muc4_score

KEYS = """
0.  MESSAGE: ID                     TST-1 (MADE UP)
1.  MESSAGE: TEMPLATE               1
4.  INCIDENT: TYPE                  KIDNAPPING
5.  INCIDENT: STAGE OF EXECUTION    ACCOMPLISHED

0.  MESSAGE: ID                     TST-2 (MADE UP)
1.  MESSAGE: TEMPLATE               1
4.  INCIDENT: TYPE                  BOMBING
5.  INCIDENT: STAGE OF EXECUTION    THREATENED
0.  MESSAGE: ID                     TST-2 (MADE UP)
1.  MESSAGE: TEMPLATE               2 (OPTIONAL)
4.  INCIDENT: TYPE                  ATTACK
5.  INCIDENT: STAGE OF EXECUTION    ACCOMPLISHED

0.  MESSAGE: ID                     TST-3 (MADE UP)
1.  MESSAGE: TEMPLATE               *
4.  INCIDENT: TYPE                  *
"""
TEXTS = {
    "TST-1": "Gunmen kidnapped 12 farmers near the village of Kolvar on Monday, the army said on the radio that night.",
    "TST-2": "Soldiers shot two farmers. The rebels threatened to bomb the power station, the army said on the radio.",
    "TST-3": "Gunmen set fire to a bus on the road to Kolvar, and nobody was hurt, the army said on the radio.",
}


def made(folder: Path) -> Path:
    with gzip.open(folder / "train.jsonl.gz", "wt", encoding="utf-8") as lines:
        for document, text in TEXTS.items():
            lines.write(json.dumps({"docid": document, "doctext": text}) + "\n")
    with gzip.open(folder / "dev.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write("")
    with tarfile.open(folder / "raw_keys_train_dev.tar.gz", "w:gz") as held:
        member = tarfile.TarInfo("keys/key")
        member.size = len(KEYS)
        held.addfile(member, io.BytesIO(KEYS.encode()))
    return folder


@pytest.mark.parametrize("case", ["given", "upper"])
def test_types_and_stages_are_counted_document_by_document(tmp_path: Path, case: str) -> None:
    found = muc4_score.score(made(tmp_path), "train", case)
    assert (found["documents"], found["gold"], found["found"]) == (3, 2, 3)  # the fire in TST-3 is in no key
    assert (found["precision"], found["recall"], found["stage"]) == (66.7, 100.0, 100.0)


def test_without_the_data_it_says_so_and_succeeds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert muc4_score.main(["--data", str(tmp_path)]) == 0
    assert "skipped" in capsys.readouterr().out
