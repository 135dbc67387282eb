"""The steps one after another, in isolated workers as a case runs them."""

from __future__ import annotations

from pathlib import Path

import pytest

from probanda.engine.contract import Engine
from probanda.engine.inline import InlineEngine
from probanda.engine.local import LocalEngine
from probanda.preserve.blobs import BlobStore
from probanda.records.canonical import Json
from probanda.records.derivation import Derivation
from probanda.steps import identify, language, read, text
from probanda.steps.step import Step

PAGE = (
    "<html><head><title>t</title></head><body><p>At least 12 people were killed in Belov on Tuesday, the Karovian"
    " emergency service said.</p><p>“They were at the market,” said Mirek Sandor.</p></body></html>"
)


def one(engine: Engine, step: Step, sha256: str, **parameters: Json) -> Derivation:
    (result,) = engine.map(step, [(step.request(sha256, parameters=parameters),)])
    (derivation,) = result.derivations
    return derivation


def chain(engine: Engine, blob: str) -> list[Derivation]:
    identity = one(engine, identify.STEP, blob)
    facts = identity.facts
    frozen = one(engine, text.STEP, blob, media_type=facts["media_type"], encoding=facts["encoding"])
    (words,) = (output.sha256 for output in frozen.outputs if output.role == "text")
    tongue = one(engine, language.STEP, words)
    reading = one(engine, read.STEP, words, language=tongue.facts["language"], published="2021-05-05")
    return [identity, frozen, tongue, reading]


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    store = BlobStore(tmp_path / "blobs")
    store.create()
    return store


def test_a_page_comes_out_as_a_reading_the_same_in_workers_and_in_this_process(store: BlobStore) -> None:
    """Another process with another hash seed: what differs here depends on more than its inputs."""
    blob = store.put(PAGE.encode()).sha256
    with LocalEngine(store.folder, workers=1) as engine:
        isolated = chain(engine, blob)
    assert [derivation.outcome for derivation in isolated] == ["succeeded"] * 4, isolated
    here = chain(InlineEngine(store.folder), blob)
    assert [(d.request, d.outcome, d.outputs, d.facts) for d in isolated] == [
        (d.request, d.outcome, d.outputs, d.facts) for d in here
    ]


def test_the_four_steps_load_and_work_within_their_memory(store: BlobStore) -> None:
    """A library whose mere loading goes past the limit would fail every item of every case."""
    many = PAGE.replace("<p>", "<p>" + "The market of Belov was full on that day. " * 2000)
    blob = store.put(many.encode()).sha256
    with LocalEngine(store.folder, workers=1) as engine:
        outcomes = [derivation.outcome for derivation in chain(engine, blob)]
    assert outcomes == ["succeeded"] * 4
