"""The parts of which origins are counted: names of public bodies across languages, clusters, circles, persons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from origins_world import article
from probanda.corroborate.chains import Mention
from probanda.corroborate.circles import in_circles
from probanda.corroborate.clusters import Clusters
from probanda.corroborate.lexicon import lexicon, shipped
from probanda.corroborate.names import stem_of
from probanda.corroborate.sources import Resolver, Source, outlet_key
from probanda.corroborate.sources import joined_persons as joined


def source(words: str, *more: str) -> Source:
    """What these words alone say of who it is; `more` are lines of `offices.tsv`."""
    nothing = article("Herald", "The harbour is quiet.")
    return Resolver([nothing], lexicon(more), []).resolve(Mention(words, None), nothing)


@pytest.mark.parametrize(
    "words",
    [
        ("Ukraine’s state emergency service", "State Emergency Service of Ukraine", "ДСНС", "ДСНС України",
         "Державна служба України з надзвичайних ситуацій", "ГСЧС Украины",
         "украинская служба по чрезвычайным ситуациям"),
        ("Ukrainian health ministry", "Ministry of Health of Ukraine", "Міністерство охорони здоров’я України",
         "МОЗ України", "министерство здравоохранения Украины", "украинский минздрав"),
        ("OHCHR", "the UN Human Rights Monitoring Mission", "УВКПЛ",
         "Управління Верховного комісара ООН з прав людини"),
        ("the mayor of Port Selis", "Port Selis mayor", "мера Порт-Селіса", "мэр Порт-Селиса",
         "міський голова Порт-Селіса"),
        ("Karovian defence ministry", "Karovia's ministry of defence", "міністерство оборони Каровії",
         "каровийское министерство обороны"),
    ],
)  # fmt: skip
def test_one_body_under_its_names(words: tuple[str, ...]) -> None:
    found = {(one.kind, one.concept, one.owner) for one in map(source, words)}
    assert len(found) == 1, found
    assert next(iter(found))[0] == "office"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Karovian defence ministry", "Brendian defence ministry"),
        ("Karovian defence ministry", "Karovian health ministry"),
        ("ДСНС", "МЧС"),
        ("the mayor of Port Selis", "the mayor of Marisburg"),
    ],
)
def test_other_bodies_are_others(one: str, other: str) -> None:
    first, second = source(one), source(other)
    assert (first.concept, first.owner) != (second.concept, second.owner)


def test_a_lexicon_takes_further_lines_and_refuses_others() -> None:
    line = "harbour_watch\tcountry\tbody\t-\tharbour watch"
    assert source("the Karovian Harbour Watch", line).concept == "harbour_watch"
    assert source("the Karovian Harbour Watch").concept is None
    with pytest.raises(ValueError, match="expected 5 columns"):
        lexicon(["harbour watch"])


def test_every_line_of_the_lexicon_finds_itself() -> None:
    for one in shipped().offices:
        words = [stem.removeprefix("=") for stem in one.form.stems]
        found = shipped().office(words)
        assert found is not None and len(found[1]) >= len(words)
        assert one.scope in ("country", "region", "place", "world", "none")


def test_an_adjective_meets_its_country() -> None:
    for words in (
        ("karovia", "karovian", "каровия", "каровийский", "каровія", "каровійська"),
        ("tessaly", "tessalian"),
    ):
        assert len({stem_of(word) for word in words}) == 1
    assert stem_of("karovia") != stem_of("brendia")


def test_outlets_are_one_whatever_the_case_or_address() -> None:
    assert outlet_key("Karov News") == outlet_key("KAROV NEWS")
    assert outlet_key("https://www.example.org/news/1") == outlet_key("example.org")
    assert outlet_key("Herald") != outlet_key("Star")


def test_a_surname_alone_is_the_one_person_that_it_closes_and_nobody_where_two_are() -> None:
    one = joined([("petra", "halun"), ("halun",)])
    assert one["halun",] == one["petra", "halun"]
    two = joined([("petra", "halun"), ("olm", "halun"), ("halun",)])
    assert two["halun",] is None
    assert two["petra", "halun"] != two["olm", "halun"]


Joins = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.booleans()), max_size=60)
Pairs = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)).filter(lambda pair: pair[0] != pair[1]), max_size=8)


@given(st.lists(st.booleans(), min_size=12, max_size=12), Pairs, Joins)
def test_what_is_kept_apart_stays_apart_and_weak_links_join_no_two_known(
    known: list[bool], apart: list[tuple[int, int]], joins: list[tuple[int, int, bool]]
) -> None:
    clusters = Clusters(known, apart)
    for a, b, weak in joins:
        before = clusters.together(a, b), clusters.known(a), clusters.known(b)
        done = clusters.join(a, b, weak=weak)
        assert clusters.together(a, b) == done
        if weak and not before[0] and before[1] and before[2]:
            assert not done
        assert all(not clusters.together(x, y) for x, y in apart)
    for number, one in enumerate(known):
        assert not one or clusters.known(number)


@given(st.lists(st.booleans(), min_size=12, max_size=12), Joins)
def test_weak_links_alone_never_change_how_many_origins_are_known(
    known: list[bool], joins: list[tuple[int, int, bool]]
) -> None:
    clusters = Clusters(known)
    for a, b, _ in joins:
        clusters.join(a, b, weak=True)
    assert len({clusters.head(n) for n in range(12) if clusters.known(n)}) == sum(known)


@given(st.dictionaries(st.sampled_from("abcdefg"), st.sets(st.sampled_from("abcdefg"), max_size=3), max_size=7))
def test_a_circle_is_what_reaches_itself_through_another(edges: dict[str, set[str]]) -> None:
    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            for after in edges.get(waiting.pop(), ()):
                if after not in seen:
                    seen.add(after)
                    waiting.append(after)
        return seen

    found = in_circles(edges)
    for one in "abcdefg":
        both = {other for other in reached(one) if other != one and one in reached(other)}
        assert found.get(one, frozenset()) == (frozenset({one, *both}) if both else frozenset())
