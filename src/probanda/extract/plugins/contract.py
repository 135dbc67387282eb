"""What an extractor is: something that proposes what a text says, in quotes, and decides nothing.

An extractor is material, not trusted code: whatever it returns passes the same gate as our own rules
(`extract.gate.admission`), where each record is admitted whole or rejected whole with a reason. It can add to a reading
and can disagree with the rules, and never takes anything away; where it raises, hangs or returns rubbish, the reading
of the rules stands and its name is recorded.

What `propose` returns is the JSON of a reading (spec/reading.md), shorter in three ways:

- a *passage* is the words themselves, `{"text": "…"}`, copied to the character, with `before` and `after` (the words
  directly beside it) or a `start` (a character of the text, as a hint) where the words stand more than once;
- what is `null`, an empty list or an id may be left out; `subset_of` and `corrects` refer to ids that the proposal
  gives to its own claims ("c1");
- numbers, dates and places need their passage alone: value, bounds, qualifier, day, gazetteer entry and point are
  worked out from those words by our code. What an extractor gives all the same has to be the same, or the record is
  rejected.

```json
{"quotations": [{"passage": {"text": "There was no barracks here"}, "form": "direct",
                 "speaker": {"name": "Mirek Sandor", "role": "mayor", "passage": {"text": "Mirek Sandor, the mayor"}},
                 "cue": {"text": "said"}}],
 "claims": [{"kind": "casualty", "passage": {"text": "More than 2,000 people have died"}, "effect": "died",
             "source": {"name": "Karovian emergency service", "passage": {"text": "the Karovian emergency service"}},
             "quantity": {"passage": {"text": "More than 2,000"}, "unit": "people"}, "modality": "accomplished",
             "negated": false}],
 "places": [{"passage": {"text": "Aldena"}, "role": "location"}]}
```

An extractor is *pure*: the same text, date, language, version and resources give the same JSON, on every machine. It
reads no clock and no network, keeps nothing between texts, and imports what is heavy only when it is first asked to
propose. `probanda readers check` tries all of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

from probanda.records.canonical import Json


@runtime_checkable
class Extractor(Protocol):
    """One extractor. It is cheap to make: models load at the first `propose` or `resources`, not before.

    A package offers one in the entry-point group `probanda.extractors`: the entry's name is what a user types
    (`--with NAME`), its value a class or function without arguments that gives the extractor, or the extractor itself.
    """

    @property
    def name(self) -> str:
        """What a user types and what every record of its making is marked with: up to 100 printable characters."""
        ...

    @property
    def version(self) -> str:
        """Changes with everything that can change a proposal and is not in `resources`."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """ISO 639-1 codes of the texts that it reads: it is asked about no others."""
        ...

    @property
    def licence(self) -> str:
        """Of code and weights, as SPDX identifiers where they have one."""
        ...

    def missing(self) -> str | None:
        """What this machine lacks for it and how to install that, in one sentence; `None` where nothing is missing.
        Loads nothing heavy."""
        ...

    def resources(self) -> Mapping[str, str]:
        """Version or SHA-256 of everything else that a proposal depends on (weights, word lists, libraries), by name.
        It becomes part of the request, so that a proposal made with others is another derivation."""
        ...

    def propose(self, text: str, published: str | None, language: str) -> Json:
        """What `text` says, in the form above. `published` is an ISO 8601 date, `None` where it is not known."""
        ...
