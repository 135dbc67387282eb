"""Falsified Ukrainian and Russian sentences are no evidence, and what the rules propose of true ones is not refused."""

from __future__ import annotations

from collections import Counter

import pytest

from falsify import TEXTS, falsifications, names_in
from gate_world import claim, quotation
from probanda.extract.gate import admit
from probanda.extract.read import read
from probanda.extract.text.segments import segment
from score.gold import GOLD, load

PUBLISHED = "2031-05-07"
CYRILLIC = {"uk": "uk_udar_po_rynku", "ru": "ru_proryv_plotiny"}


@pytest.mark.parametrize("language", CYRILLIC)
def test_falsified_sentences_are_no_evidence(language: str) -> None:
    text = TEXTS[CYRILLIC[language]]
    doc = segment(text, language)
    tried: Counter[str] = Counter()
    accepted = []
    for span in doc.sentences:
        for fault, false in falsifications(text[span.start : span.end], names_in(text)):
            tried[fault] += 1
            candidate = {
                "claims": [claim(false, id="a")],
                "quotations": [quotation(false, None, id="b", form="indirect")],
            }
            reading, _ = admit(doc, candidate, extractor="t", published=PUBLISHED)
            if reading.claims:
                accepted.append((fault, false))
    assert accepted == []
    assert sum(tried.values()) > 200


@pytest.mark.parametrize(
    ("language", "text", "quote", "code"),
    [
        ("uk", "Не загинули люди в Марлові.", "загинули люди в Марлові", "boundary.negation"),
        ("uk", "Понад 200 людей загинули.", "200 людей загинули", "boundary.qualifier"),
        ("uk", "Нібито загинули люди.", "загинули люди", "boundary.hedge"),
        ("uk", "Загинули люди, повідомив мер.", "Загинули люди", "boundary.attribution"),
        ("ru", "Не погибли люди в Марлове.", "погибли люди в Марлове", "boundary.negation"),
        ("ru", "Около 200 человек погибли.", "200 человек погибли", "boundary.qualifier"),
        ("ru", "Якобы погибли люди.", "погибли люди", "boundary.hedge"),
        ("ru", "Погибли люди, сообщил мэр.", "Погибли люди", "boundary.attribution"),
    ],
)
def test_words_outside_a_span_that_change_it_reject_it(language: str, text: str, quote: str, code: str) -> None:
    _, rejections = admit(segment(text, language), {"claims": [claim(quote)]}, extractor="t", published=PUBLISHED)
    assert [rejection.reason.partition(":")[0] for rejection in rejections] == [code]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("uk", "«Ми тут були», — сказала мер Олена Штерн.", "Олена Штерн"),
        ("uk", "За словами мера Олени Штерн, люди тут.", "Олени Штерн"),
        ("uk", "— Ми тут були, — згадує Ірина.", "Ірина"),
        ("ru", "«Мы здесь были», — сказала мэр Елена Штерн.", "Елена Штерн"),
        ("ru", "По словам мэра Елены Штерн, люди здесь.", "Елены Штерн"),
        ("ru", "Полковник Артур Лис заявил, что войск здесь нет.", "Артур Лис"),
    ],
)
def test_who_speaks_is_told_and_admitted(language: str, text: str, name: str) -> None:
    reading = read(text, PUBLISHED, language)
    assert [quotation.speaker.name for quotation in reading.quotations if quotation.speaker][:1] == [name]
    assert reading.rejected == ()


@pytest.mark.parametrize("language", CYRILLIC)
def test_falsified_sentences_of_the_development_reports_are_no_evidence(language: str) -> None:
    accepted, tried = [], 0
    for report in load(GOLD / f"dev_{language}"):
        doc = segment(report.text, language)
        for span in doc.sentences:
            sentence = report.text[span.start : span.end]
            for fault, false in falsifications(sentence, names_in(report.text)):
                if false in report.text:
                    continue  # less of the sentence, but all of it there
                tried += 1
                candidate = {
                    "claims": [claim(false, id="a")],
                    "quotations": [quotation(false, None, id="b", form="indirect")],
                }
                reading, _ = admit(doc, candidate, extractor="t", published=report.published)
                if reading.claims or reading.quotations:
                    accepted.append((fault, false))
    assert accepted == []
    assert tried > 1500
