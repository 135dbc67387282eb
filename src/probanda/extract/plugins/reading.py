"""The reading of one text by the rules and by further extractors: one gate, then one reading.

Guarantees: without proposals it is the reading of the rules, to the byte. With them, whatever an extractor proposed
passed the gate, with values worked out from the words; what was refused stands under `rejected` with its reason and the
extractor's name, what was agreed and disagreed under `agreement`. The same text and proposals give the same reading.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from probanda.extract import gate
from probanda.extract.places.imported import Imported
from probanda.extract.places.told import Site
from probanda.extract.plugins import borne_out
from probanda.extract.plugins.complete import RECORDS, Completer
from probanda.extract.plugins.proposal import Proposal
from probanda.extract.plugins.reconcile import reconcile, with_lists
from probanda.extract.plugins.sameness import KINDS
from probanda.extract.read import EXTRACTOR, read_segmented
from probanda.extract.text.segments import Document, segment
from probanda.records.canonical import Json, identify
from probanda.records.codec import to_json
from probanda.records.reading import Claim, Reading, Rejection

_LISTS = {cls: name for name, cls in RECORDS.items()}


def read_with(
    text: str,
    published: str | None,
    language: str,
    proposals: Sequence[Proposal],
    sha256: str | None = None,
    calendar: Mapping[str, str] | None = None,
    sites: Sequence[Site] = (),
    gazetteers: Imported | None = None,
) -> Reading:
    """What `text` says, by the rules and by `proposals`; the other arguments as of `extract.read.read`, which it is
    without any. Raises `UnreadableLanguageError`."""
    doc = segment(text, language)
    rules, recompute = read_segmented(doc, published, sha256, calendar, sites, gazetteers)
    if not proposals:
        return rules
    completer = Completer(doc, recompute, rules.places, rules.times)
    others = [(one.extractor, _admitted(doc, rules, recompute, completer, one)) for one in proposals]

    def admits(record: Any) -> bool:
        lists = {_LISTS[type(record)]: [record]}
        _, refused = gate.admit(
            doc, lists, extractor="", published=published, sha256=rules.document.sha256, recompute=recompute
        )
        return not refused

    return reconcile(rules, EXTRACTOR, others, admits)


def _admitted(
    doc: Document, rules: Reading, recompute: gate.Recompute, completer: Completer, proposal: Proposal
) -> Reading:
    """What of the proposal the text bears out, as a reading of its own."""
    told: dict[str, Json] = {"name": proposal.extractor, "version": proposal.version}
    if proposal.resources:
        told["resources"] = dict(proposal.resources)
    candidate = {
        **completer.content(proposal.content),
        "rejected": [to_json(Rejection(one.reason, one.quote, proposal.extractor)) for one in proposal.refused],
        "extractors": [told],
    }
    admitted, _ = gate.admit(
        doc, candidate, extractor=proposal.extractor, published=rules.document.published,
        sha256=rules.document.sha256, recompute=recompute,
    )  # fmt: skip
    kept, refused = [], []
    for claim in admitted.claims:
        fault = borne_out.fault(doc, claim, rules.claims)
        if fault is None:
            kept.append(claim)
        else:
            refused.append(Rejection(fault, claim.passage.text[:300], proposal.extractor))
    if refused:
        gone = {claim.id for claim in admitted.claims} - {claim.id for claim in kept}
        kept = [_without_links(claim, gone) for claim in kept]
        admitted = replace(admitted, claims=tuple(kept), rejected=(*admitted.rejected, *refused))
    return _identified(admitted, proposal.extractor)


def _without_links(claim: Claim, gone: Collection[str]) -> Claim:
    """The claim without what it says of claims that were refused."""
    return replace(
        claim,
        subset_of=None if claim.subset_of in gone else claim.subset_of,
        corrects=None if claim.corrects in gone else claim.corrects,
    )


def _identified(reading: Reading, extractor: str) -> Reading:
    """`reading` with the ids that follow from document, extractor and content, in place of those that the proposal
    gave; what is proposed twice stands once, and that is told."""
    named: dict[str, str] = {}
    merged: dict[str, tuple[Any, ...]] = {}
    rejected = list(reading.rejected)
    for kind in KINDS:
        once: dict[str, Any] = {}
        for record in _in_order(getattr(reading, kind), named):
            if isinstance(record, Claim):
                record = replace(
                    record,
                    subset_of=named.get(record.subset_of or "", record.subset_of),
                    corrects=named.get(record.corrects or "", record.corrects),
                )
            body = to_json(record)
            del body["id"]
            singular = kind.removesuffix("s")
            made = identify(singular, {"document": reading.document.sha256, "extractor": extractor, singular: body})
            named[record.id] = made
            if made in once:
                words = getattr(record, "trigger", None) or record.passage
                rejected.append(Rejection("reference.duplicate_id: proposed twice", words.text[:300], extractor))
            once[made] = replace(record, id=made)
        merged[kind] = tuple(once.values())
    return replace(with_lists(reading, merged), rejected=tuple(rejected))


def _in_order(records: Sequence[Any], named: Mapping[str, str]) -> Sequence[Any]:
    """Records with those that others refer to first, so that their new ids are known. The gate let no circle in by
    `subset_of`; where claims correct each other in a circle, ids of the proposal would be left: these go as they
    are."""
    waiting = {record.id: record for record in records}
    out: list[Any] = []

    def take(record: Any) -> None:
        stack = [record]
        while stack:
            last = stack[-1]
            links = (getattr(last, "subset_of", None), getattr(last, "corrects", None))
            first = next((waiting[link] for link in links if link in waiting and waiting[link] not in stack), None)
            if first is None:
                stack.pop()
                if waiting.pop(last.id, None) is not None:
                    out.append(last)
            else:
                stack.append(first)

    for record in records:
        if record.id in waiting:
            take(record)
    return out
