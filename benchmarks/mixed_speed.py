"""Measures one case of mixed documents from end to end, through the commands that people run.

    python benchmarks/mixed_speed.py [--documents N] [--rounds N] [--seed S] [--folder F] [--json] [--write FILE]

Makes the documents (not timed), then in each round: init, add, run with a worker on each core, claims, search, case
file as JSON, verify, rebuild; each command is a process of its own, started anew. Beside the steps bare loops over the
same documents on one core, in the same round. Medians with the least and the most of the rounds. Pictures are read only
where Tesseract is installed, and the table says whether it was. `--write` puts the tables between the two marks of a
Markdown file. Ends with 0 when it measured, with 2 when it could not.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from measure.commands import CommandFailedError
from measure.documents import shares, write_documents
from measure.material import NoRoomError, require_room
from measure.mixed import COMMANDS, Peer, Round, measure_round, peer_seconds, peers, tesseract
from measure.rows import MEGABYTE
from speed import machine, write_between

BEGIN, END = "<!-- mixed: begin -->", "<!-- mixed: end -->"
_ROOM = 400 * MEGABYTE


def commands_table(rounds: Sequence[Round]) -> str:
    """What a person waits for, and the memory it takes."""
    lines = [
        "| command | seconds | least to most | peak memory of the command | of a worker |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in COMMANDS:
        ran = [one.commands[name] for one in rounds]
        seconds = [one.seconds for one in ran]
        own, below = (_most([peak for peak in peaks if peak is not None]) for peaks in zip(
            *((one.peak, one.peak_below) for one in ran), strict=True))  # fmt: skip
        lines.append(
            f"| `{name}` | {median(seconds):.2f} | {min(seconds):.2f} to {max(seconds):.2f} | {own} | {below} |"
        )
    return "\n".join(lines)


def steps_table(rounds: Sequence[Round]) -> str:
    """What the log says: how many, with what outcomes, how many a second on one core."""
    lines = ["| step | asked | outcomes | a second and core | least to most |", "|---|---:|---|---:|---:|"]
    for step, seen in rounds[0].steps.items():
        rates = [one.steps[step].count / one.steps[step].seconds for one in rounds if one.steps[step].seconds]
        told = ", ".join(f"{number:,} {outcome.replace('_', ' ')}" for outcome, number in sorted(seen.outcomes.items()))
        rate = (f"{_rate(median(rates))} | {_rate(min(rates))} to {_rate(max(rates))}") if rates else "none | "
        lines.append(f"| {step} | {seen.count:,} | {told} | {rate} |")
    return "\n".join(lines)


def kinds_table(rounds: Sequence[Round], kinds: Mapping[str, str]) -> str:
    """Where the time of a document of each kind goes, its members included."""
    lines = ["| kind | documents | ms each, in all steps | of which |", "|---|---:|---:|---|"]
    for kind in dict.fromkeys(kinds.values()):
        count = sum(1 for one in kinds.values() if one == kind)
        spent = [one.kinds.get(kind, {}) for one in rounds]
        total = median(sum(seconds.values()) for seconds in spent)
        by_step = {step: median(seconds.get(step, 0.0) for seconds in spent) for step in spent[0]}
        largest = sorted(by_step.items(), key=lambda row: -row[1])[:3]
        told = ", ".join(f"{step} {1000 * seconds / count:.1f}" for step, seconds in largest if seconds)
        lines.append(f"| {kind} | {count} | {1000 * total / count:.1f} | {told} |")
    return "\n".join(lines)


def peers_table(
    rounds: Sequence[Round], kinds: Mapping[str, str], found: Sequence[tuple[Peer, Sequence[float]]]
) -> str:
    lines = ["| what | ours, one core | bare loop, one core | our speed ÷ the loop's |", "|---|---:|---|---:|"]
    for peer, seconds in found:
        count = sum(1 for kind in kinds.values() if peer.kind in (None, kind))
        ours = [_ours(one, peer) for one in rounds]
        ratio = median(theirs / mine for mine, theirs in zip(ours, seconds, strict=True))
        of = f"`{peer.step}`" + ("" if peer.kind is None else f" of {peer.kind}")
        mine, theirs = (_rate(count / median(side)) for side in (ours, seconds))
        lines.append(f"| {of} | {mine} documents/s | {theirs} documents/s: {peer.what} | {ratio:.2f} |")
    return "\n".join(lines)


def _ours(one: Round, peer: Peer) -> float:
    return one.commands[peer.step].seconds if peer.kind is None else one.kinds[peer.kind][peer.step]


def remarks(rounds: Sequence[Round], kinds: Mapping[str, str], size: int, about: Mapping[str, str]) -> str:
    count = len(kinds)
    walls = [sum(ran.seconds for ran in one.commands.values()) for one in rounds]
    read = [one.commands["add"].seconds + one.commands["run"].seconds for one in rounds]
    with_ocr = "Tesseract was there" if tesseract() else "**Tesseract was not there: no picture was recognised**"
    return (
        f"{count:,} documents of {size / MEGABYTE:.1f} MB: all commands together {median(walls):.1f} s "
        f"({min(walls):.1f} to {max(walls):.1f}); added and read at {count / median(read):.1f} documents/s "
        f"({count / max(read):.1f} to {count / min(read):.1f}). The case on the disk: "
        f"{median(one.case_bytes for one in rounds) / MEGABYTE:.1f} MB, {median(one.blobs for one in rounds):,.0f} "
        f"blobs. {rounds[0].commands['claims'].last.capitalize()}. {with_ocr}.\n\n"
        f"Measured {about['measured']} on {about['processor']}, {about['cores']} cores (load {about['busy']} at the "
        f"start), {about['system']}, {about['python']}; {len(rounds)} rounds."
    )


def _most(peaks: Sequence[int]) -> str:
    return f"{max(peaks) / MEGABYTE:.0f} MB" if peaks else ""


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def measure(folder: Path, documents: int, number: int, seed: int, say: Callable[[str], None]) -> tuple[
    list[Round], list[tuple[Peer, list[float]]], dict[str, str], int
]:  # fmt: skip
    """Rounds, bare loops, the kinds of the documents by name, and their bytes."""
    material = folder / "material"
    say("making the documents")
    kinds = write_documents(material, documents, seed)
    size = sum(path.stat().st_size for path in material.iterdir())
    rounds: list[Round] = []
    beside: list[tuple[Peer, list[float]]] = [(peer, []) for peer in peers()]
    for place in range(number):
        say(f"round {place + 1} of {number}")
        rounds.append(measure_round(material, kinds, folder / f"round-{place}"))
        for peer, seconds in beside:
            seconds.append(peer_seconds(peer, material, kinds))
    return rounds, beside, kinds, size


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Measures a case of mixed documents from end to end.")
    parser.add_argument("--documents", type=int, default=1000, help="how many documents (default: 1,000)")
    parser.add_argument("--rounds", type=int, default=3, help="how often all is done (default: 3)")
    parser.add_argument("--seed", type=int, default=7, help="of the documents (default: 7)")
    parser.add_argument("--folder", type=Path, help="where files are written (default: beside the current folder)")
    parser.add_argument("--json", action="store_true", help="the numbers as JSON")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables between the marks of this file")
    given = parser.parse_args(arguments)
    if given.rounds < 1:
        parser.error("expected at least one round")
    try:
        shares(given.documents)
    except ValueError as error:
        parser.error(str(error))
    about = machine()
    try:
        with tempfile.TemporaryDirectory(dir=given.folder or Path.cwd().parent, prefix="probanda-mixed-") as name:
            require_room(Path(name), _ROOM * given.documents // 1000)
            told = measure(
                Path(name), given.documents, given.rounds, given.seed, lambda line: print(line, file=sys.stderr)
            )
        rounds, beside, kinds, size = told
        shown = "\n\n".join((
            commands_table(rounds), steps_table(rounds), kinds_table(rounds, kinds), peers_table(rounds, kinds, beside),
            remarks(rounds, kinds, size, about),
        ))  # fmt: skip
        if given.write is not None:
            write_between(given.write, shown, BEGIN, END)
    except (CommandFailedError, NoRoomError, OSError, ValueError) as problem:
        print(f"mixed_speed: {problem}", file=sys.stderr)
        return 2
    loops = [{"what": peer.what, "kind": peer.kind, "step": peer.step, "seconds": seconds} for peer, seconds in beside]
    held = {"machine": about, "rounds": [asdict(one) for one in rounds], "loops": loops, "bytes": size}
    print(json.dumps(held, indent=2) if given.json else shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
