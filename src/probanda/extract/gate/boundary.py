"""The boundary audit: what stands directly outside a span, or at its head, and would change what the span says.

A verbatim quote can still falsify: "[no] civilians have died", "[more than] 2,000", "[alleged] massacre", "…, although
that figure has not been verified". Such words outside the span, in its own clause, must be seen in the structured
fields; the same words at the head of the span must be, too. The rules know closed lists only (lexica/boundary_cues.tsv,
qualifiers.tsv, cue_verbs.tsv) and reach over no comma, no conjunction and at most five words, so that they
seldom refuse what is right; what they cannot see is listed in spec/reading.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from probanda.extract.gate.material import Material
from probanda.extract.gate.shape import CandidateError, brief
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Token
from probanda.records.passage import Passage
from probanda.records.reading import Claim, Event, HolderUnknown, Narrator, Quotation

_REACH = 5
_BREAKS = frozenset(',;:()[]—–…"“”„«».!?')
_CONJUNCTIONS = frozenset(
    {"and", "but", "or", "while", "whereas", "although", "though", "because", "since", "when", "after", "before",
     "until", "unless", "if", "who", "which", "whose", "where", "that", "as", "so", "however"}
)  # fmt: skip
_SCALES = frozenset({"hundred", "thousand", "million", "billion", "dozen", "%", "percent", "million-strong"})
_BEFORE_ANYTHING = frozenset(
    {"almost", "approximately", "as few as", "as many as", "at least", "at most", "fewer than", "less than",
     "more than", "nearly", "no fewer than", "no more than", "not more than", "only", "roughly", "virtually"}
)  # fmt: skip
_SPARING = frozenset({"only", "just", "least", "yet", "including", "counting"})  # after "not": it denies nothing
_KNOWING = frozenset(
    {"know", "say", "tell", "believe", "think", "see", "hear", "confirm", "want", "understand", "specify", "disclose",
     "identify", "name", "comment", "elaborate", "clear", "known"}
)  # fmt: skip
_FACTUAL = frozenset({"casualty", "displacement", "attack", "damage", "siege", "control"})
_UNCHECKED = re.compile(
    r"(,|\bbut|\balthough|\bthough|\bwhich|\bhowever|\balbeit|[—–(;])[^.!?]{0,60}?"
    r"(\b(not|never|no|cannot|yet to|impossible to|unable to|without)\b|n[’']t\b)[^.!?,;]{0,40}?"
    r"\b(verif|confirm|corroborat|substantiat)|\b(un(verified|confirmed|corroborated|substantiated))\b",
    re.IGNORECASE,
)


@cache
def _cues(kind: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(row["phrase"].split()) for row in table("boundary_cues.tsv") if row["kind"] == kind)


@cache
def _qualifiers(side: str) -> dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]:
    """Phrases by the word next to the number, each with the words that block it."""
    found: dict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = {}
    for row in table("qualifiers.tsv"):
        phrase = tuple(row["phrase"].split())
        if row["side"] == side:
            held = found.setdefault(phrase[-1 if side == "before" else 0], [])
            held.append((phrase, frozenset(row["blocked_by"].split())))
    return found


@cache
def _says() -> frozenset[str]:
    forms = ("lemma", "third", "past")
    return frozenset(
        row[form] for row in table("cue_verbs.tsv") if row["class"] == "say" and row["complement"] != "np"
        for form in forms
    )  # fmt: skip


@cache
def _adjectives() -> frozenset[str]:
    """Forms such as "alleged" that more often qualify a noun than report."""
    return frozenset(phrase[0] for phrase in _cues("hedge"))


def check_claim(material: Material, claim: Claim, others: Iterable[int]) -> None:
    """Raises `CandidateError` where words outside or at the head of the claim say what its fields do not. `others` are
    the characters at which further claims begin: a later claim takes the words of checking after it for itself."""
    first, last = material.tokens_of(claim.passage)
    denied = claim.negated or claim.modality == "denied"
    cue = _governing(material, first, "negation")
    if cue and not denied:
        raise CandidateError("boundary.negation", f"{brief(cue)} stands before {brief(claim.passage.text)}")
    if not denied and (cue := _negation_inside(material, claim, first, last)):
        raise CandidateError("boundary.negation", f"{brief(cue)} stands in {brief(claim.passage.text)}")
    if claim.negated and not _negation_near(material, claim, first, last):
        raise CandidateError("value.negated", f"nothing denies {brief(claim.passage.text)}")
    if claim.modality == "accomplished":
        hedge = _governing(material, first, "hedge") or _hedge_inside(material, claim, first, last)
        if hedge:
            raise CandidateError("boundary.hedge", f"{brief(hedge)} bears on {brief(claim.passage.text)}")
    covered = claim.quantity.passage if claim.quantity else None
    if covered is None or covered.start >= claim.passage.start:
        check_number_edges(material, claim.passage, head_only=True)
    if covered is not None:
        check_number_edges(material, covered)
    if claim.verification is None:
        _check_checking(material, claim, others)
    if isinstance(claim.source, (Narrator, HolderUnknown)):
        said = _attributed(material, first, last)
        unknown = isinstance(claim.source, HolderUnknown)
        if said and not (unknown and (_by_a_pronoun(material, first, last) or _by_rumour(material, first))):
            raise CandidateError(
                "boundary.attribution", f"{brief(said)} gives these words to a speaker; the claim does not"
            )


def check_event(material: Material, event: Event) -> None:
    """Raises `CandidateError` for an event said to be accomplished whose trigger a negation or a hedge governs."""
    if event.modality != "accomplished":
        return
    first, _ = material.tokens_of(event.trigger)
    for kind, code in (("negation", "boundary.negation"), ("hedge", "boundary.hedge")):
        cue = _governing(material, first, kind, names=True)
        if cue:
            raise CandidateError(code, f"{brief(cue)} stands before {brief(event.trigger.text)}")


def check_quotation(material: Material, quotation: Quotation) -> None:
    """Raises `CandidateError` for words cut off after their negation, or a speaker who "did not say" them."""
    first, _ = material.tokens_of(quotation.passage)
    cue = _governing(material, first, "negation") if quotation.form == "direct" else None
    if quotation.cue is not None and cue is None:
        verb, _ = material.tokens_of(quotation.cue)
        cue = _governing(material, verb, "negation")
    if cue and not (quotation.cue and cue in quotation.cue.text):
        raise CandidateError("boundary.negation", f"{brief(cue)} stands before {brief(quotation.passage.text)}")


def check_number_edges(material: Material, passage: Passage, *, head_only: bool = False) -> None:
    """Raises `CandidateError` where a qualifier or a scale stands directly outside a number. With `head_only` only a
    number at the head of the passage is looked at."""
    doc = material.doc
    first, last = material.tokens_of(passage)
    sentence = doc.sentences[doc.sentence_of(first)]
    before = tuple(token.lower for token in doc.tokens[max(sentence.first, first - 6) : first])
    for phrase, blocked in _qualifiers("before").get(before[-1], ()) if before else ():
        ahead = before[-len(phrase) - 1 : -len(phrase)]
        if before[-len(phrase) :] == phrase and not blocked.intersection(ahead) and _bears_on(material, phrase, first):
            raise CandidateError("boundary.qualifier", f"{brief(' '.join(phrase))} stands before {brief(passage.text)}")
    if head_only:
        return
    after = tuple(token.lower for token in doc.tokens[last : min(sentence.last, last + 4)])
    if (doc.tokens[last - 1].kind == "number" and after[:1] and after[0] in _SCALES) or after[:2] == ("per", "cent"):
        raise CandidateError("boundary.qualifier", f"{brief(after[0])} stands after {brief(passage.text)}")
    for phrase, _ in _qualifiers("after").get(after[0], ()) if after else ():
        if after[: len(phrase)] == phrase and len(phrase) > 1:
            raise CandidateError("boundary.qualifier", f"{brief(' '.join(phrase))} stands after {brief(passage.text)}")


def _bears_on(material: Material, phrase: tuple[str, ...], first: int) -> bool:
    """Whether the qualifier can bear on what begins at token `first`: a number, or anything if no preposition."""
    tokens = material.doc.tokens
    token = tokens[first]
    if phrase[-1] in ("between", "from"):  # a range, not "a truce between two villages"
        return first + 2 < len(tokens) and tokens[first + 1].lower in ("and", "to") and _counts(material, first + 2)
    if token.kind == "number" or " ".join(phrase) in _BEFORE_ANYTHING:
        return True
    return _counts(material, first)


def _counts(material: Material, place: int) -> bool:
    token = material.doc.tokens[place]
    return token.kind == "number" or (token.kind == "word" and material.recompute.quantity(token.text) is not None)


def _governing(material: Material, first: int, kind: str, *, names: bool = False) -> str | None:
    """The cue of `kind` that stands before token `first` with nothing but carriers (or names) between."""
    doc = material.doc
    if first >= len(doc.tokens):
        return None
    sentence = doc.sentences[doc.sentence_of(first)]
    quoted = doc.quoted_of(first)
    cues, carriers = _cues(kind), _cues("carrier")
    for place in range(first - 1, max(sentence.first, first - _REACH) - 1, -1):
        token = doc.tokens[place]
        if token.text in _BREAKS or doc.quoted_of(place) != quoted:
            return None
        if (token.lower,) in cues or (kind == "negation" and token.lower.endswith("n't")):
            return token.text
        if (token.lower,) not in carriers and not (names and token.capital):
            return None
    return None


def _segment(material: Material, anchor: int, first: int, last: int) -> tuple[int, int]:
    """The clause around token `anchor` within [first, last): up to the next mark or conjunction on either side."""
    tokens = material.doc.tokens
    start = end = anchor
    while start > first and not _parts(tokens[start - 1].text, tokens[start - 1].lower):
        start -= 1
    while end < last and not _parts(tokens[end].text, tokens[end].lower):
        end += 1
    return start, end


def _parts(text: str, lower: str) -> bool:
    return text in _BREAKS or lower in _CONJUNCTIONS


def _clause_of(material: Material, claim: Claim, first: int, last: int) -> tuple[int, int]:
    anchor = first
    if claim.quantity is not None:
        anchor = max(first, min(material.tokens_of(claim.quantity.passage)[0], last - 1))
    return _segment(material, anchor, first, last)


def _negation_inside(material: Material, claim: Claim, first: int, last: int) -> str | None:
    """A "not" in the clause of the claim's head, outside its number and before what is counted or done."""
    tokens = material.doc.tokens
    start, end = _clause_of(material, claim, first, last)
    number = material.tokens_of(claim.quantity.passage) if claim.quantity else (start, start)
    if claim.kind not in _FACTUAL:
        return None
    for place in range(max(start, number[0] - _REACH), min(end, number[1] + _REACH)):
        if number[0] <= place < number[1]:
            continue
        lower = tokens[place].lower
        ahead = place + 1
        while ahead + 1 < len(tokens) and tokens[ahead].lower.endswith("ly") and tokens[ahead].lower not in _SPARING:
            ahead += 1  # "not immediately clear"
        following = tokens[ahead].lower if ahead < len(tokens) else ""
        if lower in ("not", "never") or lower.endswith("n't"):
            sought = claim.effect == "missing" and following == "been" and _is_sought(tokens[ahead + 1 : ahead + 3])
            if following not in _SPARING and following not in _KNOWING and not sought:
                return tokens[place].text
        elif lower in ("no", "none", "nobody", "neither") and place - start <= 1 and following != "doubt":
            return tokens[place].text
    return None


