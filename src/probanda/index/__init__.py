"""The index of a case: database rows that can be thrown away and made again from the log and the blobs."""
