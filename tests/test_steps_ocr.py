"""Pictures under their limits, what the recognition program says, and, where it is installed, what it recognises."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
import typst
from PIL import Image, ImageDraw, ImageFont

from cli_world import probanda
from make_pdf import FULL_PAGE_PICTURE, pdf, words
from material_steps import outputs, places
from probanda.records.canonical import parse_canonical
from probanda.steps import metadata, ocr
from probanda.steps.picture import FORMATS, MAX_PIXELS, frame_count, frames, open_picture
from probanda.steps.readers.frozen import ReadError
from probanda.steps.step import StepResult
from probanda.steps.tesseract import Tesseract, find_tesseract, parse_words

LINES = ("Twelve people died in Belov on Tuesday, the service said.", "Dozens are still missing.")
HERE = find_tesseract()
needs_program = pytest.mark.skipif(isinstance(HERE, str), reason=str(HERE))


def drawn(lines: tuple[str, ...] = LINES, size: tuple[int, int] = (1500, 260)) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    font = ImageFont.load_default(size=40)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((40, 40 + 90 * number), line, fill="black", font=font)
    return picture


def saved(picture: Image.Image, form: str = "PNG", **more: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **more)
    return written.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims this size and holds nothing of it."""
    out = b"\x89PNG\r\n\x1a\n"
    rows = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", b""), (b"IEND", b""))
    for name, body in rows:
        out += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return out


def recognise(data: bytes, media_type: str) -> StepResult:
    assert isinstance(HERE, Tesseract)
    return ocr.recognised(HERE, media_type, data, hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(("width", "height"), [(20_000, 10_000), (11_000, 9_200), (100_000, 100_000)])
def test_a_picture_too_large_is_refused_by_its_header(width: int, height: int) -> None:
    with pytest.raises(ReadError, match=r"at most 100,000,000 pixels.*not decoded"):
        open_picture(png_header(width, height))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0 nothing", b"RIFF\0\0\0\0WEBP", b"GIF89a"])
def test_what_only_begins_like_a_picture_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError, match="expected"):
        list(frames(open_picture(data), 1))


