"""The register of incidents: what persons put together, revised, withdrew and related, and what a machine proposes.

Guarantees: an incident or relation is signed by the person who acts and is durable when a method returns; a version is
superseded once: who revises one that another person has revised in the meantime is refused and told which came after
(`SupersededError`), also between processes, because looking and writing happen under one lock. Members are records of
the case, and are never changed or merged. Refuses members that are incidents: how these stand to each other is a
relation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

from probanda.acting import Acting, AtHand
from probanda.index import contents, queries
from probanda.index import incidents as kept
from probanda.index.apply import catch_up
from probanda.index.queries import UnknownIdError
from probanda.link.incidents import Linked, open_proposals, propose
from probanda.preserve import acts
from probanda.preserve.errors import CaseError
from probanda.preserve.lock import held
from probanda.preserve.log import Draft
from probanda.records.canonical import Json
from probanda.records.capture import Capture
from probanda.records.entry import format_time
from probanda.records.incident import (
    Incident,
    Proposal,
    Relation,
    RelationKind,
    Where,
    encode_record,
    identified,
)
from probanda.records.judgement import Decision, Judgement
from probanda.records.protection import Protection
from probanda.records.reading import Reading, When
from probanda.report.exchange import FORMATS, Row, UnreadableFileError
from probanda.report.snapshot import FailureRow

Made = TypeVar("Made", Incident, Relation)
LOCK = "incidents.lock"


class SupersededError(CaseError):
    """The version that was to be superseded is not the newest one, or was withdrawn."""


class Parts(TypedDict, total=False):
    """What an incident may have beside title and reason. `proposal` and `supersedes` are ids or their beginnings; `by`
    is a name or an agent's id, `None` who made the case."""

    members: Iterable[str]
    type: str | None
    where: Where | None
    when: When | None
    proposal: str | None
    supersedes: str | None
    withdrawn: bool
    origin: Mapping[str, Json] | None
    protection: Protection | None
    by: str | None


class RelationParts(TypedDict, total=False):
    """What a relation may have beside its ends, kind and reason; as in `Parts`."""

    supersedes: str | None
    withdrawn: bool
    by: str | None


class AlreadyImportedError(CaseError):
    """The same bytes were imported before."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made: the file's capture, an incident for each record, and the records that are none."""

    capture: str
    incidents: tuple[Incident, ...]
    failures: tuple[FailureRow, ...]


