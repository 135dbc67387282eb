"""A spaCy pipeline that is installed on this machine, by the name of its package: `--with spacy:en_core_web_sm`.

Guarantees: only an installed package is loaded, never a path and never a download; its version, that of spaCy and the
SHA-256 of everything in its folder stand in the request. Entities become places and names of speakers, dependencies say
who is the subject of a verb of saying (`dependency`); a pipeline without a parser gives places alone. Loads at the
first text. The licence is the pipeline's own, as its `meta.json` states it.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from probanda.extract.plugins.dependency import Entity, Word, proposals
from probanda.records.canonical import Json

_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,50}")
_KINDS = {"PERSON": "PER", "PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC"}
_MOST_CHARS = 1_000_000  # spaCy's own limit


class SpacyExtractor:
    """Satisfies `contract.Extractor`, for one pipeline."""

    version = "1"

    def __init__(self, package: str) -> None:
        if not _PACKAGE.fullmatch(package):
            raise ValueError(
                f"expected the name of an installed pipeline such as en_core_web_sm, found {package!r:.80}"
            )
        self._package = package
        self.name = f"spacy:{package}"

    @property
    def languages(self) -> tuple[str, ...]:
        return (str(self._meta.get("lang") or self._package[:2]).lower(),)

    @property
    def licence(self) -> str:
        return str(self._meta.get("license") or "not stated by the pipeline")

    @cached_property
    def _folder(self) -> Path | None:
        """The folder of the package, which is not imported for it."""
        found = importlib.util.find_spec(self._package)
        if found is None or not found.submodule_search_locations:
            return None
        return Path(next(iter(found.submodule_search_locations)))

    @cached_property
    def _meta(self) -> Mapping[str, Json]:
        if self._folder is None:
            return {}
        try:
            held = json.loads((self._folder / "meta.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}

    def missing(self) -> str | None:
        if importlib.util.find_spec("spacy") is None:
            return "spacy is not installed; install with: pip install 'probanda[models]'"
        if not self._meta:
            return (
                f"there is no spaCy pipeline in a package named {self._package}; install it, for example with: "
                f"python -m spacy download {self._package}"
            )
        return None

    def resources(self) -> Mapping[str, str]:
        assert self._folder is not None
        digest = hashlib.sha256()
        for path in sorted(self._folder.rglob("*")):
            if path.is_file() and path.suffix not in (".py", ".pyc"):
                digest.update(path.relative_to(self._folder).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return {"spacy": version("spacy"), self._package: digest.hexdigest()}

    @cached_property
    def _pipeline(self) -> Any:
        return importlib.import_module(self._package).load()  # not spacy.load, which would take a folder of this name

    def propose(self, text: str, published: str | None, language: str) -> Json:
        if not text.strip() or len(text) > _MOST_CHARS:
            return {}
        doc = self._pipeline(text)
        entities = [
            Entity(one.start_char, one.end_char, _KINDS[one.label_]) for one in doc.ents if one.label_ in _KINDS
        ]
        sentences = [_words(sentence) for sentence in doc.sents] if doc.has_annotation("DEP") else []
        places = [_place(text, one) for one in entities if one.kind == "LOC" and language == "en"]
        return proposals(text, language, sentences, entities, places)


def _place(text: str, entity: Entity) -> Json:
    """The name without article and without what owns; its role is worked out from the words around it."""
    words = text[entity.start : entity.end]
    bare = re.sub(r"^(?:the|The) |[’']s$|\s+$", "", words)
    return {"passage": {"text": bare, "start": entity.start + words.find(bare)}}


def _words(sentence: Any) -> Sequence[Word]:
    first = sentence.start
    return tuple(
        Word(
            token.idx, token.idx + len(token.text), token.text, token.head.i - first, token.dep_,
            token.pos_ == "PRON" or token.tag_ in ("PRP", "WP"),
        )
        for token in sentence
    )  # fmt: skip
