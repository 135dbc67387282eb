"""The gold by another hand fits its reports and covers what a reading holds, in every language.

Nothing is read by rules here and no score of theirs is asked for: this says only that the gold is gold
(tests/gold/frozen/README.md, tests/gold/set_aside/README.md). A set is named as the folder below tests/gold.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from probanda.records.quantity import Qualifier
from probanda.records.reading import ClaimKind, Effect, Modality
from reading_score import main, score
from score.gold import ARGUMENTS, GOLD, GoldError, Mark, Report, load, occurrences, parse_report
from test_gold import as_reading

FROZEN = GOLD / "frozen"
LANGUAGES = tuple(
    f"{kind.name}/{path.name}"
    for kind in (FROZEN, GOLD / "set_aside")
    for path in sorted(kind.iterdir())
    if path.is_dir()
)
SCHEMA: dict[str, Any] = json.loads((Path(__file__).parents[1] / "spec" / "reading.schema.json").read_text("utf-8"))
NOBODY = ("narrator", "unknown")
# What only some reports of a language can have stands in at least this many of them.
AT_LEAST_IN = 2


@cache
def reports(language: str) -> tuple[Report, ...]:
    return load(GOLD / language)


def marks(language: str, kind: str) -> list[tuple[Report, Mark]]:
    return [(report, mark) for report in reports(language) for mark in report.marks[kind]]


def values(language: str, kind: str, field: str) -> set[Any]:
    return {mark.fields[field] for _, mark in marks(language, kind)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_named_stands_in_the_report_where_the_gold_says(language: str) -> None:
    assert len(reports(language)) >= 8
    for report in reports(language):
        assert report.language == language.rpartition("/")[2]
        assert 900 <= len(report.text) <= 2200, report.name
        for kind, found in report.marks.items():
            for mark in found:
                words = mark.fields.get("text", mark.fields.get("number_text", mark.fields.get("trigger")))
                assert report.text[mark.start : mark.end] == words, (report.name, kind)
        for words in report.calendar:
            assert words in report.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_arguments_names_roles_and_units_are_whole_words_of_the_report(language: str) -> None:
    named = {
        "quotations": ("speaker", "role", "mention", "cue", "venue"),
        "figures": ("unit", "owner", "subset_of", "corrects", "cumulative_since", "as_of", "where", "when"),
        "claims": ("owner", "about"),
        "events": (*ARGUMENTS, "owner"),
        "labels": ("holder", "about"),
        "objects": ("military_use",),
    }
    for kind, fields in named.items():
        for report, mark in marks(language, kind):
            for field in fields:
                words = mark.fields.get(field)
                if words is None or (field in ("owner", "holder") and words in NOBODY):
                    continue
                assert any(occurrences(report.text, words)), (report.name, kind, field, words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_is_a_figure_of_the_same_report(language: str) -> None:
    for report, mark in marks(language, "figures"):
        for field in ("subset_of", "corrects"):
            if field in mark.fields:
                assert mark.fields[field] in {other.fields["number_text"] for other in report.marks["figures"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_are_those_of_the_reading(language: str) -> None:
    defs = SCHEMA["$defs"]
    allowed = {
        ("figures", "qualifier"): set(get_args(Qualifier)),
        ("figures", "effect"): {*get_args(Effect), None},
        ("figures", "kind"): set(get_args(ClaimKind)),
        ("figures", "verification"): {*defs["verificationStatus"]["enum"], None},
        ("claims", "kind"): set(get_args(ClaimKind)),
        ("figures", "modality"): set(get_args(Modality)),
        ("claims", "modality"): set(get_args(Modality)),
        ("events", "modality"): set(get_args(Modality)),
        ("events", "type"): set(defs["eventType"]["enum"]),
        ("places", "role"): {"location", "actor", "metonym"},
        ("labels", "label"): set(defs["legalLabel"]["enum"]),
        ("weapons", "class"): set(defs["weaponClass"]["enum"]),
        ("objects", "physical_type"): set(defs["physicalType"]["enum"]),
        ("objects", "reported_as"): {"aimed_at", "affected", "mentioned"},
    }
    for (kind, field), known in allowed.items():
        for report, mark in marks(language, kind):
            for value in mark.accepted(field):
                assert value in known, (report.name, kind, field, value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_bounds_and_times_are_in_order(language: str) -> None:
    for report, mark in marks(language, "figures"):
        low, high = mark.fields["minimum"], mark.fields["maximum"]
        if isinstance(low, (int, float)) and isinstance(high, (int, float)):
            assert low <= high, (report.name, mark.fields["number_text"])
    for report, mark in marks(language, "times"):
        first, last = mark.fields["earliest"], mark.fields["latest"]
        assert (first is None) == (last is None), (report.name, mark.fields["text"])
        if first is not None:
            assert date.fromisoformat(first) <= date.fromisoformat(last), (report.name, mark.fields["text"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reading_made_from_the_gold_scores_full_marks(language: str) -> None:
    for report in reports(language):
        counts = score(report, as_reading(report)).counts
        assert {name: count for name, count in counts.items() if count.right_gold < count.gold} == {}, report.name


def test_a_further_date_that_counts_as_right_counts() -> None:
    path = FROZEN / "en" / "03-live-page.json"
    text, gold = path.with_suffix(".txt").read_text(encoding="utf-8"), json.loads(path.read_text(encoding="utf-8"))
    found = as_reading(parse_report("x", text, json.dumps(gold)))
    friday = next(item for item in gold["times"] if item["text"] == "by Friday")
    assert friday["earliest"] == "2031-03-07"
    friday["earliest"], friday["also"] = "2031-03-06", {"earliest": ["2031-03-07"]}
    allowed = score(parse_report("x", text, json.dumps(gold)), found).counts["times resolved"]
    del friday["also"]
    refused = score(parse_report("x", text, json.dumps(gold)), found).counts["times resolved"]
    assert (allowed.right_gold, refused.right_gold) == (allowed.gold, refused.gold - 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_further_values_have_the_form_that_their_kind_has(language: str) -> None:
    for kind in reports(language)[0].marks:
        expected = list if kind in ("quotations", "labels") else dict
        for report, mark in marks(language, kind):
            assert isinstance(mark.fields.get("also", expected()), expected), (report.name, kind, dict(mark.fields))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_record_stands_in_several_reports(language: str) -> None:
    for kind in ("quotations", "figures", "claims", "events", "places", "labels", "times", "weapons", "objects"):
        assert sum(bool(report.marks[kind]) for report in reports(language)) >= AT_LEAST_IN, kind
    assert sum(bool(report.votes) for report in reports(language)) >= AT_LEAST_IN
    assert sum(bool(report.calendar) for report in reports(language)) >= AT_LEAST_IN
    assert values(language, "quotations", "form") == {"direct", "mixed", "indirect"}
    assert values(language, "places", "role") == {"location", "actor", "metonym"}
    assert any("via" in mark.fields for _, mark in marks(language, "quotations"))
    assert any(mark.fields["military_use"] for _, mark in marks(language, "objects"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_modality_and_kind_of_claim_occurs(language: str) -> None:
    kinds = values(language, "figures", "kind") | values(language, "claims", "kind")
    assert kinds == set(get_args(ClaimKind))
    said = {field for kind in ("figures", "claims", "events") for field in values(language, kind, "modality")}
    assert said == set(get_args(Modality))
    owners = values(language, "figures", "owner") | values(language, "claims", "owner")
    assert "unknown" in owners


@pytest.mark.parametrize("language", LANGUAGES)
def test_events_of_every_kind_that_the_frozen_set_promises_occur(language: str) -> None:
    promised = {
        "attack.strike", "attack.shelling", "damage", "siege", "control.contested", "control.captured", "displacement",
        "legal.investigation_opened", "legal.evidence_collection", "legal.referral", "diplomatic.vote",
        "pledge.weapons",
    }  # fmt: skip
    assert promised <= values(language, "events", "type")
    for field in ARGUMENTS:
        assert sum(field in mark.fields for _, mark in marks(language, "events")) >= AT_LEAST_IN, field
    assert any(mark.fields.get("states") for _, mark in marks(language, "events"))
    missing = {"died", "killed", "injured", "missing", "detained", "refugee", "internally_displaced", "transferred"}
    assert missing <= values(language, "figures", "effect")
    assert any(mark.fields["modality"] == "anticipated" for _, mark in marks(language, "events"))


def test_gold_whose_argument_does_not_stand_in_the_report_is_refused() -> None:
    path = next(iter(sorted((FROZEN / "en").glob("*.json"))))
    text, gold = path.with_suffix(".txt").read_text(encoding="utf-8"), json.loads(path.read_text(encoding="utf-8"))
    gold["events"][0]["instrument"] = "two submarines"
    with pytest.raises(GoldError, match="two submarines"):
        parse_report("x", text, json.dumps(gold))


@pytest.mark.parametrize("split", ["set_aside", str(GOLD / "set_aside"), str(FROZEN / ".." / "set_aside")])
def test_errors_on_what_is_set_aside_are_shown_to_nobody(split: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--split", split, "--errors"])
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "leave --errors out" in shown.err
