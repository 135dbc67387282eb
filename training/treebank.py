"""Treebanks as sentences in the reader's own tokens.

A treebank cuts words its own way ("do" "n't", "Eye" "-" "Tracking", "Mr."); the reader cuts them as
`probanda.extract.text.segments` does. What is trained on one and run on the other reads worse, so tags, heads and names
are carried over here: a token that holds several words has the tag and head of that word which hangs outside it, and a
word that holds several tokens is its first, on which the others hang. A sentence whose heads no longer make a tree is
left out and counted.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from probanda.extract.text.lexicon import word_list
from probanda.extract.text.nouns import singular
from probanda.extract.text.segments import Document, Token, segment, tokenise

KINDS = {"person": "PERSON", "organization": "ORG", "place": "PLACE", "PER": "PERSON", "ORG": "ORG", "LOC": "PLACE"}
RE3D = {"Person": "PERSON", "Organisation": "ORG", "Location": "PLACE"}
_INSIDE = frozenset("of the and for & - ' de la al von van".split())
_NAME_TAGS = ("NNP", "NNPS")
_PRONOUNS = frozenset("i he she we it they you him her them us me who these those this that".split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the treebank: characters [start, end) of the sentence, `head` counted from 1, 0 at the root."""

    start: int
    end: int
    text: str
    tag: str
    head: int
    relation: str
    misc: dict[str, str]


@dataclass(frozen=True)
class Sentence:
    """`heads` are token indices, a root's its own. `names` is `None` where nobody annotated names, `tags` likewise."""

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[str, ...] | None
    heads: tuple[int, ...] | None
    relations: tuple[str, ...] | None
    names: tuple[tuple[int, int, str], ...] | None
    source: str = ""


@dataclass
class Raw:
    id: str
    text: str
    words: list[Word] = field(default_factory=list)
    new_paragraph: bool = False


MENTION = re.compile(r"(\()?(\d+)(?:-([a-z]+)[^()]*)?(\))?")  # "(2-abstract-new…", "2)"


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_conllu(path: Path) -> Iterator[Raw]:
    """The sentences of one file, in order. Empty nodes are left out; of a contraction its words count."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows: list[list[str]] = []
        about: dict[str, str] = {}
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("#"):
                name, _, value = line[1:].partition("=")
                about[name.strip()] = value.strip()
            elif line:
                rows.append(line.split("\t"))
            elif rows:
                yield _raw(about, rows)
                rows, about = [], {}
        if rows:
            yield _raw(about, rows)


def _raw(about: dict[str, str], rows: list[list[str]]) -> Raw:
    raw = Raw(about.get("sent_id", ""), about["text"], new_paragraph="newpar" in about or "newpar id" in about)
    text, place = raw.text, 0
    inside: dict[int, tuple[int, int]] = {}
    for row in rows:
        if "." in row[0]:
            continue
        misc = dict(part.partition("=")[::2] for part in row[9].split("|")) if row[9] != "_" else {}
        if "-" in row[0]:
            start = text.find(row[1], place)
            start = start if start >= 0 else place
            place = start + len(row[1])
            first, last = map(int, row[0].split("-"))
            within = start
            for number in range(first, last + 1):
                form = next(r[1] for r in rows if r[0] == str(number))
                at = text.find(form, within, place)
                inside[number] = (at, at + len(form)) if at >= 0 else (start, place)
                within = at + len(form) if at >= 0 else within
            continue
        number = int(row[0])
        if number in inside:
            start, end = inside[number]
        else:
            start = text.find(row[1], place)
            start = start if start >= 0 else place
            end = place = start + len(row[1])
        raw.words.append(Word(start, end, row[1], row[4], int(row[6]), row[7], misc))
    return raw


def project(raw: Raw, names: list[tuple[int, int, str]] | None) -> Sentence | None:
    """The sentence in the reader's tokens; `names` are word ranges counted from 0."""
    tokens = tokenise(raw.text)
    words = raw.words
    held: list[list[int]] = [[] for _ in tokens]
    first_of: list[int] = [-1] * len(words)
    for number, word in enumerate(words):
        for place, token in enumerate(tokens):
            if token.start < word.end and word.start < token.end:
                held[place].append(number)
                if first_of[number] < 0:
                    first_of[number] = place
    if any(place < 0 for place in first_of) or not all(held) or not tokens:
        return None
    tags, heads, relations = [], [], []
    for place, token in enumerate(tokens):
        first = [number for number in held[place] if first_of[number] == place]
        if not first:  # a further piece of a word
            mark = token.kind == "mark"
            tags.append(token.text if mark and token.text in ".,:" else words[held[place][0]].tag)
            heads.append(first_of[held[place][0]])
            relations.append("punct" if mark else "flat")
            continue
        group = set(held[place])
        outer = [number for number in first if words[number].head - 1 not in group] or first
        main = next((number for number in outer if words[number].relation != "punct"), outer[0])
        word = words[main]
        tags.append(word.tag)
        root = word.head == 0
        heads.append(place if root else first_of[word.head - 1])
        relations.append("ROOT" if root or heads[-1] == place else word.relation)
    if not _is_tree(heads):
        return None
    spans: list[tuple[int, int, str]] | None = None
    if names is not None:
        spans = []
        for first_word, last_word, kind in names:
            start, end = first_of[first_word], first_of[last_word - 1] + 1
            while tokens[end - 1].kind == "clitic" or (tokens[end - 1].kind == "mark" and end - start > 1):
                end -= 1
            if start < end and not (spans and start < spans[-1][1]):
                spans.append((start, end, kind))
    return Sentence(
        raw.text, tokens, tuple(tags), tuple(heads), tuple(relations), None if spans is None else tuple(spans), raw.id
    )


