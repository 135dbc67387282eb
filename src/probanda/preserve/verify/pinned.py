"""A checkpoint that somebody kept elsewhere, against the log: whether this is the history that it was made of.

Guarantees: it counts only when the case's own key signed it under the case's name; then the log must still have that
root at that size, so that a history made anew, or cut before that size, is told from the one that was sealed.
"""

from __future__ import annotations

from probanda.preserve.checkpoint import log_key, parse_checkpoint
from probanda.preserve.note import Note, NoteError, parse_note, signature_holds
from probanda.preserve.verify.checks import Tallies
from probanda.preserve.verify.walk_log import LogWalk


class Pinned:
    """`root` is the size and the root (hexadecimal) that the checkpoint states; `None` where none can be read."""

    def __init__(self, data: bytes | None, tallies: Tallies) -> None:
        self.root: tuple[int, str] | None = None
        self._note: Note | None = None
        self._tally = tallies["log.root"]
        if data is None:
            return
        try:
            self._note = parse_note(data)
            head = parse_checkpoint(self._note.text)
        except NoteError as error:
            self._note = None
            self._tally.fail(f"the checkpoint that was given: {error}")
            return
        self.root = (head.size, head.root.hex())

    def settle(self, log: LogWalk) -> None:
        """After the log was walked."""
        if self._note is None or log.creation is None:
            return
        case, agent = str(log.creation.detail.get("case")), log.persons.agent(log.creation.signature.key)
        try:
            keys = [log_key(case, raw) for name, raw in log.keys.items() if log.persons.agent(name) == agent]
        except NoteError as error:
            self._tally.fail(f"the checkpoint that was given: {error}")
            return
        if True not in [signature_holds(self._note, key) for key in keys]:
            self._tally.fail("the checkpoint that was given is not signed by this case's key under this case's name")
