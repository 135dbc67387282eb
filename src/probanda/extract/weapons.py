"""Weapons: the means of violence that a text names, by the cause-of-death classes of SDG indicator 16.1.2."""

from __future__ import annotations

from probanda.extract.segments import Document
from probanda.records.reading import Weapon


def find_weapons(doc: Document) -> tuple[Weapon, ...]:
    """The weapons that `doc` names, in the order of the text."""
    raise NotImplementedError
