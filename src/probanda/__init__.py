"""Probanda: reports in, a case file out in which every assertion leads back to the exact bytes it came from."""

__version__ = "0.1.0"
