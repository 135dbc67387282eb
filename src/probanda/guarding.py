"""Looking at what is guarded: who saw which protected items, and by which command (spec/ways-out.md).

Guarantees: what `look` lets a person see of guarded items is in the log before it is returned; one entry for one
command, however many items. Where nothing can be recorded, guarded items are named as hidden and nothing of them may
be shown. An item is guarded by its marking (identity protected), any condition, a withdrawn consent, or an elevated or
high risk, and so is every item of the same bytes or text. Other items are not recorded one by one.

The seam: commands that serve a person call `look` with what they are about to show. Methods that steps, reports and
exports use inside a case (`claims`, `items`, `snapshot` ...) record nothing; whoever serves persons by the library
calls `look` as the command line does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from probanda.acting import Acting, AtHand
from probanda.index import contents, queries
from probanda.preserve import ways
from probanda.preserve.errors import CaseError
from probanda.records.capture import Capture
from probanda.report.disclosure import guarded_items


class NotShown(CaseError):  # noqa: N818 - a name that a lawyer can read
    """What was asked for is guarded, and cannot be shown because that cannot be recorded."""


@dataclass(frozen=True, slots=True)
class Sight:
    """`hidden` are guarded items of which nothing may be shown now, and `why` says so, `None` where there is none.
    `entry` is the number of the entry that says what was shown of guarded items; `None` where nothing was."""

    hidden: frozenset[str]
    why: str | None
    entry: int | None

    def allows(self, captures: Iterable[str]) -> bool:
        """Whether something that rests on these items may be shown."""
        return self.hidden.isdisjoint(captures)


class Guarding(Acting):
    """What an archive does when it shows something to a person."""

    def look(self, command: str, captures: Iterable[str], by: str | None = None) -> Sight:
        """To be called with the items of which something is about to be shown to the person `by` (as in `judge`).
        Show nothing of what the answer hides. Raises what `Log.append` raises; then show nothing at all."""
        case = self.at_hand(writing=False)
        wanted = sorted(set(captures) & _guarded(case))
        if not wanted:
            return Sight(frozenset(), None, None)
        if case.folder.read_only or not ways.can_sign(case.folder.path):
            why = "the case may only be read" if case.folder.read_only else "no private key of it is here"
            return Sight(frozenset(wanted), f"{why}, so that looking at what is guarded cannot be recorded", None)
        case = self.at_hand(writing=True)
        agent = case.agent(by)
        listed = None
        if len(wanted) > ways.LISTED:
            listed = case.folder.blobs.put("".join(f"{one}\n" for one in wanted).encode())
        [entry] = case.commit([ways.access(command, wanted, listed)], agent)
        return Sight(frozenset(), None, entry.seq)

    def holders(self, texts: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """By SHA-256 of a text, the ids of the items that hold it."""
        case = self.at_hand(writing=False)
        held = contents.captures_of(case.alias, queries.texts_of(case.alias, texts))
        return {text: tuple(one.id for one in held.get(text, ())) for text in texts}

    def items_read(self) -> tuple[str, ...]:
        """The ids of all items of which there is a text: what a command shows something of that draws on every one."""
        case = self.at_hand(writing=False)
        held = contents.captures_of(case.alias, queries.texts_of(case.alias))
        return tuple({one.id for of in held.values() for one in of})

    def item_shown(self, given: str, command: str, by: str | None = None) -> tuple[Capture, tuple[str, ...]]:
        """The item whose id is or begins with `given`, with the SHA-256 of its texts; recorded as `look` says. Raises
        `UnknownIdError`, and `NotShown`."""
        case = self.at_hand(writing=False)
        found = queries.resolve(case.alias, given if given.startswith("capture:") else f"capture:{given}")
        [capture] = [one for one in queries.captures(case.alias) if one.id == found]
        sight = self.look(command, [found], by)
        if sight.why is not None:
            raise NotShown(
                f"expected to record who looks at {found}, found that {sight.why}. Nothing was shown; look at it where "
                "the case is written and its key lies"
            )
        texts = queries.texts_of(case.alias)
        return capture, tuple(text for text, blobs in texts.items() if capture.blob in blobs)


def _guarded(case: AtHand) -> frozenset[str]:
    with contents.unchanging(case.alias):
        items = contents.items(case.alias)
        if not guarded_items(items, ()):
            return frozenset()
        held = contents.captures_of(case.alias, queries.texts_of(case.alias))
    return frozenset(guarded_items(items, ((text, [one.id for one in of]) for text, of in held.items())))
