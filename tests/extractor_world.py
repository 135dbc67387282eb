"""Extractors for the trials: one that is honest, and one for each way in which an extractor can be wrong.

The text is an exercise; its places, persons and bodies are invented.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from probanda.records.canonical import Json

TEXT = (
    "More than 2,000 people have died, the Karovian emergency service said on Tuesday, although that figure has not "
    "been independently verified. A missile hit the market in Aldena. “There has never been a barracks here,” said "
    "Mirek Sandor, the mayor."
)
PUBLISHED = "2031-05-07"

QUOTATION: Json = {
    "passage": {"text": "There has never been a barracks here"},
    "form": "direct",
    "speaker": {"name": "Mirek Sandor", "passage": {"text": "Mirek Sandor"}},
}
PLACE: Json = {"passage": {"text": "Aldena"}, "role": "location"}
CLAIM: Json = {
    "kind": "casualty",
    "passage": {"text": "More than 2,000 people have died"},
    "effect": "died",
    "source": {"name": "Karovian emergency service", "passage": {"text": "the Karovian emergency service"}},
    "quantity": {"passage": {"text": "More than 2,000"}, "unit": "people"},
    "modality": "accomplished",
    "verification": {
        "status": "not_independently_verified",
        "passage": {"text": "has not been independently verified"},
    },
}


@dataclass(frozen=True)
class Trial:
    """An extractor of which a trial changes what it has to."""

    name: str = "trial"
    version: str = "1"
    languages: tuple[str, ...] = ("en",)
    licence: str = "Apache-2.0"

    def missing(self) -> str | None:
        return None

    def resources(self) -> Mapping[str, str]:
        return {"weights": "0" * 64}

    def propose(self, text: str, published: str | None, language: str) -> Json:
        return {"quotations": [QUOTATION], "claims": [CLAIM], "places": [PLACE]} if "Aldena" in text else {}


@dataclass(frozen=True)
class Raising(Trial):
    def propose(self, text: str, published: str | None, language: str) -> Json:
        raise RuntimeError(f"no weights for {len(text)} characters")


@dataclass(frozen=True)
class Crashing(Trial):
    def propose(self, text: str, published: str | None, language: str) -> Json:
        return str(ctypes.string_at(0))


@dataclass(frozen=True)
class Hanging(Trial):
    def propose(self, text: str, published: str | None, language: str) -> Json:
        while True:
            time.sleep(1)


@dataclass(frozen=True)
class Greedy(Trial):
    def propose(self, text: str, published: str | None, language: str) -> Json:
        return {"places": [PLACE] * 1_000_000, "claims": [CLAIM] * 10}


@dataclass(frozen=True)
class Inventing(Trial):
    def propose(self, text: str, published: str | None, language: str) -> Json:
        return {"quotations": [{**QUOTATION, "passage": {"text": "We saw tanks in the market"}}]}  # type: ignore[dict-item]


@dataclass(frozen=True)
class Differing(Trial):
    """Says that those who died were killed."""

    def propose(self, text: str, published: str | None, language: str) -> Json:
        assert isinstance(CLAIM, Mapping)
        return {"claims": [{**CLAIM, "effect": "killed"}]}


@dataclass(frozen=True)
class Pointing(Trial):
    """Gives offsets in place of words."""

    def propose(self, text: str, published: str | None, language: str) -> Json:
        return {"places": [{"passage": {"start": 0, "end": 4}, "role": "location"}]}


@dataclass(frozen=True)
class Moody(Trial):
    """Says something else each time."""

    asked: list[str] = field(default_factory=list)

    def propose(self, text: str, published: str | None, language: str) -> Json:
        self.asked.append(text)
        word = (text.split() or ["x"])[0]
        return {"places": [{"passage": {"text": word}, "role": "location"}] * (len(self.asked) % 2)}


@dataclass(frozen=True)
class Rubbish(Trial):
    def propose(self, text: str, published: str | None, language: str) -> Json:
        return [1, 2, float("nan")]


@dataclass(frozen=True)
class Lacking(Trial):
    def missing(self) -> str | None:
        return "the weights are not installed; install them with: pip install trial-weights"


@dataclass(frozen=True)
class Nameless(Trial):
    name: str = ""
