"""Containers give what lies in them, whatever they say of themselves. Archives are made here; names are invented."""

from __future__ import annotations

import base64
import bz2
import gzip
import hashlib
import io
import json
import lzma
import re
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from probanda.steps import unpack
from probanda.steps.containers.found import Limits
from probanda.steps.containers.paths import safe_path
from probanda.steps.identify import identify
from probanda.steps.step import StepResult

SPEC = Path(__file__).parent.parent / "spec"
SCHEMA = json.loads((SPEC / "contents.schema.json").read_text("utf-8"))
SMALL = Limits(total_bytes=4_000_000, member_bytes=1_000_000, members=20, entries=60, ratio_from=100_000)


def run(data: bytes, limits: Limits | None = None) -> StepResult:
    kind = str(identify(data)["media_type"])
    return unpack.unpack(kind, data, hashlib.sha256(data).hexdigest(), limits)


def contents(data: bytes, limits: Limits | None = None) -> dict[str, Any]:
    """The contents, after every promise that holds for all of them is checked."""
    result = run(data, limits)
    assert result.outcome == "succeeded", result.reason
    listed, *members = result.outputs
    found: dict[str, Any] = json.loads(listed.data)
    Draft202012Validator(SCHEMA).validate(found)
    by_role = {output.role: output.data for output in members}
    kept = [row for row in found["members"] if row["outcome"] == "kept"]
    assert [row["role"] for row in kept] == list(by_role)
    for row in kept:
        assert row["sha256"] == hashlib.sha256(by_role[row["role"]]).hexdigest()
        assert row["size"] == len(by_role[row["role"]])
    paths = [row["path"] for row in found["members"]]
    assert len(set(paths)) == len(paths)
    return found


def kept(data: bytes, limits: Limits | None = None) -> dict[str, bytes]:
    """Path to bytes of what was kept."""
    by_role = {output.role: output.data for output in run(data, limits).outputs}
    rows = contents(data, limits)["members"]
    return {row["path"]: by_role[row["role"]] for row in rows if row["role"]}


def refused(data: bytes, limits: Limits | None = None) -> dict[str, str]:
    rows = contents(data, limits)["members"]
    return {row["path"]: row["reason"] for row in rows if row["outcome"] == "refused"}


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, (2031, 4, 2, 10, 15, 30))
            info.compress_type = method
            archive.writestr(info, data)
    return made.getvalue()


