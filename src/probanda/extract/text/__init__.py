"""The text in its parts and words by what they can be: segments, lexicon, noun phrases, verb groups."""
