"""A bundle out of the files of a case (spec/bundle.md), as a mapping of paths to bytes, written without the code that
writes bundles: the smallest that conforms. `sealed` lists and signs again what was changed, as who holds the key could.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping

from probanda.preserve.keys import Signer
from probanda.preserve.merkle import CompactRange, leaf_hash
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
    return sealed(with_checkpoint(files, signer), signer)


def with_checkpoint(files: Files, signer: Signer) -> Files:
    """The files with a checkpoint over their log."""
    tree = CompactRange()
    lines = files[LOG].splitlines()
    for line in lines:
        tree.append(leaf_hash(line))
    origin = json.loads(files["data/case.json"])["id"].replace("case:", "probanda/")
    root = base64.b64encode(tree.root()).decode()
    body = f"{origin}\n{tree.size}\n{root}\n".encode()
    signature = signing(signer)(body)
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + signer.public).digest()[:4]
    line = f"\u2014 {origin} {base64.b64encode(key_id + signature).decode()}\n".encode()
    return files | {
        "data/log/checkpoint": body + b"\n" + line,
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
