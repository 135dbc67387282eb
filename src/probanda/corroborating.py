"""What an archive tells of the origins behind claims, and what persons decide of them.

Guarantees: worked out anew at each look, from current readings and judgements in force; nothing of it enters the log
but what a person decides, signed, which the next look follows. A decision is about two claims (whether both have what
they say from one origin), is superseded by a later one about the same two, and is never edited.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Literal, cast

from probanda.acting import Acting
from probanda.index import contents, queries
from probanda.index.queries import UnknownIdError
from probanda.records.corroboration import SAME_ORIGIN, origin_question
from probanda.records.judgement import Decision, Judgement

if TYPE_CHECKING:
    from probanda.corroborate.found import Sourcing

OriginKind = Literal["same", "different", "undecided"]


class Corroborating(Acting):
    """What an archive does with the origins of claims."""

    def sources(self, without: Collection[str] = ()) -> tuple[Sourcing, ...]:
        """What stands behind every claim, by what the claims are about; nothing of the captures `without` is used."""
        from probanda.report.corroborated import corroborated  # numpy, which few commands need

        case = self.at_hand(writing=False)
        with contents.unchanging(case.alias):
            items = contents.items(case.alias)
            readings = contents.readings(case.alias, case.folder.blobs.read)
            judgements = queries.judgements(case.alias)
        return corroborated(items, readings, judgements, without)

    def claim_named(self, given: str) -> str:
        """The id of the claim whose id is or begins with `given`. Raises `UnknownIdError`."""
        found = queries.resolve(self.at_hand(writing=False).alias, given if ":" in given else f"claim:{given}")
        if not found.startswith("claim:"):
            raise UnknownIdError(f"expected a claim, found {found}; list the ids with: probanda claims CASE")
        return found

    def judge_origin(self, first: str, kind: OriginKind, second: str, reason: str, by: str | None = None) -> Judgement:
        """A person's decision whether two claims have one origin (`same`), have not (`different`), or that nobody
        knows any more (`undecided`); `first` and `second` are ids or their beginnings, `by` as in `judge`. Raises
        `UnknownIdError`, `ValueError`, `KeyMissing`."""
        claims = [self.claim_named(first), self.claim_named(second)]
        if claims[0] == claims[1]:
            raise ValueError(f"expected two claims, found {claims[0]} twice")
        case = self.at_hand(writing=True)
        decision = cast("Decision", SAME_ORIGIN[kind])
        return case.judge(origin_question(*claims), decision, reason, by, extra={"members": sorted(claims)})
