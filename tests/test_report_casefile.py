"""The case file: every record on one line, persons' decisions beside machine readings, what is missing named."""

from __future__ import annotations

from dataclasses import replace

import pytest

import report_world as world
from probanda.records.canonical import parse_canonical
from probanda.records.codec import parse
from probanda.records.passage import Passage
from probanda.records.reading import Narrator, Quotation, Rejection, Speaker, Weapon
from probanda.report.anchors import SnapshotError, find_paragraphs
from probanda.report.casefile import build, to_json
from probanda.report.contents import CaseFile
from probanda.report.snapshot import CheckRow


def lines_of(casefile: CaseFile) -> dict[str, list[str]]:
    """Record id to the numbers of its lines."""
    found: dict[str, list[str]] = {}
    for group in casefile.figures:
        for figure in (*group.said, *group.apart):
            found.setdefault(figure.id, []).append(figure.number)
    for speaker in casefile.statements:
        for statement in speaker.statements:
            for identity in (statement.id, *(one.id for one in statement.same)):
                found.setdefault(identity, []).append(statement.number)
    for line in (*casefile.happened, *(line for group in casefile.apart for line in group.lines)):
        for identity in (line.id, *(one.id for one in line.same)):
            found.setdefault(identity, []).append(line.number)
    return found


def test_every_record_stands_on_exactly_one_line() -> None:
    lines = lines_of(build(world.full()))
    expected = (
        {f"claim:{n}" for n in range(1, 6)} | {f"event:{n}" for n in range(1, 5)} | {"quotation:1", "quotation:2"}
    )
    assert set(lines) == expected
    assert all(len(numbers) == 1 for numbers in lines.values())


def test_what_is_said_to_have_happened_is_kept_apart_from_the_rest() -> None:
    casefile = build(world.full())
    assert [line.id for line in casefile.happened] == ["event:1", "event:3"]
    apart = {group.heading: [line.id for line in group.lines] for group in casefile.apart}
    assert apart == {"accusation": ["claim:3"], "threatened": ["event:4"], "denied": ["event:2"]}


def test_statements_stand_by_speaker_and_a_role_alone_is_not_joined_over_texts() -> None:
    text = "“We wait,” said Mirek Sandor. “We hope,” the minister said. “We know,” it was said."
    sandor = Speaker("Mirek  SANDOR", "the mayor", world.find(text, "Mirek Sandor"))
    minister = Speaker(None, "the minister", world.find(text, "the minister"))
    quotations = [
        Quotation("q:1", world.find(text, "We wait"), "direct", sandor, None, None, None),
        Quotation("q:2", world.find(text, "We hope"), "direct", minister, None, None, None),
        Quotation("q:3", world.find(text, "We know"), "direct", None, None, None, None),
    ]
    again = text + "\n"
    one, two, three = world.item(text, 1), world.item(again, 2), world.item(world.MORNING, 3)
    rows = [world.row(text, world.reading(text, quotations=quotations), one),
            world.row(again, world.reading(again, quotations=[replace(q, id=q.id + "b") for q in quotations]), two),
            world.row(world.MORNING, world.morning(), three)]  # fmt: skip
    groups = build(world.snapshot([one, two, three], rows)).statements
    assert [[line.id for line in group.statements] for group in groups] == [
        ["q:1", "q:1b", "quotation:1", "quotation:2"], ["q:2"], ["q:3"], ["q:2b"], ["q:3b"],
    ]  # fmt: skip
    assert groups[0].roles == ("the mayor", "the mayor of Drevna")
    assert groups[2].owner.kind == "unknown"


def test_a_judgement_stands_beside_its_line_and_leaves_the_machine_reading() -> None:
    casefile = build(world.full())
    figure = casefile.figures[0].said[0]
    assert (figure.words, [one.decision for one in figure.standing]) == ("More than 2,000", ["confirmed"])
    statement = next(line for line in casefile.statements[0].statements if line.id == "quotation:2")
    assert (statement.venue, statement.standing[0].correction) == ("Osten", {"venue": "Drevna"})
    assert [(one.number, one.about[0].number) for one in casefile.judgements] == [
        ("J1", "F1"),
        ("J2", "A2"),
        ("J3", "S2"),
    ]


