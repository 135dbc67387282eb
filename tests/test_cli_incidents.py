"""Incidents on the command line: made, listed, revised, related, withdrawn; proposals; files of others in and out."""

from __future__ import annotations

import json
from pathlib import Path

from cli_world import made_case, probanda

ATLOS = "status,description,sensitive,latitude,longitude,date,team\r\n"


def test_an_incident_from_the_first_version_to_the_last(tmp_path: Path) -> None:
    case = made_case(tmp_path)
    claim = probanda("claims", case, "--kind", "casualty", "--json").json[0]["claim"]["id"]
    said = probanda(
        "incident", "new", case, "--title", "Market", "--reason", "Named.", "--member", claim[:16], "--type",
        "attack.shelling", "--place", "Velin", "--lat", "48.25", "--lon", "37.5", "--radius-m", "900", "--date",
        "2031-04-08", "--json",
    )  # fmt: skip
    assert said.code == 0, said
    first = said.json
    assert (first["members"], first["where"]["radius_m"], first["when"]["earliest"]) == ([claim], 900, "2031-04-08")
    other = probanda("incident", "new", case, "--title", "Mill", "--reason", "Named.", "--json").json["id"]
    assert probanda("incident", "relate", case, first["id"], "precedes", other, "--reason", "By its day.").code == 0
    listed = probanda("incidents", case)
    assert listed.code == 0, listed
    for told in ("Market", "; said by Velin ", "precedes", "within 900 m", "2 incidents"):
        assert told in listed.out, listed.out
    second = probanda("incident", "revise", case, first["id"], "--title", "Fire", "--remove", claim[:16], "--reason",
                      "Read again.", "--json").json  # fmt: skip
    assert (second["title"], second["members"], second["where"]) == ("Fire", [], first["where"])
    late = probanda("incident", "withdraw", case, first["id"], "--reason", "Late.", "--json")
    assert (late.code, late.error["kind"]) == (1, "SupersededError")
    assert probanda("incident", "withdraw", case, second["id"], "--reason", "None.").code == 0
    assert [one["title"] for one in probanda("incidents", case, "--json").json["incidents"]] == ["Mill"]
    wrong = probanda("incident", "new", case, "--title", "A", "--reason", "B", "--lat", "91", "--lon", "1", "--json")
    assert wrong.code == 2
    assert probanda("incident", "relate", case, other, "near", other, "--reason", "B", "--json").code == 2
    assert probanda("verify", case).code == 0


def test_files_of_others_come_in_once_and_go_out(tmp_path: Path) -> None:
    case, sheet = tmp_path / "case", tmp_path / "atlos.csv"
    assert probanda("init", case, "--title", "The mill", "--by", "Ana Velt").code == 0
    good = 'To Do,"Strike on the mill\nin two lines",Not Sensitive,48.1,37.2,2031-04-08,\'=1+1\r\n'
    sheet.write_bytes((ATLOS + good + "To Do,Fire,Not Sensitive,99,37.2,,\r\n").encode())
    said = probanda("add", case, sheet, "--as", "atlos", "--marking", "public", "--json")
    assert said.code == 3, said
    assert len(said.json["imports"][0]["incidents"]) == 1
    assert "record 2" in said.json["failures"][0]["name"]
    twice = probanda("add", case, sheet, "--as", "atlos", "--json")
    assert (twice.code, twice.error["kind"]) == (1, "AlreadyImportedError")
    assert probanda("add", case, sheet, "--as", "sheet", "--json").code == 2
    one = probanda("incidents", case, "--json").json["incidents"][0]
    assert (one["title"], one["origin"]["fields"]["team"]) == ("Strike on the mill", "=1+1")
    assert one["protection"]["marking"] == "public"
    for name, suffix in (("atlos", "csv"), ("csv", "csv"), ("geojson", "json"), ("timemap", "json")):
        out = tmp_path / f"{name}.{suffix}"
        assert probanda("incidents", case, "--format", name, "-o", out, "--audience", "public").code == 0
        assert "Strike on the mill" in out.read_text("utf-8")
        assert "imported from" not in out.read_text("utf-8")
    inside = probanda("incidents", case, "--format", "atlos", "-o", tmp_path / "inside.csv")
    assert inside.code == 0
    assert "'=1+1" in (tmp_path / "inside.csv").read_text("utf-8")
    assert json.loads((tmp_path / "geojson.json").read_text("utf-8"))["type"] == "FeatureCollection"
    assert probanda("incidents", case, "--format", "csv", "-o", case / "x.csv", "--json").code == 2
    broken = tmp_path / "map.json"
    broken.write_text("{", "utf-8")
    assert probanda("add", case, broken, "--as", "timemap", "--json").error["kind"] == "NotRead"
    assert probanda("verify", case).code == 0


def test_an_atlos_export_comes_in_with_its_media(tmp_path: Path) -> None:
    case, folder = tmp_path / "case", tmp_path / "export"
    assert probanda("init", case, "--title", "The mill", "--by", "Ana Velt").code == 0
    (folder / "QX1").mkdir(parents=True)
    (folder / "QX1" / "clip.txt").write_text("Smoke over the mill.\n", encoding="utf-8")
    (folder / "note.txt").write_text("A note.\n", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    sheet = folder / "export.csv"
    sheet.write_bytes(
        b"slug,status,description,sensitive,source_1,source_2\r\n"
        b"QX1,To Do,Strike on the mill,Not Sensitive,https://example.org/v/clip.txt?x=1,note.txt\r\n"
        b"QX2,To Do,Fire at the depot,Not Sensitive,https://example.org/gone,gone.mp4\r\n"
        b"QX3,To Do,Fire at the harbour,Not Sensitive,../secret.txt,\r\n"
    )
    done = probanda("add", case, sheet, "--as", "atlos", "--marking", "public", "--json")
    assert done.code == 3, done
    assert len(done.json["media"]) == 2
    assert [failure["name"] for failure in done.json["failures"]] == ["export.csv, record 2", "export.csv, record 3"]
    assert "gone.mp4" in done.json["failures"][0]["reason"]
    assert "leads out" in done.json["failures"][1]["reason"]
    made = {one["title"]: one["members"] for one in done.json["imports"][0]["incidents"]}
    assert made["Strike on the mill"] == done.json["media"]
    assert made["Fire at the depot"] == made["Fire at the harbour"] == []
    names = [row["capture"]["name"] for row in probanda("items", case, "--json").json["items"]]
    assert names == ["export.csv", "export.csv/QX1/clip.txt", "export.csv/note.txt"]
    out = tmp_path / "out.csv"
    assert probanda("incidents", case, "--format", "atlos", "-o", out).code == 0
    assert "source_2" in out.read_text(encoding="utf-8")
    assert probanda("verify", case).code == 0
