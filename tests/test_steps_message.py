"""Mail messages: who, to whom, when, and the words; whatever the parts say of themselves."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from material_steps import outputs, places, run
from probanda.steps.identify import identify

HEAD = (
    b"Message-ID: <1@karovia.example>\r\nFrom: Mirek Sandor <mirek@karovia.example>\r\nTo: desk@tessaly.example\r\n"
    b"Date: Tue, 6 May 2031 10:01:00 +0200\r\nSubject: =?utf-8?B?0JfQstGW0YI=?= on Belov\r\nMIME-Version: 1.0\r\n"
)
FIELDS = (
    "From: Mirek Sandor <mirek@karovia.example>\nTo: desk@tessaly.example\nDate: Tue, 06 May 2031 10:01:00 +0200\n"
    "Subject: Звіт on Belov\nMessage-ID: <1@karovia.example>"
)


def test_every_field_and_the_body_lead_to_their_part() -> None:
    text, way_back = outputs(run(HEAD + b"\r\nTwelve people died.\r\n\r\nMore later.\r\n"))
    assert text == FIELDS + "\n\nTwelve people died.\n\nMore later."
    assert [at["part"] for _, at in places(text, way_back)] == [
        "header:From", "header:To", "header:Date", "header:Subject", "header:Message-ID", "body:text/plain",
    ]  # fmt: skip
    assert places(text, way_back)[-1][0] == "Twelve people died.\n\nMore later."
    assert way_back["counts"] == {"attachments": 0, "charset_errors": [], "parts": 1}


def test_a_page_is_read_where_there_is_no_plain_text() -> None:
    message = EmailMessage()
    message["From"], message["Date"] = "mirek@karovia.example", "Tue, 6 May 2031 10:01:00 +0200"
    message.set_content("<p>Twelve people <b>died</b> in Belov.</p><script>no()</script>", subtype="html")
    text, way_back = outputs(run(message.as_bytes()))
    assert text.endswith("\n\nTwelve people died in Belov.")
    assert places(text, way_back)[-1][1]["part"] == "body:text/html"


def test_attachments_and_messages_inside_are_counted_and_not_read() -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "other@karovia.example", "inner subject"
    inner.set_content("inner words")
    inner.add_attachment(b"deep", maintype="application", subtype="pdf", filename="deep.pdf")
    message = EmailMessage()
    message["From"], message["Date"] = "mirek@karovia.example", "Tue, 6 May 2031 10:01:00 +0200"
    message.set_content("Outer words")
    message.add_attachment("attached words", filename="list.txt")
    message.add_attachment(inner)
    text, way_back = outputs(run(message.as_bytes()))
    assert "Outer words" in text
    assert "inner" not in text and "attached" not in text
    assert way_back["counts"]["attachments"] == 2


@pytest.mark.parametrize(
    ("charset", "body", "words", "fault"),
    [
        (b"windows-1251", "Загинуло".encode("cp1251"), "Загинуло", ""),
        (b"utf-8", "Загинуло дванадцять людей".encode("cp1251"), "Загинуло дванадцять людей", "does not decode"),
        (b"x-unheard-of", "Загинуло".encode(), "Загинуло", "no known character set"),
        (b"zlib_codec", "café".encode(), "café", "no known character set"),
        (b"us-ascii", "Загинуло".encode(), "Загинуло", "no known character set"),
    ],
)
def test_a_character_set_that_does_not_hold_is_recorded(charset: bytes, body: bytes, words: str, fault: str) -> None:
    head = HEAD + b"Content-Type: text/plain; charset=" + charset + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    text, way_back = outputs(run(head + body))
    assert text.endswith("\n\n" + words)
    faults = way_back["counts"]["charset_errors"]
    assert (fault in faults[0]) if fault else faults == []


def test_a_header_that_cannot_be_decoded_does_not_hide_the_message() -> None:
    head = HEAD.replace(b"=?utf-8?B?0JfQstGW0YI=?=", b"=?nonsense?B?!!!?= \xff\xfe")
    text, _ = outputs(run(head + b"\r\nTwelve people died.\r\n"))
    assert "Subject: " in text
    assert text.endswith("Twelve people died.")


def test_parts_nested_without_end_fail_or_are_read_and_never_raise() -> None:
    nested = HEAD + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(3000)
    )
    assert run(nested + b"\r\nwords").outcome in ("succeeded", "failed")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_body_is_read(body: bytes) -> None:
    data = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + body
    assert identify(data)["media_type"] == "message/rfc822"
    outputs(run(data))
