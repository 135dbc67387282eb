"""The chapters that join lines: incidents, map, timeline, procedures, sources, overview, gaps; through disclosure."""

from __future__ import annotations

from dataclasses import replace

import report_world as world
from probanda.records.incident import Where
from probanda.records.protection import Consent, Protection
from probanda.records.reading import Counts, Place, When
from probanda.report.casefile import build, to_json
from probanda.report.contents import Audience
from probanda.report.page import html
from probanda.report.snapshot import Region


def test_an_incident_keeps_its_figures_one_by_one_with_their_owners() -> None:
    casefile = build(world.whole())
    strike = casefile.incidents[0]
    assert (strike.number, strike.title, strike.by) == ("I1", "Strike on the Drevna hospital", "Jana Orlik")
    assert (strike.items, strike.elsewhere) == ((1,), 0)
    assert set(strike.lines) == {"E1", "F1", "F2", "F3"}
    ranges = strike.figures[0].ranges
    assert [(one.figure, one.minimum, one.maximum) for one in ranges] == [
        ("F1", 2001, None), ("F2", 1400, None), ("F3", 1350, 1350),
    ]  # fmt: skip
    assert [one.owner.kind for one in ranges] == ["speaker", "speaker", "unknown"]
    assert (ranges[0].differs, ranges[0].excludes) == (("F2",), ("F3",))


def test_a_relation_is_told_from_both_sides() -> None:
    strike, vote = build(world.whole()).incidents
    assert [(one.kind, one.side, one.other) for one in strike.relations] == [("precedes", "subject", vote.number)]
    assert [(one.kind, one.side, one.other) for one in vote.relations] == [("precedes", "object", strike.number)]


def test_a_proposal_is_no_incident() -> None:
    casefile = build(world.whole())
    assert [(one.number, one.lines) for one in casefile.proposals] == [("M1", ("A1", "A3"))]
    assert {one.id for one in casefile.incidents}.isdisjoint(one.id for one in casefile.proposals)
    assert casefile.overview is not None
    assert (casefile.overview.incidents, casefile.overview.proposals) == (2, 1)


def test_members_that_no_line_shows_are_counted() -> None:
    base = world.full()
    made = world.incident("Older reading", "claim:1", "claim:of-an-older-reading")
    assert build(replace(base, incidents=(made,))).incidents[0].elsewhere == 1


def test_only_places_and_incidents_with_coordinates_are_on_the_map() -> None:
    casefile = build(world.whole())
    assert casefile.map is not None
    assert [(one.number, one.kind, one.lines) for one in casefile.map.points if one.kind != "place"] == [
        ("I1", "incident", ("E1", "F1", "F2", "F3")), ("M1", "proposal", ("A1", "A3")),
    ]  # fmt: skip
    assert {(one.number, one.reason) for one in casefile.map.absent} == {("I2", "no_place"), ("P2", "not_located")}


def test_an_authority_never_has_a_point_and_what_is_said_at_a_place_stands_with_it() -> None:
    text = "Osten condemned the strike in Drevna. Drevna was hit."
    places = [
        Place(world.find(text, "Osten"), "Osten", "geonames:2", "KV", 49.0, 38.0, 5000, "metonym"),
        Place(world.find(text, "Drevna"), "Drevna", "geonames:1", "KV", 48.1, 37.5, 5000, "location"),
    ]
    strike = world.event(text, "event:1", "strike", where=world.find(text, "Drevna"))
    one = world.item(text, 1)
    made = world.reading(text, places=places, events=[strike])
    mapped = build(world.snapshot([one], [world.row(text, made, one)])).map
    assert mapped is not None
    assert [(point.name, point.lines) for point in mapped.points] == [("Drevna", ("E1",))]
    assert [(gone.name, gone.reason) for gone in mapped.absent] == [("Osten", "metonym")]


def test_publication_and_what_is_apart_stand_on_tracks_of_their_own() -> None:
    text = "Shelling on 2 March. They threatened to strike on 9 March."
    events = [
        world.event(text, "event:1", "Shelling", when=world.on("2026-03-02")),
        world.event(text, "event:2", "threatened", modality="threatened", when=world.on("2026-03-09")),
        world.event(text, "event:3", "strike", when=When(None, "2026-03-01", None, "range", "stated")),
    ]
    one = world.item(text, 1, published="2026-03")
    made = world.reading(text, events=events)
    found = build(world.snapshot([one], [world.row(text, made, one)])).timeline
    assert found is not None
    assert [(mark.number, mark.track, mark.earliest, mark.latest) for mark in found.marks] == [
        ("E1", "happened", "2026-03-01", None), ("E2", "happened", "2026-03-02", "2026-03-02"),
        ("A1", "apart", "2026-03-09", "2026-03-09"), ("1", "published", "2026-03-01", "2026-03-31"),
    ]  # fmt: skip
    assert found.undated == ()


def test_a_vote_keeps_its_numbers_as_stated() -> None:
    text = "The assembly voted 93 to 0. Seven States referred the situation."
    events = [
        world.event(text, "event:1", "voted", type="diplomatic.vote", counts=Counts(93, 0, None)),
        world.event(text, "event:2", "referred", type="legal.referral", counts=Counts(None, None, None, ("Karovia",))),
    ]
    figure = world.claim(text, "claim:1", "Seven States referred", "Seven", bounds=(7, 7, 7), effect="referred",
                         kind="referral", unit="States")  # fmt: skip
    one = world.item(text, 1)
    casefile = build(world.snapshot([one], [world.row(text, world.reading(text, events=events, claims=[figure]), one)]))
    (vote,), (referral,) = (group.lines for group in casefile.procedures)
    assert (vote.for_, vote.against, vote.abstaining, vote.figures) == (93, 0, None, ())
    assert (referral.states, referral.figures) == (("Karovia",), ("F1",))


