"""Search over a case: what is found, how it is ranked, at which characters, and what no query can do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import case_steps
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.index.search import RANKED, Filters, FoundText, SearchAnswer
from probanda.index.search_query import QueryError, parse_query
from probanda.index.work import by_facts
from probanda.pipeline import Stage
from probanda.records.derivation import Request
from probanda.steps import identify, language, terms, text
from probanda.steps.step import StepResult
from probanda.steps.words import words

# Invented reports about invented places; the three are the same in three languages.
ENGLISH = "Shelling of a hospital in Marisburg: 2,000 children were taken away, Mykhailo Selin said. Air-raids went on."
UKRAINIAN = "Обстріл лікарні у Марісбурзі: вивезено 2 000 дітей, сказав Михайло Селін. Збройні сили відійшли."
RUSSIAN = "Обстрел больницы в Марисбурге, сказал Михаил Селин. Вооружённые силы отошли. Мельник молчал."
ARABIC = "قال خالد الحسن إن المستشفى قصف في ماريسبورغ"
MARKET = (
    "The market in Port Selis was closed. Armed forces left; the armed men and their forces stayed. Khaled al-Hassan"
)
SELIN = "Selin Selin Selin"

STAGES = (
    Stage(identify.STEP, lambda alias: case_steps.STAGES[0].wanted(alias)),
    Stage(text.STEP, lambda alias: by_facts(alias, "identify", ("media_type", "encoding"))),
    Stage(language.STEP, case_steps.STAGES[2].wanted),
    Stage(terms.STEP, lambda alias: by_facts(alias, "language", ("language",))),
)


def add(archive: Archive, folder: Path, texts: dict[str, str], **about: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, words_ in texts.items():
        (folder / name).write_text(words_, "utf-8")
    archive.add([folder / name for name in texts], **about)  # type: ignore[arg-type]


def run(archive: Archive) -> None:
    archive.run(InlineEngine(archive.case.blobs.folder), stages=STAGES)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("search")
    with Archive.create(folder / "case", "Marisburg", "Ana Velt") as made:
        add(made, folder / "m", {"en.txt": ENGLISH}, published="2031-04-02", source="Marisburg Wire", marking="public")
        add(made, folder / "m", {"uk.txt": UKRAINIAN}, published="2031-05", source="Selis Post")
        add(made, folder / "m", {"ru.txt": RUSSIAN, "ar.txt": ARABIC}, source="Selis Post", marking="internal")
        add(made, folder / "m", {"page.html": f"<html><body><p>{MARKET}</p></body></html>"}, published="2031-06-01")
        add(made, folder / "m", {"selin.txt": SELIN})
        run(made)
        yield made


def names(answer: SearchAnswer) -> list[str]:
    return [Path(item.name or "").name.split(".")[0] for row in answer.rows for item in row.items]


def found(archive: Archive, query: str, filters: Filters | None = None) -> list[str]:
    return names(archive.search(query, filters))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("hospitals child", {"en"}),
        ("hospital market", set()),
        ("лікарень", {"uk"}),
        ("ДІТЕЙ", {"uk"}),
        ("больниц", {"ru"}),
        ("вооруженных", {"ru"}),
        ("hospital OR market OR лікарня", {"en", "uk", "page"}),
        ("closed market OR hospital", {"page"}),
        ('"armed forces"', {"page"}),
        ("“armed force”", {"page"}),
        ('"forces armed"', set()),
        ("«збройних сил»", {"uk"}),
        ("2000", {"en", "uk"}),
        ("2,000", {"en", "uk"}),
        ('"2 000"', {"en", "uk"}),
        ("air-raid", {"en"}),
        ("airraid", {"en"}),
        ("raids", {"en"}),
        ("children -hospital", set()),
        ("selin -hospital", {"selin"}),
        ("мельни*", {"ru"}),
        ("shelling*", {"en"}),
        ("المستشفى", {"ar"}),
        ("zebra", set()),
    ],
)
def test_a_query_finds_what_it_asks_for(archive: Archive, query: str, expected: set[str]) -> None:
    assert set(found(archive, query)) == expected


def test_a_name_is_found_in_the_other_scripts_behind_its_own(archive: Archive) -> None:
    answer = archive.search("Михайло")
    assert (answer.rows[0].language, answer.rows[0].by) == ("uk", "word")
    assert {(row.language, row.by) for row in answer.rows} == {("uk", "word"), ("en", "name"), ("ru", "name")}
    assert set(found(archive, "name:mikhail")) == {"ru", "uk", "en"}
    assert found(archive, "mikhail") == []  # in small letters, and not said to be a name: the word alone
    assert set(found(archive, 'name:"Mikhail Selin"')) == {"ru", "uk", "en"}
    assert set(found(archive, "Hassan")) == {"page", "ar"}
    assert set(found(archive, "الحسن")) == {"page", "ar"}


def test_the_better_text_stands_first_among_those_with_the_word(archive: Archive) -> None:
    rows = archive.search("Selin").rows
    assert names(archive.search("Selin"))[:2] == ["selin", "en"]
    assert rows[0].score > rows[1].score
    assert [row.by for row in rows] == ["word", "word", "name", "name"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(language="uk"), {"uk"}),
        (Filters(earliest=date(2031, 4, 2)), {"en", "uk"}),
        (Filters(earliest=date(2031, 4, 3)), {"uk"}),
        (Filters(latest=date(2031, 4, 30)), {"en"}),
        (Filters(earliest=date(2031, 5, 20), latest=date(2031, 5, 25)), {"uk"}),  # a month may be any of its days
        (Filters(source="selis"), {"uk", "ru"}),
        (Filters(source="selis", earliest=date(1990, 1, 1)), {"uk"}),  # unknown is not within any time
        (Filters(marking="public"), {"en"}),
        (Filters(marking="restricted"), {"uk", "selin"}),
        (Filters(kind="text/html"), set()),
        (Filters(kind="text/"), {"en", "uk", "ru", "selin"}),
    ],
)
def test_filters_narrow_what_is_found(archive: Archive, filters: Filters, expected: set[str]) -> None:
    assert set(found(archive, "name:Selin", filters)) == expected


def test_pages_of_an_answer_follow_one_another(archive: Archive) -> None:
    whole = archive.search("name:Selin")
    pages = [archive.search("name:Selin", limit=1, offset=number).rows for number in range(5)]
    assert [row for page in pages for row in page] == list(whole.rows)
    assert whole.matches == 4 and not whole.bounded


def text_of(archive: Archive, row: FoundText) -> str:
    return archive.case.blobs.read(row.document).decode()


def check_passages(archive: Archive, answer: SearchAnswer) -> None:
    for row in answer.rows:
        own = text_of(archive, row)
        for one in row.passages:
            assert own[one.passage.start : one.passage.end] == one.passage.text
            assert one.hits
            for hit in one.hits:
                assert one.passage.start <= hit.start < hit.end <= one.passage.end


def test_passages_are_exact_and_show_what_was_sought(archive: Archive) -> None:
    for query, shown in (
        ("лікарня", ["лікарні"]),
        ('"armed forces"', ["Armed forces"]),
        ("2000 -лікарня", ["2,000"]),
        ("airraid", ["Air-raids"]),
        ("shell*", ["Shelling"]),
        ("hospital child", ["hospital", "children"]),
    ):
        answer = archive.search(query)
        check_passages(archive, answer)
        (row,) = answer.rows
        assert [text_of(archive, row)[hit.start : hit.end] for one in row.passages for hit in one.hits] == shown


def test_an_item_added_twice_is_told_twice_and_its_text_once(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "case", "Marisburg", "Ana Velt") as made:
        add(made, tmp_path / "m", {"a.txt": ENGLISH}, source="One")
        add(made, tmp_path / "m", {"b.txt": ENGLISH}, source="Two")
        run(made)
        (row,) = made.search("hospital").rows
        assert [item.source for item in row.items] == ["One", "Two"]
        (row,) = made.search("hospital", Filters(source="two")).rows
        assert [item.source for item in row.items] == ["Two"]


def _other_text(request: Request, inputs: dict[str, bytes]) -> StepResult:
    result = text.STEP.run(request, inputs)
    return replace(result, outputs=tuple(replace(one, data=one.data + b" again") for one in result.outputs))


OTHER = replace(text.STEP, version="99", run=_other_text)  # type: ignore[arg-type]


def test_a_text_that_was_superseded_is_found_no_more(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "case", "Marisburg", "Ana Velt") as made:
        add(made, tmp_path / "m", {"a.txt": ENGLISH})
        run(made)
        before = made.search("hospital").rows[0].document
        stages = (STAGES[0], replace(STAGES[1], step=OTHER), STAGES[2])
        made.run(InlineEngine(made.case.blobs.folder), stages=stages)
        answer = made.search("hospital")
        assert (answer.rows, answer.not_indexed) == ((), 1)
        made.run(InlineEngine(made.case.blobs.folder), stages=(*stages, STAGES[3]))
        (row,) = made.search("hospital").rows
        assert row.document != before and made.search("hospital").not_indexed == 0
        Archive.rebuild(made.case.path)
    with Archive.open(tmp_path / "case") as made:
        assert made.search("hospital").rows == (row,)


def test_a_case_from_before_search_says_what_is_not_indexed(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "case", "Marisburg", "Ana Velt") as made:
        add(made, tmp_path / "m", {"a.txt": ENGLISH, "b.txt": MARKET})
        made.run(InlineEngine(made.case.blobs.folder), stages=STAGES[:3])
        answer = made.search("hospital")
        assert (answer.rows, answer.not_indexed) == ((), 2)


def test_a_case_open_for_reading_answers_the_same(archive: Archive) -> None:
    archive.canonical_dump()
    with Archive.open(archive.case.path, read_only=True) as reading:
        assert reading.search("name:Selin") == archive.search("name:Selin")


HOSTILE = [
    '" OR "1"="1', "a) OR (b", "NEAR(a b, 3)", "lemmas : mill", "{lemmas} : x", "^mill", "mill + hospital",
    "a AND NOT b",
    "\0", "mill\0hospital", "%", "_", "*", "***", "'; DROP TABLE probanda_index_capture; --", "name:", "-", "--", "- -",
    "name:*", '""', '" "', "OR", "or", "NOT", "AND", "mill OR", "OR mill", "mill OR OR mill", "-mill", "mill OR -hall",
    "\ud800", "a" * 2001, "mill " * 33, '"' + "mill " * 33 + '"', "(" * 1500, "mill*hospital*", "\u202emill", "ʼ", "́",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE, ids=lambda query: ascii(query)[:30])
def test_a_hostile_query_finds_words_or_is_told_why_not(archive: Archive, query: str) -> None:
    try:
        answer = archive.search(query)
    except QueryError as error:
        assert "expected" in str(error)
    else:
        check_passages(archive, answer)


@pytest.mark.parametrize(
    ("query", "why"),
    [('the "armed', "unbalanced one at character 5"), ("-mill", "only what must not occur"), ("mill OR", "after OR"),
     ("ab*", "at least 3 letters"), ("!?", "found none"), ("mill " * 40, "at most 32 words")],
)  # fmt: skip
def test_what_is_no_query_is_refused_with_the_reason(query: str, why: str) -> None:
    with pytest.raises(QueryError, match=why):
        parse_query(query)


@given(st.text(max_size=60))
@example('a"b"c -"d" OR e* name:"f g"')
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
def test_whatever_is_typed_never_breaks_the_search(archive: Archive, query: str) -> None:
    try:
        answer = archive.search(query)
    except QueryError:
        return
    check_passages(archive, answer)


@given(st.sampled_from([ENGLISH, UKRAINIAN, RUSSIAN, MARKET, ARABIC]), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_every_word_of_a_text_finds_the_text_at_its_place(archive: Archive, own: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(list(words(own, "none"))))
    typed = own[word.start : word.end]
    query = data.draw(st.sampled_from([typed, typed.lower(), f'"{typed}"', f"name:{typed}"]))
    answer = archive.search(query)
    check_passages(archive, answer)
    document = hashlib.sha256(own.encode()).hexdigest()
    (row,) = [row for row in answer.rows if row.document == document]
    assert row.by == "word"
    places = {(hit.start, hit.end) for one in row.passages for hit in one.hits}
    assert any(start <= word.start and word.end <= end for start, end in places) or len(row.passages) == 3


@given(st.permutations([ENGLISH, UKRAINIAN, RUSSIAN, MARKET]))
@settings(max_examples=3, deadline=None)
def test_the_order_of_coming_in_changes_nothing_that_is_found(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("order")
    with Archive.create(folder / "case", "Marisburg", "Ana Velt") as made:
        for number, one in enumerate(texts):
            add(made, folder / "m", {f"{number}.txt": one})
            run(made)
        rows = {
            query: {(row.document, row.score, row.by) for row in made.search(query).rows}
            for query in ("Selin", "лікарня")
        }
    assert {by for _, _, by in rows["Selin"]} == {"word", "name"}
    assert rows == _FIRST.setdefault("rows", rows)


_FIRST: dict[str, object] = {}


def test_no_more_than_the_bound_is_ranked_and_the_answer_says_so(tmp_path: Path) -> None:
    number = RANKED + 5
    with Archive.create(tmp_path / "case", "Marisburg", "Ana Velt") as made:
        add(made, tmp_path / "m", {f"{one}.txt": f"mill Selin {one}" for one in range(number)})
        add(made, tmp_path / "m", {"uk.txt": UKRAINIAN})
        run(made)
        answer = made.search("mill")
        assert (answer.matches, answer.bounded, len(answer.rows)) == (RANKED, True, 20)
        assert made.search("mill", Filters(kind="text/"), limit=1).bounded
        assert not made.search("mill", Filters(kind="image/"), limit=1).matches
        assert made.search(f'"Selin {number - 1}"').matches == 1
        named = made.search("Селін", limit=RANKED)  # the word itself first, then as many by key as there is room for
        assert [row.by for row in named.rows] == ["word"] + ["name"] * (RANKED - 1) and named.bounded
        assert {row.by for row in made.search("Selin", limit=RANKED).rows} == {"word"}
        assert made.search("mill", offset=RANKED).rows == ()
