"""Bare numbers that take up what an earlier figure counts: "the mayor said 12 people had died; doctors SAY 15".

Guarantees: only a number without a noun of its own, told by a verb of saying or counting, set at a value ("puts it at
45") or gapped ("Karovia has taken in 340,000, Tessaly 120,000"), takes up an earlier figure, and only the nearest with
an effect, at most two sentences back and no further than the paragraph before. Words: lexica/cue_verbs.tsv.
"""

from __future__ import annotations

from dataclasses import replace

from probanda.extract.figures.figure import Figure
from probanda.extract.figures.predicates import plain_modality
from probanda.extract.figures.units import Counted
from probanda.extract.modality.cues import cue_at
from probanda.extract.speech.cues import cue_forms
from probanda.extract.text.nouns import can_head
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import BE, classes, is_adverb
from probanda.extract.text.word_sets import word_set
from probanda.records.reading import Modality

_COUNTS = word_set(
    "counted counts count counting lists listed list records recorded documented documents gives gave give given names "
    "named reported reports report confirmed confirms speaks spoke says said say has registered"
)
_SPEAKS = word_set("speak speaks spoke spoken speaking talk talks talked talking reports toll figure tally total")
_SETS = word_set("put puts putting estimate estimates estimated set sets stands stood")
_HOSTS = word_set("hosts host hosted hosting sheltering shelters sheltered registered received receives")
_REPORTED = frozenset({"accomplished", "stated", "alleged", "denied"})


def take_up(doc: Document, figures: list[Figure], counted: list[Counted]) -> list[Figure]:
    """`figures` with the effect, kind and unit of an earlier one where a bare number takes it up."""
    out = list(figures)
    for at, figure in enumerate(out):
        whole = _broken_down(doc, out, counted, at)
        if whole is not None:
            total = out[whole]
            out[at] = replace(
                figure, effect=total.effect, kind=total.kind, modality=total.modality, unit=total.unit,
                unit_first=total.unit_first, unit_last=total.unit_last, subset_of=whole,
            )  # fmt: skip
            continue
        if (
            figure.unit is not None
            or figure.effect is not None
            or counted[at].harm is not None
            or figure.kind != "count"
        ):
            continue
        if figure.number.stated == 0 or figure.number.percent:
            continue
        false = _called_false(doc, figure)
        if false is None and not _ends(doc, figure.number.last):
            continue
        source = _source(doc, out, at)
        if source is None:
            continue
        if _is_given(doc, figure) or _is_gapped(doc, out[at - 1], figure) or _hosted(doc, figure, source):
            near = doc.paragraph_of(figure.number.first) - doc.paragraph_of(source.number.first) < 2
            modality = false or plain_modality(doc, figure.number, counted[at])
            out[at] = replace(
                figure, effect=source.effect, kind=source.kind,
                modality=modality or (source.modality if source.modality in _REPORTED else "accomplished"),
                unit=source.unit if near else None, unit_first=source.unit_first if near else None,
                unit_last=source.unit_last if near else None,
            )  # fmt: skip
    return out


def _broken_down(doc: Document, figures: list[Figure], counted: list[Counted], at: int) -> int | None:
    """The whole of "59 people died: 41 in the market, 12 in the street and six in hospital": bare numbers behind a
    colon, each with a place and smaller than the whole."""
    tokens, first = doc.tokens, figures[at].number.first
    start = doc.sentences[doc.sentence_of(first)].first
    if not at or counted[at].head is not None or figures[at].number.last >= len(tokens):
        return None
    if tokens[figures[at].number.last].lower not in ("in", "at", "on", "near", "from"):
        return None
    colon = next((i for i in range(first - 1, start, -1) if tokens[i].text in ":;"), None)
    if colon is None or tokens[colon].text != ":":
        return None
    wholes = [j for j in range(at) if start <= figures[j].number.first < colon and figures[j].effect is not None]
    whole = wholes[0] if len(wholes) == 1 else None
    if whole is None or tokens[first - 1].lower not in (":", ",", "and"):
        return None
    part, total = figures[at].number.stated, figures[whole].number.stated
    if isinstance(part, int) and isinstance(total, int) and part < total:
        return whole
    return None


