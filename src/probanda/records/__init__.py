"""Frozen records, their canonical form and their ids. No I/O; standard library only."""
