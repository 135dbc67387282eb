"""Who is said to speak: names and roles must stand at the mention, and the mention near the words that it is given.

The words of a quotation stand between quotation marks and do not hold their own speaker. A speaker is mentioned in the
same paragraph as the words or in the one beside it (paragraphs that are wholly quotation are passed over, as speech
runs on), or is reached by an explicit chain: a near mention ("he"), and the passage that it refers to. What this cannot
tell: whether a person named near the words is the one who spoke them.
"""

from __future__ import annotations

from itertools import chain

from probanda.extract.gate.material import Material
from probanda.extract.gate.shape import CandidateError, brief
from probanda.records.passage import Passage
from probanda.records.reading import NamedPassage, Quotation, Speaker

_LINKS = frozenset(
    {"the", "a", "an", "its", "his", "her", "their", "of", "who", "is", "was", "as", "and", "'s", "former", "then",
     "acting", "deputy", "chief", "identified", "named", "called", "aged", "old", "also", "known"}
)  # fmt: skip
_MARKS = ',()–—-:"“”'
_MOST_BETWEEN = 5  # tokens between a name and a role in apposition; arbitrary


def check_speaker(material: Material, speaker: Speaker, words: Passage) -> None:
    """Raises `CandidateError` unless the text ties `speaker` to the passage `words`."""
    near = speaker.mention or speaker.passage
    if not _is_near(material, near, words):
        raise CandidateError(
            "role.speaker_far",
            f"{brief(near.text)} is not in the paragraph of the words nor in the one beside it; no mention leads there",
        )
    if speaker not in material.speakers:
        material.speakers[speaker] = _identity_fault(material, speaker)
    fault = material.speakers[speaker]
    if fault is not None:
        raise CandidateError(*fault)


def _identity_fault(material: Material, speaker: Speaker) -> tuple[str, str] | None:
    """Why name, role or chain are not those of the speaker's mentions: code and words."""
    spots = [speaker.passage] if speaker.mention is None else [speaker.passage, speaker.mention]
    if speaker.name is not None and not _named(material, speaker.name, spots):
        return "grounding.name", f"the name {brief(speaker.name)} stands at no mention of the speaker"
    if speaker.role is not None:
        named = (
            Passage(start, end, material.doc.text[start:end])
            for name in ({speaker.name, speaker.name.rpartition(" ")[2]} if speaker.name is not None else set())
            for start, end in material.occurrences(name)
        )
        if not any(_at(material, speaker.role, spot) for spot in chain(spots, named)):
            return "grounding.role", f"the role {brief(speaker.role)} stands at no mention of them"
    for link in speaker.via:
        if not material.holds(link):
            return "grounding.via", f"{brief(link)} does not stand in the text"
    return None


def check_quotation(material: Material, quotation: Quotation) -> None:
    """Raises `CandidateError` unless marks, speaker and cue stand as the form of the quotation asks."""
    words = quotation.passage
    if quotation.form == "direct" and not (_between_marks(material, words) or _in_dialogue(material, words)):
        raise CandidateError("role.not_between_marks", "expected quotation marks around direct speech, found none")
    if quotation.form == "mixed" and not any(
        stretch.start < words.end and words.start < stretch.end for stretch in material.doc.quoted
    ):
        raise CandidateError("role.not_between_marks", "expected quotation marks in mixed speech, found none")
    speaker = quotation.speaker
    if speaker is not None:
        # "Grell, according to the agency, had left": reported words may enclose speaker and cue, spoken ones never do
        enclosed = quotation.form == "indirect" and quotation.cue is not None and _overlap(quotation.cue, words)
        for spot in (speaker.passage, speaker.mention):
            if spot is not None and _overlap(spot, words) and not enclosed:
                raise CandidateError("role.speaker_inside", f"the speaker {brief(spot.text)} stands inside the words")
        check_speaker(material, speaker, words)
    cue = quotation.cue
    if cue is not None and not _is_near(material, cue, words):
        raise CandidateError("role.cue_far", f"the cue {brief(cue.text)} is not near the words")
    if quotation.venue is not None:
        check_named(material, quotation.venue)


def check_named(material: Material, named: NamedPassage) -> None:
    """Raises `CandidateError` unless the name stands at the passage."""
    if not _at(material, named.name, named.passage):
        raise CandidateError("grounding.name", f"the name {brief(named.name)} does not stand at its passage")


def _overlap(one: Passage, other: Passage) -> bool:
    return one.start < other.end and other.start < one.end


def _is_near(material: Material, spot: Passage, words: Passage) -> bool:
    here, last = material.paragraph_of(words.start), material.paragraph_of(words.end - 1)
    there = material.paragraph_of(spot.start)
    while here > 0 and there < here - 1 and _wholly_quoted(material, here - 1):
        here -= 1
    return here - 1 <= there <= last + 1


def _wholly_quoted(material: Material, number: int) -> bool:
    doc = material.doc
    paragraph = doc.paragraphs[number]
    places = range(paragraph.first, paragraph.last)
    outside = [place for place in places if doc.quoted_of(place) is None]
    return len(outside) < len(places) and all(doc.tokens[place].kind == "mark" for place in outside)


def _between_marks(material: Material, words: Passage) -> bool:
    """Whether nothing of the passage but marks and white space lies outside quoted stretches."""
    first, last = material.tokens_of(words)
    doc = material.doc
    outside = [place for place in range(first, last) if doc.quoted_of(place) is None]
    return len(outside) < last - first and all(doc.tokens[place].text in "\"“”„«»‘’'" for place in outside)


def _in_dialogue(material: Material, words: Passage) -> bool:
    """Whether the paragraph is speech behind a dash, as Ukrainian and Russian set it: "— Ми тут, — сказала вона."."""
    doc = material.doc
    paragraph = doc.paragraphs[material.paragraph_of(words.start)]
    before = doc.tokens[max(doc.token_at(words.start) - 1, 0)]
    dashed = doc.tokens[paragraph.first].text in "—–-" and before.text in "—–-"
    return doc.language in ("uk", "ru") and dashed and words.end <= paragraph.end


def _named(material: Material, name: str, spots: list[Passage]) -> bool:
    if any(_at(material, name, spot) for spot in spots):
        return True
    # "Sandor" where "Mirek Sandor" stands elsewhere in the text: the part of the name must be its last word
    last = name.rpartition(" ")[2]
    return last != name and any(spot.text == last for spot in spots) and material.holds(name)


def _at(material: Material, words: str, spot: Passage) -> bool:
    """Whether `words` stands inside the passage or in apposition to it."""
    if material.holds(words, spot.start, spot.end):
        return True
    sentence = material.sentence_of(spot)
    return any(
        _linked(material, min(end, spot.end), max(start, spot.start))
        for start, end in material.occurrences(words, sentence.start, max(sentence.end, spot.end))
    )


def _linked(material: Material, left: int, right: int) -> bool:
    """Whether only marks, articles, ages and the like stand between the characters `left` and `right`."""
    doc = material.doc
    first = doc.token_at(left) if left < len(doc.text) else len(doc.tokens)
    last = doc.token_at(right)
    between = doc.tokens[first:last]
    return len(between) <= _MOST_BETWEEN and all(
        token.kind == "number" or token.lower in _LINKS or token.text in _MARKS for token in between
    )
