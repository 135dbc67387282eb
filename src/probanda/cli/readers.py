"""readers, readers check, and the extractors of `extract --with`: which there are, what they lack here, what they
propose.

Guarantees: an extractor runs in a process of its own, with a limit in time and memory, also where there is no case; one
that fails is told by its name and takes nothing of the rules' reading away.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from probanda.cli.output import FAILED, OK, USAGE, CommandError, Meter, say, say_json
from probanda.records.codec import to_json

if TYPE_CHECKING:
    from probanda.extract.plugins.conformance import Exercise, Trial
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


def check(name: str | None, timeout_s: float, *, as_json: bool) -> int:
    """The conformance check of one extractor: by its name, or as MODULE:NAME from the folder that the command runs
    in."""
    from probanda.extract.plugins.conformance import exercises, findings
    from probanda.extract.plugins.registry import PATH, UnknownExtractorError, find
    from probanda.extract.read import LANGUAGES
    from probanda.pipeline import lacking

    if name is None:
        raise CommandError("readers check: expected the name of an extractor or MODULE:NAME, found none", USAGE)
    if ":" in name and not name.startswith(("spacy:", PATH)):
        sys.path.insert(0, str(Path.cwd()))  # where its author works on it
        name = PATH + name
    try:
        held = find(name)
    except UnknownExtractorError as error:
        raise CommandError(str(error), kind="NoExtractor") from error
    why = lacking(name)
    if why is not None:
        raise CommandError(f"{name} cannot be tried here: {why}", kind="ExtractorMissing")
    texts = exercises(held.languages)
    if not texts:
        raise CommandError(
            f"expected an extractor that reads one of {', '.join(LANGUAGES)}, found {', '.join(held.languages)}",
            kind="NoExtractor",
        )
    with Meter() as meter:
        first = _tried(name, texts, timeout_s, lambda done: meter.show("trying", done, len(texts)))
        twice = [one for one in reversed(texts) for _ in range(2)]
        second = _tried(name, twice, timeout_s, lambda done: meter.show("again", done, len(twice)))
    found = findings(first, second)
    broken = [one for one in found if one.broken]
    if as_json:
        times = {one.exercise.name: one.seconds for one in first}
        say_json({"ok": not broken, "extractor": held.name, "version": held.version, "seconds": times,
                  "findings": [to_json(one) for one in found]})  # fmt: skip
        return FAILED if broken else OK
    for one in found:
        say(f"{'BREAKS IT' if one.broken else 'look at':<10} {one.exercise}: {one.words}")
    longest = max((one.seconds or 0.0 for one in first), default=0.0)
    records = sum(one.proposal.records for one in first if one.proposal is not None)
    say(f"{len(texts)} texts, tried three times; {records} records proposed, {longest:.2f} s for the slowest text")
    say(f"{held.name} {held.version} {'BREAKS the contract' if broken else 'keeps the contract'}")
    return FAILED if broken else OK


def _tried(name: str, texts: Sequence[Exercise], timeout_s: float, progress: Callable[[int], None]) -> list[Trial]:
    """What the extractor does with each text, in one process that is new at the beginning."""
    from probanda.engine.local import LocalEngine
    from probanda.extract.plugins.conformance import PUBLISHED, Trial
    from probanda.extract.plugins.proposal import parse_proposal
    from probanda.preserve.blobs import BlobStore
    from probanda.steps.propose import step_of

    step = step_of(name, timeout_s)
    found = []
    with tempfile.TemporaryDirectory(prefix="probanda-") as folder:
        store = BlobStore(Path(folder))
        store.create()
        with LocalEngine(store.folder, workers=1) as engine:
            for number, one in enumerate(texts):
                told: dict[str, Json] = {"language": one.language, "published": PUBLISHED}
                request = step.request(store.put(one.text.encode("utf-8")).sha256, parameters=told)
                [result] = engine.map(step, [(request,)])
                [derivation] = result.derivations
                proposal = reason = None
                if derivation.outcome == "succeeded":
                    proposal = parse_proposal(store.read(derivation.outputs[0].sha256))
                else:
                    reason = derivation.reason or derivation.outcome
                found.append(Trial(one, proposal, reason, derivation.seconds))
                progress(number + 1)
    return found


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
