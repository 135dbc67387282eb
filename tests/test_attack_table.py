"""The attack table: every row is caught under the name that it states, or is said to be unproven where nothing in the
folder can show it. `python tests/test_attack_table.py` writes docs/attacks.md from the rows.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "vectors"), str(ROOT / "src")]

from attack_world import Sealed, Shelf, entries, look, sealed_case  # noqa: E402
from attacks import ACTS, Row, flip_rows, log_rows  # noqa: E402
from attacks_acts import acts, derivatives, folder  # noqa: E402
from attacks_bundle import bytes_of_it, inside, lists  # noqa: E402
from attacks_deep import history, seals, signatures  # noqa: E402
from attacks_zip import zips  # noqa: E402
from probanda.preserve.verify import BUNDLE_NAMES, NAMES, VerifyReport  # noqa: E402

ROWS: tuple[Row, ...] = (
    *flip_rows(), *log_rows(), *signatures(), *history(), *seals(), *derivatives(), *acts(), *folder(),
    *bytes_of_it(), *lists(), *inside(), *zips(),
)  # fmt: skip
PAGE = ROOT / "docs" / "attacks.md"


def attacked(row: Row, world: Sealed, shelf: Shelf) -> tuple[VerifyReport, str]:
    """What the stranger finds, with what she knows from elsewhere, and what the reason has to name."""
    files, names = row.attack(world)
    known: dict[str, tuple[str, object]] = {
        "checkpoint": ("pinned_checkpoint", world.pinned), "key": ("pinned_key", world.first_key),
        "certificates": ("certificates", world.roots),
    }  # fmt: skip
    more = dict([known[row.knows]]) if row.knows else {}
    return look(shelf.put_zip(files) if isinstance(files, bytes) else shelf.put(files), **more), names


def caught(report: VerifyReport) -> set[str]:
    return {check.name for check in report.checks if check.outcome == "fails"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    return sealed_case(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    return Shelf(tmp_path_factory.mktemp("shelf"))


@pytest.fixture(scope="module")
def found(world: Sealed, shelf: Shelf) -> dict[Row, set[str]]:
    """What was found of each row, for the page."""
    return {}


def name(row: Row) -> str:
    return " ".join(filter(None, (row.group, row.what, row.kind, row.knows)))


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_an_attack_is_caught_under_its_name(row: Row, world: Sealed, shelf: Shelf, found: dict[Row, set[str]]) -> None:
    report, names = attacked(row, world, shelf)
    found[row] = caught(report)
    told = {check.name: check.reason for check in report.checks if check.outcome == "fails"}
    assert {check.name for check in report.checks} in ({*NAMES}, {*BUNDLE_NAMES, *NAMES})
    if row.caught is None:
        assert row.says is not None
        assert report.ok, told
        assert row.says[1] in report.check(row.says[0]).reason
        return
    assert not report.ok
    assert row.caught in told, told
    assert names in told[row.caught], told


def test_what_nobody_touched_holds(world: Sealed, shelf: Shelf) -> None:
    for files in (world.case, world.bundle, world.earlier, world.other):
        report = look(shelf.put(files))
        assert report.ok, caught(report)
    for files in (world.case, world.bundle):
        known = {"pinned_key": world.first_key, "certificates": world.roots}
        assert look(shelf.put(files), **known).ok
    assert look(shelf.put(world.case), pinned_checkpoint=world.pinned).check("log.root").outcome == "holds"
    assert look(world.folder / "bundle.zip").ok


def test_the_page_says_what_was_found(world: Sealed, shelf: Shelf, found: dict[Row, set[str]]) -> None:
    for row in ROWS:  # where single rows were asked for
        if row not in found:
            found[row] = caught(attacked(row, world, shelf)[0])
    assert told(PAGE.read_text("utf-8")) == told(page(found)), "run: python tests/test_attack_table.py"


def told(page_: str) -> list[list[str]]:
    """The page line by line without *also caught by*: keys and nonces are new in every run, and what else a changed
    byte upsets can depend on them."""
    cells = [line.split(" | ") for line in page_.splitlines()]
    return [[*line[:2], *line[3:]] if len(line) == 4 else line for line in cells]


HEAD = """# Attacks, and the check that catches each

One sealed case with every act that an entry can record, and the real bundle of it, are copied and attacked; `probanda
verify` is then run over the copy. Every line is a test (`tests/test_attack_table.py`, which also writes this page): it
fails where the check named does not tell of the attack, with a reason that names what was touched. *Also caught by*
are the checks that tell of it too: where there is none, the attack would go unnoticed without the check named. A name
in brackets tells of some of the things meant in the line and not of all.

*Unproven* means that nothing in the folder can show it, which `verify` says under the name given; the next line then
says what somebody who looks has to know from elsewhere.

The acts are: {acts}.
"""


def test_every_act_is_in_the_case_and_every_copy_is_of_its_own(world: Sealed) -> None:
    assert {one["act"] for one in entries(world.case)} == {act for act, _ in ACTS}
    assert len({(row.group, row.what, row.kind, row.knows) for row in ROWS}) == len(ROWS)


def page(found: Mapping[Row, set[str]]) -> str:
    kinds = {row.caught for row in ROWS} - {None}
    out = [
        HEAD.format(acts=", ".join(act for act, _ in ACTS)),
        f"{len(ROWS)} attacks, caught by {len(kinds)} checks.\n",
    ]
    for group, rows in groupby(ROWS, lambda row: row.group):
        out.append(f"## {group}\n\n| attack | caught by | also caught by | what remains |\n|---|---|---|---|")
        alike: dict[tuple[str, ...], list[Row]] = {}
        for row in rows:
            alike.setdefault((row.what, row.caught or "", row.knows, row.remains), []).append(row)
        out += [_line(same, found) for same in alike.values()]
        out.append("")
    return "\n".join(out)


KNOWN = {
    "": "", "checkpoint": ", by a checkpoint kept elsewhere", "key": ", by the key's fingerprint kept elsewhere",
    "certificates": ", by the authorities' certificates got from them",
}  # fmt: skip


def _line(same: Sequence[Row], found: Mapping[Row, set[str]]) -> str:
    first, also = same[0], [found[row] - {row.caught} for row in same]
    always, some = set.intersection(*also), set.union(*also)
    kinds = [row.kind for row in same]
    number = f"{len(same)}: " if len(same) > 1 else ""
    what = first.what + (f" ({number}{', '.join(kinds)})" if first.kind else "")
    if kinds == [act for act, _ in ACTS]:
        what = f"{first.what} ({len(same)}: every act)"
    by = f"`{first.caught}`{KNOWN[first.knows]}"
    if first.caught is None and first.says is not None:
        by = f"*unproven*: `{first.says[0]}`"
    names = [f"`{name}`" for name in sorted(always)] + [f"(`{name}`)" for name in sorted(some - always)]
    return f"| {what} | {by} | {', '.join(names)} | {first.remains} |"


def write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        (shelf := Path(folder) / "shelf").mkdir()
        world, one = sealed_case(Path(folder)), Shelf(shelf)
        PAGE.write_text(page({row: caught(attacked(row, world, one)[0]) for row in ROWS}), "utf-8")


if __name__ == "__main__":
    write()
