"""Places: which words of a text name a place, which place that is, and whether the name stands for a government.

Guarantees: every place carries the candidates that were weighed, with score and rule, best first; a score ranks and is
no probability. Only a place in the role `location` has coordinates, so that an actor or a capital that stands for its
government cannot come onto a map by mistake. Names of persons and bodies, and adjectives of nationality, are not
places.

Choice among places of one name: inhabitants, countries that the text names elsewhere, a country or region that follows
after a comma, a noun such as "region", and whether the name is the place's main one. Named sites that the gazetteer
lacks ("Halvard bridge") come without id, for the case's own list of sites.
"""

from __future__ import annotations

import math
from collections import Counter

from probanda.extract.places.context import (
    Role,
    context,
    demonyms,
    name_kinds,
    part_of_other_name,
    role_of,
    supported,
)  # fmt: skip
from probanda.extract.places.gazetteer import Entry, Gazetteer, Hit, load
from probanda.extract.places.seats import fixed_names, fixed_place
from probanda.extract.places.sites import find_sites
from probanda.extract.places.unlisted import find_unlisted
from probanda.extract.text.segments import Document
from probanda.records.reading import Candidate, Place

CANDIDATES = 5  # kept with a place
WELL_KNOWN = 100_000  # inhabitants from which a name needs no word of place beside it


def find_places(doc: Document, published: str | None = None) -> tuple[Place, ...]:
    """The places that `doc` names, in the order of the text. `published` is kept for gazetteers with dated names; the
    one that comes with the package has none, so it changes nothing."""
    gazetteer = load()
    hits = gazetteer.scan(doc)
    fixed = fixed_names(doc)
    held = {token for place in fixed for token in range(place[0], place[1])}
    hits = tuple(hit for hit in hits if not held.intersection(range(hit.first, hit.last)))
    sites = find_sites(doc, hits)
    in_sites = {token for first, last in sites for token in range(first, last)}
    kept = _true_places(doc, [hit for hit in hits if hit.first not in in_sites])
    votes = _votes(doc, kept)
    found = _placed(doc, gazetteer, kept, votes)
    found += [fixed_place(doc, *place) for place in fixed]
    found += [_site(doc, site, [*kept, *(hit for hit in hits if hit.first in in_sites)], votes) for site in sites]
    spoken_for = held | in_sites | {token for hit in kept for token in range(hit.first, hit.last)}
    for first, last, role in find_unlisted(doc, frozenset(spoken_for)):
        passage = doc.passage(first, last)
        found.append(Place(passage, passage.text, None, None, None, None, None, role))
    return tuple(sorted(found, key=lambda place: place.passage.start))


def _placed(doc: Document, gazetteer: Gazetteer, kept: list[Hit], votes: Counter[str]) -> list[Place]:
    """The places of the hits. Names joined by "and" share a role, and a country after "Town," says where the town
    is."""
    found: list[Place] = []
    for number, hit in enumerate(kept):
        place = _place(doc, gazetteer, hit, votes, kept)
        before = found[-1] if found else None
        if before is not None and kept[number - 1].last == hit.first - 1:
            joint = doc.tokens[hit.first - 1].lower
            within = joint == "," and not _country(kept[number - 1]) and before.country == place.country
            if (within and _country(hit)) or (
                joint == "and" and before.role == "location" and place.role != "location"
            ):
                place = _place(doc, gazetteer, hit, votes, kept, role="location")
            elif joint == "and" and before.role != "location" and place.role == "location" and _may_act(hit):
                place = _place(doc, gazetteer, hit, votes, kept, role="actor" if _country(hit) else "metonym")
        found.append(place)
    return found


def _may_act(hit: Hit) -> bool:
    return _country(hit) or hit.entries[0].feature == "capital" or any(e.feature == "capital" for e in hit.entries)


def _site(doc: Document, site: tuple[int, int], hits: list[Hit], votes: Counter[str]) -> Place:
    """A named site, with the town that it probably lies in as candidate: a large one in its name, else the next in its
    sentence."""
    first, last = site
    passage = doc.passage(first, last)
    sentence = doc.sentence_of(first)
    near: list[tuple[int, Hit]] = []
    for hit in hits:
        inside = first <= hit.first < last
        if inside and (_country(hit) or hit.entries[0].population >= WELL_KNOWN):
            near.append((-1, hit))
        elif not inside and doc.sentence_of(hit.first) == sentence:
            near.append((hit.first - last if hit.first >= last else 5 + first - hit.last, hit))
    if not near:
        return Place(passage, passage.text, None, None, None, None, None, "location")
    town = min(near, key=lambda pair: (pair[0], pair[1].first))[1]
    candidates = tuple(
        Candidate(c.gazetteer_id, c.name, c.country, c.score, "town or country that the site may lie in")
        for c in _ranked(town, votes, "", region=False)[:1]
    )
    return Place(passage, passage.text, None, candidates[0].country, None, None, None, "location", candidates)


