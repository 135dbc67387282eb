"""Tables of the index. Each row follows from the log and the blobs alone, and `rebuild` makes the same rows again.

Guarantees: nothing here is the only copy of anything. Columns repeat what queries filter by; `body` is the record
itself in canonical JSON, and records are read from it. Times and dates are the text that the log holds. `null` means
not known or not said, never zero and never "none". Digests are SHA-256 in 64 lower-case hexadecimal digits. The key
`row` of a table without a natural key is of this database only and is left out of the canonical dump.
"""

from __future__ import annotations

from django.db import models

_DIGEST = 64
_ID = 160


class Applied(models.Model):
    """One row: how much of the log this index holds. `count` entries are applied; `head` is the leaf hash of the last
    of them, which by the chain of `prev` commits to all."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    case = models.CharField(max_length=_ID)
    count = models.PositiveBigIntegerField()
    head = models.CharField(max_length=_DIGEST)


class Entry(models.Model):
    seq = models.PositiveBigIntegerField(primary_key=True)
    leaf = models.CharField(max_length=_DIGEST)
    act = models.CharField(max_length=80, db_index=True)
    time = models.CharField(max_length=40)
    outcome = models.CharField(max_length=20)
    agents = models.TextField()  # canonical JSON, as in the entry


class Agent(models.Model):
    id = models.CharField(max_length=_ID, primary_key=True)
    name = models.TextField(null=True)  # null: only the commitment is here, the opening is withheld
    key = models.CharField(max_length=_DIGEST)
    seq = models.PositiveBigIntegerField()


class Blob(models.Model):
    """A blob that the log names; `seq` is the first entry that does."""

    sha256 = models.CharField(max_length=_DIGEST, primary_key=True)
    size = models.PositiveBigIntegerField()
    seq = models.PositiveBigIntegerField()


class Capture(models.Model):
    id = models.CharField(max_length=_ID, primary_key=True)
    seq = models.PositiveBigIntegerField(unique=True)
    blob = models.CharField(max_length=_DIGEST, db_index=True)
    published = models.CharField(max_length=80, null=True)
    marking = models.CharField(max_length=40)
    name = models.TextField(null=True)
    source = models.TextField(null=True)
    body = models.TextField()

    class Meta:
        indexes = (models.Index(fields=["published", "blob"], name="capture_published"),)


class Failure(models.Model):
    """An item that could not be added, with the reason; both are protected, so `null` is "the opening is withheld"."""

    seq = models.PositiveBigIntegerField(primary_key=True)
    time = models.CharField(max_length=40)
    name = models.TextField(null=True)
    reason = models.TextField(null=True)


class Derivation(models.Model):
    """What a request gave. `setting` is the digest of everything in the request but its inputs, and `subject` its
    first input: the work list is the subjects without a row at the setting that is wanted now. `current` marks, among
    the rows of one step about one subject (and one publication date, where that is a parameter), the one that counts:
    the newest version, and of one version the last; what was only unavailable never takes the place of a result."""

    request = models.CharField(max_length=_DIGEST, primary_key=True)
    step = models.CharField(max_length=80)
    version = models.CharField(max_length=40)
    setting = models.CharField(max_length=_DIGEST)
    subject = models.CharField(max_length=_DIGEST)
    published = models.CharField(max_length=80, null=True)
    parameters = models.JSONField()
    outcome = models.CharField(max_length=20)
    reason = models.TextField(null=True)
    facts = models.JSONField()
    capabilities = models.CharField(max_length=_DIGEST, null=True)  # of the machine; told only where unavailable
    current = models.BooleanField()
    seq = models.PositiveBigIntegerField()
    position = models.PositiveIntegerField()  # of the row in its batch

    class Meta:
        indexes = (
            models.Index(fields=["step", "setting", "subject"], name="derivation_work"),
            models.Index(fields=["subject", "step", "current"], name="derivation_subject"),
            models.Index(fields=["step", "current", "outcome"], name="derivation_outcome"),
        )


class DerivationInput(models.Model):
    row = models.BigAutoField(primary_key=True)
    derivation = models.ForeignKey(Derivation, on_delete=models.CASCADE, related_name="inputs")
    position = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=_DIGEST, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["derivation", "position"], name="input_once"),)


class DerivationOutput(models.Model):
    row = models.BigAutoField(primary_key=True)
    derivation = models.ForeignKey(Derivation, on_delete=models.CASCADE, related_name="outputs")
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=_DIGEST, db_index=True)
    size = models.PositiveBigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["derivation", "position"], name="output_once"),)


class Member(models.Model):
    """What a current or former `unpack` says of one member of the captured blob `container`. `blob` is `null` where it
    was refused, and `reason` then says why; `size` is `null` where the container states none."""

    row = models.BigAutoField(primary_key=True)
    derivation = models.ForeignKey(Derivation, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveIntegerField()
    container = models.CharField(max_length=_DIGEST, db_index=True)
    path = models.TextField()
    outcome = models.CharField(max_length=20)
    blob = models.CharField(max_length=_DIGEST, null=True, db_index=True)
    size = models.PositiveBigIntegerField(null=True)
    reason = models.TextField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["derivation", "position"], name="member_once"),)


class Reading(models.Model):
    """A succeeded `read`: of which text, with which publication date, and the blob that holds it."""

    derivation = models.OneToOneField(Derivation, on_delete=models.CASCADE, primary_key=True, related_name="reading")
    document = models.CharField(max_length=_DIGEST)
    published = models.CharField(max_length=80, null=True)
    language = models.CharField(max_length=20)
    blob = models.CharField(max_length=_DIGEST)
    seq = models.PositiveBigIntegerField()

    class Meta:
        indexes = (models.Index(fields=["document", "published"], name="reading_document"),)


class SearchText(models.Model):
    """A succeeded `terms`: which text can be found, as what language, and the blob that says by what. `place` is its
    row in `SearchWords`; it follows from the log alone (`search_table.place_of`)."""

    place = models.BigIntegerField(primary_key=True)
    derivation = models.OneToOneField(Derivation, on_delete=models.CASCADE, related_name="search_text")
    document = models.CharField(max_length=_DIGEST, db_index=True)
    language = models.CharField(max_length=20)
    blob = models.CharField(max_length=_DIGEST)


class SearchWords(models.Model):
    """The full-text table (SQLite FTS5, contentless): what goes in are plain words that `steps.terms` has made, parted
    by spaces. It gives no column back; the canonical dump reads the words out of its vocabulary."""

    rowid = models.BigIntegerField(primary_key=True)
    lemmas = models.TextField()
    forms = models.TextField()
    names = models.TextField()

    class Meta:
        managed = False
        db_table = "probanda_index_searchwords"


class Statement(models.Model):
    """What every part of a reading has: its reading, its place in it, its passage and the record itself."""

    row = models.BigAutoField(primary_key=True)
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="%(class)ss")
    position = models.PositiveIntegerField()
    record = models.CharField(max_length=_ID, null=True, db_index=True)  # the record's id; null where it has none
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    body = models.TextField()

    class Meta:
        abstract = True
        constraints = (models.UniqueConstraint(fields=["reading", "position"], name="%(class)s_once"),)


class Quotation(Statement):
    form = models.CharField(max_length=20)
    speaker = models.TextField(null=True)
    role = models.TextField(null=True)


class Claim(Statement):
    kind = models.CharField(max_length=40, db_index=True)
    effect = models.CharField(max_length=40, null=True)
    modality = models.CharField(max_length=20)
    negated = models.BooleanField()
    holder = models.CharField(max_length=20)  # speaker, narrator or unknown
    speaker = models.TextField(null=True)
    role = models.TextField(null=True)
    verification = models.CharField(max_length=40, null=True)
    minimum = models.FloatField(null=True)  # null: no quantity, no bound, or a bound that cannot be told (see body)
    maximum = models.FloatField(null=True)
    earliest = models.CharField(max_length=40, null=True)
    latest = models.CharField(max_length=40, null=True)


class EventRecord(Statement):
    type = models.CharField(max_length=80, db_index=True)
    modality = models.CharField(max_length=20)
    holder = models.CharField(max_length=20)
    speaker = models.TextField(null=True)
    earliest = models.CharField(max_length=40, null=True)
    latest = models.CharField(max_length=40, null=True)


class PlaceMention(Statement):
    name = models.TextField()
    gazetteer_id = models.CharField(max_length=80, null=True, db_index=True)
    country = models.CharField(max_length=2, null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    radius_m = models.PositiveIntegerField(null=True)
    role = models.CharField(max_length=20)


class Weapon(Statement):
    weapon_class = models.CharField(max_length=80)


class ObjectMention(Statement):
    physical_type = models.CharField(max_length=80)
    reported_as = models.CharField(max_length=20)


class Label(Statement):
    label = models.CharField(max_length=120)
    holder = models.CharField(max_length=20)
    speaker = models.TextField(null=True)


class Judgement(models.Model):
    id = models.CharField(max_length=_ID, primary_key=True)
    seq = models.PositiveBigIntegerField()
    decision = models.CharField(max_length=20)
    by = models.CharField(max_length=_ID)
    at = models.CharField(max_length=40)
    supersedes = models.CharField(max_length=_ID, null=True, db_index=True)
    blob = models.CharField(max_length=_DIGEST)
    body = models.TextField()


class JudgementAbout(models.Model):
    row = models.BigAutoField(primary_key=True)
    judgement = models.ForeignKey(Judgement, on_delete=models.CASCADE, related_name="about")
    position = models.PositiveIntegerField()
    record = models.CharField(max_length=_ID, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["judgement", "position"], name="about_once"),)


class Incident(models.Model):
    """One version of an incident; in force is the one that none supersedes, unless it is withdrawn."""

    id = models.CharField(max_length=_ID, primary_key=True)
    seq = models.PositiveBigIntegerField()
    title = models.TextField()
    type = models.TextField(null=True)
    by = models.CharField(max_length=_ID)
    at = models.CharField(max_length=40)
    supersedes = models.CharField(max_length=_ID, null=True, db_index=True)
    withdrawn = models.BooleanField()
    proposal = models.CharField(max_length=_ID, null=True)
    source = models.CharField(max_length=_ID, null=True, db_index=True)  # the capture that it was imported from
    earliest = models.CharField(max_length=40, null=True)
    latest = models.CharField(max_length=40, null=True)
    place = models.TextField(null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    blob = models.CharField(max_length=_DIGEST)
    body = models.TextField()


class IncidentMember(models.Model):
    row = models.BigAutoField(primary_key=True)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="members")
    position = models.PositiveIntegerField()
    record = models.CharField(max_length=_ID, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["incident", "position"], name="member_once"),)


class Relation(models.Model):
    """One version of a relation. `subject` and `object` are the versions that were in force when it was made; they
    mean the newest."""

    id = models.CharField(max_length=_ID, primary_key=True)
    seq = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=_ID, db_index=True)
    object = models.CharField(max_length=_ID, db_index=True)
    by = models.CharField(max_length=_ID)
    at = models.CharField(max_length=40)
    supersedes = models.CharField(max_length=_ID, null=True, db_index=True)
    withdrawn = models.BooleanField()
    blob = models.CharField(max_length=_DIGEST)
    body = models.TextField()
