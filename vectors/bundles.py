"""Bundles: a good one of the good case, and the faults of bundles, each as changes of the good one.

Where the lists and the signature are made to fit a change, somebody did it who holds the log's key.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from bundle_files import LOG, Files, bundle_files, described, listed, manifest, sealed, signed, with_checkpoint
from commits import commitment_vectors
from world import World

from probanda.preserve.checkpoint import log_key
from probanda.preserve.merkle import leaf_hash
from probanda.records.canonical import Json, canonical

Vector = tuple[str, str, list[str], Mapping[str, bytes | None]]
BODY = "data/log/checkpoint.body"
PREMIS, XML = "data/metadata/premis.jsonl", "data/metadata/premis-0001.xml"


def good_bundle(world: World) -> Files:
    return bundle_files(world.files(), world.signer)


def bundle_vectors(world: World) -> Iterator[Vector]:
    """Name, what it shows, the checks that fail, the files that differ from the good bundle."""
    good, signer, stranger = good_bundle(world), world.signer, world.stranger
    blob = f"data/objects/sha256/{world.report[:2]}/{world.report}"
    proof = "data/proofs/1.tlog-proof"

    def fitting(**files: bytes | None) -> Mapping[str, bytes | None]:
        """The change, with lists and signature that fit."""
        return changes(good, sealed(changed(good, files), signer))

    yield (
        "blob-edited", "a byte of a blob was changed", ["blobs.digest", "bundle.manifest"],
        {blob: good[blob].replace(b"40", b"41")},
    )  # fmt: skip
    every = [
        "bundle.manifest", "captures.complete", "checkpoints.consistent", "log.chain", "log.signatures", "proofs.hold",
        "tiles.agree",
    ]  # fmt: skip
    yield (
        "log-edited", "a byte of the log was changed", every,
        {LOG: good[LOG].replace(b"2026-11-17", b"2026-11-18")},
    )  # fmt: skip
    yield "file-more", "a file that no list names", ["bundle.manifest"], {"data/more.txt": b"more\n"}
    yield (
        "file-more-listed", "a file more, and the lists made to fit by somebody without the key", ["bundle.signature"],
        changes(good, listed(good | {"data/more.txt": b"more\n"})),
    )  # fmt: skip
    yield (
        "file-missing", "the openings were taken out", ["bundle.manifest"], {"data/log/openings.jsonl": None},
    )  # fmt: skip
    yield (
        "signature-stripped", "there is no signature", ["bundle.signature"], {"anchors/tagmanifest.sig": None},
    )  # fmt: skip
    yield (
        "signature-transplanted", "the signature of another bundle of the same log", ["bundle.signature"],
        {"anchors/tagmanifest.sig": sealed(good | {"data/more.txt": b""}, signer)["anchors/tagmanifest.sig"]},
    )  # fmt: skip
    pem = (world.folder.parent / "stranger" / f"{stranger.fingerprint}.pub.pem").read_bytes()
    yield (
        "key-of-another", "signed by a key that is not the log's, which lies in anchors/", ["bundle.signature"],
        changes(good, signed(good | {"anchors/log.pub.pem": pem}, stranger)),
    )  # fmt: skip
    payload = {name: data for name, data in good.items() if name.startswith("data/")}
    weaker = good | {"manifest-md5.txt": manifest(payload, "md5")}
    yield (
        "manifest-of-md5", "a manifest of a weaker algorithm beside the right one", ["bundle.manifest"],
        changes(good, signed(tagged(weaker), signer)),
    )  # fmt: skip
    twice = good["manifest-sha256.txt"] + good["manifest-sha256.txt"].splitlines(keepends=True)[0]
    yield (
        "manifest-names-twice", "the manifest names a file twice", ["bundle.manifest"],
        changes(good, signed(tagged(good | {"manifest-sha256.txt": twice}), signer)),
    )  # fmt: skip
    climbs = good["manifest-sha256.txt"] + b"ab" * 32 + b"  data/../../x\n"
    yield (
        "manifest-climbs", "the manifest names a file outside the bundle", ["bundle.manifest"],
        changes(good, signed(tagged(good | {"manifest-sha256.txt": climbs}), signer)),
    )  # fmt: skip
    yield (
        "fetch", "fetch.txt says that a file is to be got from elsewhere", ["bundle.layout"],
        fitting(**{"fetch.txt": b"https://example.org/x 3 data/x\n"}),
    )  # fmt: skip
    yield (
        "names-but-for-case", "two names that are one on some systems", ["bundle.layout"],
        fitting(**{"data/verify/A.txt": b"a\n", "data/verify/a.txt": b"b\n"}),
    )  # fmt: skip
    yield (
        "another-bagit", "bagit.txt is of an earlier BagIt", ["bundle.layout"],
        fitting(**{"bagit.txt": good["bagit.txt"].replace(b"1.0", b"0.97")}),
    )  # fmt: skip
    yield (
        "blob-missing-unsaid", "a blob is not there, and withheld.json does not say so",
        ["bundle.metadata", "bundle.withheld", "derivations.outputs"],
        fitting(**{f"data/objects/sha256/{world.text[:2]}/{world.text}": None}),
    )  # fmt: skip
    yield (
        "withheld-without-number", "withheld.json names an entry by no number", ["bundle.withheld"],
        fitting(**{"data/withheld.json": withheld([{"seq": "1", "reason": "restricted"}])}),
    )  # fmt: skip
    yield (
        "withheld-miscounted", "withheld.json counts items that it does not name", ["bundle.withheld"],
        fitting(**{"data/withheld.json": withheld([], [{"what": "items", "reason": "restricted", "count": 3}])}),
    )  # fmt: skip
    yield (
        "event-of-another-time", "a description says another time of an entry than the entry", ["bundle.metadata"],
        fitting(**{PREMIS: good[PREMIS].replace(b"07:00:03", b"07:00:02", 1)}),
    )  # fmt: skip
    yield (
        "description-differs", "the XML states another size than the JSON lines", ["bundle.metadata"],
        fitting(**{XML: good[XML].replace(b"<size>81<", b"<size>82<", 1)}),
    )  # fmt: skip
    yield (
        "proof-of-another", "the proof of an item is that of another", ["proofs.hold"],
        fitting(**{proof: good["data/proofs/4.tlog-proof"]}),
    )  # fmt: skip
    yield (
        "proof-hash-changed", "a hash of a proof was changed", ["proofs.hold"],
        fitting(**{proof: b"\n".join(_swapped(good[proof].split(b"\n")))}),
    )  # fmt: skip
    tile = next(name for name in good if name.startswith("data/log/tile/0/"))
    yield (
        "tile-changed", "a hash in a tile was changed", ["tiles.agree"],
        fitting(**{tile: good[tile][:-1] + bytes([good[tile][-1] ^ 1])}),
    )  # fmt: skip
    yield (
        "tile-missing",
        "the tile of the entries is not there",
        ["tiles.agree"],
        fitting(**{tile.replace("tile/0/", "tile/entries/"): None}),
    )
    yield (
        "checkpoint-of-another", "the checkpoint is signed by a key that is not the log's",
        ["checkpoints.signed", "proofs.hold"], changes(good, sealed(with_checkpoint(good, stranger), signer)),
    )  # fmt: skip
    yield (
        "checkpoint-in-plain-form-of-another", "the checkpoint's text for stock tools states another size",
        ["checkpoints.signed"],
        fitting(**{BODY: good[BODY].replace(b"\n", b"\n1", 1)}),
    )  # fmt: skip
    yield (
        "checkpoint-signature-in-plain-form-of-another", "the raw signature for stock tools is that of the lists",
        ["checkpoints.signed"],
        fitting(**{"data/log/checkpoint.sig": good["anchors/tagmanifest.sig"]}),
    )  # fmt: skip
    case = json.loads(good["data/case.json"])["id"]
    yield (
        "vkey-of-another", "the log's key in anchors/, as C2SP writes it, is that of another",
        ["bundle.signature"], {"anchors/log.vkey": f"{log_key(case, stranger.public).vkey}\n".encode()},
    )  # fmt: skip
    yield from _rows_left_out(world, good)


def _rows_left_out(world: World, good: Files) -> Iterator[Vector]:
    """Of a log with a derivation of two rows, the second is left out: told, not told, and another one in its place."""
    case = world.files()
    for name, data in next(
        found for name, _, _, found in commitment_vectors(world) if name == "committed-good"
    ).items():
        assert data is not None
        case[name] = data
    whole = bundle_files(case, world.signer)
    [(seq, entry)] = [
        (seq, json.loads(line)) for seq, line in enumerate(whole[LOG].splitlines()) if b"rows_root" in line
    ]
    digest = entry["objects"][0]["sha256"]
    blob = f"data/objects/sha256/{digest[:2]}/{digest}"
    first, second = whole[blob].splitlines()
    kept = {name: data for name, data in whole.items() if name != blob}
    told = withheld([{"seq": seq, "reason": "restricted"}], [{"what": "rows", "reason": "restricted", "count": 1}])

    def bundle(leaf: bytes, said: bytes) -> Mapping[str, bytes | None]:
        rows = b'{"row":%s}\n' % first + canonical({"leaf": leaf.hex()}) + b"\n"
        files = kept | {f"data/log/rows/{digest}.jsonl": rows, "data/withheld.json": said}
        return changes(good, sealed(described(files), world.signer))

    yield (
        "rows-redacted", "a row of a derivation is left out, its leaf stands in its place, and withheld.json says so; "
        "nothing fails", [], bundle(leaf_hash(second), told),
    )  # fmt: skip
    yield (
        "rows-redacted-unsaid", "a row is left out, and withheld.json does not say so",
        ["bundle.withheld"], bundle(leaf_hash(second), withheld([])),
    )  # fmt: skip
    yield (
        "rows-redacted-of-others", "in place of the row that is left out stands the leaf of another",
        ["bundle.withheld", "derivations.outputs"], bundle(leaf_hash(first), told),
    )  # fmt: skip


def changed(files: Mapping[str, bytes], change: Mapping[str, bytes | None]) -> Files:
    return {name: data for name, data in {**files, **change}.items() if data is not None}


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Mapping[str, bytes | None]:
    """What differs: `None` for a file that is gone."""
    gone: dict[str, bytes | None] = {name: None for name in before if name not in after}
    return gone | {name: data for name, data in after.items() if before.get(name) != data}


def tagged(files: Mapping[str, bytes]) -> Files:
    """The files with a tag manifest that fits."""
    tags = {name: data for name, data in files.items() if not name.startswith(("data/", "anchors/", "tagmanifest-"))}
    return {**files, "tagmanifest-sha256.txt": manifest(tags)}


def withheld(entries: list[Json], counts: list[Json] | None = None) -> bytes:
    return canonical({"audience": "court", "entries": entries, "counts": counts or []}) + b"\n"


def _swapped(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[3], lines[2], *lines[4:]]
