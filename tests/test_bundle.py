"""bundle: what a stranger with stock tools finds, what nobody finds, and what happens when it cannot be written."""

from __future__ import annotations

import base64
import csv
import fcntl
import hashlib
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import bagit
import pytest
from lxml import etree

import case_steps
from cli_world import probanda
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.outgoing import WayOutRefused
from probanda.preserve.bundle.bag import INFO, MARK, part_of
from probanda.preserve.bundle.compose import file_name
from probanda.preserve.bundle.zipped import write_zip
from probanda.preserve.captures import capture_of
from probanda.preserve.errors import BlobCorrupt, BundleError, Locked, OutputTaken
from probanda.preserve.merkle import CompactRange, leaf_hash
from probanda.preserve.rows import check_redacted
from probanda.preserve.tiles import TreeHead
from probanda.preserve.tlog_proof import check_proof
from probanda.preserve.verify import verify
from probanda.records.entry import DERIVATION, DISSEMINATION, INGESTION, parse_entry
from seal_world import asking
from secret_world import LEAD, OPEN, SECRET, WITNESS, World, files_of, made, program, secrets_of
from time_authority import TimeAuthority

PREMIS = "{http://www.loc.gov/premis/v3}"


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = made(tmp_path_factory.mktemp("kept"))
    world.archive.bundle(world.folder.parent / "out", None, zipped=True)
    yield world
    world.archive.close()


@pytest.fixture
def world(kept: World, tmp_path: Path) -> Iterator[World]:
    """A case of one's own."""
    shutil.copytree(kept.folder, tmp_path / "case")
    with type(kept.archive).open(tmp_path / "case") as archive:
        yield World(archive, kept.open, kept.secret, kept.lead)


def bundle_of(world: World) -> Path:
    return world.folder.parent / "out"


def entries(bundle: Path) -> list[bytes]:
    return (bundle / "data" / "log" / "entries.jsonl").read_bytes().splitlines()


