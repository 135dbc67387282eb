"""Further extractors: what they may leave out, what the gate refuses, what agrees and disagrees with the rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor_world import CLAIM, PLACE, PUBLISHED, QUOTATION, TEXT
from falsify import TEXTS, falsifications, names_in
from probanda.extract.plugins.proposal import MOST_RECORDS, encode_proposal, parse_proposal, sieved
from probanda.extract.plugins.reading import read_with
from probanda.extract.read import EXTRACTOR, read
from probanda.extract.text.segments import segment
from probanda.records.agreement import Agreement, agreement_of
from probanda.records.canonical import Json, canonical, parse_canonical
from probanda.records.codec import parse, to_json
from probanda.records.reading import Reading

SCHEMA = json.loads((Path(__file__).parent.parent / "spec" / "reading.schema.json").read_text())


def with_one(returned: object, text: str = TEXT, language: str = "en", name: str = "trial") -> Reading:
    return read_with(text, PUBLISHED, language, [sieved(name, "7", {"weights": "a" * 64}, returned)])


def told(reading: Reading) -> Agreement:
    found = agreement_of(reading)
    assert found is not None
    return found


def changed(record: Json, **fields: Json) -> Json:
    assert isinstance(record, Mapping)
    return {**record, **fields}


def reasons(reading: Reading) -> list[str]:
    assert {one.extractor for one in reading.rejected} <= {"trial"}
    return [one.reason.partition(":")[0] for one in reading.rejected]


def test_without_proposals_the_reading_is_the_rules_own_to_the_byte() -> None:
    assert canonical(to_json(read_with(TEXT, PUBLISHED, "en", []))) == canonical(to_json(read(TEXT, PUBLISHED)))


def test_what_two_extractors_find_stands_once_and_names_both() -> None:
    rules, found = read(TEXT, PUBLISHED), with_one({"quotations": [QUOTATION], "claims": [CLAIM], "places": [PLACE]})
    for kind in ("quotations", "claims", "places"):
        assert getattr(found, kind) == getattr(rules, kind)
    held = {one.id: one for kind in ("quotations", "claims", "places") for one in getattr(found, kind)}
    assert {type(held[name]).__name__ for name in told(found).found_by} == {"Quotation", "Claim", "Place"}
    assert set(told(found).found_by.values()) == {(EXTRACTOR, "trial")}
    assert not told(found).disagreements and not told(found).filled and not found.rejected
    assert found.extractors == (
        {"name": EXTRACTOR},
        {"name": "trial", "version": "7", "resources": {"weights": "a" * 64}},
    )


def test_a_reading_with_further_extractors_fits_the_schema_and_comes_back_whole() -> None:
    found = with_one({"claims": [changed(CLAIM, effect="killed"), changed(CLAIM, passage={"text": "invented"})]})
    jsonschema.validate(to_json(found), SCHEMA)
    assert parse(Reading, parse_canonical(canonical(to_json(found)))) == found


def test_numbers_days_and_points_are_worked_out_from_the_words() -> None:
    text = "At least 12 people were killed in Kyiv on Monday, Olha Brand said. Then 7 more died in Lviv."
    found = with_one(
        {
            "claims": [
                {"kind": "casualty", "passage": {"text": "7 more died in Lviv"}, "source": {"narrator": True},
                 "quantity": {"passage": {"text": "7 more"}}, "effect": "died", "modality": "accomplished",
                 "when": {"passage": {"text": "Monday"}}}
            ]
        },
        text,
    )  # fmt: skip
    rules = read(text, PUBLISHED)
    held = [one for one in found.claims if one.quantity is not None and one.quantity.stated == 7]
    assert held
    days = {(one.when.earliest, one.when.latest) for one in held if one.when is not None and one.when.earliest}
    assert days <= {(one.earliest, one.latest) for one in rules.times}


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (changed(CLAIM, passage={"text": "More than 3,000 people have died"}), "grounding.not_found"),
        (changed(CLAIM, quantity={"passage": {"text": "More than 2,000"}, "stated": 3000}), "value.quantity"),
        (changed(CLAIM, quantity={"passage": {"text": "people"}}), "value.quantity"),
        (changed(CLAIM, quantity={"passage": {"text": "2,000"}}), "boundary.qualifier"),
        (changed(CLAIM, source={"narrator": True}), "boundary.attribution"),
        (changed(CLAIM, source={"name": "Ilse Krahn", "passage": {"text": "Mirek Sandor"}}), "grounding.name"),
        (changed(CLAIM, verification=None), "boundary.verification"),
        (changed(CLAIM, as_of={"passage": {"text": "Tuesday"}, "earliest": "2031-05-01", "latest": "2031-05-01",
                               "precision": "day", "basis": "stated"}), "value.time"),
        (changed(CLAIM, negated=True), "value.negated"),
        (changed(CLAIM, kind="massacre"), "shape.record"),
        ({"passage": {"text": "More than 2,000 people have died"}}, "shape.record"),
        (changed(CLAIM, passage={"start": 0, "end": 32}), "shape.record"),
        (changed(CLAIM, subset_of="c9"), "reference.subset_of"),
        (float("nan"), "shape.record"),
        ({**CLAIM, "effect": float("nan")}, "shape.value"),  # type: ignore[dict-item]
        (changed(CLAIM, extra="x"), "shape.record"),
    ],
)  # fmt: skip
def test_what_the_text_does_not_bear_out_is_refused_by_name_and_the_rules_stand(claim: Json, code: str) -> None:
    rules, found = read(TEXT, PUBLISHED), with_one({"claims": [claim]})
    assert reasons(found) == [code]
    assert found.claims == rules.claims and found.events == rules.events


@pytest.mark.parametrize(
    "returned", [None, [], "x", 7, {"claims": 3}, {"claims": {"0": CLAIM}}, {1: []}, {"rejected": []}]
)
def test_rubbish_is_told_and_costs_nothing(returned: object) -> None:
    found = with_one(returned)
    assert reasons(found) and found.claims == read(TEXT, PUBLISHED).claims


def test_a_million_records_are_cut_off_and_that_is_told() -> None:
    found = sieved("trial", "1", {}, {"places": [PLACE] * 1_000_000, "claims": [CLAIM]})
    assert found.records == MOST_RECORDS
    assert any("shape.too_many" in one.reason for one in found.refused)
    assert len(encode_proposal(found)) < 8 * 2**20
    assert parse_proposal(encode_proposal(found)) == found


def test_what_is_proposed_twice_stands_once() -> None:
    found = with_one({"places": [PLACE, PLACE], "events": []})
    assert reasons(found) == ["reference.duplicate_id"]
    assert len(found.places) == len(read(TEXT, PUBLISHED).places)


def test_where_they_differ_both_stand_and_the_fields_are_named() -> None:
    rules, found = read(TEXT, PUBLISHED), with_one({"claims": [changed(CLAIM, effect="killed")]})
    (one,) = told(found).disagreements
    assert one.fields == ("effect",)
    assert {claim.effect for claim in found.claims if claim.id in one.records} == {"died", "killed"}
    assert set(rules.claims) < set(found.claims)


def test_what_one_leaves_unsaid_the_other_fills_in_and_says_so() -> None:
    text = "Mirek Sandor, a baker, met us.\n\n“We heard three blasts and ran for our lives.”"
    rules = read(text, PUBLISHED)
    (silent,) = [one for one in rules.quotations if one.passage.text.startswith("We heard")]
    assert silent.speaker is None, "else there is nothing to fill in"
    speaker = {"name": "Mirek Sandor", "passage": {"text": "Mirek Sandor"}}
    found = with_one(
        {
            "quotations": [
                {
                    "passage": {"text": "We heard three blasts and ran for our lives"},
                    "form": "direct",
                    "speaker": speaker,
                }
            ]
        },
        text,
    )
    (whole,) = [one for one in found.quotations if one.passage.text.startswith("We heard")]
    assert whole.speaker is not None and whole.speaker.name == "Mirek Sandor"
    assert (whole.passage, whole.form, whole.cue) == (silent.passage, silent.form, silent.cue)
    assert to_json(told(found).filled[whole.id]) == {"of": silent.id, "fields": {"speaker": "trial"}}
    assert told(found).found_by[whole.id] == (EXTRACTOR, "trial")


def test_claims_of_a_proposal_refer_to_each_other_by_names_of_its_own() -> None:
    text = "At least 12 people were killed, including two children, and others injured, the mayor said."
    whole: Json = {"id": "c1", "kind": "casualty", "passage": {"text": "At least 12 people were killed"},
                   "effect": "killed", "source": {"role": "mayor", "passage": {"text": "the mayor"}},
                   "modality": "accomplished",
                   "quantity": {"passage": {"text": "At least 12"}, "unit": "people"}}  # fmt: skip
    part: Json = {"id": "c0", "kind": "casualty", "passage": {"text": "two children"}, "effect": "injured",
                  "subset_of": "c1",
                  "source": {"role": "mayor", "passage": {"text": "the mayor"}}, "modality": "accomplished",
                  "quantity": {"passage": {"text": "two"}, "unit": "children"}}  # fmt: skip
    found = with_one({"claims": [part, whole]}, text)
    ids = {claim.id for claim in found.claims}
    assert not found.rejected
    assert {claim.subset_of for claim in found.claims if claim.subset_of} <= ids
    assert any(claim.effect == "injured" and claim.subset_of in ids for claim in found.claims)


def test_three_extractors_give_one_reading_whatever_they_say() -> None:
    proposals = [
        sieved("a", "1", {}, {"claims": [changed(CLAIM, effect="killed")], "places": [PLACE]}),
        sieved("b", "1", {}, {"claims": [changed(CLAIM, effect="killed")]}),
        sieved("c", "1", {}, None),
    ]
    found = read_with(TEXT, PUBLISHED, "en", proposals)
    (killed,) = [one for one in found.claims if one.effect == "killed"]
    assert told(found).found_by[killed.id] == ("a", "b")
    assert [one["name"] for one in found.extractors] == [EXTRACTOR, "a", "b", "c"]
    assert read_with(TEXT, PUBLISHED, "en", proposals) == found


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(TEXT.split()),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from("claims quotations places passage text quantity source id when".split()), inner,
                      max_size=5),
    max_leaves=25,
))  # fmt: skip
def test_nothing_that_is_returned_raises_or_enters_ungrounded(returned: object) -> None:
    found = with_one(returned)
    for kind in ("quotations", "claims", "places"):
        for record in getattr(found, kind):
            passage: Any = record.passage
            assert TEXT[passage.start : passage.end] == passage.text


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_no_falsified_sentence_enters(name: str) -> None:
    text = TEXTS[name]
    language = name[:2] if name[:2] in ("uk", "ru") else "en"
    doc, names = segment(text), names_in(text)
    lies = {lie for one in doc.sentences for _, lie in falsifications(text[one.start : one.end], names)}
    false = sorted(lie for lie in lies if lie not in text)  # a sentence cut short is true as far as it goes
    claims: list[Json] = [
        {"kind": "statement", "passage": {"text": lie}, "source": {"unknown": True}, "modality": "stated"}
        for lie in false
    ]
    found = with_one({"claims": claims[:4_000]}, text, language)
    assert found.claims == read(text, PUBLISHED, language).claims
    assert len(found.rejected) >= len(false[:4_000]) > 20


def _told(words: str, number: str, effect: str, language: str = "en", **more: Json) -> Json:
    unit = {"en": "people", "uk": "людей", "ru": "человек"}[language]
    return {
        "kind": "casualty", "passage": {"text": words}, "effect": effect, "modality": "accomplished",
        "quantity": {"passage": {"text": number}, "unit": unit}, "source": {"narrator": True}, **more,
    }  # fmt: skip


CHECKED: Json = {"status": "verified", "passage": {"text": "independently verified"}}


@pytest.mark.parametrize(
    ("language", "text", "claim", "code"),
    [
        ("en", "Forty people were at the fair in Aldena.", _told("Forty people were at the fair", "Forty", "killed"),
         "value.effect"),
        ("en", "Forty people were wounded in Aldena.", _told("Forty people were wounded", "Forty", "killed"),
         "value.effect"),
        ("en", "Officials fear 2,000 people could die.", _told("2,000 people could die", "2,000", "died"),
         "value.modality"),
        ("en", "Twelve people died. None of it could be independently verified.",
         _told("Twelve people died", "Twelve", "died", verification=CHECKED), "value.verification"),
        ("en", "Twelve people died, which has not been independently verified.",
         _told("Twelve people died", "Twelve", "died", verification=CHECKED), "value.verification"),
        ("uk", "Сорок людей прийшли на ярмарок.", _told("Сорок людей прийшли на ярмарок", "Сорок", "killed", "uk"),
         "value.effect"),
        ("ru", "Сорок человек пришли на ярмарку.", _told("Сорок человек пришли на ярмарку", "Сорок", "killed", "ru"),
         "value.effect"),
    ],
)  # fmt: skip
def test_an_effect_a_modality_or_a_checking_that_the_words_do_not_tell_is_refused(
    language: str, text: str, claim: Json, code: str
) -> None:
    reading = read_with(text, PUBLISHED, language, [sieved("other", "1", {}, {"claims": [claim]})])
    assert [one.reason.partition(":")[0] for one in reading.rejected if one.extractor == "other"] == [code]
    assert not [one for one in reading.claims if one.effect == "killed"]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Forty people perished in Aldena.", _told("Forty people perished", "Forty", "died")),
        ("Twelve people died in Aldena, which was independently verified.",
         _told("Twelve people died", "Twelve", "died", verification=CHECKED)),
    ],
)  # fmt: skip
def test_what_the_words_bear_out_is_admitted(text: str, claim: Json) -> None:
    reading = read_with(text, PUBLISHED, "en", [sieved("other", "1", {}, {"claims": [claim]})])
    assert not [one for one in reading.rejected if one.extractor == "other"] and reading.claims


def test_who_says_that_it_is_disputed_and_who_that_nobody_checked_disagree() -> None:
    checking: Json = {"status": "disputed", "passage": {"text": "has not been independently verified"}}
    claim: Json = {**CLAIM, "verification": checking}  # type: ignore[dict-item]
    reading = read_with(TEXT, PUBLISHED, "en", [sieved("other", "1", {}, {"claims": [claim]})])
    told = agreement_of(reading)
    assert told is not None and [one.fields for one in told.disagreements] == [("verification",)]
