"""Does one act in a process that kills itself at the N-th boundary of persistence, as often as it is asked to.

Reads one JSON object a line, {"act", "case", "at", ...}, and answers each with one, {"signal", "boundaries", "said"}:
by which signal the process ended (0: it came to its end), how many boundaries it met, and what it had acknowledged by
then. Each act runs in a fork of this process, which has loaded everything and started nothing, so that a kill costs
milliseconds. SIGKILL cannot be caught: no `finally` and no buffer of ours survives it.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import case_steps
from probanda import pipeline
from probanda.archive import Archive
from probanda.engine.inline import InlineEngine
from probanda.preserve import durable

Say = Callable[[str], None]


def create(order: dict[str, Any], say: Say) -> None:
    with Archive.create(Path(order["case"]), "A trial", "Ana Velt") as archive:
        say(archive.case.id)


def add(order: dict[str, Any], say: Say) -> None:
    with Archive.open(Path(order["case"]), passphrase=order.get("passphrase")) as archive:
        for path in order["paths"]:
            report = archive.add([path], published="2031-04-02", source="Mill Post")
            for capture in report.captures:
                say(capture)


def run(order: dict[str, Any], say: Say) -> None:
    with Archive.open(Path(order["case"]), passphrase=order.get("passphrase")) as archive:

        def progress(now: pipeline.Progress) -> None:
            say(f"{now.step} {now.done}")

        engine = InlineEngine(archive.case.blobs.folder)
        archive.run(engine, progress, stages=case_steps.STAGES, batch=2)


def judge(order: dict[str, Any], say: Say) -> None:
    with Archive.open(Path(order["case"]), passphrase=order.get("passphrase")) as archive:
        for record in order["records"]:
            say(archive.judge(record, "confirmed", "seen in the register", by="Mirek Sandor").id)


def incident(order: dict[str, Any], say: Say) -> None:
    """For each record an incident that has it as a member, a relation to the one before, and a version without it."""
    with Archive.open(Path(order["case"]), passphrase=order.get("passphrase")) as archive:
        before = None
        for record in order["records"]:
            made = archive.incident("Deaths at the mill", "in the register", members=[record], by="Mirek Sandor")
            say(made.id)
            if before is not None:
                say(archive.relate(made.id, "precedes", before, "by its date", by="Mirek Sandor").id)
            before = archive.incident(made.title, "of another day", supersedes=made.id, by="Mirek Sandor").id
            say(before)


def take(order: dict[str, Any], say: Say) -> None:
    with Archive.open(Path(order["case"]), passphrase=order.get("passphrase")) as archive:
        for capture in archive.import_bundle(Path(order["bundle"]), by="Mirek Sandor").captures:
            say(capture)


def rebuild(order: dict[str, Any], say: Say) -> None:
    say(str(Archive.rebuild(Path(order["case"]), order.get("passphrase"))))


def rotate(order: dict[str, Any], say: Say) -> None:
    with Archive.open(Path(order["case"]), passphrase=order.get("passphrase")) as archive:
        say(archive.rotate_key("a new laptop").key)


def create_encrypted(order: dict[str, Any], say: Say) -> None:
    passphrase = order["passphrase"]
    with Archive.create(Path(order["case"]), "A trial", "Ana Velt", passphrase=passphrase, encrypted=True) as archive:
        say(archive.case.id)


def delete(order: dict[str, Any], say: Say) -> None:
    with Archive.open(Path(order["case"])) as archive:
        say(str(archive.delete(order["capture"], "law", "a court", "an order", by="Mirek Sandor").seq))


def recover(order: dict[str, Any], say: Say) -> None:
    with Archive.open(Path(order["case"])) as archive:
        say(str(archive.recover().seq))


def seal(order: dict[str, Any], say: Say) -> None:
    with Archive.open(Path(order["case"])) as archive:
        archive.seal(None)
        say("sealed")


def bundle(order: dict[str, Any], say: Say) -> None:
    with Archive.open(Path(order["case"])) as archive:
        archive.bundle(Path(order["out"]), audience="internal")
        say("bundled")


MADE = (create, add, run, judge, incident, take, rebuild, rotate, create_encrypted, delete, recover, seal, bundle)
ACTS = {act.__name__: act for act in MADE}


def perform(order: dict[str, Any], writing: int) -> None:
    """In the fork: the act, until the boundary at which it is to be killed."""
    numbers = itertools.count(1)

    def boundary(name: str) -> None:
        os.write(writing, b"+\n")
        if next(numbers) == order["at"]:
            os.kill(os.getpid(), signal.SIGKILL)

    durable.on_boundary = boundary
    ACTS[order["act"]](order, lambda said: _say(writing, said))


def _say(writing: int, said: str) -> None:
    os.write(writing, f"={said}\n".encode())


def main() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            os.close(reading)
            perform(order, writing)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read().splitlines()
        _, status = os.waitpid(process, 0)
        ended = os.WTERMSIG(status) if os.WIFSIGNALED(status) else -os.WEXITSTATUS(status)
        said = [line[1:] for line in told if line.startswith("=")]
        print(json.dumps({"signal": ended, "boundaries": told.count("+"), "said": said}), flush=True)


if __name__ == "__main__":
    main()
