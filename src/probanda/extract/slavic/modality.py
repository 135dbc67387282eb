"""Whether the words of a clause say that a thing was done, or only planned, feared, attempted, denied; verification.

Guarantees: the cue stands before the thing in its own clause, at most nine words away, and the nearest counts; a thing
without a cue counts as told to have been done. What a report says of the checking comes with its words.
Words: lexica/{uk,ru}_modality.tsv, {uk,ru}_verification.tsv.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from probanda.extract.slavic.words import Terms, part_of, terms_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.records.reading import Modality, Verification

REACH = 9
BREAKS = frozenset((", ; : — – ( ) « » що что який яка які который которая которые але но та і и а").split())
_THERE_IS = frozenset("існує існувало було существует существовало было".split())
_BETWEEN = frozenset("було був була були было был была были ніхто никто і и в у".split())
_HARD = frozenset([";", ":", "—", "–", "(", ")", "що", "что", ",", "але", "но"])
_NOT_DENIED = frozenset(("лише тільки менше більше менш більш только лишь менее более меньше больше").split())


class Told(NamedTuple):
    modality: Modality
    cue: int | None  # its token


@cache
def _cues(language: str) -> Terms[str]:
    return Terms(
        (term.strip(), row["modality"])
        for row in table(f"{language}_modality.tsv")
        if row["modality"] != "negation"
        for term in row["terms"].split(",")
    )


def modality_at(doc: Document, words: Sequence[str], place: int) -> Told:
    """How the thing at token `place` is told of."""
    sentence = doc.sentences[doc.sentence_of(place)]
    terms = _cues(doc.language)
    quoted = doc.quoted_of(place)
    for at in range(place - 1, max(sentence.first, place - REACH) - 1, -1):
        if words[at] in _HARD or doc.quoted_of(at) != quoted:
            break
        found = terms.at(words, at, place)
        if found is not None:
            modality: Modality = found.value  # type: ignore[assignment]
            if at > sentence.first and words[at - 1] == "не" and modality in ("planned", "denied", "possible"):
                continue
            if at > sentence.first and words[at - 1] == "без":
                continue  # "без обвинений"
            return Told(modality, at)
    return Told("accomplished", None)


def negated_at(doc: Document, words: Sequence[str], place: int) -> bool:
    """Whether the verb or noun at token `place` is denied: "не загинули", "без жертв", "не було вбито"."""
    sentence = doc.sentences[doc.sentence_of(place)]
    start = max(sentence.first, place - 3)
    after = words[place + 1 : min(sentence.last, place + 4)]
    if after[:2] in (("не", "існує"), ("не", "существует"), ("не", "було"), ("не", "было")) or after[:1] in (
        ("немає",),
        ("нет",),
    ):
        return True  # "никакой осады не существует"
    for at in range(place - 1, start - 1, -1):
        if words[at] in ("не", "без", "немає", "нема", "нет", "ні", "ани", "ані", "жодних", "жодного", "никаких", "ни"):
            return words[at + 1] not in _NOT_DENIED
        if part_of(words[at], doc.language) == "verb":
            continue  # "не завдає ударів"
        if words[at] not in (
            "було",
            "був",
            "була",
            "були",
            "было",
            "был",
            "была",
            "были",
            "ніхто",
            "никто",
            "і",
            "и",
            "в",
            "у",
        ):
            return False
    return False


def verifications(doc: Document, words: Sequence[str]) -> list[tuple[int, int, Verification]]:
    """What the report says of the checking: tokens [first, last) and the status."""
    terms = terms_of(doc.language, "verification")
    found: list[tuple[int, int, Verification]] = []
    for match in terms.scan(words):
        passage = doc.passage(match.first, match.last)
        found.append((match.first, match.last, Verification(match.value["status"], passage)))  # type: ignore[arg-type]
    taken = {at for first, last, _ in found for at in range(first, last)}
    for place, word in enumerate(words):
        span = _unchecked(doc, words, place) if word in _CHECK else _confirmed(doc, words, place)
        if span is not None and taken.isdisjoint(range(*span)):
            passage = doc.passage(*span)
            found.append((*span, Verification("not_verified" if word in _CHECK else "verified", passage)))
    return found


def _unchecked(doc: Document, words: Sequence[str], place: int) -> tuple[int, int] | None:
    """ "проверить это пока не удалось", "перевірити цей випадок центрові не вдалося": with words between."""
    end = min(doc.sentences[doc.sentence_of(place)].last, place + 7)
    for at in range(place + 1, end):
        if words[at] in (",", ";", ":", "—"):
            return None
        if words[at] in _FAILED and (words[at - 1] == "не" or words[at].startswith(("немож", "невоз"))):
            return place, at + 1
    return None


def _confirmed(doc: Document, words: Sequence[str], place: int) -> tuple[int, int] | None:
    """ "Моніторингова місія підтвердила загибель …": those whose work is to check say that they have."""
    if not words[place].startswith(("підтвердил", "підтвердив", "подтвердил")) or doc.quoted_of(place) is not None:
        return None
    first = doc.sentences[doc.sentence_of(place)].first
    before = words[max(first, place - 6) : place]
    denied = before[-1:] == ("не",)
    return (place, place + 1) if not denied and any(word.startswith(_CHECKERS) for word in before) else None


_CHECK = frozenset("перевірити підтвердити проверить подтвердить верифікувати верифицировать".split())
_FAILED = frozenset("вдалося вдалось вдається удалось удается неможливо невозможно".split())
_CHECKERS = ("місі", "мисси", "монітор", "монитор", "спостеріг", "наблюдател")
