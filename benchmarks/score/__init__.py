"""Scoring of readings against the gold in tests/gold: loading, matching, counting, renaming. See reading_score.py."""
