"""A cue counts only for what it governs. The thing asked about stands in square brackets; all texts are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probanda.extract.modality.modality import modality_at, negated_at
from probanda.extract.text.segments import Document, segment


def _marked(text: str) -> tuple[Document, int]:
    start = text.index("[")
    doc = segment(text.replace("[", "").replace("]", ""))
    return doc, doc.token_at(start)


@pytest.mark.parametrize(
    ("text", "modality", "cue"),
    [
        ("The army [attacked] the town.", "accomplished", None),
        ("Officials said the troops [shelled] the town.", "accomplished", None),
        ("It launched an [offensive].", "accomplished", None),
        ("He would begin [collecting] evidence.", "forecast", "would"),
        ("He would begin “immediately”, with his team already [collecting] evidence.", "accomplished", None),
        ("Tessaly planned to [send] ships.", "planned", "planned"),
        ("It plans to launch an [offensive].", "planned", "plans"),
        ("We will [destroy] them.", "planned", "will"),
        ("The prosecutor will open an [investigation].", "forecast", "will"),
        ("It would shell the town and [kill] thousands.", "forecast", "would"),
        ("The attack could come soon, [killing] thousands.", "possible", "could"),
        ("If they [attack], we will respond.", "possible", "If"),
        ("He said the forces may [use] cluster bombs.", "possible", "may"),
        ("They fear an [attack].", "feared", "fear"),
        ("Fears of a nuclear [strike] grew.", "feared", "Fears"),
        ("It is feared that soldiers [executed] prisoners.", "feared", "feared"),
        ("Karova braced for a [siege].", "anticipated", "braced"),
        ("A [siege] is expected.", "anticipated", "expected"),
        ("The mayor warned of an imminent [assault].", "anticipated", "imminent"),
        ("She threatened to [bomb] the capital.", "threatened", "threatened"),
        ("He vowed to [punish] them.", "promised", "vowed"),
        ("The troops tried to [storm] the building.", "attempted", "tried"),
        ("They failed to [capture] the town.", "attempted", "failed"),
        ("An attempted [assassination] was reported.", "attempted", "attempted"),
        ("He denied [attacking] the town.", "denied", "denied"),
        ("The alleged [attack] shook them.", "alleged", "alleged"),
        ("They accused the army of [shelling] homes.", "alleged", "accused"),
        ("They are believed to have [executed] prisoners.", "alleged", "believed"),
        ("The bombers reportedly [struck] a dam.", "alleged", "reportedly"),
        ("They forced residents to [flee].", "accomplished", None),
        ("The army began [bombing] the port.", "accomplished", None),
        ("Rockets that [hit] the school will be examined.", "accomplished", None),
        ("The court will investigate the [strike].", "accomplished", None),
        ("The court will investigate the strike that [killed] 12.", "accomplished", None),
        ("He will resign because the army [shelled] the town.", "accomplished", None),
        ("The president, who denied the plan, said troops [shelled] the town.", "accomplished", None),
    ],
)
def test_the_governing_cue_decides(text: str, modality: str, cue: str | None) -> None:
    doc, place = _marked(text)
    found, passage = modality_at(doc, place, place + 1)
    assert (found, passage.text if passage else None) == (modality, cue)


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The troops [attacked] the town.", False),
        ("The troops did not [attack] the town.", True),
        ("The troops have never [attacked] the town.", True),
        ("They didn’t [attack] the town.", True),
        ("No [attack] took place.", True),
        ("They left without [killing] anyone.", True),
        ("They refused to [withdraw].", True),
        ("Nobody was [killed].", True),
        ("They did not leave and [attacked] the town.", False),
        ("It was not the army that [shelled] the town.", False),
    ],
)
def test_a_negation_counts_for_its_own_verb(text: str, negated: bool) -> None:
    doc, place = _marked(text)
    assert negated_at(doc, place, place + 1) is negated


@given(st.text(max_size=120))
def test_every_place_has_a_modality(text: str) -> None:
    doc = segment(text)
    for place in range(len(doc.tokens)):
        _, passage = modality_at(doc, place, place + 1)
        assert passage is None or doc.text[passage.start : passage.end] == passage.text
        negated_at(doc, place, place + 1)