def _true_places(doc: Document, hits: list[Hit]) -> list[Hit]:
    """The hits that name a place. What is once part of a person's name stays that person later in the text, unless a
    preposition says otherwise."""
    hits = [hit for hit in hits if _spelt_as_place(doc, hit)]
    taken = {hit.first: hit for hit in hits}
    persons: set[str] = set()
    out: list[Hit] = []
    # A town right after a town is the rest of one longer name ("Peña Honda"); a country or region is none.
    wide = (hit for hit in hits if any(entry.feature != "city" for entry in hit.entries))
    tokens = frozenset(token for hit in wide for token in range(hit.first, hit.last))
    for hit in taken.values():
        why = part_of_other_name(doc, hit.first, hit.last, tokens - frozenset(range(hit.first, hit.last)))
        if why == "surname" and not _country(hit):
            persons.add(hit.key)
        if why == "given":
            persons.add(doc.tokens[hit.last].lower)
            # "In Kharkiv Olha Brand said": a town before a name, where the town is no given name itself.
            town = _country(hit) or hit.entries[0].population >= WELL_KNOWN
            if (
                town
                and hit.first
                and doc.tokens[hit.first - 1].lower in ("in", "near")
                and not name_kinds().get(hit.key)
            ):
                why = None
        if why is None:
            out.append(hit)
    kept = [hit for hit in out if _plausible(doc, hit, persons)]
    pointed = {entry.country for hit in kept for entry in hit.entries if _country(hit) or entry.feature == "capital"}
    pointed |= {demonyms()[token.lower] for token in doc.tokens if token.capital and token.lower in demonyms()}
    shown = {hit.key for hit in kept if supported(doc, hit.first, hit.last) or _qualified(doc, hit)}
    return [hit for hit in kept if _likely(hit, pointed, shown)]


def _likely(hit: Hit, pointed: set[str], shown: set[str]) -> bool:
    """A town far from everything that the text names is likelier another thing of its name, unless it is very large."""
    if _country(hit) or any(entry.feature == "capital" for entry in hit.entries) or hit.key in shown:
        return True
    return hit.entries[0].population >= 10 * WELL_KNOWN or bool(pointed & {entry.country for entry in hit.entries})


def _country(hit: Hit) -> bool:
    return any(entry.feature == "country" for entry in hit.entries)


def _spelt_as_place(doc: Document, hit: Hit) -> bool:
    text = doc.tokens[hit.first].text
    if hit.key in demonyms() or hit.key in context("month"):
        return False
    # Abbreviations of countries ("US") are written in capitals; a short alias of a town is no evidence at all.
    return hit.last - hit.first > 1 or len(text) > 3 or (text.isupper() and _country(hit)) or (
        len(text) == 3 and _main(hit) and not text.isupper()
    )  # fmt: skip


def _main(hit: Hit) -> bool:
    return any(entry.main_key == hit.key for entry in hit.entries)


def _plausible(doc: Document, hit: Hit, persons: set[str]) -> bool:
    if _country(hit) or any(entry.feature == "capital" for entry in hit.entries):
        return hit.key not in persons or supported(doc, hit.first, hit.last)
    kind = name_kinds().get(hit.key)
    most = hit.entries[0].population
    doubtful = (
        hit.key in persons
        or kind == "word"
        or (kind == "person" and most < 5 * WELL_KNOWN)
        or (most < WELL_KNOWN and not _main(hit))
        or (most < 20_000 and hit.entries[0].feature == "city" and not _follows_comma(doc, hit))
    )
    before = doc.tokens[hit.first - 1].lower if hit.first else ""
    after = doc.tokens[hit.last].lower if hit.last < len(doc.tokens) else ""
    if before in ("the", "a", "an") and after not in context("region_noun") | context("settlement_noun"):
        return False  # "the Concord": towns take no article
    return not doubtful or supported(doc, hit.first, hit.last) or _qualified(doc, hit)


