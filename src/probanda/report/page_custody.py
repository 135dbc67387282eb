"""The other sections of the page: what this document is, integrity, decisions of persons, items, preserved texts.

Guarantees: the notice of what the document is and is not, and the presumption of innocence, stand on every page made;
what is withheld is counted with its reason; every text shown is complete.
"""

from __future__ import annotations

from probanda.report import prose, words
from probanda.report.contents import CaseFile, Text
from probanda.report.holdings import ItemLine, JudgementLine, Missing
from probanda.report.markup import Child, Html, el, join, link, uncarried
from probanda.report.page_parts import Paragraphs, code, correction, day, flow, items, line, own, row, small, table
from probanda.report.preserved import preserved


def notice(casefile: CaseFile, num: Paragraphs) -> Html:
    return join(
        num(
            "This case file was prepared on ", day(casefile.generated_at), " by Probanda ", casefile.software_version,
            " from the log of the case folder at size ", f"{casefile.log_size:,}", ", root ",
            code(casefile.log_root), ".",
        ),
        num(prose.READING),
        num(prose.NO_FINDING),
        num("For ", "the public." if casefile.audience == "public" else "internal use.", " ", _withheld(casefile)),
    )  # fmt: skip


def _withheld(casefile: CaseFile) -> Html:
    if not casefile.withheld:
        return join("Nothing was withheld.")
    parts = [f"{one.what}: {one.count:,} ({one.reason})" for one in casefile.withheld]
    return join(prose.WITHHELD, "; ".join(parts), ".")


def integrity(casefile: CaseFile, num: Paragraphs) -> Html:
    rows = [
        el("tr", el("th", code(one.name), scope="row"),
           el("td", el("span", words.plain_name(one.outcome, words.OUTCOMES), class_=f"mark {_class(one.outcome)}")),
           el("td", one.reason), el("td", "" if one.counted is None else f"{one.counted:,}"))
        for one in casefile.checks
    ]  # fmt: skip
    finding = "bad" if casefile.integrity_ok is False else "good" if casefile.integrity_ok else "open"
    return join(
        el("p", f"{casefile.integrity}.", class_=f"finding {finding}"),
        num(prose.INTEGRITY),
        None if casefile.integrity.endswith("time anchored") else num(prose.TIME_UNPROVEN),
        table("Checks", ("Check", "Outcome", "Reason", "Counted"), rows, "checks") if rows else num(prose.NO_CHECK),
        num(
            "To check this yourself: ", code("probanda verify CASE"), " runs these checks on the case folder. Without ",
            "our software: the file of each item lies under ", code("blobs/sha256/"), " and its name is its SHA-256, ",
            "which ", code("sha256sum"), " computes; each line of ", code("log/entries.jsonl"), " is one entry, and ",
            "the root above is the Merkle tree hash (RFC 6962, SHA-256) of the first ", f"{casefile.log_size:,}",
            " lines, each without its line feed. The README in the case folder says how.",
        ),
    )  # fmt: skip


def judgements(casefile: CaseFile, num: Paragraphs) -> Html:
    if not casefile.judgements:
        return num(prose.NO_JUDGEMENT)
    rows = [
        row(one.number, el("span", el("b", one.decision), class_=f"mark {_class(one.decision)}"),
            _about(one), _reason(one), join(own(one.by), el("br"), small(day(one.at))))
        for one in casefile.judgements
    ]  # fmt: skip
    return join(
        num(prose.JUDGEMENTS),
        table("Judgements", ("Line and decision", "About", "Reason and correction", "By, on"), rows, "judgements"),
    )


def _about(one: JudgementLine) -> Html:
    return join(
        *(
            el("div", line(judged.number), ": ", el("q", flow(judged.words or "")))
            if judged.number
            else el("div", "a record not shown here: ", code(judged.id))
            for judged in one.about
        )
    )


def _reason(one: JudgementLine) -> Html:
    parts: list[Child] = [own(one.reason, "reason withheld")]
    if one.correction is not None:
        parts.append(join("Corrected to: ", correction(one.correction)))
    if one.correction_withheld:
        parts.append("The correction is withheld.")
    if one.superseded_by:
        parts.append(join("Superseded by ", line(one.superseded_by), "."))
    return join(*(el("div", part) for part in parts))


