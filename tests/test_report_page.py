"""The page: nothing from a source acts, every line leads to its words, and the preserved text is the text."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import report_world as world
from probanda.records.passage import Passage
from probanda.records.protection import Protection
from probanda.records.reading import Speaker, Weapon
from probanda.report.casefile import build
from probanda.report.contents import CaseFile
from probanda.report.markup import el, exact, link, visible
from probanda.report.page import html
from probanda.report.snapshot import AgentRow, CheckRow, FailureRow

VOID = {"meta", "br", "hr", "wbr", "col"}
HOSTILE = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "<svg/onload=alert(1)><style>@import url(https://example.org/x.css)</style>",
    "<iframe src=https://example.org></iframe><meta http-equiv=refresh content='0;url=https://example.org'>",
    "<!--", "]]>", "<![CDATA[", "&lt;b&gt; &amp;amp; &#x3c;script&#x3e;",
    "\x1b[31mred\x1b[0m", "\0null\0", "\u202egnp.exe", "\u2066\u2069\u200f\ufeff\u200b", "\r\ncr\rlf\n\ttab",
    "}} body{display:none} a::after{content:url(https://example.org)}",
]  # fmt: skip


class Parsed(HTMLParser):
    """A page as a browser takes it in: carriage returns written raw become line feeds before anything is read."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, str | None]] = []
        self.text: dict[str, list[str]] = {}
        self.feed(page.replace("\r\n", "\n").replace("\r", "\n"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs)
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("id")))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.open.pop()
        assert opened == tag

    def handle_data(self, data: str) -> None:
        for _, identity in self.open:
            if identity:
                self.text.setdefault(identity, []).append(data)

    def content(self, identity: str) -> str:
        return "".join(self.text.get(identity, []))

    def attributes(self, name: str) -> list[str]:
        return [value or "" for _, attributes in self.tags for key, value in attributes.items() if key == name]


def assert_inert(page: str) -> Parsed:
    parsed = Parsed(page)
    assert not parsed.open, "every element is closed"
    tags = {tag for tag, _ in parsed.tags}
    assert not tags & {
        "script",
        "iframe",
        "img",
        "image",
        "use",
        "foreignobject",
        "object",
        "embed",
        "form",
        "link",
        "base",
        "video",
        "input",
    }
    assert [tag for tag, _ in parsed.tags].count("style") == 1
    assert all(given.get("class") in ("map", "timeline", "sign") for tag, given in parsed.tags if tag == "svg")
    for _, attributes in parsed.tags:
        assert not [
            name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset", "action")
        ]
    assert all(href.startswith("#") for href in parsed.attributes("href"))
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    assert "url(" not in style
    assert "@import" not in style
    return parsed


def page_of(text: str, *passages: Passage) -> tuple[CaseFile, str]:
    made = world.reading(text, weapons=[Weapon(passage, "explosive_munitions") for passage in passages])
    one = world.item(text, 1)
    casefile = build(world.snapshot([one], [world.row(text, made, one)]))
    return casefile, html(casefile)


def carried(text: str) -> str:
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


def test_nothing_in_the_page_acts_or_leads_out() -> None:
    parsed = assert_inert(html(build(world.full())))
    page = html(build(world.full()))
    assert "http:" not in page
    assert "https:" not in page
    assert ("html", {"lang": "en"}) in parsed.tags


