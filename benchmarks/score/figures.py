"""Scores figures: the claims that carry a number, field by field, and the people among them by themselves.

`casualty value and kind` is the bar that a figure of people is held to: the number is read as it stands, and it is
known what became of them (died, killed, injured, missing, detained, refugee, internally displaced ...). `casualty
qualifier` is counted among those alone that are right in this, so that it says how often a number that was taken over
kept its "at least".
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from probanda.records.quantity import Quantity
from probanda.records.reading import Claim, Speaker
from score.count import Tally
from score.gold import Mark, Report
from score.names import holds, same_unit

PEOPLE = {"casualty", "displacement"}
FIELDS = ("qualifier", "bounds", "unit", "effect", "owner", "verification", "modality", "kind")


def score_figures(report: Report, claims: tuple[Claim, ...], tally: Tally) -> None:
    golds = report.marks["figures"]
    known = {claim.id: claim for claim in claims}
    numbered = sorted(
        (claim for claim in claims if claim.quantity is not None), key=lambda claim: _quantity(claim).passage.start
    )
    for mark in golds:
        if not mark.optional:
            _gold(mark, [claim for claim in numbered if _says(mark, claim)], known, tally)
    for _, group in groupby(numbered, key=lambda claim: _quantity(claim).passage.start):
        _found(list(group), golds, tally)


def _gold(mark: Mark, candidates: list[Claim], known: dict[str, Claim], tally: Tally) -> None:
    tally.gold("figures", bool(candidates))
    number = mark.fields["number_text"]
    if not candidates:
        tally.error("figures", "missed", f"{number} {mark.fields['unit']} ({mark.fields['effect']})")
    best = max(candidates, key=lambda claim: sum(right(mark, claim).values()), default=None)
    results = right(mark, best) if best else dict.fromkeys(FIELDS, False)
    for name in FIELDS:
        tally.gold(f"figure {name}", results[name])
        if best and not results[name]:
            found = f"expected {_expected(mark, name)}, found {_is(best, name)}"
            tally.error(f"figure {name}", "wrong", f"{number}: {found}")
    tally.gold("figures all right", bool(best) and all(results.values()))
    if of_people(mark):
        _people(mark, candidates, tally)
    for field, test in _LINKS.items():
        if field in mark.fields:
            good = any(test(str(mark.fields[field]), claim, known) for claim in candidates)
            tally.gold(f"figure {field}", good)
            if candidates and not good:
                tally.error(f"figure {field}", "missed", f"{number}: expected {mark.fields[field]}")


def _found(group: list[Claim], golds: tuple[Mark, ...], tally: Tally) -> None:
    quantity = _quantity(group[0])
    touching = [mark for mark in golds if _touches(mark, quantity)]
    if any(mark.optional for mark in touching) and not any(
        _says(mark, claim) for mark in touching if not mark.optional for claim in group
    ):
        return
    matched = [(mark, claim) for mark in touching for claim in group if not mark.optional and _says(mark, claim)]
    tally.found("figures", bool(matched))
    if not matched:
        kind = "wrong number" if touching else "extra"
        tally.error("figures", kind, f"{quantity.passage.text} {quantity.unit} = {quantity.stated} ({group[0].kind})")
    results = [right(mark, claim) for mark, claim in matched]
    best = max(results, key=lambda fields: sum(fields.values()), default=dict.fromkeys(FIELDS, False))
    for name in FIELDS:
        tally.found(f"figure {name}", best[name])
    tally.found("figures all right", bool(matched) and all(best.values()))
    if any(claim.kind in PEOPLE for claim in group) and all(of_people(mark) for mark, _ in matched):
        tally.found("casualty value and kind", any(fields["kind"] and fields["effect"] for fields in results))


def of_people(mark: Mark) -> bool:
    """Whether the gold figure counts people to whom something was done or who had to go."""
    return mark.fields["kind"] in PEOPLE


def _people(mark: Mark, candidates: list[Claim], tally: Tally) -> None:
    good = [fields for fields in (right(mark, claim) for claim in candidates) if fields["kind"] and fields["effect"]]
    tally.gold("casualty value and kind", bool(good))
    if good:
        kept = any(fields["qualifier"] for fields in good)
        tally.gold("casualty qualifier", kept)
        tally.found("casualty qualifier", kept)


def right(mark: Mark, claim: Claim) -> dict[str, bool]:
    """Which fields of the claim are as the gold has them."""
    quantity = _quantity(claim)
    qualifier = quantity.qualifier in mark.accepted("qualifier")
    open_bounds = mark.fields["minimum"] == "any" or (qualifier and quantity.qualifier != mark.fields["qualifier"])
    unit = mark.fields["unit"]
    owners = tuple(str(owner) for owner in mark.accepted("owner") if owner)
    modality = claim.modality in mark.accepted("modality") or (
        claim.modality == "stated"
        and "accomplished" in mark.accepted("modality")
        and set(mark.accepted("kind")) != {"casualty"}
    )
    return {
        "qualifier": qualifier,
        "bounds": open_bounds
        or (quantity.minimum == mark.fields["minimum"] and quantity.maximum == mark.fields["maximum"]),
        "unit": unit is None or same_unit(unit, quantity.unit),
        "effect": mark.fields["effect"] is None or claim.effect in mark.accepted("effect"),
        "owner": holds(owners, claim.source),
        "verification": (claim.verification.status if claim.verification else None) in mark.accepted("verification"),
        "modality": modality,
        "kind": claim.kind in mark.accepted("kind"),
    }


def _quantity(claim: Claim) -> Quantity:
    if claim.quantity is None:
        raise ValueError(f"the claim {claim.id} carries no number")
    return claim.quantity


def _touches(mark: Mark, quantity: Quantity) -> bool:
    return mark.start < quantity.passage.end and quantity.passage.start < mark.end


def _says(mark: Mark, claim: Claim) -> bool:
    quantity = _quantity(claim)
    return _touches(mark, quantity) and quantity.stated == mark.fields["stated"]


def _subset_of(words: str, claim: Claim, known: dict[str, Claim]) -> bool:
    parent = known.get(claim.subset_of or "")
    return parent is not None and parent.quantity is not None and _shares(words, parent.quantity.passage.text)


def _corrects(words: str, claim: Claim, known: dict[str, Claim]) -> bool:
    named = known.get(claim.corrects or "")
    phrase = named.quantity.passage.text if named and named.quantity else claim.corrects
    return phrase is not None and _shares(words, phrase)


def _cumulative(words: str, claim: Claim, known: dict[str, Claim]) -> bool:
    since = claim.cumulative_since
    return since is not None and since.passage is not None and _shares(words, since.passage.text)


_LINKS: dict[str, Callable[[str, Claim, dict[str, Claim]], bool]] = {
    "subset_of": _subset_of,
    "corrects": _corrects,
    "cumulative_since": _cumulative,
}


def _shares(one: str, two: str) -> bool:
    return one.lower() in two.lower() or two.lower() in one.lower()


def _expected(mark: Mark, name: str) -> object:
    if name == "bounds":
        return (mark.fields["minimum"], mark.fields["maximum"])
    return mark.fields["unit"] if name == "unit" else "/".join(str(value) for value in mark.accepted(name))


def _is(claim: Claim, name: str) -> object:
    quantity = _quantity(claim)
    if name == "bounds":
        return (quantity.minimum, quantity.maximum)
    if name in ("qualifier", "unit"):
        return getattr(quantity, name)
    if name == "owner":
        source = claim.source
        return (source.name, source.role) if isinstance(source, Speaker) else type(source).__name__
    return getattr(claim, name)