def holdings(casefile: CaseFile, num: Paragraphs) -> Html:
    listed = table("Items", ("Item", "Name, source, publication", "Bytes", "Ingestion and protection"),
                   [_item(one) for one in casefile.items], "items")  # fmt: skip
    failures = [
        row(one.number, None, items([one.item]) if one.item else own(one.name, "name withheld or not known"),
            join(one.step, ": ", words.plain_name(one.outcome, words.OUTCOMES)), one.reason,
            day(one.at) if one.at else own(None))
        for one in casefile.failures
    ]  # fmt: skip
    return join(
        num(prose.ITEMS),
        listed if casefile.items else num("No item is shown."),
        el("h3", "What could not be read, and why"),
        table("Failures", ("Line", "Item", "Step and outcome", "Reason", "Time"), failures, "failures")
        if failures else num("No failure is recorded."),
        el("h3", "What is missing"),
        el("ul", *(_missing(one) for one in casefile.missing), class_="missing")
        if casefile.missing else num("Nothing that this software looks for is missing."),
    )  # fmt: skip


def _item(one: ItemLine) -> Html:
    texts = [link(f"text-{number}", f"Text {number}") for number in one.texts]
    return el(
        "tr",
        el("th", el("span", f"Item {one.number}", class_="ln"), *(el("div", text) for text in texts), scope="row"),
        el("td",
           el("div", el("b", own(one.name, "name not given"))),
           el("div", "Source: ", own(one.source, "not given")),
           el("div", "Published: ", day(one.published) if one.published else own(None, "date not given")),
           el("div", "Note: ", own(one.note)) if one.note else None),
        el("td", el("div", "SHA-256 ", el("code", one.sha256, class_="hash")),
           el("div", words.size(one.size), ", ", one.media_type or "type not found out")),
        el("td",
           el("div", day(one.captured_at), f", log entry {one.entry}"),
           el("div", "by ", own(one.added_by)) if one.added_by else None,
           el("div", "Marking: ", words.plain_name(one.marking, words.MARKINGS), "; risk: ", one.risk),
           el("div", "Conditions: ", ", ".join(one.conditions).replace("_", " ")) if one.conditions else None,
           el("div", el("code", one.capture, class_="hash"))),
        id=f"item-{one.number}",
    )  # fmt: skip


def _missing(one: Missing) -> Html:
    parts: list[Child] = []
    if one.items:
        parts.append(items(one.items))
    parts += [join(", " if n or one.items else "", link(f"text-{t}", f"Text {t}")) for n, t in enumerate(one.texts)]
    if one.count is not None:
        parts.append(f"{one.count:,}")
    return el("li", *parts, ": ", one.reason, ".")


def texts(casefile: CaseFile, num: Paragraphs) -> tuple[Html, tuple[str, ...]]:
    """Section 11, and the anchors of passages that stand in several pieces."""
    if not casefile.texts:
        return num("No text is shown."), ()
    split: list[str] = []
    drawn: list[Html] = []
    for text in casefile.texts:
        found = preserved(text)
        split += found.split
        drawn.append(_text(text, found.body))
    intro = num(prose.TEXTS)
    return join(intro, *drawn), tuple(split)


def _text(text: Text, body: Html) -> Html:
    lost = uncarried(text.text)
    about = [
        el("p", items(text.items), ". ", f"{text.chars:,} characters; language ", code(text.language), "; published ",
           day(text.published) if text.published else "on a date not given", ". SHA-256 of this text ",
           el("code", text.sha256, class_="hash"), "."),
        el("p", words.counted(lost, "character"), " that HTML cannot carry (NUL) shown as U+FFFD.") if lost else None,
    ]  # fmt: skip
    heading = el("h3", f"Text {text.number}", id=f"text-{text.number}")
    language = text.language if _is_tag(text.language) else "und"
    content = el("div", body, class_="preserved", id=f"preserved-{text.number}", lang=language, dir="auto")
    return el("article", heading, el("div", *about, class_="about"), content, aria_labelledby=f"text-{text.number}")


def _is_tag(language: str) -> bool:
    return all(part.isascii() and part.isalnum() and len(part) <= 8 for part in language.split("-"))


def _class(outcome: str) -> str:
    return outcome if outcome.replace("_", "").isalpha() else "other"
