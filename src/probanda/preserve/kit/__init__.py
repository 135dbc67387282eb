"""The verification kit: what goes into `data/verify/` of every bundle, so that it can be checked without Probanda.

Guarantees: the scripts need nothing but a POSIX shell, `sha256sum` and `openssl`; the log checker is plain Python of
at most sixty lines that a court's expert can read. They share no code with Probanda, so that a fault there is not
repeated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files as _resources
from typing import Final

NAMES: Final = ("README.md", "README.uk.md", "verify.sh", "verify_log.py", "verify_proof.py")


def files() -> Mapping[str, bytes]:
    """The kit's files by name."""
    folder = _resources(__package__)
    return {name: folder.joinpath(name).read_bytes() for name in NAMES}
