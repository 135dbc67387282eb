"""Pieces that every section of the page uses: numbered paragraphs, tables, references, standings.

Guarantees: a line's row has the id `line-<number>`; a reference is a link to the marked words in the preserved text and
says in print where they stand (text and paragraph); words of a source carry the language of their text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from probanda.records.canonical import Json, canonical
from probanda.records.quantity import Bound
from probanda.report.contents import CaseFile, Moment, Owner, Ref, Standing, Verified
from probanda.report.markup import Child, Html, bdi, el, join, link
from probanda.report.tongue import Tongue


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its first cell names it, `anchor` is its id."""

    anchor: str | None
    head: Html
    cells: tuple[Html, ...]


class Pen:
    """Writes in one language for one case file. Numbers the paragraphs of the document from 1, through all sections, so
    that each can be cited."""

    def __init__(self, casefile: CaseFile, tongue: Tongue) -> None:
        self.tongue = tongue
        self._count = 0
        self._languages = {text.number: text.language for text in casefile.texts if is_tag(text.language)}

    def say(self, key: str, **values: Child) -> Html:
        return self.tongue.say(key, **values)

    def num(self, *children: Child) -> Html:
        """A numbered paragraph."""
        self._count += 1
        number = el("span", link(f"n{self._count}", f"{self._count}."), class_="n")
        return el("p", number, el("span", *children), class_="num", id=f"n{self._count}")

    def note(self, key: str, **values: Child) -> Html:
        return self.num(self.say(key, **values))

    def table(self, caption: Child, headings: Sequence[str], rows: Iterable[Row], class_: str) -> Html:
        """`headings` are keys of the catalogue; each cell names its column, for screens too narrow for columns."""
        names = [self.tongue.text(key) for key in headings]
        head = el("tr", *(el("th", name, scope="col") for name in names))
        body = [self._row(row, names) for row in rows]
        return el("table", el("caption", caption), el("thead", head), el("tbody", *body), class_=class_)

    def _row(self, row: Row, names: Sequence[str]) -> Html:
        cells = (el("td", cell, data_label=name) for cell, name in zip(row.cells, names[1:], strict=True))
        return el("tr", el("th", row.head, scope="row"), *cells, id=row.anchor)

    def row(self, number: str, standing: Child, *cells: Child) -> Row:
        """A line; its first cell has its number and says what it stands on."""
        head = join(el("span", number, class_="ln"), standing)
        return Row(f"line-{number}", head, tuple(join(cell) for cell in cells))

    def standing(self, judgements: tuple[Standing, ...]) -> Html:
        """ "machine reading", or each judgement in force with who decided; why, the section on decisions says."""
        if not judgements:
            return el("span", self.say("line.machine"), class_="mark machine")
        return join(self._standing(one) for one in judgements)

    def _standing(self, one: Standing) -> Html:
        said = self.say("line.decided", decision=self.tongue.name("decision", one.decision), by=self.person(one.by),
                        line=line(one.judgement))  # fmt: skip
        changed = None
        if one.correction:
            changed = el("span", self.say("line.corrected_to", value=correction(one.correction)), class_="mark")
        kind = one.decision if one.decision.isalpha() else "other"
        return join(el("span", said, class_=f"mark {kind}"), changed)

    def person(self, name: str) -> Html:
        return el("bdi", self.tongue.fixed(name)) if name == UNNAMED else bdi(name)

    def lang(self, text: int | None) -> str | None:
        found = self._languages.get(text) if text is not None else None
        return found if found != self.tongue.language else None

    def at(self, ref: Ref) -> Html:
        key = "ref.paragraph" if ref.paragraph else "ref.text"
        place = self.tongue.text(key, text=str(ref.text), paragraph=str(ref.paragraph))
        source = join(", ", self.tongue.place(ref.place)) if ref.place else None
        return link(ref.anchor, place, source, class_="at")

    def quote(self, ref: Ref) -> Html:
        """The words, in quotation marks, and where they stand."""
        return join(el("q", flow(ref.words), lang=self.lang(ref.text)), " ", self.at(ref))

    def own(self, text: str | None, absent: str = "absent.not_said", of: int | None = None) -> Html:
        """Words of a source, of text `of`, or that there are none."""
        if text and text.strip():
            return el("bdi", flow(text), lang=self.lang(of))
        return el("span", self.say(absent), class_="none") if absent else Html("")

    def owner_name(self, who: Owner) -> str:
        if who.kind in ("report", "unknown"):
            return self.tongue.text(f"owner.{who.kind}")
        return who.name or who.role or who.mention or self.tongue.text("owner.nameless")

    def owner(self, who: Owner, of: int | None = None) -> Html:
        lang = self.lang(of) if who.kind == "speaker" else None
        name = el("span", el("bdi", flow(self.owner_name(who)), lang=lang), class_="owner")
        if who.kind != "speaker":
            return name
        role = join(", ", el("bdi", flow(who.role), lang=lang)) if who.role and who.name else None
        chain = None
        if who.via:
            told = [el("bdi", flow(one), lang=lang) for one in who.via]
            chain = join(el("br"), small(self.say("owner.via", names=listed(told, self.tongue.text("owner.then")))))
        return join(name, role, chain)

    def verification(self, found: Verified | None) -> Html | None:
        if found is None:
            return None
        said = self.tongue.name("verification", found.status)
        return join(said, ": ", self.quote(found.ref))

    def when(self, moment: Moment | None, of: int | None = None) -> Html:
        if moment is None:
            return el("span", self.say("absent.not_said"), class_="none")
        said = join(el("q", flow(moment.words), lang=self.lang(of)), "; ") if moment.words else None
        return join(self.written_date(moment), el("br"), small(said, self.tongue.fixed(moment.basis)))

    def written_date(self, moment: Moment) -> Html:
        low, high = moment.earliest, moment.latest
        if low is None and high is None:
            return el("span", self.say("absent.not_resolved"), class_="none")
        if low == high:
            return self.day(low or "")
        if low is None or high is None:
            return (
                self.say("date.after", day=self.day(low)) if low else self.say("date.before", day=self.day(high or ""))
            )
        return self.say("date.range", first=self.day(low), last=self.day(high))

    def day(self, text: str) -> Html:
        """An ISO date or time in the manner of the language; anything else as it stands."""
        written = self.tongue.day(text)
        return el("span", text) if written == text else el("time", written, datetime=text)

    def bounds(self, low: Bound, high: Bound, qualifier: str = "") -> str:
        """The bounds in words."""
        t = self.tongue
        if isinstance(low, (int, float)) and isinstance(high, (int, float)):
            if low != high:
                return t.text("bounds.range", low=t.number(low), high=t.number(high))
            return t.text("bounds.exact" if qualifier in ("exactly", "only") else "bounds.stated", n=t.number(low))
        if isinstance(low, (int, float)):
            return t.text("bounds.least" if high is None else "bounds.least_unknown", n=t.number(low))
        if isinstance(high, (int, float)):
            return t.text("bounds.most" if low is None else "bounds.most_unknown", n=t.number(high))
        return t.text("bounds.unknown" if "unknown" in (low, high) else "bounds.none")

    def interval(self, low: Bound, high: Bound) -> str:
        """Interval notation: closed where the bound is a number, open at infinity, "?" where it cannot be told."""
        number = self.tongue.number
        left = "(−∞" if low is None else "[?" if low == "unknown" else f"[{number(low)}"
        right = "∞)" if high is None else "?]" if high == "unknown" else f"{number(high)}]"
        return f"{left}, {right}"

    def items(self, numbers: Iterable[int]) -> Html:
        links = [link(f"item-{number}", str(number)) for number in numbers]
        return join(self.tongue.text("items.one" if len(links) == 1 else "items.many"), " ", listed(links))

    def lines(self, numbers: Iterable[str]) -> Html:
        return listed([line(number) for number in numbers])


