"""The chapter on origins: counted after disclosure, marked as a machine's, the words of sources never markup."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

import report_world as world
from origins_world import AROUND, article
from probanda.records.corroboration import origin_question
from probanda.records.judgement import judge, judgement_id
from probanda.records.protection import Protection
from probanda.report.casefile import build, to_json
from probanda.report.chapters import OriginsLine
from probanda.report.contents import Audience
from probanda.report.page import html
from probanda.report.snapshot import Snapshot
from probanda.report.tongue import LANGUAGES

MAYOR = "At least 38 people were killed in Port Selis on Tuesday, the mayor of Port Selis said."
COPY = AROUND % MAYOR
CHANGED = AROUND % "At least 83 people were killed in Port Selis on Tuesday, sources said."
WITNESS = "On Tuesday 38 people died in Port Selis, said Petra Halloun, a miller."


def case(*told: tuple[str, str, str, Protection], **given: Any) -> Snapshot:
    """A case of texts by outlet, day and protection."""
    items, rows = [], []
    for number, (outlet, text, day, protection) in enumerate(told, start=1):
        read = article(outlet, text, day)
        item = world.item(text, number, source=outlet, published=day, protection=protection)
        items.append(item)
        rows.append(world.row(text, read.reading, item))
    return world.snapshot(items, rows, **given)


OPEN, SHUT = world.PUBLIC, Protection(marking="restricted")
FULL = (
    ("Herald", COPY, "2031-04-09", OPEN),
    ("Star", CHANGED, "2031-04-10", SHUT),
    ("Post", WITNESS, "2031-04-09", OPEN),
)


def deaths(snapshot: Snapshot, audience: Audience = "internal") -> OriginsLine:
    [found] = [one for one in build(snapshot, audience).origins if one.what == "deaths"]
    return found


def test_the_chapter_counts_and_names_the_lines_it_joins() -> None:
    made = build(case(*FULL))
    [found] = [one for one in made.origins if one.what == "deaths"]
    assert (found.articles, found.outlets, found.origins, found.known) == (3, 3, 2, True)
    figures = {one.number for group in made.figures for one in (*group.said, *group.apart)}
    assert {line for group in found.groups for line in group.lines} <= figures
    [copied] = [one for group in found.groups for one in group.links if one.changed]
    assert copied.kind == "shared_passage" and copied.items == (1, 2)
    texts = {text.number: text.text for text in made.texts}
    for pair in copied.shared:
        for at in (pair.left, pair.right):
            assert at.text is not None and texts[at.text][at.start : at.end] == at.words
    assert to_json(made) == to_json(build(case(*FULL)))


def test_what_is_withheld_is_counted_nowhere() -> None:
    public = deaths(case(*FULL), "public")
    assert (public.articles, public.outlets, public.origins) == (2, 2, 2)
    assert b"Star" not in to_json(build(case(*FULL), "public"))
    assert not any(note for group in public.groups for note in group.notes)


@pytest.mark.parametrize(("audience", "shown"), [("internal", True), ("court", True), ("public", False)])
def test_a_decision_counts_for_everybody_who_sees_both_claims_and_its_reason_for_those_who_may(
    audience: Audience, shown: bool
) -> None:
    plain = case(FULL[0], FULL[2])
    claims = [next(c.id for c in row.reading.claims if c.quantity) for row in plain.readings]
    made = judge(
        about=(origin_question(*claims),), decision="confirmed", reason="She spoke for him.", by="agent:a1",
        at="2031-05-01T08:00:00.000Z", nonce="0" * 64,
    )  # fmt: skip
    made = replace(made, extra={"members": sorted(claims)})
    made = replace(made, id=judgement_id(made))
    decided = replace(plain, judgements=(made,))
    assert deaths(plain, audience).origins == 2
    found = deaths(decided, audience)
    assert found.origins == 1
    assert [one.judgement for group in found.groups for one in group.links if one.by == "person"] == [made.id]
    assert (b"She spoke for him" in to_json(build(decided, audience))) is shown


def test_a_judgement_whose_question_is_not_that_of_its_members_joins_nothing() -> None:
    plain = case(FULL[0], FULL[2])
    claims = [next(c.id for c in row.reading.claims if c.quantity) for row in plain.readings]
    forged = world.judged("confirmed", "origin:" + "0" * 64)
    forged = replace(forged, extra={"members": sorted(claims)})
    assert deaths(replace(plain, judgements=(forged,))).origins == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_who_counted_and_escapes_what_sources_say(language: Any) -> None:
    hostile = "<script>alert(1)</script> Herald"
    page = html(build(case((hostile, COPY, "2031-04-09", OPEN), FULL[1])), language)
    assert "<script" not in page
    section = page[page.index('id="s-origins"') : page.index('id="s-compared"')]
    assert "&lt;script&gt;" in section
    marks = re.findall(r'class="mark machine"', section)
    assert len(marks) == len(re.findall(r'id="line-K\d+"', section)) > 0
    if language == "en":
        assert "2 articles / 2 outlets / 1 origin" in re.sub(r"<[^>]+>", "", section)
        assert "the number was changed" in section


def test_a_case_without_figures_says_that_nothing_is_counted() -> None:
    made = build(world.snapshot([], []))
    assert made.origins == ()
    assert "No line has a figure" in html(made)
