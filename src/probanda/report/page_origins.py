"""The section on origins: how many articles, outlets and independent origins stand behind what the lines tell.

Guarantees: it says that a machine counted, and of each link who holds it; what is not known stands apart and is not
counted. Rules and notes are in English, marked so on a page in another language.
"""

from __future__ import annotations

from probanda.report.chapters import At, OriginGroup, OriginLink, OriginsLine
from probanda.report.contents import CaseFile
from probanda.report.markup import Html, bdi, el, join
from probanda.report.page_parts import Pen, flow, listed, small, thing_told_of

_SHOWN = 12  # links, wordings and chains of one origin; the JSON beside the page has all
_RANGES = 3


def origins(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.origins:
        return pen.note("origins.none")
    return join(pen.note("origins.intro"), *(_thing(one, pen) for one in casefile.origins))


def _thing(one: OriginsLine, pen: Pen) -> Html:
    parts = thing_told_of(pen, one.what, one.counted, one.place, one.first, one.last)
    parts += [el("q", flow(one.words))] if one.words else []
    parts += [pen.say(f"origins.stance.{one.stance}")] if one.stance != "said" else []
    heading = el("h4", el("span", one.number, class_="ln"), " ", listed([join(part) for part in parts]))
    return el(
        "article", heading, el("p", pen.say("origins.mark"), class_="mark machine"), el("p", _counts(one, pen)),
        *(_group(group, pen) for group in one.groups), class_="incident", id=f"line-{one.number}",
    )  # fmt: skip


def _counts(one: OriginsLine, pen: Pen) -> Html:
    origins = pen.tongue.count("count.origins", one.origins) if one.known else pen.say("origins.unknown_count")
    told = listed(
        [pen.tongue.count("count.articles", one.articles), pen.tongue.count("count.outlets", one.outlets), origins],
        " / ",
    )
    without = pen.tongue.count("origins.without_outlet", one.without_outlet) if one.without_outlet else None
    return join(el("b", told), join("; ", without) if without is not None else None)


def _group(group: OriginGroup, pen: Pen) -> Html:
    if group.known:
        kind = pen.tongue.name("origins.kind", group.kind)
        root = pen.own(group.root, "origins.held_apart")
        lead = el("p", pen.say("origins.group", root=root, kind=kind), class_="lead")
    else:
        lead = el("p", pen.say("origins.group_unknown"), class_="lead")
    facts: list[tuple[str, Html | None]] = [
        ("origins.articles", join(pen.items(group.items), join(": ", listed([bdi(flow(o)) for o in group.outlets]))
                                  if group.outlets else None)),
        ("origins.lines", pen.lines(group.lines) if group.lines else None),
        ("origins.named", _several([_at(one, pen) for one in group.named], pen)),
        ("origins.chains", _several([_chain(one, pen) for one in group.chains], pen)),
        ("origins.links", _several([_link(one, pen) for one in group.links], pen)),
        ("origins.notes", _several([_english(note, pen) for note in group.notes], pen)),
    ]  # fmt: skip
    rows = (join(el("dt", pen.say(key)), el("dd", value)) for key, value in facts if value is not None)
    return el("div", lead, el("dl", *rows))


def _several(parts: list[Html], pen: Pen) -> Html | None:
    if not parts:
        return None
    more = [pen.tongue.count("origins.more", len(parts) - _SHOWN)] if len(parts) > _SHOWN else []
    return el("ul", *(el("li", part) for part in (*parts[:_SHOWN], *more)))


def _at(one: At, pen: Pen) -> Html:
    words = el("q", flow(one.words), lang=pen.lang(one.text))
    if one.text is None:
        return join(words, ", ", pen.say("origins.as_publisher"))
    place = pen.say("origins.at", text=str(one.text), start=str(one.start), end=str(one.end))
    return join(words, " ", small(place))


def _chain(chain: tuple[str, ...], pen: Pen) -> Html:
    return listed([bdi(flow(words)) for words in chain], pen.tongue.text("owner.then"))


def _link(one: OriginLink, pen: Pen) -> Html:
    who = pen.say("origins.by_person") if one.by == "person" else pen.say(
        "origins.by_rule", confidence=pen.tongue.name("origins.confidence", one.confidence)
    )  # fmt: skip
    said = join(pen.tongue.name("origins.link", one.kind), " (", who, "), ", pen.items(one.items))
    rule = join(": ", _english(one.rule, pen))
    changed = join("; ", el("b", pen.say("origins.changed"))) if one.changed else None
    ranges = [el("li", _at(pair.left, pen), " = ", _at(pair.right, pen)) for pair in one.shared[:_RANGES]]
    left = len(one.shared) - _RANGES
    ranges += [el("li", pen.tongue.count("origins.more", left))] if left > 0 else []
    return join(said, rule, changed, el("ul", *ranges) if ranges else None)


def _english(text: str, pen: Pen) -> Html:
    return el("span", flow(text), lang=None if pen.tongue.language == "en" else "en")
