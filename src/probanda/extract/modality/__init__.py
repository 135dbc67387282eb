"""Whether the words of a clause say that a thing was done, and what the source says of its checking."""
