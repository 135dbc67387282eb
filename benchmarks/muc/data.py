"""The texts and templates of MUC-4, where somebody has them: they are not ours to ship.

Guarantees: a document has its templates as the aligned release gives them, and of the full keys of 1992 what the slots
say of stage, number of human targets and effect on them. Optional templates of the keys are marked. Strings are
compared in lower case, with blanks joined and nothing else changed.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

NEEDED = ("train.jsonl.gz", "dev.jsonl.gz", "raw_keys_train_dev.tar.gz")
TYPES = ("arson", "attack", "bombing", "forced work stoppage", "kidnapping", "robbery")
ROLES = ("PerpInd", "PerpOrg", "Target", "Victim", "Weapon")
STAGES = ("ACCOMPLISHED", "ATTEMPTED", "THREATENED")
_SLOT = re.compile(r"^(\d+)\.\s+([A-Z:() ]+?)\s{2,}(.*)$")

Entity = frozenset[str]  # the strings that name one and the same


@dataclass(frozen=True, slots=True)
class Template:
    """One incident. `fillers` has the entities of each role; a role that nothing fills is an empty tuple."""

    type: str
    fillers: Mapping[str, tuple[Entity, ...]]


@dataclass(frozen=True, slots=True)
class Document:
    id: str
    text: str
    templates: tuple[Template, ...]


@dataclass(slots=True)
class Key:
    """A template of the full keys: slot by number, each the list of its lines' values."""

    slots: dict[int, list[str]] = field(default_factory=dict)

    @property
    def optional(self) -> bool:
        return any("OPTIONAL" in value for value in self.slots.get(1, ()))

    def types(self) -> tuple[str, ...]:
        held = " ".join(self.slots.get(4, ()))
        return tuple(kind for kind in TYPES if kind.upper() in held)

    def stages(self) -> frozenset[str]:
        held = " ".join(self.slots.get(5, ()))
        return frozenset(stage for stage in STAGES if stage in held)


def folded(text: str) -> str:
    return " ".join(text.lower().split())


def documents(path: Path) -> Iterator[Document]:
    """Those of one split, in the order of the file. Raises what reading a file raises."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            held = json.loads(line)
            templates = tuple(
                Template(
                    one["incident_type"],
                    {role: tuple(frozenset(folded(words) for words, _ in entity) for entity in one[role])
                     for role in ROLES},
                )
                for one in held["templates"]
            )  # fmt: skip
            yield Document(held["docid"], held["doctext"], templates)


def keys(archive: Path) -> Mapping[str, tuple[Key, ...]]:
    """The full keys of every document that has any, by its id."""
    found: dict[str, list[Key]] = {}
    with tarfile.open(archive) as held:
        for member in held.getmembers():
            file = held.extractfile(member) if member.isfile() else None
            if file is not None:
                _read(file.read().decode("latin-1"), found)
    return {document: tuple(one) for document, one in found.items()}


def _read(text: str, found: dict[str, list[Key]]) -> None:
    document, key, number = "", Key(), -1
    for line in text.splitlines():
        slot = _SLOT.match(line)
        if slot is not None:
            number, value = int(slot.group(1)), slot.group(3).strip()
            if number == 0:
                document, key = value.split()[0], Key()
                found.setdefault(document, [])
            elif number == 1 and value[:1].isdigit():
                found[document].append(key)
            key.slots[number] = [value]
        elif line[:1].isspace() and line.strip() and number > 0:
            key.slots[number].append(line.strip())
