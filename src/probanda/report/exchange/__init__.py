"""Formats of other tools: from records to text and back, without any I/O."""
