"""From what is missing to what is committed: work list, batches, engine, log, index.

Guarantees: a batch is committed in the order rows blob, log entry, index row, each durable before the next; a crash
between any two loses at most work that was not reported, and the next run asks for it again. A request that has its
derivation in the log is never run again. One run at a time goes on in a case (`run.lock`); people add and judge
meanwhile, because an append takes another lock. The engine holds no key, log or database: only this process commits.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from probanda import __version__
from probanda.engine.contract import Batch, BatchResult, Engine
from probanda.index.apply import catch_up
from probanda.index.truth import Truth
from probanda.index.work import (
    Group,
    by_facts,
    captured_and_members,
    containers,
    count_missing,
    imports,
    missing,
    of_types,
    outputs_of,
    texts_by_date,
    with_proposals,
    with_tables,
    without_text_layer,
)
from probanda.preserve import acts
from probanda.preserve.case_folder import CaseFolder
from probanda.preserve.keys import Random
from probanda.preserve.lock import held
from probanda.preserve.rows import rows_root, with_nonce
from probanda.records.canonical import Json
from probanda.records.codec import to_json
from probanda.records.derivation import Derivation, Request, encode_rows
from probanda.records.entry import Agent
from probanda.records.settings import Settings, extractors_of
from probanda.records.supplement import Dump, Supplement, gazetteers, parameters
from probanda.steps.step import TEXT_STEPS, Step

BATCH = 100  # requests; at 20 ms each a batch is 2 s of work, which a crash may cost
_PARTS = 16  # arbitrary: little work is cut into so many batches, so that one worker is not left with all of it,
_LEAST = 4  # but a batch has at least so many requests, since each is a commit
NO_CAPABILITIES = "0" * 64
ASKED = "llm:"  # extractors of this name are models behind an endpoint (`asking`), which no step asks

SOFTWARE = Agent(f"software:probanda {__version__}", "executing program")


@dataclass(frozen=True, slots=True)
class Stage:
    """A step and what it is to be asked about, as queries on an index."""

    step: Step
    wanted: Callable[[str], Iterator[Group]]
    capabilities: str = NO_CAPABILITIES  # digest of what this machine can do for the step, beside its resources


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` requests of `step` are committed in this pass."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run committed: how many requests of each step had each outcome."""

    counted: Mapping[str, Mapping[str, int]]

    @property
    def total(self) -> int:
        return sum(sum(outcomes.values()) for outcomes in self.counted.values())


def spine(
    told: Mapping[str, Json] | None = None,
    extractors: Sequence[str] = (),
    gazetteers: tuple[Sequence[Dump], str] | None = None,
) -> tuple[Stage, ...]:
    """The steps of this version in the order in which one feeds the next. `told` are the parameters that come from what
    people told the case (`records.supplement.parameters`); readings are asked for with them. `extractors` are asked
    beside the rules; of one that is missing here, readings take what it proposed elsewhere. `gazetteers` are those that
    the case imported, with the id of the last act about one; readings use those that could be compiled."""
    from probanda.steps import gazetteer, identify, language, metadata, ocr, read, terms, text, unpack

    dumps = [dump.sha256 for dump in gazetteers[0]] if gazetteers is not None else []
    return (
        Stage(identify.STEP, captured_and_members),
        Stage(unpack.STEP, lambda alias: containers(alias, "identify", unpack.CONTAINERS)),
        Stage(
            text.STEP,
            lambda alias: by_facts(alias, "identify", ("media_type", "encoding", "delimiter"), unpack.SEALED),
        ),
        Stage(ocr.STEP, _to_recognise, ocr.capabilities()),
        Stage(metadata.STEP, lambda alias: of_types(alias, metadata.TYPES)),
        Stage(language.STEP, lambda alias: outputs_of(alias, TEXT_STEPS, "text")),
        Stage(terms.STEP, lambda alias: by_facts(alias, "language", ("language",))),
        *(_proposing(one) for one in extractors if not one.startswith(ASKED) and lacking(one) is None),
        *(() if gazetteers is None else (Stage(gazetteer.STEP, lambda alias: imports(alias, dumps)),)),
        Stage(
            read.STEP,
            lambda alias: _with_tables(alias, _with(told or {}, _with_proposals(alias, extractors)), gazetteers),
        ),
    )


def spine_of(settings: Settings | None, supplements: Sequence[Supplement]) -> tuple[Stage, ...]:
    """`spine` with what people told the case and imported, and with the extractors that the settings ask. When these
    change, readings are asked for anew, also when none is asked any more."""
    asked = extractors_of(settings)
    told, imported = parameters(supplements), gazetteers(supplements)
    if asked is None:
        return spine(told, gazetteers=imported)
    return spine({**told, "asked": to_json(asked)}, asked.names, imported)


def lacking(extractor: str) -> str | None:
    """Why this machine cannot ask the extractor, and what to do; `None` where it can, and for a model, whom `run` does
    not ask: readings take the answers that are there."""
    from probanda.extract.plugins.registry import UnknownExtractorError, find, resources_of

    if extractor.startswith(ASKED):
        return None
    try:
        found = find(extractor)
        missing = found.missing()
        if missing is None:
            resources_of(found)
    except UnknownExtractorError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - the border to code of other people: what it raises is told
        return f"{extractor}: its code raised {type(error).__name__}: {error!s:.200}"
    return missing


