"""The first and the last section of the page: the case at a glance, what is missing, the sources, the words used.

Guarantees: every number stands in a sentence that says what is counted, and leads to the section that has it; nothing
is counted that this audience does not have before it.
"""

from __future__ import annotations

from collections.abc import Sequence

from probanda.report.chapters import Gap, Overview, SourceLine, Tally
from probanda.report.contents import CaseFile
from probanda.report.markup import Child, Html, bdi, el, join, link
from probanda.report.page_parts import Pen, line, listed

# Terms in the order in which a reader needs them; each is shown where the page uses it (see `_used`).
TERMS = (
    "item", "source", "owner", "machine_reading", "judgement", "incident", "proposal", "accomplished", "alleged",
    "feared", "forecast", "denied", "pledge", "died", "killed", "refugee", "internally_displaced", "transferred",
    "documented", "interval", "bounds", "verified", "metonym", "radius", "integrity", "sha256", "log_root",
    "restricted",
)  # fmt: skip
_SHOWN_LINES = 40  # of a gap; the rest is counted


def overview(casefile: CaseFile, pen: Pen) -> Html:
    found = casefile.overview
    if found is None:
        return pen.note("overview.none")
    return join(
        pen.note("overview.intro"), el("ul", *(el("li", one) for one in _sentences(found, pen)), class_="glance")
    )


def _sentences(one: Overview, pen: Pen) -> list[Html]:
    t = pen.tongue

    def to(anchor: str, key: str, n: int) -> Html:
        return link(anchor, t.count_text(key, n))

    held = join(
        pen.say("overview.held", items=to("s-items", "count.items", one.items),
                texts=to("s-texts", "count.texts", one.texts), sources=to("s-sources", "count.sources", one.sources)),
        " ", pen.say("overview.kinds", kinds=_tallies(one.media_types, pen)) if one.media_types else None,
        " ", pen.say("overview.languages", languages=_languages(one.languages, pen)) if one.languages else None,
    )  # fmt: skip
    period = pen.say("overview.no_period")
    if one.earliest and one.latest:
        period = pen.say("overview.period", first=pen.day(one.earliest), last=pen.day(one.latest),
                         timeline=link("s-timeline", t.text("overview.timeline")))  # fmt: skip
    return [
        held,
        pen.say("overview.happened", happened=to("s-happened", "count.happened", one.happened),
                apart=to("s-apart", "count.apart", one.apart)),
        period,
        pen.say("overview.figures", figures=to("s-figures", "count.figures", one.figures),
                owned=t.number(one.figures_owned), unowned=t.number(one.figures - one.figures_owned)),
        pen.say("overview.statements", statements=to("s-statements", "count.statements", one.statements),
                speakers=t.count("count.speakers", one.speakers)),
        pen.say("overview.incidents", incidents=to("s-incidents", "count.incidents", one.incidents),
                proposals=to("s-incidents", "count.proposals", one.proposals)),
        pen.say("overview.places", places=to("s-things", "count.places", one.places),
                located=to("s-map", "count.located", one.located)),
        pen.say("overview.judgements", judgements=to("s-judgements", "count.judgements", one.judgements)),
        pen.say("overview.labels", labels=to("s-labels", "count.labels", one.labels)),
        pen.say("overview.failures", failures=to("s-gaps", "count.failures", one.failures)),
    ]  # fmt: skip


def _tallies(given: Sequence[Tally], pen: Pen) -> Html:
    return listed([join(_kind(one.name, pen), f" ({pen.tongue.number(one.count)})") for one in given])


def _kind(media_type: str | None, pen: Pen) -> Html:
    """What people call it; the media type as it is where the catalogue has no word."""
    if not media_type:
        return pen.say("overview.no_kind")
    named = pen.tongue.name("file", media_type)
    return bdi(media_type) if named == media_type else join(named)


def _languages(given: Sequence[Tally], pen: Pen) -> Html:
    return listed([join(pen.tongue.name("language", one.name), f" ({pen.tongue.number(one.count)})") for one in given])


