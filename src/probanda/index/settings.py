"""The Django settings of the index: one application, no secret, no database of its own.

A case's database is opened under an alias of its own by `probanda.index.connect`; the default database is left
undefined on purpose, so that a query that forgets to say which case it means is an error and never reaches the wrong
case.
"""

from __future__ import annotations

INSTALLED_APPS = ["probanda.index"]
DATABASES: dict[str, dict[str, object]] = {}
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
