"""sources, origin: how many independent origins stand behind claims, and what a person decides of two of them.

Guarantees: of guarded items nothing is shown that is not on record, and where that cannot be recorded nothing of them
is counted either.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from probanda.cli import asked
from probanda.cli.guarded import say_hidden
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, one_line, say, say_json
from probanda.cli.render import words
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.corroborate.article import Article
    from probanda.corroborate.found import Evidence, Named, Origin, Sourcing
    from probanda.guarding import Sight
    from probanda.records.canonical import Json

_SHOWN = 12  # articles and links of one origin on the screen; --json gives all


def sources(case: Path, claim: str | None, by: str | None, *, every: bool, as_json: bool) -> int:
    from probanda.report.corroborated import LABEL, sourcing_json

    person = asked.person(by)
    claim = asked.optional_text("CLAIM", claim)
    with opened(case) as archive:
        wanted = archive.claim_named(claim) if claim is not None else None
        found, sight = looked_at(archive, "sources", None if wanted is None else [wanted], person)
    shown = [one for one in found if every or wanted is not None or one.figures or one.articles > 1]
    if as_json:
        say_json({"topics": [sourcing_json(one) for one in shown], "label": LABEL})
        say_hidden(len(sight.hidden), "articles", sight, sys.stderr)
        return OK
    for one in shown:
        for line in _lines(one):
            say(line)
    left = len(found) - len(shown)
    say(f"{len(shown)} things told of" + (f"; {left} that one article alone states, and counts nothing: --all" if left
                                          else ""))  # fmt: skip
    say(f"  {LABEL}. If two claims have one origin, or have not: probanda origin CASE CLAIM same|different CLAIM")
    say_hidden(len(sight.hidden), "articles", sight)
    return OK


def looked_at(
    archive: Archive, command: str, claims: list[str] | None, by: str | None, beside: frozenset[str] = frozenset()
) -> tuple[tuple[Sourcing, ...], Sight]:
    """What stands behind these claims (`None`: all), once it is on record who looked at the guarded items among it and
    at those `beside`; without what must not be shown."""
    from probanda.report.corroborated import behind, captures_in

    def of_claims(found: tuple[Sourcing, ...]) -> tuple[Sourcing, ...]:
        if claims is None:
            return found
        by_claim = behind(found)
        return tuple({one.topic.id: one for claim in claims if (one := by_claim.get(claim))}.values())

    found = of_claims(archive.sources())
    sight = archive.look(command, captures_in(found) | beside, by)
    hidden = sight.hidden
    while hidden:  # without these other claims may be told of together, and others of these be guarded
        found = of_claims(archive.sources(hidden))
        sight = archive.look(command, captures_in(found) | beside | hidden, by)
        if sight.hidden <= hidden:
            break
        hidden |= sight.hidden
    return found, sight


def corroborations(
    archive: Archive, command: str, claims: list[str], by: str | None, beside: frozenset[str]
) -> tuple[dict[str, dict[str, Json]], Sight]:
    """By id of a claim, in short what stands behind it; the rest as `looked_at`."""
    from probanda.report.corroborated import behind, claim_json

    found, sight = looked_at(archive, command, claims, by, beside)
    return {claim: claim_json(claim, one) for claim, one in behind(found).items()}, sight


def origin(case: Path, claim: str, kind: str, other: str, reason: str, by: str | None, *, as_json: bool) -> int:
    from probanda.corroborating import OriginKind

    claim, other = asked.text("CLAIM", claim), asked.text("CLAIM", other)
    asked.one_of("KIND", kind, get_args(OriginKind))
    reason, person = asked.text("--reason", reason), asked.person(by)
    with opened(case) as archive:
        try:
            made = archive.judge_origin(claim, cast("OriginKind", kind), other, reason, person)
        except ValueError as error:
            raise CommandError(str(error), USAGE) from error
    if as_json:
        say_json(to_json(made))
        return OK
    say(f"Recorded and signed: {kind} origin")
    say(f"  {made.id}")
    if made.supersedes:
        say(f"  it supersedes {made.supersedes}, which stays in the log")
    return OK


def _lines(one: Sourcing) -> Iterator[str]:
    from probanda.report.corroborated import counts

    topic = one.topic
    held = {saying.article.key: saying.article for saying in topic.sayings}
    days = "" if topic.first is None else topic.first if topic.first == topic.last else f"{topic.first} to {topic.last}"
    what = f"{topic.what.replace('_', ' ')}" + (f" ({topic.counted})" if topic.counted else "")
    stance = {"said": "", "denied": "denied", "ahead": "not said to have happened"}[topic.stance]
    told = "" if topic.words is None else f"“{one_line(topic.words)}”"
    yield "; ".join(filter(None, (what, topic.place or "", days, stance, told)))
    yield f"  {counts(one.articles, one.outlets, one.origins, known=one.known)}" + (
        f"; of {one.without_outlet} nobody said who put them out" if one.without_outlet else ""
    )
    if len(one.figures) > 1:
        for figure in one.figures:
            told = counts(figure.articles, figure.outlets, figure.origins, known=figure.known)
            yield f"    {figure.qualifier.replace('_', ' ')} {figure.stated}: {told}"
    known = [group for group in one.groups if group.known]
    for number, group in enumerate(known, start=1):
        yield f"  origin {number}: {group.root or 'held apart by a person'} ({group.kind})"
        yield from _group(group, held)
    unknown = [group for group in one.groups if not group.known]
    if unknown:
        yield "  where these have it from is not known; they count as dependent and add no origin:"
    for group in unknown:
        yield from _group(group, held)
    yield ""


def _group(group: Origin, held: Mapping[str, Article]) -> Iterator[str]:
    for article in group.articles[:_SHOWN]:
        one = held[article]
        claims = [saying.id[:18] for saying in one.reading.claims if saying.id in group.claims]
        when = one.published or "date not said"
        yield f"    - {one.outlet or 'outlet not said'}, {when}: {', '.join(claims)}, {article[:20]}"
    yield from _more(len(group.articles), "articles")
    for named in group.named[:_SHOWN]:
        yield f"      named: {_named(named)}"
    for chain in group.chains:
        yield "      chain: " + ", who has it from ".join(f"“{' '.join(link.words.split())}”" for link in chain)
    for evidence in group.evidence[:_SHOWN]:
        yield from _evidence(evidence)
    yield from _more(len(group.evidence), "links")
    yield from (f"      note: {note}" for note in group.notes)


def _evidence(one: Evidence) -> Iterator[str]:
    link = one.link
    who = "a person" if one.by == "person" else f"by rule, {link.confidence}"
    left, right = (claim[:18] for claim in one.claims)
    yield f"      {link.kind.replace('_', ' ')} ({who}): {left} – {right}: {link.rule}" + (
        "; the number was changed" if one.changed else ""
    )
    for shared in link.shared[:3]:
        yield (
            f"        characters {shared.left.start} to {shared.left.end}, and {shared.right.start} to "
            f"{shared.right.end}: “{words(shared.left)}”"
        )
    yield from _more(len(link.shared), "ranges", 3)


def _named(named: Named) -> str:
    if named.passage is None:
        return f"“{named.words}”, as who put it out"
    return f"“{words(named.passage)}”, characters {named.passage.start} to {named.passage.end} of {named.article[:20]}"


def _more(count: int, what: str, shown: int = _SHOWN) -> Iterator[str]:
    if count > shown:
        yield f"      and {count - shown} more {what}; all of them: --json"
