"""What a page states about itself: title, author, language, dates of publication.

Facts about the page, not about the world: a page can say any date. Nothing is chosen: all candidates stand in the order
of the page, each with the place where it is stated; `date_found` is the one that htmldate settles on, from markup only,
named as such. `None` and empty lists mean that the page does not say.

Where pages state dates: Open Graph article:published_time (ogp.me), schema.org datePublished (microdata and JSON-LD),
Dublin Core issued and date (DCMI Metadata Terms), HTML `time` with `pubdate` or `itemprop`, and names used by news
systems (parsely-pub-date, sailthru.date).
"""

from __future__ import annotations

import json
import re
from typing import Any

from probanda.records.canonical import Json
from probanda.steps.page import Page

_DATE_NAMES = frozenset(
    {
        "article:published_time", "og:published_time", "datepublished", "dc.date", "dc.date.issued", "dcterms.date",
        "dcterms.issued", "date", "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date",
        "citation_publication_date",
    }
)  # fmt: skip
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*("(?:[^"\\]|\\.){4,60}")')
_LIMIT = 20  # arbitrary: a listing page states a date for each of its stories
_CHARS = 500  # arbitrary, for a title or name


def stated(page: Page, found: Any) -> dict[str, Json]:
    """`found`: trafilatura's document, or `None`. Offsets are into the decoded page."""
    return {
        "author": _short(getattr(found, "author", None)),
        "date_found": _short(getattr(found, "date", None)),
        "dates": _dates(page),
        "language": _language(page),
        "site": _short(getattr(found, "sitename", None)),
        "title": _short(getattr(found, "title", None)),
    }


def _dates(page: Page) -> list[Json]:
    out: list[Json] = []
    for tag, given, offset in page.stated:
        name = (given.get("property") or given.get("name") or given.get("itemprop") or "").strip().lower()
        if tag == "meta" and name in _DATE_NAMES:
            out.append({"start": offset, "stated": f"meta {name}", "value": given.get("content", "")[:_CHARS]})
        elif tag == "time" and given.get("datetime") and ("pubdate" in given or name == "datepublished"):
            out.append({"start": offset, "stated": "time", "value": given["datetime"][:_CHARS]})
        elif tag == "script":
            for match in _JSON_DATE.finditer(given["text"]):
                value = _string(match.group(1))
                if value is not None:
                    out.append({"start": offset, "stated": "datePublished (JSON-LD)", "value": value})
    return out[:_LIMIT]


def _string(written: str) -> str | None:
    try:
        value = json.loads(written)
    except json.JSONDecodeError:
        return None
    return value if isinstance(value, str) and value.isprintable() else None


def _language(page: Page) -> str | None:
    for tag, given, _ in page.stated:
        if tag == "html" and given.get("lang"):
            return given["lang"][:_CHARS]
    return None


def _short(value: object) -> str | None:
    return value[:_CHARS] if isinstance(value, str) and value else None
