"""The command `patterns`: on a case of weekly reports, for people and for programs."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import jsonschema
import pytest

from cli_world import probanda

ROOT = Path(__file__).resolve().parent.parent
FIRST = date(2031, 3, 4)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty weekly bulletins of an invented war: first one strike each, from the eleventh on five."""
    folder = tmp_path_factory.mktemp("weekly")
    case = folder / "case"
    assert probanda("init", str(case), "--title", "Weekly", "--by", "Jana Orlik").code == 0
    for week in range(20):
        day = FIRST + timedelta(days=7 * week)
        days = ("Sunday", "Saturday", "Friday", "Thursday", "Wednesday")[: 1 if week < 10 else 5]
        text = "\n\n".join(f"Missiles hit a school in Port Selis on {name}, police said." for name in days)
        bulletin = folder / f"{week:02}.txt"
        bulletin.write_text(f"Bulletin of the Karovian police\n\n{text}\n", encoding="utf-8")
        assert probanda("add", str(case), str(bulletin), "--published", day.isoformat(), "--source", "Police").code == 0
    assert probanda("run", str(case), "--workers", "1").code == 0
    return case


def test_a_rise_is_told_with_what_else_could_make_it(case: Path) -> None:
    done = probanda("patterns", str(case), "--of", "attack", "--json", "--count", "events")
    assert done.code == 0
    found = json.loads(done.out)
    schema = json.loads((ROOT / "spec" / "patterns.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, schema)
    assert found["basis"] == "events"
    assert sum(bin["certain"] for bin in found["series"]["bins"]) == 10 + 10 * 5
    volume = found["findings"][0]
    assert volume["verdict"] == "sign"
    assert volume["count"]["any_change"] > 0.95
    assert volume["count"]["by_chance"] < 0.05
    assert volume["per_report"]["any_change"] > 0.95
    shown = probanda("patterns", str(case), "--of", "attack", "--count", "events").out
    for words in (
        "a sign of a change",
        "by chance",
        "by better reporting",
        "silence is not peace",
        "no finding on intent",
    ):
        assert words in shown
    assert probanda("patterns", str(case), "--of", "attack", "--json", "--count", "events").out == done.out


def test_a_type_that_nothing_has_gives_no_pattern(case: Path) -> None:
    done = probanda("patterns", str(case), "--of", "siege", "--json", "--count", "events")
    assert json.loads(done.out)["findings"][0]["verdict"] == "too_few"


@pytest.mark.parametrize("wrong", [["--per", "hour"], ["--count", "rumours"], ["--seed", "-1"], ["--of", " "]])
def test_what_was_typed_wrong_is_named(case: Path, wrong: list[str]) -> None:
    done = probanda("patterns", str(case), *wrong)
    assert done.code == 2
    assert "expected" in done.err
