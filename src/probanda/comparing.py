"""What an archive tells of claims about one thing, set beside each other.

Guarantees: worked out anew at each look, from current readings and judgements in force; nothing of it enters the log.
Contradictions are found and shown with both readings; none is resolved.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from probanda.acting import Acting
from probanda.index import contents, queries

if TYPE_CHECKING:
    from probanda.corroborate.comparison import Compared


class Comparing(Acting):
    """What an archive does with claims that differ."""

    def comparisons(self, kind: str | None = None, without: Collection[str] = ()) -> tuple[Compared, ...]:
        """Every thing on which there are two positions, those with contradictions first; of claims of this `kind`
        (`records.reading.ClaimKind`) alone. Nothing of the captures `without` is used."""
        from probanda.report.compared import compared  # numpy, which few commands need

        case = self.at_hand(writing=False)
        with contents.unchanging(case.alias):
            items = contents.items(case.alias)
            readings = contents.readings(case.alias, case.folder.blobs.read)
            judgements = queries.judgements(case.alias)
        return compared(items, readings, judgements, without, kind)
