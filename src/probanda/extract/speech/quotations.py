"""The quotations of a report as records, each with the attribution or the marks that it came from.

One for each stretch between quotation marks that somebody says, and one for the reported words of each attribution that
has a speaker; an attribution whose words are no more than what stands between marks is told by the marks alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from probanda.extract.speech.attribution import Attribution
from probanda.extract.speech.holders import Voices
from probanda.extract.speech.quotes import Spoken
from probanda.extract.text.nouns import Range
from probanda.extract.text.segments import Document
from probanda.records.passage import Passage
from probanda.records.reading import Quotation


@dataclass(frozen=True, slots=True)
class Draft:
    """A quotation without its id. `spoken` is `None` for reported words, `attribution` where a speaker was carried
    over."""

    quotation: Quotation
    attribution: Attribution | None
    spoken: Spoken | None


def draft_quotations(voices: Voices, *, circumstances: bool = True) -> tuple[Draft, ...]:
    """In the order of the text; without where and when the words were said, if these are not asked for."""
    found = [Draft(_spoken(voices, spoken, circumstances), spoken.attribution, spoken) for spoken in voices.spoken]
    for attribution in voices.attributions:
        if (
            attribution.speaker is not None
            and attribution.content is not None
            and not _is_told_apart(voices, attribution)
        ):
            found.append(Draft(_indirect(voices, attribution, attribution.content, circumstances), attribution, None))
            if attribution.more is not None:
                found.append(Draft(_indirect(voices, attribution, attribution.more, circumstances), attribution, None))
    found.sort(key=lambda draft: (draft.quotation.passage.start, draft.quotation.passage.end))
    return tuple(found)


def _is_told_apart(voices: Voices, attribution: Attribution) -> bool:
    """Whether the content is no more than what stands in quotation marks, or no assertion at all."""
    assert attribution.content is not None
    first, last = attribution.content
    if attribution.verb.class_ in ("judge", "deny"):  # a thing named, not a clause: "rejected the findings"
        opened = voices.doc.tokens[max(first - 1, 0)].lower == "that"
        clause = opened or any(
            voices.doc.tokens[place].lower in ("that", "to", "having", "being") for place in range(first, last)
        )
        if not clause and attribution.verb.lemma != "call":
            return True
    words = [place for place in range(first, last) if voices.doc.tokens[place].kind != "mark"]
    outside = [place for place in words if voices.doc.quoted_of(place) is None]
    return len(outside) <= len(words) // 5


def _spoken(voices: Voices, spoken: Spoken, circumstances: bool) -> Quotation:
    doc = voices.doc
    span = (spoken.quoted.first, spoken.quoted.last)
    cue = spoken.attribution.cue if spoken.attribution else None
    return Quotation(
        "", doc.passage(*span), spoken.form, spoken.speaker, doc.passage(*cue) if cue else None,
        voices.venue(spoken.attribution) if circumstances else None,
        voices.when(spoken.attribution, span) if circumstances else None,
    )  # fmt: skip


def _indirect(voices: Voices, attribution: Attribution, content: Range, circumstances: bool) -> Quotation:
    doc = voices.doc
    return Quotation(
        "", _whole(doc, content), "indirect", attribution.speaker, doc.passage(*attribution.cue),
        voices.venue(attribution) if circumstances else None,
        voices.when(attribution, content) if circumstances else None,
    )  # fmt: skip


def _whole(doc: Document, content: Range) -> Passage:
    """Reported words with the mark that closes a stretch of quotation marks which they open and end in."""
    inside = doc.quoted_of(content[1] - 1)
    if inside is not None:
        quoted = doc.quoted[inside]
        if content[0] < quoted.first and quoted.closed and quoted.last == content[1]:
            return doc.passage(content[0], content[1] + 1)
    return doc.passage(*content)
