"""Disclosure: what is withheld leaves a count and a reason, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import report_world as world
from probanda.records.protection import Consent, Protection
from probanda.records.supplement import Supplement, supplement
from probanda.report.casefile import build, to_json
from probanda.report.contents import Audience
from probanda.report.disclosure import UNNAMED, refused_items
from probanda.report.page import html
from probanda.report.snapshot import FailureRow, Snapshot

SECRET = "The witness Olen Tarik saw nine people die, he said in Osten."


def secret(protection: Protection, **given: object) -> Snapshot:
    """A protected item with a judgement and a failure about it, beside a public one."""
    held = world.item(SECRET, 2, protection=protection, name="tarik.txt", source="Olen Tarik", note="met in Osten")
    open_ = world.item(world.EVENING, 1)
    reading = world.reading(SECRET, claims=[world.claim(SECRET, "claim:9", "nine people die", "nine", unit="people")])
    return world.snapshot(
        [open_, held],
        [world.row(world.EVENING, world.evening(), open_), world.row(SECRET, reading, held)],
        judgements=(
            world.judged("confirmed", "claim:9", reason="Tarik told me."),
            world.judged("confirmed", "claim:4"),
        ),
        failures=(FailureRow(held.capture.id, "tarik.txt", "language", "failed", "tarik.txt: cannot tell"),),
    )


REFUSED: list[tuple[Audience, Protection, str]] = [
    ("internal", Protection("identity_protected"), "identity protected"),
    ("internal", Protection("public", conditions=("lead_only",)), "provided as a lead only"),
    ("internal", Protection("public", conditions=("no_further_disclosure",)), "no further disclosure"),
    ("internal", Protection("public", Consent(("court",), "2026-04-01")), "consent withdrawn"),
    ("public", Protection("identity_protected"), "identity protected"),
    ("public", Protection(), "not marked public"),
    ("public", Protection("internal"), "not marked public"),
    ("public", Protection("public", conditions=("needs_agreement",)), "agreement"),
    ("public", Protection("public", Consent(("court",))), "consent does not cover publication"),
    ("public", Protection("public", risk="elevated"), "it could endanger a person"),
    ("public", Protection("public", Consent(("publication",)), risk="high"), "it could endanger a person"),
    ("court", Protection("identity_protected"), "identity protected"),
    ("court", Protection("public", conditions=("lead_only",)), "provided as a lead only"),
    ("court", Protection("public", conditions=("no_further_disclosure",)), "no further disclosure"),
    ("court", Protection("public", conditions=("needs_agreement",)), "agreement"),
    ("court", Protection("public", Consent(("court",), "2026-04-01")), "consent withdrawn"),
    ("court", Protection("public", Consent(("publication",))), "consent does not cover a court"),
    ("court", Protection("public", Consent(())), "consent does not cover a court"),
    ("court", Protection("internal", risk="elevated"), "it could endanger a person"),
    ("court", Protection("public", Consent(("court",)), risk="high"), "it could endanger a person"),
]


@pytest.mark.parametrize(("audience", "protection", "reason"), REFUSED)
def test_of_what_is_withheld_only_the_count_and_the_reason_remain(
    audience: Audience, protection: Protection, reason: str
) -> None:
    snapshot = secret(protection)
    casefile = build(snapshot, audience)
    assert [(one.what, one.count) for one in casefile.withheld if reason in one.reason] == [("items", 1)]
    held = snapshot.items[1].capture
    for written in (html(casefile), to_json(casefile).decode()):
        assert reason in written
        for trace in ("Tarik", "tarik", "Osten", "nine", held.blob, held.id, "claim:9", snapshot.judgements[0].id):
            assert trace not in written
    assert len(casefile.items) == 1
    assert not casefile.failures
    assert {one.what for one in casefile.withheld} >= {"items", "texts", "judgements", "failures"}


def test_what_may_be_given_is_given() -> None:
    given: list[tuple[Audience, Protection]] = [
        ("internal", Protection()),
        ("internal", Protection("internal", conditions=("needs_agreement",))),
        ("internal", Protection("internal", risk="high")),
        ("court", Protection()),
        ("court", Protection("restricted", Consent(("court",)), risk="low")),
        ("public", Protection("public")),
        ("public", Protection("public", Consent(("court", "publication")), risk="low")),
    ]
    for audience, protection in given:
        casefile = build(secret(protection), audience)
        assert len(casefile.items) == 2
        assert "Tarik" in html(casefile)


def test_the_open_twin_of_a_withheld_item_is_withheld_with_it() -> None:
    text = world.EVENING
    open_, held = world.item(text, 1), world.item(text, 2, protection=Protection("identity_protected"))
    snapshot = world.snapshot([open_, held], [world.row(text, world.evening(), open_, held)])
    casefile = build(snapshot)
    assert not casefile.items
    assert not casefile.texts
    assert [(one.reason, one.count) for one in casefile.withheld if one.what == "items"] == [
        ("identity protected", 1), ("same content as an item that is withheld", 1),
    ]  # fmt: skip


def test_the_same_text_from_other_bytes_is_withheld_with_it() -> None:
    text = world.EVENING
    page, held = world.item("<p>" + text, 1), world.item("<b>" + text, 2, protection=Protection("identity_protected"))
    copy = world.item("<p>" + text, 3)
    rows = [world.row(text, world.evening(), page), world.row(text, world.evening(), held)]
    assert not build(world.snapshot([page, held, copy], rows)).items


def test_a_text_of_an_item_that_is_not_known_is_withheld() -> None:
    one, unknown = world.item(world.EVENING, 1), world.item(world.EVENING, 2)
    casefile = build(world.snapshot([one], [world.row(world.EVENING, world.evening(), one, unknown)]))
    assert not casefile.texts
    assert [(line.what, line.count) for line in casefile.withheld] == [("texts", 1)]


def test_a_withheld_figure_is_compared_with_nothing() -> None:
    one = world.item(world.MORNING, 1, protection=Protection())
    other = world.item(world.EVENING, 2)
    rows = [world.row(world.MORNING, world.morning(), one), world.row(world.EVENING, world.evening(), other)]
    snapshot = world.snapshot([one, other], rows)

    def differing(audience: Audience) -> set[str]:
        groups = build(snapshot, audience).figures
        return {figure.id for group in groups for figure in group.said for _ in figure.differs}

    assert differing("internal") == {"claim:1", "claim:4", "claim:5"}
    assert differing("public") == {"claim:4", "claim:5"}


def test_the_public_learns_a_decision_but_not_who_took_it_and_why() -> None:
    judgements = (
        world.judged("rejected", "claim:4", reason="Own call to the council."),
        world.judged("corrected", "claim:5", reason="Own call.", correction={"stated": 1351}),
    )
    one = world.item(world.EVENING, 1, note="bought from a stringer")
    snapshot = world.snapshot([one], [world.row(world.EVENING, world.evening(), one)], judgements=judgements)
    page = html(build(snapshot, "public"))
    for trace in ("Orlik", "agent:a1", "Own call", "1351", "1,351", "stringer"):
        assert trace not in page
    assert "rejected by" in page
    assert "The correction is withheld." in page
    inside = html(build(snapshot))
    for shown in ("Orlik", "Own call to the council.", "1351", "stringer"):
        assert shown in inside


def test_what_was_never_preserved_was_never_cleared() -> None:
    failure = FailureRow(None, "from-tarik.txt", "add", "failed", "from-tarik.txt is empty")
    snapshot = world.snapshot([], [], failures=(failure,))
    assert "from-tarik.txt" in html(build(snapshot))
    assert "from-tarik.txt" not in html(build(snapshot, "court"))
    assert "from-tarik.txt" not in html(build(snapshot, "public"))


def test_a_court_learns_who_decided_what_and_why_and_the_page_says_for_whom_it_is() -> None:
    one = world.item(world.EVENING, 1, protection=Protection(), note="bought from a stringer")
    judgement = world.judged("rejected", "claim:4", reason="Own call to the council.")
    snapshot = world.snapshot([one], [world.row(world.EVENING, world.evening(), one)], judgements=(judgement,))
    casefile = build(snapshot, "court")
    assert casefile.audience == "court"
    assert casefile.restricted
    for shown in ("For the court and the parties before it.", "Orlik", "Own call to the council.", "stringer"):
        assert shown in html(casefile)
    assert "Для суду та сторін у справі." in html(casefile, "uk")


def test_a_court_is_told_only_what_a_shown_text_names() -> None:
    case = replace(world.full(), supplements=(told("the fighting"), told("the protected witness’s village")))
    assert [(one.name, one.by) for one in build(case, "court").supplements] == [("the fighting", "Jana Orlik")]


def test_refusals_spread_over_a_chain_of_equal_contents() -> None:
    """Bytes, then a text, then bytes again: what was open at either end is withheld with the one in the middle."""
    held = world.item("b", 2, protection=Protection("identity_protected"))
    chain = [world.item("a", 1), world.item("b", 3), held, world.item("c", 4), world.item("c", 5), world.item("d", 6)]
    first, second = chain[0].capture.id, chain[1].capture.id
    texts = [("t1", (first, second)), ("t2", (held.capture.id, chain[3].capture.id))]
    refused = refused_items(chain, texts, "internal")
    assert set(refused) == {one.capture.id for one in chain[:5]}
    assert refused[held.capture.id] == "identity protected"
    assert set(refused.values()) == {"identity protected", "same content as an item that is withheld"}


def test_a_judgement_about_something_not_shown_is_kept_only_where_nothing_is_withheld() -> None:
    judgement = world.judged("confirmed", "claim:of-an-older-reading")
    one = world.item(world.EVENING, 1)
    rows = [world.row(world.EVENING, world.evening(), one)]
    shown = build(world.snapshot([one], rows, judgements=(judgement,)))
    assert [line.about[0].number for line in shown.judgements] == [None]
    held = world.item(SECRET, 2, protection=Protection("identity_protected"))
    assert not build(world.snapshot([one, held], rows, judgements=(judgement,))).judgements


def told(name: str, **given: Any) -> Supplement:
    fields: dict[str, Any] = {"kind": "calendar", "date": "2026-02-24", "latitude": None, "longitude": None,
                              "radius_m": None, "withdrawn": False}  # fmt: skip
    fields.update(given)
    return supplement(
        Supplement("", name=name, reason="Heard in court.", by="agent:a1", at="2026-11-22T08:00:00.000Z",
                   nonce="0" * 64, **fields)
    )  # fmt: skip


def test_what_persons_told_the_case_stands_in_the_case_file_with_who_told_it() -> None:
    site = told("Drevna", kind="site", date=None, latitude=48.1, longitude=37.5, radius_m=300)
    case = replace(world.full(), supplements=(told("the fighting"), site, told("the protected witness’s village")))
    inside = build(case)
    [first] = [one for one in inside.supplements if one.name == "the fighting"]
    assert (first.date, first.reason, first.by) == ("2026-02-24", "Heard in court.", "Jana Orlik")
    assert [one.number for one in inside.supplements] == ["T1", "T2", "T3"]
    assert len(inside.supplements) == 3
    assert "Heard in court." in html(inside)
    public = build(case, "public")
    assert {(one.name, one.reason, one.by) for one in public.supplements} == {
        ("the fighting", None, UNNAMED), ("Drevna", None, UNNAMED),
    }  # fmt: skip
    for shown in (html(public), to_json(public).decode()):
        assert "protected witness" not in shown
        assert "Heard in court" not in shown
    assert any(one.what == "supplements" and one.count == 1 for one in public.withheld)
