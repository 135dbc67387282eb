"""Names that come after the office: "the defence minister told the house …. “None of it,” Greta Holm said".

A report that opens with an office alone gives the name with the next words of the same person, and then without an
office. A definite office that has no name is therefore taken up by the first person who speaks next with a name of two
words, where the name stands nowhere before, no office stands beside it anywhere, and nobody else speaks between. What
this cannot tell is a report that quotes an office and then a stranger without saying who that is; reports do not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.members import gender_of
from probanda.extract.speech.named import take_apart
from probanda.extract.text.nouns import is_role, words_of
from probanda.extract.text.segments import Document
from probanda.records.reading import Speaker

_FAR = 3  # sentences between the two; arbitrary, a paragraph of the news


def named_later(doc: Document, attributions: Sequence[Attribution]) -> tuple[Attribution, ...]:
    """`attributions` with offices that are named in the words that follow."""
    names: dict[tuple[int, int], Speaker] = {}
    for place, attribution in enumerate(attributions):
        office = attribution.speaker
        if office is None or not _is_office(doc, attribution, office):
            continue
        following = _next_speaker(attributions, place, office)
        if following is not None and _is_name_of(doc, attribution, following):
            named = following.speaker
            assert named is not None
            names[office.passage.start, office.passage.end] = named
    return tuple(_renamed(one, names) for one in attributions) if names else tuple(attributions)


def _renamed(attribution: Attribution, names: dict[tuple[int, int], Speaker]) -> Attribution:
    speaker = attribution.speaker
    named = names.get((speaker.passage.start, speaker.passage.end)) if speaker else None
    if speaker is None or named is None:
        return attribution
    role = speaker.role if speaker.mention is None else None
    return replace(
        attribution,
        speaker=replace(
            speaker, name=named.name, role=role, passage=named.passage, mention=speaker.mention or speaker.passage
        ),
    )


def _is_office(doc: Document, attribution: Attribution, speaker: Speaker) -> bool:
    """Whether the speaker is one definite office without a name: "the mayor", "the city’s chief doctor"."""
    if speaker.name is not None or speaker.role is None or speaker.mention is not None or attribution.subject is None:
        return False
    first, last = attribution.subject.span
    if attribution.subject.aside is not None or speaker.passage.start != doc.tokens[first].start:
        return False
    tokens = doc.tokens[first:last]
    definite = tokens[0].lower in ("the", "its", "their", "his", "her") or any(t.kind == "clitic" for t in tokens)
    taken = take_apart(doc, (first, last))
    return definite and taken.kind == "role" and is_role(taken.head) and any(t.lower == taken.head for t in tokens)


def _next_speaker(attributions: Sequence[Attribution], place: int, office: Speaker) -> Attribution | None:
    """The next attribution by somebody else who is told; the office's own further words are passed over."""
    for attribution in attributions[place + 1 :]:
        speaker = attribution.speaker
        if speaker is None or speaker.passage == office.passage:
            continue
        return attribution
    return None


def _is_name_of(doc: Document, office: Attribution, later: Attribution) -> bool:
    speaker, subject = later.speaker, later.subject
    if speaker is None or subject is None or subject.aside is not None or speaker.mention is not None:
        return False
    name = take_apart(doc, subject.span)
    if speaker.kind != "person" or name.kind != "person" or name.name is None or name.name[1] - name.name[0] < 2:
        return False
    if name.role is not None and any(is_role(token.lower) for token in doc.tokens[name.role[0] : name.role[1]]):
        return False  # "Mayor Lena Voss": an office of her own
    if speaker.role is not None and name.role is None:
        return False
    assert office.subject is not None
    if later.sentence - office.sentence > _FAR or doc.tokens[subject.span[0]].lower in words_of("determiner"):
        return False
    surname = doc.tokens[name.name[1] - 1].text
    if any(token.text == surname for token in doc.tokens[: name.name[0]]):
        return False
    sexes = {gender_of(doc, office.subject.span), gender_of(doc, subject.span)} - {None}
    return len(sexes) < 2
