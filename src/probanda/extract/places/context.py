"""What stands around a name: whether it is a place at all, and in which role.

Two questions, both answered from the words next to the name and never from the name itself. Is it a place, or part of
a name of a person ("Jordan Smith") or body ("Washington Post")? And does it act ("Karovia said"), stand for a
government ("talks with Moscow"), or say where? Words: lexica/place_context.tsv. A country without a preposition of
place counts as an actor; a city that is not a capital never does.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from probanda.extract.places.gazetteer import load
from probanda.extract.text.actors import class_at, is_ordinary, noun_phrase_starting_at, starts_sentence, word_classes
from probanda.extract.text.inflection import verb_forms
from probanda.extract.text.lexicon import table
from probanda.extract.text.segments import Document

Role = Literal["location", "actor", "metonym"]


@cache
def context(kind: str) -> frozenset[str]:
    """The words of one kind, lower case; verbs in every form."""
    words = {row["word"] for row in table("place_context.tsv") if row["kind"] == kind}
    if kind.endswith("_verb"):
        words = {form for word in words for form in verb_forms(word)}
    return frozenset(words)


@cache
def demonyms() -> dict[str, str]:
    """Adjective or national, lower case, to the country's code."""
    return {
        word.lower(): row["country"]
        for row in table("demonyms.tsv")
        for word in (row["adjective"] + "," + row["nationals"]).split(",")
        if word
    }


def is_national(doc: Document, place: int) -> bool:
    """Whether a token is an adjective of nationality: a known one, or a capitalised word with the ending of one that
    the gazetteer does not know as a town ("Karovian")."""
    token = doc.tokens[place]
    if token.lower in demonyms():
        return True
    if (
        not token.capital
        or len(token.text) < 6
        or not token.lower.endswith(("ian", "ean", "ish", "ese", "lan", "tan", "ni"))
    ):
        return False
    return not is_ordinary(token.lower) and not load().lookup(token.text)


def words_before(doc: Document, first: int) -> tuple[str, str]:
    """The lower-case word that governs the name (articles, adjectives of direction and nouns in apposition such as
    "the port city" left out), and the word before that; "" at the start of a sentence."""
    floor = doc.sentences[doc.sentence_of(first)].first
    place = first - 1
    skipped = context("compass") | context("settlement_noun") | {"the", "s", "its", "their"}
    while place >= floor and (doc.tokens[place].lower in skipped or _is_modifier(doc, place)):
        place -= 1
    return _word(doc, place, floor), _word(doc, place - 1, floor)


def _word(doc: Document, place: int, floor: int) -> str:
    return doc.tokens[place].lower if place >= floor else ""


def _is_modifier(doc: Document, place: int) -> bool:
    token = doc.tokens[place]
    return token.kind == "word" and (token.lower in demonyms() or "-largest" in token.lower)


def in_capitals(doc: Document, place: int) -> bool:
    """Whether the sentence is set in capitals, so that a capital letter says nothing."""
    sentence = doc.sentences[doc.sentence_of(place)]
    words = [t for t in doc.tokens[sentence.first : sentence.last] if t.kind == "word" and len(t.text) > 2]
    return len(words) > 2 and sum(t.acronym for t in words) > 0.7 * len(words)


def in_title_case(doc: Document, place: int) -> bool:
    """Whether the sentence is a heading whose nouns and verbs are all capitalised, so that a capital says nothing."""
    sentence = doc.sentences[doc.sentence_of(place)]
    words = [t for t in doc.tokens[sentence.first : sentence.last] if t.kind == "word" and len(t.text) > 3]
    closed = doc.tokens[sentence.last - 1].text in ".!?”"
    return not closed and len(words) > 3 and sum(t.capital for t in words) > 0.8 * len(words)