def _proposing(extractor: str) -> Stage:
    from probanda.extract.plugins.registry import find
    from probanda.steps import propose

    languages = find(extractor).languages
    return Stage(
        propose.step_of(extractor),
        lambda alias: (group for group in _texts(alias) if group.parameters["language"] in languages),
    )


def _with_proposals(alias: str, extractors: Sequence[str]) -> Iterator[Group]:
    from probanda.steps import propose

    if not extractors:
        return _texts(alias)
    return with_proposals(alias, _texts(alias), [propose.PREFIX + name for name in extractors], propose.ROLE)


def _with_tables(alias: str, groups: Iterator[Group], gazetteers: tuple[Sequence[Dump], str] | None) -> Iterator[Group]:
    from probanda.steps import gazetteer

    if gazetteers is None:
        return groups
    dumps, last = gazetteers
    named = {
        dump.sha256: {"source": dump.source, "country": dump.country, "sha256": dump.sha256, "licence": dump.licence}
        for dump in dumps
    }
    return with_tables(alias, groups, gazetteer.STEP.name, gazetteer.ROLE, named, last)


def _to_recognise(alias: str) -> Iterator[Group]:
    """Pictures, and documents with pages that have no text layer."""
    from probanda.steps import ocr

    yield from of_types(alias, ocr.PICTURES)
    yield from without_text_layer(alias, ocr.PDF)


def _texts(alias: str) -> Iterator[Group]:
    return texts_by_date(alias, TEXT_STEPS, "text", "language", "language")


def _with(told: Mapping[str, Json], groups: Iterator[Group]) -> Iterator[Group]:
    for group in groups:
        yield replace(group, parameters={**group.parameters, **told})


@dataclass(frozen=True, slots=True)
class Commit:
    """Where derivations go: the case, and the index that follows its log. `random` gives each row the nonce that hides
    it where it is withheld."""

    alias: str
    truth: Truth
    random: Random = os.urandom

    @property
    def case(self) -> CaseFolder:
        return self.truth.folder

    def derivations(self, found: Sequence[Derivation]) -> None:
        """Commits one batch. Raises what `BlobStore.put` and `Log.append` raise; nothing is half-committed then."""
        rows = encode_rows([with_nonce(derivation, self.random) for derivation in found])
        agents = (Agent(self.case.agent, "implementer"), SOFTWARE)
        draft = acts.derivation(self.case.blobs.put(rows), len(found), rows_root(rows), agents=agents)
        catch_up(self.alias, self.truth, self.case.append([draft]))


def run(
    commit: Commit,
    engine: Engine,
    stages: Sequence[Stage],
    progress: Callable[[Progress], None] | None = None,
    *,
    batch: int = BATCH,
    wait_s: float = 0.0,
) -> RunReport:
    """Every missing derivation, until nothing is missing. Raises `Locked` when another run goes on for longer than
    `wait_s`, `EngineError`, and what a commit raises; what was committed before stands."""
    counted: dict[str, Counter[str]] = {stage.step.name: Counter() for stage in stages}
    with held(commit.case.run_lock, wait_s):
        catch_up(commit.alias, commit.truth)
        while True:
            before = sum(map(Counter.total, counted.values()))
            for stage in stages:
                _run_stage(commit, engine, stage, counted[stage.step.name], progress, batch)
            if sum(map(Counter.total, counted.values())) == before:
                return RunReport({step: dict(outcomes) for step, outcomes in counted.items()})


def _run_stage(
    commit: Commit,
    engine: Engine,
    stage: Stage,
    counted: Counter[str],
    progress: Callable[[Progress], None] | None,
    size: int,
) -> None:
    step, resources = stage.step, stage.step.resources()
    arguments = (commit.alias, step.name, step.version, resources)
    total = count_missing(*arguments, stage.wanted(commit.alias), stage.capabilities)
    if not total:
        return
    requests = missing(*arguments, stage.wanted(commit.alias), stage.capabilities)
    asked: set[str] = set()
    done = 0
    size = min(size, max(_LEAST, -(-total // _PARTS)))
    for result in engine.map(step, _batches(requests, size, asked)):
        found = _answers(result, asked, stage.capabilities)
        commit.derivations(found)
        counted.update(derivation.outcome for derivation in found)
        done += len(found)
        if progress is not None:
            progress(Progress(step.name, done, max(done, total)))
    if asked:
        raise RuntimeError(f"the engine's fault: {len(asked)} requests of {step.name} were asked and not answered")


def _batches(requests: Iterator[Request], size: int, asked: set[str]) -> Iterator[Batch]:
    while batch := tuple(islice(requests, size)):
        asked.update(request.sha256 for request in batch)
        yield batch


def _answers(result: BatchResult, asked: set[str], capabilities: str) -> list[Derivation]:
    """The derivations, each for a request that was asked once: what the engine invents or repeats is refused."""
    found = []
    for derivation in result.derivations:
        request = derivation.request.sha256
        if request not in asked:
            raise RuntimeError(f"the engine's fault: it answered the request {request}, which was not open")
        asked.remove(request)
        if derivation.outcome == "unavailable":
            derivation = replace(derivation, extra={**derivation.extra, "capabilities": capabilities})
        found.append(derivation)
    return found
