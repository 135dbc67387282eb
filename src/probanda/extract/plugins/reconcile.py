"""Several readings of one text made one: what extractors agree on stands once, what they disagree on stands beside it.

Guarantees: every record that was admitted is in the result, as itself, or as one that says everything that it says. Two
records are *about the same words* where their passages (of claims with figures, the figures) overlap enough; then

- they *agree* where no field of one contradicts the other: one record stands, and both are named as its finders;
- one *fills in* what the other leaves unsaid, where they agree otherwise: the record that stands has both, and says
  which field came from whom and what the id was before; a speaker without a name is filled in with the same one named;
- they *disagree* where a field differs: both stand, and the fields are named, for a person to look at.

Nothing is overwritten, and no extractor outvotes another: that two found something does not make it so. The order of
the extractors decides nothing but whose words stand where they agree: the rules come first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final, TypeVar

from probanda.extract.plugins.sameness import KINDS, about_same, conflicts
from probanda.records.agreement import Agreement, Disagreement, Filled
from probanda.records.canonical import Json, identify
from probanda.records.codec import to_json
from probanda.records.reading import Claim, Reading, Speaker

R = TypeVar("R", bound=Any)
Check = Callable[[Any], bool]

_PART: Final = 200  # characters; arbitrary
NOT_FILLED: Final = frozenset({"id", "passage", "trigger", "subset_of", "corrects", "mention"})


@dataclass(slots=True)
class _Standing:
    """A record that stands, who found it, and what others filled in."""

    record: Any
    finders: list[str]
    of: str | None = None
    filled: dict[str, str] = field(default_factory=dict)


def reconcile(base: Reading, name: str, others: Sequence[tuple[str, Reading]], admits: Check) -> Reading:
    """`base`, by the extractor `name`, together with `others`, each with its extractor. All are of the same document,
    and passed the gate. `admits` says of a record with fields filled in whether the gate admits it too; where it does
    not, both records stand as a disagreement."""
    merged: dict[str, tuple[Any, ...]] = {}
    found_by: dict[str, tuple[str, ...]] = {}
    filled: dict[str, Filled] = {}
    disagreements: list[Disagreement] = []
    renamed: dict[str, str] = {}
    referred = {link for reading in (base, *(other for _, other in others)) for link in _links(reading)}
    for kind in KINDS:
        standing = [_Standing(record, [name]) for record in getattr(base, kind)]
        for finder, other in others:
            _take(standing, getattr(other, kind), finder, _Taking(base, admits, referred, disagreements, renamed))
        for one in standing:
            if one.finders != [name] or one.filled:
                found_by[one.record.id] = tuple(one.finders)
            if one.of is not None:
                filled[one.record.id] = Filled(one.of, dict(one.filled))
        merged[kind] = tuple(sorted((one.record for one in standing), key=_start))
    merged["claims"] = tuple(_relinked(claim, renamed) for claim in merged["claims"])
    told = Agreement(found_by, filled, tuple(_renamed(one, renamed) for one in disagreements))
    whole = with_lists(base, merged)
    return replace(
        whole,
        rejected=(*base.rejected, *(one for _, other in others for one in other.rejected)),
        extractors=(*base.extractors, *(one for _, other in others for one in other.extractors)),
        extra={**base.extra, "agreement": to_json(told)},
    )


def with_lists(reading: Reading, lists: Mapping[str, tuple[Any, ...]]) -> Reading:
    """`reading` with other records of the kinds named."""
    changed: dict[str, Any] = dict(lists)
    return replace(reading, **changed)


@dataclass(frozen=True, slots=True)
class _Taking:
    base: Reading
    admits: Check
    referred: set[str | None]  # ids that another record refers to: these records keep their ids
    disagreements: list[Disagreement]
    renamed: dict[str, str]  # ids that are gone: of what was agreed or filled in, to the id that stands


def _take(standing: list[_Standing], records: Sequence[R], finder: str, taking: _Taking) -> None:
    """Each of `records` joins the standing record that it agrees with, or stands beside those that it contradicts."""
    places = _Places(standing)
    for record in records:
        near = [(score, one) for one in places.near(record) if (score := about_same(one.record, record)) > 0]
        near.sort(key=lambda pair: -pair[0])
        judged = [(one, conflicts(one.record, record)) for _, one in near]
        agreeing = next((one for one, differing in judged if not differing), None)
        if agreeing is not None and _joined(agreeing, record, finder, taking):
            continue
        standing.append(_Standing(record, [finder]))
        if agreeing is not None:
            taking.disagreements.append(Disagreement((agreeing.record.id, record.id), _silent(agreeing.record, record)))
        elif judged:
            one, differing = judged[0]
            taking.disagreements.append(Disagreement((one.record.id, record.id), differing))


class _Places:
    """Standing records by where they stand, so that many need not be compared with many."""

    def __init__(self, standing: Sequence[_Standing]) -> None:
        self._held: dict[int, list[_Standing]] = {}
        for one in standing:
            for part in _parts(one.record):
                self._held.setdefault(part, []).append(one)

    def near(self, record: Any) -> list[_Standing]:
        found = {id(one): one for part in _parts(record) for one in self._held.get(part, ())}
        return list(found.values())


def _parts(record: Any) -> set[int]:
    """The stretches of `_PART` characters that the words of the record lie in."""
    words = record.quantity.passage if isinstance(record, Claim) and record.quantity is not None else None
    spans = [_start(record), *([(words.start, words.end)] if words is not None else [])]
    return {part for start, end in spans for part in range(start // _PART, (end - 1) // _PART + 1)}


def _joined(one: _Standing, record: Any, finder: str, taking: _Taking) -> bool:
    """Makes the standing record say what `record` says beyond it. False where that is not possible."""
    silent = _silent(one.record, record)
    if silent:
        if one.record.id in taking.referred or _refers(one.record):
            return False
        whole = replace(one.record, **{name: getattr(record, name) for name in silent})
        whole = _identified(whole, taking.base, [*one.finders, finder])
        if not taking.admits(whole):
            return False
        old = one.record.id
        one.of, one.record = one.of or old, whole
        one.filled.update(dict.fromkeys(silent, finder))
        taking.renamed[old] = whole.id
    if finder not in one.finders:
        one.finders.append(finder)
    if record.id != one.record.id:
        taking.renamed[record.id] = one.record.id
    return True


def _silent(one: Any, other: Any) -> tuple[str, ...]:
    """The fields in which `one` says nothing and `other` something, or `one` has a speaker without a name and `other`
    the same one with his name."""
    return tuple(
        item.name
        for item in fields(one)
        if item.name not in NOT_FILLED and _says_more(getattr(one, item.name), getattr(other, item.name))
    )


def _says_more(one: object, other: object) -> bool:
    if isinstance(one, Speaker) and isinstance(other, Speaker):
        return one.name is None and other.name is not None and other.mention is not None
    return _says_nothing(one) and not _says_nothing(other)


def _says_nothing(value: object) -> bool:
    return value is None or value == ()


def _refers(record: Any) -> bool:
    return isinstance(record, Claim) and (record.subset_of is not None or record.corrects is not None)


def _links(reading: Reading) -> list[str | None]:
    return [link for claim in reading.claims for link in (claim.subset_of, claim.corrects) if link is not None]


def _identified(record: Any, base: Reading, finders: Sequence[str]) -> Any:
    kind = record.id.partition(":")[0]
    body = to_json(record)
    del body["id"]
    made: dict[str, Json] = {"document": base.document.sha256, "extractor": "+".join(finders), kind: body}
    return replace(record, id=identify(kind, made))


def _start(record: Any) -> tuple[int, int]:
    passage = getattr(record, "trigger", None) or record.passage
    return passage.start, passage.end


def _renamed(one: Disagreement, renamed: Mapping[str, str]) -> Disagreement:
    return replace(one, records=tuple(_newest(name, renamed) for name in one.records))


def _relinked(claim: Claim, renamed: Mapping[str, str]) -> Claim:
    """The claim with its references to ids that stand."""
    subset_of, corrects = claim.subset_of, claim.corrects
    if subset_of not in renamed and corrects not in renamed:
        return claim
    return replace(
        claim,
        subset_of=None if subset_of is None else _newest(subset_of, renamed),
        corrects=None if corrects is None else _newest(corrects, renamed),
    )


def _newest(name: str, renamed: Mapping[str, str]) -> str:
    while name in renamed:
        name = renamed[name]
    return name
