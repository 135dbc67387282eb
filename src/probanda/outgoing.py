"""Ways out: one gate before everything that leaves a case (`bundle`, `casefile`, `export`); spec/ways-out.md.

Guarantees: nothing passes before an entry that says which way, for whom, how much and by whose approval is durable; who
is refused leaves an entry too. What may go is decided item by item by `report.disclosure` at that moment, whatever was
approved before. Where the settings ask for anchors, nothing leaves while a statement or item is not anchored; where
they ask for a second person, nothing leaves without the approval of one who is not the asker, who was a person of the
case before it was asked, who signed over exactly this list or a longer one, and whose approval was not used before. A
crash after the entry leaves an entry of something that did not leave, never the other way round.

Refuses (`WayOutRefused`, with the reason in the log). A case that cannot be written to, or whose keys are elsewhere,
lets nothing out but what is wholly public and needs no second person (`ReadOnlyCase`, `KeyMissing`). What this cannot
stop: somebody who copies the folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from probanda.acting import Acting, AtHand, settings_in_force
from probanda.index import contents, queries
from probanda.index.acts import entries_of
from probanda.index.queries import UnknownIdError
from probanda.preserve import ways
from probanda.preserve.blobs import BlobRef
from probanda.preserve.errors import KeyMissing, PreserveError, ReadOnlyCase
from probanda.preserve.lock import held
from probanda.preserve.seals import Anchoring
from probanda.records.canonical import Json
from probanda.records.entry import APPROVAL, DISSEMINATION, Entry
from probanda.records.settings import Way
from probanda.records.way_out import Asked, Audience, encode_asked, parse_asked
from probanda.report.disclosure import refused_items

LOCK: Final = "ways.lock"  # an approval is looked for and used under it, so that two processes do not both use it
_SHORTEST: Final = 8  # digits of a request's beginning; arbitrary


class WayOutRefused(PreserveError):  # noqa: N818 - a name that a lawyer can read
    """Nothing left the case. `request` is what a second person could approve; `None` where that would not help."""

    def __init__(self, message: str, request: str | None = None) -> None:
        super().__init__(message)
        self.request = request


@dataclass(frozen=True, slots=True)
class Permit:
    """What may go one way out, now. `captures` are the items; `refused` has every other item that was asked for with
    the reason. `records` are the incidents that an export of these was allowed, empty for any other way. `approval` and
    `entry` are numbers of entries; `entry` is `None` where a case that cannot be written to let out what is public."""

    way: Way
    audience: Audience
    by: str
    captures: frozenset[str]
    refused: Mapping[str, str]
    approval: int | None
    entry: int | None
    records: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AskedFor:
    """A request that waits for a second person, and where it stands in the log; `name` is who asks, if known."""

    digest: str
    asked: Asked
    seq: int
    at: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Records:
    """Incidents that an export would show, by id, and how many were withheld from it."""

    ids: frozenset[str]
    withheld: int


class WaysOut(Acting):
    """What an archive does at its door."""

    def permit(
        self,
        way: Way,
        audience: Audience,
        *,
        only: Iterable[str] | None = None,
        records: Records | None = None,
        by: str | None = None,
        reason: str | None = None,
    ) -> Permit:
        """Leave for one passage, recorded. `only` are ids of captures, `None`: every item; `records` are there in an
        export of incidents. `by` is who asks, as in `judge`, and `reason` why. Call it last: what is handed out must be
        the permit's `captures` (or `records`) and nothing else. Raises `WayOutRefused`, `ReadOnlyCase`,
        `UnknownIdError`, and what `Log.append` raises; then nothing may leave."""
        case = self.at_hand(writing=False)
        if case.folder.read_only or not ways.can_sign(case.folder.path):
            return self._unrecorded(case, way, audience, only, records)
        with held(case.folder.path / LOCK):
            case = self.at_hand(writing=True)
            allowed, refused = _decided(case, audience, only)
            agent = case.agent(by)
            asked = Asked(way, audience, tuple(sorted(allowed if records is None else records.ids)), agent)
            withheld = _withheld(refused, records)
            self._require_anchors(case, asked, withheld)
            approval, request = self._approved(case, asked, withheld)
            draft = ways.dissemination(asked, withheld=withheld, approval=approval, request=request, reason=reason)
            [entry] = case.commit([draft], agent)
        return Permit(
            way, audience, agent, frozenset(allowed), refused, approval, entry.seq,
            frozenset() if records is None else records.ids,
        )  # fmt: skip

    def left(self, permit: Permit, **digests: Json) -> None:
        """Records what was written under a permit: `tagmanifest` of a bundle, `files` (a list) of anything else, each a
        SHA-256, so that a copy that turns up can be told to be that one."""
        if permit.entry is not None:
            self.at_hand(writing=True).commit([ways.left(permit.entry, **digests)], permit.by)

    def request_named(self, given: str) -> AskedFor:
        """The request whose digest is or begins with `given`. Raises `UnknownIdError`."""
        case = self.at_hand(writing=False)
        if len(given) >= _SHORTEST:
            found = {entry.blobs(ways.REQUEST)[0].sha256: entry for entry in _asked_for(case)}
            fitting = [digest for digest in found if digest.startswith(given)]
            if len(fitting) == 1:
                entry = found[fitting[0]]
                asked = parse_asked(case.truth.read(fitting[0]))
                names = {one.id: one.name for one in contents.agents(case.alias)}
                return AskedFor(fitting[0], asked, entry.seq, entry.time, names.get(asked.by))
        raise UnknownIdError(
            f"expected the digest of a request that was refused for want of approval, or at least {_SHORTEST} digits "
            f"of its beginning, found {given!r:.80}; the command that was refused prints it"
        )

    def approve(self, request: str, reason: str, by: str | None = None) -> Entry:
        """A second person's consent to the request whose digest is or begins with `request`, signed with that person's
        key, good for one passage. `by` as in `judge`; who is new gets a key, and can approve what is asked from then
        on. Raises `UnknownIdError`, `ValueError` without a reason, and `WayOutRefused` for who may not approve it."""
        if not reason.strip():
            raise ValueError("an approval needs a reason; found none")
        wanted = self.request_named(request)
        with held(self.at_hand(writing=True).folder.path / LOCK):
            case = self.at_hand(writing=True)
            agent = case.agent(by)
            data = encode_asked(wanted.asked)
            blob = case.folder.blobs.put(data)
            why = self._may_not_approve(case, wanted, agent)
            if why is not None:
                case.commit([ways.refused_approval(blob, why, reason)], agent)
                raise WayOutRefused(why, wanted.digest)
            [entry] = case.commit([ways.approval(blob, reason)], agent)
        return entry

    def _may_not_approve(self, case: AtHand, wanted: AskedFor, agent: str) -> str | None:
        if agent == wanted.asked.by:
            return (
                "expected somebody other than the person who asks, found the same key. Nothing was approved; let "
                "another person of the case approve it with --by NAME"
            )
        known = queries.agent_since(case.alias, agent)
        if known is None or known >= wanted.seq:
            # Else who asks could make up a person in the same breath; so the log shows them in the case beforehand.
            return (
                "expected a person who was in the case before this was asked, found one who came after. Nothing was "
                "approved; they have a key now: let the command that was refused run again, and approve what it then "
                "asks for. Who shall approve is best brought in beforehand: probanda key add"
            )
        return None

    def anchoring(self) -> Anchoring:
        raise NotImplementedError

    def _require_anchors(self, case: AtHand, asked: Asked, withheld: Mapping[str, int]) -> None:
        """The case's policy, over everything that a way out could show: entries that came after it and show nothing
        (who looked, who approved, a seal) do not undo the anchoring of what they are about."""
        found = self.anchoring()
        if not found.met:
            case.commit([ways.refusal(asked, found.reason, withheld=sum(withheld.values()))], asked.by)
            raise WayOutRefused(_unsealed(found.reason, case))

    def _approved(self, case: AtHand, asked: Asked, withheld: Mapping[str, int]) -> tuple[int | None, BlobRef | None]:
        """The approval to be used, with the blob that says what goes; raises `WayOutRefused` where one is needed and
        none is there."""
        settings = settings_in_force(case)
        if settings is None or asked.way not in settings.approval:
            return None, None
        blob = case.folder.blobs.put(encode_asked(asked))
        beyond = 0
        for entry, approved in _open_approvals(case):
            if asked.lies_within(approved):
                return entry.seq, blob
            if (asked.way, asked.audience, asked.by) == (approved.way, approved.audience, approved.by):
                beyond = len(set(asked.only) - set(approved.only))
        reason = (
            f"expected a second person's approval of this way out ({asked.way}, {asked.audience}: {len(asked.only)} to "
            f"go, {sum(withheld.values())} withheld), as the case's settings ask, found "
        )
        reason += f"one that {beyond} of these are not part of" if beyond else "none"
        case.commit([ways.refusal(asked, reason, withheld=sum(withheld.values()), request=blob)], asked.by)
        raise WayOutRefused(
            f"{reason}. Nothing left the case. Somebody other than who asks has to approve it: probanda approve "
            f"{case.folder.path} {blob.sha256} --by NAME --reason WHY; then run this command again",
            blob.sha256,
        )

    def _unrecorded(
        self, case: AtHand, way: Way, audience: Audience, only: Iterable[str] | None, records: Records | None
    ) -> Permit:
        settings = settings_in_force(case)
        if audience != "public" or (settings is not None and way in settings.approval):
            lacking = "a case that may only be read" if case.folder.read_only else "no private key of it to sign with"
            raise (ReadOnlyCase if case.folder.read_only else KeyMissing)(
                f"expected to record in {case.folder.path} what leaves it, found {lacking}. Nothing left it. Do it "
                "where the case is written and its key lies, or ask its owner; where nothing can be recorded only what "
                "is public goes out, and only where no second person has to approve it: --audience public"
            )
        found = self.anchoring()
        if not found.met:
            raise WayOutRefused(_unsealed(found.reason, case))
        allowed, refused = _decided(case, audience, only)
        ids = frozenset() if records is None else records.ids
        return Permit(way, audience, case.folder.agent, frozenset(allowed), refused, None, None, ids)


def _decided(case: AtHand, audience: Audience, only: Iterable[str] | None) -> tuple[Collection[str], dict[str, str]]:
    """Of what is asked for: the ids that may go, and the others with the reason. Raises `UnknownIdError`."""
    with contents.unchanging(case.alias):
        items = contents.items(case.alias)
        held_by = contents.captures_of(case.alias, queries.texts_of(case.alias))
    texts = ((text, [one.id for one in captures]) for text, captures in held_by.items())
    refused = refused_items(items, texts, audience)
    known = {row.capture.id for row in items}
    wanted = known if only is None else set(only)
    if unknown := sorted(wanted - known):
        raise UnknownIdError(f"expected ids of items of this case, found {unknown[0]!r:.90}; list them: probanda items")
    return wanted - refused.keys(), {one: why for one, why in refused.items() if one in wanted}


def _withheld(refused: Mapping[str, str], records: Records | None) -> Mapping[str, int]:
    if records is not None:
        return {"about what is withheld or not cleared": records.withheld} if records.withheld else {}
    return Counter(refused.values())


def _asked_for(case: AtHand) -> Iterable[Entry]:
    """The refused ways out that a second person could approve."""
    for entry in entries_of(case.alias, case.truth, DISSEMINATION, failed=True):
        if entry.outcome == "failure" and entry.blobs(ways.REQUEST):
            yield entry


def _open_approvals(case: AtHand) -> Iterable[tuple[Entry, Asked]]:
    """Approvals that nothing has used yet, the oldest first, with what they approve."""
    used = {entry.detail.get("approval") for entry in entries_of(case.alias, case.truth, DISSEMINATION)}
    for entry in entries_of(case.alias, case.truth, APPROVAL):
        if entry.seq not in used:
            [blob] = entry.blobs(ways.REQUEST)
            yield entry, parse_asked(case.truth.read(blob.sha256))


def _unsealed(reason: str, case: AtHand) -> str:
    return (
        f"expected the case to be anchored as its settings ask, found: {reason}. Nothing left the case; seal it first: "
        f"probanda seal {case.folder.path}"
    )