class Register(AtHand):
    """Incidents, relations and proposals of the case at hand."""

    __slots__ = ()

    @classmethod
    def of(cls, case: AtHand) -> Register:
        return cls(case.alias, case.truth, case.clock, case.random, case.agent)

    def incident(self, title: str, reason: str, **parts: Unpack[Parts]) -> Incident:
        """A new incident, or a new version of the one whose id is or begins with `supersedes`. Raises `ValueError`,
        `UnknownIdError`, `SupersededError`, `KeyMissing`."""
        wanted = parts.get("proposal")
        found = self.find_proposal(wanted, self.linked().proposals) if wanted is not None else None
        members = tuple(parts.get("members", ())) or (found.members if found else ())
        draft = Incident(
            id="",
            title=title,
            type=parts.get("type") or (found.type if found else None),
            where=parts.get("where") or (found.where if found else None),
            when=parts.get("when") or (found.when if found else None),
            members=tuple(dict.fromkeys(self._member(one) for one in members)),
            reason=reason,
            by="",
            at=format_time(self.clock()),
            nonce=self.random(32).hex(),
            withdrawn=parts.get("withdrawn", False),
            proposal=found.id if found else None,
            origin=parts.get("origin"),
            protection=parts.get("protection") or Protection(),
        )
        return self._put(draft, parts.get("supersedes"), parts.get("by"))

    def imported(
        self, capture: Capture, format: str, by: str | None, members: Mapping[int, tuple[str, ...]]
    ) -> Imported:
        """One incident for each record of the file that was preserved as `capture`, with `members` by the record's
        number; a record that is none is a failure in the log, and the rest goes in. Raises `UnreadableFileError` where
        the whole file is not of the format; then only the capture stays."""
        rows = read_rows(self.truth.read(capture.blob), format)
        agent, at = self.agent(by), format_time(self.clock())
        name = capture.name or capture.id
        made, failed, entries = [], [], []
        for row in rows:
            if row.draft is None:
                reason = row.reason or "it is no record"
                told = FailureRow(capture.id, f"{name}, record {row.number}", "add", "failed", reason, at)
                failed.append(told)
                entries.append(acts.failure("incident", reason, name=told.name))
                continue
            draft = row.draft
            one = identified(
                Incident(
                    id="", title=draft.title, type=draft.type, where=draft.where, when=draft.when,
                    members=members.get(row.number, ()), reason=f"imported from {name}, record {row.number}",
                    by=agent, at=at, nonce=self.random(32).hex(),
                    origin={"format": format, "fields": dict(draft.fields), "capture": capture.id},
                    protection=capture.protection,
                )
            )  # fmt: skip
            made.append(one)
            entries.append(acts.incident(one, self.truth.folder.blobs.put(encode_record(one))))
        catch_up(self.alias, self.truth, self.truth.folder.append(entries, agent))
        return Imported(capture.id, tuple(made), tuple(failed))

    def refuse_again(self, path: Path) -> None:
        """Raises `AlreadyImportedError` where incidents of a file with the same bytes are in the case."""
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        before = kept.imported_from(self.alias, sha256)
        if before:
            raise AlreadyImportedError(
                f"expected a file that was not imported yet, found the bytes of {before[-1]}, of which incidents "
                "were made. Nothing was changed; to import it once more, say so: --again"
            )

    def relation(
        self, kind: RelationKind, subject: str, object: str, reason: str, **parts: Unpack[RelationParts]
    ) -> Relation:
        """A new relation, or a new version of one. Raises as `incident`."""
        draft = Relation(
            id="",
            kind=kind,
            subject=self._standing(subject),
            object=self._standing(object),
            reason=reason,
            by="",
            at=format_time(self.clock()),
            nonce=self.random(32).hex(),
            withdrawn=parts.get("withdrawn", False),
        )
        return self._put(draft, parts.get("supersedes"), parts.get("by"))

    def find_incident(self, given: str) -> Incident:
        """The newest version of the incident that has a version whose id is or begins with `given`. Raises
        `UnknownIdError`, and `SupersededError` where it was withdrawn."""
        found = kept.newest_incident(self.alias, queries.resolve_own(self.alias, given, "incident"))
        if found.withdrawn:
            raise SupersededError(
                f"expected an incident that stands, found {found.id}, which was withdrawn on {found.at[:10]}: "
                f"{found.reason}. Make a new one if it has to stand again"
            )
        return found

    def find_relation(self, given: str) -> Relation:
        """The relation in force whose id is or begins with `given`. Raises as `find_incident`."""
        wanted = queries.resolve_own(self.alias, given, "relation")
        for one in kept.relation_versions(self.alias):
            if one.id == wanted:
                return one
        raise UnknownIdError(f"expected a relation with the id {wanted}, found none")

    def linked(self, readings: Iterable[Reading] | None = None) -> Linked:
        """What the readings (`None`: those of the index) propose, less what persons have answered."""
        found = propose(self._readings() if readings is None else readings)
        refused = refused_groups(queries.latest_judgements(self.alias))
        return replace(found, proposals=open_proposals(found.proposals, kept.incidents(self.alias), refused))

    def judged(self, record: str, decision: Decision) -> tuple[str, Mapping[str, Json]]:
        """The id that a judgement is about, and what it has to keep of it: a proposal is in no log, so its members."""
        if not record.startswith("proposal:"):
            return queries.resolve(self.alias, record), {}
        if decision not in ("rejected", "undecided"):
            raise ValueError(
                f"expected a proposal to be rejected or undecided, found {decision!r}; confirm one by making an "
                "incident of it: probanda incident confirm"
            )
        found = self.find_proposal(record, propose(self._readings()).proposals)
        return found.id, {"members": list(found.members)}

    def find_proposal(self, given: str, among: Iterable[Proposal]) -> Proposal:
        """The one whose id is or begins with `given`. Raises `UnknownIdError`."""
        wanted = given if given.startswith("proposal:") else f"proposal:{given}"
        found = [one for one in among if one.id.startswith(wanted)]
        if len(found) != 1 or len(wanted) < len("proposal:") + 4:
            told = "nothing" if not found else f"{len(found)} of them"
            raise UnknownIdError(
                f"expected one proposal whose id begins with {given!r}, found {told}; it may have been answered, or "
                "the texts may have changed. List them with: probanda incidents CASE --proposed"
            )
        return found[0]

    def _readings(self) -> Iterable[Reading]:
        return contents.bare_readings(self.alias, self.truth.read)

    def _member(self, given: str) -> str:
        found = queries.resolve(self.alias, given)
        if found.startswith("incident:"):
            raise UnknownIdError(
                f"expected a claim, event, quotation or capture as a member, found the incident {found}; say how two "
                "incidents stand to each other with: probanda incident relate"
            )
        return found

    def _standing(self, given: str) -> str:
        return self.find_incident(given).id

    def _put(self, draft: Made, supersedes: str | None, by: str | None) -> Made:
        with held(self.truth.folder.path / LOCK):
            catch_up(self.alias, self.truth)
            if supersedes is not None:
                before = self._replaceable(supersedes, draft)
                draft = replace(draft, supersedes=before.id)
                if isinstance(draft, Incident) and isinstance(before, Incident):
                    draft = replace(draft, proposal=draft.proposal or before.proposal)
            agent = self.agent(by)  # last: what does not fit leaves no new person behind
            made = identified(replace(draft, by=agent))
            blob = self.truth.folder.blobs.put(encode_record(made))
            entry: Draft = acts.incident(made, blob) if isinstance(made, Incident) else acts.relation(made, blob)
            catch_up(self.alias, self.truth, self.truth.folder.append([entry], agent))
        return made

    def _replaceable(self, given: str, draft: Incident | Relation) -> Incident | Relation:
        """The version meant, if nothing has come after it."""
        kind = "incident" if isinstance(draft, Incident) else "relation"
        wanted = queries.resolve_own(self.alias, given, "incident" if kind == "incident" else "relation")
        versions: tuple[Incident | Relation, ...] = (
            kept.incident_versions(self.alias) if kind == "incident" else kept.relation_versions(self.alias)
        )
        for one in versions:
            if one.supersedes == wanted or (one.id == wanted and one.withdrawn):
                what = "was superseded by" if one.supersedes == wanted else "is a withdrawal:"
                raise SupersededError(
                    f"expected the newest version of the {kind}, found {wanted}, which {what} {one.id} of {one.at}. "
                    "Nothing was changed; look at that version and revise it"
                )
        return next(one for one in versions if one.id == wanted)


