"""The command line: the only reader of the environment, and the only place that prints.

Every command takes `--json` (one JSON document on standard output, also for an error), shows progress on standard
error when that is a terminal, says on failure whose fault it is, what was expected, what was found and what to do, and
ends with one of these codes: 0 all went well; 1 the command failed, or a required check does not hold; 2 the command
line was wrong; 3 the command did its work and some items failed, each of them recorded; 130 it was stopped with Ctrl-C.
Commands are imported when they are called, so that `--help` is quick.
"""

from probanda.cli.main import app, main

__all__ = ["app", "main"]
