"""Archive: the one handle of a case, which joins its blobs, log and index with the steps and an engine.

Guarantees: what a method returned is on the disk; whatever stops the process, opening the case again finds all of it
and nothing twice. An item that cannot be added is recorded as a failure with its reason and stops no other. What a
machine read is never changed by what a person decides. Two archives may be open in one process, also in a notebook.
Refuses: to write to a case that was opened for reading, with `ReadOnlyCase`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from probanda import __version__, pipeline
from probanda.acting import AtHand
from probanda.asking import Asking
from probanda.bundling import Bundles
from probanda.collect.files import Found, Skipped, collect
from probanda.deciding import Decisions
from probanda.engine.contract import Engine
from probanda.engine.local import LocalEngine
from probanda.erasing import Erasing, deleted_before, deleted_bytes, finish_deletion
from probanda.guarding import Guarding
from probanda.incoming import Transfers
from probanda.index import contents, queries, search
from probanda.index import incidents as kept
from probanda.index.acts import places_of
from probanda.index.apply import catch_up
from probanda.index.dump import dump_lines
from probanda.index.queries import Located, UnknownIdError
from probanda.index.rebuild import OpenIndex, agrees, open_index, rebuild_index
from probanda.index.search import Filters, SearchAnswer
from probanda.index.supplements import supplements
from probanda.index.truth import Truth
from probanda.intake import AddReport, Intake, Stated, take_in
from probanda.outgoing import WaysOut
from probanda.preserve.case_folder import CaseFolder, create, open_folder, register_agent
from probanda.preserve.errors import ReadOnlyCase
from probanda.preserve.keys import AGENT_PREFIX, Random
from probanda.preserve.log import Clock, system_clock
from probanda.preserve.passphrases import Passphrases, given
from probanda.preserve.verify import Check, VerifyReport, verify
from probanda.protecting import Protecting
from probanda.records.capture import Capture
from probanda.records.edtf import parse_edtf
from probanda.records.entry import CHECKPOINT, INGESTION, Agent, format_time
from probanda.records.protection import Marking, Protection
from probanda.records.reading import Claim, Event, Quotation
from probanda.records.supplement import in_force
from probanda.register import IncidentActs
from probanda.rekeying import Keys
from probanda.report.anchored import labelled
from probanda.report.snapshot import CheckRow, FailureRow, ItemRow, ReadingRow, Region, Snapshot
from probanda.report.whence import with_whence
from probanda.sealing import Seals
from probanda.weighing import Weighing

if TYPE_CHECKING:
    from probanda.patterns.observed import Basis
    from probanda.patterns.patterns import Patterns
    from probanda.patterns.series import Per


class Archive(
    IncidentActs, Decisions, Weighing, Bundles, Erasing, Keys, Seals, Asking, WaysOut, Transfers, Protecting, Guarding
):
    """An open case. Use it in a `with` block, or call `close`."""

    def __init__(self, case: CaseFolder, index: OpenIndex, truth: Truth, clock: Clock, random: Random) -> None:
        self._case = case
        self._index = index
        self._truth = truth
        self._clock = clock
        self._random = random
        self._not_indexed: tuple[tuple[int, str], int] | None = None

    @classmethod
    def create(
        cls,
        folder: Path,
        title: str,
        agent: str,
        clock: Clock = system_clock,
        random: Random = os.urandom,
        *,
        passphrase: str | Passphrases | None = None,
        encrypted: bool = False,
    ) -> Archive:
        """A new case in `folder`, made by the person named `agent`; with a `passphrase` its key is protected by that,
        `encrypted` whatever the case keeps beside blobs and log. Raises as `case_folder.create`."""
        case = create(
            folder, title, agent, clock, random,
            passphrases=given(passphrase), protected=passphrase is not None and not encrypted, encrypted=encrypted,
        )  # fmt: skip
        truth = Truth(case)
        return cls(case, open_index(truth), truth, clock, random)

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        read_only: bool | None = None,
        clock: Clock = system_clock,
        random: Random = os.urandom,
        passphrase: str | Passphrases | None = None,
    ) -> Archive:
        """The case in `folder`, its index up to the log; `read_only` of `None` means: find out. `passphrase` is one for
        everything, or where to ask for each when it is needed. Raises as `case_folder.open_folder`, and
        `IndexMismatchError` when an entry of the log cannot be understood."""
        case = open_folder(folder, clock, random, read_only=read_only, passphrases=given(passphrase))
        truth = Truth(case)
        finish_deletion(truth)
        return cls(case, open_index(truth), truth, clock, random)

    @classmethod
    def rebuild(cls, folder: Path, passphrase: str | Passphrases | None = None) -> int:
        """Builds the index again from log and blobs and puts it in place of the one there; returns how many entries it
        holds. No step is run. Raises as `open`, and `ReadOnlyCase`."""
        case = open_folder(folder, passphrases=given(passphrase))
        if case.read_only:
            raise ReadOnlyCase(f"expected to write in {folder}, found a case that may only be read; rebuild a copy")
        truth = Truth(case)
        finish_deletion(truth)
        rebuild_index(truth, why="it was asked for").close()
        return truth.end()[0]

    def close(self) -> None:
        """Closes the index. Nothing is waiting to be written; closing twice does nothing."""
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def case(self) -> CaseFolder:
        return self._case

    @property
    def index_built(self) -> str | None:
        """Why the index was built anew when the case was opened; `None` where the one that was there served."""
        return self._index.built

    def add(
        self,
        paths: Iterable[Path | str],
        *,
        published: str | None = None,
        source: str | None = None,
        note: str | None = None,
        marking: Marking | None = None,
        protection: Protection | None = None,
        by: str | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> AddReport:
        """Preserves every file of `paths` and below, as one capture each; the same bytes again are a new capture.

        `published` is EDTF text. `protection` says all, `marking` the marking alone; neither means *restricted*. `by`
        is who adds and signs, as in `judge`. `progress` is told how many items are done. Raises `EdtfError`,
        `UnknownIdError` and `KeyMissing` before anything is kept, and what a failing disk raises; what was acknowledged
        to `progress` before that stands.
        """
        items = collect(paths, case_folder=self._case.path)
        stated = Stated(published, source, note, marking, protection, by)
        return self.add_items(items, stated, progress)

    def add_items(
        self, items: Iterable[Found | Skipped], stated: Stated, progress: Callable[[int], None] | None = None
    ) -> AddReport:
        """Preserves what was met, as `add` does; what an item says of itself comes before what is `stated` for all."""
        self._require_writable()
        if stated.published is not None:
            parse_edtf(stated.published)
        guarded = stated.protection or Protection()
        if stated.marking is not None:
            guarded = replace(guarded, marking=stated.marking)
        agent = self._agent(stated.by)
        self._case.signer(agent)  # a key that is elsewhere is noticed before any byte is copied
        agents = (Agent(agent, "implementer"), pipeline.SOFTWARE)
        intake = Intake(self._case, agents, stated.published, stated.source, stated.note, guarded, self._random, agent)
        captures: list[str] = []
        failures: list[FailureRow] = []
        again: list[str] = []
        deleted = deleted_bytes(AtHand(self._alias, self._truth, self._clock, self._random, self._agent))
        for taken in take_in(intake, items):
            catch_up(self._alias, self._truth, taken.entries)
            captures += [str(one.detail["capture"]) for one in taken.entries if one.act == INGESTION]
            failures += taken.failures
            again += deleted_before(self._truth, deleted, taken.entries)
            if progress is not None:
                progress(len(captures) + len(failures))
        return AddReport(tuple(captures), tuple(failures), tuple(again))

    def run(
        self,
        engine: Engine | None = None,
        progress: Callable[[pipeline.Progress], None] | None = None,
        *,
        stages: Sequence[pipeline.Stage] | None = None,
        batch: int = pipeline.BATCH,
        wait_s: float = 0.0,
    ) -> pipeline.RunReport:
        """Every missing derivation, until none is missing. `engine` of `None`: worker processes on this machine.
        Raises `Locked` when another run of this case goes on for longer than `wait_s`, and `EngineError`."""
        self._require_writable()
        commit = pipeline.Commit(self._alias, self._truth, self._random)
        self._catch_up()
        chosen = pipeline.spine_of(self.settings(), self.supplements()) if stages is None else stages
        if engine is not None:
            return pipeline.run(commit, engine, chosen, progress, batch=batch, wait_s=wait_s)
        with LocalEngine(self._case.blobs.folder) as local:
            return pipeline.run(commit, local, chosen, progress, batch=batch, wait_s=wait_s)

    def captures(self) -> tuple[Capture, ...]:
        self._catch_up()
        return queries.captures(self._alias)

    def claims(self, **wanted: str | None) -> tuple[Located[Claim], ...]:
        """The claims of current readings; filters as `index.queries.claims` names them."""
        self._catch_up()
        return queries.claims(self._alias, **wanted)

    def quotations(self, **wanted: str | None) -> tuple[Located[Quotation], ...]:
        self._catch_up()
        return queries.quotations(self._alias, **wanted)

    def events(self, **wanted: str | None) -> tuple[Located[Event], ...]:
        self._catch_up()
        return queries.events(self._alias, **wanted)

    def search(self, typed: str, filters: Filters | None = None, *, limit: int = 20, offset: int = 0) -> SearchAnswer:
        """The texts that hold what `typed` asks for (`index.search_query`), the best first, with their passages.
        Raises `QueryError`."""
        self._catch_up()
        end = self._truth.end()
        if self._not_indexed is None or self._not_indexed[0] != end:  # counting is slow and changes with the log alone
            self._not_indexed = end, search.count_not_indexed(self._alias)
        return search.search(
            self._alias, self._case.blobs.read, typed, filters,
            limit=limit, offset=offset, not_indexed=self._not_indexed[1],
        )  # fmt: skip

    def items(self) -> tuple[ItemRow, ...]:
        self._catch_up()
        transfers = {one.seq: one for one in self.transfers()}
        return with_whence(labelled(contents.items(self._alias), self.anchoring()), transfers)

    @property
    def time_asked(self) -> bool:
        """Whether the case was ever sealed, or asks for anchors, so that an item without one is told as unanchored."""
        settings = self.settings()
        return bool(places_of(self._alias, CHECKPOINT)) or (settings is not None and settings.min_anchors > 0)

    def readings(self) -> tuple[ReadingRow, ...]:
        """Current readings with their texts."""
        self._catch_up()
        return contents.readings(self._alias, self._case.blobs.read)

    def regions(self, text: str) -> tuple[Region, ...]:
        """Where each stretch of the text with this SHA-256 stands in its source: page, cell, paragraph or area."""
        self._catch_up()
        return contents.regions(self._alias, self._case.blobs.read, text)

    def failures(self) -> tuple[FailureRow, ...]:
        """What could not be added, and what a step gave no result about."""
        self._catch_up()
        return contents.failures(self._alias)

    def verify(
        self,
        progress: Callable[[str, int, int], None] | None = None,
        *,
        pinned_key: str | None = None,
        certificates: bytes | None = None,
        pinned_checkpoint: bytes | None = None,
    ) -> VerifyReport:
        """`preserve.verify`, and the check `index.agrees`: whether the index holds what log and blobs give."""
        openings = self._case.openings if self._case.private.sealed else None
        report = verify(
            self._case.path, progress, pinned_key=pinned_key, certificates=certificates, openings=openings,
            pinned_checkpoint=pinned_checkpoint, now=self._clock(),
        )  # fmt: skip
        index = self._index_agrees()
        return replace(report, checks=(*report.checks, index), ok=report.ok and index.outcome != "fails")

    def snapshot(self, checked: VerifyReport | None = None) -> Snapshot:
        """Everything that a report needs, at the log's present head. `checked` is what `verify` returned, `None` where
        nobody asked."""
        self._catch_up()
        checks = () if checked is None else checked.checks
        anchoring, asked = self.anchoring(), self.time_asked
        transfers = {one.seq: one for one in self.transfers()}
        with contents.unchanging(self._alias):
            size, root = contents.head(self._alias)
            found = Snapshot(
                case_id=self._case.id,
                title=self._case.title,
                generated_at=format_time(self._clock()),
                log_size=size,
                log_root=root,
                software_version=__version__,
                items=with_whence(labelled(contents.items(self._alias), anchoring), transfers),
                time_asked=asked,
                readings=contents.readings(self._alias, self._case.blobs.read),
                judgements=queries.judgements(self._alias),
                failures=contents.failures(self._alias),
                integrity=tuple(CheckRow(row.name, row.outcome, row.reason, row.counted) for row in checks),
                integrity_ok=None if checked is None else checked.ok,
                agents=contents.agents(self._alias),
                incidents=kept.incidents(self._alias),
                relations=kept.relations(self._alias),
                supplements=in_force(supplements(self._alias, self._case.blobs.read)),
            )
        linked = self._ready(writing=False).linked(row.reading for row in found.readings)
        return replace(found, proposals=linked.proposals)

    def patterns(
        self, *, type: str | None = None, per: Per = "week", basis: Basis | None = None, seed: int = 0,
        hidden: Collection[str] = (),
    ) -> Patterns:  # fmt: skip
        """Patterns among what the case holds (`patterns.patterns`); `basis` of `None`: incidents if there are any. With
        `hidden` items (what `look` gave) nothing that is guarded is counted."""
        from probanda.patterns.patterns import patterns  # numpy, which no other command needs
        from probanda.report.disclosure import disclose
        from probanda.report.observed import observed

        snapshot = self.snapshot()
        if hidden:
            shown = {row.capture.id for row in snapshot.items} - set(hidden)
            snapshot = disclose(snapshot, "internal", shown).snapshot
        return patterns(observed(snapshot, basis), type=type, per=per, seed=seed)

    def canonical_dump(self) -> Iterator[bytes]:
        """Every row of the index as canonical JSON lines in a fixed order."""
        self._catch_up()
        return dump_lines(self._alias)

    @property
    def _alias(self) -> str:
        return self._index.alias

    def at_hand(self, *, writing: bool) -> AtHand:
        if writing:
            self._require_writable()
        self._catch_up()
        return AtHand(self._alias, self._truth, self._clock, self._random, self._agent)

    def index_anew(self, why: str) -> None:
        self._index.close()
        self._index = rebuild_index(self._truth, why=why)

    def _require_writable(self) -> None:
        if self._case.read_only:
            raise ReadOnlyCase(
                f"expected to write in {self._case.path}, found a case that is open for reading only. Nothing was "
                "changed. Copy the case to a place where you may write, or ask its owner for the right to"
            )

    def _catch_up(self) -> None:
        """Takes in what other processes appended. A case that is open for reading stays as it was opened."""
        if not self._case.read_only:
            catch_up(self._alias, self._truth)

    def _agent(self, given: str | None) -> str:
        if given is None:
            return self._case.agent
        self._catch_up()
        known = queries.person(self._alias, given)
        if known is None and given.startswith(AGENT_PREFIX):
            raise UnknownIdError(f"expected the id of a person of this case, found {given!r}; give the person's name")
        return known or register_agent(self._case, given, self._random).agent

    def _index_agrees(self) -> Check:
        self._catch_up()
        name, count = "index.agrees", self._truth.end()[0]
        if self._index.temporary is not None:
            return Check(name, "unproven", f"the index was made for this look at the case: {self._index.built}", count)
        if agrees(self._alias, self._truth):
            return Check(name, "holds", "the index holds exactly what the log and the blobs give", count)
        why = "the index differs from what the log and the blobs give; run: probanda rebuild CASE"
        return Check(name, "fails", why, count)
