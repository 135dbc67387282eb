"""Trains the choice of speakers on gold reports and on GUM, and tells by cross-validation whether it helps.

    python training/train_attribution.py --data DATA --out src/probanda/models/en/attribution.json
    python training/train_attribution.py --data DATA --look        # every choice that would differ from the rules'

Every twelfth text is left out in turn, the weights are learnt on the others, and those are read with them; so no number
printed here comes from a text that the weights have seen. `tests/gold/heldout` and `set_aside` stay closed. The parser
has seen GUM's training part, so what is printed of GUM is kinder than life in that.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from probanda.extract.plugins.english import drafts_of
from probanda.extract.plugins.english_cast import entities
from probanda.extract.plugins.english_choice import PLAIN, Candidate, Model, candidates, choose, places
from probanda.extract.plugins.english_parser import parse
from probanda.extract.text.segments import segment
from probanda.records.reading import Speaker

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))
import gum_speakers
from score.gold import GOLD, Report, load
from score.names import speaks
from score.quotations import accepted, pair, trim

FOLDS = 12
GUM = "gum"
CONTRADICTION = 1.4  # see english_choice.Model
SETS = ("dev", "second", "third", "frozen/en")
# how much a case counts; on the first two sets the rules were tuned longest
STRENGTH = {"dev": 0.5, "second": 0.5, "third": 1.0, "frozen/en": 1.0, GUM: 0.5}


@dataclass(frozen=True)
class Case:
    set: str
    report: str
    words: str
    gold: str
    given: tuple[Candidate, ...]
    right: tuple[bool, ...]
    rules_right: bool
    rules: Speaker | None
    rules_words: str


def cases(split: str, report: Report) -> list[Case]:
    doc = segment(report.text)
    parsed = parse(doc)
    attributions, drafts = drafts_of(doc)
    golds = report.marks["quotations"]
    gold_spans = [trim(report.text, mark.start, mark.end) for mark in golds]
    spans = [trim(report.text, d.quotation.passage.start, d.quotation.passage.end) for d in drafts]
    of = {found: golds[gold] for gold, found in pair(report.text, golds, gold_spans, spans).items()}
    everybody = entities(parsed, attributions)
    out, before = [], list[Speaker]()
    for number, (draft, place) in enumerate(zip(drafts, places(parsed, drafts), strict=True)):
        given = candidates(parsed, everybody, place, before)
        if draft.quotation.speaker is not None:
            before.append(draft.quotation.speaker)
        if number in of:
            mark = of[number]
            right = tuple(speaks(accepted(mark), one.speaker) for one in given)
            rules = draft.quotation.speaker
            who = f"{place.sort}: {rules.name} | {rules.role}" if rules else place.sort
            out.append(
                Case(
                    split, report.name, draft.quotation.passage.text, "/".join(accepted(mark)), tuple(given), right,
                    speaks(accepted(mark), rules), rules, who,
                )
            )  # fmt: skip
    return out


def gum_cases(data: Path) -> list[Case]:
    """The quotations of GUM's training part whose speaker its coreference tells."""
    out = []
    for told in gum_speakers.texts(data / "treebanks/en_open_train.conllu.gz"):
        doc = segment(told.text)
        attributions, drafts = drafts_of(doc)
        if not drafts:
            continue
        parsed = parse(doc)
        everybody = entities(parsed, attributions)
        before = list[Speaker]()
        for draft, place in zip(drafts, places(parsed, drafts), strict=True):
            given = candidates(parsed, everybody, place, before)
            rules = draft.quotation.speaker
            if rules is not None:
                before.append(rules)
            subject = place.mention or place.parsed_mention
            good = None if subject is None else gum_speakers.right(doc, told, subject, given)
            if good is not None:
                by_rules = any(right and one.by_rules for right, one in zip(good, given, strict=True))
                who = f"{place.sort}: {rules.name} | {rules.role}" if rules else place.sort
                out.append(
                    Case(GUM, told.name, draft.quotation.passage.text, "", tuple(given), good, by_rules, rules, who)
                )
    return out


