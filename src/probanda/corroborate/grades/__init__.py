"""Grades of the field as rules that a record satisfies, does not satisfy, or cannot be known to satisfy."""