def gaps(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.gaps:
        return pen.note("gaps.none")
    return join(pen.note("gaps.intro"), el("ul", *(_gap(one, pen) for one in casefile.gaps), class_="gaps"))


def _gap(one: Gap, pen: Pen) -> Html:
    t = pen.tongue
    said = pen.say(f"gap.{one.kind}", count=el("b", t.number(one.count)), total=t.number(one.total))
    which: Child = None
    if one.items:
        which = pen.items(one.items[:_SHOWN_LINES])
    elif one.lines:
        which = listed([line(number) for number in one.lines[:_SHOWN_LINES]])
    more = max(len(one.items), len(one.lines)) - _SHOWN_LINES
    rest = join(", ", t.count("gaps.more", more)) if more > 0 else None
    return el("li", said, join(" ", el("span", which, rest, class_="which")) if which else None)


def sources(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.sources:
        return pen.note("sources.none")
    rows = [
        pen.row(one.number, None, el("b", pen.own(one.name, "items.no_source")), _held(one, pen), _period(one, pen),
                _lines(one, pen))
        for one in casefile.sources
    ]  # fmt: skip
    headings = ("th.line", "th.source_name", "th.items_languages", "th.published", "th.in_its_texts")
    return join(pen.note("sources.intro"), pen.table(pen.say("sources.caption"), headings, rows, "sources"))


def _held(one: SourceLine, pen: Pen) -> Html:
    languages = ", ".join(pen.tongue.name("language", name) for name in one.languages)
    return join(el("div", pen.items(one.items)), el("div", languages) if languages else None)


def _period(one: SourceLine, pen: Pen) -> Html:
    days = one.published
    said = pen.own(None, "items.no_date")
    if len(days) == 1:
        said = pen.day(days[0])
    elif days:
        said = pen.say("date.range", first=pen.day(days[0]), last=pen.day(days[-1]))
    undated = el("div", pen.tongue.count("sources.undated", one.undated)) if one.undated and days else None
    return join(said, undated)


def _lines(one: SourceLine, pen: Pen) -> Html:
    t = pen.tongue
    told = [t.count("count.figures", one.figures), t.count("count.statements", one.statements),
            t.count("count.occurrences", one.occurrences)]  # fmt: skip
    return join(
        el("div", listed(told)),
        el("div", pen.say("sources.own", own=t.number(one.own), speakers=t.count("count.speakers", one.speakers))),
    )


def glossary(casefile: CaseFile, pen: Pen) -> Html:
    used = _used(casefile)
    terms = [
        join(el("dt", pen.say(f"term.{name}")), el("dd", pen.say(f"term.{name}.means")))
        for name in TERMS
        if name in used
    ]
    return join(pen.note("glossary.intro"), el("dl", *terms, class_="glossary"))


def _used(casefile: CaseFile) -> set[str]:
    """The terms that this page has an occasion to explain."""
    figures = [one for group in casefile.figures for one in (*group.said, *group.apart)]
    found = {
        "item",
        "source",
        "owner",
        "machine_reading",
        "judgement",
        "integrity",
        "sha256",
        "log_root",
        "accomplished",
    }
    found |= {group.effect for group in casefile.figures if group.effect}
    found |= {one.modality for one in figures}
    for group in casefile.apart:
        found |= {group.heading} | ({"denied"} if group.heading == "negated" else set())
        found |= {"alleged"} if group.heading == "accusation" else set()
    found |= {"interval", "bounds"} if figures else set()
    found |= {"killed", "documented"} if "died" in found else set()
    found |= {"died", "documented"} if "killed" in found else set()
    found |= {"internally_displaced"} if "refugee" in found else set()
    found |= {"refugee"} if "internally_displaced" in found else set()
    found |= {"verified"} if any(one.verification for one in figures) else set()
    found |= {"incident"} if casefile.incidents else set()
    found |= {"incident", "proposal"} if casefile.proposals else set()
    found |= {"pledge"} if casefile.pledges else set()
    found |= {"metonym"} if any(one.role == "metonym" for one in casefile.places) else set()
    found |= {"radius"} if casefile.map and casefile.map.points else set()
    found |= {"restricted"} if casefile.restricted else set()
    return found
