"""Who said what: cues, subjects, contents, the cast of a report, quotations, holders."""
