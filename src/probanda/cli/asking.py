"""ask: what a language model behind an endpoint proposes about the texts of a case.

Guarantees: without --remote nothing but this machine's own addresses is asked; a key is read from a file, sent in a
header and kept nowhere. What was answered is proposals: the next `run` reads with them. Names of guarded items
are shown only once it is on record who saw them.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from probanda.cli import asked
from probanda.cli.opened import opened
from probanda.cli.output import ITEMS_FAILED, OK, USAGE, CommandError, Meter, say, say_json

_MOST_KEY = 4096


def ask(
    case: Path,
    url: str,
    model: str,
    *,
    remote: bool,
    form: str,
    key_file: Path | None,
    timeout_s: float,
    by: str | None,
    as_json: bool,
) -> int:
    from probanda.collect import endpoint
    from probanda.extract.plugins import asking
    from probanda.preserve.errors import Locked
    from probanda.records.settings import extractors_of

    asked.one_of("--format", form, asking.FORMATS)
    person = asked.person(by)
    try:
        extractor = asking.extractor_of(model)
    except ValueError as error:
        raise CommandError(f"--model: {error}", USAGE) from error
    key = _key(key_file)
    try:
        whom = endpoint.endpoint(url, remote=remote)
    except endpoint.EndpointError as error:
        raise CommandError(f"--endpoint: {error}. Nothing was sent", USAGE, kind="EndpointRefused") from error
    with Meter() as meter, opened(case) as archive:
        try:
            found = archive.ask_model(
                whom, model, partial(endpoint.ask, whom, key=key, timeout_s=timeout_s), form=form, by=person,
                progress=lambda done, total: meter.show("asking", done, total),
            )  # fmt: skip
        except Locked as error:
            what = "a run or a deletion of this case goes on" if str(archive.case.run_lock) in str(error) else (
                "somebody asks a model about this case already")  # fmt: skip
            raise CommandError(f"{what}: {error}", kind="Locked") from error
        held = extractors_of(archive.settings())
        names = held.names if held else ()
        if found.answered and extractor not in names:
            archive.ask_extractors((*names, extractor), f"ask --model {model}")
        rows = [row for row in archive.failures() if row.step == f"propose:{extractor}"]
        texts = archive.holders({*found.not_answered, *found.stayed})  # a digest tells of an item as its name does
        named = {one for items in texts.values() for one in items} | {row.capture for row in rows if row.capture}
        sight = archive.look("ask", named, person)
        failures = [row for row in rows if row.capture is None or sight.allows([row.capture])]
    if as_json:
        say_json(
            {
                "extractor": extractor, "answered": found.answered, "rubbish": found.rubbish,
                "not_answered": dict(found.not_answered), "stayed": dict(found.stayed),
            }
        )  # fmt: skip
    else:
        say(f"{found.answered} texts answered by {model} at {whom.host}, {len(found.not_answered)} not")
        if found.rubbish:
            say(f"  {found.rubbish} answers were no proposal: the readings will say why")
        for row in failures:
            say(f"  {row.name or 'an item'}: {row.reason}")
        say(f"  readings that take the answers are made by: probanda run {case}")
    return ITEMS_FAILED if found.not_answered else OK


def _key(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        with file.open("rb") as held:
            key = held.read(_MOST_KEY + 1).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"--key-file: expected a key in {file}, found: {error}", USAGE) from error
    if not key or len(key) > _MOST_KEY or not key.isprintable() or " " in key:
        raise CommandError(f"--key-file: expected one key in {file}, found none or more", USAGE)
    return key