def test_a_superseded_judgement_is_shown_but_no_longer_stands() -> None:
    first = world.judged("confirmed", "claim:4")
    later = world.judged("rejected", "claim:4", at="2026-11-22T09:00:00.000Z", supersedes=first.id)
    other = world.judged("undecided", "claim:4", at="2026-11-22T10:00:00.000Z")
    one = world.item(world.EVENING, 1)
    casefile = build(
        world.snapshot([one], [world.row(world.EVENING, world.evening(), one)], judgements=(later, other, first))
    )
    assert [(line.number, line.superseded_by) for line in casefile.judgements] == [
        ("J1", "J2"),
        ("J2", None),
        ("J3", None),
    ]
    figure = next(line for line in casefile.figures[0].said if line.id == "claim:4")
    assert [one.decision for one in figure.standing] == ["rejected", "undecided"]


def test_what_is_missing_and_what_failed_is_named() -> None:
    casefile = build(world.full())
    assert [(line.number, line.item, line.name, line.step) for line in casefile.failures] == [
        ("X1", 3, "scan.pdf", "text"), ("X2", None, "broken.txt", "add"),
    ]  # fmt: skip
    assert [one.items for one in casefile.missing] == [(3,), (2,), (2,)]
    text = "Nothing here."
    one, two = world.item(text, 1), world.item("unread", 2)
    reading = world.reading(text, rejected=[Rejection("not in the text", "Something", "rules")])
    missing = build(world.snapshot([one, two], [world.row(text, reading, one)])).missing
    assert [(line.items, line.texts, line.count) for line in missing] == [
        ((2,), (), None),
        ((), (1,), None),
        ((), (), 1),
    ]


def test_integrity_is_said_as_it_is() -> None:
    holds, fails = (
        CheckRow("time.anchored", "holds", "stamped"),
        CheckRow("blobs.match", "fails", "one differs"),
    )

    def finding(*rows: CheckRow, ok: bool | None) -> str:
        return build(world.snapshot([], [], integrity=rows, integrity_ok=ok)).integrity

    assert build(world.full()).integrity == "Integrity since ingestion holds; time unproven"
    assert finding(holds, ok=True) == "Integrity since ingestion holds; time anchored"
    assert finding(fails, ok=False) == "Integrity since ingestion does not hold; time unproven"
    assert finding(ok=None) == "Integrity since ingestion was not checked; time unproven"


def test_a_passage_that_is_not_in_the_text_is_refused() -> None:
    one = world.item(world.EVENING, 1)
    wrong = world.reading(world.EVENING, weapons=[Weapon(Passage(0, 5, "Shell"), "explosive_munitions")])
    with pytest.raises(SnapshotError, match=r"text 1: expected 'Shell' at \[0, 5\), found 'Toll '"):
        build(world.snapshot([one], [world.row(world.EVENING, wrong, one)]))


def test_paragraphs_out_of_order_are_refused() -> None:
    one = world.item(world.EVENING, 1)
    row = replace(world.row(world.EVENING, world.evening(), one), paragraphs=((5, 9), (0, 4)))
    with pytest.raises(SnapshotError, match="out of order"):
        build(world.snapshot([one], [row]))


def test_json_is_canonical_reads_back_and_does_not_depend_on_the_order_of_rows() -> None:
    snapshot = world.full()
    casefile = build(snapshot)
    data = to_json(casefile)
    assert parse(CaseFile, parse_canonical(data)) == casefile
    turned = replace(snapshot, items=snapshot.items[::-1], readings=snapshot.readings[::-1],
                     judgements=snapshot.judgements[::-1], failures=snapshot.failures[::-1],
                     agents=snapshot.agents[::-1])  # fmt: skip
    assert to_json(build(turned)) == data


def test_two_items_of_one_text_share_it() -> None:
    one, two = world.item(world.EVENING, 1), world.item(world.EVENING, 2, name="copy.txt")
    casefile = build(world.snapshot([one, two], [world.row(world.EVENING, world.evening(), two, one)]))
    assert [text.items for text in casefile.texts] == [(1, 2)]
    assert [item.texts for item in casefile.items] == [(1,), (1,)]
    assert casefile.figures[0].said[0].items == (1, 2)