def tarred(*members: tuple[str, bytes | None], kind: bytes = tarfile.REGTYPE, target: str = "") -> bytes:
    """Members with bytes are files; one without is of `kind`."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.mtime = 1932889200
            if data is None:
                info.type, info.linkname = kind, target
            else:
                info.size = len(data)
            archive.addfile(info, io.BytesIO(data or b""))
    return made.getvalue()


def test_the_example_of_the_specification_fits_its_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    page = (SPEC / "contents.md").read_text("utf-8")
    [example] = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    Draft202012Validator(SCHEMA).validate(json.loads(example))
    named = set(re.findall(r"`([a-z_0-9]+)`", page))
    assert set(SCHEMA["$defs"]["member"]["properties"]) <= named


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_gives_its_members_by_every_method(method: int) -> None:
    members = {"report.txt": b"12 died near the mill", "photos/a.jpg": b"\xff\xd8\xff" + bytes(range(256)) * 700}
    data = zipped(*members.items(), ("photos/", b""), method=method)
    assert kept(data) == members
    first = contents(data)["members"][0]
    assert first["modified"] == "2031-04-02T10:15:30"
    assert contents(data)["container"]["entries_stated"] == 3


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress, bz2.compress, lzma.compress])
def test_a_tar_packed_or_not_is_one_container(pack: Any) -> None:
    members = {"report.txt": b"12 died", "далеко/" + "x" * 150 + ".txt": b"long name", "empty.txt": b""}
    found = contents(pack(tarred(*members.items())))
    assert kept(pack(tarred(*members.items()))) == members
    assert found["nested"] == []
    assert found["members"][0]["modified"] == "2031-04-02T09:40:00Z"


def test_a_packed_file_gives_itself_under_its_original_name() -> None:
    made = io.BytesIO()
    with gzip.GzipFile("report.txt", "wb", fileobj=made, mtime=1932889200) as stream:
        stream.write(b"12 died")
    assert kept(made.getvalue()) == {"report.txt": b"12 died"}
    assert kept(made.getvalue() + gzip.compress(b" near the mill")) == {"report.txt": b"12 died near the mill"}
    assert kept(bz2.compress(b"12 died")) == {"content": b"12 died"}
    assert kept(lzma.compress(b"12 died") + b"\0" * 4 + lzma.compress(b", 3 hurt")) == {"content": b"12 died, 3 hurt"}


def test_containers_in_containers_are_unpacked_in_one_run() -> None:
    inner = zipped(("notes.txt", b"at the mill"))
    data = zipped(("more.tar.gz", gzip.compress(tarred(("deep.zip", inner)))), ("a.txt", b"a"))
    assert kept(data) == {"more.tar.gz/deep.zip/notes.txt": b"at the mill", "a.txt": b"a"}
    assert [row["path"] for row in contents(data)["nested"]] == ["more.tar.gz/deep.zip", "more.tar.gz"]


def test_office_files_in_an_archive_are_members_and_no_containers() -> None:
    document = zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"))
    assert kept(zipped(("statement.docx", document))) == {"statement.docx": document}


@pytest.mark.parametrize(
    ("stored", "path"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\Users\\ana\\list.txt", "Users/ana/list.txt"),
        ("..\\..\\list.txt", "list.txt"),
        ("a/./b//c.txt", "a/b/c.txt"),
        ("../..", "unnamed"),
        ("line\nend\x1b[31m.txt", "line\ufffdend\ufffd[31m.txt"),
        ("safe\u202egpj.exe", "safe\ufffdgpj.exe"),
    ],
)
def test_a_path_that_climbs_is_words_and_keeps_its_stored_form(stored: str, path: str) -> None:
    row = contents(tarred((stored, b"x")))["members"][0]
    assert (row["path"], row["stored_path"], row["outcome"]) == (path, stored, "kept")


@given(st.binary(max_size=80) | st.text(max_size=80))
def test_no_path_climbs_or_steers(stored: bytes | str) -> None:
    path, original = safe_path(stored)
    parts = path.split("/")
    assert path and not {"", ".", ".."}.intersection(parts)
    assert not re.match(r"[A-Za-z]:", path)
    assert not any(ord(char) < 32 for char in path)
    assert "\\" not in path
    for text in (path, original or ""):
        assert text.encode("utf-8").decode("utf-8") == text


def test_names_in_a_cyrillic_code_page_are_read_and_their_bytes_kept() -> None:
    names = ["Список погибших.txt", "Фотографии рынка.txt", "Протокол осмотра.txt"]
    data = zipped(*((f"{number}{'x' * (len(name) - 1)}", b"x") for number, name in enumerate(names)))
    for number, name in enumerate(names):
        data = data.replace(f"{number}{'x' * (len(name) - 1)}".encode(), name.encode("cp866"))
    rows = contents(data)["members"]
    assert [row["path"] for row in rows] == names
    assert rows[0]["stored_path"].startswith("%91%AF%A8")


def test_duplicate_names_are_both_kept() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(("a.txt", b"first"), ("a.txt", b"second"), ("a.txt (2)", b"third"))
    assert kept(data) == {"a.txt": b"first", "a.txt (2)": b"second", "a.txt (2) (2)": b"third"}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (tarfile.SYMTYPE, "a symbolic link to '/etc/shadow'"),
        (tarfile.LNKTYPE, "a hard link to '/etc/shadow'"),
        (tarfile.CHRTYPE, "a character device"),
        (tarfile.BLKTYPE, "a block device"),
        (tarfile.FIFOTYPE, "a named pipe"),
    ],
)
def test_links_and_devices_in_a_tar_are_refused_and_neighbours_kept(kind: bytes, words: str) -> None:
    data = tarred(("thing", None), ("good.txt", b"good"), kind=kind, target="/etc/shadow")
    assert kept(data) == {"good.txt": b"good"}
    assert words in refused(data)["thing"]


def test_a_link_in_a_zip_is_refused() -> None:
    info = zipfile.ZipInfo("link")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(info, "/etc/shadow")
        archive.writestr("good.txt", b"good")
    assert "a symbolic link" in refused(made.getvalue())["link"]
    assert list(kept(made.getvalue())) == ["good.txt"]


def _flag(data: bytes, name: bytes, bit: int) -> bytes:
    """Sets a flag of one member, in both of its headers."""
    made = bytearray(data)
    for signature, flags, names in ((b"PK\3\4", 6, 30), (b"PK\1\2", 8, 46)):
        at = -1
        while (at := made.find(signature, at + 1)) >= 0:
            if made[at + names : at + names + len(name)] == name:
                made[at + flags] |= bit
    return bytes(made)


def test_an_encrypted_member_is_refused_and_its_neighbour_kept() -> None:
    data = _flag(zipped(("names.csv", b"secret"), ("good.txt", b"good")), b"names.csv", 1)
    assert "encrypted with a password" in refused(data)["names.csv"]
    assert kept(data) == {"good.txt": b"good"}


def test_an_archive_of_which_nothing_can_be_kept_is_failed_with_the_reason() -> None:
    result = run(_flag(zipped(("names.csv", b"secret")), b"names.csv", 1))
    assert result.outcome == "failed"
    assert "encrypted with a password" in str(result.reason)
    assert "names.csv" not in str(result.reason), "a name is protected, a reason is not"


def test_an_empty_archive_has_nothing_to_say() -> None:
    assert run(zipped()).outcome == "not_applicable"


def test_a_wrong_checksum_is_refused() -> None:
    data = zipped(("bad.txt", b"12 died near the mill"), ("good.txt", b"good"), method=zipfile.ZIP_STORED)
    data = data.replace(b"12 died near", b"13 died near")
    assert "checksum" in refused(data)["bad.txt"]
    assert kept(data) == {"good.txt": b"good"}


def test_an_unsupported_method_is_refused_by_its_name() -> None:
    data = bytearray(zipped(("old.txt", b"x" * 50), ("good.txt", b"good")))
    data[8:10] = data[data.find(b"PK\1\2") + 10 : data.find(b"PK\1\2") + 12] = struct.pack("<H", 9)
    assert "Deflate64" in refused(bytes(data))["old.txt"]
    assert kept(bytes(data)) == {"good.txt": b"good"}


def test_a_false_size_is_remarked_where_the_checksum_is_right() -> None:
    data = bytearray(zipped(("a.txt", b"x" * 5000)))
    struct.pack_into("<I", data, data.find(b"PK\1\2") + 24, 10)
    [row] = contents(bytes(data))["members"]
    assert (row["outcome"], row["size"]) == ("kept", 5000)
    assert "states a size of 10 bytes" in row["reason"]


@pytest.mark.parametrize("share", [0.4, 0.7, 0.95])
def test_a_cut_zip_gives_what_is_whole(share: float) -> None:
    noise = [(f"{n}.bin", hashlib.shake_256(bytes([n])).digest(2000)) for n in range(10)]
    data = zipped(*noise)
    cut = data[: int(len(data) * share)]
    found = kept(cut)
    assert len(found) >= int(share * 10) - 1
    assert found.items() <= dict(noise).items()
    assert "cut" in refused(cut)["(what follows)"]


@pytest.mark.parametrize("pack", [lambda data: data, gzip.compress])
def test_a_cut_tar_gives_what_is_whole_and_names_what_is_not(pack: Any) -> None:
    noise = [(f"{n}.bin", hashlib.shake_256(bytes([n])).digest(200_000)) for n in range(4)]
    data = pack(tarred(*noise))
    cut = data[: len(data) * 6 // 10]
    assert list(kept(cut)) == ["0.bin", "1.bin"]
    assert "cut" in refused(cut)["2.bin"]


def test_a_member_that_packs_too_well_is_refused_and_its_neighbours_kept() -> None:
    data = zipped(("bomb", b"\0" * 900_000), ("good.txt", b"good"))
    limits = Limits(ratio=100, ratio_from=100_000)
    assert "as a bomb has" in refused(data, limits)["bomb"]
    assert kept(data, limits) == {"good.txt": b"good"}
    assert "unpack it yourself" in refused(zipped(("a", b"ab" * 600_000), ("good.txt", b"good")), SMALL)["a"]


def test_the_total_stops_the_run_and_keeps_what_came_before() -> None:
    members = [(f"{n}.bin", hashlib.shake_256(bytes([n])).digest(900_000)) for n in range(8)]
    found = contents(zipped(*members), SMALL)["members"]
    assert [row["outcome"] for row in found] == ["kept"] * 4 + ["refused"]
    assert "over the limit of 3 MiB unpacked; unpack it yourself and add the folder" in found[-1]["reason"]


def test_a_nested_bomb_never_takes_much_more_memory_than_the_limit() -> None:
    layer = zipped(("0.bin", b"\0" * 3_000_000))
    for _ in range(3):
        layer = zipped(*((f"{n}.zip", layer + bytes([n])) for n in range(16)))
    tracemalloc.start()
    result = run(layer, Limits(total_bytes=20_000_000, member_bytes=10_000_000, ratio_from=10_000_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000, peak
    assert result.outcome == "succeeded"
    assert "unpacked" in json.loads(result.outputs[0].data)["members"][-1]["reason"]


def test_members_that_share_their_bytes_are_refused() -> None:
    """As D. Fifield describes (A better zip bomb, USENIX WOOT 2019): one kernel, many entries."""
    kernel = zlib.compressobj(9, wbits=-15)
    packed = kernel.compress(b"\0" * 500_000) + kernel.flush()
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, zlib.crc32(b"\0" * 500_000), len(packed), 500_000, 1, 0)
    table = b"".join(
        struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, zlib.crc32(b"\0" * 500_000), len(packed), 500_000,
            1, 0, 0, 0, 0, 0, 0,
        ) + bytes([65 + n])
        for n in range(20)
    )  # fmt: skip
    start = len(local) + 1 + len(packed)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 20, 20, len(table), start, 0)
    data = local + b"A" + packed + table + end
    assert list(kept(data)) == ["A"]
    assert set(refused(data).values()) == {"its bytes overlap those of another member, as in a bomb"}


def test_containers_too_deep_are_kept_and_not_opened() -> None:
    layer = zipped(("core.txt", b"core"))
    for n in range(7):
        layer = zipped((f"{n}.zip", layer))
    [row] = contents(layer)["members"]
    assert row["path"] == "6.zip/5.zip/4.zip/3.zip/2.zip"
    assert row["reason"].startswith("not opened: over the limit of 5 containers in one another")


def test_ten_times_too_many_members_end_at_the_limit() -> None:
    data = zipped(*((f"{n}.txt", b"%d" % n) for n in range(200)), method=zipfile.ZIP_STORED)
    found = contents(data, SMALL)
    assert len(found["members"]) == SMALL.members + 1
    assert found["container"]["entries_stated"] == 200
    assert "over the limit of 20 members" in found["members"][-1]["reason"]


@pytest.mark.slow
def test_a_hundred_thousand_entries_end_at_the_limit() -> None:
    data = tarred(*((f"{n}", b"") for n in range(100_000)))
    assert len(contents(data)["members"]) == 10_001


def test_folders_without_end_are_stopped() -> None:
    data = tarred(("good.txt", b"good"), *((f"{n}", None) for n in range(200)), kind=tarfile.DIRTYPE)
    assert list(kept(data, SMALL)) == ["good.txt"]
    assert "60 entries" in refused(data, SMALL)["(what follows)"]


def test_a_damaged_archive_in_an_archive_is_kept_as_it_is() -> None:
    inner = zipped(("a.txt", b"a" * 100))[:35]
    data = zipped(("inner.zip", inner), ("good.txt", b"good"))
    rows = {row["path"]: row for row in contents(data)["members"]}
    assert kept(data)["inner.zip"] == inner
    assert rows["inner.zip"]["reason"].startswith("kept as it is, since it could not be unpacked")
    assert rows["inner.zip/a.txt"]["outcome"] == "refused"


MESSAGE = b"""From: Ana Velt <ana@example.org>\r
Date: Wed, 02 Apr 2031 10:00:00 +0000\r
Message-ID: <1@example.org>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="outer"\r
\r
--outer\r
Content-Type: multipart/alternative; boundary="inner"\r
\r
--inner\r
Content-Type: text/plain\r
\r
See the list.\r
--inner\r
Content-Type: text/html\r
\r
<p>See the list.</p>\r
--inner--\r
--outer\r
Content-Type: text/plain; name="list.txt"\r
Content-Disposition: attachment; filename*=utf-8''%D1%81%D0%BF%D0%B8%D1%81%D0%BE%D0%BA.txt\r
Content-Transfer-Encoding: base64\r
\r
MTIgZGll\r
ZA==\r
--outer\r
Content-Type: application/zip; name="../photos.zip"\r
Content-Transfer-Encoding: base64\r
\r
%ZIP%\r
--outer\r
Content-Type: message/rfc822\r
\r
From: Mirek Sandor <mirek@example.org>\r
Date: Tue, 01 Apr 2031 10:00:00 +0000\r
Message-ID: <0@example.org>\r
Content-Type: multipart/mixed; boundary=deep\r
\r
--deep\r
Content-Type: image/jpeg\r
Content-Transfer-Encoding: base64\r
\r
/9j/\r
--deep--\r
--outer--\r
""".replace(b"%ZIP%", base64.b64encode(zipped(("market.txt", b"market"))))


def test_a_message_gives_its_attachments_and_not_its_own_words() -> None:
    found = kept(MESSAGE)
    inner = MESSAGE[MESSAGE.index(b"From: Mirek") : MESSAGE.index(b"\r\n--outer--")]
    assert found == {
        "список.txt": b"12 died",
        "photos.zip/market.txt": b"market",
        "part 4.eml": inner,
        "part 4.eml/part 1.jpg": b"\xff\xd8\xff",
    }


def test_a_message_that_is_only_a_text_has_no_members() -> None:
    plain = b"From: a@example.org\nDate: Wed, 02 Apr 2031 10:00:00 +0000\nMessage-ID: <2@example.org>\n\n12 died.\n"
    assert contents(plain)["members"] == []


def test_an_attachment_that_does_not_decode_is_refused() -> None:
    data = MESSAGE.replace(b"MTIgZGll\r\nZA==", b"MTIgZGllZ")
    assert "base64" in refused(data)["список.txt"]
    assert "part 4.eml" in kept(data)


def test_a_mailbox_gives_its_messages_byte_for_byte() -> None:
    first = b"From: a@example.org\nDate: Wed, 02 Apr 2031 10:00:00 +0000\n\n>From the mill we saw it.\nFrom here too.\n"
    second = MESSAGE.replace(b"\r\n", b"\n")
    third = b"Subject: third\nFrom: b@example.org\n\nbefore\n\nFrom 2022 on nobody lived there.\n"
    border = b"From ana@example.org Wed Apr  2 10:00:00 2031\n"
    data = border + first + b"\n" + border + second + b"\n" + border + third
    found = kept(data)
    assert found["message 00001.eml"] == first
    assert found["message 00002.eml"] == second
    assert found["message 00003.eml"] == third
    assert found["message 00002.eml/список.txt"] == b"12 died"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["zip", "tar", "tgz", "mail", "bz2"]), st.integers(0), st.binary(max_size=6))
def test_whatever_is_changed_in_an_archive_nothing_breaks(kind: str, place: int, noise: bytes) -> None:
    member = ("a.txt", b"12 died near the mill" * 20)
    data = {
        "zip": zipped(member, ("b.zip", zipped(member))), "tar": tarred(member), "tgz": gzip.compress(tarred(member)),
        "mail": MESSAGE, "bz2": bz2.compress(member[1]),
    }[kind]  # fmt: skip
    media_type = str(identify(data)["media_type"])
    place %= len(data)
    changed = data[:place] + noise + data[place + len(noise) :]
    result = unpack.unpack(media_type, changed, hashlib.sha256(changed).hexdigest(), SMALL)
    if result.outcome == "succeeded":
        Draft202012Validator(SCHEMA).validate(json.loads(result.outputs[0].data))
    else:
        assert result.reason
