"""How well reports are read, all measures in one command, beside what others published.

    python benchmarks/extraction.py [--data FOLDER] [--split dev|train] [--model] [--json] [--write FILE]

FOLDER holds MUC-4 (`muc/data.py` names the files; they are not ours to ship); without it those rows are left out, and
this says so. `--model` trains the benchmark-only model on MUC-4's train part as well (minutes). Rules are developed on
`train`; `dev` is scored at milestones alone. What the other rows measure: the own gold by set (`reading_score.py`; the
sets that are set aside are scored, never shown), and the falsification suite, of which one acceptance is a fault. That
suite shows anchoring: that nothing enters which does not stand in the text. It does not show that what stands there
was understood.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from muc.ceaf import Tally, compare, total
from muc.data import NEEDED, Document, documents, keys
from muc.harm import compare as compare_harm
from muc.harm import gold as harm_in
from muc.harm import ours as harm_found
from muc.reader import templates
from muc4_score import score as types_and_stages
from probanda.extract.grounding import Grounder, NotFound
from probanda.extract.read import read
from probanda.extract.text.segments import segment
from probanda.records.reading import Reading
from reading_score import our_reading
from score.count import total as summed
from score.gold import GOLD, load
from score.tables import score_all
from speed import write_between

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- extraction: begin -->", "<!-- extraction: end -->"
SETS = ("heldout", "frozen/en", "frozen/uk", "frozen/ru", "set_aside/en", "set_aside/uk", "set_aside/ru")
CATEGORIES = (
    "quotations", "speakers", "quotations direct", "speakers direct", "casualty value and kind", "casualty qualifier",
    "figures all right", "events", "event modality", "places", "places in the gazetteer", "times resolved", "labels",
)  # fmt: skip
PUBLISHED = (
    ("GTT (BERT, trained on train)", 50.2, "Du, Rush and Cardie 2021, CEAF-REE micro on the test part"),
    ("IterX (T5, trained on train)", 52.7, "Chen et al. 2023, CEAF-REE micro on the test part"),
    ("best system of 1992", 55.9, "MUC-4 proceedings, TST3, all 25 slots by another measure: no comparison"),
)
MOST = 14  # templates of a document that are compared; one document of train has more


@dataclass(frozen=True, slots=True)
class Row:
    """Shares in per cent; `None` where the measure has none, or nothing to divide by."""

    measure: str
    what: str
    true: int | None
    precision: float | None
    recall: float | None
    f: float | None
    note: str = ""


def of_tally(measure: str, what: str, tally: Tally, note: str = "") -> Row:
    precision, recall, f = (round(100 * share, 1) for share in (tally.precision, tally.recall, tally.f))
    return Row(measure, what, tally.true, precision, recall, f, note)


def muc_rows(folder: Path, split: str, *, model: bool) -> Iterator[Row]:
    held = list(documents(folder / f"{split}.jsonl.gz"))
    readings = {document.id: _read(document) for document in held}
    scored = total(compare(templates(readings[one.id]), one.templates[:MOST]) for one in held)
    for slot, tally in scored.items():
        yield of_tally(f"MUC-4 {split}, CEAF-REE", f"reader as shipped, {slot}", tally)
    if model:
        yield from _model_rows(folder, split, held, readings)
    for name, value, note in PUBLISHED:
        yield Row("MUC-4, published", name, None, None, None, value, note)
    stages = types_and_stages(folder, split, "upper")
    yield Row(
        f"MUC-4 {split}", "stage of execution, of types found", int(stages["gold"]), float(stages["stage"]), None, None,
        "all accomplished would be right in nearly all",
    )  # fmt: skip
    full = keys(folder / "raw_keys_train_dev.tar.gz")
    harm = [(harm_in(full[one.id]), harm_found(readings[one.id])) for one in held if one.id in full]
    yield of_tally(
        f"MUC-4 {split}", "how many died or were injured (two and more)", compare_harm(harm),
        "the keys leave soldiers and combat out, which a reading does not",
    )  # fmt: skip


def _model_rows(folder: Path, split: str, held: list[Document], readings: dict[str, Reading]) -> Iterator[Row]:
    from muc.model import prepare, train

    if split == "train":
        raise ValueError("a model that was trained on train is not scored there; leave --model out or take --split dev")
    made = train(list(documents(folder / "train.jsonl.gz")), _read)
    scored = total(compare(made.templates(prepare(one, readings[one.id])), one.templates[:MOST]) for one in held)
    for slot, tally in scored.items():
        yield of_tally(f"MUC-4 {split}, CEAF-REE", f"model trained on train (not shipped), {slot}", tally)


def _read(document: Document) -> Reading:
    return read(document.text.upper(), None)  # as the newswire was; the release has no capitals at all


def gold_rows() -> Iterator[Row]:
    for name in SETS:
        counts = summed(score_all(load(GOLD / name), our_reading))
        for category in CATEGORIES:
            if category in counts:
                count = counts[category]
                precision, recall, f = map(_share, (count.precision, count.recall, count.f))
                yield Row(f"own gold, {name}", category, count.gold, precision, recall, f)


def _share(part: float | None) -> float | None:
    return None if part is None else round(100 * part, 1)


def falsified_rows() -> Iterator[Row]:
    sys.path.insert(0, str(ROOT / "tests"))
    from falsify import TEXTS, falsifications, names_in

    tried = accepted = 0
    for text in TEXTS.values():
        grounder = Grounder(text)
        for span in segment(text).sentences:
            sentence = text[span.start : span.end]
            for fault, false in falsifications(sentence, names_in(text)):
                rest = fault in ("not dropped", "qualifier dropped") and sentence.endswith(false)
                tried += not rest
                accepted += not rest and not isinstance(grounder.find(false), NotFound)
    yield Row(
        "falsified sentences", "accepted, of so many", tried, None, None, float(accepted), "a count, not per cent"
    )


def table(rows: Iterable[Row]) -> str:
    lines = ["| measure | what | true | precision | recall | F | note |", "|---|---|---:|---:|---:|---:|---|"]
    for row in rows:
        cells = ("–" if cell is None else f"{cell}" for cell in (row.true, row.precision, row.recall, row.f))
        lines.append(f"| {row.measure} | {row.what} | {' | '.join(cells)} | {row.note} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Scores the reading of reports on every measure.")
    parser.add_argument("--data", type=Path, help="the folder with MUC-4; without it these rows are left out")
    parser.add_argument("--split", choices=("train", "dev"), default="train", help="of MUC-4 (default: train)")
    parser.add_argument("--model", action="store_true", help="train the benchmark-only model too; dev alone")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the two marks of this file")
    given = parser.parse_args(arguments)
    lacking = [name for name in NEEDED if given.data is None or not (given.data / name).is_file()]
    if lacking and given.data is not None:
        print(
            f"extraction: {given.data} lacks {', '.join(lacking)}; MUC-4 is not part of this project", file=sys.stderr
        )
        return 2
    if given.model and (lacking or given.split != "dev"):
        parser.error("--model needs --data FOLDER and --split dev")
    rows = [] if lacking else list(muc_rows(given.data, given.split, model=given.model))
    rows += [*falsified_rows(), *gold_rows()]
    shown = table(rows) + ("\n\nMUC-4 was not at hand; its rows are left out." if lacking else "")
    if given.write is not None:
        write_between(given.write, shown, BEGIN, END)
    print(json.dumps([asdict(row) for row in rows], indent=2) if given.json else shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
