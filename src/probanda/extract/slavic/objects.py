"""Objects in Ukrainian and Russian: by physical type, affected or only named, with the military use that is asserted.

Guarantees: an object is a noun of lexica/{uk,ru}_objects.tsv and never given a legal class. A military use is what a
source asserts, returned as the words that assert it and never weighed: a word of use and a word for fighters or arms
in the clause that names the object (lexica/{uk,ru}_military_use.tsv); a use that is denied is none.
"""

from __future__ import annotations

from collections.abc import Sequence

from probanda.extract.slavic.events import EventDraft
from probanda.extract.slavic.modality import negated_at
from probanda.extract.slavic.phrases import Range
from probanda.extract.slavic.told import Material
from probanda.extract.slavic.words import Found, terms_of
from probanda.extract.text.segments import Span
from probanda.records.passage import Passage
from probanda.records.reading import ObjectMention

_PARTING = frozenset(", ; : — – « » “ ” „ що что".split()) | {'"'}
_FAR = 14  # tokens from the word of use to the object; arbitrary


def find_objects(held: Material, drafts: Sequence[EventDraft]) -> tuple[ObjectMention, ...]:
    """The objects of the document in order."""
    doc = held.doc
    struck = {
        doc.sentence_of(draft.first)
        for draft in drafts
        if draft.type.startswith(("attack", "damage")) and draft.modality == "accomplished"
    }
    used = _Uses(held)
    found = []
    for match in terms_of(doc.language, "objects").scan(held.words):
        passage = doc.passage(match.first, match.last)
        aimed = any(draft.aimed_at and draft.aimed_at.start <= passage.start < draft.aimed_at.end for draft in drafts)
        affected = aimed or doc.sentence_of(match.first) in struck
        use = used.of((match.first, match.last)) if match.value["type"] != "military" else None
        found.append(ObjectMention(passage, match.value["type"], "affected" if affected else "mentioned", use))
    return tuple(found)


class _Uses:
    """What the text asserts of the use of objects."""

    def __init__(self, held: Material) -> None:
        self.held, self.words = held, held.words
        terms = terms_of(held.doc.language, "military_use").scan(held.words)
        self.uses: list[Found[dict[str, str]]] = [match for match in terms if match.value["class"] == "use"]
        self.users: list[Found[dict[str, str]]] = [match for match in terms if match.value["class"] == "user"]

    def of(self, thing: Range) -> Passage | None:
        doc = self.held.doc
        sentence = doc.sentences[doc.sentence_of(thing[0])]
        for use in self.uses:
            first, last = self._clause(use.first, sentence)
            if not first <= thing[0] < last or abs(use.first - thing[0]) > _FAR or thing[0] <= use.first < thing[1]:
                continue
            users = [
                user for user in self.users if first <= user.first < last and not thing[0] <= user.first < thing[1]
            ]
            if users and not negated_at(doc, self.words, use.first) and not self._of_attack(first, last):
                begin = min(use.first, users[0].first)
                return doc.passage(begin, last) if begin > thing[0] else doc.passage(first, last)
        return None

    def _of_attack(self, first: int, last: int) -> bool:
        """Whether the clause tells of a strike, whose arms are the attacker's."""
        return any(word.startswith(_STRIKES) for word in self.words[first:last])

    def _clause(self, place: int, sentence: Span) -> Range:
        first, last = place, place + 1
        while first > sentence.first and self.words[first - 1] not in _PARTING:
            first -= 1
        while (
            last < sentence.last and self.words[last] not in _PARTING and self.held.doc.tokens[last].text not in ".!?…"
        ):
            last += 1
        return first, last


_STRIKES = ("обстріл", "обстрел", "удар", "влуч", "попал", "бомб", "атак", "зруйн", "разруш", "пошкод", "повред")
