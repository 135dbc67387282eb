"""Steps for the trials of the engine: good ones and hostile ones, told apart by the bytes of the item."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from collections.abc import Mapping

from probanda.records.derivation import Request
from probanda.steps.step import Step, StepOutput, StepResult, failed, succeeded


def _run(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    (data,) = inputs.values()
    word = data.split(b" ")[0]
    if word == b"segfault":
        ctypes.string_at(0)
    if word == b"hang":
        while True:
            pass
    if word == b"allocate":
        bytearray(4 * 2**30)
    if word == b"raise":
        raise ValueError("expected a page, found nonsense")
    if word == b"exit":
        sys.exit(3)
    if word == b"kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == b"refuse":
        return failed("it is not a page")
    if word == b"slow":
        time.sleep(0.2)
    if word == b"environment":
        return succeeded(facts={"names": sorted(os.environ), "secret": os.environ.get("PROBANDA_TEST_SECRET")})
    return succeeded(StepOutput("upper", data.upper(), "text/plain"), facts={"size": len(data), "process": os.getpid()})


STEP = Step("upper", "1", _run, timeout_s=1.0, memory_bytes=2**30)


def _trivial(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    return succeeded(facts={"size": sum(map(len, inputs.values()))})


TRIVIAL = Step("trivial", "1", _trivial)


def _loops_in_c(request: Request, inputs: Mapping[str, bytes]) -> StepResult:
    """Holds the interpreter's lock for ever: no thread of the worker runs again."""
    ctypes.PyDLL(None).sleep(1000)
    return succeeded()


LOOPS_IN_C = Step("loops in c", "1", _loops_in_c, timeout_s=300.0)
