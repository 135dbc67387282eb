"""A text as paragraphs, sentences, tokens and quoted stretches, each with its exact characters.

Guarantees: `text[t.start:t.end] == t.text` for every token; tokens do not overlap and miss nothing but white space;
every token lies in one sentence and every sentence in one paragraph. A clitic ("’s") is a token of its own, so that
"Russia’s" yields the name. The only words known here are abbreviations (lexica/abbreviations.txt), and in a
text set in a single case those that `truecase` knows.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from probanda.extract.text.lexicon import word_list
from probanda.extract.text.truecase import is_name, single_case
from probanda.records.passage import Passage, passage_at

OPENING = "“«„"
CLOSING = {"“": "”", "«": "»", "„": "“”", '"': '"', "‘": "’", "'": "'"}
_ZONES = frozenset({"GMT", "UTC", "CET", "CEST", "EET", "EEST", "BST", "EST", "EDT", "AM", "PM", "am", "pm"})
TERMINAL = ".!?…"
CLOSERS = "”’»\"')]"

_TOKEN = re.compile(
    r"""
    (?P<control>\x1b\[[0-9;?]*[A-Za-z])                                # what steers a terminal is no number
  | (?P<number>\d+(?:[.,\u00a0\u202f\u2009]\d+)*)
  | (?P<word>(?:[^\W\d_]\.){2,}                                       # U.N.
      | [A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|org|net|info|gov|edu|int|eu|uk|ua|ru)\b  # a site
      | [^\W\d_]+(?:[-‑][^\W\d_]+|[’'](?!s\b|S\b)(?=[^\W\d_])[^\W\d_]+|[-‑]\d+)*  # don’t, O’Brien, Covid-19
    )
  | (?P<clitic>[’'](?:s|S)\b)
  | (?P<mark>[^\w\s])
  | (?P<other>\S)
    """,
    re.VERBOSE,
)


_LONGEST_NUMBER = 24  # characters; what is longer is a code, and no source counts so far


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    text: str
    lower: str
    kind: Literal["word", "number", "clitic", "mark"]
    named: bool | None = None  # whether it counts as a name in a text set in a single case; None in every other text

    @property
    def acronym(self) -> bool:
        """Whether it is set in capitals in a text that is not."""
        return self.named is None and len(self.text) > 1 and self.text.isupper()

    @property
    def capital(self) -> bool:
        """Whether it is written as a name: with a capital, also behind an article ("al-Amr")."""
        if self.named is not None:
            return self.named
        return self.text[0].isupper() or (self.text[2:3] == "-" and self.text[3:4].isupper())


@dataclass(frozen=True, slots=True)
class Span:
    """Characters [start, end) and the tokens [first, last) that fill them."""

    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch between quotation marks. `start` and `end` enclose the words, not the marks; `first`/`last` likewise.
    `closed` is false where the paragraph ends first, as in speech that runs over paragraphs."""

    start: int
    end: int
    first: int
    last: int
    closed: bool


@dataclass(frozen=True)
class Document:
    text: str
    tokens: tuple[Token, ...]
    paragraphs: tuple[Span, ...]
    sentences: tuple[Span, ...]
    quoted: tuple[Quoted, ...]
    language: str = "en"
    _starts: tuple[int, ...] = field(default=(), repr=False, compare=False)
    _sentence_of: tuple[int, ...] = field(default=(), repr=False, compare=False)
    _paragraph_of: tuple[int, ...] = field(default=(), repr=False, compare=False)
    _quoted_of: tuple[int, ...] = field(default=(), repr=False, compare=False)

    def sentence_of(self, token: int) -> int:
        """The index of the sentence that holds this token."""
        return self._sentence_of[token]

    def paragraph_of(self, token: int) -> int:
        return self._paragraph_of[token]

    def quoted_of(self, token: int) -> int | None:
        """The index of the quoted stretch that holds this token, `None` outside quotation marks."""
        found = self._quoted_of[token]
        return found if found >= 0 else None

    def token_at(self, char: int) -> int:
        """The index of the first token that ends after character `char`."""
        place = bisect.bisect_right(self._starts, char) - 1
        if place >= 0 and self.tokens[place].end > char:
            return place
        return place + 1

    def passage(self, first: int, last: int) -> Passage:
        """The passage that tokens [first, last) fill."""
        return Passage(
            self.tokens[first].start,
            self.tokens[last - 1].end,
            self.text[self.tokens[first].start : self.tokens[last - 1].end],
        )

    def chars(self, start: int, end: int) -> Passage:
        return passage_at(self.text, start, end)


def segment(text: str, language: str = "en") -> Document:
    """`text` in its parts. Any string is accepted; an empty one has none."""
    tokens = tokenise(text)
    case = single_case([token.text for token in tokens if token.kind == "word"]) if language == "en" else None
    if case is not None:
        tokens = tuple(replace(t, named=is_name(t.lower)) if t.kind == "word" else t for t in tokens)
    starts = tuple(token.start for token in tokens)
    paragraphs = _paragraphs(text, starts)
    sentences: list[Span] = []
    paragraph_of: list[int] = [0] * len(tokens)
    for number, paragraph in enumerate(paragraphs):
        sentences.extend(_sentences(text, tokens, paragraph, language, any_case=case == "lower"))
        for token in range(paragraph.first, paragraph.last):
            paragraph_of[token] = number
    sentence_of = [0] * len(tokens)
    for number, sentence in enumerate(sentences):
        for token in range(sentence.first, sentence.last):
            sentence_of[token] = number
    quoted = tuple(stretch for paragraph in paragraphs for stretch in _quoted(text, tokens, paragraph))
    quoted_of = [-1] * len(tokens)
    for number, stretch in enumerate(quoted):
        for token in range(stretch.first, stretch.last):
            quoted_of[token] = number
    return Document(
        text, tokens, tuple(paragraphs), tuple(sentences), quoted, language,
        starts, tuple(sentence_of), tuple(paragraph_of), tuple(quoted_of),
    )  # fmt: skip


def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of `text` alone, for words that are no document of their own."""
    return tuple(_tokens(text))


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        piece = match.group()
        if kind == "number" and len(piece) > _LONGEST_NUMBER:
            kind = "mark"
        found.append(
            Token(
                match.start(), match.end(), piece, piece.lower().replace("’", "'").replace("‑", "-"),
                kind if kind in ("word", "number", "clitic") else "mark",  # type: ignore[arg-type]
            )
        )  # fmt: skip
    return found


def _paragraphs(text: str, starts: tuple[int, ...]) -> list[Span]:
    """Blank lines part paragraphs. A single line break does too, unless the text is wrapped by hand: then a line that
    does not end a sentence goes on in the next."""
    lines = [match.span() for match in re.finditer(r"[^\r\n\u2028\u2029]+", text)]
    wrapped = _is_wrapped(text, lines)
    spans: list[tuple[int, int]] = []
    for start, end in lines:
        if not text[start:end].strip():
            continue
        if spans and wrapped and _continues(text, spans[-1], (start, end)):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    out = []
    for start, end in spans:
        first, last = bisect.bisect_left(starts, start), bisect.bisect_left(starts, end)
        if first < last:
            out.append(Span(start, end, first, last))
    return out


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether lines were broken to fit a width: most are of middling length and do not end a sentence."""
    long = [(start, end) for start, end in lines if 40 <= end - start <= 100]
    if len(long) < 4 or any(end - start > 160 for start, end in lines):
        return False
    open_ended = sum(1 for start, end in long if text[start:end].rstrip()[-1:] not in TERMINAL + CLOSERS + ":")
    return open_ended > len(long) / 2


def _continues(text: str, before: tuple[int, int], line: tuple[int, int]) -> bool:
    gap = text[before[1] : line[0]]
    blank = gap.count("\n") > 1 or (gap.count("\r") > 1 and "\n" not in gap)
    last = text[: before[1]].rstrip()[-1:]
    return not blank and (last not in TERMINAL + CLOSERS or text[line[0]].islower()) and before[1] - before[0] >= 40


def _sentences(text: str, tokens: tuple[Token, ...], paragraph: Span, language: str, *, any_case: bool) -> list[Span]:
    out: list[Span] = []
    first = paragraph.first
    stamp = _stamp(tokens, paragraph) if language == "en" else first
    if stamp > first:
        out.append(Span(tokens[first].start, tokens[stamp - 1].end, first, stamp))
        first = stamp
    place = first
    while place < paragraph.last:
        token = tokens[place]
        if token.kind == "mark" and token.text in TERMINAL:
            last = place + 1
            while last < paragraph.last and tokens[last].text in TERMINAL:
                last += 1
            while last < paragraph.last and tokens[last].text in CLOSERS and tokens[last].start == tokens[last - 1].end:
                last += 1
            if last >= paragraph.last or _ends_sentence(text, tokens, place, last, language, any_case=any_case):
                out.append(Span(tokens[first].start, tokens[last - 1].end, first, last))
                first = last
            place = last
        else:
            place += 1
    if first < paragraph.last:
        out.append(Span(tokens[first].start, tokens[paragraph.last - 1].end, first, paragraph.last))
    return out


def _stamp(tokens: tuple[Token, ...], paragraph: Span) -> int:
    """Where the entry of a live page begins behind its clock time ("18:40 The town has fallen"); else its start."""
    first, last = paragraph.first, paragraph.last
    if first + 3 >= last or tokens[first].kind != "number":
        return first
    hour, _, minutes = tokens[first].text.partition(".")
    end = first + 1
    if not minutes and tokens[end].text == ":" and tokens[end].start == tokens[first].end:
        minutes, end = tokens[end + 1].text, end + 2
    if len(hour) > 2 or len(minutes) != 2 or not (hour + minutes).isdigit() or int(hour) > 23 or int(minutes) > 59:
        return first
    while end < last and (tokens[end].text in _ZONES or (tokens[end].kind == "mark" and tokens[end].text in "–—-:|")):
        end += 1
    begins = end < last and (
        tokens[end].capital or tokens[end].text in OPENING + "\"'‘" or tokens[end].kind == "number"
    )
    return end if begins else first


def _ends_sentence(
    text: str, tokens: tuple[Token, ...], mark: int, after: int, language: str, *, any_case: bool
) -> bool:
    following = tokens[after]
    if following.start == tokens[after - 1].end:
        return False  # no white space: "example.org", "3.p.m"
    opens = following.text[0] in OPENING + "\"'‘(["
    if not (
        opens or any_case or following.text[0].isupper() or following.text[0].isdigit() or following.kind == "mark"
    ):
        return False
    if language != "en" and following.text in "—–-":
        return False  # "«Де ви?» — спитав він", "— Тут! — сказала вона"
    if tokens[mark].text != ".":
        return True
    if mark == 0 or tokens[mark - 1].end != tokens[mark].start:
        return True
    before = tokens[mark - 1]
    if before.lower in _abbreviations(language):
        return False
    single_letter = len(before.text) == 1 and before.text.isupper() and after == mark + 1
    return not single_letter  # an initial: "J. Smith"


@cache
def _abbreviations(language: str) -> frozenset[str]:
    return word_list(f"{language}_abbreviations.txt" if language in ("uk", "ru") else "abbreviations.txt")


def _quoted(text: str, tokens: tuple[Token, ...], paragraph: Span) -> list[Quoted]:
    """The stretches between quotation marks in one paragraph, outermost only, in order."""
    out: list[Quoted] = []
    place = paragraph.first
    while place < paragraph.last:
        mark = tokens[place].text
        if mark in CLOSING and _opens(text, tokens[place]):
            close = _closing(text, tokens, place, paragraph.last)
            if close is None and mark in OPENING + '"' and place + 1 < paragraph.last:
                out.append(_stretch(tokens, place + 1, paragraph.last, closed=False))
                break
            if close is not None and mark == '"' and tokens[place + 1].text in ".,;":
                place += 1  # the mark that closes a quotation whose opening mark is missing
                continue
            if close is not None and close > place + 1:
                out.append(_stretch(tokens, place + 1, close, closed=True))
                place = close
        place += 1
    return out


def _stretch(tokens: tuple[Token, ...], first: int, last: int, *, closed: bool) -> Quoted:
    return Quoted(tokens[first].start, tokens[last - 1].end, first, last, closed)


def _opens(text: str, token: Token) -> bool:
    before = text[token.start - 1] if token.start else " "
    after = text[token.end] if token.end < len(text) else " "
    if token.text in "“«„":
        return True
    return not after.isspace() and (before.isspace() or before in '([—–-“"')


def _closing(text: str, tokens: tuple[Token, ...], opening: int, last: int) -> int | None:
    closers = CLOSING[tokens[opening].text]
    loose: int | None = None
    for place in range(opening + 1, last):
        token = tokens[place]
        if token.text == tokens[opening].text and token.text in OPENING + "‘" and loose is not None:
            return loose
        if token.text not in closers:
            continue
        if token.text in "”»":
            return place
        after = text[token.end] if token.end < len(text) else " "
        if token.text in "’'":
            if after.isalnum():
                continue  # an apostrophe: "don't"
            if tokens[place - 1].lower.endswith("s") and after == " ":
                loose = place if loose is None else loose  # "the allies’ chief", or the end of the quotation
                continue
        if token.text == '"' and after.isalnum():
            continue
        return place
    return loose
