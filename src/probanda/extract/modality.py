"""Whether the words of a clause say that a thing was done: accomplished, attempted, threatened, planned, feared, denied ...

Guarantees: the cue that counts is the nearest one that governs the thing by its grammar (a modal its infinitive, "plans" its
"to", "fears" its clause, "alleged" its noun), never merely one in the same sentence; the cue's own words come back with the
answer. Without a governing cue a thing counts as told to have been done. Cues and what they govern: lexica/modality_cues.tsv.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.lexicon import table, word_list
from probanda.extract.segments import Document
from probanda.extract.verb_groups import (
    AUXILIARY,
    BE,
    DETERMINERS,
    GET,
    MODAL,
    OPENERS,
    classes,
    group_start,
    is_adverb,
    is_noun_at,
    is_past,
    is_verb_group,
    noun_phrase_start,
)  # fmt: skip
from probanda.extract.word_sets import word_set
from probanda.records.passage import Passage
from probanda.records.reading import Modality

Found = tuple[Modality, Passage | None]

_DONE: Found = ("accomplished", None)
_HARD = frozenset(';:()—“”"')
_CLOSE = word_set("able about due had has have need needed needs ready set")  # govern "to" only beside it
_THROUGH = word_set(
    "forced forcing forces began begin begins beginning started start continued continue continues managed helped "
    "help used went go came come led causing caused compelled prompting prompted"
)
_FUTURE = word_set(
    "will would shall 'll due scheduled expected set plans planned planning plan tomorrow upcoming coming hopes "
    "intends aims"
)
_HAPPENS = word_set("be take come happen occur begin start follow continue hit fall strike go proceed")


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


def _cue(doc: Document, governs: str, place: int, start: int) -> Found | None:
    """The cue of that government whose last word stands at `place`."""
    tokens = doc.tokens
    for words, modality in _cues(governs).get(tokens[place].lower, ()):
        first = place - len(words) + 1
        if first >= start and all(tokens[first + at].lower == word for at, word in enumerate(words)):
            return modality, doc.passage(first, place + 1)
    return None


def modality_at(doc: Document, first: int, last: int) -> Found:
    """The modality of what tokens [first, last) name, and the cue that gives it; ("accomplished", None) without a cue."""
    start = doc.sentences[doc.sentence_of(first)].first
    if is_noun_at(doc, first):
        return _of_noun(doc, first, last, start, depth=0)
    return _of_verb(doc, first, start, depth=0)


def _of_verb(doc: Document, verb: int, start: int, depth: int) -> Found:
    tokens = doc.tokens
    place = verb - 1
    passive = False
    while place >= start:
        token = tokens[place]
        found = _cue(doc, "adverb", place, start) or (
            _cue(doc, "pred", place, start)
            if place == verb - 1 or passive or tokens[place + 1].lower in ("dead", "killed")
            else None
        )
        if found is not None and not (token.lower in ("said", "understood") and place == verb - 1):
            return found
        found = _modal(doc, place, start)
        if found is not None:
            return found
        if token.lower == "to":
            return _of_infinitive(doc, place, start, depth)
        if not is_verb_group(token):
            break
        passive = passive or token.lower in BE
        place -= 1
    token = tokens[verb]
    before = tokens[verb - 1].lower if verb > start else ""
    if token.lower.endswith("ing") and classes(token.lower)[0] in "GJN" and place == verb - 1:
        found = _of_object(doc, verb, start)
        if found is not None:
            return found
        if before == ",":
            return _of_main_clause(doc, verb - 1, start, depth)
        if before in ("and", "or"):
            return _of_coordinate(doc, verb, start, depth, "ing")
        return _DONE
    if place == verb - 1 and (before in ("and", "or", ",") or "V" in classes(token.lower)) and not is_past(token):
        found = _of_coordinate(doc, verb, start, depth, "base")
        if found is not _DONE:
            return found
    return _of_clause(doc, place, start)


def _modal(doc: Document, place: int, start: int) -> Found | None:
    found = _cue(doc, "base", place, start)
    if found is None and doc.tokens[place].lower.endswith("'ll"):
        found = "forecast", doc.passage(place, place + 1)
    if found is None:
        return None
    lower = doc.tokens[place].lower
    spoken_by_doer = (
        lower in ("will", "shall") and place > start and doc.tokens[place - 1].lower in ("we", "i")
    ) or lower in ("we'll", "i'll")
    return ("planned", found[1]) if spoken_by_doer else found


def _of_infinitive(doc: Document, to: int, start: int, depth: int) -> Found:
    """What governs the infinitive after token `to`: the word beside it, or one before the noun phrase beside it."""
    tokens = doc.tokens
    place = to - 1
    if place < start:
        return _DONE
    negated = tokens[place].lower == "not"
    place -= negated
    if tokens[place].lower == "going":
        return _modal(doc, to, start) or _DONE
    for steps in range(7):
        if place < start:
            break
        lower = tokens[place].lower
        if not (steps and lower in _CLOSE):
            found = _cue(doc, "to", place, start)
            if found is not None:
                governing = (
                    _of_verb(doc, place, start, depth + 1) if depth < 3 and not is_noun_at(doc, place) else _DONE
                )
                return (
                    governing if governing[0] in ("denied", "feared", "alleged") and governing[1] is not None else found
                )
        if lower in _THROUGH:
            return _of_verb(doc, place, start, depth + 1) if depth < 3 else _DONE
        if (
            lower in OPENERS
            or lower in _HARD
            or lower in AUXILIARY
            or (tokens[place].kind == "mark" and lower not in "-’'")
        ):
            break
        place -= 1
    return _DONE


def _of_coordinate(doc: Document, verb: int, start: int, depth: int, form: str) -> Found:
    """ "will shell the town and KILL": a bare form shares the modal or the "to" of the verb it is joined to."""
    tokens = doc.tokens
    if depth > 3:
        return _DONE
    joined = False
    for place in range(verb - 1, max(start, verb - 25) - 1, -1):
        token = tokens[place]
        joined = joined or token.lower in ("and", "or", "but", "then") or token.text == ","
        if token.lower in _HARD or (token.lower in OPENERS and token.lower not in ("as", "but", "so")):
            break
        if not joined:
            continue
        if form == "base":
            found = _modal(doc, place, start)
            if found is not None:
                return found
            if token.lower == "to" and "V" in classes(tokens[place + 1].lower):
                return _of_infinitive(doc, place, start, depth + 1)
            if is_past(token) and not (place and tokens[place - 1].lower in AUXILIARY | DETERMINERS):
                break
        elif classes(token.lower) == "G" and place < verb - 1:
            return _of_verb(doc, place, start, depth + 1)
    return _DONE


def _of_main_clause(doc: Document, comma: int, start: int, depth: int) -> Found:
    """ "would attack the town, KILLING hundreds": a result without a subject of its own shares the modality of its clause."""
    tokens = doc.tokens
    if depth > 3:
        return _DONE
    for place in range(comma - 1, start - 1, -1):
        token = tokens[place]
        if token.lower in _HARD or token.lower in OPENERS:
            break
        if is_past(token) and classes(token.lower)[0] in "VP":
            return _of_verb(doc, place, start, depth + 1)
        if token.lower in MODAL:
            return _modal(doc, place, start) or _DONE
        if token.lower == "to" and "V" in classes(tokens[place + 1].lower):
            return _of_infinitive(doc, place, start, depth + 1)
    return _DONE


def _of_object(doc: Document, place: int, start: int) -> Found | None:
    """A cue whose object begins at `place`: "denied KILLING", "fears of an ATTACK", "preparing for a SIEGE"."""
    tokens = doc.tokens
    at = place - 1
    if at < start:
        return None
    preposition = tokens[at].lower
    if preposition in ("of", "for", "about", "with", "at", "against"):
        for back in range(at - 1, max(start, at - 6) - 1, -1):
            found = _cue(doc, preposition, back, start)
            if found is not None:
                return found
            if tokens[back].kind == "mark" or tokens[back].lower in AUXILIARY or tokens[back].lower in OPENERS:
                break
        return None
    return _cue(doc, "np", at, start)


def _of_noun(doc: Document, first: int, last: int, start: int, depth: int) -> Found:
    tokens = doc.tokens
    begin = noun_phrase_start(doc, first)
    for place in range(first - 1, begin - 1, -1):
        found = _cue(doc, "adj", place, start)
        if found is not None:
            return found
    found = _cue(doc, "adj", begin - 1, start) if begin > start else None
    if found is not None and tokens[begin].lower not in DETERMINERS:
        return found
    found = _of_predicate(doc, last)
    if found is not None:
        return found
    place = begin
    for _ in range(3):  # "fears of the start of an attack"
        found = _of_object(doc, place, start)
        if found is not None:
            return found
        if (
            place - 1 > start
            and tokens[place - 1].lower in ("of", "on", "in", "with", "by")
            and is_noun_at(doc, place - 2)
        ):
            place = noun_phrase_start(doc, place - 2)
            continue
        break
    if place > start and depth < 3:
        verb = place - 1
        while verb > start and (is_adverb(tokens[verb]) or tokens[verb].lower in ("out", "up", "on")):
            verb -= 1
        if tokens[verb].lower in word_list("light_verbs.txt"):
            return _of_verb(doc, verb, start, depth + 1)
    return (
        _of_clause(doc, place - 1, start)
        if place > start and tokens[place - 1].lower in ("that", "if", "whether")
        else _DONE
    )


def _of_predicate(doc: Document, last: int) -> Found | None:
    """What is said of the noun after it: "an attack IS EXPECTED", "the siege COULD begin"."""
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(last - 1)].last
    for place in range(last, min(end, last + 7)):
        token = tokens[place]
        if token.kind == "mark" or token.lower in OPENERS or token.lower in ("that", "and"):
            return None
        if token.lower in MODAL or token.lower in BE:
            after = place + 1
            while after < end and (
                (is_verb_group(tokens[after]) and tokens[after].lower not in ("be", "been")) or is_adverb(tokens[after])
            ):
                after += 1
            if token.lower in MODAL:
                return _modal(doc, place, last) if after < end and tokens[after].lower in _HAPPENS else None
            return _predicated(doc, after, end)
        if is_past(token):
            return None
    return None


def _predicated(doc: Document, place: int, end: int) -> Found | None:
    if place < end and doc.tokens[place].lower in ("been", "being", "be"):
        place += 1
    if place >= end:
        return None
    words = {"averted": "attempted", "foiled": "attempted", "thwarted": "attempted", "repelled": "attempted", "prevented": "attempted", "denied": "denied",
             "imminent": "anticipated", "possible": "possible", "likely": "forecast", "inevitable": "forecast", "under": ""}  # fmt: skip
    if words.get(doc.tokens[place].lower):
        modality: Modality = words[doc.tokens[place].lower]  # type: ignore[assignment]
        return modality, doc.passage(place, place + 1)
    return (
        _cue(doc, "pred", place, place) or _cue(doc, "adj", place, place) or _cue(doc, "np", place, place)
        if is_past(doc.tokens[place])
        else None
    )


def _of_clause(doc: Document, place: int, start: int) -> Found:
    """What governs the clause: "fears THAT", "if", "alleges" without "that"; stops at another verb or clause."""
    tokens = doc.tokens
    said = _speech()
    for at in range(place, max(start, place - 30) - 1, -1):
        token = tokens[at]
        lower = token.lower
        found = _cue(doc, "clause", at, start)
        if found is not None and not (lower == "should" and at > start):
            return found
        if lower == "that" and at + 1 < len(tokens):
            for back in range(at - 1, max(start, at - 5) - 1, -1):
                found = _cue(doc, "that", back, start)
                if found is not None:
                    return found
                if tokens[back].kind == "mark" or tokens[back].lower in said:
                    break
            return _DONE
        if lower in _HARD or lower in OPENERS or lower in AUXILIARY or lower in said:
            return _DONE
        found = _cue(doc, "that", at, start)
        if (
            found is not None
            and at < place
            and not is_adverb(tokens[at + 1])
            and classes(tokens[at + 1].lower)[0] not in "IC"
        ):
            return found
        if token.text == "," and at + 1 < len(tokens) and tokens[at + 1].lower in ("and", "but"):
            return _DONE
    return _DONE


@cache
def _speech() -> frozenset[str]:
    return frozenset(
        {
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


def negated_at(doc: Document, first: int, last: int) -> bool:
    """Whether the clause around tokens [first, last) negates what they name: "did not attack", "no attack", "without killing"."""
    tokens = doc.tokens
    start = doc.sentences[doc.sentence_of(first)].first
    if is_noun_at(doc, first):
        begin = noun_phrase_start(doc, first)
        if tokens[begin].lower == "no" or (
            begin > start and tokens[begin - 1].lower in ("without", "nor", "neither", "no")
        ):
            return True
        verb = begin - 1
        return verb > start and tokens[verb].lower in word_list("light_verbs.txt") and negated_at(doc, verb, verb + 1)
    begin = group_start(doc, first)
    group = [token.lower for token in tokens[begin:first]]
    if any(word in ("not", "never", "neither") or word.endswith("n't") or word == "cannot" for word in group):
        return not ("not" in group and first < len(tokens) and "only" in group)
    before = tokens[begin - 1].lower if begin > start else ""
    if before in ("without", "nor", "neither", "nobody", "none"):
        return True
    if before == "one" and begin - 2 >= start and tokens[begin - 2].lower == "no":
        return True
    if before == "to" and begin - 2 >= start:
        return tokens[begin - 2].lower in ("not", "refused", "refuses", "refusing", "declined", "declines")
    return begin > start and before in GET and negated_at(doc, begin - 1, begin)


def is_future(doc: Document, first: int, last: int) -> bool:
    """Whether the clause that holds a time expression at [first, last) is about the future: its nearest verb decides."""
    tokens = doc.tokens
    sentence = doc.sentences[doc.sentence_of(first)]
    for place in range(first - 1, sentence.first - 1, -1):
        lower = tokens[place].lower
        if lower in _HARD or (lower in OPENERS and lower not in ("before", "after", "until")):
            break
        if lower in _FUTURE:
            return not (
                lower in ("planned", "expected", "due", "set", "would")
                and place
                and tokens[place - 1].lower in ("had", "been", "was", "were")
                and lower == "planned"
            )
        if (is_past(tokens[place]) or lower in ("was", "were", "had", "did")) and not (
            place and tokens[place - 1].lower in ("be", "been", "is", "are")
        ):
            return False
        if (
            lower == "to"
            and place + 1 < len(tokens)
            and "V" in classes(tokens[place + 1].lower)
            and place
            and tokens[place - 1].lower in BE
        ):
            return True
    for place in range(last, min(sentence.last, last + 20)):
        lower = tokens[place].lower
        if lower in _HARD or lower in OPENERS:
            return False
        if lower in ("will", "shall", "due", "scheduled") or lower.endswith("'ll"):
            return True
        if is_past(tokens[place]) or (lower in AUXILIARY and lower not in ("is", "are", "be")):
            return False
    return False
