"""Sections 4 to 8 of the page: what the sources say besides figures.

Guarantees: nothing is drawn that the case file does not hold; what is forecast, feared or alleged never stands in a
table of what is said to have happened.
"""

from __future__ import annotations

from probanda.report import prose, words
from probanda.report.contents import (
    CaseFile,
    Mention,
    Occurrence,
    PlaceLine,
    SpeakerGroup,
    Statement,
)
from probanda.report.markup import Child, Html, bdi, el, join
from probanda.report.page_parts import (
    Paragraphs,
    at,
    flow,
    items,
    own,
    owner,
    quote,
    row,
    small,
    standing,
    table,
    verification,
    when,
)


def statements(casefile: CaseFile, num: Paragraphs) -> Html:
    if not casefile.statements:
        return num("No statement was found in the texts.")
    return join(
        num(prose.STATEMENTS),
        *(_speaker(group) for group in casefile.statements),
    )


def _speaker(group: SpeakerGroup) -> Html:
    who = group.owner
    name = {"report": "The report itself", "unknown": "Speaker not told"}.get(who.kind) or words.owner_name(who)
    roles = [role for role in group.roles if role != name]
    heading = el("h3", bdi(flow(name)), el("span", ", ", bdi(flow("; ".join(roles))), class_="role") if roles else None)
    headings = ("Line", "Words", "Form, venue, time")
    rows = [row(one.number, standing(one.standing), _said(one), _form(one)) for one in group.statements]
    return el(
        "div", heading, table(join("Statements of ", bdi(flow(name))), headings, rows, "statements"), class_="group"
    )


def _said(one: Statement) -> Html:
    said = el("q", flow(one.ref.words)) if one.form == "direct" else el("span", flow(one.ref.words))
    return join(said, " ", at(one.ref))


def _form(one: Statement) -> Html:
    parts: list[Child] = [words.plain_name(one.form, words.FORMS), "said not to be so" if one.negated else None]
    parts.append(join("at ", own(one.venue)) if one.venue else None)
    parts.append(when(one.when) if one.when else None)
    parts.append(small(items(one.items)))
    return join(*(el("div", part) for part in parts if part))


def happened(casefile: CaseFile, num: Paragraphs) -> Html:
    if not casefile.happened:
        return num("Nothing that the texts say has happened was found, apart from the figures of section 3.")
    return join(
        num(prose.HAPPENED),
        _occurrence_table("Said to have happened", casefile.happened, "events"),
    )


def apart(casefile: CaseFile, num: Paragraphs) -> Html:
    if not casefile.apart:
        return num("Nothing of this kind was found in the texts, apart from the figures of section 3.")
    groups: list[Child] = []
    for group in casefile.apart:
        heading = words.plain_name(group.heading, words.HEADINGS)
        groups.append(
            el("div", el("h3", heading), _occurrence_table(heading, group.lines, "events apart"), class_="group")
        )
    return join(
        num(prose.APART),
        *groups,
    )


def _occurrence_table(caption: str, lines: tuple[Occurrence, ...], class_: str) -> Html:
    rows = [
        row(
            one.number,
            standing(one.standing),
            _context(one),
            _parts(one),
            join(when(one.when), el("div", "place: ", own(one.where)) if one.where else None),
            join(owner(one.owner), el("br"), small(items(one.items))),
        )
        for one in lines
    ]
    return table(caption, ("Line", "Passage", "Read as", "Time and place", "Whose statement"), rows, class_)


def _context(one: Occurrence) -> Html:
    before, after = flow(one.before), flow(one.after)
    return join(
        el("span", before, class_="ctx") if before else None,
        " " if before and one.before[-1:].isspace() else None,
        el("b", flow(one.ref.words)),
        " " if after and one.after[:1].isspace() else None,
        el("span", after, class_="ctx") if after else None,
        " ",
        at(one.ref),
    )


def _parts(one: Occurrence) -> Html:
    parts: list[Child] = [el("span", one.type.replace("_", " ").replace(".", ": "), class_="type")]
    if one.modality not in ("accomplished", "stated") or one.negated:
        parts.append("said not to be so" if one.negated else words.plain_name(one.modality, words.MODALITIES))
    for name, value in (("actor", one.actor), ("aimed at", one.aimed_at), ("affected", one.affected),
                        ("by means of", one.instrument)):  # fmt: skip
        if value:
            parts.append(join(f"{name}: ", own(value)))
    if one.counts:
        given = [
            f"{name} {one.counts[name]}"
            for name in ("for", "against", "abstaining")
            if one.counts.get(name) is not None
        ]
        parts.append(", ".join(given) if given else None)
    parts.append(verification(one.verification))
    return join(*(el("div", part) for part in parts if part))


def labels(casefile: CaseFile, num: Paragraphs) -> Html:
    if not casefile.labels:
        return num("No legal label was found in the texts.")
    rows = [
        row(one.number, standing(()), join(el("q", flow(one.ref.words)), " ", at(one.ref)), owner(one.owner),
            quote(one.about) if one.about else own(None), items(one.items))
        for one in casefile.labels
    ]  # fmt: skip
    return join(
        num(prose.LABELS),
        table("Legal labels as uttered", ("Line", "Label", "Uttered by", "About", "Source"), rows, "labels"),
    )


def things(casefile: CaseFile, num: Paragraphs) -> Html:
    return join(
        num(prose.PLACES),
        _place_table(casefile.places) if casefile.places else num("No place was found in the texts."),
        _mention_table("Weapons and means", "Class", casefile.weapons) if casefile.weapons
        else num("No weapon was found in the texts."),
        _mention_table("Objects", "Physical type", casefile.objects) if casefile.objects
        else num("No object was found in the texts."),
    )  # fmt: skip


def _place_table(lines: tuple[PlaceLine, ...]) -> Html:
    rows = [
        row(one.number, standing(()), own(one.name), _use(one.role), _located(one), _refs(one))
        for one in lines
    ]  # fmt: skip
    return table("Places", ("Line", "Name in the source", "Used as", "Located at", "Passages"), rows, "places")


def _use(role: str) -> str:
    return {"location": "place", "actor": "actor (a State or authority)", "metonym": "stands for an authority"}.get(
        role, role
    )


def _located(one: PlaceLine) -> Html:
    if one.latitude is None or one.longitude is None:
        undecided = f"not decided among {one.candidates} candidates" if one.candidates > 1 else "not located"
        return el("span", undecided, class_="none")
    radius = f"within {one.radius_m / 1000:,.3g} km" if one.radius_m is not None else "precision unknown"
    found = f"{one.latitude:.4f}, {one.longitude:.4f}" + (f" ({one.country})" if one.country else "")
    return join(found, ", ", radius, el("br"), small(one.gazetteer_id))


def _mention_table(caption: str, kind: str, lines: tuple[Mention, ...]) -> Html:
    rows = [row(one.number, standing(()), own(one.words), _kind(one), _refs(one)) for one in lines]
    return table(caption, ("Line", "Words of the source", kind, "Passages"), rows, "mentions")


def _kind(one: Mention) -> Html:
    parts: list[Child] = [one.kind.replace("_", " ")]
    if one.reported_as:
        parts.append(words.plain_name(one.reported_as, words.REPORTED_AS))
    parts += [join("military use asserted: ", quote(ref)) for ref in one.military_use]
    return join(*(el("div", part) for part in parts))


def _refs(one: PlaceLine | Mention) -> Html:
    return join(*(join("; " if n else "", at(ref)) for n, ref in enumerate(one.refs)))
