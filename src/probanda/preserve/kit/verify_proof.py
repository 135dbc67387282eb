#!/usr/bin/env python3
"""Checks one entry that was disclosed alone, with Python's own library (3.8 or later) and openssl (3.0 or later):

    python3 -I verify_proof.py PROOF ENTRY KEY [FILE ...]

PROOF  the file NUMBER.tlog-proof      ENTRY  a file with the entry's one line, as it stands in log/entries.jsonl
KEY    the public key (PEM) that signed the checkpoint; compare its fingerprint with what its owner told you
FILE   files that came with the entry, to be compared with the digests that it names

Shows that the entry is in the log that was signed, at that place, unchanged. Ends with 0 where all holds, else with 1."""
import base64, hashlib, json, subprocess, sys, tempfile
from pathlib import Path

def included(leaf, index, size, path, root):  # RFC 9162, section 2.1.3.2
    last, node = size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = hashlib.sha256(b"\1" + sibling + node).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = hashlib.sha256(b"\1" + node + sibling).digest()
        index, last = index >> 1, last >> 1
    return last == 0 and node == root

def check(proof, entry, key, files):  # what was looked at, and whether it holds
    head, _, note = proof.read_bytes().partition(b"\n\n")
    lines = [line for line in head.decode("ascii").split("\n") if not line.startswith("extra ")]
    index, path = int(lines[1][len("index "):]), [base64.b64decode(line, validate=True) for line in lines[2:]]
    body, _, signatures = note.rpartition(b"\n\n")
    origin, size, root = body.decode("utf-8").split("\n")[:3]
    line = entry.read_bytes().rstrip(b"\n")
    stated = json.loads(line)
    where = f"the entry is number {index} of the {int(size)} entries of {origin}"
    good = lines[0] == "c2sp.org/tlog-proof@v1" and all(len(node) == 32 for node in path) and 0 <= index < int(size)
    yield where, good and included(hashlib.sha256(b"\0" + line).digest(), index, int(size), path, base64.b64decode(root))
    yield f"the entry says so itself: number {stated['seq']}, {stated['act']}, {stated['time']}", stated["seq"] == index
    with tempfile.TemporaryDirectory() as folder:
        signed, held = Path(folder) / "checkpoint.body", False
        signed.write_bytes(body + b"\n")
        for name, value in (text.split(" ")[1:3] for text in signatures.decode("utf-8").splitlines()):
            (Path(folder) / "sig").write_bytes(base64.b64decode(value)[4:])
            command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", str(key), "-in", str(signed)]
            answer = subprocess.run([*command, "-sigfile", str(Path(folder) / "sig")], capture_output=True)
            held = held or (name == origin and answer.returncode == 0)
    der = subprocess.run(["openssl", "pkey", "-pubin", "-in", str(key), "-outform", "DER"], capture_output=True).stdout
    yield f"the checkpoint is signed by the key with the fingerprint {hashlib.sha256(der).hexdigest()}", held
    named = {thing.get("sha256") for thing in stated["objects"]}
    for file in files:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        yield f"the entry names the SHA-256 of {file.name}, {digest}", digest in named

if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    answers = list(check(*map(Path, sys.argv[1:4]), [Path(name) for name in sys.argv[4:]]))
    for what, holds in answers:
        print("ok  " if holds else "FAIL", what)
    sys.exit(0 if all(holds for _, holds in answers) else 1)
