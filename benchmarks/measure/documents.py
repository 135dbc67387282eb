"""Documents of many kinds to measure with, made from the exercise texts of `tests/gold/dev`.

Guarantees: the same seed gives the same bytes; no two documents are alike; each kind has its share of whatever number
is asked for. The texts are exercises and say so; the documents are made from them and are nobody's. Pictures hold
English only, since the letters that are drawn are the Latin ones that Pillow brings.
"""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

import typst
import xlsxwriter
from PIL import Image, ImageDraw, ImageFont

from measure.reading import GOLD

# In a thousand documents. OCR is the dearest kind by far; a real collection has more or none of it.
SHARES: Mapping[str, int] = {
    "txt": 250, "html": 200, "pdf": 120, "docx": 100, "xlsx": 80, "csv": 80, "eml": 80, "png": 50, "zip": 40,
}  # fmt: skip
_WORDS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MOMENT = (2031, 5, 14, 9, 30, 0)
_SHEET = b"""#set page(paper: "a4", margin: 25mm, numbering: "1")
#set text(font: "Libertinus Serif", size: 11pt)
#set par(justify: true)
#for one in json(bytes(sys.inputs.data)) [#par(text(one))]
"""


@dataclass(frozen=True, slots=True)
class Source:
    """Paragraphs of the exercise texts: those that are English, and all of them."""

    english: tuple[str, ...]
    every: tuple[str, ...]


def source(gold: Path = GOLD) -> Source:
    """What documents are made of: `dev`, and where they are there `dev_uk` and `dev_ru` beside it."""
    english, slavic = (
        tuple(
            paragraph.strip()
            for name in names
            for path in sorted((gold.parent / name).glob("*.txt"))
            for paragraph in path.read_text("utf-8").split("\n\n")
            if paragraph.strip()
        )
        for names in ((gold.name,), (f"{gold.name}_uk", f"{gold.name}_ru"))
    )
    if not english:
        raise ValueError(f"expected exercise texts in {gold}, found none")
    return Source(english, english + slavic)


def shares(count: int) -> dict[str, int]:
    """How many of each kind make `count`, one of each at the least where there is room; plain text takes the rest."""
    if count < len(SHARES):
        raise ValueError(f"expected at least {len(SHARES)} documents, one of each kind, found {count}")
    found = {kind: max(1, count * share // 1000) for kind, share in SHARES.items()}
    found["txt"] += count - sum(found.values())
    return found


def write_documents(folder: Path, count: int, seed: int = 7, gold: Path = GOLD) -> dict[str, str]:
    """Writes `count` documents into the new folder `folder`; the kind of each by the name of its file."""
    folder.mkdir()
    kinds: dict[str, str] = {}
    chance = random.Random(seed)
    material = source(gold)
    for kind, number in shares(count).items():
        for place in range(number):
            name = f"{kind}-{place:04}.{kind}"
            (folder / name).write_bytes(_MAKERS[kind](_paragraphs(chance, material, kind, place), chance))
            kinds[name] = kind
    return kinds


def _paragraphs(chance: random.Random, material: Source, kind: str, place: int) -> list[str]:
    """What one document says: its own line, and paragraphs in an order of its own."""
    pool = material.english if kind == "png" else material.every
    wanted = {"pdf": 6500, "png": 450, "xlsx": 6000, "csv": 6000}.get(kind, 2000)
    found = [f"Exercise, invented: document {place + 1} of the kind {kind}."]
    while sum(map(len, found)) < wanted:
        found.append(chance.choice(pool))
    return found


def _text(paragraphs: list[str], chance: random.Random) -> bytes:
    return ("\n\n".join(paragraphs) + "\n").encode()


def _page(paragraphs: list[str], chance: random.Random) -> bytes:
    """An article among what a page has beside one: navigation, a script, links at its foot."""
    links = "".join(f'<li><a href="/s/{n}">Section {n}</a></li>' for n in range(12))
    body = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    head = f"<!doctype html>\n<html><head><meta charset='utf-8'><title>{escape(paragraphs[0])}</title></head>"
    return (
        f"{head}<body><nav><ul>{links}</ul></nav><article><h1>Exercise</h1>\n{body}\n</article>"
        f"<script>var a = 1;</script><footer><ul>{links}</ul></footer></body></html>\n"
    ).encode()


def _pdf(paragraphs: list[str], chance: random.Random) -> bytes:
    """Some three pages, set by typst."""
    data = {"data": json.dumps(paragraphs, ensure_ascii=False)}
    return bytes(typst.compile(_SHEET, sys_inputs=data, ignore_system_fonts=True, timestamp=0))


def _docx(paragraphs: list[str], chance: random.Random) -> bytes:
    body = "".join(
        f'<w:p><w:pPr/><w:r><w:rPr/><w:t xml:space="preserve">{escape(one)}</w:t></w:r></w:p>' for one in paragraphs
    )
    document = f"<w:document {_WORDS}><w:body>{body}</w:body></w:document>"
    return _zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": document.encode()})


def _rows(paragraphs: list[str], chance: random.Random) -> Iterator[tuple[str, str, int, str]]:
    """A list as people keep it: a day, a place in it, a number, and what was reported."""
    yield from (
        (
            str(date(2031, 1, 1) + timedelta(days=place)),
            f"Row {place + 1}",
            chance.randrange(200),
            " ".join(one.split()),
        )
        for place, one in enumerate(paragraphs)
    )


_HEAD = ("day", "entry", "number", "report")


def _xlsx(paragraphs: list[str], chance: random.Random) -> bytes:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime(*_MOMENT)})
    sheet = book.add_worksheet("Reports")
    for place, row in enumerate((_HEAD, *_rows(paragraphs, chance))):
        sheet.write_row(place, 0, row)
    book.close()
    return written.getvalue()


