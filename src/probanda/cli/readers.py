"""readers, and the extractors of `extract --with`: which there are, what they lack here, what they propose.

Guarantees: an extractor runs in a process of its own, with a limit in time and memory, also where there is no case; one
that fails is told by its name and takes nothing of the rules' reading away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli.output import OK, USAGE, CommandError, say, say_json

if TYPE_CHECKING:
    from probanda.extract.plugins.registry import Listed
    from probanda.records.canonical import Json


def readers(*, as_json: bool) -> int:
    """Lists every extractor with version, languages, licence and what it lacks here."""
    from probanda.extract.plugins.registry import listed

    rows = [_row(one) for one in listed()]
    if as_json:
        say_json(rows)
        return OK
    for row in rows:
        if row["fault"] is not None:
            say(f"{row['name']}  CANNOT BE USED: {row['fault']}")
            say(f"    from {row['from']}")
            continue
        languages = row["languages"]
        told = ", ".join(map(str, languages)) if isinstance(languages, list) else ""
        say(f"{row['name']} {row['version']}  reads {told}; {row['licence']}; from {row['from']}")
        say(f"    {'ready' if row['missing'] is None else row['missing']}")
    say("spacy:NAME  any spaCy pipeline that is installed here, by the name of its package")
    say("The rules read English, Ukrainian and Russian with no more than what is installed. Ask for further extractors")
    say("with: probanda run CASE --with NAME, or probanda extract FILE --with NAME")
    return OK


def _row(one: Listed) -> dict[str, Json]:
    from probanda.pipeline import lacking

    held = one.extractor
    missing = None if held is None else lacking(one.name)
    return {
        "name": one.name, "from": one.origin, "fault": one.fault,
        "version": held.version if held else None, "languages": list(held.languages) if held else None,
        "licence": held.licence if held else None, "missing": missing,
    }  # fmt: skip


def required(names: Sequence[str]) -> tuple[str, ...]:
    """The names, each once, of extractors that can work here. Raises `CommandError`."""
    from probanda.extract.plugins.registry import UnknownExtractorError, find
    from probanda.pipeline import lacking

    wanted = tuple(dict.fromkeys(names))
    for name in wanted:
        try:
            find(name)
        except UnknownExtractorError as error:
            raise CommandError(f"--with: {error}. Nothing was changed", USAGE) from error
        why = lacking(name)
        if why is not None:
            raise CommandError(f"--with {name}: {why}. Nothing was changed", kind="ExtractorMissing")
    return wanted


def proposals(text: bytes, published: str | None, language: str, names: Sequence[str]) -> list[tuple[str, bytes, str]]:
    """What each extractor proposes about a text: its name, its proposal's bytes and the setting that it was asked with.
    One that fails has a proposal that says so."""
    from probanda.engine.local import LocalEngine
    from probanda.extract.plugins.proposal import encode_proposal, failed
    from probanda.preserve.blobs import BlobStore
    from probanda.steps.propose import step_of

    found = []
    with tempfile.TemporaryDirectory(prefix="probanda-") as folder:
        store = BlobStore(Path(folder))
        store.create()
        subject = store.put(text).sha256
        with LocalEngine(store.folder, workers=1) as engine:
            for name in names:
                step = step_of(name)
                request = step.request(subject, parameters={"language": language, "published": published})
                [result] = engine.map(step, [(request,)])
                [derivation] = result.derivations
                if derivation.outcome == "succeeded":
                    data = store.read(derivation.outputs[0].sha256)
                else:
                    data = encode_proposal(failed(name, step.version, derivation.reason or derivation.outcome))
                found.append((name, data, request.setting))
    return found
