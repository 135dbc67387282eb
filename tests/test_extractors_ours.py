"""natasha and spaCy pipelines as extractors: what they propose in quotes, and what is missing where they are not."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from probanda.extract.plugins.dependency import Entity, Word, is_cue, proposals
from probanda.extract.plugins.proposal import proposed
from probanda.extract.plugins.reading import read_with
from probanda.extract.plugins.registry import UnknownExtractorError, faults, find, resources_of
from probanda.extract.read import read
from probanda.records.canonical import Json

RUSSIAN = (
    "Ракета попала в рынок в городе Альдена, сообщил мэр Мирек Сандор. «Казарм здесь не было никогда», — сказала "
    "жительница Марисбурга Лена Орск. Министерство обороны Брендии заявило, что рынок не обстреливали."
)


def parsed(text: str, *rows: tuple[str, int, str]) -> tuple[Word, ...]:
    """A sentence by hand: form, head, relation, in the order of the text."""
    words, at = [], 0
    for form, head, relation in rows:
        at = text.index(form, at)
        words.append(Word(at, at + len(form), form, head, relation, form.lower() in ("he", "she")))
        at += len(form)
    return tuple(words)


def quotations(found: Json) -> list[tuple[str, str, object]]:
    assert isinstance(found, Mapping)
    held = found["quotations"]
    assert isinstance(held, list)
    out = []
    for one in held:
        speaker = one["speaker"]
        out.append((one["form"], one["passage"]["text"], speaker.get("name") or speaker.get("role")))
    return out


def test_the_subject_of_a_verb_of_saying_is_who_speaks() -> None:
    text = "Mirek Sandor said that the bridge had fallen."
    sentence = parsed(
        text, ("Mirek", 1, "compound"), ("Sandor", 2, "nsubj"), ("said", 2, "ROOT"), ("that", 7, "mark"),
        ("the", 5, "det"), ("bridge", 7, "nsubj"), ("had", 7, "aux"), ("fallen", 2, "ccomp"), (".", 2, "punct"),
    )  # fmt: skip
    found = proposals(text, "en", [sentence], [Entity(0, 12, "PER")], [])
    assert quotations(found) == [("indirect", "the bridge had fallen", "Mirek Sandor")]


def test_an_aside_says_the_clause_that_it_is_an_aside_to() -> None:
    text = "The bridge had fallen, residents said."
    sentence = parsed(
        text, ("The", 1, "det"), ("bridge", 3, "nsubj"), ("had", 3, "aux"), ("fallen", 3, "root"), (",", 6, "punct"),
        ("residents", 6, "nsubj"), ("said", 3, "parataxis"), (".", 3, "punct"),
    )  # fmt: skip
    assert quotations(proposals(text, "en", [sentence], [], [])) == [("indirect", "The bridge had fallen", "residents")]


def test_a_pronoun_and_a_verb_that_says_nothing_propose_nothing() -> None:
    text = "He said it fell. Sandor crossed it."
    first = parsed(text, ("He", 1, "nsubj"), ("said", 1, "root"), ("it", 3, "nsubj"), ("fell", 1, "ccomp"))
    second = parsed(text, ("Sandor", 1, "nsubj"), ("crossed", 1, "root"))
    assert quotations(proposals(text, "en", [first, second], [], [])) == []
    assert is_cue("сказала", "ru") and is_cue("повідомив", "uk") and not is_cue("crossed", "en")


@pytest.mark.parametrize("broken", [(0, 0, 0), (1, 2, 0), (2, 2, 1)])
def test_a_parse_in_a_circle_ends(broken: tuple[int, int, int]) -> None:
    text = "residents said fell"
    sentence = parsed(
        text, ("residents", broken[0], "nsubj"), ("said", broken[1], "parataxis"), ("fell", broken[2], "ccomp")
    )
    assert isinstance(proposals(text, "en", [sentence], [], []), Mapping)


def test_what_is_not_installed_says_how_to_install_it() -> None:
    lacking = find("spacy:no_such_pipeline").missing()
    assert lacking is not None and "spacy download no_such_pipeline" in lacking
    with pytest.raises(UnknownExtractorError, match="spacy:en_core_web_sm"):
        find("spacy:")
    with pytest.raises(UnknownExtractorError, match="installed pipeline"):
        find("spacy:../../etc")
    assert not faults(find("natasha")) and not faults(find("spacy:en_core_web_sm"))


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[str]:
    """A pipeline of the user's own, as an installed package: names alone, by a list."""
    spacy = pytest.importorskip("spacy", reason="spacy is not installed (extra `models`)")
    made = spacy.blank("en")
    made.add_pipe("entity_ruler").add_patterns(
        [{"label": "GPE", "pattern": "Aldena"}, {"label": "PERSON", "pattern": "Mirek Sandor"}]
    )
    folder = tmp_path / "trial_names"
    made.to_disk(folder)
    (folder / "__init__.py").write_text(
        "from pathlib import Path\nfrom spacy.util import load_model_from_path\n\n"
        "def load(**overrides):\n    return load_model_from_path(Path(__file__).parent, **overrides)\n"
    )
    sys.path.insert(0, str(tmp_path))
    try:
        yield "spacy:trial_names"
    finally:
        sys.path.remove(str(tmp_path))
        sys.modules.pop("trial_names", None)


@pytest.mark.optional
def test_a_pipeline_of_the_users_own_proposes_places(pipeline: str) -> None:
    text = "A missile hit the market in Aldena on Monday, said Mirek Sandor."
    extractor = find(pipeline)
    assert extractor.missing() is None and extractor.languages == ("en",)
    held = resources_of(extractor)
    assert set(held) == {"spacy", "trial_names"} and len(held["trial_names"]) == 64
    found = proposed(extractor, text, "2031-05-14", "en")
    assert found.content["places"] == [{"passage": {"text": "Aldena", "start": text.index("Aldena")}}]
    reading = read_with(text, "2031-05-14", "en", [found])
    assert not reading.rejected and len(reading.places) == len(read(text, "2031-05-14").places)


@pytest.mark.optional
def test_a_changed_pipeline_is_another_resource(pipeline: str, tmp_path: Path) -> None:
    before = resources_of(find(pipeline))
    (tmp_path / "trial_names" / "more.txt").write_text("x")
    assert resources_of(find(pipeline)) != before


@pytest.mark.optional
def test_natasha_names_speakers_and_places_in_russian() -> None:
    extractor = find("natasha")
    if extractor.missing() is not None:
        pytest.skip(str(extractor.missing()))
    found = proposed(extractor, RUSSIAN, "2031-05-14", "ru")
    assert found == proposed(extractor, RUSSIAN, "2031-05-14", "ru")
    speakers = [speaker for _, _, speaker in quotations(found.content)]
    assert speakers[0] == "Мирек Сандор" and speakers[-1] == "Министерство обороны Брендии"
    reading = read_with(RUSSIAN, "2031-05-14", "ru", [found])
    rules = read(RUSSIAN, "2031-05-14", "ru")
    assert len(reading.quotations) >= len(rules.quotations)
    assert all(len(digest) == 64 for name, digest in resources_of(extractor).items() if name.endswith(".tar"))
    assert importlib.util.find_spec("pymorphy2") is None or "pymorphy2" not in sys.modules
    for empty in ("", "  \n", "…", "«»", "а" * 5000):
        assert proposed(extractor, empty, None, "ru").refused == ()
