"""The sheets: the content of the page, the same bytes from the same snapshot, nothing of a source read as markup."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

import report_world as world
from probanda.records.passage import Passage
from probanda.records.reading import Speaker, Weapon
from probanda.report.casefile import build
from probanda.report.contents import CaseFile
from probanda.report.page import html
from probanda.report.paper import blocks
from probanda.report.pdf import pdf

HOSTILE = [
    "<script>alert(1)</script>", "#let x = 1; #panic()", '#read("/etc/passwd")', "]]>", "*bold* _x_ $x^2$ @ref <label>",
    "\\u{202e} \\ \" ' `", "\u202egnp.exe", "\0null\x1b[31m", "中文 🙂 ไทย العربية", "{{ } ]]", "w" * 100_000,
]  # fmt: skip


def sheets(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [document[n].get_textpage().get_text_range() for n in range(len(document))]


def flat(text: str) -> str:
    return re.sub(r"[\s\u200b\ufffe\u00ad-]+", "", text)


def of(text: str, **given: object) -> CaseFile:
    one = world.item(text, 1)
    made = world.reading(text, weapons=[Weapon(Passage(0, len(text), text), "unknown")])
    return build(replace(world.snapshot([one], [world.row(text, made, one)]), **given))  # type: ignore[arg-type]


def test_every_line_and_every_text_stands_on_the_sheets() -> None:
    casefile = build(world.whole())
    told = flat("".join(sheets(pdf(casefile))))
    for text in casefile.texts:
        for paragraph in text.text.split("\n"):
            for sentence in re.findall(r"[A-Z][a-z]+ [a-z]+ [a-z]+", paragraph):
                assert flat(sentence) in told
    for number in ("F1", "F4", "S2", "E1", "A3", "L1", "P1", "W1", "O1", "J3", "X2", "I1", "I2", "M1", "Q2"):
        assert number in told
    for words in ("presumedinnocent", "NaturalEarth", "cannotbothholdwith", "MadebyJanaOrlik", "Strikeonthe"):
        assert words in told


def test_case_root_page_number_and_marking_stand_on_every_sheet() -> None:
    found = sheets(pdf(build(world.whole())))
    assert len(found) > 5
    for number, sheet in enumerate(found, start=1):
        told = flat(sheet)
        assert "Restricted–containsmaterialnotcleared" in told
        assert "case:" + "11" * 32 in told
        assert world.ROOT in told
        assert f"{number}/{len(found)}" in told
    assert not any("Restricted–contains" in flat(sheet) for sheet in sheets(pdf(build(world.whole(), "public"))))


def test_cyrillic_is_set_and_can_be_read_out() -> None:
    text = "Обстріл лікарні в місті Древна: щонайменше сімнадцятеро загиблих. Ґанок, їжак, єдність."
    told = flat("".join(sheets(pdf(of(text), "uk"))))
    assert flat(text) in told
    for ours in ("Цілісністьвідчасунадходження", "прочитаннямашини", "Матеріалисправи".upper()):
        assert ours in told


def test_it_says_that_it_is_pdf_a_and_when_it_was_made() -> None:
    data = pdf(build(world.whole()))
    assert data.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>3</pdfaid:part>" in data
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in data
    assert b"2026-11-22T07:00:00" in data


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_a_source_is_read_as_markup(hostile: str) -> None:
    text = f"Before {hostile} after."
    sandor = Speaker(hostile[:80], "role", world.find(text, hostile))
    made = world.reading(text, claims=[world.claim(text, "claim:1", text, None, sandor, kind="statement", effect=None)])
    one = world.item(text, 1, name=hostile[:200], source=hostile[:200])
    casefile = build(world.snapshot([one], [world.row(text, made, one)], title=hostile[:60]))
    told = flat("".join(sheets(pdf(casefile))))
    assert "Before" in told
    assert "after." in told
    if hostile.isascii() and hostile.isprintable():
        long = len(hostile) > 1000  # stands on many sheets, parted by their foots
        assert told.count("w") >= 2 * len(hostile) if long else told.count(flat(hostile)) >= 2
    assert "\u202e" not in told


def test_a_character_without_a_shape_is_written_by_its_number() -> None:
    told = flat("".join(sheets(pdf(of("He said 中 and wept.")))))
    assert "Hesaid[U+4E2D]andwept." in told


def runs(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from ([str(value["t"])] if "t" in value else [])
        yield from (one for part in value.values() for one in runs(part))
    elif isinstance(value, list):
        yield from (one for part in value for one in runs(part))


def test_the_sheets_hold_the_words_of_the_page_and_no_others() -> None:
    page = html(build(world.whole()))
    left_out = r"<(nav|svg|style|head|footer|caption)\b.*?</\1>|<p class=.banner.*?</p>|<a [^>]*skip.*?</a>"
    main = re.sub(r"<[^>]*>", " ", re.sub(left_out, " ", page, flags=re.DOTALL))
    shown = set(re.findall(r"\w{4,}", main.replace("&#39;", "'").replace("&quot;", '"')))
    assert len(shown) > 400
    told = flat("".join(runs(blocks(page, "en"))))
    assert not [word for word in shown if word not in told and word != "DOCTYPE"]
    own = set(re.findall(r"[A-Za-z]{4,}", " ".join(runs(blocks(page, "en"))).replace("\u200b", "")))
    assert not own - set(re.findall(r"[A-Za-z]{4,}", page))


MAKE = """
import hashlib, sys
import report_world as world
from probanda.report.casefile import build, to_json
from probanda.report.page import html
from probanda.report.pdf import pdf
made = build(world.whole())
for data in (to_json(made), html(made).encode(), html(made, "uk").encode(), pdf(made), pdf(made, "uk")):
    print(hashlib.sha256(data).hexdigest())
"""


def test_the_same_snapshot_gives_the_same_bytes_in_another_process() -> None:
    found = []
    for seed in ("1", "4711"):
        paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        done = subprocess.run([sys.executable, "-c", MAKE], env=environment, capture_output=True, text=True, check=True)
        found.append(done.stdout)
    assert found[0] == found[1]
    assert len(found[0].split()) == 5
