"""Attacks on a bundle: on the way by anybody, by a careful forger who makes the lists fit, and by who stole the key and
signs the lists anew, so that the checks behind them are reached.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping

from bundle_files import listed, manifest, sealed, signed, with_checkpoint

from attack_world import BUNDLE_LOG, Entries, Files, Sealed, entries, flipped, resigned
from attacks import ACTS, Attacked, Row
from probanda.preserve.keys import public_pem
from probanda.records.canonical import canonical

Change = Callable[[Sealed, Files], Attacked]
Attack = Callable[[Sealed], Attacked]
OPENINGS, WITHHELD = "data/log/openings.jsonl", "data/withheld.json"
PREMIS, XML, CSV = (f"data/metadata/{name}" for name in ("premis.jsonl", "premis-0001.xml", "objects.csv"))


def as_it_came(change: Change) -> Attack:
    return lambda world: change(world, world.bundle)


def relisted(change: Change) -> Attack:
    """The lists made to fit, by somebody without the key."""

    def attack(world: Sealed) -> Attacked:
        files, names = change(world, world.bundle)
        assert isinstance(files, dict)
        return listed(files), names

    return attack


def stolen(change: Change) -> Attack:
    """The lists made to fit and signed by the stolen key; the stamps over the old list are gone."""

    def attack(world: Sealed) -> Attacked:
        files, names = change(world, world.bundle)
        assert isinstance(files, dict)
        return _unstamped(sealed(files, world.signer), "tagmanifest"), names

    return attack


def _unstamped(files: Files, *of: str) -> Files:
    gone = tuple(f"anchors/{one}." for one in of)
    return {name: data for name, data in files.items() if not (name.startswith(gone) and name.endswith(".tsr"))}


def flip(name: str, names: str = "", at: bytes = b"") -> Change:
    """A byte of the first file whose path begins so, after `at` (else in the middle)."""

    def change(world: Sealed, files: Files) -> Attacked:
        path = first(files, name)
        data = files[path]
        return files | {path: flipped(data, data.index(at) + len(at) if at else None)}, names or path

    return change


def first(files: Mapping[str, bytes], name: str) -> str:
    return min(path for path in files if path.startswith(name))


def flip_blob(world: Sealed, files: Files) -> Attacked:
    return flip("data/objects/")(world, files)[0], first(files, "data/objects/")[-64:]


def less(name: str, names: str = "") -> Change:
    def change(world: Sealed, files: Files) -> Attacked:
        gone = first(files, name)
        return {path: data for path, data in files.items() if path != gone}, names or gone

    return change


def more(name: str, data: bytes, names: str = "") -> Change:
    return lambda world, files: (files | {name: data}, names or name)


def said(name: str, old: bytes, new: bytes, names: str) -> Change:
    def change(world: Sealed, files: Files) -> Attacked:
        assert old in files[name]
        return files | {name: files[name].replace(old, new, 1)}, names

    return change


FILES = (
    ("a blob", "data/objects/"), ("the log", BUNDLE_LOG), ("the openings", OPENINGS),
    ("the case's file", "data/case.json"),
    ("a public key", "data/keys/"), ("the checkpoint", "data/log/checkpoint"),
    ("the checkpoint's text", "data/log/checkpoint.body"), ("the checkpoint's signature", "data/log/checkpoint.sig"),
    ("a tile", "data/log/tile/0/"), ("a tile of entries", "data/log/tile/entries/"),
    ("redacted rows", "data/log/rows/"), ("an earlier checkpoint", "data/checkpoints/15/checkpoint"),
    ("an earlier stamp", "data/checkpoints/15/Office.tsr"), ("a proof", "data/proofs/"),
    ("PREMIS in JSON lines", PREMIS),
    ("PREMIS in XML", XML), ("the table of objects", CSV), ("what is withheld", WITHHELD),
    ("the script", "data/verify/verify.sh"), ("the log checker", "data/verify/verify_log.py"),
    ("the read-me", "data/verify/README.md"), ("bag-info.txt", "bag-info.txt"),
)  # fmt: skip


def bytes_of_it() -> Iterator[Row]:
    group = "A byte of a bundle"
    for kind, name in FILES:
        change = flip_blob if kind == "a blob" else flip(name)
        yield Row(group, "a byte of a listed file is changed", as_it_came(change), "bundle.manifest", kind)
        yield Row(group, "a listed file is taken away", as_it_came(less(name)), "bundle.manifest", kind)
    signature = "bundle.signature"
    for kind, name, check, names in (
        ("bagit.txt", "bagit.txt", "bundle.manifest", "bagit.txt"),
        ("the manifest", "manifest-sha256.txt", "bundle.manifest", "manifest-sha256.txt"),
        ("the tag manifest", "tagmanifest-sha256.txt", signature, "tagmanifest.sig"),
        ("the signature", "anchors/tagmanifest.sig", signature, "tagmanifest.sig"),
        ("the log's key", "anchors/log.pub.pem", signature, "key"),
        ("the stamp over the checkpoint", "anchors/checkpoint.Office.tsr", "time.tokens", "checkpoint.Office.tsr"),
        ("the stamp over the list of lists", "anchors/tagmanifest.Office.tsr", "time.tokens", "tagmanifest.Office.tsr"),
        ("the log's key as C2SP writes it", "anchors/log.vkey", signature, "log.vkey"),
        ("the certificate of an authority", "anchors/Office.pem", "time.tokens", "Office.pem"),
    ):  # fmt: skip
        yield Row(group, "a byte of a file that no list names is changed", as_it_came(flip(name, names)), check, kind)


def lists() -> Iterator[Row]:
    group = "Files and lists of a bundle"
    yield Row(group, "a file more", as_it_came(more("data/more.txt", b"more")), "bundle.manifest")
    yield Row(
        group,
        "a file more, the lists made to fit",
        relisted(more("data/more.txt", b"", "tagmanifest.sig")),
        "bundle.signature",
    )
    yield Row(
        group,
        "a file and its line in the list are taken away, the lists made to fit",
        relisted(less("data/objects/", "tagmanifest.sig")),
        "bundle.signature",
    )
    yield Row(group, "the lists are signed by another key", by_another_key, "bundle.signature")
    yield Row(group, "the lists are signed by the key before the rotation", by_old_key, "bundle.signature")
    yield Row(
        group,
        "the signature is stripped",
        as_it_came(less("anchors/tagmanifest.sig", "tagmanifest.sig")),
        "bundle.signature",
    )
    yield Row(
        group,
        "the signature of an earlier bundle of the same case",
        as_it_came(
            lambda world, files: (
                files | {"anchors/tagmanifest.sig": world.earlier["anchors/tagmanifest.sig"]},
                "tagmanifest.sig",
            )
        ),
        "bundle.signature",
    )
    yield Row(
        group,
        "the signature of the checkpoint",
        as_it_came(
            lambda world, files: (
                files | {"anchors/tagmanifest.sig": files["data/log/checkpoint.sig"]},
                "tagmanifest.sig",
            )
        ),
        "bundle.signature",
    )
    for algorithm in ("md5", "sha1"):
        yield Row(
            group,
            "a list by a weaker hash beside the right one, signed by the stolen key",
            weaker(algorithm, beside=True),
            "bundle.manifest",
            algorithm,
        )
        yield Row(
            group,
            "a list by a weaker hash in place of the right one, signed by the stolen key",
            weaker(algorithm, beside=False),
            "bundle.manifest",
            algorithm,
        )
    yield Row(
        group,
        "a byte of a file, the lists made to fit and signed by the stolen key, the stamps over them kept",
        lambda world: (sealed(world.bundle | {"data/more.txt": b""}, world.signer), "tagmanifest.Bureau.tsr"),
        "time.tokens",
    )
    yield Row(
        group,
        "the same, and the stamps dropped",
        stolen(more("data/verify/more.txt", b"x")),
        None,
        says=("key.pinned", "compare it"),
        remains="a thief of the key signs what he likes beside the log; the log itself is anchored",
    )
    yield Row(
        group,
        "fetch.txt names a file elsewhere",
        stolen(more("fetch.txt", b"http://example.org/x 3 data/x\n")),
        "bundle.layout",
    )
    yield Row(group, "two names that differ in case alone", stolen(
        lambda world, files: (files | {"data/verify/A.txt": b"1", "data/verify/a.txt": b"2"}, "A.txt")),
        "bundle.layout")  # fmt: skip
    yield Row(
        group, "bagit.txt of an older BagIt", stolen(said("bagit.txt", b"1.0", b"0.97", "bagit.txt")), "bundle.layout"
    )
    yield Row(
        group,
        "a program among the anchors",
        as_it_came(more("anchors/run.sh", b"#!/bin/sh\n", "run.sh")),
        "bundle.layout",
    )


def by_another_key(world: Sealed) -> Attacked:
    other = next(one for key, one in world.signers.items() if key not in (world.key, world.first_key))
    files = world.bundle | {"anchors/log.pub.pem": public_pem(other.public)}
    return signed(files, other), other.fingerprint


def by_old_key(world: Sealed) -> Attacked:
    old = world.signers[world.first_key]
    return signed(world.bundle | {"anchors/log.pub.pem": public_pem(old.public)}, old), old.fingerprint


def weaker(algorithm: str, *, beside: bool) -> Attack:
    def attack(world: Sealed) -> Attacked:
        files = dict(world.bundle)
        payload = {name: data for name, data in files.items() if name.startswith("data/")}
        files[f"manifest-{algorithm}.txt"] = manifest(payload, algorithm)
        if not beside:
            del files["manifest-sha256.txt"]
        tags = {name: data for name, data in files.items() if not name.startswith(("data/", "anchors/", "tagm"))}
        files |= {"tagmanifest-sha256.txt": manifest(tags)}
        return _unstamped(signed(files, world.signer), "tagmanifest"), algorithm if beside else "manifest-sha256.txt"

    return attack


def relogged(change: Callable[[Entries], Entries], names: str) -> Attack:
    """The log changed and signed anew by who holds every key, with a checkpoint, tiles, proofs and lists to match."""

    def attack(world: Sealed) -> Attacked:
        files = resigned(world.bundle, change(entries(world.bundle)), world.signers)
        files = with_checkpoint(files, world.signer)
        shown = {name: data for name, data in files.items() if name in world.bundle or "/proofs/" not in name}
        return _unstamped(sealed(shown, world.signer), "tagmanifest", "checkpoint"), names

    return attack


def remarked(act: str) -> Callable[[Entries], Entries]:
    def change(found: Entries) -> Entries:
        one = next(one for one in found if one["act"] == act)
        one["detail"]["remark"] = "changed"
        return found

    return change


def inside() -> Iterator[Row]:
    group = "A bundle, its lists signed anew by the stolen key"
    for act, _ in ACTS:
        if act != "access":
            yield Row(group, "an entry is edited, checkpoint, tiles and proofs made to match",
                      relogged(remarked(act), "the log had the root"), "checkpoints.consistent", act)  # fmt: skip
    yield Row(
        group,
        "an entry after the last seal in the log is edited, checkpoint, tiles and proofs made to match",
        relogged(remarked("access"), ""),
        None,
        says=("log.root", "compare both with what was kept elsewhere"),
        remains="the stamps over the bundle's own checkpoint are gone, so nothing anchors these entries",
    )
    for what, change, check in (
        ("a blob is taken away", less("data/objects/", "withheld.json does not say so"), "bundle.withheld"),
        ("a blob that nothing shown leads to is put in", stray, "bundle.withheld"),
        ("withheld.json names what is shown", withholding(1), "proofs.hold"),
        ("withheld.json no longer names an item that is not shown", showing(2), "proofs.hold"),
        ("withheld.json no longer names rows that are not shown", showing(4), "bundle.withheld"),
        ("withheld.json counts another number of items", said(
            WITHHELD, b'"reason": "deleted", "count": 1', b'"reason": "deleted", "count": 7', "counts 7 items"),
         "bundle.withheld"),
        ("withheld.json names an entry that the log has not", withholding(999), "bundle.withheld"),
        ("the values behind two openings that are shown are exchanged", exchanged_openings, "commitments.open"),
        ("a proof is that of another item", lambda world, files: (
            files | {"data/proofs/1.tlog-proof": files["data/proofs/20.tlog-proof"]}, "the proof of entry 1"),
         "proofs.hold"),
        ("a proof is that of another case", lambda world, files: (
            files | {"data/proofs/1.tlog-proof": world.other["data/proofs/1.tlog-proof"]}, "the proof of entry 1"),
         "proofs.hold"),
        ("a proof is taken away", less("data/proofs/1.", "expected a proof of entry 1"), "proofs.hold"),
        ("a byte of a proof is changed", flip("data/proofs/1.", "the proof of entry 1", b"index 1\n"), "proofs.hold"),
        ("a byte of a tile is changed", flip("data/log/tile/0/", "tile/0/000"), "tiles.agree"),
        ("a byte of a tile of entries is changed", flip("data/log/tile/entries/", "tile/entries/000"), "tiles.agree"),
        ("the tile of all entries is taken away", last_tile, "tiles.agree"),
        ("the checkpoint is that of another case", lambda world, files: (
            files | {"data/log/checkpoint": world.other["data/log/checkpoint"]}, "the bundle's checkpoint"),
         "checkpoints.signed"),
        ("the checkpoint is an earlier one of the same case", lambda world, files: (
            files | {"data/log/checkpoint": world.earlier["data/log/checkpoint"]}, "the bundle's checkpoint"),
         "checkpoints.consistent"),
        ("a stamp over the checkpoint is one over an earlier checkpoint", lambda world, files: (
            files | {"anchors/checkpoint.Office.tsr": files["data/checkpoints/15/Office.tsr"]},
            "checkpoint.Office.tsr"), "time.tokens"),
        ("a stamp over the checkpoint is one over the list of lists", lambda world, files: (
            files | {"anchors/checkpoint.Office.tsr": files["anchors/tagmanifest.Office.tsr"]},
            "checkpoint.Office.tsr"), "time.tokens"),
        ("the version of a step in redacted rows is another", said_in_rows(b'"version":"1"', b'"version":"2"'),
         "derivations.outputs"),
        ("a withheld row's leaf is another", said_in_rows(b'{"leaf":"', b'{"leaf":"0', cut=True),
         "derivations.outputs"),
        ("PREMIS states another time of an entry", said(PREMIS, b"12:00:15", b"12:00:14", "event 1"),
         "bundle.metadata"),
        ("PREMIS states another outcome", said(PREMIS, b'"eventOutcome":"failure"', b'"eventOutcome":"success"',
                                               "event 16"), "bundle.metadata"),
        ("PREMIS in XML states another size", said(XML, b"<size>", b"<size>1", "the PREMIS files"),
         "bundle.metadata"),
        ("the table of objects names another act", said(CSV, b",ingestion,", b",derivation,", "objects.csv"),
         "bundle.metadata"),
        ("a line of PREMIS is taken away", lambda world, files: (
            files | {PREMIS: b"".join(files[PREMIS].splitlines(keepends=True)[:-1])}, "premis"), "bundle.metadata"),
        ("an entry is dropped from the log alone", lambda world, files: (
            files | {BUNDLE_LOG: b"".join(files[BUNDLE_LOG].splitlines(keepends=True)[:-1])}, "tile"), "tiles.agree"),
        ("a public key is that of another", lambda world, files: (
            files | {f"data/keys/{world.key}.pub.pem": files[f"data/keys/{world.first_key}.pub.pem"]}, world.key),
         "key.agreement"),
        ("the case's file names another case", lambda world, files: (
            files | {"data/case.json": world.other["data/case.json"]}, "id:"), "case.identity"),
    ):  # fmt: skip
        yield Row(group, what, stolen(change), check)
    yield Row(group, "withheld.json counts another number of things that are no items", stolen(
        said(WITHHELD, b'"what": "other acts", "reason"', b'"what": "things", "reason"', "")), None,
        says=("bundle.withheld", "what is not here is what the bundle says it leaves out"),
        remains="items and entries are counted by verify; other counts are what the bundle says of itself")  # fmt: skip
    plain = "data/log/checkpoint.body: expected the text"
    for what, change in (
        ("a byte of the checkpoint's text in plain form is changed", flip("data/log/checkpoint.body", plain)),
        ("a byte of the checkpoint's signature in plain form is changed",
         flip("data/log/checkpoint.sig", "data/log/checkpoint.sig: expected the signature")),
        ("the checkpoint's text in plain form is taken away", less("data/log/checkpoint.body", plain)),
        ("the checkpoint in plain form is that of another case", lambda world, files: (
            files | {name: world.other[name] for name in ("data/log/checkpoint.body", "data/log/checkpoint.sig")},
            plain)),
        ("a byte of an earlier checkpoint beside the log is changed",
         flip("data/checkpoints/15/checkpoint", "data/checkpoints/15")),
        ("an earlier checkpoint beside the log is that of another size", lambda world, files: (
            files | {f"data/checkpoints/15/{name}": files[f"data/log/{name}"]
                     for name in ("checkpoint", "checkpoint.body", "checkpoint.sig")},
            "data/checkpoints/15: expected a checkpoint that the log names")),
        ("a byte of an earlier stamp beside the log is changed",
         flip("data/checkpoints/15/Office.tsr", "Office.tsr: expected a stamp or cosignature that the log names")),
        ("an earlier stamp beside the log is that of the bundle's checkpoint", lambda world, files: (
            files | {"data/checkpoints/15/Office.tsr": files["anchors/checkpoint.Office.tsr"]},
            "Office.tsr: expected a stamp or cosignature that the log names")),
    ):  # fmt: skip
        yield Row(group, what, stolen(change), "checkpoints.signed")
    yield Row(
        group, "the script is another", stolen(flip("data/verify/verify.sh")), None, says=("key.pinned", "compare it"),
        remains="a copy for the reader's convenience: take script and checker from the program's own release",
    )  # fmt: skip


def last_tile(world: Sealed, files: Files) -> Attacked:
    return less(f"data/log/tile/0/000.p/{len(entries(files))}", "tile/0/000")(world, files)


def stray(world: Sealed, files: Files) -> Attacked:
    digest = hashlib.sha256(b"stray").hexdigest()
    return files | {f"data/objects/sha256/{digest[:2]}/{digest}": b"stray"}, "1 blobs are there that nothing shown"


def withholding(seq: int) -> Change:
    def change(world: Sealed, files: Files) -> Attacked:
        found = json.loads(files[WITHHELD])
        found["entries"].append({"seq": seq, "reason": "withheld"})
        if seq == 1:
            found["counts"].append({"what": "items", "reason": "withheld", "count": 1})
        return files | {WITHHELD: canonical(found) + b"\n"}, "proofs" if seq == 1 else f"entry {seq}"

    return change


def showing(seq: int) -> Change:
    def change(world: Sealed, files: Files) -> Attacked:
        found = json.loads(files[WITHHELD])
        gone = next(one for one in found["entries"] if one["seq"] == seq)
        found["entries"].remove(gone)
        for count in found["counts"]:
            count["count"] -= count["reason"] == gone["reason"] and count["what"] == "items"
        return files | {WITHHELD: canonical(found) + b"\n"}, f"entry {seq}"

    return change


def exchanged_openings(world: Sealed, files: Files) -> Attacked:
    lines = [json.loads(line) for line in files[OPENINGS].splitlines()]
    (one, two) = [number for number, line in enumerate(lines) if isinstance(line["value"], dict)][:2]
    lines[one]["value"], lines[two]["value"] = lines[two]["value"], lines[one]["value"]
    return files | {OPENINGS: b"".join(canonical(line) + b"\n" for line in lines)}, f"line {one + 1} of openings.jsonl"


def said_in_rows(old: bytes, new: bytes, *, cut: bool = False) -> Change:
    """`cut`: a digit more at the beginning and one less at the end."""

    def change(world: Sealed, files: Files) -> Attacked:
        path = next(name for name in sorted(files) if name.startswith("data/log/rows/") and old in files[name])
        data = files[path].replace(old, new, 1)
        if cut:
            end = data.index(b'"}', data.index(new))
            data = data[: end - 1] + data[end:]
        return files | {path: data}, "expected the root"

    return change
