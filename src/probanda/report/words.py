"""The plain words of a case file: how modalities, effects, bounds, dates and owners are written.

Guarantees: what the records call unknown, unbounded and zero reads differently; nothing is rounded; a figure's bounds
are said in words and as an interval. A value that this version does not know is written as it stands.
"""

from __future__ import annotations

from typing import Final

from probanda.records.quantity import Bound
from probanda.report.contents import Figure, Moment, Owner

MODALITIES: Final = {
    "accomplished": "said to have happened", "stated": "stated", "attempted": "attempted", "threatened": "threatened",
    "planned": "planned", "promised": "promised", "anticipated": "expected", "forecast": "forecast",
    "feared": "feared", "alleged": "alleged", "possible": "said to be possible", "denied": "denied",
}  # fmt: skip
HEADINGS: Final = {
    "accusation": "Accusations: one accuses another", "alleged": "Alleged", "threatened": "Threatened",
    "planned": "Planned", "promised": "Promised", "attempted": "Attempted, not said to have been completed",
    "anticipated": "Expected", "forecast": "Forecast", "feared": "Feared", "possible": "Said to be possible",
    "denied": "Denied", "negated": "Said not to be so",
}  # fmt: skip
EFFECTS: Final = {
    "voted_for": "voted for", "voted_against": "voted against", "internally_displaced": "internally displaced",
    "refugee": "refugees (border crossed)", "transferred": "forcibly transferred", "counted": "counted",
}  # fmt: skip
VERIFICATIONS: Final = {
    "verified": "verified, the source says", "not_verified": "not verified, the source says",
    "not_independently_verified": "not independently verified, the source says",
    "disputed": "disputed, the source says", "being_verified": "being verified, the source says",
}  # fmt: skip
FORMS: Final = {
    "direct": "direct speech", "mixed": "partly in direct speech", "indirect": "indirect speech",
    "reported": "in the report’s words",
}  # fmt: skip
OUTCOMES: Final = {
    "holds": "holds", "fails": "fails", "unproven": "unproven", "not_run": "not run", "failed": "failed",
    "not_applicable": "not applicable", "unavailable": "not possible on that machine",
}  # fmt: skip
MARKINGS: Final = {
    "public": "public", "internal": "internal", "restricted": "restricted", "identity_protected": "identity protected",
}  # fmt: skip
REPORTED_AS: Final = {"aimed_at": "said to be aimed at", "affected": "said to be affected", "mentioned": "mentioned"}


def plain_name(value: str | None, table: dict[str, str] | None = None) -> str:
    """The word for a value of a vocabulary; the value with spaces for underscores where there is none."""
    if value is None:
        return "not said"
    return (table or {}).get(value, value.replace("_", " "))


def number(value: Bound | str) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "unknown" if value == "unknown" else "∞"
    return f"{value:,}"


def interval(minimum: Bound, maximum: Bound) -> str:
    """Interval notation: closed where the bound is a number, open at infinity, "?" where it cannot be told."""
    low = "(−∞" if minimum is None else "[?" if minimum == "unknown" else f"[{number(minimum)}"
    high = "∞)" if maximum is None else "?]" if maximum == "unknown" else f"{number(maximum)}]"
    return f"{low}, {high}"


def bounds(figure: Figure) -> str:
    """The bounds in words."""
    low, high = figure.minimum, figure.maximum
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        if low != high:
            return f"{number(low)} to {number(high)}"
        return f"exactly {number(low)}" if figure.qualifier in ("exactly", "only") else f"{number(low)}, stated as such"
    if isinstance(low, (int, float)):
        return f"{number(low)} or more, " + ("no upper bound" if high is None else "upper bound unknown")
    if isinstance(high, (int, float)):
        return f"{number(high)} or fewer, " + ("no lower bound" if low is None else "lower bound unknown")
    return "bounds unknown" if "unknown" in (low, high) else "no bounds"


def date(moment: Moment | None) -> str:
    """The bounds of a time as one day or "from … to …"; "open" where unresolved."""
    if moment is None:
        return "not said"
    low, high = moment.earliest, moment.latest
    if low is None and high is None:
        return "not resolved"
    if low == high or high is None or low is None:
        return (low or high or "") if low == high else f"from {low}" if low else f"until {high}"
    return f"{low} to {high}"


def owner_name(owner: Owner) -> str:
    if owner.kind == "report":
        return "the report itself"
    if owner.kind == "unknown":
        return "holder unknown"
    return owner.name or owner.role or owner.mention or "a speaker without name or role"


def size(count: int) -> str:
    return f"{count:,} byte" + ("" if count == 1 else "s")


def counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
