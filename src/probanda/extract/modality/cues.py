"""The cues of modality and what each governs: modals, words with a clause, words with an object.

Guarantees: a cue is found only where its government fits ("fears of", "denied that", "may"), and its own words come
back with it. Cues: lexica/modality_cues.tsv.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document
from probanda.extract.text.verb_groups import (
    AUXILIARY,
    OPENERS,
    classes,
    is_adverb,
)
from probanda.records.passage import Passage
from probanda.records.reading import Modality

Found = tuple[Modality, Passage | None]
DONE: Found = ("accomplished", None)
HARD = frozenset(';:()—“”"')


@cache
def _cues(governs: str) -> dict[str, tuple[tuple[tuple[str, ...], Modality], ...]]:
    """Cues of one government by their last word, the longest first."""
    found: dict[str, list[tuple[tuple[str, ...], Modality]]] = {}
    for row in table("modality_cues.tsv"):
        if row["governs"] == governs:
            words = tuple(row["cue"].split())
            modality: Modality = row["modality"]  # type: ignore[assignment]
            found.setdefault(words[-1], []).append((words, modality))
    return {word: tuple(sorted(rows, key=lambda row: -len(row[0]))) for word, rows in found.items()}


def cue_at(doc: Document, governs: str, place: int, start: int) -> Found | None:
    """The cue of that government whose last word stands at `place`."""
    tokens = doc.tokens
    for words, modality in _cues(governs).get(tokens[place].lower, ()):
        first = place - len(words) + 1
        if first >= start and all(tokens[first + at].lower == word for at, word in enumerate(words)):
            return modality, doc.passage(first, place + 1)
    return None


def modal_at(doc: Document, place: int, start: int) -> Found | None:
    found = cue_at(doc, "base", place, start)
    if found is None and doc.tokens[place].lower.endswith("'ll"):
        found = "forecast", doc.passage(place, place + 1)
    if found is None:
        return None
    lower = doc.tokens[place].lower
    spoken_by_doer = (
        lower in ("will", "shall") and place > start and doc.tokens[place - 1].lower in ("we", "i")
    ) or lower in ("we'll", "i'll")
    return ("planned", found[1]) if spoken_by_doer else found


@cache
def _speech() -> frozenset[str]:
    return frozenset(
        {
            "say",
            "said",
            "says",
            "saying",
            "told",
            "announced",
            "added",
            "confirmed",
            "stated",
            "reported",
            "wrote",
            "according",
        }
    )


def governed_clause(doc: Document, place: int, start: int) -> Found:
    """What governs the clause: "fears THAT", "if", "alleges" without "that"; stops at another verb or clause."""
    tokens = doc.tokens
    said = _speech()
    for at in range(place, max(start, place - 30) - 1, -1):
        token = tokens[at]
        lower = token.lower
        found = cue_at(doc, "clause", at, start)
        if found is not None and not (lower == "should" and at > start):
            return found
        if lower == "that" and at + 1 < len(tokens):
            found = _of_claim(doc, at, start)
            if found is not None:
                return found
            for back in range(at - 1, max(start, at - 5) - 1, -1):
                found = cue_at(doc, "that", back, start)
                if found is not None:
                    return found
                if tokens[back].kind == "mark" or tokens[back].lower in said:
                    break
                if not tokens[back].capital and "N" in classes(tokens[back].lower):
                    break  # "possible to verify the claim that": the noun governs, not what stands before it
            return DONE
        if lower in said and at > start:
            return cue_at(doc, "that", at - 1, start) or DONE  # "unconfirmed reports say"
        if lower in HARD or lower in OPENERS or lower in AUXILIARY or lower in said:
            return DONE
        found = cue_at(doc, "that", at, start)
        if (
            found is not None
            and at < place
            and not is_adverb(tokens[at + 1])
            and classes(tokens[at + 1].lower)[0] not in "IC"
        ):
            return found
        if token.text == "," and at + 1 < len(tokens) and tokens[at + 1].lower in ("and", "but"):
            return DONE
    return DONE


_TELLINGS = frozenset(
    "claim claims allegation allegations report reports rumour rumours rumor rumors assertion assertions suggestion "
    "suggestions story stories idea notion accusation accusations".split()
)


def _of_claim(doc: Document, that: int, start: int) -> Found | None:
    """A noun for a telling and what becomes of it: "the CLAIM that 40 died IS A FABRICATION", "dismissed as invented
    the REPORTS that". `None` where it is not taken back."""
    tokens = doc.tokens
    if that == start or tokens[that - 1].lower not in _TELLINGS:
        return None
    for at in range(that - 2, max(start, that - 9) - 1, -1):
        found = cue_at(doc, "that", at, start)
        if found is not None and found[0] == "denied":
            return found
        if tokens[at].kind == "mark" and tokens[at].text not in ",“”‘’":
            break
    end = doc.sentences[doc.sentence_of(that)].last
    for at in range(that + 1, end - 1):
        if tokens[at].lower in ("is", "are", "was", "were"):
            place = at + 1
            while place < end - 1 and (
                tokens[place].lower in ("a", "an", "pure", "complete") or is_adverb(tokens[place])
            ):
                place += 1
            found = cue_at(doc, "called", place, place)
            if found is not None:
                return found
    return None


def governed_object(doc: Document, place: int, start: int) -> Found | None:
    """A cue whose object begins at `place`: "denied KILLING", "fears of an ATTACK", "preparing for a SIEGE"."""
    tokens = doc.tokens
    at = place - 1
    if at < start:
        return None
    preposition = tokens[at].lower
    if preposition in ("of", "for", "about", "with", "at", "against"):
        for back in range(at - 1, max(start, at - 6) - 1, -1):
            found = cue_at(doc, preposition, back, start)
            if found is not None:
                return found
            if tokens[back].kind == "mark" or tokens[back].lower in AUXILIARY or tokens[back].lower in OPENERS:
                break
        return None
    return cue_at(doc, "np", at, start)
