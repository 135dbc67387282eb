"""What can be told of verbs and clauses without a parser: parts of speech by word, verb groups, where a clause opens.

Guarantees: nothing here looks outside the sentence of the token asked about. Parts of speech come from
lexica/word_classes.tsv and, for words that it lacks, from endings; both are guesses, and what is built on them
prefers no answer to a wrong one.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.text.inflection import trigger_classes
from probanda.extract.text.lexicon import table, word_list
from probanda.extract.text.segments import Document, Token
from probanda.extract.text.word_sets import word_set

BE = word_set("be is are was were been being am isn't aren't wasn't weren't")
HAVE = word_set("have has had having haven't hasn't hadn't")
DO = frozenset(["do", "does", "did", "didn't", "doesn't", "don't"])
GET = word_set("get got gets gotten remain remains remained left found confirmed pronounced declared listed")
AUXILIARY = BE | HAVE | DO
MODAL = word_set(
    "will would shall should could may might can must cannot won't wouldn't can't couldn't shouldn't mightn't"
)
NEGATIVE = frozenset(["not", "never", "neither", "nor", "without"])
OPENERS = frozenset(
    [
        "who",
        "which",
        "whom",
        "whose",
        "where",
        "when",
        "while",
        "whilst",
        "after",
        "before",
        "because",
        "as",
        "since",
        "although",
        "though",
        "but",
        "until",
        "once",
        "whereas",
        "so",
    ]
)
ADVERBS = word_set(
    "also already still now yet then just only even again once ever soon since later thus so far initially"
)
DETERMINERS = word_set(
    "the a an this that these those his her its their our my your some any no each every another all both"
)
_PRONOUNS = frozenset(["he", "she", "they", "it", "we"])
_SUBJECTS = word_set("who which they he she we it i you people forces troops")


@cache
def _classes() -> dict[str, str]:
    return {row["word"]: row["classes"] for row in table("word_classes.tsv")}


@cache
def classes(word: str) -> str:
    """Parts of speech of a lower-case word, the likeliest first, in the letters of lexica/word_classes.tsv."""
    found = _classes().get(word)
    if found is not None:
        return found
    if word in trigger_classes():
        return trigger_classes()[word]
    if "-" in word:
        last = word.rpartition("-")[2]
        return classes(last) if last else "N"
    if word.endswith("ing"):
        return "G"
    if word.endswith("ed"):
        return "VP"
    if word.endswith("ly"):
        return "R"
    return "J" if word.endswith(("ous", "ful", "ive", "ary", "less", "ish")) else "N"


def is_past(token: Token) -> bool:
    """Whether the word can be a past tense or a participle."""
    lower = token.lower
    return (lower.endswith("ed") and "-" not in lower and len(lower) > 3) or lower in word_list("irregular_past.txt")


def is_adverb(token: Token) -> bool:
    return token.kind == "word" and (
        token.lower in ADVERBS or (token.lower.endswith("ly") and classes(token.lower)[0] == "R")
    )


def is_verb_group(token: Token) -> bool:
    """A word that can stand between an auxiliary and its verb, the auxiliaries among them."""
    return token.lower in AUXILIARY or token.lower in NEGATIVE or token.lower.endswith("n't") or is_adverb(token)


def group_start(doc: Document, verb: int) -> int:
    """The first token of the verb group that ends at token `verb`: "have not yet been" in "have not yet been
    killed"."""
    start = doc.sentences[doc.sentence_of(verb)].first
    place = verb
    while place > start and (is_verb_group(doc.tokens[place - 1]) or doc.tokens[place - 1].lower in MODAL):
        place -= 1
    return place


def noun_phrase_start(doc: Document, noun: int) -> int:
    """The first token of the noun phrase whose head or modifier stands at `noun`, determiner included."""
    start = doc.sentences[doc.sentence_of(noun)].first
    place = noun
    while place > start:
        before = doc.tokens[place - 1]
        if before.lower in DETERMINERS:
            return place - 1
        if before.kind in ("number", "clitic") or (
            before.kind == "word" and before.lower not in AUXILIARY | MODAL and _premodifies(before)
        ):
            place -= 1
        else:
            break
    return place


def _premodifies(token: Token) -> bool:
    kinds = classes(token.lower)
    return token.capital or kinds[0] in "NJQ" or kinds in ("PJ", "PJV", "GJ", "GN") or "-" in token.lower


