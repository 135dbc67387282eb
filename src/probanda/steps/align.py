"""Where each line of a page's text stands in the page.

Guarantees: a span is given only where the line's characters stand in the page in this order with nothing but spaces
and tags between them, beginning and ending where words do; else `None`. Nothing is guessed by likeness. Lines that are
long enough to be their own evidence are placed first, in the order of the text; short ones ("Read more", a heading
that a menu repeats) only between their neighbours, as near as can be to the next one. So a repeated short line may be
placed at another of its repetitions in that stretch, which reads the same.
"""

from __future__ import annotations

from probanda.steps.page import Page, squeeze

_LONG = 40  # arbitrary: characters, without spaces, that hardly repeat by chance

Span = tuple[int, int]  # into page.key


def align(page: Page, lines: list[str]) -> list[Span | None]:
    """For each line its span in `page.key`, in the order of the lines."""
    keys = [squeeze(line) for line in lines]
    found: list[Span | None] = [None] * len(lines)
    cursor = 0
    for place, key in enumerate(keys):
        if len(key) >= _LONG:
            found[place] = _first(page, key, cursor, len(page.key)) or _first(page, key, 0, cursor)
            if (span := found[place]) is not None:
                cursor = max(cursor, span[1])
    _place_short(page, keys, found)
    return found


def _place_short(page: Page, keys: list[str], found: list[Span | None]) -> None:
    anchored = [place for place, span in enumerate(found) if span is not None]
    for before, after in zip([None, *anchored], [*anchored, None], strict=True):
        low = _end(found, before, 0)
        between = range(0 if before is None else before + 1, len(keys) if after is None else after)
        if after is None:
            for place in between:
                span = found[place] = _first(page, keys[place], low, len(page.key)) if _is_short(keys[place]) else None
                low = low if span is None else span[1]
            continue
        anchor = found[after]
        high = anchor[0] if anchor is not None else len(page.key)
        for place in reversed(between):
            span = found[place] = _last(page, keys[place], low, high) if _is_short(keys[place]) else None
            high = high if span is None else span[0]


def _end(found: list[Span | None], place: int | None, otherwise: int) -> int:
    span = None if place is None else found[place]
    return otherwise if span is None else span[1]


def _is_short(key: str) -> bool:
    return 0 < len(key) < _LONG


def _first(page: Page, key: str, low: int, high: int) -> Span | None:
    start = page.key.find(key, low, high)
    while start >= 0:
        if page.fits(start, start + len(key)):
            return start, start + len(key)
        start = page.key.find(key, start + 1, high)
    return None


def _last(page: Page, key: str, low: int, high: int) -> Span | None:
    start = page.key.rfind(key, low, high)
    while start >= 0:
        if page.fits(start, start + len(key)):
            return start, start + len(key)
        start = page.key.rfind(key, low, start + len(key) - 1)
    return None
