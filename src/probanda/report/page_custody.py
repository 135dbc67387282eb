"""The sections on the holding: what this document is, integrity, decisions of persons, items, preserved texts.

Guarantees: the notice of what the document is and is not, and the presumption of innocence, stand on every page made;
what is withheld is counted with its reason; every text shown is complete.
"""

from __future__ import annotations

from probanda.report.contents import CaseFile, Text
from probanda.report.holdings import ItemLine, JudgementLine, Missing, SupplementLine
from probanda.report.markup import Child, Html, el, join, link, uncarried
from probanda.report.page_content import coordinates
from probanda.report.page_parts import Pen, Row, code, correction, flow, is_tag, line, listed, small
from probanda.report.preserved import preserved
from probanda.report.snapshot import Whence


def notice(casefile: CaseFile, pen: Pen) -> Html:
    return join(
        pen.note(
            "notice.made", day=pen.day(casefile.generated_at), version=casefile.software_version,
            size=pen.tongue.number(casefile.log_size), root=code(casefile.log_root),
        ),
        pen.note("notice.reading"),
        pen.note("notice.no_finding"),
        pen.num(pen.say(f"notice.{casefile.audience}"), " ", _withheld(casefile, pen)),
    )  # fmt: skip


def _withheld(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.withheld:
        return pen.say("notice.nothing_withheld")
    told = [join(pen.tongue.fixed(one.what), f": {pen.tongue.number(one.count)} (", pen.tongue.fixed(one.reason), ")")
            for one in casefile.withheld]  # fmt: skip
    return join(pen.say("notice.withheld"), " ", listed(told, "; "), ".")


def integrity(casefile: CaseFile, pen: Pen) -> Html:
    rows = [
        Row(None, code(one.name),
            (el("span", pen.tongue.name("outcome", one.outcome), class_=f"mark {_class(one.outcome)}"),
             join(one.reason), join("" if one.counted is None else pen.tongue.number(one.counted))))
        for one in casefile.checks
    ]  # fmt: skip
    finding = "bad" if casefile.integrity_ok is False else "good" if casefile.integrity_ok else "open"
    headings = ("th.check", "th.outcome", "th.reason", "th.counted")
    return join(
        el("p", pen.tongue.fixed(casefile.integrity), ".", class_=f"finding {finding}"),
        pen.note("integrity.meaning"),
        None if casefile.integrity.endswith("time anchored") else pen.note("integrity.time_unproven"),
        pen.table(pen.say("integrity.caption"), headings, rows, "checks") if rows else pen.note("integrity.no_check"),
        pen.note(
            "integrity.yourself", verify=code("probanda verify CASE"), blobs=code("blobs/sha256/"),
            sha256sum=code("sha256sum"), log=code("log/entries.jsonl"), size=pen.tongue.number(casefile.log_size),
        ),
    )  # fmt: skip


def decisions(casefile: CaseFile, pen: Pen) -> Html:
    """Judgements on lines, and what persons told the case that its texts do not say."""
    return join(_judgements(casefile, pen), _supplements(casefile, pen) if casefile.supplements else None)


def _supplements(casefile: CaseFile, pen: Pen) -> Html:
    rows = [
        pen.row(one.number, pen.tongue.name("supplement", one.kind), el("bdi", flow(one.name)),
                _told(one, pen), pen.own(one.reason, "judgements.reason_withheld"),
                join(pen.person(one.by), el("br"), small(pen.day(one.at))))
        for one in casefile.supplements
    ]  # fmt: skip
    headings = ("th.line", "th.name", "th.told", "th.reason", "th.by_on")
    return join(
        el("h3", pen.say("supplements.heading")),
        pen.note("supplements.intro"),
        pen.table(pen.say("supplements.caption"), headings, rows, "supplements"),
    )


def _told(one: SupplementLine, pen: Pen) -> Child:
    if one.date:
        return pen.day(one.date)
    return _point(one, pen) if one.latitude is not None else None


def _point(one: SupplementLine, pen: Pen) -> Html:
    assert one.latitude is not None
    assert one.longitude is not None
    return coordinates(one.latitude, one.longitude, one.radius_m, None, pen)


def _judgements(casefile: CaseFile, pen: Pen) -> Html:
    if not casefile.judgements:
        return pen.note("judgements.none")
    rows = [
        pen.row(one.number, _decision(one, pen),
                _about(one, pen), _reason(one, pen), join(pen.person(one.by), el("br"), small(pen.day(one.at))))
        for one in casefile.judgements
    ]  # fmt: skip
    headings = ("th.line_decision", "th.about", "th.reason_correction", "th.by_on")
    return join(pen.note("judgements.intro"), pen.table(pen.say("judgements.caption"), headings, rows, "judgements"))


def _decision(one: JudgementLine, pen: Pen) -> Html:
    """What was decided; of a grade the label, and whether it is still supported."""
    if one.grade is None:
        return el("span", el("b", pen.tongue.name("decision", one.decision)), class_=f"mark {_class(one.decision)}")
    named = one.grade.grade.replace("_", " ")
    told = pen.say("judgements.grade", grade=el("b", named), scheme=one.grade.scheme, version=one.grade.version)
    fallen = None if one.grade.supported or one.superseded_by else pen.say("judgements.grade_unsupported")
    return join(el("span", told, class_="mark"), el("span", fallen, class_="mark rejected") if fallen else None)


def _about(one: JudgementLine, pen: Pen) -> Html:
    return join(
        *(
            el("div", line(judged.number), ": ", el("q", flow(judged.words or "")))
            if judged.number
            else el("div", pen.say("judgements.not_shown"), " ", code(judged.id))
            for judged in one.about
        )
    )


def _reason(one: JudgementLine, pen: Pen) -> Html:
    parts: list[Child] = [pen.own(one.reason, "judgements.reason_withheld")]
    if one.correction is not None:
        parts.append(pen.say("judgements.corrected_to", value=correction(one.correction)))
    if one.correction_withheld:
        parts.append(pen.say("judgements.correction_withheld"))
    if one.superseded_by:
        parts.append(pen.say("judgements.superseded", line=line(one.superseded_by)))
    return join(*(el("div", part) for part in parts))


def holdings(casefile: CaseFile, pen: Pen) -> Html:
    headings = ("th.item", "th.item_name", "th.bytes", "th.ingestion")
    listed_ = pen.table(
        pen.say("items.caption"),
        headings,
        [_item(one, pen, timed=casefile.time_asked) for one in casefile.items],
        "items",
    )
    return join(pen.note("items.intro"), listed_ if casefile.items else pen.note("items.none"))


def failures(casefile: CaseFile, pen: Pen) -> Html:
    """What could not be read and what is missing."""
    rows = [
        pen.row(one.number, None, pen.items([one.item]) if one.item else pen.own(one.name, "failures.no_name"),
                join(one.step, ": ", pen.tongue.name("outcome", one.outcome)), one.reason,
                pen.day(one.at) if one.at else pen.own(None))
        for one in casefile.failures
    ]  # fmt: skip
    headings = ("th.line", "th.item", "th.step", "th.reason", "th.time")
    return join(
        el("h3", pen.say("failures.heading")),
        pen.table(pen.say("failures.caption"), headings, rows, "failures") if rows else pen.note("failures.none"),
        el("h3", pen.say("missing.heading")),
        el("ul", *(_missing(one, pen) for one in casefile.missing), class_="missing")
        if casefile.missing else pen.note("missing.nothing"),
    )  # fmt: skip


def _item(one: ItemLine, pen: Pen, *, timed: bool) -> Row:
    t = pen.tongue
    texts = [link(f"text-{number}", t.text("ref.text", text=str(number))) for number in one.texts]
    published = pen.day(one.published) if one.published else pen.own(None, "items.no_date")
    return Row(
        f"item-{one.number}",
        join(el("span", t.text("items.one"), f" {one.number}", class_="ln"), *(el("div", text) for text in texts)),
        (
            join(el("div", el("b", pen.own(one.name, "items.no_name"))),
                 el("div", pen.say("items.source", source=pen.own(one.source, "items.no_source"))),
                 el("div", pen.say("items.published", day=published)),
                 el("div", pen.say("items.note", note=pen.own(one.note))) if one.note else None),
            join(el("div", "SHA-256 ", el("code", one.sha256, class_="hash")),
                 el("div", t.count("items.bytes", one.size), ", ", one.media_type or pen.say("items.no_type"))),
            join(el("div", pen.say("items.entry", day=pen.day(one.captured_at), entry=str(one.entry))),
                 el("div", pen.say("items.by", by=pen.own(one.added_by))) if one.added_by else None,
                 el("div", pen.say("items.protection", marking=t.name("marking", one.marking),
                                   risk=t.name("risk", one.risk))),
                 el("div", _anchored(one, pen)) if timed else None,
                 el("div", _whence(one.whence, pen)) if one.whence else None,
                 el("div", pen.say("items.conditions", conditions=", ".join(t.name("condition", c)
                                                                              for c in one.conditions)))
                 if one.conditions else None,
                 el("div", el("code", one.capture, class_="hash"))),
        ),
    )  # fmt: skip


def _anchored(one: ItemLine, pen: Pen) -> Html:
    if not one.anchors:
        return pen.say("items.unanchored")
    return pen.say("items.anchored", time=f"{one.anchored[:16]}Z", names=", ".join(one.anchors))


def _whence(one: Whence, pen: Pen) -> Html:
    stamped = ", ".join(one.stamped)
    told = pen.say("items.whence_stamped", names=stamped) if stamped else pen.say("items.whence_unstamped")
    title = pen.own(one.title, "items.no_title")
    key = el("code", one.key, class_="hash")
    return join(pen.say("items.whence", title=title, entry=str(one.entry)), " ", key, " ", told)


def _missing(one: Missing, pen: Pen) -> Html:
    parts: list[Html] = [pen.items(one.items)] if one.items else []
    parts += [link(f"text-{text}", pen.tongue.text("ref.text", text=str(text))) for text in one.texts]
    if one.count is not None:
        parts.append(join(pen.tongue.number(one.count)))
    return el("li", listed(parts), ": ", pen.tongue.fixed(one.reason), ".")


def texts(casefile: CaseFile, pen: Pen) -> tuple[Html, tuple[str, ...]]:
    """The section, and the anchors of passages that stand in several pieces."""
    if not casefile.texts:
        return pen.note("texts.none"), ()
    split: list[str] = []
    drawn: list[Html] = []
    for text in casefile.texts:
        found = preserved(text)
        split += found.split
        drawn.append(_text(text, found.body, pen))
    return join(pen.note("texts.intro"), *drawn), tuple(split)


def _text(text: Text, body: Html, pen: Pen) -> Html:
    lost = uncarried(text.text)
    about = [
        el("p", pen.items(text.items), ". ",
           pen.say("texts.about", chars=pen.tongue.number(text.chars),
                   language=pen.tongue.name("language", text.language),
                   day=pen.day(text.published) if text.published else pen.say("texts.no_date"),
                   sha256=el("code", text.sha256, class_="hash"))),
        el("p", pen.tongue.count("texts.uncarried", lost)) if lost else None,
    ]  # fmt: skip
    heading = el("h3", pen.tongue.text("ref.text", text=str(text.number)), id=f"text-{text.number}")
    language = text.language if is_tag(text.language) else "und"
    content = el("div", body, class_="preserved", id=f"preserved-{text.number}", lang=language, dir="auto")
    return el("article", heading, el("div", *about, class_="about"), content, aria_labelledby=f"text-{text.number}")


def _class(outcome: str) -> str:
    return outcome if outcome.replace("_", "").isascii() and outcome.replace("_", "").isalpha() else "other"
