"""natasha: names, and who says what, in Russian, by the models in the wheel of the package of that name (extra `ru`).

Guarantees: only the wheel's models and the small libraries that run them (slovnet, navec, razdel) are used; the package
itself is not imported, since it needs pymorphy2, which no current Python runs (`inspect.getargspec` is gone since
3.11). Weights are named by their SHA-256. Loads at the first text, in about two seconds and 300 MB. Names stay in the
case in which the text has them. A place is proposed only behind a preposition that says where, so that a capital that
stands for its government does not come onto a map.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from probanda.extract.plugins.dependency import Entity, Word, is_cue, proposals
from probanda.records.canonical import Json

_LIBRARIES = ("slovnet", "navec", "razdel")
_EMBEDDING = "emb/navec_news_v1_1B_250K_300d_100q.tar"
_NAMES = "model/slovnet_ner_news_v1.tar"
_SYNTAX = "model/slovnet_syntax_news_v1.tar"
_WHERE = frozenset("в во на под над у около возле близ недалеко из с со к ко через до от".split())
_LONGEST_SENTENCE = 300  # words; what is longer is no sentence, and its parse costs the square of its length


class NatashaExtractor:
    """Satisfies `contract.Extractor`."""

    name = "natasha"
    version = "1"
    languages = ("ru",)
    licence = "MIT"

    def missing(self) -> str | None:
        lacking = [one for one in ("natasha", *_LIBRARIES) if importlib.util.find_spec(one) is None]
        if not lacking:
            return (
                None if _data().joinpath(_NAMES).is_file() else "natasha is installed without its models; reinstall it"
            )
        return f"{', '.join(lacking)} not installed; install with: pip install 'probanda[ru]'"

    def resources(self) -> Mapping[str, str]:
        held = {
            name: hashlib.sha256(_data().joinpath(name).read_bytes()).hexdigest()
            for name in (_EMBEDDING, _NAMES, _SYNTAX)
        }
        return {**held, **{name: version(name) for name in _LIBRARIES}}

    def propose(self, text: str, published: str | None, language: str) -> Json:
        models = _models()
        return models.propose(text, language)


@cache
def _data() -> Path:
    found = importlib.util.find_spec("natasha")
    assert found is not None and found.submodule_search_locations
    return Path(next(iter(found.submodule_search_locations))) / "data"


@cache
def _models() -> _Models:
    return _Models(_data())


class _Models:
    """The models, loaded when first used."""

    def __init__(self, data: Path) -> None:
        self._data = data

    @cached_property
    def _embedding(self) -> Any:
        from navec import Navec

        return Navec.load(str(self._data / _EMBEDDING))

    @cached_property
    def _ner(self) -> Any:
        from slovnet import NER

        return NER.load(str(self._data / _NAMES)).navec(self._embedding)

    @cached_property
    def _syntax(self) -> Any:
        from slovnet import Syntax

        return Syntax.load(str(self._data / _SYNTAX)).navec(self._embedding)

    def propose(self, text: str, language: str) -> Json:
        from razdel import sentenize, tokenize

        if not text.strip():
            return {}
        entities = [Entity(one.start, one.stop, one.type) for one in self._ner(text).spans]
        sentences: list[Sequence[Word]] = []
        for sentence in sentenize(text):
            tokens = list(tokenize(sentence.text))
            if 1 < len(tokens) <= _LONGEST_SENTENCE and any(is_cue(token.text, language) for token in tokens):
                parsed = self._syntax([token.text for token in tokens]).tokens
                sentences.append(_words(sentence.start, tokens, parsed))
        places = [_place(text, one) for one in entities if one.kind == "LOC" and _says_where(text, one)]
        return proposals(text, language, sentences, entities, places)


_PRONOUNS = frozenset("он она оно они я мы ты вы кто это который которая которые".split())


def _words(start: int, tokens: Sequence[Any], parsed: Sequence[Any]) -> tuple[Word, ...]:
    places = {one.id: place for place, one in enumerate(parsed)}
    return tuple(
        Word(
            start + token.start, start + token.stop, token.text, places.get(one.head_id, place), one.rel or "",
            token.text.lower() in _PRONOUNS,
        )
        for place, (token, one) in enumerate(zip(tokens, parsed, strict=True))
    )  # fmt: skip


def _says_where(text: str, entity: Entity) -> bool:
    before = text[max(0, entity.start - 40) : entity.start].split()
    return bool(before) and before[-1].lower() in _WHERE


def _place(text: str, entity: Entity) -> Json:
    words = text[entity.start : entity.end]
    return {"passage": {"text": words, "start": entity.start}, "role": "location"}