def learn(given: Sequence[Case], *, decay: float, rounds: int = 300) -> dict[str, float]:
    """Weights that make the right candidates likely; gradient descent on all cases at once, so the same cases give
    the same weights."""
    usable = [case for case in given if any(case.right) and not all(case.right)]
    names = sorted({name for case in usable for one in case.given for name in one.features})
    number = {name: place for place, name in enumerate(names)}
    firsts: list[int] = []
    row: list[int] = []
    column: list[int] = []
    right: list[float] = []
    share: list[float] = []
    whole = sum(STRENGTH[case.set] for case in usable)
    for case in usable:
        firsts.append(len(right))
        for one, good in zip(case.given, case.right, strict=True):
            row += [len(right)] * len(one.features)
            column += [number[name] for name in one.features]
            right.append(float(good))
            share.append(STRENGTH[case.set] / whole)
    rows, columns, good_ones, part, starts = map(np.array, (row, column, right, share, firsts))
    sizes = np.diff([*firsts, len(right)])
    weights, square = np.zeros(len(names)), np.zeros(len(names))
    for _ in range(rounds):
        sums = np.clip(np.bincount(rows, weights[columns], len(right)), -40, 40)
        raised = np.exp(sums)
        shares = raised / np.repeat(np.add.reduceat(raised, starts), sizes)
        aim = shares * good_ones
        aim /= np.repeat(np.add.reduceat(aim, starts), sizes)
        slope = decay * weights + np.bincount(columns, (part * (shares - aim))[rows], len(names))
        square += slope * slope
        weights -= 0.3 * slope / (np.sqrt(square) + 1e-8)
    return {name: round(float(weights[place]), 4) for name, place in number.items() if abs(weights[place]) >= 5e-4}


def taken(model: Model, case: Case) -> Candidate | None:
    model = Model(model.weights, model.rules, CONTRADICTION)
    return None if case.rules_words.partition(":")[0] in PLAIN else choose(model, case.given, case.rules)


def right(case: Case, chosen: Candidate | None) -> bool:
    return case.rules_right if chosen is None else case.right[case.given.index(chosen)]


def left_out(known: Sequence[Case], decay: float) -> dict[tuple[str, str], dict[str, float]]:
    """For each report, weights that were learnt without it."""
    reports = sorted({(case.set, case.report) for case in known})
    told: dict[tuple[str, str], dict[str, float]] = {}
    for fold in range(FOLDS):
        away = set(reports[fold::FOLDS])
        weights = learn([case for case in known if (case.set, case.report) not in away], decay=decay)
        told |= dict.fromkeys(away, weights)
    return told


def compare(known: Sequence[Case], told: dict[tuple[str, str], dict[str, float]], worth: float) -> dict[str, list[int]]:
    """By set: quotations, right by the rules, right by the model."""
    found: dict[str, list[int]] = {name: [0, 0, 0] for name in (*SETS, GUM)}
    for case in known:
        model = Model(told[case.set, case.report], worth)
        row = found[case.set]
        row[0] += 1
        row[1] += case.rules_right
        row[2] += right(case, taken(model, case))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description="Trains the choice of speakers on gold reports.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with treebanks/")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--look", action="store_true", help="show every choice that is not the rules'")
    parser.add_argument("--decay", type=float, default=0.0015)
    parser.add_argument("--worth", type=float, default=2.0, help="what the rules' own choice is worth (default: 2)")
    given = parser.parse_args()
    known = [case for name in SETS for report in load(GOLD / name) for case in cases(name, report)]
    known += [case for case in gum_cases(given.data) if any(case.right)]
    possible = sum(any(case.right) for case in known)
    print(f"{len(known)} quotations, {possible} with the right speaker among the candidates")
    told = left_out(known, given.decay)
    for worth in (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 5.0):
        rows = compare(known, told, worth)
        print(f"worth {worth}: " + "; ".join(f"{name} {a} -> {b} of {n}" for name, (n, a, b) in rows.items()))
    if given.look:
        for case in known:
            chosen = taken(Model(told[case.set, case.report], given.worth), case)
            if chosen is not None:
                good = right(case, chosen)
                mark = "+" if good and not case.rules_right else "-" if case.rules_right and not good else "="
                who = chosen.speaker.name or chosen.speaker.role
                print(mark, case.set, case.report, case.words[:50], "|", case.gold, "|", case.rules_words, "|", who)
    if given.out is not None:
        weights = learn(known, decay=given.decay)
        body = {
            "version": 1, "rules": given.worth, "contradiction": CONTRADICTION,
            "weights": dict(sorted(weights.items())),
            "cross_validation": {name: {"quotations": n, "rules": a, "model": b}
                                 for name, (n, a, b) in compare(known, told, given.worth).items()},
        }  # fmt: skip
        given.out.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", "utf-8")
        print(f"{len(weights)} weights written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
