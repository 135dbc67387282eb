"""The boundary audit and the checks of words in Ukrainian and Russian: what `boundary` and `values` do for English.

The rules are the same, the lists are {uk,ru}_audit.tsv, {uk,ru}_qualifiers.tsv, {uk,ru}_cues.tsv,
{uk,ru}_verification.tsv and {uk,ru}_legal_labels.tsv: a negation, hedge or qualifier directly outside a span, or
inside a claim of fact, must be seen in its fields; words of checking after a claim, in its verification; a speaker
behind it, in its holder.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from probanda.extract.gate.material import Material
from probanda.extract.gate.shape import CandidateError, brief
from probanda.extract.slavic.number_words import core_at
from probanda.extract.slavic.words import LANGUAGES, Terms, fold, folded, part_of, terms_of
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import tokenise
from probanda.records.passage import Passage
from probanda.records.reading import Claim, Event, HolderUnknown, Label, Narrator, Quotation, Verification

_REACH = 5
_BREAKS = frozenset(',;:()[]—–…"“”„«».!?')
_CONJUNCTIONS = frozenset(
    (
        "і й та а але або що який яка які коли якщо хоча и но или что который которая которые когда если хотя чтобы щоб"
    ).split()
)
_SPARING = frozenset(
    ("вести вісти лише тільки менше більше менш більш тільки только лишь менее более меньше больше").split()
)
_KNOWING = frozenset(
    (
        "відомо уточнив уточнила уточнили повідомив повідомила назвав назвала сказав известно уточнил уточнила "
        "уточнили сообщил сообщила назвал назвала сказал з'ясована з'ясовано з'ясоване встановлена встановлено "
        "встановлене відома відоме выяснена выяснено установлена установлено установлены известна известен известны"
    ).split()
)
_FACTUAL = frozenset({"casualty", "displacement", "attack", "damage", "siege", "control"})


def reads(language: str) -> bool:
    """Whether this audit is for the language."""
    return language in LANGUAGES


@cache
def _words(language: str, kind: str) -> frozenset[str]:
    return frozenset(
        fold(term) for row in table(f"{language}_audit.tsv") if row["kind"] == kind for term in row["terms"].split(",")
    )


@cache
def _stems(language: str, kind: str) -> Terms[str]:
    return Terms(
        (term, kind)
        for row in table(f"{language}_audit.tsv")
        if row["kind"] == kind
        for term in row["terms"].split(",")
    )


@cache
def _qualifiers(language: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in table(f"{language}_qualifiers.tsv"):
        phrase = tuple(fold(row["phrase"]).split())
        if row["side"] == "before":
            found.setdefault(phrase[-1], []).append(phrase)
    return {word: tuple(phrases) for word, phrases in found.items()}


@cache
def _verbs(language: str) -> frozenset[str]:
    return frozenset(
        fold(form)
        for row in table(f"{language}_cues.tsv")
        if row["class"] in ("say",)
        for form in row["forms"].split(",")
    )


def check_claim(material: Material, claim: Claim, others: Iterable[int]) -> None:
    """Raises `CandidateError` where words outside or at the head of the claim say what its fields do not."""
    del others
    first, last = material.tokens_of(claim.passage)
    denied = claim.negated or claim.modality == "denied"
    nobody = claim.quantity is not None and claim.quantity.stated == 0
    cue = _governing(material, first, "negation")
    if cue and not denied and not nobody:
        raise CandidateError("boundary.negation", f"{brief(cue)} stands before {brief(claim.passage.text)}")
    if not denied and not nobody and (cue := _negation_inside(material, claim, first, last)):
        raise CandidateError("boundary.negation", f"{brief(cue)} stands in {brief(claim.passage.text)}")
    if claim.negated and not _negation_near(material, claim):
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
    if claim.verification is None and claim.kind in _FACTUAL and claim.quantity is not None:
        _check_checking(material, claim, last)
    if isinstance(claim.source, (Narrator, HolderUnknown)):
        said = _attributed(material, first, last)
        if said:
            raise CandidateError(
                "boundary.attribution", f"{brief(said)} gives these words to a speaker; the claim does not"
            )


def check_event(material: Material, event: Event) -> None:
    """Raises `CandidateError` for an event said to be accomplished whose trigger a negation or a hedge governs."""
    if event.modality != "accomplished":
        return
    first, _ = material.tokens_of(event.trigger)
    for kind, code in (("negation", "boundary.negation"), ("hedge", "boundary.hedge")):
        cue = _governing(material, first, kind)
        if cue:
            raise CandidateError(code, f"{brief(cue)} stands before {brief(event.trigger.text)}")


def check_quotation(material: Material, quotation: Quotation) -> None:
    """Raises `CandidateError` for words cut off after their negation, or a speaker who "did not say" them."""
    first, _ = material.tokens_of(quotation.passage)
    cue = _governing(material, first, "negation") if quotation.form == "direct" else None
    if quotation.cue is not None and cue is None:
        verb, _ = material.tokens_of(quotation.cue)
        cue = _governing(material, verb, "negation")
    if cue:
        raise CandidateError("boundary.negation", f"{brief(cue)} stands before {brief(quotation.passage.text)}")


def check_number_edges(material: Material, passage: Passage, *, head_only: bool = False) -> None:
    """Raises `CandidateError` where a qualifier or a scale stands directly outside a number."""
    doc = material.doc
    first, last = material.tokens_of(passage)
    language = doc.language
    sentence = doc.sentences[doc.sentence_of(first)]
    if core_at(doc.tokens, first, language) is not None:
        before = folded(doc.tokens[max(sentence.first, first - 5) : first])
        for phrase in _qualifiers(language).get(before[-1], ()) if before else ():
            if before[-len(phrase) :] == phrase and phrase != ("до",) and phrase != ("з",):
                words = " ".join(phrase)
                raise CandidateError("boundary.qualifier", f"{brief(words)} stands before {brief(passage.text)}")
    if head_only:
        return
    if doc.tokens[last - 1].kind == "number" and last < sentence.last:
        after = fold(doc.tokens[last].text)
        scaled = core_at(doc.tokens, last - 1, language)
        if after == "%" or (scaled is not None and scaled.last > last and after not in ("-", "–")):
            raise CandidateError("boundary.qualifier", f"{brief(after)} stands after {brief(passage.text)}")


def check_label(label: Label, language: str) -> None:
    """Raises `CandidateError` unless the words are a legal term and the label the one that it stands for."""
    words = folded(tokenise(label.passage.text))
    found = terms_of(language, "legal_labels").at(words, 0, len(words)) if words else None
    held = found.value["label"] if found is not None and found.last == len(words) else None
    if held != label.label:
        raise CandidateError(
            "value.label", f"{brief(label.passage.text)} is {held or 'no label'}; the candidate says {label.label}"
        )


def check_verification(verification: Verification, language: str) -> None:
    """Raises `CandidateError` where the words cannot carry the status: "verified" for a denial, or the reverse."""
    words, status = folded(tokenise(verification.passage.text)), verification.status
    denies = any(_stems(language, "denies").keys(word) for word in words)
    disputes = any(_stems(language, "disputes").keys(word) for word in words)
    fits = {
        "verified": not denies and not disputes,
        "not_verified": denies,
        "not_independently_verified": denies,
        "disputed": disputes or denies,
        "being_verified": True,
    }[status]
    if not fits:
        raise CandidateError("value.verification", f"{brief(verification.passage.text)} does not say {status}")


def says_none(language: str, word: str) -> bool:
    """Whether the word says that nobody did: "одноголосно", "ніхто"."""
    return fold(word) in _words(language, "none")


def _governing(material: Material, first: int, kind: str) -> str | None:
    """The cue of `kind` that stands before token `first` with nothing but carriers between."""
    doc = material.doc
    if first >= len(doc.tokens):
        return None
    sentence, quoted = doc.sentences[doc.sentence_of(first)], doc.quoted_of(first)
    cues, carriers = _words(doc.language, kind), _words(doc.language, "carrier")
    for place in range(first - 1, max(sentence.first, first - _REACH) - 1, -1):
        token = doc.tokens[place]
        word = fold(token.text)
        if token.text in _BREAKS or doc.quoted_of(place) != quoted:
            return None
        if word in cues:
            following = fold(doc.tokens[place + 1].text)
            return None if following in _SPARING else token.text
        if word not in carriers:
            return None
    return None


def _clause_of(material: Material, claim: Claim, first: int, last: int) -> tuple[int, int]:
    anchor = first
    if claim.quantity is not None:
        anchor = max(first, min(material.tokens_of(claim.quantity.passage)[0], last - 1))
    start = end = anchor
    tokens = material.doc.tokens
    while start > first and not _parts(tokens[start - 1].text):
        start -= 1
    while end < last and not _parts(tokens[end].text):
        end += 1
    return start, end


def _parts(text: str) -> bool:
    return text in _BREAKS or fold(text) in _CONJUNCTIONS


def _negation_inside(material: Material, claim: Claim, first: int, last: int) -> str | None:
    if claim.kind not in _FACTUAL:
        return None
    tokens, language = material.doc.tokens, material.doc.language
    start, end = _clause_of(material, claim, first, last)
    number = material.tokens_of(claim.quantity.passage) if claim.quantity else (start, start)
    cues = _words(language, "negation")
    for place in range(max(start, number[0] - _REACH), min(end, number[1] + _REACH)):
        if number[0] <= place < number[1] or fold(tokens[place].text) not in cues:
            continue
        if fold(tokens[place].text) == "без" and not _lacks_harm(material, place, end):
            continue  # "без згоди батьків", "без обвинений"
        following = fold(tokens[place + 1].text) if place + 1 < len(tokens) else ""
        if following not in _SPARING and following not in _KNOWING:
            return tokens[place].text
    return None


def _lacks_harm(material: Material, without: int, end: int) -> bool:
    """Whether what is told to be absent is harm: "без жертв", "без тяжёлых раненых"."""
    language = material.doc.language
    words = folded(material.doc.tokens[without + 1 : min(end, without + 4)])
    effects = terms_of(language, "effects")
    place = 1 if len(words) > 1 and part_of(words[0], language) == "adjective" else 0
    return any(effects.at(words, at, len(words)) is not None for at in range(min(place + 1, len(words))))


def _negation_near(material: Material, claim: Claim) -> bool:
    sentence = material.sentence_of(claim.passage)
    cues = _words(material.doc.language, "negation")
    return any(
        fold(token.text) in cues or token.text == "0" for token in material.doc.tokens[sentence.first : sentence.last]
    )


def _hedge_inside(material: Material, claim: Claim, first: int, last: int) -> str | None:
    if claim.kind not in _FACTUAL:
        return None
    start, end = _clause_of(material, claim, first, last)
    cues = _words(material.doc.language, "hedge")
    number = material.tokens_of(claim.quantity.passage) if claim.quantity else (start, start)
    return next(
        (token.text for place, token in enumerate(material.doc.tokens[start:end], start)
         if fold(token.text) in cues and not number[0] <= place < number[1]), None,
    )  # fmt: skip


def _check_checking(material: Material, claim: Claim, last: int) -> None:
    doc = material.doc
    sentence = doc.sentences[doc.sentence_of(last - 1)]
    terms = terms_of(doc.language, "verification")
    words = folded(doc.tokens[last : sentence.last])
    for place in range(len(words)):
        found = terms.at(words, place, len(words))
        if found is not None and found.value["status"] in ("not_verified", "not_independently_verified"):
            raise CandidateError(
                "boundary.verification",
                f"{brief(' '.join(words[place : found.last]))} follows {brief(claim.passage.text)}; "
                "no verification is given",
            )


def _attributed(material: Material, first: int, last: int) -> str | None:
    """Words that give the claim to a speaker: "… заявив, що [claim]", "[claim], — сказав …"."""
    doc = material.doc
    sentence = doc.sentences[doc.sentence_of(first)]
    words = folded(doc.tokens[sentence.first : sentence.last])
    at, end = first - sentence.first, last - sentence.first
    verbs = _verbs(doc.language)
    if at >= 3 and words[at - 1] in ("що", "что") and words[at - 2] == ",":
        near = words[max(0, at - 12) : at - 2]
        if words[at - 3] in verbs or (near and near[0] in verbs and "," not in near):
            return "що"
    rest = words[end : end + 4]
    while rest and rest[0] in ("»", '"', "”"):
        rest = rest[1:]
    if rest[:1] == (",",) or rest[:1] == ("—",):
        tail = rest[1:]
        while tail and tail[0] in ("—", "–", "як", "как"):
            tail = tail[1:]
        if tail and tail[0] in verbs:
            return tail[0]
    return None