def _follows_comma(doc: Document, hit: Hit) -> bool:
    return hit.first > 0 and doc.tokens[hit.first - 1].text == ","


def _qualified(doc: Document, hit: Hit) -> bool:
    """ "X, Karovia": a country or region follows after a comma."""
    if hit.last + 1 >= len(doc.tokens) or doc.tokens[hit.last].text != ",":
        return False
    entries = load().lookup(doc.tokens[hit.last + 1].text) if doc.tokens[hit.last + 1].capital else ()
    wider = {e.country for e in entries if e.feature in ("country", "admin1")}
    return bool(wider & {e.country for e in hit.entries})


def _votes(doc: Document, hits: list[Hit]) -> Counter[str]:
    """How often the text points to each country: by name, by adjective, by a place that only it has."""
    votes: Counter[str] = Counter()
    for hit in hits:
        countries = {
            entry.country for entry in hit.entries if entry.population >= WELL_KNOWN or entry.feature != "city"
        }
        if _country(hit):
            votes[next(e.country for e in hit.entries if e.feature == "country")] += 3
        elif len({entry.country for entry in hit.entries}) == 1 or len(countries) == 1:
            votes[hit.entries[0].country] += 2
    for token in doc.tokens:
        if token.kind == "word" and token.capital and token.lower in demonyms():
            votes[demonyms()[token.lower]] += 1
    return votes


def _ranked(hit: Hit, votes: Counter[str], after: str, *, region: bool) -> tuple[Candidate, ...]:
    total = sum(votes.values()) or 1
    scored: list[tuple[float, Candidate]] = []
    for entry in hit.entries:
        score, rule = math.log10(entry.population + 10) / 10, "inhabitants"
        score += {"country": 0.5, "capital": 0.1, "admin1": 0.35 if region else -0.15, "city": 0.0}[entry.feature]
        if votes[entry.country]:
            score, rule = score + 0.2 + 0.3 * votes[entry.country] / total, "country named in the text"
        if entry.main_key == hit.key:
            score += 0.2
        if after and entry.country == after:
            score, rule = score + 1.0, "country follows the name"
        if region and entry.feature == "admin1":
            rule = "noun for a region"
        scored.append((score, Candidate(entry.id, entry.name, entry.country, round(score, 3), rule)))
    scored.sort(key=lambda pair: (-pair[0], pair[1].gazetteer_id))
    return tuple(candidate for _, candidate in scored[:CANDIDATES])


def _place(
    doc: Document, gazetteer: Gazetteer, hit: Hit, votes: Counter[str], hits: list[Hit], role: Role | None = None
) -> Place:
    last = hit.last
    region = last < len(doc.tokens) and doc.tokens[last].lower in context("region_noun") and not _country(hit)
    region = region and doc.tokens[last].lower not in ("city", "area", "territory")
    candidates = _ranked(hit, votes, _country_after(doc, hit, hits), region=region)
    entries = {entry.id: entry for entry in hit.entries}
    chosen = entries[candidates[0].gazetteer_id]
    if region:
        last += 1
        wider = chosen if chosen.feature == "admin1" else gazetteer.region_of(chosen)
        if wider is not None:
            chosen = wider
            if all(candidate.gazetteer_id != wider.id for candidate in candidates):
                first = Candidate(
                    wider.id, wider.name, wider.country, candidates[0].score, "region of the town so named"
                )
                candidates = (first, *candidates)[:CANDIDATES]
    if region:
        role = "location"
    elif role is None:
        role = role_of(doc, hit.first, hit.last, chosen.feature)
    on_map = role == "location"
    return Place(
        doc.passage(hit.first, last), chosen.name, chosen.id, chosen.country or None,
        chosen.latitude if on_map else None, chosen.longitude if on_map else None, chosen.radius_m if on_map else None,
        role, candidates,
    )  # fmt: skip


def _country_after(doc: Document, hit: Hit, hits: list[Hit]) -> str:
    """The country that stands after the name and a comma, or after "in"; "" where none does."""
    if hit.last + 1 >= len(doc.tokens) or doc.tokens[hit.last].lower not in (",", "in"):
        return ""
    for other in hits:
        if other.first == hit.last + 1:
            wider: list[Entry] = [e for e in other.entries if e.feature in ("country", "admin1")]
            shared = {e.country for e in hit.entries}
            return next((e.country for e in wider if e.country in shared), "")
    return ""
