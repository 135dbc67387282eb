"""Admission: the strict gate between an extractor and a reading.

Guarantees: what comes out is made of declared types; every passage in it is the text's own characters; every number,
time and place was computed again from its words; ids are unique and references lead to admitted claims. What fails is
rejected with a stable dotted code and words, record by record, and never raises: an extractor's output is material, not
trusted input. Rules: spec/reading.md, "What the gate checks".
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import TypeVar, cast

from probanda.extract.gate import boundary, roles, slavic, values
from probanda.extract.gate.material import Material
from probanda.extract.gate.recompute import Recompute, recompute_for
from probanda.extract.gate.shape import (
    CandidateError,
    brief,
    fault_of,
    ground_passages,
    is_unicode,
    json_fault,
    parts_of,
    stands,
)
from probanda.extract.text.segments import Document
from probanda.records.canonical import Json
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.passage import Passage
from probanda.records.reading import (
    Claim,
    DocumentInfo,
    Event,
    Label,
    ObjectMention,
    Place,
    Quotation,
    Reading,
    Rejection,
    Speaker,
    Weapon,
    When,
)

R = TypeVar("R")

MOST_RECORDS = 5_000  # of one kind in one reading; far above what a report holds
_FIELDS = frozenset(field.name for field in dataclasses.fields(Reading)) - {"extra"}
_HEX64 = re.compile("[0-9a-f]{64}")
_ID = re.compile(r"\S{1,200}")


def admit(
    doc: Document,
    candidate: object,
    *,
    extractor: str,
    published: str | None,
    sha256: str | None = None,
    recompute: Recompute | None = None,
) -> tuple[Reading, tuple[Rejection, ...]]:
    """What of `candidate` the text bears out, and what was rejected here with the reasons.

    `candidate` is a `Reading` or its JSON, in which a passage may be `{"text": quote}`, with `before` and `after` where
    the quote stands more than once; offsets are proposals. The reading's own `rejected` holds these rejections too,
    after those that the candidate brought. `sha256` names the bytes of the text; without it, a `Reading` keeps its own
    and JSON gets the digest of the text in UTF-8. Without `recompute`, values are derived by the rules of the
    document's language.
    """
    gate = _Gate(Material(doc, published, recompute or recompute_for(doc.language)), extractor)
    given = _given(candidate)
    if not is_unicode(doc.text):
        gate.reject("shape.text", "expected a text in Unicode, found a lone surrogate in it", "")
        given = {}
    if given is None:
        gate.reject("shape.candidate", f"expected a reading, found {type(candidate).__name__}", "")
        given = {}
    info = gate.document(given.get("document"), sha256)
    quotations = gate.records(Quotation, given.get("quotations", ()), "quotations")
    claims = gate.linked(gate.records(Claim, given.get("claims", ()), "claims"))
    events = gate.records(Event, given.get("events", ()), "events")
    places = gate.records(Place, given.get("places", ()), "places")
    weapons = gate.records(Weapon, given.get("weapons", ()), "weapons")
    objects = gate.records(ObjectMention, given.get("objects", ()), "objects")
    labels = gate.records(Label, given.get("labels", ()), "labels")
    times = gate.records(When, given.get("times", ()), "times")
    before = gate.kept(Rejection, given.get("rejected", ()), "rejected")
    extractors = gate.provenance(given.get("extractors", ()))
    gate.unknown(given)
    rejections = tuple(gate.rejections)
    reading = Reading(
        info, tuple(quotations), tuple(claims), tuple(events), tuple(places), tuple(weapons), tuple(objects),
        tuple(labels), (*before, *rejections), extractors, tuple(times),
    )  # fmt: skip
    return reading, rejections


def _given(candidate: object) -> Mapping[str, object] | None:
    if isinstance(candidate, Reading):
        fields = {field.name: getattr(candidate, field.name) for field in dataclasses.fields(candidate)}
        extra = fields.pop("extra")
        return {**extra, **fields} if isinstance(extra, Mapping) else fields
    return cast("Mapping[str, object]", candidate) if isinstance(candidate, Mapping) else None


class _Gate:
    """The pass of one candidate: what was admitted so far, and what was rejected."""

    def __init__(self, material: Material, extractor: str) -> None:
        self.material = material
        self.extractor = extractor
        self.rejections: list[Rejection] = []
        self.ids: set[str] = set()
        self.stood: set[tuple[int, str]] = set()  # start and words of passages that stand in the text

    def reject(self, code: str, words: str, quote: str) -> None:
        self.rejections.append(Rejection(f"{code}: {words}", brief(quote, 300)[1:-1], self.extractor))

    def records(self, cls: type[R], given: object, name: str) -> list[R]:
        """The records of one list that pass every check of their own."""
        shaped: list[tuple[R, list[When]]] = []
        for item in self._items(given, name):
            try:
                shaped.append(self._shaped(cls, item))
            except CandidateError as error:
                self.reject(error.code, error.words, _quote_of(item))
        admitted: list[R] = []
        starts = [record.passage.start for record, _ in shaped if isinstance(record, Claim)]
        for record, times in shaped:
            try:
                for when in times:
                    values.check_when(self.material, when)
                self._check(record, starts)
                self._identify(record)
            except CandidateError as error:
                self.reject(error.code, error.words, _quote_of(record))
            else:
                admitted.append(record)
        return admitted

    def kept(self, cls: type[R], given: object, name: str) -> list[R]:
        """Records that hold no passages: their shape is checked and nothing else."""
        kept: list[R] = []
        for item in self._items(given, name):
            try:
                kept.append(_parsed(cls, item) if not isinstance(item, cls) else _sound(cls, item))
            except CandidateError as error:
                self.reject(error.code, error.words, "")
        return kept

    def provenance(self, given: object) -> tuple[Mapping[str, Json], ...]:
        kept: list[Mapping[str, Json]] = []
        for item in self._items(given, "extractors"):
            if isinstance(item, Mapping) and json_fault(item) is None:
                kept.append(cast("Mapping[str, Json]", item))
            else:
                self.reject("shape.record", "expected an object that names an extractor", "")
        return tuple(kept)

    def unknown(self, given: Mapping[str, object]) -> None:
        """A field that no reading has holds nothing grounded, so it is left out, and that is said."""
        for name in given:
            if name not in _FIELDS:
                self.reject("shape.unknown_field", f"a reading has no field {brief(name)}", "")

    def document(self, given: object, sha256: str | None) -> DocumentInfo:
        """The document as code knows it; a candidate that says otherwise is told so."""
        doc = self.material.doc
        stated = to_json(given) if isinstance(given, DocumentInfo) else given
        held = stated.get("sha256") if isinstance(given, DocumentInfo) and isinstance(stated, Mapping) else None
        if sha256 is None and isinstance(held, str) and _HEX64.fullmatch(held):
            sha256 = held
        if sha256 is None:
            sha256 = hashlib.sha256(doc.text.encode("utf-8", "surrogatepass")).hexdigest()
        info = DocumentInfo(sha256, len(doc.text), self.material.published, doc.language)
        if stated is not None and stated != to_json(info):
            self.reject("value.document", "the candidate's document is not the text that was read", "")
        return info

    def linked(self, claims: list[Claim]) -> list[Claim]:
        """The claims whose `subset_of` and `corrects` lead to admitted claims other than themselves."""
        while True:
            parents = {claim.id: claim.subset_of for claim in claims}
            kept = []
            for claim in claims:
                fault = self._link_fault(claim, parents)
                if fault is None:
                    kept.append(claim)
                else:
                    self.reject(*fault, claim.passage.text)
            if len(kept) == len(claims):
                return kept
            claims = kept

    def _link_fault(self, claim: Claim, parents: Mapping[str, str | None]) -> tuple[str, str] | None:
        parent, seen = claim.subset_of, {claim.id}
        while parent is not None:
            if parent not in parents or parent in seen:
                return "reference.subset_of", f"{brief(parent)} is no other admitted claim"
            seen.add(parent)
            parent = parents[parent]
        corrects = claim.corrects
        if corrects is None or (corrects in parents and corrects != claim.id):
            return None
        if corrects != claim.id and self.material.holds(corrects):
            return None
        return "reference.corrects", f"{brief(corrects)} is neither an admitted claim nor in the text"

    def _items(self, given: object, name: str) -> Iterator[object]:
        if not isinstance(given, (list, tuple)):
            self.reject("shape.list", f"expected a list of {name}, found {type(given).__name__}", "")
            return
        if len(given) > MOST_RECORDS:
            self.reject("shape.too_many", f"expected at most {MOST_RECORDS} {name}, found {len(given)}", "")
        yield from given[:MOST_RECORDS]

    def _shaped(self, cls: type[R], item: object) -> tuple[R, list[When]]:
        """`item` as a record whose passages stand in the text, and its times; offsets that hold are kept."""
        if isinstance(item, cls):
            _sound(cls, item)
            passages, times = parts_of(item)
            if self._stand(passages):
                return item, times
            item = to_json(item)
        fault = json_fault(item)
        if fault is not None:
            raise CandidateError("shape.value", fault.lstrip(": "))
        record = _parsed(cls, ground_passages(cast("Json", item), self.material.grounder))
        return record, parts_of(record)[1]

    def _stand(self, passages: list[Passage]) -> bool:
        """Whether all stand in the text at their offsets. Records share passages: each is looked at once."""
        text, known = self.material.doc.text, self.stood
        for passage in passages:
            place = (passage.start, passage.text)
            if place not in known:
                if not stands(text, passage.start, passage.end, passage.text):
                    return False
                known.add(place)
        return True

    def _check(self, record: object, starts: list[int]) -> None:
        material = self.material
        audit = slavic if slavic.reads(material.doc.language) else boundary
        match record:
            case Quotation():
                roles.check_quotation(material, record)
                audit.check_quotation(material, record)
            case Claim():
                if record.quantity is not None:
                    values.check_quantity(material, record.quantity, record.passage)
                if record.verification is not None:
                    values.check_verification(material, record.verification)
                if isinstance(record.source, Speaker):
                    roles.check_speaker(material, record.source, record.passage)
                audit.check_claim(material, record, starts)
            case Event():
                values.check_event(material, record)
                if isinstance(record.source, Speaker):
                    roles.check_speaker(material, record.source, record.trigger)
                audit.check_event(material, record)
            case Place():
                values.check_place(material, record)
            case When():
                values.check_time(material, record)
            case Label():
                values.check_label(material, record)
                if isinstance(record.holder, Speaker):
                    roles.check_speaker(material, record.holder, record.passage)

    def _identify(self, record: object) -> None:
        name = getattr(record, "id", None)
        if name is None:
            return
        if not _ID.fullmatch(name):
            raise CandidateError("reference.id", f"expected an id of 1 to 200 characters, found {brief(name)}")
        if name in self.ids:
            raise CandidateError("reference.duplicate_id", f"{brief(name)} names a record before it")
        self.ids.add(name)


def _sound(cls: type[R], record: R) -> R:
    fault = fault_of(record, cls)
    if fault is not None:
        raise CandidateError("shape.record", f"{cls.__name__}{fault}")
    return record


def _parsed(cls: type[R], value: object) -> R:
    fault = json_fault(value)
    if fault is not None:
        raise CandidateError("shape.value", fault.lstrip(": "))
    try:
        return _sound(cls, parse(cls, cast("Json", value), cls.__name__))
    except RecordError as error:
        raise CandidateError("shape.record", brief(str(error), 300)[1:-1]) from error


def _quote_of(item: object) -> str:
    """The words that a candidate record is about, as far as it has any."""
    for name in ("passage", "trigger"):
        held = item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
        text = held.get("text") if isinstance(held, Mapping) else getattr(held, "text", None)
        if isinstance(text, str):
            return text
    return ""
