"""A bundle: what of a case may be handed to somebody, with everything that it takes to check it without us.

Guarantees: the log is in it to the byte up to a signed checkpoint; every blob that the log leads to is either in it or
accounted for in `withheld.json` by the entry that names it; of what is withheld no file of the bundle holds a digest,
name, size or text beyond what the log itself says openly; every file is hashed in the pass that writes it, and durable
before the bundle gets its name. Refuses to write over anything. Format: spec/bundle.md (BagIt 1.0, RFC 8493; PREMIS 3).
Pure over its arguments: what may be shown is decided above, the clock, the keys and the network come in as values.
"""
