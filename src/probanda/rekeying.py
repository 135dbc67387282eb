"""The keys of a case's persons: listed, protected by a passphrase, rotated.

Guarantees: a rotation is in the log, signed by both keys, when the method returned; a wrong passphrase changes nothing.
Refuses to make a new person where a name is not known, unless it is asked to add one.
"""

from __future__ import annotations

from dataclasses import dataclass

from probanda.acting import Acting, AtHand
from probanda.index import contents, queries
from probanda.index.acts import entries_of
from probanda.index.queries import UnknownIdError
from probanda.preserve.case_folder import rotate_key
from probanda.preserve.second_key import SecondSigner
from probanda.records.entry import ROTATION


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a person. `since` is when the log brought it in, `until` when another took its place (`None`: it is in
    force), `protected` whether its private half has a passphrase (`None`: it is not here, or cannot be told)."""

    agent: str
    name: str | None
    key: str
    since: str
    until: str | None = None
    compromised_since: str | None = None
    protected: bool | None = None


class Keys(Acting):
    """What an archive does with keys."""

    def keys(self) -> tuple[KeyRow, ...]:
        """Every key of every person, the first ones in the order in which the persons came, each followed by those
        that took its place."""
        case = self.at_hand(writing=False)
        ring = case.folder.keyring
        found: dict[str, list[KeyRow]] = {}
        for person, key, seq in queries.agent_keys(case.alias):
            since = next(case.truth.entries(seq)).time
            name = next((row.name for row in contents.agents(case.alias) if row.id == person), None)
            found[person] = [KeyRow(person, name, key, since, protected=ring.protected(key))]
        for entry in entries_of(case.alias, case.truth, ROTATION):
            who, new, told = (entry.detail.get(part) for part in ("agent", "key", "compromised_since"))
            if not (isinstance(who, str) and isinstance(new, str) and who in found):
                continue  # verify says what is wrong with it
            last = found[who][-1]
            said = told if isinstance(told, str) else None
            found[who][-1] = KeyRow(who, last.name, last.key, last.since, entry.time, said, ring.protected(last.key))
            found[who].append(KeyRow(who, last.name, new, entry.time, protected=ring.protected(new)))
        return tuple(row for rows in found.values() for row in rows)

    def add_person(self, name: str) -> KeyRow:
        """Brings a further person into the case with a key of their own, signed by the case's key, so that they can
        act, and approve what is asked from now on. Raises `ValueError` for a name that is in the case already, else as
        `rotate_key`."""
        case = self.at_hand(writing=True)
        if queries.person(case.alias, name) is not None:
            raise ValueError(f"expected somebody who is not in the case yet, found {name!r}, who has a key there")
        agent = case.agent(name)
        self.at_hand(writing=True)
        return next(row for row in self.keys() if row.agent == agent)

    def rotate_key(self, reason: str, *, by: str | None = None, compromised_since: str | None = None) -> KeyRow:
        """Gives a person a new key in the place of the one in force; `by` is a name or agent id, `None` who made the
        case. `compromised_since` (2031-04-02T08:00:00.000Z) says from when the old key may have been in other hands.
        Raises `UnknownIdError`, `ValueError`, `KeyMissing` and its kinds, `ReadOnlyCase`."""
        case = self.at_hand(writing=True)
        agent = _known(case, by)
        rotate_key(case.folder, agent, reason, compromised_since, case.random)
        self.at_hand(writing=True)
        return [row for row in self.keys() if row.agent == agent][-1]

    def protect_case(self) -> bool:
        """Puts another passphrase in the place of the one that opens an encrypted case; `False` for a case in clear,
        where nothing is done. Raises as `rotate_key`."""
        sealed = self.at_hand(writing=True).folder.private.sealed
        if sealed is not None:
            sealed.protect()
        return sealed is not None

    def protect_key(self, *, by: str | None = None) -> str:
        """Gives a person's key in force a passphrase of its own, or another one; returns its fingerprint. Both are
        asked for. Raises as `rotate_key`."""
        case = self.at_hand(writing=True)
        name = case.folder.keyring.in_force(_known(case, by))
        case.folder.keyring.protect(name, case.random)
        return name

    def create_second_key(self) -> SecondSigner:
        """Makes an ML-DSA-44 key for the case, with a passphrase where the case's key has one; its `setting` is what
        `assign_settings(second_key=...)` takes. Raises as `rotate_key`."""
        case = self.at_hand(writing=True)
        ring = case.folder.keyring
        return ring.create_second(case.random, protected=ring.protected(case.folder.key_in_force) is True)


def _known(case: AtHand, given: str | None) -> str:
    """The id of a person of this case. Raises `UnknownIdError`."""
    if given is None:
        return case.folder.agent
    found = queries.person(case.alias, given)
    if found is None:
        raise UnknownIdError(f"expected a person of this case, found {given!r}. List them with: probanda key list")
    return found