def test_the_words_around_a_trigger_are_those_of_its_paragraph() -> None:
    line = build(world.full()).happened[0]
    assert (line.ref.words, line.ref.paragraph) == ("fired", 4)
    assert line.before == "“They "
    assert line.after.startswith(" at the hospital with cluster munitions,” said Mirek Sandor")
    assert line.after.endswith(" …")


def test_paragraphs_are_lines_unless_the_text_was_wrapped_by_hand() -> None:
    def cut(text: str) -> list[str]:
        return [text[start:end] for start, end in find_paragraphs(text)]

    assert cut("") == []
    assert cut("\n\n one \r\ntwo\r\n\r\nthree\n") == [" one ", "two", "three"]
    wrapped = "\n".join(["A line of about fifty characters, wrapped by hand,"] * 3)
    assert cut(f"{wrapped}\n\n{wrapped}\n") == [wrapped, wrapped]
    assert cut(f"{wrapped}\r\n \r\n{wrapped}") == [wrapped, wrapped]


def test_a_claim_that_asserts_an_event_stands_with_the_events() -> None:
    text = "The town is under siege. The siege was lifted, it is denied."
    siege = {"kind": "siege", "effect": None}
    claims = [
        world.claim(text, "claim:1", "under siege", None, Narrator(), modality="stated", **siege),
        world.claim(text, "claim:2", "lifted", None, Narrator(), negated=True, **siege),
    ]
    one = world.item(text, 1)
    casefile = build(world.snapshot([one], [world.row(text, world.reading(text, claims=claims), one)]))
    assert [(line.id, line.type) for line in casefile.happened] == [("claim:1", "siege")]
    assert [(group.heading, group.lines[0].id) for group in casefile.apart] == [("negated", "claim:2")]


def test_records_that_say_the_same_share_a_line_and_none_is_lost() -> None:
    text = "“We wait,” said Mirek Sandor. Drones struck the port of Osten, he said. The siege is feared."
    sandor = Speaker("Mirek Sandor", None, world.find(text, "Mirek Sandor"))
    whole = "Drones struck the port of Osten"
    attack = {"kind": "attack", "effect": None}
    reading = world.reading(
        text,
        quotations=[Quotation("q:1", world.find(text, "“We wait,”"), "direct", sandor, None, None, None)],
        claims=[
            world.claim(text, "c:1", "We wait", None, sandor, kind="statement", effect=None, modality="stated"),
            world.claim(text, "c:2", whole, None, sandor, where=world.find(text, "Osten"), **attack),
            world.claim(text, "c:3", whole, None, Narrator(), **attack),
            world.claim(text, "c:4", whole, None, sandor, modality="feared", **attack),
            world.claim(text, "c:5", "struck", None, sandor, kind="damage", effect=None),
        ],
        events=[world.event(text, "e:1", "struck", source=sandor)],
    )
    one = world.item(text, 1)
    judgements = (world.judged("confirmed", "c:2"),)
    casefile = build(world.snapshot([one], [world.row(text, reading, one)], judgements=judgements))
    assert lines_of(casefile) == {
        "q:1": ["S1"], "c:1": ["S1"], "e:1": ["E2"], "c:2": ["E2"], "c:3": ["E1"], "c:5": ["E3"], "c:4": ["A1"],
    }  # fmt: skip
    strike = casefile.happened[1]
    assert (strike.type, strike.where, strike.standing[0].decision) == ("attack.strike", "Osten", "confirmed")
    assert casefile.judgements[0].about[0].number == "E2"


def test_what_an_accuser_recounts_is_not_said_to_have_happened() -> None:
    text = "The mayor accused Tessaly of shelling the school. Smoke rose over Osten."
    mayor = Speaker(None, "The mayor", world.find(text, "The mayor"))
    reading = world.reading(
        text,
        claims=[
            world.claim(text, "c:1", "Tessaly of shelling the school", None, mayor, kind="accusation", effect=None)
        ],
        events=[world.event(text, "e:1", "shelling", source=mayor), world.event(text, "e:2", "Smoke rose")],
    )
    one = world.item(text, 1)
    casefile = build(world.snapshot([one], [world.row(text, reading, one)]))
    assert [line.id for line in casefile.happened] == ["e:2"]
    assert [[line.id for line in group.lines] for group in casefile.apart] == [["c:1", "e:1"]]
