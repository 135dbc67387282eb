"""Who may sign: the keys that the log brings in, whose they are, and which is in force at the entry looked at.

Guarantees: one answer for every check. A person is the id of a first key; a key that was rotated signs nothing after
its rotation. Memory: a fixed number of bytes for each key.
"""

from __future__ import annotations

from probanda.preserve.acts import public_key_of
from probanda.preserve.keys import AGENT_PREFIX, fingerprint
from probanda.preserve.rotation import rotated
from probanda.records.codec import RecordError
from probanda.records.entry import CREATION, REGISTRATION, ROTATION, Entry

ACTS = (CREATION, REGISTRATION, ROTATION)


class Persons:
    """Told every entry that brings in a key, in the log's order."""

    def __init__(self) -> None:
        self.keys: dict[str, bytes] = {}  # fingerprint -> raw public key, rotated ones too
        self.creation: Entry | None = None
        self.suspect: dict[str, str] = {}  # key -> since when it is said to have been in other hands
        self._agents: dict[str, str] = {}  # key -> the person whose it is or was
        self._in_force: dict[str, str] = {}  # person -> key

    @property
    def case_key(self) -> str | None:
        """The fingerprint of the case's key in force; `None` before the first entry."""
        if self.creation is None:
            return None
        return self._in_force.get(AGENT_PREFIX + self.creation.signature.key)

    def agent(self, key: str) -> str | None:
        """The person whose key this is or was; `None` for a key that no entry brought in."""
        return self._agents.get(key)

    def signed(self, entry: Entry, agent: str) -> bool:
        """Whether the key that signed the entry is this person's. Whether it was in force is asked by
        `may_sign`, once for every entry."""
        return self._agents.get(entry.signature.key) == agent

    def may_sign(self, entry: Entry) -> str | None:
        """Why the key that signed the entry may not; `None` where it may."""
        key = entry.signature.key
        agent = self._agents.get(key)
        if agent is None:
            return f"signed by {key}, a key that no entry before it brought in"
        if self._in_force[agent] != key:
            return f"signed by {key}, a key that was rotated before: {self._in_force[agent]} is in force"
        if agent not in {one.id for one in entry.agents}:
            return f"signed by {key}, whose owner is not among the agents of the entry"
        return None

    def register(self, entry: Entry, number: int) -> None:
        """A creation or registration at line `number`. Raises `RecordError` for one that brings in no key."""
        name, public = _stated(entry)
        if entry.act == CREATION:
            if number != 1:
                raise RecordError(f"a second {CREATION!r}; only the first line may bring in the case's key")
            self.creation = entry
        elif self.creation is None or entry.signature.key != self.case_key:
            # Else anybody who holds one registered key could bring in more persons.
            raise RecordError(f"expected the case's key to sign a registration, found {entry.signature.key}")
        self._learn(name, public, AGENT_PREFIX + name)

    def rotate(self, entry: Entry) -> None:
        """A rotation whose own signature was looked at. Raises `RecordError` for one that changes no key."""
        case = self.creation.detail.get("case") if self.creation else None
        found = rotated(entry, str(case))
        if self._agents.get(found.previous) != found.agent:
            raise RecordError(f"expected a key of {found.agent:.80} to be replaced, found {found.previous}")
        self._learn(found.key, found.public, found.agent)
        if found.since is not None:
            self.suspect[found.previous] = found.since

    def _learn(self, name: str, public: bytes, agent: str) -> None:
        if name in self.keys:
            raise RecordError(f"the key {name} was brought in before")
        self.keys[name], self._agents[name], self._in_force[agent] = public, agent, name


def _stated(entry: Entry) -> tuple[str, bytes]:
    name, public = public_key_of(entry)
    try:
        found = fingerprint(public)
    except ValueError as error:
        raise RecordError(str(error)) from error
    if found != name or entry.detail.get("agent") != AGENT_PREFIX + name:
        raise RecordError(f"expected the key {name:.64}, found the key {found}")
    return name, public