def test_stock_tools_find_every_file_as_it_is_listed(kept: World) -> None:
    bundle = bundle_of(kept)
    for manifest in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        done = subprocess.run(
            [program("sha256sum"), "-c", "--strict", "--quiet", manifest], cwd=bundle, capture_output=True, check=False
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    bag = bagit.Bag(str(bundle))
    assert bag.validate()
    assert bag.version == "1.0"
    listed = {line.split("  ")[1] for line in (bundle / "manifest-sha256.txt").read_text().splitlines()}
    assert listed == {name for name, _ in files_of(bundle) if name.startswith("data/")}
    octets = sum(len(data) for name, data in files_of(bundle) if name.startswith("data/"))
    assert bag.info["Payload-Oxum"] == f"{octets}.{len(listed)}"
    assert bag.info["External-Identifier"] == kept.archive.case.id
    assert "Source-Organization" not in bag.info


def test_openssl_finds_both_signatures_good_and_notices_a_changed_byte(kept: World, tmp_path: Path) -> None:
    bundle = bundle_of(kept)

    def verified(data: Path, signature: Path) -> bool:
        done = subprocess.run(
            [program("openssl"), "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey",
             bundle / "anchors" / "log.pub.pem", "-in", data, "-sigfile", signature],
            capture_output=True, check=False,
        )  # fmt: skip
        return done.returncode == 0

    log = bundle / "data" / "log"
    for data, signature in (
        (bundle / "tagmanifest-sha256.txt", bundle / "anchors" / "tagmanifest.sig"),
        (log / "checkpoint.body", log / "checkpoint.sig"),
    ):
        assert verified(data, signature)
        changed = tmp_path / data.name
        changed.write_bytes(data.read_bytes().replace(b"a", b"b", 1).replace(b"0", b"1", 1))
        assert not verified(changed, signature)
    assert (log / "checkpoint").read_bytes().startswith((log / "checkpoint.body").read_bytes() + b"\n")


def test_openssl_finds_every_stamp_over_the_bytes_that_it_is_for(world: World, tmp_path: Path) -> None:
    office = TimeAuthority(tmp_path / "office", "Office")
    strange = TimeAuthority(tmp_path / "strange", "Київ / 2")
    silent = TimeAuthority(tmp_path / "silent", "Silent", behaviour="slow")
    for number, one in enumerate((office, strange, silent)):
        one.url = f"http://office-{number}.example/"
    known = tuple(one.authority() for one in (office, strange, silent))
    world.archive.assign_settings("a stamp a day", authorities=known, min_anchors=1)
    world.archive.seal(asking(office))
    report = world.archive.bundle(tmp_path / "out", asking(office, strange))
    assert set(report.anchors) == {"Office", "Київ / 2"}
    assert {name for name, _ in report.failures} == {"Silent"}
    bundle = tmp_path / "out"
    anchors = bundle / "anchors"
    name = file_name("Київ / 2")
    assert name.isascii() and "/" not in name
    earlier = max((bundle / "data" / "checkpoints").iterdir(), key=lambda path: int(path.name))
    for data, token, certificate in (
        (bundle / "data/log/checkpoint", anchors / "checkpoint.Office.tsr", anchors / "Office.pem"),
        (bundle / "data/log/checkpoint", anchors / f"checkpoint.{name}.tsr", anchors / f"{name}.pem"),
        (bundle / "tagmanifest-sha256.txt", anchors / "tagmanifest.Office.tsr", anchors / "Office.pem"),
        (bundle / "tagmanifest-sha256.txt", anchors / f"tagmanifest.{name}.tsr", anchors / f"{name}.pem"),
        (earlier / "checkpoint", earlier / "Office.tsr", anchors / "Office.pem"),
    ):
        done = subprocess.run(
            [program("openssl"), "ts", "-verify", "-data", data, "-in", token, "-CAfile", certificate],
            capture_output=True, check=False,
        )  # fmt: skip
        assert (done.returncode, b"Verification: OK" in done.stdout + done.stderr) == (0, True), token
    assert not (anchors / "tagmanifest.Silent.tsr").exists()
    world.archive.assign_settings("no stamps any more")
    for audience in ("internal", "public"):
        world.archive.bundle(tmp_path / audience, audience=audience)
        assert (tmp_path / audience / "anchors" / "Office.pem").exists()
        assert verify(tmp_path / audience).ok
    root = CompactRange()
    for line in entries(bundle)[: int(earlier.name)]:
        root.append(leaf_hash(line))
    assert base64.b64encode(root.root()).decode() == (earlier / "checkpoint.body").read_text().splitlines()[2]


def test_the_script_in_the_bundle_passes_and_a_changed_item_fails_it(world: World, tmp_path: Path) -> None:
    office = TimeAuthority(tmp_path / "office", "Office")
    world.archive.assign_settings("a stamp a day", authorities=(office.authority(),), min_anchors=1)
    report = world.archive.bundle(tmp_path / "out", asking(office))
    (tmp_path / "office.pem").write_text(office.certificates)

    def checked() -> int:
        script = tmp_path / "out" / "data" / "verify" / "verify.sh"
        return subprocess.run(
            [program("sh"), script, "--key", report.key, "--ca", tmp_path / "office.pem"],
            capture_output=True, check=False,
        ).returncode  # fmt: skip

    assert checked() == 0
    item = tmp_path / "out" / "data" / "objects" / "sha256" / hashlib.sha256(OPEN).hexdigest()[:2]
    [path] = [one for one in item.iterdir() if one.name == hashlib.sha256(OPEN).hexdigest()]
    path.write_bytes(OPEN.replace(b"12", b"13"))
    assert checked() == 1


def test_of_what_was_deleted_nothing_goes_and_the_rest_still_does(world: World, tmp_path: Path) -> None:
    gone = b"9 people died in Castle Orrin, the driver of the truck said.\n"
    (tmp_path / "more.txt").write_bytes(gone)
    (tmp_path / "rest.txt").write_bytes(b"6 people died in Vesna.\n")
    [capture] = world.archive.add([tmp_path / "more.txt"]).captures
    world.archive.add([tmp_path / "rest.txt"])
    world.archive.run(InlineEngine(world.archive.case.blobs.folder), stages=case_steps.STAGES)
    hidden = list(secrets_of(world.archive, (gone,)))
    world.archive.delete(capture, "law", "The court of Brendia", "An order of the court.")
    world.archive.bundle(tmp_path / "out", None, audience="internal")
    told = json.loads((tmp_path / "out" / "data" / "withheld.json").read_bytes())
    assert "deleted" in {one["reason"] for one in told["entries"]}
    for name, data in files_of(tmp_path / "out"):
        assert not [what for what, secret in hidden if secret in data], name
        assert b"court of Brendia" not in data
    assert any(b"6 people died" in data for _, data in files_of(tmp_path / "out"))


def test_verify_finds_every_bundle_good(kept: World, world: World, tmp_path: Path) -> None:
    (tmp_path / "open.txt").write_bytes(b"4 people died in Vesna.\n")
    world.archive.add([tmp_path / "open.txt"], marking="public")
    for audience in ("internal", "public"):
        world.archive.bundle(tmp_path / audience, None, audience=audience, zipped=True)
    bundles = [bundle_of(kept), bundle_of(kept).with_name("out.zip")]
    for bundle in [*bundles, *sorted(tmp_path.glob("internal*")), *sorted(tmp_path.glob("public*"))]:
        report = verify(bundle)
        wrong = [(one.name, one.reason) for one in report.checks if one.outcome in ("fails", "not_run")]
        assert (wrong, report.ok) == ([], True)


def test_a_case_with_nothing_for_an_audience_gives_a_bundle_that_says_so(world: World, tmp_path: Path) -> None:
    report = world.archive.bundle(tmp_path / "out", audience="public")
    assert report.made.items == 0
    assert verify(tmp_path / "out").ok


def test_where_a_second_person_is_asked_for_nothing_goes_without_one(world: World, tmp_path: Path) -> None:
    world.archive.judge(world.archive.claims()[0].record.id, "confirmed", "The list was seen.", by="Ilan Brod")
    world.archive.assign_settings("two persons", approval=("bundle",))
    with pytest.raises(WayOutRefused) as refused:
        world.archive.bundle(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert refused.value.request is not None
    world.archive.approve(refused.value.request, "It was asked for by the court.", by="Ilan Brod")
    report = world.archive.bundle(tmp_path / "out", reason="The court asked for it.")
    left = parse_entry(entries(tmp_path / "out")[report.entry])
    assert isinstance(left.detail["approval"], int)
    assert verify(tmp_path / "out").ok
    assert not any(b"asked for it" in data or b"asked for by" in data for _, data in files_of(tmp_path / "out"))


def test_fewer_anchors_than_the_case_asks_for_let_nothing_out(world: World, tmp_path: Path) -> None:
    office = TimeAuthority(tmp_path / "office", "Office")
    world.archive.assign_settings("a stamp a day", authorities=(office.authority(),), min_anchors=1)
    with pytest.raises(WayOutRefused):
        world.archive.bundle(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert world.archive.bundle(tmp_path / "out", asking(office)).met


def test_the_command_says_what_went_what_did_not_and_what_to_tell_the_receiver(kept: World, tmp_path: Path) -> None:
    shutil.copytree(kept.folder, tmp_path / "case")
    said = probanda("bundle", tmp_path / "case", "-o", tmp_path / "out", "--zip", "--organization", "Desk", "--json")
    assert said.code == 0
    told = said.json
    assert (told["items"], told["audience"], told["zip"]) == (1, "court", str(tmp_path / "out.zip"))
    assert {"what": "items", "reason": "identity protected", "count": 1} in told["withheld"]
    tagmanifest = (tmp_path / "out" / "tagmanifest-sha256.txt").read_bytes()
    assert told["tagmanifest"] == hashlib.sha256(tagmanifest).hexdigest()
    assert told["key"] == kept.archive.case.key
    assert told["checkpoint"]["size"] == len(entries(tmp_path / "out"))
    assert b"Source-Organization: Desk\n" in (tmp_path / "out" / INFO).read_bytes()
    again = probanda("bundle", tmp_path / "case", "-o", tmp_path / "out")
    assert (again.code, "found something" in again.err) == (1, True)
    assert probanda("bundle", tmp_path / "case", "-o", tmp_path / "x", "--audience", "press").code == 2
    assert probanda("bundle", tmp_path / "case", "-o", tmp_path / "x", "--only", "capture:zz").code == 1
    (tmp_path / "closed").mkdir(mode=0o555)
    refused = probanda("bundle", tmp_path / "case", "-o", tmp_path / "closed" / "x", unprivileged=True)
    assert (refused.code, "Permission denied" in refused.err) == (1, True)


def test_the_log_is_there_to_the_byte_and_has_the_root_that_the_checkpoint_says(kept: World) -> None:
    lines = entries(bundle_of(kept))
    origin, size, root = (bundle_of(kept) / "data" / "log" / "checkpoint.body").read_text().splitlines()
    assert origin == "probanda/" + kept.archive.case.id.removeprefix("case:")
    assert len(lines) == int(size)
    own = kept.archive.case.log.path.read_bytes()
    assert own.startswith(b"".join(line + b"\n" for line in lines))
    tree = CompactRange()
    for line in lines:
        tree.append(leaf_hash(line))
    assert base64.b64encode(tree.root()).decode() == root
    last = parse_entry(lines[-1])
    assert (last.act, last.detail["way"], last.detail["audience"]) == (DISSEMINATION, "bundle", "court")


def test_after_the_bundle_stands_the_log_names_it_by_its_tag_manifest(kept: World) -> None:
    left = [one for one in kept.archive.case.log.entries() if one.act == DISSEMINATION]
    tagmanifest = (bundle_of(kept) / "tagmanifest-sha256.txt").read_bytes()
    assert dict(left[-1].detail) == {"of": left[-2].seq, "tagmanifest": hashlib.sha256(tagmanifest).hexdigest()}


def test_every_blob_of_the_case_is_in_the_bundle_or_accounted_for_by_the_entry_that_names_it(kept: World) -> None:
    bundle = bundle_of(kept)
    told = json.loads((bundle / "data" / "withheld.json").read_bytes())
    withheld = {one["seq"] for one in told["entries"]}
    there = {name.rsplit("/", 1)[1] for name, _ in files_of(bundle) if name.startswith("data/objects/")}
    named: set[str] = set()
    for line in entries(bundle):
        entry = parse_entry(line)
        blobs = {blob.sha256 for blob in entry.blobs()}
        if entry.act == INGESTION and (capture := capture_of(entry, kept.archive.case.openings)):
            blobs.add(capture.blob)
        if entry.act == DERIVATION:
            rows = kept.archive.case.blobs.read(entry.blobs("rows")[0].sha256).splitlines()
            blobs |= {output["sha256"] for row in rows for output in json.loads(row)["outputs"]}
        named |= blobs
        if entry.seq not in withheld:
            assert blobs <= there, entry.act
    assert there <= named
    assert there < set(kept.archive.case.blobs.walk())
    assert told["audience"] == "court"
    assert {(one["what"], one["reason"]) for one in told["counts"] if one["what"] == "items"} == {
        ("items", "identity protected"), ("items", "provided as a lead only")
    }  # fmt: skip


def test_of_what_is_withheld_no_file_holds_text_name_digest_or_size(kept: World) -> None:
    hidden = [*secrets_of(kept.archive, (SECRET, LEAD))]
    hidden += [
        ("name", b"horn-statement"),
        ("name", b"orrin-lead"),
        ("source", WITNESS.encode()),
        ("source", b"a driver"),
    ]
    hidden += [("note", b"note on"), ("agent", b"Ana Velt")]
    assert any(OPEN in data for _, data in files_of(bundle_of(kept))), "the search would find what is there"
    for bundle in (bundle_of(kept), bundle_of(kept).with_name("out.zip")):
        for name, data in files_of(bundle):
            for what, secret in hidden:
                assert secret not in data and secret not in name.encode(), (name, what)


def test_redacted_rows_have_the_root_that_the_log_states(kept: World) -> None:
    folder, checked = bundle_of(kept) / "data" / "log" / "rows", 0
    for line in entries(bundle_of(kept)):
        entry = parse_entry(line)
        if entry.act == DERIVATION:
            path = folder / f"{entry.blobs('rows')[0].sha256}.jsonl"
            shown, hidden = check_redacted(path.read_bytes().splitlines(), str(entry.detail["rows_root"]))
            assert (shown, hidden) == (1, 2)
            checked += 1
    assert checked == len(case_rows(folder)) == 4


def case_rows(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_item_shown_has_a_proof_of_its_own(kept: World) -> None:
    bundle, lines = bundle_of(kept), entries(bundle_of(kept))
    [seq] = [parse_entry(line).seq for line in lines if parse_entry(line).detail.get("capture") == kept.open]
    [proof] = sorted((bundle / "data" / "proofs").iterdir())
    assert proof.name == f"{seq}.tlog-proof"
    checkpoint = (bundle / "data" / "log" / "checkpoint").read_bytes()

    def opened(note: bytes) -> TreeHead:
        assert note == checkpoint
        _, size, root = note.decode().splitlines()[:3]
        return TreeHead(int(size), base64.b64decode(root))

    assert check_proof(proof.read_bytes(), lines[seq], opened, index=seq).size == len(lines)


def test_objects_and_events_say_what_the_log_says(kept: World) -> None:
    bundle = bundle_of(kept)
    there = {name.rsplit("/", 1)[1]: data for name, data in files_of(bundle) if name.startswith("data/objects/")}
    rows = list(csv.DictReader(io.StringIO((bundle / "data/metadata/objects.csv").read_text("utf-8"))))
    assert {row["sha256"] for row in rows} == set(there)
    for row in rows:
        assert (bundle / row["path"]).read_bytes() == there[row["sha256"]]
        assert int(row["size"]) == len(there[row["sha256"]])
    [item] = [row for row in rows if row["act"] == INGESTION]
    assert (item["capture"], item["name"], item["media_type"]) == (kept.open, "report.txt", "text/plain")
    told = [json.loads(line) for line in (bundle / "data/metadata/premis.jsonl").read_bytes().splitlines()]
    assert Counter(next(iter(one)) for one in told)["object"] == len(there)
    events = {one["event"]["eventIdentifier"]: one["event"] for one in told if "event" in one}
    for line in entries(bundle):
        entry = parse_entry(line)
        event = events[str(entry.seq)]
        assert (event["act"], event["eventDateTime"], event["eventOutcome"]) == (entry.act, entry.time, entry.outcome)
    types = {event["eventType"]: event["eventTypeURI"] for event in events.values()}
    assert types["ingestion"] == "http://id.loc.gov/vocabulary/preservation/eventType/ing"
    assert types["format identification"].endswith("/for")
    assert types["dissemination"].endswith("/dis")


def test_premis_is_split_into_files_that_each_stand_alone(world: World, tmp_path: Path) -> None:
    world.archive.bundle(tmp_path / "out", None, audience="internal", objects_a_file=2)
    files = sorted((tmp_path / "out" / "data" / "metadata").glob("premis-*.xml"))
    assert len(files) > 2
    objects: list[str] = []
    events = 0
    for path in files:
        root = etree.fromstring(path.read_bytes())
        kinds = [etree.QName(child).localname for child in root]
        assert kinds == sorted(kinds, key=("object", "event", "agent").index)
        digests = root.findall(f"{PREMIS}object//{PREMIS}messageDigest")
        assert len(digests) <= 2
        objects += [str(one.text) for one in digests]
        events += len(root.findall(f"{PREMIS}event"))
        agents = {one.text for one in root.findall(f"{PREMIS}agent//{PREMIS}agentIdentifierValue")}
        assert {one.text for one in root.iter(f"{PREMIS}linkingAgentIdentifierValue")} <= agents
    there = [name.rsplit("/", 1)[1] for name, _ in files_of(tmp_path / "out") if name.startswith("data/objects/")]
    assert sorted(objects) == sorted(there)
    assert events > len(entries(tmp_path / "out"))


def test_every_premis_element_stands_in_the_order_of_the_schema(kept: World) -> None:
    """PREMIS 3.0: children of `file`, `objectCharacteristics`, `event` and `agent` come in one order, some must be."""
    order: dict[str, tuple[list[str], set[str]]] = {
        "object": (
            ["objectIdentifier", "objectCharacteristics", "originalName", "storage"],
            {"objectIdentifier", "objectCharacteristics"},
        ),
        "objectCharacteristics": (["fixity", "size", "format"], {"format"}),
        "event": (
            ["eventIdentifier", "eventType", "eventDateTime", "eventDetailInformation", "eventOutcomeInformation",
             "linkingAgentIdentifier", "linkingObjectIdentifier"],
            {"eventIdentifier", "eventType", "eventDateTime"},
        ),
        "agent": (["agentIdentifier", "agentName", "agentType"], {"agentIdentifier"}),
    }  # fmt: skip
    seen = set()
    for path in (bundle_of(kept) / "data" / "metadata").glob("premis-*.xml"):
        root = etree.fromstring(path.read_bytes())
        assert (root.tag, root.get("version")) == (f"{PREMIS}premis", "3.0")
        for element in root.iter():
            name = etree.QName(element).localname
            if name in order:
                seen.add(name)
                children = [etree.QName(child).localname for child in element]
                places = [order[name][0].index(child) for child in children]
                assert places == sorted(places)
                if element.get("{http://www.w3.org/2001/XMLSchema-instance}type") != "intellectualEntity":
                    assert order[name][1] <= set(children)
    assert seen == set(order)


def test_what_came_from_another_case_is_handed_on_and_a_changed_key_signs(kept: World, tmp_path: Path) -> None:
    with Archive.create(tmp_path / "other", "Of others", "Ben Tar") as other:
        other.import_bundle(bundle_of(kept))
        other.rotate_key("The old laptop was given away.")
        report = other.bundle(tmp_path / "out", audience="internal")
        assert report.made.items == 1
        assert report.key != other.case.key
    assert verify(tmp_path / "out").ok
    assert any(OPEN in data for _, data in files_of(tmp_path / "out"))
    for name, data in files_of(tmp_path / "out"):
        assert SECRET[:40] not in data and WITNESS.encode() not in data, name


def test_the_zip_holds_the_folder_and_is_the_same_each_time(kept: World, tmp_path: Path) -> None:
    bundle, packed = bundle_of(kept), bundle_of(kept).with_name("out.zip")
    assert {name.removeprefix("out/"): data for name, data in files_of(packed)} == dict(files_of(bundle))
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
    copy = tmp_path / "elsewhere" / "out"
    shutil.copytree(bundle, copy, copy_function=shutil.copyfile)
    write_zip(copy, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == packed.read_bytes()


def test_what_a_crash_left_of_a_zip_is_removed_and_nothing_else(kept: World, tmp_path: Path) -> None:
    part = tmp_path / "again.zip.part"
    whole = bundle_of(kept).with_name("out.zip").read_bytes()
    for left in (b"", whole[: len(whole) // 2]):
        part.write_bytes(left)
        write_zip(bundle_of(kept), tmp_path / "again.zip")
        assert (tmp_path / "again.zip").read_bytes() == whole
        assert not part.exists()
        (tmp_path / "again.zip").unlink()
    for other in (b"my notes", whole[:30] + b"other/" + whole[36:]):
        part.write_bytes(other)
        with pytest.raises(OutputTaken):
            write_zip(bundle_of(kept), tmp_path / "again.zip")
        assert part.read_bytes() == other


def test_only_what_is_asked_for_goes(world: World, tmp_path: Path) -> None:
    (tmp_path / "more.txt").write_bytes(b"3 people died in Port Selis.\n")
    [other] = world.archive.add([tmp_path / "more.txt"], source="Selis Radio").captures
    report = world.archive.bundle(tmp_path / "out", None, only=[other[:40]])
    assert report.made.items == 1
    for name, data in files_of(tmp_path / "out"):
        assert b"Velin Post" not in data and OPEN not in data, name
    assert any(b"Selis Radio" in data for _, data in files_of(tmp_path / "out"))


def test_names_of_those_who_acted_are_opened_on_demand_and_never_of_a_protected_source(
    world: World, tmp_path: Path
) -> None:
    claim = world.archive.claims()[0].record.id
    world.archive.judge(claim, "confirmed", "The list was seen.", by=WITNESS)
    world.archive.judge(claim, "rejected", "The list was not seen.", by="Ilan Brod")
    world.archive.bundle(tmp_path / "out", None, audience="internal", names=True)
    whole = b"".join(data for _, data in files_of(tmp_path / "out"))
    assert b"Ana Velt" in whole and b"Ilan Brod" in whole
    assert WITNESS.encode() not in whole


def test_a_public_bundle_holds_no_word_of_a_person_of_the_case(world: World, tmp_path: Path) -> None:
    (tmp_path / "open.txt").write_bytes(b"4 people died in Vesna.\n")
    world.archive.add([tmp_path / "open.txt"], source="Vesna Radio", note="by phone", marking="public")
    world.archive.judge(world.archive.claims()[0].record.id, "confirmed", "The list was seen.")
    world.archive.bundle(tmp_path / "out", None, audience="public", names=True)
    whole = b"".join(data for _, data in files_of(tmp_path / "out"))
    assert b"Vesna Radio" in whole
    for secret in (OPEN, b"The list was seen", b"Ana Velt", b"by phone", b"Velin Post"):
        assert secret not in whole


def test_a_blob_that_is_not_its_name_stops_the_bundle_and_is_named(world: World, tmp_path: Path) -> None:
    path = world.archive.case.blobs.path(hashlib.sha256(OPEN).hexdigest())
    path.chmod(0o644)
    path.write_bytes(OPEN.replace(b"12", b"13"))
    with pytest.raises(BlobCorrupt, match=path.name):
        world.archive.bundle(tmp_path / "out", None)
    assert not (tmp_path / "out").exists()
    assert not part_of(tmp_path / "out").exists()


def test_nothing_is_written_over_and_nothing_into_the_case(world: World, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    for out, error in (
        (tmp_path / "taken", OutputTaken),
        (world.folder / "out", BundleError),
        (world.folder, BundleError),
        (tmp_path / "nowhere" / "out", BundleError),
    ):
        before = world.archive.case.log.size
        with pytest.raises(error):
            world.archive.bundle(out, None)
        assert world.archive.case.log.size == before
    assert list((tmp_path / "taken").iterdir()) == []


def test_what_a_crash_left_is_removed_when_it_is_ours_and_left_when_it_is_not(world: World, tmp_path: Path) -> None:
    part = part_of(tmp_path / "out")
    part.mkdir()
    (part / "data").mkdir()
    (part / MARK).write_text("case:" + "0" * 64 + "\n")
    with pytest.raises(OutputTaken, match=r"out\.part"):
        world.archive.bundle(tmp_path / "out", None)
    assert (part / "data").exists()
    for name, said in ((MARK, world.archive.case.id), (INFO, f"External-Identifier: {world.archive.case.id}")):
        shutil.rmtree(part, ignore_errors=True)
        shutil.rmtree(tmp_path / "out", ignore_errors=True)
        part.mkdir()
        (part / name).write_text(f"{said}\n")
        (part / "rest").write_bytes(b"half")
        world.archive.bundle(tmp_path / "out", None)
        assert not part.exists()
        assert not (tmp_path / "out" / "rest").exists()


def test_a_bundle_that_is_being_written_is_left_alone(world: World, tmp_path: Path) -> None:
    part = part_of(tmp_path / "out")
    part.mkdir()
    (part / MARK).write_text(f"{world.archive.case.id}\n")
    with (part / MARK).open("rb") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        with pytest.raises(Locked):
            world.archive.bundle(tmp_path / "out", None)
    assert part.exists()


def test_a_full_disk_is_said_and_leaves_nothing(world: World, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"Every night. " * 20_000)
    world.archive.add([tmp_path / "long.txt"])
    child = os.fork()
    if child == 0:  # from here on no file may grow beyond what the log needs
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            world.archive.bundle(tmp_path / "out", None)
        except BundleError as error:
            os._exit(0 if "make room" in str(error) else 3)
        os._exit(4)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert not part_of(tmp_path / "out").exists()
    assert not (tmp_path / "out").exists()
