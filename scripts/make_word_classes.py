"""Make src/probanda/extract/lexica/word_classes.tsv: which parts of speech an English word form takes.

    python scripts/make_word_classes.py en_open_train.conllu.gz ...

Source: Universal Dependencies English, GUM (openly licensed genres) and EWT, CC BY-SA 4.0; the file made is under that
licence. Only counts of tags are kept, no text. The same input gives the same bytes.
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter, defaultdict
from pathlib import Path

OUT = Path(__file__).parent.parent / "src" / "probanda" / "extract" / "lexica" / "word_classes.tsv"
CLASS = {
    "NN": "N", "NNS": "N", "JJ": "J", "JJR": "J", "JJS": "J", "VB": "V", "VBP": "V", "VBZ": "V", "VBD": "V", "VBN": "P",
    "VBG": "G", "RB": "R", "RBR": "R", "RBS": "R", "WRB": "R", "IN": "I", "TO": "I", "RP": "I", "DT": "D", "PDT": "D",
    "WDT": "W", "WP": "W", "WP$": "W", "PRP$": "D", "PRP": "O", "EX": "O", "CC": "C", "MD": "M", "CD": "Q",
}  # fmt: skip
HEAD = """# Parts of speech of English word forms, the most frequent first; made by scripts/make_word_classes.py.
# N noun, J adjective, V finite verb or infinitive, P past participle, G form in -ing, R adverb, I preposition or
# particle, D determiner or possessive, O pronoun, W relative or question word, C conjunction, M modal, Q number.
# Source: UD English GUM (open genres) and EWT; licence of this file: CC BY-SA 4.0.
word\tclasses
"""


def main(paths: list[str]) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for path in map(Path, paths):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                cells = line.rstrip("\n").split("\t")
                if len(cells) == 10 and cells[0].isdigit() and cells[4] in CLASS and cells[1][0].isalpha():
                    word = cells[1].lower().replace("’", "'")
                    counts[word][CLASS[cells[4]]] += 1
    rows = []
    for word, classes in sorted(counts.items()):
        total = sum(classes.values())
        if total < 2:
            continue
        kept = [name for name, count in sorted(classes.items(), key=lambda i: (-i[1], i[0])) if count / total >= 0.08]
        rows.append(f"{word}\t{''.join(kept)}\n")
    OUT.write_text(HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
