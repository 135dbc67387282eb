"""Who of those in a report spoke: each candidate is weighed by what can be seen of him in the text.

A conditional logistic model: a candidate has features ("said to be the subject by the parse", "of the other sex than
the pronoun", "spoke last", "two sentences back"), each feature a weight learnt by `training/train_attribution.py`, and
the candidate with the greatest sum is chosen. The weights are readable JSON, and every choice can be explained by them.
They are learnt from what the text shows and not from what the rules chose, because on the reports at hand the rules are
better than they are on others; what their choice is worth is one number, set by hand.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from probanda.extract.plugins.english_cast import Entity, describe, stands_for
from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.members import gender_of
from probanda.extract.speech.named import head_end, take_apart
from probanda.extract.speech.quotations import Draft
from probanda.extract.text.lexicon import word_list
from probanda.extract.text.nouns import Range, is_body, is_role, singular, words, words_of
from probanda.extract.text.parsing import Parsed
from probanda.extract.text.segments import Document
from probanda.records.reading import Speaker

PLAIN = ("name", "body")  # words that name somebody: whom they name is not asked
MOST = 12  # candidates at one place; those mentioned last
_GENERIC = frozenset("group organisation organization watchdog body charity ngo network agency office".split())


@dataclass(frozen=True, slots=True)
class Candidate:
    """`speaker` as it would be recorded, and the names of the features that are so."""

    speaker: Speaker
    features: tuple[str, ...]
    by_rules: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A quotation whose speaker is asked for: the words at the cue that stand for him, if any."""

    anchor: int  # a token: the cue, or the first of the words
    mention: Range | None
    parsed_mention: Range | None
    sort: str
    rules: Speaker | None
    content: Range
    sentence: int


def places(parsed: Parsed, drafts: Sequence[Draft]) -> list[Place]:
    return [_place(parsed, draft) for draft in drafts]


def _place(parsed: Parsed, draft: Draft) -> Place:
    doc = parsed.doc
    first = doc.token_at(draft.quotation.passage.start)
    last = doc.token_at(draft.quotation.passage.end - 1) + 1
    attribution = draft.attribution
    if attribution is None:
        said = _verb_beside(parsed, (first, last))
        by_parse = None if said is None else _phrase_of_subject(parsed, said)
        sort = "carried" if by_parse is None else f"carried, {_sort(doc, by_parse)}"
        return Place(first, None, by_parse, sort, draft.quotation.speaker, (first, last), doc.sentence_of(first))
    mention = attribution.subject.span if attribution.subject is not None else None
    by_parse = _parse_mention(parsed, attribution)
    sort = _sort(doc, mention or by_parse)
    return Place(
        attribution.cue[0], mention, by_parse, sort, draft.quotation.speaker, (first, last), attribution.sentence
    )


def _parse_mention(parsed: Parsed, attribution: Attribution) -> Range | None:
    return _phrase_of_subject(parsed, attribution.cue[0])


def _phrase_of_subject(parsed: Parsed, verb: int) -> Range | None:
    subject = parsed.subject_of(verb)
    if subject is None or parsed.doc.quoted_of(subject) is not None:
        return None
    if parsed.doc.tokens[subject].lower in words_of("pronoun"):
        return (subject, subject + 1)
    return parsed.phrase(subject)


def _verb_beside(parsed: Parsed, words: Range) -> int | None:
    """The verb outside the marks on which the words between them hang, or which hangs on them: "…,” its head, Ivo Kral,
    repeated"."""
    doc = parsed.doc
    for token in range(*words):
        head = parsed.heads[token]
        if not words[0] <= head < words[1] and parsed.tags[head].startswith("VB") and doc.quoted_of(head) is None:
            return head
    for token in range(*words):
        for child in parsed.children[token]:
            outside = not words[0] <= child < words[1] and doc.quoted_of(child) is None
            if outside and parsed.tags[child].startswith("VB") and parsed.relations[child] in ("parataxis", "conj"):
                return child
    return None