def _is_sought(after: tuple[Token, ...]) -> bool:
    """ "has not been FOUND", "has not yet been SEEN": the negation is what makes one missing."""
    return any(token.lower in ("found", "located", "traced", "seen", "heard", "accounted") for token in after)


def _negation_near(material: Material, claim: Claim, first: int, last: int) -> bool:
    tokens = material.doc.tokens
    sentence = material.sentence_of(claim.passage)
    cues = _cues("negation")
    lemmas = ("lack", "fail", "refus", "rule", "unlikely", "untouched", "unharmed", "unhurt", "unscathed", "spare")
    return any(
        (token.lower,) in cues or token.lower.endswith("n't") or token.lower.startswith(lemmas) or token.text == "0"
        for token in tokens[sentence.first : max(last, sentence.first)]
    )


def _hedge_inside(material: Material, claim: Claim, first: int, last: int) -> str | None:
    """A hedge in the clause of the claim's head: an adverb or "is said to", an adjective only at its beginning."""
    if claim.kind not in _FACTUAL:
        return None
    start, end = _clause_of(material, claim, first, last)
    lowers = [token.lower for token in material.doc.tokens[start:end]]
    for place, lower in enumerate(lowers):
        if (lower,) in _cues("hedge") and (lower.endswith("ly") or place <= 1):
            return lower
    joined = " " + " ".join(lowers) + " "
    return next((" ".join(phrase) for phrase in _cues("report") if f" {' '.join(phrase)} " in joined), None)