def _is_tree(heads: list[int]) -> bool:
    if sum(1 for place, head in enumerate(heads) if place == head) != 1:
        return False
    for place in range(len(heads)):
        seen, at = 0, place
        while heads[at] != at:
            at = heads[at]
            seen += 1
            if seen > len(heads):
                return False
    return True


def gum_names(raws: list[Raw]) -> list[list[tuple[int, int, str]]]:
    """The named persons, organisations and places of one document's sentences, as word ranges.

    GUM marks every mention of an entity; a name is the part of a mention around its head that is spelt as one. Titles
    and offices before a person's name are left out, as in Universal NER.
    """
    out = []
    for raw in raws:
        found: list[tuple[int, int, str]] = []
        for start, end, kind in _mentions(raw):
            if kind not in KINDS:
                continue
            span = _name_in(raw, start, end, KINDS[kind])
            if span is not None:
                found.append(span)
        found.sort(key=lambda span: (span[0] - span[1], span[0]))  # the longest first
        kept: list[tuple[int, int, str]] = []
        for span in found:
            if all(span[1] <= other[0] or other[1] <= span[0] for other in kept):
                kept.append(span)
        out.append(sorted(kept))
    return out


def _mentions(raw: Raw) -> Iterator[tuple[int, int, str]]:
    open_: dict[str, list[tuple[int, str]]] = {}
    for number, word in enumerate(raw.words):
        for opened, name, kind, closed in MENTION.findall(word.misc.get("Entity", "")):
            if opened:
                if closed:
                    yield number, number + 1, kind
                else:
                    open_.setdefault(name, []).append((number, kind))
            elif closed and open_.get(name):
                start, kind = open_[name].pop()
                yield start, number + 1, kind


def _name_in(raw: Raw, start: int, end: int, kind: str) -> tuple[int, int, str] | None:
    words = raw.words
    heads = [n for n in range(start, end) if not start <= words[n].head - 1 < end]
    if not heads or words[heads[0]].tag not in _NAME_TAGS:
        return None
    first, last = heads[0], heads[0] + 1

    def is_name(number: int) -> bool:
        word = words[number]
        return word.tag in _NAME_TAGS or (word.text[:1].isupper() and word.tag in ("JJ", "NN", "NNS", "CD", "FW"))

    joins = _INSIDE if kind != "PERSON" else frozenset("- ' de la al von van".split())
    while last < end and (is_name(last) or _joined(raw, last, end, joins)):
        last += 1
    while first > start and (is_name(first - 1) or words[first - 1].text in "-'"):
        first -= 1
    while kind == "PERSON" and last - first > 1 and _is_title(words[first].text):
        first += 2 if words[first + 1].text == "." and last - first > 2 else 1
    while words[last - 1].text in _INSIDE or words[last - 1].tag == "POS":
        last -= 1
        if last <= first:
            return None
    if last - first == 1 and ((kind == "PERSON" and words[first].tag == "NNPS") or _is_title(words[first].text)):
        return None  # "the Russians", "the President"
    return (first, last, kind)


def _joined(raw: Raw, place: int, end: int, joins: frozenset[str]) -> bool:
    start = place
    while place < end and raw.words[place].text in joins:
        place += 1
    return start < place < end and raw.words[place].tag in _NAME_TAGS


def _is_title(word: str) -> bool:
    lower = word.lower().rstrip(".")
    return lower in word_list("titles.txt") or singular(lower) in word_list("roles.txt")