def _sort(doc: Document, mention: Range | None) -> str:
    """What kind of words stand for the speaker."""
    if mention is None:
        return "none"
    first = doc.tokens[mention[0]]
    if mention[1] - mention[0] == 1 and first.lower in words_of("pronoun"):
        return first.lower if first.lower in ("he", "she", "it", "they") else "pronoun"
    taken = take_apart(doc, mention)
    if taken.name is not None and taken.kind == "person":
        return "name"
    definite = first.lower in ("the", "his", "her", "its", "their", "this", "that")
    if taken.kind == "body":
        return "the body" if definite and mention[1] - mention[0] <= 2 else "body"
    if taken.kind == "role":
        return "the role" if definite else "role"
    return "other"


def candidates(parsed: Parsed, everybody: Sequence[Entity], place: Place, before: Sequence[Speaker]) -> list[Candidate]:
    """Everybody who could be meant; `before` are those who spoke, in the order of the text."""
    doc = parsed.doc
    near: list[tuple[int, Entity]] = []
    for entity in everybody:
        earlier = [m for m in entity.mentions if m[0] <= place.anchor]
        later = [m for m in entity.mentions if m[0] > place.anchor]
        spot = earlier[-1] if earlier else later[0]
        if not earlier and doc.sentence_of(spot[0]) - place.sentence > 3:
            continue
        if place.content[0] <= spot[0] and spot[1] <= place.content[1] and len(entity.mentions) == 1:
            continue
        if _is_part(doc, entity, place.mention) or _is_part(doc, entity, place.parsed_mention):
            continue
        near.append((abs(place.anchor - spot[0]), entity))
    near.sort(key=lambda pair: (pair[0], pair[1].home))
    found = []
    used = False
    new = [entity for _, entity in near if _comes_bare(doc, entity, place)]
    fitting = [entity for _, entity in near if _fits(doc, entity, place)]
    for entity in (entity for _, entity in near[:MOST]):
        rank = next((number for number, one in enumerate(fitting) if one is entity), -1)
        told = _is(doc, entity, place.rules)
        used = used or told
        speaker = place.rules if told else None
        if speaker is None:
            speaker = _with_office(doc, describe(doc, entity, _near(doc, entity, place)), entity, place)
        features = [*_features(parsed, entity, place, before, rank)]
        if entity in new:
            features += [f"comes bare {place.sort}", f"{'alone ' if len(new) == 1 else ''}comes bare"]
        found.append(Candidate(speaker, tuple(features), told))
    if place.rules is not None and not used:
        found.append(Candidate(place.rules, (), by_rules=True))
    return found


def _is_part(doc: Document, entity: Entity, span: Range | None) -> bool:
    """Whether the entity is named in the words for the speaker only to describe him: "Polva" in "one in Polva"."""
    if span is None:
        return False
    inside = [mention for mention in entity.mentions if _overlap(mention, span)]
    return bool(inside) and not any(stands_for(doc, mention, span) for mention in inside)


def _comes_bare(doc: Document, entity: Entity, place: Place) -> bool:
    """A name that stands for the first time behind an office without one, and is not introduced itself: "…, the
    minister told parliament. … Greta Holm said": papers do so where the two are one."""
    if entity.kind != "person" or entity.name is None or place.sort not in ("role", "the role"):
        return False
    if entity.taken_for == "PLACE" or (entity.role is not None and not _is_address(doc, entity.role)):
        return False
    if entity.name[1] - entity.name[0] < 2 and entity.role is None:
        return False
    if place.mention is not None and _is_many(doc, place.mention):
        return False
    first = entity.mentions[0][0]
    return first > place.anchor and 0 < doc.sentence_of(first) - place.sentence <= 3 and doc.quoted_of(first) is None


def _is_many(doc: Document, mention: Range) -> bool:
    head = doc.tokens[head_end(doc, *mention) - 1].lower
    return (
        singular(head) != head
        or head in ("people", "police", "women", "men")
        or doc.tokens[mention[0]].kind == "number"
    )


def _is_address(doc: Document, role: Range) -> bool:
    """Whether no office but a form of address stands before the name: "Dr Miriam Vale"."""
    tokens = [token for token in doc.tokens[role[0] : role[1]] if token.kind == "word"]
    return all(token.lower in word_list("titles.txt") and not is_role(token.lower) for token in tokens)


