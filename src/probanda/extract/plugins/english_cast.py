"""Whom a report could mean: everybody in it, with every mention, from the rules' cast and the parse together.

The rules know names, offices and bodies by capitals and word lists; the parse adds the subject of every verb, what
stands in apposition, and names inside longer phrases. Two mentions are one person where the surname is the same and
nothing contradicts it, and one body where the words are the same. Nobody is added whom the text does not name or
describe; nothing is known of anybody from outside the text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, cast

from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.introductions import gather
from probanda.extract.speech.members import Gender, gender_of
from probanda.extract.speech.named import Named, head_end, take_apart
from probanda.extract.text.nouns import Range, is_body, is_role, singular, words, words_of
from probanda.extract.text.parsing import Parsed
from probanda.extract.text.segments import Document, Token
from probanda.records.reading import Speaker, SpeakerKind

_WHERE = frozenset("in at near from to into outside inside across towards toward around".split())


Kind = Literal["person", "body", "role", "document", "other"]


@dataclass(slots=True)
class Entity:
    """Somebody of the report. `home` is the mention that says most; `mentions` are phrases in the order of the text."""

    kind: Kind
    name: Range | None
    role: Range | None
    home: Range
    head: str
    gender: Gender | None = None
    plural: bool = False
    mentions: list[Range] = field(default_factory=list)
    taken_for: str = "nothing"  # PERSON, ORG or PLACE by the model that finds names, at most of the mentions
    somewhere: bool = False  # stands behind a preposition of place: "in Halmark"
    speaks: bool = False  # stands before or after a verb of speech, by the rules
    acts: bool = False  # is the subject of some verb, by the parse

    def mentioned(self, span: Range) -> None:
        if span not in self.mentions:
            self.mentions.append(span)


def entities(parsed: Parsed, attributions: tuple[Attribution, ...]) -> list[Entity]:
    """Everybody, in the order of their first mention."""
    doc = parsed.doc
    inventory = _Inventory(doc)
    for member in gather(doc).named:
        inventory.add(Entity(member.kind, member.name, member.role, member.span, member.head, member.gender))
    for name in parsed.names:
        if name.kind != "PLACE":
            found = _of_name(parsed, (name.first, name.last), person=name.kind == "PERSON")
            if found is not None:
                inventory.add(found)
    for attribution in attributions:
        if attribution.subject is not None:
            found = _of_attribution(doc, attribution, attribution.subject.span) or _of_phrase(
                doc, attribution.subject.span
            )
            if found is not None:
                inventory.add(found)
    for token, relation in enumerate(parsed.relations):
        if relation.startswith("nsubj") and doc.quoted_of(token) is None:
            found = _of_noun(parsed, token)
            if found is not None:
                inventory.add(found)
    for entity in inventory.known:
        entity.mentions.sort()
        entity.taken_for = _taken_for(parsed, entity)
        entity.somewhere = any(m[0] > 0 and doc.tokens[m[0] - 1].lower in _WHERE for m in _named(doc, entity))
        entity.acts = any(parsed.relations[t].startswith("nsubj") for m in entity.mentions for t in range(*m))
        entity.speaks = any(
            a.subject is not None and stands_for(doc, m, a.subject.span) for a in attributions for m in entity.mentions
        )
    return sorted(inventory.known, key=lambda entity: entity.mentions[0])


def _named(doc: Document, entity: Entity) -> list[Range]:
    """Every place where the last word of the name stands, as far back as the name goes."""
    if entity.name is None:
        return []
    said = [doc.tokens[place].text for place in range(*entity.name)]
    found = []
    for place, token in enumerate(doc.tokens):
        if token.text == said[-1]:
            first = place
            while (
                first > 0 and len(said) > place - first + 1 and doc.tokens[first - 1].text == said[-(place - first + 2)]
            ):
                first -= 1
            found.append((first, place + 1))
    return found


def _taken_for(parsed: Parsed, entity: Entity) -> str:
    if entity.name is None:
        return "nothing"
    last = parsed.doc.tokens[entity.name[1] - 1].text
    counts: dict[str, int] = {}
    for name in parsed.names:
        if any(parsed.doc.tokens[place].text == last for place in range(name.first, name.last)):
            counts[name.kind] = counts.get(name.kind, 0) + 1
    return max(sorted(counts), key=lambda kind: counts[kind], default="nothing")


def _of_attribution(doc: Document, attribution: Attribution, mention: Range) -> Entity | None:
    """The speaker as the rules put him together from the words at the verb and an aside; `None` where they took him
    from elsewhere in the text."""
    speaker = attribution.speaker
    if speaker is None or speaker.name is None:
        return None
    home = doc.token_at(speaker.passage.start), doc.token_at(speaker.passage.end - 1) + 1
    if not _overlap(home, mention):
        return None
    name = _words_at(doc, speaker.name, home)
    if name is None:
        return None
    role = _words_at(doc, speaker.role, home) if speaker.role is not None else None
    taken = take_apart(doc, name)
    kind = speaker.kind if speaker.kind in ("person", "body", "document") else "body"
    return Entity(cast("Kind", kind), name, role, home, taken.head, gender_of(doc, home))


def _words_at(doc: Document, said: str, within: Range) -> Range | None:
    at = doc.text.find(said, doc.tokens[within[0]].start, doc.tokens[within[1] - 1].end)
    return None if at < 0 else (doc.token_at(at), doc.token_at(at + len(said) - 1) + 1)


def _of_name(parsed: Parsed, span: Range, *, person: bool) -> Entity | None:
    """A name with the office before it or beside it."""
    doc = parsed.doc
    head = next((t for t in range(*span) if not span[0] <= parsed.heads[t] < span[1] or parsed.heads[t] == t), span[0])
    first, last = parsed.phrase(head)
    whole = (min(first, span[0]), max(span[1], last if last - span[1] <= 6 else span[1]))
    taken = take_apart(doc, whole)
    if taken.kind not in ("person", "body") or taken.name is None or not _inside(taken.name, span):
        whole = (min(first, span[0]), span[1])
        role = (
            (whole[0], span[0])
            if person and any(is_role(doc.tokens[t].lower) for t in range(whole[0], span[0]))
            else None
        )
        taken = Named(whole, span, role, doc.tokens[span[1] - 1].lower, "person" if person else "body")
    if person and taken.kind == "body" and not any(is_body(doc.tokens[t].lower) for t in range(*span)):
        taken = Named(whole, span, None, taken.head, "person")
    role = taken.role
    home = taken.span
    if role is None:
        beside = _apposed(parsed, head)
        if beside is not None:
            role = beside
            home = (min(home[0], role[0]), max(home[1], role[1]))
    return Entity(
        "person" if taken.kind == "person" else "body", taken.name, role if taken.kind == "person" else None, home,
        taken.head, gender_of(doc, home),
    )  # fmt: skip


def _apposed(parsed: Parsed, head: int) -> Range | None:
    """The office that stands beside a name: "Lena Voss, the mayor", "the mayor, Lena Voss"."""
    doc = parsed.doc
    around = [child for child in parsed.children[head] if parsed.relations[child] == "appos"]
    if parsed.relations[head] == "appos":
        around.append(parsed.heads[head])
    for noun in around:
        if is_role(doc.tokens[noun].lower) and abs(noun - head) < 16:
            first, last = parsed.phrase(noun)
            while first < last - 1 and doc.tokens[first].lower in words_of("determiner"):
                first += 1
            return first, last
    return None


def _of_noun(parsed: Parsed, token: int) -> Entity | None:
    span = parsed.phrase(token)
    if span[1] - span[0] > 16 or any(parsed.doc.tokens[place].text in ",;:" for place in range(*span)):
        span = (max(span[0], token - 4), token + 1)
    return _of_phrase(parsed.doc, span)


def _of_phrase(doc: Document, span: Range) -> Entity | None:
    """Somebody by a phrase; `None` for pronouns, and for things that cannot speak."""
    taken = take_apart(doc, span)
    if taken.kind == "pronoun":
        return None
    if taken.kind == "other" and not any(is_role(doc.tokens[t].lower) for t in range(*span)):
        return None
    last = doc.tokens[span[1] - 1].lower
    plural = taken.kind in ("role", "other") and (
        singular(last) != last or last in ("people", "police", "women", "men")
    )
    name = taken.name
    return Entity(
        taken.kind, name, taken.role, span, taken.head,
        gender_of(doc, span), plural,
    )  # fmt: skip


class _Inventory:
    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.known: list[Entity] = []
        self.by_word: dict[str, list[Entity]] = {}

    def add(self, new: Entity) -> None:
        """Puts a mention to the one whom it names, or the one newly met into the list."""
        key = self._key(new)
        if new.name is None:
            for old in self.known:
                if any(stands_for(self.doc, mention, new.home) for mention in old.mentions):
                    old.mentioned(new.home)  # the same words, cut otherwise
                    return
        for old in self.by_word.get(key, ()):
            if self._same(old, new):
                self._join(old, new)
                return
        new.mentioned(new.home)
        self.known.append(new)
        self.by_word.setdefault(key, []).append(new)

    def _key(self, entity: Entity) -> str:
        if entity.name is not None:
            return self.doc.tokens[entity.name[1] - 1].text
        return " ".join(t.lower for t in self._plain(entity.home))

    def _plain(self, span: Range) -> list[Token]:
        return [
            t for t in self.doc.tokens[span[0] : span[1]] if t.kind == "word" and t.lower not in words_of("determiner")
        ]

    def _same(self, one: Entity, other: Entity) -> bool:
        if one.name is None or other.name is None:
            return one.name is other.name
        a, b = words(self.doc, one.name).split(), words(self.doc, other.name).split()
        if "person" in (one.kind, other.kind):
            return len(a) == 1 or len(b) == 1 or a[0] == b[0]
        return a[-len(b) :] == b or b[-len(a) :] == a

    def _join(self, old: Entity, new: Entity) -> None:
        old.mentioned(new.home)
        old.gender = old.gender or new.gender
        longer = new.name is not None and old.name is not None and _size(new.name) > _size(old.name)
        tells = new.role is not None and old.role is None
        if (longer and (new.role is not None or old.role is None)) or (tells and not _shorter(new.name, old.name)):
            old.name, old.role, old.home, old.kind, old.head = new.name, new.role, new.home, new.kind, new.head
        elif longer:
            old.name = new.name


def stands_for(doc: Document, mention: Range, span: Range) -> bool:
    """Whether a mention that overlaps the words stands for what they stand for: not "Halmark" in "Halmark's guard"."""
    return _overlap(mention, span) and mention[0] < head_end(doc, *span) <= mention[1]


def _overlap(one: Range, other: Range) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _size(span: Range) -> int:
    return span[1] - span[0]


def _shorter(one: Range | None, other: Range | None) -> bool:
    return one is not None and other is not None and _size(one) < _size(other)


def _inside(one: Range, other: Range) -> bool:
    return other[0] <= one[0] and one[1] <= other[1]


def describe(doc: Document, entity: Entity, mention: Range | None) -> Speaker:
    """The speaker record: a role only where it stands at the home mention or at this one."""
    home = entity.home
    role = entity.role
    if role is not None and not (_inside(role, home) or (mention is not None and _inside(role, mention))):
        role = None
    many = entity.plural
    kind: SpeakerKind | None
    if entity.kind in ("person", "body", "document"):
        kind = cast("SpeakerKind", entity.kind)
    elif many or entity.kind == "other":
        kind = "group" if many else None
    else:
        kind = "person"
    name = entity.name
    if name is not None and not _inside(name, home):
        home = name
    return Speaker(
        name=words(doc, name) if name is not None else None,
        role=words(doc, role) if role is not None else None,
        passage=doc.passage(*home),
        mention=None if mention is None or mention == home else doc.passage(*mention),
        kind=kind,
    )
