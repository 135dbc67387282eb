"""Opening a case's database under an alias of its own, so that several cases can be open in one process.

Guarantees: Django is set up on first use, without the environment; a database is in WAL mode with
`synchronous=FULL`, so that a committed row survives a power cut; each transaction takes SQLite's write lock at its
start, so that a process waits for another and never fails half-way. Works in a notebook: Django refuses database calls
while an event loop runs in the thread, and that refusal is switched off here, because our calls are short and local.
Refuses: to run inside a process that has set up Django without this application.
"""

from __future__ import annotations

import os
import sqlite3
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from probanda.index.form import form
from probanda.preserve.errors import EncryptionMissing

SCHEMA = 4  # the number of the newest migration; SQLite keeps it as `user_version`
APPLICATION = "probanda_index"

IndexDatabaseError = django.db.DatabaseError  # what SQLite refuses, for those who are not to know Django

_numbers = count(1)
_empty: list[bytes] = []  # an empty database of this schema, once made: tables are laid out once in a process


class UnusableIndexError(Exception):
    """The file cannot serve as an index. The index is a copy, so the remedy is always to build it again."""


def setup() -> None:
    """Sets Django up for this process; does nothing the second time."""
    if apps.ready:
        if not apps.is_installed("probanda.index"):
            raise RuntimeError(
                "expected 'probanda.index' among INSTALLED_APPS of the Django project that this process has set up, "
                "found it missing; add it there"
            )
        return
    if not settings.configured:
        from probanda.index import settings as ours

        settings.configure(**{name: getattr(ours, name) for name in dir(ours) if name.isupper()})
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    django.setup()


def open_database(path: Path, *, read_only: bool = False, key: bytes | None = None) -> str:
    """The alias under which `path` is now open, with the schema of this version; `key` is the 256-bit key of an
    encrypted one.

    A file that is absent is created, one with an older schema is migrated. Raises `UnusableIndexError` for one that is
    corrupt, that has a newer schema, whose rows hold records of another form, or that `read_only` forbids to migrate.
    """
    setup()
    found, held = _schema_of(path, read_only, key) if path.exists() else (0, 0)
    if found and found <= SCHEMA and held != form():
        raise UnusableIndexError(f"{path.name} was filled by a version of Probanda whose records have another form")
    if found > SCHEMA:
        raise UnusableIndexError(f"{path.name} has schema {found}, newer than the {SCHEMA} of this version of Probanda")
    if read_only and found < SCHEMA:
        raise UnusableIndexError(f"{path.name} has schema {found}, older than {SCHEMA}, and may not be changed here")
    alias = f"case-{next(_numbers)}"
    connections.databases[alias] = _description(path, read_only, key)
    if not path.exists() and _empty and key is None:
        remove_database(path)
        path.write_bytes(_empty[0])
        found = SCHEMA
    try:
        if found < SCHEMA:
            executor = MigrationExecutor(connections[alias])
            executor.migrate(executor.loader.graph.leaf_nodes(APPLICATION))
            with connections[alias].cursor() as cursor:
                cursor.execute(f"PRAGMA user_version = {SCHEMA:d}")
                cursor.execute(f"PRAGMA application_id = {form():d}")
            if found == 0 and key is None:
                _empty[:] = [connections[alias].connection.serialize()]
        else:
            connections[alias].ensure_connection()
    except UnusableIndexError:
        close_database(alias)
        raise
    except django.db.DatabaseError as error:
        close_database(alias)
        raise UnusableIndexError(f"{path.name} cannot be read as an index: {error}") from error
    return alias


def close_database(alias: str) -> None:
    """Closes the connection of this thread and forgets the alias. Closing twice does nothing."""
    if alias in connections.databases:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


def remove_database(path: Path) -> None:
    """Removes the file and SQLite's two beside it. The file goes first: a write-ahead log that is left over without
    it is ignored, while one beside another file would be replayed into that."""
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _schema_of(path: Path, read_only: bool, key: bytes | None) -> tuple[int, int]:
    """The number of its schema and of the form of its records, 0 for a file without."""
    module: Any = sqlite3 if key is None else _sqlcipher()
    try:
        connection = module.connect(_uri(path, read_only), uri=True)
        try:
            if key is not None:
                connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            asked = ("PRAGMA user_version", "PRAGMA application_id")
            schema, held = (int(connection.execute(one).fetchone()[0]) for one in asked)
            return schema, held
        finally:
            connection.close()
    except module.DatabaseError as error:
        raise UnusableIndexError(f"{path.name} cannot be read as an index: {error}") from error


def _uri(path: Path, read_only: bool) -> str:
    # `immutable`: a folder that may not be written has no place for SQLite's own lock files.
    return f"file:{quote(os.fsencode(path.absolute()))}?{'mode=ro&immutable=1' if read_only else 'mode=rw'}"


def _sqlcipher() -> Any:
    try:
        from sqlcipher3 import dbapi2
    except ImportError as error:
        raise EncryptionMissing(
            "expected the library sqlcipher3, which the index of an encrypted case needs, found none. Nothing was "
            "changed; install it: pip install 'probanda[encrypt]'"
        ) from error
    return dbapi2


def _description(path: Path, read_only: bool, key: bytes | None) -> dict[str, Any]:
    if key is not None:
        _sqlcipher()
    return {
        "ENGINE": "django.db.backends.sqlite3" if key is None else "probanda.index.cipher",
        "NAME": _uri(path, read_only) if read_only else str(path.absolute()),
        "OPTIONS": {
            **({} if key is None else {"cipher_key": key.hex()}),
            "timeout": 60,
            "transaction_mode": "DEFERRED" if read_only else "IMMEDIATE",
            "init_command": "PRAGMA foreign_keys=ON"
            if read_only
            else "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
        },
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "TIME_ZONE": None,
        "USER": "",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "",
        "TEST": {"CHARSET": None, "COLLATION": None, "MIGRATE": True, "MIRROR": None, "NAME": None},
    }
