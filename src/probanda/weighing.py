"""What an archive tells of the weight of claims: origins behind them, what contradicts them."""

from __future__ import annotations

from probanda.comparing import Comparing
from probanda.corroborating import Corroborating


class Weighing(Corroborating, Comparing):
    """Joins them."""
