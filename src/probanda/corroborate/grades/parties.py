"""Which party words for an actor mean, and whether the one who speaks is of it.

Guarantees: a party is known by a country of the lexicon or by the first name in the words, never by what is told of it;
words that name none give `None`. A capital at the beginning of a sentence names nobody by itself.
"""

from __future__ import annotations

import re

from probanda.corroborate.lexicon import Lexicon
from probanda.corroborate.names import stem_of, words_of
from probanda.records.passage import Passage
from probanda.records.reading import Holder, Speaker

_OWN = frozenset({"our", "ours", "we", "us", "наш", "наші", "наших", "наши", "ми", "мы"})
_OPENING = '.!?“”"«»\n:'  # after these a capital tells nothing
_ADJECTIVE = re.compile(r"(ian|ish|ese|ский|ская|ские|ських|ський|ська|ські)s?$")
_SMALL = frozenset({"the", "a", "an", "its", "his", "her", "their", "our", "we", "they", "it", "he", "she", "those"})


def party_of(actor: Passage, text: str, holder: Holder, lexicon: Lexicon) -> str | None:
    """Which party words for an actor mean: a country, else the first name in them; that of the speaker where they say
    "our". `None` where the words name none."""
    words = words_of(actor.text)
    known = lexicon.country(words)
    if known is not None:
        return known
    opens = not text[: actor.start].strip() or text[: actor.start].rstrip()[-1] in _OPENING
    for number, word in enumerate(re.findall(r"\w+", actor.text)):
        folded = words_of(word)
        if not (word[0].isupper() and folded) or folded[0] in _SMALL:
            continue
        adjective = _ADJECTIVE.search(folded[0]) is not None
        if lexicon.counted_class(folded) is None and (number or adjective or not opens):
            return stem_of(folded[0])
    if _OWN.intersection(words):
        keys = holder_keys(holder, lexicon)
        return sorted(keys)[0] if keys else None
    return None


def holder_keys(holder: Holder, lexicon: Lexicon) -> frozenset[str]:
    if not isinstance(holder, Speaker):
        return frozenset()
    told = " ".join(filter(None, (holder.name, holder.role, holder.passage.text)))
    known = lexicon.country(words_of(told))
    names = {stem_of(words_of(word)[0]) for word in re.findall(r"\w+", told) if word[0].isupper() and words_of(word)}
    return frozenset(names | ({known} if known else set()))
