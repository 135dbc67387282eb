"""What a blob is, by its bytes."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.records.canonical import parse_canonical
from probanda.steps.identify import STEP, identify
from probanda.steps.tables import table

RUSSIAN = "Спасатели сообщили, что под завалами дома погибли двенадцать человек. Мирек Сандор подтвердил это."
UKRAINIAN = "Рятувальники повідомили, що під завалами будинку загинуло дванадцятеро людей. Її дім зруйновано."
WESTERN = "The café was hit – “we ran”, said Müller’s aide in the naïve hope that it was over."


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (RUSSIAN, "cp1251", "windows-1251"),
        (RUSSIAN, "iso8859-5", "iso-8859-5"),
        (RUSSIAN, "cp866", "ibm866"),
        (RUSSIAN, "utf-8", "utf-8"),
        (RUSSIAN, "utf-8-sig", "utf-8"),
        (RUSSIAN, "utf-16", "utf-16le"),
        (RUSSIAN.upper(), "cp1251", "windows-1251"),
        (UKRAINIAN, "cp1251", "windows-1251"),
        (UKRAINIAN, "koi8-u", "koi8-u"),
        (WESTERN, "cp1252", "windows-1252"),
        (WESTERN, "utf-8", "utf-8"),
        ("Plain ASCII.", "ascii", "utf-8"),
    ],
)
def test_the_encoding_of_a_text_is_found(text: str, encoding: str, name: str) -> None:
    found = identify(text.encode(encoding))
    assert (found["media_type"], found["encoding"]) == ("text/plain", name)


@pytest.mark.parametrize("text", [RUSSIAN, RUSSIAN.upper()])
def test_koi8_r_is_read_right_under_either_of_its_names(text: str) -> None:
    """KOI8-U differs from KOI8-R only where the latter has lines and boxes."""
    name = identify(text.encode("koi8-r"))["encoding"]
    assert name in ("koi8-r", "koi8-u")
    assert text.encode("koi8-r").decode(str(name)) == text


def test_bytes_that_are_mostly_utf8_stay_utf8_so_that_the_fault_is_reported() -> None:
    found = identify(RUSSIAN.encode() + b"\xff" + RUSSIAN.encode())
    assert found["encoding"] == "utf-8"
    assert found["confidence"] != 1.0


def test_a_declaration_is_believed_where_the_bytes_allow_it() -> None:
    page = "<html><meta charset='{}'><p>caf\u00e9</p>"
    greek = identify(page.format("windows-1253").encode("cp1252"))
    assert (greek["encoding"], greek["basis"]) == ("windows-1253", "declared by the page")
    lying = identify(page.format("windows-1251").encode("utf-8"))
    assert (lying["encoding"], lying["declared"]) == ("utf-8", "windows-1251")


def test_a_declared_codec_that_unpacks_is_no_encoding() -> None:
    found = identify(b"<html><meta charset='zlib_codec'><p>caf\xe9</p>")
    assert found["encoding"] == "windows-1252"


def test_nothing_is_a_kind_of_its_own() -> None:
    assert identify(b"")["media_type"] == "application/x-empty"


@pytest.mark.parametrize(
    "data",
    [b"text\x00more text", b"\x00" * 50, bytes(range(256)) * 4, b"\x01\x02\x03\x04", b"report\x01" * 10],
)
def test_binary_is_no_text_whatever_its_file_is_called(data: bytes) -> None:
    assert identify(data)["media_type"] == "application/octet-stream"


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        ("<!DOCTYPE html><p>x", "text/html"),
        ("  \n<!-- saved from there -->\n<HTML>x", "text/html"),
        ("<p>A paragraph alone", "text/html"),
        ("\ufeff<html>x", "text/html"),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", "text/html"),
        ("<?xml version='1.0'?><rss>", "application/xml"),
        ("a < b and <b>so on</b>", "text/plain"),
        ("<abbreviation> is no tag", "text/plain"),
        ("MZ said that 12 died", "text/plain"),
        ("ID3 is a tag; BZh is another", "text/plain"),
    ],
)
def test_a_page_is_told_from_a_text_by_how_it_begins(head: str, media_type: str) -> None:
    assert identify(head.encode())["media_type"] == media_type


def package(*members: str) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for member in members:
            archive.writestr(member, "application/vnd.oasis.opendocument.text" if member == "mimetype" else "x")
    return written.getvalue()


def test_what_lies_in_a_zip_says_what_it_is() -> None:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert identify(package("[Content_Types].xml", "word/document.xml"))["media_type"] == word
    assert identify(package("mimetype", "content.xml"))["media_type"] == "application/vnd.oasis.opendocument.text"
    assert identify(package("word/notes.txt"))["media_type"] == "application/zip"
    assert identify(package("a.txt")[:40])["media_type"] == "application/zip"


@pytest.mark.parametrize("row", table("signatures.tsv"), ids=lambda row: row["hex"])
def test_each_signature_is_met_at_its_offset(row: dict[str, str]) -> None:
    data = b"\0" * int(row["offset"]) + bytes.fromhex(row["hex"].replace("??", "20")) + b"\0rest"
    assert identify(data)["media_type"] == row["media_type"]


def test_the_output_is_the_facts_and_is_canonical() -> None:
    data = RUSSIAN.encode("cp1251")
    result = STEP.run(STEP.request("0" * 64), {"0" * 64: data})
    (output,) = result.outputs
    assert output.role == "identity"
    assert parse_canonical(output.data) == result.facts == identify(data)


@given(st.binary(max_size=300))
def test_any_bytes_have_an_identity(data: bytes) -> None:
    assert identify(data)["size"] == len(data)


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_text_in_utf8_is_always_text_in_utf8(text: str) -> None:
    found = identify(("Report: " + text).encode())
    assert (found["media_type"], found["encoding"]) == ("text/plain", "utf-8")
