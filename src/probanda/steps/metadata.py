"""metadata: what a file states of itself: EXIF of pictures, the information of a PDF, the properties of Office files.

Parameter: `media_type`. Output, role `metadata`, canonical JSON:

    {"found":{"format":"JPEG","frames":1,"height":3000,"width":4000},"kind":"picture","stated":{"exif":{...},"gps":{...}},
     "standing":"stated by the file itself; anybody can write it there"}

`found` is measured from the file; everything under `stated` is what somebody or some program wrote into it, word for
word and unjudged: times without zones, places, names of devices and people can be wrong, and can be forged. Nothing of
it dates or places anything by itself. Values are cut to `MAX_CHARS`; bytes that are no text are told by their length.
Refuses what the readers refuse. Sources: CIPA DC-008 (EXIF), ISO 32000-1 14.3.3, ISO/IEC 29500-2 (core properties).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from importlib.metadata import version
from typing import Any

from PIL import ExifTags

from probanda.records.canonical import MAX_SAFE_INTEGER, Json, canonical
from probanda.records.derivation import Request
from probanda.steps.picture import FORMATS, frame_count, open_picture
from probanda.steps.readers.frozen import ReadError, one_line
from probanda.steps.readers.package import Package
from probanda.steps.step import Step, StepOutput, StepResult, failed, not_applicable, succeeded

STANDING = "stated by the file itself; anybody can write it there"
_PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_PACKAGES = tuple(_OFFICE + kind for kind in (
    "presentationml.presentation", "spreadsheetml.sheet", "wordprocessingml.document",
))  # fmt: skip
TYPES = (_PDF, *_PACKAGES, *FORMATS)
_PROPERTIES = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
MAX_VALUES = 300  # arbitrary: cameras write a hundred
MAX_CHARS = 2000  # arbitrary, of one value


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    media_type = request.parameters.get("media_type")
    try:
        if media_type in FORMATS:
            found = _picture(data)
        elif media_type == _PDF:
            found = _pdf(data)
        elif media_type in _PACKAGES:
            found = _package(data)
        else:
            return not_applicable(f"nothing is known of what {media_type} states of itself")
    except ReadError as error:
        return failed(str(error))
    stated = found["stated"]
    many = sum(len(one) for one in stated.values() if isinstance(one, Mapping)) if isinstance(stated, Mapping) else 0
    output = StepOutput("metadata", canonical({**found, "standing": STANDING}), "application/json")
    return succeeded(output, facts={"kind": found["kind"], "values": many})


def _picture(data: bytes) -> dict[str, Json]:
    with open_picture(data) as picture:
        found: dict[str, Json] = {
            "format": picture.format,
            "frames": frame_count(picture),
            "height": picture.height,
            "width": picture.width,
        }
        try:
            exif = picture.getexif()
            main = _named(exif.items(), ExifTags.TAGS)
            inner = _named(exif.get_ifd(ExifTags.IFD.Exif).items(), ExifTags.TAGS)
            gps = _named(exif.get_ifd(ExifTags.IFD.GPSInfo).items(), ExifTags.GPSTAGS)
        except (OSError, ValueError, SyntaxError, KeyError, TypeError, ArithmeticError, AttributeError) as error:
            return {
                "kind": "picture",
                "found": found,
                "stated": {"unreadable": {"exif": one_line(str(error))[:MAX_CHARS]}},
            }
    for name in ("ExifOffset", "GPSInfo"):
        main.pop(name, None)
    latitude = _degrees(gps.get("GPSLatitude"), gps.get("GPSLatitudeRef"), "NS", 90)
    longitude = _degrees(gps.get("GPSLongitude"), gps.get("GPSLongitudeRef"), "EW", 180)
    if latitude is not None and longitude is not None:
        gps = {**gps, "latitude": latitude, "longitude": longitude}
    return {"kind": "picture", "found": found, "stated": {"exif": {**main, **inner}, "gps": gps}}


def _degrees(parts: Json, half: Json, halves: str, most: int) -> float | None:
    """Degrees, minutes, seconds and a half of the globe as a decimal number; `None` where they do not make one."""
    if not isinstance(parts, list) or len(parts) != 3 or not isinstance(half, str) or half not in tuple(halves):
        return None
    numbers = [float(part) for part in parts if isinstance(part, int | float)]
    if len(numbers) != 3:
        return None
    value = numbers[0] + numbers[1] / 60 + numbers[2] / 3600
    return None if not 0 <= value <= most else round(-value if half == halves[1] else value, 6)


def _named(items: Iterable[tuple[int, Any]], names: Mapping[int, str]) -> dict[str, Json]:
    found = {names.get(number, f"tag {number}"): _value(value) for number, value in list(items)[:MAX_VALUES]}
    return {name: value for name, value in found.items() if value is not None}


def _value(value: Any) -> Json:
    """A value as JSON; `None` for what holds nothing."""
    if isinstance(value, bytes):
        if value.startswith(b"ASCII\0\0\0"):  # how EXIF marks a comment in ASCII
            value = value[8:]
        text = value.rstrip(b"\0 ")
        return _text(text.decode("ascii")) if text.isascii() and text else f"{len(value)} bytes" if value else None
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= MAX_SAFE_INTEGER else str(value)
    if isinstance(value, tuple | list):
        return [_value(one) for one in value[:100]]
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return round(number, 9) if abs(number) < 1e15 else None  # also no number, and infinity


def _text(value: str) -> str | None:
    return one_line(value)[:MAX_CHARS] or None


def _pdf(data: bytes) -> dict[str, Json]:
    from probanda.steps.readers.pdf import open_pdf

    with closing(open_pdf(data)) as document:
        stated = {name: _text(value) for name, value in document.get_metadata_dict(skip_empty=True).items()}
        found: dict[str, Json] = {"format": "PDF", "pages": len(document), "version": document.get_version()}
    return {"kind": "document", "found": found, "stated": {"information": {n: v for n, v in stated.items() if v}}}


def _package(data: bytes) -> dict[str, Json]:
    package = Package(data, "an Office document")
    stated: dict[str, Json] = {}
    for member in _PROPERTIES:
        if member in package.names:
            values: dict[str, Json] = {}
            for element in list(package.xml(member))[:MAX_VALUES]:
                text = _text(" ".join(element.itertext())) if isinstance(element.tag, str) else None
                if text is not None:
                    values[element.get("name") or element.tag.rpartition("}")[2]] = text
            stated[member.removeprefix("docProps/").removesuffix(".xml")] = values
    return {"kind": "document", "found": {"format": "Office Open XML", "members": len(package.names)}, "stated": stated}


def _resources() -> Mapping[str, str]:
    return {name: version(name) for name in ("lxml", "pillow", "pypdfium2")}


STEP = Step(
    "metadata",
    "1",
    _run,
    timeout_s=120.0,
    description="what a file states of itself",
    resources=_resources,
)