def _check_checking(material: Material, claim: Claim, others: Iterable[int]) -> None:
    doc = material.doc
    end = doc.sentences[doc.sentence_of(material.tokens_of(claim.passage)[1] - 1)].end
    if not any(claim.passage.start < stem < end for stem in material.checkings):
        return
    found = _UNCHECKED.search(doc.text, claim.passage.start, end)
    if found is None or claim.kind in ("statement", "investigation", "referral"):
        return
    if any(claim.passage.start < start < found.start() for start in others):
        return
    raise CandidateError(
        "boundary.verification",
        f"{brief(found.group().strip(' ,'))} follows {brief(claim.passage.text)}; no verification is given",
    )


def _by_a_pronoun(material: Material, first: int, last: int) -> bool:
    """Whether the one who speaks is no more than a pronoun: "they said that …", "…, it was reported"."""
    doc = material.doc
    sentence = doc.sentences[doc.sentence_of(first)]
    ahead = [
        t.lower for t in doc.tokens[max(sentence.first, first - 4) : first] if t.lower not in ("that", '"', "“", ":")
    ]
    behind = [t.lower for t in doc.tokens[last : min(last + 5, sentence.last)] if t.text not in ',”"']
    return ahead[-2:-1] in _PRONOUNS or behind[:1] in _PRONOUNS


