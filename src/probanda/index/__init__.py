"""The index of a case: database rows that can be thrown away and made again from the log and the blobs.

`from probanda.index import models` sets Django up first, which the models need; importing this package alone does not,
so that a command which opens no case does not wait for it.
"""

from __future__ import annotations

import importlib
from types import ModuleType


def __getattr__(name: str) -> ModuleType:
    if name != "models":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    importlib.import_module("probanda.index.connect").setup()
    return importlib.import_module("probanda.index.models")