def _csv(paragraphs: list[str], chance: random.Random) -> bytes:
    written = io.StringIO()
    csv.writer(written).writerows((_HEAD, *_rows(paragraphs, chance)))
    return written.getvalue().encode()


def _eml(paragraphs: list[str], chance: random.Random) -> bytes:
    """A message with half of its words in its body, and a page and a list attached."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = "desk@karovia.example", "archive@karovia.example"
    message["Date"], message["Subject"] = "Wed, 14 May 2031 09:30:00 +0000", paragraphs[0]
    message["Message-ID"] = f"<{chance.getrandbits(64):x}@karovia.example>"
    half = max(1, len(paragraphs) // 2)
    message.set_content("\n\n".join(paragraphs[:half]) + "\n")
    message.add_attachment(_page(paragraphs[half:], chance), maintype="text", subtype="html", filename="report.html")
    message.add_attachment(_csv(paragraphs[half:], chance), maintype="text", subtype="csv", filename="list.csv")
    message.set_boundary(f"=={chance.getrandbits(64):016x}==")
    return message.as_bytes()


def _png(paragraphs: list[str], chance: random.Random) -> bytes:
    """A picture of a short text, black on white, as a scanner gives it at 150 dots an inch."""
    lines: list[str] = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) > 70:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines += [line, ""]
    picture = Image.new("L", (1240, 60 + 36 * len(lines)), 255)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(26)
    for place, line in enumerate(lines):
        draw.text((60, 30 + 36 * place), line, fill=0, font=font)
    written = io.BytesIO()
    picture.save(written, "PNG", dpi=(150, 150))
    return written.getvalue()


def _zip(paragraphs: list[str], chance: random.Random) -> bytes:
    third = max(1, len(paragraphs) // 3)
    return _zipped({
        "a/note.txt": _text(paragraphs[:third], chance),
        "a/page.html": _page(paragraphs[third : 2 * third] or paragraphs, chance),
        "b/report.docx": _docx(paragraphs[2 * third :] or paragraphs, chance),
    })  # fmt: skip


def _zipped(members: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name, _MOMENT), data, zipfile.ZIP_DEFLATED)
    return written.getvalue()


_MAKERS: Mapping[str, Callable[[list[str], random.Random], bytes]] = {
    "txt": _text, "html": _page, "pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "csv": _csv, "eml": _eml, "png": _png,
    "zip": _zip,
}  # fmt: skip
