"""bundle: what a stranger with stock tools finds in it, and what nobody finds."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import bagit
import pytest
from lxml import etree

from probanda.archive import Archive
from probanda.preserve.bundle.compose import file_name
from probanda.preserve.merkle import CompactRange, leaf_hash
from probanda.preserve.tiles import TreeHead
from probanda.preserve.tlog_proof import check_proof
from probanda.preserve.verify import verify
from probanda.records.entry import DISSEMINATION, INGESTION, parse_entry
from seal_world import asking
from secret_world import OPEN, SECRET, WITNESS, World, files_of, made, program
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
    assert bag.version_info == (1, 0)
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


def test_premis_is_valid_by_the_schema_of_the_library_of_congress(kept: World) -> None:
    schema = etree.XMLSchema(etree.parse(Path(__file__).parent / "published" / "premis-v3-0.xsd"))
    files = sorted((bundle_of(kept) / "data" / "metadata").glob("premis-*.xml"))
    assert files
    for path in files:
        document = etree.parse(path)
        assert schema.validate(document), schema.error_log
        event = next(document.getroot().iter(f"{PREMIS}event"))
        event.append(event[0])  # the schema wants it first, and is not satisfied with anything
        assert not schema.validate(document)


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
