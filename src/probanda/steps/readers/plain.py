"""Plain text: the decoded characters, line ends and all, without a byte-order mark; and how every text is decoded.

Refuses bytes that do not decode: replacement characters would be words that nobody wrote.
"""

from __future__ import annotations

from collections.abc import Mapping

from probanda.records.canonical import Json
from probanda.steps.encoding import codec
from probanda.steps.readers.frozen import Frozen, ReadError


def decoded(data: bytes, encoding: Json) -> str:
    """`data` as characters in `encoding`, which is a name of `tables/encodings.tsv`. Raises `ReadError`."""
    name = codec(encoding) if isinstance(encoding, str) else None
    if name is None:
        raise ReadError(f"expected an encoding of tables/encodings.tsv as parameter `encoding`, found {encoding!r}")
    try:
        return data.decode(name)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"expected text in {encoding}, found at byte {error.start} (0x{data[error.start]:02x}) what does not decode"
            f" so ({error.reason}); if another encoding is right, state it"
        ) from error


def read(data: bytes, parameters: Mapping[str, Json]) -> Frozen:
    encoding = parameters.get("encoding")
    source = decoded(data, encoding)
    mark = 1 if source.startswith("\ufeff") else 0
    text = source[mark:]
    return Frozen(
        text=text,
        basis="the whole text",
        segments=([0, len(text), mark, len(source)],) if text else (),
        chars=len(source),
        encoding=str(encoding),
    )
