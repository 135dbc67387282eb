"""From whom an article has a claim, link by link: "KAR News reported, citing the ministry, which cited the mayor".

Guarantees: every link of a chain is words of the article, with their place; nothing is added that the article does not
say. The chain comes from the reading (`Speaker` and its `via`), from the words that cite in the sentence of the claim,
and from the article's credit ("(AP)", "Source: ..."). A report that says that it saw for itself has no other chain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from probanda.corroborate.circumstances import Saying
from probanda.corroborate.lexicon import Lexicon
from probanda.records.passage import Passage, passage_at
from probanda.records.reading import Narrator, Speaker

_LONGEST = 90  # characters of a name after "citing"; what is longer is a clause
_WINDOW = 2000  # characters on either side of a claim in which its sentence ends
_REACH = 300  # how far into an article its credit may stand
# Where the name that follows "citing" ends, beside punctuation. The words are whole and of three languages.
_END = re.compile(
    r"[,;:()\n“”«»\"—–]|\.(?=\s|$)|\s(?:that|who|which|said|says|on|as|when|while|about|after|whose|adds|added|reports|"
    r"reported|щодо|що|який|яка|про|коли|повідомляє|повідомив|повідомила|что|который|которая|о|об|когда|сообщает|"
    r"сообщил|сообщила|сообщило)\s"
)
_SENTENCE_END = re.compile(r"[.!?…][”»\"')\]]*\s+(?=[“«\"'(\[]?[^\W_a-zа-яіїєґё])|\n\s*\n")
_CREDIT = re.compile(
    r"\((?P<bracketed>[^\W\d_][\w .&'’-]{1,40})\)\s*[—–:-]|"
    r"(?m:^(?:source|sources|джерело|источник)\s*[:–—-]\s*(?P<stated>[^\n.;]{2,60}))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named as a source, in the article's words. `speaker` is what the reading made of it, `None` where the
    words were found here."""

    words: str
    passage: Passage | None
    speaker: Speaker | None = None


@dataclass(frozen=True, slots=True)
class Chain:
    """`mentions` from the nearest source to the farthest; none where nobody is named. `own`: the words by which the
    article says that it reports what it saw itself. `credit`: whose copy the article says it is."""

    mentions: tuple[Mention, ...]
    own: Passage | None = None
    credit: Mention | None = None


def chain_of(one: Saying, lexicon: Lexicon, credit: Mention | None = None) -> Chain:
    """The chain of one claim in one article; `credit` is what `credit_of` found in its text."""
    article, claim = one.article, one.claim
    first, last = sentence_around(article.text, claim.passage)
    source = claim.source
    if isinstance(source, Speaker):
        near = source.mention or source.passage
        own = _own(article.text, near.start, near.end, lexicon)
        if own is not None:
            return Chain((), own, credit)
        told = source.name or source.role or near.text
        mentions = [Mention(told, source.passage, source)]
        mentions += [Mention(words, _near(article.text, words, near.start)) for words in source.via]
        if not source.via:
            spoken = near.start if first <= near.start < last else source.passage.start
            if first <= spoken < last:
                mentions += _cited(article.text, spoken, last, lexicon)
        return Chain(tuple(mentions), None, credit)
    cited = _cited(article.text, first, last, lexicon)
    if cited:
        return Chain(tuple(cited), None, credit)
    if isinstance(source, Narrator):
        return Chain((), _own(article.text, first, last, lexicon), credit)
    return Chain((), None, credit)


def sentence_around(text: str, passage: Passage) -> tuple[int, int]:
    """Where the sentence of a passage begins and ends; an abbreviation's stop may cut it short."""
    first, last = paragraph_around(text, passage)
    before = [match.end() for match in _SENTENCE_END.finditer(text, first, passage.start)]
    after = _SENTENCE_END.search(text, max(passage.end - 1, passage.start), last)
    return (before[-1] if before else first), (after.end() if after else last)


def paragraph_around(text: str, passage: Passage) -> tuple[int, int]:
    """Of a paragraph without an end as much as can matter, so that a long text costs what its length costs."""
    low, high = max(0, passage.start - _WINDOW), min(len(text), passage.end + _WINDOW)
    first, last = text.rfind("\n\n", low, passage.start), text.find("\n\n", passage.end, high)
    return first + 2 if first >= 0 else low, last if last >= 0 else high


def _cited(text: str, first: int, last: int, lexicon: Lexicon) -> list[Mention]:
    """Who is cited from `first` on: the first cited, and whom that one cites in turn."""
    found: list[Mention] = []
    lowered = text[first:last].lower()
    place = 0
    if len(lowered) != last - first:
        return []  # letters that grow when they are made small: offsets would lie
    while True:
        cues = [(at, cue) for cue in lexicon.cites if (at := _whole(lowered, cue, place)) >= 0]
        if not cues:
            return found
        at, cue = min(cues)
        if found and at - place > 3:
            return found
        start = first + at + len(cue)
        end = _END.search(text, start, last)
        stop = end.start() if end else last
        if not text[start:stop].strip() or stop - start > _LONGEST:
            return found
        passage = passage_at(text, start, stop)
        found.append(Mention(passage.text, passage))
        place = stop - first
        place += len(text[stop:last]) - len(text[stop:last].lstrip(" ,"))


def _whole(lowered: str, cue: str, place: int) -> int:
    """Where the cue stands as whole words; -1: nowhere."""
    at = lowered.find(cue, place)
    while at >= 0:
        before, after = lowered[at - 1 : at], lowered[at + len(cue) : at + len(cue) + 1]
        if not (before.isalnum() or after.isalnum()):
            return at
        at = lowered.find(cue, at + 1)
    return -1


def _own(text: str, first: int, last: int, lexicon: Lexicon) -> Passage | None:
    lowered = text[first:last].lower()
    if len(lowered) != last - first:
        return None
    for cue in lexicon.own:
        at = _whole(lowered, cue, 0)
        if at >= 0 and not lowered[:at].rstrip().endswith("by"):  # "By our correspondent" signs, and saw nothing
            return passage_at(text, first + at, first + at + len(cue))
    return None


def credit_of(text: str) -> Mention | None:
    """Whose copy the text says it is, near its beginning or on a line of its own."""
    for match in _CREDIT.finditer(text):
        group = "bracketed" if match.group("bracketed") else "stated"
        if group == "bracketed" and match.start() > _REACH:
            continue
        passage = passage_at(text, match.start(group), match.end(group))
        return Mention(passage.text, passage)
    return None


def _near(text: str, words: str, start: int) -> Passage | None:
    """Where the words stand: the first time from `start` on, else the last time before it."""
    at = text.find(words, start)
    at = at if at >= 0 else text.rfind(words, 0, start)
    return Passage(at, at + len(words), words) if at >= 0 and words else None