UNNAMED = "a person whose identity is withheld"  # as report.disclosure writes it


def listed(parts: Sequence[Html], between: str = ", ") -> Html:
    return join(*(join(between if n else "", one) for n, one in enumerate(parts)))


def correction(given: Mapping[str, Json]) -> Html:
    said = [
        join(el("b", name.replace("_", " ")), ": ", value if isinstance(value, str) else canonical(value).decode())
        for name, value in sorted(given.items())
    ]
    return listed(said, "; ")


def line(number: str) -> Html:
    """A link to another line of this case file."""
    return link(f"line-{number}", number)


def flow(text: str) -> str:
    """Source words for a cell: runs of white space are one space. The preserved text keeps them all."""
    return " ".join(text.split())


def small(*children: Child) -> Html:
    return el("small", *children)


def code(text: str) -> Html:
    return el("code", text)


def is_tag(language: str) -> bool:
    return all(part.isascii() and part.isalnum() and len(part) <= 8 for part in language.split("-"))


def thing_told_of(
    pen: Pen, what: str, counted: str | None, place: str | None, first: str | None, last: str | None
) -> list[Child]:
    """What several sources tell of, part by part: the thing, what of it is counted, its place, its day or days."""
    told = pen.tongue.name("origins.what", what)
    if counted:
        told += f" ({pen.tongue.name('origins.counted', counted)})"
    parts: list[Child] = [told]
    if place:
        parts.append(bdi(flow(place)))
    if first and last:
        days = pen.say("date.range", first=pen.day(first), last=pen.day(last))
        parts.append(pen.day(first) if first == last else days)
    return parts
