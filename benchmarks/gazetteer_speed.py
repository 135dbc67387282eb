"""How long an imported gazetteer takes: compiling a dump of N invented rows, and reading texts with it and without,
turn about in one process.

    python benchmarks/gazetteer_speed.py [--rows 100000] [--texts tests/gold/dev]
"""

from __future__ import annotations

import argparse
import random
import re
import time
from pathlib import Path

from probanda.extract.places.compile import compile_table
from probanda.extract.places.dump import Told, rows_of
from probanda.extract.places.imported import imported
from probanda.extract.read import read

_SYLLABLES = (
    "mar",
    "li",
    "var",
    "ol",
    "hask",
    "bran",
    "ser",
    "da",
    "ni",
    "zor",
    "yar",
    "kol",
    "tes",
    "bel",
    "dro",
    "pet",
)
_CYRILLIC = ("мар", "лі", "вар", "ол", "гас", "бран", "сер", "да", "ні", "зор", "яр", "кол", "тес", "бел", "дро", "пет")
_KINDS = ("P.PPL",) * 14 + ("A.ADM3", "S.SCH", "S.HSP", "H.STM", "T.HLL", "S.RSTN")


def dump(rows: int, seed: int, words: list[str]) -> bytes:
    """A dump in GeoNames' form with names that are made up; one in fifty is one of `words`, which the texts name."""
    made = random.Random(seed)
    lines = []
    for number in range(1, rows + 1):
        picked = [made.randrange(16) for _ in range(made.randint(2, 5))]
        name = "".join(_SYLLABLES[one] for one in picked).capitalize() + "ivka"
        other = "".join(_CYRILLIC[one] for one in picked).capitalize() + "івка"
        if words and number % 50 == 0:
            name = made.choice(words)
        class_, code = made.choice(_KINDS).split(".")
        alternates = f"{name},{other},{name}-na-Olshi,{other[:-1]}о"
        lines.append(
            f"{number}\t{name}\t{name}\t{alternates}\t{made.uniform(45, 52):.5f}\t{made.uniform(23, 40):.5f}\t{class_}"
            f"\t{code}\tXK\t\t{made.randint(1, 25):02}\t{made.randint(1, 130):04}\t\t\t{made.randint(0, 3000)}\t\t120\t"
            "Europe/Vesna\t2030-01-01"
        )
    return ("\n".join(lines) + "\n").encode()


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def texts_of(folder: Path) -> list[tuple[str, str]]:
    """The texts of a gold folder with their languages."""
    found = []
    for path in sorted(folder.rglob("*.txt")):
        text = path.read_text(encoding="utf-8")
        cyrillic = sum("Ѐ" <= one <= "ӿ" for one in text) * 2 > len(text) / 2
        found.append((text, ("uk" if "і" in text else "ru") if cyrillic else "en"))
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--texts", type=Path, default=Path(__file__).parent.parent / "tests" / "gold" / "dev")
    chosen = options.parse_args()
    texts = texts_of(chosen.texts)
    words = sorted({word for text, _ in texts for word in re.findall(r"\b[^\W\d_]{4,}\b", text) if word[0].isupper()})
    data = dump(chosen.rows, 1, words)
    begun, told = time.process_time(), Told()
    table, kept = compile_table(rows_of(data, told), lambda: told.country)
    print(
        f"compile: {told.rows:,} rows, {kept:,} kept, {time.process_time() - begun:.1f} s, table {len(table):,} bytes"
    )
    before = _resident()
    begun = time.process_time()
    held = imported({"benchmark": table})
    grown = _resident() - before
    print(f"load, once in a process: {time.process_time() - begun:.2f} s; memory grew by {grown // 2**20:,} MiB")
    spent = {False: 0.0, True: 0.0}
    for text, language in texts:
        read(text, None, language, gazetteers=held)  # lexica are loaded, caches filled
    for turn in range(3):
        for text, language in texts:
            for with_ in (True, False) if turn % 2 else (False, True):
                begun = time.process_time()
                read(text, None, language, gazetteers=held if with_ else None)
                spent[with_] += time.process_time() - begun
    print(
        f"read: {len(texts)} texts, 3 turns: {spent[False]:.2f} s without, {spent[True]:.2f} s with, "
        f"{spent[True] / spent[False]:.2f} times"
    )


if __name__ == "__main__":
    main()
