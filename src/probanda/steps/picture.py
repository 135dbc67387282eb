"""Pictures, opened under a hard limit: size and format are known before anything is decoded.

Guarantees: only the formats named here are tried, by content; a picture of more than `MAX_PIXELS` is refused by what
its header says, before memory is taken for it. Frames come upright as the file says they are to be shown (EXIF
orientation), without transparency (on white), one after another.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps, UnidentifiedImageError

from probanda.steps.readers.frozen import ReadError

FORMATS = {
    "image/bmp": "BMP", "image/gif": "GIF", "image/jpeg": "JPEG", "image/png": "PNG", "image/tiff": "TIFF",
    "image/webp": "WEBP",
}  # fmt: skip
MAX_PIXELS = 100_000_000  # arbitrary: a page of newspaper at 600 dots per inch
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, struct.error, ArithmeticError)


def open_picture(data: bytes) -> Image.Image:
    """The picture, not decoded. Raises `ReadError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # judged below, by our own limit
            picture = Image.open(io.BytesIO(data), formats=list(FORMATS.values()))
    except Image.DecompressionBombError as error:
        raise _too_large(str(error)) from error
    except (UnidentifiedImageError, *_BROKEN) as error:
        raise ReadError(
            f"expected a picture, found a file that begins like one and cannot be opened: {error}"
        ) from error
    _within(picture)
    return picture


def frames(picture: Image.Image, most: int) -> Iterator[Image.Image]:
    """Up to `most` frames, decoded. Raises `ReadError`."""
    for number in range(min(most, frame_count(picture))):
        try:
            picture.seek(number)
            _within(picture)
            shown = ImageOps.exif_transpose(picture.copy())
            yield _on_white(shown)
        except Image.DecompressionBombError as error:
            raise _too_large(str(error)) from error
        except _BROKEN as error:
            raise ReadError(
                f"expected a whole picture, found frame {number + 1} damaged or cut short: {error}"
            ) from error


def frame_count(picture: Image.Image) -> int:
    """How many pages or frames the file says it has."""
    try:
        return int(getattr(picture, "n_frames", 1))
    except _BROKEN:
        return 1


def png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    return written.getvalue()


def _within(picture: Image.Image) -> None:
    if picture.width * picture.height > MAX_PIXELS:
        raise _too_large(f"{picture.width:,} by {picture.height:,}")


def _too_large(found: str) -> ReadError:
    return ReadError(
        f"expected a picture of at most {MAX_PIXELS:,} pixels, found {found}; it was not decoded. "
        "Add a smaller copy as well"
    )


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in ("L", "RGB"):
        return picture
    if "A" in picture.getbands() or "transparency" in picture.info:
        whole = picture.convert("RGBA")
        ground = Image.new("RGB", whole.size, "white")
        ground.paste(whole, mask=whole.getchannel("A"))
        return ground
    return picture.convert("L" if picture.mode == "1" else "RGB")
