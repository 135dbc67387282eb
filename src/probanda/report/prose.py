"""The sentences of a case file that are ours, in one place, so that a lawyer can review them without reading code.

Rules they keep: a source *says*; nobody is guilty; a count is never a finding; integrity is not authenticity. The
presumption of innocence is worded after article 66 of the Rome Statute.
"""

from __future__ import annotations

from typing import Final

RESTRICTED: Final = "Restricted – contains material not cleared for disclosure"

READING: Final = (
    "It sets out what sources say. A machine read each line out of a preserved text, and each line leads to the exact "
    "words it rests on: follow the link, and the words are highlighted in section 11. A line is the reading of a "
    "machine and nothing more, unless it bears the mark of a judgement; a judgement is the decision of the person "
    "named with it, and stands in section 9."
)
NO_FINDING: Final = (
    "It is not a finding, and it asserts nobody’s guilt. Everyone is presumed innocent until proved guilty before a "
    "court in accordance with the law. An allegation is that of the one who makes it. That several sources say the "
    "same does not show that they know it independently of each other."
)
WITHHELD: Final = "Withheld, and left out of every count and comparison: "

INTEGRITY: Final = (
    "Integrity since ingestion concerns the bytes and the log: whether they are today what they were when they were "
    "added. It does not concern whether an item is authentic, nor what happened to it before it was added."
)
TIME_UNPROVEN: Final = (
    "Time is unproven: the times in the log are those of the machine that wrote them. No authority outside the case "
    "has confirmed them."
)
NO_CHECK: Final = "No check was run."
FIGURES: Final = (
    "One table for each thing counted; within it, figures by date. The words are the source’s; the bounds say what "
    "those words allow and no more (“more than 2,000” is 2,001 or more, without an upper bound). Figures are nowhere "
    "added up, averaged or merged."
)
DIFFERENCES: Final = (
    "Figures are marked as differing where sources speak of the same effect, the same kind and the same time, and of "
    "the same place or neither names one. Those may still be about different places or groups; the words decide."
)
BESIDE: Final = "These figures differ. They are set side by side; none is preferred"
STATEMENTS: Final = (
    "By speaker, in the order in which speakers appear. Speakers stand together by the name that the sources give; "
    "the same name is no proof of the same person. A speaker known by role alone is not joined across texts."
)
HAPPENED: Final = (
    "What a source says has happened or is so. That a source says it does not make it so. Dated lines come first, by "
    "date; the others follow in the order of the texts."
)
APART: Final = (
    "Kept apart from section 5, because in these lines no source, or only an accuser, says that the thing has "
    "happened. An accusation is the accuser’s; the accused is presumed innocent."
)
LABELS: Final = (
    "These are the words of those who uttered them, word for word. They classify nothing: whether conduct meets the "
    "elements of a crime is for a court. Nobody is called guilty here."
)
PLACES: Final = (
    "Coordinates come from a gazetteer, not from the sources; the radius says how far from them the place may lie. A "
    "place that could be several is left undecided."
)
JUDGEMENTS: Final = (
    "What persons have decided about lines of this case file. The machine’s reading stays beside the decision; a "
    "decision is superseded by a later one, never edited."
)
NO_JUDGEMENT: Final = "No person has judged any line. Every line of this case file is a machine reading."
ITEMS: Final = (
    "An item is something that the case holds. Adding the same bytes again makes a second item with the same SHA-256."
)
TEXTS: Final = (
    "Each text in full, as it was frozen when it was read. The numbers in the margin count paragraphs. Passages on "
    "which lines rest are underlined, and the small raised signs name those lines. Characters that would be invisible "
    "or would change the direction of writing carry their name in brackets; that name is not part of the text."
)
