"""Sites that a person told the case: where "the Old Mill" lies, which no gazetteer has.

Guarantees: a site is found only under its whole name, letter case and accents aside, and never inside a longer name
that the text has; it carries the point and the radius that the person gave, and as `gazetteer_id` the id of what they
told, so that everybody can follow who said so and why. A name that a person told goes before the gazetteer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from probanda.extract.places.gazetteer import fold, key_of
from probanda.extract.text.segments import Document
from probanda.records.reading import Place


@dataclass(frozen=True, slots=True)
class Site:
    """Degrees in WGS 84; `id` is that of the supplement."""

    id: str
    name: str
    latitude: float
    longitude: float
    radius_m: int


def with_sites(doc: Document, places: Sequence[Place], sites: Sequence[Site]) -> tuple[Place, ...]:
    """`places` with the sites that `doc` names, in the order of the text."""
    if not sites:
        return tuple(places)
    keys = {key_of(_bare(site.name)): site for site in sites}
    out: list[Place] = []
    taken: set[int] = set()
    for place in places:
        site = keys.get(key_of(_bare(place.passage.text))) if place.role == "location" else None
        if site is not None:
            place = replace(
                place, name=site.name, gazetteer_id=site.id, country=None, latitude=site.latitude,
                longitude=site.longitude, radius_m=site.radius_m, candidates=(),
            )  # fmt: skip
        out.append(place)
        taken.update(range(doc.token_at(place.passage.start), doc.token_at(place.passage.end - 1) + 1))
    longest = max(len(key.split()) for key in keys)
    words = [fold(token.text) for token in doc.tokens]
    for first in range(len(words)):
        for last in range(min(len(words), first + longest), first, -1):
            site = keys.get(" ".join(words[first:last]))
            if site is not None and not taken.intersection(range(first, last)):
                passage = doc.passage(first, last)
                point = (site.latitude, site.longitude, site.radius_m)
                out.append(Place(passage, site.name, site.id, None, *point, "location"))
                taken.update(range(first, last))
                break
    return tuple(sorted(out, key=lambda place: place.passage.start))


def _bare(name: str) -> str:
    """Without an article: "the Old Mill" is "Old Mill"."""
    return name[4:] if name[:4].lower() == "the " else name


def site_named(words: str, sites: Sequence[Site]) -> Site | None:
    """The last of `sites` that these words name."""
    key = key_of(_bare(words))
    return next((site for site in reversed(sites) if key_of(_bare(site.name)) == key), None)
