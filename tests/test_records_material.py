"""Protection, captures, derivations, judgements: ids that follow from content, and what joining and parsing refuse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.records.canonical import canonical
from probanda.records.capture import capture_id
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.derivation import Derivation, Output, Request, encode_rows, parse_row, parse_rows
from probanda.records.judgement import encode_judgement, judge, parse_judgement
from probanda.records.protection import MARKINGS, RISKS, Consent, Protection, least

consents = st.none() | st.builds(
    Consent,
    st.lists(st.sampled_from(("documentation", "court", "publication")), unique=True, max_size=3).map(tuple),
    st.none() | st.just("2026-11-22T07:00:00.123Z"),
)
protections = st.builds(
    Protection,
    st.sampled_from(MARKINGS),
    consents,
    st.lists(st.sampled_from(("lead_only", "needs_agreement", "no_further_disclosure")), unique=True).map(tuple),
    st.sampled_from(RISKS),
)
A, B = "a" * 64, "b" * 64
REQUEST = Request("read", "1", (A,), {"language": "en"}, {"gazetteer": B})


def test_what_nobody_set_is_restricted_and_of_unknown_risk() -> None:
    assert (Protection().marking, Protection().risk, Protection().consent) == ("restricted", "unknown", None)


@given(protections, protections)
def test_joining_never_gives_more_than_either(a: Protection, b: Protection) -> None:
    joined = least(a, b)
    for one in (a, b):
        assert MARKINGS.index(joined.marking) >= MARKINGS.index(one.marking)
        assert RISKS.index(joined.risk) >= RISKS.index(one.risk)
        assert set(one.conditions) <= set(joined.conditions)
        for use in ("documentation", "court", "publication"):
            assert not (joined.consent and joined.consent.covers(use)) or (one.consent and one.consent.covers(use))
    assert least(b, a) == replace(joined, consent=least(b, a).consent)


@given(protections)
def test_a_protection_joined_with_itself_and_written_stays_the_same(one: Protection) -> None:
    assert parse(Protection, to_json(one)) == one
    assert least(one, one) == replace(one, conditions=tuple(sorted(one.conditions)))


@pytest.mark.parametrize(
    "wrong", [{"marking": "secret"}, {"risk": "none"}, {"conditions": ["burn"]}, {"marking": None}]
)
def test_an_unknown_marking_is_refused_not_guessed(wrong: dict[str, Any]) -> None:
    with pytest.raises(RecordError):
        parse(Protection, wrong)


def test_a_capture_id_changes_with_everything_stated_openly() -> None:
    base: dict[str, Any] = {
        "blob": A,
        "size": 1,
        "published": None,
        "media_type": None,
        "protection": Protection(),
        "nonce": A,
    }
    changes: list[dict[str, Any]] = [
        {"blob": B}, {"size": 2}, {"published": "2022"}, {"media_type": "text/html"},
        {"protection": Protection("public")}, {"nonce": B},
    ]  # fmt: skip
    ids = [capture_id(**{**base, **change}) for change in [{}, *changes]]
    assert len(set(ids)) == len(ids)
    assert capture_id(**base) == ids[0]


def test_a_request_digest_follows_from_all_its_parts_and_not_from_their_order() -> None:
    same = Request("read", "1", (A,), {"language": "en"}, {"gazetteer": B})
    assert same.sha256 == REQUEST.sha256
    others = [
        replace(REQUEST, step="text"), replace(REQUEST, version="2"), replace(REQUEST, inputs=(B,)),
        replace(REQUEST, inputs=(A, B)), replace(REQUEST, parameters={}), replace(REQUEST, resources={"gazetteer": A}),
        replace(REQUEST, extra={"later": 1}),
    ]  # fmt: skip
    assert len({request.sha256 for request in [REQUEST, *others]}) == len(others) + 1


def test_rows_come_back_and_seconds_change_no_identity() -> None:
    made = Derivation(REQUEST, "succeeded", None, (Output("reading", B, 10),), {"claims": 3}, 0.25)
    failed = Derivation(REQUEST, "failed", "the text is empty", extra={"machine": "m"})
    data = encode_rows([made, failed])
    assert list(parse_rows(data)) == [made, failed]
    assert data.count(b"\n") == 2
    assert replace(made, seconds=9.0).request.sha256 == made.request.sha256
    assert encode_rows([]) == b""
    assert list(parse_rows(b"")) == []


def test_a_row_whose_digest_is_not_its_requests_is_refused() -> None:
    row = encode_rows([Derivation(REQUEST, "succeeded")])
    with pytest.raises(RecordError, match="request_sha256"):
        parse_row(row[:-1].replace(REQUEST.sha256.encode(), A.encode()))
    with pytest.raises(RecordError, match="line end"):
        list(parse_rows(row[:-1]))
    with pytest.raises(RecordError):
        parse_row(b"[]")


@pytest.mark.parametrize("outcome", ["failed", "not_applicable", "unavailable"])
def test_a_derivation_without_success_has_a_reason_and_no_outputs(outcome: Any) -> None:
    with pytest.raises(ValueError, match="reason"):
        Derivation(REQUEST, outcome)
    with pytest.raises(ValueError, match="no outputs"):
        Derivation(REQUEST, outcome, "why", (Output("text", A, 1),))


def judged(**changes: Any) -> Any:
    given: dict[str, Any] = {"about": ("claim:" + A,), "decision": "confirmed", "reason": "It says so.",
                             "by": "agent:" + A,
                             "at": "2026-11-22T07:00:00.123Z", "nonce": B}  # fmt: skip
    return judge(**{**given, **changes})


def test_a_judgement_comes_back_and_its_id_follows_from_its_content() -> None:
    record = judged()
    assert parse_judgement(encode_judgement(record)) == record
    assert judged().id == record.id
    assert judged(nonce=A).id != record.id
    with pytest.raises(RecordError, match="expected the id"):
        parse_judgement(canonical({**to_json(record), "reason": "Another."}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"about": ()}, {"reason": "  "}, {"decision": "maybe"}, {"decision": "corrected"},
        {"correction": {"kind": "vote"}}, {"at": "yesterday"}, {"nonce": "short"},
    ],
)  # fmt: skip
def test_a_judgement_with_a_part_missing_or_contradicting_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        judged(**wrong)
