"""The sections on what the sources say besides figures: statements, occurrences, labels, things.

Guarantees: nothing is drawn that the case file does not hold; what is forecast, feared or alleged never stands in a
table of what is said to have happened.
"""

from __future__ import annotations

from collections.abc import Sequence

from probanda.report.contents import CaseFile, Mention, Occurrence, PlaceLine, SpeakerGroup, Statement
from probanda.report.markup import Child, Html, el, join
from probanda.report.page_parts import Pen, flow, listed, small


def statements(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.statements:
        return pen.note("statements.none")
    return join(pen.note("statements.intro"), *(_speaker(group, pen) for group in casefile.statements))


def _speaker(group: SpeakerGroup, pen: Pen) -> Html:
    who = group.owner
    name = pen.owner_name(who) if who.kind == "speaker" else pen.tongue.text(f"speaker.{who.kind}")
    roles = [role for role in group.roles if role != name]
    text = group.statements[0].ref.text if who.kind == "speaker" else None
    named = el("bdi", flow(name), lang=pen.lang(text))
    told = el("span", ", ", el("bdi", flow("; ".join(roles)), lang=pen.lang(text)), class_="role") if roles else None
    rows = [pen.row(one.number, pen.standing(one.standing), _said(one, pen), _form(one, pen))
            for one in group.statements]  # fmt: skip
    caption = pen.say("statements.of", name=named)
    headings = ("th.line", "th.words", "th.form")
    return el("div", el("h3", named, told), pen.table(caption, headings, rows, "statements"), class_="group")


def _said(one: Statement, pen: Pen) -> Html:
    tag = "q" if one.form == "direct" else "span"
    return join(el(tag, flow(one.ref.words), lang=pen.lang(one.ref.text)), " ", pen.at(one.ref))


def _form(one: Statement, pen: Pen) -> Html:
    parts: list[Child] = [pen.tongue.name("form", one.form)]
    if one.negated:
        parts.append(pen.say("modality.negated"))
    if one.venue:
        parts.append(pen.say("statements.venue", place=pen.own(one.venue, of=one.ref.text)))
    if one.when:
        parts.append(pen.when(one.when, one.ref.text))
    parts.append(small(pen.items(one.items)))
    return join(*(el("div", part) for part in parts))


def happened(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.happened:
        return pen.note("happened.none")
    caption = pen.say("section.happened")
    return join(pen.note("happened.intro"), occurrence_table(caption, casefile.happened, "events", pen))


def apart(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.apart:
        return pen.note("apart.none")
    groups: list[Child] = []
    for group in casefile.apart:
        heading = pen.tongue.name("heading", group.heading)
        table = occurrence_table(heading, group.lines, "events apart", pen)
        groups.append(el("div", el("h3", heading), table, class_="group"))
    return join(pen.note("apart.intro"), *groups)


def occurrence_table(caption: Child, lines: Sequence[Occurrence], class_: str, pen: Pen) -> Html:
    rows = []
    for one in lines:
        place = el("div", pen.say("line.place", place=pen.own(one.where, of=one.ref.text))) if one.where else None
        rows.append(
            pen.row(one.number, pen.standing(one.standing), context(one, pen), parts(one, pen),
                    join(pen.when(one.when, one.ref.text), place),
                    join(pen.owner(one.owner, one.ref.text), el("br"), small(pen.items(one.items))))
        )  # fmt: skip
    return pen.table(caption, ("th.line", "th.passage", "th.read_as", "th.time_place", "th.whose"), rows, class_)


def context(one: Occurrence, pen: Pen) -> Html:
    """The words, with those around them in their paragraph, and where they stand."""
    before, after = flow(one.before), flow(one.after)
    said = join(
        el("span", before, class_="ctx") if before else None,
        " " if before and one.before[-1:].isspace() else None,
        el("b", flow(one.ref.words)),
        " " if after and one.after[:1].isspace() else None,
        el("span", after, class_="ctx") if after else None,
    )
    return join(el("span", said, lang=pen.lang(one.ref.text)), " ", pen.at(one.ref))


def type_name(type_: str, pen: Pen) -> str:
    """The catalogue's words for a dotted type, else for its first part with the rest as it stands."""
    known = pen.tongue.name("type", type_)
    return known if known != type_.replace("_", " ") else type_.replace("_", " ").replace(".", ": ")


def parts(one: Occurrence, pen: Pen) -> Html:
    out: list[Child] = [el("span", type_name(one.type, pen), class_="type")]
    if one.modality not in ("accomplished", "stated") or one.negated:
        out.append(pen.say("modality.negated") if one.negated else pen.tongue.name("modality", one.modality))
    for key, value in (("parts.actor", one.actor), ("parts.aimed_at", one.aimed_at), ("parts.affected", one.affected),
                       ("parts.instrument", one.instrument)):  # fmt: skip
        if value:
            out.append(pen.say(key, words=pen.own(value, of=one.ref.text)))
    if one.counts:
        told = [
            pen.tongue.text(f"counts.{name}", n=str(one.counts[name]))
            for name in ("for", "against", "abstaining")
            if one.counts.get(name) is not None
        ]
        out.append(", ".join(told) if told else None)
    out.append(pen.verification(one.verification))
    return join(*(el("div", part) for part in out if part))


def labels(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.labels:
        return pen.note("labels.none")
    rows = [
        pen.row(one.number, pen.standing(()), pen.quote(one.ref), pen.owner(one.owner, one.ref.text),
                pen.quote(one.about) if one.about else pen.own(None), pen.items(one.items))
        for one in casefile.labels
    ]  # fmt: skip
    headings = ("th.line", "th.label", "th.uttered_by", "th.about", "th.source")
    return join(pen.note("labels.intro"), pen.table(pen.say("labels.caption"), headings, rows, "labels"))


def things(casefile: CaseFile, pen: Pen) -> Html:
    return join(
        pen.note("places.intro"),
        _place_table(casefile.places, pen) if casefile.places else pen.note("places.none"),
        _mention_table("weapons.caption", "th.class", casefile.weapons, pen) if casefile.weapons
        else pen.note("weapons.none"),
        _mention_table("objects.caption", "th.physical_type", casefile.objects, pen) if casefile.objects
        else pen.note("objects.none"),
    )  # fmt: skip


def _place_table(lines: tuple[PlaceLine, ...], pen: Pen) -> Html:
    rows = [
        pen.row(one.number, pen.standing(()), pen.own(one.name, of=one.refs[0].text if one.refs else None),
                pen.tongue.name("role", one.role), _located(one, pen), _refs(one, pen))
        for one in lines
    ]  # fmt: skip
    headings = ("th.line", "th.place_name", "th.used_as", "th.located", "th.passages")
    return pen.table(pen.say("places.caption"), headings, rows, "places")


def _located(one: PlaceLine, pen: Pen) -> Html:
    if one.latitude is None or one.longitude is None:
        if one.candidates > 1:
            return el("span", pen.tongue.count("places.undecided", one.candidates), class_="none")
        return el("span", pen.say("absent.not_located"), class_="none")
    return join(coordinates(one.latitude, one.longitude, one.radius_m, one.country, pen), el("br"),
                small(one.gazetteer_id))  # fmt: skip


def coordinates(latitude: float, longitude: float, radius_m: int | None, country: str | None, pen: Pen) -> Html:
    km = pen.tongue.text("map.radius_unknown") if radius_m is None else pen.tongue.text(
        "map.radius", km=f"{radius_m / 1000:.3g}" if radius_m < 999_500 else pen.tongue.number(round(radius_m / 1000))
    )  # fmt: skip
    return join(f"{latitude:.4f}, {longitude:.4f}", f" ({country})" if country else "", ", ", km)


def _mention_table(caption: str, kind: str, lines: tuple[Mention, ...], pen: Pen) -> Html:
    rows = [
        pen.row(one.number, pen.standing(()), pen.own(one.words, of=one.refs[0].text if one.refs else None),
                _kind(one, pen), _refs(one, pen))
        for one in lines
    ]  # fmt: skip
    return pen.table(pen.say(caption), ("th.line", "th.source_words", kind, "th.passages"), rows, "mentions")


def _kind(one: Mention, pen: Pen) -> Html:
    out: list[Child] = [pen.tongue.name("kind", one.kind)]
    if one.reported_as:
        out.append(pen.tongue.name("reported_as", one.reported_as))
    out += [pen.say("objects.military_use", words=pen.quote(ref)) for ref in one.military_use]
    return join(*(el("div", part) for part in out))


def _refs(one: PlaceLine | Mention, pen: Pen) -> Html:
    return listed([pen.at(ref) for ref in one.refs], "; ")
