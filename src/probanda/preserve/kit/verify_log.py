#!/usr/bin/env python3
"""Checks the log of a case that was handed on, with Python's own library alone (3.8 or later):
    python3 -I verify_log.py [DATA]       DATA: the bundle's folder `data` (default: the folder above this file)
1. Every line is canonical JSON: sorted keys, no blanks, one spelling (a line with a fraction is not compared).
2. The entries are numbered 0, 1, 2 ... without a gap; each names in `prev` the hash of the line before it.
3. The Merkle tree of RFC 6962 over the lines has the root that log/checkpoint states, and over its first lines that of
   every earlier checkpoint: nothing was removed, changed, inserted or moved since each was signed.
Who signed is for verify.sh to check. Ends with 0 where all holds, with 1 where anything does not."""
import base64, functools, hashlib, json, multiprocessing, sys
from pathlib import Path
def look(part):  # the lines between two places of the file: their hashes, what the first states, what is wrong
    path, at, end = part
    leaves, first, wrong, fractions = [], None, [], []
    decode = json.JSONDecoder(parse_float=lambda text: fractions.append(text) or float(text)).decode
    encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode
    with open(path, "rb") as file:
        file.seek(at)
        while at < end:
            line, place, known = file.readline(65_536), len(leaves), len(fractions)
            at += len(line)
            try:
                entry = decode(line[:-1].decode())
                first = first or (entry["seq"], entry["prev"])
                if place and (entry["seq"], entry["prev"]) != (first[0] + place, leaves[-1].hex()):
                    wrong.append((place, "has another number than its place, or does not name the line before it"))
                if line[-1:] != b"\n" or known == len(fractions) and encode(entry).encode() != line[:-1]:
                    wrong.append((place, "is not in canonical form"))
            except (ValueError, TypeError, LookupError, RecursionError) as error:
                wrong.append((place, f"is no entry: {error!r:.90}"))
            leaves.append(hashlib.sha256(b"\0" + line[:-1]).digest())
    return leaves, first, wrong
def parts(path, at=0):  # about eight megabytes each, cut behind a line, so that every processor has its own
    with open(path, "rb") as file:
        while at < path.stat().st_size:
            end = file.seek(min(at + 8_000_000, path.stat().st_size)) + len(file.readline(65_536))
            yield path, at, end
            at = end
def check(data, pool, number=0, before="0" * 64):  # what is wrong, in words
    case, heads, peaks = json.loads((data / "case.json").read_bytes())["id"].replace("case:", "probanda/"), {}, []
    for path in [*data.glob("checkpoints/*/checkpoint"), data / "log" / "checkpoint"]:
        origin, size, root = path.read_text("utf-8").split("\n")[:3]  # of the last one: that of the whole log
        heads.setdefault(int(size), []).append((path, origin == case and base64.b64decode(root)))
    for leaves, first, wrong in pool.imap(look, parts(data / "log" / "entries.jsonl")):
        if first != (number, before):
            yield f"line {number + 1} has another number than its place, or does not name the line before it"
        yield from (f"line {number + 1 + place} {what}" for place, what in wrong)
        for node in leaves:
            before, number = node.hex(), number + 1
            for _ in range((number & -number).bit_length() - 1):  # two trees of the same height become one
                node = hashlib.sha256(b"\1" + peaks.pop() + node).digest()
            peaks.append(node)
            for path, root in heads.pop(number, ()):
                if functools.reduce(lambda low, top: hashlib.sha256(b"\1" + top + low).digest(), peaks[::-1]) != root:
                    yield f"the first {number} lines do not have the root that {path} states, or it is of another case"
    yield from (f"there are {number} lines, where a checkpoint says {size}" for size in {*heads, int(size)} - {number})
if __name__ == "__main__":
    with multiprocessing.Pool() as pool:
        found = list(check(Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).resolve().parent.parent, pool))
    print("\n".join(found[:20]) if found else "the log is whole, in order, and has the root of every checkpoint")
    sys.exit(1 if found else 0)
