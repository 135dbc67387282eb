"""extract, claims, items: what texts say, with or without a case."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from probanda.cli.output import USAGE, CommandError, reporting, say, say_json
from probanda.cli.render import figure_line, owner, reading_lines
from probanda.records.canonical import Json, parse_json
from probanda.records.codec import parse, to_json
from probanda.records.reading import Claim, Reading


def extract(file: Path, published: str | None, language: str | None, *, as_json: bool) -> None:
    with reporting(as_json=as_json):
        reading = parse(Reading, read_file(file, published, language))
        if as_json:
            say_json(to_json(reading))
            return
        document = reading.document
        told = document.published or "unknown, so relative times stay unresolved"
        say(f"{file.name}: {document.chars:,} characters, language {document.language}, published {told}")
        for line in reading_lines(reading):
            say(line)


def read_file(file: Path, published: str | None, language: str | None) -> Json:
    """The reading of one file, as JSON, by the same steps that a case runs. Raises `CommandError`."""
    from probanda.records.edtf import EdtfError, parse_edtf
    from probanda.steps import identify, text
    from probanda.steps import language as language_step
    from probanda.steps import read as read_step

    if published is not None:
        try:
            parse_edtf(published)
        except EdtfError as error:
            raise CommandError(f"--published: {error}", USAGE) from error
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CommandError(f"expected a file to read at {file}, found: {error.strerror or error}") from error
    identity = _made(identify.STEP, data, {}, file, "identity")
    frozen = _outputs(text.STEP, data, {"identity": parse_json(identity)} and _identity_parameters(identity), file)
    body = frozen["text"]
    if language is None:
        language = str(_facts(language_step.STEP, body, file)["language"])
    return parse_json(_made(read_step.STEP, body, {"published": published, "language": language}, file, "reading"))
