"""Sites that a person told, in whatever case a Ukrainian or Russian text has their names.

Guarantees: every word of a site stands in the text in its order, with the stem of the word told and an inflectional
ending; point, radius and id are those that the person gave
(`extract.places.told`), the name is that of the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from probanda.extract.places.told import Site, with_sites
from probanda.extract.slavic.words import endings, fold, folded
from probanda.extract.text.segments import Document
from probanda.records.reading import Place

_HEAD = 3  # letters that no case changes; arbitrary


def sited(doc: Document, places: Sequence[Place], sites: Sequence[Site]) -> tuple[Place, ...]:
    """`places` with the sites that `doc` names, in the order of the text."""
    if not sites:
        return tuple(places)
    words = folded(doc.tokens)
    forms: dict[tuple[str, str], Site] = {}
    for site in sites:
        told = tuple(fold(word) for word in site.name.split())
        for first in range(len(words) - len(told) + 1):
            if all(is_form(words[first + at], word) for at, word in enumerate(told)):
                text = doc.passage(first, first + len(told)).text
                forms[(text, site.id)] = replace(site, name=text)
    return with_sites(doc, places, list(forms.values()))


def is_form(word: str, told: str) -> bool:
    """Whether two folded words are one in two cases, as far as a shared stem and inflectional endings tell."""
    if word == told:
        return True
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, told, strict=False)))
    if shared < max(_HEAD, len(told) - _HEAD):
        return False
    lowest = max(_HEAD, len(told) - _HEAD)
    return any(word[cut:] in endings() and told[cut:] in endings() for cut in range(lowest, shared + 1))


def site_told(words: str, sites: Sequence[Site]) -> Site | None:
    """The last of `sites` of whose name these words are a case form."""
    parts = [fold(word) for word in words.split()]
    for site in reversed(sites):
        told = [fold(word) for word in site.name.split()]
        if len(told) == len(parts) and all(map(is_form, parts, told)):
            return replace(site, name=words)
    return None
