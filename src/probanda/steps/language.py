"""language: the language of a frozen text, as a code of ISO 639 (`en`, `uk`, `ru`, ...), with the grounds.

Guarantees: `und` (undetermined, BCP 47) rather than a guess where a text has hardly any letters or is in a script of
which this step knows no language. Ukrainian and Russian are told apart by the letters that only one of them has
(ї і є ґ against ы э ъ ё) where one side has them clearly, else by py3langid's model. A text in Latin or Cyrillic
letters that the whole model takes for another language with a high score is given as that, so that no Polish text is
read by English rules; below it, Latin letters are taken for English, and the confidence says how far. Output, role
`language`, canonical JSON: `{"basis", "confidence", "language"}`; `confidence` is the model's normalised score or the
share of letters: a ranking signal, not a probability. Mixed texts get one language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

from probanda.records.canonical import Json, canonical
from probanda.records.derivation import Request
from probanda.steps.step import Step, StepOutput, StepResult, failed, succeeded

EXPECTED = ("en", "uk", "ru")
_SAMPLE_CHARS = 20_000  # arbitrary: the answer does not change after a few paragraphs
_MIN_LETTERS = 12  # arbitrary: fewer letters are a name, not a language
_SURE = 0.8  # arbitrary: from here the whole model may overrule the three expected languages
_UKRAINIAN, _RUSSIAN = frozenset("їієґ"), frozenset("ыэъё")


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return failed(f"expected a frozen text in UTF-8, found at byte {error.start} what does not decode")
    found = language(text)
    return succeeded(StepOutput("language", canonical(found), "application/json"), facts=found)


def language(text: str) -> dict[str, Json]:
    """The language of `text`, as the output's JSON."""
    sample = text[:_SAMPLE_CHARS]
    letters = [character for character in sample.lower() if character.isalpha()]
    if len(letters) < _MIN_LETTERS:
        return _found("und", 0.0, f"{len(letters)} letters are too few")
    scripts = [_script(character) for character in letters]
    script, count = max(((name, scripts.count(name)) for name in ("latin", "cyrillic", "other")), key=lambda n: n[1])
    if script == "other":
        return _found("und", count / len(letters), "neither Latin nor Cyrillic letters")
    if script == "cyrillic":
        ukrainian, russian = (sum(letter in own for letter in letters) for own in (_UKRAINIAN, _RUSSIAN))
        total = ukrainian + russian
        if total >= 3 and max(ukrainian, russian) >= 0.9 * total:
            code = "uk" if ukrainian > russian else "ru"
            return _found(code, max(ukrainian, russian) / total, "letters that only one language has")
    return _by_model(sample, script)


def _by_model(sample: str, script: str) -> dict[str, Json]:
    ranked = _model(None).rank(sample)
    whole, confidence = ranked[0]
    if whole not in EXPECTED and confidence >= _SURE:
        return _found(whole, confidence, "py3langid, all languages")
    if script == "latin":
        return _found("en", dict(ranked)["en"], "py3langid; no other language is sure")
    code, confidence = _model(("uk", "ru")).classify(sample)
    return _found(code, confidence, "py3langid among uk, ru")


def _found(code: str, confidence: float, basis: str) -> dict[str, Json]:
    return {"basis": basis, "confidence": round(float(confidence), 3), "language": code}


def _script(letter: str) -> str:
    if letter.isascii():
        return "latin"
    name = unicodedata.name(letter, "")
    return "latin" if name.startswith("LATIN") else "cyrillic" if name.startswith("CYRILLIC") else "other"


@cache
def _model(languages: tuple[str, ...] | None) -> Any:
    """An identifier of our own: the library's shared one can be restricted by anybody in the process."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    model.set_languages(languages)
    return model


@cache
def _resources() -> Mapping[str, str]:
    return {"py3langid": version("py3langid")}


STEP = Step("language", "1", _run, description="the language of a text", resources=_resources)