def test_every_link_leads_to_one_place() -> None:
    parsed = Parsed(html(build(world.full())))
    ids = parsed.attributes("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in parsed.attributes("href")} <= set(ids)


def test_every_line_leads_to_its_words_in_the_preserved_text() -> None:
    casefile = build(world.full())
    parsed = Parsed(html(casefile))
    texts = {text.number: text.text for text in casefile.texts}
    refs = [line.ref for group in casefile.figures for line in (*group.said, *group.apart)]
    refs += [line.ref for group in casefile.statements for line in group.statements]
    refs += [line.ref for line in casefile.happened] + [line.ref for g in casefile.apart for line in g.lines]
    refs += [ref for place in casefile.places for ref in place.refs]
    refs += [ref for mention in (*casefile.weapons, *casefile.objects) for ref in mention.refs]
    assert len(refs) >= 14
    hrefs = parsed.attributes("href")
    for ref in refs:
        assert texts[ref.text][ref.start : ref.end] == ref.words
        assert parsed.content(ref.anchor) == ref.words
        assert f"#{ref.anchor}" in hrefs


def test_the_style_sheet_is_the_one_that_the_policy_admits() -> None:
    page = html(build(world.full()))
    style = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)[0]
    own = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(a["content"] for t, a in Parsed(page).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == f"default-src 'none'; style-src 'sha256-{own}'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_source_text_is_shown_and_does_nothing(hostile: str) -> None:
    text = f"Before. {hostile} After."
    _, page = page_of(text, Passage(0, len(text), text))
    parsed = assert_inert(page)
    assert parsed.content("preserved-1") == carried(text)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_are_shown_and_do_nothing(hostile: str) -> None:
    text = f"Two people died, {hostile} said."
    speaker = Speaker(hostile, hostile, world.find(text, hostile), None, (hostile,))
    made = world.reading(
        text,
        claims=[world.claim(text, "claim:1", text, "Two", speaker, unit=hostile, modality="forecast"),
                world.claim(text, "claim:2", hostile, None, speaker, kind="statement", effect=None)],
    )  # fmt: skip
    one = world.item(text, 1, name=hostile, source=hostile, note=hostile, published=None)
    judgement = world.judged("corrected", "claim:1", reason=hostile + "!", correction={"unit": hostile, hostile: 1})
    failure = FailureRow(one.capture.id, hostile, hostile, "failed", hostile, hostile)
    check = CheckRow(hostile, "fails", hostile, None)
    snapshot = world.snapshot(
        [one], [world.row(text, made, one)], title=hostile, judgements=(judgement,), failures=(failure,),
        integrity=(check,), integrity_ok=False, agents=(AgentRow("agent:a1", hostile),), software_version=hostile,
    )  # fmt: skip
    page = html(build(snapshot))
    assert_inert(page)
    shown = re.sub(r'<div class="preserved".*?</article>', "", page, flags=re.DOTALL)
    assert not re.search("[\0\x1b\u202a-\u202e\u2066-\u2069]", shown)


def test_invisible_and_turning_characters_are_named() -> None:
    assert visible("a\u202eb") == 'a<span class="ctl">[U+202E]</span>b'
    assert exact("a\u202eb") == 'a<span class="ctl" data-c="U+202E">\u202e</span>b'
    assert exact("a\0b") == 'a<span class="ctl" data-c="NUL">\ufffd</span>b'
    assert exact("a\rb\n") == "a&#13;b\n"


def test_an_attribute_or_link_that_could_act_is_refused() -> None:
    for name in ("onclick", "style", "src", "srcdoc", "formaction"):
        with pytest.raises(ValueError, match="not one that a case file may carry"):
            el("p", "x", **{name: "y"})
    with pytest.raises(ValueError, match="inside the page"):
        el("a", "x", href="javascript:alert(1)")
    with pytest.raises(ValueError, match="inside the page"):
        link("x y")


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=8)
ANY_TEXT = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from("\n\r\0 \u202e<&")), max_size=80)


@given(ANY_TEXT, SPANS)
def test_the_preserved_text_is_the_text_whatever_overlaps(text: str, spans: list[tuple[int, int]]) -> None:
    passages = [Passage(a, a + n, text[a : a + n]) for a, n in spans if a + n <= len(text)]
    casefile, page = page_of(text, *passages)
    parsed = Parsed(page)
    assert parsed.content("preserved-1") == carried(text)
    marks = [attributes for tag, attributes in parsed.tags if tag == "mark"]
    for anchor in casefile.texts[0].anchors:
        assert len([one for one in marks if one.get("id") == anchor.anchor]) == 1
        rest = [one for one in marks if one.get("class") == anchor.anchor]
        assert bool(rest) == (f"#{anchor.anchor}:target" in page)
        assert (
            parsed.content(anchor.anchor)
            == carried(text[anchor.start : anchor.end])[: len(parsed.content(anchor.anchor))]
        )


