"""The gate through which every extractor's output passes, whoever made it (spec/reading.md, "What the gate checks")."""

from probanda.extract.gate.admission import admit
from probanda.extract.gate.recompute import RECOMPUTE, Recompute, recompute_for

__all__ = ["RECOMPUTE", "Recompute", "admit", "recompute_for"]
