"""protect: who may see an item from now on. Beside it the options with which `add` says so from the beginning.

Guarantees: what was typed is checked before a case is opened. What it does stands in `probanda.protecting`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import OK, USAGE, CommandError, say, say_json
from probanda.records.codec import to_json
from probanda.records.entry import format_time

if TYPE_CHECKING:
    from probanda.records.capture import Capture
    from probanda.records.protection import Change, Condition, Marking, Protection, Risk

Case = Annotated[Path, typer.Argument(metavar="CASE", help="The case folder.", show_default=False, readable=False)]
Item = Annotated[str, typer.Argument(metavar="ID", help="The id of an item, or its beginning.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
By = Annotated[
    str | None,
    typer.Option("--by", help="Who acts; a new name gets a key. Default: PROBANDA_AGENT, else who made the case."),
]
Consented = Annotated[
    str | None,
    typer.Option(
        "--consent",
        metavar="USES",
        help="What the person agreed to: documentation, court, publication, joined by commas; or none.",
    ),
]
Conditions = Annotated[
    list[str] | None,
    typer.Option("--condition", help="lead_only, no_further_disclosure or needs_agreement. Repeatable."),
]
RiskGiven = Annotated[
    str | None, typer.Option("--risk", help="To persons: low, elevated, high, or unknown, which it is when unset.")
]


def protect(
    case: Case,
    item: Item,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, in your words.")],
    marking: Annotated[
        str | None, typer.Option("--marking", help="public, internal, restricted or identity_protected.")
    ] = None,
    consent: Consented = None,
    withdraw: Annotated[
        bool, typer.Option("--withdraw-consent", help="The consent was withdrawn. It counts at once, everywhere.")
    ] = False,
    withdrawn: Annotated[
        str | None, typer.Option("--withdrawn-at", metavar="TIME", help="When, if not just now: 2031-05-01.")
    ] = None,
    condition: Conditions = None,
    no_condition: Annotated[
        list[str] | None, typer.Option("--no-condition", help="A condition that no longer holds. Repeatable.")
    ] = None,
    risk: RiskGiven = None,
    by: By = None,
    as_json: AsJson = False,
) -> int:
    """Change what may be done with an item. Signed, with a reason; it counts at once at every way out."""
    from probanda.protecting import ProtectionRefusedError

    item, reason, person = asked.text("ID", item), asked.text("--reason", reason), asked.person(by)
    when = withdrawn or (format_time(datetime.now(UTC)) if withdraw else None)
    change = change_of(marking, consent, condition, risk, when, no_condition)
    if change.empty:
        raise CommandError("say what changes: --marking, --consent, --withdraw-consent, --condition, --risk ...", USAGE)
    with opened(case) as archive:
        try:
            made = archive.protect(item, change, reason, person)
        except ValueError as error:
            raise CommandError(str(error), USAGE) from error
        except ProtectionRefusedError as error:
            raise CommandError(str(error), kind="ProtectionRefused") from error
        history = archive.protections(made.id)
    if as_json:
        say_json({"item": made.id, "protections": [to_json(row) for row in history]})
    else:
        _say(made, history[-2].protection)
    return OK


def _say(made: Capture, before: Protection) -> None:
    say(f"Recorded and signed: {made.id}")
    say(f"  until now: {words(before)}")
    say(f"  from now:  {words(made.protection)}")
    if made.committed is None and made.protection.marking != "public":
        say("  its digest stands openly in the log, as it did: a later marking takes nothing out of the log")


def words(protection: Protection) -> str:
    """ "restricted; consent to court; needs_agreement; risk unknown"."""
    consent, told = protection.consent, [str(protection.marking)]
    if consent is not None:
        scope = ", ".join(consent.scope) or "nothing"
        told.append(f"consent to {scope}" + (f", withdrawn {consent.withdrawn}" if consent.withdrawn else ""))
    return "; ".join([*told, *protection.conditions, f"risk {protection.risk}"])


def change_of(
    marking: str | None,
    consent: str | None,
    condition: list[str] | None,
    risk: str | None,
    withdrawn: str | None = None,
    dropped: list[str] | None = None,
) -> Change:
    """What these options set. Raises `CommandError`."""
    from probanda.records.protection import CONDITIONS, MARKINGS, RISKS, USES, Change

    for option, given, known in (("--marking", marking, MARKINGS), ("--risk", risk, RISKS)):
        if given is not None:
            asked.one_of(option, given, known)
    for option, several in (("--condition", condition), ("--no-condition", dropped)):
        for one in several or ():
            asked.one_of(option, one, CONDITIONS)
    uses = None
    if consent is not None:
        uses = tuple(use.strip() for use in consent.split(",")) if consent.strip() != "none" else ()
        for use in uses:
            asked.one_of("--consent", use, (*USES, "none"))
    try:
        return Change(
            marking=cast("Marking | None", marking),
            consent=uses,
            withdrawn=withdrawn,
            conditions=cast("tuple[Condition, ...]", tuple(condition or ())),
            dropped=cast("tuple[Condition, ...]", tuple(dropped or ())),
            risk=cast("Risk | None", risk),
        )
    except ValueError as error:
        raise CommandError(str(error), USAGE) from error


def stated(marking: str | None, consent: str | None, condition: list[str] | None, risk: str | None) -> Protection:
    """The protection of what is added with these options; what nobody set stays unset. Raises `CommandError`."""
    from probanda.records.protection import Protection

    return change_of(marking, consent, condition, risk).applied(Protection())
