"""Measures how long `probanda sources` takes on a made case, and how often it counts the origins that were made.

    python benchmarks/sources_case.py [--articles N] [--folder F] [--json]

The world is invented and made from a seed: strikes on towns, ten articles about each. One to three sources (an
emergency service, a mayor, two witnesses) tell a number of dead, which may be the same; the articles are in English,
Ukrainian and Russian and give the number in one of several wordings, copy an earlier article with other words around
it, repeat an outlet, or name nobody. The sentences are templates of this file, written before the rules were tried on
them: this measures the counting, not the reading of free text. Ends with 0 when it measured.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from probanda.archive import Archive

TOWNS = (
    ("Velin", "Велін", "Велин"), ("Drevna", "Древна", "Древна"), ("Marisburg", "Марісбург", "Марисбург"),
    ("Port Selis", "Порт-Селіс", "Порт-Селис"), ("Osten", "Остен", "Остен"), ("Tarbek", "Тарбек", "Тарбек"),
    ("Lomira", "Ломіра", "Ломира"), ("Kresno", "Кресно", "Кресно"), ("Bardum", "Бардум", "Бардум"),
    ("Solvik", "Солвік", "Солвик"),
)  # fmt: skip
WITNESSES = (
    ("Petra Sandor", "Петра Сандор", "Петра Сандор"), ("Olm Brandt", "Олм Брандт", "Олм Брандт"),
    ("Mirek Taval", "Мірек Тавал", "Мирек Тавал"), ("Dana Vitek", "Дана Вітек", "Дана Витек"),
)  # fmt: skip
OUTLETS = tuple(f"{name} {head}" for name in ("Karov", "Selis", "Vesna", "Norden", "Tarn", "Orrin", "Lake", "Quay")
                for head in ("Herald", "Star", "Gazette", "Tribune", "Radio"))  # fmt: skip
LANGUAGES = ("en", "uk", "ru")
SAID = {
    "service": (
        ("{n} people were killed in {town} on {day}, the Karovian emergency service said.",
         "According to Karovia's emergency service, {n} people were killed in {town} on {day}."),
        ("{day} у місті {town} загинули {n} людей, повідомила Державна служба Каровії з надзвичайних ситуацій.",
         "За даними Державної служби Каровії з надзвичайних ситуацій, {day} у місті {town} загинули {n} людей."),
        ("{day} в городе {town} погибли {n} человек, сообщила каровийская служба по чрезвычайным ситуациям.",
         "По данным службы Каровии по чрезвычайным ситуациям, {day} в городе {town} погибли {n} человек."),
    ),
    "mayor": (
        ("{n} people were killed in {town} on {day}, the mayor of {town} said.",
         "The mayor of {town} said that {n} people were killed in {town} on {day}."),
        ("{day} у місті {town} загинули {n} людей, повідомив мер міста {town}.",
         "За словами мера міста {town}, {day} у місті {town} загинули {n} людей."),
        ("{day} в городе {town} погибли {n} человек, сообщил мэр города {town}.",
         "По словам мэра города {town}, {day} в городе {town} погибли {n} человек."),
    ),
    "witness": (
        ("{n} people were killed in {town} on {day}, said {who}, a doctor.",
         "{who}, a doctor, said that {n} people were killed in {town} on {day}."),
        ("{day} у місті {town} загинули {n} людей, розповів {who}.",
         "За словами очевидця {who}, {day} у місті {town} загинули {n} людей."),
        ("{day} в городе {town} погибли {n} человек, рассказал {who}.",
         "По словам очевидца {who}, {day} в городе {town} погибли {n} человек."),
    ),
    "unknown": (
        ("{n} people were killed in {town} on {day}.",), ("{day} у місті {town} загинули {n} людей.",),
        ("{day} в городе {town} погибли {n} человек.",),
    ),
    "outlet": (
        ("{n} people were killed in {town} on {day}, the {who} reported.",),
        ("{day} у місті {town} загинули {n} людей, повідомляє {who}.",),
        ("{day} в городе {town} погибли {n} человек, сообщает {who}.",),
    ),
}  # fmt: skip
MONTHS = (("April", "квітня", "апреля"), ("May", "травня", "мая"), ("June", "червня", "июня"))
AROUND = {
    "en": "the market road bridge lamps quay crowd night morning water doors children stood carried closed opened "
          "slowly quietly under behind near again until before after stone dust smoke window school bus train".split(),
    "uk": "ринок дорога міст ліхтар берег натовп ніч ранок вода двері стояли несли зачинили відчинили повільно тихо "
          "під за біля знову доки перед після камінь пил дим вікно школа автобус потяг".split(),
    "ru": "рынок дорога мост фонарь берег толпа ночь утро вода двери стояли несли закрыли открыли медленно тихо под "
          "за возле снова пока перед после камень пыль дым окно школа автобус поезд".split(),
}  # fmt: skip


@dataclass(frozen=True)
class Made:
    event: int
    outlet: str
    published: str
    text: str
    root: str | None
    language: str


def events(articles: int, seed: int = 5) -> list[Made]:
    """Ten articles for each strike; `root` is who said it, `None` where the article names nobody."""
    rng = random.Random(seed)
    made: list[Made] = []
    for event in range(articles // 10):
        town = TOWNS[event % len(TOWNS)]
        day = date(2031, 4, 2) + timedelta(days=(event // len(TOWNS) * 8) % 84)
        year = 2031 + event // len(TOWNS) * 8 // 84
        day = day.replace(year=year)
        who = rng.sample(WITNESSES, 2)
        roots = rng.sample(["service", "mayor", "witness 0", "witness 1"], rng.choice((1, 1, 2, 3)))
        agreed = rng.randint(11, 90)
        number = {root: agreed if rng.random() < 0.5 else rng.randint(11, 90) for root in roots}
        outlets = rng.sample(OUTLETS, 10)
        told: list[Made] = []
        for outlet in outlets:
            root = roots[len(told)] if len(told) < len(roots) else rng.choice(roots)
            published = (day + timedelta(days=rng.choice((0, 0, 1)))).isoformat()
            language = rng.randrange(3)
            form = "own" if len(told) < len(roots) else rng.choice(("own", "own", "copy", "outlet", "unknown"))
            written = f"{day.day} {MONTHS[day.month - 4][language]} {day.year}"
            place = {"town": town[language], "day": written, "n": number[root]}
            named = [one for one in told if one.root == root]
            if form == "copy" and named:
                original = rng.choice(named)
                body, kept = original.text.split("\n\n")[1:3]
                language = LANGUAGES.index(original.language)
                text = f"{_around(rng, language)}\n\n{body}\n\n{kept}\n\n{_around(rng, language)}"
            else:
                kind, name = root.partition(" ")[0], who[int(root[-1])][language] if root[-1].isdigit() else ""
                if form == "outlet" and named:
                    kind, name = "outlet", rng.choice(named).outlet
                elif form == "unknown":
                    kind, name, root = "unknown", "", ""
                sentence = rng.choice(SAID[kind][language]).format(who=name, **place)
                parts = (_around(rng, language), sentence, _around(rng, language, 60), _around(rng, language))
                text = "\n\n".join(parts)
            told.append(Made(event, outlet, published, text, root or None, LANGUAGES[language]))
        made += told
    return made


def _around(rng: random.Random, language: int, words: int = 25) -> str:
    chosen = [rng.choice(AROUND[LANGUAGES[language]]) for _ in range(words)]
    return " ".join(chosen).capitalize() + "."


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        found = measured(events(given.articles), Path(folder))
    print(json.dumps(found, indent=2) if given.json else "\n".join(f"{name}: {value}" for name, value in found.items()))
    return 0


def measured(made: list[Made], folder: Path) -> dict[str, float | int]:
    with Archive.create(folder / "case", "Strikes", "Ana Velt") as archive:
        of: dict[str, Made] = {}
        for number, one in enumerate(made):
            path = folder / f"{number}.txt"
            path.write_text(one.text, "utf-8")
            [capture] = archive.add([path], source=one.outlet, published=one.published).captures
            of[capture] = one
        archive.run()
        began, worked = time.perf_counter(), time.process_time()
        topics = archive.sources()
        took, worked = time.perf_counter() - began, time.process_time() - worked
        with_figures = [row for row in topics if row.topic.what == "deaths" and row.topic.stance == "said"]
        by_event: dict[int, list[tuple[int, int, bool]]] = defaultdict(list)
        for told in with_figures:
            inside = Counter(of[saying.article.key].event for saying in told.topic.sayings)
            for event, count in inside.items():
                by_event[event].append((count, told.origins, told.known and len(inside) == 1))
    truth: dict[int, set[str]] = defaultdict(set)
    read: dict[int, int] = Counter()
    for one in made:
        truth[one.event] |= {one.root} if one.root else set()
        read[one.event] += 1
    whole = [event for event in truth if [count for count, _, _ in by_event[event]] == [read[event]]]
    counts = {event: by_event[event][0][1] if by_event[event][0][2] else 0 for event in whole}
    return {
        "articles": len(made),
        "seconds": round(took, 2),
        "of these: of the processor": round(worked, 2),
        "things told of": len(topics),
        "strikes": len(truth),
        "strikes whose ten articles stand in one topic": len(whole),
        "of these: origins as made": sum(counts[event] == len(truth[event]) for event in whole),
        "of these: too many": sum(counts[event] > len(truth[event]) for event in whole),
        "of these: too few": sum(counts[event] < len(truth[event]) for event in whole),
    }


if __name__ == "__main__":
    sys.exit(main())
