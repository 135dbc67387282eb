"""A bundle with everything that the verification kit looks at, as a mapping of paths to bytes: the kit, an earlier
seal by an earlier key, time stamps of two authorities, a proof."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

from bundle_files import LOG, Files, sealed, with_checkpoint
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bundle_world import BundleWorld
from probanda.preserve import kit
from probanda.preserve.keys import Signer, public_pem, signer_of
from probanda.preserve.merkle import inclusion_proof, leaf_hash
from probanda.preserve.tlog_proof import encode_proof
from time_authority import TimeAuthority


class KitWorld:
    """`files` is the good bundle; `run` runs `verify.sh` over what a spoiler made of it."""

    def __init__(self, folder: Path) -> None:
        world = BundleWorld(folder / "world")
        self.signer: Signer = world.signer
        self.office, self.other = TimeAuthority(folder / "office", "Office"), TimeAuthority(folder / "other", "Other")
        self.trusted = folder / "trusted.pem"
        self.trusted.write_text(self.office.certificates + self.other.certificates)
        self.files = self._complete(world.files)

    def _complete(self, bundle: Files) -> Files:
        files: Files = {**bundle, **{f"data/verify/{name}": data for name, data in kit.files().items()}}
        lines = files[LOG].splitlines(keepends=True)
        older, public = _older_key()
        earlier = with_checkpoint({**files, LOG: b"".join(lines[:3])}, older)
        for name in ("checkpoint", "checkpoint.body", "checkpoint.sig"):
            files[f"data/checkpoints/3/{name}"] = earlier[f"data/log/{name}"]
        files["data/checkpoints/3/Office.tsr"] = self.office.stamp(files["data/checkpoints/3/checkpoint"])
        files[f"data/keys/{older.fingerprint}.pub.pem"] = public
        note = files["data/log/checkpoint"]
        files["anchors/checkpoint.Other.tsr"] = self.other.stamp(note)
        hashes = [leaf_hash(line) for line in files[LOG].splitlines()]
        files["data/proofs/2.tlog-proof"] = encode_proof(2, inclusion_proof(hashes, 2), note)
        files["anchors/Office.pem"] = self.office.certificates.encode()
        files["anchors/Other.pem"] = self.other.certificates.encode()
        return self.stamped(files)

    def stamped(self, files: Files) -> Files:
        """The files listed, signed and stamped as whoever holds the key and asks the authority now would do it."""
        done = sealed(files, self.signer)
        done["anchors/tagmanifest.Office.tsr"] = self.office.stamp(done["tagmanifest-sha256.txt"])
        return done

    def run(self, folder: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """The kit's own script over a folder: not the one in the bundle, which an attacker writes."""
        script = Path(kit.__file__).parent / "verify.sh"
        return subprocess.run(
            ["sh", str(script), *map(str, arguments), "--", str(folder)],
            capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL,
        )  # fmt: skip


def _older_key() -> tuple[Signer, bytes]:
    signer = signer_of(Ed25519PrivateKey.from_private_bytes(b"an earlier key of this same case"))
    return signer, public_pem(signer.public)


def relink(lines: list[bytes]) -> bytes:
    """The entries numbered and chained anew, as who forges a log would do it."""
    out, before = [], "0" * 64
    for seq, line in enumerate(lines):
        entry = {**json.loads(line), "seq": seq, "prev": before}
        made = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        before = hashlib.sha256(b"\0" + made).hexdigest()
        out.append(made + b"\n")
    return b"".join(out)
