"""tar: ustar, pax and GNU headers (IEEE Std 1003.1-2017, pax, "ustar Interchange Format"; GNU tar manual, Standard).

Guarantees: a header is believed only with its checksum; a size only as far as bytes follow. Links, devices and pipes
are refused, each by its name: a link's target is another member or lies outside the archive. Members that are stored
with holes (sparse) are refused, since what is stored is not the file. Read from a stream, so that a packed archive is
never whole in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from probanda.steps.containers.found import CHUNK, Budget, Damaged, Found, Refused

_BLOCK = 512
_HEADER_BYTES = 2**20  # of a pax header or long name; arbitrary, paths are a few hundred bytes
_REFUSED = {
    b"1": "a hard link",
    b"2": "a symbolic link",
    b"3": "a character device",
    b"4": "a block device",
    b"6": "a named pipe",
    b"S": "a sparse file, which is stored with holes",
    b"M": "the continuation of a file from another volume",
}
_FILES = (b"0", b"\0", b"7")


def is_tar(head: bytes) -> bool:
    return head[257:262] == b"ustar"


def members_of_plain_tar(data: bytes, budget: Budget) -> Iterator[Found]:
    view = memoryview(data)
    chunks = (bytes(view[start : start + CHUNK]) for start in range(0, len(data), CHUNK))
    return members_of_tar(chunks, budget, budget.take)


def members_of_tar(chunks: Iterator[bytes], budget: Budget, take: Callable[[int], None]) -> Iterator[Found]:
    """`take` counts a member's bytes, where the chunks themselves are not counted."""
    source = _Source(chunks)
    common: dict[str, bytes] = {}
    own: dict[str, bytes] = {}
    while True:
        at = source.at
        header = source.read(_BLOCK)
        if not header.strip(b"\0"):
            return  # two blocks of zeros end an archive; one, or none, does as well
        if len(header) < _BLOCK or not _sound(header):
            raise Damaged(f"expected the header of a member at byte {at:,}, found other bytes: the archive is damaged")
        budget.entry()
        kind = header[156:157]
        fields = {**common, **own}
        size = _number(fields.get("size"), header[124:136])
        if size is None:
            raise Damaged(f"expected a size in the header at byte {at:,}, found none: the archive is damaged")
        if kind in b"xgLK":
            extended = source.read(size) if size <= _HEADER_BYTES else None
            if extended is None or len(extended) < size:
                raise Damaged(f"expected a header of at most {_HEADER_BYTES:,} bytes at byte {at:,}, found {size:,}")
            source.skip(-size % _BLOCK)
            if kind == b"g":
                common.update(_pax(extended))
            elif kind == b"x":
                own.update(_pax(extended))
            else:
                own["path" if kind == b"L" else "linkpath"] = extended.split(b"\0")[0]
            continue
        own = {}
        yield from _member(header, kind, fields, size, source, budget, take)


def _member(
    header: bytes,
    kind: bytes,
    fields: Mapping[str, bytes],
    size: int,
    source: _Source,
    budget: Budget,
    take: Callable[[int], None],
) -> Iterator[Found]:
    name, modified = fields.get("path") or _name(header), _time(fields.get("mtime"), header[136:148])
    if kind == b"5" or (kind in (b"0", b"\0") and name.endswith(b"/")):
        source.skip(_padded(size) if kind != b"5" else 0)
        return
    sparse = any(key.startswith("GNU.sparse") for key in fields)
    if kind in _REFUSED or sparse or kind not in _FILES:
        what = _REFUSED.get(kind) or ("a sparse file, which is stored with holes" if sparse else f"of kind {kind!r}")
        if kind in (b"1", b"2"):
            target = fields.get("linkpath") or header[157:257].split(b"\0")[0]
            what += f" to {target.decode('utf-8', 'replace')!r:.200}"
        yield Found(name, None, f"expected a file, found {what}: it has no bytes of its own here", modified, size)
        if kind not in (b"1", b"2", b"3", b"4", b"6"):
            source.skip(_padded(size))
        return
    try:
        data = budget.collect(source.pieces(size), take)
    except Refused as error:
        yield Found(name, None, str(error), modified, size)
    except Damaged as error:
        yield Found(name, None, str(error), modified, size)
        raise
    else:
        yield Found(name, data, None, modified, size)
    source.skip(source.left + -size % _BLOCK)