def _fits(doc: Document, entity: Entity, place: Place) -> bool:
    """Whether the words that stand for the speaker can mean such an entity at all."""
    sort = place.sort.removeprefix("carried, ")
    sort = sort.removeprefix("carried, ")
    if sort in ("he", "she"):
        wanted = "f" if sort == "she" else "m"
        return entity.kind in ("person", "role") and not entity.plural and entity.gender in (None, wanted)
    if sort == "it":
        return entity.kind in ("body", "document")
    if sort == "they":
        return entity.plural or entity.kind == "body"
    if sort in ("the role", "role"):
        mention = place.mention or place.parsed_mention
        told = gender_of(doc, mention) if mention is not None else None
        return entity.kind == "person" and (told is None or entity.gender in (None, told))
    if sort in ("the body", "body"):
        return entity.kind == "body"
    return entity.kind in ("person", "body", "role")


def _with_office(doc: Document, speaker: Speaker, entity: Entity, place: Place) -> Speaker:
    """A name that stands for an office without one has that office: "the health minister" that turns out Lena Voss."""
    rules = place.rules
    bare = entity.kind == "person" and (entity.role is None or _is_address(doc, entity.role))
    office = rules.role if rules is not None and rules.name is None and place.mention is not None else None
    if bare and office is not None and place.sort in ("role", "the role"):
        return replace(speaker, role=office)
    return speaker


def _near(doc: Document, entity: Entity, place: Place) -> Range | None:
    """The words that stand for the entity nearest to the quotation."""
    mention = place.mention or place.parsed_mention
    if mention is not None:
        return mention
    outside = [m for m in entity.mentions if not (place.content[0] <= m[0] < place.content[1])]
    return min(outside, key=lambda m: (abs(m[0] - place.anchor), m), default=None)


def _is(doc: Document, entity: Entity, speaker: Speaker | None) -> bool:
    if speaker is None:
        return False
    if entity.name is not None and speaker.name is not None:
        one, two = words(doc, entity.name), speaker.name
        return one == two or (entity.kind == "person" and one.split()[-1] == two.split()[-1])
    if (entity.name is None) != (speaker.name is None):
        return False
    spot = speaker.passage
    return any(doc.tokens[m[0]].start < spot.end and spot.start < doc.tokens[m[1] - 1].end for m in entity.mentions)


def _features(parsed: Parsed, entity: Entity, place: Place, before: Sequence[Speaker], rank: int) -> Iterator[str]:
    doc = parsed.doc
    sort = place.sort
    earlier = [m for m in entity.mentions if m[0] <= place.anchor]
    spot = earlier[-1] if earlier else entity.mentions[0]
    gap = abs(place.sentence - doc.sentence_of(spot[0]))
    gap_name = str(gap) if gap < 3 else "3-5" if gap < 6 else "6+"
    yield f"gap {gap_name} {sort}"
    yield f"fits not {sort}" if rank < 0 else f"fits {min(rank, 4)} {sort}"
    if not earlier:
        yield f"later {sort}"
    if doc.paragraph_of(spot[0]) == doc.paragraph_of(place.anchor):
        yield f"paragraph {sort}"
    for number, speaker in enumerate(reversed(before[-3:])):
        if _is(doc, entity, speaker):
            yield f"spoke {number} {sort}"
            break
    kinds = "plural" if entity.plural else entity.kind
    yield f"kind {kinds} {sort}"
    if entity.name is not None:
        yield f"named {sort}"
        yield f"taken for {entity.taken_for}"
        if entity.somewhere:
            yield "somewhere"
        if entity.speaks:
            yield "speaks"
        if entity.acts:
            yield "acts"
    sort = sort.removeprefix("carried, ")
    if sort in ("he", "she"):
        wanted = "f" if sort == "she" else "m"
        yield "sex unknown" if entity.gender is None else "sex same" if entity.gender == wanted else "sex other"
    for what, span in (("rules' words", place.mention), ("parse's words", place.parsed_mention)):
        if span is None:
            continue
        if any(stands_for(doc, m, span) for m in entity.mentions):
            yield f"{what} {sort}"
            if place.mention is not None and place.parsed_mention is not None:
                agree = _overlap(place.mention, place.parsed_mention)
                yield f"{what}, {'both' if agree else 'apart'}"
    mention = place.mention or place.parsed_mention
    if mention is not None and sort in ("role", "the role", "other"):
        many = _is_many(doc, mention)
        one = entity.kind in ("person", "role") and not entity.plural
        yield f"number {'same' if many != one else 'other'} {sort}"
    if mention is not None and sort in ("role", "the role"):
        said = gender_of(doc, mention)
        if said is not None and entity.gender is not None:
            yield "sex same" if said == entity.gender else "sex other"
    if mention is not None and sort in ("the role", "role", "the body", "body", "other"):
        yield from _alike(doc, entity, mention, sort)
    for where in _topics(parsed, entity, place):
        yield f"subject {where} {sort}"
    if sum(1 for m in entity.mentions) >= 3:
        yield f"often {sort}"
    if any(place.content[0] <= m[0] < place.content[1] for m in entity.mentions):
        yield f"inside {sort}"


