"""What an archive tells of the weight of claims: origins behind them, what contradicts them, grades."""

from __future__ import annotations

from probanda.comparing import Comparing
from probanda.corroborating import Corroborating
from probanda.grading import Grading


class Weighing(Corroborating, Comparing, Grading):
    """Joins them."""
