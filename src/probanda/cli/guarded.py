"""What a person is told where guarded items are not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from probanda.cli.output import say

if TYPE_CHECKING:
    from probanda.guarding import Sight


def say_hidden(count: int, what: str, sight: Sight, stream: TextIO | None = None) -> None:
    """That something is not shown, and why."""
    if sight.why is not None:
        say(f"  {count} {what} of guarded items are not shown: {sight.why}", stream)
