"""The process that runs steps over hostile items: `python -m probanda.engine.worker DESCRIPTOR BLOBS PARENT`.

It is a fresh interpreter, not a fork: it shares no lock, thread, database connection or secret with the driver, has a
fixed hash seed (so that libraries that walk sets do so in one order), and gets an environment of a few harmless names
(`ENVIRONMENT`). It talks JSON, not pickle, over one socket pair: a driver that unpickled the words of a process which
a hostile file took over would be taken over with it.

Before the first item it gives up core dumps (they would put protected bytes on the disk) and output streams; before
each batch it limits its address space to what it has plus `step.memory_bytes` (Linux; elsewhere the limit is not
enforced). It ends when the driver ends: by the kernel's parent-death signal on Linux, by a watch elsewhere.

Messages, driver to worker: `{"step": where, "requests": [...]}`. Worker to driver: `["item", i]` before each item,
`["store"]` before outputs are written, then `["done", [row...]]`, or `["exhausted", i]` where memory ran out, or
`["broken", reason]` where the worker itself cannot work.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

from probanda.engine.contract import EngineError, Runnable
from probanda.engine.item import Writer, answer, load
from probanda.preserve.blobs import BlobStore
from probanda.preserve.errors import PreserveError
from probanda.records.canonical import canonical
from probanda.records.codec import parse, to_json
from probanda.records.derivation import Request

ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV")
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(arguments: list[str]) -> int:
    descriptor, blobs, parent = int(arguments[0]), Path(arguments[1]), int(arguments[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the driver's to handle
    _die_with(parent)
    _give_up_core_dumps()
    with Connection(descriptor) as connection:
        _serve(connection, BlobStore(blobs))
    return 0


def _serve(connection: Connection, blobs: BlobStore) -> None:
    while True:
        try:
            order = json.loads(connection.recv_bytes())
        except EOFError:  # the driver closed its end: no more work
            return
        try:
            step = load(order["step"])
            requests = [parse(Request, request) for request in order["requests"]]
            _silence()
            _limit_memory(step.memory_bytes)
            reply = _batch(connection, step, requests, blobs)
        except (EngineError, PreserveError) as error:
            reply = canonical(["broken", str(error)])
        connection.send_bytes(reply)


def _batch(connection: Connection, step: Runnable, requests: list[Request], blobs: BlobStore) -> bytes:
    writer = Writer(blobs)
    for place, request in enumerate(requests):
        connection.send_bytes(b'["item",%d]' % place)
        try:
            writer.add(request, answer(step, request, blobs))
        except MemoryError:
            return b'["exhausted",%d]' % place
    connection.send_bytes(b'["store"]')
    writer.flush()
    rows = [{name: value for name, value in to_json(row).items() if name != "request"} for row in writer.derivations()]
    return canonical(["done", rows])


def _die_with(parent: int) -> None:
    """The parent-death signal needs no co-operation, so it also ends a worker that loops inside a C library."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(1)


def _give_up_core_dumps() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_memory(more: int) -> None:
    """Address space, because it is the only limit that the kernel refuses at once rather than by killing."""
    import resource

    statm = Path("/proc/self/statm")
    if not statm.exists():
        return
    now = int(statm.read_text().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = now + more
    resource.setrlimit(resource.RLIMIT_AS, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _silence() -> None:
    """What libraries print about a document must not reach the terminal or its logs."""
    sys.stdout.flush()
    sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
