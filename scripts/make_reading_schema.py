"""Writes the enumerations of spec/reading.schema.json that come from the lexica; everything else in it is by hand.

Run it after a lexicon has got a new type: `python scripts/make_reading_schema.py`. tests/test_spec_reading.py fails
while the two differ.
"""

from __future__ import annotations

import json
from pathlib import Path

from probanda.extract.text.lexicon import table

SCHEMA = Path(__file__).parent.parent / "spec" / "reading.schema.json"


def event_types() -> set[str]:
    """Types of the triggers and frames; what was pledged and is told as done is a delivery."""
    types = {row["type"] for name in ("event_triggers.tsv", "event_frames.tsv") for row in table(name)}
    types |= {"delivery." + name.removeprefix("pledge.") for name in types if name.startswith("pledge.")}
    return types | {"diplomatic.vote", "legal.referral"}


def main() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    enumerations = {
        "eventType": event_types(),
        "weaponClass": {row["class"] for row in table("weapons.tsv")},
        "physicalType": {row["type"] for row in table("objects.tsv")},
        "legalLabel": {row["label"] for row in table("legal_labels.tsv")},
    }
    for name, values in enumerations.items():
        schema["$defs"][name]["enum"] = sorted(values)
    SCHEMA.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
