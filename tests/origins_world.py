"""Articles for the tests of origins, read by the real step. Countries, persons, bodies and outlets are invented."""

from __future__ import annotations

import hashlib

from probanda.corroborate.article import Article
from probanda.corroborate.copies import copies
from probanda.corroborate.found import Origin, Sourcing, Verdict
from probanda.corroborate.origins import origins
from probanda.records.canonical import parse_json
from probanda.records.codec import parse
from probanda.records.reading import Reading
from probanda.steps import read

# A copy's words around the sentence with the figure, which goes in place of %s.
AROUND = (
    "Rescuers worked through the night under lamps that the fishing boats had carried up from the quay. %s The roof of "
    "the fish hall had come down on the stalls, and a crane from the dry dock was brought to lift the beams. Families "
    "waited behind a rope at the end of the street, and nobody was told anything before noon."
)


def article(
    outlet: str | None, text: str, published: str | None = "2031-04-09", language: str = "en", key: str = ""
) -> Article:
    """An article by `outlet`, which is also its key unless one is given."""
    data = text.encode()
    sha256 = hashlib.sha256(data).hexdigest()
    parameters = {"published": published, "language": language}
    result = read.STEP.run(read.STEP.request(sha256, parameters=parameters), {sha256: data})
    reading = parse(Reading, parse_json(result.outputs[0].data))
    return Article(key or outlet or sha256[:8], sha256, outlet, published, language, text, reading)


def behind(*articles: Article, what: str = "deaths", verdicts: tuple[Verdict, ...] = ()) -> Sourcing:
    """What stands behind the one topic of this kind that the articles share."""
    found = [
        one
        for one in origins(articles, copies(articles), verdicts)
        if one.topic.what == what and one.topic.stance == "said" and one.figures
    ]
    assert len(found) == 1, [(one.topic.what, one.topic.counted, one.topic.place, one.topic.first) for one in found]
    return found[0]


def roots(found: Sourcing) -> list[str | None]:
    """The roots of the known origins."""
    return [one.root for one in found.groups if one.known]


def counted(found: Sourcing) -> tuple[int, int, int, bool]:
    return found.articles, found.outlets, found.origins, found.known


def origin_of(found: Sourcing, outlet: str) -> Origin:
    [one] = [one for one in found.groups if outlet in one.outlets]
    return one


def kinds(found: Sourcing) -> set[str]:
    return {one.link.kind for group in found.groups for one in group.evidence}
