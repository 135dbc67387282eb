"""The English tagger, parser and name finder that Probanda ships, run by spaCy on the reader's own tokens.

spaCy is imported at the first parse and not before; where it is absent, `missing` says how to install it and nothing
else changes. The weights are data, not code: JSON, MessagePack and numpy arrays, no pickle, and each file's digest is
compared with `models/en/digests.json` before it is read, so that a damaged or exchanged file is refused. The same
weights and the same versions on the same kind of processor give the same parse; on another kind, sums of floating point
numbers may differ in their last digits, and a choice that stands on a knife's edge may then fall the other way. A
sentence of more than `LONGEST` tokens is not parsed: its tokens hang on nothing.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import json
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from probanda.extract.text.parsing import Name, NameKind, Parsed, surface
from probanda.extract.text.segments import Document

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.pipeline import TrainablePipe

LONGEST = 250
BATCH = 64  # sentences at a time; bounds the memory
_SKIPPED = ["tokenizer", "vocab", "meta"]


class ModelError(RuntimeError):
    """The weights are not those that were shipped, or the library that runs them is absent."""


def folder() -> Traversable:
    return files("probanda").joinpath("models", "en")


def missing() -> str | None:
    """What has to be installed, `None` where nothing is."""
    if importlib.util.find_spec("spacy") is None:
        return "spaCy, which runs the English model, is not installed; install it with: pip install 'probanda[models]'"
    return None


@cache
def digests() -> dict[str, str]:
    """SHA-256 of every file of weights, by name, as shipped."""
    return cast("dict[str, str]", json.loads(folder().joinpath("digests.json").read_text("utf-8")))


@cache
def resources() -> dict[str, str]:
    """What a parse depends on: the weights, and the versions of the libraries that run them."""
    versions = {f"library/{name}": _version(name) for name in ("spacy", "thinc", "numpy")}
    return {**{f"models/en/{name}": sha for name, sha in digests().items()}, **versions}


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def parse(doc: Document) -> Parsed:
    """The parse of an English document. Raises `ModelError`."""
    nlp = _pipeline()
    tags = [""] * len(doc.tokens)
    heads = list(range(len(doc.tokens)))
    relations = ["ROOT"] * len(doc.tokens)
    names: list[Name] = []
    from spacy.tokens import Doc

    given, firsts = [], []
    for sentence in doc.sentences:
        tokens = doc.tokens[sentence.first : sentence.last]
        if 0 < len(tokens) <= LONGEST:
            spaces = [one.end < other.start for one, other in pairwise(tokens)]
            given.append(Doc(nlp.vocab, [surface(token.text) for token in tokens], [*spaces, False]))
            firsts.append(sentence.first)
    for start in range(0, len(given), BATCH):
        docs = given[start : start + BATCH]
        for _, part in nlp.pipeline:
            step = cast("TrainablePipe", part)
            step.set_annotations(docs, step.predict(docs))
    for first, parsed in zip(firsts, given, strict=True):
        for place, token in enumerate(parsed, first):
            tags[place] = token.tag_
            heads[place] = first + token.head.i
            relations[place] = token.dep_
        names += [Name(first + span.start, first + span.end, cast("NameKind", span.label_)) for span in parsed.ents]
    return Parsed(doc, tuple(tags), tuple(heads), tuple(relations), tuple(names))


@cache
def _pipeline() -> Language:
    absent = missing()
    if absent is not None:
        raise ModelError(absent)
    import spacy

    with as_file(folder()) as path:
        check(path)
        config = json.loads((path / "config.json").read_text("utf-8"))
        nlp = spacy.util.load_model_from_config(config, auto_fill=False, validate=True)
        nlp.from_disk(path, exclude=_SKIPPED)
    for name in nlp.pipe_names:
        for label in getattr(nlp.get_pipe(name), "labels", ()):
            nlp.vocab.strings.add(label)
    _multiply_by_numpy(nlp)
    return nlp


def _multiply_by_numpy(nlp: Language) -> None:
    """Has matrices multiplied by numpy, which does it in less than half the time of the library that spaCy brings."""
    import numpy as np
    from thinc.api import NumpyOps

    class ByNumpy(NumpyOps):  # type: ignore[misc]
        def gemm(self, x: Any, y: Any, out: Any = None, trans1: bool = False, trans2: bool = False) -> Any:
            return np.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)

    by_numpy = ByNumpy()
    for _, part in nlp.pipeline:
        for node in cast("TrainablePipe", part).model.walk():
            node.ops = by_numpy


def check(path: Path) -> None:
    """Raises `ModelError` unless every file of weights in `path` is the one that was shipped."""
    for name, told in digests().items():
        try:
            found = hashlib.sha256((path / name).read_bytes()).hexdigest()
        except OSError as problem:
            raise ModelError(f"expected the weights {name} in probanda/models/en, found none: {problem}") from problem
        if found != told:
            raise ModelError(
                f"expected the weights {name} with SHA-256 {told[:16]}…, found {found[:16]}…; install Probanda anew"
            )
