"""Legal labels in Ukrainian and Russian: word for word, whose word it is, and what it was said about.

Guarantees: a label is a term of lexica/{uk,ru}_legal_labels.tsv as it stands in the text; it is held by whoever utters
it, by who calls something so, or by the report itself. What it is about are words of the same sentence: the accused of
"звинуватив X у …", what is called so ("кваліфікував удар як …", "назвал вторжение «…»"), the subject of "X — воєнний
злочин", the accused of a charge; where none of these stands there, it is not told. A label is never a finding.
"""

from __future__ import annotations

from probanda.extract.slavic.phrases import Phrases, Range
from probanda.extract.slavic.subjects import Attribution
from probanda.extract.slavic.told import Material
from probanda.extract.slavic.words import terms_of
from probanda.extract.text.segments import Span
from probanda.records.passage import Passage
from probanda.records.reading import Holder, HolderUnknown, Label, Narrator

_ACCUSED_OF = ("у", "в", "во")
_ON = ("про", "о", "об", "обо")
_AS = ("як", "как")
_IS = ("—", "–", "це", "это", "є", "був", "була", "було", "були", "был", "была", "было", "были", "бути", "стал", "став")
_QUALIFIED = ("кваліфік", "квалифиц", "визнан", "признан", "розцін", "расцен")
_COMMITTED = ("скоєн", "вчинен", "совершен", "совершён")
_BY_CHARGE = ("обвинувачен", "обвинен", "підозр", "подозрева", "підозрюван", "виновн", "винн")


def find_labels(held: Material, phrases: Phrases) -> tuple[Label, ...]:
    """The labels of the document in order."""
    found = []
    for match in terms_of(held.doc.language, "legal_labels").scan(held.words):
        holder = _holder(held, match.first)
        about = _about(held, phrases, match.first, match.last)
        found.append(Label(held.doc.passage(match.first, match.last), match.value["label"], holder, about))
    return tuple(found)


def _holder(held: Material, place: int) -> Holder:
    told = held.told_at(place) or _judge(held, place)
    return Narrator() if told is None else told.speaker or HolderUnknown()


def _judge(held: Material, place: int) -> Attribution | None:
    """Who calls or accuses in the same sentence, where the label stands outside the words told."""
    number = held.doc.sentence_of(place)
    return next(
        (other for other in held.attributions if other.cue.class_ in ("judge", "accuse") and other.speaker is not None
         and held.doc.sentence_of(other.cue.first) == number), None,
    )  # fmt: skip


def _about(held: Material, phrases: Phrases, first: int, last: int) -> Passage | None:
    sentence = held.doc.sentences[held.doc.sentence_of(first)]
    for rule in (_accused, _called, _subject, _charged, _committed):
        found = rule(held, phrases, sentence, (first, last))
        if found is not None and not found[0] <= first < found[1]:
            return held.doc.passage(*found)
    return None


def _accused(held: Material, phrases: Phrases, sentence: Span, label: Range) -> Range | None:
    """ "звинуватила Верданію в геноциді": between the verb and "у"."""
    cue = next((told.cue for told in held.attributions if told.cue.class_ == "accuse"
                and sentence.first <= told.cue.first < label[0]), None)  # fmt: skip
    if cue is None:
        return None
    led = next((at for at in range(label[0] - 1, cue.last, -1) if held.words[at] in _ACCUSED_OF), None)
    found = phrases.forward(cue.last, led) if led is not None else None
    return found if found is not None and found[1] <= label[0] else None


def _called(held: Material, phrases: Phrases, sentence: Span, label: Range) -> Range | None:
    """ "кваліфікував удар як воєнний злочин", "назвав вторгнення «актом агресії»"."""
    cue = next((told.cue for told in held.attributions if told.cue.class_ == "judge"
                and sentence.first <= told.cue.first < label[0]), None)  # fmt: skip
    at = cue.last if cue is not None else None
    if at is None:
        at = next((at + 1 for at in range(sentence.first, label[0]) if held.words[at].startswith(_QUALIFIED)), None)
    if at is None:
        return None
    if held.words[at] in _AS:
        return phrases.backward(at - 1, sentence.first)  # "эпизоды могут быть квалифицированы как …"
    found = phrases.forward(at, label[0])
    if found is None or found[1] > label[0] or any(word in _ON for word in held.words[found[1] : label[0]]):
        return None  # "назвала повідомлення про вбивства «вигадкою»"
    return (at, at + 1) if held.words[at] in ("це", "это") else found


def _subject(held: Material, phrases: Phrases, sentence: Span, label: Range) -> Range | None:
    """ "Удар по ринку — воєнний злочин", "удар був невибірковим"."""
    at = label[0] - 1
    while at > sentence.first and held.words[at] in ("не", "також", "также", "навіть", "даже", "а", "отже"):
        at -= 1
    if held.words[at] in ("це", "это") and (at <= sentence.first or held.words[at - 1] in ("«", "“", "„", '"', ",")):
        return at, at + 1
    if at <= sentence.first or held.words[at] not in _IS:
        return None
    while at - 1 > sentence.first and held.words[at - 1] in (*_IS, ","):
        at -= 1
    begin = at
    while begin > sentence.first and held.words[begin - 1] not in (",", ";", ":", "«", "“", "„", '"', "—", "що", "что"):
        begin -= 1
    return (begin, at) if 0 < at - begin <= 8 else None


def _charged(held: Material, phrases: Phrases, sentence: Span, label: Range) -> Range | None:
    """ "командира, обвинувачуваного в катуваннях", "суд признал капитана виновным в убийстве"."""
    near = range(max(sentence.first, label[0] - 4), label[0])
    charge = next((at for at in near if held.words[at].startswith(_BY_CHARGE)), None)
    if charge is None or not any(word in _ACCUSED_OF for word in held.words[charge : label[0]]):
        return None
    end = charge - (held.words[charge - 1] == ",")
    return phrases.backward(end, sentence.first) if end > sentence.first else None


def _committed(held: Material, phrases: Phrases, sentence: Span, label: Range) -> Range | None:
    """ "воєнні злочини, скоєні будь-якою стороною"."""
    near = range(label[1], min(sentence.last, label[1] + 8))
    at = next((at for at in near if held.words[at].startswith(_COMMITTED)), None)
    return phrases.forward(at + 1, sentence.last) if at is not None and at + 1 < sentence.last else None