def _by_rumour(material: Material, first: int) -> bool:
    """Whether nobody is told to have said it: "has received reports that", "amid claims that"."""
    doc = material.doc
    start = doc.sentences[doc.sentence_of(first)].first
    ahead = [token.lower for token in doc.tokens[max(start, first - 3) : first]]
    return len(ahead) == 3 and ahead[2] == "that" and ahead[1] in ("reports", "claims") and ahead[0] in _HEARS


_HEARS = frozenset(
    {"received", "receives", "receive", "heard", "hear", "amid", "of", "despite", "after", "seen", "and"}
)
_PRONOUNS = (["he"], ["she"], ["they"], ["it"])


def _attributed(material: Material, first: int, last: int) -> str | None:
    """Words that give the claim to a speaker: "… said (that) [claim]", "According to …, [claim]", "[claim], … said"."""
    doc = material.doc
    sentence = doc.sentences[doc.sentence_of(first)]
    place = first - 1
    while place >= sentence.first and (doc.tokens[place].text in '"“”:' or doc.tokens[place].lower == "that"):
        place -= 1
    if place > sentence.first and doc.tokens[first].lower not in _CONJUNCTIONS:  # "…, he said [when it was over]"
        verb, before = doc.tokens[place], doc.tokens[place - 1]
        if verb.lower in _says() - _adjectives() and (before.lower,) not in _cues("carrier"):  # "the reported killing"
            return verb.text
    opening = [token.lower for token in doc.tokens[sentence.first : first]]
    if opening[:2] == ["according", "to"] and opening[-1] == "," and opening.count(",") == 1:
        return "according to"
    rest = [token.lower for token in doc.tokens[last : sentence.last]]
    if rest[:1] == [","]:
        if rest[1:3] == ["according", "to"]:
            return "according to"
        tail = rest[1:9]
        stops = (number for number, word in enumerate(tail) if word in _BREAKS or word in ("who", "which"))
        said = next((word for word in tail[: next(stops, len(tail))] if word in _says() - _adjectives()), None)
        if said and tail[0] not in _CONJUNCTIONS:
            return said
    return None
