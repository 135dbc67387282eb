"""What a reading never does, over every order in which the sentences of invented reports can stand."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from probanda.extract.read import read
from probanda.records.reading import Event

QUALIFIED = {
    "More than 40 people have died, the mayor said.": (40, 41, None),
    "At least 12 children were injured, police said.": (12, 12, None),
    "Nearly 6,000 people fled the town.": (6000, "unknown", 5999),
    "Up to 300 men are missing.": (300, "unknown", 300),
    "Fewer than 90 people were evacuated.": (90, 0, 89),
}
NOT_DONE = [
    "The town braced for a siege.",
    "The minister warned that Karovia would shell the port.",
    "Tessaly promised to send 1,200 missiles.",
    "Karovia planned to bomb the bridge.",
    "Residents fear an attack on the hospital.",
    "The rebels threatened to kidnap the judge.",
    "The army denied that its forces had hit the school.",
    "The envoy accused Karovia of shelling the market.",
]
DONE = ["A shell hit the mill on Monday.", "Hours later, the mayor spoke.", "The court opened an inquiry."]


@given(st.permutations([*QUALIFIED, *DONE]))
@settings(max_examples=60, deadline=None)
def test_a_number_never_stands_without_its_qualifier(order: list[str]) -> None:
    quantities = [claim.quantity for claim in read(" ".join(order), "2031-05-14").claims if claim.quantity]
    for stated, minimum, maximum in QUALIFIED.values():
        found = [(q.minimum, q.maximum) for q in quantities if q.stated == stated]
        assert found and set(found) == {(minimum, maximum)}


@given(st.permutations([*NOT_DONE, *DONE]), st.sampled_from(["", "\n\n"]))
@settings(max_examples=60, deadline=None)
def test_what_did_not_happen_is_never_listed_as_happened(order: list[str], gap: str) -> None:
    text = (gap or " ").join(order)
    reading = read(text, "2031-05-14")
    spans = [(text.index(sentence), text.index(sentence) + len(sentence)) for sentence in NOT_DONE]
    for event in reading.events:
        if event.type.startswith(("diplomatic.", "legal.")):
            continue
        if any(first <= event.trigger.start < last for first, last in spans):
            assert event.modality != "accomplished", told(event)
    for claim in reading.claims:
        if claim.kind in ("attack", "siege", "damage", "pledge"):
            inside = any(first <= claim.passage.start < last for first, last in spans)
            assert not inside or claim.modality != "accomplished", claim.passage.text


def told(event: Event) -> str:
    return f"{event.type} at {event.trigger.text}"
