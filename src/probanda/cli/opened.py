"""A case, open for one command, with everything that can go wrong in it said in words.

Guarantees: errors of the index, the engine and the report leave here as `CommandError`; errors of the case folder are
messages already and pass. Nothing is caught that was not foreseen by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli.output import CommandError
from probanda.cli.passphrases import asking

if TYPE_CHECKING:
    from probanda.archive import Archive
    from probanda.preserve.passphrases import Passphrases

_AGAIN = "What was committed is safe; run the same command again to go on"


@contextmanager
def opened(case: Path, *, read_only: bool | None = None, passphrases: Passphrases | None = None) -> Iterator[Archive]:
    """The case in the folder `case`; `read_only` of `None` means: find out. `passphrases` of `None`: from the
    environment, else from a person. Raises `CommandError`, `PreserveError`."""
    from probanda.archive import Archive

    passphrases = passphrases or asking()
    with explained(case), Archive.open(case, read_only=read_only, passphrase=passphrases) as archive:
        yield archive


@contextmanager
def explained(case: Path) -> Iterator[None]:
    """Turns errors from above the case folder into `CommandError`."""
    from probanda.engine.contract import EngineError
    from probanda.index.apply import IndexMismatchError
    from probanda.index.connect import IndexDatabaseError, UnusableIndexError
    from probanda.index.queries import UnknownIdError
    from probanda.report.anchors import SnapshotError

    try:
        yield
    except UnknownIdError as error:
        raise CommandError(str(error), kind="UnknownId") from error
    except EngineError as error:
        raise CommandError(f"{error}. {_AGAIN}", kind="EngineError") from error
    except IndexMismatchError as error:
        raise CommandError(
            f"the case contradicts itself: {error}. Nothing was changed. To see what is wrong: probanda verify {case}",
            kind="IndexMismatch",
        ) from error
    except SnapshotError as error:
        raise CommandError(
            f"a reading and its text contradict each other: {error}. See what is wrong with: probanda verify {case}; "
            "where that holds, this is a fault of Probanda",
            kind="SnapshotError",
        ) from error
    except (IndexDatabaseError, UnusableIndexError) as error:
        raise CommandError(
            f"the index of {case} cannot be used: {error}. Log and blobs are safe. Make room or check the disk, then "
            f"make it anew with: probanda rebuild {case}",
            kind="IndexUnusable",
        ) from error