def _ends(doc: Document, place: int) -> bool:
    """Whether no noun follows: the sentence ends, a mark, an adverb, a preposition or a conjunction comes."""
    if place >= doc.sentences[doc.sentence_of(place - 1)].last:
        return True
    token = doc.tokens[place]
    plain = token.kind == "mark" or is_adverb(token) or token.lower in ("now", "today", "overall")
    return plain or classes(token.lower)[0] in "IC"


def _called_false(doc: Document, figure: Figure) -> Modality | None:
    """ "the figure of 200 WAS INVENTED"."""
    place, tokens = figure.number.last, doc.tokens
    end = doc.sentences[doc.sentence_of(figure.number.first)].last
    if (
        figure.number.first < 2
        or tokens[figure.number.first - 1].lower != "of"
        or place >= end
        or tokens[place].lower not in BE
    ):
        return None
    place += 1
    while place < end - 1 and (is_adverb(tokens[place]) or tokens[place].lower in ("a", "an", "pure")):
        place += 1
    found = cue_at(doc, "called", place, place) if place < end else None
    return found[0] if found is not None else None


def _source(doc: Document, figures: list[Figure], at: int) -> Figure | None:
    sentence = doc.sentence_of(figures[at].number.first)
    for earlier in reversed(figures[:at]):
        if sentence - doc.sentence_of(earlier.number.first) > 2:
            return None
        if doc.paragraph_of(figures[at].number.first) - doc.paragraph_of(earlier.number.first) > 1:
            return None
        if earlier.effect is not None and earlier.subset_of is None:
            return earlier
    return None


def _is_given(doc: Document, figure: Figure) -> bool:
    """Whether a verb of saying, counting or setting gives the number."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(figure.number.first)].first
    place = figure.number.first - 1
    while place > start and (tokens[place].text in '“”‘’"' or is_adverb(tokens[place])):
        place -= 1
    if place < start:
        return False
    lower = tokens[place].lower
    before = tokens[place - 1].lower if place > start else ""
    if lower == "of":
        window = tokens[max(start, place - 12) : place]
        return before in _SPEAKS or (
            any(token.lower in _SPEAKS for token in window) and any(t.text == "," for t in window)
        )
    if lower == "at":
        return any(token.lower in _SETS for token in tokens[max(start, place - 14) : place])
    if lower == "from":
        return before in ("up", "down")  # "59 died, up from 41"
    if lower == "on":
        return before in ("insisted", "insists", "insisting", "settled")
    if lower in ("was", "is"):
        return before in ("it", "that", "figure", "number", "toll", "count")
    if lower == ",":
        return any(
            tokens[back].lower == "according" and tokens[back + 1].lower == "to"
            for back in range(max(start, place - 10), place)
        )
    cue = cue_forms().get(lower)
    return lower in _COUNTS or (cue is not None and cue.class_ in ("say", "count"))


def _is_gapped(doc: Document, before: Figure, figure: Figure) -> bool:
    """ "in Dorvik 12 people were killed, IN ALDENA SEVEN"; "Karovia has taken in 340,000, TESSALY 120,000"."""
    if doc.sentence_of(before.number.first) != doc.sentence_of(figure.number.first) or before.effect is None:
        return False
    tokens = doc.tokens
    place = figure.number.first - 1
    names = 0
    while place > before.number.last and tokens[place].capital and tokens[place].kind == "word" and names < 4:
        names, place = names + 1, place - 1
    if not names and can_head(tokens[place]) and tokens[place].kind == "word":
        while place > before.number.last and tokens[place].kind == "word" and names < 4:
            names, place = names + 1, place - 1  # "the council says 23 are dead, THE MINISTRY 31"
    if tokens[place].lower in ("in", "at"):
        place -= 1
    return names > 0 and tokens[place].lower in (",", "and", ";")


def _hosted(doc: Document, figure: Figure, source: Figure) -> bool:
    """ "Karovia HOSTS 318,400, and Tessaly HAS TAKEN IN 190,000", of people on the move."""
    if source.kind != "displacement" or figure.number.first < 2:
        return False
    one, two = (doc.tokens[figure.number.first - back].lower for back in (1, 2))
    return one in _HOSTS or (one == "in" and two in ("taken", "took", "taking", "takes"))