def test_crossing_passages_are_cut_and_highlighted_as_one() -> None:
    text = "one two three four"
    _, page = page_of(text, world.find(text, "one two three"), world.find(text, "two three four"))
    assert Parsed(page).content("p-1-1") == "one two three"
    assert ":root:has(#p-1-2:target) .p-1-2{" in page
    assert '<mark id="p-1-2">two three</mark></mark><mark class="p-1-2" data-lines="W2"> four</mark>' in page


def test_a_long_text_is_shown_in_full() -> None:
    text = "\n".join(f"Line {n}: <b>shelling</b> & smoke, said the observer." for n in range(95_000))
    assert len(text) > 5_000_000
    _, page = page_of(text, world.find(text, "shelling"), Passage(0, len(text), text))
    assert Parsed(page).content("preserved-1") == text


def test_the_page_states_what_it_is_and_presumes_innocence() -> None:
    page = html(build(world.full()))
    for words in (
        "asserts nobody’s guilt", "presumed innocent", "Integrity since ingestion holds; time unproven", world.ROOT,
        "not independently verified, the source says", "holder unknown", "[2,001, ∞)", "machine reading",
        "cannot both hold with", "rejected by",
    ):  # fmt: skip
        assert words in page


def test_a_forecast_never_stands_among_what_is_said_to_be_so() -> None:
    page = html(build(world.full()))
    for table in re.findall(r'<table class="(?:figures|events)">.*?</table>', page, re.DOTALL):
        assert "one million" not in table
        assert "threatened" not in table
    assert "Up to one million" in re.findall(r'<table class="figures apart">.*?</table>', page, re.DOTALL)[0]


def test_material_not_cleared_carries_the_banner_and_cleared_material_does_not() -> None:
    one = world.item(world.EVENING, 1)
    rows = [world.row(world.EVENING, world.evening(), one)]
    words = "Restricted – contains material not cleared for disclosure"
    assert words not in html(build(world.snapshot([one], rows)))
    unset = world.item(world.EVENING, 1, protection=Protection())
    held = world.snapshot([unset], [world.row(world.EVENING, world.evening(), unset)])
    assert html(build(held)).count(f">{words}<") == 2
    assert words not in html(build(held, "public"))


def test_an_empty_case_makes_a_page() -> None:
    snapshot = world.snapshot([], [], integrity=(), integrity_ok=None)
    page = html(build(snapshot))
    assert_inert(page)
    assert "Integrity since ingestion was not checked; time unproven" in page
    assert "No person has judged any line" in page


def test_the_same_case_file_gives_the_same_page() -> None:
    snapshot = world.full()
    shuffled = replace(snapshot, items=snapshot.items[::-1], readings=snapshot.readings[::-1],
                       judgements=snapshot.judgements[::-1], failures=snapshot.failures[::-1])  # fmt: skip
    assert html(build(snapshot)) == html(build(shuffled))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(parts[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_every_colour_of_text_has_the_contrast_that_wcag_aa_asks_for() -> None:
    style = re.findall(r"<style>(.*?)</style>", html(build(world.full())), re.DOTALL)[0]
    named = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6})", style))
    written = {*re.findall(r"(?<![-\w])color: ?(#[0-9a-f]{3,6})", style)}
    texts = written | {named[name] for name in re.findall(r"(?<![-\w])color: ?var\(--(\w+)\)", style)}
    assert len(texts) >= 6
    for text in texts - {named["paper"]}:
        for ground in (named["paper"], named["shade"], "#ffffff"):
            light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
