"""Pieces that every section of the page uses: numbered paragraphs, tables, references, standings.

Guarantees: a line's row has the id `line-<number>`; a reference is a link to the marked words in the preserved text and
says in print where they stand (text and paragraph).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from probanda.records.canonical import Json, canonical
from probanda.report import words
from probanda.report.contents import Moment, Owner, Ref, Standing, Verified
from probanda.report.markup import Child, Html, bdi, el, join, link

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_BRIEF = 120  # characters of a reason beside a line; arbitrary. Section 9 has it in full


class Paragraphs:
    """Numbers the paragraphs of the document from 1, through all sections, so that each can be cited."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, *children: Child) -> Html:
        self._count += 1
        number = el("span", link(f"n{self._count}", f"{self._count}."), class_="n")
        return el("p", number, el("span", *children), class_="num", id=f"n{self._count}")


def table(caption: Child, headings: Sequence[str], rows: Iterable[Html], class_: str) -> Html:
    head = el("tr", *(el("th", heading, scope="col") for heading in headings))
    body = el("tbody", *rows)
    return el("table", el("caption", caption), el("thead", head), body, class_=class_)


def row(number: str, standing: Child, *cells: Child) -> Html:
    """A line of a table; its first cell names it and says what it stands on."""
    first = el("th", el("span", number, class_="ln"), standing, scope="row")
    return el("tr", first, *(el("td", cell) for cell in cells), id=f"line-{number}")


def standing(judgements: tuple[Standing, ...]) -> Html:
    """ "machine reading", or each judgement in force with who decided."""
    if not judgements:
        return el("span", "machine reading", class_="mark machine")
    return join(_standing(one) for one in judgements)


def _standing(one: Standing) -> Html:
    decided = el("span", one.decision, " by ", bdi(one.by), ", ", line(one.judgement), class_=f"mark {one.decision}")
    brief = one.reason if one.reason is None or len(one.reason) <= _BRIEF else one.reason[:_BRIEF].rstrip() + " …"
    changed = el("span", "to ", correction(one.correction), class_="mark") if one.correction else None
    return join(decided, changed, el("span", bdi(flow(brief)), class_="mark") if brief else None)


def correction(correction: Mapping[str, Json]) -> Html:
    given = [
        join(el("b", name.replace("_", " ")), ": ", value if isinstance(value, str) else canonical(value).decode())
        for name, value in sorted(correction.items())
    ]
    return join(*(join("; " if n else "", one) for n, one in enumerate(given)))


def line(number: str) -> Html:
    """A link to another line of this case file."""
    return link(f"line-{number}", number)


def at(ref: Ref) -> Html:
    place = f"Text {ref.text}" + (f", ¶ {ref.paragraph}" if ref.paragraph else "")
    return link(ref.anchor, place, class_="at")


def quote(ref: Ref) -> Html:
    """The words, in quotation marks, and where they stand."""
    return join(el("q", flow(ref.words)), " ", at(ref))


def flow(text: str) -> str:
    """Source words for a cell: runs of white space are one space. The preserved text keeps them all."""
    return " ".join(text.split())


def own(text: str | None, absent: str = "not said") -> Html:
    return bdi(flow(text)) if text and text.strip() else el("span", absent, class_="none")


def owner(who: Owner) -> Html:
    name = el("span", bdi(flow(words.owner_name(who))), class_="owner")
    if who.kind != "speaker":
        return name
    role = join(", ", bdi(flow(who.role))) if who.role and who.name else None
    chain = (
        join(el("br"), small("as told by ", join(_listed([bdi(flow(one)) for one in who.via])))) if who.via else None
    )
    return join(name, role, chain)


def _listed(parts: Sequence[Html]) -> list[Child]:
    out: list[Child] = []
    for place, part in enumerate(parts):
        out += [", then " if place else "", part]
    return out


def verification(found: Verified | None) -> Html | None:
    if found is None:
        return None
    said = words.plain_name(found.status, words.VERIFICATIONS)
    return join(said, ": ", el("q", flow(found.ref.words)), " ", at(found.ref))


def when(moment: Moment | None) -> Html:
    if moment is None:
        return el("span", "not said", class_="none")
    said = join(el("q", flow(moment.words)), "; ") if moment.words else None
    return join(written_date(moment), el("br"), small(said, moment.basis))


def written_date(moment: Moment) -> Html:
    low, high = moment.earliest, moment.latest
    if low is None and high is None:
        return el("span", "not resolved", class_="none")
    if low == high:
        return day(low or "")
    if low is None or high is None:
        return join("from ", day(low)) if low else join("until ", day(high or ""))
    return join(day(low), " to ", day(high))


def day(text: str) -> Html:
    """An ISO date or time as "2 March 2022" or "2 March 2022, 07:00 UTC"; anything else as it stands."""
    parts = text[:10].split("-")
    numeric = all(part.isascii() and part.isdigit() for part in parts) and len(parts[0]) == 4
    if not numeric or len(parts) < 2 or not 1 <= int(parts[1]) <= 12:
        return el("span", text)
    written = f"{_MONTHS[int(parts[1]) - 1]} {parts[0]}"
    if len(parts) == 3:
        written = f"{int(parts[2])} {written}"
    clock = text[11:16]
    if clock:
        written += f", {clock}" + (" UTC" if text.endswith(("Z", "+00:00")) else "")
    return el("time", written, datetime=text)


def small(*children: Child) -> Html:
    return el("small", *children)


def code(text: str) -> Html:
    return el("code", text)


def items(numbers: Iterable[int]) -> Html:
    listed = [link(f"item-{number}", str(number)) for number in numbers]
    return join(
        "Item " if len(listed) == 1 else "Items ", *(join(", " if n else "", one) for n, one in enumerate(listed))
    )