def _padded(size: int) -> int:
    return size + -size % _BLOCK


class _Source:
    """A stream read forwards. `left`: bytes of the piece that were promised and not read yet."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._from = 0  # of `_held`: what comes before was read
        self._faulty: str | None = None
        self.at = 0
        self.left = 0

    def _some(self, most: int) -> bytes:
        """At most `most` bytes; none at the end of the stream."""
        while self._from >= len(self._held):
            try:
                held = next(self._chunks, None)
            except Refused as error:
                raise Damaged(f"from byte {self.at:,} of the archive on nothing can be read: {error}") from error
            if held is None:
                return b""
            self._held, self._from = held, 0
        piece = self._held[self._from : self._from + most]
        self._from += len(piece)
        self.at += len(piece)
        return piece

    def read(self, count: int) -> bytes:
        held = bytearray()
        while len(held) < count and (piece := self._some(count - len(held))):
            held += piece
        return bytes(held)

    def pieces(self, count: int) -> Iterator[bytes]:
        """`count` bytes. Raises `Refused` where the stream ends before."""
        self.left = count
        while self.left:
            piece = self._some(min(self.left, CHUNK))
            if not piece:
                missing, self.left = self.left, 0
                raise Refused(f"the archive ends {missing:,} bytes before the end of this member: it was cut")
            self.left -= len(piece)
            yield piece

    def skip(self, count: int) -> None:
        self.left = 0
        while count and (piece := self._some(min(count, CHUNK))):
            count -= len(piece)


def _sound(header: bytes) -> bool:
    stated = _octal(header[148:156])
    blank = header[:148] + b" " * 8 + header[156:]
    # Old programs summed signed characters (GNU tar manual, Standard).
    signed = sum(byte - 256 if byte > 127 else byte for byte in blank)
    return stated in (sum(blank), signed)


def _octal(field: bytes) -> int | None:
    text = field.split(b"\0")[0].strip()
    try:
        return int(text, 8) if text else 0
    except ValueError:
        return None


def _number(pax: bytes | None, field: bytes) -> int | None:
    """A size: from the pax header, in base 256 (GNU), or octal; `None` where it is none, or negative."""
    if pax is not None:
        return int(pax) if pax.isdigit() and len(pax) < 20 else None
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    found = _octal(field)
    return found if found is not None and found >= 0 else None


def _name(header: bytes) -> bytes:
    name, prefix = header[:100].split(b"\0")[0], header[345:500].split(b"\0")[0]
    return prefix + b"/" + name if prefix and header[257:263] == b"ustar\0" else name


def _pax(data: bytes) -> dict[str, bytes]:
    """Records "LENGTH KEY=VALUE\\n"; those before a faulty one."""
    found: dict[str, bytes] = {}
    at = 0
    while at < len(data):
        length, space, _ = data[at : at + 20].partition(b" ")
        if not space or not length.isdigit() or int(length) <= len(length) + 1:
            break
        record = data[at + len(length) + 1 : at + int(length)]
        key, equals, value = record.removesuffix(b"\n").partition(b"=")
        if equals:
            found[key.decode("utf-8", "replace")] = value
        at += int(length)
    return found


def _time(pax: bytes | None, field: bytes) -> str | None:
    seconds = int(pax.split(b".")[0]) if pax and pax.split(b".")[0].isdigit() else _octal(field)
    if not seconds or not 0 < seconds < 253_402_300_800:  # year 10,000
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
