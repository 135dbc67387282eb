"""The reading of Ukrainian and Russian: one engine, driven by a lexicon per language (lexica/uk_*.tsv, ru_*.tsv)."""
