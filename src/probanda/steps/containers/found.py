"""What a container gives, and how much of it is read: the limits that hold whatever an archive says of itself.

Guarantees: no size that an archive states is trusted. Bytes are counted while they are unpacked, chunk by chunk, kept
or not, over all containers of a run together; memory stays under the total and one chunk. The numbers are arbitrary:
they let through the archives that people send each other, and stop those made to fill a disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

MEBIBYTE = 2**20
CHUNK = 65_536
REST = "(what follows)"  # the path of a row about what could not be listed
YOURSELF = "unpack it yourself and add the folder"


@dataclass(frozen=True, slots=True)
class Limits:
    """`ratio`: unpacked bytes for each packed one, looked at from `ratio_from` unpacked bytes on: text and blank
    pictures pack well too. `entries`: folders and what is refused count here, `members` are what is kept or refused."""

    total_bytes: int = 512 * MEBIBYTE
    member_bytes: int = 256 * MEBIBYTE
    members: int = 10_000
    entries: int = 100_000
    depth: int = 5
    ratio: int = 500
    ratio_from: int = 8 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Found:
    """One member as its container names it. `stored`: the bytes of its path there, or text where the container holds
    text. `data` is `None` where it could not be had, and then `reason` says why; a reason beside data is a remark.
    `size` is what the container states, `modified` the time that it states, in ISO 8601, without a zone where it states
    none."""

    stored: bytes | str
    data: bytes | None
    reason: str | None = None
    modified: str | None = None
    size: int | None = None
    encoding: str | None = None  # in which `stored` is written, where its bytes are not UTF-8


class Damaged(Exception):  # noqa: N818 - a name that a lawyer can read
    """The bytes cannot be read as this kind of container: what was expected and what was found."""


class Refused(Exception):  # noqa: N818
    """One member cannot be had; its neighbours can."""


class Stop(Exception):  # noqa: N818
    """A limit of the whole run is reached: nothing more is unpacked."""


def over(limit: str) -> str:
    return f"over the limit of {limit}; {YOURSELF}"


class Budget:
    """Counts what one run has unpacked."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.unpacked = 0
        self.entries = 0

    def entry(self) -> None:
        """One more thing is met. Raises `Stop`."""
        self.entries += 1
        if self.entries > self.limits.entries:
            raise Stop(over(f"{self.limits.entries:,} entries looked at"))

    def take(self, count: int) -> None:
        """`count` more bytes are unpacked. Raises `Stop`."""
        self.unpacked += count
        if self.unpacked > self.limits.total_bytes:
            raise Stop(over(f"{in_mebibytes(self.limits.total_bytes)} unpacked"))

    def collect(self, chunks: Iterator[bytes], take: Callable[[int], None] | None = None) -> bytes:
        """The chunks in one, as a member. Raises `Refused` over the limit of a member, `Stop`. `take` counts instead of
        this budget, where the bytes were counted before."""
        held = bytearray()
        for chunk in chunks:
            (take or self.take)(len(chunk))
            held += chunk
            if len(held) > self.limits.member_bytes:
                raise Refused(over(f"{in_mebibytes(self.limits.member_bytes)} for one member"))
        return bytes(held)

    def plain(self, view: memoryview) -> bytes:
        """A member that lies unpacked in its container."""
        if len(view) > self.limits.member_bytes:
            raise Refused(over(f"{in_mebibytes(self.limits.member_bytes)} for one member"))
        self.take(len(view))
        return bytes(view)

    def ratio(self, unpacked: int, packed: int) -> None:
        """Raises `Refused` where so few packed bytes gave so many."""
        if unpacked > self.limits.ratio_from and unpacked > self.limits.ratio * max(packed, 1):
            raise Refused(over(f"{self.limits.ratio} unpacked bytes for one packed byte, as a bomb has"))


def in_mebibytes(count: int) -> str:
    return f"{count // MEBIBYTE} MiB" if count >= MEBIBYTE else f"{count:,} bytes"
