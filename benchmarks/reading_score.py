"""Scores the reading of reports against gold: precision, recall and F for each category.

    python benchmarks/reading_score.py [--split dev|frozen/en|set_aside/en|FOLDER] [--json] [--errors]

The rules are tuned on `dev` alone; of `heldout` only this table is looked at, never its errors. Of `set_aside` it shows
no errors to anybody: whoever writes rules must not know them (tests/gold/set_aside/README.md). Matching is lenient
where readers may differ, and the leniency is this:

- *quotations*: a direct one is found when the spans, without marks and outer punctuation, share 0.8 of their union, an
  indirect or mixed one at 0.5 (or, mixed, when the words in quotation marks were taken). One found passage may stand
  for several stretches of one speech when these fill 0.7 of it. A further piece of a known quotation with the right
  speaker is not an extra.
- *speakers*: right when the name (or, where the report gives none, the role) has the same words, articles aside, or
  all words of the one are in the other with half of the gold's words, or a person's surname. Counted over all gold
  quotations, so that a quotation not found has no right speaker. *direct right speaker* is the share of the gold's
  direct quotations that were found and given to the right speaker.
- *figures*: found when a claim's number touches the gold's words and states the same value. Fields are then compared
  with the claim that fits best; *all right* means all of qualifier, bounds, unit, effect, owner, verification,
  modality and kind. A unit left empty in the gold, or another qualifier that the gold accepts, leaves unit or bounds
  open. `stated` counts as `accomplished` outside casualties. *casualty value and kind*: of the figures of casualties
  and displacement, those whose number is right and whose kind and effect are (what became of the people); *casualty
  qualifier*: the share of these that kept their qualifier.
- *events*: same class (first part of the type) and a trigger that touches the gold's. An event of a class that the gold
  does not annotate, a killing told beside its attack, or one that repeats the trigger word of an annotated event, is
  not an extra.
- *votes*: all three numbers the same, absent ones absent.
- *places*: touching spans; an actor or metonym that the gold does not list is not an extra.
- *weapons* and *objects*: touching spans; a bare town, village, district or road is not an extra object.
- *times*: first day the same, last day within one day. A phrase left unresolved is not an extra.
- Items marked optional in the gold are neither a miss nor an extra.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from probanda.records.reading import Reading
from score.count import total
from score.gold import GOLD, GoldError, Report, load
from score.page import page
from score.tables import score, score_all, table

__all__ = ["main", "our_reading", "score", "score_all", "table"]


def our_reading(report: Report) -> Reading:
    from probanda.extract.read import read

    return read(report.text, report.published, report.language, calendar=report.calendar)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Scores the reading of reports against gold.")
    parser.add_argument(
        "--split", default="dev", help="dev, frozen/en, set_aside/uk ... or a folder of reports (default: dev)"
    )
    parser.add_argument("--json", action="store_true", help="counts and shares as JSON")
    parser.add_argument("--errors", action="store_true", help="list what was missed, added and wrong")
    parser.add_argument("--write", type=Path, metavar="FILE", help="measure every set and write the page of scores")
    given = parser.parse_args(arguments)
    if given.write is not None:
        given.write.write_text(page(our_reading, date.today()), encoding="utf-8")
        return 0
    folder = GOLD / given.split if (GOLD / given.split).is_dir() else Path(given.split)
    if given.errors and (GOLD / "set_aside").resolve() in (folder.resolve(), *folder.resolve().parents):
        parser.error(
            "errors on reports that are set aside are not shown, so that no rule is written after them; "
            "leave --errors out"
        )
    try:
        reports = load(folder)
    except (GoldError, OSError) as problem:
        print(f"reading_score: {problem}", file=sys.stderr)
        return 2
    tallies = score_all(reports, our_reading)
    counts = total(tallies)
    if given.json:
        shares = {
            name: {
                "gold": count.gold, "found": count.found, "precision": count.precision, "recall": count.recall,
                "f": count.f,
            }
            for name, count in counts.items()
        }  # fmt: skip
        print(json.dumps(shares, indent=2))
    else:
        print(table(counts))
    if given.errors:
        errors = [error for tally in tallies for error in tally.errors]
        for category in counts:
            for error in (e for e in errors if e.category == category):
                print(f"{error.category}\t{error.kind}\t{error.report}\t{error.detail}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
