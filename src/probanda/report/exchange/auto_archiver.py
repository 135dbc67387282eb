"""Items as an auto-archiver sheet.

Guarantees: a row that came in with such a sheet goes out with every cell as it came, whether or not its file was there;
items from elsewhere get a row of their own, made of what their capture says. Only what the audience may have goes out:
hand in what `report.disclosure` left, and the sheets among it; where an item of a row is withheld, the row is withheld.
One column of ours stands last, whatever came in under its name: by when the sheet and the files of a row were there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from probanda.records.canonical import Json
from probanda.records.table import Table
from probanda.report.anchored import told, told_of_all
from probanda.report.exchange.drafts import ANCHORED
from probanda.report.snapshot import ItemRow

FORMAT = "auto-archiver"
COLUMNS = (
    "link", "archive status", "destination folder", "archive location", "archive date", "thumbnail",
    "upload timestamp", "upload title", "text content", "screenshot", "hash", "perceptual hashes", "wacz",
    "replaywebpage",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetIn:
    """A preserved sheet by the id of its capture, and the numbers of its rows of which something is withheld."""

    capture: str
    table: Table
    withheld: frozenset[int] = frozenset()


def sheet_of(items: Sequence[ItemRow], sheets: Iterable[SheetIn]) -> Table:
    """One sheet: the rows of `sheets` in their order, then the other `items`. With one sheet and nothing else, its own
    columns; else auto-archiver's defaults and every further column; and `ANCHORED` last."""
    known = list(sheets)
    others = [one for one in items if not _is_of_a_sheet(one)]
    alone = len(known) == 1 and not others
    named = (*(() if alone else COLUMNS), *(column for one in known for column in one.table.columns))
    columns = [*(one for one in dict.fromkeys(named) if one != ANCHORED), ANCHORED]
    held: dict[tuple[str, int], list[ItemRow]] = {}
    whole = {item.capture.id: item for item in items}
    for item in items:
        if (place := row_of(item)) is not None:
            held.setdefault(place, []).append(item)
    rows = []
    for one in known:
        for number, row in _rows(one):
            if number not in one.withheld:
                cells = dict(zip(one.table.columns, row, strict=True))
                behind = [whole[one.capture]] if one.capture in whole else []
                time = told_of_all([*behind, *held.get((one.capture, number), ())])
                rows.append(_filled(columns, {**cells, ANCHORED: time}))
    rows += [_filled(columns, _told(one)) for one in others]
    return Table(tuple(columns), tuple(rows))


def origin_of(item: ItemRow) -> Mapping[str, Json] | None:
    """Which record of another tool the item came with, `None` where with none."""
    found = item.capture.extra.get("origin")
    return found if isinstance(found, Mapping) and found.get("format") == FORMAT else None


def row_of(item: ItemRow) -> tuple[str, int] | None:
    """The capture of the sheet and the number of the row that the item came with."""
    origin = origin_of(item)
    sheet, row = (origin or {}).get("sheet"), (origin or {}).get("row")
    return (sheet, row) if isinstance(sheet, str) and isinstance(row, int) else None


def _is_of_a_sheet(item: ItemRow) -> bool:
    return origin_of(item) is not None


def _rows(sheet: SheetIn) -> Iterator[tuple[int, tuple[str, ...]]]:
    return enumerate(sheet.table.rows, start=2)


def _filled(columns: Sequence[str], row: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(row.get(column, "") for column in columns)


def _told(item: ItemRow) -> dict[str, str]:
    capture = item.capture
    return {
        "link": capture.source or "",
        "archive status": f"preserved in a Probanda case; {told(item.anchored, item.anchors)}",
        "archive location": capture.name or "",
        "archive date": capture.captured_at,
        "upload timestamp": capture.published or "",
        "hash": f"SHA-256:{capture.blob}",
        ANCHORED: told(item.anchored, item.anchors),
    }