def read_gum_ewt(path: Path) -> tuple[list[Sentence], int]:
    """The sentences of an "open" file, GUM's with names, and how many were left out."""
    kept, dropped = [], 0
    for raw in read_conllu(path):
        names = gum_names([raw])[0] if raw.id.startswith("GUM_") else None
        sentence = project(raw, names)
        if sentence is None:
            dropped += 1
        else:
            kept.append(sentence)
    return kept, dropped


def read_ewt(trees: Path, names: Path) -> tuple[list[Sentence], int]:
    """EWT's trees with the names that Universal NER put on the same words."""
    marked = _iob2(names)
    kept, dropped = [], 0
    for raw in read_conllu(trees):
        tags = marked.get(raw.id)
        spans = None if tags is None or len(tags) != len(raw.words) else _spans(tags)
        sentence = project(raw, spans)
        if sentence is None:
            dropped += 1
        else:
            kept.append(sentence)
    return kept, dropped


def _iob2(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    current: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("# sent_id"):
                current = found.setdefault(line.partition("=")[2].strip(), [])
            elif line.strip() and not line.startswith("#"):
                current.append(line.split("\t")[2])
    return found


def _spans(tags: list[str]) -> list[tuple[int, int, str]]:
    spans: list[tuple[int, int, str]] = []
    for place, tag in enumerate(tags):
        kind = KINDS.get(tag[2:])
        if tag.startswith("B-") and kind:
            spans.append((place, place + 1, kind))
        elif tag.startswith("I-") and kind and spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1, kind)
    return spans


def read_re3d(folder: Path) -> list[Sentence]:
    """re3d: sentences with names and no trees. It marks every mention ("mourners"); a name is one whose every word but
    the small ones is spelt with a capital."""
    out: list[Sentence] = []
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        texts = {
            item["_id"]: item["text"]
            for item in map(json.loads, (part / "documents.json").read_text("utf-8").splitlines())
        }
        marked: dict[str, list[tuple[int, int, str]]] = {}
        for item in map(json.loads, (part / "entities.json").read_text("utf-8").splitlines()):
            kind = RE3D.get(item["type"])
            if kind and item.get("confidence", 1) >= 0.5:
                marked.setdefault(item["documentId"], []).append((item["begin"], item["end"], kind))
        for name in sorted(texts):
            out += _re3d(texts[name], marked.get(name, []), f"re3d/{part.name}/{name}")
    return out


def _bare(doc: Document, first: int, last: int, kind: str) -> tuple[int, int]:
    """A mention without article, title and what else is no part of a name."""
    tokens = doc.tokens
    while first < last:
        titled = kind == "PERSON" and last - first > 1 and _is_title(tokens[first].text)
        if not (titled or tokens[first].lower in _INSIDE | {"a", "an"}):
            break
        first += 1
    while first < last and (tokens[last - 1].kind in ("clitic", "mark") or tokens[last - 1].lower in _INSIDE):
        last -= 1
    return first, last


def _opens_plain(doc: Document, place: int) -> bool:
    """Whether a capital may be that of the sentence alone: its first word, nowhere else written with one."""
    token = doc.tokens[place]
    if doc.sentences[doc.sentence_of(place)].first != place:
        return False
    return not any(
        other.text == token.text and doc.sentences[doc.sentence_of(number)].first != number
        for number, other in enumerate(doc.tokens)
    ) and not (token.text.isupper() and len(token.text) > 1)


def _re3d(text: str, marked: list[tuple[int, int, str]], source: str) -> Iterator[Sentence]:
    doc = segment(text)
    spans: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(set(marked), key=lambda item: (item[0] - item[1], item)):
        first, last = _bare(doc, doc.token_at(start), doc.token_at(end - 1) + 1, kind)
        words = [token for token in doc.tokens[first:last] if token.kind == "word" and token.lower not in _INSIDE]
        if not words or not all(token.text[0].isupper() for token in words):
            continue
        if len(words) == 1 and (words[0].lower in _PRONOUNS or _is_title(words[0].text) or _opens_plain(doc, first)):
            continue
        if all(last <= one or other <= first for one, other, _ in spans):
            spans.append((first, last, kind))
    for sentence in doc.sentences:
        tokens = doc.tokens[sentence.first : sentence.last]
        inside = sorted(
            (first - sentence.first, last - sentence.first, kind)
            for first, last, kind in spans
            if sentence.first <= first and last <= sentence.last
        )
        yield Sentence(doc.text[sentence.start : sentence.end], tokens, None, None, None, tuple(inside), source)