class IncidentActs(Acting):
    """What an archive does with incidents."""

    def _ready(self, *, writing: bool) -> Register:
        return Register.of(self.at_hand(writing=writing))

    def incident(self, title: str, reason: str, **parts: Unpack[Parts]) -> Incident:
        """An incident that a person makes, signed; with `supersedes` a new version of one, `withdrawn` its last.

        `members` are ids of captures and of records of readings, or their beginnings. An incident made from a
        `proposal` takes type, place, time and members from it where none are given. `by` as in `judge`. Raises
        `ValueError`, `UnknownIdError`, `KeyMissing`, and `SupersededError` when another version came in between.
        """
        return self._ready(writing=True).incident(title, reason, **parts)

    def relate(
        self, subject: str, kind: RelationKind, object: str, reason: str, **parts: Unpack[RelationParts]
    ) -> Relation:
        """How the incident `subject` stands to the incident `object`, signed. Raises as `incident`."""
        return self._ready(writing=True).relation(kind, subject, object, reason, **parts)

    def incidents(self) -> tuple[Incident, ...]:
        """Those in force, in the order in which each was first made."""
        return kept.incidents(self._ready(writing=False).alias)

    def relations(self) -> tuple[Relation, ...]:
        """Those in force, between the newest versions of incidents in force."""
        return kept.relations(self._ready(writing=False).alias)

    def make_incidents(
        self, capture: str, format: str, *, by: str | None = None, members: Mapping[int, tuple[str, ...]] | None = None
    ) -> Imported:
        """One incident for each record of the file that was preserved as `capture`, signed, with that item's
        protection and, by the record's number from 1, the ids of what belongs to it. `format` is a name of
        `report.exchange.FORMATS`. Raises `UnreadableFileError`."""
        register = self._ready(writing=True)
        [held] = [one for one in queries.captures(register.alias) if one.id == capture]
        return register.imported(held, format, by, members or {})

    def refuse_again(self, path: Path) -> None:
        """Raises `AlreadyImportedError` where incidents were made of a file with the same bytes."""
        self._ready(writing=False).refuse_again(path)

    def incident_named(self, given: str) -> Incident:
        """The newest version of the incident that `given` is or begins. Raises `UnknownIdError`, and `SupersededError`
        where it was withdrawn."""
        return self._ready(writing=False).find_incident(given)

    def proposals(self) -> tuple[Proposal, ...]:
        """What a machine takes for incidents, and no person has answered, the highest score first."""
        return self.linked().proposals

    def linked(self) -> Linked:
        """The proposals, with what was left out because too much is told of its place and time."""
        return self._ready(writing=False).linked()


def read_rows(data: bytes, format: str) -> list[Row]:
    """The records of a file. Raises `UnreadableFileError`."""
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"expected text in UTF-8, found the byte 0x{data[error.start]:02X}") from error
    return list(FORMATS[format].read(content))


def refused_groups(judgements: Mapping[str, Judgement]) -> tuple[tuple[str, ...], ...]:
    """The members of every proposal that a person rejected, from the last judgements by what they are about."""
    groups = []
    for about, judgement in sorted(judgements.items()):
        members = judgement.extra.get("members")
        if about.startswith("proposal:") and judgement.decision == "rejected" and isinstance(members, (list, tuple)):
            groups.append(tuple(one for one in members if isinstance(one, str)))
    return tuple(groups)
