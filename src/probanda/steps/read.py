"""read: the reading of a frozen text (`extract.read`), as a derivation.

Parameters: `language` (as `language` found it), `published` (EDTF, or `null` where the capture has none; dates such as
"Wednesday" stay unresolved then); where people told the case something, `calendar` (words of an event to the day on
which it began), `sites` (names with points) and `supplement`, the id of the last that was told; where it imported
gazetteers, `gazetteers` names each (country, source and SHA-256 of the dump), `gazetteer` is the id of the last one
that was imported or removed, and their compiled tables are the last inputs. Where further
extractors were asked, their proposals are inputs behind the text, and `extractors` names them in this order, each with
`name`, `version` and `setting`, the digest of everything that it was asked with. Output, role
`reading`: the canonical JSON of the `Reading`. The request names every lexicon file, the gazetteer and the rules by
digest, so that a reading made with others is another derivation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from probanda.records.canonical import Json, canonical
from probanda.records.codec import RecordError, parse, to_json
from probanda.records.derivation import Request
from probanda.steps.step import Step, StepOutput, StepResult, failed, not_applicable, succeeded

if TYPE_CHECKING:
    from probanda.extract.places.told import Site
    from probanda.extract.plugins.proposal import Proposal

LANGUAGES = ("en", "uk", "ru")


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    from probanda.extract.places.imported import imported
    from probanda.extract.plugins.reading import read_with

    sha256, data = request.inputs[0], inputs[request.inputs[0]]
    language, published = request.parameters.get("language"), request.parameters.get("published")
    if language not in LANGUAGES:
        return not_applicable(f"no grammar for {language} yet")
    if published is not None and not isinstance(published, str):
        return failed(f"expected a date in EDTF or null as parameter `published`, found {published!r}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return failed(f"expected a frozen text in UTF-8, found at byte {error.start} what does not decode")
    try:
        calendar, sites = _told(request.parameters)
        tables = _tables(request, inputs)
        proposals = _proposals(request, inputs, len(tables))
        gazetteers = imported(tables)
    except ValueError as error:
        return failed(str(error))
    reading = read_with(
        text, published, str(language), proposals, sha256=sha256, calendar=calendar, sites=sites, gazetteers=gazetteers
    )
    counts = {
        name: len(getattr(reading, name))
        for name in ("quotations", "claims", "events", "places", "weapons", "objects", "labels", "rejected")
    }
    return succeeded(StepOutput("reading", canonical(to_json(reading)), "application/json"), facts=counts)


def _tables(request: Request, inputs: Mapping[str, bytes]) -> dict[str, bytes]:
    """The compiled gazetteers of a request, by SHA-256: the last inputs, one for each that it names."""
    named = request.parameters.get("gazetteers", [])
    if not isinstance(named, (list, tuple)) or len(named) >= len(request.inputs):
        raise ValueError(f"expected a compiled gazetteer as input for each one named, found {named!r:.120}")
    return {sha256: inputs[sha256] for sha256 in request.inputs[len(request.inputs) - len(named) :]}


def _proposals(request: Request, inputs: Mapping[str, bytes], tables: int = 0) -> list[Proposal]:
    """The proposals of a request, each by the extractor that the request names for it. Raises `ValueError`."""
    from probanda.extract.plugins.proposal import failed as no_proposal
    from probanda.extract.plugins.proposal import parse_proposal

    told, given = request.parameters.get("extractors", []), request.inputs[1 : len(request.inputs) - tables]
    names = [one.get("name") if isinstance(one, Mapping) else None for one in told] if isinstance(told, list) else []
    if len(names) != len(given) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"expected an extractor named for each of {len(given)} proposals, found {told!r:.120}")
    found = []
    for name, sha256 in zip(map(str, names), given, strict=True):
        try:
            proposal = parse_proposal(inputs[sha256])
        except RecordError as error:
            proposal = no_proposal(name, "", str(error))
        if proposal.extractor != name:
            proposal = no_proposal(name, "", f"expected a proposal of {name}, found one of {proposal.extractor!r:.80}")
        found.append(proposal)
    return found


def _told(parameters: Mapping[str, Json]) -> tuple[dict[str, str], tuple[Site, ...]]:
    """Calendar and sites of a request. Raises `ValueError` for what is neither."""
    from probanda.extract.places.told import Site

    calendar, sites = parameters.get("calendar", {}), parameters.get("sites", [])
    if not isinstance(calendar, Mapping) or not all(isinstance(day, str) for day in calendar.values()):
        raise ValueError(f"expected words of events with a day each as parameter `calendar`, found {calendar!r:.80}")
    if not isinstance(sites, (list, tuple)):
        raise ValueError(f"expected a list as parameter `sites`, found {sites!r:.80}")
    try:
        return {str(name): str(day) for name, day in calendar.items()}, tuple(
            parse(Site, site, "sites") for site in sites
        )
    except RecordError as error:
        raise ValueError(str(error)) from error


def _resources() -> Mapping[str, str]:
    from probanda.extract.read import resources

    return resources()


STEP = Step(
    "read",
    "1",
    _run,
    timeout_s=120.0,
    description="quotations, claims, events, places of a text, each at its characters",
    resources=_resources,
)
