"""What stands behind claims, on the command line: counted, decided by persons, on record, and nothing leaks. Countries,
persons, bodies and outlets are invented."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli_world import probanda
from probanda.archive import Archive
from probanda.cli.sources import looked_at
from probanda.engine.inline import InlineEngine
from probanda.records.entry import ACCESS
from probanda.records.protection import Marking

TOLD = {
    "Selis Herald": ("2031-04-09", "At least 38 civilians were killed when missiles struck Port Selis on Tuesday, the "
                     "Karovian emergency service said.\n"),
    "Каровский листок": ("2031-04-10", "По меньшей мере 38 мирных жителей погибли в результате ракетного удара по "
                         "Порт-Селису во вторник, сообщила каровийская служба по чрезвычайным ситуациям.\n"),
    "Karov Star": ("2031-04-09", "On Tuesday 38 people died in Port Selis, said Petra Halloun, a miller who was at the "
                   "market.\n"),
}  # fmt: skip
GUARDED = "At least 9 people were killed in Velin on Monday, said Olen Tarik, who was at the mill.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    case = folder / "case"
    assert probanda("init", case, "--title", "Port Selis", "--by", "Ana Velt").code == 0
    for number, (outlet, (day, text)) in enumerate(TOLD.items()):
        path = folder / f"{number}.txt"
        path.write_text(text, "utf-8")
        said = probanda("add", case, path, "--published", day, "--source", outlet, "--marking", "public")
        assert said.code == 0, said
    assert probanda("run", case).code == 0
    return case


@pytest.fixture
def case(made: Path, tmp_path: Path) -> Iterator[Path]:
    shutil.copytree(made, tmp_path / "case")
    yield tmp_path / "case"


def deaths(case: Path, *more: str) -> dict[str, Any]:
    said = probanda("sources", case, *more, "--json")
    assert said.code == 0, said
    [found] = [one for one in said.json["topics"] if one["what"] == "deaths"]
    return dict(found)


def claim_of(topic: dict[str, Any], outlet: str) -> str:
    [group] = [one for one in topic["groups"] if outlet in one["outlets"]]
    at = {one["article"]: one["outlet"] for one in topic["in"]}
    if len(group["claims"]) == 1:
        return str(group["claims"][0])
    for evidence in group["evidence"]:
        for side, claim in zip(("left", "right"), evidence["claims"], strict=True):
            if at[evidence["link"][side]] == outlet:
                return str(claim)
    raise AssertionError(outlet)


def counts(topic: dict[str, Any]) -> tuple[int, int, int, bool]:
    return topic["articles"], topic["outlets"], topic["origins"], topic["known"]


def test_one_service_in_two_languages_and_a_witness_are_two_origins(case: Path) -> None:
    topic = deaths(case)
    assert counts(topic) == (3, 3, 2, True)
    said = probanda("sources", case)
    for told in ("3 articles / 3 outlets / 2 origins", "origin 1: Karovian emergency service", "Petra Halloun",
                 "same figure (by rule, certain)", "no finding of a person"):  # fmt: skip
        assert told in said.out, said.out
    one = probanda("sources", case, claim_of(topic, "Karov Star")[:18], "--json").json["topics"]
    assert [found["topic"] for found in one] == [topic["topic"]]


def test_each_claim_says_how_many_stand_behind_it(case: Path) -> None:
    told = {row["claim"]["id"]: row["corroboration"] for row in probanda("claims", case, "--json").json}
    assert all(told.values())
    topic = deaths(case)
    herald = told[claim_of(topic, "Selis Herald")]
    assert (herald["articles"], herald["outlets"], herald["origins"], herald["known"]) == (3, 3, 2, True)
    assert herald["same_figure"] == {"articles": 2, "outlets": 2, "origins": 1, "known": True}
    assert herald["root"] == "Karovian emergency service"


def test_what_a_person_decides_is_signed_followed_and_superseded(case: Path) -> None:
    topic = deaths(case)
    herald, star = claim_of(topic, "Selis Herald"), claim_of(topic, "Karov Star")
    paper = claim_of(topic, "Каровский листок")
    first = probanda("origin", case, herald[:16], "same", star[:16], "-r", "She spoke for the service.", "--json").json
    assert (first["decision"], first["supersedes"]) == ("confirmed", None)
    assert counts(deaths(case)) == (3, 3, 1, True)
    # The other way round is the same question.
    second = probanda("origin", case, star, "undecided", herald, "-r", "Not sure.", "--by", "Bo Harn", "--json").json
    assert second["supersedes"] == first["id"]
    assert counts(deaths(case)) == (3, 3, 2, True)
    assert probanda("origin", case, herald, "different", paper, "-r", "Two services.").code == 0
    apart = deaths(case)
    assert counts(apart) == (3, 3, 3, True)
    assert len(apart["judged"]) == 1
    assert probanda("verify", case).code == 0
    assert all(row["judgement"] is None for row in probanda("claims", case, "--json").json), "no claim was judged"
    assert probanda("rebuild", case).code == 0
    assert deaths(case) == apart


def test_what_does_not_exist_or_fit_is_told(case: Path) -> None:
    claim = claim_of(deaths(case), "Karov Star")
    unknown = probanda("sources", case, "claim:0000000000", "--json")
    assert (unknown.code, unknown.error["kind"]) == (1, "UnknownId")
    with Archive.open(case, read_only=True) as archive:
        capture = archive.captures()[0].id
    assert probanda("sources", case, capture, "--json").error["kind"] == "UnknownId"
    assert probanda("sources", case, "ab", "--json").error["kind"] == "UnknownId"
    assert probanda("origin", case, claim, "same", claim, "-r", "x", "--json").code == 2
    assert probanda("origin", case, claim, "near", claim, "-r", "x", "--json").code == 2
    assert probanda("origin", case, claim, "same", "claim:00000000", "-r", "x", "--json").code == 1
    assert probanda("origin", case, claim, "same", claim, "-r", " ", "--json").code == 2


def test_looking_at_a_guarded_source_is_on_record_and_else_nothing_of_it_is_shown(case: Path, tmp_path: Path) -> None:
    (tmp_path / "witness.txt").write_text(GUARDED, "utf-8")
    added = ("add", case, tmp_path / "witness.txt", "--marking", "identity_protected", "--published", "2031-04-08")
    assert probanda(*added).code == 0
    assert probanda("run", case).code == 0
    said = probanda("sources", case, "--by", "Bo Harn")
    assert "Olen Tarik" in said.out
    topic = deaths_in(case, "Velin")
    only = probanda("sources", case, claim_of(deaths_in(case, "Port Selis"), "Karov Star"))
    assert "Tarik" not in only.out
    with Archive.open(case, read_only=True) as archive:
        seen = [entry.detail for entry in archive.case.log.entries() if entry.act == ACCESS]
        item = next(one.id for one in archive.captures() if one.name == "witness.txt")
    assert [(one["command"], one["captures"]) for one in seen] == [("sources", [item])] * 3
    for path in (case / "log", case):
        path.chmod(0o500)
    try:
        for more in ((), ("--json",), (topic["groups"][0]["claims"][0],)):
            hidden = probanda("sources", case, *more, unprivileged=True)
            assert hidden.code == 0, hidden
            assert "Tarik" not in hidden.out + hidden.err and "Velin" not in hidden.out
            assert "1 articles of guarded items are not shown" in hidden.out + hidden.err
        rows = probanda("claims", case, "--json", unprivileged=True).json
        assert len(rows) >= 3 and all("Velin" not in row["claim"]["passage"]["text"] for row in rows)
    finally:
        for path in (case, case / "log"):
            path.chmod(0o700)


def deaths_in(case: Path, place: str) -> dict[str, Any]:
    topics = probanda("sources", case, "--json").json["topics"]
    [found] = [one for one in topics if one["what"] == "deaths" and one["place"] == place]
    return dict(found)


def test_a_statement_in_one_article_alone_is_shown_when_asked_for(case: Path) -> None:
    short, every = probanda("sources", case, "--json").json["topics"], probanda("sources", case, "--all", "--json").json
    assert len(every["topics"]) > len(short)


REGROUPED: tuple[tuple[str, Marking, str], ...] = (
    ("2031-04-10", "public", "At least 12 people were killed in Port Selis, the Karovian emergency service said."),
    ("2031-04-09", "identity_protected", "At least 12 people were killed in Port Selis on Wednesday, said Olen Tarik."),
    ("2031-04-08", "identity_protected", "At least 13 people were killed in Port Selis on Monday, said Jona Keldt."),
)


def test_what_takes_the_place_of_a_hidden_item_is_hidden_too(tmp_path: Path) -> None:
    """A figure without a day belongs to the happening of Wednesday; with that hidden, it would stand with Monday's."""
    with Archive.create(tmp_path / "case", "Port Selis", "Ana Velt") as archive:
        for number, (day, marking, text) in enumerate(REGROUPED):
            (tmp_path / f"{number}.txt").write_text(text, "utf-8")
            archive.add([tmp_path / f"{number}.txt"], published=day, marking=marking)
        archive.run(InlineEngine(archive.case.blobs.folder))
        told = [saying for one in archive.sources() for saying in one.topic.sayings]
    claim = next(one.claim.id for one in told if "service" in one.article.text and one.claim.kind == "casualty")
    with Archive.open(tmp_path / "case", read_only=True) as archive:
        found, sight = looked_at(archive, "sources", [claim], None)
    shown = [saying.article.text for one in found for saying in one.topic.sayings]
    assert shown == [REGROUPED[0][2]] and len(sight.hidden) == 2
