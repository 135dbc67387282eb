"""A small model trained on MUC-4's train part, for this benchmark alone: nothing of it is shipped.

Two conditional random fields (python-crfsuite). One labels tokens with the role that they fill; the other, over a
sequence of one, says of a document and a type of incident whether there is such a template. What the reading finds
(triggers, arguments) is among the features. The second is trained on what the first says of documents that it was not
trained on. Deterministic: folds follow the order of the documents, and the training has no chance in it.
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from muc.data import ROLES, TYPES, Document, Template, folded
from muc.reader import incident_of
from probanda.records.reading import Reading

_crf: Any = import_module("pycrfsuite")  # no dependency of the project: pip install python-crfsuite

_TOKEN = re.compile(r"[a-z0-9]+(?:[-'.][a-z0-9]+)*|[^\sa-z0-9]")
_END = frozenset(".?!")
_FOLDS = 2
LEAST = 0.7  # of a marginal, for a token to fill a role; chosen on a fifth of train
THRESHOLD = 0.2  # of a marginal, for a document to have a template of a type; so too
Features = list[list[str]]


@dataclass(frozen=True, slots=True)
class Token:
    text: str
    start: int
    end: int
    sentence: int


def tokens(text: str) -> list[Token]:
    found, sentence = [], 0
    for match in _TOKEN.finditer(text.lower()):
        found.append(Token(match.group(), match.start(), match.end(), sentence))
        sentence += match.group() in _END
    return found


def labels(document: Document, held: Sequence[Token]) -> list[str]:
    """B-, I- and O of the roles; every occurrence of a string that fills a role counts, the longest first."""
    out = ["O"] * len(held)
    words = [token.text for token in held]
    wanted = {
        (tuple(token.text for token in tokens(string)), role)
        for template in document.templates
        for role in ROLES
        for entity in template.fillers[role]
        for string in entity
    }
    for spelled, role in sorted(wanted, key=lambda one: (-len(one[0]), one)):
        for place in range(len(words) - len(spelled) + 1):
            behind = place + len(spelled)
            if spelled and tuple(words[place:behind]) == spelled and set(out[place:behind]) == {"O"}:
                out[place:behind] = [f"B-{role}", *[f"I-{role}"] * (len(spelled) - 1)]
    return out


def marks(reading: Reading, held: Sequence[Token]) -> tuple[list[set[str]], dict[int, str]]:
    """Of each token, what the reading says there; and the types of incident at their triggers."""
    at: list[set[str]] = [set() for _ in held]
    triggers: dict[int, str] = {}

    def mark(start: int, end: int, word: str) -> None:
        for place, token in enumerate(held):
            if token.start < end and start < token.end:
                at[place].add(word)

    for event in reading.events:
        kind = incident_of(event)
        mark(event.trigger.start, event.trigger.end, f"trigger={event.type}")
        if kind is not None:
            for place, token in enumerate(held):
                if token.start >= event.trigger.start:
                    triggers[place] = kind[0]
                    break
        for name in ("actor", "aimed_at", "affected", "instrument"):
            passage = getattr(event, name)
            if passage is not None:
                mark(passage.start, passage.end, f"{name}={event.type.partition('.')[0]}")
    for weapon in reading.weapons:
        mark(weapon.passage.start, weapon.passage.end, f"weapon={weapon.class_}")
    for one in reading.objects:
        mark(one.passage.start, one.passage.end, f"object={one.reported_as}")
    return at, triggers


@dataclass(frozen=True, slots=True)
class _Near:
    """The words around one place."""

    words: Sequence[str]
    place: int

    def __call__(self, step: int) -> str:
        at = self.place + step
        return self.words[at] if 0 <= at < len(self.words) else "<>"


def features(held: Sequence[Token], reading: Reading) -> Features:
    at, triggers = marks(reading, held)
    words = [token.text for token in held]
    counted = Counter(words)
    places = sorted(triggers)
    out: Features = []
    for place, token in enumerate(held):
        near = _Near(words, place)
        word = token.text
        row = ["b", f"w={word}", f"s3={word[-3:]}", f"s2={word[-2:]}", f"p3={word[:3]}"]
        row += [f"w{step}={near(step)}" for step in (-3, -2, -1, 1, 2, 3)]
        row += [f"l={near(-1)}|{word}", f"r={word}|{near(1)}", f"ll={near(-2)}|{near(-1)}", f"rr={near(1)}|{near(2)}"]
        row += [f"lr={near(-1)}|{near(1)}", f"n={min(counted[word], 4)}", f"sent={min(token.sentence, 6)}"]
        row += [*at[place], *(f"prev {one}" for one in (at[place - 1] if place else ()))]
        row += [f"bracket={'[' in (near(-1), near(-2))}"]
        row += _around(place, places, triggers, held)
        if word.isdigit():
            row.append("digit")
        out.append(row)
    return out


def _around(place: int, places: Sequence[int], triggers: Mapping[int, str], held: Sequence[Token]) -> list[str]:
    """The nearest trigger on either side within the sentence, and whether there is any near."""
    row = []
    before = [one for one in places if one < place and held[one].sentence == held[place].sentence]
    behind = [one for one in places if one > place and held[one].sentence == held[place].sentence]
    if before:
        row += [f"after={triggers[before[-1]]}", f"after={triggers[before[-1]]}|{min((place - before[-1]) // 3, 4)}"]
    if behind:
        row += [f"ahead={triggers[behind[0]]}", f"ahead={triggers[behind[0]]}|{min((behind[0] - place) // 3, 4)}"]
    if not before and not behind:
        next_door = any(abs(held[one].sentence - held[place].sentence) == 1 for one in places)
        row.append("sentence=next" if next_door else "sentence=quiet")
    return row


def _train(rows: Iterable[tuple[Features, list[str]]], parameters: Mapping[str, object], algorithm: str) -> Path:
    trainer: Any = _crf.Trainer(algorithm=algorithm, verbose=False)
    trainer.set_params(dict(parameters))
    for given, wanted in rows:
        trainer.append(given, wanted)
    path = Path(tempfile.mkstemp(suffix=".crfsuite")[1])
    trainer.train(str(path))
    return path


def _tagger(path: Path) -> Any:
    tagger = _crf.Tagger()
    tagger.open(str(path))
    path.unlink()
    return tagger


def _roles(rows: Iterable[tuple[Features, list[str]]]) -> Any:
    told = ((given, wanted) for given, wanted in rows if set(wanted) != {"O"})  # whether there is anything: `kinds`
    return _tagger(_train(told, {"c1": 0.02, "c2": 0.15, "max_iterations": 90}, "lbfgs"))


def tag(tagger: Any, rows: Features, least: float) -> list[str]:
    """The role of each token where it is at least so likely, though "none" may be likelier still."""
    tagger.set(rows)
    shares = {
        role: [tagger.marginal(f"B-{role}", place) for place in range(len(rows))]
        for role in ROLES
        if f"B-{role}" in tagger.labels()
    }
    inside = {role: [tagger.marginal(f"I-{role}", place) for place in range(len(rows))]
              for role in shares if f"I-{role}" in tagger.labels()}  # fmt: skip
    out, running = [], ""
    for place in range(len(rows)):
        best, role = max(((share[place], role) for role, share in shares.items()), default=(0.0, ""))
        going_on = inside[running][place] if running in inside else 0.0
        if going_on >= least and going_on >= best:
            out.append(f"I-{running}")
        elif best >= least:
            running = role
            out.append(f"B-{role}")
        else:
            running = ""
            out.append("O")
    return out


@dataclass(frozen=True, slots=True)
class Span:
    role: str
    text: str
    first: int  # token
    last: int


def spans(tagged: Sequence[str], held: Sequence[Token]) -> list[Span]:
    found, place = [], 0
    while place < len(tagged):
        if tagged[place] == "O":
            place += 1
            continue
        role, last = tagged[place][2:], place + 1
        while last < len(tagged) and tagged[last] == f"I-{role}":
            last += 1
        found.append(Span(role, " ".join(token.text for token in held[place:last]), place, last))
        place = last
    return found


@dataclass(slots=True)
class Prepared:
    """A document with its tokens, features and what the reading says."""

    document: Document
    held: list[Token]
    rows: Features
    triggers: dict[int, str]
    events: Counter[str]


def prepare(document: Document, reading: Reading) -> Prepared:
    held = tokens(document.text)
    events = Counter(f"{event.type}|{event.modality}" for event in reading.events)
    return Prepared(document, held, features(held, reading), marks(reading, held)[1], events)


def _document_row(one: Prepared, found: Sequence[Span]) -> list[str]:
    words = {token.text for token in one.held}
    early = {token.text for token in one.held if token.sentence < 3}
    row = ["b", *(f"w={word}" for word in words), *(f"e={word}" for word in early)]
    row += [f"l={a.text}|{b.text}" for a, b in zip(one.held, one.held[1:], strict=False) if a.sentence < 6]
    row += [f"{event}={min(count, 3)}" for event, count in one.events.items()]
    roles = Counter(span.role for span in found)
    row += [f"role={role}:{min(roles[role], 4)}" for role in ROLES]
    row += [f"filler={span.role}:{span.text}" for span in found]
    near = Counter(one.triggers.values())
    row += [f"trigger={name}:{min(count, 4)}" for name, count in near.items()]
    return row


@dataclass(slots=True)
class Model:
    roles: Any
    kinds: Mapping[str, Any]
    threshold: float = THRESHOLD
    least: float = LEAST

    def templates(self, one: Prepared) -> tuple[Template, ...]:
        found = spans(tag(self.roles, one.rows, self.least), one.held)
        likely = {}
        for kind, tagger in self.kinds.items():
            tagger.set([_document_row(one, found)])
            likely[kind] = tagger.marginal("yes", 0)
        chosen = [kind for kind, share in likely.items() if share >= self.threshold]
        if not chosen:
            return ()
        return tuple(Template(kind, _fillers(one, found, kind, chosen, likely)) for kind in chosen)


def _fillers(
    one: Prepared, found: Sequence[Span], kind: str, chosen: Sequence[str], likely: Mapping[str, float]
) -> dict[str, tuple[frozenset[str], ...]]:
    top = max(chosen, key=lambda name: likely[name])
    by: dict[str, Counter[str]] = defaultdict(Counter)
    for span in found:
        if _kind_at(one, span, chosen, top) == kind or (span.role.startswith("Perp") and len(chosen) > 1):
            by[span.role][_as_told(one.document.text, one.held, span)] += 1
    return {role: tuple(frozenset([text]) for text in _distinct(by[role], role)) for role in ROLES}


def _as_told(text: str, held: Sequence[Token], span: Span) -> str:
    return folded(text[held[span.first].start : held[span.last - 1].end])


def _kind_at(one: Prepared, span: Span, chosen: Sequence[str], top: str) -> str:
    """The type of incident whose trigger is nearest, of those that were chosen."""
    near = sorted((abs(place - span.first), name) for place, name in one.triggers.items() if name in chosen)
    return near[0][1] if near and near[0][0] < 40 else top


def _distinct(counted: Counter[str], role: str) -> list[str]:
    """One string for each entity: what stands inside a longer one, or is its initials, is the same."""
    kept: list[str] = []
    for text, _ in sorted(counted.items(), key=lambda one: (-one[1], -len(one[0]), one[0])):
        letters = text.replace(".", "")
        if any(
            set(text.split()) <= set(other.split())
            or set(other.split()) <= set(text.split())
            or letters == "".join(word[0] for word in other.split() if len(word) > 2)
            or other.replace(".", "") == "".join(word[0] for word in text.split() if len(word) > 2)
            for other in kept
        ):
            continue
        kept.append(text)
    return kept


def train(documents: Sequence[Document], read: Callable[[Document], Reading], threshold: float = THRESHOLD) -> Model:
    """The model of these documents. `read` gives our reading of each."""
    return fit([prepare(document, read(document)) for document in documents])


def fit(prepared: Sequence[Prepared], threshold: float = THRESHOLD) -> Model:
    rows = [(one.rows, labels(one.document, one.held)) for one in prepared]
    unseen: list[list[Span]] = [[] for _ in prepared]
    for fold in range(_FOLDS):
        tagger = _roles(row for place, row in enumerate(rows) if place % _FOLDS != fold)
        for place, one in enumerate(prepared):
            if place % _FOLDS == fold:
                unseen[place] = spans(tag(tagger, one.rows, LEAST), one.held)
    kinds = {}
    for kind in TYPES:
        told = [any(template.type == kind for template in one.document.templates) for one in prepared]
        if not any(told):
            continue
        given = [
            ([_document_row(one, found)], ["yes" if yes else "no"])
            for one, found, yes in zip(prepared, unseen, told, strict=True)
        ]
        kinds[kind] = _tagger(_train(given, {"c2": 2.0, "max_iterations": 80}, "lbfgs"))
    return Model(_roles(rows), kinds)
