"""What rows may rest on beside captures: the file of an imported gazetteer, for the step that compiles it and no other.

Guarantees: an imported file is no capture, so that no text and no reading can be grounded on it; what the step
`gazetteer` made of it may stand behind the first input of a row and never be that.
"""

from __future__ import annotations

from typing import Final

from probanda.preserve.table import Table
from probanda.preserve.verify.checks import Tally
from probanda.records.derivation import Derivation
from probanda.records.entry import Entry
from probanda.records.supplement import Supplement, dump_of

COMPILING: Final = "gazetteer"  # the step
ROLE: Final = "gazetteer"  # of the imported file in the entry of its supplement


class Gazetteers:
    """The imported files so far, and what was compiled of them, by raw digest."""

    def __init__(self) -> None:
        self._files = Table()
        self._tables = Table()

    def imported(self, entry: Entry, record: Supplement, tally: Tally) -> None:
        """Takes in the file that a supplement's entry names; tells where it is another than the supplement says."""
        dump, files = dump_of(record), entry.blobs(ROLE)
        if [(file.sha256, file.size) for file in files] != ([] if dump is None else [(dump.sha256, dump.size)]):
            tally.fail(f"entry {entry.seq}: it and the supplement {record.id} name different files of a gazetteer")
            return
        for file in files:
            self._files.add(bytes.fromhex(file.sha256))

    def compiles(self, derivation: Derivation) -> bool:
        """Whether a row compiles imported files; what it gave may then stand behind the first input of others."""
        inputs = [bytes.fromhex(name) for name in derivation.request.inputs]
        if derivation.request.step != COMPILING or not inputs or not self._files.issuperset(inputs):
            return False
        for output in derivation.outputs:
            self._tables.add(bytes.fromhex(output.sha256))
        return True

    def lead(self, derivation: Derivation, grounded: Table) -> bool:
        """Whether the first input leads to a capture, and every other to one or to an imported file."""
        inputs = [bytes.fromhex(name) for name in derivation.request.inputs]
        return (
            bool(inputs)
            and inputs[0] in grounded
            and all(name in grounded or name in self._tables for name in inputs[1:])
        )