def is_noun_at(doc: Document, place: int) -> bool:
    """Whether the word is used as a noun here, by what stands before it where its class leaves a choice."""
    token = doc.tokens[place]
    kinds = classes(token.lower)
    first = doc.sentences[doc.sentence_of(place)].first
    before = doc.tokens[place - 1] if place > first else None
    if before is not None and before.lower in MODAL | {"to"} and token.lower not in _classes() and not token.capital:
        return False  # an uncounted word there is likelier a verb: "planned to besiege"
    if before is not None and (before.lower in MODAL | DO or (before.lower == "not" and place - 1 > first
                               and doc.tokens[place - 2].lower in MODAL | DO)):  # fmt: skip
        return False  # "did not fire"
    if kinds[0] == "J" and before is not None:
        return not (is_verb_group(before) or is_past(before) or before.lower in MODAL)
    if not ("V" in kinds or "P" in kinds or "G" in kinds):
        return True
    after = doc.tokens[place + 1].lower if place + 1 < len(doc.tokens) else ""
    if after in ("them", "him", "us", "me") and is_past(token):
        return False  # "separated the men and shot them"
    if before is None:
        return kinds[0] == "N"
    if before.lower in MODAL | AUXILIARY or before.lower == "to":
        return False
    if before.lower in _PRONOUNS or before.lower in NEGATIVE or before.lower in ("who", "which", "i", "you"):
        return False
    if before.lower == "that" and place - 1 > first and "V" in kinds and "N" in classes(doc.tokens[place - 2].lower):
        return False  # a relative clause: "rockets that hit the school"
    if (
        before.lower in DETERMINERS
        or before.kind == "clitic"
        or before.lower in ("of", "in", "by", "for", "from", "during", "under")
    ):
        return "N" in kinds or ("G" not in kinds and not is_past(token))
    if before.kind == "word" and classes(before.lower)[0] in "JN" and kinds[0] == "N":
        plural_subject = before.lower.endswith("s") and not token.lower.endswith("s") and "V" in kinds
        return not (before.lower in _SUBJECTS or plural_subject)
    return kinds[0] == "N"


def clause_of(doc: Document, place: int) -> tuple[int, int]:
    """Token range of the clause around `place`: up to a semicolon, colon, dash, a word that opens a clause, or a
    comma beside one. Wide rather than narrow: "and" alone does not end it."""
    sentence = doc.sentences[doc.sentence_of(place)]
    first, last = place, place + 1
    while first > sentence.first:
        aside = _parenthesis_before(doc, first, sentence.first)
        if aside is not None:
            first = aside
        elif opens_clause(doc, first):
            break
        else:
            first -= 1
    while last < sentence.last and not opens_clause(doc, last):
        last += 1
    while last > place + 1 and doc.tokens[last - 1].kind == "mark" and doc.tokens[last - 1].text not in "%)":
        last -= 1
    while first < place and doc.tokens[first].kind == "mark":
        first += 1
    return first, last


def _parenthesis_before(doc: Document, place: int, start: int) -> int | None:
    """Where the parenthesis that closes right before `place` begins, so that an aside does not end a clause."""
    if doc.tokens[place - 1].text != ")":
        return None
    return next((at for at in range(place - 2, max(start, place - 40) - 1, -1) if doc.tokens[at].text == "("), None)


def opens_clause(doc: Document, place: int) -> bool:
    """Whether a new clause begins at token `place`."""
    tokens = doc.tokens
    token, before = tokens[place], tokens[place - 1]
    if before.text in ";:—(" or (before.text in "–-" and before.end < token.start):
        return True
    if token.lower in OPENERS:
        return not _is_preposition(doc, place)
    if token.lower in ("and", "but") and before.text != "," and _new_subject(doc, place + 1):
        return True
    if before.text == ",":
        following = tokens[place + 1] if place + 1 < len(tokens) else token
        if token.lower in ("and", "but", "or", "with"):
            return following.lower in DETERMINERS | _PRONOUNS or following.capital
        return token.lower in _PRONOUNS or token.lower in ("if", "unless") or classes(token.lower) == "G"
    return False


def _is_preposition(doc: Document, place: int) -> bool:
    """ "as many as", "since Monday", "after 12 days": no clause, as far as the words beside it tell."""
    tokens = doc.tokens
    after = tokens[place + 1] if place + 1 < len(tokens) else tokens[place]
    if tokens[place].lower == "as":
        return after.lower in ("many", "much", "of", "few", "well") or tokens[place - 1].lower in (
            "many",
            "much",
            "well",
            "far",
            "such",
        )
    return tokens[place].lower in ("so", "once") or (
        tokens[place].lower in ("since", "before", "after", "until") and (after.capital or after.kind == "number")
    )


def _new_subject(doc: Document, place: int) -> bool:
    """Whether a clause with a subject of its own begins at `place`: "... fled and THE FIGURE IS expected"."""
    tokens = doc.tokens
    end = doc.sentences[doc.sentence_of(place - 1)].last
    if place >= end:
        return False
    if tokens[place].lower in _PRONOUNS:
        return True
    if tokens[place].lower not in ("the", "its", "their", "his", "this", "that"):
        return False
    for at in range(place + 1, min(place + 6, end)):
        if tokens[at].lower in AUXILIARY or tokens[at].lower in MODAL:
            return True
        if tokens[at].kind != "word" or not {"N", "J"} & set(classes(tokens[at].lower)):
            return False
    return False
