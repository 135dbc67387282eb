"""The Django application that holds the models of the index."""

from __future__ import annotations

from django.apps import AppConfig


class IndexConfig(AppConfig):
    name = "probanda.index"
    label = "probanda_index"
    default_auto_field = "django.db.models.BigAutoField"
