"""A bundle out of the files of a case (spec/bundle.md), as a mapping of paths to bytes, written without the code that
writes bundles: the smallest that conforms. `sealed` lists and signs again what was changed, as who holds the key could.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping

from probanda.preserve.keys import Signer
from probanda.preserve.merkle import CompactRange, inclusion_proof, leaf_hash
from probanda.records.canonical import canonical

Files = dict[str, bytes]
Sign = Callable[[bytes], bytes]

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
LOG = "data/log/entries.jsonl"


def signing(signer: Signer) -> Sign:
    return lambda data: base64.b64decode(signer.sign(data))


def bundle_files(case: Mapping[str, bytes], signer: Signer, entries: int | None = None) -> Files:
    """The bundle of the first `entries` entries of the case (all, if not said), nothing withheld."""
    files: Files = {"bagit.txt": BAGIT}
    lines = case["log/entries.jsonl"].splitlines(keepends=True)[:entries]
    files[LOG] = b"".join(lines)
    files["data/case.json"] = case["probanda.json"]
    files["data/log/openings.jsonl"] = case["private/openings.jsonl"]
    for name, data in case.items():
        if name.startswith("blobs/sha256/"):
            files[name.replace("blobs/", "data/objects/")] = data
        elif name.startswith("keys/") and name.endswith(".pub.pem"):
            files[f"data/{name}"] = data
    files["data/withheld.json"] = canonical({"audience": "court", "entries": [], "counts": []}) + b"\n"
    files["anchors/log.pub.pem"] = case[f"keys/{signer.fingerprint}.pub.pem"]
    return sealed(with_checkpoint(described(files), signer), signer)


def described(files: Files) -> Files:
    """The files with descriptions that fit the log: of each blob the object and the row, of each entry the event."""
    entries = [json.loads(line) for line in files[LOG].splitlines()]
    case, told, rows = entries[0]["detail"]["case"], [], []
    objects, events = [], []
    for entry in entries:
        told += [{"agent": {"agentIdentifier": one["id"], "agentType": "person"}} for one in entry["agents"]]
        named = {"eventIdentifier": str(entry["seq"]), "act": entry["act"]}
        told.append({"event": {**named, "eventDateTime": entry["time"], "eventOutcome": entry["outcome"]}})
        events.append(
            f"<event><eventIdentifier><eventIdentifierValue>{case}/{entry['seq']}</eventIdentifierValue></eventIdentifier>"
            f"<eventDateTime>{entry['time']}</eventDateTime><eventOutcomeInformation><eventOutcome>{entry['outcome']}"
            "</eventOutcome></eventOutcomeInformation></event>"
        )
        for one in entry["objects"]:
            if place(one.get("sha256", "")) in files:
                cells = (one["sha256"], one["size"], place(one["sha256"]), entry["seq"], "", entry["act"], one["role"])
                rows.append(",".join(map(str, (*cells, entry["time"]))))
    for name in sorted(name for name in files if name.startswith("data/objects/")):
        digest, size = name[-64:], len(files[name])
        told.append({"object": {"messageDigest": digest, "size": size, "contentLocation": name}})
        objects.append(
            f'<object xsi:type="file"><objectCharacteristics><fixity><messageDigest>{digest}</messageDigest></fixity>'
            f"<size>{size}</size></objectCharacteristics><storage><contentLocation><contentLocationValue>{name}"
            "</contentLocationValue></contentLocation></storage></object>"
        )
    head = "sha256,size,path,entry,row,act,role,time"
    body = "\n".join([*objects, *events])
    return files | {
        "data/metadata/premis.jsonl": b"".join(canonical(one) + b"\n" for one in told),
        "data/metadata/objects.csv": "".join(f"{row}\r\n" for row in (head, *rows)).encode(),
        "data/metadata/premis-0001.xml": (
            '<premis xmlns="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'version="3.0">\n{body}\n</premis>\n'
        ).encode(),
    }


def place(digest: str) -> str:
    return f"data/objects/sha256/{digest[:2]}/{digest}"


def with_checkpoint(files: Files, signer: Signer) -> Files:
    """The files with a checkpoint over their log, its tiles, and a proof of each item."""
    tree = CompactRange()
    lines = files[LOG].splitlines()
    leaves = [leaf_hash(line) for line in lines]
    for line in lines:
        tree.append(leaf_hash(line))
    origin = json.loads(files["data/case.json"])["id"].replace("case:", "probanda/")
    root = base64.b64encode(tree.root()).decode()
    body = f"{origin}\n{tree.size}\n{root}\n".encode()
    signature = signing(signer)(body)
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + signer.public).digest()[:4]
    line = f"\u2014 {origin} {base64.b64encode(key_id + signature).decode()}\n".encode()
    note = body + b"\n" + line
    kept = {name: data for name, data in files.items() if not name.startswith(("data/log/tile/", "data/proofs/"))}
    for seq, entry in enumerate(lines):
        if json.loads(entry)["act"] == "ingestion":
            path = "".join(base64.b64encode(node).decode() + "\n" for node in inclusion_proof(leaves, seq))
            proof = f"c2sp.org/tlog-proof@v1\nindex {seq}\n{path}\n".encode() + note
            kept[f"data/proofs/{seq}.tlog-proof"] = proof
    width = len(lines)  # fewer than 256, so that one tile of each kind holds them
    kept[f"data/log/tile/0/000.p/{width}"] = b"".join(leaves)
    entries = b"".join(len(entry).to_bytes(2, "big") + entry for entry in lines)
    kept[f"data/log/tile/entries/000.p/{width}"] = entries
    return kept | {
        "data/log/checkpoint": note,
        "data/log/checkpoint.body": body,
        "data/log/checkpoint.sig": signature,
    }


def sealed(files: Mapping[str, bytes], signer: Signer) -> Files:
    """The files with the lists and the signature that fit them."""
    return signed(listed(files), signer)


def listed(files: Mapping[str, bytes]) -> Files:
    """The files with the manifests and the bag-info.txt that fit them."""
    out = {name: data for name, data in files.items() if not name.startswith(("manifest-", "tagmanifest-", "bag-info"))}
    payload = {name: data for name, data in out.items() if name.startswith("data/")}
    octets = sum(len(data) for data in payload.values())
    out["bag-info.txt"] = f"Bag-Software-Agent: probanda\nPayload-Oxum: {octets}.{len(payload)}\n".encode()
    out["manifest-sha256.txt"] = manifest(payload)
    tags = {name: data for name, data in out.items() if not name.startswith(("data/", "anchors/"))}
    out["tagmanifest-sha256.txt"] = manifest(tags)
    return out


def signed(files: Mapping[str, bytes], signer: Signer) -> Files:
    return {**files, "anchors/tagmanifest.sig": signing(signer)(files["tagmanifest-sha256.txt"])}


def manifest(files: Mapping[str, bytes], algorithm: str = "sha256") -> bytes:
    return b"".join(
        f"{hashlib.new(algorithm, data).hexdigest()}  {name}\n".encode() for name, data in sorted(files.items())
    )
