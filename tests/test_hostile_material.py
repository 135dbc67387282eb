"""One folder of good and hostile material, through the commands: what cannot be read is told, and nothing else suffers.

The case is made once; each test looks at one promise. Names and places are invented.
"""

from __future__ import annotations

import csv
import io
import json
import stat
import zipfile
import zlib
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from struct import pack
from typing import Any

import pytest
import xlsxwriter
from lxml import html

from cli_world import Said, probanda
from make_pdf import ENCRYPTED, pdf, words
from probanda.collect.auto_archiver import COLUMNS
from probanda.records.table import table, write_table
from test_steps_docx import docx, p, r
from test_steps_identify_kinds import storage

ODD_NAME = "odd\x1b[31m\x07\u202etxt.name.txt"
FORMULA = '=HYPERLINK("https://evil.example/","open")'


def killed(number: int) -> str:
    """A sentence that gives one claim, known again by its figure."""
    return f"At least {number} people were killed in Belov, the Karovian emergency service said."


def lines(number: int) -> bytes:
    text = killed(number)
    return words(text[:44]) + words(text[44:].strip(), y=236)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in members:
            made.writestr(name, data)
    return written.getvalue()


def link(name: str, target: str) -> tuple[zipfile.ZipInfo, bytes]:
    member = zipfile.ZipInfo(name)
    member.create_system, member.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return member, target.encode()


def under_password(data: bytes) -> bytes:
    """The archive with every member marked as encrypted (PKWARE APPNOTE 4.4.4, bit 0)."""
    marked = bytearray(data)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := marked.find(signature, at + 1)) >= 0:
            marked[at + flags] |= 1
    return bytes(marked)


def workbook() -> bytes:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("Reports")
    for row, cells in enumerate((("place", "report"), ("Belov", killed(24)), (FORMULA, "=1+1"))):
        sheet.write_row(row, 0, cells)
    sheet.write_formula(4, 0, '=WEBSERVICE("https://evil.example/")', None, "kept")
    book.close()
    return written.getvalue()


def nested_mail() -> bytes:
    inner, outer = EmailMessage(), EmailMessage()
    for message, about in ((inner, "Inside"), (outer, "Outside")):
        message["From"], message["Date"] = "desk@karovia.example", "Tue, 6 May 2031 10:01:00 +0200"
        message["Subject"] = about
    inner.set_content(killed(26) + "\n")
    inner.add_attachment(killed(27).encode(), maintype="text", subtype="plain", filename="../../list.txt")
    outer.set_content(killed(25) + "\n")
    outer.add_attachment(inner)
    return outer.as_bytes()