def part_of_other_name(doc: Document, first: int, last: int, taken: frozenset[int]) -> str | None:
    """Why tokens [first, last) are part of a longer name: "given" (a name follows), "surname" (a name or title
    precedes), "body" or "owner" ("University of X"); `None` where they stand alone. `taken` holds the tokens of other
    names of places."""
    if in_capitals(doc, first):
        return None
    after = doc.tokens[last] if last < len(doc.tokens) and _adjacent(doc, last) else None
    if after is not None and after.kind == "word" and after.capital and last not in taken:
        low = after.lower
        if low in context("org_noun"):
            return "body"
        known = context("region_noun") | context("person_title") | context("month") | context("compass")
        if low not in known and low not in demonyms() and not after.text.isupper():
            return "given"
    before = doc.tokens[first - 1] if first and _adjacent(doc, first) else None
    if before is None or before.kind == "mark":
        if (
            first > 1
            and before is not None
            and before.text == "."
            and doc.tokens[first - 2].lower in context("person_title")
        ):
            return "surname"
        initial = before is not None and before.text == "." and first > 1 and len(doc.tokens[first - 2].text) == 1
        return "surname" if initial and doc.tokens[first - 2].capital else None
    if before.kind != "word":
        return None
    low = before.lower
    if low in context("person_title") and (before.capital or low in ("president", "minister", "general", "judge")):
        return "surname"
    if (
        low == "of"
        and first > 1
        and doc.tokens[first - 2].lower in context("owner_noun")
        and doc.tokens[first - 2].capital
    ):
        return "owner"
    if not before.capital:
        return None
    if first - 1 in taken:
        return "surname" if _titled(doc, first - 1) else None
    ordinary = (
        context("compass") | context("month") | context("settlement_noun") | context("region_noun") | {"the", "new"}
    )
    if low in ordinary or low in demonyms():
        return None
    if starts_sentence(doc, first - 1) and is_ordinary(low) and not _given_name(low):
        return None
    # "told Harbour News Karovia planned": the country is the subject of the next verb.
    follows = low in context("org_noun") and last < len(doc.tokens) and class_at(doc, last) in "VMP"
    return None if follows else "surname"


def _titled(doc: Document, place: int) -> bool:
    """Whether a title opens the run of capitals that ends at `place`: "President Chad Milan"."""
    while place > 0 and doc.tokens[place - 1].capital and _adjacent(doc, place):
        place -= 1
        if doc.tokens[place].lower in context("person_title"):
            return True
    return False


@cache
def name_kinds() -> dict[str, str]:
    """Names of places that are also names of persons ("person") or English words ("word")."""
    return {row["name"]: row["kind"] for row in table("place_words.tsv")}


def _given_name(word: str) -> bool:
    return name_kinds().get(word) == "person"


def _adjacent(doc: Document, right: int) -> bool:
    """Whether only blanks part a token from the one before, in one sentence."""
    gap = doc.tokens[right].start - doc.tokens[right - 1].end
    return gap <= 1 and doc.sentence_of(right) == doc.sentence_of(right - 1)


def supported(doc: Document, first: int, last: int) -> bool:
    """Whether a word beside the name says that it is a place: a preposition, "the town of", "X region"."""
    if dateline(doc, first, last):
        return True
    low = doc.tokens[first - 1].lower if first else ""
    nouns = context("settlement_noun") | context("region_noun")
    if low in context("locative") | context("compass") or low in nouns:
        return True
    if (
        low == "of"
        and first > 1
        and doc.tokens[first - 2].lower in nouns | {"streets", "outside", "people", "residents"}
    ):
        return True
    if low in ("and", ",") and first > 1 and words_before(doc, first - 1)[0] in context("locative"):
        return True
    return last < len(doc.tokens) and doc.tokens[last].lower in context("region_noun")


