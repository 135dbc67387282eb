"""Opening the index of a case, and building it again whenever the file cannot serve.

Guarantees: an index that is missing, corrupt, of a newer schema, or of another log is built from the log and the blobs
and reported; one that lags behind is caught up. A new index takes the old one's place in one move, when it is complete.
A case that may not be written to is never touched: its index is used as it stands when it holds the whole log, and is
otherwise built in a temporary folder for as long as it is open.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError

from probanda.index import models
from probanda.index.apply import IndexMismatchError, catch_up
from probanda.index.connect import UnusableIndexError, close_database, open_database, remove_database
from probanda.index.dump import dump_digest
from probanda.index.truth import FILE_NAME, Truth
from probanda.preserve import durable
from probanda.preserve.lock import held


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """`built` says why the index was built anew, `None` where the one that was there serves or the case is new.
    `temporary` is the folder that goes when the index is closed."""

    alias: str
    built: str | None = None
    temporary: tempfile.TemporaryDirectory[str] | None = None

    def close(self) -> None:
        close_database(self.alias)
        if self.temporary is not None:
            self.temporary.cleanup()


def open_index(truth: Truth) -> OpenIndex:
    """The index of the case, holding every entry that the log had when it was opened."""
    path = truth.index_path
    if truth.folder.read_only:
        return _open_read_only(truth)
    if not path.exists():
        return rebuild_index(truth, why="there was none" if truth.end()[0] > 1 else None)
    try:
        with held(truth.lock):
            alias = open_database(path, key=truth.index_key)
    except UnusableIndexError as error:
        return rebuild_index(truth, why=str(error))
    try:
        _require_same_log(alias, truth)
        catch_up(alias, truth)
    except (IndexMismatchError, DatabaseError) as error:
        close_database(alias)
        return rebuild_index(truth, why=str(error))
    return OpenIndex(alias)


def rebuild_index(truth: Truth, *, why: str | None) -> OpenIndex:
    """Builds the index from the log and the blobs in a new file, puts it in the place of the old and opens it."""
    path = truth.index_path
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    remove_database(new)
    try:
        alias = open_database(new, key=truth.index_key)
        try:
            catch_up(alias, truth)
        finally:
            close_database(alias)
        with held(truth.lock):
            _remove_leftovers(path)
            durable.on_boundary("before index.replace")
            remove_database(path)
            new.replace(path)
            durable.fsync_folder(path.parent, "index")
            durable.on_boundary("after index.replace")
            alias = open_database(path, key=truth.index_key)
    finally:
        remove_database(new)
    catch_up(alias, truth)
    return OpenIndex(alias, why)


def _remove_leftovers(path: Path) -> None:
    """Takes away unfinished indexes of processes that are no more."""
    for left in path.parent.glob(f"{path.name}.*.new"):
        number = left.name.removeprefix(f"{path.name}.").removesuffix(".new")
        if number.isdigit() and not _runs(int(number)):
            remove_database(left)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def agrees(alias: str, truth: Truth) -> bool:
    """Whether the index holds exactly what an index built now from log and blobs holds, row for row."""
    other = _build_aside(truth, "for comparison")
    try:
        while True:
            catch_up(other.alias, truth)
            catch_up(alias, truth)
            counts = [models.Applied.objects.using(name).get(id=1).count for name in (alias, other.alias)]
            if counts[0] == counts[1]:  # else another process appended between the two
                return dump_digest(alias) == dump_digest(other.alias)
    finally:
        other.close()


def _build_aside(truth: Truth, why: str) -> OpenIndex:
    with ExitStack() as undo:
        temporary = tempfile.TemporaryDirectory(prefix="probanda-index-")
        undo.callback(temporary.cleanup)
        key = None if truth.index_key is None else os.urandom(32)  # nobody needs it when the folder is gone
        alias = open_database(Path(temporary.name) / FILE_NAME, key=key)
        catch_up(alias, truth)
        undo.pop_all()  # it stands: the caller closes it
    return OpenIndex(alias, why, temporary)


def _open_read_only(truth: Truth) -> OpenIndex:
    path = truth.index_path
    log = path.with_name(f"{path.name}-wal")
    if not path.exists():
        return _build_aside(truth, "there was none, and the case may not be written to")
    if log.exists() and log.stat().st_size:
        return _build_aside(truth, "the one in the case is in use or was not closed")
    try:
        alias = open_database(path, read_only=True, key=truth.index_key)
    except UnusableIndexError as error:
        return _build_aside(truth, str(error))
    try:
        _require_same_log(alias, truth)
        applied = models.Applied.objects.using(alias).filter(id=1).first()
        if applied is not None and applied.count == truth.end()[0]:
            return OpenIndex(alias)
        why = "the one in the case lags behind the log, and the case may not be written to"
    except (IndexMismatchError, DatabaseError) as error:
        why = str(error)
    close_database(alias)
    return _build_aside(truth, why)


def _require_same_log(alias: str, truth: Truth) -> None:
    """An index that is ahead of the log, or ends on another entry, belongs to another history."""
    applied = models.Applied.objects.using(alias).filter(id=1).first()
    size, head = truth.end()
    if applied is not None and (applied.count > size or (applied.count == size and applied.head != head)):
        raise IndexMismatchError(
            f"expected an index of this log of {size} entries, found one of {applied.count} entries that ends "
            f"on {applied.head}"
        )