def test_what_is_promised_is_a_pledge() -> None:
    text = "The agency promised to deliver food."
    one = world.item(text, 1)
    made = world.reading(text, events=[world.event(text, "event:1", "promised", type="aid", modality="promised")])
    casefile = build(world.snapshot([one], [world.row(text, made, one)]))
    assert casefile.pledges == ("A1",)
    assert not casefile.happened


def test_sources_tell_what_the_report_itself_asserts_from_what_it_passes_on() -> None:
    named, unnamed = build(world.full()).sources
    assert (named.name, named.items, named.published) == ("Karovian Herald", (1, 3), ("2026-03-04",))
    assert (named.figures, named.statements, named.occurrences, named.own) == (2, 2, 4, 1)
    assert (unnamed.name, unnamed.items, unnamed.undated) == (None, (2,), 1)


def test_gaps_name_what_they_are_about() -> None:
    gaps = {one.kind: one for one in build(world.full()).gaps}
    assert gaps["unread_items"].items == (3,)
    assert gaps["figures_without_owner"].lines == ("F3",)
    assert gaps["figures_unverified"].lines == ("F1",)
    assert (gaps["undated_events"].count, gaps["undated_events"].total) == (2, 2)
    assert gaps["failures_unavailable"].lines == ("X1",)
    assert "empty_texts" not in gaps


SECRET_PLACE = Where("Tarik's farm", 48.55, 37.77, 300, basis="own visit")


def _with_a_secret(audience: Audience, protection: Protection, incident: Protection) -> str:
    base = world.full()
    text = "Olen Tarik saw it at the farm on 5 May 2027."
    held = world.item(text, 4, protection=protection, source="Olen Tarik", published="2027-05-06")
    farm = Place(world.find(text, "the farm"), "the farm", "geonames:77", "KV", 48.55, 37.77, 300, "location")
    seen = world.event(text, "event:secret", "saw", when=world.on("2027-05-05"), where=world.find(text, "the farm"))
    row = world.row(text, world.reading(text, events=[seen], places=[farm]), held)
    made = world.incident("Tarik's account", "event:secret", "claim:1", where=SECRET_PLACE, protection=incident)
    beside = world.incident("Another", "claim:4", nonce="5" * 64)
    return to_json(
        build(
            replace(base, items=(*base.items, held), readings=(*base.readings, row), incidents=(made, beside),
                    relations=(world.relation("same", made, beside),),
                    proposals=(world.proposal("event:secret", where=SECRET_PLACE),)),
            audience,
        )
    ).decode()  # fmt: skip


def test_nothing_withheld_enters_incidents_map_timeline_counts_or_sources() -> None:
    public = Protection("public")
    for audience, protection, incident in (
        ("public", Protection(), public),
        ("internal", Protection("identity_protected"), public),
        ("internal", Protection("public", Consent(("court",), "2027-06-01")), public),
        ("internal", public, Protection("identity_protected")),
    ):
        written = _with_a_secret("public" if audience == "public" else "internal", protection, incident)
        assert "Tarik's account" not in written
        if incident == public:
            for trace in ("own visit", "Tarik", "48.55", "2027-05", "geonames:77", "event:secret", "the farm"):
                assert trace not in written
    assert "Tarik's account" in _with_a_secret("internal", Protection(), Protection())


def test_the_public_gets_an_incident_without_person_and_reason() -> None:
    base = world.whole()
    casefile = build(base, "public")
    assert [one.title for one in casefile.incidents] == ["Strike on the Drevna hospital", "Vote of the assembly"]
    written = to_json(casefile).decode()
    for trace in ("Jana Orlik", "agent:a1", "Three accounts", "names the other"):
        assert trace not in written
    unset = replace(base, incidents=tuple(replace(one, protection=Protection()) for one in base.incidents))
    assert not build(unset, "public").incidents
    assert ("incidents", 2) in [(one.what, one.count) for one in build(unset, "public").withheld]


def test_a_reference_says_on_which_page_or_in_which_cell_its_words_stand() -> None:
    text = "Twelve died.\nNine fled."
    claims = [
        world.claim(text, "claim:1", "Twelve died", "Twelve", bounds=(12, 12, 12)),
        world.claim(text, "claim:2", "Nine fled", "Nine", bounds=(9, 9, 9), effect="fled"),
    ]
    one = world.item(text, 1)
    regions = (
        Region(0, 12, {"kind": "page", "page": 2}),
        Region(13, 23, {"kind": "cell", "cell": "B3", "sheet": "<b>"}),
    )
    row = replace(world.row(text, world.reading(text, claims=claims), one), regions=regions)
    casefile = build(world.snapshot([one], [row]))
    found = [line.ref.place for group in casefile.figures for line in group.said]
    assert found == ["page 2", "cell B3 of sheet <b>"]
    assert "Text 1, ¶ 1, page 2</a>" in html(casefile)
    ukrainian = html(casefile, "uk")
    assert "Текст 1, абз. 1, сторінка 2</a>" in ukrainian
    assert "клітинка B3 аркуша &lt;b&gt;</a>" in ukrainian
