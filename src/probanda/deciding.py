"""What persons decide in a case: judgements, what they tell it, and its settings. Each is signed by who decides.

Guarantees: what a method returned is in the log; nothing that was decided is edited, only superseded; a decision that
does not fit leaves no new person behind. Settings are the case's own and are signed by its key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from probanda.acting import Acting, settings_in_force
from probanda.extract.places.dump import Told, rows_of
from probanda.index import queries
from probanda.index.supplements import supplements
from probanda.preserve import acts
from probanda.preserve.errors import SourceError
from probanda.records.canonical import Json
from probanda.records.codec import to_json
from probanda.records.entry import format_time
from probanda.records.judgement import Decision, Judgement
from probanda.records.settings import (
    EXTRACTORS,
    Authority,
    Extractors,
    Settings,
    Way,
    Witness,
    encode_settings,
    extractors_of,
    settings,
)
from probanda.records.supplement import (
    GAZETTEER,
    Dump,
    Supplement,
    SupplementKind,
    encode_supplement,
    supplement,
)
from probanda.register import Register

MOST_DUMP_BYTES = 1_000_000_000  # of the file as it lies there; arbitrary


def whole(file: Path) -> bytes:
    """The bytes of a regular file. Raises `SourceError`."""
    try:
        if not file.is_file() or file.stat().st_size > MOST_DUMP_BYTES:
            raise SourceError(f"expected a file of at most {MOST_DUMP_BYTES:,} bytes at {str(file)!r}, found none such")
        return file.read_bytes()
    except OSError as error:
        raise SourceError(f"expected a file at {str(file)!r} that can be read, found: {error.strerror}") from error


class Decisions(Acting):
    """What an archive does with decisions."""

    def judge(
        self,
        record: str,
        decision: Decision,
        reason: str,
        by: str | None = None,
        correction: Mapping[str, Json] | None = None,
    ) -> Judgement:
        """A person's decision about the record whose id is or begins with `record`, signed with that person's key.

        A proposal (`proposal:...`) can be rejected, which keeps its members and ends it, or left undecided again; it is
        confirmed by making an incident of it. `by` is a name or agent id; a name that is new is registered with a key
        of its own; `None` is who made the case.
        The last judgement about the record is superseded by reference and stays. Raises `UnknownIdError`,
        `ValueError` for a judgement without a reason or with a correction that does not fit, and `KeyMissing`.
        """
        case = self.at_hand(writing=True)
        about, more = Register.of(case).judged(record, decision)
        return case.judge(about, decision, reason, by, correction, more)

    def supplement(
        self,
        kind: SupplementKind,
        name: str,
        reason: str,
        by: str | None = None,
        *,
        date: str | None = None,
        latitude: float | None = None,
        longitude: float | None = None,
        radius_m: int | None = None,
        withdrawn: bool = False,
    ) -> Supplement:
        """What a person tells the case that its texts do not say: the day on which an event began, the point of a site;
        `withdrawn` takes back what was told of the name. Signed with that person's key. Readings that should know of it
        are missing until the next `run`. Raises `ValueError` for what does not fit, `UnknownIdError` and `KeyMissing`.
        """
        case = self.at_hand(writing=True)
        draft = Supplement(
            "", kind, name.strip(), date, latitude, longitude, radius_m, withdrawn, reason, case.folder.agent,
            format_time(case.clock()), case.random(32).hex(),
        )  # fmt: skip
        agent = case.agent(by)
        made = supplement(replace(draft, by=agent))
        blob = case.folder.blobs.put(encode_supplement(made))
        case.commit([acts.supplement(made, blob)], agent)
        return made

    def import_gazetteer(self, file: Path, reason: str, by: str | None = None) -> tuple[Supplement, Told]:
        """Preserves a GeoNames dump of one country as it is, for readings from the next `run` on; a dump of the same
        country that was imported before gives way. Signed with that person's key. With it, what the dump held and which
        rows are at fault. Raises `DumpError` for a file that is none, of which nothing is kept, `SourceError`,
        `UnknownIdError` and `KeyMissing`."""
        case = self.at_hand(writing=True)
        data = whole(file)
        held = Told()
        kept = sum(1 for _ in rows_of(data, held))
        agent = case.agent(by)
        blob = case.folder.blobs.put(data)
        dump = Dump(
            blob.sha256, blob.size, held.country, "GeoNames", "CC BY 4.0", held.rows, kept, held.other_features,
            dict(sorted(held.faults.items())),
        )  # fmt: skip
        made = supplement(
            Supplement(
                "", "gazetteer", held.country, None, None, None, None, False, reason, agent,
                format_time(case.clock()), case.random(32).hex(), {GAZETTEER: to_json(dump)},
            )
        )  # fmt: skip
        case.commit([acts.supplement(made, case.folder.blobs.put(encode_supplement(made)), blob)], agent)
        return made, held

    def supplements(self) -> tuple[Supplement, ...]:
        """All that people told the case, in the order of the log, replaced and withdrawn ones too."""
        case = self.at_hand(writing=False)
        return supplements(case.alias, case.folder.blobs.read)

    def ask_extractors(self, names: tuple[str, ...], reason: str) -> Settings | None:
        """Has the case ask exactly these extractors beside the rules, with its other settings as they are; the settings
        then in force. Nothing is written where they are asked already. Raises as `assign_settings`."""
        held = self.settings()
        asked = extractors_of(held)
        if (asked.names if asked else ()) == names:
            return held
        if held is None:
            return self.assign_settings(reason, extractors=names)
        return self.assign_settings(
            reason, authorities=held.authorities, witnesses=held.witnesses, min_anchors=held.min_anchors,
            max_age_s=held.max_age_s, approval=held.approval, second_key=held.second_key, extractors=names,
        )  # fmt: skip

    def judgements(self) -> tuple[Judgement, ...]:
        """All of them in the order of the log, superseded ones too."""
        return queries.judgements(self.at_hand(writing=False).alias)

    def settings(self) -> Settings | None:
        """The settings in force; `None` where nobody ever assigned any."""
        return settings_in_force(self.at_hand(writing=False))

    def assign_settings(
        self,
        reason: str,
        *,
        authorities: tuple[Authority, ...] = (),
        witnesses: tuple[Witness, ...] = (),
        min_anchors: int = 0,
        max_age_s: int | None = None,
        approval: tuple[Way, ...] = (),
        second_key: str | None = None,
        extractors: tuple[str, ...] | None = None,
    ) -> Settings:
        """The settings of the case from now on, in place of those before, signed by the case's key. `extractors` are
        asked beside the rules from the next `run` on; `None`: those that are asked now. Raises `ValueError` for a
        policy that nothing could meet, `KeyMissing`, `ReadOnlyCase`."""
        case = self.at_hand(writing=True)
        at, asked = format_time(case.clock()), extractors_of(settings_in_force(case))
        if extractors is not None and (asked is None or asked.names != extractors):
            asked = Extractors(extractors, at)
        made = settings(
            Settings("", authorities, witnesses, min_anchors, max_age_s, approval, second_key, reason,
                     case.folder.agent, at, case.random(32).hex(), {EXTRACTORS: to_json(asked)} if asked else {})
        )  # fmt: skip
        case.commit([acts.settings(made, case.folder.blobs.put(encode_settings(made)))])
        return made