def huge_picture() -> bytes:
    """A PNG whose header promises 200 million pixels, and a little of their data."""
    chunks = (
        (b"IHDR", pack(">IIBBBBB", 20_000, 10_000, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(9))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def pdf_bomb() -> bytes:
    """A page whose content is a thousand times as large when it is unpacked."""
    content = zlib.compress(b" " * 64_000_000 + lines(97), 9)
    return pdf([content]).replace(b"<< /Length %d" % len(content), b"<< /Filter /FlateDecode /Length %d" % len(content))


PAGE = f"""<!doctype html><html><head><title>Belov</title><meta charset="utf-8"><script>var x = "scriptword";</script>
<meta http-equiv="refresh" content="0;url=https://evil.example/"></head><body onload="go('attributeword')"><article>
<h1>Belov</h1><p>{killed(22)}</p><p>A second paragraph says what was seen on the wall of the mill in Belov that evening:
&lt;script&gt;alert("quoted")&lt;/script&gt; &lt;img src=x onerror=alert(1)&gt;</p>
<p><a href="javascript:go()">more</a><iframe src="https://evil.example/"></iframe></p></article>
<script>document.write("scriptword")</script></body></html>
"""
GOOD: dict[str, tuple[int, bytes]] = {
    "good.txt": (20, killed(20).encode()),
    "good.pdf": (21, pdf([lines(21)])),
    "scripts.html": (22, PAGE.encode()),
    "good.docx": (23, docx(p(r(killed(23))))),
    "formulas.xlsx": (24, workbook()),
    "nested.eml": (25, nested_mail()),
    "wrong.csv": (28, f"place;day;report\nBelov,6,{killed(28)}\nVesna;7;nothing\nMarisburg\t8\tnothing\n".encode()),
    ODD_NAME: (29, killed(29).encode()),
    "climbing.zip": (
        30,
        zipped(
            ("inside/good.txt", killed(30).encode()),
            ("../../escaped.txt", killed(31).encode()),
            ("/absolute.txt", killed(32).encode()),
            link("link", "/etc/passwd"),
        ),
    ),
}
# What each is told for, in the words of its failure.
BAD: dict[str, tuple[str, bytes]] = {
    "bomb.zip": ("over the limit", zipped(("zeros.bin", bytes(40_000_000)))),
    "pages.pdf": ("at most 10,000 pages, found a PDF that claims 90,000", pdf([lines(98)], count=90_000)),
    # Where Tesseract is absent it waits; what it states of itself is refused everywhere.
    "huge.png": ("metadata failed: expected a picture of at most 100,000,000 pixels", huge_picture()),
    "broken.pdf": ("expected a PDF", pdf([lines(99)])[:70]),
    "locked.pdf": ("password-protected", pdf([lines(99)], trailer=ENCRYPTED)),
    "locked.docx": ("password-protected", storage("EncryptedPackage", "EncryptionInfo")),
    "locked.zip": ("encrypted with a password", under_password(zipped(("names.csv", b"secret names")))),
    "damaged.docx": ("expected", docx(p(r(killed(99))))[:200]),
    "empty.txt": ("the file is empty", b""),
    "noise.bin": ("no reader for application/octet-stream", bytes(range(256)) * 8),
}
MATERIAL = {"bomb.pdf": pdf_bomb(), **{name: data for name, (_, data) in {**GOOD, **BAD}.items()}}


@dataclass(frozen=True)
class World:
    folder: Path
    case: Path
    added: Said
    imported: Said
    ran: Said

    @property
    def failures(self) -> dict[str, str]:
        """By the name of a file, all that was told of it and of what lies in it."""
        told: dict[str, str] = {}
        for row in probanda("items", self.case, "--json").json["failures"]:
            name = str(row["name"]).removeprefix("material/").partition("/")[0]  # a member is its container's
            told[name] = f"{told.get(name, '')}{row['step']} {row['outcome']}: {row['reason']}\n"
        return told

    @property
    def figures(self) -> set[int]:
        rows = probanda("claims", self.case, "--kind", "casualty", "--json").json
        return {row["claim"]["quantity"]["stated"] for row in rows if row["claim"]["quantity"]}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("hostile")
    case, material, export = folder / "case", folder / "material", folder / "export"
    material.mkdir()
    for name, data in MATERIAL.items():
        (material / name).write_bytes(data)
    (material / "link.txt").symlink_to("/etc/passwd")
    (export / "posts").mkdir(parents=True)
    (export / "posts" / "a.txt").write_text(killed(33), "utf-8")
    rows = (
        {"link": "https://example.org/1", "archive status": "success", "archive location": "posts/a.txt",
         "upload title": FORMULA},
        {"link": "https://example.org/2", "archive status": "success", "archive location": "posts/gone.mp4"},
        {"link": "https://example.org/3", "archive status": "success", "archive location": "../../../etc/passwd"},
    )  # fmt: skip
    sheet = write_table(table(COLUMNS, ([row.get(column, "") for column in COLUMNS] for row in rows)))
    (export / "export.csv").write_text(sheet, "utf-8", newline="")
    assert probanda("init", case, "--title", "Belov", "--by", "Ana Velt").code == 0
    return World(
        folder,
        case,
        probanda("add", case, material, "--published", "2031-05-14", "--marking", "public", "--json"),
        probanda("add", case, export / "export.csv", "--as", "auto-archiver", "--json"),
        probanda("run", case, "--json"),
    )


def test_every_command_that_met_an_item_it_could_not_take_says_so_by_its_code(world: World) -> None:
    assert (world.added.code, world.imported.code, world.ran.code) == (3, 3, 3)
    assert len(world.added.json["captures"]) == len(MATERIAL)
    (refused,) = world.added.json["failures"]
    assert "a symbolic link, which is not followed" in refused["reason"]
    told = " ".join(failure["reason"] for failure in world.imported.json["failures"])
    assert len(world.imported.json["failures"]) == 2
    assert "posts/gone.mp4" in told


def test_every_good_neighbour_is_read_and_its_claims_are_there(world: World) -> None:
    assert world.figures >= {number for number, _ in GOOD.values()} | {26, 27, 33}
    assert not world.figures & {98, 99}


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_cannot_be_read_is_told_with_what_was_found(world: World, name: str) -> None:
    wanted, _ = BAD[name]
    told = world.failures[name]
    assert wanted in told, told
    assert "Traceback" not in told


def test_a_page_that_unpacks_to_a_thousand_times_its_size_is_read_or_told(world: World) -> None:
    assert 97 in world.figures or "bomb.pdf" in world.failures


def test_nothing_is_written_where_an_archive_says_and_no_link_is_followed(world: World) -> None:
    outside = [path for path in world.folder.rglob("*") if path.name in ("escaped.txt", "absolute.txt", "list.txt")]
    assert outside == []
    listed = json.dumps(probanda("items", world.case, "--json").json)
    assert "root:x:" not in listed
    blobs = (path for path in (world.case / "blobs").rglob("*") if path.is_file())
    assert not any(b"root:x:" in path.read_bytes() for path in blobs)


def test_a_name_with_control_characters_reaches_no_terminal(world: World) -> None:
    for arguments in (("items", world.case), ("claims", world.case), ("search", world.case, "killed")):
        said = probanda(*arguments)
        assert said.code == 0
        assert not {"\x1b", "\x07", "\u202e"} & set(said.out + said.err), arguments
    names = {row["capture"]["name"] for row in probanda("items", world.case, "--json").json["items"]}
    assert f"material/{ODD_NAME}" in names


def test_the_case_holds_and_is_the_same_made_anew(world: World) -> None:
    before = (probanda("claims", world.case, "--json").json, probanda("items", world.case, "--json").json)
    verified = probanda("verify", world.case, "--json")
    assert verified.code == 0, verified.out
    assert {check["name"]: check["outcome"] for check in verified.json["checks"]}["index.agrees"] == "holds"
    assert probanda("rebuild", world.case).code == 0
    assert before == (probanda("claims", world.case, "--json").json, probanda("items", world.case, "--json").json)


def test_a_second_run_has_nothing_to_do(world: World) -> None:
    again = probanda("run", world.case, "--json")
    assert sum(sum(outcomes.values()) for outcomes in again.json["derivations"].values()) == 0


def test_formulas_are_inert_in_every_export(world: World) -> None:
    made = probanda("incident", "new", world.case, "--title", FORMULA, "--reason", "@SUM(1+1)", "--place", "-1+1")
    assert made.code == 0, made
    out = world.folder / "out"
    out.mkdir()
    for arguments, name in (
        (("items", world.case, "--format", "auto-archiver"), "items.csv"),
        (("incidents", world.case, "--format", "csv"), "incidents.csv"),
        (("incidents", world.case, "--format", "atlos"), "atlos.csv"),
        (("incidents", world.case, "--format", "timemap"), "timemap.csv"),
    ):
        said = probanda(*arguments, "-o", out / name)
        assert said.code == 0, said
    written = {path.name: path.read_text("utf-8") for path in out.iterdir()}
    carrying = {name for name, text in written.items() if FORMULA[1:] in text.replace('""', '"')}
    assert {"items.csv", "incidents.csv"} <= carrying
    for name, text in written.items():
        if not text.startswith(("{", "[")):
            cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
            assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t", "\r")) or cell == "-1+1"] == [], (
                name
            )


def test_the_case_file_holds_nothing_executable(world: World) -> None:
    out = world.folder / "casefile"
    assert probanda("casefile", world.case, "-o", out, "--pdf").code == 0
    page = (out / "casefile.html").read_text("utf-8")
    whole = html.fromstring(page)
    assert [element.tag for element in whole.iter("script", "iframe", "object", "embed", "form", "base", "link")] == []
    assert [dict(element.attrib) for element in whole.iter("meta") if "refresh" in str(dict(element.attrib))] == []
    attributes = [(name.lower(), value) for element in whole.iter() for name, value in element.attrib.items()]
    assert [name for name, _ in attributes if name.startswith("on")] == []
    assert [value for _, value in attributes if value.strip().lower().startswith(("javascript:", "data:text"))] == []
    written: Any = json.loads((out / "casefile.json").read_text("utf-8"))
    assert "killed" in json.dumps(written)
    for text in (page, (out / "casefile.json").read_text("utf-8")):
        assert "scriptword" not in text
        assert "attributeword" not in text
        assert "root:x:" not in text
    sheets = (out / "casefile.pdf").read_bytes()
    assert not any(word in sheets for word in (b"/JavaScript", b"/JS ", b"/Launch", b"/OpenAction"))
