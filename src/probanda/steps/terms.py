"""terms: what a frozen text can be found by, each at its characters: lemmas in order, other forms, keys of names.

Parameter: `language`, as the step `language` found it; other languages than English, Ukrainian and Russian give folded
words without lemmas. Output, role `terms`, canonical JSON, described in spec/terms.md:

    {"forms": "...", "language": "uk", "lemmas": "...", "names": {"kiv": [3, 17], ...}, "spans": "8 3 2+10 ..."}

Guarantees: `lemmas` has one term for each word of the text (`words.py`), in order and parted by spaces; `spans` says
where each stands; the offsets are code points into the frozen text, so that what is found can be shown in the text's
own characters. Names are words that begin with a capital letter, and every word in Arabic letters, which has none;
their keys are `records.name_keys`'s. Everything an index needs is here, so that the driver never lemmatises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version

from probanda.records.canonical import Json, canonical
from probanda.records.derivation import Request
from probanda.records.name_keys import name_keys, table_digest
from probanda.steps.step import Step, StepOutput, StepResult, failed, succeeded
from probanda.steps.words import Word, bare_word, known_lemma, profile_of, words


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    language = request.parameters.get("language")
    if not isinstance(language, str):
        return failed(f"expected the code of a language as parameter `language`, found {language!r}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return failed(f"expected a frozen text in UTF-8, found at byte {error.start} what does not decode")
    found = terms(text, language)
    return succeeded(StepOutput("terms", canonical(found), "application/json"))


def terms(text: str, language: str) -> dict[str, Json]:
    """What `text` can be found by, as the output's JSON."""
    profile = profile_of(language)
    found = list(words(text, profile))
    places: dict[str, list[Json]] = {}
    for place, word in enumerate(found):
        keys = keys_of(text[word.start : word.end], profile)
        if keys:
            places.setdefault(" ".join(keys), []).append(place)
    return {
        "forms": " ".join(sorted({form for word in found for form in word.forms})),
        "language": language,
        "lemmas": " ".join(word.lemma for word in found),
        "names": dict(places),
        "spans": " ".join(_spans(found)),
    }


def keys_of(token: str, profile: str) -> tuple[str, ...]:
    """The keys of a word that may be a name, as it stands and as a dictionary knows it; none for other words."""
    if not (token[0].isupper() or "\u0600" <= token[0] <= "\u06ff"):
        return ()
    found = dict.fromkeys(name_keys(bare_word(token)))
    known = known_lemma(token, profile)
    if known is not None and known[:1].isupper():
        found.update(dict.fromkeys(name_keys(known)))
    return tuple(found)


def _spans(found: list[Word]) -> Iterator[str]:
    """For each word how long it is; before that, where it is not one, how many characters lie before it."""
    before = 0
    for word in found:
        gap, length = word.start - before, word.end - word.start
        yield str(length) if gap == 1 else f"{gap}+{length}"
        before = word.end


@cache
def _resources() -> Mapping[str, str]:
    return {"romanisation.tsv": table_digest(), "simplemma": version("simplemma")}


STEP = Step("terms", "1", _run, timeout_s=120.0, description="what a text can be found by", resources=_resources)
