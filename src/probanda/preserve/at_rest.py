"""How the private files of a case are kept: in clear, or sealed (`sealed.Sealed`).

Guarantees: what is kept in clear has the name and the bytes that it always had.
"""

from __future__ import annotations

from typing import Final, Protocol


class AtRest(Protocol):
    """`suffix` ends the names of files that are kept so. `seal` needs no secret; `open` may have to ask for one, and
    raises `PassphraseMissing`, `WrongPassphrase`, and `ValueError` for bytes that were never sealed for this case."""

    @property
    def suffix(self) -> str: ...

    def seal(self, data: bytes) -> bytes: ...

    def open(self, data: bytes) -> bytes: ...


class InClear:
    """Kept as it is."""

    suffix = ""

    def seal(self, data: bytes) -> bytes:
        return data

    def open(self, data: bytes) -> bytes:
        return data


CLEAR: Final = InClear()
