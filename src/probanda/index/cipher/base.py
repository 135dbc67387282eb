"""Django's SQLite backend over `sqlcipher3` in the place of `sqlite3`.

Guarantees: the first thing said to a connection is its key, 256 bits as they are, with no derivation; nothing is
written to a temporary file. Everything else is Django's. Imported by Django, and only for a case that is encrypted.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3._functions import register
from django.utils.dateparse import parse_date, parse_datetime, parse_time
from sqlcipher3 import dbapi2 as sqlcipher

sqlcipher.register_converter("bool", b"1".__eq__)
sqlcipher.register_converter("date", base.decoder(parse_date))
sqlcipher.register_converter("time", base.decoder(parse_time))
sqlcipher.register_converter("datetime", base.decoder(parse_datetime))
sqlcipher.register_converter("timestamp", base.decoder(parse_datetime))
sqlcipher.register_adapter(decimal.Decimal, str)
sqlcipher.register_adapter(datetime.date, base.adapt_date)
sqlcipher.register_adapter(datetime.datetime, base.adapt_datetime)

KEY = "cipher_key"  # in OPTIONS: 64 hexadecimal digits


class DatabaseWrapper(base.DatabaseWrapper):
    Database = sqlcipher
    init_commands: list[str]  # as Django's `get_connection_params` leaves them

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """As Django's, after the key was given."""
        parameters = dict(conn_params)
        key = bytes.fromhex(parameters.pop(KEY)).hex()  # nothing but hexadecimal digits goes into the statement
        connection = sqlcipher.connect(**parameters)
        connection.execute(f"PRAGMA key = \"x'{key}'\"")
        connection.execute("PRAGMA temp_store = MEMORY")
        register(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA legacy_alter_table = OFF")
        for command in self.init_commands:
            if command := command.strip():
                connection.execute(command)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)


class Cursor(sqlcipher.Cursor):  # type: ignore[misc]
    """Takes the "format" style of parameters that Django writes, as `SQLiteCursorWrapper` does over `sqlite3`."""

    def execute(self, query: str, params: Sequence[Any] | Mapping[str, Any] | None = None) -> Any:
        if params is None:
            return super().execute(query)
        return super().execute(_converted(query, params), params)

    def executemany(self, query: str, param_list: Iterable[Sequence[Any]]) -> Any:
        rows = list(param_list)
        return super().executemany(_converted(query, rows[0] if rows else ()), rows)


def _converted(query: str, params: Sequence[Any] | Mapping[str, Any]) -> str:
    if isinstance(params, Mapping):
        return query % {name: f":{name}" for name in params}
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")
