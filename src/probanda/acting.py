"""What an act of a person needs, and how it is committed: the case, its index, clock, randomness and who acts.

Guarantees: what `commit` returned is in the log and in the index. Kinds of acts (incidents, seals, ways out) stand in
modules of their own as classes over `Acting`; `archive.Archive` joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from probanda.index import queries
from probanda.index.acts import entries_of
from probanda.index.apply import catch_up
from probanda.index.truth import Truth
from probanda.preserve import acts
from probanda.preserve.case_folder import CaseFolder
from probanda.preserve.keys import Random
from probanda.preserve.log import Clock, Draft
from probanda.records.canonical import Json
from probanda.records.entry import SETTINGS, Entry, format_time
from probanda.records.judgement import Decision, Judgement, encode_judgement, judge, judgement_id
from probanda.records.settings import Settings, parse_settings


@dataclass(frozen=True, slots=True)
class AtHand:
    """`agent` gives the id of the person who acts, and registers one whose name is new; `None`: who made the case."""

    alias: str
    truth: Truth
    clock: Clock
    random: Random
    agent: Callable[[str | None], str]

    @property
    def folder(self) -> CaseFolder:
        return self.truth.folder

    def commit(self, drafts: Sequence[Draft], agent: str | None = None) -> list[Entry]:
        """Appends the drafts, signed by the agent with this id (default: who made the case), and takes them into the
        index. Raises what `Log.append` raises; nothing is half-committed then."""
        entries = self.folder.append(drafts, agent)
        catch_up(self.alias, self.truth, entries)
        return entries

    def judge(
        self,
        about: str,
        decision: Decision,
        reason: str,
        by: str | None,
        correction: Mapping[str, Json] | None = None,
        extra: Mapping[str, Json] | None = None,
    ) -> Judgement:
        """A judgement about the record with this id, signed by the person `by`, in the place of the last about it.
        Raises `ValueError` for one that does not fit, before a new person is registered."""
        before = queries.latest_judgements(self.alias, [about]).get(about)
        draft = judge(
            about=(about,), decision=decision, reason=reason, by=self.folder.agent, at=format_time(self.clock()),
            nonce=self.random(32).hex(), correction=correction, supersedes=before.id if before else None,
        )  # fmt: skip
        agent = self.agent(by)
        made = replace(draft, id="", by=agent, extra=extra or {})
        made = replace(made, id=judgement_id(made))
        self.commit([acts.judgement(made, self.folder.blobs.put(encode_judgement(made)))], agent)
        return made


def settings_in_force(case: AtHand) -> Settings | None:
    """What the case asks for; `None` where nobody ever assigned anything."""
    entry = max(entries_of(case.alias, case.truth, SETTINGS), key=lambda one: one.seq, default=None)
    if entry is None:
        return None
    [blob] = entry.blobs("settings")
    return parse_settings(case.truth.read(blob.sha256))


class Acting:
    """Something that can act in a case."""

    def at_hand(self, *, writing: bool) -> AtHand:
        """The case with its index up to the log. Raises `ReadOnlyCase` where `writing` is not possible."""
        raise NotImplementedError

    def index_anew(self, why: str) -> None:
        """Builds the index again from log and blobs, in a new file that takes the old one's place."""
        raise NotImplementedError
