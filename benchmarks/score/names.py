"""Whether two phrases name the same speaker, owner or thing, leniently and by words alone."""

from __future__ import annotations

import re

from probanda.records.reading import Holder, HolderUnknown, Narrator, Speaker

_LEADING = {"the", "a", "an", "its", "their", "his", "her", "our", "of"}
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")


def words(phrase: str) -> list[str]:
    """The words of a phrase in lower case, without articles, possessive endings and dots."""
    plain = re.sub(r"[’']s\b|[’'](?=\s|$)", "", phrase)
    return [
        stem(w.replace(".", ""))
        for w in _WORD.findall(plain.lower().replace("ʼ", "'").replace("’", "'"))
        if w not in _LEADING
    ]


_CASES = re.compile(
    r"(?:ського|ському|ською|ській|ської|ський|ських|ськими|ська|ську|ське|ські|ским|ского|скому|ской|ский|ских|скими|ская|скую|ское|ские"
    r"|ього|ьому|ого|ому|ими|ыми|ами|ями|ові|еві|єві|ією|ією|ої|ою|ею|єю|ий|ій|ый|ой|их|ых|им|ым|ім|ам|ям|ах|ях|ом|ем|єм|ів|їв|ов|ев|ей|ії|ію|ия|ии"
    r"|ию|ая|яя|ую|юю|ое|ее|ые|ие|ті|тю|а|я|у|ю|о|е|є|и|і|ї|ы|ь|й)$"
)


def stem(word: str) -> str:
    """A Ukrainian or Russian word without its case ending, roughly; other words as they are. Gold and reading may give
    one name in two cases: the first as the text introduces it, the other as it stands at the words."""
    if not re.search("[а-яіїєґё]", word) or len(word) < 4:
        return word
    cut = _CASES.sub("", word)
    return cut if len(cut) >= 3 else word[:3]


def same(gold: str, found: str) -> bool:
    """Equal; or one's words are all among the other's, with at least half of the gold's words or a person's surname."""
    one, two = words(gold), words(found)
    if not one or not two:
        return False
    shared = set(one) & set(two)
    if not (shared == set(one) or shared == set(two)):
        return False
    return len(shared) * 2 >= len(set(one)) or (one[-1] in shared and _is_name(gold))


def same_venue(gold: str, found: str) -> bool:
    """Whether both name one venue: the words of the one are all in the other and share its names, if it has any."""
    one, two = set(words(gold)), set(words(found))
    if not two or not (one <= two or two <= one):
        return False
    names = {word for part in gold.split() if part[0].isupper() for word in words(part)}
    return not names or bool(names & two)


def _is_name(phrase: str) -> bool:
    """Whether this looks like a person's name, of which the surname alone is enough."""
    parts = phrase.split()
    return 2 <= len(parts) <= 3 and all(part[0].isupper() for part in parts)


def speaks(accepted: tuple[str, ...], speaker: Speaker | None) -> bool:
    """Whether the speaker found carries one of the accepted names or roles."""
    if speaker is None:
        return False
    given = [phrase for phrase in (speaker.name, speaker.role) if phrase]
    return any(same(gold, phrase) for gold in accepted for phrase in given)


def holds(accepted: tuple[str, ...], holder: Holder) -> bool:
    """The same for whoever holds a claim: also the report itself (`narrator`) and an untold holder (`unknown`)."""
    if isinstance(holder, Narrator):
        return "narrator" in accepted
    if isinstance(holder, HolderUnknown):
        return "unknown" in accepted
    return speaks(accepted, holder)


def same_unit(gold: str, found: str | None) -> bool:
    """Whether both count the same thing: they share a word, singular or plural."""
    if found is None:
        return False
    one, two = ({w.rstrip("s") for w in words(phrase)} for phrase in (gold, found))
    return bool(one & two)
