"""English inflection by rule, so that a lexicon holds base forms only.

Guarantees: `verb_forms("seize")` holds seize, seizes, seized, seizing; irregular verbs come from
lexica/irregular_verbs.tsv. A rule may produce a form that nobody writes; that costs nothing, since forms are only
compared with a text.
"""

from __future__ import annotations

from functools import cache

from probanda.extract.text.lexicon import table

_VOWELS = "aeiou"


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    return {row["base"]: (row["past"], row["participle"]) for row in table("irregular_verbs.tsv")}


def _doubles(base: str) -> bool:
    """Whether the last consonant doubles ("stop", "commit"): short verbs, and longer ones stressed at the end."""
    if base.endswith("quit"):
        return True  # the "u" of "qu" is no vowel
    if len(base) < 3 or base[-1] in "aeiouwxy" or base[-2] not in _VOWELS or base[-3] in _VOWELS:
        return False
    if base.endswith("fer"):
        return base[-4] != "f"  # refer, transfer; not offer, suffer
    stressed_at_end = base.startswith(("com", "ad", "per", "sub", "re", "ex", "oc", "kid"))
    return sum(letter in _VOWELS for letter in base) == 1 or stressed_at_end


def third_person(base: str) -> str:
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ies"
    return base + "s"


def participle_ing(base: str) -> str:
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return base[:-1] + "ing"
    return base + (base[-1] if _doubles(base) else "") + "ing"


def past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2] not in _VOWELS:
        return base[:-1] + "ied"
    return base + (base[-1] if _doubles(base) else "") + "ed"


@cache
def verb_forms(base: str) -> dict[str, str]:
    """Every form of one verb to its kind: base, third, past, participle (or past, where both are one form), ing."""
    first, _, rest = base.partition(" ")
    tail = f" {rest}" if rest else ""
    before, ended = _irregular().get(first, (past(first), past(first)))
    forms = {first: "base", third_person(first): "third", participle_ing(first): "ing"}
    for form in ended.split(","):
        forms[form] = "participle"
    for form in before.split(","):
        forms[form] = "past"
    return {form + tail: kind for form, kind in forms.items()}


def plural(noun: str) -> str:
    """The regular plural of the last word of a noun."""
    if noun.endswith(("s", "x", "z", "ch", "sh")):
        return noun + "es"
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return noun[:-1] + "ies"
    if noun.endswith("man"):
        return noun[:-3] + "men"
    return noun + "s"


@cache
def trigger_classes() -> dict[str, str]:
    """The classes of the forms of the one-word verbs that name events, for words that no count of English has."""
    bases = {term for row in table("event_triggers.tsv") if row["kind"] == "verb" for term in row["terms"].split(",")}
    letters = {"base": "V", "third": "V", "past": "VP", "participle": "P", "ing": "G"}
    return {form: letters[kind] for base in bases if " " not in base for form, kind in verb_forms(base).items()}