def dateline(doc: Document, first: int, last: int) -> bool:
    """Whether the name belongs to a dateline, "VESNA, Karovia (Agency) — ": capitals at the start of a paragraph, and
    a dash or colon within ten words."""
    paragraph = doc.paragraphs[doc.paragraph_of(first)]
    opening = paragraph.first
    if doc.tokens[opening].text == "(" and first == opening + 1:  # "(Vesna, July 19, 2029) –"
        closing = next((p for p in range(last, min(last + 9, paragraph.last)) if doc.tokens[p].text == ")"), None)
        dashed = closing is not None and closing + 1 < paragraph.last and doc.tokens[closing + 1].text in "—–-"
        return dashed and doc.tokens[last].text == ","
    if not doc.tokens[opening].text.isupper() or len(doc.tokens[opening].text) < 3 or first > opening + 4:
        return False
    if first > opening and doc.tokens[first - 1].text != ",":
        return False
    following = doc.tokens[last : min(last + 12, paragraph.last)]
    return bool(following) and following[0].text in ",(—–-/" and any(token.text in "—–-:" for token in following)


def role_of(doc: Document, first: int, last: int, feature: str) -> Role:
    """Whether a place acts, stands for a government, or says where."""
    if feature in ("city", "admin1"):
        return "location"
    acting: Role = "actor" if feature == "country" else "metonym"
    governor, earlier = words_before(doc, first)
    if last + 1 < len(doc.tokens) and class_at(doc, last) == "S":
        return _owner_role(doc, last, governor, acting)
    if governor == "from" and earlier in context("speech_noun"):
        return acting
    if governor in ("between", "with") and feature == "capital":
        return acting if _near(doc, first, context("partner_noun")) else "location"
    if governor == "for" and _near(doc, first, context("leave_verb")):
        return "location"
    if governor in ("on", "for", "to", "in"):
        nouns = {"on": "pressure_noun", "for": "support_noun", "to": "support_noun", "in": ""}[governor]
        if nouns and _near(doc, first, context(nouns)) and not (feature == "country" and governor == "to"):
            return acting
        return "location" if feature == "capital" or governor in ("in", "to") else "actor"
    if governor in context("locative"):
        return "location"
    if governor == "of":
        return "actor" if feature == "country" and earlier in context("government_noun") else "location"
    if governor in ("by", "against"):
        return acting
    if governor in context("reach_verb") and governor not in context("metonym_verb"):
        return "location"
    if governor in context("metonym_verb"):
        return acting
    if feature == "country":
        following = class_at(doc, last) if last < len(doc.tokens) else "-"
        return "location" if following == "N" and not governor and _attributive(doc, last) else "actor"
    return acting if _acts(doc, last) else "location"


def _owner_role(doc: Document, clitic: int, governor: str, acting: Role) -> Role:
    phrase = noun_phrase_starting_at(doc, clitic + 1)
    owned = doc.tokens[clitic + 1 : phrase[1] if phrase else clitic + 2]
    if any(token.lower in context("geo_noun") for token in owned[:3]):
        return "location"
    return acting


def _near(doc: Document, place: int, words: frozenset[str]) -> bool:
    floor = max(doc.sentences[doc.sentence_of(place)].first, place - 8)
    return any(token.lower in words for token in doc.tokens[floor:place])


def _attributive(doc: Document, last: int) -> bool:
    """A country before a noun that is no verb: "Karovia war", not "Karovia strikes back"."""
    return "V" not in word_classes(doc.tokens[last].lower)


def _acts(doc: Document, last: int) -> bool:
    """Whether the verb that follows the name is one that a government does. A second name joined by "and" stands
    between the first and their verb: "Vesna and Brannoc voted against it"."""
    end = doc.sentences[doc.sentence_of(last - 1)].last
    place = last
    if place + 1 < end and doc.tokens[place].lower == "and" and doc.tokens[place + 1].text[:1].isupper():
        place += 2
        while place < end and doc.tokens[place].text[:1].isupper():
            place += 1
        last = place
    while (
        place < end
        and place < last + 3
        and (
            class_at(doc, place) in "RM"
            or doc.tokens[place].lower in ("has", "have", "had", "will", "would", "is", "also")
        )
    ):
        if doc.tokens[place].lower == "is" and place + 1 < end and class_at(doc, place + 1) != "G":
            return False
        place += 1
    return place < end and doc.tokens[place].lower in context("act_verb")
