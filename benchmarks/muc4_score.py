"""Scores the types of events, and whether they happened, against MUC-4's keys (1992), where somebody has the data.

    python benchmarks/muc4_score.py --data FOLDER [--split train|dev] [--case given|upper] [--json]

FOLDER holds `train.jsonl.gz` and `dev.jsonl.gz` (one document a line: `docid`, `doctext`) and the keys of MUC-4 with 25
slots in `raw_keys_train_dev.tar.gz`. Without them this says so and ends with 0: the data are not ours to ship, and
nothing of them enters the project. Rules are developed on `train`; of `dev` only this table is looked at, seldom.

What is compared, document by document: the incident types of the keys (ARSON, ATTACK, BOMBING, FORCED WORK STOPPAGE,
KIDNAPPING, ROBBERY) with those that our events map to, as two sets; and, for each type in both, whether the stage that
our modality maps to (ACCOMPLISHED, ATTEMPTED, THREATENED) is one of the keys'. Precision is low by design of the task:
MUC counts acts of terror and of the State against civilians alone and leaves combat out, which a reading does not; the
1992 systems' figures are for whole templates and are no comparison. Optional templates are neither a miss nor an extra.
The texts have no small letters (`upper`, as the newswire was) or no capitals (`given`, as the aligned release is).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from muc.data import NEEDED, keys
from muc.data import Key as Template
from probanda.records.reading import Event

_STAGES = {
    "accomplished": "ACCOMPLISHED", "alleged": "ACCOMPLISHED", "possible": "ACCOMPLISHED", "stated": "ACCOMPLISHED",
    "attempted": "ATTEMPTED", "threatened": "THREATENED", "planned": "THREATENED", "promised": "THREATENED",
    "anticipated": "THREATENED", "forecast": "THREATENED", "feared": "THREATENED",
}  # fmt: skip
_FIRE = re.compile(r"\b(arson|burn\w*|torch\w*|set (fire|ablaze|alight|on fire)|set \w+ on fire)", re.IGNORECASE)


@dataclass(slots=True)
class Key:
    """Of one document: incident types with their stages, those of optional templates apart."""

    stages: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    optional: set[str] = field(default_factory=set)


def keys_of(archive: Path) -> Mapping[str, Key]:
    """The keys of every document, by its id."""
    return {document: _key_of(templates) for document, templates in keys(archive).items()}


def _key_of(templates: Iterable[Template]) -> Key:
    key = Key()
    for one in templates:
        for kind in (kind.upper() for kind in one.types()):
            if one.optional:
                key.optional.add(kind)
            else:
                key.stages[kind].update(one.stages())
    return key


def incident_of(event: Event) -> tuple[str, str] | None:
    """Incident type and stage that an event maps to; `None` for what MUC does not count or the text denies."""
    stage = _STAGES.get(event.modality)
    if stage is None:
        return None
    if event.type == "abduction":
        return "KIDNAPPING", stage
    if event.type == "looting":
        return "ROBBERY", stage
    if event.type in ("damage", "attack") and _FIRE.search(event.trigger.text):
        return "ARSON", stage
    if event.type in ("attack.bombing", "attack.explosive_laying"):
        return "BOMBING", stage
    if event.type.split(".")[0] in ("attack", "killing", "execution"):
        return "ATTACK", stage
    return None


def documents(path: Path) -> Iterator[tuple[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            held = json.loads(line)
            yield held["docid"], held["doctext"]


def score(folder: Path, split: str, case: str) -> dict[str, float | int | str]:
    from probanda.extract.read import read

    by_document = keys_of(folder / "raw_keys_train_dev.tar.gz")
    right = extra = missed = staged = read_texts = 0
    for document, text in documents(folder / f"{split}.jsonl.gz"):
        key = by_document.get(document)
        if key is None:
            continue
        read_texts += 1
        found: dict[str, set[str]] = defaultdict(set)
        for event in read(text.upper() if case == "upper" else text, None).events:
            incident = incident_of(event)
            if incident is not None:
                found[incident[0]].add(incident[1])
        for kind in found.keys() | key.stages.keys():
            if kind in found and kind in key.stages:
                right += 1
                ours = next(s for s in ("ACCOMPLISHED", "ATTEMPTED", "THREATENED") if s in found[kind])
                staged += ours in key.stages[kind]
            elif kind in key.stages:
                missed += 1
            elif kind not in key.optional:
                extra += 1
    precision, recall = _share(right, right + extra), _share(right, right + missed)
    return {
        "split": split, "case": case, "documents": read_texts, "gold": right + missed, "found": right + extra,
        "precision": precision, "recall": recall,
        "F": round(2 * precision * recall / (precision + recall), 1) if precision + recall else 0.0,
        "stage": _share(staged, right),
    }  # fmt: skip


def _share(part: int, whole: int) -> float:
    return round(100 * part / whole, 1) if whole else 0.0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Scores types of events against MUC-4's keys.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with the data; skips where it lacks them")
    parser.add_argument("--split", choices=("train", "dev"), default="train")
    parser.add_argument("--case", choices=("given", "upper"), default="upper")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    lacking = [name for name in NEEDED if not (given.data / name).is_file()]
    if lacking:
        print(f"skipped: {given.data} lacks {', '.join(lacking)}; MUC-4 is not part of this project")
        return 0
    found = score(given.data, given.split, given.case)
    if given.json:
        print(json.dumps(found))
        return 0
    print("| set | case | documents | gold | found | precision | recall | F | stage |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    print("| " + " | ".join(str(value) for value in found.values()) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
