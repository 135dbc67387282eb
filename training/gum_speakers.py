"""Who speaks in GUM: quotations that the rules find in its texts, with the right speakers by its own coreference.

GUM marks every mention of everybody, and which mentions are of one and the same. Where a verb of speech has a subject,
the speaker is right if he has a mention in the chain of that subject; where somebody in the chain has a name, only a
candidate with a name is right. Quotations without a verb of their own are left out: GUM does not say whose they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import treebank
from probanda.extract.plugins.english_choice import Candidate
from probanda.extract.text.nouns import Range
from probanda.extract.text.segments import Document
from treebank import Raw


@dataclass
class Text:
    """A document of GUM as running text; `chains` holds for each entity the characters of its mentions."""

    name: str
    text: str
    chains: dict[str, list[tuple[int, int]]] = field(default_factory=dict)


def texts(path: Path) -> Iterator[Text]:
    """The GUM documents of one file, in order."""
    held: list[Raw] = []
    for raw in treebank.read_conllu(path):
        if held and (not raw.id.startswith("GUM_") or _document(raw) != _document(held[0])):
            yield _text(held)
            held = []
        if raw.id.startswith("GUM_"):
            held.append(raw)
    if held:
        yield _text(held)


def _document(raw: Raw) -> str:
    return raw.id.rpartition("-")[0]


def _text(raws: list[Raw]) -> Text:
    found = Text(_document(raws[0]), "")
    open_: dict[str, list[int]] = {}
    for raw in raws:
        if found.text:
            found.text += "\n\n" if raw.new_paragraph else " "
        at = len(found.text)
        found.text += raw.text
        for word in raw.words:
            for opened, name, _, closed in treebank.MENTION.findall(word.misc.get("Entity", "")):
                if opened:
                    open_.setdefault(name, []).append(at + word.start)
                if closed and open_.get(name):
                    found.chains.setdefault(name, []).append((open_[name].pop(), at + word.end))
    return found


def right(doc: Document, told: Text, subject: Range, given: list[Candidate]) -> tuple[bool, ...] | None:
    """Which candidates are the subject's referent; `None` where GUM marks no such mention."""
    first, last = doc.tokens[subject[0]].start, doc.tokens[subject[1] - 1].end
    near = [
        (abs(start - first) + abs(end - last), name)
        for name, spans in told.chains.items()
        for start, end in spans
        if start < last and first < end and abs(start - first) + abs(end - last) <= 0.6 * (last - first)
    ]
    if not near:
        return None
    chain = told.chains[min(near)[1]]
    spots = [(one.speaker.passage.start, one.speaker.passage.end) for one in given]
    found = [any(_alike(spot, span) for span in chain) for spot in spots]
    named = [good and one.speaker.name is not None for good, one in zip(found, given, strict=True)]
    return tuple(named if any(named) else found)


def _alike(one: tuple[int, int], other: tuple[int, int]) -> bool:
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return shared > 0 and shared >= 0.6 * (one[1] - one[0]) and shared >= 0.4 * (other[1] - other[0])
