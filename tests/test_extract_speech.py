"""Who said what: one manner of attribution a case, all names invented."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probanda.extract.read import read
from probanda.records.reading import HolderUnknown, Narrator, Quotation, Speaker

# text, words of a quotation, name, role, form
MANNERS = [
    ("“We saw it,” said Lena Voss, the mayor of Orlin.", "We saw it,", "Lena Voss", "mayor of Orlin", "direct"),
    ("“We saw it,” the mayor, Lena Voss, said.", "We saw it,", "Lena Voss", "mayor", "direct"),
    ("Lena Voss, 41, a baker who lives nearby, said: “We saw it.”", "We saw it.", "Lena Voss", "baker", "direct"),
    ("“It is over,” she said. “We go.”\n", "It is over,", None, None, "direct"),
    ("Lena Voss said she left. “It is over,” she added. “We go.”", "We go.", "Lena Voss", None, "direct"),
    ("Gen. Ivo Kral told Radio Vesna’s Hour that the town held.", "the town held", "Ivo Kral", "Gen", "indirect"),
    ("Ivo Kral left. Kral said the town held.", "the town held", "Ivo Kral", None, "indirect"),
    ("According to the harbour authority, 12 ships left.", "12 ships left", "harbour authority", None, "indirect"),
    ("12 ships left, according to Ivo Kral, a pilot.", "12 ships left", "Ivo Kral", "pilot", "indirect"),
    ("The ministry denied that its forces fired.", "its forces fired", "ministry", None, "indirect"),
    ("The ministry said it was “far too early” to tell.", "far too early", "ministry", None, "mixed"),
    ("Residents of the town said it began at dawn.", "it began at dawn", None, "Residents of the town", "indirect"),
    ("A man who came with his son said it fell.", "it fell", None, "man who came with his son", "indirect"),
    ("The agency quoted the mayor, Lena Voss, as saying that it fell.", "it fell", "Lena Voss", "mayor", "indirect"),
    ("The relief agency gave a figure. It said 12 had died.", "12 had died", "relief agency", None, "indirect"),
    ("‘Never again,’ Dr Ana Holt, head of a clinic, wrote.", "Never again,", "Ana Holt", "head of a clinic", "direct"),
    ("ORLIN (Tess Wire) — The bridge fell, officials said.", "The bridge fell", None, "officials", "indirect"),
    ("In the past day, the spokesman said, four ships left.", "four ships left", None, "spokesman", "indirect"),
]  # fmt: skip


PIECES = [word for row in MANNERS for word in row[0].split()] + ["\n\n", "“", "”", ",", "who"]


def found(text: str, words: str) -> Quotation:
    """The quotation that is exactly these words."""
    quotations = read(text, "2031-05-05").quotations
    matching = [quotation for quotation in quotations if quotation.passage.text == words]
    assert matching, [(quotation.form, quotation.passage.text) for quotation in quotations]
    return matching[0]


@pytest.mark.parametrize(("text", "words", "name", "role", "form"), MANNERS)
def test_a_manner_of_attribution(text: str, words: str, name: str | None, role: str | None, form: str) -> None:
    quotation = found(text, words)
    assert quotation.form == form
    if name is None and role is None:
        assert quotation.speaker is None
        return
    assert quotation.speaker is not None
    assert quotation.speaker.name == name
    assert (quotation.speaker.role or "").rstrip(".") == (role or "")


@pytest.mark.parametrize(
    "text",
    [
        "The report was long.",
        "The claims were many and the reports few.",
        "She prompted calls for a truce.",
        "A missile slammed into the hall.",
        "No group has claimed responsibility.",
        "The so-called “Free Council” met in the town.",
        "The ministry did not answer written questions.",
        "Ivo “Falcon” Kral was a pilot.",
    ],
)
def test_what_only_looks_like_speech(text: str) -> None:
    assert read(text, "2031-05-05").quotations == ()


def test_speech_that_runs_over_paragraphs_keeps_its_speaker() -> None:
    text = "“We left at dawn,” said Lena Voss.\n\n“The road was empty.\n\n“Nobody came.”"
    speakers = [quotation.speaker for quotation in read(text, None).quotations]
    assert [speaker.name if speaker else None for speaker in speakers] == ["Lena Voss"] * 3


def test_a_pronoun_is_tied_to_its_mention_and_home() -> None:
    quotation = found("The mayor, Lena Voss, left. She said it fell.", "it fell")
    assert isinstance(quotation.speaker, Speaker) and quotation.speaker.mention is not None
    assert quotation.speaker.mention.text == "She"
    assert "Lena Voss" in quotation.speaker.passage.text


def test_venue_and_time_of_the_utterance() -> None:
    quotation = found("Speaking on Radio Vesna on Tuesday, Lena Voss said it fell.", "it fell")
    assert quotation.venue is not None and quotation.venue.name == "Radio Vesna"
    assert quotation.when is not None and quotation.when.earliest == "2031-04-29"


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("At least 12 people were killed, the mayor said.", "mayor"),
        ("At least 12 people were killed.", Narrator),
        ("At least 12 people are feared dead.", HolderUnknown),
        ("Twelve people feared buried as missiles hit a market.", HolderUnknown),
        ("The mayor said 12 people were killed, and the ministry said 14 people were killed.", "mayor"),
    ],
)
def test_every_figure_has_an_owner(text: str, owner: str | type) -> None:
    source = next(claim.source for claim in read(text, None).claims if claim.quantity)
    if isinstance(owner, str):
        assert isinstance(source, Speaker) and owner in (source.role, source.name)
    else:
        assert isinstance(source, owner)


def test_two_owners_of_one_sentence_keep_their_own_figures() -> None:
    text = "The mayor said 12 people were killed, and the ministry said 14 people were killed."
    owners = {
        claim.quantity.stated: claim.source.role or claim.source.name
        for claim in read(text, None).claims
        if claim.quantity and isinstance(claim.source, Speaker)
    }
    assert owners == {12: "mayor", 14: "ministry"}


def test_a_label_has_a_holder_and_what_it_is_about() -> None:
    text = "“What the regime does to our towns is a war crime,” Lena Voss said. The alleged aggressor Brendia left."
    labels = {label.label: label for label in read(text, None).labels}
    crime, aggressor = labels["war_crime"], labels["aggression"]
    assert isinstance(crime.holder, Speaker) and crime.holder.name == "Lena Voss"
    assert crime.about is not None and crime.about.text.startswith("What the regime does")
    assert isinstance(aggressor.holder, HolderUnknown)
    assert aggressor.about is not None and aggressor.about.text.startswith("Brendia")


def test_an_accusation_is_no_event_that_happened() -> None:
    reading = read("The mayor accused Brendia of bombing the school.", None)
    assert [claim.kind for claim in reading.claims if claim.kind == "accusation"] == ["accusation"]
    bombing = next(event for event in reading.events if event.trigger.text == "bombing")
    assert bombing.modality == "alleged"


def test_ids_follow_from_content_alone() -> None:
    text = "At least 12 people were killed, the mayor said. “It fell,” she added."
    first, again, moved = read(text, "2031-05-05"), read(text, "2031-05-05"), read(text + " It rained.", "2031-05-05")
    assert first == again
    assert {claim.id for claim in first.claims}.isdisjoint(claim.id for claim in moved.claims)
    ids = [claim.id for claim in first.claims] + [quotation.id for quotation in first.quotations]
    assert len(set(ids)) == len(ids)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([word for row in MANNERS for word in row[0].split()] + ["\n\n", "“", "”", ",", "who"]),
        max_size=60,
    )
)
def test_no_order_of_words_breaks_the_reading(words: list[str]) -> None:
    text = " ".join(words)
    for quotation in read(text, "2031-05-05").quotations:
        assert text[quotation.passage.start : quotation.passage.end] == quotation.passage.text


@pytest.mark.parametrize(
    ("text", "words", "name", "role"),
    [
        ("Maren Holt lives on Mill Street. “It fell,” she said.", "It fell,", "Maren Holt", None),
        ("Two doctors, Anton Weiss and Mira Dahl, spoke. Dahl said that it fell.", "it fell", "Mira Dahl", None),
        ("Another, who asked not to be named, said it fell.", "it fell", None, "Another"),
        ("Judge Carla Neumann stood. “It stays,” she ruled.", "It stays,", "Carla Neumann", "Judge"),
        ("Jon Vries objected that the list was late.", "the list was late", "Jon Vries", None),
    ],
)
def test_who_speaks_is_a_person_and_not_a_street(text: str, words: str, name: str | None, role: str | None) -> None:
    speaker = found(text, words).speaker
    assert speaker is not None and (speaker.name, speaker.role) == (name, role)


@pytest.mark.parametrize(
    "text", ["The judge opened the hearing by reading the names.", "Ivo Kral told Radio Vesna he had found survivors."]
)
def test_what_is_read_out_or_found_is_not_said(text: str) -> None:
    passages = {quotation.passage.text for quotation in read(text, "2031-05-05").quotations}
    assert not passages & {"the names", "survivors"}


def test_anonymity_is_no_place_to_speak() -> None:
    text = "An official, speaking on condition of anonymity, said that four men were held."
    assert found(text, "four men were held").venue is None


def test_a_part_of_a_figure_is_told_by_who_told_the_whole() -> None:
    reading = read("Hospital staff counted 212 wounded, among them 31 minors.", "2031-05-05")
    sources = {claim.quantity.stated: claim.source for claim in reading.claims if claim.quantity}
    assert sources[31] == sources[212]


def test_who_puts_a_figure_at_another_number_owns_it() -> None:
    text = (
        "Brendia claimed that 250 men surrendered; Karovia called the number “fantasy”, putting it at fewer than ten."
    )
    (claim,) = [c for c in read(text, "2031-05-05").claims if c.quantity and c.quantity.stated == 10]
    assert isinstance(claim.source, Speaker) and claim.source.name == "Karovia"
