"""A case with one item, and time authorities that answer in this process or over HTTP, for the tests of seals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from token_maker import Office, response

from probanda.archive import Archive
from probanda.collect.post import PostError
from probanda.preserve.log import Clock, system_clock
from probanda.records.settings import Authority
from time_authority import TimeAuthority

DAY = 86_400


def case_in(folder: Path, clock: Clock = system_clock) -> Archive:
    """A case with one item."""
    archive = Archive.create(folder / "case", "A trial of seals", "Ana Velt", clock=clock)
    add(archive, folder, "first.txt")
    return archive


def add(archive: Archive, folder: Path, name: str) -> None:
    path = folder / name
    path.write_text(f"Exercise: {name} says that nothing happened in Velin.\n", "utf-8")
    archive.add([path])


def asking(*authorities: TimeAuthority) -> Callable[[str, bytes, str], bytes]:
    """A `Post` that hands each request to the authority with this URL, without a network."""

    def post(url: str, body: bytes, content_type: str) -> bytes:
        for authority in authorities:
            if authority.url == url and authority.behaviour != "slow":
                status, answer = authority.answer(body)
                if status == 200:
                    return answer
        raise PostError("expected an answer, found nobody there")

    return post


class Paper:
    """An authority whose clock is the test's, and whose stamps are made in plain Python."""

    def __init__(self, name: str, office: Office, clock: Callable[[], datetime]) -> None:
        self.name, self.office, self.clock = name, office, clock
        self.url = f"http://{name.lower()}.example/"
        self.asked = 0

    def authority(self) -> Authority:
        return Authority(self.name, self.url, self.office.certificates)

    def answer(self, body: bytes) -> bytes:
        """Reads digest and nonce out of a request of ours, whose form is fixed."""
        self.asked += 1
        wide = body[10:11] == b"\x51" or b"\x60\x86\x48\x01\x65\x03\x04\x02\x03" in body
        digest, kind = (64, "sha512") if wide else (32, "sha256")
        start = body.index(bytes([0x04, digest])) + 2
        nonce = body[start + digest + 2 : start + digest + 2 + body[start + digest + 1]]
        return response(
            self.office, body[start : start + digest], self.clock(), digest=kind, nonce=int.from_bytes(nonce, "big"),
            hashed=True,
        )  # fmt: skip


def asking_paper(*authorities: Paper) -> Callable[[str, bytes, str], bytes]:
    def post(url: str, body: bytes, content_type: str) -> bytes:
        for authority in authorities:
            if authority.url == url:
                return authority.answer(body)
        raise PostError("expected an answer, found nobody there")

    return post


class Watch:
    """A clock that the test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def wait(self, **by: float) -> None:
        self.now += timedelta(**by)
