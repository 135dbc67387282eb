"""Mail, mailboxes, tables in text and files under a password, by their bytes."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.steps.delimited import delimited
from probanda.steps.identify import identify
from probanda.steps.ole import root_names

MESSAGE = (
    b"Received: from mail.karovia.example by mx.tessaly.example;\r\n\tTue, 6 May 2031 10:02:11 +0200\r\n"
    b"From: Mirek Sandor <mirek@karovia.example>\r\nTo: desk@tessaly.example\r\n"
    b"Date: Tue, 6 May 2031 10:01:00 +0200\r\nSubject: Bus station\r\n\r\nTwelve people died.\r\n"
)


def storage(*names: str, nested: str = "") -> bytes:
    """An OLE storage of one FAT sector and its directory; `nested` lies in a storage below the root."""
    entries = [("Root Entry", 5, 1 if names else 0xFFFFFFFF, 0xFFFFFFFF)]
    for place, name in enumerate(names):
        following = place + 2 if place + 1 < len(names) else 0xFFFFFFFF
        entries.append((name, 1, len(names) + 1 if nested and place == 0 else 0xFFFFFFFF, following))
    if nested:
        entries.append((nested, 2, 0xFFFFFFFF, 0xFFFFFFFF))
    written = b""
    for name, kind, child, right in entries:
        words = (name + "\0").encode("utf-16-le")
        written += words.ljust(64, b"\0") + struct.pack("<HBBIII", len(words), kind, 1, 0xFFFFFFFF, right, child)
        written += b"\0" * (128 - 80)
    written += b"\0" * (-len(written) % 512)
    sectors = len(written) // 512
    chain = [0xFFFFFFFD, *range(2, sectors + 1), 0xFFFFFFFE]
    fat = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<III", 0, 1, 1) + struct.pack("<IIIIII", 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return header + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108) + fat + written


def test_a_message_is_known_by_its_header_fields() -> None:
    assert identify(MESSAGE)["media_type"] == "message/rfc822"
    assert identify(b"\r\n" + MESSAGE.replace(b"\r\n", b"\n"))["media_type"] == "message/rfc822"


def test_a_message_is_one_whatever_bytes_its_parts_hold() -> None:
    assert identify(MESSAGE + bytes(range(256)) * 20)["media_type"] == "message/rfc822"


@pytest.mark.parametrize(
    "text",
    [
        "From: the director\nTo: all staff\nDate: 6 May 2031\nSubject: Bus station\n\nTwelve people died.",
        "Date: Tue, 6 May 2031 10:01:00 +0200\nSubject: no sender\n\nTwelve people died.",
        "From: mirek@karovia.example\nThis line is no field.\nDate: Tue, 6 May 2031 10:01:00 +0200\n\nText.",
        "From Vesna we heard that twelve people died in 2031.\nThe mayor said so.",
        "Message-ID: <1@karovia.example>\n\nNeither sender nor date.",
    ],
)
def test_what_only_resembles_mail_stays_a_text(text: str) -> None:
    assert identify(text.encode())["media_type"] == "text/plain"


def test_a_mailbox_begins_with_a_postmark_and_a_message() -> None:
    postmark = b"From mirek@karovia.example Tue May  6 10:01:00 2031\n"
    assert identify(postmark + MESSAGE)["media_type"] == "application/mbox"
    assert identify(postmark + b"and no header field\n")["media_type"] == "text/plain"


@pytest.mark.parametrize(
    ("text", "media_type", "delimiter"),
    [
        ("name,age,place\nAda,40,Belov\nBo,9,Vesna\n", "text/csv", ","),
        ("name;age;place\nAda;40;Belov\nBo;9;Vesna\n", "text/csv", ";"),
        ("name\tage\nAda\t40\nBo\t9\n", "text/tab-separated-values", "\t"),
        ("name|age|place\r\nAda|40|Belov\r\nBo|9|Vesna\r\n", "text/csv", "|"),
        ('name,note,place\nAda,"fled, they said",Belov\nBo,"two\nlines",Vesna\n', "text/csv", ","),
        ("name,age,place\nAda,40,Belov\nBo,9,Vesna\nno place,\n" + "Cy,5,Belov\n" * 10, "text/csv", ","),
        ("name,age,place\nAda,40,Belov\n" + "Cy;5;Vesna\n" * 5, "text/csv", ";"),
        ('name,age,place\nAda,"40,Belov\n' + "Cy,5,Vesna\n" * 8, "text/csv", ","),
        ("\ufeffname,age,place\nAda,40,Belov\n", "text/csv", ","),
    ],
)
def test_a_table_in_text_is_known_by_its_rows(text: str, media_type: str, delimiter: str) -> None:
    found = identify(text.encode())
    assert (found["media_type"], found["delimiter"]) == (media_type, delimiter)


def test_other_separators_in_the_same_table_are_named() -> None:
    found = identify(("name,age,place\nAda,40,Belov\n" + "Cy;5;Vesna\n" * 5).encode())
    assert "others between ','" in str(found["basis"])


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday, in Belov, twelve people died.\nIn Vesna, by night, nine people died.\nNobody, they said, knew.\n",
        "Belov, Karovia\nVesna, Tessaly\nMarisburg, Karovia\n",
        "name,age,place",
        "one line, and another\nwithout any\nand a third; with both\n",
        "First: a; second: b\nThird: c\n",
        "12,000 fled\n13,500 stayed\n",
        "| a drawing |\n",
        "def f(a, b):\n    return a, b\n",
    ],
)
def test_prose_with_commas_is_no_table(text: str) -> None:
    found = identify(text.encode())
    assert (found["media_type"], found["delimiter"]) == ("text/plain", None)


def test_a_table_with_a_nul_is_no_text() -> None:
    assert identify(b"name,age\nAda,40\nBo\0,9\n")["media_type"] == "application/octet-stream"


CELLS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@given(
    st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=3, max_size=20), st.sampled_from([",", ";", "\t", "|"])
)
def test_every_even_table_is_known_with_its_separator(rows: list[list[str]], delimiter: str) -> None:
    found = delimited("\n".join(delimiter.join(row) for row in rows))
    assert found is not None
    assert (found.delimiter, found.columns, found.rows) == (delimiter, 4, len(rows))


@pytest.mark.parametrize(
    ("names", "media_type", "encrypted"),
    [
        (("EncryptedPackage", "EncryptionInfo"), "application/x-ole-storage", True),
        (("WordDocument", "1Table"), "application/msword", None),
        (("Workbook",), "application/vnd.ms-excel", None),
        (("PowerPoint Document",), "application/vnd.ms-powerpoint", None),
        (("Contents",), "application/x-ole-storage", None),
        ((), "application/x-ole-storage", None),
    ],
)
def test_an_ole_storage_is_known_by_its_streams(
    names: tuple[str, ...], media_type: str, encrypted: bool | None
) -> None:
    found = identify(storage(*names))
    assert (found["media_type"], found["encrypted"]) == (media_type, encrypted)


def test_a_sheet_inside_a_letter_does_not_make_it_a_sheet() -> None:
    assert identify(storage("ObjectPool", "WordDocument", nested="Workbook"))["media_type"] == "application/msword"


def test_a_storage_whose_sectors_go_in_a_circle_ends() -> None:
    good = bytearray(storage("Workbook"))
    struct.pack_into("<I", good, 512 + 4, 1)  # the directory's first sector follows itself
    assert root_names(bytes(good)) == frozenset({"Workbook"})


@given(st.binary(max_size=2000))
def test_any_storage_has_names_or_none(data: bytes) -> None:
    assert isinstance(root_names(storage("Workbook")[:700] + data), frozenset)


def test_an_archive_under_a_password_says_so() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("list.txt", "Twelve names")
    plain = written.getvalue()
    assert identify(plain)["encrypted"] is None
    marked = bytearray(plain)
    marked[plain.index(b"PK\x01\x02") + 8] |= 1
    found = identify(bytes(marked))
    assert (found["media_type"], found["encrypted"]) == ("application/zip", True)