def _alike(doc: Document, entity: Entity, mention: Range, sort: str) -> Iterator[str]:
    said = [
        t for t in doc.tokens[mention[0] : mention[1]] if t.kind == "word" and t.lower not in words_of("determiner")
    ]
    if not said:
        return
    head = take_apart(doc, mention).head
    told = _told_words(doc, entity)
    if head in told:
        yield f"head {sort}"
        if {singular(t.lower) for t in said} <= told:
            yield f"all words {sort}"
        if not any(stands_for(doc, m, mention) for m in entity.mentions):
            yield f"head elsewhere {sort}"
    elif is_role(head) and entity.kind == "person" and entity.role is None:
        yield f"no office {sort}"
    elif is_role(head) and entity.kind == "person":
        yield f"other office {sort}"
    if head in _GENERIC and entity.kind == "body" and entity.name is not None and not is_body(entity.head):
        yield f"generic {sort}"


def _told_words(doc: Document, entity: Entity) -> set[str]:
    spans = [entity.home, *([entity.role] if entity.role else []), *([entity.name] if entity.name else [])]
    return {singular(t.lower) for span in spans for t in doc.tokens[span[0] : span[1]] if t.kind == "word"}


def _topics(parsed: Parsed, entity: Entity, place: Place) -> set[str]:
    """Whether the entity is the subject of the sentence before, or of this one before the cue."""
    doc = parsed.doc
    found = set()
    for mention in entity.mentions:
        number = doc.sentence_of(mention[0])
        if number not in (place.sentence, place.sentence - 1) or mention[0] >= place.anchor:
            continue
        if place.mention is not None and _overlap(mention, place.mention):
            continue
        for token in range(*mention):
            if parsed.relations[token].startswith("nsubj"):
                verb = parsed.heads[token]
                main = "" if parsed.heads[verb] == verb else "inner "
                found.add(main + ("here" if number == place.sentence else "before"))
    return found


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@dataclass(frozen=True, slots=True)
class Model:
    """`weights` by feature, and what the rules' own choice is worth beside them; both of these were set by hand."""

    weights: Mapping[str, float]
    rules: float
    contradiction: float = 0.0  # by how much more somebody must weigh to stand beside another whom the rules name


def sums(model: Model, given: Sequence[Candidate]) -> list[float]:
    return [
        math.fsum([*(model.weights.get(name, 0.0) for name in one.features), model.rules if one.by_rules else 0.0])
        for one in given
    ]


def choose(model: Model, given: Sequence[Candidate], rules: Speaker | None) -> Candidate | None:
    """The candidate to take in place of the rules' choice; `None` where that stands. Only somebody with a name takes
    the place of another, and not by a part of that one's name; where the rules know nobody, the candidate must be
    likelier than all others together."""
    if not given:
        return None
    told = sums(model, given)
    place = max(range(len(given)), key=lambda number: (told[number], -number))
    best = given[place]
    if rules is None:
        return best if 2 * math.exp(told[place]) > math.fsum(map(math.exp, told)) else None
    if best.by_rules or not _may_replace(rules, best.speaker):
        return None
    theirs = max((one for one, held in zip(told, given, strict=True) if held.by_rules), default=model.rules)
    return best if rules.name is None or told[place] - theirs >= model.contradiction else None


def _may_replace(rules: Speaker, other: Speaker) -> bool:
    if other.name is None:
        return False
    if rules.name is None:
        return True
    one, two = set(rules.name.split()), set(other.name.split())
    return not one <= two and not two <= one and any(word[0].isupper() for word in two)
