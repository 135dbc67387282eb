"""The members of a ZIP package (Office Open XML, OpenDocument), read under a hard limit, and its XML without traps.

Guarantees: no member is unpacked beyond the limit, whatever its header claims, and all together not beyond theirs; XML
with a document type declaration is refused, so that there is no entity to expand and no file or address to fetch
(ISO/IEC 29500-2, annex on XML usage, forbids such declarations in Office files). Refuses damaged members by name.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any
from xml.parsers import expat

from lxml import etree

from probanda.steps.readers.frozen import ReadError, locked

MAX_MEMBER = 128 * 2**20  # arbitrary: a sheet of a million filled cells has half of it
MAX_TOTAL = 512 * 2**20  # arbitrary, of what one reader unpacks
MAX_MEMBERS = 20_000  # arbitrary: a long document with pictures has hundreds
_CHUNK = 2**20
_PROLOGUE = 4096
# What the standard library raises at damaged archives.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, LookupError, RuntimeError)


class Package:
    """An open package. Raises `ReadError` where it is no ZIP archive or holds too many members."""

    def __init__(self, data: bytes, kind: str) -> None:
        self._kind = kind
        self._unpacked = 0
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as error:
            raise ReadError(
                f"expected {kind}, found a damaged ZIP package ({error}); it may be cut short: ask for it again"
            ) from error
        self.names = tuple(dict.fromkeys(self._archive.namelist()))
        if len(self.names) > MAX_MEMBERS:
            raise ReadError(f"expected at most {MAX_MEMBERS:,} members in {kind}, found {len(self.names):,}")

    def read(self, name: str) -> bytes:
        """The member's bytes. Raises `ReadError`."""
        pieces, length = [], 0
        try:
            if self._archive.getinfo(name).flag_bits & 1:
                raise locked(f"the member {name} of {self._kind} is encrypted")
            with self._archive.open(name) as member:
                while piece := member.read(_CHUNK):
                    length += len(piece)
                    if length > MAX_MEMBER or self._unpacked + length > MAX_TOTAL:
                        raise ReadError(
                            f"expected {self._kind} whose members unpack to at most {MAX_MEMBER // 2**20} MiB each and "
                            f"{MAX_TOTAL // 2**20} MiB together, found more at {name}: it is far larger than it looks"
                        )
                    pieces.append(piece)
        except ReadError:
            raise
        except _DAMAGE as error:
            raise ReadError(f"expected {self._kind}, found that its member {name} does not unpack: {error}") from error
        self._unpacked += length
        return b"".join(pieces)

    def require_xml(self, name: str, data: bytes) -> None:
        """Refuses a member that is not well-formed, or declares a document type, without building anything from it:
        calamine goes round for ever in what is cut or badly nested. Raises `ReadError`."""
        parser = expat.ParserCreate()

        def declared(*_: object) -> None:
            raise _declared(name)

        parser.StartDoctypeDeclHandler = declared
        try:
            parser.Parse(data, True)
        except ReadError:
            raise
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise ReadError(f"expected XML in the member {name} of {self._kind}, found: {error}") from error

    def xml(self, name: str) -> Any:
        """The root element of the member. Raises `ReadError`."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        data = self.read(name)
        if b"<!DOCTYPE" in data[:_PROLOGUE]:
            raise _declared(name)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError, LookupError) as error:
            raise ReadError(f"expected XML in the member {name} of {self._kind}, found: {error}") from error
        if root.getroottree().docinfo.internalDTD is not None:  # written in another encoding, or far down
            raise _declared(name)
        return root


def _declared(name: str) -> ReadError:
    return ReadError(
        f"expected XML without a document type declaration in {name} (Office files have none), found one: it may be "
        "made to read files or to exhaust a reader; nothing of it was followed"
    )