def test_a_picture_cut_short_is_refused() -> None:
    data = saved(drawn())
    with pytest.raises(ReadError, match="cut short"):
        list(frames(open_picture(data[: len(data) // 2]), 1))


def test_frames_stand_upright_and_on_white() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # turned by a quarter
    data = saved(Image.new("RGB", (30, 10), "black"), "JPEG", exif=turned)
    (frame,) = frames(open_picture(data), 5)
    assert frame.size == (10, 30)
    (clear,) = frames(open_picture(saved(Image.new("RGBA", (4, 4), (0, 0, 0, 0)))), 1)
    assert clear.getpixel((0, 0)) == (255, 255, 255)
    many = saved(Image.new("L", (4, 4)), "TIFF", save_all=True, append_images=[Image.new("L", (4, 4))] * 6)
    assert frame_count(open_picture(many)) == 7
    assert len(list(frames(open_picture(many), 3))) == 3


TABLE = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    "4\t1\t1\t1\t1\t0\t10\t20\t90\t12\t-1\t\n5\t1\t1\t1\t1\t1\t10\t20\t40\t12\t96.5\tTwelve\n"
    "5\t1\t1\t1\t1\t2\t60\t20\t40\t12\t-1\t \n5\t1\t1\t1\t2\t1\t10\t40\t40\t12\t30\tpeople\nbroken\trow\n"
)


def test_words_come_with_their_boxes_and_rows_of_another_form_are_none() -> None:
    assert [(word.text, word.box, word.confidence, word.line) for word in parse_words(TABLE)] == [
        ("Twelve", (10, 20, 50, 32), 96.5, (1, 1, 1)),
        ("people", (10, 40, 50, 52), 30.0, (1, 1, 2)),
    ]


def test_a_missing_program_is_said_with_what_to_install(tmp_path: Path) -> None:
    assert "apt install tesseract-ocr" in str(find_tesseract("no-such-program"))
    other = tmp_path / "tesseract"
    other.write_text(
        '#!/bin/sh\n[ "$1" = --version ] && echo "tesseract 5.0" || echo "List in \\"/nowhere/\\" (1):\neng"\n'
    )
    other.chmod(0o755)
    assert "lacks the models ukr, rus, eng" in str(find_tesseract(str(other)))


@pytest.mark.optional
@needs_program
@pytest.mark.parametrize(("form", "media_type"), [(f, m) for m, f in FORMATS.items()])
def test_every_recognised_line_leads_to_its_box(form: str, media_type: str) -> None:
    text, way_back = outputs(recognise(saved(drawn(), form), media_type))
    found = places(text, way_back)
    assert [line for line, _ in found] == list(LINES)
    for number, (_, at) in enumerate(found):
        left, top, right, bottom = at["box"]
        assert 30 < left < 60 and 30 + 90 * number < top < bottom < 110 + 90 * number and 400 < right < 1500
        assert at["confidence"] > 60
    assert way_back["pages"] == [{"height": 260, "page": 1, "rotation": 0, "unit": "px", "width": 1500}]
    assert way_back["basis"].startswith("optical character recognition (Tesseract ")


@pytest.mark.optional
@needs_program
def test_ukrainian_is_recognised_beside_english() -> None:
    source = "#set page(width: 300pt, height: 100pt)\nЗагинуло дванадцять людей\n\nTwelve people died"
    data = typst.compile(source.encode(), format="png", ppi=200)
    assert isinstance(data, bytes)
    text, _ = outputs(recognise(data, "image/png"))
    assert "Twelve people died" in text
    assert sum(word in text for word in ("Загинуло", "дванадцять", "людей")) >= 2


@pytest.mark.optional
@needs_program
def test_a_picture_without_words_gives_none() -> None:
    noise = Image.effect_noise((400, 300), 90)
    assert recognise(saved(noise), "image/png").outcome == "not_applicable"
    assert recognise(png_header(20_000, 10_000), "image/png").outcome == "failed"


def scan() -> bytes:
    """Two pages: one with a text layer, one that is a picture."""
    picture = drawn(size=(1600, 1200)).convert("L")
    body = zlib.compress(picture.tobytes())
    image = b"<< /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 " % picture.size
    image += b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(body), body)
    return pdf([words("A page with a text layer"), FULL_PAGE_PICTURE], objects=[image])


@pytest.mark.optional
@needs_program
def test_pages_of_a_pdf_without_a_text_layer_are_recognised_and_the_others_are_not() -> None:
    text, way_back = outputs(recognise(scan(), "application/pdf"))
    assert "Dozens are still missing." in text
    assert "text layer" not in text
    assert {at["page"] for _, at in places(text, way_back)} == {2}
    assert way_back["pages"][0]["dpi"] == ocr.DPI


@pytest.mark.optional
@needs_program
def test_a_case_reads_pictures_and_scanned_pages(tmp_path: Path) -> None:
    material, case = tmp_path / "material", tmp_path / "case"
    material.mkdir()
    (material / "photo.png").write_bytes(saved(drawn(("Nine people were injured in Vesna, the mayor said.",))))
    (material / "scan.pdf").write_bytes(pdf([FULL_PAGE_PICTURE], objects=[]))
    (material / "mixed.pdf").write_bytes(scan())
    commands: tuple[list[str | Path], ...] = (
        ["init", case, "--title", "Belov"], ["add", case, material], ["run", case],
    )  # fmt: skip
    for arguments in commands:
        assert probanda(*arguments).code == 0
    found = probanda("claims", case, "--kind", "casualty", "--json").json
    assert {claim["in_source"]["words"] for claim in found} == {"image region", "image region on page 2"}
    failures = [
        (row["name"].rpartition("/")[2], row["step"]) for row in probanda("items", case, "--json").json["failures"]
    ]
    assert failures == [("scan.pdf", "ocr")]
    assert probanda("verify", case).code == 0
    assert probanda("extract", material / "photo.png").code == 0


def stated(data: bytes, media_type: str) -> dict[str, Any]:
    request = metadata.STEP.request("0" * 64, parameters={"media_type": media_type})
    result = metadata.STEP.run(request, {"0" * 64: data})
    assert result.outcome == "succeeded", result.reason
    found: Any = parse_canonical(result.outputs[0].data)
    assert found["standing"] == "stated by the file itself; anybody can write it there"
    return dict(found)


def test_what_a_photograph_states_of_itself_is_kept_as_stated() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Model 7"
    exif.get_ifd(0x8769)[0x9003] = "2031:05:06 10:02:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (48.0, 30.0, 0.0), "W", (35.0, 15.0, 36.0)
    found = stated(saved(drawn(), "JPEG", exif=exif), "image/jpeg")
    assert found["found"] == {"format": "JPEG", "frames": 1, "height": 260, "width": 1500}
    assert found["stated"]["exif"]["Make"] == "Maker"
    assert found["stated"]["exif"]["DateTimeOriginal"] == "2031:05:06 10:02:00"
    assert (found["stated"]["gps"]["latitude"], found["stated"]["gps"]["longitude"]) == (48.5, -35.26)


def test_places_that_cannot_be_are_no_coordinates() -> None:
    exif = Image.Exif()
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (480.0, 0.0, 0.0), "E", (1.0, 0.0, 0.0)
    assert "latitude" not in stated(saved(drawn(), "JPEG", exif=exif), "image/jpeg")["stated"]["gps"]


def test_a_file_that_states_nothing_has_nothing_stated() -> None:
    assert stated(saved(drawn()), "image/png")["stated"] == {"exif": {}, "gps": {}}
    assert stated(pdf([words("x")]), "application/pdf")["stated"] == {"information": {}}
    assert MAX_PIXELS == 100_000_000


def test_documents_state_their_properties() -> None:
    data = pdf([words("x")], objects=[b"<< /Title (Report) /Author (M. Sandor) >>"], trailer=b"/Info 10 0 R")
    assert stated(data, "application/pdf")["stated"]["information"] == {"Author": "M. Sandor", "Title": "Report"}
