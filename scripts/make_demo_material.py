"""Makes those items of the demo that are no plain text: a PDF, a Word form, a workbook, a message, an archive, a
picture and a damaged file. All of it is an exercise, invented, and says so in its words.

`python scripts/make_demo_material.py [FOLDER]`: into FOLDER, else over the material that is there. The same bytes each
time with the same versions of typst, XlsxWriter and Pillow; what these compress is packed again without compression, so
that Word form, workbook, message and archive do not hang on the machine's zlib.
"""

from __future__ import annotations

import base64
import io
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import typst
import xlsxwriter
from PIL import Image, ImageDraw, ImageFont

DEMO = Path(__file__).resolve().parent.parent / "src" / "probanda" / "demo"
MARK = "EXERCISE – invented. No person, body, town or event in this text exists."
DAY = (2031, 4, 13, 9, 0, 0)

STATEMENT = (
    (MARK,),
    ("Form W-07: statement of a witness",),
    ("Name and contact:", "kept apart from this form, under seal"),
    ("Taken on, at:", "12 April 2031, Vesna"),
    ("Consent:", "documentation and court; no publication"),
    ("1. What did you see at the harbour market of Port Selis on 8 April 2031?",),
    ("I was at the back door of the fish hall when the first missile struck the roof. The second missile hit the "
     "stairs to the quay a minute later. I carried water to the wounded until noon.",),
    ("2. Whom did you see there before the strike?",),
    ("Families, porters and the women who mend nets. I saw no soldier and no military vehicle that morning.",),
    ("3. What did others tell you?",),
    ("A nurse told me that 17 people had died on the stairs. I did not count them myself.",),
)  # fmt: skip

ADMISSIONS = (
    ("Day", "Ward", "Admitted", "Of them children", "Transferred", "Died in hospital"),
    ("2031-04-08", "Surgery", 74, 9, 6, 5),
    ("2031-04-08", "Burns", 21, 4, 8, 3),
    ("2031-04-09", "Surgery", 19, 2, 1, 2),
    ("2031-04-09", "Burns", 7, 1, 2, 1),
    ("2031-04-10", "Surgery", 10, 0, 0, 0),
)

MESSAGE = f"""\
From: Night desk <desk@exercise-wire.example>
To: Registry <registry@exercise-archive.example>
Subject: EXERCISE - Castle Orrin by telephone
Date: Sun, 13 Apr 2031 21:40:00 +0200
Message-ID: <castle-orrin-13@exercise-wire.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="exercise-13"

--exercise-13
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{MARK}

Dear registry, our notes from Castle Orrin are attached. The line broke off twice.

Four people were injured when a shell hit the water tower on Sunday, the Karovian emergency service said.

--exercise-13
Content-Type: text/plain; charset=utf-8; name="castle-orrin-notes.txt"
Content-Disposition: attachment; filename="castle-orrin-notes.txt"
Content-Transfer-Encoding: base64

{{attached}}
--exercise-13--
"""

NOTES = f"""\
{MARK}

A teacher of the town school said that about 60 men had been taken away on buses on Thursday night. “They were told to
bring a passport and bread for one day,” the teacher said.

Major Jost Feld, whom Brendia appointed as commander of the town, denied that anybody had been detained.
"""

CAPTIONS = {
    "photographs/0412.txt": f"{MARK}\n\nPhotograph 0412, 8 April 2031, 11.15. The fish hall of the harbour market of"
    " Port Selis after the strike. The photographer counted three craters.\n",
    "photographs/0413.txt": f"{MARK}\n\nPhotograph 0413, 12 April 2031. The burnt ticket hall of the railway station of"
    " Marisburg. Seven people were killed there, the city administration said.\n",
    "about.txt": f"{MARK}\n\nCaptions by a photographer who does not want to be named. The pictures themselves are kept"
    " by the agency and were not handed over.\n",
}

BOARD = (
    "EXERCISE - invented",
    "Saint Brannoc Hospital",
    "Blood donors wanted",
    "Ward B is full",
    "Night entrance closed",
)


def material() -> Mapping[str, bytes]:
    """By file name."""
    report = typst.compile(str(DEMO / "sources" / "situation-report.typ"), ignore_system_fonts=True)
    return {
        "08-situation-report.pdf": report,
        "09-witness-form.docx": witness_form(),
        "11-hospital-admissions.xlsx": admissions(),
        "12-castle-orrin.eml": message(),
        "18-photo-captions.zip": packed({name: text.encode() for name, text in CAPTIONS.items()}),
        "19-notice-board.png": notice_board(),
        "20-damaged-report.pdf": report[:15] + f"% {MARK}\n".encode() + report[15:900],
    }


def packed(members: Mapping[str, bytes]) -> bytes:
    """An archive without compression, each member with the same date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            member = zipfile.ZipInfo(name, DAY)
            member.external_attr = 0o100644 << 16
            archive.writestr(member, data)
    return out.getvalue()


def witness_form() -> bytes:
    def cell(text: str) -> str:
        return f"<w:tc>{paragraph(text)}</w:tc>"

    def paragraph(text: str) -> str:
        return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"

    rows = (
        paragraph(line[0]) if len(line) == 1 else f"<w:tbl><w:tr>{''.join(map(cell, line))}</w:tr></w:tbl>"
        for line in STATEMENT
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    )
    related = (
        f'{head}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    document = (
        f'{head}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{''.join(rows)}<w:sectPr/></w:body></w:document>"
    )
    parts = {"[Content_Types].xml": types, "_rels/.rels": related, "word/document.xml": document}
    return packed({name: text.encode() for name, text in parts.items()})


def admissions() -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": "EXERCISE - invented", "author": "Probanda demo (invented)", "created": None})
    sheet = book.add_worksheet("Admissions")
    sheet.write(0, 0, MARK)
    sheet.write(1, 0, "Admissions: numbers only, no names")
    for number, row in enumerate(ADMISSIONS, start=3):
        sheet.write_row(number, 0, row)
    notes = book.add_worksheet("Notes")
    notes.write(0, 0, MARK)
    notes.write(
        1, 0, "131 people were admitted between 8 and 10 April, the hospital’s registrar said. Eleven of them died."
    )
    book.close()
    with zipfile.ZipFile(io.BytesIO(out.getvalue())) as made:
        return packed({name: made.read(name) for name in made.namelist() if name != "docProps/core.xml"} | {
            "docProps/core.xml": _undated(made.read("docProps/core.xml"))
        })  # fmt: skip


def _undated(core: bytes) -> bytes:
    """The properties with a fixed time: XlsxWriter states when it ran."""
    import re

    return re.sub(rb">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ<", b">2031-04-10T18:00:00Z<", core)


def message() -> bytes:
    attached = base64.encodebytes(NOTES.encode()).decode()
    return MESSAGE.format(attached=attached).replace("\n", "\r\n").encode()


def notice_board() -> bytes:
    picture = Image.new("L", (900, 420), 255)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(size=44)
    for number, line in enumerate(BOARD):
        draw.text((40, 30 + 74 * number), line, fill=0, font=font)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO / "material"
    for name, data in material().items():
        (folder / name).write_bytes(data)
        print(f"{name}: {len(data):,} bytes")
