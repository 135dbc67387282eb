"""PDF files by hand, so that a test says exactly what is in them."""

from __future__ import annotations

from collections.abc import Sequence

HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf(
    contents: Sequence[bytes],
    *,
    count: int | None = None,
    page: bytes = b"/MediaBox [0 0 400 300]",
    trailer: bytes = b"",
    objects: Sequence[bytes] = (),
) -> bytes:
    """A file with a page for each content stream. `count`: how many pages it claims. `objects` are numbered from 10."""
    pages = [20 + 2 * n for n in range(len(contents))]
    kids = b" ".join(b"%d 0 R" % number for number in pages)
    numbered = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % (len(contents) if count is None else count),
        3: HELVETICA,
        **{10 + n: body for n, body in enumerate(objects)},
    }
    for number, content in zip(pages, contents, strict=True):
        resources = b"/Resources << /Font << /F1 3 0 R >> /XObject << /Im1 10 0 R >> >>"
        numbered[number] = b"<< /Type /Page /Parent 2 0 R %s %s /Contents %d 0 R >>" % (page, resources, number + 1)
        numbered[number + 1] = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    out, offsets = b"%PDF-1.7\n", {}
    for number, body in sorted(numbered.items()):
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    out += b"xref\n0 1\n0000000000 65535 f \n"
    for number, offset in offsets.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, offset)
    return out + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (max(offsets) + 1, trailer, at)


def words(text: str, x: float = 40, y: float = 250, *, size: float = 12, mode: int = 0) -> bytes:
    """The operators that show `text` in Helvetica at a place."""
    escaped = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F1 %g Tf %d Tr %g %g Td (%s) Tj ET\n" % (size, mode, x, y, escaped)


PICTURE = b"""<< /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 1 >>
stream
\x80
endstream"""
FULL_PAGE_PICTURE = b"q 400 0 0 300 0 0 cm /Im1 Do Q\n"
ENCRYPTED = (
    b"/ID [(0123456789abcdef) (0123456789abcdef)] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O (%s) /U (%s) >>"
)
ENCRYPTED %= (b"o" * 32, b"u" * 32)
