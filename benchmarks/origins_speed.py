"""Measures how fast and how surely copies are found among 1,000,000 made articles, beside datasketch's MinHash LSH.

    python benchmarks/origins_speed.py [--scale S] [--rounds N] [--folder F] [--json] [--write FILE]

Each article of some 380 words is made from a seed; one in ten copies another in a known way (`measure/planted.py` says
how). Ours takes all; beside the peer both take the first twentieth, since the peer needs half an hour for all. Each
runs in a process of its own, on one core. Needs 5 GB of free disk and some twenty minutes at full scale. `--write` puts
the tables between the two marks of a Markdown file. Ends with 0 when it measured, whatever it found, with 2 when it
could not.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from statistics import median

from measure import origins
from measure.material import NoRoomError, require_room
from measure.origins import Found, Texts
from measure.planted import KINDS, News
from speed import _stop, machine, write_between

BEGIN, END = "<!-- origins: begin -->", "<!-- origins: end -->"
ARTICLES, BESIDE = 1_000_000, 50_000
TARGET_S, TARGET_MB, TARGET_RECALL, TARGET_FALSE = 900, 2000, 0.98, 0.01
_BYTES_EACH = 5000  # on the disk: text, fingerprints, pairs
SAYS = {
    "truncated": "truncated to 35 to 60 %",
    "changed": "8 % of the words changed",
    "embedded": "half of it inside a story three times as long",
    "quoted": "one quotation of 28 words shared",
}


def measure_all(
    folder: Path, kept: Path | None, scale: float, rounds: int
) -> tuple[News, list[Found], list[Found], list[Found]]:
    """All articles by ours; a twentieth by ours and by the peer, turn about."""
    size, beside = max(200, round(ARTICLES * scale)), max(200, round(BESIDE * scale))
    require_room(folder, size * _BYTES_EACH)
    news = News(size)
    texts = Texts.at(kept or folder, news, size)

    def once(side: str, articles: int) -> Found:
        shutil.rmtree(folder / "work", ignore_errors=True)
        (folder / "work").mkdir()
        print(f"{side}: {articles:,} articles", file=sys.stderr)
        return origins.measured(side, texts, articles, folder / "work")

    every = [once("ours", size) for _ in range(rounds)]
    turns = [(once("ours", beside), once("peer", beside)) for _ in range(rounds)]
    return news, every, [mine for mine, _ in turns], [theirs for _, theirs in turns]


def shown(news: News, every: list[Found], mine: list[Found], theirs: list[Found]) -> str:
    """Both tables in Markdown."""
    heads = [f"ours, {mine[0].articles:,}", f"MinHash LSH, {theirs[0].articles:,}", f"ours, {every[0].articles:,}"]
    lines = [_row("articles", heads, "asked").removesuffix(" |") + "met |", "|---|---:|---:|---:|---|---|"]
    sides = [mine, theirs, every]
    whole = every[0].articles >= ARTICLES
    seconds = [median(one.processor_s for one in side) for side in sides]
    met = seconds[2] < TARGET_S if whole else None
    lines.append(_row("processor time, one core", [f"{s:,.0f} s" for s in seconds], "< 15 min", met))
    rates = [f"{side[0].articles / s:,.0f}" for side, s in zip(sides, seconds, strict=True)]
    lines.append(_row("articles for each second of it", rates))
    walls = [median(one.total_s for one in side) for side in sides]
    met = walls[2] < TARGET_S if whole else None
    lines.append(_row("wall time, with what else ran", [f"{s:,.0f} s" for s in walls], "< 15 min", met))
    peaks = [max(one.peak_mb for one in side) for side in sides]
    lines.append(
        _row("peak memory", [f"{p:,.0f} MB" for p in peaks], "< 2 GB", peaks[2] < TARGET_MB if whole else None)
    )
    recalls = [origins.recalls(news, side[0]) for side in sides]
    for kind in KINDS:
        values = [f"{one[kind]['likely']:.4f}" for one in recalls]
        met = min(recalls[0][kind]["likely"], recalls[2][kind]["likely"]) >= TARGET_RECALL
        lines.append(_row(f"found: {SAYS[kind]} ({recalls[2][kind]['planted']:,.0f} planted)", values, "≥ 0.98", met))
    wrong = [origins.false(news, side[0]) for side in sides]
    strict = [_share(one["likely_false"], one["likely"]) for one in wrong]
    most = max(one["likely_false"] / max(1, one["likely"]) for one in (wrong[0], wrong[2]))
    lines.append(_row("pairs found that have no common origin", strict, "< 1 %", most < TARGET_FALSE))
    for kind in KINDS:
        values = [f"{recalls[0][kind]['any']:.4f}", "", f"{recalls[2][kind]['any']:.4f}"]
        lines.append(_row(f"with the possible links, for review: {kind}", values))
    loose = [_share(one["false"], one["pairs"]) for one in wrong]
    lines.append(_row("with the possible links: no common origin", [loose[0], "", loose[2]]))
    return "\n".join(lines)


def remarks(every: list[Found]) -> str:
    parts = ", ".join(f"{name} {seconds:,.0f} s" for name, seconds in every[0].seconds.items())
    spread = f"{min(one.total_s for one in every):,.0f} to {max(one.total_s for one in every):,.0f} s"
    return f"All articles: {parts}; {every[0].processor_s:,.0f} s of processor time; over the rounds {spread}."


def _row(what: str, values: list[str], asked: str = "", met: bool | None = None) -> str:
    verdict = {None: "", True: "yes", False: "**no**"}[met]
    return f"| {what} | {' | '.join(values)} | {asked} | {verdict} |"


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({part / max(1, whole):.2%})"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measures how copies are found, beside MinHash LSH.")
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the articles (default: 1)")
    parser.add_argument("--rounds", type=int, default=1, help="how often each side is timed (default: 1)")
    parser.add_argument("--folder", type=Path, help="where files are written (default: beside the current folder)")
    parser.add_argument("--texts", type=Path, metavar="DIR", help="keep the made texts here, or take them from here")
    parser.add_argument("--json", action="store_true", help="what was measured as JSON")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables between the marks of this file")
    parser.add_argument("--side", choices=list(origins.SIDES), help=argparse.SUPPRESS)  # how each side runs alone
    parser.add_argument("--articles", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.side is not None:
        print(json.dumps(origins.SIDES[given.side](given.texts, given.articles, given.folder)))
        return 0
    if given.scale <= 0 or given.rounds < 1:
        parser.error("expected a scale above 0 and at least one round")
    found = machine()
    try:
        with tempfile.TemporaryDirectory(dir=given.folder or Path.cwd().parent, prefix="probanda-origins-") as folder:
            news, every, mine, theirs = measure_all(Path(folder), given.texts, given.scale, given.rounds)
        told = (
            f"Measured {found['measured']} on {found['processor']}, {found['cores']} cores (load {found['busy']} at "
            f"the start), {found['system']}, {found['python']}; {given.rounds} rounds."
        )
        text = f"{shown(news, every, mine, theirs)}\n\n{remarks(every)}\n\n{told}"
        if given.write is not None:
            write_between(given.write, text, BEGIN, END)
    except (NoRoomError, OSError, ValueError, subprocess.SubprocessError) as problem:
        print(f"origins_speed: {problem}", file=sys.stderr)
        return 2
    if given.json:
        print(
            json.dumps({"machine": found, "measured": [_told(news, one) for one in (*every, *mine, *theirs)]}, indent=2)
        )
    else:
        print(text)
    return 0


def _told(news: News, found: Found) -> dict[str, object]:
    held = {name: value for name, value in asdict(found).items() if name != "links"}
    return {**held, "recall": origins.recalls(news, found), "false": origins.false(news, found)}


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)  # so that the files are taken away
    sys.exit(main())
