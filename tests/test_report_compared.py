"""The case file's chapter on what sources say differently: both readings, after disclosure, in both languages.
Countries, persons, bodies and outlets are invented."""

from __future__ import annotations

from typing import Any

import pytest

from origins_world import article
from probanda.corroborate.article import Article
from probanda.records.protection import Protection
from probanda.report.casefile import build, to_json
from probanda.report.page import html
from probanda.report.snapshot import Snapshot
from probanda.report.tongue import LANGUAGES
from report_world import item, row, snapshot

TOLL = "were killed in Marisburg on 4 April 2031."
BRITAIN = ("Britain and 37 allies referred the situation in Karovia to the court on 2 April 2031, the British foreign "
           "ministry said.\n")  # fmt: skip
VELK = "On 2 April 2031 thirty-nine states referred the situation in Karovia to the court, prosecutor Ana Velk said.\n"
MAYOR = f"The mayor, Olm Brandt, said that 62 people {TOLL}\n"
LATER = f"The mayor, Olm Brandt, said that at least 65 people {TOLL}\n"


def case(*told: tuple[str, str, str, str]) -> Snapshot:
    """Of each: outlet, day, text, marking."""
    items, rows = [], []
    for seq, (outlet, day, text, marking) in enumerate(told, start=1):
        protection = Protection(marking=marking)  # type: ignore[arg-type]
        held: Article = article(outlet, text, day)
        items.append(item(text, seq, source=outlet, published=day, protection=protection))
        rows.append(row(text, held.reading, items[-1]))
    return snapshot(items, rows)


def test_both_readings_stand_side_by_side_and_lead_to_their_lines() -> None:
    made = build(case(("Herald", "2031-04-03", BRITAIN, "public"), ("Star", "2031-04-05", VELK, "public")))
    [one] = [one for one in made.comparisons if one.what == "referral"]
    assert one.counts == {"contradicts": 1} and [pair.rule for pair in one.pairs] == ["apart"]
    assert [(p.minimum, p.maximum, p.named) for p in one.positions] == [
        (38, 38, "British foreign ministry"), (39, 39, "Ana Velk"),
    ]  # fmt: skip
    figures = {line.number: line for group in made.figures for line in (*group.said, *group.apart)}
    assert [[figures[number].words for number in p.lines] for p in one.positions] == [["37"], ["thirty-nine"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_has_table_and_drawing_and_escapes_what_sources_say(language: Any) -> None:
    told = (("Herald", "2031-04-05", MAYOR, "public"), ("<script>x</script>", "2031-04-07", LATER, "public"))
    hostile = MAYOR.replace("Olm Brandt", "Olm <b>Brandt</b> <script>alert(1)</script>").replace("62", "40")
    page = html(build(case(*told, ("Post", "2031-04-07", hostile, "public"))), language)
    section = page[page.index('id="s-compared"') : page.index('id="s-statements"')]
    assert "<script" not in page and "[65, ∞)" in section and "<svg" in section
    assert section.count('id="line-D1-1"') == 1 and 'href="#line-D1-1"' in section


def test_what_is_withheld_takes_part_in_no_comparison() -> None:
    given = case(
        ("Herald", "2031-04-05", MAYOR, "public"), ("Star", "2031-04-07", LATER, "public"),
        ("a witness", "2031-04-07", f"Olen Tarik, a miller, said that 90 people {TOLL}\n", "identity_protected"),
    )  # fmt: skip
    for audience in ("internal", "court", "public"):
        made = build(given, audience)
        assert b"Tarik" not in to_json(made) and b"90 people" not in to_json(made)
        [one] = [one for one in made.comparisons if one.what == "deaths"]
        assert one.counts == {"supersedes": 1}
        assert [[(step.position, step.change) for step in line] for line in one.series] == [
            [(1, "first"), (2, "raised")]
        ]


def test_where_all_agree_nothing_is_listed() -> None:
    made = build(case(("Herald", "2031-04-05", MAYOR, "public"), ("Star", "2031-04-05", MAYOR + " Rain.\n", "public")))
    assert made.comparisons == ()
