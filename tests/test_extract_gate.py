"""The gate: what is true passes unchanged, and each kind of falsification that it claims to catch is rejected."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from falsify import TEXTS, falsifications, names_in
from gate_world import (
    DOC,
    PUBLISHED,
    READING,
    RECOMPUTE,
    TEXT,
    claim,
    codes,
    count,
    gate,
    mutated,
    quotation,
    speaker,
)  # fmt: skip
from probanda.extract.gate import admit
from probanda.extract.text.segments import segment
from probanda.records.codec import to_json
from probanda.records.passage import Passage
from probanda.records.reading import Reading
from work_counted import calls


def admitted() -> Reading:
    return gate(READING)[0]


def test_a_true_reading_is_admitted_whole_and_again() -> None:
    reading, rejections = gate(READING)
    assert rejections == ()
    assert count(reading) == sum(len(READING[name]) for name in READING)
    assert gate(reading) == (reading, ())
    assert gate(to_json(reading)) == (reading, ())


def test_the_document_is_what_code_knows_of_it() -> None:
    document = admitted().document
    assert (document.chars, document.published, document.language) == (len(TEXT), PUBLISHED, "en")
    assert codes(READING | {"document": to_json(replace(document, chars=7))}) == ["value.document"]


def test_every_passage_of_what_is_admitted_is_the_texts_own() -> None:
    def passages(value: Any) -> list[dict[str, Any]]:
        if isinstance(value, dict):
            own = [value] if value.keys() == {"start", "end", "text"} else []
            return own + [found for item in value.values() for found in passages(item)]
        return [found for item in value for found in passages(item)] if isinstance(value, list) else []

    found = passages(to_json(admitted()))
    assert len(found) > 20
    assert all(TEXT[passage["start"] : passage["end"]] == passage["text"] for passage in found)


MUTATIONS = {
    "number": ("claims.0.quantity.stated", 3000, "value.quantity"),
    "minimum": ("claims.0.quantity.minimum", 2000, "value.quantity"),
    "maximum": ("claims.0.quantity.maximum", 5000, "value.quantity"),
    "qualifier": ("claims.0.quantity.qualifier", "at_least", "value.quantity"),
    "number of another claim": ("claims.1.quantity.passage", {"text": "61"}, "value.quantity"),
    "unit": ("claims.0.quantity.unit", "soldiers", "value.unit"),
    "unit of another number": ("claims.1.quantity.unit", "others", "value.unit"),
    "speaker name": ("claims.0.source.name", "Daro Pell", "grounding.name"),
    "invented name": ("claims.0.source.name", "Jon Adler", "grounding.name"),
    "name not whole": ("claims.3.source.name", "Sand", "grounding.name"),
    "role of another": ("claims.3.source.role", "fishmonger", "grounding.role"),
    "role invented": ("claims.3.source.role", "president", "grounding.role"),
    "role in capitals": ("claims.3.source.role", "Mayor of Aldena", "grounding.role"),
    "chain invented": ("claims.3.source.via", ["a passer-by"], "grounding.via"),
    "verification removed": ("claims.0.verification", None, "boundary.verification"),
    "verification turned": ("claims.0.verification.status", "verified", "value.verification"),
    "negated turned on": ("claims.1.negated", True, "value.negated"),
    "negated turned off": ("claims.4.negated", False, "boundary.negation"),
    "time moved": ("claims.0.as_of.earliest", "2031-05-05", "value.time"),
    "time made vague": ("claims.0.as_of.precision", "week", "value.time"),
    "time invented": (
        "claims.1.when",
        {"passage": None, "earliest": "2031-01-01", "latest": "2031-01-01", "precision": "day", "basis": "stated"},
        "value.time",
    ),
    "passage falsified": ("claims.1.passage", {"text": "killing at least 32 civilians"}, "grounding.not_found"),
    "inner passage falsified": ("claims.1.who", {"text": "soldiers"}, "grounding.not_found"),
    "passage ambiguous": ("claims.0.as_of.passage", {"text": "Tuesday"}, "grounding.ambiguous"),
    "form": ("quotations.0.passage", {"text": "lost two cousins"}, "role.not_between_marks"),
    "speaker in own words": ("quotations.1.speaker.mention", {"text": "a military target"}, "role.speaker_inside"),
    "cue from elsewhere": ("quotations.0.cue", {"text": "denied"}, "role.cue_far"),
    "venue name": ("quotations.0.venue", {"name": "Radio Drenova", "passage": {"text": "reporters"}}, "grounding.name"),
    "gazetteer id": ("places.0.gazetteer_id", "test:2", "value.place"),
    "latitude": ("places.0.latitude", 50.0, "value.place"),
    "country": ("places.0.country", "XT", "value.place"),
    "place name": ("places.0.name", "Drenova", "grounding.name"),
    "candidate": ("places.0.candidates.0.gazetteer_id", "test:9", "value.place"),
    "label": (
        "labels",
        [{"passage": {"text": "military target"}, "label": "war_crime", "holder": {"narrator": True}, "about": None}],
        "value.label",
    ),
    "event type": ("events.0.type", "Attack; DROP", "shape.record"),
    "counts": ("events.0.counts", {"for": 141, "against": None, "abstaining": None, "states": []}, "value.count"),
    "counts by whom": (
        "events.0.counts",
        {"for": None, "against": None, "abstaining": None, "states": ["Adria"]},
        "grounding.name",
    ),
    "duplicate id": ("claims.1.id", "deaths", "reference.duplicate_id"),
    "subset of nothing": ("claims.1.subset_of", "claim:none", "reference.subset_of"),
    "subset of itself": ("claims.1.subset_of", "killed", "reference.subset_of"),
    "corrects nothing": ("claims.1.corrects", "nine hundred", "reference.corrects"),
    "unknown field": ("claims.1.certainty", 1.0, "shape.record"),
    "unknown modality": ("claims.1.modality", "proved", "shape.record"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutated_record_is_rejected(name: str) -> None:
    path, value, code = MUTATIONS[name]
    reading, rejections = gate(mutated(path, value))
    assert [rejection.reason.partition(":")[0] for rejection in rejections] == [code]
    assert reading.rejected == rejections
    assert {rejection.extractor for rejection in rejections} == {"trial/1"}


def test_the_same_mutations_of_a_record_that_code_made_are_rejected() -> None:
    reading = admitted()
    deaths = reading.claims[0]
    assert deaths.quantity is not None
    false = [
        replace(deaths, quantity=replace(deaths.quantity, stated=3000)),
        replace(deaths, verification=None),
        replace(deaths, passage=Passage(0, 4, "Five")),
        replace(deaths, passage=Passage(2, 12, TEXT[2:12])),  # true characters, cut inside a word
        replace(deaths, modality="proved"),  # type: ignore[arg-type]
    ]
    for record in false:
        remaining, rejections = gate(replace(reading, claims=(record,)))
        assert (remaining.claims, len(rejections)) == ((), 1)


def test_offsets_that_are_wrong_are_mended_where_the_words_say_where() -> None:
    reading = admitted()
    killed = reading.claims[1]
    moved = replace(killed, passage=replace(killed.passage, start=killed.passage.start + 9, end=killed.passage.end + 9))
    assert gate(replace(reading, claims=(moved,)))[0].claims == (killed,)


def test_what_hangs_on_a_rejected_claim_is_rejected() -> None:
    candidate = mutated("claims.1.subset_of", "deaths")
    assert codes(candidate) == []
    candidate["claims"][2]["subset_of"] = "killed"
    candidate["claims"][0]["quantity"]["stated"] = 1
    assert codes(candidate) == ["value.quantity", "reference.subset_of", "reference.subset_of"]


def test_a_circle_of_subsets_is_rejected() -> None:
    candidate = mutated("claims.1.subset_of", "wounded")
    candidate["claims"][2]["subset_of"] = "killed"
    assert codes(candidate) == ["reference.subset_of", "reference.subset_of"]


VECTORS = sorted((Path(__file__).parent.parent / "vectors" / "gate").glob("*.json"))


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_vector(path: Path) -> None:
    """Words outside a span that change what it says reject it; words that do not, let it pass."""
    vector = json.loads(path.read_text(encoding="utf-8"))
    assert codes(vector["candidate"], vector["text"]) == vector["rejected"]


def test_the_vectors_are_there() -> None:
    true = [path for path in VECTORS if path.stem.startswith("true-")]
    assert len(VECTORS) - len(true) >= 25
    assert len(true) >= 7


FAR = "\n\n".join(
    ["Mirek Sandor arrived.", "It rained.", "The road was closed.", "Nobody came.", "“We will stay here,” he said."]
)


def test_a_speaker_far_from_the_words_needs_a_chain() -> None:
    sandor = speaker("Mirek Sandor", "Mirek Sandor")
    words = "We will stay here"
    assert codes({"quotations": [quotation(words, sandor)]}, FAR) == ["role.speaker_far"]
    assert codes({"quotations": [quotation(words, sandor | {"mention": {"text": "he"}})]}, FAR) == []


def test_speech_that_runs_over_paragraphs_keeps_its_speaker() -> None:
    text = "Ana Volk said:\n\n“We left at dawn.\n\n“We saw no one.\n\n“We will go back.”"
    assert codes({"quotations": [quotation("We will go back", speaker("Ana Volk", "Ana Volk"))]}, text) == []
    assert codes(
        {"quotations": [quotation("We will go back", speaker("Ana Volk", "Ana Volk"))]},
        text.replace("“We saw no one.", "It rained."),
    ) == ["role.speaker_far"]


def test_a_role_stands_in_apposition_not_merely_near() -> None:
    text = "Defence minister Ana Volk told president Jon Adler that “it is over now”."
    words = "it is over now"
    for role, expected in (("Defence minister", []), ("president", ["grounding.role"])):
        assert codes({"quotations": [quotation(words, speaker("Ana Volk", "Ana Volk", role))]}, text) == expected


def test_falsified_sentences_are_no_evidence() -> None:
    """Every falsification of every sentence, handed over as the passage of a claim and of a quotation."""
    tried: Counter[str] = Counter()
    accepted = []
    for text in TEXTS.values():
        if not text.isascii() and "и" in text:
            continue  # the audit's lists are English; the grounder alone is tried on the others
        doc = segment(text)
        names = names_in(text)
        for span in doc.sentences:
            sentence = text[span.start : span.end]
            for fault, false in falsifications(sentence, names):
                tried[fault] += 1
                candidate = {
                    "claims": [claim(false, id="a")],
                    "quotations": [quotation(false, None, id="b", form="indirect")],
                }
                reading, _ = admit(doc, candidate, extractor="t", published=PUBLISHED, recompute=RECOMPUTE)
                if reading.claims:
                    accepted.append((fault, false))
    assert accepted == []
    assert sum(tried.values()) > 4_000


def test_what_an_extractor_rejected_itself_is_kept_before_what_the_gate_rejects() -> None:
    own = {"reason": "model: unsure", "quote": "x", "extractor": "trial/1"}
    candidate = mutated("claims.0.verification", None) | {"rejected": [own]}
    reading, rejections = gate(candidate)
    assert [r.reason.partition(":")[0] for r in reading.rejected] == ["model", "boundary.verification"]
    assert reading.rejected[1:] == rejections


def test_a_clean_reading_of_a_report_passes_with_little_work() -> None:
    """Some three calls a character: a millisecond for a report. Seconds are for `benchmarks/speed.py`."""
    reading = admitted()
    work = calls(lambda: admit(DOC, reading, extractor="t", published=PUBLISHED, recompute=RECOMPUTE))
    assert work < 5 * len(TEXT)


def test_reported_words_may_enclose_their_speaker_and_cue_spoken_ones_may_not() -> None:
    text = "Grell, according to the Lodra Courier, had left by noon. “Grell, says the Courier, had left,” she said."
    courier = speaker("the Lodra Courier", "Lodra Courier")
    words = "Grell, according to the Lodra Courier, had left by noon"
    reported = quotation(words, courier, form="indirect", cue={"text": "according to"})
    assert codes({"quotations": [reported]}, text) == []
    assert codes({"quotations": [reported | {"cue": None}]}, text) == ["role.speaker_inside"]
    spoken = quotation("Grell, says the Courier, had left,", speaker("the Courier", "Courier"), cue={"text": "says"})
    assert codes({"quotations": [spoken]}, text) == ["role.speaker_inside"]


def _time(words: str, **fields: Any) -> dict[str, Any]:
    plain = {"passage": {"text": words, "after": ", although"}, "earliest": "2031-05-06", "latest": "2031-05-06",
             "precision": "day", "basis": "weekday on or before publication", "relative_to": None}  # fmt: skip
    return plain | fields


@pytest.mark.parametrize(
    ("time", "found"),
    [
        (_time("Tuesday"), []),
        (_time("Tuesday", earliest=None, latest=None, precision="unknown"), []),
        (_time("Tuesday", earliest="2031-05-05"), ["value.time"]),
        (_time("Tuesday", precision="week"), ["value.time"]),
        (_time("", passage={"text": "Aldena", "before": "mayor of "}), ["value.time"]),
        (_time("", passage={"text": "Aldena", "before": "mayor of "}, earliest=None, latest=None), ["value.time"]),
        (_time("", passage=None), ["value.time"]),
        (_time("Wednesday"), ["grounding.not_found"]),
    ],
)
def test_a_time_of_the_list_is_computed_again(time: dict[str, Any], found: list[str]) -> None:
    assert codes({"times": [time]}) == found
