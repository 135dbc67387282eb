"""The English model: what is shipped, what it proposes, and what happens where it cannot run."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probanda.extract.plugins import english_parser
from probanda.extract.plugins.english import EnglishExtractor, named_claims
from probanda.extract.plugins.english_choice import Candidate, Model, choose
from probanda.extract.plugins.proposal import Proposal, encode_proposal, proposed
from probanda.extract.plugins.reading import read_with
from probanda.extract.plugins.registry import faults, find
from probanda.extract.plugins.sameness import same_holder
from probanda.extract.read import read
from probanda.extract.text.parsing import surface
from probanda.extract.text.segments import segment
from probanda.records.canonical import Json
from probanda.records.passage import Passage
from probanda.records.reading import Quotation, Speaker

FOLDER = Path(str(english_parser.folder()))
PUBLISHED = "2031-05-07"

# Exercise: the places, persons and bodies are invented.
LATER_NAMED = (
    "Karovia will send two field hospitals to Port Selis, the health minister told parliament on Tuesday. “None of "
    "this has left our stores yet,” Lena Voss said. “It will, before the month is out.”"
)

runs = pytest.mark.skipif(
    importlib.util.find_spec("spacy") is None, reason="spaCy is not installed (pip install 'probanda[models]')"
)


def speakers(found: Sequence[Quotation]) -> list[tuple[str, str | None]]:
    return [(one.passage.text, one.speaker.name if one.speaker else None) for one in found]


def test_every_shipped_file_has_its_digest_and_a_licence_and_the_whole_is_small() -> None:
    digests = json.loads((FOLDER / "digests.json").read_text("utf-8"))
    weights = {path for path in FOLDER.rglob("*") if path.is_file() and path.parent != FOLDER} | {
        FOLDER / "config.json"
    }
    assert {path.relative_to(FOLDER).as_posix() for path in weights} == set(digests)
    for name, told in digests.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == told
    assert sum(path.stat().st_size for path in weights) < 9_000_000
    assert (FOLDER / "attribution.json").stat().st_size < 6_000_000
    assert "CC-BY-SA-4.0" in (FOLDER / "LICENSE.md").read_text("utf-8")
    card = (FOLDER / "MODEL_CARD.md").read_text("utf-8")
    for heading in ("What it is not for", "SHA-256", "LAS", "whom that may harm"):
        assert heading in card


def test_no_weight_is_a_pickle() -> None:
    for path in FOLDER.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"_reconstruct" not in data and b"copyreg" not in data and not data.startswith(b"\x80\x04")


def test_without_the_library_the_extractor_says_what_to_install_and_imports_nothing() -> None:
    program = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'spacy': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import importlib.util\n"
        "from probanda.extract.plugins.english import EnglishExtractor\n"
        "one = EnglishExtractor()\n"
        "print(one.name, one.resources()['models/en/config.json'][:8], 'spacy' in sys.modules)\n"
    )
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert found[0] == "english" and found[2] == "False"


def test_the_extractor_is_what_the_contract_asks_for() -> None:
    one = find("english")
    assert faults(one) == []
    assert one.languages == ("en",)
    assert all(name in one.resources() for name in ("models/en/parser/model", "models/en/attribution.json", "rules"))


@given(st.text(max_size=40))
def test_a_word_keeps_its_length_when_its_marks_are_written_one_way(word: str) -> None:
    assert len(surface(word)) == len(word)
    assert surface(surface(word)) == surface(word)


def speaker(name: str | None, role: str | None = None) -> Speaker:
    words = name or role or ""
    return Speaker(name, role, Passage(0, len(words), words))


def test_a_name_is_not_given_up_for_a_description_nor_for_a_part_of_it() -> None:
    model = Model({"seen": 9.0}, 1.5)
    rules = speaker("Lena Voss", "mayor")
    kept = Candidate(rules, (), by_rules=True)
    for other in (speaker(None, "the mayor"), speaker("Voss"), speaker("Dr Lena Voss")):
        assert choose(model, [kept, Candidate(other, ("seen",))], rules) is None
    named = Candidate(speaker("Ivo Kral"), ("seen",))
    assert choose(model, [kept, named], rules) is named


def test_another_name_stands_beside_that_of_the_rules_only_by_a_margin() -> None:
    rules, other = Candidate(speaker("Lena Voss"), (), by_rules=True), Candidate(speaker("Ivo Kral"), ("seen",))
    assert choose(Model({"seen": 3.0}, 1.5, 1.4), [rules, other], rules.speaker) is other
    assert choose(Model({"seen": 2.8}, 1.5, 1.4), [rules, other], rules.speaker) is None
    unnamed = Candidate(speaker(None, "the mayor"), (), by_rules=True)
    assert choose(Model({"seen": 2.8}, 1.5, 1.4), [unnamed, other], unnamed.speaker) is other


def test_where_the_rules_know_nobody_a_speaker_must_be_likelier_than_all_others_together() -> None:
    model = Model({"seen": 1.0, "heard": 0.9}, 1.5)
    one, two = Candidate(speaker("Lena Voss"), ("seen",)), Candidate(speaker("Ivo Kral"), ("heard",))
    assert choose(model, [one, two, two], None) is None
    assert choose(model, [one, two], None) is one
    assert choose(model, [], None) is None


def test_the_worth_of_the_rules_decides_between_equals() -> None:
    rules = Candidate(speaker("Lena Voss"), ("seen",), by_rules=True)
    other = Candidate(speaker("Ivo Kral"), ("seen", "more"))
    assert choose(Model({"seen": 1.0, "more": 1.0}, 1.5), [rules, other], rules.speaker) is None
    assert choose(Model({"seen": 1.0, "more": 2.0}, 1.5), [rules, other], rules.speaker) is other


@pytest.mark.optional
@runs
def test_a_name_that_comes_bare_behind_an_office_is_its_holder() -> None:
    rules = read(LATER_NAMED, PUBLISHED)
    before = next(one for one in rules.quotations if one.form == "indirect")
    assert before.speaker is not None and before.speaker.name == "Lena Voss"  # the rules say so without the model
    found = read_with(LATER_NAMED, PUBLISHED, "en", [proposed(EnglishExtractor(), LATER_NAMED, PUBLISHED, "en")])
    after = next(one for one in found.quotations if one.form == "indirect")
    assert after.speaker is not None and after.speaker.name == "Lena Voss"
    assert after.speaker.role == "health minister"
    assert after.speaker.mention is not None and after.speaker.mention.text == "the health minister"
    assert not [one for one in found.rejected if one.extractor == "english"]
    assert after.speaker == before.speaker


@pytest.mark.optional
@runs
def test_the_same_text_gives_the_same_bytes_whatever_was_read_before() -> None:
    one = EnglishExtractor()
    first = encode_proposal(proposed(one, LATER_NAMED, PUBLISHED, "en"))
    proposed(one, "Quite another text, a woman said. “Nothing here,” she added.", PUBLISHED, "en")
    assert encode_proposal(proposed(EnglishExtractor(), LATER_NAMED, PUBLISHED, "en")) == first


@pytest.mark.optional
@runs
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.sampled_from(
            ["“", "”", "\"", "said", "she", "he", "the minister", "Lena Voss", "Ivo Kral", ".", ",", "\n\n", "told",
             "according to", "they", "’s", "12", "in Aldena", "\u202e", "\x00", "who", "that", "it"]
        ),
        max_size=60,
    )
)  # fmt: skip
def test_whatever_the_text_nothing_is_proposed_that_the_text_does_not_hold(pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = read_with(text, PUBLISHED, "en", [proposed(EnglishExtractor(), text, PUBLISHED, "en")])
    for one in found.quotations:
        spots = [one.passage, *([one.speaker.passage] if one.speaker else [])]
        assert all(text[spot.start : spot.end] == spot.text for spot in spots)
    assert not [one for one in found.rejected if one.extractor == "english" and "grounding" in one.reason]


@pytest.mark.optional
@runs
def test_a_sentence_without_end_is_left_unparsed_and_the_rest_goes_on() -> None:
    doc = segment("and " * 400 + ". The mayor left.")
    parsed = english_parser.parse(doc)
    assert parsed.tags[0] == "" and parsed.heads[0] == 0
    assert parsed.tags[-2].startswith("VB")


@pytest.mark.optional
@runs
def test_a_parse_says_who_stands_to_which_verb() -> None:
    doc = segment("The mayor of Aldena, Lena Voss, said the bridge had fallen. Rescuers who reached it found nobody.")
    parsed = english_parser.parse(doc)
    words = [token.text for token in doc.tokens]
    said, reached = words.index("said"), words.index("reached")
    assert parsed.subject_of(said) == words.index("mayor")
    assert parsed.subject_of(reached) == words.index("Rescuers")
    first, last = parsed.phrase(words.index("mayor"))
    assert words[first:last] == ["The", "mayor", "of", "Aldena"]


def test_an_exchanged_weight_is_refused(tmp_path: Path) -> None:
    for name in english_parser.digests():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    english_parser.check(tmp_path)
    (tmp_path / "tagger" / "cfg").write_bytes(b"{}")
    with pytest.raises(english_parser.ModelError, match="tagger/cfg"):
        english_parser.check(tmp_path)


# A text whose doctor the rules leave without a name.
DOCTOR = "Twelve people were killed in Aldena, a doctor said. Lena Voss has worked there for ten years."


def doctor(name: str) -> Json:
    return {
        "passage": {"text": "Twelve people were killed in Aldena"},
        "form": "indirect",
        "speaker": {"name": name, "role": "doctor", "passage": {"text": name}, "mention": {"text": "a doctor"}},
    }


def test_an_office_without_a_name_is_filled_in_with_that_of_its_holder_and_that_is_said() -> None:
    rules = next(one for one in read(DOCTOR, PUBLISHED).quotations)
    assert rules.speaker is not None and rules.speaker.name is None
    proposal = Proposal("trial", "1", {}, {"quotations": [doctor("Lena Voss")]})
    found = read_with(DOCTOR, PUBLISHED, "en", [proposal])
    assert speakers(found.quotations) == [("Twelve people were killed in Aldena", "Lena Voss")]
    agreement = found.extra["agreement"]
    assert isinstance(agreement, Mapping)
    assert agreement["filled"] == {found.quotations[0].id: {"of": rules.id, "fields": {"speaker": "trial"}}}
    assert not agreement["disagreements"]


def test_two_names_for_one_mention_are_a_disagreement() -> None:
    text = DOCTOR + " So has Ivo Kral."
    both = [Proposal(name, "1", {}, {"quotations": [doctor(who)]}) for name, who in TWO]
    found = read_with(text, PUBLISHED, "en", both)
    assert sorted(str(name) for _, name in speakers(found.quotations)) == ["Ivo Kral", "Lena Voss"]
    agreement = found.extra["agreement"]
    assert isinstance(agreement, Mapping)
    disagreements = agreement["disagreements"]
    assert isinstance(disagreements, Sequence) and len(disagreements) == 1


TWO = (("one", "Lena Voss"), ("other", "Ivo Kral"))


def test_who_she_is_is_a_disagreement_also_where_the_rules_have_no_name() -> None:
    at = "A woman met Lena Voss. She"
    she, woman, name = Passage(23, 26, "She"), Passage(0, 7, "A woman"), Passage(12, 21, "Lena Voss")
    assert all(at[one.start : one.end] == one.text for one in (she, woman, name))
    rules, other = Speaker(None, "woman", woman, she), Speaker("Lena Voss", None, name, she)
    assert not same_holder(rules, other)
    assert same_holder(Speaker(None, "woman", woman), replace(other, mention=woman))


def test_the_claims_in_the_words_of_an_office_get_the_name_too() -> None:
    doc = segment(DOCTOR)
    rules = next(one for one in read(DOCTOR, PUBLISHED).quotations)
    assert rules.speaker is not None
    at = DOCTOR.index("Lena Voss")
    named = replace(rules.speaker, name="Lena Voss", passage=Passage(at, at + 9, "Lena Voss"))
    named = replace(named, mention=rules.speaker.passage)
    claims = named_claims(doc, PUBLISHED, [(rules, named)])
    assert claims and all(one["source"]["name"] == "Lena Voss" for one in claims)  # type: ignore[index, call-overload]
    found = read_with(DOCTOR, PUBLISHED, "en", [Proposal("trial", "1", {}, {"claims": claims})])
    dead = next(one for one in found.claims if one.kind == "casualty")
    assert isinstance(dead.source, Speaker) and dead.source.name == "Lena Voss"
    assert not found.rejected
