"""What is chosen for a bundle: only what a way leads to that may be shown, and every rest is accounted for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from probanda.preserve.bundle.choose import Choice, Permission, choose
from probanda.records.canonical import Json
from probanda.records.derivation import Derivation, Output, Request
from probanda.records.entry import (
    CHECKPOINT,
    DERIVATION,
    GENESIS,
    INGESTION,
    SETTINGS,
    TRANSFER,
    Entry,
    ObjectRef,
    Signature,
)

NONCE = "ab" * 32


def blob(number: int) -> str:
    return hashlib.sha256(b"%d" % number).hexdigest()


def entry(seq: int, act: str, detail: Mapping[str, Json], *objects: ObjectRef) -> Entry:
    return Entry(
        1, seq, GENESIS, "2031-05-14T09:00:00.000Z", act, (), objects, "success", detail, {}, Signature(GENESIS, "")
    )


def item(seq: int, number: int, size: int = 9) -> Entry:
    return entry(seq, INGESTION, {"capture": f"capture:{seq}"}, ObjectRef("outcome", blob(number), size))


def row(given_: int, *made: int, nonce: bool = True) -> Derivation:
    outputs = tuple(Output("member", blob(number), 9) for number in made)
    extra: dict[str, Json] = {"nonce": NONCE} if nonce else {}
    return Derivation(Request("unpack", "1", (blob(given_),)), "succeeded", None, outputs, extra=extra)


@dataclass
class World:
    """A log whose entries are items and, after them, batches of rows."""

    items: list[int]
    batches: list[list[Derivation]]
    rooted: bool = True

    def entries(self) -> list[Entry]:
        found = [item(seq, number) for seq, number in enumerate(self.items)]
        for number, rows in enumerate(self.batches):
            detail: dict[str, Json] = {"count": len(rows)} | ({"rows_root": NONCE} if self.rooted else {})
            seq = len(self.items) + number
            found.append(entry(seq, DERIVATION, detail, ObjectRef("rows", blob(10_000 + seq), 9)))
        return found

    def choice(self, shown: set[int]) -> Choice:
        captures = {f"capture:{seq}" for seq in shown}
        refused = {f"capture:{seq}": "identity protected" for seq in range(len(self.items)) if seq not in shown}
        return choose(
            self.entries,
            lambda one: self.batches[one.seq - len(self.items)],
            lambda _: None,
            Permission("court", captures, refused),
            has=lambda _: True,
        )


rows_of_a_case = st.lists(
    st.lists(
        st.builds(row, st.integers(0, 9), st.integers(0, 9), st.integers(10, 19)) | st.builds(row, st.integers(0, 19)),
        max_size=4,
    ),
    max_size=4,
)


@given(st.lists(st.integers(0, 7), min_size=1, max_size=6), rows_of_a_case, st.sets(st.integers(0, 5)), st.booleans())
def test_what_is_chosen_comes_from_what_is_shown_and_the_rest_is_accounted_for(
    items: list[int], batches: list[list[Derivation]], shown: set[int], rooted: bool
) -> None:
    world = World(items, batches, rooted)
    choice = world.choice(shown)
    protected = {blob(number) for seq, number in enumerate(items) if seq not in shown}
    chosen = {digest.hex() for digest in choice.objects}
    assert chosen.isdisjoint(protected)
    reached = {blob(number) for seq, number in enumerate(items) if seq in shown}
    for one in world.entries():
        names = {ref.sha256 for ref in one.blobs()}
        rows = batches[one.seq - len(items)] if one.act == DERIVATION else []
        names |= {output.sha256 for derivation in rows for output in derivation.outputs}
        if one.seq not in choice.withheld:
            assert names <= chosen
        if one.act == DERIVATION:
            hidden = set(choice.hidden.get(one.seq, ()))
            whole = one.seq in choice.withheld and not hidden
            told = [] if whole else [derivation for number, derivation in enumerate(rows) if number not in hidden]
            growing = True
            while growing:
                before = len(reached)
                for derivation in told:
                    if reached.issuperset(derivation.request.inputs):
                        reached |= {output.sha256 for output in derivation.outputs}
                growing = len(reached) > before
            for derivation in told:
                assert chosen.issuperset(derivation.request.inputs)
            reached |= {ref.sha256 for ref in one.blobs("rows")}
    assert chosen <= reached


def test_an_archive_that_holds_a_protected_items_bytes_is_withheld_with_it() -> None:
    world = World([1, 2], [[row(1, 2, 3)], [row(1, 4)]])
    choice = world.choice({0})
    assert choice.objects == {}
    assert choice.withheld[0] == "same content as an item that is withheld"


def test_rows_of_an_earlier_version_are_shown_all_or_none() -> None:
    mixed = [[row(1, 3, nonce=False), row(2, 4, nonce=False)], [row(1, 5, nonce=False)]]
    for rooted in (False, True):
        choice = World([1, 2], mixed, rooted).choice({0})
        assert choice.hidden == {}
        assert not choice.has(blob(3)), "what a row made that cannot be shown goes with it"
        assert choice.has(blob(5)) and choice.has(blob(10_003))
        assert set(choice.withheld) == {1, 2}
    assert World([1, 2], [[row(1, 3), row(2, 4)]]).choice({0}).has(blob(3))


def test_acts_that_this_version_does_not_know_and_renewals_of_withheld_things_stay() -> None:
    def chosen(entries: list[Entry], *, settings: bool = False) -> Choice:
        allowed = Permission("internal", {"capture:0"}, settings=settings)
        return choose(lambda: entries, lambda _: (), lambda _: None, allowed, has=lambda _: True)

    seal = entry(1, CHECKPOINT, {}, ObjectRef("checkpoint", blob(50), 9), ObjectRef("renewal", blob(51), 9))
    assert chosen([item(0, 1), seal]).has(blob(51))
    for other in (
        entry(2, TRANSFER, {}, ObjectRef("log", blob(60), 9)),
        entry(2, "an act of another version", {}, ObjectRef("x", blob(60), 9)),
        entry(2, SETTINGS, {}, ObjectRef("settings", blob(60), 9)),
    ):
        choice = chosen([item(0, 1), seal, other])
        assert not choice.has(blob(60))
        assert choice.has(blob(50)) and not choice.has(blob(51))
        assert set(choice.withheld) == {1, 2}
    assert chosen([entry(0, SETTINGS, {}, ObjectRef("settings", blob(60), 9))], settings=True).has(blob(60))
