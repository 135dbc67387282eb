"""A gazetteer goes into a case signed and whole, readings that used it name it, and it can be taken back."""

from __future__ import annotations

from pathlib import Path

from cli_world import probanda
from gazetteer_world import ROWS, dump, row, zipped
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.index import models
from probanda.pipeline import RunReport
from probanda.records.reading import Place
from probanda.report.casefile import build
from probanda.report.contents import Audience
from probanda.report.page import html

TEXT = "A shell hit a house in the village of Upper Hasko on Monday. The mayor called it a war crime."


def made(tmp_path: Path) -> Path:
    (tmp_path / "report.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "XK.zip").write_bytes(zipped(dump()))
    with Archive.create(tmp_path / "case", "The villages", "Ana Velt") as archive:
        archive.add([tmp_path / "report.txt"], published="2031-05-14")
        ran(archive)
    return tmp_path / "case"


def ran(archive: Archive) -> RunReport:
    return archive.run(InlineEngine(archive.case.blobs.folder))


def village(archive: Archive) -> Place:
    [row] = archive.readings()
    return next(place for place in row.reading.places if place.name == "Upper Hasko")


def asked(archive: Archive) -> models.Derivation:
    return models.Derivation.objects.using(archive._alias).get(step="read", current=True)


def test_after_an_import_the_next_run_places_the_village_and_after_removal_it_does_not(tmp_path: Path) -> None:
    with Archive.open(made(tmp_path)) as archive:
        assert village(archive).latitude is None
        before = asked(archive)
        assert "gazetteers" not in before.parameters
        archive.import_gazetteer(tmp_path / "XK.zip", "Villages.", "Mirek Sandor")
        assert ran(archive).counted["read"] == {"succeeded": 1}
        assert village(archive).gazetteer_id == "geonames:10"
        using = asked(archive)
        [dumped] = archive.supplements()
        [named] = using.parameters["gazetteers"]
        digest = archive.case.blobs.put((tmp_path / "XK.zip").read_bytes()).sha256
        assert (named["country"], named["sha256"], named["licence"]) == ("XK", digest, "CC BY 4.0")
        assert using.parameters["gazetteer"] == dumped.id
        inputs = models.DerivationInput.objects.using(archive._alias).filter(derivation_id=using.request)
        assert inputs.count() == 2
        assert ran(archive).total == 0
        assert archive.verify().ok
        live = b"".join(archive.canonical_dump())
    Archive.rebuild(tmp_path / "case")
    with Archive.open(tmp_path / "case") as archive:
        assert b"".join(archive.canonical_dump()) == live
        archive.supplement("gazetteer", "XK", "Wrong country.", withdrawn=True)
        assert ran(archive).counted["read"] == {"succeeded": 1}
        assert village(archive).latitude is None
        assert asked(archive).parameters["gazetteers"] == []
        archive.import_gazetteer(tmp_path / "XK.zip", "It was right.")
        ran(archive)
        assert village(archive).latitude is not None
        assert [one.withdrawn for one in archive.supplements()] == [False, True, False]
        assert archive.verify().ok


def test_a_newer_dump_of_the_same_country_takes_the_place_of_the_older(tmp_path: Path) -> None:
    with Archive.open(made(tmp_path)) as archive:
        archive.import_gazetteer(tmp_path / "XK.zip", "Villages.")
        ran(archive)
        (tmp_path / "XK.txt").write_bytes(dump(*ROWS[:3], row(10, "Upper Hasko", 48.61, 37.62)))
        archive.import_gazetteer(tmp_path / "XK.txt", "The dump of May.")
        ran(archive)
        assert village(archive).latitude == 48.61
        assert len(asked(archive).parameters["gazetteers"]) == 1


def test_a_calendar_beside_it_is_asked_for_as_ever(tmp_path: Path) -> None:
    with Archive.open(made(tmp_path)) as archive:
        archive.supplement("calendar", "the invasion", "Both sides say so.", date="2031-03-17")
        archive.import_gazetteer(tmp_path / "XK.zip", "Villages.")
        ran(archive)
        parameters = asked(archive).parameters
        assert parameters["calendar"] == {"the invasion": "2031-03-17"}
        assert parameters["supplement"] == archive.supplements()[0].id
        assert village(archive).latitude is not None


def test_the_commands_import_list_and_remove(tmp_path: Path) -> None:
    case = made(tmp_path)
    (tmp_path / "XK.txt").write_bytes(dump(*ROWS, row(99, "Marl", 900, 37)))
    done = probanda("gazetteer", "import", case, tmp_path / "XK.txt", "--by", "Mirek Sandor")
    assert done.code == 0, done
    assert "line 18, column 5 (latitude): expected degrees from -90 to 90, found '900'" in done.out
    [listed] = probanda("gazetteer", case, "--json").json
    assert (listed["country"], listed["rows"], listed["kept"]) == ("XK", len(ROWS) + 1, len(ROWS) - 1)
    assert (listed["source"], listed["licence"], listed["by_name"]) == ("GeoNames", "CC BY 4.0", "Mirek Sandor")
    assert listed["faults"] == {"latitude: expected degrees from -90 to 90": 1}
    assert "CC BY 4.0" in probanda("gazetteer", case).out
    assert probanda("run", case).code == 0
    done = probanda("gazetteer", "remove", case, "xk")
    assert done.code == 0, done
    assert probanda("gazetteer", case, "--json").json == []
    assert probanda("gazetteer", "remove", case, "xk", "--json").error["kind"] == "UnknownGazetteer"


def test_what_is_no_dump_or_no_command_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    case = made(tmp_path)
    (tmp_path / "no.csv").write_text("name,lat\nMarl,48\n", encoding="utf-8")
    with Archive.open(case) as archive:
        head = archive.snapshot().log_size
    refused = probanda("gazetteer", "import", case, tmp_path / "no.csv", "--json")
    assert refused.code == 1
    assert refused.error["kind"] == "DumpRefused"
    assert "line 1, column 1 (geonameid)" in refused.error["message"]
    assert probanda("gazetteer", "import", case, tmp_path / "absent.zip").code == 1
    assert probanda("gazetteer", "import", case).code == 2
    assert probanda("gazetteer", "put", case, tmp_path / "no.csv").code == 2
    with Archive.open(case) as archive:
        assert archive.snapshot().log_size == head


def test_the_case_file_names_source_licence_and_digest(tmp_path: Path) -> None:
    with Archive.open(made(tmp_path)) as archive:
        told, _ = archive.import_gazetteer(tmp_path / "XK.zip", "Villages.")
        ran(archive)
        audiences: tuple[Audience, ...] = ("internal", "public")
        for audience in audiences:
            page = html(build(archive.snapshot(), audience=audience))
            shown = "GeoNames, CC BY 4.0" in page
            assert shown == (audience == "internal"), audience  # nothing of a restricted item is shown to the public
        assert told.name == "XK"


def test_a_bundle_with_readings_that_rest_on_it_stands_alone(tmp_path: Path) -> None:
    case = made(tmp_path)
    with Archive.open(case) as archive:
        archive.import_gazetteer(tmp_path / "XK.zip", "Villages.")
        ran(archive)
    done = probanda("bundle", case, "-o", tmp_path / "out", "--audience", "internal")
    assert done.code == 0, done
    assert probanda("verify", tmp_path / "out").code == 0
